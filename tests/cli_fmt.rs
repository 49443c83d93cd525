//! `banfa fmt` as its users see it: what it writes, what it says, and that it leaves alone what it cannot read.
#![cfg(feature = "cli")]

use insta::assert_snapshot;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const UNTIDY: &str = "规定「甲」\n事实 学生：\n  逾期 是否   -- 逾期\n  册数 整数（册）\n第一条「乙。」\n  逾期 且 册数 三次以上 的,应当认定 违规。\n";
const TIDY: &str = "规定「甲」\n\n第一条「乙。」\n  逾期 的，应当认定 违规。\n";
const BROKEN: &str = "第一条「乙。」\n  逾期   的，应该 违规。\n";

/// A folder with an untidy source, a tidy one in a folder of its own, and a broken one.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join("子文件夹")).unwrap();
    fs::write(path.join("乱.banfa"), UNTIDY).unwrap();
    fs::write(path.join("子文件夹/整齐.banfa"), TIDY).unwrap();
    fs::write(path.join("错.banfa"), BROKEN).unwrap();
    fs::write(path.join("案件.yaml"), "学生:   {}\n").unwrap();
    path
}

fn run(folder: &Path, args: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}—— 标准错误\n{err}—— 退出码 {}\n", output.status.code().unwrap())
}

/// Every file of a folder and what it holds, but for the folder 子文件夹.
fn holds(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.is_file());
    files.sort();
    let name = |p: &PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

#[test]
fn what_changes_is_rewritten_and_the_rest_left_alone() {
    let folder = folder("fmt_writes");
    let tidy = folder.join("子文件夹/整齐.banfa");
    let before = fs::metadata(&tidy).unwrap().modified().unwrap();
    assert_snapshot!(run(&folder, &["fmt"], ""));
    assert_eq!(fs::metadata(&tidy).unwrap().modified().unwrap(), before, "rewritten for nothing");
    assert_eq!(fs::read_to_string(folder.join("错.banfa")).unwrap(), BROKEN);
    let tidied = banfa::fmt::format(UNTIDY).unwrap();
    assert_eq!(fs::read_to_string(folder.join("乱.banfa")).unwrap(), tidied);
    assert_eq!(holds(&folder).len(), 3, "nothing is left behind: {:?}", holds(&folder));
    assert_snapshot!("again", run(&folder, &["格式化", "乱.banfa", "子文件夹"], ""));
}

#[test]
fn checking_and_comparing_write_nothing() {
    let folder = folder("fmt_dry");
    let before = holds(&folder);
    let said: Vec<String> = [
        &["fmt", "--check", "乱.banfa", "子文件夹"][..],
        &["fmt", "--check", "子文件夹"],
        &["fmt", "--diff", "乱.banfa", "子文件夹"],
        &["fmt", "--diff", "--color", "always", "乱.banfa"],
        &["fmt", "--diff", "--format", "md", "乱.banfa"],
        &["fmt", "--check", "--format", "json", "--", "乱.banfa", "子文件夹"],
        &["fmt", "--diff", "--format", "json", "乱.banfa"],
    ]
    .iter()
    .map(|args| format!("$ banfa {}\n{}", args.join(" "), run(&folder, args, "")))
    .collect();
    assert_snapshot!(said.join("\n"));
    assert_eq!(holds(&folder), before);
}

#[test]
fn standard_input() {
    let folder = folder("fmt_stdin");
    let before = holds(&folder);
    let windows = format!("\u{feff}{}", UNTIDY.replace('\n', "\r\n"));
    let said = [
        run(&folder, &["fmt", "-"], UNTIDY),
        run(&folder, &["fmt", "-"], TIDY),
        run(&folder, &["fmt", "-"], BROKEN),
        run(&folder, &["fmt", "--check", "-"], UNTIDY),
        run(&folder, &["fmt", "--diff", "-"], UNTIDY.trim_end()),
    ];
    assert_snapshot!(said.join("\n"));
    assert_eq!(run(&folder, &["fmt", "-"], &windows), said[0]);
    assert_eq!(holds(&folder), before);
}

#[test]
fn what_cannot_be_done() {
    let folder = folder("fmt_fails");
    let before = holds(&folder);
    fs::create_dir(folder.join("空")).unwrap();
    let said = [
        run(&folder, &["fmt", "空"], ""),
        run(&folder, &["fmt", "没有.banfa", "错.banfa", "子文件夹"], ""),
        run(&folder, &["fmt", "--check", "错.banfa"], ""),
    ];
    assert_snapshot!(said.join("\n"));
    assert_eq!(holds(&folder), before);
}

/// The change that `--diff` shows is the change that is made.
#[test]
fn a_comparison_is_a_patch() {
    let folder = folder("fmt_patch");
    for text in [UNTIDY, UNTIDY.trim_end(), TIDY.trim_end()] {
        fs::write(folder.join("乱.banfa"), text).unwrap();
        let shown = run(&folder, &["fmt", "--diff", "乱.banfa"], "");
        let patch = shown.split("—— 标准错误").next().unwrap();
        assert_eq!(patched(text, patch), banfa::fmt::format(text).unwrap());
    }
}

/// Applies a patch of one file, believing nothing of it but its lines.
fn patched(old: &str, patch: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut new, mut at) = (String::new(), 0);
    let lines: Vec<&str> = patch.lines().skip(2).collect();
    for (i, line) in lines.iter().enumerate() {
        let endless = lines.get(i + 1).is_some_and(|l| l.starts_with('\\'));
        let text = line.get(1..).unwrap_or("").to_owned() + if endless { "" } else { "\n" };
        match line.chars().next() {
            Some('@') => {
                let from: usize = line.split(['-', ',', ' ']).nth(2).unwrap().parse().unwrap();
                new.extend(old[at..from.max(1) - 1].iter().copied());
                at = from.max(1) - 1;
            }
            Some(mark @ (' ' | '-')) => {
                assert_eq!(old[at], text);
                at += 1;
                if mark == ' ' {
                    new.push_str(&text);
                }
            }
            Some('+') => new.push_str(&text),
            _ => {}
        }
    }
    new.extend(old[at..].iter().copied());
    new
}
