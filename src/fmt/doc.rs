//! Statements as documents: words, and places where a line may break.
//!
//! A group is laid out on one line if it fits there; otherwise every [`Doc::Break`] that lies in it directly breaks.
use crate::syntax::cst::{Group, GroupKind, Node, Word, WordKind};

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doc {
    /// A word by its number, and how far a line is indented that a comment makes begin with it.
    Word(usize, usize),
    /// Punctuation that is to be there and is not.
    Extra(&'static str),
    /// As many spaces, instead of what would stand here.
    Spaces(usize),
    /// The same, and the line does not end before a comment that follows.
    Gutter(usize),
    /// A line may break here; how far the next one is indented.
    Break(usize),
    /// What is broken together or not at all.
    Group(Vec<Doc>),
}

/// How much deeper a part lies than the whole.
pub const STEP: usize = 2;

/// All words of a group in a row, without places to break.
pub fn row(group: &Group, indent: usize) -> Vec<Doc> {
    let mut out = Vec::new();
    for part in &group.parts {
        match part {
            Node::Word(word) => out.push(Doc::Word(*word, indent)),
            Node::Group(group) => out.extend(row(group, indent)),
        }
    }
    out
}

/// A statement.
pub fn statement(words: &[Word], group: &Group) -> Vec<Doc> {
    let mut builder = Builder { words, out: Vec::new() };
    builder.group(group, STEP);
    builder.out
}

struct Builder<'a> {
    words: &'a [Word],
    out: Vec<Doc>,
}

