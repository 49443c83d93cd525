//! A policy through time: its text as written, and the texts that its amending decisions make of it.
//!
//! In: the path of a policy and the decisions beside it (修改/). Out: the text in force on a day, formatted and stamped
//! with the decisions it includes; what each decision did to a provision; cases read by the text each was written for.
//! The amending itself is [`crate::amend`]'s; which day counts is always said by somebody, never taken from a clock.
mod chronicle;
mod dating;
mod errors;
mod gather;
mod history;
mod opened;
mod order;
mod stamp;
mod timeline;
pub mod words;

pub use chronicle::Chronicle;
pub use dating::{ByDate, DateFact, Dated};
pub use errors::{too_early, undated};
pub use gather::{DECISION_FOLDER, Wanted};
pub use history::{Event, History, history};
pub use opened::{Batch, Opened};
pub use order::Step;
pub use timeline::{Done, LoadedDecision, Timeline, Version};
