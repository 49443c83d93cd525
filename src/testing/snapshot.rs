//! What a case without 期望 gives, as text that is kept beside it and reviewed: every conclusion on its own line, so that a
//! change of one shows as a change of one, without anything that depends on a machine or a terminal.
//!
//! One file holds the snapshots of one case file, under the policy they come from: `甲.yaml` has `甲.yaml.快照`.
use crate::eval::{Finding, Leaf, Verdict};
use crate::report::View;
use crate::report::answer::{Answer, Choice, force_word, verdict_word};
use crate::report::label::Origin;
use std::fmt::Write as _;

/// How the names of snapshot files end.
pub const ENDING: &str = "快照";
/// The first line of a snapshot file.
pub const HEAD: &str = "-- banfa test 记下的结果，供审阅；不要手改，用 banfa test --review 逐处审阅";

/// Before the number of a case among those of the same name.
const NTH: &str = " ＃";

/// The results of one case.
#[must_use]
pub fn text(view: &View<'_>, findings: &[Finding]) -> String {
    let mut out = String::new();
    if !findings.is_empty() && findings.iter().all(|f| f.verdict == Verdict::Inapplicable) {
        return "本办法不适用于本案\n".to_owned();
    }
    for row in findings.chunk_by(|a, b| (a.entity, a.row) == (b.entity, b.row)) {
        let Some(first) = row.first() else { continue };
        let _ = writeln!(out, "{}", one_line(&view.title(first.entity, first.row)));
        for finding in row {
            answer(&mut out, view, (first.entity, first.row), &view.answer(finding));
        }
    }
    out
}

fn answer(out: &mut String, view: &View<'_>, subject: (crate::hir::EntityId, u32), answer: &Answer) {
    let mut line = format!("  {}：{}", answer.name, verdict_word(answer.verdict));
    match answer.verdict {
        Verdict::Decided => {
            let _ = write!(line, " {}", if answer.result.is_empty() { "只有可以" } else { &answer.result });
        }
        Verdict::Pending => {
            if !answer.result.is_empty() {
                let _ = write!(line, " 已定 {}；", answer.result);
            }
            let (lead, candidates) = answer.outlook();
            let _ = write!(line, " {lead}{candidates}");
        }
        Verdict::Conflict => {
            let _ = write!(line, " {}", answer.candidates.join("、"));
        }
        Verdict::Silent | Verdict::Inapplicable => {}
    }
    if let Some(deadline) = &answer.deadline {
        let _ = write!(line, "（届满日 {deadline}）");
    }
    if let Some(force) = answer.force {
        let _ = write!(line, "〔{}〕", force_word(force));
    }
    if !answer.basis.is_empty() {
        let _ = write!(line, "　依据 {}", answer.basis.join("、"));
    }
    let _ = writeln!(out, "{}", one_line(&line));
    let fact = |l: &Leaf| view.fact_words(subject, *l);
    let valued = |l: &Leaf| format!("{}（{}）", fact(l), view.fact_value(*l));
    for option in &answer.options {
        detail(out, if option.possible { "或可" } else { "可以" }, &choice(option, &fact));
    }
    for lost in &answer.lost {
        detail(out, "被排除", &format!("{}（因 {}）", lost.address, lost.by.join("、")));
    }
    let lists: [(&str, Vec<String>); 3] = [
        ("依赖判断", answer.judgements.iter().map(valued).collect()),
        ("假定", answer.assumed.iter().map(|l| format!("{}（{}）", fact(l), origin(view, *l))).collect()),
        ("待查事实", answer.unknown.iter().map(fact).collect()),
    ];
    for (head, words) in lists.iter().filter(|(_, words)| !words.is_empty()) {
        detail(out, head, &words.join("、"));
    }
    for note in &answer.notes {
        detail(out, "说明", note);
    }
}

fn detail(out: &mut String, head: &str, words: &str) {
    let _ = writeln!(out, "    {head}：{}", one_line(words));
}

fn choice(of: &Choice, fact: &dyn Fn(&Leaf) -> String) -> String {
    let mut words = format!("{}　依据 {}", of.words, of.basis.join("、"));
    if of.possible && !of.unknown.is_empty() {
        let facts: Vec<String> = of.unknown.iter().map(fact).collect();
        let _ = write!(words, "（待查 {}）", facts.join("、"));
    }
    words
}

fn origin(view: &View<'_>, leaf: Leaf) -> &'static str {
    match view.origin(leaf) {
        Origin::Stated => "载明",
        Origin::Absent => "未载明，视为否",
        Origin::Presumed => "推定",
        Origin::Deemed => "视为",
    }
}

/// Line breaks in names of the data do not break the lines of a snapshot.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim_end().to_owned()
}

/// Which case of which policy a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Name of the policy's file.
    pub policy: String,
    /// Name of the case.
    pub case: String,
    /// Among cases of the same name in one file, from 1.
    pub nth: u32,
}

/// The snapshots of one file, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshots {
    /// Each with its text.
    pub entries: Vec<(Key, String)>,
}

impl Snapshots {
    /// Reads a snapshot file.
    ///
    /// # Errors
    /// The number of the first line that no snapshot file has.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut entries: Vec<(Key, String)> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if number == 0 {
                if line != HEAD {
                    return Err(1);
                }
            } else if let Some(rest) = line.strip_prefix('【') {
                let (policy, case) = rest.split_once('】').ok_or(number + 1)?;
                let (policy, nth) = match policy.rsplit_once(NTH) {
                    Some((policy, nth)) => (policy, nth.parse().map_err(|_| number + 1)?),
                    None => (policy, 1),
                };
                entries.push((Key { policy: policy.to_owned(), case: case.to_owned(), nth }, String::new()));
            } else if let Some(content) = line.strip_prefix("  ") {
                let (_, text) = entries.last_mut().ok_or(number + 1)?;
                text.push_str(content);
                text.push('\n');
            } else if !line.is_empty() {
                return Err(number + 1);
            }
        }
        Ok(Self { entries })
    }

    /// As the file is written.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = format!("{HEAD}\n");
        for (key, text) in &self.entries {
            let nth = if key.nth > 1 { format!("{NTH}{}", key.nth) } else { String::new() };
            let _ = write!(out, "\n【{}{nth}】{}\n", key.policy, key.case);
            for line in text.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        out
    }

    /// The snapshot of a case.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&str> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, text)| text.as_str())
    }

    /// Puts a snapshot in, where the one it replaces stood, else at the end.
    pub fn set(&mut self, key: &Key, text: &str) {
        match self.entries.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => text.clone_into(old),
            None => self.entries.push((key.clone(), text.to_owned())),
        }
    }

    /// In the order of the cases; those of other policies first, as they were.
    pub fn arrange(&mut self, order: &[Key]) {
        self.entries.sort_by_key(|(key, _)| order.iter().position(|k| k == key));
    }

    /// Takes a snapshot out.
    pub fn remove(&mut self, key: &Key) {
        self.entries.retain(|(k, _)| k != key);
    }
}
