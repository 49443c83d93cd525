//! Two runs, case by case: what each conclusion was before and is after, and which provisions decided differently.
use super::cites::MAYBE;
use super::record::{Record, Rows};
use super::schema::ConclusionSlots;
use super::tally::outcome;
use super::words::{NONE, OTHER, Words};
use rustc_hash::FxHashMap;

/// Distinct changes of a conclusion that are kept.
const CHANGES: usize = 10_000;

/// A case named for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// （序号）
    pub number: u64,
    /// （案例）; may be empty.
    pub name: String,
    /// Which member: entity and number, outermost first.
    pub member: Vec<(usize, u64)>,
}

/// One change of a conclusion.
#[derive(Clone, Debug, Default)]
pub struct Transition {
    /// Rows.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// How one conclusion changed.
#[derive(Clone, Debug, Default)]
pub struct ConclusionChange {
    /// Rows in both runs with an outcome in either.
    pub rows: u64,
    /// Rows whose outcome differs.
    pub changed: u64,
    /// Rows with the same outcome, decided by other provisions.
    pub other_basis: u64,
    /// By outcome before and after ([`NONE`]: says nothing).
    pub transitions: FxHashMap<(u32, u32), Transition>,
    /// By address: rows in which it no longer decides, and in which it decides now.
    pub moved: Vec<(u64, u64)>,
}

/// Two runs compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Cases in both.
    pub cases: u64,
    /// Of them, those with any changed outcome or row.
    pub changed: u64,
    /// Cases only before, only after.
    pub only: (u64, u64),
    /// By entity: rows only before, only after, within cases of both.
    pub rows_only: Vec<(u64, u64)>,
    /// By conclusion.
    pub conclusions: Vec<ConclusionChange>,
    /// Columns the run before has.
    pub seen: Vec<bool>,
    keep: usize,
}

impl Comparison {
    /// Nothing compared yet; `keep`: cases named for each change.
    #[must_use]
    pub fn new(words: &Words, keep: usize) -> Self {
        let schema = &words.schema;
        Self {
            cases: 0,
            changed: 0,
            only: (0, 0),
            rows_only: vec![(0, 0); schema.tables.len()],
            conclusions: vec![ConclusionChange::default(); schema.conclusions.len()],
            seen: Vec::new(),
            keep,
        }
    }

    /// A case of one run alone.
    pub fn alone(&mut self, before: bool) {
        if before { self.only.0 += 1 } else { self.only.1 += 1 }
    }

    /// A case as it was and as it is.
    pub fn pair(&mut self, before: &Record, after: &Record, words: &Words) {
        self.cases += 1;
        let (mut changed, mut alike) = (false, Vec::new());
        for (table, (old, new)) in before.tables.iter().zip(&after.tables).enumerate() {
            let rows = matching(before, after, table, &mut alike);
            let only = (
                (old.len - rows.iter().filter(|r| r.is_some()).count()) as u64,
                rows.iter().filter(|r| r.is_none()).count() as u64,
            );
            // The rows of an entity one of the runs does not tell of are not gone.
            if before.present.get(table) == Some(&true) && after.present.get(table) == Some(&true) {
                changed |= only != (0, 0);
                if let Some(count) = self.rows_only.get_mut(table) {
                    *count = (count.0 + only.0, count.1 + only.1);
                }
            }
            for (row, same) in rows.iter().enumerate() {
                let Some(was) = same else { continue };
                changed |= self.row(words, table, (old, *was), (new, row), (before, after));
            }
        }
        self.changed += u64::from(changed);
    }

