//! The worlds of one conclusion: every way the 不明 guards of its provisions may turn out.
//!
//! In: the 应当 and 不得 entries of a decision and the guards of one row. Out: which entries fire in which world;
//! [`super::decide`] finds the outcome of each world and compares them. Guards are independent of each other, except
//! that one register is one guard.
use super::store::Row;
use crate::base::Truth;
use crate::ir::{Entry, Program, T};

/// With more 不明 guards than this the worlds are not gone through one by one.
const UNKNOWN_LIMIT: u32 = 8;
/// Among more entries than this nobody looks for those that stand alike: it takes the square of their number.
const MERGE_LIMIT: usize = 256;

/// The worlds of one conclusion of one row.
pub(super) struct Worlds<'a> {
    program: &'a Program,
    own: Row<'a>,
    /// Guards that are 不明 and the bit of a world that says whether they hold.
    bits: Vec<(T, u32)>,
    count: u32,
}

impl<'a> Worlds<'a> {
    /// The worlds, unless there are too many. `first` is the index of the first of `entries` in the program.
    pub fn new(program: &'a Program, own: Row<'a>, entries: &[Entry], first: u32) -> Option<Self> {
        let mut worlds = Self { program, own, bits: Vec::new(), count: 0 };
        let unknown = |e: &&Entry| own.truth(e.guard) == Truth::Unknown;
        for entry in entries.iter().filter(unknown) {
            if worlds.count > UNKNOWN_LIMIT {
                break;
            }
            if worlds.bit(entry.guard).is_none() {
                worlds.bits.push((entry.guard, worlds.count));
                worlds.count += 1;
            }
        }
        if worlds.count > UNKNOWN_LIMIT && entries.len() <= MERGE_LIMIT {
            worlds.merge(entries, first);
        }
        (worlds.count <= UNKNOWN_LIMIT).then_some(worlds)
    }

    /// One bit for all guards of entries that give the same and stand alike to all others: only whether any holds matters.
    fn merge(&mut self, entries: &[Entry], first: u32) {
        let mut alike: Vec<(usize, u32)> = Vec::new();
        self.bits.clear();
        self.count = 0;
        for (n, entry) in entries.iter().enumerate() {
            if self.count > UNKNOWN_LIMIT {
                return;
            }
            if self.own.truth(entry.guard) != Truth::Unknown || self.bit(entry.guard).is_some() {
                continue;
            }
            let alone = entries.iter().filter(|e| e.guard == entry.guard).count() == 1;
            let like = alike.iter().find(|(m, _)| alone && self.interchangeable(entries, first, *m, n));
            let bit = like.map_or(self.count, |(_, bit)| *bit);
            if bit == self.count {
                self.count += 1;
                if alone {
                    alike.push((n, bit));
                }
            }
            self.bits.push((entry.guard, bit));
        }
    }

    fn interchangeable(&self, entries: &[Entry], first: u32, a: usize, b: usize) -> bool {
        let (Some(one), Some(other)) = (entries.get(a), entries.get(b)) else { return false };
        let above = |e: &Entry| e.above.of(&self.program.above);
        let stands_above =
            |e: &Entry, n: usize| u32::try_from(n).is_ok_and(|n| above(e).contains(&first.saturating_add(n)));
        one.mode == other.mode
            && one.gives == other.gives
            && above(one).len() == above(other).len()
            && above(one).iter().all(|n| above(other).contains(n))
            && entries.iter().all(|e| stands_above(e, a) == stands_above(e, b))
    }

    /// All worlds; in the first nothing 不明 holds.
    pub fn all(&self) -> std::ops::Range<u32> {
        0..1 << self.count
    }

    fn bit(&self, guard: T) -> Option<u32> {
        self.bits.iter().find(|(known, _)| *known == guard).map(|(_, bit)| *bit)
    }

    fn holds(&self, world: u32, guard: T) -> bool {
        match self.own.truth(guard) {
            Truth::True => true,
            Truth::False | Truth::Na => false,
            Truth::Unknown => self.bit(guard).is_some_and(|n| world >> n & 1 == 1),
        }
    }

    /// Whether an entry fires: its guard holds and nothing above it does.
    pub fn fires(&self, world: u32, entry: &Entry) -> bool {
        self.holds(world, entry.guard)
            && !entry.above.of(&self.program.above).iter().any(|above| {
                self.program.entries.get(*above as usize).is_some_and(|h| self.holds(world, h.guard))
            })
    }
}
