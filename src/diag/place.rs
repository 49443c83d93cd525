//! Where spans lie, for spans that may be wrong: outside the file, inside a character, reversed.
use std::fmt;

use crate::base::{FileId, Sources, Span};

/// A line without its line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// First byte of it.
    pub(super) start: u32,
    /// Whether it is the empty rest after the last line break.
    pub(super) is_end_of_file: bool,
}

impl Line<'_> {
    /// One past its last byte.
    pub(super) fn end(&self) -> u32 {
        self.start.saturating_add(bytes(self.text.len()))
    }
}

/// The start of a span; line and column from 0, the column in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第 {} 行第 {} 列", self.file, self.line + 1, self.column + 1)
    }
}

/// The span within its file and on whole characters; none if there is no such file.
pub(super) fn clamp(sources: &Sources, span: Span) -> Option<Span> {
    sources.line_starts(span.file).first()?;
    let text = sources.text(span.file);
    let boundary = |byte: u32, step: fn(usize) -> usize| {
        let mut at = (byte as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at = step(at);
        }
        bytes(at)
    };
    let start = boundary(span.start, |at| at.saturating_sub(1));
    let end = boundary(span.end, |at| at.saturating_add(1)).max(start);
    Some(Span { start, end, ..span })
}

/// Where a span starts.
pub(super) fn at(sources: &Sources, span: Span) -> At<'_> {
    let place = sources.place(span.file, span.start);
    At {
        file: sources.name(span.file),
        line: place.line.saturating_sub(1),
        column: place.column.saturating_sub(1),
    }
}

/// A line by its number from 0.
pub(super) fn line(sources: &Sources, file: FileId, number: u32) -> Option<Line<'_>> {
    let starts = sources.line_starts(file);
    let &start = starts.get(number as usize)?;
    let text = sources.line_text(file, number.saturating_add(1));
    let is_last = starts.len() == (number as usize).saturating_add(1);
    Some(Line { text, start, is_end_of_file: number > 0 && is_last && text.is_empty() })
}

/// Offsets in a source fit in 32 bits.
pub(super) fn bytes(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
