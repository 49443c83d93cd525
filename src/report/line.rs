//! Lines of painted text, wrapped at the width of the page the way Chinese is: anywhere but before closing
//! punctuation, after opening punctuation, or within a word of Latin letters or digits.
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a report is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colours.
    pub colour: bool,
    /// Lines and marks in ASCII characters.
    pub ascii: bool,
    /// Columns of the page; 0: lines are not wrapped.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, ascii: false, width: 100 }
    }
}

/// What a piece of text is, so that it can be coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Running text.
    #[default]
    Plain,
    /// Titles.
    Title,
    /// 定论, 是
    Good,
    /// 待查, 不明
    Open,
    /// 冲突, 否
    Bad,
    /// 未规定, 不适用, quotations
    Faint,
    /// Addresses
    Cite,
}

impl Paint {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Title => "1",
            Self::Good => "32",
            Self::Open => "33",
            Self::Bad => "31",
            Self::Faint => "2",
            Self::Cite => "36",
        }
    }
}

/// One line of painted text, without a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Paint, String)>,
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::default().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::default().plain(&text)
    }
}

impl Line {
    /// Adds a piece. Control characters of the data are not let through to the terminal.
    #[must_use]
    pub fn paint(mut self, paint: Paint, text: &str) -> Self {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !text.is_empty() {
            self.pieces.push((paint, text));
        }
        self
    }

    /// Adds running text.
    #[must_use]
    pub fn plain(self, text: &str) -> Self {
        self.paint(Paint::Plain, text)
    }

    /// Adds another line's pieces.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// Columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| text.width()).sum()
    }

    /// Whether there is nothing on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Its text without colours.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// Fills up to `columns` with blanks.
    #[must_use]
    pub fn pad(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        self.plain(&" ".repeat(missing))
    }

    /// Writes it after `first`; what does not fit goes to further lines, each after `rest`.
    pub fn write(&self, out: &mut String, style: &Style, first: &str, rest: &str) {
        let chars: Vec<(char, Paint)> =
            self.pieces.iter().flat_map(|(paint, text)| text.chars().map(|c| (c, *paint))).collect();
        let mut left: &[(char, Paint)] = &chars;
        let mut prefix = first;
        loop {
            let room = match style.width {
                0 => usize::MAX,
                width => width.saturating_sub(prefix.width()).max(MIN_ROOM),
            };
            let (now, later) = left.split_at(fitting(left, room));
            let mut text = String::from(prefix);
            write_painted(&mut text, now, style);
            out.push_str(text.trim_end());
            out.push('\n');
            let skipped = later.iter().take_while(|(c, _)| is_blank(*c)).count();
            left = later.get(skipped..).unwrap_or(&[]);
            if left.is_empty() {
                return;
            }
            prefix = rest;
        }
    }
}

/// However deep the indentation, so many columns are left for text.
const MIN_ROOM: usize = 24;

/// How many characters go on a line of `room` columns.
fn fitting(chars: &[(char, Paint)], room: usize) -> usize {
    let (mut used, mut soft, mut hard) = (0_usize, None, None);
    let mut before: Option<char> = None;
    for (at, (c, _)) in chars.iter().enumerate() {
        if let Some(before) = before
            && may_break(before, *c)
        {
            hard = Some(at);
            if is_pause(before) && used.saturating_mul(2) > room {
                soft = Some(at);
            }
        }
        used = used.saturating_add(c.width().unwrap_or(0));
        if used > room {
            return soft.or(hard).unwrap_or(at.max(1));
        }
        before = Some(*c);
    }
    chars.len()
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{3000}'
}

fn is_pause(c: char) -> bool {
    is_blank(c) || "、，；：。".contains(c)
}

fn may_break(before: char, after: char) -> bool {
    let word = |c: char| c.is_ascii_graphic();
    let closes = "，。、；：）》〉」』〕】？！…”’".contains(after);
    let opens = "（《〈「『〔【“‘✓✗".contains(before);
    !(closes || opens || word(before) && word(after))
}

fn write_painted(out: &mut String, chars: &[(char, Paint)], style: &Style) {
    for run in chars.chunk_by(|a, b| a.1 == b.1) {
        let code = run.first().map_or("", |(_, paint)| paint.code());
        let coloured = style.colour && !code.is_empty();
        if coloured {
            out.push_str("\x1b[");
            out.push_str(code);
            out.push('m');
        }
        out.extend(run.iter().map(|(c, _)| c));
        if coloured {
            out.push_str("\x1b[0m");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> String {
        let mut out = String::new();
        Line::from(text).write(&mut out, &Style { width, ..Style::default() }, "甲 ", "   ");
        out
    }

    #[test]
    fn wraps_as_chinese_does() {
        assert_eq!(wrapped("乙", 30), "甲 乙\n");
        let text = "一二三四五六七八九十一二三四五";
        assert_eq!(wrapped(text, 27), "甲 一二三四五六七八九十一二\n   三四五\n");
        let text = "一二三四五六七八九十一二，三四五";
        assert_eq!(wrapped(text, 27), "甲 一二三四五六七八九十一\n   二，三四五\n", "no comma at a head");
        let text = "一二三四五六七，八九十一二三四五";
        assert_eq!(wrapped(text, 27), "甲 一二三四五六七，\n   八九十一二三四五\n", "rather after a comma");
        assert_eq!(wrapped(&"a".repeat(30), 27), format!("甲 {}\n   {}\n", "a".repeat(24), "a".repeat(6)));
        assert_eq!(wrapped(text, 0), format!("甲 {text}\n"));
        assert_eq!(wrapped("", 10), "甲\n");
    }

    #[test]
    fn colours_and_control_characters() {
        let line = Line::default().paint(Paint::Good, "是").plain("\x1b[2J甲");
        let mut out = String::new();
        line.write(&mut out, &Style { colour: true, ..Style::default() }, "", "");
        assert_eq!(out, "\x1b[32m是\x1b[0m [2J甲\n");
        assert_eq!(line.width(), 8);
        assert_eq!(Line::from("甲").pad(4).text(), "甲  ");
    }
}
