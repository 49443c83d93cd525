//! What can be wrong with a case: one function a finding, each with its own code (B0501 to B0549).
mod expectation;
mod layout;
mod syntax;
mod value;

pub(super) use expectation::*;
pub(super) use layout::*;
pub(super) use syntax::*;
pub(super) use value::*;

use crate::base::Span;
use crate::diag::Diagnostic;
use std::fmt::Write;

/// How much of the user's own text a message repeats.
const LONGEST_QUOTE: usize = 40;
/// How many allowed values a message lists.
const MOST_LISTED: usize = 16;

/// The user's words as a message shows them: one line, not too long.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(LONGEST_QUOTE)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        shown.push('…');
    }
    shown
}

/// 甲、乙、丙
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = words.into_iter();
    let mut list = words.by_ref().take(MOST_LISTED).collect::<Vec<_>>().join("、");
    let rest = words.count();
    if rest > 0 {
        let _infallible = write!(list, "等 {} 项", MOST_LISTED + rest);
    }
    list
}

/// The most findings reported for one file.
const MOST_REPORTED: usize = 200;

/// Findings of one reading; beyond [`MOST_REPORTED`] they are only counted.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Diagnostic>,
    dropped: usize,
    last: Option<Span>,
}

impl Report {
    /// Adds what `make` builds, unless there are too many already.
    pub(super) fn add(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.found.len() < MOST_REPORTED {
            let diagnostic = make();
            self.last = diagnostic.labels.first().map(|label| label.span);
            self.found.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// Adds several.
    pub(super) fn extend(&mut self, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            self.add(|| diagnostic);
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.found.len() + self.dropped
    }

    /// All of them in order of place, without repeats.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort();
        self.found.dedup();
        if let (1.., Some(last)) = (self.dropped, self.last) {
            self.found.push(too_many(last, self.dropped));
        }
        self.found
    }
}

fn too_many(at: Span, dropped: usize) -> Diagnostic {
    Diagnostic::error("B0549", format!("问题过多，另有 {dropped} 处没有列出"))
        .label(at, "列到这里")
        .help("先改正已列出的问题，再检查一次")
}
