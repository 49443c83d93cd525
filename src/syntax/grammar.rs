//! The pest grammar. Private to this folder: pest's types and messages never leave it.
#![allow(missing_docs, clippy::pedantic, reason = "derived code")]

/// Derived from `grammar/banfa.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/banfa.pest"]
pub struct Grammar;
