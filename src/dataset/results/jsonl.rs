//! One JSON object a case, rows of entities nested in it. Read straight into codes, without trees: keys are looked for
//! where the last row had them.
use crate::dataset::results::open::broken;
use crate::diag::Diagnostic;
use crate::stats::{BadRow, Key, Record, Records, Step, Words};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use std::io::BufRead;

/// A JSONL file.
pub struct Jsonl {
    input: Box<dyn BufRead + Send>,
    file: String,
    line: u64,
    cases: u64,
    buffer: Vec<u8>,
}

/// Begins a message of ours within one of `serde_json`.
const OURS: &str = "\u{1}";

impl Jsonl {
    /// From its beginning.
    #[must_use]
    pub fn new(input: Box<dyn BufRead + Send>, file: String) -> Self {
        Self { input, file, line: 0, cases: 0, buffer: Vec::new() }
    }

    fn bad(&self, reason: String) -> Step {
        Step::Bad(BadRow { file: self.file.clone(), line: self.line, reason })
    }
}

impl Records for Jsonl {
    fn next(&mut self, words: &mut Words, into: &mut Record) -> Result<Step, Box<Diagnostic>> {
        loop {
            self.buffer.clear();
            let read = self.input.read_until(b'\n', &mut self.buffer);
            if read.map_err(|error| broken(&self.file, self.line, &error))? == 0 {
                return Ok(Step::End);
            }
            self.line += 1;
            let bytes = self.buffer.strip_prefix(b"\xEF\xBB\xBF").filter(|_| self.line == 1);
            let Ok(text) = std::str::from_utf8(bytes.unwrap_or(&self.buffer)) else {
                return Ok(self.bad("不是 UTF-8 编码".to_owned()));
            };
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            into.sparse = true;
            let mut json = serde_json::Deserializer::from_str(text);
            let row = Row { words, record: into, table: 0, above: None };
            let read = row.deserialize(&mut json).and_then(|()| json.end());
            if let Err(error) = read {
                into.clear();
                return Ok(self.bad(reason(&error)));
            }
            self.cases += 1;
            if into.number == 0 {
                into.number = self.cases;
            }
            return Ok(Step::Case);
        }
    }
}

/// What is wrong with a line, in Chinese.
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    if let Some(ours) = said.strip_prefix(OURS) {
        return ours.split(OURS).next().unwrap_or_default().to_owned();
    }
    match error.classify() {
        Category::Eof => "这一行没有写完".to_owned(),
        Category::Data => "不是一个 JSON 对象，或者格子里不是文字".to_owned(),
        Category::Syntax | Category::Io => format!("第 {} 个字节处不合 JSON 的写法", error.column()),
    }
}

/// One object: a row of an entity and the rows within it.
struct Row<'a> {
    words: &'a mut Words,
    record: &'a mut Record,
    table: usize,
    above: Option<(usize, usize)>,
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("对象")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { words, record, table, above } = self;
        let row = record.push(table, above);
        let mut next = 0;
        while let Some(key) =
            map.next_key_seed(Name { words: &*words, record: &mut *record, table, next: &mut next })?
        {
            match key {
                Key::Skip => {
                    map.next_value::<IgnoredAny>()?;
                }
                Key::Child(child) => map.next_value_seed(Within {
                    words: &mut *words,
                    record: &mut *record,
                    table: child,
                    above: (table, row),
                })?,
                key => {
                    map.next_value_seed(Cell { words: &mut *words, record: &mut *record, table, row, key })?;
                }
            }
        }
        Ok(())
    }
}

/// The name of a column.
struct Name<'a> {
    words: &'a Words,
    record: &'a mut Record,
    table: usize,
    next: &'a mut usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Key;

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<Key, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("名称")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        let keys = self.words.schema.tables.get(self.table);
        let found = keys.and_then(|keys| {
            let at = keys.find(name, *self.next)?;
            Some((at, keys.keys.get(at)?.1))
        });
        if let Some((at, key)) = found {
            *self.next = at + 1;
            return Ok(key);
        }
        self.record.strange(self.table, name);
        Ok(Key::Skip)
    }
}

/// The rows of an entity within a row.
struct Within<'a> {
    words: &'a mut Words,
    record: &'a mut Record,
    table: usize,
    above: (usize, usize),
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("数组")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let (table, above) = (self.table, Some(self.above));
        let mut number = 0;
        loop {
            let row = self.record.tables.get(table).map_or(0, |t| t.len);
            let read = rows.next_element_seed(Row {
                words: &mut *self.words,
                record: &mut *self.record,
                table,
                above,
            })?;
            if read.is_none() {
                return Ok(());
            }
            number += 1;
            let numbered = self.record.tables.get(table).and_then(|t| t.members.get(row));
            if numbered == Some(&0) {
                self.record.set_member(table, row, number);
            }
        }
    }
}

/// One cell.
struct Cell<'a> {
    words: &'a mut Words,
    record: &'a mut Record,
    table: usize,
    row: usize,
    key: Key,
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl Visitor<'_> for Cell<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("文字")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        put(self.words, self.record, (self.table, self.row), self.key, text)
            .map_err(|reason| E::custom(format!("{OURS}{reason}{OURS}")))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match self.key {
            Key::Number if self.table == 0 => self.record.number = number,
            Key::Member(entity) if entity == self.table => {
                self.record.set_member(self.table, self.row, number);
            }
            Key::Number | Key::Member(_) => {}
            Key::Name | Key::Slot(_) | Key::Child(_) | Key::Skip => {
                return self.visit_str(&number.to_string());
            }
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<(), E> {
        self.visit_str(if yes { "是" } else { "否" })
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Puts a cell where it belongs.
///
/// # Errors
/// When it cannot be what its column holds.
pub(super) fn put(
    words: &mut Words,
    record: &mut Record,
    (table, row): (usize, usize),
    key: Key,
    text: &str,
) -> Result<(), String> {
    let number = || text.parse::<u64>().map_err(|_| format!("“{text}”不是序号"));
    match key {
        _ if text.is_empty() => {}
        Key::Number => {
            let number = number()?;
            if table == 0 || record.number == 0 {
                record.number = number;
            }
        }
        Key::Member(entity) => {
            let number = number()?;
            if entity == table {
                record.set_member(table, row, number);
            }
        }
        Key::Name if table == 0 => record.name.push_str(text),
        Key::Slot(slot) => match words.code(slot, text) {
            Some(code) => record.set(table, row, slot, code),
            None => return Err(format!("“{text}”不是结论的状态")),
        },
        Key::Name | Key::Child(_) | Key::Skip => {}
    }
    Ok(())
}
