//! What can differ between a policy and its original.
use crate::base::{Address, Span};
use crate::diag::Diagnostic;

fn shown(c: Option<char>) -> String {
    c.map_or_else(|| "到此结束".to_owned(), |c| format!("是“{c}”"))
}

/// B0840: the verbatim text is not that of the original.
pub(super) fn text_differs(
    address: &Address,
    position: usize,
    (here, at): (Option<char>, Span),
    (there, original): (Option<char>, Span),
) -> Diagnostic {
    Diagnostic::error(
        "B0840",
        format!("{address}的条文与原文不一致：第{position}个字原文{}，这里{}", shown(there), shown(here)),
    )
    .label(at, "从这里起不同")
    .label(original, "原文")
    .help("条文应当逐字照录原文；如果原文有误，先改“原文”文件并在来源说明里写明，再改这里")
}

/// B0841: the original has a provision the policy lacks.
pub(super) fn not_in_policy(address: &Address, original: Span) -> Diagnostic {
    Diagnostic::warning("B0841", format!("原文有{address}，政策源文件里没有"))
        .label(original, "原文在这里")
        .help(format!("在源文件里补上{address}的条文；暂时没有对应规则的，可以只写条文"))
}

/// B0842: the policy has text at an address the original lacks.
pub(super) fn not_in_original(address: &Address, at: Span) -> Diagnostic {
    Diagnostic::error("B0842", format!("原文没有{address}"))
        .label(at, "原文里找不到这一处")
        .help("核对条款项的编号；确属原文未载、尚待补充的，标注【待补】")
}

/// B0843: the policy has the provision but not its text.
pub(super) fn text_left_out(address: &Address, at: Span, original: Span) -> Diagnostic {
    Diagnostic::error("B0843", format!("{address}没有写条文，原文有"))
        .label(at, "这里缺少「……」")
        .label(original, "原文")
        .help("在编号后面写上「原文」")
}

/// B0844: a heading differs.
pub(super) fn heading_differs(key: &str, at: Span, title: &str, original: Span) -> Diagnostic {
    Diagnostic::error("B0844", format!("{key}的标题与原文不一致"))
        .label(at, "这里")
        .label(original, format!("原文是“{title}”"))
        .help(format!("改为{key}「{title}」"))
        .fix(at, title.to_owned())
}

/// B0845: the original has a heading the policy lacks.
pub(super) fn heading_not_in_policy(key: &str, title: &str, original: Span) -> Diagnostic {
    Diagnostic::warning("B0845", format!("原文有{key}“{title}”，政策源文件里没有"))
        .label(original, "原文在这里")
        .help(format!("在相应位置写上 {key}「{title}」；内容尚缺的，标注【待补】"))
}
