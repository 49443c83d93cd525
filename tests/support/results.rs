//! Results of a run as `banfa batch` writes them: JSONL with the rows of entities nested, CSV with a file an entity.
use banfa::Policy;
use banfa::batch::{Cells, Chunk, Job, Layout, Session, Wanted};
use banfa::facts::Case;
use banfa::hir::Hir;
use std::path::{Path, PathBuf};

/// Every case of some files.
pub fn cases(policy: &mut Policy, paths: &[PathBuf]) -> Vec<Case> {
    let mut out = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).expect("a case");
        let (cases, _) = policy.try_cases(path, &text, None);
        out.extend(cases.into_iter().map(|c| c.case));
    }
    out
}

/// Files below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").map(|e| e.expect("entry").path()) {
            if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
        }
    }
    found.sort();
    found
}

/// The columns of some cases.
pub fn evaluate(policy: &Policy, cases: &[Case], wanted: &Wanted) -> (Layout, Chunk) {
    let layout = Layout::new(&policy.program().hir, wanted).expect("columns");
    let job = Job {
        program: policy.program(),
        sources: policy.sources(),
        calendar: policy.calendar(),
        date: None,
        layout: &layout,
    };
    let mut session = Session::new(job);
    for (number, case) in (1..).zip(cases) {
        session.push(number, case);
    }
    let chunk = session.finish();
    (layout, chunk)
}

fn cell(chunk: &Chunk, cells: &Cells, row: usize) -> Option<String> {
    match cells {
        Cells::Numbers(cells) => Some(cells[row].to_string()),
        Cells::Texts(cells) => chunk.text(cells[row]).map(str::to_owned),
    }
}

/// The nearest table that contains one.
fn above(hir: &Hir, layout: &Layout, table: usize) -> Option<usize> {
    let mut at = hir.entities[layout.tables[table].entity.index()].parent;
    while let Some((entity, _)) = at {
        if let Some(found) = layout.tables.iter().position(|t| t.entity == entity) {
            return Some(found);
        }
        at = hir.entities[entity.index()].parent;
    }
    None
}

fn object(hir: &Hir, layout: &Layout, chunk: &Chunk, table: usize, row: usize) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    for (column, cells) in layout.tables[table].columns.iter().zip(&chunk.tables[table].columns) {
        let value = match cells {
            Cells::Numbers(cells) => cells[row].into(),
            Cells::Texts(_) => match cell(chunk, cells, row) {
                Some(text) => text.into(),
                None => continue,
            },
        };
        out.insert(column.name.clone(), value);
    }
    for below in 0..layout.tables.len() {
        if above(hir, layout, below) == Some(table) {
            let offsets = &chunk.tables[below].offsets;
            let rows = offsets[row] as usize..offsets[row + 1] as usize;
            let rows: Vec<_> = rows.map(|row| object(hir, layout, chunk, below, row)).collect();
            if !rows.is_empty() {
                out.insert(layout.tables[below].name.clone(), rows.into());
            }
        }
    }
    serde_json::Value::Object(out)
}

/// One line a case.
pub fn jsonl(hir: &Hir, layout: &Layout, chunk: &Chunk) -> String {
    (0..chunk.tables[0].len).map(|row| object(hir, layout, chunk, 0, row).to_string() + "\n").collect()
}

/// `""` and `.人员` with their tables.
pub fn csv(layout: &Layout, chunk: &Chunk) -> Vec<(String, String)> {
    let field = |text: String| {
        if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let tables = layout.tables.iter().zip(&chunk.tables).enumerate().map(|(at, (table, rows))| {
        let line = |cells: Vec<String>| cells.into_iter().map(field).collect::<Vec<_>>().join(",") + "\n";
        let mut out = line(table.columns.iter().map(|c| c.name.clone()).collect());
        for row in 0..rows.len {
            out += &line(rows.columns.iter().map(|c| cell(chunk, c, row).unwrap_or_default()).collect());
        }
        (if at == 0 { String::new() } else { format!(".{}", table.name) }, out)
    });
    tables.collect()
}
