//! Comma-separated values (RFC 4180): one file a table, its columns in the first line, lines ended by CR LF.
use super::pack::pack;
use crate::batch::{Cells, Chunk, Layout, NONE};
use crate::dataset::{Encoder, Output, Packing};
use crate::hir::EntityId;
use std::io::{self, Write as _};
use std::path::Path;

/// CSV.
pub(in crate::dataset) struct Csv {
    packing: Packing,
}

impl Csv {
    pub(in crate::dataset) fn new(packing: Packing) -> Self {
        Self { packing }
    }
}

/// The first table's file bears no name, the others' bear their entity's.
pub(super) fn table_files(layout: &Layout) -> Vec<String> {
    let name = |table: &crate::batch::Table| {
        if table.entity == EntityId(0) { String::new() } else { table.name.clone() }
    };
    layout.tables.iter().map(name).collect()
}

impl Output for Csv {
    fn files(&self, layout: &Layout) -> Vec<String> {
        table_files(layout)
    }

    fn heads(&self, layout: &Layout) -> Vec<Vec<u8>> {
        let head = |table: &crate::batch::Table| {
            let mut out = Vec::new();
            for (index, column) in table.columns.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                cell(&column.name, &mut out);
            }
            out.extend_from_slice(b"\r\n");
            pack(self.packing, out)
        };
        layout.tables.iter().map(head).collect()
    }

    fn appends(&self) -> bool {
        true
    }

    fn assemble(&self, _layout: &Layout, _file: usize, blocks: &[&Path], to: &Path) -> io::Result<()> {
        super::append(blocks, to)
    }

    fn encoder(&self) -> Box<dyn Encoder> {
        Box::new(CsvEncoder { packing: self.packing })
    }
}

struct CsvEncoder {
    packing: Packing,
}

impl Encoder for CsvEncoder {
    fn encode(&mut self, _layout: &Layout, chunk: &Chunk) -> Vec<Vec<u8>> {
        let (mut texts, mut ends) = (Vec::new(), Vec::with_capacity(chunk.texts.len()));
        for text in &chunk.texts {
            cell(text, &mut texts);
            ends.push(texts.len());
        }
        let text = |code: u32| {
            let code = code as usize;
            let start = code.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
            ends.get(code).and_then(|end| texts.get(start..*end)).unwrap_or(&[])
        };
        let table = |rows: &crate::batch::Rows| {
            let mut out = Vec::with_capacity(rows.len * rows.columns.len() * 8);
            for row in 0..rows.len {
                for (index, column) in rows.columns.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    match column {
                        Cells::Numbers(cells) => {
                            // Writing to memory does not fail.
                            let _ = write!(out, "{}", cells.get(row).copied().unwrap_or(0));
                        }
                        Cells::Texts(cells) => match cells.get(row) {
                            Some(&code) if code != NONE => out.extend_from_slice(text(code)),
                            Some(_) | None => {}
                        },
                    }
                }
                out.extend_from_slice(b"\r\n");
            }
            pack(self.packing, out)
        };
        chunk.tables.iter().map(table).collect()
    }
}

/// A text as a cell: in quotes where it must be. A blank at either end is kept by quotes too.
fn cell(text: &str, out: &mut Vec<u8>) {
    let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let quoted = text.contains(['"', ',', '\r', '\n'])
        || blank(text.chars().next())
        || blank(text.chars().next_back());
    if !quoted {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}
