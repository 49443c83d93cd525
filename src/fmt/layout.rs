//! A file from top to bottom: what stands on lines of its own, how deep, and where empty lines lie between.
use super::doc::{self, Doc, STEP};
use super::page::{Blank, Page};
use super::trivia::Gap;
use crate::base::PartKind;
use crate::syntax::ast::{Provision, SourceFile, TopItem};
use crate::syntax::cst::{Cst, Group, GroupKind, Node, WordKind};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Columns between a name, its type and its attributes.
const GUTTER: usize = 2;

/// The canonical text of a file.
pub fn text(cst: &Cst, tree: &SourceFile, gaps: &[Gap]) -> String {
    let mut owners = BTreeMap::new();
    for item in &tree.items {
        if let TopItem::Article(article) = item {
            depths(article, 0, &mut owners);
        }
    }
    let mut layout = Layout { cst, gaps, owners, page: Page::new(&cst.words, gaps), before: None };
    for chunk in &cst.chunks {
        layout.chunk(chunk);
    }
    layout.page.finish()
}

/// How deep the provision lies that each statement belongs to, by where the statement begins.
fn depths(provision: &Provision, depth: usize, owners: &mut BTreeMap<usize, usize>) {
    owners.extend(provision.statements.iter().map(|s| (s.span.start as usize, depth)));
    for child in &provision.children {
        depths(child, depth + 1, owners);
    }
}

struct Layout<'a> {
    cst: &'a Cst,
    gaps: &'a [Gap],
    owners: BTreeMap<usize, usize>,
    page: Page<'a>,
    /// The chunk before.
    before: Option<GroupKind>,
}

