//! Dates of the common era and the plain calendar arithmetic of statutes.
//!
//! A date is a day number, so comparing and counting days cost nothing; year, month and day are worked
//! out when asked for. Periods that end on a day off belong to [`super::calendar`].
use std::fmt;

use super::decimal::half_width;
use super::numeral;
pub use super::period::Period;

/// A calendar date as days since 1970-01-01; the constructors keep to the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not written as a date.
    Form,
    /// A year outside 1 to 9999.
    Year,
    /// No such month or day: 2026年2月30日.
    NoSuchDay,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "不是日期的写法",
            Self::Year => "年份须在1年至9999年之间",
            Self::NoSuchDay => "没有这一天",
        })
    }
}

impl std::error::Error for DateError {}

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The date of a year, month and day, if there is such a day.
    ///
    /// # Errors
    /// The year is out of range, or the month has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, DateError> {
        if !(1..=9999).contains(&year) {
            return Err(DateError::Year);
        }
        if !(1..=12).contains(&month) || day == 0 || day > month_length(year, month) {
            return Err(DateError::NoSuchDay);
        }
        Ok(Self(day_number(year, month, day)))
    }

    /// The date of a day number, if its year is 1 to 9999.
    #[must_use]
    pub fn from_days(days: i64) -> Option<Self> {
        i32::try_from(days).ok().map(Self).filter(|d| (Self::MIN..=Self::MAX).contains(d))
    }

    /// Year, month, day.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        // Days of 400-year eras that begin on 1 March, so that leap days come last.
        let shifted = i64::from(self.0) + 719_468;
        let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * in_year + 2) / 153;
        let day = in_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (
            i32::try_from(year).unwrap_or(i32::MAX),
            u32::try_from(month).unwrap_or(1),
            u32::try_from(day).unwrap_or(1),
        )
    }

    /// Year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// Day of the week, 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        u32::try_from((i64::from(self.0) + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// This many days later (earlier if negative).
    #[must_use]
    pub fn add_days(self, days: i64) -> Option<Self> {
        Self::from_days(i64::from(self.0).checked_add(days)?)
    }

    /// The corresponding day this many months later, or the last day of that month.
    #[must_use]
    pub fn add_months(self, months: i64) -> Option<Self> {
        if months == 0 {
            return Some(self);
        }
        let (year, month, day) = self.ymd();
        let total = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
        let year = i32::try_from(total.div_euclid(12)).ok()?;
        let month = u32::try_from(total.rem_euclid(12)).ok()? + 1;
        Self::new(year, month, day.min(month_length(year, month))).ok()
    }

    /// The date a period later: years and months to the corresponding day, then days.
    /// None for a period of working days, which takes a calendar.
    #[must_use]
    pub fn plus(self, period: Period) -> Option<Self> {
        if period.workdays != 0 {
            return None;
        }
        self.add_months(period.total_months())?.add_days(i64::from(period.days))
    }

    /// The date a period earlier.
    #[must_use]
    pub fn minus(self, period: Period) -> Option<Self> {
        if period.workdays != 0 {
            return None;
        }
        self.add_months(period.total_months().checked_neg()?)?.add_days(-i64::from(period.days))
    }

    /// Days from this date to `other`, negative if that is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        i64::from(other.0) - i64::from(self.0)
    }

    /// Completed months from this date to `other`: the corresponding day (or the month's end) is reached.
    #[must_use]
    pub fn months_until(self, other: Self) -> i64 {
        if other < self {
            return -other.months_until(self);
        }
        let ((y1, m1, d1), (y2, m2, d2)) = (self.ymd(), other.ymd());
        let months = (i64::from(y2) - i64::from(y1)) * 12 + i64::from(m2) - i64::from(m1);
        months - i64::from(d2 < d1.min(month_length(y2, m2)))
    }

    /// Completed years from this date to `other`.
    #[must_use]
    pub fn years_until(self, other: Self) -> i64 {
        self.months_until(other) / 12
    }

    /// Age in 周岁 on a day: completed years counted from the day after the birthday, so the birthday
    /// itself is not yet full. None before birth.
    #[must_use]
    pub fn age_on(self, day: Self) -> Option<i64> {
        match day.days_until(self) {
            1.. => None,
            0 => Some(0),
            _ => Some(self.years_until(Self(day.0.saturating_sub(1)))),
        }
    }

    /// Reads 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日, 二〇二六年三月二日.
    ///
    /// # Errors
    /// The text has no such form, or names no day of the calendar.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let text: String = text.trim().chars().map(half_width).collect();
        let (year, month, day) = text
            .strip_suffix('日')
            .map_or_else(|| split_marked(&text), split_chinese)
            .ok_or(DateError::Form)?;
        let year = i32::try_from(year).map_err(|_| DateError::Year)?;
        let small = |n| u32::try_from(n).map_err(|_| DateError::NoSuchDay);
        Self::new(year, small(month)?, small(day)?)
    }

    /// 2026-03-02.
    #[must_use]
    pub fn iso(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// 二〇二六年三月二日.
    #[must_use]
    pub fn to_chinese(self) -> String {
        let (year, month, day) = self.ymd();
        let year = numeral::to_digit_string(u64::from(year.unsigned_abs()));
        let [month, day] = [month, day].map(|n| numeral::to_chinese(u64::from(n)));
        format!("{year}年{month}月{day}日")
    }
}

