//! How one conclusion is decided (docs/语言参考, part “结论的认定”): guards are independent; a provision fires when its
//! guard is 是 and nothing above it can apply; the outcome is decided when it is the same in every world.
use super::store::{NoteKind, Record, Row, State};
use crate::base::date::Date;
use crate::base::{Truth, Val};
use crate::hir::{ConclusionId, Mode, Select};
use crate::ir::{DecisionKind, Entry, Gives, Program};

/// Bits of the status of a 义务, in the order the enumeration declares them.
pub const PERFORMED: u64 = 0b001;
/// 未届满
pub const RUNNING: u64 = 0b010;
/// 逾期
pub const OVERDUE: u64 = 0b100;

/// Whether an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its guard does not hold.
    Out,
    /// Its guard holds or may hold, but a stronger provision applies.
    Defeated,
    /// It may fire: its guard or something above it is 不明.
    MayFire,
    /// It fires in every world.
    Fires,
}

/// The standing of an entry among those above it that can change the outcome.
pub(super) fn standing(program: &Program, own: Row<'_>, entry: &Entry) -> Standing {
    let guard = own.truth(entry.guard);
    if !guard.is_possible() {
        return Standing::Out;
    }
    let mut fires = guard.is_true();
    for above in entry.above.of(&program.above) {
        let Some(higher) = program.entries.get(*above as usize) else { continue };
        match own.truth(higher.guard) {
            Truth::True => return Standing::Defeated,
            Truth::Unknown => fires = false,
            Truth::False | Truth::Na => {}
        }
    }
    if fires { Standing::Fires } else { Standing::MayFire }
}

/// Decides `conclusion` for a row; a note says when a 义务 lacks the date of the question.
pub(super) fn decide(
    program: &Program,
    own: Row<'_>,
    conclusion: ConclusionId,
    today: Option<Date>,
) -> (Record, Option<NoteKind>) {
    let Some(decision) = program.decisions.get(conclusion.index()) else { return (Record::default(), None) };
    let entries = decision.entries.of(&program.entries).get(..decision.mandatory as usize).unwrap_or(&[]);
    match decision.kind {
        DecisionKind::Single { full } => {
            let default = match decision.default {
                Some(Val::Mask(m)) => m,
                _ => 0,
            };
            (single(program, own, entries, full, default), None)
        }
        DecisionKind::Multi => {
            let default = match decision.default {
                Some(Val::Mask(m)) => m,
                _ => 0,
            };
            (multi(program, own, entries, default), None)
        }
        DecisionKind::Value => (value(program, own, entries, decision.default), None),
        DecisionKind::Duty => duty(program, own, entries, today),
    }
}

/// What a set-valued entry allows.
fn allows(entry: &Entry, full: u64) -> u64 {
    match entry.gives {
        Gives::Mask(m, _) if entry.mode == Mode::MustNot => full & !m,
        Gives::Mask(m, _) => m,
        Gives::Value(_) | Gives::Duty { .. } => full,
    }
}

fn single(program: &Program, own: Row<'_>, entries: &[Entry], full: u64, default: u64) -> Record {
    // What is certain: the intersection of all that fire.
    let (mut sure, mut obliged, mut extras) = (full, false, false);
    for entry in entries {
        match standing(program, own, entry) {
            Standing::Fires => {
                sure &= allows(entry, full);
                obliged |= entry.mode == Mode::Must;
            }
            Standing::MayFire => extras = true,
            Standing::Out | Standing::Defeated => {}
        }
    }
    if sure == 0 {
        return Record { state: State::Conflict, possible: full, ..Record::default() };
    }
    let restricted = sure != full;
    // A prohibition that leaves one value only decides it, as an obligation would.
    let (base, by_default) = if obliged || (restricted && sure.is_power_of_two()) {
        (sure, false)
    } else if default & sure != 0 {
        (default & sure, true)
    } else {
        (0, false)
    };
    if !extras {
        return finished(base, by_default);
    }
    // Worlds: each entry that merely may fire, on its own and with what is certain.
    let mut unchanged = true;
    let (mut possible, mut may_conflict, mut some_obliged) = (0u64, false, obliged);
    let mut common: Option<u64> = None;
    let mut unanimous = true;
    for entry in entries {
        if standing(program, own, entry) != Standing::MayFire {
            continue;
        }
        let both = sure & allows(entry, full);
        let outcome = if entry.mode == Mode::Must || both.is_power_of_two() || obliged {
            both
        } else if default & both != 0 {
            default & both
        } else {
            0
        };
        if entry.mode == Mode::Must && own.truth(entry.guard).is_true() {
            some_obliged = true;
        }
        unchanged &= outcome == base;
        may_conflict |= both == 0;
        possible |= outcome;
        unanimous &= *common.get_or_insert(outcome) == outcome && outcome != 0;
    }
    if unchanged {
        return finished(base, by_default);
    }
    if let Some(outcome) = common.filter(|_| unanimous && some_obliged && !obliged) {
        return finished(outcome, false);
    }
    let silent_world = !some_obliged && base == 0;
    if obliged || !some_obliged {
        possible |= base;
    }
    Record { state: State::Pending, possible, may_be_silent: silent_world, may_conflict, ..Record::default() }
}