impl Layout<'_> {
    fn chunk(&mut self, chunk: &Group) {
        // Short declarations of one kind may stand together.
        let together = matches!(chunk.kind, GroupKind::Include | GroupKind::Enum | GroupKind::Statements);
        let blank = if together && self.before == Some(chunk.kind) { Blank::Kept } else { Blank::Always };
        self.before = Some(chunk.kind);
        match chunk.kind {
            GroupKind::Header => self.header(chunk, blank),
            GroupKind::Enum => self.enumeration(chunk, blank),
            GroupKind::Fields => self.fields(chunk, blank),
            GroupKind::Article => self.article(chunk, blank),
            GroupKind::Statements => self.statements(chunk, blank),
            _ => {
                let docs = self.row_without(chunk, WordKind::End);
                self.page.lines(chunk.first, 0, blank, &docs);
            }
        }
    }

    fn kind(&self, word: usize) -> Option<WordKind> {
        self.cst.words.get(word).map(|w| w.kind)
    }

    /// The words of a group but those of one kind.
    fn row_without(&self, group: &Group, left_out: WordKind) -> Vec<Doc> {
        let mut docs = doc::row(group, STEP);
        docs.retain(|d| !matches!(d, Doc::Word(word, _) if self.kind(*word) == Some(left_out)));
        docs
    }

    /// 办法「…」 and its entries, each on a line.
    fn header(&mut self, chunk: &Group, blank: Blank) {
        let title: Vec<Doc> =
            words(chunk).filter(|w| !self.separates(*w)).map(|w| Doc::Word(w, STEP)).collect();
        self.page.lines(chunk.first, 0, blank, &title);
        for (i, entry) in groups(chunk).filter(|g| g.kind == GroupKind::Entry).enumerate() {
            let docs = self.row_without(entry, WordKind::Colon);
            self.page.lines(entry.first, STEP, if i == 0 { Blank::None } else { Blank::Kept }, &docs);
        }
    }

    fn separates(&self, word: usize) -> bool {
        matches!(self.kind(word), Some(WordKind::Comma | WordKind::End))
    }

    /// 枚举 甲（由轻到重）：乙、丙。
    fn enumeration(&mut self, chunk: &Group, blank: Blank) {
        let mut docs = doc::row(chunk, STEP);
        match docs.last() {
            Some(Doc::Word(word, _)) if self.kind(*word) == Some(WordKind::End) => {}
            _ => docs.push(Doc::Extra("。")),
        }
        self.page.lines(chunk.first, 0, blank, &docs);
    }

    /// 事实 甲： and its fields, names and types in columns.
    fn fields(&mut self, chunk: &Group, blank: Blank) {
        let heading: Vec<Doc> =
            words(chunk).filter(|w| !self.separates(*w)).map(|w| Doc::Word(w, STEP)).collect();
        self.page.lines(chunk.first, 0, blank, &heading);
        let fields: Vec<&Group> = groups(chunk).filter(|g| g.kind == GroupKind::Field).collect();
        let mut rest = fields.as_slice();
        let mut blank = Blank::None;
        while let Some((_, others)) = rest.split_first() {
            let together = 1 + others.iter().take_while(|f| !self.begins_section(f)).count();
            let (section, after) = rest.split_at(together.min(rest.len()));
            let width = section.iter().map(|f| self.name_width(f)).max().unwrap_or(0);
            for field in section {
                let docs = self.field(field, width);
                self.page.lines(field.first, STEP, blank, &docs);
                blank = Blank::Kept;
            }
            rest = after;
        }
    }

    /// An empty line or a comment on a line of its own sets a field off from those before it.
    fn begins_section(&self, field: &Group) -> bool {
        let Some(gap) = self.gaps.get(field.first) else { return false };
        gap.blank || gap.comments.iter().any(|c| c.own_line)
    }

    fn name_width(&self, field: &Group) -> usize {
        self.cst.words.get(field.first).map_or(0, |w| w.text.width())
    }

    /// Name, type and attributes; the name is filled up to a width.
    fn field(&self, field: &Group, width: usize) -> Vec<Doc> {
        let mut docs = vec![Doc::Word(field.first, STEP)];
        docs.push(Doc::Gutter(width.saturating_sub(self.name_width(field)) + GUTTER));
        let mut attributes = Vec::new();
        for part in groups(field) {
            match part.kind {
                GroupKind::Type => docs.extend(doc::row(part, STEP)),
                _ => attrs(part, &mut attributes),
            }
        }
        for (i, attr) in attributes.iter().enumerate() {
            docs.push(Doc::Spaces(if i == 0 { GUTTER } else { 1 }));
            docs.extend(doc::row(attr, STEP));
        }
        docs
    }

    /// 第X条 and all in it.
    fn article(&mut self, chunk: &Group, blank: Blank) {
        let mut path: Vec<PartKind> = Vec::new();
        let mut blank = blank;
        for part in groups(chunk) {
            let below = path.len().saturating_sub(1);
            let depth = match part.kind {
                GroupKind::Head(kind) => {
                    path.truncate(path.iter().take_while(|p| **p < kind).count());
                    path.push(kind);
                    path.len() - 1
                }
                GroupKind::Statement => {
                    let at = self.cst.words.get(part.first).map_or(0, |w| w.start);
                    self.owners.get(&at).map_or(below, |d| *d) + 1
                }
                _ => below + 1,
            };
            let docs = match part.kind {
                GroupKind::Statement => doc::statement(&self.cst.words, part),
                _ => doc::row(part, STEP),
            };
            self.page.lines(part.first, depth * STEP, blank, &docs);
            blank = if matches!(part.kind, GroupKind::Head(_)) { Blank::None } else { Blank::Kept };
        }
    }

    /// Statements outside articles.
    fn statements(&mut self, chunk: &Group, blank: Blank) {
        let mut blank = blank;
        for statement in groups(chunk) {
            let docs = doc::statement(&self.cst.words, statement);
            self.page.lines(statement.first, 0, blank, &docs);
            blank = Blank::Kept;
        }
    }
}

/// The words that lie in a group directly.
fn words(group: &Group) -> impl Iterator<Item = usize> {
    group.parts.iter().filter_map(|p| match p {
        Node::Word(word) => Some(*word),
        Node::Group(_) => None,
    })
}

/// The groups that lie in a group directly.
fn groups(group: &Group) -> impl Iterator<Item = &Group> {
    group.parts.iter().filter_map(|p| match p {
        Node::Group(group) => Some(group),
        Node::Word(_) => None,
    })
}

fn attrs<'a>(group: &'a Group, out: &mut Vec<&'a Group>) {
    if group.kind == GroupKind::Attr {
        out.push(group);
    } else {
        groups(group).for_each(|g| attrs(g, out));
    }
}
