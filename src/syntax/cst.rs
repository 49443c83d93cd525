//! The words of a source one after another, each with its place, and how they lie in one another.
//!
//! In: a text that [`super::parse`] reads without errors. Out: every word but blanks and comments, in the order of
//! the text and in canonical spelling, and over them a tree of groups. Nothing is resolved and nothing is dropped, so
//! what stands between two neighbouring words is blanks and comments only. [`crate::fmt`] lays it out.
mod decision;

use super::chunk::{self, Chunk, ChunkKind};
use super::grammar::{Grammar, Rule};
use crate::base::{FileId, PartKind};
use pest::Parser;
use pest::iterators::Pair;

/// What a word is, as far as its neighbours care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A keyword without manners of its own.
    Keyword,
    /// The drafter's own name, as written.
    Name,
    /// 三次, 百分之三
    Number,
    /// 2026年3月2日
    Date,
    /// 第八条, 本条, 前款
    Address,
    /// 「…」, byte for byte
    Text,
    /// 【…】
    Mark,
    /// 第八条 and the like where the provision itself begins
    Label,
    /// A keyword that a text follows: 办法「…」 问「…」
    Caption,
    /// （
    Open,
    /// ）
    Close,
    /// ，
    Comma,
    /// 、
    Dun,
    /// ：
    Colon,
    /// ； or 。
    End,
    /// 的
    De,
    /// 且, 或者 between conditions
    Connective,
    /// 应当, 可以, 不得
    Mode,
    /// 认定, 延长 behind a mode
    Moded,
    /// 超过, 不得超出: a number may follow at once
    Compare,
    /// 以上, 以内 behind a number
    Suffix,
    /// 之前, 之后
    Around,
    /// 内
    Within,
    /// 履行日
    PerformDay,
    /// 除 before references, 至 and 和 between them
    OfReference,
    /// 另有规定外, 的规定处理 behind them
    AfterReference,
    /// 有下列情形之一
    List,
    /// 且 before 有下列
    JoinsList,
    /// 并, 且 between consequences
    Also,
    /// 但
    But,
    /// 但 before 不得超过
    ButCap,
    /// 除外
    Excluded,
    /// 修改为, 后, 增加 and other words of operations, which nothing keeps apart
    Amending,
    /// 一、
    OperationLabel,
}

/// What a group of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// Title block.
    Header,
    /// 引用
    Include,
    /// 枚举
    Enum,
    /// 事实, 结论
    Fields,
    /// 章, 节
    Heading,
    /// 条 and all in it
    Article,
    /// Statements outside articles.
    Statements,
    /// Fields without the declaration they belong to.
    FieldList,
    /// One operation of an amending decision, and what it gives.
    Operation,
    /// （条款不变）
    Claim,
    /// What stands at the end of a decision.
    Closing,
    /// An entry of the title block.
    Entry,
    /// A field.
    Field,
    /// Its type.
    Type,
    /// One of its attributes.
    Attr,
    /// Label, marks and text of a provision.
    Head(PartKind),
    /// 释「…」
    Note,
    /// A statement.
    Statement,
    /// A rule, or the condition of an item.
    Clause,
    /// 除…另有规定外，
    Except,
    /// 凡 X，
    Each,
    /// 的，
    PremiseEnd,
    /// ，且有下列情形之一的
    AndList,
    /// 有下列情形之一的
    ListIntro,
    /// 但…
    Proviso,
    /// Consequences in a row.
    Consequences,
    /// One of them.
    Consequence,
    /// A part of a consequence behind a comma: time limits, caps.
    Term,
    /// 本办法所称 …
    Definition,
    /// Conditions joined by 且 or 或者; one alone too.
    Chain,
    /// ，且
    ChainOp,
    /// （…）, and other conditions within a condition.
    Nested,
    /// 符合 …
    Meets,
    /// 在 … 之前 … 内
    Window,
    /// Operands and operators.
    Sum,
    /// 四舍五入（…）, 整数（…）: no space before （
    Call,
    /// Anything else.
    Other,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it is.
    pub kind: WordKind,
    /// The smallest group it lies in.
    pub within: GroupKind,
    /// Canonical spelling.
    pub text: String,
    /// Where it begins in the source.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// A word or a group of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Number of a word.
    Word(usize),
    /// Words that belong together.
    Group(Group),
}

/// Words that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is.
    pub kind: GroupKind,
    /// Number of its first word.
    pub first: usize,
    /// Its parts, in order.
    pub parts: Vec<Node>,
}

/// The words of a source and how they lie in one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cst {
    /// All words.
    pub words: Vec<Word>,
    /// One group for each declaration, heading, article …
    pub chunks: Vec<Group>,
}

