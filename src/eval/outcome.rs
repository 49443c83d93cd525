//! Results as data: each conclusion of each row with its state, values, addresses and what it hangs on.
//!
//! Ids, not words: [`crate::report`] puts them into Chinese, JSON and Markdown.
use super::decide::{Standing, standing};
use super::exec::Evaluation;
use super::leaves::{Known, Leaf, Walk};
use super::store::{NoteKind, State, Store};
use crate::base::{Address, Truth, Val};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId, Exception, Mode, Rule, RuleId, Select};
use crate::ir::{DecisionKind, Entry, Gives, Place, Program};
use std::collections::BTreeSet;

/// The state of a conclusion as reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// 定论
    Decided,
    /// 待查
    Pending,
    /// 未规定
    Silent,
    /// 冲突
    Conflict,
    /// 不适用
    Inapplicable,
}

/// By what force a decided conclusion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// A provision obliges or forbids.
    Must,
    /// Only options stand.
    May,
    /// 默认.
    Default,
}

/// A set somebody must or may choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOf {
    /// Values of the enumeration.
    pub mask: u64,
    /// For options on numbers and dates.
    pub value: Val,
    /// How to choose: `OneOf`, `AnyOf`, or `All` (take it as a whole).
    pub select: Select,
    /// Provisions.
    pub basis: Vec<RuleId>,
    /// An option that only stands if what is 不明 turns out so.
    pub only_possible: bool,
    /// Then: facts it waits for.
    pub unknown: BTreeSet<Leaf>,
}

/// What defeated a provision.
#[derive(Clone, Debug, PartialEq)]
pub enum Defeater {
    /// A stronger provision.
    Rule(RuleId),
    /// A 但书 or an item of one.
    Exception(Address),
}

/// A provision whose condition held and which does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Defeat {
    /// Provision.
    pub rule: RuleId,
    /// By what.
    pub by: Vec<Defeater>,
}

/// One conclusion of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which conclusion.
    pub conclusion: ConclusionId,
    /// Entity.
    pub entity: EntityId,
    /// Row.
    pub row: u32,
    /// State.
    pub verdict: Verdict,
    /// Force of a decided conclusion.
    pub force: Option<Force>,
    /// Decided values of an enumeration, members of a 多选, status of a 义务 (bits).
    pub mask: u64,
    /// Decided value of other types; 届满日 of a 义务 whenever it is known.
    pub value: Val,
    /// Sets to choose from that are part of the decided result.
    pub choices: Vec<ChoiceOf>,
    /// Provisions that decided.
    pub basis: Vec<RuleId>,
    /// 待查: candidate values (bits) — for 冲突 the contradicting ones.
    pub candidates: u64,
    /// 待查, 冲突: candidate values of other types.
    pub candidate_values: Vec<Val>,
    /// 待查: it may come out 未规定.
    pub may_be_silent: bool,
    /// 待查: it may come out 冲突.
    pub may_conflict: bool,
    /// 待查: the law may not apply.
    pub may_be_inapplicable: bool,
    /// Provisions defeated.
    pub defeated: Vec<Defeat>,
    /// 可以.
    pub options: Vec<ChoiceOf>,
    /// 酌定 facts it rests on.
    pub judgements: BTreeSet<Leaf>,
    /// Assumed facts it rests on.
    pub assumed: BTreeSet<Leaf>,
    /// 不明 facts that could change it.
    pub unknown: BTreeSet<Leaf>,
    /// Why computed values are 不明.
    pub notes: Vec<NoteKind>,
}

/// All conclusions of a case, by entity, row and order of declaration, with what each hangs on.
#[must_use]
pub fn findings(program: &Program, case: &Case, run: &Evaluation) -> Vec<Finding> {
    let known = Known::default();
    known.fill(program, case, run);
    every(program, run, |conclusion, row| build(program, case, run, conclusion, row, Some(&known)))
}

