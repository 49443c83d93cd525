//! Reading 期望: a list of maps (or one map) → [`Expectation`]s.
use super::super::errors::{self, Report};
use super::super::head::expect_map;
use super::super::model::Table;
use super::super::names::{Meaning, Names, nearest, plain};
use super::super::tree::{Kind, NodeId, Style, Tree};
use super::super::value::{Scalar, State, Texts, kind_name, read_date, read_value};
use super::subject::{Found, Subjects};
use super::{Candidate, Expectation, ExpectedState, FactRef, Placed};
use crate::base::{Address, Span, Val};
use crate::hir::{Conclusion, ConclusionId, EntityId, FactId, Type};
use std::collections::BTreeSet;

/// Keys of an expectation, in the order of [`Keys`].
const KEYS: [&str; 14] = [
    "对象",
    "结论",
    "值",
    "状态",
    "依据",
    "候选",
    "待查事实",
    "可以",
    "可以依据",
    "任选",
    "被排除",
    "假定",
    "判断",
    "届满日",
];

/// The values of the keys of one expectation.
struct Keys([Option<NodeId>; KEYS.len()]);

impl Keys {
    fn get(&self, key: &str) -> Option<NodeId> {
        let index = KEYS.iter().position(|known| *known == key)?;
        self.0.get(index).copied().flatten()
    }
}

/// What an address is called in the text at hand.
type MovedTo<'a> = &'a dyn Fn(&Address) -> Option<Address>;

/// Reads the value of 期望. `moved` tells what became of the addresses it cites.
pub(in crate::facts) fn read_expectations(
    tree: &Tree,
    node: NodeId,
    names: &Names<'_>,
    tables: &[Table],
    (texts, moved): (&mut Texts, Option<MovedTo<'_>>),
    report: &mut Report,
) -> Vec<Expectation> {
    let one = [node];
    let members: &[NodeId] = match tree.kind(node) {
        Kind::List => tree.kids(node),
        Kind::Map => &one,
        Kind::Scalar(style) => {
            let scalar = Scalar { what: "期望", text: tree.text(node), style, span: tree.span(node) };
            if scalar.state() == State::Given {
                report.add(|| errors::list_expected(scalar.span, "期望", kind_name(Kind::Scalar(style))));
            }
            &[]
        }
    };
    let subjects = Subjects::new(names, tables, texts.list());
    let addresses = names
        .hir
        .provisions
        .iter()
        .map(|provision| &provision.address)
        .chain(names.hir.rules.iter().map(|rule| &rule.address))
        .collect();
    let mut reader = Reader { tree, names, subjects, addresses, moved, texts, report };
    members.iter().filter_map(|member| reader.expectation(*member)).collect()
}

/// 对象 as written and the rows it means, if anybody.
struct Subject {
    written: Placed<String>,
    meant: Option<(EntityId, Vec<u32>)>,
}

struct Reader<'a> {
    tree: &'a Tree,
    names: &'a Names<'a>,
    subjects: Subjects<'a>,
    addresses: BTreeSet<&'a Address>,
    moved: Option<MovedTo<'a>>,
    texts: &'a mut Texts,
    report: &'a mut Report,
}

impl<'a> Reader<'a> {
    fn expectation(&mut self, node: NodeId) -> Option<Expectation> {
        let map = expect_map(self.tree, node, "每一条期望", self.report)?;
        let span = self.tree.span(map);
        let keys = self.keys(map);
        let owners = self.owners(&keys);
        let subject = keys.get("对象").and_then(|node| self.subject(node, &owners));
        let (id, conclusion) = self.conclusion(&keys, span, subject.as_ref())?;
        let entity = conclusion.entity;
        let rows = self.rows(&keys, span, subject.as_ref(), conclusion);
        let ty = &conclusion.ty;
        let name = conclusion.name.as_str();
        Some(Expectation {
            conclusion: id,
            entity,
            rows,
            subject: subject.map(|subject| subject.written),
            state: keys.get("状态").and_then(|node| self.state(node)),
            values: self.all(&keys, "值", |reader, node| reader.value(node, name, ty)),
            deadline: keys.get("届满日").and_then(|node| self.deadline(node)),
            basis: self.all(&keys, "依据", Self::address),
            candidates: self.all(&keys, "候选", |reader, node| reader.candidate(node, name, ty)),
            unknown: self.all(&keys, "待查事实", |reader, node| reader.fact(node, entity)),
            options: self.all(&keys, "可以", |reader, node| reader.value(node, name, ty)),
            option_basis: self.all(&keys, "可以依据", Self::address),
            choice: self.all(&keys, "任选", |reader, node| reader.value(node, name, ty)),
            defeated: self.all(&keys, "被排除", Self::address),
            assumed: self.all(&keys, "假定", |reader, node| reader.fact(node, entity)),
            judgements: self.all(&keys, "判断", |reader, node| reader.fact(node, entity)),
            span,
        })
    }

