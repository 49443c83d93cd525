//! One vocabulary, made ready once, for reading many cases.
use super::case_file::{CaseFile, ReadOptions, read_with};
use super::names::Names;
use super::read::Format;
use crate::base::FileId;
use crate::diag::Diagnostic;
use crate::hir::Hir;

/// Reads cases of one policy.
#[derive(Debug)]
pub struct Reader<'h> {
    pub(super) names: Names<'h>,
}

impl<'h> Reader<'h> {
    /// Makes the vocabulary ready.
    #[must_use]
    pub fn new(hir: &'h Hir) -> Self {
        Self { names: Names::new(hir) }
    }

    /// As [`super::read_cases`].
    #[must_use]
    pub fn read(
        &self,
        text: &str,
        file: FileId,
        format: Format,
        options: &ReadOptions<'_>,
    ) -> (Vec<CaseFile>, Vec<Diagnostic>) {
        read_with(&self.names, text, file, format, options)
    }
}
