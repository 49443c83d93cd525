//! The figures of a run in the words of the law, ready to be shown: values in declared order, provisions in that of the
//! statute, everything else by how often.
use super::compare::Comparison;
use super::counter::{OPTIONS, STATE};
use super::record::Record;
use super::schema::{ConclusionSlots, qualified};
use super::summary_compare::{Compared, compared};
use super::tally::{OfConclusion, STANDINGS, Standing, Standings, Tally, Waits};
use super::words::{NONE, OTHER, STATES, Words};
use crate::batch::{Part, usual_parts};
use crate::hir::{ConclusionId, Hir, Type};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// Shown for a cell without text.
pub const EMPTY: &str = "（空）";
/// Shown for what is decided as far as it may be chosen.
pub const CHOICE: &str = "（只有可以的选项）";
/// Shown for texts beyond those kept.
pub const REST: &str = "其余";

/// An outcome and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Valued {
    /// The value, or the word of the state.
    pub text: String,
    /// 定论 for a value.
    pub state: &'static str,
    /// Rows.
    pub count: u64,
}

/// A fact that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingFact {
    /// Its name.
    pub fact: String,
    /// Conclusions that wait for it.
    pub count: u64,
    /// Those that wait for nothing else.
    pub alone: u64,
    /// Cases in which any does.
    pub cases: u64,
}

/// Provisions in conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// 依据
    pub basis: String,
    /// 候选
    pub candidates: String,
    /// Rows.
    pub count: u64,
}

/// One conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConclusionSummary {
    /// Name, with its entity's.
    pub name: String,
    /// Rows that say something of it.
    pub rows: u64,
    /// Values, then states; with `split` a row may count for several values.
    pub outcomes: Vec<Valued>,
    /// Whether joined values are counted one by one.
    pub split: bool,
    /// Rows that are 待查.
    pub pending: u64,
    /// What they wait for; none when the results do not say.
    pub waiting: Option<Vec<WaitingFact>>,
    /// By how often.
    pub conflicts: Vec<Conflict>,
    /// Conflicts beyond those kept.
    pub more_conflicts: u64,
}

/// Counts by standing under their names; of one conclusion, 成立 is not counted.
fn parts_named<S: Serializer>(counts: &Standings, out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(
        STANDINGS.iter().zip(counts).filter(|(s, _)| **s != Standing::Held).map(|(s, n)| (s.code(), n)),
    )
}

#[expect(clippy::ref_option, reason = "what serde hands over")]
fn all_named<S: Serializer>(counts: &Option<Standings>, out: S) -> Result<S::Ok, S::Error> {
    match counts {
        Some(counts) => out.collect_map(STANDINGS.iter().zip(counts).map(|(s, n)| (s.code(), n))),
        None => out.serialize_none(),
    }
}

/// What a provision did for one conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionFor {
    /// Which.
    pub conclusion: String,
    /// 决定, 选项, 被排除, 待查, 冲突.
    #[serde(serialize_with = "parts_named")]
    pub counts: Standings,
}

/// One provision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provision {
    /// As cited.
    pub address: String,
    /// Chapter or section that begins here.
    pub heading: Option<String>,
    /// Steps below the article.
    pub depth: usize,
    /// Verbatim text.
    pub text: String,
    /// Whether it can decide anything.
    pub decides: bool,
    /// Whether the law has it.
    pub known: bool,
    /// Whether it is about conclusions the results do not tell, besides those they do.
    pub partial: bool,
    /// Rows it is about.
    pub rows: u64,
    /// Rows in which it took part; none when the results do not say.
    #[serde(serialize_with = "all_named")]
    pub counts: Option<Standings>,
    /// The same by conclusion.
    pub of: Vec<ProvisionFor>,
}

/// A conclusion by another column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cross {
    /// The column.
    pub by: String,
    /// The conclusion.
    pub conclusion: String,
    /// Whether a row may count on several lines.
    pub split: bool,
    /// Values of the column.
    pub lines: Vec<String>,
    /// Outcomes.
    pub columns: Vec<Valued>,
    /// By line and column.
    pub counts: Vec<Vec<u64>>,
}

/// Columns the results lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// One sentence.
    pub what: String,
    /// What to ask of the run.
    pub advice: String,
}

/// All that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Of the law.
    pub title: String,
    /// Of the law; may be empty.
    pub version: String,
    /// Cases.
    pub cases: u64,
    /// Nothing 待查, nothing 冲突.
    pub decided: u64,
    /// Something 待查.
    pub pending: u64,
    /// Something 冲突.
    pub conflict: u64,
    /// Rows that could not be read.
    pub bad: u64,
    /// Entities with their rows.
    pub entities: Vec<(String, u64)>,
    /// In order of declaration.
    pub conclusions: Vec<ConclusionSummary>,
    /// In order of the statute.
    pub provisions: Vec<Provision>,
    /// Over all conclusions; none when the results do not say.
    pub waiting: Option<Vec<WaitingFact>>,
    /// Cross-tabulations.
    pub crosses: Vec<Cross>,
    /// What the results lack.
    pub missing: Vec<Missing>,
    /// Against another run.
    pub comparison: Option<Compared>,
}

