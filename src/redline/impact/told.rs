//! What one text says of one case, in words that can be compared with what another says.
use super::ChangedConclusion;
use crate::base::Address;
use crate::eval::{Finding, Force, Verdict};
use crate::facts::CaseFile;
use crate::policy::{Outcome, Policy, ReadFile};
use crate::report::answer::{Answer, verdict_word};
use crate::report::json::{Choice, Conclusion, case_result};
use crate::report::{Asked, View};
use serde_json::Value;
use std::fmt::Write as _;

/// The row a conclusion is of, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    entity: String,
    path: String,
    name: String,
}

/// One run.
pub struct Told<'a> {
    pub policy: &'a Policy,
    pub case: &'a CaseFile,
    pub outcome: Outcome,
    pub conclusions: Vec<Said>,
}

/// One conclusion.
#[derive(Debug)]
pub struct Said {
    pub key: Key,
    subject: String,
    words: String,
    /// All that counts but the provisions.
    pub state: String,
    /// What it rests on: the provision, and the one it applies by 依照.
    pub basis: Vec<(Address, Option<Address>)>,
}

/// Runs a case.
pub fn told<'a>(policy: &'a Policy, read: &ReadFile, case: &'a CaseFile) -> Told<'a> {
    let outcome = policy.run(&case.case, None);
    let view = View {
        program: policy.program(),
        sources: &read.sources,
        case: &case.case,
        run: &outcome.run,
        date: case.case.date,
    };
    let result = case_result(&view, &outcome.findings, &Asked::default());
    let conclusions =
        result.conclusions.iter().zip(&outcome.findings).map(|(c, f)| said(&view, c, f)).collect();
    Told { policy, case, outcome, conclusions }
}

fn said(view: &View<'_>, c: &Conclusion, f: &Finding) -> Said {
    let rules = f.basis.iter().chain(f.options.iter().chain(&f.choices).flat_map(|o| &o.basis));
    let mut basis: Vec<(Address, Option<Address>)> = rules
        .filter_map(|r| view.hir().rules.get(r.index()))
        .map(|r| (r.address.clone(), r.via.clone()))
        .collect();
    basis.sort();
    basis.dedup();
    Said {
        key: Key { entity: c.entity.clone(), path: c.path.clone(), name: c.name.clone() },
        subject: if c.path.is_empty() { String::new() } else { view.title(f.entity, f.row) },
        words: words(&view.answer(f)),
        state: state(c),
        basis,
    }
}

/// A conclusion without its provisions and facts. Sets are sorted: the order in which values are declared says nothing.
fn state(c: &Conclusion) -> String {
    let sorted = |values: &[Value]| {
        let mut words: Vec<String> = values.iter().map(Value::to_string).collect();
        words.sort();
        words.join("、")
    };
    let choices = |all: &[Choice]| {
        let one = |o: &Choice| format!("{} {} {:?}", sorted(&o.values), o.select, o.state);
        let mut words: Vec<String> = all.iter().map(one).collect();
        words.sort();
        words.join("；")
    };
    let mut may_be = c.may_be.clone();
    may_be.sort_unstable();
    format!(
        "{} {:?} {:?} [{}] [{}] [{}] [{}] {may_be:?}",
        c.state,
        c.mode,
        c.deadline,
        sorted(&c.values),
        choices(&c.choices),
        sorted(&c.candidates),
        choices(&c.options)
    )
}

/// 停借; 待查（可能是 甲、乙）; 停借，可以 提醒
fn words(answer: &Answer) -> String {
    let mut out = match answer.verdict {
        Verdict::Decided if answer.result.is_empty() => String::new(),
        Verdict::Decided => answer.result.clone(),
        Verdict::Pending => {
            let (lead, candidates) = answer.outlook();
            let sure = if answer.result.is_empty() { String::new() } else { format!("{}，", answer.result) };
            format!("待查（{sure}{lead}{candidates}）")
        }
        Verdict::Conflict => format!("冲突（{}）", answer.candidates.join("、")),
        Verdict::Silent | Verdict::Inapplicable => verdict_word(answer.verdict).to_owned(),
    };
    if answer.force == Some(Force::Default) {
        out.push_str("（默认）");
    }
    if let Some(deadline) = &answer.deadline {
        let _ = write!(out, "（届满日 {deadline}）");
    }
    for option in &answer.options {
        let word = if option.possible { "或许可以" } else { "可以" };
        let comma = if out.is_empty() { "" } else { "，" };
        let _ = write!(out, "{comma}{word} {}", option.words);
    }
    out
}

/// A conclusion that differs, with the entries that made it so.
pub fn difference(old: Option<&Said>, new: Option<&Said>, causes: Vec<usize>) -> ChangedConclusion {
    let cited = |said: Option<&Said>| {
        let one = |(address, via): &(Address, Option<Address>)| match via {
            Some(via) => format!("{address}〔依照{via}〕"),
            None => address.to_string(),
        };
        said.map(|s| s.basis.iter().map(one).collect::<Vec<String>>()).unwrap_or_default()
    };
    let words = |said: Option<&Said>| said.map_or_else(|| "没有这项结论".to_owned(), |s| s.words.clone());
    let key = new.or(old).map(|s| s.key.clone());
    let Key { entity, name, .. } =
        key.unwrap_or(Key { entity: String::new(), path: String::new(), name: String::new() });
    let (from, mut to) = (words(old), words(new));
    if from == to {
        to = if old.map(|s| &s.state) == new.map(|s| &s.state) {
            format!("{to}，依据不同")
        } else {
            format!("{to}，效力不同")
        };
    }
    ChangedConclusion {
        entity,
        subject: new.or(old).map(|s| s.subject.clone()).unwrap_or_default(),
        name,
        from,
        to,
        old_basis: cited(old),
        new_basis: cited(new),
        causes,
    }
}
