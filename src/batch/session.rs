//! Cases in, chunks of result columns out.
use super::cells::{case_verdict, cells_of, stated};
use super::chunk::{CaseVerdict, Cells, Chunk, NONE};
use super::keys::{Key, Memo, Said, UnderPlan, key, lanes, present};
use super::layout::{Layout, Part, Table, What, lineage};
use super::texts::Texts;
use super::wide::block::{Block, Places, arrange, pack};
use super::wide::compile::{Asked, compile};
use super::wide::exec::{LEVELS, Machine, World};
use super::wide::frame::Seen;
use super::wide::plan::Plan;
use super::wide::plane::LANES;
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Sources};
use crate::eval::{Env, Evaluation, Finding, derived, finding};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId, FactId, Hir};
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
            let mut last: Option<(Vec<u64>, u32)> = None;
            for lane in lanes(&present(&self.machine, block, node)) {
                let key: Vec<u64> = columns.iter().filter_map(|c| c.get(lane).copied()).collect();
                let row = || {
                    block
                        .places
                        .rows(lane, entity.index())
                        .iter()
                        .position(|n| *n == node)
                        .and_then(|row| u32::try_from(row).ok())
                };
                let number = if passing {
                    let said = self.say(index, group.get(lane).copied(), row(), Some((block, node, lane)));
                    self.add(index, said)
                } else if !under.is_plain() {
                    let (values, day) = under.values(&self.machine, block, node, lane);
                    let key = (key.into_boxed_slice(), values.into_boxed_slice(), day);
                    let known = self.spoken.get(index).and_then(|s| s.memo.find_valued(&key));
                    known.unwrap_or_else(|| {
                        let said =
                            self.say(index, group.get(lane).copied(), row(), Some((block, node, lane)));
                        self.remember(index, waits, said, |memo, said| memo.keep_valued(key, said))
                    })
                } else if let Some((_, number)) = last.as_ref().filter(|(known, _)| *known == key) {
                    *number
                } else {
                    let known = self.spoken.get(index).and_then(|s| s.memo.find(&key));
                    let number = known.unwrap_or_else(|| {
                        let said =
                            self.say(index, group.get(lane).copied(), row(), Some((block, node, lane)));
                        self.remember(index, waits, said, |memo, said| memo.keep(&key, said))
                    });
                    let again = !waits || known.is_some();
                    last = again.then_some((key, number));
                    number
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
            finding(job.program, case, &self.run, id, row)
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

    /// Adds the rows of the window to the chunk, in order of the cases.
    fn write(&mut self, spots: &[Spot], blocks: &[Spoke]) {
        let layout = self.job.layout;
        let mut verdicts = vec![CaseVerdict::Decided; self.filled];
        for (which, table) in layout.tables.iter().enumerate() {
            let mut rows: Vec<(usize, u32)> = Vec::new();
            for (at, (_, case)) in self.window.iter().take(self.filled).enumerate() {
                let count = case.table(table.entity).map_or(0, |t| t.rows);
                rows.extend((0..count).map(|row| (at, row)));
            }
            let words = self.numbers(table, &rows, spots, blocks);
            for (column, column_of) in table.columns.iter().enumerate() {
                let cells = match column_of.what {
                    What::Number => self.case_numbers(&rows),
                    What::Member(entity) => self.member_numbers(table.entity, entity, &rows),
                    What::Name => self.names(&rows),
                    What::Fact(fact) => self.facts(fact, &rows),
                    What::Conclusion(id, part) => self.cells(id, part, &words),
                };
                let place = self.chunk.tables.get_mut(which).and_then(|t| t.columns.get_mut(column));
                match (place, cells) {
                    (Some(Cells::Numbers(to)), Cells::Numbers(from)) => to.extend(from),
                    (Some(Cells::Texts(to)), Cells::Texts(from)) => to.extend(from),
                    (Some(_) | None, _) => {}
                }
            }
            for (index, numbers) in &words {
                let Some(memo) = self.spoken.get(*index).map(|s| &s.memo) else { continue };
                for ((at, _), number) in rows.iter().zip(numbers) {
                    if let (Some(verdict), Some(said)) = (verdicts.get_mut(*at), memo.said(*number)) {
                        *verdict = (*verdict).max(said.verdict);
                    }
                }
            }
            if let Some(table) = self.chunk.tables.get_mut(which) {
                table.len += rows.len();
            }
            self.offsets(which, table);
        }
        for verdict in verdicts {
            self.chunk.counts.add(verdict);
        }
    }

    /// The words' numbers of every conclusion of a table, row by row.
    fn numbers(
        &mut self,
        table: &Table,
        rows: &[(usize, u32)],
        spots: &[Spot],
        blocks: &[Spoke],
    ) -> Vec<(usize, Vec<u32>)> {
        let mut out = Vec::new();
        for index in 0..self.spoken.len() {
            if self.spoken.get(index).is_none_or(|s| s.key.entity != table.entity) {
                continue;
            }
            let mut numbers = Vec::with_capacity(rows.len());
            for (at, row) in rows {
                let number = match spots.get(*at).copied().unwrap_or_default() {
                    Spot::Lane(block, lane) => blocks.get(block).and_then(|b| {
                        let entity = table.entity.index();
                        let node = *b.places.rows(lane, entity).get(*row as usize)?;
                        let first = *b.starts.get(entity)?;
                        b.words.get(index)?.get((node - first) as usize)?.get(lane).copied()
                    }),
                    Spot::Alone => {
                        let said = self.say(index, Some(*at), Some(*row), None);
                        Some(self.add(index, said))
                    }
                };
                numbers.push(number.unwrap_or(u32::MAX));
            }
            out.push((index, numbers));
        }
        out
    }

    fn cells(&mut self, id: ConclusionId, part: Part, words: &[(usize, Vec<u32>)]) -> Cells {
        let found = words.iter().find_map(|(index, numbers)| {
            let spoken = self.spoken.get(*index).filter(|s| s.key.conclusion == id)?;
            let part = spoken.parts.iter().position(|p| *p == part)?;
            Some((spoken, part, numbers))
        });
        let Some((spoken, part, numbers)) = found else { return Cells::Texts(Vec::new()) };
        let texts = &mut self.texts;
        let mut code = |number: &u32| {
            let cell = spoken.memo.said(*number).and_then(|said| said.cells.get(part).copied().flatten());
            cell.map_or(NONE, |id| texts.code_of(id))
        };
        Cells::Texts(numbers.iter().map(&mut code).collect())
    }

    fn case_numbers(&self, rows: &[(usize, u32)]) -> Cells {
        Cells::Numbers(rows.iter().map(|(at, _)| self.window.get(*at).map_or(0, |(n, _)| *n)).collect())
    }

    /// The number among its siblings of the row, or of the row that contains it.
    fn member_numbers(&self, own: EntityId, of: EntityId, rows: &[(usize, u32)]) -> Cells {
        let hir = &self.job.program.hir;
        let path = lineage(hir, own);
        let above = path.iter().rev().take_while(|e| **e != of).count();
        let path: Vec<EntityId> = path.into_iter().rev().collect();
        let number = |(at, row): &(usize, u32)| {
            let (_, case) = self.window.get(*at)?;
            let mut row = *row;
            for entity in path.iter().take(above) {
                row = *case.table(*entity)?.parent.get(row as usize)?;
            }
            // Rows of one parent stand side by side.
            let parents = &case.table(of)?.parent;
            let parent = *parents.get(row as usize)?;
            let first = parents.partition_point(|p| *p < parent);
            Some(u64::from(row) - first as u64 + 1)
        };
        Cells::Numbers(rows.iter().map(|row| number(row).unwrap_or(0)).collect())
    }

    fn names(&mut self, rows: &[(usize, u32)]) -> Cells {
        let mut codes = Vec::with_capacity(rows.len());
        for (at, _) in rows {
            let name = self.window.get(*at).map_or("", |(_, case)| case.name.as_str());
            codes.push(if name.is_empty() { NONE } else { self.texts.passing(name) });
        }
        Cells::Texts(codes)
    }

    fn facts(&mut self, fact: FactId, rows: &[(usize, u32)]) -> Cells {
        let mut codes = Vec::with_capacity(rows.len());
        for (at, row) in rows {
            let text = self.window.get(*at).map(|(_, case)| stated(&self.view(case), fact, *row));
            codes.push(self.texts.passing(&text.unwrap_or_default()));
        }
        Cells::Texts(codes)
    }

    /// How many rows of a table belong to each row of its parent's table.
    fn offsets(&mut self, which: usize, table: &Table) {
        let hir = &self.job.program.hir;
        let Some(above) = self.job.layout.parent(hir, table.entity) else { return };
        let path: Vec<EntityId> = lineage(hir, table.entity).into_iter().rev().collect();
        let up = path.iter().take_while(|e| **e != above).count();
        let Some(offsets) = self.chunk.tables.get_mut(which).map(|t| &mut t.offsets) else { return };
        for (_, case) in self.window.iter().take(self.filled) {
            let mut counts = vec![0_u32; case.table(above).map_or(0, |t| t.rows as usize)];
            for row in 0..case.table(table.entity).map_or(0, |t| t.rows) {
                let parent = path
                    .iter()
                    .take(up)
                    .try_fold(row, |row, entity| case.table(*entity)?.parent.get(row as usize).copied());
                if let Some(count) = parent.and_then(|p| counts.get_mut(p as usize)) {
                    *count += 1;
                }
            }
            for count in counts {
                let last = offsets.last().copied().unwrap_or(0);
                offsets.push(last + count);
            }
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
