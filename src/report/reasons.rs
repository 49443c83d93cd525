//! Reasons as trees of lines, in the policy's own words: why a conclusion is what it is, why it is not what one
//! expected, whether the law applies.
use super::View;
use super::answer::Answer;
use super::cite::CLIP;
use super::line::{Line, Paint};
use super::node::{Node, Sign};
use super::value::truth_word;
use super::why_not::WhyNot;
use crate::base::wording::source_words;
use crate::base::{Truth, Val};
use crate::eval::{Finding, Force, Leaf, Part, Reason, Reasons, Standing, Verdict, What};
use crate::hir::{
    ConclusionId, ConsequenceKind, DefinitionId, EntityId, ExprId, Mode, ProvisionId, RuleId, Type,
};
use std::collections::BTreeSet;

/// How a value a rule gives was computed.
const VALUE: &str = "数值";
/// Provisions named on one line before the rest is only counted.
const NAMED: usize = 12;

/// How much a provision has to do with a result.
enum Weight {
    /// It explains it.
    Told,
    /// It is 待查 and changes nothing.
    Harmless,
    /// Something stronger stands above it whatever turns out.
    Overridden,
    /// It does not apply.
    Fails,
}

/// Provisions that are only named.
#[derive(Default)]
struct Groups<'p> {
    harmless: Vec<&'p Part>,
    overridden: Vec<&'p Part>,
    fails: Vec<&'p Part>,
}

/// Builds the trees of one conclusion: a definition is spelled out where it is first met.
pub struct Trees<'a> {
    pub(super) view: View<'a>,
    pub(super) reasons: Reasons<'a>,
    /// The row the reader has in mind: its facts need no label.
    pub(super) subject: (EntityId, u32),
    pub(super) unpruned: bool,
    /// Definitions spelled out in this tree.
    pub(super) told: BTreeSet<(DefinitionId, u32)>,
    /// Facts whose 视为 or 推定 has been explained in this tree.
    pub(super) deemed: BTreeSet<Leaf>,
    /// Provisions whose text has been quoted in this tree.
    quoted: BTreeSet<ProvisionId>,
}

impl<'a> Trees<'a> {
    /// For the conclusions of one row.
    #[must_use]
    pub fn new(view: View<'a>, subject: (EntityId, u32), unpruned: bool) -> Self {
        let reasons = Reasons::new(view.program, view.case, view.run);
        Self {
            view,
            reasons,
            subject,
            unpruned,
            told: BTreeSet::new(),
            deemed: BTreeSet::new(),
            quoted: BTreeSet::new(),
        }
    }

    /// Why a conclusion is what it is.
    pub fn why(&mut self, finding: &Finding, answer: &Answer) -> Vec<Node> {
        self.told.clear();
        self.deemed.clear();
        self.quoted.clear();
        let mut out = Vec::new();
        if finding.may_be_inapplicable || finding.verdict == Verdict::Inapplicable {
            out.extend(self.scope());
        }
        if finding.verdict == Verdict::Inapplicable {
            return out;
        }
        let parts = self.reasons.parts(finding.conclusion, finding.row);
        let weak = finding.verdict == Verdict::Silent || finding.force == Some(Force::Default);
        let mut groups = Groups::default();
        let mut told: BTreeSet<String> = BTreeSet::new();
        for part in &parts {
            match self.weight(finding, part) {
                Weight::Told => {
                    told.insert(self.view.cite(part.rule));
                    out.push(self.part(finding, part));
                }
                Weight::Harmless => groups.harmless.push(part),
                Weight::Overridden => groups.overridden.push(part),
                Weight::Fails => groups.fails.push(part),
            }
        }
        let fails = std::mem::take(&mut groups.fails);
        if weak {
            let mut words = if parts.is_empty() {
                "没有条文就此作出规定"
            } else {
                "没有应当适用的条文"
            }
            .to_owned();
            if finding.force == Some(Force::Default) {
                words.push_str("，取默认值 ");
                words.push_str(&answer.result);
            }
            let failed = fails.iter().map(|p| self.failed(finding.conclusion, p)).collect();
            out.push(Node::new(words).over(failed));
        } else {
            groups.fails = fails;
        }
        let groups = [
            ("尚待查而不影响结论的还有：", groups.harmless),
            ("即使成立也被排除的还有：", groups.overridden),
            ("不成立的还有：", groups.fails),
        ];
        out.extend(groups.into_iter().filter_map(|(head, parts)| self.named(head, &parts, &told)));
        out
    }

