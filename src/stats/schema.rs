//! Which columns results of a policy can have, and where their cells are kept.
//!
//! In: the resolved law and the names after `--by`. Out: for each entity its columns by name, each with a [`Key`]. Cells
//! that are counted have a slot; slots are numbered through all tables, those of a conclusion side by side.
use crate::batch::{Part, What, column_name};
use crate::hir::{ConclusionId, EntityId, FactId, Hir, Slot, Type};
use rustc_hash::FxHashMap;

/// The parts of a conclusion that are counted, in the order of their slots.
pub const PARTS: [Part; 7] =
    [Part::Value, Part::State, Part::Basis, Part::Options, Part::Candidates, Part::Defeated, Part::Waiting];

/// What is done with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// （序号）
    Number,
    /// （案例）
    Name,
    /// The number of the member of an entity.
    Member(usize),
    /// A cell that is counted, by slot.
    Slot(usize),
    /// The rows of an entity within.
    Child(usize),
    /// Known, but not counted.
    Skip,
}

/// The columns of one entity.
#[derive(Clone, Debug)]
pub struct TableKeys {
    /// Name of the entity.
    pub name: String,
    /// The containing entity.
    pub parent: Option<usize>,
    /// Columns in the order results are written in.
    pub keys: Vec<(String, Key)>,
    /// Place of a name in `keys`.
    index: FxHashMap<String, usize>,
    /// First slot.
    pub first: usize,
    /// How many slots.
    pub width: usize,
}

impl TableKeys {
    /// Where a name stands; `guess`: where it would stand if the columns came in order.
    #[must_use]
    pub fn find(&self, name: &str, guess: usize) -> Option<usize> {
        let near = self.keys.get(guess..(guess + 4).min(self.keys.len())).unwrap_or_default();
        match near.iter().position(|(known, _)| known == name) {
            Some(at) => Some(guess + at),
            None => self.index.get(name).copied(),
        }
    }
}

/// Slots of one conclusion.
#[derive(Clone, Copy, Debug)]
pub struct ConclusionSlots {
    /// Which.
    pub id: ConclusionId,
    /// Its entity.
    pub table: usize,
    /// Slot of its value; the others follow, see [`PARTS`].
    pub first: usize,
}

impl ConclusionSlots {
    /// The slot of a part.
    #[must_use]
    pub fn slot(&self, part: Part) -> usize {
        self.first + PARTS.iter().position(|p| *p == part).unwrap_or(0)
    }
}

/// What a cross-tabulation goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByWhat {
    /// A fact that was carried over, by slot.
    Fact(FactId, usize),
    /// A conclusion, by its place in [`Schema::conclusions`].
    Conclusion(usize),
}

/// One name after `--by`.
#[derive(Clone, Debug)]
pub struct By {
    /// As shown: `事实`, `实体.事实`.
    pub name: String,
    /// Its entity.
    pub table: usize,
    /// Fact or conclusion.
    pub what: ByWhat,
    /// Whether a cell may hold several values joined by 、.
    pub multiple: bool,
}

/// Columns of all entities.
#[derive(Clone, Debug)]
pub struct Schema {
    /// By entity.
    pub tables: Vec<TableKeys>,
    /// In order of declaration.
    pub conclusions: Vec<ConclusionSlots>,
    /// In the order asked for.
    pub by: Vec<By>,
    /// How many slots there are.
    pub slots: usize,
}

/// `实体.名`, without the root's name.
#[must_use]
pub fn qualified(hir: &Hir, entity: EntityId, name: &str) -> String {
    match hir.entities.get(entity.index()) {
        Some(owner) if entity.index() > 0 => format!("{}.{name}", owner.name),
        Some(_) | None => name.to_owned(),
    }
}

impl Schema {
    /// The columns of a law; `by`: names of facts or conclusions to cross-tabulate by.
    ///
    /// # Errors
    /// The names that are none.
    pub fn new(hir: &Hir, by: &[String]) -> Result<Self, Vec<String>> {
        let unknown: Vec<String> = by.iter().filter(|name| asked(hir, name).is_empty()).cloned().collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let mut wanted: Vec<What> = Vec::new();
        for what in by.iter().flat_map(|name| asked(hir, name)) {
            if !wanted.contains(&what) {
                wanted.push(what);
            }
        }
        let mut schema = Self { tables: Vec::new(), conclusions: Vec::new(), by: Vec::new(), slots: 0 };
        for (at, entity) in hir.entities.iter().enumerate() {
            schema.table(hir, at, entity, &wanted);
        }
        schema.conclusions.sort_by_key(|c| c.id);
        schema.by = wanted.iter().filter_map(|what| schema.by_column(hir, *what)).collect();
        Ok(schema)
    }

