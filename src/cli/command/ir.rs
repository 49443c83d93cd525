//! `banfa ir`: the program a policy is compiled to.
use std::path::PathBuf;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa ir 办法.banfa        列出编译后的程序\n  banfa 中间码 办法.banfa    同上"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "要编译的办法")]
    pub policy: PathBuf,
}
