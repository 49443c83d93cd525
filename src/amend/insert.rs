//! Where provisions are added: beside one that is named, or among those of a chapter or provision, by number.
use super::base::Region;
use super::plan::{Added, Edit, Plan};
use super::{ChangeKind, errors, lines};
use crate::base::{Address, Part, PartKind, Span};
use crate::syntax::ast::{
    Level, Operation, OperationKind, Payload, Place, PlaceKind, Position, Provision, Target, TopItem,
};

/// Where something goes: among which children, before which of them, and at which byte.
struct Spot {
    parent: Option<usize>,
    gap: usize,
    at: Region,
}

/// The plain or inserted step a label ends in.
fn label_part(place: &Place) -> Option<Part> {
    match &place.kind {
        PlaceKind::Provision(address) => address.last(),
        PlaceKind::Range(..) | PlaceKind::Heading(_) => None,
    }
}

/// Articles among what is given.
pub fn articles_of(with: &Payload) -> impl Iterator<Item = &Provision> {
    with.items.iter().filter_map(|item| match item {
        TopItem::Article(article) => Some(article),
        TopItem::Include(_)
        | TopItem::Enum(_)
        | TopItem::Facts(_)
        | TopItem::Conclusions(_)
        | TopItem::Heading(_)
        | TopItem::Statement(_) => None,
    })
}

impl<'a> Plan<'a> {
    /// Insertions whose place is named; the others wait for [`Self::by_number`].
    pub fn insert(
        &mut self,
        op: usize,
        position: &Position,
        level: Level,
        labels: &[Place],
        with: &'a Payload,
    ) {
        match (level, position) {
            (Level::Chapter | Level::Section, _) => self.insert_chapter(op, position, level, labels, with),
            (Level::Part(_), Position::In(_)) => {}
            (Level::Part(kind), _) => {
                let first = labels.first().and_then(label_part);
                if let Some(spot) = self.spot(position, kind, first) {
                    self.put(op, &spot, labels, with);
                }
            }
        }
    }

