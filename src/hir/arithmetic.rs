//! Arithmetic: sums, products, parts, extremes, rounding; 日期 加 期间 becomes calendar arithmetic.
use super::errors::types as errors;
use super::exprs::{bare, is_literal};
use super::lowering::{Lowering, Scope};
use super::model::{ArithOp, ExprId, ExprKind, Extreme, Rounding, Type};
use super::types::{clash, is_amount, is_number, unit_of, units_agree};
use crate::base::{Ratio, Span};
use crate::syntax::ast;

/// What the sum of two amounts is.
fn sum_type(a: &Type, b: &Type) -> Type {
    if *a == Type::Money {
        return Type::Money;
    }
    let unit = if unit_of(a).is_empty() { unit_of(b) } else { unit_of(a) };
    match (a, b) {
        (Type::Int(_), Type::Int(_)) => Type::Int(unit.to_owned()),
        _ => Type::Decimal(unit.to_owned()),
    }
}

/// What the product of two amounts is, if there can be one.
fn product_type(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Money, Type::Money) => None,
        (Type::Money, _) | (_, Type::Money) => Some(Type::Money),
        _ => {
            // 二倍 is a bare number here.
            let plain = |ty| if unit_of(ty) == "倍" { "" } else { unit_of(ty) };
            let unit = match (plain(a), plain(b)) {
                ("", unit) | (unit, "") => unit.to_owned(),
                _ => String::new(),
            };
            Some(match (a, b) {
                (Type::Int(_), Type::Int(_)) => Type::Int(unit),
                _ => Type::Decimal(unit),
            })
        }
    }
}

/// What the quotient of two amounts is, if there can be one.
fn quotient_type(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Money, Type::Money) => Some(Type::Decimal(String::new())),
        (Type::Money, _) => Some(Type::Money),
        (_, Type::Money) => None,
        _ if unit_of(b).is_empty() => Some(Type::Decimal(unit_of(a).to_owned())),
        _ => Some(Type::Decimal(String::new())),
    }
}

/// The word for an operator.
const fn word(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "加",
        ArithOp::Sub => "减",
        ArithOp::Mul => "乘以",
        ArithOp::Div => "除以",
    }
}

