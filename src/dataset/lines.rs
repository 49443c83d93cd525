//! Lines of JSON, file after file, in portions that end where a line ends.
use super::unpack::{Bytes, Meter, open};
use super::{Body, Places, Portion, Source, errors};
use crate::diag::Diagnostic;
use std::io::Read;
use std::path::PathBuf;

/// What is read at a time of a row that is passed over.
const STEP: u64 = 1 << 20;
/// Longest row that is read.
pub(super) const LONGEST: usize = 64 << 20;

/// JSONL.
pub(super) struct Lines {
    paths: Vec<PathBuf>,
    meter: Meter,
    /// How large a portion is, more or less.
    portion: usize,
    /// The file in hand and its index.
    open: Option<Bytes>,
    file: usize,
    /// What was read beyond the last portion.
    rest: Vec<u8>,
    /// Number of the next line and the next row.
    line: u64,
    row: u64,
}

impl Lines {
    /// Of these files; the first is open already.
    pub(super) fn new(
        paths: &[PathBuf],
        meter: Meter,
        first: Option<Bytes>,
        row: u64,
        portion: usize,
    ) -> Self {
        Self { paths: paths.to_vec(), meter, portion, open: first, file: 0, rest: Vec::new(), line: 1, row }
    }
}

impl Source for Lines {
    fn next(&mut self) -> Result<Option<Portion>, Box<Diagnostic>> {
        while let Some(path) = self.paths.get(self.file) {
            let mut bytes = match self.open.take() {
                Some(bytes) => bytes,
                None => open(path, &self.meter)?.0,
            };
            let cut = cut(&mut bytes, &mut self.rest, self.portion)
                .map_err(|e| Box::new(errors::unreadable(path, &e)))?;
            let (line, file) = (self.line, self.file);
            let (ended, body) = match cut {
                Cut::Portion(bytes, ended) => {
                    let (lines, rows) = count(&bytes);
                    self.line += lines;
                    (
                        ended,
                        (rows > 0).then(|| (rows, Body::Json { bytes, places: Places::Lines(line), file })),
                    )
                }
                Cut::TooLong(ended) => {
                    self.line += 1;
                    (ended, Some((1, Body::TooLong { line, file })))
                }
            };
            if ended {
                (self.file, self.line) = (self.file + 1, 1);
            } else {
                self.open = Some(bytes);
            }
            if let Some((rows, body)) = body {
                let first = self.row;
                self.row += rows;
                return Ok(Some(Portion { first, rows, body }));
            }
        }
        Ok(None)
    }

    fn progress(&self) -> (u64, Option<u64>) {
        self.meter.progress()
    }
}

/// What comes next of a file, and whether it ends there.
enum Cut {
    Portion(Vec<u8>, bool),
    TooLong(bool),
}

fn cut(bytes: &mut Bytes, rest: &mut Vec<u8>, portion: usize) -> std::io::Result<Cut> {
    let mut buffer = std::mem::take(rest);
    let mut searched = 0;
    loop {
        let want = buffer.len().max(portion) as u64;
        let got = bytes.take(want).read_to_end(&mut buffer)?;
        if got == 0 {
            return Ok(Cut::Portion(buffer, true));
        }
        if let Some(end) = memchr::memrchr(b'\n', buffer.get(searched..).unwrap_or(&[])) {
            let end = searched + end + 1;
            rest.clear();
            rest.extend_from_slice(buffer.get(end..).unwrap_or(&[]));
            buffer.truncate(end);
            return Ok(Cut::Portion(buffer, false));
        }
        searched = buffer.len();
        if buffer.len() > LONGEST {
            return skip(bytes, rest).map(Cut::TooLong);
        }
    }
}

/// Passes over the rest of a line; whether the file ends with it.
fn skip(bytes: &mut Bytes, rest: &mut Vec<u8>) -> std::io::Result<bool> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        if bytes.take(STEP).read_to_end(&mut buffer)? == 0 {
            return Ok(true);
        }
        if let Some(end) = memchr::memchr(b'\n', &buffer) {
            rest.clear();
            rest.extend_from_slice(buffer.get(end + 1..).unwrap_or(&[]));
            return Ok(false);
        }
    }
}

/// Lines, and those that are rows.
fn count(bytes: &[u8]) -> (u64, u64) {
    let (mut lines, mut rows, mut start) = (0, 0, 0);
    for end in memchr::memchr_iter(b'\n', bytes).chain((!bytes.ends_with(b"\n")).then_some(bytes.len())) {
        lines += 1;
        rows += u64::from(!is_blank(bytes.get(start..end).unwrap_or(&[])));
        start = end + 1;
    }
    if bytes.is_empty() { (0, 0) } else { (lines, rows) }
}

/// Nothing but blanks.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}
