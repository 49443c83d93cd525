//! 但书: exceptions to a rule, rules that take its place, and 但书 within 但书.
use super::consequences::Site;
use super::errors::rules as errors;
use super::lowering::{Lowering, Scope};
use super::model::{Exception, ExprId, ListKind, Mode, ProvisionId};
use super::priorities::{Group, GroupKind, Side};
use crate::syntax::ast::{self, ConsequenceKind};

/// A 但书 with consequences.
#[derive(Clone, Debug)]
pub(super) struct Override<'a> {
    /// The 但书.
    provision: ProvisionId,
    /// Its condition, with those of the 但书 around it.
    conds: Vec<ExprId>,
    /// 但…除外 within it.
    exceptions: Vec<Exception>,
    /// What follows.
    consequences: &'a [ast::Consequence],
    /// The 但书 of the same plan it qualifies; none: the rule itself.
    above: Option<usize>,
    span: crate::base::Span,
}

/// What a chain of 但书 amounts to, besides exceptions.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan<'a> {
    /// Those with consequences.
    pub overrides: Vec<Override<'a>>,
    /// Some 但书 takes the items of the provision as its list.
    pub lists_items: bool,
}

impl<'a> Lowering<'a> {
    /// Exceptions of a 但书; what else it amounts to goes into `plan`. Recursion: no deeper than
    /// [`super::lowering::PROVISO_LIMIT`], beyond which a 但书 has no provision.
    pub fn plan_proviso(
        &mut self,
        proviso: &'a ast::Proviso,
        host: ProvisionId,
        at: Scope,
        around: &[ExprId],
        above: Option<usize>,
        plan: &mut Plan<'a>,
    ) -> Vec<Exception> {
        let Some(&id) = self.places.provisos.get(&std::ptr::from_ref(proviso)) else { return Vec::new() };
        let here = Scope { provision: Some(id), ..at };
        let cond = proviso.cond.as_ref().map(|c| self.lower_cond(c, here));
        if let Some(cond) = cond {
            self.state_condition(id, cond);
        }
        let mut exceptions = Vec::new();
        let mut conds = around.to_vec();
        conds.extend(cond);
        if let Some(list) = &proviso.list {
            plan.lists_items = true;
            let parts = self.item_parts(host, list.span, at);
            let mut holds = Vec::new();
            for part in parts {
                self.reject_overrides(&part.overrides);
                self.conditions.push(super::lowering::StatedCondition {
                    provision: part.provision,
                    what: super::lowering::Stated::Expr(part.cond),
                    within: Some(host),
                });
                holds.push(self.unless(part.cond, &part.exceptions, list.span));
                let both: Vec<ExprId> = cond.into_iter().chain([part.cond]).collect();
                let cond = self.all_of(&both, list.span);
                exceptions.push(Exception {
                    address: self.address(part.provision),
                    cond,
                    inner: part.exceptions,
                });
            }
            let one_rule = list.kind == ListKind::All || !proviso.consequences.is_empty();
            if one_rule {
                exceptions.clear();
                conds.push(match list.kind {
                    ListKind::All => self.all_of(&holds, list.span),
                    ListKind::Any | ListKind::Each => self.any_of(&holds, list.span),
                });
                let whole: Vec<ExprId> = conds.iter().skip(around.len()).copied().collect();
                let cond = self.all_of(&whole, list.span);
                exceptions.push(Exception { address: self.address(id), cond, inner: Vec::new() });
            }
        } else if let Some(cond) = cond {
            exceptions.push(Exception { address: self.address(id), cond, inner: Vec::new() });
        } else if proviso.consequences.is_empty() {
            self.report(errors::proviso_without_condition(proviso.span));
        }
        if proviso.consequences.is_empty() {
            if let Some(inner) = &proviso.inner {
                let inner = self.plan_proviso(inner, host, at, &conds, None, plan);
                for exception in &mut exceptions {
                    exception.inner.extend(inner.iter().cloned());
                }
            }
            return exceptions;
        }
        let index = plan.overrides.len();
        plan.overrides.push(Override {
            provision: id,
            conds: conds.clone(),
            exceptions: Vec::new(),
            consequences: &proviso.consequences,
            above,
            span: proviso.span,
        });
        if let Some(inner) = &proviso.inner {
            let inner = self.plan_proviso(inner, host, at, &conds, Some(index), plan);
            if let Some(slot) = plan.overrides.get_mut(index) {
                slot.exceptions = inner;
            }
        }
        Vec::new()
    }

    /// Makes the rules of 但书 with consequences, each above what it qualifies.
    pub fn make_overrides(&mut self, site: &Site, item: &[ExprId], overrides: &[Override<'a>], host: &Side) {
        let mut made: Vec<Side> = Vec::new();
        for qualified in overrides {
            let mut conds = item.to_vec();
            conds.extend(&qualified.conds);
            let here = Site {
                provision: qualified.provision,
                item: conds,
                exceptions: qualified.exceptions.iter().chain(&site.inherited).cloned().collect(),
                span: qualified.span,
                ..site.clone()
            };
            let (binding, permitting): (Vec<&ast::Consequence>, Vec<&ast::Consequence>) =
                qualified.consequences.iter().partition(|c| mode_of(&c.kind) != Mode::May);
            let high = self.make_rules_of(&here, &binding);
            let low = match qualified.above {
                Some(index) => made.get(index).cloned().unwrap_or_default(),
                None => host.clone(),
            };
            if !binding.is_empty() {
                let group = Group { high: high.clone(), low, kind: GroupKind::Proviso, span: qualified.span };
                self.groups.push(group);
            }
            let mut all = high;
            if !permitting.is_empty() {
                all.add(self.make_rules_of(&here, &permitting));
            }
            made.push(all);
        }
    }

    /// Complains about 但书 with consequences where there is no consequence to put aside.
    pub fn reject_overrides(&mut self, overrides: &[Override<'a>]) {
        for qualified in overrides {
            self.report(errors::proviso_without_rule(qualified.span));
        }
    }

    /// A rule and its 但书 cannot both take the items, and a 但书 needs something to except from.
    pub fn check_proviso_lists(&mut self, rule: &ast::Rule, proviso: &ast::Proviso) {
        let nothing = rule.consequences.is_empty() && rule.list.is_none();
        if nothing {
            self.report(errors::proviso_without_rule(proviso.span));
        }
        if let Some(list) = &rule.list
            && super::rules::proviso_list(proviso)
        {
            self.report(errors::two_lists(proviso.span, list.span));
        }
    }
}

/// Mode of a consequence; duties and 视为 bind.
pub(super) fn mode_of(kind: &ConsequenceKind) -> Mode {
    match kind {
        ConsequenceKind::Affirm { mode, .. }
        | ConsequenceKind::Assign { mode, .. }
        | ConsequenceKind::Include { mode, .. }
        | ConsequenceKind::Refer { by_analogy: false, mode, .. } => *mode,
        ConsequenceKind::Refer { by_analogy: true, .. } => Mode::May,
        ConsequenceKind::Duty { .. } | ConsequenceKind::Deem { .. } => Mode::Must,
    }
}
