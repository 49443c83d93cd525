//! The source files of one compilation, and where a byte of them lies.
//!
//! Spans hold bytes; people read lines and columns in characters, editors speak UTF-16. Every function
//! answers for any offset: one inside a character counts as the start of that character, one past the
//! end as the end.
use super::span::{FileId, Span};
use std::sync::Arc;

/// A place as people read it: line and column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A place as editors count it: line and column from 0, the column in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16Place {
    /// Line, from 0.
    pub line: u32,
    /// Column in UTF-16 code units, from 0.
    pub column: u32,
}

/// All source files, by [`FileId`]. A copy shares the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

#[derive(Clone, Debug)]
struct SourceFile {
    name: String,
    text: String,
    /// Byte offset of the start of each line; the first is 0.
    line_starts: Vec<u32>,
}

impl Sources {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives its id. Spans address the first 4 GiB of a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(clamp(self.files.len()));
        let text = text.into();
        let line_starts = line_starts(&text);
        self.files.push(Arc::new(SourceFile { name: name.into(), text, line_starts }));
        id
    }

    /// The ids of all files, in the order they were added.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..clamp(self.files.len())).map(FileId)
    }

    /// Name of a file as given, empty for an unknown id.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |f| f.name.as_str())
    }

    /// Text of a file, empty for an unknown id.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |f| f.text.as_str())
    }

    /// The text a span covers, widened to whole characters.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let text = self.text(span.file);
        let start = floor_boundary(text, span.start);
        let end = ceil_boundary(text, span.end).max(start);
        text.get(start..end).unwrap_or("")
    }

    /// Byte offsets at which lines begin; the first is 0, none for an unknown id.
    #[must_use]
    pub fn line_starts(&self, file: FileId) -> &[u32] {
        self.file(file).map_or(&[], |f| f.line_starts.as_slice())
    }

    /// A line (from 1) without its line break.
    #[must_use]
    pub fn line_text(&self, file: FileId, line: u32) -> &str {
        let Some(source) = self.file(file) else { return "" };
        let Some(index) = line.checked_sub(1) else { return "" };
        source.line(index).trim_end_matches(['\n', '\r'])
    }

    /// Line and column in characters of a byte offset. A byte order mark is not counted.
    #[must_use]
    pub fn place(&self, file: FileId, byte: u32) -> Place {
        let Some(source) = self.file(file) else { return Place { line: 1, column: 1 } };
        let (index, before) = source.before(byte);
        let before = if index == 0 { before.trim_start_matches('\u{feff}') } else { before };
        Place { line: index.saturating_add(1), column: clamp(before.chars().count()).saturating_add(1) }
    }

    /// Where a span begins.
    #[must_use]
    pub fn start(&self, span: Span) -> Place {
        self.place(span.file, span.start)
    }

    /// Line and column in UTF-16 units of a byte offset.
    #[must_use]
    pub fn utf16(&self, file: FileId, byte: u32) -> Utf16Place {
        let Some(source) = self.file(file) else { return Utf16Place { line: 0, column: 0 } };
        let (line, before) = source.before(byte);
        Utf16Place { line, column: clamp(before.encode_utf16().count()) }
    }

    /// Byte offset of a UTF-16 place, held within its line and the file.
    #[must_use]
    pub fn byte(&self, file: FileId, place: Utf16Place) -> u32 {
        let Some(source) = self.file(file) else { return 0 };
        let Some(&start) = source.line_starts.get(place.line as usize) else {
            return clamp(source.text.len());
        };
        let line = source.line(place.line).trim_end_matches(['\n', '\r']);
        let mut units = 0_usize;
        for (offset, c) in line.char_indices() {
            units = units.saturating_add(c.len_utf16());
            if units > place.column as usize {
                return start.saturating_add(clamp(offset));
            }
        }
        start.saturating_add(clamp(line.len()))
    }

    fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize).map(Arc::as_ref)
    }
}

impl SourceFile {
    /// The line of this index (from 0) with its line break.
    fn line(&self, index: u32) -> &str {
        let index = index as usize;
        let Some(&start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index.saturating_add(1)).map_or(self.text.len(), |&e| e as usize);
        self.text.get(start as usize..end).unwrap_or("")
    }

    /// Index of the line of a byte, and what stands before the byte on that line.
    fn before(&self, byte: u32) -> (u32, &str) {
        let offset = floor_boundary(&self.text, byte);
        let index = self.line_starts.partition_point(|&s| s as usize <= offset).saturating_sub(1);
        let start = self.line_starts.get(index).map_or(0, |&s| s as usize);
        (clamp(index), self.text.get(start..offset).unwrap_or(""))
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
    std::iter::once(0).chain(ends.filter_map(|(i, _)| u32::try_from(i + 1).ok())).collect()
}

fn floor_boundary(text: &str, byte: u32) -> usize {
    let mut at = (byte as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil_boundary(text: &str, byte: u32) -> usize {
    let mut at = (byte as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> (Sources, FileId) {
        let mut sources = Sources::new();
        let id = sources.add("甲.banfa", text);
        (sources, id)
    }

    #[test]
    fn characters_bytes_and_utf16() {
        let (s, f) = one("第一条\r\n𠮷乙 丙\n");
        assert_eq!(s.name(f), "甲.banfa");
        assert_eq!(s.line_starts(f), [0, 11, 23]);
        assert_eq!(s.place(f, 3), Place { line: 1, column: 2 });
        assert_eq!(s.place(f, 4), Place { line: 1, column: 2 }, "inside a character");
        assert_eq!(s.place(f, 15), Place { line: 2, column: 2 });
        assert_eq!(s.utf16(f, 15), Utf16Place { line: 1, column: 2 });
        assert_eq!(s.byte(f, Utf16Place { line: 1, column: 2 }), 15);
        assert_eq!(s.byte(f, Utf16Place { line: 1, column: 99 }), 22);
        assert_eq!(s.byte(f, Utf16Place { line: 99, column: 0 }), 23);
        assert_eq!(s.place(f, 9999), Place { line: 3, column: 1 });
        assert_eq!(s.line_text(f, 1), "第一条");
        assert_eq!(s.line_text(f, 9), "");
        assert_eq!(s.slice(Span::new(f, 4, 5)), "一");
        assert_eq!(s.slice(Span::new(f, 9, 3)), "");
    }

    #[test]
    fn unknown_files_and_marks() {
        let (s, f) = one("\u{feff}甲");
        assert_eq!(s.place(f, 3), Place { line: 1, column: 1 });
        assert_eq!(s.text(FileId(7)), "");
        assert_eq!(s.place(FileId(7), 3), Place { line: 1, column: 1 });
        assert_eq!(s.ids().collect::<Vec<_>>(), [f]);
    }

    proptest! {
        #[test]
        fn any_offset_is_answered(text in "[甲乙\n\r𠮷a 　]{0,30}", byte in 0_u32..200) {
            let (s, f) = one(&text);
            let place = s.utf16(f, byte);
            let back = s.byte(f, place);
            prop_assert_eq!(s.utf16(f, back).line, place.line);
            prop_assert!(back <= byte);
            let _ = (s.place(f, byte), s.slice(Span::new(f, byte, byte / 2)), s.line_text(f, byte));
        }
    }
}
