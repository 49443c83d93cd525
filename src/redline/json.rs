//! A redline for programs, documented in docs/结果格式.md. Members keep their order.
use super::model::{Change, Entry, Layer, Only, Piece, Place, Redline, Row};
use serde_json::{Map, Value, json};

/// The whole comparison as one object; `all`: unchanged entries too.
#[must_use]
pub fn object(redline: &Redline, all: bool) -> Map<String, Value> {
    let side = |name: &str, title: &str| json!({"name": name, "title": title});
    let counts = redline.counts();
    let entries: Vec<Value> =
        redline.entries.iter().filter(|e| all || e.change != Change::Same).map(entry).collect();
    let mut out = Map::new();
    out.insert("old".to_owned(), side(&redline.old_name, &redline.old_title));
    out.insert("new".to_owned(), side(&redline.new_name, &redline.new_title));
    out.insert(
        "summary".to_owned(),
        json!({
            "added": counts.added, "deleted": counts.deleted, "changed": counts.changed,
            "renumbered": counts.renumbered, "references": counts.references, "same": counts.same,
        }),
    );
    out.insert("entries".to_owned(), Value::Array(entries));
    out
}

fn entry(entry: &Entry) -> Value {
    let only = entry.only().map(|o| match o {
        Only::Text => "text",
        Only::Clause => "clause",
    });
    json!({
        "kind": kind(&entry.place),
        "old": entry.old,
        "new": entry.new,
        "change": change_code(entry.change),
        "within": entry.within,
        "only": only,
        "rows": entry.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn row(row: &Row) -> Value {
    let layer = match row.layer {
        Layer::Words => "words",
        Layer::Text => "text",
        Layer::Marks => "marks",
        Layer::Note => "note",
        Layer::Clause => "clause",
        Layer::Source => "source",
    };
    let pieces: Vec<Value> = row.pieces.iter().map(piece).collect();
    json!({"layer": layer, "change": change_code(row.change), "pieces": pieces})
}

fn piece(piece: &Piece) -> Value {
    match piece {
        Piece::Same(text) => json!({"same": text}),
        Piece::Deleted(text) => json!({"deleted": text}),
        Piece::Inserted(text) => json!({"inserted": text}),
        Piece::Renumbered { old, new } => json!({"renumbered": {"old": old, "new": new}}),
        Piece::Redirected { text, old, new } => json!({"redirected": {"text": text, "old": old, "new": new}}),
    }
}

const fn kind(place: &Place) -> &'static str {
    match place {
        Place::Header => "header",
        Place::Include => "include",
        Place::Enum => "enum",
        Place::Fact => "fact",
        Place::Conclusion => "conclusion",
        Place::Heading => "heading",
        Place::Provision { .. } => "provision",
        Place::Definition => "definition",
        Place::Statement => "statement",
    }
}

/// The code of a change.
#[must_use]
pub const fn change_code(change: Change) -> &'static str {
    match change {
        Change::Same => "same",
        Change::Added => "added",
        Change::Deleted => "deleted",
        Change::Changed => "changed",
        Change::Renumbered => "renumbered",
        Change::References => "references",
    }
}
