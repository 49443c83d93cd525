//! [`Hir`] → [`Program`]: every expression becomes one register of the entity it belongs to.
//!
//! Operations carry a level while they are collected. Within a level, blocks run from the root to the leaves,
//! so a row may read its ancestors at its own level; what reads a list of children is one level up.
use super::model::{Block, DecisionKind, Entry, Gives, Op, Place, Program, Slice, T, V};
use super::tables::Tables;
use crate::hir::{
    ConclusionId, ConsequenceKind, EntityId, Exception, ExprId, ExprKind, FactId, Hir, Mode, Node, RuleId,
    Type,
};
use std::collections::HashMap;

/// Lowers a program that has no errors. Parts that do have errors come out as registers nobody writes (不明).
#[must_use]
pub fn lower(hir: Hir) -> Program {
    let mut program = lower_all(&hir, false).program;
    program.hir = hir;
    program
}

/// Lowers everything; `own_registers`: each expression and each guard gets a register that is nobody else's.
pub(super) fn lower_all(hir: &Hir, own_registers: bool) -> Tables {
    let mut lowerer = Lowerer { hir, t: Tables::new(hir, own_registers) };
    for node in &hir.order {
        lowerer.node(*node);
    }
    lowerer.assemble();
    lowerer.t
}

/// The entity in whose registers an expression is computed.
#[must_use]
pub fn home(hir: &Hir, expr: ExprId) -> EntityId {
    let root = EntityId(0);
    let Some(e) = hir.exprs.get(expr.index()) else { return root };
    match &e.kind {
        ExprKind::Fact(f)
        | ExprKind::OfOne { list: f, .. }
        | ExprKind::Quant { list: f, other: false, .. }
        | ExprKind::Count { list: f, .. }
        | ExprKind::Sum { list: f, .. }
        | ExprKind::ExtremeIn { list: f, .. } => hir.facts.get(f.index()).map_or(root, |f| f.entity),
        ExprKind::Quant { list: f, other: true, .. } => member(hir, *f).unwrap_or(root),
        ExprKind::Conclusion(c) | ExprKind::DutyDeadline(c) => {
            hir.conclusions.get(c.index()).map_or(root, |c| c.entity)
        }
        ExprKind::Definition(d) => hir.definitions.get(d.index()).map_or(root, |d| d.entity),
        ExprKind::Bool(_)
        | ExprKind::Const(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::InSet { .. }
        | ExprKind::Includes { .. }
        | ExprKind::Cmp { .. }
        | ExprKind::Share { .. }
        | ExprKind::Window { .. }
        | ExprKind::InRange { .. }
        | ExprKind::Meets { .. }
        | ExprKind::Arith { .. }
        | ExprKind::Portion { .. }
        | ExprKind::ExtremeOf { .. }
        | ExprKind::Round { .. }
        | ExprKind::Deadline { .. }
        | ExprKind::Shift { .. }
        | ExprKind::Between { .. }
        | ExprKind::Error => e.entity,
    }
}

/// The entity whose members a 多个 / 一个 fact holds.
#[must_use]
pub fn member(hir: &Hir, list: FactId) -> Option<EntityId> {
    match hir.facts.get(list.index())?.ty {
        Type::List(e) | Type::One(e) => Some(e),
        Type::Bool
        | Type::Int(_)
        | Type::Decimal(_)
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::Enum(_)
        | Type::Multi(_)
        | Type::Duty(_)
        | Type::Error => None,
    }
}

pub(super) struct Lowerer<'h> {
    pub(super) hir: &'h Hir,
    pub(super) t: Tables,
}

