//! Diagnostics for programs: one JSON object a line. Positions are given both in bytes and as lines
//! and columns (characters), counted from 1.
use serde::Serialize;

use super::place::{at, clamp};
use super::{Diagnostic, Severity};
use crate::base::{Sources, Span};

/// One diagnostic. The place is that of the first label; absent when there is none.
#[derive(Serialize)]
struct Record<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place>,
    labels: Vec<LabelRecord<'a>>,
    help: Option<&'a str>,
    fix: Option<FixRecord<'a>>,
}

#[derive(Serialize)]
struct LabelRecord<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Option<Place>,
}

#[derive(Serialize)]
struct FixRecord<'a> {
    replacement: &'a str,
    #[serde(flatten)]
    place: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start: u32,
    end: u32,
}

/// The diagnostics in the order given, one JSON object a line.
#[must_use]
pub fn lines(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&value(diagnostic, sources).to_string());
        out.push('\n');
    }
    out
}

/// One diagnostic as a JSON value.
#[must_use]
pub fn value(diagnostic: &Diagnostic, sources: &Sources) -> serde_json::Value {
    let record = Record {
        code: diagnostic.code,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: &diagnostic.message,
        place: diagnostic.labels.first().and_then(|it| place(it.span, sources)),
        labels: diagnostic
            .labels
            .iter()
            .map(|it| LabelRecord { text: &it.text, place: place(it.span, sources) })
            .collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic
            .fix
            .as_ref()
            .map(|it| FixRecord { replacement: &it.replacement, place: place(it.span, sources) }),
    };
    // Strings and numbers under fixed keys always serialize.
    serde_json::to_value(record).unwrap_or_default()
}

fn place(span: Span, sources: &Sources) -> Option<Place> {
    let span = clamp(sources, span)?;
    let from = at(sources, span);
    let to = at(sources, Span { start: span.end, ..span });
    Some(Place {
        file: from.file.to_owned(),
        line: from.line + 1,
        column: from.column + 1,
        end_line: to.line + 1,
        end_column: to.column + 1,
        start: span.start,
        end: span.end,
    })
}
