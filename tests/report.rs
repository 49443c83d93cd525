//! Results, reasons, outlines and listings in words: what analysts and programs read.
use banfa::base::{Sources, WorkCalendar};
use banfa::eval::{Env, Evaluation};
use banfa::facts::{CaseFile, Format, ReadOptions, read_cases};
use banfa::hir::{LoadedFile, lower};
use banfa::ir::Program;
use banfa::report::json::{case_result, json_pretty};
use banfa::report::{Asked, Style, View, WhyNot, markdown, outline, schema, text};
use banfa::syntax::parse;
use std::path::Path;

/// A law and its cases.
struct Law {
    program: Program,
    sources: Sources,
    cases: Vec<CaseFile>,
}

impl Law {
    fn new(policy: &str, cases: &str) -> Self {
        let mut sources = Sources::new();
        let file = sources.add("规则.banfa", policy);
        let (tree, mut found) = parse(policy, file);
        let (hir, more) = lower(&[LoadedFile { file: tree, includes: Vec::new() }]);
        found.extend(more);
        let case_file = sources.add("案例.yaml", cases);
        let (cases, more) = read_cases(cases, case_file, Format::Yaml, &hir, &ReadOptions::default());
        found.extend(more);
        found.retain(|d| d.severity == banfa::diag::Severity::Error);
        assert!(found.is_empty(), "{found:#?}");
        Self { program: banfa::ir::lower(hir), sources, cases }
    }

    /// A policy among the good cases.
    fn good(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
        let read = |end: &str| std::fs::read_to_string(folder.join(format!("{name}.{end}"))).unwrap();
        Self::new(&read("banfa"), &read("yaml"))
    }

    /// Runs each case and shows what `show` makes of it.
    fn each(&self, mut show: impl FnMut(&View<'_>) -> String) -> String {
        let calendar = WorkCalendar::built_in();
        let mut run = Evaluation::new();
        let mut out = String::new();
        for file in &self.cases {
            let date = file.case.date;
            run.run(&self.program, &file.case, &Env { calendar: &calendar, date });
            let view =
                View { program: &self.program, sources: &self.sources, case: &file.case, run: &run, date };
            out.push_str(&show(&view));
            out.push('\n');
        }
        out
    }

    fn text(&self, asked: &Asked) -> String {
        self.each(|view| text::text(view, &view.findings(), asked, &Style::default()))
    }
}

#[test]
#[ignore = "for the eye"]
fn look() {
    let name = std::env::var("LOOK").unwrap();
    let law = if name.contains('/') {
        let (policy, case) = name.split_once(',').unwrap();
        Law::new(&std::fs::read_to_string(policy).unwrap(), &std::fs::read_to_string(case).unwrap())
    } else {
        Law::good(&name)
    };
    let why_not = std::env::var("WHYNOT").ok().map(|w| WhyNot::parse(&law.program.hir, &w).unwrap());
    let asked = Asked {
        why: std::env::var("WHY").is_ok(),
        missing: std::env::var("MISSING").is_ok(),
        why_not: why_not.into_iter().collect(),
        ..Asked::default()
    };
    match std::env::var("AS").as_deref() {
        Ok("md") => println!("{}", law.each(|v| markdown::markdown(v, &v.findings(), &asked))),
        Ok("json") => println!("{}", law.each(|v| json_pretty(v, &v.findings(), &asked))),
        Ok("ir") => println!("{}", banfa::ir::listing::listing(&law.program, &law.sources)),
        Ok("list") => {
            println!("{}", outline::text(&outline::outline(&law.program.hir), false, &Style::default()))
        }
        _ => println!("{}", law.text(&asked)),
    }
    let _ = (case_result, schema::results_schema);
}
