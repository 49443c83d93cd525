//! Cases near a case: one fact with another value, one member of a list fewer or more.
use crate::base::{Truth, Val};
use crate::facts::{Case, Children, Table};
use crate::hir::{EntityId, ExprKind, Fact, FactId, Hir, Slot, Type};

/// One change of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Variant {
    /// A 是否 fact of a row.
    Truth(FactId, u32, Truth),
    /// Another scalar fact of a row.
    Value(FactId, u32, Val),
    /// The row is not there.
    Without(EntityId, u32),
    /// The row is there twice.
    Twice(EntityId, u32),
}

/// The other values a fact of a row may have.
pub(super) fn of_fact(hir: &Hir, case: &Case, id: FactId, row: u32) -> Vec<Variant> {
    let Some(fact) = hir.facts.get(id.index()) else { return Vec::new() };
    let Some(table) = case.table(fact.entity) else { return Vec::new() };
    match fact.slot {
        Slot::Truth(slot) => {
            let stride = hir.entities.get(fact.entity.index()).map_or(0, |e| e.truth_slots);
            let now = table.truth.get((row * stride + slot) as usize).copied().unwrap_or_default();
            let all = [Truth::True, Truth::False, Truth::Unknown, Truth::Na];
            all.into_iter().filter(|t| *t != now).map(|t| Variant::Truth(id, row, t)).collect()
        }
        Slot::Value(slot) => {
            let stride = hir.entities.get(fact.entity.index()).map_or(0, |e| e.value_slots);
            let now = table.values.get((row * stride + slot) as usize).copied().unwrap_or_default();
            let mut out: Vec<Val> = Vec::new();
            for v in values(hir, table, fact, now).into_iter().chain([Val::Unknown, Val::Na]) {
                if v != now && !out.contains(&v) {
                    out.push(v);
                }
            }
            out.into_iter().map(|v| Variant::Value(id, row, v)).collect()
        }
        Slot::Child(_) => Vec::new(),
    }
}

fn values(hir: &Hir, table: &Table, fact: &Fact, now: Val) -> Vec<Val> {
    match &fact.ty {
        Type::Enum(e) => {
            let count = hir.enums.get(e.index()).map_or(0, |e| e.values.len());
            (0..count.min(64)).map(|n| Val::Mask(1 << n)).collect()
        }
        Type::Multi(e) => {
            let count = hir.enums.get(e.index()).map_or(0, |e| e.values.len());
            let mask = if let Val::Mask(mask) = now { mask } else { 0 };
            let flipped = (0..count.min(64)).map(|n| Val::Mask(mask ^ (1 << n)));
            let alone = (0..count.min(64)).map(|n| Val::Mask(1 << n));
            flipped.chain(alone).chain([Val::Mask(0)]).collect()
        }
        Type::Int(_) | Type::Decimal(_) | Type::Money | Type::Date | Type::Period => {
            let constants = hir.exprs.iter().filter_map(|e| match (&e.kind, e.ty == fact.ty) {
                (ExprKind::Const(v), true) => Some(*v),
                _ => None,
            });
            let mut seeds: Vec<Val> = vec![now];
            for v in constants.chain(table.values.iter().copied()) {
                if std::mem::discriminant(&v) == std::mem::discriminant(&kind_of(&fact.ty))
                    && !seeds.contains(&v)
                    && seeds.len() < 12
                {
                    seeds.push(v);
                }
            }
            seeds.into_iter().flat_map(around).collect()
        }
        Type::Bool | Type::Text | Type::List(_) | Type::One(_) | Type::Duty(_) | Type::Error => Vec::new(),
    }
}

/// Some value of a type, to know its kind by.
fn kind_of(ty: &Type) -> Val {
    match ty {
        Type::Int(_) => Val::Int(0),
        Type::Decimal(_) | Type::Money => Val::Dec(rust_decimal::Decimal::ZERO),
        Type::Date => Val::Date(crate::base::Date(0)),
        Type::Period => Val::Period(crate::base::date::Period::ZERO),
        Type::Bool
        | Type::Text
        | Type::Enum(_)
        | Type::Multi(_)
        | Type::List(_)
        | Type::One(_)
        | Type::Duty(_)
        | Type::Error => Val::Unknown,
    }
}

/// A value and those next to it.
fn around(v: Val) -> Vec<Val> {
    match v {
        Val::Int(n) => [Some(n), n.checked_add(1), n.checked_sub(1)]
            .into_iter()
            .flatten()
            .filter(|n| *n >= 0)
            .map(Val::Int)
            .collect(),
        Val::Dec(d) => {
            let unit = rust_decimal::Decimal::new(1, 2);
            [Some(d), d.checked_add(unit), d.checked_sub(unit)]
                .into_iter()
                .flatten()
                .filter(|d| !d.is_sign_negative())
                .map(Val::Dec)
                .collect()
        }
        Val::Date(d) => [Some(d), d.add_days(1), d.add_days(-1), d.add_months(12), d.add_months(-12)]
            .into_iter()
            .flatten()
            .map(Val::Date)
            .collect(),
        Val::Period(p) => vec![Val::Period(p)],
        Val::Unknown | Val::Na | Val::Mask(_) | Val::Text(_) | Val::Range(..) => Vec::new(),
    }
}

