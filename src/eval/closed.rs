//! Outcomes over all worlds without going through them, for the two shapes of conclusions that laws mostly have:
//! two values with provisions for either, and a 多选 to which provisions only add.
//!
//! Exact however many guards are 不明, where [`super::worlds`] must stop at a few. Columnar code computes the same
//! formulas a word at a time. Both rest on guards being independent of each other and on `above` being the transitive
//! closure of the priorities: of the provisions whose guards hold in a world, a highest one fires.
use super::decide::{Standing, allows, standing};
use super::store::{Record, Row, State};
use crate::base::Truth;
use crate::hir::{Mode, Select};
use crate::ir::{Entry, Gives, Program};

/// Both values of a conclusion of two.
pub const BOTH: u64 = 0b11;

/// Whether the entries of a conclusion of two values can be decided by [`binary`]: each leaves exactly one value, and
/// no guard serves both sides or stands above itself.
#[must_use]
pub fn is_binary(program: &Program, entries: &[Entry], full: u64) -> bool {
    full == BOTH
        && entries.iter().all(|e| {
            let side = allows(e, full);
            side.is_power_of_two()
                && entries.iter().all(|other| other.guard != e.guard || allows(other, full) == side)
                && above(program, e).all(|h| h.guard != e.guard)
        })
}

/// The entries above one that can change the outcome.
pub fn above<'a>(program: &'a Program, entry: &Entry) -> impl Iterator<Item = &'a Entry> {
    entry.above.of(&program.above).iter().filter_map(|n| program.entries.get(*n as usize))
}

/// Whether two entries may fire in one world as far as priorities go: neither guard defeats the other entry.
#[must_use]
pub fn compatible(program: &Program, a: &Entry, b: &Entry) -> bool {
    above(program, a).all(|h| h.guard != b.guard) && above(program, b).all(|h| h.guard != a.guard)
}

/// The outcome for entries of which [`is_binary`] is true and which do not surely contradict each other.
pub(super) fn binary(program: &Program, own: Row<'_>, entries: &[Entry], default: u64) -> Record {
    let guard = |e: &Entry| own.truth(e.guard);
    let side = |value: u64| entries.iter().filter(move |e| allows(e, BOTH) == value);
    let may = |e: &Entry| matches!(standing(program, own, e), Standing::Fires | Standing::MayFire);
    // Only provisions for `value` fire in some world: those for the other all fail or are defeated.
    let alone = |value: u64| {
        let others = side(BOTH & !value);
        let defeated =
            |b: &Entry| above(program, b).any(|h| allows(h, BOTH) == value && guard(h).is_possible());
        side(value).any(|e| guard(e).is_possible()) && others.filter(|b| guard(b).is_true()).all(defeated)
    };
    let none = entries.iter().all(|e| !guard(e).is_true());
    let clash = side(0b01).any(|a| may(a) && side(0b10).any(|b| may(b) && compatible(program, a, b)));
    let reached = |value: u64| alone(value) || (none && default == value);
    let possible = [0b01, 0b10].into_iter().filter(|v| reached(*v)).fold(0, |set, v| set | v);
    let silent = none && default == 0;
    if !clash && !silent && possible.is_power_of_two() {
        return Record {
            state: State::Decided,
            by_default: none && default == possible,
            certain: possible,
            possible,
            ..Record::default()
        };
    }
    if !clash && silent && possible == 0 {
        return Record::default();
    }
    Record { state: State::Pending, possible, may_be_silent: silent, may_clash: clash, ..Record::default() }
}

/// Whether the entries of a 多选 conclusion can be decided by [`union`]: all add something, none has priority.
#[must_use]
pub fn is_union(entries: &[Entry]) -> bool {
    entries.iter().all(|e| {
        e.mode == Mode::Must && e.above.len == 0 && matches!(e.gives, Gives::Mask(mask, _) if mask != 0)
    })
}

/// What an entry adds: members for certain, members to choose from.
#[must_use]
pub fn adds(entry: &Entry) -> (u64, u64) {
    match entry.gives {
        Gives::Mask(mask, Select::All) => (mask, 0),
        Gives::Mask(mask, _) => (0, mask),
        Gives::Value(_) | Gives::Duty { .. } => (0, 0),
    }
}

/// The outcome for entries of which [`is_union`] is true.
pub(super) fn union(own: Row<'_>, entries: &[Entry], default: u64) -> Record {
    let (mut sure, mut sure_all, mut maybe, mut maybe_all) = (0, 0, 0, 0);
    // Members that every 不明 guard brings.
    let (mut shared, mut shared_all) = (u64::MAX, u64::MAX);
    let (mut fires, mut open) = (false, false);
    for entry in entries {
        let (certain, choice) = adds(entry);
        match own.truth(entry.guard) {
            Truth::True => {
                fires = true;
                sure |= certain;
                sure_all |= certain | choice;
            }
            Truth::Unknown => {
                open = true;
                maybe |= certain;
                maybe_all |= certain | choice;
                let together = entries.iter().filter(|e| e.guard == entry.guard).map(adds);
                let (c, a) = together.fold((0, 0), |(c, a), (x, y)| (c | x, a | x | y));
                shared &= c;
                shared_all &= a;
            }
            Truth::False | Truth::Na => {}
        }
    }
    let by_default = !fires;
    if by_default {
        (sure, sure_all) = (default, default);
    }
    let empty = sure_all == 0;
    if !open {
        return record(State::Decided, by_default, sure, sure_all);
    }
    // What stands in every world, and what in some.
    let always = if by_default { sure & shared } else { sure };
    let always_all = if by_default { sure_all & shared_all } else { sure_all };
    let (ever, ever_all) = (sure | maybe, sure_all | maybe_all);
    if !empty && always == ever && always_all == ever_all {
        return record(State::Decided, by_default, sure, sure_all);
    }
    Record {
        state: State::Pending,
        certain: always,
        possible: ever_all,
        may_be_silent: empty,
        ..Record::default()
    }
}

