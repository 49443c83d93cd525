//! From a failed parse to the message a drafter can act on.
//!
//! The grammar says where it stopped and what it would have taken; the commonest slips are recognised here
//! and get their own error, the rest is told as expected and found.
use super::kids::Node;
use super::{Builder, expected};
use crate::base::{Span, similar};
use crate::syntax::chunk::is_blank;
use crate::syntax::errors;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

/// Entries of the title block.
const ENTRIES: [&str; 8] = ["制定机关", "文号", "公布日期", "施行日期", "版本", "原文", "简称", "修正"];
/// Attributes of fields that are one word.
const ATTRIBUTES: [&str; 4] = ["酌定", "默认", "未载明视为否", "标识"];
/// How many errors of a file are explained; a file with more is no policy.
const EXPLAINED: usize = 1000;
/// How much of what was found a message repeats, in characters.
const SHOWN: usize = 16;

impl Builder<'_> {
    /// Reports why a whole chunk could not be parsed.
    pub fn failure(&mut self, error: &Error<Rule>, text: &str) {
        let diagnosis = Failure::new(error, text);
        self.explain(&diagnosis);
    }

    /// Parses a broken statement again for the reason, and reports it.
    pub fn bad_statement(&mut self, node: &Node<'_>, chunk: &str) {
        if self.diags.len() >= EXPLAINED {
            return;
        }
        let span = node.as_span();
        let text = chunk.get(span.start()..span.end()).unwrap_or("");
        self.again(Rule::only_statement, text, span.start());
    }

    /// Reports what could not be read among the fields of an entity.
    pub fn bad_field(&mut self, node: &Node<'_>) {
        if self.diags.len() >= EXPLAINED {
            return;
        }
        let start = node.as_span().start();
        let text = node.as_str().trim_end_matches(is_blank);
        let word = word_of(text);
        let at = self.at(start, start + word.len());
        let line = self.source.get(..at.start as usize).and_then(|s| s.rsplit(['\n', '；', ';']).next());
        let first = line.is_none_or(|l| l.trim_matches(is_blank).is_empty());
        let diag = match (first, word.is_empty()) {
            (false, false) => errors::unknown_attribute(at, word, similar::nearest(word, ATTRIBUTES)),
            (true, false) if word.len() == text.len() && !is_reserved(word) => errors::missing_type(at, word),
            _ => return self.again(Rule::only_field, node.as_str(), start),
        };
        self.diags.push(diag);
    }

    /// Reports what could not be read in the title block.
    pub fn bad_entry(&mut self, node: &Node<'_>) {
        let start = node.as_span().start();
        let word = word_of(node.as_str());
        if word.is_empty() || ENTRIES.contains(&word) {
            return self.again(Rule::only_entry, node.as_str(), start);
        }
        let at = self.at(start, start + word.len());
        self.diags.push(errors::unknown_entry(at, word, similar::nearest(word, ENTRIES)));
    }

    /// Reports what could not be read in the title block of a decision.
    pub fn bad_decision_entry(&mut self, node: &Node<'_>) {
        let start = node.as_span().start();
        let word = word_of(node.as_str());
        let known = ["修改", "制定机关", "文号", "公布日期", "前次修改", "版本"];
        if word.is_empty() || known.contains(&word) || node.as_str().starts_with('自') {
            return self.again(Rule::only_decision_entry, node.as_str(), start);
        }
        let at = self.at(start, start + word.len());
        self.diags.push(errors::decision::unknown_entry(at, word));
    }

    fn again(&mut self, rule: Rule, text: &str, start: usize) {
        let outer = self.base;
        self.base += start;
        if let Err(error) = Grammar::parse(rule, text) {
            self.failure(&error, text);
        } else {
            // Readable by itself, so it is the place that is wrong.
            let trimmed = text.trim_end_matches(is_blank);
            let at = self.at(0, trimmed.len());
            let short = shorten(trimmed);
            self.diags.push(errors::unexpected(&errors::Found { at, text: &short }, ""));
        }
        self.base = outer;
    }

    fn explain(&mut self, failure: &Failure<'_>) {
        let diag = if failure.expected.is_empty() && failure.too_deep {
            errors::too_deep(self.at(0, failure.text.trim_end_matches(is_blank).len()))
        } else if let Some((open, at, width)) = unbalanced(failure.text) {
            let span = self.at(at, at + width);
            if open { errors::unclosed_paren(span) } else { errors::stray_paren(span) }
        } else if let Some((start, keyword, word)) = failure.joined() {
            errors::joined_keyword(self.at(start, start + word.len()), keyword, word)
        } else if failure.wants_quantifier_body() {
            errors::quantifier_in_chain(self.before(failure), None)
        } else if failure.wants_end() {
            let list = ["下列", "以下"].iter().any(|w| failure.before_trimmed().contains(w));
            errors::missing_end(self.before(failure), list)
        } else if let Some(at) = failure.bare_comma() {
            errors::bare_comma(self.at(at, at + failure.text.get(at..).map_or(0, first_width)))
        } else if let Some(at) = failure.premise_without_de() {
            errors::missing_de(self.char_before(failure.text, at))
        } else if let Some(word) = failure.keyword() {
            errors::keyword_as_name(self.at(failure.at, failure.at + word.len()), word)
        } else {
            let text = failure.found();
            let at = if text.is_empty() {
                self.before(failure)
            } else {
                self.at(failure.at, failure.at + text.len())
            };
            let found = errors::Found { at, text: &shorten(text) };
            let diag = errors::unexpected(&found, &expected::list(&failure.expected));
            match failure.slip() {
                Some(slip) => slip.advise(diag, |start, end| self.at(start, end)),
                None => diag,
            }
        };
        self.diags.push(diag);
    }

    /// The last character that is no blank before the place of failure.
    fn before(&self, failure: &Failure<'_>) -> Span {
        self.char_before(failure.text, failure.at)
    }

    fn char_before(&self, text: &str, at: usize) -> Span {
        let before = text.get(..at).unwrap_or("").trim_end_matches(is_blank);
        let width = before.chars().next_back().map_or(0, char::len_utf8);
        self.at(before.len() - width, before.len())
    }
}

