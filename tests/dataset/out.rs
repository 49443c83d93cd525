//! Result columns in every form, and what is made of several blocks.
use banfa::batch::{Cells, Chunk, Column, Counts, Layout, NONE, Part, Rows, Table, What};
use banfa::dataset::{Form, Output, Packing, output};
use banfa::hir::{ConclusionId, EntityId};
use std::io::Read as _;
use std::path::PathBuf;

fn column(name: &str, what: What) -> Column {
    Column { name: name.to_owned(), what }
}

/// 借阅, 读者 in it, 违约 in those.
fn layout() -> Layout {
    let conclusion = |part| What::Conclusion(ConclusionId(0), part);
    let table =
        |entity, name: &str, columns| Table { entity: EntityId(entity), name: name.to_owned(), columns };
    Layout {
        tables: vec![
            table(
                0,
                "借阅",
                vec![
                    column("（序号）", What::Number),
                    column("（案例）", What::Name),
                    column("可以借阅", conclusion(Part::Value)),
                    column("可以借阅（依据）", conclusion(Part::Basis)),
                ],
            ),
            table(
                1,
                "读者",
                vec![
                    column("（序号）", What::Number),
                    column("（读者序号）", What::Member(EntityId(1))),
                    column("责任", conclusion(Part::Value)),
                ],
            ),
            table(
                3,
                "违约",
                vec![
                    column("（序号）", What::Number),
                    column("（读者序号）", What::Member(EntityId(1))),
                    column("（违约序号）", What::Member(EntityId(3))),
                    column("罚金", conclusion(Part::Value)),
                ],
            ),
        ],
    }
}

fn chunk(first: u64) -> Chunk {
    let numbers = |n: &[u64]| Cells::Numbers(n.to_vec());
    let texts = |n: &[u32]| Cells::Texts(n.to_vec());
    Chunk {
        texts: ["甲案", "是", "第一条、第二条", "有\"引号\"，\n换行", "5元"].map(Into::into).to_vec(),
        tables: vec![
            Rows {
                len: 2,
                offsets: Vec::new(),
                columns: vec![
                    numbers(&[first, first + 1]),
                    texts(&[0, NONE]),
                    texts(&[1, NONE]),
                    texts(&[2, 3]),
                ],
            },
            Rows {
                len: 3,
                offsets: vec![0, 2, 3],
                columns: vec![numbers(&[first, first, first + 1]), numbers(&[1, 2, 1]), texts(&[1, NONE, 3])],
            },
            Rows {
                len: 2,
                offsets: vec![0, 0, 1, 2],
                columns: vec![
                    numbers(&[first, first + 1]),
                    numbers(&[2, 1]),
                    numbers(&[1, 1]),
                    texts(&[4, NONE]),
                ],
            },
        ],
        counts: Counts { decided: 2, ..Counts::default() },
    }
}

/// Every file of the output of two chunks.
fn files(form: Form, packing: Packing) -> Vec<(String, Vec<u8>)> {
    let (layout, output) = (layout(), output(form, packing).expect("built in"));
    let mut encoder = output.encoder();
    let blocks = [encoder.encode(&layout, &chunk(1)), encoder.encode(&layout, &chunk(3))];
    let again = output.encoder().encode(&layout, &chunk(3));
    assert!(again == blocks[1], "a block does not depend on those before it");
    let mut files = Vec::new();
    for (index, (name, head)) in output.files(&layout).into_iter().zip(output.heads(&layout)).enumerate() {
        let parts: Vec<&[u8]> = blocks.iter().map(|b| b[index].as_slice()).collect();
        let bytes = if output.appends() {
            [head, parts.concat()].concat()
        } else {
            assembled(output.as_ref(), &layout, index, &parts)
        };
        files.push((name, bytes));
    }
    files
}

