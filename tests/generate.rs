//! Generated cases: the same every time, readable as what they are, valid for every law, and seldom boring.
use banfa::base::{FileId, Truth, Val};
use banfa::eval::{Env, Evaluation};
use banfa::facts::{Case, Children, Format, ReadOptions, Table, read_cases};
use banfa::generate::{Generator, Options, json};
use banfa::hir::Hir;
use banfa::ir::Program;
use banfa::policy::Policy;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[path = "support/laws/mod.rs"]
mod laws;

fn bundled() -> Vec<Policy> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    ["贵州省行政执法过错责任追究办法/办法.banfa", "中华人民共和国行政处罚法（节选）/处罚法.banfa"]
        .iter()
        .map(|path| Policy::from_path(&folder.join(path)).expect("compiles"))
        .collect()
}

/// The laws of the semantic tests.
fn tested() -> Vec<(PathBuf, Policy)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|e| e.expect("entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "banfa"))
        .collect();
    paths.sort();
    paths.into_iter().map(|p| (p.clone(), Policy::from_path(&p).expect("compiles"))).collect()
}

fn read_back(hir: &Hir, line: &str) -> Case {
    let options = ReadOptions { name: "", ..ReadOptions::default() };
    let (mut cases, found) = read_cases(line, FileId(0), Format::Json, hir, &options);
    assert!(found.is_empty() && cases.len() == 1, "{found:#?}\n{line}");
    cases.remove(0).case
}

fn check_identity(policy: &Policy, options: Options, count: u64) {
    let hir = &policy.program().hir;
    let generator = Generator::new(policy.program(), policy.calendar(), options);
    let writer = json::Writer::new(hir);
    for index in 0..count {
        let case = generator.case(index);
        let mut line = String::new();
        writer.write(&case, &mut line);
        let back = read_back(hir, &line);
        assert_eq!(back, case, "{} case {index}\n{line}", hir.header.title);
    }
}

#[test]
fn bundled_cases_read_back_as_they_are() {
    for policy in bundled() {
        check_identity(&policy, Options::default(), 150);
        check_identity(
            &policy,
            Options { seed: 7, unknown: 0, inapplicable: 0, members: (2, 2), bias: 0 },
            20,
        );
    }
}

#[test]
fn cases_of_every_tested_law_read_back_as_they_are() {
    for (path, policy) in tested() {
        eprintln!("{}", path.display());
        let options = Options { unknown: 150, inapplicable: 100, ..Options::default() };
        check_identity(&policy, options, 30);
    }
}

/// Rules that came out both ways, and all of them.
fn both_ways(policy: &Policy, count: u64, options: Options) -> (usize, usize, Vec<String>) {
    let program = policy.program();
    let generator = Generator::new(program, policy.calendar(), options);
    let mut seen = vec![[false; 2]; program.hir.rules.len()];
    let mut run = Evaluation::new();
    for index in 0..count {
        let case = generator.case(index);
        run.run(program, &case, &Env { calendar: policy.calendar(), date: None });
        for ((rule, guard), seen) in program.hir.rules.iter().zip(&program.guards).zip(&mut seen) {
            for row in 0..run.rows(rule.entity) {
                match run.truth(rule.entity, row, *guard) {
                    Truth::True => seen[1] = true,
                    Truth::False => seen[0] = true,
                    Truth::Unknown | Truth::Na => {}
                }
            }
        }
    }
    let both = seen.iter().filter(|s| **s == [true, true]).count();
    let rules = program.hir.rules.iter().zip(&seen).filter(|(_, s)| **s != [true, true]);
    let missing = rules.map(|(r, s)| format!("{} 否{} 是{}", r.address, s[0], s[1])).collect();
    (both, seen.len(), missing)
}

