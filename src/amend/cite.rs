//! Citations in verbatim text: 第八条第二款第（三）项, 本条第二款, 前款, 《…》第三条 and lists of them.
//!
//! In: words of a law. Out: where they cite, and what, as far as words alone can tell; [`super::follow`] finds the
//! provisions.
use crate::base::{Part, PartKind, numeral};

/// A citation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite {
    /// Byte range of its steps, without 本办法, 本条 or 《》.
    pub start: usize,
    /// End of the range.
    pub end: usize,
    /// What it is read from.
    pub anchor: Anchor,
    /// Its steps as written.
    pub steps: Vec<Step>,
    /// 至 stands before it: it ends a range that the citation before it begins.
    pub through: bool,
}

/// Where the steps of a citation begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// 第八条…: at the article, of this law.
    Law,
    /// Another law: nothing of ours.
    Other,
    /// 第二款…: below where the text stands.
    Here,
    /// 本条第二款, 本款第一项
    This(PartKind),
    /// Below what the citation before it names: 第八条第一项、第二项.
    Same,
    /// 前款, 前条第二款; so many before.
    Previous(PartKind, u32),
    /// 第三章: the number is that of the first step.
    Chapter,
}

/// One step of a citation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// For [`Anchor::Chapter`] the kind means nothing.
    pub part: Part,
    /// The number was written in Arabic digits.
    pub arabic: bool,
    /// 第（三）项
    pub round: bool,
}

impl Step {
    /// The step with another number, in the same style.
    pub fn render(&self, part: Part) -> String {
        let number = |n: u32| if self.arabic { n.to_string() } else { numeral::to_chinese(n.into()) };
        let (open, close) = if self.round { ("（", "）") } else { ("", "") };
        let sub = if part.sub > 0 { format!("之{}", number(part.sub)) } else { String::new() };
        format!("第{open}{}{close}{}{sub}", number(part.number), part.kind.word())
    }
}

/// Words that name a kind of law; right before 第X条 they mean another law, but for 本办法.
const LAWS: [&str; 13] =
    ["法", "条例", "办法", "规定", "规则", "细则", "章程", "解释", "决定", "准则", "公约", "规程", "通则"];
const JOINTS: [&str; 10] = ["、", "和", "或者", "或", "以及", "及", "与", "并", "至", "到"];

/// All citations of a text, in order. `own` are the names of this law.
pub fn scan(text: &str, own: &[&str]) -> Vec<Cite> {
    let mut cites: Vec<Cite> = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['第', '前'])) {
        let start = at + found;
        let next = start + '第'.len_utf8();
        let read = match text.get(start..) {
            Some(rest) if rest.starts_with('前') => read_previous(text, start),
            Some(rest) => read_numbered(rest, start),
            None => None,
        };
        let Some(mut cite) = read else {
            at = next;
            continue;
        };
        if cite.anchor == Anchor::Here || cite.anchor == Anchor::Law {
            (cite.anchor, cite.through) = context(text, &cite, cites.last(), own);
        } else if matches!(cite.anchor, Anchor::Chapter) {
            let (anchor, through) = context(text, &cite, cites.last(), own);
            cite.through = through;
            if anchor == Anchor::Other {
                cite.anchor = Anchor::Other;
            }
        }
        at = cite.end;
        cites.push(cite);
    }
    cites
}

/// 第…条第…款…, 第三章.
fn read_numbered(rest: &str, start: usize) -> Option<Cite> {
    if let Some((number, arabic, length)) = numbered(rest, "章") {
        let step = Step { part: Part::new(PartKind::Article, number), arabic, round: false };
        return Some(Cite {
            start,
            end: start + length,
            anchor: Anchor::Chapter,
            steps: vec![step],
            through: false,
        });
    }
    let (steps, length) = read_steps(rest, None);
    let anchor = if steps.first()?.part.kind == PartKind::Article { Anchor::Law } else { Anchor::Here };
    Some(Cite { start, end: start + length, anchor, steps, through: false })
}

