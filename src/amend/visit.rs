//! Every citation in the formal clauses of a tree, with its place.
use crate::syntax::ast::{
    Consequence, ConsequenceKind, Expr, ExprKind, Proviso, Reference, Rule, Statement, StatementKind, Value,
};

/// Calls `found` for each reference of a statement, in no particular order.
pub fn references<'t>(statement: &'t Statement, found: &mut dyn FnMut(&'t Reference)) {
    match &statement.kind {
        StatementKind::Rule(rule) => self::rule(rule, found),
        StatementKind::Condition { cond, proviso } => {
            expr(cond, found);
            self::proviso(proviso.as_deref(), found);
        }
        StatementKind::Definition(definition) => expr(&definition.value, found),
        StatementKind::Priority { higher, lower } => {
            found(higher);
            lower.iter().for_each(&mut *found);
        }
        StatementKind::Scope(cond) => expr(cond, found),
    }
}

fn rule<'t>(rule: &'t Rule, found: &mut dyn FnMut(&'t Reference)) {
    rule.except.iter().for_each(&mut *found);
    if let Some(premise) = &rule.premise {
        expr(premise, found);
    }
    rule.consequences.iter().for_each(|c| consequence(c, found));
    proviso(rule.proviso.as_deref(), found);
}

fn proviso<'t>(proviso: Option<&'t Proviso>, found: &mut dyn FnMut(&'t Reference)) {
    let mut next = proviso;
    while let Some(proviso) = next {
        if let Some(cond) = &proviso.cond {
            expr(cond, found);
        }
        proviso.consequences.iter().for_each(|c| consequence(c, found));
        next = proviso.inner.as_deref();
    }
}

fn consequence<'t>(consequence: &'t Consequence, found: &mut dyn FnMut(&'t Reference)) {
    if let Some(cond) = consequence.subject.as_ref().and_then(|s| s.cond.as_ref()) {
        expr(cond, found);
    }
    match &consequence.kind {
        ConsequenceKind::Affirm { .. } | ConsequenceKind::Include { .. } => {}
        ConsequenceKind::Assign { value, .. } => match value {
            Value::Choice(_) => {}
            Value::Expr { value, caps } => {
                expr(value, found);
                for cap in caps {
                    expr(&cap.bound, found);
                }
            }
        },
        ConsequenceKind::Duty { from, period, extensions, .. } => {
            expr(from, found);
            expr(period, found);
            for (cond, more) in extensions {
                expr(cond, found);
                expr(more, found);
            }
        }
        ConsequenceKind::Refer { to, .. } => to.iter().for_each(found),
        ConsequenceKind::Deem { value, .. } => {
            if let Some(value) = value {
                expr(value, found);
            }
        }
    }
}

/// Not by recursion: conditions may lie deep in one another.
fn expr<'t>(root: &'t Expr, found: &mut dyn FnMut(&'t Reference)) {
    let mut open = vec![root];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Bool(_)
            | ExprKind::Quantity { .. }
            | ExprKind::Ratio(_)
            | ExprKind::Date(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_)
            | ExprKind::Path(..)
            | ExprKind::Error => {}
            ExprKind::Meets(reference) => found(reference),
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::ExtremeOf { args: parts, .. } => {
                open.extend(parts);
            }
            ExprKind::Not(inner) | ExprKind::Paren(inner) => open.push(inner),
            ExprKind::IsOneOf { value, .. }
            | ExprKind::Includes { value, .. }
            | ExprKind::Portion { base: value, .. }
            | ExprKind::Round { value, .. } => open.push(value),
            ExprKind::Cmp { left, right, .. } | ExprKind::Arith { left, right, .. } => {
                open.extend([&**left, &**right]);
            }
            ExprKind::Share { part, whole, .. } => open.extend([&**part, &**whole]),
            ExprKind::Window { value, anchor, within, .. } => {
                open.extend([&**value, &**anchor]);
                open.extend(within.as_deref());
            }
            ExprKind::InRange { value, low, high } => open.extend([&**value, &**low, &**high]),
            ExprKind::Quant { cond, .. }
            | ExprKind::Count { cond, .. }
            | ExprKind::Sum { cond, .. }
            | ExprKind::ExtremeIn { cond, .. } => open.extend(cond.as_deref()),
            ExprKind::Deadline { from, period } => open.extend([&**from, &**period]),
            ExprKind::Shift { date, period, .. } => open.extend([&**date, &**period]),
            ExprKind::Between { from, to, .. } => open.extend([&**from, &**to]),
        }
    }
}
