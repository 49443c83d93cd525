//! Days compared and computed, a column at a time.
use super::lanewise::periods;
use super::{Machine, Spot, World};
use crate::base::Val;
use crate::batch::wide::block::Block;
use crate::batch::wide::lanes::{column, compare, compare_const};
use crate::batch::wide::plan::{DayByOp, DayOp, DayTable, LaneAt, Side, Value};
use crate::batch::wide::plane::{LANES, NONE, Plane, WORDS, bit, lanes, set};
use crate::eval::compute;
use crate::hir::CmpOp;

impl Machine {
    pub(super) fn days<'m>(&'m self, block: &'m Block, spot: &Spot, at: LaneAt) -> Option<&'m [i32; LANES]> {
        let node = *spot.nodes.get(at.level as usize)? as usize;
        let column = at.column as usize;
        if at.fact {
            block.dates.get(block.tree.all.get(node)?.dates as usize + column)
        } else {
            self.dates.get(*self.date_bases.get(node)? + column).map(|c| &**c)
        }
    }

    pub(super) fn day(&mut self, world: World<'_>, block: &Block, spot: &Spot, op: &DayOp) {
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

    pub(super) fn day_by(&mut self, world: World<'_>, block: &Block, spot: &Spot, op: &DayByOp) {
        let node = spot.nodes.first().copied().unwrap_or(0) as usize;
        let place = self.date_bases.get(node).copied().unwrap_or(0) + op.column as usize;
        let spare = self.spare_days.take().unwrap_or_else(|| column(0));
        let Some(mut out) = self.dates.get_mut(place).map(|c| std::mem::replace(c, spare)) else { return };
        let mut caches = std::mem::take(&mut self.periods);
        let (open, na) = (self.plane(spot, op.open), self.plane(spot, op.na));
        let [mut unknown, mut inapplicable] = [NONE; 2];
        let days = self.days(block, spot, op.from);
        let present = self.present(spot);
        if let (Value::Period { at, open: unsaid, na: never }, Some(days)) = (&op.period, days) {
            // All but known days and periods settled a word at a time.
            let (unsaid, never) = (self.plane(spot, *unsaid), self.plane(spot, *never));
            let mut known = present;
            for (n, word) in known.iter_mut().enumerate() {
                let at = |plane: &Plane| plane.get(n).copied().unwrap_or(0);
                let outside = (at(&na) | at(&never)) & *word;
                let unsure = (at(&open) | at(&unsaid)) & *word & !outside;
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
}

pub(super) fn sides<'c, X: Copy + Ord + 'c>(
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
