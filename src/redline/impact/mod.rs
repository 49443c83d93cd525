//! What a change does to cases: each is run by both texts; every conclusion that comes out otherwise is traced to the
//! changed provisions that made it so.
//!
//! In: two compiled policies, their [`Redline`], case files. Out: an [`Impact`], plain data. Every case of every file is
//! in one of three heaps: unchanged, changed, unreadable by one of the texts.
mod cause;
mod report;
mod told;
mod walk;

use super::model::Redline;
use crate::base::{Date, FileId, Span};
use crate::diag::Diagnostic;
use crate::facts::{CaseFile, Format, case_places};
use crate::policy::{Policy, ReadFile};
use cause::Causes;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use told::{Told, told};

pub use report::{html, json, markdown, text};

/// Everything the cases show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// How many cases come out the same.
    pub unchanged: usize,
    /// Those that do not.
    pub changed: Vec<ChangedCase>,
    /// Those that one of the texts, or both, cannot read.
    pub unreadable: Vec<UnreadableCase>,
}

/// Where a case stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CasePlace {
    /// Its file.
    pub path: PathBuf,
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
}

/// A case some of whose conclusions changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedCase {
    /// Which.
    pub case: CasePlace,
    /// The conclusions that changed, in order of the new text's declarations.
    pub conclusions: Vec<ChangedConclusion>,
}

/// A conclusion that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedConclusion {
    /// Entity.
    pub entity: String,
    /// Of whom, as reports say it; empty for the whole case.
    pub subject: String,
    /// Name.
    pub name: String,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// Addresses it rested on.
    pub old_basis: Vec<String>,
    /// Addresses it rests on.
    pub new_basis: Vec<String>,
    /// Entries of the redline that made the difference, in its order; none if it cannot be told.
    pub causes: Vec<usize>,
}

/// A case that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableCase {
    /// Which.
    pub case: CasePlace,
    /// What the old text has against it; nothing if it reads it.
    pub old: Vec<String>,
    /// What the new text has against it.
    pub new: Vec<String>,
}

/// One kind of change over all cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Entity.
    pub entity: String,
    /// Conclusion.
    pub name: String,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// How many cases have such a change.
    pub cases: usize,
    /// How many conclusions.
    pub conclusions: usize,
}

impl Impact {
    /// How many cases there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.unchanged + self.changed.len() + self.unreadable.len()
    }

    /// The kinds of changes: those of the most cases first.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: BTreeMap<[&str; 4], (usize, usize)> = BTreeMap::new();
        for case in &self.changed {
            let mut here: BTreeMap<[&str; 4], usize> = BTreeMap::new();
            for c in &case.conclusions {
                *here.entry([&c.entity, &c.name, &c.from, &c.to]).or_default() += 1;
            }
            for (kind, conclusions) in here {
                let count = kinds.entry(kind).or_default();
                *count = (count.0 + 1, count.1 + conclusions);
            }
        }
        let mut out: Vec<Kind> = kinds
            .into_iter()
            .map(|([entity, name, from, to], (cases, conclusions))| Kind {
                entity: entity.to_owned(),
                name: name.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
                cases,
                conclusions,
            })
            .collect();
        out.sort_by_key(|k| std::cmp::Reverse(k.cases));
        out
    }
}

/// Runs the cases of `files` (path and text) by both policies. `date` goes before the 认定日期 of the cases.
#[must_use]
pub fn impact(
    old: &Policy,
    new: &Policy,
    redline: &Redline,
    files: &[(PathBuf, String)],
    date: Option<Date>,
) -> Impact {
    let causes = Causes::new(old, new, redline);
    let mut impact = Impact::default();
    for (path, text) in files {
        let sides = [old, new].map(|policy| policy.read_facts(path, text, date));
        let format = Format::of_path(&path.display().to_string()).unwrap_or_else(|| Format::sniff(text));
        let mut places = case_places(text, FileId(0), format);
        if places.is_empty() {
            // Nothing in it can be read: it counts as one.
            places.push(Span::default());
        }
        for place in &places {
            case(&mut impact, (old, new), &causes, path, (place, &places), &sides);
        }
    }
    impact
}

