//! A workbook → records, one sheet a table. Sheets are read whole when the file is opened, as the texts of their cells.
use super::cells::{Cells, ERROR, Named, Records};
use crate::dataset::errors;
use crate::diag::Diagnostic;
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use csv::ByteRecord;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Rows of one sheet.
struct Sheet {
    cells: Cells,
    next: usize,
}

impl Records for Sheet {
    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Box<Diagnostic>> {
        record.clear();
        if self.next >= self.cells.len() {
            return Ok(None);
        }
        self.cells.row(self.next).for_each(|cell| record.push_field(cell));
        self.next += 1;
        Ok(Some(self.cells.line(self.next - 1)))
    }
}

/// The sheets that have cells, by name, in order.
pub(in crate::dataset) fn workbook(path: &Path) -> Result<Vec<Named>, Box<Diagnostic>> {
    let file = File::open(path).map_err(|e| errors::unreadable(path, &e))?;
    let broken = |_| Box::new(errors::broken(path, "Excel"));
    let mut book = Xlsx::new(BufReader::new(file)).map_err(broken)?;
    let mut sheets: Vec<Named> = Vec::new();
    for name in book.sheet_names() {
        let cells = sheet(&mut book, &name).map_err(broken)?;
        if cells.len() > 0 {
            sheets.push((name, Box::new(Sheet { cells, next: 0 })));
        }
    }
    Ok(sheets)
}

fn sheet(book: &mut Xlsx<BufReader<File>>, name: &str) -> Result<Cells, calamine::XlsxError> {
    let mut cells = Cells::default();
    let mut row: Vec<Vec<u8>> = Vec::new();
    let (mut number, mut width) = (0, 0);
    let mut reader = book.worksheet_cells_reader(name)?;
    while let Some(cell) = reader.next_cell()? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (at, column) = cell.get_position();
        if at != number {
            end_row(&mut cells, &mut row, number, &mut width);
            number = at;
        }
        let column = column as usize;
        if row.len() <= column {
            row.resize(column + 1, Vec::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    end_row(&mut cells, &mut row, number, &mut width);
    Ok(cells)
}

/// A row is as wide as the first one, or wider.
fn end_row(cells: &mut Cells, row: &mut Vec<Vec<u8>>, number: u32, width: &mut usize) {
    if row.is_empty() {
        return;
    }
    if *width == 0 {
        *width = row.len();
    }
    if row.len() < *width {
        row.resize(*width, Vec::new());
    }
    cells.push(u64::from(number) + 1, row.iter().map(Vec::as_slice));
    row.clear();
}

/// What a cell says.
fn text(cell: &DataRef<'_>) -> Vec<u8> {
    match cell {
        DataRef::Int(number) => number.to_string(),
        // The shortest decimal that stands for the same cell.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            return text.trim().as_bytes().to_vec();
        }
        DataRef::SharedString(text) => return text.trim().as_bytes().to_vec(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(error) => return [&[ERROR], error.to_string().as_bytes()].concat(),
        DataRef::Empty => String::new(),
    }
    .into_bytes()
}

/// A day; with its time when it has one, which is then no day.
fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if moment.is_duration() {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}
