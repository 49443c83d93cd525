//! Which facts a result hangs on: those whose being 不明 keeps it open, the judgements (酌定) and the assumptions
//! (未载明视为否, 推定) it rests on. A worklist, no recursion: chains of definitions may be as long as they like.
use super::decide::{Standing, standing};
use super::exec::Evaluation;
use super::store::{NoteAt, NoteKind, State};
use crate::base::{Truth, Val};
use crate::facts::{Case, Children};
use crate::hir::{ConclusionId, EntityId, Exception, ExprId, ExprKind, FactId, Node, RuleId, Slot, Type};
use crate::ir::{Entry, Gives, Place, Program, home, member};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A fact of one row of its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf {
    /// Fact.
    pub fact: FactId,
    /// Row of the fact's entity.
    pub row: u32,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    /// 不明 facts that could change the result.
    pub unknown: BTreeSet<Leaf>,
    /// 酌定 facts it rests on.
    pub judgements: BTreeSet<Leaf>,
    /// Facts taken as 否 because 未载明, or as presumed by 推定.
    pub assumed: BTreeSet<Leaf>,
    /// Why computed values it waits for are 不明 although their facts are known.
    pub notes: BTreeSet<NoteKind>,
}

impl Leaves {
    fn add(&mut self, other: &Self) {
        self.unknown.extend(&other.unknown);
        self.judgements.extend(&other.judgements);
        self.assumed.extend(&other.assumed);
        self.notes.extend(&other.notes);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    Expr(ExprId, EntityId, u32),
    Guard(RuleId, EntityId, u32),
    Conclusion(ConclusionId, u32),
}

/// Walks from conclusions, guards or expressions down to facts.
pub(super) struct Walk<'a> {
    pub program: &'a Program,
    pub case: &'a Case,
    pub run: &'a Evaluation,
    /// Collect 不明 facts only, following 不明 nodes only.
    pub open_only: bool,
    pub found: Leaves,
    todo: Vec<Item>,
    seen: FxHashSet<Item>,
    known: &'a Known,
}

/// What conclusions hang on, once found: others that read them need not walk there again.
#[derive(Debug, Default)]
pub(super) struct Known {
    support: RefCell<FxHashMap<(ConclusionId, u32), Rc<Leaves>>>,
    open: RefCell<FxHashMap<(ConclusionId, u32), Rc<Leaves>>>,
}

impl Known {
    fn of(&self, open_only: bool) -> &RefCell<FxHashMap<(ConclusionId, u32), Rc<Leaves>>> {
        if open_only { &self.open } else { &self.support }
    }

    /// Conclusions in the order in which they were decided, so that each finds those it reads.
    pub fn fill(&self, program: &Program, case: &Case, run: &Evaluation) {
        for node in &program.hir.order {
            let Node::Decide(c) = node else { continue };
            let Some(entity) = program.hir.conclusions.get(c.index()).map(|c| c.entity) else { continue };
            for row in 0..run.rows(entity) {
                Walk::new(program, case, run, self, false).conclusion(*c, row);
                if run.record(program, *c, row).state == State::Pending {
                    Walk::new(program, case, run, self, true).conclusion(*c, row);
                }
            }
        }
    }
}

impl<'a> Walk<'a> {
    pub fn new(
        program: &'a Program,
        case: &'a Case,
        run: &'a Evaluation,
        known: &'a Known,
        open_only: bool,
    ) -> Self {
        Self {
            program,
            case,
            run,
            open_only,
            found: Leaves::default(),
            todo: Vec::new(),
            seen: FxHashSet::default(),
            known,
        }
    }

    pub fn conclusion(mut self, c: ConclusionId, row: u32) -> Rc<Leaves> {
        let known = self.known.of(self.open_only);
        if let Some(leaves) = known.borrow().get(&(c, row)) {
            return Rc::clone(leaves);
        }
        self.result(c, row);
        let leaves = Rc::new(self.finish());
        known.borrow_mut().insert((c, row), Rc::clone(&leaves));
        leaves
    }

    /// What keeps an option from standing: its guard, what stands above it, and its value.
    pub fn option(mut self, entry: &Entry, entity: EntityId, row: u32) -> Leaves {
        self.entry(entry, entity, row);
        self.finish()
    }

