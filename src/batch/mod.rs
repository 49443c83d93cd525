//! Many cases at once: cases in, columns of conclusions out, with the same meaning as [`crate::eval`].
//!
//! A [`Job`] says which law and which columns; a [`Session`] takes cases one after the other and gives back a
//! [`Chunk`] of result columns in the order of the cases. Pure: no files, no threads, no clock.
mod cells;
mod chunk;
mod layout;
mod session;

pub use cells::{Waiting, case_verdict};
pub use chunk::{CaseVerdict, Cells, Chunk, Counts, NONE, Rows};
pub use layout::{Column, Layout, Part, Table, UnknownColumn, Wanted, What, column_name, usual_parts};
pub use session::{Job, Session};
