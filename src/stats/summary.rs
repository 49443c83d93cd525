//! The figures of a run in the words of the law, ready to be shown: values in declared order, provisions in that of the
//! statute, everything else by how often.
use super::compare::Comparison;
use super::counter::{OPTIONS, STATE};
use super::record::Record;
use super::schema::{ByWhat, ConclusionSlots, qualified};
use super::summary_compare::{Compared, compared};
use super::tally::{OfConclusion, OfCross, Standings, Tally, Waits};
use super::words::{NONE, OTHER, STATES, Words};
use crate::base::numeral::to_chinese;
use crate::batch::{Part, usual_parts};
use crate::hir::{ConclusionId, HeadingLevel, Hir, ProvisionId, RuleId, Type};
use crate::report::cite::rule_address;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// What a provision did for one conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionFor {
    /// Which.
    pub conclusion: String,
    /// 决定, 选项, 被排除, 待查, 冲突.
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
    /// Rows it is about.
    pub rows: u64,
    /// Rows in which it took part; none when the results do not say.
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
    let conclusions = schema.conclusions.iter().zip(&tally.conclusions).filter(|(c, _)| {
        told(c, Part::Value) || told(c, Part::State)
    });
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
        crosses: tally.crosses.iter().filter_map(|cross| parts.cross(cross)).collect(),
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
fn declared(hir: &Hir, ty: &Type) -> Vec<String> {
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
fn singles(text: &str) -> Vec<&str> {
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

impl Parts<'_> {
    /// Whether the results tell a part of a conclusion, be it that its cells are all empty.
    pub(super) fn has(&self, slots: &ConclusionSlots, part: Part) -> bool {
        let seen = |part| self.record.seen.get(slots.slot(part)) == Some(&true);
        let usual = || usual_parts(self.hir, slots.id, false).any(|p| p == part);
        seen(part) || self.record.sparse && part != Part::Waiting && seen(Part::Value) && usual()
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
            waiting: self.has(slots, Part::Waiting).then(|| waiting(self.words, &of.waits)),
            conflicts,
            more_conflicts: of.more_conflicts,
        }
    }

    fn provisions(&self) -> Vec<Provision> {
        let mut out = Vec::new();
        for (at, provision) in self.hir.provisions.iter().enumerate() {
            let id = ProvisionId(u32::try_from(at).unwrap_or(u32::MAX));
            let here = self.hir.rules.iter().enumerate().filter(|(_, r)| r.provision == id);
            let cites: BTreeSet<(u32, String)> = here
                .filter(|(_, r)| !r.consequences.is_empty())
                .filter_map(|(at, _)| {
                    let cite = rule_address(self.hir, RuleId(u32::try_from(at).ok()?));
                    Some((self.words.cites.get(&cite)?, cite))
                })
                .collect();
            let base = Provision {
                address: provision.address.to_string(),
                heading: self.heading(at),
                depth: provision.address.parts.len().saturating_sub(1),
                text: provision.text.as_ref().map(|(text, _)| text.clone()).unwrap_or_default(),
                known: true,
                ..Provision::default()
            };
            if !cites.iter().any(|(_, cite)| *cite == base.address) {
                out.push(base.clone());
            }
            for (cite, address) in cites {
                let own = address == base.address;
                let shown = if own { base.clone() } else { Provision { heading: None, text: String::new(), ..base.clone() } };
                out.push(self.counted(cite, Provision { address, decides: true, ..shown }));
            }
        }
        let strange = (0..).zip(self.words.cites.list()).skip(self.words.cites.known);
        out.extend(strange.map(|(cite, address)| {
            self.counted(cite, Provision { address: address.to_string(), decides: true, ..Provision::default() })
        }));
        out
    }

    fn heading(&self, before: usize) -> Option<String> {
        let here = self.hir.headings.iter().filter(|h| h.before as usize == before);
        let names: Vec<String> = here
            .map(|h| {
                let unit = if h.level == HeadingLevel::Chapter { "章" } else { "节" };
                format!("第{}{unit}　{}", to_chinese(u64::from(h.number)), h.title)
            })
            .collect();
        (!names.is_empty()).then(|| names.join("　"))
    }

    /// With its counts: of the rules that are cited so.
    fn counted(&self, cite: u32, provision: Provision) -> Provision {
        let rules = self.hir.rules.iter().enumerate().filter(|(at, r)| {
            !r.consequences.is_empty()
                && rule_address(self.hir, RuleId(u32::try_from(*at).unwrap_or(u32::MAX))) == provision.address
        });
        let (mut entities, mut about) = (BTreeSet::new(), BTreeSet::new());
        for (_, rule) in rules {
            entities.insert(rule.entity.index());
            about.extend(rule.consequences.iter().map(|c| c.conclusion));
        }
        let slots: Vec<_> = self.words.schema.conclusions.iter().enumerate().collect();
        let tells = slots.iter().any(|(_, c)| {
            (about.contains(&c.id) || !provision.known)
                && [Part::Basis, Part::Options, Part::Defeated].iter().any(|p| self.has(c, *p))
        });
        let at = cite as usize;
        let of = slots.iter().filter_map(|(index, c)| {
            let counts = *self.tally.conclusions.get(*index)?.standings.get(at)?;
            counts.iter().any(|n| *n > 0).then(|| ProvisionFor { conclusion: self.name(c.id), counts })
        });
        Provision {
            rows: entities.iter().filter_map(|e| self.tally.rows.get(*e)).sum(),
            counts: tells.then(|| self.tally.standings.get(at).copied().unwrap_or_default()),
            of: of.collect(),
            ..provision
        }
    }

    fn cross(&self, cross: &OfCross) -> Option<Cross> {
        let by = self.words.schema.by.get(cross.by)?;
        let slots = self.words.schema.conclusions.get(cross.conclusion)?;
        if cross.pairs.is_empty() {
            return None;
        }
        let split_by = self.split && by.multiple;
        let by_text = |code: u32| -> Vec<String> {
            let text = match by.what {
                ByWhat::Conclusion(c) => self.words.schema.conclusions.get(c).map(|c| self.outcome(c, code).0),
                ByWhat::Fact(_, slot) => Some(match code {
                    NONE => EMPTY.to_owned(),
                    OTHER => REST.to_owned(),
                    code => self.words.text(slot, code).to_owned(),
                }),
            };
            let text = text.unwrap_or_default();
            if split_by { singles(&text).into_iter().map(str::to_owned).collect() } else { vec![text] }
        };
        let ty = self.type_of(slots.id);
        let split = self.split && matches!(ty, Type::Multi(_));
        let mut cells: BTreeMap<(String, (&'static str, String)), u64> = BTreeMap::new();
        for ((code, outcome), count) in &cross.pairs {
            let (text, state) = self.outcome(slots, *outcome);
            let outcomes = if split && state == "定论" { singles(&text) } else { vec![text.as_str()] };
            for line in by_text(*code) {
                for text in &outcomes {
                    *cells.entry((line.clone(), (state, (*text).to_owned()))).or_insert(0) += count;
                }
            }
        }
        let (mut lines, mut columns) = (BTreeMap::new(), BTreeMap::new());
        for ((line, column), count) in &cells {
            *lines.entry(line.clone()).or_insert(0) += count;
            *columns.entry(column.clone()).or_insert(0) += count;
        }
        let by_type = match by.what {
            ByWhat::Fact(id, _) => self.hir.facts.get(id.index()).map(|f| f.ty.clone()),
            ByWhat::Conclusion(c) => self.words.schema.conclusions.get(c).map(|c| self.type_of(c.id)),
        };
        let mut lines_declared = declared(self.hir, &by_type.unwrap_or(Type::Error));
        lines_declared.retain(|d| lines.contains_key(d));
        let lines: Vec<String> = ordered(&lines_declared, lines).into_iter().map(|(line, _)| line).collect();
        let columns = self.columns(&declared(self.hir, &ty), columns);
        let counts = lines.iter().map(|line| {
            let cell = |c: &Valued| cells.get(&(line.clone(), (c.state, c.text.clone()))).copied().unwrap_or(0);
            columns.iter().map(cell).collect()
        });
        Some(Cross {
            by: by.name.clone(),
            conclusion: self.name(slots.id),
            split: split_by || split,
            counts: counts.collect(),
            lines,
            columns,
        })
    }

    /// Outcomes in order: values as declared or by how often, then states.
    pub(super) fn columns(
        &self,
        declared: &[String],
        counts: BTreeMap<(&'static str, String), u64>,
    ) -> Vec<Valued> {
        let place = |v: &Valued| {
            let state = STATES.iter().position(|s| *s == v.state).unwrap_or(0);
            let rest = [CHOICE, EMPTY, REST].iter().position(|w| *w == v.text);
            (state, rest, declared.iter().position(|d| *d == v.text).unwrap_or(usize::MAX))
        };
        let mut out: Vec<Valued> =
            counts.into_iter().map(|((state, text), count)| Valued { text, state, count }).collect();
        out.sort_by(|a, b| {
            place(a).cmp(&place(b)).then(b.count.cmp(&a.count)).then_with(|| a.text.cmp(&b.text))
        });
        out
    }

    pub(super) fn declared(&self, id: ConclusionId) -> Vec<String> {
        declared(self.hir, &self.type_of(id))
    }
}
