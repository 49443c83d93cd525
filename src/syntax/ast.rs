//! The syntax tree: what the text says, word for word, with places; nothing is resolved.
//!
//! Comes out of [`crate::syntax::parse`]; goes into [`crate::hir`]. Numbers are kept as read (value and
//! the text it came from); names and addresses as written.
use crate::base::date::{Date, Period};
use crate::base::numeral::Ratio;
use crate::base::{Address, FileId, PartKind, Span};
use rust_decimal::Decimal;

/// A word of the drafter's with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, traditional characters of keywords already simplified.
    pub text: String,
    /// Place.
    pub span: Span,
}

/// A text literal 「…」 without its brackets, byte for byte; `span` covers the content only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Content.
    pub text: String,
    /// Place of the content.
    pub span: Span,
}

/// One source file.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// Which file.
    pub file: FileId,
    /// `办法「…」`; absent in a part that another file includes.
    pub header: Option<Header>,
    /// Everything else in order.
    pub items: Vec<TopItem>,
}

/// The title block.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// 办法, 法, 规定 …
    pub kind: Name,
    /// Title.
    pub title: Text,
    /// 制定机关, 文号, 版本, 原文, 简称 with their text.
    pub texts: Vec<(HeaderKey, Text)>,
    /// 公布日期, 施行日期.
    pub dates: Vec<(HeaderDateKey, Date, Span)>,
    /// Place of the block.
    pub span: Span,
}

/// Textual header entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderKey {
    /// 制定机关
    Issuer,
    /// 文号
    Number,
    /// 版本
    Version,
    /// 原文: path of the verbatim text, relative to the source
    Original,
    /// 简称
    ShortTitle,
}

/// Dated header entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderDateKey {
    /// 公布日期
    Promulgated,
    /// 施行日期
    Effective,
}

/// A chunk at top level.
#[derive(Clone, Debug, PartialEq)]
pub enum TopItem {
    /// 引用「path」
    Include(Text),
    /// 枚举
    Enum(EnumDecl),
    /// 事实 X：
    Facts(FactBlock),
    /// 结论 X：
    Conclusions(ConclusionBlock),
    /// 第X章, 第X节
    Heading(Heading),
    /// 第X条
    Article(Provision),
    /// A definition, priority, scope statement outside any article.
    Statement(Statement),
}

/// `枚举 X（由轻到重）：甲、乙。`
#[derive(Clone, Debug, PartialEq)]
pub struct EnumDecl {
    /// Name.
    pub name: Name,
    /// Ordered from light to grave.
    pub ordered: bool,
    /// Values in order.
    pub values: Vec<Name>,
    /// Place.
    pub span: Span,
}

/// `事实 X：` and its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct FactBlock {
    /// Entity.
    pub entity: Name,
    /// Fields.
    pub fields: Vec<Field>,
    /// Place of the heading.
    pub span: Span,
}

/// `结论 X：` and its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct ConclusionBlock {
    /// Entity.
    pub entity: Name,
    /// Fields.
    pub fields: Vec<Field>,
    /// Place of the heading.
    pub span: Span,
}

/// A declared fact or conclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Name.
    pub name: Name,
    /// Type as written.
    pub ty: TypeExpr,
    /// Attributes in order.
    pub attrs: Vec<Attr>,
    /// Place of the whole field.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// What.
    pub kind: TypeKind,
    /// Place.
    pub span: Span,
}

/// Types of fields.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// 是否
    Bool,
    /// 整数（单位）
    Int(Option<Name>),
    /// 小数（单位）
    Decimal(Option<Name>),
    /// 金额
    Money,
    /// 日期
    Date,
    /// 期间
    Period,
    /// 文本
    Text,
    /// 义务
    Duty,
    /// `为 A、B 之一`, `由轻到重 为 …`
    InlineEnum {
        /// Ordered from light to grave.
        ordered: bool,
        /// Values.
        values: Vec<Name>,
    },
    /// `多选 A、B`; a single value that names a declared enumeration means that enumeration (HIR decides).
    Multi(Vec<Name>),
    /// The bare name of a declared enumeration.
    Named(Name),
    /// 多个 X
    Many(Name),
    /// 一个 X
    One(Name),
}

