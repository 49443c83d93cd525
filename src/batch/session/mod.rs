//! Cases in, chunks of result columns out.
mod write;

use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Sources};
use crate::batch::cells::{case_verdict, cells_of};
use crate::batch::chunk::{CaseVerdict, Chunk};
use crate::batch::keys::{Key, Memo, Said, UnderPlan, key, lanes, present};
use crate::batch::layout::{Layout, Part, What};
use crate::batch::texts::Texts;
use crate::batch::wide::block::{Block, Places, arrange, pack};
use crate::batch::wide::compile::{Asked, compile};
use crate::batch::wide::exec::{LEVELS, Machine, World};
use crate::batch::wide::frame::Seen;
use crate::batch::wide::plan::Plan;
use crate::batch::wide::plane::LANES;
use crate::eval::{Env, Evaluation, Finding, derived, findings};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId, Hir};
use crate::ir::{Flow, Program};
use crate::report::View;

/// What a run consists of. Shared by all threads of a run.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The law.
    pub program: &'a Program,
    /// Its source, for words.
    pub sources: &'a Sources,
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// The day the question is put for; overrides the cases' own.
    pub date: Option<Date>,
    /// Which columns.
    pub layout: &'a Layout,
}

/// Cases gathered before they are evaluated: those alike are put into blocks together.
const WINDOW: usize = 4096;
/// Rows of one case beyond which it is evaluated by itself.
const ROWS: usize = 512;
/// Nodes of a block beyond which it is parted.
const NODES: usize = 1024;
/// Words remembered for one conclusion.
const REMEMBERED: usize = 1 << 18;

/// Takes cases and gives chunks. One a thread; may be used again after [`Session::finish`].
#[derive(Debug)]
pub struct Session<'a> {
    job: Job<'a>,
    flow: Flow,
    asked: Asked,
    seen: Seen,
    plan: Plan,
    machine: Machine,
    /// Conclusions that have columns, with the parts wanted.
    spoken: Vec<Spoken>,
    texts: Texts,
    chunk: Chunk,
    window: Vec<(u64, Case)>,
    filled: usize,
    run: Evaluation,
    /// The case of the window that `run` holds, and whether as a whole.
    ran: Option<(usize, bool)>,
    /// All findings of a case of the window, where more is told of it.
    told: Option<(usize, Vec<Finding>)>,
    /// Cases of a block at most.
    width: usize,
    /// Entities are nested deeper than blocks can be: every case is evaluated by itself.
    deep: bool,
}

/// A conclusion that has columns.
#[derive(Debug)]
struct Spoken {
    key: Key,
    under: UnderPlan,
    parts: Vec<Part>,
    memo: Memo,
}

/// Where a case of the window was evaluated.
#[derive(Clone, Copy, Debug, Default)]
enum Spot {
    /// By itself.
    #[default]
    Alone,
    /// Block and lane.
    Lane(usize, usize),
}

/// What a block said: by conclusion, then node of its entity, then lane, the words' number.
struct Spoke {
    words: Vec<Vec<Vec<u32>>>,
    /// First node of each entity.
    starts: Vec<u32>,
    places: Places,
}

impl<'a> Session<'a> {
    /// An empty session.
    #[must_use]
    pub fn new(job: Job<'a>) -> Self {
        Self::with_blocks(job, LANES)
    }

    /// A session whose blocks hold at most `width` cases (1 to [`LANES`]); results do not depend on it.
    #[must_use]
    pub fn with_blocks(job: Job<'a>, width: usize) -> Self {
        let program = job.program;
        let mut asked = Asked::default();
        let mut spoken = Vec::new();
        for index in 0..program.decisions.len() {
            let id = ConclusionId(u32::try_from(index).unwrap_or(u32::MAX));
            let columns = job.layout.tables.iter().flat_map(|t| &t.columns);
            let parts: Vec<Part> = columns
                .filter_map(|c| match c.what {
                    What::Conclusion(of, part) if of == id => Some(part),
                    What::Conclusion(..) | What::Number | What::Name | What::Member(_) | What::Fact(_) => {
                        None
                    }
                })
                .collect();
            if parts.is_empty() {
                continue;
            }
            if let Some(key) = key(program, id, parts.contains(&Part::Defeated), &mut asked) {
                spoken.push(Spoken { key, under: UnderPlan::default(), parts, memo: Memo::default() });
            }
        }
        let flow = Flow::new(program);
        let seen = Seen::new(&program.hir);
        let mut session = Self {
            job,
            flow,
            asked,
            seen,
            plan: Plan::default(),
            machine: Machine::default(),
            spoken,
            texts: Texts::default(),
            chunk: Chunk::of(job.layout),
            window: Vec::new(),
            filled: 0,
            run: Evaluation::new(),
            ran: None,
            told: None,
            width: width.clamp(1, LANES),
            deep: program.hir.entities.iter().any(|e| e.depth >= LEVELS),
        };
        session.compile();
        session
    }

