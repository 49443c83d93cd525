//! The tree of one case → tables of typed facts, entity by entity, parents first, without recursion.
//!
//! A row may come from several maps: the case's own and, below it, those of its 基础; what the upper one says wins.
use super::errors::{self, Report};
use super::model::{Children, Table};
use super::names::{Meaning, Names, nearest};
use super::tree::{Kind, NodeId, Style, Tree};
use super::value::{self, Scalar, State, Texts, read_truth, read_value};
use crate::base::{Span, Truth, Val};
use crate::hir::{EntityId, Fact, FactId, Slot, Type};

/// Where one row's facts are written.
#[derive(Clone, Copy)]
struct Source {
    /// Range of [`Fill::layers`].
    first: u32,
    last: u32,
    parent: u32,
}

/// Work on one case.
pub(super) struct Fill<'a> {
    tree: &'a Tree,
    names: &'a Names<'a>,
    texts: &'a mut Texts,
    report: &'a mut Report,
    tables: Vec<Table>,
    /// Rows to be filled, by entity.
    sources: Vec<Vec<Source>>,
    /// Maps of the rows, uppermost first.
    layers: Vec<NodeId>,
    /// What was found for each fact of the row in hand.
    found: Vec<Found>,
}

/// Keys and values of one fact in one row.
#[derive(Clone, Debug, Default)]
struct Found {
    /// The key last met, and the layer it was met in.
    key: Option<NodeId>,
    layer: u32,
    /// What the uppermost layer says.
    value: Option<NodeId>,
    /// Maps of lower layers, for a 一个 field.
    below: Vec<NodeId>,
}

