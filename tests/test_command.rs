//! `banfa test` on the small policies of `tests/cases/testing`: what passes and fails, snapshots and their review, the
//! formats other programs read. What writes does so in a copy.
use banfa::Truth;
use banfa::eval::{Evaluation, truth_of};
use banfa::policy::Reading;
use banfa::testing::coverage::plan;
use banfa::testing::coverage::plan::PointKind;
use banfa::testing::try_case;
use insta::assert_snapshot;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/testing").join(name)
}

/// A copy of a folder of `tests/cases/testing`, removed at the end.
struct Copy(PathBuf);

impl Copy {
    fn of(name: &str, test: &str) -> Self {
        let target =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("test-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&target);
        copy(&source(name), &target);
        Self(target)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.0.join(path), text).expect("written");
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.0.join(path)).expect("text");
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }

    /// Every file with its text.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("folder").map(|e| e.expect("entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    let text = std::fs::read_to_string(&entry).expect("text");
                    found.insert(entry.strip_prefix(&self.0).expect("inside").to_path_buf(), text);
                }
            }
        }
        found
    }

    fn snapshots(&self) -> String {
        let files = self.files();
        let kept = files.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "快照"));
        kept.fold(String::new(), |all, (path, text)| format!("{all}== {}\n{text}", path.display()))
    }

    fn run(&self, args: &[&str]) -> String {
        shown(&fed(&self.0, args, ""))
    }

    fn answer(&self, args: &[&str], input: &str) -> String {
        shown(&fed(&self.0, args, input))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("folder").map(|e| e.expect("entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn fed(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("banfa starts");
    // A command that asks nothing may have ended by now.
    let _ = child.stdin.take().expect("stdin").write_all(input.as_bytes());
    child.wait_with_output().expect("banfa ends")
}

fn shown(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code().map_or("被打断".to_owned(), |c| c.to_string());
    format!("{out}—— 标准错误\n{err}—— 退出码 {code}\n")
}

fn mixed(args: &[&str]) -> String {
    shown(&fed(&source("mixed"), args, ""))
}

#[test]
fn failures_in_every_format() {
    assert_snapshot!("mixed_text", mixed(&["test"]));
    assert_snapshot!("mixed_md", mixed(&["test", "--format", "md"]));
    let json = fed(&source("mixed"), &["test", "--format", "json"], "");
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one object");
    assert_snapshot!("mixed_json", serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn the_same_whatever_the_number_of_threads() {
    let one = mixed(&["test", "--jobs", "1"]);
    assert_eq!(one, mixed(&["test", "--jobs", "7"]));
    assert_eq!(one, mixed(&["测试"]));
}

#[test]
fn junit_as_servers_read_it() {
    let copy = Copy::of("mixed", "junit");
    copy.run(&["test", "--junit", "结果.xml"]);
    let xml = copy.files().remove(Path::new("结果.xml")).expect("written");
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        match reader.read_event().expect("well formed") {
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                *names.entry(e.name().as_ref().to_owned()).or_default() += 1;
                for attribute in e.attributes() {
                    attribute.expect("an attribute");
                }
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    let count = |name: &str| names.get(name).copied().unwrap_or(0);
    assert_eq!((count("testsuite"), count("testcase"), count("failure"), count("error")), (1, 9, 5, 1));
    assert_snapshot!("junit", xml);
}

#[test]
fn chosen_cases() {
    assert_snapshot!("list", mixed(&["test", "--list"]));
    assert_snapshot!("list_json", mixed(&["test", "--list", "--format", "json", "--filter", "遗失"]));
    assert_snapshot!("filter", mixed(&["test", "--filter", "迟还", "--filter", "校外"]));
    for address in ["第一条", "第二条", "第二条但书", "第三条第二项", "第四条", "第六条"]
    {
        assert_snapshot!(format!("touching_{address}"), mixed(&["test", "--list", "--touching", address]));
    }
    assert_snapshot!("nothing_chosen", mixed(&["test", "--filter", "没有这个名称"]));
    assert_snapshot!("no_such_address", mixed(&["test", "--touching", "第九条"]));
    assert_snapshot!("not_an_address", mixed(&["test", "--touching", "前款"]));
    assert_snapshot!("one_file", mixed(&["test", "案例/第三条/遗失.yaml"]));
    assert_snapshot!("a_folder_of_cases", mixed(&["test", "案例/第三条"]));
    assert_snapshot!("a_layer_is_no_case", mixed(&["test", "案例/基础/学生.yaml"]));
}

#[test]
fn a_failing_run_leaves_every_file_as_it_was() {
    let copy = Copy::of("mixed", "failing");
    let before = copy.files();
    assert_snapshot!("accept_while_failing", copy.run(&["test", "--accept"]));
    let asked = copy.answer(&["test", "--review"], "a\na\na\n");
    assert!(asked.contains("B0564"), "{asked}");
    assert_eq!(before, copy.files());
    // What passes can be recorded.
    let accepted = copy.run(&["test", "--accept", "--filter", "没有期望"]);
    assert!(accepted.contains("接受快照 1"), "{accepted}");
    assert_eq!(copy.files().len(), before.len() + 1);
}

#[test]
fn snapshots_new_changed_orphaned() {
    let copy = Copy::of("snapshots", "snapshots");
    let before = copy.files();
    assert_snapshot!("snapshots_new", copy.run(&["test"]));
    assert_eq!(before, copy.files(), "a run that only compares writes nothing");
    assert_snapshot!("snapshots_accepted", copy.run(&["test", "--accept"]) + &copy.snapshots());
    assert_snapshot!("snapshots_unchanged", copy.run(&["test"]));
    copy.edit("借阅办法.banfa", "30天以上", "31天以上");
    copy.edit("借阅办法.banfa", "应当 为 10元", "应当 为 20元");
    std::fs::remove_file(copy.0.join("案例/引用底稿.yaml")).expect("removed");
    copy.edit("案例/迟还.yaml", "案例: 天数不明", "案例: 天数还是不明");
    assert_snapshot!("snapshots_changed", copy.run(&["test"]));
    let json = copy.run(&["test", "--format", "json"]);
    assert!(json.contains("\"changed\":2") && json.contains("\"orphaned\":2"), "{json}");
    let filtered = copy.run(&["test", "--filter", "天数"]);
    assert!(!filtered.contains("无主"), "filters say nothing of what they leave out\n{filtered}");
    assert_snapshot!("snapshots_accepted_again", copy.run(&["test", "--accept"]) + &copy.snapshots());
}

#[test]
fn a_case_that_gets_expectations_needs_no_snapshot() {
    let copy = Copy::of("snapshots", "expects");
    copy.run(&["test", "--accept"]);
    copy.write(
        "案例/引用底稿.yaml",
        "案例: 引用底稿\n基础: 底稿.yaml\n借阅: {}\n期望: [ { 对象: 甲, 结论: 处理, 值: 提醒 } ]\n",
    );
    let told = copy.run(&["test"]);
    assert!(told.contains("快照无主　引用底稿"), "{told}");
    copy.run(&["test", "--accept"]);
    assert!(!copy.0.join("案例/引用底稿.yaml.快照").exists());
}

#[test]
fn reviewed_one_by_one() {
    let copy = Copy::of("snapshots", "review");
    assert_snapshot!(
        "review",
        copy.answer(&["test", "--review"], "a\n什么\n拒绝\ns\n接受\n") + &copy.snapshots()
    );
    // The rest, until the input ends: what was accepted by then stands.
    assert_snapshot!("review_the_rest", copy.answer(&["test", "--review"], "a\n") + &copy.snapshots());
    let before = copy.files();
    copy.answer(&["test", "--review"], "q\n");
    assert_eq!(before, copy.files());
}

#[test]
fn a_file_that_cannot_be_written_leaves_the_others_alone() {
    let copy = Copy::of("snapshots", "unwritable");
    // Something stands where the last snapshot would go; it reads as no file that could be replaced.
    let before = copy.files();
    std::fs::create_dir_all(copy.0.join("案例/迟还.yaml.快照/占位")).expect("folder");
    let told = copy.run(&["test", "--accept"]);
    assert!(told.contains("退出码 1") || told.contains("退出码 2"), "{told}");
    assert_eq!(before, copy.files());
}

#[test]
fn a_snapshot_somebody_spoilt() {
    let copy = Copy::of("snapshots", "spoilt");
    copy.run(&["test", "--accept"]);
    copy.edit("案例/迟还.yaml.快照", "  读者1　乙", "读者1　乙");
    let before = copy.files();
    assert_snapshot!("snapshot_spoilt", copy.run(&["test", "--accept"]));
    assert_eq!(before, copy.files());
}

#[test]
fn a_policy_that_does_not_compile() {
    let copy = Copy::of("snapshots", "broken");
    copy.edit("借阅办法.banfa", "遗失 的，", "遗实 的，");
    assert_snapshot!("policy_broken", copy.run(&["test", "--junit", "结果.xml"]));
    let xml = copy.files().remove(Path::new("结果.xml")).expect("written");
    assert!(xml.contains("<error") && xml.contains("errors=\"1\""), "{xml}");
}

#[test]
fn coverage_in_every_format() {
    assert_snapshot!("coverage_text", shown(&fed(&source("covered"), &["test", "--coverage"], "")));
    assert_snapshot!(
        "coverage_md",
        shown(&fed(&source("covered"), &["test", "--coverage", "--format", "md"], ""))
    );
    let json = fed(&source("covered"), &["test", "--coverage", "--format", "json"], "");
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one object");
    assert_snapshot!("coverage_json", serde_json::to_string_pretty(&value["coverage"]).expect("JSON"));
    let copy = Copy::of("covered", "html");
    copy.run(&["test", "--coverage", "--html", "覆盖.html"]);
    let page = copy.files().remove(Path::new("覆盖.html")).expect("written");
    let body = page.split_once("<main>").expect("a body").1;
    assert_snapshot!("coverage_html", body);
}

#[test]
fn coverage_is_the_same_whatever_the_number_of_threads() {
    let args = |jobs| ["test", "--coverage", "--format", "json", "--jobs", jobs];
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    assert_eq!(shown(&fed(&policy, &args("1"), "")), shown(&fed(&policy, &args("5"), "")));
}

#[test]
fn too_little_is_covered() {
    let run = |args: &[&str]| shown(&fed(&source("covered"), &[&["test", "--coverage"], args].concat(), ""));
    assert_snapshot!("coverage_too_low", run(&["--fail-under", "100", "--filter", "没有"]));
    assert!(run(&["--fail-under", "40"]).contains("退出码 0"));
    assert!(run(&["--fail-under", "100%"]).contains("退出码 1"));
    assert_snapshot!("coverage_no_percentage", run(&["--fail-under", "多数"]));
    assert!(
        mixed(&["test", "--html", "页.html"]).contains("退出码 2"),
        "a page of coverage asks for --coverage"
    );
}

/// Coverage reads each decision anew from its atoms; what comes out is what the program computed.
#[test]
fn decisions_read_from_their_atoms_are_those_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let laws =
        ["tests/cases/testing/covered/借阅办法.banfa", "policies/贵州省行政执法过错责任追究办法/办法.banfa"];
    let mut compared = 0;
    for law in laws {
        let path = root.join(law);
        let policy = banfa::Policy::from_path(&path).expect("a policy");
        let program = policy.program();
        let plan = plan(program);
        let mut run = Evaluation::new();
        for case in yaml(&path.with_file_name("案例")) {
            let text = std::fs::read_to_string(&case).expect("case");
            for case in policy.read_file(&case, &text, &Reading::default()).cases {
                let _ = try_case(&policy.law(None), policy.sources(), &case, &mut run);
                for point in &plan.points {
                    let (PointKind::Rule(rule), Some(decision)) = (&point.kind, point.decision) else {
                        continue;
                    };
                    let decision = &plan.decisions[decision];
                    for row in 0..run.rows(point.entity) {
                        let atoms: Vec<Truth> = decision
                            .atoms
                            .iter()
                            .map(|e| truth_of(program, &run, *e, point.entity, row))
                            .collect();
                        let guard = program.guard(*rule).expect("a guard");
                        assert_eq!(
                            decision.tree.value(&atoms),
                            run.truth(point.entity, row, guard),
                            "{rule:?}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}

fn yaml(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").map(|e| e.expect("entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "yaml") {
                found.push(entry);
            }
        }
    }
    found
}

#[test]
fn each_case_meets_its_text_and_a_day_has_snapshots_of_its_own() {
    let copy = Copy::of("../versions/借阅办法", "versions");
    assert_snapshot!("versions_each_its_own", copy.run(&["test"]));
    assert_snapshot!("versions_of_a_day", copy.run(&["test", "--date", "2027-07-01"]));
    copy.run(&["test", "--accept"]);
    let only = ["test", "--date", "2027-07-01", "--accept", "--filter", "不明"];
    assert!(copy.run(&only).contains("接受快照 1"));
    assert_snapshot!("versions_snapshots", copy.snapshots());
    assert!(copy.run(&["test"]).contains("通过 5"), "one text's snapshots are not orphans of the other");
}
