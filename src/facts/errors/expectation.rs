//! Findings about 期望.
use super::{listed, shown};
use crate::base::Span;
use crate::diag::Diagnostic;

/// An expectation about a conclusion that is not declared.
pub(in crate::facts) fn unknown_conclusion<'a>(
    at: Span,
    name: &str,
    near: Option<&str>,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let found =
        Diagnostic::error("B0540", format!("没有“{}”这个结论", shown(name))).label(at, "不认识的结论");
    match near {
        Some(near) => found.help(format!("是否为“{near}”？")).fix(at, near),
        None => found.help(format!("有这些结论：{}", listed(known))),
    }
}

/// `责任: 承担` for `结论: 责任`, `值: 承担`.
pub(in crate::facts) fn conclusion_as_key(at: Span, name: &str) -> Diagnostic {
    let name = shown(name);
    Diagnostic::error("B0510", format!("期望没有“{name}”这一项"))
        .label(at, "这是结论的名称")
        .help(format!("写成 {{ 结论: {name}, 值: … }}"))
}

/// An expectation that does not say which conclusion.
pub(in crate::facts) fn missing_conclusion(at: Span) -> Diagnostic {
    Diagnostic::error("B0540", "这一条期望没有写明结论").label(at, "").help("加上“结论: 名称”")
}

/// One name, several conclusions.
pub(in crate::facts) fn ambiguous_conclusion(at: Span, name: &str, owners: &[&str]) -> Diagnostic {
    let owners = listed(owners.iter().copied());
    Diagnostic::error("B0540", format!("“{}”不止一个：{owners}都有", shown(name)))
        .label(at, "不知道是哪一个")
        .help("用“对象”写明是谁的结论")
}

/// An expectation about somebody who is not in the case.
pub(in crate::facts) fn unknown_subject<'a>(
    at: Span,
    name: &str,
    near: Option<&str>,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let found =
        Diagnostic::error("B0541", format!("案例里没有“{}”这个对象", shown(name))).label(at, "找不到");
    let known = listed(known);
    match near {
        Some(near) => found.help(format!("是否为“{near}”？")).fix(at, near),
        None if known.is_empty() => found.help("写对象的标识，或实体名加序号，如 人员2"),
        None => found.help(format!("可以写：{known}")),
    }
}

/// Two of the same label.
pub(in crate::facts) fn ambiguous_subject(at: Span, name: &str, first: &str) -> Diagnostic {
    Diagnostic::error("B0541", format!("“{}”不止一个对象", shown(name)))
        .label(at, "不知道是哪一个")
        .help(format!("改用实体名加序号，如 {first}"))
}

/// The subject has no such conclusion.
pub(in crate::facts) fn conclusion_of_other(at: Span, name: &str, owner: &str) -> Diagnostic {
    Diagnostic::error("B0541", format!("“{}”是“{owner}”的结论，对象不符", shown(name)))
        .label(at, "对象不符")
        .help(format!("对象写“{owner}”的标识，或“{owner}”加序号"))
}

/// Not an address.
pub(in crate::facts) fn bad_address(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error("B0542", format!("“{}”不是条文的序号", shown(text)))
        .label(at, "")
        .help("写成 第十五条、第十五条第二款第一项 这样的全称")
}

/// An address the policy does not have.
pub(in crate::facts) fn unknown_address(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error("B0542", format!("办法里没有“{}”", shown(text)))
        .label(at, "找不到")
        .help("核对条、款、项的序号；只有一款的条不写款")
}

/// An address that the text at hand no longer has.
pub(in crate::facts) fn repealed_address(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error("B0542", format!("所用的文本里没有与“{}”相应的条文", shown(text)))
        .label(at, "在所用的文本里还没有，或者已被删去")
        .help("为这个文本另写一个案例，写明“适用文本”和应有的结论")
}

/// Not a state of a conclusion.
pub(in crate::facts) fn unknown_state(
    at: Span,
    text: &str,
    near: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let known = listed(known.iter().copied());
    let found =
        Diagnostic::error("B0543", format!("“{}”不是结论的状态", shown(text))).label(at, "不认识的状态");
    match near {
        Some(near) => found.help(format!("是否为“{near}”？可选：{known}")).fix(at, near),
        None => found.help(format!("可选：{known}")),
    }
}

/// A fact that is not declared.
pub(in crate::facts) fn unknown_fact(at: Span, text: &str, near: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::error("B0544", format!("没有“{}”这个事实", shown(text))).label(at, "不认识的事实");
    match near {
        Some(near) => found.help(format!("是否为“{near}”？")).fix(at, near),
        None => found.help("写事实的名称；要指明是谁的，写“对象 之 事实”"),
    }
}

/// An expectation for an entity the case has no member of.
pub(in crate::facts) fn nobody(at: Span, entity: &str) -> Diagnostic {
    Diagnostic::error("B0541", format!("案例里没有“{entity}”，无从核对它的结论"))
        .label(at, "")
        .help(format!("填写“{entity}”，或删去这一条期望"))
}
