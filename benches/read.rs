//! How fast rows of JSON become cases, against reading the same bytes with `serde_json` into structs of the same facts,
//! and against simd-json, which only finds the values. One core; `cargo bench --bench read`.
use banfa::dataset::{self, Body, Options, Places, Portion};
use banfa::{Policy, facts::LawText};
use serde::Deserialize;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: usize = 6_000;

/// A struct with facts and the writer of a row of them.
macro_rules! facts {
    ($name:ident, $list:ident, { $($field:ident $key:literal $ty:ident $values:expr),* $(,)? }, { $($child:ident $many:literal $of:ident),* $(,)? }) => {
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "only read into")]
        struct $name<'a> {
            $(#[serde(rename = $key, borrow)] $field: Option<$ty<'a>>,)*
            $(#[serde(rename = $many, borrow)] $child: Vec<$of<'a>>,)*
        }
        const $list: &[(&str, &[&str])] = &[$(($key, $values)),*];
    };
}

/// One word.
type W<'a> = &'a str;
/// Several words.
type M<'a> = Vec<&'a str>;
/// A whole number.
#[derive(Deserialize)]
#[serde(transparent)]
#[expect(dead_code, reason = "only read into")]
struct N<'a>(i64, #[serde(skip)] std::marker::PhantomData<&'a ()>);

const TRUTH: &[&str] = &["\"是\"", "\"否\"", "\"否\"", "\"不明\""];
const DAYS: &[&str] =
    &["\"2025-03-02\"", "\"2025-11-20\"", "\"2026-01-15\"", "\"2026-02-28\"", "\"2024-12-31\""];

facts!(Office, OFFICE, {
    a "名称" W &["\"#市某局\""], b "参加该次执法" W TRUTH, c "为有关机关" W TRUTH,
}, {});
facts!(Person, PERSON, {
    a "姓名" W &["\"甲#\"", "\"乙#\"", "\"丙某#\""],
    b "身份" M &["[\"承办人\"]", "[\"审核人\"]", "[\"批准人\",\"负责人\"]"],
    c "自行作出决定" W TRUTH, d "弄虚作假" W TRUTH, e "徇私舞弊" W TRUTH, f "致使审核失当" W TRUTH,
    g "所提意见" W &["\"正确\"", "\"错误\"", "\"未提出\""], h "所起作用" W &["\"主要作用\"", "\"次要作用\""],
    i "明知继续状态" W TRUTH, j "干扰调查" W TRUTH,
}, {});
facts!(Facts, ROOT, {
    a0 "属于本省" W TRUTH,
    a1 "实施主体" W &["\"行政机关\"", "\"法律法规授权组织\"", "\"受委托组织\""],
    a2 "具有行政执法职能" W TRUTH, a3 "具有公共事务职能" W TRUTH, a4 "依法受委托执法" W TRUTH,
    a5 "行为类别" M &["[\"行政处罚\"]", "[\"行政许可\",\"行政检查\"]"],
    a6 "行为发生日期" W DAYS, a7 "本次行为性质" W &["\"违法\"", "\"明显不当\""], a8 "核查日期" W DAYS,
    a9 "许可申请符合法定条件" W TRUTH, b0 "受理情况" W &["\"已受理\"", "\"不予受理\""],
    b1 "依法应当公示材料" W TRUTH, b2 "已在办公场所公示" W TRUTH, b3 "依法应当公开信息" W TRUTH,
    b4 "已公开信息" W TRUTH, b5 "依法应当告知申请人" W TRUTH, b6 "已告知申请人" W TRUTH,
    b7 "许可法定期限" W &["\"20个工作日\"", "\"15日\"", "\"三个月\""],
    b8 "许可受理日期" W DAYS, b9 "许可决定日期" W DAYS, c0 "许可应当听证" W TRUTH, c1 "许可已听证" W TRUTH,
    c2 "检查有法定依据" W TRUTH, c3 "检查有法定职权" W TRUTH, c4 "检查超越事项权限" W TRUTH,
    c5 "检查目的" W &["\"依法监管\"", "\"牟取利益\""], c6 "检查开始日期" W DAYS, c7 "检查结束日期" W DAYS,
    c8 "强制有法定职权" W TRUTH, c9 "强制超越法定职权" W TRUTH, d0 "强制有程序规定" W TRUTH,
    d1 "强制依照法定程序" W TRUTH, d2 "已实施处罚" W TRUTH, d3 "处罚有法定依据" W TRUTH, d4 "处罚有事实依据" W TRUTH,
    d5 "罚款次数" N &["1", "2", "3", "12"], d6 "处罚种类" M &["[\"罚款\"]", "[\"罚款\",\"没收财物\"]"],
    d7 "罚没单据" W &["\"法定部门制发单据\"", "\"未开具\""], d8 "处罚应当告知" W TRUTH, d9 "处罚已告知" W TRUTH,
    e0 "应当经过审核审批" W TRUTH, e1 "经承办人拟办" W TRUTH, e2 "经审核人审核" W TRUTH, e3 "经批准人批准" W TRUTH,
    e4 "执法方式" W &["\"单独执法\"", "\"联合执法\""], e5 "性质程度" W &["\"轻微\"", "\"一般\"", "\"恶劣\""],
    e6 "危害程度" W &["\"不大\"", "\"较大\""], e7 "社会影响较大" W TRUTH, e8 "发生不可抗力" W TRUTH,
}, { persons "人员" Person, offices "行政执法机关" Office });

