//! What the operations of a decision do to which provision: targets found, conflicts told, texts to cut and to put.
use super::base::{Base, Region};
use super::insert::articles_of;
use super::{Change, ChangeKind, Renumbering, errors, lines};
use crate::base::{Address, Part, PartKind, Span, similar};
use crate::diag::Diagnostic;
use crate::syntax::ast::{
    Decision, Heading, HeadingAddress, Operation, OperationKind, Payload, Place, PlaceKind, Provision, Target,
};
use std::collections::BTreeMap;

/// What becomes of a provision or heading.
#[derive(Clone, Copy)]
pub enum Fate<'a> {
    /// It stays, but for its number and citations.
    Kept,
    /// It goes.
    Deleted(usize),
    /// It is written anew; without a tree it does not come again.
    Replaced(usize, Option<&'a Provision>),
}

impl Fate<'_> {
    /// The operation that decides it.
    pub fn op(self) -> Option<usize> {
        match self {
            Self::Kept => None,
            Self::Deleted(op) | Self::Replaced(op, _) => Some(op),
        }
    }

    /// Whether nothing stands in its place afterwards.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Deleted(_) | Self::Replaced(_, None))
    }
}

/// A provision that is added.
pub struct Added<'a> {
    /// By which operation.
    pub op: usize,
    /// Among the children of which provision; none: an article.
    pub parent: Option<usize>,
    /// Before which of the provisions beside it, by index; as many as there are: at the end.
    pub gap: usize,
    /// The first number its operation gives, and its place among what the operation gives.
    pub order: (Part, usize, usize),
    /// The number given.
    pub label: Part,
    /// Where it is given.
    pub label_at: Span,
    /// What it says.
    pub tree: &'a Provision,
    /// Its address, when known.
    pub address: Option<Address>,
}

/// A heading that is added.
pub struct AddedHead<'a> {
    /// The chapter of a section.
    pub parent: Option<usize>,
    /// Before which of the headings beside it.
    pub gap: usize,
    /// As with provisions.
    pub order: usize,
    /// What it says.
    pub tree: &'a Heading,
}

/// A change of the text: what stands in `region` becomes `text`.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Where.
    pub region: Region,
    /// What comes there.
    pub text: String,
    /// Of insertions at one place the lower comes first.
    pub rank: usize,
}

/// Everything a decision does.
pub struct Plan<'a> {
    /// The text before.
    pub base: &'a Base<'a>,
    /// The decision.
    pub decision: &'a Decision,
    /// Where provisions went since the decision was written.
    pub since: &'a Renumbering,
    /// By provision.
    pub fates: Vec<Fate<'a>>,
    /// By heading.
    pub head_fates: Vec<Fate<'a>>,
    /// Headings with a new title.
    pub renamed: BTreeMap<usize, usize>,
    /// Provisions with a new clause.
    pub clauses: BTreeMap<usize, usize>,
    /// Provisions whose words are changed, by operation.
    pub worded: BTreeMap<usize, Vec<usize>>,
    /// Places whose words are changed, in order of finding.
    pub words: Vec<(Region, usize)>,
    /// What is added.
    pub added: Vec<Added<'a>>,
    /// Chapters and sections that are added.
    pub added_heads: Vec<AddedHead<'a>>,
    /// Articles without 款 that come to have them.
    pub split: BTreeMap<usize, usize>,
    /// Declarations an operation has taken.
    pub taken: Vec<(Region, usize)>,
    /// Changes of the text so far.
    pub edits: Vec<Edit>,
    /// What happened.
    pub changes: Vec<Change>,
    /// What is wrong.
    pub errors: Vec<Diagnostic>,
    /// What should be looked at.
    pub notes: Vec<Diagnostic>,
}

