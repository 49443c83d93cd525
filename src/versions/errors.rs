//! What can be wrong between a policy and its decisions.
use crate::base::Date;
use crate::diag::Diagnostic;
use crate::syntax::ast::{Decision, Text};
use std::path::Path;

/// B0650: a file among the decisions that is none.
pub(super) fn not_a_decision(path: &Path) -> Diagnostic {
    Diagnostic::error("B0650", format!("“{}”不是修改决定", path.display()))
        .help("修改决定的第一行写 修改决定「关于修改……的决定」；别的文件不要放在“修改”文件夹里")
}

/// B0651: the text includes the decision already.
pub(super) fn already_included(decision: &Decision, entry: &str) -> Diagnostic {
    Diagnostic::error("B0651", format!("办法的文本已经包含“{}”", decision.title.text))
        .label(decision.title.span, "已经并入")
        .help(format!("标题下写着 修正「{entry}」；已经并入的决定从“修改”文件夹移走"))
}

/// B0651: two decisions of one title.
pub(super) fn same_title(decision: &Decision, other: &str) -> Diagnostic {
    Diagnostic::error("B0651", format!("有两件修改决定都叫“{}”", decision.title.text))
        .label(decision.title.span, "同名")
        .help(format!("另一件在“{other}”；重复的删去一件，不同的写明不同的名称"))
}

/// B0652: 前次修改 names a decision that is not known.
pub(super) fn base_not_there(decision: &Decision, wanted: &Text) -> Diagnostic {
    Diagnostic::error(
        "B0652",
        format!("“{}”以“{}”修改后的文本为基础，但没有那件决定", decision.title.text, wanted.text),
    )
    .label(wanted.span, "没有找到")
    .help("看看名称是否写对，那件决定是否在“修改”文件夹里")
}

/// B0652: decisions that build on one another in a circle.
pub(super) fn circle(decision: &Decision) -> Diagnostic {
    Diagnostic::error("B0652", format!("“{}”的前次修改绕了一圈又回到自己", decision.title.text))
        .label(decision.title.span, "")
        .help("核对各件决定的“前次修改”")
}

/// B0653: in force before what it builds on.
pub(super) fn before_its_base(decision: &Decision, own: Date, base: &Decision, before: Date) -> Diagnostic {
    Diagnostic::error(
        "B0653",
        format!(
            "“{}”自{own}起施行，而它所修改的文本要到{before}才由“{}”形成",
            decision.title.text, base.title.text
        ),
    )
    .label(decision.title.span, "")
    .help("施行日期不能早于前次修改的施行日期；核对两件决定的日期")
}

/// B0653: two decisions of one day, and nothing says which comes first.
pub(super) fn order_unknown(decision: &Decision, other: &Decision, date: Date) -> Diagnostic {
    Diagnostic::error(
        "B0653",
        format!("“{}”和“{}”都自{date}起施行，不知道先后", other.title.text, decision.title.text),
    )
    .label(decision.title.span, "")
    .help(format!("在后的一件写明 前次修改「{}」，或者两件都写明不同的公布日期", other.title.text))
}

/// B0654: asked for a day before the policy takes effect.
fn not_yet(title: &str, effective: Date, date: Date) -> Diagnostic {
    Diagnostic::error("B0654", format!("到{date}，《{title}》还没有施行"))
        .help(format!("它自{effective}起施行"))
}

/// B0654 when the policy is not in force yet on `date`.
#[must_use]
pub fn too_early(policy: &crate::policy::Policy, date: Date) -> Option<Diagnostic> {
    let header = &policy.program().hir.header;
    let effective = header.effective?;
    (date < effective).then(|| not_yet(&header.title, effective, date))
}

/// B0655: `--date-from` names no date of the root entity.
pub(super) fn no_date_fact(asked: &str, root: &str, known: &[String]) -> Diagnostic {
    let found = Diagnostic::error("B0655", format!("“{asked}”不是“{root}”的一个日期"));
    if known.is_empty() {
        found.help(format!("“{root}”没有声明日期"))
    } else {
        found.help(format!("可以写：{root}.{}", known.join(&format!("、{root}."))))
    }
}

/// B0656: a case that does not tell the day by which its text is chosen.
#[must_use]
pub fn undated(case: &str, fact: &str) -> Diagnostic {
    Diagnostic::error("B0656", format!("案例“{case}”的“{fact}”不明，不能确定适用哪一天的文本"))
        .help("查明这个日期；或者用 --date 写明按哪一天的文本")
}

/// B0653: in force before the text it amends.
pub(super) fn before_the_text(decision: &Decision, own: Date, text: Date) -> Diagnostic {
    Diagnostic::error(
        "B0653",
        format!("“{}”自{own}起施行，而它所修改的文本自{text}起才施行", decision.title.text),
    )
    .label(decision.title.span, "")
    .help("核对决定的施行日期和办法标题下的施行日期、修正")
}
