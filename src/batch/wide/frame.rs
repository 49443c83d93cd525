//! Where the facts of a block are kept: a frame of planes a node, the same for all nodes of an entity.
use crate::base::{Truth, Val};
use crate::hir::{EntityId, Hir, Slot, Type};
use crate::ir::{Cell, Op, Program, T, V};

/// What occurs in a column besides known values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// Nothing.
    #[default]
    Known,
    /// 不明
    Open,
    /// 不明 and 不适用
    Any,
}

impl Shape {
    /// What one truth asks of its column.
    #[must_use]
    pub fn of_truth(truth: Truth) -> Self {
        match truth {
            Truth::False | Truth::True => Self::Known,
            Truth::Unknown => Self::Open,
            Truth::Na => Self::Any,
        }
    }

    /// What one value asks of its column.
    #[must_use]
    pub fn of_value(value: &Val) -> Self {
        match value {
            Val::Unknown => Self::Open,
            Val::Na => Self::Any,
            Val::Int(_)
            | Val::Dec(_)
            | Val::Date(_)
            | Val::Period(_)
            | Val::Mask(_)
            | Val::Text(_)
            | Val::Range(..) => Self::Known,
        }
    }

    /// Planes that tell 不明 and 不适用 of a value.
    #[must_use]
    pub const fn states(self) -> u32 {
        match self {
            Self::Known => 0,
            Self::Open => 1,
            Self::Any => 2,
        }
    }
}

/// What has been seen of the facts of a run: columns only ever widen. Conclusions read as if they never conflicted,
/// until one does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// By entity and truth slot.
    pub truths: Vec<Vec<Shape>>,
    /// By entity and value slot.
    pub values: Vec<Vec<Shape>>,
    /// By entity and child slot.
    pub lists: Vec<Vec<Shape>>,
    /// By conclusion: read with its conflicts.
    pub clashes: Vec<bool>,
}

impl Seen {
    /// Nothing yet.
    #[must_use]
    pub fn new(hir: &Hir) -> Self {
        let of = |count: fn(&crate::hir::Entity) -> u32| {
            hir.entities.iter().map(|e| vec![Shape::Known; count(e) as usize]).collect()
        };
        Self {
            truths: of(|e| e.truth_slots),
            values: of(|e| e.value_slots),
            lists: of(|e| e.child_slots),
            clashes: vec![false; hir.conclusions.len()],
        }
    }

    /// Everything, for those who do not want to be surprised.
    #[must_use]
    pub fn all(hir: &Hir) -> Self {
        let mut seen = Self::new(hir);
        for column in [&mut seen.truths, &mut seen.values, &mut seen.lists] {
            column.iter_mut().flatten().for_each(|shape| *shape = Shape::Any);
        }
        seen.clashes.fill(true);
        seen
    }
}

/// Where a 是否 fact is kept: 是; then what is not 否; then 不明, as far as its shape goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruthAt {
    /// Slot in the case's table.
    pub slot: u32,
    /// First plane.
    pub offset: u32,
    /// Shape.
    pub shape: Shape,
}

/// How a value fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A plane for each of the first `width` values of an enumeration, from `offset`.
    Bits {
        /// First plane.
        offset: u32,
        /// Values.
        width: u32,
    },
    /// Day numbers.
    Date(u32),
    /// Whole numbers.
    Int(u32),
    /// Numbers into the block's list of periods.
    Period(u32),
    /// As the interpreter keeps them.
    Val(u32),
}

/// Where a value fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueAt {
    /// Slot in the case's table.
    pub slot: u32,
    /// How.
    pub kept: Kept,
    /// Planes of 不明 and 不适用, as far as the shape goes (none for [`Kept::Val`]).
    pub states: u32,
    /// Shape.
    pub shape: Shape,
}

/// Where is kept whether a list is 不明 or 不适用.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListAt {
    /// Slot in the case's table.
    pub slot: u32,
    /// Planes of 不明 and 不适用.
    pub states: u32,
    /// Shape.
    pub shape: Shape,
}

/// The facts of one entity. The first plane says in which cases there is such a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Planes.
    pub planes: u32,
    /// Columns of day numbers.
    pub dates: u32,
    /// Columns of whole numbers.
    pub ints: u32,
    /// Columns of periods.
    pub periods: u32,
    /// Other columns.
    pub vals: u32,
    /// 是否 facts that the program reads.
    pub truths: Vec<TruthAt>,
    /// Other facts that it reads.
    pub values: Vec<ValueAt>,
    /// Lists.
    pub lists: Vec<ListAt>,
}

