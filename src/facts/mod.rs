//! Case data to typed facts: YAML, JSON or TOML → one tree with places → tables checked against the vocabulary.
//!
//! [`read_cases`] is the way in. Nothing here opens a file; a base case (基础) comes through [`Bases`].
mod blank;
mod case_file;
mod errors;
mod expectation;
mod fill;
mod head;
mod hint;
mod layers;
pub mod model;
mod names;
mod read;
mod reader;
mod schema;
#[cfg(feature = "dataset")]
mod token;
mod tree;
mod value;

pub use blank::blank_case;
pub use case_file::{CaseFile, LawText, Moved, ReadOptions, case_places, law_texts, read_cases};
pub use expectation::{Candidate, Expectation, ExpectedState, FactRef, Placed};
pub use layers::{Base, Bases, MAX_BASES};
pub use model::*;
pub(crate) use names::plain;
pub use read::Format;
pub use reader::Reader;
pub use schema::case_schema;
pub use tree::MAX_DEPTH;
#[cfg(feature = "dataset")]
pub(crate) use {
    head::HeadKey,
    token::{Token, plain_name},
};
