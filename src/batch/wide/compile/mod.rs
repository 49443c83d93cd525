//! [`Program`] → [`Plan`]: the same operations in the same order, on planes and lanes.
//!
//! The plan is as narrow as the facts seen so far allow: where a column holds nothing 不明, its conditions take one
//! plane. A block that does not fit is packed again by a wider plan; results do not depend on which plan it was.
mod decide;
mod logic;
mod values;

use super::frame::{Seen, frames, reads_text};
use super::plan::{List, Plan, Room, Value};
use super::plane::{Cond, P};
use crate::base::Truth;
use crate::hir::{ConclusionId, EntityId, FactId, Hir, Quantifier, Slot};
use crate::ir::{Cell, Flow, N, Op, Program, T, V, member};
use std::collections::{HashMap, HashSet};

/// What is wanted of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Conclusions whose records are wanted.
    pub conclusions: Vec<ConclusionId>,
    /// Registers.
    pub truths: Vec<(EntityId, T)>,
    /// Value registers.
    pub values: Vec<(EntityId, V)>,
}

pub(super) struct Compiler<'p> {
    program: &'p Program,
    seen: &'p Seen,
    flow: &'p Flow,
    live: Vec<bool>,
    plan: Plan,
    truths: Vec<HashMap<T, Cond>>,
    values: Vec<HashMap<V, Value>>,
    tallies: HashMap<(usize, N), (FactId, Option<Cond>)>,
    counts: HashMap<(usize, V), (List, Cond)>,
    known: HashMap<(usize, Vec<P>), P>,
    folds: HashMap<(usize, u32, P, u32), P>,
    days: HashMap<(usize, super::plan::LaneAt, u32), Value>,
    surprises: HashSet<(ConclusionId, P)>,
}

/// Compiles what `asked` needs.
#[must_use]
pub fn compile(program: &Program, flow: &Flow, seen: &Seen, asked: &Asked) -> Plan {
    let (ops, mut read) = flow.upstream(program, &roots(program, flow, asked));
    for (entity, t) in &asked.truths {
        read.push((*entity, Cell::Truth(*t)));
    }
    for (entity, v) in &asked.values {
        read.push((*entity, Cell::Value(*v)));
    }
    read.extend(program.applicable.map(|t| (EntityId(0), Cell::Truth(t))));
    let mut live = vec![false; program.ops.len()];
    for at in ops {
        if let Some(live) = live.get_mut(at as usize) {
            *live = true;
        }
    }
    let frames = frames(program, &read, seen);
    let rooms = frames.iter().map(|f| Room { planes: f.planes, ..Room::default() }).collect();
    let entities = frames.len();
    let plan = Plan {
        frames,
        rooms,
        texts: reads_text(program, &read),
        records: vec![None; program.decisions.len()],
        ..Plan::default()
    };
    let mut compiler = Compiler {
        program,
        seen,
        flow,
        live,
        plan,
        truths: vec![HashMap::new(); entities],
        values: vec![HashMap::new(); entities],
        tallies: HashMap::new(),
        counts: HashMap::new(),
        known: HashMap::new(),
        folds: HashMap::new(),
        days: HashMap::new(),
        surprises: HashSet::new(),
    };
    compiler.facts();
    compiler.blocks();
    let truths = asked.truths.iter().map(|(e, t)| Some(compiler.truth(e.index(), *t))).collect();
    let values = asked.values.iter().map(|(e, v)| Some(compiler.value(e.index(), *v))).collect();
    let applicable = program.applicable.map(|t| compiler.truth(0, t));
    Plan { truths, values, applicable, ..compiler.plan }
}

