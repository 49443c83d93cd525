//! Expressions: each kind to its typed form; names and paths to what they mean.
use super::errors::{names as errors, types as type_errors};
use super::lowering::{Lowering, Scope};
use super::model::{EntityId, ExprId, ExprKind, Type, Val};
use super::names::Member;
use crate::base::Span;
use crate::syntax::ast::{self, Name};

/// The part of a 义务 that 之 reads.
const DUTY_DEADLINE: &str = "届满日";

/// Once there are so many diagnostics, looking for near names stops being worth its time.
const NEAR_LIMIT: usize = 200;

/// An expression without its brackets.
pub(super) fn bare(expr: &ast::Expr) -> &ast::Expr {
    let mut at = expr;
    while let ast::ExprKind::Paren(inner) = &at.kind {
        at = inner;
    }
    at
}

/// The name, if the expression is nothing but a name.
pub(super) fn bare_name(expr: &ast::Expr) -> Option<&Name> {
    match &bare(expr).kind {
        ast::ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

/// Whether the expression is a constant as written.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    matches!(
        bare(expr).kind,
        ast::ExprKind::Quantity { .. }
            | ast::ExprKind::Ratio(_)
            | ast::ExprKind::Date(_)
            | ast::ExprKind::Text(_)
            | ast::ExprKind::Bool(_)
    )
}

