//! One row of a batch → a case, straight from the columns. What is not plainly right gives none: the row is then written
//! as JSON and read by the other way, so that both agree and this one needs no errors.
use super::check::Plan;
use super::columns::{Column, Columns};
use super::view::{View, Views};
use super::words::Words;
use super::{Batch, numbers};
use crate::base::{Date, Truth, Val};
use crate::dataset::Options;
use crate::dataset::scan::{Kind, Texts, Way, clear, string_value};
use crate::facts::{Case, Children, HeadKey, LawText, Reader, Table, Token};
use crate::hir::Type;
use arrow_array::ListArray;
use std::sync::Arc;

/// What has been learned, and the case in hand.
pub(in crate::dataset) struct Direct {
    work: Work,
    /// Of the last plan; none when it does not fit.
    columns: Option<Columns>,
    plan: Option<Arc<Plan>>,
    date: Option<Date>,
    law: LawText,
}

/// The case in hand.
struct Work {
    case: Case,
    texts: Texts,
    kinds: Vec<Kind>,
}

/// A batch made ready.
pub(in crate::dataset) struct Ready<'b>(Views<'b>);

impl Direct {
    /// For a policy.
    pub(in crate::dataset) fn new(reader: &Reader<'_>, options: &Options) -> Self {
        let hir = reader.hir();
        let case = Case { tables: vec![Table::default(); hir.entities.len()], ..Case::default() };
        let kinds = hir.entities.iter().map(|entity| Kind::new(hir, entity)).collect();
        let work = Work { case, texts: Texts::default(), kinds };
        Self { work, columns: None, plan: None, date: options.date, law: options.text }
    }

    /// Makes a batch ready; none when all its rows go the other way.
    pub(in crate::dataset) fn ready<'b>(
        &mut self,
        reader: &Reader<'_>,
        batch: &'b Batch,
    ) -> Option<Ready<'b>> {
        if !self.plan.as_ref().is_some_and(|plan| Arc::ptr_eq(plan, &batch.plan)) {
            self.columns = Columns::new(reader, &self.work.kinds, &batch.plan);
            self.plan = Some(Arc::clone(&batch.plan));
        }
        self.columns.as_ref()?;
        Views::new(&batch.rows, &batch.plan.top, &batch.plan.facts).map(Ready)
    }

    /// The case that a row is, if that is plain.
    pub(in crate::dataset) fn row(
        &mut self,
        reader: &Reader<'_>,
        Ready(views): &Ready<'_>,
        row: usize,
    ) -> Option<&Case> {
        let Self { work, columns, .. } = self;
        let Columns { top, facts } = columns.as_mut()?;
        clear(&mut work.case, &mut work.texts);
        let mut law = None;
        for ((key, words), view) in top.iter_mut().zip(&views.top) {
            if view.is_null(row) {
                // What stands in a column without a type is null, not nothing.
                if matches!(view, View::Null) {
                    return None;
                }
                continue;
            }
            match key {
                HeadKey::Name => {
                    let token = Token::string(view.text(row)?);
                    work.case.name.push_str(Reader::name(&token).unwrap_or(""));
                }
                HeadKey::Note => drop(view.text(row)?),
                HeadKey::Date => day(&mut work.case.date, words, view, row)?,
                HeadKey::Text => {
                    day(&mut law, words, view, row)?;
                    law?;
                }
                HeadKey::Base | HeadKey::Expectations | HeadKey::Root => return None,
            }
        }
        let fits = match self.law {
            LawText::Any => true,
            LawText::Of(wanted) | LawText::Only(wanted) => wanted == law,
        };
        fits.then_some(())?;
        work.case.date = self.date.or(work.case.date);
        work.member(reader, facts, &views.facts, (0, 0), row)?;
        Some(&work.case)
    }
}

