//! `banfa new`: a blank case of a policy, to be filled in.
use std::io::Write;
use std::path::PathBuf;

use crate::base::Date;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Outcome, Status, Ui};
use crate::facts::blank_case;
use crate::files;

/// For which policy, and where to.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa new 办法.banfa                 空白案件输出到屏幕\n  \
    banfa new 办法.banfa --out 案件.yaml 写入新文件，不覆盖已有的文件\n  \
    banfa 新建 办法.banfa > 案件.yaml    同上，由外壳写入")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "据以认定的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// The day whose text counts.
    #[arg(long, value_name = "日期", value_parser = date, help = "按这一天有效的文本出空白案件，如 2027-01-01")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
    /// Where to write it.
    #[arg(long, value_name = "文件", help = "写入这个新文件")]
    pub out: Option<PathBuf>,
}

/// Writes the blank case.
///
/// # Errors
/// When the policy cannot be read, the file exists, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let text = blank_case(&opened.main().program().hir);
    match &args.out {
        Some(path) => files::write_new(path, &text)?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(Status::Fine)
}
