//! What is shown of the sources around the labels of one diagnostic: a few lines, cut to the width
//! of the page, made safe to print. Comes from labels and [`Sources`], goes to miette.
//!
//! miette would read whole lines, and whole files to find them. Here it gets windows of a few short
//! lines, laid one after another in a text of their own, and labels moved to where they are in it.
use miette::{LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::Label;
use super::place::{Line, at, bytes, clamp, line};
use crate::base::{FileId, Sources, Span};

/// A label over more lines than this is shown by its first line.
const LABEL_LINES: u32 = 4;
/// A tab reaches to the next multiple of this.
const TAB: usize = 4;
/// Labels shown of one diagnostic.
const LABELS: usize = 20;

/// The windows, in the order in which they are shown, and the labels in them.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    windows: Vec<Window>,
    labels: Vec<LabeledSpan>,
}

/// Some consecutive lines.
#[derive(Debug)]
struct Window {
    /// Place of the first label, as people say it.
    name: String,
    /// First line, from 0.
    first: usize,
    /// Number of lines.
    lines: usize,
    text: String,
    span: SourceSpan,
}

/// A label and the lines it is on.
#[derive(Debug)]
struct Placed<'a> {
    span: Span,
    text: &'a str,
    first: u32,
    last: u32,
    primary: bool,
    /// Whether a line of it must be cut, so that it needs a window of its own.
    long: bool,
}

impl Excerpt {
    /// The excerpt for labels, the first of which is the primary one.
    pub(super) fn new(labels: &[Label], sources: &Sources, columns: usize, dots: &'static str) -> Self {
        let mut placed: Vec<Placed<'_>> = Vec::new();
        for label in labels.iter().take(LABELS) {
            let seen = placed.iter().any(|it| it.span == label.span && it.text == label.text);
            if let (false, Some(it)) = (seen, place(label, sources, columns, placed.is_empty())) {
                placed.push(it);
            }
        }
        let mut groups = group(placed);
        groups.sort_by_key(|them| !them.iter().any(|it| it.primary));
        let mut excerpt = Self::default();
        for them in groups {
            excerpt.open(&them, sources, columns, dots);
        }
        excerpt
    }

    /// The labels, placed in the text of the excerpt.
    pub(super) fn labels(&self) -> &[LabeledSpan] {
        &self.labels
    }

    /// Adds the window of some labels.
    fn open(&mut self, labels: &[Placed<'_>], sources: &Sources, columns: usize, dots: &'static str) {
        let Some(lead) = labels.iter().find(|it| it.primary).or(labels.first()) else { return };
        let file = lead.span.file;
        let first = labels.iter().map(|it| it.first).min().unwrap_or(lead.first).saturating_sub(1);
        let last = labels.iter().map(|it| it.last).max().unwrap_or(lead.last).saturating_add(1);
        let base = self.windows.last().map_or(0, |it| it.span.offset() + it.span.len() + 1);
        let mut text = String::new();
        let mut lines = 0;
        let mut marks: Vec<(usize, usize)> = labels.iter().map(|_| (base, base)).collect();
        for number in first..=last {
            let Some(line) = line(sources, file, number) else { break };
            if number == last && line.is_end_of_file {
                break;
            }
            lines += 1;
            let here = labels.iter().find(|it| it.first == number);
            let from = here.map_or(line.start, |it| it.span.start);
            let cut = Cut::new(line, from, columns);
            let map = cut.print(&mut text, dots, base);
            for (label, mark) in labels.iter().zip(&mut marks) {
                if label.first == number {
                    mark.0 = find(&map, label.span.start);
                }
                if label.last == number {
                    mark.1 = find(&map, label.span.end);
                }
            }
            text.push('\n');
        }
        for (label, (start, end)) in labels.iter().zip(marks) {
            let words = (!label.text.is_empty()).then(|| clean(label.text));
            let span = (start, end.saturating_sub(start));
            self.labels.push(if label.primary {
                LabeledSpan::new_primary_with_span(words, span)
            } else {
                LabeledSpan::new_with_span(words, span)
            });
        }
        let name = clean(&at(sources, lead.span).to_string());
        let span = SourceSpan::from((base, text.len()));
        self.windows.push(Window { name, first: first as usize, lines, text, span });
    }
}

/// Moves a label into its file, and to its first line if it is tall.
fn place<'a>(label: &'a Label, sources: &Sources, columns: usize, primary: bool) -> Option<Placed<'a>> {
    let mut span = clamp(sources, label.span)?;
    let kept = sources.slice(span).trim_end_matches(['\r', '\n']).len();
    span.end = span.start.saturating_add(bytes(kept));
    let first = at(sources, span).line;
    let mut last = at(sources, Span { start: span.end, ..span }).line;
    let opening = line(sources, span.file, first)?;
    if last - first >= LABEL_LINES {
        last = first;
        span.end = opening.end().max(span.start);
    }
    let closing = line(sources, span.file, last)?;
    let long = opening.is_long(columns) || closing.is_long(columns);
    Some(Placed { span, text: &label.text, first, last, primary, long })
}

