//! One source file cut into chunks at the lines where a declaration, a heading or an article begins.
//!
//! In: the text of a file. Out: chunks of a text of the same length in which keywords are simplified,
//! comments are blanks and every 「 has its 」; [`super::build`] parses them one by one. What was wrong with
//! brackets is reported here, so that the grammar never meets it.
use super::errors;
use super::normalise::simplify_char;
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// How deep （ ） and conditions within conditions may lie in one another.
pub const NESTING_LIMIT: usize = 128;

/// What a chunk is, told from its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkKind {
    /// `办法「…」`
    Header,
    /// 引用
    Include,
    /// 枚举
    Enum,
    /// 事实 or 结论
    Fields,
    /// 第X章, 第X节
    Heading,
    /// 第X条
    Article,
    /// Definitions, scope, priorities; also what stands before the first chunk.
    Statements,
    /// 修改决定 and all that follows, in a policy
    Amending,
    /// 修改决定「…」 and its entries
    Decision,
    /// 一、 … of a decision
    Operation,
    /// 条文顺序作相应调整, 本决定第三项自 … 起施行
    Closing,
}

/// A part of the file that is parsed by itself.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// What it is.
    pub kind: ChunkKind,
    /// Its prepared text; longer than its place in the file when a missing 」 was added.
    pub text: String,
    /// Byte offset of the text in the file.
    pub start: usize,
    /// The rest of the chunk was cut off (nesting); errors at its very end are consequences of that.
    pub truncated: bool,
}

/// Whether a line begins a chunk, and which, given the kind of the chunk at hand.
pub type Starts = fn(&str, ChunkKind) -> Option<ChunkKind>;

/// Cuts a policy into chunks.
pub fn split(source: &str, file: FileId, diags: &mut Vec<Diagnostic>) -> Vec<Chunk> {
    split_by(source, file, chunk_start, diags)
}

/// Cuts a text into chunks that begin where `starts` says.
pub fn split_by(source: &str, file: FileId, starts: Starts, diags: &mut Vec<Diagnostic>) -> Vec<Chunk> {
    let mut splitter = Splitter {
        source,
        file,
        starts,
        chunks: Vec::new(),
        text: String::new(),
        start: 0,
        kind: ChunkKind::Statements,
    };
    splitter.run(diags);
    let mut chunks = splitter.chunks;
    for chunk in &mut chunks {
        limit_nesting(chunk, file, diags);
    }
    chunks
}

struct Splitter<'a> {
    source: &'a str,
    file: FileId,
    starts: Starts,
    chunks: Vec<Chunk>,
    text: String,
    start: usize,
    kind: ChunkKind,
}

impl Splitter<'_> {
    fn run(&mut self, diags: &mut Vec<Diagnostic>) {
        let mut at = 0;
        let mut line_start = true;
        while let Some(rest) = self.source.get(at..) {
            if line_start {
                line_start = false;
                if let Some(kind) = (self.starts)(rest, self.kind) {
                    self.finish(at);
                    self.kind = kind;
                    if kind == ChunkKind::Amending {
                        self.text.push_str(rest);
                        break;
                    }
                }
            }
            let Some(c) = rest.chars().next() else { break };
            at += match c {
                '「' => {
                    let length = self.literal(at, diags);
                    // A literal without end stops where a line begins the next chunk.
                    line_start = self.source.get(..at + length).is_some_and(|s| s.ends_with('\n'));
                    length
                }
                '-' if rest.starts_with("--") => {
                    let length = rest.find('\n').unwrap_or(rest.len());
                    self.text.extend(std::iter::repeat_n(' ', length));
                    length
                }
                '\n' => {
                    line_start = true;
                    self.text.push(c);
                    1
                }
                _ if is_blank(c) => {
                    self.text.extend(std::iter::repeat_n(' ', c.len_utf8()));
                    c.len_utf8()
                }
                _ => {
                    self.text.push(simplify_char(c));
                    c.len_utf8()
                }
            };
        }
        self.finish(self.source.len());
    }

    /// Ends the chunk at hand; the next begins at `at`.
    fn finish(&mut self, at: usize) {
        let text = std::mem::take(&mut self.text);
        if !text.trim_matches(is_blank).is_empty() {
            self.chunks.push(Chunk { kind: self.kind, text, start: self.start, truncated: false });
        }
        self.start = at;
    }

    /// Copies the text literal that opens at `at`, mending its brackets, and gives its length.
    fn literal(&mut self, at: usize, diags: &mut Vec<Diagnostic>) -> usize {
        let open = '「'.len_utf8();
        let content = self.source.get(at + open..).unwrap_or("");
        let literal = scan_literal(content, self.starts);
        let body = content.get(..literal.length).unwrap_or("");
        self.text.push('「');
        let inner = body.char_indices().filter(|&(_, c)| c == '「').map(|(i, _)| at + open + i);
        if let Some(inner) = inner.take(1).next() {
            diags.push(errors::inner_bracket(self.span(inner, inner + open), self.span(at, at + open)));
        }
        self.text.extend(body.chars().map(|c| match c {
            '「' => '『',
            '」' => '』',
            _ => c,
        }));
        self.text.push('」');
        if literal.closed {
            return open + literal.length + '」'.len_utf8();
        }
        diags.push(errors::unclosed_text(self.span(at, at + open)));
        // What was added has no place in the file: nothing may follow it in this chunk.
        self.finish(at + open + literal.length);
        self.kind = ChunkKind::Statements;
        open + literal.length
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span::new(self.file, clamp(start), clamp(end))
    }
}

