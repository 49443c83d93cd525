//! Reasons as trees of lines, in the policy's own words: why a conclusion is what it is, why it is not what one
//! expected, whether the law applies.
use super::View;
use super::answer::Answer;
use super::cite::{CLIP, source_words};
use super::label::Read;
use super::line::{Line, Paint};
use super::node::{Node, Sign};
use super::value::truth_word;
use super::why_not::WhyNot;
use crate::base::{Truth, Val};
use crate::eval::{
    Finding, Force, Leaf, Part, Reason, Reasons, Standing, State, Verdict, What,
};
use crate::hir::{
    ConclusionId, ConsequenceKind, DefinitionId, EntityId, ExprId, Mode, Quantifier, Type,
};
use std::collections::BTreeSet;

/// Provisions named on one line before the rest is only counted.
const NAMED: usize = 12;

/// Builds the trees of one conclusion: a definition is spelled out where it is first met.
pub struct Trees<'a> {
    view: View<'a>,
    reasons: Reasons<'a>,
    /// The row the reader has in mind: its facts need no label.
    subject: (EntityId, u32),
    unpruned: bool,
    told: BTreeSet<(DefinitionId, u32)>,
}

impl<'a> Trees<'a> {
    /// For the conclusions of one row.
    #[must_use]
    pub fn new(view: View<'a>, subject: (EntityId, u32), unpruned: bool) -> Self {
        let reasons = Reasons::new(view.program, view.case, view.run);
        Self { view, reasons, subject, unpruned, told: BTreeSet::new() }
    }

    /// Why a conclusion is what it is.
    pub fn why(&mut self, finding: &Finding, answer: &Answer) -> Vec<Node> {
        self.told.clear();
        let mut out = Vec::new();
        if finding.may_be_inapplicable || finding.verdict == Verdict::Inapplicable {
            out.extend(self.scope());
        }
        if finding.verdict == Verdict::Inapplicable {
            return out;
        }
        let parts = self.reasons.parts(finding.conclusion, finding.row);
        let lost = |p: &Part| finding.defeated.iter().any(|d| d.rule == p.rule);
        let (told, silent): (Vec<&Part>, Vec<&Part>) =
            parts.iter().partition(|p| self.unpruned || p.standing != Standing::Out || lost(p));
        out.extend(told.iter().map(|p| self.part(finding, p)));
        if finding.verdict == Verdict::Silent || finding.force == Some(Force::Default) {
            let mut words = Line::from(if parts.is_empty() {
                "没有条文就此作出规定"
            } else {
                "没有应当适用的条文"
            });
            if finding.force == Some(Force::Default) {
                words = words.plain(&format!("，取默认值 {}", answer.result));
            }
            let failed = silent.iter().map(|p| self.failed(finding.conclusion, p)).collect();
            out.push(Node::new(words).over(failed));
        } else if !silent.is_empty() {
            let mut names: Vec<String> = silent.iter().map(|p| self.view.cite(p.rule)).collect();
            names.dedup();
            let count = names.len();
            names.truncate(NAMED);
            let more = if count > NAMED { format!(" 等{count}处") } else { String::new() };
            let line = Line::default().paint(Paint::Faint, &format!("不成立的还有：{}{more}", names.join("、")));
            out.push(Node::new(line));
        }
        out
    }

