//! Which entries of a redline changed a conclusion.
//!
//! A provision whose part in the conclusion differs (it counts on one side only, or says something else) and whose
//! clause changed is a cause. So is a changed definition, declaration or other provision on which the condition of such a
//! provision hangs. If no part differs, whatever the conclusion hangs on at all is looked through.
use super::told::Told;
use super::walk::{Parts, Role, hangs_on, roles};
use crate::base::{Address, PartKind};
use crate::hir::{ConclusionId, Hir, RuleId};
use crate::policy::Policy;
use crate::redline::identity::Identity;
use crate::redline::model::{Change, Entry, Layer, Place, Redline};
use std::collections::{BTreeMap, BTreeSet};

/// Entries that can be causes, by what they are called on either side.
pub struct Causes<'a> {
    identity: &'a Identity,
    entries: &'a [Entry],
    old: Altered<'a>,
    new: Altered<'a>,
    /// Entries that rank provisions.
    ranking: BTreeSet<usize>,
    /// Entries that say where the law applies.
    scope: BTreeSet<usize>,
}

struct Altered<'a> {
    hir: &'a Hir,
    provisions: Vec<(&'a Address, usize)>,
    names: BTreeMap<&'a str, usize>,
}

/// A run, and which of its conclusions; none if the text has no such conclusion.
type Of<'a> = (&'a Told<'a>, Option<usize>);

impl<'a> Causes<'a> {
    pub fn new(old: &'a Policy, new: &'a Policy, redline: &'a Redline) -> Self {
        let hirs = (&old.program().hir, &new.program().hir);
        let saying = |word: &str| {
            let says = |e: &Entry| {
                e.rows.iter().any(|r| {
                    r.layer == Layer::Clause
                        && !matches!(r.change, Change::Same | Change::References)
                        && (r.before().contains(word) || r.after().contains(word))
                })
            };
            redline
                .entries
                .iter()
                .enumerate()
                .filter(|(_, e)| says(e))
                .map(|(i, _)| i)
                .collect::<BTreeSet<_>>()
        };
        let mut ranking = saying(" 优先于 ");
        ranking.extend(saying("另有规定外"));
        Self {
            identity: &redline.identity,
            entries: &redline.entries,
            old: Altered::new(hirs.0, redline, false),
            new: Altered::new(hirs.1, redline, true),
            ranking,
            scope: saying("适用于 "),
        }
    }

    /// Whether two conclusions rest on the same provisions, whatever their numbers.
    pub fn same(&self, old: &[(Address, Option<Address>)], new: &[(Address, Option<Address>)]) -> bool {
        let one = |a: &(Address, Option<Address>), b: &(Address, Option<Address>)| {
            self.identity.same(&a.0, &b.0)
                && match (&a.1, &b.1) {
                    (Some(a), Some(b)) => self.identity.same(a, b),
                    (None, None) => true,
                    (Some(_), None) | (None, Some(_)) => false,
                }
        };
        old.len() == new.len() && old.iter().all(|a| new.iter().any(|b| one(a, b)))
    }

    /// The causes of a difference, in order of the redline.
    pub fn of(&self, before: Of<'_>, after: Of<'_>) -> Vec<usize> {
        let (old, new) = (Seen::new(before), Seen::new(after));
        let differ = |own: &Seen<'_>, other: &Seen<'_>, old: bool| -> BTreeSet<RuleId> {
            let counterpart = |role: &&Role| {
                other.roles.iter().any(|o| {
                    let (a, b) = if old { (&role.address, &o.address) } else { (&o.address, &role.address) };
                    o.part == role.part && self.identity.same(a, b)
                })
            };
            own.roles.iter().filter(|r| !counterpart(r)).map(Role::rule).collect()
        };
        let (old_rules, new_rules) = (differ(&old, &new, true), differ(&new, &old, false));
        let (was, is) = (old.parts(&old_rules), new.parts(&new_rules));
        // First what came out differently itself, then whatever the differing parts hang on, then whatever counts.
        let mut found = self.touched(&self.differing(&was, &is, true), &self.differing(&is, &was, false));
        if found.is_empty() {
            found = self.touched(&was, &is);
        }
        if found.is_empty() {
            found = self.touched(&old.parts(&old.live()), &new.parts(&new.live()));
        }
        let inapplicable = |of: &Of<'_>| of.0.outcome.run.applicable();
        if inapplicable(&before) != inapplicable(&after) {
            found.extend(&self.scope);
        }
        if found.is_empty() {
            found.extend(&self.ranking);
        }
        self.innermost(&found)
    }

    fn touched(&self, old: &Parts, new: &Parts) -> BTreeSet<usize> {
        let mut found = self.old.touched(old);
        found.extend(self.new.touched(new));
        found
    }