    fn compile(&mut self) {
        self.plan = compile(self.job.program, &self.flow, &self.seen, &self.asked);
        for spoken in &mut self.spoken {
            spoken.under = spoken.key.under(self.job.program, &self.plan);
            // Keys are of the plan; what was said stays said.
            spoken.memo.forget_keys();
        }
    }

    /// One more case; `number` is its place in the input, from 1.
    pub fn push(&mut self, number: u64, case: &Case) {
        match self.window.get_mut(self.filled) {
            Some((place, slot)) => {
                *place = number;
                copy(slot, case);
            }
            None => self.window.push((number, case.clone())),
        }
        self.filled += 1;
        if self.filled == WINDOW {
            self.flush();
        }
    }

    /// Ends the chunk.
    pub fn finish(&mut self) -> Chunk {
        self.flush();
        let blank = Chunk::of(self.job.layout);
        let mut chunk = std::mem::replace(&mut self.chunk, blank);
        chunk.texts = self.texts.take();
        if self.texts.is_full() || self.spoken.iter().any(|s| s.memo.len() > REMEMBERED) {
            self.spoken.iter_mut().for_each(|s| s.memo.clear());
            self.texts.forget();
        }
        chunk
    }

    /// Evaluates what is in the window and adds its rows to the chunk.
    fn flush(&mut self) {
        self.ran = None;
        self.told = None;
        let mut spots = vec![Spot::Alone; self.filled];
        let mut blocks = Vec::new();
        let cases = self.window.iter().take(self.filled).map(|(_, case)| case);
        let order = arrange(cases, if self.deep { 0 } else { ROWS });
        let mut groups: Vec<&[usize]> = order.chunks(self.width).rev().collect();
        while let Some(group) = groups.pop() {
            match self.block(group) {
                Some(spoke) => {
                    for (lane, at) in group.iter().enumerate() {
                        if let Some(spot) = spots.get_mut(*at) {
                            *spot = Spot::Lane(blocks.len(), lane);
                        }
                    }
                    blocks.push(spoke);
                }
                // Cases too unlike each other.
                None if group.len() > 1 => {
                    let (first, second) = group.split_at(group.len() / 2);
                    groups.extend([second, first]);
                }
                None => {}
            }
        }
        self.write(&spots, &blocks);
        self.filled = 0;
    }

    /// Evaluates some cases side by side; none if they take too many nodes.
    fn block(&mut self, group: &[usize]) -> Option<Spoke> {
        let program = self.job.program;
        let block = loop {
            let cases = group.iter().filter_map(|at| self.window.get(*at));
            let cases: Vec<&Case> = cases.map(|(_, case)| case).collect();
            let frames = &self.plan.frames;
            let packed =
                pack(&program.hir, frames, &self.seen, &cases, self.job.date, self.plan.texts, NODES)?;
            let block = match packed {
                Ok(block) => block,
                Err(narrow) => {
                    self.seen = narrow.0;
                    self.compile();
                    continue;
                }
            };
            let world = World { program, calendar: self.job.calendar };
            match self.machine.run(world, &self.plan, &block) {
                Ok(()) => break block,
                Err(surprised) => {
                    for id in surprised.0 {
                        if let Some(clashes) = self.seen.clashes.get_mut(id.index()) {
                            *clashes = true;
                        }
                    }
                    self.compile();
                }
            }
        };
        let mut words = Vec::new();
        for index in 0..self.spoken.len() {
            words.push(self.speak(index, group, &block));
        }
        Some(Spoke { words, starts: block.tree.starts, places: block.places })
    }

    /// The words of one conclusion for all rows of a block.
    fn speak(&mut self, index: usize, group: &[usize], block: &Block) -> Vec<Vec<u32>> {
        let Some(spoken) = self.spoken.get(index) else { return Vec::new() };
        let (under, entity) = (spoken.under.clone(), spoken.key.entity);
        let (waits, passing) = (spoken.parts.contains(&Part::Waiting), spoken.key.passing);
        let mut columns = Vec::new();
        let mut out = Vec::new();
        for node in block.tree.nodes(entity.index()) {
            under.words(&self.machine, block, node, &mut columns);
            let mut numbers = vec![u32::MAX; LANES];
            let mut last: Option<u32> = None;
            let mut key: Vec<u64> = Vec::new();
            for lane in lanes(&present(&self.machine, block, node)) {
                let words = columns.iter().map(|c| c.get(lane).copied().unwrap_or(0));
                let same = !key.is_empty() && words.clone().eq(key.iter().copied());
                let row = || {
                    let mut rows = block.places.rows(lane, entity.index()).iter();
                    rows.position(|n| *n == node).and_then(|row| u32::try_from(row).ok())
                };
                let spot = Some((block, node, lane));
                let number = if let Some(number) = last.filter(|_| same) {
                    number
                } else if passing {
                    let said = self.say(index, group.get(lane).copied(), row(), spot);
                    self.add(index, said)
                } else if under.is_plain() {
                    key.clear();
                    key.extend(words);
                    let known = self.spoken.get(index).and_then(|s| s.memo.find(&key));
                    let number = known.unwrap_or_else(|| {
                        let said = self.say(index, group.get(lane).copied(), row(), spot);
                        self.remember(index, waits, said, |memo, said| memo.keep(&key, said))
                    });
                    last = (!waits || known.is_some()).then_some(number);
                    number
                } else {
                    let (values, day) = under.values(&self.machine, block, node, lane);
                    let key = (words.collect(), values.into_boxed_slice(), day);
                    let known = self.spoken.get(index).and_then(|s| s.memo.find_valued(&key));
                    known.unwrap_or_else(|| {
                        let said = self.say(index, group.get(lane).copied(), row(), spot);
                        self.remember(index, waits, said, |memo, said| memo.keep_valued(key, said))
                    })
                };
                if let Some(place) = numbers.get_mut(lane) {
                    *place = number;
                }
            }
            out.push(numbers);
        }
        out
    }