impl Frame {
    /// Where a 是否 fact is.
    #[must_use]
    pub fn truth(&self, t: T) -> Option<TruthAt> {
        self.truths.iter().find(|at| at.slot == t.0).copied()
    }

    /// Where another fact is.
    #[must_use]
    pub fn value(&self, v: V) -> Option<ValueAt> {
        self.values.iter().find(|at| at.slot == v.0).copied()
    }

    /// Where a list is.
    #[must_use]
    pub fn list(&self, slot: u32) -> Option<ListAt> {
        self.lists.iter().find(|at| at.slot == slot).copied()
    }

    fn states(&mut self, shape: Shape) -> u32 {
        let at = self.planes;
        self.planes += shape.states();
        at
    }
}

/// The frames of all entities for the facts that a program's operations read, as wide as what was seen of them.
#[must_use]
pub fn frames(program: &Program, read: &[(EntityId, Cell)], seen: &Seen) -> Vec<Frame> {
    let hir = &program.hir;
    let mut frames: Vec<Frame> =
        hir.entities.iter().map(|_| Frame { planes: 1, ..Frame::default() }).collect();
    for (id, entity) in hir.entities.iter().enumerate() {
        let Some(frame) = frames.get_mut(id) else { continue };
        let owner = EntityId(u32::try_from(id).unwrap_or(u32::MAX));
        let is_read = |cell: Cell| read.contains(&(owner, cell));
        let shape = |columns: &[Vec<Shape>], slot: u32| {
            columns.get(id).and_then(|c| c.get(slot as usize)).copied().unwrap_or(Shape::Any)
        };
        for fact in entity.facts.iter().filter_map(|f| hir.facts.get(f.index())) {
            match fact.slot {
                Slot::Truth(slot) if is_read(Cell::Truth(T(slot))) => {
                    let shape = shape(&seen.truths, slot);
                    frame.truths.push(TruthAt { slot, offset: frame.planes, shape });
                    frame.planes += 1 + shape.states();
                }
                Slot::Value(slot) if is_read(Cell::Value(V(slot))) => {
                    let shape = shape(&seen.values, slot);
                    let kept = kept(hir, frame, &fact.ty);
                    let states = if matches!(kept, Kept::Val(_)) { 0 } else { frame.states(shape) };
                    frame.values.push(ValueAt { slot, kept, states, shape });
                }
                Slot::Child(slot) => {
                    let shape = shape(&seen.lists, slot);
                    let states = frame.states(shape);
                    frame.lists.push(ListAt { slot, states, shape });
                }
                Slot::Truth(_) | Slot::Value(_) => {}
            }
        }
    }
    frames
}

fn kept(hir: &Hir, frame: &mut Frame, ty: &Type) -> Kept {
    let mut next = |counter: fn(&mut Frame) -> &mut u32| {
        let counter = counter(frame);
        *counter += 1;
        *counter - 1
    };
    match ty {
        Type::Enum(e) | Type::Multi(e) | Type::Duty(e) => {
            let width = hir.enums.get(e.index()).map_or(0, |e| u32::try_from(e.values.len()).unwrap_or(64));
            let offset = frame.planes;
            frame.planes += width;
            Kept::Bits { offset, width }
        }
        Type::Date => Kept::Date(next(|f| &mut f.dates)),
        Type::Int(_) => Kept::Int(next(|f| &mut f.ints)),
        Type::Period => Kept::Period(next(|f| &mut f.periods)),
        Type::Bool
        | Type::Decimal(_)
        | Type::Money
        | Type::Text
        | Type::List(_)
        | Type::One(_)
        | Type::Error => Kept::Val(next(|f| &mut f.vals)),
    }
}

/// The lists that operations look into.
#[must_use]
pub fn reads_text(program: &Program, read: &[(EntityId, Cell)]) -> bool {
    let texts = |(entity, cell): &(EntityId, Cell)| {
        let Cell::Value(V(slot)) = cell else { return false };
        let facts = program.hir.entities.get(entity.index()).map_or(&[][..], |e| &e.facts);
        facts
            .iter()
            .filter_map(|f| program.hir.facts.get(f.index()))
            .any(|f| f.slot == Slot::Value(*slot) && f.ty == Type::Text)
    };
    read.iter().any(texts)
        || program.ops.iter().any(|op| match op {
            Op::Const(_, c) => matches!(program.consts.get(*c as usize), Some(Val::Text(_))),
            _ => false,
        })
}
