//! A finished run brought up to date after a few operations or facts have changed, and put back as it was.
//!
//! Operations are executed in order of the program, each only if something it reads has changed; the result is the run
//! the changed program would have given, except for [`super::Notes`].
use super::exec::{Env, Evaluation, Machine};
use super::store::{Notes, Record, Store};
use crate::base::{Truth, Val};
use crate::facts::Case;
use crate::hir::EntityId;
use crate::ir::{Cell, Flow, Op, Patch, Program, writes};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Held {
    Truth(Truth),
    Value(Val),
    Tally([u32; 4]),
    Record(Record),
}

#[derive(Clone, Copy, Debug)]
struct Was {
    entity: EntityId,
    row: u32,
    cell: Cell,
    held: Held,
}

/// Positions in a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions(Vec<u64>);

impl Positions {
    /// Adds one.
    pub fn add(&mut self, at: u32) {
        let word = (at / 64) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (at % 64);
        }
    }

    /// Whether one is among them.
    #[must_use]
    pub fn has(&self, at: u32) -> bool {
        self.0.get((at / 64) as usize).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Whether any is among the others too.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Takes the others in.
    pub fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Takes out the first from a word on.
    fn pop(&mut self, from: &mut usize) -> Option<u32> {
        while let Some(word) = self.0.get_mut(*from) {
            if *word != 0 {
                let bit = word.trailing_zeros();
                *word &= *word - 1;
                return Some(u32::try_from(*from).unwrap_or(u32::MAX) * 64 + bit);
            }
            *from += 1;
        }
        None
    }
}

impl FromIterator<u32> for Positions {
    fn from_iter<I: IntoIterator<Item = u32>>(all: I) -> Self {
        let mut out = Self::default();
        all.into_iter().for_each(|at| out.add(at));
        out
    }
}

/// The changes made to one run, in order. Buffers are kept for the next.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    pending: Positions,
    /// Positions whose results changed.
    pub changed: Positions,
    log: Vec<Was>,
    notes: Notes,
}

impl Delta {
    /// How many cells have been changed so far; a mark for [`Self::undo`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Sets a fact; what reads it is computed by the next [`Self::advance`].
    pub fn set_truth(&mut self, flow: &Flow, run: &mut Evaluation, at: (EntityId, u32, u32), truth: Truth) {
        let (entity, row, slot) = at;
        self.set(flow, run, (entity, row, Cell::Truth(crate::ir::T(slot))), Held::Truth(truth));
    }

    /// The same for other facts.
    pub fn set_value(&mut self, flow: &Flow, run: &mut Evaluation, at: (EntityId, u32, u32), value: Val) {
        let (entity, row, slot) = at;
        self.set(flow, run, (entity, row, Cell::Value(crate::ir::V(slot))), Held::Value(value));
    }

    fn set(&mut self, flow: &Flow, run: &mut Evaluation, at: (EntityId, u32, Cell), held: Held) {
        let (entity, row, cell) = at;
        let Some(store) = run.stores.get_mut(entity.index()) else { return };
        let was = store.held(row, (cell, 0));
        if was != held {
            self.log.push(Was { entity, row, cell, held: was });
            store.hold(row, (cell, 0), held);
            flow.fact_readers(entity, cell).iter().for_each(|at| self.pending.add(*at));
        }
    }

    /// Brings `run` up to date with what has been set and with `patch`; gives the number of operations executed.
    pub fn advance(
        &mut self,
        program: &Program,
        flow: &Flow,
        patch: &Patch,
        case: &Case,
        env: &Env<'_>,
        run: &mut Evaluation,
    ) -> u64 {
        self.changed.clear();
        patch.steps.iter().for_each(|(at, _)| self.pending.add(*at));
        let (mut executed, mut word) = (0, 0);
        while let Some(at) = self.pending.pop(&mut word) {
            let entity = flow.entity(at);
            let changed = match patch.steps.iter().find(|(position, _)| *position == at) {
                Some((_, steps)) => {
                    let mut changed = false;
                    for (entity, op) in steps {
                        changed = self.execute((program, case, env), run, *entity, op, &mut executed);
                    }
                    changed
                }
                None => match program.ops.get(at as usize) {
                    Some(op) => self.execute((program, case, env), run, entity, op, &mut executed),
                    None => false,
                },
            };
            if changed {
                self.changed.add(at);
                flow.readers(at).iter().for_each(|reader| self.pending.add(*reader));
            }
        }
        if self.changed.0.iter().any(|w| *w != 0) {
            run.applicable =
                program.applicable.map(|t| run.stores.first().map_or(Truth::Unknown, |s| s.truth(0, t)));
        }
        executed
    }

