//! Mutants of laws: what they are, which cases notice them, and that the fast way of trying them is the slow one.
use banfa::base::Sources;
use banfa::facts::CaseFile;
use banfa::policy::Policy;
use banfa::testing::mutate::{
    Bench, Edit, Explanations, Limits, Mutant, Operator, Outcome, Progress, fingerprint, mutants, sample,
};
use insta::assert_snapshot;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const GUIZHOU: &str = "policies/贵州省行政执法过错责任追究办法/办法.banfa";
const LIBRARY: &str = "tests/cases/mutate/借阅办法.banfa";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn below(folder: &Path) -> Vec<PathBuf> {
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
    found.sort();
    found
}

struct Law {
    policy: Policy,
    cases: Vec<CaseFile>,
    mutants: Vec<Mutant>,
}

impl Law {
    fn read(policy: &str, cases: &[PathBuf]) -> Self {
        let mut policy = Policy::from_path(&root().join(policy)).expect("policy");
        let mut read = Vec::new();
        for path in cases {
            let text = std::fs::read_to_string(path).expect("case");
            let (cases, found) = policy.try_cases(path, &text, None);
            assert!(found.iter().all(|d| d.code.starts_with("B05") || cases.is_empty()), "{found:?}");
            read.extend(cases);
        }
        let mutants = mutants(&policy.program().hir, policy.sources());
        Self { policy, cases: read, mutants }
    }

    fn library(cases: &str) -> Self {
        Self::read(LIBRARY, &[root().join("tests/cases/mutate").join(cases)])
    }

    fn bundled(policy: &str) -> Self {
        let folder = root().join(policy).parent().expect("folder").join("案例");
        Self::read(policy, &below(&folder))
    }

    fn bench(&self) -> Bench<'_> {
        let bench = Bench::new(&self.policy.program().hir, self.policy.calendar(), &self.cases);
        assert!(bench.failing().is_empty(), "cases that do not get what they expect");
        bench
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let mut bench = self.bench();
        self.mutants.iter().map(|m| bench.try_mutant(m).outcome).collect()
    }
}

#[test]
fn every_operator_is_noticed_by_good_cases_and_not_by_poor_ones() {
    let (good, poor) = (Law::library("借阅办法.yaml"), Law::library("少.yaml"));
    let (noticed, overlooked) = (good.outcomes(), poor.outcomes());
    for (operator, name) in Operator::ALL {
        let of = |outcomes: &[Outcome]| -> Vec<bool> {
            let all = good.mutants.iter().zip(outcomes).filter(|(m, _)| m.operator == operator);
            all.map(|(_, o)| matches!(o, Outcome::Killed(_))).collect()
        };
        if operator == Operator::Inclusive {
            // Whole numbers and dates have no bound between themselves and the next one.
            assert!(of(&noticed).iter().all(|k| *k), "{name}");
        }
        assert!(of(&noticed).contains(&true), "{name} is never noticed");
        assert!(of(&overlooked).contains(&false), "{name} is always noticed");
    }
    let killed = noticed.iter().filter(|o| matches!(o, Outcome::Killed(_))).count();
    assert!(killed * 100 >= noticed.len() * 85, "{killed} of {}", noticed.len());
}

#[test]
fn mutants_are_described_in_the_words_of_the_source() {
    let law = Law::library("少.yaml");
    let lines: Vec<String> = law.mutants.iter().map(|m| format!("{}　{}", m.id, m.description)).collect();
    assert_snapshot!("mutants", lines.join("\n"));
    let ids: BTreeSet<&str> = law.mutants.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids.len(), law.mutants.len(), "two mutants of one id");
}

