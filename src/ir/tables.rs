//! What lowering knows besides the resolved program: the flat program so far, levels of registers, where things are.
use super::model::{Decision, DecisionKind, N, Op, Place, Program, Scope, Slice, T};
use crate::hir::{ConclusionId, Deem, EntityId, ExprId, FactId, Hir, RuleId};
use std::collections::{HashMap, HashSet};

/// The state of one lowering.
pub(super) struct Tables {
    pub program: Program,
    pub code: Vec<Vec<(u32, Op)>>,
    pub truth_level: Vec<Vec<u32>>,
    pub value_level: Vec<Vec<u32>>,
    pub tally_level: Vec<Vec<u32>>,
    pub decided_level: Vec<u32>,
    pub definitions: Vec<Place>,
    pub lifted: HashMap<(EntityId, EntityId, u32, bool), Place>,
    pub constants: HashMap<(EntityId, ExprId), Place>,
    pub tallies: HashMap<(FactId, Option<T>), N>,
    pub deems: HashMap<FactId, Vec<Deem>>,
    /// By rule: the rules that go before it.
    pub above: Vec<Vec<RuleId>>,
    pub uses: HashMap<ConclusionId, Vec<(RuleId, u32)>>,
    /// Where every expression and every guard is to have a register of its own: those that are taken.
    pub claimed: Option<HashSet<(EntityId, bool, u32)>>,
    /// Operations of a patch, in order, instead of `code`; nothing is remembered then.
    pub trail: Option<Vec<(EntityId, Op)>>,
}

impl Tables {
    /// Before anything is lowered.
    pub fn new(hir: &Hir, own_registers: bool) -> Self {
        let mut program = Program::default();
        let mut truth_level = Vec::new();
        let mut value_level = Vec::new();
        for entity in &hir.entities {
            program.scopes.push(Scope {
                truths: entity.truth_slots,
                values: entity.value_slots,
                tallies: 0,
                conclusions: u32::try_from(entity.conclusions.len()).unwrap_or(0),
            });
            truth_level.push(vec![0; entity.truth_slots as usize]);
            value_level.push(vec![0; entity.value_slots as usize]);
        }
        program.guards = vec![T(u32::MAX); hir.rules.len()];
        program.places = vec![Place::None; hir.exprs.len()];
        program.deemed = vec![Place::None; hir.facts.len()];
        program.decisions = vec![
            Decision {
                kind: DecisionKind::Value,
                default: None,
                entries: Slice::default(),
                mandatory: 0,
                index: 0
            };
            hir.conclusions.len()
        ];
        for entity in &hir.entities {
            for (index, conclusion) in entity.conclusions.iter().enumerate() {
                if let Some(decision) = program.decisions.get_mut(conclusion.index()) {
                    decision.index = u32::try_from(index).unwrap_or(0);
                }
            }
        }
        let mut deems: HashMap<FactId, Vec<Deem>> = HashMap::new();
        for deem in &hir.deems {
            deems.entry(deem.fact).or_default().push(deem.clone());
        }
        let mut tables = Self {
            program,
            code: vec![Vec::new(); hir.entities.len()],
            truth_level,
            value_level,
            tally_level: vec![Vec::new(); hir.entities.len()],
            decided_level: vec![0; hir.conclusions.len()],
            definitions: vec![Place::None; hir.definitions.len()],
            lifted: HashMap::new(),
            constants: HashMap::new(),
            tallies: HashMap::new(),
            deems,
            above: Vec::new(),
            uses: HashMap::new(),
            claimed: own_registers.then(HashSet::new),
            trail: None,
        };
        tables.read_rules(hir);
        tables
    }

    /// Which rules speak on which conclusion, and which go before which.
    pub fn read_rules(&mut self, hir: &Hir) {
        self.above.clear();
        self.above.resize(hir.rules.len(), Vec::new());
        for (higher, lower) in &hir.priorities {
            if let Some(list) = self.above.get_mut(lower.index()) {
                list.push(*higher);
            }
        }
        self.uses.clear();
        for (rule_index, rule) in hir.rules.iter().enumerate() {
            let id = RuleId(u32::try_from(rule_index).unwrap_or(u32::MAX));
            for (n, consequence) in rule.consequences.iter().enumerate() {
                let use_ = (id, u32::try_from(n).unwrap_or(0));
                self.uses.entry(consequence.conclusion).or_default().push(use_);
            }
        }
    }

    /// Makes a register nobody else's; whether it was free.
    pub fn claim(&mut self, entity: EntityId, place: Place) -> bool {
        if self.patching() {
            return true;
        }
        let Some(claimed) = &mut self.claimed else { return true };
        match place {
            Place::Truth(t) => claimed.insert((entity, true, t.0)),
            Place::Value(v) => claimed.insert((entity, false, v.0)),
            Place::None => false,
        }
    }

    /// Whether registers are being written for a patch.
    pub fn patching(&self) -> bool {
        self.trail.is_some()
    }
}
