//! Every case that says what it expects gets it: the bundled laws and the neutral policies that pin the language.
use banfa::diag::{Severity, render};
use banfa::eval::Evaluation;
use banfa::policy::{Policy, Reading};
use banfa::report::Style;
use banfa::testing::coverage::{self, Coverage, Seen};
use banfa::testing::show::{Entry, PolicyReport, Report, text};
use banfa::testing::{differences, try_case};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").map(|e| e.expect("entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// What is wrong with the cases of one policy, drawn; how many cases and expectations there were.
fn try_policy(path: &Path, cases: &[PathBuf], failures: &mut Vec<String>) -> (usize, usize) {
    let shown = path.strip_prefix(root()).unwrap_or(path);
    let mut policy = match Policy::from_path(shown) {
        Ok(policy) => policy,
        Err(refusal) => {
            failures.push(format!("{}\n{refusal}", shown.display()));
            return (0, 0);
        }
    };
    let (mut count, mut expectations) = (0, 0);
    for path in cases {
        let path = path.strip_prefix(root()).unwrap_or(path);
        let text = std::fs::read_to_string(path).expect("case");
        let (files, mut found) = policy.try_cases(path, &text, None);
        for file in &files {
            count += 1;
            expectations += file.expectations.len();
            let outcome = policy.run(&file.case, None);
            found.extend(differences(&policy.program().hir, file, &outcome.findings));
        }
        if found.iter().any(|d| d.severity == Severity::Error) {
            failures.push(render::render(&found, policy.sources(), &render::Style::default()));
        }
    }
    (count, expectations)
}

#[test]
fn bundled_laws_decide_their_cases_as_expected() {
    let mut failures = Vec::new();
    let mut total = 0;
    for path in files_below(&root().join("policies"), "banfa") {
        let folder = path.parent().expect("folder").join("案例");
        if !folder.is_dir() {
            continue;
        }
        let cases: Vec<PathBuf> = files_below(&folder, "yaml")
            .into_iter()
            .filter(|p| !p.components().any(|c| c.as_os_str() == "基础"))
            .collect();
        let (count, expectations) = try_policy(&path, &cases, &mut failures);
        assert!(
            count > 0 && expectations >= count,
            "{}: {count} cases, {expectations} expectations",
            path.display()
        );
        total += count;
    }
    assert!(failures.is_empty(), "{} of {total} cases\n{}", failures.len(), failures.join("\n"));
}

/// The same through what `banfa test` reports: every case counted, nothing to tell.
#[test]
fn the_report_on_the_bundled_laws() {
    let mut report = Report::default();
    for path in files_below(&root().join("policies"), "banfa") {
        let folder = path.parent().expect("folder").join("案例");
        if folder.is_dir() {
            let policy = Policy::from_path(&path).expect("a policy");
            let entries =
                files_below(&folder, "yaml").iter().flat_map(|case| entries(&policy, case)).collect();
            let title = policy.program().hir.header.title.clone();
            report.policies.push(PolicyReport { path: title.clone(), title, entries, refusal: None });
        }
    }
    for entry in report.policies.iter().flat_map(|p| &p.entries) {
        report.tally.add(entry.state);
    }
    assert!(report.tally.cases() > 300, "{:?}", report.tally);
    let told = text::text(&report, &Style::default());
    // Cases come and go; how many there are is no part of what is pinned.
    let told: String = told.chars().map(|c| if c.is_ascii_digit() { 'N' } else { c }).collect();
    insta::assert_snapshot!(told.replace("NNN", "N"), @"测试了 N 部办法、N 个案例：通过 N");
}

/// Every rule, listed condition, 但书, scope and term of the bundled laws is seen to hold and not to hold.
#[test]
fn bundled_laws_are_covered_both_ways() {
    for path in files_below(&root().join("policies"), "banfa") {
        let folder = path.parent().expect("folder").join("案例");
        if !folder.is_dir() {
            continue;
        }
        let policy = Policy::from_path(&path).expect("a policy");
        let program = policy.program();
        let plan = coverage::plan(program);
        let mut seen = Seen::new(&plan);
        let mut run = Evaluation::new();
        for (at, case) in files_below(&folder, "yaml").iter().enumerate() {
            if case.components().any(|c| c.as_os_str() == "基础") {
                continue;
            }
            let text = std::fs::read_to_string(case).expect("case");
            for case in policy.read_file(case, &text, &Reading::default()).cases {
                let _ = try_case(&policy.law(None), policy.sources(), &case, &mut run);
                seen.add(&plan, program, &run, (u32::try_from(at).expect("a few"), 0));
            }
        }
        let covered = Coverage::new(&program.hir, plan, seen, policy.sources(), BTreeMap::new(), 0);
        let told = coverage::show::text(&program.hir, &covered, &Style::default());
        let provisions = covered.provisions();
        assert_eq!(provisions.covered, provisions.all, "{told}");
        assert!(covered.conditions().per_mille() >= 700, "{told}");
    }
}

fn entries(policy: &Policy, case: &Path) -> Vec<Entry> {
    if case.components().any(|c| c.as_os_str() == "基础") {
        return Vec::new();
    }
    let shown = case.strip_prefix(root()).unwrap_or(case).display().to_string();
    let read = policy.read_file(case, &std::fs::read_to_string(case).expect("case"), &Reading::default());
    assert!(read.diagnostics.is_empty(), "{shown}");
    let mut run = Evaluation::new();
    let tried = |c| Entry::of(&try_case(&policy.law(None), &read.sources, c, &mut run), &shown, None);
    read.cases.iter().map(tried).collect()
}

#[test]
fn neutral_policies_pin_the_language() {
    let mut failures = Vec::new();
    let mut total = 0;
    for path in files_below(&root().join("tests/cases/ok"), "banfa") {
        let cases = path.with_extension("yaml");
        if cases.is_file() {
            total += try_policy(&path, &[cases], &mut failures).0;
        }
    }
    assert!(total > 0, "no cases");
    assert!(failures.is_empty(), "{} of {total} cases\n{}", failures.len(), failures.join("\n"));
}
