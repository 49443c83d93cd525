//! Everything in a policy that had a part in a conclusion of a case.
use super::told::Told;
use crate::base::Address;
use crate::eval::{Defeater, Part, Reason, Standing, State, What};
use crate::hir::{ConclusionId, DefinitionId, EntityId, FactId, RuleId};
use crate::report::View;
use std::collections::{BTreeMap, BTreeSet};

/// A provision's part in a conclusion, as it can be compared with that of another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Where.
    pub address: Address,
    /// Whether it counts, and what it says.
    pub part: String,
    /// Whether it counts at all.
    pub live: bool,
    /// Whether its own condition holds, and what it says: all that it has from itself.
    own: String,
    rule: RuleId,
}

/// What a conclusion hangs on, each with how it came out: what came out the same in both texts made no difference.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Provisions.
    pub addresses: BTreeMap<Address, BTreeSet<String>>,
    /// Definitions outside any provision, facts, conclusions: by the names entries of a redline have.
    pub names: BTreeMap<String, BTreeSet<String>>,
}

/// The roles of all provisions that speak on a conclusion.
pub fn roles(told: &Told<'_>, conclusion: ConclusionId, row: u32) -> Vec<Role> {
    let hir = &told.policy.program().hir;
    let view = View {
        program: told.policy.program(),
        sources: told.policy.sources(),
        case: &told.case.case,
        run: &told.outcome.run,
        date: told.case.case.date,
    };
    let reasons = told.policy.reasons(&told.case.case, &told.outcome);
    let role = |part: Part| {
        let rule = hir.rules.get(part.rule.index())?;
        let excepted = part.by.iter().any(|by| matches!(by, Defeater::Exception(_)));
        let exceptions: Vec<_> = part.exceptions.iter().map(|e| e.truth).collect();
        let says = view.consequence(rule, conclusion, part.mode);
        let live = part.standing != Standing::Out || excepted;
        let said = |head: String| if live { format!("{head} {:?} {says}", part.mode) } else { String::new() };
        Some(Role {
            address: rule.address.clone(),
            part: said(format!("{:?} {excepted}", part.standing)),
            own: said(format!("{:?} {exceptions:?}", part.reason.truth)),
            live,
            rule: part.rule,
        })
    };
    reasons.parts(conclusion, row).into_iter().filter_map(role).collect()
}

/// What the conditions of `roles` hang on, through definitions, other conclusions and facts that provisions make.
pub fn hangs_on(told: &Told<'_>, conclusion: ConclusionId, row: u32, roles: &BTreeSet<RuleId>) -> Parts {
    let mut walk = Walk { told, parts: Parts::default(), seen: BTreeSet::new() };
    walk.conclusion(conclusion, row, Some(roles));
    walk.parts
}

impl Role {
    /// The rule.
    pub fn rule(&self) -> RuleId {
        self.rule
    }
}

struct Walk<'a> {
    told: &'a Told<'a>,
    parts: Parts,
    seen: BTreeSet<(ConclusionId, u32)>,
}

impl Walk<'_> {
    fn conclusion(&mut self, id: ConclusionId, row: u32, only: Option<&BTreeSet<RuleId>>) {
        if !self.seen.insert((id, row)) {
            return;
        }
        self.declared(id, row);
        let told = self.told;
        let parts = told.policy.reasons(&told.case.case, &told.outcome).parts(id, row);
        let roles: BTreeMap<RuleId, String> =
            roles(told, id, row).into_iter().map(|r| (r.rule, r.own)).collect();
        for part in &parts {
            if only.is_some_and(|only| !only.contains(&part.rule)) {
                continue;
            }
            for by in &part.by {
                if let Defeater::Rule(rule) = by {
                    self.rule(*rule, roles.get(rule).cloned().unwrap_or_default());
                }
            }
            self.rule(part.rule, roles.get(&part.rule).cloned().unwrap_or_default());
            self.reason(&part.reason);
            part.exceptions.iter().for_each(|e| self.reason(e));
        }
    }

    /// The declaration of a conclusion counts where no provision decides alone.
    fn declared(&mut self, id: ConclusionId, row: u32) {
        let program = self.told.policy.program();
        let record = self.told.outcome.run.record(program, id, row);
        let Some(conclusion) = program.hir.conclusions.get(id.index()) else { return };
        if record.by_default || matches!(record.state, State::Silent | State::Pending) {
            let name = format!("结论 {}.{}", self.entity(conclusion.entity), conclusion.name);
            self.name(name, format!("{:?} {:?} {:?}", record.state, record.certain, record.value));
        }
    }

    fn entity(&self, id: EntityId) -> &str {
        let entities = &self.told.policy.program().hir.entities;
        entities.get(id.index()).map_or("", |e| e.name.as_str())
    }

    fn name(&mut self, name: String, outcome: String) {
        self.parts.names.entry(name).or_default().insert(outcome);
    }

    fn address(&mut self, address: &Address, outcome: String) {
        self.parts.addresses.entry(address.clone()).or_default().insert(outcome);
    }

    fn rule(&mut self, id: RuleId, outcome: String) {
        let told = self.told;
        if let Some(rule) = told.policy.program().hir.rules.get(id.index()) {
            if let Some(via) = &rule.via {
                self.address(via, outcome.clone());
            }
            self.address(&rule.address, outcome);
        }
    }

    /// Depth and size of a reason are bounded where it is built.
    fn reason(&mut self, reason: &Reason) {
        let outcome = || format!("{:?} {:?}", reason.truth, reason.value);
        match &reason.what {
            What::Definition(id) => self.definition(*id, outcome()),
            What::Conclusion(id) => self.conclusion(*id, reason.row, None),
            What::Provision(id) => self.rule(*id, outcome()),
            What::Exception(address) => self.address(address, outcome()),
            What::Fact(id) => self.fact(*id, outcome()),
            What::Aggregate(id) | What::Quantified(id, _) => self.fact(*id, String::new()),
            What::All
            | What::Any
            | What::Not
            | What::Member
            | What::More(_)
            | What::Test
            | What::Constant => {}
        }
        reason.children.iter().for_each(|child| self.reason(child));
    }

    fn definition(&mut self, id: DefinitionId, outcome: String) {
        let told = self.told;
        let hir = &told.policy.program().hir;
        let Some(definition) = hir.definitions.get(id.index()) else { return };
        if let Some(provision) = definition.provision.and_then(|p| hir.provisions.get(p.index())) {
            self.address(&provision.address, outcome);
        } else {
            let entity = self.entity(definition.entity).to_owned();
            self.name(format!("定义“{}”", definition.name), outcome.clone());
            self.name(format!("定义“{entity}.{}”", definition.name), outcome);
        }
    }

    fn fact(&mut self, id: FactId, outcome: String) {
        let told = self.told;
        let hir = &told.policy.program().hir;
        let Some(fact) = hir.facts.get(id.index()) else { return };
        let name = format!("事实 {}.{}", self.entity(fact.entity), fact.name);
        for deem in hir.deems.iter().filter(|d| d.fact == id) {
            self.rule(deem.rule, outcome.clone());
        }
        self.name(name, outcome);
    }
}
