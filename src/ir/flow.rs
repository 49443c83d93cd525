//! What flows where in a program: which operation writes a register, which operations read it.
//!
//! Made once a program; [`crate::eval`] follows it when one operation or one fact of a run changes.
use super::model::{Decision, Gives, N, Op, Program, T, V};
use crate::hir::{ConclusionId, EntityId, FactId};
use std::collections::HashMap;

/// Something a row of an entity holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A truth register.
    Truth(T),
    /// A value register.
    Value(V),
    /// A tally register.
    Tally(N),
    /// The result of a conclusion.
    Record(ConclusionId),
}

/// Writers and readers of the cells of a program, as positions in [`Program::ops`].
#[derive(Clone, Debug, Default)]
pub struct Flow {
    entities: Vec<EntityId>,
    writers: HashMap<(EntityId, Cell), u32>,
    /// Readers of what the operation at a position writes.
    readers: Vec<Vec<u32>>,
    /// Readers of cells no operation writes: facts.
    of_facts: HashMap<(EntityId, Cell), Vec<u32>>,
}

impl Flow {
    /// Reads off a program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let mut flow = Self { entities: vec![EntityId(0); program.ops.len()], ..Self::default() };
        let count = u32::try_from(program.ops.len()).unwrap_or(u32::MAX);
        for block in &program.blocks {
            for at in block.ops.start..block.ops.start.saturating_add(block.ops.len).min(count) {
                if let Some(slot) = flow.entities.get_mut(at as usize) {
                    *slot = block.entity;
                }
                if let Some(op) = program.ops.get(at as usize) {
                    flow.writers.insert((block.entity, writes(op)), at);
                }
            }
        }
        flow.readers = vec![Vec::new(); program.ops.len()];
        for at in 0..count {
            let Some(op) = program.ops.get(at as usize) else { continue };
            let entity = flow.entity(at);
            reads(program, entity, op, &mut |owner, cell| match flow.writers.get(&(owner, cell)) {
                Some(writer) => {
                    if let Some(list) = flow.readers.get_mut(*writer as usize)
                        && list.last() != Some(&at)
                    {
                        list.push(at);
                    }
                }
                None => flow.of_facts.entry((owner, cell)).or_default().push(at),
            });
        }
        flow
    }

    /// How many operations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The entity whose rows an operation works on.
    #[must_use]
    pub fn entity(&self, at: u32) -> EntityId {
        self.entities.get(at as usize).copied().unwrap_or(EntityId(0))
    }

    /// The operation that writes a cell; none for facts.
    #[must_use]
    pub fn writer(&self, entity: EntityId, cell: Cell) -> Option<u32> {
        self.writers.get(&(entity, cell)).copied()
    }

    /// Operations that read what one writes.
    #[must_use]
    pub fn readers(&self, at: u32) -> &[u32] {
        self.readers.get(at as usize).map_or(&[], Vec::as_slice)
    }

    /// Operations that read a fact.
    #[must_use]
    pub fn fact_readers(&self, entity: EntityId, cell: Cell) -> &[u32] {
        self.of_facts.get(&(entity, cell)).map_or(&[], Vec::as_slice)
    }

    /// Everything that operations read, directly or not: operations and facts.
    #[must_use]
    pub fn upstream(&self, program: &Program, from: &[u32]) -> (Vec<u32>, Vec<(EntityId, Cell)>) {
        let mut seen = vec![false; self.len()];
        let mut facts = Vec::new();
        let mut stack = from.to_vec();
        while let Some(at) = stack.pop() {
            let Some(slot) = seen.get_mut(at as usize) else { continue };
            if std::mem::replace(slot, true) {
                continue;
            }
            let Some(op) = program.ops.get(at as usize) else { continue };
            reads(program, self.entity(at), op, &mut |owner, cell| match self.writer(owner, cell) {
                Some(writer) => stack.push(writer),
                None => facts.push((owner, cell)),
            });
        }
        facts.sort_unstable();
        facts.dedup();
        let ops = (0..).zip(seen).filter(|(_, seen)| *seen).map(|(at, _)| at).collect();
        (ops, facts)
    }

    /// Everything that reads what operations write, directly or not, themselves included.
    #[must_use]
    pub fn downstream(&self, from: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.len()];
        let mut stack = from.to_vec();
        while let Some(at) = stack.pop() {
            let Some(slot) = seen.get_mut(at as usize) else { continue };
            if !std::mem::replace(slot, true) {
                stack.extend(self.readers(at));
            }
        }
        (0..).zip(seen).filter(|(_, seen)| *seen).map(|(at, _)| at).collect()
    }
}

/// What an operation writes.
#[must_use]
pub fn writes(op: &Op) -> Cell {
    match *op {
        Op::True(t, _)
        | Op::Not(t, _)
        | Op::And2(t, ..)
        | Op::Or2(t, ..)
        | Op::And(t, _)
        | Op::Or(t, _)
        | Op::AndNot(t, ..)
        | Op::LiftTruth { dst: t, .. }
        | Op::OneTruth { dst: t, .. }
        | Op::InSet(t, ..)
        | Op::AnyOf(t, ..)
        | Op::AllOf(t, ..)
        | Op::ConclusionIn(t, ..)
        | Op::ConclusionAny(t, ..)
        | Op::ConclusionAll(t, ..)
        | Op::Cmp(t, ..)
        | Op::Share { dst: t, .. }
        | Op::Window { dst: t, .. }
        | Op::InRange { dst: t, .. }
        | Op::Quant { dst: t, .. }
        | Op::Other { dst: t, .. }
        | Op::DeemTruth { dst: t, .. } => Cell::Truth(t),
        Op::LiftValue { dst: v, .. }
        | Op::OneValue { dst: v, .. }
        | Op::ConclusionValue(v, _)
        | Op::Const(v, _)
        | Op::Arith(v, ..)
        | Op::Portion(v, ..)
        | Op::ExtremeOf(v, ..)
        | Op::Round(v, ..)
        | Op::DivRound { dst: v, .. }
        | Op::Count { dst: v, .. }
        | Op::Sum { dst: v, .. }
        | Op::ExtremeIn { dst: v, .. }
        | Op::Deadline(v, ..)
        | Op::Shift(v, ..)
        | Op::Between(v, ..)
        | Op::Extend(v, ..)
        | Op::DeemValue { dst: v, .. } => Cell::Value(v),
        Op::Tally { dst, .. } => Cell::Tally(dst),
        Op::Decide(c) => Cell::Record(c),
    }
}

