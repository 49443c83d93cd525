//! Consequences: what a rule makes of a conclusion.
use super::Builder;
use super::kids::{Kids, Node};
use crate::syntax::NESTING_LIMIT;
use crate::syntax::ast::{Cap, Choice, Consequence, ConsequenceKind, Expr, Mode, Select, Subject, Value};
use crate::syntax::errors;
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    /// One or more consequences in a row.
    pub fn consequences(&mut self, node: Node<'_>) -> Vec<Consequence> {
        let mut consequences = Vec::new();
        for kid in Kids::of(node).filter(|n| n.as_rule() == Rule::consequence) {
            consequences.extend(self.consequence(kid));
        }
        consequences
    }

    fn consequence(&mut self, node: Node<'_>) -> Option<Consequence> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let subject = kids.maybe(Rule::subject).and_then(|n| self.subject(n));
        let inner = kids.next()?;
        let kind = match inner.as_rule() {
            Rule::affirm => self.affirm(inner),
            Rule::refer => self.refer(inner),
            Rule::deem => self.deem(inner),
            _ => self.about(inner),
        }?;
        Some(Consequence { subject, kind, span })
    }

    /// 全部 [条件 的] 甲
    fn subject(&mut self, node: Node<'_>) -> Option<Subject> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        kids.took(Rule::k_all);
        let cond = kids.maybe(Rule::cond).map(|c| self.cond(c));
        let entity = kids.seek(Rule::name)?;
        Some(Subject { cond, entity: self.name(&entity), span })
    }

    /// 应当认定 甲
    fn affirm(&mut self, node: Node<'_>) -> Option<ConsequenceKind> {
        let mut kids = Kids::of(node);
        let mode = mode(kids.maybe(Rule::mode).as_ref());
        let target = kids.seek(Rule::name)?;
        Some(ConsequenceKind::Affirm { mode, target: self.name(&target) })
    }

    /// 依照 第八条 的规定 处理
    fn refer(&mut self, node: Node<'_>) -> Option<ConsequenceKind> {
        let mut kids = Kids::of(node);
        let mode = mode(kids.maybe(Rule::mode).as_ref());
        let by_analogy = kids.maybe(Rule::k_refer)?.as_str() == "参照";
        let to = kids.seek(Rule::references)?;
        Some(ConsequenceKind::Refer { mode, by_analogy, to: self.references(to) })
    }

    /// 视为 甲 [为 乙]
    fn deem(&mut self, node: Node<'_>) -> Option<ConsequenceKind> {
        let mut kids = Kids::of(node);
        let presume = kids.next()?.as_rule() == Rule::k_presume;
        let target = kids.seek(Rule::name)?;
        let target = self.name(&target);
        kids.took(Rule::k_is);
        let value = kids.next().map(|v| self.value_expr(v));
        Some(ConsequenceKind::Deem { presume, target, value })
    }

    fn value_expr(&mut self, node: Node<'_>) -> Expr {
        if node.as_rule() == Rule::sum { self.sum(node) } else { self.primary(node) }
    }

    /// 甲 应当 为 乙, 甲 包括 乙, 甲 应当 自 … 履行
    fn about(&mut self, node: Node<'_>) -> Option<ConsequenceKind> {
        let mut kids = Kids::of(node);
        let target = kids.maybe(Rule::name)?;
        let target = self.name(&target);
        let mode = mode(kids.maybe(Rule::mode).as_ref());
        while matches!(kids.peek(), Some(Rule::k_is | Rule::k_include)) {
            kids.next();
        }
        let rest = kids.next()?;
        match rest.as_rule() {
            Rule::value => Some(ConsequenceKind::Assign { target, mode, value: self.value(rest)? }),
            Rule::choice => {
                Some(ConsequenceKind::Include { target, mode, choice: self.choice(rest, Select::All) })
            }
            _ => {
                let mut kids = Kids::of(rest);
                let from = kids.seek(Rule::sum)?;
                let from = self.sum(from);
                let period = kids.seek(Rule::period_value)?;
                let period = self.period_value(period);
                let performed = kids.seek(Rule::name)?;
                let performed = self.name(&performed);
                let extensions = kids.filter_map(|e| self.extension(e)).collect();
                Some(ConsequenceKind::Duty { target, from, period, performed, extensions })
            }
        }
    }

    /// 条件 的 可以延长 十日
    fn extension(&mut self, node: Node<'_>) -> Option<(Expr, Expr)> {
        let mut kids = Kids::of(node);
        let cond = kids.seek(Rule::cond)?;
        let cond = self.cond(cond);
        let period = kids.seek(Rule::period_value)?;
        Some((cond, self.period_value(period)))
    }

    fn value(&mut self, node: Node<'_>) -> Option<Value> {
        let (span, count) = (self.span(&node), Kids::of(node.clone()).count());
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        if first.as_rule() == Rule::choice {
            return Some(Value::Choice(self.choice(first, Select::All)));
        }
        // Each bound is put around the value and the bounds before it.
        if count > NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return None;
        }
        let value = self.sum(first);
        let caps = kids.filter_map(|cap| self.cap(cap)).collect();
        Some(Value::Expr { value, caps })
    }

    /// 不得超过 甲
    fn cap(&mut self, node: Node<'_>) -> Option<Cap> {
        let mut kids = Kids::of(node);
        let word = kids.by_ref().find(|n| matches!(n.as_rule(), Rule::k_cap_upper | Rule::k_cap_lower))?;
        let upper = word.as_rule() == Rule::k_cap_upper;
        let bound = kids.seek(Rule::sum)?;
        Some(Cap { upper, bound: self.sum(bound) })
    }

    /// 甲、乙 之一; without a word that tells how to choose, `plain`.
    fn choice(&self, node: Node<'_>, plain: Select) -> Choice {
        let span = self.span(&node);
        let by_or = Kids::of(node.clone()).any(|n| n.as_rule() == Rule::k_or);
        let mut kids = Kids::of(node);
        let names = self.names(&mut kids);
        let select = match kids.next() {
            Some(word) => match word.as_rule() {
                Rule::k_oneof => Select::OneOf,
                Rule::k_anyof => Select::AnyOf,
                _ if word.as_str() == "以上" => Select::AtLeast,
                _ => Select::AtMost,
            },
            None if by_or => Select::OneOf,
            None => plain,
        };
        Choice { select, names, span }
    }
}

/// The mode a word states; a bare 为 obliges.
fn mode(word: Option<&Node<'_>>) -> Mode {
    match word.map(Node::as_str) {
        Some("可以") => Mode::May,
        Some("不得") => Mode::MustNot,
        _ => Mode::Must,
    }
}
