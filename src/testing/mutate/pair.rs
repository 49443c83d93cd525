//! Original and mutant side by side on cases near the cases there are.
use super::search::{Apart, Facts};
use super::variants::{self, Variant};
use crate::base::{Sources, Truth};
use crate::eval::{Delta, Env, Evaluation, Finding, Leaf, Positions, derived, findings};
use crate::facts::{Case, CaseFile};
use crate::hir::{ConclusionId, EntityId, FactId};
use crate::ir::{Cell, Flow, Patch, Program, Workbench};
use crate::report::View;
use crate::report::answer::verdict_word;
use crate::report::value::truth_word;
use std::fmt::Write as _;

/// Both, and what is left of the search.
pub(super) struct Pair<'a> {
    original: &'a Program,
    mutated: &'a Program,
    flow: &'a Flow,
    /// None: the mutant has been lowered anew, and is run in full.
    patch: Option<&'a Patch>,
    watch: Positions,
    env: Env<'a>,
    delta: Delta,
    run: Evaluation,
    second: Evaluation,
    sources: &'a Sources,
    budget: u64,
    left: u64,
}

impl<'a> Pair<'a> {
    /// Before the search.
    pub fn new(
        original: &'a Workbench,
        mutated: &'a Program,
        patch: Option<&'a Patch>,
        env: Env<'a>,
        sources: &'a Sources,
        budget: u64,
    ) -> Self {
        Self {
            original: original.program(),
            mutated,
            flow: original.flow(),
            patch,
            watch: deciding(original),
            env,
            delta: Delta::default(),
            run: Evaluation::new(),
            second: Evaluation::new(),
            sources,
            budget,
            left: budget,
        }
    }

    /// The case with the fewest changes on which the two differ, and how many were tried.
    pub fn search(mut self, cases: &[CaseFile], order: &[usize], facts: &Facts) -> (Option<Apart>, u64) {
        let apart = self.everywhere(cases, order, facts);
        (apart, self.budget - self.left)
    }

    fn everywhere(&mut self, cases: &[CaseFile], order: &[usize], facts: &Facts) -> Option<Apart> {
        let every: Vec<(usize, &Case)> =
            order.iter().filter_map(|i| cases.get(*i).map(|c| (*i, &c.case))).collect();
        for (index, case) in &every {
            self.load(case);
            if let Some(apart) = self.try_here(*index, case, &[]) {
                return Some(apart);
            }
        }
        // What is known first: a case that says 不明 makes a poor example.
        for known in [true, false] {
            for facts in [&facts.near, &facts.far] {
                for (index, case) in &every {
                    if let Some(apart) = self.singly(*index, case, facts, known) {
                        return Some(apart);
                    }
                }
            }
        }
        for (index, case) in &every {
            for variant in variants::of_lists(&self.original.hir, case) {
                if self.left == 0 {
                    return None;
                }
                let mut changed = (*case).clone();
                variants::apply(&self.original.hir, &mut changed, variant);
                self.load(&changed);
                if let Some(apart) = self.try_here(*index, case, &[variant]) {
                    return Some(apart);
                }
            }
        }
        for (index, case) in &every {
            if let Some(apart) = self.doubly(*index, case, facts) {
                return Some(apart);
            }
        }
        every.iter().find_map(|(index, case)| self.by_leaves(*index, case))
    }

    /// Runs the original on a case.
    fn load(&mut self, case: &Case) {
        self.delta = Delta::default();
        self.run.run(self.original, case, &self.env);
    }

    fn variants(&self, case: &Case, facts: &[FactId], known: bool) -> Vec<Variant> {
        let mut out = Vec::new();
        for id in facts {
            let entity = self.original.hir.facts.get(id.index()).map(|f| f.entity);
            for row in 0..entity.and_then(|e| case.table(e)).map_or(0, |t| t.rows) {
                let all = variants::of_fact(&self.original.hir, case, *id, row);
                out.extend(all.into_iter().filter(|v| is_known(v) == known));
            }
        }
        out
    }

    fn singly(&mut self, index: usize, case: &Case, facts: &[FactId], known: bool) -> Option<Apart> {
        self.load(case);
        for variant in self.variants(case, facts, known) {
            if self.left == 0 {
                return None;
            }
            self.set(variant, case);
            if let Some(apart) = self.try_here(index, case, &[variant]) {
                return Some(apart);
            }
            self.delta.undo(self.original, &mut self.run, 0);
        }
        None
    }

    fn doubly(&mut self, index: usize, case: &Case, facts: &Facts) -> Option<Apart> {
        self.load(case);
        let near = self.variants(case, &facts.near, true);
        let mut all = near.clone();
        all.extend(self.variants(case, &facts.far, true));
        for (n, first) in near.iter().enumerate() {
            for second in all.iter().skip(n + 1).filter(|v| !same_place(first, v)) {
                if self.left == 0 {
                    return None;
                }
                self.set(*first, case);
                self.set(*second, case);
                if let Some(apart) = self.try_here(index, case, &[*first, *second]) {
                    return Some(apart);
                }
                self.delta.undo(self.original, &mut self.run, 0);
            }
        }
        None
    }

