//! 期望 against results: what a case says its conclusions should be, and what they are.
//!
//! In: findings and the expectations of a case. Out: one [`Mismatch`] a conclusion that differs, or one diagnostic a
//! difference, at its place in the case file.
use crate::base::{Address, Span, Val};
use crate::diag::Diagnostic;
use crate::eval::{Defeat, Finding, Force, Leaf, Verdict};
use crate::facts::{Candidate, CaseFile, Expectation, ExpectedState, FactRef, Placed};
use crate::hir::{Hir, RuleId, Type};
use crate::report::value::{Texts, mask_words, value};
use std::collections::BTreeSet;

/// One thing about a conclusion that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// 状态, 值, 依据 …
    pub what: &'static str,
    /// As expected, in words.
    pub want: String,
    /// As it is, in words.
    pub got: String,
    /// Where the case says so.
    pub at: Span,
}

/// A conclusion that is not what the case expects.
#[derive(Clone, Debug)]
pub struct Mismatch<'a> {
    /// What the case says.
    pub expectation: &'a Expectation,
    /// What it is.
    pub finding: &'a Finding,
    /// In which ways; never empty.
    pub differences: Vec<Difference>,
}

/// Every conclusion that differs from what `case` expects, in the order of the expectations.
#[must_use]
pub fn mismatches<'a>(hir: &Hir, case: &'a CaseFile, findings: &'a [Finding]) -> Vec<Mismatch<'a>> {
    let mut out = Vec::new();
    for expectation in &case.expectations {
        for finding in findings {
            if finding.conclusion == expectation.conclusion && expectation.rows.contains(&finding.row) {
                let mut differences = Vec::new();
                Comparison { hir, case, finding, expectation }.compare(&mut differences);
                if !differences.is_empty() {
                    out.push(Mismatch { expectation, finding, differences });
                }
            }
        }
    }
    out
}

/// Every difference between what `case` expects and `findings`, as diagnostics.
#[must_use]
pub fn differences(hir: &Hir, case: &CaseFile, findings: &[Finding]) -> Vec<Diagnostic> {
    let found = mismatches(hir, case, findings);
    found.iter().flat_map(|m| m.differences.iter().map(|d| diagnostic(hir, case, m, d))).collect()
}

/// B0560: a conclusion is not what the case expects.
fn diagnostic(hir: &Hir, case: &CaseFile, of: &Mismatch<'_>, difference: &Difference) -> Diagnostic {
    let name = hir.conclusions.get(of.finding.conclusion.index()).map_or("", |c| c.name.as_str());
    let subject = of.expectation.subject.as_ref().map(|s| format!("“{}”的", s.value)).unwrap_or_default();
    let (case, Difference { what, want, got, at }) = (&case.case.name, difference);
    Diagnostic::error(
        "B0560",
        format!("案例“{case}”中{subject}“{name}”与期望不符：{what}期望{want}，实际{got}"),
    )
    .label(*at, "期望写在这里")
    .help("用 banfa run 加 --why 看结论怎样得出；是条文变了，就改期望，否则改条文或者事实")
}

struct Comparison<'a> {
    hir: &'a Hir,
    case: &'a CaseFile,
    finding: &'a Finding,
    expectation: &'a Expectation,
}

