//! One case through a law, as a test.
use super::difference::{Difference, Mismatch, mismatches};
use super::explain::explain;
use super::snapshot;
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Sources};
use crate::eval::{Env, Evaluation, Finding, findings};
use crate::facts::CaseFile;
use crate::ir::Program;
use crate::report::View;
use crate::report::node::Node;

/// What cases are tried against.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// The law.
    pub program: &'a Program,
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// Goes before the 认定日期 of the cases.
    pub date: Option<Date>,
}

/// A conclusion that is not as expected, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// 甲; empty for the one row of the root.
    pub row: String,
    /// Name of the conclusion.
    pub conclusion: String,
    /// Line of the expectation in the case file, from 1.
    pub line: u32,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Why, from the first step that differs.
    pub reasons: Vec<Node>,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It has 期望: what differs.
    Compared(Vec<Failure>),
    /// It has none: its results as they are kept in a snapshot.
    Recorded(String),
}

/// One case that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// Name of the case.
    pub name: String,
    /// Where it begins in its file, from 1.
    pub line: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// How a test stands once snapshots are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// As expected, or as in the snapshot.
    Passed,
    /// Not as expected.
    Failed,
    /// Its file cannot be read.
    Refused,
    /// No snapshot yet.
    New,
    /// Other than in the snapshot.
    Changed,
    /// A snapshot whose case is gone.
    Orphaned,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Passed, Self::Failed, Self::Refused, Self::New, Self::Changed, Self::Orphaned];

    /// In Chinese.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "通过",
            Self::Failed => "不符",
            Self::Refused => "读不懂",
            Self::New => "没有快照",
            Self::Changed => "与快照不同",
            Self::Orphaned => "快照无主",
        }
    }

    /// For programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Orphaned => "orphaned",
        }
    }
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [usize; 6],
    /// Left out by filters.
    pub skipped: usize,
}

impl Tally {
    /// One more.
    pub fn add(&mut self, state: State) {
        if let Some(slot) = self.counts.get_mut(state as usize) {
            *slot += 1;
        }
    }

    /// How many there are in a state.
    #[must_use]
    pub fn of(&self, state: State) -> usize {
        self.counts.get(state as usize).copied().unwrap_or(0)
    }

    /// Cases tried; snapshots without a case are none.
    #[must_use]
    pub fn cases(&self) -> usize {
        State::ALL.iter().filter(|s| **s != State::Orphaned).map(|s| self.of(*s)).sum()
    }

    /// Whether everything is as it should be.
    #[must_use]
    pub fn fine(&self) -> bool {
        State::ALL.iter().filter(|s| **s != State::Passed).all(|s| self.of(*s) == 0)
    }
}

/// Evaluates a case and compares it with its 期望; without any, writes down what it gives. `run` is used again for the
/// next case.
#[must_use]
pub fn try_case(law: &Law<'_>, sources: &Sources, case: &CaseFile, run: &mut Evaluation) -> Tested {
    run.run(law.program, &case.case, &Env { calendar: law.calendar, date: law.date });
    let findings = findings(law.program, &case.case, run);
    let view =
        View { program: law.program, sources, case: &case.case, run, date: law.date.or(case.case.date) };
    let outcome = if case.expectations.is_empty() {
        Outcome::Recorded(snapshot::text(&view, &findings))
    } else {
        Outcome::Compared(compare(&view, case, &findings))
    };
    Tested { name: crate::base::wording::fold(&case.case.name), line: sources.start(case.span).line, outcome }
}

fn compare(view: &View<'_>, case: &CaseFile, findings: &[Finding]) -> Vec<Failure> {
    let found = mismatches(view.hir(), case, findings);
    found.iter().map(|m| failure(view, m, &found)).collect()
}

fn failure(view: &View<'_>, of: &Mismatch<'_>, all: &[Mismatch<'_>]) -> Failure {
    let conclusion = view.hir().conclusions.get(of.finding.conclusion.index());
    let at = of.differences.first().map_or(of.expectation.span, |d| d.at);
    Failure {
        row: view.place(of.finding.entity, of.finding.row),
        conclusion: conclusion.map(|c| c.name.clone()).unwrap_or_default(),
        line: view.sources.start(at).line,
        differences: of.differences.clone(),
        reasons: explain(view, of, all),
    }
}
