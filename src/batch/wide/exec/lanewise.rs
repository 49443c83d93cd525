//! What has no plane form: values and tests lane by lane, by the interpreter's own arithmetic.
use super::{Machine, REACH, Spot, World};
use crate::base::{Date, Truth, Val};
use crate::batch::wide::block::Block;
use crate::batch::wide::lanes::column;
use crate::batch::wide::plan::{LaneAt, List, TruthOp, Value, ValueOp};
use crate::batch::wide::plane::{Cond, LANES, NONE, P, lanes, set};
use crate::eval::compute::{self, Computed};
use crate::hir::{ArithOp, CmpOp};

impl Machine {
    pub(super) fn truth_at(&self, spot: &Spot, cond: Cond, lane: usize) -> Truth {
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

    pub(super) fn value_at(&self, block: &Block, spot: &Spot, value: &Value, lane: usize) -> Val {
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

    pub(super) fn value(&mut self, world: World<'_>, block: &Block, spot: &Spot, to: u32, op: &ValueOp) {
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

    pub(super) fn compute(
        &self,
        world: World<'_>,
        block: &Block,
        spot: &Spot,
        op: &ValueOp,
        lane: usize,
    ) -> Computed {
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
    pub(super) fn over(
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

    pub(super) fn kids(&self, block: &Block, spot: &Spot, list: List, lane: usize) -> Vec<Spot> {
        let node = spot.nodes.first().copied().unwrap_or(0);
        let kids = block.tree.kids(node, list.slot).map(|kid| self.below(spot, kid));
        kids.filter(|kid| self.lane(kid, P::at(0, 0), lane)).collect()
    }

    pub(super) fn sum(
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

    pub(super) fn truth(&mut self, world: World<'_>, block: &Block, spot: &Spot, dst: u32, op: &TruthOp) {
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

    pub(super) fn test(
        &self,
        world: World<'_>,
        block: &Block,
        spot: &Spot,
        op: &TruthOp,
        lane: usize,
    ) -> Truth {
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

    /// A row below this one.
    pub(super) fn below(&self, spot: &Spot, node: u32) -> Spot {
        let mut below = *spot;
        below.nodes.copy_within(0..REACH - 1, 1);
        below.bases.copy_within(0..REACH - 1, 1);
        if let (Some(n), Some(b)) = (below.nodes.first_mut(), below.bases.first_mut()) {
            *n = node;
            *b = self.bases.get(node as usize).copied().unwrap_or(0);
        }
        below
    }
}

pub(super) fn periods<'b>(block: &'b Block, spot: &Spot, at: LaneAt) -> Option<&'b [u16; LANES]> {
    let node = *spot.nodes.get(at.level as usize)? as usize;
    block.periods.get(block.tree.all.get(node)?.periods as usize + at.column as usize)
}

pub(super) fn ints<'b>(block: &'b Block, spot: &Spot, at: LaneAt) -> Option<&'b [i64; LANES]> {
    let node = *spot.nodes.get(at.level as usize)? as usize;
    block.ints.get(block.tree.all.get(node)?.ints as usize + at.column as usize)
}
