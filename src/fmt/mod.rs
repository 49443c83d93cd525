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
use crate::syntax::ast::Decision;
use crate::syntax::cst::{self, Cst, WordKind};
use crate::syntax::{dump::dump, is_decision, parse, parse_decision};
use layout::Tree;
use trivia::Gap;

/// The canonical text of a source, a policy or an amending decision: lines end with LF, no byte order mark, one
/// newline at the end.
///
/// # Errors
/// A source with errors of syntax is refused with them.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    // Places of errors are those of the text as it was given.
    let given = tree(text)?;
    let source = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
    let said = if source == text { given } else { tree(&source)? };
    let lost = || vec![errors::not_preserved()];
    let (cst, gaps) = read(&source).ok_or_else(lost)?;
    let formatted = layout::text(&cst, &said, &gaps);
    let again = tree(&formatted).map_err(|_| lost())?;
    let (new_cst, new_gaps) = read(&formatted).ok_or_else(lost)?;
    let kept = comments(&gaps).eq(comments(&new_gaps)) && verbatim(&cst).eq(verbatim(&new_cst));
    if kept && same(&said, &again) { Ok(formatted) } else { Err(lost()) }
}

/// What a text says, or what is wrong with it.
fn tree(text: &str) -> Result<Tree, Vec<Diagnostic>> {
    let (tree, mut diags) = if is_decision(text) {
        let (decision, diags) = parse_decision(text, FileId(0));
        (decision.map(|d| Tree::Decision(Box::new(d))), diags)
    } else {
        let (tree, diags) = parse(text, FileId(0));
        (Some(Tree::Policy(tree)), diags)
    };
    diags.retain(|d| d.severity == Severity::Error);
    match tree {
        Some(tree) if diags.is_empty() => Ok(tree),
        _ => Err(diags),
    }
}

/// Whether two sources say the same, wherever it stands.
fn same(a: &Tree, b: &Tree) -> bool {
    match (a, b) {
        (Tree::Policy(a), Tree::Policy(b)) => dump(a) == dump(b),
        (Tree::Decision(a), Tree::Decision(b)) => placeless(a) == placeless(b),
        (Tree::Policy(_) | Tree::Decision(_), _) => false,
    }
}

/// A decision in words, without the places.
fn placeless(decision: &Decision) -> String {
    // Its source is what is being laid out anew.
    let words = format!("{:?}", Decision { source: String::new(), ..decision.clone() });
    let mut parts = words.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, rest)| rest))
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
