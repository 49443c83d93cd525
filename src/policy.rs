//! A policy ready for use: compiled once, asked about any number of cases.
//!
//! In: a path or a text. Out: findings, reasons, and the texts they speak about. This is the door for programs that
//! use banfa as a library; the command line goes through it too.
use crate::base::calendar::WorkCalendar;
use crate::base::holidays::{self, YearPlan};
use crate::base::{Date, FileId, Sources, Span};
use crate::diag::{Diagnostic, Severity, render};
use crate::driver::{self, Compilation, Load};
use crate::eval::{Env, Evaluation, Finding, Reasons, findings};
use crate::facts::{Base, Case, CaseFile, Format, LawText, Moved, ReadOptions, read_cases};
use crate::files;
use crate::ir::Program;
use crate::testing::Law;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// The folder of calendar files, looked for beside a policy and in the folders above it.
pub const CALENDAR_FOLDER: &str = "工作日历";

/// A compiled policy with its calendar and the texts it came from.
#[derive(Debug)]
pub struct Policy {
    program: Program,
    sources: Sources,
    calendar: WorkCalendar,
    warnings: Vec<Diagnostic>,
    text_of: Option<Date>,
}

/// How the cases of a text are read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The day the question is put for; goes before 认定日期.
    pub date: Option<Date>,
    /// Which of the cases.
    pub text: LawText,
    /// What became of the addresses in 期望.
    pub moved: Option<Moved<'a>>,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self { date: None, text: LawText::Of(None), moved: None }
    }
}

/// What stood in the way, with the texts needed to show where. `Display` draws it plainly, in Chinese.
#[derive(Debug)]
pub struct Refusal {
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts the diagnostics point into.
    pub sources: Sources,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render::render(&self.diagnostics, &self.sources, &render::Style::default()))
    }
}

impl std::error::Error for Refusal {}

/// The result of one case: registers, and the conclusions drawn from them.
#[derive(Debug)]
pub struct Outcome {
    /// Registers of the run, for [`Policy::reasons`].
    pub run: Evaluation,
    /// Every conclusion of every row.
    pub findings: Vec<Finding>,
}

/// The cases of one file.
#[derive(Debug)]
pub struct ReadFile {
    /// Those that are whole.
    pub cases: Vec<CaseFile>,
    /// What is wrong with the others.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts of the policy, of this file and of what it stands upon.
    pub sources: Sources,
    /// Files named by 基础.
    pub bases: Vec<PathBuf>,
}

impl Policy {
    /// Compiles the policy at `path`, with what it includes, the original beside it and the calendars around it.
    ///
    /// # Errors
    /// When the file cannot be read or the policy has errors.
    pub fn from_path(path: &Path) -> Result<Self, Refusal> {
        let text =
            files::read(path).map_err(|d| Refusal { diagnostics: vec![d], sources: Sources::new() })?;
        Self::build(driver::compile(path, text, &files::read), path, &files::read)
    }

    /// Compiles a policy from its text alone; `load` is asked for what it includes.
    ///
    /// # Errors
    /// When the policy has errors.
    pub fn from_text(name: &str, text: &str, load: Load<'_>) -> Result<Self, Refusal> {
        Self::build(driver::compile(Path::new(name), text.to_owned(), load), Path::new(name), load)
    }

