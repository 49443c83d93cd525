//! One thread's work: a portion of the input in, a block of the output out.
use super::laws::Laws;
use super::pick::Pick;
use super::rejects::Paper;
use crate::batch::{Chunk, Counts, Session, merge};
use crate::dataset::{Decoder, Encoder, Portion, Reject};
use crate::diag::Diagnostic;
use crate::facts::Case;
use crate::versions::{DateFact, undated};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows taken.
    pub rows: u64,
    /// Cases all of whose conclusions are decided.
    pub decided: u64,
    /// Cases with something 待查.
    pub pending: u64,
    /// Cases with something 冲突.
    pub conflict: u64,
    /// Rows that are no cases, by the code of what is wrong.
    pub rejected: BTreeMap<String, u64>,
}

impl Tally {
    fn new(rows: u64, counts: Counts, rejects: &[Reject]) -> Self {
        let Counts { decided, pending, conflict } = counts;
        let mut rejected = BTreeMap::new();
        for reject in rejects {
            *rejected.entry(reject.code.clone()).or_default() += 1;
        }
        Self { rows, decided, pending, conflict, rejected }
    }

    /// Rows that are no cases.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Adds those of another block.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.decided += other.decided;
        self.pending += other.pending;
        self.conflict += other.conflict;
        for (code, count) in &other.rejected {
            *self.rejected.entry(code.clone()).or_default() += count;
        }
    }

    /// Whether every row came out as exactly one thing.
    #[must_use]
    pub fn balanced(&self) -> bool {
        self.rows == self.decided + self.pending + self.conflict + self.refused()
    }
}

/// What one portion became.
#[derive(Debug, Default)]
pub struct Block {
    /// Number of the last row of the portion.
    pub last: u64,
    /// Bytes for each file of the output.
    pub files: Vec<Vec<u8>>,
    /// Bytes for the file of rejects.
    pub paper: Vec<u8>,
    /// The rejects.
    pub rejects: Vec<Reject>,
    /// Rows by what became of them.
    pub tally: Tally,
}

/// What a thread works with.
pub struct Worker<'a> {
    laws: &'a Laws<'a>,
    pick: Pick,
    paper: Paper<'a>,
    decoders: Vec<Box<dyn Decoder + 'a>>,
    sessions: Vec<Session<'a>>,
    encoder: Box<dyn Encoder + 'a>,
}

impl<'a> Worker<'a> {
    /// A worker with a decoder for each of the readers of `laws`.
    #[must_use]
    pub fn new(
        laws: &'a Laws<'a>,
        pick: Pick,
        paper: Paper<'a>,
        decoders: Vec<Box<dyn Decoder + 'a>>,
        encoder: Box<dyn Encoder + 'a>,
    ) -> Self {
        let sessions = laws.list.iter().map(|law| Session::new(laws.job(law))).collect();
        Self { laws, pick, paper, decoders, sessions, encoder }
    }

    /// Decodes, evaluates and encodes a portion.
    ///
    /// # Errors
    /// When rows went missing.
    pub fn block(&mut self, portion: &Portion) -> Result<Block, Box<Diagnostic>> {
        let last = portion.first + portion.rows - 1;
        let rows = (portion.first..=last).filter(|row| self.pick.takes(*row)).count() as u64;
        let (chunk, rejects) =
            if self.laws.by.is_some() { self.routed(portion) } else { self.straight(portion) };
        let tally = Tally::new(rows, chunk.counts, &rejects);
        if !tally.balanced() {
            return Err(Box::new(unbalanced(portion.first, last, &tally)));
        }
        let layout = self.laws.list.first().map(|law| &law.layout);
        let files = layout.map(|layout| self.encoder.encode(layout, &chunk)).unwrap_or_default();
        let paper = self.paper.lines(&rejects);
        Ok(Block { last, files, paper, rejects, tally })
    }

    /// All cases by one text.
    fn straight(&mut self, portion: &Portion) -> (Chunk, Vec<Reject>) {
        let mut rejects = Vec::new();
        let (Some(decoder), Some(session)) = (self.decoders.first_mut(), self.sessions.first_mut()) else {
            return (Chunk::default(), rejects);
        };
        decoder.decode(portion, &mut |number, row| match row {
            _ if !self.pick.takes(number) => {}
            Ok(case) => session.push(number, case),
            Err(reject) => rejects.push(reject),
        });
        (session.finish(), rejects)
    }

