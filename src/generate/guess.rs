//! What an expression comes to in a draft, conclusions left out: enough to aim by, not the law.
use super::draft::{At, Draft};
use super::plan::Kind;
use crate::base::{Truth, Val};
use crate::eval::compute;
use crate::facts::Children;
use crate::hir::{
    ArithOp, CmpOp, EntityId, Exception, Expr, ExprId, ExprKind, FactId, Quantifier, RuleId, Type,
};
use crate::ir::home;

/// Levels that are looked into.
const DEPTH: u32 = 48;

impl<'g> Draft<'g> {
    pub fn expr(&self, id: ExprId) -> Option<&'g Expr> {
        self.hir.exprs.get(id.index())
    }

    /// The row where an expression is computed that is read at `at`.
    pub fn place_of(&self, id: ExprId, at: At) -> Option<At> {
        self.up(at, home(self.hir, id))
    }

    /// Where a fact of this or a containing entity is.
    pub fn fact_at(&self, fact: FactId, at: At) -> Option<u32> {
        let entity = self.hir.facts.get(fact.index())?.entity;
        self.up(at, entity).map(|at| at.row)
    }

    /// Its truth, as far as it can be told.
    pub fn guess(&self, id: ExprId, at: At) -> Truth {
        self.truth_of(id, at, DEPTH).unwrap_or(Truth::Unknown)
    }

    /// Its value, if it is known.
    pub fn known(&self, id: ExprId, at: At) -> Option<Val> {
        self.value_of(id, at, DEPTH).filter(|v| v.is_known())
    }

    fn truth_of(&self, id: ExprId, at: At, depth: u32) -> Option<Truth> {
        let depth = depth.checked_sub(1)?;
        let at = self.place_of(id, at)?;
        let truth = |id: ExprId| self.truth_of(id, at, depth).unwrap_or(Truth::Unknown);
        let value = |id: ExprId| self.value_of(id, at, depth).unwrap_or(Val::Unknown);
        let text = |index: u32| self.plan.texts.get(index as usize).cloned().unwrap_or_default();
        Some(match &self.expr(id)?.kind {
            ExprKind::Bool(yes) => Truth::from(*yes),
            ExprKind::Fact(fact) => self.truth(*fact, at.row),
            ExprKind::Definition(id) => truth(self.hir.definitions.get(id.index())?.value),
            ExprKind::OfOne { list, body } => {
                let (entity, row) = (self.member(*list)?, self.members(*list, at.row)?.next()?);
                self.truth_of(*body, At { entity, row }, depth)?
            }
            ExprKind::And(args) => args.iter().fold(Truth::True, |all, arg| all.and(truth(*arg))),
            ExprKind::Or(args) => args.iter().fold(Truth::False, |any, arg| any.or(truth(*arg))),
            ExprKind::Not(arg) => !truth(*arg),
            ExprKind::InSet { value: inner, mask } => match self.expr(*inner)?.ty {
                Type::Bool => match mask & 0b11 {
                    0b10 => truth(*inner),
                    0b01 => !truth(*inner),
                    both => Truth::from(both != 0),
                },
                _ => masked(value(*inner), |m| m & mask != 0),
            },
            ExprKind::Includes { value: inner, mask, all } => {
                masked(value(*inner), |m| if *all { m & mask == *mask } else { m & mask != 0 })
            }
            ExprKind::Cmp { op, left, right } => match self.expr(*left)?.ty {
                Type::Bool => {
                    let same = truth(*left) == truth(*right);
                    Truth::from(same == (*op == CmpOp::Eq))
                }
                _ => compute::compare(*op, value(*left), value(*right), &text),
            },
            ExprKind::Share { part, whole, op, ratio } => {
                compute::share(*op, value(*part), value(*whole), *ratio)
            }
            ExprKind::Window { value: day, anchor, before, within } => {
                compute::window(self.calendar, value(*day), value(*anchor), *before, within.map(value))
                    .ok()?
            }
            ExprKind::InRange { value: v, low, high } => {
                let low = compute::compare(CmpOp::Ge, value(*v), value(*low), &text);
                low.and(compute::compare(CmpOp::Le, value(*v), value(*high), &text))
            }
            ExprKind::Quant { quantifier, list, other, cond } => {
                let (owner, skip) = self.owner(*list, *other, at)?;
                let Some(rows) = self.members(*list, owner.row) else {
                    return Some(self.absent(*list, owner));
                };
                let entity = self.member(*list)?;
                let truths = rows.filter(|row| Some(*row) != skip).map(|row| match cond {
                    Some(cond) => self.truth_of(*cond, At { entity, row }, depth).unwrap_or(Truth::Unknown),
                    None => Truth::True,
                });
                match quantifier {
                    Quantifier::Exists => truths.fold(Truth::False, Truth::or),
                    Quantifier::None => !truths.fold(Truth::False, Truth::or),
                    Quantifier::ForAll => truths.fold(Truth::True, Truth::and),
                }
            }
            ExprKind::Meets { rules, conditions } => {
                let rules =
                    rules.iter().map(|rule| self.guard_of(*rule, at, depth).unwrap_or(Truth::Unknown));
                rules.chain(conditions.iter().map(|c| truth(*c))).fold(Truth::False, Truth::or)
            }
            ExprKind::Conclusion(_)
            | ExprKind::Const(_)
            | ExprKind::DutyDeadline(_)
            | ExprKind::Arith { .. }
            | ExprKind::Portion { .. }
            | ExprKind::ExtremeOf { .. }
            | ExprKind::Round { .. }
            | ExprKind::Count { .. }
            | ExprKind::Sum { .. }
            | ExprKind::ExtremeIn { .. }
            | ExprKind::Deadline { .. }
            | ExprKind::Shift { .. }
            | ExprKind::Between { .. }
            | ExprKind::Error => return None,
        })
    }

    /// The row that has the list, and of 其他 the member that asks.
    pub fn owner(&self, list: FactId, other: bool, at: At) -> Option<(At, Option<u32>)> {
        let owner = self.up(at, self.hir.facts.get(list.index())?.entity)?;
        Some((owner, other.then_some(at.row)))
    }

    fn absent(&self, list: FactId, owner: At) -> Truth {
        if self.children(list, owner.row) == Children::Na { Truth::Na } else { Truth::Unknown }
    }

    /// A rule's condition, exceptions included.
    pub fn guess_guard(&self, rule: RuleId, at: At) -> Truth {
        self.guard_of(rule, at, DEPTH).unwrap_or(Truth::Unknown)
    }

    fn guard_of(&self, rule: RuleId, at: At, depth: u32) -> Option<Truth> {
        let rule = self.hir.rules.get(rule.index())?;
        let at = self.up(at, rule.entity)?;
        let guard = self.truth_of(rule.guard, at, depth)?;
        Some(guard.and(!self.exceptions_of(&rule.exceptions, at, depth)))
    }

    fn exceptions_of(&self, exceptions: &[Exception], at: At, depth: u32) -> Truth {
        let Some(depth) = depth.checked_sub(1) else { return Truth::Unknown };
        let applies = exceptions.iter().map(|e| {
            let cond = self.truth_of(e.cond, at, depth).unwrap_or(Truth::Unknown);
            let cond = if cond == Truth::Na { Truth::False } else { cond };
            cond.and(!self.exceptions_of(&e.inner, at, depth))
        });
        applies.fold(Truth::False, Truth::or)
    }

    fn value_of(&self, id: ExprId, at: At, depth: u32) -> Option<Val> {
        let depth = depth.checked_sub(1)?;
        let at = self.place_of(id, at)?;
        let value = |id: ExprId| self.value_of(id, at, depth).unwrap_or(Val::Unknown);
        let text = |index: u32| self.plan.texts.get(index as usize).cloned().unwrap_or_default();
        match &self.expr(id)?.kind {
            ExprKind::Const(Val::Text(index)) => {
                self.plan.law_texts.get(*index as usize).copied().flatten().map(Val::Text)
            }
            ExprKind::Const(constant) => Some(*constant),
            ExprKind::Fact(fact) => Some(self.value(*fact, at.row)),
            ExprKind::Definition(id) => Some(value(self.hir.definitions.get(id.index())?.value)),
            ExprKind::OfOne { list, body } => {
                let (entity, row) = (self.member(*list)?, self.members(*list, at.row)?.next()?);
                self.value_of(*body, At { entity, row }, depth)
            }
            ExprKind::Arith { op, left, right } => compute::arith(*op, value(*left), value(*right)).ok(),
            ExprKind::Portion { base, ratio } => compute::portion(value(*base), *ratio).ok(),
            ExprKind::ExtremeOf { which, args } => {
                args.iter().map(|a| value(*a)).reduce(|a, b| compute::extreme(*which, a, b, &text))
            }
            ExprKind::Round { mode, value: inner, digits } => match self.expr(*inner)?.kind {
                ExprKind::Arith { op: ArithOp::Div, left, right } => {
                    compute::div_round(*mode, *digits, value(left), value(right)).ok()
                }
                _ => compute::round(*mode, value(*inner), *digits).ok(),
            },
            ExprKind::Count { list, cond } => {
                let members = self.satisfying(*list, *cond, at, depth)?;
                i64::try_from(members.len()).ok().map(Val::Int)
            }
            ExprKind::Sum { list, cond, field } => {
                let members = self.satisfying(*list, *cond, at, depth)?;
                let each = |at: At| self.value_of(*field, at, depth).unwrap_or(Val::Unknown);
                members
                    .into_iter()
                    .map(each)
                    .try_fold(Val::Int(0), |sum, v| compute::arith(ArithOp::Add, sum, v).ok())
            }
            ExprKind::ExtremeIn { list, cond, which, field } => {
                let members = self.satisfying(*list, *cond, at, depth)?;
                let each = |at: At| self.value_of(*field, at, depth).unwrap_or(Val::Unknown);
                members.into_iter().map(each).reduce(|a, b| compute::extreme(*which, a, b, &text))
            }
            ExprKind::Deadline { from, period } => {
                compute::deadline(self.calendar, value(*from), value(*period)).ok()
            }
            ExprKind::Shift { date, period, back } => {
                compute::shift(self.calendar, value(*date), value(*period), *back).ok()
            }
            ExprKind::Between { from, to, measure } => {
                compute::between(self.calendar, value(*from), value(*to), *measure).ok()
            }
            ExprKind::Bool(_)
            | ExprKind::Conclusion(_)
            | ExprKind::DutyDeadline(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::InSet { .. }
            | ExprKind::Includes { .. }
            | ExprKind::Cmp { .. }
            | ExprKind::Share { .. }
            | ExprKind::Window { .. }
            | ExprKind::InRange { .. }
            | ExprKind::Quant { .. }
            | ExprKind::Meets { .. }
            | ExprKind::Error => None,
        }
    }

    /// Members that surely satisfy a condition.
    pub fn satisfying(&self, list: FactId, cond: Option<ExprId>, at: At, depth: u32) -> Option<Vec<At>> {
        let (owner, _) = self.owner(list, false, at)?;
        let entity = self.member(list)?;
        let rows = self.members(list, owner.row)?;
        let holds = |at: &At| cond.is_none_or(|c| self.truth_of(c, *at, depth) == Some(Truth::True));
        Some(rows.map(|row| At { entity, row }).filter(holds).collect())
    }

    /// Members that surely satisfy a condition, from outside.
    pub fn who_satisfies(&self, list: FactId, cond: Option<ExprId>, at: At) -> Vec<At> {
        self.satisfying(list, cond, at, DEPTH).unwrap_or_default()
    }

    /// Whether a fact is of the kind that holds members.
    pub fn is_one(&self, list: FactId) -> bool {
        self.field(list).is_some_and(|f| matches!(f.kind, Kind::One(_)))
    }

    /// A row of an entity, made if there is none.
    pub fn some_row(&mut self, entity: EntityId) -> Option<At> {
        let count = self.count(entity);
        if count > 0 {
            return Some(At { entity, row: self.rng.u32(..count) });
        }
        let (parent, list) = self.entity(entity)?.parent?;
        let owner = self.some_row(parent)?;
        self.add_member(list, owner.row)
    }

    /// One more member, drawn by chance, though nothing in it 不明.
    pub fn add_member(&mut self, list: FactId, row: u32) -> Option<At> {
        if self.is_one(list)
            && let Some(first) = self.members(list, row).and_then(|mut rows| rows.next())
        {
            return Some(At { entity: self.member(list)?, row: first });
        }
        let at = At { entity: self.member(list)?, row: self.insert(list, row)? };
        self.draw_all(at);
        Some(at)
    }
}

fn masked(value: Val, test: impl FnOnce(u64) -> bool) -> Truth {
    match value {
        Val::Mask(mask) => Truth::from(test(mask)),
        Val::Na => Truth::Na,
        _ => Truth::Unknown,
    }
}
