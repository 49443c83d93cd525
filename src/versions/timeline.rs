//! Texts of a policy day by day.
use super::gather::{self, Base, Wanted};
use super::order::{self, Step};
use super::stamp;
use crate::amend::{self, Change, Renumbering};
use crate::base::{Date, FileId, Sources, numeral};
use crate::diag::{Diagnostic, tidy};
use crate::driver::{self, Compilation};
use crate::files;
use crate::fmt;
use crate::policy::{Policy, Refusal};
use crate::syntax::ast;
use std::path::{Path, PathBuf};

/// An amending decision and where it stands.
#[derive(Clone, Debug)]
pub struct LoadedDecision {
    /// Where.
    pub path: PathBuf,
    /// Its text in [`Timeline::sources`].
    pub file: FileId,
    /// What it says.
    pub tree: ast::Decision,
}

/// A policy and its decisions in order.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The path it was opened by.
    path: PathBuf,
    sources: Sources,
    title: String,
    /// The law's own files.
    own: Vec<(PathBuf, FileId)>,
    decisions: Vec<LoadedDecision>,
    steps: Vec<Step>,
    warnings: Vec<Diagnostic>,
}

/// What one step did.
#[derive(Clone, Debug)]
pub struct Done {
    /// The step.
    pub step: Step,
    /// Title of the decision.
    pub title: String,
    /// What it did to which provision.
    pub changes: Vec<Change>,
    /// Where each provision went.
    pub renumbering: Renumbering,
    /// What deserves a look, such as a reference to a range that grew.
    pub notes: Vec<Diagnostic>,
    /// The own files before it, in order.
    pub before: Vec<String>,
    /// The own files after it, in order, stamped.
    pub after: Vec<String>,
    /// What the notes point into.
    pub sources: Sources,
}

/// The text in force from one step to the next.
#[derive(Clone, Debug)]
pub struct Version {
    /// How many steps it includes.
    pub number: usize,
    /// From when on; none: the text as written.
    pub since: Option<Date>,
    /// The day the next step takes effect.
    pub until: Option<Date>,
    /// The steps, in order.
    pub done: Vec<Done>,
    /// The law's own files: where the written ones are, and their text now; the main one first.
    pub texts: Vec<(PathBuf, String)>,
    /// From the text as written to this one.
    pub renumbering: Renumbering,
}

impl Timeline {
    /// Reads a policy and its decisions.
    ///
    /// # Errors
    /// When a file cannot be read, the policy does not compile, a decision has errors, or their order is not known.
    pub fn open(path: &Path, wanted: &Wanted) -> Result<Self, Refusal> {
        let refuse = |diagnostics| Refusal { diagnostics, sources: Sources::new() };
        let text = files::read(path).map_err(|d| refuse(vec![d]))?;
        let Base { mut sources, own, title, amended, effective } = gather::base(path, text)?;
        let (decisions, warnings) = match gather::decisions(&wanted.paths(path), &mut sources) {
            Ok(found) => found,
            Err(diagnostics) => return Err(Refusal { diagnostics, sources }),
        };
        match order::steps(&decisions, &amended, effective, &sources) {
            Ok(steps) => {
                Ok(Self { path: path.to_path_buf(), sources, title, own, decisions, steps, warnings })
            }
            Err(mut diagnostics) => {
                tidy(&mut diagnostics);
                Err(Refusal { diagnostics, sources })
            }
        }
    }

    /// Title of the policy.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Texts of the policy and of the decisions.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The decisions, in order of path.
    #[must_use]
    pub fn decisions(&self) -> &[LoadedDecision] {
        &self.decisions
    }

    /// What takes effect when, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What was noticed about the decisions.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// How many steps have taken effect on `date`.
    #[must_use]
    pub fn steps_by(&self, date: Date) -> usize {
        self.steps.iter().take_while(|step| step.date <= date).count()
    }

    /// The text as written.
    ///
    /// # Errors
    /// As [`Self::after`], though no step is taken.
    pub fn written(&self) -> Result<Version, Refusal> {
        self.after(0)
    }

    /// The text in force on a day.
    ///
    /// # Errors
    /// As [`Self::after`].
    pub fn at(&self, date: Date) -> Result<Version, Refusal> {
        self.after(self.steps_by(date))
    }

    /// The text after the last decision known.
    ///
    /// # Errors
    /// As [`Self::after`].
    pub fn latest(&self) -> Result<Version, Refusal> {
        self.after(self.steps.len())
    }