/// The operations that compute what is asked for.
fn roots(program: &Program, flow: &Flow, asked: &Asked) -> Vec<u32> {
    let mut out = Vec::new();
    out.extend(program.applicable.and_then(|t| flow.writer(EntityId(0), Cell::Truth(t))));
    out.extend(asked.truths.iter().filter_map(|(e, t)| flow.writer(*e, Cell::Truth(*t))));
    out.extend(asked.values.iter().filter_map(|(e, v)| flow.writer(*e, Cell::Value(*v))));
    for at in 0..u32::try_from(flow.len()).unwrap_or(0) {
        let entity = flow.entity(at);
        let mine = |c: &&ConclusionId| flow.writer(entity, Cell::Record(**c)) == Some(at);
        if asked.conclusions.iter().any(|c| mine(&c)) {
            out.push(at);
        }
    }
    out
}

impl Compiler<'_> {
    fn hir(&self) -> &Hir {
        &self.program.hir
    }

    /// Facts as operands.
    fn facts(&mut self) {
        for entity in 0..self.plan.frames.len() {
            let Some(frame) = self.plan.frames.get(entity).cloned() else { continue };
            for at in &frame.truths {
                use super::frame::Shape;
                let plane = |n: u32| P::at(0, at.offset + n);
                let cond = match at.shape {
                    Shape::Known => Cond::known(plane(0)),
                    Shape::Open => Cond { yes: plane(0), not_no: plane(1), open: None },
                    Shape::Any => Cond { yes: plane(0), not_no: plane(1), open: Some(plane(2)) },
                };
                self.set_truth(entity, T(at.slot), cond);
            }
            for at in &frame.values {
                let value = values::fact(self.program, entity, at);
                self.set_value(entity, V(at.slot), value);
            }
        }
    }

    fn blocks(&mut self) {
        for block in &self.program.blocks {
            let entity = block.entity.index();
            for at in block.ops.start..block.ops.start + block.ops.len {
                if !self.live.get(at as usize).copied().unwrap_or(false) {
                    continue;
                }
                if let Some(op) = self.program.ops.get(at as usize) {
                    self.op(entity, at, op);
                }
            }
        }
    }

    fn set_truth(&mut self, entity: usize, t: T, cond: Cond) {
        if let Some(map) = self.truths.get_mut(entity) {
            map.insert(t, cond);
        }
    }

    fn set_value(&mut self, entity: usize, v: V, value: Value) {
        if let Some(map) = self.values.get_mut(entity) {
            map.insert(v, value);
        }
    }

    /// A register that nothing writes is 不明.
    fn truth(&self, entity: usize, t: T) -> Cond {
        let unknown = Cond::constant(Truth::Unknown);
        self.truths.get(entity).and_then(|map| map.get(&t)).copied().unwrap_or(unknown)
    }

    fn value(&self, entity: usize, v: V) -> Value {
        let known = self.values.get(entity).and_then(|map| map.get(&v));
        known.cloned().unwrap_or(Value::Const(crate::base::Val::Unknown))
    }

    fn args(&self, entity: usize, args: crate::ir::Slice) -> Vec<Cond> {
        args.of(&self.program.truth_args).iter().map(|t| self.truth(entity, *t)).collect()
    }

    /// A list of a row and the entity of its members.
    fn list(&self, entity: usize, list: FactId) -> (List, usize) {
        let none = List { slot: u32::MAX, open: P::ONE, na: P::ZERO };
        let Some(fact) = self.hir().facts.get(list.index()) else { return (none, 0) };
        let (Slot::Child(slot), Some(child)) = (fact.slot, member(self.hir(), list)) else {
            return (none, 0);
        };
        let at = self.plan.frames.get(entity).and_then(|f| f.list(slot));
        let Some(at) = at else { return (none, child.index()) };
        let planes = at.shape.states();
        let list = List {
            slot,
            open: if planes > 0 { P::at(0, at.states) } else { P::ZERO },
            na: if planes > 1 { P::at(0, at.states + 1) } else { P::ZERO },
        };
        (list, child.index())
    }

    fn member_cond(&self, child: usize, src: Option<T>) -> Cond {
        src.map_or(Cond::constant(Truth::True), |t| self.truth(child, t))
    }

    fn op(&mut self, e: usize, at: u32, op: &Op) {
        match *op {
            Op::True(t, b) => self.set_truth(e, t, Cond::constant(Truth::from(b))),
            Op::Not(t, a) => {
                let cond = self.truth(e, a).not();
                self.set_truth(e, t, cond);
            }
            Op::And2(t, a, b) => {
                let conds = [self.truth(e, a), self.truth(e, b)];
                let cond = self.all(e, &conds);
                self.set_truth(e, t, cond);
            }
            Op::Or2(t, a, b) => {
                let conds = [self.truth(e, a), self.truth(e, b)];
                let cond = self.any(e, &conds);
                self.set_truth(e, t, cond);
            }
            Op::And(t, args) => {
                let conds = self.args(e, args);
                let cond = self.all(e, &conds);
                self.set_truth(e, t, cond);
            }
            Op::Or(t, args) => {
                let conds = self.args(e, args);
                let cond = self.any(e, &conds);
                self.set_truth(e, t, cond);
            }
            Op::AndNot(t, a, b) => {
                let cond = self.and_not(e, a, b);
                self.set_truth(e, t, cond);
            }
            Op::LiftTruth { dst, up, src } => {
                let cond = self.truth(self.ancestor(e, up), src).lifted(up);
                self.set_truth(e, dst, cond);
            }
            Op::OneTruth { dst, list, src } => {
                let cond = self.one_truth(e, list, src);
                self.set_truth(e, dst, cond);
            }
            Op::Quant { dst, quantifier, list, src } => {
                let (list, child) = self.list(e, list);
                let cond = self.member_cond(child, src);
                let cond = match quantifier {
                    Quantifier::Exists => self.exists(e, list, cond, child),
                    Quantifier::None => self.exists(e, list, cond, child).not(),
                    Quantifier::ForAll => self.exists(e, list, cond.not(), child).not(),
                };
                self.set_truth(e, dst, cond);
            }
            Op::Tally { dst, list, src } => {
                let (_, child) = self.list(e, list);
                let cond = src.map(|t| self.truth(child, t));
                self.tallies.insert((e, dst), (list, cond));
            }
            Op::Other { dst, quantifier, tally, list: _, own } => {
                let cond = self.other(e, quantifier, tally, own);
                self.set_truth(e, dst, cond);
            }
            Op::DeemTruth { dst, prev, guard, to, presume } => {
                let cond = self.deem(e, (self.truth(e, prev), self.truth(e, guard)), to, presume);
                self.set_truth(e, dst, cond);
            }
            Op::Decide(c) => self.decide(e, c),
            Op::InSet(t, v, mask) | Op::AnyOf(t, v, mask) => self.masked(e, t, v, mask, false),
            Op::AllOf(t, v, mask) => self.masked(e, t, v, mask, true),
            Op::ConclusionIn(t, c, mask) => {
                let cond = self.lies_in(e, c, mask);
                self.set_truth(e, t, cond);
            }
            Op::ConclusionAny(t, c, mask) => {
                let cond = self.includes(e, c, mask, false);
                self.set_truth(e, t, cond);
            }
            Op::ConclusionAll(t, c, mask) => {
                let cond = self.includes(e, c, mask, true);
                self.set_truth(e, t, cond);
            }
            Op::Cmp(..) | Op::Share { .. } | Op::Window { .. } | Op::InRange { .. } => self.test(e, op),
            Op::ConclusionValue(..)
            | Op::LiftValue { .. }
            | Op::OneValue { .. }
            | Op::Const(..)
            | Op::Arith(..)
            | Op::Portion(..)
            | Op::ExtremeOf(..)
            | Op::Round(..)
            | Op::DivRound { .. }
            | Op::Count { .. }
            | Op::Sum { .. }
            | Op::ExtremeIn { .. }
            | Op::Deadline(..)
            | Op::Shift(..)
            | Op::Between(..)
            | Op::Extend(..)
            | Op::DeemValue { .. } => self.value_op(e, at, op),
        }
    }

    /// Premise and exceptions: 不适用 as an exception counts as 否, as the interpreter has it.
    fn and_not(&mut self, e: usize, a: T, b: T) -> Cond {
        let (a, b) = (self.truth(e, a), self.truth(e, b));
        let b = match b.open {
            Some(_) => {
                let may = self.may(e, b);
                Cond { yes: b.yes, not_no: may, open: None }
            }
            None => b,
        };
        self.all(e, &[a, b.not()])
    }

    /// The one member of a list: 不适用 where there is none.
    fn one_truth(&mut self, e: usize, list: FactId, src: T) -> Cond {
        let (list, child) = self.list(e, list);
        let cond = self.truth(child, src);
        let yes = self.fold(e, list.slot, cond.yes);
        let not_no = self.fold(e, list.slot, cond.not_no.not()).not();
        let open = self.open(child, cond);
        let open = self.fold(e, list.slot, open);
        Cond { yes, not_no, open: Some(self.or(e, [open, list.open])) }
    }

    /// 有 / 无 / 全部 over the other members: what the parent counts once, less oneself if that is one.
    fn other(&mut self, e: usize, quantifier: Quantifier, tally: N, own: Option<T>) -> Cond {
        let parent = self.ancestor(e, 1);
        let Some((list, cond)) = self.tallies.get(&(parent, tally)).copied() else {
            return Cond::constant(Truth::Unknown);
        };
        let (list, _) = self.list(parent, list);
        let all = cond.unwrap_or(Cond::constant(Truth::True));
        let mine = own.map_or(Cond::constant(Truth::True), |t| self.truth(e, t));
        let codes = |c: &mut Self, of: Cond| {
            let (open, na) = (c.open(e, of), c.na(e, of));
            [of.not_no.not(), of.yes, open, na]
        };
        let (of_all, of_mine) = (codes(self, all), codes(self, mine));
        let mut some = [P::ZERO; 4];
        for (place, (of_all, of_mine)) in some.iter_mut().zip(of_all.into_iter().zip(of_mine)) {
            if of_all == P::ZERO {
                continue;
            }
            let once = self.at_least(parent, list.slot, of_all, 1).lifted(1);
            let twice = self.at_least(parent, list.slot, of_all, 2).lifted(1);
            let besides = self.and(e, [of_mine, twice]);
            let instead = self.and(e, [of_mine.not(), once]);
            *place = self.or(e, [besides, instead]);
        }
        let [no, yes, open, na] = some;
        let exists = |c: &mut Self, yes: P| {
            let not_no = c.or(e, [yes, open, na]);
            let open = (na != P::ZERO).then(|| c.and(e, [open, yes.not()]));
            Cond { yes, not_no, open }
        };
        match quantifier {
            Quantifier::Exists => exists(self, yes),
            Quantifier::None => exists(self, yes).not(),
            Quantifier::ForAll => exists(self, no).not(),
        }
    }

    /// 视为, 推定 of a condition.
    fn deem(&mut self, e: usize, (prev, guard): (Cond, Cond), to: bool, presume: bool) -> Cond {
        // 视为 否 is 视为 是 of the opposite.
        let prev = if to { prev } else { prev.not() };
        let active = if presume { self.open(e, prev) } else { P::ONE };
        let open = self.open(e, guard);
        let sure = self.and(e, [guard.yes, active]);
        let maybe = self.and(e, [open, active]);
        let yes = self.or(e, [sure, prev.yes]);
        let not_no = self.or(e, [prev.not_no, sure, maybe]);
        let open = if prev.open.is_some() {
            let stays = self.open(e, prev);
            let stays = self.and(e, [stays, sure.not()]);
            let comes = self.and(e, [maybe, prev.yes.not()]);
            Some(self.or(e, [stays, comes]))
        } else {
            None
        };
        let cond = Cond { yes, not_no, open };
        if to { cond } else { cond.not() }
    }
}
