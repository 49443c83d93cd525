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
pub mod cst;
mod decision;
pub mod dump;
mod errors;
mod grammar;
pub mod normalise;
pub mod print;

use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

pub use chunk::NESTING_LIMIT;
pub use decision::{is_decision, parse_decision};

/// Reads one source file. The diagnostics are sorted by place.
#[must_use]
pub fn parse(text: &str, file: FileId) -> (ast::SourceFile, Vec<Diagnostic>) {
    let (tree, mut diagnostics) = build::file(text, file);
    places_on_characters(text, &mut diagnostics);
    (tree, diagnostics)
}

fn places_on_characters(text: &str, diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        let labels = diagnostic.labels.iter_mut().map(|l| &mut l.span);
        for span in labels.chain(diagnostic.fix.iter_mut().map(|f| &mut f.span)) {
            *span = on_characters(text, *span);
        }
    }
}

/// A chunk whose brackets were mended is a little longer than its source; a place at its end is brought back to the
/// edge of a character.
fn on_characters(text: &str, span: Span) -> Span {
    let edge = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        u32::try_from(at).unwrap_or(u32::MAX)
    };
    let start = edge(span.start);
    Span { start, end: edge(span.end).max(start), ..span }
}
