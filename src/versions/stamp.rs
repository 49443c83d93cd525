//! The header of an amended text: which decision it includes, and that it is no longer the text of the original.
use crate::base::{Date, FileId};
use crate::syntax::{self, ast};

/// How a text names a decision it includes: `2027年1月1日 关于……的决定`, with the operations when not all of them.
pub(super) fn entry(date: Date, title: &str, ops: Option<&[String]>) -> String {
    match ops {
        None => format!("{date} {title}"),
        Some(ops) => format!("{date} {title}（{}）", ops.join("、")),
    }
}

/// The day an entry of 修正 says the decision took effect.
pub(super) fn date(entry: &str) -> Option<Date> {
    Date::parse(entry.split(' ').next()?).ok()
}

/// Whether an entry of 修正 names the decision.
pub(super) fn names(entry: &str, title: &str) -> bool {
    let named = entry.split_once(' ').map_or(entry, |(_, rest)| rest);
    named.strip_prefix(title).is_some_and(|rest| rest.is_empty() || rest.starts_with('（'))
}

/// Adds 修正 to the header of `text` and takes 原文 out, which is that of another text.
pub(super) fn stamp(text: &str, entry: &str) -> String {
    let (tree, _) = syntax::parse(text, FileId(0));
    let Some(header) = tree.header else { return text.to_owned() };
    let mut out = text.to_owned();
    let end = header_end(text, &header);
    out.insert_str(end, &format!("\n  修正「{entry}」"));
    for (key, value) in header.texts.iter().rev() {
        if *key == ast::HeaderKey::Original {
            remove_entry(&mut out, value);
        }
    }
    out
}

/// Where the last entry of the header ends.
fn header_end(text: &str, header: &ast::Header) -> usize {
    let bracket = '」'.len_utf8();
    let texts = header.texts.iter().map(|(_, t)| t.span.end as usize + bracket);
    let dates = header.dates.iter().map(|(_, _, span)| span.end as usize);
    let title = header.title.span.end as usize + bracket;
    let end = texts.chain(dates).max().unwrap_or(0).max(title);
    // A comment on the last line stays on it.
    let line = text.get(end..).map_or(0, |rest| rest.find('\n').unwrap_or(rest.len()));
    end + line
}

/// Takes `原文「…」` out, with its line when nothing else stands on it.
fn remove_entry(text: &mut String, value: &ast::Text) {
    let before = text.get(..value.span.start as usize).unwrap_or("");
    let Some(start) = before.rfind('原') else { return };
    let mut end = value.span.end as usize + '」'.len_utf8();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = text.get(line_start..start).is_some_and(|lead| lead.trim().is_empty());
    let rest = text.get(end..).unwrap_or("");
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let clear = rest.get(..line_end).is_some_and(|tail| tail.trim().is_empty());
    let start = if alone && clear {
        end += line_end;
        line_start
    } else {
        start
    };
    if text.is_char_boundary(start) && text.is_char_boundary(end) {
        text.replace_range(start..end, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_what_the_text_includes() {
        let text = "办法「甲」\n  版本「一」 原文「原文.txt」 -- 注\n\n第一条「乙」\n";
        let entry = "2027年1月1日 关于修改《甲》的决定";
        let stamped = stamp(text, entry);
        assert_eq!(
            stamped,
            "办法「甲」\n  版本「一」  -- 注\n  修正「2027年1月1日 关于修改《甲》的决定」\n\n第一条「乙」\n"
        );
        let text = "办法「甲」\n  原文「原文.txt」\n第一条「乙」\n";
        assert_eq!(stamp(text, entry), format!("办法「甲」\n  修正「{entry}」\n第一条「乙」\n"));
        assert!(names(entry, "关于修改《甲》的决定"));
        assert!(names("2027年1月1日 关于修改《甲》的决定（第三项）", "关于修改《甲》的决定"));
        assert!(!names(entry, "关于修改《甲》"));
    }
}
