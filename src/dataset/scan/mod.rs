//! One row of JSON → a case, straight from the bytes.
//!
//! Rows mostly write the same keys in the same order and few different values. So each object expects its keys as
//! they came the last time ([`shape`]) and each fact the values it has met ([`memo`]); both compare bytes and go the
//! longer way only when something is new. The longer way is the reading of [`crate::facts`]. Whatever is not plainly
//! right gives none: the row is then read again by that reading, which finds the words for it. So both ways agree,
//! and this one needs no errors.
mod field;
mod memo;
mod pattern;
mod plain;
mod shape;
mod texts;
mod token;

use crate::base::{Date, Val};
use crate::facts::{Case, Children, HeadKey, LawText, MAX_DEPTH, Reader, Table, Token};
use crate::hir::{EntityId, Type};
use field::Field;
pub(super) use field::{Kind, Target, Way};
use memo::Memo;
use shape::{NOWHERE, Shape};
pub(super) use texts::Texts;
use token::{blanks, colon, scalar, skip, string_end};

/// What has been learned, and the case in hand.
#[derive(Debug)]
pub(super) struct Scan {
    case: Case,
    kinds: Vec<Kind>,
    head: Shape,
    texts: Texts,
    dates: Memo<Option<Date>>,
    /// Objects met so far.
    serial: u64,
    date: Option<Date>,
    law: LawText,
}

/// A place in the work on one row.
#[derive(Clone, Copy)]
struct At<'t, 'h> {
    text: &'t [u8],
    reader: &'t Reader<'h>,
    /// Lists and objects that are open.
    depth: usize,
}

const HEAD: [HeadKey; 7] = [
    HeadKey::Name,
    HeadKey::Note,
    HeadKey::Date,
    HeadKey::Text,
    HeadKey::Base,
    HeadKey::Expectations,
    HeadKey::Root,
];

impl Scan {
    /// For a policy.
    pub(super) fn new(reader: &Reader<'_>, date: Option<Date>, law: LawText) -> Self {
        let hir = reader.hir();
        Self {
            case: Case { tables: vec![Table::default(); hir.entities.len()], ..Case::default() },
            kinds: hir.entities.iter().map(|entity| Kind::new(hir, entity)).collect(),
            head: Shape::new(HEAD.len()),
            texts: Texts::default(),
            dates: Memo::new(8),
            serial: 0,
            date,
            law,
        }
    }

    /// The case that `text` is, if that is plain.
    pub(super) fn row(&mut self, reader: &Reader<'_>, text: &[u8]) -> Option<&Case> {
        clear(&mut self.case, &mut self.texts);
        self.head(At { text, reader, depth: 1 })?;
        Some(&self.case)
    }

    /// The top level.
    fn head(&mut self, cx: At<'_, '_>) -> Option<()> {
        let text = cx.text;
        let mut at = blanks(text, 0);
        if text.get(at) != Some(&b'{') {
            return None;
        }
        at = blanks(text, at + 1);
        let (mut before, mut seen, mut law) = (NOWHERE, [false; HEAD.len()], None);
        loop {
            let (step, part, end) = match self.head.follow(before, text, at) {
                Some(found) => found,
                None => self.new_head(cx, before, at)?,
            };
            let place = seen.get_mut(part)?;
            if std::mem::replace(place, true) {
                return None;
            }
            before = step;
            at = colon(text, end)?;
            match HEAD.get(part)? {
                HeadKey::Name => {
                    let (token, end) = scalar(text, at)?;
                    at = end;
                    if let Some(name) = Reader::name(&token) {
                        self.case.name.push_str(name);
                    }
                }
                HeadKey::Note => at = scalar(text, at)?.1,
                HeadKey::Date => (self.case.date, at) = self.day(text, at)?,
                HeadKey::Text => {
                    (law, at) = self.day(text, at)?;
                    law?;
                }
                HeadKey::Base => return None,
                HeadKey::Expectations => at = skip(text, at, cx.depth)?,
                HeadKey::Root => at = self.root(cx, at)?,
            }
            match self::next(text, at)? {
                Next::Key(place) => at = place,
                Next::End(place) => {
                    at = place;
                    break;
                }
            }
        }
        let fits = match self.law {
            LawText::Any => true,
            LawText::Of(wanted) | LawText::Only(wanted) => wanted == law,
        };
        self.case.date = self.date.or(self.case.date);
        let whole = blanks(text, at) == text.len();
        (seen.last() == Some(&true) && fits && whole).then_some(())
    }

