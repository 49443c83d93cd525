//! The same columns by the interpreter, case by case: what [`super::Session`] must equal, cell by cell.
use super::cells::{case_verdict, cells_of, stated};
use super::chunk::{Cells, Chunk, NONE};
use super::layout::{Part, What};
use super::session::Job;
use super::texts::Texts;
use crate::eval::{Env, Evaluation, Finding, derivation, findings};
use crate::facts::Case;
use crate::hir::ConclusionId;
use crate::report::View;
use std::collections::HashMap;

/// Takes cases and gives chunks.
#[derive(Debug)]
pub struct OneByOne<'a> {
    job: Job<'a>,
    run: Evaluation,
    texts: Texts,
    chunk: Chunk,
}

impl<'a> OneByOne<'a> {
    /// An empty session.
    #[must_use]
    pub fn new(job: Job<'a>) -> Self {
        let mut session =
            Self { job, run: Evaluation::new(), texts: Texts::default(), chunk: Chunk::default() };
        session.chunk = session.blank();
        session
    }

    /// One more case; `number` is its place in the input, from 1.
    pub fn push(&mut self, number: u64, case: &Case) {
        let job = self.job;
        self.run.run(job.program, case, &Env { calendar: job.calendar, date: job.date });
        let found = if job.layout.waits() {
            findings(job.program, case, &self.run)
        } else {
            derivation(job.program, case, &self.run)
        };
        let chosen = |f: &&Finding| job.layout.has(f.conclusion);
        self.chunk.counts.add(found.iter().filter(chosen).map(case_verdict).max().unwrap_or_default());
        let view = View {
            program: job.program,
            sources: job.sources,
            case,
            run: &self.run,
            date: job.date.or(case.date),
        };
        let place: HashMap<(ConclusionId, u32), &Finding> =
            found.iter().map(|f| ((f.conclusion, f.row), f)).collect();
        for (table, rows) in job.layout.tables.iter().zip(&mut self.chunk.tables) {
            let count = self.run.rows(table.entity);
            for row in 0..count {
                let mut cached: Option<(ConclusionId, Vec<Option<String>>)> = None;
                for (column, cells) in table.columns.iter().zip(&mut rows.columns) {
                    match (column.what, cells) {
                        (What::Number, Cells::Numbers(cells)) => cells.push(number),
                        (What::Member(entity), Cells::Numbers(cells)) => {
                            let at = self.run.up(job.program, table.entity, row, entity);
                            cells.push(at.map_or(0, |(e, r)| u64::from(view.number(e, r))));
                        }
                        (What::Name, Cells::Texts(cells)) => {
                            cells.push(if case.name.is_empty() { NONE } else { self.texts.code(&case.name) });
                        }
                        (What::Fact(fact), Cells::Texts(cells)) => {
                            cells.push(self.texts.code(&stated(&view, fact, row)));
                        }
                        (What::Conclusion(id, part), Cells::Texts(cells)) => {
                            if cached.as_ref().is_none_or(|(known, _)| *known != id) {
                                let texts = place.get(&(id, row)).map(|f| cells_of(&view, f, &Part::ALL));
                                cached = Some((id, texts.unwrap_or_default()));
                            }
                            let at = Part::ALL.iter().position(|p| *p == part).unwrap_or(0);
                            let text = cached.as_ref().and_then(|(_, texts)| texts.get(at)?.as_deref());
                            cells.push(text.map_or(NONE, |text| self.texts.code(text)));
                        }
                        (_, Cells::Numbers(cells)) => cells.push(0),
                        (_, Cells::Texts(cells)) => cells.push(NONE),
                    }
                }
            }
            rows.len += count as usize;
        }
        self.offsets(case);
    }

    /// Ends the chunk.
    pub fn finish(&mut self) -> Chunk {
        let blank = self.blank();
        let mut chunk = std::mem::replace(&mut self.chunk, blank);
        chunk.texts = self.texts.take();
        chunk
    }

    fn blank(&self) -> Chunk {
        Chunk::of(self.job.layout)
    }

    /// How many rows of each table belong to each row of its parent's table.
    fn offsets(&mut self, case: &Case) {
        let program = self.job.program;
        let hir = &program.hir;
        for (table, rows) in self.job.layout.tables.iter().zip(&mut self.chunk.tables) {
            let Some(above) = self.job.layout.parent(hir, table.entity) else { continue };
            let parents = case.table(above).map_or(0, |t| t.rows);
            let mut counts = vec![0u32; parents as usize];
            for row in 0..case.table(table.entity).map_or(0, |t| t.rows) {
                if let Some((_, parent)) = self.run.up(program, table.entity, row, above)
                    && let Some(count) = counts.get_mut(parent as usize)
                {
                    *count += 1;
                }
            }
            for count in counts {
                let last = rows.offsets.last().copied().unwrap_or(0);
                rows.offsets.push(last + count);
            }
        }
    }
}
