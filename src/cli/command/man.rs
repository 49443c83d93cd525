//! `banfa man`: the manual page of the program or of one command, for `man -l`.
use std::io::Write;

use clap_mangen::Man;

use crate::cli::ui::{Outcome, Status};

/// Which page.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa man | man -l -                  阅读总手册\n  \
        banfa man explain > banfa-explain.1   存下一个命令的手册页")]
pub struct Args {
    /// A command; the program when left out.
    #[arg(value_name = "命令", value_parser = known, help = "哪一个命令的手册页；不写则为总手册")]
    pub command: Option<String>,
}

/// Writes the page.
///
/// # Errors
/// When `out` refuses it.
pub fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut tree = crate::cli::tree();
    tree.build();
    let chosen = args.command.as_deref().and_then(|name| tree.find_subcommand(name)).unwrap_or(&tree);
    let mut page = Vec::new();
    let source = format!("banfa {}", env!("CARGO_PKG_VERSION"));
    Man::new(chosen.clone()).source(source).render(&mut page)?;
    out.write_all(translate(&String::from_utf8_lossy(&page)).as_bytes())?;
    Ok(Status::Fine)
}

/// Only names of commands (or their aliases) pass.
fn known(name: &str) -> Result<String, String> {
    match crate::cli::tree().find_subcommand(name) {
        Some(_) => Ok(name.to_owned()),
        None => Err("没有这个命令".to_owned()),
    }
}

/// The headings the generator writes in English, in Chinese.
fn translate(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for line in page.lines() {
        text.push_str(match line {
            ".SH NAME" => ".SH 名称",
            ".SH SYNOPSIS" => ".SH 用法",
            ".SH DESCRIPTION" => ".SH 说明",
            ".SH OPTIONS" => ".SH 选项",
            ".SH SUBCOMMANDS" => ".SH 命令",
            ".SH EXTRA" => ".SH 附注",
            ".SH VERSION" => ".SH 版本",
            ".SH AUTHORS" => ".SH 作者",
            other => other,
        });
        text.push('\n');
    }
    text
}