    /// Why a conclusion does not have the value asked for: a sentence, and the provisions that could give it.
    pub fn why_not(&mut self, finding: &Finding, asked: &WhyNot) -> (String, Vec<Node>) {
        self.told.clear();
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
            return (format!("本办法不适用于本案，{name}无从认定"), Vec::new());
        }
        if asked.holds(hir, finding) {
            return (format!("{name}正是{words}"), Vec::new());
        }
        let mask = asked.mask(hir, finding);
        let (c, row) = (finding.conclusion, finding.row);
        let conclusion = hir.conclusions.get(c.index());
        let is_bool = conclusion.is_some_and(|c| c.ty == Type::Bool);
        let mut parts: Vec<Part> = self.reasons.why_not(c, row, mask);
        parts.retain(|p| p.mode != Mode::MustNot || is_bool);
        let able = parts.len();
        let forbids = |p: &Part| {
            p.mode == Mode::MustNot
                && matches!(p.standing, Standing::Fires | Standing::MayFire)
                && !parts.iter().any(|a| a.rule == p.rule)
                && self.forbidden(p, c) & mask != 0
        };
        let forbidding: Vec<Part> = self.reasons.parts(c, row).into_iter().filter(forbids).collect();
        parts.extend(forbidding);
        let default = conclusion.and_then(|c| c.default);
        let by_default = matches!(default, Some(Val::Mask(m)) if m & mask != 0);
        let sentence = match (able, by_default) {
            (0, false) => format!("没有任何条文能使{name}{words}"),
            (0, true) => format!("没有条文规定{name}{words}，只有在别的条文都不适用时才按默认值如此"),
            (_, _) => format!("能使{name}{words}的条文有{able}处"),
        };
        (sentence, parts)
    }

    fn forbidden(&self, part: &Part, conclusion: ConclusionId) -> u64 {
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
        let by = |by: &[crate::eval::Defeater]| -> String {
            by.iter().map(|b| super::cite::defeater(hir, b)).collect::<Vec<_>>().join("、")
        };
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
        if let Some(text) = self.view.verbatim(rule) {
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
                ConsequenceKind::Value(e) => out.extend(self.computation("数值", *e, finding)),
                ConsequenceKind::Duty { from, period, performed, extensions } => {
                    out.extend(self.computation("起算", *from, finding));
                    out.extend(self.computation("期限", *period, finding));
                    out.extend(self.computation("履行", *performed, finding));
                    for (cond, period) in extensions {
                        out.extend(self.computation("延长条件", *cond, finding));
                        out.extend(self.computation("延长", *period, finding));
                    }
                }
                ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
            }
        }
        out
    }

    fn computation(&mut self, word: &str, expr: ExprId, finding: &Finding) -> Option<Node> {
        let reason = self.reasons.reason(expr, finding.entity, finding.row);
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
        self.words(at).plain(&truth)
    }

    fn pruned(&self, reason: Reason) -> Reason {
        if self.unpruned { reason } else { reason.pruned() }
    }

    /// A condition as nodes: the parts of a 且 stand side by side.
    fn conditions(&mut self, reason: Reason) -> Vec<Node> {
        let reason = self.pruned(reason);
        if reason.what == What::Constant && reason.truth == Some(Truth::True) {
            return Vec::new();
        }
        if reason.what == What::All { self.all(&reason) } else { vec![self.node(&reason)] }
    }

    /// The parts of a 且, those of a 且 within it spliced in.
    fn all(&mut self, reason: &Reason) -> Vec<Node> {
        let mut out = Vec::new();
        for child in &reason.children {
            match child.what {
                What::All if !self.unpruned => out.extend(self.all(child)),
                What::Constant if child.truth == Some(Truth::True) => {}
                _ => out.push(self.node(child)),
            }
        }
        out
    }

    fn node(&mut self, reason: &Reason) -> Node {
        if let (What::All | What::Any, [only], false) =
            (&reason.what, reason.children.as_slice(), self.unpruned)
        {
            return self.node(only);
        }
        let below = self.below(reason);
        let line = self.words(reason);
        let node = match reason.truth {
            Some(truth) => Node::truth(truth, line),
            None => Node::new(line),
        };
        node.over(below)
    }

    fn below(&mut self, reason: &Reason) -> Vec<Node> {
        if let What::Definition(d) = reason.what
            && !self.told.insert((d, reason.row))
        {
            return Vec::new();
        }
        if reason.what == What::All {
            return self.all(reason);
        }
        if inline(reason) {
            return Vec::new();
        }
        if self.unpruned {
            return reason.children.iter().map(|c| self.node(c)).collect();
        }
        let keep = telling(reason);
        let kept = |c: &&Reason| keep.is_none_or(|keep| c.truth.is_none_or(|t| keep.contains(&t)));
        let mut out: Vec<Node> = Vec::new();
        for child in reason.children.iter().filter(kept) {
            // A definition's 且 needs no line of its own, nor does the one condition of a member.
            match (&reason.what, &child.what) {
                (What::Definition(_) | What::Member | What::Provision(_), What::All) => {
                    out.extend(self.all(child));
                }
                _ => out.push(self.node(child)),
            }
        }
        let dropped = reason.children.len().saturating_sub(reason.children.iter().filter(kept).count());
        if dropped > 0 && matches!(reason.what, What::Aggregate(_)) {
            out.push(Node::new(Line::default().paint(Paint::Faint, &format!("其余{dropped}项不计"))));
        }
        out
    }

    fn words(&self, reason: &Reason) -> Line {
        let view = self.view;
        let hir = view.hir();
        let source = || source_words(view.sources, reason.span, CLIP);
        let line = match &reason.what {
            What::All => Line::from("同时具备"),
            What::Any if reason.children.iter().any(|c| matches!(c.what, What::Provision(_))) => {
                Line::from(source())
            }
            What::Any => Line::from("具备其一"),
            What::Fact(fact) => return self.fact(Leaf { fact: *fact, row: reason.row }, reason.truth.is_some()),
            What::Conclusion(c) => return self.conclusion(*c, reason),
            What::Definition(d) => {
                let name = hir.definitions.get(d.index()).map(|d| d.name.as_str()).unwrap_or_default();
                let told = self.told.contains(&(*d, reason.row)) && reason.children.is_empty();
                Line::from(format!("{}{name}{}", self.of(reason), if told { "（同上）" } else { "" }))
            }
            What::Member => Line::from(view.place(reason.entity, reason.row)),
            What::More(rest) => Line::from(format!("另有{rest}项未列出")),
            What::Provision(rule) => {
                let line = Line::default().paint(Paint::Cite, &view.cite(*rule));
                let text = hir.rules.get(rule.index()).and_then(|r| view.verbatim(r));
                match text {
                    Some(text) => line.paint(Paint::Faint, &format!("　「{text}」")),
                    None => line,
                }
            }
            What::Exception(address) => {
                Line::default().paint(Paint::Cite, &address.to_string()).plain(&format!("　{}", source()))
            }
            What::Constant if reason.truth == Some(Truth::True) => Line::from("无条件"),
            What::Not | What::Quantified(..) | What::Aggregate(_) | What::Test | What::Constant => {
                Line::from(source())
            }
        };
        let line = match reason.value {
            Some(val) => {
                let value = view.value(&self.type_of(reason), val);
                if value.is_empty() || *value == line.text() { line } else { line.plain(&format!(" ＝ {value}")) }
            }
            None => line,
        };
        if !inline(reason) {
            return line;
        }
        let facts: Vec<String> = operands(reason)
            .filter(|c| !(c.truth.is_some() && c.truth == reason.truth))
            .map(|c| self.words(c).text())
            .collect();
        if facts.is_empty() { line } else { line.plain(&format!("（{}）", facts.join("，"))) }
    }

    /// 甲的 where a row other than the reader's is meant.
    fn of(&self, reason: &Reason) -> String {
        self.of_row(reason.entity, reason.row)
    }

    fn of_row(&self, entity: EntityId, row: u32) -> String {
        let place = self.view.place(entity, row);
        if (entity, row) == self.subject || place.is_empty() { String::new() } else { format!("{place}的") }
    }

    fn fact(&self, leaf: Leaf, truth: bool) -> Line {
        let Some(fact) = self.view.hir().facts.get(leaf.fact.index()) else { return Line::default() };
        let of = self.of_row(fact.entity, leaf.row);
        let judged = if fact.judgement { "〔酌定〕" } else { "" };
        let origin = match self.view.origin(leaf) {
            Origin::Stated => "",
            Origin::Absent => "（未载明，视为否）",
            Origin::Presumed => "（推定）",
            Origin::Deemed => "（视为）",
        };
        let value = if truth { String::new() } else { format!("：{}", self.view.fact_value(leaf)) };
        Line::from(format!("{of}{}{value}{origin}{judged}", fact.name))
    }

    fn conclusion(&self, id: ConclusionId, reason: &Reason) -> Line {
        let Some(c) = self.view.hir().conclusions.get(id.index()) else { return Line::default() };
        let record = self.view.run.record(self.view.program, id, reason.row);
        let of = self.of_row(c.entity, reason.row);
        let shown = match (record.state, &c.ty) {
            (State::Silent, _) => "未规定".to_owned(),
            (State::Conflict, _) => "冲突".to_owned(),
            (State::Pending, _) => "待查".to_owned(),
            (State::Decided, Type::Bool | Type::Enum(_) | Type::Multi(_) | Type::Duty(_)) => {
                self.view.value(&c.ty, Val::Mask(record.certain))
            }
            (State::Decided, ty) => self.view.value(ty, record.value),
        };
        match (&c.ty, reason.value) {
            (Type::Duty(_), Some(Val::Date(date))) => Line::from(format!("{of}{} 之 届满日：{date}", c.name)),
            _ => Line::from(format!("{of}{}：{shown}", c.name)),
        }
    }

    /// The type of a value: kept by facts and definitions; sums and products of money are money.
    fn type_of(&self, reason: &Reason) -> Type {
        let hir = self.view.hir();
        let mut at = reason;
        loop {
            at = match &at.what {
                What::Fact(f) => return hir.facts.get(f.index()).map_or(Type::Error, |f| f.ty.clone()),
                What::Definition(d) => {
                    return hir.definitions.get(d.index()).map_or(Type::Error, |d| d.ty.clone());
                }
                What::Conclusion(c) => {
                    return hir.conclusions.get(c.index()).map_or(Type::Error, |c| c.ty.clone());
                }
                What::Aggregate(_) | What::Member | What::Test => {
                    let valued = |r: &&Reason| r.truth.is_none() || matches!(r.what, What::Member);
                    match at.children.iter().rev().find(valued) {
                        Some(child) if matches!(reason.value, Some(Val::Dec(_) | Val::Mask(_))) => child,
                        Some(_) | None => return Type::Error,
                    }
                }
                What::All
                | What::Any
                | What::Not
                | What::Quantified(..)
                | What::More(_)
                | What::Provision(_)
                | What::Exception(_)
                | What::Constant => return Type::Error,
            };
        }
    }
}

