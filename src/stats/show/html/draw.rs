//! What several parts of the page draw: stacked bars, swatches, widths.
use crate::report::html::escape;
use crate::stats::counter::{grouped, percent};
use crate::stats::summary::{CHOICE, EMPTY, REST, Valued};
use std::fmt::Write as _;

/// Colours for values; further ones share the last.
const COLOURS: usize = 8;

/// A share as a CSS length.
pub(super) fn width(part: u64, whole: u64) -> String {
    let basis = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02}%", basis / 100, basis % 100)
}

/// The class of an outcome; `at`: its place among the values.
pub(super) fn class(valued: &Valued, at: usize) -> String {
    match valued.state {
        "待查" => "s-pending".to_owned(),
        "冲突" => "s-conflict".to_owned(),
        "未规定" => "s-silent".to_owned(),
        "不适用" => "s-na".to_owned(),
        _ if valued.text == "否" => "s-no".to_owned(),
        _ if valued.text == CHOICE => "s-choice".to_owned(),
        _ if valued.text == REST || valued.text == EMPTY || valued.text.starts_with("其余 ") => {
            "s-rest".to_owned()
        }
        _ => format!("v{}", at.min(COLOURS - 1)),
    }
}

/// `承担 150（47.3%）`
pub(super) fn told(name: &str, count: u64, whole: u64) -> String {
    format!("{name} {}（{}）", grouped(count), percent(count, whole))
}

/// A bar of parts: name, count, class.
pub(super) fn stack(parts: &[(String, u64, String)], more: &str) -> String {
    let whole: u64 = parts.iter().map(|(_, n, _)| n).sum();
    let words: Vec<String> =
        parts.iter().filter(|(_, n, _)| *n > 0).map(|(name, n, _)| told(name, *n, whole)).collect();
    let mut out =
        format!("<div class=\"stack {more}\" role=\"img\" aria-label=\"{}\">", escape(&words.join("，")));
    for (name, count, class) in parts.iter().filter(|(_, n, _)| *n > 0) {
        let title = escape(&told(name, *count, whole));
        let _ = write!(out, "<span class=\"{class}\" style=\"flex-grow:{count}\" title=\"{title}\"></span>");
    }
    out.push_str("</div>\n");
    out
}

/// A little square of a colour.
pub(super) fn swatch(class: &str) -> String {
    format!("<i class=\"swatch {class}\" aria-hidden=\"true\"></i>")
}
