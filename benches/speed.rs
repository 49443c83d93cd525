//! How fast a case is evaluated, a policy compiled, a process done. `cargo bench --bench speed` prints a table;
//! every time stands beside a floor measured in the same run, because machines differ and drift.
use banfa::Case;
use banfa::driver;
use banfa::eval::{Env, Evaluation, derivation, findings};
use banfa::policy::Policy;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("| 项目 | 用时 | 下限 | 倍数 |\n| --- | --- | --- | --- |");
    evaluation(root);
    compilation();
    process(root);
}

/// The best of several rounds: the least disturbed one.
fn best(rounds: u32, times: u32, mut work: impl FnMut()) -> Duration {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..times {
                work();
            }
            start.elapsed() / times
        })
        .min()
        .unwrap_or_default()
}

fn row(what: &str, took: Duration, floor: (&str, Duration)) {
    let ratio = took.as_secs_f64() / floor.1.as_secs_f64().max(1e-12);
    println!("| {what} | {took:.2?} | {}：{:.2?} | {ratio:.1} |", floor.0, floor.1);
}

/// One case of every bundled law, compiled once: registers only, then with findings and what they hang on.
fn evaluation(root: &Path) {
    for (policy_path, case_paths) in bundled(root) {
        let mut policy = Policy::from_path(&policy_path).expect("bundled policy compiles");
        let name =
            policy_path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        for (which, case, operations) in ranked(&mut policy, &case_paths) {
            evaluate(&policy, &case, operations, &format!("《{name}》{which}"));
        }
    }
}

fn evaluate(policy: &Policy, case: &Case, operations: u64, what: &str) {
    let program = policy.program();
    let env = Env { calendar: policy.calendar(), date: None };
    let mut run = Evaluation::new();
    // Floor: as many dependent steps as there are operations, each a load, a table look-up and a store.
    let table = [[0u8, 0, 0, 0], [0, 1, 2, 3], [0, 2, 2, 2], [0, 3, 2, 3]];
    let mut registers = vec![1u8; usize::try_from(operations).unwrap_or(1).max(2)];
    let floor = best(20, 2000, || {
        let mut previous = 1u8;
        for slot in &mut registers {
            previous = table[usize::from(previous & 3)][usize::from(*slot & 3)] | 1;
            *slot = previous;
        }
        black_box(&mut registers);
    });
    let floor = ("同样多步的查表", floor);
    let plain = best(20, 2000, || run.run(program, black_box(case), &env));
    row(&format!("{what}，求值（{operations} 步）"), plain, floor);
    let derived = best(20, 500, || {
        run.run(program, black_box(case), &env);
        black_box(derivation(program, case, &run));
    });
    row(&format!("{what}，求值并得出推导"), derived, floor);
    let full = best(20, 500, || {
        run.run(program, black_box(case), &env);
        black_box(findings(program, case, &run));
    });
    row(&format!("{what}，求值、推导，并查明所依据的事实"), full, floor);
}

/// The bundled cases in the middle and at the end by how many operations they take, with that number.
fn ranked(policy: &mut Policy, paths: &[PathBuf]) -> Vec<(&'static str, Case, u64)> {
    let cases: Vec<_> =
        paths.iter().flat_map(|p| policy.read_cases(p).expect("bundled case reads")).collect();
    let steps = |case: &Case| -> u64 {
        let rows = |b: &banfa::ir::Block| u64::from(case.tables[b.entity.index()].rows);
        policy.program().blocks.iter().map(|b| u64::from(b.ops.len) * rows(b)).sum()
    };
    let mut cases: Vec<(Case, u64)> =
        cases.into_iter().map(|c| (steps(&c.case), c.case)).map(|(n, c)| (c, n)).collect();
    cases.sort_by_key(|(_, n)| *n);
    let middle = cases[cases.len() / 2].clone();
    let last = cases[cases.len() - 1].clone();
    vec![("居中的一案", middle.0, middle.1), ("最大的一案", last.0, last.1)]
}

fn bundled(root: &Path) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let policies = root.join("policies");
    let mut out = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(policies).expect("policies/").filter_map(|e| e.ok().map(|e| e.path())).collect();
    folders.sort();
    for folder in folders {
        // Amending decisions lie in folders below.
        let mut sources: Vec<PathBuf> = files_below(&folder)
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "banfa") && p.parent() == Some(folder.as_path()))
            .collect();
        sources.sort();
        let mut cases: Vec<PathBuf> = files_below(&folder.join("案例"))
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
            .collect();
        cases.sort();
        if let (Some(policy), false) = (sources.into_iter().next(), cases.is_empty()) {
            out.push((policy, cases));
        }
    }
    out
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .flat_map(|e| if e.path().is_dir() { files_below(&e.path()) } else { vec![e.path()] })
        .collect()
}

/// Parse and check of generated sources, against splitting the same text into characters.
fn compilation() {
    let mut previous: Option<Duration> = None;
    for articles in [1_000usize, 10_000] {
        let text = generated(articles);
        let took = best(3, 1, || {
            let compiled = driver::compile(Path::new("生成.banfa"), text.clone(), &banfa::no_includes);
            assert!(!compiled.failed(), "{:?}", compiled.diagnostics.first());
            black_box(&compiled);
        });
        let floor = best(3, 3, || {
            black_box(text.chars().filter(|c| *c == '条').count());
        });
        row(&format!("{articles} 条（{} KB）编译并检查", text.len() / 1024), took, ("逐字读一遍", floor));
        if let Some(small) = previous {
            println!("| 10,000 条比 1,000 条 | {:.1} 倍 | | |", took.as_secs_f64() / small.as_secs_f64());
        }
        previous = Some(took);
    }
}

/// A source of `articles` articles, each with a list, an exception and a priority.
fn generated(articles: usize) -> String {
    let mut text = String::from("办法「生成的办法」\n\n事实 案件：\n");
    for n in 0..200 {
        let _ = writeln!(text, "  情况{n} 是否\n  数额{n} 整数（次）");
    }
    text.push_str("\n结论 案件：\n");
    for n in 0..100 {
        let _ = writeln!(text, "  结果{n} 为 甲、乙、丙 之一，默认 甲");
    }
    for n in 1..=articles {
        let number = banfa::base::numeral::to_chinese(n as u64);
        let (a, b, c) = (n % 200, (n * 7) % 200, (n * 13) % 200);
        let _ = write!(
            text,
            "\n第{number}条「第{n}号规定，有下列情形之一的，应当作如下处理：」\n  情况{a}，且有下列情形之一的，结果{r} 应当 为 {v}：\n  \
             （一）「数额较大的；」\n    数额{b} 三次以上 且 未 情况{c}；\n  \
             （二）「情节较重的。」\n    （情况{b} 或者 情况{c}） 且 数额{a} 不满 五次。\n",
            r = n % 100,
            v = ["乙", "丙"][n % 2],
        );
        if n > 100 {
            let _ =
                writeln!(text, "  本条 优先于 第{}条。", banfa::base::numeral::to_chinese((n - 100) as u64));
        }
    }
    text
}

/// `banfa run` from start to exit, against a process that does nothing but say its version.
fn process(root: &Path) {
    let Some((policy, case)) = bundled(root).pop().and_then(|(p, c)| Some((p, c.into_iter().next()?))) else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_banfa");
    let floor = best(20, 1, || {
        black_box(Command::new(program).arg("--version").output().expect("banfa --version"));
    });
    let took = best(20, 1, || {
        let output = Command::new(program).arg("run").args([&policy, &case]).output().expect("banfa run");
        assert!(output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    });
    row("banfa run 一案（整个进程）", took, ("banfa --version", floor));
}
