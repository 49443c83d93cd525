//! Mutants of values and bounds: thresholds by one, included or not, other values, other computations.
use super::{Edit, Maker, Operator};
use crate::base::numeral::Ratio;
use crate::base::{Val, date::Period};
use crate::hir::{ArithOp, CmpOp, Expr, ExprId, ExprKind, Extreme, Rounding, Type};
use crate::report::value::{Texts, enum_of, mask_words, value};
use rust_decimal::Decimal;

impl Maker<'_> {
    pub fn type_of(&self, id: ExprId) -> Type {
        self.hir.exprs.get(id.index()).map_or(Type::Error, |e| e.ty.clone())
    }

    /// Other sets of values near one: what changes in words, and which operator that is.
    pub fn other_masks(&self, ty: &Type, mask: u64, ranges: bool) -> Vec<(u64, String, Operator)> {
        let (count, ordered) = match enum_of(ty).and_then(|e| self.hir.enums.get(e.index())) {
            Some(e) => (e.values.len(), e.ordered),
            None if *ty == Type::Bool => (2, false),
            None => return Vec::new(),
        };
        let full = if count >= 64 { u64::MAX } else { (1 << count) - 1 };
        let word = |bits: u64| mask_words(self.hir, ty, bits).join("、");
        let bits = || (0..count).map(|n| 1u64 << n);
        let mut out = Vec::new();
        if mask.is_power_of_two() {
            let next = if mask << 1 & full == 0 { 1 } else { mask << 1 };
            if next != mask {
                let what = format!("的 {} 改为 {}", word(mask), word(next));
                out.push((next, what, Operator::Value));
            }
            if !(ranges && ordered) {
                return out;
            }
        }
        if ranges && ordered && (mask & 1 == 1) != (mask >> (count.max(1) - 1) & 1 == 1) {
            // 以上, 以下: the bound moves.
            let low = mask & 1 == 1;
            let (more, less) =
                if low { (mask << 1 | 1, mask >> 1) } else { (full & mask >> 1 | mask, mask & mask << 1) };
            for (new, what) in [(more & full, "多含"), (less & full, "不含")] {
                let differs = new ^ mask;
                if new != 0 && new != full && differs != 0 {
                    out.push((new, format!("{what} {}", word(differs)), Operator::Threshold));
                }
            }
            return out;
        }
        if mask.count_ones() > 1 {
            for bit in bits().filter(|b| mask & b != 0) {
                out.push((mask & !bit, format!("删去 {}", word(bit)), Operator::Value));
            }
            if let Some(bit) = bits().find(|b| mask & b == 0) {
                out.push((mask | bit, format!("加上 {}", word(bit)), Operator::Value));
            }
        }
        out
    }

    /// A comparison of amounts and dates.
    pub fn bounds(&mut self, id: ExprId, expr: &Expr) {
        match &expr.kind {
            ExprKind::Cmp { op, left, right } => {
                let (op, left, right) = (*op, *left, *right);
                self.shifted(expr, left, |new| Edit::Expr(id, ExprKind::Cmp { op, left: new, right }));
                self.shifted(expr, right, |new| Edit::Expr(id, ExprKind::Cmp { op, left, right: new }));
                // With a whole number or a date beside it, the same as moving that by one.
                let whole = |e: ExprId| {
                    matches!(
                        self.hir.exprs.get(e.index()).map(|e| &e.kind),
                        Some(ExprKind::Const(Val::Int(_) | Val::Date(_)))
                    ) && matches!(self.type_of(e), Type::Int(_) | Type::Date)
                };
                if !(whole(left) && matches!(self.type_of(right), Type::Int(_) | Type::Date)
                    || whole(right) && matches!(self.type_of(left), Type::Int(_) | Type::Date))
                    && let Some(to) = other_side(op)
                {
                    let kind = ExprKind::Cmp { op: to, left, right };
                    self.inclusive(id, expr, op, kind);
                }
            }
            ExprKind::Share { part, whole, op, ratio } => {
                let (part, whole, op) = (*part, *whole, *op);
                for to in ratios(*ratio) {
                    let kind = ExprKind::Share { part, whole, op, ratio: to };
                    self.ratio(id, expr, *ratio, to, kind);
                }
                if let Some(to) = other_side(op) {
                    self.inclusive(id, expr, op, ExprKind::Share { part, whole, op: to, ratio: *ratio });
                }
            }
            ExprKind::Window { value, anchor, before, within } => {
                let (value, anchor, before) = (*value, *anchor, *before);
                let (from, to) = if before { ("之前", "之后") } else { ("之后", "之前") };
                let kind = ExprKind::Window { value, anchor, before: !before, within: *within };
                let description = format!("{} 的 {from} 改为 {to}", self.quoted(expr.span));
                self.add(expr.span, Operator::Window, description, Edit::Expr(id, kind), Vec::new());
                if let Some(within) = *within {
                    self.shifted(expr, within, |new| {
                        Edit::Expr(id, ExprKind::Window { value, anchor, before, within: Some(new) })
                    });
                    let words = self.hir.exprs.get(within.index()).map_or(expr.span, |e| e.span);
                    let description = format!("{} 删去 {}内", self.quoted(expr.span), self.quoted(words));
                    let kind = ExprKind::Window { value, anchor, before, within: None };
                    self.add(expr.span, Operator::Window, description, Edit::Expr(id, kind), Vec::new());
                }
            }
            ExprKind::InRange { value, low, high } => {
                let (value, low, high) = (*value, *low, *high);
                self.shifted(expr, low, |low| Edit::Expr(id, ExprKind::InRange { value, low, high }));
                self.shifted(expr, high, |high| Edit::Expr(id, ExprKind::InRange { value, low, high }));
            }
            _ => {}
        }
    }

    fn inclusive(&mut self, id: ExprId, expr: &Expr, op: CmpOp, kind: ExprKind) {
        let what = if matches!(op, CmpOp::Ge | CmpOp::Le) {
            "由包括本数改为不包括"
        } else {
            "由不包括本数改为包括"
        };
        let description = format!("{} {what}", self.quoted(expr.span));
        self.add(expr.span, Operator::Inclusive, description, Edit::Expr(id, kind), Vec::new());
    }

    fn ratio(&mut self, id: ExprId, expr: &Expr, from: Ratio, to: Ratio, kind: ExprKind) {
        let words = |r: Ratio| format!("{}/{}", r.num, r.den);
        let description = format!("{} 的 {} 改为 {}", self.quoted(expr.span), words(from), words(to));
        self.add(expr.span, Operator::Threshold, description, Edit::Expr(id, kind), Vec::new());
    }

    /// A constant operand moved by one unit both ways; `with` says what holds it then.
    fn shifted(&mut self, expr: &Expr, operand: ExprId, with: impl Fn(ExprId) -> Edit) {
        let hir = self.hir;
        let Some(constant) = hir.exprs.get(operand.index()) else { return };
        let ExprKind::Const(old) = constant.kind else { return };
        self.visited(operand);
        let words = |v: Val| value(hir, &constant.ty, v, Texts { case: &[], law: &hir.texts });
        for new in neighbours(old) {
            let description = format!("{} 的 {} 改为 {}", self.quoted(expr.span), words(old), words(new));
            let extra = Expr { kind: ExprKind::Const(new), ..constant.clone() };
            self.add(expr.span, Operator::Threshold, description, with(self.new_id()), vec![extra]);
        }
    }

    /// A computation and what it reads.
    pub fn value(&mut self, id: ExprId) {
        let hir = self.hir;
        let Some(expr) = hir.exprs.get(id.index()) else { return };
        if self.visited(id) {
            return;
        }
        let span = expr.span;
        let mut instead = |operator, what: &str, kind: ExprKind| {
            let description = format!("{} 的 {what}", self.quoted(span));
            self.add(span, operator, description, Edit::Expr(id, kind), Vec::new());
        };
        match &expr.kind {
            ExprKind::Const(old) => {
                let words = |v: Val| value(hir, &expr.ty, v, Texts { case: &[], law: &hir.texts });
                // Operands have been moved with what holds them.
                for new in neighbours(*old) {
                    let what = format!("{} 改为 {}", words(*old), words(new));
                    instead(Operator::Threshold, &what, ExprKind::Const(new));
                }
            }
            ExprKind::Arith { op, left, right } => {
                let to = match op {
                    ArithOp::Add => Some((ArithOp::Sub, "加 改为 减")),
                    ArithOp::Sub => Some((ArithOp::Add, "减 改为 加")),
                    ArithOp::Mul | ArithOp::Div => None,
                };
                if let Some((op, what)) = to {
                    instead(Operator::Arithmetic, what, ExprKind::Arith { op, left: *left, right: *right });
                }
            }
            ExprKind::Portion { base, ratio } => {
                for to in ratios(*ratio) {
                    let kind = ExprKind::Portion { base: *base, ratio: to };
                    self.ratio(id, expr, *ratio, to, kind);
                }
            }
            ExprKind::ExtremeOf { which, args } => {
                let (which, what) = opposite(*which);
                instead(Operator::Arithmetic, what, ExprKind::ExtremeOf { which, args: args.clone() });
            }
            ExprKind::ExtremeIn { list, cond, which, field } => {
                let (which, what) = opposite(*which);
                let kind = ExprKind::ExtremeIn { list: *list, cond: *cond, which, field: *field };
                instead(Operator::Arithmetic, what, kind);
            }
            ExprKind::Round { mode, value, digits } => {
                let (to, what) = match mode {
                    Rounding::HalfUp => (Rounding::Down, "四舍五入 改为 舍去"),
                    Rounding::Up => (Rounding::Down, "进一 改为 舍去"),
                    Rounding::Down => (Rounding::Up, "舍去 改为 进一"),
                };
                let kind = ExprKind::Round { mode: to, value: *value, digits: *digits };
                instead(Operator::Arithmetic, what, kind);
            }
            ExprKind::Shift { date, period, back } => {
                let what = if *back { "之前 改为 之后" } else { "之后 改为 之前" };
                let kind = ExprKind::Shift { date: *date, period: *period, back: !back };
                instead(Operator::Window, what, kind);
            }
            _ => {}
        }
        let mut inner = Vec::new();
        crate::hir::children(&expr.kind, &mut inner);
        for part in inner {
            self.any(part);
        }
    }
}

