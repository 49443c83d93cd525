//! `banfa schema`: the JSON Schema of a policy's cases.
use std::io::Write;
use std::path::PathBuf;

use crate::base::Date;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Outcome, Status, Ui};
use crate::facts::case_schema;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa schema 办法.banfa > 案件.schema.json   供编辑器补全和检查案件\n  \
    banfa 模式 办法.banfa                        同上，输出到屏幕")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "案件所依据的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// The day whose text counts.
    #[arg(long, value_name = "日期", value_parser = date, help = "按这一天有效的文本，如 2027-01-01")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// Writes the schema.
///
/// # Errors
/// When the policy cannot be read, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let schema = case_schema(&opened.main().program().hir);
    writeln!(out, "{}", serde_json::to_string_pretty(&schema).unwrap_or_default())?;
    Ok(Status::Fine)
}
