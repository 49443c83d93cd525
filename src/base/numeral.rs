//! Chinese numerals, read strictly: a form is accepted only if it is the one way to write its number,
//! so 二百五 is not 250 and 一百十五 is not 115. Arabic and full-width digits are read alongside.
use rust_decimal::Decimal;

use super::decimal;
pub use super::ratio::Ratio;

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;
/// No canonical numeral of a `u64` is longer.
const LONGEST: usize = 64;

/// Words that scale a number with a fraction or Arabic digits (3.5万, 三点五亿, 5千).
const SCALES: [(&str, u64); 6] = [
    ("万亿", 1_000_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("亿", YI),
    ("万", WAN),
    ("千", 1_000),
];

/// The numeral of a number as statutes write it: 十五, 一百零五, 二百五十, 十万零三百, 零.
#[must_use]
pub fn to_chinese(n: u64) -> String {
    if n == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    write_number(n, &mut out);
    // 十 to 十九 drop their 一 at the head of a numeral.
    if out.starts_with("一十") { out.split_off('一'.len_utf8()) } else { out }
}

fn write_number(n: u64, out: &mut String) {
    if n >= YI {
        write_group(n / YI, '亿', n % YI, YI / 10, out);
    } else if n >= WAN {
        write_group(n / WAN, '万', n % WAN, WAN / 10, out);
    } else {
        write_section(n, out);
    }
}

/// `high` of a large unit, then `low`, with 零 between them if the leading place of `low` is empty.
fn write_group(high: u64, unit: char, low: u64, leading: u64, out: &mut String) {
    write_number(high, out);
    out.push(unit);
    if low > 0 {
        if low < leading {
            out.push('零');
        }
        write_number(low, out);
    }
}

/// A number below one 万.
fn write_section(n: u64, out: &mut String) {
    let mut zero = false;
    for (place, unit) in [(1000, Some('千')), (100, Some('百')), (10, Some('十')), (1, None)] {
        let digit = n / place % 10;
        if digit == 0 {
            zero = n > place;
            continue;
        }
        if zero && n % (place * 10) != n {
            out.push('零');
        }
        zero = false;
        out.extend(digit_char(digit));
        out.extend(unit);
    }
}

fn digit_char(digit: u64) -> Option<char> {
    DIGITS.get(usize::try_from(digit).ok()?).copied()
}

/// The value of a digit character: 〇 or 零, 一 to 九.
fn digit_value(c: char) -> Option<u64> {
    if matches!(c, '〇' | '○') {
        return Some(0);
    }
    (0..).zip(DIGITS).find(|&(_, d)| d == c).map(|(value, _)| value)
}

/// Reads a whole number in Chinese numerals. 两 counts as 二 alone and before 百 千 万 亿; 〇 as 零.
#[must_use]
pub fn parse_chinese(text: &str) -> Option<u64> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut text = text.replace('〇', "零");
    if let Some(rest) = text.strip_prefix('两')
        && (rest.is_empty() || rest.starts_with(['百', '千', '万', '亿']))
    {
        text = format!("二{rest}");
    }
    let n = read_loosely(&text)?;
    (to_chinese(n) == text).then_some(n)
}

/// Any value the characters could stand for; canonical form is checked by writing it back.
fn read_loosely(text: &str) -> Option<u64> {
    for (unit, value) in [('亿', YI), ('万', WAN)] {
        if let Some((high, low)) = text.rsplit_once(unit) {
            let low = if low.is_empty() { 0 } else { read_loosely(low)? };
            return read_loosely(high)?.checked_mul(value)?.checked_add(low);
        }
    }
    let (mut total, mut pending) = (0_u64, None);
    for c in text.chars() {
        let unit = match c {
            '千' => 1000,
            '百' => 100,
            '十' => 10,
            _ => {
                pending = Some(digit_value(c)?);
                continue;
            }
        };
        total = total.checked_add(pending.take().unwrap_or(1).checked_mul(unit)?)?;
    }
    if text.is_empty() { None } else { total.checked_add(pending.unwrap_or(0)) }
}

/// Reads a string of Chinese digits by position, as years are written: 二〇二六.
#[must_use]
pub fn parse_digit_string(text: &str) -> Option<u64> {
    let mut value = 0_u64;
    for c in text.chars() {
        value = value.checked_mul(10)?.checked_add(digit_value(c)?)?;
    }
    (!text.is_empty()).then_some(value)
}

/// Digits by position: 2026 is 二〇二六.
#[must_use]
pub fn to_digit_string(n: u64) -> String {
    n.to_string()
        .chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|d| if d == 0 { Some('〇') } else { digit_char(u64::from(d)) })
        .collect()
}

