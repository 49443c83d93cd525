//! Rows straight from columns are what the same rows are by way of JSON: cases, and what is said of wrong ones.
use crate::library::library;
use crate::support::options;
use arrow_array::builder::{NullBufferBuilder, OffsetBufferBuilder};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Decimal256Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, ListArray, PrimitiveArray, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{DataType, Field, Fields, Schema};
use banfa::Date;
use banfa::dataset::{self, Decoder, Options, Portion, Reject};
use banfa::facts::{Case, LawText};
use banfa::hir::{EnumId, Hir, Type};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use std::sync::Arc;

/// Texts of the facts, the usual ones first.
const TEXTS: &[(&str, &[&str])] = &[
    ("案例", &["甲案", "乙案", "A-1", "", "不明", "不适用", "a\"b\\\n\u{1}"]),
    ("说明", &["一", "", "不明"]),
    ("认定日期", &["2026-03-02", "2026年3月2日", "2025-1-1", "不明", "", "昨天", "2026-02-30"]),
    ("适用文本", &["2027-01-01", "2027年1月1日", "2026-01-01", "不明", "甲"]),
    ("借阅方式", &["外借", "馆内阅览", "预约", " 预约", "不明", "不适用", "", "借走"]),
    ("已登记", &["是", "否", "不明", "不适用", "true", " 是", "", "有"]),
    (
        "册数",
        &["3", "12", "三册", "3册", "3.0", "不明", "007", "1e2", "-4", "3.5", "3次", "9999999999999999999"],
    ),
    ("楼层", &["3", "-1", "二", "123456789012345678", "1234567890123456789", "", "1e400"]),
    ("押金", &["20", "20.50", "6.6万元", "5元5角", "-0.5", "1e-3", "不适用", "00.5", "很多"]),
    ("折扣", &["0.85", "85%", "百分之八十五", "1", "10.10", "三分之一", "不明", "1.", ".5"]),
    (
        "借出日期",
        &["2026-03-02", "2026年3月2日", "2026-3-2", "不明", "2026-02-30", "0000-01-01", "2026-03-02 "],
    ),
    ("借期", &["15日", "二十个工作日", "一年六个月", "不适用", "15", "很久"]),
    (
        "备注",
        &[
            "甲",
            "不要折",
            "不明",
            "",
            "null",
            "ｎｕｌｌ",
            " 乙",
            "a\"b\n",
            "😀",
            "~",
            "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸",
        ],
    ),
    ("用途", &["教学", "教学、研究", "教学，消遣", "不明", "", "种菜"]),
    ("灾害", &["是", "否", "不明", "也许"]),
    ("情节轻微", &["是", "否", "不适用"]),
    ("读者", &["不明", "不适用", "", "甲"]),
    ("馆员", &["不适用", "不明", "乙"]),
    ("姓名", &["甲", "乙", "丙", "不明", ""]),
    ("身份", &["教师", "学生", "校外人员", "不明", "家长"]),
    ("年龄", &["8", "八周岁", "18周岁", "老"]),
    ("有押金", &["是", "否", "false", "没有"]),
    ("违约", &["不明", "不适用", "有"]),
    ("工号", &["0012", "甲", "不明"]),
    ("到岗", &["是", "否", "迟到"]),
    ("发生日期", &["2026-01-02", "2025-12-31", "不明", "去年"]),
    ("金额", &["5", "5元", "0.10", "不明", "五"]),
];
const DAYS: &[i64] = &[20_514, 20_000, 0, -1, 2_932_896, -719_162, 2_932_897, -719_163, i32::MAX as i64];
const NUMBERS: &[i64] = &[
    3,
    0,
    12,
    127,
    100,
    1_230_000,
    -1,
    -50,
    99_999_999_999_999_999,
    100_000_000_000_000_000,
    i64::MAX,
    i64::MIN,
];