    fn keys(&mut self, map: NodeId) -> Keys {
        let tree = self.tree;
        let mut values = [None; KEYS.len()];
        let mut firsts: [Option<Span>; KEYS.len()] = [None; KEYS.len()];
        for (key, value) in tree.entries(map) {
            let at = tree.span(key);
            if !matches!(tree.kind(key), Kind::Scalar(_)) {
                self.report.add(|| errors::key_not_text(at));
                continue;
            }
            let text = tree.text(key);
            let word = plain(text);
            let Some(index) = KEYS.iter().position(|known| *known == word) else {
                let names = self.names;
                self.report.add(|| {
                    let mut meanings = names.everywhere(text);
                    if meanings.any(|(_, meaning)| matches!(meaning, Meaning::Conclusion(_))) {
                        errors::conclusion_as_key(at, text)
                    } else {
                        errors::unknown_key(at, text, "期望", nearest(text, KEYS), KEYS.iter().copied())
                    }
                });
                continue;
            };
            match (firsts.get_mut(index), values.get_mut(index)) {
                (Some(Some(first)), _) => {
                    self.report.add(|| errors::duplicate_key(at, Some(*first), text));
                }
                (Some(first), Some(place)) => {
                    *first = Some(at);
                    *place = Some(value);
                }
                (Some(None) | None, _) => {}
            }
        }
        Keys(values)
    }

    /// Entities that have a conclusion of the name written.
    fn owners(&self, keys: &Keys) -> Vec<EntityId> {
        let name = keys.get("结论").map_or("", |node| self.tree.text(node));
        let conclusions = self.names.everywhere(name);
        conclusions
            .filter(|(_, meaning)| matches!(meaning, Meaning::Conclusion(_)))
            .map(|(entity, _)| entity)
            .collect()
    }

    /// 对象 and the rows it means, with its entity.
    fn subject(&mut self, node: NodeId, owners: &[EntityId]) -> Option<Subject> {
        let scalar = Scalar::at(self.tree, node, "对象", "一个标识", self.report)?;
        let span = scalar.span;
        let meant = self.row(scalar.text, span, owners);
        Some(Subject { written: Placed { value: scalar.text.to_owned(), span }, meant })
    }

    fn row(&mut self, name: &str, span: Span, prefer: &[EntityId]) -> Option<(EntityId, Vec<u32>)> {
        let subjects = &self.subjects;
        match subjects.find(name, prefer) {
            Found::Row(entity, row) => Some((entity, vec![row])),
            Found::All(entity) => Some((entity, (0..subjects.rows(entity)).collect())),
            Found::Several(entity, row) => {
                let first = subjects.numbered(entity, row);
                self.report.add(|| errors::ambiguous_subject(span, name, &first));
                None
            }
            Found::Nobody => {
                let known = subjects.known();
                self.report.add(|| {
                    let near = nearest(name, known.iter().copied());
                    errors::unknown_subject(span, name, near, known.iter().copied())
                });
                None
            }
        }
    }

