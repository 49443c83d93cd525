//! The chapter by hand where facts may be 不明: conditions of three values, conclusions that wait.
use super::facts::{Cause, Day, Gravity, Harm, Kind, Level, Manner, Name, Nature, Opinion, Part, Set, facts};
use super::{role, rule};

/// A fact, if it is known.
type Is<T> = Option<T>;

fn is<T>(fact: Option<T>) -> Option<T> {
    fact
}

facts!();

/// 是, 否 or 不明.
type Maybe = Option<bool>;

/// Both hold; the second is looked at only where that matters.
#[inline]
fn and(a: Maybe, b: impl FnOnce() -> Maybe) -> Maybe {
    if a == Some(false) {
        return a;
    }
    match (a, b()) {
        (_, Some(false)) => Some(false),
        (Some(true), b) => b,
        (_, _) => None,
    }
}

/// One of both holds.
#[inline]
fn or(a: Maybe, b: impl FnOnce() -> Maybe) -> Maybe {
    if a == Some(true) {
        return a;
    }
    match (a, b()) {
        (_, Some(true)) => Some(true),
        (Some(false), b) => b,
        (_, _) => None,
    }
}

fn not(a: Maybe) -> Maybe {
    a.map(|a| !a)
}

/// All hold.
macro_rules! all {
    ($a:expr $(,)?) => { $a };
    ($a:expr, $($b:expr),+ $(,)?) => { and($a, || all!($($b),+)) };
}

/// One holds.
macro_rules! either {
    ($a:expr $(,)?) => { $a };
    ($a:expr, $($b:expr),+ $(,)?) => { or($a, || either!($($b),+)) };
}

/// One of the members does.
fn some<X>(list: &[X], test: impl Fn(&X) -> Maybe) -> Maybe {
    let mut found = Some(false);
    for x in list {
        found = or(found, || test(x));
    }
    found
}

/// At least two members do.
fn two<X>(list: &[X], test: impl Fn(&X) -> Maybe) -> Maybe {
    let (mut sure, mut maybe) = (0, 0);
    for x in list {
        match test(x) {
            Some(true) => sure += 1,
            None => maybe += 1,
            Some(false) => {}
        }
    }
    if sure >= 2 {
        Some(true)
    } else if sure + maybe < 2 {
        Some(false)
    } else {
        None
    }
}

/// How a conclusion of two values came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing says.
    Silent,
    /// The first value (`false`) or the second.
    Decided(bool),
    /// One of these; a contradiction in some world.
    Pending { first: bool, second: bool, clash: bool },
}

/// Members of a conclusion of several: for certain, in some world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Several {
    pub pending: bool,
    pub certain: u8,
    pub possible: u8,
}

/// What is found of a person.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "compared as the provisions that give them")]
pub struct Finding {
    /// 责任; 承担 is the first value.
    pub liability: Choice,
    /// By 默认.
    pub by_default: bool,
    /// 责任比重; 次要责任 is the first value.
    pub share: Choice,
    /// 情节: 从重, 从轻, 减轻.
    pub circumstances: Several,
    /// 移送处理: 任免机关, 监察机关, 司法机关.
    pub transfer: Several,
    /// Options that there are: of 情节, 不予追究, 处理形式, 提出改正撤销意见.
    pub options: Options,
    /// Options that there may be.
    pub possible_options: Options,
    /// Provisions that decided.
    pub deciding: u64,
}

/// Options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub lighter: bool,
    pub waived: bool,
    pub forms: Set,
    pub object: bool,
}

/// What is found of an office: 责任.
#[derive(Clone, Copy, Debug)]
pub struct Office1 {
    pub liability: Choice,
    pub deciding: u64,
}

/// What is found in a case.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub people: Vec<Finding>,
    pub offices: Vec<Office1>,
}

/// Provisions that hold, and those that may (these among them).
#[derive(Clone, Copy, Default)]
struct Held {
    yes: u64,
    maybe: u64,
}

impl Held {
    fn put(&mut self, rule: u64, holds: Maybe) {
        match holds {
            Some(true) => {
                self.yes |= rule;
                self.maybe |= rule;
            }
            None => self.maybe |= rule,
            Some(false) => {}
        }
    }
}

/// What there is among the people of a case, and what concerns all of them.
#[derive(Clone, Copy)]
struct Around {
    excuses: Held,
    joint: Maybe,
    negligent: Maybe,
    inattentive: Maybe,
    right_draft: Maybe,
    right_audit: Maybe,
    overruling: Maybe,
    approved_blindly: Maybe,
    obeyed: Maybe,
    forms: [Maybe; 4],
    very_slight: Maybe,
}

