//! `banfa schema`: which facts a policy asks for, and of which type.
use std::path::PathBuf;

/// Which policy.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa schema 办法.banfa                  列出要填写的事实\n  \
    banfa 模式 办法.banfa --format json      输出 JSON Schema")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "要列出事实的办法")]
    pub policy: PathBuf,
}