impl Lowering<'_> {
    /// A OP B
    pub fn lower_arith(
        &mut self,
        op: ArithOp,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        match op {
            ArithOp::Add | ArithOp::Sub => self.lower_sum_of(op, left, right, at, span),
            ArithOp::Mul | ArithOp::Div => self.lower_product(op, left, right, at, span),
        }
    }

    fn lower_sum_of(
        &mut self,
        op: ArithOp,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let (l, r) = if is_literal(left) && !is_literal(right) {
            let r = self.lower_expr(right, at, None);
            let ty = self.ty(r);
            (self.lower_expr(left, at, Some(&ty)), r)
        } else {
            let l = self.lower_expr(left, at, None);
            let ty = self.ty(l);
            (l, self.lower_expr(right, at, Some(&ty)))
        };
        let (a, b) = (self.ty(l), self.ty(r));
        if a == Type::Error || b == Type::Error {
            return self.push_error(span);
        }
        if a == Type::Date && b == Type::Period {
            let entity = self.join(&[l, r]);
            return self.push(
                ExprKind::Shift { date: l, period: r, back: op == ArithOp::Sub },
                Type::Date,
                entity,
                span,
            );
        }
        if a == Type::Date && b == Type::Date {
            self.report(errors::dates_subtracted(span, word(op)));
            return self.push_error(span);
        }
        if !self.expect_amount(l, word(op)) | !self.expect_amount(r, word(op)) {
            return self.push_error(span);
        }
        if clash(&a, &b).is_some() {
            return self.incomparable(l, r, span);
        }
        let entity = self.join(&[l, r]);
        self.push(ExprKind::Arith { op, left: l, right: r }, sum_type(&a, &b), entity, span)
    }

    fn lower_product(
        &mut self,
        op: ArithOp,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        if let (ArithOp::Mul, ast::ExprKind::Ratio(ratio)) = (op, &bare(right).kind) {
            return self.lower_portion(left, *ratio, at, span);
        }
        if let (ArithOp::Mul, ast::ExprKind::Ratio(ratio)) = (op, &bare(left).kind) {
            return self.lower_portion(right, *ratio, at, span);
        }
        let (l, r) = (self.lower_factor(left, at), self.lower_factor(right, at));
        if !self.expect_amount(l, word(op)) | !self.expect_amount(r, word(op)) {
            return self.push_error(span);
        }
        let (a, b) = (self.ty(l), self.ty(r));
        let ty = if op == ArithOp::Mul { product_type(&a, &b) } else { quotient_type(&a, &b) };
        let Some(ty) = ty else {
            let (need, got) = if op == ArithOp::Mul {
                ("数与数，或者金额与数", "金额与金额")
            } else {
                ("金额或者数除以数", "数除以金额")
            };
            self.report(errors::wrong_operand(span, word(op), need, got));
            return self.push_error(span);
        };
        let entity = self.join(&[l, r]);
        self.push(ExprKind::Arith { op, left: l, right: r }, ty, entity, span)
    }

    /// A factor: 三 is a number here, never a period; 100元 is money.
    fn lower_factor(&mut self, expr: &ast::Expr, at: Scope) -> ExprId {
        match &bare(expr).kind {
            ast::ExprKind::Quantity { unit, .. } if unit != "元" && unit != "角" => {
                let any = Type::Int(String::new());
                self.lower_expr(expr, at, Some(&any))
            }
            _ => self.lower_expr(expr, at, None),
        }
    }

    /// X 的 百分之三
    pub fn lower_portion(&mut self, base: &ast::Expr, ratio: Ratio, at: Scope, span: Span) -> ExprId {
        let b = self.lower_factor(base, at);
        if !self.expect_amount(b, "的") {
            return self.push_error(span);
        }
        let ty = match self.ty(b) {
            Type::Money => Type::Money,
            other => Type::Decimal(unit_of(&other).to_owned()),
        };
        let entity = self.entity_of(b);
        self.push(ExprKind::Portion { base: b, ratio }, ty, entity, span)
    }

    /// 较高者（…）
    pub fn lower_extreme_of(&mut self, which: Extreme, args: &[ast::Expr], at: Scope, span: Span) -> ExprId {
        let model = args.iter().position(|a| !is_literal(a)).unwrap_or(0);
        let mut lowered = vec![None; args.len()];
        let mut ty = Type::Error;
        if let (Some(arg), Some(slot)) = (args.get(model), lowered.get_mut(model)) {
            let id = self.lower_expr(arg, at, None);
            ty = self.ty(id);
            *slot = Some(id);
            if !(is_amount(&ty) || ty == Type::Date) {
                let got = self.type_name(&ty);
                self.report(errors::wrong_operand(
                    arg.span,
                    "较高者、较低者、较早者、较晚者",
                    "数、金额或者日期",
                    &got,
                ));
                return self.push_error(span);
            }
        }
        let first = ty.clone();
        for (arg, slot) in args.iter().zip(lowered.iter_mut()) {
            if slot.is_some() {
                continue;
            }
            let id = self.lower_expr(arg, at, Some(&first));
            let other = self.ty(id);
            *slot = Some(id);
            if clash(&first, &other).is_some() {
                let names = [self.type_name(&first), self.type_name(&other)];
                self.report(errors::incomparable(arg.span, [&names[0], &names[1]]));
                return self.push_error(span);
            }
            if is_number(&ty) && is_number(&other) {
                ty = sum_type(&ty, &other);
            }
        }
        let args: Vec<ExprId> = lowered.into_iter().flatten().collect();
        if args.iter().any(|&a| self.ty(a) == Type::Error) {
            return self.push_error(span);
        }
        let entity = self.join(&args);
        self.push(ExprKind::ExtremeOf { which, args }, ty, entity, span)
    }

    /// 四舍五入（X，2）: money stays money; a number rounded to no digits is 整数.
    pub fn lower_round(
        &mut self,
        mode: Rounding,
        value: &ast::Expr,
        digits: u32,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let v = self.lower_expr(value, at, None);
        if !self.expect_amount(v, "取舍") {
            return self.push_error(span);
        }
        let ty = match self.ty(v) {
            Type::Money => Type::Money,
            other if digits == 0 => Type::Int(unit_of(&other).to_owned()),
            other => Type::Decimal(unit_of(&other).to_owned()),
        };
        let entity = self.entity_of(v);
        self.push(ExprKind::Round { mode, value: v, digits }, ty, entity, span)
    }

    /// Whether a value of type `got` may stand where `need` is declared (a decimal is no 整数).
    pub fn assignable(need: &Type, got: &Type) -> bool {
        match (need, got) {
            (Type::Error, _) | (_, Type::Error) => true,
            (Type::Int(a), Type::Int(b)) | (Type::Decimal(a), Type::Int(b) | Type::Decimal(b)) => {
                units_agree(a, b) || (a == "日" && b == "工作日")
            }
            (need, got) => need == got,
        }
    }
}