#[derive(Deserialize)]
#[expect(dead_code, reason = "only read into")]
struct Row<'a> {
    #[serde(rename = "案例")]
    name: &'a str,
    #[serde(rename = "认定日期")]
    date: &'a str,
    #[serde(rename = "案件", borrow)]
    facts: Facts<'a>,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let law = "贵州省行政执法过错责任追究办法";
    let policy = Policy::from_path(&root.join("policies").join(law).join("办法.banfa")).expect("compiles");
    let hir = &policy.program().hir;
    let options = Options { text: LawText::Any, ..Options::default() };
    println!("| 行 | 读法 | MB/s | 行/秒 | 每行 |\n| --- | --- | --- | --- | --- |");
    for (what, shuffled) in [("键的次序相同", false), ("每行次序打乱", true)] {
        let text = rows(shuffled);
        let facts = text.matches("\":").count() / ROWS - 3;
        let what = format!("{what}（{} 字节，{facts} 键）", text.len() / ROWS);
        let portion = Portion {
            first: 1,
            rows: ROWS as u64,
            body: Body::Json { bytes: text.clone().into_bytes(), places: Places::Lines(1), file: 0 },
        };
        let mut decoder = dataset::decoder(hir, &options);
        let ours = best(|| {
            let mut good = 0usize;
            decoder.decode(&portion, &mut |_, case| good += usize::from(black_box(case).is_ok()));
            assert_eq!(good, ROWS);
        });
        line(&what, "banfa：成为案件", &text, ours);
        let typed = best(|| {
            for row in text.lines() {
                black_box(serde_json::from_str::<Row<'_>>(row).expect("a row"));
            }
        });
        line(&what, "serde_json：成为结构", &text, typed);
        let mut copy = text.clone().into_bytes();
        let mut buffers = simd_json::Buffers::new(1 << 14);
        let tape = best(|| {
            copy.copy_from_slice(text.as_bytes());
            for row in copy.split_mut(|b| *b == b'\n').filter(|row| !row.is_empty()) {
                black_box(simd_json::to_tape_with_buffers(row, &mut buffers).expect("a row"));
            }
        });
        line(&what, "simd-json：只找出各值", &text, tape);
    }
    let bad = "{\"案件\":{\"罚款次数\":\"许多\",\"属于本省\":\"是\"}}\n".repeat(ROWS);
    let portion = Portion {
        first: 1,
        rows: ROWS as u64,
        body: Body::Json { bytes: bad.clone().into_bytes(), places: Places::Lines(1), file: 0 },
    };
    let mut decoder = dataset::decoder(hir, &options);
    let rejected = best(|| decoder.decode(&portion, &mut |_, case| assert!(black_box(case).is_err())));
    line("每行都读不懂", "banfa：逐行说明", &bad, rejected);
    table(&policy, &options);
    results();
}

