//! Best of many short runs, what is compared run by run in turn; how fast memory is read; how numbers are printed.
use std::hint::black_box;
use std::time::Instant;

/// The shortest time of each of these, in seconds: all in turn, again and again, so that what disturbs one disturbs all.
pub fn best<const N: usize>(rounds: usize, mut works: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut best = [f64::MAX; N];
    for _ in 0..rounds {
        for (best, work) in best.iter_mut().zip(&mut works) {
            let start = Instant::now();
            work();
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best
}

/// Numbers to be summed up: how fast memory can be read.
pub struct Memory(Vec<u64>);

impl Memory {
    /// Half a gigabyte.
    pub fn new() -> Self {
        Self((0..1 << 26).collect())
    }

    /// How many bytes.
    pub fn bytes(&self) -> f64 {
        float(self.0.len() * 8)
    }

    /// Reads all of it.
    pub fn read(&self) {
        let sum = |part: &[u64]| part.iter().fold(0_u64, |sum, n| sum.wrapping_add(*n));
        black_box(black_box(&self.0).chunks(4096).map(sum).fold(0, u64::wrapping_add));
    }
}

/// A count as a number to divide.
#[expect(clippy::cast_precision_loss, reason = "a speed")]
pub fn float(n: usize) -> f64 {
    n as f64
}

/// Millions a second.
pub fn millions(count: usize, seconds: f64) -> f64 {
    float(count) / seconds / 1e6
}

/// Nanoseconds each.
pub fn nanos(count: usize, seconds: f64) -> f64 {
    seconds * 1e9 / float(count)
}

/// Prints the head of a table.
pub fn head(title: &str, columns: &[&str]) {
    println!("\n### {title}\n\n| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
}

/// Prints a row.
pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}
