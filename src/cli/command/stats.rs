//! `banfa stats`: what came out of many cases.
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use indicatif::{ProgressBar, ProgressStyle};

use crate::base::{Date, Sources};
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::dataset::results::{self, Files};
use crate::diag::Diagnostic;
use crate::files;
use crate::hir::Hir;
use crate::stats::{
    BadRow, ByWhat, Comparison, Parts, Record, Records, Schema, Step, Summary, Tally, Words, errors, show,
    summarize,
};

/// Lines shown of what has no natural end.
const TOP: usize = 20;
/// Rows that could not be read, named.
const NAMED: usize = 5;
/// Cases between two moves of the bar.
const BEAT: u64 = 4096;

/// Which results, and what of them.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa stats 办法.banfa 结果.jsonl                 各条文、各项结论、待查、冲突各有多少\n  \
    banfa stats 办法.banfa 结果.csv                   连同旁边的 结果.人员.csv 等各实体的表\n  \
    banfa stats 办法.banfa 结果.jsonl --by 身份       各项结论按一个事实（或者结论）分列\n  \
    banfa stats 办法.banfa 结果.jsonl --against 修改前.jsonl  两次认定有什么不同\n  \
    banfa stats 办法.banfa 结果.jsonl --out 统计.html  写成一页图表\n  \
    banfa stats 办法.banfa 结果.jsonl.zst --out 统计.csv  全部的数，供表格软件用\n  \
    zstd -dc 结果.jsonl.zst | banfa 统计 办法.banfa - --format md\n\n\
    退出码：0 正常；1 有读不懂的行；2 没有能够统计"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "结果所据的办法")]
    pub policy: PathBuf,
    /// Result files.
    #[arg(
        value_name = "结果",
        required = true,
        num_args = 1..,
        help = "批量认定写出的结果（JSONL、CSV、Parquet，可以压缩为 .gz、.zst）；- 为标准输入"
    )]
    pub results: Vec<PathBuf>,
    /// Facts or conclusions to go by.
    #[arg(
        long,
        value_name = "事实",
        value_delimiter = ',',
        help = "各项结论按这个事实或者结论分列；几个用逗号分开，某个实体的写成 实体.事实"
    )]
    pub by: Vec<String>,
    /// Joined values one by one.
    #[arg(long, help = "多选的几个值分开计，一行可以计入几处；不写则几个值合起来算一种")]
    pub split: bool,
    /// Another run.
    #[arg(long, value_name = "结果", help = "另一次认定的结果（如修改以前的），按（序号）逐件比较")]
    pub against: Option<PathBuf>,
    /// A page or a table.
    #[arg(long, value_name = "文件", help = "写成网页（.html）或者表格（.csv）；这时标准输出只有一行概要")]
    pub out: Option<PathBuf>,
    /// How much is shown.
    #[arg(long, value_name = "个数", default_value_t = TOP, hide_default_value = true, help = "种类很多的，列出最多的几种；每种变化举几件案件；不写为 20")]
    pub top: usize,
    /// The day whose text the results are of.
    #[arg(long, value_name = "日期", value_parser = date, help = "结果所据的是这一天有效的文本")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// Counts and shows.
///
/// # Errors
/// When policy or results cannot be read, or the outcome cannot be written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let target = args.out.as_deref().map(Target::of).transpose()?;
    let mut inputs = args.results.iter().chain(&args.against).chain([&args.policy]);
    if inputs.clone().filter(|p| *p == Path::new("-")).count() > 1 {
        let problem = Diagnostic::error("B0812", "标准输入只能用一次").help("办法和结果中最多有一份写成 -");
        return Err(problem.into());
    }
    if let Some(path) = args.out.as_ref().filter(|path| inputs.any(|input| input == *path)) {
        return Err(files::already_there(path).into());
    }
    let Some(opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let hir = &opened.main().program().hir;
    let schema = Schema::new(hir, &args.by).map_err(|names| {
        Failure::Diagnostics(names.iter().map(|name| errors::unknown_by(hir, name)).collect())
    })?;
    let mut run = Run::new(hir, args, schema)?;
    run.read()?;
    let summary = run.summary()?;
    ui.report(&run.findings(), &Sources::new());
    match target {
        None => out.write_all(shown(&summary, args, ui).as_bytes())?,
        Some(target) => {
            files::replace(&target.path, &target.text(&summary, args))?;
            writeln!(out, "{}", brief(&summary, &target.path))?;
        }
    }
    Ok(if run.bad == 0 { Status::Fine } else { Status::Findings })
}

