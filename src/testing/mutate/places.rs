//! To which provision, or to which defined term, a place of the text belongs.
use crate::base::{Address, FileId, PartKind, Span};
use crate::hir::Hir;

/// Labels of provisions and spans of 但书 and definitions, in order.
pub(super) struct Places {
    labels: Vec<(FileId, u32, usize)>,
    provisos: Vec<(Span, usize)>,
    terms: Vec<(Span, usize)>,
}

impl Places {
    pub fn new(hir: &Hir) -> Self {
        let mut labels = Vec::new();
        let mut provisos = Vec::new();
        for (index, provision) in hir.provisions.iter().enumerate() {
            if provision.kind == PartKind::Proviso {
                provisos.push((provision.span, index));
            } else {
                labels.push((provision.span.file, provision.span.start, index));
            }
        }
        labels.sort_unstable();
        provisos.sort_by_key(|(span, _)| (span.file, span.start));
        let mut terms: Vec<(Span, usize)> = hir
            .definitions
            .iter()
            .enumerate()
            .map(|(index, d)| {
                let value = hir.exprs.get(d.value.index()).map_or(d.span, |e| e.span);
                (Span { end: value.end.max(d.span.end), ..d.span }, index)
            })
            .collect();
        terms.sort_by_key(|(span, _)| (span.file, span.start));
        Self { labels, provisos, terms }
    }

    /// The address, if any, and the words for it.
    pub fn of(&self, hir: &Hir, span: Span) -> (Option<Address>, String) {
        if let Some(index) = around(&self.terms, span)
            && let Some(term) = hir.definitions.get(index)
        {
            let address =
                term.provision.and_then(|p| hir.provisions.get(p.index())).map(|p| p.address.clone());
            let at = address.as_ref().map(Address::to_string).unwrap_or_default();
            return (address, format!("{at}“{}”", term.name));
        }
        let index = around(&self.provisos, span).or_else(|| {
            let to =
                self.labels.partition_point(|(file, start, _)| (*file, *start) <= (span.file, span.start));
            let (file, _, index) = self.labels.get(to.checked_sub(1)?)?;
            (*file == span.file).then_some(*index)
        });
        match index.and_then(|i| hir.provisions.get(i)) {
            Some(provision) => (Some(provision.address.clone()), provision.address.to_string()),
            None => (None, "条文之外".to_owned()),
        }
    }
}

/// The innermost of the spans that holds another.
fn around(spans: &[(Span, usize)], span: Span) -> Option<usize> {
    let to = spans.partition_point(|(s, _)| (s.file, s.start) <= (span.file, span.start));
    let before = spans.get(..to)?.iter().rev().take(64);
    before.take_while(|(s, _)| s.file == span.file).find(|(s, _)| s.end >= span.end).map(|(_, i)| *i)
}
