//! Coverage for a terminal, as Markdown, as JSON.
use super::plan::Host;
use super::summary::{Coverage, PointCovered, host_words};
use crate::base::Truth;
use crate::hir::Hir;
use crate::report::line::{Line, Paint, Style};
use crate::report::node::escape;
use serde_json::{Value, json};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Columns an address may take before its row is pushed aside.
const ADDRESS: usize = 36;

/// One line that says it all.
#[must_use]
pub fn totals(coverage: &Coverage) -> String {
    let (provisions, conditions) = (coverage.provisions(), coverage.conditions());
    format!(
        "条文 {}（是、否共 {} 面，测到 {}）；条件 {}（{} 个，测到 {}）；{}",
        provisions.percent(),
        provisions.all,
        provisions.covered,
        conditions.percent(),
        conditions.all,
        conditions.covered,
        cases(coverage),
    )
}

/// How many cases were counted and how many were not.
#[must_use]
pub fn cases(coverage: &Coverage) -> String {
    let mut out = format!("案例 {} 个", coverage.counted);
    if coverage.outside > 0 {
        let _ = write!(out, "，其中本办法不适用的 {} 个", coverage.outside);
    }
    if coverage.elsewhere > 0 {
        let _ = write!(out, "；写给别的日期的文本、不计在内的 {} 个", coverage.elsewhere);
    }
    out
}

/// A row of the table: address, counts of 是 否 不明 不适用, conditions.
struct Row {
    name: String,
    counts: Option<[usize; 4]>,
    conditions: String,
    whole: bool,
}

fn rows(hir: &Hir, coverage: &Coverage) -> Vec<Row> {
    let mut out = Vec::new();
    for host in coverage.hosts() {
        let name = host_words(hir, host);
        let (all, covered) = coverage
            .conditions_of(host)
            .fold((0, 0), |(all, covered), c| (all + 1, covered + usize::from(c.covered)));
        let conditions = if all == 0 { "－".to_owned() } else { format!("{covered}/{all}") };
        let points: Vec<&PointCovered> = coverage.points_of(host).collect();
        if points.is_empty() {
            out.push(Row {
                name: name.clone(),
                counts: None,
                conditions: conditions.clone(),
                whole: covered == all,
            });
        }
        for (at, point) in points.iter().enumerate() {
            let label = &point.point.label;
            let name = if label.is_empty() { name.clone() } else { format!("{name}（{label}）") };
            let ways = point.ways();
            out.push(Row {
                name,
                counts: Some([Truth::True, Truth::False, Truth::Unknown, Truth::Na].map(|t| point.count(t))),
                conditions: if at == 0 { conditions.clone() } else { String::new() },
                whole: ways.covered == ways.all && (at > 0 || covered == all),
            });
        }
    }
    out
}

/// The report of one law.
#[must_use]
pub fn text(hir: &Hir, coverage: &Coverage, style: &Style) -> String {
    let mut out = String::new();
    let title = Line::default().paint(Paint::Title, &format!("《{}》的覆盖情况", hir.header.title));
    title.write(&mut out, style, "", "  ");
    let rows = rows(hir, coverage);
    let width = rows.iter().map(|r| r.name.width()).max().unwrap_or(0).clamp(4, ADDRESS);
    let head = ["是", "否", "不明", "不适用", "条件"];
    let mut line = Line::default().paint(Paint::Faint, "条文").pad(width);
    for word in head {
        line = column(line, word, Paint::Faint);
    }
    line.write(&mut out, style, "  ", "    ");
    for row in &rows {
        let mut line = Line::from(row.name.as_str()).pad(width);
        if row.name.width() > width {
            line.write(&mut out, style, "  ", "    ");
            line = Line::default().pad(width);
        }
        for (at, count) in row.counts.map(|c| c.map(|n| n.to_string())).into_iter().flatten().enumerate() {
            let lacks = at < 2 && count == "0";
            line = column(line, &count, if lacks { Paint::Bad } else { Paint::Plain });
        }
        if row.counts.is_none() {
            line = line.plain(&" ".repeat(4 * COLUMN));
        }
        line = column(line, &row.conditions, if row.whole { Paint::Plain } else { Paint::Open });
        line.write(&mut out, &Style { width: 0, ..*style }, "  ", "");
    }
    missing(&mut out, hir, coverage, style);
    let line = Line::default().paint(Paint::Title, &totals(coverage));
    out.push('\n');
    line.write(&mut out, style, "", "  ");
    out
}

const COLUMN: usize = 8;

/// A cell, set to the right.
fn column(line: Line, text: &str, paint: Paint) -> Line {
    line.plain(&" ".repeat(COLUMN.saturating_sub(text.width()))).paint(paint, text)
}

