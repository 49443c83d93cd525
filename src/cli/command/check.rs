//! `banfa check`: whether policies compile, and whether their cases are well formed and come out as they expect.
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::{Date, FileId};
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui, status_of};
use crate::cli::walk::{self, Found};
use crate::diag::{Diagnostic, Severity, tidy};
use crate::facts::CaseFile;
use crate::files;
use crate::policy::Policy;
use crate::syntax;
use crate::testing;
use crate::versions::{Opened, Timeline, Wanted};

/// What to check.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa check                        检查当前文件夹下所有的办法和案例\n  \
    banfa check 办法.banfa             检查一部办法，并与原文逐字核对\n  \
    banfa check policies 案件.yaml     检查一个文件夹，以及一个案例\n  \
    banfa check --strict 办法.banfa    有警告也算不通过\n  \
    banfa check --date 2027-01-01      检查这一天有效的文本\n  \
    banfa 检查 --format json           一行一个 JSON，供编辑器读取\n\n\
    退出码：0 没有错误；1 有错误；2 没有能够检查")]
pub struct Args {
    /// Policies, cases and folders; the current folder when left out.
    #[arg(value_name = "路径", help = "办法、案例或者文件夹；不写则为当前文件夹，- 为标准输入中的办法")]
    pub paths: Vec<PathBuf>,
    /// Warnings count as findings.
    #[arg(long, help = "有警告时退出码也为 1")]
    pub strict: bool,
    /// The day whose text is checked.
    #[arg(long, value_name = "日期", value_parser = date, help = "检查这一天有效的文本，案例也按它认定")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

#[derive(Default)]
struct Tally {
    policies: usize,
    cases: usize,
    decisions: usize,
    errors: usize,
    warnings: usize,
    status: Option<Status>,
}

/// Checks everything and says at the end how much was checked.
///
/// # Errors
/// When there is nothing to check or a path cannot be read.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let Found { policies, alone, decisions, problems, .. } = walk::find(paths);
    let mut tally = Tally::default();
    if !problems.is_empty() {
        tally.add(ui, &problems, &crate::base::Sources::new(), args.strict);
    }
    if policies.is_empty() && alone.is_empty() && decisions.is_empty() && problems.is_empty() {
        return Err(Failure::Diagnostics(vec![
            Diagnostic::error("B0814", "没有找到可以检查的办法")
                .help("办法的文件名以 .banfa 结尾，开头写明 办法「名称」"),
        ]));
    }
    for (path, cases) in &policies {
        tally.policy(ui, path, cases, args);
    }
    for (folder, policy) in &decisions {
        match Timeline::open(policy, &Wanted::These(vec![folder.clone()])) {
            Ok(timeline) => tally.decisions(ui, Some(&timeline), args),
            Err(refusal) => tally.add(ui, &refusal.diagnostics, &refusal.sources, args.strict),
        }
    }
    for path in &alone {
        tally.part(ui, path, args.strict);
    }
    let Tally { policies, cases, decisions, errors, warnings, status } = tally;
    match ui.format {
        Format::Json => writeln!(
            out,
            "{}",
            serde_json::json!({
                "policies": policies, "cases": cases, "decisions": decisions,
                "errors": errors, "warnings": warnings,
            })
        )?,
        Format::Text | Format::Md => {
            let found = match (errors, warnings) {
                (0, 0) => "没有发现问题".to_owned(),
                (0, w) => format!("没有错误，{w} 个警告"),
                (e, 0) => format!("{e} 个错误"),
                (e, w) => format!("{e} 个错误，{w} 个警告"),
            };
            let amended =
                if decisions > 0 { format!("、{decisions} 件修改决定") } else { String::new() };
            writeln!(out, "检查了 {policies} 部办法、{cases} 个案例{amended}：{found}")?;
        }
    }
    Ok(status.unwrap_or(Status::Fine))
}

impl Tally {
    fn add(&mut self, ui: &Ui, found: &[Diagnostic], sources: &crate::base::Sources, strict: bool) {
        let mut found = found.to_vec();
        tidy(&mut found);
        self.errors += found.iter().filter(|d| d.severity == Severity::Error).count();
        self.warnings += found.iter().filter(|d| d.severity == Severity::Warning).count();
        ui.report(&found, sources);
        self.note(status_of(&found, strict));
    }

