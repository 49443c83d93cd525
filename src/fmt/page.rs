//! Documents and comments become lines.
use super::doc::Doc;
use super::spacing;
use super::trivia::{Comment, Gap};
use crate::syntax::cst::Word;
use unicode_width::UnicodeWidthStr;

/// No line is longer, in columns, if it can be broken.
const WIDTH: usize = 100;

/// The empty line before a part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// There is none.
    None,
    /// There is one where the drafter left some.
    Kept,
    /// There is one.
    Always,
}

/// The text as far as it is written.
pub struct Page<'a> {
    words: &'a [Word],
    gaps: &'a [Gap],
    /// The first gap whose comments are not written yet.
    next_gap: usize,
    out: String,
    /// The last word written.
    last: Option<usize>,
    /// Columns written on the line at hand; none where a line is about to begin.
    column: Option<usize>,
    /// How far a line that is about to begin is indented.
    pending: usize,
    /// How far the part at hand is indented.
    indent: usize,
    /// How far the part before was.
    before: usize,
    /// Spaces to write instead of what would stand here.
    spaces: Option<usize>,
    /// The line at hand ends before the next word, which begins one so far indented; a comment may still end it.
    broken: Option<usize>,
    /// What comes next stands on the line at hand.
    gutter: bool,
    /// The line at hand ends with a comment.
    commented: bool,
}

impl<'a> Page<'a> {
    pub const fn new(words: &'a [Word], gaps: &'a [Gap]) -> Self {
        Self {
            words,
            gaps,
            next_gap: 0,
            out: String::new(),
            last: None,
            column: None,
            pending: 0,
            indent: 0,
            before: 0,
            spaces: None,
            broken: None,
            gutter: false,
            commented: false,
        }
    }

    /// A part of the file that begins with a word and stands on lines of its own.
    pub fn lines(&mut self, first: usize, indent: usize, blank: Blank, docs: &[Doc]) {
        self.between(first, indent, blank);
        self.indent = indent;
        self.pending = indent;
        self.docs(docs, true, 0);
        self.before = indent;
    }

    /// What stands behind the last word, and the text.
    pub fn finish(mut self) -> String {
        self.between(self.words.len(), 0, Blank::Kept);
        self.newline();
        self.out
    }

    fn newline(&mut self) {
        if self.column.take().is_some() {
            self.out.push('\n');
        }
        self.commented = false;
        self.broken = None;
    }

