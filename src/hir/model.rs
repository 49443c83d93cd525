//! The resolved program: names are ids, types are known, priorities closed, evaluation order fixed.
//!
//! Made by [`crate::hir::lower`] from the syntax tree; goes into [`crate::ir`]. Ids index the vectors of [`Hir`].
use crate::base::date::Date;
use crate::base::numeral::Ratio;
pub use crate::base::value::Val;
use crate::base::{Address, PartKind, Span};
pub use crate::syntax::ast::{
    ArithOp, Between, CmpOp, Extreme, HeadingLevel, ListKind, MarkKind, Mode, Quantifier, Rounding, Select,
};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The id as an index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Into [`Hir::enums`].
    EnumId,
    /// Into [`Hir::entities`].
    EntityId,
    /// Into [`Hir::facts`].
    FactId,
    /// Into [`Hir::conclusions`].
    ConclusionId,
    /// Into [`Hir::definitions`].
    DefinitionId,
    /// Into [`Hir::provisions`].
    ProvisionId,
    /// Into [`Hir::rules`].
    RuleId,
    /// Into [`Hir::exprs`].
    ExprId,
}

/// A compiled law before lowering to the IR.
#[derive(Clone, Debug, Default)]
pub struct Hir {
    /// Title block.
    pub header: Header,
    /// Enumerations, declared and inline (inline ones carry the field's name).
    pub enums: Vec<EnumDef>,
    /// Entities; the root is index 0, parents come before children.
    pub entities: Vec<Entity>,
    /// Facts of all entities.
    pub facts: Vec<Fact>,
    /// Conclusions of all entities.
    pub conclusions: Vec<Conclusion>,
    /// Defined terms.
    pub definitions: Vec<Definition>,
    /// 视为 and 推定, in order of text.
    pub deems: Vec<Deem>,
    /// 章 and 节, in order, with the index of the first provision after each.
    pub headings: Vec<Heading>,
    /// Provisions in order of text, parents before children.
    pub provisions: Vec<Provision>,
    /// Rules in order of text.
    pub rules: Vec<Rule>,
    /// `(higher, lower)`: transitive closure over all rules, kept where both have a consequence on one conclusion; sorted.
    pub priorities: Vec<(RuleId, RuleId)>,
    /// Priorities as the text states them.
    pub stated: Vec<super::Precedence>,
    /// 适用于 clauses (all must hold), each with the provision it stands in.
    pub scope: Vec<ScopeClause>,
    /// Expression arena.
    pub exprs: Vec<Expr>,
    /// Everything that is computed, dependencies first.
    pub order: Vec<Node>,
    /// Text constants; `Val::Text(i)` in a constant indexes this.
    pub texts: Vec<String>,
}

/// Title block.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// 办法「…」
    pub title: String,
    /// 简称, else empty.
    pub short_title: String,
    /// 制定机关
    pub issuer: String,
    /// 文号
    pub number: String,
    /// 版本: as written, else the date of effect, else empty; with the last 修正.
    pub version: String,
    /// 修正: the amending decisions the text includes, as written, in order.
    pub amended: Vec<String>,
    /// 公布日期
    pub promulgated: Option<Date>,
    /// 施行日期
    pub effective: Option<Date>,
    /// 原文 path as written.
    pub original: Option<String>,
}

/// Static types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// 是否
    Bool,
    /// 整数 with unit (empty: none)
    Int(String),
    /// 小数 with unit (empty: none); ratios too
    Decimal(String),
    /// 金额 in 元
    Money,
    /// 日期
    Date,
    /// 期间
    Period,
    /// 文本
    Text,
    /// One value of an enumeration
    Enum(EnumId),
    /// 多选
    Multi(EnumId),
    /// 多个 X (facts only)
    List(EntityId),
    /// 一个 X (facts only)
    One(EntityId),
    /// 义务 (conclusions only); read as an enumeration whose id is kept here (已履行, 未届满, 逾期)
    Duty(EnumId),
    /// After an error; agrees with everything.
    Error,
}

