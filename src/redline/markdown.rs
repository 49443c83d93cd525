//! A redline as Markdown. `<del>` and `<ins>` rather than ~~ and **, which do not close beside Chinese punctuation.
use super::model::{Piece, Redline, Row};
use super::words::{change_word, counted, layer_word, listed, only_word, rows, shown, titles};
use crate::report::node::escape;
use std::fmt::Write as _;

/// The summary alone.
#[must_use]
pub fn summary(redline: &Redline) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}修改前后对照\n", escape(&titles(redline)));
    let _ = writeln!(out, "- 修改前：{}", escape(&redline.old_name));
    let _ = writeln!(out, "- 修改后：{}\n", escape(&redline.new_name));
    if redline.is_empty() {
        out.push_str("没有不同。\n");
        return out;
    }
    let counts = counted(&redline.counts());
    let cells = |words: &mut dyn Iterator<Item = String>| words.collect::<Vec<_>>().join(" | ");
    let heads = cells(&mut counts.iter().map(|(change, _)| change_word(*change).to_owned()));
    let rules = cells(&mut counts.iter().map(|_| "---:".to_owned()));
    let numbers = cells(&mut counts.iter().map(|(_, n)| n.to_string()));
    let _ = writeln!(out, "| {heads} |\n| {rules} |\n| {numbers} |\n");
    for item in listed(redline, "→") {
        let only = item.only.map(|o| format!("（{}）", only_word(o))).unwrap_or_default();
        let _ = writeln!(out, "- {}：{}{only}", change_word(item.change), escape(&item.name));
    }
    out
}

/// The summary, then every text that changed; `all`: those that did not too.
#[must_use]
pub fn markdown(redline: &Redline, all: bool) -> String {
    let mut out = summary(redline);
    for entry in redline.entries.iter().filter(|e| shown(e, all)) {
        let level = if entry.within { "###" } else { "##" };
        let change =
            if entry.within { String::new() } else { format!("（{}）", change_word(entry.change)) };
        let _ = writeln!(out, "\n{level} {}{change}\n", escape(&entry.name("→")));
        if let Some(only) = entry.only() {
            let _ = writeln!(out, "{}。\n", only_word(only));
        }
        for row in rows(entry, all) {
            let _ = writeln!(out, "- {}：{}", layer_word(row.layer), redlined(row));
        }
    }
    out
}

fn redlined(row: &Row) -> String {
    let mut out = String::new();
    for piece in &row.pieces {
        let _ = match piece {
            Piece::Same(text) => write!(out, "{}", escape(text)),
            Piece::Deleted(text) => write!(out, "<del>{}</del>", escape(text)),
            Piece::Inserted(text) => write!(out, "<ins>{}</ins>", escape(text)),
            Piece::Renumbered { old, new } => {
                write!(out, "<del>{}</del><ins>{}</ins>（引用随条号调整）", escape(old), escape(new))
            }
            Piece::Redirected { text, old, new } => write!(out, "{}（原指{old}，现指{new}）", escape(text)),
        };
    }
    out
}
