//! Chapters and sections: added, and written anew with the articles in them.
use super::base::Region;
use super::insert::{articles_of, part_of};
use super::plan::{Added, AddedHead, Edit, Fate, Plan};
use super::{ChangeKind, errors, lines};
use crate::base::{PartKind, Span};
use crate::syntax::ast::{
    HeadingLevel, Level, Operation, OperationKind, Payload, Place, PlaceKind, Position, Provision, Target,
    TopItem,
};

impl<'a> Plan<'a> {
    /// A chapter or section beside another.
    pub fn insert_chapter(
        &mut self,
        op: usize,
        position: &Position,
        level: Level,
        labels: &[Place],
        with: &'a Payload,
    ) {
        let (target, before) = match position {
            Position::Before(target) => (target, true),
            Position::After(target) | Position::Between(target, _) => (target, false),
            Position::In(target) => {
                self.errors.push(errors::wrong_anchor(target.span(), "章、节"));
                return;
            }
        };
        let Target::Place(Place { kind: PlaceKind::Heading(address), span }) = target else {
            self.errors.push(errors::wrong_anchor(target.span(), "章、节"));
            return;
        };
        let Some(head) = self.heading(*address, *span) else { return };
        let Some(found) = self.base.heads.get(head) else { return };
        let (parent, file, wanted) = (found.parent, found.file, found.tree.level);
        let level = if level == Level::Chapter { HeadingLevel::Chapter } else { HeadingLevel::Section };
        if wanted != level {
            self.errors.push(errors::wrong_anchor(*span, "同级的章、节"));
            return;
        }
        let kin: Vec<usize> = (0..self.base.heads.len())
            .filter(|&h| self.base.heads.get(h).is_some_and(|h| h.tree.level == level && h.parent == parent))
            .collect();
        let Some(at) = kin.iter().position(|&k| k == head) else { return };
        let point =
            if before { self.base.whole_of(file, found.tree.span).start } else { self.chapter_end(head) };
        let gap = if before { at } else { at + 1 };
        self.put_chapter(op, parent, gap, Region { file, start: point, end: point }, labels, with);
    }

    /// Where the last article or statement of a chapter ends.
    pub fn chapter_end(&self, head: usize) -> usize {
        let Some(found) = self.base.heads.get(head) else { return 0 };
        let mut end = self.base.whole_of(found.file, found.tree.span).end;
        let items = self.base.trees.get(found.file).map_or(&[][..], |t| t.items.as_slice());
        for item in items.iter().skip(found.item + 1) {
            match item {
                TopItem::Heading(h)
                    if h.level == HeadingLevel::Chapter || found.tree.level == HeadingLevel::Section =>
                {
                    break;
                }
                TopItem::Heading(h) => end = self.base.whole_of(found.file, h.span).end,
                TopItem::Article(a) => end = self.base.whole_of(found.file, a.span).end,
                TopItem::Statement(s) => end = self.base.whole_of(found.file, s.span).end,
                TopItem::Include(_) | TopItem::Enum(_) | TopItem::Facts(_) | TopItem::Conclusions(_) => {}
            }
        }
        end
    }

    fn put_chapter(
        &mut self,
        op: usize,
        parent: Option<usize>,
        gap: usize,
        at: Region,
        labels: &[Place],
        with: &'a Payload,
    ) {
        let articles_gap = self.articles_before(at.file, at.start);
        let articles: Vec<&'a Provision> = articles_of(with).collect();
        let first = articles.first().map(|a| part_of(a));
        for (i, tree) in articles.iter().enumerate() {
            let label = part_of(tree);
            let order = (first.unwrap_or(label), op, i);
            let (parent, gap, label_at) = (None, articles_gap, tree.label);
            self.added.push(Added { op, parent, gap, order, label, label_at, tree, address: None });
            self.change(op, ChangeKind::Added, None, String::new());
        }
        for (i, item) in with.items.iter().enumerate() {
            if let TopItem::Heading(tree) = item
                && (tree.level == HeadingLevel::Chapter || parent.is_some())
            {
                self.added_heads.push(AddedHead { parent, gap, order: i, tree });
            }
        }
        for label in labels {
            if let PlaceKind::Heading(address) = label.kind {
                self.check_heading_label(address, label.span, with);
                self.change(op, ChangeKind::Added, None, address.to_string());
            }
        }
        let source = self.decision.source.as_str();
        let end = lines::end_of(source, with.span.end as usize);
        let body = self.given(with.span.start as usize, end);
        self.edits.push(Edit { region: at, text: format!("\n{body}\n"), rank: 5 });
    }

