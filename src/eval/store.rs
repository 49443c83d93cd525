//! Registers of one run, row by row.
use crate::base::{Truth, Val};
use crate::facts::{Case, Table};
use crate::hir::{ConclusionId, EntityId};
use crate::ir::{N, Program, T, V};
use std::collections::BTreeMap;

/// How a conclusion came out, before anyone asks why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// 定论
    Decided,
    /// 待查
    Pending,
    /// 未规定
    #[default]
    Silent,
    /// 冲突
    Conflict,
}

/// The mandatory result of one conclusion for one row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings")]
pub struct Record {
    /// State.
    pub state: State,
    /// The 默认 decided.
    pub by_default: bool,
    /// Enumerations: the decided set (more than one bit: a choice). 多选: members that are certain. 义务: the status.
    pub certain: u64,
    /// Enumerations: candidates. 多选: members that are possible (certain ones included), members of choices too.
    pub possible: u64,
    /// 待查 only: in some world nothing decides (未规定).
    pub may_be_silent: bool,
    /// 待查 only: a provision that merely may fire would contradict those that fire.
    pub may_conflict: bool,
    /// 待查 only: in some world provisions contradict each other; the world may be one that the facts exclude.
    pub may_clash: bool,
    /// Other types: the value; 义务: the 届满日.
    pub value: Val,
}

/// Registers of all rows of one entity.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub rows: u32,
    pub truths: Vec<Truth>,
    pub values: Vec<Val>,
    pub tallies: Vec<[u32; 4]>,
    pub records: Vec<Record>,
    pub truth_stride: usize,
    pub value_stride: usize,
    pub tally_stride: usize,
    pub record_stride: usize,
}

impl Store {
    /// Makes room for the rows of `table` and copies its facts into the first registers of each row.
    pub fn load(&mut self, program: &Program, entity: usize, table: &Table) {
        let scope = program.scopes.get(entity).copied().unwrap_or_default();
        let facts = program.hir.entities.get(entity);
        let (fact_truths, fact_values) =
            facts.map_or((0, 0), |e| (e.truth_slots as usize, e.value_slots as usize));
        self.rows = table.rows;
        self.truth_stride = scope.truths as usize;
        self.value_stride = scope.values as usize;
        self.tally_stride = scope.tallies as usize;
        self.record_stride = scope.conclusions as usize;
        let rows = table.rows as usize;
        self.truths.resize(rows * self.truth_stride, Truth::Unknown);
        self.values.resize(rows * self.value_stride, Val::Unknown);
        self.tallies.resize(rows * self.tally_stride, [0; 4]);
        self.records.resize(rows * self.record_stride, Record::default());
        if fact_truths > 0 {
            let rows = self.truths.chunks_exact_mut(self.truth_stride);
            for (to, from) in rows.zip(table.truth.chunks_exact(fact_truths)) {
                if let Some(to) = to.get_mut(..fact_truths) {
                    to.copy_from_slice(from);
                }
            }
        }
        if fact_values > 0 {
            let rows = self.values.chunks_exact_mut(self.value_stride);
            for (to, from) in rows.zip(table.values.chunks_exact(fact_values)) {
                if let Some(to) = to.get_mut(..fact_values) {
                    to.copy_from_slice(from);
                }
            }
        }
    }

    pub fn truth(&self, row: u32, t: T) -> Truth {
        if t.0 as usize >= self.truth_stride {
            return Truth::Unknown;
        }
        self.truths.get(row as usize * self.truth_stride + t.0 as usize).copied().unwrap_or_default()
    }

    pub fn value(&self, row: u32, v: V) -> Val {
        if v.0 as usize >= self.value_stride {
            return Val::Unknown;
        }
        self.values.get(row as usize * self.value_stride + v.0 as usize).copied().unwrap_or_default()
    }

    /// The registers of one row, for reading.
    pub fn row(&self, row: u32) -> Row<'_> {
        let row = row as usize;
        let part = |stride: usize| row * stride..(row + 1) * stride;
        Row {
            truths: self.truths.get(part(self.truth_stride)).unwrap_or(&[]),
            values: self.values.get(part(self.value_stride)).unwrap_or(&[]),
        }
    }

    /// The registers of one row, for computing them.
    pub fn row_mut(&mut self, row: u32) -> RowMut<'_> {
        let row = row as usize;
        let part = |stride: usize| row * stride..(row + 1) * stride;
        RowMut {
            truths: self.truths.get_mut(part(self.truth_stride)).unwrap_or(&mut []),
            values: self.values.get_mut(part(self.value_stride)).unwrap_or(&mut []),
            tallies: self.tallies.get_mut(part(self.tally_stride)).unwrap_or(&mut []),
            records: self.records.get_mut(part(self.record_stride)).unwrap_or(&mut []),
        }
    }

    pub fn tally(&self, row: u32, n: N) -> [u32; 4] {
        self.tallies.get(row as usize * self.tally_stride + n.0 as usize).copied().unwrap_or_default()
    }

    pub fn record(&self, row: u32, index: u32) -> Record {
        self.records.get(row as usize * self.record_stride + index as usize).copied().unwrap_or_default()
    }
}