    /// Whether a provision explains the result, or is one of many that do not matter.
    fn weight(&self, finding: &Finding, part: &Part) -> Weight {
        let counts =
            finding.defeated.iter().any(|d| d.rule == part.rule) || finding.basis.contains(&part.rule);
        let settled = finding.verdict != Verdict::Pending && finding.verdict != Verdict::Conflict;
        let told = self.unpruned || counts;
        match part.standing {
            Standing::Defeated if !told => Weight::Overridden,
            Standing::Out if !told => Weight::Fails,
            Standing::MayFire if !told && settled && part.mode != Mode::May => Weight::Harmless,
            Standing::Fires | Standing::MayFire | Standing::Defeated | Standing::Out => Weight::Told,
        }
    }

    /// Provisions that do not matter, on one line.
    fn named(&self, head: &str, parts: &[&Part], told: &BTreeSet<String>) -> Option<Node> {
        let mut names: Vec<String> = parts.iter().map(|p| self.view.cite(p.rule)).collect();
        names.dedup();
        names.retain(|name| !told.contains(name));
        let count = names.len();
        names.truncate(NAMED);
        let more = if count > NAMED { format!(" 等{count}处") } else { String::new() };
        let line = Line::default().paint(Paint::Faint, &format!("{head}{}{more}", names.join("、")));
        (count > 0).then(|| Node::new(line))
    }

    /// The part that certain provisions have in a conclusion, in the order they are named, whatever came of them.
    pub fn of_rules(&mut self, finding: &Finding, rules: &[RuleId]) -> Vec<Node> {
        self.told.clear();
        self.deemed.clear();
        self.quoted.clear();
        let parts = self.reasons.parts(finding.conclusion, finding.row);
        let named = rules.iter().flat_map(|r| parts.iter().filter(move |p| p.rule == *r));
        named.map(|p| self.part(finding, p)).collect()
    }

    /// Why a conclusion does not have the value asked for: a sentence, and the provisions that could give it.
    pub fn why_not(&mut self, finding: &Finding, asked: &WhyNot) -> (String, Vec<Node>) {
        self.told.clear();
        self.deemed.clear();
        self.quoted.clear();
        let (sentence, parts) = self.why_not_parts(finding, asked);
        let nodes = match finding.verdict {
            Verdict::Inapplicable => self.scope(),
            Verdict::Decided | Verdict::Pending | Verdict::Silent | Verdict::Conflict => {
                parts.iter().map(|p| self.part(finding, p)).collect()
            }
        };
        (sentence, nodes)
    }

