//! Consequences to rules: one rule for each subject, split where a value is not constant.
use super::copies::Copy;
use super::errors::{names as name_errors, rules as rule_errors, types as errors};
use super::lowering::{Lowering, Made, Scope, Stated, StatedCondition};
use super::model::{
    ConclusionId, Consequence, ConsequenceKind, Deem, EntityId, Exception, ExprId, ExprKind, Mode,
    ProvisionId, Rule, RuleId, Select, Type, Val,
};
use super::names::Member;
use super::priorities::Side;
use crate::base::Span;
use crate::syntax::ast::{self, Name};

/// Where a rule is made and under what conditions.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Provision that is cited.
    pub provision: ProvisionId,
    /// Whom it is about.
    pub entity: EntityId,
    /// Premise of the paragraph.
    pub premise: Vec<ExprId>,
    /// Conditions of the item: what 依照 keeps.
    pub item: Vec<ExprId>,
    /// 但…除外
    pub exceptions: Vec<Exception>,
    /// Those among them that come from the list rule above; a 但书 stays subject to them.
    pub inherited: Vec<Exception>,
    /// Priority groups whose lower side the rules join.
    pub groups: Vec<usize>,
    /// Place.
    pub span: Span,
}

/// What a consequence comes to.
pub(super) enum Effect {
    /// Of the rule at hand.
    Plain(Consequence),
    /// A rule of its own for each, under a further condition.
    Split(Vec<(ExprId, Consequence)>),
    /// 视为, 推定
    Deem(super::model::FactId, bool, ExprId),
    /// Complained about.
    None,
}

