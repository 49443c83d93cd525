//! Reasons as trees: why a provision's condition holds, fails or is open, down to the facts.
//!
//! Built after the run from its registers, so a run nobody asks about pays nothing.
use super::decide::{Standing, standing};
use super::exec::Evaluation;
use super::outcome::{Defeater, exception_holds, truth_of};
use crate::base::{Address, Span, Truth, Val};
use crate::facts::{Case, Children};
use crate::hir::{
    ConclusionId, DefinitionId, EntityId, Exception, ExprId, ExprKind, FactId, Mode, Quantifier, RuleId, Slot,
};
use crate::ir::{Gives, Place, Program, home, member};
use std::cell::Cell;

/// How many members of a list a reason spells out before it only counts the rest.
pub const MEMBERS_SHOWN: usize = 20;
/// How many nodes deep a reason goes: readers of JSON commonly stop at 128 levels, and a node takes two.
pub const REASON_DEPTH: u32 = 48;
/// How many nodes one reason has at most: definitions that use one another twice would double at every step.
pub const REASON_NODES: u32 = 4096;

/// A node of a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What it is.
    pub what: What,
    /// Its truth, for conditions.
    pub truth: Option<Truth>,
    /// Its value, for everything else.
    pub value: Option<Val>,
    /// Where the policy says so.
    pub span: Span,
    /// Entity it is seen from.
    pub entity: EntityId,
    /// Row of that entity.
    pub row: u32,
    /// What it follows from.
    pub children: Vec<Reason>,
}

/// Kinds of nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// 且
    All,
    /// 或者
    Any,
    /// 未
    Not,
    /// A fact of the case.
    Fact(FactId),
    /// A conclusion read in a condition; ask for its own reason separately.
    Conclusion(ConclusionId),
    /// A defined term and what it means.
    Definition(DefinitionId),
    /// 有 / 无 / 全部 over a list.
    Quantified(FactId, Quantifier),
    /// A count, sum or extreme over a list.
    Aggregate(FactId),
    /// One member of a list.
    Member,
    /// Members not spelled out: how many.
    More(usize),
    /// The condition of another provision.
    Provision(RuleId),
    /// A 但书.
    Exception(Address),
    /// A comparison or computation: the text at `span`, over its operands.
    Test,
    /// A constant.
    Constant,
}

/// One provision's part in a conclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Rule.
    pub rule: RuleId,
    /// Mode of its consequence.
    pub mode: Mode,
    /// Whether and how it counts.
    pub standing: Standing,
    /// What stands in its way: stronger provisions that apply, or that may.
    pub by: Vec<Defeater>,
    /// Condition.
    pub reason: Reason,
    /// Exceptions.
    pub exceptions: Vec<Reason>,
}

/// Builds reasons for one run.
pub struct Reasons<'a> {
    program: &'a Program,
    case: &'a Case,
    run: &'a Evaluation,
    budget: Cell<u32>,
}

impl<'a> Reasons<'a> {
    /// For one run.
    #[must_use]
    pub fn new(program: &'a Program, case: &'a Case, run: &'a Evaluation) -> Self {
        Self { program, case, run, budget: Cell::new(REASON_NODES) }
    }

    /// Every provision that speaks on a conclusion, in order of text, with its part in the result.
    #[must_use]
    pub fn parts(&self, conclusion: ConclusionId, row: u32) -> Vec<Part> {
        let Some(decision) = self.program.decisions.get(conclusion.index()) else { return Vec::new() };
        let entries = decision.entries.of(&self.program.entries);
        (0..entries.len()).filter_map(|i| self.part(conclusion, row, i)).collect()
    }

