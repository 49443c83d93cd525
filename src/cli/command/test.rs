//! `banfa test`: whether cases come out as they expect, or as they did when somebody last looked.
use std::collections::BTreeSet;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use crate::base::{Address, Date, Sources};
use crate::cli::global::Format;
use crate::cli::review::{self, Waiting};
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::trial::{FileTrial, Plan, SeenBy, Selection, try_files};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::cli::walk;
use crate::diag::Diagnostic;
use crate::driver::tidy_path;
use crate::files;
use crate::hir::Hir;
use crate::policy::Refusal;
use crate::report::node::escape;
use crate::testing::coverage::{self, Coverage};
use crate::testing::pending::{self, Change};
use crate::testing::show::{Entry, PolicyReport, Report, json, junit, markdown, text};
use crate::testing::snapshot::{Key, Snapshots};
use crate::testing::{State, touch};
use crate::versions::Opened;

/// What to test.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa test                            测试当前文件夹下全部办法的案例\n  \
    banfa test 办法.banfa --filter 迟还    只测试名称或者路径里有“迟还”的案例\n  \
    banfa test --touching 第十九条        只测试与第十九条有关的案例\n  \
    banfa test --review                   逐处审阅没有期望的案例与记下的结果有何不同\n  \
    banfa test --junit 结果.xml           另写一份 JUnit XML，供持续集成读取\n  \
    banfa test --coverage --html 覆盖.html  列出条文、条件测到多少，另写成网页\n  \
    banfa 测试 --format json              输出 JSON\n\n\
    退出码：0 全部通过；1 有不符的、读不懂的，快照没有、不同、无主的，或者覆盖不到 --fail-under；2 没有能够测试")]
#[expect(clippy::struct_excessive_bools, reason = "switches of the command line")]
pub struct Args {
    /// Policies, cases and folders; the current folder when left out.
    #[arg(value_name = "路径", help = "办法、案例或者文件夹；不写则为当前文件夹")]
    pub paths: Vec<PathBuf>,
    /// Threads.
    #[arg(long, value_name = "个数", help = "同时进行的线程数；默认为处理器的个数")]
    pub jobs: Option<NonZeroUsize>,
    /// Part of a name or path.
    #[arg(long, value_name = "文字", help = "只测试名称或者路径里有这段文字的案例；可以写多次，有其一即可")]
    pub filter: Vec<String>,
    /// A provision.
    #[arg(
        long,
        value_name = "地址",
        value_parser = address,
        help = "只测试与这一条（款、项、但书）有关的案例：其规则成立、被排除或者尚不明；可以写多次"
    )]
    pub touching: Vec<Address>,
    /// The day whose text counts.
    #[arg(long, value_name = "日期", value_parser = date, help = "全部案例按这一天有效的文本认定，并以它为认定日期")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
    /// Names only.
    #[arg(long, help = "只列出案例，不报告结果")]
    pub list: bool,
    /// Everything as it is now is right.
    #[arg(long, conflicts_with = "review", help = "把没有期望的案例的结果全部记为快照，去掉无主的快照")]
    pub accept: bool,
    /// One at a time.
    #[arg(long, conflicts_with = "list", help = "逐处审阅快照的变化：看差别和条文，接受、拒绝或者跳过")]
    pub review: bool,
    /// What the cases have seen of the law.
    #[arg(long, help = "列出案例测到了哪些条文、哪些条件，没有测到的缺什么")]
    pub coverage: bool,
    /// The statute, coloured.
    #[arg(long, value_name = "文件", requires = "coverage", help = "另把覆盖情况写成网页：逐条标明的条文")]
    pub html: Option<PathBuf>,
    /// The least that will do.
    #[arg(
        long = "fail-under",
        value_name = "百分数",
        requires = "coverage",
        value_parser = percent,
        help = "条文、条件中较低的一个不到这个百分数，退出码为 1"
    )]
    pub fail_under: Option<usize>,
    /// For CI.
    #[arg(long, value_name = "文件", help = "另把结果写成 JUnit XML")]
    pub junit: Option<PathBuf>,
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|_| "不是条文的地址，如 第十九条、第十九条第二项、第十八条但书".to_owned())
}

/// In tenths of a percent.
fn percent(text: &str) -> Result<usize, String> {
    let text = text.trim().trim_end_matches('%');
    let (whole, tenths) = text.split_once('.').unwrap_or((text, "0"));
    let read = |digits: &str| digits.parse::<usize>().ok().filter(|_| digits.len() <= 3);
    match (read(whole), read(tenths)) {
        (Some(whole), Some(tenths)) if tenths < 10 && whole * 10 + tenths <= 1000 => Ok(whole * 10 + tenths),
        _ => Err("应为 0 至 100 的数，至多一位小数，如 90、92.5".to_owned()),
    }
}

