//! What came out of many cases: rows of result columns in, figures out, as text, Markdown, JSON, CSV and a page.
//!
//! ```text
//! result files ─▶ Records ─▶ Record (cells as codes of Words) ─▶ Tally ┐
//! another run  ─▶ Records ─▶ Record ───────────▶ Comparison ───────────┴▶ Summary ─▶ show
//! ```
//!
//! [`Schema`] says which columns the results of a policy can have. [`Words`] keeps every distinct text of a column once,
//! so that a row is a few numbers and memory grows with the variety of the results, not with their length. Whoever
//! reads files implements [`Records`]. Pure: no files, no clock, same rows same bytes.
mod cites;
mod compare;
mod counter;
pub mod errors;
mod record;
mod schema;
pub mod show;
mod summary;
mod summary_compare;
mod summary_cross;
mod summary_missing;
mod summary_provisions;
mod tally;
mod words;

pub use cites::Names;
pub use compare::{Comparison, Example};
pub use counter::{grouped, percent};
pub use record::{BadRow, Record, Records, Rows, Step};
pub use schema::{By, ByWhat, ConclusionSlots, Key, Schema, TableKeys};
pub use summary::{
    ConclusionSummary, Conflict, Cross, Missing, Parts, Provision, ProvisionFor, Summary, Valued,
    WaitingFact, summarize,
};
pub use summary_compare::{Compared, ComparedConclusion, Moved, MovedProvision, Named};
pub use tally::{STANDINGS, Standing, Standings, Tally};
pub use words::{NONE, OTHER, Words};