    fn add(&mut self, index: usize, said: Said) -> u32 {
        self.spoken.get_mut(index).map_or(u32::MAX, |s| s.memo.add(said))
    }

    /// Keeps words for the next row of the same key, unless they tell what this one waits for.
    fn remember(
        &mut self,
        index: usize,
        waits: bool,
        said: Said,
        keep: impl FnOnce(&mut Memo, Said) -> u32,
    ) -> u32 {
        if waits && said.verdict == CaseVerdict::Pending {
            return self.add(index, said);
        }
        self.spoken.get_mut(index).map_or(u32::MAX, |s| keep(&mut s.memo, said))
    }

    /// Puts one conclusion of one row into words. What is known of it in a block serves; the interpreter runs where it
    /// was in none, and where more is to be told than follows from its provisions.
    fn say(&mut self, index: usize, at: Option<usize>, row: Option<u32>, spot: Option<Placed<'_>>) -> Said {
        let empty = Said { verdict: CaseVerdict::Decided, cells: Vec::new() };
        let job = self.job;
        let (Some(at), Some(row), Some(spoken)) = (at, row, self.spoken.get(index)) else { return empty };
        let Some((_, case)) = self.window.get(at) else { return empty };
        let waits = spoken.parts.contains(&Part::Waiting);
        let spot = spot.filter(|_| !waits && !spoken.key.passing);
        match spot {
            _ if self.ran == Some((at, true)) => {}
            Some((block, node, lane)) => {
                if self.ran != Some((at, false)) {
                    self.run.prepare(job.program, case, job.date);
                }
                let rows = containing(case, &job.program.hir, spoken.key.entity, row);
                let from = (&self.machine, block, node, lane);
                spoken.key.fill(job.program, &self.plan, &self.asked, from, &rows, &mut self.run);
                self.ran = Some((at, false));
            }
            None => {
                self.run.run(job.program, case, &Env { calendar: job.calendar, date: job.date });
                self.ran = Some((at, true));
            }
        }
        let id = spoken.key.conclusion;
        let found: Finding = if waits {
            // What a case waits for is found for all its conclusions together.
            if self.told.as_ref().is_none_or(|(known, _)| *known != at) {
                self.told = Some((at, findings(job.program, case, &self.run)));
            }
            let told = self.told.iter().flat_map(|(_, found)| found);
            let own = told.into_iter().find(|f| f.conclusion == id && f.row == row).cloned();
            own.unwrap_or_else(|| derived(job.program, case, &self.run, id, row))
        } else {
            derived(job.program, case, &self.run, id, row)
        };
        let view = self.view(case);
        let cells = cells_of(&view, &found, &spoken.parts);
        let cells = cells.into_iter().map(|cell| cell.map(|text| self.texts.id(&text))).collect();
        Said { verdict: case_verdict(&found), cells }
    }

    fn view<'v>(&'v self, case: &'v Case) -> View<'v> {
        View {
            program: self.job.program,
            sources: self.job.sources,
            case,
            run: &self.run,
            date: self.job.date.or(case.date),
        }
    }
}

/// A row of a block.
type Placed<'b> = (&'b Block, u32, usize);

/// The rows of a case that contain one, from its own up.
fn containing(case: &Case, hir: &Hir, entity: EntityId, row: u32) -> Vec<u32> {
    let mut rows = vec![row];
    let mut at = entity;
    while let Some((parent, _)) = hir.entities.get(at.index()).and_then(|e| e.parent) {
        let last = rows.last().copied().unwrap_or(0);
        rows.push(case.table(at).and_then(|t| t.parent.get(last as usize)).copied().unwrap_or(0));
        at = parent;
    }
    rows
}

/// Takes over a case's facts, keeping the room there is.
fn copy(to: &mut Case, from: &Case) {
    to.name.clone_from(&from.name);
    to.date = from.date;
    to.texts.clone_from(&from.texts);
    to.tables.resize_with(from.tables.len(), Default::default);
    for (to, from) in to.tables.iter_mut().zip(&from.tables) {
        to.rows = from.rows;
        to.parent.clone_from(&from.parent);
        to.truth.clone_from(&from.truth);
        to.assumed.clone_from(&from.assumed);
        to.values.clone_from(&from.values);
        to.children.clone_from(&from.children);
    }
}