/// Reads the words of a source, a policy or an amending decision; none where it has errors of form.
#[must_use]
pub fn read(source: &str) -> Option<Cst> {
    if super::is_decision(source) {
        return decision::read(source);
    }
    let mut diags = Vec::new();
    let chunks = chunk::split(source, FileId(0), &mut diags);
    if !diags.is_empty() {
        return None;
    }
    let mut reader = Reader { source, base: 0, words: Vec::new() };
    let mut groups = Vec::new();
    for chunk in &chunks {
        groups.push(reader.chunk(chunk)?);
    }
    Some(Cst { words: reader.words, chunks: groups })
}

struct Reader<'a> {
    source: &'a str,
    base: usize,
    words: Vec<Word>,
}

impl Reader<'_> {
    fn chunk(&mut self, chunk: &Chunk) -> Option<Group> {
        let (rule, kind) = match chunk.kind {
            ChunkKind::Header => (Rule::chunk_header, GroupKind::Header),
            ChunkKind::Include => (Rule::chunk_include, GroupKind::Include),
            ChunkKind::Enum => (Rule::chunk_enum, GroupKind::Enum),
            ChunkKind::Fields => (Rule::chunk_fields, GroupKind::Fields),
            ChunkKind::Heading => (Rule::chunk_heading, GroupKind::Heading),
            ChunkKind::Article => (Rule::chunk_article, GroupKind::Article),
            ChunkKind::Statements => (Rule::chunk_statements, GroupKind::Statements),
            ChunkKind::Amending | ChunkKind::Decision | ChunkKind::Operation | ChunkKind::Closing => {
                return None;
            }
        };
        self.base = chunk.start;
        let pair = Grammar::parse(rule, &chunk.text).ok()?.next()?;
        Some(self.group(kind, pair))
    }

    fn group(&mut self, kind: GroupKind, pair: Pair<'_, Rule>) -> Group {
        let first = self.words.len();
        let parts = pair.into_inner().filter_map(|kid| self.node(kid, kind)).collect();
        Group { kind, first, parts }
    }

    fn node(&mut self, pair: Pair<'_, Rule>, within: GroupKind) -> Option<Node> {
        let rule = pair.as_rule();
        let whole = matches!(rule, Rule::text | Rule::mark);
        if !whole && pair.clone().into_inner().next().is_some() {
            let several = pair.clone().into_inner().nth(1).is_some();
            // A lone operand counts as part of what its sum is part of.
            let kind = group_kind(rule).filter(|k| several || *k != GroupKind::Sum).unwrap_or(match within {
                GroupKind::Window | GroupKind::Sum => within,
                _ => GroupKind::Other,
            });
            return Some(Node::Group(self.group(kind, pair)));
        }
        (!pair.as_str().trim().is_empty()).then(|| Node::Word(self.word(&pair, within)))
    }

    fn word(&mut self, pair: &Pair<'_, Rule>, within: GroupKind) -> usize {
        let (rule, prepared) = (pair.as_rule(), pair.as_str());
        let start = self.base + pair.as_span().start();
        let end = start + prepared.len();
        let written = self.source.get(start..end).unwrap_or(prepared);
        let word =
            Word { kind: word_kind(rule), within, text: canonical(rule, prepared, written), start, end };
        self.words.push(word);
        self.words.len() - 1
    }
}

fn group_kind(rule: Rule) -> Option<GroupKind> {
    Some(match rule {
        Rule::header_text
        | Rule::header_date
        | Rule::decision_amends
        | Rule::decision_text
        | Rule::decision_date
        | Rule::decision_effective => GroupKind::Entry,
        Rule::claim => GroupKind::Claim,
        Rule::field => GroupKind::Field,
        Rule::type_expr => GroupKind::Type,
        Rule::attr => GroupKind::Attr,
        Rule::article_head => GroupKind::Head(PartKind::Article),
        Rule::paragraph_head => GroupKind::Head(PartKind::Paragraph),
        Rule::item_head => GroupKind::Head(PartKind::Item),
        Rule::sub_item_head => GroupKind::Head(PartKind::SubItem),
        Rule::note => GroupKind::Note,
        Rule::statement => GroupKind::Statement,
        Rule::clause => GroupKind::Clause,
        Rule::except => GroupKind::Except,
        Rule::each => GroupKind::Each,
        Rule::premise_end => GroupKind::PremiseEnd,
        Rule::and_list => GroupKind::AndList,
        Rule::list => GroupKind::ListIntro,
        Rule::proviso => GroupKind::Proviso,
        Rule::consequences => GroupKind::Consequences,
        Rule::consequence => GroupKind::Consequence,
        Rule::cap | Rule::extension | Rule::duty => GroupKind::Term,
        Rule::definition => GroupKind::Definition,
        Rule::cond => GroupKind::Chain,
        Rule::chain_op => GroupKind::ChainOp,
        Rule::paren | Rule::have | Rule::every | Rule::aggregate | Rule::subject => GroupKind::Nested,
        Rule::meets => GroupKind::Meets,
        Rule::at => GroupKind::Window,
        Rule::sum => GroupKind::Sum,
        Rule::extreme | Rule::round | Rule::t_int | Rule::t_decimal => GroupKind::Call,
        _ => return None,
    })
}

