//! Changes of a resolved program, made in place and taken back.
use super::Mutant;
use crate::base::Val;
use crate::hir::{
    ConclusionId, Consequence, ConsequenceKind, Expr, ExprId, ExprKind, Hir, Mode, Node, RuleId, reclose,
    reorder,
};
use crate::ir::Touched;

/// A change.
#[derive(Clone, Debug)]
pub enum Edit {
    /// An expression means something else.
    Expr(ExprId, ExprKind),
    /// Rules never apply.
    Never(Vec<RuleId>),
    /// Consequences that are one in the text: in which rules, at which index.
    Consequences(Vec<(RuleId, usize)>, Change),
    /// Another 默认, or none.
    Default(ConclusionId, Option<Val>),
    /// One of [`Hir::stated`] is not there.
    Priority(usize),
    /// One of [`Hir::deems`] is 推定 instead of 视为, or the reverse.
    Presume(usize),
}

/// What becomes of a consequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another mode.
    Mode(Mode),
    /// Other values.
    Mask(u64),
    /// It is not there.
    Drop,
}

/// What has been changed, to be put back.
#[derive(Debug, Default)]
pub(super) struct Undo {
    exprs: usize,
    expr: Option<(ExprId, ExprKind)>,
    guards: Vec<(RuleId, ExprId)>,
    consequences: Vec<(RuleId, Vec<Consequence>)>,
    order: Option<Vec<Node>>,
    default: Option<(ConclusionId, Option<Val>)>,
    priorities: Option<Vec<(RuleId, RuleId)>>,
    deem: Option<usize>,
}

/// What an edit did.
pub(super) struct Done {
    /// What is different now; none if only lowering the program anew can tell.
    pub touched: Option<Vec<Touched>>,
    /// Something depends on itself now: there is nothing to run.
    pub circular: bool,
    /// How to put it back.
    pub undo: Undo,
}

/// Makes the change.
pub(super) fn apply(hir: &mut Hir, mutant: &Mutant) -> Done {
    let mut undo = Undo { exprs: hir.exprs.len(), ..Undo::default() };
    hir.exprs.extend(mutant.extra.iter().cloned());
    let mut circular = false;
    let touched = match &mutant.edit {
        Edit::Expr(at, kind) => hir.exprs.get_mut(at.index()).map(|expr| {
            undo.expr = Some((*at, std::mem::replace(&mut expr.kind, kind.clone())));
            vec![Touched::Expr(*at)]
        }),
        Edit::Never(rules) => {
            let never = push(hir, ExprKind::Bool(false), rules.first().copied());
            for id in rules {
                if let Some(rule) = hir.rules.get_mut(id.index()) {
                    undo.guards.push((*id, std::mem::replace(&mut rule.guard, never)));
                }
            }
            Some(rules.iter().map(|r| Touched::Guard(*r)).collect())
        }
        Edit::Consequences(at, change) => {
            let touched = consequences(hir, at, *change, &mut undo);
            if matches!(change, Change::Mode(_)) {
                match reorder(hir) {
                    Some(order) => undo.order = Some(std::mem::replace(&mut hir.order, order)),
                    None => circular = true,
                }
            }
            Some(touched)
        }
        Edit::Default(id, default) => hir.conclusions.get_mut(id.index()).map(|conclusion| {
            undo.default = Some((*id, std::mem::replace(&mut conclusion.default, *default)));
            vec![Touched::Decision(*id)]
        }),
        Edit::Priority(without) => {
            let priorities = reclose(hir, *without);
            let old = std::mem::replace(&mut hir.priorities, priorities);
            let touched = of_pairs(hir, &old);
            undo.priorities = Some(old);
            Some(touched)
        }
        Edit::Presume(index) => {
            if let Some(deem) = hir.deems.get_mut(*index) {
                deem.presume = !deem.presume;
                undo.deem = Some(*index);
            }
            None
        }
    };
    Done { touched, circular, undo }
}

/// An expression at the end of the arena, of the entity a rule is about.
fn push(hir: &mut Hir, kind: ExprKind, rule: Option<RuleId>) -> ExprId {
    let entity = rule.and_then(|r| hir.rules.get(r.index())).map(|r| r.entity);
    let id = ExprId(u32::try_from(hir.exprs.len()).unwrap_or(u32::MAX));
    hir.exprs.push(Expr {
        kind,
        ty: crate::hir::Type::Bool,
        entity: entity.unwrap_or(crate::hir::EntityId(0)),
        span: crate::base::Span::default(),
    });
    id
}

fn consequences(hir: &mut Hir, at: &[(RuleId, usize)], change: Change, undo: &mut Undo) -> Vec<Touched> {
    let mut touched: Vec<ConclusionId> = Vec::new();
    for (id, index) in at {
        let Some(rule) = hir.rules.get_mut(id.index()) else { continue };
        undo.consequences.push((*id, rule.consequences.clone()));
        touched.extend(rule.consequences.iter().map(|c| c.conclusion));
        match change {
            Change::Drop if *index < rule.consequences.len() => {
                rule.consequences.remove(*index);
            }
            Change::Drop => {}
            Change::Mode(mode) => {
                if let Some(consequence) = rule.consequences.get_mut(*index) {
                    consequence.mode = mode;
                }
            }
            Change::Mask(new) => match rule.consequences.get_mut(*index).map(|c| &mut c.kind) {
                Some(ConsequenceKind::Set { mask, .. } | ConsequenceKind::Include { mask, .. }) => {
                    *mask = new;
                }
                Some(ConsequenceKind::Value(_) | ConsequenceKind::Duty { .. }) | None => {}
            },
        }
    }
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().map(Touched::Decision).collect()
}

/// Conclusions on which the priorities differ from what they were.
fn of_pairs(hir: &Hir, old: &[(RuleId, RuleId)]) -> Vec<Touched> {
    let mut touched: Vec<ConclusionId> = Vec::new();
    for (high, low) in old.iter().filter(|pair| hir.priorities.binary_search(pair).is_err()) {
        let of = |id: &RuleId| hir.rules.get(id.index()).map_or(&[][..], |r| r.consequences.as_slice());
        let shared = of(high).iter().filter(|a| of(low).iter().any(|b| b.conclusion == a.conclusion));
        touched.extend(shared.map(|c| c.conclusion));
    }
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().map(Touched::Decision).collect()
}

/// Puts everything back.
pub(super) fn revert(hir: &mut Hir, undo: Undo) {
    if let Some((at, kind)) = undo.expr
        && let Some(expr) = hir.exprs.get_mut(at.index())
    {
        expr.kind = kind;
    }
    hir.exprs.truncate(undo.exprs);
    for (id, guard) in undo.guards {
        if let Some(rule) = hir.rules.get_mut(id.index()) {
            rule.guard = guard;
        }
    }
    for (id, consequences) in undo.consequences.into_iter().rev() {
        if let Some(rule) = hir.rules.get_mut(id.index()) {
            rule.consequences = consequences;
        }
    }
    if let Some(order) = undo.order {
        hir.order = order;
    }
    if let Some((id, default)) = undo.default
        && let Some(conclusion) = hir.conclusions.get_mut(id.index())
    {
        conclusion.default = default;
    }
    if let Some(priorities) = undo.priorities {
        hir.priorities = priorities;
    }
    if let Some(deem) = undo.deem.and_then(|i| hir.deems.get_mut(i)) {
        deem.presume = !deem.presume;
    }
}
