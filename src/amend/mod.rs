//! Amending decisions applied to the text of a policy.
//!
//! In: the sources of a policy and an [`ast::Decision`]. Out: the sources after it, every citation following the
//! provision it names; or what is wrong with the decision. Pure: reads no file, knows no day.
mod base;
mod chapter;
mod check;
mod cite;
mod declare;
mod edits;
mod errors;
mod follow;
mod insert;
mod inverse;
mod lines;
mod number;
mod plan;
mod renumbering;
mod run;
mod settle;
mod visit;
mod words;

pub use inverse::inverse;
pub use renumbering::Renumbering;

use crate::base::{Address, FileId, Span};
use crate::diag::Diagnostic;
use crate::syntax::ast;

/// One of the policy's own files: the main one first, then the parts without a title.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// For places in diagnostics.
    pub file: FileId,
    /// What stands in it.
    pub text: &'a str,
}

/// What operations made of a policy.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The new texts, formatted, in the order of the sources.
    pub texts: Vec<String>,
    /// What happened to which provision, in the order of the old text, added ones at their new place.
    pub changes: Vec<Change>,
    /// Where the provisions went.
    pub renumbering: Renumbering,
    /// Warnings.
    pub notes: Vec<Diagnostic>,
}

/// What happened to one provision or declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Index of the operation in the decision; none: a consequence of others (renumbered, citation follows).
    pub op: Option<usize>,
    /// What.
    pub what: ChangeKind,
    /// Address before; none for what was added, and for declarations.
    pub old: Option<Address>,
    /// Address after; none for what was deleted, and for declarations.
    pub new: Option<Address>,
    /// What it is called when it has no address: 第三章, 事实 甲 的 乙, 定义 丙.
    pub name: String,
    /// Place in the decision; for consequences, in the base.
    pub span: Span,
}

/// Kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// 修改: text, clause or both written anew.
    Replaced,
    /// 修改条款: the clause alone.
    Clause,
    /// 文字修改: words within.
    Words,
    /// 删去
    Deleted,
    /// 废止
    Repealed,
    /// 增加
    Added,
    /// 改号: nothing but the number.
    Renumbered,
    /// 引用随改: citations in it follow what they name.
    Cites,
}

impl ChangeKind {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Replaced => "修改",
            Self::Clause => "修改条款",
            Self::Words => "文字修改",
            Self::Deleted => "删去",
            Self::Repealed => "废止",
            Self::Added => "增加",
            Self::Renumbered => "改号",
            Self::Cites => "引用随改",
        }
    }
}

/// Applies operations of a decision (by index) to the text at hand.
///
/// All addresses of a decision are of the text before it; `since` maps them to the text at hand when operations of
/// the same decision took effect earlier. The header is left as it is.
///
/// # Errors
/// What is wrong with the decision, or with the base; nothing is applied then.
pub fn apply(
    base: &[Source<'_>],
    decision: &ast::Decision,
    ops: &[usize],
    since: &Renumbering,
) -> Result<Applied, Vec<Diagnostic>> {
    run::apply(base, decision, ops, since)
}
