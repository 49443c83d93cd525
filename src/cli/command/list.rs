//! `banfa list`: the contents of a policy, provision by provision.
use std::path::PathBuf;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa list 办法.banfa                列出章、节、条、款、项\n  \
    banfa 目录 办法.banfa --format md    列成可以粘贴的表格")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "要列出条文的办法")]
    pub policy: PathBuf,
}