/// A source of choices: small, so that a case is remade from its seed.
struct Dice {
    state: u64,
    /// One value in so many is of the unusual ones.
    usual: usize,
}

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self { state: seed | 1, usual: 30 };
        dice.usual = dice.pick(&[1000, 10_000, 30]);
        dice
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from((self.state >> 11) % sides as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        // Mostly the first ones: most rows are right.
        let usual = from.len().min(3);
        let sides = if self.roll(self.usual) == 0 { from.len() } else { usual };
        from[self.roll(sides)]
    }

    fn cells<T>(&mut self, len: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<Option<T>> {
        let nulls = self.pick(&[0, 8, 2]);
        (0..len).map(|_| if nulls > 0 && self.roll(nulls) == 0 { None } else { Some(one(self)) }).collect()
    }

    fn texts(&mut self, name: &str, len: usize) -> ArrayRef {
        let known = TEXTS.iter().find(|(known, _)| *known == name).unwrap().1;
        let mut spare = 0;
        let many = name == "备注" && self.roll(2) == 0;
        let cells = self.cells(len, |dice| {
            spare += 1;
            if many { format!("{}-{spare}", dice.pick(known)) } else { dice.pick(known).to_owned() }
        });
        Arc::new(StringArray::from(cells))
    }

    fn numbers<T: ArrowPrimitiveType<Native: TryFrom<i64>>>(&mut self, len: usize) -> PrimitiveArray<T> {
        self.cells(len, |dice| T::Native::try_from(dice.pick(NUMBERS)).ok())
            .into_iter()
            .map(Option::flatten)
            .collect()
    }

    fn number(&mut self, len: usize) -> ArrayRef {
        let (precision, scale) = self.pick(&[(20, 2), (38, 0), (9, 3), (38, 20), (38, 38), (4, 1)]);
        match self.roll(13) {
            0 => Arc::new(self.numbers::<Int8Type>(len)),
            1 => Arc::new(self.numbers::<Int16Type>(len)),
            2 => Arc::new(self.numbers::<Int32Type>(len)),
            3 | 4 => Arc::new(self.numbers::<Int64Type>(len)),
            5 => Arc::new(self.numbers::<UInt8Type>(len)),
            6 => Arc::new(self.numbers::<UInt16Type>(len)),
            7 => Arc::new(self.numbers::<UInt32Type>(len)),
            8 => {
                let cells = self.cells(len, |dice| if dice.roll(30) == 0 { u64::MAX } else { 7 });
                Arc::new(PrimitiveArray::<UInt64Type>::from(cells))
            }
            9 => {
                let shift = self.pick(&[10_000, 1]);
                let cells = self.cells(len, |dice| (i128::from(dice.pick(NUMBERS)) * shift).into());
                Arc::new(
                    PrimitiveArray::<Decimal256Type>::from(cells).with_precision_and_scale(60, 4).unwrap(),
                )
            }
            _ => {
                // Of many digits after the point, or none but zeros.
                let whole = scale < 4 && self.roll(3) > 0;
                let shift = if whole { 10_i128.pow(u32::try_from(scale).unwrap()) } else { 1 };
                let most = 10_i128.pow(u32::from(precision).min(37));
                let cells = self.cells(len, |dice| {
                    let number = i128::from(dice.pick(NUMBERS));
                    let number =
                        if dice.roll(dice.usual) == 0 { number * 1_000_000_000_000 } else { number * shift };
                    number % most
                });
                let cells = PrimitiveArray::<Decimal128Type>::from(cells);
                Arc::new(cells.with_precision_and_scale(precision, scale).unwrap())
            }
        }
    }

    fn days(&mut self, len: usize) -> ArrayRef {
        let cells = self.cells(len, |dice| i32::try_from(dice.pick(DAYS)).unwrap());
        Arc::new(PrimitiveArray::<Date32Type>::from(cells))
    }

    fn truths(&mut self, len: usize) -> ArrayRef {
        Arc::new(BooleanArray::from(self.cells(len, |dice| dice.roll(2) == 0)))
    }

    /// Offsets and nulls of a list, and how many items it has.
    fn list(&mut self, len: usize, items: impl FnOnce(&mut Self, usize) -> ArrayRef) -> ArrayRef {
        let lengths = self.cells(len, |dice| dice.roll(4));
        let (mut offsets, mut valid) = (OffsetBufferBuilder::new(len), NullBufferBuilder::new(len));
        for length in &lengths {
            offsets.push_length(length.unwrap_or(0));
            valid.append(length.is_some());
        }
        let end = lengths.into_iter().flatten().sum();
        let items = items(self, end);
        let item = Arc::new(Field::new("item", items.data_type().clone(), true));
        Arc::new(ListArray::new(item, offsets.finish(), items, valid.finish()))
    }

    fn structure(&mut self, len: usize, facts: &[&str], nulls: bool) -> ArrayRef {
        let columns = self.columns(len, facts);
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
            .collect();
        let mut valid = NullBufferBuilder::new(len);
        (0..len).for_each(|_| valid.append(!nulls || self.roll(6) > 0));
        let columns = columns.into_iter().map(|(_, column)| column).collect();
        Arc::new(StructArray::new(Fields::from(fields), columns, valid.finish()))
    }

    fn column(&mut self, name: &str, len: usize) -> ArrayRef {
        if self.roll(3) == 0 {
            return self.texts(name, len);
        }
        match name {
            "认定日期" | "适用文本" | "借出日期" | "发生日期" => self.days(len),
            "已登记" | "灾害" | "情节轻微" | "有押金" | "到岗" => self.truths(len),
            "册数" | "楼层" | "押金" | "折扣" | "年龄" | "金额" => self.number(len),
            "用途" => {
                let nulls = self.roll(8) == 0 && self.usual < 100;
                self.list(len, |dice, len| {
                    let words = dice.texts("用途", len);
                    let whole: StringArray = (0..len)
                        .map(|_| Some(dice.pick(&["教学", "研究", "消遣", "不明", "种菜"])))
                        .collect();
                    if nulls { words } else { Arc::new(whole) }
                })
            }
            "读者" => {
                let nulls = self.roll(8) == 0 && self.usual < 100;
                self.list(len, |dice, len| {
                    dice.structure(len, &["姓名", "身份", "年龄", "有押金", "违约"], nulls)
                })
            }
            "违约" => self.list(len, |dice, len| dice.structure(len, &["发生日期", "金额"], false)),
            "馆员" => self.structure(len, &["工号", "到岗"], true),
            _ => self.texts(name, len),
        }
    }

    /// Most of these facts, in any order.
    fn columns<'n>(&mut self, len: usize, facts: &[&'n str]) -> Vec<(&'n str, ArrayRef)> {
        let mut left = facts.to_vec();
        let mut found = Vec::new();
        while !left.is_empty() {
            let at = self.roll(left.len());
            let name = left.remove(at);
            if found.is_empty() || self.roll(4) > 0 {
                found.push((name, self.column(name, len)));
            }
        }
        found
    }

    fn properties(&mut self) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_dictionary_enabled(self.roll(3) > 0)
            .set_max_row_group_row_count(Some(self.pick(&[1_000_000, 700, 9])));
        if self.roll(4) == 0 {
            // Dictionaries that are soon full.
            properties = properties.set_dictionary_page_size_limit(16).set_write_batch_size(8);
        }
        properties.build()
    }
}

