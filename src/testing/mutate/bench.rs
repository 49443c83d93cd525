//! Mutants on trial: each is run on the cases until one of them notices.
//!
//! The runs of the original are kept. A mutant is a patch of its program: on each case only the operations the patch
//! bears on are executed again, on top of the original's registers, and put back afterwards. Where something that an
//! expectation of the case could see has changed, the findings are compared as `testing::differences` does. Mutants
//! that are no patch are lowered and run in full.
use super::Mutant;
use super::edit::{self, Done};
use crate::base::Address;
use crate::base::calendar::WorkCalendar;
use crate::eval::{Delta, Env, Evaluation, Finding, Positions, derived, finding};
use crate::facts::{CaseFile, Expectation};
use crate::hir::{ConclusionId, Exception, ExprId, Hir, Rule};
use crate::ir::{Cell, Decision, Entry, Gives, Patch, Place, Program, T, Touched, Workbench, home, lower};
use crate::testing::differences;

/// How a mutant fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A case expects something else: its index.
    Killed(usize),
    /// No case noticed.
    Survived,
    /// Something would depend on itself: there is no such law.
    Circular,
}

/// A mutant tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// How it fared.
    pub outcome: Outcome,
    /// On how many cases something of it was executed.
    pub evaluations: u64,
}

/// What an expectation looks at.
#[derive(Clone, Debug)]
struct Wanted {
    conclusion: ConclusionId,
    rows: Vec<u32>,
    /// What results hang on is asked for too.
    leaves: bool,
}

/// A case that gets what it expects from the original.
struct Prepared {
    case: usize,
    run: Evaluation,
    wanted: Vec<Wanted>,
    /// Operations whose results the expectations could see.
    watch: Positions,
    /// Operations whose meaning they could see.
    meaning: Positions,
    addresses: Vec<Address>,
}

/// Which cases come first for mutants of a provision.
#[derive(Default)]
struct Order {
    known: bool,
    address: Option<Address>,
    /// Into `prepared`.
    prepared: Vec<usize>,
}

/// A contribution that a patch changes: its guard, and whether a 但书 may be cited where it does not hold.
type Changed = (ConclusionId, Option<(T, bool)>);

/// The law and its cases, ready for mutants.
pub struct Bench<'a> {
    pub(super) cases: &'a [CaseFile],
    pub(super) env: Env<'a>,
    pub(super) workbench: Workbench,
    /// A second one without the mutant, once somebody asks for it.
    pub(super) original: Option<Workbench>,
    delta: Delta,
    prepared: Vec<Prepared>,
    failing: Vec<usize>,
    order: Order,
}

impl<'a> Bench<'a> {
    /// Runs the original on all cases.
    #[must_use]
    pub fn new(hir: &Hir, calendar: &'a WorkCalendar, cases: &'a [CaseFile]) -> Self {
        let workbench = Workbench::new(hir.clone());
        let env = Env { calendar, date: None };
        let mut prepared = Vec::new();
        let mut failing = Vec::new();
        for (index, case) in cases.iter().enumerate().filter(|(_, c)| !c.expectations.is_empty()) {
            let program = workbench.program();
            let mut run = Evaluation::new();
            run.run(program, &case.case, &env);
            let wanted = wanted(&case.expectations);
            if differs(program, case, &run, &wanted) {
                failing.push(index);
                continue;
            }
            let (watch, meaning) = watched(&workbench, &wanted);
            let addresses = addresses(&case.expectations);
            prepared.push(Prepared { case: index, run, wanted, watch, meaning, addresses });
        }
        let delta = Delta::default();
        Self { cases, env, workbench, original: None, delta, prepared, failing, order: Order::default() }
    }

    /// Cases that do not get what they expect from the original: they can tell nothing.
    #[must_use]
    pub fn failing(&self) -> &[usize] {
        &self.failing
    }

    /// How many cases can kill.
    #[must_use]
    pub fn usable(&self) -> usize {
        self.prepared.len()
    }

    /// The program without mutants.
    #[must_use]
    pub fn program(&self) -> &Program {
        self.workbench.program()
    }

    /// Tries one mutant.
    pub fn try_mutant(&mut self, mutant: &Mutant) -> Trial {
        self.arrange(mutant.address.as_ref());
        let Done { touched, circular, undo } = edit::apply(self.workbench.hir_mut(), mutant);
        let trial = if circular {
            Trial { outcome: Outcome::Circular, evaluations: 0 }
        } else {
            let old: Vec<Decision> = self.workbench.program().decisions.clone();
            match touched.as_ref().and_then(|t| self.workbench.patch(t)) {
                Some(patch) => {
                    let meant = touched.iter().flatten().any(|t| matches!(t, Touched::Guard(_)));
                    let changed = changed_entries(self.workbench.program(), &patch, &old);
                    self.patched(&patch, &changed, meant)
                }
                None => self.lowered(),
            }
        };
        edit::revert(self.workbench.hir_mut(), undo);
        self.workbench.revert();
        trial
    }