/// Patches run on top of stored registers find what full runs of programs lowered anew find.
fn fast_is_slow(law: &Law, mutants: &[Mutant]) {
    let mut bench = law.bench();
    for mutant in mutants {
        let (fast, slow) = (bench.try_mutant(mutant), bench.try_slowly(mutant));
        assert_eq!(fast.outcome, slow.outcome, "{} {}", mutant.id, mutant.description);
        assert!(fast.evaluations <= slow.evaluations, "{}: more runs than cases", mutant.id);
    }
    // And nothing of a mutant is left behind.
    let again = Bench::new(&law.policy.program().hir, law.policy.calendar(), &law.cases);
    assert_eq!(bench.program().ops, again.program().ops);
    assert_eq!(bench.program().entries, again.program().entries);
    assert_eq!(bench.program().consts, again.program().consts);
}

#[test]
fn the_fast_way_agrees_with_the_slow_one() {
    for cases in ["借阅办法.yaml", "少.yaml"] {
        let law = Law::library(cases);
        fast_is_slow(&law, &law.mutants);
    }
    let law = Law::bundled(GUIZHOU);
    fast_is_slow(&law, &sample(law.mutants.clone(), 150, 1));
    let law = Law::bundled("policies/中华人民共和国行政处罚法（节选）/处罚法.banfa");
    fast_is_slow(&law, &sample(law.mutants.clone(), 150, 2));
}

#[test]
fn laws_that_pin_the_language_are_mutated_alike_both_ways() {
    for path in std::fs::read_dir(root().join("tests/cases/ok")).expect("folder") {
        let path = path.expect("entry").path();
        let cases = path.with_extension("yaml");
        if path.extension().is_some_and(|e| e == "banfa") && cases.is_file() {
            let law = Law::read(path.to_str().expect("UTF-8"), &[cases]);
            let mut bench = Bench::new(&law.policy.program().hir, law.policy.calendar(), &law.cases);
            for mutant in &law.mutants {
                let (fast, slow) = (bench.try_mutant(mutant), bench.try_slowly(mutant));
                let shown = path.display();
                assert_eq!(fast.outcome, slow.outcome, "{shown}: {} {}", mutant.id, mutant.description);
            }
        }
    }
}

#[test]
fn survivors_are_told_apart_by_a_case_near_by() {
    let law = Law::library("少.yaml");
    let mut bench = law.bench();
    let mut lines = Vec::new();
    for mutant in &law.mutants {
        let (trial, apart, tried) = bench.try_and_search(mutant, law.policy.sources(), Limits::default());
        assert_eq!(trial.outcome, Outcome::Survived);
        let words = apart.map_or(format!("没有找到（{tried}）"), |a| {
            format!("{}：{} 原文得 {}；变异得 {}", a.changes.join("，"), a.conclusion, a.original, a.mutant)
        });
        lines.push(format!("{}　{words}", mutant.id));
    }
    assert_snapshot!("apart", lines.join("\n"));
}

#[test]
fn what_would_go_round_in_a_circle_is_no_law() {
    let text = "办法「甲」\n\n事实 读者：\n  迟还 是否\n\n结论 读者：\n  处理 为 停借、正常 之一，默认 停借\n\n\
                第一条「停借的，可以改为正常。」\n  处理 为 停借 的，处理 可以 为 正常。\n";
    let mut policy = Policy::from_text("甲.banfa", text, &banfa::no_includes).expect("policy");
    let case = "读者: { 迟还: 是 }\n期望: [ { 结论: 处理, 值: 停借 } ]";
    let (cases, _) = policy.try_cases(Path::new("甲.yaml"), case, None);
    let all = mutants(&policy.program().hir, policy.sources());
    let mut bench = Bench::new(&policy.program().hir, policy.calendar(), &cases);
    let must = all.iter().find(|m| m.operator == Operator::Mode).expect("可以 → 应当");
    assert!(matches!(must.edit, Edit::Consequences(..)));
    assert_eq!(bench.try_mutant(must).outcome, Outcome::Circular);
    assert_eq!(bench.try_slowly(must).outcome, Outcome::Circular);
}

