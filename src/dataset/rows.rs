//! Portions → cases, row by row.
use super::lines::is_blank;
use super::scan::Scan;
use super::{Body, Decoder, Options, Places, Portion, Reject};
use crate::base::FileId;
use crate::facts::{Case, Format, ReadOptions, Reader};
use crate::hir::Hir;

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) row: u64,
    pub(super) file: usize,
    pub(super) line: u64,
    /// Columns before its first character.
    pub(super) before: u64,
}

/// The decoder of every form.
pub(super) struct Rows<'h> {
    reader: Reader<'h>,
    scan: Scan,
    options: Options,
}

impl<'h> Rows<'h> {
    pub(super) fn new(hir: &'h Hir, options: &Options) -> Self {
        let reader = Reader::new(hir);
        let scan = Scan::new(&reader, options.date, options.text);
        Self { reader, scan, options: options.clone() }
    }

    /// One row, handed on.
    fn give(&mut self, bytes: &[u8], place: Place, row: &mut dyn FnMut(u64, Result<&Case, Reject>)) {
        if let Some(case) = self.scan.row(&self.reader, bytes) {
            return row(place.row, Ok(case));
        }
        match self.read(bytes, place) {
            Ok(case) => row(place.row, Ok(&case)),
            Err(reject) => row(place.row, Err(reject)),
        }
    }

    /// One row, by the reader of cases.
    fn read(&self, bytes: &[u8], place: Place) -> Result<Case, Reject> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
                let at = std::str::from_utf8(before).unwrap_or("");
                return Err(place.reject(
                    at,
                    "B0893",
                    "这一行不是 UTF-8 编码".to_owned(),
                    Some("把文件另存为 UTF-8 编码".to_owned()),
                ));
            }
        };
        let options = ReadOptions {
            name: "",
            date: self.options.date,
            single: true,
            bases: None,
            text: self.options.text,
            moved: None,
            facts_only: true,
        };
        let (cases, found) = self.reader.read(text, FileId(0), Format::Json, &options);
        match (cases.into_iter().next(), found.into_iter().next()) {
            (_, Some(found)) => {
                let start = found.labels.first().map_or(0, |label| label.span.start as usize);
                Err(place.reject(text.get(..start).unwrap_or(""), found.code, found.message, found.help))
            }
            (Some(case), None) => Ok(case.case),
            (None, None) => Err(place.reject("", "B0894", "这一行没有案例".to_owned(), None)),
        }
    }
}

impl Place {
    /// A reject at the end of `before`, what stands of the row before it.
    fn reject(self, before: &str, code: &str, reason: String, help: Option<String>) -> Reject {
        let lines = before.matches('\n').count() as u64;
        let last = before.rsplit('\n').next().unwrap_or("").chars().count() as u64;
        let column = if lines == 0 { self.before + last + 1 } else { last + 1 };
        Reject {
            row: self.row,
            file: self.file,
            line: self.line + lines,
            column,
            code: code.to_owned(),
            reason,
            help,
        }
    }
}

impl Decoder for Rows<'_> {
    fn decode(&mut self, portion: &Portion, row: &mut dyn FnMut(u64, Result<&Case, Reject>)) {
        let mut number = portion.first;
        match &portion.body {
            Body::Json { bytes, places: Places::Lines(first), file } => {
                for (line, text) in (*first..).zip(bytes.split(|b| *b == b'\n')) {
                    if is_blank(text) {
                        continue;
                    }
                    let place = Place { row: number, file: *file, line, before: 0 };
                    self.give(text, place, row);
                    number += 1;
                }
            }
            Body::Json { bytes, places: Places::Elements(elements), file } => {
                for element in elements {
                    let text = bytes.get(element.start..element.end).unwrap_or(&[]);
                    let place =
                        Place { row: number, file: *file, line: element.line, before: element.column - 1 };
                    self.give(text, place, row);
                    number += 1;
                }
            }
            Body::TooLong { line, file } => {
                let place = Place { row: number, file: *file, line: *line, before: 0 };
                let reason = "这一行太长，超过 64 MB".to_owned();
                row(number, Err(place.reject("", "B0895", reason, Some("一行只写一个案例".to_owned()))));
            }
        }
    }
}
