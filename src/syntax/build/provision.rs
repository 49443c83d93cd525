//! Articles with their 款, 项 and 目.
//!
//! The grammar gives the members of an article as a flat list; here they find their places. Whatever is
//! wrong within, the article itself survives with its label and text.
use super::Builder;
use super::kids::{Kids, Node};
use super::kids_of;
use super::statement::announced;
use crate::base::{PartKind, Span, similar};
use crate::syntax::ast::{
    ListKind, Mark, MarkKind, Provision, Reference, ReferenceTarget, SourceFile, Statement, StatementKind,
    TopItem,
};
use crate::syntax::chunk::Chunk;
use crate::syntax::errors;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;

impl Builder<'_> {
    /// `第X条` and everything in it.
    pub fn article_chunk(&mut self, chunk: &Chunk) -> Option<Provision> {
        match Grammar::parse(Rule::chunk_article, &chunk.text) {
            Ok(pairs) => self.article(kids_of(pairs)?, &chunk.text),
            Err(error) => {
                self.failure(&error, &chunk.text);
                let head = Grammar::parse(Rule::chunk_article_head, &chunk.text).ok()?;
                self.article(kids_of(head)?, &chunk.text)
            }
        }
    }

    fn article(&mut self, mut kids: Kids<'_>, text: &str) -> Option<Provision> {
        let head = kids.seek(Rule::article_head)?;
        let mut path = vec![self.head(head, PartKind::Article)];
        self.members(kids, &mut path, text);
        let article = path.pop()?;
        self.check_text(&article);
        Some(article)
    }

    /// 款 项 目 given without what they lie in, and the statements before the first of them.
    pub fn parts(&mut self, kids: Kids<'_>, text: &str) -> (Vec<Provision>, Vec<Statement>) {
        let first = kids.clone().find(|n| n.as_rule() != Rule::note).map(|n| n.as_rule());
        let kind = if first == Some(Rule::sub_item_head) { PartKind::Item } else { PartKind::Article };
        let span = self.at(0, 0);
        let mut path = vec![unnumbered(kind, span)];
        self.members(kids, &mut path, text);
        let Some(whole) = path.pop() else { return (Vec::new(), Vec::new()) };
        for part in &whole.children {
            self.check_text(part);
        }
        (whole.children, whole.statements)
    }

    /// What lies in a provision, put in its place below it.
    fn members(&mut self, kids: Kids<'_>, path: &mut Vec<Provision>, text: &str) {
        for kid in kids {
            match kid.as_rule() {
                Rule::paragraph_head => self.open(path, kid, PartKind::Paragraph),
                Rule::item_head => self.open(path, kid, PartKind::Item),
                Rule::sub_item_head => self.open(path, kid, PartKind::SubItem),
                Rule::note => {
                    let note = Kids::of(kid).seek(Rule::text).map(|t| self.text(&t));
                    if let (Some(provision), Some(note)) = (path.last_mut(), note) {
                        provision.span = provision.span.to(note.span);
                        provision.notes.push(note);
                    }
                }
                Rule::statement => {
                    let statement = self.statement(kid, conditions_expected(path));
                    if let Some(statement) = statement {
                        self.check_premise(path.last(), &statement);
                        attach(path, statement);
                    }
                }
                Rule::bad_statement => self.bad_statement(&kid, text),
                _ => {}
            }
        }
        close(path, 0);
    }

    /// A label with its marks and text.
    fn head(&mut self, node: Node<'_>, kind: PartKind) -> Provision {
        let span = self.span(&node);
        let mut provision = unnumbered(kind, span);
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::mark => provision.marks.extend(self.mark(&kid)),
                Rule::text => provision.text = Some(self.text(&kid)),
                _ => {
                    provision.label = self.span(&kid);
                    (provision.number, provision.sub) = self.label_number(&kid, kind);
                }
            }
        }
        provision
    }

    /// 【…】
    pub fn mark(&mut self, node: &Node<'_>) -> Option<Mark> {
        let span = self.span(node);
        let word = node.as_str().trim_start_matches('【').trim_end_matches('】');
        let kind = match word.trim() {
            "条号推定" => MarkKind::InferredNumber,
            "文字补正" => MarkKind::RestoredText,
            "待补" => MarkKind::Missing,
            unknown => {
                let meant = similar::nearest(unknown, ["条号推定", "文字补正", "待补"]);
                self.diags.push(errors::unknown_mark(span, unknown, meant));
                return None;
            }
        };
        Some(Mark { kind, span })
    }

    /// Begins a provision below those it can lie in.
    fn open(&mut self, path: &mut Vec<Provision>, node: Node<'_>, kind: PartKind) {
        let provision = self.head(node, kind);
        let keep = path.iter().take_while(|p| p.kind < kind).count().max(1);
        close(path, keep);
        let parent = path.last().map(|p| p.kind);
        if kind == PartKind::SubItem && parent != Some(PartKind::Item) {
            let label = self.source_of(provision.label).to_owned();
            self.diags.push(errors::misplaced_part(provision.label, &label, "某一项"));
        }
        path.push(provision);
    }

    /// 甲 的，乙；丙: that 丙 has no premise of its own may be an oversight.
    fn check_premise(&mut self, provision: Option<&Provision>, statement: &Statement) {
        let (Some(before), StatementKind::Rule(rule)) =
            (provision.and_then(|p| p.statements.last()), &statement.kind)
        else {
            return;
        };
        let StatementKind::Rule(first) = &before.kind else { return };
        let bare =
            rule.premise.is_none() && rule.list.is_none() && rule.each.is_none() && rule.except.is_empty();
        let end = Span::new(before.span.file, before.span.end.saturating_sub(3), before.span.end);
        let semicolon = self.source_of(end) == "；";
        if bare && first.premise.is_some() && first.list.is_none() && semicolon {
            self.diags.push(errors::premise_not_shared(statement.span, end));
        }
    }

    /// Every provision has its text, but for articles made of 款 and those marked 待补.
    fn check_text(&mut self, provision: &Provision) {
        let missing = provision.marks.iter().any(|m| m.kind == MarkKind::Missing);
        let made_of_parts = provision.kind == PartKind::Article
            && provision.children.iter().any(|c| c.kind == PartKind::Paragraph);
        if provision.text.is_none() && !missing && !made_of_parts {
            let label = self.source_of(provision.label).to_owned();
            self.diags.push(errors::missing_text(provision.label, &label));
        }
        for child in &provision.children {
            self.check_text(child);
        }
    }

    /// Statements outside articles.
    pub fn statement_chunk(&mut self, chunk: &Chunk, tree: &mut SourceFile) {
        let Some(kids) = self.parsed(Rule::chunk_statements, chunk) else { return };
        for kid in kids {
            match kid.as_rule() {
                Rule::bad_statement => self.bad_statement(&kid, &chunk.text),
                Rule::statement => {
                    let Some(statement) = self.statement(kid, false) else { continue };
                    match statement.kind {
                        StatementKind::Definition(_)
                        | StatementKind::Priority { .. }
                        | StatementKind::Scope(_) => {
                            tree.items.push(TopItem::Statement(statement));
                        }
                        StatementKind::Rule(_) | StatementKind::Condition { .. } => {
                            self.diags.push(errors::outside_article(statement.span));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn unnumbered(kind: PartKind, span: Span) -> Provision {
    Provision {
        kind,
        number: 0,
        sub: 0,
        label: span,
        marks: Vec::new(),
        text: None,
        notes: Vec::new(),
        statements: Vec::new(),
        children: Vec::new(),
        span,
    }
}

/// Moves finished provisions into those above them until `keep` are left open.
fn close(path: &mut Vec<Provision>, keep: usize) {
    while path.len() > keep.max(1) {
        let Some(done) = path.pop() else { return };
        if let Some(parent) = path.last_mut() {
            parent.span = parent.span.to(done.span);
            parent.children.push(done);
        }
    }
}

/// The kind of list the last statement of a provision announces, if any does.
fn list_of(provision: &Provision) -> Option<ListKind> {
    provision.statements.iter().rev().find_map(announced)
}

/// Whether the provision at hand is an item of a list of conditions that still lacks its own.
fn conditions_expected(path: &[Provision]) -> bool {
    item_of_conditions(path) && path.last().is_some_and(|p| p.statements.is_empty())
}

fn item_of_conditions(path: &[Provision]) -> bool {
    let Some([parent, item]) = path.last_chunk::<2>() else { return false };
    matches!(item.kind, PartKind::Item | PartKind::SubItem)
        && matches!(list_of(parent), Some(ListKind::Any | ListKind::All))
}

/// Puts a statement where it belongs: into the provision at hand, or, when that is an item whose condition
/// is complete, into the provision that announced the list.
fn attach(path: &mut [Provision], statement: Statement) {
    let complete = |p: &[Provision]| {
        item_of_conditions(p) && p.last().is_some_and(|i| !i.statements.is_empty() && list_of(i).is_none())
    };
    let mut end = path.len();
    if !matches!(statement.kind, StatementKind::Condition { .. }) && !about_item(&statement) {
        while path.get(..end).is_some_and(|p| complete(p) || end < path.len() && item_of_conditions(p)) {
            end -= 1;
        }
    }
    if let Some(owner) = path.get_mut(..end).and_then(|p| p.last_mut()) {
        owner.span = owner.span.to(statement.span);
        owner.statements.push(statement);
    }
}

/// 本项 优先于 …: said of the item it stands in.
fn about_item(statement: &Statement) -> bool {
    let relative =
        |r: &Reference| matches!(r.target, ReferenceTarget::This(PartKind::Item | PartKind::SubItem));
    match &statement.kind {
        StatementKind::Priority { higher, .. } => relative(higher),
        StatementKind::Rule(_)
        | StatementKind::Condition { .. }
        | StatementKind::Definition(_)
        | StatementKind::Scope(_) => false,
    }
}
