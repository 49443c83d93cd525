//! A case while it is made: the tables of [`Case`], rows put in and taken out so that those of one parent stay side by
//! side. Texts are numbers into the plan's list until [`Draft::finish`] numbers them as a reader would.
use super::plan::{Field, Kind, Plan, narrow};
use super::{Generator, Options, PerMille};
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Truth, Val};
use crate::facts::{Case, Children, Table};
use crate::hir::{Entity, EntityId, ExprId, FactId, Hir, Slot};
use fastrand::Rng;
use std::ops::Range;

/// Rows a case has at most, over all entities.
const MOST_ROWS: usize = 1 << 20;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub entity: EntityId,
    pub row: u32,
}

pub(super) const ROOT: At = At { entity: EntityId(0), row: 0 };

/// A condition that was aimed at: where, and what it was to be.
pub(super) type Leaf = (ExprId, At, bool);

pub(super) struct Draft<'g> {
    pub hir: &'g Hir,
    pub plan: &'g Plan,
    pub calendar: &'g WorkCalendar,
    pub options: Options,
    pub rng: Rng,
    pub tables: Vec<Table>,
    /// The day of the question.
    pub date: Option<Date>,
    /// 是 among 256 是否 facts of this case.
    pub density: u8,
    /// Around which dates lie.
    pub today: Date,
    /// Conditions aimed at.
    pub leaves: Vec<Leaf>,
    /// How much aiming is still allowed.
    pub steps: u32,
    /// Nothing is drawn yet beyond the row in hand: no later list has to move.
    pub fresh: bool,
    rows: usize,
}

impl<'g> Draft<'g> {
    pub fn new(of: &'g Generator<'_>, rng: Rng) -> Self {
        let hir = &of.program.hir;
        Self {
            hir,
            plan: &of.plan,
            calendar: of.calendar,
            options: of.options,
            rng,
            tables: vec![Table::default(); hir.entities.len()],
            date: None,
            density: 128,
            today: Date(0),
            leaves: Vec::new(),
            steps: 0,
            fresh: false,
            rows: 0,
        }
    }

    /// So often.
    pub fn chance(&mut self, share: PerMille) -> bool {
        share > 0 && self.rng.u16(..1000) < share
    }

    /// One of a list.
    pub fn pick<X: Copy>(&mut self, from: &[X]) -> Option<X> {
        let count = from.len();
        if count == 0 { None } else { from.get(self.rng.usize(..count)).copied() }
    }