    /// Provisions that would give `mask` (any of its values), with what is missing or in their way.
    #[must_use]
    pub fn why_not(&self, conclusion: ConclusionId, row: u32, mask: u64) -> Vec<Part> {
        let Some(decision) = self.program.decisions.get(conclusion.index()) else { return Vec::new() };
        let entries = decision.entries.of(&self.program.entries);
        let gives = |i: &usize| match entries.get(*i).map(|e| (e.gives, e.mode)) {
            Some((Gives::Mask(m, _), Mode::Must | Mode::May)) => m & mask != 0,
            Some((Gives::Mask(m, _), Mode::MustNot)) => m & mask == 0,
            Some((Gives::Value(_) | Gives::Duty { .. }, _)) => true,
            None => false,
        };
        (0..entries.len()).filter(gives).filter_map(|i| self.part(conclusion, row, i)).collect()
    }

    fn part(&self, conclusion: ConclusionId, row: u32, index: usize) -> Option<Part> {
        let c = self.program.hir.conclusions.get(conclusion.index())?;
        let entry =
            self.program.decisions.get(conclusion.index())?.entries.of(&self.program.entries).get(index)?;
        let store = self.run.stores.get(c.entity.index())?;
        let rule = self.program.hir.rules.get(entry.rule.index())?;
        let standing = standing(self.program, store.row(row), entry);
        let mut by = Vec::new();
        for list in [entry.above, entry.above_same] {
            for above in list.of(&self.program.above) {
                if let Some(higher) = self.program.entries.get(*above as usize)
                    && store.truth(row, higher.guard).is_possible()
                    && !by.contains(&Defeater::Rule(higher.rule))
                {
                    by.push(Defeater::Rule(higher.rule));
                }
            }
        }
        for e in &rule.exceptions {
            if exception_holds(self.program, self.run, e, rule.entity, row).is_possible() {
                by.push(Defeater::Exception(e.address.clone()));
            }
        }
        Some(Part {
            rule: entry.rule,
            mode: entry.mode,
            standing,
            by,
            reason: self.reason(rule.guard, rule.entity, row),
            exceptions: rule.exceptions.iter().map(|e| self.exception(e, rule.entity, row)).collect(),
        })
    }

    fn exception(&self, e: &Exception, entity: EntityId, row: u32) -> Reason {
        let mut children = vec![self.reason(e.cond, entity, row)];
        children.extend(e.inner.iter().map(|i| self.exception(i, entity, row)));
        Reason {
            what: What::Exception(e.address.clone()),
            truth: Some(exception_holds(self.program, self.run, e, entity, row)),
            value: None,
            span: self.program.hir.exprs.get(e.cond.index()).map(|x| x.span).unwrap_or_default(),
            entity,
            row,
            children,
        }
    }

    /// The reason of an expression seen from a row.
    #[must_use]
    pub fn reason(&self, expr: ExprId, entity: EntityId, row: u32) -> Reason {
        self.budget.set(REASON_NODES);
        self.build(expr, entity, row, REASON_DEPTH)
    }