const ROOT: &[&str] = &[
    "案例",
    "说明",
    "认定日期",
    "适用文本",
    "借阅方式",
    "已登记",
    "册数",
    "楼层",
    "押金",
    "折扣",
    "借出日期",
    "借期",
    "备注",
    "用途",
    "灾害",
    "情节轻微",
    "读者",
    "馆员",
];

fn decode(decoder: &mut dyn Decoder, portions: &[Portion]) -> Vec<(u64, Result<Case, Reject>)> {
    let mut found = Vec::new();
    for portion in portions {
        decoder.decode(portion, &mut |number, case| found.push((number, case.cloned())));
    }
    found
}

/// Another text of the law, whose facts are of other types than the columns were checked for.
fn other() -> Hir {
    let mut hir = library();
    let types = [
        ("押金", Type::Int("1".to_owned())),
        ("楼层", Type::Decimal("层".to_owned())),
        ("折扣", Type::Text),
        ("用途", Type::Date),
        ("借出日期", Type::Enum(EnumId(0))),
        ("备注", Type::Multi(EnumId(1))),
        ("年龄", Type::Period),
        ("金额", Type::Decimal(String::new())),
    ];
    for (name, ty) in types {
        hir.facts.iter_mut().find(|fact| fact.name == name).unwrap().ty = ty;
    }
    hir
}

