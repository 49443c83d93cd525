//! Numbers and addresses after the operations, once it is known what stays, goes and comes.
use super::number::{Fault, Slot, number};
use super::plan::{Edit, Fate, Plan};
use super::{Renumbering, errors, insert};
use crate::base::{Address, Part, PartKind, Span, numeral};
use crate::syntax::ast::{HeadingAddress, HeadingLevel, OperationKind, PlaceKind, Provision};
use std::collections::{BTreeMap, BTreeSet};

/// One of several provisions side by side afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kin {
    /// One that was there.
    Old(usize),
    /// One that is added, by index.
    New(usize),
    /// The 款 that was all of an article.
    Body(usize),
}

/// Where everything is afterwards.
pub struct Settled {
    /// Address of each provision; none: gone.
    pub addresses: Vec<Option<Address>>,
    /// For an article that came to have 款: the 款 that was all of it.
    pub bodies: BTreeMap<usize, Address>,
    /// Those side by side, where anything changed.
    pub kin: BTreeMap<(Option<usize>, PartKind), Vec<Kin>>,
    /// All of it, for those to come.
    pub renumbering: Renumbering,
}

impl Settled {
    /// The address from which the words and clause of a provision are read.
    pub fn location(&self, node: usize) -> Option<&Address> {
        self.bodies.get(&node).or_else(|| self.addresses.get(node).and_then(Option::as_ref))
    }
}