/// Judges a case.
pub fn judge(case: &Case, out: &mut Found) {
    let mut around = Around {
        excuses: excuses(case),
        joint: all!(
            case.acted,
            case.manner.map(|m| matches!(m, Manner::Jointly | Manner::Concentrated)),
            two(&case.offices, |o| o.took_part),
        ),
        negligent: some(&case.people, negligent),
        inattentive: some(&case.people, inattentive),
        right_draft: some(&case.people, |p| right(p, role::HANDLER)),
        right_audit: some(&case.people, |p| right(p, role::AUDITOR)),
        overruling: Some(false),
        approved_blindly: some(&case.people, approved_blindly),
        obeyed: some(&case.people, |p| obeyed(case, p)),
        forms: forms(case),
        very_slight: all!(
            case.level.map(|l| l == Level::VerySlight),
            case.harm.map(|h| h == Harm::VerySlight),
        ),
    };
    around.overruling = some(&case.people, |p| overruling(p, around.right_draft));
    out.people.clear();
    out.people.extend((0..case.people.len()).map(|n| finding(case, &around, n)));
    out.offices.clear();
    out.offices.extend(case.offices.iter().map(|o| office(&around, o)));
}

/// 第二十二条
fn excuses(case: &Case) -> Held {
    let mut held = Held::default();
    held.put(rule::FORCE, all!(case.force, case.by_force));
    let justified = either!(case.defence, case.necessity, case.like_cause);
    held.put(rule::CAUSE, all!(justified, case.by_cause));
    held.put(rule::COUNTERPART, all!(case.counterpart, case.by_counterpart));
    held
}

/// 第二十四条第一款: which of its items fit the act.
fn forms(case: &Case) -> [Maybe; 4] {
    let gravity = |of: Gravity| case.gravity.map(|g| g == of);
    let slight = all!(gravity(Gravity::Slight), case.level.map(|l| l <= Level::Slight));
    let large = case.harm.map(|h| h >= Harm::Large);
    [
        all!(slight, not(large)),
        all!(slight, case.impact),
        all!(gravity(Gravity::Ordinary), case.level.map(|l| l == Level::Ordinary), large),
        all!(gravity(Gravity::Vile), case.level.map(|l| l >= Level::Serious), large),
    ]
}

fn plays(p: &Person, roles: u8) -> Maybe {
    p.roles.map(|r| r.any(roles))
}

fn right(p: &Person, role: u8) -> Maybe {
    all!(plays(p, role), p.opinion.map(|o| o == Opinion::Right))
}

fn negligent(p: &Person) -> Maybe {
    all!(
        plays(p, role::HANDLER),
        p.opinion.map(|o| o == Opinion::Wrong),
        p.cause.map(|c| c == Cause::Negligence),
    )
}

fn inattentive(p: &Person) -> Maybe {
    all!(
        plays(p, role::AUDITOR | role::APPROVER),
        either!(all!(p.should_notice, not(p.noticed)), all!(p.noticed, not(p.corrected))),
    )
}

fn overruling(p: &Person, right_draft: Maybe) -> Maybe {
    all!(plays(p, role::AUDITOR), right_draft, either!(not(p.adopted), p.changed_draft))
}

fn approved_blindly(p: &Person) -> Maybe {
    all!(plays(p, role::APPROVER), p.should_notice, not(p.noticed), p.as_audited)
}

fn obeyed(case: &Case, p: &Person) -> Maybe {
    all!(
        not(plays(p, role::SUPERIOR)),
        p.executed,
        p.by_order,
        p.objected,
        either!(not(case.withdrawn), case.insisted),
    )
}

/// 第十五条: which of its items hold.
fn reviewed(case: &Case, around: &Around, p: &Person, held: &mut Held) {
    let premise = all!(case.reviewable, case.acted);
    if premise == Some(false) {
        return;
    }
    let mut put = |rule: u64, holds: Maybe| held.put(rule, and(premise, || holds));
    let handler = plays(p, role::HANDLER);
    if handler != Some(false) {
        let unreviewed = either!(not(case.audited), not(case.approved));
        put(rule::UNAUTHORISED, all!(handler, p.own, unreviewed));
        let misled = either!(p.misled_audit, p.misled_approval);
        put(rule::FRAUD, all!(handler, either!(p.fraud, p.favour), misled));
        put(rule::DEVIATED, all!(handler, case.audited, case.approved, not(p.followed)));
    }
    let by_negligence =
        either!(all!(negligent(p), around.inattentive), all!(inattentive(p), around.negligent),);
    put(rule::NEGLIGENT, by_negligence);
    let overruled = either!(
        all!(overruling(p, around.right_draft), around.approved_blindly),
        all!(approved_blindly(p), around.overruling),
    );
    put(rule::OVERRULED, overruled);
    put(rule::UNSUBMITTED, all!(plays(p, role::AUDITOR), not(p.submitted), p.own, p.wrong));
    let changed = all!(
        plays(p, role::APPROVER),
        either!(
            all!(p.changed_draft, around.right_draft),
            all!(p.changed_audit, around.right_audit),
            all!(either!(not(case.drafted), not(case.audited)), p.own, p.wrong),
        ),
    );
    put(rule::CHANGED, changed);
}

