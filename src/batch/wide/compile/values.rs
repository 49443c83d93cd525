//! Values and tests on them. Days, whole numbers and enumerations are compared a block at a time; everything else goes
//! lane by lane through the interpreter's own arithmetic.
use super::Compiler;
use super::logic::narrow;
use crate::base::Val;
use crate::batch::wide::frame::{Kept, ValueAt};
use crate::batch::wide::plan::{
    DayByOp, DayOp, DayTable, Instr, LaneAt, List, Side, TruthOp, Value, ValueOp,
};
use crate::batch::wide::plane::{Cond, P};
use crate::eval::compute::{holds, mirror};
use crate::hir::{CmpOp, Slot, Type};
use crate::ir::{Cell, Op, Program, T, V};

/// Counts up to this are compared without being written down.
const COUNTED: i64 = 16;

/// A fact as an operand.
pub(super) fn fact(program: &Program, entity: usize, at: &ValueAt) -> Value {
    let states = at.shape.states();
    let open = if states > 0 { P::at(0, at.states) } else { P::ZERO };
    let na = if states > 1 { P::at(0, at.states + 1) } else { P::ZERO };
    let lanes = |column| LaneAt { level: 0, fact: true, column };
    match at.kept {
        Kept::Bits { offset, width } => {
            let facts = program.hir.entities.get(entity).map_or(&[][..], |e| &e.facts);
            let found = facts.iter().filter_map(|f| program.hir.facts.get(f.index()));
            let single = found
                .into_iter()
                .any(|f| f.slot == Slot::Value(at.slot) && matches!(f.ty, Type::Enum(_) | Type::Duty(_)));
            Value::Bits { bits: (0..width).map(|n| P::at(0, offset + n)).collect(), single, open, na }
        }
        Kept::Date(column) => Value::Date { at: lanes(column), open, na },
        Kept::Int(column) => Value::Int { at: lanes(column), open, na },
        Kept::Period(column) => Value::Period { at: lanes(column), open, na },
        Kept::Val(column) => Value::Lanes(lanes(column)),
    }
}

impl Value {
    /// The same seen from further down.
    fn lifted(self, up: u32) -> Self {
        let lanes = |at: LaneAt| LaneAt { level: at.level + up, ..at };
        match self {
            Self::Const(v) => Self::Const(v),
            Self::Bits { bits, single, open, na } => Self::Bits {
                bits: bits.into_iter().map(|p| p.lifted(up)).collect(),
                single,
                open: open.lifted(up),
                na: na.lifted(up),
            },
            Self::Date { at, open, na } => {
                Self::Date { at: lanes(at), open: open.lifted(up), na: na.lifted(up) }
            }
            Self::Int { at, open, na } => {
                Self::Int { at: lanes(at), open: open.lifted(up), na: na.lifted(up) }
            }
            Self::Period { at, open, na } => {
                Self::Period { at: lanes(at), open: open.lifted(up), na: na.lifted(up) }
            }
            Self::Lanes(at) => Self::Lanes(lanes(at)),
        }
    }
}