    fn table(&mut self, hir: &Hir, at: usize, entity: &crate::hir::Entity, wanted: &[What]) {
        let first = self.slots;
        let mut whats = vec![What::Number, What::Name];
        whats.extend((0..hir.entities.len()).map(|e| What::Member(EntityId(narrow(e)))));
        // A list is no column; its name may be that of the entity within.
        let scalar =
            |f: &&FactId| hir.facts.get(f.index()).is_some_and(|f| !matches!(f.slot, Slot::Child(_)));
        whats.extend(entity.facts.iter().filter(scalar).map(|f| What::Fact(*f)));
        for id in &entity.conclusions {
            whats.extend(Part::ALL.into_iter().map(|part| What::Conclusion(*id, part)));
        }
        let mut keys: Vec<(String, Key)> = Vec::new();
        for what in whats {
            let key = match what {
                What::Number => Key::Number,
                What::Name => Key::Name,
                What::Member(entity) => Key::Member(entity.index()),
                What::Fact(_) if wanted.contains(&what) => self.slot(),
                What::Fact(_) => Key::Skip,
                What::Conclusion(id, part) => {
                    if part == Part::Value {
                        self.conclusions.push(ConclusionSlots { id, table: at, first: self.slots });
                    }
                    if PARTS.contains(&part) { self.slot() } else { Key::Skip }
                }
            };
            keys.push((column_name(hir, what), key));
        }
        let below = hir.entities.iter().enumerate().skip(at + 1);
        keys.extend(below.map(|(child, e)| (e.name.clone(), Key::Child(child))));
        let mut index = FxHashMap::default();
        for (place, (name, _)) in keys.iter().enumerate() {
            index.entry(name.clone()).or_insert(place);
        }
        self.tables.push(TableKeys {
            name: entity.name.clone(),
            parent: entity.parent.map(|(p, _)| p.index()),
            keys,
            index,
            first,
            width: self.slots - first,
        });
    }

    fn slot(&mut self) -> Key {
        self.slots += 1;
        Key::Slot(self.slots - 1)
    }

    fn by_column(&self, hir: &Hir, what: What) -> Option<By> {
        match what {
            What::Fact(id) => {
                let fact = hir.facts.get(id.index())?;
                let keys = &self.tables.get(fact.entity.index())?.keys;
                let slot = keys.iter().find_map(|(name, key)| match key {
                    Key::Slot(slot) if *name == fact.name => Some(*slot),
                    _ => None,
                })?;
                Some(By {
                    name: qualified(hir, fact.entity, &fact.name),
                    table: fact.entity.index(),
                    what: ByWhat::Fact(id, slot),
                    multiple: matches!(fact.ty, Type::Multi(_)),
                })
            }
            What::Conclusion(id, _) => {
                let conclusion = hir.conclusions.get(id.index())?;
                Some(By {
                    name: qualified(hir, conclusion.entity, &conclusion.name),
                    table: conclusion.entity.index(),
                    what: ByWhat::Conclusion(self.conclusions.iter().position(|c| c.id == id)?),
                    multiple: matches!(conclusion.ty, Type::Multi(_)),
                })
            }
            What::Number | What::Name | What::Member(_) => None,
        }
    }

    /// Whether `upper` is `lower` or contains it.
    #[must_use]
    pub fn contains(&self, upper: usize, lower: usize) -> bool {
        let mut at = Some(lower);
        while let Some(table) = at {
            if table == upper {
                return true;
            }
            at = self.tables.get(table).and_then(|t| t.parent);
        }
        false
    }

    /// The entity called so.
    #[must_use]
    pub fn entity(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.name == name)
    }
}

/// Facts (no lists) and conclusions called so, `实体.名` of one entity.
fn asked(hir: &Hir, name: &str) -> Vec<What> {
    let (owner, name) = name.split_once('.').map_or((None, name), |(owner, name)| (Some(owner), name));
    let within = |e: EntityId| {
        owner.is_none_or(|owner| hir.entities.get(e.index()).is_some_and(|entity| entity.name == owner))
    };
    let facts = hir
        .facts
        .iter()
        .enumerate()
        .filter(|(_, f)| f.name == name && within(f.entity) && !matches!(f.slot, Slot::Child(_)));
    let conclusions = hir.conclusions.iter().enumerate().filter(|(_, c)| c.name == name && within(c.entity));
    facts
        .map(|(at, _)| What::Fact(FactId(narrow(at))))
        .chain(conclusions.map(|(at, _)| What::Conclusion(ConclusionId(narrow(at)), Part::Value)))
        .collect()
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
