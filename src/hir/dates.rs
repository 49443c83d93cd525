//! Dates and periods: windows, deadlines, shifts, spans between dates.
use super::errors::types as errors;
use super::lowering::{Lowering, Scope};
use super::model::{Between, ExprId, ExprKind, Type};
use crate::base::Span;
use crate::syntax::ast;

/// The unit a span is measured in.
const fn unit(measure: Between) -> &'static str {
    match measure {
        Between::Days => "日",
        Between::Workdays => "工作日",
        Between::Months => "月",
        Between::Years => "年",
        Between::Age => "周岁",
    }
}

impl Lowering<'_> {
    /// An expression that must have this type (日期, 期间); none after a complaint.
    pub fn lower_as(&mut self, expr: &ast::Expr, need: &Type, at: Scope, operator: &str) -> Option<ExprId> {
        let id = self.lower_expr(expr, at, Some(need));
        let got = self.ty(id);
        if got == *need {
            return Some(id);
        }
        if got != Type::Error {
            let (need_name, got_name) = (self.type_name(need), self.type_name(&got));
            self.report(match got {
                Type::Bool => errors::condition_as_value(expr.span, &need_name),
                Type::Date | Type::Period => errors::date_and_period(expr.span, [&need_name, &got_name]),
                _ => errors::wrong_operand(expr.span, operator, &need_name, &got_name),
            });
        }
        None
    }

    /// X 在 D 之前 P 内
    pub fn lower_window(
        &mut self,
        value: &ast::Expr,
        anchor: &ast::Expr,
        before: bool,
        within: Option<&ast::Expr>,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let word = if before { "之前" } else { "之后" };
        let v = self.lower_as(value, &Type::Date, at, word);
        let a = self.lower_as(anchor, &Type::Date, at, word);
        let w = within.map(|w| self.lower_as(w, &Type::Period, at, word));
        let (Some(value), Some(anchor)) = (v, a) else { return self.push_error(span) };
        let within = match w {
            None => None,
            Some(Some(within)) => Some(within),
            Some(None) => return self.push_error(span),
        };
        let mut parts = vec![value, anchor];
        parts.extend(within);
        let entity = self.join(&parts);
        self.push_truth(ExprKind::Window { value, anchor, before, within }, entity, span)
    }

    /// 自 X 起 P
    pub fn lower_deadline(&mut self, from: &ast::Expr, period: &ast::Expr, at: Scope, span: Span) -> ExprId {
        let from = self.lower_as(from, &Type::Date, at, "自……起");
        let period = self.lower_as(period, &Type::Period, at, "自……起");
        let (Some(from), Some(period)) = (from, period) else { return self.push_error(span) };
        let entity = self.join(&[from, period]);
        self.push(ExprKind::Deadline { from, period }, Type::Date, entity, span)
    }

    /// X 之后 P, X 之前 P
    pub fn lower_shift(
        &mut self,
        date: &ast::Expr,
        period: &ast::Expr,
        back: bool,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let word = if back { "之前" } else { "之后" };
        let date = self.lower_as(date, &Type::Date, at, word);
        let period = self.lower_as(period, &Type::Period, at, word);
        let (Some(date), Some(period)) = (date, period) else { return self.push_error(span) };
        let entity = self.join(&[date, period]);
        self.push(ExprKind::Shift { date, period, back }, Type::Date, entity, span)
    }

    /// 自 A 至 B 的 日数
    pub fn lower_between(
        &mut self,
        from: &ast::Expr,
        to: &ast::Expr,
        measure: Between,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let from = self.lower_as(from, &Type::Date, at, "自……至……");
        let to = self.lower_as(to, &Type::Date, at, "自……至……");
        let (Some(from), Some(to)) = (from, to) else { return self.push_error(span) };
        let entity = self.join(&[from, to]);
        self.push(ExprKind::Between { from, to, measure }, Type::Int(unit(measure).to_owned()), entity, span)
    }
}
