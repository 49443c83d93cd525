//! Numbers as people and JSON write them, exactly.
use crate::base::numeral;
use rust_decimal::Decimal;

/// Why a text is no number that can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberError {
    /// Not written as a number.
    Form,
    /// A number, but too large or too fine.
    Range,
}

/// Digits after the point that a decimal may have.
const MOST_DIGITS: i64 = 28;

/// What may stand within a number besides digits and marks.
const PARTS_OF_NUMBERS: &str = "〇零一二两三四五六七八九十百千万亿点";

/// `3`, `三`, `3.5`, `1,000`, `6.6万`, `1e5`, `-2`.
pub(super) fn read_number(text: &str) -> Result<Decimal, NumberError> {
    let text = text.trim();
    match Shape::of(text) {
        Some(shape) => shape.value().ok_or(NumberError::Range),
        None => numeral::parse_number(text).ok_or(NumberError::Form),
    }
}

/// The unit written after a number, if that is what `text` is.
pub(super) fn split_unit(text: &str) -> Option<&str> {
    let ends = text.char_indices().map(|(at, _)| at).skip(1).take(40);
    let at = ends.filter(|at| text.get(..*at).is_some_and(|head| read_number(head).is_ok())).last()?;
    text.get(at..).map(str::trim).filter(|unit| {
        unit.chars().next().is_some_and(|c| {
            (c.is_alphabetic() || matches!(c, '%' | '‰' | '°' | '℃')) && !PARTS_OF_NUMBERS.contains(c)
        })
    })
}

/// An Arabic number in its parts: `-12.50e-3`.
struct Shape<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// `None` when it does not fit, which only matters if the digits are not all zero.
    exponent: Option<i64>,
}

impl<'a> Shape<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let power = exponent.unwrap_or("0");
        let bare = power.strip_prefix(['+', '-']).unwrap_or(power);
        (is_digits(whole) && is_digits(bare)).then(|| Self {
            negative,
            whole,
            fraction,
            exponent: power.parse().ok(),
        })
    }

    fn value(&self) -> Option<Decimal> {
        let digits: String = [self.whole, self.fraction].concat();
        let digits = digits.trim_start_matches('0');
        let significant = digits.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Decimal::ZERO);
        }
        let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
        let scale =
            i64::try_from(self.fraction.len()).ok()?.checked_sub(dropped)?.checked_sub(self.exponent?)?;
        if significant.len() > 30 || !(-MOST_DIGITS..=MOST_DIGITS).contains(&scale) {
            return None;
        }
        let mut mantissa: i128 = significant.parse().ok()?;
        if scale < 0 {
            mantissa = mantissa.checked_mul(10_i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
        }
        let mantissa = if self.negative { -mantissa } else { mantissa };
        Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{NumberError, read_number, split_unit};
    use crate::base::decimal;

    #[test]
    fn numbers_are_exact_or_refused() {
        let read = |text: &str| read_number(text).map(decimal::text);
        for (text, value) in [
            ("3", "3"),
            ("三", "3"),
            ("-2.50", "-2.5"),
            ("1e5", "100000"),
            ("1E+2", "100"),
            ("12.5e-1", "1.25"),
            ("0e99999999999999999999", "0"),
            ("1,000", "1000"),
            ("6.6万", "66000"),
            ("0.1", "0.1"),
            ("9223372036854775807", "9223372036854775807"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        let huge = format!("1{}", "0".repeat(400));
        for text in ["1e400", "1e-400", "1e99999999999999999999", "9e28", huge.as_str()] {
            assert_eq!(read(text), Err(NumberError::Range), "{text}");
        }
        for text in ["", "-", "1.", ".5", "1e", "三次", "二百五", "0x10", "1_000", "NaN", "∞"] {
            assert_eq!(read(text), Err(NumberError::Form), "{text}");
        }
    }

    #[test]
    fn units_follow_numbers() {
        assert_eq!(split_unit("3人"), Some("人"));
        assert_eq!(split_unit("三十 名"), Some("名"));
        assert_eq!(split_unit("6.6万元"), Some("元"));
        assert_eq!(split_unit("二百五"), None);
        assert_eq!(split_unit("许多"), None);
        assert_eq!(split_unit(""), None);
    }
}
