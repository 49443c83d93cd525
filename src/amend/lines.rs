//! Lines of a source: what belongs to a provision besides its words.
use super::base::Region;

/// Where something that ends at `at` ends with a closing 」 and the comment behind it on its line; the newline is
/// not part of it.
pub fn end_of(text: &str, at: usize) -> usize {
    let mut end = at;
    let mut rest = text.get(end..).unwrap_or("");
    if let Some(after) = rest.strip_prefix('」') {
        end += rest.len() - after.len();
        rest = after;
    }
    let line = rest.split('\n').next().unwrap_or("");
    let trimmed = line.trim_start();
    if trimmed.is_empty() || trimmed.starts_with("--") { end + line.trim_end().len() } else { end }
}

/// A region with the comments right above it (no empty line between) and the newline behind it. One that shares its
/// first line with something else stays as it is.
pub fn whole(text: &str, region: Region) -> Region {
    let before = text.get(..region.start).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = before.get(line..).unwrap_or("").trim_start_matches('\u{FEFF}');
    if !lead.trim().is_empty() {
        return region;
    }
    let start = comments_above(before, line);
    let rest = text.get(region.end..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\u{3000}']).len();
    let newline = usize::from(rest.get(blanks..).is_some_and(|r| r.starts_with('\n')));
    let end = if newline == 1 || blanks == rest.len() { region.end + blanks + newline } else { region.end };
    Region { start, end, ..region }
}

/// Start of the comment lines that end at `line`, the start of a line.
fn comments_above(before: &str, line: usize) -> usize {
    let mut start = line;
    while let Some(above) = before.get(..start).and_then(|b| b.strip_suffix('\n')) {
        let at = above.rfind('\n').map_or(0, |at| at + 1);
        let comment = above.get(at..).unwrap_or("").trim_start_matches('\u{FEFF}');
        // Within a text of several lines this is no comment; its 」 would have to follow.
        if !comment.trim_start().starts_with("--") || in_text(before, at) {
            break;
        }
        start = at;
    }
    start
}

/// Whether a place lies within 「」.
fn in_text(before: &str, at: usize) -> bool {
    // Only a 「 of the lines right above can be open here: look back to the nearest bracket.
    let above = before.get(..at).unwrap_or("");
    match (above.rfind('「'), above.rfind('」')) {
        (Some(open), Some(close)) => open > close && !in_comment(above, open),
        (Some(open), None) => !in_comment(above, open),
        (None, _) => false,
    }
}

fn in_comment(above: &str, at: usize) -> bool {
    let line = above.get(..at).and_then(|a| a.rfind('\n')).map_or(0, |l| l + 1);
    above.get(line..at).is_some_and(|l| l.trim_start().starts_with("--"))
}

/// Lines moved right, so that none of them begins a part of the file of its own; those within 「」 stay.
pub fn indent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut open = false;
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        if !open && !line.trim().is_empty() {
            out.push_str("  ");
        }
        out.push_str(line);
        open = opens(line, open);
    }
    out
}

/// Whether a 「 is open behind a line, given whether one was before it.
fn opens(line: &str, mut open: bool) -> bool {
    let mut previous = ' ';
    for c in line.chars() {
        match c {
            '-' if previous == '-' && !open => break,
            '「' => open = true,
            '」' => open = false,
            _ => {}
        }
        previous = c;
    }
    open
}
