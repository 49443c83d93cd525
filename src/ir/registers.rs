//! Registers of the program being built: their levels, and reading them from another entity.
use super::lower::{Lowerer, len32};
use super::model::{N, Op, Place, Slice, T, V};
use crate::hir::{ConclusionId, EntityId, ExprId, FactId};

impl Lowerer<'_> {
    pub(super) fn tl(&self, e: EntityId, t: T) -> u32 {
        self.truth_level.get(e.index()).and_then(|l| l.get(t.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn vl(&self, e: EntityId, v: V) -> u32 {
        self.value_level.get(e.index()).and_then(|l| l.get(v.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn nl(&self, e: EntityId, n: N) -> u32 {
        self.tally_level.get(e.index()).and_then(|l| l.get(n.0 as usize)).copied().unwrap_or(0)
    }

    pub(super) fn cl(&self, c: ConclusionId) -> u32 {
        self.decided_level.get(c.index()).copied().unwrap_or(0)
    }

    pub(super) fn emit(&mut self, e: EntityId, level: u32, op: Op) {
        if let Some(code) = self.code.get_mut(e.index()) {
            code.push((level, op));
        }
    }

    pub(super) fn new_truth(&mut self, e: EntityId, level: u32, op: impl FnOnce(T) -> Op) -> T {
        let Some(levels) = self.truth_level.get_mut(e.index()) else { return T(u32::MAX) };
        let dst = T(len32(levels));
        levels.push(level);
        if let Some(scope) = self.program.scopes.get_mut(e.index()) {
            scope.truths = dst.0 + 1;
        }
        self.emit(e, level, op(dst));
        dst
    }

    pub(super) fn new_value(&mut self, e: EntityId, level: u32, op: impl FnOnce(V) -> Op) -> V {
        let Some(levels) = self.value_level.get_mut(e.index()) else { return V(u32::MAX) };
        let dst = V(len32(levels));
        levels.push(level);
        if let Some(scope) = self.program.scopes.get_mut(e.index()) {
            scope.values = dst.0 + 1;
        }
        self.emit(e, level, op(dst));
        dst
    }

    /// The tally of a list, shared by all who ask about 其他.
    pub(super) fn tally(&mut self, list: FactId, src: Option<T>, child: EntityId, owner: EntityId) -> N {
        if let Some(n) = self.tallies.get(&(list, src)) {
            return *n;
        }
        let level = src.map_or(0, |t| self.tl(child, t) + 1);
        let Some(levels) = self.tally_level.get_mut(owner.index()) else { return N(u32::MAX) };
        let dst = N(len32(levels));
        levels.push(level);
        if let Some(scope) = self.program.scopes.get_mut(owner.index()) {
            scope.tallies = dst.0 + 1;
        }
        self.emit(owner, level, Op::Tally { dst, list, src });
        self.tallies.insert((list, src), dst);
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
                let slice = Slice { start: len32(&self.program.truth_args), len: len32(args) };
                self.program.truth_args.extend_from_slice(args);
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
        if let Some(Place::Truth(t)) = self.lifted.get(&key) {
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
        self.lifted.insert(key, Place::Truth(out));
        out
    }

    /// A value of the ancestor `from` read in `to`.
    pub(super) fn value_at(&mut self, v: V, from: EntityId, to: EntityId) -> V {
        if from == to {
            return v;
        }
        let key = (from, to, v.0, false);
        if let Some(Place::Value(v)) = self.lifted.get(&key) {
            return *v;
        }
        let out = match self.distance(to, from) {
            Some(up) => {
                let level = self.vl(from, v);
                self.new_value(to, level, |dst| Op::LiftValue { dst, up, src: v })
            }
            None => V(u32::MAX),
        };
        self.lifted.insert(key, Place::Value(out));
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
        if let Some(place) = self.constants.get(&(at, expr)) {
            return *place;
        }
        let place = make(self);
        self.constants.insert((at, expr), place);
        place
    }
}