impl Compiler<'_> {
    /// Computes a value lane by lane.
    fn lanes(&mut self, e: usize, v: V, op: ValueOp) {
        let Some(room) = self.plan.rooms.get_mut(e) else { return };
        let column = room.vals;
        room.vals += 1;
        self.emit(e, Instr::Value(column, Box::new(op)));
        self.set_value(e, v, Value::Lanes(LaneAt { level: 0, fact: false, column }));
    }

    /// Computes a condition lane by lane.
    fn truth_lanes(&mut self, e: usize, op: TruthOp) -> Cond {
        let at = self.planes(e, 3);
        self.emit(e, Instr::Truth(at, Box::new(op)));
        Cond { yes: P::at(0, at), not_no: P::at(0, at + 1), open: Some(P::at(0, at + 2)) }
    }

    pub(super) fn value_op(&mut self, e: usize, at: u32, op: &Op) {
        let program = self.program;
        let ratio = |i: u32| program.ratios.get(i as usize).copied();
        let none = crate::base::numeral::Ratio { num: 0, den: 1 };
        match *op {
            Op::LiftValue { dst, up, src } => {
                let value = self.value(self.ancestor(e, up), src).lifted(up);
                self.set_value(e, dst, value);
            }
            Op::Const(v, i) => {
                let val = program.consts.get(i as usize).copied().unwrap_or_default();
                self.set_value(e, v, Value::Const(val));
            }
            Op::OneValue { dst, list, src } => {
                let (list, child) = self.list(e, list);
                let value = self.value(child, src);
                self.lanes(e, dst, ValueOp::One(list, value));
            }
            Op::ConclusionValue(v, c) => {
                if let Some(value) = self.conclusion_value(e, c) {
                    self.set_value(e, v, value);
                } else {
                    let record = Box::new(self.record(c));
                    self.lanes(e, v, ValueOp::Conclusion(record));
                }
            }
            Op::Arith(v, op, a, b) => {
                let op = ValueOp::Arith(op, self.value(e, a), self.value(e, b));
                self.lanes(e, v, op);
            }
            Op::Portion(v, a, r) => {
                let op = ValueOp::Portion(self.value(e, a), ratio(r).unwrap_or(none));
                self.lanes(e, v, op);
            }
            Op::ExtremeOf(v, which, args) => {
                let args = args.of(&program.value_args).iter().map(|a| self.value(e, *a)).collect();
                self.lanes(e, v, ValueOp::ExtremeOf(which, args));
            }
            Op::Round(v, mode, a, digits) => {
                let op = ValueOp::Round(mode, self.value(e, a), digits);
                self.lanes(e, v, op);
            }
            Op::DivRound { dst, mode, digits, num, den } => {
                let op = ValueOp::DivRound(mode, digits, self.value(e, num), self.value(e, den));
                self.lanes(e, dst, op);
            }
            Op::Count { dst, list, src } => {
                let (list, child) = self.list(e, list);
                let cond = src.map(|t| self.truth(child, t));
                self.counts.insert((e, dst), (list, self.member_cond(child, src)));
                if !self.only_compared(e, at, dst) {
                    self.lanes(e, dst, ValueOp::Count(list, cond));
                }
            }
            Op::Sum { dst, list, cond, field } => {
                let (list, child) = self.list(e, list);
                let op = ValueOp::Sum(list, cond.map(|t| self.truth(child, t)), self.value(child, field));
                self.lanes(e, dst, op);
            }
            Op::ExtremeIn { dst, which, list, cond, field } => {
                let (list, child) = self.list(e, list);
                let cond = cond.map(|t| self.truth(child, t));
                let op = ValueOp::ExtremeIn(which, list, cond, self.value(child, field));
                self.lanes(e, dst, op);
            }
            Op::Deadline(v, from, period) => {
                let (from, period) = (self.value(e, from), self.value(e, period));
                match self.day(e, &from, &period, true, false) {
                    Some(value) => self.set_value(e, v, value),
                    None => self.lanes(e, v, ValueOp::Deadline(from, period)),
                }
            }
            Op::Shift(v, date, period, back) => {
                let (date, period) = (self.value(e, date), self.value(e, period));
                match self.day(e, &date, &period, false, back) {
                    Some(value) => self.set_value(e, v, value),
                    None => self.lanes(e, v, ValueOp::Shift(date, period, back)),
                }
            }
            Op::Between(v, from, to, measure) => {
                let op = ValueOp::Between(self.value(e, from), self.value(e, to), measure);
                self.lanes(e, v, op);
            }
            Op::Extend(v, period, cond, more) => {
                let op = ValueOp::Extend(self.value(e, period), self.truth(e, cond), self.value(e, more));
                self.lanes(e, v, op);
            }
            Op::DeemValue { dst, prev, guard, to, presume } => {
                let (prev, to) = (self.value(e, prev), self.value(e, to));
                let op = ValueOp::Deem { prev, guard: self.truth(e, guard), to, presume };
                self.lanes(e, dst, op);
            }
            _ => {}
        }
    }

    /// Whether a count is only ever compared with small whole numbers.
    fn only_compared(&self, e: usize, at: u32, v: V) -> bool {
        self.flow.readers(at).iter().filter(|r| self.live.get(**r as usize) == Some(&true)).all(|reader| {
            match self.program.ops.get(*reader as usize) {
                Some(Op::Cmp(_, _, a, b)) if self.flow.entity(*reader).index() == e => {
                    let other = if *a == v { *b } else { *a };
                    a != b && self.small(e, other).is_some()
                }
                _ => false,
            }
        }) && !self.is_asked(e, v)
    }

    fn is_asked(&self, e: usize, v: V) -> bool {
        let entries = self.program.entries.iter();
        let entity = |rule: crate::hir::RuleId| self.hir().rules.get(rule.index()).map(|r| r.entity.index());
        entries.filter(|x| entity(x.rule) == Some(e)).any(|x| match x.gives {
            crate::ir::Gives::Mask(..) => false,
            crate::ir::Gives::Value(w) => w == v,
            crate::ir::Gives::Duty { deadline, performed } => deadline == v || performed == v,
        })
    }

    /// The small whole number that a register always holds.
    fn small(&self, e: usize, v: V) -> Option<u32> {
        let entity = crate::hir::EntityId(narrow(e));
        let writer = self.flow.writer(entity, Cell::Value(v))?;
        let Some(Op::Const(_, i)) = self.program.ops.get(writer as usize) else { return None };
        match self.program.consts.get(*i as usize) {
            Some(Val::Int(n)) if (0..COUNTED).contains(n) => u32::try_from(*n).ok(),
            Some(_) | None => None,
        }
    }

    /// A day shifted by a constant period, computed where the day stands.
    fn day(&mut self, e: usize, from: &Value, period: &Value, deadline: bool, back: bool) -> Option<Value> {
        let Value::Date { at, open, na } = from else { return None };
        let Value::Const(Val::Period(period)) = period else {
            return self.day_by(e, (*at, *open, *na), period, deadline, back);
        };
        let up = at.level;
        let owner = self.ancestor(e, up);
        let table = DayTable { period: *period, deadline, back };
        let known = self.plan.tables.iter().position(|t| t.is(&table));
        let table = narrow(known.unwrap_or_else(|| {
            self.plan.tables.push(table);
            self.plan.tables.len() - 1
        }));
        let from = LaneAt { level: 0, ..*at };
        if let Some(known) = self.days.get(&(owner, from, table)) {
            return Some(known.clone().lifted(up));
        }
        let (open, na) = (open.lowered(up), na.lowered(up));
        let failed = self.plane(owner);
        let room = self.plan.rooms.get_mut(owner)?;
        let column = room.dates;
        room.dates += 1;
        let op = DayOp { column, failed, table, from, without: [open, na] };
        self.emit(owner, Instr::Day(Box::new(op)));
        let open = self.or(owner, [open, P::at(0, failed)]);
        let value = Value::Date { at: LaneAt { level: 0, fact: false, column }, open, na };
        self.days.insert((owner, from, table), value.clone());
        Some(value.lifted(up))
    }

    /// The same by a period that differs from row to row.
    fn day_by(
        &mut self,
        e: usize,
        (from, open, na): (LaneAt, P, P),
        period: &Value,
        deadline: bool,
        back: bool,
    ) -> Option<Value> {
        if !matches!(period, Value::Lanes(_) | Value::Period { .. }) {
            return None;
        }
        let states = self.planes(e, 2);
        let room = self.plan.rooms.get_mut(e)?;
        let column = room.dates;
        room.dates += 1;
        let period = period.clone();
        let op = DayByOp { column, states, deadline, back, from, open, na, period };
        self.emit(e, Instr::DayBy(Box::new(op)));
        let at = LaneAt { level: 0, fact: false, column };
        Some(Value::Date { at, open: P::at(0, states), na: P::at(0, states + 1) })
    }

    /// Enumeration tests.
    pub(super) fn masked(&mut self, e: usize, t: T, v: V, mask: u64, all: bool) {
        let value = self.value(e, v);
        let cond = self.masked_value(e, value, mask, all);
        self.set_truth(e, t, cond);
    }

    fn masked_value(&mut self, e: usize, value: Value, mask: u64, all: bool) -> Cond {
        let Value::Bits { bits, open, na, .. } = value else {
            return self.truth_lanes(e, TruthOp::Masked(value, mask, all));
        };
        let wanted: Vec<P> = chosen(&bits, mask).collect();
        let missing = all && mask.checked_shr(narrow(bits.len())).unwrap_or(0) != 0;
        let yes = match (all, missing) {
            (_, true) => P::ZERO,
            (true, false) => self.and(e, wanted),
            (false, false) => self.or(e, wanted),
        };
        self.judged(e, Cond::known(yes), open, na)
    }

    /// Comparisons and the like.
    pub(super) fn test(&mut self, e: usize, op: &Op) {
        let program = self.program;
        let none = crate::base::numeral::Ratio { num: 0, den: 1 };
        match *op {
            Op::Cmp(t, op, a, b) => {
                let cond = self.compare(e, op, a, b);
                self.set_truth(e, t, cond);
            }
            Op::Share { dst, part, whole, op, ratio } => {
                let ratio = program.ratios.get(ratio as usize).copied().unwrap_or(none);
                let op = TruthOp::Share(op, self.value(e, part), self.value(e, whole), ratio);
                let cond = self.truth_lanes(e, op);
                self.set_truth(e, dst, cond);
            }
            Op::Window { dst, value, anchor, before, within } => {
                let (value, anchor) = (self.value(e, value), self.value(e, anchor));
                let within = within.map(|w| self.value(e, w));
                let cond = self.window(e, value, anchor, before, within);
                self.set_truth(e, dst, cond);
            }
            Op::InRange { dst, value, low, high } => {
                let low_cond = self.compare(e, CmpOp::Ge, value, low);
                let high_cond = self.compare(e, CmpOp::Le, value, high);
                let cond = self.all(e, &[low_cond, high_cond]);
                self.set_truth(e, dst, cond);
            }
            _ => {}
        }
    }

    fn compare(&mut self, e: usize, op: CmpOp, a: V, b: V) -> Cond {
        let counted = match (self.counts.get(&(e, a)).copied(), self.counts.get(&(e, b)).copied()) {
            (Some(count), _) => self.small(e, b).map(|n| (count, op, n)),
            (None, Some(count)) => self.small(e, a).map(|n| (count, mirror(op), n)),
            (None, None) => None,
        };
        if let Some(((list, cond), op, n)) = counted {
            return self.counted(e, list, cond, op, n);
        }
        let (left, right) = (self.value(e, a), self.value(e, b));
        self.compare_values(e, op, left, right)
    }

    fn compare_values(&mut self, e: usize, op: CmpOp, left: Value, right: Value) -> Cond {
        let day = |v: &Value| match v {
            Value::Date { at, open, na } => Some((Side::Lanes(*at), *open, *na)),
            Value::Const(Val::Date(d)) => Some((Side::Const(i64::from(d.0)), P::ZERO, P::ZERO)),
            _ => None,
        };
        let int = |v: &Value| match v {
            Value::Int { at, open, na } => Some((Side::Lanes(*at), *open, *na)),
            Value::Const(Val::Int(i)) => Some((Side::Const(*i), P::ZERO, P::ZERO)),
            _ => None,
        };
        if let (Some(a), Some(b)) = (day(&left), day(&right)) {
            return self.sides(e, a, b, |dst, a, b| Instr::Days(dst, op, Box::new([a, b])));
        }
        if let (Some(a), Some(b)) = (int(&left), int(&right)) {
            return self.sides(e, a, b, |dst, a, b| Instr::Ints(dst, op, Box::new([a, b])));
        }
        match (&left, &right) {
            (Value::Bits { bits, single: true, open, na }, Value::Const(Val::Mask(m)))
                if m.is_power_of_two() =>
            {
                self.against(e, op, bits, *m, (*open, *na))
            }
            (Value::Const(Val::Mask(m)), Value::Bits { bits, single: true, open, na })
                if m.is_power_of_two() =>
            {
                self.against(e, mirror(op), bits, *m, (*open, *na))
            }
            (
                Value::Bits { bits: a, single: true, open, na },
                Value::Bits { bits: b, single: true, open: open_b, na: na_b },
            ) => {
                let yes = self.one_hot(e, op, a, b);
                let na = self.or(e, [*na, *na_b]);
                let open = self.or(e, [*open, *open_b]);
                let open = self.and(e, [open, na.not()]);
                self.judged(e, Cond::known(yes), open, na)
            }
            _ => self.truth_lanes(e, TruthOp::Cmp(op, left, right)),
        }
    }

    fn sides(
        &mut self,
        e: usize,
        (a, open_a, na_a): (Side, P, P),
        (b, open_b, na_b): (Side, P, P),
        instr: impl Fn(u32, Side, Side) -> Instr,
    ) -> Cond {
        let dst = self.plane(e);
        self.emit(e, instr(dst, a, b));
        let na = self.or(e, [na_a, na_b]);
        let open = self.or(e, [open_a, open_b]);
        let open = self.and(e, [open, na.not()]);
        self.judged(e, Cond::known(P::at(0, dst)), open, na)
    }

    /// One value of an enumeration against a constant one.
    fn against(&mut self, e: usize, op: CmpOp, bits: &[P], mask: u64, (open, na): (P, P)) -> Cond {
        let fits = |n: usize| 1_u64.checked_shl(narrow(n)).is_some_and(|bit| holds(op, bit.cmp(&mask)));
        let wanted: Vec<P> = bits.iter().enumerate().filter(|(n, _)| fits(*n)).map(|(_, p)| *p).collect();
        let yes = self.or(e, wanted);
        self.judged(e, Cond::known(yes), open, na)
    }

    /// One value of an enumeration against another's, both known.
    fn one_hot(&mut self, e: usize, op: CmpOp, a: &[P], b: &[P]) -> P {
        let pair = |c: &mut Self, fits: &dyn Fn(usize, usize) -> bool| {
            let mut found = Vec::new();
            for (i, one) in a.iter().enumerate() {
                let others: Vec<P> =
                    b.iter().enumerate().filter(|(j, _)| fits(i, *j)).map(|(_, p)| *p).collect();
                let other = c.or(e, others);
                found.push(c.and(e, [*one, other]));
            }
            c.or(e, found)
        };
        pair(self, &|i, j| holds(op, i.cmp(&j)))
    }

    /// A count against a small number: 不明 members may or may not count.
    fn counted(&mut self, e: usize, list: List, cond: Cond, op: CmpOp, n: u32) -> Cond {
        let slot = list.slot;
        let child = self.child_of(e, slot);
        let may = self.may(child, cond);
        let mut least = |of: P, n: u32| self.at_least(e, slot, of, n);
        let (low, high) = (least(cond.yes, n), least(may, n));
        let (low_over, high_over) = (least(cond.yes, n + 1), least(may, n + 1));
        let cond = match op {
            CmpOp::Ge => Cond { yes: low, not_no: high, open: None },
            CmpOp::Lt => Cond { yes: high.not(), not_no: low.not(), open: None },
            CmpOp::Gt => Cond { yes: low_over, not_no: high_over, open: None },
            CmpOp::Le => Cond { yes: high_over.not(), not_no: low_over.not(), open: None },
            CmpOp::Eq | CmpOp::Ne => {
                let yes = self.and(e, [low, high_over.not()]);
                let not_no = self.and(e, [low_over.not(), high]);
                let equal = Cond { yes, not_no, open: None };
                if op == CmpOp::Eq { equal } else { equal.not() }
            }
        };
        self.judged(e, cond, list.open, list.na)
    }

    fn child_of(&self, e: usize, slot: u32) -> usize {
        let facts = self.hir().entities.get(e).map_or(&[][..], |e| &e.facts);
        let found = facts
            .iter()
            .find(|f| self.hir().facts.get(f.index()).is_some_and(|fact| fact.slot == Slot::Child(slot)));
        found.and_then(|f| crate::ir::member(self.hir(), *f)).map_or(0, crate::hir::model::EntityId::index)
    }

    /// 在 … 之前 / 之后: strictly before or after, and no further than the end of the window.
    fn window(&mut self, e: usize, value: Value, anchor: Value, before: bool, within: Option<Value>) -> Cond {
        let (beyond, inside) = if before { (CmpOp::Lt, CmpOp::Ge) } else { (CmpOp::Gt, CmpOp::Le) };
        let (Value::Date { at, open, na }, Value::Date { at: from, open: open_from, na: na_from }) =
            (&value, &anchor)
        else {
            return self.truth_lanes(e, TruthOp::Window(value, anchor, before, within));
        };
        let end = match &within {
            None => None,
            Some(period) => match self.day(e, &anchor, period, false, before) {
                // A length that is 不适用 is told from one that is 不明 lane by lane only.
                Some(Value::Date { at, open, na }) if na == P::ZERO || matches!(period, Value::Const(_)) => {
                    Some((at, open))
                }
                Some(_) | None => {
                    return self.truth_lanes(e, TruthOp::Window(value, anchor, before, within));
                }
            },
        };
        let (at, from) = (*at, *from);
        let na = self.or(e, [*na, *na_from]);
        let open = self.or(e, [*open, *open_from]);
        let open = self.and(e, [open, na.not()]);
        let dst = self.plane(e);
        self.emit(e, Instr::Days(dst, beyond, Box::new([Side::Lanes(at), Side::Lanes(from)])));
        let past = P::at(0, dst);
        let Some((end, open_end)) = end else {
            return self.judged(e, Cond::known(past), open, na);
        };
        let dst = self.plane(e);
        self.emit(e, Instr::Days(dst, inside, Box::new([Side::Lanes(at), Side::Lanes(end)])));
        let within = P::at(0, dst);
        // A window whose end cannot be computed: 不明 for days beyond the anchor.
        let yes = self.and(e, [past, within, open_end.not()]);
        let near = self.or(e, [within, open_end]);
        let not_no = self.and(e, [past, near]);
        self.judged(e, Cond { yes, not_no, open: None }, open, na)
    }
}

/// The planes of a mask.
pub(super) fn chosen(bits: &[P], mask: u64) -> impl Iterator<Item = P> {
    bits.iter().enumerate().filter(move |(n, _)| mask >> n & 1 == 1).map(|(_, p)| *p)
}
