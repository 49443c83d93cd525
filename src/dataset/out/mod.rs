//! Result columns → files.
mod csv;
#[cfg(feature = "excel")]
mod excel;
mod jsonl;
mod pack;
#[cfg(feature = "parquet")]
mod parquet;
mod refused;

pub(super) use csv::Csv;
#[cfg(feature = "excel")]
pub(super) use excel::Workbook;
pub(super) use jsonl::Jsonl;
#[cfg(feature = "parquet")]
pub(super) use parquet::ParquetFiles;
pub use refused::write_fault;

use crate::batch::{Table, What};
use crate::hir::EntityId;
use std::fs::File;
use std::io;
use std::path::Path;

/// The entity of a table and those that contain it, outermost first, the root left out.
fn lineage(table: &Table) -> Vec<EntityId> {
    table
        .columns
        .iter()
        .filter_map(|c| if let What::Member(entity) = c.what { Some(entity) } else { None })
        .collect()
}

/// The table whose rows the rows of table `index` belong to: the nearest containing entity that has one.
fn parent_of(lineages: &[Vec<EntityId>], index: usize) -> Option<usize> {
    let own = lineages.get(index)?;
    (0..index)
        .rev()
        .filter(|i| lineages.get(*i).is_some_and(|l| l.len() < own.len() && own.starts_with(l)))
        .max_by_key(|i| lineages.get(*i).map_or(0, Vec::len))
}

/// Files one after another.
fn append(blocks: &[&Path], to: &Path) -> io::Result<()> {
    let mut out = File::create(to)?;
    for block in blocks {
        io::copy(&mut File::open(block)?, &mut out)?;
    }
    out.sync_all()
}
