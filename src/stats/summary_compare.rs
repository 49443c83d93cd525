//! Two runs compared, in words.
use super::compare::{Comparison, ConclusionChange};
use super::schema::ConclusionSlots;
use super::summary::{Parts, Valued, columns};
use crate::batch::Part;
use serde::Serialize;
use std::collections::BTreeMap;

/// A case named for a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// （序号）
    pub number: u64,
    /// （案例）; may be empty.
    pub name: String,
    /// 读者2; empty for the root.
    pub member: String,
}

/// From one outcome to another (or the same).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Before.
    pub before: Valued,
    /// After.
    pub after: Valued,
    /// Rows.
    pub count: u64,
    /// The first of them, if it is a change.
    pub examples: Vec<Named>,
}

impl Moved {
    /// Whether before and after differ.
    #[must_use]
    pub fn is_change(&self) -> bool {
        (&self.before.text, self.before.state) != (&self.after.text, self.after.state)
    }
}

/// A provision that decides other rows than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedProvision {
    /// As cited.
    pub address: String,
    /// Rows in which it decides no longer.
    pub lost: u64,
    /// Rows in which it decides now.
    pub gained: u64,
}

/// One conclusion in two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparedConclusion {
    /// Name, with its entity's.
    pub name: String,
    /// Rows in both.
    pub rows: u64,
    /// Those whose outcome differs.
    pub changed: u64,
    /// Those with the same outcome by other provisions.
    pub other_basis: u64,
    /// Outcomes before with their rows, in order.
    pub before: Vec<Valued>,
    /// Outcomes after.
    pub after: Vec<Valued>,
    /// By how often, changes first.
    pub moved: Vec<Moved>,
    /// In order of the statute.
    pub provisions: Vec<MovedProvision>,
}

/// Two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Cases in both.
    pub cases: u64,
    /// Of them, those with a change.
    pub changed: u64,
    /// Cases only before.
    pub only_before: u64,
    /// Cases only after.
    pub only_after: u64,
    /// Members only before, only after, by entity.
    pub members: Vec<(String, u64, u64)>,
    /// Conclusions both runs tell.
    pub conclusions: Vec<ComparedConclusion>,
    /// Conclusions that one of them does not tell.
    pub skipped: Vec<String>,
}

pub(super) fn compared(parts: &Parts<'_>, comparison: &Comparison) -> Compared {
    let schema = &parts.words.schema;
    let mut out = Compared {
        cases: comparison.cases,
        changed: comparison.changed,
        only_before: comparison.only.0,
        only_after: comparison.only.1,
        members: Vec::new(),
        conclusions: Vec::new(),
        skipped: Vec::new(),
    };
    let rows = schema.tables.iter().zip(&comparison.rows_only).filter(|(_, only)| **only != (0, 0));
    out.members.extend(rows.map(|(table, (before, after))| (table.name.clone(), *before, *after)));
    for (slots, change) in schema.conclusions.iter().zip(&comparison.conclusions) {
        let tells = |seen: &[bool]| {
            [Part::Value, Part::State].iter().any(|part| seen.get(slots.slot(*part)) == Some(&true))
        };
        match (tells(&comparison.seen), tells(&parts.record.seen)) {
            (true, true) => out.conclusions.push(conclusion(parts, slots, change)),
            (false, false) => {}
            (true, false) | (false, true) => out.skipped.push(parts.name(slots.id)),
        }
    }
    out
}

fn conclusion(parts: &Parts<'_>, slots: &ConclusionSlots, change: &ConclusionChange) -> ComparedConclusion {
    let declared = parts.declared(slots.id);
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    let mut moved = Vec::new();
    for ((old, new), transition) in &change.transitions {
        let (old, new) = (parts.outcome(slots, *old), parts.outcome(slots, *new));
        *before.entry((old.1, old.0.clone())).or_insert(0) += transition.count;
        *after.entry((new.1, new.0.clone())).or_insert(0) += transition.count;
        let valued = |(text, state): (String, &'static str)| Valued { text, state, count: transition.count };
        let examples = transition.examples.iter().map(|e| Named {
            number: e.number,
            name: e.name.clone(),
            member: e.member.iter().fold(String::new(), |all, (table, number)| {
                let name = parts.words.schema.tables.get(*table).map_or("", |t| t.name.as_str());
                format!("{all}{name}{number}")
            }),
        });
        moved.push(Moved {
            before: valued(old),
            after: valued(new),
            count: transition.count,
            examples: examples.collect(),
        });
    }
    let (before, after) = (columns(&declared, before), columns(&declared, after));
    let place = |all: &[Valued], of: &Valued| {
        all.iter().position(|v| (&v.text, v.state) == (&of.text, of.state)).unwrap_or(usize::MAX)
    };
    let key = |m: &Moved| {
        (!m.is_change(), std::cmp::Reverse(m.count), place(&before, &m.before), place(&after, &m.after))
    };
    moved.sort_by_key(key);
    let provisions = (0..).zip(&change.moved).filter(|(_, moved)| **moved != (0, 0));
    ComparedConclusion {
        name: parts.name(slots.id),
        rows: change.rows,
        changed: change.changed,
        other_basis: change.other_basis,
        before,
        after,
        moved,
        provisions: provisions
            .map(|(cite, (lost, gained))| MovedProvision {
                address: parts.words.cites.name(cite).to_owned(),
                lost: *lost,
                gained: *gained,
            })
            .collect(),
    }
}
