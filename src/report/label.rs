//! What rows of entities are called: the text of their 标识 fact, else the entity's name and the row's number
//! among its siblings.
use super::View;
use crate::base::{Truth, Val};
use crate::eval::Leaf;
use crate::facts::Children;
use crate::hir::{EntityId, FactId, Slot, Type};

impl View<'_> {
    /// Name of an entity.
    #[must_use]
    pub fn entity_name(&self, entity: EntityId) -> &str {
        self.hir().entities.get(entity.index()).map_or("", |e| e.name.as_str())
    }

    /// The row's parent: entity and row; none for the root.
    #[must_use]
    pub fn parent(&self, entity: EntityId, row: u32) -> Option<(EntityId, u32)> {
        let parent = self.hir().entities.get(entity.index())?.parent?.0;
        Some((parent, *self.case.table(entity)?.parent.get(row as usize)?))
    }

    /// The row's number among those of the same parent, from 1.
    #[must_use]
    pub fn number(&self, entity: EntityId, row: u32) -> u32 {
        let first = || {
            let (_, list) = self.hir().entities.get(entity.index())?.parent?;
            let (_, owner) = self.parent(entity, row)?;
            match self.children(list, owner) {
                Children::Rows(start, _) => Some(start),
                Children::Unknown | Children::Na => None,
            }
        };
        row.saturating_sub(first().unwrap_or(0)).saturating_add(1)
    }

    /// The members of a 多个 / 一个 fact of a row of its entity.
    #[must_use]
    pub fn children(&self, list: FactId, row: u32) -> Children {
        let hir = self.hir();
        let found = || {
            let fact = hir.facts.get(list.index())?;
            let Slot::Child(slot) = fact.slot else { return None };
            let stride = hir.entities.get(fact.entity.index())?.child_slots as usize;
            self.case.table(fact.entity)?.children.get(row as usize * stride + slot as usize).copied()
        };
        found().unwrap_or_default()
    }

    /// The text of the row's 标识 fact, where it is known and not blank.
    #[must_use]
    pub fn own_label(&self, entity: EntityId, row: u32) -> Option<&str> {
        let e = self.hir().entities.get(entity.index())?;
        let Slot::Value(slot) = self.hir().facts.get(e.label?.index())?.slot else { return None };
        let at = row as usize * e.value_slots as usize + slot as usize;
        let Val::Text(text) = self.case.table(entity)?.values.get(at)? else { return None };
        self.case.texts.get(*text as usize).map(|t| t.trim()).filter(|t| !t.is_empty())
    }

    /// 甲; 人员1 where there is no 标识; the entity's name for the root.
    #[must_use]
    pub fn label(&self, entity: EntityId, row: u32) -> String {
        match self.own_label(entity, row) {
            Some(label) => label.to_owned(),
            None if self.parent(entity, row).is_none() => self.entity_name(entity).to_owned(),
            None => format!("{}{}", self.entity_name(entity), self.number(entity, row)),
        }
    }

    /// The label with those of the rows around it, the root left out: 甲／记录2. Empty for the root.
    #[must_use]
    pub fn place(&self, entity: EntityId, row: u32) -> String {
        self.place_from((EntityId(0), 0), entity, row)
    }

    /// The same for a reader who has a row in mind: what lies below it is named from there, itself not at all.
    #[must_use]
    pub fn place_from(&self, subject: (EntityId, u32), entity: EntityId, row: u32) -> String {
        let mut labels = Vec::new();
        let mut at = Some((entity, row)).filter(|at| *at != subject);
        while let Some((entity, row)) = at {
            at = self.parent(entity, row);
            if at.is_some() {
                labels.push(self.label(entity, row));
            }
            at = at.filter(|at| *at != subject);
        }
        labels.reverse();
        labels.join("／")
    }

    /// Where the row stands in the case's data, by field names: 人员[1].记录[2]; empty for the root.
    #[must_use]
    pub fn path(&self, entity: EntityId, row: u32) -> String {
        let mut steps = Vec::new();
        let mut at = (entity, row);
        while let Some(above) = self.parent(at.0, at.1) {
            let field = self.hir().entities.get(at.0.index()).and_then(|e| e.parent);
            let field =
                field.and_then(|(_, f)| self.hir().facts.get(f.index())).map_or("", |f| f.name.as_str());
            steps.push(format!("{field}[{}]", self.number(at.0, at.1)));
            at = above;
        }
        steps.reverse();
        steps.join(".")
    }

    /// Title of a row's part of a report: 人员1　甲.
    #[must_use]
    pub fn title(&self, entity: EntityId, row: u32) -> String {
        let name = self.entity_name(entity);
        let Some((above, above_row)) = self.parent(entity, row) else {
            return self.own_label(entity, row).map_or_else(|| name.to_owned(), |l| format!("{name}　{l}"));
        };
        let number = self.number(entity, row);
        let label = self.own_label(entity, row).map(|l| format!("　{l}")).unwrap_or_default();
        let around = self.place(above, above_row);
        let around = if around.is_empty() { around } else { format!("{around}／") };
        format!("{around}{name}{number}{label}")
    }

    /// A fact of a row as people say it who have a row in mind: 已通知, 甲的已通知.
    #[must_use]
    pub fn fact_words(&self, subject: (EntityId, u32), leaf: Leaf) -> String {
        let Some(fact) = self.hir().facts.get(leaf.fact.index()) else { return String::new() };
        let place = self.place_from(subject, fact.entity, leaf.row);
        if place.is_empty() { fact.name.clone() } else { format!("{place}的{}", fact.name) }
    }

    /// The value of a fact as evaluation reads it (after 视为 and 推定), in words.
    #[must_use]
    pub fn fact_value(&self, leaf: Leaf) -> String {
        use super::value::{NA, UNKNOWN, truth_word};
        let Some(fact) = self.hir().facts.get(leaf.fact.index()) else { return UNKNOWN.to_owned() };
        match self.fact_read(leaf) {
            Read::Truth(t) => truth_word(t).to_owned(),
            Read::Value(v) => self.value(&fact.ty, v),
            Read::Members(Children::Unknown) => UNKNOWN.to_owned(),
            Read::Members(Children::Na) => NA.to_owned(),
            Read::Members(Children::Rows(start, end)) => format!("{}个", end.saturating_sub(start)),
        }
    }

    /// The value of a fact as evaluation reads it.
    #[must_use]
    pub fn fact_read(&self, leaf: Leaf) -> Read {
        use crate::ir::{Place, T, V};
        let Some(fact) = self.hir().facts.get(leaf.fact.index()) else { return Read::Truth(Truth::Unknown) };
        if matches!(fact.ty, Type::List(_) | Type::One(_)) {
            return Read::Members(self.children(leaf.fact, leaf.row));
        }
        let deemed = self.program.deemed.get(leaf.fact.index()).copied().unwrap_or_default();
        match (deemed, fact.slot) {
            (Place::Truth(t), _) => Read::Truth(self.run.truth(fact.entity, leaf.row, t)),
            (Place::Value(v), _) => Read::Value(self.run.value(fact.entity, leaf.row, v)),
            (Place::None, Slot::Truth(n)) => Read::Truth(self.run.truth(fact.entity, leaf.row, T(n))),
            (Place::None, Slot::Value(n)) => Read::Value(self.run.value(fact.entity, leaf.row, V(n))),
            (Place::None, Slot::Child(_)) => Read::Members(Children::Unknown),
        }
    }
}

