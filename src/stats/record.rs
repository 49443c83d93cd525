//! One case of the results: for each entity its rows, cells as codes of [`Words`].
use super::schema::Schema;
use super::words::{NONE, Words};
use crate::diag::Diagnostic;

/// The rows of one entity within a case.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// How many.
    pub len: usize,
    /// Cells, row by row.
    cells: Vec<u32>,
    width: usize,
    /// Number of the member, from 1.
    pub members: Vec<u64>,
    /// The row that contains each: entity and row; none at the top.
    pub above: Vec<Option<(usize, usize)>>,
}

impl Rows {
    /// The cells of a row, from the entity's first slot.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u32] {
        self.cells.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }
}

/// A case. Lent to readers again and again; what it knows of columns stays.
#[derive(Clone, Debug)]
pub struct Record {
    /// （序号）
    pub number: u64,
    /// （案例）
    pub name: String,
    /// By entity.
    pub tables: Vec<Rows>,
    /// Slots the results have: so far for forms that leave out empty cells.
    pub seen: Vec<bool>,
    /// Whether the form leaves out empty cells.
    pub sparse: bool,
    /// Entities the results have rows of.
    pub present: Vec<bool>,
    /// Names that are no columns of this law, with the entity they were found in.
    pub unknown: Vec<(usize, String)>,
    firsts: Vec<usize>,
}

/// Unknown names kept.
const UNKNOWN: usize = 50;

impl Record {
    /// An empty case.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        Self {
            number: 0,
            name: String::new(),
            tables: schema.tables.iter().map(|t| Rows { width: t.width, ..Rows::default() }).collect(),
            seen: vec![false; schema.slots],
            sparse: false,
            present: vec![false; schema.tables.len()],
            unknown: Vec::new(),
            firsts: schema.tables.iter().map(|t| t.first).collect(),
        }
    }

    /// Empties it for the next case.
    pub fn clear(&mut self) {
        self.number = 0;
        self.name.clear();
        for rows in &mut self.tables {
            rows.len = 0;
            rows.cells.clear();
            rows.members.clear();
            rows.above.clear();
        }
    }

    /// A further row of an entity; gives its place.
    pub fn push(&mut self, table: usize, above: Option<(usize, usize)>) -> usize {
        if let Some(present) = self.present.get_mut(table) {
            *present = true;
        }
        let Some(rows) = self.tables.get_mut(table) else { return 0 };
        rows.len += 1;
        rows.cells.resize(rows.len * rows.width, NONE);
        rows.members.push(0);
        rows.above.push(above);
        rows.len - 1
    }

    /// Takes back rows from `len` on.
    pub fn truncate(&mut self, table: usize, len: usize) {
        if let Some(rows) = self.tables.get_mut(table) {
            rows.len = len.min(rows.len);
            rows.cells.truncate(rows.len * rows.width);
            rows.members.truncate(rows.len);
            rows.above.truncate(rows.len);
        }
    }

    /// Sets a cell by its slot.
    pub fn set(&mut self, table: usize, row: usize, slot: usize, code: u32) {
        self.mark(slot);
        let first = self.firsts.get(table).copied().unwrap_or(0);
        if let Some(rows) = self.tables.get_mut(table)
            && let Some(cell) = rows.cells.get_mut(row * rows.width + slot.saturating_sub(first))
        {
            *cell = code;
        }
    }

    /// The results have this column, whatever is in it.
    pub fn mark(&mut self, slot: usize) {
        if let Some(seen) = self.seen.get_mut(slot) {
            *seen = true;
        }
    }

    /// Sets the number of a member.
    pub fn set_member(&mut self, table: usize, row: usize, number: u64) {
        if let Some(member) = self.tables.get_mut(table).and_then(|t| t.members.get_mut(row)) {
            *member = number;
        }
    }

    /// Keeps a name that is no column.
    pub fn strange(&mut self, table: usize, name: &str) {
        if self.unknown.len() < UNKNOWN && !self.unknown.iter().any(|(t, n)| *t == table && n == name) {
            self.unknown.push((table, name.to_owned()));
        }
    }

    /// The row of `upper` that a row belongs to.
    #[must_use]
    pub fn up(&self, table: usize, row: usize, upper: usize) -> Option<usize> {
        let (mut table, mut row) = (table, row);
        while table != upper {
            (table, row) = (*self.tables.get(table)?.above.get(row)?)?;
        }
        Some(row)
    }

    /// Numbers that tell a row apart within its case, innermost first.
    #[must_use]
    pub fn path(&self, table: usize, row: usize) -> Vec<(usize, u64)> {
        let (mut out, mut at) = (Vec::new(), Some((table, row)));
        while let Some((table, row)) = at {
            let Some(rows) = self.tables.get(table) else { break };
            if table > 0 {
                out.push((table, rows.members.get(row).copied().unwrap_or(0)));
            }
            at = rows.above.get(row).copied().flatten();
        }
        out
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The file.
    pub file: String,
    /// Its line, from 1 (of a table without lines: the row).
    pub line: u64,
    /// Why, one sentence without 句号.
    pub reason: String,
}

/// What a reader gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A case, in the record.
    Case,
    /// A row that is none; the record holds nothing.
    Bad(BadRow),
    /// Nothing more.
    End,
}

/// Results, case by case, in the order of the run.
pub trait Records {
    /// Reads the next case into a record that was emptied.
    ///
    /// # Errors
    /// What makes it impossible to go on.
    fn next(&mut self, words: &mut Words, into: &mut Record) -> Result<Step, Box<Diagnostic>>;
}

impl<T: Records + ?Sized> Records for Box<T> {
    fn next(&mut self, words: &mut Words, into: &mut Record) -> Result<Step, Box<Diagnostic>> {
        (**self).next(words, into)
    }
}
