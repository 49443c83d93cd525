//! `banfa run`: what a policy concludes from cases.
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::Date;
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::diag::{Diagnostic, Severity};
use crate::eval::Verdict;
use crate::facts::CaseFile;
use crate::files;
use crate::policy::Policy;
use crate::report::{Asked, View, WhyNot, json, markdown, text};
use crate::testing;
use crate::versions::{ByDate, DateFact, Dated, Opened};

/// Which policy, which cases.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa run 办法.banfa 案件.yaml                         认定一个案件\n  \
    banfa run 办法.banfa 案件.yaml --why                   同时列出每个结论的理由\n  \
    banfa run 办法.banfa 案件.yaml --why-not '甲.处理=停借'   甲的“处理”为什么不是“停借”\n  \
    banfa run 办法.banfa 案件.yaml --missing               还缺哪些事实，各关系到哪些结论\n  \
    banfa run 办法.banfa 案件.yaml --date 2027-01-01       按这一天、用这一天有效的文本认定\n  \
    banfa run 办法.banfa 案件.yaml --date-from 借阅.借出日期 各案用借出之日有效的文本\n  \
    banfa 认定 办法.banfa - --format json < 案件.json      从标准输入读，一案一行 JSON\n\n\
    退出码：0 正常；1 有冲突、有与“期望”不符的结论，或者有的案件读不懂；2 没有能够运行")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "据以认定的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// Case files; `-` is stdin.
    #[arg(value_name = "案件", required = true, help = "案件的事实（YAML、JSON 或 TOML）；- 为标准输入")]
    pub cases: Vec<PathBuf>,
    /// The day the question is put for.
    #[arg(
        long,
        value_name = "日期",
        value_parser = date,
        help = "认定日期，如 2026-03-02，代替案件中写的；有修改决定的，用这一天有效的文本"
    )]
    pub date: Option<Date>,
    /// The fact that tells the day whose text counts.
    #[arg(
        long = "date-from",
        value_name = "实体.日期",
        help = "各案用它自己这个日期有效的文本，如 借阅.借出日期；认定日期不受影响"
    )]
    pub date_from: Option<String>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
    /// With reasons.
    #[arg(long, help = "列出理由：哪些条文适用，哪些没有适用，为什么")]
    pub why: bool,
    /// Why not this value.
    #[arg(
        long = "why-not",
        value_name = "对象.结论=值",
        help = "说明结论为什么不是这个值：缺哪个条件，或者被哪条排除；可以写多次"
    )]
    pub why_not: Vec<String>,
    /// What is missing.
    #[arg(long, help = "列出还缺的事实，以及各自关系到的结论")]
    pub missing: bool,
    /// Reasons unpruned.
    #[arg(long, requires = "why", help = "理由里连不影响结论的部分也列出")]
    pub all: bool,
}

/// Runs the cases and writes their results.
///
/// # Errors
/// When the policy or every case cannot be read, or `out` refuses the results.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let dash = Path::new("-");
    if usize::from(args.policy == dash) + args.cases.iter().filter(|c| *c == dash).count() > 1 {
        return Err(Failure::Diagnostics(vec![
            Diagnostic::error("B0812", "标准输入只能用一次").help("办法和案件中最多有一个写成 -"),
        ]));
    }
    // By the day each case tells, `--date` is the day of the question only.
    let text_of = if args.date_from.is_some() { None } else { args.date };
    let Some(mut opened) = args.decisions.open(&args.policy, text_of, args.date_from.is_some(), ui) else {
        return Ok(Status::Failed);
    };
    ui.report(opened.main().warnings(), opened.main().sources());
    let by = args.date_from.as_ref().map(|name| DateFact::parse(name, &opened.main().program().hir));
    let by = by.transpose()?;
    let asked = Asked {
        why: args.why,
        unpruned: args.all,
        why_not: questions(&args.why_not, opened.main())?,
        missing: args.missing,
    };
    let mut tally = Tally::default();
    for path in &args.cases {
        match files::read(path) {
            Ok(text) => tally.file(&mut opened, by.as_ref(), (path, &text), args, &asked, ui, out)?,
            Err(unreadable) => {
                tally.refused = true;
                ui.report(&[unreadable], opened.main().sources());
            }
        }
    }
    Ok(match tally {
        Tally { done: 0, refused: true, .. } => Status::Failed,
        Tally { refused: true, .. } | Tally { objection: true, .. } => Status::Findings,
        Tally { .. } => Status::Fine,
    })
}

fn questions(asked: &[String], policy: &Policy) -> Result<Vec<WhyNot>, Failure> {
    let parsed = asked.iter().map(|question| WhyNot::parse(&policy.program().hir, question));
    parsed
        .map(|result| {
            result.map_err(|reason| {
                Diagnostic::error("B0813", reason)
                    .help("写成“对象.结论=值”，如 '甲.处理=停借'；运行 banfa list 可以看到全部结论和值")
                    .into()
            })
        })
        .collect()
}

#[derive(Default)]
struct Tally {
    done: usize,
    refused: bool,
    objection: bool,
}

impl Tally {
    /// All cases of one file, each by its own text.
    #[expect(clippy::too_many_arguments, reason = "what a run consists of")]
    fn file(
        &mut self,
        opened: &mut Opened,
        by: Option<&DateFact>,
        (path, text): (&Path, &str),
        args: &Args,
        asked: &Asked,
        ui: &Ui,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let read = match by {
            Some(fact) => fact.read(opened, path, text, args.date),
            None => opened.read(path, text, args.date).map(ByDate::from),
        };
        let ByDate { cases, diagnostics: found } = match read {
            Ok(read) => read,
            Err(refusal) => {
                self.refused = true;
                ui.report(&refusal.diagnostics, &refusal.sources);
                return Ok(());
            }
        };
        for Dated { number, case } in &cases {
            self.write(opened.policy(*number), case, args, asked, ui, out)?;
        }
        self.refused |= found.iter().any(|(_, d)| d.severity == Severity::Error);
        for found in found.chunk_by(|a, b| a.0 == b.0) {
            let Some((number, _)) = found.first() else { continue };
            let diagnostics: Vec<Diagnostic> = found.iter().map(|(_, d)| d.clone()).collect();
            ui.report(&diagnostics, opened.policy(*number).sources());
        }
        Ok(())
    }

    fn write(
        &mut self,
        policy: &Policy,
        case: &CaseFile,
        args: &Args,
        asked: &Asked,
        ui: &Ui,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let outcome = policy.run(&case.case, args.date);
        let view = View {
            program: policy.program(),
            sources: policy.sources(),
            case: &case.case,
            run: &outcome.run,
            date: args.date.or(case.case.date),
        };
        let result = match ui.format {
            Format::Text => {
                let mut page = text::text(&view, &outcome.findings, asked, &ui.page());
                if self.done > 0 {
                    page.insert(0, '\n');
                }
                page
            }
            Format::Json => json::json_line(&view, &outcome.findings, asked) + "\n",
            Format::Md => markdown::markdown(&view, &outcome.findings, asked) + "\n",
        };
        out.write_all(result.as_bytes())?;
        self.done += 1;
        let differences = testing::differences(&policy.program().hir, case, &outcome.findings);
        self.objection |=
            !differences.is_empty() || outcome.findings.iter().any(|f| f.verdict == Verdict::Conflict);
        if !differences.is_empty() {
            // What belongs together stays together when both streams go to one terminal.
            out.flush()?;
            ui.report(&differences, policy.sources());
        }
        Ok(())
    }
}
