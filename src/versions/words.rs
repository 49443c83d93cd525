//! What decisions did, in words and as data.
use super::timeline::{Done, Timeline, Version};
use crate::amend::{Change, ChangeKind};
use crate::base::{Date, numeral};
use crate::syntax::ast::Decision;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// `修改 1 处、增加 1 处；改号 4 处、引用随改 3 处`; 没有改动 when nothing changed.
#[must_use]
pub fn summary(done: &Done) -> String {
    let count = |kinds: &[ChangeKind]| {
        kinds
            .iter()
            .filter_map(|kind| {
                let n = done.changes.iter().filter(|c| c.what == *kind).count();
                (n > 0).then(|| format!("{} {n} 处", kind.word()))
            })
            .collect::<Vec<_>>()
            .join("、")
    };
    let own = count(&[
        ChangeKind::Replaced,
        ChangeKind::Clause,
        ChangeKind::Words,
        ChangeKind::Added,
        ChangeKind::Deleted,
        ChangeKind::Repealed,
    ]);
    let following = count(&[ChangeKind::Renumbered, ChangeKind::Cites]);
    match (own.is_empty(), following.is_empty()) {
        (true, true) => "没有改动".to_owned(),
        (false, true) => own,
        (true, false) => following,
        (false, false) => format!("{own}；{following}"),
    }
}

/// What was changed: `第二十二条 → 第二十三条`, or what it is called.
#[must_use]
pub fn subject(change: &Change) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => new.to_string(),
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (None, None) => change.name.clone(),
    }
}

/// `第三项`: what a decision calls its operation.
#[must_use]
pub fn operation(decision: &Decision, change: &Change) -> Option<String> {
    let op = decision.ops.get(change.op?)?;
    Some(format!("第{}项", numeral::to_chinese(u64::from(op.number))))
}

fn change_json(decision: Option<&Decision>, change: &Change) -> Value {
    json!({
        "operation": decision.and_then(|d| operation(d, change)),
        "what": change.what.word(),
        "old": change.old.as_ref().map(ToString::to_string),
        "new": change.new.as_ref().map(ToString::to_string),
        "name": (!change.name.is_empty()).then_some(&change.name),
    })
}

/// One step as data.
#[must_use]
pub fn done_json(timeline: &Timeline, done: &Done, changes: &[&Change]) -> Value {
    let decision = timeline.decisions().get(done.step.decision).map(|d| &d.tree);
    let changes: Vec<Value> = changes.iter().map(|change| change_json(decision, change)).collect();
    json!({
        "date": done.step.date.iso(),
        "decision": done.title,
        "whole": done.step.whole,
        "changes": changes,
    })
}

/// A consolidated text as data: the files and what was worked into them.
#[must_use]
pub fn consolidated_json(timeline: &Timeline, version: &Version, date: Option<Date>) -> String {
    let files: Vec<Value> = version
        .texts
        .iter()
        .map(|(path, text)| json!({ "path": path.display().to_string(), "text": text }))
        .collect();
    let steps: Vec<Value> = version
        .done
        .iter()
        .map(|done| done_json(timeline, done, &done.changes.iter().collect::<Vec<_>>()))
        .collect();
    let whole = json!({
        "policy": timeline.title(),
        "date": date.map(Date::iso),
        "since": version.since.map(Date::iso),
        "until": version.until.map(Date::iso),
        "decisions": steps,
        "files": files,
    });
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

/// A consolidated text as Markdown: what was worked in, then the text.
#[must_use]
pub fn consolidated_markdown(timeline: &Timeline, version: &Version, text: &str) -> String {
    let mut out = format!("# 《{}》\n\n", timeline.title());
    for done in &version.done {
        let _ = writeln!(out, "- {}　{}：{}", done.step.date, done.title, summary(done));
    }
    if version.done.is_empty() {
        out.push_str("未经修改的文本。\n");
    }
    // A fence longer than any in the text.
    let longest =
        text.lines().map(|l| l.trim_start().chars().take_while(|c| *c == '`').count()).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = write!(out, "\n{fence}banfa\n{text}{fence}\n");
    out
}
