//! Portions → cases, row by row.
use super::lines::is_blank;
use super::scan::Scan;
use super::table::{Mark, Problem, Writer};
use super::{Body, Decoder, Options, Places, Portion, Reject, TableRows};
use crate::base::FileId;
use crate::facts::{Case, Format, ReadOptions, Reader};
use crate::hir::Hir;

/// Takes the rows.
type Take<'t> = &'t mut dyn FnMut(u64, Result<&Case, Reject>);

/// Where a row of JSON stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    row: u64,
    file: usize,
    line: u64,
    /// Columns before its first character.
    before: u64,
}

/// Why a row is none, and at which byte.
struct Fault {
    at: usize,
    code: &'static str,
    reason: String,
    help: Option<String>,
}

/// The decoder of every form.
pub(super) struct Rows<'h> {
    reader: Reader<'h>,
    scan: Scan,
    writer: Writer,
    options: Options,
    #[cfg(feature = "parquet")]
    direct: Option<super::columnar::Direct>,
}

impl<'h> Rows<'h> {
    pub(super) fn new(hir: &'h Hir, options: &Options) -> Self {
        let reader = Reader::new(hir);
        let scan = Scan::new(&reader, options.date, options.text);
        #[cfg(feature = "parquet")]
        let direct = Some(super::columnar::Direct::new(&reader, options));
        Self {
            reader,
            scan,
            writer: Writer::default(),
            options: options.clone(),
            #[cfg(feature = "parquet")]
            direct,
        }
    }

    /// Reads columns as JSON, too, without the way straight from them.
    #[cfg(feature = "parquet")]
    pub(super) fn by_text(mut self) -> Self {
        self.direct = None;
        self
    }

    /// One row of JSON, handed on.
    fn json(&mut self, bytes: &[u8], place: Place, take: Take<'_>) {
        if let Some(case) = self.scan.row(&self.reader, bytes) {
            return take(place.row, Ok(case));
        }
        match read(&self.reader, &self.options, bytes) {
            Ok(case) => take(place.row, Ok(&case)),
            Err(fault) => take(place.row, Err(place.reject(bytes, fault))),
        }
    }

    /// The row of a table that was written, or why it could not be, handed on; `reject` tells the place.
    fn written(
        &mut self,
        number: u64,
        written: Result<(), Box<Problem>>,
        reject: impl FnOnce(Option<Mark>, Fault) -> Reject,
        take: Take<'_>,
    ) {
        let (mark, fault) = match written {
            Ok(()) => match self.scan.row(&self.reader, &self.writer.out) {
                Some(case) => return take(number, Ok(case)),
                None => match read(&self.reader, &self.options, &self.writer.out) {
                    Ok(case) => return take(number, Ok(&case)),
                    Err(fault) => (self.writer.mark(fault.at), fault),
                },
            },
            Err(problem) => {
                let help = Some(problem.help.to_owned());
                (Some(problem.mark), Fault { at: 0, code: problem.code, reason: problem.reason, help })
            }
        };
        take(number, Err(reject(mark, fault)));
    }

    /// The rows of a batch: straight from the columns, or, where that is not plain, by way of JSON.
    #[cfg(feature = "parquet")]
    fn columns(&mut self, batch: &super::Batch, first: u64, take: Take<'_>) {
        let ready = self.direct.as_mut().and_then(|direct| direct.ready(&self.reader, batch));
        for (number, index) in (first..).zip(0..batch.rows.num_rows()) {
            if let (Some(direct), Some(ready)) = (&mut self.direct, &ready)
                && let Some(case) = direct.row(&self.reader, ready, index)
            {
                take(number, Ok(case));
            } else {
                self.column_row(batch, number, index, take);
            }
        }
    }

    #[cfg(feature = "parquet")]
    fn column_row(&mut self, batch: &super::Batch, number: u64, index: usize, take: Take<'_>) {
        let written = super::columnar::write(&mut self.writer, batch, index);
        let reject = |mark: Option<Mark>, fault: Fault| Reject {
            row: number,
            file: batch.file,
            line: batch.first + index as u64,
            column: mark.map_or(1, |mark| mark.column as u64 + 1),
            code: fault.code.to_owned(),
            reason: fault.reason,
            help: fault.help,
        };
        self.written(number, written, reject, take);
    }
}

