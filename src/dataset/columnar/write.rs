//! One row of a batch → a row of JSON.
use super::Batch;
use super::check::Key;
use crate::base::Date;
use crate::dataset::table::{Mark, Problem, Writer, quote};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Decimal256Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_schema::DataType;
use std::fmt::Display;
use std::io::Write as _;

/// Writes a row.
pub(in crate::dataset) fn write(writer: &mut Writer, batch: &Batch, row: usize) -> Result<(), Box<Problem>> {
    writer.out.clear();
    writer.marks.clear();
    writer.out.push(b'{');
    for key in &batch.plan.top {
        let Some(column) = batch.rows.columns().get(key.index) else { continue };
        // There a null means the same as nothing.
        if !column.is_null(row) {
            mark(writer, key.index);
            entry(writer, &key.name, &[], column, row)?;
            writer.out.push(b',');
        }
    }
    writer.out.extend_from_slice(&batch.plan.root);
    writer.out.push(b'{');
    for key in &batch.plan.facts {
        let Some(column) = batch.rows.columns().get(key.index) else { continue };
        mark(writer, key.index);
        entry(writer, &key.name, &key.below, column, row)?;
        writer.out.push(b',');
    }
    close(writer, b'}');
    writer.out.push(b'}');
    Ok(())
}

fn mark(writer: &mut Writer, column: usize) {
    writer.marks.push(Mark { at: writer.out.len(), table: 0, row: 0, column });
}

/// Ends a list or an object, whose last comma is taken off.
fn close(writer: &mut Writer, bracket: u8) {
    if writer.out.last() == Some(&b',') {
        writer.out.pop();
    }
    writer.out.push(bracket);
}

fn entry(
    writer: &mut Writer,
    key: &[u8],
    below: &[Key],
    column: &ArrayRef,
    row: usize,
) -> Result<(), Box<Problem>> {
    writer.out.extend_from_slice(key);
    value(writer, below, column, row)
}

fn object(writer: &mut Writer, below: &[Key], of: &StructArray, row: usize) -> Result<(), Box<Problem>> {
    writer.out.push(b'{');
    for key in below {
        let Some(column) = of.columns().get(key.index) else { continue };
        entry(writer, &key.name, &key.below, column, row)?;
        writer.out.push(b',');
    }
    close(writer, b'}');
    Ok(())
}

fn list(writer: &mut Writer, below: &[Key], items: &ArrayRef) -> Result<(), Box<Problem>> {
    writer.out.push(b'[');
    for item in 0..items.len() {
        value(writer, below, items, item)?;
        writer.out.push(b',');
    }
    close(writer, b']');
    Ok(())
}

fn value(writer: &mut Writer, below: &[Key], column: &ArrayRef, row: usize) -> Result<(), Box<Problem>> {
    if column.is_null(row) {
        writer.out.extend_from_slice(b"null");
        return Ok(());
    }
    let out = &mut writer.out;
    match column.data_type() {
        DataType::Boolean => number(out, column.as_boolean().value(row)),
        DataType::Utf8 => text(out, column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(out, column.as_string::<i64>().value(row)),
        DataType::Dictionary(..) => word(out, column, row),
        DataType::Utf8View => text(out, column.as_string_view().value(row)),
        DataType::Int8 => number(out, column.as_primitive::<Int8Type>().value(row)),
        DataType::Int16 => number(out, column.as_primitive::<Int16Type>().value(row)),
        DataType::Int32 => number(out, column.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => number(out, column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => number(out, column.as_primitive::<UInt8Type>().value(row)),
        DataType::UInt16 => number(out, column.as_primitive::<UInt16Type>().value(row)),
        DataType::UInt32 => number(out, column.as_primitive::<UInt32Type>().value(row)),
        DataType::UInt64 => number(out, column.as_primitive::<UInt64Type>().value(row)),
        DataType::Decimal128(..) => text(out, &column.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(..) => text(out, &column.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            match Date::from_days(i64::from(days)) {
                Some(date) => text(out, &date.iso()),
                None => return Err(Box::new(out_of_range(writer))),
            }
        }
        DataType::List(_) => return list(writer, below, &column.as_list::<i32>().value(row)),
        DataType::LargeList(_) => return list(writer, below, &column.as_list::<i64>().value(row)),
        DataType::Struct(_) => return object(writer, below, column.as_struct(), row),
        // Nothing else passes the check of the schema.
        _ => out.extend_from_slice(b"null"),
    }
    Ok(())
}

fn text(out: &mut Vec<u8>, text: &str) {
    quote(text.as_bytes(), out);
}

fn word(out: &mut Vec<u8>, column: &ArrayRef, row: usize) {
    let words = column.as_dictionary_opt::<Int32Type>();
    let word = words.and_then(|words| Some((words.values().as_string_opt::<i32>()?, words.key(row)?)));
    match word {
        Some((words, key)) => text(out, words.value(key)),
        None => out.extend_from_slice(b"null"),
    }
}

fn number(out: &mut Vec<u8>, number: impl Display) {
    // Writing to memory does not fail.
    let _ = write!(out, "{number}");
}

fn out_of_range(writer: &Writer) -> Problem {
    let mark = writer.marks.last().copied().unwrap_or(Mark { at: 0, table: 0, row: 0, column: 0 });
    let reason = "日期超出公元 1 年至 9999 年".to_owned();
    Problem { mark, code: "B0525", reason, help: "改正这个日期" }
}