/// Labels that can be shown in one window together, windows in order of place.
fn group(mut labels: Vec<Placed<'_>>) -> Vec<Vec<Placed<'_>>> {
    labels.sort_by_key(|it| (it.span.file, it.first, it.span.start));
    let mut groups: Vec<Vec<Placed<'_>>> = Vec::new();
    for label in labels {
        let open = groups.last_mut().filter(|them| {
            let reach = them.iter().map(|it| it.last).max().unwrap_or_default().saturating_add(3);
            let file: Option<FileId> = them.first().map(|it| it.span.file);
            file == Some(label.span.file)
                && label.first <= reach
                && !label.long
                && !them.iter().any(|it| it.long)
        });
        match open {
            Some(them) => them.push(label),
            None => groups.push(vec![label]),
        }
    }
    groups
}

/// Where a byte of the source went: the first printed character at or after it.
fn find(map: &[(u32, usize)], byte: u32) -> usize {
    let index = map.partition_point(|&(source, _)| source < byte);
    map.get(index).or(map.last()).map_or(0, |&(_, printed)| printed)
}

/// The part of a line that is printed.
struct Cut<'a> {
    text: &'a str,
    start: u32,
    before: bool,
    after: bool,
}

impl<'a> Cut<'a> {
    /// The part of `line` around byte `from`, of at most `columns` columns.
    fn new(line: Line<'a>, from: u32, columns: usize) -> Self {
        let whole = Self { text: line.text, start: line.start, before: false, after: false };
        if !line.is_long(columns) {
            return whole;
        }
        let from = (from.saturating_sub(line.start) as usize).min(line.text.len());
        let (Some(head), Some(tail)) = (line.text.get(..from), line.text.get(from..)) else { return whole };
        let back = fit(head.chars().rev(), columns / 3);
        let begin = head.len() - back;
        let forward = fit(line.text.get(begin..).unwrap_or(tail).chars(), columns);
        let end = begin + forward;
        Self {
            text: line.text.get(begin..end).unwrap_or_default(),
            start: line.start.saturating_add(bytes(begin)),
            before: begin > 0,
            after: end < line.text.len(),
        }
    }

    /// Appends the part to `out`; gives, for each character, its byte in the file and in the excerpt.
    fn print(&self, out: &mut String, dots: &str, base: usize) -> Vec<(u32, usize)> {
        let mut map = Vec::new();
        let mut column = 0;
        if self.before {
            out.push_str(dots);
            column += dots.chars().count();
        }
        for (at, c) in self.text.char_indices() {
            map.push((self.start.saturating_add(bytes(at)), base + out.len()));
            let width = columns_of(c, column);
            match c {
                '\t' => out.extend(std::iter::repeat_n(' ', width)),
                _ => out.extend(shown(c)),
            }
            column += width;
        }
        let end = self.start.saturating_add(bytes(self.text.len()));
        map.push((end, base + out.len()));
        if self.after {
            out.push_str(dots);
        }
        map
    }
}

/// Bytes of the leading characters that fit in `columns`.
fn fit(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    let mut bytes = 0;
    for c in characters {
        used += columns_of(c, used);
        if used > columns {
            break;
        }
        bytes += c.len_utf8();
    }
    bytes
}

/// Columns a character takes when it is printed at `column`.
fn columns_of(c: char, column: usize) -> usize {
    match c {
        '\t' => TAB - column % TAB,
        _ => shown(c).and_then(UnicodeWidthChar::width).unwrap_or(0),
    }
}

impl Line<'_> {
    /// Whether the line does not fit in `columns`.
    pub(super) fn is_long(&self, columns: usize) -> bool {
        self.text.len() > columns.saturating_mul(8) || fit(self.text.chars(), columns) < self.text.len()
    }
}

/// A character as it may be printed: what moves the cursor or turns the writing round becomes visible.
fn shown(c: char) -> Option<char> {
    match c {
        '\u{FEFF}' => None,
        '\u{7F}' => Some('␡'),
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{80}'..='\u{9F}'
        | '\u{61C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' => Some('\u{FFFD}'),
        other => Some(other),
    }
}

/// A text of ours on one line; the user's words in it may hold anything, at any length.
pub(super) fn clean(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut out: String = text
        .chars()
        .take(LONGEST)
        .filter_map(|c| if matches!(c, '\n' | '\t') { Some(' ') } else { shown(c) })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let holds = |it: &&Window| {
            let end = it.span.offset() + it.span.len();
            span.offset() >= it.span.offset() && span.offset() + span.len() <= end
        };
        match self.windows.iter().find(holds) {
            Some(window) => Ok(Box::new(Contents(window))),
            None => Err(MietteError::OutOfBounds),
        }
    }
}

/// A window as miette asks for it.
struct Contents<'a>(&'a Window);

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.0.text.as_bytes()
    }
    fn span(&self) -> &SourceSpan {
        &self.0.span
    }
    fn name(&self) -> Option<&str> {
        Some(&self.0.name)
    }
    fn line(&self) -> usize {
        self.0.first
    }
    fn column(&self) -> usize {
        0
    }
    fn line_count(&self) -> usize {
        self.0.lines
    }
}
