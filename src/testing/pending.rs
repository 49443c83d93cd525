//! Results against their snapshots: what is new, changed or orphaned, shown line by line with the statute's words.
use super::snapshot::{Key, Snapshots};
use super::suite::{Outcome, State, Tested};
use crate::base::{Address, Date};
use crate::hir::Hir;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Unchanged lines shown around a change.
const AROUND: usize = 2;

/// A snapshot that is not what the case gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub key: Key,
    /// `New`, `Changed` or `Orphaned`.
    pub state: State,
    /// As kept; empty when new.
    pub old: String,
    /// As it is; empty when orphaned.
    pub new: String,
}

impl Change {
    /// Brings the snapshot up to date.
    pub fn apply(&self, snapshots: &mut Snapshots) {
        if self.state == State::Orphaned {
            snapshots.remove(&self.key);
        } else {
            snapshots.set(&self.key, &self.new);
        }
    }
}

/// The name of a policy's file as snapshots have it; with the day from which on its text is in force, if it is not the
/// text as written.
#[must_use]
pub fn policy_key(name: &str, since: Option<Date>) -> String {
    let since = since.map(|date| format!("＠{date}")).unwrap_or_default();
    let name = name.replace('】', "］").replace('＃', "#").replace(char::is_control, " ");
    name + &since
}

/// Keys of the cases of one file, in their order.
#[must_use]
pub fn keys(policy: &str, tests: &[Tested]) -> Vec<Key> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    tests
        .iter()
        .map(|test| {
            let nth = seen.entry(test.name.as_str()).or_default();
            *nth += 1;
            Key { policy: policy.to_owned(), case: test.name.clone(), nth: *nth }
        })
        .collect()
}

/// What differs for one case; none when its snapshot is as it should be.
#[must_use]
pub fn change(key: &Key, test: &Tested, snapshots: &Snapshots) -> Option<Change> {
    let Outcome::Recorded(new) = &test.outcome else { return None };
    let old = snapshots.get(key);
    if old == Some(new.as_str()) {
        return None;
    }
    let state = if old.is_some() { State::Changed } else { State::New };
    Some(Change { key: key.clone(), state, old: old.unwrap_or_default().to_owned(), new: new.clone() })
}

/// Snapshots of this policy whose case is gone, or has 期望 by now.
#[must_use]
pub fn orphans(policy: &str, tests: &[Tested], snapshots: &Snapshots) -> Vec<Change> {
    let living: BTreeSet<Key> = keys(policy, tests)
        .into_iter()
        .zip(tests)
        .filter(|(_, test)| matches!(test.outcome, Outcome::Recorded(_)))
        .map(|(key, _)| key)
        .collect();
    let gone = snapshots.entries.iter().filter(|(key, _)| key.policy == policy && !living.contains(key));
    gone.map(|(key, old)| Change {
        key: key.clone(),
        state: State::Orphaned,
        old: old.clone(),
        new: String::new(),
    })
    .collect()
}

/// A line of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffLine<'a> {
    /// In both.
    Same(&'a str),
    /// Only before.
    Gone(&'a str),
    /// Only now.
    Come(&'a str),
    /// So many equal lines left out.
    Skipped(usize),
}

/// What changed from `old` to `new`, line by line, with a little around it.
#[must_use]
pub fn diff<'a>(old: &'a str, new: &'a str) -> Vec<DiffLine<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (gone, come) = (old.get(op.old_range()), new.get(op.new_range()));
        if let DiffOp::Equal { .. } = op {
            all.extend(gone.unwrap_or_default().iter().map(|l| DiffLine::Same(l)));
        } else {
            all.extend(gone.unwrap_or_default().iter().map(|l| DiffLine::Gone(l)));
            all.extend(come.unwrap_or_default().iter().map(|l| DiffLine::Come(l)));
        }
    }
    near(&all)
}

/// The same as text, each line after its sign.
#[must_use]
pub fn diff_text(change: &Change) -> String {
    let mut out = String::new();
    for line in diff(&change.old, &change.new) {
        let _ = match line {
            DiffLine::Same(text) => writeln!(out, "  {text}"),
            DiffLine::Gone(text) => writeln!(out, "- {text}"),
            DiffLine::Come(text) => writeln!(out, "+ {text}"),
            DiffLine::Skipped(count) => writeln!(out, "  …… {count} 行未变"),
        };
    }
    out
}

