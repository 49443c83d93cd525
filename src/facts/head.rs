//! The top level of one case: 案例, 说明, 认定日期, 适用文本, 基础, 期望 and the root entity.
use super::errors::{self, Report};
use super::names::{Names, nearest, plain};
use super::tree::{Kind, NodeId, Tree};
use super::value::kind_name;
use crate::hir::EntityId;

const KEYS: [(&str, Part); 6] = [
    ("案例", Part::Name),
    ("说明", Part::Note),
    ("认定日期", Part::Date),
    ("适用文本", Part::Text),
    ("基础", Part::Base),
    ("期望", Part::Expectations),
];

use HeadKey as Part;

/// What a key at top level is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadKey {
    /// 案例
    Name,
    /// 说明
    Note,
    /// 认定日期
    Date,
    /// 适用文本
    Text,
    /// 基础
    Base,
    /// 期望
    Expectations,
    /// The root entity.
    Root,
}

impl HeadKey {
    /// By the key's text.
    pub(super) fn of(text: &str, names: &Names<'_>) -> Option<Self> {
        let word = plain(text);
        let root = plain(names.entity_name(EntityId(0)));
        if word == root && !root.is_empty() {
            return Some(Self::Root);
        }
        KEYS.iter().find(|(known, _)| *known == word).map(|(_, part)| *part)
    }
}

/// The values at top level, each with nothing checked but that it is there once.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) name: Option<NodeId>,
    pub(super) note: Option<NodeId>,
    pub(super) date: Option<NodeId>,
    pub(super) text: Option<NodeId>,
    pub(super) base: Option<NodeId>,
    pub(super) expectations: Option<NodeId>,
    pub(super) root: Option<NodeId>,
}

impl Head {
    /// Sorts the keys of `map`.
    pub(super) fn read(tree: &Tree, map: NodeId, names: &Names<'_>, report: &mut Report) -> Self {
        let mut head = Self::default();
        let mut keys: [Option<NodeId>; 7] = [None; 7];
        for (key, value) in tree.entries(map) {
            if !matches!(tree.kind(key), Kind::Scalar(_)) {
                report.add(|| errors::key_not_text(tree.span(key)));
                continue;
            }
            let Some(part) = HeadKey::of(tree.text(key), names) else {
                unknown(tree, key, names, report);
                continue;
            };
            let (slot, seen) = head.slot(part);
            if let Some(first) = keys.get(seen).copied().flatten() {
                report.add(|| errors::duplicate_key(tree.span(key), Some(tree.span(first)), tree.text(key)));
                continue;
            }
            *slot = Some(value);
            if let Some(place) = keys.get_mut(seen) {
                *place = Some(key);
            }
        }
        head
    }

    fn slot(&mut self, part: Part) -> (&mut Option<NodeId>, usize) {
        match part {
            Part::Name => (&mut self.name, 0),
            Part::Note => (&mut self.note, 1),
            Part::Date => (&mut self.date, 2),
            Part::Base => (&mut self.base, 3),
            Part::Expectations => (&mut self.expectations, 4),
            Part::Root => (&mut self.root, 5),
            Part::Text => (&mut self.text, 6),
        }
    }
}

/// A key that has no place at top level: perhaps it belongs below.
fn unknown(tree: &Tree, key: NodeId, names: &Names<'_>, report: &mut Report) {
    let (at, text) = (tree.span(key), tree.text(key));
    report.add(|| {
        use super::names::Meaning;
        let root = names.entity_name(EntityId(0));
        match names.everywhere(text).next() {
            Some((entity, Meaning::Fact(_))) => {
                errors::misplaced_fact(at, text, names.entity_name(entity), &names.path(entity))
            }
            Some((_, Meaning::Conclusion(_))) => errors::not_a_fact(at, text, true),
            Some((_, Meaning::Definition(_))) => errors::not_a_fact(at, text, false),
            None => {
                let known: Vec<&str> =
                    std::iter::once(root).chain(KEYS.iter().map(|(key, _)| *key)).collect();
                let near = nearest(text, known.iter().copied());
                errors::unknown_key(at, text, "案例", near, known.iter().copied())
            }
        }
    });
}

/// The map at `node`; anything else is a finding about `what`.
pub(super) fn expect_map(tree: &Tree, node: NodeId, what: &str, report: &mut Report) -> Option<NodeId> {
    let kind = tree.kind(node);
    if kind == Kind::Map {
        return Some(node);
    }
    report.add(|| {
        let help = if matches!(kind, Kind::Scalar(_)) && tree.text(node).contains(['：', ':']) {
            "冒号要用半角“:”，后面空一格，如 姓名: 甲"
        } else if kind == Kind::List {
            "去掉各行开头的“- ”；几个案例以一行“---”分开"
        } else {
            "逐行写“键: 值”"
        };
        errors::map_expected(tree.span(node), what, kind_name(kind), help)
    });
    None
}
