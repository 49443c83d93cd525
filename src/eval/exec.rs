//! Runs a program on one case: block by block, row by row, operation by operation.
use super::compute::{self, Computed};
use super::decide;
use super::store::{NoteAt, NoteKind, Notes, Record, Row, RowMut, State, Store, ancestor};
use crate::base::calendar::WorkCalendar;
use crate::base::date::Date;
use crate::base::numeral::Ratio;
use crate::base::{Truth, Val};
use crate::facts::{Case, Children};
use crate::hir::{ConclusionId, EntityId, Extreme, FactId, Quantifier, Slot};
use crate::ir::{Op, Program, T, V};

/// What a run needs besides the program and the case.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// The day the question is put for; overrides the case's own.
    pub date: Option<Date>,
}

/// The registers and results of a run. May be used again for the next case: buffers are kept.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    pub(super) stores: Vec<Store>,
    pub(super) notes: Notes,
    pub(super) date: Option<Date>,
    pub(super) applicable: Option<Truth>,
    pub(super) parents: Vec<Vec<u32>>,
}

impl Evaluation {
    /// An empty evaluation, to be run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Evaluates `case`, which must have been read for `program`.
    pub fn run(&mut self, program: &Program, case: &Case, env: &Env<'_>) {
        self.notes.clear();
        self.date = env.date.or(case.date);
        self.stores.resize_with(program.scopes.len(), Store::default);
        self.parents.resize_with(program.scopes.len(), Vec::new);
        for (entity, store) in self.stores.iter_mut().enumerate() {
            if let Some(table) = case.tables.get(entity) {
                store.load(program, entity, table);
                if let Some(parents) = self.parents.get_mut(entity) {
                    parents.clone_from(&table.parent);
                }
            }
        }
        for block in &program.blocks {
            let index = block.entity.index();
            let Some(slot) = self.stores.get_mut(index) else { continue };
            let mut own = std::mem::take(slot);
            let ops = block.ops.of(&program.ops);
            for row in 0..own.rows {
                let at = (block.entity, row);
                let mut machine =
                    Machine::new(program, case, env, self.date, &self.stores, &mut self.notes, at);
                let mut registers = own.row_mut(row);
                for op in ops {
                    machine.step(&mut registers, op);
                }
            }
            if let Some(slot) = self.stores.get_mut(index) {
                *slot = own;
            }
        }
        self.applicable =
            program.applicable.map(|t| self.stores.first().map_or(Truth::Unknown, |s| s.truth(0, t)));
    }

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

    /// Whether the law applies to the case: `None` when it states no scope.
    #[must_use]
    pub fn applicable(&self) -> Option<Truth> {
        self.applicable
    }

    /// Number of rows of an entity.
    #[must_use]
    pub fn rows(&self, entity: EntityId) -> u32 {
        self.stores.get(entity.index()).map_or(0, |s| s.rows)
    }

    /// The mandatory result of a conclusion for a row of its entity, scope not considered.
    #[must_use]
    pub fn record(&self, program: &Program, conclusion: ConclusionId, row: u32) -> Record {
        let Some(c) = program.hir.conclusions.get(conclusion.index()) else { return Record::default() };
        let index = program.decisions.get(conclusion.index()).map_or(0, |d| d.index);
        self.stores.get(c.entity.index()).map(|s| s.record(row, index)).unwrap_or_default()
    }

    /// A truth register of a row.
    #[must_use]
    pub fn truth(&self, entity: EntityId, row: u32, t: T) -> Truth {
        self.stores.get(entity.index()).map_or(Truth::Unknown, |s| s.truth(row, t))
    }

    /// A value register of a row.
    #[must_use]
    pub fn value(&self, entity: EntityId, row: u32, v: V) -> Val {
        self.stores.get(entity.index()).map_or(Val::Unknown, |s| s.value(row, v))
    }

    /// What made values 不明 although their facts are known.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }
}

pub(super) struct Machine<'a> {
    program: &'a Program,
    case: &'a Case,
    env: &'a Env<'a>,
    date: Option<Date>,
    others: &'a [Store],
    notes: &'a mut Notes,
    entity: EntityId,
    row: u32,
    /// The parent's row: most of what is lifted comes from there.
    parent: Option<(Row<'a>, &'a Store, u32)>,
}