/// What is read of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Read {
    /// 是否
    Truth(Truth),
    /// Other scalars.
    Value(Val),
    /// 多个, 一个
    Members(Children),
}

/// Where the value of a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The case.
    Stated,
    /// 未载明视为否
    Absent,
    /// 推定
    Presumed,
    /// 视为
    Deemed,
}

impl View<'_> {
    /// Where the value of a fact comes from.
    #[must_use]
    pub fn origin(&self, leaf: Leaf) -> Origin {
        use crate::hir::Slot;
        let hir = self.hir();
        let found = || {
            let fact = hir.facts.get(leaf.fact.index())?;
            let entity = hir.entities.get(fact.entity.index())?;
            let table = self.case.table(fact.entity)?;
            let at = |stride: u32, slot: u32| leaf.row as usize * stride as usize + slot as usize;
            Some(match (fact.slot, self.fact_read(leaf)) {
                (Slot::Truth(n), Read::Truth(read)) => {
                    let at = at(entity.truth_slots, n);
                    let raw = *table.truth.get(at)?;
                    if table.assumed.get(at) == Some(&true) && raw == read {
                        Origin::Absent
                    } else {
                        self.deemed(leaf, raw == read || read == Truth::Unknown)
                    }
                }
                (Slot::Value(n), Read::Value(read)) => {
                    let raw = *table.values.get(at(entity.value_slots, n))?;
                    self.deemed(leaf, raw == read || read == Val::Unknown)
                }
                (Slot::Truth(_) | Slot::Value(_) | Slot::Child(_), _) => Origin::Stated,
            })
        };
        found().unwrap_or(Origin::Stated)
    }

    /// Whether 视为 or 推定 changed the value of a fact.
    fn deemed(&self, leaf: Leaf, same: bool) -> Origin {
        if same {
            return Origin::Stated;
        }
        let hir = self.hir();
        let holds = |rule: crate::hir::RuleId| {
            let owner = hir.facts.get(leaf.fact.index())?.entity;
            let entity = hir.rules.get(rule.index())?.entity;
            let (_, row) = self.run.up(self.program, owner, leaf.row, entity)?;
            Some(self.run.truth(entity, row, self.program.guard(rule)?).is_true())
        };
        let of_fact = || hir.deems.iter().filter(|d| d.fact == leaf.fact);
        let presumed = !of_fact().any(|d| !d.presume)
            || of_fact().any(|d| d.presume) && !of_fact().any(|d| !d.presume && holds(d.rule) == Some(true));
        if presumed { Origin::Presumed } else { Origin::Deemed }
    }
}