    fn blank_line(&mut self) {
        self.newline();
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Comments and the empty line between the part before and the one that begins with a word.
    fn between(&mut self, first: usize, indent: usize, blank: Blank) {
        let all = self.gaps;
        let (mut comments, mut blanks) = blanks(all.get(self.next_gap..=first).unwrap_or_default());
        self.next_gap = self.next_gap.max(first + 1);
        if let Some(trailing) = comments.first().filter(|c| !c.own_line && self.can_trail()) {
            self.trailing(trailing);
            comments.remove(0);
            blanks.remove(0);
        }
        self.newline();
        let any = blanks.contains(&true);
        if let Some(first) = blanks.first_mut() {
            *first = match blank {
                Blank::None => false,
                Blank::Kept => *first,
                Blank::Always => *first || !any,
            };
        }
        // Comments with no empty line below them belong to what follows; others stay where they are.
        let last = first >= self.words.len();
        let attached = if last { usize::MAX } else { blanks.iter().rposition(|b| *b).unwrap_or(0) };
        for (i, (comment, blank)) in comments.iter().zip(&blanks).enumerate() {
            if *blank {
                self.blank_line();
            }
            let deeper = i < attached && comment.column > indent && self.before > indent;
            self.own_line(comment, if deeper { self.before } else { indent });
        }
        if !last && blanks.last() == Some(&true) {
            self.blank_line();
        }
    }

    const fn can_trail(&self) -> bool {
        self.column.is_some() && !self.commented
    }

    fn trailing(&mut self, comment: &Comment) {
        self.out.push_str("  ");
        self.out.push_str(&comment.text);
        self.commented = true;
    }

    fn own_line(&mut self, comment: &Comment, indent: usize) {
        self.newline();
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(&comment.text);
        self.out.push('\n');
    }

    fn docs(&mut self, docs: &[Doc], broken: bool, tail: usize) {
        for (i, doc) in docs.iter().enumerate() {
            match doc {
                Doc::Word(word, indent) => self.word(*word, *indent),
                Doc::Extra(text) => self.text(text),
                Doc::Spaces(count) => self.spaces = Some(*count),
                Doc::Gutter(count) => {
                    self.spaces = Some(*count);
                    self.gutter = true;
                }
                Doc::Break(indent) if broken => self.broken = Some(*indent),
                Doc::Break(_) => {}
                Doc::Group(inner) => {
                    let rest = docs.get(i + 1..).unwrap_or_default();
                    let mut tail_here = Measure::default();
                    if !self.head(rest, &mut tail_here) {
                        tail_here.columns += tail;
                    }
                    let flat = !broken || self.fits(inner, tail_here.columns);
                    self.docs(inner, !flat, tail_here.columns);
                }
            }
        }
    }

    fn word(&mut self, number: usize, indent: usize) {
        let all = self.gaps;
        let indent = self.broken.unwrap_or(indent);
        for comment in all.get(self.next_gap..=number).unwrap_or_default().iter().flat_map(|g| &g.comments) {
            if (self.gutter || !comment.own_line) && self.can_trail() {
                self.trailing(comment);
            } else {
                self.own_line(comment, self.indent + indent);
            }
            self.broken = Some(indent);
        }
        self.next_gap = self.next_gap.max(number + 1);
        let words = self.words;
        let Some(word) = words.get(number) else { return };
        if self.spaces.is_none() && self.apart(number) {
            self.spaces = Some(1);
        }
        self.text(&word.text);
        self.last = Some(number);
    }

    fn apart(&self, number: usize) -> bool {
        let before = self.last.and_then(|n| self.words.get(n));
        let extra = self.out.ends_with(['，', '：']);
        match (before, self.words.get(number)) {
            (Some(a), Some(b)) => !extra && spacing::apart(a, b),
            _ => false,
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(indent) = self.broken.take() {
            self.newline();
            self.pending = self.indent + indent;
        }
        let spaces = self.spaces.take().unwrap_or(0);
        self.gutter = false;
        let before = match self.column {
            None => self.pending,
            Some(_) => spaces,
        };
        self.out.extend(std::iter::repeat_n(' ', before));
        self.out.push_str(text);
        let column = self.column.unwrap_or(0) + before;
        // What follows a text of several lines stands behind its last.
        self.column = Some(text.rsplit_once('\n').map_or(column + text.width(), |(_, last)| last.width()));
    }

    fn commented_within(&self, docs: &[Doc]) -> bool {
        let mut range = Vec::new();
        numbers(docs, &mut range);
        let (Some(first), Some(last)) = (range.first(), range.last()) else { return false };
        let gaps = self.gaps.get(first + 1..=*last).unwrap_or_default();
        gaps.iter().any(|g| !g.comments.is_empty())
    }

    /// Whether a group and what must stay behind it fit on the line at hand.
    fn fits(&self, docs: &[Doc], tail: usize) -> bool {
        let mut width = Measure::default();
        self.flat(docs, &mut width);
        let column = match (self.broken, self.column) {
            (Some(indent), _) => self.indent + indent,
            (None, Some(column)) => column,
            (None, None) => self.pending,
        };
        !self.commented_within(docs) && column + width.columns + tail <= WIDTH
    }

    /// The width of a document on one line.
    fn flat(&self, docs: &[Doc], width: &mut Measure) {
        for doc in docs {
            match doc {
                Doc::Group(inner) => self.flat(inner, width),
                Doc::Break(_) => {}
                Doc::Word(..) | Doc::Extra(_) | Doc::Spaces(_) | Doc::Gutter(_) => self.leaf(doc, width),
            }
        }
    }

    /// The width of what stands before the first place to break; whether there is one.
    fn head(&self, docs: &[Doc], width: &mut Measure) -> bool {
        docs.iter().any(|doc| match doc {
            Doc::Group(inner) => self.head(inner, width),
            Doc::Break(_) => true,
            Doc::Word(..) | Doc::Extra(_) | Doc::Spaces(_) | Doc::Gutter(_) => {
                self.leaf(doc, width);
                false
            }
        })
    }

    fn leaf(&self, doc: &Doc, width: &mut Measure) {
        match doc {
            Doc::Word(number, _) => {
                let words =
                    number.checked_sub(1).and_then(|n| self.words.get(n)).zip(self.words.get(*number));
                if words.is_some_and(|(a, b)| !width.extra && spacing::apart(a, b)) {
                    width.columns += 1;
                }
                width.columns += self.words.get(*number).map_or(0, |w| w.text.width());
                width.extra = false;
            }
            Doc::Extra(text) => {
                width.columns += text.width();
                width.extra = true;
            }
            Doc::Spaces(count) | Doc::Gutter(count) => width.columns += count,
            Doc::Break(_) | Doc::Group(_) => {}
        }
    }
}

/// The comments of gaps in a row; whether an empty line stands before each, and behind the last.
fn blanks(gaps: &[Gap]) -> (Vec<&Comment>, Vec<bool>) {
    let (mut comments, mut blanks, mut pending) = (Vec::new(), Vec::new(), false);
    for gap in gaps {
        for comment in &gap.comments {
            comments.push(comment);
            blanks.push(comment.after_blank || pending);
            pending = false;
        }
        pending |= gap.blank;
    }
    blanks.push(pending);
    (comments, blanks)
}

/// A width being added up.
#[derive(Default)]
struct Measure {
    columns: usize,
    /// The last that was added is punctuation, which no space follows.
    extra: bool,
}

/// The words of a document.
fn numbers(docs: &[Doc], out: &mut Vec<usize>) {
    for doc in docs {
        match doc {
            Doc::Word(number, _) => out.push(*number),
            Doc::Group(inner) => numbers(inner, out),
            Doc::Extra(_) | Doc::Spaces(_) | Doc::Gutter(_) | Doc::Break(_) => {}
        }
    }
}
