//! Arithmetic, dates and comparisons on single values. 不适用 wins over 不明; both win over numbers.
use super::store::NoteKind;
use crate::base::calendar::WorkCalendar;
use crate::base::date::{Date, Period};
use crate::base::numeral::Ratio;
use crate::base::{Truth, Val, decimal};
use crate::hir::{ArithOp, Between, CmpOp, Extreme, Rounding};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A computed value, or why it could not be computed.
pub(crate) type Computed = Result<Val, NoteKind>;

/// The state two operands force on a result, if they do.
fn clouded(a: Val, b: Val) -> Option<Val> {
    match (a, b) {
        (Val::Na, _) | (_, Val::Na) => Some(Val::Na),
        (Val::Unknown | Val::Range(..), _) | (_, Val::Unknown | Val::Range(..)) => Some(Val::Unknown),
        _ => None,
    }
}

pub(crate) fn to_decimal(v: Val) -> Option<Decimal> {
    match v {
        Val::Int(i) => Some(Decimal::from(i)),
        Val::Dec(d) => Some(d),
        Val::Unknown
        | Val::Na
        | Val::Date(_)
        | Val::Period(_)
        | Val::Mask(_)
        | Val::Text(_)
        | Val::Range(..) => None,
    }
}

pub(crate) fn arith(op: ArithOp, a: Val, b: Val) -> Computed {
    if let Some(v) = clouded(a, b) {
        return Ok(v);
    }
    let whole = match (op, a, b) {
        (ArithOp::Add, Val::Int(a), Val::Int(b)) => Some(a.checked_add(b)),
        (ArithOp::Sub, Val::Int(a), Val::Int(b)) => Some(a.checked_sub(b)),
        (ArithOp::Mul, Val::Int(a), Val::Int(b)) => Some(a.checked_mul(b)),
        (ArithOp::Add, Val::Period(a), Val::Period(b)) => {
            return a.checked_add(b).map(Val::Period).ok_or(NoteKind::Overflow);
        }
        _ => None,
    };
    if let Some(whole) = whole {
        return whole.map(Val::Int).ok_or(NoteKind::Overflow);
    }
    let (Some(x), Some(y)) = (to_decimal(a), to_decimal(b)) else { return Ok(Val::Unknown) };
    let result = match op {
        ArithOp::Add => decimal::add(x, y),
        ArithOp::Sub => decimal::sub(x, y),
        ArithOp::Mul => decimal::mul(x, y),
        ArithOp::Div => {
            if y.is_zero() {
                return Err(NoteKind::DivisionByZero);
            }
            return decimal::div_exact(x, y).map(Val::Dec).ok_or(NoteKind::Inexact);
        }
    };
    result.map(Val::Dec).ok_or(NoteKind::Overflow)
}

pub(crate) fn div_round(mode: Rounding, digits: u32, a: Val, b: Val) -> Computed {
    if let Some(v) = clouded(a, b) {
        return Ok(v);
    }
    let (Some(x), Some(y)) = (to_decimal(a), to_decimal(b)) else { return Ok(Val::Unknown) };
    if y.is_zero() {
        return Err(NoteKind::DivisionByZero);
    }
    decimal::div_round(x, y, digits, rounding(mode)).map(Val::Dec).ok_or(NoteKind::Overflow)
}

pub(crate) fn round(mode: Rounding, a: Val, digits: u32) -> Computed {
    match to_decimal(a) {
        Some(d) => decimal::round(d, digits, rounding(mode)).map(Val::Dec).ok_or(NoteKind::Overflow),
        None => Ok(if a == Val::Na { Val::Na } else { Val::Unknown }),
    }
}

fn rounding(mode: Rounding) -> decimal::Rounding {
    match mode {
        Rounding::HalfUp => decimal::Rounding::HalfUp,
        Rounding::Up => decimal::Rounding::Up,
        Rounding::Down => decimal::Rounding::Down,
    }
}

pub(crate) fn portion(base: Val, ratio: Ratio) -> Computed {
    match to_decimal(base) {
        Some(d) => ratio.of(d).map(Val::Dec).ok_or(NoteKind::Inexact),
        None => Ok(if base == Val::Na { Val::Na } else { Val::Unknown }),
    }
}

/// Order of two known values of one kind.
pub(crate) fn order(a: Val, b: Val, texts: &dyn Fn(u32) -> String) -> Option<Ordering> {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => Some(a.cmp(&b)),
        (Val::Date(a), Val::Date(b)) => Some(a.cmp(&b)),
        (Val::Mask(a), Val::Mask(b)) => Some(a.cmp(&b)),
        (Val::Text(a), Val::Text(b)) => Some(if a == b { Ordering::Equal } else { texts(a).cmp(&texts(b)) }),
        // Periods are equal or not; they have no order.
        (Val::Period(a), Val::Period(b)) => Some(if a == b { Ordering::Equal } else { Ordering::Less }),
        _ => Some(to_decimal(a)?.cmp(&to_decimal(b)?)),
    }
}

pub(crate) fn holds(op: CmpOp, ordering: Ordering) -> bool {
    match op {
        CmpOp::Eq => ordering.is_eq(),
        CmpOp::Ne => ordering.is_ne(),
        CmpOp::Lt => ordering.is_lt(),
        CmpOp::Le => ordering.is_le(),
        CmpOp::Gt => ordering.is_gt(),
        CmpOp::Ge => ordering.is_ge(),
    }
}