/// An enumeration of at most 64 values.
#[derive(Clone, Debug)]
pub struct EnumDef {
    /// Name, for messages and schemas.
    pub name: String,
    /// From light to grave.
    pub ordered: bool,
    /// Values in order.
    pub values: Vec<String>,
    /// Place.
    pub span: Span,
}

/// An entity: the root or the members of one 多个 / 一个 field.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Name.
    pub name: String,
    /// Containing entity and the field that holds this one; `None` for the root.
    pub parent: Option<(EntityId, FactId)>,
    /// Distance from the root.
    pub depth: u32,
    /// Facts in order of declaration.
    pub facts: Vec<FactId>,
    /// Conclusions in order of declaration.
    pub conclusions: Vec<ConclusionId>,
    /// The 标识 fact.
    pub label: Option<FactId>,
    /// How many [`Slot::Truth`] facts.
    pub truth_slots: u32,
    /// How many [`Slot::Value`] facts.
    pub value_slots: u32,
    /// How many [`Slot::Child`] facts.
    pub child_slots: u32,
}

/// Where a fact's value is kept within a row of its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// 是否 facts.
    Truth(u32),
    /// All other scalars.
    Value(u32),
    /// 多个, 一个.
    Child(u32),
}

/// A declared fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Name.
    pub name: String,
    /// Owner.
    pub entity: EntityId,
    /// Type.
    pub ty: Type,
    /// Storage.
    pub slot: Slot,
    /// 问
    pub ask: Option<String>,
    /// 释
    pub note: Option<String>,
    /// 酌定
    pub judgement: bool,
    /// 未载明视为否
    pub absent_is_false: bool,
    /// Place of the name.
    pub span: Span,
}

/// A declared conclusion.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// Name.
    pub name: String,
    /// Owner.
    pub entity: EntityId,
    /// Type.
    pub ty: Type,
    /// 默认 (an enumeration or 是否 default is a `Val::Mask` of one bit; 否 = bit 0, 是 = bit 1)
    pub default: Option<Val>,
    /// 问 or 释, as a description.
    pub note: Option<String>,
    /// Place of the name.
    pub span: Span,
}

/// 本办法所称 X，是指 …
#[derive(Clone, Debug)]
pub struct Definition {
    /// Term.
    pub name: String,
    /// Scope.
    pub entity: EntityId,
    /// Type.
    pub ty: Type,
    /// Meaning.
    pub value: ExprId,
    /// Provision it stands in, if any.
    pub provision: Option<ProvisionId>,
    /// Place of the name.
    pub span: Span,
}

/// 视为, 推定
#[derive(Clone, Debug)]
pub struct Deem {
    /// The fact that is deemed.
    pub fact: FactId,
    /// True for 推定.
    pub presume: bool,
    /// The rule whose guard triggers it (that rule has no other consequences).
    pub rule: RuleId,
    /// The value (是否 facts: `Mask` of bit 0 否 / bit 1 是).
    pub value: ExprId,
}

/// 章, 节
#[derive(Clone, Debug)]
pub struct Heading {
    /// Level.
    pub level: HeadingLevel,
    /// Number.
    pub number: u32,
    /// Title.
    pub title: String,
    /// 【…】
    pub marks: Vec<MarkKind>,
    /// Index of the first provision after it.
    pub before: u32,
}

/// A provision as the reader sees it.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Identity.
    pub address: Address,
    /// Level.
    pub kind: PartKind,
    /// Enclosing provision.
    pub parent: Option<ProvisionId>,
    /// 【…】
    pub marks: Vec<MarkKind>,
    /// Verbatim text and its place.
    pub text: Option<(String, Span)>,
    /// 释
    pub notes: Vec<String>,
    /// Conditions this provision itself states (items of any/all lists; 但书 as exceptions are provisions too).
    pub condition: Option<ExprId>,
    /// Rules whose address is this provision.
    pub rules: Vec<RuleId>,
    /// Place of the label.
    pub span: Span,
}

