//! Texts of a day: what `consolidate`, `history` and the options `--date`, `--date-from` and `--decisions` do, on one
//! small policy with two decisions (`tests/cases/versions`), and what can be wrong between decisions.
#![cfg(feature = "cli")]

use insta::assert_snapshot;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/versions")
}

fn run_in(folder: &Path, args: &[&str]) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .output()
        .expect("banfa starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code().expect("banfa ends by itself");
    (format!("$ banfa {}\n{out}—— 标准错误\n{err}—— 退出码 {code}\n", args.join(" ")), code)
}

fn run(args: &[&str]) -> String {
    run_in(&cases().join("借阅办法"), args).0
}

/// A folder of its own for a test that writes.
fn copy(name: &str) -> PathBuf {
    copy_of("借阅办法", name)
}

fn copy_of(policy: &str, name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&to);
    let mut folders = vec![(cases().join(policy), to.clone())];
    while let Some((from, to)) = folders.pop() {
        fs::create_dir_all(&to).expect("folder");
        for entry in fs::read_dir(from).expect("folder") {
            let entry = entry.expect("entry");
            let there = to.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push((entry.path(), there));
            } else {
                fs::copy(entry.path(), there).expect("copied");
            }
        }
    }
    to
}

/// Every file below a folder with its content.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read(&path).expect("file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_text_of_a_day() {
    for date in ["2025-12-31", "2026-01-01", "2027-01-01", "2027-07-01"] {
        assert_snapshot!(format!("text_{date}"), run(&["consolidate", "办法.banfa", "--date", date]));
    }
    assert_eq!(
        run(&["consolidate", "办法.banfa"]).lines().skip(1).collect::<Vec<_>>(),
        run(&["consolidate", "办法.banfa", "--date", "2027-07-01"]).lines().skip(1).collect::<Vec<_>>()
    );
    assert_snapshot!("consolidated_json", run(&["consolidate", "办法.banfa", "--format", "json"]));
    assert_snapshot!("consolidated_md", run(&["consolidate", "办法.banfa", "--format", "md"]));
    assert_snapshot!("too_early", run(&["consolidate", "办法.banfa", "--date", "2019-12-31"]));
}

#[test]
fn what_decisions_did() {
    for format in ["text", "md", "json"] {
        assert_snapshot!(format!("history_{format}"), run(&["history", "办法.banfa", "--format", format]));
        let one = ["history", "办法.banfa", "第五条", "--format", format];
        assert_snapshot!(format!("history_article_{format}"), run(&one));
    }
    assert_snapshot!("history_first", run(&["history", "办法.banfa", "第一条", "--date", "2026-06-01"]));
    assert_snapshot!("history_nobody", run(&["history", "办法.banfa", "第九十九条"]));
    assert_snapshot!("history_no_address", run(&["history", "办法.banfa", "九十九"]));
}

#[test]
fn cases_meet_their_text() {
    let case = "案例/各日.yaml";
    assert_snapshot!("run_each_by_its_own", run(&["run", "办法.banfa", case]));
    assert_snapshot!("run_by_date", run(&["run", "办法.banfa", case, "--date", "2026-06-01"]));
    let by = ["run", "办法.banfa", case, "案例/日期不明.yaml", "--date-from", "借阅.借出日期"];
    assert_snapshot!("run_by_fact", run(&by));
    assert_snapshot!("run_by_no_fact", run(&["run", "办法.banfa", case, "--date-from", "借阅.册数"]));
    assert_snapshot!("check", run(&["check", "."]));
    assert_snapshot!("check_by_date", run(&["check", ".", "--date", "2027-08-01"]));
    assert_snapshot!("list_by_date", run(&["list", "办法.banfa", "--date", "2027-08-01"]));
}

#[test]
fn two_days_side_by_side() {
    for format in ["text", "md", "json"] {
        let days = ["diff", "办法.banfa", "--from", "2026-06-01", "--to", "2027-08-01", "--format", format];
        assert_snapshot!(format!("diff_days_{format}"), run(&days));
    }
    let decision = ["diff", "办法.banfa", "修改/2-加一条.banfa", "--impact"];
    assert_snapshot!("diff_decision", run(&decision));
    assert_snapshot!("diff_back", run(&["diff", "办法.banfa", "--from", "2027-08-01", "--to", "2025-01-01"]));
    let same = run(&["diff", "办法.banfa", "--from", "2025-01-01", "--to", "2025-12-31"]);
    assert!(same.ends_with("退出码 0\n"), "{same}");
    // A decision that stands elsewhere goes on top of those beside the policy.
    let folder = copy("draft");
    fs::create_dir_all(folder.join("草案")).expect("folder");
    fs::rename(folder.join("修改/2-加一条.banfa"), folder.join("草案/二.banfa")).expect("moved");
    let (draft, _) = run_in(&folder, &["diff", "办法.banfa", "草案/二.banfa", "--impact"]);
    let told = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(told(&draft), told(&run(&decision)));
    fs::remove_dir_all(folder.join("修改")).expect("removed");
    assert_snapshot!("diff_with_nothing", run_in(&folder, &["diff", "办法.banfa"]).0);
}

