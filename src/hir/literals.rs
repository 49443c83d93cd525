//! Constants: numbers with units, periods, ratios, 是 and 否, values of enumerations, defaults.
use super::errors::types as errors;
use super::exprs::bare;
use super::lowering::{Lowering, ROOT};
use super::model::{Conclusion, EnumId, ExprId, ExprKind, Type, Val};
use super::types::{Clash, clash, unit_of};
use crate::base::date::Period;
use crate::base::{Ratio, Span, decimal};
use crate::syntax::ast::{self, Name};
use rust_decimal::Decimal;

/// Money units below 元, as parts of it.
fn money_scale(unit: &str) -> Option<Decimal> {
    match unit {
        "元" => Some(Decimal::ONE),
        "角" => Some(Decimal::new(1, 1)),
        "分" => Some(Decimal::new(1, 2)),
        _ => None,
    }
}

impl Lowering<'_> {
    /// 是 / 否; a value of that name where the place asks for such an enumeration.
    pub fn lower_bool(&mut self, value: bool, span: Span, want: Option<&Type>) -> ExprId {
        if let Some(Type::Enum(id)) = want
            && let Some(index) = self.value_index(*id, if value { "是" } else { "否" })
        {
            return self.push(ExprKind::Const(Val::Mask(1 << index)), Type::Enum(*id), ROOT, span);
        }
        self.push_truth(ExprKind::Bool(value), ROOT, span)
    }

    /// 三次, 20元, 三十日 (a period where one is wanted).
    pub fn lower_quantity(
        &mut self,
        value: Decimal,
        unit: &str,
        period: Option<Period>,
        span: Span,
        want: Option<&Type>,
    ) -> ExprId {
        let (val, ty) = read_quantity(value, unit, period, want);
        if let Some(want) = want
            && (super::types::is_amount(want) || matches!(want, Type::Date | Type::Period))
            && let Some(clash) = clash(want, &ty)
        {
            let (a, b) = (self.type_name(want), self.type_name(&ty));
            self.report(quantity_clash(clash, span, want, &ty, [&a, &b], value));
            return self.push_error(span);
        }
        self.push(ExprKind::Const(val), ty, ROOT, span)
    }

    /// 百分之三 on its own.
    pub fn lower_ratio(&mut self, ratio: Ratio, span: Span) -> ExprId {
        match ratio.to_decimal() {
            Some(value) => {
                self.push(ExprKind::Const(Val::Dec(value)), Type::Decimal(String::new()), ROOT, span)
            }
            None => {
                self.report(errors::inexact_ratio(span, &ratio.to_string()));
                self.push_error(span)
            }
        }
    }

    /// The index of a text constant.
    pub fn intern_text(&mut self, text: &str) -> u32 {
        let index = self.hir.texts.iter().position(|t| t == text).unwrap_or_else(|| {
            self.hir.texts.push(text.to_owned());
            self.hir.texts.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The bit of a value of the enumeration, or a complaint.
    pub fn value_bit(&mut self, id: EnumId, name: &Name) -> Option<u64> {
        let index = self.value_index(id, &name.text);
        if index.is_none() {
            self.report_unknown_value(id, name);
        }
        index.map(|i| 1 << i)
    }

    /// The bits of several values.
    pub fn value_mask(&mut self, id: EnumId, names: &[Name]) -> u64 {
        names.iter().filter_map(|n| self.value_bit(id, n)).fold(0, |mask, bit| mask | bit)
    }

    /// Complains about a name that is no value of the enumeration.
    pub fn report_unknown_value(&mut self, id: EnumId, name: &Name) {
        let (of, values) = (self.enum_name(id).to_owned(), self.enum_values(id));
        let other = self.names.values.get(&name.text).and_then(|owners| owners.first()).copied();
        let found = match other {
            Some(other) => super::errors::names::value_of_other(name, &of, self.enum_name(other), &values),
            None => {
                let near = super::types::nearest(&name.text, values.iter().map(String::as_str));
                super::errors::names::unknown_value(name, &of, &values, near.as_deref())
            }
        };
        self.report(found);
    }

    /// 默认 V
    pub fn lower_default(&mut self, conclusion: &Conclusion, expr: &ast::Expr) -> Option<Val> {
        let expr = bare(expr);
        let found = match (&conclusion.ty, &expr.kind) {
            (Type::Error, _) | (_, ast::ExprKind::Error) => return None,
            (Type::Bool, ast::ExprKind::Bool(value)) => Some(Val::Mask(1 << u32::from(*value))),
            (Type::Enum(id), ast::ExprKind::Bool(value)) => {
                self.value_index(*id, if *value { "是" } else { "否" }).map(|i| Val::Mask(1 << i))
            }
            (Type::Enum(id) | Type::Multi(id), ast::ExprKind::Name(name)) => {
                return self.value_bit(*id, name).map(Val::Mask);
            }
            (ty, ast::ExprKind::Quantity { value, unit, period }) => {
                let (val, got) = read_quantity(*value, unit, *period, Some(ty));
                let fits =
                    clash(ty, &got).is_none() && !matches!((ty, &got), (Type::Int(_), Type::Decimal(_)));
                fits.then_some(val)
            }
            (Type::Decimal(_), ast::ExprKind::Ratio(ratio)) => ratio.to_decimal().map(Val::Dec),
            (Type::Date, ast::ExprKind::Date(date)) => Some(Val::Date(*date)),
            (Type::Text, ast::ExprKind::Text(text)) => Some(Val::Text(self.intern_text(text))),
            _ => None,
        };
        if found.is_none() {
            let ty = self.type_name(&conclusion.ty);
            self.report(errors::bad_default(expr.span, &conclusion.name, &ty, conclusion.span));
        }
        found
    }
}

/// A number word read as `want` would have it.
fn read_quantity(value: Decimal, unit: &str, period: Option<Period>, want: Option<&Type>) -> (Val, Type) {
    if let (Some(Type::Period | Type::Date) | None, Some(period)) = (want, period) {
        return (Val::Period(period), Type::Period);
    }
    let scale = match (unit, want) {
        ("分", Some(Type::Money)) | ("元" | "角", _) => money_scale(unit),
        _ => None,
    };
    if let Some(yuan) = scale.and_then(|s| decimal::mul(value, s)) {
        return (Val::Dec(yuan), Type::Money);
    }
    let wants_decimal = matches!(want, Some(Type::Decimal(_)));
    match decimal::to_integer(value) {
        Some(int) if !wants_decimal => (Val::Int(int), Type::Int(unit.to_owned())),
        Some(_) | None => (Val::Dec(value), Type::Decimal(unit.to_owned())),
    }
}

/// The complaint about a number that does not go with what it is measured against.
fn quantity_clash(
    clash: Clash,
    span: Span,
    want: &Type,
    got: &Type,
    names: [&str; 2],
    value: Decimal,
) -> crate::diag::Diagnostic {
    match clash {
        Clash::Unit => errors::unit_mismatch(span, unit_of(want), unit_of(got)),
        Clash::Money => {
            let bare_number = matches!(want, Type::Money) && unit_of(got).is_empty();
            errors::money_mismatch(span, names, bare_number.then(|| decimal::text(value)))
        }
        Clash::DatePeriod => errors::date_and_period(span, names),
        Clash::Kind => errors::incomparable(span, names),
    }
}
