//! Files of many cases: read in every form, written in every form.
#![cfg(feature = "dataset")]

#[path = "../support/library.rs"]
mod library;

#[cfg(feature = "parquet")]
mod columns;
#[path = "../support/dump.rs"]
mod dump;
mod files;
#[cfg(any(feature = "excel", feature = "parquet"))]
mod forms;
mod hostile;
mod out;
mod same;
mod support;
