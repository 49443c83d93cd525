//! A policy opened for reading cases: each case meets the text it was written for, or the one that was asked for.
use super::gather::Wanted;
use super::timeline::{Done, Timeline, Version};
use super::{errors, stamp};
use crate::base::{Address, Date, FileId};
use crate::diag::Diagnostic;
use crate::facts::{CaseFile, Format, LawText, Moved, law_texts};
use crate::policy::{Policy, ReadFile, Reading, Refusal};
use std::collections::BTreeMap;
use std::path::Path;

/// A policy, the texts its decisions make of it, and those of them that are compiled.
#[derive(Debug)]
pub struct Opened {
    timeline: Option<Timeline>,
    /// The day whose text was asked for.
    asked: Option<Date>,
    /// Number of steps of the text asked for.
    number: usize,
    /// The text asked for.
    main: Policy,
    /// How it came about; none for a policy without decisions.
    version: Option<Version>,
    /// Other texts, by number of steps.
    others: BTreeMap<usize, (Policy, Version)>,
}

/// Cases of one file that one text of the law reads.
#[derive(Debug)]
pub struct Batch {
    /// Of which text: for [`Opened::policy`].
    pub number: usize,
    /// The cases.
    pub cases: Vec<CaseFile>,
    /// What is wrong with others, shown in the sources of that policy.
    pub diagnostics: Vec<Diagnostic>,
}

impl Opened {
    /// Opens a policy in the text of a day, or as written. A policy without decisions has only the one text.
    ///
    /// # Errors
    /// When policy or decisions cannot be read or have errors, or the policy is not in force yet on that day.
    pub fn open(path: &Path, date: Option<Date>, wanted: &Wanted) -> Result<Self, Refusal> {
        let (timeline, number, main, version) = if wanted.paths(path).is_empty() {
            (None, 0, Policy::from_path(path)?, None)
        } else {
            let timeline = Timeline::open(path, wanted)?;
            let number = date.map_or(0, |date| timeline.steps_by(date));
            let version = timeline.after(number)?;
            let policy = timeline.policy(&version)?;
            (Some(timeline), number, policy, Some(version))
        };
        if let Some(early) = date.and_then(|date| errors::too_early(&main, date)) {
            return Err(Refusal { diagnostics: vec![early], sources: main.sources().clone() });
        }
        Ok(Self { timeline, asked: date, number, main, version, others: BTreeMap::new() })
    }

    /// The decisions, if there are any.
    #[must_use]
    pub fn timeline(&self) -> Option<&Timeline> {
        self.timeline.as_ref()
    }

    /// The day whose text was asked for.
    #[must_use]
    pub fn asked(&self) -> Option<Date> {
        self.asked
    }

    /// The number of the text asked for.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The text asked for.
    #[must_use]
    pub fn main(&self) -> &Policy {
        &self.main
    }

    /// How the text asked for came about; none when there are no decisions.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// A text that was compiled; the one asked for if that one was not.
    #[must_use]
    pub fn policy(&self, number: usize) -> &Policy {
        self.others.get(&number).map_or(&self.main, |(policy, _)| policy)
    }

    fn policy_mut(&mut self, number: usize) -> &mut Policy {
        match self.others.get_mut(&number) {
            Some((policy, _)) => policy,
            None => &mut self.main,
        }
    }

    /// Compiles the text after `number` steps, once.
    ///
    /// # Errors
    /// When a decision cannot be carried out or the amended text does not compile.
    pub fn compile(&mut self, number: usize) -> Result<(), Refusal> {
        let Some(timeline) = &self.timeline else { return Ok(()) };
        if number != self.number && !self.others.contains_key(&number) {
            let version = timeline.after(number)?;
            let policy = timeline.policy(&version)?;
            self.others.insert(number, (policy, version));
        }
        Ok(())
    }

    /// The number of the text in force on a day.
    #[must_use]
    pub fn number_on(&self, date: Date) -> usize {
        self.timeline.as_ref().map_or(0, |t| t.steps_by(date))
    }

    /// Which texts read the cases of a file: with a day asked for, that of the day reads all of them; else each is read
    /// by the text it says it was written for.
    fn readers(&self, path: &Path, text: &str) -> Vec<(usize, LawText)> {
        let format = Format::of_text(path, text);
        let texts = law_texts(text, FileId(0), format);
        if self.timeline.is_none() {
            // The one text there is serves every day from its last amendment on.
            let last = self.main.program().hir.header.amended.last().and_then(|e| stamp::date(e));
            let gone = texts.iter().flatten().any(|wanted| last.is_some_and(|last| *wanted < last));
            let law = if gone { LawText::Of(None) } else { LawText::Any };
            return vec![(0, law)];
        }
        if self.asked.is_some() {
            return vec![(self.number, LawText::Any)];
        }
        let number = |wanted: Option<Date>| wanted.map_or(0, |date| self.number_on(date));
        texts.into_iter().map(|wanted| (number(wanted), LawText::Only(wanted))).collect()
    }

