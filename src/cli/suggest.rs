//! “Did you mean”: the known word nearest to one that is not known.

/// The nearest of `known`, if it is near enough to be a slip of the hand. One character in three
/// may differ; of a two-character word, one.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
        let distance = edits(&word, &letters);
        let longer = word.len().max(letters.len());
        let allowed = (longer / 3).max(1);
        let near = distance <= allowed && distance < longer;
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Names are short; a longer word is compared by its beginning.
const LONGEST: usize = 64;

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut a_prev = None;
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        let mut b_prev = None;
        for (j, &y) in b.iter().enumerate() {
            let at = |cells: &[usize], k: usize| cells.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut least =
                (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            if let (Some(p), Some(q), Some(k)) = (a_prev, b_prev, j.checked_sub(1))
                && p == y
                && q == x
            {
                least = least.min(at(&before, k) + 1);
            }
            row.push(least);
            b_prev = Some(y);
        }
        before = std::mem::replace(&mut above, row);
        a_prev = Some(x);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_of_the_hand() {
        let known = ["check", "检查", "explain", "释错", "--color", "--format"];
        assert_eq!(nearest("chekc", known), Some("check"));
        assert_eq!(nearest("检察", known), Some("检查"));
        assert_eq!(nearest("EXPLIAN", known), Some("explain"));
        assert_eq!(nearest("--colour", known), Some("--color"));
        assert_eq!(nearest("认定", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("甲", ["乙"]), None);
    }
}
