//! Priorities: 优先于, 除…另有规定外 and 但书 as a strict order over rules, closed and kept where it matters.
use super::deps::{component_order, shortest_cycle};
use super::errors::rules as errors;
use super::lowering::{Lowering, Scope};
use super::model::{ConclusionId, Mode, ProvisionId, RuleId};
use super::precedence::{PAIR_LIMIT, Precedence, closure, conclusions_of};
use crate::base::Span;
use crate::syntax::ast::Reference;
use std::ops::Range;

/// Of more pairs of provisions in one statement none is told apart.
const PRECEDENCE_LIMIT: usize = 4096;

/// How a priority was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupKind {
    /// 本条优先于第X条
    Stated,
    /// 除第X条另有规定外
    Except,
    /// 但书 over what it qualifies
    Proviso,
}

/// Rules on one side of a priority.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// All rules at or below these.
    pub provisions: Vec<ProvisionId>,
    /// These rules.
    pub rules: Vec<RuleId>,
    /// What these 依照 clauses become.
    pub copies: Vec<usize>,
}

impl Side {
    /// Rules and clauses made one after the other.
    pub fn between(rules: Range<usize>, copies: Range<usize>) -> Self {
        let rules = rules.filter_map(|r| u32::try_from(r).ok()).map(RuleId).collect();
        Self { provisions: Vec::new(), rules, copies: copies.collect() }
    }

    /// Takes in another side.
    pub fn add(&mut self, other: Self) {
        self.provisions.extend(other.provisions);
        self.rules.extend(other.rules);
        self.copies.extend(other.copies);
    }
}

/// Every rule of `high` goes before every rule of `low`.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The stronger.
    pub high: Side,
    /// The weaker.
    pub low: Side,
    /// How it was stated.
    pub kind: GroupKind,
    /// Place.
    pub span: Span,
}

