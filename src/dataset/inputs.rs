//! The inputs of a run, one after another: opens each when it comes up, tells its form, numbers the rows.
use super::array::Array;
use super::lines::Lines;
use super::unpack::{Bytes, Meter, open};
use super::{Body, Form, Options, Portion, Source, errors};
use crate::diag::Diagnostic;
use std::path::{Path, PathBuf};

/// One file, cut into portions.
pub(super) trait Cut: Send {
    /// How many rows come next, and the rows.
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>>;
}

/// All of them.
pub(super) struct Inputs {
    paths: Vec<PathBuf>,
    options: Options,
    meter: Meter,
    /// The file in hand, opened.
    open: Option<Box<dyn Cut>>,
    file: usize,
    row: u64,
}

impl Inputs {
    /// Opens the first, so that what is wrong with it is known before any work.
    pub(super) fn new(paths: &[PathBuf], options: &Options) -> Result<Self, Box<Diagnostic>> {
        for path in paths.iter().filter(|p| *p != Path::new("-")) {
            std::fs::metadata(path).map_err(|e| errors::unreadable(path, &e))?;
            form_of(path, options)?;
        }
        let mut inputs = Self {
            paths: paths.to_vec(),
            options: options.clone(),
            meter: Meter::new(paths),
            open: None,
            file: 0,
            row: 1,
        };
        if let Some(first) = inputs.paths.first().cloned() {
            inputs.open = Some(inputs.cut(&first, 0)?);
        }
        Ok(inputs)
    }

    fn cut(&self, path: &Path, file: usize) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        let known = form_of(path, &self.options)?;
        let (bytes, head) = open(path, &self.meter)?;
        match known.unwrap_or_else(|| sniff(&head)) {
            Form::Jsonl => Ok(Box::new(Lines::new(path.to_path_buf(), file, bytes, self.options.portion))),
            Form::Json => Ok(Box::new(Array::new(path.to_path_buf(), file, bytes))),
            Form::Csv | Form::Excel | Form::Parquet => self.table(path, file, bytes),
        }
    }

    fn table(&self, path: &Path, _file: usize, _bytes: Bytes) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        Err(Box::new(errors::unknown_form(path)))
    }
}

impl Source for Inputs {
    fn next(&mut self) -> Result<Option<Portion>, Box<Diagnostic>> {
        while let Some(path) = self.paths.get(self.file) {
            let mut cut = match self.open.take() {
                Some(cut) => cut,
                None => self.cut(path, self.file)?,
            };
            if let Some((rows, body)) = cut.next()? {
                self.open = Some(cut);
                let first = self.row;
                self.row += rows;
                return Ok(Some(Portion { first, rows, body }));
            }
            self.file += 1;
        }
        Ok(None)
    }

    fn progress(&self) -> (u64, Option<u64>) {
        self.meter.progress()
    }
}

/// The form of a file, but for standard input, which is looked at.
fn form_of(path: &Path, options: &Options) -> Result<Option<Form>, Box<Diagnostic>> {
    match (options.form, Form::of_path(path)) {
        (Some(form), _) => Ok(Some(form)),
        (None, Some((form, _))) => Ok(Some(form)),
        (None, None) if path == Path::new("-") => Ok(None),
        (None, None) => Err(Box::new(errors::unknown_form(path))),
    }
}

/// By the first characters: a bracket begins an array, anything else lines.
fn sniff(head: &[u8]) -> Form {
    match head.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'[') => Form::Json,
        Some(b'{') | None => Form::Jsonl,
        Some(_) => Form::Csv,
    }
}
