//! Syntax tree to resolved program: names become ids, expressions get types, provisions become rules,
//! priorities are closed and everything that is computed is put in order.
//!
//! [`lower`] takes the files of one law (the main file, then what it includes) and gives [`Hir`] with
//! what is wrong. It always gives a `Hir`; with errors among the diagnostics it is not to be evaluated.
#![expect(
    clippy::single_match_else,
    reason = "found or complained about: both arms weigh the same and read best side by side"
)]
mod arithmetic;
mod consequences;
mod copies;
mod dates;
mod definitions;
mod deps;
pub mod dump;
mod errors;
mod exprs;
mod fold;
mod lints;
mod lists;
mod literals;
mod lowering;
pub mod model;
mod names;
mod operators;
mod order;
mod precedence;
mod priorities;
mod provisions;
mod provisos;
mod references;
mod rules;
mod source;
mod types;
mod usage;
mod values;
mod vocabulary;

pub use lints::LINTS;
pub use model::*;
pub use order::children;
pub use precedence::{Precedence, reclose, reorder};
pub use source::LoadedFile;

use crate::diag::Diagnostic;
use lowering::Lowering;

/// Resolves the files of one law. `files[0]` is the main file; see [`LoadedFile`] for the others.
/// Diagnostics come sorted by place, without repeats.
#[must_use]
pub fn lower(files: &[LoadedFile]) -> (Hir, Vec<Diagnostic>) {
    let mut work = Lowering::new(files);
    work.declare_vocabulary();
    work.declare_provisions();
    work.lower_definitions();
    work.lower_statements();
    work.expand_copies();
    work.sort_rules();
    work.resolve_meets();
    work.close_priorities();
    work.order_nodes();
    work.lint();
    work.finish()
}
