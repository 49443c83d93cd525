//! `banfa mutate`: whether the cases of a policy notice small changes of what it says.
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::{Address, Date};
use crate::cli::global::Format;
use crate::cli::mutants::{Trials, try_all};
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::cli::walk;
use crate::diag::{Diagnostic, Severity};
use crate::facts::CaseFile;
use crate::files;
use crate::testing::mutate::{
    Bench, Explanations, FILE_NAME, Limits, Mutant, Operator, Progress, Report, fingerprint, json, markdown,
    mutants, sample, text,
};
use crate::versions::Opened;

/// Which policy, which mutants, how.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa mutate 办法.banfa                           全部条文，案例取自旁边的“案例”文件夹\n  \
    banfa mutate 办法.banfa --touching 第十九条       只试一条\n  \
    banfa mutate 办法.banfa --operator 边界 --list    只列出移动界限的变异，不试\n  \
    banfa mutate 办法.banfa --fail-under 95           发现的不到 95% 则不通过\n  \
    banfa mutate 办法.banfa --resume 进度.json        中断以后接着试\n  \
    banfa 变异 办法.banfa --sample 100 --seed 7       随机试一百个\n\n\
    退出码：0 正常；1 不到 --fail-under，或者有过时的说明、与期望不符的案例；2 没有能够试"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "办法的源文件")]
    pub policy: PathBuf,
    /// Case files or folders instead of those beside the policy.
    #[arg(long = "cases", value_name = "路径", help = "所用的案例，代替办法旁边的“案例”文件夹；可以写多次")]
    pub cases: Vec<PathBuf>,
    /// Only these provisions.
    #[arg(long, value_name = "条文", value_parser = address, help = "只试这一条、款、项及其以下的；可以写多次")]
    pub touching: Vec<Address>,
    /// Only these operators.
    #[arg(long, value_name = "变异", value_parser = operator, help = "只试这一种，如 边界、删项；可以写多次")]
    pub operator: Vec<Operator>,
    /// So many at random.
    #[arg(long, value_name = "个数", help = "随机抽取这么多个来试")]
    pub sample: Option<usize>,
    /// Beginning of the random draw.
    #[arg(long, value_name = "数", requires = "sample", help = "抽取的种子，不写为 0；种子相同则抽到的相同")]
    pub seed: Option<u64>,
    /// List only.
    #[arg(long, help = "只列出变异，不试")]
    pub list: bool,
    /// Threads.
    #[arg(long, value_name = "个数", help = "同时用几个线程；不写则与处理器核数相同")]
    pub jobs: Option<usize>,
    /// How many variants are tried for a survivor.
    #[arg(
        long,
        value_name = "个数",
        help = "对没有案例发现的变异，最多试多少种邻近的案件，找出能区分的；不写为 20000，0 为不找"
    )]
    pub search: Option<u64>,
    /// Below this share the command fails.
    #[arg(long = "fail-under", value_name = "百分比", help = "发现的比例低于此数时退出码为 1")]
    pub fail_under: Option<f64>,
    /// Where progress is kept.
    #[arg(long, value_name = "文件", help = "把进度存入这个文件；已有进度的接着试")]
    pub resume: Option<PathBuf>,
    /// The day whose text is tried.
    #[arg(long, value_name = "日期", value_parser = date, help = "试这一天有效的文本，案例也按它认定")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|_| "条文写成 第十九条、第十九条第二项 这样的形式".to_owned())
}

fn operator(text: &str) -> Result<Operator, String> {
    Operator::of_name(text).ok_or_else(|| {
        let names: Vec<&str> = Operator::ALL.iter().map(|(_, name)| *name).collect();
        format!("可以写 {}", names.join("、"))
    })
}

/// Tries the mutants and reports.
///
/// # Errors
/// When the policy, its cases or the progress cannot be read, or `out` refuses the report.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(mut opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let cases = if args.list { Vec::new() } else { cases(args, &mut opened, ui)? };
    let policy = opened.main();
    let all = mutants(&policy.program().hir, policy.sources());
    let wanted = choose(args, &all);
    if args.list {
        list(&wanted, ui, out)?;
        return Ok(Status::Fine);
    }
    let names: Vec<&str> = cases.iter().map(|c| c.case.name.as_str()).collect();
    let (failing, usable) = {
        let bench = Bench::new(&policy.program().hir, policy.calendar(), &cases);
        let failing: Vec<Diagnostic> =
            bench.failing().iter().filter_map(|i| cases.get(*i)).map(failing_case).collect();
        (failing, bench.usable())
    };
    if usable == 0 {
        return Err(nothing_expects(&args.policy).into());
    }
    ui.report(&failing, policy.sources());
    let (sources, explanations) = explanations(&args.policy, policy.sources())?;
    let limits = Limits { variants: args.search.unwrap_or(Limits::default().variants) };
    let print = fingerprint(policy.sources(), &[&limits.variants.to_string(), env!("CARGO_PKG_VERSION")]);
    let mut progress = load(args.resume.as_deref(), print)?;
    let trials = Trials {
        hir: &policy.program().hir,
        calendar: policy.calendar(),
        sources: policy.sources(),
        cases: &cases,
        mutants: &wanted,
        limits,
        jobs: args.jobs,
        file: args.resume.as_deref(),
    };
    let results = try_all(&trials, &mut progress, ui)?;
    let whole = wanted.len() == all.len();
    let title = &policy.program().hir.header.title;
    let report = Report::new(title, &wanted, &results, &names, usable, &explanations, whole);
    let page = match ui.format {
        Format::Text => text(&report, &ui.page()),
        Format::Json => json(&report),
        Format::Md => markdown(&report),
    };
    out.write_all(page.as_bytes())?;
    out.flush()?;
    ui.report(&report.stale, &sources);
    let low = args.fail_under.is_some_and(|least| report.percent() < least);
    let fine = !low && report.stale.is_empty() && failing.is_empty();
    Ok(if fine { Status::Fine } else { Status::Findings })
}

