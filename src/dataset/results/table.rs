//! One table of results: rows of texts one after the other, and the CSV kind of it.
use super::open::broken;
use crate::diag::Diagnostic;
use crate::stats::BadRow;
use std::io::Read;

/// What moving on gives.
pub(super) enum Moved {
    /// A row.
    Row,
    /// One that cannot be read.
    Bad(BadRow),
    /// Nothing more.
    End,
}

/// Rows of texts.
pub(super) trait Table: Send {
    /// Names of the columns.
    fn columns(&self) -> &[String];

    /// To the next row.
    ///
    /// # Errors
    /// What makes it impossible to go on.
    fn advance(&mut self) -> Result<Moved, Box<Diagnostic>>;

    /// A cell of the row; nothing if it is empty.
    fn cell(&self, column: usize) -> &str;

    /// The line of the row, from 1.
    fn line(&self) -> u64;
}

/// Comma-separated values.
pub(super) struct Csv {
    reader: csv::Reader<Box<dyn Read + Send>>,
    file: String,
    columns: Vec<String>,
    row: csv::StringRecord,
}

impl Csv {
    /// Reads the names of the columns.
    pub(super) fn open(input: Box<dyn Read + Send>, file: &str) -> Result<Self, Box<Diagnostic>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(input);
        let mut row = csv::StringRecord::new();
        match reader.read_record(&mut row) {
            Ok(_) => {}
            Err(error) => return Err(Self::fatal(file, 1, error)),
        }
        let columns = row.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        Ok(Self { reader, file: file.to_owned(), columns, row })
    }

    fn fatal(file: &str, line: u64, error: csv::Error) -> Box<Diagnostic> {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => broken(file, line, &error),
            _ => broken(file, line, &std::io::Error::other("不是 UTF-8 编码的 CSV")),
        }
    }
}

impl Table for Csv {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn advance(&mut self) -> Result<Moved, Box<Diagnostic>> {
        let bad = |line, reason| Ok(Moved::Bad(BadRow { file: self.file.clone(), line, reason }));
        match self.reader.read_record(&mut self.row) {
            Ok(false) => Ok(Moved::End),
            Ok(true) if self.row.len() == self.columns.len() => Ok(Moved::Row),
            Ok(true) => {
                let reason = format!("有 {} 格，表头是 {} 格", self.row.len(), self.columns.len());
                bad(self.line(), reason)
            }
            Err(error) if error.is_io_error() => Err(Self::fatal(&self.file, self.line(), error)),
            Err(error) => {
                let line = error.position().map_or_else(|| self.line(), csv::Position::line);
                bad(line, "不是 UTF-8 编码".to_owned())
            }
        }
    }

    fn cell(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    fn line(&self) -> u64 {
        self.row.position().map_or_else(|| self.reader.position().line(), csv::Position::line)
    }
}