    /// The same with the provisions as data: those that could give the value, then those that forbid it.
    #[must_use]
    pub fn why_not_parts(&self, finding: &Finding, asked: &WhyNot) -> (String, Vec<Part>) {
        let hir = self.view.hir();
        let name = self.view.conclusion_words(finding);
        let words = asked.words(hir, finding);
        if finding.verdict == Verdict::Inapplicable {
            return (format!("本办法不适用于本案，{name} 无从认定"), Vec::new());
        }
        if asked.holds(hir, finding) {
            return (format!("{name} 现已{words}"), Vec::new());
        }
        let mask = asked.mask(hir, finding);
        let (c, row) = (finding.conclusion, finding.row);
        let conclusion = hir.conclusions.get(c.index());
        let is_bool = conclusion.is_some_and(|c| c.ty == Type::Bool);
        let is_multi = conclusion.is_some_and(|c| matches!(c.ty, Type::Multi(_)));
        let mut parts: Vec<Part> = self.reasons.why_not(c, row, mask);
        parts.retain(|p| p.mode != Mode::MustNot || is_bool);
        let able = parts.len();
        // Provisions that count and leave no room for the value.
        let excludes = |p: &Part| {
            let said = self.said(p, c);
            let against = match p.mode {
                Mode::MustNot => said & mask != 0,
                Mode::Must => !is_multi && said != 0 && said & mask == 0,
                Mode::May => false,
            };
            against
                && matches!(p.standing, Standing::Fires | Standing::MayFire)
                && !parts.iter().any(|a| a.rule == p.rule)
        };
        let excluding: Vec<Part> = self.reasons.parts(c, row).into_iter().filter(excludes).collect();
        let against = match excluding.len() {
            0 => String::new(),
            n if able == 0 => format!("，而有{n}处排斥它"),
            n => format!("，另有{n}处排斥它"),
        };
        parts.extend(excluding);
        let default = conclusion.and_then(|c| c.default);
        let by_default = matches!(default, Some(Val::Mask(m)) if m & mask != 0);
        let among =
            finding.choices.iter().chain(&finding.options).any(|c| c.mask & mask != 0 && !c.only_possible);
        let sentence = match (able, by_default) {
            (0, false) if mask == 0 => format!("没有任何条文就 {name} 作出规定"),
            (_, false) if mask == 0 => format!("就 {name} 作出规定的条文有{able}处"),
            (0, false) => format!("没有任何条文能使 {name} {words}{against}"),
            (0, true) => format!("没有条文规定 {name} {words}，只在别的条文都不适用时默认如此{against}"),
            (_, _) if among && mask.is_power_of_two() => {
                format!("{name} {words} 在可以选择之列，并非只能如此；规定它的条文有{able}处{against}")
            }
            (_, _) => format!("能使 {name} {words} 的条文有{able}处{against}"),
        };
        (sentence, parts)
    }

    /// The values a rule names for a conclusion.
    fn said(&self, part: &Part, conclusion: ConclusionId) -> u64 {
        let Some(rule) = self.view.hir().rules.get(part.rule.index()) else { return 0 };
        let masks = rule.consequences.iter().filter(|c| c.conclusion == conclusion && c.mode == part.mode);
        masks.fold(0, |all, c| match c.kind {
            ConsequenceKind::Set { mask, .. } | ConsequenceKind::Include { mask, .. } => all | mask,
            ConsequenceKind::Value(_) | ConsequenceKind::Duty { .. } => all,
        })
    }

    /// Whether the law applies, and why.
    pub fn scope(&mut self) -> Vec<Node> {
        let root = (EntityId(0), 0);
        let clauses = &self.view.hir().scope;
        let mut out = Vec::new();
        for clause in clauses {
            let reason = self.reasons.reason(clause.cond, root.0, root.1);
            let truth = reason.truth.unwrap_or_default();
            let address = clause
                .provision
                .and_then(|p| self.view.hir().provisions.get(p.index()))
                .map(|p| p.address.to_string())
                .unwrap_or_default();
            let line = Line::from("适用范围　").paint(Paint::Cite, &address);
            let below = self.conditions(reason);
            out.push(Node::truth(truth, line).over(below));
        }
        out
    }