/// All conclusions of a case with the provisions that decided, were defeated or leave options: the derivation. Whether
/// each condition of a provision held stands in `run`; `judgements`, `assumed`, `unknown` and `notes` are left empty.
#[must_use]
pub fn derivation(program: &Program, case: &Case, run: &Evaluation) -> Vec<Finding> {
    every(program, run, |conclusion, row| build(program, case, run, conclusion, row, None))
}

fn every(program: &Program, run: &Evaluation, make: impl Fn(ConclusionId, u32) -> Finding) -> Vec<Finding> {
    let mut out = Vec::new();
    for (index, entity) in program.hir.entities.iter().enumerate() {
        let id = EntityId(u32::try_from(index).unwrap_or(u32::MAX));
        for row in 0..run.rows(id) {
            out.extend(entity.conclusions.iter().map(|c| make(*c, row)));
        }
    }
    out
}

/// One conclusion of one row, with what it hangs on.
#[must_use]
pub fn finding(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    conclusion: ConclusionId,
    row: u32,
) -> Finding {
    build(program, case, run, conclusion, row, Some(&Known::default()))
}

/// One conclusion of one row with its derivation only: what it hangs on is left empty.
#[must_use]
pub fn derived(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    conclusion: ConclusionId,
    row: u32,
) -> Finding {
    build(program, case, run, conclusion, row, None)
}

fn build(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    conclusion: ConclusionId,
    row: u32,
    known: Option<&Known>,
) -> Finding {
    let entity = program.hir.conclusions.get(conclusion.index()).map_or(EntityId(0), |c| c.entity);
    let record = run.record(program, conclusion, row);
    let mut finding = Finding {
        conclusion,
        entity,
        row,
        verdict: match record.state {
            State::Decided => Verdict::Decided,
            State::Pending => Verdict::Pending,
            State::Silent => Verdict::Silent,
            State::Conflict => Verdict::Conflict,
        },
        force: None,
        mask: record.certain,
        value: record.value,
        choices: Vec::new(),
        basis: Vec::new(),
        candidates: 0,
        candidate_values: Vec::new(),
        may_be_silent: record.may_be_silent,
        may_conflict: record.may_conflict,
        may_be_inapplicable: false,
        defeated: Vec::new(),
        options: Vec::new(),
        judgements: BTreeSet::new(),
        assumed: BTreeSet::new(),
        unknown: BTreeSet::new(),
        notes: Vec::new(),
    };
    let scope = run.applicable();
    if matches!(scope, Some(Truth::False | Truth::Na)) {
        return inapplicable(program, case, run, finding, known);
    }
    let Some(decision) = program.decisions.get(conclusion.index()) else { return finding };
    let Some(store) = run.stores.get(entity.index()) else { return finding };
    let entries = decision.entries.of(&program.entries);
    let (mandatory, optional) = entries.split_at((decision.mandatory as usize).min(entries.len()));
    gather(program, run, store, &mut finding, mandatory, decision.kind);
    options(program, case, run, store, &mut finding, (optional, mandatory), known);
    if finding.verdict == Verdict::Decided {
        finding.force = Some(if record.by_default { Force::Default } else { Force::Must });
    }
    if finding.verdict == Verdict::Pending {
        finding.candidates |= record.possible;
    }
    if finding.verdict == Verdict::Silent && finding.options.iter().any(|o| !o.only_possible) {
        finding.verdict = Verdict::Decided;
        finding.force = Some(Force::May);
    }
    if decision.kind != DecisionKind::Multi && finding.mask.count_ones() > 1 {
        finding.choices.push(ChoiceOf {
            mask: finding.mask,
            value: Val::Unknown,
            select: Select::OneOf,
            basis: finding.basis.clone(),
            only_possible: false,
            unknown: BTreeSet::new(),
        });
        finding.mask = 0;
    }
    if let Some(known) = known {
        let support = Walk::new(program, case, run, known, false).conclusion(conclusion, row);
        finding.judgements.extend(&support.judgements);
        finding.assumed.extend(&support.assumed);
        if finding.verdict == Verdict::Pending {
            let open = Walk::new(program, case, run, known, true).conclusion(conclusion, row);
            finding.unknown.extend(&open.unknown);
            finding.notes.extend(&open.notes);
        }
    }
    if scope == Some(Truth::Unknown) && finding.verdict != Verdict::Silent {
        finding.candidates |= finding.mask;
        finding.verdict = Verdict::Pending;
        finding.force = None;
        finding.may_be_inapplicable = true;
        if let Some(known) = known {
            let conds = program.hir.scope.iter().map(|c| c.cond);
            finding.unknown.extend(Walk::new(program, case, run, known, true).expressions(conds).unknown);
        }
    }
    finding
}

