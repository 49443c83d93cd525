//! What an expression reads, for walks that look for something below it.
use crate::hir::{ExprId, ExprKind};

/// Expressions an expression is made of; members of lists and definitions are not entered.
pub(super) fn operands(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::ExtremeOf { args: parts, .. } => parts.clone(),
        ExprKind::Not(a)
        | ExprKind::InSet { value: a, .. }
        | ExprKind::Includes { value: a, .. }
        | ExprKind::Portion { base: a, .. }
        | ExprKind::Round { value: a, .. }
        | ExprKind::OfOne { body: a, .. }
        | ExprKind::Sum { field: a, .. }
        | ExprKind::ExtremeIn { field: a, .. } => vec![*a],
        ExprKind::Cmp { left: a, right: b, .. }
        | ExprKind::Share { part: a, whole: b, .. }
        | ExprKind::Arith { left: a, right: b, .. }
        | ExprKind::Deadline { from: a, period: b }
        | ExprKind::Shift { date: a, period: b, .. }
        | ExprKind::Between { from: a, to: b, .. } => vec![*a, *b],
        ExprKind::Window { value, anchor, within, .. } => {
            [*value, *anchor].into_iter().chain(*within).collect()
        }
        ExprKind::InRange { value, low, high } => vec![*value, *low, *high],
        ExprKind::Bool(_)
        | ExprKind::Const(_)
        | ExprKind::Fact(_)
        | ExprKind::Conclusion(_)
        | ExprKind::Definition(_)
        | ExprKind::DutyDeadline(_)
        | ExprKind::Quant { .. }
        | ExprKind::Meets { .. }
        | ExprKind::Count { .. }
        | ExprKind::Error => Vec::new(),
    }
}
