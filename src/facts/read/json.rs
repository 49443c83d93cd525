//! JSON (RFC 8259) → tree: numbers as written, escapes resolved, nothing beyond the standard.
use super::{Document, unquoted};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use crate::facts::errors;
use crate::facts::tree::{Builder, Kind, Style, Tree};
use std::borrow::Cow;

const BOM: &str = "\u{feff}";

pub(super) fn read(tree: &mut Tree, text: &str, file: FileId) -> (Vec<Document>, Vec<Diagnostic>) {
    let mut lexer = Lexer { text, file, at: if text.starts_with(BOM) { BOM.len() } else { 0 } };
    lexer.skip_blanks();
    let begin = lexer.span(lexer.at);
    if lexer.peek().is_none() {
        return (vec![Document { root: None, span: begin }], Vec::new());
    }
    let mut builder = Builder::new(tree);
    match lexer.value(&mut builder) {
        Ok(()) => (vec![Document { root: builder.finish(), span: begin }], Vec::new()),
        Err(error) => (Vec::new(), vec![*error]),
    }
}

/// One scalar that is all of `text`; none when it is anything else, or wrong.
#[cfg(feature = "dataset")]
pub(in crate::facts) fn token(text: &str) -> Option<(Style, Cow<'_, str>)> {
    let mut lexer = Lexer { text, file: FileId(0), at: 0 };
    let token = match lexer.peek()? {
        '"' => (Style::Plain, lexer.string().ok()?),
        '-' | '0'..='9' => (Style::Number, Cow::Borrowed(lexer.number().ok()?)),
        _ => lexer.word().map(|(style, word)| (style, Cow::Borrowed(word))).ok()?,
    };
    (lexer.at == text.len()).then_some(token)
}

type Step<T> = Result<T, Box<Diagnostic>>;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// After `[`.
    ValueOrEnd,
    /// After `,` in an object.
    Key,
    /// After `{`.
    KeyOrEnd,
    /// After a value.
    CommaOrEnd,
}