/// 第十六条至第十八条
fn acted(case: &Case, around: &Around, p: &Person, held: &mut Held) {
    let collective = all!(case.collective, case.acted);
    let leads = plays(p, role::HEAD);
    held.put(rule::HEAD, all!(collective, leads));
    let below = plays(p, role::HANDLER | role::AUDITOR | role::APPROVER);
    held.put(rule::NOT_HEAD, all!(collective, below, not(leads)));
    held.put(rule::JOINT, all!(around.joint, plays(p, role::HEAD | role::CHIEF), p.concerned));
    let ordered = all!(case.acted, case.ordered);
    if ordered == Some(false) {
        return;
    }
    let superior = plays(p, role::SUPERIOR);
    held.put(rule::SUPERIOR, all!(ordered, around.obeyed, superior));
    held.put(rule::OBEYED, all!(ordered, obeyed(case, p), not(case.unlawful)));
    let unlawful = all!(ordered, not(superior), p.executed, p.by_order, case.unlawful);
    held.put(rule::UNLAWFUL, unlawful);
}

/// Of `rules`, those to which one of `held` has priority.
fn beaten(held: u64) -> u64 {
    let mut beaten = 0;
    if held & rule::EXCUSES != 0 {
        beaten |= rule::FOR;
    } else if held & rule::OBEYED != 0 {
        beaten |= rule::FOR & !rule::ORDERS;
    }
    if held & rule::NOT_HEAD != 0 {
        beaten |= rule::BELOW_HEAD;
    }
    if held & rule::ABOVE_HEAD != 0 {
        beaten |= rule::NOT_HEAD;
    }
    beaten
}

/// 责任 out of the provisions that hold or may: the same in all worlds, or which values there are.
fn liability(held: Held) -> (Choice, bool) {
    let may = held.maybe & !beaten(held.yes);
    let defeasible = beaten(held.maybe);
    let alone = |own: u64, others: u64| held.maybe & own != 0 && held.yes & others & !defeasible == 0;
    let clash = (may & rule::HEAD != 0 && may & rule::NOT_HEAD != 0)
        || (may & rule::ORDERS != 0 && may & rule::OBEYED != 0);
    let none = held.yes & rule::LIABILITY == 0;
    let first = alone(rule::FOR, rule::AGAINST);
    let against = alone(rule::AGAINST, rule::FOR);
    let second = against || none;
    if !clash && first != second {
        return (Choice::Decided(second), none && second);
    }
    (Choice::Pending { first, second, clash }, false)
}

fn finding(case: &Case, around: &Around, n: usize) -> Finding {
    let p = &case.people[n];
    let mut held = around.excuses;
    reviewed(case, around, p, &mut held);
    acted(case, around, p, &mut held);
    let fires = held.yes & !beaten(held.maybe);
    let (liability, by_default) = liability(held);
    let liable = match liability {
        Choice::Decided(second) => Some(!second),
        Choice::Silent | Choice::Pending { .. } => None,
    };
    let mut more = Held::default();
    if liable != Some(false) {
        if_liable(case, around, n, held, liable, &mut more);
    }
    for (form, holds) in (rule::FORMS..).zip(around.forms) {
        more.put(1 << form, and(liable, || holds));
        more.put(1 << (form + 4), all!(p.failed, holds));
    }
    more.put(rule::DISCIPLINE, p.discipline);
    more.put(rule::CRIME, p.crime);
    more.put(rule::MAY_OBJECT, all!(case.ordered, p.on_duty, p.thought_wrong));
    Finding {
        liability,
        by_default,
        share: share(more),
        circumstances: several(
            more,
            &[
                (rule::CONTINUED, 1, 0),
                (rule::REPEATED, 1, 0),
                (rule::DISTURBED, 1, 0),
                (rule::RETALIATED, 1, 0),
                (rule::LIGHTER, 0, 0b110),
            ],
        ),
        transfer: several(more, &[(rule::DISCIPLINE, 0, 0b011), (rule::CRIME, 0b100, 0)]),
        options: options(more.yes),
        possible_options: options(more.maybe),
        deciding: fires | more.yes,
    }
}

