//! The address of a provision (条款项目), the only identity a provision has.
//!
//! Rules, priorities, citations, traces and amendments all name provisions by this one type.

/// What a step of an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// 条
    Article,
    /// 款
    Paragraph,
    /// 项
    Item,
    /// 目
    SubItem,
    /// 但书; nested provisos follow one another.
    Proviso,
}

/// One step: `第十九条之一` is `Article, 19, 1`; a plain number has `sub == 0`; a proviso counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// Kind of the step.
    pub kind: PartKind,
    /// The number, from 1.
    pub number: u32,
    /// The 之N of an inserted provision, 0 when there is none.
    pub sub: u32,
}

/// A full address. `law` is empty within the law itself, else the short name cited in 《》.
/// An article with a single unnumbered 款 has no paragraph step: 第十五条第一项.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Short name of another law, or empty.
    pub law: String,
    /// Steps from article downwards.
    pub parts: Vec<Part>,
}

impl Address {
    /// Whether `other` is this provision or lies below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.law == other.law && other.parts.starts_with(&self.parts)
    }
}
