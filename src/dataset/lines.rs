//! Lines of JSON in portions that end where a line ends.
use super::inputs::Cut;
use super::unpack::Bytes;
use super::{Body, Places, errors};
use crate::diag::Diagnostic;
use std::io::Read;
use std::path::PathBuf;

/// How large a portion is, more or less.
pub(super) const PORTION: usize = 1 << 20;
/// Longest row that is read.
pub(super) const LONGEST: usize = 64 << 20;

/// JSONL.
pub(super) struct Lines {
    path: PathBuf,
    file: usize,
    bytes: Bytes,
    /// How large a portion is, more or less.
    portion: usize,
    /// What was read beyond the last portion.
    rest: Vec<u8>,
    /// Number of the next line.
    line: u64,
    ended: bool,
}

/// What comes next of a file.
enum Piece {
    Rows(Vec<u8>),
    TooLong,
}

impl Lines {
    pub(super) fn new(path: PathBuf, file: usize, bytes: Bytes, portion: usize) -> Self {
        Self { path, file, bytes, portion: portion.max(1), rest: Vec::new(), line: 1, ended: false }
    }

    fn piece(&mut self) -> std::io::Result<Piece> {
        let mut buffer = std::mem::take(&mut self.rest);
        let mut searched = 0;
        loop {
            let want = buffer.len().max(self.portion).min(LONGEST + 1 - buffer.len().min(LONGEST)) as u64;
            if self.bytes.by_ref().take(want).read_to_end(&mut buffer)? == 0 {
                self.ended = true;
                return Ok(Piece::Rows(buffer));
            }
            if let Some(end) = memchr::memrchr(b'\n', buffer.get(searched..).unwrap_or(&[])) {
                let end = searched + end + 1;
                self.rest = buffer.split_off(end);
                return Ok(Piece::Rows(buffer));
            }
            searched = buffer.len();
            if buffer.len() > LONGEST {
                drop(buffer);
                self.skip()?;
                return Ok(Piece::TooLong);
            }
        }
    }

    /// Passes over the rest of a line.
    fn skip(&mut self) -> std::io::Result<()> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            if self.bytes.by_ref().take(PORTION as u64).read_to_end(&mut buffer)? == 0 {
                self.ended = true;
                return Ok(());
            }
            if let Some(end) = memchr::memchr(b'\n', &buffer) {
                self.rest = buffer.split_off(end + 1);
                return Ok(());
            }
        }
    }
}

impl Cut for Lines {
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>> {
        while !self.ended {
            let (line, file) = (self.line, self.file);
            match self.piece().map_err(|e| errors::unreadable(&self.path, &e))? {
                Piece::Rows(bytes) => {
                    let (lines, rows) = count(&bytes);
                    self.line += lines;
                    if rows > 0 {
                        return Ok(Some((rows, Body::Json { bytes, places: Places::Lines(line), file })));
                    }
                }
                Piece::TooLong => {
                    self.line += 1;
                    return Ok(Some((1, Body::TooLong { line, file })));
                }
            }
        }
        Ok(None)
    }
}

/// Lines, and those that are rows.
fn count(bytes: &[u8]) -> (u64, u64) {
    let (mut lines, mut rows, mut start) = (0, 0, 0);
    let last = (!bytes.is_empty() && !bytes.ends_with(b"\n")).then_some(bytes.len());
    for end in memchr::memchr_iter(b'\n', bytes).chain(last) {
        lines += 1;
        rows += u64::from(!is_blank(bytes.get(start..end).unwrap_or(&[])));
        start = end + 1;
    }
    (lines, rows)
}

/// Nothing but blanks.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}
