//! One application from beginning to end.
use super::base::Base;
use super::check::Checker;
use super::follow::Follower;
use super::plan::{Fate, Plan};
use super::settle::Settled;
use super::{Applied, Change, ChangeKind, Renumbering, Source, edits, errors};
use crate::base::Address;
use crate::diag::{Diagnostic, Severity, tidy};
use crate::syntax::ast::{Decision, HeaderKey, OperationKind, SourceFile};
use crate::syntax::parse;
use std::collections::BTreeSet;

/// Applies operations to the sources.
pub fn apply(
    sources: &[Source<'_>],
    decision: &Decision,
    ops: &[usize],
    since: &Renumbering,
) -> Result<Applied, Vec<Diagnostic>> {
    let trees = trees(sources)?;
    let base = Base::new(sources, &trees);
    check_base(&base, decision, ops, since)?;
    let first = plan(&base, decision, ops, since)?;
    let canonical = formatted(sources.iter().map(|s| s.text))?;
    if canonical.iter().zip(sources).all(|(new, old)| new == old.text) {
        return first.finish();
    }
    // Places in messages are those of the text as given; what is made comes from its canonical form.
    let again: Vec<Source<'_>> =
        canonical.iter().zip(sources).map(|(text, s)| Source { file: s.file, text }).collect();
    let trees = self::trees(&again)?;
    let base = Base::new(&again, &trees);
    let notes = first.plan.notes.clone();
    let mut applied = plan(&base, decision, ops, since)?.finish()?;
    // The warnings found early carry places; those found late are about the canonical text.
    applied.notes.retain(|n| !notes.iter().any(|m| m.code == n.code && m.message == n.message));
    applied.notes.extend(notes);
    tidy(&mut applied.notes);
    Ok(applied)
}

fn trees(sources: &[Source<'_>]) -> Result<Vec<SourceFile>, Vec<Diagnostic>> {
    let mut trees = Vec::with_capacity(sources.len());
    let mut wrong = Vec::new();
    for source in sources {
        let (tree, diags) = parse(source.text, source.file);
        trees.push(tree);
        wrong.extend(diags.into_iter().filter(|d| d.severity == Severity::Error));
    }
    if wrong.is_empty() { Ok(trees) } else { Err(wrong) }
}

fn formatted<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Vec<String>, Vec<Diagnostic>> {
    texts.map(crate::fmt::format).collect()
}

fn check_base(
    base: &Base<'_>,
    decision: &Decision,
    ops: &[usize],
    since: &Renumbering,
) -> Result<(), Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let header = base.trees.first().and_then(|t| t.header.as_ref());
    let wanted = format!("{}「{}」", decision.kind.text, decision.amends.text);
    match header {
        Some(header) if decision.is_of(header) => {
            let version =
                header.texts.iter().find(|(key, _)| *key == HeaderKey::Version).map(|(_, t)| &t.text);
            if let Some(version_wanted) = decision.version.as_ref().filter(|_| since.is_identity())
                && version != Some(&version_wanted.text)
            {
                let found = version.map(String::as_str);
                wrong.push(errors::another_version(version_wanted.span, &version_wanted.text, found));
            }
        }
        Some(header) => {
            let found = format!("{}「{}」", header.kind.text, header.title.text);
            wrong.push(errors::another_law(decision.amends.span, &wanted, &found));
        }
        None => wrong.push(errors::another_law(decision.amends.span, &wanted, "没有标题的文件")),
    }
    for op in ops.iter().filter_map(|&i| decision.ops.get(i)) {
        if matches!(op.kind, OperationKind::Broken) {
            wrong.push(errors::unreadable(op.head, "这一项读不懂"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A plan that holds together.
struct Made<'a> {
    plan: Plan<'a>,
    settled: Settled,
    ranges: Vec<super::follow::RangeCite>,
    cites: BTreeSet<usize>,
}

fn plan<'a>(
    base: &'a Base<'a>,
    decision: &'a Decision,
    ops: &[usize],
    since: &'a Renumbering,
) -> Result<Made<'a>, Vec<Diagnostic>> {
    let mut plan = Plan::new(base, decision, since);
    plan.operations(ops);
    let mut wrong = std::mem::take(&mut plan.errors);
    if wrong.is_empty() {
        let settled = plan.settle();
        wrong.append(&mut plan.errors);
        let mut follower = Follower::new(&plan, &settled);
        follower.all();
        let (dangling, notes) = follower.dangling();
        let mut found = follower.found;
        wrong.append(&mut found.errors);
        wrong.extend(dangling);
        if wrong.is_empty() {
            let cites = citing(base, &found.edits);
            plan.notes.extend(notes);
            plan.edits.append(&mut found.edits);
            return Ok(Made { plan, settled, ranges: found.ranges, cites });
        }
    }
    tidy(&mut wrong);
    Err(wrong)
}

/// The innermost provisions whose citations change.
fn citing(base: &Base<'_>, edits: &[super::plan::Edit]) -> BTreeSet<usize> {
    let at = |e: &super::plan::Edit| {
        let before = base
            .nodes
            .partition_point(|n| (n.file, n.tree.label.start as usize) <= (e.region.file, e.region.start));
        let mut node = before.checked_sub(1)?;
        loop {
            let body = base.body(node);
            if body.file == e.region.file && body.start <= e.region.start && e.region.end <= body.end {
                return Some(node);
            }
            node = base.nodes.get(node)?.parent?;
        }
    };
    edits.iter().filter_map(at).collect()
}

impl Made<'_> {
    fn finish(mut self) -> Result<Applied, Vec<Diagnostic>> {
        let title = self.plan.decision.title.span;
        let mut edits = std::mem::take(&mut self.plan.edits);
        let texts = edits::apply(self.plan.base, &mut edits)
            .ok_or_else(|| vec![errors::unreadable(title, "两项修改的文字重叠")])?;
        let unreadable = |found: Vec<Diagnostic>| {
            found.into_iter().take(3).map(|d| errors::unreadable(title, &d.message)).collect::<Vec<_>>()
        };
        let texts = formatted(texts.iter().map(String::as_str)).map_err(unreadable)?;
        let ids = &self.plan.base.ids;
        let sources: Vec<Source<'_>> =
            texts.iter().zip(ids).map(|(text, &file)| Source { file, text }).collect();
        let trees = self::trees(&sources).map_err(unreadable)?;
        let new = Base::new(&sources, &trees);
        let checker = Checker { plan: &self.plan, settled: &self.settled, new: &new };
        let mut wrong = checker.operations();
        if !wrong.is_empty() {
            tidy(&mut wrong);
            return Err(wrong);
        }
        let mut notes = checker.ranges(&self.ranges);
        notes.append(&mut self.plan.notes);
        tidy(&mut notes);
        let changes = self.changes();
        let renumbering = std::mem::take(&mut self.settled.renumbering);
        Ok(Applied { texts, changes, renumbering, notes })
    }

    /// What happened, with old and new addresses, in the order of the text.
    fn changes(&mut self) -> Vec<Change> {
        let base = self.plan.base;
        let mut changes = std::mem::take(&mut self.plan.changes);
        changes.retain(|c| !(c.what == ChangeKind::Added && c.old.is_none() && c.name.is_empty()));
        for change in &mut changes {
            change.new = change.old.as_ref().and_then(|old| self.settled.renumbering.follow(old));
        }
        for added in &self.plan.added {
            changes.push(Change {
                op: Some(added.op),
                what: ChangeKind::Added,
                old: None,
                new: added.address.clone(),
                name: String::new(),
                span: self.plan.op_span(added.op),
            });
        }
        for (node, found) in base.nodes.iter().enumerate() {
            let kept = matches!(self.plan.fates.get(node), Some(Fate::Kept));
            let Some(Some(new)) = self.settled.addresses.get(node).filter(|_| kept) else { continue };
            let one = |what: ChangeKind| Change {
                op: None,
                what,
                old: Some(found.address.clone()),
                new: Some(new.clone()),
                name: String::new(),
                span: found.tree.label,
            };
            if new.last() != Some(found.part()) {
                changes.push(one(ChangeKind::Renumbered));
            }
            if self.cites.contains(&node) {
                changes.push(one(ChangeKind::Cites));
            }
        }
        for (node, body) in &self.settled.bodies {
            changes.extend(base.nodes.get(*node).map(|found| Change {
                op: None,
                what: ChangeKind::Renumbered,
                old: Some(found.address.clone()),
                new: Some(body.clone()),
                name: String::new(),
                span: found.tree.label,
            }));
        }
        let key = |c: &Change| -> (bool, Option<Address>, Option<usize>) {
            let address = c.new.clone().or_else(|| c.old.clone());
            (address.is_none(), address, c.op)
        };
        changes.sort_by_cached_key(key);
        changes
    }
}
