//! Exact decimals. Every operation gives the exact value or none; binary floating point never appears.
//!
//! `rust_decimal`'s own operators round silently once 28 digits are exceeded, so arithmetic goes
//! through integers here.
use rust_decimal::Decimal;

use super::numeral;

/// Largest number of digits after the point.
pub const MAX_SCALE: u32 = 28;

/// What happens to digits beyond the last one kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// 四舍五入: a half goes away from zero.
    HalfUp,
    /// 进一: any remainder goes away from zero.
    Up,
    /// 舍去: the remainder is dropped.
    Down,
}

/// Reads Arabic digits of either width: `3.5`, `1,000.50`, `-3`, `２０`. Exact or none.
#[must_use]
pub fn parse_arabic(text: &str) -> Option<Decimal> {
    let half: String = text.trim().chars().map(half_width).collect();
    let (negative, number) = match half.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, half.strip_prefix('+').unwrap_or(&half)),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if digits(fraction) => (whole, fraction),
        Some(_) => return None,
        None => (number, ""),
    };
    if !grouped(whole) {
        return None;
    }
    let whole = whole.replace(',', "");
    let value = Decimal::from_str_exact(&format!("{whole}.{fraction}")).ok()?.normalize();
    Some(if negative && !value.is_zero() { -value } else { value })
}

/// Digits, or groups of three parted by commas.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let head = groups.next().unwrap_or("");
    digits(head)
        && (head.len() == whole.len() || head.len() <= 3)
        && groups.all(|g| digits(g) && g.len() == 3)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The half-width form of a digit, point, sign or percent mark; other characters as they are.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '０'..='９' | '．' | '－' | '＋' | '／' | '％' => {
            char::from_u32(u32::from(c).wrapping_sub(0xFEE0)).unwrap_or(c)
        }
        _ => c,
    }
}

/// Reads an amount of money into 元: `6.6万元`, `20元`, `五万元`, `1元5角`, `￥20.50`. A unit or sign is required.
#[must_use]
pub fn parse_money(text: &str) -> Option<Decimal> {
    let mut rest = text.trim();
    let mut marked = false;
    for sign in ["人民币", "¥", "￥"] {
        if let Some(after) = rest.strip_prefix(sign) {
            (rest, marked) = (after.trim_start(), true);
            break;
        }
    }
    rest = rest.strip_suffix('整').unwrap_or(rest);
    let mut total: Option<Decimal> = None;
    for (unit, per_yuan) in [('元', 1), ('角', 10), ('分', 100)] {
        if let Some((number, after)) = rest.split_once(unit) {
            // Nothing negative below the leading unit: -1元5角 has no one reading.
            let number =
                numeral::parse_number(number.trim()).filter(|n| total.is_none() || !n.is_sign_negative())?;
            let value = div_exact(number, Decimal::from(per_yuan))?;
            if total.is_some_and(|t| t.is_sign_negative()) {
                return None;
            }
            total = Some(add(total.unwrap_or_default(), value)?);
            rest = after.trim_start();
        }
    }
    match total {
        Some(_) if !rest.is_empty() => None,
        Some(yuan) => Some(yuan.normalize()),
        None if marked => numeral::parse_number(rest),
        None => None,
    }
}

/// The canonical text of a number: no trailing zeros, no exponent, no `-0`.
#[must_use]
pub fn text(value: Decimal) -> String {
    if value.is_zero() { "0".to_owned() } else { value.normalize().to_string() }
}

/// An amount in 元: `66000元`.
#[must_use]
pub fn money_text(yuan: Decimal) -> String {
    format!("{}元", text(yuan))
}

/// The whole number this is, if it is one and fits.
#[must_use]
pub fn to_integer(value: Decimal) -> Option<i64> {
    let value = value.normalize();
    if value.scale() == 0 { i64::try_from(value.mantissa()).ok() } else { None }
}

/// Exact sum.
#[must_use]
pub fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    build(raise(a, scale)?.checked_add(raise(b, scale)?)?, scale)
}

/// Exact difference.
#[must_use]
pub fn sub(a: Decimal, b: Decimal) -> Option<Decimal> {
    add(a, -b)
}