pub(crate) fn compare(op: CmpOp, a: Val, b: Val, texts: &dyn Fn(u32) -> String) -> Truth {
    match (a, b) {
        (Val::Na, _) | (_, Val::Na) => Truth::Na,
        (Val::Unknown, _) | (_, Val::Unknown) => Truth::Unknown,
        (Val::Range(low, high), b) => range(op, low, high, b, texts),
        (a, Val::Range(low, high)) => range(mirror(op), low, high, a, texts),
        _ => order(a, b, texts).map_or(Truth::Unknown, |o| Truth::from(holds(op, o))),
    }
}

/// An uncertain count against a number: decided when every count in the range agrees.
fn range(op: CmpOp, low: i64, high: i64, other: Val, texts: &dyn Fn(u32) -> String) -> Truth {
    let at = |n: i64| order(Val::Int(n), other, texts);
    let (Some(l), Some(h)) = (at(low), at(high)) else { return Truth::Unknown };
    match op {
        CmpOp::Eq | CmpOp::Ne => {
            if l.is_gt() || h.is_lt() {
                Truth::from(op == CmpOp::Ne)
            } else if l.is_eq() && h.is_eq() {
                Truth::from(op == CmpOp::Eq)
            } else {
                Truth::Unknown
            }
        }
        CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => match (holds(op, l), holds(op, h)) {
            (true, true) => Truth::True,
            (false, false) => Truth::False,
            _ => Truth::Unknown,
        },
    }
}

fn mirror(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Eq,
        CmpOp::Ne => CmpOp::Ne,
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
    }
}

/// part OP whole × ratio, without dividing.
pub(crate) fn share(op: CmpOp, part: Val, whole: Val, ratio: Ratio) -> Truth {
    match clouded(part, whole) {
        Some(Val::Na) => return Truth::Na,
        Some(_) => return Truth::Unknown,
        None => {}
    }
    let (Some(part), Some(whole)) = (to_decimal(part), to_decimal(whole)) else { return Truth::Unknown };
    ratio.compare(part, whole).map_or(Truth::Unknown, |o| Truth::from(holds(op, o)))
}

pub(crate) fn extreme(which: Extreme, a: Val, b: Val, texts: &dyn Fn(u32) -> String) -> Val {
    if let Some(v) = clouded(a, b) {
        return v;
    }
    let Some(o) = order(a, b, texts) else { return Val::Unknown };
    let first = match which {
        Extreme::Greatest => o.is_ge(),
        Extreme::Least => o.is_le(),
    };
    if first { a } else { b }
}

pub(crate) fn deadline(calendar: &WorkCalendar, from: Val, period: Val) -> Computed {
    match (from, period) {
        (Val::Date(from), Val::Period(period)) => {
            if from.plus(plain(period)).is_none() {
                return Err(NoteKind::Overflow);
            }
            calendar.deadline(from, period).map(Val::Date).ok_or(NoteKind::OutsideCalendar)
        }
        (a, b) => Ok(clouded(a, b).unwrap_or(Val::Unknown)),
    }
}

pub(crate) fn shift(calendar: &WorkCalendar, date: Val, period: Val, back: bool) -> Computed {
    match (date, period) {
        (Val::Date(date), Val::Period(period)) => {
            let workdays = i64::from(period.workdays);
            let days = plain(period);
            let moved = if back { date.minus(days) } else { date.plus(days) }.ok_or(NoteKind::Overflow)?;
            if workdays == 0 {
                return Ok(Val::Date(moved));
            }
            let n = if back { -workdays } else { workdays };
            calendar.add_workdays(moved, n).map(Val::Date).ok_or(NoteKind::OutsideCalendar)
        }
        (a, b) => Ok(clouded(a, b).unwrap_or(Val::Unknown)),
    }
}

pub(crate) fn between(calendar: &WorkCalendar, from: Val, to: Val, measure: Between) -> Computed {
    let (from, to) = match (from, to) {
        (Val::Date(from), Val::Date(to)) => (from, to),
        (a, b) => return Ok(clouded(a, b).unwrap_or(Val::Unknown)),
    };
    match measure {
        Between::Days => Ok(Val::Int(from.days_until(to))),
        Between::Months => Ok(Val::Int(from.months_until(to))),
        Between::Years => Ok(Val::Int(from.years_until(to))),
        Between::Age => from.age_on(to).map(Val::Int).ok_or(NoteKind::Overflow),
        Between::Workdays => {
            calendar.workdays_between(from, to).map(Val::Int).ok_or(NoteKind::OutsideCalendar)
        }
    }
}

/// 在 anchor 之前/之后 [within 内]: strictly before or after, the last day of the window included.
pub(crate) fn window(
    calendar: &WorkCalendar,
    value: Val,
    anchor: Val,
    before: bool,
    within: Option<Val>,
) -> Result<Truth, NoteKind> {
    match clouded(value, anchor) {
        Some(Val::Na) => return Ok(Truth::Na),
        Some(_) => return Ok(Truth::Unknown),
        None => {}
    }
    let (Val::Date(day), Val::Date(from)) = (value, anchor) else { return Ok(Truth::Unknown) };
    let beyond: fn(&Date, &Date) -> bool = if before { Date::lt } else { Date::gt };
    if !beyond(&day, &from) {
        return Ok(Truth::False);
    }
    let Some(within) = within else { return Ok(Truth::True) };
    match shift(calendar, anchor, within, before)? {
        Val::Date(end) => Ok(Truth::from(!beyond(&day, &end))),
        Val::Na => Ok(Truth::Na),
        _ => Ok(Truth::Unknown),
    }
}

/// The period without its working days.
fn plain(period: Period) -> Period {
    Period { workdays: 0, ..period }
}
