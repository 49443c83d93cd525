//! The chapter by hand, all facts known.
use super::facts::{Cause, Day, Gravity, Harm, Kind, Level, Manner, Name, Nature, Opinion, Part, Set, facts};
use super::{role, rule};

/// A fact.
type Is<T> = T;

fn is<T>(fact: Option<T>) -> T {
    fact.expect("known")
}

facts!();

/// Share of the responsibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    Secondary,
    Main,
}

/// What is found of a person.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "compared as the provisions that give them")]
#[expect(clippy::struct_excessive_bools, reason = "independent findings")]
pub struct Finding {
    /// 责任
    pub liable: bool,
    /// 责任比重
    pub share: Option<Share>,
    /// 情节: 从重, and the choice of 从轻 and 减轻.
    pub heavier: bool,
    pub lighter: bool,
    /// It may be 从轻 or 减轻.
    pub may_be_lighter: bool,
    /// It may be 不予追究.
    pub may_be_waived: bool,
    /// 处理形式 that there may be, of six.
    pub forms: Set,
    /// 移送处理: to one of two authorities, to a court.
    pub discipline: bool,
    pub court: bool,
    /// 提出改正撤销意见
    pub may_object: bool,
    /// Provisions that decided.
    pub deciding: u64,
}

/// What is found of an office: 责任, if anything is.
#[derive(Clone, Copy, Debug)]
pub struct Office1 {
    pub liable: Option<bool>,
    pub deciding: u64,
}

/// What is found in a case.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub people: Vec<Finding>,
    pub offices: Vec<Office1>,
}

/// What there is among the people of a case, and what concerns all of them.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings")]
struct Around {
    excuses: u64,
    joint: bool,
    negligent: bool,
    inattentive: bool,
    right_draft: bool,
    right_audit: bool,
    overruling: bool,
    approved_blindly: bool,
    obeyed: bool,
    leading: usize,
    forms: u64,
}

/// Judges a case.
pub fn judge(case: &Case, out: &mut Found) {
    let mut around = Around {
        excuses: excuses(case),
        joint: case.acted
            && matches!(case.manner, Manner::Jointly | Manner::Concentrated)
            && case.offices.iter().filter(|o| o.took_part).count() >= 2,
        negligent: case.people.iter().any(negligent),
        inattentive: case.people.iter().any(inattentive),
        right_draft: case.people.iter().any(|p| p.roles.any(role::HANDLER) && p.opinion == Opinion::Right),
        right_audit: case.people.iter().any(|p| p.roles.any(role::AUDITOR) && p.opinion == Opinion::Right),
        overruling: false,
        approved_blindly: case.people.iter().any(approved_blindly),
        obeyed: case.people.iter().any(|p| obeyed(case, p)),
        leading: case.people.iter().filter(|p| p.part >= Part::Main).count(),
        forms: forms(case),
    };
    around.overruling = around.right_draft && case.people.iter().any(overruling);
    out.people.clear();
    out.people.extend(case.people.iter().map(|person| finding(case, &around, person)));
    out.offices.clear();
    out.offices.extend(case.offices.iter().map(|office| {
        let excuses = around.excuses << (rule::OFFICE_FORCE.trailing_zeros() - rule::FORCE.trailing_zeros());
        if excuses != 0 {
            Office1 { liable: Some(false), deciding: excuses }
        } else if around.joint && office.concerned {
            Office1 { liable: Some(true), deciding: rule::OFFICE }
        } else {
            Office1 { liable: None, deciding: 0 }
        }
    }));
}

fn bit(rule: u64, holds: bool) -> u64 {
    if holds { rule } else { 0 }
}

/// 第二十二条
fn excuses(case: &Case) -> u64 {
    bit(rule::FORCE, case.force && case.by_force)
        | bit(rule::CAUSE, (case.defence || case.necessity || case.like_cause) && case.by_cause)
        | bit(rule::COUNTERPART, case.counterpart && case.by_counterpart)
}

/// 第二十四条第一款: which of its items fit the act.
fn forms(case: &Case) -> u64 {
    let slight = case.gravity == Gravity::Slight && case.level <= Level::Slight;
    let large = case.harm >= Harm::Large;
    bit(1, slight && case.harm <= Harm::Small)
        | bit(2, slight && case.impact)
        | bit(4, case.gravity == Gravity::Ordinary && case.level == Level::Ordinary && large)
        | bit(8, case.gravity == Gravity::Vile && case.level >= Level::Serious && large)
}

fn negligent(p: &Person) -> bool {
    p.roles.any(role::HANDLER) && p.opinion == Opinion::Wrong && p.cause == Cause::Negligence
}

fn inattentive(p: &Person) -> bool {
    p.roles.any(role::AUDITOR | role::APPROVER)
        && ((p.should_notice && !p.noticed) || (p.noticed && !p.corrected))
}

fn overruling(p: &Person) -> bool {
    p.roles.any(role::AUDITOR) && (!p.adopted || p.changed_draft)
}

fn approved_blindly(p: &Person) -> bool {
    p.roles.any(role::APPROVER) && p.should_notice && !p.noticed && p.as_audited
}

fn obeyed(case: &Case, p: &Person) -> bool {
    !p.roles.any(role::SUPERIOR)
        && p.executed
        && p.by_order
        && p.objected
        && (!case.withdrawn || case.insisted)
}