/// Members of a list: where they are kept and which rows.
enum Members<'s> {
    Unknown,
    Na,
    Rows(&'s Store, std::ops::Range<u32>),
}

impl<'a> Machine<'a> {
    /// For one row of an entity.
    #[inline]
    pub(super) fn new(
        program: &'a Program,
        case: &'a Case,
        env: &'a Env<'a>,
        date: Option<Date>,
        others: &'a [Store],
        notes: &'a mut Notes,
        (entity, row): (EntityId, u32),
    ) -> Self {
        let mut machine = Self { program, case, env, date, others, notes, entity, row, parent: None };
        machine.parent = machine.above(1).map(|(store, row)| (store.row(row), store, row));
        machine
    }

    /// One operation.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call for each operation would cost as much as most of them")]
    #[expect(clippy::too_many_lines, reason = "one arm an operation")]
    pub(super) fn step(&mut self, own: &mut RowMut<'_>, op: &Op) {
        match *op {
            Op::True(dst, b) => own.set_truth(dst, Truth::from(b)),
            Op::Not(dst, a) => own.set_truth(dst, !own.truth(a)),
            Op::And2(dst, a, b) => own.set_truth(dst, own.truth(a).and(own.truth(b))),
            Op::Or2(dst, a, b) => own.set_truth(dst, own.truth(a).or(own.truth(b))),
            Op::And(dst, args) => {
                let mut t = Truth::True;
                for a in args.of(&self.program.truth_args) {
                    t = t.and(own.truth(*a));
                    if t == Truth::False {
                        break;
                    }
                }
                own.set_truth(dst, t);
            }
            Op::Or(dst, args) => {
                let mut t = Truth::False;
                for a in args.of(&self.program.truth_args) {
                    t = t.or(own.truth(*a));
                    if t == Truth::True {
                        break;
                    }
                }
                own.set_truth(dst, t);
            }
            Op::AndNot(dst, a, b) => {
                let except = match own.truth(b) {
                    Truth::Na => Truth::False,
                    t => t,
                };
                own.set_truth(dst, own.truth(a).and(!except));
            }
            Op::LiftTruth { dst, up, src } => {
                let t = match self.parent {
                    Some((parent, ..)) if up == 1 => parent.truth(src),
                    _ => self.above(up).map_or(Truth::Unknown, |(s, r)| s.truth(r, src)),
                };
                own.set_truth(dst, t);
            }
            Op::LiftValue { dst, up, src } => {
                let v = match self.parent {
                    Some((parent, ..)) if up == 1 => parent.value(src),
                    _ => self.above(up).map_or(Val::Unknown, |(s, r)| s.value(r, src)),
                };
                own.set_value(dst, v);
            }
            Op::OneTruth { dst, list, src } => {
                let t = match self.members(list) {
                    Members::Unknown => Truth::Unknown,
                    Members::Na => Truth::Na,
                    Members::Rows(s, mut rows) => rows.next().map_or(Truth::Na, |r| s.truth(r, src)),
                };
                own.set_truth(dst, t);
            }
            Op::OneValue { dst, list, src } => {
                let v = match self.members(list) {
                    Members::Unknown => Val::Unknown,
                    Members::Na => Val::Na,
                    Members::Rows(s, mut rows) => rows.next().map_or(Val::Na, |r| s.value(r, src)),
                };
                own.set_value(dst, v);
            }
            Op::InSet(dst, v, mask) => own.set_truth(dst, masked(own.value(v), |m| m & mask != 0)),
            Op::AnyOf(dst, v, mask) => own.set_truth(dst, masked(own.value(v), |m| m & mask != 0)),
            Op::AllOf(dst, v, mask) => own.set_truth(dst, masked(own.value(v), |m| m & mask == mask)),
            Op::ConclusionIn(dst, c, mask) => {
                let t = decide::lies_in(&self.record(own, c), mask);
                own.set_truth(dst, t);
            }
            Op::ConclusionAny(dst, c, mask) => {
                let t = decide::includes(&self.record(own, c), mask, false);
                own.set_truth(dst, t);
            }
            Op::ConclusionAll(dst, c, mask) => {
                let t = decide::includes(&self.record(own, c), mask, true);
                own.set_truth(dst, t);
            }
            Op::ConclusionValue(dst, c) => {
                let record = self.record(own, c);
                let v = match record.state {
                    // The 届满日 of a 义务 may be known while its status is not.
                    State::Decided | State::Pending if record.value != Val::Unknown => record.value,
                    State::Decided if record.certain.is_power_of_two() => Val::Mask(record.certain),
                    State::Silent => Val::Na,
                    State::Decided | State::Pending | State::Conflict => Val::Unknown,
                };
                own.set_value(dst, v);
            }
            Op::Cmp(dst, op, a, b) => {
                let t = compute::compare(op, own.value(a), own.value(b), &|i| self.text(i));
                own.set_truth(dst, t);
            }
            Op::Share { dst, part, whole, op, ratio } => {
                let t = compute::share(op, own.value(part), own.value(whole), self.ratio(ratio));
                own.set_truth(dst, t);
            }
            Op::Window { dst, value, anchor, before, within } => {
                let within = within.map(|w| own.value(w));
                let result =
                    compute::window(self.env.calendar, own.value(value), own.value(anchor), before, within);
                let t = result.unwrap_or_else(|kind| {
                    self.note(NoteAt::Truth(dst), kind);
                    Truth::Unknown
                });
                own.set_truth(dst, t);
            }
            Op::InRange { dst, value, low, high } => {
                let v = own.value(value);
                let texts = |i| self.text(i);
                let t = compute::compare(crate::hir::CmpOp::Ge, v, own.value(low), &texts)
                    .and(compute::compare(crate::hir::CmpOp::Le, v, own.value(high), &texts));
                own.set_truth(dst, t);
            }
            Op::Quant { dst, quantifier, list, src } => {
                let t = self.quant(quantifier, list, src);
                own.set_truth(dst, t);
            }
            Op::Tally { dst, list, src } => {
                let mut counts = [0u32; 4];
                if let Members::Rows(s, rows) = self.members(list) {
                    for r in rows {
                        let t = src.map_or(Truth::True, |t| s.truth(r, t));
                        if let Some(n) = counts.get_mut(t as usize) {
                            *n += 1;
                        }
                    }
                }
                if let Some(slot) = own.tallies.get_mut(dst.0 as usize) {
                    *slot = counts;
                }
            }
            Op::Other { dst, quantifier, tally, list: _, own: mine } => {
                let mut counts = self.parent.map_or([0; 4], |(_, s, r)| s.tally(r, tally));
                let self_truth = mine.map_or(Truth::True, |t| own.truth(t));
                if let Some(n) = counts.get_mut(self_truth as usize) {
                    *n = n.saturating_sub(1);
                }
                own.set_truth(dst, from_counts(quantifier, counts));
            }
            Op::Const(dst, index) => {
                let v = self.program.consts.get(index as usize).copied().unwrap_or_default();
                let v = self.constant(v);
                own.set_value(dst, v);
            }
            Op::Arith(dst, op, a, b) => {
                let v = compute::arith(op, own.value(a), own.value(b));
                self.put(own, dst, v);
            }
            Op::Portion(dst, base, ratio) => {
                let v = compute::portion(own.value(base), self.ratio(ratio));
                self.put(own, dst, v);
            }
            Op::ExtremeOf(dst, which, args) => {
                let mut values = args.of(&self.program.value_args).iter().map(|v| own.value(*v));
                let first = values.next().unwrap_or_default();
                let v = values.fold(first, |a, b| compute::extreme(which, a, b, &|i| self.text(i)));
                own.set_value(dst, v);
            }
            Op::Round(dst, mode, v, digits) => {
                let v = compute::round(mode, own.value(v), digits);
                self.put(own, dst, v);
            }
            Op::DivRound { dst, mode, digits, num, den } => {
                let v = compute::div_round(mode, digits, own.value(num), own.value(den));
                self.put(own, dst, v);
            }
            Op::Count { dst, list, src } => {
                let v = self.count(list, src);
                own.set_value(dst, v);
            }
            Op::Sum { dst, list, cond, field } => {
                let v = self.sum(list, cond, field);
                self.put(own, dst, v);
            }
            Op::ExtremeIn { dst, which, list, cond, field } => {
                let v = self.extreme_in(which, list, cond, field);
                own.set_value(dst, v);
            }
            Op::Deadline(dst, from, period) => {
                let v = compute::deadline(self.env.calendar, own.value(from), own.value(period));
                self.put(own, dst, v);
            }
            Op::Shift(dst, date, period, back) => {
                let v = compute::shift(self.env.calendar, own.value(date), own.value(period), back);
                self.put(own, dst, v);
            }
            Op::Between(dst, from, to, measure) => {
                let v = compute::between(self.env.calendar, own.value(from), own.value(to), measure);
                self.put(own, dst, v);
            }
            Op::Extend(dst, period, cond, more) => {
                let base = own.value(period);
                let v = match own.truth(cond) {
                    Truth::True => compute::arith(crate::hir::ArithOp::Add, base, own.value(more)),
                    Truth::False | Truth::Na => Ok(base),
                    Truth::Unknown => Ok(Val::Unknown),
                };
                self.put(own, dst, v);
            }
            Op::DeemTruth { dst, prev, guard, to, presume } => {
                let (prev, to) = (own.truth(prev), Truth::from(to));
                let t = match (own.truth(guard), presume) {
                    (Truth::False | Truth::Na, _) => prev,
                    (_, true) if prev != Truth::Unknown => prev,
                    (Truth::True, _) => to,
                    (Truth::Unknown, _) if prev == to => prev,
                    (Truth::Unknown, _) => Truth::Unknown,
                };
                own.set_truth(dst, t);
            }
            Op::DeemValue { dst, prev, guard, to, presume } => {
                let (prev, to) = (own.value(prev), own.value(to));
                let v = match (own.truth(guard), presume) {
                    (Truth::False | Truth::Na, _) => prev,
                    (_, true) if prev != Val::Unknown => prev,
                    (Truth::True, _) => to,
                    (Truth::Unknown, _) if prev == to => prev,
                    (Truth::Unknown, _) => Val::Unknown,
                };
                own.set_value(dst, v);
            }
            Op::Decide(c) => {
                let (record, note) = decide::decide(self.program, own.as_row(), c, self.date);
                if let Some(kind) = note {
                    self.note(NoteAt::Conclusion(c), kind);
                }
                let index = self.program.decisions.get(c.index()).map_or(0, |d| d.index);
                own.set_record(index, record);
            }
        }
    }

