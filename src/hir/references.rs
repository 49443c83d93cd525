//! References to provisions: 第十五条第一项, 本款, 前条, 第八条至第十四条, 《…》第三条.
use super::errors::names as errors;
use super::lowering::{Lowering, Scope};
use super::model::ProvisionId;
use crate::base::{Address, Part, PartKind, Span};
use crate::syntax::ast::{Reference, ReferenceTarget};

impl Lowering<'_> {
    /// The provisions a reference names, in order of text; empty (with a complaint) if there is none.
    pub fn resolve_reference(&mut self, reference: &Reference, at: Scope) -> Vec<ProvisionId> {
        match &reference.target {
            ReferenceTarget::Address(address) => {
                self.resolve_address(address, at, reference.span).into_iter().collect()
            }
            ReferenceTarget::Range(first, last) => self.resolve_range(first, last, at, reference.span),
            ReferenceTarget::This(kind) => self.resolve_this(*kind, at, reference.span).into_iter().collect(),
            ReferenceTarget::Previous(kind) => {
                self.resolve_previous(*kind, at, reference.span).into_iter().collect()
            }
        }
    }

    /// All provisions several references name.
    pub fn resolve_references(&mut self, references: &[Reference], at: Scope) -> Vec<ProvisionId> {
        let mut out: Vec<ProvisionId> =
            references.iter().flat_map(|r| self.resolve_reference(r, at)).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The provision at `kind`'s level that the place lies in; 本款 of an article without 款 is the article.
    fn enclosing(&self, at: Scope, kind: PartKind) -> Option<ProvisionId> {
        let mut here = at.provision;
        while let Some(id) = here {
            let provision = self.hir.provisions.get(id.index())?;
            if provision.kind == kind || (kind == PartKind::Paragraph && provision.kind == PartKind::Article)
            {
                return Some(id);
            }
            here = provision.parent;
        }
        None
    }

    fn resolve_this(&mut self, kind: PartKind, at: Scope, span: Span) -> Option<ProvisionId> {
        let found = self.enclosing(at, kind);
        if found.is_none() {
            self.report(errors::no_such_relative(
                &format!("本{}", kind.word()),
                span,
                "这里不在条文之内，或者没有这一层",
            ));
        }
        found
    }

    fn resolve_previous(&mut self, kind: PartKind, at: Scope, span: Span) -> Option<ProvisionId> {
        let here = self.enclosing(at, kind);
        let found = here.and_then(|id| {
            let parent = self.hir.provisions.get(id.index())?.parent;
            let kin: &[ProvisionId] = match parent {
                Some(parent) => self.places.children_of(parent),
                None => self.places.articles.get(self.law_of(id)).map_or(&[], Vec::as_slice),
            };
            let at = kin.iter().position(|&k| k == id)?;
            kin.get(at.checked_sub(1)?).copied()
        });
        if found.is_none() {
            let why = if here.is_some() {
                "前面没有"
            } else {
                "这里不在条文之内，或者没有这一层"
            };
            self.report(errors::no_such_relative(&format!("前{}", kind.word()), span, why));
        }
        found
    }

    /// The full address of one as written.
    fn complete(&mut self, address: &Address, at: Scope, span: Span) -> Option<Address> {
        let law = if address.law.is_empty() {
            at.law
        } else {
            let found = self.laws.iter().position(|l| l.names.contains(&address.law));
            let Some(found) = found else {
                let near = super::types::nearest(
                    &address.law,
                    self.laws.iter().flat_map(|l| l.names.iter().map(String::as_str)),
                );
                self.report(errors::unknown_law(&address.law, span, near.as_deref()));
                return None;
            };
            found
        };
        let cite = self.laws.get(law).map(|l| l.cite.clone()).unwrap_or_default();
        let first = address.parts.first().map_or(PartKind::Article, |p| p.kind);
        if first == PartKind::Article {
            return Some(Address { law: cite, parts: address.parts.clone() });
        }
        let upper = match first {
            PartKind::Paragraph => self.enclosing(at, PartKind::Article),
            PartKind::Item => self.enclosing(at, PartKind::Paragraph),
            PartKind::SubItem => self.enclosing(at, PartKind::Item),
            PartKind::Article | PartKind::Proviso => at.provision,
        };
        let Some(upper) = upper else {
            let word: String = address.parts.iter().map(ToString::to_string).collect();
            self.report(errors::no_such_relative(&word, span, "这里不在条文之内，或者没有上一层"));
            return None;
        };
        let mut full = self.address(upper);
        full.parts.extend(&address.parts);
        Some(full)
    }

    fn resolve_address(&mut self, address: &Address, at: Scope, span: Span) -> Option<ProvisionId> {
        let full = self.complete(address, at, span)?;
        let found = self.find_provision(&full);
        if found.is_none() {
            let near = self.nearest_provisions(&full);
            self.report(errors::unknown_provision(&full.to_string(), span, &near));
        }
        found
    }

    /// The provision at an address; 第一款 of an article that has no 款 is the article.
    fn find_provision(&self, address: &Address) -> Option<ProvisionId> {
        if let Some(&id) = self.places.index.get(address) {
            return Some(id);
        }
        let only_paragraph = Part::new(PartKind::Paragraph, 1);
        let at = address.parts.iter().position(|&p| p == only_paragraph)?;
        let mut plain = address.clone();
        plain.parts.remove(at);
        let id = self.places.index.get(&plain).copied()?;
        let article = self.places.index.get(&plain.article()).copied()?;
        let has_paragraphs = self
            .places
            .children_of(article)
            .iter()
            .any(|&c| self.hir.provisions.get(c.index()).is_some_and(|p| p.kind == PartKind::Paragraph));
        (!has_paragraphs).then_some(id)
    }

    /// What stands next to where the provision would be.
    fn nearest_provisions(&self, address: &Address) -> Vec<Address> {
        let mut upper = address.clone();
        while let Some(last) = upper.parts.pop() {
            let kin: Vec<ProvisionId> = if upper.parts.is_empty() {
                let law = self.laws.iter().position(|l| l.cite == upper.law).unwrap_or(0);
                self.places.articles.get(law).cloned().unwrap_or_default()
            } else if let Some(id) = self.find_provision(&upper) {
                self.places.children_of(id).to_vec()
            } else {
                continue;
            };
            let mut kin: Vec<Address> = kin.iter().map(|&k| self.address(k)).collect();
            kin.sort_by_key(|a| a.last().map_or(u32::MAX, |p| p.number.abs_diff(last.number)));
            kin.truncate(3);
            kin.sort();
            return kin;
        }
        Vec::new()
    }

    fn resolve_range(&mut self, first: &Address, last: &Address, at: Scope, span: Span) -> Vec<ProvisionId> {
        let (Some(low), Some(high)) =
            (self.resolve_address(first, at, span), self.resolve_address(last, at, span))
        else {
            return Vec::new();
        };
        let parent = self.hir.provisions.get(low.index()).and_then(|p| p.parent);
        let other = self.hir.provisions.get(high.index()).and_then(|p| p.parent);
        let (from, to) = (self.address(low), self.address(high));
        if parent != other || from.law != to.law || from > to {
            self.report(super::errors::rules::bad_range(&from, &to, span));
            return Vec::new();
        }
        let kin: &[ProvisionId] = match parent {
            Some(parent) => self.places.children_of(parent),
            None => self.places.articles.get(self.law_of(low)).map_or(&[], Vec::as_slice),
        };
        let between = |id: &ProvisionId| {
            self.hir.provisions.get(id.index()).is_some_and(|p| p.address >= from && p.address <= to)
        };
        kin.iter().copied().filter(between).collect()
    }
}
