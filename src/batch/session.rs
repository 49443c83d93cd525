//! Cases in, chunks of result columns out.
use super::cells::{case_verdict, cells_of};
use super::chunk::{Cells, Chunk, NONE, Rows};
use super::layout::{Layout, Part, What};
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Sources};
use crate::eval::{Env, Evaluation, Finding, derivation, findings};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId};
use crate::ir::Program;
use crate::report::View;
use std::collections::HashMap;
use std::sync::Arc;

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

/// Takes cases and gives chunks. One a thread; may be used again after [`Session::finish`].
#[derive(Debug)]
pub struct Session<'a> {
    job: Job<'a>,
    run: Evaluation,
    texts: Texts,
    chunk: Chunk,
}

#[derive(Debug, Default)]
struct Texts {
    codes: HashMap<Arc<str>, u32>,
    list: Vec<Arc<str>>,
}

impl Texts {
    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.list.len()).unwrap_or(NONE);
        let text: Arc<str> = Arc::from(text);
        self.codes.insert(Arc::clone(&text), code);
        self.list.push(text);
        code
    }
}

impl<'a> Session<'a> {
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
        self.chunk.counts.add(case_verdict(&found));
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
                            cells.push(self.texts.code(&view.fact_value(crate::eval::Leaf { fact, row })));
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
        self.texts.codes.clear();
        chunk.texts = std::mem::take(&mut self.texts.list);
        chunk
    }

    fn blank(&self) -> Chunk {
        let tables = self.job.layout.tables.iter().map(|table| Rows {
            len: 0,
            offsets: if table.entity == EntityId(0) { Vec::new() } else { vec![0] },
            columns: table
                .columns
                .iter()
                .map(|c| match c.what {
                    What::Number | What::Member(_) => Cells::Numbers(Vec::new()),
                    What::Name | What::Fact(_) | What::Conclusion(..) => Cells::Texts(Vec::new()),
                })
                .collect(),
        });
        Chunk { tables: tables.collect(), ..Chunk::default() }
    }

    /// How many rows of each table belong to each row of its parent's table.
    fn offsets(&mut self, case: &Case) {
        let program = self.job.program;
        let hir = &program.hir;
        for (table, rows) in self.job.layout.tables.iter().zip(&mut self.chunk.tables) {
            let mut above = hir.entities.get(table.entity.index()).and_then(|e| e.parent).map(|(p, _)| p);
            while let Some(at) = above {
                if self.job.layout.table(at).is_some() {
                    break;
                }
                above = hir.entities.get(at.index()).and_then(|e| e.parent).map(|(p, _)| p);
            }
            let Some(above) = above else { continue };
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
