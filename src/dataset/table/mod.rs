//! Tables (CSV, sheets of a workbook) whose columns are facts by name: a main table, one row a case, and tables of lists
//! joined to it. Comes from [`super::inputs`]; its rows are written as JSON ([`write`]) and then read like any other.
mod cells;
mod columns;
mod csv;
#[cfg(feature = "excel")]
mod excel;
mod join;
mod write;

pub(super) use cells::Records;
pub use cells::TableRows;
pub(super) use columns::{List, plan};
pub(super) use csv::CsvRecords;
#[cfg(feature = "excel")]
pub(super) use excel::workbook;
pub(super) use join::Joined;
pub(super) use write::{Mark, Problem, Writer};
#[cfg(feature = "parquet")]
pub(super) use write::{quote, quoted};
