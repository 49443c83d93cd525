//! Typed facts of one case, laid out for evaluation: one table an entity, rows of one parent side by side.
//!
//! Filled by the readers in this folder from YAML, JSON or TOML; read by [`crate::eval`].
use crate::base::date::Date;
use crate::base::value::{Truth, Val};
use crate::hir::EntityId;

/// One case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Name given in the data (案例), or the file's stem.
    pub name: String,
    /// The day the question is put for: 认定日期 of the data or `--date`.
    pub date: Option<Date>,
    /// One table an entity, by [`EntityId`].
    pub tables: Vec<Table>,
    /// Texts that `Val::Text` of this case's facts index.
    pub texts: Vec<String>,
}

/// Rows of one entity, over all parents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// How many rows.
    pub rows: u32,
    /// Row of the parent entity, per row (empty for the root).
    pub parent: Vec<u32>,
    /// `row * truth_slots + slot`
    pub truth: Vec<Truth>,
    /// Same layout as `truth`: 否 taken because 未载明.
    pub assumed: Vec<bool>,
    /// `row * value_slots + slot`
    pub values: Vec<Val>,
    /// `row * child_slots + slot`
    pub children: Vec<Children>,
}

/// The members of a 多个 / 一个 field in one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Children {
    /// 不明
    #[default]
    Unknown,
    /// 不适用
    Na,
    /// Rows `start..end` of the child entity's table.
    Rows(u32, u32),
}

impl Case {
    /// The table of `entity`, if the case was made for a policy that has it.
    #[must_use]
    pub fn table(&self, entity: EntityId) -> Option<&Table> {
        self.tables.get(entity.index())
    }
}
