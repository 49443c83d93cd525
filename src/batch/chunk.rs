//! Result columns of some cases, in the order of the cases. Cells are codes into one list of texts a chunk, because
//! few texts serve millions of rows.
use super::layout::{Layout, What};
use crate::hir::EntityId;
use std::sync::Arc;

/// The code of an empty cell.
pub const NONE: u32 = u32::MAX;

/// How a case as a whole came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseVerdict {
    /// Nothing 待查, nothing 冲突.
    #[default]
    Decided,
    /// Something 待查, nothing 冲突.
    Pending,
    /// Something 冲突.
    Conflict,
}

/// Cases by how they came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All decided.
    pub decided: u64,
    /// Something 待查.
    pub pending: u64,
    /// Something 冲突.
    pub conflict: u64,
}

impl Counts {
    /// One more case.
    pub fn add(&mut self, verdict: CaseVerdict) {
        match verdict {
            CaseVerdict::Decided => self.decided += 1,
            CaseVerdict::Pending => self.pending += 1,
            CaseVerdict::Conflict => self.conflict += 1,
        }
    }

    /// Those of another part of the run.
    pub fn merge(&mut self, other: Self) {
        self.decided += other.decided;
        self.pending += other.pending;
        self.conflict += other.conflict;
    }

    /// All cases.
    #[must_use]
    pub fn total(self) -> u64 {
        self.decided + self.pending + self.conflict
    }
}

/// One column of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Whole numbers: （序号） and the numbers of members.
    Numbers(Vec<u64>),
    /// Codes into [`Chunk::texts`]; [`NONE`]: nothing.
    Texts(Vec<u32>),
}

impl Cells {
    /// How many cells.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Texts(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The rows of one table of the layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many rows.
    pub len: usize,
    /// Rows of this table that belong to each row of its parent's table (the nearest containing entity that has a
    /// table), as `offsets[parent_row]..offsets[parent_row + 1]`; empty for the root.
    pub offsets: Vec<u32>,
    /// Columns, in the order of the layout's table.
    pub columns: Vec<Cells>,
}

/// Results of some cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Texts of the cells. One that many rows have stands here once; names may stand here again.
    pub texts: Vec<Arc<str>>,
    /// Rows by table, as the layout's tables.
    pub tables: Vec<Rows>,
    /// Cases by how they came out; their total is the root's number of rows.
    pub counts: Counts,
}

impl Chunk {
    /// No rows yet.
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        let tables = layout.tables.iter().map(|table| Rows {
            len: 0,
            offsets: if table.entity == EntityId(0) { Vec::new() } else { vec![0] },
            columns: table
                .columns
                .iter()
                .map(|c| match c.what {
                    What::Number | What::Member(_) => Cells::Numbers(Vec::new()),
                    What::Name | What::Fact(_) | What::Conclusion(..) => Cells::Texts(Vec::new()),
                })
                .collect(),
        });
        Self { tables: tables.collect(), ..Self::default() }
    }

    /// The text of a cell.
    #[must_use]
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get(code as usize).map(AsRef::as_ref)
    }
}
