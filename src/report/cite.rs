//! Provisions as they are cited, and the policy's own words clipped to a line.
use super::View;
use crate::base::wording::{clip, fold, source_words};
use crate::eval::Defeater;
use crate::hir::{ConclusionId, ConsequenceKind, Hir, Mode, ProvisionId, Rule, RuleId, Select};

/// Columns a piece of verbatim text or of the policy's clauses may take.
pub const CLIP: usize = 60;

/// 第十五条第四项; 第三十条〔依照第十五条〕 where the consequence comes from there.
#[must_use]
pub fn rule_address(hir: &Hir, rule: RuleId) -> String {
    let Some(rule) = hir.rules.get(rule.index()) else { return String::new() };
    match &rule.via {
        Some(via) => format!("{}〔依照{via}〕", rule.address),
        None => rule.address.to_string(),
    }
}

/// What stood in the way, as cited, in order of text.
#[must_use]
pub fn defeaters(hir: &Hir, by: &[Defeater], cite: impl Fn(RuleId) -> String) -> Vec<String> {
    let place = |by: &&Defeater| match by {
        Defeater::Rule(rule) => {
            (hir.rules.get(rule.index()).map(|r| r.address.clone()).unwrap_or_default(), *rule)
        }
        Defeater::Exception(address) => (address.clone(), RuleId(u32::MAX)),
    };
    let mut sorted: Vec<&Defeater> = by.iter().collect();
    sorted.sort_by_key(place);
    let mut out: Vec<String> = Vec::with_capacity(sorted.len());
    for by in sorted {
        let address = match by {
            Defeater::Rule(rule) => cite(*rule),
            Defeater::Exception(address) => address.to_string(),
        };
        if out.last() != Some(&address) {
            out.push(address);
        }
    }
    out
}

/// Several citations: 第十五条第四项、第十六条.
#[must_use]
pub fn rule_addresses(hir: &Hir, rules: &[RuleId]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(rules.len());
    for address in rules.iter().map(|r| rule_address(hir, *r)) {
        if !out.contains(&address) {
            out.push(address);
        }
    }
    out
}

/// 应当, 可以, 不得.
#[must_use]
pub const fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Must => "应当",
        Mode::May => "可以",
        Mode::MustNot => "不得",
    }
}

/// Values with the way to choose among them: 甲、乙 之一.
#[must_use]
pub fn select_words(values: &[String], select: Select) -> String {
    let joined = values.join("、");
    match select {
        _ if values.len() < 2 => joined,
        Select::All => joined,
        Select::OneOf | Select::AtLeast | Select::AtMost => format!("{joined} 之一"),
        Select::AnyOf => format!("{joined} 单独或者合并"),
    }
}

/// The verbatim text of a provision, or of the nearest one around it that has any.
#[must_use]
pub fn provision_text(hir: &Hir, provision: ProvisionId) -> Option<&str> {
    let mut at = Some(provision);
    while let Some(p) = at.and_then(|p| hir.provisions.get(p.index())) {
        if let Some((text, _)) = &p.text {
            return Some(text);
        }
        // Parents come before children: the walk ends.
        at = p.parent.filter(|up| at.is_some_and(|at| up < &at));
    }
    None
}

impl View<'_> {
    /// As [`rule_address`].
    #[must_use]
    pub fn cite(&self, rule: RuleId) -> String {
        rule_address(self.hir(), rule)
    }

    /// A piece of the verbatim text a rule implements.
    #[must_use]
    pub fn verbatim(&self, rule: &Rule) -> Option<String> {
        let text = provision_text(self.hir(), rule.provision)?;
        Some(clip(&fold(text), CLIP))
    }

    /// What a rule says of a conclusion, in one mode: 应当 为 甲; 应当 包括 甲、乙 之一; the words of the clause for other types.
    #[must_use]
    pub fn consequence(&self, rule: &Rule, conclusion: ConclusionId, mode: Mode) -> String {
        let hir = self.hir();
        let Some(of) = hir.conclusions.get(conclusion.index()) else { return String::new() };
        let said = rule.consequences.iter().filter(|c| c.conclusion == conclusion && c.mode == mode);
        let said: Vec<String> = said
            .map(|c| {
                let (verb, mask, select) = match &c.kind {
                    ConsequenceKind::Set { mask, select } => ("为", *mask, *select),
                    ConsequenceKind::Include { mask, select } => ("包括", *mask, *select),
                    ConsequenceKind::Value(e) => {
                        let span = hir.exprs.get(e.index()).map(|e| e.span).unwrap_or_default();
                        let words = source_words(self.sources, span, CLIP);
                        return format!("{} 为 {words}", mode_word(mode));
                    }
                    ConsequenceKind::Duty { .. } => return source_words(self.sources, c.span, CLIP),
                };
                let values = super::value::mask_words(hir, &of.ty, mask);
                // What is forbidden is forbidden altogether.
                let select = if mode == Mode::MustNot { Select::All } else { select };
                format!("{} {verb} {}", mode_word(mode), select_words(&values, select))
            })
            .collect();
        said.join("；")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices() {
        let values = ["甲".to_owned(), "乙".to_owned()];
        assert_eq!(select_words(&values, Select::All), "甲、乙");
        assert_eq!(select_words(&values, Select::OneOf), "甲、乙 之一");
        assert_eq!(select_words(&values, Select::AnyOf), "甲、乙 单独或者合并");
        assert_eq!(select_words(values.get(..1).unwrap(), Select::OneOf), "甲");
    }
}
