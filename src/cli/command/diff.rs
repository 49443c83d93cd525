//! `banfa diff`: what changed between two texts of a policy.
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::amend::Renumbering;
use crate::base::{Address, Date, Sources};
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::cli::walk;
use crate::diag::{Diagnostic, Severity};
use crate::driver::{self, Compilation, tidy_path};
use crate::files;
use crate::policy::{Policy, Refusal};
use crate::redline::impact::{self, Impact};
use crate::redline::{self, Redline, Side, html, json, markdown, text};
use crate::syntax;
use crate::versions::{Step, Timeline, Version, Wanted};

/// Which two texts.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa diff 旧.banfa 新.banfa                    逐条对照原文和条款\n  \
    banfa diff 办法.banfa 修改/决定.banfa --impact  一件修改决定改了什么、影响哪些案例\n  \
    banfa diff 办法.banfa --from 2026-01-01 --to 2027-01-01  两天的文本\n  \
    banfa diff 旧.banfa 新.banfa --all              没有改动的条文也列出\n  \
    banfa diff 旧.banfa 新.banfa --impact           哪些案例的结论随之改变，因为哪一条\n  \
    banfa diff 旧.banfa 新.banfa --cases 案例集     用这些案例看影响\n  \
    banfa diff 旧.banfa 新.banfa --html 对照.html   另写成网页，可以打印\n  \
    banfa 对比 旧.banfa 新.banfa --format md        列成可以粘贴的文档\n\n\
    退出码：0 没有不同；1 有不同；2 没有能够对照")]
pub struct Args {
    /// The old text.
    #[arg(value_name = "修改前", help = "修改前的办法；- 为标准输入")]
    pub old: PathBuf,
    /// The new text.
    #[arg(
        value_name = "修改后",
        help = "修改后的办法，或者修改它的一件决定；- 为标准输入；不写的，用 --from、--to 写明日期"
    )]
    pub new: Option<PathBuf>,
    /// The day of the old text.
    #[arg(long, value_name = "日期", value_parser = date, conflicts_with = "new", help = "以这一天有效的文本为修改前；不写为未经修改的文本")]
    pub from: Option<Date>,
    /// The day of the new text.
    #[arg(long, value_name = "日期", value_parser = date, conflicts_with = "new", help = "以这一天有效的文本为修改后；不写为并入全部修改决定的文本")]
    pub to: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
    /// Unchanged provisions too.
    #[arg(long, help = "没有改动的条文也列出")]
    pub all: bool,
    /// A page.
    #[arg(long, value_name = "文件", help = "把对照写成网页；这时标准输出只列总表")]
    pub html: Option<PathBuf>,
    /// What changes for cases.
    #[arg(long, help = "列出哪些案例的结论改变、由什么变为什么、因为哪一条；用办法旁边的案例")]
    pub impact: bool,
    /// Cases instead of those beside the policies.
    #[arg(long, value_name = "路径", num_args = 1.., help = "看影响所用的案例（文件或者文件夹），代替办法旁边的案例")]
    pub cases: Vec<PathBuf>,
    /// How many changed cases are listed.
    #[arg(long, value_name = "个数", help = "结论改变的、读不懂的案例各最多列出几个；总表总是全的")]
    pub limit: Option<usize>,
}

/// Compares the two texts.
///
/// # Errors
/// When one of them cannot be read, or the result cannot be written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(Pair { old, new, moved }) = pair(args, ui)? else { return Ok(Status::Failed) };
    let moved = moved.as_ref().map(|moved| |address: &Address| moved.follow(address));
    let moved = moved.as_ref().map(|moved| moved as redline::Moved<'_>);
    let redline = redline::compare(&old.side, &new.side, moved);
    let impact = if args.impact || !args.cases.is_empty() {
        Some(effects(args, (&old, &new), &redline)?)
    } else {
        None
    };
    if let Some(path) = &args.html {
        refuse_sources(path, [&old.sources, &new.sources])?;
        let more = impact.as_ref().map(|i| impact::html(i, &redline, args.limit)).unwrap_or_default();
        files::replace(path, &html::html(&redline, args.all, &more))?;
    }
    out.write_all(shown(&redline, impact.as_ref(), args, ui).as_bytes())?;
    Ok(if redline.is_empty() { Status::Fine } else { Status::Findings })
}

