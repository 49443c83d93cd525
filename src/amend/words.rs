//! 「甲」修改为「乙」: in verbatim text, and, when said, names in clauses and declarations.
use super::base::{Base, Region};
use super::plan::{Edit, Fate, Plan};
use super::{ChangeKind, errors};
use crate::syntax::ast::{Claim, Operation, Place, PlaceKind, Text, WordChange};

/// Where an operation looks.
struct Scope {
    nodes: Vec<usize>,
    heads: Vec<usize>,
    throughout: bool,
}

impl Plan<'_> {
    /// Changes words wherever they stand in the places named, or throughout.
    pub fn change_words(
        &mut self,
        index: usize,
        op: &Operation,
        places: &[Place],
        from: &Text,
        to: &WordChange,
    ) {
        let result = to.result(&from.text);
        if from.text.is_empty() || result == from.text {
            self.errors.push(errors::no_change(from.span, &from.text));
            return;
        }
        let Some(scope) = self.scope(index, places) else { return };
        let mut found = Vec::new();
        for &node in &scope.nodes {
            found.extend(self.in_node(node, &from.text).into_iter().map(|r| (r, Some(node))));
        }
        for &head in &scope.heads {
            found.extend(self.in_heading(head, &from.text).into_iter().map(|r| (r, None)));
        }
        if found.is_empty() {
            let names: Vec<String> = places.iter().map(|p| self.text_of(p)).collect();
            let what = if scope.throughout { "全文".to_owned() } else { names.join("、") };
            self.errors.push(errors::words_not_there(from.span, &from.text, &what));
            return;
        }
        let mut touched = Vec::new();
        for (region, node) in found {
            if !self.change_at(index, region, &result) {
                return;
            }
            if let Some(node) = node.filter(|n| touched.last() != Some(n)) {
                touched.push(node);
            }
        }
        let names_too = matches!(op.claim, Some((Claim::NamesToo, _)));
        if names_too {
            self.change_names(index, &scope, from, &result);
        }
        if scope.throughout {
            self.warn_of_notes(from, names_too);
        }
        for node in touched {
            self.worded.entry(node).or_default().push(index);
            self.change(index, ChangeKind::Words, Some(node), String::new());
        }
    }

    fn text_of(&self, place: &Place) -> String {
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        format!("“{}”", self.decision.source.get(start..end).unwrap_or(""))
    }

    fn scope(&mut self, op: usize, places: &[Place]) -> Option<Scope> {
        let mut scope = Scope { nodes: Vec::new(), heads: Vec::new(), throughout: places.is_empty() };
        let mut roots = Vec::new();
        if places.is_empty() {
            scope.nodes = (0..self.base.nodes.len()).collect();
            scope.heads = (0..self.base.heads.len()).collect();
        }
        for place in places {
            match &place.kind {
                PlaceKind::Provision(address) => roots.push(self.node(address, place.span)?),
                PlaceKind::Range(from, to) => {
                    let (low, high) = (self.node(from, place.span)?, self.node(to, place.span)?);
                    roots.extend(self.base.siblings(low).into_iter().filter(|n| (low..=high).contains(n)));
                }
                PlaceKind::Heading(address) => {
                    let head = self.heading(*address, place.span)?;
                    scope
                        .heads
                        .extend((0..self.base.heads.len()).filter(|&h| self.base.heading_in(Some(h), head)));
                    roots.extend(self.base.articles_below(head));
                }
            }
        }
        for root in roots {
            if let Some(other) = self.fates.get(root).and_then(|f| f.op()) {
                self.conflict(op, other, root);
                return None;
            }
            scope.nodes.extend(root..self.base.nodes.get(root).map_or(root, |n| n.end));
        }
        scope.nodes.sort_unstable();
        scope.nodes.dedup();
        scope.nodes.retain(|&n| matches!(self.fates.get(n), Some(Fate::Kept)));
        scope
            .heads
            .retain(|h| matches!(self.head_fates.get(*h), Some(Fate::Kept)) && !self.renamed.contains_key(h));
        Some(scope)
    }

    fn in_node(&self, node: usize, words: &str) -> Vec<Region> {
        let Some(found) = self.base.nodes.get(node) else { return Vec::new() };
        let Some(text) = &found.tree.text else { return Vec::new() };
        occurrences(found.file, text, words)
    }

    fn in_heading(&self, head: usize, words: &str) -> Vec<Region> {
        self.base.heads.get(head).map_or_else(Vec::new, |h| occurrences(h.file, &h.tree.title, words))
    }

    /// One change, unless another operation changes the same words.
    fn change_at(&mut self, op: usize, region: Region, result: &str) -> bool {
        let key = (region, usize::MAX);
        let at = self.words.partition_point(|w| *w < key);
        let near = [at.checked_sub(1), Some(at)];
        let met =
            near.into_iter().flatten().filter_map(|i| self.words.get(i)).find(|(r, _)| r.overlaps(region));
        if let Some(&(there, other)) = met {
            let (here, at) = (self.op_span(op), self.op_span(other));
            let words = self.base.slice(there).to_owned();
            self.errors.push(errors::conflict(here, at, &words));
            return false;
        }
        self.words.insert(at, (region, op));
        self.edits.push(Edit { region, text: result.to_owned(), rank: 0 });
        true
    }

    /// Names that are these words as a whole.
    fn change_names(&mut self, op: usize, scope: &Scope, from: &Text, to: &str) {
        let mut regions = Vec::new();
        for (file, text) in self.base.texts.iter().copied().enumerate() {
            for (start, end) in code_words(text, &from.text) {
                regions.push(Region { file, start, end });
            }
        }
        if scope.throughout {
            let used = self.base.texts.iter().copied().enumerate().find_map(|(file, text)| {
                let (start, end) = code_words(text, to).into_iter().next()?;
                Some(Region { file, start, end })
            });
            if let Some(used) = used.filter(|_| !regions.is_empty()) {
                self.errors.push(errors::name_in_use(from.span, to, self.base.span(used)));
                return;
            }
            regions.retain(|r| !self.in_fated(*r));
        } else {
            let kept: Vec<Region> = scope.nodes.iter().map(|&n| self.own_statements(n)).collect();
            regions.retain(|r| kept.iter().any(|k| k.file == r.file && k.start <= r.start && r.end <= k.end));
            regions.retain(|r| !self.in_fated(*r));
        }
        for region in regions {
            if !self.change_at(op, region, to) {
                return;
            }
        }
    }

    /// From the label of a provision to the end of all in it.
    fn own_statements(&self, node: usize) -> Region {
        self.base.body(node)
    }

    /// Whether a place is deleted or written anew by an operation.
    fn in_fated(&self, region: Region) -> bool {
        let at = self
            .base
            .nodes
            .partition_point(|n| (n.file, n.tree.label.start as usize) <= (region.file, region.start));
        let mut here = at.checked_sub(1);
        while let Some(node) = here {
            let Some(found) = self.base.nodes.get(node) else { return false };
            let body = self.base.body(node);
            if body.file == region.file && body.start <= region.start && region.end <= body.end {
                let gone = !matches!(self.fates.get(node), Some(Fate::Kept));
                let rewritten = self.clauses.contains_key(&node)
                    && found.tree.statements.iter().any(|s| Base::bytes(found.file, s.span).overlaps(region));
                return gone || rewritten || self.taken.iter().any(|(r, _)| r.overlaps(region));
            }
            here = found.parent;
        }
        self.taken.iter().any(|(r, _)| r.overlaps(region))
    }

    /// 释 and 问 are the drafter's own words: they stay, and are told of.
    fn warn_of_notes(&mut self, from: &Text, _names_too: bool) {
        let mut places = Vec::new();
        for (node, found) in self.base.nodes.iter().enumerate() {
            if !matches!(self.fates.get(node), Some(Fate::Kept)) {
                continue;
            }
            for note in found.tree.notes.iter().filter(|n| n.text.contains(&from.text)) {
                places.push((self.base.span(Base::bytes(found.file, note.span)), found.address.to_string()));
            }
        }
        for (file, field, text) in super::follow::asked(self.base) {
            if text.text.contains(&from.text) {
                places.push((self.base.span(Base::bytes(file, text.span)), field.to_owned()));
            }
        }
        if !places.is_empty() {
            self.notes.push(errors::left_in_notes(from.span, &from.text, &places));
        }
    }
}

