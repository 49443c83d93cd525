//! The subcommands, one file each. A command joins [`Command`] when the library does what it claims.
use std::io::Write;

use clap::Subcommand;

use super::ui::{Outcome, Ui};

pub mod check;
pub mod completions;
pub mod explain;
pub mod ir;
pub mod list;
pub mod man;
pub mod new;
pub mod run;
pub mod schema;

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// The page of an error code.
    #[command(visible_alias = "释错", about = "查看错误代码的说明")]
    Explain(explain::Args),
    /// Completion for a shell.
    #[command(visible_alias = "补全", about = "输出命令行补全脚本")]
    Completions(completions::Args),
    /// The manual.
    #[command(visible_alias = "手册", about = "输出手册页")]
    Man(man::Args),
}

impl Command {
    /// Runs the command; results go to `out`.
    ///
    /// # Errors
    /// When the command could not do its work, or `out` refuses the result.
    pub fn run(&self, ui: &Ui, out: &mut dyn Write) -> Outcome {
        match self {
            Self::Explain(args) => explain::run(args, ui, out),
            Self::Completions(args) => completions::run(args, out),
            Self::Man(args) => man::run(args, out),
        }
    }
}