struct Lexer<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// One value and the blanks to the end of the text.
    fn value(&mut self, builder: &mut Builder<'_>) -> Step<()> {
        let mut expect = Expect::Value;
        loop {
            self.skip_blanks();
            let start = self.at;
            let Some(c) = self.peek() else {
                return if builder.innermost().is_none() && expect == Expect::CommaOrEnd {
                    Ok(())
                } else {
                    Err(self.unfinished(builder))
                };
            };
            expect = match (expect, c) {
                (Expect::CommaOrEnd, ',') => self.comma(builder)?,
                (Expect::CommaOrEnd | Expect::ValueOrEnd | Expect::KeyOrEnd, ']' | '}') => {
                    self.end(builder, c)?
                }
                (Expect::CommaOrEnd, _) => return Err(self.missing_comma(builder)),
                (Expect::Key | Expect::KeyOrEnd, '"') => {
                    self.key(builder)?;
                    Expect::Value
                }
                (Expect::Key, '}') | (Expect::Value, ']') => {
                    return Err(self.wrong("最后一项后面多了逗号", "删去它前面的逗号"));
                }
                (Expect::Key | Expect::KeyOrEnd, '\'' | '“' | '”' | '＂') => {
                    return Err(self.unexpected());
                }
                (Expect::Key | Expect::KeyOrEnd, _) => {
                    return Err(self.wrong("此处应为带双引号的键", "键要写在半角双引号里，如 \"姓名\""));
                }
                (Expect::Value | Expect::ValueOrEnd, '[' | '{') => {
                    self.bump(c);
                    let (kind, next) = if c == '[' {
                        (Kind::List, Expect::ValueOrEnd)
                    } else {
                        (Kind::Map, Expect::KeyOrEnd)
                    };
                    builder.open(kind, self.span(start)).map_err(|_| errors::too_deep(self.span(start)))?;
                    next
                }
                (Expect::Value | Expect::ValueOrEnd, _) => {
                    self.scalar(builder, c)?;
                    Expect::CommaOrEnd
                }
            };
        }
    }

    fn comma(&mut self, builder: &Builder<'_>) -> Step<Expect> {
        let next = match builder.innermost() {
            Some((Kind::Map, _)) => Expect::Key,
            Some((Kind::List | Kind::Scalar(_), _)) => Expect::Value,
            None => return Err(self.second()),
        };
        self.bump(',');
        Ok(next)
    }

    fn end(&mut self, builder: &mut Builder<'_>, c: char) -> Step<Expect> {
        let closes = match builder.innermost() {
            Some((Kind::Map, _)) => '}',
            Some((Kind::List | Kind::Scalar(_), _)) => ']',
            None => return Err(self.second()),
        };
        if c != closes {
            return Err(self.wrong(&format!("此处应为“{closes}”，写成了“{c}”"), "方括号与花括号要各自成对"));
        }
        self.bump(c);
        builder.close(narrow(self.at));
        Ok(Expect::CommaOrEnd)
    }

    fn key(&mut self, builder: &mut Builder<'_>) -> Step<()> {
        let start = self.at;
        let text = self.string()?;
        builder.scalar(Style::Plain, &text, self.content(start));
        self.skip_blanks();
        match self.peek() {
            Some(':') => {
                self.bump(':');
                Ok(())
            }
            Some('：') => Err(self.wrong("冒号是全角的", "JSON 的冒号要用半角“:”")),
            Some(_) | None => Err(self.wrong("键后面缺少冒号", "键与值之间写半角冒号")),
        }
    }

    fn scalar(&mut self, builder: &mut Builder<'_>, c: char) -> Step<()> {
        let start = self.at;
        match c {
            '"' => {
                let text = self.string()?;
                builder.scalar(Style::Plain, &text, self.content(start));
            }
            '-' | '0'..='9' => {
                let text = self.number()?;
                builder.scalar(Style::Number, text, self.span(start));
            }
            _ => {
                let (style, text) = self.word()?;
                builder.scalar(style, text, self.span(start));
            }
        }
        Ok(())
    }

    fn word(&mut self) -> Step<(Style, &'a str)> {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '_' | '+' | '.')))
            .map_or(rest.len(), |(end, _)| end);
        let word = rest.get(..end).unwrap_or("");
        let style = match word {
            "true" | "false" => Style::Bool,
            "null" => Style::Null,
            "" => return Err(self.unexpected()),
            _ => {
                let start = self.at;
                self.at += end;
                return Err(errors::json(
                    self.span(start),
                    &format!("“{}”没有加引号", errors::shown(word)),
                    "文字要写在半角双引号里；只有 true、false、null 和数可以不加",
                ));
            }
        };
        self.at += end;
        Ok((style, word))
    }

    fn number(&mut self) -> Step<&'a str> {
        let start = self.at;
        self.eat(b'-');
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0');
        let mut ok = whole > 0 && !leading_zero;
        if self.eat(b'.') {
            ok &= self.digits() > 0;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _signed = self.eat(b'+') || self.eat(b'-');
            ok &= self.digits() > 0;
        }
        // Whatever is glued to the number belongs to the mistake.
        while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
            ok = false;
            self.bump(c);
        }
        if ok {
            Ok(self.text.get(start..self.at).unwrap_or(""))
        } else {
            let text = errors::shown(self.text.get(start..self.at).unwrap_or(""));
            Err(errors::json(
                self.span(start),
                &format!("“{text}”不是 JSON 的数"),
                "数不以 0 起头，不带单位；带单位的写在双引号里，如 \"3次\"",
            ))
        }
    }

    fn string(&mut self) -> Step<Cow<'a, str>> {
        let start = self.at;
        self.bump('"');
        let mut owned = String::new();
        let mut from = self.at;
        loop {
            match self.text.as_bytes().get(self.at) {
                None | Some(b'\n' | b'\r') => {
                    return Err(errors::json(
                        self.span(start),
                        "文字的引号没有结束",
                        "在文字后面补上半角双引号；换行写作 \\n",
                    ));
                }
                Some(b'"') => {
                    let tail = self.text.get(from..self.at).unwrap_or("");
                    self.at += 1;
                    if owned.is_empty() {
                        return Ok(Cow::Borrowed(tail));
                    }
                    owned.push_str(tail);
                    return Ok(Cow::Owned(owned));
                }
                Some(b'\\') => {
                    owned.push_str(self.text.get(from..self.at).unwrap_or(""));
                    owned.push(self.escape()?);
                    from = self.at;
                }
                Some(0..=0x1f) => {
                    return Err(self.wrong("文字里有控制字符", "控制字符写作转义，如 \\t、\\u0000"));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Step<char> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return Err(self.bad_escape(start)) };
        self.bump(c);
        let plain = match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(start),
            _ => return Err(self.bad_escape(start)),
        };
        Ok(plain)
    }

    /// `\uXXXX`, or two of them that make a surrogate pair.
    fn unicode_escape(&mut self, start: usize) -> Step<char> {
        let high = self.hex4(start)?;
        let code = if (0xd800..0xdc00).contains(&high) {
            if !(self.eat(b'\\') && self.eat(b'u')) {
                return Err(self.lone_surrogate(start));
            }
            let low = self.hex4(start)?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(self.lone_surrogate(start));
            }
            0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| self.lone_surrogate(start))
    }

    fn hex4(&mut self, start: usize) -> Step<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(self.bad_escape(start)),
        }
    }

    fn lone_surrogate(&self, start: usize) -> Box<Diagnostic> {
        let message = "转义“\\u”写的是半个字符（代理项没有成对）";
        errors::json(self.span(start), message, "直接写出这个字，或把两个 \\u 写全")
    }

    fn bad_escape(&self, start: usize) -> Box<Diagnostic> {
        errors::json(
            self.span(start),
            "反斜杠后面不是 JSON 的转义",
            "可用的转义：\\\" \\\\ \\/ \\b \\f \\n \\r \\t 和 \\u 加四位十六进制；反斜杠本身写作 \\\\",
        )
    }

    fn unexpected(&self) -> Box<Diagnostic> {
        match self.peek() {
            Some('“' | '”' | '＂') => self.wrong("引号是全角的", "JSON 的引号要用半角“\"”"),
            Some('，') => self.wrong("逗号是全角的", "JSON 的逗号要用半角“,”"),
            Some('\'') => self.wrong("引号是单引号", "JSON 的文字要用双引号"),
            Some('/' | '#') => self.wrong("JSON 不能写注释", "删去注释，或把案例改写成 YAML"),
            Some(',' | ':') => self.wrong("此处缺少值", "写上值；还不知道的写 null"),
            Some(c) => self.wrong(
                &format!("此处不应有“{}”", errors::shown(&c.to_string())),
                "检查前面的逗号、冒号与括号",
            ),
            None => self.wrong("内容没有写完", "补上缺少的部分"),
        }
    }

    fn missing_comma(&self, builder: &Builder<'_>) -> Box<Diagnostic> {
        if builder.innermost().is_none() {
            self.second()
        } else if self.peek() == Some('，') {
            self.unexpected()
        } else {
            self.wrong("两项之间缺少逗号", "在前一项后面加半角逗号")
        }
    }

    fn second(&self) -> Box<Diagnostic> {
        self.wrong("值结束以后还有内容", "一个 JSON 文件只写一个案例；多个案例用 YAML，以 --- 分开")
    }

    fn unfinished(&self, builder: &Builder<'_>) -> Box<Diagnostic> {
        let help = "补上缺少的括号";
        let error = errors::json(self.span(self.at), "内容没有写完，括号没有合上", help);
        match builder.innermost_span() {
            Some(open) => Box::new(error.label(open, "从这里打开")),
            None => error,
        }
    }

    /// An error at the character that stands here.
    fn wrong(&self, message: &str, help: &str) -> Box<Diagnostic> {
        let width = self.peek().map_or(0, char::len_utf8);
        errors::json(Span::new(self.file, narrow(self.at), narrow(self.at + width)), message, help)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    /// The place of a string that began at `start`, without its quotes.
    fn content(&self, start: usize) -> Span {
        unquoted(self.span(start), self.text.get(start..self.at).unwrap_or(""))
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, narrow(start), narrow(self.at))
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
