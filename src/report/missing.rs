//! Facts that are 不明 and what waits for them, the most useful first.
use super::View;
use crate::eval::{Finding, Leaf};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A missing fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// Fact and row.
    pub leaf: Leaf,
    /// 甲, 甲／记录2; the root's name for its facts.
    pub label: String,
    /// Name of the fact.
    pub fact: String,
    /// 问, else empty.
    pub ask: String,
    /// Conclusions that wait for it: 停借, 甲的停借.
    pub waiting: Vec<String>,
    /// How many of them wait for nothing else.
    pub alone: usize,
    /// How many of them it keeps open; for the others it only decides whether there is one more option.
    pub open: usize,
}

/// Missing facts, those first that most conclusions wait for.
#[must_use]
pub fn missing(view: &View<'_>, findings: &[Finding]) -> Vec<Missing> {
    let mut waits: BTreeMap<Leaf, (Vec<String>, usize, usize)> = BTreeMap::new();
    for finding in findings {
        let options = finding.options.iter().flat_map(|o| o.unknown.iter());
        let only_options = finding.unknown.is_empty();
        let mut leaves: Vec<Leaf> = finding.unknown.iter().chain(options).copied().collect();
        leaves.sort_unstable();
        leaves.dedup();
        if leaves.is_empty() {
            continue;
        }
        let name = view.conclusion_words(finding);
        for leaf in &leaves {
            let (waiting, alone, open) = waits.entry(*leaf).or_default();
            let optional = only_options || !finding.unknown.contains(leaf);
            waiting.push(if optional { format!("{name}（可以）") } else { name.clone() });
            *alone += usize::from(leaves.len() == 1);
            *open += usize::from(!optional);
        }
    }
    let mut out: Vec<Missing> = waits
        .into_iter()
        .map(|(leaf, (waiting, alone, open))| {
            let fact = view.hir().facts.get(leaf.fact.index());
            let label = fact.map(|f| match view.place(f.entity, leaf.row) {
                place if place.is_empty() => view.label(f.entity, leaf.row),
                place => place,
            });
            Missing {
                leaf,
                label: label.unwrap_or_default(),
                fact: fact.map(|f| f.name.clone()).unwrap_or_default(),
                ask: fact.and_then(|f| f.ask.clone()).unwrap_or_default(),
                waiting,
                alone,
                open,
            }
        })
        .collect();
    out.sort_by_key(|m| (Reverse(m.open), Reverse(m.waiting.len()), Reverse(m.alone), m.leaf));
    out
}

impl View<'_> {
    /// 停借, 甲的停借.
    #[must_use]
    pub fn conclusion_words(&self, finding: &Finding) -> String {
        let name = self.hir().conclusions.get(finding.conclusion.index()).map_or("", |c| c.name.as_str());
        let place = self.place(finding.entity, finding.row);
        if place.is_empty() { name.to_owned() } else { format!("{place}的{name}") }
    }
}