struct Literal {
    length: usize,
    closed: bool,
}

/// Where the literal whose content begins here ends: at the first 」; past an inner 「…」 that closes on its
/// own line; if there is no 」 before the next 「 beyond a line that begins a chunk, at that line.
fn scan_literal(content: &str, starts: Starts) -> Literal {
    let mut next_chunk = None;
    let mut depth = 0_usize;
    let mut last_close = None;
    for (i, c) in content.char_indices() {
        match c {
            '」' if depth == 0 => return Literal { length: i, closed: true },
            '」' => {
                depth -= 1;
                last_close = Some(i);
            }
            '「' if next_chunk.is_some() => break,
            '「' => depth += 1,
            '\n' => {
                if let (1.., Some(length)) = (depth, last_close) {
                    return Literal { length, closed: true };
                }
                depth = 0;
                let rest = content.get(i + 1..).unwrap_or("");
                if next_chunk.is_none() && starts(rest, ChunkKind::Article).is_some() {
                    next_chunk = Some(i + 1);
                }
            }
            _ => {}
        }
    }
    match last_close {
        Some(length) if next_chunk.is_none_or(|n| length < n) => Literal { length, closed: true },
        _ => Literal { length: next_chunk.unwrap_or(content.len()), closed: false },
    }
}

/// Blank, as the grammar has it.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

const LAW_WORDS: [&str; 8] = ["办法", "法律", "法", "条例", "规定", "规则", "细则", "决定"];
/// No first word of a chunk is longer, in characters.
const LOOK_AHEAD: usize = 48;

/// Whether a line begins a chunk, and which.
fn chunk_start(line: &str, previous: ChunkKind) -> Option<ChunkKind> {
    let trimmed = line.trim_start_matches(|c| is_blank(c) && c != '\n');
    let indented = line.trim_start_matches('\u{FEFF}').len() != trimmed.len();
    let first = simplify_char(trimmed.chars().next()?);
    if !"第本适引枚事结修办法条规细决".contains(first) {
        return None;
    }
    let head: String =
        trimmed.chars().take_while(|&c| c != '\n').take(LOOK_AHEAD).map(simplify_char).collect();
    if let Some(rest) = head.strip_prefix('第') {
        return numbered(rest, indented);
    }
    let word = |word: &str| {
        head.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_blank))
    };
    let opens = |word: &str| {
        head.strip_prefix(word).is_some_and(|rest| rest.trim_start_matches(is_blank).starts_with('「'))
    };
    if LAW_WORDS.iter().any(|w| opens(w)) {
        return Some(ChunkKind::Header);
    }
    if word("引用") || opens("引用") {
        return Some(ChunkKind::Include);
    }
    if word("枚举") {
        return Some(ChunkKind::Enum);
    }
    if word("事实") || word("结论") {
        return Some(ChunkKind::Fields);
    }
    if word("修改决定") || opens("修改决定") {
        return Some(ChunkKind::Amending);
    }
    if indented && previous == ChunkKind::Article {
        return None;
    }
    let of_law = head.strip_prefix('本').and_then(|rest| LAW_WORDS.iter().find_map(|w| rest.strip_prefix(w)));
    let defines = of_law.is_some_and(|rest| rest.starts_with("所称") || rest.starts_with("所指"));
    let scope = of_law
        .unwrap_or(&head)
        .strip_prefix("适用于")
        .is_some_and(|r| r.is_empty() || r.starts_with(is_blank));
    (defines || scope).then_some(ChunkKind::Statements)
}

