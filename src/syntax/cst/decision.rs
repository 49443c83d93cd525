//! The words of an amending decision: the head of each operation, then what it gives.
use super::{Cst, Group, GroupKind, Node, Reader};
use crate::base::FileId;
use crate::syntax::chunk::{Chunk, ChunkKind, is_blank, split, split_by};
use crate::syntax::decision::chunk_start;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;
use pest::iterators::Pair;

/// What stands behind the ： of an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// Articles, chapters and sections.
    Articles,
    /// What one rule reads, as a group of a kind.
    Ruled(Rule, GroupKind),
}

/// Reads the words of a decision; none where [`crate::syntax::parse_decision`] finds errors of form.
pub fn read(source: &str) -> Option<Cst> {
    let mut diags = Vec::new();
    let chunks = split_by(source, FileId(0), chunk_start, &mut diags);
    if !diags.is_empty() {
        return None;
    }
    let mut reader = Reader { source, base: 0, words: Vec::new() };
    let mut groups = Vec::new();
    for chunk in &chunks {
        groups.push(reader.decision_chunk(chunk)?);
    }
    Some(Cst { words: reader.words, chunks: groups })
}

impl Reader<'_> {
    fn decision_chunk(&mut self, chunk: &Chunk) -> Option<Group> {
        let (rule, kind) = match chunk.kind {
            ChunkKind::Decision => (Rule::chunk_decision, GroupKind::Header),
            ChunkKind::Closing => (Rule::chunk_closing, GroupKind::Closing),
            ChunkKind::Operation => return self.operation(chunk),
            ChunkKind::Header
            | ChunkKind::Include
            | ChunkKind::Enum
            | ChunkKind::Fields
            | ChunkKind::Heading
            | ChunkKind::Article
            | ChunkKind::Statements
            | ChunkKind::Amending => return None,
        };
        self.base = chunk.start;
        let pair = Grammar::parse(rule, &chunk.text).ok()?.next()?;
        Some(self.group(kind, pair))
    }

    /// 一、… and what it gives, as groups behind the words of the head.
    fn operation(&mut self, chunk: &Chunk) -> Option<Group> {
        self.base = chunk.start;
        let first = self.words.len();
        let mut parts = Vec::new();
        for pair in Grammar::parse(Rule::chunk_operation, &chunk.text).ok()?.next()?.into_inner() {
            if matches!(pair.as_rule(), Rule::op_label | Rule::EOI) {
                parts.extend(self.node(pair, GroupKind::Operation));
                continue;
            }
            let given = given(&pair);
            for kid in pair.into_inner() {
                if !matches!(kid.as_rule(), Rule::op_given | Rule::op_declaration) {
                    parts.extend(self.node(kid, GroupKind::Operation));
                    continue;
                }
                let at = kid.as_span().start();
                parts.extend(self.given(given?, chunk, at)?.into_iter().map(Node::Group));
                self.base = chunk.start;
            }
        }
        Some(Group { kind: GroupKind::Operation, first, parts })
    }

    fn given(&mut self, given: Given, chunk: &Chunk, at: usize) -> Option<Vec<Group>> {
        let start = chunk.start + at;
        match given {
            Given::Ruled(rule, kind) => {
                self.base = start;
                let pair = Grammar::parse(rule, chunk.text.get(at..)?).ok()?.next()?;
                Some(vec![self.group(kind, pair)])
            }
            Given::Articles => {
                let raw = self.source.get(start..chunk.start + chunk.text.len())?;
                let chunks = split(raw, FileId(0), &mut Vec::new());
                chunks.into_iter().map(|c| self.chunk(&Chunk { start: start + c.start, ..c })).collect()
            }
        }
    }
}

/// What an operation gives, if it gives anything.
fn given(operation: &Pair<'_, Rule>) -> Option<Given> {
    let statements = Given::Ruled(Rule::chunk_statements, GroupKind::Statements);
    let fields = Given::Ruled(Rule::only_fields, GroupKind::FieldList);
    let parts = Given::Ruled(Rule::only_parts, GroupKind::Article);
    let mut kids = operation.clone().into_inner();
    let text = kids.clone().find(|k| matches!(k.as_rule(), Rule::op_given | Rule::op_declaration))?;
    let text = text.as_str().trim_start_matches(is_blank);
    Some(match operation.as_rule() {
        Rule::op_replace => {
            let target = kids.find(|k| k.as_rule() == Rule::op_place)?;
            if target.as_str().contains(['款', '项', '目']) { parts } else { Given::Articles }
        }
        Rule::op_insert => {
            let count = kids.find(|k| k.as_rule() == Rule::op_count)?;
            if count.as_str().ends_with(['款', '项', '目']) { parts } else { Given::Articles }
        }
        Rule::op_clause => parts,
        Rule::op_fields => fields,
        Rule::op_declare | Rule::op_delete => match text {
            _ if kids.any(|k| k.as_rule() == Rule::k_outside) => statements,
            _ if text.starts_with("枚举") => Given::Ruled(Rule::chunk_enum, GroupKind::Enum),
            _ => Given::Ruled(Rule::chunk_fields, GroupKind::Fields),
        },
        Rule::op_redeclare => {
            let word = kids.find(|k| k.as_rule() == Rule::op_declared)?.into_inner().next()?;
            match word.as_rule() {
                Rule::k_enum if text.starts_with("枚举") => Given::Ruled(Rule::chunk_enum, GroupKind::Enum),
                Rule::k_enum => Given::Ruled(Rule::only_values, GroupKind::Enum),
                Rule::k_term => statements,
                _ => fields,
            }
        }
        _ => return None,
    })
}