    /// Changes a fact of the run at hand.
    fn set(&mut self, variant: Variant, case: &Case) {
        let hir = &self.original.hir;
        let slot = |id: FactId| hir.facts.get(id.index()).map(|f| (f.entity, f.slot));
        match variant {
            Variant::Truth(id, row, truth) => {
                if let Some((entity, crate::hir::Slot::Truth(n))) = slot(id) {
                    self.delta.set_truth(self.flow, &mut self.run, (entity, row, n), truth);
                }
            }
            Variant::Value(id, row, value) => {
                if let Some((entity, crate::hir::Slot::Value(n))) = slot(id) {
                    self.delta.set_value(self.flow, &mut self.run, (entity, row, n), value);
                }
            }
            Variant::Without(..) | Variant::Twice(..) => return,
        }
        let none = Patch::default();
        self.delta.advance(self.original, self.flow, &none, case, &self.env, &mut self.run);
    }

    /// Compares the two on the run at hand.
    fn try_here(&mut self, index: usize, case: &Case, variants: &[Variant]) -> Option<Apart> {
        self.left = self.left.saturating_sub(1);
        let changed = self.changed(case, variants);
        if let Some(patch) = self.patch {
            let mark = self.delta.mark();
            let case = changed.as_ref().unwrap_or(case);
            self.delta.advance(self.mutated, self.flow, patch, case, &self.env, &mut self.run);
            let differs = self.delta.changed.meets(&self.watch) || !patch.decisions.is_empty();
            let found = differs.then(|| all(self.mutated, case, &self.run, derived));
            self.delta.undo(self.mutated, &mut self.run, mark);
            let (now, found) = (all(self.original, case, &self.run, derived), found?);
            self.difference(index, case, variants, &now, &found)
        } else {
            let mut case = case.clone();
            for variant in variants {
                variants::apply(&self.original.hir, &mut case, *variant);
            }
            self.second.run(self.mutated, &case, &self.env);
            let now = all(self.original, &case, &self.run, derived);
            let found = all(self.mutated, &case, &self.second, derived);
            self.difference(index, &case, variants, &now, &found)
        }
    }

    /// The case where rows come or go; facts of a row are changed in the run alone.
    fn changed(&self, case: &Case, variants: &[Variant]) -> Option<Case> {
        let rows = |v: &Variant| matches!(v, Variant::Without(..) | Variant::Twice(..));
        variants.iter().any(rows).then(|| {
            let mut case = case.clone();
            for variant in variants {
                variants::apply(&self.original.hir, &mut case, *variant);
            }
            case
        })
    }

    /// Whether results hang on other facts at least.
    fn by_leaves(&mut self, index: usize, case: &Case) -> Option<Apart> {
        self.load(case);
        let now = findings(self.original, case, &self.run);
        let found = if let Some(patch) = self.patch {
            self.delta.advance(self.mutated, self.flow, patch, case, &self.env, &mut self.run);
            findings(self.mutated, case, &self.run)
        } else {
            self.second.run(self.mutated, case, &self.env);
            findings(self.mutated, case, &self.second)
        };
        let (a, b) = now.iter().zip(&found).find(|(a, b)| {
            a.unknown != b.unknown || a.assumed != b.assumed || a.judgements != b.judgements
        })?;
        let view = self.view(case);
        let hangs = |f: &Finding| {
            let words = |leaves: &std::collections::BTreeSet<Leaf>| {
                let words: Vec<String> =
                    leaves.iter().map(|l| view.fact_words((f.entity, f.row), *l)).collect();
                if words.is_empty() { "没有".to_owned() } else { words.join("、") }
            };
            format!(
                "待查事实：{}；假定：{}；判断：{}",
                words(&f.unknown),
                words(&f.assumed),
                words(&f.judgements)
            )
        };
        Some(Apart {
            case: index,
            changes: Vec::new(),
            conclusion: view.conclusion_words(a),
            original: hangs(a),
            mutant: hangs(b),
        })
    }

    fn view<'v>(&'v self, case: &'v Case) -> View<'v> {
        View { program: self.original, sources: self.sources, case, run: &self.run, date: case.date }
    }

    fn difference(
        &self,
        index: usize,
        case: &Case,
        variants: &[Variant],
        now: &[Finding],
        found: &[Finding],
    ) -> Option<Apart> {
        let differ = |(a, b): &(&Finding, &Finding)| !alike(a, b);
        // Rather a result than what it is cited from.
        let pairs = || now.iter().zip(found);
        let (a, b) = pairs()
            .find(|(a, b)| a.verdict != b.verdict || a.mask != b.mask || a.value != b.value)
            .or_else(|| pairs().find(differ))?;
        let view = self.view(case);
        Some(Apart {
            case: index,
            changes: variants.iter().map(|v| self.words(&view, *v)).collect(),
            conclusion: view.conclusion_words(a),
            original: result_words(&view, a),
            mutant: result_words(&view, b),
        })
    }

