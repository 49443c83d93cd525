//! Conditions: chains of 且 and 或者, quantifiers, comparisons.
use super::Builder;
use super::kids::{Kids, Node};
use crate::base::Span;
use crate::syntax::ast::{CmpOp, Expr, ExprKind, Name, Quantifier};
use crate::syntax::chunk::NESTING_LIMIT;
use crate::syntax::errors;
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    /// An expression the parser has complained about already.
    #[expect(clippy::unused_self, reason = "reads as the other ways to build an expression")]
    pub fn broken(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Error, span }
    }

    /// A condition: parts joined by 且 or by 或者.
    pub fn cond(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        if self.depth >= NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        self.depth += 1;
        let expr = self.chain(node, span);
        self.depth -= 1;
        expr
    }

    fn chain(&mut self, node: Node<'_>, span: Span) -> Expr {
        let (mut parts, mut ops) = (Vec::new(), Vec::new());
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::chain_op => {
                    let word = Kids::of(kid).find(|n| n.as_rule() != Rule::comma);
                    ops.extend(word.map(|w| (w.as_rule() == Rule::k_and, self.span(&w))));
                }
                _ => parts.push(self.unary(kid)),
            }
        }
        let Some(&(first_and, first)) = ops.first() else {
            return parts.pop().unwrap_or_else(|| self.broken(span));
        };
        self.check_quantifiers(&parts);
        if let Some(&(_, odd)) = ops.iter().find(|(and, _)| *and != first_and) {
            self.diags.push(errors::mixed_chain(odd, first, span, self.grouped(&parts, &ops)));
            return group(parts, &ops, span);
        }
        let kind = if first_and { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        Expr { kind, span }
    }

    /// 任一 甲 满足 乙 且 丙: whether 丙 is said of 甲 cannot be seen.
    fn check_quantifiers(&mut self, parts: &[Expr]) {
        for part in parts.iter().rev().skip(1) {
            let open = |e: &Expr| match &e.kind {
                ExprKind::Quant { quantifier, cond, .. } => {
                    let source = self.source_of(e.span);
                    *quantifier == Quantifier::ForAll || source.starts_with("任一") || cond.is_none()
                }
                _ => false,
            };
            if open(part) {
                let fixed = format!("（{}）", self.source_of(part.span));
                self.diags.push(errors::quantifier_in_chain(part.span, Some(fixed)));
            }
        }
    }

    /// The chain with （ ） around its runs of 且.
    fn grouped(&self, parts: &[Expr], ops: &[(bool, Span)]) -> String {
        let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
        for (i, part) in parts.iter().enumerate() {
            if i > 0 && !ops.get(i - 1).is_some_and(|(and, _)| *and) {
                runs.push(Vec::new());
            }
            if let Some(run) = runs.last_mut() {
                run.push(self.source_of(part.span));
            }
        }
        let runs = runs.iter().map(|run| match run.as_slice() {
            [one] => (*one).to_owned(),
            many => format!("（{}）", many.join(" 且 ")),
        });
        runs.collect::<Vec<_>>().join(" 或者 ")
    }

    /// The words of the file at a place.
    pub fn source_of(&self, span: Span) -> &str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn unary(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let mut starts = Vec::new();
        while let Some(not) = kids.maybe(Rule::k_not) {
            starts.push(self.span(&not));
        }
        if self.depth + starts.len() > NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        let Some(inner) = kids.next() else { return self.broken(span) };
        self.depth += starts.len();
        let inner = match inner.as_rule() {
            Rule::have => self.have(inner),
            Rule::every => self.every(inner),
            Rule::meets => self.meets(inner),
            _ => self.comparison(inner),
        };
        self.depth -= starts.len();
        starts
            .into_iter()
            .rev()
            .fold(inner, |expr, not| Expr { span: not.to(expr.span), kind: ExprKind::Not(Box::new(expr)) })
    }

    /// 有 / 无 [甲 的] [其他] 乙
    fn have(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let quantifier = if kids.took(Rule::k_have) { Quantifier::Exists } else { Quantifier::None };
        kids.took(Rule::k_none);
        if let Some(entity) = kids.maybe(Rule::whole) {
            let entity = self.name(&entity);
            // `whole` may span the blanks behind the name.
            let entity = Name { text: entity.text.trim_end().to_owned(), ..entity };
            let kind = ExprKind::Quant { quantifier, entity, other: false, cond: None };
            return Expr { kind, span };
        }
        let cond = kids.maybe(Rule::cond).map(|c| Box::new(self.cond(c)));
        kids.took(Rule::de);
        let other = kids.took(Rule::k_other);
        let Some(entity) = kids.next() else { return self.broken(span) };
        let entity = self.name(&entity);
        Expr { kind: ExprKind::Quant { quantifier, entity, other, cond }, span }
    }

    /// 任一 / 全部 甲 满足 乙
    fn every(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let quantifier = if kids.took(Rule::k_any) { Quantifier::Exists } else { Quantifier::ForAll };
        let Some(entity) = kids.seek(Rule::name) else { return self.broken(span) };
        let entity = self.name(&entity);
        let Some(body) = kids.seek(Rule::unary) else { return self.broken(span) };
        if self.depth >= NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        self.depth += 1;
        let cond = Some(Box::new(self.unary(body)));
        self.depth -= 1;
        Expr { kind: ExprKind::Quant { quantifier, entity, other: false, cond }, span }
    }

    fn meets(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let reference = Kids::of(node).seek(Rule::reference).and_then(|r| self.reference(r));
        reference.map_or_else(|| self.broken(span), |r| Expr { kind: ExprKind::Meets(r), span })
    }

    fn comparison(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let Some(left) = kids.next() else { return self.broken(span) };
        let left = self.sum(left);
        match kids.peek() {
            None => left,
            Some(Rule::range) => self.ranges(&left, kids, span),
            Some(Rule::equality) => self.equality(left, kids, span),
            Some(Rule::membership) => self.membership(left, kids, span),
            Some(Rule::share) => self.share(left, kids, span),
            Some(_) => self.at_test(left, kids, span),
        }
    }

    /// 已满 十四周岁 不满 十八周岁: each holds; several are one part of a chain, so they get （ ）.
    fn ranges(&mut self, left: &Expr, kids: Kids<'_>, span: Span) -> Expr {
        let mut tests = Vec::new();
        for range in kids {
            let place = self.span(&range);
            let mut kids = Kids::of(range);
            let (Some(a), Some(b)) = (kids.next(), kids.next()) else { continue };
            let (op, right) = if a.as_rule() == Rule::cmp_word {
                (cmp_op(a.as_str()), self.sum(b))
            } else {
                (cmp_op(b.as_str().trim_end_matches('的')), self.operand(&a))
            };
            let Some(op) = op else { continue };
            let kind = ExprKind::Cmp { op, left: Box::new(left.clone()), right: Box::new(right) };
            tests.push(Expr { kind, span: left.span.to(place) });
        }
        if tests.len() > 1 {
            let both = Expr { kind: ExprKind::And(tests), span };
            return Expr { kind: ExprKind::Paren(Box::new(both)), span };
        }
        tests.pop().unwrap_or_else(|| self.broken(span))
    }

    /// A number before 以上.
    fn operand(&mut self, node: &Node<'_>) -> Expr {
        let span = self.span(node);
        let kind = match node.as_rule() {
            Rule::ratio => self.ratio(node).map_or(ExprKind::Error, ExprKind::Ratio),
            Rule::date => self.date(node).map_or(ExprKind::Error, ExprKind::Date),
            _ => self.quantity(node),
        };
        Expr { kind, span }
    }

    fn equality(&mut self, left: Expr, mut kids: Kids<'_>, span: Span) -> Expr {
        let Some(node) = kids.next() else { return left };
        let mut kids = Kids::of(node);
        let Some(word) = kids.next() else { return left };
        let negated = matches!(word.as_rule(), Rule::k_is_not | Rule::k_not_equal);
        let Some(right) = kids.next() else { return left };
        let op = if negated { CmpOp::Ne } else { CmpOp::Eq };
        let right = match right.as_rule() {
            Rule::one_of => {
                let names = self.names(&mut Kids::of(right));
                return Expr { kind: ExprKind::IsOneOf { value: Box::new(left), names, negated }, span };
            }
            Rule::bare_value => {
                let name = self.name(&right);
                Expr { span: name.span, kind: ExprKind::Name(name) }
            }
            _ => self.sum(right),
        };
        Expr { kind: ExprKind::Cmp { op, left: Box::new(left), right: Box::new(right) }, span }
    }

    fn membership(&mut self, left: Expr, mut kids: Kids<'_>, span: Span) -> Expr {
        let Some(node) = kids.next() else { return left };
        let mut kids = Kids::of(node);
        let negated = kids.took(Rule::k_exclude);
        kids.took(Rule::k_include);
        let names = self.names(&mut kids);
        let all = kids.took(Rule::k_all);
        Expr { kind: ExprKind::Includes { value: Box::new(left), names, all, negated }, span }
    }

    /// 在 甲 以上, 在 甲 之前 [十日 内], 在 甲 至 乙 之间
    fn at_test(&mut self, left: Expr, mut kids: Kids<'_>, span: Span) -> Expr {
        let Some(node) = kids.next() else { return left };
        let mut kids = Kids::of(node);
        let Some(anchor) = kids.seek(Rule::sum) else { return left };
        let anchor = Box::new(self.sum(anchor));
        let value = Box::new(left);
        let Some(word) = kids.next() else { return self.broken(span) };
        let kind = match word.as_rule() {
            Rule::k_to => {
                let Some(high) = kids.seek(Rule::sum) else { return self.broken(span) };
                ExprKind::InRange { value, low: anchor, high: Box::new(self.sum(high)) }
            }
            Rule::cmp_suffix => {
                let Some(op) = cmp_op(word.as_str().trim_end_matches('的')) else {
                    return self.broken(span);
                };
                ExprKind::Cmp { op, left: value, right: anchor }
            }
            _ => {
                let within = kids.maybe(Rule::period_value).map(|p| Box::new(self.period_value(p)));
                ExprKind::Window { value, anchor, before: word.as_rule() == Rule::k_before, within }
            }
        };
        Expr { kind, span }
    }

    /// 占 乙 百分之三 以上
    fn share(&mut self, left: Expr, mut kids: Kids<'_>, span: Span) -> Expr {
        let Some(node) = kids.next() else { return left };
        let mut kids = Kids::of(node);
        let Some(whole) = kids.seek(Rule::sum) else { return left };
        let mut whole = self.sum(whole);
        let (mut op, mut ratio) = (None, None);
        for kid in kids {
            match kid.as_rule() {
                Rule::ratio => ratio = self.ratio(&kid),
                _ => op = cmp_op(kid.as_str().trim_end_matches('的')),
            }
        }
        // 占 乙 的 百分之三 以上: the sum has taken the ratio for its own.
        if let (None, ExprKind::Portion { base, ratio: taken }) = (ratio, &whole.kind) {
            ratio = Some(*taken);
            whole = (**base).clone();
        }
        let (Some(op), Some(ratio)) = (op, ratio) else {
            let found = errors::Found { at: span, text: self.source_of(span) };
            let diag = errors::unexpected(&found, "“占 甲 百分之三 以上”这样的写法");
            self.diags.push(diag);
            return self.broken(span);
        };
        Expr { kind: ExprKind::Share { part: Box::new(left), whole: Box::new(whole), op, ratio }, span }
    }
}