impl Lowerer<'_> {
    fn node(&mut self, node: Node) {
        match node {
            Node::Scope => self.scope_clause(),
            Node::Deemed(fact) => self.deemed(fact),
            Node::Definition(id) => {
                let Some(definition) = self.hir.definitions.get(id.index()) else { return };
                let place = match definition.ty {
                    Type::Bool => Place::Truth(self.truth(definition.value, definition.entity)),
                    _ => Place::Value(self.value(definition.value, definition.entity)),
                };
                if let Some(slot) = self.t.definitions.get_mut(id.index()) {
                    *slot = place;
                }
            }
            Node::Guard(rule) => self.guard(rule),
            Node::Decide(conclusion) => self.decide(conclusion),
            Node::Options(conclusion) => self.options(conclusion),
        }
    }

    fn scope_clause(&mut self) {
        let root = EntityId(0);
        let conds: Vec<T> = self.hir.scope.iter().map(|c| c.cond).map(|c| self.truth(c, root)).collect();
        if !conds.is_empty() {
            self.t.program.applicable = Some(self.all(root, &conds));
        }
    }

    fn deemed(&mut self, id: FactId) {
        let Some(fact) = self.hir.facts.get(id.index()) else { return };
        let entity = fact.entity;
        let mut place = self.raw(id);
        for deem in self.t.deems.get(&id).cloned().unwrap_or_default() {
            let guard = self.guard_at(deem.rule, entity);
            place = match place {
                Place::Truth(prev) => {
                    let to = matches!(
                        self.hir.exprs.get(deem.value.index()).map(|e| &e.kind),
                        Some(ExprKind::Bool(true))
                    ) || matches!(
                        self.hir.exprs.get(deem.value.index()).map(|e| &e.kind),
                        Some(ExprKind::Const(crate::base::Val::Mask(2)))
                    );
                    let level = self.tl(entity, prev).max(self.tl(entity, guard));
                    Place::Truth(self.new_truth(entity, level, |dst| Op::DeemTruth {
                        dst,
                        prev,
                        guard,
                        to,
                        presume: deem.presume,
                    }))
                }
                Place::Value(prev) => {
                    let to = self.value(deem.value, entity);
                    let level = self.vl(entity, prev).max(self.tl(entity, guard)).max(self.vl(entity, to));
                    Place::Value(self.new_value(entity, level, |dst| Op::DeemValue {
                        dst,
                        prev,
                        guard,
                        to,
                        presume: deem.presume,
                    }))
                }
                Place::None => Place::None,
            };
        }
        self.t.claim(entity, place);
        if let Some(slot) = self.t.program.deemed.get_mut(id.index()) {
            *slot = place;
        }
    }

    /// The registers the case's facts are loaded into.
    pub(super) fn raw(&self, id: FactId) -> Place {
        match self.hir.facts.get(id.index()).map(|f| f.slot) {
            Some(crate::hir::Slot::Truth(n)) => Place::Truth(T(n)),
            Some(crate::hir::Slot::Value(n)) => Place::Value(V(n)),
            Some(crate::hir::Slot::Child(_)) | None => Place::None,
        }
    }

    /// A fact's register after 视为 / 推定.
    pub(super) fn fact(&self, id: FactId) -> Place {
        match self.t.program.deemed.get(id.index()) {
            Some(Place::None) | None => self.raw(id),
            Some(place) => *place,
        }
    }

    /// A definition's register.
    pub(super) fn definition(&self, id: crate::hir::DefinitionId) -> Place {
        self.t.definitions.get(id.index()).copied().unwrap_or_default()
    }

    pub(super) fn guard(&mut self, id: RuleId) {
        let Some(rule) = self.hir.rules.get(id.index()) else { return };
        let mut guard = self.truth(rule.guard, rule.entity);
        if let Some(except) = self.any_exception(&rule.exceptions, rule.entity) {
            guard = self.and_not(rule.entity, guard, except);
        }
        guard = self.own_truth(rule.entity, guard);
        if let Some(slot) = self.t.program.guards.get_mut(id.index()) {
            *slot = guard;
        }
    }

    /// Provisos nest no deeper than the parser's nesting limit.
    fn any_exception(&mut self, exceptions: &[Exception], entity: EntityId) -> Option<T> {
        let mut applies = Vec::with_capacity(exceptions.len());
        for exception in exceptions {
            let cond = self.truth(exception.cond, entity);
            applies.push(match self.any_exception(&exception.inner, entity) {
                Some(inner) => self.and_not(entity, cond, inner),
                None => cond,
            });
        }
        (!applies.is_empty()).then(|| self.any(entity, &applies))
    }

    fn and_not(&mut self, entity: EntityId, a: T, b: T) -> T {
        let level = self.tl(entity, a).max(self.tl(entity, b));
        self.new_truth(entity, level, |dst| Op::AndNot(dst, a, b))
    }

    /// A rule's guard, read in `at`: lifted from an ancestor, or 有 over the rows of a descendant.
    pub(super) fn guard_at(&mut self, id: RuleId, at: EntityId) -> T {
        let entity = self.hir.rules.get(id.index()).map_or(EntityId(0), |r| r.entity);
        let guard = self.t.program.guards.get(id.index()).copied().unwrap_or(T(u32::MAX));
        self.truth_at(guard, entity, at)
    }

    pub(super) fn decide(&mut self, id: ConclusionId) {
        let Some(conclusion) = self.hir.conclusions.get(id.index()) else { return };
        let entity = conclusion.entity;
        let kind = match &conclusion.ty {
            Type::Bool => DecisionKind::Single { full: 0b11 },
            Type::Enum(e) => DecisionKind::Single { full: self.full(*e) },
            Type::Multi(_) => DecisionKind::Multi,
            Type::Duty(_) => DecisionKind::Duty,
            Type::Int(_)
            | Type::Decimal(_)
            | Type::Money
            | Type::Date
            | Type::Period
            | Type::Text
            | Type::List(_)
            | Type::One(_)
            | Type::Error => DecisionKind::Value,
        };
        let mut level = 0;
        let mut entries: Vec<Entry> = Vec::new();
        for (rule_id, n) in self.t.uses.get(&id).cloned().unwrap_or_default() {
            let Some(rule) = self.hir.rules.get(rule_id.index()) else { continue };
            let Some(consequence) = rule.consequences.get(n as usize) else { continue };
            // 可以 rules may depend on this very conclusion: `options` fills in their registers later.
            let optional = consequence.mode == Mode::May;
            let (guard, gives) = if optional {
                (T(u32::MAX), constant_gives(&consequence.kind))
            } else {
                let guard = self.t.program.guards.get(rule_id.index()).copied().unwrap_or(T(u32::MAX));
                (guard, self.gives(&consequence.kind, entity))
            };
            if !optional {
                level = level.max(self.tl(entity, guard));
                level = match gives {
                    Gives::Mask(..) => level,
                    Gives::Value(v) => level.max(self.vl(entity, v)),
                    Gives::Duty { deadline, performed } => {
                        level.max(self.vl(entity, deadline)).max(self.vl(entity, performed))
                    }
                };
            }
            entries.push(Entry {
                rule: rule_id,
                consequence: n,
                guard,
                mode: consequence.mode,
                gives,
                above: Slice::default(),
                above_same: Slice::default(),
            });
        }
        entries.sort_by_key(|e| (e.mode == Mode::May, e.rule, e.consequence));
        let base = u32::try_from(self.t.program.entries.len()).unwrap_or(u32::MAX);
        let mandatory = entries.iter().filter(|e| e.mode != Mode::May).count();
        self.link_above(&mut entries, base);
        let count = u32::try_from(entries.len()).unwrap_or(0);
        self.t.program.entries.extend(entries);
        if let Some(decision) = self.t.program.decisions.get_mut(id.index()) {
            decision.kind = kind;
            decision.default = conclusion.default;
            decision.entries = Slice { start: base, len: count };
            decision.mandatory = u32::try_from(mandatory).unwrap_or(0);
        }
        if let Some(slot) = self.t.decided_level.get_mut(id.index()) {
            *slot = level;
        }
        self.emit(entity, level, Op::Decide(id));
    }

    /// The registers of a conclusion's 可以 entries, once everything they read is computed.
    pub(super) fn options(&mut self, id: ConclusionId) {
        let Some(decision) = self.t.program.decisions.get(id.index()).copied() else { return };
        let Some(entity) = self.hir.conclusions.get(id.index()).map(|c| c.entity) else { return };
        for index in
            decision.entries.start + decision.mandatory..decision.entries.start + decision.entries.len
        {
            let Some(entry) = self.t.program.entries.get(index as usize).copied() else { continue };
            let Some(rule) = self.hir.rules.get(entry.rule.index()) else { continue };
            let Some(consequence) = rule.consequences.get(entry.consequence as usize) else { continue };
            let gives = self.gives(&consequence.kind, entity);
            let guard = self.t.program.guards.get(entry.rule.index()).copied().unwrap_or(T(u32::MAX));
            if let Some(entry) = self.t.program.entries.get_mut(index as usize) {
                entry.guard = guard;
                entry.gives = gives;
            }
        }
    }

    /// What a consequence contributes, its expressions lowered.
    fn gives(&mut self, kind: &ConsequenceKind, entity: EntityId) -> Gives {
        match kind {
            ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => constant_gives(kind),
            ConsequenceKind::Value(expr) => Gives::Value(self.value(*expr, entity)),
            ConsequenceKind::Duty { from, period, performed, extensions } => {
                let from = self.value(*from, entity);
                let performed = self.value(*performed, entity);
                let mut period = self.value(*period, entity);
                for (cond, more) in extensions {
                    let (cond, more) = (self.truth(*cond, entity), self.value(*more, entity));
                    let l = self.vl(entity, period).max(self.tl(entity, cond)).max(self.vl(entity, more));
                    period = self.new_value(entity, l, |dst| Op::Extend(dst, period, cond, more));
                }
                let l = self.vl(entity, from).max(self.vl(entity, period));
                let deadline = self.new_value(entity, l, |dst| Op::Deadline(dst, from, period));
                Gives::Duty { deadline, performed }
            }
        }
    }

    /// Fills in which entries stand above which. An equal constant value above cannot change the outcome.
    fn link_above(&mut self, entries: &mut [Entry], base: u32) {
        let mut by_rule: HashMap<RuleId, Vec<usize>> = HashMap::new();
        for (i, entry) in entries.iter().enumerate() {
            by_rule.entry(entry.rule).or_default().push(i);
        }
        for i in 0..entries.len() {
            let Some(low) = entries.get(i).copied() else { continue };
            let (mut strong, mut same) = (Vec::new(), Vec::new());
            for higher in self.t.above.get(low.rule.index()).into_iter().flatten() {
                for &j in by_rule.get(higher).into_iter().flatten() {
                    let Some(high) = entries.get(j) else { continue };
                    if low.mode != Mode::May && high.mode == Mode::May {
                        continue;
                    }
                    let index = base.saturating_add(u32::try_from(j).unwrap_or(0));
                    let constant = matches!(low.gives, Gives::Mask(..));
                    if constant && low.mode != Mode::May && high.gives == low.gives && high.mode == low.mode {
                        same.push(index);
                    } else {
                        strong.push(index);
                    }
                }
            }
            let above = self.pool_above(&strong);
            let above_same = self.pool_above(&same);
            if let Some(entry) = entries.get_mut(i) {
                entry.above = above;
                entry.above_same = above_same;
            }
        }
    }

    fn pool_above(&mut self, list: &[u32]) -> Slice {
        let slice = Slice { start: len32(&self.t.program.above), len: len32(list) };
        self.t.program.above.extend_from_slice(list);
        slice
    }

    pub(super) fn full(&self, id: crate::hir::EnumId) -> u64 {
        let n = self.hir.enums.get(id.index()).map_or(0, |e| e.values.len());
        if n >= 64 { u64::MAX } else { (1u64 << n) - 1 }
    }

    /// Operations in the order in which they are executed: by level, from the root to the leaves.
    fn assemble(&mut self) {
        let mut chunks: Vec<(u32, u32, usize, Vec<Op>)> = Vec::new();
        for (entity, mut code) in std::mem::take(&mut self.t.code).into_iter().enumerate() {
            code.sort_by_key(|(level, _)| *level);
            let depth = self.hir.entities.get(entity).map_or(0, |e| e.depth);
            for chunk in code.chunk_by(|a, b| a.0 == b.0) {
                let level = chunk.first().map_or(0, |c| c.0);
                chunks.push((level, depth, entity, chunk.iter().map(|c| c.1).collect()));
            }
        }
        chunks.sort_by_key(|c| (c.0, c.1, c.2));
        for (_, _, entity, code) in chunks {
            let ops = Slice { start: len32(&self.t.program.ops), len: len32(&code) };
            self.t.program.ops.extend(code);
            let entity = EntityId(u32::try_from(entity).unwrap_or(0));
            self.t.program.blocks.push(Block { entity, ops });
        }
    }
}

/// A contribution that needs no register; a computed one stands in for later.
fn constant_gives(kind: &ConsequenceKind) -> Gives {
    match kind {
        ConsequenceKind::Set { mask, select } | ConsequenceKind::Include { mask, select } => {
            Gives::Mask(*mask, *select)
        }
        ConsequenceKind::Value(_) | ConsequenceKind::Duty { .. } => Gives::Value(V(u32::MAX)),
    }
}

pub(super) fn len32<X>(list: &[X]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
