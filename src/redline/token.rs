//! Texts cut into tokens that are kept or replaced as a whole, each with a key by which the two sides are compared.
//!
//! A reference has the provision it names as its key, so that 第二十二条 of one side equals 第二十三条 of the other when
//! that is where the article went.
use super::identity::Identity;
use crate::base::{Address, Part, PartKind};
use std::collections::BTreeSet;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it stands.
    pub text: String,
    /// Equal keys: the same thing is said.
    pub key: String,
    /// The provision a clause refers to by it, as its own side numbers it.
    pub named: Option<Address>,
}

/// Where the words of a clause stand, to follow what they refer to.
#[derive(Clone, Copy)]
pub struct Where<'a> {
    /// The provision on its own side; none outside of any.
    pub here: Option<&'a Address>,
    /// The articles of its side in order of text.
    pub articles: &'a [Address],
    /// Who is who: references are compared by where they lead in the new text.
    pub identity: &'a Identity,
    /// Whether it is the new side.
    pub new: bool,
}

/// What a text is, which decides how fine it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    /// Verbatim text: characters, but numbers as a whole.
    Character,
    /// Clauses: words, but what they quote as verbatim text.
    Word,
}

/// Verbatim texts of both sides. A reference of the old one is followed only if its new words stand in the new one:
/// 第三条 may be of another law.
#[must_use]
pub fn texts(old: &str, new: &str, identity: &Identity) -> (Vec<Token>, Vec<Token>) {
    let (mut old, new) = (cut(old, Grain::Character), cut(new, Grain::Character));
    let there: BTreeSet<&str> =
        new.iter().filter(|t| t.text.starts_with('第')).map(|t| t.text.as_str()).collect();
    for token in old.iter_mut().filter(|t| t.text.starts_with('第')) {
        let moved = Address::parse(&token.text).and_then(|a| identity.follow(&a)).map(|a| a.to_string());
        if let Some(moved) = moved.filter(|m| there.contains(m.as_str())) {
            token.key = moved;
        }
    }
    (old, new)
}

/// A clause, its references resolved.
#[must_use]
pub fn clause(text: &str, at: &Where<'_>) -> Vec<Token> {
    let mut tokens = cut(text, Grain::Word);
    let mut foreign = false;
    for token in &mut tokens {
        if let (false, Some(named)) = (foreign, at.resolve(&token.text)) {
            token.key = at.leads_to(&named);
            token.named = Some(named);
        }
        foreign = token.text == "》";
    }
    tokens
}

impl Where<'_> {
    /// The same for the same provision, on whichever side; what only one side has is its own.
    fn leads_to(&self, named: &Address) -> String {
        if !self.identity.knows(named, self.new) {
            return format!("?{named}");
        }
        let there = if self.new { self.identity.back(named) } else { self.identity.follow(named) };
        match (there, self.new) {
            (Some(moved), false) => format!("@{moved}"),
            (Some(_), true) => format!("@{named}"),
            (None, false) => format!("-{named}"),
            (None, true) => format!("+{named}"),
        }
    }

    /// The provision a token names, if it names one.
    fn resolve(&self, token: &str) -> Option<Address> {
        let previous = match token {
            "前条" => Some(PartKind::Article),
            "前款" => Some(PartKind::Paragraph),
            "前项" => Some(PartKind::Item),
            _ => None,
        };
        if let Some(kind) = previous {
            return self.previous(kind);
        }
        let parts = token.starts_with('第').then(|| Address::parse_steps(token)).flatten()?;
        let first = parts.first()?.kind;
        let mut base = Address::default();
        if first != PartKind::Article {
            base.parts = self.here?.parts.iter().take_while(|p| p.kind < first).copied().collect();
        }
        base.parts.extend(parts);
        Some(base)
    }

    fn previous(&self, kind: PartKind) -> Option<Address> {
        let here = self.here?;
        if kind == PartKind::Article {
            let own = self.articles.iter().position(|a| *a == here.article())?;
            return self.articles.get(own.checked_sub(1)?).cloned();
        }
        let mut found = here.up_to(kind)?;
        let last = found.parts.pop()?;
        Some(found.with_part(Part { number: last.number.checked_sub(1).filter(|n| *n > 0)?, ..last }))
    }
}

