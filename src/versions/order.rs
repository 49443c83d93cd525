//! In which order decisions take effect: day by day, those of one day by what each of them builds on.
use super::errors;
use super::timeline::LoadedDecision;
use crate::base::{Date, Sources};
use crate::diag::Diagnostic;

/// Operations of one decision that take effect on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// Index of the decision.
    pub decision: usize,
    /// Indices of its operations.
    pub ops: Vec<usize>,
    /// Whether these are all of its operations.
    pub whole: bool,
}

/// Puts the operations of all decisions in order.
pub(super) fn steps(
    decisions: &[LoadedDecision],
    included: &[String],
    effective: Option<Date>,
    sources: &Sources,
) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut all: Vec<Step> = Vec::new();
    for (index, decision) in decisions.iter().enumerate() {
        if let Some(entry) = included.iter().find(|e| super::stamp::names(e, &decision.tree.title.text)) {
            problems.push(errors::already_included(&decision.tree, entry));
        }
        let twin = decisions.iter().take(index).find(|d| d.tree.title.text == decision.tree.title.text);
        if let Some(twin) = twin {
            problems.push(errors::same_title(&decision.tree, sources.name(twin.file)));
        }
        let days = decision.tree.stages();
        let last = included.last().and_then(|entry| super::stamp::date(entry));
        if let (Some((first, _)), Some(text)) = (days.first(), effective.max(last))
            && *first < text
        {
            problems.push(errors::before_the_text(&decision.tree, *first, text));
        }
        let whole = days.len() == 1;
        all.extend(days.into_iter().map(|(date, ops)| Step { date, decision: index, ops, whole }));
    }
    let builds_on = built_on(decisions, included, &mut problems);
    for (index, base) in builds_on.iter().enumerate() {
        let first = |d: usize| all.iter().filter(|s| s.decision == d).map(|s| s.date).min();
        if let (Some(base), Some(own)) = (base, first(index))
            && let (Some(decision), Some(basis)) = (decisions.get(index), decisions.get(*base))
            && let Some(before) = first(*base)
            && own < before
        {
            problems.push(errors::before_its_base(&decision.tree, own, &basis.tree, before));
        }
    }
    let ranks = ranks(decisions, &builds_on, &mut problems);
    all.sort_by_key(|s| (s.date, ranks.get(s.decision).copied()));
    for pair in all.windows(2) {
        if let [a, b] = pair
            && let (Some(first), Some(second)) = (decisions.get(a.decision), decisions.get(b.decision))
            && a.date == b.date
            && !follows(b.decision, a.decision, &builds_on)
            && promulgated(first) == promulgated(second)
        {
            problems.push(errors::order_unknown(&second.tree, &first.tree, a.date));
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn promulgated(decision: &LoadedDecision) -> Option<Date> {
    decision.tree.promulgated.map(|(date, _)| date)
}

/// For each decision, the one named by its 前次修改.
fn built_on(
    decisions: &[LoadedDecision],
    included: &[String],
    problems: &mut Vec<Diagnostic>,
) -> Vec<Option<usize>> {
    let mut out = Vec::new();
    for decision in decisions {
        let Some(wanted) = &decision.tree.follows else {
            out.push(None);
            continue;
        };
        let found = decisions.iter().position(|d| d.tree.title.text == wanted.text);
        if found.is_none() && !included.iter().any(|entry| super::stamp::names(entry, &wanted.text)) {
            problems.push(errors::base_not_there(&decision.tree, wanted));
        }
        out.push(found);
    }
    out
}

/// Whether `later` builds on `earlier`, through however many others.
fn follows(later: usize, earlier: usize, builds_on: &[Option<usize>]) -> bool {
    let mut at = later;
    for _ in 0..=builds_on.len() {
        match builds_on.get(at).copied().flatten() {
            Some(base) if base == earlier => return true,
            Some(base) => at = base,
            None => return false,
        }
    }
    false
}

/// How many decisions each builds on, then the day of promulgation, then the order of paths.
fn ranks(
    decisions: &[LoadedDecision],
    builds_on: &[Option<usize>],
    problems: &mut Vec<Diagnostic>,
) -> Vec<(usize, Option<Date>, usize)> {
    let mut out = Vec::new();
    for (index, decision) in decisions.iter().enumerate() {
        let (mut depth, mut at) = (0, index);
        while let Some(base) = builds_on.get(at).copied().flatten() {
            depth += 1;
            at = base;
            if depth > builds_on.len() {
                problems.push(errors::circle(&decision.tree));
                break;
            }
        }
        out.push((depth, promulgated(decision), index));
    }
    out
}
