//! Which values are interesting for a fact: what the conditions of the law compare it with.
//!
//! Goes over every comparison; the facts that take part in it are given its constants, dates are linked to the dates
//! they are counted from. Limits keep long chains of definitions cheap.
use super::plan::{Length, Link, Plan};
use crate::base::Val;
use crate::base::date::Period;
use crate::hir::{Between, ConsequenceKind, ExprId, ExprKind, FactId, Hir};

/// Levels of a computation that are looked into.
const DEPTH: u32 = 24;
/// Parts of a computation that are looked at.
const PARTS: usize = 64;
/// Bounds and links kept for a fact.
const KEPT: usize = 64;

/// Notes what the law compares its facts with.
pub(super) fn find(hir: &Hir, plan: &mut Plan) {
    for expr in &hir.exprs {
        match &expr.kind {
            ExprKind::Cmp { left, right, .. } => relate(hir, plan, &[*left, *right]),
            ExprKind::InRange { value, low, high } => relate(hir, plan, &[*value, *low, *high]),
            ExprKind::Share { part, whole, .. } => relate(hir, plan, &[*part, *whole]),
            ExprKind::Window { value, anchor, within, .. } => {
                let parts: Vec<ExprId> = [*value, *anchor].into_iter().chain(*within).collect();
                relate(hir, plan, &parts);
            }
            ExprKind::InSet { value, mask } | ExprKind::Includes { value, mask, .. } => {
                let mut parts = Parts::default();
                parts.gather(hir, *value, DEPTH);
                for fact in parts.facts {
                    bound(plan, fact, Val::Mask(*mask));
                }
            }
            ExprKind::Bool(_)
            | ExprKind::Const(_)
            | ExprKind::Fact(_)
            | ExprKind::Conclusion(_)
            | ExprKind::Definition(_)
            | ExprKind::DutyDeadline(_)
            | ExprKind::OfOne { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Quant { .. }
            | ExprKind::Meets { .. }
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
    for consequence in hir.rules.iter().flat_map(|r| &r.consequences) {
        match &consequence.kind {
            ConsequenceKind::Duty { from, period, performed, extensions } => {
                let mut parts = vec![*from, *period, *performed];
                parts.extend(extensions.iter().map(|(_, more)| *more));
                relate(hir, plan, &parts);
            }
            // 最高不超过 20元: where the limit begins to count.
            ConsequenceKind::Value(value) => relate(hir, plan, &[*value]),
            ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
        }
    }
}

/// What a comparison is made of.
#[derive(Default)]
struct Parts {
    facts: Vec<FactId>,
    lists: Vec<FactId>,
    constants: Vec<Val>,
    measures: Vec<Between>,
    seen: usize,
}

impl Parts {
    /// Values only: the conditions within are comparisons of their own.
    fn gather(&mut self, hir: &Hir, id: ExprId, depth: u32) {
        self.seen += 1;
        let Some(expr) = hir.exprs.get(id.index()).filter(|_| depth > 0 && self.seen < PARTS) else { return };
        let all = |this: &mut Self, parts: &[ExprId]| {
            for part in parts {
                this.gather(hir, *part, depth - 1);
            }
        };
        match &expr.kind {
            ExprKind::Const(value) => self.constants.push(*value),
            ExprKind::Fact(fact) => self.facts.push(*fact),
            ExprKind::Definition(id) => {
                if let Some(definition) = hir.definitions.get(id.index()) {
                    all(self, &[definition.value]);
                }
            }
            ExprKind::OfOne { body, .. } => all(self, &[*body]),
            ExprKind::Arith { left, right, .. } => all(self, &[*left, *right]),
            ExprKind::Portion { base: value, .. }
            | ExprKind::Round { value, .. }
            | ExprKind::Sum { field: value, .. }
            | ExprKind::ExtremeIn { field: value, .. } => all(self, &[*value]),
            ExprKind::ExtremeOf { args, .. } => all(self, args),
            ExprKind::Count { list, .. } => self.lists.push(*list),
            ExprKind::Deadline { from: date, period } | ExprKind::Shift { date, period, .. } => {
                all(self, &[*date, *period]);
            }
            ExprKind::Between { from, to, measure } => {
                self.measures.push(*measure);
                all(self, &[*from, *to]);
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
            | ExprKind::Error => {}
        }
    }

    /// Lengths of time that take part.
    fn lengths(&self, plan: &Plan) -> Vec<Length> {
        let mut lengths: Vec<Length> = Vec::new();
        for value in &self.constants {
            match value {
                Val::Period(period) => lengths.push(Length::Fixed(*period)),
                Val::Int(n) => {
                    let n = i32::try_from(*n).ok();
                    lengths
                        .extend(self.measures.iter().filter_map(|m| Some(Length::Fixed(measured(*m, n?)))));
                }
                _ => {}
            }
        }
        let periods = self
            .facts
            .iter()
            .filter(|f| plan.field(**f).is_some_and(|field| field.kind == super::plan::Kind::Period));
        lengths.extend(periods.map(|f| Length::Fact(*f)));
        if lengths.is_empty() {
            lengths.push(Length::Zero);
        }
        lengths
    }
}

fn measured(measure: Between, n: i32) -> Period {
    match measure {
        Between::Days => Period { days: n, ..Period::ZERO },
        Between::Workdays => Period { workdays: n, ..Period::ZERO },
        Between::Months => Period { months: n, ..Period::ZERO },
        Between::Years | Between::Age => Period { years: n, ..Period::ZERO },
    }
}

fn relate(hir: &Hir, plan: &mut Plan, exprs: &[ExprId]) {
    let mut parts = Parts::default();
    for id in exprs {
        parts.gather(hir, *id, DEPTH);
    }
    let lengths = parts.lengths(plan);
    for fact in &parts.facts {
        for value in &parts.constants {
            bound(plan, *fact, *value);
        }
        if !is_date(plan, *fact) {
            continue;
        }
        for other in parts.facts.iter().filter(|other| *other != fact) {
            if is_date(plan, *other) && above(hir, *other, *fact) {
                for length in &lengths {
                    link(plan, *fact, Link { other: *other, length: *length });
                }
            }
        }
    }
    for list in &parts.lists {
        for value in &parts.constants {
            bound(plan, *list, *value);
        }
    }
}

fn is_date(plan: &Plan, fact: FactId) -> bool {
    plan.field(fact).is_some_and(|field| field.kind == super::plan::Kind::Date)
}

/// Whether `upper` is of the entity of `lower` or of one that contains it.
fn above(hir: &Hir, upper: FactId, lower: FactId) -> bool {
    let entity = |f: FactId| hir.facts.get(f.index()).map(|f| f.entity);
    let (Some(wanted), mut at) = (entity(upper), entity(lower)) else { return false };
    while let Some(id) = at {
        if id == wanted {
            return true;
        }
        at = hir.entities.get(id.index()).and_then(|e| e.parent).map(|(p, _)| p);
    }
    false
}

/// A value the fact is compared with, if it could have it.
fn bound(plan: &mut Plan, fact: FactId, value: Val) {
    use super::plan::Kind;
    let law_texts = |index: u32| plan.law_texts.get(index as usize).copied().flatten();
    let value = match value {
        Val::Text(index) => match law_texts(index) {
            Some(index) => Val::Text(index),
            None => return,
        },
        other => other,
    };
    let Some(field) = plan.field_mut(fact) else { return };
    let fits = match (field.kind, value) {
        (Kind::Int | Kind::Decimal | Kind::Money, Val::Int(_) | Val::Dec(_))
        | (Kind::Many(_), Val::Int(0..=255))
        | (Kind::Date, Val::Date(_))
        | (Kind::Period, Val::Period(_))
        | (Kind::Text | Kind::Label, Val::Text(_)) => true,
        (Kind::Enum(all) | Kind::Multi(all), Val::Mask(mask)) => mask & all != 0,
        _ => false,
    };
    if fits && field.bounds.len() < KEPT && !field.bounds.contains(&value) {
        field.bounds.push(value);
    }
}

fn link(plan: &mut Plan, fact: FactId, link: Link) {
    let Some(field) = plan.field_mut(fact) else { return };
    if field.links.len() < KEPT && !field.links.contains(&link) {
        field.links.push(link);
    }
}
