//! Counts over the cases of one run.
use super::cites::MAYBE;
use super::counter::{Counter, OPTIONS, STATE};
use super::record::Record;
use super::schema::{ByWhat, ConclusionSlots, PARTS};
use super::words::{CONFLICT, DECIDED, NONE, OTHER, PENDING, Words};
use crate::batch::{CaseVerdict, Counts};
use rustc_hash::FxHashMap;

/// Distinct sets of provisions in conflict that are kept.
const CONFLICTS: usize = 10_000;
/// Distinct pairs of one cross-tabulation that are kept.
const PAIRS: usize = 100_000;

/// How a provision took part in a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In 依据 of what is decided.
    Decided,
    /// In 选项.
    Option,
    /// In 被排除.
    Defeated,
    /// In 依据 of what is 待查.
    Pending,
    /// In 依据 of a 冲突.
    Conflict,
    /// Any of these.
    Held,
}

/// All standings, in the order of the counts.
pub const STANDINGS: [Standing; 6] = [
    Standing::Decided,
    Standing::Option,
    Standing::Defeated,
    Standing::Pending,
    Standing::Conflict,
    Standing::Held,
];

impl Standing {
    /// Its place among the counts.
    #[must_use]
    pub const fn at(self) -> usize {
        self as usize
    }

    /// For programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Option => "option",
            Self::Defeated => "defeated",
            Self::Pending => "pending",
            Self::Conflict => "conflict",
            Self::Held => "held",
        }
    }

    /// In words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decided => "决定",
            Self::Option => "选项",
            Self::Defeated => "被排除",
            Self::Pending => "待查",
            Self::Conflict => "冲突",
            Self::Held => "成立",
        }
    }
}

/// Counts by standing.
pub type Standings = [u64; 6];

/// What 待查 waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Conclusions that wait for it.
    pub count: u64,
    /// Conclusions that wait for nothing else.
    pub alone: u64,
    /// Cases in which any does.
    pub cases: u64,
    last: u64,
}

/// Counts of one conclusion.
#[derive(Clone, Debug, Default)]
pub struct OfConclusion {
    /// Rows by outcome: codes of values, [`STATE`] + code of other states.
    pub outcomes: Counter,
    /// By address; [`Standing::Held`] is not counted here.
    pub standings: Vec<Standings>,
    /// By fact.
    pub waits: Vec<Waits>,
    /// 依据 and 候选 of conflicts.
    pub conflicts: FxHashMap<(Box<str>, Box<str>), u64>,
    /// Conflicts beyond those kept.
    pub more_conflicts: u64,
}

/// Counts of one conclusion by one column.
#[derive(Clone, Debug)]
pub struct OfCross {
    /// Into [`super::Schema::by`].
    pub by: usize,
    /// Into [`super::Schema::conclusions`].
    pub conclusion: usize,
    /// Rows by code of the column and outcome.
    pub pairs: FxHashMap<(u32, u32), u64>,
}

/// Counts of one run.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Cases by how they came out, as far as the results show.
    pub cases: Counts,
    /// Rows by entity.
    pub rows: Vec<u64>,
    /// By conclusion.
    pub conclusions: Vec<OfConclusion>,
    /// By address: rows in which it took part, whatever conclusion.
    pub standings: Vec<Standings>,
    /// By column and conclusion.
    pub crosses: Vec<OfCross>,
    /// By fact, over all conclusions.
    pub waits: Vec<Waits>,
    marks: Marks,
}

/// Which addresses took part in the row at hand.
#[derive(Clone, Debug, Default)]
struct Marks {
    bits: Vec<u8>,
    touched: Vec<u32>,
}

impl Marks {
    fn mark(&mut self, cite: u32, standing: Standing) {
        let at = cite as usize;
        if at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(at) {
            if *bits == 0 {
                self.touched.push(cite);
            }
            *bits |= 1 << standing.at();
        }
    }
}