/// An attribute of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    /// What.
    pub kind: AttrKind,
    /// Place.
    pub span: Span,
}

/// Attributes.
#[derive(Clone, Debug, PartialEq)]
pub enum AttrKind {
    /// 问「…」
    Ask(Text),
    /// 释「…」
    Note(Text),
    /// 酌定
    Judgement,
    /// 默认 V
    Default(Box<Expr>),
    /// 未载明视为否
    AbsentIsFalse,
    /// 标识
    Label,
}

/// `第X章「…」` / `第X节「…」`
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// Chapter or section.
    pub level: HeadingLevel,
    /// Its number.
    pub number: u32,
    /// Title.
    pub title: Text,
    /// 【…】
    pub marks: Vec<Mark>,
    /// Place.
    pub span: Span,
}

/// Levels above the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingLevel {
    /// 章
    Chapter,
    /// 节
    Section,
}

/// An editorial mark 【…】.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which.
    pub kind: MarkKind,
    /// Place.
    pub span: Span,
}

/// Editorial marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// 条号推定
    InferredNumber,
    /// 文字补正
    RestoredText,
    /// 待补
    Missing,
}

/// A provision at any level: 条, 款, 项, 目.
#[derive(Clone, Debug, PartialEq)]
pub struct Provision {
    /// Level.
    pub kind: PartKind,
    /// Number from 1.
    pub number: u32,
    /// 之N, else 0.
    pub sub: u32,
    /// Place of the label (第八条, （五）).
    pub label: Span,
    /// 【…】
    pub marks: Vec<Mark>,
    /// Verbatim text; absent for an article made of 款, or 待补.
    pub text: Option<Text>,
    /// 释「…」
    pub notes: Vec<Text>,
    /// The formal clauses, in order, but for those of child provisions.
    pub statements: Vec<Statement>,
    /// 款 below 条; 项 below 条 or 款 (whether or not a list rule introduces them); 目 below 项.
    pub children: Vec<Provision>,
    /// Place of the whole.
    pub span: Span,
}

/// A statement of the formal clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What.
    pub kind: StatementKind,
    /// Place.
    pub span: Span,
}

/// Statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// A rule.
    Rule(Rule),
    /// The bare condition of an item in a list, with its own exceptions.
    Condition {
        /// Condition.
        cond: Expr,
        /// 但…除外
        proviso: Option<Box<Proviso>>,
    },
    /// 本办法所称 … 是指 …
    Definition(Definition),
    /// … 优先于 …
    Priority {
        /// The stronger.
        higher: Reference,
        /// The weaker.
        lower: Vec<Reference>,
    },
    /// 适用于 …
    Scope(Expr),
}

/// 本办法所称 X，是指 EXPR
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// `ENTITY 的`
    pub entity: Option<Name>,
    /// Defined term.
    pub name: Name,
    /// Meaning.
    pub value: Expr,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// 除…另有规定外
    pub except: Vec<Reference>,
    /// 凡 X
    pub each: Option<Name>,
    /// `COND 的，` or the COND before `，且有下列…`
    pub premise: Option<Expr>,
    /// `有下列情形之一的` …; the items are the `children` of the provision that holds the statement.
    pub list: Option<ListIntro>,
    /// Consequences; may be empty only for [`ListKind::Each`].
    pub consequences: Vec<Consequence>,
    /// 但 …
    pub proviso: Option<Box<Proviso>>,
}

/// How a rule introduces its items.
#[derive(Clone, Debug, PartialEq)]
pub struct ListIntro {
    /// Which.
    pub kind: ListKind,
    /// Place of the phrase.
    pub span: Span,
}

/// Kinds of item lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// 有下列情形之一的
    Any,
    /// 同时符合下列条件的
    All,
    /// 按下列规定
    Each,
}