/// What is not covered: provisions never seen 是 or 否, conditions with what they lack.
fn lacking(hir: &Hir, coverage: &Coverage) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    for host in coverage.hosts() {
        let mut lines = Vec::new();
        for point in coverage.points_of(host) {
            let ways: Vec<&str> = [(Truth::True, "是"), (Truth::False, "否")]
                .into_iter()
                .filter(|(truth, _)| point.count(*truth) == 0)
                .map(|(_, word)| word)
                .collect();
            if !ways.is_empty() {
                let label = &point.point.label;
                let of = if label.is_empty() { String::new() } else { format!("（{label}）") };
                lines.push(format!("没有案例中它{of}为{}", ways.join("或者为")));
            }
        }
        for condition in coverage.conditions_of(host).filter(|c| !c.covered) {
            let at = format!("第 {} 行第 {} 列", condition.line, condition.column);
            lines.push(format!("“{}”（{at}）：{}", condition.words, condition.missing()));
        }
        if !lines.is_empty() {
            out.push((host_words(hir, host), lines));
        }
    }
    out
}

fn missing(out: &mut String, hir: &Hir, coverage: &Coverage, style: &Style) {
    let lacking = lacking(hir, coverage);
    if lacking.is_empty() {
        return;
    }
    out.push('\n');
    Line::default().paint(Paint::Title, "没有测到的").write(out, style, "", "");
    for (host, lines) in lacking {
        Line::default().paint(Paint::Cite, &host).write(out, style, "  ", "    ");
        for line in lines {
            Line::from(line).write(out, style, "    ", "      ");
        }
    }
}

/// The same as Markdown.
#[must_use]
pub fn markdown(hir: &Hir, coverage: &Coverage) -> String {
    let mut out = format!("## 《{}》的覆盖情况\n\n{}。\n\n", escape(&hir.header.title), totals(coverage));
    out.push_str("| 条文 | 是 | 否 | 不明 | 不适用 | 条件 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for row in rows(hir, coverage) {
        let counts = row.counts.map_or_else(|| " | | |".to_owned(), |c| c.map(|n| n.to_string()).join(" | "));
        let _ = writeln!(out, "| {} | {counts} | {} |", escape(&row.name), row.conditions);
    }
    let lacking = lacking(hir, coverage);
    if !lacking.is_empty() {
        out.push_str("\n### 没有测到的\n\n");
    }
    for (host, lines) in lacking {
        let _ = writeln!(out, "- {}", escape(&host));
        for line in lines {
            let _ = writeln!(out, "  - {}", escape(&line));
        }
    }
    out
}

/// The same for programs.
#[must_use]
pub fn json(hir: &Hir, coverage: &Coverage) -> Value {
    let share =
        |s: super::summary::Share| json!({ "covered": s.covered, "all": s.all, "percent": s.percent() });
    let case = |id: &super::seen::CaseId| coverage.cases.get(id).map(|(name, _)| name.clone());
    let hosts: Vec<Value> = coverage
        .hosts()
        .into_iter()
        .map(|host| {
            let points: Vec<Value> = coverage
                .points_of(host)
                .map(|p| {
                    json!({
                        "label": p.point.label,
                        "true": p.count(Truth::True), "false": p.count(Truth::False),
                        "unknown": p.count(Truth::Unknown), "na": p.count(Truth::Na),
                        "cases": p.seen.yes.iter().filter_map(case).collect::<Vec<_>>(),
                        "open": p.seen.open.iter().filter_map(case).collect::<Vec<_>>(),
                        "near": p.seen.near.iter().filter_map(case).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let conditions: Vec<Value> = coverage
                .conditions_of(host)
                .map(|c| {
                    let [as_false, as_true] = c.shown.map(|s| s.as_ref().and_then(case));
                    json!({
                        "text": c.words, "line": c.line, "column": c.column, "covered": c.covered,
                        "shown_true": as_true, "shown_false": as_false, "missing": c.missing(),
                    })
                })
                .collect();
            let (address, definition) = match host {
                Host::Provision(_) => (Some(host_words(hir, host)), None),
                Host::Definition(d) => (None, hir.definitions.get(d.index()).map(|d| d.name.clone())),
            };
            json!({
                "address": address, "definition": definition, "standing": coverage.standing(host).code(),
                "points": points, "conditions": conditions,
            })
        })
        .collect();
    json!({
        "title": hir.header.title, "cases": coverage.counted, "outside": coverage.outside,
        "elsewhere": coverage.elsewhere, "provisions": share(coverage.provisions()),
        "conditions": share(coverage.conditions()), "parts": hosts,
    })
}
