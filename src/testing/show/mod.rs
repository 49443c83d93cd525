//! The report of a test run: for a terminal, as Markdown, as JSON, as `JUnit` XML.
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod markdown;
pub mod text;

use super::pending::Change;
use super::suite::{Failure, Outcome, State, Tally, Tested};
use crate::base::Sources;
use crate::diag::Diagnostic;

/// A case, or a file that cannot be read, or a snapshot without a case.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name of the case.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Where it begins, from 1.
    pub line: u32,
    /// How it stands.
    pub state: State,
    /// What is not as expected.
    pub failures: Vec<Failure>,
    /// How its results differ from its snapshot.
    pub change: Option<Change>,
    /// What is wrong with its file.
    pub refusal: Option<(Vec<Diagnostic>, Sources)>,
}

impl Entry {
    /// A case that was tried, with how its results differ from its snapshot.
    #[must_use]
    pub fn of(test: &Tested, path: &str, change: Option<Change>) -> Self {
        let (state, failures) = match (&test.outcome, &change) {
            (Outcome::Compared(failures), _) if failures.is_empty() => (State::Passed, Vec::new()),
            (Outcome::Compared(failures), _) => (State::Failed, failures.clone()),
            (Outcome::Recorded(_), Some(change)) => (change.state, Vec::new()),
            (Outcome::Recorded(_), None) => (State::Passed, Vec::new()),
        };
        let (name, path) = (test.name.clone(), path.to_owned());
        Self { name, path, line: test.line, state, failures, change, refusal: None }
    }
}

/// The cases of one policy.
#[derive(Clone, Debug)]
pub struct PolicyReport {
    /// Its file.
    pub path: String,
    /// Its title.
    pub title: String,
    /// In order of file and place.
    pub entries: Vec<Entry>,
    /// What is wrong with the policy itself; then nothing was tried.
    pub refusal: Option<(Vec<Diagnostic>, Sources)>,
}

/// A whole run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In order of path.
    pub policies: Vec<PolicyReport>,
    /// Counts.
    pub tally: Tally,
    /// Snapshots that were brought up to date.
    pub accepted: usize,
}

impl Report {
    /// Whether everything is as it should be.
    #[must_use]
    pub fn fine(&self) -> bool {
        self.tally.fine() && self.policies.iter().all(|p| p.refusal.is_none())
    }
}

/// `通过 3、不符 1`; what there is none of is left out.
#[must_use]
pub fn summary(report: &Report) -> String {
    let tally = &report.tally;
    let mut parts: Vec<String> = State::ALL
        .iter()
        .filter(|s| tally.of(**s) > 0)
        .map(|s| format!("{} {}", s.word(), tally.of(*s)))
        .collect();
    if tally.skipped > 0 {
        parts.push(format!("略过 {}", tally.skipped));
    }
    if report.accepted > 0 {
        parts.push(format!("接受快照 {}", report.accepted));
    }
    let counted = if parts.is_empty() { String::new() } else { format!("：{}", parts.join("、")) };
    let refused = report.policies.iter().filter(|p| p.refusal.is_some()).count();
    let lost =
        if refused > 0 { format!("；{refused} 部办法有错误，没有测试") } else { String::new() };
    let policies = report.policies.len() - refused;
    format!("测试了 {policies} 部办法、{} 个案例{counted}{lost}", tally.cases())
}

/// 甲的处理; the conclusion alone for the root.
fn subject(failure: &Failure) -> String {
    if failure.row.is_empty() {
        failure.conclusion.clone()
    } else {
        format!("{}的{}", failure.row, failure.conclusion)
    }
}
