//! What the text after says of the decision: text and clause changed together, ranges kept, nothing idle.
use super::base::Base;
use super::follow::{Follower, RangeCite};
use super::plan::{Edit, Fate, Plan};
use super::settle::Settled;
use super::{edits, errors};
use crate::base::Address;
use crate::diag::Diagnostic;
use crate::syntax::ast::{Claim, Provision, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a statement announces items.
pub fn announces(statement: &Statement) -> bool {
    let (list, mut proviso) = match &statement.kind {
        StatementKind::Rule(rule) => (rule.list.is_some(), rule.proviso.as_deref()),
        StatementKind::Condition { proviso, .. } => (false, proviso.as_deref()),
        StatementKind::Definition(_) | StatementKind::Priority { .. } | StatementKind::Scope(_) => {
            (false, None)
        }
    };
    let mut found = list;
    while let Some(here) = proviso {
        found |= here.list.is_some();
        proviso = here.inner.as_deref();
    }
    found
}

/// A piece of source without blanks and comments outside 「」.
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for line in text.lines() {
        let mut rest = line.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '「' => open = true,
                '」' => open = false,
                '-' if !open && rest.peek() == Some(&'-') => break,
                _ => {}
            }
            if open || !c.is_whitespace() {
                out.push(c);
            }
        }
        if open {
            out.push('\n');
        }
    }
    out
}

/// What is compared of a provision.
#[derive(PartialEq, Eq)]
struct Said {
    text: Option<String>,
    clause: String,
    notes: Vec<String>,
    marks: usize,
    children: usize,
}

impl Said {
    /// The text but for the mark it ends with, which goes with its place in a list.
    fn words(&self) -> &str {
        self.text.as_deref().unwrap_or("").trim_end_matches(['；', '。'])
    }
}

fn clause<'s>(pieces: impl Iterator<Item = &'s str>) -> String {
    pieces.map(|p| squeeze(p).trim_end_matches(['；', '。', ';']).to_owned()).collect::<Vec<_>>().join("。")
}

/// Checks a plan against the text it made.
pub struct Checker<'p, 'a> {
    /// What was done.
    pub plan: &'p Plan<'a>,
    /// Where everything went.
    pub settled: &'p Settled,
    /// The text after.
    pub new: &'p Base<'p>,
}

impl Checker<'_, '_> {
    /// Errors of operations whose result is not what they say.
    pub fn operations(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut moved: BTreeSet<usize> = BTreeSet::new();
        let mut named: BTreeMap<usize, String> = BTreeMap::new();
        for node in 0..self.plan.base.nodes.len() {
            let ops = self.ops_of(node);
            let Some((old, new)) = (!ops.is_empty()).then(|| self.pair(node)).flatten() else { continue };
            let name = self.plan.base.nodes.get(node).map(|n| n.address.to_string()).unwrap_or_default();
            for &op in &ops {
                named.entry(op).or_insert_with(|| name.clone());
            }
            if old != new {
                moved.extend(&ops);
            }
            found.extend(self.judge(node, &ops, &old, &new, &name));
        }
        moved.extend(self.plan.fates.iter().filter(|f| f.is_gone()).filter_map(|f| f.op()));
        moved.extend(self.plan.added.iter().map(|a| a.op));
        for (op, name) in named {
            let rewritten = self.plan.changes.iter().any(|c| c.op == Some(op) && !c.name.is_empty());
            if !moved.contains(&op) && !rewritten {
                found.push(errors::no_change(self.plan.op_span(op), &name));
            }
        }
        found
    }

    /// Operations that change the words or the clause of a provision.
    fn ops_of(&self, node: usize) -> Vec<usize> {
        let mut ops = Vec::new();
        if let Some(Fate::Replaced(op, Some(_))) = self.plan.fates.get(node) {
            ops.push(*op);
        }
        ops.extend(self.plan.clauses.get(&node));
        ops.extend(self.plan.worded.get(&node).into_iter().flatten());
        ops
    }

