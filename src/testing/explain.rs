//! Why a conclusion is not as expected: the provisions that should have decided and did not, and those that did, each
//! from the first step that fails. The rest of the derivation is left out.
use super::difference::Mismatch;
use crate::base::{Address, Truth, Val};
use crate::eval::{Finding, Force, Part, Reason, Reasons, Standing, Verdict, What, finding};
use crate::facts::Candidate;
use crate::hir::{ConclusionId, RuleId};
use crate::report::View;
use crate::report::line::{Line, Paint};
use crate::report::node::Node;
use crate::report::reasons::Trees;
use std::collections::BTreeSet;

/// Provisions spelled out for one conclusion; the rest are counted.
const SHOWN: usize = 4;
/// Provisions named below a conclusion that a condition reads.
const BELOW: usize = 6;
/// How many conclusions that read one another are followed.
const FOLLOWED: u32 = 3;

/// The tree of one mismatch. `all` are those of the case: what they explain is not explained again.
#[must_use]
pub fn explain(view: &View<'_>, of: &Mismatch<'_>, all: &[Mismatch<'_>]) -> Vec<Node> {
    let got = of.finding;
    let mut trees = Trees::new(*view, (got.entity, got.row), false);
    if got.verdict == Verdict::Inapplicable || got.may_be_inapplicable {
        return trees.scope();
    }
    let parts = Reasons::new(view.program, view.case, view.run).parts(got.conclusion, got.row);
    let mut out = Vec::new();
    if got.force == Some(Force::Default) {
        out.push(Node::new("没有应当适用的条文，取默认值"));
    }
    let rules = concerned(view, of, &parts);
    let named: Vec<RuleId> = rules.iter().copied().take(SHOWN).collect();
    out.extend(trees.of_rules(got, &named));
    if rules.len() > SHOWN {
        let words = format!("另有{}处条文也可以得出所期望的结果，从略", rules.len() - SHOWN);
        out.push(Node::new(Line::default().paint(Paint::Faint, &words)));
    }
    out.extend(silent(view, of, &parts));
    let mut seen: BTreeSet<(ConclusionId, u32)> =
        all.iter().map(|m| (m.finding.conclusion, m.finding.row)).collect();
    seen.insert((got.conclusion, got.row));
    let mut reads = Vec::new();
    for part in parts.iter().filter(|p| named.contains(&p.rule)) {
        read(&part.reason.clone().pruned(), &mut reads);
    }
    follow(view, &reads, &mut seen, FOLLOWED, &mut out);
    out
}

/// The rules that explain it, nearest first.
fn concerned(view: &View<'_>, of: &Mismatch<'_>, parts: &[Part]) -> Vec<RuleId> {
    let (want, got) = (of.expectation, of.finding);
    let address = |rule: RuleId| view.hir().rules.get(rule.index()).map(|r| r.address.clone());
    let mut wanted: BTreeSet<Address> = BTreeSet::new();
    let named = [&want.basis, &want.option_basis, &want.defeated];
    for list in named.into_iter().flatten() {
        wanted.extend(list.value.iter().map(|a| a.value.clone()));
    }
    let standing: Vec<RuleId> =
        got.basis.iter().chain(got.options.iter().flat_map(|o| &o.basis)).copied().collect();
    let lost = got.defeated.iter().filter(|_| want.defeated.is_some()).map(|d| d.rule);
    let found: BTreeSet<Address> = standing.iter().copied().chain(lost).filter_map(address).collect();
    let of_part = |part: &&Part| address(part.rule);
    let differ = |part: &&Part| {
        of_part(part).is_some_and(|a| wanted.contains(&a) != found.contains(&a))
            && (want.basis.is_some() || of_part(part).is_some_and(|a| wanted.contains(&a)))
    };
    let mut rules: Vec<RuleId> = parts.iter().filter(differ).map(|p| p.rule).collect();
    if rules.is_empty() {
        // Nothing is said of provisions: those that decided, those still open, and those that would give what was wanted.
        rules.extend(standing);
        rules.extend(parts.iter().filter(|p| p.standing == Standing::MayFire).map(|p| p.rule));
        let mut able = able(view, of);
        able.sort_by_key(|p| (p.standing == Standing::Out, failures(&p.reason)));
        rules.extend(able.iter().map(|p| p.rule));
    }
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(*rule));
    rules
}

