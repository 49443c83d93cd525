//! Making an expression come to a value: what it is computed from is undone step by step, down to one fact.
use super::aim::negated;
use super::draft::{At, Draft};
use super::draw::{by_units, number};
use super::plan::Kind;
use crate::base::date::Period;
use crate::base::numeral::Ratio;
use crate::base::{Date, Val, decimal};
use crate::eval::compute;
use crate::facts::Children;
use crate::hir::{
    ArithOp, Between, CmpOp, ConclusionId, ConsequenceKind, ExprId, ExprKind, Extreme, FactId, Mode, Type,
};
use rust_decimal::Decimal;

impl Draft<'_> {
    /// Its value; facts that are 不明 on the way to it are drawn.
    pub fn known_or_made(&mut self, id: ExprId, at: At) -> Option<Val> {
        if let Some(value) = self.known(id, at) {
            return Some(value);
        }
        self.make_known(id, at, 16);
        self.known(id, at)
    }

    fn make_known(&mut self, id: ExprId, at: At, depth: u32) {
        let (Some(depth), Some(steps)) = (depth.checked_sub(1), self.steps.checked_sub(1)) else { return };
        self.steps = steps;
        let (Some(expr), Some(at)) = (self.expr(id), self.place_of(id, at)) else { return };
        match &expr.kind {
            ExprKind::Fact(fact) => {
                if !self.value(*fact, at.row).is_known()
                    && let Some(field) = self.field(*fact)
                {
                    self.draw_field(field, at.row, false);
                }
            }
            ExprKind::Definition(d) => {
                if let Some(definition) = self.hir.definitions.get(d.index()) {
                    self.make_known(definition.value, at, depth);
                }
            }
            ExprKind::OfOne { list, body } => {
                if let Some(member) = self.add_member(*list, at.row) {
                    self.make_known(*body, member, depth);
                }
            }
            ExprKind::Count { list, .. } => self.make_list(*list, at),
            ExprKind::Sum { list, cond, field } | ExprKind::ExtremeIn { list, cond, field, .. } => {
                self.make_list(*list, at);
                for member in self.who_satisfies(*list, *cond, at) {
                    self.make_known(*field, member, depth);
                }
            }
            kind => {
                let mut parts = Vec::new();
                crate::hir::children(kind, &mut parts);
                for part in parts {
                    self.make_known(part, at, depth);
                }
            }
        }
    }

    fn make_list(&mut self, list: FactId, at: At) {
        if self.children(list, at.row) == Children::Unknown || self.children(list, at.row) == Children::Na {
            self.open_list(list, at.row);
        }
    }

    /// Makes an expression come to `target`; tells whether a fact was found to carry it.
    pub fn assign(&mut self, id: ExprId, at: At, target: Val, depth: u32) -> bool {
        let (Some(depth), Some(steps)) = (depth.checked_sub(1), self.steps.checked_sub(1)) else {
            return false;
        };
        self.steps = steps;
        let (Some(expr), Some(at)) = (self.expr(id), self.place_of(id, at)) else { return false };
        match &expr.kind {
            ExprKind::Fact(fact) => self.assign_fact(*fact, at.row, target),
            ExprKind::Definition(d) => {
                let value = self.hir.definitions.get(d.index()).map(|d| d.value);
                value.is_some_and(|value| self.assign(value, at, target, depth))
            }
            ExprKind::OfOne { list, body } => {
                let member = self.add_member(*list, at.row);
                member.is_some_and(|member| self.assign(*body, member, target, depth))
            }
            ExprKind::Arith { op, left, right } => {
                self.assign_arith(*op, (*left, *right), at, target, depth).unwrap_or(false)
            }
            ExprKind::Portion { base, ratio } => {
                let base_target = number(target).and_then(|t| times(t, ratio.den, ratio.num, true));
                base_target.is_some_and(|t| self.assign(*base, at, Val::Dec(t), depth))
            }
            ExprKind::Round { value, .. } => self.assign(*value, at, target, depth),
            ExprKind::ExtremeOf { which, args } => self.assign_extreme(*which, args, at, target, depth),
            ExprKind::Count { list, cond } => match target {
                Val::Int(n) => u32::try_from(n).is_ok_and(|n| self.aim_count(*list, *cond, at, n, depth)),
                _ => false,
            },
            ExprKind::Sum { list, cond, field } => self.assign_sum(*list, *cond, *field, at, target, depth),
            ExprKind::ExtremeIn { list, cond, which, field } => {
                let members = self.someone(*list, *cond, at, depth);
                let Some((first, rest)) = members.split_first() else { return false };
                let done = self.assign(*field, *first, target, depth);
                for other in rest {
                    if self.beyond(*which, *field, *other, target) {
                        self.assign(*field, *other, target, depth);
                    }
                }
                done
            }
            ExprKind::Deadline { from: date, period } => {
                self.assign_moved((*date, *period), at, (target, false), depth).unwrap_or(false)
            }
            ExprKind::Shift { date, period, back } => {
                self.assign_moved((*date, *period), at, (target, *back), depth).unwrap_or(false)
            }
            ExprKind::Between { from, to, measure } => {
                self.assign_between((*from, *to), *measure, at, target, depth).unwrap_or(false)
            }
            ExprKind::Conclusion(c) => self.assign_conclusion(*c, at, target, depth),
            ExprKind::Const(_)
            | ExprKind::Bool(_)
            | ExprKind::DutyDeadline(_)
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
            | ExprKind::Error => false,
        }
    }

    fn assign_fact(&mut self, fact: FactId, row: u32, target: Val) -> bool {
        let Some(field) = self.field(fact) else { return false };
        let value = match (field.kind, target) {
            (Kind::Int, Val::Int(n)) if n >= 0 => target,
            (Kind::Int, Val::Dec(d)) => match decimal::to_integer(d).filter(|n| *n >= 0) {
                Some(n) => Val::Int(n),
                None => return false,
            },
            (Kind::Decimal | Kind::Money, Val::Int(n)) if n >= 0 => Val::Dec(Decimal::from(n)),
            (Kind::Decimal | Kind::Money, Val::Dec(d)) if !d.is_sign_negative() => target,
            (Kind::Date, Val::Date(_)) | (Kind::Text | Kind::Label, Val::Text(_)) => target,
            (Kind::Period, Val::Period(p)) if writable(p) => target,
            (Kind::Enum(all), Val::Mask(mask)) if mask & !all == 0 && mask.is_power_of_two() => target,
            (Kind::Multi(all), Val::Mask(mask)) if mask & !all == 0 => target,
            _ => return false,
        };
        self.set_value(fact, row, value)
    }

    fn assign_arith(
        &mut self,
        op: ArithOp,
        (left, right): (ExprId, ExprId),
        at: At,
        target: Val,
        depth: u32,
    ) -> Option<bool> {
        let first = self.rng.bool();
        for left_moves in [first, !first] {
            let (moves, stays) = if left_moves { (left, right) } else { (right, left) };
            let Some(other) = self.known_or_made(stays, at) else { continue };
            let wanted = match (op, left_moves) {
                (ArithOp::Add, _) => compute::arith(ArithOp::Sub, target, other).ok(),
                (ArithOp::Sub, true) => compute::arith(ArithOp::Add, target, other).ok(),
                (ArithOp::Sub, false) => compute::arith(ArithOp::Sub, other, target).ok(),
                (ArithOp::Mul, _) => quotient(target, other),
                (ArithOp::Div, true) => compute::arith(ArithOp::Mul, target, other).ok(),
                (ArithOp::Div, false) => quotient(other, target),
            };
            if let Some(wanted) = wanted.filter(|v| v.is_known())
                && self.assign(moves, at, wanted, depth)
            {
                return Some(true);
            }
        }
        None
    }

    fn assign_extreme(&mut self, which: Extreme, args: &[ExprId], at: At, target: Val, depth: u32) -> bool {
        let start = if args.is_empty() { 0 } else { self.rng.usize(..args.len()) };
        let order = (0..args.len()).filter_map(|i| args.get((start + i) % args.len()).copied());
        let mut carried = None;
        for arg in order {
            if self.assign(arg, at, target, depth) {
                carried = Some(arg);
                break;
            }
        }
        for arg in args.iter().filter(|arg| carried.is_some_and(|c| c != **arg)) {
            if self.known(*arg, at).is_none() {
                self.make_known(*arg, at, depth.min(16));
            }
            if self.beyond(which, *arg, at, target) {
                self.assign(*arg, at, target, depth);
            }
        }
        carried.is_some()
    }

    /// Whether a value would be taken instead of the target.
    fn beyond(&self, which: Extreme, id: ExprId, at: At, target: Val) -> bool {
        let text = |index: u32| self.plan.texts.get(index as usize).cloned().unwrap_or_default();
        let Some(order) = self.known(id, at).and_then(|v| compute::order(v, target, &text)) else {
            return true;
        };
        match which {
            Extreme::Greatest => order.is_gt(),
            Extreme::Least => order.is_lt(),
        }
    }

    /// Members that satisfy a condition, one at least.
    fn someone(&mut self, list: FactId, cond: Option<ExprId>, at: At, depth: u32) -> Vec<At> {
        let Some((owner, _)) = self.owner(list, false, at) else { return Vec::new() };
        if self.members(list, owner.row).is_none() {
            self.open_list(list, owner.row);
        }
        let found = self.who_satisfies(list, cond, at);
        if !found.is_empty() {
            return found;
        }
        let first = self.members(list, owner.row).and_then(|mut rows| rows.next());
        let member = match (first, self.member(list)) {
            (Some(row), Some(entity)) => Some(At { entity, row }),
            _ => self.add_member(list, owner.row),
        };
        if let (Some(member), Some(cond)) = (member, cond) {
            self.aim(cond, member, true, depth);
        }
        self.who_satisfies(list, cond, at)
    }

    fn assign_sum(
        &mut self,
        list: FactId,
        cond: Option<ExprId>,
        field: ExprId,
        at: At,
        target: Val,
        depth: u32,
    ) -> bool {
        let members = self.someone(list, cond, at, depth);
        let Some((first, rest)) = members.split_first() else {
            return number(target).is_some_and(|t| t.is_zero());
        };
        let mut left = target;
        for other in rest {
            let value = self.known_or_made(field, *other);
            let after = value.and_then(|v| compute::arith(ArithOp::Sub, left, v).ok());
            match after.and_then(number) {
                Some(d) if !d.is_sign_negative() => left = after.unwrap_or(left),
                _ => {
                    self.assign(field, *other, Val::Int(0), depth);
                }
            }
        }
        self.assign(field, *first, left, depth)
    }

    /// The date that a period leads from to the target.
    fn assign_moved(
        &mut self,
        (date, period): (ExprId, ExprId),
        at: At,
        (target, back): (Val, bool),
        depth: u32,
    ) -> Option<bool> {
        let Val::Date(day) = target else { return None };
        let Some(Val::Period(length)) = self.known_or_made(period, at) else { return None };
        let start = if back { self.calendar.after(day, length) } else { self.calendar.before(day, length) }?;
        Some(self.assign(date, at, Val::Date(start), depth))
    }

    fn assign_between(
        &mut self,
        (from, to): (ExprId, ExprId),
        measure: Between,
        at: At,
        target: Val,
        depth: u32,
    ) -> Option<bool> {
        let Val::Int(n) = target else { return None };
        let n = i32::try_from(n).ok()?;
        let length = match measure {
            Between::Days => Period { days: n, ..Period::ZERO },
            Between::Workdays => Period { workdays: n, ..Period::ZERO },
            Between::Months => Period { months: n, ..Period::ZERO },
            Between::Years | Between::Age => Period { years: n, ..Period::ZERO },
        };
        // Of age from the day after the birthday on.
        let late = i64::from(measure == Between::Age);
        if let Some(Val::Date(start)) = self.known_or_made(from, at)
            && let Some(end) = self.calendar.after(start, length).and_then(|d| d.add_days(late))
            && self.assign(to, at, Val::Date(end), depth)
        {
            return Some(true);
        }
        let Some(Val::Date(end)) = self.known_or_made(to, at) else { return None };
        let start = self.calendar.before(end.add_days(-late)?, length)?;
        Some(self.assign(from, at, Val::Date(start), depth))
    }

    /// A provision that gives the conclusion is made to hold and its value to come out.
    fn assign_conclusion(&mut self, id: ConclusionId, at: At, target: Val, depth: u32) -> bool {
        let givers = self.plan.givers.get(id.index()).cloned().unwrap_or_default();
        let found = givers.into_iter().filter_map(|(rule, index)| {
            let consequence = self.hir.rules.get(rule.index())?.consequences.get(index as usize)?;
            match (consequence.mode, &consequence.kind) {
                (Mode::Must, ConsequenceKind::Value(value)) => Some((rule, *value)),
                _ => None,
            }
        });
        let found: Vec<_> = found.collect();
        let Some((rule, value)) = self.pick(&found) else { return false };
        self.aim_guard(rule, at, true, depth);
        self.assign(value, at, target, depth)
    }

    /// part OP whole × ratio.
    pub fn aim_share(
        &mut self,
        (part, whole): (ExprId, ExprId),
        op: CmpOp,
        ratio: Ratio,
        at: At,
        wanted: bool,
        depth: u32,
    ) {
        let op = if wanted { op } else { negated(op) };
        let Some(of) = self.known_or_made(whole, at).and_then(number) else { return };
        let is_whole = self.expr(part).is_some_and(|e| matches!(e.ty, Type::Int(_)));
        let digits = if is_whole { 0 } else { 2 };
        let up = matches!(op, CmpOp::Ge | CmpOp::Lt);
        let mode = if up { decimal::Rounding::Up } else { decimal::Rounding::Down };
        let Some(bound) = ratio.of_rounded(of, digits, mode) else { return };
        let bound = if is_whole { decimal::to_integer(bound).map(Val::Int) } else { Some(Val::Dec(bound)) };
        let Some(bound) = bound else { return };
        if let Some(target) = self.beside(op, bound, part) {
            self.assign(part, at, target, depth);
        }
    }

    /// 在 … 之前 / 之后 [期间 内]: at either end of the window, or just outside.
    pub fn aim_window(
        &mut self,
        (value, anchor, within): (ExprId, ExprId, Option<ExprId>),
        before: bool,
        at: At,
        wanted: bool,
        depth: u32,
    ) {
        let Some(Val::Date(from)) = self.known_or_made(anchor, at) else { return };
        let length = match within.map(|w| self.known_or_made(w, at)) {
            None => None,
            Some(Some(Val::Period(length))) => Some(length),
            Some(_) => return,
        };
        let sign = if before { -1 } else { 1 };
        let near = from.add_days(sign);
        let far: Option<Date> = match length {
            Some(length) if before => self.calendar.before(from, length),
            Some(length) => self.calendar.after(from, length),
            None => from.add_days(sign * 400),
        };
        let day = match (wanted, self.rng.u8(..3)) {
            (true, 0) => near,
            (true, 1) => far,
            (true, _) => near.zip(far).map(|(a, b)| Date(i32::midpoint(a.0, b.0))),
            (false, 0) => Some(from),
            (false, 1) if length.is_some() => far.and_then(|d| d.add_days(sign)),
            (false, _) => from.add_days(-sign),
        };
        let Some(day) = day else { return };
        if self.assign(value, at, Val::Date(day), depth) {
            return;
        }
        // The tested date stands fast: the anchor moves.
        let Some(Val::Date(tested)) = self.known_or_made(value, at) else { return };
        let anchor_day = if wanted { tested.add_days(-sign) } else { Some(tested) };
        if let Some(day) = anchor_day {
            self.assign(anchor, at, Val::Date(day), depth);
        }
    }
}

