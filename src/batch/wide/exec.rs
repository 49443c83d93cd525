//! Carries a plan out on a block.
use super::block::Block;
use super::lanes::{Column, DayCache, DayCaches, column, compare, compare_const};
use super::plan::{
    DayByOp, DayOp, DayTable, DecideAt, Instr, LaneAt, List, Plan, RecordAt, Side, TruthOp, Value, ValueOp,
};
use super::plane::{Cond, LANES, NONE, P, Plane, WORDS, bit, lanes, set};
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Truth, Val};
use crate::eval::compute::{self, Computed};
use crate::eval::decide::decide_registers;
use crate::eval::{Record, State};
use crate::hir::{ArithOp, CmpOp, ConclusionId};
use crate::ir::Program;

/// Deepest nesting of entities that the frames of a row can reach.
const LEVELS: usize = 16;

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
    nodes: [u32; LEVELS],
    bases: [usize; LEVELS],
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
        let mut spot = Spot { nodes: [node; LEVELS], bases: [0; LEVELS] };
        let mut at = node;
        for (place, base) in spot.nodes.iter_mut().zip(&mut spot.bases) {
            *place = at;
            *base = self.bases.get(at as usize).copied().unwrap_or(0);
            at = block.tree.node(at).parent;
        }
        spot
    }

    /// A row below this one.
    fn below(&self, spot: &Spot, node: u32) -> Spot {
        let mut below = *spot;
        below.nodes.copy_within(0..LEVELS - 1, 1);
        below.bases.copy_within(0..LEVELS - 1, 1);
        if let (Some(n), Some(b)) = (below.nodes.first_mut(), below.bases.first_mut()) {
            *n = node;
            *b = self.bases.get(node as usize).copied().unwrap_or(0);
        }
        below
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
        match of.constant() {
            Some(_) => plane.iter_mut().for_each(|word| *word &= flip),
            None => {
                let base = match of.level() {
                    0 => base,
                    up => spot.bases.get(up - 1).copied().unwrap_or(0),
                };
                let from = self.arena.get(base + of.offset()).unwrap_or(&NONE);
                plane.iter_mut().zip(from).for_each(|(word, with)| *word &= with ^ flip);
            }
        }
        plane
    }

    fn at_least(&mut self, block: &Block, spot: &Spot, slot: u32, of: P, count: usize) -> Plane {
        let kids = block.tree.kids(spot.nodes.first().copied().unwrap_or(0), slot);
        if count == 2 {
            let [mut once, mut twice] = [NONE; 2];
            for node in kids {
                let more = self.member(spot, node, of);
                for ((once, twice), more) in once.iter_mut().zip(&mut twice).zip(more) {
                    *twice |= *once & more;
                    *once |= more;
                }
            }
            return twice;
        }
        let mut seen = std::mem::take(&mut self.counts);
        seen.clear();
        seen.resize(count, NONE);
        for node in kids {
            // How many there are carries over: one more where one is.
            let mut carry = self.member(spot, node, of);
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

    fn days<'m>(&'m self, block: &'m Block, spot: &Spot, at: LaneAt) -> Option<&'m [i32; LANES]> {
        let node = *spot.nodes.get(at.level as usize)? as usize;
        let column = at.column as usize;
        if at.fact {
            block.dates.get(block.tree.all.get(node)?.dates as usize + column)
        } else {
            self.dates.get(*self.date_bases.get(node)? + column).map(|c| &**c)
        }
    }

    fn day(&mut self, world: World<'_>, block: &Block, spot: &Spot, op: &DayOp) {
        let DayOp { column: to, failed, table, from, without } = *op;
        let mut which = self.present(spot);
        for p in without {
            let plane = self.plane(spot, p);
            which.iter_mut().zip(plane).for_each(|(word, not)| *word &= !not);
        }
        let node = spot.nodes.first().copied().unwrap_or(0) as usize;
        let place = self.date_bases.get(node).copied().unwrap_or(0) + to as usize;
        let spare = self.spare_days.take().unwrap_or_else(|| column(0));
        let Some(mut out) = self.dates.get_mut(place).map(|c| std::mem::replace(c, spare)) else { return };
        let mut bad = NONE;
        let column = from.column as usize;
        let source = if from.fact {
            block.dates.get(block.tree.all.get(node).map_or(0, |n| n.dates as usize) + column)
        } else {
            self.dates.get(self.date_bases.get(node).copied().unwrap_or(0) + column).map(|c| &**c)
        };
        if let (Some(cache), Some(source)) = (self.tables.get_mut(table as usize), source) {
            cache.map(world.calendar, &which, source, &mut out, &mut bad);
        }
        if let Some(slot) = self.dates.get_mut(place) {
            self.spare_days = Some(std::mem::replace(slot, out));
        }
        self.write(spot, failed, bad);
    }

    fn day_by(&mut self, world: World<'_>, block: &Block, spot: &Spot, op: &DayByOp) {
        let node = spot.nodes.first().copied().unwrap_or(0) as usize;
        let place = self.date_bases.get(node).copied().unwrap_or(0) + op.column as usize;
        let spare = self.spare_days.take().unwrap_or_else(|| column(0));
        let Some(mut out) = self.dates.get_mut(place).map(|c| std::mem::replace(c, spare)) else { return };
        let mut caches = std::mem::take(&mut self.periods);
        let (open, na) = (self.plane(spot, op.open), self.plane(spot, op.na));
        let [mut unknown, mut inapplicable] = [NONE; 2];
        let days = self.days(block, spot, op.from);
        let present = self.present(spot);
        if let (Value::Period { at, open: untold, na: none }, Some(days)) = (&op.period, days) {
            // All but known days and periods settled a word at a time.
            let (untold, none) = (self.plane(spot, *untold), self.plane(spot, *none));
            let mut known = present;
            for (n, word) in known.iter_mut().enumerate() {
                let at = |plane: &Plane| plane.get(n).copied().unwrap_or(0);
                let outside = (at(&na) | at(&none)) & *word;
                let unsure = (at(&open) | at(&untold)) & *word & !outside;
                *word &= !(outside | unsure);
                if let (Some(na), Some(open)) = (inapplicable.get_mut(n), unknown.get_mut(n)) {
                    (*na, *open) = (outside, unsure);
                }
            }
            let numbers = periods(block, spot, *at);
            for lane in lanes(&known) {
                let number = numbers.and_then(|c| c.get(lane)).copied().unwrap_or(0);
                let day = match (block.lengths.get(usize::from(number)), days.get(lane)) {
                    (Some(period), Some(day)) => {
                        let table = DayTable { period: *period, deadline: op.deadline, back: op.back };
                        caches.get(world.calendar, table, *day)
                    }
                    (None, _) | (_, None) => None,
                };
                match (day, out.get_mut(lane)) {
                    (Some(day), Some(place)) => *place = day,
                    (None, _) | (_, None) => set(&mut unknown, lane, true),
                }
            }
        } else {
            for lane in lanes(&present) {
                let period = self.value_at(block, spot, &op.period, lane);
                if bit(&na, lane) || period == Val::Na {
                    set(&mut inapplicable, lane, true);
                    continue;
                }
                let day = match (period, days.and_then(|c| c.get(lane))) {
                    (Val::Period(period), Some(day)) if !bit(&open, lane) => {
                        let table = DayTable { period, deadline: op.deadline, back: op.back };
                        caches.get(world.calendar, table, *day)
                    }
                    _ => None,
                };
                match (day, out.get_mut(lane)) {
                    (Some(day), Some(place)) => *place = day,
                    (None, _) | (_, None) => set(&mut unknown, lane, true),
                }
            }
        }
        self.periods = caches;
        if let Some(slot) = self.dates.get_mut(place) {
            self.spare_days = Some(std::mem::replace(slot, out));
        }
        self.write(spot, op.states, unknown);
        self.write(spot, op.states + 1, inapplicable);
    }

    fn truth_at(&self, spot: &Spot, cond: Cond, lane: usize) -> Truth {
        if self.lane(spot, cond.yes, lane) {
            Truth::True
        } else if !self.lane(spot, cond.not_no, lane) {
            Truth::False
        } else if cond.open.is_none_or(|open| self.lane(spot, open, lane)) {
            Truth::Unknown
        } else {
            Truth::Na
        }
    }

    fn value_at(&self, block: &Block, spot: &Spot, value: &Value, lane: usize) -> Val {
        let known = |open: P, na: P, get: &dyn Fn() -> Val| {
            if self.lane(spot, open, lane) {
                Val::Unknown
            } else if self.lane(spot, na, lane) {
                Val::Na
            } else {
                get()
            }
        };
        match value {
            Value::Const(v) => *v,
            Value::Bits { bits, open, na, single: _ } => known(*open, *na, &|| {
                let set = bits.iter().enumerate().filter(|(_, p)| self.lane(spot, **p, lane));
                Val::Mask(set.fold(0, |mask, (n, _)| mask | 1 << n))
            }),
            Value::Date { at, open, na } => known(*open, *na, &|| {
                let day = self.days(block, spot, *at).and_then(|c| c.get(lane));
                day.map_or(Val::Unknown, |day| Val::Date(Date(*day)))
            }),
            Value::Int { at, open, na } => known(*open, *na, &|| {
                let int = ints(block, spot, *at).and_then(|c| c.get(lane));
                int.map_or(Val::Unknown, |int| Val::Int(*int))
            }),
            Value::Period { at, open, na } => known(*open, *na, &|| {
                let number = periods(block, spot, *at).and_then(|c| c.get(lane));
                let length = number.and_then(|n| block.lengths.get(usize::from(*n)));
                length.map_or(Val::Unknown, |length| Val::Period(*length))
            }),
            Value::Lanes(at) => {
                let node = spot.nodes.get(at.level as usize).copied().unwrap_or(0) as usize;
                let column = at.column as usize;
                let found = if at.fact {
                    let base = block.tree.all.get(node).map_or(0, |n| n.vals as usize);
                    block.vals.get(base + column)
                } else {
                    let base = self.val_bases.get(node).copied().unwrap_or(0);
                    self.vals.get(base + column).map(|c| &**c)
                };
                found.and_then(|c| c.get(lane)).copied().unwrap_or_default()
            }
        }
    }

    fn value(&mut self, world: World<'_>, block: &Block, spot: &Spot, to: u32, op: &ValueOp) {
        let node = spot.nodes.first().copied().unwrap_or(0) as usize;
        let place = self.val_bases.get(node).copied().unwrap_or(0) + to as usize;
        let Some(mut out) = self.vals.get_mut(place).map(|c| std::mem::replace(c, column(Val::Unknown)))
        else {
            return;
        };
        for lane in lanes(&self.present(spot)) {
            let value = self.compute(world, block, spot, op, lane).unwrap_or(Val::Unknown);
            if let Some(place) = out.get_mut(lane) {
                *place = value;
            }
        }
        if let Some(slot) = self.vals.get_mut(place) {
            self.spare_vals = Some(std::mem::replace(slot, out));
        }
    }

    fn compute(&self, world: World<'_>, block: &Block, spot: &Spot, op: &ValueOp, lane: usize) -> Computed {
        let get = |v: &Value| self.value_at(block, spot, v, lane);
        let texts = |i: u32| block.texts.get(i as usize).cloned().unwrap_or_default();
        match op {
            ValueOp::Arith(op, a, b) => compute::arith(*op, get(a), get(b)),
            ValueOp::Portion(a, ratio) => compute::portion(get(a), *ratio),
            ValueOp::ExtremeOf(which, args) => {
                let mut values = args.iter().map(get);
                let first = values.next().unwrap_or_default();
                Ok(values.fold(first, |a, b| compute::extreme(*which, a, b, &texts)))
            }
            ValueOp::Round(mode, a, digits) => compute::round(*mode, get(a), *digits),
            ValueOp::DivRound(mode, digits, a, b) => compute::div_round(*mode, *digits, get(a), get(b)),
            ValueOp::Deadline(from, period) => compute::deadline(world.calendar, get(from), get(period)),
            ValueOp::Shift(date, period, back) => {
                compute::shift(world.calendar, get(date), get(period), *back)
            }
            ValueOp::Between(from, to, measure) => {
                compute::between(world.calendar, get(from), get(to), *measure)
            }
            ValueOp::Extend(period, cond, more) => match self.truth_at(spot, *cond, lane) {
                Truth::True => compute::arith(ArithOp::Add, get(period), get(more)),
                Truth::False | Truth::Na => Ok(get(period)),
                Truth::Unknown => Ok(Val::Unknown),
            },
            ValueOp::Deem { prev, guard, to, presume } => {
                let (prev, to) = (get(prev), get(to));
                Ok(match (self.truth_at(spot, *guard, lane), presume) {
                    (Truth::False | Truth::Na, _) => prev,
                    (_, true) if prev != Val::Unknown => prev,
                    (Truth::True, _) => to,
                    (Truth::Unknown, _) if prev == to => prev,
                    (Truth::Unknown, _) => Val::Unknown,
                })
            }
            ValueOp::One(list, value) => Ok(self.over(block, spot, *list, lane, |kids| {
                kids.first().map_or(Val::Na, |kid| self.value_at(block, kid, value, lane))
            })),
            ValueOp::Count(list, cond) => Ok(self.over(block, spot, *list, lane, |kids| {
                let (mut sure, mut maybe) = (0, 0);
                for kid in kids {
                    match cond.map_or(Truth::True, |c| self.truth_at(kid, c, lane)) {
                        Truth::True => sure += 1,
                        Truth::Unknown => maybe += 1,
                        Truth::False | Truth::Na => {}
                    }
                }
                if maybe == 0 { Val::Int(sure) } else { Val::Range(sure, sure + maybe) }
            })),
            ValueOp::Sum(list, cond, field) => self.sum(block, spot, (*list, *cond, field), lane),
            ValueOp::ExtremeIn(which, list, cond, field) => Ok(self.over(block, spot, *list, lane, |kids| {
                let mut best = Val::Na;
                for kid in kids {
                    let counts = cond.map_or(Truth::True, |c| self.truth_at(kid, c, lane));
                    match (counts, self.value_at(block, kid, field, lane)) {
                        (Truth::False | Truth::Na, _) | (_, Val::Na) => {}
                        (Truth::Unknown, _) => return Val::Unknown,
                        (Truth::True, v) if best == Val::Na => best = v,
                        (Truth::True, v) => best = compute::extreme(*which, best, v, &texts),
                    }
                }
                best
            })),
            ValueOp::Conclusion(at) => Ok(self.conclusion_at(spot, at, lane)),
        }
    }

    /// What the members of a list of a case make, its own state considered.
    fn over(
        &self,
        block: &Block,
        spot: &Spot,
        list: List,
        lane: usize,
        make: impl FnOnce(&[Spot]) -> Val,
    ) -> Val {
        if self.lane(spot, list.open, lane) {
            return Val::Unknown;
        }
        if self.lane(spot, list.na, lane) {
            return Val::Na;
        }
        let kids: Vec<Spot> = self.kids(block, spot, list, lane);
        make(&kids)
    }

    fn kids(&self, block: &Block, spot: &Spot, list: List, lane: usize) -> Vec<Spot> {
        let node = spot.nodes.first().copied().unwrap_or(0);
        let kids = block.tree.kids(node, list.slot).map(|kid| self.below(spot, kid));
        kids.filter(|kid| self.lane(kid, P::at(0, 0), lane)).collect()
    }

    fn sum(
        &self,
        block: &Block,
        spot: &Spot,
        (list, cond, field): (List, Option<Cond>, &Value),
        lane: usize,
    ) -> Computed {
        if self.lane(spot, list.open, lane) {
            return Ok(Val::Unknown);
        }
        if self.lane(spot, list.na, lane) {
            return Ok(Val::Na);
        }
        let mut total = Val::Int(0);
        for kid in self.kids(block, spot, list, lane) {
            let counts = cond.map_or(Truth::True, |c| self.truth_at(&kid, c, lane));
            match (counts, self.value_at(block, &kid, field, lane)) {
                (Truth::False | Truth::Na, _) | (_, Val::Na) => {}
                (Truth::Unknown, _) => return Ok(Val::Unknown),
                (Truth::True, v) => total = compute::arith(ArithOp::Add, total, v)?,
            }
        }
        Ok(total)
    }

    fn truth(&mut self, world: World<'_>, block: &Block, spot: &Spot, dst: u32, op: &TruthOp) {
        let [mut yes, mut not_no, mut open] = [NONE; 3];
        for lane in lanes(&self.present(spot)) {
            let truth = self.test(world, block, spot, op, lane);
            set(&mut yes, lane, truth == Truth::True);
            set(&mut not_no, lane, truth != Truth::False);
            set(&mut open, lane, truth == Truth::Unknown);
        }
        self.write(spot, dst, yes);
        self.write(spot, dst + 1, not_no);
        self.write(spot, dst + 2, open);
    }

    fn test(&self, world: World<'_>, block: &Block, spot: &Spot, op: &TruthOp, lane: usize) -> Truth {
        let get = |v: &Value| self.value_at(block, spot, v, lane);
        let texts = |i: u32| block.texts.get(i as usize).cloned().unwrap_or_default();
        match op {
            TruthOp::Cmp(op, a, b) => compute::compare(*op, get(a), get(b), &texts),
            TruthOp::Share(op, part, whole, ratio) => compute::share(*op, get(part), get(whole), *ratio),
            TruthOp::Window(value, anchor, before, within) => {
                let within = within.as_ref().map(get);
                let found = compute::window(world.calendar, get(value), get(anchor), *before, within);
                found.unwrap_or(Truth::Unknown)
            }
            TruthOp::InRange(value, low, high) => {
                let v = get(value);
                compute::compare(CmpOp::Ge, v, get(low), &texts).and(compute::compare(
                    CmpOp::Le,
                    v,
                    get(high),
                    &texts,
                ))
            }
            TruthOp::Masked(value, mask, all) => match get(value) {
                Val::Mask(m) => Truth::from(if *all { m & mask == *mask } else { m & mask != 0 }),
                Val::Na => Truth::Na,
                Val::Unknown
                | Val::Int(_)
                | Val::Dec(_)
                | Val::Date(_)
                | Val::Period(_)
                | Val::Text(_)
                | Val::Range(..) => Truth::Unknown,
            },
        }
    }

    /// Decides a conclusion in some lanes by the interpreter's own code.
    fn decide(&mut self, world: World<'_>, block: &Block, spot: &Spot, at: &DecideAt, which: P) {
        let present = self.present(spot);
        let mut which = self.plane(spot, which);
        which.iter_mut().zip(present).for_each(|(word, there)| *word &= there);
        let mut truths = std::mem::take(&mut self.truths);
        let mut values = std::mem::take(&mut self.values);
        for lane in lanes(&which) {
            for (t, cond) in &at.truths {
                put(&mut truths, t.0 as usize, self.truth_at(spot, *cond, lane));
            }
            for (v, value) in &at.values {
                put(&mut values, v.0 as usize, self.value_at(block, spot, value, lane));
            }
            let today = block.days.get(lane).copied().flatten();
            let record = decide_registers(world.program, (&truths, &values), at.conclusion, today);
            self.record(spot, at, lane, &record);
        }
        self.truths = truths;
        self.values = values;
    }

    fn record(&mut self, spot: &Spot, at: &DecideAt, lane: usize, record: &Record) {
        let base = spot.bases.first().copied().unwrap_or(0) + at.planes as usize;
        let width = at.width as usize;
        let flags = [
            record.state == State::Decided,
            record.state == State::Conflict,
            record.state == State::Pending,
            record.by_default,
            record.may_be_silent,
            record.may_conflict,
            record.may_clash,
        ];
        let bits = |mask: u64| (0..width).map(move |n| mask >> n & 1 == 1);
        let all = flags.into_iter().chain(bits(record.certain)).chain(bits(record.possible));
        for (plane, on) in self.arena.iter_mut().skip(base).zip(all) {
            set(plane, lane, on);
        }
        if let Some(column) = at.column {
            let node = spot.nodes.first().copied().unwrap_or(0) as usize;
            let place = self.val_bases.get(node).copied().unwrap_or(0) + column as usize;
            if let Some(value) = self.vals.get_mut(place).and_then(|c| c.get_mut(lane)) {
                *value = record.value;
            }
        }
    }

    fn record_at(&self, spot: &Spot, at: &RecordAt, lane: usize) -> Record {
        let on = |p: P| self.lane(spot, p, lane);
        let mask = |column: &[P]| {
            column.iter().enumerate().filter(|(_, p)| on(**p)).fold(0, |mask, (n, _)| mask | 1 << n)
        };
        let state = if on(at.decided) {
            State::Decided
        } else if on(at.conflict) {
            State::Conflict
        } else if on(at.pending) {
            State::Pending
        } else {
            State::Silent
        };
        let value = at.value.and_then(|column| {
            let node = *spot.nodes.first()? as usize;
            self.vals.get(self.val_bases.get(node)? + column as usize)?.get(lane).copied()
        });
        Record {
            state,
            by_default: on(at.by_default),
            certain: mask(&at.certain),
            possible: mask(&at.possible),
            may_be_silent: on(at.may_be_silent),
            may_conflict: on(at.may_conflict),
            may_clash: on(at.may_clash),
            value: value.unwrap_or_default(),
        }
    }

    /// A conclusion read as a value.
    fn conclusion_at(&self, spot: &Spot, at: &RecordAt, lane: usize) -> Val {
        let record = self.record_at(spot, at, lane);
        match record.state {
            State::Decided | State::Pending if record.value != Val::Unknown => record.value,
            State::Decided if record.certain.is_power_of_two() => Val::Mask(record.certain),
            State::Silent => Val::Na,
            State::Decided | State::Pending | State::Conflict => Val::Unknown,
        }
    }

    /// The record of a conclusion in a row.
    pub fn conclusion(&self, plan: &Plan, block: &Block, id: ConclusionId, node: u32, lane: usize) -> Record {
        let at = plan.records.get(id.index()).and_then(Option::as_ref);
        at.map(|at| self.record_at(&self.spot(block, node), at, lane)).unwrap_or_default()
    }

    /// A register that was asked for, in a row.
    pub fn asked_truth(&self, block: &Block, cond: Cond, node: u32, lane: usize) -> Truth {
        self.truth_at(&self.spot(block, node), cond, lane)
    }

    /// The same for a value.
    pub fn asked_value(&self, block: &Block, value: &Value, node: u32, lane: usize) -> Val {
        self.value_at(block, &self.spot(block, node), value, lane)
    }

    /// A whole plane of a row.
    pub fn asked_plane(&self, block: &Block, p: P, node: u32) -> Plane {
        self.plane(&self.spot(block, node), p)
    }
}

/// The one instruction that most of a plan consists of.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loop over words is to be compiled for each number of operands")]
fn and(arena: &mut [Plane], bases: &[usize; LEVELS], dst: usize, operands: &[P]) {
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

fn periods<'b>(block: &'b Block, spot: &Spot, at: LaneAt) -> Option<&'b [u16; LANES]> {
    let node = *spot.nodes.get(at.level as usize)? as usize;
    block.periods.get(block.tree.all.get(node)?.periods as usize + at.column as usize)
}