impl<'a> Plan<'a> {
    /// Nothing done yet.
    pub fn new(base: &'a Base<'a>, decision: &'a Decision, since: &'a Renumbering) -> Self {
        Self {
            base,
            decision,
            since,
            fates: vec![Fate::Kept; base.nodes.len()],
            head_fates: vec![Fate::Kept; base.heads.len()],
            renamed: BTreeMap::new(),
            clauses: BTreeMap::new(),
            worded: BTreeMap::new(),
            words: Vec::new(),
            added: Vec::new(),
            added_heads: Vec::new(),
            split: BTreeMap::new(),
            taken: Vec::new(),
            edits: Vec::new(),
            changes: Vec::new(),
            errors: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The operations: first what names one place, then what is put where a number belongs, then chapters, whose
    /// articles are told by their numbers, and words, which change what is left.
    pub fn operations(&mut self, ops: &[usize]) {
        let decision = self.decision;
        let chosen: Vec<(usize, &'a Operation)> =
            ops.iter().filter_map(|&i| Some((i, decision.ops.get(i)?))).collect();
        for &(index, op) in &chosen {
            self.direct(index, op);
        }
        self.by_number(&chosen);
        self.chapters(&chosen);
        for &(index, op) in &chosen {
            if let OperationKind::Words { places, from, to } = &op.kind {
                self.change_words(index, op, places, from, to);
            }
        }
        self.check_clauses();
    }

    fn direct(&mut self, index: usize, op: &'a Operation) {
        match &op.kind {
            OperationKind::Replace { target, with, .. } => self.replace(index, target, with),
            OperationKind::Clause { target, with } => self.new_clause(index, target, with),
            OperationKind::Rename { target, title } => self.rename(index, target, &title.text, title.span),
            OperationKind::Delete { targets, repeal } => {
                let what = if *repeal { ChangeKind::Repealed } else { ChangeKind::Deleted };
                for target in targets {
                    self.delete(index, target, what);
                }
            }
            OperationKind::Insert { position, level, labels, with } => {
                self.insert(index, position, *level, labels, with);
            }
            OperationKind::Words { .. } | OperationKind::Broken => {}
            OperationKind::Declare { position, with } => self.declare(index, position.as_ref(), with),
            OperationKind::AddFields { position, with } => self.add_fields(index, position, with),
            OperationKind::AddValues { name, values, span } => self.add_values(index, name, values, *span),
            OperationKind::Redeclare { target, with } => self.redeclare(index, target, with),
        }
    }

    /// The place of an operation in the decision.
    pub fn op_span(&self, op: usize) -> Span {
        self.decision.ops.get(op).map_or(self.decision.title.span, |o| o.head)
    }

    /// Notes a change.
    pub fn change(&mut self, op: usize, what: ChangeKind, node: Option<usize>, name: String) {
        let old = node.and_then(|n| self.base.nodes.get(n)).map(|n| n.address.clone());
        let span = self.op_span(op);
        self.changes.push(Change { op: Some(op), what, old, new: None, name, span });
    }

    /// What stands at `span` in the decision, as it is written there.
    pub fn given(&self, start: usize, end: usize) -> String {
        self.decision.source.get(start..end).unwrap_or("").to_owned()
    }

    /// A given provision from its label to the end of its last line.
    pub fn given_body(&self, tree: &Provision) -> String {
        let end = lines::end_of(&self.decision.source, tree.span.end as usize);
        let text = self.given(tree.label.start as usize, end);
        if tree.kind == PartKind::Article { text } else { lines::indent(&text) }
    }

    // ------------------------------------------------------------ finding

    /// An address of the decision in the text at hand.
    pub fn follow(&mut self, address: &Address, at: Span) -> Option<Address> {
        if address.parts.iter().any(|p| p.kind == PartKind::Proviso) {
            self.errors.push(errors::proviso(at, &address.to_string()));
            return None;
        }
        let found = self.since.follow(address);
        if found.is_none() {
            self.errors.push(errors::not_there(at, &address.to_string(), &[]));
        }
        found
    }

    /// The provision at an address of the decision.
    pub fn node(&mut self, address: &Address, at: Span) -> Option<usize> {
        let here = self.follow(address, at)?;
        let whole_paragraph = here.last().is_some_and(|p| p.kind == PartKind::Paragraph);
        let found = if whole_paragraph { self.base.find(&here) } else { self.base.find_cited(&here) };
        if found.is_none() {
            let near = self.near(&here);
            self.errors.push(errors::not_there(at, &address.to_string(), &near));
        }
        found
    }

    /// What stands where an address leads to nothing.
    fn near(&self, address: &Address) -> Vec<String> {
        let mut upper = address.clone();
        while let Some(last) = upper.parts.pop() {
            let kin: Vec<usize> = if upper.parts.is_empty() {
                self.base.articles.clone()
            } else if let Some(parent) = self.base.find_cited(&upper) {
                self.base.nodes.get(parent).map_or_else(Vec::new, |n| n.children.clone())
            } else {
                continue;
            };
            let mut kin: Vec<&Address> =
                kin.iter().filter_map(|&k| self.base.nodes.get(k)).map(|n| &n.address).collect();
            kin.sort_by_key(|a| a.last().map_or(u32::MAX, |p| p.number.abs_diff(last.number)));
            kin.truncate(3);
            kin.sort();
            return kin.into_iter().map(ToString::to_string).collect();
        }
        Vec::new()
    }

    /// The heading at an address of the decision.
    pub fn heading(&mut self, address: HeadingAddress, at: Span) -> Option<usize> {
        let here = self.since.follow_heading(address);
        let found = here.and_then(|h| self.base.find_heading(h));
        if found.is_none() {
            let near =
                self.base.heads.iter().filter(|h| h.address.section.is_some() == address.section.is_some());
            let near: Vec<String> = near.take(5).map(|h| h.address.to_string()).collect();
            self.errors.push(errors::not_there(at, &address.to_string(), &near));
        }
        found
    }

    /// The nearest of names, for a declaration that is not there.
    pub fn no_declaration<'n>(
        &mut self,
        at: Span,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) {
        let near = similar::nearest(name, names).map(|n| vec![n.to_owned()]).unwrap_or_default();
        self.errors.push(errors::not_there(at, what, &near));
    }

    // ------------------------------------------------------------ marking

    /// Gives a provision and all in it a fate, unless another operation has.
    pub fn mark(&mut self, node: usize, fate: Fate<'a>) -> bool {
        let end = self.base.nodes.get(node).map_or(node, |n| n.end);
        let Some(op) = fate.op() else { return true };
        let taken = (node..end).find_map(|n| self.fates.get(n).and_then(|f| f.op()));
        if let Some(other) = taken {
            self.conflict(op, other, node);
            return false;
        }
        for slot in self.fates.get_mut(node..end).unwrap_or_default() {
            *slot = fate;
        }
        true
    }

    /// Two operations meet at a provision.
    pub fn conflict(&mut self, op: usize, other: usize, node: usize) {
        let name = self.base.nodes.get(node).map(|n| n.address.to_string()).unwrap_or_default();
        let (at, there) = (self.op_span(op), self.op_span(other));
        self.errors.push(errors::conflict(at, there, &name));
    }

    /// Replaces a provision and matches what lies in it by number.
    pub fn replace_node(&mut self, op: usize, node: usize, tree: &'a Provision) {
        if !self.mark(node, Fate::Replaced(op, None)) {
            return;
        }
        self.match_tree(op, node, tree);
        let region = self.base.body(node);
        let text = self.given_body(tree);
        self.edits.push(Edit { region, text, rank: 0 });
        self.change(op, ChangeKind::Replaced, Some(node), String::new());
    }

    /// Recursion: 条 款 项 目.
    fn match_tree(&mut self, op: usize, node: usize, tree: &'a Provision) {
        if let Some(fate) = self.fates.get_mut(node) {
            *fate = Fate::Replaced(op, Some(tree));
        }
        let children = self.base.nodes.get(node).map_or_else(Vec::new, |n| n.children.clone());
        for child in children {
            let Some(part) = self.base.nodes.get(child).map(super::base::Node::part) else { continue };
            let same = |p: &&Provision| p.kind == part.kind && p.number == part.number && p.sub == part.sub;
            if let Some(given) = tree.children.iter().find(same) {
                self.match_tree(op, child, given);
            }
        }
    }

    fn replace(&mut self, op: usize, target: &Place, with: &'a Payload) {
        let PlaceKind::Provision(address) = &target.kind else { return };
        let Some(node) = self.node(address, target.span) else { return };
        let article = articles_of(with).next();
        if let Some(tree) = article.or_else(|| with.parts.first()) {
            self.replace_node(op, node, tree);
        }
    }

    fn new_clause(&mut self, op: usize, target: &Place, with: &'a Payload) {
        let PlaceKind::Provision(address) = &target.kind else { return };
        let Some(node) = self.node(address, target.span) else { return };
        if let Some(other) = self.clauses.insert(node, op) {
            self.conflict(op, other, node);
            return;
        }
        self.put_clause(node, with);
        self.change(op, ChangeKind::Clause, Some(node), String::new());
    }

    /// The new statements where the first old one stood, else behind text and notes; what follows the sentence that
    /// announces the items goes behind them.
    fn put_clause(&mut self, node: usize, with: &Payload) {
        let Some(found) = self.base.nodes.get(node) else { return };
        let (file, tree) = (found.file, found.tree);
        let text = self.base.texts.get(file).copied().unwrap_or("");
        for statement in &tree.statements {
            let region = self.base.whole_of(file, statement.span);
            let own = Region { start: region.start.max(statement.span.start as usize), ..region };
            self.edits.push(Edit { region: own, text: String::new(), rank: 0 });
        }
        let children_from = tree.children.first().map(|c| c.span.start as usize);
        let behind_head = tree.notes.last().map_or_else(
            || tree.text.as_ref().map_or(tree.label.end as usize, |t| t.span.end as usize),
            |n| n.span.end as usize,
        );
        let first = tree.statements.first().map(|s| s.span.start as usize);
        let at = first.filter(|&f| children_from.is_none_or(|c| f < c));
        let at = at.unwrap_or_else(|| lines::end_of(text, behind_head));
        let cut =
            with.statements.iter().position(super::check::announces).map_or(with.statements.len(), |i| i + 1);
        let (head, tail) = with.statements.split_at(cut);
        let put = |plan: &mut Self, at: usize, statements: &[crate::syntax::ast::Statement]| {
            if let (Some(a), Some(b)) = (statements.first(), statements.last()) {
                let end = lines::end_of(&plan.decision.source, b.span.end as usize);
                let body = lines::indent(&plan.given(a.span.start as usize, end));
                let text = plan.on_own_lines(file, at, &body);
                plan.edits.push(Edit { region: Region { file, start: at, end: at }, text, rank: 0 });
            }
        };
        put(self, at, head);
        put(self, self.base.body(node).end, tail);
    }

    /// Words put at a place with the newlines they need, so that no empty line comes about.
    fn on_own_lines(&self, file: usize, at: usize, body: &str) -> String {
        let text = self.base.texts.get(file).copied().unwrap_or("");
        let before = text.get(..at).and_then(|t| t.rsplit('\n').next()).unwrap_or("");
        let behind = text.get(at..).unwrap_or("");
        let lead = if before.trim().is_empty() { "" } else { "\n" };
        let tail = if behind.is_empty() || behind.starts_with('\n') { "" } else { "\n" };
        format!("{lead}{body}{tail}")
    }

    fn check_clauses(&mut self) {
        let clauses: Vec<(usize, usize)> = self.clauses.iter().map(|(&n, &op)| (n, op)).collect();
        for (node, op) in clauses {
            if let Some(other) = self.fates.get(node).and_then(|f| f.op()) {
                self.conflict(op, other, node);
            }
        }
    }

    fn rename(&mut self, op: usize, target: &Place, title: &str, at: Span) {
        let PlaceKind::Heading(address) = target.kind else { return };
        let Some(head) = self.heading(address, target.span) else { return };
        let Some(found) = self.base.heads.get(head) else { return };
        let old = &found.tree.title;
        if let Some(other) = self.renamed.insert(head, op) {
            let (here, there) = (self.op_span(op), self.op_span(other));
            self.errors.push(errors::conflict(here, there, &address.to_string()));
        }
        if old.text == title {
            self.errors.push(errors::no_change(at, &address.to_string()));
        }
        let region = Base::bytes(found.file, old.span);
        self.edits.push(Edit { region, text: title.to_owned(), rank: 0 });
        self.change(op, ChangeKind::Replaced, None, found.address.to_string());
    }

    fn delete(&mut self, op: usize, target: &'a Target, what: ChangeKind) {
        match target {
            Target::Place(place) => match &place.kind {
                PlaceKind::Provision(address) => {
                    if let Some(node) = self.node(address, place.span) {
                        self.delete_node(op, node, what);
                    }
                }
                PlaceKind::Range(from, to) => self.delete_range(op, from, to, place.span, what),
                PlaceKind::Heading(address) => self.delete_heading(op, *address, place.span, what),
            },
            Target::Fields { .. } | Target::Enum(_) | Target::Definition { .. } | Target::Statement(_) => {
                self.undeclare(op, target, what);
            }
        }
    }

    /// Takes a provision out.
    pub fn delete_node(&mut self, op: usize, node: usize, what: ChangeKind) {
        if self.mark(node, Fate::Deleted(op)) {
            self.edits.push(Edit { region: self.base.whole(node), text: String::new(), rank: 0 });
            self.change(op, what, Some(node), String::new());
        }
    }

    fn delete_range(&mut self, op: usize, from: &Address, to: &Address, at: Span, what: ChangeKind) {
        let (Some(low), Some(high)) = (self.node(from, at), self.node(to, at)) else { return };
        let kin = self.base.siblings(low);
        let place = |n: usize| kin.iter().position(|&k| k == n);
        let (Some(first), Some(last)) = (place(low), place(high)) else {
            self.errors.push(errors::not_there(at, &format!("{from}至{to}"), &[]));
            return;
        };
        for &node in kin.get(first..=last).unwrap_or_default() {
            self.delete_node(op, node, what);
        }
    }

    fn delete_heading(&mut self, op: usize, address: HeadingAddress, at: Span, what: ChangeKind) {
        let Some(head) = self.heading(address, at) else { return };
        let inner: Vec<usize> =
            (0..self.base.heads.len()).filter(|&h| self.base.heading_in(Some(h), head)).collect();
        for index in inner {
            self.delete_head(op, index, what);
        }
        let articles: Vec<usize> = self.base.articles_below(head).collect();
        for node in articles {
            self.delete_node(op, node, what);
        }
    }

    /// Takes the line of a heading out.
    pub fn delete_head(&mut self, op: usize, head: usize, what: ChangeKind) {
        let Some(found) = self.base.heads.get(head) else { return };
        if let Some(other) = self.head_fates.get(head).and_then(|f| f.op()) {
            let (here, there) = (self.op_span(op), self.op_span(other));
            self.errors.push(errors::conflict(here, there, &found.address.to_string()));
            return;
        }
        if let Some(fate) = self.head_fates.get_mut(head) {
            *fate = Fate::Deleted(op);
        }
        let region = self.base.whole_of(found.file, found.tree.span);
        self.edits.push(Edit { region, text: String::new(), rank: 0 });
        self.change(op, what, None, found.address.to_string());
    }
}