#[test]
fn explanations_read_and_grow_stale() {
    let law = Law::library("少.yaml");
    let mutant = &law.mutants[0];
    let entry = format!(
        "[[\"变异\"]]\n\"编号\" = '{}'\n\"内容\" = '{}'\n\"理由\" = '没有区别'\n",
        mutant.id, mutant.description
    );
    let mut sources = Sources::new();
    let file = sources.add("变异说明.toml", entry.clone());
    let read = Explanations::parse(&entry, file).expect("an explanation");
    assert_eq!(read.of(mutant).map(|e| e.reason.as_str()), Some("没有区别"));
    assert!(read.of(&law.mutants[1]).is_none());
    for broken in ["[[\"变异\"]]\n\"编号\" = '甲'\n", "\"甲\" = 1\n", "= 甲"] {
        assert_eq!(Explanations::parse(broken, file).expect_err("refused")[0].code, "B0850");
    }
}

#[test]
fn progress_survives_a_file() {
    let law = Law::library("借阅办法.yaml");
    let mut bench = law.bench();
    let mut progress = Progress::new(fingerprint(law.policy.sources(), &["甲"]));
    assert_ne!(progress.fingerprint, fingerprint(law.policy.sources(), &["乙"]));
    let mut results = Vec::new();
    for mutant in &law.mutants {
        let (trial, apart, variants) = bench.try_and_search(mutant, law.policy.sources(), Limits::default());
        let result = banfa::testing::mutate::Result { trial, apart, variants };
        progress.set(&mutant.id, &result);
        results.push(result);
    }
    let again = Progress::parse(&progress.to_text()).expect("progress");
    assert_eq!(again, progress);
    let kept: Vec<_> = law.mutants.iter().map(|m| again.get(&m.id).expect("known")).collect();
    assert_eq!(kept, results);
}

/// The bundled 办法 is guarded by its cases, and what they cannot notice is explained beside it.
#[test]
fn the_bundled_cases_notice_changes() {
    let law = Law::bundled(GUIZHOU);
    let outcomes = law.outcomes();
    let path = root().join(GUIZHOU).with_file_name(banfa::testing::mutate::FILE_NAME);
    let text = std::fs::read_to_string(path).expect("explanations");
    let explanations = Explanations::parse(&text, banfa::base::FileId(0)).expect("explanations");
    let survivors: Vec<&Mutant> =
        law.mutants.iter().zip(&outcomes).filter(|(_, o)| **o == Outcome::Survived).map(|(m, _)| m).collect();
    let killed = outcomes.iter().filter(|o| matches!(o, Outcome::Killed(_))).count();
    assert!(killed * 100 >= 95 * (killed + survivors.len()), "{killed} noticed of {}", law.mutants.len());
    let unexplained: Vec<String> = survivors
        .iter()
        .filter(|m| explanations.of(m).is_none())
        .map(|m| format!("{}　{}", m.id, m.description))
        .collect();
    assert!(unexplained.is_empty(), "nobody notices or explains {unexplained:#?}");
    let explained = |id: &str| survivors.iter().any(|m| m.id == id);
    let stale: Vec<&str> =
        explanations.all.iter().map(|e| e.id.as_str()).filter(|id| !explained(id)).collect();
    assert!(stale.is_empty(), "explained and not there or noticed: {stale:?}");
}

