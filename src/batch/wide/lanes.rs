//! Columns of lanes: comparisons that come out as planes, and days as functions of days.
use super::block::Lanes;
use super::plan::DayTable;
use super::plane::{LANES, Plane, WORDS};
use crate::base::calendar::WorkCalendar;
use crate::base::{Date, Val};
use crate::eval::compute;
use crate::hir::CmpOp;

/// Compares lane by lane.
pub fn compare<X: Copy + Ord>(op: CmpOp, a: &[X; LANES], b: &[X; LANES]) -> Plane {
    match op {
        CmpOp::Eq => pack(a, b, |a, b| a == b),
        CmpOp::Ne => pack(a, b, |a, b| a != b),
        CmpOp::Lt => pack(a, b, |a, b| a < b),
        CmpOp::Le => pack(a, b, |a, b| a <= b),
        CmpOp::Gt => pack(a, b, |a, b| a > b),
        CmpOp::Ge => pack(a, b, |a, b| a >= b),
    }
}

/// Compares every lane with one value.
pub fn compare_const<X: Copy + Ord>(op: CmpOp, a: &[X; LANES], b: X) -> Plane {
    match op {
        CmpOp::Eq => pack(a, a, |a, _| a == b),
        CmpOp::Ne => pack(a, a, |a, _| a != b),
        CmpOp::Lt => pack(a, a, |a, _| a < b),
        CmpOp::Le => pack(a, a, |a, _| a <= b),
        CmpOp::Gt => pack(a, a, |a, _| a > b),
        CmpOp::Ge => pack(a, a, |a, _| a >= b),
    }
}

/// Brings the lowest bits of eight bytes together in the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

#[inline]
fn pack<X: Copy>(a: &[X; LANES], b: &[X; LANES], test: impl Fn(X, X) -> bool) -> Plane {
    let mut out = [0; WORDS];
    for (word, (a, b)) in out.iter_mut().zip(a.chunks_exact(64).zip(b.chunks_exact(64))) {
        let mut bytes = [0_u8; 64];
        for (byte, (a, b)) in bytes.iter_mut().zip(a.iter().zip(b)) {
            *byte = u8::from(test(*a, *b));
        }
        for (n, eight) in bytes.chunks_exact(8).enumerate() {
            let eight = u64::from_le_bytes(<[u8; 8]>::try_from(eight).unwrap_or_default());
            *word |= eight.wrapping_mul(GATHER) >> 56 << (8 * n);
        }
    }
    out
}

/// The first day that [`DayCache`] remembers: 1 January 1900.
const FIRST: i32 = -25_567;
/// How many it remembers: to 2099.
const REMEMBERED: usize = 73_049;
/// Not yet computed.
const UNASKED: i32 = i32::MIN;
/// Cannot be computed.
const FAILED: i32 = i32::MIN + 1;

/// A function of days, computed by the interpreter's arithmetic and remembered.
#[derive(Clone, Debug)]
pub struct DayCache {
    table: DayTable,
    known: Vec<i32>,
}

#[inline]
fn place(day: i32) -> Option<usize> {
    usize::try_from(day.wrapping_sub(FIRST)).ok()
}

impl DayCache {
    /// Nothing computed yet.
    pub fn new(table: DayTable) -> Self {
        Self { table, known: vec![UNASKED; REMEMBERED] }
    }

    /// The day for a day; none where it cannot be computed.
    #[inline]
    pub fn get(&mut self, calendar: &WorkCalendar, day: i32) -> Option<i32> {
        let table = self.table;
        let place = place(day).and_then(|at| self.known.get_mut(at));
        let found = match place {
            Some(place) => {
                if *place == UNASKED {
                    *place = compute_day(table, calendar, day);
                }
                *place
            }
            None => compute_day(table, calendar, day),
        };
        (found != FAILED).then_some(found)
    }
}

impl DayCache {
    /// The days for the days of some lanes; `bad`: where they cannot be computed.
    pub fn map(
        &mut self,
        calendar: &WorkCalendar,
        which: &Plane,
        from: &[i32; LANES],
        to: &mut [i32; LANES],
        bad: &mut Plane,
    ) {
        let words = from.chunks_exact(64).zip(to.chunks_exact_mut(64)).zip(which).zip(bad);
        for (((from, to), which), bad) in words {
            // Days known already, whether wanted or not; then what is left.
            let mut left = 0_u64;
            for (lane, (from, to)) in from.iter().zip(to.iter_mut()).enumerate() {
                let found = place(*from).and_then(|at| self.known.get(at)).copied();
                *to = found.unwrap_or(UNASKED);
                left |= u64::from(*to <= FAILED) << lane;
            }
            left &= which;
            while left != 0 {
                let lane = left.trailing_zeros() as usize;
                left &= left - 1;
                let day = from.get(lane).and_then(|day| self.get(calendar, *day));
                match (day, to.get_mut(lane)) {
                    (Some(day), Some(to)) => *to = day,
                    (None, _) | (_, None) => *bad |= 1 << lane,
                }
            }
        }
    }
}

/// Periods that [`DayCaches`] remembers days for.
const PERIODS: usize = 64;

/// Functions of days for the periods that occur.
#[derive(Clone, Debug, Default)]
pub struct DayCaches {
    known: Vec<DayCache>,
    last: usize,
}

impl DayCaches {
    /// The day for a day and a period; none where it cannot be computed.
    #[inline]
    pub fn get(&mut self, calendar: &WorkCalendar, table: DayTable, day: i32) -> Option<i32> {
        if self.known.get(self.last).is_none_or(|c| !c.table.is(&table)) {
            match self.known.iter().position(|c| c.table.is(&table)) {
                Some(at) => self.last = at,
                None if self.known.len() < PERIODS => {
                    self.last = self.known.len();
                    self.known.push(DayCache::new(table));
                }
                None => {
                    let found = compute_day(table, calendar, day);
                    return (found != FAILED).then_some(found);
                }
            }
        }
        self.known.get_mut(self.last)?.get(calendar, day)
    }
}

fn compute_day(table: DayTable, calendar: &WorkCalendar, day: i32) -> i32 {
    let (day, period) = (Val::Date(Date(day)), Val::Period(table.period));
    let found = if table.deadline {
        compute::deadline(calendar, day, period)
    } else {
        compute::shift(calendar, day, period, table.back)
    };
    match found {
        Ok(Val::Date(day)) => day.0,
        Ok(_) | Err(_) => FAILED,
    }
}

/// A column of its own.
pub type Column<X> = Box<Lanes<X>>;

/// A new column.
#[expect(clippy::unnecessary_box_returns, reason = "columns are swapped, not copied")]
pub fn column<X: Copy>(value: X) -> Column<X> {
    Box::new([value; LANES])
}