fn finished(set: u64, by_default: bool) -> Record {
    if set == 0 {
        return Record::default();
    }
    Record { state: State::Decided, by_default, certain: set, possible: set, ..Record::default() }
}

fn multi(program: &Program, own: Row<'_>, entries: &[Entry], default: u64) -> Record {
    let (mut certain, mut possible) = (0u64, 0u64);
    let (mut forbidden, mut maybe_forbidden) = (0u64, 0u64);
    let (mut choices, mut pending, mut obliged, mut maybe_obliged) = (0u64, false, false, false);
    for entry in entries {
        let standing = standing(program, own, entry);
        let Gives::Mask(mask, select) = entry.gives else { continue };
        match (standing, entry.mode) {
            (Standing::Out | Standing::Defeated, _) => {}
            (Standing::Fires, Mode::MustNot) => forbidden |= mask,
            (Standing::MayFire, Mode::MustNot) => maybe_forbidden |= mask,
            (Standing::Fires, _) => {
                obliged = true;
                if select == Select::All { certain |= mask } else { choices |= mask }
            }
            (Standing::MayFire, _) => {
                maybe_obliged = true;
                possible |= mask;
                pending |= select != Select::All;
            }
        }
    }
    if certain & forbidden != 0 || (choices != 0 && choices & !forbidden == 0) {
        return Record { state: State::Conflict, possible: certain | choices, ..Record::default() };
    }
    let mut by_default = false;
    if !obliged && default & !forbidden != 0 {
        if maybe_obliged {
            possible |= default & !forbidden;
            pending = true;
        } else {
            certain = default & !forbidden;
            by_default = true;
        }
    }
    possible &= !forbidden;
    choices &= !forbidden;
    pending |= possible & !certain != 0 || maybe_forbidden & (certain | choices) != 0;
    let uncertain = certain & maybe_forbidden;
    let record = Record {
        state: State::Decided,
        by_default,
        certain: certain & !uncertain,
        possible: certain | possible | choices,
        may_conflict: uncertain != 0,
        ..Record::default()
    };
    if pending {
        Record { state: State::Pending, may_be_silent: !obliged && default == 0, ..record }
    } else if record.possible == 0 {
        Record::default()
    } else {
        record
    }
}