impl Lowering<'_> {
    /// A condition: 是否, or a complaint.
    pub fn lower_cond(&mut self, expr: &ast::Expr, at: Scope) -> ExprId {
        let id = self.lower_expr(expr, at, Some(&Type::Bool));
        match self.ty(id) {
            Type::Bool => id,
            Type::Error => self.push_error(expr.span),
            other => {
                let (got, example) = (self.type_name(&other), self.condition_example(&other, expr));
                self.report(type_errors::not_a_condition(expr.span, &got, &example));
                self.push_error(expr.span)
            }
        }
    }

    /// How a value of this type could be made a condition.
    fn condition_example(&self, ty: &Type, expr: &ast::Expr) -> String {
        let word = bare_name(expr).map_or("……", |n| n.text.as_str());
        match ty {
            Type::Enum(id) | Type::Duty(id) => {
                let value = self.enum_values(*id).into_iter().next().unwrap_or_default();
                format!("{word} 为 {value}")
            }
            Type::Multi(id) => {
                let value = self.enum_values(*id).into_iter().next().unwrap_or_default();
                format!("{word} 包括 {value}")
            }
            Type::Int(unit) | Type::Decimal(unit) if unit.is_empty() => format!("{word} 等于 3"),
            Type::Int(unit) | Type::Decimal(unit) => format!("{word} 3{unit}以上"),
            Type::Money => format!("{word} 超过 一万元"),
            Type::Date => format!("{word} 早于 某日期"),
            Type::Period | Type::Text | Type::Bool | Type::Error => format!("{word} 等于 ……"),
            Type::List(e) | Type::One(e) => format!("有 …… 的 {}", self.entity_name(*e)),
        }
    }

    /// Any expression; `want` is the type the place asks for, which decides how names of values and
    /// words such as 三日 are read. The result's type is checked by the caller.
    pub fn lower_expr(&mut self, expr: &ast::Expr, at: Scope, want: Option<&Type>) -> ExprId {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Paren(inner) => self.lower_expr(inner, at, want),
            ast::ExprKind::Bool(value) => self.lower_bool(*value, span, want),
            ast::ExprKind::Quantity { value, unit, period } => {
                self.lower_quantity(*value, unit, *period, span, want)
            }
            ast::ExprKind::Ratio(ratio) => self.lower_ratio(*ratio, span),
            ast::ExprKind::Date(date) => {
                self.push(ExprKind::Const(Val::Date(*date)), Type::Date, super::lowering::ROOT, span)
            }
            ast::ExprKind::Text(text) => {
                let index = self.intern_text(text);
                self.push(ExprKind::Const(Val::Text(index)), Type::Text, super::lowering::ROOT, span)
            }
            ast::ExprKind::Name(name) => self.lower_name(name, at, want),
            ast::ExprKind::Path(whole, part) => self.lower_path(whole, part, at),
            ast::ExprKind::And(parts) => {
                let parts: Vec<ExprId> = parts.iter().map(|p| self.lower_cond(p, at)).collect();
                self.all_of(&parts, span)
            }
            ast::ExprKind::Or(parts) => {
                let parts: Vec<ExprId> = parts.iter().map(|p| self.lower_cond(p, at)).collect();
                self.any_of(&parts, span)
            }
            ast::ExprKind::Not(inner) => {
                let inner = self.lower_cond(inner, at);
                self.not(inner, span)
            }
            ast::ExprKind::IsOneOf { value, names, negated } => {
                self.lower_is_one_of(value, names, *negated, at, span)
            }
            ast::ExprKind::Includes { value, names, all, negated } => {
                self.lower_includes(value, names, *all, *negated, at, span)
            }
            ast::ExprKind::Cmp { op, left, right } => self.lower_cmp(*op, left, right, at, span),
            ast::ExprKind::Share { part, whole, op, ratio } => {
                self.lower_share(part, whole, *op, *ratio, at, span)
            }
            ast::ExprKind::Window { value, anchor, before, within } => {
                self.lower_window(value, anchor, *before, within.as_deref(), at, span)
            }
            ast::ExprKind::InRange { value, low, high } => self.lower_in_range(value, low, high, at, span),
            ast::ExprKind::Quant { quantifier, entity, other, cond } => {
                self.lower_quant(*quantifier, entity, *other, cond.as_deref(), at, span)
            }
            ast::ExprKind::Meets(reference) => self.lower_meets(reference, at, span),
            ast::ExprKind::Arith { op, left, right } => self.lower_arith(*op, left, right, at, span),
            ast::ExprKind::Portion { base, ratio } => self.lower_portion(base, *ratio, at, span),
            ast::ExprKind::ExtremeOf { which, args } => self.lower_extreme_of(*which, args, at, span),
            ast::ExprKind::Round { mode, value, digits } => self.lower_round(*mode, value, *digits, at, span),
            ast::ExprKind::Count { entity, cond } => self.lower_count(entity, cond.as_deref(), at, span),
            ast::ExprKind::Sum { entity, cond, field } => {
                self.lower_sum(entity, cond.as_deref(), field, at, span)
            }
            ast::ExprKind::ExtremeIn { entity, cond, which, field } => {
                self.lower_extreme_in(entity, cond.as_deref(), *which, field, at, span)
            }
            ast::ExprKind::Deadline { from, period } => self.lower_deadline(from, period, at, span),
            ast::ExprKind::Shift { date, period, back } => self.lower_shift(date, period, *back, at, span),
            ast::ExprKind::Between { from, to, measure } => self.lower_between(from, to, *measure, at, span),
            ast::ExprKind::Error => self.push_error(span),
        }
    }

    /// A name: a value if the place asks for one, else a member in view.
    pub fn lower_name(&mut self, name: &Name, at: Scope, want: Option<&Type>) -> ExprId {
        let member = self.lookup(at.entity, &name.text);
        if let Some(Type::Enum(id) | Type::Multi(id) | Type::Duty(id)) = want
            && let Some(index) = self.value_index(*id, &name.text)
        {
            if let Some(member) = member
                && want == Some(&self.member_type(member))
            {
                let declared = self.member_span(member);
                let value = (
                    format!("“{}”的取值", self.enum_name(*id)),
                    self.hir.enums.get(id.index()).map(|e| e.span).unwrap_or_default(),
                );
                let other = (format!("名称“{}”", name.text), declared);
                self.report(errors::ambiguous(name, &[value, other]));
            }
            let ty = want.cloned().unwrap_or(Type::Error);
            return self.push(ExprKind::Const(Val::Mask(1 << index)), ty, super::lowering::ROOT, name.span);
        }
        match member {
            Some(member) => self.lower_member(member, name, at),
            None => {
                self.report_unknown(name, at, want);
                self.push_error(name.span)
            }
        }
    }

    /// A member as an expression.
    pub fn lower_member(&mut self, member: Member, name: &Name, at: Scope) -> ExprId {
        let (ty, entity) = (self.member_type(member), self.member_entity(member));
        let kind = match member {
            Member::Fact(id) => {
                self.used.facts.insert(id);
                if let Type::List(child) | Type::One(child) = ty {
                    let child = self.entity_name(child).to_owned();
                    self.report(type_errors::list_as_value(name, &child, matches!(ty, Type::One(_))));
                    return self.push_error(name.span);
                }
                ExprKind::Fact(id)
            }
            Member::Conclusion(id) => {
                self.used.conclusions.insert(id);
                ExprKind::Conclusion(id)
            }
            Member::Definition(id) => {
                self.used.definitions.insert(id);
                if !self.is_within(at.entity, entity) {
                    self.report_out_of_view(name, entity, at.entity, member);
                    return self.push_error(name.span);
                }
                ExprKind::Definition(id)
            }
        };
        let ty = if let Type::Duty(id) = ty { Type::Enum(id) } else { ty };
        self.push(kind, ty, entity, name.span)
    }

    fn report_out_of_view(&mut self, name: &Name, owner: EntityId, here: EntityId, member: Member) {
        let declared = self.member_span(member);
        let (owner, here) = (self.entity_name(owner).to_owned(), self.entity_name(here).to_owned());
        self.report(errors::out_of_view(name, &owner, &here, declared));
    }

    /// Complains about a name that means nothing here, as helpfully as can be.
    pub fn report_unknown(&mut self, name: &Name, at: Scope, want: Option<&Type>) {
        let elsewhere = self.names.everywhere.get(&name.text).and_then(|m| m.first()).copied();
        if let Some((owner, member)) = elsewhere {
            self.report_out_of_view(name, owner, at.entity, member);
            return;
        }
        if let Some(&entity) = self.names.entities.get(&name.text) {
            let entity = self.entity_name(entity).to_owned();
            self.report(type_errors::list_as_value(name, &entity, false));
            return;
        }
        if let Some(Type::Enum(id) | Type::Multi(id) | Type::Duty(id)) = want {
            self.report_unknown_value(*id, name);
            return;
        }
        if let Some(owners) = self.names.values.get(&name.text) {
            let owners: Vec<String> = owners.iter().map(|&o| self.enum_name(o).to_owned()).collect();
            self.report(errors::value_as_name(name, &owners));
            return;
        }
        let near = if self.diags.len() < NEAR_LIMIT {
            let values = self.hir.enums.iter().flat_map(|e| &e.values);
            super::types::nearest(&name.text, self.names.all.iter().chain(values).map(String::as_str))
        } else {
            None
        };
        self.report(errors::unknown_name(name, near.as_deref()));
    }

    fn lower_path(&mut self, whole: &Name, part: &Name, at: Scope) -> ExprId {
        let span = whole.span.to(part.span);
        if let Some(member) = self.lookup(at.entity, &whole.text) {
            let ty = self.member_type(member);
            return match (member, ty) {
                (Member::Conclusion(id), Type::Duty(_)) if part.text == DUTY_DEADLINE => {
                    self.used.conclusions.insert(id);
                    let entity = self.member_entity(member);
                    self.push(ExprKind::DutyDeadline(id), Type::Date, entity, span)
                }
                (Member::Fact(list), Type::One(child)) => self.path_into_one(list, child, part, at, span),
                (_, Type::Error) => self.push_error(span),
                (_, Type::Duty(_)) => self.bad_path(whole, part, "义务只有“届满日”"),
                (_, Type::List(_)) => self.bad_path(whole, part, &format!("“{}”有多个", whole.text)),
                _ => self.bad_path(whole, part, &format!("“{}”没有下属的内容", whole.text)),
            };
        }
        let Some(&entity) = self.names.entities.get(&whole.text) else {
            self.report_unknown(whole, at, None);
            return self.push_error(span);
        };
        if self.is_within(at.entity, entity) {
            return match self.names.own(entity, &part.text) {
                Some(member) => self.lower_member(member, part, at),
                None => self.bad_path(whole, part, &format!("“{}”没有“{}”", whole.text, part.text)),
            };
        }
        match self.parent_of(entity) {
            Some((holder, list)) if self.is_within(at.entity, holder) => {
                let one = self.hir.facts.get(list.index()).is_some_and(|f| matches!(f.ty, Type::One(_)));
                if one {
                    self.path_into_one(list, entity, part, at, span)
                } else {
                    self.bad_path(whole, part, &format!("“{}”有多个", whole.text))
                }
            }
            Some(_) | None => self.bad_path(whole, part, &format!("“{}”不在这里的范围内", whole.text)),
        }
    }

    fn path_into_one(
        &mut self,
        list: super::model::FactId,
        child: EntityId,
        part: &Name,
        at: Scope,
        span: Span,
    ) -> ExprId {
        self.used.facts.insert(list);
        let body = self.lower_name(part, at.of(child), None);
        let (ty, holder) = (self.ty(body), self.member_entity(Member::Fact(list)));
        self.push(ExprKind::OfOne { list, body }, ty, holder, span)
    }

    fn bad_path(&mut self, whole: &Name, part: &Name, why: &str) -> ExprId {
        self.report(errors::no_such_part(whole, part, why));
        self.push_error(whole.span.to(part.span))
    }
}