    /// The same, every case run in full by a program lowered anew: what the fast way must agree with.
    pub fn try_slowly(&mut self, mutant: &Mutant) -> Trial {
        self.arrange(mutant.address.as_ref());
        let Done { circular, undo, .. } = edit::apply(self.workbench.hir_mut(), mutant);
        let trial =
            if circular { Trial { outcome: Outcome::Circular, evaluations: 0 } } else { self.lowered() };
        edit::revert(self.workbench.hir_mut(), undo);
        self.workbench.revert();
        trial
    }

    /// Cases that cite the provision come first.
    fn arrange(&mut self, address: Option<&Address>) {
        if self.order.known && self.order.address.as_ref() == address {
            return;
        }
        let rank = |prepared: &Prepared| {
            let Some(address) = address else { return 0 };
            let near = |a: &Address| a.covers(address) || address.covers(a);
            if prepared.addresses.iter().any(near) {
                0
            } else {
                1 + usize::from(!prepared.addresses.iter().any(|a| a.article() == address.article()))
            }
        };
        let mut order: Vec<usize> = (0..self.prepared.len()).collect();
        order.sort_by_cached_key(|i| self.prepared.get(*i).map(rank));
        self.order = Order { known: true, address: address.cloned(), prepared: order };
    }

    /// Indices of all cases, those that cite the provision tried last first.
    pub(super) fn cases_in_order(&self) -> Vec<usize> {
        let citing = self.order.prepared.iter().filter_map(|i| self.prepared.get(*i)).map(|p| p.case);
        let mut out: Vec<usize> = citing.collect();
        let others = (0..self.cases.len()).filter(|i| !out.contains(i));
        let others: Vec<usize> = others.collect();
        out.extend(others);
        out
    }

    fn patched(&mut self, patch: &Patch, changed: &[Changed], meant: bool) -> Trial {
        let program = self.workbench.program();
        let flow = self.workbench.flow();
        let seeds: Positions = patch.steps.iter().map(|(at, _)| *at).collect();
        let mut evaluations = 0;
        for index in &self.order.prepared {
            let Some(prepared) = self.prepared.get_mut(*index) else { continue };
            let Some(case) = self.cases.get(prepared.case) else { continue };
            let run = &mut prepared.run;
            let executed = self.delta.advance(program, flow, patch, &case.case, &self.env, run);
            if executed == 0 {
                continue;
            }
            evaluations += 1;
            let may_differ = self.delta.changed.meets(&prepared.watch)
                || seeds.meets(&prepared.meaning)
                || (meant && seeds.meets(&prepared.watch))
                || concerns(program, run, &prepared.wanted, changed);
            let killed = may_differ && differs(program, case, run, &prepared.wanted);
            self.delta.undo(program, run, 0);
            if killed {
                return Trial { outcome: Outcome::Killed(prepared.case), evaluations };
            }
        }
        Trial { outcome: Outcome::Survived, evaluations }
    }

    /// Lowers the edited program and runs every case.
    fn lowered(&mut self) -> Trial {
        let hir = std::mem::take(self.workbench.hir_mut());
        let program = lower(hir);
        let mut run = Evaluation::new();
        let mut evaluations = 0;
        let mut outcome = Outcome::Survived;
        for index in &self.order.prepared {
            let Some(prepared) = self.prepared.get(*index) else { continue };
            let Some(case) = self.cases.get(prepared.case) else { continue };
            run.run(&program, &case.case, &self.env);
            evaluations += 1;
            if differs(&program, case, &run, &prepared.wanted) {
                outcome = Outcome::Killed(prepared.case);
                break;
            }
        }
        *self.workbench.hir_mut() = program.hir;
        Trial { outcome, evaluations }
    }
}

/// Whether a case no longer gets what it expects.
fn differs(program: &Program, case: &CaseFile, run: &Evaluation, wanted: &[Wanted]) -> bool {
    let mut findings: Vec<Finding> = Vec::new();
    for want in wanted {
        for row in &want.rows {
            let find = if want.leaves { finding } else { derived };
            findings.push(find(program, &case.case, run, want.conclusion, *row));
        }
    }
    !differences(&program.hir, case, &findings).is_empty()
}

fn wanted(expectations: &[Expectation]) -> Vec<Wanted> {
    let mut out: Vec<Wanted> = Vec::new();
    for e in expectations {
        let leaves = e.unknown.is_some() || e.assumed.is_some() || e.judgements.is_some();
        match out.iter_mut().find(|w| w.conclusion == e.conclusion) {
            Some(want) => {
                want.leaves |= leaves;
                let new = e.rows.iter().filter(|r| !want.rows.contains(r)).copied();
                let new: Vec<u32> = new.collect();
                want.rows.extend(new);
            }
            None => out.push(Wanted { conclusion: e.conclusion, rows: e.rows.clone(), leaves }),
        }
    }
    out
}

