//! Numbers, periods, ratios and dates as words.
use super::Builder;
use super::kids::Node;
use crate::base::date::DateError;
use crate::base::{Date, Period, Ratio, numeral};
use crate::syntax::ast::ExprKind;
use crate::syntax::errors;
use rust_decimal::Decimal;

/// Multipliers that may lead a unit: 5万元, 3亿, 2千元.
const SCALES: [(&str, u32); 2] = [("万", 10_000), ("亿", 100_000_000)];
/// Multipliers that only money has (千克 is a unit of its own).
const MONEY_SCALES: [(&str, u32); 2] = [("千元", 1_000), ("百元", 100)];

impl Builder<'_> {
    /// 三次, 5万元, 二十个工作日, 五.
    pub fn quantity(&mut self, node: &Node<'_>) -> ExprKind {
        let text = node.as_str();
        let period = text.ends_with(['年', '月', '日', '天', '周']).then(|| Period::parse(text)).flatten();
        let (number, unit) = split(text);
        let (scale, unit) = scaled(unit);
        let value = numeral::parse_number(number).and_then(|n| n.checked_mul(Decimal::from(scale)));
        match (value, period) {
            (Some(value), _) => {
                ExprKind::Quantity { value: value.normalize(), unit: unit.to_owned(), period }
            }
            // 半年, 一年六个月: a period and no number.
            (None, Some(_)) => ExprKind::Quantity { value: Decimal::ONE, unit: text.to_owned(), period },
            (None, None) => {
                self.bad_number(node, number);
                ExprKind::Error
            }
        }
    }

    /// 百分之三, 三分之一, 3%.
    pub fn ratio(&mut self, node: &Node<'_>) -> Option<Ratio> {
        let ratio = Ratio::parse(node.as_str());
        if ratio.is_none() {
            self.bad_number(node, node.as_str());
        }
        ratio
    }

    /// 二倍: the factor.
    pub fn times(&mut self, node: &Node<'_>) -> ExprKind {
        self.quantity(node)
    }

    /// 2026年3月2日.
    pub fn date(&mut self, node: &Node<'_>) -> Option<Date> {
        match Date::parse(node.as_str()) {
            Ok(date) => Some(date),
            Err(DateError::Form) => {
                self.bad_number(node, node.as_str());
                None
            }
            Err(DateError::Year | DateError::NoSuchDay) => {
                let at = self.span(node);
                self.diags.push(errors::no_such_date(at, node.as_str()));
                None
            }
        }
    }

    /// Reports a number that is written badly, with what was probably meant.
    fn bad_number(&mut self, node: &Node<'_>, number: &str) {
        let start = node.as_span().start() + node.as_str().find(number).unwrap_or(0);
        let at = self.at(start, start + number.len());
        self.diags.push(errors::bad_number(at, number, meant(number)));
    }
}

/// The number a sloppy numeral probably stands for, in its proper form: 二百五 is 二百五十, 一百十五 is 一百一十五.
pub fn meant(number: &str) -> Option<String> {
    let chars: Vec<char> = number.chars().collect();
    if let [.., large, digit] = chars.as_slice() {
        let below = match large {
            '百' => Some('十'),
            '千' => Some('百'),
            '万' => Some('千'),
            _ => None,
        };
        let full = below.map(|b| format!("{number}{b}")).filter(|_| "一二三四五六七八九".contains(*digit));
        if let Some(full) = full.filter(|f| numeral::parse_chinese(f).is_some()) {
            return Some(full);
        }
    }
    [
        ("百十", "百一十"),
        ("两十", "二十"),
        ("一十", "十"),
        ("○", "零"),
        ("百零", "百"),
        ("千十", "千零一十"),
        ("两", "二"),
    ]
    .iter()
    .map(|(from, to)| number.replace(from, to))
    .find(|n| n != number && numeral::parse_chinese(n).is_some())
}

/// A quantity cut into its number and its unit.
fn split(text: &str) -> (&str, &str) {
    let arabic = text.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let mut fraction = false;
    let end = text.char_indices().find(|&(i, c)| {
        if arabic {
            return !(c.is_ascii_digit() || ('０'..='９').contains(&c) || matches!(c, '.' | '．'));
        }
        let digit = "〇零一二两三四五六七八九".contains(c);
        let number = digit || c == '点' || !fraction && "十百千万亿".contains(c);
        fraction |= c == '点';
        !number || text.get(i..).is_some_and(|rest| rest.starts_with("千克"))
    });
    let (number, unit) = text.split_at(end.map_or(text.len(), |(i, _)| i));
    (number, unit.trim())
}

/// A unit without the multiplier that leads it.
fn scaled(unit: &str) -> (u32, &str) {
    for (word, scale) in MONEY_SCALES {
        if unit == word {
            return (scale, "元");
        }
    }
    SCALES.iter().find_map(|&(word, scale)| Some((scale, unit.strip_prefix(word)?))).unwrap_or((1, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_units() {
        assert_eq!(split("三千克"), ("三", "千克"));
        assert_eq!(split("三千元"), ("三千", "元"));
        assert_eq!(split("三点五万元"), ("三点五", "万元"));
        assert_eq!(split("3 次"), ("3", "次"));
        assert_eq!(scaled("万元"), (10_000, "元"));
        assert_eq!(scaled("千克"), (1, "千克"));
        assert_eq!(meant("二百五").as_deref(), Some("二百五十"));
        assert_eq!(meant("一百十五").as_deref(), Some("一百一十五"));
    }
}
