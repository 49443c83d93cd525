//! The address of a provision (条款项目), the only identity a provision has.
//!
//! Rules, priorities, citations, traces and amendments all name provisions by this one type. It is
//! written and read as statutes cite: 第十九条之一第二款第三项第一目, 《借阅规则》第三条, 第十八条但书.
use std::fmt;
use std::str::FromStr;

use super::numeral;

/// What a step of an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// 条
    Article,
    /// 款
    Paragraph,
    /// 项
    Item,
    /// 目
    SubItem,
    /// 但书; nested provisos follow one another.
    Proviso,
}

impl PartKind {
    /// 条 款 项 目 但书.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Article => "条",
            Self::Paragraph => "款",
            Self::Item => "项",
            Self::SubItem => "目",
            Self::Proviso => "但书",
        }
    }

    /// Whether a step of this kind may stand below one of `upper`. Items may stand below a proviso.
    #[must_use]
    pub fn may_follow(self, upper: Self) -> bool {
        match upper {
            Self::Article | Self::Paragraph | Self::Item | Self::SubItem => self > upper,
            Self::Proviso => self >= Self::Item,
        }
    }
}

/// One step: `第十九条之一` is `Article, 19, 1`; a plain number has `sub == 0`; a proviso counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// Kind of the step.
    pub kind: PartKind,
    /// The number, from 1.
    pub number: u32,
    /// The 之N of an inserted provision, 0 when there is none.
    pub sub: u32,
}

impl Part {
    /// A step with a plain number.
    #[must_use]
    pub const fn new(kind: PartKind, number: u32) -> Self {
        Self { kind, number, sub: 0 }
    }

    /// A step inserted after that number: 第十九条之一.
    #[must_use]
    pub const fn inserted(kind: PartKind, number: u32, sub: u32) -> Self {
        Self { kind, number, sub }
    }
}

/// A full address. `law` is empty within the law itself, else the short name cited in 《》.
/// An article with a single unnumbered 款 has no paragraph step: 第十五条第一项.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Short name of another law, or empty.
    pub law: String,
    /// Steps from article downwards.
    pub parts: Vec<Part>,
}

impl Address {
    /// Whether `other` is this provision or lies below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.law == other.law && other.parts.starts_with(&self.parts)
    }

    /// 第N条 of the law itself.
    #[must_use]
    pub fn of_article(number: u32) -> Self {
        Self::default().with_part(Part::new(PartKind::Article, number))
    }

    /// 第N条之M of the law itself.
    #[must_use]
    pub fn of_inserted_article(number: u32, sub: u32) -> Self {
        Self::default().with_part(Part::inserted(PartKind::Article, number, sub))
    }

    /// The same provision of another law.
    #[must_use]
    pub fn in_law(mut self, law: impl Into<String>) -> Self {
        self.law = law.into();
        self
    }

    /// The provision one step below.
    #[must_use]
    pub fn with_part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// 第N款 of this.
    #[must_use]
    pub fn paragraph(self, number: u32) -> Self {
        self.with_part(Part::new(PartKind::Paragraph, number))
    }

    /// 第N项 of this.
    #[must_use]
    pub fn item(self, number: u32) -> Self {
        self.with_part(Part::new(PartKind::Item, number))
    }

    /// 第N目 of this.
    #[must_use]
    pub fn sub_item(self, number: u32) -> Self {
        self.with_part(Part::new(PartKind::SubItem, number))
    }

    /// The N-th proviso of this.
    #[must_use]
    pub fn proviso(self, number: u32) -> Self {
        self.with_part(Part::new(PartKind::Proviso, number))
    }

    /// The provision one step above; none for an article or a whole law.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.parts.split_last() {
            Some((_, upper)) if !upper.is_empty() => {
                Some(Self { law: self.law.clone(), parts: upper.to_vec() })
            }
            Some(_) | None => None,
        }
    }

    /// The article this lies in (itself for an article).
    #[must_use]
    pub fn article(&self) -> Self {
        Self { law: self.law.clone(), parts: self.parts.iter().take(1).copied().collect() }
    }

    /// The address down to and including the first step of `kind`, if there is one: 本款 and 本项 of a place.
    #[must_use]
    pub fn up_to(&self, kind: PartKind) -> Option<Self> {
        let at = self.parts.iter().position(|p| p.kind == kind)?;
        Some(Self { law: self.law.clone(), parts: self.parts.iter().take(at + 1).copied().collect() })
    }

    /// The lowest step.
    #[must_use]
    pub fn last(&self) -> Option<Part> {
        self.parts.last().copied()
    }

    /// The step of this kind, if there is one.
    #[must_use]
    pub fn part(&self, kind: PartKind) -> Option<Part> {
        self.parts.iter().find(|p| p.kind == kind).copied()
    }

    /// Reads a full address: from the article down, or 《law》 with or without steps.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (law, steps) = match text.strip_prefix('《') {
            Some(rest) => {
                let (law, steps) = rest.split_once('》')?;
                (law.trim(), steps.trim_start())
            }
            None => ("", text),
        };
        let parts = if steps.is_empty() && !law.is_empty() { Vec::new() } else { Self::parse_steps(steps)? };
        let well_rooted = parts.first().is_none_or(|p| p.kind == PartKind::Article);
        (well_rooted && (!law.is_empty() || !parts.is_empty()) && text.starts_with('《') != law.is_empty())
            .then(|| Self { law: law.to_owned(), parts })
    }

    /// Reads steps from any level down: 第一款第（二）项, 第三项, 但书.
    #[must_use]
    pub fn parse_steps(text: &str) -> Option<Vec<Part>> {
        let mut rest = text;
        let mut parts: Vec<Part> = Vec::new();
        while !rest.is_empty() {
            let (part, after) = read_part(rest)?;
            if parts.last().is_some_and(|upper| !part.kind.may_follow(upper.kind)) {
                return None;
            }
            parts.push(part);
            rest = after;
        }
        (!parts.is_empty()).then_some(parts)
    }
}