/// A value so many of its units away.
pub(super) fn moved(value: Val, steps: i64, whole: bool) -> Option<Val> {
    match value {
        Val::Int(n) => Some(Val::Int(n.checked_add(steps)?)),
        Val::Dec(d) if whole => Some(Val::Int(super::draw::whole(Val::Dec(d))?.checked_add(steps)?)),
        Val::Dec(d) => by_units(d, steps).map(Val::Dec),
        Val::Date(day) => day.add_days(steps).map(Val::Date),
        Val::Period(p) if steps == 0 => Some(Val::Period(p)),
        Val::Period(p) => {
            let more = i32::try_from(steps.abs()).ok()?;
            let longer = if p.workdays > 0 {
                Period { workdays: p.workdays.checked_add(more)?, ..p }
            } else {
                Period { days: p.days.checked_add(more)?, ..p }
            };
            Some(Val::Period(longer))
        }
        Val::Text(n) if steps == 0 => Some(Val::Text(n)),
        Val::Text(n) => Some(Val::Text(u32::from(n == 0))),
        Val::Unknown | Val::Na | Val::Mask(_) | Val::Range(..) => None,
    }
}

/// Whether a period can be written: working days stand alone, and nothing is negative.
fn writable(p: Period) -> bool {
    let parts = [p.years, p.months, p.days, p.workdays];
    parts.iter().all(|n| *n >= 0) && (p.workdays == 0 || p.years == 0 && p.months == 0 && p.days == 0)
}

fn quotient(a: Val, b: Val) -> Option<Val> {
    let (a, b) = (number(a)?, number(b)?);
    if b.is_zero() {
        return None;
    }
    decimal::div_round(a, b, 2, decimal::Rounding::HalfUp).map(Val::Dec)
}

/// `value × num ÷ den`, rounded to a hundredth.
fn times(value: Decimal, num: i64, den: i64, up: bool) -> Option<Decimal> {
    let mode = if up { decimal::Rounding::Up } else { decimal::Rounding::Down };
    decimal::div_round(decimal::mul(value, Decimal::from(num))?, Decimal::from(den), 2, mode)
}