/// Tests everything and reports.
///
/// # Errors
/// When there is nothing to test, or something cannot be read or written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let found = walk::find(paths);
    let mut session = Session::new(args, ui);
    if !found.problems.is_empty() {
        ui.report(&found.problems, &Sources::new());
        session.status = Status::Failed;
    }
    let mut policies = Vec::new();
    for (path, cases) in found.policies.iter().filter(|(path, cases)| has_tests(path, cases)) {
        match Opened::open(path, args.date, &args.decisions.wanted()) {
            Ok(opened) => policies.push((path, cases, Ok(opened))),
            Err(refusal) => {
                ui.report(&refusal.diagnostics, &refusal.sources);
                session.status = Status::Failed;
                policies.push((path, cases, Err(refusal)));
            }
        }
    }
    let sound: Vec<&Opened> = policies.iter().filter_map(|(_, _, opened)| opened.as_ref().ok()).collect();
    session.check_addresses(&sound)?;
    for (path, cases, policy) in &mut policies {
        match policy {
            Ok(policy) => session.policy(policy, path, cases, !found.partial.contains(*path)),
            Err(refusal) => session.refused(path, refusal),
        }
    }
    if session.report.policies.iter().all(|p| p.entries.is_empty()) && session.status == Status::Fine {
        return Err(nothing(&session.selection));
    }
    if args.list {
        list(&session.report, ui, out)?;
        return Ok(session.status);
    }
    let hirs: Vec<Option<&Hir>> =
        policies.iter().map(|(_, _, opened)| opened.as_ref().ok().map(|o| &o.main().program().hir)).collect();
    session.settle(&hirs, out)?;
    session.finish(&hirs, out)
}

/// A policy without cases and without snapshots is not tested.
fn has_tests(path: &Path, cases: &[PathBuf]) -> bool {
    !cases.is_empty() || !walk::snapshots_of(path).is_empty()
}

/// B0563: nothing to test.
fn nothing(selection: &Selection) -> Failure {
    let (what, help) = if selection.is_everything() {
        ("没有找到可以测试的案例", "案例放在办法旁边的“案例”文件夹里，以 .yaml、.json 或者 .toml 结尾")
    } else {
        ("没有案例符合所给的条件", "去掉 --filter 或者 --touching，加 --list 看看有哪些案例")
    };
    Diagnostic::error("B0563", what).help(help).into()
}

/// One run of the command.
struct Session<'a> {
    args: &'a Args,
    ui: &'a Ui,
    selection: Selection,
    report: Report,
    waiting: Vec<Waiting>,
    covered: Vec<(usize, Coverage)>,
    status: Status,
}

impl<'a> Session<'a> {
    fn new(args: &'a Args, ui: &'a Ui) -> Self {
        Self {
            args,
            ui,
            selection: Selection { words: args.filter.clone(), touching: args.touching.clone() },
            report: Report::default(),
            waiting: Vec::new(),
            covered: Vec::new(),
            status: Status::Fine,
        }
    }

    /// B0562: every address asked for stands in some policy.
    fn check_addresses(&self, policies: &[&Opened]) -> Result<(), Failure> {
        let known = |a: &Address| policies.iter().any(|p| touch::known(&p.main().program().hir, a));
        let strange: Vec<Diagnostic> = self
            .selection
            .touching
            .iter()
            .filter(|a| !policies.is_empty() && !known(a))
            .map(|a| {
                Diagnostic::error("B0562", format!("没有“{a}”这一条文"))
                    .help("用 banfa list 看有哪些条文；地址写到条、款、项、目或者但书")
            })
            .collect();
        if strange.is_empty() { Ok(()) } else { Err(Failure::Diagnostics(strange)) }
    }

