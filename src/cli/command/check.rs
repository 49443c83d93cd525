//! `banfa check`: whether the text of a policy can be compiled.
use std::path::PathBuf;

/// Which policies.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa check 办法.banfa             检查一部办法\n  \
    banfa check --strict 办法.banfa    有警告也算不通过\n  \
    banfa 检查 --format json *.banfa   一行一个 JSON，供编辑器读取")]
pub struct Args {
    /// Source files; `-` is stdin.
    #[arg(value_name = "办法", required = true, help = "要检查的办法；- 为标准输入")]
    pub policies: Vec<PathBuf>,
    /// Warnings count as findings.
    #[arg(long, help = "有警告时退出码也为 1")]
    pub strict: bool,
}
