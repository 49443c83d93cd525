//! `banfa batch` as a user meets it: a small run, its options and refusals on `tests/cases/batch`; and that whatever the
//! number of threads and however often it is killed, the bytes are the same.
#![cfg(all(feature = "cli", unix))]
use insta::assert_snapshot;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const POLICY: &str = "../cli/借阅办法.banfa";
const CASES: &str = "案件.jsonl";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/batch")
}

fn batch(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_banfa"));
    command.arg("batch").args(args).current_dir(root()).env("COLUMNS", "100").stdin(Stdio::null());
    command
}

/// A folder of its own for one test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("batch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// What was said, without warnings about the policy and without time.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let text = text.split_once("共 1 个警告\n").map_or(&*text, |(_, rest)| rest);
    let timeless = |line: &str| match line.split_once("，用时 ") {
        Some((rows, _)) => format!("{rows}，用时 ……"),
        None => line.to_owned(),
    };
    let text = text.replace(env!("CARGO_TARGET_TMPDIR"), "……");
    text.lines().map(|line| timeless(line) + "\n").collect()
}

fn shown(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}—— 标准错误\n{}—— 退出码 {}\n", said(output), output.status.code().unwrap_or(-1))
}

fn run(args: &[&str]) -> String {
    shown(&batch(args).output().expect("banfa starts"))
}