/// Steps one right behind the other, each below the one before.
fn read_steps(text: &str, mut upper: Option<PartKind>) -> (Vec<Step>, usize) {
    let (mut steps, mut length) = (Vec::new(), 0);
    while let Some((step, width)) = text.get(length..).and_then(read_step) {
        if upper.is_some_and(|u| step.part.kind <= u) {
            break;
        }
        upper = Some(step.part.kind);
        steps.push(step);
        length += width;
    }
    (steps, length)
}

fn read_step(text: &str) -> Option<(Step, usize)> {
    for (word, kind) in [
        ("条", PartKind::Article),
        ("款", PartKind::Paragraph),
        ("项", PartKind::Item),
        ("目", PartKind::SubItem),
    ] {
        let Some((number, arabic, mut length)) = numbered(text, word) else { continue };
        let round = text.strip_prefix('第').is_some_and(|t| t.starts_with(['（', '(']));
        let mut part = Part::new(kind, number);
        let after = text.get(length..).unwrap_or("");
        if let Some((sub, width)) = inserted(after).filter(|_| kind != PartKind::Paragraph) {
            part.sub = sub;
            length += width;
        }
        return Some((Step { part, arabic, round }, length));
    }
    None
}

/// 之一, not 之一般.
fn inserted(text: &str) -> Option<(u32, usize)> {
    let rest = text.strip_prefix('之')?;
    let width = digits(rest);
    let number = numeral::parse_integer(rest.get(..width)?).and_then(|n| u32::try_from(n).ok())?;
    let next = rest.get(width..)?.chars().next();
    let word = next.is_some_and(|c| "般切些样定致时旦律道起".contains(c));
    (number > 0 && !word).then_some((number, '之'.len_utf8() + width))
}

/// 第（三）项: number, whether Arabic, length.
fn numbered(text: &str, word: &str) -> Option<(u32, bool, usize)> {
    let rest = text.strip_prefix('第')?;
    let open = rest.chars().next().filter(|c| matches!(c, '（' | '('));
    let rest = rest.get(open.map_or(0, char::len_utf8)..)?;
    let width = digits(rest);
    let number = rest.get(..width)?;
    let arabic = number.starts_with(|c: char| c.is_ascii_digit());
    let value = numeral::parse_integer(number).and_then(|n| u32::try_from(n).ok()).filter(|&n| n > 0)?;
    let mut after = rest.get(width..)?;
    if open.is_some() {
        after = after.strip_prefix(['）', ')'])?;
    }
    let after = after.strip_prefix(word)?;
    Some((value, arabic, text.len() - after.len()))
}

fn digits(text: &str) -> usize {
    let is_digit = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千".contains(c);
    text.len() - text.trim_start_matches(is_digit).len()
}

/// 前款, 前两款, 前条第二款; no 目前, 前项目, 此前条件.
fn read_previous(text: &str, start: usize) -> Option<Cite> {
    let before = text.get(..start)?.chars().next_back();
    if before.is_some_and(|c| "目以之此先提当年月日期会眼生从".contains(c)) {
        return None;
    }
    let rest = text.get(start + '前'.len_utf8()..)?;
    let width = if rest.starts_with('两') { '两'.len_utf8() } else { digits(rest) };
    let count = match rest.get(..width)? {
        "" => 1,
        "两" => 2,
        n => numeral::parse_integer(n).and_then(|n| u32::try_from(n).ok()).filter(|&n| n > 0)?,
    };
    let after = rest.get(width..)?;
    let kind = match after.chars().next()? {
        '条' => PartKind::Article,
        '款' => PartKind::Paragraph,
        '项' => PartKind::Item,
        _ => return None,
    };
    let after = after.get('条'.len_utf8()..)?;
    if after.starts_with(['件', '目', '例', '约', '款', '项', '文']) {
        return None;
    }
    let (steps, length) = read_steps(after, Some(kind));
    let end = text.len() - after.len() + length;
    let steps = if count == 1 { steps } else { Vec::new() };
    let end = if count == 1 { end } else { text.len() - after.len() };
    Some(Cite { start, end, anchor: Anchor::Previous(kind, count), steps, through: false })
}

