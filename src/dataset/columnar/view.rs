//! The columns of one batch with their types found out: what is asked of each cell then goes without looking again.
use super::check::Key;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, Decimal128Array, Int32Array, ListArray,
    RecordBatch, StringArray, StructArray,
};
use arrow_schema::DataType;

/// A column.
pub(super) enum View<'b> {
    /// Nothing but nulls.
    Null,
    Bool(&'b BooleanArray),
    Text(&'b StringArray),
    /// A dictionary: numbers and words.
    Words(&'b Int32Array, &'b StringArray),
    Whole(Vec<Option<i64>>),
    Decimal(&'b Decimal128Array),
    Day(&'b Date32Array),
    List(&'b ListArray, Box<Self>),
    Struct(&'b StructArray, Vec<Self>),
    /// Of a type that is left to the other way.
    Other(&'b ArrayRef),
}

/// The columns of a batch.
pub(super) struct Views<'b> {
    pub(super) top: Vec<View<'b>>,
    pub(super) facts: Vec<View<'b>>,
}

impl<'b> Views<'b> {
    /// In the order of the plan's keys.
    pub(super) fn new(rows: &'b RecordBatch, top: &[Key], facts: &[Key]) -> Option<Self> {
        Some(Self { top: below(rows.columns(), top)?, facts: below(rows.columns(), facts)? })
    }
}

fn below<'b>(columns: &'b [ArrayRef], keys: &[Key]) -> Option<Vec<View<'b>>> {
    keys.iter().map(|key| Some(View::new(columns.get(key.index)?, &key.below))).collect()
}

impl<'b> View<'b> {
    fn new(column: &'b ArrayRef, keys: &[Key]) -> Self {
        let found = match column.data_type() {
            DataType::Null => Some(Self::Null),
            DataType::Boolean => column.as_boolean_opt().map(Self::Bool),
            DataType::Utf8 => column.as_string_opt().map(Self::Text),
            DataType::Dictionary(..) => words(column),
            DataType::Int8 => whole::<Int8Type>(column),
            DataType::Int16 => whole::<Int16Type>(column),
            DataType::Int32 => whole::<Int32Type>(column),
            DataType::Int64 => whole::<Int64Type>(column),
            DataType::UInt8 => whole::<UInt8Type>(column),
            DataType::UInt16 => whole::<UInt16Type>(column),
            DataType::UInt32 => whole::<UInt32Type>(column),
            DataType::UInt64 => whole::<UInt64Type>(column),
            DataType::Decimal128(..) => column.as_primitive_opt::<Decimal128Type>().map(Self::Decimal),
            DataType::Date32 => column.as_primitive_opt::<Date32Type>().map(Self::Day),
            DataType::List(_) => {
                column.as_list_opt().map(|list| Self::List(list, Box::new(Self::new(list.values(), keys))))
            }
            DataType::Struct(_) => {
                column.as_struct_opt().and_then(|of| Some(Self::Struct(of, below(of.columns(), keys)?)))
            }
            _ => None,
        };
        found.unwrap_or(Self::Other(column))
    }

    /// Whether there is nothing in a row.
    #[inline]
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(column) => column.is_null(row),
            Self::Text(column) => column.is_null(row),
            Self::Words(column, _) => column.is_null(row),
            Self::Whole(column) => matches!(column.get(row), Some(None)),
            Self::Decimal(column) => column.is_null(row),
            Self::Day(column) => column.is_null(row),
            Self::List(column, _) => column.is_null(row),
            Self::Struct(column, _) => column.is_null(row),
            Self::Other(column) => column.is_null(row),
        }
    }

    /// The text of a row.
    #[inline]
    pub(super) fn text(&self, row: usize) -> Option<&'b str> {
        match self {
            Self::Text(texts) => Some(texts.value(row)),
            Self::Words(keys, words) => Some(words.value(usize::try_from(keys.value(row)).ok()?)),
            Self::Null
            | Self::Bool(_)
            | Self::Whole(_)
            | Self::Decimal(_)
            | Self::Day(_)
            | Self::List(..)
            | Self::Struct(..)
            | Self::Other(_) => None,
        }
    }
}

fn words(column: &ArrayRef) -> Option<View<'_>> {
    let column = column.as_dictionary_opt::<Int32Type>()?;
    let words = column.values().as_string_opt::<i32>()?;
    (words.null_count() == 0).then(|| View::Words(column.keys(), words))
}

/// Numbers, if all of them fit.
fn whole<'b, T: ArrowPrimitiveType<Native: TryInto<i64>>>(column: &ArrayRef) -> Option<View<'b>> {
    let column = column.as_primitive_opt::<T>()?;
    let one = |n: Option<T::Native>| n.map_or(Some(None), |n| n.try_into().ok().map(Some));
    column.iter().map(one).collect::<Option<Vec<_>>>().map(View::Whole)
}