    /// What a provision said, its citations followed, and what it says.
    fn pair(&self, node: usize) -> Option<(Said, Said)> {
        let base = self.plan.base;
        let tree = base.nodes.get(node)?.tree;
        let mut follower = Follower::new(self.plan, self.settled);
        follower.node(node, false);
        let mut edits = follower.found.edits;
        edits::sort(&mut edits);
        let file = base.nodes.get(node)?.file;
        let old = said(tree, |span| edits::within(base, &edits, Base::bytes(file, span)));
        let address = self.settled.location(node)?;
        let now = self.new.nodes.get(self.new.find(address)?)?;
        let unedited: &[Edit] = &[];
        let new = said(now.tree, |span| edits::within(self.new, unedited, Base::bytes(now.file, span)));
        Some((old, new))
    }

    fn judge(&self, node: usize, ops: &[usize], old: &Said, new: &Said, name: &str) -> Option<Diagnostic> {
        let text = old.words() != new.words();
        let clause = old.clause != new.clause;
        let claims: Vec<(Claim, crate::base::Span)> =
            ops.iter().filter_map(|&op| self.plan.decision.ops.get(op)?.claim).collect();
        let of = |wanted: Claim| claims.iter().find(|(c, _)| *c == wanted).map(|(_, at)| *at);
        let apart = self.plan.clauses.contains_key(&node);
        if of(Claim::Compared).is_some() || of(Claim::NamesToo).is_some() {
            return None;
        }
        if let Some(at) = of(Claim::TextOnly) {
            let fails = clause && !apart;
            return fails.then(|| errors::claim_fails(at, "条款不变", name, "条款"));
        }
        if let Some(at) = of(Claim::ClauseOnly) {
            return text.then(|| errors::claim_fails(at, "原文不变", name, "原文"));
        }
        let has_clause = !old.clause.is_empty() || !new.clause.is_empty();
        let at = self.plan.op_span(*ops.first()?);
        if text && !clause && has_clause {
            return Some(errors::clause_unchanged(at, name));
        }
        (clause && !text && !apart).then(|| errors::text_unchanged(at, name))
    }

    /// Warnings of ranges that cover more or less.
    pub fn ranges(&self, cites: &[RangeCite]) -> Vec<Diagnostic> {
        let base = self.plan.base;
        let mut found = Vec::new();
        for cite in cites {
            let old = members(base, &cite.old);
            let mut kept = BTreeSet::new();
            let mut lost = Vec::new();
            for node in old {
                match self.settled.addresses.get(node) {
                    Some(Some(address)) => {
                        kept.insert(address.clone());
                    }
                    Some(None) | None => {
                        lost.extend(base.nodes.get(node).map(|n| n.address.to_string()));
                    }
                }
            }
            let now = members(self.new, &cite.new);
            let gained: Vec<String> = now
                .iter()
                .filter_map(|&n| self.new.nodes.get(n))
                .filter(|n| !kept.contains(&n.address))
                .map(|n| n.address.to_string())
                .collect();
            if !gained.is_empty() || !lost.is_empty() {
                let at = base.span(cite.at);
                found.push(errors::range_changes(at, base.slice(cite.at), &cite.place, &gained, &lost));
            }
        }
        found
    }
}

/// The provisions of a range.
fn members(base: &Base<'_>, ends: &(Address, Address)) -> Vec<usize> {
    let (Some(low), Some(high)) = (base.find_cited(&ends.0), base.find_cited(&ends.1)) else {
        return Vec::new();
    };
    let kin = base.siblings(low);
    let at = |n: usize| kin.iter().position(|&k| k == n);
    match (at(low), at(high)) {
        (Some(first), Some(last)) => kin.get(first..=last).unwrap_or_default().to_vec(),
        (_, _) => Vec::new(),
    }
}

fn said(tree: &Provision, piece: impl Fn(crate::base::Span) -> String) -> Said {
    let statements: Vec<String> = tree.statements.iter().map(|s| piece(s.span)).collect();
    Said {
        text: tree.text.as_ref().map(|t| piece(t.span)),
        clause: clause(statements.iter().map(String::as_str)),
        notes: tree.notes.iter().map(|n| piece(n.span)).collect(),
        marks: tree.marks.len(),
        children: tree.children.len(),
    }
}