/// A consequence of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequence {
    /// 全部 [COND 的] ENTITY
    pub subject: Option<Subject>,
    /// What follows.
    pub kind: ConsequenceKind,
    /// Place.
    pub span: Span,
}

/// Whom a consequence falls on.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which of them.
    pub cond: Option<Expr>,
    /// Entity.
    pub entity: Name,
    /// Place.
    pub span: Span,
}

/// 应当, 可以, 不得
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// 应当
    Must,
    /// 可以
    May,
    /// 不得
    MustNot,
}

/// What follows.
#[derive(Clone, Debug, PartialEq)]
pub enum ConsequenceKind {
    /// 应当认定 X
    Affirm {
        /// Mode.
        mode: Mode,
        /// 是否 conclusion.
        target: Name,
    },
    /// X 应当 为 V
    Assign {
        /// Conclusion.
        target: Name,
        /// Mode.
        mode: Mode,
        /// Value.
        value: Value,
    },
    /// X 应当 包括 V
    Include {
        /// Conclusion.
        target: Name,
        /// Mode.
        mode: Mode,
        /// Values.
        choice: Choice,
    },
    /// X 应当 自 … 起 … 内 履行
    Duty {
        /// 义务 conclusion.
        target: Name,
        /// Start.
        from: Expr,
        /// Length: a period literal or an expression of type 期间.
        period: Expr,
        /// 履行日为 X
        performed: Name,
        /// COND 的 可以延长 P
        extensions: Vec<(Expr, Expr)>,
    },
    /// 依照, 参照
    Refer {
        /// Mode.
        mode: Mode,
        /// True for 参照.
        by_analogy: bool,
        /// To what.
        to: Vec<Reference>,
    },
    /// 视为, 推定
    Deem {
        /// True for 推定.
        presume: bool,
        /// Fact.
        target: Name,
        /// Value; none = 是.
        value: Option<Expr>,
    },
}

/// A value assigned: a choice of names, or an expression with caps.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Enumeration values.
    Choice(Choice),
    /// Anything else; a single bare name is parsed as `Choice` with one value (HIR decides by type).
    Expr {
        /// Value before caps.
        value: Expr,
        /// Caps in order.
        caps: Vec<Cap>,
    },
}

/// 不得超出 X (upper) / 不得低于 X (lower)
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// Upper bound if true.
    pub upper: bool,
    /// The bound.
    pub bound: Expr,
}

/// One or several enumeration values.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// How they are chosen.
    pub select: Select,
    /// Names as written (for ranges: the single bound).
    pub names: Vec<Name>,
    /// Place.
    pub span: Span,
}

/// How a choice is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Select {
    /// A, or for 包括: A、B all of them
    All,
    /// A 或者 B, A、B 之一
    OneOf,
    /// A、B 单独或者合并
    AnyOf,
    /// A 以上
    AtLeast,
    /// A 以下
    AtMost,
}

/// 但 …
#[derive(Clone, Debug, PartialEq)]
pub struct Proviso {
    /// COND 的 (none: `但可以…`)
    pub cond: Option<Expr>,
    /// Exception items follow: 但有下列情形之一的除外：
    pub list: Option<ListIntro>,
    /// Empty: 除外. Otherwise what follows instead.
    pub consequences: Vec<Consequence>,
    /// 但书 within the 但书.
    pub inner: Option<Box<Proviso>>,
    /// Place.
    pub span: Span,
}

/// A reference to provisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What it says.
    pub target: ReferenceTarget,
    /// Place.
    pub span: Span,
}

/// Ways to name provisions.
#[derive(Clone, Debug, PartialEq)]
pub enum ReferenceTarget {
    /// 第十五条第一项; or relative without article (第一款, 第二项): then `parts[0].kind` is not Article.
    Address(Address),
    /// 第八条至第十四条
    Range(Address, Address),
    /// 本条 本款 本项
    This(PartKind),
    /// 前条 前款 前项
    Previous(PartKind),
}

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
