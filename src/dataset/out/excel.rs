//! A workbook, a sheet a table, written at the end. A block keeps for each table its number of rows and its rows as
//! comma-separated values; the sheets are filled from them one after the other, never whole in memory.
use super::csv::Csv;
use super::refused::Refused;
use crate::batch::{Chunk, Layout, Table, What};
use crate::dataset::{Encoder, Output, Packing, errors};
use csv::ByteRecord;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook as Book, Worksheet, XlsxError};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Rows of a sheet, the first line among them.
const MOST_ROWS: u64 = 1_048_576;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;
/// Characters of a sheet's name.
const LONGEST_NAME: usize = 31;

/// Excel.
pub(in crate::dataset) struct Workbook;

impl Output for Workbook {
    fn files(&self, _layout: &Layout) -> Vec<String> {
        vec![String::new()]
    }

    fn heads(&self, _layout: &Layout) -> Vec<Vec<u8>> {
        vec![Vec::new()]
    }

    fn appends(&self) -> bool {
        false
    }

    fn assemble(&self, layout: &Layout, _file: usize, blocks: &[&Path], to: &Path) -> io::Result<()> {
        check_size(layout, blocks)?;
        let mut book = Book::new();
        let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(io::Error::other)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&day));
        for (index, table) in layout.tables.iter().enumerate() {
            let sheet = book.add_worksheet_with_constant_memory().map_err(io::Error::other)?;
            fill(sheet, table, index, blocks)?;
        }
        book.save(to).map_err(io::Error::other)
    }

    fn encoder(&self) -> Box<dyn Encoder> {
        Box::new(WorkbookEncoder { csv: Csv::new(Packing::Plain).encoder() })
    }
}

struct WorkbookEncoder {
    csv: Box<dyn Encoder>,
}

impl Encoder for WorkbookEncoder {
    fn encode(&mut self, layout: &Layout, chunk: &Chunk) -> Vec<Vec<u8>> {
        let mut block = Vec::new();
        for (rows, text) in chunk.tables.iter().zip(self.csv.encode(layout, chunk)) {
            block.extend_from_slice(&(rows.len as u64).to_le_bytes());
            block.extend_from_slice(&(text.len() as u64).to_le_bytes());
            block.extend_from_slice(&text);
        }
        vec![block]
    }
}

/// The number of rows and bytes of a table in a block, which is then at those bytes.
fn find(block: &mut BufReader<File>, table: usize) -> io::Result<(u64, u64)> {
    let mut number = [0; 8];
    for at in 0.. {
        block.read_exact(&mut number)?;
        let rows = u64::from_le_bytes(number);
        block.read_exact(&mut number)?;
        let size = u64::from_le_bytes(number);
        if at == table {
            return Ok((rows, size));
        }
        block.seek(SeekFrom::Current(i64::try_from(size).map_err(io::Error::other)?))?;
    }
    Ok((0, 0))
}

/// Whether all rows fit, before anything is written.
fn check_size(layout: &Layout, blocks: &[&Path]) -> io::Result<()> {
    for (index, table) in layout.tables.iter().enumerate() {
        let mut rows = 1;
        for block in blocks {
            rows += find(&mut BufReader::new(File::open(block)?), index)?.0;
        }
        if rows > MOST_ROWS {
            return Err(Refused::io(errors::too_many_rows(&table.name, rows - 1, MOST_ROWS - 1)));
        }
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, table: &Table, index: usize, blocks: &[&Path]) -> io::Result<()> {
    let other = |error: XlsxError| io::Error::other(error);
    sheet.set_name(sheet_name(&table.name)).map_err(other)?;
    for (column, at) in table.columns.iter().zip(0u16..) {
        sheet.write_string(0, at, &column.name).map_err(other)?;
    }
    let (mut row, mut record) = (0, ByteRecord::new());
    for block in blocks {
        let mut block = BufReader::new(File::open(block)?);
        let (_, size) = find(&mut block, index)?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(block.take(size));
        while reader.read_byte_record(&mut record).map_err(io::Error::other)? {
            row += 1;
            for ((column, cell), at) in table.columns.iter().zip(&record).zip(0u16..) {
                write(sheet, (row, at), column.what, cell, &table.name)?;
            }
        }
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    what: What,
    cell: &[u8],
    table: &str,
) -> io::Result<()> {
    if cell.is_empty() {
        return Ok(());
    }
    let text = std::str::from_utf8(cell).map_err(io::Error::other)?;
    let written = match what {
        What::Number | What::Member(_) => {
            let number: u32 = text.parse().map_err(io::Error::other)?;
            sheet.write_number(row, at, number)
        }
        What::Name | What::Fact(_) | What::Conclusion(..) => {
            if text.chars().count() > MOST_CHARACTERS {
                return Err(Refused::io(errors::cell_too_long(table, u64::from(row) + 1)));
            }
            sheet.write_string(row, at, text)
        }
    };
    written.map(|_| ()).map_err(io::Error::other)
}

/// A name that a sheet may have.
fn sheet_name(name: &str) -> String {
    let allowed =
        |c: char| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { '_' } else { c };
    name.chars().take(LONGEST_NAME).map(allowed).collect()
}
