//! 依照 / 参照: the rules of other provisions under this provision's condition.
use super::consequences::Site;
use super::deps::component_order;
use super::errors::rules as errors;
use super::lowering::Lowering;
use super::model::{Consequence, ExprId, Mode, ProvisionId, RuleId};
use super::priorities::{Group, GroupKind, Side};
use crate::base::Span;
use std::collections::HashMap;

/// More copies than this are an error: each 依照 may double what the next one copies.
pub(super) const COPY_LIMIT: usize = 50_000;

/// A 依照 clause.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    /// Where and when.
    pub site: Site,
    /// 可以依照, 参照: what is obliged there is permitted here.
    pub permit: bool,
    /// Whose rules.
    pub targets: Vec<ProvisionId>,
    /// Place.
    pub span: Span,
    /// The rules it has become.
    pub made: Vec<RuleId>,
}

impl Lowering<'_> {
    /// Makes the copies, those that are copied in turn first.
    pub fn expand_copies(&mut self) {
        if self.copies.is_empty() {
            return;
        }
        let mut by_provision: Vec<Vec<RuleId>> = vec![Vec::new(); self.hir.provisions.len()];
        for (index, rule) in self.hir.rules.iter().enumerate() {
            if let Some(list) = by_provision.get_mut(rule.provision.index()) {
                list.push(RuleId(u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
        let mut above: HashMap<RuleId, Vec<usize>> = HashMap::new();
        for (index, group) in self.groups.iter().enumerate() {
            if group.kind == GroupKind::Proviso {
                for &rule in &group.high.rules {
                    above.entry(rule).or_default().push(index);
                }
            }
        }
        let Some(edges) = self.copy_edges() else { return };
        let mut total = 0;
        for component in component_order(&edges) {
            if let Some(path) = super::definitions::cycle_of(&component, &edges) {
                let steps: Vec<_> = path
                    .iter()
                    .filter_map(|&i| self.copies.get(i))
                    .map(|c| (self.address(c.site.provision).to_string(), c.span))
                    .collect();
                self.report(errors::copies_cyclic(&steps));
                continue;
            }
            for index in component {
                self.expand_copy(index, &mut by_provision, &above, &mut total);
                if total > COPY_LIMIT {
                    let span = self.copies.get(index).map(|c| c.span).unwrap_or_default();
                    self.report(errors::too_many_copies(span, COPY_LIMIT));
                    return;
                }
            }
        }
    }

    /// For each clause, the clauses that stand within what it copies; none after a complaint.
    fn copy_edges(&mut self) -> Option<Vec<Vec<usize>>> {
        let mut places: Vec<(u32, usize)> =
            self.copies.iter().enumerate().map(|(i, c)| (c.site.provision.0, i)).collect();
        places.sort_unstable();
        let mut edges = Vec::with_capacity(self.copies.len());
        let mut total = 0;
        for copy in &self.copies {
            let mut out = Vec::new();
            for &target in &copy.targets {
                let range = self.places.below(target);
                let from = places.partition_point(|&(p, _)| p < range.start);
                out.extend(places.iter().skip(from).take_while(|(p, _)| range.contains(p)).map(|&(_, i)| i));
            }
            total += out.len();
            edges.push(out);
            if total > COPY_LIMIT {
                let span = copy.span;
                self.report(errors::too_many_copies(span, COPY_LIMIT));
                return None;
            }
        }
        Some(edges)
    }

    fn expand_copy(
        &mut self,
        index: usize,
        by_provision: &mut [Vec<RuleId>],
        above: &HashMap<RuleId, Vec<usize>>,
        total: &mut usize,
    ) {
        let Some(copy) = self.copies.get(index).cloned() else { return };
        let mut sources: Vec<RuleId> = Vec::new();
        for &target in &copy.targets {
            for provision in self.places.below(target) {
                sources.extend(by_provision.get(provision as usize).into_iter().flatten());
            }
        }
        let mut copied: HashMap<RuleId, RuleId> = HashMap::new();
        let mut pairs: Vec<(RuleId, RuleId)> = Vec::new();
        for source in sources {
            *total += 1;
            if *total > COPY_LIMIT {
                return;
            }
            if let Some(made) = self.copy_rule(&copy, source) {
                copied.insert(source, made);
                pairs.push((source, made));
            }
        }
        if pairs.is_empty() {
            let address = copy.targets.first().map(|&t| self.address(t)).unwrap_or_default();
            self.report(errors::nothing_to_copy(copy.span, &address));
        }
        for &(source, made) in &pairs {
            for &group in above.get(&source).into_iter().flatten() {
                let low: Vec<RuleId> = self
                    .groups
                    .get(group)
                    .map(|g| g.low.rules.iter().filter_map(|r| copied.get(r).copied()).collect())
                    .unwrap_or_default();
                if !low.is_empty() {
                    let high = Side { rules: vec![made], ..Side::default() };
                    let low = Side { rules: low, ..Side::default() };
                    self.groups.push(Group { high, low, kind: GroupKind::Proviso, span: copy.span });
                }
            }
            if let Some(list) = by_provision.get_mut(copy.site.provision.index()) {
                list.push(made);
            }
        }
        if let Some(copy) = self.copies.get_mut(index) {
            copy.made = pairs.into_iter().map(|(_, made)| made).collect();
        }
    }

    /// One rule under the clause's condition, if it has consequences that carry over.
    fn copy_rule(&mut self, copy: &Copy, source: RuleId) -> Option<RuleId> {
        let rule = self.hir.rules.get(source.index())?.clone();
        let consequences: Vec<Consequence> = rule
            .consequences
            .iter()
            .filter(|c| !(copy.permit && c.mode == Mode::MustNot))
            .map(|c| Consequence { mode: if copy.permit { Mode::May } else { c.mode }, ..c.clone() })
            .collect();
        if consequences.is_empty() {
            return None;
        }
        if !self.is_within(rule.entity, copy.site.entity) {
            let (owner, here) =
                (self.entity_name(rule.entity).to_owned(), self.entity_name(copy.site.entity).to_owned());
            self.report(errors::provision_out_of_view(copy.span, &rule.address, &owner, &here));
            return None;
        }
        let kept: Vec<ExprId> = self.made.get(source.index()).and_then(|m| m.item).into_iter().collect();
        let site = Site {
            entity: rule.entity,
            item: copy.site.item.iter().copied().chain(kept).collect(),
            exceptions: copy.site.exceptions.iter().chain(&rule.exceptions).cloned().collect(),
            span: copy.span,
            ..copy.site.clone()
        };
        let made = self.add_rule(&site, consequences);
        if let Some(new) = self.hir.rules.get_mut(made.index()) {
            new.via = Some(rule.address);
        }
        Some(made)
    }
}
