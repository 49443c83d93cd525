//! The command line: what comes in is the words the user typed, what goes out is text on stdout
//! (results), text on stderr (diagnostics) and an exit code.
//!
//! One file a subcommand, in which `Args` is clap only and `run` calls the library. The commands
//! are listed in [`command::Command`]; [`help`] writes their help in Chinese, [`mistake`] turns what
//! clap refuses into diagnostics. Environment, terminal and files are touched here and nowhere else.
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

pub mod batch;
pub mod command;
pub mod generation;
pub mod global;
pub mod help;
pub mod mistake;
pub mod mutants;
pub mod open;
pub mod pages;
pub mod review;
pub mod text_args;
pub mod trial;
pub mod ui;
pub mod walk;

use command::Command;
use global::GlobalArgs;
use ui::{Status, Ui};

/// The words of one invocation.
#[derive(Parser, Debug)]
#[command(
    name = "banfa",
    version,
    about = "办法：用汉语书写行政规范，检查其条文，并据以认定个案",
    after_help = "示例：\n  banfa check 办法.banfa              检查一部办法\n  banfa run 办法.banfa 案件.yaml      认定一个案件\n  banfa new 办法.banfa > 案件.yaml    得到一份空白案件\n  banfa explain B0201                 查看一个错误代码的说明\n  banfa run --help                    查看一个命令的用法",
    subcommand_value_name = "命令",
    arg_required_else_help = true
)]
pub struct Cli {
    /// Options every command understands.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The whole command tree, in Chinese.
#[must_use]
pub fn tree() -> clap::Command {
    help::localize(Cli::command())
}

/// Runs one invocation: the words, the program's name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    let parsed = tree().try_get_matches_from(&words).and_then(|found| Cli::from_arg_matches(&found));
    let status = match parsed {
        Ok(cli) => {
            let ui = Ui::new(&cli.global);
            ui.finish(|out| cli.command.run(&ui, out))
        }
        Err(error) => refuse(&error, &words),
    };
    status.code()
}

/// Help and version are asked for by what clap calls an error; the rest are mistakes.
fn refuse(error: &clap::Error, words: &[OsString]) -> Status {
    use clap::error::ErrorKind;
    let ui = Ui::new(&GlobalArgs::guess(words));
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ui.finish(|out| {
            out.write_all(error.render().to_string().as_bytes())?;
            Ok(Status::Fine)
        }),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui.say(&error.render().to_string());
            Status::Failed
        }
        _ => {
            ui.report(&[mistake::diagnose(error, &tree(), words)], &crate::base::Sources::default());
            Status::Failed
        }
    }
}
