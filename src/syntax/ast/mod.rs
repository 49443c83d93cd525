//! The syntax tree: what the text says, word for word, with places; nothing is resolved.
//!
//! Comes out of [`crate::syntax::parse`]; goes into [`crate::hir`]. Numbers are kept as read (value and
//! the text it came from); names and addresses as written.
use crate::base::Date;
use crate::base::{Address, FileId, PartKind, Span};

mod decision;
mod expr;
pub use decision::*;
pub use expr::*;

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
    /// 制定机关, 文号, 版本, 原文, 简称, 修正 with their text.
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
    /// 修正: `date title` of an amending decision the text includes; one entry a decision
    Amended,
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
    /// `COND 的，` or the COND before `，且有下列…`; with what stands behind `凡 X`, joined by 且.
    pub premise: Option<Expr>,
    /// `有下列情形之一的` …; the items are the `children` of the provision that holds the statement.
    pub list: Option<ListIntro>,
    /// Consequences; may be empty only for [`ListKind::Each`], and for an item of a list of conditions
    /// that is itself a list: its condition is premise and list together.
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