/// What a summary is made of.
pub struct Parts<'a> {
    /// The law.
    pub hir: &'a Hir,
    /// Texts.
    pub words: &'a Words,
    /// Counts.
    pub tally: &'a Tally,
    /// Which columns there were.
    pub record: &'a Record,
    /// Count joined values one by one.
    pub split: bool,
}

/// Puts counts into words. `bad`: rows that could not be read.
#[must_use]
pub fn summarize(parts: &Parts<'_>, bad: u64, comparison: Option<&Comparison>) -> Summary {
    let Parts { hir, words, tally, .. } = *parts;
    let schema = &words.schema;
    let told = |c: &ConclusionSlots, part| parts.has(c, part);
    let conclusions = schema
        .conclusions
        .iter()
        .zip(&tally.conclusions)
        .filter(|(c, _)| told(c, Part::Value) || told(c, Part::State));
    let present = schema.tables.iter().zip(&tally.rows).zip(&parts.record.present).filter(|(_, p)| **p);
    let waits = schema.conclusions.iter().any(|c| told(c, Part::Waiting));
    Summary {
        title: hir.header.title.clone(),
        version: hir.header.version.clone(),
        cases: tally.cases.total(),
        decided: tally.cases.decided,
        pending: tally.cases.pending,
        conflict: tally.cases.conflict,
        bad,
        entities: present.map(|((table, rows), _)| (table.name.clone(), *rows)).collect(),
        conclusions: conclusions.map(|(slots, of)| parts.conclusion(slots, of)).collect(),
        provisions: parts.provisions(),
        waiting: waits.then(|| waiting(words, &tally.waits)),
        crosses: tally.crosses.iter().filter_map(|cross| super::summary_cross::cross(parts, cross)).collect(),
        missing: super::summary_missing::missing(parts),
        comparison: comparison.map(|c| compared(parts, c)),
    }
}

fn waiting(words: &Words, waits: &[Waits]) -> Vec<WaitingFact> {
    let mut out: Vec<WaitingFact> = (0..)
        .zip(waits)
        .filter(|(_, w)| w.count > 0)
        .map(|(fact, w)| WaitingFact {
            fact: words.facts.name(fact).to_owned(),
            count: w.count,
            alone: w.alone,
            cases: w.cases,
        })
        .collect();
    out.sort_by(|a, b| (b.count, b.alone).cmp(&(a.count, a.alone)).then_with(|| a.fact.cmp(&b.fact)));
    out
}

/// Values of a type that can be listed, in order.
pub(super) fn declared(hir: &Hir, ty: &Type) -> Vec<String> {
    match ty {
        Type::Bool => vec!["是".to_owned(), "否".to_owned()],
        Type::Enum(id) | Type::Multi(id) | Type::Duty(id) => {
            hir.enums.get(id.index()).map(|e| e.values.clone()).unwrap_or_default()
        }
        Type::Int(_)
        | Type::Decimal(_)
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::List(_)
        | Type::One(_)
        | Type::Error => Vec::new(),
    }
}

/// The values a joined text holds; a choice still to be made is one.
pub(super) fn singles(text: &str) -> Vec<&str> {
    let choice = text.contains('；') || text.ends_with(" 之一") || text.ends_with(" 单独或者合并");
    if choice { vec![text] } else { text.split('、').collect() }
}

/// Texts with their counts: declared ones first in their order, the rest by how often.
pub(super) fn ordered(declared: &[String], counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let place = |text: &str| declared.iter().position(|d| d == text).unwrap_or(usize::MAX);
    let mut out: Vec<(String, u64)> = counts.into_iter().collect();
    out.sort_by(|(a, n), (b, m)| place(a).cmp(&place(b)).then(m.cmp(n)).then_with(|| a.cmp(b)));
    out
}

