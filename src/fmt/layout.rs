//! A file from top to bottom: what stands on lines of its own, how deep, and where empty lines lie between.
use super::doc::{self, Doc, STEP};
use super::page::{Blank, Page};
use super::trivia::Gap;
use crate::base::PartKind;
use crate::syntax::ast::{Decision, Provision, SourceFile, Statement, TopItem};
use crate::syntax::cst::{Cst, Group, GroupKind, Node, WordKind};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Columns between a name, its type and its attributes.
const GUTTER: usize = 2;

/// The canonical text of a file.
pub fn text(cst: &Cst, tree: &Tree, gaps: &[Gap]) -> String {
    let mut layout =
        Layout { cst, gaps, levels: levels(tree), page: Page::new(&cst.words, gaps), before: None };
    for chunk in &cst.chunks {
        layout.chunk(chunk);
    }
    layout.page.finish()
}

/// What a source says.
pub enum Tree {
    /// A policy, or a part of one.
    Policy(SourceFile),
    /// An amending decision.
    Decision(Box<Decision>),
}

/// How deep each statement of a provision lies, by where it begins.
type Levels = BTreeMap<usize, usize>;

fn levels(tree: &Tree) -> Levels {
    let mut levels = Levels::new();
    match tree {
        Tree::Policy(tree) => items(&tree.items, &mut levels),
        Tree::Decision(decision) => {
            for given in decision.ops.iter().filter_map(|op| op.kind.given()) {
                items(&given.items, &mut levels);
                given.parts.iter().for_each(|part| provision(part, 1, &mut levels));
                statements(&given.statements, 0, &mut levels);
            }
        }
    }
    levels
}

fn items(items: &[TopItem], levels: &mut Levels) {
    for item in items {
        if let TopItem::Article(article) = item {
            provision(article, 1, levels);
        }
    }
}

fn provision(of: &Provision, level: usize, levels: &mut Levels) {
    statements(&of.statements, level, levels);
    of.children.iter().for_each(|child| provision(child, level + 1, levels));
}

fn statements(all: &[Statement], level: usize, levels: &mut Levels) {
    levels.extend(all.iter().map(|s| (s.span.start as usize, level)));
}

struct Layout<'a> {
    cst: &'a Cst,
    gaps: &'a [Gap],
    levels: Levels,
    page: Page<'a>,
    /// The chunk before.
    before: Option<GroupKind>,
}