    fn policy(&mut self, opened: &mut Opened, path: &Path, cases: &[PathBuf], whole: bool) {
        let covering = self.args.coverage.then(|| coverage::plan(opened.main().program()));
        let jobs = self.args.jobs.or_else(|| std::thread::available_parallelism().ok());
        let plan = Plan {
            coverage: covering.as_ref(),
            jobs: jobs.map_or(1, NonZeroUsize::get),
            selection: &self.selection,
            date: self.args.date,
        };
        let (files, seen) = try_files(opened, cases, &plan);
        if let (Some(covering), Some(SeenBy { seen, cases, elsewhere })) = (covering, seen) {
            let sources = opened.main().sources();
            let coverage =
                Coverage::new(&opened.main().program().hir, covering, seen, sources, cases, elsewhere);
            self.covered.push((self.report.policies.len(), coverage));
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // Asked for the text of a day, results are kept apart from those of the text as written.
        let since = opened.version().filter(|_| opened.asked().is_some()).and_then(|v| v.since);
        let key = pending::policy_key(&name, since);
        let mut entries = Vec::new();
        for file in &files {
            if let Some((warnings, sources)) = &file.warnings {
                self.ui.report(warnings, sources);
            }
            self.file(&key, file, &mut entries);
        }
        if self.selection.is_everything() && whole {
            self.lost(&key, path, &files, &mut entries);
        }
        self.report.policies.push(PolicyReport {
            path: path.display().to_string(),
            title: opened.main().program().hir.header.title.clone(),
            entries,
            refusal: None,
        });
    }

    fn refused(&mut self, path: &Path, refusal: &Refusal) {
        self.report.policies.push(PolicyReport {
            path: path.display().to_string(),
            title: path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            entries: Vec::new(),
            refusal: Some((refusal.diagnostics.clone(), refusal.sources.clone())),
        });
    }

    fn file(&mut self, key: &str, file: &FileTrial, entries: &mut Vec<Entry>) {
        let kept = walk::snapshot_path(&file.path);
        let snapshots = review::load(&kept).unwrap_or_else(|refusal| {
            entries.push(refused(&kept, refusal));
            Snapshots::default()
        });
        let broken = entries.last().is_some_and(|e| e.path == kept.display().to_string());
        let order = pending::keys(key, &file.tests);
        for ((test, wanted), key) in file.tests.iter().zip(&file.wanted).zip(&order) {
            if !wanted {
                self.report.tally.skipped += 1;
                continue;
            }
            let change = pending::change(key, test, &snapshots).filter(|_| !broken);
            self.wait(&kept, change.as_ref(), &order, entries.len());
            entries.push(Entry::of(test, &file.path.display().to_string(), change));
        }
        if let Some(refusal) = &file.refusal {
            if self.selection.touching.is_empty() && self.selection.names("", &file.path) {
                entries.push(refused(&file.path, refusal.clone()));
            } else {
                self.report.tally.skipped += 1;
            }
        } else if self.selection.is_everything() && !broken {
            for change in pending::orphans(key, &file.tests, &snapshots) {
                self.orphan(&kept, change, entries);
            }
        }
    }

    /// Snapshot files whose case file is gone.
    fn lost(&mut self, key: &str, path: &Path, files: &[FileTrial], entries: &mut Vec<Entry>) {
        let looked_at: BTreeSet<PathBuf> =
            files.iter().map(|f| tidy_path(&walk::snapshot_path(&f.path))).collect();
        for kept in walk::snapshots_of(path).iter().filter(|p| !looked_at.contains(&tidy_path(p))) {
            match review::load(kept) {
                Ok(snapshots) => {
                    for change in pending::orphans(key, &[], &snapshots) {
                        self.orphan(kept, change, entries);
                    }
                }
                Err(refusal) => entries.push(refused(kept, refusal)),
            }
        }
    }

    fn orphan(&mut self, kept: &Path, change: Change, entries: &mut Vec<Entry>) {
        self.wait(kept, Some(&change), &[], entries.len());
        entries.push(Entry {
            name: change.key.case.clone(),
            path: kept.display().to_string(),
            line: 1,
            state: State::Orphaned,
            failures: Vec::new(),
            change: Some(change),
            refusal: None,
        });
    }

    fn wait(&mut self, kept: &Path, change: Option<&Change>, order: &[Key], entry: usize) {
        let policy = self.report.policies.len();
        self.waiting.extend(change.map(|change| Waiting {
            file: kept.to_path_buf(),
            change: change.clone(),
            order: order.to_vec(),
            entry: (policy, entry),
        }));
    }

    /// Accepts what is to be accepted. Nothing is written while a case fails: what is recorded comes from sound rules.
    fn settle(&mut self, hirs: &[Option<&Hir>], out: &mut dyn Write) -> Result<(), Failure> {
        if !(self.args.accept || self.args.review) || self.waiting.is_empty() {
            return Ok(());
        }
        let states = || self.report.policies.iter().flat_map(|p| p.entries.iter().map(|e| e.state));
        if self.status != Status::Fine || states().any(|s| matches!(s, State::Failed | State::Refused)) {
            self.ui.report(
                &[Diagnostic::warning("B0564", "有案例不通过，快照一份也没有写")
                    .help("先使写了期望的案例全部通过，再接受快照；也可以用 --filter 只看一部分案例")],
                &Sources::new(),
            );
            return Ok(());
        }
        let accepted = if self.args.accept {
            (0..self.waiting.len()).collect()
        } else {
            let shown: Vec<(Waiting, &Hir, String)> = self
                .waiting
                .iter()
                .filter_map(|w| {
                    let title = self.report.policies.get(w.entry.0)?.title.clone();
                    Some((w.clone(), (*hirs.get(w.entry.0)?)?, title))
                })
                .collect();
            review::ask(&shown, self.ui, out, &mut std::io::stdin().lock())?
        };
        let chosen: Vec<&Waiting> = accepted.iter().filter_map(|at| self.waiting.get(*at)).collect();
        review::write(&chosen).map_err(Failure::Diagnostics)?;
        for (policy, entry) in chosen.iter().map(|w| w.entry) {
            let place = self.report.policies.get_mut(policy).and_then(|p| p.entries.get_mut(entry));
            if let Some(entry) = place {
                entry.change = None;
                entry.state = State::Passed;
            }
        }
        self.report.accepted = chosen.len();
        // An orphan that was removed is no case that passed.
        for (at, policy) in self.report.policies.iter_mut().enumerate() {
            let gone: BTreeSet<usize> = chosen
                .iter()
                .filter(|w| w.entry.0 == at && w.change.state == State::Orphaned)
                .map(|w| w.entry.1)
                .collect();
            let mut index = 0;
            policy.entries.retain(|_| {
                index += 1;
                !gone.contains(&(index - 1))
            });
        }
        Ok(())
    }

    fn finish(mut self, hirs: &[Option<&Hir>], out: &mut dyn Write) -> Outcome {
        for policy in &self.report.policies {
            for entry in &policy.entries {
                self.report.tally.add(entry.state);
            }
        }
        if let Some(path) = &self.args.junit {
            files::replace(path, &junit::junit(&self.report)?)?;
        }
        let law = |at: usize| hirs.get(at).copied().flatten();
        let covered: Vec<(&Hir, &Coverage)> =
            self.covered.iter().filter_map(|(at, c)| Some((law(*at)?, c))).collect();
        if let Some(path) = &self.args.html {
            files::replace(path, &coverage::html::page(&covered))?;
        }
        out.write_all(self.shown(&covered).as_bytes())?;
        let low: Vec<Diagnostic> = covered.iter().filter_map(|(hir, c)| self.too_low(hir, c)).collect();
        self.ui.report(&low, &Sources::new());
        let fine = if self.report.fine() && low.is_empty() { Status::Fine } else { Status::Findings };
        Ok(self.status.max(fine))
    }

    fn shown(&self, covered: &[(&Hir, &Coverage)]) -> String {
        let style = self.ui.page();
        match self.ui.format {
            Format::Text => {
                let parts = covered.iter().map(|(hir, c)| coverage::show::text(hir, c, &style) + "\n");
                parts.collect::<String>() + &text::text(&self.report, &style)
            }
            Format::Md => {
                let mut page = markdown::markdown(&self.report);
                for (hir, coverage) in covered {
                    page.push('\n');
                    page.push_str(&coverage::show::markdown(hir, coverage));
                }
                page
            }
            Format::Json => {
                let mut value = json::value(&self.report);
                if let (true, Some(map)) = (self.args.coverage, value.as_object_mut()) {
                    let parts = covered.iter().map(|(hir, c)| coverage::show::json(hir, c)).collect();
                    map.insert("coverage".to_owned(), parts);
                }
                value.to_string() + "\n"
            }
        }
    }

    /// B0570: less is covered than was asked for.
    fn too_low(&self, hir: &Hir, coverage: &Coverage) -> Option<Diagnostic> {
        let least = self.args.fail_under.filter(|least| coverage.lower() < *least)?;
        let message = format!(
            "《{}》的覆盖不到 {}.{}%：条文 {}，条件 {}",
            hir.header.title,
            least / 10,
            least % 10,
            coverage.provisions().percent(),
            coverage.conditions().percent()
        );
        Some(Diagnostic::error("B0570", message).help("看“没有测到的”缺什么，补上相应的案例"))
    }
}

fn refused(path: &Path, refusal: (Vec<Diagnostic>, Sources)) -> Entry {
    Entry {
        name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        path: path.display().to_string(),
        line: 1,
        state: State::Refused,
        failures: Vec::new(),
        change: None,
        refusal: Some(refusal),
    }
}

/// The cases that would be tested.
fn list(report: &Report, ui: &Ui, out: &mut dyn Write) -> Result<(), Failure> {
    let entries = report.policies.iter().flat_map(|p| p.entries.iter().map(move |e| (p, e)));
    let cases = entries.filter(|(_, e)| e.state != State::Orphaned);
    match ui.format {
        Format::Text => {
            for (_, entry) in cases {
                writeln!(out, "{}:{}　{}", entry.path, entry.line, entry.name)?;
            }
        }
        Format::Md => {
            for (_, entry) in cases {
                writeln!(out, "- {}（{}:{}）", escape(&entry.name), escape(&entry.path), entry.line)?;
            }
        }
        Format::Json => {
            let listed: Vec<serde_json::Value> = cases
                .map(|(policy, e)| {
                    serde_json::json!({ "policy": policy.path, "name": e.name, "path": e.path, "line": e.line })
                })
                .collect();
            writeln!(out, "{}", serde_json::json!({ "cases": listed }))?;
        }
    }
    Ok(())
}
