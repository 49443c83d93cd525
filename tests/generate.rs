//! Generated cases: the same every time, readable as what they are, valid for every law, and seldom boring.
use banfa::base::{FileId, Truth};
use banfa::eval::{Env, Evaluation};
use banfa::facts::{Case, Format, ReadOptions, read_cases};
use banfa::generate::{Generator, Options, json};
use banfa::hir::Hir;
use banfa::policy::Policy;
use std::path::{Path, PathBuf};

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
