//! Counts by code, and how shares are written.
use super::words::{NONE, OTHER};

/// Outcomes that are states: `STATE + code` (待查 …). Above all codes of texts.
pub const STATE: u32 = u32::MAX - 17;

/// The outcome of what is decided without any value but options: what may be done.
pub const OPTIONS: u32 = STATE + 5;

/// How many of each code.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    plain: Vec<u64>,
    special: [u64; 18],
}

impl Counter {
    /// One more.
    pub fn add(&mut self, code: u32) {
        if code >= STATE {
            if let Some(count) = self.special.get_mut((code - STATE) as usize) {
                *count += 1;
            }
            return;
        }
        let at = code as usize;
        if at >= self.plain.len() {
            self.plain.resize(at + 1, 0);
        }
        if let Some(count) = self.plain.get_mut(at) {
            *count += 1;
        }
    }

    /// Codes of texts with their counts, in the order they were first met.
    pub fn texts(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        (0..).zip(self.plain.iter().copied()).filter(|(_, n)| *n > 0)
    }

    /// How many of a state, of [`NONE`], of [`OTHER`].
    #[must_use]
    pub fn of(&self, code: u32) -> u64 {
        match code.checked_sub(STATE) {
            Some(at) => self.special.get(at as usize).copied().unwrap_or(0),
            None => self.plain.get(code as usize).copied().unwrap_or(0),
        }
    }

    /// All.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.plain.iter().chain(&self.special).sum()
    }

    /// Beyond the texts that are kept.
    #[must_use]
    pub fn other(&self) -> u64 {
        self.of(OTHER)
    }

    /// Without value.
    #[must_use]
    pub fn none(&self) -> u64 {
        self.of(NONE)
    }
}

/// A share in percent with one decimal; what is not nothing and not all never reads as such.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "－".to_owned();
    }
    let permille = (u128::from(part) * 2000 + u128::from(whole)) / (2 * u128::from(whole));
    match permille {
        0 if part > 0 => "<0.1%".to_owned(),
        1000 if part < whole => ">99.9%".to_owned(),
        n => format!("{}.{}%", n / 10, n % 10),
    }
}

/// A number with its thousands set apart.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_numbers() {
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(0, 9), "0.0%");
        assert_eq!(percent(1, 1_000_000), "<0.1%");
        assert_eq!(percent(999_999, 1_000_000), ">99.9%");
        assert_eq!(percent(9, 9), "100.0%");
        assert_eq!(percent(0, 0), "－");
        assert_eq!((grouped(0), grouped(999), grouped(1_234_567)).2, "1,234,567");
    }

    #[test]
    fn codes_of_every_kind() {
        let mut counter = Counter::default();
        for code in [3, 3, 0, STATE + 1, NONE, OTHER] {
            counter.add(code);
        }
        assert_eq!(counter.texts().collect::<Vec<_>>(), [(0, 1), (3, 2)]);
        assert_eq!((counter.of(STATE + 1), counter.none(), counter.other(), counter.total()), (1, 1, 1, 6));
    }
}