    /// Replaced chapters, in order of text.
    pub fn chapters(&mut self, chosen: &[(usize, &'a Operation)]) {
        let mut found = Vec::new();
        for &(index, op) in chosen {
            if let OperationKind::Replace { target, with, .. } = &op.kind
                && let PlaceKind::Heading(address) = target.kind
                && let Some(head) = self.heading(address, target.span)
            {
                found.push((head, index, with));
            }
        }
        found.sort_by_key(|(head, index, _)| (*head, *index));
        for (head, op, with) in found {
            self.replace_chapter(head, op, with);
        }
    }

    /// Articles are told by their numbers: the one given as 第十条 is the old one that would be 第十条.
    fn replace_chapter(&mut self, head: usize, op: usize, with: &'a Payload) {
        let old: Vec<usize> = self.base.articles_below(head).collect();
        let offset = self.offset(None, &old);
        let by = if self.shifts(PartKind::Article) {
            self.moved_before(None, PartKind::Article, offset, &self.base.articles.clone())
        } else {
            0
        };
        let Some(found) = self.base.heads.get(head) else { return };
        if let Some(other) = self.head_fates.get(head).and_then(|f| f.op()) {
            let (here, there) = (self.op_span(op), self.op_span(other));
            self.errors.push(errors::conflict(here, there, &found.address.to_string()));
            return;
        }
        let mut cursor = found.tree.span.start as usize;
        let file = found.file;
        let mut met = Vec::new();
        let mut gap = offset;
        for item in &with.items {
            match item {
                TopItem::Heading(given) => {
                    cursor = self.replace_head(head, op, given, file, cursor);
                }
                TopItem::Article(given) => {
                    let moved = |n: usize| {
                        let part = self.base.nodes.get(n)?.part();
                        let number = u32::try_from(i64::from(part.number) + by).ok()?;
                        Some((number, part.sub))
                    };
                    let same = old.iter().copied().find(|&n| moved(n) == Some((given.number, given.sub)));
                    if let Some(node) = same {
                        self.replace_node(op, node, given);
                        met.push(node);
                        cursor = self.base.whole(node).end;
                        gap = self.base.articles.iter().position(|&a| a == node).map_or(gap, |at| at + 1);
                    } else {
                        self.add_article(op, given, gap, Region { file, start: cursor, end: cursor });
                    }
                }
                TopItem::Include(_)
                | TopItem::Enum(_)
                | TopItem::Facts(_)
                | TopItem::Conclusions(_)
                | TopItem::Statement(_) => {}
            }
        }
        for node in old.into_iter().filter(|n| !met.contains(n)) {
            self.delete_node(op, node, ChangeKind::Deleted);
        }
        self.drop_sections(head, op, with);
    }

    fn add_article(&mut self, op: usize, tree: &'a Provision, gap: usize, at: Region) {
        let label = part_of(tree);
        let order = (label, op, 0);
        self.added.push(Added {
            op,
            parent: None,
            gap,
            order,
            label,
            label_at: tree.label,
            tree,
            address: None,
        });
        self.change(op, ChangeKind::Added, None, String::new());
        let text = format!("\n{}\n", self.given_body(tree));
        self.edits.push(Edit { region: at, text, rank: 4 });
    }

    /// The given heading in the place of the one it stands for; gives where the next thing goes.
    fn replace_head(
        &mut self,
        head: usize,
        op: usize,
        given: &'a crate::syntax::ast::Heading,
        file: usize,
        cursor: usize,
    ) -> usize {
        let text = self.given(given.span.start as usize, given.span.end as usize);
        let old = (0..self.base.heads.len()).find(|&h| {
            self.base.heads.get(h).is_some_and(|f| {
                let chapter =
                    given.level == self.base.heads.get(head).map_or(HeadingLevel::Chapter, |h| h.tree.level);
                if chapter { h == head } else { f.parent == Some(head) && f.tree.number == given.number }
            })
        });
        let Some(found) = old.and_then(|h| self.base.heads.get(h).map(|f| (h, f))) else {
            let region = Region { file, start: cursor, end: cursor };
            self.edits.push(Edit { region, text: format!("\n{text}\n"), rank: 4 });
            return cursor;
        };
        if let Some(fate) = self.head_fates.get_mut(found.0) {
            *fate = Fate::Replaced(op, None);
        }
        let (span, name) = (found.1.tree.span, found.1.address.to_string());
        self.edits.push(Edit { region: super::base::Base::bytes(file, span), text, rank: 0 });
        self.change(op, ChangeKind::Replaced, None, name);
        self.base.whole_of(file, span).end
    }

    fn drop_sections(&mut self, head: usize, op: usize, with: &Payload) {
        let given: Vec<u32> = with
            .items
            .iter()
            .filter_map(|i| if let TopItem::Heading(h) = i { Some(h) } else { None })
            .filter(|h| h.level == HeadingLevel::Section)
            .map(|h| h.number)
            .collect();
        for index in 0..self.base.heads.len() {
            let Some(found) = self.base.heads.get(index) else { continue };
            if found.parent == Some(head) && !given.contains(&found.tree.number) {
                self.delete_head(op, index, ChangeKind::Deleted);
            }
        }
    }

    fn check_heading_label(&mut self, label: crate::syntax::ast::HeadingAddress, at: Span, with: &Payload) {
        let wanted = label.section.unwrap_or(label.chapter);
        let level = if label.section.is_some() { HeadingLevel::Section } else { HeadingLevel::Chapter };
        let given = with
            .items
            .iter()
            .any(|i| matches!(i, TopItem::Heading(h) if h.level == level && h.number == wanted));
        if !given {
            let found = with.items.iter().find_map(|i| match i {
                TopItem::Heading(h) if h.level == level => Some(h.number),
                _ => None,
            });
            let right = found.map_or_else(String::new, |n| {
                let word = if level == HeadingLevel::Section { "节" } else { "章" };
                format!("第{}{word}", crate::base::numeral::to_chinese(n.into()))
            });
            self.errors.push(errors::wrong_number(at, &label.to_string(), &right));
        }
    }
}
