//! One JSON array (or several values one after another), cut where an element ends: never whole in memory.
use super::inputs::Cut;
use super::lines::{LONGEST, PORTION};
use super::unpack::Bytes;
use super::{Body, Element, Places, errors};
use crate::diag::Diagnostic;
use std::io::Read;
use std::path::PathBuf;

/// A file of JSON values.
pub(super) struct Array {
    path: PathBuf,
    file: usize,
    bytes: Bytes,
    /// What was read and not handed on.
    buffer: Vec<u8>,
    /// So much of it was looked at; so much of it was counted in `place`.
    seen: usize,
    counted: usize,
    place: (u64, u64),
    /// Where the element in hand begins, if it has.
    start: Option<(usize, (u64, u64))>,
    phase: Phase,
    depth: usize,
    text: Text,
    /// A comma came before the element in hand: there must be one.
    comma: bool,
    /// The element in hand is too long and passed over.
    dropping: bool,
    ended: bool,
}

/// How far the file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing has come yet.
    Before,
    /// In the array.
    Inside,
    /// After its end.
    After,
    /// There is no array: values follow one another.
    Values,
}

/// Whether a string is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// After a backslash.
    Escaped,
}

/// What the next look at the buffer found.
enum Found {
    Element(Element),
    TooLong(u64),
    Nothing,
}

impl Array {
    pub(super) fn new(path: PathBuf, file: usize, bytes: Bytes) -> Self {
        Self {
            path,
            file,
            bytes,
            buffer: Vec::new(),
            seen: 0,
            counted: 0,
            place: (1, 1),
            start: None,
            phase: Phase::Before,
            depth: 0,
            text: Text::Outside,
            comma: false,
            dropping: false,
            ended: false,
        }
    }

    /// The next element that is whole in the buffer.
    fn look(&mut self) -> Result<Found, Box<Diagnostic>> {
        while let Some(&byte) = self.buffer.get(self.seen) {
            if self.text != Text::Outside {
                self.string();
                continue;
            }
            if self.start.is_none() && !byte.is_ascii_whitespace() {
                let place = self.count(self.seen);
                match (self.phase, byte) {
                    (Phase::Before, b'[') => {
                        self.phase = Phase::Inside;
                        self.seen += 1;
                        continue;
                    }
                    (Phase::Before, _) => self.phase = Phase::Values,
                    (Phase::After, _) => return Err(Box::new(errors::after_array(&self.path, place))),
                    (Phase::Inside | Phase::Values, _) => {}
                }
                self.start = Some((self.seen, place));
            }
            self.seen += 1;
            match byte {
                b'"' => self.text = Text::Inside,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 && self.phase == Phase::Values {
                        return Ok(self.element(self.seen));
                    }
                }
                b',' if self.depth == 0 && self.phase == Phase::Inside => {
                    self.comma = true;
                    return Ok(self.element(self.seen - 1));
                }
                b']' if self.phase == Phase::Inside => {
                    self.phase = Phase::After;
                    let begun = self.start.is_some_and(|(start, _)| start + 1 < self.seen);
                    if begun || self.dropping || self.comma {
                        return Ok(self.element(self.seen - 1));
                    }
                    self.start = None;
                }
                _ => {}
            }
        }
        Ok(Found::Nothing)
    }

    /// Goes on in a string.
    fn string(&mut self) {
        let rest = self.buffer.get(self.seen..).unwrap_or(&[]);
        if self.text == Text::Escaped {
            self.text = Text::Inside;
            self.seen += 1;
            return;
        }
        let Some(at) = memchr::memchr2(b'"', b'\\', rest) else {
            self.seen = self.buffer.len();
            return;
        };
        self.text = if rest.get(at) == Some(&b'"') { Text::Outside } else { Text::Escaped };
        self.seen += at + 1;
    }

    /// The element in hand, which ends before `end`.
    fn element(&mut self, end: usize) -> Found {
        let (start, (line, column)) = self.start.take().unwrap_or((end, self.place));
        if std::mem::take(&mut self.dropping) {
            return Found::TooLong(line);
        }
        Found::Element(Element { start: start.min(end), end, line, column })
    }

    /// Line and column of a byte.
    fn count(&mut self, at: usize) -> (u64, u64) {
        let passed = self.buffer.get(self.counted..at).unwrap_or(&[]);
        let (mut line, mut column) = self.place;
        line += memchr::memchr_iter(b'\n', passed).count() as u64;
        let last = match memchr::memrchr(b'\n', passed) {
            Some(end) => {
                column = 1;
                passed.get(end + 1..).unwrap_or(&[])
            }
            None => passed,
        };
        column += last.iter().filter(|b| **b & 0xc0 != 0x80).count() as u64;
        (self.counted, self.place) = (at.max(self.counted), (line, column));
        self.place
    }

    /// Reads more, keeping the element in hand.
    fn more(&mut self) -> Result<(), Box<Diagnostic>> {
        let held = self.buffer.len();
        let want = held.max(PORTION).min(LONGEST + 1 - held.min(LONGEST)) as u64;
        let got = self.bytes.by_ref().take(want).read_to_end(&mut self.buffer);
        self.ended = got.map_err(|e| errors::unreadable(&self.path, &e))? == 0;
        Ok(())
    }

    /// Lets go of what is before `upto`, which has been handed on; gives it.
    fn release(&mut self, upto: usize) -> Vec<u8> {
        self.count(upto);
        let rest = self.buffer.split_off(upto.min(self.buffer.len()));
        let done = std::mem::replace(&mut self.buffer, rest);
        self.seen -= upto;
        self.counted -= upto;
        if let Some((start, _)) = &mut self.start {
            *start = start.saturating_sub(upto);
        }
        done
    }
}

impl Cut for Array {
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>> {
        let mut elements: Vec<Element> = Vec::new();
        loop {
            match self.look()? {
                Found::Element(element) => elements.push(element),
                Found::TooLong(line) => {
                    return Ok(Some((1, Body::TooLong { line, file: self.file })));
                }
                Found::Nothing => {
                    // All that was read has been looked at.
                    let upto = self.start.map_or(self.seen, |(start, _)| start);
                    if !elements.is_empty() {
                        let bytes = self.release(upto);
                        let rows = elements.len() as u64;
                        let body = Body::Json { bytes, places: Places::Elements(elements), file: self.file };
                        return Ok(Some((rows, body)));
                    }
                    if self.ended {
                        return self.finish();
                    }
                    self.release(upto);
                    if self.dropping || self.buffer.len() > LONGEST {
                        self.dropping = true;
                        self.release(self.seen);
                    }
                    self.more()?;
                }
            }
        }
    }
}

impl Array {
    /// The end of the file.
    fn finish(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>> {
        match self.phase {
            Phase::Before | Phase::After => Ok(None),
            Phase::Inside => Err(Box::new(errors::array_unfinished(&self.path))),
            Phase::Values => {
                let Some((start, (line, column))) = self.start.take() else { return Ok(None) };
                if self.dropping {
                    return Ok(Some((1, Body::TooLong { line, file: self.file })));
                }
                let bytes = std::mem::take(&mut self.buffer);
                let element = Element { start, end: bytes.len(), line, column };
                self.seen = 0;
                self.counted = 0;
                Ok(Some((1, Body::Json { bytes, places: Places::Elements(vec![element]), file: self.file })))
            }
        }
    }
}
