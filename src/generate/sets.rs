//! Aiming at enumerations: facts are given a value, conclusions a provision that gives it.
use super::draft::{At, Draft};
use super::plan::Kind;
use crate::base::{Truth, Val};
use crate::eval::{OVERDUE, PERFORMED, RUNNING};
use crate::hir::{ConclusionId, Consequence, ConsequenceKind, ExprId, ExprKind, Mode, RuleId, Type};

/// Provisions that are turned off for the sake of another, at most.
const RIVALS: usize = 6;

impl Draft<'_> {
    /// An enumeration value within a mask, or outside it.
    pub fn aim_mask(&mut self, value: ExprId, at: At, mask: u64, wanted: bool, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let (Some(expr), Some(at)) = (self.expr(value), self.place_of(value, at)) else { return };
        match &expr.kind {
            ExprKind::Fact(fact) => {
                let Some(Kind::Enum(all)) = self.field(*fact).map(|f| f.kind) else { return };
                let among = if wanted { mask & all } else { all & !mask };
                if among != 0 {
                    let bit = self.one_bit(among);
                    self.set_value(*fact, at.row, Val::Mask(bit));
                }
            }
            ExprKind::Conclusion(c) => self.aim_conclusion(*c, at, mask, wanted, depth),
            ExprKind::Definition(d) => {
                if let Some(definition) = self.hir.definitions.get(d.index()) {
                    self.aim_mask(definition.value, at, mask, wanted, depth);
                }
            }
            ExprKind::OfOne { list, body } => {
                if let Some(member) = self.add_member(*list, at.row) {
                    self.aim_mask(*body, member, mask, wanted, depth);
                }
            }
            _ => {}
        }
    }

    /// 包括, 不包括.
    pub fn aim_includes(
        &mut self,
        value: ExprId,
        at: At,
        (mask, all): (u64, bool),
        wanted: bool,
        depth: u32,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let (Some(expr), Some(at)) = (self.expr(value), self.place_of(value, at)) else { return };
        match &expr.kind {
            ExprKind::Fact(fact) => {
                let Some(Kind::Multi(can)) = self.field(*fact).map(|f| f.kind) else { return };
                let had = if let Val::Mask(m) = self.value(*fact, at.row) { m } else { 0 };
                let changed = match (wanted, all) {
                    (true, true) => had | mask & can,
                    (true, false) => had | self.one_bit(mask & can),
                    (false, true) => had & !self.one_bit(mask),
                    (false, false) => had & !mask,
                };
                self.set_value(*fact, at.row, Val::Mask(changed));
            }
            ExprKind::Conclusion(c) => self.aim_members(*c, at, (mask, all), wanted, depth),
            ExprKind::Definition(d) => {
                if let Some(definition) = self.hir.definitions.get(d.index()) {
                    self.aim_includes(definition.value, at, (mask, all), wanted, depth);
                }
            }
            ExprKind::OfOne { list, body } => {
                if let Some(member) = self.add_member(*list, at.row) {
                    self.aim_includes(*body, member, (mask, all), wanted, depth);
                }
            }
            _ => {}
        }
    }

    fn consequences(&self, id: ConclusionId) -> Vec<(RuleId, &Consequence)> {
        let givers = self.plan.givers.get(id.index()).map_or(&[][..], Vec::as_slice);
        let found = givers.iter().filter_map(|(rule, index)| {
            Some((*rule, self.hir.rules.get(rule.index())?.consequences.get(*index as usize)?))
        });
        found.collect()
    }

    /// A conclusion of one value: a provision that gives it holds, those that contradict do not.
    pub fn aim_conclusion(&mut self, id: ConclusionId, at: At, mask: u64, wanted: bool, depth: u32) {
        let Some(conclusion) = self.hir.conclusions.get(id.index()) else { return };
        let Some(depth) = depth.checked_sub(1) else { return };
        if matches!(conclusion.ty, Type::Duty(_)) {
            let all = PERFORMED | RUNNING | OVERDUE;
            let mask = if wanted { mask & all } else { all & !mask };
            self.aim_duty(id, at, mask, depth);
            return;
        }
        let (mut for_it, mut against) = (Vec::new(), Vec::new());
        for (rule, consequence) in self.consequences(id) {
            let ConsequenceKind::Set { mask: gives, .. } = consequence.kind else { continue };
            let inside = gives & mask != 0 && (gives & !mask == 0 || consequence.mode == Mode::MustNot);
            match consequence.mode {
                Mode::Must if inside == wanted => for_it.push(rule),
                Mode::Must => against.push(rule),
                Mode::MustNot if inside => {
                    if wanted {
                        against.push(rule);
                    } else {
                        for_it.push(rule);
                    }
                }
                Mode::MustNot | Mode::May => {}
            }
        }
        let by_default =
            conclusion.default.is_some_and(|v| matches!(v, Val::Mask(m) if (m & mask != 0) == wanted));
        let chosen = if by_default && self.rng.bool() { None } else { self.pick(&for_it) };
        if let Some(rule) = chosen {
            self.aim_guard(rule, at, true, depth);
        }
        let rivals = against.into_iter().filter(|rule| Some(*rule) != chosen);
        let holding: Vec<RuleId> =
            rivals.filter(|rule| self.guess_guard(*rule, at) != Truth::False).collect();
        let limit = if chosen.is_some() { RIVALS } else { RIVALS * 4 };
        for rule in holding.into_iter().take(limit) {
            self.aim_guard(rule, at, false, depth);
        }
        if let Some(rule) = chosen.filter(|rule| self.guess_guard(*rule, at) == Truth::False) {
            self.aim_guard(rule, at, true, depth);
        }
    }

    /// A 多选 conclusion.
    fn aim_members(&mut self, id: ConclusionId, at: At, (mask, all): (u64, bool), wanted: bool, depth: u32) {
        let mut bits = match (wanted, all) {
            (true, true) | (false, false) => mask,
            (true, false) | (false, true) => self.one_bit(mask),
        };
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            bits &= bits - 1;
            let givers: Vec<RuleId> = self
                .consequences(id)
                .into_iter()
                .filter(|(_, c)| c.mode == Mode::Must)
                .filter(|(_, c)| matches!(c.kind, ConsequenceKind::Include { mask, .. } if mask & bit != 0))
                .map(|(rule, _)| rule)
                .collect();
            if wanted {
                if let Some(rule) = self.pick(&givers) {
                    self.aim_guard(rule, at, true, depth);
                }
            } else {
                for rule in givers.into_iter().take(RIVALS * 4) {
                    self.aim_guard(rule, at, false, depth);
                }
            }
        }
    }

    /// A duty performed in time or late, still running or overdue.
    fn aim_duty(&mut self, id: ConclusionId, at: At, mask: u64, depth: u32) {
        let duties = self.consequences(id).into_iter().filter_map(|(rule, c)| match &c.kind {
            ConsequenceKind::Duty { from, period, performed, .. } => Some((rule, *from, *period, *performed)),
            ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } | ConsequenceKind::Value(_) => None,
        });
        let duties: Vec<_> = duties.collect();
        let Some((rule, from, period, performed)) = self.pick(&duties) else { return };
        self.aim_guard(rule, at, true, depth);
        let Some(Val::Date(start)) = self.known_or_made(from, at) else { return };
        let Some(Val::Period(length)) = self.known_or_made(period, at) else { return };
        let Some(end) = self.calendar.deadline(start, length) else { return };
        let late = i64::from(self.rng.bool());
        let state = self.one_bit(mask);
        if state == PERFORMED {
            self.assign(performed, at, end.add_days(-late).map_or(Val::Unknown, Val::Date), depth);
        } else if state == OVERDUE && self.rng.bool() {
            self.assign(performed, at, end.add_days(1).map_or(Val::Unknown, Val::Date), depth);
        } else if state == OVERDUE || state == RUNNING {
            self.not_done(performed, at);
            self.date = end.add_days(if state == OVERDUE { 1 } else { -late });
        }
    }

    /// 履行日 不适用: not performed yet.
    fn not_done(&mut self, performed: ExprId, at: At) {
        if let Some(ExprKind::Fact(fact)) = self.expr(performed).map(|e| &e.kind)
            && let Some(row) = self.fact_at(*fact, at)
        {
            self.set_value(*fact, row, Val::Na);
        }
    }
}
