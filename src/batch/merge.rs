//! Chunks of the same columns, drawn from several texts of the law → one chunk in the order of the cases.
use super::chunk::{Cells, Chunk, NONE, Rows};
use super::layout::{Layout, Table, What};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Joins chunks whose layouts have the same tables and columns by name; `layout` is that of any of them. `order` tells
/// for each case in turn which chunk has it.
#[must_use]
pub fn merge(layout: &Layout, mut chunks: Vec<Chunk>, order: &[usize]) -> Chunk {
    if chunks.len() <= 1 {
        return chunks.pop().unwrap_or_default();
    }
    let mut merged = Chunk::default();
    let codes = join_texts(&chunks, &mut merged.texts);
    for chunk in &chunks {
        merged.counts.merge(chunk.counts);
    }
    // Of each table, the rows of each case in turn, as a place in its chunk.
    let mut places: Vec<Vec<Range<usize>>> = Vec::new();
    for (index, table) in layout.tables.iter().enumerate() {
        let above = (index > 0).then(|| parent_of(layout, table)).and_then(|at| places.get(at));
        let parts: Vec<&Rows> = chunks.iter().filter_map(|c| c.tables.get(index)).collect();
        let own = rows_by_case(&parts, above.map(Vec::as_slice), order);
        merged.tables.push(join_rows(&parts, &codes, above.map(Vec::as_slice), &own, order));
        places.push(own);
    }
    merged
}

/// The nearest containing entity that has a table.
fn parent_of(layout: &Layout, table: &Table) -> usize {
    let containing = table.columns.iter().rev().filter_map(|c| match c.what {
        What::Member(entity) if entity != table.entity => Some(entity),
        What::Member(_) | What::Number | What::Name | What::Fact(_) | What::Conclusion(..) => None,
    });
    let mut places = containing.filter_map(|e| layout.tables.iter().position(|t| t.entity == e));
    places.next().unwrap_or(0)
}

/// All texts, each once; gives for every chunk the new codes of its texts.
fn join_texts(chunks: &[Chunk], texts: &mut Vec<Arc<str>>) -> Vec<Vec<u32>> {
    let mut known: HashMap<Arc<str>, u32> = HashMap::new();
    let mut code = |text: &Arc<str>| {
        *known.entry(Arc::clone(text)).or_insert_with(|| {
            texts.push(Arc::clone(text));
            u32::try_from(texts.len() - 1).unwrap_or(NONE)
        })
    };
    chunks.iter().map(|chunk| chunk.texts.iter().map(&mut code).collect()).collect()
}

/// Which rows of its chunk each case has in a table: below those it has in the parent's, or one of the root's.
fn rows_by_case(parts: &[&Rows], above: Option<&[Range<usize>]>, order: &[usize]) -> Vec<Range<usize>> {
    let Some(above) = above else {
        let mut next = vec![0_usize; parts.len()];
        let own = order.iter().map(|chunk| {
            let at = next.get_mut(*chunk).map_or(0, |at| {
                *at += 1;
                *at - 1
            });
            at..at + 1
        });
        return own.collect();
    };
    let bound = |chunk: usize, row: usize| {
        parts.get(chunk).and_then(|rows| rows.offsets.get(row)).map_or(0, |at| *at as usize)
    };
    let own = order.iter().zip(above).map(|(chunk, rows)| bound(*chunk, rows.start)..bound(*chunk, rows.end));
    own.collect()
}

/// One table: the rows of each case from the chunk that has it.
fn join_rows(
    parts: &[&Rows],
    codes: &[Vec<u32>],
    above: Option<&[Range<usize>]>,
    own: &[Range<usize>],
    order: &[usize],
) -> Rows {
    let columns = parts.first().map_or(0, |rows| rows.columns.len());
    let columns = (0..columns).map(|at| join_column(parts, codes, at, own, order)).collect();
    let mut offsets = Vec::new();
    if let Some(above) = above {
        offsets.push(0);
        for (rows, parents) in order.iter().zip(above).filter_map(|(c, p)| Some((parts.get(*c)?, p))) {
            for bounds in rows.offsets.get(parents.start..=parents.end).unwrap_or_default().windows(2) {
                let &[from, to] = bounds else { continue };
                offsets.push(offsets.last().copied().unwrap_or(0) + (to - from));
            }
        }
    }
    Rows { len: own.iter().map(Range::len).sum(), offsets, columns }
}

fn join_column(
    parts: &[&Rows],
    codes: &[Vec<u32>],
    column: usize,
    own: &[Range<usize>],
    order: &[usize],
) -> Cells {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for (chunk, rows) in order.iter().zip(own) {
        match parts.get(*chunk).and_then(|rows| rows.columns.get(column)) {
            Some(Cells::Numbers(cells)) => {
                numbers.extend_from_slice(cells.get(rows.clone()).unwrap_or_default());
            }
            Some(Cells::Texts(cells)) => {
                let known = codes.get(*chunk).map(Vec::as_slice).unwrap_or_default();
                let cells = cells.get(rows.clone()).unwrap_or_default().iter();
                texts.extend(cells.map(|code| known.get(*code as usize).copied().unwrap_or(NONE)));
            }
            None => {}
        }
    }
    match parts.first().and_then(|rows| rows.columns.get(column)) {
        Some(Cells::Numbers(_)) => Cells::Numbers(numbers),
        Some(Cells::Texts(_)) | None => Cells::Texts(texts),
    }
}
