//! What runs have seen of a plan. Added up per thread and merged: sums and sets, so the order does not matter.
use super::plan::{Decision, Plan, Point, PointKind};
use crate::base::Truth;
use crate::eval::{Evaluation, exception_holds, truth_of};
use crate::hir::{EntityId, Exception, RuleId};
use crate::ir::Program;
use std::collections::BTreeSet;

/// A case: number of its file, number in the file.
pub type CaseId = (u32, u32);

/// Of one point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointSeen {
    /// Evaluations that saw it 否, 是, 不明, 不适用 (by the codes of [`Truth`]).
    pub counts: [usize; 4],
    /// Cases in which it was 是 somewhere.
    pub yes: BTreeSet<CaseId>,
    /// Cases in which it was 不明 somewhere.
    pub open: BTreeSet<CaseId>,
    /// Cases in which one condition alone kept it from being 是.
    pub near: BTreeSet<CaseId>,
}

/// Of one atomic condition in one decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtomSeen {
    /// It was 否, 是, 不明, 不适用 somewhere.
    pub met: [bool; 4],
    /// The first case that shows it turning the decision: as 否, as 是.
    pub shown: [Option<CaseId>; 2],
}

/// What some cases have seen of a law.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// By point.
    pub points: Vec<PointSeen>,
    /// By decision and atom.
    pub atoms: Vec<Vec<AtomSeen>>,
    /// How many cases.
    pub cases: usize,
    /// How many of them the law does not apply to.
    pub outside: usize,
}

impl Seen {
    /// Nothing yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            points: vec![PointSeen::default(); plan.points.len()],
            atoms: plan.decisions.iter().map(|d| vec![AtomSeen::default(); d.atoms.len()]).collect(),
            cases: 0,
            outside: 0,
        }
    }

    /// Adds the run of a case.
    pub fn add(&mut self, plan: &Plan, program: &Program, run: &Evaluation, case: CaseId) {
        let outside = matches!(run.applicable(), Some(Truth::False | Truth::Na));
        self.cases += 1;
        self.outside += usize::from(outside);
        let mut near = vec![false; plan.decisions.len()];
        for ((decision, seen), near) in plan.decisions.iter().zip(&mut self.atoms).zip(&mut near) {
            if !outside || decision.always {
                *near = decide(decision, seen, program, run, case);
            }
        }
        for (point, seen) in plan.points.iter().zip(&mut self.points) {
            if !outside || point.always {
                observe(point, seen, program, run, case);
                if point.decision.and_then(|d| near.get(d)).copied().unwrap_or(false) {
                    seen.near.insert(case);
                }
            }
        }
    }

    /// Adds what another thread has seen of the same plan.
    pub fn merge(&mut self, other: &Self) {
        self.cases += other.cases;
        self.outside += other.outside;
        for (mine, theirs) in self.points.iter_mut().zip(&other.points) {
            for (count, more) in mine.counts.iter_mut().zip(theirs.counts) {
                *count += more;
            }
            mine.yes.extend(&theirs.yes);
            mine.open.extend(&theirs.open);
            mine.near.extend(&theirs.near);
        }
        for (mine, theirs) in self.atoms.iter_mut().flatten().zip(other.atoms.iter().flatten()) {
            for (met, more) in mine.met.iter_mut().zip(theirs.met) {
                *met |= more;
            }
            for (first, other) in mine.shown.iter_mut().zip(theirs.shown) {
                *first = earlier(*first, other);
            }
        }
    }
}

fn earlier(a: Option<CaseId>, b: Option<CaseId>) -> Option<CaseId> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Reads a decision in every row; whether in one of them a single condition kept it from holding.
fn decide(
    decision: &Decision,
    seen: &mut [AtomSeen],
    program: &Program,
    run: &Evaluation,
    case: CaseId,
) -> bool {
    let mut near = false;
    for row in 0..run.rows(decision.entity) {
        let atoms: Vec<Truth> =
            decision.atoms.iter().map(|e| truth_of(program, run, *e, decision.entity, row)).collect();
        let shown = decision.tree.shown(&atoms);
        near |= shown.contains(&true) && !decision.tree.value(&atoms).is_true();
        for ((seen, truth), shown) in seen.iter_mut().zip(&atoms).zip(shown) {
            if let Some(met) = seen.met.get_mut(*truth as usize) {
                *met = true;
            }
            if let (true, Some(first)) = (shown, seen.shown.get_mut(*truth as usize)) {
                *first = earlier(*first, Some(case));
            }
        }
    }
    near
}

fn observe(point: &Point, seen: &mut PointSeen, program: &Program, run: &Evaluation, case: CaseId) {
    let mut count = |truth: Truth| {
        if let Some(slot) = seen.counts.get_mut(truth as usize) {
            *slot += 1;
        }
        match truth {
            Truth::True => {
                seen.yes.insert(case);
            }
            Truth::Unknown => {
                seen.open.insert(case);
            }
            Truth::False | Truth::Na => {}
        }
    };
    let rows = |entity: EntityId| 0..run.rows(entity);
    match &point.kind {
        PointKind::Rule(id) => {
            for row in rows(point.entity) {
                let guard = program.guard(*id);
                count(guard.map_or(Truth::Unknown, |t| run.truth(point.entity, row, t)));
            }
        }
        PointKind::Exception(rules, address) => {
            for id in rules {
                excepted(program, run, *id, address, &mut count);
            }
        }
        PointKind::Condition(cond) | PointKind::Scope(cond) | PointKind::Definition(cond) => {
            for row in rows(point.entity) {
                count(truth_of(program, run, *cond, point.entity, row));
            }
        }
    }
}

/// A 但书 for each row of a rule: where the rule's own condition does not hold there is nothing to except from.
fn excepted(
    program: &Program,
    run: &Evaluation,
    id: RuleId,
    address: &crate::base::Address,
    count: &mut dyn FnMut(Truth),
) {
    let Some(rule) = program.hir.rules.get(id.index()) else { return };
    for row in 0..run.rows(rule.entity) {
        let premise = truth_of(program, run, rule.guard, rule.entity, row);
        let mut stack: Vec<(&Exception, bool)> =
            rule.exceptions.iter().map(|e| (e, premise.is_possible())).collect();
        while let Some((exception, arises)) = stack.pop() {
            if exception.address == *address {
                let truth = exception_holds(program, run, exception, rule.entity, row);
                count(if arises { truth } else { Truth::Na });
            }
            let applies = truth_of(program, run, exception.cond, rule.entity, row).is_possible();
            stack.extend(exception.inner.iter().map(|e| (e, arises && applies)));
        }
    }
}
