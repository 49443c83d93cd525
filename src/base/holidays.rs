//! One year's arrangement of days off, as a TOML file states it.
//!
//! In: the text of a file of 工作日历. Out: a [`YearPlan`], or everything wrong with the file as plain data
//! with byte ranges. [`super::calendar`] builds the calendar from the plans.
use std::fmt;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::date::Date;

/// The days off and the working weekends announced for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearPlan {
    /// 年份
    pub year: i32,
    /// 依据: the notices that announced it.
    pub basis: Vec<String>,
    /// 放假
    pub holidays: Vec<Holiday>,
    /// 调休上班
    pub workdays: Vec<Date>,
}

/// One 放假 entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// 节日
    pub name: String,
    /// 起
    pub first: Date,
    /// 止
    pub last: Date,
}

/// Something wrong with a calendar file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    /// What is wrong.
    pub kind: CalendarErrorKind,
    /// Byte range in the text, where known.
    pub span: Option<Range<usize>>,
}

/// What can be wrong with a calendar file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarErrorKind {
    /// The text is not TOML.
    Syntax,
    /// A key is missing.
    Missing(&'static str),
    /// A key this format does not have.
    UnknownKey(String),
    /// The value of a key is not of the kind named.
    WrongType(&'static str, &'static str),
    /// 止 before 起.
    Reversed(Date, Date),
    /// Neither in the year nor in the December before it.
    OutsideYear(Date),
    /// A working weekend that is no weekend.
    NotWeekend(Date),
    /// Off and working at once.
    OffAndWorking(Date),
    /// Two files state the same year.
    DuplicateYear(i32),
}

impl fmt::Display for CalendarErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("不是合法的 TOML（键为汉字时须加引号）"),
            Self::Missing(key) => write!(f, "缺少“{key}”"),
            Self::UnknownKey(key) => write!(f, "工作日历没有“{key}”这一项"),
            Self::WrongType(key, wanted) => write!(f, "“{key}”应当是{wanted}"),
            Self::Reversed(first, last) => write!(f, "放假的止日{last}早于起日{first}"),
            Self::OutsideYear(day) => write!(f, "{day}不在本年，也不在上年十二月"),
            Self::NotWeekend(day) => write!(f, "调休上班的{day}不是周六、周日"),
            Self::OffAndWorking(day) => write!(f, "{day}既放假又上班"),
            Self::DuplicateYear(year) => write!(f, "{year}年的工作日历重复"),
        }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for CalendarError {}

/// The files this program ships, in order of years.
pub const SHIPPED: [&str; 19] = [
    include_str!("../../policies/工作日历/2008年.toml"),
    include_str!("../../policies/工作日历/2009年.toml"),
    include_str!("../../policies/工作日历/2010年.toml"),
    include_str!("../../policies/工作日历/2011年.toml"),
    include_str!("../../policies/工作日历/2012年.toml"),
    include_str!("../../policies/工作日历/2013年.toml"),
    include_str!("../../policies/工作日历/2014年.toml"),
    include_str!("../../policies/工作日历/2015年.toml"),
    include_str!("../../policies/工作日历/2016年.toml"),
    include_str!("../../policies/工作日历/2017年.toml"),
    include_str!("../../policies/工作日历/2018年.toml"),
    include_str!("../../policies/工作日历/2019年.toml"),
    include_str!("../../policies/工作日历/2020年.toml"),
    include_str!("../../policies/工作日历/2021年.toml"),
    include_str!("../../policies/工作日历/2022年.toml"),
    include_str!("../../policies/工作日历/2023年.toml"),
    include_str!("../../policies/工作日历/2024年.toml"),
    include_str!("../../policies/工作日历/2025年.toml"),
    include_str!("../../policies/工作日历/2026年.toml"),
];

const KEYS: [&str; 4] = ["年份", "依据", "调休上班", "放假"];
const HOLIDAY_KEYS: [&str; 3] = ["节日", "起", "止"];
const A_YEAR: &str = "1至9999之间的年份";
const A_DATE: &str = "日期，例如 2026-10-01";
const TEXTS: &str = "一段文字或者若干段文字";
const DATES: &str = "若干日期";
const TABLES: &str = "若干个 [[\"放假\"]]";
const A_TEXT: &str = "一段文字";