    /// Reads the cases of a file. With a day asked for, every case is read by the text of that day, and the provisions
    /// its 期望 cites are taken for what they are called there; else each by the text it says it was written for.
    ///
    /// # Errors
    /// When a text that a case asks for cannot be made.
    pub fn read(&mut self, path: &Path, text: &str, day: Option<Date>) -> Result<Vec<Batch>, Refusal> {
        if self.asked.is_some() {
            return self.read_as(self.number, path, text, day);
        }
        let mut batches = Vec::new();
        for (number, law) in self.readers(path, text) {
            self.compile(number)?;
            batches.push(self.read_by(number, path, text, &Reading { date: day, text: law, moved: None }));
        }
        Ok(batches)
    }

    /// Compiles every text that the cases of a file ask for, so that [`Self::read_file`] finds them.
    ///
    /// # Errors
    /// When one of them cannot be made.
    pub fn prepare(&mut self, path: &Path, text: &str) -> Result<(), Refusal> {
        // Without decisions there is nothing to make, and with a day asked for it has been made.
        if self.timeline.is_none() || self.asked.is_some() {
            return Ok(());
        }
        for (number, _) in self.readers(path, text) {
            self.compile(number)?;
        }
        Ok(())
    }

    /// As [`Self::read`] for a file that was prepared, the texts kept with what was read: many files may be read at the
    /// same time. Each part comes with the number of the text that reads it.
    #[must_use]
    pub fn read_file(&self, path: &Path, text: &str, day: Option<Date>) -> Vec<(usize, ReadFile)> {
        let followed =
            self.timeline.as_ref().zip(self.version.as_ref()).filter(|_| self.asked.is_some()).map(
                |(steps, version)| {
                    |written: Option<Date>, address: &Address| follow(steps, &version.done, written, address)
                },
            );
        let moved = followed.as_ref().map(|f| f as Moved<'_>);
        let readers = self.readers(path, text).into_iter();
        readers
            .map(|(number, law)| {
                let reading = Reading { date: day, text: law, moved };
                (number, self.policy(number).read_file(path, text, &reading))
            })
            .collect()
    }

    /// Reads every case of a file by one text, wherever it was written for.
    ///
    /// # Errors
    /// When that text, or one that a case was written for, cannot be made.
    pub fn read_as(
        &mut self,
        number: usize,
        path: &Path,
        text: &str,
        day: Option<Date>,
    ) -> Result<Vec<Batch>, Refusal> {
        self.compile(number)?;
        let Some(timeline) = &self.timeline else {
            let reading = Reading { date: day, text: LawText::Any, moved: None };
            return Ok(vec![self.read_by(0, path, text, &reading)]);
        };
        let version = self.others.get(&number).map(|(_, version)| version).or(self.version.as_ref());
        let Some(version) = version else { return Ok(Vec::new()) };
        let (steps, done) = (timeline.clone(), version.done.clone());
        let moved = |written: Option<Date>, address: &Address| follow(&steps, &done, written, address);
        let reading = Reading { date: day, text: LawText::Any, moved: Some(&moved) };
        Ok(vec![self.read_by(number, path, text, &reading)])
    }

    fn read_by(&mut self, number: usize, path: &Path, text: &str, reading: &Reading<'_>) -> Batch {
        let (cases, diagnostics) = self.policy_mut(number).cases_for(path, text, reading);
        Batch { number, cases, diagnostics }
    }
}

/// What an address that a case written for the text of a day cites is called after the steps `done`.
fn follow(steps: &Timeline, done: &[Done], written: Option<Date>, address: &Address) -> Option<Address> {
    let from = written.map_or(0, |date| steps.steps_by(date));
    let mut at = Some(address.clone());
    if from <= done.len() {
        for step in done.iter().skip(from) {
            at = at.and_then(|a| step.renumbering.follow(&a));
        }
        return at;
    }
    // Written for a later text: back through what has not happened yet.
    let later = steps.after(from).ok()?;
    for step in later.done.iter().skip(done.len()).rev() {
        at = at.and_then(|a| step.renumbering.back(&a));
    }
    at
}
