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

    /// The row or rows that `name` means.
    pub(super) fn find(&self, name: &str) -> Found {
        let name = plain(name);
        match self.labels.get(name.as_ref()).map(Vec::as_slice) {
            Some([(entity, row)]) => return Found::Row(*entity, *row),
            Some([(entity, row), ..]) => return Found::Several(*entity, *row),
            Some([]) | None => {}
        }
        for (id, entity) in (0..).map(EntityId).zip(&self.names.hir.entities) {
            let Some(rest) = name.strip_prefix(plain(&entity.name).as_ref()) else { continue };
            if rest.is_empty() {
                return Found::All(id);
            }
            if let Some(row) = row_number(rest).filter(|row| *row < self.rows(id)) {
                return Found::Row(id, row);
            }
        }
        Found::Nobody
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
