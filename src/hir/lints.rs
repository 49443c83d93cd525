//! What is declared and never used, given by nothing, or never applies. Silent while there are errors.
use super::errors::{names, rules};
use super::fold::constants;
use super::lowering::Lowering;
use super::model::{ConclusionId, ConsequenceKind, Mode, Type};
use crate::diag::Severity;

/// Codes of the lints that mean nothing when part of the text could not be read: the caller drops them
/// if the parser has found errors.
pub const LINTS: [&str; 5] = ["B0222", "B0223", "B0412", "B0413", "B0414"];

impl Lowering<'_> {
    /// Runs all lints.
    pub fn lint(&mut self) {
        if self.diags.iter().any(|d| d.severity == Severity::Error) {
            return;
        }
        self.lint_unused();
        self.lint_conclusions();
        self.lint_conditions();
    }

    fn lint_unused(&mut self) {
        for (index, fact) in self.hir.facts.iter().enumerate() {
            let id = super::model::FactId(u32::try_from(index).unwrap_or(u32::MAX));
            let is_label = self.hir.entities.get(fact.entity.index()).is_some_and(|e| e.label == Some(id));
            let is_list = matches!(fact.ty, Type::List(_) | Type::One(_));
            if !is_label && !is_list && !self.used.facts.contains(&id) {
                self.diags.push(names::unused_fact(&fact.name, fact.span));
            }
        }
        for (index, definition) in self.hir.definitions.iter().enumerate() {
            let id = super::model::DefinitionId(u32::try_from(index).unwrap_or(u32::MAX));
            if !self.used.definitions.contains(&id) {
                self.diags.push(names::unused_definition(&definition.name, definition.span));
            }
        }
    }

    fn lint_conclusions(&mut self) {
        let mut given: Vec<Option<u64>> = vec![None; self.hir.conclusions.len()];
        for consequence in self.hir.rules.iter().flat_map(|r| &r.consequences) {
            let Some(slot) = given.get_mut(consequence.conclusion.index()) else { continue };
            let mask = match (&consequence.kind, consequence.mode) {
                (_, Mode::MustNot) | (ConsequenceKind::Value(_) | ConsequenceKind::Duty { .. }, _) => 0,
                (
                    ConsequenceKind::Set { mask, .. } | ConsequenceKind::Include { mask, .. },
                    Mode::Must | Mode::May,
                ) => *mask,
            };
            *slot = Some(slot.unwrap_or(0) | mask);
        }
        for (index, given) in given.into_iter().enumerate() {
            let id = ConclusionId(u32::try_from(index).unwrap_or(u32::MAX));
            let Some(conclusion) = self.hir.conclusions.get(id.index()) else { continue };
            let Some(given) = given else {
                self.diags.push(rules::never_given(&conclusion.name, conclusion.span));
                continue;
            };
            let (Type::Enum(values) | Type::Multi(values)) = &conclusion.ty else { continue };
            let default = match conclusion.default {
                Some(crate::base::Val::Mask(mask)) => mask,
                Some(_) | None => 0,
            };
            let missing: Vec<String> = self
                .enum_values(*values)
                .into_iter()
                .enumerate()
                .filter(|(i, _)| (given | default) & (1 << i) == 0)
                .map(|(_, v)| v)
                .collect();
            if !missing.is_empty() {
                self.diags.push(rules::values_never_given(&conclusion.name, &missing, conclusion.span));
            }
        }
    }

    fn lint_conditions(&mut self) {
        let known = constants(&self.hir);
        for rule in &self.hir.rules {
            let never = known.get(rule.guard.index()).copied().flatten() == Some(false);
            let always_excepted = rule
                .exceptions
                .iter()
                .any(|e| e.inner.is_empty() && known.get(e.cond.index()).copied().flatten() == Some(true));
            if never || always_excepted {
                self.diags.push(rules::never_applies(&rule.address, rule.span));
            }
        }
    }
}