/// Provisions that would give the value wanted.
fn able(view: &View<'_>, of: &Mismatch<'_>) -> Vec<Part> {
    let want = of.expectation;
    let placed = [&want.values, &want.options, &want.choice];
    let mut values: Vec<Val> = placed.into_iter().flatten().flat_map(|v| v.value.clone()).collect();
    for candidate in want.candidates.iter().flat_map(|c| &c.value) {
        if let Candidate::Value(v) = candidate {
            values.push(*v);
        }
    }
    let mask = values.iter().fold(0, |m, v| if let Val::Mask(b) = v { m | b } else { m });
    if values.is_empty() {
        return Vec::new();
    }
    Reasons::new(view.program, view.case, view.run).why_not(of.finding.conclusion, of.finding.row, mask)
}

/// How many conditions stand in the way.
fn failures(reason: &Reason) -> usize {
    let fails = |r: &Reason| !matches!(r.truth, Some(Truth::True));
    match reason.what {
        What::All => reason.children.iter().filter(|c| fails(c)).map(failures).sum(),
        What::Any => reason.children.iter().map(failures).min().unwrap_or(1),
        What::Not
        | What::Fact(_)
        | What::Conclusion(_)
        | What::Definition(_)
        | What::Quantified(..)
        | What::Aggregate(_)
        | What::Member
        | What::More(_)
        | What::Provision(_)
        | What::Exception(_)
        | What::Test
        | What::Constant => usize::from(fails(reason)),
    }
}

/// Provisions expected as 依据 that say nothing on the conclusion at all.
fn silent(view: &View<'_>, of: &Mismatch<'_>, parts: &[Part]) -> Vec<Node> {
    let address = |rule: RuleId| view.hir().rules.get(rule.index()).map(|r| r.address.clone());
    let speaking: BTreeSet<Address> = parts.iter().filter_map(|p| address(p.rule)).collect();
    let wanted = [&of.expectation.basis, &of.expectation.option_basis, &of.expectation.defeated];
    let named = wanted.into_iter().flatten().flat_map(|list| &list.value);
    let name = view.hir().conclusions.get(of.finding.conclusion.index()).map_or("", |c| c.name.as_str());
    named
        .filter(|a| !speaking.contains(&a.value))
        .map(|a| {
            let line = Line::default().paint(Paint::Cite, &a.value.to_string());
            Node::new(line.plain(&format!("　没有就“{name}”作出规定")))
        })
        .collect()
}

/// Conclusions that a failing or open condition reads.
fn read(reason: &Reason, out: &mut Vec<(ConclusionId, u32)>) {
    if reason.truth == Some(Truth::True) {
        return;
    }
    if let What::Conclusion(c) = reason.what
        && !out.contains(&(c, reason.row))
    {
        out.push((c, reason.row));
    }
    for child in &reason.children {
        read(child, out);
    }
}

/// The reasons of the conclusions read, unless they are told elsewhere.
fn follow(
    view: &View<'_>,
    reads: &[(ConclusionId, u32)],
    seen: &mut BTreeSet<(ConclusionId, u32)>,
    depth: u32,
    out: &mut Vec<Node>,
) {
    if depth == 0 {
        return;
    }
    for (conclusion, row) in reads {
        let found: Finding = finding(view.program, view.case, view.run, *conclusion, *row);
        let words = view.conclusion_words(&found);
        if !seen.insert((*conclusion, *row)) {
            let line = format!("其中 {words} 本身与期望不符或者已经说明，见该处");
            out.push(Node::new(Line::default().paint(Paint::Faint, &line)));
            continue;
        }
        let answer = view.answer(&found);
        let mut trees = Trees::new(*view, (found.entity, found.row), false);
        let mut below: Vec<Node> = trees.why(&found, &answer).into_iter().take(BELOW).collect();
        for node in &mut below {
            let more = node.children.len().saturating_sub(BELOW);
            node.children.truncate(BELOW);
            if more > 0 {
                let line = Line::default().paint(Paint::Faint, &format!("另有{more}处从略"));
                node.children.push(Node::new(line));
            }
        }
        let result = if answer.result.is_empty() {
            crate::report::answer::verdict_word(answer.verdict).to_owned()
        } else {
            answer.result
        };
        out.push(Node::new(format!("其中 {words} 为 {result}")).over(below));
    }
}
