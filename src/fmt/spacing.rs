//! Whether a space stands between two neighbouring words of one line.
use crate::syntax::cst::{GroupKind, Word, WordKind};

/// Names and keywords are words only when something stands between them; punctuation is full-width and needs nothing.
pub fn apart(a: &Word, b: &Word) -> bool {
    if closes(b.kind) || matches!(a.kind, WordKind::Open) || a.kind != WordKind::Close && closes(a.kind) {
        return false;
    }
    !(of_head(a, b) || of_reference(a, b) || of_number(a, b) || of_keyword(a, b) || of_operation(a, b))
}

const fn closes(kind: WordKind) -> bool {
    matches!(kind, WordKind::Close | WordKind::Comma | WordKind::Dun | WordKind::Colon | WordKind::End)
}

/// 第八条【待补】「…」, 问「…」, 整数（次）
fn of_head(a: &Word, b: &Word) -> bool {
    match b.kind {
        WordKind::Text => {
            matches!(a.kind, WordKind::Caption | WordKind::Label | WordKind::Mark | WordKind::Text)
        }
        WordKind::Mark => true,
        WordKind::Open => matches!(b.within, GroupKind::Call | GroupKind::Enum),
        _ => false,
    }
}

/// 除第八条至第十条和本条另有规定外, 符合 第八条的规定
fn of_reference(a: &Word, b: &Word) -> bool {
    let de = b.kind == WordKind::De && b.within == GroupKind::Meets;
    let joined = matches!(b.kind, WordKind::OfReference | WordKind::AfterReference);
    a.kind == WordKind::OfReference || joined || de
}

/// 三次以上, 超过三次, 之前一年内
fn of_number(a: &Word, b: &Word) -> bool {
    // 半年 cannot follow at once.
    let number = b.kind == WordKind::Number && !b.text.starts_with('半');
    match (a.kind, b.kind) {
        (WordKind::Number | WordKind::Date, WordKind::Suffix) => true,
        (WordKind::Compare, WordKind::Number) => number && b.within != GroupKind::Sum,
        (WordKind::Around, WordKind::Number) => number && b.within == GroupKind::Window,
        (WordKind::Number, WordKind::Within) => !a.text.starts_with('半') && a.within == GroupKind::Window,
        _ => false,
    }
}

/// 应当认定, 的除外, 且有下列情形之一的, 履行日为, 但不得超过
fn of_keyword(a: &Word, b: &Word) -> bool {
    match (a.kind, b.kind) {
        (WordKind::Mode, WordKind::Moded)
        | (WordKind::De, WordKind::Excluded)
        | (WordKind::JoinsList | WordKind::But, WordKind::List)
        | (WordKind::List, WordKind::De)
        | (WordKind::ButCap, _) => true,
        (WordKind::PerformDay, WordKind::Keyword) => b.text == "为",
        _ => false,
    }
}

/// 一、第三条 的条款修改为, 中的「甲」修改为「乙」, 后增加一条
fn of_operation(a: &Word, b: &Word) -> bool {
    match (a.kind, b.kind) {
        (WordKind::OperationLabel, _)
        | (WordKind::Amending, WordKind::Text)
        | (WordKind::Text | WordKind::De | WordKind::Amending, WordKind::Amending) => true,
        (_, WordKind::Open) => b.within == GroupKind::Claim,
        _ => false,
    }
}