/// 第十五条 (责任比重), 第十九条至第二十一条, 第二十三条.
fn if_liable(case: &Case, around: &Around, n: usize, found: Held, liable: Maybe, held: &mut Held) {
    let p = &case.people[n];
    let mut put = |rule: u64, holds: Maybe| held.put(rule, and(liable, || holds));
    let holds = |rule: u64| match (found.yes & rule != 0, found.maybe & rule != 0) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    };
    let main = p.part.map(|part| part >= Part::Main);
    let by_part = all!(either!(holds(rule::NEGLIGENT), holds(rule::OVERRULED)), not(case.collective));
    put(rule::MAIN, all!(by_part, main));
    put(rule::SECONDARY, all!(by_part, not(main)));
    put(rule::CONTINUED, all!(case.continuing, p.knew, not(p.mended)));
    put(rule::REPEATED, repeated(case, p));
    put(rule::DISTURBED, either!(p.disturbed, p.obstructed, p.resisted));
    put(rule::RETALIATED, all!(p.retaliated, p.against.map(|a| a.any(0b1111))));
    let others = || {
        let mut found = Some(false);
        for other in case.people.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, q)| q) {
            found = or(found, || other.part.map(|part| part >= Part::Main));
        }
        found
    };
    put(rule::LIGHTER, all!(case.shared, not(main), others()));
    let salvaged = all!(p.discovered, p.salvaged);
    put(rule::PREVENTED, all!(salvaged, p.prevented));
    put(rule::MAY_LIGHTER, all!(salvaged, not(p.prevented)));
    put(rule::VERY_SLIGHT, around.very_slight);
}

fn repeated(case: &Case, p: &Person) -> Maybe {
    let day = case.day;
    let recent = two(&p.earlier, |e| Some(e.day?.within_year_before(day?)));
    or(recent, || {
        two(&p.earlier, |e| {
            all!(
                e.pursued,
                e.pursued_on.zip(day).map(|(on, day)| on.within_year_before(day)),
                e.nature.zip(case.nature).map(|(a, b)| a == b),
                same_kind(e.kind, case.kinds),
            )
        })
    })
}

fn same_kind(kind: Option<Kind>, kinds: Option<Set>) -> Maybe {
    match (kind, kinds) {
        (Some(kind), Some(kinds)) => Some(kinds.any(1 << kind as u8)),
        (None, Some(Set(0))) => Some(false),
        (_, _) => None,
    }
}

/// 责任比重
fn share(held: Held) -> Choice {
    let (main, minor) = (rule::MAIN, rule::SECONDARY);
    let possible = |rule: u64, other: u64| held.maybe & rule != 0 && held.yes & other == 0;
    let (first, second) = (possible(minor, main), possible(main, minor));
    let clash = held.maybe & main != 0 && held.maybe & minor != 0;
    let silent = held.yes & (main | minor) == 0;
    match (clash, silent, first, second) {
        (false, true, false, false) => Choice::Silent,
        (false, false, first, second) if first != second => Choice::Decided(second),
        (..) => Choice::Pending { first, second, clash },
    }
}

/// Members that provisions add, for certain or to choose from.
fn several(held: Held, rules: &[(u64, u8, u8)]) -> Several {
    let (mut sure, mut sure_all, mut maybe, mut maybe_all) = (0, 0, 0, 0);
    for (rule, all, choice) in rules {
        if held.yes & rule != 0 {
            sure |= all;
            sure_all |= all | choice;
        } else if held.maybe & rule != 0 {
            maybe |= all;
            maybe_all |= all | choice;
        }
    }
    let pending = maybe & !sure != 0 || maybe_all & !sure_all != 0;
    Several { pending, certain: sure, possible: sure_all | maybe_all }
}

fn options(held: u64) -> Options {
    const FORMS: [u8; 4] = [0b00_0011, 0b00_0100, 0b00_1000, 0b11_0000];
    let forms = held >> rule::FORMS;
    let given = FORMS.iter().enumerate().filter(|(n, _)| (forms | forms >> 4) >> n & 1 == 1);
    Options {
        lighter: held & rule::MAY_LIGHTER != 0,
        waived: held & (rule::PREVENTED | rule::VERY_SLIGHT) != 0,
        forms: Set(given.fold(0, |set, (_, form)| set | form)),
        object: held & rule::MAY_OBJECT != 0,
    }
}

fn office(around: &Around, office: &Office) -> Office1 {
    let shift = rule::OFFICE_FORCE.trailing_zeros() - rule::FORCE.trailing_zeros();
    let excuses = Held { yes: around.excuses.yes << shift, maybe: around.excuses.maybe << shift };
    let concerned = all!(around.joint, office.concerned);
    let first = concerned != Some(false) && excuses.yes == 0;
    // Were the office responsible for certain, an excuse that there may be would still prevail.
    let second = excuses.maybe != 0;
    let silent = concerned != Some(true) && excuses.yes == 0;
    let liability = match (silent, first, second) {
        (true, false, false) => Choice::Silent,
        (false, first, second) if first != second => Choice::Decided(second),
        (_, first, second) => Choice::Pending { first, second, clash: false },
    };
    let fires = if excuses.maybe == 0 && concerned == Some(true) { rule::OFFICE } else { 0 };
    Office1 { liability, deciding: excuses.yes | fires }
}
