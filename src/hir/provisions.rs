//! 条款项目: addresses, parents, order; each 但书 is a provision of its own right after its host.
use super::errors::names as errors;
use super::lowering::{Lowering, PROVISO_LIMIT};
use super::model::{Heading, Provision, ProvisionId};
use crate::base::{Address, Part, PartKind, Span};
use crate::syntax::ast::{self, StatementKind, TopItem};
use std::collections::HashMap;

/// Provisions of all laws, indexed.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    /// Trees, parallel to `hir.provisions`; none for a 但书.
    pub trees: Vec<Option<&'a ast::Provision>>,
    /// Law of each.
    pub law: Vec<usize>,
    /// One past the last provision below each.
    pub end: Vec<u32>,
    /// By address.
    pub index: HashMap<Address, ProvisionId>,
    /// Children of each, 但书 left out.
    pub children: Vec<Vec<ProvisionId>>,
    /// 但书 by its tree.
    pub provisos: HashMap<*const ast::Proviso, ProvisionId>,
    /// Articles of each law in order of text.
    pub articles: Vec<Vec<ProvisionId>>,
    /// Whom the rules of each are about.
    pub bases: Vec<super::model::EntityId>,
}

impl Places<'_> {
    /// Provisions at or below `id`, as a range of indexes.
    pub fn below(&self, id: ProvisionId) -> std::ops::Range<u32> {
        id.0..self.end.get(id.index()).copied().unwrap_or(id.0 + 1)
    }

    /// Whether `inner` is `outer` or lies below it.
    pub fn covers(&self, outer: ProvisionId, inner: ProvisionId) -> bool {
        self.below(outer).contains(&inner.0)
    }

    /// Children of a provision.
    pub fn children_of(&self, id: ProvisionId) -> &[ProvisionId] {
        self.children.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// Items or sub-items of a provision.
    pub fn items_of(&self, id: ProvisionId) -> Vec<ProvisionId> {
        let is_item = |c: &ProvisionId| {
            let tree = self.trees.get(c.index()).copied().flatten();
            tree.is_some_and(|t| matches!(t.kind, PartKind::Item | PartKind::SubItem))
        };
        self.children_of(id).iter().copied().filter(is_item).collect()
    }
}

impl<'a> Lowering<'a> {
    /// Fills provisions and headings.
    pub fn declare_provisions(&mut self) {
        self.places.articles = vec![Vec::new(); self.laws.len()];
        for placed in self.placed.clone() {
            match placed.item {
                TopItem::Heading(heading) => {
                    let before = self.next_provision().0;
                    self.hir.headings.push(Heading {
                        level: heading.level,
                        number: heading.number,
                        title: heading.title.text.clone(),
                        marks: heading.marks.iter().map(|m| m.kind).collect(),
                        before,
                    });
                }
                TopItem::Article(article) => {
                    let cite = self.laws.get(placed.law).map(|l| l.cite.clone()).unwrap_or_default();
                    let id =
                        self.declare_provision(article, None, &Address::default().in_law(cite), placed.law);
                    if let Some(articles) = self.places.articles.get_mut(placed.law) {
                        articles.push(id);
                    }
                }
                TopItem::Include(_)
                | TopItem::Enum(_)
                | TopItem::Facts(_)
                | TopItem::Conclusions(_)
                | TopItem::Statement(_) => {}
            }
        }
        for law in 0..self.laws.len() {
            let articles = self.places.articles.get(law).cloned().unwrap_or_default();
            self.check_numbers(&articles, true);
        }
        self.declare_bases();
    }

    fn next_provision(&self) -> ProvisionId {
        ProvisionId(u32::try_from(self.hir.provisions.len()).unwrap_or(u32::MAX))
    }

    /// Recursion: at most 条 款 项 目, as the parser nests them.
    fn declare_provision(
        &mut self,
        tree: &'a ast::Provision,
        parent: Option<ProvisionId>,
        above: &Address,
        law: usize,
    ) -> ProvisionId {
        let part = Part { kind: tree.kind, number: tree.number, sub: tree.sub };
        let address = above.clone().with_part(part);
        let provision = Provision {
            address: address.clone(),
            kind: tree.kind,
            parent,
            marks: tree.marks.iter().map(|m| m.kind).collect(),
            text: tree.text.as_ref().map(|t| (t.text.clone(), t.span)),
            notes: tree.notes.iter().map(|n| n.text.clone()).collect(),
            condition: None,
            rules: Vec::new(),
            span: tree.label,
        };
        let id = self.add_provision(provision, Some(tree), law);
        self.declare_provisos(tree, id, &address, law);
        let mut children = Vec::with_capacity(tree.children.len());
        for child in &tree.children {
            children.push(self.declare_provision(child, Some(id), &address, law));
        }
        for kind in [PartKind::Paragraph, PartKind::Item, PartKind::SubItem] {
            let kin: Vec<ProvisionId> =
                children.iter().copied().filter(|&c| self.kind_of(c) == Some(kind)).collect();
            self.check_numbers(&kin, false);
        }
        if let Some(slot) = self.places.children.get_mut(id.index()) {
            *slot = children;
        }
        let end = self.next_provision().0;
        if let Some(slot) = self.places.end.get_mut(id.index()) {
            *slot = end;
        }
        id
    }