/// Reads one year's file.
///
/// # Errors
/// Everything wrong with the file, in the order found.
pub fn parse_year(text: &str) -> Result<YearPlan, Vec<CalendarError>> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            return Err(vec![CalendarError { kind: CalendarErrorKind::Syntax, span: error.span() }]);
        }
    };
    let mut reader = Reader::default();
    let plan = reader.read_plan(document.as_table());
    match plan {
        Some(plan) if reader.errors.is_empty() => Ok(plan),
        Some(_) | None => Err(reader.errors),
    }
}

/// Collects errors while reading; a reading function gives none after reporting why.
#[derive(Default)]
struct Reader {
    errors: Vec<CalendarError>,
}

impl Reader {
    fn report(&mut self, kind: CalendarErrorKind, span: Option<Range<usize>>) {
        self.errors.push(CalendarError { kind, span });
    }

    fn read_plan(&mut self, table: &dyn TableLike) -> Option<YearPlan> {
        self.check_keys(table, &KEYS);
        let year = self.item(table, "年份", None).and_then(|item| {
            let year = item.as_integer().and_then(|n| i32::try_from(n).ok());
            let year = year.filter(|&y| Date::new(y, 1, 1).is_ok());
            self.expect(year, "年份", A_YEAR, item.span())
        });
        let basis = self.item(table, "依据", None).map(|item| self.read_basis(item));
        let year_span = table.get("年份").and_then(Item::span);
        let holidays = match table.get("放假") {
            Some(item) => self.read_holidays(item, year),
            None => Vec::new(),
        };
        let workdays = match table.get("调休上班") {
            Some(item) => self.read_workdays(item, year, &holidays),
            None => Vec::new(),
        };
        if holidays.is_empty() && self.errors.is_empty() {
            self.report(CalendarErrorKind::Missing("放假"), year_span);
        }
        Some(YearPlan { year: year?, basis: basis?, holidays, workdays })
    }

    fn read_basis(&mut self, item: &Item) -> Vec<String> {
        if let Some(text) = item.as_str() {
            return vec![text.to_owned()];
        }
        let texts = item.as_array().map(|a| a.iter().map(|v| v.as_str().map(str::to_owned)));
        let texts = texts.and_then(Iterator::collect);
        self.expect(texts, "依据", TEXTS, item.span()).unwrap_or_default()
    }

    fn read_holidays(&mut self, item: &Item, year: Option<i32>) -> Vec<Holiday> {
        let Some(tables) = self.expect(item.as_array_of_tables(), "放假", TABLES, item.span()) else {
            return Vec::new();
        };
        tables.iter().filter_map(|table| self.read_holiday(table, table.span(), year)).collect()
    }

    fn read_holiday(
        &mut self,
        table: &dyn TableLike,
        span: Option<Range<usize>>,
        year: Option<i32>,
    ) -> Option<Holiday> {
        self.check_keys(table, &HOLIDAY_KEYS);
        let name = self.item(table, "节日", span.clone());
        let name = name.and_then(|item| self.expect(item.as_str(), "节日", A_TEXT, item.span()));
        let [first, last] = ["起", "止"].map(|key| {
            let item = self.item(table, key, span.clone())?;
            let day = self.expect(item.as_value().and_then(as_date), key, A_DATE, item.span())?;
            self.check_year(day, year, item.span());
            Some(day)
        });
        let (first, last) = (first?, last?);
        if last < first {
            self.report(CalendarErrorKind::Reversed(first, last), span);
            return None;
        }
        Some(Holiday { name: name?.to_owned(), first, last })
    }

    fn read_workdays(&mut self, item: &Item, year: Option<i32>, holidays: &[Holiday]) -> Vec<Date> {
        let Some(values) = self.expect(item.as_array(), "调休上班", DATES, item.span()) else {
            return Vec::new();
        };
        let mut days = Vec::new();
        for value in values {
            let Some(day) = self.expect(as_date(value), "调休上班", DATES, value.span()) else {
                continue;
            };
            self.check_year(day, year, value.span());
            if day.weekday() < 5 {
                self.report(CalendarErrorKind::NotWeekend(day), value.span());
            }
            if holidays.iter().any(|h| (h.first..=h.last).contains(&day)) {
                self.report(CalendarErrorKind::OffAndWorking(day), value.span());
            }
            days.push(day);
        }
        days
    }

