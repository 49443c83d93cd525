//! What is done for a block: a list of instructions on planes and lanes, entity by entity, without jumps.
//!
//! Made by [`super::compile`]; carried out by [`super::exec`].
use super::frame::Frame;
use super::plane::{Cond, P};
use crate::base::Val;
use crate::base::date::Period;
use crate::base::numeral::Ratio;
use crate::hir::{ArithOp, Between, CmpOp, ConclusionId, Extreme, Rounding};
use crate::ir::{T, V};
use std::ops::Range;

/// A plane of the row's own frame that an instruction writes.
pub type Dst = u32;

/// A value as the program sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The same everywhere.
    Const(Val),
    /// An enumeration or 多选: a plane a value, and where it is 不明 or 不适用.
    Bits {
        /// Planes by value.
        bits: Vec<P>,
        /// At most one of them in a lane.
        single: bool,
        /// 不明
        open: P,
        /// 不适用
        na: P,
    },
    /// A date.
    Date {
        /// Where.
        at: LaneAt,
        /// 不明
        open: P,
        /// 不适用
        na: P,
    },
    /// A whole number.
    Int {
        /// Where.
        at: LaneAt,
        /// 不明
        open: P,
        /// 不适用
        na: P,
    },
    /// A period, by its number in the block.
    Period {
        /// Where.
        at: LaneAt,
        /// 不明
        open: P,
        /// 不适用
        na: P,
    },
    /// Anything, as the interpreter keeps it.
    Lanes(LaneAt),
}

/// A column of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneAt {
    /// How many generations up.
    pub level: u32,
    /// Facts of the block rather than computed ones.
    pub fact: bool,
    /// Column of the row.
    pub column: u32,
}

/// A list of the row: its child slot, and where it is 不明 or 不适用.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Child slot.
    pub slot: u32,
    /// 不明
    pub open: P,
    /// 不适用
    pub na: P,
}

/// A value computed lane by lane, with the interpreter's own arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueOp {
    /// Arithmetic.
    Arith(ArithOp, Value, Value),
    /// Base × ratio.
    Portion(Value, Ratio),
    /// 较高者 …
    ExtremeOf(Extreme, Vec<Value>),
    /// Rounds.
    Round(Rounding, Value, u32),
    /// Divides and rounds.
    DivRound(Rounding, u32, Value, Value),
    /// 次数
    Count(List, Option<Cond>),
    /// 之和
    Sum(List, Option<Cond>, Value),
    /// 最早的 …
    ExtremeIn(Extreme, List, Option<Cond>, Value),
    /// Last day of a period.
    Deadline(Value, Value),
    /// Calendar arithmetic.
    Shift(Value, Value, bool),
    /// Measures between dates.
    Between(Value, Value, Between),
    /// Period, added to where the condition is 是.
    Extend(Value, Cond, Value),
    /// 视为, 推定
    Deem {
        /// So far.
        prev: Value,
        /// Trigger.
        guard: Cond,
        /// Deemed.
        to: Value,
        /// 推定
        presume: bool,
    },
    /// Value of the one member of a list.
    One(List, Value),
    /// A conclusion as a value.
    Conclusion(Box<RecordAt>),
}

/// A condition computed lane by lane.
#[derive(Clone, Debug, PartialEq)]
pub enum TruthOp {
    /// Comparison.
    Cmp(CmpOp, Value, Value),
    /// part / whole OP ratio.
    Share(CmpOp, Value, Value, Ratio),
    /// 在 … 之前 / 之后.
    Window(Value, Value, bool, Option<Value>),
    /// low ≤ value ≤ high.
    InRange(Value, Value, Value),
    /// Mask test; `true`: all of it.
    Masked(Value, u64, bool),
}

/// Days against days, or whole numbers against whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A column.
    Lanes(LaneAt),
    /// One for all.
    Const(i64),
}

/// One instruction. Planes are of the row's own frame unless an operand says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Instr {
    /// dst = both operands.
    And2(Dst, P, P),
    /// dst = all three operands.
    And3(Dst, P, P, P),
    /// dst = all of the operands ([`Plan::operands`]).
    And(Dst, Range<u32>),
    /// dst = `of` holds for some member of a list; the operand is a plane of the member's frame.
    Fold(Dst, u32, P),
    /// dst = for at least so many members.
    AtLeast(Dst, u32, P, u32),
    /// dst = comparison of days.
    Days(Dst, CmpOp, Box<[Side; 2]>),
    /// dst = comparison of whole numbers.
    Ints(Dst, CmpOp, Box<[Side; 2]>),
    /// A day as a function of a day.
    Day(Box<DayOp>),
    /// A day as a function of a day and a period.
    DayBy(Box<DayByOp>),
    /// A value, lane by lane, into a computed column.
    Value(u32, Box<ValueOp>),
    /// A condition, lane by lane, into three planes (是, not 否, 不明).
    Truth(Dst, Box<TruthOp>),
    /// Conclusions decided one by one in the lanes where `which` holds; overwrites the planes of its record.
    Decide {
        /// Into [`Plan::decisions`].
        decision: u32,
        /// Where.
        which: P,
    },
    /// If any row is in this plane, the conclusion must be read with its conflicts: the block is done again.
    Surprise(ConclusionId, P),
}