    fn root(&mut self, cx: At<'_, '_>, at: usize) -> Option<usize> {
        if cx.text.get(at) != Some(&b'{') {
            return None;
        }
        self.kinds.first()?.push_row(self.case.tables.first_mut()?, 0);
        self.object(At { depth: cx.depth + 1, ..cx }, at + 1, 0, 0)
    }

    /// A key at top level that was not expected.
    fn new_head(&mut self, cx: At<'_, '_>, before: usize, at: usize) -> Option<(usize, usize, usize)> {
        let end = key_end(cx.text, at)?;
        if let Some((step, part)) = self.head.find(before, cx.text, at, end) {
            return Some((step, part, end));
        }
        let key = cx.reader.head_key(&scalar(cx.text, at)?.0.text)?;
        let part = HEAD.iter().position(|known| *known == key)?;
        let step = self.head.learn(before, cx.text.get(at..end)?, part)?;
        Some((step, part, end))
    }

    /// A day at top level.
    fn day(&mut self, text: &[u8], at: usize) -> Option<(Option<Date>, usize)> {
        if let Some((date, end)) = plain::date(text, at) {
            return Some((Some(date), end));
        }
        if let Some(known) = self.dates.get(pattern::window(text, at), text, at) {
            return Some(known);
        }
        let (token, end) = scalar(text, at)?;
        let date = Reader::date(&token).ok()?;
        self.dates.put(text.get(at..end)?, date);
        Some((date, end))
    }

    /// The object of one row, whose brace is open; the place after it.
    fn object(&mut self, cx: At<'_, '_>, at: usize, entity: usize, row: u32) -> Option<usize> {
        let text = cx.text;
        self.serial += 1;
        let serial = self.serial;
        let mut at = blanks(text, at);
        if text.get(at) == Some(&b'}') {
            return Some(at + 1);
        }
        let mut before = NOWHERE;
        loop {
            let kind = self.kinds.get_mut(entity)?;
            let (step, index, end) = match kind.shape.follow(before, text, at) {
                Some(found) => found,
                None => new_key(kind, cx, entity, before, at)?,
            };
            before = step;
            at = colon(text, end)?;
            let field = kind.fields.get_mut(index)?;
            if field.stamp == serial {
                return None;
            }
            field.stamp = serial;
            let slots = kind.slots;
            match field.target {
                Target::Truth(slot) => {
                    let (truth, end) = match field.truths.get(pattern::window(text, at), text, at) {
                        Some(known) => known,
                        None => new_truth(field, text, at)?,
                    };
                    at = end;
                    let place = row as usize * slots.truths + slot;
                    let table = self.case.tables.get_mut(entity)?;
                    *table.truth.get_mut(place)? = truth;
                    *table.assumed.get_mut(place)? = false;
                }
                Target::Value(slot, way, _) => {
                    let (value, end) = match way {
                        Way::Text => text_value(&mut self.texts, &mut self.case.texts, text, at)?,
                        Way::Known | Way::Int | Way::Dec | Way::Date | Way::Multi => {
                            value(field, way, cx, at)?
                        }
                    };
                    at = end;
                    let place = row as usize * slots.values + slot;
                    *self.case.tables.get_mut(entity)?.values.get_mut(place)? = value;
                }
                Target::Child { slot, entity: child, many } => {
                    let (children, end) = self.children(cx, at, child, many, row)?;
                    at = end;
                    let place = row as usize * slots.children + slot;
                    *self.case.tables.get_mut(entity)?.children.get_mut(place)? = children;
                }
                Target::Other => return None,
            }
            match self::next(text, at)? {
                Next::Key(place) => at = place,
                Next::End(place) => return Some(place),
            }
        }
    }

