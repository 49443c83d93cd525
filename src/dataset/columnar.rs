//! Parquet → rows: batches of columns, whose types are checked against the vocabulary when the file is opened.
//!
//! A row whose cells are all plainly right becomes a case straight from its columns ([`direct`]). Any other is written as
//! JSON ([`write`]) and read like a row of JSON, which finds the words for what is wrong with it.
mod check;
mod columns;
mod direct;
mod numbers;
mod view;
mod words;
mod write;

use super::inputs::Cut;
use super::unpack::Meter;
use super::{Body, errors};
use crate::diag::Diagnostic;
use crate::facts::Reader;
use arrow_array::RecordBatch;
pub(super) use check::Plan;
pub(super) use direct::Direct;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
pub(super) use write::write;

/// Rows of a batch: wide tables have few of many bytes.
const ROWS: usize = 2048;

/// Some rows of a Parquet file.
#[derive(Debug)]
pub struct Batch {
    pub(super) plan: Arc<Plan>,
    pub(super) rows: RecordBatch,
    /// Index among the inputs.
    pub(super) file: usize,
    /// Number of the first row in its file, from 1.
    pub(super) first: u64,
}

/// A Parquet file.
pub(super) struct ParquetRows {
    path: PathBuf,
    file: usize,
    plan: Arc<Plan>,
    reader: ParquetRecordBatchReader,
    next: u64,
    meter: Meter,
    /// Bytes of the file and its rows, for the meter.
    size: (u64, u64),
}

impl ParquetRows {
    /// Opens a file and checks its columns.
    pub(super) fn open(
        reader: &Reader<'_>,
        path: &Path,
        file: usize,
        meter: &Meter,
    ) -> Result<Self, Box<Diagnostic>> {
        let open = File::open(path).map_err(|e| errors::unreadable(path, &e))?;
        let broken = |_| Box::new(errors::broken(path, "Parquet"));
        // What other programs say of their own types does not matter here: dictionaries come as texts.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let found = ArrowReaderMetadata::load(&open, options).map_err(broken)?;
        let plan = Plan::new(reader, path, found.schema())?;
        // Words of a vocabulary are few: as a dictionary, each is understood once.
        let wanted = ArrowReaderOptions::new().with_schema(Arc::new(plan.schema(found.schema())));
        let wanted = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), wanted);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open, wanted.unwrap_or(found));
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let size = (std::fs::metadata(path).map_or(0, |m| m.len()), rows.max(1));
        let reader = builder.with_batch_size(ROWS).build().map_err(broken)?;
        let (path, plan) = (path.to_path_buf(), Arc::new(plan));
        Ok(Self { path, file, plan, reader, next: 1, meter: meter.clone(), size })
    }
}

impl Cut for ParquetRows {
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>> {
        for rows in self.reader.by_ref() {
            let rows = rows.map_err(|_| errors::broken(&self.path, "Parquet"))?;
            let count = rows.num_rows() as u64;
            if count == 0 {
                continue;
            }
            let first = self.next;
            self.next += count;
            let (bytes, of) = self.size;
            let upto = |rows: u64| u128::from(bytes) * u128::from(rows) / u128::from(of);
            self.meter.advance(u64::try_from(upto(self.next - 1) - upto(first - 1)).unwrap_or(0));
            let batch = Batch { plan: Arc::clone(&self.plan), rows, file: self.file, first };
            return Ok(Some((count, Body::Columns(batch))));
        }
        Ok(None)
    }
}