/// Runs of 且 as `And`, joined by `Or`: how a mixed chain is read after it has been reported.
fn group(parts: Vec<Expr>, ops: &[(bool, Span)], span: Span) -> Expr {
    let mut runs: Vec<Vec<Expr>> = vec![Vec::new()];
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 && !ops.get(i - 1).is_some_and(|(and, _)| *and) {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(part);
        }
    }
    let and = |mut run: Vec<Expr>| match (run.len(), run.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            run.extend(last);
            Expr { kind: ExprKind::And(run), span }
        }
    };
    Expr { kind: ExprKind::Or(runs.into_iter().map(and).collect()), span }
}

/// The operator of a word of comparison; `left word right`.
pub fn cmp_op(word: &str) -> Option<CmpOp> {
    Some(match word {
        "超过" | "大于" | "高于" | "多于" | "晚于" | "以外" => CmpOp::Gt,
        "不满" | "未满" | "不足" | "小于" | "低于" | "少于" | "早于" => CmpOp::Lt,
        "不超过" | "不大于" | "不高于" | "不多于" | "至多" | "不晚于" | "以下" | "以内" => {
            CmpOp::Le
        }
        "已满" | "达到" | "不低于" | "不少于" | "不小于" | "至少" | "不早于" | "以上" | "届满" => {
            CmpOp::Ge
        }
        _ => return None,
    })
}
