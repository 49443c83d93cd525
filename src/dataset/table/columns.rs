//! First lines of tables → what their columns hold, checked against the vocabulary before any row is read.
use super::cells::{Column, Head, Named, Records, Tables};
use super::write::quoted;
use crate::dataset::errors;
use crate::diag::Diagnostic;
use crate::facts::{HeadKey, Reader, plain_name};
use crate::hir::{EntityId, Type};
use ::csv::ByteRecord;

/// A table of a list as it was given: its name, what it is called in messages, its rows.
pub(in crate::dataset) struct List {
    pub(in crate::dataset) name: String,
    pub(in crate::dataset) shown: String,
    pub(in crate::dataset) records: Box<dyn Records>,
}

/// What is read, and from where: the main table first.
pub(in crate::dataset) type Plan = (Tables, Vec<Box<dyn Records>>);

/// Reads the first lines of all tables.
pub(in crate::dataset) fn plan(
    reader: &Reader<'_>,
    (shown, mut main): Named,
    lists: Vec<List>,
    key: Option<&str>,
) -> Result<Plan, Box<Diagnostic>> {
    let hir = reader.hir();
    let root = hir.entities.first().map_or("", |e| e.name.as_str());
    let mut head = ByteRecord::new();
    main.read(&mut head)?;
    let key = key.filter(|_| !lists.is_empty());
    if let (None, Some(list)) = (key, lists.first()) {
        return Err(Box::new(errors::no_key(&list.shown)));
    }
    let mut heads = vec![columns(reader, EntityId(0), &shown, &head, key, &[])?];
    let mut entities = vec![EntityId(0)];
    let mut records = vec![main];
    for (entity, mut list) in in_order(reader, lists)? {
        if entities.contains(&entity) {
            return Err(Box::new(errors::list_twice(&list.name)));
        }
        let Some(owner) = hir.entities.get(entity.index()) else { continue };
        let Some((parent, field)) = owner.parent else { continue };
        let Some(above) = entities.iter().position(|e| *e == parent) else {
            let name = hir.entities.get(parent.index()).map_or("", |e| e.name.as_str());
            return Err(Box::new(errors::list_without_parent(&list.name, name)));
        };
        let Some(field) = hir.facts.get(field.index()) else { continue };
        list.records.read(&mut head)?;
        let lineage = lineage(reader, entity);
        let mut found = columns(reader, entity, &list.shown, &head, key, &lineage)?;
        found.above = Some((above, quoted(&field.name)));
        found.many = matches!(field.ty, Type::List(_));
        heads.push(found);
        entities.push(entity);
        records.push(list.records);
    }
    Ok((Tables { root: quoted(root), heads }, records))
}

/// The entities of the lists, parents first.
fn in_order(reader: &Reader<'_>, lists: Vec<List>) -> Result<Vec<(EntityId, List)>, Box<Diagnostic>> {
    let hir = reader.hir();
    let mut found = Vec::new();
    for list in lists {
        let wanted = plain_name(&list.name).into_owned();
        let named = |name: &str| plain_name(name) == wanted;
        let entity = (0u32..).map(EntityId).zip(&hir.entities).find(|(_, entity)| {
            let field = entity.parent.and_then(|(_, field)| hir.facts.get(field.index()));
            field.is_some_and(|field| named(&field.name) || named(&entity.name))
        });
        let Some((id, _)) = entity else {
            let known = hir.entities.iter().filter(|e| e.parent.is_some()).map(|e| e.name.as_str());
            return Err(Box::new(errors::no_such_list(&list.name, known)));
        };
        found.push((id, list));
    }
    found.sort_by_key(|(id, _)| *id);
    Ok(found)
}

/// Names of the entities that contain `entity`, outermost first, without the root; its own last.
fn lineage(reader: &Reader<'_>, entity: EntityId) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = reader.hir().entities.get(entity.index());
    while let Some(here) = at {
        let Some((parent, _)) = here.parent else { break };
        names.push(here.name.clone());
        at = reader.hir().entities.get(parent.index());
    }
    names.reverse();
    names
}

fn columns(
    reader: &Reader<'_>,
    entity: EntityId,
    shown: &str,
    line: &ByteRecord,
    key: Option<&str>,
    lineage: &[String],
) -> Result<Head, Box<Diagnostic>> {
    let mut head = Head {
        name: shown.to_owned(),
        columns: Vec::new(),
        key: None,
        numbers: Vec::new(),
        above: None,
        many: true,
    };
    let (own, containing) = lineage.split_last().map_or((None, &[][..]), |(own, rest)| (Some(own), rest));
    let numbered = |name: &str| {
        let name = plain_name(name).into_owned();
        move |entity: &String| {
            let number = format!("{entity}序号");
            plain_name(&number) == name || plain_name(&format!("（{number}）")) == name
        }
    };
    let mut numbers = vec![None; containing.len()];
    let mut seen: Vec<String> = Vec::new();
    for (index, cell) in line.iter().enumerate() {
        let Ok(name) = std::str::from_utf8(cell) else { return Err(Box::new(errors::head_not_utf8(shown))) };
        let plain = plain_name(name).into_owned();
        if seen.contains(&plain) {
            return Err(Box::new(errors::column_twice(shown, name)));
        }
        let is_key = key.is_some_and(|key| plain_name(key) == plain);
        if is_key {
            head.key = Some(index);
        }
        let top = reader.head_key(name).filter(|_| entity.index() == 0);
        let column = if let (false, Some(at)) = (is_key, containing.iter().position(numbered(name))) {
            if let Some(place) = numbers.get_mut(at) {
                *place = Some(index);
            }
            Column::Place
        } else if own.is_some_and(numbered(name)) && !is_key {
            Column::Place
        } else if let Some(HeadKey::Name | HeadKey::Date | HeadKey::Text | HeadKey::Note) = top {
            Column::Top(quoted(name))
        } else if reader.fact(entity, name).is_some() {
            Column::Fact(quoted(name))
        } else if is_key {
            Column::Place
        } else {
            let owner = reader.hir().entities.get(entity.index()).map_or("", |e| e.name.as_str());
            let (near, elsewhere) = (reader.near(entity, name), reader.owner(name));
            return Err(Box::new(errors::no_such_column(shown, name, owner, near, elsewhere)));
        };
        seen.push(plain);
        head.columns.push(column);
    }
    if let (Some(key), None) = (key, head.key) {
        return Err(Box::new(errors::key_missing(shown, key)));
    }
    if head.columns.is_empty() {
        return Err(Box::new(errors::no_head(shown)));
    }
    for (number, entity) in numbers.into_iter().zip(containing) {
        match number {
            Some(index) => head.numbers.push(index),
            None => return Err(Box::new(errors::key_missing(shown, &format!("{entity}序号")))),
        }
    }
    Ok(head)
}