/// Registers of one row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    truths: &'a [Truth],
    values: &'a [Val],
}

impl<'a> Row<'a> {
    /// A row of these registers.
    pub fn new(truths: &'a [Truth], values: &'a [Val]) -> Self {
        Self { truths, values }
    }

    #[inline]
    pub fn truth(&self, t: T) -> Truth {
        self.truths.get(t.0 as usize).copied().unwrap_or_default()
    }

    #[inline]
    pub fn value(&self, v: V) -> Val {
        self.values.get(v.0 as usize).copied().unwrap_or_default()
    }
}

/// Registers of one row while they are computed.
pub(super) struct RowMut<'a> {
    truths: &'a mut [Truth],
    values: &'a mut [Val],
    pub tallies: &'a mut [[u32; 4]],
    records: &'a mut [Record],
}

impl RowMut<'_> {
    #[inline]
    pub fn truth(&self, t: T) -> Truth {
        self.truths.get(t.0 as usize).copied().unwrap_or_default()
    }

    #[inline]
    pub fn value(&self, v: V) -> Val {
        self.values.get(v.0 as usize).copied().unwrap_or_default()
    }

    #[inline]
    pub fn set_truth(&mut self, dst: T, t: Truth) {
        if let Some(slot) = self.truths.get_mut(dst.0 as usize) {
            *slot = t;
        }
    }

    #[inline]
    pub fn set_value(&mut self, dst: V, v: Val) {
        if let Some(slot) = self.values.get_mut(dst.0 as usize) {
            *slot = v;
        }
    }

    #[inline]
    pub fn record(&self, index: u32) -> Record {
        self.records.get(index as usize).copied().unwrap_or_default()
    }

    pub fn set_record(&mut self, index: u32, record: Record) {
        if let Some(slot) = self.records.get_mut(index as usize) {
            *slot = record;
        }
    }

    pub fn as_row(&self) -> Row<'_> {
        Row { truths: self.truths, values: self.values }
    }
}

/// Something that made a value 不明 although its facts are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A day outside the years the work calendar covers.
    OutsideCalendar,
    /// Larger than numbers or dates can be.
    Overflow,
    /// Division by zero.
    DivisionByZero,
    /// A fraction that has no exact decimal form and is not rounded.
    Inexact,
    /// A duty asks for today and nobody gave the date of the question.
    NoQuestionDate,
}

impl NoteKind {
    /// Its diagnostic code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OutsideCalendar => "B0550",
            Self::Overflow => "B0551",
            Self::DivisionByZero => "B0552",
            Self::Inexact => "B0553",
            Self::NoQuestionDate => "B0554",
        }
    }

    /// What it says.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::OutsideCalendar => "所算期日超出工作日历的年份，是否工作日不得而知，按不明处理",
            Self::Overflow => "计算结果超出可以表示的范围，按不明处理",
            Self::DivisionByZero => "除数为零，按不明处理",
            Self::Inexact => "比例计算的结果除不尽而没有写明四舍五入，按不明处理",
            Self::NoQuestionDate => {
                "判断期限是否届满需要认定日期，请用 --date 给出，或者在案例中写“认定日期”"
            }
        }
    }
}

/// What a note explains, in one row of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteAt {
    /// A value register.
    Value(V),
    /// A truth register.
    Truth(T),
    /// The status of a 义务.
    Conclusion(ConclusionId),
}

/// Notes by entity, row and register: a register has at most one.
pub type Notes = BTreeMap<(EntityId, u32, NoteAt), NoteKind>;

/// Row of the ancestor `up` levels above.
pub(super) fn ancestor(
    program: &Program,
    case: &Case,
    entity: EntityId,
    row: u32,
    up: u32,
) -> Option<(EntityId, u32)> {
    let (mut at, mut row) = (entity, row);
    for _ in 0..up {
        row = *case.table(at)?.parent.get(row as usize)?;
        at = program.hir.entities.get(at.index())?.parent?.0;
    }
    Some((at, row))
}
