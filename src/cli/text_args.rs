//! Options of every command that asks which text of a policy counts.
use std::path::{Path, PathBuf};

use super::ui::Ui;
use crate::base::date::{Date, DateError};
use crate::diag::Diagnostic;
use crate::versions::{Opened, Wanted};

/// Which decisions count.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct DecisionArgs {
    /// Decisions instead of those beside the policy.
    #[arg(
        long = "decisions",
        value_name = "路径",
        help = "所用的修改决定（文件或者文件夹），代替办法旁边的“修改”文件夹；可以写多次"
    )]
    pub decisions: Vec<PathBuf>,
}

impl DecisionArgs {
    /// As the library takes it.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        if self.decisions.is_empty() { Wanted::Beside } else { Wanted::These(self.decisions.clone()) }
    }

    /// Opens a policy in the text of `date`, or as written; none after saying why not. Unless `told`, that there are
    /// decisions and no day was said is mentioned.
    #[must_use]
    pub fn open(&self, path: &Path, date: Option<Date>, told: bool, ui: &Ui) -> Option<Opened> {
        match Opened::open(path, date, &self.wanted()) {
            Ok(opened) => {
                if let Some(notice) = unasked(&opened).filter(|_| !told) {
                    ui.report(&[notice], opened.main().sources());
                }
                Some(opened)
            }
            Err(refusal) => {
                ui.report(&refusal.diagnostics, &refusal.sources);
                None
            }
        }
    }
}

/// B0817: there are decisions and nobody said which day counts.
fn unasked(opened: &Opened) -> Option<Diagnostic> {
    let count = opened.timeline()?.decisions().len();
    (opened.asked().is_none() && count > 0).then(|| {
        Diagnostic::note("B0817", format!("有 {count} 件修改决定，没有写明日期，所用的是未经修改的文本"))
            .help("用 --date 写明按哪一天有效的文本")
    })
}

/// A date on the command line.
///
/// # Errors
/// When it is none.
pub fn date(text: &str) -> Result<Date, DateError> {
    Date::parse(text)
}