/// A declaration or heading: words, nothing followed.
#[must_use]
pub fn words(text: &str) -> Vec<Token> {
    cut(text, Grain::Word)
}

fn cut(text: &str, grain: Grain) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut quoted = 0_usize;
    while let Some(first) = rest.chars().next() {
        match first {
            '「' => quoted += 1,
            '」' => quoted = quoted.saturating_sub(1),
            _ => {}
        }
        let length = reference(rest).unwrap_or_else(|| match grain {
            Grain::Word if quoted == 0 => word(rest, first),
            Grain::Character | Grain::Word => run(rest, first, &[&is_digit, &is_numeral]),
        });
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out.push(Token { text: token.to_owned(), key: token.to_owned(), named: None });
        rest = after;
    }
    out
}

/// The length of the run of the first of `kinds` the text begins with, else of one character.
fn run(text: &str, first: char, kinds: &[&dyn Fn(char) -> bool]) -> usize {
    let Some(kind) = kinds.iter().find(|k| k(first)) else { return first.len_utf8() };
    text.find(|c| !kind(c)).unwrap_or(text.len())
}

/// A word of a clause: it ends before a blank, a mark or a reference; a number before it is a word of its own.
fn word(text: &str, first: char) -> usize {
    if !is_word(first) || is_digit(first) {
        return run(text, first, &[&is_digit]);
    }
    let ends = text
        .char_indices()
        .skip(1)
        .find(|(at, c)| !is_word(*c) || *c == '第' && text.get(*at..).and_then(reference).is_some());
    ends.map_or(text.len(), |(at, _)| at)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '%'
}

fn is_numeral(c: char) -> bool {
    "〇零一二两三四五六七八九十百千万亿".contains(c)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The longest a reference is.
const LONGEST: usize = 40;

/// The length of the reference a text begins with.
fn reference(text: &str) -> Option<usize> {
    if !text.starts_with('第') {
        return ["前条", "前款", "前项"].iter().find(|w| text.starts_with(**w)).map(|w| w.len());
    }
    let mut best = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        if !"条款项目书".contains(c) && !is_numeral(c) {
            if "第但之（）".contains(c) || c.is_ascii_digit() {
                continue;
            }
            break;
        }
        let end = at + c.len_utf8();
        if text.get(..end).and_then(Address::parse_steps).is_some() {
            best = Some(end);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_words(text: &str, grain: Grain) -> String {
        cut(text, grain).into_iter().map(|t| t.text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn numbers_and_references_stay_whole() {
        assert_eq!(
            cut_words("依照第十九条之一第二款处20元，三十日内。", Grain::Character),
            "依|照|第十九条之一第二款|处|20|元|，|三十|日|内|。"
        );
        assert_eq!(
            cut_words("除第二条另有规定外，迟还天数 30天以上 的，", Grain::Word),
            "除|第二条|另有规定外|，|迟还天数| |30|天以上| |的|，"
        );
        assert_eq!(
            cut_words("第八条至第十条、前条、第三条之规定", Grain::Word),
            "第八条|至|第十条|、|前条|、|第三条|之规定"
        );
        assert_eq!(cut_words("第一次迟还", Grain::Word), "第一次迟还");
    }

    #[test]
    fn references_lead_where_they_lead() {
        let here = Address::of_article(3).paragraph(2).item(4);
        let articles = [Address::of_article(1), Address::of_inserted_article(1, 1), Address::of_article(3)];
        let identity = Identity::default();
        let at = Where { here: Some(&here), articles: &articles, identity: &identity, new: true };
        for (token, named) in [
            ("第五条", "第五条"),
            ("前条", "第一条之一"),
            ("前款", "第三条第一款"),
            ("前项", "第三条第二款第三项"),
            ("第一款", "第三条第一款"),
            ("第二项", "第三条第二款第二项"),
        ] {
            assert_eq!(at.resolve(token).map(|a| a.to_string()).as_deref(), Some(named), "{token}");
        }
        assert_eq!(at.resolve("本条"), None);
    }
}
