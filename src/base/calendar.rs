//! Working days, and the last day of a period as the Civil Code counts it (arts. 201 to 203).
//!
//! Only years whose arrangement has been announced are covered; every question that touches another
//! day has no answer. All questions are answered from tables, without stepping through days.
use super::date::{Date, Period};
use super::holidays::{CalendarError, CalendarErrorKind, SHIPPED, YearPlan, parse_year};

/// Which days are working days, in the years covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Years covered and the notices they rest on, ascending.
    years: Vec<(i32, Vec<String>)>,
    /// Runs of consecutive covered years, ascending.
    runs: Vec<Run>,
}

/// Consecutive covered years.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    first: i32,
    last: i32,
    /// `before[i]` working days lie in the first `i` days of the run; one entry more than days.
    before: Vec<u32>,
    /// All working days, ascending.
    workdays: Vec<i32>,
}

impl WorkCalendar {
    /// A calendar of these years.
    ///
    /// # Errors
    /// Two plans state the same year.
    pub fn build(plans: &[YearPlan]) -> Result<Self, CalendarError> {
        let mut plans: Vec<&YearPlan> = plans.iter().collect();
        plans.sort_by_key(|p| p.year);
        let twice = plans.iter().zip(plans.iter().skip(1)).find(|(a, b)| a.year == b.year);
        if let Some((plan, _)) = twice {
            return Err(CalendarError { kind: CalendarErrorKind::DuplicateYear(plan.year), span: None });
        }
        let mut runs: Vec<Run> = Vec::new();
        for plan in &plans {
            let (Ok(first), Ok(last)) = (Date::new(plan.year, 1, 1), Date::new(plan.year, 12, 31)) else {
                continue;
            };
            match runs.last_mut() {
                Some(run) if run.last.saturating_add(1) == first.0 => run.last = last.0,
                Some(_) | None => {
                    runs.push(Run { first: first.0, last: last.0, before: Vec::new(), workdays: Vec::new() });
                }
            }
        }
        for run in &mut runs {
            run.fill(&plans);
        }
        Ok(Self { years: plans.iter().map(|p| (p.year, p.basis.clone())).collect(), runs })
    }

    /// The calendar this program ships.
    #[must_use]
    pub fn built_in() -> Self {
        let plans: Vec<YearPlan> = SHIPPED.iter().filter_map(|text| parse_year(text).ok()).collect();
        Self::build(&plans).unwrap_or_default()
    }