    fn build(&self, id: ExprId, from: EntityId, from_row: u32, depth: u32) -> Reason {
        let own = home(&self.program.hir, id);
        let (entity, row) = self.run.up(self.program, from, from_row, own).unwrap_or((from, from_row));
        let Some(expr) = self.program.hir.exprs.get(id.index()) else {
            return leaf(What::Constant, entity, row);
        };
        let (truth, value) = match (self.program.place(id), &expr.kind) {
            (_, ExprKind::Bool(b)) => (Some(Truth::from(*b)), None),
            (_, ExprKind::Const(v)) => (None, Some(*v)),
            (Place::Truth(t), _) => (Some(self.run.truth(entity, row, t)), None),
            (Place::Value(v), _) => (None, Some(self.run.value(entity, row, v))),
            (Place::None, ExprKind::Fact(f)) => self.raw_fact(*f, row),
            (Place::None, _) => (Some(truth_of(self.program, self.run, id, entity, row)), None),
        };
        let sub = |e: &ExprId| self.build(*e, from, from_row, depth.saturating_sub(1));
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        let (what, children) = if depth == 0 || left == 0 {
            (What::Test, Vec::new())
        } else {
            match &expr.kind {
                ExprKind::Fact(f) => (What::Fact(*f), Vec::new()),
                ExprKind::Conclusion(c) | ExprKind::DutyDeadline(c) => (What::Conclusion(*c), Vec::new()),
                ExprKind::Definition(d) => (
                    What::Definition(*d),
                    self.program.hir.definitions.get(d.index()).map(|d| sub(&d.value)).into_iter().collect(),
                ),
                ExprKind::And(args) => (What::All, args.iter().map(sub).collect()),
                ExprKind::Or(args) => (What::Any, args.iter().map(sub).collect()),
                ExprKind::Not(a) => (What::Not, vec![sub(a)]),
                ExprKind::InSet { value: a, .. }
                | ExprKind::Includes { value: a, .. }
                | ExprKind::Portion { base: a, .. }
                | ExprKind::Round { value: a, .. } => (What::Test, vec![sub(a)]),
                ExprKind::Cmp { left: a, right: b, .. }
                | ExprKind::Share { part: a, whole: b, .. }
                | ExprKind::Arith { left: a, right: b, .. }
                | ExprKind::Deadline { from: a, period: b }
                | ExprKind::Shift { date: a, period: b, .. }
                | ExprKind::Between { from: a, to: b, .. } => (What::Test, self.operands(&[*a, *b], &sub)),
                ExprKind::Window { value, anchor, within, .. } => {
                    let all: Vec<ExprId> = [*value, *anchor].into_iter().chain(*within).collect();
                    (What::Test, self.operands(&all, &sub))
                }
                ExprKind::InRange { value, low, high } => {
                    (What::Test, self.operands(&[*value, *low, *high], &sub))
                }
                ExprKind::ExtremeOf { args, .. } => (What::Test, self.operands(args, &sub)),
                ExprKind::OfOne { list, body } => {
                    (What::Aggregate(*list), self.members(*list, &[*body], (entity, row), None, depth))
                }
                ExprKind::Quant { quantifier, list, other, cond } => {
                    let body: Vec<ExprId> = cond.iter().copied().collect();
                    let skip = other.then_some(row);
                    (
                        What::Quantified(*list, *quantifier),
                        self.members(*list, &body, (entity, row), skip, depth),
                    )
                }
                ExprKind::Count { list, cond } => {
                    let body: Vec<ExprId> = cond.iter().copied().collect();
                    (What::Aggregate(*list), self.members(*list, &body, (entity, row), None, depth))
                }
                ExprKind::Sum { list, cond, field } | ExprKind::ExtremeIn { list, cond, field, .. } => {
                    let body: Vec<ExprId> = cond.iter().copied().chain([*field]).collect();
                    (What::Aggregate(*list), self.members(*list, &body, (entity, row), None, depth))
                }
                ExprKind::Meets { rules, conditions } => {
                    let mut children: Vec<Reason> =
                        rules.iter().filter_map(|r| self.provision(*r, entity, row, depth - 1)).collect();
                    children.extend(conditions.iter().map(sub));
                    (What::Any, children)
                }
                ExprKind::Bool(_) | ExprKind::Const(_) | ExprKind::Error => (What::Constant, Vec::new()),
            }
        };
        Reason { what, truth, value, span: expr.span, entity, row, children }
    }

    /// Operands of a test: constants say nothing that the text does not.
    fn operands(&self, exprs: &[ExprId], sub: &dyn Fn(&ExprId) -> Reason) -> Vec<Reason> {
        exprs
            .iter()
            .filter(|e| {
                !matches!(
                    self.program.hir.exprs.get(e.index()).map(|e| &e.kind),
                    Some(ExprKind::Const(_) | ExprKind::Bool(_))
                )
            })
            .map(sub)
            .collect()
    }