/// 第十五条: which of its items hold.
fn reviewed(case: &Case, around: &Around, p: &Person) -> u64 {
    let mut held = 0;
    if p.roles.any(role::HANDLER) {
        held |= bit(rule::UNAUTHORISED, p.own && !(case.audited && case.approved));
        held |= bit(rule::FRAUD, (p.fraud || p.favour) && (p.misled_audit || p.misled_approval));
        held |= bit(rule::DEVIATED, case.audited && case.approved && !p.followed);
    }
    let by_negligence = (negligent(p) && around.inattentive) || (inattentive(p) && around.negligent);
    held |= bit(rule::NEGLIGENT, by_negligence);
    let overruled = (around.right_draft && overruling(p) && around.approved_blindly)
        || (approved_blindly(p) && around.overruling);
    held |= bit(rule::OVERRULED, overruled);
    held |= bit(rule::UNSUBMITTED, p.roles.any(role::AUDITOR) && !p.submitted && p.own && p.wrong);
    if p.roles.any(role::APPROVER) {
        let changed = (p.changed_draft && around.right_draft) || (p.changed_audit && around.right_audit);
        let direct = (!case.drafted || !case.audited) && p.own && p.wrong;
        held |= bit(rule::CHANGED, changed || direct);
    }
    held
}

/// 第十六条至第十八条
fn acted(case: &Case, around: &Around, p: &Person) -> u64 {
    let mut held = 0;
    if case.collective {
        if p.roles.any(role::HEAD) {
            held |= rule::HEAD;
        } else if p.roles.any(role::HANDLER | role::AUDITOR | role::APPROVER) {
            held |= rule::NOT_HEAD;
        }
    }
    if around.joint && p.roles.any(role::HEAD | role::CHIEF) && p.concerned {
        held |= rule::JOINT;
    }
    if case.ordered {
        if p.roles.any(role::SUPERIOR) {
            held |= bit(rule::SUPERIOR, around.obeyed);
        } else {
            held |= bit(rule::OBEYED, obeyed(case, p) && !case.unlawful);
            held |= bit(rule::UNLAWFUL, p.executed && p.by_order && case.unlawful);
        }
    }
    held
}

/// Of the provisions that hold, those to which no other has priority.
fn unbeaten(held: u64) -> u64 {
    let mut fires = held;
    if held & rule::EXCUSES != 0 {
        fires &= !rule::FOR;
    } else if held & rule::OBEYED != 0 {
        fires &= !(rule::FOR & !rule::ORDERS);
    }
    if held & rule::NOT_HEAD != 0 {
        fires &= !rule::BELOW_HEAD;
    }
    if held & rule::ABOVE_HEAD != 0 {
        fires &= !rule::NOT_HEAD;
    }
    fires
}

fn finding(case: &Case, around: &Around, p: &Person) -> Finding {
    let mut held = around.excuses;
    if case.acted {
        if case.reviewable {
            held |= reviewed(case, around, p);
        }
        held |= acted(case, around, p);
    }
    let mut deciding = unbeaten(held);
    let liable = deciding & rule::FOR != 0;
    let mut share = None;
    let failed = bit(around.forms << 4, p.failed);
    let mut forms = failed;
    if liable {
        if held & (rule::NEGLIGENT | rule::OVERRULED) != 0 && !case.collective {
            let main = p.part >= Part::Main;
            share = Some(if main { Share::Main } else { Share::Secondary });
            deciding |= if main { rule::MAIN } else { rule::SECONDARY };
        }
        deciding |= circumstances(case, around, p);
        forms |= around.forms;
    }
    deciding |= forms << rule::FORMS;
    deciding |= bit(rule::DISCIPLINE, p.discipline) | bit(rule::CRIME, p.crime);
    deciding |= bit(rule::MAY_OBJECT, case.ordered && p.on_duty && p.thought_wrong);
    let any = |rules: u64| deciding & rules != 0;
    Finding {
        liable,
        share,
        heavier: any(rule::CONTINUED | rule::REPEATED | rule::DISTURBED | rule::RETALIATED),
        lighter: any(rule::LIGHTER),
        may_be_lighter: any(rule::MAY_LIGHTER),
        may_be_waived: any(rule::PREVENTED | rule::VERY_SLIGHT),
        forms: form_set(forms | forms >> 4),
        discipline: p.discipline,
        court: p.crime,
        may_object: any(rule::MAY_OBJECT),
        deciding,
    }
}

/// 第十九条至第二十一条, 第二十三条
fn circumstances(case: &Case, around: &Around, p: &Person) -> u64 {
    let mut held = bit(rule::CONTINUED, case.continuing && p.knew && !p.mended);
    held |= bit(rule::REPEATED, repeated(case, p));
    held |= bit(rule::DISTURBED, p.disturbed || p.obstructed || p.resisted);
    held |= bit(rule::RETALIATED, p.retaliated && p.against.any(0b1111));
    // One who plays a minor part is not among the leading ones.
    held |= bit(rule::LIGHTER, case.shared && p.part < Part::Main && around.leading > 0);
    if p.discovered && p.salvaged {
        held |= if p.prevented { rule::PREVENTED } else { rule::MAY_LIGHTER };
    }
    held | bit(rule::VERY_SLIGHT, case.level == Level::VerySlight && case.harm == Harm::VerySlight)
}

fn repeated(case: &Case, p: &Person) -> bool {
    let recent = p.earlier.iter().filter(|e| e.day.within_year_before(case.day));
    let alike = p.earlier.iter().filter(|e| {
        e.pursued
            && e.pursued_on.within_year_before(case.day)
            && e.nature == case.nature
            && case.kinds.any(1 << e.kind as u8)
    });
    recent.count() >= 2 || alike.count() >= 2
}

/// 处理形式 of the items of 第二十四条第一款.
fn form_set(items: u64) -> Set {
    const FORMS: [u8; 4] = [0b00_0011, 0b00_0100, 0b00_1000, 0b11_0000];
    let given = FORMS.iter().enumerate().filter(|(n, _)| items >> n & 1 == 1);
    Set(given.fold(0, |set, (_, form)| set | form))
}