fn case(
    impact: &mut Impact,
    (old, new): (&Policy, &Policy),
    causes: &Causes<'_>,
    path: &Path,
    (place, places): (&Span, &[Span]),
    [old_read, new_read]: &[ReadFile; 2],
) {
    let find = |read: &ReadFile| -> Option<CaseFile> {
        read.cases.iter().find(|c| c.span.start == place.start).cloned()
    };
    let (a, b) = (find(old_read), find(new_read));
    let name = a.as_ref().or(b.as_ref()).map(|c| c.case.name.clone());
    let stem = || path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let line =
        |read: &ReadFile, case: &Option<CaseFile>| case.as_ref().map(|c| read.sources.start(c.span).line);
    let at = CasePlace {
        path: path.to_path_buf(),
        line: line(old_read, &a).or_else(|| line(new_read, &b)).unwrap_or(1),
        name: name.unwrap_or_else(stem),
    };
    let (Some(a), Some(b)) = (&a, &b) else {
        let against = |read: &ReadFile, case: Option<&CaseFile>| match case {
            Some(_) => Vec::new(),
            None => reasons(read, place, places),
        };
        let (old, new) = (against(old_read, a.as_ref()), against(new_read, b.as_ref()));
        impact.unreadable.push(UnreadableCase { case: at, old, new });
        return;
    };
    let (before, after) = (told(old, old_read, a), told(new, new_read, b));
    let conclusions = changed(&before, &after, causes);
    if conclusions.is_empty() {
        impact.unchanged += 1;
    } else {
        impact.changed.push(ChangedCase { case: at, conclusions });
    }
}

/// What stands against a case: what is said of its own place, else what is said of no case at all.
fn reasons(read: &ReadFile, place: &Span, places: &[Span]) -> Vec<String> {
    let own = read.sources.ids().count().saturating_sub(1 + read.bases.len());
    let within = |d: &Diagnostic, place: &Span| {
        d.labels.first().is_some_and(|l| {
            l.span.file.0 as usize == own && place.start <= l.span.start && l.span.start <= place.end
        })
    };
    let said = |d: &&Diagnostic| d.message.clone();
    let mut out: Vec<String> =
        read.diagnostics.iter().filter(|d| within(d, place)).map(|d| said(&d)).collect();
    if out.is_empty() {
        let free = |d: &&Diagnostic| !places.iter().any(|p| within(d, p));
        out = read.diagnostics.iter().filter(free).map(|d| said(&d)).collect();
    }
    if out.is_empty() {
        out.push("读不懂".to_owned());
    }
    out.dedup();
    out
}

/// Conclusions of one case that differ, in the order of the new text; those it no longer has come last.
fn changed(before: &Told<'_>, after: &Told<'_>, causes: &Causes<'_>) -> Vec<ChangedConclusion> {
    let mut out = Vec::new();
    let find = |told: &Told<'_>, key: &told::Key| told.conclusions.iter().position(|c| c.key == *key);
    for (n, new) in after.conclusions.iter().enumerate() {
        let o = find(before, &new.key);
        let old = o.and_then(|o| before.conclusions.get(o));
        let same_basis = |old: &told::Said| causes.same(&old.basis, &new.basis);
        if old.is_some_and(|old| old.state == new.state && same_basis(old)) {
            continue;
        }
        out.push(told::difference(old, Some(new), causes.of((before, o), (after, Some(n)))));
    }
    for (o, old) in before.conclusions.iter().enumerate() {
        if find(after, &old.key).is_none() {
            out.push(told::difference(Some(old), None, causes.of((before, Some(o)), (after, None))));
        }
    }
    out
}
