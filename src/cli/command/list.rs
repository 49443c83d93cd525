//! `banfa list`: the contents of a policy: provisions, facts with their questions, conclusions.
use std::io::Write;
use std::path::PathBuf;

use crate::base::Date;
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Outcome, Status, Ui};
use crate::report::outline;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa list 办法.banfa                列出章节条款项、事实和结论\n  \
    banfa list 办法.banfa --notes        连同条文全文和“释”\n  \
    banfa list 办法.banfa --date 2027-01-01  这一天有效的文本\n  \
    banfa 目录 办法.banfa --format md    列成可以粘贴的表格\n  \
    banfa 目录 办法.banfa --format json  供程序读取")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "要列出的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// With notes.
    #[arg(long, help = "列出条文全文和所取解释")]
    pub notes: bool,
    /// The day whose text is listed.
    #[arg(long, value_name = "日期", value_parser = date, help = "列出这一天有效的文本，如 2027-01-01")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// Writes the outline.
///
/// # Errors
/// When the policy cannot be read, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let outline = outline::outline(&opened.main().program().hir);
    let text = match ui.format {
        Format::Text => outline::text(&outline, args.notes, &ui.page()),
        Format::Json => outline::json(&outline) + "\n",
        Format::Md => outline::markdown(&outline, args.notes),
    };
    out.write_all(text.as_bytes())?;
    Ok(Status::Fine)
}