    fn part(&mut self, finding: &Finding, part: &Part) -> Node {
        let hir = self.view.hir();
        let Some(rule) = hir.rules.get(part.rule.index()) else { return Node::default() };
        let lost = finding.defeated.iter().find(|d| d.rule == part.rule);
        let by =
            |by: &[crate::eval::Defeater]| super::cite::defeaters(hir, by, |r| self.view.cite(r)).join("、");
        let (sign, words) = match (part.standing, lost) {
            (_, Some(lost)) => (Sign::No, format!("被 {} 排除", by(&lost.by))),
            (Standing::Fires, None) => (Sign::Yes, "成立".to_owned()),
            (Standing::Defeated, None) => (Sign::No, format!("被 {} 排除", by(&part.by))),
            (Standing::MayFire, None) if part.by.is_empty() => (Sign::Open, "待查".to_owned()),
            (Standing::MayFire, None) => (Sign::Open, format!("待查，可能被 {} 排除", by(&part.by))),
            (Standing::Out, None) => (Sign::No, "不成立".to_owned()),
        };
        let says = self.view.consequence(rule, finding.conclusion, part.mode);
        let line = Line::default()
            .paint(Paint::Cite, &self.view.cite(part.rule))
            .plain(&format!("　{says}　"))
            .paint(sign.paint(), &words);
        let mut below = Vec::new();
        if self.quoted.insert(rule.provision)
            && let Some(text) = self.view.verbatim(rule)
        {
            below.push(Node::new(Line::default().paint(Paint::Faint, &format!("「{text}」"))));
        }
        below.extend(self.conditions(part.reason.clone()));
        for exception in &part.exceptions {
            if self.unpruned || exception.truth.is_some_and(Truth::is_possible) {
                below.push(self.node(&self.pruned(exception.clone())));
            }
        }
        if part.standing != Standing::Out {
            below.extend(self.computed(part, finding));
        }
        Node { sign, line, children: below }
    }

    /// How the values a rule gives were computed.
    fn computed(&mut self, part: &Part, finding: &Finding) -> Vec<Node> {
        let Some(rule) = self.view.hir().rules.get(part.rule.index()) else { return Vec::new() };
        let mut out = Vec::new();
        for consequence in &rule.consequences {
            if consequence.conclusion != finding.conclusion || consequence.mode != part.mode {
                continue;
            }
            match &consequence.kind {
                ConsequenceKind::Value(e) => out.extend(self.computation(VALUE, *e, finding)),
                ConsequenceKind::Duty { from, period, performed, extensions } => {
                    out.extend(self.computation("起算", *from, finding));
                    out.extend(self.computation("期限", *period, finding));
                    out.extend(self.computation("履行", *performed, finding));
                    for (cond, period) in extensions {
                        let holds = self.reasons.reason(*cond, finding.entity, finding.row).truth;
                        out.extend(self.computation("延长条件", *cond, finding));
                        if self.unpruned || holds.is_some_and(Truth::is_possible) {
                            out.extend(self.computation("延长", *period, finding));
                        }
                    }
                }
                ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
            }
        }
        out
    }

    fn computation(&mut self, word: &str, expr: ExprId, finding: &Finding) -> Option<Node> {
        let reason = self.reasons.reason(expr, finding.entity, finding.row);
        // What a rule says outright stands on its line; the words of a duty may have been clipped there.
        if reason.what == What::Constant && word == VALUE {
            return None;
        }
        let node = self.node(&self.pruned(reason));
        let line = Line::from(format!("{word}　")).then(node.line);
        (!line.is_empty()).then_some(Node { line, ..node })
    }

    /// A provision that does not apply, on one line with the first thing that is missing.
    fn failed(&mut self, conclusion: ConclusionId, part: &Part) -> Node {
        let Some(rule) = self.view.hir().rules.get(part.rule.index()) else { return Node::default() };
        let says = self.view.consequence(rule, conclusion, part.mode);
        let line =
            Line::default().paint(Paint::Cite, &self.view.cite(part.rule)).plain(&format!("　{says}　"));
        let missing = self.first_failure(&part.reason);
        Node::new(line.paint(Paint::Faint, "因 ").then(missing)).signed(Sign::No)
    }

    fn first_failure(&mut self, reason: &Reason) -> Line {
        let mut at = reason;
        loop {
            let fails = |r: &&Reason| matches!(r.truth, Some(Truth::False | Truth::Na));
            let next = match at.what {
                What::All => at.children.iter().find(fails),
                What::Any if at.children.len() == 1 => at.children.first(),
                What::Any
                | What::Not
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
                | What::Constant => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        let truth = at.truth.map(|t| format!("　{}", truth_word(t))).unwrap_or_default();
        let words = match at.what {
            What::Any => Line::from(source_words(self.view.sources, at.span, CLIP)),
            What::All
            | What::Not
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
            | What::Constant => self.words(at),
        };
        words.plain(&truth)
    }
}