fn value(program: &Program, own: Row<'_>, entries: &[Entry], default: Option<Val>) -> Record {
    let mut decided: Option<Val> = None;
    let (mut unknown, mut obliged, mut conflict) = (false, false, false);
    let mut maybe: Vec<Val> = Vec::new();
    let mut forbidden: Vec<Val> = Vec::new();
    for entry in entries {
        let standing = standing(program, own, entry);
        if matches!(standing, Standing::Out | Standing::Defeated) {
            continue;
        }
        let v = match entry.gives {
            Gives::Value(v) => own.value(v),
            Gives::Duty { deadline, .. } => own.value(deadline),
            Gives::Mask(..) => Val::Unknown,
        };
        match v {
            Val::Na => continue,
            Val::Unknown | Val::Range(..) => {
                unknown = true;
                obliged |= standing == Standing::Fires || own.truth(entry.guard).is_true();
                continue;
            }
            Val::Int(_) | Val::Dec(_) | Val::Date(_) | Val::Period(_) | Val::Mask(_) | Val::Text(_) => {}
        }
        match (standing, entry.mode) {
            (Standing::Fires, Mode::MustNot) => forbidden.push(v),
            (Standing::MayFire, Mode::MustNot) => unknown = true,
            (Standing::Fires, _) => {
                obliged = true;
                match decided {
                    None => decided = Some(v),
                    Some(d) => conflict |= !equal(d, v),
                }
            }
            _ => {
                obliged |= own.truth(entry.guard).is_true();
                maybe.push(v);
            }
        }
    }
    if conflict || decided.is_some_and(|d| forbidden.iter().any(|f| equal(*f, d))) {
        return Record { state: State::Conflict, ..Record::default() };
    }
    let by_default = decided.is_none() && !obliged;
    let base = decided.or(if by_default { default } else { None });
    let same = match base {
        Some(b) => maybe.iter().all(|m| equal(*m, b)),
        None => match maybe.split_first() {
            None => true,
            Some((first, rest)) => obliged && rest.iter().all(|m| equal(*m, *first)),
        },
    };
    let base = base.or(maybe.first().copied());
    match base {
        _ if unknown || !same => Record {
            state: State::Pending,
            may_be_silent: !obliged && default.is_none(),
            may_conflict: decided.is_some() && !same,
            ..Record::default()
        },
        Some(v) => Record { state: State::Decided, by_default, value: v, ..Record::default() },
        None => Record::default(),
    }
}

/// Equality of computed values: 3 and 3.0 are one number.
fn equal(a: Val, b: Val) -> bool {
    a == b
        || matches!(
            (super::compute::to_decimal(a), super::compute::to_decimal(b)),
            (Some(x), Some(y)) if x == y
        )
}

fn duty(
    program: &Program,
    own: Row<'_>,
    entries: &[Entry],
    today: Option<Date>,
) -> (Record, Option<NoteKind>) {
    let mut record = value(program, own, entries, None);
    if record.state != State::Decided {
        record.possible = if record.state == State::Pending { PERFORMED | RUNNING | OVERDUE } else { 0 };
        return (record, None);
    }
    let performed = entries
        .iter()
        .filter(|e| standing(program, own, e) != Standing::Out)
        .find_map(|e| match e.gives {
            Gives::Duty { performed, .. } => Some(own.value(performed)),
            Gives::Mask(..) | Gives::Value(_) => None,
        })
        .unwrap_or_default();
    let Val::Date(deadline) = record.value else { return (record, None) };
    let expired = today.map(|t| t > deadline);
    let (status, note) = match (performed, expired) {
        (Val::Date(done), _) => (if done <= deadline { PERFORMED } else { OVERDUE }, None),
        (Val::Na, Some(true)) => (OVERDUE, None),
        (Val::Na, Some(false)) => (RUNNING, None),
        (Val::Na, None) => (RUNNING | OVERDUE, Some(NoteKind::NoQuestionDate)),
        (_, Some(false)) => (PERFORMED | RUNNING, None),
        (_, Some(true)) => (PERFORMED | OVERDUE, None),
        (_, None) => (PERFORMED | RUNNING | OVERDUE, None),
    };
    record.possible = status;
    if status.is_power_of_two() {
        record.certain = status;
    } else {
        record.state = State::Pending;
    }
    (record, note)
}

/// Whether a single-valued conclusion lies in `mask`, read in a condition.
pub(super) fn lies_in(record: &Record, mask: u64) -> Truth {
    match record.state {
        State::Silent => Truth::False,
        State::Conflict => Truth::Unknown,
        State::Decided => within(record.certain, mask),
        State::Pending => {
            if record.possible & mask == 0 {
                Truth::False
            } else if record.possible & !mask == 0 && !record.may_be_silent && !record.may_conflict {
                Truth::True
            } else {
                Truth::Unknown
            }
        }
    }
}

fn within(set: u64, mask: u64) -> Truth {
    if set & !mask == 0 {
        Truth::True
    } else if set & mask == 0 {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// Whether a 多选 conclusion includes any / all of `mask`, read in a condition.
pub(super) fn includes(record: &Record, mask: u64, all: bool) -> Truth {
    if record.state == State::Conflict {
        return Truth::Unknown;
    }
    let (sure, maybe) = (record.certain & mask, record.possible & mask);
    let (yes, no) = if all { (sure == mask, maybe != mask) } else { (sure != 0, maybe == 0) };
    if yes {
        Truth::True
    } else if no {
        Truth::False
    } else {
        Truth::Unknown
    }
}
