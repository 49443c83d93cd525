//! `banfa stats` on results of the small policy of `tests/cases/stats`, which are what a run gives for its cases.
#![cfg(feature = "cli")]

#[path = "support/results.rs"]
mod results;

use banfa::batch::{Chunk, Layout, Wanted};
use banfa::report::cite::rule_address;
use banfa::{Policy, Verdict};
use insta::assert_snapshot;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const POLICY: &str = "借阅办法.banfa";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("tests/cases/stats")
}

fn run_cases(policy: &str, wanted: &Wanted) -> (Policy, Layout, Chunk) {
    let mut policy = Policy::from_path(&folder().join(policy)).expect("a policy");
    let cases = results::cases(&mut policy, &[folder().join("案件.yaml")]);
    assert_eq!(cases.len(), 12);
    let (layout, chunk) = results::evaluate(&policy, &cases, wanted);
    (policy, layout, chunk)
}

fn wanted() -> Wanted {
    let keep = ["馆舍", "身份"].map(str::to_owned).to_vec();
    Wanted { keep, waiting: true, ..Wanted::default() }
}

fn fed(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(args)
        .current_dir(folder())
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("banfa starts");
    // A command that reads nothing may have ended by now.
    let _ = child.stdin.take().expect("stdin").write_all(input);
    child.wait_with_output().expect("banfa ends")
}

fn shown(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code().map_or("被打断".to_owned(), |c| c.to_string());
    format!("{out}—— 标准错误\n{err}—— 退出码 {code}\n")
}

fn stats(args: &[&str]) -> String {
    shown(&fed(&[&["stats", POLICY], args].concat(), b""))
}