    /// 第十九条 增加一项，作为 第七项: before what has that number now, the numbers before it being known.
    pub fn by_number(&mut self, chosen: &[(usize, &'a Operation)]) {
        let mut waiting: Vec<(Part, usize, &'a Operation)> = Vec::new();
        for &(index, op) in chosen {
            if let OperationKind::Insert {
                position: Position::In(_), level: Level::Part(_), labels, ..
            } = &op.kind
            {
                waiting.extend(labels.first().and_then(label_part).map(|p| (p, index, op)));
            }
        }
        waiting.sort_by_key(|(part, index, _)| (*part, *index));
        for (part, index, op) in waiting {
            let OperationKind::Insert { position: Position::In(target), labels, with, .. } = &op.kind else {
                continue;
            };
            if let Some(spot) = self.numbered_spot(target, part) {
                self.put(index, &spot, labels, with);
            }
        }
    }

    /// Beside what is named.
    fn spot(&mut self, position: &Position, kind: PartKind, label: Option<Part>) -> Option<Spot> {
        match position {
            Position::Before(target) => self.beside(target, kind, true, label),
            Position::After(target) => self.beside(target, kind, false, label),
            Position::Between(low, high) => {
                let first = self.sibling(low, kind)?;
                let second = self.sibling(high, kind)?;
                let kin = self.base.siblings(first);
                let at = |n: usize| kin.iter().position(|&k| k == n);
                if at(first).map(|i| i + 1) != at(second) {
                    let names = (self.name(first), self.name(second));
                    self.errors.push(errors::not_adjacent(low.span().to(high.span()), &names.0, &names.1));
                    return None;
                }
                self.beside(low, kind, false, label.map(|l| Part { sub: l.sub.max(1), ..l }))
            }
            Position::In(_) => None,
        }
    }

    pub(super) fn name(&self, node: usize) -> String {
        self.base.nodes.get(node).map(|n| n.address.to_string()).unwrap_or_default()
    }

    /// The provision of this kind a target names.
    fn sibling(&mut self, target: &Target, kind: PartKind) -> Option<usize> {
        let Target::Place(Place { kind: PlaceKind::Provision(address), span }) = target else {
            self.errors.push(errors::wrong_anchor(target.span(), kind.word()));
            return None;
        };
        let node = self.node(address, *span)?;
        if self.base.nodes.get(node).is_some_and(|n| n.tree.kind == kind) {
            return Some(node);
        }
        self.errors.push(errors::wrong_anchor(*span, kind.word()));
        None
    }

    fn beside(&mut self, target: &Target, kind: PartKind, before: bool, label: Option<Part>) -> Option<Spot> {
        if kind == PartKind::Article
            && !matches!(target, Target::Place(Place { kind: PlaceKind::Provision(_), .. }))
        {
            return self.beside_other(target, before);
        }
        if let Some(spot) = self.beside_body(target, kind, before) {
            return Some(spot);
        }
        let mut node = self.sibling(target, kind)?;
        let kin = self.base.siblings(node);
        let mut gap = kin.iter().position(|&k| k == node)?;
        if before {
            let whole = self.base.whole(node);
            return Some(Spot { parent: self.parent(node), gap, at: Region { end: whole.start, ..whole } });
        }
        // 之N hang on their article: a plain number comes behind them.
        let own = self.base.nodes.get(node)?.part();
        gap += 1;
        while label.is_some_and(|l| l.sub == 0) {
            let Some(&next) = kin.get(gap) else { break };
            let part = self.base.nodes.get(next)?.part();
            if part.number != own.number || part.sub == 0 {
                break;
            }
            node = next;
            gap += 1;
        }
        let end =
            if kind == PartKind::Article { self.behind_article(node) } else { self.base.whole(node).end };
        let file = self.base.nodes.get(node)?.file;
        Some(Spot { parent: self.parent(node), gap, at: Region { file, start: end, end } })
    }

    fn parent(&self, node: usize) -> Option<usize> {
        self.base.nodes.get(node).and_then(|n| n.parent)
    }

    /// 第五条第一款 of an article that is one unnumbered 款.
    fn beside_body(&mut self, target: &Target, kind: PartKind, before: bool) -> Option<Spot> {
        let Target::Place(Place { kind: PlaceKind::Provision(address), .. }) = target else { return None };
        let here = self.since.follow(address)?;
        let first = here.last() == Some(Part::new(PartKind::Paragraph, 1));
        if kind != PartKind::Paragraph || !first || self.base.find(&here).is_some() {
            return None;
        }
        let article = self.base.find(&here.article())?;
        self.body_spot(article, usize::from(!before))
    }

    /// Before or behind the one 款 of an article, which becomes numbered.
    fn body_spot(&mut self, article: usize, gap: usize) -> Option<Spot> {
        if self.base.has_paragraphs(article) {
            return None;
        }
        let found = self.base.nodes.get(article)?;
        let text = found.tree.text.as_ref()?;
        let at = (text.span.start as usize).saturating_sub('「'.len_utf8());
        let end = self.base.body(article).end;
        let point = if gap == 0 { at } else { end };
        let file = found.file;
        Some(Spot { parent: Some(article), gap, at: Region { file, start: point, end: point } })
    }

    /// The end of an article with the statements outside articles that follow it.
    fn behind_article(&self, node: usize) -> usize {
        let Some(found) = self.base.nodes.get(node) else { return 0 };
        let mut end = self.base.whole(node).end;
        let items = self.base.trees.get(found.file).map_or(&[][..], |t| t.items.as_slice());
        let at = items.iter().position(|i| matches!(i, TopItem::Article(a) if std::ptr::eq(a, found.tree)));
        for item in items.iter().skip(at.map_or(items.len(), |at| at + 1)) {
            let TopItem::Statement(statement) = item else { break };
            end = self.base.whole_of(found.file, statement.span).end;
        }
        end
    }

    /// An article beside a declaration or heading.
    fn beside_other(&mut self, target: &Target, before: bool) -> Option<Spot> {
        let region = self.region_of(target)?;
        let point = if before { region.start } else { region.end };
        let gap = self.articles_before(region.file, point);
        Some(Spot { parent: None, gap, at: Region { start: point, end: point, ..region } })
    }

    /// How many articles begin before a place.
    pub(super) fn articles_before(&self, file: usize, at: usize) -> usize {
        let before = |&&a: &&usize| {
            self.base
                .nodes
                .get(a)
                .is_some_and(|n| n.file < file || n.file == file && (n.tree.label.start as usize) < at)
        };
        self.base.articles.iter().filter(before).count()
    }

    /// Among the children of a provision or chapter, where a number belongs.
    fn numbered_spot(&mut self, target: &Target, label: Part) -> Option<Spot> {
        let Target::Place(place) = target else {
            self.errors.push(errors::wrong_anchor(target.span(), label.kind.word()));
            return None;
        };
        let (parent, kin) = match &place.kind {
            PlaceKind::Heading(address) if label.kind == PartKind::Article => {
                let head = self.heading(*address, place.span)?;
                (None, self.base.articles_below(head).collect::<Vec<_>>())
            }
            PlaceKind::Provision(address) => {
                let node = self.node(address, place.span)?;
                let kind = self.base.nodes.get(node)?.tree.kind;
                let fits = match label.kind {
                    PartKind::Paragraph => kind == PartKind::Article,
                    PartKind::Item => matches!(kind, PartKind::Article | PartKind::Paragraph),
                    PartKind::SubItem => kind == PartKind::Item,
                    PartKind::Article | PartKind::Proviso => false,
                };
                if !fits {
                    self.errors.push(errors::wrong_anchor(place.span, label.kind.word()));
                    return None;
                }
                if label.kind == PartKind::Paragraph && !self.base.has_paragraphs(node) {
                    let spot = self.body_spot(node, usize::from(label.number > 1));
                    if spot.is_none() {
                        self.errors.push(errors::wrong_anchor(place.span, label.kind.word()));
                    }
                    return spot;
                }
                if label.kind > PartKind::Paragraph
                    && self.base.has_paragraphs(node)
                    && kind == PartKind::Article
                {
                    self.errors.push(errors::which_paragraph(place.span, &address.to_string()));
                    return None;
                }
                (Some(node), self.base.children(node, label.kind).collect::<Vec<_>>())
            }
            PlaceKind::Heading(_) | PlaceKind::Range(..) => {
                self.errors.push(errors::wrong_anchor(place.span, label.kind.word()));
                return None;
            }
        };
        let index = self.index_for(parent, &kin, label);
        self.spot_at(parent, &kin, index, place)
    }

    /// Before which of `kin` a number belongs.
    fn index_for(&self, parent: Option<usize>, kin: &[usize], label: Part) -> usize {
        let shift = self.shifts(label.kind);
        let offset = self.offset(parent, kin);
        let mut by = 0_i64;
        let all = self.siblings_of(parent, label.kind);
        let before_all = self.moved_before(parent, label.kind, offset, &all);
        for (i, &node) in kin.iter().enumerate() {
            let added = self
                .added
                .iter()
                .filter(|a| a.parent == parent && a.label.kind == label.kind && a.gap == offset + i);
            by += i64::try_from(added.filter(|a| a.label.sub == 0).count()).unwrap_or(0);
            let Some(part) = self.base.nodes.get(node).map(super::base::Node::part) else { continue };
            let gone = self.fates.get(node).is_some_and(|f| f.is_gone());
            let moved = i64::from(part.number) + if shift { by + before_all } else { 0 };
            let there = (moved, part.sub);
            let wanted = (i64::from(label.number), label.sub);
            if !gone && (there > wanted || shift && there == wanted) {
                return i;
            }
            if gone && part.sub == 0 {
                by -= 1;
            }
        }
        kin.len()
    }

    /// Whether provisions of a kind give way.
    pub fn shifts(&self, kind: PartKind) -> bool {
        match kind {
            PartKind::Article => self.decision.renumber.is_some(),
            PartKind::Paragraph => true,
            PartKind::Item | PartKind::SubItem | PartKind::Proviso => self.decision.renumber_items.is_some(),
        }
    }

    /// All provisions of a kind beside one another.
    pub fn siblings_of(&self, parent: Option<usize>, kind: PartKind) -> Vec<usize> {
        match parent {
            None => self.base.articles.clone(),
            Some(parent) => self.base.children(parent, kind).collect(),
        }
    }

    pub(super) fn offset(&self, parent: Option<usize>, kin: &[usize]) -> usize {
        let first = kin.first();
        if parent.is_some() {
            return 0;
        }
        first.and_then(|f| self.base.articles.iter().position(|a| a == f)).unwrap_or(0)
    }

    /// By how much the numbers before `offset` have moved.
    pub(super) fn moved_before(
        &self,
        parent: Option<usize>,
        kind: PartKind,
        offset: usize,
        all: &[usize],
    ) -> i64 {
        let added = self
            .added
            .iter()
            .filter(|a| a.parent == parent && a.label.kind == kind && a.gap < offset && a.label.sub == 0);
        let gone = all.iter().take(offset).filter(|&&n| {
            self.fates.get(n).is_some_and(|f| f.is_gone())
                && self.base.nodes.get(n).is_some_and(|n| n.tree.sub == 0)
        });
        let count = |n: usize| i64::try_from(n).unwrap_or(0);
        count(added.count()) - count(gone.count())
    }

    /// Behind the one before, or before the first, or where the first would stand.
    fn spot_at(&mut self, parent: Option<usize>, kin: &[usize], index: usize, place: &Place) -> Option<Spot> {
        let gap = self.offset(parent, kin) + index;
        let before = index.checked_sub(1).and_then(|i| kin.get(i)).copied();
        let at = match (before, kin.get(index)) {
            (Some(before), _) => {
                let file = self.base.nodes.get(before)?.file;
                let end =
                    if parent.is_none() { self.behind_article(before) } else { self.base.whole(before).end };
                Region { file, start: end, end }
            }
            (None, Some(&first)) => {
                let whole = self.base.whole(first);
                Region { end: whole.start, ..whole }
            }
            (None, None) => match (parent, &place.kind) {
                (Some(parent), _) => {
                    let body = self.base.body(parent);
                    Region { start: body.end, ..body }
                }
                (None, PlaceKind::Heading(address)) => {
                    let head = self.heading(*address, place.span)?;
                    let found = self.base.heads.get(head)?;
                    let whole = self.base.whole_of(found.file, found.tree.span);
                    let gap = self.articles_before(found.file, whole.end);
                    return Some(Spot { parent, gap, at: Region { start: whole.end, ..whole } });
                }
                (None, _) => return None,
            },
        };
        Some(Spot { parent, gap, at })
    }

    /// Notes what is added and where its text goes.
    fn put(&mut self, op: usize, spot: &Spot, labels: &[Place], with: &'a Payload) {
        if let Some(parent) = spot.parent
            && let Some(other) = self.fates.get(parent).and_then(|f| f.op())
        {
            self.conflict(op, other, parent);
            return;
        }
        let trees: Vec<&'a Provision> =
            if with.parts.is_empty() { articles_of(with).collect() } else { with.parts.iter().collect() };
        let parts: Vec<(Part, Span)> = labels.iter().filter_map(|l| Some((label_part(l)?, l.span))).collect();
        let Some(&(first, _)) = parts.first() else { return };
        for (i, (&tree, &(label, label_at))) in trees.iter().zip(&parts).enumerate() {
            let order = (first, op, i);
            let (parent, gap) = (spot.parent, spot.gap);
            self.added.push(Added { op, parent, gap, order, label, label_at, tree, address: None });
            self.change(op, ChangeKind::Added, None, String::new());
        }
        if let Some(parent) =
            spot.parent.filter(|&p| first.kind == PartKind::Paragraph && !self.base.has_paragraphs(p))
        {
            self.split.entry(parent).or_insert(op);
        }
        let rank = match first.kind {
            PartKind::SubItem | PartKind::Proviso => 1,
            PartKind::Item => 2,
            PartKind::Paragraph => 3,
            PartKind::Article => 4,
        };
        let text = self.given_parts(&trees, spot);
        self.edits.push(Edit { region: spot.at, text, rank });
    }

    /// What is given, from the comments above the first to the last line of the last.
    fn given_parts(&self, trees: &[&Provision], spot: &Spot) -> String {
        let source = self.decision.source.as_str();
        let region = |tree: &Provision| {
            let end = lines::end_of(source, tree.span.end as usize);
            lines::whole(source, Region { file: 0, start: tree.label.start as usize, end })
        };
        let (Some(first), Some(last)) = (trees.first(), trees.last()) else { return String::new() };
        let start = source.get(region(first).start..).map_or(0, |rest| {
            region(first).start + rest.len()
                - rest.trim_start_matches([' ', '\t', '\u{3000}', '\u{FEFF}']).len()
        });
        let body = self.given(start, lines::end_of(source, last.span.end as usize));
        let body = if first.kind == PartKind::Article { body } else { lines::indent(&body) };
        let text = self.base.texts.get(spot.at.file).copied().unwrap_or("");
        let fresh = text.get(..spot.at.start).is_some_and(|b| b.is_empty() || b.ends_with('\n'));
        if fresh { format!("{body}\n") } else { format!("\n{body}\n") }
    }
}

/// The step a tree stands for.
pub fn part_of(tree: &Provision) -> Part {
    Part { kind: tree.kind, number: tree.number, sub: tree.sub }
}

/// The full address of a label given below the article.
pub fn is_full(address: &Address) -> bool {
    address.parts.first().is_some_and(|p| p.kind == PartKind::Article)
}
