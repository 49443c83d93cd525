//! Reasons as nodes, in the policy's own words: the source of a test with the facts it reads, lists member by
//! member, definitions spelled out once.
use super::cite::CLIP;
use super::label::{Origin, Read};
use super::line::{Line, Paint};
use super::node::Node;
use super::reasons::Trees;
use crate::base::wording::source_words;
use crate::base::{Truth, Val};
use crate::eval::{Leaf, Reason, State, What};
use crate::hir::{ConclusionId, EntityId, Quantifier, Type};

/// Facts whose 视为 or 推定 one tree explains.
const DEEMED: usize = 64;

impl Trees<'_> {
    pub(super) fn pruned(&self, reason: Reason) -> Reason {
        if self.unpruned { reason } else { reason.pruned() }
    }

    /// A condition as nodes: the parts of a 且 stand side by side.
    pub(super) fn conditions(&mut self, reason: Reason) -> Vec<Node> {
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

    pub(super) fn node(&mut self, reason: &Reason) -> Node {
        if !self.unpruned
            && let Some(only) = sole(reason)
        {
            return self.node(only);
        }
        let again = matches!(reason.what, What::Definition(d)
            if !reason.children.is_empty() && !self.told.insert((d, reason.row)));
        let below = if again { Vec::new() } else { self.below(reason) };
        let line = self.words(reason).plain(if again { "（同上）" } else { "" });
        let node = match reason.truth {
            Some(truth) => Node::truth(truth, line),
            None => Node::new(line),
        };
        node.over(below)
    }

    fn below(&mut self, reason: &Reason) -> Vec<Node> {
        if reason.what == What::All {
            return self.all(reason);
        }
        if let What::Fact(fact) = reason.what {
            return self.deeming(Leaf { fact, row: reason.row });
        }
        if inline(reason) {
            let mut out = Vec::new();
            for operand in operands(reason) {
                if let What::Fact(fact) = operand.what {
                    out.extend(self.deeming(Leaf { fact, row: operand.row }));
                }
            }
            return out;
        }
        if self.unpruned {
            return reason.children.iter().map(|c| self.node(c)).collect();
        }
        if let (What::Exception(_), [only]) = (&reason.what, reason.children.as_slice())
            && (only.children.is_empty() || inline(only))
        {
            return Vec::new();
        }
        if let Some(list) = counted(reason) {
            let again = matches!(list.what, What::Definition(d) if !self.told.insert((d, list.row)));
            return if again { Vec::new() } else { self.below(list) };
        }
        let keep = telling(reason);
        let kept = |c: &&Reason| keep.is_none_or(|keep| c.truth.is_none_or(|t| keep.contains(&t)));
        let mut out: Vec<Node> = Vec::new();
        for child in parts(reason).iter().filter(kept) {
            // A definition's 且 needs no line of its own, nor does the one condition of a member.
            match (&reason.what, &child.what) {
                (What::Definition(_) | What::Member | What::Provision(_), What::All) => {
                    out.extend(self.all(child));
                }
                _ => out.push(self.node(child)),
            }
        }
        let dropped = parts(reason).iter().filter(|c| !kept(c)).count();
        if dropped > 0 && matches!(reason.what, What::Aggregate(_)) {
            out.push(Node::new(Line::default().paint(Paint::Faint, &format!("其余{dropped}项不计"))));
        }
        out
    }

    pub(super) fn words(&self, reason: &Reason) -> Line {
        let view = self.view;
        let hir = view.hir();
        let source = || source_words(view.sources, reason.span, CLIP);
        let line = match &reason.what {
            What::All => Line::from("同时具备"),
            What::Any if reason.children.iter().any(|c| matches!(c.what, What::Provision(_))) => {
                Line::from(source())
            }
            What::Any => Line::from("具备其一"),
            What::Fact(fact) => {
                return self.fact(Leaf { fact: *fact, row: reason.row }, reason.truth.is_none());
            }
            What::Conclusion(c) => return self.conclusion(*c, reason),
            What::Definition(d) => {
                let name = hir.definitions.get(d.index()).map(|d| d.name.as_str()).unwrap_or_default();
                Line::from(format!("{}{name}", self.of(reason)))
            }
            What::Member => Line::from(view.place_from(self.subject, reason.entity, reason.row)),
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
        if matches!(reason.what, What::Quantified(..) | What::Aggregate(_)) && reason.children.is_empty() {
            return self.with_value(line, reason).plain("（一个也没有）");
        }
        if let Some(list) = counted(reason) {
            let value = list.value.map(|v| self.view.value(&self.type_of(list), v)).unwrap_or_default();
            return self.with_value(line, reason).plain(&format!("（实为 {value}）"));
        }
        let line = self.with_value(line, reason);
        if !inline(reason) {
            return line;
        }
        let open = |c: &&Reason| reason.truth == Some(Truth::Unknown) && c.truth == reason.truth;
        let facts: Vec<String> =
            operands(reason).filter(|c| !open(c)).map(|c| self.operand(c).text()).collect();
        if facts.is_empty() { line } else { line.plain(&format!("（{}）", facts.join("，"))) }
    }

    /// `= value` after what is computed.
    fn with_value(&self, line: Line, reason: &Reason) -> Line {
        let Some(val) = reason.value.filter(|_| reason.what != What::Constant) else { return line };
        let value = self.view.value(&self.type_of(reason), val);
        if value.is_empty() || *value == line.text() { line } else { line.plain(&format!(" ＝ {value}")) }
    }

    /// A word below a test, with its value.
    fn operand(&self, reason: &Reason) -> Line {
        if let What::Fact(fact) = reason.what {
            self.fact(Leaf { fact, row: reason.row }, true)
        } else {
            self.words(reason)
        }
    }

    /// 甲的 where a row other than the reader's is meant.
    fn of(&self, reason: &Reason) -> String {
        self.of_row(reason.entity, reason.row)
    }

    fn of_row(&self, entity: EntityId, row: u32) -> String {
        let place = self.view.place_from(self.subject, entity, row);
        if place.is_empty() { place } else { format!("{place}的") }
    }

    fn fact(&self, leaf: Leaf, valued: bool) -> Line {
        let Some(fact) = self.view.hir().facts.get(leaf.fact.index()) else { return Line::default() };
        let of = self.of_row(fact.entity, leaf.row);
        let judged = if fact.judgement { "〔酌定〕" } else { "" };
        let origin = match self.view.origin(leaf) {
            Origin::Stated => "",
            Origin::Absent => "（未载明，视为否）",
            Origin::Presumed => "（推定）",
            Origin::Deemed => "（视为）",
        };
        let value = if valued { format!("：{}", self.view.fact_value(leaf)) } else { String::new() };
        let list = if matches!(fact.ty, Type::List(_) | Type::One(_)) { "的名单" } else { "" };
        Line::from(format!("{of}{}{list}{value}{origin}{judged}", fact.name))
    }

    fn conclusion(&self, id: ConclusionId, reason: &Reason) -> Line {
        let Some(c) = self.view.hir().conclusions.get(id.index()) else { return Line::default() };
        let record = self.view.run.record(self.view.program, id, reason.row);
        let of = self.of_row(c.entity, reason.row);
        if c.ty == Type::Bool && record.state == State::Decided && reason.truth.is_some() {
            return Line::from(format!("{of}{}", c.name));
        }
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
            (Type::Duty(_), Some(val @ (Val::Date(_) | Val::Unknown | Val::Na))) => {
                let date = self.view.value(&Type::Date, val);
                Line::from(format!("{of}{} 之 届满日：{date}", c.name))
            }
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

    /// Which provisions made a fact what it is read as, or could: 视为, 推定. Told once a fact.
    fn deeming(&mut self, leaf: Leaf) -> Vec<Node> {
        let view = self.view;
        let hir = view.hir();
        let deems: Vec<_> = hir.deems.iter().filter(|d| d.fact == leaf.fact).collect();
        let open = matches!(view.fact_read(leaf), Read::Truth(Truth::Unknown) | Read::Value(Val::Unknown));
        if deems.is_empty() || !open && matches!(view.origin(leaf), Origin::Stated | Origin::Absent) {
            return Vec::new();
        }
        if self.deemed.len() >= DEEMED || !self.deemed.insert(leaf) {
            return Vec::new();
        }
        let Some(fact) = hir.facts.get(leaf.fact.index()) else { return Vec::new() };
        let mut out = Vec::new();
        for deem in deems {
            let Some(rule) = hir.rules.get(deem.rule.index()) else { continue };
            let Some((entity, row)) = view.run.up(view.program, fact.entity, leaf.row, rule.entity) else {
                continue;
            };
            let reason = self.reasons.reason(rule.guard, entity, row);
            let truth = reason.truth.unwrap_or_default();
            if !self.unpruned && !truth.is_possible() {
                continue;
            }
            let word = if deem.presume { "推定" } else { "视为" };
            let line = Line::default().paint(Paint::Cite, &view.cite(deem.rule)).plain(&format!("　{word}"));
            let below = self.conditions(reason);
            out.push(Node::truth(truth, line).over(below));
        }
        out
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

/// What stands below a node. `X 不为 V` is one clause: the test its negation negates has no words of its own.
fn parts(reason: &Reason) -> &[Reason] {
    match (&reason.what, reason.children.as_slice()) {
        (What::Not, [only]) if only.span == reason.span && only.what == What::Test => &only.children,
        (_, children) => children,
    }
}

fn operands(reason: &Reason) -> impl Iterator<Item = &Reason> {
    parts(reason).iter().filter(|c| c.what != What::Constant)
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

/// The one node that says it all: the only part left of a 且 or 或者, the only condition on a member.
fn sole(reason: &Reason) -> Option<&Reason> {
    let [only] = reason.children.as_slice() else { return None };
    let says_all = matches!(reason.what, What::All | What::Any)
        || reason.what == What::Member && (only.children.is_empty() || inline(only));
    says_all.then_some(only)
}

/// What a test compares, when it is one count, sum or defined value: `X 中 … 的 次数 三次以上`.
fn counted(reason: &Reason) -> Option<&Reason> {
    let mut operands = operands(reason);
    let only = operands
        .next()
        .filter(|_| matches!(reason.what, What::Test | What::Not) && operands.next().is_none())?;
    (matches!(only.what, What::Aggregate(_) | What::Definition(_)) && only.value.is_some()).then_some(only)
}
