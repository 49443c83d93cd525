//! A conclusion in words, ready to be laid out: what text and Markdown share.
use super::View;
use super::cite::{CLIP, defeaters, rule_addresses, select_words};
use super::line::Paint;
use super::value::{UNKNOWN, mask_words};
use crate::base::Val;
use crate::base::wording::source_words;
use crate::eval::{ChoiceOf, Finding, Force, Leaf, Verdict};
use crate::hir::{ConclusionId, ConsequenceKind, Mode, Select, Type};

/// 定论, 待查, 未规定, 冲突, 不适用.
#[must_use]
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Decided => "定论",
        Verdict::Pending => "待查",
        Verdict::Silent => "未规定",
        Verdict::Conflict => "冲突",
        Verdict::Inapplicable => "不适用",
    }
}

/// How a state is coloured.
#[must_use]
pub const fn verdict_paint(verdict: Verdict) -> Paint {
    match verdict {
        Verdict::Decided => Paint::Good,
        Verdict::Pending => Paint::Open,
        Verdict::Conflict => Paint::Bad,
        Verdict::Silent | Verdict::Inapplicable => Paint::Faint,
    }
}

/// 应当, 可以, 默认.
#[must_use]
pub const fn force_word(force: Force) -> &'static str {
    match force {
        Force::Must => "应当",
        Force::May => "可以",
        Force::Default => "默认",
    }
}

/// Values to choose from, or an option.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// 甲、乙 之一
    pub words: String,
    /// Citations.
    pub basis: Vec<String>,
    /// An option that only stands if what is 不明 turns out so.
    pub possible: bool,
    /// Then: the facts it waits for.
    pub unknown: Vec<Leaf>,
}

/// A provision that does not count, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Citation.
    pub address: String,
    /// Citations of what defeated it.
    pub by: Vec<String>,
}

/// One conclusion of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Name of the conclusion.
    pub name: String,
    /// State.
    pub verdict: Verdict,
    /// Force of a decided one.
    pub force: Option<Force>,
    /// What is decided, choices included; empty when nothing is.
    pub result: String,
    /// 届满日 of a 义务, when known.
    pub deadline: Option<String>,
    /// Citations.
    pub basis: Vec<String>,
    /// Sets to choose from, each with its citations.
    pub choices: Vec<Choice>,
    /// 待查, 冲突: what it may be.
    pub candidates: Vec<String>,
    /// 待查, and it may be a value nobody can compute yet.
    pub open_value: bool,
    /// Provisions that do not count.
    pub lost: Vec<Lost>,
    /// 可以.
    pub options: Vec<Choice>,
    /// 酌定 facts it rests on.
    pub judgements: Vec<Leaf>,
    /// Facts assumed.
    pub assumed: Vec<Leaf>,
    /// 不明 facts that could change it.
    pub unknown: Vec<Leaf>,
    /// Why computed values are 不明.
    pub notes: Vec<&'static str>,
}

impl Answer {
    /// What a 待查 conclusion may be: what is said, and the candidates after it.
    #[must_use]
    pub fn outlook(&self) -> (&'static str, String) {
        let lead = match (self.open_value, self.candidates.is_empty()) {
            (_, true) => "尚不能确定",
            (true, false) => "尚不能确定，也可能是 ",
            (false, false) => "可能是 ",
        };
        (lead, self.candidates.join("、"))
    }

    /// Whether one word says it all: nothing decides, or only the 默认 does, and nothing was defeated and nothing may be chosen.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let weak = match self.verdict {
            Verdict::Silent => self.basis.is_empty(),
            Verdict::Inapplicable => true,
            Verdict::Decided => self.force == Some(Force::Default),
            Verdict::Pending | Verdict::Conflict => false,
        };
        weak && self.lost.is_empty()
            && self.options.is_empty()
            && self.choices.is_empty()
            && self.notes.is_empty()
    }
}