/// Reads a whole number in Chinese numerals or in Arabic digits of either width (105, １０５, 1,000).
#[must_use]
pub fn parse_integer(text: &str) -> Option<u64> {
    if let Some(n) = parse_chinese(text) {
        return Some(n);
    }
    let value = decimal::parse_arabic(text)?;
    if value.scale() > 0 || value.is_sign_negative() {
        return None;
    }
    u64::try_from(value).ok()
}

/// Reads any number: 三点五, 二百五十, 3.5, 1,000.50, 6.6万, 三点五亿, -3, exactly or not at all.
#[must_use]
pub fn parse_number(text: &str) -> Option<Decimal> {
    if let Some(n) = parse_chinese(text) {
        return Some(Decimal::from(n));
    }
    if let Some(n) = plain(text) {
        return Some(n);
    }
    SCALES.iter().find_map(|&(word, scale)| {
        let n = plain(text.strip_suffix(word)?.trim_end())?;
        decimal::mul(n, Decimal::from(scale))
    })
}

/// Arabic digits, or a Chinese numeral with a fraction.
fn plain(text: &str) -> Option<Decimal> {
    decimal::parse_arabic(text).or_else(|| parse_chinese_fraction(text))
}

/// 三点五, 零点〇五.
fn parse_chinese_fraction(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('点')?;
    let mut arabic = parse_chinese(whole)?.to_string();
    arabic.push('.');
    for c in fraction.chars() {
        arabic.extend(char::from_digit(u32::try_from(digit_value(c)?).ok()?, 10));
    }
    if fraction.is_empty() { None } else { decimal::parse_arabic(&arabic) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn canonical_forms() {
        for (n, s) in [
            (0, "零"),
            (2, "二"),
            (10, "十"),
            (15, "十五"),
            (20, "二十"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (115, "一百一十五"),
            (250, "二百五十"),
            (1005, "一千零五"),
            (1050, "一千零五十"),
            (10_000, "一万"),
            (10_005, "一万零五"),
            (100_300, "十万零三百"),
            (105_000, "十万五千"),
            (150_000, "十五万"),
            (20_260_302, "二千零二十六万零三百零二"),
            (100_150_000, "一亿零一十五万"),
            (1_000_000_000_000, "一万亿"),
        ] {
            assert_eq!(to_chinese(n), s);
            assert_eq!(parse_chinese(s), Some(n), "{s}");
        }
    }

    #[test]
    fn sloppy_forms_are_rejected() {
        for s in [
            "",
            "二百五",
            "一百二",
            "一百十五",
            "一十五",
            "十十",
            "二〇二六",
            "一二",
            "百",
            "万",
            "亿亿",
            "零五",
            "一百零",
            "一百五",
            "三千五",
            "二两",
            "两十",
            "十两",
            "一",
            "甲",
            "１",
        ] {
            assert_eq!(parse_chinese(s).is_some(), s == "一", "{s}");
        }
        assert_eq!(parse_chinese("两"), Some(2));
        assert_eq!(parse_chinese("两万"), Some(20_000));
        assert_eq!(parse_chinese("一百〇五"), Some(105));
        assert_eq!(parse_chinese(&"亿".repeat(10_000)), None);
    }

    #[test]
    fn digit_strings_and_arabic() {
        assert_eq!(parse_digit_string("二〇二六"), Some(2026));
        assert_eq!(parse_digit_string("二零二六"), Some(2026));
        assert_eq!(parse_digit_string("十"), None);
        assert_eq!(parse_digit_string(&"九".repeat(30)), None);
        assert_eq!(to_digit_string(2026), "二〇二六");
        assert_eq!(parse_integer("１０５"), Some(105));
        assert_eq!(parse_integer("1,000"), Some(1000));
        assert_eq!(parse_integer("3.5"), None);
        assert_eq!(parse_integer("-3"), None);
    }

    #[test]
    fn numbers() {
        for (s, n) in [
            ("三点五", "3.5"),
            ("零点〇五", "0.05"),
            ("6.6万", "66000"),
            ("三点五亿", "350000000"),
            ("５千", "5000"),
            ("2百万", "2000000"),
            ("1.5万亿", "1500000000000"),
            ("-3", "-3"),
            ("十万", "100000"),
        ] {
            assert_eq!(parse_number(s).map(decimal::text).as_deref(), Some(n), "{s}");
        }
        for s in ["三点", "点五", "万", "二百五万", "", "三点十", "五千千"] {
            assert_eq!(parse_number(s), None, "{s}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(n in any::<u64>(), shift in 0_u32..64) {
            let n = n >> shift;
            prop_assert_eq!(parse_chinese(&to_chinese(n)), Some(n));
            prop_assert_eq!(parse_digit_string(&to_digit_string(n)), Some(n));
        }

        #[test]
        fn only_canonical(text in "[零一二三五九十百千万亿两]{1,8}") {
            if let Some(n) = parse_chinese(&text) {
                prop_assert_eq!(to_chinese(n), text.replace('两', "二"));
            }
            let _ = parse_number(&text);
        }
    }
}
