//! The schema of a Parquet file against the vocabulary.
use crate::dataset::errors;
use crate::dataset::table::quoted;
use crate::diag::Diagnostic;
use crate::facts::{HeadKey, Reader};
use crate::hir::{EntityId, Type};
use arrow_schema::{DataType, Fields, Schema};
use std::path::Path;

/// How the rows of a file are written as JSON.
#[derive(Debug)]
pub(in crate::dataset) struct Plan {
    /// The root entity's key: `"案件":`.
    pub(in crate::dataset) root: Vec<u8>,
    /// What goes to the top level: column and key.
    pub(in crate::dataset) top: Vec<(usize, Vec<u8>)>,
    /// Facts of the root.
    pub(in crate::dataset) facts: Vec<Key>,
}

/// A column or a field of a struct.
#[derive(Debug)]
pub(in crate::dataset) struct Key {
    /// Its place among its siblings.
    pub(in crate::dataset) index: usize,
    /// `"key":`
    pub(in crate::dataset) name: Vec<u8>,
    /// The fields of the struct, or of the structs of the list.
    pub(in crate::dataset) below: Vec<Key>,
}

impl Plan {
    /// Checks a schema.
    pub(super) fn new(reader: &Reader<'_>, path: &Path, schema: &Schema) -> Result<Self, Box<Diagnostic>> {
        let shown = path.display().to_string();
        let root = reader.hir().entities.first().map_or("", |e| e.name.as_str());
        let mut plan = Self { root: quoted(root), top: Vec::new(), facts: Vec::new() };
        let mut facts = Vec::new();
        for (index, field) in schema.fields().iter().enumerate() {
            let name = field.name();
            let day = match reader.head_key(name) {
                Some(HeadKey::Name | HeadKey::Note) => false,
                Some(HeadKey::Date | HeadKey::Text) => true,
                Some(HeadKey::Base | HeadKey::Expectations | HeadKey::Root) | None => {
                    facts.push((index, field));
                    continue;
                }
            };
            let wanted = if day { Type::Date } else { Type::Text };
            if !fits(&wanted, field.data_type()) {
                return Err(Box::new(wrong(&shown, name, &wanted, field.data_type())));
            }
            plan.top.push((index, quoted(name)));
        }
        plan.facts = keys(reader, &shown, EntityId(0), facts.into_iter())?;
        Ok(plan)
    }
}

fn keys<'f>(
    reader: &Reader<'_>,
    shown: &str,
    entity: EntityId,
    fields: impl Iterator<Item = (usize, &'f arrow_schema::FieldRef)>,
) -> Result<Vec<Key>, Box<Diagnostic>> {
    let hir = reader.hir();
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for (index, field) in fields {
        let name = field.name();
        let Some(id) = reader.fact(entity, name) else {
            let owner = hir.entities.get(entity.index()).map_or("", |e| e.name.as_str());
            let (near, elsewhere) = (reader.near(entity, name), reader.owner(name));
            return Err(Box::new(errors::no_such_column(shown, name, owner, near, elsewhere)));
        };
        if seen.contains(&id) {
            return Err(Box::new(errors::column_twice(shown, name)));
        }
        seen.push(id);
        let Some(fact) = hir.facts.get(id.index()) else { continue };
        let below = match (&fact.ty, field.data_type()) {
            (Type::List(entity), DataType::List(item) | DataType::LargeList(item)) => {
                structure(item.data_type()).map(|fields| (*entity, fields))
            }
            (Type::One(entity), ty) => structure(ty).map(|fields| (*entity, fields)),
            _ => None,
        };
        let below = match below {
            Some((entity, fields)) => keys(reader, shown, entity, fields.iter().enumerate())?,
            None if fits(&fact.ty, field.data_type()) => Vec::new(),
            None => return Err(Box::new(wrong(shown, name, &fact.ty, field.data_type()))),
        };
        found.push(Key { index, name: quoted(name), below });
    }
    Ok(found)
}

fn structure(ty: &DataType) -> Option<&Fields> {
    if let DataType::Struct(fields) = ty { Some(fields) } else { None }
}

/// Whether values of a fact may be kept like this. Texts serve for any: they are read as in a case file.
fn fits(wanted: &Type, ty: &DataType) -> bool {
    let text = matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null);
    let whole = ty.is_integer();
    let decimal = matches!(ty, DataType::Decimal128(..) | DataType::Decimal256(..));
    match wanted {
        Type::Bool => text || *ty == DataType::Boolean,
        Type::Int(_) | Type::Decimal(_) | Type::Money => text || whole || decimal,
        Type::Date => text || *ty == DataType::Date32,
        Type::Multi(_) => {
            let words =
                |item: &DataType| matches!(item, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
            text || matches!(ty, DataType::List(item) | DataType::LargeList(item) if words(item.data_type()))
        }
        // Of lists a text says only 不明 or 不适用.
        Type::Period | Type::Text | Type::Enum(_) | Type::Duty(_) | Type::List(_) | Type::One(_) => text,
        Type::Error => false,
    }
}

fn wrong(shown: &str, name: &str, wanted: &Type, ty: &DataType) -> Diagnostic {
    let (wanted, how) = match wanted {
        Type::Bool => ("是否", "bool 或 string"),
        Type::Int(_) => ("整数", "int、decimal 或 string"),
        Type::Decimal(_) => ("小数", "decimal、int 或 string"),
        Type::Money => ("金额", "decimal、int 或 string"),
        Type::Date => ("日期", "date32 或 string"),
        Type::Period => ("期间", "string"),
        Type::Text => ("文本", "string"),
        Type::Enum(_) | Type::Duty(_) => ("枚举", "string"),
        Type::Multi(_) => ("多选", "string 或 list<string>"),
        Type::List(_) => ("列表", "list<struct>"),
        Type::One(_) => ("一组事实", "struct"),
        Type::Error => ("值", "string"),
    };
    errors::wrong_column_type(shown, name, wanted, &ty.to_string(), how, ty.is_floating())
}
