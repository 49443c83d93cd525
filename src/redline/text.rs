//! A redline for the terminal: red and green, or [-甲-]{+乙+} where there are no colours.
use super::model::{Change, Entry, Piece, Redline, Row};
use super::words::{change_word, counted, layer_word, listed, only_word, rows, shown, titles};
use crate::report::Style;
use crate::report::line::{Line, Paint};

/// The summary alone.
#[must_use]
pub fn summary(redline: &Redline, style: &Style) -> String {
    let mut out = String::new();
    let mut line = |line: Line, first: &str, rest: &str| line.write(&mut out, style, first, rest);
    line(Line::default().paint(Paint::Title, &format!("{}修改前后对照", titles(redline))), "", "");
    line(Line::from(redline.old_name.as_str()), "  修改前  ", "          ");
    line(Line::from(redline.new_name.as_str()), "  修改后  ", "          ");
    out.push('\n');
    if redline.is_empty() {
        out.push_str("没有不同\n");
        return out;
    }
    let mut counts = Line::default();
    for (change, count) in counted(&redline.counts()).into_iter().filter(|(_, count)| *count > 0) {
        let head = if counts.is_empty() { "" } else { "　" };
        counts = counts.plain(head).paint(paint(change), &format!("{} {count}", change_word(change)));
    }
    counts.write(&mut out, style, "", "");
    for item in listed(redline, arrow(style)) {
        let mut line = Line::default().paint(paint(item.change), change_word(item.change)).pad(12);
        line = line.plain(&item.name);
        if let Some(only) = item.only {
            line = line.paint(Paint::Open, &format!("（{}）", only_word(only)));
        }
        line.write(&mut out, style, "  ", "              ");
    }
    out
}

/// The summary, then every text that changed; `all`: those that did not too.
#[must_use]
pub fn text(redline: &Redline, all: bool, style: &Style) -> String {
    let mut out = summary(redline, style);
    for entry in redline.entries.iter().filter(|e| shown(e, all)) {
        out.push('\n');
        let mut head = Line::default().paint(Paint::Cite, &entry.name(arrow(style)));
        if !entry.within {
            head = head.plain("　").paint(paint(entry.change), change_word(entry.change));
        }
        if let Some(only) = entry.only() {
            head = head.paint(Paint::Open, &format!("（{}）", only_word(only)));
        }
        head.write(&mut out, style, "", "");
        body(entry, all, style, &mut out);
    }
    out
}

fn body(entry: &Entry, all: bool, style: &Style, out: &mut String) {
    for row in rows(entry, all) {
        let word = Line::from(layer_word(row.layer)).pad(6).text();
        for (index, line) in redlined(row, style).into_iter().enumerate() {
            let first = if index == 0 { format!("  {word}") } else { "        ".to_owned() };
            line.write(out, style, &first, "        ");
        }
    }
}

/// A row in marks or colours, a line for each line of the text.
fn redlined(row: &Row, style: &Style) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut add = |paint: Paint, open: &str, text: &str, close: &str| {
        let (open, close) = if style.colour { ("", "") } else { (open, close) };
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Line::default());
            }
            if let (Some(last), false) = (lines.last_mut(), part.is_empty()) {
                *last = std::mem::take(last).paint(paint, &format!("{open}{part}{close}"));
            }
        }
    };
    for piece in &row.pieces {
        match piece {
            Piece::Same(text) => add(Paint::Plain, "", text, ""),
            Piece::Deleted(text) => add(Paint::Bad, "[-", text, "-]"),
            Piece::Inserted(text) => add(Paint::Good, "{+", text, "+}"),
            Piece::Renumbered { old, new } => {
                add(Paint::Open, "<", &format!("{old}{}{new}", arrow(style)), ">");
            }
            Piece::Redirected { text, old, new } => {
                add(Paint::Bad, "", &format!("{text}（原指{old}，现指{new}）"), "");
            }
        }
    }
    lines
}

const fn arrow(style: &Style) -> &'static str {
    if style.ascii { "->" } else { "→" }
}

const fn paint(change: Change) -> Paint {
    match change {
        Change::Same => Paint::Faint,
        Change::Added => Paint::Good,
        Change::Deleted => Paint::Bad,
        Change::Changed => Paint::Title,
        Change::Renumbered | Change::References => Paint::Open,
    }
}
