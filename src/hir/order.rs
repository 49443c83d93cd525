//! Evaluation order: what each node reads, then dependencies first.
use super::deps::component_order;
use super::errors::rules as errors;
use super::lowering::Lowering;
use super::model::{
    ConclusionId, ConsequenceKind, DefinitionId, Exception, ExprId, ExprKind, FactId, Hir, Mode, Node, Rule,
    RuleId,
};
use crate::base::Span;
use std::collections::HashMap;

/// Everything that is computed, numbered.
struct Nodes {
    all: Vec<Node>,
    index: HashMap<Node, usize>,
}

impl Nodes {
    fn of(hir: &Hir) -> Self {
        let mut all = vec![Node::Scope];
        let mut deemed: Vec<FactId> = hir.deems.iter().map(|d| d.fact).collect();
        deemed.sort_unstable();
        deemed.dedup();
        all.extend(deemed.into_iter().map(Node::Deemed));
        let ids = |n: usize| (0..n).filter_map(|i| u32::try_from(i).ok());
        all.extend(ids(hir.definitions.len()).map(|i| Node::Definition(DefinitionId(i))));
        all.extend(ids(hir.rules.len()).map(|i| Node::Guard(RuleId(i))));
        all.extend(ids(hir.conclusions.len()).map(|i| Node::Decide(ConclusionId(i))));
        all.extend(ids(hir.conclusions.len()).map(|i| Node::Options(ConclusionId(i))));
        let index = all.iter().enumerate().map(|(i, &n)| (n, i)).collect();
        Self { all, index }
    }
}

/// Collects what expressions read, each expression once per node.
struct Reader<'h> {
    hir: &'h Hir,
    nodes: &'h Nodes,
    seen: Vec<usize>,
    round: usize,
    found: Vec<usize>,
    stack: Vec<ExprId>,
}

impl<'h> Reader<'h> {
    fn new(hir: &'h Hir, nodes: &'h Nodes) -> Self {
        Self { hir, nodes, seen: vec![0; hir.exprs.len()], round: 0, found: Vec::new(), stack: Vec::new() }
    }

    /// Begins the next node.
    fn begin(&mut self) {
        self.round += 1;
        self.found.clear();
    }

    /// What the node reads, sorted.
    fn finish(&mut self) -> Vec<usize> {
        let mut out = std::mem::take(&mut self.found);
        out.sort_unstable();
        out.dedup();
        out
    }

    fn node(&mut self, node: Node) {
        self.found.extend(self.nodes.index.get(&node));
    }

    fn exceptions(&mut self, exceptions: &[Exception]) {
        for exception in exceptions {
            self.expr(exception.cond);
            self.exceptions(&exception.inner);
        }
    }

    fn expr(&mut self, id: ExprId) {
        self.stack.push(id);
        while let Some(id) = self.stack.pop() {
            let Some(mark) = self.seen.get_mut(id.index()) else { continue };
            if std::mem::replace(mark, self.round) == self.round {
                continue;
            }
            let Some(expr) = self.hir.exprs.get(id.index()) else { continue };
            match &expr.kind {
                ExprKind::Fact(fact) => self.node(Node::Deemed(*fact)),
                ExprKind::Conclusion(c) | ExprKind::DutyDeadline(c) => self.node(Node::Decide(*c)),
                ExprKind::Definition(d) => self.node(Node::Definition(*d)),
                ExprKind::Meets { rules, .. } => {
                    for &rule in rules {
                        self.node(Node::Guard(rule));
                    }
                }
                _ => {}
            }
            children(&expr.kind, &mut self.stack);
        }
    }

    /// The values a rule's consequences on `conclusion` give, as `wanted` by mode.
    fn values(&mut self, rule: &'h Rule, conclusion: ConclusionId) {
        for consequence in rule.consequences.iter().filter(|c| c.conclusion == conclusion) {
            match &consequence.kind {
                ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
                ConsequenceKind::Value(value) => self.expr(*value),
                ConsequenceKind::Duty { from, period, performed, extensions } => {
                    for e in [from, period, performed] {
                        self.expr(*e);
                    }
                    for (cond, added) in extensions {
                        self.expr(*cond);
                        self.expr(*added);
                    }
                }
            }
        }
    }
}

/// Direct parts of an expression.
pub fn children(kind: &ExprKind, out: &mut Vec<ExprId>) {
    match kind {
        ExprKind::Bool(_)
        | ExprKind::Const(_)
        | ExprKind::Fact(_)
        | ExprKind::Conclusion(_)
        | ExprKind::Definition(_)
        | ExprKind::DutyDeadline(_)
        | ExprKind::Error => {}
        ExprKind::OfOne { body: e, .. }
        | ExprKind::Not(e)
        | ExprKind::InSet { value: e, .. }
        | ExprKind::Includes { value: e, .. }
        | ExprKind::Portion { base: e, .. }
        | ExprKind::Round { value: e, .. } => out.push(*e),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::ExtremeOf { args: parts, .. } => {
            out.extend(parts);
        }
        ExprKind::Meets { conditions, .. } => out.extend(conditions),
        ExprKind::Cmp { left: a, right: b, .. }
        | ExprKind::Share { part: a, whole: b, .. }
        | ExprKind::Arith { left: a, right: b, .. }
        | ExprKind::Deadline { from: a, period: b }
        | ExprKind::Shift { date: a, period: b, .. }
        | ExprKind::Between { from: a, to: b, .. } => out.extend([*a, *b]),
        ExprKind::Window { value, anchor, within, .. } => {
            out.extend([*value, *anchor]);
            out.extend(within);
        }
        ExprKind::InRange { value, low, high } => out.extend([*value, *low, *high]),
        ExprKind::Quant { cond, .. } | ExprKind::Count { cond, .. } => out.extend(cond),
        ExprKind::Sum { cond, field, .. } | ExprKind::ExtremeIn { cond, field, .. } => {
            out.extend(cond);
            out.push(*field);
        }
    }
}