    pub fn entity(&self, id: EntityId) -> Option<&'g Entity> {
        self.hir.entities.get(id.index())
    }

    /// The fields of an entity.
    pub fn fields(&self, id: EntityId) -> &'g [Field] {
        let plan: &'g Plan = self.plan;
        plan.entities.get(id.index()).map_or(&[], Vec::as_slice)
    }

    pub fn field(&self, fact: FactId) -> Option<&'g Field> {
        let plan: &'g Plan = self.plan;
        plan.field(fact)
    }

    /// The entity whose members a field holds.
    pub fn member(&self, list: FactId) -> Option<EntityId> {
        match self.field(list)?.kind {
            Kind::Many(entity) | Kind::One(entity) => Some(entity),
            _ => None,
        }
    }

    pub fn count(&self, entity: EntityId) -> u32 {
        self.tables.get(entity.index()).map_or(0, |t| t.rows)
    }

    /// The row of `entity` that contains a row, or is it.
    pub fn up(&self, at: At, entity: EntityId) -> Option<At> {
        let mut at = at;
        while at.entity != entity {
            let (parent, _) = self.entity(at.entity)?.parent?;
            let row = *self.tables.get(at.entity.index())?.parent.get(at.row as usize)?;
            at = At { entity: parent, row };
        }
        Some(at)
    }

    fn place(&self, fact: FactId, row: u32) -> Option<(usize, Slot, usize)> {
        let field = self.field(fact)?;
        let entity = self.hir.facts.get(fact.index())?.entity;
        let e = self.entity(entity)?;
        let (stride, slot) = match field.slot {
            Slot::Truth(slot) => (e.truth_slots, slot),
            Slot::Value(slot) => (e.value_slots, slot),
            Slot::Child(slot) => (e.child_slots, slot),
        };
        Some((entity.index(), field.slot, row as usize * stride as usize + slot as usize))
    }

    pub fn truth(&self, fact: FactId, row: u32) -> Truth {
        let Some((table, Slot::Truth(_), at)) = self.place(fact, row) else { return Truth::Unknown };
        self.tables.get(table).and_then(|t| t.truth.get(at)).copied().unwrap_or_default()
    }

    /// A fact that is 否 anyway may be left out.
    pub fn set_truth(&mut self, fact: FactId, row: u32, truth: Truth) -> bool {
        let Some(field) = self.field(fact).filter(|f| f.kind == Kind::Truth) else { return false };
        let assumed = field.absent_is_false && truth == Truth::False && self.rng.bool();
        self.put_truth(fact, row, truth, assumed)
    }

    pub fn put_truth(&mut self, fact: FactId, row: u32, truth: Truth, assumed: bool) -> bool {
        let Some((table, Slot::Truth(_), at)) = self.place(fact, row) else { return false };
        let Some(table) = self.tables.get_mut(table) else { return false };
        let (Some(t), Some(a)) = (table.truth.get_mut(at), table.assumed.get_mut(at)) else { return false };
        (*t, *a) = (truth, assumed);
        true
    }

    pub fn value(&self, fact: FactId, row: u32) -> Val {
        let Some((table, Slot::Value(_), at)) = self.place(fact, row) else { return Val::Unknown };
        self.tables.get(table).and_then(|t| t.values.get(at)).copied().unwrap_or_default()
    }

    pub fn set_value(&mut self, fact: FactId, row: u32, value: Val) -> bool {
        let Some((table, Slot::Value(_), at)) = self.place(fact, row) else { return false };
        let Some(slot) = self.tables.get_mut(table).and_then(|t| t.values.get_mut(at)) else { return false };
        *slot = value;
        true
    }

    pub fn children(&self, list: FactId, row: u32) -> Children {
        let Some((table, Slot::Child(_), at)) = self.place(list, row) else { return Children::Unknown };
        self.tables.get(table).and_then(|t| t.children.get(at)).copied().unwrap_or_default()
    }

    fn set_children(&mut self, list: FactId, row: u32, children: Children) {
        let Some((table, Slot::Child(_), at)) = self.place(list, row) else { return };
        if let Some(slot) = self.tables.get_mut(table).and_then(|t| t.children.get_mut(at)) {
            *slot = children;
        }
    }

    /// The rows of the members, if they are known.
    pub fn members(&self, list: FactId, row: u32) -> Option<Range<u32>> {
        match self.children(list, row) {
            Children::Rows(start, end) => Some(start..end),
            Children::Unknown | Children::Na => None,
        }
    }

    /// Makes a list known, and empty, without drawing anything.
    pub fn open_list(&mut self, list: FactId, row: u32) {
        let Some(child) = self.member(list) else { return };
        let start = self.insertion(child, row).start;
        self.set_children(list, row, Children::Rows(start, start));
    }

    pub fn set_na(&mut self, list: FactId, row: u32) {
        self.set_children(list, row, Children::Na);
    }

    /// Where the rows of one parent stand.
    fn insertion(&self, child: EntityId, parent: u32) -> Range<u32> {
        let parents = self.tables.get(child.index()).map_or(&[][..], |t| t.parent.as_slice());
        narrow(parents.partition_point(|p| *p < parent))..narrow(parents.partition_point(|p| *p <= parent))
    }

    /// A blank row at the end of a list, which becomes known.
    pub fn insert(&mut self, list: FactId, row: u32) -> Option<u32> {
        let child = self.member(list).filter(|_| self.rows < MOST_ROWS)?;
        // What is aimed at may have been taken out meanwhile.
        let owner = self.hir.facts.get(list.index())?.entity;
        if row >= self.count(owner) {
            return None;
        }
        let Range { start, end: at } = self.insertion(child, row);
        let e = self.entity(child)?;
        let table = self.tables.get_mut(child.index())?;
        let [truths, values, children] = strides(e);
        let position = at as usize;
        table.parent.insert(position, row);
        widen(&mut table.truth, position * truths, truths, Truth::Unknown);
        widen(&mut table.assumed, position * truths, truths, false);
        widen(&mut table.values, position * values, values, Val::Unknown);
        widen(&mut table.children, position * children, children, Children::Unknown);
        table.rows += 1;
        self.rows += 1;
        self.shift_children(child, at, true);
        self.shift_lists(list, row, true);
        self.set_children(list, row, Children::Rows(start, at + 1));
        Some(at)
    }

    /// Takes the last member out, with everything below it.
    pub fn remove_last(&mut self, list: FactId, row: u32) -> Option<()> {
        let child = self.member(list)?;
        let Range { start, end } = self.members(list, row).filter(|rows| !rows.is_empty())?;
        let at = end - 1;
        for field in self.fields(child) {
            if self.member(field.fact).is_some() {
                while self.members(field.fact, at).is_some_and(|rows| !rows.is_empty()) {
                    self.remove_last(field.fact, at)?;
                }
            }
        }
        let e = self.entity(child)?;
        let table = self.tables.get_mut(child.index())?;
        let [truths, values, children] = strides(e);
        let position = at as usize;
        table.parent.remove(position);
        table.truth.drain(position * truths..(position + 1) * truths);
        table.assumed.drain(position * truths..(position + 1) * truths);
        table.values.drain(position * values..(position + 1) * values);
        table.children.drain(position * children..(position + 1) * children);
        table.rows -= 1;
        self.rows -= 1;
        self.shift_children(child, at, false);
        self.shift_lists(list, row, false);
        self.set_children(list, row, Children::Rows(start, at));
        Some(())
    }

    /// Rows below follow the row of `entity` they belong to, from `at` on.
    fn shift_children(&mut self, entity: EntityId, at: u32, down: bool) {
        for field in self.fields(entity) {
            let Some(below) = self.member(field.fact) else { continue };
            let Some(table) = self.tables.get_mut(below.index()) else { continue };
            let from = if down { at } else { at + 1 };
            let first = table.parent.partition_point(|p| *p < from);
            for parent in table.parent.iter_mut().skip(first) {
                *parent = if down { *parent + 1 } else { *parent - 1 };
            }
        }
    }

    /// The lists of later rows begin one later (or earlier).
    fn shift_lists(&mut self, list: FactId, row: u32, down: bool) {
        let Some(entity) = self.hir.facts.get(list.index()).map(|f| f.entity).filter(|_| !self.fresh) else {
            return;
        };
        for later in row + 1..self.count(entity) {
            if let Children::Rows(start, end) = self.children(list, later) {
                let moved = if down { (start + 1, end + 1) } else { (start - 1, end - 1) };
                self.set_children(list, later, Children::Rows(moved.0, moved.1));
            }
        }
    }

    /// The one row of the root, blank.
    pub fn open_root(&mut self) {
        let (Some(e), Some(table)) = (self.entity(EntityId(0)), self.tables.first_mut()) else { return };
        let [truths, values, children] = strides(e);
        *table = Table {
            rows: 1,
            parent: Vec::new(),
            truth: vec![Truth::Unknown; truths],
            assumed: vec![false; truths],
            values: vec![Val::Unknown; values],
            children: vec![Children::Unknown; children],
        };
    }

    /// The case, its texts numbered in the order in which they are met.
    pub fn finish(mut self) -> Case {
        let mut met: Vec<u32> = Vec::new();
        for (entity, fields) in self.hir.entities.iter().zip(&self.plan.entities) {
            let Some(fact) = fields.first().and_then(|f| self.hir.facts.get(f.fact.index())) else {
                continue;
            };
            let Some(table) = self.tables.get_mut(fact.entity.index()) else { continue };
            let texts = fields.iter().filter(|f| matches!(f.kind, Kind::Text | Kind::Label));
            let slots: Vec<usize> = texts
                .filter_map(|f| if let Slot::Value(slot) = f.slot { Some(slot as usize) } else { None })
                .collect();
            if slots.is_empty() {
                continue;
            }
            for row in table.values.chunks_exact_mut(entity.value_slots as usize) {
                for slot in &slots {
                    let Some(Val::Text(index)) = row.get_mut(*slot) else { continue };
                    let known = met.iter().position(|m| m == index).unwrap_or(met.len());
                    if known == met.len() {
                        met.push(*index);
                    }
                    *index = narrow(known);
                }
            }
        }
        let text = |index: u32| self.plan.texts.get(index as usize).cloned().unwrap_or_default();
        let texts = met.into_iter().map(text).collect();
        Case { name: String::new(), date: self.date, tables: self.tables, texts }
    }
}

fn strides(e: &Entity) -> [usize; 3] {
    [e.truth_slots, e.value_slots, e.child_slots].map(|n| n as usize)
}

fn widen<X: Copy>(column: &mut Vec<X>, at: usize, by: usize, with: X) {
    column.splice(at..at, std::iter::repeat_n(with, by));
}
