//! Mutants tried by several threads, with a bar on a terminal and progress kept in a file. What comes out is in order
//! of the mutants, whoever tried them.
use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::ui::{Failure, Ui};
use crate::base::Sources;
use crate::base::calendar::WorkCalendar;
use crate::facts::CaseFile;
use crate::files;
use crate::hir::Hir;
use crate::testing::mutate::{Bench, Limits, Mutant, Outcome, Progress, Result as Tried};

/// How often progress is kept.
const KEEP: Duration = Duration::from_secs(2);

/// What is to be tried, on what, and how.
pub struct Trials<'a> {
    /// The law.
    pub hir: &'a Hir,
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// Texts of policy and cases.
    pub sources: &'a Sources,
    /// Cases.
    pub cases: &'a [CaseFile],
    /// Mutants.
    pub mutants: &'a [Mutant],
    /// How far survivors are searched.
    pub limits: Limits,
    /// Threads; none: as many as there are cores.
    pub jobs: Option<usize>,
    /// Where progress is kept.
    pub file: Option<&'a Path>,
}

/// One mutant tried: which, what came of it, how long the trial took.
struct Done {
    index: usize,
    tried: Tried,
    took: Duration,
}

/// Tries all mutants that `progress` does not know yet; gives what came of each.
///
/// # Errors
/// When progress cannot be written.
pub fn try_all(trials: &Trials<'_>, progress: &mut Progress, ui: &Ui) -> Result<Vec<Tried>, Failure> {
    let mut results: Vec<Option<Tried>> = trials.mutants.iter().map(|m| progress.get(&m.id)).collect();
    let open: Vec<usize> =
        results.iter().enumerate().filter(|(_, r)| r.is_none()).map(|(index, _)| index).collect();
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let jobs = trials.jobs.unwrap_or_else(cores).clamp(1, open.len().max(1));
    let bar = bar(open.len());
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, receive) = mpsc::channel::<Done>();
    let mut spent = (0_u64, Duration::ZERO);
    thread::scope(|scope| -> Result<(), Failure> {
        for _ in 0..jobs {
            let (send, open, next, stop) = (send.clone(), &open, &next, &stop);
            scope.spawn(move || work(trials, open, next, stop, &send));
        }
        drop(send);
        let mut kept = Instant::now();
        for done in receive {
            spent.0 += done.tried.trial.evaluations;
            spent.1 += done.took;
            bar.inc(1);
            if let Some(mutant) = trials.mutants.get(done.index) {
                progress.set(&mutant.id, &done.tried);
            }
            if let Some(slot) = results.get_mut(done.index) {
                *slot = Some(done.tried);
            }
            if kept.elapsed() > KEEP {
                kept = Instant::now();
                if let Err(error) = keep(trials.file, progress) {
                    stop.store(true, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
        Ok(())
    })?;
    keep(trials.file, progress)?;
    bar.finish_and_clear();
    if spent.0 > 0 {
        ui.say(&rate(spent));
    }
    Ok(results.into_iter().flatten().collect())
}

/// One thread: a bench of its own, the next mutant as long as there is one.
fn work(
    trials: &Trials<'_>,
    open: &[usize],
    next: &AtomicUsize,
    stop: &AtomicBool,
    send: &mpsc::Sender<Done>,
) {
    let mut bench = Bench::new(trials.hir, trials.calendar, trials.cases);
    while let Some(index) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
        let Some(mutant) = trials.mutants.get(*index).filter(|_| !stop.load(Ordering::Relaxed)) else {
            return;
        };
        let start = Instant::now();
        let trial = bench.try_mutant(mutant);
        let took = start.elapsed();
        let (apart, variants) = match trial.outcome {
            Outcome::Survived if trials.limits.variants > 0 => {
                bench.search(mutant, trials.sources, trials.limits)
            }
            Outcome::Survived | Outcome::Killed(_) | Outcome::Circular => (None, 0),
        };
        let tried = Tried { trial, apart, variants };
        // Nobody listens any more when progress could not be written.
        if send.send(Done { index: *index, tried, took }).is_err() {
            return;
        }
    }
}

fn keep(file: Option<&Path>, progress: &Progress) -> Result<(), Failure> {
    match file {
        Some(path) => files::replace(path, &progress.to_text()).map_err(Failure::from),
        None => Ok(()),
    }
}

fn rate((evaluations, took): (u64, Duration)) -> String {
    let micros = took.as_micros().max(1);
    let second = u128::from(evaluations) * 1_000_000 / micros;
    format!("评估 {evaluations} 次（一个变异用于一个案例为一次），单核每秒 {second} 次\n")
}

/// A bar with rate and time left, on a terminal only.
fn bar(count: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
    let template = "变异 {bar:30} {pos}/{len}　每秒 {per_sec:.0}　还要 {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
