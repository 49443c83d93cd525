//! Trying the cases of a policy: files are read and cases evaluated on several threads, results come in the order of the
//! files whatever thread was first.
use std::collections::{BTreeMap, BTreeSet};
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
use crate::testing::coverage::{self, CaseId, Seen};
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
    /// What the cases counted have seen, kept apart while the file may turn out to be only stood upon.
    seen: Option<Seen>,
    /// Cases written for another text than the one that is covered.
    elsewhere: usize,
    /// Names and places of the cases counted.
    counted: Vec<(CaseId, (String, String))>,
}

/// What the cases of a policy have seen of it.
#[derive(Debug)]
pub struct SeenBy {
    /// What.
    pub seen: Seen,
    /// Cases by number.
    pub cases: BTreeMap<CaseId, (String, String)>,
    /// Cases left out: written for another text.
    pub elsewhere: usize,
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
    /// What is to be covered.
    pub coverage: Option<&'a coverage::Plan>,
}

/// Tries the cases of all files, in their order; files that are only stood upon are left out.
#[must_use]
pub fn try_files(
    opened: &mut Opened,
    paths: &[PathBuf],
    plan: &Plan<'_>,
) -> (Vec<FileTrial>, Option<SeenBy>) {
    let texts: Vec<Text> = paths.iter().map(|path| prepared(opened, path)).collect();
    let opened = &*opened;
    let next = AtomicUsize::new(0);
    let bar = Bar::new(paths.len());
    let work = || {
        let mut run = Evaluation::new();
        let mut done = Vec::new();
        let mut total = plan.coverage.map(Seen::new);
        while let Some((at, path)) = take(&next, paths) {
            if let Some(text) = texts.get(at) {
                let mut file = try_file(opened, (at, path), text, plan, &mut run);
                if let (Some(total), false) = (&mut total, file.is_silent()) {
                    file.seen.take().iter().for_each(|seen| total.merge(seen));
                }
                done.push((at, file));
            }
            bar.step();
        }
        (done, total)
    };
    let jobs = plan.jobs.clamp(1, paths.len().max(1));
    let (mut done, total) = std::thread::scope(|scope| {
        let others: Vec<_> = (1..jobs).map(|_| scope.spawn(work)).collect();
        let (mut all, mut total) = work();
        for other in others {
            let (part, seen) = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            all.extend(part);
            if let (Some(total), Some(seen)) = (&mut total, seen) {
                total.merge(&seen);
            }
        }
        (all, total)
    });
    bar.finish();
    done.sort_by_key(|(at, _)| *at);
    let files: Vec<FileTrial> = done.into_iter().map(|(_, file)| file).collect();
    let mut files = without_layers(files);
    let seen = total.map(|mut seen| {
        for silent in files.iter_mut().filter_map(|f| f.seen.take()) {
            seen.merge(&silent);
        }
        let cases = files.iter_mut().flat_map(|f| std::mem::take(&mut f.counted)).collect();
        SeenBy { seen, cases, elsewhere: files.iter().map(|f| f.elsewhere).sum() }
    });
    (files, seen)
}

impl FileTrial {
    /// Whether nothing in it says what to expect.
    fn is_silent(&self) -> bool {
        self.refusal.is_none() && self.tests.iter().all(|t| matches!(t.outcome, Outcome::Recorded(_)))
    }
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

fn try_file(
    opened: &Opened,
    (at, path): (usize, &Path),
    text: &Text,
    plan: &Plan<'_>,
    run: &mut Evaluation,
) -> FileTrial {
    let mut file = FileTrial {
        path: path.to_path_buf(),
        tests: Vec::new(),
        wanted: Vec::new(),
        refusal: None,
        warnings: None,
        bases: Vec::new(),
        seen: plan.coverage.map(Seen::new),
        elsewhere: 0,
        counted: Vec::new(),
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
            if let (true, Some(covered), Some(seen)) = (wanted, plan.coverage, &mut file.seen) {
                if number == opened.number() {
                    let id = (clamp(at), clamp(tried.len()));
                    seen.add(covered, law.program, run, id);
                    let place = format!("{}:{}", path.display(), result.line);
                    file.counted.push((id, (result.name.clone(), place)));
                } else {
                    file.elsewhere += 1;
                }
            }
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
    let in_folder = |file: &FileTrial| file.path.components().any(|c| c.as_os_str() == LAYERS);
    files
        .into_iter()
        .filter(|file| {
            !(file.is_silent() && (in_folder(file) || stood_upon.contains(&tidy_path(&file.path))))
        })
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

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