fn inapplicable(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    mut finding: Finding,
    known: Option<&Known>,
) -> Finding {
    finding.verdict = Verdict::Inapplicable;
    finding.mask = 0;
    finding.value = Val::Na;
    finding.may_be_silent = false;
    finding.may_conflict = false;
    if let Some(known) = known {
        let conds = program.hir.scope.iter().map(|c| c.cond);
        let leaves = Walk::new(program, case, run, known, false).expressions(conds);
        finding.judgements = leaves.judgements;
        finding.assumed = leaves.assumed;
    }
    finding
}

fn gather(
    program: &Program,
    run: &Evaluation,
    store: &Store,
    finding: &mut Finding,
    mandatory: &[Entry],
    kind: DecisionKind,
) {
    let row = finding.row;
    for entry in mandatory {
        let Some(rule) = program.hir.rules.get(entry.rule.index()) else { continue };
        let guard = store.truth(row, entry.guard);
        match standing(program, store.row(row), entry) {
            Standing::Out => {
                if let Some(defeat) = excepted(program, run, rule, entry.rule, row) {
                    push_defeat(&mut finding.defeated, defeat);
                }
            }
            Standing::Defeated => {
                if guard.is_true() {
                    let by = stronger(program, store, row, entry);
                    push_defeat(&mut finding.defeated, Defeat { rule: entry.rule, by });
                }
            }
            Standing::MayFire => candidate(store, row, finding, entry),
            Standing::Fires => {
                let same = stronger(program, store, row, entry);
                if !same.is_empty() {
                    push_defeat(&mut finding.defeated, Defeat { rule: entry.rule, by: same });
                    continue;
                }
                if finding.verdict == Verdict::Conflict {
                    candidate(store, row, finding, entry);
                }
                if value_na(store, row, entry) {
                    continue;
                }
                push_unique(&mut finding.basis, entry.rule);
                if kind == DecisionKind::Multi
                    && let Gives::Mask(mask, select) = entry.gives
                    && select != Select::All
                    && entry.mode == Mode::Must
                {
                    finding.choices.push(ChoiceOf {
                        mask,
                        value: Val::Unknown,
                        select,
                        basis: vec![entry.rule],
                        only_possible: false,
                        unknown: BTreeSet::new(),
                    });
                }
            }
        }
    }
    merge_choices(&mut finding.choices);
    // Decided although only rules that merely may fire agree on it (the outcome is the same in every world).
    if finding.verdict == Verdict::Decided && finding.basis.is_empty() {
        for entry in mandatory {
            if standing(program, store.row(row), entry) == Standing::MayFire
                && store.truth(row, entry.guard).is_true()
            {
                push_unique(&mut finding.basis, entry.rule);
            }
        }
    }
}

fn value_na(store: &Store, row: u32, entry: &Entry) -> bool {
    match entry.gives {
        Gives::Mask(..) => false,
        Gives::Value(v) => store.value(row, v) == Val::Na,
        Gives::Duty { deadline, .. } => store.value(row, deadline) == Val::Na,
    }
}

