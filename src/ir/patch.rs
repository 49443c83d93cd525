//! Small changes of a lowered program, made and taken back without lowering it again.
//!
//! A [`Workbench`] lowers a program once in such a way that every expression and every guard has a register of its own.
//! After its [`Hir`] has been edited in place, [`Workbench::patch`] gives what is to be computed instead at some
//! positions of the program; registers keep their numbers, so the runs of the original stay readable.
use super::flow::{Cell, Flow, writes};
use super::lower::{Lowerer, home, len32, lower_all};
use super::model::{Decision, Gives, Op, Place, Program, V};
use super::tables::Tables;
use crate::base::Val;
use crate::hir::{ConclusionId, EntityId, ExprId, ExprKind, Extreme, Hir, RuleId};

/// Registers of each kind a row has beyond those of the program, for patches.
const SPARE: usize = 16;

/// What an edit of the resolved program changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// The kind of an expression; its type and entity are as they were.
    Expr(ExprId),
    /// The guard or the exceptions of a rule.
    Guard(RuleId),
    /// The rules that speak on a conclusion, what they give, their modes and priorities, or its 默认.
    Decision(ConclusionId),
}

/// What is computed instead, by position in [`Program::ops`], in order; each operation for all rows of its entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// Positions with the operations that take the place of the one there.
    pub steps: Vec<(u32, Vec<(EntityId, Op)>)>,
    /// Conclusions whose contributions changed.
    pub decisions: Vec<ConclusionId>,
}

/// Where the pools of the program ended before a patch.
#[derive(Clone, Debug, Default)]
struct Marks {
    truths: Vec<usize>,
    values: Vec<usize>,
    tallies: Vec<usize>,
    truth_args: usize,
    value_args: usize,
    consts: usize,
    ratios: usize,
    entries: usize,
    above: usize,
    places: usize,
}

/// A program to be patched; `hir` of its program is the one to edit.
pub struct Workbench {
    tables: Tables,
    flow: Flow,
    marks: Marks,
    saved: Vec<(ConclusionId, Decision)>,
}

impl Workbench {
    /// Lowers a program.
    #[must_use]
    pub fn new(hir: Hir) -> Self {
        let mut tables = lower_all(&hir, true);
        tables.code = Vec::new();
        tables.program.hir = hir;
        let flow = Flow::new(&tables.program);
        let program = &tables.program;
        let marks = Marks {
            truths: tables.truth_level.iter().map(Vec::len).collect(),
            values: tables.value_level.iter().map(Vec::len).collect(),
            tallies: tables.tally_level.iter().map(Vec::len).collect(),
            truth_args: program.truth_args.len(),
            value_args: program.value_args.len(),
            consts: program.consts.len(),
            ratios: program.ratios.len(),
            entries: program.entries.len(),
            above: program.above.len(),
            places: program.places.len(),
        };
        let spare = u32::try_from(SPARE).unwrap_or(0);
        for scope in &mut tables.program.scopes {
            scope.truths = scope.truths.saturating_add(spare);
            scope.values = scope.values.saturating_add(spare);
        }
        Self { tables, flow, marks, saved: Vec::new() }
    }