/// A file of a test's own, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stats-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("written");
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The result files are what a run gives; `BANFA_WRITE_RESULTS=1` writes them.
#[test]
fn the_files_are_results_of_the_cases() {
    let (policy, layout, chunk) = run_cases(POLICY, &wanted());
    let (before, old_layout, old_chunk) = run_cases("修改前.banfa", &wanted());
    let mut files = vec![
        ("结果.jsonl".to_owned(), results::jsonl(&policy.program().hir, &layout, &chunk)),
        ("修改前.jsonl".to_owned(), results::jsonl(&before.program().hir, &old_layout, &old_chunk)),
    ];
    let tables = results::csv(&layout, &chunk).into_iter();
    files.extend(tables.map(|(name, text)| (format!("结果{name}.csv"), text)));
    for (name, text) in files {
        let path = folder().join(&name);
        if std::env::var_os("BANFA_WRITE_RESULTS").is_some() {
            std::fs::write(&path, &text).expect("written");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
    }
}

#[test]
fn figures_in_every_format() {
    assert_snapshot!("text", stats(&["结果.jsonl"]));
    assert_snapshot!("text_ascii", stats(&["结果.jsonl", "--ascii", "--top", "2"]));
    assert_snapshot!("md", stats(&["结果.jsonl", "--by", "馆舍", "--format", "md"]));
    let json = fed(&["stats", POLICY, "结果.jsonl", "--by", "馆舍", "--format", "json"], b"");
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    insta::assert_json_snapshot!("json", value);
    assert!(stats(&["结果.jsonl", "--color", "always"]).contains('\u{1b}'));
}

#[test]
fn cross_tabulations() {
    assert_snapshot!("by_fact", stats(&["结果.jsonl", "--by", "身份,读者.处理"]));
    assert_snapshot!("by_fact_split", stats(&["结果.jsonl", "--by", "身份", "--split"]));
}

#[test]
fn two_runs_compared() {
    assert_snapshot!("against", stats(&["结果.jsonl", "--against", "修改前.jsonl"]));
    let same = stats(&["结果.jsonl", "--against", "结果.csv", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(same.lines().next().unwrap()).expect("JSON");
    let compared = &value["comparison"];
    assert_eq!((compared["cases"].as_u64(), compared["changed"].as_u64()), (Some(12), Some(0)));
    // Cases only one of the runs has; the order of numbers tells them.
    let text = std::fs::read_to_string(folder().join("修改前.jsonl")).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let part = [&lines[..3], &lines[5..]].concat().join("\n");
    let output = fed(&["stats", POLICY, "结果.jsonl", "--against", "-", "--format", "json"], part.as_bytes());
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(value["comparison"]["only_after"], 2);
    assert_eq!(value["comparison"]["only_before"], 0);
    let reversed = lines.iter().rev().copied().collect::<Vec<_>>().join("\n");
    let output = fed(&["stats", POLICY, "结果.jsonl", "--against", "-"], reversed.as_bytes());
    assert_snapshot!("out_of_order", shown(&output));
}

/// However the results are written, the figures are the same.
#[test]
fn every_form_gives_the_same() {
    let expected = stats(&["结果.jsonl", "--by", "馆舍"]);
    assert_eq!(stats(&["结果.csv", "--by", "馆舍"]), expected);
    assert_eq!(stats(&["结果.csv", "结果.读者.csv", "--by", "馆舍"]), expected, "named twice, read once");
    let json = |file| stats(&[file, "--format", "json", "--by", "身份"]);
    assert_eq!(json("结果.jsonl"), json("结果.csv"));
    let text = std::fs::read(folder().join("结果.jsonl")).expect("text");
    let piped = |bytes: &[u8]| shown(&fed(&["统计", POLICY, "-", "--by", "馆舍"], bytes));
    assert_eq!(piped(&text), expected);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(&text).expect("packed");
    let gz = gz.finish().expect("packed");
    assert_eq!(piped(&gz), expected);
    let zst = Scratch::new("结果.jsonl.zst", &zstd::encode_all(text.as_slice(), 0).expect("packed"));
    assert_eq!(stats(&[zst.name(), "--by", "馆舍"]), expected);
    let broken = shown(&fed(&["stats", POLICY, "-"], &gz[..gz.len() / 2]));
    assert!(broken.contains("B0839") && broken.contains("退出码 2"), "{broken}");
    // In two halves, the second with numbers of its own.
    let half = text.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(5).expect("lines").0 + 1;
    let (a, b) = (Scratch::new("a.jsonl", &text[..half]), Scratch::new("b.jsonl", &text[half..]));
    assert_eq!(stats(&[a.name(), b.name(), "--by", "馆舍"]), expected);
}

/// The figures of the bundled law's cases are those of their findings, counted without any text.
#[test]
fn provisions_are_counted_as_they_were_found() {
    let law = root().join("policies/贵州省行政执法过错责任追究办法");
    let mut policy = Policy::from_path(&law.join("办法.banfa")).expect("a policy");
    let cases = results::cases(&mut policy, &results::files(&law.join("案例")));
    let hir = &policy.program().hir;
    let mut expected: BTreeMap<String, [u64; 6]> = BTreeMap::new();
    let mut states: BTreeMap<(usize, Verdict), u64> = BTreeMap::new();
    for case in &cases {
        let mut rows: BTreeMap<(usize, u32, String), BTreeSet<usize>> = BTreeMap::new();
        for finding in policy.run(case, None).findings {
            *states.entry((finding.conclusion.index(), finding.verdict)).or_default() += 1;
            let own = match finding.verdict {
                Verdict::Pending => 3,
                Verdict::Conflict => 4,
                Verdict::Decided | Verdict::Silent | Verdict::Inapplicable => 0,
            };
            let basis = finding.basis.iter().map(|r| (*r, own));
            let sure = finding.options.iter().filter(|o| !o.only_possible);
            let options = sure.flat_map(|o| &o.basis).map(|r| (*r, 1));
            let defeated = finding.defeated.iter().map(|d| (d.rule, 2));
            for (rule, standing) in basis.chain(options).chain(defeated) {
                let key = (finding.entity.index(), finding.row, rule_address(hir, rule));
                rows.entry(key).or_default().extend([standing, 5]);
            }
        }
        for ((_, _, address), standings) in rows {
            let counts = expected.entry(address).or_default();
            for standing in standings {
                counts[standing] += 1;
            }
        }
    }
    assert!(cases.len() > 400 && expected.values().any(|c| c[1] > 0) && expected.values().any(|c| c[2] > 0));
    let (layout, chunk) = results::evaluate(&policy, &cases, &Wanted::default());
    let text = results::jsonl(hir, &layout, &chunk);
    let path = law.join("办法.banfa").display().to_string();
    let output = fed(&["stats", &path, "-", "--format", "json"], text.as_bytes());
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for provision in value["provisions"].as_array().expect("provisions") {
        if provision["decides"] == true {
            let counts = ["decided", "option", "defeated", "pending", "conflict", "held"];
            let counts = counts.map(|name| provision["counts"][name].as_u64().expect("a count"));
            let address = provision["address"].as_str().expect("an address");
            assert_eq!(counts, expected.remove(address).unwrap_or_default(), "{address}");
        }
    }
    assert!(expected.is_empty(), "{expected:?}");
    for (at, conclusion) in value["conclusions"].as_array().expect("conclusions").iter().enumerate() {
        assert_eq!(
            conclusion["pending"].as_u64(),
            Some(states.get(&(at, Verdict::Pending)).copied().unwrap_or(0))
        );
        let decided = conclusion["outcomes"].as_array().expect("outcomes").iter();
        let decided: u64 =
            decided.filter(|o| o["state"] == "定论").map(|o| o["count"].as_u64().unwrap()).sum();
        assert_eq!(decided, states.get(&(at, Verdict::Decided)).copied().unwrap_or(0));
    }
}

/// What the columns of a Parquet file are called and hold is what those of a CSV file are.
#[cfg(feature = "parquet")]
#[test]
fn parquet_gives_the_same() {
    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt64Array};
    use std::sync::Arc;
    let stem = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stats-{}-表", std::process::id()));
    let mut files = Vec::new();
    for name in ["", ".读者"] {
        let mut csv = csv::Reader::from_path(folder().join(format!("结果{name}.csv"))).expect("CSV");
        let heads: Vec<String> = csv.headers().expect("heads").iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = csv.records().map(|r| r.expect("a row")).collect();
        let columns = heads.iter().enumerate().map(|(at, head)| {
            let cells = || rows.iter().map(|row| Some(&row[at]).filter(|c| !c.is_empty()));
            let array: ArrayRef = if head.ends_with("序号）") {
                Arc::new(cells().map(|c| c.and_then(|c| c.parse().ok())).collect::<UInt64Array>())
            } else if head.contains("状态") {
                Arc::new(cells().collect::<DictionaryArray<Int32Type>>())
            } else {
                Arc::new(cells().collect::<StringArray>())
            };
            (head.clone(), array)
        });
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns.map(|(n, a)| (n, a, true))).expect("a batch");
        let path = PathBuf::from(format!("{}{name}.parquet", stem.display()));
        let file = std::fs::File::create(&path).expect("a file");
        let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("written");
        files.push(path);
    }
    let root = files[0].display().to_string();
    let shown = stats(&[&root, "--by", "馆舍"]);
    for file in files {
        let _ = std::fs::remove_file(file);
    }
    assert_eq!(shown, stats(&["结果.jsonl", "--by", "馆舍"]));
}

#[test]
fn a_table_alone_lacks_the_others() {
    assert_snapshot!("table_alone", stats(&["结果.读者.csv"]));
}

#[test]
fn columns_that_were_not_selected_are_told() {
    let wanted = Wanted {
        select: ["读者.处理", "罚金（状态）"].map(str::to_owned).to_vec(),
        ..Wanted::default()
    };
    let (policy, layout, chunk) = run_cases(POLICY, &wanted);
    let text = results::jsonl(&policy.program().hir, &layout, &chunk);
    assert_snapshot!("missing", shown(&fed(&["stats", POLICY, "-"], text.as_bytes())));
}

#[test]
fn what_cannot_be_counted() {
    let text = std::fs::read_to_string(folder().join("结果.jsonl")).expect("text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(2, "{\"（序号）\":3,");
    lines.insert(5, "[1]");
    lines.push("{\"（序号）\":13,\"登报（状态）\":\"明白\"}");
    assert_snapshot!(
        "bad_rows",
        shown(&fed(&["stats", POLICY, "-", "--top", "1"], lines.join("\n").as_bytes()))
    );
    let ragged = "（序号）,登报,登报（状态）\n1,否,定论\n2,否\n三,否,定论\n4,是,定论\n";
    assert_snapshot!("bad_rows_csv", shown(&fed(&["stats", POLICY, "-"], ragged.as_bytes())));
    let strange = "{\"（序号）\":1,\"登报\":\"否\",\"等报\":\"是\",\"读者\":[{\"处里\":\"停借\"}]}\n";
    let say =
        |args: &[&str], input: &str| shown(&fed(&[&["stats", POLICY], args].concat(), input.as_bytes()));
    let cites = "{\"（序号）\":1,\"登报\":\"是\",\"登报（状态）\":\"定论\",\"登报（依据）\":\"第九条\"}\n";
    let all = [
        say(&["-"], strange),
        say(&["-"], ""),
        say(&["-"], cites).rsplit_once("—— 标准错误").map(|(_, e)| e.to_owned()).unwrap_or_default(),
        say(&["结果.jsonl", "--against", "-", "--format", "json"], strange)
            .lines()
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n"),
        say(&["结果.jsonl", "--by", "馆社"], ""),
        say(&["结果.jsonl", "--by", "大风"], ""),
        say(&["没有.jsonl"], ""),
        say(&["结果.xlsx"], ""),
        say(&["结果.jsonl", "--out", "统计.pdf"], ""),
        say(&["-", "--against", "-"], ""),
    ];
    assert_snapshot!("mistakes", all.join("\n\n"));
}

#[test]
fn every_count_as_csv() {
    let target = Scratch::new("统计.csv", b"");
    let said = stats(&["结果.jsonl", "--against", "修改前.jsonl", "--by", "馆舍", "--out", target.name()]);
    assert!(said.starts_with("案件 12 件，有变化 "), "{said}");
    let text = std::fs::read_to_string(&target.0).expect("text");
    assert_snapshot!("csv", text.strip_prefix('\u{feff}').expect("a mark"));
}

/// The page: everything it tells is there, every link leads somewhere, and it is the same each time.
#[test]
fn the_page() {
    let write = || {
        let target = Scratch::new("统计.html", b"");
        let args = ["结果.jsonl", "--against", "修改前.jsonl", "--by", "馆舍", "--out", target.name()];
        assert!(stats(&args).ends_with("退出码 0\n"));
        std::fs::read_to_string(&target.0).expect("text")
    };
    let page = write();
    assert_eq!(page, write());
    let ids: BTreeSet<&str> = page.split(" id=\"").skip(1).filter_map(|r| r.split('"').next()).collect();
    for link in page.split("href=\"#").skip(1).filter_map(|r| r.split('"').next()) {
        assert!(ids.contains(link), "#{link}");
    }
    for id in ["changes", "conclusions", "statute", "pending", "conflicts", "crosses"] {
        assert!(ids.contains(id), "{id}");
    }
    for words in
        ["第五条", "从未成立", "在流动站遗失图书的，登报声明。", "<svg", "读者.迟还天数", "馆舍 × 读者.处理"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script"));
    for tag in ["div", "section", "table", "tr", "td", "details", "svg", "g", "span", "li", "p", "article"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "<{tag}>");
    }
}

/// A column of more values than are kept, a list of more combinations: memory stays, counts add up.
#[test]
fn more_values_than_are_kept() {
    let mut text = String::new();
    for n in 1..=10_050 {
        let basis = if n % 2 == 0 { "第三条" } else { "第一条、第三条" };
        let line = format!(
            "{{\"（序号）\":{n},\"读者\":[{{\"罚金\":\"{n}元\",\"罚金（状态）\":\"定论\",\"罚金（依据）\":\"{basis}\",\"罚金（被排除）\":\"第{}条\"}}]}}\n",
            n + 100
        );
        text.push_str(&line);
    }
    let output = fed(&["stats", POLICY, "-", "--format", "json"], text.as_bytes());
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let fines = &value["conclusions"][0];
    assert_eq!((fines["name"].as_str(), fines["rows"].as_u64()), (Some("读者.罚金"), Some(10_050)));
    let outcomes = fines["outcomes"].as_array().expect("outcomes");
    assert_eq!(outcomes.len(), 10_001);
    assert_eq!(
        (outcomes[10_000]["text"].as_str(), outcomes[10_000]["count"].as_u64()),
        (Some("其余"), Some(50))
    );
    let provisions = value["provisions"].as_array().expect("provisions");
    let third = provisions.iter().find(|p| p["address"] == "第三条").expect("the third");
    assert_eq!(third["counts"]["decided"], 10_050);
}

/// By hand: `BANFA_RESULTS=办法:案例:输出[:事实,…] cargo test --test stats -- --ignored` writes results to look at.
#[test]
#[ignore = "writes results to look at"]
fn write_results() {
    let asked = std::env::var("BANFA_RESULTS").expect("BANFA_RESULTS=办法:案例:输出[:事实,…]");
    let parts: Vec<&str> = asked.split(':').collect();
    let mut policy = Policy::from_path(&root().join(parts[0])).expect("a policy");
    let cases = results::cases(&mut policy, &results::files(&root().join(parts[1])));
    let keep = parts.get(3).map(|k| k.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let wanted = Wanted { keep, waiting: true, ..Wanted::default() };
    let (layout, chunk) = results::evaluate(&policy, &cases, &wanted);
    let target = Path::new(parts[2]);
    std::fs::write(target.with_extension("jsonl"), results::jsonl(&policy.program().hir, &layout, &chunk))
        .expect("written");
    for (name, text) in results::csv(&layout, &chunk) {
        std::fs::write(format!("{}{name}.csv", target.display()), text).expect("written");
    }
}
