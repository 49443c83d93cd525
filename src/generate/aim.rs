//! Making a condition hold, or not: from the top down, each connective in its own way, to the facts it rests on.
//!
//! What is aimed at need not come out: two conditions may ask for opposite facts, and a conclusion may be overridden.
//! Aiming only makes rare answers likely; whatever it does, the case stays valid.
use super::draft::{At, Draft, Leaf, ROOT};
use crate::base::{Truth, Val};
use crate::hir::{CmpOp, Exception, ExprId, ExprKind, FactId, Quantifier, RuleId, Type};

/// How much one case may aim.
const STEPS: u32 = 1500;
/// Levels that are gone into.
const DEPTH: u32 = 64;
/// Members of a list that are made to fit, at most.
const FITTED: u32 = 32;

impl Draft<'_> {
    /// Makes a rule's conditions hold, then, half the time, turns one of them over.
    pub fn aim_at(&mut self, rule: RuleId) {
        self.steps = STEPS;
        let Some(entity) = self.hir.rules.get(rule.index()).map(|r| r.entity) else { return };
        let scope: Vec<ExprId> = self.hir.scope.iter().map(|s| s.cond).collect();
        if self.rng.u8(..8) > 0 {
            for cond in scope {
                self.aim(cond, ROOT, true, DEPTH);
            }
        }
        let Some(at) = self.some_row(entity) else { return };
        self.leaves.clear();
        self.aim_guard(rule, at, true, DEPTH);
        if self.guess_guard(rule, at) != Truth::True {
            // Facts that several conditions share may have been taken back.
            self.leaves.clear();
            self.aim_guard(rule, at, true, DEPTH);
        }
        if self.rng.bool() {
            let leaves = std::mem::take(&mut self.leaves);
            if let Some((leaf, at, wanted)) = self.pick(&leaves) {
                self.aim(leaf, at, !wanted, DEPTH);
            }
        }
    }

    fn note(&mut self, leaf: Leaf) {
        self.leaves.push(leaf);
    }

    /// A rule's condition with its exceptions.
    pub fn aim_guard(&mut self, rule: RuleId, at: At, wanted: bool, depth: u32) {
        let Some(rule) = self.hir.rules.get(rule.index()) else { return };
        let Some(at) = self.up(at, rule.entity) else { return };
        if wanted {
            self.aim(rule.guard, at, true, depth);
            rule.exceptions.iter().for_each(|e| self.aim_exception(e, at, false, depth));
        } else if rule.exceptions.is_empty() || self.rng.u8(..4) > 0 {
            self.aim(rule.guard, at, false, depth);
        } else if let Some(index) = pick_index(self, rule.exceptions.len())
            && let Some(exception) = rule.exceptions.get(index)
        {
            self.aim_exception(exception, at, true, depth);
        }
    }

    fn aim_exception(&mut self, exception: &Exception, at: At, wanted: bool, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        self.aim(exception.cond, at, wanted, depth);
        if wanted {
            exception.inner.iter().for_each(|e| self.aim_exception(e, at, false, depth));
        }
    }

    /// Makes an expression 是, or 否.
    pub fn aim(&mut self, id: ExprId, at: At, wanted: bool, depth: u32) {
        let (Some(depth), Some(steps)) = (depth.checked_sub(1), self.steps.checked_sub(1)) else { return };
        self.steps = steps;
        let (Some(expr), Some(at)) = (self.expr(id), self.place_of(id, at)) else { return };
        match &expr.kind {
            ExprKind::Fact(fact) => {
                self.set_truth(*fact, at.row, Truth::from(wanted));
                self.note((id, at, wanted));
            }
            ExprKind::Conclusion(c) => self.aim_conclusion(*c, at, 0b10, wanted, depth),
            ExprKind::Definition(d) => {
                if let Some(definition) = self.hir.definitions.get(d.index()) {
                    self.aim(definition.value, at, wanted, depth);
                }
            }
            ExprKind::OfOne { list, body } => {
                if let Some(member) = self.add_member(*list, at.row) {
                    self.aim(*body, member, wanted, depth);
                }
            }
            ExprKind::And(args) => self.aim_all(args, at, wanted, wanted, depth),
            ExprKind::Or(args) => self.aim_all(args, at, !wanted, wanted, depth),
            ExprKind::Not(arg) => self.aim(*arg, at, !wanted, depth),
            ExprKind::InSet { value, mask } => {
                if expr_is_bool(self, *value) {
                    if let 0b01 | 0b10 = mask & 0b11 {
                        self.aim(*value, at, (mask & 0b10 != 0) == wanted, depth);
                    }
                } else {
                    self.aim_mask(*value, at, *mask, wanted, depth);
                    self.note((id, at, wanted));
                }
            }
            ExprKind::Includes { value, mask, all } => {
                self.aim_includes(*value, at, (*mask, *all), wanted, depth);
                self.note((id, at, wanted));
            }
            ExprKind::Cmp { op, left, right } => {
                self.aim_cmp(*op, *left, *right, at, wanted, depth);
                self.note((id, at, wanted));
            }
            ExprKind::Share { part, whole, op, ratio } => {
                self.aim_share((*part, *whole), *op, *ratio, at, wanted, depth);
                self.note((id, at, wanted));
            }
            ExprKind::Window { value, anchor, before, within } => {
                self.aim_window((*value, *anchor, *within), *before, at, wanted, depth);
                self.note((id, at, wanted));
            }
            ExprKind::InRange { value, low, high } => {
                if wanted {
                    let end = if self.rng.bool() { (CmpOp::Ge, *low) } else { (CmpOp::Le, *high) };
                    self.aim_cmp(end.0, *value, end.1, at, true, depth);
                } else {
                    let end = if self.rng.bool() { (CmpOp::Lt, *low) } else { (CmpOp::Gt, *high) };
                    self.aim_cmp(end.0, *value, end.1, at, true, depth);
                }
                self.note((id, at, wanted));
            }
            ExprKind::Quant { quantifier, list, other, cond } => {
                self.aim_quant(*quantifier, *list, (*other, *cond), at, wanted, depth);
                self.note((id, at, wanted));
            }
            ExprKind::Meets { rules, conditions } => self.aim_meets(rules, conditions, at, wanted, depth),
            ExprKind::Bool(_)
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
            | ExprKind::Error => {}
        }
    }

    /// All of them as wanted; or one, the others sometimes the other way.
    fn aim_all(&mut self, args: &[ExprId], at: At, every: bool, wanted: bool, depth: u32) {
        if every {
            for arg in args {
                self.aim(*arg, at, wanted, depth);
            }
            // What came first may have been taken back by what came later.
            let lost = args.iter().find(|arg| self.guess(**arg, at) == Truth::from(!wanted));
            if let Some(lost) = lost {
                self.aim(*lost, at, wanted, depth);
            }
            return;
        }
        let Some(chosen) = self.pick(args) else { return };
        if self.rng.bool() {
            args.iter().filter(|arg| **arg != chosen).for_each(|arg| self.aim(*arg, at, !wanted, depth));
        }
        self.aim(chosen, at, wanted, depth);
    }

    fn aim_meets(&mut self, rules: &[RuleId], conditions: &[ExprId], at: At, wanted: bool, depth: u32) {
        if !wanted {
            for rule in rules {
                self.aim_guard(*rule, at, false, depth);
            }
            for cond in conditions {
                self.aim(*cond, at, false, depth);
            }
            return;
        }
        let Some(index) = pick_index(self, rules.len() + conditions.len()) else { return };
        match rules.get(index) {
            Some(rule) => self.aim_guard(*rule, at, true, depth),
            None => {
                if let Some(cond) = conditions.get(index - rules.len()) {
                    self.aim(*cond, at, true, depth);
                }
            }
        }
    }

    fn aim_quant(
        &mut self,
        quantifier: Quantifier,
        list: FactId,
        (other, cond): (bool, Option<ExprId>),
        at: At,
        wanted: bool,
        depth: u32,
    ) {
        let Some((owner, skip)) = self.owner(list, other, at) else { return };
        // Someone who satisfies (or fails) the condition, or nobody.
        let (someone, truth) = match quantifier {
            Quantifier::Exists => (wanted, true),
            Quantifier::None => (!wanted, true),
            Quantifier::ForAll => (!wanted, false),
        };
        if someone {
            let rows = self.members(list, owner.row).unwrap_or_default();
            let rows: Vec<u32> = rows.filter(|row| Some(*row) != skip).collect();
            let entity = self.member(list);
            let chosen = match (self.pick(&rows), entity) {
                (Some(row), Some(entity)) => Some(At { entity, row }),
                _ => self.add_member(list, owner.row),
            };
            if let (Some(member), Some(cond)) = (chosen, cond) {
                self.aim(cond, member, truth, depth);
            }
            return;
        }
        if self.members(list, owner.row).is_none() {
            self.open_list(list, owner.row);
        }
        if quantifier == Quantifier::ForAll
            && self.members(list, owner.row).is_none_or(|rows| rows.is_empty())
        {
            // Of nobody it holds anyway; of somebody it is worth more.
            self.add_member(list, owner.row);
        }
        let Some(cond) = cond else { return self.empty_list(list, owner.row, skip) };
        let Some(entity) = self.member(list) else { return };
        let rows = self.members(list, owner.row).unwrap_or_default();
        for row in rows.filter(|row| Some(*row) != skip).take(FITTED as usize) {
            self.aim(cond, At { entity, row }, !truth, depth);
        }
    }

    /// Nobody in it but the one who asks.
    pub fn empty_list(&mut self, list: FactId, row: u32, keep: Option<u32>) {
        let left = u32::from(keep.is_some());
        let count = |draft: &Self| draft.members(list, row).map_or(0, |rows| rows.end - rows.start);
        // Rows are taken from the end: of 其他 only those after the one who asks can go.
        while count(self) > left
            && keep.is_none_or(|k| self.members(list, row).is_some_and(|r| r.end > k + 1))
        {
            if self.remove_last(list, row).is_none() {
                return;
            }
        }
    }

    /// Exactly so many members that satisfy a condition.
    pub fn aim_count(&mut self, list: FactId, cond: Option<ExprId>, at: At, count: u32, depth: u32) -> bool {
        let Some((owner, _)) = self.owner(list, false, at).filter(|_| count <= FITTED) else { return false };
        if self.members(list, owner.row).is_none() {
            self.open_list(list, owner.row);
        }
        let Some(cond) = cond else {
            let len = |draft: &Self| draft.members(list, owner.row).map_or(0, |rows| rows.end - rows.start);
            while len(self) > count && self.remove_last(list, owner.row).is_some() {}
            while len(self) < count && self.add_member(list, owner.row).is_some() && !self.is_one(list) {}
            return len(self) == count;
        };
        let Some(entity) = self.member(list) else { return false };
        let rows: Vec<u32> = self.members(list, owner.row).unwrap_or_default().collect();
        for (index, row) in (0..).zip(rows) {
            self.aim(cond, At { entity, row }, index < count, depth);
        }
        let mut have = self.members(list, owner.row).map_or(0, |rows| rows.end - rows.start);
        while have < count && !self.is_one(list) {
            let Some(member) = self.add_member(list, owner.row) else { return false };
            self.aim(cond, member, true, depth);
            have += 1;
        }
        u32::try_from(self.who_satisfies(list, Some(cond), at).len()) == Ok(count)
    }

    /// A comparison: the one side is moved to where the other is.
    pub fn aim_cmp(&mut self, op: CmpOp, left: ExprId, right: ExprId, at: At, wanted: bool, depth: u32) {
        let op = if wanted { op } else { negated(op) };
        if expr_is_bool(self, left) {
            let same = op == CmpOp::Eq;
            let truth = self.guess(right, at);
            self.aim(left, at, (truth == Truth::True) == same, depth);
            return;
        }
        let bound = self.known_or_made(right, at);
        if let Some(bound) = bound
            && let Some(target) = self.beside(op, bound, left)
            && self.assign(left, at, target, depth)
        {
            return;
        }
        let bound = self.known_or_made(left, at);
        if let Some(bound) = bound
            && let Some(target) = self.beside(flipped(op), bound, right)
        {
            self.assign(right, at, target, depth);
        }
    }

    /// A value that stands in relation `op` to `bound`, mostly right beside it.
    pub fn beside(&mut self, op: CmpOp, bound: Val, of: ExprId) -> Option<Val> {
        if let Val::Mask(bound) = bound {
            let Type::Enum(id) = self.expr(of)?.ty else { return None };
            let count = self.hir.enums.get(id.index()).map_or(0, |e| e.values.len());
            let all = if count >= 64 { u64::MAX } else { (1 << count) - 1 };
            let among = related(op, bound) & all;
            return (among != 0).then(|| Val::Mask(self.one_bit(among)));
        }
        let away = if self.rng.u8(..4) > 0 { 1 } else { self.rng.i64(1..=5) };
        let steps = match op {
            CmpOp::Eq => 0,
            CmpOp::Ne => {
                if self.rng.bool() {
                    away
                } else {
                    -away
                }
            }
            CmpOp::Lt => -away,
            CmpOp::Gt => away,
            CmpOp::Le => {
                if self.rng.bool() {
                    0
                } else {
                    -away
                }
            }
            CmpOp::Ge => {
                if self.rng.bool() {
                    0
                } else {
                    away
                }
            }
        };
        let whole = matches!(self.expr(of)?.ty, Type::Int(_));
        super::assign::moved(bound, steps, whole)
    }
}

fn expr_is_bool(draft: &Draft<'_>, id: ExprId) -> bool {
    draft.expr(id).is_some_and(|e| e.ty == Type::Bool)
}

fn pick_index(draft: &mut Draft<'_>, count: usize) -> Option<usize> {
    (count > 0).then(|| draft.rng.usize(..count))
}

pub(super) const fn negated(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Ne,
        CmpOp::Ne => CmpOp::Eq,
        CmpOp::Lt => CmpOp::Ge,
        CmpOp::Le => CmpOp::Gt,
        CmpOp::Gt => CmpOp::Le,
        CmpOp::Ge => CmpOp::Lt,
    }
}

const fn flipped(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Eq,
        CmpOp::Ne => CmpOp::Ne,
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
    }
}

/// Values that stand in relation `op` to a single one (bits from light to grave).
const fn related(op: CmpOp, bound: u64) -> u64 {
    let below = bound.wrapping_sub(1);
    match op {
        CmpOp::Eq => bound,
        CmpOp::Ne => !bound,
        CmpOp::Lt => below,
        CmpOp::Le => below | bound,
        CmpOp::Gt => !(below | bound),
        CmpOp::Ge => !below,
    }
}
