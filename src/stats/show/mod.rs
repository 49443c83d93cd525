//! A summary shown: the same tables on a terminal and as Markdown, everything as JSON, all counts as CSV, and a page.
mod csv;
pub mod html;
mod markdown;
mod pick;
mod table;
mod tables;
mod text;

pub use csv::csv;
pub use markdown::markdown;
pub use text::text;

use super::summary::Summary;

/// The summary as one JSON object.
#[must_use]
pub fn json(summary: &Summary) -> String {
    serde_json::to_string(summary).unwrap_or_default() + "\n"
}
