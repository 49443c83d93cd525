//! What there is to cover: every provision that says something (a rule, a listed condition, a 但书, the scope, a defined
//! 是否 term) and every atomic condition in the decisions of the law.
use super::operands::operands;
use super::tree::Tree;
use crate::base::{Address, FileId, Span, Truth};
use crate::hir::{
    ConsequenceKind, DefinitionId, EntityId, Exception, ExprId, ExprKind, Hir, ProvisionId, RuleId, Type,
};
use crate::ir::{Place, Program, home, member};
use std::collections::{BTreeMap, BTreeSet};

/// Where something stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// In a provision.
    Provision(ProvisionId),
    /// In a definition.
    Definition(DefinitionId),
}

/// What kind of point it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// A rule, its exceptions considered.
    Rule(RuleId),
    /// A 但书 that excepts from these rules.
    Exception(Vec<RuleId>, Address),
    /// A listed condition that is part of a rule above it.
    Condition(ExprId),
    /// 适用于
    Scope(ExprId),
    /// A defined 是否 term.
    Definition(ExprId),
}

/// Something to be seen both 是 and 否.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What.
    pub kind: PointKind,
    /// Where.
    pub host: Host,
    /// Whose rows it is evaluated for.
    pub entity: EntityId,
    /// Tells points of one provision apart; empty when it has only one.
    pub label: String,
    /// Counted even where the law does not apply.
    pub always: bool,
    /// Its decision, whose near misses are its own.
    pub decision: Option<usize>,
}

/// A place where a condition is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Over `atoms`.
    pub tree: Tree,
    /// Expressions of the atoms.
    pub atoms: Vec<ExprId>,
    /// Number of each atom among the conditions of the plan.
    pub conditions: Vec<usize>,
    /// Whose rows.
    pub entity: EntityId,
    /// Evaluated even where the law does not apply.
    pub always: bool,
}

/// An atomic condition as written at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its words.
    pub span: Span,
    /// Where.
    pub host: Host,
}

/// All there is to cover of one law.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In order of text.
    pub points: Vec<Point>,
    /// Of rules, scope, definitions, quantifiers.
    pub decisions: Vec<Decision>,
    /// In order of text.
    pub conditions: Vec<Condition>,
}

/// Looks through a program.
#[must_use]
pub fn plan(program: &Program) -> Plan {
    let mut work = Work::new(program);
    work.scope();
    work.rules();
    work.deemed();
    work.exceptions();
    work.stated();
    work.definitions();
    work.bodies();
    work.finish()
}

struct Work<'p> {
    program: &'p Program,
    hir: &'p Hir,
    plan: Plan,
    /// Conditions by the place of their words.
    known: BTreeMap<(FileId, u32, u32), usize>,
    /// Conditions on members of lists, found on the way.
    queue: Vec<(ExprId, EntityId, Host, bool)>,
    queued: BTreeSet<ExprId>,
    visited: BTreeSet<ExprId>,
    /// Definitions that the scope reads.
    in_scope: BTreeSet<DefinitionId>,
    /// Beginnings of provisions, to find where something stands.
    labels: Vec<(Span, ProvisionId)>,
}

impl<'p> Work<'p> {
    fn new(program: &'p Program) -> Self {
        let hir = &program.hir;
        let mut labels: Vec<(Span, ProvisionId)> = Vec::new();
        for (at, provision) in hir.provisions.iter().enumerate() {
            labels.push((provision.span, ProvisionId(u32::try_from(at).unwrap_or(u32::MAX))));
        }
        labels.sort_by_key(|(span, id)| (span.file, span.start, *id));
        Self {
            program,
            hir,
            plan: Plan::default(),
            known: BTreeMap::new(),
            queue: Vec::new(),
            queued: BTreeSet::new(),
            visited: BTreeSet::new(),
            in_scope: BTreeSet::new(),
            labels,
        }
    }

    fn provision_of(&self, address: &Address) -> Option<ProvisionId> {
        let at = self.hir.provisions.iter().position(|p| p.address == *address)?;
        u32::try_from(at).ok().map(ProvisionId)
    }

