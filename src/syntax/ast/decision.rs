//! Amending decisions: typed operations on addresses.
//!
//! Comes out of [`crate::syntax::parse_decision`]; goes into [`crate::amend`]. Addresses are those of the text before
//! the decision; labels and citations within the provisions it gives are those of the text after it.
use super::{Header, Name, Provision, Statement, Text, TopItem};
use crate::base::{Address, Date, FileId, PartKind, Span};

/// One 修改决定.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Which file.
    pub file: FileId,
    /// The whole text: what operations give is taken from it as it stands, comments included.
    pub source: String,
    /// 「关于修改《…》的决定」
    pub title: Text,
    /// 办法, 条例 … of what it amends.
    pub kind: Name,
    /// Title of what it amends.
    pub amends: Text,
    /// 制定机关
    pub issuer: Option<Text>,
    /// 文号
    pub number: Option<Text>,
    /// 公布日期
    pub promulgated: Option<(Date, Span)>,
    /// 前次修改: title of the decision that made the text this one amends.
    pub follows: Option<Text>,
    /// 版本: the entry 版本 the amended text's header must have.
    pub version: Option<Text>,
    /// 自 … 起施行; absent only after an error.
    pub effective: Option<(Date, Span)>,
    /// 一、二、… in order.
    pub ops: Vec<Operation>,
    /// 条文顺序作相应调整: articles, chapters and sections are renumbered.
    pub renumber: Option<Span>,
    /// 款项顺序作相应调整: 项 and 目 are renumbered (款 always are).
    pub renumber_items: Option<Span>,
    /// Place of the title block.
    pub span: Span,
}

impl Decision {
    /// When an operation takes effect: its own date, else that of the decision.
    #[must_use]
    pub fn effective_of(&self, op: &Operation) -> Option<Date> {
        op.effective.or(self.effective).map(|(date, _)| date)
    }

    /// All days on which operations take effect, in order, each with the indexes of its operations.
    #[must_use]
    pub fn stages(&self) -> Vec<(Date, Vec<usize>)> {
        let mut stages: std::collections::BTreeMap<Date, Vec<usize>> = std::collections::BTreeMap::new();
        for (index, op) in self.ops.iter().enumerate() {
            if let Some(date) = self.effective_of(op) {
                stages.entry(date).or_default().push(index);
            }
        }
        stages.into_iter().collect()
    }

    /// Whether a title block is that of the law this decision amends: same kind, same title.
    #[must_use]
    pub fn is_of(&self, header: &Header) -> bool {
        header.kind.text == self.kind.text && header.title.text == self.amends.text
    }
}

/// One operation of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// 一、 is 1.
    pub number: u32,
    /// Place of 一、
    pub label: Span,
    /// What it does.
    pub kind: OperationKind,
    /// What it says of text and clause.
    pub claim: Option<(Claim, Span)>,
    /// 本决定第三项自 … 起施行
    pub effective: Option<(Date, Span)>,
    /// Place of the first line up to ： or 。
    pub head: Span,
    /// Place of the whole.
    pub span: Span,
}

/// What an operation says of verbatim text and formal clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// 条款不变: only the verbatim text changes.
    TextOnly,
    /// 原文不变: only the clause changes.
    ClauseOnly,
    /// 原文与条款已经核对: each was changed as far as it had to be.
    Compared,
    /// 条款一并修改: names in clauses and declarations change with the text.
    NamesToo,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq)]
pub enum OperationKind {
    /// 第十九条第二项 修改为：
    Replace {
        /// A provision, chapter or section.
        target: Place,
        /// 第十九条 改为 第二十条，修改为：
        becomes: Option<Place>,
        /// The new wording.
        with: Payload,
    },
    /// 第十九条第二项 的 条款 修改为：
    Clause {
        /// A provision.
        target: Place,
        /// Its new statements.
        with: Payload,
    },
    /// 第三章 的 章名 修改为「…」
    Rename {
        /// A chapter or section.
        target: Place,
        /// New title.
        title: Text,
    },
    /// 删去 … 、废止 …
    Delete {
        /// What.
        targets: Vec<Target>,
        /// 废止 was written.
        repeal: bool,
    },
    /// 第二十一条 后增加一条，作为 第二十二条：
    Insert {
        /// Where.
        position: Position,
        /// Of which level.
        level: Level,
        /// 作为 …: one for each.
        labels: Vec<Place>,
        /// The provisions.
        with: Payload,
    },
    /// 第十五条第四项 中的「甲」修改为「乙」; 统一将「甲」修改为「乙」
    Words {
        /// Where; empty: throughout.
        places: Vec<Place>,
        /// Old words.
        from: Text,
        /// What becomes of them.
        to: WordChange,
    },
    /// 增加 事实 …：/ 枚举 …：/ 定义：/ 适用范围：/ 优先关系：
    Declare {
        /// Where; none: behind the last of its kind.
        position: Option<Position>,
        /// What: blocks of fields, enumerations, statements outside articles.
        with: Payload,
    },
    /// 事实 甲 的 乙 后增加： fields
    AddFields {
        /// Before or behind which field.
        position: Position,
        /// The fields, in a block of the same entity.
        with: Payload,
    },
    /// 枚举 甲 增加 乙、丙。
    AddValues {
        /// Enumeration.
        name: Name,
        /// Values.
        values: Vec<Name>,
        /// Place of the values.
        span: Span,
    },
    /// 定义 甲 修改为：, 事实 甲 的 乙 修改为：, 枚举 甲 修改为：
    Redeclare {
        /// What.
        target: Target,
        /// The new declaration.
        with: Payload,
    },
    /// Could not be read; the errors say why.
    Broken,
}

