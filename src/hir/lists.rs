//! Quantifiers and aggregates over 多个 / 一个 members, and 符合.
use super::errors::{names as errors, rules as rule_errors, types as type_errors};
use super::lowering::{Lowering, PendingMeets, ROOT, Scope};
use super::model::{EntityId, ExprId, ExprKind, Extreme, FactId, Quantifier, Type};
use super::names::Member;
use super::types::is_amount;
use crate::base::Span;
use crate::syntax::ast::{self, Name, Reference};

/// A list as named, and where its members are looked at.
struct Members {
    list: FactId,
    /// Who holds the list.
    holder: EntityId,
    /// What its members are.
    child: EntityId,
}

impl Lowering<'_> {
    /// The list a name stands for: a 多个/一个 field in view, or the entity such a field holds.
    fn resolve_list(&mut self, name: &Name, at: Scope) -> Option<Members> {
        let member = self.lookup(at.entity, &name.text);
        if let Some(Member::Fact(list)) = member
            && let Type::List(child) | Type::One(child) = self.member_type(Member::Fact(list))
        {
            self.used.facts.insert(list);
            return Some(Members { list, holder: self.member_entity(Member::Fact(list)), child });
        }
        if let Some(&child) = self.names.entities.get(&name.text) {
            return match self.parent_of(child) {
                Some((holder, list)) if self.is_within(at.entity, holder) => {
                    self.used.facts.insert(list);
                    Some(Members { list, holder, child })
                }
                Some((holder, _)) => {
                    let (holder, here) =
                        (self.entity_name(holder).to_owned(), self.entity_name(at.entity).to_owned());
                    self.report(errors::list_out_of_view(name, &holder, &here));
                    None
                }
                None => {
                    // Any other entity without a holder has been reported as a second root.
                    if child == ROOT {
                        self.report(errors::not_a_list(name, "是全案本身", None));
                    }
                    None
                }
            };
        }
        if let Some(member) = member {
            let what = format!("是{}", self.type_name(&self.member_type(member)));
            self.report(errors::not_a_list(name, &what, None));
            return None;
        }
        let near = super::types::nearest(&name.text, self.hir.entities.iter().map(|e| e.name.as_str()));
        self.report(errors::not_a_list(name, "没有声明", near.as_deref()));
        None
    }

    /// 有 / 无 / 全部
    pub fn lower_quant(
        &mut self,
        quantifier: Quantifier,
        entity: &Name,
        other: bool,
        cond: Option<&ast::Expr>,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let Some(members) = self.resolve_list(entity, at) else { return self.push_error(span) };
        if other && !self.is_within(at.entity, members.child) {
            self.report(errors::other_outside(entity));
            return self.push_error(span);
        }
        let body = Scope { other, ..at.of(members.child) };
        let cond = cond.map(|c| self.lower_cond(c, body));
        let place = if other { members.child } else { members.holder };
        self.push_truth(ExprKind::Quant { quantifier, list: members.list, other, cond }, place, span)
    }

    /// X 中 COND 的 次数
    pub fn lower_count(&mut self, entity: &Name, cond: Option<&ast::Expr>, at: Scope, span: Span) -> ExprId {
        let Some(members) = self.resolve_list(entity, at) else { return self.push_error(span) };
        let cond = cond.map(|c| self.lower_cond(c, at.of(members.child)));
        self.push(
            ExprKind::Count { list: members.list, cond },
            Type::Int(String::new()),
            members.holder,
            span,
        )
    }

    /// X 中 COND 的 Y 之和
    pub fn lower_sum(
        &mut self,
        entity: &Name,
        cond: Option<&ast::Expr>,
        field: &Name,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let Some(members) = self.resolve_list(entity, at) else { return self.push_error(span) };
        let cond = cond.map(|c| self.lower_cond(c, at.of(members.child)));
        let field_expr = self.lower_name(field, at.of(members.child), None);
        if !self.expect_amount(field_expr, "之和") {
            return self.push_error(span);
        }
        let ty = self.ty(field_expr);
        self.push(ExprKind::Sum { list: members.list, cond, field: field_expr }, ty, members.holder, span)
    }

    /// X 中 COND 的 最早的 Y
    pub fn lower_extreme_in(
        &mut self,
        entity: &Name,
        cond: Option<&ast::Expr>,
        which: Extreme,
        field: &Name,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let Some(members) = self.resolve_list(entity, at) else { return self.push_error(span) };
        let cond = cond.map(|c| self.lower_cond(c, at.of(members.child)));
        let field_expr = self.lower_name(field, at.of(members.child), None);
        let ty = self.ty(field_expr);
        let ordered = match &ty {
            Type::Enum(id) => self.is_ordered(*id),
            other => is_amount(other) || *other == Type::Date,
        };
        if !ordered {
            let got = self.type_name(&ty);
            self.report(type_errors::wrong_operand(
                field.span,
                "最早的、最晚的、最高的、最低的",
                "数、金额或者日期",
                &got,
            ));
            return self.push_error(span);
        }
        let kind = ExprKind::ExtremeIn { list: members.list, cond, which, field: field_expr };
        self.push(kind, ty, members.holder, span)
    }

    /// 符合 第八条: filled in once all rules stand.
    pub fn lower_meets(&mut self, reference: &Reference, at: Scope, span: Span) -> ExprId {
        let targets = self.resolve_reference(reference, at);
        if targets.is_empty() {
            return self.push_error(span);
        }
        let mut entity = ROOT;
        for &target in &targets {
            if at.guard && at.provision.is_some_and(|p| self.places.covers(target, p)) {
                let address = self.address(target);
                self.report(rule_errors::refers_to_itself(span, "符合", &address));
                return self.push_error(span);
            }
            let base = self.base_entity_below(target);
            if !self.is_within(at.entity, base) {
                let (address, owner, here) = (
                    self.address(target),
                    self.entity_name(base).to_owned(),
                    self.entity_name(at.entity).to_owned(),
                );
                self.report(rule_errors::provision_out_of_view(span, &address, &owner, &here));
                return self.push_error(span);
            }
            entity = self.deeper(entity, base);
        }
        let kind = ExprKind::Meets { rules: Vec::new(), conditions: Vec::new() };
        let expr = self.push_truth(kind, entity, span);
        self.meets.push(PendingMeets { expr, targets });
        expr
    }

    /// Fills in 符合 expressions.
    pub fn resolve_meets(&mut self) {
        self.conditions.sort_by_key(|c| c.provision);
        for pending in std::mem::take(&mut self.meets) {
            let (mut rules, mut conditions) = (Vec::new(), Vec::new());
            for &target in &pending.targets {
                let range = self.places.below(target);
                let from = self.conditions.partition_point(|c| c.provision.0 < range.start);
                let is_proviso = |p: super::model::ProvisionId| {
                    self.hir
                        .provisions
                        .get(p.index())
                        .is_some_and(|p| p.kind == crate::base::PartKind::Proviso)
                };
                for stated in self.conditions.iter().skip(from).take_while(|c| range.contains(&c.provision.0))
                {
                    let taken_in = stated.within.is_some_and(|w| range.contains(&w.0));
                    if taken_in || (is_proviso(stated.provision) && !is_proviso(target)) {
                        continue;
                    }
                    match stated.what {
                        super::lowering::Stated::Rule(id) => rules.push(id),
                        super::lowering::Stated::Expr(id) => conditions.push(id),
                    }
                }
            }
            rules.sort_unstable();
            rules.dedup();
            conditions.sort_unstable();
            conditions.dedup();
            let span = self.span_of(pending.expr);
            if rules.is_empty() && conditions.is_empty() {
                let address = pending.targets.first().map(|&t| self.address(t)).unwrap_or_default();
                self.report(rule_errors::nothing_to_meet(span, &address));
            }
            if let Some(expr) = self.hir.exprs.get_mut(pending.expr.index()) {
                expr.kind = ExprKind::Meets { rules, conditions };
            }
        }
    }
}
