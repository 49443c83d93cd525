//! Parse nodes to the syntax tree, chunk by chunk.
//!
//! Each file of this folder builds one family of nodes as methods of [`Builder`]. A chunk that cannot be
//! parsed is reported by [`failure`]; whatever was read of it is kept.
mod address;
mod condition;
mod consequence;
mod decision;
mod declaration;
mod expected;
mod failure;
mod given;
mod kids;
mod number;
mod operation;
mod provision;
mod slips;
mod statement;
mod value;

use super::ast::{Name, SourceFile, Text, TopItem};
use super::chunk::{self, Chunk, ChunkKind};
use super::grammar::{Grammar, Rule};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
pub use decision::decision;
use kids::{Kids, Node};
use pest::Parser;
use pest::iterators::Pairs;

/// Builds the tree of one file.
pub fn file(source: &str, file: FileId) -> (SourceFile, Vec<Diagnostic>) {
    let mut diags = Vec::new();
    let chunks = chunk::split(source, file, &mut diags);
    let mut builder = Builder { source, file, base: 0, diags, depth: 0, in_round: false };
    let mut tree = SourceFile { file, header: None, items: Vec::new() };
    for chunk in &chunks {
        builder.chunk(chunk, &mut tree);
    }
    (tree, in_order(builder.diags))
}

/// By place, without repeats.
fn in_order(mut diags: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diags.sort_by(|a, b| {
        let place = |d: &Diagnostic| d.labels.first().map_or((0, 0), |l| (l.span.start, l.span.end));
        place(a).cmp(&place(b)).then_with(|| a.cmp(b))
    });
    diags.dedup();
    diags
}

/// State while the chunks of a file are built.
struct Builder<'a> {
    /// The file as it stands on disk.
    source: &'a str,
    file: FileId,
    /// Byte offset in the file of the text being parsed.
    base: usize,
    diags: Vec<Diagnostic>,
    /// How many conditions the one at hand lies in.
    depth: usize,
    /// Within 四舍五入 and its like, where division is allowed.
    in_round: bool,
}

impl Builder<'_> {
    fn chunk(&mut self, chunk: &Chunk, tree: &mut SourceFile) {
        self.base = chunk.start;
        let reported = self.diags.len();
        match chunk.kind {
            ChunkKind::Header => self.header_chunk(chunk, tree),
            ChunkKind::Article => tree.items.extend(self.article_chunk(chunk).map(TopItem::Article)),
            ChunkKind::Statements => self.statement_chunk(chunk, tree),
            ChunkKind::Fields => {
                let item = self.parsed(Rule::chunk_fields, chunk).and_then(|kids| self.fields(kids));
                tree.items.extend(item);
            }
            ChunkKind::Enum => {
                let item =
                    self.parsed(Rule::chunk_enum, chunk).and_then(|kids| self.enumeration(kids, chunk));
                tree.items.extend(item.map(TopItem::Enum));
            }
            ChunkKind::Heading => {
                let item = self.parsed(Rule::chunk_heading, chunk).and_then(|kids| self.heading(kids, chunk));
                tree.items.extend(item.map(TopItem::Heading));
            }
            ChunkKind::Include => {
                let path = self.parsed(Rule::chunk_include, chunk).and_then(|mut kids| kids.seek(Rule::text));
                tree.items.extend(path.map(|p| TopItem::Include(self.text(&p))));
            }
            ChunkKind::Amending => {
                let end = chunk.text.find('定').map_or(0, |i| i + '定'.len_utf8());
                let at = self.at(0, end);
                self.diags.push(super::errors::amending(at));
            }
            // Only in decisions, which are built by `decision`.
            ChunkKind::Decision | ChunkKind::Operation | ChunkKind::Closing => {}
        }
        self.forgive_cut(chunk, reported);
    }

    /// What the cut of a chunk left unfinished is no error of the drafter's.
    fn forgive_cut(&mut self, chunk: &Chunk, reported: usize) {
        if chunk.truncated {
            let end = u32::try_from(chunk.start + chunk.text.trim_end().len()).unwrap_or(u32::MAX);
            let mut index = 0;
            self.diags.retain(|d| {
                index += 1;
                index <= reported || d.labels.first().is_none_or(|l| l.span.end < end)
            });
        }
    }

    /// Parses a chunk by a rule and gives the children of the rule, or reports why not.
    fn parsed<'c>(&mut self, rule: Rule, chunk: &'c Chunk) -> Option<Kids<'c>> {
        match Grammar::parse(rule, &chunk.text) {
            Ok(pairs) => kids_of(pairs),
            Err(error) => {
                self.failure(&error, &chunk.text);
                None
            }
        }
    }

    /// The place of bytes of the text being parsed, never beyond the file.
    fn at(&self, start: usize, end: usize) -> Span {
        let clamp = |n: usize| u32::try_from((self.base + n).min(self.source.len())).unwrap_or(u32::MAX);
        Span::new(self.file, clamp(start), clamp(end))
    }

    /// The place of a node without the blanks behind it.
    fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        self.at(span.start(), span.start() + node.as_str().trim_end_matches(chunk::is_blank).len())
    }

    fn name(&self, node: &Node<'_>) -> Name {
        Name { text: node.as_str().to_owned(), span: self.span(node) }
    }

    /// Names in a row, with 、 or 或者 between them.
    fn names(&self, kids: &mut Kids<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(rule @ (Rule::value_name | Rule::name | Rule::dun | Rule::k_or)) = kids.peek() {
            let node = kids.next();
            if matches!(rule, Rule::value_name | Rule::name) {
                names.extend(node.map(|n| self.name(&n)));
            }
        }
        names
    }

    /// A text literal as it stands in the file.
    fn text(&self, node: &Node<'_>) -> Text {
        let body = node.as_span();
        let bracket = '「'.len_utf8();
        let end = body.end().saturating_sub(bracket).max(body.start() + bracket);
        let span = self.at(body.start() + bracket, end);
        let text = self.source.get(span.start as usize..span.end as usize).unwrap_or("").to_owned();
        Text { text, span }
    }
}

/// The children of the one node a parse yields.
fn kids_of(mut pairs: Pairs<'_, Rule>) -> Option<Kids<'_>> {
    pairs.next().map(Kids::of)
}
