//! `banfa history`: what each amending decision did to a policy, or to one provision of it.
use std::io::Write;
use std::path::PathBuf;

use crate::base::{Address, Date};
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Outcome, Status, Ui};
use crate::diag::Diagnostic;
use crate::files;
use crate::policy::Refusal;
use crate::versions::{Chronicle, Timeline, history};

/// Which policy, which provision.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa history 办法.banfa                      各件修改决定改了哪些条文\n  \
    banfa history 办法.banfa 第十九条             这一条历次怎样改、叫第几条、原文如何\n  \
    banfa history 办法.banfa 第十九条第二项       某一项\n  \
    banfa 沿革 办法.banfa --date 2027-01-01       只到这一天为止\n  \
    banfa 沿革 办法.banfa 第十九条 --format md    列成可以粘贴的文档\n\n\
    退出码：0 正常；1 修改决定有误；2 没有能够读取，或者没有这一条"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "办法的源文件")]
    pub policy: PathBuf,
    /// The provision.
    #[arg(
        value_name = "条文",
        help = "条、款或者项，如 第十九条第二项；以最后的文本中的条号为准，没有的以原文本为准"
    )]
    pub address: Option<String>,
    /// The last day.
    #[arg(long, value_name = "日期", value_parser = date, help = "只列到这一天已经施行的修改")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// Writes the history.
///
/// # Errors
/// When a file cannot be read, there is no such provision, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    files::read(&args.policy)?;
    let address = match &args.address {
        None => None,
        Some(text) => Some(Address::parse(text).ok_or_else(|| not_an_address(text))?),
    };
    let timeline = Timeline::open(&args.policy, &args.decisions.wanted());
    let made = timeline.and_then(|timeline| {
        let version = match args.date {
            Some(date) => timeline.at(date),
            None => timeline.latest(),
        };
        version.map(|version| (timeline, version))
    });
    let (timeline, version) = match made {
        Ok(made) => made,
        Err(Refusal { diagnostics, sources }) => {
            ui.report(&diagnostics, &sources);
            return Ok(Status::Findings);
        }
    };
    ui.report(timeline.warnings(), timeline.sources());
    let history = history(&version, address.as_ref());
    if let (Some(wanted), None) = (&address, &history.address) {
        return Err(no_such_provision(wanted, timeline.title()).into());
    }
    let chronicle = Chronicle { timeline: &timeline, version: &version, history: &history };
    let text = match ui.format {
        Format::Text => chronicle.text(&ui.page()),
        Format::Json => chronicle.json() + "\n",
        Format::Md => chronicle.markdown(),
    };
    out.write_all(text.as_bytes())?;
    Ok(Status::Fine)
}

/// B0657: the words are no address.
fn not_an_address(text: &str) -> Diagnostic {
    Diagnostic::error("B0657", format!("“{text}”不是条文的序号"))
        .help("写成 第十九条、第十九条第二项 这样的全称")
}

/// B0657: no text ever had the provision.
fn no_such_provision(address: &Address, title: &str) -> Diagnostic {
    Diagnostic::error("B0657", format!("《{title}》历次的文本里都没有“{address}”"))
        .help("用 banfa list 看有哪些条文")
}