    /// One operation on every row; whether any result is not what it was.
    fn execute(
        &mut self,
        (program, case, env): (&Program, &Case, &Env<'_>),
        run: &mut Evaluation,
        entity: EntityId,
        op: &Op,
        executed: &mut u64,
    ) -> bool {
        let Some(slot) = run.stores.get_mut(entity.index()) else { return false };
        let mut own = std::mem::take(slot);
        let cell = (writes(op), index_of(program, writes(op)));
        let mut changed = false;
        for row in 0..own.rows {
            let held = own.held(row, cell);
            let at = (entity, row);
            let mut machine = Machine::new(program, case, env, run.date, &run.stores, &mut self.notes, at);
            machine.step(&mut own.row_mut(row), op);
            if own.held(row, cell) != held {
                self.log.push(Was { entity, row, cell: cell.0, held });
                changed = true;
            }
            *executed += 1;
        }
        if let Some(slot) = run.stores.get_mut(entity.index()) {
            *slot = own;
        }
        changed
    }

    /// Puts back what has been changed since a mark.
    pub fn undo(&mut self, program: &Program, run: &mut Evaluation, mark: usize) {
        if self.log.len() > mark {
            for was in self.log.drain(mark..).rev() {
                if let Some(store) = run.stores.get_mut(was.entity.index()) {
                    store.hold(was.row, (was.cell, index_of(program, was.cell)), was.held);
                }
            }
            run.applicable =
                program.applicable.map(|t| run.stores.first().map_or(Truth::Unknown, |s| s.truth(0, t)));
        }
        self.notes.clear();
    }
}

/// Where a conclusion is kept within a row.
fn index_of(program: &Program, cell: Cell) -> u32 {
    match cell {
        Cell::Record(c) => program.decisions.get(c.index()).map_or(0, |d| d.index),
        Cell::Truth(_) | Cell::Value(_) | Cell::Tally(_) => 0,
    }
}

impl Store {
    fn held(&self, row: u32, (cell, index): (Cell, u32)) -> Held {
        match cell {
            Cell::Truth(t) => Held::Truth(self.truth(row, t)),
            Cell::Value(v) => Held::Value(self.value(row, v)),
            Cell::Tally(n) => Held::Tally(self.tally(row, n)),
            Cell::Record(_) => Held::Record(self.record(row, index)),
        }
    }

    fn hold(&mut self, row: u32, (cell, index): (Cell, u32), held: Held) {
        let at = |stride: usize, index: u32| row as usize * stride + index as usize;
        match (cell, held) {
            (Cell::Truth(t), Held::Truth(truth)) => put(&mut self.truths, at(self.truth_stride, t.0), truth),
            (Cell::Value(v), Held::Value(value)) => put(&mut self.values, at(self.value_stride, v.0), value),
            (Cell::Tally(n), Held::Tally(counts)) => {
                put(&mut self.tallies, at(self.tally_stride, n.0), counts);
            }
            (Cell::Record(_), Held::Record(record)) => {
                put(&mut self.records, at(self.record_stride, index), record);
            }
            (Cell::Truth(_) | Cell::Value(_) | Cell::Tally(_) | Cell::Record(_), _) => {}
        }
    }
}

fn put<X>(list: &mut [X], at: usize, x: X) {
    if let Some(slot) = list.get_mut(at) {
        *slot = x;
    }
}
