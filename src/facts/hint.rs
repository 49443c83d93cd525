//! What to write for a fact, in words; shared by the blank case and the schema.
use super::names::Names;
use crate::hir::{Fact, Type};

/// `整数（册）`, `外借、馆内阅览、预约 之一`
pub(super) fn type_hint(names: &Names<'_>, ty: &Type) -> String {
    let unit = |name: &str, unit: &str| {
        if unit.is_empty() { name.to_owned() } else { format!("{name}（{unit}）") }
    };
    match ty {
        Type::Bool => "是 或 否".to_owned(),
        Type::Int(of) => unit("整数", of),
        Type::Decimal(of) => unit("小数", of),
        Type::Money => "金额（元）".to_owned(),
        Type::Date => "日期，如 2026-03-02".to_owned(),
        Type::Period => "期间，如 二十个工作日".to_owned(),
        Type::Text => "文字".to_owned(),
        Type::Enum(_) | Type::Duty(_) => format!("{} 之一", names.values(ty).join("、")),
        Type::Multi(_) => format!("可选几项：{}", names.values(ty).join("、")),
        Type::List(entity) => format!("“{}”的列表", names.entity_name(*entity)),
        Type::One(entity) => format!("一个“{}”", names.entity_name(*entity)),
        Type::Error => "值".to_owned(),
    }
}

/// The question, the type, and what else the drafter said, on one line.
pub(super) fn fact_hint(names: &Names<'_>, fact: &Fact) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(fact.ask.clone());
    parts.push(format!("【{}】", type_hint(names, &fact.ty)));
    parts.extend(fact.note.clone());
    if fact.judgement {
        parts.push("由人判断".to_owned());
    }
    if fact.absent_is_false {
        parts.push("不写视为否".to_owned());
    }
    let text = parts.join(" ");
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}
