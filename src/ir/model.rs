//! The flat program that runs: straight-line blocks of small operations over registers, one set of
//! registers a row of an entity. No jumps, no recursion: the same blocks serve one case row by row and,
//! read column by column, many cases at once.
//!
//! Made by [`crate::ir::lower`] from [`crate::hir::Hir`]; run by [`crate::eval`].
use crate::base::numeral::Ratio;
use crate::base::value::Val;
use crate::hir::{
    ArithOp, Between, CmpOp, ConclusionId, EntityId, ExprId, Extreme, FactId, Hir, Mode, Quantifier,
    Rounding, RuleId, Select,
};

/// A truth register of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct T(pub u32);

/// A value register of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct V(pub u32);

/// A tally register of a row: how many members are 否 / 是 / 不明 / 不适用.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct N(pub u32);

/// A range in one of the pools of [`Program`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// First index.
    pub start: u32,
    /// Number of elements.
    pub len: u32,
}

impl Slice {
    /// The part of `pool` this names; empty when out of range.
    #[must_use]
    pub fn of<X>(self, pool: &[X]) -> &[X] {
        let start = self.start as usize;
        pool.get(start..start + self.len as usize).unwrap_or(&[])
    }
}

/// A compiled law, ready to run. `hir` stays with it for names, texts and addresses.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Where names and texts come from.
    pub hir: Hir,
    /// By [`EntityId`].
    pub scopes: Vec<Scope>,
    /// Executed in order.
    pub blocks: Vec<Block>,
    /// Operations of all blocks.
    pub ops: Vec<Op>,
    /// Argument lists of 且 / 或者.
    pub truth_args: Vec<T>,
    /// Argument lists of 较高者 and the like.
    pub value_args: Vec<V>,
    /// Constants.
    pub consts: Vec<Val>,
    /// Ratios.
    pub ratios: Vec<Ratio>,
    /// By [`ConclusionId`].
    pub decisions: Vec<Decision>,
    /// Entries of all decisions; those of one decision side by side.
    pub entries: Vec<Entry>,
    /// Entry indices (into `entries`) that stand above an entry.
    pub above: Vec<u32>,
    /// Where the scope condition ends up (root).
    pub applicable: Option<T>,
    /// Register of each rule's whole guard, by [`RuleId`].
    pub guards: Vec<T>,
    /// Register that holds each expression, in its own entity, by [`ExprId`].
    pub places: Vec<Place>,
    /// Register of each deemed fact's final value, by [`FactId`]; `Place::None` where nothing deems it.
    pub deemed: Vec<Place>,
}

/// Where an expression's result is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Not computed on its own.
    #[default]
    None,
    /// A truth register.
    Truth(T),
    /// A value register.
    Value(V),
}

/// Register counts of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Truth registers a row; the entity's 是否 facts come first, in slot order.
    pub truths: u32,
    /// Value registers a row; the entity's other scalar facts come first, in slot order.
    pub values: u32,
    /// Tally registers a row.
    pub tallies: u32,
    /// Conclusions a row, in the entity's order.
    pub conclusions: u32,
}

/// Operations for every row of one entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Entity.
    pub entity: EntityId,
    /// Into [`Program::ops`].
    pub ops: Slice,
}

