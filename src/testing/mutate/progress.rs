//! What has been tried so far, kept in a file so that an interrupted run goes on where it was.
use super::report::Result;
use super::{Apart, Outcome, Trial};
use crate::base::Sources;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Mutants tried, by id, of one policy with its cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Of the texts of policy and cases and of how far survivors are searched.
    #[serde(rename = "指纹")]
    pub fingerprint: String,
    #[serde(rename = "变异")]
    done: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    #[serde(rename = "结果")]
    outcome: Word,
    #[serde(rename = "评估")]
    evaluations: u64,
    #[serde(rename = "搜索", default)]
    variants: u64,
    #[serde(rename = "区分", default, skip_serializing_if = "Option::is_none")]
    apart: Option<Told>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Word {
    #[serde(rename = "发现")]
    Killed(usize),
    #[serde(rename = "存活")]
    Survived,
    #[serde(rename = "循环")]
    Circular,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    #[serde(rename = "案例")]
    case: usize,
    #[serde(rename = "改动")]
    changes: Vec<String>,
    #[serde(rename = "结论")]
    conclusion: String,
    #[serde(rename = "原文得")]
    original: String,
    #[serde(rename = "变异得")]
    mutant: String,
}

impl Progress {
    /// Nothing tried yet.
    #[must_use]
    pub fn new(fingerprint: String) -> Self {
        Self { fingerprint, done: BTreeMap::new() }
    }

    /// Reads a file; none if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).map(|t| t + "\n").unwrap_or_default()
    }

    /// How many have been tried.
    #[must_use]
    pub fn len(&self) -> usize {
        self.done.len()
    }

    /// Whether none has been tried.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// What came of a mutant.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Result> {
        let entry = self.done.get(id)?;
        let outcome = match entry.outcome {
            Word::Killed(case) => Outcome::Killed(case),
            Word::Survived => Outcome::Survived,
            Word::Circular => Outcome::Circular,
        };
        let apart = entry.apart.clone().map(|t| Apart {
            case: t.case,
            changes: t.changes,
            conclusion: t.conclusion,
            original: t.original,
            mutant: t.mutant,
        });
        let trial = Trial { outcome, evaluations: entry.evaluations };
        Some(Result { trial, apart, variants: entry.variants })
    }

    /// Notes what came of a mutant.
    pub fn set(&mut self, id: &str, result: &Result) {
        let outcome = match result.trial.outcome {
            Outcome::Killed(case) => Word::Killed(case),
            Outcome::Survived => Word::Survived,
            Outcome::Circular => Word::Circular,
        };
        let apart = result.apart.clone().map(|a| Told {
            case: a.case,
            changes: a.changes,
            conclusion: a.conclusion,
            original: a.original,
            mutant: a.mutant,
        });
        let evaluations = result.trial.evaluations;
        self.done.insert(id.to_owned(), Entry { outcome, evaluations, variants: result.variants, apart });
    }
}

/// A fingerprint of all texts and of a number of words beside them (FNV-1a, twice with different beginnings).
#[must_use]
pub fn fingerprint(sources: &Sources, beside: &[&str]) -> String {
    let mut sums = [0xcbf2_9ce4_8422_2325_u64, 0x6c62_272e_07bb_0142_u64];
    let mut take = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            for sum in &mut sums {
                *sum = (*sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    };
    for file in sources.ids() {
        take(sources.text(file).as_bytes());
    }
    for word in beside {
        take(word.as_bytes());
    }
    let [a, b] = sums;
    format!("{a:016x}{b:016x}")
}
