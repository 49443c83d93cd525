//! How far a run is, on a terminal only: share of the input, rows, rows a second, time left.
use super::pipeline::Read;
use super::summary::{rate, rough, seconds};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Redrawn so often a second at most.
const HERTZ: u8 = 8;

/// The bar.
pub struct Progress {
    bar: ProgressBar,
    /// When work began, and how far the input had been read then.
    from: (Instant, u64),
}

impl Progress {
    /// A bar on a terminal, if it is to be shown; nothing elsewhere.
    #[must_use]
    pub fn new(shown: bool) -> Self {
        let bar = if shown && std::io::stderr().is_terminal() {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(HERTZ))
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("认定 {spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar, from: (Instant::now(), 0) }
    }

    /// Rows done before are passed over.
    pub fn skipping(&mut self, read: Read) {
        self.place(read);
        self.from = (Instant::now(), read.0);
        self.bar.set_message("跳过已经做完的部分");
    }

    /// So many rows are done now, so many of them in this run.
    pub fn done(&mut self, read: Read, rows: u64, fresh: u64) {
        let (since, begin) = self.from;
        self.place(read);
        let took = since.elapsed();
        let speed = rate(fresh, took).map(|r| format!("　每秒 {}", rough(r))).unwrap_or_default();
        let left =
            read.1.and_then(|total| left(read.0 - begin.min(read.0), total.saturating_sub(read.0), took));
        let left = left.map(|left| format!("　还要 {}", seconds(left).replace(".0", ""))).unwrap_or_default();
        self.bar.set_message(format!("{}{speed}{left}", rough(rows)));
    }

    /// Says something without disturbing the bar.
    pub fn aside(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    /// Something else is to be shown.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn place(&self, (read, total): Read) {
        if let Some(total) = total.filter(|_| self.bar.length().is_none()) {
            self.bar.set_length(total);
            if let Ok(style) = ProgressStyle::with_template("认定 {bar:30} {percent:>3}%　{msg}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_position(read);
    }
}

/// As much again as it took so far for each byte.
fn left(read: u64, rest: u64, took: Duration) -> Option<Duration> {
    let micros = took.as_micros().checked_mul(u128::from(rest))?.checked_div(u128::from(read))?;
    u64::try_from(micros).ok().map(Duration::from_micros).map(|left| Duration::from_secs(left.as_secs()))
}