    fn note(&mut self, at: NoteAt, kind: NoteKind) {
        self.notes.insert((self.entity, self.row, at), kind);
    }

    fn put(&mut self, own: &mut RowMut<'_>, dst: V, v: Computed) {
        let v = v.unwrap_or_else(|kind| {
            self.note(NoteAt::Value(dst), kind);
            Val::Unknown
        });
        own.set_value(dst, v);
    }

    fn record(&self, own: &RowMut<'_>, c: ConclusionId) -> Record {
        own.record(self.program.decisions.get(c.index()).map_or(0, |d| d.index))
    }

    fn ratio(&self, index: u32) -> Ratio {
        self.program.ratios.get(index as usize).copied().unwrap_or(Ratio { num: 0, den: 1 })
    }

    /// Text constants of the program come after the case's own texts.
    fn constant(&self, v: Val) -> Val {
        match v {
            Val::Text(i) => {
                Val::Text(i.saturating_add(u32::try_from(self.case.texts.len()).unwrap_or(u32::MAX)))
            }
            _ => v,
        }
    }

    fn text(&self, i: u32) -> String {
        let i = i as usize;
        let own = self.case.texts.len();
        let text = if i < own { self.case.texts.get(i) } else { self.program.hir.texts.get(i - own) };
        text.cloned().unwrap_or_default()
    }

