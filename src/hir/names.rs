//! Who is called what, and what a name means at a place: the current entity's members first, then
//! those of the entities around it, then defined terms.
use super::lowering::Lowering;
use super::model::{ConclusionId, DefinitionId, EntityId, EnumId, FactId, Type};
use std::collections::HashMap;

/// What a name may stand for in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    /// A fact.
    Fact(FactId),
    /// A conclusion.
    Conclusion(ConclusionId),
    /// A defined term.
    Definition(DefinitionId),
}

/// Name tables.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Declared enumerations.
    pub enums: HashMap<String, EnumId>,
    /// Entities.
    pub entities: HashMap<String, EntityId>,
    /// Members, by entity.
    pub members: Vec<HashMap<String, Member>>,
    /// Defined terms whose entity is inferred.
    pub defined: HashMap<String, DefinitionId>,
    /// Members of all entities by name, in order of declaration.
    pub everywhere: HashMap<String, Vec<(EntityId, Member)>>,
    /// Enumerations that have a value of this name.
    pub values: HashMap<String, Vec<EnumId>>,
    /// All names a drafter may have meant, in order of declaration.
    pub all: Vec<String>,
    /// The enumeration of the states of a 义务, once there is one.
    pub duty: Option<EnumId>,
}

impl Names {
    /// The member of this very entity.
    pub fn own(&self, entity: EntityId, name: &str) -> Option<Member> {
        self.members.get(entity.index()).and_then(|m| m.get(name)).copied()
    }
}

impl Lowering<'_> {
    /// What `name` means within `entity`.
    pub fn lookup(&self, entity: EntityId, name: &str) -> Option<Member> {
        let mut at = Some(entity);
        while let Some(here) = at {
            if let Some(member) = self.names.own(here, name) {
                return Some(member);
            }
            at = self.parent_of(here).map(|(parent, _)| parent);
        }
        self.names.defined.get(name).copied().map(Member::Definition)
    }

    /// Type of a member.
    pub fn member_type(&self, member: Member) -> Type {
        let ty = match member {
            Member::Fact(id) => self.hir.facts.get(id.index()).map(|f| &f.ty),
            Member::Conclusion(id) => self.hir.conclusions.get(id.index()).map(|c| &c.ty),
            Member::Definition(id) => self.hir.definitions.get(id.index()).map(|d| &d.ty),
        };
        ty.cloned().unwrap_or(Type::Error)
    }

    /// Owner of a member.
    pub fn member_entity(&self, member: Member) -> EntityId {
        let entity = match member {
            Member::Fact(id) => self.hir.facts.get(id.index()).map(|f| f.entity),
            Member::Conclusion(id) => self.hir.conclusions.get(id.index()).map(|c| c.entity),
            Member::Definition(id) => self.hir.definitions.get(id.index()).map(|d| d.entity),
        };
        entity.unwrap_or(super::lowering::ROOT)
    }

    /// Index of a value in an enumeration.
    pub fn value_index(&self, id: EnumId, name: &str) -> Option<usize> {
        self.hir.enums.get(id.index()).and_then(|e| e.values.iter().position(|v| v == name))
    }
}
