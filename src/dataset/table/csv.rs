//! Comma-separated values → records.
use super::cells::Records;
use crate::dataset::errors;
use crate::dataset::unpack::Bytes;
use crate::diag::Diagnostic;
use ::csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;

/// Longest record that is kept whole; a quote that is not closed runs to the end of the file.
const LONGEST: usize = crate::dataset::lines::LONGEST;

const BUFFER: usize = 1 << 18;

/// Fails when one record takes too much.
struct Limited {
    bytes: Bytes,
    left: usize,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let got = self.bytes.read(buffer)?;
        self.left = self.left.saturating_sub(got);
        Ok(got)
    }
}

/// A CSV file.
pub(in crate::dataset) struct CsvRecords {
    path: PathBuf,
    reader: Reader<Limited>,
    /// Line of the last record.
    line: u64,
}

impl CsvRecords {
    pub(in crate::dataset) fn new(path: PathBuf, bytes: Bytes) -> Self {
        let mut options = ReaderBuilder::new();
        options.has_headers(false).flexible(true).buffer_capacity(BUFFER);
        Self { path, reader: options.from_reader(Limited { bytes, left: LONGEST }), line: 1 }
    }
}

impl Records for CsvRecords {
    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Box<Diagnostic>> {
        loop {
            self.reader.get_mut().left = LONGEST;
            let more = self.reader.read_byte_record(record).map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
                    errors::open_quote(&self.path, self.line)
                }
                csv::ErrorKind::Io(error) => errors::unreadable(&self.path, &error),
                _ => errors::unreadable(&self.path, &ErrorKind::InvalidData.into()),
            })?;
            if !more {
                return Ok(None);
            }
            let line = record.position().map_or(0, csv::Position::line);
            self.line = self.reader.position().line();
            // Spreadsheets leave rows of commas behind.
            if record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Some(line));
            }
        }
    }
}
