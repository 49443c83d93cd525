//! Lengths of time as statutes state them: 二年, 三个月, 十五日, 二十个工作日.
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::numeral;

/// A length of time as statutes state it; the parts add up.
///
/// Twelve months equal one year. Lengths whose order depends on where they begin (一个月 and 三十日, or days
/// and working days) are unequal and do not compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Period {
    /// 年
    pub years: i32,
    /// 个月
    pub months: i32,
    /// 日
    pub days: i32,
    /// 个工作日
    pub workdays: i32,
}

/// A unit and how many of it make one of the part it counts in.
struct Unit {
    word: &'static str,
    part: UnitPart,
    size: i32,
}

/// Which part of a period a unit counts in, from coarse to fine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum UnitPart {
    Years,
    Months,
    Days,
    Workdays,
}

const fn unit(word: &'static str, part: UnitPart, size: i32) -> Unit {
    Unit { word, part, size }
}

/// Units; of those that begin at one place, the longer stands first.
const UNITS: [Unit; 12] = [
    unit("个工作日", UnitPart::Workdays, 1),
    unit("工作日", UnitPart::Workdays, 1),
    unit("个自然日", UnitPart::Days, 1),
    unit("自然日", UnitPart::Days, 1),
    unit("个星期", UnitPart::Days, 7),
    unit("星期", UnitPart::Days, 7),
    unit("个月", UnitPart::Months, 1),
    unit("周年", UnitPart::Years, 1),
    unit("周", UnitPart::Days, 7),
    unit("年", UnitPart::Years, 1),
    unit("日", UnitPart::Days, 1),
    unit("天", UnitPart::Days, 1),
];

impl Period {
    /// No time.
    pub const ZERO: Self = Self { years: 0, months: 0, days: 0, workdays: 0 };

    /// So many years.
    #[must_use]
    pub const fn of_years(years: i32) -> Self {
        Self { years, ..Self::ZERO }
    }

    /// So many months.
    #[must_use]
    pub const fn of_months(months: i32) -> Self {
        Self { months, ..Self::ZERO }
    }

    /// So many days.
    #[must_use]
    pub const fn of_days(days: i32) -> Self {
        Self { days, ..Self::ZERO }
    }

    /// So many working days.
    #[must_use]
    pub const fn of_workdays(workdays: i32) -> Self {
        Self { workdays, ..Self::ZERO }
    }

    /// Years and months together, in months.
    #[must_use]
    pub const fn total_months(self) -> i64 {
        self.years as i64 * 12 + self.months as i64
    }

    /// Reads 二年, 一年六个月, 三个月, 3个月, 两周, 十五日, 15天, 二十个工作日, 半年.
    /// 三月 is a month of the year, not a length.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        if rest == "半年" {
            return Some(Self::of_months(6));
        }
        let mut total = Self::ZERO;
        let mut coarser: Option<UnitPart> = None;
        while !rest.is_empty() {
            let (number, unit, after) = read_part(rest)?;
            // Units go from coarse to fine, and working days stand alone.
            if coarser.is_some_and(|c| unit.part <= c || unit.part == UnitPart::Workdays) {
                return None;
            }
            coarser = Some(unit.part);
            let count = number.checked_mul(unit.size)?;
            match unit.part {
                UnitPart::Years => total.years = count,
                UnitPart::Months => total.months = count,
                UnitPart::Days => total.days = count,
                UnitPart::Workdays => total.workdays = count,
            }
            rest = after.strip_prefix('零').filter(|r| !r.is_empty()).unwrap_or(after).trim_start();
        }
        coarser.map(|_| total)
    }

    /// The sum, part by part.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            years: self.years.checked_add(other.years)?,
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            workdays: self.workdays.checked_add(other.workdays)?,
        })
    }

    /// So many times this.
    #[must_use]
    pub fn checked_mul(self, factor: i32) -> Option<Self> {
        Some(Self {
            years: self.years.checked_mul(factor)?,
            months: self.months.checked_mul(factor)?,
            days: self.days.checked_mul(factor)?,
            workdays: self.workdays.checked_mul(factor)?,
        })
    }

    fn parts(self) -> (i64, i32, i32) {
        (self.total_months(), self.days, self.workdays)
    }

    /// The fewest and the most days this can last; none with working days or a negative part.
    fn days_range(self) -> Option<(i64, i64)> {
        let (months, days, workdays) = self.parts();
        if workdays != 0 || months < 0 || days < 0 {
            return None;
        }
        let (years, rest, days) = (months / 12, months % 12, i64::from(days));
        Some((years * 365 + rest * 28 + days, years * 366 + rest * 31 + days))
    }
}

