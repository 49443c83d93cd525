//! Two sides compared: everything matched, then every text redlined.
use super::identity::Identity;
use super::matching::{Item, partners};
use super::model::{Change, Entry, Layer, Place, Redline, Row};
use super::pieces::{change_of, compare as redline, whole};
use super::provisions::{Pair, item, join};
use super::side::{Block, Named, NamedKind, Node, Side};
use super::token::{Where, clause, texts, words};
use super::weave::{Slot, weave};
use crate::base::Address;

/// Where a provision of the old text stands in the new, for whoever knows; none: it is repealed.
pub type Moved<'a> = &'a dyn Fn(&Address) -> Option<Address>;

/// Compares two sides. `moved` says where provisions went, when that is known; otherwise they are found by their words.
#[must_use]
pub fn compare(old: &Side, new: &Side, moved: Option<Moved<'_>>) -> Redline {
    let mut identity = Identity::default();
    let partner = blocks(&old.blocks, &new.blocks, moved);
    let woven: Vec<(Slot, Option<Pair>)> = weave(&partner, new.blocks.len())
        .into_iter()
        .map(|slot| {
            let article = |side: &Side, at: Option<usize>| match side.blocks.get(at?) {
                Some(Block::Article(node)) => Some(node.clone()),
                Some(Block::Named(_) | Block::Heading { .. } | Block::Statement(_)) | None => None,
            };
            let (o, n) = (article(old, slot.old), article(new, slot.new));
            let found = o.is_some() || n.is_some();
            (slot, found.then(|| join(o.as_ref(), n.as_ref(), moved, &mut identity)))
        })
        .collect();
    let mut writer = Writer {
        old_articles: articles(old),
        new_articles: articles(new),
        identity: &identity,
        entries: Vec::new(),
    };
    for (slot, pair) in &woven {
        let block = |side: &'_ Side, at: Option<usize>| at.and_then(|i| side.blocks.get(i).cloned());
        match pair {
            Some(pair) => writer.provision(pair, 0, false),
            None => writer.block(block(old, slot.old).as_ref(), block(new, slot.new).as_ref()),
        }
    }
    let entries = writer.entries;
    Redline {
        old_name: old.name.clone(),
        new_name: new.name.clone(),
        old_title: old.title.clone(),
        new_title: new.title.clone(),
        entries,
        identity,
    }
}

fn articles(side: &Side) -> Vec<Address> {
    let address = |b: &Block| match b {
        Block::Article(node) => Some(node.address.clone()),
        Block::Named(_) | Block::Heading { .. } | Block::Statement(_) => None,
    };
    side.blocks.iter().filter_map(address).collect()
}

/// For each block of the old side its partner among those of the new.
fn blocks(old: &[Block], new: &[Block], moved: Option<Moved<'_>>) -> Vec<Option<usize>> {
    let mut partner = vec![None; old.len()];
    for kind in 0..4 {
        let of = |blocks: &[Block]| -> (Vec<usize>, Vec<Item>) {
            let mine = blocks.iter().enumerate().filter(|(_, b)| b.rank() == kind);
            mine.map(|(i, b)| (i, b.item())).unzip()
        };
        let ((olds, old_items), (news, new_items)) = (of(old), of(new));
        let (mut known, mut gone) = (Vec::new(), Vec::new());
        for (o, index) in olds.iter().enumerate() {
            let Some(Block::Article(node)) = old.get(*index) else { continue };
            match moved.map(|m| m(&node.address)) {
                Some(Some(target)) => {
                    let there =
                        |n: &usize| matches!(new.get(*n), Some(Block::Article(a)) if a.address == target);
                    known.extend(news.iter().position(there).map(|n| (o, n)));
                }
                Some(None) => gone.push(o),
                None => {}
            }
        }
        let found = if kind == NAMED {
            by_name(old, new, &olds, &news)
        } else {
            partners(&old_items, &new_items, &known, &gone)
        };
        for (o, n) in olds.iter().zip(found) {
            if let (Some(slot), Some(n)) = (partner.get_mut(*o), n) {
                *slot = news.get(n).copied();
            }
        }
    }
    partner
}

/// What has a name is known by it.
fn by_name(old: &[Block], new: &[Block], olds: &[usize], news: &[usize]) -> Vec<Option<usize>> {
    let mut free: std::collections::BTreeMap<(usize, String), Vec<usize>> = std::collections::BTreeMap::new();
    for (n, index) in news.iter().enumerate().rev() {
        free.entry(new.get(*index).map(Block::name).unwrap_or_default()).or_default().push(n);
    }
    let mut take = |o: &usize| free.get_mut(&old.get(*o).map(Block::name)?)?.pop();
    olds.iter().map(&mut take).collect()
}

const NAMED: usize = 0;

impl Block {
    /// Blocks of one rank are matched with one another.
    fn rank(&self) -> usize {
        match self {
            Self::Named(_) => NAMED,
            Self::Heading { .. } => 1,
            Self::Statement(_) => 2,
            Self::Article(_) => 3,
        }
    }