    /// A change in words.
    fn words(&self, view: &View<'_>, variant: Variant) -> String {
        let hir = &self.original.hir;
        let name = |id: FactId, row: u32| view.fact_words((EntityId(0), 0), Leaf { fact: id, row });
        match variant {
            Variant::Truth(id, row, truth) => format!("把 {} 改为 {}", name(id, row), truth_word(truth)),
            Variant::Value(id, row, value) => {
                let words = hir.facts.get(id.index()).map(|f| view.value(&f.ty, value)).unwrap_or_default();
                format!("把 {} 改为 {words}", name(id, row))
            }
            Variant::Without(entity, row) => format!("去掉第 {} 个 {}", row + 1, view.entity_name(entity)),
            Variant::Twice(entity, row) => format!("把第 {} 个 {} 写两遍", row + 1, view.entity_name(entity)),
        }
    }
}

/// Whether a variant says something definite.
fn is_known(variant: &Variant) -> bool {
    match variant {
        Variant::Truth(_, _, truth) => matches!(truth, Truth::True | Truth::False),
        Variant::Value(_, _, value) => value.is_known(),
        Variant::Without(..) | Variant::Twice(..) => true,
    }
}

/// Whether two variants set the same fact.
fn same_place(a: &Variant, b: &Variant) -> bool {
    let place = |v: &Variant| match *v {
        Variant::Truth(id, row, _) | Variant::Value(id, row, _) => Some((id, row)),
        Variant::Without(..) | Variant::Twice(..) => None,
    };
    place(a) == place(b)
}

/// Operations that what the law concludes is read off.
fn deciding(original: &Workbench) -> Positions {
    let (program, flow) = (original.program(), original.flow());
    let mut out = Positions::default();
    for (id, conclusion) in (0..).map(ConclusionId).zip(&program.hir.conclusions) {
        flow.writer(conclusion.entity, Cell::Record(id)).into_iter().for_each(|at| out.add(at));
    }
    for (guard, rule) in program.guards.iter().zip(&program.hir.rules) {
        flow.writer(rule.entity, Cell::Truth(*guard)).into_iter().for_each(|at| out.add(at));
    }
    if let Some(t) = program.applicable {
        flow.writer(EntityId(0), Cell::Truth(t)).into_iter().for_each(|at| out.add(at));
    }
    out
}

fn all(
    program: &Program,
    case: &Case,
    run: &Evaluation,
    find: impl Fn(&Program, &Case, &Evaluation, ConclusionId, u32) -> Finding,
) -> Vec<Finding> {
    let mut out = Vec::new();
    if run.applicable() == Some(Truth::False) {
        // One word says it all.
        return (0..)
            .map(ConclusionId)
            .zip(&program.hir.conclusions)
            .take(1)
            .map(|(c, _)| find(program, case, run, c, 0))
            .collect();
    }
    for (id, entity) in (0..).map(EntityId).zip(&program.hir.entities) {
        for row in 0..run.rows(id) {
            out.extend(entity.conclusions.iter().map(|c| find(program, case, run, *c, row)));
        }
    }
    out
}

/// Whether two findings say the same, what they hang on aside.
fn alike(a: &Finding, b: &Finding) -> bool {
    let options = |f: &Finding| -> Vec<_> {
        f.options.iter().map(|o| (o.mask, o.value, o.select, o.basis.clone(), o.only_possible)).collect()
    };
    let choices = |f: &Finding| -> Vec<_> { f.choices.iter().map(|c| (c.mask, c.select)).collect() };
    let defeated = |f: &Finding| -> Vec<_> { f.defeated.iter().map(|d| d.rule).collect() };
    a.verdict == b.verdict
        && a.force == b.force
        && a.mask == b.mask
        && a.value == b.value
        && a.basis == b.basis
        && a.candidates == b.candidates
        && a.candidate_values == b.candidate_values
        && a.may_be_silent == b.may_be_silent
        && a.may_conflict == b.may_conflict
        && choices(a) == choices(b)
        && options(a) == options(b)
        && defeated(a) == defeated(b)
}

/// A finding in a phrase: result, citations, options, what was defeated.
fn result_words(view: &View<'_>, finding: &Finding) -> String {
    let answer = view.answer(finding);
    let mut out = match answer.result.as_str() {
        "" => verdict_word(answer.verdict).to_owned(),
        result => result.to_owned(),
    };
    if !answer.candidates.is_empty() {
        let _ = write!(out, "，可能是 {}", answer.candidates.join("、"));
    }
    if !answer.basis.is_empty() {
        let _ = write!(out, "（{}）", answer.basis.join("、"));
    }
    for option in &answer.options {
        let may = if option.possible { "也许可以" } else { "可以" };
        let _ = write!(out, "，{may} {}（{}）", option.words, option.basis.join("、"));
    }
    if !answer.lost.is_empty() {
        let lost: Vec<&str> = answer.lost.iter().map(|l| l.address.as_str()).collect();
        let _ = write!(out, "，被排除：{}", lost.join("、"));
    }
    out
}
