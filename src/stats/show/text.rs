//! For a terminal.
use super::{table, tables};
use crate::report::line::Style;
use crate::stats::Summary;

/// The summary; `top`: lines of a table that has no natural end.
#[must_use]
pub fn text(summary: &Summary, top: usize, style: &Style) -> String {
    table::lay(&tables::blocks(summary, top), style)
}