/// What a citation is read from, given what stands before it, and whether it ends a range.
fn context(text: &str, cite: &Cite, last: Option<&Cite>, own: &[&str]) -> (Anchor, bool) {
    let before = text.get(..cite.start).unwrap_or("");
    let from_law = cite.anchor != Anchor::Here;
    if let Some(last) = last {
        let between = text.get(last.end..cite.start).unwrap_or("");
        let through = matches!(between, "至" | "到");
        if JOINTS.contains(&between) || between == "的" && !from_law {
            let anchor = match (last.anchor, from_law) {
                (Anchor::Other, _) => Anchor::Other,
                (_, true) => cite.anchor,
                (_, false) => Anchor::Same,
            };
            return (anchor, through);
        }
    }
    for (word, kind) in [("本条", PartKind::Article), ("本款", PartKind::Paragraph), ("本项", PartKind::Item)]
    {
        if before.ends_with(word) && !from_law {
            return (Anchor::This(kind), false);
        }
    }
    (if of_another_law(before, own) { Anchor::Other } else { cite.anchor }, false)
}

/// Whether the words before 第X条 name another law.
fn of_another_law(before: &str, own: &[&str]) -> bool {
    let named = before.strip_suffix('的').unwrap_or(before);
    if let Some(inside) = named.strip_suffix('》') {
        let title = inside.rsplit('《').next().unwrap_or(inside);
        return !own.contains(&title);
    }
    let Some(word) = LAWS.iter().find(|w| before.ends_with(**w)) else { return false };
    let stem = before.strip_suffix(word).unwrap_or("");
    !stem.ends_with('本') && !own.iter().any(|name| before.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let one = |c: &Cite| {
            let steps: String = c.steps.iter().map(|s| s.part.to_string()).collect();
            let through = if c.through { "~" } else { "" };
            format!("{through}{:?} {steps}", c.anchor)
        };
        scan(text, &["借阅规则", "图书借阅规则"]).iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_is_cited() {
        for (text, expected) in [
            ("依照第八条第二款第（三）项处理", "Law 第八条第二款第三项"),
            ("本规则第十五条第一项、第二项和第十六条", "Law 第十五条第一项; Same 第二项; Law 第十六条"),
            ("第八条至第十四条", "Law 第八条; ~Law 第十四条"),
            ("《学校章程》第三条、第五条，第六条", "Other 第三条; Other 第五条; Law 第六条"),
            ("《借阅规则》第三条", "Law 第三条"),
            ("刑法第三条和民事条例第五条", "Other 第三条; Other 第五条"),
            ("本条第二款、第三款", "This(Article) 第二款; Same 第三款"),
            ("前款第一项和前两款规定", "Previous(Paragraph, 1) 第一项; Previous(Paragraph, 2) "),
            ("目前条件、前项目、此前款项", ""),
            ("第十九条之一的规定，第三条之一般规定", "Law 第十九条之一; Law 第三条"),
            ("依照第三章的规定", "Chapter 第三条"),
            ("第5条第(2)项", "Law 第五条第二项"),
            ("第二款规定", "Here 第二款"),
            ("第八条的第二款", "Law 第八条; Same 第二款"),
            ("第一次、前人、第三人", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn style_is_kept() {
        let cites = scan("第5条第（二）项", &[]);
        let steps = &cites[0].steps;
        assert_eq!(steps[0].render(Part::new(PartKind::Article, 6)), "第6条");
        assert_eq!(steps[1].render(Part::new(PartKind::Item, 3)), "第（三）项");
    }
}
