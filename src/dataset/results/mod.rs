//! Results written by a run, read back for [`crate::stats`]: JSONL, or tables (CSV, Parquet) of which those of one run
//! are read side by side. Packed files are unpacked as they are read.
mod jsonl;
mod open;
#[cfg(feature = "parquet")]
mod parquet;
mod table;
mod tables;

pub use open::{Files, open};
