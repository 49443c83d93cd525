//! A table of results in a Parquet file, batch after batch.
use super::open::broken;
use super::table::{Moved, Table};
use crate::diag::Diagnostic;
use crate::files;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows decoded at a time.
const BATCH: usize = 8192;

/// One column of a batch.
enum Column {
    Text(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
    /// Which text of a few each row has.
    Few(Vec<usize>, Box<Column>, ArrayRef),
    /// Numbers written out.
    Numbers(Vec<String>),
    /// Of a kind that results do not have.
    Strange,
}

impl Column {
    fn of(array: &ArrayRef) -> Self {
        match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map_or(Self::Strange, |a| Self::Text(a.clone())),
            DataType::LargeUtf8 => {
                array.as_string_opt::<i64>().map_or(Self::Strange, |a| Self::Large(a.clone()))
            }
            DataType::Utf8View => array.as_string_view_opt().map_or(Self::Strange, |a| Self::View(a.clone())),
            DataType::Dictionary(..) => array.as_any_dictionary_opt().map_or(Self::Strange, |a| {
                let values = Self::of(a.values());
                Self::Few(a.normalized_keys(), Box::new(values), Arc::clone(array))
            }),
            DataType::Int8 => numbers::<Int8Type>(array),
            DataType::Int16 => numbers::<Int16Type>(array),
            DataType::Int32 => numbers::<Int32Type>(array),
            DataType::Int64 => numbers::<Int64Type>(array),
            DataType::UInt8 => numbers::<UInt8Type>(array),
            DataType::UInt16 => numbers::<UInt16Type>(array),
            DataType::UInt32 => numbers::<UInt32Type>(array),
            DataType::UInt64 => numbers::<UInt64Type>(array),
            _ => Self::Strange,
        }
    }

    fn cell(&self, row: usize) -> &str {
        match self {
            Self::Text(a) if row < a.len() && a.is_valid(row) => a.value(row),
            Self::Large(a) if row < a.len() && a.is_valid(row) => a.value(row),
            Self::View(a) if row < a.len() && a.is_valid(row) => a.value(row),
            Self::Few(keys, values, array) if row < array.len() && array.is_valid(row) => {
                keys.get(row).map_or("", |key| values.cell(*key))
            }
            Self::Numbers(texts) => texts.get(row).map_or("", String::as_str),
            Self::Text(_) | Self::Large(_) | Self::View(_) | Self::Few(..) | Self::Strange => "",
        }
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef) -> Column
where
    T::Native: ToString,
{
    array.as_primitive_opt::<T>().map_or(Column::Strange, |a| {
        Column::Numbers(a.iter().map(|n| n.map(|n| n.to_string()).unwrap_or_default()).collect())
    })
}

/// A Parquet file.
pub(super) struct Parquet {
    reader: ParquetRecordBatchReader,
    file: String,
    names: Vec<String>,
    batch: Vec<Column>,
    rows: usize,
    row: usize,
    line: u64,
    read: Arc<AtomicU64>,
    size: u64,
    total: u64,
}

impl Parquet {
    /// Reads the foot of the file.
    pub(super) fn open(path: &Path, name: &str, read: &Arc<AtomicU64>) -> Result<Self, Box<Diagnostic>> {
        let file = File::open(path).map_err(|error| files::unreadable(path, &error))?;
        let size = file.metadata().map_or(0, |m| m.len());
        let broken = |_| broken(name, 0, &io::Error::other("不是完整的 Parquet 文件"));
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(broken)?;
        let names = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
        let total = builder.metadata().file_metadata().num_rows();
        Ok(Self {
            reader: builder.with_batch_size(BATCH).build().map_err(broken)?,
            file: name.to_owned(),
            names,
            batch: Vec::new(),
            rows: 0,
            row: 0,
            line: 0,
            read: Arc::clone(read),
            size,
            total: u64::try_from(total).unwrap_or(0),
        })
    }
}

impl Table for Parquet {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn advance(&mut self) -> Result<Moved, Box<Diagnostic>> {
        self.row += 1;
        while self.row >= self.rows {
            let Some(batch) = self.reader.next() else { return Ok(Moved::End) };
            let batch = batch.map_err(|_| broken(&self.file, self.line, &io::Error::other("内容已损坏")))?;
            self.batch = batch.columns().iter().map(Column::of).collect();
            (self.rows, self.row) = (batch.num_rows(), 0);
            // How far it is, by rows: bytes are read column by column.
            let bytes = u128::from(self.size) * batch.num_rows() as u128 / u128::from(self.total.max(1));
            self.read.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
        }
        self.line += 1;
        Ok(Moved::Row)
    }

    fn cell(&self, column: usize) -> &str {
        self.batch.get(column).map_or("", |c| c.cell(self.row))
    }

    fn line(&self) -> u64 {
        self.line
    }
}