    fn note(&mut self, status: Status) {
        self.status = Some(self.status.map_or(status, |s| s.max(status)));
    }

    fn policy(&mut self, ui: &Ui, path: &Path, cases: &[PathBuf], args: &Args) {
        self.policies += 1;
        // Decisions that cannot be used do not keep the text as written from being checked.
        let opened = match Opened::open(path, args.date, &args.decisions.wanted()) {
            Ok(opened) => Ok(opened),
            Err(refusal) => Opened::open(path, None, &Wanted::These(Vec::new())).inspect(|_| {
                self.add(ui, &refusal.diagnostics, &refusal.sources, args.strict);
            }),
        };
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(refusal) => {
                self.add(ui, &refusal.diagnostics, &refusal.sources, args.strict);
                return;
            }
        };
        let mut found = opened.main().warnings().to_vec();
        for case in cases {
            match files::read(case).map(|text| opened.read(case, &text, args.date)) {
                Ok(Ok(batches)) => {
                    for batch in batches {
                        self.cases += batch.cases.len();
                        let policy = opened.policy(batch.number);
                        let mut problems = batch.diagnostics;
                        problems.extend(batch.cases.iter().flat_map(|file| unexpected(policy, file)));
                        if batch.number == opened.number() {
                            found.extend(problems);
                        } else {
                            self.add(ui, &problems, policy.sources(), args.strict);
                        }
                    }
                }
                Ok(Err(refusal)) => self.add(ui, &refusal.diagnostics, &refusal.sources, args.strict),
                Err(unreadable) => found.push(unreadable),
            }
        }
        self.add(ui, &found, opened.main().sources(), args.strict);
        self.decisions(ui, opened.timeline(), args);
    }

    /// Every text that the decisions make, one after the other.
    fn decisions(&mut self, ui: &Ui, timeline: Option<&Timeline>, args: &Args) {
        let Some(timeline) = timeline else { return };
        self.decisions += timeline.decisions().len();
        let mut told: BTreeSet<String> = BTreeSet::new();
        let written = timeline.written().and_then(|version| timeline.policy(&version));
        told.extend(written.iter().flat_map(|p| p.warnings().iter().map(|d| d.message.clone())));
        self.add(ui, timeline.warnings(), timeline.sources(), args.strict);
        let last = args.date.map_or(timeline.steps().len(), |date| timeline.steps_by(date));
        for number in 1..=last {
            let made = timeline.after(number).and_then(|v| timeline.policy(&v).map(|policy| (v, policy)));
            match made {
                Ok((version, policy)) => {
                    if let Some(done) = version.done.last() {
                        self.add(ui, &done.notes, &done.sources, args.strict);
                    }
                    // What an earlier text was warned of already is not said again of each later one.
                    let new = policy.warnings().iter().filter(|d| told.insert(d.message.clone()));
                    let new: Vec<Diagnostic> = new.cloned().collect();
                    self.add(ui, &new, policy.sources(), args.strict);
                }
                Err(refusal) => {
                    self.add(ui, &refusal.diagnostics, &refusal.sources, args.strict);
                    return;
                }
            }
        }
    }

    /// A part that no policy here includes can only be read, not resolved.
    fn part(&mut self, ui: &Ui, path: &Path, strict: bool) {
        match files::read(path) {
            Ok(text) => {
                let mut sources = crate::base::Sources::new();
                let file: FileId = sources.add(path.display().to_string(), text);
                let (_, mut found) = syntax::parse(sources.text(file), file);
                found.push(
                    Diagnostic::warning("B0815", format!("“{}”没有标题，也没有办法引用它，只检查了写法", path.display()))
                        .help("单独的一部办法，开头写明 办法「名称」；某部办法的一部分，在那部办法里写 引用「文件名」"),
                );
                self.add(ui, &found, &sources, strict);
            }
            Err(unreadable) => self.add(ui, &[unreadable], &crate::base::Sources::new(), strict),
        }
    }
}

/// What a case expects and did not get.
fn unexpected(policy: &Policy, file: &CaseFile) -> Vec<Diagnostic> {
    if file.expectations.is_empty() {
        return Vec::new();
    }
    let outcome = policy.run(&file.case, None);
    testing::differences(&policy.program().hir, file, &outcome.findings)
}