impl Layout<'_> {
    fn chunk(&mut self, chunk: &Group) {
        // Short declarations of one kind may stand together, and so may what a decision does.
        let together = match chunk.kind {
            GroupKind::Include | GroupKind::Enum | GroupKind::Statements => self.before == Some(chunk.kind),
            GroupKind::Operation | GroupKind::Closing => self.before != Some(GroupKind::Header),
            _ => false,
        };
        self.before = Some(chunk.kind);
        self.declaration(chunk, 0, if together { Blank::Kept } else { Blank::Always });
    }

    /// A chunk, so far indented.
    fn declaration(&mut self, chunk: &Group, indent: usize, blank: Blank) {
        match chunk.kind {
            GroupKind::Header => self.header(chunk, blank),
            GroupKind::Enum => self.enumeration(chunk, indent, blank),
            GroupKind::Fields => {
                let heading = self.heading(chunk);
                self.page.lines(chunk.first, indent, blank, &heading);
                self.fields(chunk, indent + STEP, Blank::None);
            }
            GroupKind::FieldList => self.fields(chunk, indent, blank),
            GroupKind::Article => self.article(chunk, indent, blank),
            GroupKind::Statements => self.statements(chunk, indent, blank),
            GroupKind::Operation => self.operation(chunk, blank),
            GroupKind::Closing => self.closing(chunk, blank),
            _ => {
                let docs = self.row_without(chunk, WordKind::End);
                self.page.lines(chunk.first, indent, blank, &docs);
            }
        }
    }

    /// 一、… on a line, and below it what it gives.
    fn operation(&mut self, chunk: &Group, blank: Blank) {
        let given = |p: &&Node| matches!(p, Node::Group(g) if is_given(g.kind));
        let (given, head): (Vec<&Node>, Vec<&Node>) = chunk.parts.iter().partition(given);
        let mut docs = Vec::new();
        for part in head {
            match part {
                Node::Word(word) => docs.push(Doc::Word(*word, STEP)),
                Node::Group(group) => docs.extend(doc::row(group, STEP)),
            }
        }
        let ends = docs
            .last()
            .is_some_and(|d| matches!(d, Doc::Word(w, _) if self.kind(*w) == Some(WordKind::Colon)));
        let mut given = given.into_iter().filter_map(|p| match p {
            Node::Group(group) => Some(group),
            Node::Word(_) => None,
        });
        // 增加 事实 甲： the declaration goes on where the head ends.
        if !ends && let Some(declared) = given.next() {
            match declared.kind {
                GroupKind::Fields => docs.extend(self.heading(declared)),
                _ => docs.extend(self.closed(declared)),
            }
            self.page.lines(chunk.first, 0, blank, &docs);
            return self.fields(declared, STEP, Blank::None);
        }
        self.page.lines(chunk.first, 0, blank, &docs);
        let mut blank = Blank::None;
        for group in given {
            self.declaration(group, STEP, blank);
            blank = Blank::Always;
        }
    }

    /// 条文顺序作相应调整。 and what else stands at the end, each on a line.
    fn closing(&mut self, chunk: &Group, blank: Blank) {
        let (mut docs, mut first, mut blank) = (Vec::new(), chunk.first, blank);
        for part in &chunk.parts {
            match part {
                Node::Word(word) => docs.push(Doc::Word(*word, STEP)),
                Node::Group(group) => docs.extend(doc::row(group, STEP)),
            }
            let last = docs.last().and_then(|d| if let Doc::Word(w, _) = d { Some(*w) } else { None });
            if let Some(last) = last.filter(|w| self.kind(*w) == Some(WordKind::End)) {
                self.page.lines(first, 0, blank, &std::mem::take(&mut docs));
                (first, blank) = (last + 1, Blank::Kept);
            }
        }
        if !docs.is_empty() {
            self.page.lines(first, 0, blank, &docs);
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
        let title = self.heading(chunk);
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
    fn enumeration(&mut self, chunk: &Group, indent: usize, blank: Blank) {
        let docs = self.closed(chunk);
        self.page.lines(chunk.first, indent, blank, &docs);
    }

    /// The words of a group with a 。 at the end.
    fn closed(&self, group: &Group) -> Vec<Doc> {
        let mut docs = doc::row(group, STEP);
        match docs.last() {
            Some(Doc::Word(word, _)) if self.kind(*word) == Some(WordKind::End) => {}
            _ => docs.push(Doc::Extra("。")),
        }
        docs
    }

    /// 事实 甲：
    fn heading(&self, chunk: &Group) -> Vec<Doc> {
        words(chunk).filter(|w| !self.separates(*w)).map(|w| Doc::Word(w, STEP)).collect()
    }

    /// Fields, names and types in columns.
    fn fields(&mut self, chunk: &Group, indent: usize, blank: Blank) {
        let fields: Vec<&Group> = groups(chunk).filter(|g| g.kind == GroupKind::Field).collect();
        let mut blank = blank;
        let mut rest = fields.as_slice();
        while let Some((_, others)) = rest.split_first() {
            let together = 1 + others.iter().take_while(|f| !self.begins_section(f)).count();
            let (section, after) = rest.split_at(together.min(rest.len()));
            let width = section.iter().map(|f| self.name_width(f)).max().unwrap_or(0);
            for field in section {
                let docs = self.field(field, width);
                self.page.lines(field.first, indent, blank, &docs);
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

    /// 第X条 and all in it, or provisions below the article.
    fn article(&mut self, chunk: &Group, indent: usize, blank: Blank) {
        let mut path: Vec<PartKind> = Vec::new();
        let mut blank = blank;
        for part in groups(chunk) {
            let depth = match part.kind {
                GroupKind::Head(kind) => {
                    path.truncate(path.iter().take_while(|p| **p < kind).count());
                    path.push(kind);
                    path.len() - 1
                }
                GroupKind::Statement => {
                    let at = self.cst.words.get(part.first).map_or(0, |w| w.start);
                    self.levels.get(&at).copied().unwrap_or(path.len())
                }
                _ => path.len(),
            };
            let docs = match part.kind {
                GroupKind::Statement => doc::statement(&self.cst.words, part),
                _ => doc::row(part, STEP),
            };
            self.page.lines(part.first, indent + depth * STEP, blank, &docs);
            blank = if matches!(part.kind, GroupKind::Head(_)) { Blank::None } else { Blank::Kept };
        }
    }

    /// Statements outside articles.
    fn statements(&mut self, chunk: &Group, indent: usize, blank: Blank) {
        let mut blank = blank;
        for statement in groups(chunk) {
            let docs = doc::statement(&self.cst.words, statement);
            self.page.lines(statement.first, indent, blank, &docs);
            blank = Blank::Kept;
        }
    }
}

/// Whether a group within an operation is what it gives.
const fn is_given(kind: GroupKind) -> bool {
    matches!(
        kind,
        GroupKind::Article
            | GroupKind::Heading
            | GroupKind::Enum
            | GroupKind::Fields
            | GroupKind::FieldList
            | GroupKind::Include
            | GroupKind::Statements
    )
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