impl Work {
    /// Adds a row of an entity, below a row of its parent, and fills it from a row of columns.
    fn member(
        &mut self,
        reader: &Reader<'_>,
        columns: &mut [Column],
        views: &[View<'_>],
        (entity, parent): (usize, u32),
        at: usize,
    ) -> Option<()> {
        let kind = self.kinds.get(entity)?;
        let (row, slots) = (kind.push_row(self.case.tables.get_mut(entity)?, parent), kind.slots);
        let number = row as usize;
        for (column, view) in columns.iter_mut().zip(views) {
            match column {
                Column::Truth { slot, words, null } => {
                    let truth = if view.is_null(at) { *null } else { truth(words, view, at) }?;
                    let table = self.case.tables.get_mut(entity)?;
                    let place = number * slots.truths + *slot;
                    *table.truth.get_mut(place)? = truth;
                    *table.assumed.get_mut(place)? = false;
                }
                Column::Value { slot, way, ty, words, members, null } => {
                    let value = if view.is_null(at) {
                        *null
                    } else {
                        value(reader, (*way, ty), (words, members), view, at)
                    }?;
                    let place = number * slots.values + *slot;
                    *self.case.tables.get_mut(entity)?.values.get_mut(place)? = value;
                }
                Column::Text { slot, null } => {
                    let value = if view.is_null(at) {
                        (*null)?
                    } else {
                        string_value(&mut self.texts, &mut self.case.texts, view.text(at)?)
                    };
                    let place = number * slots.values + *slot;
                    *self.case.tables.get_mut(entity)?.values.get_mut(place)? = value;
                }
                Column::Child { slot, entity: child, many, words, null, below } => {
                    let children = if view.is_null(at) {
                        (*null)?
                    } else if let View::List(..) | View::Struct(..) = view {
                        self.children(reader, below, view, (*child, row), (*many, at))?
                    } else {
                        words.get(view, at, Reader::state)?
                    };
                    let place = number * slots.children + *slot;
                    *self.case.tables.get_mut(entity)?.children.get_mut(place)? = children;
                }
            }
        }
        Some(())
    }

    /// 多个 and 一个 that are written out.
    fn children(
        &mut self,
        reader: &Reader<'_>,
        columns: &mut [Column],
        view: &View<'_>,
        (entity, parent): (usize, u32),
        (many, at): (bool, usize),
    ) -> Option<Children> {
        let start = self.case.tables.get(entity)?.rows;
        match (view, many) {
            (View::Struct(_, views), false) => self.member(reader, columns, views, (entity, parent), at)?,
            (View::List(list, items), true) => {
                let View::Struct(_, views) = items.as_ref() else { return None };
                for item in items_of(list, at)? {
                    if items.is_null(item) {
                        return None;
                    }
                    self.member(reader, columns, views, (entity, parent), item)?;
                }
            }
            _ => return None,
        }
        Some(Children::Rows(start, self.case.tables.get(entity)?.rows))
    }
}

/// Where the items of a row stand.
#[inline]
fn items_of(list: &ListArray, row: usize) -> Option<std::ops::Range<usize>> {
    let offset = |at: usize| usize::try_from(*list.value_offsets().get(at)?).ok();
    Some(offset(row)?..offset(row + 1)?)
}

/// A day at top level, put where it belongs.
fn day(into: &mut Option<Date>, words: &mut Words<Option<Date>>, view: &View<'_>, row: usize) -> Option<()> {
    *into = match view {
        View::Day(days) => Some(Date::from_days(i64::from(days.value(row)))?),
        _ => words.get(view, row, |token| Reader::date(token).ok())?,
    };
    Some(())
}

#[inline]
fn truth(words: &mut Words<Truth>, view: &View<'_>, at: usize) -> Option<Truth> {
    match view {
        View::Bool(truths) => Some(Truth::from(truths.value(at))),
        _ => words.get(view, at, Reader::truth),
    }
}

/// Any value but a 文本, if the column has something for its type.
#[inline]
fn value(
    reader: &Reader<'_>,
    (way, ty): (Way, &Type),
    (words, members): (&mut Words<Val>, &mut Words<u64>),
    view: &View<'_>,
    at: usize,
) -> Option<Val> {
    match view {
        View::Text(_) | View::Words(..) => words.get(view, at, |token| reader.value(ty, token)),
        View::Whole(numbers) => numbers::whole(reader, ty, way, (*numbers.get(at)?)?),
        View::Decimal(column) => numbers::decimal(reader, ty, way, column, at),
        View::Day(days) if way == Way::Date => Date::from_days(i64::from(days.value(at))).map(Val::Date),
        View::List(list, items) if way == Way::Multi => {
            let mut all = 0;
            for item in items_of(list, at)? {
                if items.is_null(item) {
                    return None;
                }
                all |= members.get(items, item, |token| reader.member(ty, token))?;
            }
            Some(Val::Mask(all))
        }
        View::Null | View::Bool(_) | View::Day(_) | View::List(..) | View::Struct(..) | View::Other(_) => {
            None
        }
    }
}