    fn conclusion(
        &mut self,
        keys: &Keys,
        span: Span,
        subject: Option<&Subject>,
    ) -> Option<(ConclusionId, &'a Conclusion)> {
        let Some(node) = keys.get("结论") else {
            self.report.add(|| errors::missing_conclusion(span));
            return None;
        };
        let scalar = Scalar::at(self.tree, node, "结论", "结论的名称", self.report)?;
        let (at, text) = (scalar.span, scalar.text);
        let names = self.names;
        let known: Vec<(EntityId, ConclusionId)> = names
            .everywhere(text)
            .filter_map(|(entity, meaning)| match meaning {
                Meaning::Conclusion(id) => Some((entity, id)),
                Meaning::Fact(_) | Meaning::Definition(_) => None,
            })
            .collect();
        let wanted = subject.and_then(|subject| subject.meant.as_ref()).map(|(entity, _)| *entity);
        let chosen = known.iter().find(|(entity, _)| Some(*entity) == wanted).or(known.first());
        match (chosen, known.as_slice()) {
            (Some((entity, _)), [_, _, ..]) if Some(*entity) != wanted => {
                let owners: Vec<&str> = known.iter().map(|(entity, _)| names.entity_name(*entity)).collect();
                self.report.add(|| errors::ambiguous_conclusion(at, text, &owners));
                None
            }
            (Some((_, id)), _) => names.hir.conclusions.get(id.index()).map(|conclusion| (*id, conclusion)),
            (None, _) => {
                let all: Vec<&str> = names.hir.conclusions.iter().map(|c| c.name.as_str()).collect();
                self.report.add(|| {
                    let near = nearest(text, all.iter().copied());
                    errors::unknown_conclusion(at, text, near, all.iter().copied())
                });
                None
            }
        }
    }

    fn rows(
        &mut self,
        keys: &Keys,
        span: Span,
        subject: Option<&Subject>,
        conclusion: &Conclusion,
    ) -> Vec<u32> {
        let names = self.names;
        let owner = names.entity_name(conclusion.entity);
        let at = keys.get("结论").map_or(span, |node| self.tree.span(node));
        let rows = match subject {
            Some(Subject { meant: None, .. }) => return Vec::new(),
            Some(Subject { written, meant: Some((entity, _)) }) if *entity != conclusion.entity => {
                self.report.add(|| errors::conclusion_of_other(written.span, &conclusion.name, owner));
                return Vec::new();
            }
            Some(Subject { meant: Some((_, rows)), .. }) => rows.clone(),
            None => (0..self.subjects.rows(conclusion.entity)).collect(),
        };
        if rows.is_empty() {
            self.report.add(|| errors::nobody(at, owner));
        }
        rows
    }

    /// Reads one item or a list of them; items with findings are left out.
    fn all<T>(
        &mut self,
        keys: &Keys,
        key: &'static str,
        mut read: impl FnMut(&mut Self, NodeId) -> Option<T>,
    ) -> Option<Placed<Vec<T>>> {
        let node = keys.get(key)?;
        let span = self.tree.span(node);
        let tree = self.tree;
        let value = match tree.kind(node) {
            Kind::List => tree.kids(node).iter().filter_map(|member| read(self, *member)).collect(),
            Kind::Scalar(style) => {
                let scalar = Scalar { what: key, text: tree.text(node), style, span };
                // Left empty: not compared. The word 不明 is read, and refused where it means nothing.
                if scalar.state() == State::Unknown && plain(scalar.text) != "不明" {
                    return None;
                }
                read(self, node).into_iter().collect()
            }
            Kind::Map => {
                self.report.add(|| errors::list_expected(span, key, kind_name(Kind::Map)));
                return None;
            }
        };
        Some(Placed { value, span })
    }

    fn value(&mut self, node: NodeId, name: &str, ty: &Type) -> Option<Val> {
        let scalar = Scalar::at(self.tree, node, name, "结论的值", self.report)?;
        if let Type::Bool = ty {
            // No unknown here: an expected 是否 is one of the two.
            return match plain(scalar.text).as_ref() {
                "否" | "false" => Some(Val::Mask(1)),
                "是" | "true" => Some(Val::Mask(2)),
                _ => {
                    let help = "写 是 或 否；还不能定的写“状态: 待查”";
                    self.report
                        .add(|| errors::wrong_type(scalar.span, name, scalar.text, "“是”或“否”", help));
                    None
                }
            };
        }
        let value = read_value(&scalar, ty, self.names, self.texts, self.report)?;
        if value == Val::Unknown {
            let help = "结论没有 不明 这个值；还不能定的写“状态: 待查”";
            self.report.add(|| errors::wrong_type(scalar.span, name, scalar.text, "一个值", help));
            return None;
        }
        Some(value)
    }

