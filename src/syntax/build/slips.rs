//! Common slips, told from the words around the place where a statement stopped making sense.
use super::failure::{Failure, first_width, is_reserved, word_of};
use crate::syntax::chunk::is_blank;
use crate::syntax::errors::Slip;

/// Keywords that are often run into the word behind them; longer ones first.
const JOINED: [&str; 14] = [
    "应当认定",
    "可以认定",
    "不得认定",
    "应当包括",
    "可以包括",
    "不得包括",
    "应当为",
    "可以为",
    "不得为",
    "视为",
    "推定",
    "但是",
    "但",
    "凡",
];
/// Words that begin a condition in everyday language and mean nothing here.
const IF_WORDS: [&str; 8] = ["如果", "若", "如", "当", "对", "对于", "凡是", "因"];
const MODES: [&str; 4] = ["应当", "可以", "不得", "应"];

impl<'a> Failure<'a> {
    /// What probably went wrong, if it is one of the common slips.
    pub fn slip(&self) -> Option<Slip<'a>> {
        let (before, rest, found) = (self.before_trimmed(), self.rest(), self.found());
        let last_start = before.char_indices().rev().take_while(|&(_, c)| is_word(c)).last();
        let last = last_start.and_then(|(i, _)| before.get(i..)).unwrap_or("");
        if before.ends_with('的') && MODES.iter().any(|m| found.starts_with(m)) {
            return Some(Slip::CommaAfterDe { at: before.len() });
        }
        if IF_WORDS.contains(&last) && !found.is_empty() {
            return Some(Slip::NoIf { word: last, start: before.len() - last.len(), end: self.at });
        }
        if last.ends_with(is_digit) && before.len() < self.at && !found.is_empty() && !is_reserved(found) {
            return Some(Slip::SplitUnit { number: last, unit: found, start: before.len(), end: self.at });
        }
        let grouped = before.strip_suffix([',', '，']).is_some_and(|b| b.ends_with(is_digit));
        if grouped && found.starts_with(is_digit) {
            let comma = before.chars().next_back().map_or(0, char::len_utf8);
            return Some(Slip::Thousands { start: before.len() - comma, end: before.len() });
        }
        if ["前条", "前款", "前项"].iter().any(|p| before.ends_with(p)) && found.starts_with('第') {
            return Some(Slip::RelativeSteps);
        }
        if before.ends_with('的') && !found.is_empty() && !is_reserved(found) {
            let owner = before.trim_end_matches('的').trim_end_matches(is_blank);
            let start = owner.char_indices().rev().take_while(|&(_, c)| is_word(c)).last().map(|(i, _)| i);
            let owner = start.and_then(|i| owner.get(i..)).unwrap_or("");
            return (!owner.is_empty()).then_some(Slip::FieldByDe { owner, field: found });
        }
        let earlier = before.rfind(['，', ',']).and_then(|i| before.get(..i)).unwrap_or("");
        let decided = ["应当", "可以", "不得"].iter().any(|m| earlier.contains(m));
        (rest.starts_with('的') && decided && earlier.contains("的，")).then_some(Slip::SecondRule)
    }

    /// 但甲, 应当认定甲: the keyword and the word it ran into, with the place of the word.
    pub fn joined(&self) -> Option<(usize, &'static str, &'a str)> {
        let before = self.text.get(..self.at)?;
        let stop = before.rfind(['，', ',', '；', ';']);
        let start = stop.map_or(0, |i| i + before.get(i..).map_or(0, first_width));
        let clause = self.text.get(start..)?;
        let word_at = start + clause.len() - clause.trim_start_matches(is_blank).len();
        let word = word_of(self.text.get(word_at..)?);
        let word = word.strip_suffix('的').unwrap_or(word);
        let keyword = JOINED.iter().find(|k| word.starts_with(**k))?;
        (word.len() > keyword.len() && self.at >= word_at && !is_reserved(word))
            .then_some((word_at, *keyword, word))
    }

    /// 甲，乙 的，丙: two conditions with a bare comma between them; the place of the comma.
    pub fn bare_comma(&self) -> Option<usize> {
        let before = self.before_trimmed();
        let condition = before.strip_suffix(['，', ','])?;
        let clause = self.rest().split(['，', ',', '。', '；']).next()?;
        let premise = clause.trim_end_matches(is_blank).ends_with('的') && clause.len() < self.rest().len();
        (premise && !condition.contains(['，', ','])).then_some(condition.len())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}