fn record(state: State, by_default: bool, certain: u64, possible: u64) -> Record {
    if possible == 0 {
        return Record::default();
    }
    Record { state, by_default, certain, possible, ..Record::default() }
}

#[cfg(test)]
mod tests {
    use super::super::decide::{Outcomes, choose, join};
    use super::super::store::Store;
    use super::super::worlds::Worlds;
    use super::*;
    use crate::hir::RuleId;
    use crate::ir::{Slice, T};
    use proptest::prelude::*;

    #[expect(clippy::needless_range_loop, reason = "two sides of a square are walked at once")]
    /// Entries with guards among few registers and priorities among themselves, transitively closed.
    fn entries(masks: &[(u64, Select)], modes: bool) -> impl Strategy<Value = (Program, Vec<Truth>)> + use<> {
        let masks = masks.to_vec();
        let one = (0..masks.len(), 0..6_u32, any::<bool>(), any::<u16>());
        let truth = prop::sample::select(vec![Truth::False, Truth::True, Truth::Unknown, Truth::Na]);
        (prop::collection::vec(one, 1..7), prop::collection::vec(truth, 6)).prop_map(move |(list, truths)| {
            let count = list.len();
            let mut higher = vec![vec![false; count]; count];
            for (low, (.., bits)) in list.iter().enumerate() {
                for high in 0..low {
                    higher[low][high] = modes && bits >> high & 1 == 1 && bits >> 12 & 1 == 1;
                }
            }
            for middle in 0..count {
                for low in 0..count {
                    for high in 0..count {
                        higher[low][high] |= higher[low][middle] && higher[middle][high];
                    }
                }
            }
            let mut program = Program::default();
            for (n, (mask, guard, not, _)) in list.iter().enumerate() {
                let (mask, select) = masks[*mask];
                program.entries.push(Entry {
                    rule: RuleId(u32::try_from(n).unwrap()),
                    consequence: 0,
                    guard: T(*guard),
                    mode: if *not && modes { Mode::MustNot } else { Mode::Must },
                    gives: Gives::Mask(mask, select),
                    above: Slice::default(),
                    above_same: Slice::default(),
                });
            }
            for low in 0..count {
                let start = u32::try_from(program.above.len()).unwrap();
                let (gives, mode) = (program.entries[low].gives, program.entries[low].mode);
                for high in 0..count {
                    let other = &program.entries[high];
                    if higher[low][high] && (other.gives != gives || other.mode != mode) {
                        program.above.push(u32::try_from(high).unwrap());
                    }
                }
                let len = u32::try_from(program.above.len()).unwrap() - start;
                program.entries[low].above = Slice { start, len };
            }
            (program, truths)
        })
    }

    fn store(truths: Vec<Truth>) -> Store {
        Store { rows: 1, truth_stride: truths.len(), truths, ..Store::default() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn two_values_as_world_by_world(
            (program, truths) in entries(&[(0b01, Select::All), (0b10, Select::All)], true),
            default in prop::sample::select(vec![0, 0b01, 0b10]),
        ) {
            let store = store(truths);
            let (own, entries) = (store.row(0), program.entries.as_slice());
            let sure = entries
                .iter()
                .filter(|e| standing(&program, own, e) == Standing::Fires)
                .fold(BOTH, |sure, e| sure & allows(e, BOTH));
            if is_binary(&program, entries, BOTH) && sure != 0 {
                let worlds = Worlds::new(&program, own, entries, 0).expect("few");
                let mut outcomes = Outcomes::default();
                for world in worlds.all() {
                    outcomes.add(&choose(entries.iter().filter(|e| worlds.fires(world, e)), BOTH, default));
                }
                prop_assert_eq!(binary(&program, own, entries, default), outcomes.record());
            }
        }

        #[test]
        fn additions_as_world_by_world(
            (program, truths) in entries(
                &[(1, Select::All), (2, Select::All), (6, Select::All), (3, Select::OneOf), (12, Select::AnyOf)],
                false,
            ),
            default in 0..8_u64,
        ) {
            let store = store(truths);
            let (own, entries) = (store.row(0), program.entries.as_slice());
            prop_assert!(is_union(entries));
            let worlds = Worlds::new(&program, own, entries, 0).expect("few");
            let mut outcomes = Outcomes::default();
            for world in worlds.all() {
                outcomes.add(&join(entries.iter().filter(|e| worlds.fires(world, e)), default));
            }
            let shared = outcomes.shared;
            let mut expected = outcomes.record();
            if expected.state == State::Pending {
                expected.certain = shared;
            }
            prop_assert_eq!(union(own, entries, default), expected);
        }
    }
}
