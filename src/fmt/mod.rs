//! A source in canonical form.
//!
//! ```text
//! text ─▶ syntax::cst (words and groups) ─┐
//!      ─▶ syntax::ast (what lies in what) ─┼▶ layout (lines) ─▶ doc (places to break) ─▶ page ─▶ text
//!      ─▶ trivia (comments, empty lines)  ─┘
//! ```
//! Every word of the source is written once, in its order; only blanks, punctuation and the spelling of keywords
//! change. The result is read again and compared before it is given out.
pub mod diff;
mod doc;
mod errors;
mod layout;
mod page;
mod spacing;
mod trivia;

use crate::base::FileId;
use crate::diag::{Diagnostic, Severity};
use crate::syntax::cst::{self, Cst, WordKind};
use crate::syntax::{dump::dump, parse};
use trivia::Gap;

/// The canonical text of a source: lines end with LF, no byte order mark, one newline at the end.
///
/// # Errors
/// A source with errors of syntax is refused with them.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let source = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
    let (tree, mut diags) = parse(text, FileId(0));
    diags.retain(|d| d.severity == Severity::Error);
    if !diags.is_empty() {
        return Err(diags);
    }
    let (tree, _) = if source == text { (tree, Vec::new()) } else { parse(&source, FileId(0)) };
    let lost = || vec![errors::not_preserved()];
    let (cst, gaps) = read(&source).ok_or_else(lost)?;
    let formatted = layout::text(&cst, &tree, &gaps);
    let (again, diags) = parse(&formatted, FileId(0));
    let sound = diags.iter().all(|d| d.severity != Severity::Error) && dump(&again) == dump(&tree);
    let (new_cst, new_gaps) = read(&formatted).ok_or_else(lost)?;
    let kept = comments(&gaps).eq(comments(&new_gaps)) && verbatim(&cst).eq(verbatim(&new_cst));
    if sound && kept { Ok(formatted) } else { Err(lost()) }
}

fn read(source: &str) -> Option<(Cst, Vec<Gap>)> {
    let cst = cst::read(source)?;
    let gaps = trivia::gaps(source, &cst.words)?;
    Some((cst, gaps))
}

fn comments(gaps: &[Gap]) -> impl Iterator<Item = &str> {
    gaps.iter().flat_map(|g| &g.comments).map(|c| c.text.as_str())
}

fn verbatim(cst: &Cst) -> impl Iterator<Item = &str> {
    cst.words.iter().filter(|w| w.kind == WordKind::Text).map(|w| w.text.as_str())
}
