//! The same case as a workbook and as Parquet.
use crate::files::file;
use crate::library::library;
use crate::support::{options, read_files};
use banfa::dataset::{self, Options};

/// Where the files of a test are put.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("banfa-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[cfg(feature = "excel")]
#[test]
fn excel() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let hir = library();
    let folder = folder("excel");
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let date = |y, m, d| ExcelDateTime::from_ymd(y, m, d).unwrap();
    let sheet = book.add_worksheet().set_name("随便").unwrap();
    let head = [
        "案号",
        "案例",
        "认定日期",
        "借阅方式",
        "已登记",
        "册数",
        "押金",
        "折扣",
        "借出日期",
        "借期",
        "备注",
        "用途",
    ];
    sheet.write_row(0, 0, head).unwrap();
    sheet.write_row(1, 0, ["A1", "甲案"]).unwrap();
    sheet.write_with_format(1, 2, date(2026, 3, 2), &day).unwrap();
    sheet.write(1, 3, "外借").unwrap();
    sheet.write(1, 4, "是").unwrap();
    sheet.write(1, 5, 3).unwrap();
    sheet.write(1, 6, 66000).unwrap();
    sheet.write(1, 7, 0.85).unwrap();
    sheet.write_with_format(1, 8, date(2026, 3, 2), &day).unwrap();
    sheet.write(1, 9, "二十个工作日").unwrap();
    sheet.write(1, 10, "有逗号, 有\"引号\"\n有换行").unwrap();
    sheet.write(1, 11, "教学、研究").unwrap();
    sheet.write_row(3, 0, ["A2", "错误值"]).unwrap();
    sheet.write_formula(3, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_row(4, 0, ["A3", "带时刻"]).unwrap();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_with_format(4, 8, date(2026, 3, 2).and_hms(8, 30, 0).unwrap(), &time).unwrap();
    sheet.write_row(5, 0, ["A4", "小数"]).unwrap();
    sheet.write(5, 5, 2.5).unwrap();
    sheet.write_row(6, 0, ["A5", "真假"]).unwrap();
    sheet.write(6, 4, true).unwrap();
    sheet.write(6, 6, 0.1 + 0.2).unwrap();
    let sheet = book.add_worksheet().set_name("读者").unwrap();
    sheet.write_row(0, 0, ["案号", "姓名", "身份", "年龄", "有押金"]).unwrap();
    sheet.write_row(1, 0, ["A1", "甲", "学生"]).unwrap();
    sheet.write(1, 3, 8).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write_row(2, 0, ["A1", "乙", "教师"]).unwrap();
    sheet.write(2, 3, 30).unwrap();
    let sheet = book.add_worksheet().set_name("违约").unwrap();
    sheet.write_row(0, 0, ["案号", "读者序号", "发生日期", "金额"]).unwrap();
    for (row, reader, month, day_of, amount) in
        [(1, 1, 1, 2, Some(5.0)), (2, 1, 2, 2, Some(3.5)), (3, 2, 2, 3, None)]
    {
        sheet.write(row, 0, "A1").unwrap();
        sheet.write(row, 1, reader).unwrap();
        sheet.write_with_format(row, 2, date(2026, month, day_of), &day).unwrap();
        if let Some(amount) = amount {
            sheet.write(row, 3, amount).unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("馆员").unwrap();
    sheet.write_row(0, 0, ["案号", "工号", "到岗"]).unwrap();
    sheet.write_row(1, 0, ["A1", "0012", "是"]).unwrap();
    let path = folder.join("借阅.xlsx");
    book.save(&path).unwrap();
    let options = Options { key: Some("案号".to_owned()), ..options() };
    let rows = read_files(&hir, std::slice::from_ref(&path), &options);
    let lines = read_files(&hir, &[file("借阅.jsonl")], &options);
    assert_eq!(rows[0], lines[0], "the same case in both forms");
    let faults: Vec<_> =
        rows.iter().map(|r| r.as_ref().err().map(|r| (r.row, r.line, r.column, r.code.as_str()))).collect();
    let expected = [None, Some((2, 4, 6, "B0873")), Some((3, 5, 9, "B0520")), Some((4, 6, 6, "B0527")), None];
    assert_eq!(faults, expected);
    let last = rows[4].as_ref().unwrap();
    assert_eq!(last.tables[0].values[3], banfa::Val::Dec("0.30000000000000004".parse().unwrap()));
    assert_eq!(last.tables[0].truth[0], banfa::Truth::True);
    // Without a key the sheets cannot be joined; a packed workbook is none.
    let code = |path: &std::path::Path, options: &Options| {
        dataset::open_inputs(&hir, &[path.to_path_buf()], options).err().map(|d| d.code)
    };
    assert_eq!(code(&path, &crate::support::options()), Some("B0875"));
    let bad = folder.join("坏.xlsx");
    std::fs::write(&bad, "不是").unwrap();
    assert_eq!(code(&bad, &options), Some("B0879"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "parquet")]
mod columns {
    use super::*;
    use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder, StructBuilder};
    use arrow_array::types::Int32Type;
    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
        RecordBatch, StringArray, StructArray,
    };
    use arrow_schema::{DataType, Field, Fields};
    use parquet::arrow::ArrowWriter;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    fn write(folder: &Path, columns: Vec<(&str, ArrayRef)>) -> PathBuf {
        let path = folder.join("借阅.parquet");
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
        let mut writer =
            ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    }

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn readers() -> ArrayRef {
        let breach = Fields::from(vec![
            Field::new("发生日期", DataType::Utf8, true),
            Field::new("金额", DataType::Int32, true),
        ]);
        let breaches = DataType::List(Arc::new(Field::new("item", DataType::Struct(breach.clone()), true)));
        let reader = Fields::from(vec![
            Field::new("姓名", DataType::Utf8, true),
            Field::new("年龄", DataType::Int32, true),
            Field::new("违约", breaches, true),
        ]);
        let below = ListBuilder::new(StructBuilder::from_fields(breach, 2));
        let mut list = ListBuilder::new(StructBuilder::new(
            reader,
            vec![Box::new(StringBuilder::new()), Box::new(Int32Builder::new()), Box::new(below)],
        ));
        for (name, age, breaches) in [("甲", Some(8), 2), ("乙", None, 0)] {
            let one = list.values();
            one.field_builder::<StringBuilder>(0).unwrap().append_value(name);
            one.field_builder::<Int32Builder>(1).unwrap().append_option(age);
            let below = one.field_builder::<ListBuilder<StructBuilder>>(2).unwrap();
            for _ in 0..breaches {
                below.values().field_builder::<StringBuilder>(0).unwrap().append_value("2026-01-02");
                below.values().field_builder::<Int32Builder>(1).unwrap().append_value(5);
                below.values().append(true);
            }
            below.append(true);
            one.append(true);
        }
        list.append(true);
        list.append(false);
        list.append(true);
        Arc::new(list.finish())
    }

    #[test]
    fn parquet() {
        let hir = library();
        let folder = folder("parquet");
        let ways: DictionaryArray<Int32Type> = [Some("外借"), Some("偷走"), None].into_iter().collect();
        let keeper = StructArray::from(vec![
            (Arc::new(Field::new("工号", DataType::Utf8, true)), texts(&[Some("0012"), None, None])),
            (
                Arc::new(Field::new("到岗", DataType::Boolean, true)),
                Arc::new(BooleanArray::from(vec![Some(true), None, None])) as ArrayRef,
            ),
        ]);
        let money = Decimal128Array::from(vec![Some(123_450), Some(5), Some(-50)])
            .with_precision_and_scale(10, 3)
            .unwrap();
        let mut purposes = ListBuilder::new(StringBuilder::new());
        purposes.append_value([Some("教学"), Some("研究")]);
        purposes.append_value([Some("教学")]);
        purposes.append(true);
        let path = write(
            &folder,
            vec![
                ("案例", texts(&[Some("甲案"), None, None])),
                ("认定日期", Arc::new(Date32Array::from(vec![Some(20_514), None, None]))),
                ("借阅方式", Arc::new(ways)),
                ("已登记", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
                ("册数", Arc::new(Int64Array::from(vec![Some(3), None, Some(i64::MAX)]))),
                ("押金", Arc::new(money)),
                ("用途", Arc::new(purposes.finish())),
                ("灾害", Arc::new(BooleanArray::from(vec![None, None, Some(false)]))),
                ("读者", readers()),
                ("馆员", Arc::new(keeper)),
            ],
        );
        let rows = read_files(&hir, std::slice::from_ref(&path), &options());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../cases/dataset/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("parquet", crate::files::words(&hir, &rows)));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn refused() {
        let hir = library();
        let folder = folder("parquet-refused");
        let refuse = |name: &str, column: ArrayRef| {
            let path = write(&folder, vec![(name, column)]);
            let fault = dataset::open_inputs(&hir, &[path], &options()).err().expect("refused");
            (
                fault.code,
                fault.message.split('”').nth(1).unwrap_or("").to_owned() + &fault.help.unwrap_or_default(),
            )
        };
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        assert_eq!(refuse("册数", Arc::clone(&floats)).0, "B0878");
        assert!(refuse("册数", floats).1.contains("浮点数"));
        assert_eq!(refuse("备注", Arc::clone(&numbers)).0, "B0878");
        assert_eq!(refuse("读者", Arc::clone(&numbers)).0, "B0878");
        assert_eq!(refuse("已登记", Arc::clone(&numbers)).0, "B0878");
        assert_eq!(refuse("借期", numbers).0, "B0878");
        assert_eq!(refuse("姓名", texts(&[None])).0, "B0870");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
