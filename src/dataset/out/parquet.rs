//! Apache Parquet: one file a table. A block is a file of its own with one row group; they are put together by copying
//! the row groups as they are, without decoding them.
use super::csv::table_files;
use crate::batch::{Cells, Chunk, Layout, NONE, Rows, Table, What};
use crate::dataset::{Encoder, Output};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Parquet.
pub(in crate::dataset) struct ParquetFiles;

impl Output for ParquetFiles {
    fn files(&self, layout: &Layout) -> Vec<String> {
        table_files(layout)
    }

    fn heads(&self, layout: &Layout) -> Vec<Vec<u8>> {
        vec![Vec::new(); layout.tables.len()]
    }

    fn appends(&self) -> bool {
        false
    }

    fn assemble(&self, layout: &Layout, file: usize, blocks: &[&Path], to: &Path) -> io::Result<()> {
        let Some(table) = layout.tables.get(file) else { return Ok(()) };
        join(table, blocks, to).map_err(io::Error::other)
    }

    fn encoder(&self) -> Box<dyn Encoder> {
        Box::new(ParquetEncoder)
    }
}

struct ParquetEncoder;

impl Encoder for ParquetEncoder {
    fn encode(&mut self, layout: &Layout, chunk: &Chunk) -> Vec<Vec<u8>> {
        let tables = layout.tables.iter().zip(&chunk.tables);
        // Writing to memory what fits its own schema does not fail.
        tables.map(|(table, rows)| block(table, rows, chunk).unwrap_or_default()).collect()
    }
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(None)
        .build()
}

fn schema(table: &Table) -> Arc<Schema> {
    let field = |column: &crate::batch::Column| match column.what {
        What::Number | What::Member(_) => Field::new(&column.name, DataType::UInt64, false),
        What::Name | What::Fact(_) | What::Conclusion(..) => {
            let of = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Field::new(&column.name, of, true)
        }
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

/// The rows of one table as a file.
fn block(table: &Table, rows: &Rows, chunk: &Chunk) -> Result<Vec<u8>, ParquetError> {
    let schema = schema(table);
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, Arc::clone(&schema), Some(properties()))?;
    if rows.len > 0 {
        let mut places = vec![-1; chunk.texts.len()];
        let columns = rows.columns.iter().map(|cells| array(cells, chunk, &mut places));
        let columns = columns.collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
        writer.write(&RecordBatch::try_new(schema, columns)?)?;
    }
    writer.close()?;
    Ok(out)
}

/// A column; `places` is where each text of the chunk stands in the column's own list, -1 before and after.
fn array(cells: &Cells, chunk: &Chunk, places: &mut [i32]) -> Result<ArrayRef, ArrowError> {
    let codes = match cells {
        Cells::Numbers(numbers) => return Ok(Arc::new(UInt64Array::from(numbers.clone()))),
        Cells::Texts(codes) => codes,
    };
    let mut used: Vec<u32> = Vec::new();
    let keys: Int32Array = codes
        .iter()
        .map(|&code| {
            let place = places.get_mut(code as usize).filter(|_| code != NONE)?;
            if *place < 0 {
                *place = i32::try_from(used.len()).ok()?;
                used.push(code);
            }
            Some(*place)
        })
        .collect();
    let texts: StringArray = used.iter().map(|code| chunk.text(*code)).collect();
    for code in used {
        if let Some(place) = places.get_mut(code as usize) {
            *place = -1;
        }
    }
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(texts))?))
}

/// Block files into one.
fn join(table: &Table, blocks: &[&Path], to: &Path) -> Result<(), ParquetError> {
    let Some(first) = blocks.first() else {
        ArrowWriter::try_new(File::create(to)?, schema(table), Some(properties()))?.close()?;
        return Ok(());
    };
    let head = metadata(&File::open(first)?)?;
    let file = head.file_metadata();
    let properties =
        WriterProperties::builder().set_key_value_metadata(file.key_value_metadata().cloned()).build();
    let schema = file.schema_descr().root_schema_ptr();
    let mut writer = SerializedFileWriter::new(File::create(to)?, schema, Arc::new(properties))?;
    for block in blocks {
        let block = File::open(block)?;
        for group in metadata(&block)?.row_groups() {
            let mut out = writer.next_row_group()?;
            for column in group.columns() {
                let close = ColumnCloseResult {
                    bytes_written: unsigned(column.compressed_size()),
                    rows_written: unsigned(group.num_rows()),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                out.append_column(&block, close)?;
            }
            out.close()?;
        }
    }
    writer.into_inner()?.sync_all()?;
    Ok(())
}

fn metadata(file: &File) -> Result<ParquetMetaData, ParquetError> {
    ParquetMetaDataReader::new().parse_and_finish(file)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