impl View<'_> {
    /// A finding in words.
    #[must_use]
    pub fn answer(&self, finding: &Finding) -> Answer {
        let hir = self.hir();
        let fallback = (String::new(), Type::Error);
        let (name, ty) = hir
            .conclusions
            .get(finding.conclusion.index())
            .map_or(fallback, |c| (c.name.clone(), c.ty.clone()));
        let choices: Vec<Choice> =
            finding.choices.iter().map(|c| self.choice(&ty, finding.conclusion, c)).collect();
        let mut result: Vec<String> = Vec::new();
        let sure = certain(&ty, finding);
        let decided = finding.verdict == Verdict::Decided && finding.value.is_known();
        if is_masked(&ty) {
            result.extend((sure != 0).then(|| mask_words(hir, &ty, sure).join("、")));
            result.extend(choices.iter().map(|c| c.words.clone()));
        } else if decided {
            result.push(self.value(&ty, finding.value));
        }
        let deadline = match (&ty, finding.value) {
            (Type::Duty(_), Val::Date(date)) => Some(date.to_string()),
            _ => None,
        };
        Answer {
            name,
            verdict: finding.verdict,
            force: finding.force,
            result: result.join("；"),
            deadline,
            basis: rule_addresses(hir, &finding.basis),
            choices,
            candidates: self.candidates(&ty, finding),
            open_value: finding.verdict == Verdict::Pending
                && !is_masked(&ty)
                && candidate_values(&ty, finding).is_empty(),
            lost: finding
                .defeated
                .iter()
                .map(|d| Lost { address: self.cite(d.rule), by: defeaters(hir, &d.by, |r| self.cite(r)) })
                .collect(),
            options: finding.options.iter().map(|c| self.choice(&ty, finding.conclusion, c)).collect(),
            judgements: finding.judgements.iter().copied().collect(),
            assumed: finding.assumed.iter().copied().collect(),
            unknown: finding.unknown.iter().copied().collect(),
            notes: finding.notes.iter().map(|n| n.message()).collect(),
        }
    }

    fn choice(&self, ty: &Type, id: ConclusionId, of: &ChoiceOf) -> Choice {
        let values = match (of.mask, of.value) {
            (0, Val::Unknown) => vec![self.open_words(id, of)],
            (0, known) => vec![self.value(ty, known)],
            (mask, _) => mask_words(self.hir(), ty, mask),
        };
        Choice {
            words: select_words(&values, of.select),
            basis: rule_addresses(self.hir(), &of.basis),
            possible: of.only_possible,
            unknown: of.unknown.iter().copied().collect(),
        }
    }

    /// A value nobody can compute yet, in the words of the clause that gives it.
    fn open_words(&self, id: ConclusionId, of: &ChoiceOf) -> String {
        let rules = of.basis.iter().filter_map(|r| self.hir().rules.get(r.index()));
        let said = rules.flat_map(|r| &r.consequences).find_map(|c| match c.kind {
            ConsequenceKind::Value(e) if c.conclusion == id && c.mode == Mode::May => {
                Some(self.hir().exprs.get(e.index())?.span)
            }
            _ => None,
        });
        let words = said.map(|span| source_words(self.sources, span, CLIP)).unwrap_or_default();
        if words.is_empty() { UNKNOWN.to_owned() } else { format!("{words}（{UNKNOWN}）") }
    }

    fn candidates(&self, ty: &Type, finding: &Finding) -> Vec<String> {
        let mut out = mask_words(self.hir(), ty, candidate_mask(ty, finding) & !certain(ty, finding));
        out.extend(candidate_values(ty, finding).iter().map(|v| self.value(ty, *v)));
        out.extend(possible_states(finding).into_iter().map(|s| verdict_word(s).to_owned()));
        out
    }
}

/// Types whose values are bits.
const fn is_masked(ty: &Type) -> bool {
    matches!(ty, Type::Duty(_) | Type::Bool | Type::Enum(_) | Type::Multi(_))
}

/// Values that stand whatever else turns out: decided ones, and members of a 多选 that is otherwise 待查.
#[must_use]
pub fn certain(ty: &Type, finding: &Finding) -> u64 {
    let stands = match finding.verdict {
        Verdict::Decided => true,
        Verdict::Pending => matches!(ty, Type::Multi(_)) && !finding.may_be_inapplicable,
        Verdict::Silent | Verdict::Conflict | Verdict::Inapplicable => false,
    };
    if stands { finding.mask } else { 0 }
}

/// What a 待查 or 冲突 conclusion may be, as bits; what merely applies if the law does is a candidate too.
#[must_use]
pub fn candidate_mask(ty: &Type, finding: &Finding) -> u64 {
    let open = finding.verdict == Verdict::Pending && certain(ty, finding) == 0;
    if open { finding.candidates | finding.mask } else { finding.candidates }
}

/// The same for types whose values are no bits.
#[must_use]
pub fn candidate_values(ty: &Type, finding: &Finding) -> Vec<Val> {
    let mut out = finding.candidate_values.clone();
    if finding.verdict == Verdict::Pending
        && !is_masked(ty)
        && finding.value.is_known()
        && !out.contains(&finding.value)
    {
        out.push(finding.value);
    }
    out
}

/// States a 待查 conclusion may yet come to, besides 定论.
#[must_use]
pub fn possible_states(finding: &Finding) -> Vec<Verdict> {
    let mut out = Vec::new();
    if finding.verdict == Verdict::Pending {
        out.extend(finding.may_be_silent.then_some(Verdict::Silent));
        out.extend(finding.may_conflict.then_some(Verdict::Conflict));
        out.extend(finding.may_be_inapplicable.then_some(Verdict::Inapplicable));
    }
    out
}

/// `one_of`, `any_of`, `all`.
#[must_use]
pub const fn select_code(select: Select) -> &'static str {
    match select {
        Select::All => "all",
        Select::OneOf | Select::AtLeast | Select::AtMost => "one_of",
        Select::AnyOf => "any_of",
    }
}
