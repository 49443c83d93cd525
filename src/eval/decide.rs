//! How one conclusion is decided (docs/语言参考, part “结论的认定”): guards are independent; a provision fires when its
//! guard is 是 and nothing above it can apply; the outcome is decided when it is the same in every world.
use super::closed;
use super::store::{NoteKind, Record, Row, State};
use super::worlds::Worlds;
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

/// Decides `conclusion` for `row`; a note says when a 义务 lacks the date of the question.
pub(super) fn decide(
    program: &Program,
    own: Row<'_>,
    conclusion: ConclusionId,
    today: Option<Date>,
) -> (Record, Option<NoteKind>) {
    let Some(decision) = program.decisions.get(conclusion.index()) else { return (Record::default(), None) };
    let entries = decision.entries.of(&program.entries).get(..decision.mandatory as usize).unwrap_or(&[]);
    let first = decision.entries.start;
    match decision.kind {
        DecisionKind::Single { full } => {
            let default = match decision.default {
                Some(Val::Mask(m)) => m,
                _ => 0,
            };
            (single(program, own, entries, first, full, default), None)
        }
        DecisionKind::Multi => {
            let default = match decision.default {
                Some(Val::Mask(m)) => m,
                _ => 0,
            };
            (multi(program, own, entries, first, default), None)
        }
        DecisionKind::Value => (value(program, own, entries, first, decision.default), None),
        DecisionKind::Duty => duty(program, own, entries, first, today),
    }
}

/// The record of a conclusion for a row of which only these registers are known, by number.
pub(crate) fn decide_registers(
    program: &Program,
    (truths, values): (&[Truth], &[Val]),
    conclusion: ConclusionId,
    today: Option<Date>,
) -> Record {
    decide(program, Row::new(truths, values), conclusion, today).0
}

/// What a set-valued entry allows.
pub(crate) fn allows(entry: &Entry, full: u64) -> u64 {
    match entry.gives {
        Gives::Mask(m, _) if entry.mode == Mode::MustNot => full & !m,
        Gives::Mask(m, _) => m,
        Gives::Value(_) | Gives::Duty { .. } => full,
    }
}

/// The entries that fire, if no guard is 不明: then there is one world. Gives none otherwise.
fn one_world<'a>(
    program: &Program,
    own: Row<'_>,
    entries: &'a [Entry],
    mut fires: impl FnMut(&'a Entry),
) -> Option<()> {
    for entry in entries {
        match own.truth(entry.guard) {
            Truth::Unknown => return None,
            Truth::False | Truth::Na => {}
            Truth::True => {
                let holds = |n: &u32| {
                    program.entries.get(*n as usize).is_some_and(|high| own.truth(high.guard).is_true())
                };
                if !entry.above.of(&program.above).iter().any(holds) {
                    fires(entry);
                }
            }
        }
    }
    Some(())
}

fn single(program: &Program, own: Row<'_>, entries: &[Entry], first: u32, full: u64, default: u64) -> Record {
    let (mut sure, mut obliged) = (full, false);
    let known = one_world(program, own, entries, |entry| {
        sure &= allows(entry, full);
        obliged |= entry.mode == Mode::Must;
    });
    if known.is_some() {
        let record = chosen(sure, obliged, full, default);
        let possible = if record.state == State::Conflict { full } else { record.possible };
        return Record { possible, ..record };
    }
    let sure = entries
        .iter()
        .filter(|e| standing(program, own, e) == Standing::Fires)
        .fold(full, |sure, e| sure & allows(e, full));
    if sure == 0 {
        return Record { state: State::Conflict, possible: full, ..Record::default() };
    }
    let record = if closed::is_binary(program, entries, full) {
        closed::binary(program, own, entries, default)
    } else if let Some(worlds) = Worlds::new(program, own, entries, first) {
        let mut outcomes = Outcomes::default();
        for world in worlds.all() {
            outcomes.add(&choose(entries.iter().filter(|e| worlds.fires(world, e)), full, default));
        }
        outcomes.record()
    } else {
        roughly(program, own, entries, full, default)
    };
    let clash = |with: &Entry| sure & allows(with, full) == 0;
    let may_conflict = record.state == State::Pending && may_fire(program, own, entries).any(clash);
    Record { may_conflict, ..record }
}

/// Entries that may fire and may not.
fn may_fire<'a>(program: &'a Program, own: Row<'a>, entries: &'a [Entry]) -> impl Iterator<Item = &'a Entry> {
    entries.iter().filter(move |e| standing(program, own, e) == Standing::MayFire)
}

/// The outcome of a set of provisions that fire.
pub(super) fn choose<'a>(firing: impl Iterator<Item = &'a Entry>, full: u64, default: u64) -> Record {
    let (mut sure, mut obliged) = (full, false);
    for entry in firing {
        sure &= allows(entry, full);
        obliged |= entry.mode == Mode::Must;
    }
    chosen(sure, obliged, full, default)
}