/// A number, its unit, and what follows.
fn read_part(text: &str) -> Option<(i32, &'static Unit, &str)> {
    // The unit that begins earliest ends the number; the first listed of those that do.
    let (at, unit) = UNITS.iter().filter_map(|u| Some((text.find(u.word)?, u))).min_by_key(|&(at, _)| at)?;
    let number = numeral::parse_integer(text.get(..at)?.trim())?;
    Some((i32::try_from(number).ok()?, unit, text.get(at..)?.strip_prefix(unit.word)?))
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Period {}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

/// Ordered where the order holds wherever the periods begin; else no order.
impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let (a, b) = (self.parts(), other.parts());
        if a == b {
            return Some(Ordering::Equal);
        }
        if a.0 <= b.0 && a.1 <= b.1 && a.2 <= b.2 {
            return Some(Ordering::Less);
        }
        if a.0 >= b.0 && a.1 >= b.1 && a.2 >= b.2 {
            return Some(Ordering::Greater);
        }
        let (a, b) = (self.days_range()?, other.days_range()?);
        if a.1 < b.0 {
            Some(Ordering::Less)
        } else if a.0 > b.1 {
            Some(Ordering::Greater)
        } else {
            None
        }
    }
}

/// 二年, 一年六个月, 十五日, 二十个工作日; nothing at all is 零日.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts =
            [(self.years, "年"), (self.months, "个月"), (self.days, "日"), (self.workdays, "个工作日")];
        if parts.iter().all(|&(n, _)| n == 0) {
            return f.write_str("零日");
        }
        for (n, unit) in parts.into_iter().filter(|&(n, _)| n != 0) {
            let sign = if n < 0 { "负" } else { "" };
            write!(f, "{sign}{}{unit}", numeral::to_chinese(u64::from(n.unsigned_abs())))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        for (s, canonical) in [
            ("二年", "二年"),
            ("两年", "二年"),
            ("三个月", "三个月"),
            ("3个月", "三个月"),
            ("一年六个月", "一年六个月"),
            ("一年零十日", "一年十日"),
            ("十五日", "十五日"),
            ("15天", "十五日"),
            ("两周", "十四日"),
            ("二十个工作日", "二十个工作日"),
            ("５工作日", "五个工作日"),
            ("半年", "六个月"),
            ("零日", "零日"),
        ] {
            assert_eq!(Period::parse(s).map(|p| p.to_string()).as_deref(), Some(canonical), "{s}");
        }
        for s in [
            "",
            "年",
            "三月",
            "二百五日",
            "三日二年",
            "三日三日",
            "一个月五个工作日",
            "二年内",
            "99999999999日",
            "一年零",
            "-3日",
        ] {
            assert_eq!(Period::parse(s), None, "{s}");
        }
    }

    #[test]
    fn order_only_where_it_holds_everywhere() {
        let p = |s| Period::parse(s).unwrap();
        assert_eq!(p("十二个月"), p("一年"));
        assert!(p("三个月") < p("一年"));
        assert!(p("十五日") < p("一个月"));
        assert!(p("六个月") > p("一百八十日") || p("六个月").partial_cmp(&p("一百八十日")).is_none());
        assert_eq!(p("一个月").partial_cmp(&p("三十日")), None);
        assert_eq!(p("十五日").partial_cmp(&p("十个工作日")), None);
        assert!(p("十个工作日") < p("十五个工作日"));
    }

    proptest! {
        #[test]
        fn round_trip(years in 0..50, months in 0..40, days in 0..400, workdays in 0..100) {
            let plain = Period { years, months, days, workdays: 0 };
            prop_assert_eq!(Period::parse(&plain.to_string()), Some(plain));
            let working = Period::of_workdays(workdays);
            let expected = if workdays == 0 { Period::ZERO } else { working };
            prop_assert_eq!(Period::parse(&working.to_string()), Some(expected));
        }

        #[test]
        fn any_text_is_answered(text in "[0-9年月日个工作天周半零一二十 ]{0,12}") {
            let _ = Period::parse(&text);
        }
    }
}