/// Prints the figures: `cargo test --release --test generate -- --ignored --nocapture`.
#[test]
#[ignore = "takes long; prints figures"]
fn figures() {
    for policy in bundled() {
        for bias in [0, 500, 1000] {
            let options = Options { bias, ..Options::default() };
            let count = std::env::var("BANFA_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
            let (both, all, missing) = both_ways(&policy, count, options);
            println!("{} bias {bias}: {both}/{all} {missing:#?}", policy.program().hir.header.title);
        }
    }
}

/// Prints the same for the laws of the semantic tests.
#[test]
#[ignore = "prints figures"]
fn figures_of_tested_laws() {
    for bias in [0, 500] {
        let (mut both, mut all) = (0, 0);
        for (path, policy) in tested() {
            let (b, a, missing) = both_ways(&policy, 500, Options { bias, ..Options::default() });
            both += b;
            all += a;
            // What has no condition is never 否.
            println!("{}: {b}/{a} {missing:?}", path.file_stem().unwrap().display());
        }
        println!("bias {bias}: {both}/{all}");
    }
}

/// Operations, kinds of decisions: what a program is made of.
fn parts_of(program: &Program) -> Vec<String> {
    let word = |debug: String| debug.split(['(', ' ', '{']).next().unwrap_or("").to_owned();
    let ops = program.ops.iter().map(|op| word(format!("{op:?}")));
    ops.chain(program.decisions.iter().map(|d| word(format!("{:?}", d.kind)))).collect()
}

const OPERATIONS: &str = "True Not And2 Or2 And Or AndNot LiftTruth LiftValue OneTruth OneValue InSet AnyOf AllOf \
    ConclusionIn ConclusionAny ConclusionAll ConclusionValue Cmp Share Window InRange Quant Tally Other Const Arith \
    Portion ExtremeOf Round DivRound Count Sum ExtremeIn Deadline Shift Between Extend DeemTruth DeemValue Decide";
const DECISIONS: &str = "Single Multi Value Duty";

/// Random laws contain everything there is, and cases made for them read back as they are.
#[test]
fn cases_of_random_laws_read_back_as_they_are() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut dropped = 0;
    let mut run = Evaluation::new();
    for seed in 0..200 {
        let (text, policy) = laws::compiled_law(seed, 10);
        assert!(seed % 20 != 0 || laws::compiled_law(seed, 10).0 == text, "not the same twice");
        dropped += text.matches("「删去。」").count();
        for part in parts_of(policy.program()) {
            *counts.entry(part).or_default() += 1;
        }
        let options = Options { seed, inapplicable: 50, members: (0, 2), ..Options::default() };
        check_identity(&policy, options, 20);
        let generator = Generator::new(policy.program(), policy.calendar(), options);
        for index in 0..3 {
            run.run(
                policy.program(),
                &generator.case(index),
                &Env { calendar: policy.calendar(), date: None },
            );
        }
    }
    println!("{counts:#?}\n{dropped} of 2000 articles dropped");
    for part in OPERATIONS.split_whitespace().chain(DECISIONS.split_whitespace()) {
        assert!(counts.get(part).is_some_and(|n| *n >= 20), "{part} does not occur");
    }
    assert!(dropped < 60, "{dropped} articles do not compile");
}

#[test]
fn nearly_every_rule_comes_out_both_ways() {
    for policy in bundled() {
        let (both, all, missing) = both_ways(&policy, 1500, Options::default());
        assert!(both * 100 >= all * 97, "{both} of {all}: {missing:#?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_cases_in_any_order() {
    for policy in bundled() {
        let make = |seed: u64| {
            Generator::new(policy.program(), policy.calendar(), Options { seed, ..Options::default() })
        };
        let (one, other) = (make(3), make(3));
        let forwards: Vec<Case> = (0..60).map(|i| one.case(i)).collect();
        let mut backwards: Vec<Case> = (0..60).rev().map(|i| other.case(i)).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        let elsewhere = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..60)
                .step_by(20)
                .map(|from| {
                    let one = &one;
                    scope.spawn(move || (from..from + 20).map(|i| one.case(i)).collect::<Vec<_>>())
                })
                .collect();
            threads.into_iter().flat_map(|t| t.join().expect("made")).collect::<Vec<_>>()
        });
        assert_eq!(forwards, elsewhere);
        let others: Vec<Case> = (0..60).map(|i| make(4).case(i)).collect();
        assert!(forwards.iter().zip(&others).filter(|(a, b)| a == b).count() < 3);
    }
}

/// Truths and values of all facts of some cases.
fn states(policy: &Policy, options: Options) -> (Vec<Truth>, Vec<Val>, Vec<Children>) {
    let generator = Generator::new(policy.program(), policy.calendar(), options);
    let tables: Vec<Table> = (0..200).flat_map(|i| generator.case(i).tables).collect();
    (
        tables.iter().flat_map(|t| t.truth.clone()).collect(),
        tables.iter().flat_map(|t| t.values.clone()).collect(),
        tables.iter().flat_map(|t| t.children.clone()).collect(),
    )
}