    fn candidate(&mut self, node: NodeId, name: &str, ty: &Type) -> Option<Candidate> {
        if matches!(self.tree.kind(node), Kind::Scalar(Style::Plain))
            && let Some(
                state @ (ExpectedState::Silent | ExpectedState::Conflict | ExpectedState::Inapplicable),
            ) = ExpectedState::of_name(plain(self.tree.text(node)).as_ref())
        {
            return Some(Candidate::State(state));
        }
        self.value(node, name, ty).map(Candidate::Value)
    }

    fn state(&mut self, node: NodeId) -> Option<Placed<ExpectedState>> {
        let known = ExpectedState::ALL.map(|(name, _)| name);
        let scalar = Scalar::at(self.tree, node, "状态", "状态的名称", self.report)?;
        let state = ExpectedState::of_name(plain(scalar.text).as_ref());
        if state.is_none() {
            let near = nearest(scalar.text, known);
            self.report.add(|| errors::unknown_state(scalar.span, scalar.text, near, &known));
        }
        state.map(|value| Placed { value, span: scalar.span })
    }

    fn deadline(&mut self, node: NodeId) -> Option<Placed<crate::base::Date>> {
        let scalar = Scalar::at(self.tree, node, "届满日", "日期", self.report)?;
        read_date(&scalar, self.report).map(|value| Placed { value, span: scalar.span })
    }

    fn address(&mut self, node: NodeId) -> Option<Placed<Address>> {
        let scalar = Scalar::at(self.tree, node, "依据", "条文的序号", self.report)?;
        let Some(address) = Address::parse(scalar.text) else {
            self.report.add(|| errors::bad_address(scalar.span, scalar.text));
            return None;
        };
        let address = match self.moved.map(|moved| moved(&address)) {
            None => address,
            Some(Some(now)) => now,
            Some(None) => {
                self.report.add(|| errors::repealed_address(scalar.span, scalar.text));
                return None;
            }
        };
        let known = self.addresses.contains(&address)
            || self
                .addresses
                .range::<&Address, _>(&address..)
                .next()
                .is_some_and(|next| address.covers(next));
        if !known {
            self.report.add(|| errors::unknown_address(scalar.span, scalar.text));
            return None;
        }
        Some(Placed { value: address, span: scalar.span })
    }

    /// `事实` or `对象 之 事实`; a bare name is looked up from the conclusion's entity upwards, then anywhere.
    fn fact(&mut self, node: NodeId, entity: EntityId) -> Option<FactRef> {
        let scalar = Scalar::at(self.tree, node, "事实", "事实的名称", self.report)?;
        let text = plain(scalar.text);
        if let Some((owner, name)) = text.rsplit_once(" 之 ") {
            let owners: Vec<EntityId> = self.names.everywhere(name).map(|(entity, _)| entity).collect();
            let (entity, rows) = self.row(owner, scalar.span, &owners)?;
            let fact = self.fact_of(entity, name);
            if fact.is_none() {
                self.unknown_fact(&scalar);
            }
            let row = if let [row] = rows.as_slice() { Some(*row) } else { None };
            return fact.map(|fact| FactRef { fact, row });
        }
        let mut at = Some(entity);
        for _ in 0..=self.names.hir.entities.len() {
            let Some(entity) = at else { break };
            if let Some(fact) = self.fact_of(entity, &text) {
                return Some(FactRef { fact, row: None });
            }
            at = self.names.entity(entity).and_then(|entity| entity.parent).map(|(parent, _)| parent);
        }
        let anywhere = self.names.everywhere(&text).find_map(|(_, meaning)| match meaning {
            Meaning::Fact(fact) => Some(fact),
            Meaning::Conclusion(_) | Meaning::Definition(_) => None,
        });
        if anywhere.is_none() {
            self.unknown_fact(&scalar);
        }
        anywhere.map(|fact| FactRef { fact, row: None })
    }

    fn fact_of(&self, entity: EntityId, name: &str) -> Option<FactId> {
        match self.names.in_entity(entity, name)? {
            Meaning::Fact(fact) => Some(fact),
            Meaning::Conclusion(_) | Meaning::Definition(_) => None,
        }
    }

    fn unknown_fact(&mut self, scalar: &Scalar<'_>) {
        let facts = &self.names.hir.facts;
        self.report.add(|| {
            let near = nearest(scalar.text, facts.iter().map(|fact| fact.name.as_str()));
            errors::unknown_fact(scalar.span, scalar.text, near)
        });
    }
}