    /// A policy from what was compiled; `path` is where its calendars are looked for.
    ///
    /// # Errors
    /// When the policy has errors.
    pub fn build(compilation: Compilation, path: &Path, load: Load<'_>) -> Result<Self, Refusal> {
        let Compilation { mut sources, program, mut diagnostics, .. } = compilation;
        let Some(program) = program else { return Err(Refusal { diagnostics, sources }) };
        let calendar = if program.needs_calendar() {
            let (calendar, found) = calendar_around(path, load, &mut sources);
            diagnostics.extend(found);
            calendar
        } else {
            WorkCalendar::default()
        };
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            return Err(Refusal { diagnostics, sources });
        }
        Ok(Self { program, sources, calendar, warnings: diagnostics, text_of: None })
    }

    /// The same policy, known to be the text in force on `date`: cases that say 适用文本 are read if that is it.
    #[must_use]
    pub fn in_force_on(self, date: Option<Date>) -> Self {
        Self { text_of: date, ..self }
    }

    /// The flat program, and through it names, addresses and texts.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Texts of the policy and of every case read for it.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Working days.
    #[must_use]
    pub fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// Warnings found while compiling.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Reads the cases of a file.
    ///
    /// # Errors
    /// When the file cannot be read or a case in it has errors; all errors at once.
    pub fn read_cases(&mut self, path: &Path) -> Result<Vec<CaseFile>, Refusal> {
        let text = match files::read(path) {
            Ok(text) => text,
            Err(d) => return Err(Refusal { diagnostics: vec![d], sources: Sources::new() }),
        };
        let (cases, diagnostics) = self.try_cases(path, &text, None);
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            return Err(Refusal { diagnostics, sources: self.sources.clone() });
        }
        Ok(cases)
    }

    /// Reads the cases of a text, keeping those that are whole beside what is wrong with the others. `path` names the
    /// text, tells its notation by its ending, and is where 基础 starts from.
    pub fn try_cases(
        &mut self,
        path: &Path,
        text: &str,
        date: Option<Date>,
    ) -> (Vec<CaseFile>, Vec<Diagnostic>) {
        let text_of = LawText::Of(self.text_of);
        self.cases_for(path, text, &Reading { date, text: text_of, moved: None })
    }

    /// The same with a say in which of the cases are read, and in what became of the addresses they cite.
    pub fn cases_for(
        &mut self,
        path: &Path,
        text: &str,
        reading: &Reading<'_>,
    ) -> (Vec<CaseFile>, Vec<Diagnostic>) {
        let mut sources = std::mem::take(&mut self.sources);
        let (cases, diagnostics, _) = self.cases_in(&mut sources, path, text, reading, false);
        self.sources = sources;
        (cases, diagnostics)
    }

    /// As [`Self::cases_for`], the texts kept with what was read: many files may be read at the same time.
    #[must_use]
    pub fn read_file(&self, path: &Path, text: &str, reading: &Reading<'_>) -> ReadFile {
        let mut sources = self.sources.clone();
        let (cases, diagnostics, bases) = self.cases_in(&mut sources, path, text, reading, false);
        ReadFile { cases, diagnostics, sources, bases }
    }

    /// The facts of every case of a file, whatever text it was written for; 期望 is not looked at.
    #[must_use]
    pub fn read_facts(&self, path: &Path, text: &str, date: Option<Date>) -> ReadFile {
        let mut sources = self.sources.clone();
        let reading = Reading { date, text: LawText::Any, moved: None };
        let (cases, diagnostics, bases) = self.cases_in(&mut sources, path, text, &reading, true);
        ReadFile { cases, diagnostics, sources, bases }
    }

    fn cases_in(
        &self,
        sources: &mut Sources,
        path: &Path,
        text: &str,
        reading: &Reading<'_>,
        facts_only: bool,
    ) -> (Vec<CaseFile>, Vec<Diagnostic>, Vec<PathBuf>) {
        let stdin = path == Path::new("-");
        let shown = if stdin { "标准输入".to_owned() } else { path.display().to_string() };
        let format = Format::of_path(&shown).unwrap_or_else(|| Format::sniff(text));
        let name = path.file_stem().map_or_else(|| shown.clone(), |s| s.to_string_lossy().into_owned());
        let file = sources.add(shown, text.to_owned());
        let bases = Bases {
            sources: RefCell::new(sources),
            known: RefCell::new(HashMap::from([(file, path.to_path_buf())])),
        };
        let find = |from: FileId, wanted: &str| bases.find(from, wanted);
        let name = if stdin { "案例" } else { name.as_str() };
        let Reading { date, text: law, moved } = *reading;
        let options =
            ReadOptions { name, date, single: false, bases: Some(&find), text: law, moved, facts_only };
        let (cases, diagnostics) = read_cases(text, file, format, &self.program.hir, &options);
        let mut known: Vec<(FileId, PathBuf)> =
            bases.known.into_inner().into_iter().filter(|(id, _)| *id != file).collect();
        known.sort();
        (cases, diagnostics, known.into_iter().map(|(_, path)| path).collect())
    }

    /// What testing needs of it.
    #[must_use]
    pub fn law(&self, date: Option<Date>) -> Law<'_> {
        Law { program: &self.program, calendar: &self.calendar, date }
    }

    /// Evaluates a case and lists its conclusions. `date` goes before the case's own 认定日期.
    #[must_use]
    pub fn run(&self, case: &Case, date: Option<Date>) -> Outcome {
        let mut run = Evaluation::new();
        run.run(&self.program, case, &Env { calendar: &self.calendar, date });
        let findings = findings(&self.program, case, &run);
        Outcome { run, findings }
    }

    /// Reasons for an outcome.
    #[must_use]
    pub fn reasons<'a>(&'a self, case: &'a Case, outcome: &'a Outcome) -> Reasons<'a> {
        Reasons::new(&self.program, case, &outcome.run)
    }
}

