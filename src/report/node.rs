//! A tree of lines: drawn with ├─ and └─ for terminals, as nested lists for Markdown.
//!
//! Trees come from [`super::reasons`], whose depth is bounded ([`crate::eval::REASON_DEPTH`]).
use super::line::{Line, Paint, Style};
use super::value::truth_word;
use crate::base::Truth;

/// The sign before a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// None.
    #[default]
    Bare,
    /// ✓
    Yes,
    /// ✗
    No,
    /// ？
    Open,
    /// －
    Na,
}

impl From<Truth> for Sign {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Yes,
            Truth::False => Self::No,
            Truth::Unknown => Self::Open,
            Truth::Na => Self::Na,
        }
    }
}

impl Sign {
    /// How it is coloured.
    #[must_use]
    pub const fn paint(self) -> Paint {
        match self {
            Self::Bare => Paint::Plain,
            Self::Yes => Paint::Good,
            Self::No => Paint::Bad,
            Self::Open => Paint::Open,
            Self::Na => Paint::Faint,
        }
    }

    /// Two columns.
    const fn drawn(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Bare, _) => "",
            (Self::Yes, false) => "✓ ",
            (Self::No, false) => "✗ ",
            (Self::Open, false) => "？",
            (Self::Na, false) => "－",
            (Self::Yes, true) => "+ ",
            (Self::No, true) => "x ",
            (Self::Open, true) => "? ",
            (Self::Na, true) => "- ",
        }
    }
}

/// A line and what stands below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Sign before it.
    pub sign: Sign,
    /// Text.
    pub line: Line,
    /// Below it.
    pub children: Vec<Node>,
}

impl Node {
    /// A node without sign and children.
    #[must_use]
    pub fn new(line: impl Into<Line>) -> Self {
        Self { line: line.into(), ..Self::default() }
    }

    /// `✓ 是　text`
    #[must_use]
    pub fn truth(truth: Truth, line: Line) -> Self {
        let sign = Sign::from(truth);
        let words = Line::default().paint(sign.paint(), truth_word(truth)).plain("　");
        Self { sign, line: words.then(line), children: Vec::new() }
    }

    /// The same with a sign.
    #[must_use]
    pub fn signed(self, sign: Sign) -> Self {
        Self { sign, ..self }
    }

    /// The same with children.
    #[must_use]
    pub fn over(self, children: Vec<Self>) -> Self {
        Self { children, ..self }
    }

    fn marked(&self, ascii: bool) -> Line {
        Line::default().paint(self.sign.paint(), self.sign.drawn(ascii)).then(self.line.clone())
    }
}

/// Draws trees side by side after `indent`.
pub fn draw(out: &mut String, nodes: &[Node], indent: &str, style: &Style) {
    let (tee, corner, bar, blank) =
        if style.ascii { ("|- ", "`- ", "|  ", "   ") } else { ("├─ ", "└─ ", "│  ", "   ") };
    let last = nodes.len().saturating_sub(1);
    for (at, node) in nodes.iter().enumerate() {
        let (branch, below) = if at == last { (corner, blank) } else { (tee, bar) };
        let first = format!("{indent}{branch}");
        let rest = format!("{indent}{below}");
        // What is left of a long line hangs under its text, the branch to the children kept.
        let hang = if node.children.is_empty() { "  ".to_owned() } else { format!("{} ", bar.trim_end()) };
        let hang = if node.sign == Sign::Bare && node.children.is_empty() { String::new() } else { hang };
        node.marked(style.ascii).write(out, style, &first, &format!("{rest}{hang}"));
        draw(out, &node.children, &rest, style);
    }
}

/// Writes trees as nested Markdown lists.
pub fn list(out: &mut String, nodes: &[Node], depth: usize) {
    for node in nodes {
        out.push_str(&"  ".repeat(depth));
        out.push_str("- ");
        out.push_str(&escape(node.marked(false).text().trim_end()));
        out.push('\n');
        list(out, &node.children, depth.saturating_add(1));
    }
}

/// Text that Markdown leaves as it is, in tables too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_and_listed() {
        let leaf = |t: Truth, text: &str| Node::truth(t, Line::from(text));
        let tree = [
            leaf(Truth::True, "甲").over(vec![leaf(Truth::Unknown, "乙"), leaf(Truth::Na, "丙")]),
            leaf(Truth::False, "丁*"),
        ];
        let mut out = String::new();
        draw(&mut out, &tree, "  ", &Style::default());
        assert_eq!(out, "  ├─ ✓ 是　甲\n  │  ├─ ？不明　乙\n  │  └─ －不适用　丙\n  └─ ✗ 否　丁*\n");
        let mut out = String::new();
        draw(&mut out, &tree, "", &Style { ascii: true, ..Style::default() });
        assert_eq!(out, "|- + 是　甲\n|  |- ? 不明　乙\n|  `- - 不适用　丙\n`- x 否　丁*\n");
        let mut out = String::new();
        list(&mut out, &tree, 0);
        assert_eq!(out, "- ✓ 是　甲\n  - ？不明　乙\n  - －不适用　丙\n- ✗ 否　丁\\*\n");
    }
}