    fn row(
        &mut self,
        words: &Words,
        table: usize,
        (old, was): (&Rows, usize),
        (new, row): (&Rows, usize),
        (before, after): (&Record, &Record),
    ) -> bool {
        let first = words.schema.tables.get(table).map_or(0, |t| t.first);
        let own = words.schema.conclusions.iter().enumerate().filter(|(_, c)| c.table == table);
        let mut any = false;
        for (index, slots) in own {
            let at = slots.first - first;
            // What one of the runs does not tell has not changed.
            let tells =
                |r: &Record| r.seen.get(slots.first..slots.first + 2).is_some_and(|s| s.contains(&true));
            if !tells(before) || !tells(after) {
                continue;
            }
            let (old, now) = (old.row(was), new.row(row));
            let pair = (outcome(old, at), outcome(now, at));
            let Some(change) = self.conclusions.get_mut(index).filter(|_| pair != (None, None)) else {
                continue;
            };
            let pair = (pair.0.unwrap_or(NONE), pair.1.unwrap_or(NONE));
            change.rows += 1;
            let kept = change.transitions.len() < CHANGES || change.transitions.contains_key(&pair);
            let transition = change.transitions.entry(if kept { pair } else { (OTHER, OTHER) }).or_default();
            transition.count += 1;
            let basis = |cells: &[u32]| cells.get(at + 2).copied().unwrap_or(NONE);
            let moved = basis(old) != basis(now) && change.provisions(slots, words, basis(old), basis(now));
            if pair.0 == pair.1 {
                change.other_basis += u64::from(moved);
                continue;
            }
            change.changed += 1;
            any = true;
            if transition_room(change, pair, self.keep) {
                let mut member = after.path(table, row);
                member.reverse();
                let example = Example { number: after.number, name: after.name.clone(), member };
                if let Some(transition) = change.transitions.get_mut(&pair) {
                    transition.examples.push(example);
                }
            }
        }
        any
    }
}

fn transition_room(change: &ConclusionChange, pair: (u32, u32), keep: usize) -> bool {
    change.transitions.get(&pair).is_some_and(|t| t.examples.len() < keep)
}

impl ConclusionChange {
    /// Which provisions decide no longer, and which do now; whether any.
    fn provisions(&mut self, slots: &ConclusionSlots, words: &Words, before: u32, now: u32) -> bool {
        let parts = |code: u32| if code == NONE { &[] } else { words.parts(slots.first + 2, code) };
        let (before, now) = (parts(before), parts(now));
        let gone = before.iter().filter(|c| !now.contains(c)).map(|c| (*c, true));
        let come = now.iter().filter(|c| !before.contains(c)).map(|c| (*c, false));
        let mut any = false;
        for (cite, gone) in gone.chain(come).filter(|(c, _)| c & MAYBE == 0) {
            any = true;
            let at = cite as usize;
            if at >= self.moved.len() {
                self.moved.resize(at + 1, (0, 0));
            }
            if let Some(count) = self.moved.get_mut(at) {
                if gone { count.0 += 1 } else { count.1 += 1 }
            }
        }
        any
    }
}

/// For each row after, the row before that is the same member; `alike`: which entities' rows are the same on both sides.
fn matching(before: &Record, after: &Record, table: usize, alike: &mut Vec<bool>) -> Vec<Option<usize>> {
    let Some((old, new)) = before.tables.get(table).zip(after.tables.get(table)) else { return Vec::new() };
    let above_alike = old.above.iter().flatten().all(|(above, _)| alike.get(*above) == Some(&true));
    alike.push(above_alike && old.members == new.members && old.above == new.above);
    if alike.last() == Some(&true) {
        return (0..new.len).map(Some).collect();
    }
    let paths: Vec<_> = (0..old.len).map(|row| before.path(table, row)).collect();
    let mut taken = vec![false; paths.len()];
    let mut out = Vec::with_capacity(new.len);
    for row in 0..new.len {
        let path = after.path(table, row);
        let same = |at: &usize| paths.get(*at) == Some(&path) && taken.get(*at) == Some(&false);
        let found = Some(row).filter(same).or_else(|| (0..paths.len()).find(same));
        if let Some(taken) = found.and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
        out.push(found);
    }
    out
}
