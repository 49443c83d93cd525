//! Where provisions went: old addresses to new ones and back.
use crate::base::Address;
use crate::syntax::ast::HeadingAddress;
use std::collections::BTreeMap;

/// How one text's addresses became another's. The default changes nothing.
///
/// Only what differs is kept: a provision that is not listed has the number it had, below the new place of what it
/// lies in. An address that never existed is taken along in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renumbering {
    /// Old to new; none: repealed.
    forward: BTreeMap<Address, Option<Address>>,
    /// New to old; none: added.
    backward: BTreeMap<Address, Option<Address>>,
    headings: BTreeMap<HeadingAddress, Option<HeadingAddress>>,
    headings_back: BTreeMap<HeadingAddress, Option<HeadingAddress>>,
}

impl Renumbering {
    /// The address now of what had this address; none: repealed.
    #[must_use]
    pub fn follow(&self, old: &Address) -> Option<Address> {
        walk(&self.forward, old)
    }

    /// The address it had; none: it was added.
    #[must_use]
    pub fn back(&self, new: &Address) -> Option<Address> {
        walk(&self.backward, new)
    }

    /// The number now of a chapter or section.
    #[must_use]
    pub fn follow_heading(&self, old: HeadingAddress) -> Option<HeadingAddress> {
        walk_heading(&self.headings, old)
    }

    /// The number it had.
    #[must_use]
    pub fn back_heading(&self, new: HeadingAddress) -> Option<HeadingAddress> {
        walk_heading(&self.headings_back, new)
    }

    /// Whether every address is what it was.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.forward.is_empty()
            && self.backward.is_empty()
            && self.headings.is_empty()
            && self.headings_back.is_empty()
    }

    /// This, then another.
    #[must_use]
    pub fn then(self, next: &Self) -> Self {
        let olds = self.forward.keys().cloned().chain(next.forward.keys().filter_map(|mid| self.back(mid)));
        let forward = olds
            .map(|old| {
                let new = self.follow(&old).and_then(|mid| next.follow(&mid));
                (old, new)
            })
            .collect();
        let news =
            next.backward.keys().cloned().chain(self.backward.keys().filter_map(|mid| next.follow(mid)));
        let backward = news
            .map(|new| {
                let old = next.back(&new).and_then(|mid| self.back(&mid));
                (new, old)
            })
            .collect();
        let olds = self
            .headings
            .keys()
            .copied()
            .chain(next.headings.keys().filter_map(|mid| self.back_heading(*mid)));
        let headings = olds
            .map(|old| (old, self.follow_heading(old).and_then(|mid| next.follow_heading(mid))))
            .collect();
        let news = next
            .headings_back
            .keys()
            .copied()
            .chain(self.headings_back.keys().filter_map(|mid| next.follow_heading(*mid)));
        let headings_back =
            news.map(|new| (new, next.back_heading(new).and_then(|mid| self.back_heading(mid)))).collect();
        Self { forward, backward, headings, headings_back }
    }

    /// Notes where a provision went; what follows from its parent is left out.
    pub(super) fn record(&mut self, old: Option<Address>, new: Option<Address>) {
        match (old, new) {
            (Some(old), Some(new)) => {
                if walk(&self.forward, &old).as_ref() != Some(&new) {
                    self.forward.insert(old.clone(), Some(new.clone()));
                }
                if walk(&self.backward, &new).as_ref() != Some(&old) {
                    self.backward.insert(new, Some(old));
                }
            }
            (Some(old), None) => {
                if walk(&self.forward, &old).is_some() {
                    self.forward.insert(old, None);
                }
            }
            (None, Some(new)) => {
                if walk(&self.backward, &new).is_some() {
                    self.backward.insert(new, None);
                }
            }
            (None, None) => {}
        }
    }

    /// The same for a chapter or section.
    pub(super) fn record_heading(&mut self, old: Option<HeadingAddress>, new: Option<HeadingAddress>) {
        if let Some(old) = old.filter(|old| self.follow_heading(*old) != new) {
            self.headings.insert(old, new);
        }
        if let Some(new) = new.filter(|new| self.back_heading(*new) != old) {
            self.headings_back.insert(new, old);
        }
    }
}

/// Follows an address step by step, from the article down.
fn walk(map: &BTreeMap<Address, Option<Address>>, address: &Address) -> Option<Address> {
    if map.is_empty() || !address.law.is_empty() {
        return Some(address.clone());
    }
    let mut from = Address::default();
    let mut to = Address::default();
    for &part in &address.parts {
        from.parts.push(part);
        match map.get(&from) {
            Some(None) => return None,
            Some(Some(there)) => to.clone_from(there),
            None => to.parts.push(part),
        }
    }
    Some(to)
}

fn walk_heading(
    map: &BTreeMap<HeadingAddress, Option<HeadingAddress>>,
    heading: HeadingAddress,
) -> Option<HeadingAddress> {
    if let Some(there) = map.get(&heading) {
        return *there;
    }
    let chapter = HeadingAddress { chapter: heading.chapter, section: None };
    match (heading.section, map.get(&chapter)) {
        (Some(_), Some(chapter)) => chapter.map(|c| HeadingAddress { chapter: c.chapter, ..heading }),
        (Some(_) | None, _) => Some(heading),
    }
}