/// The root's facts as comma-separated values, from a file.
fn table(policy: &Policy, options: &Options) {
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = ROOT.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(",") + "\n";
    for _ in 0..ROWS {
        let cells = ROOT.iter().map(|(_, values)| {
            let value = values[random.usize(..values.len())];
            value.replace("\",\"", "、").replace(['[', ']', '"'], "")
        });
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    let path = std::env::temp_dir().join(format!("banfa-bench-{}.csv", std::process::id()));
    std::fs::write(&path, &text).expect("a file");
    let hir = &policy.program().hir;
    let mut decoder = dataset::decoder(hir, options);
    let (mut cut, mut all) = (Duration::MAX, Duration::MAX);
    for _ in 0..7 {
        let mut source = dataset::open_inputs(hir, std::slice::from_ref(&path), options).expect("opens");
        let (start, mut portions) = (Instant::now(), Vec::new());
        portions.extend(std::iter::from_fn(|| source.next().expect("reads")));
        cut = cut.min(start.elapsed());
        for portion in &portions {
            decoder.decode(portion, &mut |_, case| assert!(black_box(case).is_ok()));
        }
        all = all.min(start.elapsed());
    }
    line("CSV，51 列", "banfa：分成行（一个线程）", &text, cut);
    line("CSV，51 列", "banfa：成为案件（含分行）", &text, all);
    std::fs::remove_file(&path).expect("the file");
}

/// Result columns into files.
fn results() {
    use banfa::batch::{Cells, Chunk, Column, Layout, Part, Rows, Table, What};
    use banfa::dataset::{Form, Packing};
    use banfa::hir::{ConclusionId, EntityId};
    let mut random = fastrand::Rng::with_seed(7);
    let texts: Vec<std::sync::Arc<str>> =
        (0..300).map(|n| format!("第{n}条第二项、第三十条").into()).collect();
    let columns = (0..20).map(|n| Column {
        name: format!("结论{n}（依据）"),
        what: if n == 0 { What::Number } else { What::Conclusion(ConclusionId(n), Part::Basis) },
    });
    let table = Table { entity: EntityId(0), name: "案件".to_owned(), columns: columns.collect() };
    let layout = Layout { tables: vec![table] };
    let cells = (0..20).map(|n| match n {
        0 => Cells::Numbers((1..=ROWS as u64).collect()),
        _ => Cells::Texts(
            (0..ROWS).map(|_| random.u32(..320)).map(|c| if c < 300 { c } else { u32::MAX }).collect(),
        ),
    });
    let rows = Rows { len: ROWS, offsets: Vec::new(), columns: cells.collect() };
    let chunk = Chunk { texts, tables: vec![rows], ..Chunk::default() };
    for (form, packing, how) in [
        (Form::Jsonl, Packing::Plain, "JSONL"),
        (Form::Csv, Packing::Plain, "CSV"),
        (Form::Jsonl, Packing::Zstd, "JSONL，zstd"),
        (Form::Jsonl, Packing::Gzip, "JSONL，gzip"),
        (Form::Parquet, Packing::Plain, "Parquet"),
    ] {
        let Ok(output) = dataset::output(form, packing) else { continue };
        let plain =
            dataset::output(Form::Jsonl, Packing::Plain).expect("there").encoder().encode(&layout, &chunk);
        let mut encoder = output.encoder();
        let took = best(|| {
            black_box(encoder.encode(&layout, &chunk));
        });
        line("结果，20 列（按未压缩的 JSONL 计）", how, &String::from_utf8_lossy(&plain[0]), took);
    }
}

fn best(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..7).map(|_| time(&mut work)).min().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a speed")]
fn line(what: &str, how: &str, text: &str, took: Duration) {
    let seconds = took.as_secs_f64();
    let (size, each) = (text.len() as f64 / 1e6 / seconds, took / u32::try_from(ROWS).unwrap_or(1));
    println!("| {what} | {how} | {size:.0} | {:.0} | {each:.2?} |", ROWS as f64 / seconds);
}

fn rows(shuffled: bool) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut out = String::new();
    for number in 0..ROWS {
        let mut inner = pairs(ROOT, number, shuffled, &mut random);
        let persons: Vec<String> =
            (0..3).map(|_| object(&pairs(PERSON, number, shuffled, &mut random))).collect();
        inner.push(format!("\"人员\":[{}]", persons.join(",")));
        inner.push(format!("\"行政执法机关\":[{}]", object(&pairs(OFFICE, number, shuffled, &mut random))));
        if shuffled {
            random.shuffle(&mut inner);
        }
        writeln!(
            out,
            "{{\"案例\":\"第{number}案\",\"认定日期\":\"2026-03-02\",\"案件\":{}}}",
            object(&inner)
        )
        .expect("memory");
    }
    out
}

fn pairs(
    facts: &[(&str, &[&str])],
    number: usize,
    shuffled: bool,
    random: &mut fastrand::Rng,
) -> Vec<String> {
    let mut pairs: Vec<String> = facts
        .iter()
        .map(|(key, values)| {
            let value = values[random.usize(..values.len())].replace('#', &number.to_string());
            format!("\"{key}\":{value}")
        })
        .collect();
    if shuffled {
        random.shuffle(&mut pairs);
    }
    pairs
}

fn object(pairs: &[String]) -> String {
    format!("{{{}}}", pairs.join(","))
}