/// One that lacks a fact.
fn less() -> Hir {
    let mut hir = library();
    let fact = hir.facts.iter_mut().find(|fact| fact.name == "姓名").unwrap();
    "名称".clone_into(&mut fact.name);
    hir
}

/// Reads a file both ways; how many rows are cases.
fn agree(path: &std::path::Path, options: &Options) -> Result<usize, TestCaseError> {
    let hir = library();
    let mut source = dataset::open_inputs(&hir, &[path.to_path_buf()], options).expect("opens");
    let mut portions = Vec::new();
    while let Some(portion) = source.next().expect("reads on") {
        portions.push(portion);
    }
    for hir in [other(), less()] {
        agree_with(&hir, &portions, options)?;
    }
    agree_with(&hir, &portions, options)
}

fn agree_with(hir: &Hir, portions: &[Portion], options: &Options) -> Result<usize, TestCaseError> {
    let reference = decode(dataset::decoder_by_text(hir, options).as_mut(), portions);
    let mut decoder = dataset::decoder(hir, options);
    // Twice: the second time with everything learned.
    for _ in 0..2 {
        let found = decode(decoder.as_mut(), portions);
        prop_assert_eq!(found.len(), reference.len());
        for (ours, theirs) in found.iter().zip(&reference) {
            prop_assert_eq!(ours, theirs);
            // Numbers are equal that are written with more or less digits.
            prop_assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        }
    }
    Ok(reference.iter().filter(|(_, row)| row.is_ok()).count())
}

fn try_file(seed: u64, rows: usize) -> Result<usize, TestCaseError> {
    let mut dice = Dice::new(seed);
    let columns = dice.columns(rows, ROOT);
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
    let path = std::env::temp_dir().join(format!("banfa-columns-{}-{seed:x}.parquet", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(dice.properties())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let day = Date::new(2027, 1, 1).ok();
    let text = [LawText::Any, LawText::Any, LawText::Of(None), LawText::Only(day)][dice.roll(4)];
    let date = dice.pick(&[None, day]);
    let found = agree(&path, &Options { text, date, ..options() });
    std::fs::remove_file(&path).unwrap();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn columns_as_json(seed in any::<u64>(), rows in 1usize..60) {
        try_file(seed, rows)?;
    }
}

/// More rows than a batch has, and enough of them right for the test to mean something.
#[test]
fn many_rows() {
    let right: usize =
        (1..7).map(|seed| try_file(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), 2500).unwrap()).sum();
    assert!(right > 1000, "{right}");
}

/// Words of a vocabulary come as a dictionary.
#[test]
fn schema_is_read_as_dictionary() {
    let mut dice = Dice::new(7);
    let batch = RecordBatch::try_from_iter([
        ("借阅方式", dice.texts("借阅方式", 9)),
        ("备注", dice.texts("备注", 9)),
    ])
    .unwrap();
    let path = std::env::temp_dir().join(format!("banfa-dictionary-{}.parquet", std::process::id()));
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mut source = dataset::open_inputs(&library(), std::slice::from_ref(&path), &options()).unwrap();
    let portion = source.next().unwrap().unwrap();
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let dataset::Body::Columns(batch) = &portion.body else { panic!("columns") };
    assert!(format!("{batch:?}").contains(&format!("{words:?}")), "{batch:?}");
    std::fs::remove_file(&path).unwrap();
}
