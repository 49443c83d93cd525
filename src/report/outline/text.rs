//! The outline for a terminal.
use super::model::{ConclusionLine, EntityPart, FactLine, Outline, ProvisionLine};
use crate::base::wording::clip;
use crate::report::cite::CLIP;
use crate::report::line::{Line, Paint, Style};
use unicode_width::UnicodeWidthStr;

/// Columns a name or type may take before the rest of its line is pushed aside.
const WIDE: usize = 26;

/// The outline; `notes` adds what 释 says and the whole texts.
#[must_use]
pub fn text(outline: &Outline, notes: bool, style: &Style) -> String {
    let mut page = Page { out: String::new(), notes, style };
    page.title(outline);
    page.provisions(outline);
    for entity in &outline.entities {
        page.facts(entity);
    }
    for entity in &outline.entities {
        page.conclusions(entity);
    }
    page.out
}

struct Page<'a> {
    out: String,
    notes: bool,
    style: &'a Style,
}

impl Page<'_> {
    fn line(&mut self, line: &Line, first: &str, rest: &str) {
        line.write(&mut self.out, self.style, first, rest);
    }

    fn heading(&mut self, words: &str) {
        self.out.push('\n');
        self.line(&Line::default().paint(Paint::Title, words), "", "");
    }

    fn title(&mut self, outline: &Outline) {
        let policy = &outline.policy;
        self.line(&Line::default().paint(Paint::Title, &format!("《{}》", policy.title)), "", "");
        let date = |d: &Option<String>| d.clone().unwrap_or_default();
        let entries = [
            ("制定机关", policy.issuer.clone()),
            ("文号", policy.number.clone()),
            ("公布日期", date(&policy.promulgated)),
            ("施行日期", date(&policy.effective)),
            ("版本", policy.version.clone()),
        ];
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
            let line = Line::default().paint(Paint::Faint, key).pad(8).plain("  ").plain(value);
            self.line(&line, "  ", "            ");
        }
        let rules: usize = outline.provisions.iter().map(|p| p.rules).sum();
        let count = |kind: &str| outline.provisions.iter().filter(|p| p.kind == kind).count();
        let facts: usize = outline.entities.iter().map(|e| e.facts.len()).sum();
        let conclusions: usize = outline.entities.iter().map(|e| e.conclusions.len()).sum();
        let counts = format!(
            "{}条、{}项，规则{rules}条；事实{facts}项，结论{conclusions}项",
            count("条"),
            count("项")
        );
        self.line(&Line::default().paint(Paint::Faint, &counts), "  ", "  ");
    }

    fn provisions(&mut self, outline: &Outline) {
        let mut headings = outline.headings.iter().peekable();
        self.heading("条文");
        for (at, provision) in outline.provisions.iter().enumerate() {
            while let Some(heading) = headings.next_if(|h| h.before <= at) {
                self.chapter(heading);
            }
            self.provision(provision);
        }
        for heading in headings {
            self.chapter(heading);
        }
    }

    fn chapter(&mut self, heading: &super::HeadingLine) {
        let marks = super::marked(&heading.marks);
        let line = Line::default()
            .paint(Paint::Title, &format!("{}　{}", heading.label, heading.title))
            .paint(Paint::Open, &marks);
        self.line(&line, "  ", "    ");
    }

    fn provision(&mut self, p: &ProvisionLine) {
        let indent = " ".repeat(4 + 2 * p.depth);
        let mut line =
            Line::default().paint(Paint::Cite, &p.address).paint(Paint::Open, &super::marked(&p.marks));
        if let Some(text) = &p.text {
            let text = if self.notes { text.clone() } else { clip(text, CLIP) };
            line = line.plain(&format!("　{text}"));
        }
        if p.rules > 0 {
            line = line.paint(Paint::Faint, &format!("（规则{}）", p.rules));
        }
        self.line(&line, &indent, &format!("{indent}  "));
        if self.notes {
            for note in &p.notes {
                let line = Line::default().paint(Paint::Faint, &format!("释　{note}"));
                self.line(&line, &format!("{indent}  "), &format!("{indent}      "));
            }
        }
    }

    fn facts(&mut self, entity: &EntityPart) {
        if entity.facts.is_empty() {
            return;
        }
        self.heading(&titled("事实", entity));
        let (names, types) = columns(entity.facts.iter().map(|f| (f.name.as_str(), f.ty.as_str())));
        for fact in &entity.facts {
            let ask = fact.ask.as_deref().unwrap_or_default();
            let line =
                named(&fact.name, &fact.ty, names, types).paint(Paint::Open, &attributes(fact)).plain(ask);
            let indent = " ".repeat(2 + names + 2 + types + 2);
            self.line(&line, "  ", &indent);
            self.more(&fact.values, fact.note.as_deref(), &indent);
        }
    }

    fn conclusions(&mut self, entity: &EntityPart) {
        if entity.conclusions.is_empty() {
            return;
        }
        self.heading(&titled("结论", entity));
        let (names, types) = columns(entity.conclusions.iter().map(|c| (c.name.as_str(), c.ty.as_str())));
        for conclusion in &entity.conclusions {
            let indent = " ".repeat(2 + names + 2 + types + 2);
            let line = named(&conclusion.name, &conclusion.ty, names, types).then(basis(conclusion));
            self.line(&line, "  ", &indent);
            self.more(&conclusion.values, conclusion.note.as_deref(), &indent);
        }
    }

    fn more(&mut self, values: &[String], note: Option<&str>, indent: &str) {
        if !values.is_empty() {
            let line = Line::default().paint(Paint::Faint, "值　").plain(&values.join("、"));
            self.line(&line, indent, &format!("{indent}    "));
        }
        if let Some(note) = note.filter(|_| self.notes) {
            self.line(
                &Line::default().paint(Paint::Faint, &format!("释　{note}")),
                indent,
                &format!("{indent}    "),
            );
        }
    }
}

fn titled(word: &str, entity: &EntityPart) -> String {
    match &entity.parent {
        Some(parent) => format!("{word}：{}（属于 {parent}）", entity.name),
        None => format!("{word}：{}", entity.name),
    }
}

fn columns<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> (usize, usize) {
    let (mut names, mut types) = (0, 0);
    for (name, ty) in lines {
        names = name.width().max(names).min(WIDE);
        types = ty.width().max(types).min(WIDE);
    }
    (names, types)
}

fn named(name: &str, ty: &str, names: usize, types: usize) -> Line {
    Line::from(name).pad(names).plain("  ").paint(Paint::Faint, ty).pad(names + 2 + types).plain("  ")
}

fn attributes(fact: &FactLine) -> String {
    let words = [
        fact.label.then_some("标识"),
        fact.judgement.then_some("酌定"),
        fact.absent_is_false.then_some("未载明视为否"),
    ];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    if words.is_empty() { String::new() } else { format!("〔{}〕", words.join("、")) }
}

fn basis(conclusion: &ConclusionLine) -> Line {
    let line = match &conclusion.default {
        Some(default) => Line::from(format!("默认 {default}　")),
        None => Line::default(),
    };
    if conclusion.basis.is_empty() {
        return line.paint(Paint::Open, "没有条文规定");
    }
    line.paint(Paint::Faint, "依据 ").paint(Paint::Cite, &conclusion.basis.join("、"))
}
