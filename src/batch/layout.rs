//! Which columns a run gives: one table an entity that has conclusions (or facts to be kept), one row a member.
use crate::hir::{ConclusionId, EntityId, FactId, Hir, Mode, Slot, Type};

/// What a column holds of a conclusion. All cells are texts, in the words of [`crate::report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The decided value, choices included; nothing where nothing is decided.
    Value,
    /// 定论, 待查, 未规定, 冲突, 不适用.
    State,
    /// 应当, 可以, 默认 of a decided one.
    Force,
    /// 届满日 of a 义务.
    Deadline,
    /// Addresses that decided, joined by 、.
    Basis,
    /// Options (可以) with their addresses: `甲〔第一条〕；乙〔第二条〕`; one that only may stand begins with `可能：`.
    Options,
    /// 待查, 冲突: what it may be, joined by 、.
    Candidates,
    /// Addresses of provisions whose condition held and which were defeated, joined by 、.
    Defeated,
    /// Facts a 待查 conclusion waits for (`事实` of the root, `实体.事实` of others), joined by 、.
    Waiting,
}

impl Part {
    /// In the order of columns.
    pub const ALL: [Self; 9] = [
        Self::Value,
        Self::State,
        Self::Force,
        Self::Deadline,
        Self::Basis,
        Self::Options,
        Self::Candidates,
        Self::Defeated,
        Self::Waiting,
    ];

    /// What stands in （ ） after the conclusion's name; nothing for the value.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::State => "状态",
            Self::Force => "效力",
            Self::Deadline => "届满日",
            Self::Basis => "依据",
            Self::Options => "选项",
            Self::Candidates => "候选",
            Self::Defeated => "被排除",
            Self::Waiting => "待查事实",
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// （序号）: the case's number in the input, from 1.
    Number,
    /// （案例）: the case's name, where its data gives one.
    Name,
    /// （实体序号）: the member's number among its siblings, from 1; of the entity or one that contains it.
    Member(EntityId),
    /// A fact carried over from the input.
    Fact(FactId),
    /// A conclusion.
    Conclusion(ConclusionId, Part),
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: unique in its table. Conclusions: `责任`, `责任（状态）`; what the program adds stands in （ ）.
    pub name: String,
    /// What it holds.
    pub what: What,
}

/// The columns of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Entity.
    pub entity: EntityId,
    /// Its name.
    pub name: String,
    /// Columns in order; the first are （序号） and what tells members apart.
    pub columns: Vec<Column>,
}

/// All tables of a run, parents first. The root's is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Tables.
    pub tables: Vec<Table>,
}

/// What the user asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Columns by name (`责任` is the conclusion with its usual parts, `责任（依据）` one column, `成员.责任` of one
    /// entity); empty: all conclusions.
    pub select: Vec<String>,
    /// Facts to be carried over (`类别`, `成员.身份`).
    pub keep: Vec<String>,
    /// With the facts that 待查 conclusions wait for.
    pub waiting: bool,
}

/// A name that is no column, with those that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownColumn {
    /// As asked for.
    pub name: String,
    /// Names there are.
    pub known: Vec<String>,
}

