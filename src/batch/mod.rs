//! Many cases at once: cases in, columns of conclusions out, with the same meaning as [`crate::eval`].
//!
//! [`wide`] is the engine. A [`Job`] says which law and which columns; a [`Session`] takes cases one after the other and gives back a
//! [`Chunk`] of result columns in the order of the cases. Pure: no files, no threads, no clock.
mod cells;
mod chunk;
mod keys;
mod layout;
mod merge;
mod one_by_one;
mod session;
mod texts;
pub mod wide;

pub use cells::case_verdict;
pub use chunk::{CaseVerdict, Cells, Chunk, Counts, NONE, Rows};
pub use layout::{Column, Layout, Part, Table, UnknownColumn, Wanted, What, column_name, usual_parts};
pub use merge::merge;
pub use one_by_one::OneByOne;
pub use session::{Job, Session};
