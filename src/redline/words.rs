//! Words for what a comparison finds, shared by every form of output.
use super::model::{Change, Counts, Entry, Layer, Only, Place, Redline};
use crate::base::{Address, Part};

/// 新增, 删去 …
#[must_use]
pub const fn change_word(change: Change) -> &'static str {
    match change {
        Change::Same => "未变",
        Change::Added => "新增",
        Change::Deleted => "删去",
        Change::Changed => "修改",
        Change::Renumbered => "仅改号",
        Change::References => "仅调整引用",
    }
}

/// 原文, 条款 …; nothing where the entry's name says it.
#[must_use]
pub const fn layer_word(layer: Layer) -> &'static str {
    match layer {
        Layer::Words => "写法",
        Layer::Text => "原文",
        Layer::Marks => "标记",
        Layer::Note => "释",
        Layer::Clause => "条款",
        Layer::Source => "源文",
    }
}

/// What a drafter should look at.
#[must_use]
pub const fn only_word(only: Only) -> &'static str {
    match only {
        Only::Text => "原文改了，条款没有改",
        Only::Clause => "条款改了，原文没有改",
    }
}

/// The counts in the order they are shown.
#[must_use]
pub const fn counted(counts: &Counts) -> [(Change, usize); 6] {
    [
        (Change::Added, counts.added),
        (Change::Deleted, counts.deleted),
        (Change::Changed, counts.changed),
        (Change::Renumbered, counts.renumbered),
        (Change::References, counts.references),
        (Change::Same, counts.same),
    ]
}

/// A line of the list of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What became of it.
    pub change: Change,
    /// What it is; several provisions in a row that only moved are one.
    pub name: String,
    /// Index of the (first) entry.
    pub entry: usize,
    /// How many entries.
    pub count: usize,
    /// What to look at.
    pub only: Option<Only>,
}

/// What changed, one line each, in order of the new text.
#[must_use]
pub fn listed(redline: &Redline, arrow: &str) -> Vec<Listed> {
    let mut out: Vec<Listed> = Vec::new();
    let mut run: Vec<&Entry> = Vec::new();
    for (index, entry) in redline.entries.iter().enumerate() {
        if entry.within || entry.change == Change::Same {
            continue;
        }
        let follows = run.last().is_some_and(|last| follows(last, entry));
        if let (true, Some(line), Some(first)) = (follows, out.last_mut(), run.first()) {
            line.name = range(first, entry, arrow);
            line.count += 1;
        } else {
            run.clear();
            out.push(Listed {
                change: entry.change,
                name: entry.name(arrow),
                entry: index,
                count: 1,
                only: entry.only(),
            });
        }
        run.push(entry);
    }
    out
}

/// Whether a provision that only moved comes right after another on both sides.
fn follows(before: &Entry, entry: &Entry) -> bool {
    let next = |a: Option<&Address>, b: Option<&Address>| match (a, b) {
        (Some(a), Some(b)) => {
            let step = |p: Part| Part { number: p.number.saturating_add(1), ..p };
            a.parent() == b.parent() && a.last().map(step) == b.last() && b.last().is_some_and(|p| p.sub == 0)
        }
        _ => false,
    };
    let (a, b) = (places(before), places(entry));
    before.change == Change::Renumbered
        && entry.change == Change::Renumbered
        && next(a.0, b.0)
        && next(a.1, b.1)
}

fn places(entry: &Entry) -> (Option<&Address>, Option<&Address>) {
    match &entry.place {
        Place::Provision { old, new } => (old.as_ref(), new.as_ref()),
        Place::Header
        | Place::Include
        | Place::Enum
        | Place::Fact
        | Place::Conclusion
        | Place::Heading
        | Place::Definition
        | Place::Statement => (None, None),
    }
}

fn range(first: &Entry, last: &Entry, arrow: &str) -> String {
    let span = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => format!("{a}至{b}"),
        (one, other) => one.clone().or_else(|| other.clone()).unwrap_or_default(),
    };
    format!("{} {arrow} {}", span(&first.old, &last.old), span(&first.new, &last.new))
}

/// Entries whose texts are shown: those that changed, or all. The second says whether a row of it is.
#[must_use]
pub fn shown(entry: &Entry, all: bool) -> bool {
    let moved_only =
        entry.change == Change::Renumbered && entry.rows.iter().all(|r| r.change == Change::Same);
    all || entry.change != Change::Same && !moved_only
}

/// Rows of an entry that are shown: what changed, and the verbatim text as its context.
pub fn rows(entry: &Entry, all: bool) -> impl Iterator<Item = &super::model::Row> {
    entry.rows.iter().filter(move |r| all || r.change != Change::Same || r.layer == Layer::Text)
}

/// Both titles, or the one they share.
#[must_use]
pub fn titles(redline: &Redline) -> String {
    let quoted = |t: &str| if t.is_empty() { "（没有标题）".to_owned() } else { format!("《{t}》") };
    let (old, new) = (quoted(&redline.old_title), quoted(&redline.new_title));
    if old == new { new } else { format!("{old}与{new}") }
}