/// Everything in order, if nothing depends on itself.
pub(super) fn ordered(hir: &Hir) -> Option<Vec<Node>> {
    let nodes = Nodes::of(hir);
    let edges = node_edges(hir, &nodes);
    let mut order = Vec::with_capacity(nodes.all.len());
    for component in component_order(&edges) {
        if super::definitions::cycle_of(&component, &edges).is_some() {
            return None;
        }
        order.extend(component.iter().filter_map(|&i| nodes.all.get(i)));
    }
    Some(order)
}

fn node_edges(hir: &Hir, nodes: &Nodes) -> Vec<Vec<usize>> {
    let mut reader = Reader::new(hir, nodes);
    let mut givers: Vec<Vec<(RuleId, &Rule, bool)>> = vec![Vec::new(); hir.conclusions.len()];
    for (index, rule) in hir.rules.iter().enumerate() {
        let id = RuleId(u32::try_from(index).unwrap_or(u32::MAX));
        for consequence in &rule.consequences {
            if let Some(list) = givers.get_mut(consequence.conclusion.index()) {
                list.push((id, rule, consequence.mode == Mode::May));
            }
        }
    }
    let mut above: HashMap<RuleId, Vec<RuleId>> = HashMap::new();
    // Only what stands above a permission is asked for.
    let permits = |rule: &RuleId| {
        hir.rules.get(rule.index()).is_some_and(|r| r.consequences.iter().any(|c| c.mode == Mode::May))
    };
    for &(high, low) in hir.priorities.iter().filter(|(_, low)| permits(low)) {
        above.entry(low).or_default().push(high);
    }
    let mut deems: HashMap<FactId, Vec<&super::model::Deem>> = HashMap::new();
    for deem in &hir.deems {
        deems.entry(deem.fact).or_default().push(deem);
    }
    let mut edges = Vec::with_capacity(nodes.all.len());
    for &node in &nodes.all {
        reader.begin();
        match node {
            Node::Scope => hir.scope.iter().for_each(|s| reader.expr(s.cond)),
            Node::Deemed(fact) => {
                for deem in deems.get(&fact).into_iter().flatten() {
                    reader.node(Node::Guard(deem.rule));
                    reader.expr(deem.value);
                }
            }
            Node::Definition(id) => {
                if let Some(definition) = hir.definitions.get(id.index()) {
                    reader.expr(definition.value);
                }
            }
            Node::Guard(id) => {
                if let Some(rule) = hir.rules.get(id.index()) {
                    reader.expr(rule.guard);
                    reader.exceptions(&rule.exceptions);
                }
            }
            Node::Decide(id) => {
                for &(rule_id, rule, may) in givers.get(id.index()).into_iter().flatten() {
                    if !may {
                        reader.node(Node::Guard(rule_id));
                        reader.values(rule, id);
                    }
                }
            }
            Node::Options(id) => {
                reader.node(Node::Decide(id));
                for &(rule_id, rule, may) in givers.get(id.index()).into_iter().flatten() {
                    if may {
                        reader.node(Node::Guard(rule_id));
                        reader.values(rule, id);
                        for &high in above.get(&rule_id).into_iter().flatten() {
                            reader.node(Node::Guard(high));
                        }
                    }
                }
            }
        }
        edges.push(reader.finish());
    }
    edges
}

impl Lowering<'_> {
    /// Fills `hir.order`; complains about what depends on itself.
    pub fn order_nodes(&mut self) {
        let nodes = Nodes::of(&self.hir);
        let edges = node_edges(&self.hir, &nodes);
        let mut order = Vec::with_capacity(nodes.all.len());
        let mut cycles = Vec::new();
        for component in component_order(&edges) {
            if let Some(path) = super::definitions::cycle_of(&component, &edges) {
                cycles.push(path);
            }
            order.extend(component.iter().filter_map(|&i| nodes.all.get(i)));
        }
        for path in cycles {
            let steps: Vec<(String, Span)> =
                path.iter().filter_map(|&i| nodes.all.get(i)).map(|&n| self.describe_node(n)).collect();
            self.report(errors::cyclic(&steps));
        }
        self.hir.order = order;
    }

    /// A node as the drafter would name it, with its place.
    fn describe_node(&self, node: Node) -> (String, Span) {
        let found = match node {
            Node::Scope => self.hir.scope.first().map(|s| ("适用范围".to_owned(), self.span_of(s.cond))),
            Node::Deemed(id) => self.hir.facts.get(id.index()).map(|f| (format!("“{}”", f.name), f.span)),
            Node::Definition(id) => {
                self.hir.definitions.get(id.index()).map(|d| (format!("“{}”", d.name), d.span))
            }
            Node::Guard(id) => self.hir.rules.get(id.index()).map(|r| (r.address.to_string(), r.span)),
            Node::Decide(id) | Node::Options(id) => {
                self.hir.conclusions.get(id.index()).map(|c| (format!("“{}”", c.name), c.span))
            }
        };
        found.unwrap_or_default()
    }
}