/// The ancestor `up` levels above.
fn above(program: &Program, entity: EntityId, up: u32) -> EntityId {
    (0..up).fold(entity, |at, _| {
        program.hir.entities.get(at.index()).and_then(|e| e.parent).map_or(at, |(parent, _)| parent)
    })
}

/// What an operation reads, and of which entity.
fn reads(program: &Program, own: EntityId, op: &Op, see: &mut impl FnMut(EntityId, Cell)) {
    let child = |list: FactId| super::lower::member(&program.hir, list).unwrap_or(own);
    match *op {
        Op::True(..) | Op::Const(..) => {}
        Op::Not(_, a) => see(own, Cell::Truth(a)),
        Op::And2(_, a, b) | Op::Or2(_, a, b) | Op::AndNot(_, a, b) => {
            see(own, Cell::Truth(a));
            see(own, Cell::Truth(b));
        }
        Op::And(_, args) | Op::Or(_, args) => {
            args.of(&program.truth_args).iter().for_each(|t| see(own, Cell::Truth(*t)));
        }
        Op::LiftTruth { up, src, .. } => see(above(program, own, up), Cell::Truth(src)),
        Op::LiftValue { up, src, .. } => see(above(program, own, up), Cell::Value(src)),
        Op::OneTruth { list, src, .. } => see(child(list), Cell::Truth(src)),
        Op::OneValue { list, src, .. } => see(child(list), Cell::Value(src)),
        Op::InSet(_, v, _)
        | Op::AnyOf(_, v, _)
        | Op::AllOf(_, v, _)
        | Op::Portion(_, v, _)
        | Op::Round(_, _, v, _) => see(own, Cell::Value(v)),
        Op::ConclusionIn(_, c, _)
        | Op::ConclusionAny(_, c, _)
        | Op::ConclusionAll(_, c, _)
        | Op::ConclusionValue(_, c) => see(own, Cell::Record(c)),
        Op::Cmp(_, _, a, b)
        | Op::Share { part: a, whole: b, .. }
        | Op::Arith(_, _, a, b)
        | Op::DivRound { num: a, den: b, .. }
        | Op::Deadline(_, a, b)
        | Op::Shift(_, a, b, _)
        | Op::Between(_, a, b, _) => {
            see(own, Cell::Value(a));
            see(own, Cell::Value(b));
        }
        Op::Window { value, anchor, within, .. } => {
            [Some(value), Some(anchor), within].into_iter().flatten().for_each(|v| see(own, Cell::Value(v)));
        }
        Op::InRange { value, low, high, .. } => {
            for v in [value, low, high] {
                see(own, Cell::Value(v));
            }
        }
        Op::Quant { list, src, .. } | Op::Tally { list, src, .. } | Op::Count { list, src, .. } => {
            if let Some(t) = src {
                see(child(list), Cell::Truth(t));
            }
        }
        Op::Other { tally, own: mine, .. } => {
            see(above(program, own, 1), Cell::Tally(tally));
            if let Some(t) = mine {
                see(own, Cell::Truth(t));
            }
        }
        Op::ExtremeOf(_, _, args) => {
            args.of(&program.value_args).iter().for_each(|v| see(own, Cell::Value(*v)));
        }
        Op::Sum { list, cond, field, .. } | Op::ExtremeIn { list, cond, field, .. } => {
            if let Some(t) = cond {
                see(child(list), Cell::Truth(t));
            }
            see(child(list), Cell::Value(field));
        }
        Op::Extend(_, period, cond, more) => {
            see(own, Cell::Truth(cond));
            see(own, Cell::Value(period));
            see(own, Cell::Value(more));
        }
        Op::DeemTruth { prev, guard, .. } => {
            see(own, Cell::Truth(prev));
            see(own, Cell::Truth(guard));
        }
        Op::DeemValue { prev, guard, to, .. } => {
            see(own, Cell::Value(prev));
            see(own, Cell::Truth(guard));
            see(own, Cell::Value(to));
        }
        Op::Decide(c) => {
            if let Some(decision) = program.decisions.get(c.index()) {
                decided_by(program, decision, &mut |cell| see(own, cell));
            }
        }
    }
}

/// What the mandatory result of a conclusion is read off.
fn decided_by(program: &Program, decision: &Decision, see: &mut impl FnMut(Cell)) {
    let entries = decision.entries.of(&program.entries);
    for entry in entries.iter().take(decision.mandatory as usize) {
        see(Cell::Truth(entry.guard));
        match entry.gives {
            Gives::Mask(..) => {}
            Gives::Value(v) => see(Cell::Value(v)),
            Gives::Duty { deadline, performed } => {
                see(Cell::Value(deadline));
                see(Cell::Value(performed));
            }
        }
        for above in entry.above.of(&program.above) {
            if let Some(higher) = program.entries.get(*above as usize) {
                see(Cell::Truth(higher.guard));
            }
        }
    }
}
