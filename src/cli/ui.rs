//! Where output goes: results to stdout through one locked buffer, diagnostics to stderr, and the
//! exit code.
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use super::global::{Color, Format, GlobalArgs};
use crate::base::Sources;
use crate::diag::render::{Style, render};
use crate::diag::{Diagnostic, Severity, json, tidy};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing to object to.
    Fine,
    /// The work was done and something was found.
    Findings,
    /// The work could not be done.
    Failed,
}

impl Status {
    /// 0, 1 or 2.
    #[must_use]
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        })
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Stdout refused the result.
    Output(io::Error),
    /// Findings without a source, such as a file that cannot be read.
    Diagnostics(Vec<Diagnostic>),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnostics(vec![diagnostic])
    }
}

/// What a command gives back.
pub type Outcome = Result<Status, Failure>;

/// How to show things, from the options, the environment and the terminal.
#[derive(Clone, Debug)]
pub struct Ui {
    /// Form of the results.
    pub format: Format,
    /// Whether results are coloured.
    pub colour_out: bool,
    /// How diagnostics are drawn.
    pub style: Style,
}

/// Columns when nobody says otherwise.
const WIDTH: usize = 100;
/// Diagnostics shown at most; the rest are counted.
const SHOWN: usize = 50;

impl Ui {
    /// From the options, `NO_COLOR`, `TERM`, `COLUMNS` and what the streams are.
    #[must_use]
    pub fn new(args: &GlobalArgs) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
        let plain = set("NO_COLOR").is_some() || set("TERM").is_some_and(|it| it == "dumb");
        let colour = |is_terminal: bool| match args.color {
            Color::Auto => is_terminal && !plain,
            Color::Always => true,
            Color::Never => false,
        };
        let columns = set("COLUMNS").and_then(|it| it.to_str()?.parse().ok());
        let style = Style {
            ascii: args.ascii,
            colour: colour(io::stderr().is_terminal()),
            width: columns.filter(|it| (40..=400).contains(it)).unwrap_or(WIDTH),
            limit: SHOWN,
        };
        Self { format: args.format, colour_out: colour(io::stdout().is_terminal()), style }
    }

    /// How results are drawn.
    #[must_use]
    pub fn page(&self) -> crate::report::Style {
        crate::report::Style { colour: self.colour_out, ascii: self.style.ascii, width: self.style.width }
    }

    /// Writes diagnostics to stderr, sorted and without repeats: one JSON object a line if results are
    /// JSON, else drawn, with a line that counts them.
    pub fn report(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let mut diagnostics = diagnostics.to_vec();
        tidy(&mut diagnostics);
        self.say(&match self.format {
            Format::Json => json::lines(&diagnostics, sources),
            Format::Text | Format::Md => render(&diagnostics, sources, &self.style),
        });
    }

    /// Writes to stderr; that it may be closed is nobody's concern.
    pub fn say(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Runs a command with stdout behind a buffer and turns its failure into a status. A reader who
    /// has seen enough (`banfa … | head`) is no failure.
    pub fn finish(&self, command: impl FnOnce(&mut dyn Write) -> Outcome) -> Status {
        let mut out = BufWriter::new(io::stdout().lock());
        let outcome = command(&mut out).and_then(|status| match out.flush() {
            Ok(()) => Ok(status),
            Err(error) => Err(error.into()),
        });
        // What a failed stream still holds must not be written again on drop.
        let _ = out.into_parts();
        match outcome {
            Ok(status) => status,
            Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Status::Fine,
            Err(Failure::Output(error)) => {
                self.report(&[unwritten(&error)], &Sources::default());
                Status::Failed
            }
            Err(Failure::Diagnostics(found)) => {
                self.report(&found, &Sources::default());
                Status::Failed
            }
        }
    }
}

/// Findings when there are errors, or, if asked to be strict, warnings.
#[must_use]
pub fn status_of(diagnostics: &[Diagnostic], strict: bool) -> Status {
    let gravest = if strict { Severity::Warning } else { Severity::Error };
    if diagnostics.iter().any(|it| it.severity <= gravest) { Status::Findings } else { Status::Fine }
}

fn unwritten(error: &io::Error) -> Diagnostic {
    Diagnostic::error("B0811", format!("结果写不出去：{}", crate::files::reason(error)))
}
