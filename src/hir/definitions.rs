//! 本办法所称 X，是指 …: which entity each definition is about, and an order in which each comes
//! after those it uses.
use super::deps::component_order;
use super::errors::{names as errors, rules as rule_errors};
use super::lowering::{Lowering, ROOT, Scope};
use super::model::{Definition, DefinitionId, EntityId, ProvisionId, Type};
use super::names::Member;
use crate::syntax::ast::{self, Expr, ExprKind, Name, StatementKind, TopItem};

/// A definition's tree and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning<'a> {
    tree: &'a ast::Definition,
    provision: Option<ProvisionId>,
    law: usize,
}

/// A name in an expression, as far as finding its entity goes.
enum Mention<'a> {
    /// Read in the definition's own scope.
    Plain(&'a Name),
    /// A list gone through; its holder counts.
    List(&'a Name, bool),
    /// 符合
    Meets(&'a ast::Reference),
    /// Read inside a quantifier's body.
    Inner(&'a Name),
}

impl<'a> Lowering<'a> {
    /// Declares all definitions, then lowers each after those it uses.
    pub fn lower_definitions(&mut self) {
        self.declare_definitions();
        let edges = self.definition_edges();
        for component in component_order(&edges) {
            if let Some(path) = cycle_of(&component, &edges) {
                let steps: Vec<_> = path
                    .iter()
                    .filter_map(|&i| self.hir.definitions.get(i).map(|d| (format!("“{}”", d.name), d.span)))
                    .collect();
                self.report(rule_errors::cyclic(&steps));
                continue;
            }
            for i in component {
                self.lower_definition(i);
            }
        }
    }

    fn declare_definitions(&mut self) {
        for placed in self.placed.clone() {
            if let TopItem::Statement(ast::Statement { kind: StatementKind::Definition(tree), .. }) =
                placed.item
            {
                self.declare_definition(Meaning { tree, provision: None, law: placed.law });
            }
        }
        for index in 0..self.hir.provisions.len() {
            let Some(tree) = self.places.trees.get(index).copied().flatten() else { continue };
            let provision = ProvisionId(u32::try_from(index).unwrap_or(u32::MAX));
            for statement in &tree.statements {
                if let StatementKind::Definition(tree) = &statement.kind {
                    let law = self.law_of(provision);
                    self.declare_definition(Meaning { tree, provision: Some(provision), law });
                }
            }
        }
    }

    fn declare_definition(&mut self, meaning: Meaning<'a>) {
        let name = &meaning.tree.name;
        let id = DefinitionId(u32::try_from(self.hir.definitions.len()).unwrap_or(u32::MAX));
        let mut entity = ROOT;
        if let Some(of) = &meaning.tree.entity {
            match self.names.entities.get(&of.text) {
                Some(&found) => {
                    entity = found;
                    if !self.add_member(found, name, Member::Definition(id)) {
                        return;
                    }
                }
                None => {
                    let near =
                        super::types::nearest(&of.text, self.hir.entities.iter().map(|e| e.name.as_str()));
                    self.report(errors::unknown_entity(of, near.as_deref()));
                }
            }
        } else {
            let first = self.names.defined.get(&name.text).copied().map(Member::Definition);
            let first = first
                .or_else(|| self.names.everywhere.get(&name.text).and_then(|m| m.first()).map(|&(_, m)| m));
            if let Some(first) = first {
                let place = self.member_span(first);
                self.report(errors::duplicate(name, place));
                return;
            }
            self.names.defined.insert(name.text.clone(), id);
            self.names.all.push(name.text.clone());
        }
        let value = self.push_error(name.span);
        self.hir.definitions.push(Definition {
            name: name.text.clone(),
            entity,
            ty: Type::Error,
            value,
            provision: meaning.provision,
            span: name.span,
        });
        self.meanings.push(meaning);
    }

    /// For each definition, those its text names.
    fn definition_edges(&self) -> Vec<Vec<usize>> {
        let edges = |meaning: &Meaning<'a>| {
            let mut out = Vec::new();
            walk(&meaning.tree.value, &mut |mention| {
                if let Mention::Plain(name) | Mention::Inner(name) = mention {
                    if let Some(id) = self.names.defined.get(&name.text) {
                        out.push(id.index());
                    }
                    for (_, member) in self.names.everywhere.get(&name.text).into_iter().flatten() {
                        if let Member::Definition(id) = member {
                            out.push(id.index());
                        }
                    }
                }
            });
            out
        };
        self.meanings.iter().map(edges).collect()
    }

    fn lower_definition(&mut self, index: usize) {
        let Some(meaning) = self.meanings.get(index).copied() else { return };
        let entity = match &meaning.tree.entity {
            Some(_) => self.hir.definitions.get(index).map_or(ROOT, |d| d.entity),
            None => match self.infer_entity(meaning) {
                Some(entity) => entity,
                None => return,
            },
        };
        let scope = Scope::new(entity, meaning.provision, meaning.law);
        let value = self.lower_expr(&meaning.tree.value, scope, None);
        let ty = self.ty(value);
        if let Some(definition) = self.hir.definitions.get_mut(index) {
            definition.entity = entity;
            definition.ty = ty;
            definition.value = value;
        }
    }

    /// The deepest entity among the names used; none after a complaint.
    fn infer_entity(&mut self, meaning: Meaning<'a>) -> Option<EntityId> {
        let mut plain: Vec<&'a Name> = Vec::new();
        let mut lists: Vec<(&'a Name, bool)> = Vec::new();
        let mut meets: Vec<&'a ast::Reference> = Vec::new();
        walk(&meaning.tree.value, &mut |mention| match mention {
            Mention::Plain(name) => plain.push(name),
            Mention::List(name, other) => lists.push((name, other)),
            Mention::Meets(reference) => meets.push(reference),
            Mention::Inner(_) => {}
        });
        let mut deepest = ROOT;
        let mut unclear = Vec::new();
        for name in plain {
            match self.owners(name).as_slice() {
                [] => {}
                [only] => deepest = self.deepen(deepest, *only, name),
                _ => unclear.push(name),
            }
        }
        for (name, other) in lists {
            if let Some(owner) = self.list_holder(name, other) {
                deepest = self.deepen(deepest, owner, name);
            }
        }
        for reference in meets {
            let scope = Scope::new(ROOT, meaning.provision, meaning.law);
            let before = self.diags.len();
            let targets = self.resolve_reference(reference, scope);
            self.diags.truncate(before);
            for target in targets {
                let entity = self.base_entity_below(target);
                deepest = self.deeper(deepest, entity);
            }
        }
        for name in unclear {
            deepest = self.settle_unclear(deepest, name)?;
        }
        Some(deepest)
    }

    /// A name of several entities: one around the entity so far, else the only one below it.
    fn settle_unclear(&mut self, deepest: EntityId, name: &Name) -> Option<EntityId> {
        let owners = self.owners(name);
        let around = owners.iter().any(|&o| self.is_within(deepest, o));
        let below: Vec<EntityId> =
            owners.iter().copied().filter(|&o| self.is_within(o, deepest) && o != deepest).collect();
        if around && (below.is_empty() || deepest != ROOT) {
            return Some(deepest);
        }
        if let ([only], false) = (below.as_slice(), around) {
            return Some(*only);
        }
        let places: Vec<_> = self
            .names
            .everywhere
            .get(&name.text)
            .into_iter()
            .flatten()
            .map(|&(owner, member)| {
                (format!("“{}”的“{}”", self.entity_name(owner), name.text), self.member_span(member))
            })
            .collect();
        self.report(errors::ambiguous(name, &places));
        None
    }

    fn deepen(&mut self, deepest: EntityId, owner: EntityId, name: &Name) -> EntityId {
        if self.is_within(deepest, owner) {
            return deepest;
        }
        if self.is_within(owner, deepest) {
            return owner;
        }
        let (a, b) = (self.entity_name(owner).to_owned(), self.entity_name(deepest).to_owned());
        self.report(errors::unrelated(name, &a, &b));
        deepest
    }

    /// Entities that have a member of this name.
    fn owners(&self, name: &Name) -> Vec<EntityId> {
        if let Some(id) = self.names.defined.get(&name.text) {
            return self.hir.definitions.get(id.index()).map(|d| d.entity).into_iter().collect();
        }
        self.names.everywhere.get(&name.text).into_iter().flatten().map(|&(e, _)| e).collect()
    }

    /// The entity that holds a list (or for 其他 the list's own entity).
    fn list_holder(&self, name: &Name, other: bool) -> Option<EntityId> {
        let member = self.names.entities.get(&name.text).copied().or_else(|| {
            let facts = self.names.everywhere.get(&name.text)?;
            facts.iter().find_map(|&(_, m)| match self.member_type(m) {
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
            })
        })?;
        if other { Some(member) } else { self.parent_of(member).map(|(holder, _)| holder) }
    }
}

/// A way round within a component, if it is cyclic.
pub(super) fn cycle_of(component: &[usize], edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let start = *component.iter().min()?;
    if component.len() == 1 && !edges.get(start).is_some_and(|e| e.contains(&start)) {
        return None;
    }
    super::deps::shortest_cycle(start, component, edges)
}

/// Calls `see` with each name of the expression. Recursion: bounded by the parser's nesting limit.
fn walk<'a>(expr: &'a Expr, see: &mut dyn FnMut(Mention<'a>)) {
    let inner = |body: Option<&'a Expr>, see: &mut dyn FnMut(Mention<'a>)| {
        if let Some(body) = body {
            walk(body, &mut |m| {
                if let Mention::Plain(n) | Mention::Inner(n) = m {
                    see(Mention::Inner(n));
                }
            });
        }
    };
    match &expr.kind {
        ExprKind::Bool(_)
        | ExprKind::Quantity { .. }
        | ExprKind::Ratio(_)
        | ExprKind::Date(_)
        | ExprKind::Text(_)
        | ExprKind::Error => {}
        ExprKind::Name(name) | ExprKind::Path(name, _) => see(Mention::Plain(name)),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::ExtremeOf { args: parts, .. } => {
            for part in parts {
                walk(part, see);
            }
        }
        ExprKind::Not(e)
        | ExprKind::Paren(e)
        | ExprKind::IsOneOf { value: e, .. }
        | ExprKind::Includes { value: e, .. }
        | ExprKind::Portion { base: e, .. }
        | ExprKind::Round { value: e, .. } => walk(e, see),
        ExprKind::Cmp { left: a, right: b, .. }
        | ExprKind::Share { part: a, whole: b, .. }
        | ExprKind::Arith { left: a, right: b, .. }
        | ExprKind::Deadline { from: a, period: b }
        | ExprKind::Shift { date: a, period: b, .. }
        | ExprKind::Between { from: a, to: b, .. } => {
            walk(a, see);
            walk(b, see);
        }
        ExprKind::Window { value, anchor, within, .. } => {
            walk(value, see);
            walk(anchor, see);
            if let Some(within) = within {
                walk(within, see);
            }
        }
        ExprKind::InRange { value, low, high } => [value, low, high].into_iter().for_each(|e| walk(e, see)),
        ExprKind::Quant { entity, other, cond, .. } => {
            see(Mention::List(entity, *other));
            inner(cond.as_deref(), see);
        }
        ExprKind::Count { entity, cond } => {
            see(Mention::List(entity, false));
            inner(cond.as_deref(), see);
        }
        ExprKind::Sum { entity, cond, field } | ExprKind::ExtremeIn { entity, cond, field, .. } => {
            see(Mention::List(entity, false));
            see(Mention::Inner(field));
            inner(cond.as_deref(), see);
        }
        ExprKind::Meets(reference) => see(Mention::Meets(reference)),
    }
}