    /// The years covered, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().map(|(year, _)| *year)
    }

    /// The notices a year's arrangement rests on.
    #[must_use]
    pub fn basis(&self, year: i32) -> Option<&[String]> {
        let at = self.years.binary_search_by_key(&year, |(y, _)| *y).ok()?;
        self.years.get(at).map(|(_, basis)| basis.as_slice())
    }

    /// Whether the year of a day is covered.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.run(day.0).is_some()
    }

    /// Whether a day is a working day; none outside the years covered.
    #[must_use]
    pub fn is_workday(&self, day: Date) -> Option<bool> {
        let run = self.run(day.0)?;
        Some(run.count_through(day.0)? > run.count_before(day.0)?)
    }

    /// The `n`-th working day after a day, counted from the next day; the day itself if `n` is 0; the
    /// `n`-th before it if negative.
    #[must_use]
    pub fn add_workdays(&self, day: Date, n: i64) -> Option<Date> {
        if n == 0 {
            return Some(day);
        }
        let (run, passed, skip) = if n > 0 {
            let next = day.0.checked_add(1)?;
            let run = self.run(next)?;
            (run, run.count_before(next)?, n.checked_sub(1)?)
        } else {
            let previous = day.0.checked_sub(1)?;
            let run = self.run(previous)?;
            (run, run.count_through(previous)?, n)
        };
        run.workday(i64::from(passed).checked_add(skip)?)
    }

    /// Working days after `from` up to and including `to`; negative if `to` is earlier.
    #[must_use]
    pub fn workdays_between(&self, from: Date, to: Date) -> Option<i64> {
        if to < from {
            return self.workdays_between(to, from).map(|n| -n);
        }
        if from == to {
            return Some(0);
        }
        let next = from.0.checked_add(1)?;
        let run = self.run(next).filter(|r| to.0 <= r.last)?;
        Some(i64::from(run.count_through(to.0)?) - i64::from(run.count_before(next)?))
    }

    /// The day itself if it is a working day, else the next one.
    #[must_use]
    pub fn next_workday_on_or_after(&self, day: Date) -> Option<Date> {
        let run = self.run(day.0)?;
        run.workday(i64::from(run.count_before(day.0)?))
    }

    /// The last day of a period that begins with an event on `start`: that day is not counted; years and
    /// months end on the corresponding day or the month's end; a last day that is a day off gives way to
    /// the next working day. Working days are counted from the next day.
    #[must_use]
    pub fn deadline(&self, start: Date, period: Period) -> Option<Date> {
        let last = start.plus(Period { workdays: 0, ..period })?;
        if period.workdays == 0 {
            self.next_workday_on_or_after(last)
        } else {
            self.add_workdays(last, i64::from(period.workdays))
        }
    }

    /// The date a period after `day`, by plain counting: a day off at the end stays.
    #[must_use]
    pub fn after(&self, day: Date, period: Period) -> Option<Date> {
        self.add_workdays(day.plus(Period { workdays: 0, ..period })?, i64::from(period.workdays))
    }

    /// The date a period before `day`, by plain counting.
    #[must_use]
    pub fn before(&self, day: Date, period: Period) -> Option<Date> {
        self.add_workdays(day.minus(Period { workdays: 0, ..period })?, -i64::from(period.workdays))
    }

    fn run(&self, day: i32) -> Option<&Run> {
        let after = self.runs.partition_point(|r| r.first <= day);
        self.runs.get(after.checked_sub(1)?).filter(|r| day <= r.last)
    }
}

impl Run {
    /// Weekends are off; then each year's arrangement, the later year's where two speak of one day.
    fn fill(&mut self, plans: &[&YearPlan]) {
        let mut working: Vec<bool> = (self.first..=self.last).map(|d| Date(d).weekday() < 5).collect();
        let mut set = |day: i32, value: bool| {
            let at = day.checked_sub(self.first).and_then(|i| usize::try_from(i).ok());
            if let Some(slot) = at.and_then(|i| working.get_mut(i)) {
                *slot = value;
            }
        };
        for plan in plans {
            for holiday in &plan.holidays {
                (holiday.first.0..=holiday.last.0).for_each(|day| set(day, false));
            }
            plan.workdays.iter().for_each(|day| set(day.0, true));
        }
        let mut count = 0_u32;
        self.before.push(count);
        for (day, works) in (self.first..=self.last).zip(working) {
            if works {
                self.workdays.push(day);
                count = count.saturating_add(1);
            }
            self.before.push(count);
        }
    }

    /// Working days of the run before a day of the run.
    fn count_before(&self, day: i32) -> Option<u32> {
        self.before.get(usize::try_from(day.checked_sub(self.first)?).ok()?).copied()
    }

    /// Working days of the run up to and including a day of the run.
    fn count_through(&self, day: i32) -> Option<u32> {
        self.count_before(day.checked_add(1)?)
    }

