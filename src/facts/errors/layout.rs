//! Findings about where things stand: keys, levels, base cases.
use super::{listed, shown};
use crate::base::{Date, Span};
use crate::diag::Diagnostic;

/// A key that names nothing; `near` is the likely meaning.
pub(in crate::facts) fn unknown_key<'a>(
    at: Span,
    key: &str,
    owner: &str,
    near: Option<&str>,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let found =
        Diagnostic::error("B0510", format!("{owner}没有“{}”这一项", shown(key))).label(at, "不认识的键");
    match near {
        Some(near) => found.help(format!("是否为“{near}”？")).fix(at, near),
        None => found.help(format!("可以写的有：{}", listed(known))),
    }
}

/// A fact of another entity; `path` says how to get there.
pub(in crate::facts) fn misplaced_fact(at: Span, key: &str, entity: &str, path: &str) -> Diagnostic {
    Diagnostic::error("B0512", format!("“{}”是“{entity}”的事实，不应写在这里", shown(key)))
        .label(at, "位置不对")
        .help(format!("这是“{entity}”的事实，应写在“{path}”下"))
}

/// A conclusion or defined term given as if it were a fact.
pub(in crate::facts) fn not_a_fact(at: Span, key: &str, conclusion: bool) -> Diagnostic {
    let key = shown(key);
    let found = if conclusion {
        Diagnostic::error("B0513", format!("“{key}”是结论，由条文得出，不能作为事实填写"))
            .help("删去它；要核对结果，写在“期望”下")
    } else {
        Diagnostic::error("B0513", format!("“{key}”由条文定义，从别的事实算出，不能作为事实填写"))
            .help("删去它，填写它所依据的事实")
    };
    found.label(at, "不是事实")
}

/// The part that holds the facts is not there.
pub(in crate::facts) fn missing_root(at: Span, root: &str) -> Diagnostic {
    Diagnostic::error("B0514", format!("案例缺少“{root}”"))
        .label(at, "这个案例")
        .help(format!("事实写在“{root}:”下面；一项也不知道时写“{root}: {{}}”"))
}

/// A map is wanted.
pub(in crate::facts) fn map_expected(at: Span, what: &str, found: &str, help: &str) -> Diagnostic {
    Diagnostic::error("B0521", format!("{what}应当是一组“键: 值”，这里是{found}"))
        .label(at, format!("这里是{found}"))
        .help(help)
}

/// A list is wanted.
pub(in crate::facts) fn list_expected(at: Span, what: &str, found: &str) -> Diagnostic {
    Diagnostic::error("B0522", format!("“{}”有多项，应当写成列表，这里是{found}", shown(what)))
        .label(at, format!("这里是{found}"))
        .help("每项以“- ”起头另起一行（JSON、TOML 用方括号）；一项也没有写 []，不知道写 不明")
}

/// A single value is wanted.
pub(in crate::facts) fn scalar_expected(at: Span, what: &str, found: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error("B0523", format!("“{}”应当是一个值，这里是{found}", shown(what)))
        .label(at, format!("这里是{found}"))
        .help(format!("写{wanted}"))
}

/// 不明 or 不适用 as a member of a list.
pub(in crate::facts) fn state_in_list(at: Span, what: &str, word: &str) -> Diagnostic {
    Diagnostic::error("B0530", format!("“{}”的列表里不能有“{}”", shown(what), shown(word)))
        .label(at, "")
        .help("整项都不知道时，把整个列表写成 不明；知道有这一项而内容不明时写 {}")
}

/// 基础 that cannot be read.
pub(in crate::facts) fn base_not_found(at: Span, path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("B0535", format!("基础案例“{}”读不到：{reason}", shown(path)))
        .label(at, "")
        .help("路径从本文件所在的文件夹起算")
}

/// 基础 that comes back to itself.
pub(in crate::facts) fn base_cycle(at: Span, path: &str) -> Diagnostic {
    Diagnostic::error("B0536", format!("基础案例“{}”引用回到自身", shown(path)))
        .label(at, "从这里绕回")
        .help("去掉其中一处“基础”")
}

/// 基础 upon 基础 without end.
pub(in crate::facts) fn base_too_long(at: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("B0536", format!("基础案例一层引一层，超过 {limit} 层"))
        .label(at, "")
        .help("合并其中几层")
}

/// 基础 with several cases.
pub(in crate::facts) fn base_not_single(at: Span, path: &str, count: usize) -> Diagnostic {
    Diagnostic::error("B0506", format!("基础案例“{}”应当只有一个案例，里面有 {count} 个", shown(path)))
        .label(at, "")
        .help("把要用的一个单独存成文件")
}

/// A case that was written for another text of the law.
pub(in crate::facts) fn other_text(at: Span, wanted: Option<Date>, here: Option<Date>) -> Diagnostic {
    let words = |date: Option<Date>| {
        date.map_or_else(|| "未经修改的文本".to_owned(), |date| format!("{date}有效的文本"))
    };
    Diagnostic::error("B0545", format!("案例是为{}写的，所用的是{}", words(wanted), words(here)))
        .label(at, "")
        .help("用 --date 写明按哪一天的文本，或者改“适用文本”一行")
}

/// 适用文本 without a date.
pub(in crate::facts) fn text_without_date(at: Span) -> Diagnostic {
    Diagnostic::error("B0545", "“适用文本”没有写明日期")
        .label(at, "")
        .help("写一个日期，如 2027-01-01，即按这一天有效的文本；为未经修改的文本写的，删去这一行")
}