/// Where words stand in a text, from left to right.
fn occurrences(file: usize, text: &Text, words: &str) -> Vec<Region> {
    let start = text.span.start as usize;
    let region =
        |(at, found): (usize, &str)| Region { file, start: start + at, end: start + at + found.len() };
    text.text.match_indices(words).map(region).collect()
}

/// Where a word stands as a whole word outside 「」 and comments.
fn code_words(text: &str, word: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if word.is_empty() || !word.chars().all(is_word) {
        return found;
    }
    let mut spans = Vec::new();
    code(text, &mut spans);
    for (from, to) in spans {
        let part = text.get(from..to).unwrap_or("");
        for (at, _) in part.match_indices(word) {
            let before = part.get(..at).and_then(|b| b.chars().next_back()).is_some_and(is_word);
            let after = part.get(at + word.len()..).unwrap_or("");
            // 甲 的， may be written 甲的，
            let rest = after.strip_prefix('的').unwrap_or(after);
            if !before && !rest.starts_with(is_word) {
                found.push((from + at, from + at + word.len()));
            }
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The stretches of a text outside 「」 and comments.
fn code(text: &str, spans: &mut Vec<(usize, usize)>) {
    let mut from = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(next) = rest.find(['「', '-']) else { break };
        let here = at + next;
        let tail = text.get(here..).unwrap_or("");
        let end = if tail.starts_with('「') {
            here + tail.find('」').map_or(tail.len(), |n| n + '」'.len_utf8())
        } else if tail.starts_with("--") {
            here + tail.find('\n').unwrap_or(tail.len())
        } else {
            at = here + 1;
            continue;
        };
        spans.push((from, here));
        (from, at) = (end, end);
    }
    spans.push((from, text.len()));
}