    /// An arrangement may begin in the December before its year.
    fn check_year(&mut self, day: Date, year: Option<i32>, span: Option<Range<usize>>) {
        let Some(year) = year else { return };
        let (y, m, _) = day.ymd();
        if y != year && (y, m) != (year.saturating_sub(1), 12) {
            self.report(CalendarErrorKind::OutsideYear(day), span);
        }
    }

    fn check_keys(&mut self, table: &dyn TableLike, known: &[&str]) {
        for (key, item) in table.iter() {
            if !known.contains(&key) {
                let span = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                self.report(CalendarErrorKind::UnknownKey(key.to_owned()), span);
            }
        }
    }

    fn item<'t>(
        &mut self,
        table: &'t dyn TableLike,
        key: &'static str,
        place: Option<Range<usize>>,
    ) -> Option<&'t Item> {
        let item = table.get(key);
        if item.is_none() {
            self.report(CalendarErrorKind::Missing(key), place);
        }
        item
    }

    fn expect<T>(
        &mut self,
        value: Option<T>,
        key: &'static str,
        wanted: &'static str,
        span: Option<Range<usize>>,
    ) -> Option<T> {
        if value.is_none() {
            self.report(CalendarErrorKind::WrongType(key, wanted), span);
        }
        value
    }
}

/// A TOML local date, or a text that is a date.
fn as_date(value: &Value) -> Option<Date> {
    if let Some(text) = value.as_str() {
        return Date::parse(text).ok();
    }
    let datetime = value.as_datetime()?;
    if datetime.time.is_some() || datetime.offset.is_some() {
        return None;
    }
    let date = datetime.date?;
    Date::new(i32::from(date.year), u32::from(date.month), u32::from(date.day)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
"年份" = 2030
"依据" = "甲通知"
"调休上班" = [2030-01-05]
[["放假"]]
"节日" = "元旦"
"起" = 2029-12-30
"止" = 2030-01-01
"#;

    fn errors(text: &str) -> Vec<String> {
        let at =
            |e: CalendarError| format!("{}：{}", e.span.and_then(|s| text.get(s)).unwrap_or("?"), e.kind);
        parse_year(text).err().unwrap_or_default().into_iter().map(at).collect()
    }

    #[test]
    fn a_plan() {
        let plan = parse_year(GOOD).unwrap();
        assert_eq!((plan.year, plan.basis.len(), plan.holidays.len(), plan.workdays.len()), (2030, 1, 1, 1));
    }

    #[test]
    fn everything_wrong_is_reported_with_its_place() {
        assert_eq!(
            errors(&GOOD.replace("2030-01-05", "2030-01-07, 2029-12-30, 2028-01-01, 3")),
            [
                "2030-01-07：调休上班的2030年1月7日不是周六、周日",
                "2029-12-30：2029年12月30日既放假又上班",
                "2028-01-01：2028年1月1日不在本年，也不在上年十二月",
                "3：“调休上班”应当是若干日期",
            ]
        );
        assert_eq!(errors(&GOOD.replace("2029-12-30", "2030-02-01")).len(), 1);
        assert_eq!(errors(&GOOD.replace("\"节日\"", "\"节\"")).len(), 2);
        assert_eq!(errors(&GOOD.replace("2030\n", "0\n")), ["0：“年份”应当是1至9999之间的年份"]);
        assert_eq!(errors("").len(), 2);
        assert_eq!(errors("年份 = 2030").len(), 1);
        assert_eq!(errors("\"年份\" = 2030\n\"依据\" = []\n\"放假\" = 3").len(), 1);
    }

    #[test]
    fn shipped_files_are_right() {
        for text in SHIPPED {
            assert_eq!(errors(text), Vec::<String>::new());
        }
    }
}
