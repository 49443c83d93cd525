//! The quick way of reading a row gives what the reader of case files gives: values, and what it says of wrong ones.
use crate::library::library;
use crate::support::{decode, options, reference};
use banfa::Date;
use banfa::dataset::{self, Options};
use banfa::facts::LawText;
use banfa::hir::Hir;
use proptest::prelude::*;
use std::fmt::Write as _;

/// Keys and values of every kind, right and wrong, by entity.
const ROOT: &[(&str, &[&str])] = &[
    ("借阅方式", &["\"外借\"", "\"馆内阅览\"", "\"预约\"", "\" 预约\"", "\"不明\"", "null", "\"借走\"", "3"]),
    (
        "已登记",
        &["\"是\"", "\"否\"", "true", "false", "null", "\"不适用\"", "\"\\u662f\"", "\"有\"", "1", "[]"],
    ),
    (
        "册数",
        &[
            "3",
            "12",
            "0",
            "\"三册\"",
            "\"3册\"",
            "3.0",
            "1e2",
            "-4",
            "007",
            "3.5",
            "\"3次\"",
            "999999999999999999",
            "9999999999999999999",
        ],
    ),
    ("楼层", &["3", "\"3\"", "-1", "\"二\"", "123456789012345678", "1234567890123456789", "1e400"]),
    (
        "押金",
        &[
            "20",
            "20.50",
            "0.00",
            "1234567.891",
            "\"6.6万元\"",
            "\"20元\"",
            "1e-3",
            "0.1234567890123456789012345678901",
            "\"5元5角\"",
            "-0.5",
            "00.5",
        ],
    ),
    ("折扣", &["0.85", "\"85%\"", "\"百分之八十五\"", "1", "1.", ".5", "\"三分之一\"", "10.10"]),
    (
        "借出日期",
        &[
            "\"2026-03-02\"",
            "\"2026-02-30\"",
            "\"2026年3月2日\"",
            "\"2026-3-2\"",
            "null",
            "\"0000-01-01\"",
            "\"2026-03-02 \"",
            "20260302",
        ],
    ),
    ("借期", &["\"15日\"", "\"二十个工作日\"", "\"一年六个月\"", "15", "\"不适用\""]),
    (
        "备注",
        &[
            "\"甲\"",
            "\"不明\"",
            "\"\"",
            "\"不要折\"",
            "\"a\\\"b\\n\"",
            "\"ｎｕｌｌ\"",
            "\"null\"",
            "\" 乙\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "5",
            "true",
            "null",
            "\"甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸\"",
            "\"tab\tin\"",
        ],
    ),
    (
        "用途",
        &[
            "[]",
            "[\"教学\"]",
            "[\"教学\",\"研究\"]",
            "[ \"教学\" , \"研究\" ]",
            "\"教学、研究\"",
            "\"教学\"",
            "null",
            "[null]",
            "[\"教学、研究\"]",
            "[[\"教学\"]]",
            "{}",
            "[\"教学\",]",
        ],
    ),
    ("灾害", &["\"是\"", "\"不明\"", "\"否\""]),
    ("情节轻微", &["\"是\"", "\"否\""]),
    ("可以借阅", &["\"是\""]),
    ("姓名", &["\"甲\""]),
    ("已登计", &["\"是\""]),
    ("\\u501f\\u9605\\u65b9\\u5f0f", &["\"外借\""]),
    (" 册数 ", &["3"]),
];
const READER: &[(&str, &[&str])] = &[
    ("姓名", &["\"甲\"", "\"乙\"", "\"丙\"", "null", "\"甲\""]),
    ("身份", &["\"教师\"", "\"学生\"", "\"校外人员\"", "\"家长\""]),
    ("年龄", &["8", "\"八周岁\"", "18"]),
    ("有押金", &["\"是\"", "false"]),
    (
        "违约",
        &[
            "[]",
            "[{}]",
            "[{\"发生日期\":\"2026-01-02\",\"金额\":5}]",
            "[{\"金额\":\"5元\"},{\"发生日期\":\"2025-12-31\"}]",
            "null",
            "\"不适用\"",
            "{}",
            "[1]",
        ],
    ),
];
const KEEPER: &[&str] = &[
    "{\"工号\":\"0012\",\"到岗\":true}",
    "{}",
    "null",
    "\"不适用\"",
    "[]",
    "{\"工号\":12}",
    "{\"工号\":\"甲\"}",
];
const HEAD: &[(&str, &[&str])] = &[
    ("案例", &["\"A-1\"", "null", "12", "\"\"", "[]", "\"\\u4e00\""]),
    ("说明", &["\"一\"", "1", "{}"]),
    ("认定日期", &["\"2026-03-02\"", "\"2026年3月2日\"", "null", "\"昨天\""]),
    ("适用文本", &["\"2027-01-01\"", "null", "5"]),
    ("期望", &["[]", "[{\"结论\":\"责任\",\"值\":[1,2.5,{\"a\":null}]}]", "[}", "1"]),
    ("基础", &["\"x.yaml\""]),
    ("案例名", &["1"]),
];

type Pair = (&'static str, &'static str);

