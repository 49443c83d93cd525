//! Mutants of rules: items and 但书 left out, modes, values and consequences, priorities, 默认, 视为.
use super::conditions::exceptions;
use super::{Change, Edit, Maker, Operator};
use crate::base::{Address, PartKind, Span, Val};
use crate::hir::{
    ConclusionId, Consequence, ConsequenceKind, ExprId, ExprKind, Mode, ProvisionId, RuleId, Type,
};
use std::collections::BTreeMap;

impl Maker<'_> {
    /// Each item left out, of lists of conditions and of rules.
    pub fn items(&mut self) {
        let hir = self.hir;
        for (index, provision) in hir.provisions.iter().enumerate() {
            if !matches!(provision.kind, PartKind::Item | PartKind::SubItem) {
                continue;
            }
            let id = ProvisionId(u32::try_from(index).unwrap_or(u32::MAX));
            let rules: Vec<RuleId> = self.rules_at(id);
            let excepts = self.exception_at(&provision.address);
            let edit = match provision.condition {
                Some(cond) if !rules.is_empty() || excepts => Edit::Expr(cond, ExprKind::Bool(false)),
                Some(cond) => Edit::Expr(cond, ExprKind::Bool(true)),
                None if !rules.is_empty() => Edit::Never(rules),
                None => continue,
            };
            let words = provision.text.as_ref().map(|(text, _)| crate::base::wording::clip(text, 40));
            let description = format!("删去这一项{}", words.map(|w| format!("“{w}”")).unwrap_or_default());
            self.add(provision.span, Operator::Item, description, edit, Vec::new());
        }
    }

    /// Rules of a provision that are its own and not taken over from elsewhere.
    fn rules_at(&self, id: ProvisionId) -> Vec<RuleId> {
        let all = (0..).map(RuleId).zip(&self.hir.rules);
        all.filter(|(_, rule)| rule.provision == id).map(|(id, _)| id).collect()
    }

    fn exception_at(&self, address: &Address) -> bool {
        let mut found = false;
        for rule in &self.hir.rules {
            exceptions(&rule.exceptions, &mut |e| found |= e.address == *address);
        }
        found
    }

    /// Each 但书 left out.
    pub fn provisos(&mut self) {
        let hir = self.hir;
        let mut conds: BTreeMap<ExprId, Address> = BTreeMap::new();
        for rule in &hir.rules {
            exceptions(&rule.exceptions, &mut |e| {
                conds.entry(e.cond).or_insert_with(|| e.address.clone());
            });
        }
        for (cond, address) in conds {
            if address.last().is_none_or(|p| p.kind != PartKind::Proviso) {
                continue;
            }
            let span = hir.exprs.get(cond.index()).map(|e| e.span).unwrap_or_default();
            let description = format!("删去但书{}", self.quoted(span));
            self.add(
                span,
                Operator::Proviso,
                description,
                Edit::Expr(cond, ExprKind::Bool(false)),
                Vec::new(),
            );
        }
        for (index, provision) in hir.provisions.iter().enumerate() {
            let id = ProvisionId(u32::try_from(index).unwrap_or(u32::MAX));
            let rules = self.rules_at(id);
            if provision.kind == PartKind::Proviso && !rules.is_empty() {
                let description = format!("删去但书{}", self.quoted(provision.span));
                self.add(provision.span, Operator::Proviso, description, Edit::Never(rules), Vec::new());
            }
        }
    }

    /// Consequences as the text has them, with the rules each has become part of, copies by 依照 last.
    fn written(&self) -> BTreeMap<(Span, ConclusionId), Vec<(RuleId, usize)>> {
        let mut out: BTreeMap<(Span, ConclusionId), Vec<(RuleId, usize)>> = BTreeMap::new();
        for copies in [false, true] {
            for (id, rule) in (0..).map(RuleId).zip(&self.hir.rules) {
                if rule.via.is_some() == copies {
                    for (n, c) in rule.consequences.iter().enumerate() {
                        out.entry((c.span, c.conclusion)).or_default().push((id, n));
                    }
                }
            }
        }
        out
    }

    /// Modes, values, and each consequence left out.
    pub fn consequences(&mut self) {
        let hir = self.hir;
        let of = |at: &(RuleId, usize)| hir.rules.get(at.0.index())?.consequences.get(at.1);
        for ((span, conclusion), all) in self.written() {
            let Some(consequence) = all.first().and_then(of) else { continue };
            let words = self.quoted(span);
            let mut found =
                vec![(Operator::Consequence, format!("删去后果{words}"), all.clone(), Change::Drop)];
            // What 可以依照 has made optional keeps its own mode.
            let same_mode: Vec<(RuleId, usize)> =
                all.iter().copied().filter(|at| of(at).is_some_and(|c| c.mode == consequence.mode)).collect();
            for (mode, what) in other_modes(consequence) {
                let description = format!("{words} 的 {what}");
                found.push((Operator::Mode, description, same_mode.clone(), Change::Mode(mode)));
            }
            let ty = hir.conclusions.get(conclusion.index()).map_or(Type::Error, |c| c.ty.clone());
            if let ConsequenceKind::Set { mask, .. } | ConsequenceKind::Include { mask, .. } =
                consequence.kind
            {
                for (mask, what, _) in self.other_masks(&ty, mask, false) {
                    found.push((Operator::Value, format!("{words} {what}"), all.clone(), Change::Mask(mask)));
                }
            }
            for (operator, description, at, change) in found {
                self.add(span, operator, description, Edit::Consequences(at, change), Vec::new());
            }
        }
    }

    /// Each stated priority left out, unless the others imply it or it bears on nothing.
    pub fn priorities(&mut self) {
        let hir = self.hir;
        for (index, stated) in hir.stated.iter().enumerate() {
            if stated.proviso || self.bears_on_nothing(index) {
                continue;
            }
            let name = |p: Option<ProvisionId>| {
                p.and_then(|p| hir.provisions.get(p.index()))
                    .map_or("本条".to_owned(), |p| p.address.to_string())
            };
            let (high, low) = (name(stated.higher), name(stated.lower));
            let description = format!("{} 删去 {high} 对 {low} 的优先", self.quoted(stated.span));
            self.add(stated.span, Operator::Priority, description, Edit::Priority(index), Vec::new());
        }
    }

    /// No pair of rules loses its order that could contradict each other or be cited side by side.
    fn bears_on_nothing(&self, index: usize) -> bool {
        let hir = self.hir;
        let left = crate::hir::reclose(hir, index);
        let lost = hir.priorities.iter().filter(|pair| left.binary_search(pair).is_err());
        // A permission never defeats an obligation.
        let matters = |(high, low): &(RuleId, RuleId)| {
            let of = |id: &RuleId| hir.rules.get(id.index()).map_or(&[][..], |r| r.consequences.as_slice());
            of(high).iter().any(|a| {
                of(low)
                    .iter()
                    .any(|b| a.conclusion == b.conclusion && (b.mode == Mode::May || a.mode != Mode::May))
            })
        };
        !lost.into_iter().any(matters)
    }

    /// Another 默认 and none.
    pub fn defaults(&mut self) {
        let hir = self.hir;
        for (id, conclusion) in (0..).map(ConclusionId).zip(&hir.conclusions) {
            let Some(default) = conclusion.default else { continue };
            let place = |description: String, new| {
                (conclusion.span, Operator::Default, description, Edit::Default(id, new))
            };
            let mut found = vec![place("删去 默认".to_owned(), None)];
            if let Val::Mask(mask) = default {
                for (new, what, _) in self.other_masks(&conclusion.ty, mask, false).into_iter().take(1) {
                    let description = format!("默认{what}");
                    found.push(place(description, Some(Val::Mask(new))));
                }
            }
            for (span, operator, description, edit) in found {
                self.add(span, operator, description, edit, Vec::new());
            }
        }
    }

    /// 推定 for 视为.
    pub fn presumptions(&mut self) {
        let hir = self.hir;
        for (index, deem) in hir.deems.iter().enumerate() {
            let span = hir.rules.get(deem.rule.index()).map(|r| r.span).unwrap_or_default();
            let what = if deem.presume { "推定 改为 视为" } else { "视为 改为 推定" };
            let description = format!("{} 的 {what}", self.quoted(span));
            self.add(span, Operator::Presumption, description, Edit::Presume(index), Vec::new());
        }
    }
}

/// Modes a consequence might have instead.
fn other_modes(consequence: &Consequence) -> Vec<(Mode, &'static str)> {
    match (consequence.mode, &consequence.kind) {
        (_, ConsequenceKind::Duty { .. }) => Vec::new(),
        (Mode::Must, _) => vec![(Mode::May, "应当 改为 可以")],
        (Mode::May, _) => vec![(Mode::Must, "可以 改为 应当")],
        (Mode::MustNot, _) => vec![(Mode::May, "不得 改为 可以"), (Mode::Must, "不得 改为 应当")],
    }
}