/// Exact product.
#[must_use]
pub fn mul(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    build(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

/// Exact quotient; none if it is not a finite decimal, or `b` is 0.
#[must_use]
pub fn div_exact(a: Decimal, b: Decimal) -> Option<Decimal> {
    // A finite quotient of 28 digits at most has no remainder at 28 digits, if these fit.
    for digits in [0, 2, 8, 16, 22, MAX_SCALE] {
        let (quotient, remainder) = divide(a, b, digits)?;
        if remainder == Remainder::None {
            return build(quotient, digits);
        }
    }
    None
}

/// The quotient rounded to `digits` places after the point; none if `b` is 0 or the result does not fit.
#[must_use]
pub fn div_round(a: Decimal, b: Decimal, digits: u32, mode: Rounding) -> Option<Decimal> {
    if digits > MAX_SCALE {
        return None;
    }
    let (quotient, remainder) = divide(a, b, digits)?;
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => remainder != Remainder::None,
        Rounding::HalfUp => remainder == Remainder::HalfOrMore,
    };
    let sign = if a.is_sign_negative() == b.is_sign_negative() { 1 } else { -1 };
    build(if up { quotient.checked_add(sign)? } else { quotient }, digits)
}

/// The number rounded to `digits` places after the point.
#[must_use]
pub fn round(value: Decimal, digits: u32, mode: Rounding) -> Option<Decimal> {
    div_round(value, Decimal::ONE, digits, mode)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Remainder {
    None,
    LessThanHalf,
    HalfOrMore,
}

/// `a / b` in units of the last of `digits` places, towards zero, and what is left over.
fn divide(a: Decimal, b: Decimal, digits: u32) -> Option<(i128, Remainder)> {
    let (a, b) = (a.normalize(), b.normalize());
    if b.is_zero() {
        return None;
    }
    let sign = if a.is_sign_negative() == b.is_sign_negative() { 1 } else { -1 };
    let (num, den) = (a.mantissa().unsigned_abs(), b.mantissa().unsigned_abs());
    let up = b.scale().checked_add(digits)?;
    let Some(steps) = up.checked_sub(a.scale()) else {
        let shift = 10_u128.checked_pow(a.scale().checked_sub(up)?)?;
        let Some(den) = den.checked_mul(shift) else {
            // The divisor exceeds 2^127 and the dividend is below 2^96.
            return Some((0, if num == 0 { Remainder::None } else { Remainder::LessThanHalf }));
        };
        return finish(num / den, num % den, den, sign);
    };
    // Long division: the remainder stays below 2^96, so ten times it always fits.
    let (mut quotient, mut rest) = (num / den, num % den);
    for _ in 0..steps {
        rest *= 10;
        quotient = quotient.checked_mul(10)?.checked_add(rest / den)?;
        rest %= den;
    }
    finish(quotient, rest, den, sign)
}

fn finish(quotient: u128, rest: u128, den: u128, sign: i128) -> Option<(i128, Remainder)> {
    let remainder = if rest == 0 {
        Remainder::None
    } else if rest >= den - rest {
        Remainder::HalfOrMore
    } else {
        Remainder::LessThanHalf
    };
    Some((i128::try_from(quotient).ok()?.checked_mul(sign)?, remainder))
}

/// The mantissa at a scale not below the number's own.
fn raise(value: Decimal, scale: u32) -> Option<i128> {
    value.mantissa().checked_mul(10_i128.checked_pow(scale.checked_sub(value.scale())?)?)
}

/// The normal decimal of `mantissa / 10^scale`; none if it needs more than 96 bits or 28 places.
fn build(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        parse_arabic(text).unwrap()
    }

    #[test]
    fn reading() {
        for (s, n) in [
            ("3.5", "3.5"),
            ("1,000.50", "1000.5"),
            ("２０．５０", "20.5"),
            ("－3", "-3"),
            ("-0", "0"),
            ("007", "7"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
        ] {
            assert_eq!(parse_arabic(s).map(text).as_deref(), Some(n), "{s}");
        }
        for s in [
            "",
            ".",
            "3.",
            ".5",
            "1,00",
            "1000,000",
            "1e3",
            "--3",
            "3.5.1",
            "1,000,",
            "79228162514264337593543950336",
            "甲",
        ] {
            assert_eq!(parse_arabic(s), None, "{s}");
        }
        assert_eq!(parse_arabic("0.00000000000000000000000000001"), None, "never rounded");
    }

    #[test]
    fn money() {
        for (s, n) in [
            ("6.6万元", "66000元"),
            ("20元", "20元"),
            ("五万元", "50000元"),
            ("三千元", "3000元"),
            ("3千元", "3000元"),
            ("1元5角", "1.5元"),
            ("5角2分", "0.52元"),
            ("￥20.50", "20.5元"),
            ("人民币1,000元整", "1000元"),
            ("5 万元", "50000元"),
            ("-20元", "-20元"),
        ] {
            assert_eq!(parse_money(s).map(money_text).as_deref(), Some(n), "{s}");
        }
        for s in ["", "20", "元", "20元元", "-1元5角", "1元-5角", "5角3元", "20元甲", "二百五元"]
        {
            assert_eq!(parse_money(s), None, "{s}");
        }
    }

    #[test]
    fn rounding() {
        let cases = [
            ("10", "3", 2, "3.33", "3.34", "3.33"),
            ("20", "3", 2, "6.67", "6.67", "6.66"),
            ("-20", "3", 2, "-6.67", "-6.67", "-6.66"),
            ("1", "8", 2, "0.13", "0.13", "0.12"),
            ("-1", "8", 2, "-0.13", "-0.13", "-0.12"),
            ("6", "3", 0, "2", "2", "2"),
            (
                "0.0000000000000000000000000001",
                "79228162514264337593543950335",
                28,
                "0",
                "0.0000000000000000000000000001",
                "0",
            ),
        ];
        for (a, b, n, half, up, down) in cases {
            let got = [Rounding::HalfUp, Rounding::Up, Rounding::Down]
                .map(|m| div_round(d(a), d(b), n, m).map(text));
            assert_eq!(got, [half, up, down].map(|s| Some(s.to_owned())), "{a}/{b}");
        }
        assert_eq!(div_round(d("1"), d("0"), 2, Rounding::Up), None);
        assert_eq!(div_round(Decimal::MAX, d("0.1"), 2, Rounding::Up), None);
        assert_eq!(div_round(d("1"), d("1"), 29, Rounding::Up), None);
        assert_eq!(round(d("2.5"), 0, Rounding::HalfUp), Some(d("3")));
    }

    #[test]
    fn exact_or_nothing() {
        assert_eq!(add(Decimal::MAX, d("0.1")), None);
        assert_eq!(add(Decimal::MAX, Decimal::ONE), None);
        assert_eq!(mul(d("0.00000000000001"), d("0.000000000000001")), None);
        assert_eq!(sub(d("0.3"), d("0.1")), Some(d("0.2")));
        assert_eq!(div_exact(d("1"), d("3")), None);
        assert_eq!(div_exact(d("1"), d("8")), Some(d("0.125")));
        assert_eq!(to_integer(d("3.0")), Some(3));
        assert_eq!(to_integer(d("3.5")), None);
    }

    proptest! {
        #[test]
        fn small_numbers_agree_with_integers(a in -10_000_i64..10_000, b in -10_000_i64..10_000) {
            let (x, y) = (Decimal::new(a, 2), Decimal::new(b, 2));
            prop_assert_eq!(add(x, y), Some(Decimal::new(a + b, 2)));
            prop_assert_eq!(mul(x, y), Some(Decimal::new(a * b, 4)));
            prop_assert_eq!(parse_arabic(&text(x)), Some(x));
            if b != 0 {
                let down = div_round(x, y, 0, Rounding::Down).map(text);
                prop_assert_eq!(down, Some((a / b).to_string()));
                let exact = div_exact(x, y);
                prop_assert!(exact.is_none_or(|q| mul(q, y) == Some(x)));
            }
        }

        #[test]
        fn any_decimals_never_panic(a in any::<(u32, u32, u32, bool)>(), b in any::<(u32, u32, u32, bool)>(), s in 0_u32..40, t in 0_u32..29) {
            let x = Decimal::from_parts(a.0, a.1, a.2, a.3, s % 29);
            let y = Decimal::from_parts(b.0, b.1, b.2, b.3, t);
            let _ = (add(x, y), sub(x, y), mul(x, y), div_exact(x, y), div_round(x, y, s, Rounding::HalfUp));
        }

        #[test]
        fn any_text_never_panics(text in "[0-9.,+\\-０-９％元角分万¥三点十]{0,40}") {
            let _ = (parse_arabic(&text), parse_money(&text));
        }
    }
}