fn banfa(args: &[&str], folder: &Path) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_banfa"));
    let output = command.args(args).current_dir(folder).env("COLUMNS", "90").output().expect("banfa starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

/// A folder of its own with the small law, its good cases and, if wanted, an explanation.
fn workplace(name: &str, explanation: Option<&str>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutate-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("folder");
    for file in ["借阅办法.banfa", "借阅办法.yaml", "少.yaml"] {
        std::fs::copy(root().join("tests/cases/mutate").join(file), folder.join(file)).expect("copy");
    }
    if let Some(text) = explanation {
        std::fs::write(folder.join("变异说明.toml"), text).expect("write");
    }
    folder
}

#[test]
fn the_report_in_every_format() {
    let folder = workplace("formats", None);
    for format in ["text", "md", "json"] {
        let (out, err, code) = banfa(&["mutate", "借阅办法.banfa", "--format", format], &folder);
        assert!(err.starts_with("评估 ") && err.lines().count() == 1, "{err}");
        assert_snapshot!(format!("report_{format}"), format!("{out}—— 退出码 {code}\n"));
    }
    let touching = ["mutate", "借阅办法.banfa", "--touching", "第二条", "--list"];
    assert_snapshot!("list", banfa(&touching, &folder).0);
    let one = ["mutate", "借阅办法.banfa", "--operator", "边界", "--list", "--format", "json"];
    let lines = banfa(&one, &folder).0;
    assert!(lines.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
}

#[test]
fn the_same_whatever_the_jobs() {
    let folder = workplace("jobs", None);
    let with = |jobs: &str| banfa(&["mutate", "借阅办法.banfa", "--jobs", jobs], &folder).0;
    let one = with("1");
    for jobs in ["2", "7", "100"] {
        assert_eq!(with(jobs), one, "{jobs} jobs");
    }
}

#[test]
fn interrupted_and_resumed_is_uninterrupted() {
    let folder = workplace("resume", None);
    let run = |more: &[&str]| banfa(&[&["mutate", "借阅办法.banfa"], more].concat(), &folder);
    let whole = run(&[]).0;
    // Some of it first, as if interrupted, then the rest.
    assert_eq!(run(&["--resume", "进度.json", "--touching", "第一条"]).2, 0);
    let kept = std::fs::read_to_string(folder.join("进度.json")).expect("progress");
    assert_eq!(run(&["--resume", "进度.json"]).0, whole);
    let (out, err, _) = run(&["--resume", "进度.json"]);
    assert_eq!((out, err), (whole, String::new()), "nothing was left to try");
    // On other texts, or if it is no progress, it is refused and left as it is.
    std::fs::write(folder.join("进度.json"), &kept).expect("write");
    let (out, err, code) = run(&["--resume", "进度.json", "--search", "7"]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("B0852"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.join("进度.json")).expect("progress"), kept);
    let (_, err, code) = run(&["--resume", "借阅办法.yaml"]);
    assert_eq!(code, 2);
    assert!(err.contains("B0853"), "{err}");
}

#[test]
fn what_the_exit_code_says() {
    let folder = workplace("codes", None);
    let run = |more: &[&str]| banfa(&[&["mutate", "借阅办法.banfa"], more].concat(), &folder);
    assert_eq!(run(&["--fail-under", "85"]).2, 0);
    assert_eq!(run(&["--fail-under", "100"]).2, 1);
    let (_, err, code) = run(&["--cases", "没有"]);
    assert_eq!((code, err.contains("B0820")), (2, true), "{err}");
    std::fs::write(folder.join("无.yaml"), "借阅: {}\n").expect("write");
    let (_, err, code) = run(&["--cases", "无.yaml"]);
    assert_eq!((code, err.contains("B0855")), (2, true), "{err}");
    std::fs::write(folder.join("错.yaml"), "借阅: {}\n期望: [ { 结论: 需要复核, 值: 是 } ]\n")
        .expect("write");
    let (_, err, code) = run(&["--cases", "错.yaml", "--cases", "借阅办法.yaml"]);
    assert_eq!((code, err.contains("B0854")), (1, true), "{err}");
    let stale = "[['变异']]\n'编号' = '第九条/反转/1'\n'内容' = '甲'\n'理由' = '乙'\n";
    let folder = workplace("stale", Some(stale));
    let (_, err, code) = banfa(&["mutate", "借阅办法.banfa"], &folder);
    assert_eq!((code, err.contains("B0851")), (1, true), "{err}");
    let folder = workplace("broken", Some("[['变异']]\n"));
    let (_, err, code) = banfa(&["mutate", "借阅办法.banfa"], &folder);
    assert_eq!((code, err.contains("B0850")), (2, true), "{err}");
}