fn candidate(store: &Store, row: u32, finding: &mut Finding, entry: &Entry) {
    match entry.gives {
        Gives::Mask(mask, _) if entry.mode == Mode::Must => {
            if finding.verdict == Verdict::Conflict {
                finding.candidates |= mask;
            }
        }
        Gives::Mask(..) => {}
        Gives::Value(v) | Gives::Duty { deadline: v, .. } => {
            let v = store.value(row, v);
            if v.is_known() && !finding.candidate_values.contains(&v) {
                finding.candidate_values.push(v);
            }
        }
    }
}

/// Entries above this one whose guards hold.
fn stronger(program: &Program, store: &Store, row: u32, entry: &Entry) -> Vec<Defeater> {
    let mut by = Vec::new();
    for list in [entry.above, entry.above_same] {
        for above in list.of(&program.above) {
            if let Some(higher) = program.entries.get(*above as usize)
                && store.truth(row, higher.guard).is_true()
                && !by.contains(&Defeater::Rule(higher.rule))
            {
                by.push(Defeater::Rule(higher.rule));
            }
        }
    }
    by
}

/// A rule whose condition holds and which a 但书 excepts.
fn excepted(program: &Program, run: &Evaluation, rule: &Rule, id: RuleId, row: u32) -> Option<Defeat> {
    if rule.exceptions.is_empty() || !truth_of(program, run, rule.guard, rule.entity, row).is_true() {
        return None;
    }
    let by: Vec<Defeater> = rule
        .exceptions
        .iter()
        .filter(|e| exception_holds(program, run, e, rule.entity, row).is_true())
        .map(|e| Defeater::Exception(e.address.clone()))
        .collect();
    (!by.is_empty()).then_some(Defeat { rule: id, by })
}

/// Whether an exception applies, its own exceptions considered. Depth is bounded by the parser's nesting limit.
#[must_use]
pub fn exception_holds(
    program: &Program,
    run: &Evaluation,
    e: &Exception,
    entity: EntityId,
    row: u32,
) -> Truth {
    let inner = e.inner.iter().fold(Truth::False, |t, i| t.or(exception_holds(program, run, i, entity, row)));
    let inner = if inner == Truth::Na { Truth::False } else { inner };
    truth_of(program, run, e.cond, entity, row).and(!inner)
}

/// Truth of an expression of `entity` (or computed in an ancestor) for a row of `entity`.
#[must_use]
pub fn truth_of(
    program: &Program,
    run: &Evaluation,
    expr: crate::hir::ExprId,
    entity: EntityId,
    row: u32,
) -> Truth {
    let own = crate::ir::home(&program.hir, expr);
    match program.hir.exprs.get(expr.index()).map(|e| &e.kind) {
        Some(crate::hir::ExprKind::Bool(b)) => return Truth::from(*b),
        Some(_) => {}
        None => return Truth::Unknown,
    }
    let Some((_, row)) = run.up(program, entity, row, own) else { return Truth::Unknown };
    match program.place(expr) {
        Place::Truth(t) => run.truth(own, row, t),
        Place::Value(_) | Place::None => Truth::Unknown,
    }
}

