//! Opening a policy for a command, with everything that is wrong with it told.
use std::path::Path;

use super::ui::Ui;
use crate::policy::Policy;

/// The compiled policy, or none after saying why not.
#[must_use]
pub fn policy(path: &Path, ui: &Ui) -> Option<Policy> {
    match Policy::from_path(path) {
        Ok(policy) => Some(policy),
        Err(refusal) => {
            ui.report(&refusal.diagnostics, &refusal.sources);
            None
        }
    }
}
