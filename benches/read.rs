//! How fast rows of JSON become cases, against reading the same bytes with `serde_json` into structs of the same facts,
//! and against simd-json, which only finds the values. One core; `cargo bench --bench read`.
use banfa::dataset::{self, Body, Options, Places, Portion};
use banfa::{Policy, facts::LawText};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "support/rows.rs"]
mod rows;
use rows::{ROOT, Row, rows};

const ROWS: usize = 6_000;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let law = "贵州省行政执法过错责任追究办法";
    let policy = Policy::from_path(&root.join("policies").join(law).join("办法.banfa")).expect("compiles");
    let hir = &policy.program().hir;
    let options = Options { text: LawText::Any, ..Options::default() };
    println!("| 行 | 读法 | MB/s | 行/秒 | 每行 |\n| --- | --- | --- | --- | --- |");
    for (what, shuffled) in [("键的次序相同", false), ("每行次序打乱", true)] {
        let text = rows(ROWS, shuffled);
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