    /// What keeps a rule from applying.
    pub fn guard(mut self, rule: RuleId, entity: EntityId, row: u32) -> Leaves {
        self.push(Item::Guard(rule, entity, row));
        self.finish()
    }

    fn entry(&mut self, entry: &Entry, entity: EntityId, row: u32) {
        self.push(Item::Guard(entry.rule, entity, row));
        for above in entry.above.of(&self.program.above) {
            if let Some(higher) = self.program.entries.get(*above as usize) {
                self.push(Item::Guard(higher.rule, entity, row));
            }
        }
        self.value_of(entry, entity, row);
    }

    fn note(&mut self, entity: EntityId, row: u32, at: NoteAt) {
        if let Some(kind) = self.run.notes.get(&(entity, row, at)) {
            self.found.notes.insert(*kind);
        }
    }

    pub fn expressions(mut self, exprs: impl Iterator<Item = ExprId>) -> Leaves {
        for e in exprs {
            self.push(Item::Expr(e, EntityId(0), 0));
        }
        self.finish()
    }

    fn push(&mut self, item: Item) {
        if self.seen.insert(item) {
            self.todo.push(item);
        }
    }

    fn finish(mut self) -> Leaves {
        while let Some(item) = self.todo.pop() {
            match item {
                Item::Expr(e, entity, row) => self.expr(e, entity, row),
                Item::Guard(rule, entity, row) => self.rule(rule, entity, row),
                Item::Conclusion(c, row) => {
                    let known = self.known.of(self.open_only).borrow().get(&(c, row)).map(Rc::clone);
                    match known {
                        Some(leaves) => self.found.add(&leaves),
                        None => self.result(c, row),
                    }
                }
            }
        }
        self.found
    }

    /// The row of `to` seen from a row of `from`: the same or an ancestor.
    fn row_at(&self, from: EntityId, row: u32, to: EntityId) -> Option<u32> {
        let (mut at, mut row) = (from, row);
        while at != to {
            row = *self.case.table(at)?.parent.get(row as usize)?;
            at = self.program.hir.entities.get(at.index())?.parent?.0;
        }
        Some(row)
    }

    fn result(&mut self, c: ConclusionId, row: u32) {
        let Some(conclusion) = self.program.hir.conclusions.get(c.index()) else { return };
        self.note(conclusion.entity, row, NoteAt::Conclusion(c));
        let Some(decision) = self.program.decisions.get(c.index()) else { return };
        let record = self.run.record(self.program, c, row);
        let Some(store) = self.run.stores.get(conclusion.entity.index()) else { return };
        let entries =
            decision.entries.of(&self.program.entries).get(..decision.mandatory as usize).unwrap_or(&[]);
        for entry in entries {
            let standing = standing(self.program, store.row(row), entry);
            let matters = if self.open_only {
                standing == Standing::MayFire || matches!(entry.gives, Gives::Value(_) | Gives::Duty { .. })
            } else {
                standing != Standing::Out || record.state != State::Decided || differs(entry, record.certain)
            };
            if !matters || (self.open_only && standing == Standing::Out) {
                continue;
            }
            self.entry(entry, conclusion.entity, row);
        }
    }

    fn value_of(&mut self, entry: &Entry, entity: EntityId, row: u32) {
        let Some(rule) = self.program.hir.rules.get(entry.rule.index()) else { return };
        let Some(consequence) = rule.consequences.get(entry.consequence as usize) else { return };
        if let Gives::Duty { deadline, .. } = entry.gives {
            self.note(entity, row, NoteAt::Value(deadline));
        }
        match &consequence.kind {
            crate::hir::ConsequenceKind::Value(e) => self.push(Item::Expr(*e, entity, row)),
            crate::hir::ConsequenceKind::Duty { from, period, performed, extensions } => {
                for e in [from, period, performed] {
                    self.push(Item::Expr(*e, entity, row));
                }
                for (cond, _) in extensions {
                    self.push(Item::Expr(*cond, entity, row));
                }
            }
            crate::hir::ConsequenceKind::Set { .. } | crate::hir::ConsequenceKind::Include { .. } => {}
        }
    }

