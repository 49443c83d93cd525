//! Parquet in, Parquet out, against reading the same columns with `parquet` and writing them again.
use crate::files::{Temporary, run};
use crate::floors::{best, float, head, row};
use crate::laws::WHOLE;
use crate::packed::Law;
use crate::rows::{OFFICE, PERSON, ROOT};
use crate::session::{one_value, usual};
use arrow_array::builder::{BooleanBuilder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_schema::{Field, Fields};
use banfa::dataset::Form;
use fastrand::Rng;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 20_000;

/// One row a case, lists as columns of structs.
pub fn parquet(count: usize) {
    head(
        "文件到文件：Parquet 入，Parquet 出（写在内存），整部办法，一个核心；用 parquet 读出这些列再写一遍为下限",
        &["列", "字节/行", "万行/秒", "出字节/行", "读写一遍万行/秒", "为其几成"],
    );
    let law = Law::read(WHOLE);
    let file = Temporary::new("入.parquet");
    write(&file.0, count);
    for (columns, layout) in [("一项结论的值", one_value(&law)), ("通常", usual(&law))] {
        let mut found = [0; 2];
        let [whole, again] =
            best(12, [&mut || found = run(&law, &layout, &file.0, Form::Parquet), &mut || rewrite(&file.0)]);
        assert_eq!(found[0], count);
        row(&[
            columns.to_owned(),
            format!("{:.0}", file.size() / float(count)),
            format!("{:.1}", float(count) / whole / 1e4),
            format!("{:.0}", float(found[1]) / float(count)),
            format!("{:.1}", float(count) / again / 1e4),
            format!("{:.0} %", 100.0 * again / whole),
        ]);
    }
}

/// Whole runs again and again, for a profiler to look at.
pub fn again(times: usize) {
    let law = Law::read(WHOLE);
    let file = Temporary::new("入.parquet");
    write(&file.0, GROUP);
    let layout = one_value(&law);
    for _ in 0..times {
        run(&law, &layout, &file.0, Form::Parquet);
    }
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(1).expect("a level");
    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build()
}

/// The floor.
fn rewrite(path: &Path) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("opens")).expect("reads");
    let schema = Arc::clone(reader.schema());
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties())).expect("writes");
    for batch in reader.with_batch_size(4096).build().expect("reads") {
        writer.write(&batch.expect("a batch")).expect("writes");
    }
    black_box(writer.into_inner().expect("writes"));
}

fn write(path: &Path, count: usize) {
    let mut random = Rng::with_seed(7);
    let mut writer: Option<ArrowWriter<File>> = None;
    for first in (0..count).step_by(GROUP) {
        let group = batch(first, GROUP.min(count - first), &mut random);
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(path).expect("a file");
            ArrowWriter::try_new(file, group.schema(), Some(properties())).expect("writes")
        });
        writer.write(&group).expect("writes");
        writer.flush().expect("writes");
    }
    writer.expect("rows").close().expect("writes");
}

fn batch(first: usize, count: usize, random: &mut Rng) -> RecordBatch {
    let names = (first..first + count).map(|n| Some(format!("第{}案", n + 1)));
    let mut columns: Vec<(String, ArrayRef)> =
        vec![("案例".to_owned(), Arc::new(names.collect::<StringArray>()))];
    columns
        .extend(ROOT.iter().map(|(key, values)| ((*key).to_owned(), column(first, count, values, random))));
    columns.push(("人员".to_owned(), list(first, count, 3, PERSON, random)));
    columns.push(("行政执法机关".to_owned(), list(first, count, 1, OFFICE, random)));
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

/// A column of values, drawn from JSON.
fn column(first: usize, count: usize, values: &[&str], random: &mut Rng) -> ArrayRef {
    let mut draw = |n: usize| values[random.usize(..values.len())].replace('#', &(first + n).to_string());
    if values[0].starts_with('[') {
        let mut list = ListBuilder::new(StringBuilder::new());
        for n in 0..count {
            let value = draw(n);
            for word in value.trim_matches(['[', ']']).split(',') {
                list.values().append_value(word.trim_matches('"'));
            }
            list.append(true);
        }
        return Arc::new(list.finish());
    }
    if values[0].starts_with('"') {
        return Arc::new(
            (0..count).map(|n| Some(draw(n).trim_matches('"').to_owned())).collect::<StringArray>(),
        );
    }
    Arc::new((0..count).map(|n| draw(n).parse::<i64>().ok()).collect::<Int64Array>())
}

/// `each` members a case.
fn list(first: usize, count: usize, each: usize, facts: &[(&str, &[&str])], random: &mut Rng) -> ArrayRef {
    let columns: Vec<(String, ArrayRef)> = facts
        .iter()
        .map(|(key, values)| ((*key).to_owned(), column(first, count * each, values, random)))
        .collect();
    let fields: Fields =
        columns.iter().map(|(key, of)| Field::new(key, of.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, of)| of).collect();
    let members = StructArray::new(fields.clone(), arrays, None);
    let item = Field::new("item", arrow_schema::DataType::Struct(fields), true);
    // Offsets are made by whoever makes lists.
    let mut lengths = ListBuilder::new(BooleanBuilder::new());
    for _ in 0..count {
        lengths.values().append_n(each, true);
        lengths.append(true);
    }
    let offsets = lengths.finish().offsets().clone();
    Arc::new(ListArray::new(Arc::new(item), offsets, Arc::new(members), None))
}
