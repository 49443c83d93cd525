//! Text to syntax tree.
//!
//! ```text
//! text ─▶ chunk (cut at 第X条 …, brackets mended) ─▶ grammar (pest) ─▶ build ─▶ ast::SourceFile
//! ```
//! [`parse`] never fails: what cannot be read is reported and left out, and a provision whose clause is
//! broken keeps its label and text, so that references to it still lead somewhere.
pub mod ast;
mod build;
mod chunk;
pub mod dump;
mod errors;
mod grammar;
pub mod normalise;
pub mod print;

use crate::base::FileId;
use crate::diag::Diagnostic;

pub use chunk::NESTING_LIMIT;

/// Reads one source file. The diagnostics are sorted by place.
#[must_use]
pub fn parse(text: &str, file: FileId) -> (ast::SourceFile, Vec<Diagnostic>) {
    build::file(text, file)
}