/// Where and how a text stopped making sense.
pub struct Failure<'a> {
    /// What was parsed.
    pub text: &'a str,
    /// Byte offset of the first thing that did not fit.
    pub at: usize,
    expected: Vec<Rule>,
    too_deep: bool,
}

impl<'a> Failure<'a> {
    fn new(error: &Error<Rule>, text: &'a str) -> Self {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let (expected, too_deep) = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => (positives.clone(), false),
            ErrorVariant::CustomError { .. } => (Vec::new(), true),
        };
        Self { text, at, expected, too_deep }
    }

    /// What was not read.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn wants(&self, rules: &[Rule]) -> bool {
        self.expected.iter().any(|r| rules.contains(r))
    }

    /// The word or mark at the place of failure.
    pub fn found(&self) -> &'a str {
        let rest = self.rest();
        let first = if rest.starts_with(is_blank) { 0 } else { first_width(rest) };
        rest.get(..word_of(rest).len().max(first)).unwrap_or("")
    }

    /// All is well but for the 。: what follows begins a line, or nothing follows.
    fn wants_end(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("");
        let new_line = before.trim_end_matches(|c| is_blank(c) && c != '\n').ends_with('\n');
        let written = !before.trim_end_matches(is_blank).is_empty();
        written
            && self.wants(&[Rule::end, Rule::period, Rule::semi])
            && (new_line || self.rest().trim_start_matches(is_blank).is_empty())
    }

    /// 甲 且 乙，丙 应当 为 丁: 的 is missing before the comma at the place given.
    fn premise_without_de(&self) -> Option<usize> {
        let before = self.text.get(..self.at)?.trim_end_matches(is_blank);
        let (at, next) = match before.strip_suffix(['，', ',']) {
            Some(premise) => (premise.len(), self.rest()),
            None => (self.at, self.rest().strip_prefix(['，', ','])?),
        };
        let goes_on = ["应当", "可以", "不得", " 为 ", "视为", "推定", "依照", "参照", "除外"]
            .iter()
            .any(|w| next.contains(w));
        let wanted =
            [Rule::de, Rule::k_and, Rule::chain_op, Rule::and_joined, Rule::premise_end, Rule::and_list];
        (goes_on && self.wants(&wanted)).then_some(at)
    }

    /// 有 甲 且 乙 with no 的 丙 to come.
    fn wants_quantifier_body(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("");
        let bare = |w: &str| matches!(w.trim_start_matches(['（', '(', '，']), "有" | "无" | "没有");
        let quantified = before.split(is_blank).any(bare);
        let stops = self.rest().is_empty() || self.rest().starts_with(STOPS);
        let no_body = self.wants(&[Rule::de]) && !self.wants(&[Rule::end, Rule::rparen]);
        let no_entity = self.wants(&[Rule::name]) && before.trim_end_matches(is_blank).ends_with('的');
        quantified && stops && (no_body || no_entity)
    }

    /// The text before the place of failure, without blanks at its end.
    pub fn before_trimmed(&self) -> &'a str {
        self.text.get(..self.at).unwrap_or("").trim_end_matches(is_blank)
    }

    /// A keyword where only a name would do.
    fn keyword(&self) -> Option<&'a str> {
        let only_names =
            self.expected.iter().all(|r| matches!(r, Rule::name | Rule::value_name | Rule::whole));
        let word = self.found();
        (only_names && is_reserved(word)).then_some(word)
    }
}

/// What closes a condition.
const STOPS: [char; 8] = ['。', '；', ';', '）', ')', '，', ',', '：'];

/// Whether a word is a keyword, as a whole.
pub fn is_reserved(word: &str) -> bool {
    !word.is_empty() && Grammar::parse(Rule::reserved, word).is_ok_and(|p| p.as_str().len() == word.len())
}

/// The word at the head of a text; empty if it begins with a mark.
pub fn word_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Length of the first character.
pub fn first_width(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The first bracket that has no partner: whether it opens, where it is and how long.
fn unbalanced(text: &str) -> Option<(bool, usize, usize)> {
    let mut open = Vec::new();
    let mut in_text = false;
    for (i, c) in text.char_indices() {
        match c {
            '「' => in_text = true,
            '」' => in_text = false,
            '（' | '(' if !in_text => open.push((i, c.len_utf8())),
            '）' | ')' if !in_text && open.pop().is_none() => return Some((false, i, c.len_utf8())),
            _ => {}
        }
    }
    open.pop().map(|(i, width)| (true, i, width))
}

fn shorten(text: &str) -> String {
    let mut chars = text.chars();
    let mut short: String =
        chars.by_ref().take(SHOWN).map(|c| if c.is_control() { '␀' } else { c }).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}
