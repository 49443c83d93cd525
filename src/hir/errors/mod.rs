//! What can be wrong with a parsed law: one function for each finding, with sentence, places and advice.
pub(super) mod names;
pub(super) mod rules;
pub(super) mod types;
