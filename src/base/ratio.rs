//! Exact ratios: 百分之三, 千分之五, 三分之一, 3%. One third stays one third.
use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

use super::{decimal, numeral};

/// An exact ratio in lowest terms, `den > 0`; build it with [`Ratio::new`] or [`Ratio::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Numerator.
    pub num: i64,
    /// Denominator.
    pub den: i64,
}

impl Ratio {
    /// The fraction `num / den` in lowest terms; none if `den` is 0 or a term does not fit.
    #[must_use]
    pub fn new(num: i64, den: i64) -> Option<Self> {
        Self::reduced(i128::from(num), i128::from(den))
    }

    fn reduced(num: i128, den: i128) -> Option<Self> {
        let divisor = i128::try_from(gcd(num.unsigned_abs(), den.unsigned_abs())).ok()?;
        let sign = den.signum();
        let num = num.checked_div(divisor)?.checked_mul(sign)?;
        let den = den.checked_div(divisor)?.checked_mul(sign)?;
        if den == 0 {
            return None;
        }
        Some(Self { num: i64::try_from(num).ok()?, den: i64::try_from(den).ok()? })
    }

    /// Reads 百分之三, 百分之零点五, 千分之五, 万分之一, 三分之一, 3%, 3.5‰ (either width).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        for (sign, den) in [('%', 100), ('％', 100), ('‰', 1000)] {
            if let Some(number) = text.strip_suffix(sign) {
                return Self::part(numeral::parse_number(number.trim_end())?, den);
            }
        }
        let (den, num) = text.split_once("分之")?;
        let den = match den {
            "百" => 100,
            "千" => 1000,
            "万" => 10_000,
            _ => i64::try_from(numeral::parse_integer(den)?).ok()?,
        };
        Self::part(numeral::parse_number(num)?, den)
    }

    /// `number` of `den` parts.
    fn part(number: Decimal, den: i64) -> Option<Self> {
        if number.is_sign_negative() {
            return None;
        }
        let number = number.normalize();
        let scale = 10_i128.checked_pow(number.scale())?;
        Self::reduced(number.mantissa(), scale.checked_mul(i128::from(den))?)
    }

    /// This part of `whole`, exactly; none if it is not a finite decimal (one third of 100) or overflows.
    #[must_use]
    pub fn of(self, whole: Decimal) -> Option<Decimal> {
        decimal::div_exact(decimal::mul(whole, Decimal::from(self.num))?, Decimal::from(self.den))
    }

    /// This part of `whole`, rounded to `digits` places.
    #[must_use]
    pub fn of_rounded(self, whole: Decimal, digits: u32, mode: decimal::Rounding) -> Option<Decimal> {
        let product = decimal::mul(whole, Decimal::from(self.num))?;
        decimal::div_round(product, Decimal::from(self.den), digits, mode)
    }

    /// How `part` compares with this ratio of `whole`, without dividing. None on overflow.
    #[must_use]
    pub fn compare(self, part: Decimal, whole: Decimal) -> Option<Ordering> {
        let left = decimal::mul(part, Decimal::from(self.den))?;
        let right = decimal::mul(whole, Decimal::from(self.num))?;
        Some(left.cmp(&right))
    }

    /// The ratio as a decimal; none if it is not finite (one third).
    #[must_use]
    pub fn to_decimal(self) -> Option<Decimal> {
        decimal::div_exact(Decimal::from(self.num), Decimal::from(self.den))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.num).saturating_mul(i128::from(other.den));
        left.cmp(&i128::from(other.num).saturating_mul(i128::from(self.den)))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// 3%, 0.5%, or 三分之一 where the percentage is not a short decimal.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = decimal::mul(Decimal::ONE_HUNDRED, Decimal::from(self.num))
            .and_then(|n| decimal::div_exact(n, Decimal::from(self.den)));
        match percent {
            Some(p) if p.scale() <= 4 => write!(f, "{p}%"),
            Some(_) | None => {
                let sign = if self.num < 0 { "负" } else { "" };
                let den = numeral::to_chinese(self.den.unsigned_abs());
                write!(f, "{sign}{den}分之{}", numeral::to_chinese(self.num.unsigned_abs()))
            }
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(text: &str) -> (i64, i64) {
        Ratio::parse(text).map_or((0, 0), |r| (r.num, r.den))
    }

    #[test]
    fn forms() {
        for (s, r) in [
            ("百分之三", (3, 100)),
            ("百分之零点五", (1, 200)),
            ("百分之一百", (1, 1)),
            ("千分之五", (1, 200)),
            ("万分之一", (1, 10_000)),
            ("三分之一", (1, 3)),
            ("二分之一", (1, 2)),
            ("3%", (3, 100)),
            ("３.5％", (7, 200)),
            ("5‰", (1, 200)),
            ("百分之3", (3, 100)),
            ("0%", (0, 1)),
        ] {
            assert_eq!(ratio(s), r, "{s}");
        }
        for s in ["", "%", "百分之", "零分之一", "三分", "分之一", "百分之二百五", "-3%", "百分之百分之三"]
        {
            assert_eq!(Ratio::parse(s), None, "{s}");
        }
    }

    #[test]
    fn exactness() {
        let third = Ratio::new(2, 6).unwrap();
        assert_eq!(third.to_string(), "三分之一");
        assert_eq!(third.of(Decimal::from(100)), None);
        assert_eq!(third.of(Decimal::from(99)), Some(Decimal::from(33)));
        assert_eq!(third.compare(Decimal::ONE, Decimal::from(3)), Some(Ordering::Equal));
        assert_eq!(third.compare("0.3333333333".parse().unwrap(), Decimal::ONE), Some(Ordering::Less));
        assert_eq!(Ratio::new(1, 200).unwrap().to_string(), "0.5%");
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(1, -2).map(|r| r.num), Some(-1));
        assert!(Ratio::new(i64::MIN, -1).is_none());
    }

    proptest! {
        #[test]
        fn display_round_trip(num in 0_i64..10_000, den in 1_i64..10_000) {
            let r = Ratio::new(num, den).unwrap();
            prop_assert_eq!(Ratio::parse(&r.to_string()), Some(r));
        }
    }
}
