//! What is wrong with results, or with what is asked of them.
use super::record::BadRow;
use super::schema::Schema;
use crate::base::similar::nearest;
use crate::diag::Diagnostic;
use crate::hir::Hir;

/// Names shown in one message.
const SHOWN: usize = 5;

fn quoted(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("“{n}”")).collect();
    let more = if names.len() > SHOWN { format!("等 {} 个名称", names.len()) } else { String::new() };
    format!("{}{more}", shown.join("、"))
}

/// `人员.责任` for the names of one entity's columns.
fn columns(schema: &Schema, unknown: &[(usize, String)]) -> Vec<String> {
    let name = |(table, name): &(usize, String)| match schema.tables.get(*table) {
        Some(of) if *table > 0 => format!("{}.{name}", of.name),
        Some(_) | None => name.clone(),
    };
    unknown.iter().map(name).collect()
}

/// B0846: the results have columns this law cannot give.
#[must_use]
pub fn unknown_columns(hir: &Hir, schema: &Schema, file: &str, unknown: &[(usize, String)]) -> Diagnostic {
    let names = columns(schema, unknown);
    let title = &hir.header.title;
    let near = unknown.first().and_then(|(table, name)| {
        let known = schema.tables.get(*table)?.keys.iter().map(|(known, _)| known.as_str());
        nearest(name, known)
    });
    let near = near.map(|near| format!("最接近的是“{near}”；")).unwrap_or_default();
    Diagnostic::error(
        "B0846",
        format!("“{file}”不像是《{title}》的认定结果：{}不是它的事实、结论", quoted(&names)),
    )
    .help(format!("{near}看看办法是否选对；结果出自修改以后的文本的，用 --date 写明按哪一天有效的文本"))
}

/// B0847: the same in the run compared with, whose text may have been another.
#[must_use]
pub fn unknown_before(schema: &Schema, file: &str, unknown: &[(usize, String)]) -> Diagnostic {
    let names = columns(schema, unknown);
    Diagnostic::warning("B0847", format!("“{file}”中的{}不是这份办法的事实、结论，没有比较", quoted(&names)))
        .help("两次认定所用的文本不同，这是正常的；文本相同的，看看结果文件是否选对")
}

/// B0848: the results cite provisions this text does not have.
#[must_use]
pub fn unknown_provisions(names: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "B0848",
        format!("结果所引的{}，这份办法没有或者不会作为依据，列在最后", quoted(names)),
    )
    .help("结果出自别的文本的，用 --date 写明按哪一天有效的文本，或者换用当时的办法")
}

/// B0849: no such column to go by.
#[must_use]
pub fn unknown_by(hir: &Hir, name: &str) -> Diagnostic {
    let plain = name.split_once('.').map_or(name, |(_, name)| name);
    let facts = hir.facts.iter().map(|f| f.name.as_str());
    let near = nearest(plain, facts.chain(hir.conclusions.iter().map(|c| c.name.as_str())));
    let found = Diagnostic::error("B0849", format!("没有“{name}”这个事实或者结论，不能按它分列"));
    match near {
        Some(near) => found.help(format!("最接近的是“{near}”；用 banfa list 看有哪些事实和结论")),
        None => found.help("用 banfa list 看有哪些事实和结论；某个实体的写成 实体.事实"),
    }
}

/// B0849: the column to go by is not among the results.
#[must_use]
pub fn absent_by(name: &str) -> Diagnostic {
    Diagnostic::error("B0849", format!("结果中没有“{name}”这一列，不能按它分列"))
        .help(format!("批量认定时用 --keep {name} 把它带入结果"))
}

/// B0835: rows that could not be read.
#[must_use]
pub fn bad_rows(count: u64, first: &[BadRow]) -> Diagnostic {
    let lines: Vec<String> =
        first.iter().map(|bad| format!("“{}”第 {} 行：{}", bad.file, bad.line, bad.reason)).collect();
    let more = if count > first.len() as u64 { "；其余从略" } else { "" };
    Diagnostic::error("B0835", format!("有 {count} 行读不懂，没有计入"))
        .help(format!("{}{more}", lines.join("；")))
}

/// B0837: numbers run backwards.
#[must_use]
pub fn out_of_order(file: &str, number: u64, before: u64) -> Diagnostic {
    Diagnostic::error("B0837", format!("“{file}”中序号 {number} 排在 {before} 之后，不是按序号排列的"))
        .help("批量认定写出的结果总是按（序号）排列；排过序的，先按（序号）排回去")
}

/// B0838: nothing to count.
#[must_use]
pub fn nothing(file: &str) -> Diagnostic {
    Diagnostic::error("B0838", format!("“{file}”中没有认定结果"))
        .help("看看结果文件是否选对；它由 banfa batch 写出，每行一件案件或者一个成员")
}