/// Members of lists, each left out and each twice.
pub(super) fn of_lists(hir: &Hir, case: &Case) -> Vec<Variant> {
    let mut out = Vec::new();
    for (index, entity) in hir.entities.iter().enumerate().skip(1) {
        let id = EntityId(u32::try_from(index).unwrap_or(u32::MAX));
        let list = entity.parent.and_then(|(_, f)| hir.facts.get(f.index())).map(|f| &f.ty);
        for row in 0..case.table(id).map_or(0, |t| t.rows) {
            out.push(Variant::Without(id, row));
            if entity.child_slots == 0 && matches!(list, Some(Type::List(_))) {
                out.push(Variant::Twice(id, row));
            }
        }
    }
    out
}

/// Makes the change.
pub(super) fn apply(hir: &Hir, case: &mut Case, variant: Variant) {
    let at = |entity: EntityId, row: u32, slot: u32, truth: bool| {
        let strides = hir.entities.get(entity.index()).map_or((0, 0), |e| (e.truth_slots, e.value_slots));
        (row * if truth { strides.0 } else { strides.1 } + slot) as usize
    };
    match variant {
        Variant::Truth(id, row, truth) => {
            let Some(fact) = hir.facts.get(id.index()) else { return };
            let Slot::Truth(slot) = fact.slot else { return };
            let Some(table) = case.tables.get_mut(fact.entity.index()) else { return };
            let at = at(fact.entity, row, slot, true);
            if let Some(place) = table.truth.get_mut(at) {
                *place = truth;
            }
            if let Some(assumed) = table.assumed.get_mut(at) {
                *assumed = false;
            }
        }
        Variant::Value(id, row, value) => {
            let Some(fact) = hir.facts.get(id.index()) else { return };
            let Slot::Value(slot) = fact.slot else { return };
            let Some(table) = case.tables.get_mut(fact.entity.index()) else { return };
            if let Some(place) = table.values.get_mut(at(fact.entity, row, slot, false)) {
                *place = value;
            }
        }
        Variant::Without(entity, row) => rebuild(hir, case, entity, row, 0),
        Variant::Twice(entity, row) => rebuild(hir, case, entity, row, 2),
    }
}

/// The tables with a row of one entity there `times` times; what lies below a row goes with it.
fn rebuild(hir: &Hir, case: &mut Case, entity: EntityId, row: u32, times: u32) {
    // How often each row of each entity is there; parents come before children.
    let mut counts: Vec<Vec<u32>> = case.tables.iter().map(|t| vec![1; t.rows as usize]).collect();
    if let Some(slot) = counts.get_mut(entity.index()).and_then(|c| c.get_mut(row as usize)) {
        *slot = times;
    }
    for (index, e) in hir.entities.iter().enumerate() {
        let Some((parent, _)) = e.parent else { continue };
        let Some(table) = case.tables.get(index) else { continue };
        let above: Vec<u32> = counts.get(parent.index()).cloned().unwrap_or_default();
        let Some(own) = counts.get_mut(index) else { continue };
        for (slot, parent) in own.iter_mut().zip(&table.parent) {
            *slot *= above.get(*parent as usize).copied().unwrap_or(1).min(1);
        }
    }
    let starts: Vec<Vec<u32>> = counts
        .iter()
        .map(|c| {
            let mut sum = 0;
            let mut starts = vec![0];
            for n in c {
                sum += n;
                starts.push(sum);
            }
            starts
        })
        .collect();
    let old = std::mem::take(&mut case.tables);
    for (index, table) in old.iter().enumerate() {
        let Some(e) = hir.entities.get(index) else { continue };
        let mut new = Table::default();
        let times = counts.get(index).map_or(&[][..], Vec::as_slice);
        for (row, n) in times.iter().enumerate() {
            for _ in 0..*n {
                new.rows += 1;
                copy_row(hir, &starts, e, table, row, &mut new);
            }
        }
        case.tables.push(new);
    }
}

fn copy_row(
    hir: &Hir,
    starts: &[Vec<u32>],
    e: &crate::hir::Entity,
    table: &Table,
    row: usize,
    new: &mut Table,
) {
    fn part<X: Copy>(list: &[X], row: usize, stride: u32) -> &[X] {
        let stride = stride as usize;
        list.get(row * stride..(row + 1) * stride).unwrap_or(&[])
    }
    new.truth.extend_from_slice(part(&table.truth, row, e.truth_slots));
    new.assumed.extend_from_slice(part(&table.assumed, row, e.truth_slots));
    new.values.extend_from_slice(part(&table.values, row, e.value_slots));
    let start = |entity: EntityId, row: u32| {
        starts.get(entity.index()).and_then(|s| s.get(row as usize)).copied().unwrap_or(0)
    };
    if let (Some((parent, _)), Some(above)) = (e.parent, table.parent.get(row)) {
        new.parent.push(start(parent, *above));
    }
    let lists = e.facts.iter().filter_map(|f| hir.facts.get(f.index()));
    let mut members: Vec<Option<EntityId>> = vec![None; e.child_slots as usize];
    for fact in lists {
        if let (Slot::Child(slot), Type::List(child) | Type::One(child)) = (fact.slot, &fact.ty)
            && let Some(place) = members.get_mut(slot as usize)
        {
            *place = Some(*child);
        }
    }
    for (children, child) in part(&table.children, row, e.child_slots).iter().zip(members) {
        new.children.push(match (*children, child) {
            (Children::Rows(from, to), Some(child)) => Children::Rows(start(child, from), start(child, to)),
            (other, _) => other,
        });
    }
}
