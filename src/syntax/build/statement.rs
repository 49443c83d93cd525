//! Statements: rules and the conditions of items, definitions, priorities, scope.
use super::Builder;
use super::kids::{Kids, Node};
use super::kids_of;
use crate::base::Span;
use crate::syntax::ast::{
    Consequence, Definition, Expr, ExprKind, ListIntro, ListKind, Name, Proviso, Rule as RuleTree, Statement,
    StatementKind,
};
use crate::syntax::chunk::NESTING_LIMIT;
use crate::syntax::errors;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;

/// What a rule or a proviso is made of, in the order of the text.
#[derive(Default)]
struct Parts {
    cond: Option<Expr>,
    list: Option<ListIntro>,
    consequences: Vec<Consequence>,
    /// 的，: the condition is a premise.
    premise: bool,
}

impl Builder<'_> {
    /// One statement. `bare_is_condition`: it stands in an item of a list of conditions, where
    /// `甲 为 乙` tests and does not assign.
    pub fn statement(&mut self, node: Node<'_>, bare_is_condition: bool) -> Option<Statement> {
        let span = self.span(&node);
        let inner = Kids::of(node).next()?;
        let kind = match inner.as_rule() {
            Rule::definition => self.definition(inner)?,
            Rule::priority => self.priority(inner)?,
            Rule::scope => {
                let cond = Kids::of(inner).seek(Rule::cond)?;
                StatementKind::Scope(self.cond(cond))
            }
            _ => {
                let again = bare_is_condition.then(|| self.as_condition(&inner)).flatten();
                match again {
                    Some(kind) => kind,
                    None => self.clause(inner)?,
                }
            }
        };
        Some(Statement { kind, span })
    }

    /// `本办法所称 [甲 的] 乙，是指 …`
    fn definition(&mut self, node: Node<'_>) -> Option<StatementKind> {
        let mut kids = Kids::of(node);
        let first = kids.seek(Rule::name)?;
        let first = self.name(&first);
        let (entity, name) = if kids.took(Rule::de) {
            let name = kids.seek(Rule::name)?;
            (Some(first), self.name(&name))
        } else {
            (None, first)
        };
        let cond = kids.seek(Rule::cond)?;
        let value = self.cond(cond);
        Some(StatementKind::Definition(Definition { entity, name, value }))
    }

    fn priority(&mut self, node: Node<'_>) -> Option<StatementKind> {
        let mut kids = Kids::of(node);
        let higher = kids.seek(Rule::reference)?;
        let higher = self.reference(higher)?;
        let lower = kids.seek(Rule::references)?;
        Some(StatementKind::Priority { higher, lower: self.references(lower) })
    }

    /// A clause that is one bare `甲 为 乙`, read as a condition.
    fn as_condition(&mut self, node: &Node<'_>) -> Option<StatementKind> {
        let kids = Kids::of(node.clone());
        let bare = |n: &Node<'_>| match n.as_rule() {
            Rule::consequences => {
                Kids::of(n.clone()).all(|c| match c.as_rule() {
                    // `甲 为 乙 且 丙 为 丁` has the looks of two consequences.
                    Rule::k_also => true,
                    rule => rule == Rule::consequence && is_bare_about(&c),
                })
            }
            Rule::proviso | Rule::end | Rule::colon => true,
            _ => false,
        };
        let bare: Vec<bool> = kids.map(|n| bare(&n)).collect();
        if bare.contains(&false) {
            return None;
        }
        let span = node.as_span();
        let pairs = Grammar::parse(Rule::only_condition, node.as_str()).ok()?;
        let outer = self.base;
        self.base += span.start();
        let kind = kids_of(pairs).and_then(|kids| self.condition(kids));
        self.base = outer;
        kind
    }

    fn condition(&mut self, mut kids: Kids<'_>) -> Option<StatementKind> {
        let cond = kids.seek(Rule::cond)?;
        let cond = self.cond(cond);
        let provisos = kids.filter(|n| n.as_rule() == Rule::proviso).collect();
        Some(StatementKind::Condition { cond, proviso: self.provisos(provisos) })
    }

    fn clause(&mut self, node: Node<'_>) -> Option<StatementKind> {
        let whole = self.span(&node);
        let mut kids = Kids::of(node);
        let except = kids.maybe(Rule::except).and_then(|n| Kids::of(n).seek(Rule::references));
        let except = except.map_or_else(Vec::new, |n| self.references(n));
        let (each, first) = kids.maybe(Rule::each).map_or((None, None), |n| self.each(n));
        let (mut parts, mut provisos, mut colon, mut end) = (Parts::default(), Vec::new(), None, None);
        for kid in kids {
            match kid.as_rule() {
                Rule::proviso => provisos.push(kid),
                Rule::colon => colon = Some(self.span(&kid)),
                Rule::end => end = Some(self.span(&kid)),
                _ => self.part(kid, &mut parts),
            }
        }
        let proviso = self.provisos(provisos);
        self.check_colon(parts.list.is_some() || lists(proviso.as_deref()), colon, end);
        let Parts { cond, list, consequences, premise } = parts;
        let cond = match (first, cond) {
            (Some(first), Some(cond)) => Some(both(first, cond)),
            (first, cond) => first.or(cond),
        };
        if let (Some(cond), None, true) = (&cond, &list, consequences.is_empty()) {
            if !premise && each.is_none() && except.is_empty() {
                return Some(StatementKind::Condition { cond: cond.clone(), proviso });
            }
            let found = errors::Found { at: end.unwrap_or(whole), text: "" };
            self.diags.push(errors::unexpected(&found, "结论"));
            return None;
        }
        Some(StatementKind::Rule(RuleTree { except, each, premise: cond, list, consequences, proviso }))
    }

    /// 凡 甲, and the condition that stands right behind it.
    fn each(&mut self, node: Node<'_>) -> (Option<Name>, Option<Expr>) {
        let mut kids = Kids::of(node);
        let name = kids.seek(Rule::name).map(|n| self.name(&n));
        (name, kids.seek(Rule::cond).map(|c| self.cond(c)))
    }

    fn check_colon(&mut self, has_list: bool, colon: Option<Span>, end: Option<Span>) {
        match (has_list, colon, end) {
            (false, Some(colon), _) => self.diags.push(errors::colon_without_list(colon)),
            (true, None, Some(end)) => self.diags.push(errors::list_without_colon(end)),
            _ => {}
        }
    }

    /// Adds one node of a clause or of a proviso to its parts.
    fn part(&mut self, node: Node<'_>, parts: &mut Parts) {
        match node.as_rule() {
            Rule::cond => parts.cond = Some(self.cond(node)),
            Rule::and_list => {
                let list = Kids::of(node).seek(Rule::list);
                parts.list = list.and_then(|l| self.list(l));
            }
            Rule::list => parts.list = self.list(node),
            Rule::consequences => parts.consequences = self.consequences(node),
            Rule::premise_end => parts.premise = true,
            _ => {}
        }
    }

    fn list(&self, node: Node<'_>) -> Option<ListIntro> {
        let span = self.span(&node);
        let kind = match Kids::of(node).next()?.as_rule() {
            Rule::list_any => ListKind::Any,
            Rule::list_all => ListKind::All,
            _ => ListKind::Each,
        };
        Some(ListIntro { kind, span })
    }

    /// 但 after 但: each qualifies the one before it.
    fn provisos(&mut self, nodes: Vec<Node<'_>>) -> Option<Box<Proviso>> {
        if let Some(deep) = nodes.get(NESTING_LIMIT) {
            self.diags.push(errors::too_deep(self.span(deep)));
            return None;
        }
        let mut inner = None;
        for node in nodes.into_iter().rev() {
            let full = self.span(&node);
            let mut parts = Parts::default();
            let mut start = full;
            for kid in Kids::of(node) {
                if kid.as_rule() == Rule::k_but {
                    start = self.span(&kid);
                }
                self.part(kid, &mut parts);
            }
            let Parts { cond, list, consequences, premise: _ } = parts;
            let span = Span::new(full.file, start.start, full.end);
            inner = Some(Box::new(Proviso { cond, list, consequences, inner, span }));
        }
        inner
    }
}