/// A file to be written.
struct Target {
    path: PathBuf,
    page: bool,
}

impl Target {
    /// B0836: only pages and tables can be written.
    fn of(path: &Path) -> Result<Self, Diagnostic> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let page = match ending.as_str() {
            "html" | "htm" => true,
            "csv" => false,
            _ => {
                return Err(Diagnostic::error("B0836", format!("不能把统计写成“{}”", path.display()))
                    .help("--out 之后写以 .html（网页）或者 .csv（表格）结尾的文件名"));
            }
        };
        Ok(Self { path: path.to_path_buf(), page })
    }

    fn text(&self, summary: &Summary, args: &Args) -> String {
        // A spreadsheet knows UTF-8 by its mark.
        if self.page {
            show::html::html(summary, args.top)
        } else {
            format!("\u{feff}{}", show::csv(summary))
        }
    }
}

fn shown(summary: &Summary, args: &Args, ui: &Ui) -> String {
    match ui.format {
        Format::Text => show::text(summary, args.top, &ui.page()),
        Format::Md => show::markdown(summary, args.top),
        Format::Json => show::json(summary),
    }
}

fn brief(summary: &Summary, path: &Path) -> String {
    let compared = summary.comparison.as_ref();
    let compared = compared.map(|c| format!("，有变化 {} 件", c.changed)).unwrap_or_default();
    format!("案件 {} 件{compared}，已写入“{}”", summary.cases, path.display())
}

/// One run of results with what was read of it.
struct Side {
    files: Files,
    record: Record,
    /// Whether the record holds a case.
    full: bool,
    before: bool,
    last: u64,
}

/// Reading and counting.
struct Run<'a> {
    hir: &'a Hir,
    args: &'a Args,
    words: Words,
    tally: Tally,
    after: Side,
    before: Option<Side>,
    comparison: Option<Comparison>,
    bad: u64,
    bads: Vec<BadRow>,
    bar: ProgressBar,
    cases: u64,
}

impl<'a> Run<'a> {
    fn new(hir: &'a Hir, args: &'a Args, schema: Schema) -> Result<Self, Failure> {
        let words = Words::new(hir, schema);
        let side = |paths: &[PathBuf], before: bool| -> Result<Side, Failure> {
            let files = results::open(paths, &words.schema)?;
            Ok(Side { files, record: Record::new(&words.schema), full: false, before, last: 0 })
        };
        let after = side(&args.results, false)?;
        let before = args.against.as_ref().map(|path| side(std::slice::from_ref(path), true)).transpose()?;
        let (tally, comparison) =
            (Tally::new(&words), before.as_ref().map(|_| Comparison::new(&words, args.top)));
        let others = before.as_ref().map_or(Some(0), |b| b.files.size);
        let bar = bar(after.files.size.zip(others).map(|(a, b)| a + b));
        Ok(Self {
            hir,
            args,
            words,
            tally,
            after,
            before,
            comparison,
            bad: 0,
            bads: Vec::new(),
            bar,
            cases: 0,
        })
    }

    /// All cases of both runs, side by side.
    fn read(&mut self) -> Result<(), Failure> {
        let ordered = self.comparison.is_some();
        loop {
            let held = self.after.full || self.before.as_ref().is_some_and(|b| b.full);
            if !held {
                self.words.roll();
            }
            let mut bads = Bads { count: &mut self.bad, first: &mut self.bads };
            if !self.after.full {
                self.after.next(&mut self.words, self.hir, ordered, &mut bads)?;
                if self.after.full {
                    self.tally.add(&self.after.record, &self.words);
                }
            }
            if let Some(before) = self.before.as_mut().filter(|b| !b.full) {
                before.next(&mut self.words, self.hir, ordered, &mut bads)?;
            }
            self.beat();
            if !self.pair() {
                self.bar.finish_and_clear();
                return Ok(());
            }
        }
    }