/// What a row says of a conclusion: the code of a value, [`OPTIONS`], or [`STATE`] + the code of a state; none where it
/// says nothing.
#[must_use]
pub fn outcome(cells: &[u32], at: usize) -> Option<u32> {
    let value = cells.get(at).copied().unwrap_or(NONE);
    match cells.get(at + 1).copied().unwrap_or(NONE) {
        NONE => (value != NONE).then_some(value),
        DECIDED if value == NONE && cells.get(at + 3).is_some_and(|o| *o != NONE) => Some(OPTIONS),
        DECIDED => Some(value),
        state => Some(STATE + state),
    }
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(words: &Words) -> Self {
        let schema = &words.schema;
        let mut crosses = Vec::new();
        for (by, column) in schema.by.iter().enumerate() {
            for (conclusion, slots) in schema.conclusions.iter().enumerate() {
                let itself = column.what == ByWhat::Conclusion(conclusion);
                if !itself && schema.contains(column.table, slots.table) {
                    crosses.push(OfCross { by, conclusion, pairs: FxHashMap::default() });
                }
            }
        }
        Self {
            cases: Counts::default(),
            rows: vec![0; schema.tables.len()],
            conclusions: vec![OfConclusion::default(); schema.conclusions.len()],
            standings: Vec::new(),
            crosses,
            waits: Vec::new(),
            marks: Marks::default(),
        }
    }

    /// Counts a case.
    pub fn add(&mut self, record: &Record, words: &Words) {
        let mut verdict = CaseVerdict::Decided;
        let number = self.cases.total() + 1;
        for (table, rows) in record.tables.iter().enumerate().filter(|(_, rows)| rows.len > 0) {
            if let Some(count) = self.rows.get_mut(table) {
                *count += rows.len as u64;
            }
            let first = words.schema.tables.get(table).map_or(0, |t| t.first);
            let own = words.schema.conclusions.iter().enumerate().filter(|(_, c)| c.table == table);
            for row in 0..rows.len {
                let cells = rows.row(row);
                for (index, slots) in own.clone() {
                    let found = self.conclusion(index, slots, cells, first, words, number);
                    verdict = verdict.max(found);
                }
                self.settle();
            }
        }
        self.cross(record, words);
        self.cases.add(verdict);
    }

    fn conclusion(
        &mut self,
        index: usize,
        slots: &ConclusionSlots,
        cells: &[u32],
        first: usize,
        words: &Words,
        number: u64,
    ) -> CaseVerdict {
        let at = slots.first - first;
        let Some(of) = self.conclusions.get_mut(index) else { return CaseVerdict::Decided };
        let Some(own) = cells.get(at..at + PARTS.len()) else { return CaseVerdict::Decided };
        if let Some(code) = outcome(cells, at) {
            of.outcomes.add(code);
        }
        let &[_, state, basis, options, candidates, defeated, waiting] = own else {
            return CaseVerdict::Decided;
        };
        let standing = match state {
            PENDING => Standing::Pending,
            CONFLICT => Standing::Conflict,
            _ => Standing::Decided,
        };
        for (part, code, standing) in
            [(2, basis, standing), (3, options, Standing::Option), (5, defeated, Standing::Defeated)]
        {
            if code != NONE {
                let cites = words.parts(slots.first + part, code);
                for cite in cites.iter().copied().filter(|c| c & MAYBE == 0) {
                    add(&mut of.standings, cite, standing);
                    self.marks.mark(cite, standing);
                }
            }
        }
        match state {
            PENDING => {
                let facts = words.parts(slots.first + 6, waiting);
                for fact in facts {
                    wait(&mut of.waits, *fact, facts.len() == 1, number);
                    wait(&mut self.waits, *fact, facts.len() == 1, number);
                }
                CaseVerdict::Pending
            }
            CONFLICT => {
                let key = (words.text(slots.first + 2, basis), words.text(slots.first + 4, candidates));
                conflict(of, key);
                CaseVerdict::Conflict
            }
            _ => CaseVerdict::Decided,
        }
    }

    /// The row is done: each address that took part counts once.
    fn settle(&mut self) {
        for cite in self.marks.touched.drain(..) {
            let Some(bits) = self.marks.bits.get_mut(cite as usize).map(std::mem::take) else { continue };
            for standing in STANDINGS.iter().filter(|s| bits >> s.at() & 1 == 1) {
                add(&mut self.standings, cite, *standing);
            }
            add(&mut self.standings, cite, Standing::Held);
        }
    }

    fn cross(&mut self, record: &Record, words: &Words) {
        let schema = &words.schema;
        for cross in &mut self.crosses {
            let Some((by, slots)) = schema.by.get(cross.by).zip(schema.conclusions.get(cross.conclusion))
            else {
                continue;
            };
            let Some(rows) = record.tables.get(slots.table) else { continue };
            let offset = |table: usize| schema.tables.get(table).map_or(0, |t| t.first);
            for row in 0..rows.len {
                let Some(outcome) = outcome(rows.row(row), slots.first - offset(slots.table)) else {
                    continue;
                };
                let upper = record.up(slots.table, row, by.table);
                let cells = upper.and_then(|up| Some(record.tables.get(by.table)?.row(up)));
                let code = cells.and_then(|cells| match by.what {
                    ByWhat::Fact(_, slot) => cells.get(slot - offset(by.table)).copied(),
                    ByWhat::Conclusion(c) => {
                        self::outcome(cells, schema.conclusions.get(c)?.first - offset(by.table))
                    }
                });
                let key = (code.unwrap_or(NONE), outcome);
                if let Some(count) = cross.pairs.get_mut(&key) {
                    *count += 1;
                } else {
                    let kept = cross.pairs.len() < PAIRS;
                    *cross.pairs.entry(if kept { key } else { (OTHER, OTHER) }).or_insert(0) += 1;
                }
            }
        }
    }
}

fn add(standings: &mut Vec<Standings>, cite: u32, standing: Standing) {
    let at = cite as usize;
    if at >= standings.len() {
        standings.resize(at + 1, [0; 6]);
    }
    if let Some(count) = standings.get_mut(at).and_then(|s| s.get_mut(standing.at())) {
        *count += 1;
    }
}

fn wait(waits: &mut Vec<Waits>, fact: u32, alone: bool, case: u64) {
    let at = fact as usize;
    if at >= waits.len() {
        waits.resize(at + 1, Waits::default());
    }
    if let Some(of) = waits.get_mut(at) {
        of.count += 1;
        of.alone += u64::from(alone);
        of.cases += u64::from(of.last != case);
        of.last = case;
    }
}

fn conflict(of: &mut OfConclusion, (basis, candidates): (&str, &str)) {
    let key: (Box<str>, Box<str>) = (basis.into(), candidates.into());
    let full = of.conflicts.len() >= CONFLICTS;
    match of.conflicts.get_mut(&key) {
        Some(count) => *count += 1,
        None if full => of.more_conflicts += 1,
        None => {
            of.conflicts.insert(key, 1);
        }
    }
}
