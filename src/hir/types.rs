//! What types are called and which go together.
use super::lowering::Lowering;
use super::model::{EnumId, Type};
use crate::base::similar;

/// The words for built-in types.
pub(super) const TYPE_WORDS: [&str; 8] = ["是否", "整数", "小数", "金额", "日期", "期间", "文本", "义务"];

/// The word most like this one, if any is like it.
pub(super) fn nearest<'n>(word: &str, among: impl Iterator<Item = &'n str>) -> Option<String> {
    similar::nearest(word, among).map(str::to_owned)
}

/// 整数, 小数 (and what an error left).
pub(super) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int(_) | Type::Decimal(_) | Type::Error)
}

/// Numbers and money.
pub(super) fn is_amount(ty: &Type) -> bool {
    matches!(ty, Type::Int(_) | Type::Decimal(_) | Type::Money | Type::Error)
}

/// Unit of a number.
pub(super) fn unit_of(ty: &Type) -> &str {
    match ty {
        Type::Int(unit) | Type::Decimal(unit) => unit,
        Type::Bool
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::Enum(_)
        | Type::Multi(_)
        | Type::List(_)
        | Type::One(_)
        | Type::Duty(_)
        | Type::Error => "",
    }
}

/// One spelling for units that mean the same.
pub(super) fn canonical_unit(unit: &str) -> &str {
    match unit {
        "天" => "日",
        "名" => "人",
        "个月" => "月",
        "岁" => "周岁",
        "公斤" => "千克",
        "个工作日" => "工作日",
        other => other,
    }
}

/// Whether two units may be compared; no unit goes with any.
pub(super) fn units_agree(a: &str, b: &str) -> bool {
    a.is_empty() || b.is_empty() || canonical_unit(a) == canonical_unit(b)
}

/// How two types fail to go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clash {
    /// 次 with 人.
    Unit,
    /// Money with a bare number.
    Money,
    /// A date with a period.
    DatePeriod,
    /// Anything else.
    Kind,
}

/// Whether values of these types may be compared.
pub(super) fn clash(a: &Type, b: &Type) -> Option<Clash> {
    match (a, b) {
        (Type::Error, _) | (_, Type::Error) => None,
        (Type::Int(_) | Type::Decimal(_), Type::Int(_) | Type::Decimal(_)) => {
            (!units_agree(unit_of(a), unit_of(b))).then_some(Clash::Unit)
        }
        (Type::Money, Type::Int(_) | Type::Decimal(_)) | (Type::Int(_) | Type::Decimal(_), Type::Money) => {
            Some(Clash::Money)
        }
        (Type::Date, Type::Period) | (Type::Period, Type::Date) => Some(Clash::DatePeriod),
        (a, b) => (a != b).then_some(Clash::Kind),
    }
}

impl Lowering<'_> {
    /// The type as the drafter would call it.
    pub fn type_name(&self, ty: &Type) -> String {
        let with_unit = |word: &str, unit: &str| {
            if unit.is_empty() { word.to_owned() } else { format!("{word}（{unit}）") }
        };
        match ty {
            Type::Bool => "是否".to_owned(),
            Type::Int(unit) => with_unit("整数", unit),
            Type::Decimal(unit) => with_unit("小数", unit),
            Type::Money => "金额".to_owned(),
            Type::Date => "日期".to_owned(),
            Type::Period => "期间".to_owned(),
            Type::Text => "文本".to_owned(),
            Type::Enum(id) => format!("枚举“{}”", self.enum_name(*id)),
            Type::Multi(id) => format!("多选“{}”", self.enum_name(*id)),
            Type::List(e) => format!("多个“{}”", self.entity_name(*e)),
            Type::One(e) => format!("一个“{}”", self.entity_name(*e)),
            Type::Duty(_) => "义务".to_owned(),
            Type::Error => "有错误的内容".to_owned(),
        }
    }

    /// Name of an enumeration.
    pub fn enum_name(&self, id: EnumId) -> &str {
        self.hir.enums.get(id.index()).map_or("", |e| e.name.as_str())
    }

    /// Values of an enumeration.
    pub fn enum_values(&self, id: EnumId) -> Vec<String> {
        self.hir.enums.get(id.index()).map(|e| e.values.clone()).unwrap_or_default()
    }

    /// Whether the enumeration is ordered.
    pub fn is_ordered(&self, id: EnumId) -> bool {
        self.hir.enums.get(id.index()).is_some_and(|e| e.ordered)
    }
}
