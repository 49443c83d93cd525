//! Expressions as text.
use crate::base::{Period, Ratio, numeral};
use crate::syntax::ast::{
    ArithOp, Between, CmpOp, Expr, ExprKind, Extreme, Name, Quantifier, Reference, ReferenceTarget, Rounding,
};
use rust_decimal::Decimal;

/// Prints an expression. （ ） stand in the tree, so none are added.
pub fn expr(e: &Expr) -> String {
    let joined = |parts: &[Expr], by: &str| parts.iter().map(expr).collect::<Vec<_>>().join(by);
    match &e.kind {
        ExprKind::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        ExprKind::Quantity { value, unit, period } => quantity(*value, unit, *period),
        ExprKind::Ratio(r) => ratio(*r),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::Text(text) => format!("「{text}」"),
        ExprKind::Name(name) => name.text.clone(),
        ExprKind::Path(a, b) => format!("{} 之 {}", a.text, b.text),
        ExprKind::And(parts) => joined(parts, " 且 "),
        ExprKind::Or(parts) => joined(parts, " 或者 "),
        ExprKind::Not(inner) => format!("未 {}", expr(inner)),
        ExprKind::Paren(inner) => format!("（{}）", expr(inner)),
        ExprKind::IsOneOf { value, names: n, negated } => {
            format!("{} {} {} 之一", expr(value), if *negated { "不为" } else { "为" }, names(n))
        }
        ExprKind::Includes { value, names: n, all, negated } => {
            let (by, all) = (if *negated { "不包括" } else { "包括" }, if *all { " 全部" } else { "" });
            format!("{} {by} {}{all}", expr(value), names(n))
        }
        ExprKind::Cmp { op, left, right } => comparison(*op, left, right),
        ExprKind::Share { part, whole, op, ratio: r } => {
            format!("{} 占 {} {} {}", expr(part), expr(whole), compare_word(*op, false), ratio(*r))
        }
        ExprKind::Window { value, anchor, before, within } => {
            let within = within.as_ref().map_or_else(String::new, |w| format!(" {} 内", expr(w)));
            format!("{} 在 {} {}{within}", expr(value), expr(anchor), if *before { "之前" } else { "之后" })
        }
        ExprKind::InRange { value, low, high } => {
            format!("{} 在 {} 至 {} 之间", expr(value), expr(low), expr(high))
        }
        ExprKind::Quant { quantifier, entity, other, cond } => {
            quantified(*quantifier, entity, *other, cond.as_deref())
        }
        ExprKind::Meets(r) => format!("符合 {}", reference(r)),
        ExprKind::Arith { op, left, right } => arith(*op, left, right),
        ExprKind::Portion { base, ratio: r } => format!("{} 的 {}", expr(base), ratio(*r)),
        ExprKind::ExtremeOf { which, args } => {
            let word = match which {
                Extreme::Greatest => "较高者",
                Extreme::Least => "较低者",
            };
            format!("{word}（{}）", joined(args, "、"))
        }
        ExprKind::Round { mode, value, digits } => {
            let word = match mode {
                Rounding::HalfUp => "四舍五入",
                Rounding::Up => "进一",
                Rounding::Down => "舍去",
            };
            format!("{word}（{}，{digits}）", expr(value))
        }
        ExprKind::Count { .. } | ExprKind::Sum { .. } | ExprKind::ExtremeIn { .. } => aggregate(e),
        ExprKind::Deadline { from, period } => format!("自 {} 起 {}", expr(from), expr(period)),
        ExprKind::Shift { date, period, back } => {
            format!("{} {} {}", expr(date), if *back { "之前" } else { "之后" }, expr(period))
        }
        ExprKind::Between { from, to, measure } => {
            let word = match measure {
                Between::Days => "日数",
                Between::Workdays => "工作日数",
                Between::Months => "月数",
                Between::Years => "年数",
                Between::Age => "周岁",
            };
            format!("自 {} 至 {} 的 {word}", expr(from), expr(to))
        }
        ExprKind::Error => "……".to_owned(),
    }
}

fn aggregate(e: &Expr) -> String {
    let given = |c: &Option<Box<Expr>>| c.as_ref().map_or_else(String::new, |c| format!("{} 的 ", expr(c)));
    match &e.kind {
        ExprKind::Count { entity, cond } => format!("{} 中 {}次数", entity.text, given(cond)),
        ExprKind::Sum { entity, cond, field } => {
            format!("{} 中 {}{} 之和", entity.text, given(cond), field.text)
        }
        ExprKind::ExtremeIn { entity, cond, which, field } => {
            let word = match which {
                Extreme::Greatest => "最高的",
                Extreme::Least => "最低的",
            };
            format!("{} 中 {}{word} {}", entity.text, given(cond), field.text)
        }
        _ => String::new(),
    }
}

