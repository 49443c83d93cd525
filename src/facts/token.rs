//! Single keys and values of a case, read exactly as within a whole case: for [`crate::dataset`], which reads a row
//! without building a tree.
use super::head::HeadKey;
use super::names::{Meaning, nearest, plain};
use super::reader::Reader;
use super::tree::Style;
use super::value::{self, Scalar, State, Texts};
use super::{Children, errors::Report, read};
use crate::base::{Date, FileId, Span, Truth, Val};
use crate::hir::{EntityId, FactId, Hir, Type};
use std::borrow::Cow;

impl<'h> Reader<'h> {
    /// The policy.
    pub(crate) fn hir(&self) -> &'h Hir {
        self.names.hir
    }

    /// What a key at top level is.
    pub(crate) fn head_key(&self, text: &str) -> Option<HeadKey> {
        HeadKey::of(text, &self.names)
    }

    /// The fact that a key of an entity names.
    pub(crate) fn fact(&self, entity: EntityId, text: &str) -> Option<FactId> {
        match self.names.in_entity(entity, text)? {
            Meaning::Fact(fact) => Some(fact),
            Meaning::Conclusion(_) | Meaning::Definition(_) => None,
        }
    }

    /// 是否; none when there is something to complain about.
    pub(crate) fn truth(token: &Token<'_>) -> Option<Truth> {
        quietly(|report| Some(value::read_truth(&token.scalar(), report)))
    }

    /// Any other value written as one scalar but a 文本; none when there is something to complain about.
    pub(crate) fn value(&self, ty: &Type, token: &Token<'_>) -> Option<Val> {
        let mut texts = Texts::default();
        quietly(|report| match ty {
            Type::Multi(id) => value::read_multi_scalar(&token.scalar(), *id, &self.names, report),
            _ => value::read_value(&token.scalar(), ty, &self.names, &mut texts, report),
        })
    }

    /// One of the list of a 多选.
    pub(crate) fn member(&self, ty: &Type, token: &Token<'_>) -> Option<u64> {
        let Type::Multi(id) = ty else { return None };
        quietly(|report| value::read_multi_member(&token.scalar(), *id, &self.names, report))
    }

    /// Whether a 文本 says 不明 or 不适用; none: it is a text.
    pub(crate) fn text_state(token: &Token<'_>) -> Option<Val> {
        match token.scalar().state() {
            State::Unknown => Some(Val::Unknown),
            State::Na => Some(Val::Na),
            State::Given => None,
        }
    }

    /// The state of a 多个 or 一个 that is not written out; none when it is something else.
    pub(crate) fn state(token: &Token<'_>) -> Option<Children> {
        match token.scalar().state() {
            State::Unknown => Some(Children::Unknown),
            State::Na => Some(Children::Na),
            State::Given => None,
        }
    }

    /// 案例: the name, or that there is none.
    pub(crate) fn name<'t>(token: &'t Token<'_>) -> Option<&'t str> {
        (token.scalar().state() == State::Given).then_some(&*token.text)
    }

    /// 认定日期, or that there is none.
    pub(crate) fn date(token: &Token<'_>) -> Result<Option<Date>, Wrong> {
        let scalar = token.scalar();
        if scalar.state() != State::Given {
            return Ok(None);
        }
        quietly(|report| value::read_date(&scalar, report)).map(Some).ok_or(Wrong)
    }

    /// The fact of an entity that was probably meant.
    pub(crate) fn near(&self, entity: EntityId, text: &str) -> Option<&'h str> {
        let facts = self.names.entity(entity).map_or(&[][..], |e| e.facts.as_slice());
        nearest(text, facts.iter().filter_map(|fact| Some(self.names.fact(*fact)?.name.as_str())))
    }

    /// The entity that has a fact of this name.
    pub(crate) fn owner(&self, text: &str) -> Option<&'h str> {
        let mut known = self.names.everywhere(text);
        known
            .find_map(|(id, meaning)| matches!(meaning, Meaning::Fact(_)).then(|| self.names.entity_name(id)))
    }
}

/// There is something to complain about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong;

/// A scalar of JSON.
#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    style: Style,
    /// Its text, escapes resolved.
    pub(crate) text: Cow<'t, str>,
}

impl<'t> Token<'t> {
    /// Reads a token that is exactly one string, number or word of JSON.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let (style, text) = read::json_token(text)?;
        Some(Self { style, text })
    }

    /// A string.
    pub(crate) fn string(text: &'t str) -> Self {
        Self { style: Style::Plain, text: Cow::Borrowed(text) }
    }

    /// Whether it was written as a string.
    pub(crate) fn is_string(&self) -> bool {
        self.style == Style::Plain
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar { what: "", text: &self.text, style: self.style, span: Span::new(FileId(0), 0, 0) }
    }
}

/// A name or word as names are compared: `plain` of this folder.
pub(crate) fn plain_name(text: &str) -> Cow<'_, str> {
    plain(text)
}

/// What `work` gives, unless it complains.
fn quietly<T>(work: impl FnOnce(&mut Report) -> Option<T>) -> Option<T> {
    let mut report = Report::default();
    let found = work(&mut report);
    found.filter(|_| report.count() == 0)
}