/// 第X章, 第X节, 第X条 at the start of a line, after the 第.
fn numbered(rest: &str, indented: bool) -> Option<ChunkKind> {
    let rest = skip_number(rest)?;
    if let Some(after) = rest.strip_prefix(['章', '节']) {
        let ends = after.is_empty() || after.starts_with(is_blank) || after.starts_with(['「', '【']);
        return ends.then_some(ChunkKind::Heading);
    }
    let after = rest.strip_prefix('条')?;
    let after = after.strip_prefix('之').and_then(skip_number).unwrap_or(after);
    let next = after.trim_start_matches(is_blank);
    if next.starts_with("优先于") {
        return (!indented).then_some(ChunkKind::Statements);
    }
    // A line that goes on with a citation: 第八条、第九条。
    let cites = next.starts_with([
        '、', '，', ',', '。', '；', ';', '：', ':', '至', '的', '和', '或', '但', '规', '另', '》', '）',
        ')',
    ]);
    let part =
        next.strip_prefix('第').and_then(skip_number).is_some_and(|r| r.starts_with(['款', '项', '目']));
    if indented && !next.is_empty() && !next.starts_with(['「', '【', '释', '-']) && !part {
        return None;
    }
    let begins = next.is_empty() || next.len() < after.len() || next.starts_with(['「', '【', '-']);
    (begins && !cites && (!part || next.len() < after.len() && next.contains('「')))
        .then_some(ChunkKind::Article)
}

pub fn skip_number(text: &str) -> Option<&str> {
    let is_number = |c: char| {
        "〇零一二两三四五六七八九十百千万亿".contains(c) || c.is_ascii_digit() || ('０'..='９').contains(&c)
    };
    let rest = text.trim_start_matches(is_number);
    (rest.len() < text.len()).then_some(rest)
}

/// Reports （ that lie too deep in one another and cuts the chunk off where the outermost of them opens.
fn limit_nesting(chunk: &mut Chunk, file: FileId, diags: &mut Vec<Diagnostic>) {
    let (mut depth, mut outermost, mut in_text) = (0_usize, 0, false);
    let mut cut = None;
    for (i, c) in chunk.text.char_indices() {
        match c {
            '「' => in_text = true,
            '」' => in_text = false,
            '（' | '(' if !in_text => {
                if depth == 0 {
                    outermost = i;
                }
                depth += 1;
                if depth > NESTING_LIMIT {
                    cut = Some((outermost, i, c.len_utf8()));
                    break;
                }
            }
            '）' | ')' if !in_text => depth = depth.saturating_sub(1),
            '。' | '；' | ';' if !in_text => depth = 0,
            _ => {}
        }
    }
    let Some((outermost, at, width)) = cut else { return };
    let clamp = |n: usize| u32::try_from(chunk.start + n).unwrap_or(u32::MAX);
    diags.push(errors::too_deep(Span::new(file, clamp(at), clamp(at + width))));
    chunk.text.truncate(outermost);
    chunk.truncated = true;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<ChunkKind> {
        split(text, FileId(0), &mut Vec::new()).iter().map(|c| c.kind).collect()
    }

    #[test]
    fn lines_that_begin_a_chunk() {
        use ChunkKind::{Article, Enum, Fields, Header, Heading, Include, Statements};
        let text = "\u{feff}规则「甲」\n引用「乙」\n枚举 丙：丁。\n事实 戊：\n  决定 是否\n第一章「己」\n第二节「庚」\n\
                    第三条「辛」\n第十九条之一\n  第一款「壬」\n适用于 甲。\n本规则所称 乙，是指 丙。\n第三条 优先于 第四条。\n";
        let expected = [
            Header, Include, Enum, Fields, Heading, Heading, Article, Article, Statements, Statements,
            Statements,
        ];
        assert_eq!(kinds(text), expected);
    }

    #[test]
    fn lines_that_go_on() {
        use ChunkKind::Article;
        let text = "第一条「甲」\n  本条 优先于\n    第二条、第三条。\n  除\n  第四条另有规定外，甲 的，依照\n  第五条 处理。\n  \
                    本规则所称 乙，是指 丙。\n  「第六条\n第七条\n丁」\n";
        assert_eq!(kinds(text), [Article]);
    }

    #[test]
    fn prepared_text_has_the_length_of_the_source() {
        let text = "第一條「甲「乙」丙」\t應當\u{3000}為 -- 註\r\n第二條「丁」\n";
        let chunks = split(text, FileId(0), &mut Vec::new());
        assert_eq!(chunks.iter().map(|c| c.text.len()).sum::<usize>(), text.len());
        assert_eq!(chunks.len(), 2);
        assert!(chunks[0].text.starts_with("第一条「甲『乙』丙」 应当   为"));
    }
}
