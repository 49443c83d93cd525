//! Comparisons and set tests.
use super::errors::types as errors;
use super::exprs::{bare, bare_name, is_literal};
use super::lowering::{Lowering, ROOT, Scope};
use super::model::{CmpOp, EnumId, ExprId, ExprKind, Type, Val};
use super::types::{Clash, clash, is_amount, unit_of};
use crate::base::{Ratio, Span};
use crate::syntax::ast::{self, Name};
use rust_decimal::Decimal;

/// The operator with its sides exchanged.
const fn flip(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Eq,
        CmpOp::Ne => CmpOp::Ne,
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
    }
}

/// 为 and 不为, as opposed to 以上 and the like.
const fn is_equality(op: CmpOp) -> bool {
    matches!(op, CmpOp::Eq | CmpOp::Ne)
}

/// The values of an ordered enumeration of `count` values that stand to value `index` as `op` says.
pub(super) fn range_mask(op: CmpOp, index: usize, count: usize) -> u64 {
    let holds = |i: usize| match op {
        CmpOp::Eq => i == index,
        CmpOp::Ne => i != index,
        CmpOp::Lt => i < index,
        CmpOp::Le => i <= index,
        CmpOp::Gt => i > index,
        CmpOp::Ge => i >= index,
    };
    (0..count.min(64)).filter(|&i| holds(i)).fold(0, |mask, i| mask | 1 << i)
}