/// The same bound, included or not.
fn other_side(op: CmpOp) -> Option<CmpOp> {
    match op {
        CmpOp::Eq | CmpOp::Ne => None,
        CmpOp::Lt => Some(CmpOp::Le),
        CmpOp::Le => Some(CmpOp::Lt),
        CmpOp::Gt => Some(CmpOp::Ge),
        CmpOp::Ge => Some(CmpOp::Gt),
    }
}

fn opposite(which: Extreme) -> (Extreme, &'static str) {
    match which {
        Extreme::Greatest => (Extreme::Least, "最高 改为 最低"),
        Extreme::Least => (Extreme::Greatest, "最低 改为 最高"),
    }
}

/// One more and one less of what the numerator counts.
fn ratios(ratio: Ratio) -> Vec<Ratio> {
    let near = [ratio.num.checked_add(1), ratio.num.checked_sub(1)];
    near.into_iter().flatten().filter(|n| *n > 0).filter_map(|n| Ratio::new(n, ratio.den)).collect()
}

/// A value moved by one unit both ways.
fn neighbours(v: Val) -> Vec<Val> {
    match v {
        Val::Int(n) => [n.checked_add(1), n.checked_sub(1)].into_iter().flatten().map(Val::Int).collect(),
        Val::Dec(d) => {
            let unit = Decimal::new(1, d.normalize().scale());
            [d.checked_add(unit), d.checked_sub(unit)].into_iter().flatten().map(Val::Dec).collect()
        }
        Val::Date(d) => [d.add_days(1), d.add_days(-1)].into_iter().flatten().map(Val::Date).collect(),
        Val::Period(p) => [period(p, 1), period(p, -1)].into_iter().flatten().map(Val::Period).collect(),
        Val::Unknown | Val::Na | Val::Mask(_) | Val::Text(_) | Val::Range(..) => Vec::new(),
    }
}

/// A period longer or shorter by one of its smallest units.
fn period(p: Period, by: i32) -> Option<Period> {
    let mut out = p;
    let unit = if p.workdays != 0 {
        &mut out.workdays
    } else if p.days != 0 {
        &mut out.days
    } else if p.months != 0 {
        &mut out.months
    } else {
        &mut out.years
    };
    *unit = unit.checked_add(by).filter(|n| *n > 0)?;
    Some(out)
}
