//! Carries a plan out on a block.
mod days;
mod lanewise;
mod records;

use super::block::Block;
use super::lanes::{Column, DayCache, DayCaches, column};
use super::plan::{Instr, LaneAt, Plan, Value};
use super::plane::{Cond, NONE, P, Plane, WORDS, bit};
use crate::base::calendar::WorkCalendar;
use crate::base::{Truth, Val};
use crate::hir::ConclusionId;
use crate::ir::Program;
use days::sides;
use lanewise::ints;

/// How deep entities may be nested for a row to reach the frames of all that contain it.
pub const LEVELS: u32 = 16;
const REACH: usize = LEVELS as usize;

/// Registers of one block.
#[derive(Debug, Default)]
pub struct Machine {
    arena: Vec<Plane>,
    bases: Vec<usize>,
    dates: Vec<Column<i32>>,
    date_bases: Vec<usize>,
    vals: Vec<Column<Val>>,
    val_bases: Vec<usize>,
    /// Columns to write to while a column is computed from others.
    spare_days: Option<Column<i32>>,
    spare_vals: Option<Column<Val>>,
    tables: Vec<DayCache>,
    /// The same for periods that differ from row to row.
    periods: DayCaches,
    truths: Vec<Truth>,
    values: Vec<Val>,
    counts: Vec<Plane>,
}

/// What a run needs besides plan and block.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The law.
    pub program: &'a Program,
    /// Working days.
    pub calendar: &'a WorkCalendar,
}

/// A row of a block: its node and those above it.
#[derive(Clone, Copy)]
struct Spot {
    nodes: [u32; REACH],
    bases: [usize; REACH],
}

/// One row of one case.
pub struct Reader<'m> {
    machine: &'m Machine,
    spot: Spot,
    lane: usize,
}

impl Reader<'_> {
    /// A condition, seen from the row.
    #[must_use]
    pub fn truth(&self, cond: Cond) -> Truth {
        self.machine.truth_at(&self.spot, cond, self.lane)
    }
}

/// Conclusions that conflict in the block though the plan reads them as if they did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprised(pub Vec<ConclusionId>);

impl Machine {
    /// Runs `plan` on `block`, which must have been packed for the plan's frames.
    ///
    /// # Errors
    /// The plan reads conclusions as if they did not conflict, and they do.
    pub fn run(&mut self, world: World<'_>, plan: &Plan, block: &Block) -> Result<(), Surprised> {
        self.load(plan, block);
        let mut surprised = Vec::new();
        for step in &plan.steps {
            let instrs = plan.instrs.get(step.instrs.start as usize..step.instrs.end as usize).unwrap_or(&[]);
            for node in block.tree.nodes(step.entity) {
                let spot = self.spot(block, node);
                for instr in instrs {
                    self.step(world, plan, block, &spot, instr, &mut surprised);
                }
            }
        }
        if surprised.is_empty() { Ok(()) } else { Err(Surprised(surprised)) }
    }

    /// Makes room and copies the facts' planes to the front of each frame.
    fn load(&mut self, plan: &Plan, block: &Block) {
        self.bases.clear();
        self.date_bases.clear();
        self.val_bases.clear();
        let (mut planes, mut dates, mut vals) = (0, 0, 0);
        for (entity, room) in plan.rooms.iter().enumerate() {
            for _ in block.tree.nodes(entity) {
                self.bases.push(planes);
                self.date_bases.push(dates);
                self.val_bases.push(vals);
                planes += room.planes as usize;
                dates += room.dates as usize;
                vals += room.vals as usize;
            }
        }
        if self.arena.len() < planes {
            self.arena.resize(planes, NONE);
        }
        if self.dates.len() < dates {
            self.dates.resize_with(dates, || column(0));
        }
        if self.vals.len() < vals {
            self.vals.resize_with(vals, || column(Val::Unknown));
        }
        if self.tables.len() != plan.tables.len() {
            self.tables = plan.tables.iter().map(|t| DayCache::new(*t)).collect();
        }
        for (entity, frame) in plan.frames.iter().enumerate() {
            for node in block.tree.nodes(entity) {
                let from = block.tree.node(node).planes as usize;
                let to = self.bases.get(node as usize).copied().unwrap_or(0);
                let count = frame.planes as usize;
                if let (Some(to), Some(from)) =
                    (self.arena.get_mut(to..to + count), block.planes.get(from..from + count))
                {
                    to.copy_from_slice(from);
                }
            }
        }
    }