/// Facts and other single words below a test stand on its line.
fn inline(reason: &Reason) -> bool {
    matches!(reason.what, What::Test | What::Not)
        && operands(reason).all(|c| {
            c.children.is_empty()
                && matches!(c.what, What::Fact(_) | What::Conclusion(_) | What::Constant | What::Test)
        })
}

fn operands(reason: &Reason) -> impl Iterator<Item = &Reason> {
    reason.children.iter().filter(|c| c.what != What::Constant)
}

/// Of which truth the members are that explain a statement about a list; none: all.
fn telling(reason: &Reason) -> Option<&'static [Truth]> {
    match (&reason.what, reason.truth) {
        (What::Quantified(_, Quantifier::Exists), Some(Truth::True))
        | (What::Quantified(_, Quantifier::None), Some(Truth::False)) => Some(&[Truth::True]),
        (What::Quantified(_, Quantifier::ForAll), Some(Truth::False)) => Some(&[Truth::False]),
        (What::Quantified(..), Some(Truth::Unknown)) => Some(&[Truth::Unknown]),
        (What::Aggregate(_), _) => Some(&[Truth::True, Truth::Unknown]),
        _ => None,
    }
}

/// Where the value of a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The case.
    Stated,
    /// 未载明视为否
    Absent,
    /// 推定
    Presumed,
    /// 视为
    Deemed,
}

