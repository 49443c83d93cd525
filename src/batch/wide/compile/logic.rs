//! Conditions as planes: every connective comes down to one instruction, all-of, on operands that may be negated. The
//! same all-of of one entity is computed once.
use super::Compiler;
use crate::batch::wide::plan::{Dst, Instr, List, Step};
use crate::batch::wide::plane::{Cond, P};
use crate::hir::{ConclusionId, EntityId};
use std::collections::hash_map::Entry;

impl Compiler<'_> {
    /// Adds an instruction for the rows of an entity.
    pub(super) fn emit(&mut self, entity: usize, instr: Instr) {
        let at = narrow(self.plan.instrs.len());
        self.plan.instrs.push(instr);
        match self.plan.steps.last_mut() {
            Some(step) if step.entity == entity => step.instrs.end = at + 1,
            Some(_) | None => self.plan.steps.push(Step { entity, instrs: at..at + 1 }),
        }
    }

    /// A new plane in the frames of an entity.
    pub(super) fn plane(&mut self, entity: usize) -> Dst {
        self.planes(entity, 1)
    }

    /// Several side by side.
    pub(super) fn planes(&mut self, entity: usize, count: u32) -> Dst {
        let Some(room) = self.plan.rooms.get_mut(entity) else { return 0 };
        room.planes += count;
        room.planes - count
    }

    /// All of the operands.
    pub(super) fn and(&mut self, entity: usize, parts: impl IntoIterator<Item = P>) -> P {
        let mut parts: Vec<P> = parts.into_iter().filter(|p| *p != P::ONE).collect();
        parts.sort_unstable();
        parts.dedup();
        // A plane and its opposite stand side by side.
        let opposed = parts.windows(2).any(|pair| matches!(pair, [a, b] if a.not() == *b));
        if opposed || parts.contains(&P::ZERO) {
            return P::ZERO;
        }
        match parts.as_slice() {
            [] => return P::ONE,
            [one] => return *one,
            _ => {}
        }
        let key = (entity, parts);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let dst = self.plane(entity);
        self.copy_all(entity, dst, &key.1);
        self.known.insert(key, P::at(0, dst));
        P::at(0, dst)
    }

    /// dst = all of the operands, whatever they are.
    pub(super) fn copy_all(&mut self, entity: usize, dst: Dst, parts: &[P]) {
        let instr = match *parts {
            [a, b] => Instr::And2(dst, a, b),
            [a, b, c] => Instr::And3(dst, a, b, c),
            _ => {
                let start = narrow(self.plan.operands.len());
                self.plan.operands.extend_from_slice(parts);
                Instr::And(dst, start..start + narrow(parts.len()))
            }
        };
        self.emit(entity, instr);
    }

    /// Any of the operands.
    pub(super) fn or(&mut self, entity: usize, parts: impl IntoIterator<Item = P>) -> P {
        self.and(entity, parts.into_iter().map(P::not)).not()
    }

    /// Where a condition is 不明.
    pub(super) fn open(&mut self, entity: usize, cond: Cond) -> P {
        match cond.open {
            _ if cond.is_known() => P::ZERO,
            Some(open) => open,
            None => self.and(entity, [cond.not_no, cond.yes.not()]),
        }
    }

    /// Where it is 不适用.
    pub(super) fn na(&mut self, entity: usize, cond: Cond) -> P {
        match cond.open {
            Some(open) if !cond.is_known() => self.and(entity, [cond.not_no, cond.yes.not(), open.not()]),
            Some(_) | None => P::ZERO,
        }
    }

    /// Where it is 是 or 不明.
    pub(super) fn may(&mut self, entity: usize, cond: Cond) -> P {
        match cond.open {
            _ if cond.is_known() => cond.yes,
            Some(open) => self.or(entity, [cond.yes, open]),
            None => cond.not_no,
        }
    }

    /// 且
    pub(super) fn all(&mut self, entity: usize, conds: &[Cond]) -> Cond {
        let yes = self.and(entity, conds.iter().map(|c| c.yes));
        let not_no = self.and(entity, conds.iter().map(|c| c.not_no));
        if yes == not_no || conds.iter().all(|c| c.open.is_none()) {
            return Cond { yes, not_no, open: None };
        }
        let opens: Vec<P> = conds.iter().map(|c| self.open(entity, *c)).collect();
        let any = self.or(entity, opens);
        Cond { yes, not_no, open: Some(self.and(entity, [not_no, any])) }
    }

    /// 或者
    pub(super) fn any(&mut self, entity: usize, conds: &[Cond]) -> Cond {
        let conds: Vec<Cond> = conds.iter().map(|c| c.not()).collect();
        self.all(entity, &conds).not()
    }

    /// `raw` where the operands are known.
    pub(super) fn judged(&mut self, entity: usize, raw: Cond, open: P, na: P) -> Cond {
        if open == P::ZERO && na == P::ZERO {
            return raw;
        }
        let yes = self.and(entity, [raw.yes, open.not(), na.not()]);
        let not_no = self.or(entity, [raw.not_no, open, na]);
        if na == P::ZERO && raw.open.is_none() {
            return Cond { yes, not_no, open: None };
        }
        let inner = self.open(entity, raw);
        let inner = self.and(entity, [inner, na.not()]);
        Cond { yes, not_no, open: Some(self.or(entity, [inner, open])) }
    }

    /// For some member of a list, the operand being a plane of the members' frames.
    pub(super) fn fold(&mut self, entity: usize, slot: u32, of: P) -> P {
        if of == P::ZERO {
            return P::ZERO;
        }
        self.at_least(entity, slot, of, 1)
    }

    /// For at least so many members.
    pub(super) fn at_least(&mut self, entity: usize, slot: u32, of: P, count: u32) -> P {
        if count == 0 {
            return P::ONE;
        }
        let next = self.plan.rooms.get(entity).map_or(0, |r| r.planes);
        match self.folds.entry((entity, slot, of, count)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => place.insert(P::at(0, next)),
        };
        let dst = self.plane(entity);
        let instr =
            if count == 1 { Instr::Fold(dst, slot, of) } else { Instr::AtLeast(dst, slot, of, count) };
        self.emit(entity, instr);
        P::at(0, dst)
    }

    /// 有: some member; the list itself may be 不明 or 不适用.
    pub(super) fn exists(&mut self, entity: usize, list: List, cond: Cond, child: usize) -> Cond {
        let yes = self.fold(entity, list.slot, cond.yes);
        let not_no = self.fold(entity, list.slot, cond.not_no);
        let open = match cond.open {
            Some(_) => {
                let open = self.open(child, cond);
                let open = self.fold(entity, list.slot, open);
                Some(self.and(entity, [open, yes.not()]))
            }
            None => None,
        };
        self.judged(entity, Cond { yes, not_no, open }, list.open, list.na)
    }

    /// Notes that reading a conclusion must not meet rows in `trouble`.
    pub(super) fn surprise(&mut self, entity: usize, conclusion: ConclusionId, trouble: P) {
        if self.surprises.insert((conclusion, trouble)) {
            self.emit(entity, Instr::Surprise(conclusion, trouble));
        }
    }

    /// The ancestor `up` generations above.
    pub(super) fn ancestor(&self, entity: usize, up: u32) -> usize {
        let parent = |e: usize| self.program.hir.entities.get(e).and_then(|e| e.parent).map(|(p, _)| p);
        (0..up).fold(entity, |at, _| parent(at).map_or(at, EntityId::index))
    }
}

pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