impl Comparison<'_> {
    fn compare(&self, out: &mut Vec<Difference>) {
        let (want, got) = (self.expectation, self.finding);
        if let Some(state) = &want.state
            && state.value != of_verdict(got.verdict)
        {
            out.push(differs(state.span, "状态", state_word(state.value), &self.result_words()));
            return;
        }
        // A value says 定论 unless a state is named.
        if want.state.is_none() && got.verdict != Verdict::Decided {
            for (what, value) in [("值", &want.values), ("任选", &want.choice)] {
                if let Some(value) = value {
                    let words: Vec<String> = value.value.iter().map(|v| self.value_words(*v)).collect();
                    out.push(differs(value.span, what, &or_none(&words), &self.result_words()));
                }
            }
            if !out.is_empty() {
                return;
            }
        }
        if let Some(values) = &want.values {
            self.values(values, out);
        }
        if let Some(deadline) = &want.deadline
            && got.value != Val::Date(deadline.value)
        {
            let got = value(self.hir, &Type::Date, got.value, self.texts());
            out.push(differs(deadline.span, "届满日", &deadline.value.to_string(), &got));
        }
        if let Some(choice) = &want.choice {
            let mask = bits(&choice.value);
            if !got.choices.iter().any(|c| c.mask == mask) {
                let found: Vec<String> = got.choices.iter().map(|c| self.words(c.mask)).collect();
                out.push(differs(choice.span, "任选", &self.words(mask), &or_none(&found)));
            }
        }
        if let Some(candidates) = &want.candidates {
            self.candidates(candidates, out);
        }
        if let Some(options) = &want.options {
            let mask = bits(&options.value);
            let standing = got.options.iter().filter(|o| !o.only_possible);
            let found = standing.fold(0, |m, o| m | o.mask);
            let by_value = got.options.iter().any(|o| !o.only_possible && options.value.contains(&o.value));
            if found != mask && !by_value {
                out.push(differs(options.span, "可以", &self.words(mask), &self.words(found)));
            }
        }
        let option_rules: Vec<RuleId> = got.options.iter().flat_map(|o| o.basis.iter().copied()).collect();
        addresses("依据", want.basis.as_ref(), &self.of_rules(&got.basis), out);
        addresses("可以依据", want.option_basis.as_ref(), &self.of_rules(&option_rules), out);
        let defeated: BTreeSet<Address> =
            got.defeated.iter().filter_map(|d: &Defeat| self.of_rule(d.rule)).collect();
        addresses("被排除", want.defeated.as_ref(), &defeated, out);
        self.leaves("待查事实", want.unknown.as_ref(), &got.unknown, out);
        self.leaves("假定", want.assumed.as_ref(), &got.assumed, out);
        self.leaves("判断", want.judgements.as_ref(), &got.judgements, out);
    }

    fn values(&self, want: &Placed<Vec<Val>>, out: &mut Vec<Difference>) {
        let got = self.finding;
        let same = match self.hir.conclusions.get(got.conclusion.index()).map(|c| &c.ty) {
            Some(Type::Bool | Type::Enum(_) | Type::Multi(_) | Type::Duty(_)) => {
                bits(&want.value) == got.mask
            }
            _ => want.value.len() == 1 && want.value.iter().all(|v| self.same(*v, got.value)),
        };
        if !same {
            let words: Vec<String> = want.value.iter().map(|v| self.value_words(*v)).collect();
            out.push(differs(want.span, "值", &or_none(&words), &self.result_words()));
        }
    }

    fn same(&self, a: Val, b: Val) -> bool {
        a == b || self.value_words(a) == self.value_words(b)
    }

    fn candidates(&self, want: &Placed<Vec<Candidate>>, out: &mut Vec<Difference>) {
        let got = self.finding;
        let mut expected: BTreeSet<String> = BTreeSet::new();
        for c in &want.value {
            expected.insert(match c {
                Candidate::Value(v) => self.value_words(*v),
                Candidate::State(s) => state_word(*s).to_owned(),
            });
        }
        let mut found: BTreeSet<String> = self.mask_list(got.candidates).into_iter().collect();
        found.extend(got.candidate_values.iter().map(|v| self.value_words(*v)));
        for (may, state) in [
            (got.may_be_silent, ExpectedState::Silent),
            (got.may_conflict, ExpectedState::Conflict),
            (got.may_be_inapplicable, ExpectedState::Inapplicable),
        ] {
            if may {
                found.insert(state_word(state).to_owned());
            }
        }
        if expected != found {
            out.push(differs(want.span, "候选", &joined(&expected), &joined(&found)));
        }
    }

    /// Facts named without a row stand for that fact of any row.
    fn leaves(
        &self,
        what: &'static str,
        want: Option<&Placed<Vec<FactRef>>>,
        got: &BTreeSet<Leaf>,
        out: &mut Vec<Difference>,
    ) {
        let Some(want) = want else { return };
        let covers = |r: &FactRef, l: &Leaf| r.fact == l.fact && r.row.is_none_or(|row| row == l.row);
        let all_found = want.value.iter().all(|r| got.iter().any(|l| covers(r, l)));
        let all_named = got.iter().all(|l| want.value.iter().any(|r| covers(r, l)));
        if !(all_found && all_named) {
            let expected: BTreeSet<String> = want.value.iter().map(|r| self.fact_name(r.fact)).collect();
            let found: BTreeSet<String> = got.iter().map(|l| self.fact_name(l.fact)).collect();
            out.push(differs(want.span, what, &joined(&expected), &joined(&found)));
        }
    }

    fn texts(&self) -> Texts<'_> {
        Texts { case: &self.case.case.texts, law: &self.hir.texts }
    }

    fn result_words(&self) -> String {
        let got = self.finding;
        match got.verdict {
            Verdict::Decided if got.force == Some(Force::May) => "只有可以选择的结果".to_owned(),
            Verdict::Decided if got.mask != 0 => self.words(got.mask),
            Verdict::Decided if !got.choices.is_empty() => {
                let found: Vec<String> = got.choices.iter().map(|c| self.words(c.mask)).collect();
                format!("任选{}", found.join("；"))
            }
            Verdict::Decided => self.value_words(got.value),
            Verdict::Pending | Verdict::Silent | Verdict::Conflict | Verdict::Inapplicable => {
                state_word(of_verdict(got.verdict)).to_owned()
            }
        }
    }

    fn mask_list(&self, mask: u64) -> Vec<String> {
        self.hir
            .conclusions
            .get(self.finding.conclusion.index())
            .map(|c| mask_words(self.hir, &c.ty, mask))
            .unwrap_or_default()
    }

    fn words(&self, mask: u64) -> String {
        or_none(&self.mask_list(mask))
    }

    fn value_words(&self, v: Val) -> String {
        match self.hir.conclusions.get(self.finding.conclusion.index()) {
            Some(c) => match v {
                Val::Mask(m) => self.words(m),
                _ => value(self.hir, &c.ty, v, self.texts()),
            },
            None => String::new(),
        }
    }

    fn fact_name(&self, fact: crate::hir::FactId) -> String {
        self.hir.facts.get(fact.index()).map(|f| f.name.clone()).unwrap_or_default()
    }

    fn of_rule(&self, rule: RuleId) -> Option<Address> {
        self.hir.rules.get(rule.index()).map(|r| r.address.clone())
    }

    fn of_rules(&self, rules: &[RuleId]) -> BTreeSet<Address> {
        rules.iter().filter_map(|r| self.of_rule(*r)).collect()
    }
}