    fn rule(&mut self, id: RuleId, from: EntityId, row: u32) {
        let Some(rule) = self.program.hir.rules.get(id.index()) else { return };
        let Some(row) = self.row_at(from, row, rule.entity) else {
            // Asked from an ancestor (符合): every row below counts.
            for row in self.rows_below(rule.entity, from, row) {
                self.push(Item::Guard(id, rule.entity, row));
            }
            return;
        };
        let whole = self.program.guard(id).map_or(Truth::Unknown, |t| self.run.truth(rule.entity, row, t));
        if self.open_only && whole != Truth::Unknown {
            return;
        }
        let condition = self.truth(rule.guard, rule.entity, row);
        if whole.is_true() || whole == Truth::Unknown || condition.is_true() {
            self.exceptions(&rule.exceptions, rule.entity, row);
        }
        if whole != Truth::False || !condition.is_true() {
            self.push(Item::Expr(rule.guard, rule.entity, row));
        }
    }

    fn exceptions(&mut self, list: &[Exception], entity: EntityId, row: u32) {
        let mut stack: Vec<&Exception> = list.iter().collect();
        while let Some(exception) = stack.pop() {
            self.push(Item::Expr(exception.cond, entity, row));
            if self.truth(exception.cond, entity, row).is_possible() {
                stack.extend(&exception.inner);
            }
        }
    }

    fn rows_below(&self, entity: EntityId, ancestor: EntityId, row: u32) -> Vec<u32> {
        let rows = self.run.rows(entity);
        (0..rows).filter(|r| self.row_at(entity, *r, ancestor) == Some(row)).collect()
    }

    /// Truth of an expression seen from a row.
    fn truth(&self, e: ExprId, from: EntityId, row: u32) -> Truth {
        let own = home(&self.program.hir, e);
        if let Some(ExprKind::Bool(b)) = self.program.hir.exprs.get(e.index()).map(|e| &e.kind) {
            return Truth::from(*b);
        }
        match (self.program.place(e), self.row_at(from, row, own)) {
            (Place::Truth(t), Some(row)) => self.run.truth(own, row, t),
            _ => Truth::Unknown,
        }
    }

    /// Whether an expression is settled, so that 不明 facts below it cannot matter.
    fn settled(&self, e: ExprId, from: EntityId, row: u32) -> bool {
        let own = home(&self.program.hir, e);
        let Some(row) = self.row_at(from, row, own) else { return false };
        match self.program.place(e) {
            Place::Truth(t) => self.run.truth(own, row, t) != Truth::Unknown,
            Place::Value(v) => !matches!(self.run.value(own, row, v), Val::Unknown | Val::Range(..)),
            Place::None => matches!(
                self.program.hir.exprs.get(e.index()).map(|e| &e.kind),
                Some(ExprKind::Const(_) | ExprKind::Bool(_))
            ),
        }
    }

    fn all(&mut self, exprs: &[ExprId], from: EntityId, row: u32) {
        for e in exprs {
            self.push(Item::Expr(*e, from, row));
        }
    }

    /// Of a 且 that is 否 or an 或者 that is 是, one member suffices: rather one that rests on no bare fact
    /// somebody assumed or judged.
    fn one_of(&mut self, exprs: &[ExprId], truth: Truth, from: EntityId, row: u32) {
        let matching: Vec<ExprId> =
            exprs.iter().copied().filter(|e| self.truth(*e, from, row) == truth).collect();
        let firm = matching.iter().copied().find(|e| !self.rests(*e, from, row));
        if let Some(e) = firm.or(matching.first().copied()) {
            self.push(Item::Expr(e, from, row));
        }
    }

    fn rests(&self, e: ExprId, from: EntityId, row: u32) -> bool {
        match self.program.hir.exprs.get(e.index()).map(|e| &e.kind) {
            Some(ExprKind::Fact(f)) => {
                let own = home(&self.program.hir, e);
                self.program.hir.facts.get(f.index()).is_some_and(|f| f.judgement)
                    || self.row_at(from, row, own).is_some_and(|row| self.is_assumed(*f, row))
            }
            Some(ExprKind::Not(inner)) => self.rests(*inner, from, row),
            _ => false,
        }
    }