    fn above(&self, up: u32) -> Option<(&'a Store, u32)> {
        let (entity, row) = ancestor(self.program, self.case, self.entity, self.row, up)?;
        Some((self.others.get(entity.index())?, row))
    }

    fn members(&self, list: FactId) -> Members<'a> {
        let Some(fact) = self.program.hir.facts.get(list.index()) else { return Members::Unknown };
        let (Slot::Child(slot), Some(child)) = (fact.slot, crate::ir::member(&self.program.hir, list)) else {
            return Members::Unknown;
        };
        let stride = self.program.hir.entities.get(self.entity.index()).map_or(0, |e| e.child_slots as usize);
        let children = self
            .case
            .table(self.entity)
            .and_then(|t| t.children.get(self.row as usize * stride + slot as usize))
            .copied()
            .unwrap_or_default();
        match (children, self.others.get(child.index())) {
            (Children::Na, _) => Members::Na,
            (Children::Rows(start, end), Some(store)) => Members::Rows(store, start..end),
            (Children::Unknown | Children::Rows(..), _) => Members::Unknown,
        }
    }

    fn quant(&self, quantifier: Quantifier, list: FactId, src: Option<T>) -> Truth {
        match self.members(list) {
            Members::Unknown => Truth::Unknown,
            Members::Na => Truth::Na,
            Members::Rows(s, rows) => {
                let truths = rows.map(|r| src.map_or(Truth::True, |t| s.truth(r, t)));
                match quantifier {
                    Quantifier::Exists => truths.fold(Truth::False, Truth::or),
                    Quantifier::None => !truths.fold(Truth::False, Truth::or),
                    Quantifier::ForAll => truths.fold(Truth::True, Truth::and),
                }
            }
        }
    }

    fn count(&self, list: FactId, src: Option<T>) -> Val {
        match self.members(list) {
            Members::Unknown => Val::Unknown,
            Members::Na => Val::Na,
            Members::Rows(s, rows) => {
                let (mut sure, mut maybe) = (0i64, 0i64);
                for r in rows {
                    match src.map_or(Truth::True, |t| s.truth(r, t)) {
                        Truth::True => sure += 1,
                        Truth::Unknown => maybe += 1,
                        Truth::False | Truth::Na => {}
                    }
                }
                if maybe == 0 { Val::Int(sure) } else { Val::Range(sure, sure + maybe) }
            }
        }
    }

    fn sum(&self, list: FactId, cond: Option<T>, field: V) -> Computed {
        match self.members(list) {
            Members::Unknown => Ok(Val::Unknown),
            Members::Na => Ok(Val::Na),
            Members::Rows(s, rows) => {
                let mut total = Val::Int(0);
                for r in rows {
                    match (cond.map_or(Truth::True, |t| s.truth(r, t)), s.value(r, field)) {
                        (Truth::False | Truth::Na, _) | (_, Val::Na) => {}
                        (Truth::Unknown, _) => return Ok(Val::Unknown),
                        (Truth::True, v) => total = compute::arith(crate::hir::ArithOp::Add, total, v)?,
                    }
                }
                Ok(total)
            }
        }
    }

    fn extreme_in(&self, which: Extreme, list: FactId, cond: Option<T>, field: V) -> Val {
        match self.members(list) {
            Members::Unknown => Val::Unknown,
            Members::Na => Val::Na,
            Members::Rows(s, rows) => {
                let mut best = Val::Na;
                for r in rows {
                    match (cond.map_or(Truth::True, |t| s.truth(r, t)), s.value(r, field)) {
                        (Truth::False | Truth::Na, _) | (_, Val::Na) => {}
                        (Truth::Unknown, _) => return Val::Unknown,
                        (Truth::True, v) => {
                            best = match best {
                                Val::Na => v,
                                b => compute::extreme(which, b, v, &|i| self.text(i)),
                            }
                        }
                    }
                }
                best
            }
        }
    }
}

fn from_counts(quantifier: Quantifier, [no, yes, unknown, na]: [u32; 4]) -> Truth {
    let exists = if yes > 0 {
        Truth::True
    } else if unknown > 0 {
        Truth::Unknown
    } else if na > 0 {
        Truth::Na
    } else {
        Truth::False
    };
    match quantifier {
        Quantifier::Exists => exists,
        Quantifier::None => !exists,
        Quantifier::ForAll => {
            if no > 0 {
                Truth::False
            } else if unknown > 0 {
                Truth::Unknown
            } else if na > 0 {
                Truth::Na
            } else {
                Truth::True
            }
        }
    }
}

fn masked(v: Val, test: impl FnOnce(u64) -> bool) -> Truth {
    match v {
        Val::Mask(m) => Truth::from(test(m)),
        Val::Na => Truth::Na,
        Val::Unknown
        | Val::Int(_)
        | Val::Dec(_)
        | Val::Date(_)
        | Val::Period(_)
        | Val::Text(_)
        | Val::Range(..) => Truth::Unknown,
    }
}
