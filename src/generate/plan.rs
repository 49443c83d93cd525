//! What may be drawn for each fact of a law.
//!
//! In: the resolved program. Out: one [`Field`] a fact, entity by entity, with what [`super::interest`] found it is
//! compared with. Everything a field offers can be written in a case file and read back.
use super::interest;
use crate::base::Val;
use crate::base::date::Period;
use crate::facts::{MAX_DEPTH, plain};
use crate::hir::{Entity, EntityId, EnumId, FactId, Hir, Slot, Type};
use std::collections::HashSet;

/// The deepest entity whose lists are filled: each takes two levels of a file.
const DEEPEST: u32 = 60;
const _: () = assert!(DEEPEST as usize * 2 + 6 < MAX_DEPTH);

/// What the drawing goes by.
#[derive(Debug)]
pub(super) struct Plan {
    /// By [`EntityId`], in order of declaration.
    pub entities: Vec<Vec<Field>>,
    /// Texts that may be drawn: those of the law, then made-up names. `Val::Text` of a draft indexes these.
    pub texts: Vec<String>,
    /// Where each text of the law stands in `texts`.
    pub law_texts: Vec<Option<u32>>,
    /// First of the made-up names.
    pub names: u32,
    /// Whether any conclusion asks for the day of the question.
    pub dated: bool,
    /// Rules that have a consequence on each conclusion, with which of theirs it is.
    pub givers: Vec<Vec<(crate::hir::RuleId, u32)>>,
    /// By [`FactId`]: entity and index among its fields.
    pub places: Vec<(EntityId, u32)>,
}

/// What may be drawn for one fact.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The fact.
    pub fact: FactId,
    /// Where it is kept.
    pub slot: Slot,
    /// What it is.
    pub kind: Kind,
    /// Values it is compared with. Of a list: numbers of members.
    pub bounds: Vec<Val>,
    /// Dates: what it is counted from or to.
    pub links: Vec<Link>,
    /// Absence is 否.
    pub absent_is_false: bool,
    /// 不适用 can be written: no value is called so.
    pub may_be_na: bool,
}

/// Kinds of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Truth,
    Int,
    /// Of 小数.
    Decimal,
    Money,
    Date,
    Period,
    Text,
    /// A text by which members are called.
    Label,
    /// Values that can be written.
    Enum(u64),
    /// The same.
    Multi(u64),
    Many(EntityId),
    One(EntityId),
    /// Cannot be written: its name means another fact.
    Nothing,
}

/// A date is compared with another one, so much later or earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub other: FactId,
    pub length: Length,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Zero,
    Fixed(Period),
    Fact(FactId),
}

/// Heavenly stems and earthly branches: names of nobody.
const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

impl Plan {
    pub fn new(hir: &Hir) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let law_texts = hir.texts.iter().map(|text| intern(&mut texts, text)).collect();
        let names = narrow(texts.len());
        texts.extend(STEMS.iter().map(char::to_string));
        texts.extend(STEMS.iter().flat_map(|stem| BRANCHES.iter().map(move |b| format!("{stem}{b}"))));
        // A name that the law itself knows stands among its texts already.
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        let mut plan = Self {
            entities: hir.entities.iter().map(|e| fields(hir, e)).collect(),
            texts,
            law_texts,
            names,
            dated: hir.conclusions.iter().any(|c| matches!(c.ty, Type::Duty(_))),
            givers: vec![Vec::new(); hir.conclusions.len()],
            places: vec![(EntityId(0), u32::MAX); hir.facts.len()],
        };
        for (entity, fields) in (0..).map(EntityId).zip(&plan.entities) {
            for (index, field) in (0..).zip(fields) {
                if let Some(place) = plan.places.get_mut(field.fact.index()) {
                    *place = (entity, index);
                }
            }
        }
        for (id, rule) in (0..).map(crate::hir::RuleId).zip(&hir.rules) {
            for (index, consequence) in (0..).zip(&rule.consequences) {
                if let Some(list) = plan.givers.get_mut(consequence.conclusion.index()) {
                    list.push((id, index));
                }
            }
        }
        interest::find(hir, &mut plan);
        plan
    }

    /// What may be drawn for a fact.
    pub fn field(&self, fact: FactId) -> Option<&Field> {
        let (entity, index) = self.places.get(fact.index())?;
        self.entities.get(entity.index())?.get(*index as usize)
    }

    /// The same, to be added to.
    pub fn field_mut(&mut self, fact: FactId) -> Option<&mut Field> {
        let (entity, index) = *self.places.get(fact.index())?;
        self.entities.get_mut(entity.index())?.get_mut(index as usize)
    }
}

/// A text that reads as a text; those that read as 不明 or 不适用 are left out.
fn intern(texts: &mut Vec<String>, text: &str) -> Option<u32> {
    if matches!(plain(text).as_ref(), "" | "~" | "null" | "Null" | "NULL" | "不明" | "不适用") {
        return None;
    }
    let at = texts.iter().position(|known| known == text).unwrap_or(texts.len());
    if at == texts.len() {
        texts.push(text.to_owned());
    }
    Some(narrow(at))
}

fn fields(hir: &Hir, entity: &Entity) -> Vec<Field> {
    let mut seen = HashSet::new();
    let facts = entity.facts.iter().filter_map(|id| Some((*id, hir.facts.get(id.index())?)));
    facts
        .map(|(id, fact)| {
            // Names are compared in their plain form: a second one of that form cannot be written.
            let reachable = seen.insert(plain(&fact.name).into_owned());
            let label = entity.label == Some(id);
            let deep = entity.depth > DEEPEST;
            Field {
                fact: id,
                slot: fact.slot,
                kind: if reachable { kind(hir, &fact.ty, label, deep) } else { Kind::Nothing },
                bounds: Vec::new(),
                links: Vec::new(),
                absent_is_false: fact.absent_is_false,
                may_be_na: !names_value(hir, &fact.ty, "不适用"),
            }
        })
        .collect()
}

fn kind(hir: &Hir, ty: &Type, label: bool, deep: bool) -> Kind {
    match ty {
        Type::Bool => Kind::Truth,
        Type::Int(_) => Kind::Int,
        Type::Decimal(_) => Kind::Decimal,
        Type::Money => Kind::Money,
        Type::Date => Kind::Date,
        Type::Period => Kind::Period,
        Type::Text if label => Kind::Label,
        Type::Text => Kind::Text,
        Type::Enum(id) => Kind::Enum(writable(hir, *id)),
        Type::Multi(id) => Kind::Multi(writable(hir, *id)),
        Type::List(_) | Type::One(_) if deep => Kind::Nothing,
        Type::List(entity) => Kind::Many(*entity),
        Type::One(entity) => Kind::One(*entity),
        Type::Duty(_) | Type::Error => Kind::Nothing,
    }
}

/// Values of an enumeration that are found by their own name.
fn writable(hir: &Hir, id: EnumId) -> u64 {
    let mut seen = HashSet::new();
    let values = hir.enums.get(id.index()).map_or(&[][..], |e| e.values.as_slice());
    let fresh = values.iter().take(64).map(|value| u64::from(seen.insert(plain(value).into_owned())));
    fresh.enumerate().fold(0, |mask, (bit, fresh)| mask | fresh << bit)
}

fn names_value(hir: &Hir, ty: &Type, word: &str) -> bool {
    let (Type::Enum(id) | Type::Multi(id)) = ty else { return false };
    hir.enums.get(id.index()).is_some_and(|e| e.values.iter().any(|value| plain(value) == word))
}

pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