    fn expr(&mut self, e: ExprId, from: EntityId, row: u32) {
        let Some(expr) = self.program.hir.exprs.get(e.index()) else { return };
        if self.open_only && self.settled(e, from, row) {
            return;
        }
        if !self.run.notes.is_empty() {
            let own = home(&self.program.hir, e);
            match (self.program.place(e), self.row_at(from, row, own)) {
                (Place::Value(v), Some(row)) => self.note(own, row, NoteAt::Value(v)),
                (Place::Truth(t), Some(row)) => self.note(own, row, NoteAt::Truth(t)),
                (Place::Value(_) | Place::Truth(_), None) | (Place::None, _) => {}
            }
        }
        match &expr.kind {
            ExprKind::Fact(f) => self.fact(*f, from, row),
            ExprKind::Conclusion(c) | ExprKind::DutyDeadline(c) => {
                if let Some(row) = self.row_at(from, row, home(&self.program.hir, e)) {
                    self.push(Item::Conclusion(*c, row));
                }
            }
            ExprKind::Definition(d) => {
                if let Some(d) = self.program.hir.definitions.get(d.index())
                    && let Some(row) = self.row_at(from, row, d.entity)
                {
                    self.push(Item::Expr(d.value, d.entity, row));
                }
            }
            ExprKind::And(args) => match self.truth(e, from, row) {
                Truth::False if !self.open_only => self.one_of(args, Truth::False, from, row),
                _ => self.all(args, from, row),
            },
            ExprKind::Or(args) => match self.truth(e, from, row) {
                Truth::True if !self.open_only => self.one_of(args, Truth::True, from, row),
                _ => self.all(args, from, row),
            },
            ExprKind::Not(a)
            | ExprKind::InSet { value: a, .. }
            | ExprKind::Includes { value: a, .. }
            | ExprKind::Portion { base: a, .. }
            | ExprKind::Round { value: a, .. } => self.push(Item::Expr(*a, from, row)),
            ExprKind::Cmp { left: a, right: b, .. }
            | ExprKind::Share { part: a, whole: b, .. }
            | ExprKind::Arith { left: a, right: b, .. }
            | ExprKind::Deadline { from: a, period: b }
            | ExprKind::Shift { date: a, period: b, .. }
            | ExprKind::Between { from: a, to: b, .. } => self.all(&[*a, *b], from, row),
            ExprKind::Window { value, anchor, within, .. } => {
                self.all(&[*value, *anchor], from, row);
                if let Some(w) = within {
                    self.push(Item::Expr(*w, from, row));
                }
            }
            ExprKind::InRange { value, low, high } => self.all(&[*value, *low, *high], from, row),
            ExprKind::ExtremeOf { args, .. } => self.all(args, from, row),
            ExprKind::OfOne { list, body } => self.list(*list, &[*body], from, row, false),
            ExprKind::Quant { list, other, cond, .. } => {
                let body: Vec<ExprId> = cond.iter().copied().collect();
                self.list(*list, &body, from, row, *other);
            }
            ExprKind::Count { list, cond } => {
                let body: Vec<ExprId> = cond.iter().copied().collect();
                self.list(*list, &body, from, row, false);
            }
            ExprKind::Sum { list, cond, field } | ExprKind::ExtremeIn { list, cond, field, .. } => {
                let body: Vec<ExprId> = cond.iter().copied().chain([*field]).collect();
                self.list(*list, &body, from, row, false);
            }
            ExprKind::Meets { rules, conditions } => {
                for rule in rules {
                    self.push(Item::Guard(*rule, from, row));
                }
                self.all(conditions, from, row);
            }
            ExprKind::Bool(_) | ExprKind::Const(_) | ExprKind::Error => {}
        }
    }

    fn list(&mut self, list: FactId, body: &[ExprId], from: EntityId, row: u32, other: bool) {
        let Some(fact) = self.program.hir.facts.get(list.index()) else { return };
        let Some(child) = member(&self.program.hir, list) else { return };
        let Some(owner_row) = self.row_at(from, row, fact.entity) else { return };
        let mine = if other { self.row_at(from, row, child) } else { None };
        match self.children(list, owner_row) {
            Children::Unknown => {
                self.found.unknown.insert(Leaf { fact: list, row: owner_row });
            }
            Children::Na => {}
            Children::Rows(start, end) => {
                for r in (start..end).filter(|r| Some(*r) != mine) {
                    self.all(body, child, r);
                }
            }
        }
    }