    /// The text after the first `number` steps.
    ///
    /// # Errors
    /// When an operation cannot be carried out; nothing is amended in part.
    pub fn after(&self, number: usize) -> Result<Version, Refusal> {
        let mut version = Version {
            number: 0,
            since: None,
            until: self.steps.first().map(|s| s.date),
            done: Vec::new(),
            texts: self.own.iter().map(|(p, f)| (p.clone(), self.sources.text(*f).to_owned())).collect(),
            renumbering: Renumbering::default(),
        };
        for step in self.steps.iter().take(number) {
            self.advance(&mut version, step)?;
        }
        Ok(version)
    }

    fn advance(&self, version: &mut Version, step: &Step) -> Result<(), Refusal> {
        let Some(decision) = self.decisions.get(step.decision) else { return Ok(()) };
        // Places within texts that stand nowhere but here are shown in a copy of the sources.
        let mut sources = self.sources.clone();
        let before: Vec<String> = version.texts.iter().map(|(_, text)| text.clone()).collect();
        let ids: Vec<FileId> = if version.number == 0 {
            self.own.iter().map(|(_, file)| *file).collect()
        } else {
            let since = version.since.map(|date| date.to_string()).unwrap_or_default();
            let shown = |path: &Path| format!("{}（{since}的文本）", path.display());
            version.texts.iter().map(|(path, text)| sources.add(shown(path), text.clone())).collect()
        };
        let base: Vec<amend::Source<'_>> =
            ids.iter().zip(&before).map(|(file, text)| amend::Source { file: *file, text }).collect();
        let since = moved_since_first(version, step.decision);
        let applied = match amend::apply(&base, &decision.tree, &step.ops, &since) {
            Ok(applied) => applied,
            Err(mut diagnostics) => {
                tidy(&mut diagnostics);
                return Err(Refusal { diagnostics, sources });
            }
        };
        let labels: Vec<String> = step
            .ops
            .iter()
            .filter_map(|op| decision.tree.ops.get(*op))
            .map(|op| format!("第{}项", numeral::to_chinese(u64::from(op.number))))
            .collect();
        let title = &decision.tree.title.text;
        let entry = stamp::entry(step.date, title, (!step.whole).then_some(labels.as_slice()));
        let mut after = applied.texts;
        if let Some(main) = after.first_mut() {
            let stamped = stamp::stamp(main, &entry);
            *main = fmt::format(&stamped).unwrap_or(stamped);
        }
        for ((_, text), new) in version.texts.iter_mut().zip(&after) {
            text.clone_from(new);
        }
        version.number += 1;
        version.since = Some(step.date);
        version.until = self.steps.get(version.number).map(|s| s.date);
        version.renumbering = std::mem::take(&mut version.renumbering).then(&applied.renumbering);
        version.done.push(Done {
            step: step.clone(),
            title: title.clone(),
            changes: applied.changes,
            renumbering: applied.renumbering,
            notes: applied.notes,
            before,
            after,
            sources,
        });
        Ok(())
    }

    /// A version, compiled.
    ///
    /// # Errors
    /// When the amended text does not compile, shown in that text.
    pub fn policy(&self, version: &Version) -> Result<Policy, Refusal> {
        let policy = Policy::build(self.compile(version), &self.path, &files::read)?;
        Ok(policy.in_force_on(version.since))
    }

    /// A version, compiled as far as it can be.
    #[must_use]
    pub fn compile(&self, version: &Version) -> Compilation {
        let load = |wanted: &Path| {
            let own = version.texts.iter().skip(1).find(|(path, _)| *path == driver::tidy_path(wanted));
            own.map_or_else(|| files::read(wanted), |(_, text)| Ok(text.clone()))
        };
        let main = version.texts.first().map_or("", |(_, text)| text.as_str());
        driver::compile(&self.path, main.to_owned(), &load)
    }

    /// Where the provisions of the text after `from` steps are in `version`, which has more.
    #[must_use]
    pub fn moved(version: &Version, from: usize) -> Renumbering {
        let later = version.done.get(from..).unwrap_or(&[]);
        later.iter().fold(Renumbering::default(), |moved, done| moved.then(&done.renumbering))
    }
}

/// What became of addresses since the first operations of the decision took effect.
fn moved_since_first(version: &Version, decision: usize) -> Renumbering {
    let first = version.done.iter().position(|done| done.step.decision == decision);
    let later = version.done.get(first.unwrap_or(version.done.len())..).unwrap_or(&[]);
    later.iter().fold(Renumbering::default(), |moved, done| moved.then(&done.renumbering))
}