fn word_kind(rule: Rule) -> WordKind {
    match rule {
        Rule::name | Rule::value_name | Rule::bare_value | Rule::unit_name => WordKind::Name,
        Rule::quantity | Rule::times | Rule::ratio => WordKind::Number,
        Rule::date => WordKind::Date,
        Rule::address | Rule::this | Rule::previous => WordKind::Address,
        Rule::text => WordKind::Text,
        Rule::mark => WordKind::Mark,
        Rule::article_label
        | Rule::paragraph_label
        | Rule::item_label
        | Rule::sub_item_label
        | Rule::heading_label => WordKind::Label,
        Rule::header_kind
        | Rule::k_header_text
        | Rule::k_include_file
        | Rule::k_ask
        | Rule::k_note
        | Rule::k_decision
        | Rule::k_decision_text => WordKind::Caption,
        Rule::lparen => WordKind::Open,
        Rule::rparen => WordKind::Close,
        Rule::comma => WordKind::Comma,
        Rule::dun => WordKind::Dun,
        Rule::colon => WordKind::Colon,
        Rule::semi | Rule::period => WordKind::End,
        Rule::de => WordKind::De,
        Rule::k_and | Rule::k_or => WordKind::Connective,
        Rule::mode => WordKind::Mode,
        Rule::k_affirm | Rule::k_extend => WordKind::Moded,
        Rule::cmp_word | Rule::k_cap_upper | Rule::k_cap_lower => WordKind::Compare,
        Rule::cmp_suffix => WordKind::Suffix,
        Rule::k_before | Rule::k_after => WordKind::Around,
        Rule::k_within => WordKind::Within,
        Rule::k_perform_day => WordKind::PerformDay,
        Rule::k_except | Rule::k_through | Rule::k_ref_and => WordKind::OfReference,
        Rule::k_except_tail | Rule::refer_tail | Rule::k_provided => WordKind::AfterReference,
        Rule::list_any | Rule::list_all | Rule::list_each => WordKind::List,
        Rule::and_joined => WordKind::JoinsList,
        Rule::k_also => WordKind::Also,
        Rule::k_but => WordKind::But,
        Rule::k_cap_but => WordKind::ButCap,
        Rule::k_excluded => WordKind::Excluded,
        Rule::op_label => WordKind::OperationLabel,
        Rule::k_change
        | Rule::k_delete
        | Rule::k_add
        | Rule::k_as
        | Rule::k_becomes
        | Rule::k_inside
        | Rule::k_take
        | Rule::k_beside
        | Rule::k_joined
        | Rule::k_amid
        | Rule::k_uniform
        | Rule::k_clauses
        | Rule::k_title
        | Rule::k_outside
        | Rule::op_count => WordKind::Amending,
        _ => WordKind::Keyword,
    }
}

/// A word as it is to be written: names, texts and numbers as the drafter wrote them, keywords simplified and in
/// their full form, punctuation full-width.
fn canonical(rule: Rule, prepared: &str, written: &str) -> String {
    let known = match (rule, prepared) {
        (Rule::lparen, _) => "（",
        (Rule::rparen, _) => "）",
        (Rule::comma, _) => "，",
        (Rule::colon, _) => "：",
        (Rule::semi, _) => "；",
        (Rule::mode, "应") => "应当",
        (Rule::k_or | Rule::k_ref_and, "或") => "或者",
        (Rule::k_and | Rule::and_joined, "并且") => "且",
        (Rule::k_anyof, _) => "单独或者合并",
        (Rule::k_plus, _) => "加",
        (Rule::k_minus, _) => "减",
        (Rule::k_times, _) => "乘以",
        (Rule::k_over, _) => "除以",
        (Rule::name | Rule::value_name | Rule::bare_value | Rule::unit_name | Rule::text, _) => written,
        (Rule::address, _) => return full_width_address(prepared, written),
        (Rule::item_label | Rule::sub_item_label, _) => return full_width(prepared).replace('．', "."),
        (Rule::mark | Rule::quantity | Rule::refer_tail | Rule::k_in_force | Rule::k_uniform, _) => {
            return prepared.split_whitespace().collect();
        }
        _ => prepared,
    };
    known.to_owned()
}

/// 第(一)项 is 第（一）项; the name of another law stays as it is.
fn full_width_address(prepared: &str, written: &str) -> String {
    match prepared.rfind('》').map(|at| at + '》'.len_utf8()) {
        Some(end) => {
            written.get(..end).unwrap_or("").to_owned() + &full_width(prepared.get(end..).unwrap_or(""))
        }
        None => full_width(prepared),
    }
}

fn full_width(text: &str) -> String {
    text.replace('(', "（").replace(')', "）")
}
