//! Everything banfa can do with a text, done.
use banfa::base::{Date, Sources};
use banfa::diag::{self, Diagnostic, Severity};
use banfa::policy::{Policy, Refusal};
use banfa::report::{Asked, Style, View, json, markdown, outline, text};
use std::path::Path;

/// Times `few`: how many rounds a random test runs.
pub fn rounds(few: u32) -> u32 {
    std::env::var("BANFA_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .map_or(few, |n: u32| few.saturating_mul(n))
}

/// No file but the one given.
pub fn alone(path: &Path) -> Result<String, Diagnostic> {
    Err(Diagnostic::error("B0820", format!("没有“{}”这个文件", path.display())))
}

pub fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
    let mut codes: Vec<_> = found.iter().map(|d| d.code).collect();
    codes.dedup();
    codes
}

/// Places lie in their texts at the edges of characters, and everything can be shown.
pub fn check_findings(found: &[Diagnostic], sources: &Sources) {
    for d in found {
        let spans = d.labels.iter().map(|l| l.span).chain(d.fix.iter().map(|f| f.span));
        for span in spans {
            let text = sources.text(span.file);
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{}: {span:?}", d.code);
        }
        assert!(d.code.starts_with('B') && d.code.len() == 5, "{}", d.code);
        assert!(!d.message.is_empty() && !d.message.contains('\n'), "{}: {:?}", d.code, d.message);
    }
    let style = diag::render::Style { limit: 5, ..Default::default() };
    std::hint::black_box(diag::render::render(found, sources, &style));
    for line in diag::json::lines(found.get(..5).unwrap_or(found), sources).lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    }
}

/// A policy, or findings that say why not.
pub fn compile(text: &str) -> Result<Policy, Refusal> {
    compile_with(text, &alone)
}

pub fn compile_with(text: &str, load: banfa::driver::Load<'_>) -> Result<Policy, Refusal> {
    let compiled = Policy::from_text("无/办法.banfa", text, load);
    match &compiled {
        Ok(policy) => {
            assert!(policy.warnings().iter().all(|d| d.severity != Severity::Error));
            check_findings(policy.warnings(), policy.sources());
        }
        Err(refusal) => {
            assert!(refusal.diagnostics.iter().any(|d| d.severity == Severity::Error));
            check_findings(&refusal.diagnostics, &refusal.sources);
        }
    }
    compiled
}

/// Codes of the findings; empty for a policy without any.
pub fn codes_of(text: &str) -> Vec<&'static str> {
    match compile(text) {
        Ok(policy) => codes(policy.warnings()),
        Err(refusal) => codes(&refusal.diagnostics),
    }
}

/// Runs every case of a text and writes every report; says how many cases there were.
pub fn run_all(policy: &mut Policy, name: &str, text: &str) -> (usize, Vec<&'static str>) {
    let (cases, found) = policy.try_cases(Path::new(name), text, None);
    check_findings(&found, policy.sources());
    assert!(!cases.is_empty() || !found.is_empty(), "neither a case nor a finding");
    for file in &cases {
        reports(policy, &file.case, None);
        let outcome = policy.run(&file.case, None);
        check_findings(
            &banfa::testing::differences(&policy.program().hir, file, &outcome.findings),
            policy.sources(),
        );
    }
    (cases.len(), codes(&found))
}

/// All reports of one case, twice the same; the JSON.
pub fn reports(policy: &Policy, case: &banfa::facts::Case, date: Option<Date>) -> serde_json::Value {
    let asked = Asked { why: true, unpruned: false, why_not: Vec::new(), missing: true };
    let draw = || {
        let outcome = policy.run(case, date);
        let view =
            View { program: policy.program(), sources: policy.sources(), case, run: &outcome.run, date };
        let style = Style::default();
        (
            text::text(&view, &outcome.findings, &asked, &style),
            json::json_line(&view, &outcome.findings, &asked),
            markdown::markdown(&view, &outcome.findings, &asked),
        )
    };
    let (text, json, markdown) = draw();
    let again = draw();
    assert!(text == again.0 && json == again.1 && markdown == again.2, "not the same twice");
    assert!(!text.is_empty() && !markdown.is_empty());
    serde_json::from_str(&json).expect("JSON")
}

/// What else is made of a policy: contents, a blank case that can be read back, a schema, the program.
pub fn descriptions(policy: &mut Policy) {
    let outline = outline::outline(&policy.program().hir);
    assert!(!outline::text(&outline, true, &Style::default()).is_empty());
    assert!(!outline::markdown(&outline, true).is_empty());
    serde_json::from_str::<serde_json::Value>(&outline::json(&outline)).expect("JSON");
    assert!(banfa::facts::case_schema(&policy.program().hir).is_object());
    assert!(!banfa::ir::listing::listing(policy.program(), policy.sources()).is_empty());
    let blank = banfa::facts::blank_case(&policy.program().hir);
    let (cases, found) = policy.try_cases(Path::new("空白.yaml"), &blank, None);
    assert_eq!((cases.len(), codes(&found)), (1, vec![]), "{blank}");
}
