//! Comma-separated values → records.
use super::cells::Records;
use crate::dataset::errors;
use crate::dataset::unpack::Bytes;
use crate::diag::Diagnostic;
use ::csv::{ByteRecord, Reader, ReaderBuilder};
use std::path::PathBuf;

/// Longest record that is kept whole; a quote that is not closed runs to the end of the file.
const LONGEST: usize = crate::dataset::lines::LONGEST;

/// A CSV file.
pub(in crate::dataset) struct CsvRecords {
    path: PathBuf,
    reader: Reader<Bytes>,
}

impl CsvRecords {
    pub(in crate::dataset) fn new(path: PathBuf, bytes: Bytes) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(bytes);
        Self { path, reader }
    }
}

impl Records for CsvRecords {
    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Box<Diagnostic>> {
        loop {
            let more = self.reader.read_byte_record(record).map_err(|error| {
                let error = match error.into_kind() {
                    ::csv::ErrorKind::Io(error) => error,
                    _ => std::io::ErrorKind::InvalidData.into(),
                };
                errors::unreadable(&self.path, &error)
            })?;
            if !more {
                return Ok(None);
            }
            let line = record.position().map_or(0, ::csv::Position::line);
            if record.as_slice().len() > LONGEST {
                return Err(Box::new(errors::open_quote(&self.path, line)));
            }
            // Spreadsheets leave rows of commas behind.
            if record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Some(line));
            }
        }
    }
}
