//! The files of one law in reading order: what an include brings in stands where the include stands.
use crate::syntax::ast::{HeaderKey, SourceFile, TopItem};

/// A parsed file and where its includes lead.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Its tree.
    pub file: SourceFile,
    /// For each [`TopItem::Include`] in order, the index of the loaded file; none if it could not be
    /// loaded or has been included before. A file without a header is a part of the law that includes
    /// it; one with a header is another law, whose provisions are addressed 《简称》第三条.
    pub includes: Vec<Option<usize>>,
}

/// A top-level item and the law it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    /// The item.
    pub item: &'a TopItem,
    /// Index into the laws; 0 is the law itself.
    pub law: usize,
}

/// A law among the files.
#[derive(Clone, Debug)]
pub(super) struct Law {
    /// What addresses carry: empty for the law itself.
    pub cite: String,
    /// Title and short title.
    pub names: Vec<String>,
}

/// A file being walked.
struct Frame {
    file: usize,
    item: usize,
    include: usize,
    law: usize,
}

/// Puts all items in reading order.
pub(super) fn arrange(files: &[LoadedFile]) -> (Vec<Placed<'_>>, Vec<Law>) {
    let mut placed = Vec::new();
    let mut laws = vec![Law { cite: String::new(), names: files.first().map(law_names).unwrap_or_default() }];
    let mut seen = vec![false; files.len()];
    let mut stack = Vec::new();
    if let Some(first) = seen.first_mut() {
        *first = true;
        stack.push(Frame { file: 0, item: 0, include: 0, law: 0 });
    }
    while let Some(frame) = stack.last_mut() {
        let Some(loaded) = files.get(frame.file) else {
            stack.pop();
            continue;
        };
        let Some(item) = loaded.file.items.get(frame.item) else {
            stack.pop();
            continue;
        };
        frame.item += 1;
        let law = frame.law;
        if !matches!(item, TopItem::Include(_)) {
            placed.push(Placed { item, law });
            continue;
        }
        let target = loaded.includes.get(frame.include).copied().flatten();
        frame.include += 1;
        let Some((index, included)) = target.and_then(|t| files.get(t).map(|f| (t, f))) else { continue };
        let Some(flag) = seen.get_mut(index) else { continue };
        if std::mem::replace(flag, true) {
            continue;
        }
        let law = if included.file.header.is_some() {
            let names = law_names(included);
            laws.push(Law { cite: names.first().cloned().unwrap_or_default(), names });
            laws.len() - 1
        } else {
            law
        };
        stack.push(Frame { file: index, item: 0, include: 0, law });
    }
    (placed, laws)
}

/// The short title (if any), then the title.
fn law_names(loaded: &LoadedFile) -> Vec<String> {
    let Some(header) = &loaded.file.header else { return Vec::new() };
    let short = header.texts.iter().filter(|(key, _)| *key == HeaderKey::ShortTitle);
    short.map(|(_, text)| text.text.clone()).chain([header.title.text.clone()]).collect()
}