/// A rule: guard and consequences at one address for one entity.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Where it stands.
    pub provision: ProvisionId,
    /// What is cited: the provision's address, a 但书 step appended for provisos.
    pub address: Address,
    /// 依照 / 参照: the address whose consequences are applied.
    pub via: Option<Address>,
    /// Whom it is about.
    pub entity: EntityId,
    /// Premise and condition together, exceptions not included. 是 when there is none.
    pub guard: ExprId,
    /// 但…除外, each with its own exceptions.
    pub exceptions: Vec<Exception>,
    /// Consequences, all on conclusions of `entity`. Empty for 视为/推定.
    pub consequences: Vec<Consequence>,
    /// Place.
    pub span: Span,
}

/// 但 COND 的除外; applies when `cond` holds and none of `inner` applies.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Address (…但书, or the item of an exception list).
    pub address: Address,
    /// Condition, in the scope of the rule's entity.
    pub cond: ExprId,
    /// Exceptions to the exception.
    pub inner: Vec<Exception>,
}

/// One consequence.
#[derive(Clone, Debug)]
pub struct Consequence {
    /// On what.
    pub conclusion: ConclusionId,
    /// How.
    pub mode: Mode,
    /// With what value.
    pub kind: ConsequenceKind,
    /// Place.
    pub span: Span,
}

/// Values of consequences.
#[derive(Clone, Debug)]
pub enum ConsequenceKind {
    /// Enumerations and 是否 (bit 0 否, bit 1 是). `select` is `All` for one value, else `OneOf` / `AnyOf`
    /// (ranges over ordered enumerations are resolved to `OneOf`).
    Set {
        /// Values.
        mask: u64,
        /// How chosen.
        select: Select,
    },
    /// 多选.
    Include {
        /// Values.
        mask: u64,
        /// `All`: every one; else a choice.
        select: Select,
    },
    /// Other types.
    Value(ExprId),
    /// 义务
    Duty {
        /// Start date.
        from: ExprId,
        /// Period.
        period: ExprId,
        /// Date of performance.
        performed: ExprId,
        /// Condition and added period.
        extensions: Vec<(ExprId, ExprId)>,
    },
}

/// 适用于 COND
#[derive(Clone, Debug)]
pub struct ScopeClause {
    /// Condition on the root entity.
    pub cond: ExprId,
    /// Where it stands.
    pub provision: Option<ProvisionId>,
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Type.
    pub ty: Type,
    /// The deepest entity it depends on (root for constants): where it is computed. Users in deeper scopes read it from there.
    pub entity: EntityId,
    /// Place.
    pub span: Span,
}

