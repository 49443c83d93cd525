//! What a user sees of the commands that compile and run, on one small policy: `tests/cases/cli`.
use insta::assert_snapshot;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "借阅办法.banfa";
const CASE: &str = "案件.yaml";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_banfa"));
    command
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/cli"))
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR");
    command
}

fn fed(args: &[&str], input: &str) -> Output {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("banfa starts");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("banfa reads");
    child.wait_with_output().expect("banfa ends")
}

fn shown(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code().map_or("被打断".to_owned(), |c| c.to_string());
    format!("{out}—— 标准错误\n{err}—— 退出码 {code}\n")
}

fn run(args: &[&str]) -> String {
    shown(&command(args).output().expect("banfa starts"))
}

#[test]
fn results_in_every_format() {
    for format in ["text", "md", "json"] {
        let base = ["run", POLICY, CASE, "--format", format];
        assert_snapshot!(format!("run_{format}"), run(&base));
        assert_snapshot!(format!("run_{format}_why"), run(&[&base[..], &["--why"]].concat()));
        let why_not = ["--why-not", "甲.处理=提醒", "--why-not", "乙.处理=正常"];
        assert_snapshot!(format!("run_{format}_why_not"), run(&[&base[..], &why_not].concat()));
        assert_snapshot!(format!("run_{format}_missing"), run(&[&base[..], &["--missing"]].concat()));
    }
}

#[test]
fn json_is_one_object_a_case() {
    let output = command(&["run", POLICY, CASE, CASE, "--format", "json"]).output().expect("banfa starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|l| l["conclusions"].as_array().is_some_and(|c| c.len() == 9)));
}

#[test]
fn the_other_commands() {
    for name in ["list", "new", "schema", "ir", "check"] {
        assert_snapshot!(format!("command_{name}"), run(&[name, POLICY]));
    }
    assert_snapshot!("check_json", run(&["check", ".", "--format", "json"]));
}

#[test]
fn standard_input() {
    let case = "案件: { 读者: [ { 姓名: 丁, 迟还天数: 40, 遗失: 否 } ] }";
    assert_snapshot!("stdin_case", shown(&fed(&["run", POLICY, "-"], case)));
    assert_snapshot!("stdin_twice", shown(&fed(&["run", "-", "-"], case)));
}

#[test]
fn what_cannot_be_run() {
    assert_snapshot!("no_such_policy", run(&["run", "没有.banfa", CASE]));
    assert_snapshot!("no_such_case", run(&["run", POLICY, "没有.yaml"]));
    assert_snapshot!("why_not_of_nothing", run(&["run", POLICY, CASE, "--why-not", "甲.处里=提醒"]));
    let wrong = "案件: { 读者: [ { 姓名: 丁, 迟还天数: 四十, 遗实: 否 } ] }";
    assert_snapshot!("case_with_mistakes", shown(&fed(&["run", POLICY, "-"], wrong)));
    let against = "案件: { 读者: [ { 姓名: 丁, 迟还天数: 40, 遗失: 否 } ] }\n期望: [ { 对象: 丁, 结论: 处理, 值: 正常 } ]";
    assert_snapshot!("against_expectation", shown(&fed(&["run", POLICY, "-"], against)));
}

#[test]
fn colours_only_when_wanted() {
    let plain = run(&["run", POLICY, CASE]);
    assert!(!plain.contains('\u{1b}'));
    assert!(run(&["run", POLICY, CASE, "--color", "always"]).contains('\u{1b}'));
    let output = command(&["run", POLICY, CASE]).env("NO_COLOR", "1").output().expect("banfa starts");
    assert_eq!(shown(&output), plain);
}
