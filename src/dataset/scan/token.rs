//! Where the tokens of JSON end. Nothing here says what they mean, and what is not plainly right is none.
use crate::facts::{MAX_DEPTH, Token};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The place of the quote that ends a string whose inside begins at `at`, and whether a backslash comes before it.
#[inline]
pub(super) fn string_end(text: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        // The lowest flag of a word is exact; those above it may be carried over.
        while let Some(chunk) = text.get(at..).and_then(|t| t.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*chunk);
            let equal = |byte: u64| {
                let x = word ^ (ONES * byte);
                x.wrapping_sub(ONES) & !x
            };
            let control = word.wrapping_sub(ONES * 0x20) & !word;
            let flags = (equal(u64::from(b'"')) | equal(u64::from(b'\\')) | control) & HIGH;
            if flags != 0 {
                at += (flags.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
        }
        match *text.get(at)? {
            b'"' => return Some((at, escaped)),
            b'\\' => {
                escaped = true;
                // What is escaped is never a control character; which it is, is looked at later.
                text.get(at + 1).filter(|b| **b >= 0x20)?;
                at += 2;
            }
            0..0x20 => return None,
            _ => at += 1,
        }
    }
}

/// The place after a scalar that begins at `at`.
pub(super) fn scalar_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) == Some(&b'"') {
        return Some(string_end(text, at + 1)?.0 + 1);
    }
    let rest = text.get(at..)?;
    let len = rest.iter().position(|b| ends(*b)).unwrap_or(rest.len());
    (len > 0).then_some(at + len)
}

/// A byte that may stand after a number or a word.
#[inline]
pub(super) fn ends(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'[' | b'"' | b':')
}

/// The scalar at `at` and the place after it.
pub(super) fn scalar(text: &[u8], at: usize) -> Option<(Token<'_>, usize)> {
    let end = scalar_end(text, at)?;
    let token = std::str::from_utf8(text.get(at..end)?).ok()?;
    Some((Token::read(token)?, end))
}

/// The first place from `at` that is no blank.
#[inline]
pub(super) fn blanks(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(at) {
        at += 1;
    }
    at
}

/// The place after the colon at `at`, blanks on both sides passed.
#[inline]
pub(super) fn colon(text: &[u8], at: usize) -> Option<usize> {
    let at = blanks(text, at);
    (text.get(at) == Some(&b':')).then(|| blanks(text, at + 1))
}

/// The place after any value at `at`, inside `depth` lists and objects.
pub(super) fn skip(text: &[u8], mut at: usize, depth: usize) -> Option<usize> {
    let mut open: Vec<u8> = Vec::new();
    loop {
        at = blanks(text, at);
        match *text.get(at)? {
            bracket @ (b'{' | b'[') => {
                if depth + open.len() >= MAX_DEPTH {
                    return None;
                }
                let closing = if bracket == b'{' { b'}' } else { b']' };
                at = blanks(text, at + 1);
                if text.get(at) != Some(&closing) {
                    open.push(closing);
                    if closing == b'}' {
                        at = key(text, at)?;
                    }
                    continue;
                }
                at += 1;
            }
            _ => at = scalar(text, at)?.1,
        }
        // After a value.
        loop {
            let Some(closing) = open.last() else { return Some(at) };
            at = blanks(text, at);
            match *text.get(at)? {
                b',' => {
                    at = blanks(text, at + 1);
                    if *closing == b'}' {
                        at = key(text, at)?;
                    }
                    break;
                }
                byte if byte == *closing => {
                    open.pop();
                    at += 1;
                }
                _ => return None,
            }
        }
    }
}

fn key(text: &[u8], at: usize) -> Option<usize> {
    let (token, end) = scalar(text, at)?;
    if token.is_string() { colon(text, end) } else { None }
}
