//! The errors of reading amending decisions, B0600–B0609: for each its sentence, place, advice and fix, together.
use crate::base::Span;
use crate::diag::Diagnostic;

/// The text is something else.
pub fn not_a_decision(at: Span) -> Diagnostic {
    Diagnostic::error("B0600", "这份文件不是修改决定")
        .label(at, "开头应为“修改决定「……」”")
        .help("第一行写“修改决定「关于修改《……》的决定」”")
}

/// More than one title block, or something before it.
pub fn out_of_place(at: Span) -> Diagnostic {
    Diagnostic::error("B0600", "一份修改决定只有一个标题，且在文件的最前面").label(at, "")
}

/// No `修改 办法「…」`.
pub fn amends_nothing(at: Span) -> Diagnostic {
    Diagnostic::error("B0601", "没有写明修改哪一部规范")
        .label(at, "")
        .help("在标题之下写“修改 办法「……」”，种类、名称与该规范的标题一致")
}

/// No 自 … 起施行.
pub fn no_effective_date(at: Span) -> Diagnostic {
    Diagnostic::error("B0602", "没有写明修改决定自何日起施行")
        .label(at, "")
        .help("在标题之下写“自 2027年1月1日 起施行”")
}

/// A line of the title block that is no entry.
pub fn unknown_entry(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error("B0125", format!("修改决定的标题之下没有“{word}”这一项"))
        .label(at, "")
        .help("可写的有：修改 办法「……」、制定机关、文号、公布日期、前次修改、版本、自 …… 起施行")
}

/// 一、三、
pub fn misnumbered(at: Span, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::error("B0603", format!("这里应为第“{expected}”项，却是“{found}”"))
        .label(at, "")
        .help("各项依次编号：一、二、三、……")
        .fix(at, expected)
}

/// No verb of amendment in the operation.
pub fn no_operation(at: Span) -> Diagnostic {
    Diagnostic::error("B0604", "看不出这一项要怎样修改").label(at, "").help(
        "写作“第一条第二项 修改为：”“删去 第三条。”“第三条 后增加一条，作为 第四条：”“第五条 中的「甲」修改为「乙」。”“统一将「甲」修改为「乙」。”等",
    )
}

/// 增加一条 without 作为.
pub fn no_label(at: Span) -> Diagnostic {
    Diagnostic::error("B0604", "增加的条文没有写明序号")
        .label(at, "在这之后")
        .help("写作“第三条 后增加一条，作为 第四条：”")
}

/// “ ” in the place of 「 」.
pub fn wrong_quotes(at: Span) -> Diagnostic {
    Diagnostic::error("B0604", "所修改的文字没有用“「」”括起来")
        .label(at, "")
        .help("写作“「甲」修改为「乙」”")
}

/// What is given does not fit the operation.
pub fn misfit(at: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("B0605", message).label(at, "").help(help)
}

/// 本决定 第九项 of a decision that has none.
pub fn no_such_operation(at: Span, number: &str, last: usize) -> Diagnostic {
    Diagnostic::error("B0606", format!("修改决定没有第{number}项"))
        .label(at, "")
        .help(format!("修改决定共有 {last} 项"))
}

/// Two dates for one operation.
pub fn two_dates(at: Span, first: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0607", format!("{what}的施行日期写了两次")).label(at, "").label(first, "已经写在这里")
}

/// In force before it was made known.
pub fn too_early(at: Span, promulgated: Span) -> Diagnostic {
    Diagnostic::error("B0607", "施行日期早于公布日期")
        .label(at, "这一天还没有公布")
        .label(promulgated, "公布日期")
        .help("施行日期不能早于公布日期")
}

/// 条款一并修改 and the like where they mean nothing.
pub fn idle_claim(at: Span, claim: &str) -> Diagnostic {
    Diagnostic::error("B0608", format!("“{claim}”不适用于这一项"))
        .label(at, "")
        .help("“条款不变”“原文不变”“原文与条款已经核对”用于“修改为”；“条款一并修改”用于「甲」修改为「乙」")
}