fn quantified(quantifier: Quantifier, entity: &Name, other: bool, cond: Option<&Expr>) -> String {
    let entity = &entity.text;
    let word = match quantifier {
        Quantifier::Exists => "有",
        Quantifier::None => "无",
        Quantifier::ForAll => {
            return format!("全部 {entity} 满足 {}", cond.map_or_else(String::new, expr));
        }
    };
    match cond {
        Some(cond) => format!("{word} {} 的 {}{entity}", expr(cond), if other { "其他 " } else { "" }),
        None => format!("{word} {entity}"),
    }
}

fn arith(op: ArithOp, left: &Expr, right: &Expr) -> String {
    let word = match op {
        ArithOp::Add => "加",
        ArithOp::Sub => "减",
        ArithOp::Mul if is_multiple(left, right) => "的",
        ArithOp::Mul => "乘以",
        ArithOp::Div => "除以",
    };
    format!("{} {word} {}", expr(left), expr(right))
}

/// 甲 的 二倍, which binds more tightly than 甲 乘以 二倍.
fn is_multiple(left: &Expr, right: &Expr) -> bool {
    let times = matches!(&right.kind, ExprKind::Quantity { unit, .. } if unit == "倍");
    times
        && match &left.kind {
            ExprKind::Arith { op: ArithOp::Mul, left, right } => is_multiple(left, right),
            ExprKind::Arith { .. } => false,
            _ => true,
        }
}

fn comparison(op: CmpOp, left: &Expr, right: &Expr) -> String {
    let dated = matches!(right.kind, ExprKind::Date(_) | ExprKind::Deadline { .. } | ExprKind::Shift { .. });
    let (left, literal) = (expr(left), matches!(right.kind, ExprKind::Quantity { .. } | ExprKind::Ratio(_)));
    let right = expr(right);
    match op {
        CmpOp::Ge if literal => format!("{left} {right}以上"),
        CmpOp::Le if literal => format!("{left} {right}以下"),
        _ => format!("{left} {} {right}", compare_word(op, dated)),
    }
}

const fn compare_word(op: CmpOp, dated: bool) -> &'static str {
    match (op, dated) {
        (CmpOp::Eq, _) => "为",
        (CmpOp::Ne, _) => "不为",
        (CmpOp::Lt, false) => "不满",
        (CmpOp::Le, false) => "不超过",
        (CmpOp::Gt, false) => "超过",
        (CmpOp::Ge, false) => "不低于",
        (CmpOp::Lt, true) => "早于",
        (CmpOp::Le, true) => "不晚于",
        (CmpOp::Gt, true) => "晚于",
        (CmpOp::Ge, true) => "不早于",
    }
}

fn quantity(value: Decimal, unit: &str, period: Option<Period>) -> String {
    // 半年, 一年六个月: the word is the period.
    if period.is_some() && Period::parse(unit) == period {
        return unit.to_owned();
    }
    format!("{value}{unit}")
}

/// 百分之三, 千分之五, 三分之一
fn ratio(r: Ratio) -> String {
    let chinese = |n: i64| u64::try_from(n).map_or_else(|_| n.to_string(), numeral::to_chinese);
    for (word, den) in [("百", 100), ("千", 1000), ("万", 10_000)] {
        if r.den > 3
            && den % r.den == 0
            && let Some(num) = r.num.checked_mul(den / r.den)
        {
            return format!("{word}分之{}", chinese(num));
        }
    }
    format!("{}分之{}", chinese(r.den), chinese(r.num))
}

/// 甲、乙、丙
pub fn names(names: &[Name]) -> String {
    names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("、")
}

/// 甲、乙
pub fn references(all: &[Reference]) -> String {
    all.iter().map(reference).collect::<Vec<_>>().join("、")
}

/// One reference.
pub fn reference(reference: &Reference) -> String {
    let level = |kind: crate::base::PartKind| kind.word();
    match &reference.target {
        ReferenceTarget::Address(address) => address.to_string(),
        ReferenceTarget::Range(from, to) => format!("{from}至{to}"),
        ReferenceTarget::This(kind) => format!("本{}", level(*kind)),
        ReferenceTarget::Previous(kind) => format!("前{}", level(*kind)),
    }
}
