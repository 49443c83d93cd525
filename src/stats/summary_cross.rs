//! A cross-tabulation in words: lines and columns in order, counts joined from the pairs that were met.
use super::schema::{By, ByWhat};
use super::summary::{Cross, EMPTY, Parts, REST, columns, declared, ordered, singles};
use super::tally::OfCross;
use super::words::{NONE, OTHER};
use crate::hir::Type;
use std::collections::BTreeMap;

/// An outcome: its state and its text.
type Outcome = (&'static str, String);

pub(super) fn cross(parts: &Parts<'_>, cross: &OfCross) -> Option<Cross> {
    let by = parts.words.schema.by.get(cross.by)?;
    let slots = parts.words.schema.conclusions.get(cross.conclusion)?;
    if cross.pairs.is_empty() {
        return None;
    }
    let ty = parts.type_of(slots.id);
    let (split_by, split) = (parts.split && by.multiple, parts.split && matches!(ty, Type::Multi(_)));
    let mut cells: BTreeMap<(String, Outcome), u64> = BTreeMap::new();
    for ((code, outcome), count) in &cross.pairs {
        let line = line(parts, by, *code);
        let (text, state) = parts.outcome(slots, *outcome);
        let lines = if split_by { singles(&line) } else { vec![line.as_str()] };
        for line in lines {
            for text in if split && state == "定论" { singles(&text) } else { vec![text.as_str()] } {
                *cells.entry((line.to_owned(), (state, text.to_owned()))).or_insert(0) += count;
            }
        }
    }
    let (mut of_lines, mut of_columns) = (BTreeMap::new(), BTreeMap::new());
    for ((line, column), count) in &cells {
        *of_lines.entry(line.clone()).or_insert(0) += count;
        *of_columns.entry(column.clone()).or_insert(0) += count;
    }
    let lines: Vec<String> = ordered(&declared(parts.hir, &by_type(parts, by)), of_lines)
        .into_iter()
        .map(|(line, _)| line)
        .collect();
    let columns = columns(&declared(parts.hir, &ty), of_columns);
    let counts = lines.iter().map(|line| {
        let key = |state, text: &String| (line.clone(), (state, text.clone()));
        columns.iter().map(|c| cells.get(&key(c.state, &c.text)).copied().unwrap_or(0)).collect()
    });
    Some(Cross {
        by: by.name.clone(),
        conclusion: parts.name(slots.id),
        split: split_by || split,
        counts: counts.collect(),
        lines,
        columns,
    })
}

/// The words of a line.
fn line(parts: &Parts<'_>, by: &By, code: u32) -> String {
    match (by.what, code) {
        (ByWhat::Fact(..), NONE) => EMPTY.to_owned(),
        (ByWhat::Fact(..), OTHER) => REST.to_owned(),
        (ByWhat::Fact(_, slot), code) => parts.words.text(slot, code).to_owned(),
        (ByWhat::Conclusion(at), code) => {
            let slots = parts.words.schema.conclusions.get(at);
            slots.map(|slots| parts.outcome(slots, code).0).unwrap_or_default()
        }
    }
}

fn by_type(parts: &Parts<'_>, by: &By) -> Type {
    match by.what {
        ByWhat::Fact(id, _) => parts.hir.facts.get(id.index()).map_or(Type::Error, |f| f.ty.clone()),
        ByWhat::Conclusion(at) => {
            parts.words.schema.conclusions.get(at).map_or(Type::Error, |slots| parts.type_of(slots.id))
        }
    }
}