    fn spot(&self, block: &Block, node: u32) -> Spot {
        let mut spot = Spot { nodes: [0; REACH], bases: [0; REACH] };
        let mut at = node;
        for (place, base) in spot.nodes.iter_mut().zip(&mut spot.bases) {
            *place = at;
            *base = self.bases.get(at as usize).copied().unwrap_or(0);
            let above = block.tree.node(at).parent;
            if above == at {
                break;
            }
            at = above;
        }
        spot
    }

    /// The plane that an operand names, not yet negated.
    #[inline]
    fn raw(&self, spot: &Spot, p: P) -> &Plane {
        let base = spot.bases.get(p.level()).copied().unwrap_or(0);
        self.arena.get(base + p.offset()).unwrap_or(&NONE)
    }

    #[inline]
    fn plane(&self, spot: &Spot, p: P) -> Plane {
        let flip = 0_u64.wrapping_sub(u64::from(p.negated()));
        match p.constant() {
            Some(_) => [flip; WORDS],
            None => self.raw(spot, p).map(|word| word ^ flip),
        }
    }

    fn lane(&self, spot: &Spot, p: P, lane: usize) -> bool {
        match p.constant() {
            Some(value) => value,
            None => bit(self.raw(spot, p), lane) != p.negated(),
        }
    }

    /// Rows of this node that there are.
    fn present(&self, spot: &Spot) -> Plane {
        self.plane(spot, P::at(0, 0))
    }

    #[inline]
    fn write(&mut self, spot: &Spot, dst: u32, plane: Plane) {
        let base = spot.bases.first().copied().unwrap_or(0);
        if let Some(place) = self.arena.get_mut(base + dst as usize) {
            *place = plane;
        }
    }

    #[inline]
    #[expect(clippy::similar_names, reason = "plans and planes are what they are")]
    fn step(
        &mut self,
        world: World<'_>,
        plan: &Plan,
        block: &Block,
        spot: &Spot,
        instr: &Instr,
        surprised: &mut Vec<ConclusionId>,
    ) {
        let own = spot.bases.first().copied().unwrap_or(0);
        match instr {
            Instr::And2(dst, a, b) => {
                and(&mut self.arena, &spot.bases, own + *dst as usize, &[*a, *b]);
            }
            Instr::And3(dst, a, b, c) => {
                and(&mut self.arena, &spot.bases, own + *dst as usize, &[*a, *b, *c]);
            }
            Instr::And(dst, range) => {
                let operands = plan.operands.get(range.start as usize..range.end as usize).unwrap_or(&[]);
                and(&mut self.arena, &spot.bases, own + *dst as usize, operands);
            }
            Instr::Fold(dst, slot, of) => {
                let mut any = NONE;
                for node in block.tree.kids(spot.nodes.first().copied().unwrap_or(0), *slot) {
                    let plane = self.member(spot, node, *of);
                    for (word, with) in any.iter_mut().zip(plane) {
                        *word |= with;
                    }
                }
                self.write(spot, *dst, any);
            }
            rare => self.rare(world, plan, block, spot, rare, surprised),
        }
    }

    #[inline(never)]
    #[expect(clippy::similar_names, reason = "plans and planes are what they are")]
    fn rare(
        &mut self,
        world: World<'_>,
        plan: &Plan,
        block: &Block,
        spot: &Spot,
        instr: &Instr,
        surprised: &mut Vec<ConclusionId>,
    ) {
        match instr {
            Instr::And2(..) | Instr::And3(..) | Instr::And(..) | Instr::Fold(..) => {}
            Instr::AtLeast(dst, slot, of, count) => {
                let plane = self.at_least(block, spot, *slot, *of, *count as usize);
                self.write(spot, *dst, plane);
            }
            Instr::Days(dst, op, between) => {
                let day = |at: &LaneAt| self.days(block, spot, *at);
                let plane = sides(*op, between, day, |c| i32::try_from(c).unwrap_or(i32::MAX));
                self.write(spot, *dst, plane);
            }
            Instr::Ints(dst, op, between) => {
                let int = |at: &LaneAt| ints(block, spot, *at);
                let plane = sides(*op, between, int, |c| c);
                self.write(spot, *dst, plane);
            }
            Instr::Day(op) => self.day(world, block, spot, op),
            Instr::DayBy(op) => self.day_by(world, block, spot, op),
            Instr::Value(column, op) => self.value(world, block, spot, *column, op),
            Instr::Truth(dst, op) => self.truth(world, block, spot, *dst, op),
            Instr::Decide { decision, which } => {
                if let Some(at) = plan.decisions.get(*decision as usize) {
                    self.decide(world, block, spot, at, *which);
                }
            }
            Instr::Surprise(conclusion, trouble) => {
                let trouble = self.plane(spot, *trouble);
                let present = self.present(spot);
                let met = trouble.iter().zip(present).any(|(t, p)| t & p != 0);
                if met && !surprised.contains(conclusion) {
                    surprised.push(*conclusion);
                }
            }
        }
    }