/// One row, by the reader of cases.
fn read(reader: &Reader<'_>, options: &Options, bytes: &[u8]) -> Result<Case, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| Fault {
        at: error.valid_up_to(),
        code: "B0893",
        reason: "这一行不是 UTF-8 编码".to_owned(),
        help: Some("把文件另存为 UTF-8 编码".to_owned()),
    })?;
    let options = ReadOptions {
        name: "",
        date: options.date,
        single: true,
        bases: None,
        text: options.text,
        moved: None,
        facts_only: true,
    };
    let (cases, found) = reader.read(text, FileId(0), Format::Json, &options);
    match (cases.into_iter().next(), found.into_iter().next()) {
        (_, Some(found)) => Err(Fault {
            at: found.labels.first().map_or(0, |label| label.span.start as usize),
            code: found.code,
            reason: found.message,
            help: found.help,
        }),
        (Some(case), None) => Ok(case.case),
        (None, None) => {
            let reason = "这一行是为办法的另一个文本写的".to_owned();
            Err(Fault {
                at: 0, code: "B0894", reason, help: Some("按“适用文本”分开认定".to_owned())
            })
        }
    }
}

impl Place {
    fn reject(self, bytes: &[u8], fault: Fault) -> Reject {
        let before = bytes.get(..fault.at).unwrap_or(&[]);
        let lines = memchr::memchr_iter(b'\n', before).count() as u64;
        let last = before.rsplit(|b| *b == b'\n').next().unwrap_or(&[]);
        // What stands before the place is UTF-8: characters are counted by their first bytes.
        let column = last.iter().filter(|b| **b & 0xc0 != 0x80).count() as u64 + 1;
        Reject {
            row: self.row,
            file: self.file,
            line: self.line + lines,
            column: if lines == 0 { self.before + column } else { column },
            code: fault.code.to_owned(),
            reason: fault.reason,
            help: fault.help,
        }
    }
}

/// A reject of a row of a table: what is wrong in a list is told with its place there.
fn of_cell(rows: &TableRows, index: usize, number: u64, (mark, fault): (Option<Mark>, Fault)) -> Reject {
    let main = rows.cells.first().map_or(0, |cells| cells.line(index));
    let (mut column, mut reason) = (1, fault.reason);
    if let Some(mark) = mark {
        let cell = mark.column as u64 + 1;
        if mark.table == 0 {
            column = cell;
        } else {
            let name = rows.tables.heads.get(mark.table).map_or("", |head| head.name.as_str());
            let line = rows.cells.get(mark.table).map_or(0, |cells| cells.line(mark.row));
            reason = format!("“{name}”第 {line} 行第 {cell} 列：{reason}");
        }
    }
    Reject {
        row: number,
        file: rows.file,
        line: main,
        column,
        code: fault.code.to_owned(),
        reason,
        help: fault.help,
    }
}

impl Decoder for Rows<'_> {
    fn decode(&mut self, portion: &Portion, row: &mut dyn FnMut(u64, Result<&Case, Reject>)) {
        let numbers = portion.first..;
        match &portion.body {
            Body::Json { bytes, places: Places::Lines(first), file } => {
                let lines = (*first..).zip(bytes.split(|b| *b == b'\n'));
                for (number, (line, text)) in numbers.zip(lines.filter(|(_, text)| !is_blank(text))) {
                    self.json(text, Place { row: number, file: *file, line, before: 0 }, row);
                }
            }
            Body::Json { bytes, places: Places::Elements(elements), file } => {
                for (number, element) in numbers.zip(elements) {
                    let text = bytes.get(element.start..element.end).unwrap_or(&[]);
                    let before = element.column.saturating_sub(1);
                    self.json(text, Place { row: number, file: *file, line: element.line, before }, row);
                }
            }
            Body::Table(rows) => {
                for (number, index) in numbers.zip(0..rows.len()) {
                    let written = self.writer.write(rows, index);
                    self.written(number, written, |m, f| of_cell(rows, index, number, (m, f)), row);
                }
            }
            #[cfg(feature = "parquet")]
            Body::Columns(batch) => self.columns(batch, portion.first, row),
            Body::TooLong { line, file } => {
                let place = Place { row: portion.first, file: *file, line: *line, before: 0 };
                let reason = "这一行太长，超过 64 MB".to_owned();
                let help = Some("一行只写一个案例".to_owned());
                row(portion.first, Err(place.reject(&[], Fault { at: 0, code: "B0895", reason, help })));
            }
        }
    }
}