/// Outcomes in order: values as declared or by how often, then states.
pub(super) fn columns(declared: &[String], counts: BTreeMap<(&'static str, String), u64>) -> Vec<Valued> {
    let place = |v: &Valued| {
        let state = STATES.iter().position(|s| *s == v.state).unwrap_or(0);
        let rest = [CHOICE, EMPTY, REST].iter().position(|w| *w == v.text);
        (state, rest, declared.iter().position(|d| *d == v.text).unwrap_or(usize::MAX))
    };
    let mut out: Vec<Valued> =
        counts.into_iter().map(|((state, text), count)| Valued { text, state, count }).collect();
    out.sort_by(|a, b| place(a).cmp(&place(b)).then(b.count.cmp(&a.count)).then_with(|| a.text.cmp(&b.text)));
    out
}

impl Parts<'_> {
    /// Whether the results tell a part of a conclusion, be it that its cells are all empty. Forms that leave out empty
    /// cells do not show a column that is always empty: it is taken for there when the value is, since a run gives the
    /// value only together with its usual parts, or when nothing was decided that would have filled it.
    pub(super) fn has(&self, slots: &ConclusionSlots, part: Part) -> bool {
        let seen = |slots: &ConclusionSlots, part| self.record.seen.get(slots.slot(part)) == Some(&true);
        if seen(slots, part) || !self.record.sparse || part == Part::Waiting {
            return seen(slots, part);
        }
        let usual = || usual_parts(self.hir, slots.id, false).any(|p| p == part);
        (seen(slots, Part::Value) || seen(slots, Part::State) && self.nothing_decided(slots) && self.whole())
            && usual()
    }

    /// Whether no row has a value that could have been left out.
    fn nothing_decided(&self, slots: &ConclusionSlots) -> bool {
        let at = self.words.schema.conclusions.iter().position(|c| c.id == slots.id);
        at.and_then(|at| self.tally.conclusions.get(at))
            .is_some_and(|of| of.outcomes.none() == 0 && of.outcomes.other() == 0)
    }

    /// Whether any conclusion came with its value, and so with all its usual parts.
    fn whole(&self) -> bool {
        self.words.schema.conclusions.iter().any(|c| self.record.seen.get(c.first) == Some(&true))
    }

    pub(super) fn name(&self, id: ConclusionId) -> String {
        let conclusion = self.hir.conclusions.get(id.index());
        conclusion.map(|c| qualified(self.hir, c.entity, &c.name)).unwrap_or_default()
    }

    pub(super) fn type_of(&self, id: ConclusionId) -> Type {
        self.hir.conclusions.get(id.index()).map_or(Type::Error, |c| c.ty.clone())
    }

    /// An outcome in words, with its state.
    pub(super) fn outcome(&self, slots: &ConclusionSlots, code: u32) -> (String, &'static str) {
        match code {
            NONE => (EMPTY.to_owned(), "定论"),
            OTHER => (REST.to_owned(), "定论"),
            OPTIONS => (CHOICE.to_owned(), "定论"),
            code => match code.checked_sub(STATE).and_then(|at| STATES.get(at as usize)) {
                Some(word) => ((*word).to_owned(), word),
                None => (self.words.text(slots.first, code).to_owned(), "定论"),
            },
        }
    }

    fn conclusion(&self, slots: &ConclusionSlots, of: &OfConclusion) -> ConclusionSummary {
        let ty = self.type_of(slots.id);
        let split = self.split && matches!(ty, Type::Multi(_));
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let declared = declared(self.hir, &ty);
        if split || matches!(ty, Type::Bool | Type::Enum(_)) {
            counts.extend(declared.iter().map(|value| (value.clone(), 0)));
        }
        for (code, count) in of.outcomes.texts() {
            let text = self.words.text(slots.first, code);
            for value in if split { singles(text) } else { vec![text] } {
                *counts.entry(value.to_owned()).or_insert(0) += count;
            }
        }
        let value = |(text, count): (String, u64)| Valued { text, state: "定论", count };
        let mut outcomes: Vec<Valued> = ordered(&declared, counts).into_iter().map(value).collect();
        let special = [OPTIONS, NONE, OTHER].into_iter().chain(STATE + 1..STATE + 5);
        outcomes.extend(special.filter(|code| of.outcomes.of(*code) > 0).map(|code| {
            let (text, state) = self.outcome(slots, code);
            Valued { text, state, count: of.outcomes.of(code) }
        }));
        let mut conflicts: Vec<Conflict> = of
            .conflicts
            .iter()
            .map(|((basis, candidates), count)| Conflict {
                basis: basis.to_string(),
                candidates: candidates.to_string(),
                count: *count,
            })
            .collect();
        conflicts.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (&a.basis, &a.candidates).cmp(&(&b.basis, &b.candidates)))
        });
        ConclusionSummary {
            name: self.name(slots.id),
            rows: of.outcomes.total(),
            outcomes,
            split,
            pending: of.outcomes.of(STATE + 1),
            waiting: (of.outcomes.of(STATE + 1) == 0 || self.has(slots, Part::Waiting))
                .then(|| waiting(self.words, &of.waits)),
            conflicts,
            more_conflicts: of.more_conflicts,
        }
    }

    pub(super) fn declared(&self, id: ConclusionId) -> Vec<String> {
        declared(self.hir, &self.type_of(id))
    }
}
