//! Which cases have to do with a provision: in whose evaluation a rule at or below an address applied, was defeated, or
//! stood open.
use crate::base::{Address, Truth};
use crate::eval::{Evaluation, exception_holds, truth_of};
use crate::hir::{EntityId, Exception, ExprId, Hir, ProvisionId, Type};
use crate::ir::{Program, home};

/// Whether the law has anything at or below the address.
#[must_use]
pub fn known(hir: &Hir, address: &Address) -> bool {
    hir.provisions.iter().any(|p| address.covers(&p.address))
}

/// Whether the run has to do with the address.
///
/// A rule counts whose condition is 是 or 不明, whether or not a 但书 or a stronger provision then defeats it; a 但书 that
/// itself applies or may; a listed condition and a defined 是否 term likewise. A scope clause has to do with every case.
/// Where the law does not apply, nothing but its scope does.
#[must_use]
pub fn touches(program: &Program, run: &Evaluation, address: &Address) -> bool {
    let hir = &program.hir;
    let inside = |p: ProvisionId| hir.provisions.get(p.index()).is_some_and(|p| address.covers(&p.address));
    if hir.scope.iter().filter_map(|c| c.provision).any(inside) {
        return true;
    }
    if matches!(run.applicable(), Some(Truth::False | Truth::Na)) {
        return false;
    }
    let rules = hir.rules.iter().any(|rule| {
        let rows =
            || (0..run.rows(rule.entity)).filter(|row| possible(program, run, rule.guard, rule.entity, *row));
        if address.covers(&rule.address) {
            return rows().next().is_some();
        }
        rule.exceptions.iter().any(|e| rows().any(|row| excepted(program, run, e, address, rule.entity, row)))
    });
    let somewhere = |expr: ExprId| {
        let entity = home(hir, expr);
        (0..run.rows(entity)).any(|row| possible(program, run, expr, entity, row))
    };
    rules
        || hir
            .provisions
            .iter()
            .filter(|p| address.covers(&p.address) && p.rules.is_empty())
            .filter_map(|p| p.condition)
            .any(somewhere)
        || hir
            .definitions
            .iter()
            .filter(|d| d.ty == Type::Bool && d.provision.is_some_and(inside))
            .any(|d| somewhere(d.value))
}

fn possible(program: &Program, run: &Evaluation, expr: ExprId, entity: EntityId, row: u32) -> bool {
    truth_of(program, run, expr, entity, row).is_possible()
}

/// Depth is bounded by the parser's nesting limit.
fn excepted(
    program: &Program,
    run: &Evaluation,
    e: &Exception,
    address: &Address,
    entity: EntityId,
    row: u32,
) -> bool {
    address.covers(&e.address) && exception_holds(program, run, e, entity, row).is_possible()
        || e.inner.iter().any(|i| excepted(program, run, i, address, entity, row))
}
