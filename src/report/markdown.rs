//! Results as Markdown, to be kept in a file: a table a row, then what the conclusions hang on.
use super::answer::{Answer, force_word, verdict_word};
use super::label::Origin;
use super::missing::missing;
use super::node::{escape, list};
use super::reasons::Trees;
use super::text::policy_title;
use super::{Asked, View};
use crate::eval::{Finding, Leaf, Verdict};
use std::fmt::Write as _;

/// The row whose conclusions are being written.
type Subject = (crate::hir::EntityId, u32);

/// The results of one case.
#[must_use]
pub fn markdown(view: &View<'_>, findings: &[Finding], asked: &Asked) -> String {
    let mut out = String::new();
    let name = if view.case.name.is_empty() { "认定结果" } else { &view.case.name };
    let (title, version) = policy_title(view);
    let _ = writeln!(out, "# {}\n", escape(name));
    let _ = writeln!(out, "- 办法：{}", escape(&title));
    if !version.is_empty() {
        let _ = writeln!(out, "- 版本：{}", escape(&version));
    }
    if let Some(date) = view.date {
        let _ = writeln!(out, "- 认定日期：{date}");
    }
    if !findings.is_empty() && findings.iter().all(|f| f.verdict == Verdict::Inapplicable) {
        out.push_str("\n本办法不适用于本案，各项结论均为 不适用。\n\n");
        let nodes = Trees::new(*view, (crate::hir::EntityId(0), 0), asked.unpruned).scope();
        list(&mut out, &nodes, 0);
    } else {
        for row in findings.chunk_by(|a, b| (a.entity, a.row) == (b.entity, b.row)) {
            section(&mut out, view, row, asked);
        }
    }
    why_not(&mut out, view, findings, asked);
    if asked.missing {
        missing_table(&mut out, view, findings);
    }
    out
}

fn section(out: &mut String, view: &View<'_>, findings: &[Finding], asked: &Asked) {
    let Some(first) = findings.first() else { return };
    let _ = writeln!(out, "\n## {}\n", escape(&view.title(first.entity, first.row)));
    out.push_str("| 结论 | 状态 | 结果 | 效力 | 依据 |\n| --- | --- | --- | --- | --- |\n");
    let answers: Vec<Answer> = findings.iter().map(|f| view.answer(f)).collect();
    for answer in &answers {
        let cells = [
            answer.name.clone(),
            verdict_word(answer.verdict).to_owned(),
            result(answer),
            answer.force.map(force_word).unwrap_or_default().to_owned(),
            answer.basis.join("、"),
        ];
        row(out, &cells);
    }
    let mut details = String::new();
    for answer in &answers {
        for detail in self::details(view, (first.entity, first.row), answer) {
            let _ = writeln!(details, "- {}：{}", escape(&answer.name), escape(&detail));
        }
    }
    if !details.is_empty() {
        let _ = write!(out, "\n{details}");
    }
    if asked.why {
        let mut trees = Trees::new(*view, (first.entity, first.row), asked.unpruned);
        for (finding, answer) in findings.iter().zip(&answers) {
            let nodes = trees.why(finding, answer);
            if !nodes.is_empty() {
                let _ = writeln!(out, "\n### {}：理由\n", escape(&answer.name));
                list(out, &nodes, 0);
            }
        }
    }
}

fn result(answer: &Answer) -> String {
    let deadline = answer.deadline.as_ref().map(|d| format!("（届满日 {d}）")).unwrap_or_default();
    let words = match answer.verdict {
        Verdict::Pending => {
            let (lead, candidates) = answer.outlook();
            let sure =
                if answer.result.is_empty() { String::new() } else { format!("已定 {}；", answer.result) };
            format!("{sure}{lead}{candidates}")
        }
        Verdict::Conflict => answer.candidates.join("、"),
        Verdict::Decided if answer.result.is_empty() => "可以选用下列处理，也可以不选".to_owned(),
        Verdict::Decided | Verdict::Silent | Verdict::Inapplicable => answer.result.clone(),
    };
    format!("{words}{deadline}")
}

fn details(view: &View<'_>, subject: Subject, answer: &Answer) -> Vec<String> {
    let mut out = Vec::new();
    for option in &answer.options {
        let head = if option.possible { "或可" } else { "可以" };
        let waits = if option.unknown.is_empty() {
            String::new()
        } else {
            format!("，待查：{}", facts(view, subject, &option.unknown, false))
        };
        out.push(format!("{head} {}（{}）{waits}", option.words, option.basis.join("、")));
    }
    for lost in &answer.lost {
        out.push(format!("被排除 {}（因 {}）", lost.address, lost.by.join("、")));
    }
    if !answer.judgements.is_empty() {
        out.push(format!("依赖判断 {}", facts(view, subject, &answer.judgements, true)));
    }
    for (origin, head) in
        [(Origin::Absent, "未载明视为否"), (Origin::Presumed, "推定"), (Origin::Deemed, "视为")]
    {
        let of = answer.assumed.iter().copied().filter(|l| view.origin(*l) == origin);
        let leaves: Vec<Leaf> = of.collect();
        if !leaves.is_empty() {
            out.push(format!("{head} {}", facts(view, subject, &leaves, origin != Origin::Absent)));
        }
    }
    if !answer.unknown.is_empty() {
        out.push(format!("待查事实 {}", facts(view, subject, &answer.unknown, false)));
    }
    out.extend(answer.notes.iter().map(|n| (*n).to_owned()));
    out
}

fn facts(view: &View<'_>, subject: Subject, leaves: &[Leaf], values: bool) -> String {
    let words = leaves.iter().map(|l| {
        let value = if values { format!("（{}）", view.fact_value(*l)) } else { String::new() };
        format!("{}{value}", view.fact_words(subject, *l))
    });
    words.collect::<Vec<_>>().join("、")
}

fn why_not(out: &mut String, view: &View<'_>, findings: &[Finding], asked: &Asked) {
    for question in &asked.why_not {
        for finding in findings.iter().filter(|f| question.concerns(view, f)) {
            let mut trees = Trees::new(*view, (finding.entity, finding.row), asked.unpruned);
            let (sentence, nodes) = trees.why_not(finding, question);
            let end = if nodes.is_empty() { "。" } else { "：" };
            let _ = writeln!(out, "\n{}{end}\n", escape(&sentence));
            list(out, &nodes, 0);
        }
    }
}

fn missing_table(out: &mut String, view: &View<'_>, findings: &[Finding]) {
    let missing = missing(view, findings);
    if missing.is_empty() {
        out.push_str("\n没有待查事实。\n");
        return;
    }
    out.push_str("\n## 待查事实\n\n| 对象 | 事实 | 问 | 等待它的结论 |\n| --- | --- | --- | --- |\n");
    for m in missing {
        row(out, &[m.label, m.fact, m.ask, m.waiting.join("、")]);
    }
}

/// One row of a table.
pub(super) fn row(out: &mut String, cells: &[String]) {
    for cell in cells {
        let _ = write!(out, "| {} ", escape(cell));
    }
    out.push_str("|\n");
}