    /// The working day of this index.
    fn workday(&self, index: i64) -> Option<Date> {
        self.workdays.get(usize::try_from(index).ok()?).copied().map(Date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn p(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    #[test]
    fn periods_end_as_the_civil_code_counts() {
        let c = WorkCalendar::built_in();
        assert_eq!(c.deadline(d("2026-03-02"), p("十五日")), Some(d("2026-03-17")));
        assert_eq!(c.deadline(d("2026-09-10"), p("十五日")), Some(d("2026-09-28")), "中秋 and a weekend");
        assert_eq!(c.deadline(d("2026-01-31"), p("一个月")), Some(d("2026-02-28")), "a working Saturday");
        assert_eq!(c.deadline(d("2025-01-31"), p("一个月")), Some(d("2025-02-28")));
        assert_eq!(c.deadline(d("2026-01-04"), p("一个月")), Some(d("2026-02-04")));
        assert_eq!(c.deadline(d("2024-02-29"), p("二年")), Some(d("2026-02-28")));
        assert_eq!(c.deadline(d("2026-02-13"), p("二个工作日")), Some(d("2026-02-24")));
        assert_eq!(c.deadline(d("2026-12-20"), p("一个月")), None, "2027 is not announced");
        assert_eq!(c.after(d("2026-09-10"), p("十五日")), Some(d("2026-09-25")));
        assert_eq!(c.before(d("2026-02-24"), p("二个工作日")), Some(d("2026-02-13")));
    }

    #[test]
    fn edges() {
        let c = WorkCalendar::built_in();
        let empty = WorkCalendar::default();
        assert_eq!(c.is_workday(d("2027-01-04")), None);
        assert_eq!(
            c.add_workdays(d("2007-12-31"), 1),
            Some(d("2008-01-02")),
            "the first day counted is covered"
        );
        assert_eq!(c.add_workdays(d("2007-12-30"), 1), None);
        assert_eq!(c.add_workdays(d("2027-01-01"), -1), Some(d("2026-12-31")));
        assert_eq!(c.add_workdays(d("2026-12-31"), 0), Some(d("2026-12-31")));
        assert_eq!(c.workdays_between(d("2026-10-10"), d("2026-09-30")), Some(-3));
        for day in [i32::MIN, -1, 0, i32::MAX].map(Date) {
            for n in [i64::MIN, -1, 0, 1, i64::MAX] {
                let _ =
                    (c.add_workdays(day, n), empty.add_workdays(day, n), c.workdays_between(day, Date(0)));
            }
        }
        assert_eq!(empty.is_workday(Date(0)), None);
    }

    #[test]
    fn years_need_not_be_consecutive() {
        let plans: Vec<YearPlan> = SHIPPED.iter().map(|t| parse_year(t).unwrap()).collect();
        let some: Vec<YearPlan> = plans.iter().filter(|p| p.year != 2020).cloned().collect();
        let c = WorkCalendar::build(&some).unwrap();
        assert_eq!(c.add_workdays(d("2019-12-30"), 5), None);
        assert_eq!(c.add_workdays(d("2019-12-30"), 1), Some(d("2019-12-31")));
        assert_eq!(c.workdays_between(d("2019-12-30"), d("2021-01-05")), None);
        assert!(c.basis(2020).is_none() && c.basis(2021).is_some());
        let twice = WorkCalendar::build(&[plans.clone(), plans].concat());
        assert_eq!(twice.map_err(|e| e.kind), Err(CalendarErrorKind::DuplicateYear(2008)));
    }

    /// Counts day by day.
    fn naive(c: &WorkCalendar, day: Date, n: i64) -> Option<Date> {
        let mut at = day;
        for _ in 0..n.abs() {
            loop {
                at = at.add_days(n.signum())?;
                if c.is_workday(at)? {
                    break;
                }
            }
        }
        Some(at)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn as_a_walk_through_the_days(day in 13_879..20_819, n in -40_i64..60) {
            let c = WorkCalendar::built_in();
            let day = Date(day);
            let there = c.add_workdays(day, n);
            prop_assert_eq!(there, naive(&c, day, n));
            if let Some(there) = there.filter(|_| n >= 0) {
                prop_assert_eq!(c.workdays_between(day, there), Some(n));
            }
            if c.covers(day) {
                let rolled = if c.is_workday(day) == Some(true) { Some(day) } else { naive(&c, day, 1) };
                prop_assert_eq!(c.next_workday_on_or_after(day), rolled);
            }
        }
    }
}