/// Expressions; truth-typed unless said otherwise.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// 是 / 否
    Bool(bool),
    /// Value constant (`Int`, `Dec`, `Date`, `Period`, `Mask`, `Text`).
    Const(Val),
    /// A fact (after 视为/推定). 是否 → truth, else value.
    Fact(FactId),
    /// A conclusion's mandatory result. 是否 → truth, else value.
    Conclusion(ConclusionId),
    /// A defined term.
    Definition(DefinitionId),
    /// 届满日 of a 义务 (value).
    DutyDeadline(ConclusionId),
    /// Field of a 一个 entity: `body` is an expression in that child entity; read from the one member.
    OfOne {
        /// The 一个 fact.
        list: FactId,
        /// Expression in the child's scope.
        body: ExprId,
    },
    /// 且
    And(Vec<ExprId>),
    /// 或者
    Or(Vec<ExprId>),
    /// 未
    Not(ExprId),
    /// Enumeration value (fact, conclusion, duty status) lies in the mask.
    InSet {
        /// Value.
        value: ExprId,
        /// Allowed values.
        mask: u64,
    },
    /// 多选 value includes any / all of the mask.
    Includes {
        /// Value.
        value: ExprId,
        /// Values.
        mask: u64,
        /// All rather than any.
        all: bool,
    },
    /// Comparison of numbers, dates, periods (Eq/Ne only), texts (Eq/Ne only), ordered enumerations (by index).
    Cmp {
        /// Operator.
        op: CmpOp,
        /// Left.
        left: ExprId,
        /// Right.
        right: ExprId,
    },
    /// part / whole OP ratio, by cross multiplication.
    Share {
        /// Part.
        part: ExprId,
        /// Whole.
        whole: ExprId,
        /// Operator.
        op: CmpOp,
        /// Ratio.
        ratio: Ratio,
    },
    /// Strictly before/after the anchor, and within the period counted from it (the last day included).
    Window {
        /// Tested date.
        value: ExprId,
        /// Anchor.
        anchor: ExprId,
        /// 之前 if true.
        before: bool,
        /// Length.
        within: Option<ExprId>,
    },
    /// low ≤ value ≤ high
    InRange {
        /// Tested.
        value: ExprId,
        /// Lower.
        low: ExprId,
        /// Upper.
        high: ExprId,
    },
    /// 有 / 无 / 全部
    Quant {
        /// Which.
        quantifier: Quantifier,
        /// The list.
        list: FactId,
        /// Members other than the current row (then `Expr::entity` is the list's own entity).
        other: bool,
        /// Condition in the child's scope; none: there is a member.
        cond: Option<ExprId>,
    },
    /// The condition of these provisions holds: 或者 over the rules' guards (exceptions included) and item conditions.
    Meets {
        /// Rules at or below the address.
        rules: Vec<RuleId>,
        /// Conditions of items at or below it that are no rules of their own.
        conditions: Vec<ExprId>,
    },
    /// Value.
    Arith {
        /// Operator (`Div` only under `Round`).
        op: ArithOp,
        /// Left.
        left: ExprId,
        /// Right.
        right: ExprId,
    },
    /// Value: base × ratio.
    Portion {
        /// Base.
        base: ExprId,
        /// Ratio.
        ratio: Ratio,
    },
    /// Value.
    ExtremeOf {
        /// Which.
        which: Extreme,
        /// Among.
        args: Vec<ExprId>,
    },
    /// Value.
    Round {
        /// How.
        mode: Rounding,
        /// What.
        value: ExprId,
        /// Digits after the point.
        digits: u32,
    },
    /// Value: how many members satisfy `cond`.
    Count {
        /// List.
        list: FactId,
        /// Condition in the child's scope.
        cond: Option<ExprId>,
    },
    /// Value.
    Sum {
        /// List.
        list: FactId,
        /// Condition in the child's scope.
        cond: Option<ExprId>,
        /// Summand in the child's scope.
        field: ExprId,
    },
    /// Value.
    ExtremeIn {
        /// List.
        list: FactId,
        /// Condition in the child's scope.
        cond: Option<ExprId>,
        /// Which.
        which: Extreme,
        /// Compared value in the child's scope.
        field: ExprId,
    },
    /// Value: last day of a period (Civil Code 200-203).
    Deadline {
        /// Start.
        from: ExprId,
        /// Length.
        period: ExprId,
    },
    /// Value: calendar arithmetic.
    Shift {
        /// Date.
        date: ExprId,
        /// Length.
        period: ExprId,
        /// Backwards.
        back: bool,
    },
    /// Value (整数).
    Between {
        /// Start.
        from: ExprId,
        /// End.
        to: ExprId,
        /// Measure.
        measure: Between,
    },
    /// Already complained about.
    Error,
}

/// A thing that is computed once per row of its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// 适用于
    Scope,
    /// Fact after 视为 / 推定.
    Deemed(FactId),
    /// Defined term.
    Definition(DefinitionId),
    /// A rule's guard, exceptions included.
    Guard(RuleId),
    /// Mandatory result: 应当, 不得, 默认.
    Decide(ConclusionId),
    /// 可以 options; comes after `Decide` of the same conclusion.
    Options(ConclusionId),
}
