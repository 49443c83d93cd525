//! Values: sums, aggregates over lists, dates and periods, literals.
use super::Builder;
use super::kids::{Kids, Node};
use crate::base::Span;
use crate::syntax::ast::{ArithOp, Between, Expr, ExprKind, Extreme, Name, Rounding};
use crate::syntax::chunk::NESTING_LIMIT;
use crate::syntax::errors;
use crate::syntax::grammar::Rule;
use rust_decimal::prelude::ToPrimitive;

/// How many digits after the point a rounding may keep.
const DIGITS_LIMIT: u32 = 28;

impl Builder<'_> {
    /// 甲 加 乙 减 丙; also a term of it: 甲 乘以 乙
    pub fn sum(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        // The tree leans to the left, as deep as the sum is long.
        let length = Kids::of(node.clone()).filter(|n| arith_op(n.as_rule()).is_some()).count();
        if self.depth + length > NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        self.depth += length;
        let (mut left, mut op) = (None, None);
        for kid in Kids::of(node) {
            if let Some(found) = arith_op(kid.as_rule()) {
                op = Some((found, self.span(&kid)));
                continue;
            }
            let right = if kid.as_rule() == Rule::term { self.sum(kid) } else { self.factor(kid) };
            left = Some(match (left, op) {
                (Some(left), Some((op, place))) => self.arith(op, place, left, right),
                _ => right,
            });
        }
        self.depth -= length;
        left.unwrap_or_else(|| self.broken(span))
    }

    fn arith(&mut self, op: ArithOp, place: Span, left: Expr, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        if op == ArithOp::Div && !self.in_round {
            let fixed = format!("四舍五入（{}，2）", self.source_of(span));
            self.diags.push(errors::bare_division(place, span, fixed));
        }
        Expr { kind: ExprKind::Arith { op, left: Box::new(left), right: Box::new(right) }, span }
    }

    fn factor(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let posts = Kids::of(node.clone()).count().saturating_sub(1);
        let mut kids = Kids::of(node);
        let Some(first) = kids.next() else { return self.broken(span) };
        if self.depth + posts > NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        self.depth += posts;
        let mut value = self.primary(first);
        for post in kids {
            let place = value.span.to(self.span(&post));
            let kind = match post.as_rule() {
                Rule::portion => self.portion(value, post),
                _ => self.shift(value, post),
            };
            value = Expr { kind, span: place };
        }
        self.depth -= posts;
        value
    }

    /// 的 百分之三, 的 二倍
    fn portion(&mut self, base: Expr, node: Node<'_>) -> ExprKind {
        let base = Box::new(base);
        let mut kids = Kids::of(node);
        kids.took(Rule::de);
        let Some(factor) = kids.next() else { return ExprKind::Error };
        if factor.as_rule() == Rule::ratio {
            return self.ratio(&factor).map_or(ExprKind::Error, |ratio| ExprKind::Portion { base, ratio });
        }
        let right = Box::new(Expr { span: self.span(&factor), kind: self.times(&factor) });
        ExprKind::Arith { op: ArithOp::Mul, left: base, right }
    }

    /// 之后 十日
    fn shift(&mut self, date: Expr, node: Node<'_>) -> ExprKind {
        let mut kids = Kids::of(node);
        let back = kids.took(Rule::k_before);
        let Some(period) = kids.seek(Rule::period_value) else { return ExprKind::Error };
        ExprKind::Shift { date: Box::new(date), period: Box::new(self.period_value(period)), back }
    }

    /// 十日, 答辩期, （…）
    pub fn period_value(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        match Kids::of(node).next() {
            Some(inner) => self.primary(inner),
            None => self.broken(span),
        }
    }

    /// A value that stands by itself.
    pub fn primary(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let kind = match node.as_rule() {
            Rule::paren => {
                let inner = Kids::of(node).seek(Rule::cond).map(|c| Box::new(self.cond(c)));
                inner.map_or(ExprKind::Error, ExprKind::Paren)
            }
            Rule::k_yes => ExprKind::Bool(true),
            Rule::k_no => ExprKind::Bool(false),
            Rule::quantity => self.quantity(&node),
            Rule::ratio => self.ratio(&node).map_or(ExprKind::Error, ExprKind::Ratio),
            Rule::date => self.date(&node).map_or(ExprKind::Error, ExprKind::Date),
            Rule::text => ExprKind::Text(self.text(&node).text),
            Rule::name | Rule::value_name | Rule::bare_value => ExprKind::Name(self.name(&node)),
            Rule::named => self.named(node),
            Rule::from | Rule::extreme | Rule::round => self.nested(node),
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    /// Values that hold other values, counted against the nesting limit.
    fn nested(&mut self, node: Node<'_>) -> ExprKind {
        if self.depth >= NESTING_LIMIT {
            self.diags.push(errors::too_deep(self.span(&node)));
            return ExprKind::Error;
        }
        self.depth += 1;
        let kind = match node.as_rule() {
            Rule::from => self.from(node),
            Rule::extreme => self.extreme(node),
            _ => self.round(node),
        };
        self.depth -= 1;
        kind.unwrap_or(ExprKind::Error)
    }

    /// 自 甲 起 十日; 自 甲 至 乙 的 日数
    fn from(&mut self, node: Node<'_>) -> Option<ExprKind> {
        let mut kids = Kids::of(node);
        let from = kids.seek(Rule::sum)?;
        let from = Box::new(self.sum(from));
        if kids.took(Rule::k_start) {
            let period = kids.seek(Rule::period_value)?;
            return Some(ExprKind::Deadline { from, period: Box::new(self.period_value(period)) });
        }
        let to = kids.seek(Rule::sum)?;
        let to = Box::new(self.sum(to));
        let measure = match kids.seek(Rule::k_measure)?.as_str() {
            "日数" => Between::Days,
            "工作日数" => Between::Workdays,
            "月数" => Between::Months,
            "年数" => Between::Years,
            _ => Between::Age,
        };
        Some(ExprKind::Between { from, to, measure })
    }

    /// 较高者（甲、乙）
    fn extreme(&mut self, node: Node<'_>) -> Option<ExprKind> {
        let mut kids = Kids::of(node);
        let which = greatest(kids.next()?.as_str());
        let args = kids.filter(|n| n.as_rule() == Rule::sum).map(|n| self.sum(n)).collect();
        Some(ExprKind::ExtremeOf { which, args })
    }

    /// 四舍五入（甲，2）
    fn round(&mut self, node: Node<'_>) -> Option<ExprKind> {
        let mut kids = Kids::of(node);
        let mode = match kids.next()?.as_str() {
            "四舍五入" => Rounding::HalfUp,
            "进一" => Rounding::Up,
            _ => Rounding::Down,
        };
        let value = kids.seek(Rule::sum)?;
        let outer = std::mem::replace(&mut self.in_round, true);
        let value = Box::new(self.sum(value));
        self.in_round = outer;
        let digits = kids.seek(Rule::quantity)?;
        match self.quantity(&digits) {
            ExprKind::Quantity { value: number, unit, .. } if matches!(unit.as_str(), "" | "位") => {
                let digits = number.is_integer().then(|| number.to_u32()).flatten();
                if let Some(digits) = digits.filter(|&d| d <= DIGITS_LIMIT) {
                    return Some(ExprKind::Round { mode, value, digits });
                }
            }
            ExprKind::Error => return None,
            _ => {}
        }
        let found = errors::Found { at: self.span(&digits), text: digits.as_str() };
        self.diags.push(errors::unexpected(&found, "小数点后的位数"));
        None
    }

    /// 甲; 甲 之 乙; 甲 中 …
    fn named(&mut self, node: Node<'_>) -> ExprKind {
        let mut kids = Kids::of(node);
        let Some(name) = kids.next() else { return ExprKind::Error };
        let name = self.name(&name);
        if kids.took(Rule::k_of) {
            let field = kids.next().map(|n| self.name(&n));
            return field.map_or(ExprKind::Error, |field| ExprKind::Path(name, field));
        }
        match kids.seek(Rule::aggregate) {
            Some(aggregate) => self.aggregate(name, aggregate).unwrap_or(ExprKind::Error),
            None => ExprKind::Name(name),
        }
    }

    /// 甲 中 [条件 的] 次数 / 乙 之和 / 最早的 乙
    fn aggregate(&mut self, entity: Name, node: Node<'_>) -> Option<ExprKind> {
        let mut kids = Kids::of(node);
        let cond = kids.maybe(Rule::cond).map(|c| Box::new(self.cond(c)));
        let mut measure = Kids::of(kids.seek(Rule::measure)?);
        let first = measure.next()?;
        Some(match first.as_rule() {
            Rule::k_count => ExprKind::Count { entity, cond },
            Rule::k_most => {
                let field = self.name(&measure.next()?);
                ExprKind::ExtremeIn { entity, cond, which: greatest(first.as_str()), field }
            }
            _ => ExprKind::Sum { entity, cond, field: self.name(&first) },
        })
    }
}

fn arith_op(rule: Rule) -> Option<ArithOp> {
    Some(match rule {
        Rule::k_plus => ArithOp::Add,
        Rule::k_minus => ArithOp::Sub,
        Rule::k_times => ArithOp::Mul,
        Rule::k_over => ArithOp::Div,
        _ => return None,
    })
}

/// 较高者, 较晚者, 最高的, 最晚的, 最大的 against their opposites.
fn greatest(word: &str) -> Extreme {
    if word.contains(['高', '晚', '大']) { Extreme::Greatest } else { Extreme::Least }
}