    /// The program as it stands.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.tables.program
    }

    /// The resolved program, for editing.
    pub fn hir_mut(&mut self) -> &mut Hir {
        &mut self.tables.program.hir
    }

    /// What flows where in the program without patches.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// What is to be computed instead after the edit; none if the program has to be lowered anew. Either way the next
    /// thing to do is to take the edit back and call [`Self::revert`].
    pub fn patch(&mut self, touched: &[Touched]) -> Option<Patch> {
        let hir = std::mem::take(&mut self.tables.program.hir);
        self.tables.program.places.resize(hir.exprs.len(), Place::None);
        let mut patch = Patch::default();
        if touched.iter().any(|t| matches!(t, Touched::Decision(_))) {
            self.tables.read_rules(&hir);
        }
        let mut fine = true;
        for t in touched {
            fine = fine && self.one(&hir, *t, &mut patch).is_some();
        }
        self.tables.trail = None;
        self.tables.program.hir = hir;
        let grown = |now: &[Vec<u32>], marks: &[usize]| {
            now.iter().zip(marks).any(|(now, mark)| now.len() > mark + SPARE)
        };
        fine &= !grown(&self.tables.truth_level, &self.marks.truths);
        fine &= !grown(&self.tables.value_level, &self.marks.values);
        patch.steps.sort_by_key(|(at, _)| *at);
        let twice = patch.steps.windows(2).any(|w| matches!(w, [a, b] if a.0 == b.0));
        (fine && !twice).then_some(patch)
    }

    fn one(&mut self, hir: &Hir, touched: Touched, patch: &mut Patch) -> Option<()> {
        let (at, steps) = match touched {
            Touched::Expr(expr) => {
                if let Some(ExprKind::Const(value)) = hir.exprs.get(expr.index()).map(|e| &e.kind) {
                    return self.constant(expr, *value, patch);
                }
                self.expr(hir, expr)?
            }
            Touched::Guard(rule) => self.guard(hir, rule)?,
            Touched::Decision(conclusion) => {
                patch.decisions.push(conclusion);
                self.decision(hir, conclusion)?
            }
        };
        // Tallies have no room to spare.
        let no_tally = steps.iter().all(|(_, op)| !matches!(writes(op), Cell::Tally(_)));
        patch.steps.push((at, steps));
        no_tally.then_some(())
    }

    /// A constant that was another constant, wherever it is kept.
    fn constant(&mut self, expr: ExprId, value: Val, patch: &mut Patch) -> Option<()> {
        let mut places: Vec<(EntityId, V)> = Vec::new();
        for ((entity, known), place) in &self.tables.constants {
            if let (true, Place::Value(v)) = (*known == expr, place) {
                places.push((*entity, *v));
            }
        }
        if places.is_empty() {
            return None;
        }
        let index = len32(&self.tables.program.consts);
        self.tables.program.consts.push(value);
        for (entity, v) in places {
            let at = self.flow.writer(entity, Cell::Value(v))?;
            patch.steps.push((at, vec![(entity, Op::Const(v, index))]));
        }
        Some(())
    }

    /// Runs a piece of lowering and gives the operations it emits.
    fn record<X>(&mut self, hir: &Hir, work: impl FnOnce(&mut Lowerer<'_>) -> X) -> (X, Vec<(EntityId, Op)>) {
        let empty = Tables { trail: None, ..Tables::new(&Hir::default(), false) };
        let mut lowerer = Lowerer { hir, t: std::mem::replace(&mut self.tables, empty) };
        lowerer.t.trail = Some(Vec::new());
        let found = work(&mut lowerer);
        let steps = lowerer.t.trail.take().unwrap_or_default();
        self.tables = lowerer.t;
        (found, steps)
    }

    fn expr(&mut self, hir: &Hir, expr: ExprId) -> Option<(u32, Vec<(EntityId, Op)>)> {
        let own = home(hir, expr);
        match self.tables.program.place(expr) {
            Place::Truth(old) => {
                let at = self.flow.writer(own, Cell::Truth(old))?;
                let (new, mut steps) = self.record(hir, |l| l.truth_here(expr, own));
                steps.push((own, Op::And2(old, new, new)));
                Some((at, steps))
            }
            Place::Value(old) => {
                let at = self.flow.writer(own, Cell::Value(old))?;
                let ((_, args), mut steps) = self.record(hir, |l| {
                    let new = l.value_here(expr, own);
                    (new, l.value_slice(&[new]))
                });
                steps.push((own, Op::ExtremeOf(old, Extreme::Greatest, args)));
                Some((at, steps))
            }
            Place::None => None,
        }
    }

    fn guard(&mut self, hir: &Hir, id: RuleId) -> Option<(u32, Vec<(EntityId, Op)>)> {
        let entity = hir.rules.get(id.index())?.entity;
        let old = self.tables.program.guard(id)?;
        let at = self.flow.writer(entity, Cell::Truth(old))?;
        let (new, mut steps) = self.record(hir, |l| {
            l.guard(id);
            l.t.program.guard(id)
        });
        *self.tables.program.guards.get_mut(id.index())? = old;
        let new = new?;
        steps.push((entity, Op::And2(old, new, new)));
        Some((at, steps))
    }

    fn decision(&mut self, hir: &Hir, id: ConclusionId) -> Option<(u32, Vec<(EntityId, Op)>)> {
        let entity = hir.conclusions.get(id.index())?.entity;
        let at = self.flow.writer(entity, Cell::Record(id))?;
        self.saved.push((id, *self.tables.program.decisions.get(id.index())?));
        let level = self.tables.decided_level.get(id.index()).copied();
        let ((), steps) = self.record(hir, |l| l.decide(id));
        let ((), late) = self.record(hir, |l| l.options(id));
        if let (Some(level), Some(slot)) = (level, self.tables.decided_level.get_mut(id.index())) {
            *slot = level;
        }
        // What an obligation rests on must be computed by then, and options bring nothing new to compute.
        let program = &self.tables.program;
        let decision = program.decisions.get(id.index())?;
        let entries = decision.entries.of(&program.entries);
        let ready = |cell: Cell| match self.flow.writer(entity, cell) {
            Some(writer) => writer < at,
            None => true,
        };
        let all_ready = entries.iter().take(decision.mandatory as usize).all(|e| {
            ready(Cell::Truth(e.guard))
                && match e.gives {
                    Gives::Mask(..) => true,
                    Gives::Value(v) => ready(Cell::Value(v)),
                    Gives::Duty { deadline, performed } => {
                        ready(Cell::Value(deadline)) && ready(Cell::Value(performed))
                    }
                }
        });
        (late.is_empty() && all_ready).then_some((at, steps))
    }

    /// Takes the last patch back, once the edit has been taken back.
    pub fn revert(&mut self) {
        let marks = &self.marks;
        let program = &mut self.tables.program;
        let decided = !self.saved.is_empty();
        for (id, decision) in self.saved.drain(..).rev() {
            if let Some(slot) = program.decisions.get_mut(id.index()) {
                *slot = decision;
            }
        }
        program.truth_args.truncate(marks.truth_args);
        program.value_args.truncate(marks.value_args);
        program.consts.truncate(marks.consts);
        program.ratios.truncate(marks.ratios);
        program.entries.truncate(marks.entries);
        program.above.truncate(marks.above);
        program.places.truncate(marks.places);
        let tables = &mut self.tables;
        for (levels, marks) in [
            (&mut tables.truth_level, &marks.truths),
            (&mut tables.value_level, &marks.values),
            (&mut tables.tally_level, &marks.tallies),
        ] {
            levels.iter_mut().zip(marks).for_each(|(level, mark)| level.truncate(*mark));
        }
        if decided {
            let hir = std::mem::take(&mut self.tables.program.hir);
            self.tables.read_rules(&hir);
            self.tables.program.hir = hir;
        }
    }
}
