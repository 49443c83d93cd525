//! Dates and periods.

/// A calendar date as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// A length of time as statutes state it; the parts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
