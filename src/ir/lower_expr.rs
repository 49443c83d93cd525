//! Expressions to registers.
use super::lower::{Lowerer, home, len32, member};
use super::model::{Op, Place, Slice, T, V};
use crate::base::Val;
use crate::hir::{ArithOp, CmpOp, ConclusionId, EntityId, ExprId, ExprKind, Type};

impl Lowerer<'_> {
    /// The truth of `expr`, readable in `at`.
    pub(super) fn truth(&mut self, expr: ExprId, at: EntityId) -> T {
        let Some(e) = self.hir.exprs.get(expr.index()) else { return T(u32::MAX) };
        if let ExprKind::Bool(b) = e.kind {
            let place =
                self.constant_place(at, expr, |me| Place::Truth(me.new_truth(at, 0, |dst| Op::True(dst, b))));
            return if let Place::Truth(t) = place { t } else { T(u32::MAX) };
        }
        let own = home(self.hir, expr);
        let here = if let Place::Truth(t) = self.t.program.place(expr) {
            t
        } else {
            let t = self.truth_here(expr, own);
            let t = self.own_truth(own, t);
            if let Some(slot) = self.t.program.places.get_mut(expr.index()) {
                *slot = Place::Truth(t);
            }
            t
        };
        self.truth_at(here, own, at)
    }

    /// The value of `expr`, readable in `at`.
    pub(super) fn value(&mut self, expr: ExprId, at: EntityId) -> V {
        let Some(e) = self.hir.exprs.get(expr.index()) else { return V(u32::MAX) };
        if let ExprKind::Const(val) = e.kind {
            let place = self.constant_place(at, expr, |me| {
                let index = len32(&me.t.program.consts);
                me.t.program.consts.push(val);
                Place::Value(me.new_value(at, 0, |dst| Op::Const(dst, index)))
            });
            return if let Place::Value(v) = place { v } else { V(u32::MAX) };
        }
        let own = home(self.hir, expr);
        let here = if let Place::Value(v) = self.t.program.place(expr) {
            v
        } else {
            let v = self.value_here(expr, own);
            let v = self.own_value(own, v);
            if let Some(slot) = self.t.program.places.get_mut(expr.index()) {
                *slot = Place::Value(v);
            }
            v
        };
        self.value_at(here, own, at)
    }

    fn truths(&mut self, exprs: &[ExprId], at: EntityId) -> Vec<T> {
        exprs.iter().map(|e| self.truth(*e, at)).collect()
    }

    fn is_bool(&self, expr: ExprId) -> bool {
        matches!(self.hir.exprs.get(expr.index()).map(|e| &e.ty), Some(Type::Bool))
    }

    fn as_conclusion(&self, expr: ExprId) -> Option<ConclusionId> {
        match self.hir.exprs.get(expr.index())?.kind {
            ExprKind::Conclusion(c) => Some(c),
            _ => None,
        }
    }

    fn as_mask(&self, expr: ExprId) -> Option<u64> {
        match self.hir.exprs.get(expr.index())?.kind {
            ExprKind::Const(Val::Mask(m)) => Some(m),
            _ => None,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a construct")]
    pub(super) fn truth_here(&mut self, expr: ExprId, at: EntityId) -> T {
        let hir = self.hir;
        let Some(e) = hir.exprs.get(expr.index()) else { return T(u32::MAX) };
        match &e.kind {
            ExprKind::Fact(f) => match self.fact(*f) {
                Place::Truth(t) => t,
                Place::Value(_) | Place::None => T(u32::MAX),
            },
            ExprKind::Definition(d) => match self.definition(*d) {
                Place::Truth(t) => t,
                Place::Value(_) | Place::None => T(u32::MAX),
            },
            ExprKind::Conclusion(c) => self.in_conclusion(*c, 0b10, at),
            ExprKind::OfOne { list, body } => {
                let Some(child) = member(hir, *list) else { return T(u32::MAX) };
                let src = self.truth(*body, child);
                let level = self.tl(child, src) + 1;
                self.new_truth(at, level, |dst| Op::OneTruth { dst, list: *list, src })
            }
            ExprKind::And(args) => {
                let args = self.truths(args, at);
                self.all(at, &args)
            }
            ExprKind::Or(args) => {
                let args = self.truths(args, at);
                self.any(at, &args)
            }
            ExprKind::Not(a) => {
                let a = self.truth(*a, at);
                self.not(a, at)
            }
            ExprKind::InSet { value, mask } => {
                if let Some(c) = self.as_conclusion(*value) {
                    let owner = home(hir, *value);
                    let t = self.in_conclusion(c, *mask, owner);
                    self.truth_at(t, owner, at)
                } else if self.is_bool(*value) {
                    let t = self.truth(*value, at);
                    match mask & 0b11 {
                        0b10 => t,
                        0b01 => self.not(t, at),
                        both => self.new_truth(at, 0, |dst| Op::True(dst, both != 0)),
                    }
                } else {
                    let v = self.value(*value, at);
                    let level = self.vl(at, v);
                    self.new_truth(at, level, |dst| Op::InSet(dst, v, *mask))
                }
            }
            ExprKind::Includes { value, mask, all } => {
                if let Some(c) = self.as_conclusion(*value) {
                    let owner = home(hir, *value);
                    let level = self.cl(c);
                    let t = self.new_truth(owner, level, |dst| {
                        if *all { Op::ConclusionAll(dst, c, *mask) } else { Op::ConclusionAny(dst, c, *mask) }
                    });
                    self.truth_at(t, owner, at)
                } else {
                    let v = self.value(*value, at);
                    let level = self.vl(at, v);
                    self.new_truth(at, level, |dst| {
                        if *all { Op::AllOf(dst, v, *mask) } else { Op::AnyOf(dst, v, *mask) }
                    })
                }
            }
            ExprKind::Cmp { op, left, right } => self.compare(*op, *left, *right, at),
            ExprKind::Share { part, whole, op, ratio } => {
                let (part, whole) = (self.value(*part, at), self.value(*whole, at));
                let level = self.vl(at, part).max(self.vl(at, whole));
                let ratio = self.ratio(*ratio);
                self.new_truth(at, level, |dst| Op::Share { dst, part, whole, op: *op, ratio })
            }
            ExprKind::Window { value, anchor, before, within } => {
                let (value, anchor) = (self.value(*value, at), self.value(*anchor, at));
                let within = within.map(|w| self.value(w, at));
                let level = self.vl(at, value).max(self.vl(at, anchor));
                let level = within.map_or(level, |w| level.max(self.vl(at, w)));
                self.new_truth(at, level, |dst| Op::Window { dst, value, anchor, before: *before, within })
            }
            ExprKind::InRange { value, low, high } => {
                let (value, low, high) =
                    (self.value(*value, at), self.value(*low, at), self.value(*high, at));
                let level = self.vl(at, value).max(self.vl(at, low)).max(self.vl(at, high));
                self.new_truth(at, level, |dst| Op::InRange { dst, value, low, high })
            }
            ExprKind::Quant { quantifier, list, other, cond } => {
                let Some(child) = member(hir, *list) else { return T(u32::MAX) };
                let src = cond.map(|c| self.truth(c, child));
                let owner = hir.facts.get(list.index()).map_or(EntityId(0), |f| f.entity);
                if *other {
                    let tally = self.tally(*list, src, child, owner);
                    let level = self.nl(owner, tally).max(src.map_or(0, |t| self.tl(child, t)));
                    self.new_truth(child, level, |dst| Op::Other {
                        dst,
                        quantifier: *quantifier,
                        tally,
                        list: *list,
                        own: src,
                    })
                } else {
                    let level = src.map_or(0, |t| self.tl(child, t) + 1);
                    self.new_truth(owner, level, |dst| Op::Quant {
                        dst,
                        quantifier: *quantifier,
                        list: *list,
                        src,
                    })
                }
            }
            ExprKind::Meets { rules, conditions } => {
                let mut args: Vec<T> = rules.iter().map(|r| self.guard_at(*r, at)).collect();
                for c in conditions {
                    let own = home(hir, *c);
                    let t = self.truth(*c, own);
                    args.push(self.truth_at(t, own, at));
                }
                self.any(at, &args)
            }
            ExprKind::Bool(b) => self.new_truth(at, 0, |dst| Op::True(dst, *b)),
            ExprKind::Const(_)
            | ExprKind::DutyDeadline(_)
            | ExprKind::Arith { .. }
            | ExprKind::Portion { .. }
            | ExprKind::ExtremeOf { .. }
            | ExprKind::Round { .. }
            | ExprKind::Count { .. }
            | ExprKind::Sum { .. }
            | ExprKind::ExtremeIn { .. }
            | ExprKind::Deadline { .. }
            | ExprKind::Shift { .. }
            | ExprKind::Between { .. }
            | ExprKind::Error => T(u32::MAX),
        }
    }

    fn not(&mut self, a: T, at: EntityId) -> T {
        let level = self.tl(at, a);
        self.new_truth(at, level, |dst| Op::Not(dst, a))
    }

    fn in_conclusion(&mut self, c: ConclusionId, mask: u64, at: EntityId) -> T {
        let level = self.cl(c);
        self.new_truth(at, level, |dst| Op::ConclusionIn(dst, c, mask))
    }

    /// Comparisons with a constant enumeration value become membership in a set of values.
    fn compare(&mut self, op: CmpOp, left: ExprId, right: ExprId, at: EntityId) -> T {
        if self.is_bool(left) && self.is_bool(right) {
            let (a, b) = (self.truth(left, at), self.truth(right, at));
            let (na, nb) = (self.not(a, at), self.not(b, at));
            let (both, neither) = (self.all(at, &[a, b]), self.all(at, &[na, nb]));
            let equal = self.any(at, &[both, neither]);
            return if op == CmpOp::Ne { self.not(equal, at) } else { equal };
        }
        let (value, bound, op) = match (self.as_mask(left), self.as_mask(right)) {
            (None, Some(m)) => (left, Some(m), op),
            (Some(m), None) => (right, Some(m), flip(op)),
            _ => (left, None, op),
        };
        let enumeration = match self.hir.exprs.get(value.index()).map(|e| &e.ty) {
            Some(Type::Enum(e) | Type::Duty(e)) => Some(*e),
            _ => None,
        };
        if let (Some(bound), Some(enumeration)) = (bound, enumeration) {
            let mask = masked(op, bound) & self.full(enumeration);
            if let Some(c) = self.as_conclusion(value) {
                let owner = home(self.hir, value);
                let t = self.in_conclusion(c, mask, owner);
                return self.truth_at(t, owner, at);
            }
            let v = self.value(value, at);
            let level = self.vl(at, v);
            return self.new_truth(at, level, |dst| Op::InSet(dst, v, mask));
        }
        let (a, b) = (self.value(left, at), self.value(right, at));
        let level = self.vl(at, a).max(self.vl(at, b));
        let op = if value == left { op } else { flip(op) };
        self.new_truth(at, level, |dst| Op::Cmp(dst, op, a, b))
    }

    #[expect(clippy::too_many_lines, reason = "one arm a construct")]
    pub(super) fn value_here(&mut self, expr: ExprId, at: EntityId) -> V {
        let hir = self.hir;
        let Some(e) = hir.exprs.get(expr.index()) else { return V(u32::MAX) };
        match &e.kind {
            ExprKind::Fact(f) => match self.fact(*f) {
                Place::Value(v) => v,
                Place::Truth(_) | Place::None => V(u32::MAX),
            },
            ExprKind::Definition(d) => match self.definition(*d) {
                Place::Value(v) => v,
                Place::Truth(_) | Place::None => V(u32::MAX),
            },
            ExprKind::Conclusion(c) | ExprKind::DutyDeadline(c) => {
                let level = self.cl(*c);
                self.new_value(at, level, |dst| Op::ConclusionValue(dst, *c))
            }
            ExprKind::OfOne { list, body } => {
                let Some(child) = member(hir, *list) else { return V(u32::MAX) };
                let src = self.value(*body, child);
                let level = self.vl(child, src) + 1;
                self.new_value(at, level, |dst| Op::OneValue { dst, list: *list, src })
            }
            ExprKind::Arith { op, left, right } => {
                let (a, b) = (self.value(*left, at), self.value(*right, at));
                let level = self.vl(at, a).max(self.vl(at, b));
                self.new_value(at, level, |dst| Op::Arith(dst, *op, a, b))
            }
            ExprKind::Portion { base, ratio } => {
                let base = self.value(*base, at);
                let level = self.vl(at, base);
                let ratio = self.ratio(*ratio);
                self.new_value(at, level, |dst| Op::Portion(dst, base, ratio))
            }
            ExprKind::ExtremeOf { which, args } => {
                let args: Vec<V> = args.iter().map(|a| self.value(*a, at)).collect();
                let level = args.iter().map(|v| self.vl(at, *v)).max().unwrap_or(0);
                let slice = Slice { start: len32(&self.t.program.value_args), len: len32(&args) };
                self.t.program.value_args.extend(args);
                self.new_value(at, level, |dst| Op::ExtremeOf(dst, *which, slice))
            }
            ExprKind::Round { mode, value, digits } => {
                if let Some(ExprKind::Arith { op: ArithOp::Div, left, right }) =
                    hir.exprs.get(value.index()).map(|e| &e.kind)
                {
                    let (num, den) = (self.value(*left, at), self.value(*right, at));
                    let level = self.vl(at, num).max(self.vl(at, den));
                    return self.new_value(at, level, |dst| Op::DivRound {
                        dst,
                        mode: *mode,
                        digits: *digits,
                        num,
                        den,
                    });
                }
                let v = self.value(*value, at);
                let level = self.vl(at, v);
                self.new_value(at, level, |dst| Op::Round(dst, *mode, v, *digits))
            }
            ExprKind::Count { list, cond } => {
                let Some(child) = member(hir, *list) else { return V(u32::MAX) };
                let src = cond.map(|c| self.truth(c, child));
                let level = src.map_or(0, |t| self.tl(child, t) + 1);
                self.new_value(at, level, |dst| Op::Count { dst, list: *list, src })
            }
            ExprKind::Sum { list, cond, field } => {
                let Some(child) = member(hir, *list) else { return V(u32::MAX) };
                let cond = cond.map(|c| self.truth(c, child));
                let field = self.value(*field, child);
                let level = self.vl(child, field).max(cond.map_or(0, |t| self.tl(child, t))) + 1;
                self.new_value(at, level, |dst| Op::Sum { dst, list: *list, cond, field })
            }
            ExprKind::ExtremeIn { list, cond, which, field } => {
                let Some(child) = member(hir, *list) else { return V(u32::MAX) };
                let cond = cond.map(|c| self.truth(c, child));
                let field = self.value(*field, child);
                let level = self.vl(child, field).max(cond.map_or(0, |t| self.tl(child, t))) + 1;
                self.new_value(at, level, |dst| Op::ExtremeIn {
                    dst,
                    which: *which,
                    list: *list,
                    cond,
                    field,
                })
            }
            ExprKind::Deadline { from, period } => {
                let (from, period) = (self.value(*from, at), self.value(*period, at));
                let level = self.vl(at, from).max(self.vl(at, period));
                self.new_value(at, level, |dst| Op::Deadline(dst, from, period))
            }
            ExprKind::Shift { date, period, back } => {
                let (date, period) = (self.value(*date, at), self.value(*period, at));
                let level = self.vl(at, date).max(self.vl(at, period));
                self.new_value(at, level, |dst| Op::Shift(dst, date, period, *back))
            }
            ExprKind::Between { from, to, measure } => {
                let (from, to) = (self.value(*from, at), self.value(*to, at));
                let level = self.vl(at, from).max(self.vl(at, to));
                self.new_value(at, level, |dst| Op::Between(dst, from, to, *measure))
            }
            ExprKind::Const(_)
            | ExprKind::Bool(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::InSet { .. }
            | ExprKind::Includes { .. }
            | ExprKind::Cmp { .. }
            | ExprKind::Share { .. }
            | ExprKind::Window { .. }
            | ExprKind::InRange { .. }
            | ExprKind::Quant { .. }
            | ExprKind::Meets { .. }
            | ExprKind::Error => V(u32::MAX),
        }
    }
}

fn flip(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Eq,
        CmpOp::Ne => CmpOp::Ne,
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
    }
}

/// Values that stand in relation `op` to the single value `bound` (bits in order from light to grave).
fn masked(op: CmpOp, bound: u64) -> u64 {
    let below = bound.wrapping_sub(1);
    match op {
        CmpOp::Eq => bound,
        CmpOp::Ne => !bound,
        CmpOp::Lt => below,
        CmpOp::Le => below | bound,
        CmpOp::Gt => !(below | bound),
        CmpOp::Ge => !below,
    }
}
