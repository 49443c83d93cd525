//! The report as text, Markdown and JSON.
use super::report::{Count, Report, Survivor, share};
use crate::report::line::{Line, Paint, Style};
use crate::report::node::escape;
use serde_json::{Value, json as object};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// For reading on a terminal.
#[must_use]
pub fn text(report: &Report<'_>, style: &Style) -> String {
    let mut out = String::new();
    let mut line = |line: Line, first: &str, rest: &str| line.write(&mut out, style, first, rest);
    line(Line::default().paint(Paint::Title, &format!("{}：变异测试", report.title)), "", "  ");
    line(Line::from(summary(report)), "", "  ");
    line(Line::default(), "", "");
    let width = report.operators.iter().map(|(o, _)| o.name().width()).max().unwrap_or(0);
    for (operator, count) in &report.operators {
        let words = format!("{:>5} 个，发现 {:>5} 个  {:>6.1}%", count.all, count.killed, share(*count));
        line(Line::from(operator.name()).pad(width + 2).plain(&words), "  ", "    ");
    }
    let (open, known) = (report.unexplained(), report.explained());
    if !open.is_empty() {
        line(Line::default(), "", "");
        line(Line::default().paint(Paint::Title, &format!("没有案例发现的（{} 个）", open.len())), "", "  ");
        for survivor in open {
            line(Line::default().paint(Paint::Cite, &survivor.mutant.id), "  ", "    ");
            line(Line::from(survivor.mutant.description.as_str()), "    ", "      ");
            line(Line::default().paint(Paint::Faint, "区分：").plain(&survivor.advice()), "    ", "      ");
        }
    }
    if !known.is_empty() {
        line(Line::default(), "", "");
        let title = format!("没有案例发现而已有说明的（{} 个）", known.len());
        line(Line::default().paint(Paint::Title, &title), "", "  ");
        for survivor in known {
            line(Line::default().paint(Paint::Cite, &survivor.mutant.id), "  ", "    ");
            line(Line::from(survivor.mutant.description.as_str()), "    ", "      ");
            let reason = survivor.reason.as_deref().unwrap_or_default();
            line(Line::default().paint(Paint::Faint, "说明：").plain(reason), "    ", "      ");
        }
    }
    out
}

fn summary(report: &Report<'_>) -> String {
    let Count { all, killed } = report.total;
    let mut out =
        format!("{} 个案例，{all} 个变异，发现 {killed} 个，{:.1}%", report.cases, report.percent());
    let (open, known) = (report.unexplained().len(), report.explained().len());
    if known > 0 {
        let _ = write!(out, "；未发现的 {} 个中 {known} 个已有说明", open + known);
    }
    if report.circular > 0 {
        let _ = write!(out, "；另有 {} 个不能成立（条文会依赖自身）", report.circular);
    }
    out
}

/// For pasting into a document.
#[must_use]
pub fn markdown(report: &Report<'_>) -> String {
    let mut out = format!("# {}：变异测试\n\n{}\n\n", escape(&report.title), summary(report));
    out.push_str("| 变异 | 个数 | 发现 | 比例 |\n| --- | ---: | ---: | ---: |\n");
    for (operator, count) in &report.operators {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {:.1}% |",
            operator.name(),
            count.all,
            count.killed,
            share(*count)
        );
    }
    let (open, known) = (report.unexplained(), report.explained());
    if !open.is_empty() {
        out.push_str("\n## 没有案例发现的\n\n");
        for survivor in open {
            let (id, what) = (escape(&survivor.mutant.id), escape(&survivor.mutant.description));
            let _ = writeln!(out, "- **{id}**　{what}\n  - {}", escape(&survivor.advice()));
        }
    }
    if !known.is_empty() {
        out.push_str("\n## 没有案例发现而已有说明的\n\n");
        for survivor in known {
            let (id, what) = (escape(&survivor.mutant.id), escape(&survivor.mutant.description));
            let reason = escape(survivor.reason.as_deref().unwrap_or_default());
            let _ = writeln!(out, "- **{id}**　{what}\n  - {reason}");
        }
    }
    out
}

/// For other programs: one object.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let operators: Vec<Value> = report
        .operators
        .iter()
        .map(|(o, c)| object!({ "operator": o.name(), "mutants": c.all, "killed": c.killed }))
        .collect();
    let survivors: Vec<Value> = report.survivors.iter().map(survivor).collect();
    let value = object!({
        "policy": report.title,
        "cases": report.cases,
        "mutants": report.total.all,
        "killed": report.total.killed,
        "percent": (report.percent() * 100.0).round() / 100.0,
        "circular": report.circular,
        "evaluations": report.evaluations,
        "operators": operators,
        "survivors": survivors,
    });
    serde_json::to_string_pretty(&value).map(|t| t + "\n").unwrap_or_default()
}

fn survivor(s: &Survivor<'_>) -> Value {
    let apart = s.apart.as_ref().map(|a| {
        object!({
            "case": s.case,
            "changes": a.changes,
            "conclusion": a.conclusion,
            "original": a.original,
            "mutant": a.mutant,
        })
    });
    object!({
        "id": s.mutant.id,
        "address": s.mutant.address.as_ref().map(ToString::to_string),
        "operator": s.mutant.operator.name(),
        "description": s.mutant.description,
        "apart": apart,
        "searched": s.variants,
        "reason": s.reason,
    })
}