/// One operation. Registers belong to the block's entity unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// Constant truth.
    True(T, bool),
    /// 未
    Not(T, T),
    /// 且 of two.
    And2(T, T, T),
    /// 或者 of two.
    Or2(T, T, T),
    /// 且 over [`Program::truth_args`].
    And(T, Slice),
    /// 或者 over [`Program::truth_args`].
    Or(T, Slice),
    /// Premise and exceptions: first ∧ ¬second.
    AndNot(T, T, T),
    /// Truth of the ancestor `up` levels above.
    LiftTruth {
        /// Result.
        dst: T,
        /// Levels.
        up: u32,
        /// Register there.
        src: T,
    },
    /// Value of the ancestor `up` levels above.
    LiftValue {
        /// Result.
        dst: V,
        /// Levels.
        up: u32,
        /// Register there.
        src: V,
    },
    /// Truth of the single member of a 一个 field.
    OneTruth {
        /// Result.
        dst: T,
        /// Field.
        list: FactId,
        /// Register in the child.
        src: T,
    },
    /// Value of the single member of a 一个 field.
    OneValue {
        /// Result.
        dst: V,
        /// Field.
        list: FactId,
        /// Register in the child.
        src: V,
    },
    /// Enumeration value within a mask.
    InSet(T, V, u64),
    /// 多选 includes any of a mask.
    AnyOf(T, V, u64),
    /// 多选 includes all of a mask.
    AllOf(T, V, u64),
    /// A single-valued conclusion of this row lies within a mask.
    ConclusionIn(T, ConclusionId, u64),
    /// A 多选 conclusion of this row includes any of a mask.
    ConclusionAny(T, ConclusionId, u64),
    /// A 多选 conclusion of this row includes all of a mask.
    ConclusionAll(T, ConclusionId, u64),
    /// A conclusion of this row as a value.
    ConclusionValue(V, ConclusionId),
    /// Comparison.
    Cmp(T, CmpOp, V, V),
    /// part / whole OP ratio.
    Share {
        /// Result.
        dst: T,
        /// Part.
        part: V,
        /// Whole.
        whole: V,
        /// Operator.
        op: CmpOp,
        /// Into [`Program::ratios`].
        ratio: u32,
    },
    /// 在 … 之前 / 之后.
    Window {
        /// Result.
        dst: T,
        /// Date.
        value: V,
        /// Anchor.
        anchor: V,
        /// 之前.
        before: bool,
        /// Length.
        within: Option<V>,
    },
    /// low ≤ value ≤ high.
    InRange {
        /// Result.
        dst: T,
        /// Tested.
        value: V,
        /// Lower.
        low: V,
        /// Upper.
        high: V,
    },
    /// 有 / 无 / 全部 over a list of this row.
    Quant {
        /// Result.
        dst: T,
        /// Which.
        quantifier: Quantifier,
        /// List.
        list: FactId,
        /// Condition register in the child; none: there is a member.
        src: Option<T>,
    },
    /// Counts the members of a list of this row by the truth of a register there.
    Tally {
        /// Result.
        dst: N,
        /// List.
        list: FactId,
        /// Register in the child.
        src: Option<T>,
    },
    /// 有 / 无 / 全部 over the other members of the list this row stands in, from the parent's tally.
    Other {
        /// Result.
        dst: T,
        /// Which.
        quantifier: Quantifier,
        /// Tally in the parent.
        tally: N,
        /// The list in the parent.
        list: FactId,
        /// Own truth, to be taken off.
        own: Option<T>,
    },
    /// Constant, into [`Program::consts`].
    Const(V, u32),
    /// Arithmetic without division.
    Arith(V, ArithOp, V, V),
    /// base × ratio, into [`Program::ratios`].
    Portion(V, V, u32),
    /// 较高者 … over [`Program::value_args`].
    ExtremeOf(V, Extreme, Slice),
    /// Rounds a value.
    Round(V, Rounding, V, u32),
    /// Divides and rounds.
    DivRound {
        /// Result.
        dst: V,
        /// How.
        mode: Rounding,
        /// Digits after the point.
        digits: u32,
        /// Numerator.
        num: V,
        /// Denominator.
        den: V,
    },
    /// 次数.
    Count {
        /// Result.
        dst: V,
        /// List.
        list: FactId,
        /// Condition register in the child.
        src: Option<T>,
    },
    /// 之和.
    Sum {
        /// Result.
        dst: V,
        /// List.
        list: FactId,
        /// Condition register in the child.
        cond: Option<T>,
        /// Summand in the child.
        field: V,
    },
    /// 最早的 ….
    ExtremeIn {
        /// Result.
        dst: V,
        /// Which.
        which: Extreme,
        /// List.
        list: FactId,
        /// Condition register in the child.
        cond: Option<T>,
        /// Field in the child.
        field: V,
    },
    /// Last day of a period.
    Deadline(V, V, V),
    /// Calendar arithmetic; backwards if true.
    Shift(V, V, V, bool),
    /// Measures between two dates.
    Between(V, V, V, Between),
    /// Adds the second period to the first where the truth is 是; 不明 where it is 不明.
    Extend(V, V, T, V),
    /// 视为 / 推定 of a 是否 fact.
    DeemTruth {
        /// Result.
        dst: T,
        /// Value so far.
        prev: T,
        /// Trigger.
        guard: T,
        /// Deemed value.
        to: bool,
        /// 推定.
        presume: bool,
    },
    /// 视为 / 推定 of another fact.
    DeemValue {
        /// Result.
        dst: V,
        /// Value so far.
        prev: V,
        /// Trigger.
        guard: T,
        /// Deemed value.
        to: V,
        /// 推定.
        presume: bool,
    },
    /// Mandatory result of a conclusion of this row.
    Decide(ConclusionId),
}

/// What a conclusion's value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionKind {
    /// 是否 or an enumeration: sets of allowed values within `full`.
    Single {
        /// All values.
        full: u64,
    },
    /// 多选.
    Multi,
    /// Numbers, money, dates, periods.
    Value,
    /// 义务: the value is the 届满日.
    Duty,
}

/// How one conclusion is decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// Kind.
    pub kind: DecisionKind,
    /// 默认.
    pub default: Option<Val>,
    /// 应当 and 不得 entries, then 可以 entries.
    pub entries: Slice,
    /// How many of them are 应当 / 不得.
    pub mandatory: u32,
    /// Index among its entity's conclusions.
    pub index: u32,
}

/// One provision's contribution to one conclusion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Rule.
    pub rule: RuleId,
    /// Which of the rule's consequences.
    pub consequence: u32,
    /// Whole guard.
    pub guard: T,
    /// Mode.
    pub mode: Mode,
    /// Contribution.
    pub gives: Gives,
    /// Entries above this one that can change the outcome (into [`Program::above`]).
    pub above: Slice,
    /// Entries above this one of the same constant value, which matter for the derivation only.
    pub above_same: Slice,
}

/// What an entry contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Values of an enumeration or members of a 多选.
    Mask(u64, Select),
    /// A computed value.
    Value(V),
    /// Deadline and date of performance.
    Duty {
        /// 届满日.
        deadline: V,
        /// 履行日.
        performed: V,
    },
}

impl Program {
    /// Place of an expression's result in its own entity.
    #[must_use]
    pub fn place(&self, expr: ExprId) -> Place {
        self.places.get(expr.index()).copied().unwrap_or_default()
    }

    /// Whether anything in it asks for working days or the last day of a period.
    #[must_use]
    pub fn needs_calendar(&self) -> bool {
        self.ops.iter().any(|op| match op {
            Op::Deadline(..) | Op::Shift(..) | Op::Window { within: Some(_), .. } => true,
            Op::Between(_, _, _, measure) => *measure == Between::Workdays,
            _ => false,
        })
    }

    /// Guard register of a rule.
    #[must_use]
    pub fn guard(&self, rule: RuleId) -> Option<T> {
        self.guards.get(rule.index()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Op;

    /// A program of a thousand operations stays in the nearest cache.
    #[test]
    fn operations_are_small() {
        assert!(size_of::<Op>() <= 24, "{}", size_of::<Op>());
    }
}
