//! Words of a source put on one line and clipped to a number of columns, for reports and listings.
use super::{Sources, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text on one line: blanks and line breaks folded.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Clauses on one line, comments left out.
#[must_use]
pub fn fold_clauses(text: &str) -> String {
    let code = |line: &str| line.split_once("--").map_or(line, |(code, _)| code).to_owned();
    fold(&text.lines().map(code).collect::<Vec<_>>().join("\n"))
}

/// At most `columns` columns of a text, with … where it was cut.
#[must_use]
pub fn clip(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// The source at a span on one line. Only as much of it is read as can be shown.
#[must_use]
pub fn source_words(sources: &Sources, span: Span, columns: usize) -> String {
    // A column holds at most one character of four bytes; indentation and comments need room too.
    let most = u32::try_from(columns.saturating_mul(16)).unwrap_or(u32::MAX);
    let end = span.end.min(span.start.saturating_add(most));
    let words = fold_clauses(sources.slice(Span { end, ..span }));
    let words = words.trim_end_matches(['，', ',', '；', ';', '。', '：', ':']);
    if end < span.end && words.width() <= columns { format!("{words}…") } else { clip(words, columns) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_and_clipped() {
        assert_eq!(fold_clauses("甲 且\n   乙 -- 注\n　丙"), "甲 且 乙 丙");
        assert_eq!(clip("甲乙丙", 6), "甲乙丙");
        assert_eq!(clip("甲乙丙", 5), "甲乙…");
        assert_eq!(clip("甲乙丙", 4), "甲…");
        assert_eq!(clip("", 0), "");
    }
}