#[test]
fn a_consolidated_policy_stands_alone() {
    let folder = copy("alone");
    let (said, code) = run_in(&folder, &["consolidate", "办法.banfa", "--out", "合并.banfa"]);
    assert_eq!(code, 0, "{said}");
    let first = fs::read(folder.join("合并.banfa")).expect("written");
    let (again, code) = run_in(&folder, &["consolidate", "办法.banfa", "--out", "合并.banfa"]);
    assert_eq!((code, again.contains("B0824")), (2, true), "{again}");
    let (said, code) = run_in(&folder, &["consolidate", "办法.banfa", "--out", "合并.banfa", "--overwrite"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(first, fs::read(folder.join("合并.banfa")).expect("written"), "the same bytes twice");
    // The decisions are in it: with them beside it they would be worked in twice.
    assert_snapshot!("already_included", run_in(&folder, &["check", "合并.banfa"]).0);
    fs::remove_dir_all(folder.join("修改")).expect("removed");
    // Its cases are for the text as it was.
    fs::remove_dir_all(folder.join("案例")).expect("removed");
    let (said, code) = run_in(&folder, &["check", "合并.banfa"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_policy_of_several_files() {
    let folder = copy_of("分册办法", "parts");
    assert_snapshot!("parts_on_screen", run_in(&folder, &["consolidate", "办法.banfa"]).0);
    let (said, code) = run_in(&folder, &["consolidate", "办法.banfa", "--out", "合并"]);
    assert_eq!(code, 0, "{said}");
    let mut all = said;
    for (path, text) in content(&folder.join("合并")) {
        let name = path.strip_prefix(&folder).expect("below").display().to_string();
        all.extend(["\n════ ", &name, "\n", &String::from_utf8(text).expect("UTF-8")]);
    }
    assert_snapshot!("parts", all);
    let (said, code) = run_in(&folder.join("合并"), &["check", "办法.banfa"]);
    assert_eq!(code, 0, "{said}");
    let before = content(&folder);
    let (said, code) = run_in(&folder, &["consolidate", "办法.banfa", "--out", "合并"]);
    assert_eq!((code, content(&folder) == before), (2, true), "{said}");
}

#[test]
fn a_failing_run_leaves_every_file_as_it_was() {
    let folder = copy("failing");
    let broken = "修改决定「关于第三次修改《借阅办法》的决定」\n  修改 办法「借阅办法」\n  \
                  前次修改「关于第二次修改《借阅办法》的决定」\n  自 2028年1月1日 起施行\n\n一、删去 第九十九条。\n";
    fs::write(folder.join("修改/3.banfa"), broken).expect("written");
    let before = content(&folder);
    for args in [
        &["consolidate", "办法.banfa", "--out", "合并.banfa"][..],
        &["consolidate", "办法.banfa", "--out", "办法.banfa", "--overwrite"],
        &["history", "办法.banfa"],
        &["check", "."],
        &["run", "办法.banfa", "案例/各日.yaml", "--date", "2028-01-01"],
    ] {
        let (said, code) = run_in(&folder, args);
        assert_ne!(code, 0, "{said}");
        assert!(content(&folder) == before, "{args:?} changed a file");
    }
    assert_snapshot!("decision_that_cannot_be", run_in(&folder, &["check", "."]).0);
}

#[test]
fn what_can_be_wrong_between_decisions() {
    let folder = copy("order");
    let decision = |title: &str, entries: &str, date: &str| {
        format!(
            "修改决定「{title}」\n  修改 办法「借阅办法」\n{entries}  自 {date} 起施行\n\n\
             一、第三条 中的「不停借」修改为「不予停借」，条款不变。\n"
        )
    };
    let first = "  前次修改「关于修改《借阅办法》的决定」\n";
    let problems = [
        ("not_there", vec![decision("丙", "  前次修改「乙」\n", "2028年1月1日")]),
        ("before_its_base", vec![decision("丙", first, "2025年1月1日")]),
        ("before_the_text", vec![decision("丙", "", "2019年1月1日")]),
        ("same_day", vec![decision("丙", first, "2028年1月1日"), decision("丁", first, "2028年1月1日")]),
        (
            "circle",
            vec![
                decision("丙", "  前次修改「丁」\n", "2028年1月1日"),
                decision("丁", "  前次修改「丙」\n", "2028年1月1日"),
            ],
        ),
        ("same_title", vec![decision("关于修改《借阅办法》的决定", "", "2028年1月1日")]),
        ("no_decision", vec!["办法「借阅办法」\n".to_owned()]),
    ];
    for (name, texts) in problems {
        for (index, text) in texts.iter().enumerate() {
            fs::write(folder.join(format!("修改/{}.banfa", index + 5)), text).expect("written");
        }
        assert_snapshot!(format!("wrong_{name}"), run_in(&folder, &["consolidate", "办法.banfa"]).0);
        for index in 0..texts.len() {
            fs::remove_file(folder.join(format!("修改/{}.banfa", index + 5))).expect("removed");
        }
    }
}
