//! Conditions whose outcome the text alone decides.
use super::model::{CmpOp, ExprId, ExprKind, Hir, Val};
use std::collections::HashMap;

/// For each expression: 是 or 否 whatever the facts, if so. Parts come before wholes in the arena.
pub(super) fn constants(hir: &Hir) -> Vec<Option<bool>> {
    let mut known: Vec<Option<bool>> = Vec::with_capacity(hir.exprs.len());
    for expr in &hir.exprs {
        let of = |id: &ExprId| known.get(id.index()).copied().flatten();
        let value = match &expr.kind {
            ExprKind::Bool(value) => Some(*value),
            ExprKind::Not(inner) => of(inner).map(|v| !v),
            ExprKind::And(parts) => {
                if parts.iter().any(|p| of(p) == Some(false)) || excluded(hir, parts) {
                    Some(false)
                } else {
                    parts.iter().all(|p| of(p) == Some(true)).then_some(true)
                }
            }
            ExprKind::Or(parts) => {
                if parts.iter().any(|p| of(p) == Some(true)) {
                    Some(true)
                } else {
                    parts.iter().all(|p| of(p) == Some(false)).then_some(false)
                }
            }
            ExprKind::InSet { mask: 0, .. } => Some(false),
            ExprKind::Cmp { op, left, right } => compare(hir, *op, *left, *right),
            _ => None,
        };
        known.push(value);
    }
    known
}

/// A constant's value.
fn constant(hir: &Hir, id: ExprId) -> Option<Val> {
    match hir.exprs.get(id.index()).map(|e| &e.kind) {
        Some(ExprKind::Const(val)) => Some(*val),
        Some(_) | None => None,
    }
}

fn compare(hir: &Hir, op: CmpOp, left: ExprId, right: ExprId) -> Option<bool> {
    let order = match (constant(hir, left)?, constant(hir, right)?) {
        (Val::Int(a), Val::Int(b)) => a.cmp(&b),
        (Val::Dec(a), Val::Dec(b)) => a.cmp(&b),
        (Val::Int(a), Val::Dec(b)) => rust_decimal::Decimal::from(a).cmp(&b),
        (Val::Dec(a), Val::Int(b)) => a.cmp(&rust_decimal::Decimal::from(b)),
        (Val::Date(a), Val::Date(b)) => a.cmp(&b),
        _ => return None,
    };
    Some(match op {
        CmpOp::Eq => order.is_eq(),
        CmpOp::Ne => order.is_ne(),
        CmpOp::Lt => order.is_lt(),
        CmpOp::Le => order.is_le(),
        CmpOp::Gt => order.is_gt(),
        CmpOp::Ge => order.is_ge(),
    })
}

/// Whether the parts require one thing to have two values at once.
fn excluded(hir: &Hir, parts: &[ExprId]) -> bool {
    let mut allowed: HashMap<(u8, u32), u64> = HashMap::new();
    let mut stack: Vec<ExprId> = parts.to_vec();
    let mut budget = 256;
    while let Some(id) = stack.pop() {
        budget -= 1;
        if budget == 0 {
            return false;
        }
        match hir.exprs.get(id.index()).map(|e| &e.kind) {
            Some(ExprKind::And(inner)) => stack.extend(inner),
            Some(ExprKind::InSet { value, mask }) => {
                let key = match hir.exprs.get(value.index()).map(|e| &e.kind) {
                    Some(ExprKind::Fact(f)) => (0, f.0),
                    Some(ExprKind::Conclusion(c)) => (1, c.0),
                    Some(ExprKind::Definition(d)) => (2, d.0),
                    Some(_) | None => continue,
                };
                let left = allowed.entry(key).or_insert(u64::MAX);
                *left &= mask;
                if *left == 0 {
                    return true;
                }
            }
            Some(_) | None => {}
        }
    }
    false
}
