//! Values in words, by type: 是, 否, names of enumeration values joined by 、, 66000元, 2026年3月2日, 2至4次.
use super::View;
use crate::base::{Truth, Val, decimal};
use crate::hir::{EnumId, Hir, Type};

/// What nobody knows.
pub const UNKNOWN: &str = "不明";
/// What cannot be asked.
pub const NA: &str = "不适用";

/// 是, 否, 不明, 不适用.
#[must_use]
pub const fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "否",
        Truth::True => "是",
        Truth::Unknown => UNKNOWN,
        Truth::Na => NA,
    }
}

/// The texts `Val::Text` of a run may index: those of the case, then those of the law.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    /// Of the case.
    pub case: &'a [String],
    /// Constants of the law.
    pub law: &'a [String],
}

impl<'a> Texts<'a> {
    /// A text by its index.
    #[must_use]
    pub fn get(self, index: u32) -> &'a str {
        let index = index as usize;
        let text = match index.checked_sub(self.case.len()) {
            None => self.case.get(index),
            Some(rest) => self.law.get(rest),
        };
        text.map_or("", String::as_str)
    }
}

/// The enumeration whose values a mask of this type means; 是否 and types without one have none.
#[must_use]
pub const fn enum_of(ty: &Type) -> Option<EnumId> {
    match ty {
        Type::Enum(e) | Type::Multi(e) | Type::Duty(e) => Some(*e),
        Type::Bool
        | Type::Int(_)
        | Type::Decimal(_)
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::List(_)
        | Type::One(_)
        | Type::Error => None,
    }
}

/// The values a mask means, one by one, in order of declaration.
#[must_use]
pub fn mask_words(hir: &Hir, ty: &Type, mask: u64) -> Vec<String> {
    let bits = (0..64_usize).filter(|bit| mask >> bit & 1 == 1);
    match enum_of(ty).and_then(|e| hir.enums.get(e.index())) {
        Some(e) => {
            bits.map(|bit| e.values.get(bit).cloned().unwrap_or_else(|| format!("第{}项", bit + 1))).collect()
        }
        None if *ty == Type::Bool => {
            bits.filter_map(|bit| ["否", "是"].get(bit).map(|w| (*w).to_owned())).collect()
        }
        None => Vec::new(),
    }
}

/// The bit of a value's name, if the type has such a value.
#[must_use]
pub fn bit_of(hir: &Hir, ty: &Type, word: &str) -> Option<u64> {
    let at = match enum_of(ty).and_then(|e| hir.enums.get(e.index())) {
        Some(e) => e.values.iter().position(|v| v == word),
        None if *ty == Type::Bool => ["否", "是"].iter().position(|v| *v == word),
        None => None,
    }?;
    u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at))
}

/// A value of a type. `Type::Error` stands for a computed value whose type nobody kept.
#[must_use]
pub fn value(hir: &Hir, ty: &Type, val: Val, texts: Texts<'_>) -> String {
    match val {
        Val::Unknown => UNKNOWN.to_owned(),
        Val::Na => NA.to_owned(),
        Val::Int(n) => format!("{n}{}", unit(ty)),
        Val::Dec(d) => format!("{}{}", decimal::text(d), unit(ty)),
        Val::Date(d) => d.to_string(),
        Val::Period(p) => p.to_string(),
        Val::Mask(0) => "无".to_owned(),
        Val::Mask(m) => mask_words(hir, ty, m).join("、"),
        Val::Text(i) => texts.get(i).to_owned(),
        Val::Range(low, high) => format!("{low}至{high}{}", unit(ty)),
    }
}

