//! `banfa ir`: the program a policy is compiled to.
use std::io::Write;
use std::path::PathBuf;

use crate::cli::open;
use crate::cli::ui::{Outcome, Status, Ui};
use crate::ir::listing::listing;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa ir 办法.banfa        列出编译后的程序\n  banfa 中间码 办法.banfa    同上"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "要编译的办法；- 为标准输入")]
    pub policy: PathBuf,
}

/// Writes the listing.
///
/// # Errors
/// When the policy cannot be read, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(policy) = open::policy(&args.policy, ui) else { return Ok(Status::Failed) };
    out.write_all(listing(policy.program(), policy.sources()).as_bytes())?;
    Ok(Status::Fine)
}
