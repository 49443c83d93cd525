//! Records of the main table with the records of lists that belong to them: all tables are read once, side by side, so
//! the lists must come in the order of the main table.
use super::cells::{Cells, Head, Records, TableRows, Tables};
use crate::dataset::Body;
use crate::dataset::errors;
use crate::dataset::inputs::Cut;
use crate::dataset::lines::PORTION;
use crate::diag::Diagnostic;
use ::csv::ByteRecord;
use std::sync::Arc;

/// The tables of one input.
pub(in crate::dataset) struct Joined {
    tables: Arc<Tables>,
    file: usize,
    main: Box<dyn Records>,
    lists: Vec<Feed>,
    record: ByteRecord,
    /// The key of the last row.
    last: Option<Vec<u8>>,
}

/// A list and its next record.
struct Feed {
    records: Box<dyn Records>,
    record: ByteRecord,
    line: Option<u64>,
}

impl Feed {
    fn advance(&mut self) -> Result<(), Box<Diagnostic>> {
        self.line = self.records.read(&mut self.record)?;
        Ok(())
    }
}

impl Joined {
    pub(in crate::dataset) fn new(
        (tables, records): super::columns::Plan,
        file: usize,
    ) -> Result<Self, Box<Diagnostic>> {
        let mut records = records.into_iter();
        let Some(main) = records.next() else { return Err(Box::new(errors::no_head(""))) };
        let mut lists = Vec::new();
        for records in records {
            let mut feed = Feed { records, record: ByteRecord::new(), line: None };
            feed.advance()?;
            lists.push(feed);
        }
        Ok(Self { tables: Arc::new(tables), file, main, lists, record: ByteRecord::new(), last: None })
    }

    /// The rows of every list that belong to the row of the main table just read.
    fn follow(&mut self, line: u64, rows: &mut TableRows) -> Result<(), Box<Diagnostic>> {
        let tables = Arc::clone(&self.tables);
        let Some(main) = tables.heads.first().filter(|_| !self.lists.is_empty()) else { return Ok(()) };
        let column = main.key.unwrap_or(0);
        let key = trimmed(self.record.get(column)).to_vec();
        if key.is_empty() {
            return Err(Box::new(errors::key_empty(&main.name, line)));
        }
        if self.last.as_ref() == Some(&key) {
            return Err(Box::new(errors::key_twice(&main.name, line, &key)));
        }
        // The numbers of the members that lead to each new row, by table.
        let mut paths: Vec<Vec<Vec<u64>>> = vec![vec![Vec::new()]];
        for ((index, head), feed) in tables.heads.iter().enumerate().skip(1).zip(&mut self.lists) {
            let Some((above, _)) = head.above else { continue };
            let mut own = Vec::new();
            let parents = paths.get(above).cloned().unwrap_or_default();
            let (Some(cells), Some(offsets)) = (rows.cells.get_mut(index), rows.offsets.get_mut(index))
            else {
                continue;
            };
            for path in parents {
                let mut number = 0;
                while let Some(line) = feed.line.filter(|_| belongs(head, &feed.record, &key, &path)) {
                    cells.push(line, feed.record.iter());
                    feed.advance()?;
                    number += 1;
                    own.push([path.as_slice(), &[number]].concat());
                }
                offsets.push(cells.len());
            }
            if let Some(line) = feed.line
                && trimmed(feed.record.get(head.key.unwrap_or(0))) == key
            {
                return Err(Box::new(errors::member_unknown(&head.name, line)));
            }
            paths.push(own);
        }
        self.last = Some(key);
        Ok(())
    }
}

/// Whether a record of a list belongs to this key and these members.
fn belongs(head: &Head, record: &ByteRecord, key: &[u8], path: &[u64]) -> bool {
    let number = |column: &usize| std::str::from_utf8(trimmed(record.get(*column))).ok()?.parse::<u64>().ok();
    trimmed(record.get(head.key.unwrap_or(0))) == key
        && head.numbers.iter().map(number).eq(path.iter().map(|n| Some(*n)))
}

fn trimmed(cell: Option<&[u8]>) -> &[u8] {
    cell.unwrap_or(&[]).trim_ascii()
}

impl Cut for Joined {
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>> {
        let count = self.tables.heads.len();
        let mut rows = TableRows {
            tables: Arc::clone(&self.tables),
            file: self.file,
            cells: vec![Cells::default(); count],
            offsets: vec![vec![0]; count],
        };
        while rows.cells.iter().map(Cells::size).sum::<usize>() < PORTION {
            let Some(line) = self.main.read(&mut self.record)? else { break };
            if let Some(cells) = rows.cells.first_mut() {
                cells.push(line, self.record.iter());
            }
            self.follow(line, &mut rows)?;
        }
        let read = rows.cells.first().map_or(0, Cells::len) as u64;
        if read > 0 {
            return Ok(Some((read, Body::Table(rows))));
        }
        for (head, feed) in self.tables.heads.iter().skip(1).zip(&self.lists) {
            if let Some(line) = feed.line {
                let key = trimmed(feed.record.get(head.key.unwrap_or(0)));
                let main = self.tables.heads.first().map_or("", |h| h.name.as_str());
                return Err(Box::new(errors::key_unknown(&head.name, line, key, main)));
            }
        }
        Ok(None)
    }
}
