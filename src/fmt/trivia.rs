//! What stands between the words: comments and blank lines.
use crate::syntax::cst::Word;

/// A comment, from its `--` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its text without blanks at the end.
    pub text: String,
    /// It stands on a line of its own.
    pub own_line: bool,
    /// An empty line stands before it.
    pub after_blank: bool,
    /// How many characters stand before it on its line.
    pub column: usize,
}

/// Everything between two neighbouring words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// In order.
    pub comments: Vec<Comment>,
    /// An empty line stands after the last of them.
    pub blank: bool,
}

/// The gap before each word, and the one behind the last; none when something other than comments and blanks stands
/// in one of them.
pub fn gaps(source: &str, words: &[Word]) -> Option<Vec<Gap>> {
    let mut found = Vec::with_capacity(words.len() + 1);
    let mut from = 0;
    for word in words {
        found.push(gap(source, from, word.start)?);
        from = word.end;
    }
    found.push(gap(source, from, source.len())?);
    Some(found)
}

fn gap(source: &str, from: usize, to: usize) -> Option<Gap> {
    let mut gap = Gap::default();
    // The file begins with a line.
    let mut lines = usize::from(from == 0);
    let mut at = from;
    while let Some(rest) = source.get(at..to) {
        let Some(c) = rest.chars().next() else { break };
        if c == '\n' {
            lines += 1;
            at += 1;
        } else if c.is_whitespace() {
            at += c.len_utf8();
        } else if rest.starts_with("--") {
            let length = rest.find('\n').unwrap_or(rest.len());
            let line = source.get(..at)?.rsplit('\n').next()?;
            gap.comments.push(Comment {
                text: rest.get(..length)?.trim_end().to_owned(),
                own_line: lines > 0,
                after_blank: lines > 1,
                column: line.chars().count(),
            });
            lines = 0;
            at += length;
        } else {
            return None;
        }
    }
    gap.blank = lines > 1;
    Some(gap)
}
