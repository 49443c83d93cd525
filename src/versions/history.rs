//! What each decision did to the provisions of a policy, or to one of them.
use super::timeline::{Done, Version};
use crate::amend::Change;
use crate::base::{Address, FileId, Part};
use crate::syntax::{self, ast};

/// One step of the history.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// The step.
    pub done: &'a Done,
    /// Its changes, those of the provision asked for when one was.
    pub changes: Vec<&'a Change>,
    /// What the provision asked for was called before and after; none where it was not there.
    pub name: (Option<Address>, Option<Address>),
    /// Its wording before and after, verbatim text and clause, as they stand in the texts.
    pub wording: (Option<String>, Option<String>),
}

/// The history of a policy or of a provision.
#[derive(Clone, Debug)]
pub struct History<'a> {
    /// The provision as the last text that has it calls it.
    pub address: Option<Address>,
    /// What the text as written calls it; none when a decision brought it.
    pub first: Option<Address>,
    /// Every step; those that left the provision alone have no changes.
    pub events: Vec<Event<'a>>,
}

/// Goes through the steps of `version`. `address` is taken for what the last text calls it; if that has none such, for
/// what the text as written, and then each later text, calls it.
#[must_use]
pub fn history<'a>(version: &'a Version, address: Option<&Address>) -> History<'a> {
    let names = address.map(|address| names(version, address));
    let events = version
        .done
        .iter()
        .enumerate()
        .map(|(index, done)| {
            let at = |i: usize| names.as_ref().and_then(|n| n.get(i)).cloned().flatten();
            let name = (at(index), at(index + 1));
            let about = |change: &&Change| names.is_none() || concerns(change, &name);
            let wording = (
                name.0.as_ref().and_then(|a| wording(&done.before, a)),
                name.1.as_ref().and_then(|a| wording(&done.after, a)),
            );
            Event { done, changes: done.changes.iter().filter(about).collect(), name, wording }
        })
        .collect();
    let first = names.as_ref().and_then(|n| n.first()).cloned().flatten();
    let address = names.as_ref().and_then(|n| n.iter().rev().flatten().next()).cloned();
    History { address, first, events }
}

/// What a provision is called in each text, the one as written first; all none when no text has it.
fn names(version: &Version, wanted: &Address) -> Vec<Option<Address>> {
    let steps = version.done.len();
    let texts: Vec<Vec<String>> = version
        .done
        .first()
        .map(|done| done.before.clone())
        .into_iter()
        .chain(version.done.iter().map(|done| done.after.clone()))
        .collect();
    let texts = if texts.is_empty() {
        vec![version.texts.iter().map(|(_, text)| text.clone()).collect()]
    } else {
        texts
    };
    let order = std::iter::once(steps).chain(0..steps);
    let Some(start) =
        order.into_iter().find(|at| texts.get(*at).is_some_and(|t| wording(t, wanted).is_some()))
    else {
        return vec![None; steps + 1];
    };
    let mut names: Vec<Option<Address>> = vec![None; steps + 1];
    let mut at = Some(wanted.clone());
    for index in start..=steps {
        if index > start {
            at = at.and_then(|a| version.done.get(index - 1)?.renumbering.follow(&a));
        }
        if let Some(slot) = names.get_mut(index) {
            slot.clone_from(&at);
        }
    }
    at = Some(wanted.clone());
    for index in (0..start).rev() {
        at = at.and_then(|a| version.done.get(index)?.renumbering.back(&a));
        if let Some(slot) = names.get_mut(index) {
            slot.clone_from(&at);
        }
    }
    names
}

/// Whether a change was to the provision, to what lies in it, or to what it lies in.
fn concerns(change: &Change, name: &(Option<Address>, Option<Address>)) -> bool {
    let near = |a: &Option<Address>, b: &Option<Address>| match (a, b) {
        (Some(a), Some(b)) => a.covers(b) || b.covers(a),
        (None, _) | (_, None) => false,
    };
    near(&change.old, &name.0) || near(&change.new, &name.1)
}

/// The whole of a provision as it stands in a text.
fn wording(texts: &[String], address: &Address) -> Option<String> {
    texts.iter().find_map(|text| {
        let (tree, _) = syntax::parse(text, FileId(0));
        let mut level: Vec<&ast::Provision> = tree
            .items
            .iter()
            .filter_map(|item| if let ast::TopItem::Article(article) = item { Some(article) } else { None })
            .collect();
        let mut found = None;
        for step in &address.parts {
            let here = level.iter().find(|p| Part { kind: p.kind, number: p.number, sub: p.sub } == *step)?;
            found = Some(*here);
            level = here.children.iter().collect();
        }
        let found = found?;
        let whole = text.get(found.span.start as usize..found.span.end as usize)?;
        Some(dedent(text, found.span.start as usize, whole))
    })
}

/// Lines moved to the left as far as the first stands from the edge.
fn dedent(text: &str, start: usize, whole: &str) -> String {
    let before = text.get(..start).unwrap_or("");
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let strip = |line: &str| {
        let blanks = line.bytes().take(indent).take_while(|b| *b == b' ').count();
        line.get(blanks..).unwrap_or("").to_owned()
    };
    let mut lines = whole.lines();
    let first = lines.next().unwrap_or("").to_owned();
    std::iter::once(first).chain(lines.map(strip)).collect::<Vec<_>>().join("\n")
}