#[test]
fn options_are_kept_to() {
    for policy in bundled() {
        let known = Options { unknown: 0, inapplicable: 0, members: (2, 2), bias: 0, seed: 1 };
        let (truths, values, children) = states(&policy, known);
        assert!(truths.iter().all(|t| matches!(t, Truth::True | Truth::False)));
        assert!(values.iter().all(|v| v.is_known()));
        assert!(children.iter().all(|c| matches!(c, Children::Rows(a, b) if b - a == 2)));
        let unknown = Options { unknown: 1000, bias: 0, ..known };
        let (truths, values, _) = states(&policy, unknown);
        assert!(truths.iter().all(|t| *t == Truth::Unknown) && values.iter().all(|v| *v == Val::Unknown));
        let na = Options { inapplicable: 1000, ..known };
        let (truths, values, _) = states(&policy, na);
        assert!(truths.iter().all(|t| *t == Truth::Na) && values.iter().all(|v| *v == Val::Na));
        let (truths, ..) = states(&policy, Options { unknown: 250, ..known });
        let share = truths.iter().filter(|t| **t == Truth::Unknown).count() * 100 / truths.len();
        assert!((22..=28).contains(&share), "{share}%");
    }
}

fn compile(text: &str) -> Policy {
    Policy::from_text("无/规则.banfa", text, &banfa::no_includes).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn values_lie_where_the_law_decides() {
    let policy = compile(
        "规则「界限」
事实 学生：
  次数 整数（次）
  定价 金额
  出生日期 日期
  借日 日期
  还日 日期
  借阅 多个 借阅
事实 借阅：
  污损 是否
结论 学生：
  停借 是否
  罚款 是否
第一条「条文。」
  次数 三次以上 的，停借 应当 为 是。
  定价 超过20元 的，罚款 应当 为 是。
第二条「条文。」
  还日 晚于 借日 之后 十五日 的，停借 应当 为 是。
  （自 出生日期 至 借日 的 周岁） 已满 十八周岁 的，罚款 应当 为 是。
第三条「条文。」
  借阅 中 污损 的 次数 五次以上 的，停借 应当 为 是。
  还日 在 2026年3月1日 之前 的，罚款 应当 为 是。
",
    );
    let options = Options { unknown: 0, inapplicable: 0, ..Options::default() };
    let generator = Generator::new(policy.program(), policy.calendar(), options);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for index in 0..1500 {
        let case = generator.case(index);
        let root = &case.tables[0];
        let [Val::Int(times), Val::Dec(price), Val::Date(born), Val::Date(lent), Val::Date(back)] =
            root.values[..]
        else {
            panic!("{:?}", root.values)
        };
        let mut note = |what: String| *seen.entry(what).or_default() += 1;
        note(format!("次数 {times}"));
        note(format!("定价 {price}"));
        note(format!("借期 {}", lent.days_until(back)));
        note(format!("污损 {}", case.tables[1].truth.iter().filter(|t| **t == Truth::True).count()));
        note(format!("还日 {}", back.iso()));
        let birthday = born.add_months(18 * 12).expect("a day");
        note(format!("满十八岁 {}", birthday.days_until(lent)));
    }
    for what in [
        "次数 2",
        "次数 3",
        "次数 4",
        "定价 19.99",
        "定价 20",
        "定价 20.01",
        "借期 14",
        "借期 15",
        "借期 16",
        "污损 4",
        "污损 5",
        "污损 6",
        "还日 2026-02-28",
        "还日 2026-03-01",
        "还日 2026-03-02",
        "满十八岁 0",
        "满十八岁 1",
    ] {
        assert!(seen.get(what).is_some_and(|n| *n >= 3), "{what}: {:?}", seen.get(what));
    }
}

#[test]
fn awkward_names_and_texts() {
    let policy = compile(
        "规则「难写」
枚举 结果：不明、不适用、null、有、无。
枚举 宽窄：Ａ、A、ｂ。
事实 案例：
  认定日期 日期
  甲 结果
  乙 多选 结果
  丙 是否 未载明视为否
  丁 文本
  戊 宽窄
  己 多选 宽窄
  庚 文本
  不明 是否
  辛 一个 辛
  壬 多个 壬
事实 辛：
  子 期间
事实 壬：
  丑 文本 标识
  寅 小数（公斤）
结论 案例：
  办 义务
  论 是否
第一条「条文。」
  丁 为 「不明」 或者 丁 为 「说\"是\"\\	」 或者 丁 为 「甲」 或者 丁 为 「 ~ 」 的，论 应当 为 是。
  办 应当 自 认定日期 起 十日 内 履行，履行日为 认定日期。
",
    );
    check_identity(&policy, Options { unknown: 200, inapplicable: 200, ..Options::default() }, 400);
}

#[test]
fn entities_deep_down() {
    let mut text = "规则「深」\n".to_owned();
    for level in 0..90 {
        let _ = writeln!(text, "事实 体{level}：\n  真{level} 是否\n  下{level} 多个 体{}", level + 1);
    }
    text += "事实 体90：\n  真90 是否\n结论 体90：\n  论 是否\n第一条「条文。」\n  凡 体90，真90 的，论 应当 为 是。\n";
    let policy = compile(&text);
    check_identity(
        &policy,
        Options { unknown: 0, inapplicable: 0, members: (1, 1), ..Options::default() },
        30,
    );
    let wide = Options { unknown: 0, inapplicable: 0, members: (3, 3), bias: 0, seed: 0 };
    let case = Generator::new(policy.program(), policy.calendar(), wide).case(0);
    let rows: u64 = case.tables.iter().map(|t| u64::from(t.rows)).sum();
    assert!((1 << 20..=(1 << 20) + 1).contains(&rows), "{rows}");
}

#[cfg(feature = "cli")]
mod command {
    use super::Path;
    use std::io::Read as _;
    use std::process::{Command, Output};

    const POLICY: &str = "policies/中华人民共和国行政处罚法（节选）/处罚法.banfa";

    fn banfa(words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_banfa"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(words)
            .output()
            .expect("banfa starts")
    }

    fn lines(words: &[&str]) -> String {
        let output = banfa(&[&["gen", POLICY], words].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    #[test]
    fn bytes_do_not_depend_on_threads_or_count() {
        let one = lines(&["--count", "2500", "--seed", "5", "--jobs", "1"]);
        assert_eq!(one.lines().count(), 2500);
        for jobs in ["2", "3", "7"] {
            assert!(one == lines(&["--count", "2500", "--seed", "5", "--jobs", jobs]), "{jobs}");
        }
        assert!(one.starts_with(&lines(&["--count", "1025", "--seed", "5"])));
        assert_ne!(one.lines().next(), lines(&["--count", "1"]).lines().next());
        assert_eq!(lines(&["--count", "0"]), "");
        let named = lines(&["--count", "2", "--name", "样本"]);
        let keys: Vec<&str> = named.lines().map(|l| &l[..l.find(',').expect("a name first")]).collect();
        assert_eq!(keys, ["{\"案例\":\"样本1\"", "{\"案例\":\"样本2\""]);
    }

    #[test]
    fn files_are_packed_by_their_ending() {
        let folder = std::env::temp_dir().join(format!("banfa-gen-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let plain = lines(&["--count", "3000"]);
        let written = |name: &str| {
            let path = folder.join(name);
            assert_eq!(lines(&["--count", "3000", "--out", path.to_str().expect("path")]), "");
            std::fs::read(path).expect("written")
        };
        assert!(written("案件.jsonl") == plain.as_bytes());
        let mut text = String::new();
        let packed = written("案件.jsonl.gz");
        flate2::read::MultiGzDecoder::new(&packed[..]).read_to_string(&mut text).expect("gzip");
        assert!(text == plain);
        let packed = written("案件.jsonl.zst");
        assert!(zstd::decode_all(&packed[..]).expect("zstd") == plain.as_bytes());
        let left: Vec<_> = std::fs::read_dir(&folder).expect("folder").collect();
        assert_eq!(left.len(), 3, "nothing is left beside");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn mistakes_are_told() {
        let refused = |words: &[&str], part: &str| {
            let output = banfa(&[&["gen", POLICY], words].concat());
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(2) && told.contains(part), "{words:?}: {told}");
        };
        refused(&["--unknown", "101%"], "比例写成");
        refused(&["--na", "一成"], "比例");
        refused(&["--members", "3-1"], "不得大于");
        refused(&["--members", "x"], "0-3");
        refused(&["--out", "案件.csv"], ".jsonl");
        refused(&["--out", "没有这个文件夹/案件.jsonl"], "B0825");
        assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("没有这个文件夹").exists());
    }
}