/// The cases for the text that is tried; all of them must read.
fn cases(args: &Args, opened: &mut Opened, ui: &Ui) -> Result<Vec<CaseFile>, Failure> {
    let paths =
        if args.cases.is_empty() { walk::cases_of(&args.policy) } else { walk::cases_in(&args.cases) };
    let mut out = Vec::new();
    let mut refused = false;
    for path in paths {
        let text = files::read(&path)?;
        let batches = match opened.read(&path, &text, args.date) {
            Ok(batches) => batches,
            Err(refusal) => {
                ui.report(&refusal.diagnostics, &refusal.sources);
                refused = true;
                continue;
            }
        };
        let number = opened.number();
        for batch in batches {
            refused |= batch.diagnostics.iter().any(|d| d.severity == Severity::Error);
            ui.report(&batch.diagnostics, opened.policy(batch.number).sources());
            if batch.number == number {
                out.extend(batch.cases);
            }
        }
    }
    if refused { Err(Failure::Diagnostics(Vec::new())) } else { Ok(out) }
}

/// Those the options ask for.
fn choose(args: &Args, all: &[Mutant]) -> Vec<Mutant> {
    let operators: BTreeSet<Operator> = args.operator.iter().copied().collect();
    let touched = |m: &Mutant| {
        args.touching.is_empty()
            || m.address.as_ref().is_some_and(|a| args.touching.iter().any(|t| t.covers(a)))
    };
    let mut wanted: Vec<Mutant> = all
        .iter()
        .filter(|m| touched(m) && (operators.is_empty() || operators.contains(&m.operator)))
        .cloned()
        .collect();
    if let Some(count) = args.sample {
        wanted = sample(wanted, count, args.seed.unwrap_or(0));
    }
    wanted
}

fn list(mutants: &[Mutant], ui: &Ui, out: &mut dyn Write) -> std::io::Result<()> {
    for mutant in mutants {
        match ui.format {
            Format::Text => writeln!(out, "{}　{}", mutant.id, mutant.description)?,
            Format::Md => writeln!(
                out,
                "- **{}**　{}",
                crate::report::node::escape(&mutant.id),
                crate::report::node::escape(&mutant.description)
            )?,
            Format::Json => writeln!(
                out,
                "{}",
                serde_json::json!({
                    "id": mutant.id,
                    "address": mutant.address.as_ref().map(ToString::to_string),
                    "operator": mutant.operator.name(),
                    "description": mutant.description,
                })
            )?,
        }
    }
    Ok(())
}

/// The explanations beside the policy, if there are any, with the texts to show places in.
fn explanations(
    policy: &Path,
    sources: &crate::base::Sources,
) -> Result<(crate::base::Sources, Explanations), Failure> {
    let mut sources = sources.clone();
    let path = policy.with_file_name(FILE_NAME);
    if !path.is_file() {
        return Ok((sources, Explanations::default()));
    }
    let text = files::read(&path)?;
    let file = sources.add(path.display().to_string(), text.clone());
    match Explanations::parse(&text, file) {
        Ok(explanations) => Ok((sources, explanations)),
        Err(problems) => Err(Failure::Diagnostics(problems)),
    }
}

/// What has been tried before, if it was tried on these texts.
fn load(path: Option<&Path>, print: String) -> Result<Progress, Failure> {
    let Some(path) = path.filter(|p| p.exists()) else { return Ok(Progress::new(print)) };
    let text = files::read(path)?;
    match Progress::parse(&text) {
        Some(progress) if progress.fingerprint == print => Ok(progress),
        Some(_) => Err(Diagnostic::error("B0852", format!("“{}”是别的文本的进度", path.display()))
            .help(
                "办法、案例或者 --search 已经改变，以前的结果不再可靠；删去这个文件，或者换一个文件名重新试",
            )
            .into()),
        None => Err(Diagnostic::error("B0853", format!("“{}”不是变异测试的进度", path.display()))
            .help("--resume 之后写存放进度的文件；还没有的，写一个新的文件名")
            .into()),
    }
}

/// B0854: a case that cannot tell anything, because it fails already.
fn failing_case(case: &CaseFile) -> Diagnostic {
    Diagnostic::warning("B0854", format!("案例“{}”与期望不符，不能用来发现变异", case.case.name))
        .label(case.span, "这个案例")
        .help("先用 banfa test 或者 banfa run 看它为什么不符")
}

/// B0855: no case expects anything.
fn nothing_expects(policy: &Path) -> Diagnostic {
    Diagnostic::error("B0855", format!("“{}”没有写明期望而且与期望相符的案例", policy.display()))
        .help("在办法旁边的“案例”文件夹里写案例，写明“期望”；案例在别处的，用 --cases 写明")
}
