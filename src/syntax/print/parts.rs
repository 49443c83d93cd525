//! Parts of a tree as canonical text, one by one: for whoever compares or quotes what two sources say.
use super::super::ast::{EnumDecl, Field, HeaderDateKey, HeaderKey, Mark, StatementKind};
use super::expression::names;
use super::{Printer, attr, type_of};

/// A statement on one line with its closing mark; `law` is the word of the title (办法, 法 …), `last` whether it stands in
/// the last item of a list.
#[must_use]
pub fn statement(kind: &StatementKind, law: &str, last: bool) -> String {
    Printer { out: String::new(), law }.statement(kind, end(kind, last))
}

/// What closes a statement.
pub(super) const fn end(kind: &StatementKind, last: bool) -> &'static str {
    match kind {
        StatementKind::Condition { .. } if !last => "；",
        StatementKind::Condition { .. }
        | StatementKind::Rule(_)
        | StatementKind::Definition(_)
        | StatementKind::Priority { .. }
        | StatementKind::Scope(_) => "。",
    }
}

/// A field with its type and attributes.
#[must_use]
pub fn field(field: &Field) -> String {
    let attrs: String = field.attrs.iter().map(attr).collect();
    format!("{} {}{attrs}", field.name.text, type_of(&field.ty.kind))
}

/// An enumeration without the keyword before it and the mark behind.
#[must_use]
pub fn enumeration(decl: &EnumDecl) -> String {
    let ordered = if decl.ordered { "（由轻到重）" } else { "" };
    format!("{}{ordered}：{}", decl.name.text, names(&decl.values))
}

/// 【条号推定】 and the like.
#[must_use]
pub fn marks(all: &[Mark]) -> String {
    super::marks(all)
}

/// The keyword of an entry of the title block.
#[must_use]
pub const fn header_word(key: HeaderKey) -> &'static str {
    match key {
        HeaderKey::Issuer => "制定机关",
        HeaderKey::Number => "文号",
        HeaderKey::Version => "版本",
        HeaderKey::Original => "原文",
        HeaderKey::ShortTitle => "简称",
        HeaderKey::Amended => "修正",
    }
}

/// The keyword of a date of the title block.
#[must_use]
pub const fn header_date_word(key: HeaderDateKey) -> &'static str {
    match key {
        HeaderDateKey::Promulgated => "公布日期",
        HeaderDateKey::Effective => "施行日期",
    }
}
