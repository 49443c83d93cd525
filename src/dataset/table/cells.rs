//! Rows of tables as they are handed from the source to the decoders.
use crate::diag::Diagnostic;
use ::csv::ByteRecord;
use std::sync::Arc;

/// Begins a cell that holds an error of the spreadsheet; no text does.
pub(in crate::dataset) const ERROR: u8 = 0xff;

/// Rows of a table, one after another.
pub(in crate::dataset) trait Records: Send {
    /// The next row into `record`, and its line; none at the end.
    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Box<Diagnostic>>;
}

/// A table and what it is called.
pub(in crate::dataset) type Named = (String, Box<dyn Records>);

/// Cells of some rows.
#[derive(Clone, Debug, Default)]
pub(in crate::dataset) struct Cells {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    ends: Vec<usize>,
    /// Line of each row, and how many cells there are up to its end.
    rows: Vec<(u64, usize)>,
}

impl Cells {
    /// Adds a row.
    pub(in crate::dataset) fn push<'c>(&mut self, line: u64, cells: impl IntoIterator<Item = &'c [u8]>) {
        for cell in cells {
            self.bytes.extend_from_slice(cell);
            self.ends.push(self.bytes.len());
        }
        self.rows.push((line, self.ends.len()));
    }

    /// How many rows.
    pub(in crate::dataset) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many bytes.
    pub(in crate::dataset) fn size(&self) -> usize {
        self.bytes.len() + self.ends.len()
    }

    /// The line of a row.
    pub(in crate::dataset) fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |(line, _)| *line)
    }

    /// The cells of a row.
    pub(in crate::dataset) fn row(&self, row: usize) -> impl ExactSizeIterator<Item = &[u8]> {
        let end = self.rows.get(row).map_or(0, |(_, end)| *end);
        let start = row.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |(_, end)| *end);
        (start..end).map(|cell| {
            let from = cell.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            self.ends.get(cell).and_then(|to| self.bytes.get(from..*to)).unwrap_or(&[])
        })
    }
}

/// What is the same for all rows of a file: the main table, then those of lists, parents first.
#[derive(Debug)]
pub(in crate::dataset) struct Tables {
    /// The root entity's key: `"案件":`.
    pub(in crate::dataset) root: Vec<u8>,
    pub(in crate::dataset) heads: Vec<Head>,
}

/// The columns of one table.
#[derive(Debug)]
pub(in crate::dataset) struct Head {
    /// What it is called in messages.
    pub(in crate::dataset) name: String,
    pub(in crate::dataset) columns: Vec<Column>,
    /// The column of the key.
    pub(in crate::dataset) key: Option<usize>,
    /// Columns with the numbers of the members that contain a row, outermost first.
    pub(in crate::dataset) numbers: Vec<usize>,
    /// The table above it, and the key its rows stand under: `"人员":`.
    pub(in crate::dataset) above: Option<(usize, Vec<u8>)>,
    /// A list; otherwise a 一个.
    pub(in crate::dataset) many: bool,
}

/// What a column holds.
#[derive(Debug)]
pub(in crate::dataset) enum Column {
    /// Something at top level, with its key: `"案例":`.
    Top(Vec<u8>),
    /// A fact, with its key.
    Fact(Vec<u8>),
    /// The key, or a number: it says where a row belongs.
    Place,
}

/// Rows of a main table with what belongs to them.
#[derive(Debug)]
pub struct TableRows {
    pub(in crate::dataset) tables: Arc<Tables>,
    /// Index among the inputs.
    pub(in crate::dataset) file: usize,
    /// Rows, by table.
    pub(in crate::dataset) cells: Vec<Cells>,
    /// Which rows belong to each row of the table above, by table: `offsets[row]..offsets[row + 1]`.
    pub(in crate::dataset) offsets: Vec<Vec<usize>>,
}

impl TableRows {
    /// How many rows the main table has.
    pub(in crate::dataset) fn len(&self) -> usize {
        self.cells.first().map_or(0, Cells::len)
    }
}
