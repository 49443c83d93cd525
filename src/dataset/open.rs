//! The doors of this folder.
use super::inputs::Inputs;
use super::rows::Rows;
use super::{Decoder, Form, Options, Output, Packing, Source, errors, out};
use crate::diag::Diagnostic;
use crate::hir::Hir;
use std::path::PathBuf;

/// Opens the inputs, one after another; `-` is standard input.
///
/// # Errors
/// When a file is missing, its form cannot be told or is not built in, or (for tables) its columns do not fit.
pub fn open_inputs(hir: &Hir, paths: &[PathBuf], options: &Options) -> Result<Box<dyn Source>, Diagnostic> {
    Ok(Box::new(Inputs::new(hir, paths, options).map_err(|e| *e)?))
}

/// A decoder for one thread; it decodes the portions of any form.
#[must_use]
pub fn decoder<'h>(hir: &'h Hir, options: &Options) -> Box<dyn Decoder + 'h> {
    Box::new(Rows::new(hir, options))
}

/// The same, but every row of columns is read by way of JSON: slower, and what the way straight from columns is held to.
#[cfg(feature = "parquet")]
#[must_use]
pub fn decoder_by_text<'h>(hir: &'h Hir, options: &Options) -> Box<dyn Decoder + 'h> {
    Box::new(Rows::new(hir, options).by_text())
}

/// The output in a form.
///
/// # Errors
/// When the form is not built in, or cannot be packed.
pub fn output(form: Form, packing: Packing) -> Result<Box<dyn Output>, Diagnostic> {
    if let (Form::Excel | Form::Parquet, Packing::Gzip | Packing::Zstd) = (form, packing) {
        return Err(errors::not_packed(form.name()));
    }
    match form {
        Form::Jsonl => Ok(Box::new(out::Jsonl::new(packing))),
        Form::Csv => Ok(Box::new(out::Csv::new(packing))),
        Form::Json => Err(errors::no_json_out()),
        #[cfg(feature = "parquet")]
        Form::Parquet => Ok(Box::new(out::ParquetFiles)),
        #[cfg(not(feature = "parquet"))]
        Form::Parquet => Err(errors::not_built_in(form)),
        #[cfg(feature = "excel")]
        Form::Excel => Ok(Box::new(out::Workbook)),
        #[cfg(not(feature = "excel"))]
        Form::Excel => Err(errors::not_built_in(form)),
    }
}