    /// 多个 and 一个.
    fn children(
        &mut self,
        cx: At<'_, '_>,
        at: usize,
        entity: usize,
        many: bool,
        row: u32,
    ) -> Option<(Children, usize)> {
        let start = self.case.tables.get(entity)?.rows;
        let end = match (cx.text.get(at)?, many) {
            (b'[', true) => self.members(At { depth: cx.depth + 1, ..cx }, at + 1, entity, row)?,
            (b'{', false) => self.member(cx, at, entity, row)?,
            (b'[' | b'{', _) => return None,
            _ => {
                let (token, end) = scalar(cx.text, at)?;
                return Some((Reader::state(&token)?, end));
            }
        };
        Some((Children::Rows(start, self.case.tables.get(entity)?.rows), end))
    }

    fn members(&mut self, cx: At<'_, '_>, at: usize, entity: usize, row: u32) -> Option<usize> {
        let text = cx.text;
        let mut at = blanks(text, at);
        if text.get(at) == Some(&b']') {
            return (cx.depth <= MAX_DEPTH).then_some(at + 1);
        }
        loop {
            if text.get(at) != Some(&b'{') {
                return None;
            }
            at = blanks(text, self.member(cx, at, entity, row)?);
            match text.get(at)? {
                b',' => at = blanks(text, at + 1),
                b']' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// One row of a lower entity, at its brace.
    fn member(&mut self, cx: At<'_, '_>, at: usize, entity: usize, parent: u32) -> Option<usize> {
        if cx.depth >= MAX_DEPTH {
            return None;
        }
        let row = self.kinds.get(entity)?.push_row(self.case.tables.get_mut(entity)?, parent);
        self.object(At { depth: cx.depth + 1, ..cx }, at + 1, entity, row)
    }
}

/// Empties a case for the next row; its room stays.
pub(super) fn clear(case: &mut Case, texts: &mut Texts) {
    case.name.clear();
    case.date = None;
    texts.clear(&mut case.texts);
    for table in &mut case.tables {
        table.rows = 0;
        table.parent.clear();
        table.truth.clear();
        table.assumed.clear();
        table.values.clear();
        table.children.clear();
    }
}

/// What comes after a value in an object.
enum Next {
    /// The next key is at this place.
    Key(usize),
    /// The object ended before this place.
    End(usize),
}

#[inline]
fn next(text: &[u8], at: usize) -> Option<Next> {
    let at = blanks(text, at);
    match text.get(at)? {
        b',' => Some(Next::Key(blanks(text, at + 1))),
        b'}' => Some(Next::End(at + 1)),
        _ => None,
    }
}

/// The place after the key at `at`.
#[inline]
fn key_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) == Some(&b'"') { Some(string_end(text, at + 1)?.0 + 1) } else { None }
}

/// A key that was not expected: its step, its field, the place after it.
fn new_key(
    kind: &mut Kind,
    cx: At<'_, '_>,
    entity: usize,
    before: usize,
    at: usize,
) -> Option<(usize, usize, usize)> {
    let end = key_end(cx.text, at)?;
    if let Some((step, field)) = kind.shape.find(before, cx.text, at, end) {
        return Some((step, field, end));
    }
    let id = EntityId(u32::try_from(entity).ok()?);
    let fact = cx.reader.fact(id, &scalar(cx.text, at)?.0.text)?;
    let field = Kind::local(cx.reader.hir().entities.get(entity)?, fact)?;
    let step = kind.shape.learn(before, cx.text.get(at..end)?, field)?;
    Some((step, field, end))
}

#[cold]
fn new_truth(field: &mut Field, text: &[u8], at: usize) -> Option<(crate::base::Truth, usize)> {
    let (token, end) = scalar(text, at)?;
    let truth = Reader::truth(&token)?;
    field.truths.put(text.get(at..end)?, truth);
    Some((truth, end))
}

/// Any value but a 文本.
fn value(field: &mut Field, way: Way, cx: At<'_, '_>, at: usize) -> Option<(Val, usize)> {
    let text = cx.text;
    let plain = match way {
        Way::Int => plain::int(text, at),
        Way::Dec => plain::dec(text, at),
        Way::Date => plain::date(text, at).map(|(date, end)| (Val::Date(date), end)),
        Way::Multi if text.get(at) == Some(&b'[') => return multi(field, cx, at + 1),
        Way::Known | Way::Text | Way::Multi => None,
    };
    if plain.is_some() {
        return plain;
    }
    if let Some(known) = field.values.get(pattern::window(text, at), text, at) {
        return Some(known);
    }
    let (token, end) = scalar(text, at)?;
    let Target::Value(_, _, ty) = &field.target else { return None };
    let value = cx.reader.value(ty, &token)?;
    field.values.put(text.get(at..end)?, value);
    Some((value, end))
}

/// The list of a 多选, whose bracket is open.
fn multi(field: &mut Field, cx: At<'_, '_>, at: usize) -> Option<(Val, usize)> {
    let text = cx.text;
    if cx.depth >= MAX_DEPTH {
        return None;
    }
    let mut at = blanks(text, at);
    if text.get(at) == Some(&b']') {
        return Some((Val::Mask(0), at + 1));
    }
    let mut all = 0;
    loop {
        let (one, end) = match field.members.get(pattern::window(text, at), text, at) {
            Some(known) => known,
            None => new_member(field, cx, at)?,
        };
        all |= one;
        at = blanks(text, end);
        match text.get(at)? {
            b',' => at = blanks(text, at + 1),
            b']' => return Some((Val::Mask(all), at + 1)),
            _ => return None,
        }
    }
}

#[cold]
fn new_member(field: &mut Field, cx: At<'_, '_>, at: usize) -> Option<(u64, usize)> {
    let (token, end) = scalar(cx.text, at)?;
    let Target::Value(_, _, ty @ Type::Multi(_)) = &field.target else { return None };
    let mask = cx.reader.member(ty, &token)?;
    field.members.put(cx.text.get(at..end)?, mask);
    Some((mask, end))
}

/// A 文本.
fn text_value(texts: &mut Texts, list: &mut Vec<String>, text: &[u8], at: usize) -> Option<(Val, usize)> {
    if text.get(at) == Some(&b'"') {
        let (end, escaped) = string_end(text, at + 1)?;
        if !escaped {
            let inside = std::str::from_utf8(text.get(at + 1..end)?).ok()?;
            return Some((string_value(texts, list, inside), end + 1));
        }
    }
    let (token, end) = scalar(text, at)?;
    match Reader::text_state(&token) {
        Some(state) => Some((state, end)),
        None if token.is_string() => Some((Val::Text(texts.intern(&token.text, list)), end)),
        None => None,
    }
}

/// A 文本 that is this string.
#[inline]
pub(super) fn string_value(texts: &mut Texts, list: &mut Vec<String>, text: &str) -> Val {
    let state = if surely_text(text) { None } else { Reader::text_state(&Token::string(text)) };
    state.unwrap_or_else(|| Val::Text(texts.intern(text, list)))
}

/// Whether a text is none of the words for 不明 and 不适用, by its first character: it begins none of them, is no blank,
/// and is no other form of one that does.
#[inline]
fn surely_text(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        matches!(c, '0'..='9' | 'A'..='M' | 'O'..='Z' | 'a'..='m' | 'o'..='z')
            || ('\u{4e00}'..='\u{9fff}').contains(&c) && c != '不'
    })
}
