//! Findings about single values.
use super::{listed, shown};
use crate::base::Span;
use crate::diag::Diagnostic;

/// A value of another type.
pub(in crate::facts) fn wrong_type(at: Span, what: &str, text: &str, wanted: &str, help: &str) -> Diagnostic {
    Diagnostic::error("B0520", format!("“{}”应当是{wanted}，写的是“{}”", shown(what), shown(text)))
        .label(at, format!("此处应为{wanted}"))
        .help(help)
}

/// A number with another unit than the declared one.
pub(in crate::facts) fn wrong_unit(at: Span, what: &str, written: &str, unit: &str) -> Diagnostic {
    let what = shown(what);
    let written = shown(written);
    let found = if unit.is_empty() {
        Diagnostic::error("B0524", format!("“{what}”不带单位，写了“{written}”"))
            .help(format!("只写数，去掉“{written}”"))
    } else {
        Diagnostic::error("B0524", format!("“{what}”的单位是“{unit}”，写的是“{written}”"))
            .help(format!("换算成“{unit}”再写"))
    };
    found.label(at, "单位不符")
}

/// A day the calendar does not have; `last` is the last day of that month.
pub(in crate::facts) fn no_such_day(at: Span, what: &str, text: &str, last: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error("B0525", format!("“{}”的日期“{}”不存在", shown(what), shown(text)))
        .label(at, "没有这一天");
    match last {
        Some(last) => found.help(format!("这个月的最后一天是 {last}")).fix(at, last),
        None => found.help("月份是 1 至 12"),
    }
}

/// A value outside the enumeration.
pub(in crate::facts) fn not_in_enum<'a>(
    at: Span,
    what: &str,
    text: &str,
    near: Option<&str>,
    values: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let values = listed(values);
    let found = Diagnostic::error("B0526", format!("“{}”没有“{}”这个选项", shown(what), shown(text)))
        .label(at, "不在选项之内");
    match near {
        Some(near) => found.help(format!("是否为“{near}”？可选：{values}")).fix(at, near),
        None => found.help(format!("可选：{values}")),
    }
}

/// Digits after the point in an 整数.
pub(in crate::facts) fn not_whole(at: Span, what: &str, text: &str) -> Diagnostic {
    Diagnostic::error("B0527", format!("“{}”应当是整数，写的是“{}”", shown(what), shown(text)))
        .label(at, "带有小数")
        .help("写整数；确需小数的，应由办法把它声明为 小数")
}

/// A number beyond what is held exactly.
pub(in crate::facts) fn out_of_range(at: Span, what: &str, text: &str) -> Diagnostic {
    Diagnostic::error("B0528", format!("“{}”的数“{}”太大或太细，不能精确表示", shown(what), shown(text)))
        .label(at, "超出范围")
        .help("整数至多约九百亿亿；小数连同小数点后至多 28 位")
}

/// A number, truth or date where a text must be.
pub(in crate::facts) fn text_expected(at: Span, what: &str, text: &str) -> Diagnostic {
    let fix = format!("\"{text}\"");
    Diagnostic::error("B0529", format!("“{}”应当是文字，写的是“{}”", shown(what), shown(text)))
        .label(at, "不是文字")
        .help("写在双引号里")
        .fix(at, fix)
}

/// A length of time without its unit.
pub(in crate::facts) fn period_without_unit(at: Span, what: &str, text: &str) -> Diagnostic {
    let text = shown(text);
    Diagnostic::error("B0531", format!("“{}”的期间“{text}”没有单位", shown(what)))
        .label(at, "缺少单位")
        .help(format!("写成 {text}日、{text}个工作日、{text}个月 或 {text}年"))
}

/// A fraction that no decimal equals.
pub(in crate::facts) fn endless_fraction(at: Span, what: &str, text: &str) -> Diagnostic {
    Diagnostic::error("B0528", format!("“{}”的“{}”不能写成有限小数", shown(what), shown(text)))
        .label(at, "除不尽")
        .help("写近似的小数，并注意它不再精确")
}