fn fed(args: &[&str], input: &str) -> String {
    let mut command = batch(args);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("banfa starts");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("banfa reads");
    shown(&child.wait_with_output().expect("banfa ends"))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A few thousand cases of every kind, some of them wrong.
fn many(count: u64) -> String {
    let mut text = String::new();
    let mut state = 7_u64;
    let mut draw = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for case in 0..count {
        let readers: Vec<String> = (0..draw(4))
            .map(|reader| {
                let days = [0, 5, 12, 31, 400][usize::try_from(draw(5)).expect("small")];
                let lost = ["是", "否", "不明"][usize::try_from(draw(3)).expect("small")];
                format!("{{\"姓名\":\"读者{reader}\",\"迟还天数\":{days},\"遗失\":\"{lost}\"}}")
            })
            .collect();
        let wind = if draw(100) == 0 { "也许" } else { "否" };
        let _ = writeln!(
            text,
            "{{\"案例\":\"第{case}件\",\"案件\":{{\"大风\":\"{wind}\",\"读者\":[{}]}}}}",
            readers.join(",")
        );
    }
    text
}

#[test]
fn a_small_run() {
    assert_snapshot!("to_stdout", run(&[POLICY, CASES, "另几件.jsonl"]));
    assert_snapshot!(
        "json",
        run(&[POLICY, CASES, "--format", "json"]).split("\"milliseconds\"").next().unwrap()
    );
    assert_snapshot!("from_stdin", fed(&[POLICY, "-"], &text(&root().join("另几件.jsonl"))));
    assert_eq!(fed(&[POLICY, "-"], ""), fed(&[POLICY, "-"], "\n\n"));
}

#[test]
fn files_of_a_run() {
    let folder = folder("files");
    let out = folder.join("结果.jsonl");
    let to = ["--out", out.to_str().expect("UTF-8")];
    let run = |more: &[&str]| run(&[&[POLICY, CASES][..], &to, more].concat());
    let first = run(&[]);
    assert_snapshot!(
        "to_files",
        format!("{first}\n{}\n{}", text(&out), text(&folder.join("结果.不可读.csv")))
    );
    assert_eq!(names(&folder), ["结果.jsonl", "结果.不可读.csv"]);
    assert_snapshot!("already_there", run(&[]));
    assert_eq!(run(&["--overwrite"]), first);
    // Nothing wrong any more: the table of an earlier run goes.
    assert!(run(&["--overwrite", "--limit", "2"]).ends_with("退出码 0\n"));
    assert_eq!(names(&folder), ["结果.jsonl"]);
    // Asked for, it is there even when it is empty.
    let table = folder.join("不可读.csv");
    assert!(
        run(&["--overwrite", "--limit", "2", "--rejects", table.to_str().unwrap()]).ends_with("退出码 0\n")
    );
    assert_eq!(text(&table), "\u{feff}文件,行,列,序号,代码,原因,建议\r\n");
}

#[test]
fn tables() {
    let folder = folder("tables");
    let out = folder.join("结果.csv");
    let lists = ["--list", "读者=读者.csv", "--key", "编号", "--select", "处理"];
    let told = run(&[&[POLICY, "案件.csv", "--out", out.to_str().unwrap()][..], &lists].concat());
    let files: Vec<String> =
        names(&folder).iter().map(|n| format!("== {n}\n{}", text(&folder.join(n)))).collect();
    assert_snapshot!("tables", format!("{told}\n{}", files.concat()));
    assert_snapshot!("tables_to_stdout", run(&[POLICY, CASES, "--out-form", "csv"]));
}

#[test]
fn options() {
    let of = |more: &[&str]| run(&[&[POLICY, CASES][..], more].concat());
    assert_snapshot!(
        "select",
        of(&["--select", "处理（依据）,罚金", "--keep", "迟还天数、行为日期", "--waiting"])
    );
    assert_snapshot!("limit", of(&["--limit", "1", "--select", "处理"]));
    let sampled = |seed: &str| of(&["--sample", "3", "--seed", seed, "--select", "处理（状态）"]);
    assert_snapshot!("sample", sampled("3"));
    assert_eq!(sampled("3"), sampled("3"));
    assert_ne!(sampled("3"), sampled("4"));
    assert_eq!(of(&["--sample", "100%"]), of(&[]));
    assert!(of(&["--out", "/dev/null", "--out-form", "jsonl"]).starts_with("—— 标准错误\n案件.jsonl:4"));
    assert_eq!(of(&["--in-form", "jsonl", "--out-form", "jsonl", "--jobs", "1"]), of(&["--out", "-"]));
}

#[test]
fn refusals() {
    let folder = folder("refusals");
    let out = folder.join("结果.jsonl");
    let to = out.to_str().expect("UTF-8");
    let lines: &[&[&str]] = &[
        &[POLICY],
        &[POLICY, "没有.jsonl"],
        &[POLICY, CASES, "--select", "处里", "--keep", "性名"],
        &[POLICY, CASES, "--select", "甲乙丙丁"],
        &[POLICY, CASES, "--sample", "一成"],
        &[POLICY, CASES, "--seed", "1"],
        &[POLICY, "-", "--sample", "10"],
        &[POLICY, "-", "-"],
        &["-", "-"],
        &[POLICY, "-", "--out", to, "--resume"],
        &[POLICY, CASES, "--resume"],
        &[POLICY, CASES, "--out", to, "--resume", "--overwrite"],
        &[POLICY, CASES, "--out", "没有/结果.jsonl"],
        &[POLICY, CASES, "--out", "结果.txt"],
        &[POLICY, CASES, "--out", to, "--rejects", to],
        &[POLICY, CASES, "--out", CASES, "--overwrite"],
        &[POLICY, CASES, "--out", to, "--rejects", "/dev/null"],
        &[POLICY, CASES, "--out-form", "doc"],
        &[POLICY, CASES, "--list", "读者"],
        &[POLICY, CASES, "--date-from", "案件.没有"],
    ];
    let all: Vec<String> = lines
        .iter()
        .map(|args| {
            let output = batch(args).output().expect("banfa starts");
            assert_eq!(output.status.code(), Some(2), "{args:?}\n{}", shown(&output));
            format!("$ banfa batch {}\n{}", args.join(" "), said(&output)).replace(to, "结果.jsonl")
        })
        .collect();
    assert_snapshot!(all.join("\n"));
    assert!(names(&folder).is_empty(), "{:?}", names(&folder));
}

#[test]
fn each_case_by_the_text_of_its_day() {
    let policy = "../versions/借阅办法/办法.banfa";
    assert_snapshot!(
        "by_day",
        run(&[policy, "各日.jsonl", "--date-from", "借阅.借出日期", "--keep", "借出日期"])
    );
    // Cut into blocks of one case each, nothing is different.
    let of = |more: &[&str]| {
        let base = [policy, "各日.jsonl", "--date-from", "借阅.借出日期"];
        batch(&[&base[..], more].concat()).output().expect("banfa starts").stdout
    };
    assert_eq!(of(&[]), of(&["--block", "1", "--jobs", "2"]));
}

#[test]
fn bytes_do_not_depend_on_threads_or_blocks() {
    let folder = folder("threads");
    let input = folder.join("案件.jsonl");
    fs::write(&input, many(3000)).unwrap();
    let mut results = Vec::new();
    for (name, more) in [
        ("甲", ["--jobs", "1", "--block", "1000000"]),
        ("乙", ["--jobs", "1", "--block", "9000"]),
        ("丙", ["--jobs", "5", "--block", "9000"]),
    ] {
        let out = folder.join(format!("{name}.jsonl"));
        let args = [POLICY, input.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let output = batch(&[&args[..], &more].concat()).output().expect("banfa starts");
        assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
        results.push((text(&out), text(&folder.join(format!("{name}.不可读.csv")))));
    }
    assert!(results.iter().all(|r| *r == results[0]));
    assert_eq!(results[0].0.lines().count() + results[0].1.lines().count() - 1, 3000);
}

/// An input, where its results go, and what they are when nothing disturbs.
struct Long {
    folder: PathBuf,
    args: Vec<String>,
    out: &'static str,
    files: &'static [&'static str],
    want: Vec<Vec<u8>>,
}

impl Long {
    /// `out` is the name of the result, `files` are all files that come out.
    fn new(name: &str, cases: u64, out: &'static str, files: &'static [&'static str]) -> Self {
        let folder = folder(name);
        fs::write(folder.join("案件.jsonl"), many(cases)).unwrap();
        let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
        let words = [POLICY, &path("案件.jsonl"), "--out", &path(out), "--block", "20000"];
        let args = words.map(str::to_owned).to_vec();
        let mut long = Self { folder, args, out, files, want: Vec::new() };
        let output = long.batch(&[]).output().expect("banfa starts");
        assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
        long.want = long.results();
        long.clear();
        long
    }

    fn batch(&self, more: &[&str]) -> Command {
        let mut args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        args.extend(more);
        batch(&args)
    }

    fn results(&self) -> Vec<Vec<u8>> {
        self.files.iter().map(|name| fs::read(self.folder.join(name)).unwrap()).collect()
    }

    fn clear(&self) {
        for name in names(&self.folder).iter().filter(|name| *name != "案件.jsonl") {
            let path = self.folder.join(name);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.join(format!("{}.partial.journal", self.out))
    }

    /// Kills a run once its journal has so many lines and a little later; whether it was still running.
    fn kill(&self, lines: usize, later: Duration) -> bool {
        let quiet = |c: &mut Command| c.stderr(Stdio::null()).spawn().expect("banfa starts");
        let mut child = quiet(&mut self.batch(&["--resume"]));
        let start = Instant::now();
        loop {
            let there = fs::read_to_string(self.journal()).unwrap_or_default().lines().count();
            if there >= lines {
                sleep(later);
                break;
            }
            if child.try_wait().expect("status").is_some() || start.elapsed() > Duration::from_secs(60) {
                break;
            }
        }
        let running = child.try_wait().expect("status").is_none();
        let _ = child.kill();
        let _ = child.wait();
        running
    }
}

/// Kills runs at random places until there have been `kills`, then lets the last one end.
fn kill_again_and_again(long: &Long, kills: u64) {
    let mut random = 20_260_302_u64;
    let mut draw = |n: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) % n
    };
    let (mut killed, mut ended) = (0, 0);
    while killed < kills {
        let have = fs::read_to_string(long.journal()).unwrap_or_default().lines().count();
        let more = usize::try_from(draw(20)).expect("small");
        let running = long.kill(have + more, Duration::from_micros(draw(3000)));
        killed += 1;
        let finished = !running || !long.journal().exists() && long.folder.join(long.out).exists();
        if finished {
            assert_eq!(long.results(), long.want, "after {killed} kills");
            long.clear();
            ended += 1;
        }
    }
    let output = long.batch(&["--resume"]).output().expect("banfa starts");
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_eq!(long.results(), long.want, "{}", shown(&output));
    assert_eq!(names(&long.folder).len(), long.files.len() + 1, "{:?}", names(&long.folder));
    println!("{killed} kills, {ended} runs came to their end in between");
}

/// `BANFA_KILLS=100` kills more often.
fn kills() -> u64 {
    std::env::var("BANFA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

#[test]
fn killed_again_and_again() {
    let long = Long::new("killed", 8000, "结果.jsonl", &["结果.jsonl", "结果.不可读.csv"]);
    kill_again_and_again(&long, kills());
}

#[test]
fn killed_while_writing_several_packed_tables() {
    let files = &["结果.csv.gz", "结果.读者.csv.gz", "结果.不可读.csv"];
    kill_again_and_again(&Long::new("killed-csv", 4000, "结果.csv.gz", files), kills());
}

#[cfg(feature = "parquet")]
#[test]
fn killed_while_blocks_are_kept_apart() {
    let files = &["结果.parquet", "结果.读者.parquet", "结果.不可读.csv"];
    kill_again_and_again(&Long::new("killed-parquet", 4000, "结果.parquet", files), kills());
}

#[test]
fn what_cannot_be_taken_up_again() {
    let long = Long::new("resumed", 4000, "结果.jsonl", &["结果.jsonl", "结果.不可读.csv"]);
    while !long.kill(5, Duration::ZERO) {
        long.clear();
    }
    // Where a line is broken depends on how long the path of the folder is.
    let told = |more: &[&str]| said(&long.batch(more).output().expect("banfa starts")).replace("\n  │ ", "");
    let kept = fs::read(long.journal()).unwrap();
    let mut all = vec![told(&[]), told(&["--resume", "--date", "2027-01-01", "--select", "处理"])];
    let input = long.folder.join("案件.jsonl");
    let whole = fs::read(&input).unwrap();
    fs::write(&input, [&whole[..], b"\n"].concat()).unwrap();
    all.push(told(&["--resume"]));
    fs::write(&input, &whole).unwrap();
    assert_snapshot!(all.join("\n"));
    assert_eq!(fs::read(long.journal()).unwrap(), kept, "a refusal changes nothing");
    // What was written down and is no longer so is written again.
    let partial = long.folder.join("结果.jsonl.partial");
    let mut bytes = fs::read(&partial).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&partial, bytes).unwrap();
    let output = long.batch(&["--resume"]).output().expect("banfa starts");
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert_eq!(long.results(), long.want);
}

#[test]
fn an_input_that_breaks_off() {
    let folder = folder("broken");
    let input = folder.join("案件.jsonl.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(many(4000).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(&input, &packed[..packed.len() * 2 / 3]).unwrap();
    let out = folder.join("结果.jsonl");
    let args = [POLICY, input.to_str().unwrap(), "--out", out.to_str().unwrap(), "--block", "50000"];
    let output = batch(&args).output().expect("banfa starts");
    assert_eq!(output.status.code(), Some(2));
    let rows = |text: &str| {
        text.split("已经做完的 ").nth(1).and_then(|t| t.split(' ').next()?.parse::<usize>().ok())
    };
    let told = said(&output);
    let done = rows(&told).unwrap_or_else(|| panic!("{told}"));
    let there = text(&folder.join("结果.jsonl.partial")).lines().count()
        + text(&folder.join("结果.不可读.csv.partial")).lines().count()
        - 1;
    assert!(done > 1000 && done == there, "{done} {there}");
    assert!(told.contains("B0892") && told.contains("--resume"), "{told}");
    assert!(!out.exists());
}

#[test]
fn two_runs_do_not_write_the_same_file() {
    let folder = folder("locked");
    let out = folder.join("结果.jsonl");
    let args = [POLICY, "-", "--out", out.to_str().unwrap()];
    let mut first = batch(&args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("banfa starts");
    let mut stdin = first.stdin.take().expect("stdin");
    stdin.write_all(text(&root().join("另几件.jsonl")).as_bytes()).expect("banfa reads");
    let journal = folder.join("结果.jsonl.partial.journal");
    while fs::read_to_string(&journal).unwrap_or_default().is_empty() {
        sleep(Duration::from_millis(5));
    }
    let second = said(&batch(&[&args[..], &["--overwrite"]].concat()).output().expect("banfa starts"));
    assert!(second.contains("B0887") && second.contains("另一个 banfa 正在写"), "{second}");
    drop(stdin);
    assert_eq!(first.wait().expect("it ends").code(), Some(0));
    assert_eq!(names(&folder), ["结果.jsonl"]);
}