fn ints<'b>(block: &'b Block, spot: &Spot, at: LaneAt) -> Option<&'b [i64; LANES]> {
    let node = *spot.nodes.get(at.level as usize)? as usize;
    block.ints.get(block.tree.all.get(node)?.ints as usize + at.column as usize)
}

fn sides<'c, X: Copy + Ord + 'c>(
    op: CmpOp,
    [a, b]: &[Side; 2],
    column: impl Fn(&LaneAt) -> Option<&'c [X; LANES]>,
    constant: impl Fn(i64) -> X,
) -> Plane {
    match (a, b) {
        (Side::Lanes(a), Side::Lanes(b)) => match (column(a), column(b)) {
            (Some(a), Some(b)) => compare(op, a, b),
            (None, _) | (_, None) => NONE,
        },
        (Side::Lanes(a), Side::Const(b)) => column(a).map_or(NONE, |a| compare_const(op, a, constant(*b))),
        (Side::Const(a), Side::Lanes(b)) => {
            column(b).map_or(NONE, |b| compare_const(compute::mirror(op), b, constant(*a)))
        }
        (Side::Const(a), Side::Const(b)) => {
            if compute::holds(op, a.cmp(b)) {
                [u64::MAX; WORDS]
            } else {
                NONE
            }
        }
    }
}

fn put<X: Copy + Default>(list: &mut Vec<X>, at: usize, value: X) {
    if at >= list.len() {
        list.resize(at + 1, X::default());
    }
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}
