//! Priorities as the text states them, their transitive closure, and the program after one of them is taken away.
use super::model::{ConclusionId, Hir, Node, ProvisionId, Rule, RuleId};
use super::order;
use crate::base::Span;

/// More pairs than this are an error.
pub(super) const PAIR_LIMIT: usize = 4_000_000;
/// More steps than this in closing the order are an error.
const STEP_LIMIT: usize = 200_000_000;

/// One priority of the text: every rule of `high` goes before every rule of `low`.
#[derive(Clone, Debug, PartialEq)]
pub struct Precedence {
    /// The stronger.
    pub high: Vec<RuleId>,
    /// The weaker.
    pub low: Vec<RuleId>,
    /// The provision named as the stronger; none for the rules of the clause that states it.
    pub higher: Option<ProvisionId>,
    /// The provision named as the weaker; none for the rules of the clause that states it.
    pub lower: Option<ProvisionId>,
    /// 但书 over what it qualifies: stated by being a 但书.
    pub proviso: bool,
    /// Place.
    pub span: Span,
}

/// The closure of the stated priorities, `without` one of them: what [`Hir::priorities`] would be.
#[must_use]
pub fn reclose(hir: &Hir, without: usize) -> Vec<(RuleId, RuleId)> {
    let count = hir.rules.len();
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); count + hir.stated.len()];
    for (index, stated) in hir.stated.iter().enumerate().filter(|(i, _)| *i != without) {
        for high in &stated.high {
            if let Some(out) = edges.get_mut(high.index()) {
                out.push(count + index);
            }
        }
        if let Some(out) = edges.get_mut(count + index) {
            out.extend(stated.low.iter().map(|r| r.index()));
        }
    }
    let targets: Vec<Vec<ConclusionId>> = hir.rules.iter().map(conclusions_of).collect();
    closure(count, &edges, &targets).0
}

/// The order in which everything is computed, if nothing depends on itself: what [`Hir::order`] is to be after modes
/// or consequences have changed.
#[must_use]
pub fn reorder(hir: &Hir) -> Option<Vec<Node>> {
    order::ordered(hir)
}

/// Pairs of rules on one conclusion of which the first goes before the second; whether there are too many. Nodes
/// beyond `count` are priorities: rules → priority → rules.
pub(super) fn closure(
    count: usize,
    edges: &[Vec<usize>],
    targets: &[Vec<ConclusionId>],
) -> (Vec<(RuleId, RuleId)>, bool) {
    let mut seen = vec![usize::MAX; edges.len()];
    let mut pairs = Vec::new();
    let mut steps = 0;
    for start in 0..count {
        if edges.get(start).is_none_or(Vec::is_empty) {
            continue;
        }
        let mut stack = vec![start];
        let mut reached = Vec::new();
        while let Some(node) = stack.pop() {
            for &next in edges.get(node).into_iter().flatten() {
                steps += 1;
                let Some(mark) = seen.get_mut(next) else { continue };
                if *mark != start {
                    *mark = start;
                    stack.push(next);
                    if next < count {
                        reached.push(next);
                    }
                }
            }
        }
        reached.sort_unstable();
        for low in reached {
            if share(targets, start, low)
                && let (Ok(h), Ok(l)) = (u32::try_from(start), u32::try_from(low))
            {
                pairs.push((RuleId(h), RuleId(l)));
            }
        }
        if pairs.len() > PAIR_LIMIT || steps > STEP_LIMIT {
            return (pairs, true);
        }
    }
    (pairs, false)
}

/// Conclusions a rule has consequences on, sorted.
pub(super) fn conclusions_of(rule: &Rule) -> Vec<ConclusionId> {
    let mut out: Vec<ConclusionId> = rule.consequences.iter().map(|c| c.conclusion).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Whether two rules have a conclusion in common.
fn share(targets: &[Vec<ConclusionId>], a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (targets.get(a), targets.get(b)) else { return false };
    a.iter().any(|c| b.binary_search(c).is_ok())
}