/// Leaves out what is far from any change; the title of the row a change stands under is kept.
fn near<'a>(all: &[DiffLine<'a>]) -> Vec<DiffLine<'a>> {
    let changed = |line: &DiffLine<'_>| !matches!(line, DiffLine::Same(_));
    let title = |line: &DiffLine<'_>| matches!(line, DiffLine::Same(l) if !l.starts_with(' '));
    let mut keep: BTreeSet<usize> = BTreeSet::new();
    for (at, _) in all.iter().enumerate().filter(|(_, line)| changed(line)) {
        keep.extend(at.saturating_sub(AROUND)..=at.saturating_add(AROUND));
        keep.extend(all.iter().take(at).rposition(title));
    }
    let (mut out, mut skipped) = (Vec::new(), 0_usize);
    for (at, line) in all.iter().enumerate() {
        if keep.contains(&at) {
            out.extend((skipped > 0).then_some(DiffLine::Skipped(skipped)));
            skipped = 0;
            out.push(*line);
        } else {
            skipped += 1;
        }
    }
    out.extend((skipped > 0).then_some(DiffLine::Skipped(skipped)));
    out
}

/// The provisions named in lines that changed, with their words; an item comes with what it stands under.
#[must_use]
pub fn concerned(hir: &Hir, lines: &[DiffLine<'_>]) -> Vec<(String, String)> {
    let mut named: BTreeSet<Address> = BTreeSet::new();
    for line in lines {
        match line {
            DiffLine::Gone(text) | DiffLine::Come(text) => named.extend(addresses(text)),
            DiffLine::Same(_) | DiffLine::Skipped(_) => {}
        }
    }
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for (at, provision) in hir.provisions.iter().enumerate().filter(|(_, p)| named.contains(&p.address)) {
        let mut here = Some((at, provision));
        // Parents come before children: the walk ends.
        while let Some((at, provision)) = here {
            if provision.text.is_some() {
                chosen.insert(at);
            }
            here = provision.parent.and_then(|up| hir.provisions.get(up.index()).map(|p| (up.index(), p)));
        }
    }
    let provisions = chosen.iter().filter_map(|at| hir.provisions.get(*at));
    provisions
        .filter_map(|p| p.text.as_ref().map(|(text, _)| (p.address.to_string(), text.clone())))
        .collect()
}

/// Addresses in a text, each as far as it reads.
fn addresses(text: &str) -> Vec<Address> {
    const LONGEST: usize = 48;
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        rest = rest.get(at..).unwrap_or_default();
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST);
        let read = |end: usize| rest.get(..end).and_then(|s| s.parse::<Address>().ok()).map(|a| (a, end));
        let longest = ends.filter_map(read).last();
        let past = longest.as_ref().map_or('第'.len_utf8(), |(_, end)| *end);
        out.extend(longest.map(|(address, _)| address));
        rest = rest.get(past..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::DiffLine::{Come, Gone, Same, Skipped};
    use super::*;

    #[test]
    fn lines_that_changed_and_their_surroundings() {
        let old = "甲\n  一\n  二\n  三\n  四\n  五\n乙\n  六\n";
        let new = "甲\n  一\n  二\n  三\n  四\n  五变\n乙\n  六\n";
        assert_eq!(
            diff(old, new),
            [
                Same("甲"),
                Skipped(2),
                Same("  三"),
                Same("  四"),
                Gone("  五"),
                Come("  五变"),
                Same("乙"),
                Same("  六")
            ]
        );
        assert_eq!(diff(old, old), [Skipped(8)]);
        assert_eq!(diff("", "甲\n"), [Come("甲")]);
    }

    #[test]
    fn addresses_are_found_in_words() {
        let found = addresses("依据 第十九条之一第二款、第二条但书〔依照第三条〕，第几条");
        let words: Vec<String> = found.iter().map(Address::to_string).collect();
        assert_eq!(words, ["第十九条之一第二款", "第二条但书", "第三条"]);
    }
}
