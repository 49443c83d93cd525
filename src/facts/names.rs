//! The vocabulary a case is checked against: which key means which fact, and where a misplaced one belongs.
use crate::base::decimal::half_width;
use crate::hir::{ConclusionId, DefinitionId, Entity, EntityId, Fact, FactId, Hir, Type};
use std::borrow::Cow;
use std::collections::HashMap;

/// What a name means within an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Fact(FactId),
    Conclusion(ConclusionId),
    Definition(DefinitionId),
}

/// Names of a policy, by entity.
#[derive(Debug)]
pub(super) struct Names<'h> {
    pub(super) hir: &'h Hir,
    by_entity: Vec<HashMap<String, Meaning>>,
}

impl<'h> Names<'h> {
    pub(super) fn new(hir: &'h Hir) -> Self {
        let mut by_entity = vec![HashMap::new(); hir.entities.len()];
        let mut add = |entity: EntityId, name: &str, meaning: Meaning| {
            if let Some(names) = by_entity.get_mut(entity.index()) {
                names.entry(plain(name).into_owned()).or_insert(meaning);
            }
        };
        for (id, fact) in (0..).map(FactId).zip(&hir.facts) {
            add(fact.entity, &fact.name, Meaning::Fact(id));
        }
        for (id, conclusion) in (0..).map(ConclusionId).zip(&hir.conclusions) {
            add(conclusion.entity, &conclusion.name, Meaning::Conclusion(id));
        }
        for (id, definition) in (0..).map(DefinitionId).zip(&hir.definitions) {
            add(definition.entity, &definition.name, Meaning::Definition(id));
        }
        Self { hir, by_entity }
    }

    /// What `name` means in `entity`.
    pub(super) fn in_entity(&self, entity: EntityId, name: &str) -> Option<Meaning> {
        self.by_entity.get(entity.index())?.get(plain(name).as_ref()).copied()
    }

    /// Every entity that knows the name, from the root downwards.
    pub(super) fn everywhere<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = (EntityId, Meaning)> + use<'a> {
        let name = plain(name).into_owned();
        (0..).map(EntityId).zip(&self.by_entity).filter_map(move |(id, names)| Some((id, *names.get(&name)?)))
    }

    pub(super) fn fact(&self, id: FactId) -> Option<&'h Fact> {
        self.hir.facts.get(id.index())
    }

    pub(super) fn entity(&self, id: EntityId) -> Option<&'h Entity> {
        self.hir.entities.get(id.index())
    }

    /// An entity's name, empty if there is none.
    pub(super) fn entity_name(&self, id: EntityId) -> &'h str {
        self.entity(id).map_or("", |entity| entity.name.as_str())
    }

    /// Names of an entity's facts in order of declaration.
    pub(super) fn fact_names(&self, id: EntityId) -> impl Iterator<Item = &'h str> {
        let facts = self.entity(id).map_or(&[][..], |entity| entity.facts.as_slice());
        facts.iter().filter_map(|fact| Some(self.hir.facts.get(fact.index())?.name.as_str()))
    }

    /// The keys that lead to the members of an entity: 案件 → 人员.
    pub(super) fn path(&self, id: EntityId) -> String {
        let mut keys = Vec::new();
        let mut at = Some(id);
        // A parent's number is lower than its child's, so this ends; the count guards against a malformed program.
        for _ in 0..=self.hir.entities.len() {
            let Some(entity) = at.and_then(|id| self.entity(id)) else { break };
            if let Some((parent, field)) = entity.parent {
                keys.push(self.fact(field).map_or("", |fact| fact.name.as_str()));
                at = Some(parent);
            } else {
                keys.push(entity.name.as_str());
                at = None;
            }
        }
        keys.reverse();
        keys.join(" → ")
    }

    /// The values of an enumeration-like type; 否 and 是 for 是否.
    pub(super) fn values(&self, ty: &Type) -> Vec<&'h str> {
        match ty {
            Type::Enum(id) | Type::Multi(id) | Type::Duty(id) => self
                .hir
                .enums
                .get(id.index())
                .map_or_else(Vec::new, |def| def.values.iter().map(String::as_str).collect()),
            Type::Bool => vec!["否", "是"],
            Type::Int(_)
            | Type::Decimal(_)
            | Type::Money
            | Type::Date
            | Type::Period
            | Type::Text
            | Type::List(_)
            | Type::One(_)
            | Type::Error => Vec::new(),
        }
    }
}

/// A name or word as it is compared: no blanks around it, ASCII forms of full-width letters, digits and marks.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.chars().any(|c| narrow(c) != c) {
        Cow::Owned(text.chars().map(narrow).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => half_width(c),
    }
}

/// The word among `known` that was probably meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    crate::base::similar::nearest(&plain(word), known)
}