/// The outcome where the provisions that fire leave `sure`.
fn chosen(sure: u64, obliged: bool, full: u64, default: u64) -> Record {
    if sure == 0 {
        return Record { state: State::Conflict, ..Record::default() };
    }
    // A prohibition that leaves one value only decides it, as an obligation would.
    if obliged || (sure != full && sure.is_power_of_two()) {
        finished(sure, false)
    } else {
        finished(default & sure, true)
    }
}

/// What the outcomes of the worlds have in common.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings about all worlds")]
pub(super) struct Outcomes {
    first: Option<Record>,
    same: bool,
    by_default: bool,
    pub(super) shared: u64,
    possible: u64,
    may_be_silent: bool,
    may_clash: bool,
}

impl Outcomes {
    pub(super) fn add(&mut self, outcome: &Record) {
        match &self.first {
            None => {
                self.first = Some(*outcome);
                self.same = true;
                self.shared = outcome.certain;
            }
            Some(first) => {
                self.same &= first.state == outcome.state
                    && first.certain == outcome.certain
                    && first.possible == outcome.possible
                    && equal(first.value, outcome.value);
            }
        }
        self.by_default |= outcome.by_default;
        self.shared &= outcome.certain;
        self.possible |= outcome.possible;
        self.may_be_silent |= outcome.state == State::Silent;
        self.may_clash |= outcome.state == State::Conflict;
        // A world may itself be undecided: a value that is 不明.
        self.same &= outcome.state != State::Pending;
    }

    pub(super) fn record(self) -> Record {
        match self.first {
            Some(first) if self.same && first.state != State::Conflict => {
                Record { by_default: self.by_default, ..first }
            }
            _ => Record {
                state: State::Pending,
                possible: self.possible,
                may_be_silent: self.may_be_silent,
                may_clash: self.may_clash,
                ..Record::default()
            },
        }
    }
}

/// For more worlds than can be gone through: never decided wrongly, but 待查 more often than need be.
fn roughly(program: &Program, own: Row<'_>, entries: &[Entry], full: u64, default: u64) -> Record {
    let (mut sure, mut obliged) = (full, false);
    // What all that may fire leave, what its prohibitions leave, what its obligations may give.
    let (mut rest, mut left, mut possible) = (full, full, 0);
    for entry in entries {
        let set = allows(entry, full);
        match standing(program, own, entry) {
            Standing::Fires => {
                sure &= set;
                obliged |= entry.mode == Mode::Must;
            }
            Standing::MayFire => {
                rest &= set;
                if entry.mode == Mode::Must {
                    possible |= set;
                } else {
                    left &= set;
                }
                obliged |= own.truth(entry.guard).is_true() && only_obligations_above(program, entry);
            }
            Standing::Out | Standing::Defeated => {}
        }
    }
    if obliged && sure & !rest == 0 && sure != full {
        return finished(sure, false);
    }
    // Prohibitions that together leave one value decide it.
    let single = if (sure & left).count_ones() < 2 { sure } else { 0 };
    Record {
        state: State::Pending,
        possible: if obliged && sure != full { sure } else { sure & (possible | default | single) },
        may_be_silent: !obliged && default & sure & left == 0,
        may_clash: sure & rest == 0,
        ..Record::default()
    }
}

/// Whether an entry, if its guard holds, leaves an obligation in every world: its own or a stronger one.
fn only_obligations_above(program: &Program, entry: &Entry) -> bool {
    let above = entry.above.of(&program.above);
    entry.mode == Mode::Must
        && above.iter().all(|n| program.entries.get(*n as usize).is_some_and(|e| e.mode == Mode::Must))
}

fn finished(set: u64, by_default: bool) -> Record {
    if set == 0 {
        return Record::default();
    }
    Record { state: State::Decided, by_default, certain: set, possible: set, ..Record::default() }
}

fn multi(program: &Program, own: Row<'_>, entries: &[Entry], first: u32, default: u64) -> Record {
    if closed::is_union(entries) {
        return closed::union(own, entries, default);
    }
    let with = |more: Option<&Entry>| {
        let fires = |e: &&Entry| standing(program, own, e) == Standing::Fires;
        join(entries.iter().filter(fires).chain(more), default)
    };
    let sure = with(None);
    if sure.state == State::Conflict {
        return Record { certain: 0, ..sure };
    }
    if entries.iter().all(|e| own.truth(e.guard) != Truth::Unknown) {
        return sure;
    }
    let may_conflict = may_fire(program, own, entries).any(|e| with(Some(e)).state == State::Conflict);
    let mut outcomes = Outcomes::default();
    if let Some(worlds) = Worlds::new(program, own, entries, first) {
        for world in worlds.all() {
            outcomes.add(&join(entries.iter().filter(|e| worlds.fires(world, e)), default));
        }
    } else {
        // Too many worlds: what fires, what may come in, what may go.
        let (mut more, mut less) = (0, 0);
        for entry in may_fire(program, own, entries) {
            let Gives::Mask(mask, _) = entry.gives else { continue };
            if entry.mode == Mode::MustNot { less |= mask } else { more |= mask }
        }
        return Record {
            state: State::Pending,
            certain: if sure.by_default { 0 } else { sure.certain & !less },
            possible: sure.possible | more,
            may_be_silent: sure.possible & !less == 0 || sure.by_default,
            may_conflict,
            may_clash: true,
            ..Record::default()
        };
    }
    let shared = outcomes.shared;
    let record = outcomes.record();
    if record.state == State::Pending { Record { certain: shared, may_conflict, ..record } } else { record }
}

