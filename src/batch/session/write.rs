//! What a window of cases comes to, as rows of the chunk in the order of the cases.
use super::{Session, Spoke, Spot};
use crate::base::Val;
use crate::batch::cells::stated;
use crate::batch::chunk::{CaseVerdict, Cells, NONE};
use crate::batch::layout::{Part, Table, What, lineage};
use crate::facts::Case;
use crate::hir::{ConclusionId, EntityId, FactId, Slot};
use crate::ir::Program;
use crate::report::value::UNKNOWN;
use std::borrow::Cow;

impl Session<'_> {
    /// Adds the rows of the window to the chunk, in order of the cases.
    pub(super) fn write(&mut self, spots: &[Spot], blocks: &[Spoke]) {
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
        let entity = table.entity.index();
        let place = |(at, row): &(usize, u32)| {
            let Spot::Lane(block, lane) = spots.get(*at).copied().unwrap_or_default() else { return None };
            let spoke = blocks.get(block)?;
            let node = *spoke.places.rows(lane, entity).get(*row as usize)?;
            Some((spoke, (node - *spoke.starts.get(entity)?) as usize, lane))
        };
        let places: Vec<Option<(&Spoke, usize, usize)>> = rows.iter().map(place).collect();
        let mut out = Vec::new();
        for index in 0..self.spoken.len() {
            if self.spoken.get(index).is_none_or(|s| s.key.entity != table.entity) {
                continue;
            }
            let mut numbers = Vec::with_capacity(rows.len());
            for ((at, row), place) in rows.iter().zip(&places) {
                let number = if let Some((spoke, node, lane)) = place {
                    let lanes = spoke.words.get(index).and_then(|nodes| nodes.get(*node));
                    lanes.and_then(|lanes| lanes.get(*lane).copied())
                } else {
                    let said = self.say(index, Some(*at), Some(*row), None);
                    Some(self.add(index, said))
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
        let mut last: Option<(String, u32)> = None;
        for (at, row) in rows {
            let Some((_, case)) = self.window.get(*at) else { continue };
            let text = text_of(self.job.program, case, fact, *row)
                .map_or_else(|| Cow::Owned(stated(&self.view(case), fact, *row)), Cow::Borrowed);
            let code = match &last {
                Some((known, code)) if *known == *text => *code,
                Some(_) | None => {
                    let code = self.texts.passing(&text);
                    last = Some((text.into_owned(), code));
                    code
                }
            };
            codes.push(code);
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

/// The text of a fact whose value is a text.
fn text_of<'c>(program: &Program, case: &'c Case, fact: FactId, row: u32) -> Option<&'c str> {
    let fact = program.hir.facts.get(fact.index())?;
    let Slot::Value(slot) = fact.slot else { return None };
    let stride = program.hir.entities.get(fact.entity.index())?.value_slots as usize;
    match case.table(fact.entity)?.values.get(row as usize * stride + slot as usize)? {
        Val::Text(text) => case.texts.get(*text as usize).map(String::as_str),
        Val::Unknown => Some(UNKNOWN),
        Val::Na
        | Val::Int(_)
        | Val::Dec(_)
        | Val::Date(_)
        | Val::Period(_)
        | Val::Mask(_)
        | Val::Range(..) => None,
    }
}
