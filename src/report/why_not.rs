//! Why a conclusion does not have a value: `停借=是`, `甲的停借=是`, `停借` (whatever it could be).
use super::View;
use super::value::{bit_of, mask_words};
use crate::base::similar;
use crate::eval::{Finding, Verdict};
use crate::hir::{ConclusionId, Hir, Type};

/// The question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// Label of the row (甲, 人员1, 甲／记录2); none: every row.
    pub row: Option<String>,
    /// Conclusion; several of the same name in different entities are all meant.
    pub conclusions: Vec<ConclusionId>,
    /// Value asked for; none: any other than what it is.
    pub value: Option<String>,
}

impl WhyNot {
    /// Reads the question as written.
    ///
    /// # Errors
    /// A sentence in Chinese, when no conclusion has that name or it can never have that value.
    pub fn parse(hir: &Hir, text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (left, value) = match text.split_once(['=', '＝']) {
            Some((left, value)) => (left.trim(), Some(value.trim().to_owned())),
            None => (text, None),
        };
        let named = |name: &str| -> Vec<ConclusionId> {
            let all = hir.conclusions.iter().enumerate();
            all.filter(|(_, c)| c.name == name)
                .filter_map(|(at, _)| u32::try_from(at).ok().map(ConclusionId))
                .collect()
        };
        // A name may contain 的 itself: the longest row label wins only where the rest names a conclusion.
        let mut found = (None, named(left));
        if found.1.is_empty() {
            let splits = left.char_indices().filter(|(_, c)| matches!(c, '的' | '.' | '．'));
            for (at, c) in splits {
                let (row, rest) = left.split_at(at);
                let conclusions = named(rest.trim_start_matches(c).trim());
                if !conclusions.is_empty() {
                    found = (Some(row.trim().to_owned()), conclusions);
                }
            }
        }
        let (row, conclusions) = found;
        if conclusions.is_empty() {
            let name = left.rsplit(['的', '.', '．']).next().unwrap_or(left).trim();
            let known = hir.conclusions.iter().map(|c| c.name.as_str());
            let hint = similar::nearest(name, known).map(|n| format!("，是否指“{n}”")).unwrap_or_default();
            return Err(format!("本办法没有名为“{name}”的结论{hint}"));
        }
        let mut asked = Self { row, conclusions, value };
        asked.check(hir)?;
        Ok(asked)
    }

    /// Leaves the conclusions that can have the value.
    fn check(&mut self, hir: &Hir) -> Result<(), String> {
        let Some(value) = &self.value else { return Ok(()) };
        let types: Vec<&Type> =
            self.conclusions.iter().filter_map(|c| hir.conclusions.get(c.index())).map(|c| &c.ty).collect();
        let all: Vec<String> = types.iter().flat_map(|ty| mask_words(hir, ty, full(hir, ty))).collect();
        let can = |id: &ConclusionId| {
            hir.conclusions
                .get(id.index())
                .is_some_and(|c| full(hir, &c.ty) == 0 || bit_of(hir, &c.ty, value).is_some())
        };
        if !self.conclusions.iter().any(can) {
            return Err(format!("该结论没有“{value}”这个值，只能是 {}", all.join("、")));
        }
        self.conclusions.retain(can);
        Ok(())
    }

    /// Whether a finding is asked about.
    #[must_use]
    pub fn concerns(&self, view: &View<'_>, finding: &Finding) -> bool {
        self.conclusions.contains(&finding.conclusion)
            && self.row.as_ref().is_none_or(|row| {
                let (entity, at) = (finding.entity, finding.row);
                *row == view.label(entity, at)
                    || *row == view.place(entity, at)
                    || *row == view.path(entity, at)
                    || *row == format!("{}{}", view.entity_name(entity), view.number(entity, at))
            })
    }

    /// The values asked for, as bits; 0 for types without enumerated values.
    #[must_use]
    pub fn mask(&self, hir: &Hir, finding: &Finding) -> u64 {
        let Some(c) = hir.conclusions.get(finding.conclusion.index()) else { return 0 };
        let has = if finding.verdict == Verdict::Decided { finding.mask } else { 0 };
        let others = full(hir, &c.ty) & !has;
        self.value.as_ref().map_or(others, |value| bit_of(hir, &c.ty, value).unwrap_or_default())
    }

    /// The value in words, for a sentence: 为 甲, 包括 甲, or 取其他值.
    #[must_use]
    pub fn words(&self, hir: &Hir, finding: &Finding) -> String {
        let multi =
            hir.conclusions.get(finding.conclusion.index()).is_some_and(|c| matches!(c.ty, Type::Multi(_)));
        match &self.value {
            Some(value) if multi => format!("包括 {value}"),
            Some(value) => format!("为 {value}"),
            None => "取其他值".to_owned(),
        }
    }

    /// Whether the finding already is what was asked for.
    #[must_use]
    pub fn holds(&self, hir: &Hir, finding: &Finding) -> bool {
        let mask = self.mask(hir, finding);
        self.value.is_some()
            && finding.verdict == Verdict::Decided
            && mask != 0
            && finding.mask & mask == mask
    }
}

/// Bits of all values of the type.
fn full(hir: &Hir, ty: &Type) -> u64 {
    if *ty == Type::Bool {
        return 0b11;
    }
    let count =
        super::value::enum_of(ty).and_then(|e| hir.enums.get(e.index())).map_or(0, |e| e.values.len());
    u32::try_from(count).ok().and_then(|n| 1_u64.checked_shl(n)).map_or(u64::MAX, |bit| bit.wrapping_sub(1))
}
