//! Each case by the text in force on a day that the case itself tells, such as the day of the act.
use super::errors;
use super::opened::{Batch, Opened};
use crate::base::{Date, FileId, Val};
use crate::diag::Diagnostic;
use crate::facts::{Case, CaseFile, Format, case_places};
use crate::hir::{EntityId, FactId, Hir, Slot, Type};
use crate::policy::Refusal;
use std::collections::BTreeMap;
use std::path::Path;

/// A fact of the root entity that is a date: 借阅.借出日期.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFact {
    entity: String,
    fact: String,
}

/// A case and the text it is judged by.
#[derive(Debug)]
pub struct Dated {
    /// For [`Opened::policy`].
    pub number: usize,
    /// The case as read by that text.
    pub case: CaseFile,
}

/// The cases of a file, each by its own text, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct ByDate {
    /// In order of place.
    pub cases: Vec<Dated>,
    /// Each with the number of the policy into whose sources it points.
    pub diagnostics: Vec<(usize, Diagnostic)>,
}

impl From<Vec<Batch>> for ByDate {
    fn from(batches: Vec<Batch>) -> Self {
        let mut all = Self::default();
        for Batch { number, cases, diagnostics } in batches {
            all.cases.extend(cases.into_iter().map(|case| Dated { number, case }));
            all.diagnostics.extend(diagnostics.into_iter().map(|d| (number, d)));
        }
        all.cases.sort_by_key(|c| c.case.span.start);
        all
    }
}

impl DateFact {
    /// Reads `实体.事实`; a bare name is a fact of the root.
    ///
    /// # Errors
    /// When the law has no such fact of the root entity, or it is no date.
    pub fn parse(text: &str, hir: &Hir) -> Result<Self, Diagnostic> {
        let root = hir.entities.first().map_or("", |e| e.name.as_str());
        let (entity, fact) = text.split_once('.').unwrap_or((root, text));
        let wanted = Self { entity: entity.trim().to_owned(), fact: fact.trim().to_owned() };
        match wanted.find(hir) {
            Some(_) => Ok(wanted),
            None => Err(errors::no_date_fact(text, root, &dates_of(hir))),
        }
    }

    fn find(&self, hir: &Hir) -> Option<FactId> {
        let root = hir.entities.first().filter(|e| e.name == self.entity)?;
        root.facts
            .iter()
            .copied()
            .find(|id| hir.facts.get(id.index()).is_some_and(|f| f.name == self.fact && f.ty == Type::Date))
    }

    /// Where a text of the law keeps it among the values of the root; none when that text has no such fact.
    #[must_use]
    pub fn slot(&self, hir: &Hir) -> Option<u32> {
        match hir.facts.get(self.find(hir)?.index())?.slot {
            Slot::Value(slot) => Some(slot),
            Slot::Truth(_) | Slot::Child(_) => None,
        }
    }

    /// The day a case tells, by the place of [`Self::slot`].
    #[must_use]
    pub fn day(slot: u32, case: &Case) -> Option<Date> {
        match case.table(EntityId(0))?.values.get(slot as usize) {
            Some(Val::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Reads the cases of a file, each by the text in force on the day it tells.
    ///
    /// # Errors
    /// When one of the texts cannot be made.
    pub fn read(
        &self,
        opened: &mut Opened,
        path: &Path,
        text: &str,
        day: Option<Date>,
    ) -> Result<ByDate, Refusal> {
        let last = opened.timeline().map_or(0, |t| t.steps().len());
        let mut found = ByDate::default();
        let mut undated: Vec<CaseFile> = Vec::new();
        let mut problems: Vec<(usize, Diagnostic)> = Vec::new();
        for number in 0..=last {
            for batch in opened.read_as(number, path, text, day)? {
                problems.extend(batch.diagnostics.into_iter().map(|d| (number, d)));
                for case in batch.cases {
                    let hir = &opened.policy(number).program().hir;
                    match self.slot(hir).and_then(|slot| Self::day(slot, &case.case)) {
                        Some(date) if opened.number_on(date) == number => {
                            found.cases.push(Dated { number, case });
                        }
                        Some(_) => {}
                        None => undated.push(case),
                    }
                }
            }
        }
        found.cases.sort_by_key(|c| c.case.span.start);
        let starts = case_places(text, FileId(0), Format::of_text(path, text));
        // Which case of the file a place lies in.
        let nth = |start: u32| starts.partition_point(|s| s.start <= start);
        let settled: BTreeMap<usize, usize> =
            found.cases.iter().map(|c| (nth(c.case.span.start), c.number)).collect();
        let mut untold: BTreeMap<usize, &CaseFile> = BTreeMap::new();
        for case in &undated {
            let place = nth(case.span.start);
            if !settled.contains_key(&place) {
                untold.entry(place).or_insert(case);
            }
        }
        let fact = self.to_string();
        found.diagnostics.extend(untold.values().map(|case| (0, errors::undated(&case.case.name, &fact))));
        // What another text has to say of a case that is settled, or cannot be, is of no use.
        found.diagnostics.extend(problems.into_iter().filter(|(number, d)| {
            let place = d.labels.first().map_or(0, |l| nth(l.span.start));
            match settled.get(&place) {
                Some(own) => own == number,
                None => *number == 0 && !untold.contains_key(&place),
            }
        }));
        Ok(found)
    }
}

impl std::fmt::Display for DateFact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.entity, self.fact)
    }
}

/// Names of the date facts of the root.
fn dates_of(hir: &Hir) -> Vec<String> {
    let root = hir.entities.first().map(|e| e.facts.as_slice()).unwrap_or_default();
    let facts = root.iter().filter_map(|id| hir.facts.get(id.index()));
    facts.filter(|f| f.ty == Type::Date).map(|f| f.name.clone()).collect()
}
