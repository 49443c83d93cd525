//! The outline as Markdown.
use super::model::Outline;
use crate::base::wording::clip;
use crate::report::cite::CLIP;
use crate::report::markdown::row;
use crate::report::node::escape;
use std::fmt::Write as _;

/// The outline; `notes` adds what 释 says and the whole texts.
#[must_use]
pub fn markdown(outline: &Outline, notes: bool) -> String {
    let mut out = format!("# {}\n\n", escape(&outline.policy.title));
    let policy = &outline.policy;
    let date = |d: &Option<String>| d.clone().unwrap_or_default();
    let entries = [
        ("制定机关", policy.issuer.clone()),
        ("文号", policy.number.clone()),
        ("公布日期", date(&policy.promulgated)),
        ("施行日期", date(&policy.effective)),
        ("版本", policy.version.clone()),
    ];
    for (key, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "- {key}：{}", escape(value));
    }
    provisions(&mut out, outline, notes);
    for entity in outline.entities.iter().filter(|e| !e.facts.is_empty()) {
        let _ = writeln!(out, "\n## 事实：{}\n", escape(&entity.name));
        out.push_str("| 事实 | 类型 | 值 | 属性 | 问 |\n| --- | --- | --- | --- | --- |\n");
        for fact in &entity.facts {
            let attributes = [
                fact.label.then_some("标识"),
                fact.judgement.then_some("酌定"),
                fact.absent_is_false.then_some("未载明视为否"),
            ];
            let attributes: Vec<&str> = attributes.into_iter().flatten().collect();
            let mut ask = fact.ask.clone().unwrap_or_default();
            if let Some(note) = fact.note.as_ref().filter(|_| notes) {
                let _ = write!(ask, "（释：{note}）");
            }
            row(
                &mut out,
                &[fact.name.clone(), fact.ty.clone(), fact.values.join("、"), attributes.join("、"), ask],
            );
        }
    }
    for entity in outline.entities.iter().filter(|e| !e.conclusions.is_empty()) {
        let _ = writeln!(out, "\n## 结论：{}\n", escape(&entity.name));
        out.push_str("| 结论 | 类型 | 值 | 默认 | 依据 |\n| --- | --- | --- | --- | --- |\n");
        for c in &entity.conclusions {
            let default = c.default.clone().unwrap_or_default();
            row(&mut out, &[c.name.clone(), c.ty.clone(), c.values.join("、"), default, c.basis.join("、")]);
        }
    }
    out
}

fn provisions(out: &mut String, outline: &Outline, notes: bool) {
    out.push_str("\n## 条文\n\n");
    let mut headings = outline.headings.iter().peekable();
    for (at, p) in outline.provisions.iter().enumerate() {
        while let Some(h) = headings.next_if(|h| h.before <= at) {
            let space = if at == 0 { "" } else { "\n" };
            let marks = super::marked(&h.marks);
            let _ = writeln!(out, "{space}### {}　{}{marks}\n", h.label, escape(&h.title));
        }
        let marks = super::marked(&p.marks);
        let rules = if p.rules == 0 { String::new() } else { format!("（{}条规则）", p.rules) };
        let text = p.text.as_deref().unwrap_or_default();
        let text = if notes { text.to_owned() } else { clip(text, CLIP) };
        let text = if text.is_empty() { text } else { format!("　{}", escape(&text)) };
        let indent = "  ".repeat(p.depth);
        let _ = writeln!(out, "{indent}- **{}**{marks}{rules}{text}", p.address);
        for note in p.notes.iter().filter(|_| notes) {
            let _ = writeln!(out, "{indent}  - 释：{}", escape(note));
        }
    }
}
