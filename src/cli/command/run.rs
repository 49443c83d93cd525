//! `banfa run`: what a policy concludes from cases.
use std::path::PathBuf;

use crate::base::date::{Date, DateError};

/// Which policy, which cases.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa run 办法.banfa 案件.yaml                     认定一个案件\n  \
    banfa run 办法.banfa 案件.yaml --why               同时列出推导过程\n  \
    banfa run 办法.banfa 案件.yaml --date 2026-03-02   按这一天认定\n  \
    banfa 认定 办法.banfa 案件.json --format json      结果供程序读取")]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "据以认定的办法")]
    pub policy: PathBuf,
    /// Case files; `-` is stdin.
    #[arg(value_name = "案件", required = true, help = "案件的事实（YAML、JSON 或 TOML）；- 为标准输入")]
    pub cases: Vec<PathBuf>,
    /// The day the question is put for.
    #[arg(long, value_name = "日期", value_parser = date, help = "认定日期，如 2026-03-02；代替案件中写的")]
    pub date: Option<Date>,
    /// Calendar files of working days.
    #[arg(long, value_name = "文件", help = "工作日历的数据文件；可以写多次")]
    pub calendar: Vec<PathBuf>,
    /// With the derivation.
    #[arg(long, help = "列出推导过程：适用了哪些条文，哪些没有适用，为什么")]
    pub why: bool,
}

fn date(text: &str) -> Result<Date, DateError> {
    Date::parse(text)
}
