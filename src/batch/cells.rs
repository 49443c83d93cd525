//! A finding in the cells of its columns.
use super::chunk::CaseVerdict;
use super::layout::Part;
use crate::eval::{Finding, Leaf, Verdict};
use crate::hir::{EntityId, FactId, Hir, Slot};
use crate::report::View;
use crate::report::answer::{Answer, force_word, verdict_word};
use crate::report::value::truth_word;

/// What a finding makes of its case: the highest of all findings counts.
#[must_use]
pub fn case_verdict(finding: &Finding) -> CaseVerdict {
    match finding.verdict {
        Verdict::Decided | Verdict::Silent | Verdict::Inapplicable => CaseVerdict::Decided,
        Verdict::Pending => CaseVerdict::Pending,
        Verdict::Conflict => CaseVerdict::Conflict,
    }
}

/// A fact as the case states it, before 视为 and 推定.
pub(super) fn stated(view: &View<'_>, fact: FactId, row: u32) -> String {
    let hir = view.hir();
    let found = || {
        let fact = hir.facts.get(fact.index())?;
        let entity = hir.entities.get(fact.entity.index())?;
        let table = view.case.table(fact.entity)?;
        let at = |stride: u32, slot: u32| row as usize * stride as usize + slot as usize;
        Some(match fact.slot {
            Slot::Truth(slot) => {
                let truth = table.truth.get(at(entity.truth_slots, slot)).copied();
                truth_word(truth.unwrap_or_default()).to_owned()
            }
            Slot::Value(slot) => {
                let value = table.values.get(at(entity.value_slots, slot)).copied();
                view.value(&fact.ty, value.unwrap_or_default())
            }
            Slot::Child(_) => return None,
        })
    };
    found().unwrap_or_default()
}

/// What one part of a conclusion says; nothing: an empty cell.
pub(super) fn cell(hir: &Hir, answer: &Answer, part: Part) -> Option<String> {
    let text = match part {
        Part::Value => answer.result.clone(),
        Part::State => verdict_word(answer.verdict).to_owned(),
        Part::Force => answer.force.map(force_word).unwrap_or_default().to_owned(),
        Part::Deadline => answer.deadline.clone().unwrap_or_default(),
        Part::Basis => answer.basis.join("、"),
        Part::Options => {
            let words = answer.options.iter().map(|option| {
                let maybe = if option.possible { "可能：" } else { "" };
                format!("{maybe}{}〔{}〕", option.words, option.basis.join("、"))
            });
            words.collect::<Vec<_>>().join("；")
        }
        Part::Candidates => answer.candidates.join("、"),
        Part::Defeated => answer.lost.iter().map(|lost| lost.address.as_str()).collect::<Vec<_>>().join("、"),
        Part::Waiting => waiting(hir, &answer.unknown),
    };
    (!text.is_empty()).then_some(text)
}

/// Facts by name, each once, whoever's they are.
fn waiting(hir: &Hir, leaves: &[Leaf]) -> String {
    let mut names: Vec<String> = Vec::new();
    for leaf in leaves {
        let Some(fact) = hir.facts.get(leaf.fact.index()) else { continue };
        let name = if fact.entity == EntityId(0) {
            fact.name.clone()
        } else {
            let owner = hir.entities.get(fact.entity.index()).map_or("", |e| e.name.as_str());
            format!("{owner}.{}", fact.name)
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("、")
}

/// The cells of a finding, part by part.
pub(super) fn cells_of(view: &View<'_>, finding: &Finding, parts: &[Part]) -> Vec<Option<String>> {
    let answer = view.answer(finding);
    parts.iter().map(|part| cell(view.hir(), &answer, *part)).collect()
}
