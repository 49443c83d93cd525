//! To be pasted into a document.
use super::{table, tables};
use crate::stats::Summary;

/// The summary; `top`: lines of a table that has no natural end.
#[must_use]
pub fn markdown(summary: &Summary, top: usize) -> String {
    table::mark(&tables::blocks(summary, top))
}
