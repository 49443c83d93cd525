//! Amending decisions (修改决定): a text cut at 一、二、… and built operation by operation.
//!
//! In: the text of a decision. Out: [`ast::Decision`], for [`crate::amend`]. One operation that cannot be read hides
//! no other: it stays in its place as [`ast::OperationKind::Broken`].
use super::chunk::{ChunkKind, is_blank, skip_number};
use super::normalise::simplify_char;
use super::{ast, build, places_on_characters};
use crate::base::FileId;
use crate::diag::Diagnostic;

/// No first words of a chunk are longer, in characters.
const LOOK_AHEAD: usize = 24;
/// Words an operation is told by when its line is indented.
const VERBS: [&str; 6] = ["修改为", "删去", "删除", "废止", "增加", "统一"];

/// Whether a text is an amending decision: the first thing in it, comments aside, is 修改决定.
#[must_use]
pub fn is_decision(text: &str) -> bool {
    let first = text
        .lines()
        .map(|line| line.trim_start_matches(is_blank))
        .find(|line| !line.is_empty() && !line.starts_with("--"));
    first.is_some_and(opens_decision)
}

/// Reads one amending decision; none if the text is something else. The diagnostics are sorted by place.
#[must_use]
pub fn parse_decision(text: &str, file: FileId) -> (Option<ast::Decision>, Vec<Diagnostic>) {
    let (decision, mut diagnostics) = build::decision(text, file);
    places_on_characters(text, &mut diagnostics);
    (decision, diagnostics)
}

fn opens_decision(line: &str) -> bool {
    let head: String = line.chars().take(LOOK_AHEAD).map(simplify_char).collect();
    head.strip_prefix("修改决定")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(is_blank) || rest.starts_with('「'))
}

/// Whether a line of a decision begins a chunk, and which.
pub fn chunk_start(line: &str, _previous: ChunkKind) -> Option<ChunkKind> {
    let trimmed = line.trim_start_matches(|c| is_blank(c) && c != '\n');
    let indented = line.trim_start_matches('\u{FEFF}').len() != trimmed.len();
    if opens_decision(trimmed) {
        return Some(ChunkKind::Decision);
    }
    let first = trimmed.lines().next().unwrap_or("");
    if skip_number(first).is_some_and(|rest| rest.starts_with('、')) {
        let told = || {
            let head: String = first.chars().take(256).map(simplify_char).collect();
            VERBS.iter().any(|verb| head.contains(verb))
        };
        return (!indented || told()).then_some(ChunkKind::Operation);
    }
    let head: String = first.chars().take(LOOK_AHEAD).map(simplify_char).collect();
    let order = ["条文顺序", "款项顺序", "条文序号", "款项序号"].iter().any(|w| head.contains(w));
    let closes = order && head.contains("调整")
        || head
            .strip_prefix("本决定")
            .is_some_and(|rest| rest.trim_start_matches(is_blank).starts_with(['第', '自']));
    closes.then_some(ChunkKind::Closing)
}

#[cfg(test)]
mod tests {
    use super::super::chunk::split_by;
    use super::*;

    #[test]
    fn decisions_are_told_from_policies() {
        assert!(is_decision("\u{feff}-- 说明\n\n  修改决定「甲」\n"));
        assert!(is_decision("修改決定「甲」"));
        for other in ["", "-- 修改决定「甲」", "规则「甲」\n修改决定「乙」", "修改决定书「甲」"]
        {
            assert!(!is_decision(other), "{other}");
        }
    }

    #[test]
    fn cut_at_operations() {
        use ChunkKind::{Closing, Decision, Operation};
        let text = "修改决定「甲」\n  自 2027年1月1日 起施行\n一、第一条 修改为：\n  第一条「\n二、乙」\n    丙 为\n    一、二 之一 的，丁。\n\
                    二、删去 第二条。\n  三、删去 第三条。\n条文顺序作相应调整。\n本决定 第二项 自 2027年7月1日 起施行。\n";
        let kinds: Vec<_> =
            split_by(text, FileId(0), chunk_start, &mut Vec::new()).iter().map(|c| c.kind).collect();
        assert_eq!(kinds, [Decision, Operation, Operation, Operation, Closing, Closing]);
    }
}