fn options(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    store: &Store,
    finding: &mut Finding,
    (optional, mandatory): (&[Entry], &[Entry]),
    known: Option<&Known>,
) {
    let row = finding.row;
    for entry in optional {
        let Some(rule) = program.hir.rules.get(entry.rule.index()) else { continue };
        let standing = standing(program, store.row(row), entry);
        let (mask, select, value) = match entry.gives {
            Gives::Mask(mask, select) => (mask, select, Val::Unknown),
            Gives::Value(v) => (0, Select::All, store.value(row, v)),
            Gives::Duty { deadline, .. } => (0, Select::All, store.value(row, deadline)),
        };
        match standing {
            Standing::Out => {
                if let Some(defeat) = excepted(program, run, rule, entry.rule, row) {
                    push_defeat(&mut finding.defeated, defeat);
                }
            }
            Standing::Defeated => {
                if store.truth(row, entry.guard).is_true() {
                    let by = stronger(program, store, row, entry);
                    push_defeat(&mut finding.defeated, Defeat { rule: entry.rule, by });
                }
            }
            Standing::MayFire | Standing::Fires => {
                let by = forbidders(program, store, row, mandatory, mask, Standing::Fires);
                let allowed = mask & !by.iter().fold(0, |m, (_, f)| m | f);
                if mask != 0 && allowed == 0 {
                    let by = by.into_iter().map(|(r, _)| Defeater::Rule(r)).collect();
                    push_defeat(&mut finding.defeated, Defeat { rule: entry.rule, by });
                    continue;
                }
                // What waits: its own condition and value, and prohibitions that may yet come in.
                let doubts = forbidders(program, store, row, mandatory, allowed, Standing::MayFire);
                let only_possible = standing == Standing::MayFire || !doubts.is_empty();
                let mut unknown = BTreeSet::new();
                if let Some(known) = known {
                    let open = standing == Standing::MayFire;
                    let leaves =
                        Walk::new(program, case, run, known, open).option(entry, finding.entity, row);
                    finding.judgements.extend(&leaves.judgements);
                    finding.assumed.extend(&leaves.assumed);
                    if open {
                        unknown = leaves.unknown;
                    }
                    for (rule, _) in doubts {
                        let walk = Walk::new(program, case, run, known, true);
                        unknown.extend(walk.guard(rule, finding.entity, row).unknown);
                    }
                }
                add_option(
                    &mut finding.options,
                    ChoiceOf {
                        mask: allowed,
                        value,
                        select,
                        basis: vec![entry.rule],
                        only_possible,
                        unknown,
                    },
                );
            }
        }
    }
}

/// Prohibitions of that standing that touch `mask`, with what they forbid.
fn forbidders(
    program: &Program,
    store: &Store,
    row: u32,
    mandatory: &[Entry],
    mask: u64,
    wanted: Standing,
) -> Vec<(RuleId, u64)> {
    let mut out = Vec::new();
    for entry in mandatory.iter().filter(|e| e.mode == Mode::MustNot) {
        if let Gives::Mask(forbidden, _) = entry.gives
            && forbidden & mask != 0
            && standing(program, store.row(row), entry) == wanted
        {
            out.push((entry.rule, forbidden));
        }
    }
    out
}

fn add_option(options: &mut Vec<ChoiceOf>, option: ChoiceOf) {
    let same = options.iter_mut().find(|o| {
        o.mask == option.mask
            && o.value == option.value
            && o.select == option.select
            && o.only_possible == option.only_possible
    });
    match same {
        Some(o) => {
            o.basis.extend(option.basis);
            o.unknown.extend(option.unknown);
        }
        None => options.push(option),
    }
}

fn merge_choices(choices: &mut Vec<ChoiceOf>) {
    let mut merged: Vec<ChoiceOf> = Vec::with_capacity(choices.len());
    for choice in choices.drain(..) {
        add_option(&mut merged, choice);
    }
    *choices = merged;
}

fn push_unique(list: &mut Vec<RuleId>, rule: RuleId) {
    if !list.contains(&rule) {
        list.push(rule);
    }
}

fn push_defeat(list: &mut Vec<Defeat>, defeat: Defeat) {
    if !list.iter().any(|d| d.rule == defeat.rule) {
        list.push(defeat);
    }
}

impl Evaluation {
    /// The row of `to` — `from` itself or an ancestor — that a row of `from` belongs to.
    #[must_use]
    pub fn up(&self, program: &Program, from: EntityId, row: u32, to: EntityId) -> Option<(EntityId, u32)> {
        let (mut at, mut row) = (from, row);
        while at != to {
            row = *self.parents.get(at.index())?.get(row as usize)?;
            at = program.hir.entities.get(at.index())?.parent?.0;
        }
        Some((at, row))
    }
}
