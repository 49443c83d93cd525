//! Tiny stretches that happen to be the same are not worth an eye's jump: they join the changes around them.
use super::token::Token;
use std::ops::Range;

/// Tokens that are the same on both sides, or a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Whether they are the same.
    pub same: bool,
    /// Of the first row.
    pub a: Range<usize>,
    /// Of the second.
    pub b: Range<usize>,
}

/// Joins changes that lie around an island no longer than either of them, until none is left.
pub fn clean(runs: &mut Vec<Run>, a: &[Token], b: &[Token]) {
    let mut left: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs.drain(..) {
        push(&mut left, run);
        // A change that has just grown may swallow the island before it.
        while let Some(joined) = swallowed(&left, a, b) {
            left.truncate(left.len().saturating_sub(3));
            push(&mut left, joined);
        }
    }
    *runs = left;
}

fn push(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.same == run.same => {
            last.a.end = run.a.end;
            last.b.end = run.b.end;
        }
        Some(_) | None => runs.push(run),
    }
}

/// The last three runs as one change, if they are change, island, change.
fn swallowed(runs: &[Run], a: &[Token], b: &[Token]) -> Option<Run> {
    let [.., before, island, after] = runs else { return None };
    let size = |run: &Run| {
        let length = |tokens: Option<&[Token]>| {
            tokens.unwrap_or(&[]).iter().map(|t| t.text.chars().count()).sum::<usize>()
        };
        length(a.get(run.a.clone())).max(length(b.get(run.b.clone())))
    };
    let joins = island.same && !before.same && !after.same && {
        let island = size(island);
        island <= size(before) && island <= size(after)
    };
    joins.then_some(Run { same: false, a: before.a.start..after.a.end, b: before.b.start..after.b.end })
}