fn assembled(output: &dyn Output, layout: &Layout, index: usize, parts: &[&[u8]]) -> Vec<u8> {
    let folder = std::env::temp_dir().join(format!("banfa-out-{}-{index}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let paths: Vec<PathBuf> = (0..parts.len()).map(|n| folder.join(n.to_string())).collect();
    for (path, part) in paths.iter().zip(parts) {
        std::fs::write(path, part).unwrap();
    }
    let to = folder.join("out");
    let blocks: Vec<&std::path::Path> = paths.iter().map(PathBuf::as_path).collect();
    output.assemble(layout, index, &blocks, &to).expect("is put together");
    let bytes = std::fs::read(&to).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    bytes
}

#[test]
fn jsonl() {
    let [(name, bytes)] = files(Form::Jsonl, Packing::Plain).try_into().expect("one file");
    assert_eq!(name, "");
    let text = String::from_utf8(bytes).unwrap();
    let expected = "{\"（序号）\":1,\"（案例）\":\"甲案\",\"可以借阅\":\"是\",\"可以借阅（依据）\":\"第一条、第二条\",\
        \"读者\":[{\"责任\":\"是\",\"违约\":[]},{\"违约\":[{\"罚金\":\"5元\"}]}]}\n\
        {\"（序号）\":2,\"可以借阅（依据）\":\"有\\\"引号\\\"，\\n换行\",\
        \"读者\":[{\"责任\":\"有\\\"引号\\\"，\\n换行\",\"违约\":[{}]}]}\n";
    assert!(text.starts_with(expected), "{text}");
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    assert_eq!(text.lines().count(), 4);
}

#[test]
fn csv() {
    let [(first, cases), (second, readers), (third, breaches)] =
        files(Form::Csv, Packing::Plain).try_into().expect("three files");
    assert_eq!([first, second, third], ["", "读者", "违约"]);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert_eq!(
        text(cases),
        "（序号）,（案例）,可以借阅,可以借阅（依据）\r\n1,甲案,是,第一条、第二条\r\n\
         2,,,\"有\"\"引号\"\"，\n换行\"\r\n3,甲案,是,第一条、第二条\r\n4,,,\"有\"\"引号\"\"，\n换行\"\r\n"
    );
    assert!(text(readers).starts_with("（序号）,（读者序号）,责任\r\n1,1,是\r\n1,2,\r\n2,1,"));
    assert_eq!(
        text(breaches),
        "（序号）,（读者序号）,（违约序号）,罚金\r\n1,2,1,5元\r\n2,1,1,\r\n3,2,1,5元\r\n4,1,1,\r\n"
    );
}

#[test]
fn packed() {
    for form in [Form::Jsonl, Form::Csv] {
        let plain = files(form, Packing::Plain);
        for ((_, plain), (_, gzip)) in plain.iter().zip(files(form, Packing::Gzip)) {
            let mut bytes = Vec::new();
            flate2::read::MultiGzDecoder::new(gzip.as_slice()).read_to_end(&mut bytes).unwrap();
            assert!(bytes == *plain);
        }
        for ((_, plain), (_, zstd)) in plain.iter().zip(files(form, Packing::Zstd)) {
            assert!(zstd::decode_all(zstd.as_slice()).unwrap() == *plain);
        }
    }
}

#[test]
fn forms_that_are_not_there() {
    let code = |form, packing| output(form, packing).err().map(|d| d.code);
    assert_eq!(code(Form::Json, Packing::Plain), Some("B0896"));
    assert_eq!(code(Form::Parquet, Packing::Gzip), Some("B0898"));
    assert_eq!(code(Form::Excel, Packing::Zstd), Some("B0898"));
    assert_eq!(code(Form::Parquet, Packing::Plain).is_none(), cfg!(feature = "parquet"));
    assert_eq!(code(Form::Excel, Packing::Plain).is_none(), cfg!(feature = "excel"));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet() {
    use arrow_array::Array as _;
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Int32Type, UInt64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let found = files(Form::Parquet, Packing::Plain);
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["", "读者", "违约"]);
    let bytes = bytes::Bytes::from(found[0].1.clone());
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    assert_eq!(builder.metadata().num_row_groups(), 2);
    let names: Vec<_> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    assert_eq!(names, ["（序号）", "（案例）", "可以借阅", "可以借阅（依据）"]);
    let (mut numbers, mut basis, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        numbers.extend(batch.column(0).as_primitive::<UInt64Type>().values().to_vec());
        for (at, into) in [(2, &mut values), (3, &mut basis)] {
            let column = batch.column(at).as_dictionary::<Int32Type>();
            let texts = column.values().as_string::<i32>();
            into.extend(
                column.keys().iter().map(|k| k.map(|k| texts.value(usize::try_from(k).unwrap()).to_owned())),
            );
        }
        assert!(batch.column(1).is_nullable());
    }
    assert_eq!(numbers, [1, 2, 3, 4]);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(values, [some("是"), None, some("是"), None]);
    assert_eq!(basis[1], some("有\"引号\"，\n换行"));
}

/// No case at all: the files are there, with their columns.
#[cfg(feature = "parquet")]
#[test]
fn parquet_of_nothing() {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let output = output(Form::Parquet, Packing::Plain).unwrap();
    let bytes = bytes::Bytes::from(assembled(output.as_ref(), &layout(), 1, &[]));
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    assert_eq!((builder.schema().fields().len(), builder.build().unwrap().count()), (3, 0));
}

#[cfg(feature = "excel")]
#[test]
fn excel() {
    use calamine::{Data, Reader as _, Xlsx};
    let [(_, bytes)] = files(Form::Excel, Packing::Plain).try_into().expect("one file");
    assert!(files(Form::Excel, Packing::Plain)[0].1 == bytes, "the same bytes each time");
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["借阅", "读者", "违约"]);
    let sheet = book.worksheet_range("借阅").unwrap();
    assert_eq!(sheet.get_size(), (5, 4));
    assert_eq!(sheet.get_value((1, 0)), Some(&Data::Float(1.0)));
    assert_eq!(sheet.get_value((2, 3)), Some(&Data::String("有\"引号\"，\n换行".to_owned())));
    assert_eq!(sheet.get_value((2, 1)), Some(&Data::Empty));
}

/// More rows than a sheet has are told before anything is written.
#[cfg(feature = "excel")]
#[test]
fn excel_too_long() {
    let (layout, output) = (layout(), output(Form::Excel, Packing::Plain).unwrap());
    let folder = std::env::temp_dir().join(format!("banfa-long-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let block = folder.join("0");
    let mut bytes = Vec::new();
    for rows in [1_048_576u64, 0, 0] {
        bytes.extend(rows.to_le_bytes());
        bytes.extend(0u64.to_le_bytes());
    }
    std::fs::write(&block, bytes).unwrap();
    let to = folder.join("out.xlsx");
    let error = output.assemble(&layout, 0, &[&block], &to).unwrap_err();
    let fault = banfa::dataset::write_fault(&to, &error);
    assert_eq!((fault.code, to.exists()), ("B0899", false));
    assert!(fault.message.contains("1048576 行") && fault.help.unwrap().contains("CSV"));
    std::fs::remove_dir_all(&folder).unwrap();
}