/// Two conditions that must both hold, as one flat chain.
fn both(first: Expr, second: Expr) -> Expr {
    let span = first.span.to(second.span);
    let mut parts = Vec::new();
    for part in [first, second] {
        let place = part.span;
        match part.kind {
            ExprKind::And(inner) => parts.extend(inner),
            ExprKind::Or(_) => parts.push(Expr { kind: ExprKind::Paren(Box::new(part)), span: place }),
            _ => parts.push(part),
        }
    }
    Expr { kind: ExprKind::And(parts), span }
}

/// Whether the proviso or one within it announces a list.
fn lists(proviso: Option<&Proviso>) -> bool {
    std::iter::successors(proviso, |p| p.inner.as_deref()).any(|p| p.list.is_some())
}

/// Whether a consequence is `甲 为 乙` or `甲 包括 乙` without 应当.
fn is_bare_about(consequence: &Node<'_>) -> bool {
    let mut kids = Kids::of(consequence.clone());
    kids.maybe(Rule::about).is_some_and(|about| Kids::of(about).all(|n| n.as_rule() != Rule::mode))
}

/// Whether a statement announces a list, and of which kind; the items of a 但 are conditions.
pub fn announced(statement: &Statement) -> Option<ListKind> {
    match &statement.kind {
        StatementKind::Rule(rule) => match (&rule.list, lists(rule.proviso.as_deref())) {
            (Some(list), _) => Some(list.kind),
            (None, true) => Some(ListKind::Any),
            (None, false) => None,
        },
        StatementKind::Condition { proviso, .. } => lists(proviso.as_deref()).then_some(ListKind::Any),
        StatementKind::Definition(_) | StatementKind::Priority { .. } | StatementKind::Scope(_) => None,
    }
}