    /// Whether `upper` is `lower` or around it.
    fn around(&self, upper: ProvisionId, lower: ProvisionId) -> bool {
        let mut at = Some(lower);
        while let Some(here) = at {
            if here == upper {
                return true;
            }
            // Parents come before children: the walk ends.
            at = self.hir.provisions.get(here.index()).and_then(|p| p.parent).filter(|up| *up < here);
        }
        false
    }

    /// Whether the words are part of the condition that a provision states.
    fn states(&self, id: ProvisionId, words: Span) -> bool {
        let stated = self.hir.provisions.get(id.index()).and_then(|p| p.condition);
        let span = stated.and_then(|c| self.hir.exprs.get(c.index())).map(|e| e.span);
        span.is_some_and(|s| s.file == words.file && s.start <= words.start && words.end <= s.end)
    }

    /// Where words of a rule stand: in the provision whose label is the last before them, if that is the rule's own or
    /// around it, or one whose listed condition the rule reads.
    fn host(&self, span: Span, rule: ProvisionId) -> Host {
        let before = self.labels.partition_point(|(l, _)| (l.file, l.start) <= (span.file, span.start));
        let last = before.checked_sub(1).and_then(|at| self.labels.get(at)).map(|(_, id)| *id);
        let last =
            last.filter(|id| self.around(*id, rule) || self.around(rule, *id) && self.states(*id, span));
        Host::Provision(last.unwrap_or(rule))
    }

    fn scope(&mut self) {
        for clause in &self.hir.scope {
            let provision = clause.provision.unwrap_or(ProvisionId(0));
            let decision = self.decide(clause.cond, EntityId(0), Met::Rule(provision), &[], true);
            self.definitions_in(clause.cond);
            self.plan.points.push(Point {
                kind: PointKind::Scope(clause.cond),
                host: Host::Provision(provision),
                entity: EntityId(0),
                label: "适用范围".to_owned(),
                always: true,
                decision,
            });
        }
    }

    /// Definitions that an expression reads, through other definitions too.
    fn definitions_in(&mut self, from: ExprId) {
        let mut stack = vec![from];
        while let Some(id) = stack.pop() {
            let Some(expr) = self.hir.exprs.get(id.index()) else { continue };
            if let ExprKind::Definition(d) = expr.kind
                && self.in_scope.insert(d)
            {
                stack.extend(self.hir.definitions.get(d.index()).map(|d| d.value));
            }
            stack.extend(operands(&expr.kind));
        }
    }

    fn rules(&mut self) {
        let mut seen: BTreeSet<(Address, ExprId, EntityId, Vec<Address>)> = BTreeSet::new();
        for (at, rule) in self.hir.rules.iter().enumerate() {
            let id = RuleId(u32::try_from(at).unwrap_or(u32::MAX));
            for consequence in &rule.consequences {
                self.values(&consequence.kind, rule.provision, rule.entity);
            }
            let exceptions = rule.exceptions.iter().map(|e| e.address.clone()).collect();
            if !seen.insert((rule.address.clone(), rule.guard, rule.entity, exceptions)) {
                continue;
            }
            let host = Met::Rule(rule.provision);
            let decision = self.decide(rule.guard, rule.entity, host, &rule.exceptions, false);
            self.plan.points.push(Point {
                kind: PointKind::Rule(id),
                host: Host::Provision(rule.provision),
                entity: rule.entity,
                label: String::new(),
                always: false,
                decision,
            });
        }
    }

    /// Conditions within what a rule gives: the extensions of a duty, and lists in computed values.
    fn values(&mut self, kind: &ConsequenceKind, provision: ProvisionId, entity: EntityId) {
        match kind {
            ConsequenceKind::Value(e) => self.walk(*e, Met::Rule(provision), false),
            ConsequenceKind::Duty { from, period, performed, extensions } => {
                for e in [from, period, performed] {
                    self.walk(*e, Met::Rule(provision), false);
                }
                for (cond, more) in extensions {
                    let _ = self.decide(*cond, entity, Met::Rule(provision), &[], false);
                    self.walk(*more, Met::Rule(provision), false);
                }
            }
            ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
        }
    }