fn differs(at: Span, what: &'static str, want: &str, got: &str) -> Difference {
    Difference { what, want: want.to_owned(), got: got.to_owned(), at }
}

fn addresses(
    what: &'static str,
    want: Option<&Placed<Vec<Placed<Address>>>>,
    got: &BTreeSet<Address>,
    out: &mut Vec<Difference>,
) {
    let Some(want) = want else { return };
    let expected: BTreeSet<Address> = want.value.iter().map(|a| a.value.clone()).collect();
    if expected != *got {
        let words = |set: &BTreeSet<Address>| joined(&set.iter().map(Address::to_string).collect());
        out.push(differs(want.span, what, &words(&expected), &words(got)));
    }
}

fn bits(values: &[Val]) -> u64 {
    values.iter().fold(0, |m, v| if let Val::Mask(b) = v { m | b } else { m })
}

fn of_verdict(verdict: Verdict) -> ExpectedState {
    match verdict {
        Verdict::Decided => ExpectedState::Decided,
        Verdict::Pending => ExpectedState::Pending,
        Verdict::Silent => ExpectedState::Silent,
        Verdict::Conflict => ExpectedState::Conflict,
        Verdict::Inapplicable => ExpectedState::Inapplicable,
    }
}

fn state_word(state: ExpectedState) -> &'static str {
    ExpectedState::ALL.iter().find(|(_, s)| *s == state).map_or("", |(word, _)| word)
}

fn or_none(words: &[String]) -> String {
    if words.is_empty() { "没有".to_owned() } else { words.join("、") }
}

fn joined(words: &BTreeSet<String>) -> String {
    if words.is_empty() { "没有".to_owned() } else { words.iter().cloned().collect::<Vec<_>>().join("、") }
}