impl Builder<'_> {
    fn kind(&self, node: &Node) -> Option<WordKind> {
        match node {
            Node::Word(word) => self.words.get(*word).map(|w| w.kind),
            Node::Group(_) => None,
        }
    }

    /// A group; `indent` is that of the lines which begin within it.
    fn group(&mut self, group: &Group, indent: usize) {
        match group.kind {
            GroupKind::Clause => self.clause(group, indent),
            GroupKind::Consequences | GroupKind::Consequence => {
                self.nested(|b| b.consequences(group, indent));
            }
            GroupKind::Term => self.term(group, indent + STEP),
            GroupKind::Definition => self.definition(group, indent),
            GroupKind::Chain => self.nested(|b| b.chain(group, indent)),
            GroupKind::Nested => self.parts(&group.parts, indent + STEP),
            _ => self.parts(&group.parts, indent),
        }
    }

    fn parts(&mut self, parts: &[Node], indent: usize) {
        for part in parts {
            self.part(part, indent);
        }
    }

    fn part(&mut self, part: &Node, indent: usize) {
        match part {
            Node::Word(word) => self.out.push(Doc::Word(*word, indent)),
            Node::Group(group) => self.group(group, indent),
        }
    }

    /// What `body` adds, as a group of its own.
    fn nested(&mut self, body: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.out);
        body(self);
        let inner = std::mem::replace(&mut self.out, outer);
        self.out.push(Doc::Group(inner));
    }

    /// 甲
    ///   且 乙
    fn chain(&mut self, group: &Group, indent: usize) {
        for part in &group.parts {
            match part {
                Node::Group(op) if op.kind == GroupKind::ChainOp => {
                    for word in &op.parts {
                        if self.kind(word) == Some(WordKind::Connective) {
                            self.out.push(Doc::Break(indent));
                        }
                        self.part(word, indent);
                    }
                }
                _ => self.part(part, indent),
            }
        }
    }

    /// 除…另有规定外，
    ///   凡 甲，乙 的，
    ///   丙；
    ///   但 丁。
    fn clause(&mut self, group: &Group, indent: usize) {
        let of = |p: &Node, kind| matches!(p, Node::Group(g) if g.kind == kind);
        let head = |p: &&Node| of(p, GroupKind::Except) || of(p, GroupKind::Each);
        let (head, body) = group.parts.split_at(group.parts.iter().take_while(head).count());
        let body_ends = body.iter().position(|p| of(p, GroupKind::Proviso)).unwrap_or(body.len());
        let (body, provisos) = body.split_at(body_ends);
        self.nested(|b| {
            for part in head {
                match part {
                    Node::Group(g) if g.kind == GroupKind::Each => b.each(g, indent),
                    _ => {
                        b.part(part, indent);
                        b.out.push(Doc::Break(indent));
                    }
                }
            }
            b.body(body, indent);
            for part in provisos {
                match part {
                    Node::Group(g) if g.kind == GroupKind::Proviso => b.proviso(g, indent),
                    _ => b.part(part, indent),
                }
            }
        });
    }

    /// 凡 甲，
    fn each(&mut self, group: &Group, indent: usize) {
        let comma = group.parts.iter().any(|p| self.kind(p) == Some(WordKind::Comma));
        for part in &group.parts {
            self.part(part, indent + STEP);
            if !comma && self.kind(part) == Some(WordKind::Name) {
                self.out.push(Doc::Extra("，"));
            }
        }
    }

    /// 甲 的，乙; 甲，且有下列情形之一的，乙
    fn body(&mut self, parts: &[Node], indent: usize) {
        if let [cond, Node::Group(list), rest @ ..] = parts
            && list.kind == GroupKind::AndList
        {
            self.nested(|b| {
                b.part(cond, indent + STEP);
                b.and_list(list, indent + STEP);
            });
            return self.behind_premise(rest, indent);
        }
        self.behind_premise(parts, indent);
    }

    /// What a rule says, with a place to break behind the premise, whose own lines lie deeper.
    fn behind_premise(&mut self, parts: &[Node], indent: usize) {
        let premise = parts.iter().any(|p| matches!(p, Node::Group(g) if g.kind == GroupKind::PremiseEnd));
        for part in parts {
            match part {
                Node::Group(g) if g.kind == GroupKind::Chain && premise => self.group(g, indent + STEP),
                Node::Group(g) if g.kind == GroupKind::PremiseEnd => {
                    self.group(g, indent);
                    self.out.push(Doc::Break(indent));
                }
                Node::Word(_) if self.kind(part) == Some(WordKind::Comma) => {
                    self.part(part, indent);
                    self.out.push(Doc::Break(indent));
                }
                _ => self.part(part, indent),
            }
        }
    }

    /// ，且有下列情形之一的
    fn and_list(&mut self, group: &Group, indent: usize) {
        let comma = group.parts.iter().any(|p| self.kind(p) == Some(WordKind::Comma));
        for part in &group.parts {
            if self.kind(part) == Some(WordKind::JoinsList) {
                if !comma {
                    self.out.push(Doc::Extra("，"));
                }
                self.out.push(Doc::Break(indent));
            }
            self.part(part, indent);
        }
    }

    /// ；但 甲 的除外
    fn proviso(&mut self, group: &Group, indent: usize) {
        let but = group.parts.iter().position(|p| self.kind(p) == Some(WordKind::But)).unwrap_or(0);
        let (before, rest) = group.parts.split_at(but);
        self.parts(before, indent);
        self.out.push(Doc::Break(indent));
        let deeper = indent + STEP;
        self.nested(|b| {
            // 但 and perhaps a comma come first.
            let words = rest.iter().take_while(|p| matches!(p, Node::Word(_))).count();
            let (but, body) = rest.split_at(words);
            b.parts(but, deeper);
            match body {
                [cond, de, body @ ..] if b.kind(de) == Some(WordKind::De) => {
                    b.part(cond, deeper + STEP);
                    b.part(de, deeper);
                    b.behind_premise(body, deeper);
                }
                _ => b.body(body, deeper),
            }
        });
    }

    /// 甲，乙, 甲 并 乙
    fn consequences(&mut self, group: &Group, indent: usize) {
        let mut broken = true;
        for part in &group.parts {
            let kind = self.kind(part);
            if kind == Some(WordKind::Also) && !broken {
                self.out.push(Doc::Break(indent));
            }
            self.part(part, indent);
            broken = kind == Some(WordKind::Comma);
            if broken {
                self.out.push(Doc::Break(indent));
            }
        }
    }

    /// A part behind a comma, which lies deeper than the consequence it belongs to.
    fn term(&mut self, group: &Group, indent: usize) {
        for part in &group.parts {
            match part {
                // A second time limit is no part of the first.
                Node::Group(g) if g.kind == GroupKind::Term => self.term(g, indent),
                _ => self.part(part, indent),
            }
            if self.kind(part) == Some(WordKind::Comma) {
                self.out.push(Doc::Break(indent));
            }
        }
    }

    /// 本办法所称 甲，是指 乙。
    fn definition(&mut self, group: &Group, indent: usize) {
        let comma = group.parts.iter().any(|p| self.kind(p) == Some(WordKind::Comma));
        let value = group.parts.iter().position(|p| matches!(p, Node::Group(_))).unwrap_or(0);
        for (i, part) in group.parts.iter().enumerate() {
            // The word before the value is 是指.
            if !comma && i + 1 == value {
                self.out.push(Doc::Extra("，"));
            }
            self.part(part, indent);
        }
    }
}