fn shown(redline: &Redline, effects: Option<&Impact>, args: &Args, ui: &Ui) -> String {
    let (brief, limit, page) = (args.html.is_some(), args.limit, ui.page());
    let mut out = match ui.format {
        Format::Text if brief => text::summary(redline, &page),
        Format::Text => text::text(redline, args.all, &page),
        Format::Md if brief => markdown::summary(redline),
        Format::Md => markdown::markdown(redline, args.all),
        Format::Json => {
            let mut object = json::object(redline, args.all);
            object.extend(effects.map(|i| ("impact".to_owned(), impact::json(i, redline, limit))));
            return serde_json::Value::Object(object).to_string() + "\n";
        }
    };
    // Beside the page only the tables are shown.
    let limit = if brief { Some(0) } else { limit };
    match (effects, ui.format) {
        (Some(effects), Format::Text) => {
            out.push('\n');
            out.push_str(&impact::text(effects, redline, limit, &page));
        }
        (Some(effects), Format::Md) => out.push_str(&impact::markdown(effects, redline, limit)),
        (Some(_), Format::Json) | (None, _) => {}
    }
    out
}

/// What the change does to the cases.
fn effects(args: &Args, (old, new): (&Text, &Text), redline: &Redline) -> Result<Impact, Failure> {
    let (Some(old), Some(new)) = (&old.policy, &new.policy) else {
        let problem = Diagnostic::error("B0882", "有错误的文本不能认定案例，看不出对案例的影响")
            .help("改正错误以后再看影响；只对照文字的，不写 --impact 和 --cases");
        return Err(problem.into());
    };
    let mut paths: Vec<PathBuf> = if args.cases.is_empty() {
        let policies = std::iter::once(&args.old).chain(&args.new);
        policies.flat_map(|policy| walk::cases_of(policy)).collect()
    } else {
        args.cases.iter().flat_map(|path| walk::cases_below(path)).collect()
    };
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    if paths.is_empty() {
        let problem = Diagnostic::error("B0883", "没有找到案例，看不出对案例的影响")
            .help("案例放在办法旁边的“案例”文件夹里，或者用 --cases 写明");
        return Err(problem.into());
    }
    let mut read = Vec::new();
    for path in paths {
        let text = files::read(&path)?;
        read.push((path, text));
    }
    Ok(impact::impact(old, new, redline, &read, None))
}

/// One of the two texts.
struct Text {
    side: Side,
    /// None if it has errors.
    policy: Option<Policy>,
    sources: Sources,
}

/// The two texts, and where the provisions of the old one went when decisions tell.
struct Pair {
    old: Text,
    new: Text,
    moved: Option<Renumbering>,
}

/// Opens what is to be compared; none after saying why not.
fn pair(args: &Args, ui: &Ui) -> Result<Option<Pair>, Failure> {
    let dash = Path::new("-");
    match &args.new {
        Some(new) if args.old == dash && new == dash => Err(Failure::Diagnostics(vec![
            Diagnostic::error("B0812", "标准输入只能用一次").help("两份文本中最多有一份写成 -"),
        ])),
        Some(new) if new != dash && syntax::is_decision(&files::read(new)?) => {
            let mut paths = args.decisions.wanted().paths(&args.old);
            let known = |p: &PathBuf| tidy_path(p) == tidy_path(new);
            if !paths.iter().any(known) {
                paths.push(new.clone());
            }
            let made = Timeline::open(&args.old, &Wanted::These(paths)).and_then(|timeline| {
                // From the text right before the first of its operations to that right after the last.
                let decision = timeline.decisions().iter().position(|d| tidy_path(&d.path) == tidy_path(new));
                let own = |s: &Step| Some(s.decision) == decision;
                let first = timeline.steps().iter().position(own).unwrap_or(0);
                let last = timeline.steps().iter().rposition(own).map_or(0, |at| at + 1);
                Pair::between(&timeline, first, last, ui)
            });
            Ok(told(ui, made))
        }
        Some(new) => {
            let (old, new) = (Text::read(&args.old, ui)?, Text::read(new, ui)?);
            Ok(Some(Pair { old, new, moved: None }))
        }
        None => {
            if args.from.or(args.to).is_none() && args.decisions.wanted().paths(&args.old).is_empty() {
                return Err(nothing_to_compare().into());
            }
            let made = Timeline::open(&args.old, &args.decisions.wanted()).and_then(|timeline| {
                let from = args.from.map_or(0, |date| timeline.steps_by(date));
                let to = args.to.map_or(timeline.steps().len(), |date| timeline.steps_by(date));
                Pair::between(&timeline, from, to, ui)
            });
            Ok(told(ui, made))
        }
    }
}