/// The unit written after a number of this type.
#[must_use]
pub fn unit(ty: &Type) -> &str {
    match ty {
        Type::Int(unit) | Type::Decimal(unit) => unit,
        Type::Money => "元",
        Type::Bool
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

/// A type as declared: 是否, 整数（次）, 处分 （由轻到重）, 多个 人员.
#[must_use]
pub fn type_words(hir: &Hir, ty: &Type) -> String {
    let enumeration = |e: EnumId| hir.enums.get(e.index()).map_or("", |e| e.name.as_str());
    let entity = |e: crate::hir::EntityId| hir.entities.get(e.index()).map_or("", |e| e.name.as_str());
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
        Type::Enum(e) => {
            let ordered = hir.enums.get(e.index()).is_some_and(|e| e.ordered);
            if ordered {
                format!("{}（由轻到重）", enumeration(*e))
            } else {
                enumeration(*e).to_owned()
            }
        }
        Type::Multi(e) => format!("多选 {}", enumeration(*e)),
        Type::List(e) => format!("多个 {}", entity(*e)),
        Type::One(e) => format!("一个 {}", entity(*e)),
        Type::Duty(_) => "义务".to_owned(),
        Type::Error => UNKNOWN.to_owned(),
    }
}

impl<'a> View<'a> {
    /// The texts of this run.
    #[must_use]
    pub fn texts(&self) -> Texts<'a> {
        Texts { case: &self.case.texts, law: &self.hir().texts }
    }

    /// A value of this run in words.
    #[must_use]
    pub fn value(&self, ty: &Type, val: Val) -> String {
        value(self.hir(), ty, val, self.texts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Date, Period};
    use crate::hir::EnumDef;

    fn hir() -> Hir {
        let values = ["甲", "乙", "丙"].map(str::to_owned).to_vec();
        Hir {
            enums: vec![EnumDef {
                name: "种类".into(),
                ordered: false,
                values,
                span: crate::base::Span::default(),
            }],
            texts: vec!["律".into()],
            ..Hir::default()
        }
    }

    #[test]
    fn by_type() {
        let (hir, case) = (hir(), ["案".to_owned()]);
        let texts = Texts { case: &case, law: &hir.texts };
        let shown = |ty: &Type, val: Val| value(&hir, ty, val, texts);
        let kind = EnumId(0);
        assert_eq!(shown(&Type::Bool, Val::Mask(0b10)), "是");
        assert_eq!(shown(&Type::Bool, Val::Mask(0b11)), "否、是");
        assert_eq!(shown(&Type::Enum(kind), Val::Mask(0b100)), "丙");
        assert_eq!(shown(&Type::Multi(kind), Val::Mask(0b101)), "甲、丙");
        assert_eq!(shown(&Type::Multi(kind), Val::Mask(0)), "无");
        assert_eq!(shown(&Type::Money, Val::Dec("66000.00".parse().unwrap())), "66000元");
        assert_eq!(shown(&Type::Int("次".into()), Val::Int(3)), "3次");
        assert_eq!(shown(&Type::Int("次".into()), Val::Range(2, 4)), "2至4次");
        assert_eq!(shown(&Type::Date, Val::Date(Date::new(2026, 3, 2).unwrap())), "2026年3月2日");
        assert_eq!(shown(&Type::Period, Val::Period(Period::parse("三个月").unwrap())), "三个月");
        assert_eq!(shown(&Type::Text, Val::Text(0)), "案");
        assert_eq!(shown(&Type::Text, Val::Text(1)), "律");
        assert_eq!(shown(&Type::Text, Val::Text(9)), "");
        assert_eq!(shown(&Type::Date, Val::Unknown), "不明");
        assert_eq!(shown(&Type::Date, Val::Na), "不适用");
    }

    #[test]
    fn names_to_bits_and_back() {
        let hir = hir();
        let ty = Type::Enum(EnumId(0));
        assert_eq!(bit_of(&hir, &ty, "乙"), Some(0b10));
        assert_eq!(bit_of(&hir, &ty, "丁"), None);
        assert_eq!(bit_of(&hir, &Type::Bool, "是"), Some(0b10));
        assert_eq!(mask_words(&hir, &ty, u64::MAX).len(), 64, "bits without a name are still told");
        assert_eq!(type_words(&hir, &Type::Multi(EnumId(0))), "多选 种类");
    }
}
