//! `banfa completions`: the completion script of a shell.
use std::io::Write;

use clap_complete::Shell;

use crate::cli::ui::{Outcome, Status};

/// Which shell.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  \
        banfa completions bash > ~/.local/share/bash-completion/completions/banfa\n  \
        banfa completions zsh > ~/.zfunc/_banfa\n  \
        banfa 补全 fish > ~/.config/fish/completions/banfa.fish")]
pub struct Args {
    /// The shell.
    #[arg(
        value_enum,
        value_name = "外壳",
        hide_possible_values = true,
        help = "bash、zsh、fish、elvish 或者 powershell"
    )]
    pub shell: Shell,
}

/// Writes the script.
///
/// # Errors
/// When `out` refuses it.
pub fn run(args: &Args, out: &mut dyn Write) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::tree(), "banfa", &mut script);
    out.write_all(&script)?;
    Ok(Status::Fine)
}
