//! Values: sums, aggregates over lists, dates and periods, literals.
use super::Builder;
use super::kids::{Kids, Node};
use crate::base::Span;
use crate::syntax::ast::{ArithOp, Between, Expr, ExprKind, Extreme, Name, Rounding};
use crate::syntax::chunk::NESTING_LIMIT;
use crate::syntax::errors;
use crate::syntax::grammar::Rule;
use pest::iterators::Pairs;
use rust_decimal::prelude::ToPrimitive;

/// How many digits after the point a rounding may keep.
const DIGITS_LIMIT: u32 = 28;

impl Builder<'_> {
    /// 甲 加 乙 的 二倍 减 丙 乘以 丁
    pub fn sum(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let kids = node.into_inner();
        // The tree leans to the left, as deep as there are operators.
        let operators =
            if kids.len() > 1 { kids.clone().filter(|n| is_operator(n.as_rule())).count() } else { 0 };
        if self.depth + operators > NESTING_LIMIT {
            self.diags.push(errors::too_deep(span));
            return self.broken(span);
        }
        self.depth += operators;
        let value = self.operands(kids).unwrap_or_else(|| self.broken(span));
        self.depth -= operators;
        value
    }

    fn operands(&mut self, kids: Pairs<'_, Rule>) -> Option<Expr> {
        // What stands before the last 加 or 减, and since then before the last 乘以 or 除以, with these.
        let (mut sum, mut product) = (None, None);
        let mut value: Option<Expr> = None;
        for kid in kids {
            let rule = kid.as_rule();
            match (arith_op(rule), value.take()) {
                (Some(op), left) => {
                    let left = self.join(product.take(), left?);
                    let place = self.span(&kid);
                    if matches!(op, ArithOp::Mul | ArithOp::Div) {
                        product = Some((left, op, place));
                    } else {
                        sum = Some((self.join(sum.take(), left), op, place));
                    }
                }
                (None, Some(base)) => {
                    let span = base.span.to(self.span(&kid));
                    let kind =
                        if rule == Rule::portion { self.portion(base, kid) } else { self.shift(base, kid) };
                    value = Some(Expr { kind, span });
                }
                (None, None) => value = Some(self.primary(kid)),
            }
        }
        let value = self.join(product, value?);
        Some(self.join(sum, value))
    }

    /// The left side with its operator, if there is one, and the right side.
    fn join(&mut self, left: Option<(Expr, ArithOp, Span)>, right: Expr) -> Expr {
        match left {
            Some((left, op, place)) => self.arith(op, place, left, right),
            None => right,
        }
    }

    fn arith(&mut self, op: ArithOp, place: Span, left: Expr, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        if op == ArithOp::Div && !self.in_round {
            let fixed = format!("四舍五入（{}，2）", self.source_of(span));
            self.diags.push(errors::bare_division(place, span, fixed));
        }
        Expr { kind: ExprKind::Arith { op, left: Box::new(left), right: Box::new(right) }, span }
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

fn is_operator(rule: Rule) -> bool {
    arith_op(rule).is_some() || matches!(rule, Rule::portion | Rule::shift)
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
