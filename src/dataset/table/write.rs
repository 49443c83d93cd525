//! Rows of tables → rows of JSON, with a note of which cell went where, so that what is wrong is told of the cell.
use super::cells::{Column, ERROR, TableRows};

/// Where a cell was written.
#[derive(Clone, Copy, Debug)]
pub(in crate::dataset) struct Mark {
    /// The first byte of its key.
    pub(in crate::dataset) at: usize,
    pub(in crate::dataset) table: usize,
    pub(in crate::dataset) row: usize,
    pub(in crate::dataset) column: usize,
}

/// A row that cannot be written.
#[derive(Debug)]
pub(in crate::dataset) struct Problem {
    pub(in crate::dataset) mark: Mark,
    pub(in crate::dataset) code: &'static str,
    pub(in crate::dataset) reason: String,
    pub(in crate::dataset) help: &'static str,
}

/// Writes rows, one at a time.
#[derive(Debug, Default)]
pub(in crate::dataset) struct Writer {
    /// The row.
    pub(in crate::dataset) out: Vec<u8>,
    pub(in crate::dataset) marks: Vec<Mark>,
}

impl Writer {
    /// Writes a row of the main table and what belongs to it.
    pub(in crate::dataset) fn write(&mut self, rows: &TableRows, row: usize) -> Result<(), Box<Problem>> {
        self.out.clear();
        self.marks.clear();
        self.out.push(b'{');
        self.cells(rows, 0, row, true)?;
        self.out.extend_from_slice(&rows.tables.root);
        self.object(rows, 0, row)?;
        self.out.push(b'}');
        Ok(())
    }

    fn object(&mut self, rows: &TableRows, table: usize, row: usize) -> Result<(), Box<Problem>> {
        self.out.push(b'{');
        let begin = self.out.len();
        self.cells(rows, table, row, false)?;
        for (index, head) in rows.tables.heads.iter().enumerate() {
            let Some((above, key)) = &head.above else { continue };
            if *above != table {
                continue;
            }
            let offsets = rows.offsets.get(index).map_or(&[][..], Vec::as_slice);
            let at = |i: usize| offsets.get(i).copied().unwrap_or(0);
            let (start, end) = (at(row), at(row + 1));
            // The main table may say that the list is not known, or that there can be none.
            if start == end && self.has_key(key, begin) {
                continue;
            }
            let bare = !head.many && end - start == 1;
            if !head.many && start == end {
                continue;
            }
            self.out.extend_from_slice(key);
            self.out.extend_from_slice(if bare { b"" } else { b"[" });
            for child in start..end {
                self.object(rows, index, child)?;
                self.out.push(b',');
            }
            if start < end {
                self.out.pop();
            }
            self.out.extend_from_slice(if bare { b"," } else { b"]," });
        }
        if self.out.len() > begin {
            self.out.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The cell that a byte of the row comes from.
    pub(in crate::dataset) fn mark(&self, at: usize) -> Option<Mark> {
        let after = self.marks.partition_point(|mark| mark.at <= at);
        after.checked_sub(1).and_then(|last| self.marks.get(last)).copied()
    }

    /// Whether a cell of the object that begins at `begin` has this key.
    fn has_key(&self, key: &[u8], begin: usize) -> bool {
        let own = self.marks.iter().filter(|mark| mark.at >= begin);
        own.into_iter().any(|mark| self.out.get(mark.at..).is_some_and(|rest| rest.starts_with(key)))
    }

    /// The cells of one row that are at top level, or that are not.
    fn cells(&mut self, rows: &TableRows, table: usize, row: usize, top: bool) -> Result<(), Box<Problem>> {
        let (Some(head), Some(cells)) = (rows.tables.heads.get(table), rows.cells.get(table)) else {
            return Ok(());
        };
        let own = cells.row(row);
        if own.len() != head.columns.len() {
            let mark = Mark { at: 0, table, row, column: own.len().min(head.columns.len()) };
            let reason = format!("这一行有 {} 格，第一行有 {} 格", own.len(), head.columns.len());
            let help = "每行的格数要与第一行相同；格内有逗号的，整格放进双引号";
            return Err(Box::new(Problem { mark, code: "B0872", reason, help }));
        }
        for (column, (kind, cell)) in head.columns.iter().zip(own).enumerate() {
            let key = match kind {
                Column::Top(key) if top => key,
                Column::Fact(key) if !top => key,
                Column::Top(_) | Column::Fact(_) | Column::Place => continue,
            };
            if cell.trim_ascii().is_empty() {
                continue;
            }
            let mark = Mark { at: self.out.len(), table, row, column };
            if let Some((&ERROR, word)) = cell.split_first() {
                let reason = format!("这一格是错误值 {}", String::from_utf8_lossy(word));
                let help = "改正公式，或者填上值";
                return Err(Box::new(Problem { mark, code: "B0873", reason, help }));
            }
            self.marks.push(mark);
            self.out.extend_from_slice(key);
            quote(cell, &mut self.out);
            self.out.push(b',');
        }
        Ok(())
    }
}

/// `"key":`
pub(in crate::dataset) fn quoted(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    quote(name.as_bytes(), &mut out);
    out.push(b':');
    out
}

/// A text as a string of JSON.
pub(in crate::dataset) fn quote(text: &[u8], out: &mut Vec<u8>) {
    use std::io::Write as _;
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..0x20) {
            continue;
        }
        out.extend_from_slice(text.get(from..at).unwrap_or(&[]));
        // Writing to memory does not fail.
        let _ = match byte {
            b'"' | b'\\' => out.write_all(&[b'\\', *byte]),
            _ => write!(out, "\\u{byte:04x}"),
        };
        from = at + 1;
    }
    out.extend_from_slice(text.get(from..).unwrap_or(&[]));
    out.push(b'"');
}