impl Layout {
    /// The columns that `wanted` asks for.
    ///
    /// # Errors
    /// The names that are no columns.
    pub fn new(hir: &Hir, wanted: &Wanted) -> Result<Self, Vec<UnknownColumn>> {
        let mut unknown = Vec::new();
        let mut chosen: Vec<What> = Vec::new();
        for name in &wanted.select {
            let found = conclusions_called(hir, name, wanted.waiting);
            if found.is_empty() {
                unknown.push(UnknownColumn { name: name.clone(), known: conclusion_names(hir) });
            }
            chosen.extend(found);
        }
        if wanted.select.is_empty() {
            for index in 0..hir.conclusions.len() {
                let id = ConclusionId(narrow(index));
                chosen.extend(usual_parts(hir, id, wanted.waiting).map(|part| What::Conclusion(id, part)));
            }
        }
        let mut kept: Vec<FactId> = hir.entities.iter().filter_map(|e| e.label).collect();
        for name in &wanted.keep {
            let found = facts_called(hir, name);
            if found.is_empty() {
                unknown.push(UnknownColumn { name: name.clone(), known: fact_names(hir) });
            }
            kept.extend(found);
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let asked: Vec<FactId> = wanted.keep.iter().flat_map(|name| facts_called(hir, name)).collect();
        let tables = hir.entities.iter().enumerate().filter_map(|(index, entity)| {
            let id = EntityId(narrow(index));
            let facts: Vec<What> =
                entity.facts.iter().filter(|f| kept.contains(f)).map(|f| What::Fact(*f)).collect();
            let own: Vec<What> = entity
                .conclusions
                .iter()
                .flat_map(|c| {
                    let chosen = &chosen;
                    Part::ALL
                        .into_iter()
                        .map(move |part| What::Conclusion(*c, part))
                        .filter(move |what| chosen.contains(what))
                })
                .collect();
            let wanted_here = entity.facts.iter().any(|f| asked.contains(f));
            if own.is_empty() && !wanted_here && id.index() != 0 {
                return None;
            }
            let mut whats = vec![What::Number];
            whats.extend((id.index() == 0).then_some(What::Name));
            whats.extend(lineage(hir, id).into_iter().map(What::Member));
            whats.extend(facts);
            whats.extend(own);
            let columns =
                whats.into_iter().map(|what| Column { name: column_name(hir, what), what }).collect();
            Some(Table { entity: id, name: entity.name.clone(), columns })
        });
        Ok(Self { tables: tables.collect() })
    }

    /// The table of an entity, if it has one.
    #[must_use]
    pub fn table(&self, entity: EntityId) -> Option<&Table> {
        self.tables.iter().find(|t| t.entity == entity)
    }

    /// Whether any column is of this conclusion.
    #[must_use]
    pub fn has(&self, id: ConclusionId) -> bool {
        let of = |c: &Column| matches!(c.what, What::Conclusion(known, _) if known == id);
        self.tables.iter().any(|t| t.columns.iter().any(of))
    }

    /// The nearest entity around this one that has a table.
    #[must_use]
    pub fn parent(&self, hir: &Hir, entity: EntityId) -> Option<EntityId> {
        let parent = |e: EntityId| hir.entities.get(e.index()).and_then(|e| e.parent).map(|(p, _)| p);
        std::iter::successors(parent(entity), |at| parent(*at)).find(|at| self.table(*at).is_some())
    }

    /// Whether any column asks for the facts that 待查 conclusions wait for.
    #[must_use]
    pub fn waits(&self) -> bool {
        let waits = |c: &Column| matches!(c.what, What::Conclusion(_, Part::Waiting));
        self.tables.iter().any(|t| t.columns.iter().any(waits))
    }
}

/// The entity and those that contain it, outermost first, the root left out.
#[must_use]
pub(super) fn lineage(hir: &Hir, entity: EntityId) -> Vec<EntityId> {
    let mut out = Vec::new();
    let mut at = Some(entity);
    while let Some(id) = at {
        let parent = hir.entities.get(id.index()).and_then(|e| e.parent);
        if parent.is_some() {
            out.push(id);
        }
        at = parent.map(|(p, _)| p);
    }
    out.reverse();
    out
}

/// The parts of a conclusion that a run gives unless told otherwise.
pub fn usual_parts(hir: &Hir, id: ConclusionId, waiting: bool) -> impl Iterator<Item = Part> {
    let duty = hir.conclusions.get(id.index()).is_some_and(|c| matches!(c.ty, Type::Duty(_)));
    let consequences = hir.rules.iter().flat_map(|r| &r.consequences);
    let optional = consequences.filter(|c| c.conclusion == id).any(|c| c.mode == Mode::May);
    Part::ALL.into_iter().filter(move |part| match part {
        Part::Force => false,
        Part::Deadline => duty,
        Part::Options => optional,
        Part::Waiting => waiting,
        Part::Value | Part::State | Part::Basis | Part::Candidates | Part::Defeated => true,
    })
}

fn conclusions_called(hir: &Hir, asked: &str, waiting: bool) -> Vec<What> {
    let (owner, name) = split_owner(asked);
    let (name, part) = split_part(name);
    let mut out = Vec::new();
    for (index, conclusion) in hir.conclusions.iter().enumerate() {
        if conclusion.name != name || !owned_by(hir, conclusion.entity, owner) {
            continue;
        }
        let id = ConclusionId(narrow(index));
        match part {
            None => out.extend(usual_parts(hir, id, waiting).map(|p| What::Conclusion(id, p))),
            Some(word) => {
                let parts = Part::ALL.into_iter().filter(|p| !p.word().is_empty() && p.word() == word);
                out.extend(parts.map(|p| What::Conclusion(id, p)));
            }
        }
    }
    out
}

fn facts_called(hir: &Hir, asked: &str) -> Vec<FactId> {
    let (owner, name) = split_owner(asked);
    let found = hir.facts.iter().enumerate().filter(|(_, fact)| {
        fact.name == name && owned_by(hir, fact.entity, owner) && !matches!(fact.slot, Slot::Child(_))
    });
    found.map(|(index, _)| FactId(narrow(index))).collect()
}

/// `成员.责任` → entity and name.
fn split_owner(asked: &str) -> (Option<&str>, &str) {
    asked.split_once('.').map_or((None, asked), |(owner, name)| (Some(owner), name))
}

/// `责任（状态）` → conclusion and part; half-width brackets serve too.
fn split_part(name: &str) -> (&str, Option<&str>) {
    let inner = name.strip_suffix(['）', ')']);
    match inner.and_then(|inner| inner.split_once(['（', '('])) {
        Some((name, part)) => (name, Some(part)),
        None => (name, None),
    }
}

fn owned_by(hir: &Hir, entity: EntityId, owner: Option<&str>) -> bool {
    owner.is_none_or(|owner| hir.entities.get(entity.index()).is_some_and(|e| e.name == owner))
}

fn conclusion_names(hir: &Hir) -> Vec<String> {
    hir.conclusions.iter().map(|c| c.name.clone()).collect()
}

fn fact_names(hir: &Hir) -> Vec<String> {
    let scalar = hir.facts.iter().filter(|f| !matches!(f.slot, Slot::Child(_)));
    scalar.map(|f| f.name.clone()).collect()
}

/// A column's name, by what it holds.
#[must_use]
pub fn column_name(hir: &Hir, what: What) -> String {
    match what {
        What::Number => "（序号）".to_owned(),
        What::Name => "（案例）".to_owned(),
        What::Member(entity) => {
            format!("（{}序号）", hir.entities.get(entity.index()).map_or("", |e| e.name.as_str()))
        }
        What::Fact(fact) => hir.facts.get(fact.index()).map(|f| f.name.clone()).unwrap_or_default(),
        What::Conclusion(id, part) => {
            let name = hir.conclusions.get(id.index()).map_or("", |c| c.name.as_str());
            if part == Part::Value { name.to_owned() } else { format!("{name}（{}）", part.word()) }
        }
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