    /// Each case by the text of its own day.
    fn routed(&mut self, portion: &Portion) -> (Chunk, Vec<Reject>) {
        let laws = self.laws;
        let mut fates: Vec<Fate> = Vec::new();
        fates.resize_with(usize::try_from(portion.rows).unwrap_or(0), Fate::default);
        for (reader, decoder) in self.decoders.iter_mut().enumerate() {
            let home = laws.readers.get(reader).and_then(|at| laws.list.get(*at));
            let day = home.and_then(|law| law.day);
            let sessions = &mut self.sessions;
            decoder.decode(portion, &mut |number, row| {
                let at = usize::try_from(number - portion.first).ok();
                let fate = at.and_then(|at| fates.get_mut(at));
                let Some(fate) = fate.filter(|_| self.pick.takes(number)) else { return };
                fate.number = number;
                match row {
                    Ok(case) => fate.read(laws, reader, day, case, sessions),
                    Err(reject) => fate.rejects.push((reader, reject)),
                }
            });
        }
        let mut order = Vec::new();
        let mut rejects = Vec::new();
        for fate in fates.into_iter().filter(|fate| fate.number > 0) {
            match fate.law {
                Some(law) => order.push(law),
                None => rejects.push(fate.refusal(laws, portion)),
            }
        }
        (self.joined(&order), rejects)
    }

    /// The chunks of all texts as one.
    fn joined(&mut self, order: &[usize]) -> Chunk {
        let chunks: Vec<Chunk> = self.sessions.iter_mut().map(Session::finish).collect();
        match self.laws.list.first() {
            Some(law) => merge(&law.layout, chunks, order),
            None => Chunk::default(),
        }
    }
}

/// What is known of a row while its text is sought.
#[derive(Debug, Default)]
struct Fate {
    number: u64,
    /// The law that has judged it.
    law: Option<usize>,
    /// The reader of the law it belongs to.
    belongs: Option<usize>,
    /// Its name, if it was read but tells no day.
    undated: Option<String>,
    /// What each reader that cannot read it says.
    rejects: Vec<(usize, Reject)>,
}

impl Fate {
    /// A reader has read the row: if the text of its day is one of that reader's, it is judged.
    fn read(
        &mut self,
        laws: &Laws<'_>,
        reader: usize,
        day: Option<u32>,
        case: &Case,
        sessions: &mut [Session<'_>],
    ) {
        let Some(date) = day.and_then(|slot| DateFact::day(slot, case)) else {
            self.undated = Some(case.name.clone());
            return;
        };
        let law = laws.on(date);
        self.belongs = laws.list.get(law).map(|law| law.reader);
        if let Some(session) = sessions.get_mut(law).filter(|_| self.belongs == Some(reader)) {
            session.push(self.number, case);
            self.law = Some(law);
        }
    }

    /// Why no text judges the row: what its own says, or that its day is not known, or what the first text says.
    fn refusal(self, laws: &Laws<'_>, portion: &Portion) -> Reject {
        let reader = self.belongs.unwrap_or(0);
        let own = self.rejects.into_iter().find(|(of, _)| *of == reader).map(|(_, reject)| reject);
        let told = if self.belongs.is_none() && self.undated.is_some() { None } else { own };
        told.unwrap_or_else(|| {
            let name = self.undated.filter(|name| !name.is_empty());
            let fact = laws.by.as_ref().map(ToString::to_string).unwrap_or_default();
            let found = undated(&name.unwrap_or_else(|| self.number.to_string()), &fact);
            let (file, line) = portion.place(self.number);
            Reject {
                row: self.number,
                file,
                line,
                column: 1,
                code: found.code.to_owned(),
                reason: found.message,
                help: found.help,
            }
        })
    }
}

/// B0889: rows that are neither cases nor rejects.
fn unbalanced(first: u64, last: u64, tally: &Tally) -> Diagnostic {
    let told = tally.rows - tally.refused().min(tally.rows);
    let judged = tally.decided + tally.pending + tally.conflict;
    Diagnostic::error(
        "B0889",
        format!("第 {first} 至 {last} 件的件数对不上：应当认定 {told} 件，认定了 {judged} 件"),
    )
    .help("这是程序的错误，请连同输入报告；已经写出的部分是完整的")
}
