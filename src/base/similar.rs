//! Did you mean: the name nearest to a misspelt one.
//!
//! Chinese names are short and differ by single characters, so both the edit distance and the share of
//! common characters count, and a single shared character out of two is not enough.

/// Longest needle compared; longer texts are not names.
const LONGEST: usize = 64;

/// The candidate nearest to `needle`, if any is near; the earlier one of equals.
#[must_use]
pub fn nearest<'c>(needle: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_n(needle, candidates, 1).into_iter().next()
}

/// At most `n` candidates near to `needle`, the nearest first; equals keep their order.
#[must_use]
pub fn nearest_n<'c>(needle: &str, candidates: impl IntoIterator<Item = &'c str>, n: usize) -> Vec<&'c str> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        if candidate != needle
            && !found.iter().any(|(_, c)| *c == candidate)
            && let Some(distance) = distance_if_near(needle, candidate)
        {
            found.push((distance, candidate));
        }
    }
    found.sort_by_key(|&(distance, _)| distance);
    found.into_iter().take(n).map(|(_, candidate)| candidate).collect()
}

/// How far apart two names are, if they are near enough to be one misspelt; 0 is nearest.
fn distance_if_near(needle: &str, candidate: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (needle.chars().collect(), candidate.chars().collect());
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if short == 0 || long > LONGEST {
        return None;
    }
    let edits = edit_distance(&a, &b);
    let common = common_characters(&a, &b);
    let near = if short == 1 {
        false
    } else if common == short && common == long {
        // The same characters in another order.
        true
    } else if short == 2 {
        // A two-character name: one character added or replaced, or the name within a slightly longer one.
        // A character shared in another place (学号, 号码) is not enough.
        edits == 1 || (common == 2 && long <= 4)
    } else {
        // At most a third changed, or nearly all of the shorter name found again in the longer.
        edits * 3 <= long || (common * 4 >= short * 3 && common * 2 >= long)
    };
    // Edits weigh most; of equal edits, more in common is nearer.
    near.then(|| (edits * LONGEST).saturating_sub(common))
}

/// Edit distance over characters: insertion, deletion, substitution, exchange of neighbours.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        let mut previous_b = None;
        for (j, &y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(left + 1);
            if previous_a == Some(y) && previous_b == Some(x) {
                cost = cost.min(at(&before, j.wrapping_sub(1)) + 1);
            }
            next.push(cost);
            left = cost;
            previous_b = Some(y);
        }
        before = std::mem::replace(&mut row, next);
        previous_a = Some(x);
    }
    row.last().copied().unwrap_or(a.len())
}

/// How many characters two names have in common, counted with repetition.
fn common_characters(a: &[char], b: &[char]) -> usize {
    let mut rest = b.to_vec();
    let mut common = 0;
    for x in a {
        if let Some(at) = rest.iter().position(|y| y == x) {
            rest.swap_remove(at);
            common += 1;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn near_names() {
        for (needle, candidates, expected) in [
            ("借阅人员", vec!["借阅人", "管理员"], Some("借阅人")),
            ("借阅日其", vec!["归还日期", "借阅日期"], Some("借阅日期")),
            ("归期", vec!["归还", "期归"], Some("期归")),
            ("学号", vec!["号码", "学生"], Some("学生")),
            ("学号", vec!["号码", "教室"], None),
            ("学生", vec!["学生证", "学校"], Some("学生证")),
            ("罚金数额", vec!["罚金额", "图书数量"], Some("罚金额")),
            ("逾期次数", vec!["累计逾期次数", "逾期天数"], Some("逾期天数")),
            ("人", vec!["人员"], None),
            ("", vec!["人员"], None),
            ("学生", vec!["学生"], None),
            ("完全不同的名字", vec!["逾期天数"], None),
            ("isMember", vec!["is_member", "number"], Some("is_member")),
        ] {
            assert_eq!(nearest(needle, candidates.iter().copied()), expected, "{needle}");
        }
    }

    #[test]
    fn several_in_order() {
        let names = ["归还期限", "借阅期限", "借阅日期", "罚金"];
        assert_eq!(nearest_n("借阅日期限", names, 2), ["借阅期限", "借阅日期"]);
        assert_eq!(nearest_n("借阅日期", ["借阅期日", "借阅期日"], 5), ["借阅期日"]);
    }

    proptest! {
        #[test]
        fn any_texts(a in "[甲乙丙丁戊a]{0,9}", b in "[甲乙丙丁戊a]{0,9}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(edit_distance(&x, &y), edit_distance(&y, &x));
            prop_assert_eq!(edit_distance(&x, &y) == 0, x == y);
            prop_assert!(edit_distance(&x, &y) <= x.len().max(y.len()));
            prop_assert_eq!(common_characters(&x, &y), common_characters(&y, &x));
            let _ = nearest(&a, [b.as_str()]);
        }
    }
}