impl Lowering<'_> {
    /// A 优先于 B
    pub fn state_priority(&mut self, higher: &Reference, lower: &[Reference], at: Scope, span: Span) {
        let high = self.resolve_reference(higher, at);
        let low = self.resolve_references(lower, at);
        for &h in &high {
            let overlap = low.iter().find(|&&l| self.places.covers(h, l) || self.places.covers(l, h));
            if let Some(&l) = overlap {
                let address = self.address(l);
                self.report(errors::refers_to_itself(span, "优先于", &address));
                return;
            }
        }
        let side = |provisions| Side { provisions, ..Side::default() };
        self.groups.push(Group { high: side(high), low: side(low), kind: GroupKind::Stated, span });
    }

    /// Puts rules in order of text and renumbers whatever names them.
    pub fn sort_rules(&mut self) {
        let mut order: Vec<usize> = (0..self.hir.rules.len()).collect();
        order.sort_by_key(|&i| self.hir.rules.get(i).map(|r| r.provision));
        let mut new_id = vec![RuleId(0); order.len()];
        for (new, &old) in order.iter().enumerate() {
            if let Some(slot) = new_id.get_mut(old) {
                *slot = RuleId(u32::try_from(new).unwrap_or(u32::MAX));
            }
        }
        let renumber = |id: &mut RuleId| {
            if let Some(&new) = new_id.get(id.index()) {
                *id = new;
            }
        };
        let mut rules: Vec<Option<_>> = std::mem::take(&mut self.hir.rules).into_iter().map(Some).collect();
        let mut made: Vec<Option<_>> = std::mem::take(&mut self.made).into_iter().map(Some).collect();
        for &old in &order {
            self.hir.rules.extend(rules.get_mut(old).and_then(Option::take));
            self.made.extend(made.get_mut(old).and_then(Option::take));
        }
        self.hir.deems.iter_mut().for_each(|d| renumber(&mut d.rule));
        self.hir.deems.sort_by_key(|d| d.rule);
        self.copies.iter_mut().flat_map(|c| &mut c.made).for_each(renumber);
        for condition in &mut self.conditions {
            if let super::lowering::Stated::Rule(id) = &mut condition.what {
                renumber(id);
            }
        }
        for group in &mut self.groups {
            group.high.rules.iter_mut().chain(&mut group.low.rules).for_each(renumber);
        }
        for (index, rule) in self.hir.rules.iter().enumerate() {
            if let Some(provision) = self.hir.provisions.get_mut(rule.provision.index()) {
                provision.rules.push(RuleId(u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
    }

    /// All rules of a side, sorted.
    fn side_rules(&self, side: &Side) -> Vec<usize> {
        let mut out: Vec<usize> = side.rules.iter().map(|r| r.index()).collect();
        for &copy in &side.copies {
            out.extend(self.copies.get(copy).into_iter().flat_map(|c| &c.made).map(|r| r.index()));
        }
        for &provision in &side.provisions {
            let range = self.places.below(provision);
            let from = self.hir.rules.partition_point(|r| r.provision.0 < range.start);
            let to = self.hir.rules.partition_point(|r| r.provision.0 < range.end);
            out.extend(from..to);
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Fills `hir.priorities`.
    pub fn close_priorities(&mut self) {
        let count = self.hir.rules.len();
        let groups = std::mem::take(&mut self.groups);
        // A node for each rule, then one for each group: rules of `high` → group → rules of `low`.
        let mut edges: Vec<Vec<usize>> = vec![Vec::new(); count + groups.len()];
        let targets: Vec<Vec<ConclusionId>> = self.hir.rules.iter().map(conclusions_of).collect();
        for (index, group) in groups.iter().enumerate() {
            let (high, low) = (self.side_rules(&group.high), self.side_rules(&group.low));
            for &h in &high {
                if let Some(out) = edges.get_mut(h) {
                    out.push(count + index);
                }
            }
            if group.kind != GroupKind::Proviso {
                self.check_group(group, &high, &low, &targets);
            }
            if let Some(out) = edges.get_mut(count + index) {
                *out = low;
            }
        }
        let mut cyclic = false;
        for component in component_order(&edges) {
            if component.len() > 1 {
                cyclic = true;
                self.report_cycle(&component, &edges, &groups);
            }
        }
        if !cyclic {
            let (pairs, too_many) = closure(count, &edges, &targets);
            if too_many {
                let span = groups.first().map(|g| g.span).unwrap_or_default();
                self.report(errors::too_many_priorities(span, PAIR_LIMIT));
            }
            self.hir.priorities = pairs;
            self.hir.stated = groups.iter().flat_map(|g| self.state_precedences(g)).collect();
        }
        self.groups = groups;
    }

    /// The stated priorities, one for each pair of provisions they name.
    fn state_precedences(&self, group: &Group) -> Vec<Precedence> {
        let (highs, lows) = (self.sides(&group.high), self.sides(&group.low));
        let (highs, lows) = if highs.len().saturating_mul(lows.len()) > PRECEDENCE_LIMIT {
            (self.as_one(&group.high), self.as_one(&group.low))
        } else {
            (highs, lows)
        };
        let mut out = Vec::new();
        for (higher, high) in highs {
            for (lower, low) in lows.clone() {
                out.push(Precedence {
                    high: high.clone(),
                    low,
                    higher,
                    lower,
                    proviso: group.kind == GroupKind::Proviso,
                    span: group.span,
                });
            }
        }
        out
    }

    /// A side as a whole.
    fn as_one(&self, side: &Side) -> Vec<(Option<ProvisionId>, Vec<RuleId>)> {
        let rules = self.side_rules(side).into_iter().filter_map(|r| u32::try_from(r).ok()).map(RuleId);
        vec![(None, rules.collect())]
    }

    /// The rules of each provision a side names, then those it has of itself.
    fn sides(&self, side: &Side) -> Vec<(Option<ProvisionId>, Vec<RuleId>)> {
        let own = Side { provisions: Vec::new(), ..side.clone() };
        let named =
            side.provisions.iter().map(|&p| (Some(p), Side { provisions: vec![p], ..Side::default() }));
        let all = named.chain(std::iter::once((None, own)));
        let with_rules = |(p, side)| self.as_one(&side).into_iter().map(move |(_, rules)| (p, rules));
        all.flat_map(with_rules).filter(|(_, rules)| !rules.is_empty()).collect()
    }

    /// Shows the way round.
    fn report_cycle(&mut self, component: &[usize], edges: &[Vec<usize>], groups: &[Group]) {
        let count = self.hir.rules.len();
        let Some(start) = component.iter().copied().find(|&n| n < count) else { return };
        let Some(path) = shortest_cycle(start, component, edges) else { return };
        let rules: Vec<String> =
            path.iter().filter_map(|&n| self.hir.rules.get(n)).map(|r| r.address.to_string()).collect();
        let spans: Vec<Span> = path
            .iter()
            .filter_map(|&n| n.checked_sub(count))
            .filter_map(|g| groups.get(g))
            .map(|g| g.span)
            .collect();
        self.report(match (rules.as_slice(), spans.as_slice()) {
            ([a, b], [first, second]) => errors::opposite_priorities(a, b, *first, *second),
            _ => errors::priority_cycle(&rules, &spans),
        });
    }

    /// Warns about a stated priority that changes nothing.
    fn check_group(&mut self, group: &Group, high: &[usize], low: &[usize], targets: &[Vec<ConclusionId>]) {
        if high.is_empty() || low.is_empty() {
            let side = if high.is_empty() { &group.high } else { &group.low };
            if let Some(&provision) = side.provisions.first() {
                let address = self.address(provision);
                self.report(errors::priority_without_rules(group.span, &address));
            }
            return;
        }
        let of = |rules: &[usize], mode: Option<Mode>| {
            let mut out: Vec<ConclusionId> = Vec::new();
            for &r in rules {
                match mode {
                    None => out.extend(targets.get(r).into_iter().flatten()),
                    Some(mode) => out.extend(
                        self.hir
                            .rules
                            .get(r)
                            .into_iter()
                            .flat_map(|r| &r.consequences)
                            .filter(|c| (c.mode == Mode::May) == (mode == Mode::May))
                            .map(|c| c.conclusion),
                    ),
                }
            }
            out.sort_unstable();
            out.dedup();
            out
        };
        let (a, b) = (of(high, None), of(low, None));
        let shared: Vec<ConclusionId> = a.into_iter().filter(|c| b.binary_search(c).is_ok()).collect();
        if shared.is_empty() {
            self.report(errors::priority_without_effect(group.span));
            return;
        }
        let binding_above = of(high, Some(Mode::Must));
        let permitting_below = of(low, Some(Mode::May));
        let matters = |c: &ConclusionId| {
            binding_above.binary_search(c).is_ok() || permitting_below.binary_search(c).is_ok()
        };
        if !shared.iter().any(matters) {
            self.report(errors::permission_above_duty(group.span));
        }
    }
}
