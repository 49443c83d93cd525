//! The inputs of a run, one after another: opens each when it comes up, tells its form, numbers the rows.
use super::array::Array;
use super::lines::Lines;
use super::table::{self, CsvRecords, Joined, List, Records};
use super::unpack::{Bytes, Meter, open};
use super::{Body, Form, Options, Packing, Portion, Source, errors};
use crate::diag::Diagnostic;
use crate::facts::Reader;
use crate::hir::Hir;
use std::path::{Path, PathBuf};

/// One file, cut into portions.
pub(super) trait Cut: Send {
    /// How many rows come next, and the rows.
    fn next(&mut self) -> Result<Option<(u64, Body)>, Box<Diagnostic>>;
}

/// All of them.
pub(super) struct Inputs {
    hir: Hir,
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
    pub(super) fn new(hir: &Hir, paths: &[PathBuf], options: &Options) -> Result<Self, Box<Diagnostic>> {
        for path in paths.iter().filter(|p| *p != Path::new("-")) {
            std::fs::metadata(path).map_err(|e| errors::unreadable(path, &e))?;
            form_of(path, options)?;
        }
        let mut inputs = Self {
            hir: hir.clone(),
            paths: paths.to_vec(),
            options: options.clone(),
            meter: Meter::new(paths),
            open: None,
            file: 0,
            row: 1,
        };
        if let Some(first) = inputs.paths.first().cloned() {
            inputs.open = Some(inputs.cut(&first, 0)?);
            inputs.check_ahead()?;
        }
        Ok(inputs)
    }

    fn cut(&self, path: &Path, file: usize) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        self.cut_with(path, file, &self.meter)
    }

    fn cut_with(&self, path: &Path, file: usize, meter: &Meter) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        let known = form_of(path, &self.options)?;
        if let Some(form @ (Form::Excel | Form::Parquet)) = known {
            return self.whole(form, path, file, meter);
        }
        let (bytes, head) = open(path, meter)?;
        match known.unwrap_or_else(|| sniff(&head)) {
            Form::Jsonl => Ok(Box::new(Lines::new(path.to_path_buf(), file, bytes, self.options.portion))),
            Form::Json => Ok(Box::new(Array::new(path.to_path_buf(), file, bytes))),
            Form::Csv => self.csv(path, file, bytes, meter),
            form @ (Form::Excel | Form::Parquet) => Err(Box::new(errors::needs_file(form.name()))),
        }
    }

    /// A form that is read from any place of the file.
    #[cfg_attr(
        not(any(feature = "excel", feature = "parquet")),
        expect(unused_variables, clippy::unused_self, reason = "only forms that are built in are opened")
    )]
    fn whole(
        &self,
        form: Form,
        path: &Path,
        file: usize,
        meter: &Meter,
    ) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        let packed = Form::of_path(path).is_some_and(|(_, packing)| packing != Packing::Plain);
        if path == Path::new("-") || packed {
            return Err(Box::new(errors::needs_file(form.name())));
        }
        match form {
            #[cfg(feature = "parquet")]
            Form::Parquet => {
                Ok(Box::new(super::columnar::ParquetRows::open(&Reader::new(&self.hir), path, file, meter)?))
            }
            #[cfg(feature = "excel")]
            Form::Excel => self.excel(path, file, meter),
            #[cfg(not(feature = "parquet"))]
            Form::Parquet => Err(Box::new(errors::not_built_in(form))),
            #[cfg(not(feature = "excel"))]
            Form::Excel => Err(Box::new(errors::not_built_in(form))),
            Form::Jsonl | Form::Json | Form::Csv => Err(Box::new(errors::needs_file(form.name()))),
        }
    }

    fn csv(
        &self,
        path: &Path,
        file: usize,
        bytes: Bytes,
        meter: &Meter,
    ) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        let reader = Reader::new(&self.hir);
        let main: Box<dyn Records> = Box::new(CsvRecords::new(path.to_path_buf(), bytes));
        let lists = self.lists(meter)?;
        let shown = path.display().to_string();
        let plan = table::plan(&reader, (shown, main), lists, self.options.key.as_deref())?;
        Ok(Box::new(Joined::new(plan, file)?))
    }

    /// The files of lists.
    fn lists(&self, meter: &Meter) -> Result<Vec<List>, Box<Diagnostic>> {
        let open_list = |(name, path): &(String, PathBuf)| {
            let (bytes, _) = open(path, meter)?;
            let records = Box::new(CsvRecords::new(path.clone(), bytes));
            let shown = path.file_name().unwrap_or_default().display().to_string();
            Ok(List { name: name.clone(), shown, records })
        };
        self.options.lists.iter().map(open_list).collect()
    }

    /// The first sheet, and those that bear the names of lists.
    #[cfg(feature = "excel")]
    fn excel(&self, path: &Path, file: usize, meter: &Meter) -> Result<Box<dyn Cut>, Box<Diagnostic>> {
        let shown = path.display().to_string();
        let mut sheets = table::workbook(path)?.into_iter();
        let Some((_, main)) = sheets.next() else { return Err(Box::new(errors::no_head(&shown))) };
        let mut lists: Vec<List> =
            sheets.map(|(name, records)| List { shown: name.clone(), name, records }).collect();
        lists.extend(self.lists(&Meter::default())?);
        meter.advance(std::fs::metadata(path).map_or(0, |m| m.len()));
        let plan = table::plan(&Reader::new(&self.hir), (shown, main), lists, self.options.key.as_deref())?;
        Ok(Box::new(Joined::new(plan, file)?))
    }

    /// Looks at the tables to come, so that an unknown column is told before any row is decided.
    fn check_ahead(&self) -> Result<(), Box<Diagnostic>> {
        for (file, path) in self.paths.iter().enumerate().skip(1).filter(|(_, p)| *p != Path::new("-")) {
            if matches!(form_of(path, &self.options)?, Some(Form::Csv | Form::Excel | Form::Parquet)) {
                self.cut_with(path, file, &Meter::default())?;
            }
        }
        Ok(())
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
    match options.form.or_else(|| Form::of_path(path).map(|(form, _)| form)) {
        Some(form) => Ok(Some(form)),
        None if path == Path::new("-") => Ok(None),
        None => Err(Box::new(errors::unknown_form(path))),
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
