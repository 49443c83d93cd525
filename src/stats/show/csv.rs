//! Every count in long form: 表,行,列,数, one number a line, so that a spreadsheet can pivot it.
use crate::stats::Summary;
use crate::stats::summary::Valued;
use crate::stats::tally::STANDINGS;
use std::fmt::Write as _;

/// The summary as CSV.
#[must_use]
pub fn csv(summary: &Summary) -> String {
    let mut out = String::from("表,行,列,数\n");
    let mut put = |table: &str, row: &str, column: &str, count: u64| {
        let _ = writeln!(out, "{},{},{},{count}", field(table), field(row), field(column));
    };
    for (what, count) in [
        ("全部", summary.cases),
        ("全部已定", summary.decided),
        ("有待查", summary.pending),
        ("有冲突", summary.conflict),
        ("读不懂的行", summary.bad),
    ] {
        put("案件", what, "", count);
    }
    for (name, rows) in &summary.entities {
        put("行", name, "", *rows);
    }
    for of in &summary.conclusions {
        for v in &of.outcomes {
            put("结论", &of.name, &said(v), v.count);
        }
        for c in &of.conflicts {
            put("冲突", &format!("{}：{}", of.name, c.basis), &c.candidates, c.count);
        }
        for w in of.waiting.iter().flatten() {
            put(&format!("待查：{}", of.name), &w.fact, "结论", w.count);
            put(&format!("待查：{}", of.name), &w.fact, "只等它的", w.alone);
        }
    }
    for w in summary.waiting.iter().flatten() {
        put("待查", &w.fact, "结论", w.count);
        put("待查", &w.fact, "只等它的", w.alone);
        put("待查", &w.fact, "案件", w.cases);
    }
    for p in summary.provisions.iter().filter(|p| p.decides) {
        for (standing, count) in STANDINGS.iter().zip(p.counts.iter().flatten()) {
            put("条文", &p.address, standing.word(), *count);
        }
        for of in &p.of {
            for (standing, count) in STANDINGS.iter().zip(&of.counts).filter(|(_, n)| **n > 0) {
                put(&format!("条文：{}", of.conclusion), &p.address, standing.word(), *count);
            }
        }
    }
    for cross in &summary.crosses {
        let table = format!("{} × {}", cross.by, cross.conclusion);
        for (line, counts) in cross.lines.iter().zip(&cross.counts) {
            for (column, count) in cross.columns.iter().zip(counts) {
                put(&table, line, &said(column), *count);
            }
        }
    }
    if let Some(compared) = &summary.comparison {
        for (what, count) in [
            ("两次都有", compared.cases),
            ("有变化", compared.changed),
            ("只有以前有", compared.only_before),
            ("只有现在有", compared.only_after),
        ] {
            put("比较", what, "", count);
        }
        for of in &compared.conclusions {
            for m in &of.moved {
                put(&format!("变化：{}", of.name), &said(&m.before), &said(&m.after), m.count);
            }
            for p in &of.provisions {
                put(&format!("依据的变化：{}", of.name), &p.address, "不再是依据", p.lost);
                put(&format!("依据的变化：{}", of.name), &p.address, "成为依据", p.gained);
            }
        }
    }
    out
}

/// A value as it is; a state in brackets, so that it is no value.
fn said(valued: &Valued) -> String {
    if valued.state == "定论" { valued.text.clone() } else { format!("（{}）", valued.text) }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
