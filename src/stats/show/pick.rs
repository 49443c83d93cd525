//! What is shown of long lists: the most frequent, in their own order, and the rest as one.
use crate::stats::summary::{Cross, Valued};

/// Places of the `n` greatest counts, in order; all of them when only one would be left out.
pub(super) fn greatest(counts: &[u64], n: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..counts.len()).collect();
    if counts.len() > n + 1 {
        places.sort_by_key(|at| std::cmp::Reverse(counts.get(*at).copied().unwrap_or(0)));
        places.truncate(n);
        places.sort_unstable();
    }
    places
}

/// `其余 3 种`
pub(super) fn rest(left: usize) -> String {
    format!("其余 {left} 种")
}

/// The most frequent values and the rest of them as one, then the states.
pub(super) fn outcomes(all: &[Valued], n: usize) -> Vec<Valued> {
    let (values, states): (Vec<&Valued>, Vec<&Valued>) = all.iter().partition(|v| v.state == "定论");
    let counts: Vec<u64> = values.iter().map(|v| v.count).collect();
    let kept = greatest(&counts, n);
    let mut out: Vec<Valued> = kept.iter().filter_map(|at| values.get(*at)).map(|v| (*v).clone()).collect();
    if kept.len() < values.len() {
        let shown: u64 = out.iter().map(|v| v.count).sum();
        let count = counts.iter().sum::<u64>() - shown;
        out.push(Valued { text: rest(values.len() - kept.len()), state: "定论", count });
    }
    out.extend(states.into_iter().cloned());
    out
}

/// A cross-tabulation with as many lines and columns as are shown.
pub(super) struct Grid {
    /// Outcomes: text, and whether it is a value.
    pub columns: Vec<(String, bool)>,
    /// Names with their counts by column.
    pub lines: Vec<(String, Vec<u64>)>,
    /// All lines together.
    pub totals: Vec<u64>,
}

/// The greatest lines and columns; the rest as one each.
pub(super) fn grid(of: &Cross, lines: usize, columns: usize) -> Grid {
    let by_column: Vec<u64> = of.columns.iter().map(|c| c.count).collect();
    let by_line: Vec<u64> = of.counts.iter().map(|counts| counts.iter().sum()).collect();
    let (kept_columns, kept_lines) = (greatest(&by_column, columns), greatest(&by_line, lines));
    let fold = |counts: &[u64]| {
        let mut out: Vec<u64> = kept_columns.iter().map(|at| counts.get(*at).copied().unwrap_or(0)).collect();
        if kept_columns.len() < counts.len() {
            out.push(counts.iter().sum::<u64>() - out.iter().sum::<u64>());
        }
        out
    };
    let mut out = Grid { columns: Vec::new(), lines: Vec::new(), totals: fold(&by_column) };
    let shown = kept_columns.iter().filter_map(|at| of.columns.get(*at));
    out.columns.extend(shown.map(|c| (c.text.clone(), c.state == "定论")));
    if kept_columns.len() < of.columns.len() {
        out.columns.push((rest(of.columns.len() - kept_columns.len()), false));
    }
    let mut others = vec![0; of.columns.len()];
    for (at, (line, counts)) in of.lines.iter().zip(&of.counts).enumerate() {
        if kept_lines.contains(&at) {
            out.lines.push((line.clone(), fold(counts)));
        } else {
            others.iter_mut().zip(counts).for_each(|(all, n)| *all += n);
        }
    }
    if kept_lines.len() < of.lines.len() {
        out.lines.push((rest(of.lines.len() - kept_lines.len()), fold(&others)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_in_their_order() {
        assert_eq!(greatest(&[1, 5, 2, 9], 2), [1, 3]);
        assert_eq!(greatest(&[1, 5, 2], 2), [0, 1, 2], "a rest of one is told itself");
        let valued = |text: &str, state, count| Valued { text: text.to_owned(), state, count };
        let all = [
            valued("甲", "定论", 1),
            valued("乙", "定论", 7),
            valued("丙", "定论", 2),
            valued("待查", "待查", 3),
        ];
        let shown: Vec<(String, u64)> = outcomes(&all, 1).into_iter().map(|v| (v.text, v.count)).collect();
        assert_eq!(shown, [("乙".to_owned(), 7), ("其余 2 种".to_owned(), 3), ("待查".to_owned(), 3)]);
    }
}