    /// Settles the case at hand; whether there was one.
    fn pair(&mut self) -> bool {
        let (Some(before), Some(comparison)) = (&mut self.before, &mut self.comparison) else {
            return std::mem::take(&mut self.after.full);
        };
        match (before.full, self.after.full) {
            (false, false) => return false,
            (true, true) if before.record.number == self.after.record.number => {
                comparison.pair(&before.record, &self.after.record, &self.words);
                before.full = false;
                self.after.full = false;
            }
            (true, true) if before.record.number < self.after.record.number => {
                comparison.alone(true);
                before.full = false;
            }
            (true, false) => {
                comparison.alone(true);
                before.full = false;
            }
            (_, true) => {
                comparison.alone(false);
                self.after.full = false;
            }
        }
        true
    }

    fn beat(&mut self) {
        self.cases += 1;
        if self.cases.is_multiple_of(BEAT) {
            let read = |side: &Side| side.files.read.load(Ordering::Relaxed);
            self.bar.set_position(read(&self.after) + self.before.as_ref().map_or(0, read));
            self.bar.set_message(self.cases.to_string());
        }
    }

    fn summary(&mut self) -> Result<Summary, Failure> {
        if self.tally.cases.total() == 0 {
            let first = self.args.results.first().map(|path| name_of(path)).unwrap_or_default();
            let mut found = vec![errors::nothing(&first)];
            found.extend(self.findings());
            return Err(Failure::Diagnostics(found));
        }
        for by in &self.words.schema.by {
            let seen = match by.what {
                ByWhat::Fact(_, slot) => self.after.record.seen.get(slot),
                ByWhat::Conclusion(at) => self.words.schema.conclusions.get(at).and_then(|c| {
                    self.after.record.seen.get(c.first..c.first + 2)?.iter().find(|seen| **seen)
                }),
            };
            if seen != Some(&true) {
                return Err(errors::absent_by(&by.name).into());
            }
        }
        if let (Some(comparison), Some(before)) = (&mut self.comparison, &self.before) {
            comparison.seen.clone_from(&before.record.seen);
        }
        let parts = Parts {
            hir: self.hir,
            words: &self.words,
            tally: &self.tally,
            record: &self.after.record,
            split: self.args.split,
        };
        Ok(summarize(&parts, self.bad, self.comparison.as_ref()))
    }

    /// What is to be told of the results.
    fn findings(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        if self.bad > 0 {
            out.push(errors::bad_rows(self.bad, &self.bads));
        }
        let strange: Vec<String> =
            self.words.cites.list().iter().skip(self.words.cites.known).map(ToString::to_string).collect();
        if !strange.is_empty() {
            out.push(errors::unknown_provisions(&strange));
        }
        if let Some(before) = self.before.as_ref().filter(|b| !b.record.unknown.is_empty()) {
            let name = self.args.against.as_deref().map(name_of).unwrap_or_default();
            out.push(errors::unknown_before(&self.words.schema, &name, &before.record.unknown));
        }
        out
    }
}

/// Where rows that cannot be read are kept.
struct Bads<'a> {
    count: &'a mut u64,
    first: &'a mut Vec<BadRow>,
}

impl Side {
    /// The next case; the record stays empty at the end. `ordered`: their numbers must not fall.
    fn next(
        &mut self,
        words: &mut Words,
        hir: &Hir,
        ordered: bool,
        bads: &mut Bads<'_>,
    ) -> Result<(), Failure> {
        loop {
            self.record.clear();
            let step = self.files.next(words, &mut self.record).map_err(|problem| Failure::from(*problem))?;
            // The run compared with may be of another text.
            if !self.record.unknown.is_empty() && !self.before {
                let name = &self.files.name;
                return Err(errors::unknown_columns(hir, &words.schema, name, &self.record.unknown).into());
            }
            match step {
                Step::End => return Ok(()),
                Step::Case => {
                    let number = self.record.number;
                    if ordered && number < self.last {
                        let name = &self.files.name;
                        return Err(errors::out_of_order(name, number, self.last).into());
                    }
                    self.last = number;
                    self.full = true;
                    return Ok(());
                }
                Step::Bad(bad) => {
                    *bads.count += 1;
                    if bads.first.len() < NAMED {
                        bads.first.push(bad);
                    }
                }
            }
        }
    }
}

/// A file as it is spoken of.
fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "标准输入".to_owned() } else { path.display().to_string() }
}

/// Bytes read, on a terminal only.
fn bar(size: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match size {
        Some(size) => (ProgressBar::new(size), "统计 {bar:30} {percent}%　{msg} 件　还要 {eta}"),
        None => (ProgressBar::no_length(), "统计 {bytes}　{msg} 件　已用 {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