/// B0884: neither a second text nor a day, and no decision that would make another text.
fn nothing_to_compare() -> Diagnostic {
    Diagnostic::error("B0884", "没有写明同哪一份文本对照")
        .help("再写一份办法或者一件修改决定；或者用 --from、--to 写明两天的日期")
}

/// What was made of a timeline; none after saying what is wrong with it.
fn told(ui: &Ui, made: Result<Pair, Refusal>) -> Option<Pair> {
    made.map_err(|refusal| ui.report(&refusal.diagnostics, &refusal.sources)).ok()
}

impl Pair {
    /// The texts after so many steps of a timeline.
    fn between(timeline: &Timeline, from: usize, to: usize, ui: &Ui) -> Result<Self, Refusal> {
        let (old, new) = (timeline.after(from)?, timeline.after(to)?);
        for done in new.done.iter().skip(from) {
            ui.report(&done.notes, &done.sources);
        }
        let moved = (from <= to).then(|| Timeline::moved(&new, from));
        Ok(Self { old: Text::of(timeline, &old, ui), new: Text::of(timeline, &new, ui), moved })
    }
}

impl Text {
    /// A version.
    fn of(timeline: &Timeline, version: &Version, ui: &Ui) -> Self {
        let path = version.texts.first().map_or(Path::new(""), |(path, _)| path);
        let what = version.since.map_or_else(|| "未经修改".to_owned(), |date| format!("{date}起"));
        Self::compiled(&format!("{}（{what}的文本）", path.display()), timeline.compile(version), path, ui)
    }

    /// Reads and compiles one side. Its text is compared even if it has errors, which are told; with its original it is
    /// not compared: at most one of the two can be like it.
    fn read(path: &Path, ui: &Ui) -> Result<Self, Failure> {
        let name =
            if path == Path::new("-") { "标准输入".to_owned() } else { path.display().to_string() };
        let compiled = driver::compile_draft(path, files::read(path)?, &files::read);
        Ok(Self::compiled(&name, compiled, path, ui))
    }

    fn compiled(name: &str, compiled: Compilation, path: &Path, ui: &Ui) -> Self {
        let side = Side::of(name.to_owned(), &compiled);
        let sources = compiled.sources.clone();
        let policy = match Policy::build(compiled, path, &files::read) {
            Ok(policy) => Some(policy),
            Err(refusal) => {
                let mut errors = refusal.diagnostics;
                errors.retain(|d| d.severity == Severity::Error);
                let warning = flawed(name, &errors);
                ui.report(&errors, &refusal.sources);
                ui.report(&[warning], &Sources::new());
                None
            }
        };
        Self { side, policy, sources }
    }
}

/// B0881: a text with errors is compared as far as it goes.
fn flawed(name: &str, errors: &[Diagnostic]) -> Diagnostic {
    let (what, help) = if errors.iter().any(|d| d.code.starts_with("B01")) {
        ("只对照读得懂的文字", "读不懂的条逐行对照，读不懂的其他段落不在对照之内；改正错误以后再对照一次")
    } else {
        ("只对照文字", "文字都在对照之内；改正错误以后才能看出对案件的影响")
    };
    Diagnostic::warning("B0881", format!("“{name}”有 {} 处错误，{what}", errors.len())).help(help)
}

/// B0880: the page would take the place of a text it compares.
fn refuse_sources(page: &Path, sides: [&Sources; 2]) -> Result<(), Diagnostic> {
    let real = |p: &Path| std::fs::canonicalize(p).ok();
    let Some(page_path) = real(page) else { return Ok(()) };
    let is_page = |name: &str| real(Path::new(name)).is_some_and(|p| p == page_path);
    if sides.iter().any(|s| s.ids().any(|id| is_page(s.name(id)))) {
        let name = page.display();
        return Err(Diagnostic::error("B0880", format!("网页不能写进所对照的文件“{name}”"))
            .help("换一个文件名，如 对照.html"));
    }
    Ok(())
}