    /// Without what came out the same on the other side.
    fn differing(&self, own: &Parts, other: &Parts, old: bool) -> Parts {
        let same = |address: &Address, outcome: &BTreeSet<String>| {
            other.addresses.iter().any(|(o, theirs)| {
                let (a, b) = if old { (address, o) } else { (o, address) };
                theirs == outcome && self.identity.same(a, b)
            })
        };
        let mut parts = own.clone();
        parts.addresses.retain(|address, outcome| !same(address, outcome));
        parts.names.retain(|name, outcome| other.names.get(name) != Some(outcome));
        parts
    }

    /// A new article is no cause beside the item of it that is.
    fn innermost(&self, found: &BTreeSet<usize>) -> Vec<usize> {
        let above = |upper: &Entry, lower: &Entry| match (&upper.place, &lower.place) {
            (Place::Provision { old: a, new: b }, Place::Provision { old: c, new: d }) => {
                let covers = |a: &Option<Address>, c: &Option<Address>| matches!((a, c), (Some(a), Some(c)) if a != c && a.covers(c));
                lower.within && (covers(a, c) || covers(b, d))
            }
            _ => false,
        };
        let entry = |i: &usize| self.entries.get(*i);
        let outer = |i: &&usize| {
            found
                .iter()
                .any(|j| matches!((entry(i), entry(j)), (Some(upper), Some(lower)) if above(upper, lower)))
        };
        found.iter().filter(|i| !outer(i)).copied().collect()
    }
}

/// One side of a difference.
struct Seen<'a> {
    told: &'a Told<'a>,
    at: Option<(ConclusionId, u32)>,
    roles: Vec<Role>,
}

impl<'a> Seen<'a> {
    fn new((told, index): Of<'a>) -> Self {
        let finding = index.and_then(|i| told.outcome.findings.get(i));
        let at = finding.map(|f| (f.conclusion, f.row));
        let roles = at.map(|(c, row)| roles(told, c, row)).unwrap_or_default();
        Self { told, at, roles }
    }

    fn live(&self) -> BTreeSet<RuleId> {
        self.roles.iter().filter(|r| r.live).map(Role::rule).collect()
    }

    fn parts(&self, rules: &BTreeSet<RuleId>) -> Parts {
        self.at.map(|(c, row)| hangs_on(self.told, c, row, rules)).unwrap_or_default()
    }
}

impl<'a> Altered<'a> {
    fn new(hir: &'a Hir, redline: &'a Redline, new: bool) -> Self {
        let mut out = Self { hir, provisions: Vec::new(), names: BTreeMap::new() };
        for (index, entry) in redline.entries.iter().enumerate() {
            let counts = [Layer::Clause, Layer::Source, Layer::Words].into_iter().any(|l| entry.altered(l));
            if !counts {
                continue;
            }
            match &entry.place {
                Place::Provision { old: was, new: is } => {
                    out.provisions.extend((if new { is } else { was }).as_ref().map(|a| (a, index)));
                }
                // A declaration that only some clause uses is no cause beside that clause.
                Place::Fact | Place::Conclusion if !redeclared(entry) => {}
                Place::Enum | Place::Fact | Place::Conclusion | Place::Definition => {
                    let name = if new { &entry.new } else { &entry.old };
                    out.names.extend(name.as_deref().map(|n| (n, index)));
                }
                Place::Header | Place::Include | Place::Heading | Place::Statement => {}
            }
        }
        out
    }

    /// The altered entries among what a conclusion hangs on.
    fn touched(&self, parts: &Parts) -> BTreeSet<usize> {
        let mut out: BTreeSet<usize> =
            parts.names.keys().filter_map(|n| self.names.get(n.as_str()).copied()).collect();
        for address in parts.addresses.keys() {
            let mut own = address.clone();
            while own.last().is_some_and(|p| p.kind == PartKind::Proviso) {
                own.parts.pop();
            }
            let says = |a: &Address| a.covers(&own) || own.covers(a) && !self.has_rules(a);
            out.extend(self.provisions.iter().filter(|(a, _)| says(a)).map(|(_, i)| *i));
        }
        out
    }

    /// Whether a provision has rules of its own, rather than conditions of those above it.
    fn has_rules(&self, address: &Address) -> bool {
        self.hir.provisions.iter().any(|p| p.address == *address && !p.rules.is_empty())
    }
}

/// Whether a declaration means something else, rather than asks or explains in other words.
fn redeclared(entry: &Entry) -> bool {
    let bare = |text: String| {
        let mut depth = 0_usize;
        let outside = |c: &char| {
            match c {
                '「' => depth += 1,
                '」' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        };
        text.chars().filter(outside).collect::<String>()
    };
    entry.change == Change::Changed && entry.rows.iter().any(|r| bare(r.before()) != bare(r.after()))
}
