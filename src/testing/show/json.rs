//! For programs: one object, described in docs/结果格式.md.
use super::{Entry, Report};
use crate::diag;
use crate::report::line::Style;
use crate::report::node::draw;
use crate::testing::suite::{Failure, State};
use serde_json::{Value, json};

/// The whole report as one object.
#[must_use]
pub fn value(report: &Report) -> Value {
    let tally = &report.tally;
    let mut counts = serde_json::Map::new();
    counts.insert("cases".to_owned(), tally.cases().into());
    for state in State::ALL {
        counts.insert(state.code().to_owned(), tally.of(state).into());
    }
    counts.insert("skipped".to_owned(), tally.skipped.into());
    counts.insert("accepted".to_owned(), report.accepted.into());
    let policies: Vec<Value> = report
        .policies
        .iter()
        .map(|p| {
            let cases: Vec<Value> = p.entries.iter().map(entry).collect();
            let mut out = json!({ "path": p.path, "title": p.title, "cases": cases });
            if let (Some((found, sources)), Some(map)) = (&p.refusal, out.as_object_mut()) {
                let found = found.iter().map(|d| diag::json::value(d, sources)).collect();
                map.insert("diagnostics".to_owned(), found);
            }
            out
        })
        .collect();
    json!({ "passed": report.fine(), "counts": counts, "policies": policies })
}

fn entry(entry: &Entry) -> Value {
    let mut out = json!({
        "name": entry.name,
        "path": entry.path,
        "line": entry.line,
        "state": entry.state.code(),
    });
    let mut put = |key: &str, value: Value| {
        if let Some(map) = out.as_object_mut() {
            map.insert(key.to_owned(), value);
        }
    };
    if !entry.failures.is_empty() {
        put("failures", entry.failures.iter().map(failure).collect());
    }
    if let Some(change) = &entry.change {
        put("snapshot", json!({ "old": change.old, "new": change.new }));
    }
    if let Some((found, sources)) = &entry.refusal {
        put("diagnostics", found.iter().map(|d| diag::json::value(d, sources)).collect());
    }
    out
}

fn failure(failure: &Failure) -> Value {
    let differences: Vec<Value> = failure
        .differences
        .iter()
        .map(|d| json!({ "what": d.what, "expected": d.want, "actual": d.got }))
        .collect();
    json!({
        "row": failure.row,
        "conclusion": failure.conclusion,
        "line": failure.line,
        "differences": differences,
        "reasons": tree(failure),
    })
}

/// The reasons as drawn, unwrapped.
pub(super) fn tree(failure: &Failure) -> String {
    let mut out = String::new();
    draw(&mut out, &failure.reasons, "", &Style { width: 0, ..Style::default() });
    out
}