/// Reads one step at the head of `text` and gives what follows it.
fn read_part(text: &str) -> Option<(Part, &str)> {
    if let Some(rest) = text.strip_prefix(PartKind::Proviso.word()) {
        return Some((Part::new(PartKind::Proviso, 1), rest));
    }
    let rest = text.strip_prefix('第')?;
    let kinds =
        [PartKind::Article, PartKind::Paragraph, PartKind::Item, PartKind::SubItem, PartKind::Proviso];
    let (at, kind) = kinds.iter().filter_map(|&k| Some((rest.find(k.word())?, k))).min()?;
    let number = read_number(rest.get(..at)?)?;
    let rest = rest.get(at..)?.strip_prefix(kind.word())?;
    let Some(after) = rest.strip_prefix('之') else { return Some((Part::new(kind, number), rest)) };
    let end = after.find(['第', '但']).unwrap_or(after.len());
    let sub = read_number(after.get(..end)?)?;
    Some((Part::inserted(kind, number, sub), after.get(end..)?))
}

/// A number of a step, from 1: 十九, （二）, (2), 19.
fn read_number(text: &str) -> Option<u32> {
    let inner = text.strip_prefix(['（', '(']).and_then(|t| t.strip_suffix(['）', ')'])).unwrap_or(text);
    if inner.contains([',', '.', '+', '-', '两']) {
        return None;
    }
    u32::try_from(numeral::parse_integer(inner.trim())?).ok().filter(|&n| n > 0)
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.kind.word();
        match self.kind {
            PartKind::Proviso if self.number <= 1 => f.write_str(word)?,
            PartKind::Article
            | PartKind::Paragraph
            | PartKind::Item
            | PartKind::SubItem
            | PartKind::Proviso => {
                write!(f, "第{}{word}", numeral::to_chinese(u64::from(self.number)))?;
            }
        }
        if self.sub > 0 { write!(f, "之{}", numeral::to_chinese(u64::from(self.sub))) } else { Ok(()) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.law.is_empty() {
            write!(f, "《{}》", self.law)?;
        }
        self.parts.iter().try_for_each(|part| write!(f, "{part}"))
    }
}

/// The text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("不是条文地址")
    }
}

impl std::error::Error for NotAnAddress {}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        Self::parse(text).ok_or(NotAnAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn written_as_cited() {
        let deep = Address::of_inserted_article(19, 1).paragraph(2).item(3).sub_item(1);
        assert_eq!(deep.to_string(), "第十九条之一第二款第三项第一目");
        assert_eq!(deep.article().to_string(), "第十九条之一");
        assert_eq!(deep.parent().unwrap().to_string(), "第十九条之一第二款第三项");
        assert_eq!(deep.up_to(PartKind::Paragraph).unwrap().to_string(), "第十九条之一第二款");
        assert_eq!(Address::of_article(3).parent(), None);
        assert_eq!(Address::of_article(3).in_law("借阅规则").to_string(), "《借阅规则》第三条");
        assert_eq!(Address::of_article(18).proviso(1).proviso(1).to_string(), "第十八条但书但书");
        assert_eq!(Address::of_article(18).proviso(2).item(1).to_string(), "第十八条第二但书第一项");
        assert!(Address::of_article(3).covers(&Address::of_article(3).item(1)));
        assert!(Address::of_article(19) < Address::of_inserted_article(19, 1));
    }

    #[test]
    fn read_as_cited() {
        for (s, canonical) in [
            ("第十九条第（二）项", "第十九条第二项"),
            ("第19条第2款第(2)项", "第十九条第二款第二项"),
            ("《借阅规则》第三条", "《借阅规则》第三条"),
            ("《借阅规则》", "《借阅规则》"),
            ("第十八条但书第一项", "第十八条但书第一项"),
            ("第十八条之二但书", "第十八条之二但书"),
        ] {
            assert_eq!(s.parse::<Address>().map(|a| a.to_string()).as_deref(), Ok(canonical), "{s}");
        }
        for s in [
            "",
            "第条",
            "第零条",
            "第一款",
            "第二百五条",
            "第一条第一条",
            "第一项第一款",
            "《》第一条",
            "《甲》乙",
            "第一条之",
            "第一条之零",
            "十九条",
            "第十九条第",
            "第99999999999条",
            "但书",
            "第1.5条",
            "第一条 ，",
        ] {
            assert_eq!(Address::parse(s), None, "{s}");
        }
        assert_eq!(Address::parse_steps("第一款第（二）项").map(|p| p.len()), Some(2));
    }

    proptest! {
        #[test]
        fn round_trip(a in 1_u32..2000, s in 0_u32..5, p in 0_u32..20, i in 0_u32..30, b in 0_u32..3) {
            let mut address = Address::of_inserted_article(a, s);
            if p > 0 { address = address.paragraph(p); }
            if i > 0 { address = address.item(i); }
            if b > 0 { address = address.proviso(b); }
            prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
        }

        #[test]
        fn any_text_is_answered(text in "[第条款项目之但书一二十（）《》 1]{0,20}") {
            if let Some(address) = Address::parse(&text) {
                prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
            }
        }
    }
}