/// 2026年3月2日.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year}年{month}月{day}日")
    }
}

/// Days in a month; months beyond 1 to 12 have 31.
#[must_use]
pub const fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has 366 days.
#[must_use]
pub const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days since 1970-01-01 of a date in the years 1 to 9999.
fn day_number(year: i32, month: u32, day: u32) -> i32 {
    let (month, day) = (month.cast_signed(), day.cast_signed());
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + in_year - 719_468
}

/// 2026年3月2, 二〇二六年三月二.
fn split_chinese(text: &str) -> Option<(u64, u64, u64)> {
    let (year, rest) = text.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let [year, month, day] = [year, month, day].map(str::trim);
    let small = |s| number(s).or_else(|| numeral::parse_chinese(s));
    Some((number(year).or_else(|| numeral::parse_digit_string(year))?, small(month)?, small(day)?))
}

/// 2026-3-2 with one of the marks `-` `/` `.` throughout; the year has four digits.
fn split_marked(text: &str) -> Option<(u64, u64, u64)> {
    let mark = text.chars().nth(4).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (year, rest) = text.split_once(mark)?;
    let (month, day) = rest.split_once(mark)?;
    Some((number(year)?, number(month)?, number(day)?))
}

/// At most four Arabic digits.
fn number(text: &str) -> Option<u64> {
    let short = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if short { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn forms() {
        for s in [
            "2026-03-02",
            "2026/3/2",
            "2026.3.2",
            "2026年3月2日",
            "2026 年 3 月 2 日",
            "２０２６年３月２日",
            "二〇二六年三月二日",
            "二零二六年三月二日",
        ] {
            assert_eq!(Date::parse(s).map(Date::iso).as_deref(), Ok("2026-03-02"), "{s}");
        }
        assert_eq!(d("2026-03-02").to_string(), "2026年3月2日");
        assert_eq!(d("2026-12-31").to_chinese(), "二〇二六年十二月三十一日");
        for (s, e) in [
            ("2026-02-29", DateError::NoSuchDay),
            ("2026-13-01", DateError::NoSuchDay),
            ("2026年2月0日", DateError::NoSuchDay),
            ("0000-01-01", DateError::Year),
            ("26-01-01", DateError::Form),
            ("2026-01", DateError::Form),
            ("2026-01/02", DateError::Form),
            ("2026-01-02-03", DateError::Form),
            ("二百五年三月二日", DateError::Form),
            ("2026年三", DateError::Form),
            ("", DateError::Form),
            ("日", DateError::Form),
        ] {
            assert_eq!(Date::parse(s), Err(e), "{s}");
        }
    }

    #[test]
    fn corresponding_days() {
        let months = |n| Period { months: n, ..Period::default() };
        assert_eq!(d("2026-01-31").plus(months(1)), Some(d("2026-02-28")));
        assert_eq!(d("2024-01-31").plus(months(1)), Some(d("2024-02-29")));
        assert_eq!(d("2026-03-31").minus(months(1)), Some(d("2026-02-28")));
        assert_eq!(d("2024-02-29").add_months(12), Some(d("2025-02-28")));
        assert_eq!(Date::MAX.add_days(1), None);
        assert_eq!(Date::MIN.add_months(-1), None);
        assert_eq!(d("2026-01-01").plus(Period { workdays: 1, ..Period::default() }), None);
        assert_eq!(d("2026-01-31").months_until(d("2026-02-28")), 1);
        assert_eq!(d("2026-01-15").months_until(d("2026-02-14")), 0);
        assert_eq!(d("2026-02-14").months_until(d("2026-01-15")), 0);
        assert_eq!(d("2026-01-15").years_until(d("2029-01-15")), 3);
    }

    #[test]
    fn age_begins_the_day_after_the_birthday() {
        assert_eq!(d("2010-05-01").age_on(d("2024-04-30")), Some(13));
        assert_eq!(d("2010-05-01").age_on(d("2024-05-01")), Some(13));
        assert_eq!(d("2010-05-01").age_on(d("2024-05-02")), Some(14));
        assert_eq!(d("2008-02-29").age_on(d("2022-02-28")), Some(13));
        assert_eq!(d("2008-02-29").age_on(d("2022-03-01")), Some(14));
        assert_eq!(d("2010-05-01").age_on(d("2010-05-01")), Some(0));
        assert_eq!(d("2010-05-01").age_on(d("2010-04-30")), None);
    }

    #[test]
    fn the_ends_of_the_calendar() {
        assert_eq!(Date::new(1, 1, 1), Ok(Date::MIN));
        assert_eq!(Date::new(9999, 12, 31), Ok(Date::MAX));
        assert_eq!(d("1970-01-01"), Date(0));
        let _ = (Date(i32::MAX).ymd(), Date(i32::MIN).to_string(), Date(i32::MIN).age_on(Date(i32::MAX)));
    }

    proptest! {
        #[test]
        fn agrees_with_jiff(days in Date::MIN.0..=Date::MAX.0) {
            let date = Date(days);
            let (year, month, day) = date.ymd();
            let civil = jiff::civil::date(year.try_into().unwrap(), month.try_into().unwrap(), day.try_into().unwrap());
            let epoch = jiff::civil::date(1970, 1, 1);
            prop_assert_eq!((civil - epoch).get_days(), days);
            prop_assert_eq!(Date::new(year, month, day), Ok(date));
            prop_assert_eq!(u32::try_from(civil.weekday().to_monday_zero_offset()), Ok(date.weekday()));
        }

        #[test]
        fn text_round_trips(days in Date::MIN.0..=Date::MAX.0) {
            let date = Date(days);
            prop_assert_eq!(Date::parse(&date.iso()), Ok(date));
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            prop_assert_eq!(Date::parse(&date.to_chinese()), Ok(date));
        }

        #[test]
        fn months_there_and_back(days in -100_000..100_000, months in 0_i64..500) {
            let date = Date(days);
            let later = date.add_months(months).unwrap();
            prop_assert_eq!(date.months_until(later), months);
            prop_assert!(date.months_until(later.add_days(-1).unwrap()) < months.max(1));
        }

        #[test]
        fn any_text_is_answered(text in "[0-9年月日二〇十/.\\-]{0,14}") {
            let _ = Date::parse(&text);
        }
    }
}