fn addresses(expectations: &[Expectation]) -> Vec<Address> {
    let mut out: Vec<Address> = Vec::new();
    for e in expectations {
        for list in [&e.basis, &e.option_basis, &e.defeated].into_iter().flatten() {
            out.extend(list.value.iter().map(|a| a.value.clone()));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Operations whose results, and those whose meaning, the expectations could see.
fn watched(workbench: &Workbench, wanted: &[Wanted]) -> (Positions, Positions) {
    let (program, flow) = (workbench.program(), workbench.flow());
    let (mut watch, mut meaning) = (Positions::default(), Positions::default());
    for want in wanted {
        let mut seen: Vec<u32> = Vec::new();
        let Some(entity) = program.hir.conclusions.get(want.conclusion.index()).map(|c| c.entity) else {
            continue;
        };
        let mut cell = |entity, cell| seen.extend(flow.writer(entity, cell));
        cell(entity, Cell::Record(want.conclusion));
        if let Some(t) = program.applicable {
            cell(crate::hir::EntityId(0), Cell::Truth(t));
        }
        let decision = program.decisions.get(want.conclusion.index());
        for entry in decision.map_or(&[][..], |d| d.entries.of(&program.entries)) {
            cell(entity, Cell::Truth(entry.guard));
            match entry.gives {
                Gives::Mask(..) => {}
                Gives::Value(v) => cell(entity, Cell::Value(v)),
                Gives::Duty { deadline, performed } => {
                    cell(entity, Cell::Value(deadline));
                    cell(entity, Cell::Value(performed));
                }
            }
            for expr in program.hir.rules.get(entry.rule.index()).map(conditions_of).unwrap_or_default() {
                if let Place::Truth(t) = program.place(expr) {
                    cell(home(&program.hir, expr), Cell::Truth(t));
                }
            }
        }
        if want.leaves {
            seen = flow.upstream(program, &seen).0;
            meaning.join(&seen.iter().copied().collect());
        }
        watch.join(&seen.into_iter().collect());
    }
    (watch, meaning)
}

/// What is read of a rule besides its whole guard.
fn conditions_of(rule: &Rule) -> Vec<ExprId> {
    let mut out = vec![rule.guard];
    let mut stack: Vec<&Exception> = rule.exceptions.iter().collect();
    while let Some(exception) = stack.pop() {
        out.push(exception.cond);
        stack.extend(&exception.inner);
    }
    out
}

/// The contributions a patch changes; `old`: the decisions without it.
fn changed_entries(program: &Program, patch: &Patch, old: &[Decision]) -> Vec<Changed> {
    let mut out = Vec::new();
    for id in &patch.decisions {
        let (Some(was), Some(now)) = (old.get(id.index()), program.decisions.get(id.index())) else {
            continue;
        };
        if was.default != now.default {
            out.push((*id, None));
        }
        let (was, now) = (was.entries.of(&program.entries), now.entries.of(&program.entries));
        let lacking = |list: &[Entry], e: &Entry| !list.iter().any(|other| same(program, e, other));
        let gone = was.iter().filter(|e| lacking(now, e));
        for entry in gone.chain(now.iter().filter(|e| lacking(was, e))) {
            let excepts = program.hir.rules.get(entry.rule.index()).is_some_and(|r| !r.exceptions.is_empty());
            out.push((*id, Some((entry.guard, excepts))));
        }
    }
    out
}

/// Whether two entries contribute the same and stand alike.
fn same(program: &Program, a: &Entry, b: &Entry) -> bool {
    let rules = |list: crate::ir::Slice| -> Vec<crate::hir::RuleId> {
        let above = list.of(&program.above).iter();
        let mut out: Vec<_> =
            above.filter_map(|n| program.entries.get(*n as usize)).map(|e| e.rule).collect();
        out.sort_unstable();
        out
    };
    a.rule == b.rule
        && a.guard == b.guard
        && a.mode == b.mode
        && a.gives == b.gives
        && rules(a.above) == rules(b.above)
        && rules(a.above_same) == rules(b.above_same)
}

/// Whether a changed contribution may count for a conclusion that is expected.
fn concerns(program: &Program, run: &Evaluation, wanted: &[Wanted], changed: &[Changed]) -> bool {
    changed.iter().any(|(conclusion, entry)| {
        wanted.iter().filter(|w| w.conclusion == *conclusion).any(|want| {
            let entity = program.hir.conclusions.get(conclusion.index()).map(|c| c.entity);
            match (entry, entity) {
                (Some((guard, false)), Some(entity)) => {
                    want.rows.iter().any(|row| run.truth(entity, *row, *guard).is_possible())
                }
                (Some((_, true)) | None, _) | (_, None) => true,
            }
        })
    })
}
