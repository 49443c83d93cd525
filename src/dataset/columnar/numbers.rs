//! Numbers of columns → values, the plainest at once; any other is written out and read by [`crate::facts`].
use crate::base::Val;
use crate::dataset::scan::Way;
use crate::facts::{Reader, Token};
use crate::hir::Type;
use arrow_array::{Array as _, Decimal128Array};
use arrow_schema::DataType;
use rust_decimal::Decimal;

/// Digits that are read at once.
const MOST: u32 = 17;

/// A whole number.
pub(super) fn whole(reader: &Reader<'_>, ty: &Type, way: Way, number: i64) -> Option<Val> {
    let few = (0..10_i64.pow(MOST)).contains(&number);
    match way {
        Way::Int if few => Some(Val::Int(number)),
        Way::Dec if few => Some(Val::Dec(Decimal::from(number))),
        Way::Known | Way::Int | Way::Dec | Way::Date | Way::Text | Way::Multi => {
            reader.value(ty, &Token::read(&number.to_string())?)
        }
    }
}

/// A number with a fixed count of digits after the point.
pub(super) fn decimal(
    reader: &Reader<'_>,
    ty: &Type,
    way: Way,
    column: &Decimal128Array,
    row: usize,
) -> Option<Val> {
    plain(way, column, row).or_else(|| reader.value(ty, &Token::string(&column.value_as_string(row))))
}

fn plain(way: Way, column: &Decimal128Array, row: usize) -> Option<Val> {
    let DataType::Decimal128(precision, scale) = column.data_type() else { return None };
    let mut scale = u32::try_from(*scale).ok().filter(|scale| *scale < MOST)?;
    let mut number = i64::try_from(column.value(row)).ok()?;
    if !(0..10_i64.pow(MOST.min(u32::from(*precision)))).contains(&number) {
        return None;
    }
    while scale > 0 && number % 10 == 0 {
        number /= 10;
        scale -= 1;
    }
    match way {
        Way::Int if scale == 0 => Some(Val::Int(number)),
        Way::Dec => Some(Val::Dec(Decimal::new(number, scale))),
        Way::Known | Way::Int | Way::Date | Way::Text | Way::Multi => None,
    }
}
