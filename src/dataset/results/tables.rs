//! The tables of one run read side by side: rows with the same （序号） make a case. Memory holds one row a table.
use super::jsonl::put;
use super::table::{Moved, Table};
use crate::diag::Diagnostic;
use crate::stats::{BadRow, Key, Record, Records, Schema, Step, Words, errors};
use std::collections::VecDeque;

/// One table with the row it stands at.
struct Reader {
    table: Box<dyn Table>,
    file: String,
    /// Which entity its rows are.
    entity: usize,
    keys: Vec<Key>,
    /// Columns with the numbers of members, outermost first.
    members: Vec<(usize, usize)>,
    number: Option<usize>,
    strange: Vec<String>,
    /// （序号） of the row it stands at.
    at: Option<u64>,
    last: u64,
}

/// All tables of one run.
pub struct Tables {
    readers: Vec<Reader>,
    bad: VecDeque<BadRow>,
    begun: bool,
}

impl Reader {
    fn new(table: Box<dyn Table>, file: String, schema: &Schema) -> Self {
        let root = schema.tables.first();
        let key = |of: &crate::stats::TableKeys, name: &str| {
            of.find(name, 0).and_then(|at| of.keys.get(at)).map(|(_, key)| *key)
        };
        let member = |name: &String| match root.and_then(|root| key(root, name)) {
            Some(Key::Member(entity)) => Some(entity),
            _ => None,
        };
        let entity = table
            .columns()
            .iter()
            .filter_map(member)
            .fold(0, |deepest, entity| if schema.contains(deepest, entity) { entity } else { deepest });
        let (mut keys, mut strange, mut members, mut number) = (Vec::new(), Vec::new(), Vec::new(), None);
        for (column, name) in table.columns().iter().enumerate() {
            let found = schema.tables.get(entity).and_then(|of| key(of, name));
            match found {
                Some(Key::Member(of)) => members.push((of, column)),
                Some(Key::Number) => number = Some(column),
                Some(_) => {}
                None => strange.push(name.clone()),
            }
            keys.push(match found {
                None | Some(Key::Child(_)) => Key::Skip,
                Some(key) => key,
            });
        }
        Self { table, file, entity, keys, members, number, strange, at: None, last: 0 }
    }

    /// To the next row that can be read.
    fn advance(&mut self, bad: &mut VecDeque<BadRow>) -> Result<(), Box<Diagnostic>> {
        loop {
            match self.table.advance()? {
                Moved::End => {
                    self.at = None;
                    return Ok(());
                }
                Moved::Bad(row) => bad.push_back(row),
                Moved::Row => {
                    let text = self.number.map_or("", |column| self.table.cell(column));
                    let number = if self.number.is_none() { Some(self.last + 1) } else { text.parse().ok() };
                    let Some(number) = number else {
                        bad.push_back(self.reject(format!("“{text}”不是序号")));
                        continue;
                    };
                    if number < self.last {
                        return Err(Box::new(errors::out_of_order(&self.file, number, self.last)));
                    }
                    self.last = number;
                    self.at = Some(number);
                    return Ok(());
                }
            }
        }
    }

    fn reject(&self, reason: String) -> BadRow {
        BadRow { file: self.file.clone(), line: self.table.line(), reason }
    }

    /// The row within the record that contains the row at hand.
    fn above(&self, schema: &Schema, record: &Record) -> Option<(usize, usize)> {
        let parent = |of: usize| schema.tables.get(of).and_then(|t| t.parent);
        let mut at = parent(self.entity);
        while let Some(entity) = at {
            let rows = record.tables.get(entity).map_or(0, |t| t.len);
            if entity == 0 {
                return (rows > 0).then_some((0, 0));
            }
            if rows > 0 {
                let path = self.path(schema, entity);
                let row = (0..rows).rev().find(|row| record.path(entity, *row) == path)?;
                return Some((entity, row));
            }
            at = parent(entity);
        }
        None
    }

    /// The numbers of the row's lineage from an entity outwards.
    fn path(&self, schema: &Schema, from: usize) -> Vec<(usize, u64)> {
        let mut out = Vec::new();
        let mut at = Some(from);
        while let Some(entity) = at.filter(|e| *e > 0) {
            if let Some((_, column)) = self.members.iter().find(|(of, _)| *of == entity) {
                out.push((entity, self.table.cell(*column).parse().unwrap_or(0)));
            }
            at = schema.tables.get(entity).and_then(|t| t.parent);
        }
        out
    }

    fn take(&self, words: &mut Words, into: &mut Record) -> Result<(), BadRow> {
        let above = self.above(&words.schema, into);
        let row = into.push(self.entity, above);
        for (column, key) in self.keys.iter().enumerate().filter(|(_, key)| **key != Key::Skip) {
            if let Err(reason) = put(words, into, (self.entity, row), *key, self.table.cell(column)) {
                into.truncate(self.entity, row);
                return Err(self.reject(reason));
            }
        }
        Ok(())
    }
}

impl Tables {
    /// From tables just opened.
    pub(super) fn new(tables: Vec<(Box<dyn Table>, String)>, schema: &Schema) -> Self {
        let mut readers: Vec<Reader> =
            tables.into_iter().map(|(table, file)| Reader::new(table, file, schema)).collect();
        readers.sort_by_key(|r| r.entity);
        Self { readers, bad: VecDeque::new(), begun: false }
    }

    fn begin(&mut self, into: &mut Record) -> Result<(), Box<Diagnostic>> {
        self.begun = true;
        for reader in &mut self.readers {
            for name in &reader.strange {
                into.strange(reader.entity, name);
            }
            if let Some(present) = into.present.get_mut(reader.entity) {
                *present = true;
            }
            for key in &reader.keys {
                if let Key::Slot(slot) = key {
                    into.mark(*slot);
                }
            }
            reader.advance(&mut self.bad)?;
        }
        Ok(())
    }
}

impl Records for Tables {
    fn next(&mut self, words: &mut Words, into: &mut Record) -> Result<Step, Box<Diagnostic>> {
        if !self.begun {
            self.begin(into)?;
        }
        loop {
            if let Some(bad) = self.bad.pop_front() {
                return Ok(Step::Bad(bad));
            }
            let Some(number) = self.readers.iter().filter_map(|r| r.at).min() else { return Ok(Step::End) };
            let mut taken = false;
            for reader in &mut self.readers {
                while reader.at == Some(number) {
                    match reader.take(words, into) {
                        Ok(()) => taken = true,
                        Err(bad) => self.bad.push_back(bad),
                    }
                    reader.advance(&mut self.bad)?;
                }
            }
            into.number = number;
            if taken {
                return Ok(Step::Case);
            }
            into.clear();
        }
    }
}