impl View<'_> {
    /// Where the value of a fact comes from.
    #[must_use]
    pub fn origin(&self, leaf: Leaf) -> Origin {
        use crate::hir::Slot;
        let hir = self.hir();
        let found = || {
            let fact = hir.facts.get(leaf.fact.index())?;
            let entity = hir.entities.get(fact.entity.index())?;
            let table = self.case.table(fact.entity)?;
            let at = |stride: u32, slot: u32| leaf.row as usize * stride as usize + slot as usize;
            Some(match (fact.slot, self.fact_read(leaf)) {
                (Slot::Truth(n), Read::Truth(read)) => {
                    let at = at(entity.truth_slots, n);
                    let raw = *table.truth.get(at)?;
                    if table.assumed.get(at) == Some(&true) && raw == read {
                        Origin::Absent
                    } else {
                        origin_of(raw == read, raw == Truth::Unknown)
                    }
                }
                (Slot::Value(n), Read::Value(read)) => {
                    let raw = *table.values.get(at(entity.value_slots, n))?;
                    origin_of(raw == read, raw == Val::Unknown)
                }
                (Slot::Truth(_) | Slot::Value(_) | Slot::Child(_), _) => Origin::Stated,
            })
        };
        found().unwrap_or(Origin::Stated)
    }
}

const fn origin_of(same: bool, was_unknown: bool) -> Origin {
    match (same, was_unknown) {
        (true, _) => Origin::Stated,
        (false, true) => Origin::Presumed,
        (false, false) => Origin::Deemed,
    }
}
