//! Tables as data, and how they are set on a terminal and in Markdown.
use crate::report::line::{Line, Paint, Style};
use crate::report::node::escape;
use crate::stats::counter::{grouped, percent};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Columns of a full bar.
const BAR: usize = 24;
/// Between columns.
const GAP: usize = 2;

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Words.
    Text(Paint, String),
    /// A count; none: not known.
    Count(Option<u64>),
    /// A share in percent.
    Share(u64, u64),
    /// The share as a bar; left out where there is no terminal.
    Bar(Paint, u64, u64),
}

impl Cell {
    fn words(&self, ascii: bool) -> (Paint, String) {
        match self {
            Self::Text(paint, text) => (*paint, text.clone()),
            Self::Count(None) => (Paint::Faint, "－".to_owned()),
            Self::Count(Some(0)) => (Paint::Faint, "0".to_owned()),
            Self::Count(Some(n)) => (Paint::Plain, grouped(*n)),
            Self::Share(part, whole) => {
                (if *part == 0 { Paint::Faint } else { Paint::Plain }, percent(*part, *whole))
            }
            Self::Bar(paint, part, whole) => (*paint, bar(*part, *whole, ascii)),
        }
    }

    const fn right(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Share(..))
    }
}

/// A share as a bar of eighths of a column, or of `#`; what is not nothing shows.
fn bar(part: u64, whole: u64, ascii: bool) -> String {
    if whole == 0 || part == 0 {
        return String::new();
    }
    let steps = if ascii { 1 } else { 8 };
    let full = (BAR * steps) as u128;
    let eighths = (u128::from(part) * full).div_ceil(u128::from(whole)).min(full);
    let eighths = usize::try_from(eighths).unwrap_or(BAR * steps);
    let mut out = if ascii { "#" } else { "█" }.repeat(eighths / steps);
    if !ascii {
        out.extend([' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'].get(eighths % 8).filter(|c| **c != ' '));
    }
    out
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What a report consists of.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// A heading; depth from 1.
    Title(usize, String),
    /// A line of words.
    Words(Paint, String),
    /// A table.
    Table(Table),
}

/// Blocks for a terminal.
pub(super) fn lay(blocks: &[Block], style: &Style) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Title(depth, title) => {
                if !out.is_empty() {
                    out.push('\n');
                }
                let paint = if *depth > 2 { Paint::Plain } else { Paint::Title };
                Line::default().paint(paint, title).write(&mut out, style, indent(*depth), "  ");
            }
            Block::Words(paint, words) => {
                Line::default().paint(*paint, words).write(&mut out, style, "  ", "  ");
            }
            Block::Table(table) => table.lay(&mut out, style),
        }
    }
    out
}

const fn indent(depth: usize) -> &'static str {
    if depth > 2 { "  " } else { "" }
}

impl Table {
    fn lay(&self, out: &mut String, style: &Style) {
        let cells: Vec<Vec<(Paint, String)>> =
            self.rows.iter().map(|row| row.iter().map(|c| c.words(style.ascii)).collect()).collect();
        let width = |at: usize| {
            let body = cells.iter().filter_map(|row| row.get(at)).map(|(_, text)| text.width());
            body.chain(self.head.get(at).map(|h| h.width())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let right = |at: usize| self.rows.first().and_then(|row| row.get(at)).is_some_and(Cell::right);
        for group in groups(&widths, style.width) {
            let heads: Vec<(Paint, String)> = self.head.iter().map(|h| (Paint::Faint, h.clone())).collect();
            for row in std::iter::once(&heads).chain(&cells) {
                let mut line = Line::default();
                for (place, at) in group.iter().enumerate() {
                    let (paint, text) = row.get(*at).cloned().unwrap_or_default();
                    let column = widths.get(*at).copied().unwrap_or(0);
                    let before = if place == 0 { 0 } else { GAP };
                    let fill = column.saturating_sub(text.width());
                    line = if right(*at) {
                        line.plain(&" ".repeat(before + fill)).paint(paint, &text)
                    } else {
                        line.plain(&" ".repeat(before)).paint(paint, &text).plain(&" ".repeat(fill))
                    };
                }
                line.write(out, &Style { width: 0, ..*style }, "  ", "");
            }
        }
    }

    fn markdown(&self, out: &mut String) {
        let bar = |at: usize| {
            self.rows.first().and_then(|row| row.get(at)).is_some_and(|c| matches!(c, Cell::Bar(..)))
        };
        let kept: Vec<usize> = (0..self.head.len()).filter(|at| !bar(*at)).collect();
        let heads: Vec<String> = kept.iter().filter_map(|at| self.head.get(*at)).map(|h| escape(h)).collect();
        let right = |at: &usize| self.rows.first().and_then(|row| row.get(*at)).is_some_and(Cell::right);
        let rules: Vec<&str> = kept.iter().map(|at| if right(at) { "---:" } else { "---" }).collect();
        let _ = write!(out, "| {} |\n| {} |\n", heads.join(" | "), rules.join(" | "));
        for row in &self.rows {
            let cells: Vec<String> =
                kept.iter().filter_map(|at| row.get(*at)).map(|c| escape(&c.words(true).1)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out.push('\n');
    }
}

/// Columns side by side as the page is wide; the first stands at the head of each group.
fn groups(widths: &[usize], page: usize) -> Vec<Vec<usize>> {
    let first = widths.first().copied().unwrap_or(0);
    let mut out: Vec<Vec<usize>> = vec![vec![0]];
    let mut used = first;
    for (at, width) in widths.iter().enumerate().skip(1) {
        if page > 0 && used + GAP + width + 2 > page && out.last().is_some_and(|g| g.len() > 1) {
            out.push(vec![0]);
            used = first;
        }
        used += GAP + width;
        if let Some(group) = out.last_mut() {
            group.push(at);
        }
    }
    out
}

/// Blocks as Markdown.
pub(super) fn mark(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Title(depth, title) => {
                let _ = write!(out, "{} {}\n\n", "#".repeat(*depth), escape(title));
            }
            Block::Words(_, words) => {
                let _ = write!(out, "{}\n\n", escape(words));
            }
            Block::Table(table) => table.markdown(&mut out),
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_what_there_is() {
        assert_eq!(bar(0, 9, false), "");
        assert_eq!(bar(1, 1_000_000, false), "▏");
        assert_eq!(bar(1, 2, false), "████████████");
        assert_eq!(bar(9, 9, true), "#".repeat(BAR));
    }

    #[test]
    fn wide_tables_are_cut_into_groups() {
        assert_eq!(groups(&[10, 10, 10, 10], 40), [vec![0, 1, 2], vec![0, 3]]);
        assert_eq!(groups(&[10, 90], 40), [vec![0, 1]]);
    }
}
