//! The journal of a run: what it is a run of, then one line a block that has been written, in order. What a line tells
//! of is on disk before the line is, so a run that was cut off goes on after the last line whose bytes are all there.
use super::worker::{Block, Tally};
use serde::{Deserialize, Serialize};

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// The first.
    Head(Head),
    /// A block is written.
    Block(Record),
    /// All is written; only the files' names are still to be put right.
    Done,
}

/// What a run is a run of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the program.
    pub banfa: String,
    /// Texts of the law.
    pub law: String,
    /// Inputs and how long they are.
    pub inputs: Vec<(String, u64)>,
    /// Options that tell in the result.
    pub options: Vec<(String, String)>,
}

/// A block that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Number of its last row.
    pub last: u64,
    /// What went to each file of the result, then what went to the table of rejects.
    pub parts: Vec<Part>,
    /// Its rows by what became of them.
    pub tally: Tally,
}

/// Bytes that were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How many.
    pub len: u64,
    /// Their CRC-32.
    pub sum: u32,
}

impl Part {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        Self { len: bytes.len() as u64, sum: crc.sum() }
    }
}

impl Record {
    /// Of a block.
    #[must_use]
    pub fn of(block: &Block) -> Self {
        let parts = block.files.iter().chain([&block.paper]).map(|bytes| Part::of(bytes));
        Self { last: block.last, parts: parts.collect(), tally: block.tally.clone() }
    }
}

impl Entry {
    /// The line.
    #[must_use]
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

impl Head {
    /// What the two do not have in common, in words.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.banfa != other.banfa {
            found.push(format!("程序的版本（原来是 {}）", self.banfa));
        }
        if self.law != other.law {
            found.push("办法的文本".to_owned());
        }
        if self.inputs != other.inputs {
            found.push("输入文件".to_owned());
        }
        for (name, value) in &self.options {
            let now = other.options.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
            if now != value {
                found.push(if value.is_empty() {
                    format!("{name}（原来没有写）")
                } else {
                    format!("{name}（原来是 {value}）")
                });
            }
        }
        found
    }
}

/// The journal as read back.
#[derive(Debug, Default)]
pub struct Journal {
    /// What the run is; none when it had not got as far.
    pub head: Option<Head>,
    /// Blocks, each with where its line ends.
    pub blocks: Vec<(Record, u64)>,
    /// Where the head's line ends.
    pub begin: u64,
    /// Whether all was written.
    pub done: bool,
}

impl Journal {
    /// Reads a journal up to the first line that is not whole.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let mut end = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let entry = line.strip_suffix(b"\n").and_then(|line| serde_json::from_slice(line).ok());
            let Some(entry) = entry else { break };
            end += line.len() as u64;
            match entry {
                Entry::Head(head) => (found.head, found.begin) = (Some(head), end),
                Entry::Block(record) => found.blocks.push((record, end)),
                Entry::Done => found.done = true,
            }
        }
        found
    }
}
