//! What formatting changes in a text, line by line, in the unified form that `patch` reads.
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines shown before and behind a change.
const CONTEXT: usize = 3;

/// What a line of a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// `@@ -1,3 +1,4 @@`
    Place,
    /// In both texts.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
    /// The line before it has no end.
    NoEnd,
}

/// The lines of a comparison, each with its mark, without line end; none when the texts are the same.
#[must_use]
pub fn unified(old: &str, new: &str) -> Vec<(LineKind, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut lines = Vec::new();
    for hunk in group_diff_ops(ops, CONTEXT) {
        lines.push((LineKind::Place, place(&hunk)));
        for change in hunk.iter().flat_map(|op| op.iter_changes(&old, &new)) {
            let (kind, mark) = match change.tag() {
                ChangeTag::Equal => (LineKind::Same, ' '),
                ChangeTag::Delete => (LineKind::Removed, '-'),
                ChangeTag::Insert => (LineKind::Added, '+'),
            };
            let line = change.value();
            lines.push((kind, format!("{mark}{}", line.strip_suffix('\n').unwrap_or(line))));
            if !line.ends_with('\n') {
                lines.push((LineKind::NoEnd, "\\ 文件末尾没有换行".to_owned()));
            }
        }
    }
    lines
}

/// `@@ -1,3 +1,4 @@`: first line and number of lines of a hunk in both texts.
fn place(hunk: &[DiffOp]) -> String {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return String::new() };
    let range = |from: usize, to: usize| match to - from {
        0 => format!("{from},0"),
        1 => format!("{}", from + 1),
        count => format!("{},{count}", from + 1),
    };
    let old = range(first.old_range().start, last.old_range().end);
    let new = range(first.new_range().start, last.new_range().end);
    format!("@@ -{old} +{new} @@")
}