    /// Lists in what facts are deemed to be.
    fn deemed(&mut self) {
        for deem in &self.hir.deems {
            if let Some(rule) = self.hir.rules.get(deem.rule.index()) {
                self.walk(deem.value, Met::Rule(rule.provision), false);
            }
        }
    }

    fn exceptions(&mut self) {
        let mut found: BTreeMap<Address, Vec<RuleId>> = BTreeMap::new();
        for (at, rule) in self.hir.rules.iter().enumerate() {
            let id = RuleId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut stack: Vec<&Exception> = rule.exceptions.iter().collect();
            while let Some(exception) = stack.pop() {
                let rules = found.entry(exception.address.clone()).or_default();
                if !rules.contains(&id) {
                    rules.push(id);
                }
                stack.extend(&exception.inner);
            }
        }
        for (address, rules) in found {
            let entity = rules.first().and_then(|r| self.hir.rules.get(r.index())).map(|r| r.entity);
            if let (Some(provision), Some(entity)) = (self.provision_of(&address), entity) {
                self.plan.points.push(Point {
                    kind: PointKind::Exception(rules, address),
                    host: Host::Provision(provision),
                    entity,
                    label: String::new(),
                    always: false,
                    decision: None,
                });
            }
        }
    }

    /// Conditions of provisions that have neither a rule nor an exception of their own.
    fn stated(&mut self) {
        let told: BTreeSet<Host> = self.plan.points.iter().map(|p| p.host).collect();
        for (at, provision) in self.hir.provisions.iter().enumerate() {
            let host = Host::Provision(ProvisionId(u32::try_from(at).unwrap_or(u32::MAX)));
            if let Some(cond) = provision.condition
                && !told.contains(&host)
                && self.computed(cond)
            {
                self.plan.points.push(Point {
                    kind: PointKind::Condition(cond),
                    host,
                    entity: home(self.hir, cond),
                    label: String::new(),
                    always: false,
                    decision: None,
                });
            }
        }
    }

    fn definitions(&mut self) {
        for (at, definition) in self.hir.definitions.iter().enumerate() {
            let id = DefinitionId(u32::try_from(at).unwrap_or(u32::MAX));
            let always = self.in_scope.contains(&id);
            if definition.ty != Type::Bool {
                self.walk(definition.value, Met::Definition(id), always);
                continue;
            }
            let decision = self.decide(definition.value, definition.entity, Met::Definition(id), &[], always);
            if self.computed(definition.value) {
                self.plan.points.push(Point {
                    kind: PointKind::Definition(definition.value),
                    host: Host::Definition(id),
                    entity: definition.entity,
                    label: String::new(),
                    always,
                    decision,
                });
            }
        }
    }

    /// Conditions on members of lists; those within them are found in turn.
    fn bodies(&mut self) {
        while let Some((cond, entity, host, always)) = self.queue.pop() {
            let place = match host {
                Host::Provision(p) => Met::At(p),
                Host::Definition(d) => Met::Definition(d),
            };
            let _ = self.decide(cond, entity, place, &[], always);
        }
    }

    fn computed(&self, expr: ExprId) -> bool {
        matches!(self.program.place(expr), Place::Truth(_))
            || matches!(self.hir.exprs.get(expr.index()).map(|e| &e.kind), Some(ExprKind::Bool(_)))
    }

    /// A decision over a condition and its exceptions; none if there is no atom in it.
    fn decide(
        &mut self,
        cond: ExprId,
        entity: EntityId,
        place: Met,
        exceptions: &[Exception],
        always: bool,
    ) -> Option<usize> {
        let mut atoms = Vec::new();
        let mut tree = self.tree(cond, place, &mut atoms);
        if !exceptions.is_empty() {
            tree = Tree::Unless(Box::new(tree), Box::new(self.excepted(exceptions, &mut atoms)));
        }
        if atoms.is_empty() {
            return None;
        }
        let mut conditions = Vec::with_capacity(atoms.len());
        for (atom, place) in &atoms {
            conditions.push(self.condition(*atom, *place));
            self.walk(*atom, *place, always);
        }
        let atoms = atoms.into_iter().map(|(atom, _)| atom).collect();
        self.plan.decisions.push(Decision { tree, atoms, conditions, entity, always });
        Some(self.plan.decisions.len() - 1)
    }