    fn children(&self, list: FactId, row: u32) -> Children {
        let Some(fact) = self.program.hir.facts.get(list.index()) else { return Children::Unknown };
        let stride = self.program.hir.entities.get(fact.entity.index()).map_or(0, |e| e.child_slots as usize);
        let Slot::Child(slot) = fact.slot else { return Children::Unknown };
        self.case
            .table(fact.entity)
            .and_then(|t| t.children.get(row as usize * stride + slot as usize))
            .copied()
            .unwrap_or_default()
    }

    fn fact(&mut self, id: FactId, from: EntityId, row: u32) {
        let Some(fact) = self.program.hir.facts.get(id.index()) else { return };
        let Some(row) = self.row_at(from, row, fact.entity) else { return };
        if matches!(fact.ty, Type::List(_) | Type::One(_)) {
            return;
        }
        let leaf = Leaf { fact: id, row };
        for deem in self.program.hir.deems.iter().filter(|d| d.fact == id) {
            self.push(Item::Guard(deem.rule, fact.entity, row));
        }
        if self.is_unknown(id, row) {
            // Known in the case but possibly deemed otherwise: what is open is the deeming, not the fact.
            if self.raw_unknown(id, row) {
                self.found.unknown.insert(leaf);
            }
        } else if self.is_assumed(id, row) {
            // Nobody judged what nobody wrote down.
            self.found.assumed.insert(leaf);
        } else if fact.judgement {
            self.found.judgements.insert(leaf);
        }
    }

    fn is_unknown(&self, id: FactId, row: u32) -> bool {
        let Some(fact) = self.program.hir.facts.get(id.index()) else { return false };
        let place = self.program.deemed.get(id.index()).copied().unwrap_or_default();
        match (fact.slot, place) {
            (_, Place::Truth(t)) => self.run.truth(fact.entity, row, t) == Truth::Unknown,
            (_, Place::Value(v)) => self.run.value(fact.entity, row, v) == Val::Unknown,
            (Slot::Truth(n), Place::None) => {
                self.run.truth(fact.entity, row, crate::ir::T(n)) == Truth::Unknown
            }
            (Slot::Value(n), Place::None) => {
                self.run.value(fact.entity, row, crate::ir::V(n)) == Val::Unknown
            }
            (Slot::Child(_), Place::None) => self.children(id, row) == Children::Unknown,
        }
    }

    fn raw_unknown(&self, id: FactId, row: u32) -> bool {
        let Some(fact) = self.program.hir.facts.get(id.index()) else { return false };
        match fact.slot {
            Slot::Truth(n) => self.run.truth(fact.entity, row, crate::ir::T(n)) == Truth::Unknown,
            Slot::Value(n) => self.run.value(fact.entity, row, crate::ir::V(n)) == Val::Unknown,
            Slot::Child(_) => self.children(id, row) == Children::Unknown,
        }
    }

    /// Taken as 否 because absent, or presumed where the record says nothing.
    fn is_assumed(&self, id: FactId, row: u32) -> bool {
        let Some(fact) = self.program.hir.facts.get(id.index()) else { return false };
        let Some(table) = self.case.table(fact.entity) else { return false };
        let presumable = self.program.hir.deems.iter().any(|d| d.fact == id && d.presume);
        let entity = self.program.hir.entities.get(fact.entity.index());
        match fact.slot {
            Slot::Truth(n) => {
                let at = row as usize * entity.map_or(0, |e| e.truth_slots as usize) + n as usize;
                let presumed =
                    presumable && table.truth.get(at) == Some(&Truth::Unknown) && !self.is_unknown(id, row);
                table.assumed.get(at).copied().unwrap_or(false) || presumed
            }
            Slot::Value(n) => {
                let at = row as usize * entity.map_or(0, |e| e.value_slots as usize) + n as usize;
                presumable && table.values.get(at) == Some(&Val::Unknown) && !self.is_unknown(id, row)
            }
            Slot::Child(_) => false,
        }
    }
}

/// Whether an entry, had it fired, would have changed a decided set.
fn differs(entry: &Entry, decided: u64) -> bool {
    match entry.gives {
        Gives::Mask(mask, _) if entry.mode == crate::hir::Mode::MustNot => decided & mask != 0,
        Gives::Mask(mask, _) => mask != decided,
        Gives::Value(_) | Gives::Duty { .. } => true,
    }
}
