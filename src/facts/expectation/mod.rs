//! 期望: what a case says its conclusions should be, resolved against the vocabulary and the rows of the case.
mod read;
mod subject;

pub(super) use read::read_expectations;

use crate::base::{Address, Date, Span, Val};
use crate::hir::{ConclusionId, EntityId, FactId};

/// Something with its place in the case file.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// What.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// 状态 of a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExpectedState {
    /// 定论
    Decided,
    /// 待查
    Pending,
    /// 未规定
    Silent,
    /// 冲突
    Conflict,
    /// 不适用
    Inapplicable,
}

impl ExpectedState {
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("定论", Self::Decided),
        ("待查", Self::Pending),
        ("未规定", Self::Silent),
        ("冲突", Self::Conflict),
        ("不适用", Self::Inapplicable),
    ];

    /// By name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, state)| *state)
    }
}

/// One of the 候选.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Candidate {
    /// A value.
    Value(Val),
    /// 未规定, 冲突, 不适用: it may come out so.
    State(ExpectedState),
}

/// A fact, perhaps of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactRef {
    /// Which fact.
    pub fact: FactId,
    /// Row of its entity; `None`: whichever.
    pub row: Option<u32>,
}

/// One expectation. Everything `None` is not compared.
///
/// Values of 是否 (bit 0 否, bit 1 是), enumerations and 义务 are `Val::Mask` of one bit each, texts index the
/// texts of the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Which conclusion.
    pub conclusion: ConclusionId,
    /// Its entity.
    pub entity: EntityId,
    /// The rows it is about: one by 对象, else all.
    pub rows: Vec<u32>,
    /// 对象 as written.
    pub subject: Option<Placed<String>>,
    /// 状态
    pub state: Option<Placed<ExpectedState>>,
    /// 值
    pub values: Option<Placed<Vec<Val>>>,
    /// 届满日 of a 义务
    pub deadline: Option<Placed<Date>>,
    /// 依据
    pub basis: Option<Placed<Vec<Placed<Address>>>>,
    /// 候选
    pub candidates: Option<Placed<Vec<Candidate>>>,
    /// 待查事实
    pub unknown: Option<Placed<Vec<FactRef>>>,
    /// 可以
    pub options: Option<Placed<Vec<Val>>>,
    /// 可以依据
    pub option_basis: Option<Placed<Vec<Placed<Address>>>>,
    /// 任选
    pub choice: Option<Placed<Vec<Val>>>,
    /// 被排除
    pub defeated: Option<Placed<Vec<Placed<Address>>>>,
    /// 假定
    pub assumed: Option<Placed<Vec<FactRef>>>,
    /// 判断
    pub judgements: Option<Placed<Vec<FactRef>>>,
    /// Place of the whole expectation.
    pub span: Span,
}
