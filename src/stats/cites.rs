//! Addresses and names as they stand in cells: lists joined by 、, options with their addresses in 〔 〕.
use rustc_hash::FxHashMap;

/// Names met that the law does not have are kept up to this many.
const MOST: usize = 10_000;
/// Marks an address of an option that only may stand.
pub const MAYBE: u32 = 1 << 31;

/// Names by number, those of the law first.
#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: FxHashMap<Box<str>, u32>,
    list: Vec<Box<str>>,
    /// How many are the law's own.
    pub known: usize,
}

impl Names {
    /// The law's own names, each once.
    pub fn of_law(names: impl IntoIterator<Item = String>) -> Self {
        let mut out = Self::default();
        for name in names {
            out.id(&name);
        }
        out.known = out.list.len();
        out
    }

    /// The number of a name; none when there are too many.
    pub fn id(&mut self, name: &str) -> Option<u32> {
        if let Some(id) = self.ids.get(name) {
            return Some(*id);
        }
        if self.list.len() >= self.known + MOST {
            return None;
        }
        let id = u32::try_from(self.list.len()).ok()?;
        self.ids.insert(name.into(), id);
        self.list.push(name.into());
        Some(id)
    }

    /// The number of a name that is there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }

    /// A name.
    #[must_use]
    pub fn name(&self, id: u32) -> &str {
        self.list.get(id as usize).map_or("", AsRef::as_ref)
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Box<str>] {
        &self.list
    }
}

/// The parts of a text between `mark`s that stand in no brackets.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |c| {
        match c {
            '〔' => depth += 1,
            '〕' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == mark && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

/// `第一条、第三十条〔依照第十五条〕`
pub fn list(text: &str, names: &mut Names) -> Box<[u32]> {
    let mut out: Vec<u32> = split(text, '、').filter_map(|name| names.id(name)).collect();
    out.dedup();
    out.into_boxed_slice()
}

/// `甲〔第一条〕；可能：乙〔第二条、第三条〕`
pub fn options(text: &str, names: &mut Names) -> Box<[u32]> {
    let mut out = Vec::new();
    for option in split(text, '；') {
        let flag = if option.starts_with("可能：") { MAYBE } else { 0 };
        let Some(inner) = brackets(option) else { continue };
        out.extend(split(inner, '、').filter_map(|name| names.id(name)).map(|id| id | flag));
    }
    out.sort_unstable();
    out.dedup();
    out.into_boxed_slice()
}

/// What stands in the last outermost brackets.
fn brackets(text: &str) -> Option<&str> {
    let end = text.rfind('〕')?;
    let mut depth = 0_usize;
    for (at, c) in text.get(..end + '〕'.len_utf8())?.char_indices().rev() {
        match c {
            '〕' => depth += 1,
            '〔' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && c == '〔' {
            return text.get(at + c.len_utf8()..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_cells() {
        let mut names = Names::of_law(["第一条".to_owned(), "第三十条〔依照第十五条〕".to_owned()]);
        assert_eq!(*list("第三十条〔依照第十五条〕、第一条", &mut names), [1, 0]);
        let cell = "甲、乙 之一〔第一条、第三十条〔依照第十五条〕〕；可能：丙〔第九条〕";
        assert_eq!(*options(cell, &mut names), [0, 1, 2 | MAYBE]);
        assert_eq!((names.known, names.name(2)), (2, "第九条"));
        assert!(options("甲", &mut names).is_empty());
    }
}