    fn kind_of(&self, id: ProvisionId) -> Option<PartKind> {
        self.hir.provisions.get(id.index()).map(|p| p.kind)
    }

    fn add_provision(
        &mut self,
        provision: Provision,
        tree: Option<&'a ast::Provision>,
        law: usize,
    ) -> ProvisionId {
        let id = self.next_provision();
        match self.places.index.get(&provision.address) {
            Some(&first) => {
                let place = self.hir.provisions.get(first.index()).map(|p| p.span).unwrap_or_default();
                self.report(errors::duplicate_provision(&provision.address, provision.span, place));
            }
            None => {
                self.places.index.insert(provision.address.clone(), id);
            }
        }
        self.places.trees.push(tree);
        self.places.law.push(law);
        self.places.end.push(id.0 + 1);
        self.places.children.push(Vec::new());
        self.hir.provisions.push(provision);
        id
    }

    /// The 但书 of all statements of a provision: each is a provision, nested ones below their host.
    fn declare_provisos(&mut self, tree: &'a ast::Provision, host: ProvisionId, above: &Address, law: usize) {
        let mut number = 0;
        for statement in &tree.statements {
            let first = match &statement.kind {
                StatementKind::Rule(rule) => rule.proviso.as_deref(),
                StatementKind::Condition { proviso, .. } => proviso.as_deref(),
                StatementKind::Definition(_) | StatementKind::Priority { .. } | StatementKind::Scope(_) => {
                    None
                }
            };
            if first.is_some() {
                number += 1;
            }
            self.declare_proviso_chain(first, host, above.clone().proviso(number), law);
        }
    }

    fn declare_proviso_chain(
        &mut self,
        first: Option<&'a ast::Proviso>,
        host: ProvisionId,
        mut address: Address,
        law: usize,
    ) {
        let (mut at, mut parent) = (first, host);
        let mut chain = Vec::new();
        while let Some(proviso) = at {
            if chain.len() == PROVISO_LIMIT {
                self.report(super::errors::rules::proviso_too_deep(proviso.span, PROVISO_LIMIT));
                break;
            }
            let provision = Provision {
                address: address.clone(),
                kind: PartKind::Proviso,
                parent: Some(parent),
                marks: Vec::new(),
                text: None,
                notes: Vec::new(),
                condition: None,
                rules: Vec::new(),
                span: proviso.span,
            };
            parent = self.add_provision(provision, None, law);
            self.places.provisos.insert(std::ptr::from_ref(proviso), parent);
            chain.push(parent);
            address = address.proviso(1);
            at = proviso.inner.as_deref();
        }
        let end = self.next_provision().0;
        for id in chain {
            if let Some(slot) = self.places.end.get_mut(id.index()) {
                *slot = end;
            }
        }
    }

    /// Warns about the first provision of a run that is out of order and the first that skips a number.
    fn check_numbers(&mut self, run: &[ProvisionId], articles: bool) {
        let mut before: Option<(Part, ProvisionId)> = None;
        let mut warned = (false, false);
        for &id in run {
            let Some((address, span)) =
                self.hir.provisions.get(id.index()).map(|p| (p.address.clone(), p.span))
            else {
                continue;
            };
            let Some(part) = address.last() else { continue };
            match before {
                Some((last, last_id)) if part < last => {
                    let last_address = self.address(last_id);
                    if !std::mem::replace(&mut warned.0, true) {
                        self.report(errors::out_of_order(&address, span, &last_address));
                    }
                }
                Some((last, last_id)) if part > last && !follows(last, part) => {
                    let last_address = self.address(last_id);
                    if !std::mem::replace(&mut warned.1, true) {
                        self.report(errors::skipped(&address, span, Some(&last_address)));
                    }
                }
                None if !articles && part.number > 1 => {
                    warned.1 = true;
                    self.report(errors::skipped(&address, span, None));
                }
                Some(_) | None => {}
            }
            before = Some((part, id));
        }
    }

    /// Place of a provision's label.
    pub fn provision_span(&self, id: ProvisionId) -> Span {
        self.hir.provisions.get(id.index()).map(|p| p.span).unwrap_or_default()
    }

    /// Law of a provision.
    pub fn law_of(&self, id: ProvisionId) -> usize {
        self.places.law.get(id.index()).copied().unwrap_or(0)
    }
}

/// 十九 → 二十, 十九 → 十九之一, 十九之一 → 十九之二, 十九之二 → 二十.
fn follows(last: Part, next: Part) -> bool {
    (next.number == last.number + 1 && next.sub == 0)
        || (next.number == last.number && (next.sub == last.sub + 1 || (last.sub == 0 && next.sub <= 2)))
}
