//! Mutants of conditions: walks from rules, exceptions, definitions and scope down to single tests.
use super::{Edit, Maker, Operator};
use crate::hir::{ConsequenceKind, Exception, Expr, ExprId, ExprKind, Quantifier, children};

/// How a condition stands in what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// A whole condition of the text: a premise, an item, the condition of a 但书, a meaning.
    Whole,
    /// A part of 且 or 或者.
    Part,
    /// Behind 未: its opposite is already among the mutants.
    Negated,
}

impl Maker<'_> {
    /// All conditions of the program, each once.
    pub fn conditions(&mut self) {
        let mut whole: Vec<ExprId> = self.hir.scope.iter().map(|s| s.cond).collect();
        let mut values: Vec<ExprId> = Vec::new();
        for definition in &self.hir.definitions {
            values.push(definition.value);
        }
        for deem in &self.hir.deems {
            values.push(deem.value);
        }
        for rule in &self.hir.rules {
            whole.push(rule.guard);
            exceptions(&rule.exceptions, &mut |e| whole.push(e.cond));
            for consequence in &rule.consequences {
                match &consequence.kind {
                    ConsequenceKind::Set { .. } | ConsequenceKind::Include { .. } => {}
                    ConsequenceKind::Value(value) => values.push(*value),
                    ConsequenceKind::Duty { from, period, performed, extensions } => {
                        values.extend([*from, *period, *performed]);
                        for (cond, more) in extensions {
                            whole.push(*cond);
                            values.push(*more);
                        }
                    }
                }
            }
        }
        for id in whole {
            self.condition(id, Stand::Whole);
        }
        for id in values {
            self.any(id);
        }
    }

    /// A condition or a value, by its type.
    pub fn any(&mut self, id: ExprId) {
        let truth = self.hir.exprs.get(id.index()).is_some_and(|e| e.ty == crate::hir::Type::Bool);
        if truth { self.condition(id, Stand::Whole) } else { self.value(id) }
    }

    fn condition(&mut self, id: ExprId, stand: Stand) {
        let hir = self.hir;
        let Some(expr) = hir.exprs.get(id.index()) else { return };
        if matches!(expr.kind, ExprKind::Bool(_) | ExprKind::Const(_) | ExprKind::Error) || self.visited(id) {
            return;
        }
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let and = matches!(expr.kind, ExprKind::And(_));
                if !self.joined_by(parts, and) {
                    // Put together from premise, items and exceptions: each is a condition of its own.
                    for part in parts {
                        self.condition(*part, Stand::Whole);
                    }
                    return;
                }
                self.connective(id, expr, parts, and);
                self.whole(id, expr, stand);
                if stand == Stand::Whole {
                    self.negate(id, expr);
                }
                for part in parts {
                    self.condition(*part, Stand::Part);
                }
            }
            ExprKind::Not(inner) => {
                let within = hir.exprs.get(inner.index()).is_some_and(|i| {
                    i.span.file == expr.span.file
                        && i.span.start >= expr.span.start
                        && i.span.end <= expr.span.end
                });
                if !within {
                    self.condition(*inner, Stand::Whole);
                    return;
                }
                self.whole(id, expr, stand);
                let kind = hir.exprs.get(inner.index()).map_or(ExprKind::Error, |e| e.kind.clone());
                if stand != Stand::Negated {
                    let description = format!("{} 反转", self.quoted(expr.span));
                    self.add(expr.span, Operator::Negate, description, Edit::Expr(id, kind), Vec::new());
                }
                self.condition(*inner, Stand::Negated);
            }
            _ => {
                self.whole(id, expr, stand);
                if stand != Stand::Negated {
                    self.negate(id, expr);
                }
                self.test(id, expr);
            }
        }
    }

    /// Marks an expression as seen; whether it was.
    pub fn visited(&mut self, id: ExprId) -> bool {
        self.seen.get_mut(id.index()).is_none_or(|slot| std::mem::replace(slot, true))
    }

    /// Whether the parts are joined by 且 or 或者 in the text itself.
    fn joined_by(&self, parts: &[ExprId], and: bool) -> bool {
        let words: &[&str] = if and { &["且", "并且"] } else { &["或者", "或"] };
        let spans: Vec<_> =
            parts.iter().filter_map(|p| self.hir.exprs.get(p.index())).map(|e| e.span).collect();
        spans.windows(2).all(|pair| {
            let [a, b] = pair else { return false };
            if a.file != b.file || a.end > b.start {
                return false;
            }
            let gap = crate::base::wording::fold_clauses(self.sources.slice(crate::base::Span {
                start: a.end,
                end: b.start,
                ..*a
            }));
            let gap: String = gap.chars().filter(|c| !"（）() ".contains(*c)).collect();
            words.contains(&gap.as_str())
        })
    }

    fn negate(&mut self, id: ExprId, expr: &Expr) {
        let inner = self.new_id();
        let description = format!("{} 反转", self.quoted(expr.span));
        self.add(
            expr.span,
            Operator::Negate,
            description,
            Edit::Expr(id, ExprKind::Not(inner)),
            vec![expr.clone()],
        );
    }

    /// The id of the first expression a mutant adds.
    pub fn new_id(&self) -> ExprId {
        ExprId(u32::try_from(self.hir.exprs.len()).unwrap_or(u32::MAX))
    }

    /// A whole condition left out: it always holds. Items and 但书 are left out as such, elsewhere.
    fn whole(&mut self, id: ExprId, expr: &Expr, stand: Stand) {
        if stand != Stand::Whole || self.is_meaning(id) || self.is_item(id) || self.is_exception(id) {
            return;
        }
        let description = format!("删去条件{}", self.quoted(expr.span));
        let edit = Edit::Expr(id, ExprKind::Bool(true));
        self.add(expr.span, Operator::Condition, description, edit, Vec::new());
    }

    fn is_meaning(&self, id: ExprId) -> bool {
        self.hir.definitions.iter().any(|d| d.value == id)
    }

    fn is_item(&self, id: ExprId) -> bool {
        self.hir.provisions.iter().any(|p| {
            p.condition == Some(id)
                && matches!(p.kind, crate::base::PartKind::Item | crate::base::PartKind::SubItem)
        })
    }

    fn is_exception(&self, id: ExprId) -> bool {
        let mut found = false;
        for rule in &self.hir.rules {
            exceptions(&rule.exceptions, &mut |e| found |= e.cond == id);
        }
        found
    }

    /// 且 for 或者, and each part left out.
    fn connective(&mut self, id: ExprId, expr: &Expr, parts: &[ExprId], and: bool) {
        let whole = self.quoted(expr.span);
        let (from, to) = if and { ("且", "或者") } else { ("或者", "且") };
        let kind = if and { ExprKind::Or(parts.to_vec()) } else { ExprKind::And(parts.to_vec()) };
        let description = format!("{whole} 的 {from} 改为 {to}");
        self.add(expr.span, Operator::Connective, description, Edit::Expr(id, kind), Vec::new());
        for n in 0..parts.len() {
            let mut rest = parts.to_vec();
            let part = rest.remove(n);
            let span = self.hir.exprs.get(part.index()).map_or(expr.span, |e| e.span);
            let kind = if and { ExprKind::And(rest) } else { ExprKind::Or(rest) };
            let description = format!("{whole} 删去 {}", self.quoted(span));
            self.add(span, Operator::Condition, description, Edit::Expr(id, kind), Vec::new());
        }
    }

    /// A single test and what it reads.
    fn test(&mut self, id: ExprId, expr: &Expr) {
        match &expr.kind {
            ExprKind::InSet { value, mask } => {
                let ty = self.type_of(*value);
                for (mask, what, operator) in self.other_masks(&ty, *mask, true) {
                    let kind = ExprKind::InSet { value: *value, mask };
                    let description = format!("{} {what}", self.quoted(expr.span));
                    self.add(expr.span, operator, description, Edit::Expr(id, kind), Vec::new());
                }
            }
            ExprKind::Includes { value, mask, all } => {
                let ty = self.type_of(*value);
                for (mask, what, operator) in self.other_masks(&ty, *mask, false) {
                    let kind = ExprKind::Includes { value: *value, mask, all: *all };
                    let description = format!("{} {what}", self.quoted(expr.span));
                    self.add(expr.span, operator, description, Edit::Expr(id, kind), Vec::new());
                }
                if mask.count_ones() > 1 {
                    let kind = ExprKind::Includes { value: *value, mask: *mask, all: !all };
                    let (from, to) = if *all { ("全部", "之一") } else { ("之一", "全部") };
                    let description = format!("{} 的 {from} 改为 {to}", self.quoted(expr.span));
                    self.add(expr.span, Operator::Quantifier, description, Edit::Expr(id, kind), Vec::new());
                }
            }
            ExprKind::Quant { quantifier, list, other, cond } => {
                let to = match quantifier {
                    Quantifier::Exists => Some((Quantifier::ForAll, "有一个 改为 全部都")),
                    Quantifier::ForAll => Some((Quantifier::Exists, "全部都 改为 有一个")),
                    Quantifier::None => None,
                };
                if let (Some((to, what)), Some(_)) = (to, cond) {
                    let kind = ExprKind::Quant { quantifier: to, list: *list, other: *other, cond: *cond };
                    let description = format!("{} 的 {what}", self.quoted(expr.span));
                    self.add(expr.span, Operator::Quantifier, description, Edit::Expr(id, kind), Vec::new());
                }
            }
            _ => self.bounds(id, expr),
        }
        let mut inner = Vec::new();
        if !matches!(expr.kind, ExprKind::Meets { .. }) {
            children(&expr.kind, &mut inner);
        }
        for part in inner {
            self.any(part);
        }
    }
}

/// Each exception and those within it.
pub(super) fn exceptions<'e>(list: &'e [Exception], see: &mut impl FnMut(&'e Exception)) {
    let mut stack: Vec<&'e Exception> = list.iter().rev().collect();
    while let Some(exception) = stack.pop() {
        see(exception);
        stack.extend(exception.inner.iter().rev());
    }
}
