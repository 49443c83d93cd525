//! A diagnostic inside an error of input and output.
use crate::diag::Diagnostic;
use std::path::Path;
use std::{error, fmt, io};

/// What cannot be written, said in a diagnostic.
#[derive(Debug)]
pub(super) struct Refused(Diagnostic);

impl Refused {
    /// As an error of input and output.
    #[cfg(feature = "excel")]
    pub(super) fn io(diagnostic: Diagnostic) -> io::Error {
        io::Error::other(Self(diagnostic))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl error::Error for Refused {}

/// Why [`super::super::Output::assemble`] could not write `to`, in words.
#[must_use]
pub fn write_fault(to: &Path, error: &io::Error) -> Diagnostic {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>());
    inner.map_or_else(
        || {
            let reason = crate::files::reason(error);
            Diagnostic::error("B0825", format!("“{}”写不进去：{reason}", to.display()))
                .help("看看所在的目录是否存在、能否写入")
        },
        |refused| refused.0.clone(),
    )
}
