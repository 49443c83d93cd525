//! Registers of the program being built: their levels, and reading them from another entity.
use super::lower::{Lowerer, len32};
use super::model::{N, Op, Place, Slice, T, V};
use crate::base::numeral::Ratio;
use crate::hir::{ConclusionId, EntityId, ExprId, Extreme, FactId};

impl Lowerer<'_> {
    pub(super) fn tl(&self, e: EntityId, t: T) -> u32 {
        self.t.truth_level.get(e.index()).and_then(|l| l.get(t.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn vl(&self, e: EntityId, v: V) -> u32 {
        self.t.value_level.get(e.index()).and_then(|l| l.get(v.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn nl(&self, e: EntityId, n: N) -> u32 {
        self.t.tally_level.get(e.index()).and_then(|l| l.get(n.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn cl(&self, c: ConclusionId) -> u32 {
        self.t.decided_level.get(c.index()).copied().unwrap_or(0)
    }

    pub(super) fn emit(&mut self, e: EntityId, level: u32, op: Op) {
        if let Some(trail) = &mut self.t.trail {
            trail.push((e, op));
        } else if let Some(code) = self.t.code.get_mut(e.index()) {
            code.push((level, op));
        }
    }

    pub(super) fn new_truth(&mut self, e: EntityId, level: u32, op: impl FnOnce(T) -> Op) -> T {
        let Some(levels) = self.t.truth_level.get_mut(e.index()) else { return T(u32::MAX) };
        let dst = T(len32(levels));
        levels.push(level);
        if !self.t.patching()
            && let Some(scope) = self.t.program.scopes.get_mut(e.index())
        {
            scope.truths = dst.0 + 1;
        }
        self.emit(e, level, op(dst));
        dst
    }

    pub(super) fn new_value(&mut self, e: EntityId, level: u32, op: impl FnOnce(V) -> Op) -> V {
        let Some(levels) = self.t.value_level.get_mut(e.index()) else { return V(u32::MAX) };
        let dst = V(len32(levels));
        levels.push(level);
        if !self.t.patching()
            && let Some(scope) = self.t.program.scopes.get_mut(e.index())
        {
            scope.values = dst.0 + 1;
        }
        self.emit(e, level, op(dst));
        dst
    }

    /// The register itself, or a copy if it must be nobody else's and is somebody's.
    pub(super) fn own_truth(&mut self, e: EntityId, t: T) -> T {
        let fact = self.hir.entities.get(e.index()).is_none_or(|e| t.0 < e.truth_slots);
        if self.t.patching() || self.t.claimed.is_none() || (!fact && self.t.claim(e, Place::Truth(t))) {
            return t;
        }
        let level = self.tl(e, t);
        let copy = self.new_truth(e, level, |dst| Op::And2(dst, t, t));
        self.t.claim(e, Place::Truth(copy));
        copy
    }

    /// The same for values.
    pub(super) fn own_value(&mut self, e: EntityId, v: V) -> V {
        let fact = self.hir.entities.get(e.index()).is_none_or(|e| v.0 < e.value_slots);
        if self.t.patching() || self.t.claimed.is_none() || (!fact && self.t.claim(e, Place::Value(v))) {
            return v;
        }
        let level = self.vl(e, v);
        let args = self.value_slice(&[v]);
        let copy = self.new_value(e, level, |dst| Op::ExtremeOf(dst, Extreme::Greatest, args));
        self.t.claim(e, Place::Value(copy));
        copy
    }

    /// A ratio in the pool.
    pub(super) fn ratio(&mut self, ratio: Ratio) -> u32 {
        let index = len32(&self.t.program.ratios);
        self.t.program.ratios.push(ratio);
        index
    }

    /// A list of arguments.
    pub(super) fn value_slice(&mut self, args: &[V]) -> Slice {
        let slice = Slice { start: len32(&self.t.program.value_args), len: len32(args) };
        self.t.program.value_args.extend_from_slice(args);
        slice
    }

    /// The tally of a list, shared by all who ask about 其他.
    pub(super) fn tally(&mut self, list: FactId, src: Option<T>, child: EntityId, owner: EntityId) -> N {
        if let Some(n) = self.t.tallies.get(&(list, src)) {
            return *n;
        }
        let level = src.map_or(0, |t| self.tl(child, t) + 1);
        let Some(levels) = self.t.tally_level.get_mut(owner.index()) else { return N(u32::MAX) };
        let dst = N(len32(levels));
        levels.push(level);
        if !self.t.patching()
            && let Some(scope) = self.t.program.scopes.get_mut(owner.index())
        {
            scope.tallies = dst.0 + 1;
        }
        self.emit(owner, level, Op::Tally { dst, list, src });
        if !self.t.patching() {
            self.t.tallies.insert((list, src), dst);
        }
        dst
    }

    pub(super) fn all(&mut self, e: EntityId, args: &[T]) -> T {
        self.many(e, args, true)
    }

    pub(super) fn any(&mut self, e: EntityId, args: &[T]) -> T {
        self.many(e, args, false)
    }

    fn many(&mut self, e: EntityId, args: &[T], and: bool) -> T {
        let level = args.iter().map(|t| self.tl(e, *t)).max().unwrap_or(0);
        match args {
            [] => self.new_truth(e, 0, |dst| Op::True(dst, and)),
            [one] => *one,
            [a, b] => {
                let (a, b) = (*a, *b);
                self.new_truth(e, level, |dst| if and { Op::And2(dst, a, b) } else { Op::Or2(dst, a, b) })
            }
            _ => {
                let slice = Slice { start: len32(&self.t.program.truth_args), len: len32(args) };
                self.t.program.truth_args.extend_from_slice(args);
                self.new_truth(e, level, |dst| if and { Op::And(dst, slice) } else { Op::Or(dst, slice) })
            }
        }
    }

    /// A truth of `from` read in `to`: lifted when `from` is an ancestor; 有 when it is a descendant.
    pub(super) fn truth_at(&mut self, t: T, from: EntityId, to: EntityId) -> T {
        if from == to {
            return t;
        }
        let key = (from, to, t.0, true);
        if let Some(Place::Truth(t)) = self.t.lifted.get(&key) {
            return *t;
        }
        let out = if let Some(up) = self.distance(to, from) {
            let level = self.tl(from, t);
            self.new_truth(to, level, |dst| Op::LiftTruth { dst, up, src: t })
        } else if let Some((parent, list)) = self.hir.entities.get(from.index()).and_then(|e| e.parent) {
            let level = self.tl(from, t) + 1;
            let here = self.new_truth(parent, level, |dst| Op::Quant {
                dst,
                quantifier: crate::hir::Quantifier::Exists,
                list,
                src: Some(t),
            });
            self.truth_at(here, parent, to)
        } else {
            T(u32::MAX)
        };
        self.t.claim(to, Place::Truth(out));
        if !self.t.patching() {
            self.t.lifted.insert(key, Place::Truth(out));
        }
        out
    }

    /// A value of the ancestor `from` read in `to`.
    pub(super) fn value_at(&mut self, v: V, from: EntityId, to: EntityId) -> V {
        if from == to {
            return v;
        }
        let key = (from, to, v.0, false);
        if let Some(Place::Value(v)) = self.t.lifted.get(&key) {
            return *v;
        }
        let out = match self.distance(to, from) {
            Some(up) => {
                let level = self.vl(from, v);
                self.new_value(to, level, |dst| Op::LiftValue { dst, up, src: v })
            }
            None => V(u32::MAX),
        };
        self.t.claim(to, Place::Value(out));
        if !self.t.patching() {
            self.t.lifted.insert(key, Place::Value(out));
        }
        out
    }

    /// Levels from `low` up to its ancestor `high`.
    fn distance(&self, low: EntityId, high: EntityId) -> Option<u32> {
        let (mut at, mut up) = (low, 0);
        while at != high {
            at = self.hir.entities.get(at.index())?.parent?.0;
            up += 1;
        }
        Some(up)
    }

    pub(super) fn constant_place(
        &mut self,
        at: EntityId,
        expr: ExprId,
        make: impl FnOnce(&mut Self) -> Place,
    ) -> Place {
        if let Some(place) = self.t.constants.get(&(at, expr)) {
            return *place;
        }
        let place = make(self);
        self.t.claim(at, place);
        if !self.t.patching() {
            self.t.constants.insert((at, expr), place);
        }
        place
    }
}