    fn name(&self) -> (usize, String) {
        match self {
            Self::Named(named) => (named.kind as usize, named.name.clone()),
            Self::Heading { .. } | Self::Statement(_) | Self::Article(_) => (usize::MAX, String::new()),
        }
    }

    fn item(&self) -> Item {
        match self {
            Self::Named(named) => Item::new(named.name.clone(), String::new()),
            // A chapter is never a section.
            Self::Heading { label, title } => {
                let level: String = label.chars().rev().take(1).collect();
                Item::new(label.clone(), format!("{level}{title}"))
            }
            Self::Statement(words) => Item::new(String::new(), words.clone()),
            Self::Article(node) => item(node),
        }
    }
}

struct Writer<'a> {
    old_articles: Vec<Address>,
    new_articles: Vec<Address>,
    identity: &'a Identity,
    entries: Vec<Entry>,
}

impl Writer<'_> {
    fn push(&mut self, place: Place, names: (Option<String>, Option<String>), rows: Vec<Row>) {
        let renamed = matches!((&names.0, &names.1), (Some(old), Some(new)) if old != new);
        let change = amounts_to(names.0.is_some(), names.1.is_some(), &rows, renamed);
        let (old, new) = names;
        self.entries.push(Entry { place, old, new, depth: 0, change, within: false, rows });
    }

    fn block(&mut self, old: Option<&Block>, new: Option<&Block>) {
        match (old, new) {
            (Some(Block::Named(named)), _) | (None, Some(Block::Named(named))) => {
                self.named(named.kind, old, new);
            }
            (Some(Block::Heading { .. }), _) | (None, Some(Block::Heading { .. })) => self.heading(old, new),
            (Some(Block::Statement(_)), _) | (None, Some(Block::Statement(_))) => {
                let said = |b: Option<&Block>| match b {
                    Some(Block::Statement(words)) => Some(words.clone()),
                    Some(Block::Named(_) | Block::Heading { .. } | Block::Article(_)) | None => None,
                };
                let (old, new) = (said(old), said(new));
                let row = self.row(Layer::Clause, old.as_deref(), new.as_deref(), (None, None));
                let name = |s: &Option<String>| s.as_ref().map(|_| "条文之外的规定".to_owned());
                self.push(Place::Statement, (name(&old), name(&new)), row.into_iter().collect());
            }
            (Some(Block::Article(_)), _) | (None, Some(Block::Article(_)) | None) => {}
        }
    }

    fn named(&mut self, kind: NamedKind, old: Option<&Block>, new: Option<&Block>) {
        let said = |b: Option<&Block>| match b {
            Some(Block::Named(Named { name, words, .. })) => Some((name.clone(), words.clone())),
            Some(Block::Heading { .. } | Block::Statement(_) | Block::Article(_)) | None => None,
        };
        let (old, new) = (said(old), said(new));
        let (place, layer) = match kind {
            NamedKind::Header => (Place::Header, Layer::Words),
            NamedKind::Include => (Place::Include, Layer::Words),
            NamedKind::Enum => (Place::Enum, Layer::Words),
            NamedKind::Fact => (Place::Fact, Layer::Words),
            NamedKind::Conclusion => (Place::Conclusion, Layer::Words),
            NamedKind::Definition => (Place::Definition, Layer::Clause),
        };
        let words =
            |it: &Option<(String, String)>| it.as_ref().map(|(_, w)| w.clone()).filter(|w| !w.is_empty());
        let row = self.row(layer, words(&old).as_deref(), words(&new).as_deref(), (None, None));
        let name = |it: &Option<(String, String)>| it.as_ref().map(|(n, _)| kind.shown(n));
        self.push(place, (name(&old), name(&new)), row.into_iter().collect());
    }

    fn heading(&mut self, old: Option<&Block>, new: Option<&Block>) {
        let said = |b: Option<&Block>| match b {
            Some(Block::Heading { label, title }) => Some((label.clone(), title.clone())),
            Some(Block::Named(_) | Block::Statement(_) | Block::Article(_)) | None => None,
        };
        let (old, new) = (said(old), said(new));
        let title = |it: &Option<(String, String)>| it.as_ref().map(|(_, t)| t.clone());
        let row = self.row(Layer::Text, title(&old).as_deref(), title(&new).as_deref(), (None, None));
        let label = |it: Option<(String, String)>| it.map(|(l, _)| l);
        self.push(Place::Heading, (label(old), label(new)), row.into_iter().collect());
    }

    fn provision(&mut self, pair: &Pair, depth: usize, within: bool) {
        let (old, new) = (pair.old.as_ref(), pair.new.as_ref());
        let rows = self.rows(old, new);
        let renumbered = match (old, new) {
            (Some(o), Some(n)) if o.virtual_paragraph || n.virtual_paragraph => true,
            (Some(o), Some(n)) => o.address.last() != n.address.last(),
            _ => false,
        };
        let change = amounts_to(old.is_some(), new.is_some(), &rows, renumbered);
        let address = |n: Option<&Node>| n.map(|n| n.address.clone());
        let shown = |n: Option<&Node>| n.map(|n| n.address.to_string());
        self.entries.push(Entry {
            place: Place::Provision { old: address(old), new: address(new) },
            old: shown(old),
            new: shown(new),
            depth,
            change,
            within,
            rows,
        });
        let alone = old.is_none() || new.is_none();
        for child in &pair.children {
            self.provision(child, depth + 1, alone);
        }
    }

    fn rows(&self, old: Option<&Node>, new: Option<&Node>) -> Vec<Row> {
        let at = (old.map(|n| &n.address), new.map(|n| &n.address));
        let empty = Vec::new();
        let list =
            |n: Option<&'_ Node>, of: fn(&Node) -> &Vec<String>| n.map_or(empty.clone(), |n| of(n).clone());
        if old.is_some_and(|n| n.broken) || new.is_some_and(|n| n.broken) {
            return self.list(Layer::Source, &list(old, |n| &n.lines), &list(new, |n| &n.lines), at);
        }
        let text = |n: Option<&'_ Node>| n.and_then(|n| n.text.clone());
        let marks = |n: Option<&Node>| n.map(|n| n.marks.clone()).filter(|m| !m.is_empty());
        let mut rows = Vec::new();
        rows.extend(self.row(Layer::Text, text(old).as_deref(), text(new).as_deref(), at));
        rows.extend(self.row(Layer::Marks, marks(old).as_deref(), marks(new).as_deref(), at));
        rows.extend(self.list(Layer::Note, &list(old, |n| &n.notes), &list(new, |n| &n.notes), at));
        rows.extend(self.list(
            Layer::Clause,
            &list(old, |n| &n.statements),
            &list(new, |n| &n.statements),
            at,
        ));
        rows
    }

    /// Texts of one layer, the same ones side by side.
    fn list(&self, layer: Layer, old: &[String], new: &[String], at: Here<'_>) -> Vec<Row> {
        let items = |texts: &[String]| -> Vec<Item> {
            texts.iter().map(|t| Item::new(String::new(), t.clone())).collect()
        };
        let partner = partners(&items(old), &items(new), &[], &[]);
        let rows = weave(&partner, new.len()).into_iter().filter_map(|slot| {
            let old = slot.old.and_then(|i| old.get(i)).map(String::as_str);
            let new = slot.new.and_then(|i| new.get(i)).map(String::as_str);
            self.row(layer, old, new, at)
        });
        rows.collect()
    }

    fn row(&self, layer: Layer, old: Option<&str>, new: Option<&str>, at: Here<'_>) -> Option<Row> {
        let (old, new) = match (old, new) {
            (None, None) => return None,
            (Some(old), None) => {
                return Some(Row { layer, change: Change::Deleted, pieces: whole(old.to_owned(), false) });
            }
            (None, Some(new)) => {
                return Some(Row { layer, change: Change::Added, pieces: whole(new.to_owned(), true) });
            }
            (Some(old), Some(new)) => (old, new),
        };
        let (a, b) = match layer {
            Layer::Text | Layer::Note => texts(old, new, self.identity),
            Layer::Clause => {
                let before =
                    Where { here: at.0, articles: &self.old_articles, identity: self.identity, new: false };
                let after =
                    Where { here: at.1, articles: &self.new_articles, identity: self.identity, new: true };
                (clause(old, &before), clause(new, &after))
            }
            Layer::Words | Layer::Marks | Layer::Source => (words(old), words(new)),
        };
        let pieces = redline(&a, &b);
        Some(Row { layer, change: change_of(&pieces), pieces })
    }
}

/// Where a text stands on either side.
type Here<'a> = (Option<&'a Address>, Option<&'a Address>);

impl NamedKind {
    fn shown(self, name: &str) -> String {
        match self {
            Self::Header => name.to_owned(),
            Self::Include => format!("引用{name}"),
            Self::Enum => format!("枚举 {name}"),
            Self::Fact => format!("事实 {name}"),
            Self::Conclusion => format!("结论 {name}"),
            Self::Definition => format!("定义“{name}”"),
        }
    }
}

fn amounts_to(old: bool, new: bool, rows: &[Row], renumbered: bool) -> Change {
    let altered = |r: &Row| matches!(r.change, Change::Added | Change::Deleted | Change::Changed);
    match (old, new) {
        (true, false) => Change::Deleted,
        (false, _) => Change::Added,
        (true, true) if rows.iter().any(altered) => Change::Changed,
        (true, true) if renumbered => Change::Renumbered,
        (true, true) if rows.iter().any(|r| r.change == Change::References) => Change::References,
        (true, true) => Change::Same,
    }
}
