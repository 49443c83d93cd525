//! Files of many cases: rows in any form → typed cases; result columns → files.
//!
//! Reading has two halves. A [`Source`] is one per run: it opens, unpacks and cuts the input into [`Portion`]s at row
//! boundaries, in order, never holding more than a portion. A [`Decoder`] is one per thread: portion → cases and
//! [`Reject`]s, in order of the rows; every row comes out as exactly one of the two. Writing mirrors it: an [`Encoder`]
//! per thread turns a chunk into bytes that stand alone, so that blocks can be encoded side by side, written in order,
//! and a run taken up again after any of them.
mod array;
#[cfg(feature = "parquet")]
mod columnar;
mod errors;
mod inputs;
mod lines;
mod open;
mod options;
mod out;
mod place;
mod rows;
mod scan;
mod table;
mod unpack;

#[cfg(feature = "parquet")]
pub use columnar::Batch;
pub use errors::unknown_form;
#[cfg(feature = "parquet")]
pub use open::decoder_by_text;
pub use open::{decoder, open_inputs, output};
pub use options::Options;
pub use out::write_fault;
pub use table::TableRows;

use crate::batch::{Chunk, Layout};
use crate::diag::Diagnostic;
use crate::facts::Case;
use std::path::Path;

pub mod results;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON value a line.
    Jsonl,
    /// One JSON array.
    Json,
    /// Comma-separated values.
    Csv,
    /// A workbook (.xlsx).
    Excel,
    /// Apache Parquet.
    Parquet,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    #[default]
    Plain,
    /// gzip (.gz)
    Gzip,
    /// Zstandard (.zst)
    Zstd,
}

impl Form {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "JSONL",
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Excel => "Excel",
            Self::Parquet => "Parquet",
        }
    }

    /// By the ending of a path, the ending of the packing taken off: `案件.jsonl.gz`.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<(Self, Packing)> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (name, packing) = match (name.strip_suffix(".gz"), name.strip_suffix(".zst")) {
            (Some(name), _) => (name, Packing::Gzip),
            (None, Some(name)) => (name, Packing::Zstd),
            (None, None) => (name.as_str(), Packing::Plain),
        };
        let form = match name.rsplit_once('.')?.1 {
            "jsonl" | "ndjson" => Self::Jsonl,
            "json" => Self::Json,
            "csv" => Self::Csv,
            "xlsx" => Self::Excel,
            "parquet" => Self::Parquet,
            _ => return None,
        };
        Some((form, packing))
    }
}

/// Some rows of the input, whole.
#[derive(Debug)]
pub struct Portion {
    /// Number of the first row in the whole input, from 1. Rows that turn out bad are counted too.
    pub first: u64,
    /// How many rows.
    pub rows: u64,
    /// The rows, in whatever way source and decoder of the form agree on.
    pub body: Body,
}

/// What a portion carries.
#[derive(Debug)]
pub enum Body {
    /// JSON values, one a row, UTF-8 or not: the decoder tells.
    Json {
        /// The rows and what stands between them.
        bytes: Vec<u8>,
        /// Where they stand.
        places: Places,
        /// Index among the inputs.
        file: usize,
    },
    /// Rows of tables.
    Table(TableRows),
    /// Columns.
    #[cfg(feature = "parquet")]
    Columns(Batch),
    /// One row that is longer than is read.
    TooLong {
        /// Its line.
        line: u64,
        /// Index among the inputs.
        file: usize,
    },
}

/// Where the rows of a portion stand.
#[derive(Debug)]
pub enum Places {
    /// One a line, blank lines left out; the number of the first line in its file, from 1.
    Lines(u64),
    /// Anywhere.
    Elements(Vec<Element>),
}

/// One element of a JSON array.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// First byte in the portion.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Line of its first byte in its file, from 1.
    pub line: u64,
    /// Column of its first byte in characters, from 1.
    pub column: u64,
}

/// The input of a run, cut into portions.
pub trait Source: Send {
    /// The next portion; none at the end.
    ///
    /// # Errors
    /// What makes it impossible to go on (the file cannot be read, the packing is broken), as a diagnostic.
    fn next(&mut self) -> Result<Option<Portion>, Box<Diagnostic>>;

    /// Bytes read of the files, and how many there are (none for standard input).
    fn progress(&self) -> (u64, Option<u64>);
}

/// A row that is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Number of the row in the whole input, from 1.
    pub row: u64,
    /// Index among the inputs.
    pub file: usize,
    /// Line in its file, from 1 (of a workbook or Parquet: the row).
    pub line: u64,
    /// Column in characters, from 1 (of a table: the cell).
    pub column: u64,
    /// Diagnostic code.
    pub code: String,
    /// The reason, one sentence, without 句号.
    pub reason: String,
    /// What to do, where there is advice.
    pub help: Option<String>,
}

/// Portions into cases. One a thread.
pub trait Decoder: Send {
    /// Hands every row of the portion to `row`, in order: its number and the case, or why it is none. The case is lent:
    /// its buffers serve the next row.
    fn decode(&mut self, portion: &Portion, row: &mut dyn FnMut(u64, Result<&Case, Reject>));
}

/// Chunks into bytes. One a thread.
pub trait Encoder: Send {
    /// One byte string for each of the run's output files (see [`Output::files`]), which stands alone: appended in
    /// order after the heads they make the file, or (for forms with a foot) are put together by [`Output::assemble`].
    fn encode(&mut self, layout: &Layout, chunk: &Chunk) -> Vec<Vec<u8>>;
}

/// The output of a run in one form.
pub trait Output: Send + Sync {
    /// The files, as what is put before the ending of `--out`: `""` for the first, then `成员` …
    fn files(&self, layout: &Layout) -> Vec<String>;

    /// What stands before the first block of each file.
    fn heads(&self, layout: &Layout) -> Vec<Vec<u8>>;

    /// Whether blocks are simply appended; otherwise each is kept as a file of its own and [`Output::assemble`] joins
    /// them at the end.
    fn appends(&self) -> bool;

    /// Joins block files (all blocks of one output file, in order) into `to`.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    fn assemble(&self, layout: &Layout, file: usize, blocks: &[&Path], to: &Path) -> std::io::Result<()>;

    /// An encoder for one thread.
    fn encoder(&self) -> Box<dyn Encoder>;
}
