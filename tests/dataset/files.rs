//! The files under tests/cases/dataset in every form: what is read of them, as snapshots; what is the same is the same.
use crate::dump::dump;
use crate::library::library;
use crate::support::{options, read_files};
use banfa::dataset::{self, Options, Reject};
use banfa::facts::{Case, CaseFile};
use banfa::hir::Hir;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dataset").join(name)
}

/// Rows in words, what is not known left out.
pub fn words(hir: &Hir, rows: &[Result<Case, Reject>]) -> String {
    let mut out = String::new();
    for (number, row) in (1..).zip(rows) {
        match row {
            Ok(case) => {
                let text = dump(hir, &CaseFile { case: case.clone(), ..CaseFile::default() });
                let known: Vec<&str> = text.lines().filter(|l| !l.ends_with(": 不明")).collect();
                writeln!(out, "── 第 {number} 行\n{}", known.join("\n")).unwrap();
            }
            Err(r) => {
                assert_eq!(r.row, number);
                writeln!(
                    out,
                    "── 第 {number} 行：{}:{}:{} {} {}",
                    r.file, r.line, r.column, r.code, r.reason
                )
                .unwrap();
                writeln!(out, "   帮助：{}", r.help.as_deref().unwrap_or("")).unwrap();
            }
        }
    }
    out
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../cases/dataset/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn with_lists(lists: &[&str]) -> Options {
    let lists = lists.iter().map(|name| ((*name).to_owned(), file(&format!("{name}.csv")))).collect();
    Options { lists, key: Some("案号".to_owned()), ..options() }
}

#[test]
fn jsonl() {
    let hir = library();
    snapshot("jsonl", &words(&hir, &read_files(&hir, &[file("借阅.jsonl")], &options())));
}

#[test]
fn json_array() {
    let hir = library();
    let rows = read_files(&hir, &[file("借阅.json")], &options());
    snapshot("json", &words(&hir, &rows));
    let lines: Vec<_> =
        read_files(&hir, &[file("借阅.jsonl")], &options()).into_iter().filter_map(Result::ok).collect();
    assert_eq!(rows.into_iter().filter_map(Result::ok).collect::<Vec<_>>(), lines);
}

#[test]
fn csv() {
    let hir = library();
    let rows = read_files(&hir, &[file("借阅.csv")], &with_lists(&["违约", "读者", "馆员"]));
    snapshot("csv", &words(&hir, &rows));
    let lines = read_files(&hir, &[file("借阅.jsonl")], &options());
    assert_eq!(rows[0], lines[0], "the same case in both forms");
}

#[test]
fn refused_tables() {
    let hir = library();
    let folder = std::env::temp_dir().join(format!("banfa-dataset-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut out = String::new();
    let mut refuse = |main: &str, lists: &[(&str, &str)], key: Option<&str>| {
        let path = folder.join("主表.csv");
        std::fs::write(&path, main).unwrap();
        let mut options = Options { key: key.map(str::to_owned), ..options() };
        for (name, text) in lists {
            let path = folder.join(format!("{name}.csv"));
            std::fs::write(&path, text).unwrap();
            options.lists.push(((*name).to_owned(), path));
        }
        let fault = match dataset::open_inputs(&hir, &[path], &options) {
            Err(fault) => fault,
            Ok(mut source) => loop {
                match source.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("nothing was wrong: {main}"),
                    Err(fault) => break *fault,
                }
            },
        };
        let folder = format!("{}/", folder.display());
        writeln!(out, "{} {}\n  帮助：{}", fault.code, fault.message, fault.help.unwrap_or_default())
            .unwrap();
        out = out.replace(&folder, "");
    };
    refuse("", &[], None);
    refuse("册数,借阅方试\n", &[], None);
    refuse("册数,姓名\n", &[], None);
    refuse("册数,可以借阅\n", &[], None);
    refuse("册数,,已登记\n", &[], None);
    refuse("册数, 册数\n", &[], None);
    refuse("册数\n1\n", &[("读者", "案号,姓名\n")], None);
    refuse("册数\n1\n", &[("读者", "案号,姓名\n")], Some("案号"));
    refuse("案号,册数\n", &[("读者", "姓名\n")], Some("案号"));
    refuse("案号,册数\n", &[("读著", "案号,姓名\n")], Some("案号"));
    refuse("案号,册数\n", &[("违约", "案号,读者序号,金额\n")], Some("案号"));
    refuse("案号,册数\n", &[("读者", "案号,姓名\n"), ("违约", "案号,金额\n")], Some("案号"));
    refuse("案号,册数\nA,1\nB,2\n", &[("读者", "案号,姓名\nB,乙\nA,甲\n")], Some("案号"));
    refuse("案号,册数\nA,1\nA,2\n", &[("读者", "案号,姓名\n")], Some("案号"));
    refuse("案号,册数\n,1\n", &[("读者", "案号,姓名\n")], Some("案号"));
    refuse(
        "案号,册数\nA,1\n",
        &[("读者", "案号,姓名\nA,甲\n"), ("违约", "案号,读者序号,金额\nA,2,5\n")],
        Some("案号"),
    );
    std::fs::remove_dir_all(&folder).unwrap();
    snapshot("refused_tables", &out);
}

/// Small pieces, packed in several members, without a last newline, with a mark of the byte order, several files.
#[test]
fn packed_and_split() {
    let hir = library();
    let folder = std::env::temp_dir().join(format!("banfa-packed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let lines: Vec<String> = (0..5000).map(|n| format!("{{\"借阅\":{{\"册数\":{n}}}}}")).collect();
    let text = format!("\u{feff}{}", lines.join("\r\n"));
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |bytes: &[u8]| zstd::bulk::compress(bytes, 1).unwrap();
    let array = format!("[{}]", lines.join(",\n"));
    let files: [(&str, Vec<u8>); 5] = [
        ("a.jsonl", text.clone().into_bytes()),
        ("b.jsonl.gz", [gzip(first), gzip(second)].concat()),
        ("c.ndjson.zst", [zstd(first), zstd(second)].concat()),
        ("d.json", array.clone().into_bytes()),
        ("e.json.gz", gzip(array.as_bytes())),
    ];
    let mut paths = Vec::new();
    for (name, bytes) in &files {
        paths.push(folder.join(name));
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let all = read_files(&hir, &paths, &options());
    assert_eq!(all.len(), 25_000);
    for part in all.chunks(5000) {
        assert!(part == &all[..5000] && part.iter().all(Result::is_ok));
    }
    // Cut short: what is missing is told, not passed over.
    for (name, bytes) in &files[1..] {
        let path = folder.join(name);
        std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
        let mut source = dataset::open_inputs(&hir, &[path], &options()).unwrap();
        let fault = loop {
            match source.next() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("{name} ends as if nothing were missing"),
                Err(fault) => break fault,
            }
        };
        assert!(["B0892", "B0897"].contains(&fault.code), "{name}: {fault:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn places_of_rejects() {
    let hir = library();
    let folder = std::env::temp_dir().join(format!("banfa-places-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let lines = folder.join("a.jsonl");
    std::fs::write(&lines, "\n  \n{\"借阅\":{\"册数\":\"许多\"}}\n").unwrap();
    let array = folder.join("b.json");
    std::fs::write(
        &array,
        "[ {\"借阅\":{}}, {\n \"借阅\":{\n  \"册数\":\"许多\"}}\n,,{\"借阅\":{\"册数\":\"多\"}},]",
    )
    .unwrap();
    let found = read_files(&hir, &[lines, array], &options());
    let places: Vec<_> = found
        .iter()
        .map(|row| row.as_ref().err().map(|r| (r.row, r.file, r.line, r.column, r.code.as_str())))
        .collect();
    let expected = [
        Some((1, 0, 3, 14, "B0520")),
        None,
        Some((3, 1, 3, 9, "B0520")),
        Some((4, 1, 4, 2, "B0505")),
        Some((5, 1, 4, 16, "B0520")),
        Some((6, 1, 4, 21, "B0505")),
    ];
    assert_eq!(places, expected);
    std::fs::remove_dir_all(&folder).unwrap();
}