impl OperationKind {
    /// The wording it brings along, if it brings any.
    #[must_use]
    pub const fn given(&self) -> Option<&Payload> {
        match self {
            Self::Replace { with, .. }
            | Self::Clause { with, .. }
            | Self::Insert { with, .. }
            | Self::Declare { with, .. }
            | Self::AddFields { with, .. }
            | Self::Redeclare { with, .. } => Some(with),
            Self::Rename { .. }
            | Self::Delete { .. }
            | Self::Words { .. }
            | Self::AddValues { .. }
            | Self::Broken => None,
        }
    }
}

/// New words in the place of old ones.
#[derive(Clone, Debug, PartialEq)]
pub enum WordChange {
    /// 修改为「乙」
    Replace(Text),
    /// 删去 … 中的「甲」
    Delete,
    /// 「甲」前增加「乙」
    Before(Text),
    /// 「甲」后增加「乙」
    After(Text),
}

impl WordChange {
    /// What stands there afterwards.
    #[must_use]
    pub fn result(&self, from: &str) -> String {
        match self {
            Self::Replace(to) => to.text.clone(),
            Self::Delete => String::new(),
            Self::Before(more) => format!("{}{from}", more.text),
            Self::After(more) => format!("{from}{}", more.text),
        }
    }
}

/// A provision, chapter or section by its address, with the place where it is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Which.
    pub kind: PlaceKind,
    /// Where it is named.
    pub span: Span,
}

/// What can be addressed.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceKind {
    /// 条 款 项 目; as 作为 …, may begin below the article.
    Provision(Address),
    /// 第八条至第十条, both included.
    Range(Address, Address),
    /// 第三章, 第三章第一节
    Heading(HeadingAddress),
}

/// 第三章; 第三章第一节
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeadingAddress {
    /// Number of the chapter; 0 for a section of a law without chapters.
    pub chapter: u32,
    /// Number of the section, if it is one.
    pub section: Option<u32>,
}

/// Something an operation can delete, change, or place things next to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Provisions and headings.
    Place(Place),
    /// 事实 甲, 结论 甲 的 乙、丙
    Fields {
        /// 结论 rather than 事实.
        conclusions: bool,
        /// Entity.
        entity: Name,
        /// Fields; none: the whole declaration.
        names: Vec<Name>,
        /// Where it is named.
        span: Span,
    },
    /// 枚举 甲
    Enum(Name),
    /// 定义 甲, 定义 乙 的 甲
    Definition {
        /// Entity, when named.
        entity: Option<Name>,
        /// Defined term.
        name: Name,
    },
    /// A scope or priority outside articles, quoted.
    Statement(Box<Statement>),
}

impl Target {
    /// Where it is named.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Place(place) => place.span,
            Self::Fields { span, .. } => *span,
            Self::Enum(name) => name.span,
            Self::Definition { entity, name } => {
                entity.as_ref().map_or(name.span, |entity| entity.span.to(name.span))
            }
            Self::Statement(statement) => statement.span,
        }
    }
}

/// Where something is added.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    /// 甲 前
    Before(Target),
    /// 甲 后
    After(Target),
    /// 甲 与 乙 之间
    Between(Target, Target),
    /// 甲 (at the end, or where the given number belongs)
    In(Target),
}

/// What is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 章
    Chapter,
    /// 节
    Section,
    /// 条 款 项 目
    Part(PartKind),
}

/// The wording an operation brings along.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payload {
    /// Articles, headings, declarations, statements outside articles.
    pub items: Vec<TopItem>,
    /// 款 项 目. Conditions and rules of items are told apart only in the consolidated text.
    pub parts: Vec<Provision>,
    /// Statements that belong to none of the parts.
    pub statements: Vec<Statement>,
    /// Place of all of it, comments included.
    pub span: Span,
}

impl std::fmt::Display for HeadingAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chinese = |n: u32| crate::base::numeral::to_chinese(u64::from(n));
        if self.chapter > 0 {
            write!(f, "第{}章", chinese(self.chapter))?;
        }
        self.section.map_or(Ok(()), |section| write!(f, "第{}节", chinese(section)))
    }
}