/// Base cases, read once each.
struct Bases<'a> {
    sources: RefCell<&'a mut Sources>,
    known: RefCell<HashMap<FileId, PathBuf>>,
}

impl Bases<'_> {
    fn find(&self, from: FileId, wanted: &str) -> Result<Base, String> {
        let mut known = self.known.borrow_mut();
        let folder = known.get(&from).and_then(|p| p.parent()).unwrap_or(Path::new("")).to_path_buf();
        let path = driver::tidy_path(&folder.join(wanted));
        let text = files::read(&path).map_err(|d| d.message)?;
        let shown = path.display().to_string();
        let format = Format::of_path(&shown).unwrap_or_else(|| Format::sniff(&text));
        let seen = known.iter().find(|(_, p)| driver::tidy_path(p) == path).map(|(file, _)| *file);
        let file = seen.unwrap_or_else(|| {
            let file = self.sources.borrow_mut().add(shown, text.clone());
            known.insert(file, path);
            file
        });
        Ok(Base { file, text, format })
    }
}

/// The calendar shipped with banfa, with the years of any 工作日历 folder beside or above the policy put over it.
fn calendar_around(path: &Path, load: Load<'_>, sources: &mut Sources) -> (WorkCalendar, Vec<Diagnostic>) {
    let mut plans: Vec<YearPlan> =
        holidays::SHIPPED.iter().filter_map(|text| holidays::parse_year(text).ok()).collect();
    let mut diagnostics = Vec::new();
    for file in calendar_files(path) {
        let text = match load(&file) {
            Ok(text) => text,
            Err(d) => {
                diagnostics.push(d);
                continue;
            }
        };
        if holidays::SHIPPED.contains(&text.as_str()) {
            continue;
        }
        match holidays::parse_year(&text) {
            Ok(plan) => {
                plans.retain(|p| p.year != plan.year);
                plans.push(plan);
            }
            Err(found) => {
                let id = sources.add(file.display().to_string(), text);
                diagnostics.extend(found.iter().map(|e| calendar_error(id, &file, e)));
            }
        }
    }
    match WorkCalendar::build(&plans) {
        Ok(calendar) => (calendar, diagnostics),
        Err(e) => {
            diagnostics.push(calendar_error(FileId(u32::MAX), path, &e));
            (WorkCalendar::default(), diagnostics)
        }
    }
}

/// Files of the nearest 工作日历 folder, in order of name.
fn calendar_files(path: &Path) -> Vec<PathBuf> {
    let mut folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if folder.as_os_str().is_empty() {
        folder = PathBuf::from(".");
    }
    let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
    for above in folder.ancestors() {
        let Ok(entries) = std::fs::read_dir(above.join(CALENDAR_FOLDER)) else { continue };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|e| e.ok().map(|e| e.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        return files;
    }
    Vec::new()
}

/// B0834: a calendar file that cannot be used.
fn calendar_error(file: FileId, path: &Path, error: &holidays::CalendarError) -> Diagnostic {
    let at = error
        .span
        .clone()
        .map(|r| Span::new(file, u32::try_from(r.start).unwrap_or(0), u32::try_from(r.end).unwrap_or(0)));
    let diagnostic = Diagnostic::error("B0834", format!("工作日历“{}”有误：{}", path.display(), error.kind))
        .help("格式见工作日历文件夹里的说明");
    match at {
        Some(at) => diagnostic.label(at, "这里"),
        None => diagnostic,
    }
}