impl<'a> Fill<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        names: &'a Names<'a>,
        texts: &'a mut Texts,
        report: &'a mut Report,
    ) -> Self {
        let entities = names.hir.entities.len();
        Self {
            tree,
            names,
            texts,
            report,
            tables: vec![Table::default(); entities],
            sources: vec![Vec::new(); entities],
            layers: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Reads everything under the root entity, whose maps are `roots`, uppermost first.
    pub(super) fn run(mut self, roots: &[NodeId]) -> Vec<Table> {
        self.queue(EntityId(0), roots, 0);
        for index in 0..self.names.hir.entities.len() {
            let id = EntityId(u32::try_from(index).unwrap_or(u32::MAX));
            self.fill_entity(id);
        }
        self.tables
    }

    fn queue(&mut self, entity: EntityId, maps: &[NodeId], parent: u32) {
        let first = narrow(self.layers.len());
        self.layers.extend_from_slice(maps);
        let last = narrow(self.layers.len());
        if let Some(sources) = self.sources.get_mut(entity.index()) {
            sources.push(Source { first, last, parent });
        }
    }

    fn fill_entity(&mut self, id: EntityId) {
        let Some(entity) = self.names.entity(id) else { return };
        let sources = self.sources.get_mut(id.index()).map(std::mem::take).unwrap_or_default();
        let rows = sources.len();
        let mut table = Table {
            rows: narrow(rows),
            parent: Vec::new(),
            truth: vec![Truth::Unknown; rows * entity.truth_slots as usize],
            assumed: vec![false; rows * entity.truth_slots as usize],
            values: vec![Val::Unknown; rows * entity.value_slots as usize],
            children: vec![Children::Unknown; rows * entity.child_slots as usize],
        };
        if entity.parent.is_some() {
            table.parent = sources.iter().map(|source| source.parent).collect();
        }
        let local: std::collections::HashMap<FactId, usize> =
            entity.facts.iter().enumerate().map(|(index, fact)| (*fact, index)).collect();
        for (row, source) in sources.iter().enumerate() {
            self.found.clear();
            self.found.resize(entity.facts.len(), Found::default());
            for (depth, at) in (source.first..source.last).enumerate() {
                if let Some(&map) = self.layers.get(at as usize) {
                    self.collect(id, map, narrow(depth), &local);
                }
            }
            for (index, fact) in entity.facts.iter().enumerate() {
                let found = self.found.get_mut(index).map(std::mem::take).unwrap_or_default();
                if let Some(fact) = self.names.fact(*fact) {
                    self.store(&mut table, row, entity_slots(entity), fact, &found);
                }
            }
        }
        if let Some(place) = self.tables.get_mut(id.index()) {
            *place = table;
        }
    }

    /// Sorts the entries of one map by fact.
    fn collect(
        &mut self,
        id: EntityId,
        map: NodeId,
        layer: u32,
        local: &std::collections::HashMap<FactId, usize>,
    ) {
        let tree = self.tree;
        for (key, value) in tree.entries(map) {
            if tree.kind(key) == Kind::Map || tree.kind(key) == Kind::List {
                self.report.add(|| errors::key_not_text(tree.span(key)));
                continue;
            }
            let text = tree.text(key);
            let fact = match self.names.in_entity(id, text) {
                Some(Meaning::Fact(fact)) => fact,
                Some(meaning @ (Meaning::Conclusion(_) | Meaning::Definition(_))) => {
                    let conclusion = matches!(meaning, Meaning::Conclusion(_));
                    self.report.add(|| errors::not_a_fact(tree.span(key), text, conclusion));
                    continue;
                }
                None => {
                    self.unknown_key(id, tree.span(key), text);
                    continue;
                }
            };
            let Some(found) = local.get(&fact).and_then(|index| self.found.get_mut(*index)) else { continue };
            match found.key {
                None => *found = Found { key: Some(key), value: Some(value), layer, below: Vec::new() },
                Some(first) if found.layer == layer => {
                    self.report.add(|| errors::duplicate_key(tree.span(key), Some(tree.span(first)), text));
                }
                Some(_) => {
                    found.layer = layer;
                    found.key = Some(key);
                    found.below.push(value);
                }
            }
        }
    }

    fn unknown_key(&mut self, id: EntityId, at: Span, text: &str) {
        let names = self.names;
        let owner = names.entity_name(id);
        self.report.add(|| {
            let near = nearest(text, names.fact_names(id));
            let elsewhere = names.everywhere(text).find(|(other, _)| *other != id);
            match elsewhere {
                Some((other, Meaning::Fact(_))) => {
                    errors::misplaced_fact(at, text, names.entity_name(other), &names.path(other))
                }
                Some((_, Meaning::Conclusion(_))) => errors::not_a_fact(at, text, true),
                Some((_, Meaning::Definition(_))) => errors::not_a_fact(at, text, false),
                None => errors::unknown_key(at, text, &format!("“{owner}”"), near, names.fact_names(id)),
            }
        });
    }

    fn store(&mut self, table: &mut Table, row: usize, slots: [usize; 3], fact: &Fact, found: &Found) {
        let [truths, values, children] = slots;
        match fact.slot {
            Slot::Truth(slot) => {
                let at = row * truths + slot as usize;
                let assumed = found.value.is_none() && fact.absent_is_false;
                let truth = match found.value {
                    Some(node) => self.truth(fact, node),
                    None if assumed => Truth::False,
                    None => Truth::Unknown,
                };
                put(&mut table.truth, at, truth);
                put(&mut table.assumed, at, assumed);
            }
            Slot::Value(slot) => {
                let value = found.value.and_then(|node| self.value(fact, node)).unwrap_or(Val::Unknown);
                put(&mut table.values, row * values + slot as usize, value);
            }
            Slot::Child(slot) => {
                let members = match found.value {
                    Some(node) => self.children(fact, node, narrow(row), &found.below),
                    None => Children::Unknown,
                };
                put(&mut table.children, row * children + slot as usize, members);
            }
        }
    }

    fn truth(&mut self, fact: &Fact, node: NodeId) -> Truth {
        Scalar::at(self.tree, node, &fact.name, "是、否、不明 或 不适用", self.report)
            .map_or(Truth::Unknown, |scalar| read_truth(&scalar, self.report))
    }

    fn value(&mut self, fact: &Fact, node: NodeId) -> Option<Val> {
        if let Type::Multi(id) = fact.ty {
            return value::read_multi(self.tree, node, &fact.name, id, self.names, self.report);
        }
        let scalar = Scalar::at(self.tree, node, &fact.name, value::type_name(&fact.ty), self.report)?;
        read_value(&scalar, &fact.ty, self.names, self.texts, self.report)
    }

    fn children(&mut self, fact: &Fact, node: NodeId, row: u32, below: &[NodeId]) -> Children {
        let tree = self.tree;
        let span = tree.span(node);
        let (entity, many) = match fact.ty {
            Type::List(entity) => (entity, true),
            Type::One(entity) => (entity, false),
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
            | Type::Error => return Children::Unknown,
        };
        let kind = tree.kind(node);
        if let Kind::Scalar(style) = kind {
            let scalar = Scalar { what: &fact.name, text: tree.text(node), style, span };
            match scalar.state() {
                State::Unknown => return Children::Unknown,
                State::Na => return Children::Na,
                State::Given => {}
            }
        }
        let found = value::kind_name(kind);
        match (many, kind) {
            (true, Kind::List) => return self.members(fact, entity, node, row),
            (true, Kind::Map | Kind::Scalar(_)) => {
                self.report.add(|| errors::list_expected(span, &fact.name, found));
            }
            (false, Kind::Map) => {
                let mut maps = vec![node];
                maps.extend(below.iter().copied().take_while(|lower| tree.kind(*lower) == Kind::Map));
                let start = self.next_row(entity);
                self.queue(entity, &maps, row);
                return Children::Rows(start, start.saturating_add(1));
            }
            (false, Kind::List | Kind::Scalar(_)) => self.report.add(|| {
                let help = "只有一个，不用列表；逐行写“键: 值”";
                errors::map_expected(span, &format!("“{}”", fact.name), found, help)
            }),
        }
        Children::Unknown
    }

    fn members(&mut self, fact: &Fact, entity: EntityId, list: NodeId, row: u32) -> Children {
        let tree = self.tree;
        let start = self.next_row(entity);
        for &member in tree.kids(list) {
            let span = tree.span(member);
            match tree.kind(member) {
                Kind::Map => self.queue(entity, &[member], row),
                Kind::Scalar(Style::Refused) => {}
                Kind::Scalar(style) => {
                    let text = tree.text(member);
                    let scalar = Scalar { what: &fact.name, text, style, span };
                    let word = if text.is_empty() { "空" } else { text };
                    self.report.add(|| match scalar.state() {
                        State::Unknown | State::Na => errors::state_in_list(span, &fact.name, word),
                        State::Given => member_not_map(span, &fact.name, "一个值"),
                    });
                }
                Kind::List => self.report.add(|| member_not_map(span, &fact.name, "列表")),
            }
        }
        Children::Rows(start, self.next_row(entity))
    }

    fn next_row(&self, entity: EntityId) -> u32 {
        self.sources.get(entity.index()).map_or(0, |sources| narrow(sources.len()))
    }
}

fn member_not_map(at: Span, what: &str, found: &str) -> crate::diag::Diagnostic {
    let help = "写成“- 键: 值”，同一项的其他键另起一行对齐";
    errors::map_expected(at, &format!("“{what}”的每一项"), found, help)
}

fn entity_slots(entity: &crate::hir::Entity) -> [usize; 3] {
    [entity.truth_slots, entity.value_slots, entity.child_slots].map(|n| n as usize)
}

fn put<T>(column: &mut [T], at: usize, value: T) {
    if let Some(place) = column.get_mut(at) {
        *place = value;
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