impl Plan<'_> {
    /// Numbers everything.
    pub fn settle(&mut self) -> Settled {
        let mut parts: Vec<Part> = self.base.nodes.iter().map(super::base::Node::part).collect();
        let mut kin = BTreeMap::new();
        let mut bodies: BTreeMap<usize, Part> = BTreeMap::new();
        let mut added_parts: Vec<Part> = self.added.iter().map(|a| a.label).collect();
        for (parent, kind) in self.touched() {
            let order = self.order(parent, kind);
            let slots: Vec<Slot> = order.iter().map(|&k| self.slot(k)).collect();
            let (numbers, faults) = number(&slots, self.shifts(kind));
            for (&k, part) in order.iter().zip(&numbers) {
                match (k, part) {
                    (Kin::Old(node), Some(part)) => {
                        if let Some(slot) = parts.get_mut(node) {
                            *slot = *part;
                        }
                    }
                    (Kin::New(index), Some(part)) => {
                        if let Some(slot) = added_parts.get_mut(index) {
                            *slot = *part;
                        }
                    }
                    (Kin::Body(node), Some(part)) => {
                        bodies.insert(node, *part);
                    }
                    (_, None) => {}
                }
            }
            self.faults(&order, &faults);
            let stays = |k: &Kin| match k {
                Kin::Old(node) => self.fates.get(*node).is_some_and(|f| !f.is_gone()),
                Kin::New(_) | Kin::Body(_) => true,
            };
            kin.insert((parent, kind), order.into_iter().filter(stays).collect());
        }
        let mut settled = self.addresses(&parts, &bodies);
        settled.kin = kin;
        self.number_added(&added_parts, &mut settled);
        self.number_headings(&mut settled.renumbering);
        self.labels(&parts, &bodies, &settled);
        self.left_over();
        settled
    }

    /// Groups of provisions side by side in which something comes or goes.
    fn touched(&self) -> BTreeSet<(Option<usize>, PartKind)> {
        let mut touched: BTreeSet<_> = self.added.iter().map(|a| (a.parent, a.label.kind)).collect();
        for (node, fate) in self.fates.iter().enumerate() {
            let Some(found) = self.base.nodes.get(node) else { continue };
            // What is gone with its parent needs no number.
            let apart = found.parent.and_then(|p| self.fates.get(p)).is_none_or(|f| matches!(f, Fate::Kept));
            if matches!(fate, Fate::Deleted(_)) && apart {
                touched.insert((found.parent, found.tree.kind));
            }
        }
        touched
    }

    /// Those side by side in the order they will have, the deleted among them.
    fn order(&self, parent: Option<usize>, kind: PartKind) -> Vec<Kin> {
        let old = self.siblings_of(parent, kind);
        let mut old: Vec<Kin> = old.into_iter().map(Kin::Old).collect();
        if let Some(parent) = parent.filter(|p| kind == PartKind::Paragraph && self.split.contains_key(p)) {
            old = vec![Kin::Body(parent)];
        }
        let mut new: Vec<(usize, (Part, usize, usize), usize)> = self
            .added
            .iter()
            .enumerate()
            .filter(|(_, a)| a.parent == parent && a.label.kind == kind)
            .map(|(i, a)| (a.gap, a.order, i))
            .collect();
        new.sort_unstable();
        let mut new = new.into_iter().peekable();
        let mut order = Vec::with_capacity(old.len());
        for at in 0..=old.len() {
            while let Some((_, _, index)) = new.next_if(|(gap, _, _)| *gap <= at) {
                order.push(Kin::New(index));
            }
            order.extend(old.get(at));
        }
        order.extend(new.map(|(_, _, index)| Kin::New(index)));
        order
    }

    fn slot(&self, kin: Kin) -> Slot {
        match kin {
            Kin::Old(node) => {
                let deleted = self.fates.get(node).is_some_and(|f| f.is_gone());
                Slot { old: self.base.nodes.get(node).map(super::base::Node::part), deleted, given: None }
            }
            Kin::New(index) => {
                Slot { old: None, deleted: false, given: self.added.get(index).map(|a| a.label) }
            }
            Kin::Body(_) => {
                Slot { old: Some(Part::new(PartKind::Paragraph, 1)), deleted: false, given: None }
            }
        }
    }

    fn faults(&mut self, order: &[Kin], faults: &[(usize, Fault)]) {
        for &(at, fault) in faults {
            match (order.get(at), fault) {
                (Some(Kin::New(index)), Fault::Wrong(right)) => {
                    if let Some(added) = self.added.get(*index) {
                        let found = self.written(added.label_at);
                        self.errors.push(errors::wrong_number(added.label_at, &found, &right.to_string()));
                    }
                }
                (Some(Kin::New(index)), Fault::Taken(free)) => {
                    if let Some(added) = self.added.get(*index) {
                        let order = if added.label.kind == PartKind::Article { "条文" } else { "款项" };
                        let (at, label) = (added.label_at, added.label.to_string());
                        self.errors.push(errors::taken(at, &label, &free.to_string(), order));
                    }
                }
                (Some(Kin::Old(node)), Fault::Orphan) => {
                    let name = self.name(*node);
                    let gone = self.base.nodes.get(*node).map(super::base::Node::part);
                    let main = gone.map(|p| Part { sub: 0, ..p });
                    let op = order
                        .iter()
                        .filter_map(|k| if let Kin::Old(n) = k { Some(*n) } else { None })
                        .filter(|&n| self.base.nodes.get(n).map(super::base::Node::part) == main)
                        .find_map(|n| self.fates.get(n).and_then(|f| f.op()));
                    let at = op.map_or(self.decision.title.span, |op| self.op_span(op));
                    let main = main.map(|m| m.to_string()).unwrap_or_default();
                    let message = format!("删去“{main}”之后，“{name}”没有了所附的条文");
                    self.errors.push(errors::left_over(at, message, "连同它一起删去，或者保留所附的条文"));
                }
                (_, _) => {}
            }
        }
    }

    /// What stands at a place of the decision.
    pub fn written(&self, at: Span) -> String {
        self.decision.source.get(at.start as usize..at.end as usize).unwrap_or("").to_owned()
    }

    /// Full addresses, from the articles down.
    fn addresses(&self, parts: &[Part], bodies: &BTreeMap<usize, Part>) -> Settled {
        let mut addresses: Vec<Option<Address>> = Vec::with_capacity(self.base.nodes.len());
        let mut body_addresses = BTreeMap::new();
        let mut renumbering = Renumbering::default();
        for (node, found) in self.base.nodes.iter().enumerate() {
            let above = match found.parent {
                None => Some(Address::default()),
                Some(parent) => {
                    body_addresses.get(&parent).cloned().or_else(|| addresses.get(parent).cloned().flatten())
                }
            };
            let gone = self.fates.get(node).is_some_and(|f| f.is_gone());
            let here = above.filter(|_| !gone).zip(parts.get(node)).map(|(a, &p)| a.with_part(p));
            if let (Some(part), Some(here)) = (bodies.get(&node), &here) {
                body_addresses.insert(node, here.clone().with_part(*part));
            }
            renumbering.record(Some(found.address.clone()), here.clone());
            addresses.push(here);
        }
        for (node, body) in &body_addresses {
            // The 款 that was the whole article.
            if let Some(found) = self.base.nodes.get(*node) {
                let old = found.address.clone().paragraph(1);
                renumbering.record(Some(old), Some(body.clone()));
            }
        }
        Settled { addresses, bodies: body_addresses, kin: BTreeMap::new(), renumbering }
    }

    /// Addresses of what is added, and of what comes within what is written anew.
    fn number_added(&mut self, parts: &[Part], settled: &mut Settled) {
        let mut wrong = Vec::new();
        for (added, &part) in self.added.iter_mut().zip(parts) {
            let above = match added.parent {
                None => Some(Address::default()),
                Some(parent) => settled.addresses.get(parent).cloned().flatten(),
            };
            let Some(address) = above.map(|a| a.with_part(part)) else { continue };
            record_new(&mut settled.renumbering, &address, added.tree);
            if insert::part_of(added.tree) != part {
                wrong.push((added.tree.label, part));
            }
            added.address = Some(address);
        }
        for (at, part) in wrong {
            self.wrong_label(at, part);
        }
        for (node, fate) in self.fates.iter().enumerate() {
            let (Fate::Replaced(_, Some(tree)), Some(found)) = (fate, self.base.nodes.get(node)) else {
                continue;
            };
            let Some(Some(address)) = settled.addresses.get(node) else { continue };
            for child in &tree.children {
                let part = insert::part_of(child);
                let known =
                    found.children.iter().any(|&c| self.base.nodes.get(c).is_some_and(|c| c.part() == part));
                if !known {
                    record_new(&mut settled.renumbering, &address.clone().with_part(part), child);
                }
            }
        }
        self.check_full_labels(settled);
    }

    fn wrong_label(&mut self, at: Span, part: Part) {
        let (found, right) = (self.written(at), label(part));
        self.errors.push(errors::wrong_number(at, &found, &right));
    }

    /// 作为 第十九条第七项 and 改为 第二十条: the whole address must be right.
    fn check_full_labels(&mut self, settled: &Settled) {
        let decision = self.decision;
        let mut wrong = Vec::new();
        for (node, fate) in self.fates.iter().enumerate() {
            let (Fate::Replaced(op, Some(_)), Some(Some(new))) = (fate, settled.addresses.get(node)) else {
                continue;
            };
            let Some(op) = decision.ops.get(*op) else { continue };
            if let OperationKind::Replace { target, becomes: Some(becomes), .. } = &op.kind
                && let (PlaceKind::Provision(from), PlaceKind::Provision(to)) = (&target.kind, &becomes.kind)
                && self.since.follow(from).and_then(|f| self.base.find_cited(&f)) == Some(node)
            {
                let said = if insert::is_full(to) { to == new } else { to.last() == new.last() };
                if !said {
                    wrong.push((becomes.span, new.to_string()));
                }
            }
        }
        for added in &self.added {
            let Some(op) = decision.ops.get(added.op) else { continue };
            let OperationKind::Insert { labels, .. } = &op.kind else { continue };
            let place = labels.iter().find(|l| l.span == added.label_at);
            if let (Some(PlaceKind::Provision(address)), Some(new)) = (place.map(|p| &p.kind), &added.address)
                && insert::is_full(address)
                && added.label.kind != PartKind::Article
                && address.parts.len() > 1
                && address.parent() != new.parent()
            {
                wrong.push((added.label_at, new.to_string()));
            }
        }
        for (at, right) in wrong {
            let found = self.written(at);
            self.errors.push(errors::wrong_number(at, &found, &right));
        }
    }

    /// New labels of what stays, and whether what is written anew has its own.
    fn labels(&mut self, parts: &[Part], bodies: &BTreeMap<usize, Part>, settled: &Settled) {
        let mut edits = Vec::new();
        let mut wrong = Vec::new();
        for (node, found) in self.base.nodes.iter().enumerate() {
            let Some(&part) = parts.get(node) else { continue };
            match self.fates.get(node) {
                Some(Fate::Kept) => {
                    if part != found.part() {
                        let region = super::base::Base::bytes(found.file, found.tree.label);
                        edits.push(Edit { region, text: label(part), rank: 0 });
                    }
                }
                Some(Fate::Replaced(_, Some(tree))) => {
                    if insert::part_of(tree) != part
                        && settled.addresses.get(node).is_some_and(Option::is_some)
                    {
                        wrong.push((tree.label, part));
                    }
                }
                Some(Fate::Deleted(_) | Fate::Replaced(_, None)) | None => {}
            }
        }
        for (&node, &part) in bodies {
            let Some(found) = self.base.nodes.get(node) else { continue };
            let Some(text) = &found.tree.text else { continue };
            let at = (text.span.start as usize).saturating_sub('「'.len_utf8());
            let region = super::base::Region { file: found.file, start: at, end: at };
            edits.push(Edit { region, text: format!("\n{}", label(part)), rank: 9 });
        }
        self.edits.extend(edits);
        for (at, part) in wrong {
            self.wrong_label(at, part);
        }
    }

    /// A list of which nothing is left.
    fn left_over(&mut self) {
        let mut found = Vec::new();
        for (node, fate) in self.fates.iter().enumerate() {
            let Some(here) = self.base.nodes.get(node) else { continue };
            let lists = here.tree.statements.iter().any(super::check::announces);
            if !matches!(fate, Fate::Kept) || !lists || self.clauses.contains_key(&node) {
                continue;
            }
            let items: Vec<usize> = here
                .children
                .iter()
                .copied()
                .filter(|&c| self.base.nodes.get(c).is_some_and(|c| c.tree.kind >= PartKind::Item))
                .collect();
            let gone = |&c: &usize| self.fates.get(c).is_some_and(|f| f.is_gone());
            let added = self.added.iter().any(|a| a.parent == Some(node) && a.label.kind >= PartKind::Item);
            if !items.is_empty() && items.iter().all(gone) && !added {
                let op = items.iter().find_map(|&c| self.fates.get(c).and_then(|f| f.op()));
                found.push((here.address.to_string(), op));
            }
        }
        for (name, op) in found {
            let at = op.map_or(self.decision.title.span, |op| self.op_span(op));
            let message = format!("“{name}”引出下列各项，删去之后一项也没有了");
            self.errors.push(errors::left_over(at, message, "连同它一起删去，或者一并修改它的条款"));
        }
    }

    // ------------------------------------------------------------ headings

    fn number_headings(&mut self, renumbering: &mut Renumbering) {
        let mut numbers: Vec<Option<u32>> = vec![None; self.base.heads.len()];
        let mut edits = Vec::new();
        let groups: BTreeSet<Option<usize>> = self
            .base
            .heads
            .iter()
            .map(|h| h.parent)
            .chain(self.added_heads.iter().map(|a| a.parent))
            .collect();
        for parent in groups {
            for level in [HeadingLevel::Chapter, HeadingLevel::Section] {
                self.number_group(parent, level, &mut numbers);
            }
        }
        for (head, found) in self.base.heads.iter().enumerate() {
            let new = numbers.get(head).copied().flatten();
            let chapter = match found.parent {
                Some(parent) => numbers.get(parent).copied().flatten(),
                None => None,
            };
            let address = new.map(|n| match found.tree.level {
                HeadingLevel::Chapter => HeadingAddress { chapter: n, section: None },
                HeadingLevel::Section => HeadingAddress { chapter: chapter.unwrap_or(0), section: Some(n) },
            });
            renumbering.record_heading(Some(found.address), address);
            let (Some(new), Some(Fate::Kept)) = (new, self.head_fates.get(head)) else { continue };
            if new != found.tree.number {
                let text = self.base.texts.get(found.file).copied().unwrap_or("");
                let start = found.tree.span.start as usize;
                let word = if found.tree.level == HeadingLevel::Chapter { '章' } else { '节' };
                let length = text.get(start..).and_then(|t| t.find(word)).unwrap_or(0);
                let region = super::base::Region { file: found.file, start, end: start + length };
                edits.push(Edit { region, text: format!("第{}", numeral::to_chinese(new.into())), rank: 0 });
            }
        }
        self.edits.extend(edits);
    }

    /// Chapters, or the sections of a chapter.
    fn number_group(&mut self, parent: Option<usize>, level: HeadingLevel, numbers: &mut [Option<u32>]) {
        let old: Vec<usize> = (0..self.base.heads.len())
            .filter(|&h| self.base.heads.get(h).is_some_and(|h| h.parent == parent && h.tree.level == level))
            .collect();
        let mut new: Vec<(usize, usize, usize)> = self
            .added_heads
            .iter()
            .enumerate()
            .filter(|(_, a)| a.parent == parent && a.tree.level == level)
            .map(|(i, a)| (a.gap, a.order, i))
            .collect();
        new.sort_unstable();
        let part = |n: u32| Part::new(PartKind::Article, n);
        let mut slots = Vec::new();
        let mut who = Vec::new();
        for at in 0..=old.len() {
            for &(_, _, index) in new.iter().filter(|(gap, _, _)| *gap == at) {
                slots.push(Slot {
                    old: None,
                    deleted: false,
                    given: self.added_heads.get(index).map(|a| part(a.tree.number)),
                });
                who.push(Err(index));
            }
            if let Some(&head) = old.get(at) {
                let deleted = matches!(self.head_fates.get(head), Some(Fate::Deleted(_)));
                slots.push(Slot {
                    old: self.base.heads.get(head).map(|h| part(h.tree.number)),
                    deleted,
                    given: None,
                });
                who.push(Ok(head));
            }
        }
        let (parts, faults) = number(&slots, self.decision.renumber.is_some());
        for (who, part) in who.iter().zip(parts) {
            if let (Ok(head), Some(part)) = (who, part)
                && let Some(slot) = numbers.get_mut(*head)
            {
                *slot = Some(part.number);
            }
        }
        let word = if level == HeadingLevel::Chapter { "章" } else { "节" };
        for (at, fault) in faults {
            let Some(Err(index)) = who.get(at) else { continue };
            let Some(added) = self.added_heads.get(*index) else { continue };
            let name = |n: u32| format!("第{}{word}", numeral::to_chinese(n.into()));
            let found = name(added.tree.number);
            let diag = match fault {
                Fault::Wrong(right) => errors::wrong_number(added.tree.span, &found, &name(right.number)),
                Fault::Taken(_) | Fault::Orphan => errors::heading_taken(added.tree.span, &found),
            };
            self.errors.push(diag);
        }
    }
}

/// What is added, all of it.
fn record_new(renumbering: &mut Renumbering, address: &Address, tree: &Provision) {
    renumbering.record(None, Some(address.clone()));
    for child in &tree.children {
        record_new(renumbering, &address.clone().with_part(insert::part_of(child)), child);
    }
}

/// How a provision is labelled: 第八条, 第二款, （三）, 1.
pub fn label(part: Part) -> String {
    let number = numeral::to_chinese(u64::from(part.number));
    let sub =
        if part.sub > 0 { format!("之{}", numeral::to_chinese(u64::from(part.sub))) } else { String::new() };
    match part.kind {
        PartKind::Article => format!("第{number}条{sub}"),
        PartKind::Paragraph => format!("第{number}款"),
        PartKind::Item => format!("（{number}）{sub}"),
        PartKind::SubItem | PartKind::Proviso => format!("{}.", part.number),
    }
}
