//! Trying the cases of a policy: files are read and cases evaluated on several threads, results come in the order of the
//! files whatever thread was first.
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::{Address, Date, Sources};
use crate::diag::{Diagnostic, Severity, tidy};
use crate::driver::tidy_path;
use crate::eval::Evaluation;
use crate::files;
use crate::policy::ReadFile;
use crate::testing::{Outcome, Tested, touch, try_case};
use crate::versions::Opened;

/// Folders whose cases are only there for others to stand upon.
const LAYERS: &str = "基础";
/// A bar is shown only when it takes longer.
const PATIENCE: Duration = Duration::from_millis(700);

/// Which cases are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// One of these is part of the name or the path; empty: all.
    pub words: Vec<String>,
    /// The evaluation has to do with one of these; empty: all.
    pub touching: Vec<Address>,
}

impl Selection {
    /// Whether everything is wanted.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.words.is_empty() && self.touching.is_empty()
    }

    /// Whether the words ask for a case.
    #[must_use]
    pub fn names(&self, name: &str, path: &Path) -> bool {
        let path = path.display().to_string();
        self.words.is_empty()
            || self.words.iter().any(|w| name.contains(w.as_str()) || path.contains(w.as_str()))
    }
}

/// The cases of one file.
#[derive(Debug)]
pub struct FileTrial {
    /// The file.
    pub path: PathBuf,
    /// Its cases in order, those not wanted too.
    pub tests: Vec<Tested>,
    /// Which of them are wanted.
    pub wanted: Vec<bool>,
    /// What is wrong with the file.
    pub refusal: Option<(Vec<Diagnostic>, Sources)>,
    /// Remarks that stand in no one's way.
    pub warnings: Option<(Vec<Diagnostic>, Sources)>,
    bases: Vec<PathBuf>,
}

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Threads.
    pub jobs: usize,
    /// Which cases.
    pub selection: &'a Selection,
    /// Goes before the 认定日期 of the cases.
    pub date: Option<Date>,
}

/// Tries the cases of all files, in their order; files that are only stood upon are left out.
#[must_use]
pub fn try_files(opened: &mut Opened, paths: &[PathBuf], plan: &Plan<'_>) -> Vec<FileTrial> {
    let texts: Vec<Text> = paths.iter().map(|path| prepared(opened, path)).collect();
    let opened = &*opened;
    let next = AtomicUsize::new(0);
    let bar = Bar::new(paths.len());
    let work = || {
        let mut run = Evaluation::new();
        let mut done = Vec::new();
        while let Some((at, path)) = take(&next, paths) {
            if let Some(text) = texts.get(at) {
                done.push((at, try_file(opened, path, text, plan, &mut run)));
            }
            bar.step();
        }
        done
    };
    let jobs = plan.jobs.clamp(1, paths.len().max(1));
    let mut done: Vec<(usize, FileTrial)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..jobs).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(part) => all.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    bar.finish();
    done.sort_by_key(|(at, _)| *at);
    let files: Vec<FileTrial> = done.into_iter().map(|(_, file)| file).collect();
    without_layers(files)
}

fn take<'p>(next: &AtomicUsize, paths: &'p [PathBuf]) -> Option<(usize, &'p PathBuf)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    paths.get(at).map(|path| (at, path))
}

/// The text of a case file, or why it cannot be tried.
type Text = Result<String, (Vec<Diagnostic>, Sources)>;

/// Reads a file and makes the texts of the law that its cases ask for.
fn prepared(opened: &mut Opened, path: &Path) -> Text {
    let text = files::read(path).map_err(|d| (vec![d], Sources::new()))?;
    opened.prepare(path, &text).map_err(|refusal| (refusal.diagnostics, refusal.sources))?;
    Ok(text)
}

fn try_file(opened: &Opened, path: &Path, text: &Text, plan: &Plan<'_>, run: &mut Evaluation) -> FileTrial {
    let mut file = FileTrial {
        path: path.to_path_buf(),
        tests: Vec::new(),
        wanted: Vec::new(),
        refusal: None,
        warnings: None,
        bases: Vec::new(),
    };
    let text = match text {
        Ok(text) => text,
        Err(refusal) => {
            file.refusal = Some(refusal.clone());
            return file;
        }
    };
    let mut tried: Vec<(Tested, bool)> = Vec::new();
    for (number, read) in opened.read_file(path, text, plan.date) {
        let ReadFile { cases, mut diagnostics, sources, bases } = read;
        tidy(&mut diagnostics);
        let law = opened.policy(number).law(plan.date);
        for case in &cases {
            let result = try_case(&law, &sources, case, run);
            let touched = plan.selection.touching.is_empty()
                || plan.selection.touching.iter().any(|a| touch::touches(law.program, run, a));
            let wanted = touched && plan.selection.names(&result.name, path);
            tried.push((result, wanted));
        }
        file.bases.extend(bases);
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            file.refusal = Some((diagnostics, sources));
        } else if !diagnostics.is_empty() {
            file.warnings = Some((diagnostics, sources));
        }
    }
    tried.sort_by_key(|(test, _)| test.line);
    (file.tests, file.wanted) = tried.into_iter().unzip();
    file
}

/// A file is a layer when it has no 期望 and stands in a folder 基础, or another file stands upon it.
fn without_layers(files: Vec<FileTrial>) -> Vec<FileTrial> {
    let stood_upon: BTreeSet<PathBuf> = files.iter().flat_map(|f| &f.bases).map(|p| tidy_path(p)).collect();
    let silent = |file: &FileTrial| {
        file.refusal.is_none() && file.tests.iter().all(|t| matches!(t.outcome, Outcome::Recorded(_)))
    };
    let in_folder = |file: &FileTrial| file.path.components().any(|c| c.as_os_str() == LAYERS);
    files
        .into_iter()
        .filter(|file| !(silent(file) && (in_folder(file) || stood_upon.contains(&tidy_path(&file.path)))))
        .collect()
}

/// A bar on a terminal, shown only when it takes long.
struct Bar {
    drawn: ProgressBar,
    begun: Instant,
    on: bool,
}

impl Bar {
    fn new(files: usize) -> Self {
        let length = u64::try_from(files).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} 份案例文件") {
            bar.set_style(style);
        }
        Self { drawn: bar, begun: Instant::now(), on: std::io::stderr().is_terminal() }
    }

    fn step(&self) {
        self.drawn.inc(1);
        if self.on && self.drawn.is_hidden() && self.begun.elapsed() > PATIENCE {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}
