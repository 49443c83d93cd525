//! Which rows of the input take part: a beginning of it, a sample of it, or all. A row is in the sample by its number
//! and the seed alone, so that whoever asks gets the same answer.
use crate::dataset::Source;
use crate::diag::Diagnostic;
use rust_decimal::Decimal;
use std::collections::BinaryHeap;
use std::str::FromStr;

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Each row with this chance, in parts of 2⁶⁴, less one.
    Share(u64),
    /// So many rows.
    Count(u64),
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "写成件数（如 1000）或者比例（如 1%、0.5%）".to_owned();
        let Some(percent) = text.strip_suffix(['%', '％']) else {
            return text.parse().ok().filter(|count| *count > 0).map(Self::Count).ok_or_else(wrong);
        };
        let percent: Decimal = percent.trim().parse().map_err(|_| wrong())?;
        if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED || percent.scale() > 6 {
            return Err(wrong());
        }
        let parts = percent.mantissa().unsigned_abs() << 64;
        let whole = 100 * 10_u128.pow(percent.scale());
        Ok(Self::Share(u64::try_from((parts / whole).saturating_sub(1)).unwrap_or(u64::MAX)))
    }
}

/// Which rows take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Number of the last row that may.
    last: u64,
    /// Rows of which [`draw`] is at most this.
    most: u64,
    seed: u64,
}

impl Pick {
    /// The first `limit` rows, and of those the ones drawn. To draw a count, `rows` is asked how many rows there are.
    ///
    /// # Errors
    /// What `rows` says.
    pub fn new(
        limit: Option<u64>,
        sample: Option<Sample>,
        seed: u64,
        rows: impl FnOnce() -> Result<u64, Box<Diagnostic>>,
    ) -> Result<Self, Box<Diagnostic>> {
        let last = limit.unwrap_or(u64::MAX);
        let most = match sample {
            None => u64::MAX,
            Some(Sample::Share(most)) => most,
            Some(Sample::Count(count)) => nth_least(rows()?.min(last), count, seed),
        };
        Ok(Self { last, most, seed })
    }

    /// Whether a row, numbered from 1, takes part.
    #[must_use]
    pub fn takes(self, row: u64) -> bool {
        row <= self.last && (self.most == u64::MAX || draw(row, self.seed) <= self.most)
    }

    /// Number of the last row that may.
    #[must_use]
    pub fn last(self) -> u64 {
        self.last
    }
}

/// A number for a row that looks random: the finish of `SplitMix64`, which gives no two rows the same.
fn draw(row: u64, seed: u64) -> u64 {
    let mut z =
        row.wrapping_add(seed.wrapping_mul(0xd1b5_4a32_d192_ed03)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The greatest of the `count` least numbers drawn by the first `rows` rows.
fn nth_least(rows: u64, count: u64, seed: u64) -> u64 {
    if count >= rows {
        return u64::MAX;
    }
    let mut least = BinaryHeap::new();
    for row in 1..=rows {
        let drawn = draw(row, seed);
        if (least.len() as u64) < count {
            least.push(drawn);
        } else if least.peek().is_some_and(|most| drawn < *most) {
            least.pop();
            least.push(drawn);
        }
    }
    least.peek().copied().unwrap_or(0)
}

/// How many rows an input has, up to a limit.
///
/// # Errors
/// What the source says.
pub fn count(mut source: Box<dyn Source + '_>, limit: Option<u64>) -> Result<u64, Box<Diagnostic>> {
    let (mut rows, limit) = (0, limit.unwrap_or(u64::MAX));
    while let Some(portion) = source.next()? {
        rows = portion.first + portion.rows - 1;
        if rows >= limit {
            break;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(limit: Option<u64>, sample: &str, seed: u64) -> Vec<u64> {
        let pick = Pick::new(limit, Some(sample.parse().unwrap()), seed, || Ok(10_000)).unwrap();
        (1..=10_000).filter(|row| pick.takes(*row)).collect()
    }

    #[test]
    fn shares_and_counts() {
        assert_eq!(taken(None, "100%", 1).len(), 10_000);
        assert_eq!(taken(None, "100", 1).len(), 100);
        assert_eq!(taken(Some(50), "100", 1), (1..=50).collect::<Vec<_>>());
        assert_eq!(taken(Some(500), "100", 1).len(), 100);
        let few = taken(None, "1%", 7).len();
        assert!((60..140).contains(&few), "{few}");
        assert_eq!(taken(None, "100", 3), taken(None, "100", 3));
        assert_ne!(taken(None, "100", 3), taken(None, "100", 4));
        for wrong in ["0", "-1", "0%", "101%", "一成", "1.5", "0.0000001%"] {
            assert!(wrong.parse::<Sample>().is_err(), "{wrong}");
        }
    }
}
