//! What the vocabulary says of each entity and fact, in the form the scanner wants, with what was learned of its values.
use super::memo::Memo;
use super::shape::Shape;
use crate::base::{Truth, Val};
use crate::facts::{Children, Table};
use crate::hir::{Entity, Fact, FactId, Hir, Slot, Type};

/// Values of an enumeration are few; of other facts only the first ones are kept.
const MOST: usize = 64;
const FEW: usize = 8;

/// An entity.
#[derive(Debug)]
pub(in crate::dataset) struct Kind {
    pub(super) shape: Shape,
    pub(in crate::dataset) fields: Vec<Field>,
    pub(in crate::dataset) slots: Slots,
    pub(in crate::dataset) is_root: bool,
    /// A row about which nothing is said.
    truth: Vec<Truth>,
    assumed: Vec<bool>,
}

/// How many places of each kind a row has.
#[derive(Clone, Copy, Debug)]
pub(in crate::dataset) struct Slots {
    pub(in crate::dataset) truths: usize,
    pub(in crate::dataset) values: usize,
    pub(in crate::dataset) children: usize,
}

/// A fact.
#[derive(Debug)]
pub(in crate::dataset) struct Field {
    pub(in crate::dataset) target: Target,
    /// The object it was last met in.
    pub(super) stamp: u64,
    pub(super) truths: Memo<Truth>,
    pub(super) values: Memo<Val>,
    pub(super) members: Memo<u64>,
}

/// Where a fact is kept and how it is read.
#[derive(Clone, Debug)]
pub(in crate::dataset) enum Target {
    Truth(usize),
    Value(usize, Way, Type),
    Child {
        slot: usize,
        entity: usize,
        many: bool,
    },
    /// Not read here.
    Other,
}

/// Ways of reading a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dataset) enum Way {
    /// As met before.
    Known,
    /// Digits are a whole number.
    Int,
    /// Digits, and digits after a point, are a number.
    Dec,
    /// 2026-03-02.
    Date,
    Text,
    /// A list of words.
    Multi,
}

impl Kind {
    pub(in crate::dataset) fn new(hir: &Hir, entity: &Entity) -> Self {
        let facts: Vec<&Fact> = entity.facts.iter().filter_map(|f| hir.facts.get(f.index())).collect();
        let mut truth = vec![Truth::Unknown; entity.truth_slots as usize];
        let mut assumed = vec![false; entity.truth_slots as usize];
        for fact in &facts {
            if let (Slot::Truth(slot), true) = (fact.slot, fact.absent_is_false) {
                if let Some(place) = truth.get_mut(slot as usize) {
                    *place = Truth::False;
                }
                if let Some(place) = assumed.get_mut(slot as usize) {
                    *place = true;
                }
            }
        }
        let [truths, values, children] =
            [entity.truth_slots, entity.value_slots, entity.child_slots].map(|n| n as usize);
        Self {
            shape: Shape::new(facts.len()),
            fields: facts.iter().map(|fact| Field::new(fact)).collect(),
            slots: Slots { truths, values, children },
            is_root: entity.parent.is_none(),
            truth,
            assumed,
        }
    }

    /// The place of a fact among the fields.
    pub(in crate::dataset) fn local(entity: &Entity, fact: FactId) -> Option<usize> {
        entity.facts.iter().position(|f| *f == fact)
    }

    /// Adds a row about which nothing is said yet; its number.
    pub(in crate::dataset) fn push_row(&self, table: &mut Table, parent: u32) -> u32 {
        let row = table.rows;
        table.rows = row.saturating_add(1);
        if !self.is_root {
            table.parent.push(parent);
        }
        table.truth.extend_from_slice(&self.truth);
        table.assumed.extend_from_slice(&self.assumed);
        table.values.resize(table.values.len() + self.slots.values, Val::Unknown);
        table.children.resize(table.children.len() + self.slots.children, Children::Unknown);
        row
    }
}

impl Field {
    fn new(fact: &Fact) -> Self {
        let many = matches!(fact.ty, Type::List(_));
        let target = match (fact.slot, &fact.ty) {
            (Slot::Truth(slot), _) => Target::Truth(slot as usize),
            (Slot::Value(slot), ty) => Target::Value(slot as usize, Way::of(ty), ty.clone()),
            (Slot::Child(slot), Type::List(entity) | Type::One(entity)) => {
                Target::Child { slot: slot as usize, entity: entity.index(), many }
            }
            (Slot::Child(_), _) => Target::Other,
        };
        let most = if matches!(fact.ty, Type::Enum(_) | Type::Multi(_)) { MOST } else { FEW };
        Self { target, stamp: 0, truths: Memo::new(FEW), values: Memo::new(most), members: Memo::new(most) }
    }
}

impl Way {
    fn of(ty: &Type) -> Self {
        // A unit that ends in a digit would be cut off the number.
        let plain = |unit: &str| !unit.chars().next_back().is_some_and(char::is_numeric);
        match ty {
            Type::Int(unit) if plain(unit) => Self::Int,
            Type::Decimal(unit) if plain(unit) => Self::Dec,
            Type::Money => Self::Dec,
            Type::Date => Self::Date,
            Type::Text => Self::Text,
            Type::Multi(_) => Self::Multi,
            Type::Bool
            | Type::Int(_)
            | Type::Decimal(_)
            | Type::Period
            | Type::Enum(_)
            | Type::Duty(_)
            | Type::List(_)
            | Type::One(_)
            | Type::Error => Self::Known,
        }
    }
}
