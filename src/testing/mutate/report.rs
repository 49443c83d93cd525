//! What came of all mutants: counts by operator, survivors with what would tell them apart, explanations.
use super::explain::{Explanations, stale};
use super::{Apart, Mutant, Operator, Outcome, Trial};
use crate::diag::Diagnostic;
use std::collections::BTreeMap;

/// What came of one mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Result {
    /// How it fared.
    pub trial: Trial,
    /// If it survived: what would tell it apart, as far as was searched.
    pub apart: Option<Apart>,
    /// How many variants of cases were tried for that.
    pub variants: u64,
}

/// A mutant that no case noticed.
#[derive(Clone, Debug)]
pub struct Survivor<'a> {
    /// The mutant.
    pub mutant: &'a Mutant,
    /// What would tell it apart.
    pub apart: Option<Apart>,
    /// Name of the case that starts from.
    pub case: String,
    /// How many variants were tried.
    pub variants: u64,
    /// Why it makes no difference, as the repository explains.
    pub reason: Option<String>,
}

/// Tried and noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tried.
    pub all: usize,
    /// Noticed by a case.
    pub killed: usize,
}

/// What came of all mutants.
#[derive(Debug)]
pub struct Report<'a> {
    /// Title of the law.
    pub title: String,
    /// How many cases can notice anything.
    pub cases: usize,
    /// All that could be tried.
    pub total: Count,
    /// Mutants of which there is no such law: something would depend on itself.
    pub circular: usize,
    /// By operator, those that occur.
    pub operators: Vec<(Operator, Count)>,
    /// In order of text.
    pub survivors: Vec<Survivor<'a>>,
    /// Mutant × case.
    pub evaluations: u64,
    /// Explanations of what is not there or is noticed.
    pub stale: Vec<Diagnostic>,
}

impl<'a> Report<'a> {
    /// Puts together what came of `mutants`; `whole`: these are all there are, so that explanations can be judged.
    #[must_use]
    pub fn new(
        title: &str,
        mutants: &'a [Mutant],
        results: &[Result],
        names: &[&str],
        usable: usize,
        explanations: &Explanations,
        whole: bool,
    ) -> Self {
        let mut report = Self {
            title: title.to_owned(),
            cases: usable,
            total: Count::default(),
            circular: 0,
            operators: Vec::new(),
            survivors: Vec::new(),
            evaluations: 0,
            stale: Vec::new(),
        };
        let mut operators: BTreeMap<Operator, Count> = BTreeMap::new();
        for (mutant, result) in mutants.iter().zip(results) {
            report.evaluations += result.trial.evaluations;
            let count = operators.entry(mutant.operator).or_default();
            let killed = match result.trial.outcome {
                Outcome::Circular => {
                    report.circular += 1;
                    continue;
                }
                Outcome::Killed(_) => 1,
                Outcome::Survived => {
                    let case = result.apart.as_ref().and_then(|a| names.get(a.case));
                    report.survivors.push(Survivor {
                        mutant,
                        apart: result.apart.clone(),
                        case: case.map(|c| (*c).to_owned()).unwrap_or_default(),
                        variants: result.variants,
                        reason: explanations.of(mutant).map(|e| e.reason.clone()),
                    });
                    0
                }
            };
            for count in [count, &mut report.total] {
                count.all += 1;
                count.killed += killed;
            }
        }
        report.operators = operators.into_iter().filter(|(_, c)| c.all > 0).collect();
        if whole {
            report.stale = judge(mutants, results, explanations);
        }
        report
    }

    /// The share that was noticed, in percent; all of none.
    #[must_use]
    pub fn percent(&self) -> f64 {
        share(self.total)
    }

    /// Survivors nobody has explained.
    #[must_use]
    pub fn unexplained(&self) -> Vec<&Survivor<'a>> {
        self.survivors.iter().filter(|s| s.reason.is_none()).collect()
    }

    /// Survivors the repository explains.
    #[must_use]
    pub fn explained(&self) -> Vec<&Survivor<'a>> {
        self.survivors.iter().filter(|s| s.reason.is_some()).collect()
    }
}

/// In percent.
#[must_use]
pub fn share(count: Count) -> f64 {
    let [killed, all] = [count.killed, count.all].map(|n| f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
    if count.all == 0 { 100.0 } else { killed * 100.0 / all }
}

/// Explanations that explain nothing.
fn judge(mutants: &[Mutant], results: &[Result], explanations: &Explanations) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for explanation in &explanations.all {
        let found = mutants.iter().zip(results).find(|(m, _)| m.id == explanation.id);
        let why = match found {
            None => "没有这个变异",
            Some((mutant, _)) if mutant.description != explanation.description => "这个编号的变异是别的内容",
            Some((_, result)) => match result.trial.outcome {
                Outcome::Survived => continue,
                Outcome::Killed(_) => "已有案例发现它",
                Outcome::Circular => "这个变异不能成立",
            },
        };
        out.push(stale(explanation, why));
    }
    out
}

impl Survivor<'_> {
    /// What would tell it apart, in a sentence.
    #[must_use]
    pub fn advice(&self) -> String {
        let Some(apart) = &self.apart else {
            return format!("试过 {} 种邻近的案件，没有找到能区分的", self.variants);
        };
        let changes = match apart.changes.as_slice() {
            [] => "中，事实不必改".to_owned(),
            changes => format!(" 的基础上，{}", changes.join("，")),
        };
        format!(
            "在案例“{}”{changes}：{} 原文得 {}；变异得 {}",
            self.case, apart.conclusion, apart.original, apart.mutant
        )
    }
}