/// The members that a set of provisions that fire gives: `certain` those in any case, `possible` those of choices too.
pub(super) fn join<'a>(firing: impl Iterator<Item = &'a Entry>, default: u64) -> Record {
    let (mut certain, mut forbidden, mut choices, mut obliged) = (0u64, 0u64, 0u64, false);
    for entry in firing {
        let Gives::Mask(mask, select) = entry.gives else { continue };
        if entry.mode == Mode::MustNot {
            forbidden |= mask;
            continue;
        }
        obliged = true;
        if select == Select::All { certain |= mask } else { choices |= mask }
    }
    let (given, contradicted) =
        (certain | choices, certain & forbidden != 0 || (choices != 0 && choices & !forbidden == 0));
    let by_default = !obliged;
    if by_default {
        certain = default & !forbidden;
    }
    let choices = choices & !forbidden;
    if contradicted {
        let certain = certain & !forbidden;
        return Record { state: State::Conflict, certain, possible: given, ..Record::default() };
    }
    if certain | choices == 0 {
        return Record::default();
    }
    Record { state: State::Decided, by_default, certain, possible: certain | choices, ..Record::default() }
}

fn value(program: &Program, own: Row<'_>, entries: &[Entry], first: u32, default: Option<Val>) -> Record {
    let values: Vec<(Entry, Val)> = entries
        .iter()
        .map(|entry| match entry.gives {
            Gives::Value(v) => (*entry, own.value(v)),
            Gives::Duty { deadline, .. } => (*entry, own.value(deadline)),
            Gives::Mask(..) => (*entry, Val::Unknown),
        })
        .collect();
    let is = |wanted: Standing| move |(e, _): &&(Entry, Val)| standing(program, own, e) == wanted;
    let with = |more| agree(values.iter().filter(is(Standing::Fires)).chain(more), default);
    let sure = with(None);
    if sure.state == State::Conflict {
        return sure;
    }
    let may_conflict =
        values.iter().filter(is(Standing::MayFire)).any(|v| with(Some(v)).state == State::Conflict);
    let mut outcomes = Outcomes::default();
    if let Some(worlds) = Worlds::new(program, own, entries, first) {
        for world in worlds.all() {
            outcomes.add(&agree(values.iter().filter(|(e, _)| worlds.fires(world, e)), default));
        }
    } else {
        // Too many worlds: all that may fire on its own.
        outcomes.add(&sure);
        for one in &values {
            if standing(program, own, &one.0) == Standing::MayFire {
                outcomes.add(&agree(std::iter::once(one), default));
            }
        }
        outcomes.may_clash |= !outcomes.same;
    }
    let record = outcomes.record();
    Record { may_conflict: may_conflict && record.state == State::Pending, ..record }
}

/// The outcome of a set of provisions that fire, of computed values: 待查 where one of them is 不明.
fn agree<'a>(firing: impl Iterator<Item = &'a (Entry, Val)>, default: Option<Val>) -> Record {
    let mut decided: Option<Val> = None;
    let mut forbidden: Vec<Val> = Vec::new();
    let (mut unknown, mut conflict) = (false, false);
    for (entry, v) in firing {
        match v {
            Val::Na => {}
            Val::Unknown | Val::Range(..) => unknown = true,
            Val::Int(_) | Val::Dec(_) | Val::Date(_) | Val::Period(_) | Val::Mask(_) | Val::Text(_) => {
                if entry.mode == Mode::MustNot {
                    forbidden.push(*v);
                } else {
                    conflict |= decided.is_some_and(|d| !equal(d, *v));
                    decided = Some(decided.unwrap_or(*v));
                }
            }
        }
    }
    let barred = |v: Val| forbidden.iter().any(|f| equal(*f, v));
    if conflict || decided.is_some_and(barred) {
        return Record { state: State::Conflict, ..Record::default() };
    }
    if unknown {
        return Record { state: State::Pending, ..Record::default() };
    }
    match (decided, default) {
        (Some(value), _) => Record { state: State::Decided, value, ..Record::default() },
        (None, Some(value)) if !barred(value) => {
            Record { state: State::Decided, by_default: true, value, ..Record::default() }
        }
        (None, _) => Record::default(),
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
    first: u32,
    today: Option<Date>,
) -> (Record, Option<NoteKind>) {
    let mut record = value(program, own, entries, first, None);
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
        // A contradiction, were it to come about, would read as 不明.
        State::Pending if record.may_clash => Truth::Unknown,
        State::Pending => {
            if record.possible & mask == 0 {
                Truth::False
            } else if record.possible & !mask == 0 && !record.may_be_silent {
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
    if record.state == State::Conflict || (record.state == State::Pending && record.may_clash) {
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
