//! A run whose registers are put in one by one by who computed them elsewhere, so that findings can be read off it.
use super::exec::Evaluation;
use super::store::{Record, Store};
use crate::base::{Date, Truth, Val};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId};
use crate::ir::{Program, T, V};

impl Evaluation {
    /// Makes room for a case whose registers are put in one by one rather than computed. What was there stays: whoever
    /// reads must have put in what it reads.
    pub(crate) fn prepare(&mut self, program: &Program, case: &Case, date: Option<Date>) {
        self.notes.clear();
        self.date = date.or(case.date);
        self.stores.resize_with(program.scopes.len(), Store::default);
        self.parents.resize_with(program.scopes.len(), Vec::new);
        for (entity, (store, parents)) in self.stores.iter_mut().zip(&mut self.parents).enumerate() {
            if let Some(table) = case.tables.get(entity) {
                store.load(program, entity, table);
                parents.clone_from(&table.parent);
            }
        }
    }

    /// Puts in a truth register.
    pub(crate) fn put_truth(&mut self, entity: EntityId, row: u32, t: T, truth: Truth) {
        if let Some(store) = self.stores.get_mut(entity.index()) {
            store.row_mut(row).set_truth(t, truth);
        }
    }

    /// Puts in a value register.
    pub(crate) fn put_value(&mut self, entity: EntityId, row: u32, v: V, value: Val) {
        if let Some(store) = self.stores.get_mut(entity.index()) {
            store.row_mut(row).set_value(v, value);
        }
    }

    /// Puts in the result of a conclusion.
    pub(crate) fn put_record(&mut self, program: &Program, id: ConclusionId, row: u32, record: Record) {
        let entity = program.hir.conclusions.get(id.index()).map_or(EntityId(0), |c| c.entity);
        let index = program.decisions.get(id.index()).map_or(0, |d| d.index);
        if let Some(store) = self.stores.get_mut(entity.index()) {
            store.row_mut(row).set_record(index, record);
        }
    }

    /// Puts in whether the law applies.
    pub(crate) fn put_applicable(&mut self, applicable: Option<Truth>) {
        self.applicable = applicable;
    }
}
