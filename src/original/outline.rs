//! 原文.txt as passages by address: 第X条 and （一） at the head of a line give the address; any other line inside an
//! article is its next 款.
use crate::base::{Address, FileId, Part, PartKind, Span, numeral};
use crate::hir::HeadingLevel;
use std::collections::BTreeMap;

/// The text of one provision and its place in the original.
pub(super) struct Passage {
    pub text: String,
    pub span: Span,
}

/// The original by address.
#[derive(Default)]
pub(super) struct Outline {
    pub passages: BTreeMap<Address, Passage>,
    /// `第一章` → title.
    pub headings: BTreeMap<String, (String, Span)>,
}

/// How a heading is named in both texts.
pub(super) fn heading_key(level: HeadingLevel, number: u32) -> String {
    let unit = match level {
        HeadingLevel::Chapter => '章',
        HeadingLevel::Section => '节',
    };
    format!("第{}{unit}", numeral::to_chinese(u64::from(number)))
}

/// Paragraphs of one article: text with place, and items under each.
struct Article {
    address: Address,
    paragraphs: Vec<(Passage, Vec<(Part, Passage)>)>,
}

/// Reads the original.
pub(super) fn read(text: &str, file: FileId) -> Outline {
    let mut outline = Outline::default();
    let mut article: Option<Article> = None;
    let mut offset = 0usize;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let body = line.trim_matches(is_blank);
        let lead = line.len() - line.trim_start_matches(is_blank).len();
        let passage = |skipped: usize| {
            let rest = body.get(skipped..).unwrap_or("").trim_start_matches(is_blank);
            let from = start + lead + body.len() - rest.len();
            Passage { text: rest.to_owned(), span: span(file, from, from + rest.len()) }
        };
        if body.is_empty() {
            continue;
        }
        if let Some((key, used)) = heading(body) {
            finish(&mut outline, article.take());
            let title = passage(used);
            outline.headings.insert(key, (title.text, title.span));
        } else if let Some((address, used)) = article_head(body) {
            finish(&mut outline, article.take());
            article = Some(Article { address, paragraphs: vec![(passage(used), Vec::new())] });
        } else if let Some(current) = &mut article {
            match (item_head(body), current.paragraphs.last_mut()) {
                (Some((part, used)), Some((_, items))) => items.push((part, passage(used))),
                _ => current.paragraphs.push((passage(0), Vec::new())),
            }
        }
    }
    finish(&mut outline, article);
    outline
}

fn finish(outline: &mut Outline, article: Option<Article>) {
    let Some(article) = article else { return };
    let single = article.paragraphs.len() == 1;
    for (n, (passage, items)) in article.paragraphs.into_iter().enumerate() {
        let address = if single {
            article.address.clone()
        } else {
            article.address.clone().paragraph(u32::try_from(n + 1).unwrap_or(u32::MAX))
        };
        let mut item = address.clone();
        for (part, text) in items {
            let place = if part.kind == PartKind::Item {
                item = address.clone().with_part(part);
                item.clone()
            } else {
                item.clone().with_part(part)
            };
            outline.passages.insert(place, text);
        }
        outline.passages.insert(address, passage);
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span::new(file, u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// `第一章　总则` → key and bytes used.
fn heading(line: &str) -> Option<(String, usize)> {
    let rest = line.strip_prefix('第')?;
    let (level, at) = [(HeadingLevel::Chapter, '章'), (HeadingLevel::Section, '节')]
        .into_iter()
        .filter_map(|(l, c)| rest.find(c).map(|at| (l, at)))
        .min_by_key(|(_, at)| *at)?;
    let number = u32::try_from(numeral::parse_integer(rest.get(..at)?)?).ok()?;
    Some((heading_key(level, number), '第'.len_utf8() + at + '章'.len_utf8()))
}

/// `第十九条之一　…`, `第七十二条（节选）　…` → address and bytes used.
fn article_head(line: &str) -> Option<(Address, usize)> {
    let rest = line.strip_prefix('第')?;
    let at = rest.find('条')?;
    let number = u32::try_from(numeral::parse_integer(rest.get(..at)?)?).ok()?;
    let mut used = '第'.len_utf8() + at + '条'.len_utf8();
    let mut part = Part::new(PartKind::Article, number);
    let digits = "零一二三四五六七八九十百";
    if let Some(tail) = line.get(used..).and_then(|t| t.strip_prefix('之')) {
        let len = tail.find(|c| !digits.contains(c)).unwrap_or(tail.len());
        if let Some(n) = tail.get(..len).and_then(numeral::parse_chinese) {
            part.sub = u32::try_from(n).ok()?;
            used += '之'.len_utf8() + len;
        }
    }
    if let Some(tail) = line.get(used..)
        && tail.starts_with('（')
        && let Some(close) = tail.find('）')
        && tail.get(close + '）'.len_utf8()..).is_some_and(|t| t.starts_with(is_blank))
    {
        used += close + '）'.len_utf8();
    }
    line.get(used..).filter(|t| t.is_empty() || t.starts_with(is_blank))?;
    Some((Address::default().with_part(part), used))
}

/// `（一）…` or `1.…` → step and bytes used.
fn item_head(line: &str) -> Option<(Part, usize)> {
    if let Some(rest) = line.strip_prefix('（').or_else(|| line.strip_prefix('(')) {
        let at = rest.find(['）', ')'])?;
        let number = u32::try_from(numeral::parse_chinese(rest.get(..at)?)?).ok()?;
        let close = rest.get(at..)?.chars().next()?.len_utf8();
        return Some((Part::new(PartKind::Item, number), line.len() - rest.len() + at + close));
    }
    let at = line.find(['.', '．'])?;
    let number = u32::try_from(numeral::parse_integer(line.get(..at)?)?).ok()?;
    let dot = line.get(at..)?.chars().next()?.len_utf8();
    Some((Part::new(PartKind::SubItem, number), at + dot))
}
