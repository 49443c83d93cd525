//! Changes of a text by place, put into effect.
use super::base::{Base, Region};
use super::plan::Edit;

/// In the order of the text; at one place what is put there comes before what is cut, the lower rank first.
pub fn sort(edits: &mut [Edit]) {
    edits.sort_by_key(|e| (e.region.file, e.region.start, e.region.end > e.region.start, e.rank));
}

/// The texts with the edits made; none if two of them meet.
pub fn apply(base: &Base<'_>, edits: &mut [Edit]) -> Option<Vec<String>> {
    sort(edits);
    let mut out = Vec::with_capacity(base.texts.len());
    let mut next = edits.iter().peekable();
    for (file, text) in base.texts.iter().enumerate() {
        let mut made = String::with_capacity(text.len() + 256);
        let mut at = 0;
        while let Some(edit) = next.next_if(|e| e.region.file == file) {
            made.push_str(text.get(at..edit.region.start)?);
            made.push_str(&edit.text);
            at = edit.region.end;
        }
        made.push_str(text.get(at..)?);
        out.push(made);
    }
    Some(out)
}

/// A piece of text with those edits made that lie in it; they are sorted.
pub fn within(base: &Base<'_>, edits: &[Edit], piece: Region) -> String {
    let text = base.texts.get(piece.file).copied().unwrap_or("");
    let mut made = String::new();
    let mut at = piece.start;
    for edit in edits.iter().filter(|e| e.region.file == piece.file) {
        if edit.region.start >= at && edit.region.end <= piece.end {
            made.push_str(text.get(at..edit.region.start).unwrap_or(""));
            made.push_str(&edit.text);
            at = edit.region.end;
        }
    }
    made.push_str(text.get(at..piece.end).unwrap_or(""));
    made
}
