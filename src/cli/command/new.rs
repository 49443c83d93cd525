//! `banfa new`: the beginning of a policy, to be filled in.
use std::path::PathBuf;

/// What it is called.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa new 借阅办法           新建目录“借阅办法”，内有办法和一个案件\n  \
    banfa 新建 目录/借阅办法     建在“目录”之下")]
pub struct Args {
    /// The folder to make; its last name is the name of the policy.
    #[arg(value_name = "名称", help = "办法的名称，也是新建的目录")]
    pub name: PathBuf,
}
