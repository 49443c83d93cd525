//! What a run comes to: a small table for people, one JSON object for programs.
use super::worker::Tally;
use crate::cli::pages;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// Codes of rejects that are listed.
const CODES: usize = 5;

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Rows by what became of them.
    pub tally: Tally,
    /// Rows that an earlier run had done.
    pub before: u64,
    /// How long it took.
    pub took: Duration,
    /// Files of the result.
    pub files: Vec<PathBuf>,
    /// The table of rejects, where there is one.
    pub rejects: Option<PathBuf>,
}

impl Summary {
    /// A few aligned lines.
    #[must_use]
    pub fn text(&self) -> String {
        let Tally { rows, decided, pending, conflict, rejected } = &self.tally;
        let now = rows - self.before;
        let before = if self.before > 0 {
            format!("，其中 {} 件以前已经做完", grouped(self.before))
        } else {
            String::new()
        };
        let mut out =
            format!("{} 件{before}，用时 {}{}\n", grouped(*rows), seconds(self.took), self.speed(now));
        let refused = self.tally.refused();
        let lines = [("定论", *decided), ("待查", *pending), ("冲突", *conflict), ("不可读", refused)];
        let column = grouped(*rows).len();
        for (word, count) in lines {
            let pad = " ".repeat(6 - word.width().min(6));
            let line = format!("  {word}{pad}  {:>column$} 件  {:>6}", grouped(count), percent(count, *rows));
            let _ = writeln!(out, "{line}");
        }
        let mut codes: Vec<(&String, &u64)> = rejected.iter().collect();
        codes.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), *code));
        for (code, count) in codes.iter().take(CODES) {
            let title = pages::page(code).map(pages::title).unwrap_or_default();
            let _ = writeln!(out, "          {:>column$} 件  {code} {title}", grouped(**count));
        }
        if codes.len() > CODES {
            let rest: u64 = codes.iter().skip(CODES).map(|(_, count)| **count).sum();
            let _ = writeln!(out, "          {:>column$} 件  其他", grouped(rest));
        }
        if !self.files.is_empty() {
            let names: Vec<String> = self.files.iter().map(|f| f.display().to_string()).collect();
            let _ = writeln!(out, "结果：{}", names.join("、"));
        }
        if let Some(path) = &self.rejects {
            let _ = writeln!(out, "不可读的行：{}", path.display());
        }
        out
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> String {
        let Tally { rows, decided, pending, conflict, rejected } = &self.tally;
        let shown = |path: &PathBuf| path.display().to_string();
        let line = json!({
            "summary": {
                "rows": rows,
                "decided": decided,
                "pending": pending,
                "conflict": conflict,
                "rejected": self.tally.refused(),
                "codes": rejected,
                "before": self.before,
                "milliseconds": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
                "files": self.files.iter().map(shown).collect::<Vec<_>>(),
                "rejects": self.rejects.as_ref().map(shown),
            }
        });
        format!("{line}\n")
    }

    fn speed(&self, rows: u64) -> String {
        match rate(rows, self.took) {
            Some(rate) => format!("，每秒 {}", rough(rate)),
            None => String::new(),
        }
    }
}

/// Rows a second; none where that says nothing.
#[must_use]
pub fn rate(rows: u64, took: Duration) -> Option<u64> {
    let micros = took.as_micros();
    (rows > 0 && micros > 0).then(|| u64::try_from(u128::from(rows) * 1_000_000 / micros).unwrap_or(u64::MAX))
}

/// `1,234,567`
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `8,765 件`, `12.3 万件`, `1.2 亿件`
#[must_use]
pub fn rough(n: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", n / unit, n % unit * 10 / unit);
    match n {
        0..10_000 => grouped(n) + " 件",
        10_000..100_000_000 => tenths(10_000) + " 万件",
        _ => tenths(100_000_000) + " 亿件",
    }
}

/// `3 小时 5 分`, `3 分 20 秒`, `12.3 秒`
#[must_use]
pub fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    match whole {
        0..60 => format!("{whole}.{} 秒", took.subsec_millis() / 100),
        60..3600 => format!("{} 分 {} 秒", whole / 60, whole % 60),
        _ => format!("{} 小时 {} 分", whole / 3600, whole / 60 % 60),
    }
}

/// One decimal, cut off; what is there at all is never 0.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    if tenths == 0 && part > 0 { "<0.1%".to_owned() } else { format!("{}.{}%", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            ["0", "999", "1,000", "12,345,678"],
            [0, 999, 1000, 12_345_678].map(grouped).each_ref().map(String::as_str)
        );
        assert_eq!(
            ["9,999 件", "1.0 万件", "12.3 万件", "1.2 亿件"],
            [9999, 10_000, 123_456, 123_456_789].map(rough).each_ref().map(String::as_str)
        );
        assert_eq!(seconds(Duration::from_millis(12_345)), "12.3 秒");
        assert_eq!(seconds(Duration::from_secs(3 * 3600 + 65)), "3 小时 1 分");
        assert_eq!(
            (percent(1, 100_000), percent(0, 0), percent(3, 3)),
            ("<0.1%".into(), "0.0%".into(), "100.0%".into())
        );
    }
}