/// A day computed from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayOp {
    /// Computed date column.
    pub column: u32,
    /// Where it cannot be computed.
    pub failed: Dst,
    /// Into [`Plan::tables`].
    pub table: u32,
    /// Source.
    pub from: LaneAt,
    /// 不明 or 不适用 there.
    pub without: [P; 2],
}

/// A day computed from a day and the period of the same row.
#[derive(Clone, Debug, PartialEq)]
pub struct DayByOp {
    /// Computed date column.
    pub column: u32,
    /// Where it is 不明; the next plane: where it is 不适用.
    pub states: Dst,
    /// Last day of the period rather than plain shifting.
    pub deadline: bool,
    /// Backwards.
    pub back: bool,
    /// Source.
    pub from: LaneAt,
    /// Where that is 不明.
    pub open: P,
    /// Where that is 不适用.
    pub na: P,
    /// Period.
    pub period: Value,
}

/// A function of days with one period: shifting or the end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayTable {
    /// Period.
    pub period: Period,
    /// Last day of the period rather than plain shifting.
    pub deadline: bool,
    /// Backwards.
    pub back: bool,
}

impl DayTable {
    /// The same function, the period written the same way: a year is not taken for twelve months here.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let parts = |p: &Period| [p.years, p.months, p.days, p.workdays];
        (self.deadline, self.back) == (other.deadline, other.back)
            && parts(&self.period) == parts(&other.period)
    }
}

/// The record of a conclusion as planes. What is missing is nowhere so.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordAt {
    /// 定论
    pub decided: P,
    /// 冲突
    pub conflict: P,
    /// 待查; what is none of the three is 未规定.
    pub pending: P,
    /// By 默认.
    pub by_default: P,
    /// Values or members for certain; 义务: status.
    pub certain: Vec<P>,
    /// Candidates, possible members.
    pub possible: Vec<P>,
    /// See [`crate::eval::Record`].
    pub may_be_silent: P,
    /// See [`crate::eval::Record`].
    pub may_conflict: P,
    /// See [`crate::eval::Record`].
    pub may_clash: P,
    /// Computed value column.
    pub value: Option<u32>,
    /// A decided one has one value.
    pub exclusive: bool,
}

/// How a conclusion is decided lane by lane.
#[derive(Clone, Debug, PartialEq)]
pub struct DecideAt {
    /// Conclusion.
    pub conclusion: ConclusionId,
    /// Registers that it reads, and where they are.
    pub truths: Vec<(T, Cond)>,
    /// The same for values.
    pub values: Vec<(V, Value)>,
    /// First of the planes to be written: decided, conflict, pending, by default, may be silent, may conflict, may
    /// clash, then certain, then possible.
    pub planes: Dst,
    /// How many values.
    pub width: u32,
    /// Value column.
    pub column: Option<u32>,
}

/// Instructions for every row of one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Entity.
    pub entity: usize,
    /// Into [`Plan::instrs`].
    pub instrs: Range<u32>,
}

/// Frame sizes of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Planes, facts first.
    pub planes: u32,
    /// Computed date columns.
    pub dates: u32,
    /// Other computed columns.
    pub vals: u32,
}

/// A plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Facts by entity.
    pub frames: Vec<Frame>,
    /// Frame sizes by entity.
    pub rooms: Vec<Room>,
    /// In order.
    pub steps: Vec<Step>,
    /// Of all steps.
    pub instrs: Vec<Instr>,
    /// Of all [`Instr::And`].
    pub operands: Vec<P>,
    /// Functions of days.
    pub tables: Vec<DayTable>,
    /// For [`Instr::Decide`].
    pub decisions: Vec<DecideAt>,
    /// By conclusion, seen from its own entity.
    pub records: Vec<Option<RecordAt>>,
    /// Registers that were asked for, seen from their own entity.
    pub truths: Vec<Option<Cond>>,
    /// The same for values.
    pub values: Vec<Option<Value>>,
    /// The scope, in the root.
    pub applicable: Option<Cond>,
    /// Texts occur.
    pub texts: bool,
}
