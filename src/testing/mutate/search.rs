//! What would tell a survivor apart: cases near the cases there are, on which original and mutant differ.
use super::bench::{Bench, Outcome};
use super::edit::{self, Done};
use super::pair::Pair;
use super::{Mutant, Trial};
use crate::base::Sources;
use crate::hir::{EntityId, FactId, Hir, Slot};
use crate::ir::{Cell, Patch, Workbench, lower};

/// A case on which original and mutant differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// Index of the case it starts from.
    pub case: usize,
    /// What is to be changed there, in words; nothing: the case itself.
    pub changes: Vec<String>,
    /// The conclusion, with whose it is.
    pub conclusion: String,
    /// What the original says of it.
    pub original: String,
    /// What the mutant says of it.
    pub mutant: String,
}

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At most so many variants a mutant.
    pub variants: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { variants: 20_000 }
    }
}

/// Searching where a program lowered anew has to be run in full costs more.
const IN_FULL: u64 = 20;

impl Bench<'_> {
    /// Looks for a case that tells a survivor apart; gives how many variants were tried as well.
    pub fn search(&mut self, mutant: &Mutant, sources: &Sources, limits: Limits) -> (Option<Apart>, u64) {
        let original = self.original.take().unwrap_or_else(|| Workbench::new(self.program().hir.clone()));
        let Done { touched, circular, undo } = edit::apply(self.workbench.hir_mut(), mutant);
        let mut found = (None, 0);
        if !circular {
            let order = self.cases_in_order();
            found = if let Some(patch) = touched.as_ref().and_then(|t| self.workbench.patch(t)) {
                let facts = Facts::of(&original, &patch);
                let mutated = self.workbench.program();
                Pair::new(&original, mutated, Some(&patch), self.env, sources, limits.variants)
                    .search(self.cases, &order, &facts)
            } else {
                let mutated = lower(self.program().hir.clone());
                let facts = Facts { near: all_facts(&mutated.hir), far: Vec::new() };
                let budget = limits.variants / IN_FULL;
                Pair::new(&original, &mutated, None, self.env, sources, budget)
                    .search(self.cases, &order, &facts)
            };
        }
        edit::revert(self.workbench.hir_mut(), undo);
        self.workbench.revert();
        self.original = Some(original);
        found
    }

    /// Tries a mutant and, if it survives, looks for what would tell it apart.
    pub fn try_and_search(
        &mut self,
        mutant: &Mutant,
        sources: &Sources,
        limits: Limits,
    ) -> (Trial, Option<Apart>, u64) {
        let trial = self.try_mutant(mutant);
        let (apart, variants) = match trial.outcome {
            Outcome::Survived => self.search(mutant, sources, limits),
            Outcome::Killed(_) | Outcome::Circular => (None, 0),
        };
        (trial, apart, variants)
    }
}

/// Facts a difference may hang on: those the mutated place reads, and those that may hide it.
pub(super) struct Facts {
    pub near: Vec<FactId>,
    pub far: Vec<FactId>,
}

impl Facts {
    fn of(original: &Workbench, patch: &Patch) -> Self {
        let (program, flow) = (original.program(), original.flow());
        let seeds: Vec<u32> = patch.steps.iter().map(|(at, _)| *at).collect();
        let near = fact_ids(&program.hir, &flow.upstream(program, &seeds).1);
        let below = flow.downstream(&seeds);
        let mut far = fact_ids(&program.hir, &flow.upstream(program, &below).1);
        far.retain(|f| !near.contains(f));
        Self { near, far }
    }
}

fn fact_ids(hir: &Hir, cells: &[(EntityId, Cell)]) -> Vec<FactId> {
    let of = |fact: &crate::hir::Fact| match fact.slot {
        Slot::Truth(n) => Some((fact.entity, Cell::Truth(crate::ir::T(n)))),
        Slot::Value(n) => Some((fact.entity, Cell::Value(crate::ir::V(n)))),
        Slot::Child(_) => None,
    };
    let all = (0..).map(FactId).zip(&hir.facts);
    all.filter(|(_, f)| of(f).is_some_and(|cell| cells.binary_search(&cell).is_ok()))
        .map(|(id, _)| id)
        .collect()
}

fn all_facts(hir: &Hir) -> Vec<FactId> {
    (0..).map(FactId).zip(&hir.facts).map(|(id, _)| id).collect()
}
