//! A case in words, for snapshots.
use banfa::base::{Truth, Val, decimal};
use banfa::facts::{CaseFile, Children};
use banfa::hir::{Hir, Slot, Type};
use std::fmt::Write;

/// Facts row by row, then the expectations.
pub fn dump(hir: &Hir, file: &CaseFile) -> String {
    let case = &file.case;
    let mut out = format!("案例 {}\n", case.name);
    if let Some(note) = &file.note {
        writeln!(out, "说明 {note}").unwrap();
    }
    if let Some(date) = case.date {
        writeln!(out, "认定日期 {}", date.iso()).unwrap();
    }
    for (entity, table) in hir.entities.iter().zip(&case.tables) {
        for row in 0..table.rows as usize {
            let parent = table.parent.get(row).map_or(String::new(), |parent| format!(" 属于 {parent}"));
            writeln!(out, "{} {row}{parent}", entity.name).unwrap();
            for fact in &entity.facts {
                let fact = &hir.facts[fact.index()];
                let text = match fact.slot {
                    Slot::Truth(slot) => {
                        let at = row * entity.truth_slots as usize + slot as usize;
                        let assumed = if table.assumed[at] { "（未载明）" } else { "" };
                        format!("{}{assumed}", truth(table.truth[at]))
                    }
                    Slot::Value(slot) => {
                        let at = row * entity.value_slots as usize + slot as usize;
                        value(hir, &fact.ty, table.values[at], &case.texts)
                    }
                    Slot::Child(slot) => {
                        match table.children[row * entity.child_slots as usize + slot as usize] {
                            Children::Unknown => "不明".to_owned(),
                            Children::Na => "不适用".to_owned(),
                            Children::Rows(start, end) => format!("{start}..{end}"),
                        }
                    }
                };
                writeln!(out, "  {}: {text}", fact.name).unwrap();
            }
        }
    }
    for expectation in &file.expectations {
        writeln!(out, "期望 {expectation:?}").unwrap();
    }
    out
}

fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "否",
        Truth::True => "是",
        Truth::Unknown => "不明",
        Truth::Na => "不适用",
    }
}

fn value(hir: &Hir, ty: &Type, value: Val, texts: &[String]) -> String {
    match value {
        Val::Unknown => "不明".to_owned(),
        Val::Na => "不适用".to_owned(),
        Val::Int(n) => n.to_string(),
        Val::Dec(d) => decimal::text(d),
        Val::Date(d) => d.iso(),
        Val::Period(p) => p.to_string(),
        Val::Text(index) => format!("「{}」", texts[index as usize].escape_debug()),
        Val::Range(low, high) => format!("{low}..={high}"),
        Val::Mask(mask) => {
            let (Type::Enum(id) | Type::Multi(id)) = ty else { return format!("{mask:b}") };
            let values = hir.enums[id.index()].values.iter().enumerate();
            let chosen: Vec<&str> =
                values.filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, value)| value.as_str()).collect();
            format!("[{}]", chosen.join("、"))
        }
    }
}