impl Lowering<'_> {
    /// A OP B
    pub fn lower_cmp(
        &mut self,
        op: CmpOp,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        if is_literal(left) && !is_literal(right) {
            return self.lower_cmp(flip(op), right, left, at, span);
        }
        let first = self.hir.exprs.len();
        let l = self.lower_expr(left, at, None);
        match self.ty(l) {
            Type::Bool => self.cmp_truth(op, l, first, right, at, span),
            Type::Enum(id) => self.cmp_value(op, l, id, right, at, span),
            Type::Multi(id) => {
                let name = self.enum_name(id).to_owned();
                self.report(errors::multi_needs_includes(span, &name));
                self.push_error(span)
            }
            Type::Error => {
                if bare_name(right).is_none() {
                    self.lower_expr(right, at, None);
                }
                self.push_error(span)
            }
            ty => self.cmp_amount(op, l, &ty, right, at, span),
        }
    }

    /// `first` is where the arena stood before the left side: both sides are used twice, so neither may
    /// contain such a comparison itself.
    fn cmp_truth(
        &mut self,
        op: CmpOp,
        left: ExprId,
        first: usize,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        if !is_equality(op) {
            self.report(errors::unordered(span, "是否"));
            return self.push_error(span);
        }
        let same = if let ast::ExprKind::Bool(value) = bare(right).kind {
            if value { left } else { self.not(left, span) }
        } else {
            let r = self.lower_expr(right, at, Some(&Type::Bool));
            let ty = self.ty(r);
            if ty != Type::Bool {
                return self.incomparable(left, r, span);
            }
            if self.equivalences.last().is_some_and(|e| e.index() >= first) {
                self.report(super::errors::rules::nested_equivalence(span));
                return self.push_error(span);
            }
            let both = self.all_of(&[left, r], span);
            let (not_left, not_right) = (self.not(left, span), self.not(r, span));
            let neither = self.all_of(&[not_left, not_right], span);
            let same = self.any_of(&[both, neither], span);
            self.equivalences.push(same);
            same
        };
        if op == CmpOp::Ne { self.not(same, span) } else { same }
    }

    fn cmp_value(
        &mut self,
        op: CmpOp,
        left: ExprId,
        id: EnumId,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        if !is_equality(op) && !self.is_ordered(id) {
            let name = self.enum_name(id).to_owned();
            self.report(errors::unordered(span, &format!("枚举“{name}”")));
            return self.push_error(span);
        }
        let r = self.lower_expr(right, at, Some(&Type::Enum(id)));
        let constant = match self.hir.exprs.get(r.index()).map(|e| (&e.kind, &e.ty)) {
            Some((ExprKind::Const(Val::Mask(mask)), ty)) if *ty == Type::Enum(id) => Some(*mask),
            _ => None,
        };
        if let Some(bit) = constant {
            let index = bit.trailing_zeros() as usize;
            let count = self.enum_values(id).len();
            let entity = self.entity_of(left);
            if op == CmpOp::Ne {
                let same = self.push_truth(ExprKind::InSet { value: left, mask: bit }, entity, span);
                return self.not(same, span);
            }
            let mask = range_mask(op, index, count);
            return self.push_truth(ExprKind::InSet { value: left, mask }, entity, span);
        }
        match self.ty(r) {
            Type::Error => self.push_error(span),
            ty if ty == Type::Enum(id) => self.finish_cmp(op, left, r, at, span),
            _ => self.incomparable(left, r, span),
        }
    }

    fn cmp_amount(
        &mut self,
        op: CmpOp,
        left: ExprId,
        ty: &Type,
        right: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        if let ast::ExprKind::Ratio(ratio) = &bare(right).kind
            && super::types::is_number(ty)
            && ratio.to_decimal().is_none()
        {
            let entity = self.entity_of(left);
            let one =
                self.push(ExprKind::Const(Val::Dec(Decimal::ONE)), Type::Decimal(String::new()), ROOT, span);
            return self.push_truth(
                ExprKind::Share { part: left, whole: one, op, ratio: *ratio },
                entity,
                span,
            );
        }
        let r = self.lower_expr(right, at, Some(ty));
        let right_ty = self.ty(r);
        if clash(ty, &right_ty).is_some() {
            return self.incomparable(left, r, span);
        }
        if right_ty == Type::Error {
            return self.push_error(span);
        }
        if !is_equality(op) && matches!(ty, Type::Text) {
            self.report(errors::unordered(span, "文本"));
            return self.push_error(span);
        }
        if !is_equality(op) && matches!(ty, Type::Period) {
            self.report(errors::periods_unordered(span));
            return self.push_error(span);
        }
        if matches!(ty, Type::Text) && is_literal(right) {
            self.report(errors::text_constant(span));
        }
        self.finish_cmp(op, left, r, at, span)
    }

    fn finish_cmp(&mut self, op: CmpOp, left: ExprId, right: ExprId, at: Scope, span: Span) -> ExprId {
        let same = match (self.hir.exprs.get(left.index()), self.hir.exprs.get(right.index())) {
            (Some(a), Some(b)) => match (&a.kind, &b.kind) {
                (ExprKind::Fact(a), ExprKind::Fact(b)) => a == b,
                (ExprKind::Conclusion(a), ExprKind::Conclusion(b)) => a == b,
                (ExprKind::Definition(a), ExprKind::Definition(b)) => a == b,
                _ => false,
            },
            _ => false,
        };
        if same {
            let entity = self.entity_name(self.entity_of(left)).to_owned();
            self.report(errors::compared_with_itself(span, at.other.then_some(entity.as_str())));
        }
        let entity = self.join(&[left, right]);
        self.push_truth(ExprKind::Cmp { op, left, right }, entity, span)
    }

    /// Complains that two values cannot be compared.
    pub fn incomparable(&mut self, left: ExprId, right: ExprId, span: Span) -> ExprId {
        let (a, b) = (self.ty(left), self.ty(right));
        let names = [self.type_name(&a), self.type_name(&b)];
        let names = [names[0].as_str(), names[1].as_str()];
        if let Some(kind) = clash(&a, &b) {
            self.report(match kind {
                Clash::Unit => errors::unit_mismatch(span, unit_of(&a), unit_of(&b)),
                Clash::Money => errors::money_mismatch(span, names, None),
                Clash::DatePeriod => errors::date_and_period(span, names),
                Clash::Kind => errors::incomparable(span, names),
            });
        }
        self.push_error(span)
    }

    /// X 为 A、B 之一
    pub fn lower_is_one_of(
        &mut self,
        value: &ast::Expr,
        names: &[Name],
        negated: bool,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let v = self.lower_expr(value, at, None);
        let id = match self.ty(v) {
            Type::Enum(id) => id,
            Type::Multi(id) => {
                let name = self.enum_name(id).to_owned();
                self.report(errors::multi_needs_includes(span, &name));
                return self.push_error(span);
            }
            Type::Error => return self.push_error(span),
            other => {
                let name = self.type_name(&other);
                self.report(errors::needs_enum(value.span, "为……之一", &name));
                return self.push_error(span);
            }
        };
        let mask = self.value_mask(id, names);
        let entity = self.entity_of(v);
        let found = self.push_truth(ExprKind::InSet { value: v, mask }, entity, span);
        if negated { self.not(found, span) } else { found }
    }

    /// X 包括 A、B
    pub fn lower_includes(
        &mut self,
        value: &ast::Expr,
        names: &[Name],
        all: bool,
        negated: bool,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let v = self.lower_expr(value, at, None);
        let id = match self.ty(v) {
            Type::Multi(id) => id,
            Type::Enum(id) => {
                let name = self.enum_name(id).to_owned();
                self.report(errors::single_needs_is(span, &name));
                return self.push_error(span);
            }
            Type::Error => return self.push_error(span),
            other => {
                let name = self.type_name(&other);
                self.report(errors::needs_enum(value.span, "包括", &name));
                return self.push_error(span);
            }
        };
        let mask = self.value_mask(id, names);
        let entity = self.entity_of(v);
        let found = self.push_truth(ExprKind::Includes { value: v, mask, all }, entity, span);
        if negated { self.not(found, span) } else { found }
    }

    /// A 占 B RATIO 以上
    pub fn lower_share(
        &mut self,
        part: &ast::Expr,
        whole: &ast::Expr,
        op: CmpOp,
        ratio: Ratio,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let p = self.lower_expr(part, at, Some(&Type::Int(String::new())));
        let part_ty = self.ty(p);
        let w = self.lower_expr(whole, at, Some(&part_ty));
        if !self.expect_amount(p, "占") | !self.expect_amount(w, "占") {
            return self.push_error(span);
        }
        if clash(&part_ty, &self.ty(w)).is_some() {
            return self.incomparable(p, w, span);
        }
        let entity = self.join(&[p, w]);
        self.push_truth(ExprKind::Share { part: p, whole: w, op, ratio }, entity, span)
    }

    /// X 在 A 至 B 之间
    pub fn lower_in_range(
        &mut self,
        value: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        at: Scope,
        span: Span,
    ) -> ExprId {
        let v = self.lower_expr(value, at, None);
        let ty = self.ty(v);
        if !(is_amount(&ty) || ty == Type::Date) {
            let got = self.type_name(&ty);
            self.report(errors::wrong_operand(value.span, "在……至……之间", "数、金额或者日期", &got));
            return self.push_error(span);
        }
        let mut bounds = Vec::new();
        for bound in [low, high] {
            let b = self.lower_expr(bound, at, Some(&ty));
            let bound_ty = self.ty(b);
            if clash(&ty, &bound_ty).is_some() {
                self.incomparable(v, b, bound.span);
            }
            bounds.push(b);
        }
        let [low, high] = bounds.as_slice() else { return self.push_error(span) };
        let entity = self.join(&[v, *low, *high]);
        self.push_truth(ExprKind::InRange { value: v, low: *low, high: *high }, entity, span)
    }

    /// Whether the expression is a number or money; complains if not.
    pub fn expect_amount(&mut self, id: ExprId, operator: &str) -> bool {
        let ty = self.ty(id);
        if !is_amount(&ty) {
            let (got, span) = (self.type_name(&ty), self.span_of(id));
            self.report(errors::wrong_operand(span, operator, "数或者金额", &got));
        }
        is_amount(&ty) && ty != Type::Error
    }
}
