//! One JSON object a case; the rows of other tables stand in it as lists, under the entity's name.
use super::pack::pack;
use crate::batch::{Cells, Chunk, Layout, NONE, What};
use crate::dataset::{Encoder, Output, Packing};
use crate::hir::EntityId;
use std::io::{self, Write as _};
use std::path::Path;

/// JSONL.
pub(in crate::dataset) struct Jsonl {
    packing: Packing,
}

impl Jsonl {
    pub(in crate::dataset) fn new(packing: Packing) -> Self {
        Self { packing }
    }
}

impl Output for Jsonl {
    fn files(&self, _layout: &Layout) -> Vec<String> {
        vec![String::new()]
    }

    fn heads(&self, _layout: &Layout) -> Vec<Vec<u8>> {
        vec![Vec::new()]
    }

    fn appends(&self) -> bool {
        true
    }

    fn assemble(&self, _layout: &Layout, _file: usize, blocks: &[&Path], to: &Path) -> io::Result<()> {
        super::append(blocks, to)
    }

    fn encoder(&self) -> Box<dyn Encoder> {
        Box::new(JsonlEncoder { packing: self.packing, size: 0 })
    }
}

struct JsonlEncoder {
    packing: Packing,
    /// Bytes of the last block, as a guess for the next.
    size: usize,
}

impl Encoder for JsonlEncoder {
    fn encode(&mut self, layout: &Layout, chunk: &Chunk) -> Vec<Vec<u8>> {
        let plan = Plan::new(layout, chunk);
        let mut out = Vec::with_capacity(self.size + self.size / 8);
        for row in 0..chunk.tables.first().map_or(0, |t| t.len) {
            plan.object(0, row, &mut out);
            out.push(b'\n');
        }
        self.size = out.len();
        vec![pack(self.packing, out)]
    }
}

/// A table with what is the same for all its rows.
struct Plan<'c> {
    tables: Vec<TablePlan<'c>>,
    /// Texts of the chunk in quotes, one after another, and where each ends.
    texts: Vec<u8>,
    ends: Vec<usize>,
}

struct TablePlan<'c> {
    /// `"key":` and the cells.
    columns: Vec<(Vec<u8>, &'c Cells)>,
    /// `"key":` and the index of tables below.
    below: Vec<(Vec<u8>, usize)>,
    offsets: &'c [u32],
}

impl<'c> Plan<'c> {
    fn new(layout: &Layout, chunk: &'c Chunk) -> Self {
        let (mut texts, mut ends) = (Vec::new(), Vec::with_capacity(chunk.texts.len()));
        for text in &chunk.texts {
            quote(text, &mut texts);
            ends.push(texts.len());
        }
        let lineages: Vec<Vec<EntityId>> = layout.tables.iter().map(super::lineage).collect();
        let mut tables: Vec<TablePlan<'c>> = Vec::new();
        for (index, (table, rows)) in layout.tables.iter().zip(&chunk.tables).enumerate() {
            let parent = super::parent_of(&lineages, index);
            let above = parent.and_then(|p| lineages.get(p)).map_or(0, Vec::len);
            let own = lineages.get(index).map_or(&[][..], Vec::as_slice);
            // What an object's place in the lists says already is not said again.
            let told = |what: What| match what {
                What::Number => parent.is_some(),
                What::Member(entity) => {
                    own.len() == above + 1 || own.iter().take(above).any(|e| *e == entity)
                }
                What::Name | What::Fact(_) | What::Conclusion(..) => false,
            };
            let columns = table.columns.iter().zip(&rows.columns);
            let columns = columns.filter(|(c, _)| !told(c.what)).map(|(c, cells)| (key(&c.name), cells));
            tables.push(TablePlan { columns: columns.collect(), below: Vec::new(), offsets: &rows.offsets });
            let clash = |p: usize| {
                layout.tables.get(p).is_some_and(|t| t.columns.iter().any(|c| c.name == table.name))
            };
            if let Some(parent) = parent {
                let name =
                    if clash(parent) { format!("{}（列表）", table.name) } else { table.name.clone() };
                if let Some(plan) = tables.get_mut(parent) {
                    plan.below.push((key(&name), index));
                }
            }
        }
        Self { tables, texts, ends }
    }

    fn text(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = code.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(code).and_then(|end| self.texts.get(start..*end)).unwrap_or(b"null")
    }

    fn object(&self, table: usize, row: usize, out: &mut Vec<u8>) {
        let Some(plan) = self.tables.get(table) else { return };
        out.push(b'{');
        let begin = out.len();
        for (key, cells) in &plan.columns {
            match cells {
                Cells::Numbers(cells) => {
                    out.extend_from_slice(key);
                    // Writing to memory does not fail.
                    let _ = write!(out, "{}", cells.get(row).copied().unwrap_or(0));
                }
                Cells::Texts(cells) => {
                    let code = cells.get(row).copied().unwrap_or(NONE);
                    if code == NONE {
                        continue;
                    }
                    out.extend_from_slice(key);
                    out.extend_from_slice(self.text(code));
                }
            }
            out.push(b',');
        }
        for (key, below) in &plan.below {
            out.extend_from_slice(key);
            out.push(b'[');
            let offsets = self.tables.get(*below).map_or(&[][..], |t| t.offsets);
            let at = |i: usize| offsets.get(i).copied().unwrap_or(0) as usize;
            for child in at(row)..at(row + 1) {
                self.object(*below, child, out);
                out.push(b',');
            }
            if out.last() == Some(&b',') {
                out.pop();
            }
            out.extend_from_slice(b"],");
        }
        if out.len() > begin {
            out.pop();
        }
        out.push(b'}');
    }
}

/// `"key":`
fn key(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    quote(name, &mut out);
    out.push(b':');
    out
}

/// A text as JSON.
fn quote(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}