/// Pairs of a table, one a key or (rarely) two; the first values of each are the more usual.
fn pairs(
    table: &'static [(&'static str, &'static [&'static str])],
    usual: usize,
) -> impl Strategy<Value = Vec<Pair>> {
    let one = (0..table.len() * 3, 0usize..64).prop_map(move |(key, value)| {
        let (key, values) = table[if key < table.len() { key } else { key % usual.min(table.len()) }];
        (key, values[if value < 48 { value % values.len().min(3) } else { value % values.len() }])
    });
    (proptest::collection::vec(one, 0..usual + 2), 0..16u8).prop_map(|(mut pairs, doubled)| {
        if doubled > 0 {
            let mut seen = Vec::new();
            pairs.retain(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(*key);
                    true
                }
            });
        }
        pairs
    })
}

/// Blanks between tokens: none, Python's, or plenty.
fn object(pairs: &[(String, String)], blanks: u8) -> String {
    let (comma, colon) = [(",", ":"), (", ", ": "), (" ,\t", " : ")][usize::from(blanks)];
    let mut out = String::from("{");
    for (index, (key, value)) in pairs.iter().enumerate() {
        write!(out, "{}\"{key}\"{colon}{value}", if index > 0 { comma } else { "" }).unwrap();
    }
    out + "}"
}

fn owned(pairs: Vec<Pair>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn row() -> impl Strategy<Value = String> {
    let readers = proptest::collection::vec(pairs(READER, 4), 0..4);
    (pairs(ROOT, 12), readers, 0..KEEPER.len() * 2, pairs(HEAD, 2), 0..3u8, any::<proptest::sample::Index>())
        .prop_map(|(root, readers, keeper, head, blanks, place)| {
            let mut root = owned(root);
            let readers: Vec<String> = readers.into_iter().map(|r| object(&owned(r), blanks)).collect();
            let at = place.index(root.len() + 1);
            root.insert(at, ("读者".to_owned(), format!("[{}]", readers.join(","))));
            if let Some(keeper) = KEEPER.get(keeper) {
                root.insert(at, ("馆员".to_owned(), (*keeper).to_owned()));
            }
            let mut head = owned(head);
            head.insert(place.index(head.len() + 1), ("借阅".to_owned(), object(&root, blanks)));
            object(&head, blanks)
        })
}

/// A row with a byte put in, taken out or changed.
fn mutated() -> impl Strategy<Value = String> {
    (row(), any::<proptest::sample::Index>(), 0..4u8, "[{}\\[\\],:\"\\\\0-9a是 ]").prop_map(
        |(row, at, what, new)| {
            let mut chars: Vec<char> = row.chars().collect();
            let at = at.index(chars.len());
            match what {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, new.chars().next().unwrap()),
                2 => chars[at] = new.chars().next().unwrap(),
                _ => chars.truncate(at),
            }
            chars.into_iter().collect()
        },
    )
}

fn agree(hir: &Hir, rows: &[String]) -> Result<(), TestCaseError> {
    agree_with(hir, rows, &options())
}

fn agree_with(hir: &Hir, rows: &[String], options: &Options) -> Result<(), TestCaseError> {
    let mut decoder = dataset::decoder(hir, options);
    let rows: Vec<&String> =
        rows.iter().filter(|r| !r.trim().is_empty() && !r.contains(['\n', '\r'])).collect();
    let text = rows.iter().fold(String::new(), |text, row| text + row + "\n");
    // Twice: the second time with everything learned.
    for _ in 0..2 {
        let found = decode(decoder.as_mut(), text.as_bytes());
        prop_assert_eq!(found.len(), rows.len());
        for (row, found) in rows.iter().zip(found) {
            match (found, reference(hir, row, options)) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{}", row),
                (Err(ours), Err(theirs)) => {
                    prop_assert_eq!((ours.code, ours.reason, ours.help, ours.column), theirs, "{}", row);
                }
                (ours, theirs) => prop_assert!(false, "{row}\n{ours:?}\n{theirs:?}"),
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn rows(rows in proptest::collection::vec(row(), 1..12)) {
        agree(&library(), &rows)?;
    }

    #[test]
    fn broken_rows(rows in proptest::collection::vec(mutated(), 1..12)) {
        agree(&library(), &rows)?;
    }
}

/// Each value of each key, alone.
#[test]
fn every_value() {
    let mut rows = Vec::new();
    for (key, values) in ROOT {
        rows.extend(values.iter().map(|v| format!("{{\"借阅\":{{\"{key}\":{v}}}}}")));
    }
    for (key, values) in READER {
        rows.extend(values.iter().map(|v| format!("{{\"借阅\":{{\"读者\":[{{\"{key}\":{v}}}]}}}}")));
    }
    for (key, values) in HEAD {
        rows.extend(values.iter().map(|v| format!("{{\"{key}\":{v},\"借阅\":{{}}}}")));
    }
    rows.extend(KEEPER.iter().map(|v| format!("{{\"借阅\":{{\"馆员\":{v}}}}}")));
    let day = Date::new(2027, 1, 1).ok();
    for text in [LawText::Any, LawText::Of(None), LawText::Of(day)] {
        for date in [None, Date::new(2026, 5, 6).ok()] {
            agree_with(&library(), &rows, &Options { text, date, ..options() }).unwrap();
        }
    }
}
