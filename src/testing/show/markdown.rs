//! For a comment on a change or a page that is kept.
use super::{Entry, Report, subject, summary};
use crate::diag::render;
use crate::report::node::{escape, list};
use crate::testing::pending::diff_text;
use crate::testing::suite::State;
use std::fmt::Write as _;

/// The whole report.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = format!("# 测试结果\n\n{}。\n", summary(report));
    for policy in &report.policies {
        let told: Vec<&Entry> = policy.entries.iter().filter(|e| e.state != State::Passed).collect();
        if told.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## 《{}》", escape(&policy.title));
        for entry in told {
            self::entry(&mut out, entry);
        }
    }
    out
}

fn entry(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "\n### {}：{}\n", entry.state.word(), escape(&entry.name));
    let _ = writeln!(out, "{}:{}", escape(&entry.path), entry.line);
    for failure in &entry.failures {
        let _ = writeln!(out, "\n**{}**\n", escape(&subject(failure)));
        out.push_str("| 项目 | 期望 | 实际 |\n| --- | --- | --- |\n");
        for d in &failure.differences {
            let _ = writeln!(out, "| {} | {} | {} |", d.what, escape(&d.want), escape(&d.got));
        }
        if !failure.reasons.is_empty() {
            out.push('\n');
            list(out, &failure.reasons, 0);
        }
    }
    if let Some(change) = &entry.change {
        let _ = write!(out, "\n```diff\n{}```\n", diff_text(change));
    }
    if let Some((found, sources)) = &entry.refusal {
        let _ = write!(out, "\n```text\n{}```\n", render::render(found, sources, &render::Style::default()));
    }
}
