//! The `banfa` program: everything it does is in [`banfa::cli`].
use std::process::ExitCode;

fn main() -> ExitCode {
    banfa::cli::run(std::env::args_os())
}