    fn excepted(&self, exceptions: &[Exception], atoms: &mut Vec<(ExprId, Met)>) -> Tree {
        let each = exceptions.iter().map(|e| {
            let place = self.provision_of(&e.address).map_or(Met::At(ProvisionId(0)), Met::At);
            let cond = self.tree(e.cond, place, atoms);
            if e.inner.is_empty() {
                return cond;
            }
            Tree::Unless(Box::new(cond), Box::new(self.excepted(&e.inner, atoms)))
        });
        Tree::Any(each.collect())
    }

    /// Recursion: no deeper than conditions nest.
    fn tree(&self, id: ExprId, place: Met, atoms: &mut Vec<(ExprId, Met)>) -> Tree {
        let Some(expr) = self.hir.exprs.get(id.index()) else { return Tree::Const(Truth::Unknown) };
        match &expr.kind {
            ExprKind::Bool(value) => Tree::Const(Truth::from(*value)),
            ExprKind::And(parts) => Tree::All(parts.iter().map(|p| self.tree(*p, place, atoms)).collect()),
            ExprKind::Or(parts) => Tree::Any(parts.iter().map(|p| self.tree(*p, place, atoms)).collect()),
            // `X 不为 V` is one condition, told as it is written.
            ExprKind::Not(part) if self.written_as_one(*part, expr.span) => {
                atoms.push((id, place));
                Tree::Atom(atoms.len() - 1)
            }
            ExprKind::Not(part) => Tree::Not(Box::new(self.tree(*part, place, atoms))),
            ExprKind::Const(_)
            | ExprKind::Fact(_)
            | ExprKind::Conclusion(_)
            | ExprKind::Definition(_)
            | ExprKind::DutyDeadline(_)
            | ExprKind::OfOne { .. }
            | ExprKind::InSet { .. }
            | ExprKind::Includes { .. }
            | ExprKind::Cmp { .. }
            | ExprKind::Share { .. }
            | ExprKind::Window { .. }
            | ExprKind::InRange { .. }
            | ExprKind::Quant { .. }
            | ExprKind::Meets { .. }
            | ExprKind::Arith { .. }
            | ExprKind::Portion { .. }
            | ExprKind::ExtremeOf { .. }
            | ExprKind::Round { .. }
            | ExprKind::Count { .. }
            | ExprKind::Sum { .. }
            | ExprKind::ExtremeIn { .. }
            | ExprKind::Deadline { .. }
            | ExprKind::Shift { .. }
            | ExprKind::Between { .. }
            | ExprKind::Error => {
                atoms.push((id, place));
                Tree::Atom(atoms.len() - 1)
            }
        }
    }

    fn written_as_one(&self, part: ExprId, span: Span) -> bool {
        self.hir.exprs.get(part.index()).is_some_and(|e| e.span == span)
    }

    /// The condition as written there; what is read at several places of the program is one as long as it is written once.
    fn condition(&mut self, atom: ExprId, place: Met) -> usize {
        let span = self.hir.exprs.get(atom.index()).map(|e| e.span).unwrap_or_default();
        let key = (span.file, span.start, span.end);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let host = match place {
            Met::Rule(rule) => self.host(span, rule),
            Met::At(provision) => Host::Provision(provision),
            Met::Definition(d) => Host::Definition(d),
        };
        self.plan.conditions.push(Condition { span, host });
        self.known.insert(key, self.plan.conditions.len() - 1);
        self.plan.conditions.len() - 1
    }

