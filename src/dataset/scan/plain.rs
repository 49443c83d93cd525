//! The plainest ways to write a number or a date, read at once: as [`crate::facts`] reads them, which tests hold it to.
use super::token::ends;
use crate::base::{Date, Val};
use rust_decimal::Decimal;

/// So many digits fit.
const MOST: usize = 18;

/// `30`, and the place after it.
#[inline]
pub(super) fn int(text: &[u8], at: usize) -> Option<(Val, usize)> {
    let (number, end) = digits(text, at, 0)?;
    whole(text, at, end).then_some((Val::Int(number), end))
}

/// `30`, `30.5`, and the place after it.
#[inline]
pub(super) fn dec(text: &[u8], at: usize) -> Option<(Val, usize)> {
    let (number, end) = digits(text, at, 0)?;
    if whole(text, at, end) {
        return Some((Val::Dec(Decimal::from(number)), end));
    }
    if text.get(end) != Some(&b'.') || (end - at > 1 && text.get(at) == Some(&b'0')) {
        return None;
    }
    let (mut mantissa, after) = digits(text, end + 1, number)?;
    if after - at > MOST || !text.get(after).is_none_or(|b| ends(*b)) {
        return None;
    }
    let mut scale = after - end - 1;
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Some((Val::Dec(Decimal::new(mantissa, u32::try_from(scale).ok()?)), after))
}

/// `"2026-03-02"`, and the place after it.
#[inline]
pub(super) fn date(text: &[u8], at: usize) -> Option<(Date, usize)> {
    let chunk = text.get(at..)?.first_chunk::<12>()?;
    let &[b'"', y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'"'] = chunk else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let two = |high: u8, low: u8| Some(digit(high)? * 10 + digit(low)?);
    let year = i32::try_from(two(y1, y2)? * 100 + two(y3, y4)?).ok()?;
    Date::new(year, two(m1, m2)?, two(d1, d2)?).ok().map(|date| (date, at + 12))
}

/// At least one digit, few enough, added to `number`.
#[inline]
fn digits(text: &[u8], at: usize, mut number: i64) -> Option<(i64, usize)> {
    let mut end = at;
    while let Some(digit @ b'0'..=b'9') = text.get(end) {
        if end - at >= MOST {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        end += 1;
    }
    (end > at).then_some((number, end))
}

/// Whether the digits are all of the token, and such as JSON allows.
#[inline]
fn whole(text: &[u8], at: usize, end: usize) -> bool {
    (end - at == 1 || text.get(at) != Some(&b'0')) && text.get(end).is_none_or(|b| ends(*b))
}
