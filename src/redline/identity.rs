//! Which provision of the old text is which of the new.
use crate::base::{Address, PartKind};
use std::collections::{BTreeMap, BTreeSet};

/// Pairs of addresses, one to one. An address below a known one, such as a 但书, follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    forward: BTreeMap<Address, Option<Address>>,
    back: BTreeMap<Address, Option<Address>>,
    /// The single 款 of an article that became one of several, and the other way round.
    whole: Vec<(Address, Address)>,
    /// Addresses that stand twice in the old text, or in the new, and so name nothing.
    twice: [BTreeSet<Address>; 2],
}

impl Identity {
    pub(super) fn pair(&mut self, old: &Address, new: &Address) {
        self.put(false, old, Some(new.clone()));
        self.put(true, new, Some(old.clone()));
    }

    pub(super) fn deleted(&mut self, old: &Address) {
        self.put(false, old, None);
    }

    pub(super) fn added(&mut self, new: &Address) {
        self.put(true, new, None);
    }

    fn put(&mut self, new: bool, key: &Address, target: Option<Address>) {
        let [twice_old, twice_new] = &mut self.twice;
        let (map, twice) = if new { (&mut self.back, twice_new) } else { (&mut self.forward, twice_old) };
        if map.contains_key(key) {
            twice.insert(key.clone());
        } else {
            map.insert(key.clone(), target);
        }
    }

    /// The words of one undivided article are those of one 款 of the other side.
    pub(super) fn divided(&mut self, old: &Address, new: &Address) {
        self.whole.push((old.clone(), new.clone()));
    }

    /// Where a provision of the old text stands in the new; none if nowhere.
    #[must_use]
    pub fn follow(&self, old: &Address) -> Option<Address> {
        step(&self.forward, old)
    }

    /// Where a provision of the new text stood in the old; none if nowhere.
    #[must_use]
    pub fn back(&self, new: &Address) -> Option<Address> {
        step(&self.back, new)
    }

    /// Whether the old text, or the new, has this provision.
    pub(super) fn knows(&self, address: &Address, new: bool) -> bool {
        let provisos = address.parts.iter().rev().take_while(|p| p.kind == PartKind::Proviso).count();
        let mut own = address.clone();
        own.parts.truncate(address.parts.len().saturating_sub(provisos));
        let [twice_old, twice_new] = &self.twice;
        let (map, twice) = if new { (&self.back, twice_new) } else { (&self.forward, twice_old) };
        map.contains_key(&own) && !twice.contains(&own)
    }

    /// Whether an address of the old text and one of the new cite the same words.
    #[must_use]
    pub fn same(&self, old: &Address, new: &Address) -> bool {
        self.follow(old).as_ref() == Some(new)
            || self.whole.iter().any(|(o, n)| rest(o, old).is_some_and(|r| Some(r) == rest(n, new)))
    }
}

/// The steps of 但书 by which `address` lies below `upper`.
fn rest<'a>(upper: &Address, address: &'a Address) -> Option<&'a [crate::base::Part]> {
    let rest = address.parts.strip_prefix(upper.parts.as_slice())?;
    (address.law == upper.law && rest.first().is_none_or(|p| p.kind == PartKind::Proviso)).then_some(rest)
}

fn step(map: &BTreeMap<Address, Option<Address>>, address: &Address) -> Option<Address> {
    let mut upper = Some(address.clone());
    while let Some(known) = upper {
        if let Some(target) = map.get(&known) {
            let mut target = target.clone()?;
            target.parts.extend(address.parts.iter().skip(known.parts.len()));
            return Some(target);
        }
        upper = known.parent();
    }
    // Other laws, and what is not there at all, stay where they are.
    Some(address.clone())
}
