//! The keys of a plan as the decoder's own vocabulary has them, and what was learned of their values.
use super::check::{Key, Plan};
use super::words::Words;
use crate::base::{Date, Truth, Val};
use crate::dataset::scan::{Kind, Target, Way};
use crate::facts::{Children, HeadKey, MAX_DEPTH, Reader, Token};
use crate::hir::{EntityId, Type};

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) top: Vec<(HeadKey, Words<Option<Date>>)>,
    pub(super) facts: Vec<Column>,
}

/// The column of a fact.
#[derive(Debug)]
pub(super) enum Column {
    Truth {
        slot: usize,
        words: Words<Truth>,
        null: Option<Truth>,
    },
    Value {
        slot: usize,
        way: Way,
        ty: Type,
        words: Words<Val>,
        /// Members of a 多选.
        members: Words<u64>,
        null: Option<Val>,
    },
    Text {
        slot: usize,
        null: Option<Val>,
    },
    Child {
        slot: usize,
        entity: usize,
        many: bool,
        words: Words<Children>,
        null: Option<Children>,
        below: Vec<Self>,
    },
}

impl Columns {
    /// None when the plan does not fit this vocabulary key by key: it may have been made for another text of the law.
    pub(super) fn new(reader: &Reader<'_>, kinds: &[Kind], plan: &Plan) -> Option<Self> {
        let mut top: Vec<(HeadKey, Words<Option<Date>>)> = Vec::new();
        for key in &plan.top {
            let head = reader.head_key(&key.bare)?;
            let known = matches!(head, HeadKey::Name | HeadKey::Note | HeadKey::Date | HeadKey::Text);
            if !known || top.iter().any(|(other, _)| *other == head) {
                return None;
            }
            top.push((head, Words::new()));
        }
        (reader.head_key(&plan.entity)? == HeadKey::Root).then_some(())?;
        // The case and the root are open already.
        Some(Self { top, facts: columns(reader, kinds, EntityId(0), &plan.facts, 2)? })
    }
}

fn columns(
    reader: &Reader<'_>,
    kinds: &[Kind],
    entity: EntityId,
    keys: &[Key],
    depth: usize,
) -> Option<Vec<Column>> {
    // A list and an object for each level, and a list of words.
    (depth + 3 < MAX_DEPTH).then_some(())?;
    let mut seen = Vec::new();
    let one = |key: &Key| {
        let fact = reader.fact(entity, &key.bare)?;
        if seen.contains(&fact) {
            return None;
        }
        seen.push(fact);
        let local = Kind::local(reader.hir().entities.get(entity.index())?, fact)?;
        column(reader, kinds, &kinds.get(entity.index())?.fields.get(local)?.target, &key.below, depth)
    };
    keys.iter().map(one).collect()
}

fn column(
    reader: &Reader<'_>,
    kinds: &[Kind],
    target: &Target,
    below: &[Key],
    depth: usize,
) -> Option<Column> {
    let null = Token::read("null")?;
    Some(match *target {
        Target::Truth(slot) => Column::Truth { slot, words: Words::new(), null: Reader::truth(&null) },
        Target::Value(slot, Way::Text, _) => Column::Text { slot, null: Reader::text_state(&null) },
        Target::Value(slot, way, ref ty) => {
            let (words, members) = (Words::new(), Words::new());
            Column::Value { slot, way, ty: ty.clone(), words, members, null: reader.value(ty, &null) }
        }
        Target::Child { slot, entity, many } => {
            let id = EntityId(u32::try_from(entity).ok()?);
            let below = columns(reader, kinds, id, below, depth + 2)?;
            let (words, null) = (Words::new(), Reader::state(&null));
            Column::Child { slot, entity, many, words, null, below }
        }
        Target::Other => return None,
    })
}
