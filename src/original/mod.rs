//! The verbatim text of a policy against 原文.txt, character by character.
//!
//! In: the syntax tree of a policy and the original as plain text, one paragraph a line. Out: diagnostics.
mod errors;
mod outline;

use crate::base::{Address, FileId, Part, PartKind, Span};
use crate::diag::Diagnostic;
use crate::syntax::ast::{MarkKind, Provision, SourceFile, TopItem};
use outline::{Outline, Passage};
use std::collections::BTreeMap;

/// Compares every provision of the law's own sources with the original.
#[must_use]
pub fn compare(files: &[&SourceFile], original: &str, original_file: FileId) -> Vec<Diagnostic> {
    let outline = outline::read(original, original_file);
    let mut diagnostics = Vec::new();
    let mut own: BTreeMap<Address, Span> = BTreeMap::new();
    let mut headings: Vec<String> = Vec::new();
    for item in files.iter().flat_map(|f| &f.items) {
        match item {
            TopItem::Article(article) => {
                let address = step(&Address::default(), article);
                provision(article, &address, &outline, &mut own, &mut diagnostics);
            }
            TopItem::Heading(heading) => {
                let key = outline::heading_key(heading.level, heading.number);
                if let Some((title, span)) = outline.headings.get(&key)
                    && *title != heading.title.text
                {
                    diagnostics.push(errors::heading_differs(&key, heading.title.span, title, *span));
                }
                headings.push(key);
            }
            TopItem::Include(_)
            | TopItem::Enum(_)
            | TopItem::Facts(_)
            | TopItem::Conclusions(_)
            | TopItem::Statement(_) => {}
        }
    }
    for (address, passage) in &outline.passages {
        if !own.contains_key(address) {
            diagnostics.push(errors::not_in_policy(address, passage.span));
        }
    }
    for (key, (title, span)) in &outline.headings {
        if !headings.contains(key) {
            diagnostics.push(errors::heading_not_in_policy(key, title, *span));
        }
    }
    diagnostics
}

fn step(parent: &Address, p: &Provision) -> Address {
    parent.clone().with_part(Part { kind: p.kind, number: p.number, sub: p.sub })
}

/// Depth is that of 条款项目: four.
fn provision(
    p: &Provision,
    address: &Address,
    outline: &Outline,
    own: &mut BTreeMap<Address, Span>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    own.insert(address.clone(), p.label);
    let to_come = p.marks.iter().any(|m| m.kind == MarkKind::Missing);
    match (&p.text, outline.passages.get(address)) {
        (Some(text), Some(passage)) => same(address, &text.text, text.span, passage, diagnostics),
        (Some(text), None) if !to_come => diagnostics.push(errors::not_in_original(address, text.span)),
        (None, Some(passage)) if p.children.iter().all(|c| c.kind != PartKind::Paragraph) => {
            diagnostics.push(errors::text_left_out(address, p.label, passage.span));
        }
        _ => {}
    }
    for child in &p.children {
        provision(child, &step(address, child), outline, own, diagnostics);
    }
}

fn same(address: &Address, text: &str, span: Span, passage: &Passage, diagnostics: &mut Vec<Diagnostic>) {
    if text == passage.text {
        return;
    }
    let common: usize =
        text.chars().zip(passage.text.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let position = text.get(..common).map_or(0, |t| t.chars().count()) + 1;
    let here = text.get(common..).and_then(|t| t.chars().next());
    let there = passage.text.get(common..).and_then(|t| t.chars().next());
    let offset = u32::try_from(common).unwrap_or(0);
    let at = |s: Span, c: Option<char>| {
        let start = s.start.saturating_add(offset).min(s.end);
        let end = start.saturating_add(c.map_or(0, |c| u32::try_from(c.len_utf8()).unwrap_or(0)));
        Span { start, end: end.min(s.end), ..s }
    };
    diagnostics.push(errors::text_differs(
        address,
        position,
        (here, at(span, here)),
        (there, at(passage.span, there)),
    ));
}