impl Lowering<'_> {
    /// Makes the rules of a clause at `site`.
    pub fn make_rules(&mut self, site: &Site, consequences: &[ast::Consequence]) -> Side {
        let all: Vec<&ast::Consequence> = consequences.iter().collect();
        self.make_rules_of(site, &all)
    }

    /// Makes the rules of some consequences at `site`.
    pub fn make_rules_of(&mut self, site: &Site, consequences: &[&ast::Consequence]) -> Side {
        let mut made = Side::default();
        let (first_rule, first_copy) = (self.hir.rules.len(), self.copies.len());
        let mut own: Vec<Consequence> = Vec::new();
        let mut of_subjects: Vec<(&ast::Subject, Site, Vec<Consequence>)> = Vec::new();
        for consequence in consequences {
            let (here, at) = match &consequence.subject {
                None => (site.clone(), None),
                Some(subject) => match of_subjects.iter().position(|(s, ..)| *s == subject) {
                    Some(index) => match of_subjects.get(index) {
                        Some((_, here, _)) => (here.clone(), Some(index)),
                        None => continue,
                    },
                    None => {
                        let Some(here) = self.site_of_subject(site, subject) else { continue };
                        of_subjects.push((subject, here.clone(), Vec::new()));
                        (here, Some(of_subjects.len() - 1))
                    }
                },
            };
            for effect in self.lower_consequence(&here, consequence) {
                match effect {
                    Effect::Plain(c) => match at.and_then(|i| of_subjects.get_mut(i)) {
                        Some((.., list)) => list.push(c),
                        None => own.push(c),
                    },
                    Effect::Split(parts) => {
                        for (cond, c) in parts {
                            let mut narrowed = here.clone();
                            narrowed.item.push(cond);
                            self.add_rule(&narrowed, vec![c]);
                        }
                    }
                    Effect::Deem(fact, presume, value) => {
                        let rule = self.add_rule(&here, Vec::new());
                        self.hir.deems.push(Deem { fact, presume, rule, value });
                    }
                    Effect::None => {}
                }
            }
        }
        let mut own_rule = None;
        if !own.is_empty() {
            own_rule = Some(self.add_rule(site, own));
        }
        for (_, here, list) in of_subjects {
            if !list.is_empty() {
                self.add_rule(&here, list);
            }
        }
        self.state_site(site, own_rule);
        made.add(Side::between(first_rule..self.hir.rules.len(), first_copy..self.copies.len()));
        made
    }

    /// What 符合 means here: the rule's guard, or the same condition as an expression.
    fn state_site(&mut self, site: &Site, own_rule: Option<RuleId>) {
        let what = match own_rule {
            Some(rule) => Stated::Rule(rule),
            None => {
                let all: Vec<ExprId> = site.premise.iter().chain(&site.item).copied().collect();
                let cond = self.all_of(&all, site.span);
                Stated::Expr(self.unless(cond, &site.exceptions, site.span))
            }
        };
        self.conditions.push(StatedCondition { provision: site.provision, what, within: None });
    }

    /// The site of 全部 COND 的 ENTITY.
    fn site_of_subject(&mut self, site: &Site, subject: &ast::Subject) -> Option<Site> {
        let Some(&entity) = self.names.entities.get(&subject.entity.text) else {
            let near = super::types::nearest(
                &subject.entity.text,
                self.hir.entities.iter().map(|e| e.name.as_str()),
            );
            self.report(name_errors::unknown_entity(&subject.entity, near.as_deref()));
            return None;
        };
        if !self.is_within(entity, site.entity) {
            let (inner, outer) =
                (self.entity_name(entity).to_owned(), self.entity_name(site.entity).to_owned());
            self.report(rule_errors::scope_not_within(subject.entity.span, &inner, &outer));
            return None;
        }
        let mut here = Site { entity, ..site.clone() };
        if let Some(cond) = &subject.cond {
            let at = self.scope_of(&here);
            here.item.push(self.lower_cond(cond, at));
        }
        Some(here)
    }

    /// Where expressions of a site stand.
    pub fn scope_of(&self, site: &Site) -> Scope {
        Scope { guard: true, ..Scope::new(site.entity, Some(site.provision), self.law_of(site.provision)) }
    }

    /// Adds one rule.
    pub fn add_rule(&mut self, site: &Site, consequences: Vec<Consequence>) -> RuleId {
        let all: Vec<ExprId> = site.premise.iter().chain(&site.item).copied().collect();
        let guard = self.all_of(&all, site.span);
        let item = (!site.item.is_empty()).then(|| self.all_of(&site.item, site.span));
        let id = RuleId(u32::try_from(self.hir.rules.len()).unwrap_or(u32::MAX));
        self.hir.rules.push(Rule {
            provision: site.provision,
            address: self.address(site.provision),
            via: None,
            entity: site.entity,
            guard,
            exceptions: site.exceptions.clone(),
            consequences,
            span: site.span,
        });
        self.made.push(Made { item });
        for &group in &site.groups {
            if let Some(group) = self.groups.get_mut(group) {
                group.low.rules.push(id);
            }
        }
        id
    }

    fn lower_consequence(&mut self, site: &Site, consequence: &ast::Consequence) -> Vec<Effect> {
        let span = consequence.span;
        let effect = match &consequence.kind {
            ast::ConsequenceKind::Affirm { mode, target } => self.lower_affirm(site, *mode, target, span),
            ast::ConsequenceKind::Assign { target, mode, value } => {
                return self.lower_assign(site, target, *mode, value, span);
            }
            ast::ConsequenceKind::Include { target, mode, choice } => {
                self.lower_include(site, target, *mode, choice, span)
            }
            ast::ConsequenceKind::Duty { target, from, period, performed, extensions } => {
                self.lower_duty(site, target, [from, period], performed, extensions, span)
            }
            ast::ConsequenceKind::Refer { mode, by_analogy, to } => {
                self.lower_refer(site, *mode, *by_analogy, to, span);
                Effect::None
            }
            ast::ConsequenceKind::Deem { presume, target, value } => {
                self.lower_deem(site, *presume, target, value.as_ref(), span)
            }
        };
        vec![effect]
    }

    fn lower_refer(&mut self, site: &Site, mode: Mode, by_analogy: bool, to: &[ast::Reference], span: Span) {
        let at = self.scope_of(site);
        let targets = self.resolve_references(to, at);
        if let Some(&own) = targets.iter().find(|&&t| self.places.covers(t, site.provision)) {
            let address = self.address(own);
            self.report(rule_errors::refers_to_itself(span, "依照", &address));
            return;
        }
        if targets.is_empty() {
            return;
        }
        let permit = by_analogy || mode == Mode::May;
        self.copies.push(Copy { site: site.clone(), permit, targets, span, made: Vec::new() });
    }

    /// The conclusion a consequence names, if it is one of the entity the rule is about.
    pub fn target(&mut self, site: &Site, name: &Name) -> Option<ConclusionId> {
        match self.names.own(site.entity, &name.text) {
            Some(Member::Conclusion(id)) => return Some(id),
            Some(member) => self.report_not_conclusion(name, member),
            None => {
                let elsewhere = self.names.everywhere.get(&name.text).cloned().unwrap_or_default();
                let conclusion = elsewhere.iter().copied().find(|(_, m)| matches!(m, Member::Conclusion(_)));
                match (conclusion, elsewhere.first(), self.names.defined.get(&name.text)) {
                    (Some((owner, member)), ..) => {
                        let below = self.is_within(owner, site.entity);
                        let (owner, here) =
                            (self.entity_name(owner).to_owned(), self.entity_name(site.entity).to_owned());
                        let declared = self.member_span(member);
                        self.report(rule_errors::wrong_scope(name, &owner, &here, below, declared));
                    }
                    (None, Some(&(_, member)), _) => self.report_not_conclusion(name, member),
                    (None, None, Some(&id)) => self.report_not_conclusion(name, Member::Definition(id)),
                    (None, None, None) => {
                        let near = super::types::nearest(
                            &name.text,
                            self.hir.conclusions.iter().map(|c| c.name.as_str()),
                        );
                        self.report(name_errors::unknown_name(name, near.as_deref()));
                    }
                }
            }
        }
        None
    }

    fn report_not_conclusion(&mut self, name: &Name, member: Member) {
        let declared = self.member_span(member);
        self.report(match member {
            Member::Fact(_) | Member::Conclusion(_) => name_errors::fact_as_conclusion(name, declared),
            Member::Definition(_) => name_errors::definition_as_conclusion(name, declared),
        });
    }

    /// Type and place of declaration of a conclusion.
    pub fn declared(&self, id: ConclusionId) -> (Type, Span) {
        self.hir
            .conclusions
            .get(id.index())
            .map_or((Type::Error, Span::default()), |c| (c.ty.clone(), c.span))
    }

    fn lower_affirm(&mut self, site: &Site, mode: Mode, name: &Name, span: Span) -> Effect {
        let Some(conclusion) = self.target(site, name) else { return Effect::None };
        let (ty, declared) = self.declared(conclusion);
        if ty != Type::Bool {
            if ty != Type::Error {
                let ty = self.type_name(&ty);
                self.report(errors::affirm_non_truth(name, &ty, declared));
            }
            return Effect::None;
        }
        let kind = ConsequenceKind::Set { mask: 0b10, select: Select::All };
        Effect::Plain(Consequence { conclusion, mode, kind, span })
    }

    fn lower_include(
        &mut self,
        site: &Site,
        name: &Name,
        mode: Mode,
        choice: &ast::Choice,
        span: Span,
    ) -> Effect {
        let Some(conclusion) = self.target(site, name) else { return Effect::None };
        let (ty, _) = self.declared(conclusion);
        let Type::Multi(id) = ty else {
            match ty {
                Type::Error => {}
                Type::Enum(id) => {
                    let name = self.enum_name(id).to_owned();
                    self.report(errors::single_needs_is(span, &name));
                }
                other => {
                    let ty = self.type_name(&other);
                    self.report(errors::needs_enum(span, "包括", &ty));
                }
            }
            return Effect::None;
        };
        let Some((mask, select)) = self.lower_choice(id, choice) else { return Effect::None };
        Effect::Plain(Consequence { conclusion, mode, kind: ConsequenceKind::Include { mask, select }, span })
    }

    fn lower_duty(
        &mut self,
        site: &Site,
        name: &Name,
        [from, period]: [&ast::Expr; 2],
        performed: &Name,
        extensions: &[(ast::Expr, ast::Expr)],
        span: Span,
    ) -> Effect {
        let Some(conclusion) = self.target(site, name) else { return Effect::None };
        let (ty, declared) = self.declared(conclusion);
        if !matches!(ty, Type::Duty(_)) {
            if ty != Type::Error {
                let ty = self.type_name(&ty);
                self.report(errors::duty_mismatch(name, &ty, declared));
            }
            return Effect::None;
        }
        let at = self.scope_of(site);
        let from = self.lower_as(from, &Type::Date, at, "自……起");
        let period = self.lower_as(period, &Type::Period, at, "……内");
        let day = ast::Expr { kind: ast::ExprKind::Name(performed.clone()), span: performed.span };
        let performed = self.lower_as(&day, &Type::Date, at, "履行日为");
        let mut longer = Vec::new();
        for (cond, added) in extensions {
            let cond = self.lower_cond(cond, at);
            if let Some(added) = self.lower_as(added, &Type::Period, at, "延长") {
                longer.push((cond, added));
            }
        }
        let (Some(from), Some(period), Some(performed)) = (from, period, performed) else {
            return Effect::None;
        };
        let kind = ConsequenceKind::Duty { from, period, performed, extensions: longer };
        Effect::Plain(Consequence { conclusion, mode: Mode::Must, kind, span })
    }

    fn lower_deem(
        &mut self,
        site: &Site,
        presume: bool,
        name: &Name,
        value: Option<&ast::Expr>,
        span: Span,
    ) -> Effect {
        let fact = match self.lookup(site.entity, &name.text) {
            Some(Member::Fact(id)) => id,
            Some(member) => {
                let what = if matches!(member, Member::Conclusion(_)) { "结论" } else { "定义" };
                let declared = self.member_span(member);
                self.report(name_errors::deem_non_fact(name, what, declared));
                return Effect::None;
            }
            None => {
                let at = self.scope_of(site);
                self.report_unknown(name, at, None);
                return Effect::None;
            }
        };
        let owner = self.member_entity(Member::Fact(fact));
        let declared = self.member_span(Member::Fact(fact));
        if owner != site.entity {
            let (owner, here) =
                (self.entity_name(owner).to_owned(), self.entity_name(site.entity).to_owned());
            self.report(rule_errors::wrong_scope(name, &owner, &here, false, declared));
            return Effect::None;
        }
        let ty = self.member_type(Member::Fact(fact));
        match self.deemed_value(&ty, value, name, declared, site, span) {
            Some(value) => Effect::Deem(fact, presume, value),
            None => Effect::None,
        }
    }

    fn deemed_value(
        &mut self,
        ty: &Type,
        value: Option<&ast::Expr>,
        name: &Name,
        declared: Span,
        site: &Site,
        span: Span,
    ) -> Option<ExprId> {
        let need = self.type_name(ty);
        if matches!(ty, Type::List(_) | Type::One(_) | Type::Error) {
            return None;
        }
        if *ty == Type::Bool {
            let truth = match value.map(|v| &super::exprs::bare(v).kind) {
                None => true,
                Some(ast::ExprKind::Bool(truth)) => *truth,
                Some(_) => {
                    self.report(errors::wrong_value(span, &name.text, "是否", "是、否以外的内容", declared));
                    return None;
                }
            };
            let val = Val::Mask(1 << u32::from(truth));
            return Some(self.push(ExprKind::Const(val), Type::Bool, super::lowering::ROOT, span));
        }
        let Some(value) = value else {
            self.report(errors::wrong_value(span, &name.text, &need, "是", declared));
            return None;
        };
        let at = self.scope_of(site);
        let id = self.lower_expr(value, at, Some(ty));
        let got = self.ty(id);
        if !Self::assignable(ty, &got) {
            let got = self.type_name(&got);
            self.report(errors::wrong_value(value.span, &name.text, &need, &got, declared));
            return None;
        }
        (got != Type::Error).then_some(id)
    }
}