    /// Finds conditions on members of lists below an expression.
    fn walk(&mut self, from: ExprId, place: Met, always: bool) {
        let mut stack = vec![from];
        while let Some(id) = stack.pop() {
            let Some(expr) = self.hir.exprs.get(id.index()) else { continue };
            if !self.visited.insert(id) {
                continue;
            }
            let body = match &expr.kind {
                ExprKind::Quant { list, cond, .. }
                | ExprKind::Count { list, cond }
                | ExprKind::Sum { list, cond, .. }
                | ExprKind::ExtremeIn { list, cond, .. } => cond.map(|cond| (*list, cond)),
                ExprKind::OfOne { list, body } if expr.ty == Type::Bool => Some((*list, *body)),
                _ => None,
            };
            if let Some((list, cond)) = body
                && let Some(child) = member(self.hir, list)
                && self.queued.insert(cond)
            {
                let host = match place {
                    Met::Rule(rule) => self.host(expr.span, rule),
                    Met::At(provision) => Host::Provision(provision),
                    Met::Definition(d) => Host::Definition(d),
                };
                self.queue.push((cond, child, host, always));
            }
            stack.extend(operands(&expr.kind));
        }
    }

    /// Everything in the order of the text, points of one provision told apart.
    fn finish(mut self) -> Plan {
        let mut order: Vec<usize> = (0..self.plan.conditions.len()).collect();
        let key = |c: &Condition| (c.span.file, c.span.start, c.span.end);
        order.sort_by_key(|at| self.plan.conditions.get(*at).map(key));
        let mut place = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*from) {
                *slot = to;
            }
        }
        for decision in &mut self.plan.decisions {
            for condition in &mut decision.conditions {
                *condition = place.get(*condition).copied().unwrap_or_default();
            }
        }
        self.plan.conditions.sort_by_key(key);
        self.plan.points.sort_by_key(|p| match p.host {
            Host::Provision(id) => (0, id.0),
            Host::Definition(id) => (1, id.0),
        });
        let mut counts: BTreeMap<Host, usize> = BTreeMap::new();
        for point in &self.plan.points {
            *counts.entry(point.host).or_default() += 1;
        }
        for point in &mut self.plan.points {
            if point.label.is_empty() && counts.get(&point.host).is_some_and(|n| *n > 1) {
                point.label = label(self.hir, point);
            }
        }
        self.number();
        self.plan
    }

    /// Points of one provision that are still called alike get numbers.
    fn number(&mut self) {
        let mut alike: BTreeMap<(Host, String), usize> = BTreeMap::new();
        for point in &self.plan.points {
            *alike.entry((point.host, point.label.clone())).or_default() += 1;
        }
        let mut met: BTreeMap<(Host, String), usize> = BTreeMap::new();
        for point in &mut self.plan.points {
            let key = (point.host, point.label.clone());
            if alike.get(&key).is_some_and(|n| *n > 1) {
                let nth = met.entry(key).or_default();
                *nth += 1;
                point.label = format!("{}，第{nth}处", point.label);
            }
        }
    }
}

/// Where a decision was met.
#[derive(Clone, Copy, Debug)]
enum Met {
    /// In a rule of this provision, perhaps in words of a provision around it.
    Rule(ProvisionId),
    /// In this provision.
    At(ProvisionId),
    /// In this definition.
    Definition(DefinitionId),
}

/// What tells a point from others of its provision: whom it is about and on what it decides.
fn label(hir: &Hir, point: &Point) -> String {
    match &point.kind {
        PointKind::Rule(id) => {
            let Some(rule) = hir.rules.get(id.index()) else { return String::new() };
            let mut names: Vec<&str> = rule
                .consequences
                .iter()
                .filter_map(|c| hir.conclusions.get(c.conclusion.index()))
                .map(|c| c.name.as_str())
                .collect();
            names.dedup();
            let entity = hir.entities.get(rule.entity.index()).map_or("", |e| e.name.as_str());
            let via = rule.via.as_ref().map(|via| format!("〔依照{via}〕")).unwrap_or_default();
            format!(
                "{entity}：{}{via}",
                if names.is_empty() { "视为、推定".to_owned() } else { names.join("、") }
            )
        }
        PointKind::Exception(..) => "但书".to_owned(),
        PointKind::Condition(_) => "条件".to_owned(),
        PointKind::Scope(_) => "适用范围".to_owned(),
        PointKind::Definition(_) => "定义".to_owned(),
    }
}
