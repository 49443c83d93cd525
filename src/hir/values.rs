//! Values that consequences give: choices of enumeration values, amounts with caps.
use super::consequences::{Effect, Site};
use super::errors::types as errors;
use super::exprs::bare;
use super::lowering::Lowering;
use super::model::{
    CmpOp, ConclusionId, Consequence, ConsequenceKind, EnumId, ExprId, ExprKind, Extreme, Mode, Select, Type,
    Val,
};
use super::operators::range_mask;
use super::types::is_amount;
use crate::base::Span;
use crate::syntax::ast::{self, Name, Value};

impl Lowering<'_> {
    /// The bits a choice allows and how one chooses among them.
    pub fn lower_choice(&mut self, id: EnumId, choice: &ast::Choice) -> Option<(u64, Select)> {
        let range = match choice.select {
            Select::AtLeast => Some(CmpOp::Ge),
            Select::AtMost => Some(CmpOp::Le),
            Select::All | Select::OneOf | Select::AnyOf => None,
        };
        if let Some(op) = range {
            let name = choice.names.first()?;
            if !self.is_ordered(id) {
                let name = self.enum_name(id).to_owned();
                self.report(errors::unordered(choice.span, &format!("枚举“{name}”")));
                return None;
            }
            let Some(index) = self.value_index(id, &name.text) else {
                self.report_unknown_value(id, name);
                return None;
            };
            let mask = range_mask(op, index, self.enum_values(id).len());
            return Some((mask, if mask.is_power_of_two() { Select::All } else { Select::OneOf }));
        }
        let mask = self.value_mask(id, &choice.names);
        let select = if mask.count_ones() <= 1 { Select::All } else { choice.select };
        (mask != 0).then_some((mask, select))
    }

    /// X 应当 为 V
    pub(super) fn lower_assign(
        &mut self,
        site: &Site,
        name: &Name,
        mode: Mode,
        value: &Value,
        span: Span,
    ) -> Vec<Effect> {
        let Some(conclusion) = self.target(site, name) else { return vec![Effect::None] };
        let (ty, declared) = self.declared(conclusion);
        let effect = match &ty {
            Type::Error => Effect::None,
            Type::Multi(id) => {
                let name = self.enum_name(*id).to_owned();
                self.report(errors::multi_needs_includes(span, &name));
                Effect::None
            }
            Type::Duty(_) => {
                self.report(errors::duty_mismatch(name, "义务", declared));
                Effect::None
            }
            Type::Bool => self.assign_truth(site, conclusion, name, mode, value, span),
            Type::Enum(id) => self.assign_enum(site, conclusion, *id, mode, value, span),
            _ => self.assign_amount(site, conclusion, name, mode, value, span),
        };
        vec![effect]
    }

    /// A 是否 conclusion: 是, 否, or a condition (then 是 where it holds and 否 where it does not).
    fn assign_truth(
        &mut self,
        site: &Site,
        conclusion: ConclusionId,
        name: &Name,
        mode: Mode,
        value: &Value,
        span: Span,
    ) -> Effect {
        let (_, declared) = self.declared(conclusion);
        let set = |mask| Consequence {
            conclusion,
            mode,
            kind: ConsequenceKind::Set { mask, select: Select::All },
            span,
        };
        let expr = match value {
            Value::Expr { value, caps } if caps.is_empty() => value.clone(),
            Value::Choice(ast::Choice { select: Select::All, names, .. }) if names.len() == 1 => {
                let Some(only) = names.first() else { return Effect::None };
                ast::Expr { kind: ast::ExprKind::Name(only.clone()), span: only.span }
            }
            Value::Expr { .. } => {
                self.report(errors::caps_need_amount(span, &name.text, "是否"));
                return Effect::None;
            }
            Value::Choice(choice) => {
                self.report(errors::choice_needs_enum(choice.span, &name.text, "是否", declared));
                return Effect::None;
            }
        };
        if let ast::ExprKind::Bool(truth) = bare(&expr).kind {
            return Effect::Plain(set(1 << u32::from(truth)));
        }
        let at = self.scope_of(site);
        let cond = self.lower_cond(&expr, at);
        let otherwise = self.not(cond, expr.span);
        Effect::Split(vec![(cond, set(0b10)), (otherwise, set(0b01))])
    }

    /// An enumeration: a choice of values, or whatever another name of the same enumeration says.
    fn assign_enum(
        &mut self,
        site: &Site,
        conclusion: ConclusionId,
        id: EnumId,
        mode: Mode,
        value: &Value,
        span: Span,
    ) -> Effect {
        let set = |mask, select| Consequence {
            conclusion,
            mode,
            kind: ConsequenceKind::Set { mask, select },
            span,
        };
        let (expr, only) = match value {
            Value::Choice(choice) => match choice.names.as_slice() {
                [only] if choice.select == Select::All && self.value_index(id, &only.text).is_none() => {
                    if self.lookup(site.entity, &only.text).is_none() {
                        self.report_unknown_value(id, only);
                        return Effect::None;
                    }
                    (
                        ast::Expr { kind: ast::ExprKind::Name(only.clone()), span: only.span },
                        Some(only.clone()),
                    )
                }
                _ => {
                    return match self.lower_choice(id, choice) {
                        Some((mask, select)) => Effect::Plain(set(mask, select)),
                        None => Effect::None,
                    };
                }
            },
            Value::Expr { value, .. } => (value.clone(), None),
        };
        let at = self.scope_of(site);
        let got = self.lower_expr(&expr, at, Some(&Type::Enum(id)));
        let ty = self.ty(got);
        if ty != Type::Enum(id) {
            if let (Some(only), true) = (only, ty != Type::Error) {
                self.report_unknown_value(id, &only);
            } else if ty != Type::Error {
                let (_, declared) = self.declared(conclusion);
                let (name, need, got) = (
                    self.hir.conclusions.get(conclusion.index()).map(|c| c.name.clone()).unwrap_or_default(),
                    self.type_name(&Type::Enum(id)),
                    self.type_name(&ty),
                );
                self.report(errors::wrong_value(expr.span, &name, &need, &got, declared));
            }
            return Effect::None;
        }
        if let Some(ExprKind::Const(Val::Mask(mask))) = self.hir.exprs.get(got.index()).map(|e| &e.kind) {
            return Effect::Plain(set(*mask, Select::All));
        }
        let entity = self.entity_of(got);
        let mut parts = Vec::new();
        for index in 0..self.enum_values(id).len() {
            let mask = 1 << index;
            let cond = self.push_truth(ExprKind::InSet { value: got, mask }, entity, expr.span);
            parts.push((cond, set(mask, Select::All)));
        }
        Effect::Split(parts)
    }

    /// Numbers, money, dates, periods, texts.
    fn assign_amount(
        &mut self,
        site: &Site,
        conclusion: ConclusionId,
        name: &Name,
        mode: Mode,
        value: &Value,
        span: Span,
    ) -> Effect {
        let (ty, declared) = self.declared(conclusion);
        let need = self.type_name(&ty);
        let none: &[ast::Cap] = &[];
        let (expr, caps) = match value {
            Value::Expr { value, caps } => (value.clone(), caps.as_slice()),
            Value::Choice(choice) => match choice.names.as_slice() {
                [only] if choice.select == Select::All => {
                    (ast::Expr { kind: ast::ExprKind::Name(only.clone()), span: only.span }, none)
                }
                _ => {
                    self.report(errors::choice_needs_enum(choice.span, &name.text, &need, declared));
                    return Effect::None;
                }
            },
        };
        let Some(mut result) = self.assigned(site, &expr, &ty, &name.text, declared) else {
            return Effect::None;
        };
        if !(caps.is_empty() || is_amount(&ty) || ty == Type::Date) {
            self.report(errors::caps_need_amount(span, &name.text, &need));
            return Effect::None;
        }
        for cap in caps {
            let Some(bound) = self.assigned(site, &cap.bound, &ty, &name.text, declared) else {
                return Effect::None;
            };
            let which = if cap.upper { Extreme::Least } else { Extreme::Greatest };
            let entity = self.join(&[result, bound]);
            result =
                self.push(ExprKind::ExtremeOf { which, args: vec![result, bound] }, ty.clone(), entity, span);
        }
        Effect::Plain(Consequence { conclusion, mode, kind: ConsequenceKind::Value(result), span })
    }

    fn assigned(
        &mut self,
        site: &Site,
        expr: &ast::Expr,
        ty: &Type,
        name: &str,
        declared: Span,
    ) -> Option<ExprId> {
        let at = self.scope_of(site);
        let id = self.lower_expr(expr, at, Some(ty));
        let got = self.ty(id);
        if Self::assignable(ty, &got) {
            return (got != Type::Error).then_some(id);
        }
        let (need, got) = (self.type_name(ty), self.type_name(&got));
        self.report(errors::wrong_value(expr.span, name, &need, &got, declared));
        None
    }
}