    /// A plane of a member, where there is one.
    #[inline]
    fn member(&self, spot: &Spot, node: u32, of: P) -> Plane {
        let base = self.bases.get(node as usize).copied().unwrap_or(0);
        let mut plane = *self.arena.get(base).unwrap_or(&NONE);
        let flip = 0_u64.wrapping_sub(u64::from(of.negated()));
        if of.constant().is_some() {
            for word in &mut plane {
                *word &= flip;
            }
        } else {
            let base = match of.level() {
                0 => base,
                up => spot.bases.get(up - 1).copied().unwrap_or(0),
            };
            let from = self.arena.get(base + of.offset()).unwrap_or(&NONE);
            plane.iter_mut().zip(from).for_each(|(word, with)| *word &= with ^ flip);
        }
        plane
    }

    fn at_least(&mut self, block: &Block, row: &Spot, slot: u32, of: P, count: usize) -> Plane {
        let kids = block.tree.kids(row.nodes.first().copied().unwrap_or(0), slot);
        if count == 2 {
            let [mut once, mut again] = [NONE; 2];
            for node in kids {
                let more = self.member(row, node, of);
                for ((once, again), more) in once.iter_mut().zip(&mut again).zip(more) {
                    *again |= *once & more;
                    *once |= more;
                }
            }
            return again;
        }
        let mut seen = std::mem::take(&mut self.counts);
        seen.clear();
        seen.resize(count, NONE);
        for node in kids {
            // How many there are carries over: one more where one is.
            let mut carry = self.member(row, node, of);
            for level in &mut seen {
                for (have, more) in level.iter_mut().zip(&mut carry) {
                    let both = *have & *more;
                    *have |= *more;
                    *more = both;
                }
            }
        }
        let found = seen.last().copied().unwrap_or(NONE);
        self.counts = seen;
        found
    }

    /// A row, to be read several times.
    #[must_use]
    pub fn row<'m>(&'m self, block: &Block, node: u32, lane: usize) -> Reader<'m> {
        Reader { machine: self, spot: self.spot(block, node), lane }
    }

    /// A register that was asked for, in a row.
    #[must_use]
    pub fn asked_truth(&self, block: &Block, cond: Cond, node: u32, lane: usize) -> Truth {
        self.truth_at(&self.spot(block, node), cond, lane)
    }

    /// The same for a value.
    #[must_use]
    pub fn asked_value(&self, block: &Block, value: &Value, node: u32, lane: usize) -> Val {
        self.value_at(block, &self.spot(block, node), value, lane)
    }

    /// A whole plane of a row.
    #[must_use]
    pub fn asked_plane(&self, block: &Block, p: P, node: u32) -> Plane {
        self.plane(&self.spot(block, node), p)
    }
}

/// The one instruction that most of a plan consists of.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loop over words is to be compiled for each number of operands")]
fn and(arena: &mut [Plane], bases: &[usize; REACH], dst: usize, operands: &[P]) {
    let mut all = [u64::MAX; WORDS];
    for p in operands {
        let base = bases.get(p.level()).copied().unwrap_or(0);
        let from = arena.get(base.wrapping_add(p.offset())).unwrap_or(&NONE);
        let flip = p.flip();
        for (word, with) in all.iter_mut().zip(from) {
            *word &= with ^ flip;
        }
    }
    if let Some(place) = arena.get_mut(dst) {
        *place = all;
    }
}
