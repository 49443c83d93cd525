//! 对象: names of rows. A row goes by its 标识, by its entity's name (when alone) or by name and number: 人员2, 人员[2].
use super::super::model::Table;
use super::super::names::{Names, plain};
use crate::base::{Val, numeral};
use crate::hir::{EntityId, Slot};
use std::collections::HashMap;

/// Rows of a case by their names.
pub(super) struct Subjects<'a> {
    names: &'a Names<'a>,
    tables: &'a [Table],
    labels: HashMap<String, Vec<(EntityId, u32)>>,
}

/// What a name of a row leads to.
pub(super) enum Found {
    Row(EntityId, u32),
    /// An entity's bare name: all its rows.
    All(EntityId),
    /// The first of several rows that share a label.
    Several(EntityId, u32),
    Nobody,
}

impl<'a> Subjects<'a> {
    pub(super) fn new(names: &'a Names<'a>, tables: &'a [Table], texts: &[String]) -> Self {
        let mut labels: HashMap<String, Vec<(EntityId, u32)>> = HashMap::new();
        for (id, (entity, table)) in (0..).map(EntityId).zip(names.hir.entities.iter().zip(tables)) {
            let Some(Slot::Value(slot)) =
                entity.label.and_then(|fact| names.fact(fact)).map(|fact| fact.slot)
            else {
                continue;
            };
            let width = entity.value_slots as usize;
            for row in 0..table.rows {
                if let Some(Val::Text(text)) = table.values.get(row as usize * width + slot as usize)
                    && let Some(text) = texts.get(*text as usize)
                {
                    labels.entry(plain(text).into_owned()).or_default().push((id, row));
                }
            }
        }
        Self { names, tables, labels }
    }

    pub(super) fn rows(&self, entity: EntityId) -> u32 {
        self.tables.get(entity.index()).map_or(0, |table| table.rows)
    }

    /// The row or rows that `name` means: a label, an entity's name, a name and number, or such a path as 一班/甲.
    /// Of rows that share a label, those of the entities in `prefer` are meant.
    pub(super) fn find(&self, name: &str, prefer: &[EntityId]) -> Found {
        let mut within: Option<Vec<(EntityId, u32)>> = None;
        for step in name.split(['/', '／']) {
            let mut rows = self.step(&plain(step));
            if let Some(upper) = &within {
                rows.retain(|row| self.ancestors(*row).any(|above| upper.contains(&above)));
            }
            within = Some(rows);
        }
        let mut rows = within.unwrap_or_default();
        if rows.iter().any(|(entity, _)| prefer.contains(entity)) {
            rows.retain(|(entity, _)| prefer.contains(entity));
        }
        let whole = self.names.hir.entities.iter().position(|entity| plain(&entity.name) == plain(name));
        let whole = whole.and_then(|index| u32::try_from(index).ok()).map(EntityId);
        match (rows.as_slice(), whole) {
            ([(entity, row)], _) => Found::Row(*entity, *row),
            ([(first, _), ..], Some(entity)) if *first == entity => Found::All(entity),
            ([], Some(entity)) => Found::All(entity),
            ([(entity, row), ..], _) => Found::Several(*entity, *row),
            ([], None) => Found::Nobody,
        }
    }

    /// Rows by one step of a path.
    fn step(&self, name: &str) -> Vec<(EntityId, u32)> {
        if let Some(rows) = self.labels.get(name) {
            return rows.clone();
        }
        for (id, entity) in (0..).map(EntityId).zip(&self.names.hir.entities) {
            let Some(rest) = name.strip_prefix(plain(&entity.name).as_ref()) else { continue };
            if rest.is_empty() {
                return (0..self.rows(id)).map(|row| (id, row)).collect();
            }
            if let Some(row) = row_number(rest).filter(|row| *row < self.rows(id)) {
                return vec![(id, row)];
            }
        }
        Vec::new()
    }

    /// The rows that contain a row, innermost first.
    fn ancestors(&self, row: (EntityId, u32)) -> impl Iterator<Item = (EntityId, u32)> + '_ {
        std::iter::successors(Some(row), |(entity, row)| {
            let parent = self.names.entity(*entity)?.parent?.0;
            let above = self.tables.get(entity.index())?.parent.get(*row as usize)?;
            Some((parent, *above))
        })
        .skip(1)
    }

    /// Entity name and number of a row, as [`Subjects::find`] reads it.
    pub(super) fn numbered(&self, entity: EntityId, row: u32) -> String {
        format!("{}{}", self.names.entity_name(entity), row.saturating_add(1))
    }

    /// Names that would be understood, for advice; labels in order.
    pub(super) fn known(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = self.labels.keys().map(String::as_str).collect();
        labels.sort_unstable();
        labels
    }
}

/// `2`, `[2]`, `（二）` as a row from 0.
fn row_number(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches('#');
    let inner = text
        .strip_prefix(['[', '(', '第'])
        .map_or(text, |rest| rest.strip_suffix([']', ')', '个']).unwrap_or(rest));
    u32::try_from(numeral::parse_integer(inner.trim())?).ok()?.checked_sub(1)
}
