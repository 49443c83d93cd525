//! The shipped calendar of working days against facts known from elsewhere.
use banfa::base::calendar::WorkCalendar;
use banfa::base::date::Date;
use banfa::base::holidays::{SHIPPED, parse_year};

/// The weekends of 2026 that are worked, as tyme4rs 1.5 and chinesecalendar 1.11 also have them.
#[test]
fn working_weekends_of_2026() {
    let calendar = WorkCalendar::built_in();
    let worked: Vec<String> = days(2026)
        .filter(|&d| d.weekday() >= 5 && calendar.is_workday(d) == Some(true))
        .map(Date::iso)
        .collect();
    assert_eq!(worked, ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]);
}

/// Nobody has announced 2027, and the years before 2008 are not carried.
#[test]
fn only_announced_years_are_covered() {
    let years: Vec<i32> = WorkCalendar::built_in().years().collect();
    assert_eq!(years, (2008..=2026).collect::<Vec<i32>>());
    assert_eq!(WorkCalendar::built_in().is_workday(Date::new(2027, 1, 1).unwrap()), None);
}

/// For a reviewer: per year the days off in all, the days named by 放假, the weekends worked.
/// The last two are the totals of the notices themselves, together with the notices that changed them.
#[test]
fn totals_of_each_year() {
    let calendar = WorkCalendar::built_in();
    let mut lines = Vec::new();
    for text in SHIPPED {
        let plan = parse_year(text).unwrap();
        let off = days(plan.year).filter(|&d| calendar.is_workday(d) == Some(false)).count();
        let named: i64 = plan.holidays.iter().map(|h| h.first.days_until(h.last) + 1).sum();
        lines.push(format!("{}年 休息{off}日 放假{named}日 调休上班{}日", plan.year, plan.workdays.len()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// Every file of the folder is shipped, and nothing else.
#[test]
fn the_folder_is_shipped_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/工作日历");
    let mut texts: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    texts.sort();
    assert_eq!(texts, SHIPPED);
}

fn days(year: i32) -> impl Iterator<Item = Date> {
    let (first, last) = (Date::new(year, 1, 1).unwrap(), Date::new(year, 12, 31).unwrap());
    (first.0..=last.0).map(Date)
}
