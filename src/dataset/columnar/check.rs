//! The schema of a Parquet file against the vocabulary.
use crate::dataset::errors;
use crate::dataset::table::quoted;
use crate::diag::Diagnostic;
use crate::facts::{HeadKey, Reader};
use crate::hir::{EntityId, Type};
use arrow_schema::{DataType, FieldRef, Fields, Schema};
use std::path::Path;
use std::sync::Arc;

/// How the rows of a file are written as JSON.
#[derive(Debug)]
pub(in crate::dataset) struct Plan {
    /// The root entity's key: `"案件":`.
    pub(in crate::dataset) root: Vec<u8>,
    /// The same key, bare.
    pub(in crate::dataset) entity: String,
    /// What goes to the top level.
    pub(in crate::dataset) top: Vec<Key>,
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
    /// The key.
    pub(in crate::dataset) bare: String,
    /// Whether its texts are words that come again, so that they are best kept as a dictionary.
    pub(in crate::dataset) words: bool,
    /// The fields of the struct, or of the structs of the list.
    pub(in crate::dataset) below: Vec<Key>,
}

impl Plan {
    /// Checks a schema.
    pub(super) fn new(reader: &Reader<'_>, path: &Path, schema: &Schema) -> Result<Self, Box<Diagnostic>> {
        let shown = path.display().to_string();
        let root = reader.hir().entities.first().map_or("", |e| e.name.as_str());
        let mut plan =
            Self { root: quoted(root), entity: root.to_owned(), top: Vec::new(), facts: Vec::new() };
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
            plan.top.push(Key::new(index, name, day, Vec::new()));
        }
        plan.facts = keys(reader, &shown, EntityId(0), facts.into_iter())?;
        Ok(plan)
    }

    /// The schema as it is best read.
    pub(super) fn schema(&self, schema: &Schema) -> Schema {
        let mut fields: Vec<FieldRef> = schema.fields().iter().map(Arc::clone).collect();
        for key in self.top.iter().chain(&self.facts) {
            if let Some(field) = fields.get_mut(key.index) {
                *field = key.field(field);
            }
        }
        Schema::new_with_metadata(fields, schema.metadata().clone())
    }
}

impl Key {
    fn new(index: usize, name: &str, words: bool, below: Vec<Self>) -> Self {
        Self { index, name: quoted(name), bare: name.to_owned(), words, below }
    }

    fn field(&self, field: &FieldRef) -> FieldRef {
        Arc::new(field.as_ref().clone().with_data_type(self.data_type(field.data_type())))
    }

    fn data_type(&self, ty: &DataType) -> DataType {
        match ty {
            DataType::Utf8 if self.words => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            DataType::List(item) => DataType::List(self.field(item)),
            DataType::Struct(fields) => {
                let mut fields: Vec<FieldRef> = fields.iter().map(Arc::clone).collect();
                for key in &self.below {
                    if let Some(field) = fields.get_mut(key.index) {
                        *field = key.field(field);
                    }
                }
                DataType::Struct(fields.into())
            }
            _ => ty.clone(),
        }
    }
}

fn keys<'f>(
    reader: &Reader<'_>,
    shown: &str,
    entity: EntityId,
    fields: impl Iterator<Item = (usize, &'f FieldRef)>,
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
        found.push(Key::new(index, name, fact.ty != Type::Text, below));
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
