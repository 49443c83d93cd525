//! What a comparison finds, as data.
use super::identity::Identity;
use crate::base::Address;

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Nothing.
    Same,
    /// It stands only in the new text.
    Added,
    /// It stood only in the old text.
    Deleted,
    /// It says something else.
    Changed,
    /// It says the same under another number.
    Renumbered,
    /// It says the same; only references in it follow what they name.
    References,
}

/// A stretch of a redlined text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the old text.
    Deleted(String),
    /// Only in the new text.
    Inserted(String),
    /// A reference whose words follow the provision it names.
    Renumbered {
        /// As it was.
        old: String,
        /// As it is.
        new: String,
    },
    /// A reference whose words stayed and which leads somewhere else.
    Redirected {
        /// Its words.
        text: String,
        /// The provision it named.
        old: String,
        /// The provision it names.
        new: String,
    },
}

/// Which part of an entry a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The words of a heading, a declaration or an entry of the title block.
    Words,
    /// Verbatim text 「」.
    Text,
    /// 【…】
    Marks,
    /// 释「…」
    Note,
    /// A statement of the formal clause.
    Clause,
    /// A line of a source that could not be read as anything else.
    Source,
}

/// One redlined text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which part.
    pub layer: Layer,
    /// What became of it.
    pub change: Change,
    /// Kept and deleted pieces are the old text, kept and inserted ones the new.
    pub pieces: Vec<Piece>,
}

/// What an entry is about. A provision has an address on each side on which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An entry of the title block.
    Header,
    /// 引用
    Include,
    /// 枚举
    Enum,
    /// 事实
    Fact,
    /// 结论
    Conclusion,
    /// 章, 节
    Heading,
    /// 条, 款, 项, 目
    Provision {
        /// In the old text.
        old: Option<Address>,
        /// In the new text.
        new: Option<Address>,
    },
    /// A definition outside any article.
    Definition,
    /// Any other statement outside an article.
    Statement,
}

/// Where text and clause of a provision have not changed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// The verbatim text changed, the clause did not.
    Text,
    /// The clause changed, the verbatim text did not.
    Clause,
}

/// One thing of the policy on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub place: Place,
    /// Its name in the old text: 第三条, 事实 甲.乙.
    pub old: Option<String>,
    /// Its name in the new text.
    pub new: Option<String>,
    /// Steps below the article; 0 for everything else.
    pub depth: usize,
    /// What became of it.
    pub change: Change,
    /// Added or deleted together with the provision around it, which is counted instead.
    pub within: bool,
    /// Its texts.
    pub rows: Vec<Row>,
}

/// Everything, in order of the new text; what was deleted stands where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redline {
    /// How the old side is called.
    pub old_name: String,
    /// How the new side is called.
    pub new_name: String,
    /// Title of the old policy.
    pub old_title: String,
    /// Title of the new policy.
    pub new_title: String,
    /// All entries, unchanged ones too.
    pub entries: Vec<Entry>,
    /// Who is who.
    pub identity: Identity,
}

/// How many entries changed in which way; entries within an added or deleted provision are counted with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 新增
    pub added: usize,
    /// 删去
    pub deleted: usize,
    /// 修改
    pub changed: usize,
    /// 仅改号
    pub renumbered: usize,
    /// 仅调整引用
    pub references: usize,
    /// 未变
    pub same: usize,
}

impl Redline {
    /// Whether the two sides say the same in the same places.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|e| e.change == Change::Same)
    }

    /// The counts.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in self.entries.iter().filter(|e| !e.within) {
            let count = match entry.change {
                Change::Same => &mut counts.same,
                Change::Added => &mut counts.added,
                Change::Deleted => &mut counts.deleted,
                Change::Changed => &mut counts.changed,
                Change::Renumbered => &mut counts.renumbered,
                Change::References => &mut counts.references,
            };
            *count += 1;
        }
        counts
    }
}

impl Entry {
    /// 第二十二条 → 第二十三条, or the one name it has.
    #[must_use]
    pub fn name(&self, arrow: &str) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old != new => format!("{old} {arrow} {new}"),
            (Some(name), _) | (None, Some(name)) => name.clone(),
            (None, None) => String::new(),
        }
    }

    /// Whether a row of this layer says something else than before.
    #[must_use]
    pub fn altered(&self, layer: Layer) -> bool {
        self.rows.iter().any(|r| {
            r.layer == layer && matches!(r.change, Change::Added | Change::Deleted | Change::Changed)
        })
    }

    /// Whether only the text or only the clause of a provision that has both changed.
    #[must_use]
    pub fn only(&self) -> Option<Only> {
        let both = |layer: Layer| {
            let rows = || self.rows.iter().filter(move |r| r.layer == layer);
            rows().any(|r| r.change != Change::Added) && rows().any(|r| r.change != Change::Deleted)
        };
        if self.change != Change::Changed || !both(Layer::Text) || !both(Layer::Clause) {
            return None;
        }
        match (self.altered(Layer::Text), self.altered(Layer::Clause)) {
            (true, false) => Some(Only::Text),
            (false, true) => Some(Only::Clause),
            (true, true) | (false, false) => None,
        }
    }
}

impl Piece {
    /// Its part of the old text.
    #[must_use]
    pub fn before(&self) -> &str {
        match self {
            Self::Same(text)
            | Self::Deleted(text)
            | Self::Renumbered { old: text, .. }
            | Self::Redirected { text, .. } => text,
            Self::Inserted(_) => "",
        }
    }

    /// Its part of the new text.
    #[must_use]
    pub fn after(&self) -> &str {
        match self {
            Self::Same(text)
            | Self::Inserted(text)
            | Self::Renumbered { new: text, .. }
            | Self::Redirected { text, .. } => text,
            Self::Deleted(_) => "",
        }
    }
}

impl Row {
    /// The old text.
    #[must_use]
    pub fn before(&self) -> String {
        self.pieces.iter().map(Piece::before).collect()
    }

    /// The new text.
    #[must_use]
    pub fn after(&self) -> String {
        self.pieces.iter().map(Piece::after).collect()
    }
}
