//! Expressions of the syntax tree.
use super::{Name, Reference};
use crate::base::Span;
use crate::base::date::{Date, Period};
use crate::base::numeral::Ratio;
use rust_decimal::Decimal;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Place.
    pub span: Span,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CmpOp {
    /// 为, 等于
    Eq,
    /// 不为, 不等于
    Ne,
    /// 不满
    Lt,
    /// 以下
    Le,
    /// 超过
    Gt,
    /// 以上
    Ge,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArithOp {
    /// 加
    Add,
    /// 减
    Sub,
    /// 乘以
    Mul,
    /// 除以, only inside a rounding
    Div,
}

/// Rounding modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// 四舍五入
    HalfUp,
    /// 进一
    Up,
    /// 舍去
    Down,
}

/// 较高者 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extreme {
    /// 较高者, 较晚者, 最高的, 最晚的
    Greatest,
    /// 较低者, 较早者, 最低的, 最早的
    Least,
}

/// What is measured between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Between {
    /// 日数
    Days,
    /// 工作日数
    Workdays,
    /// 月数
    Months,
    /// 年数
    Years,
    /// 周岁
    Age,
}

/// How a list is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// 有 … 的 X, 任一 X 满足
    Exists,
    /// 无 … 的 X
    None,
    /// 全部 X 满足
    ForAll,
}

/// Expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// 是 / 否
    Bool(bool),
    /// A number with its unit: 三次, 20元, 五
    Quantity {
        /// Value, 万 and 亿 applied when the unit is money (5万元 = 50000 元).
        value: Decimal,
        /// Unit as written without 万/亿/千 multipliers of 元; empty if none.
        unit: String,
        /// The same word read as a period, when it can be one (三日, 二十个工作日, 二年).
        period: Option<Period>,
    },
    /// 百分之三, 三分之一
    Ratio(Ratio),
    /// 2026年3月2日
    Date(Date),
    /// 「…」
    Text(String),
    /// A bare name.
    Name(Name),
    /// X 之 Y
    Path(Name, Name),
    /// 且 over two or more
    And(Vec<Expr>),
    /// 或者 over two or more
    Or(Vec<Expr>),
    /// 未, 非, 不
    Not(Box<Expr>),
    /// Explicit （ ）, kept for printing
    Paren(Box<Expr>),
    /// X 为 A、B 之一 (names on the right are values or, alone, may be any expression: then `Cmp`)
    IsOneOf {
        /// Left side.
        value: Box<Expr>,
        /// Values.
        names: Vec<Name>,
        /// 不为
        negated: bool,
    },
    /// X 包括 A、B; `all`: all of them rather than any
    Includes {
        /// Left side, a 多选.
        value: Box<Expr>,
        /// Values.
        names: Vec<Name>,
        /// 包括 A、B 全部 (default: any of several)
        all: bool,
        /// 不包括
        negated: bool,
    },
    /// Comparison. `X 为 甲` with a single bare name on the right is `Cmp(Eq, X, Name)`.
    Cmp {
        /// Operator.
        op: CmpOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// A 占 B RATIO 以上
    Share {
        /// Part.
        part: Box<Expr>,
        /// Whole.
        whole: Box<Expr>,
        /// Operator.
        op: CmpOp,
        /// Ratio.
        ratio: Ratio,
    },
    /// X 在 D 之前[P 内] / 之后[P 内]
    Window {
        /// Date tested.
        value: Box<Expr>,
        /// Date it is measured from.
        anchor: Box<Expr>,
        /// 之前 if true.
        before: bool,
        /// P 内; none: any time before or after (strictly).
        within: Option<Box<Expr>>,
    },
    /// X 在 A 至 B 之间, both included
    InRange {
        /// Tested.
        value: Box<Expr>,
        /// Lower.
        low: Box<Expr>,
        /// Upper.
        high: Box<Expr>,
    },
    /// 有 / 无 / 全部
    Quant {
        /// Which.
        quantifier: Quantifier,
        /// Entity (or the list fact's name).
        entity: Name,
        /// Other than the current one (其他).
        other: bool,
        /// Condition; none: 有 X.
        cond: Option<Box<Expr>>,
    },
    /// 符合 第八条
    Meets(Reference),
    /// Arithmetic.
    Arith {
        /// Operator.
        op: ArithOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// X 的 百分之三; X 的 二倍 is `Arith(Mul)`
    Portion {
        /// Base.
        base: Box<Expr>,
        /// Ratio.
        ratio: Ratio,
    },
    /// 较高者（…）
    ExtremeOf {
        /// Which.
        which: Extreme,
        /// Among what.
        args: Vec<Expr>,
    },
    /// 四舍五入（X，2）
    Round {
        /// How.
        mode: Rounding,
        /// What.
        value: Box<Expr>,
        /// Digits after the point.
        digits: u32,
    },
    /// X 中 [COND 的] 次数
    Count {
        /// Entity or list fact.
        entity: Name,
        /// Condition.
        cond: Option<Box<Expr>>,
    },
    /// X 中 [COND 的] Y 之和
    Sum {
        /// Entity or list fact.
        entity: Name,
        /// Condition.
        cond: Option<Box<Expr>>,
        /// Field.
        field: Name,
    },
    /// X 中 [COND 的] 最早的 Y
    ExtremeIn {
        /// Entity or list fact.
        entity: Name,
        /// Condition.
        cond: Option<Box<Expr>>,
        /// Which.
        which: Extreme,
        /// Field.
        field: Name,
    },
    /// 自 X 起 P: last day of a period
    Deadline {
        /// Start.
        from: Box<Expr>,
        /// Length.
        period: Box<Expr>,
    },
    /// X 之后 P / X 之前 P
    Shift {
        /// Date.
        date: Box<Expr>,
        /// Length.
        period: Box<Expr>,
        /// Backwards (之前).
        back: bool,
    },
    /// 自 A 至 B 的日数
    Between {
        /// Start.
        from: Box<Expr>,
        /// End.
        to: Box<Expr>,
        /// Measure.
        measure: Between,
    },
    /// Something the parser has already complained about.
    Error,
}