    fn raw_fact(&self, fact: FactId, row: u32) -> (Option<Truth>, Option<Val>) {
        let Some(f) = self.program.hir.facts.get(fact.index()) else { return (None, None) };
        match f.slot {
            Slot::Truth(n) => (Some(self.run.truth(f.entity, row, crate::ir::T(n))), None),
            Slot::Value(n) => (None, Some(self.run.value(f.entity, row, crate::ir::V(n)))),
            Slot::Child(_) => (None, None),
        }
    }

    fn provision(&self, rule: RuleId, entity: EntityId, row: u32, depth: u32) -> Option<Reason> {
        let r = self.program.hir.rules.get(rule.index())?;
        let at = self.run.up(self.program, entity, row, r.entity);
        let truth = match (at, self.program.guard(rule)) {
            (Some((e, row)), Some(t)) => self.run.truth(e, row, t),
            _ => Truth::Unknown,
        };
        let children = match at {
            Some((e, row)) if depth > 0 => vec![self.build(r.guard, e, row, depth - 1)],
            _ => Vec::new(),
        };
        Some(Reason {
            what: What::Provision(rule),
            truth: Some(truth),
            value: None,
            span: r.span,
            entity,
            row,
            children,
        })
    }

    fn members(
        &self,
        list: FactId,
        body: &[ExprId],
        (entity, row): (EntityId, u32),
        skip: Option<u32>,
        depth: u32,
    ) -> Vec<Reason> {
        let (Some(fact), Some(child)) =
            (self.program.hir.facts.get(list.index()), member(&self.program.hir, list))
        else {
            return Vec::new();
        };
        let Some((_, owner)) = self.run.up(self.program, entity, row, fact.entity) else { return Vec::new() };
        let Slot::Child(slot) = fact.slot else { return Vec::new() };
        let stride = self.program.hir.entities.get(fact.entity.index()).map_or(0, |e| e.child_slots as usize);
        let children = self
            .case
            .table(fact.entity)
            .and_then(|t| t.children.get(owner as usize * stride + slot as usize))
            .copied()
            .unwrap_or_default();
        match children {
            Children::Unknown => {
                vec![Reason { truth: Some(Truth::Unknown), ..leaf(What::Fact(list), fact.entity, owner) }]
            }
            Children::Na => {
                vec![Reason { truth: Some(Truth::Na), ..leaf(What::Fact(list), fact.entity, owner) }]
            }
            Children::Rows(start, end) => {
                let rows: Vec<u32> = (start..end).filter(|r| Some(*r) != skip).collect();
                let mut out: Vec<Reason> = rows
                    .iter()
                    .take(MEMBERS_SHOWN)
                    .map(|r| {
                        let children: Vec<Reason> =
                            body.iter().map(|e| self.build(*e, child, *r, depth.saturating_sub(2))).collect();
                        Reason {
                            truth: children.first().and_then(|c| c.truth),
                            children,
                            ..leaf(What::Member, child, *r)
                        }
                    })
                    .collect();
                if rows.len() > MEMBERS_SHOWN {
                    out.push(leaf(What::More(rows.len() - MEMBERS_SHOWN), child, 0));
                }
                out
            }
        }
    }
}

impl Reason {
    /// The part that explains: of a 且 that fails, what fails; of an 或者 that holds, what holds; of an open node, what is open.
    #[must_use]
    pub fn pruned(mut self) -> Self {
        let keep = match (&self.what, self.truth) {
            (What::All, Some(Truth::False)) => Some(Truth::False),
            (What::Any, Some(Truth::True)) => Some(Truth::True),
            (What::All | What::Any, Some(Truth::Unknown)) => Some(Truth::Unknown),
            _ => None,
        };
        self.children = self
            .children
            .into_iter()
            .filter(|c| keep.is_none() || c.truth == keep || c.truth.is_none())
            .map(Self::pruned)
            .collect();
        self
    }
}

fn leaf(what: What, entity: EntityId, row: u32) -> Reason {
    Reason { what, truth: None, value: None, span: Span::default(), entity, row, children: Vec::new() }
}
