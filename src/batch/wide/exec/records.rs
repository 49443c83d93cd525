//! Conclusions decided one by one, and records read back.
use super::{Machine, Spot, World};
use crate::base::Val;
use crate::batch::wide::block::Block;
use crate::batch::wide::plan::{DecideAt, Plan, RecordAt};
use crate::batch::wide::plane::{P, lanes, set};
use crate::eval::decide::decide_registers;
use crate::eval::{Record, State};
use crate::hir::ConclusionId;

impl Machine {
    /// Decides a conclusion in some lanes by the interpreter's own code.
    pub(super) fn decide(&mut self, world: World<'_>, block: &Block, spot: &Spot, at: &DecideAt, which: P) {
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

    pub(super) fn record(&mut self, spot: &Spot, at: &DecideAt, lane: usize, record: &Record) {
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

    pub(super) fn record_at(&self, spot: &Spot, at: &RecordAt, lane: usize) -> Record {
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
    pub(super) fn conclusion_at(&self, spot: &Spot, at: &RecordAt, lane: usize) -> Val {
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
}

pub(super) fn put<X: Copy + Default>(list: &mut Vec<X>, at: usize, value: X) {
    if at >= list.len() {
        list.resize(at + 1, X::default());
    }
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}
