//! Who is who among siblings, when nobody says so: the same words, then similar words, then the same place.
//!
//! The outcome does not depend on which side is called old.
use std::collections::BTreeMap;

/// Something to be matched.
#[derive(Clone, Debug)]
pub struct Item {
    /// Number or name among its siblings.
    key: String,
    /// All its words.
    words: String,
    /// Pairs of neighbouring characters, sorted.
    pairs: Vec<(char, char)>,
}

impl Item {
    /// Known by `key`, made of `words`.
    #[must_use]
    pub fn new(key: String, words: String) -> Self {
        let mut pairs = Vec::with_capacity(words.len() / 3 + 1);
        let mut before = '\0';
        for c in words.chars().filter(|c| !c.is_whitespace()).chain(['\0']) {
            pairs.push((before, c));
            before = c;
        }
        pairs.sort_unstable();
        Self { key, words, pairs }
    }

    /// How alike two are, of 1000: shared pairs of characters, counted with repetition.
    fn likeness(&self, other: &Self) -> usize {
        let (mut a, mut b) = (self.pairs.iter().peekable(), other.pairs.iter().peekable());
        let mut common = 0_usize;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => {
                    a.next();
                }
                std::cmp::Ordering::Greater => {
                    b.next();
                }
                std::cmp::Ordering::Equal => {
                    common += 1;
                    a.next();
                    b.next();
                }
            }
        }
        (2000 * common) / (self.pairs.len() + other.pairs.len()).max(1)
    }
}

/// How alike things of different numbers are to be taken for one, of 1000.
const ALIKE: usize = 600;
/// How alike things of the same number are.
const ALIKE_HERE: usize = 250;
/// What the same number counts for.
const HERE: usize = 150;
/// More pairs than this are not all compared: then only neighbours are.
const MOST: usize = 1_000_000;
/// How far apart neighbours are.
const NEAR: usize = 20;

/// For each of `old` its partner among `new`. `known` are pairs that are settled; `gone` are those of `old` that have none.
#[must_use]
pub fn partners(old: &[Item], new: &[Item], known: &[(usize, usize)], gone: &[usize]) -> Vec<Option<usize>> {
    let mut matching =
        Matching { of_old: vec![None; old.len()], open: vec![true; old.len()], free: vec![true; new.len()] };
    for o in gone {
        if let Some(open) = matching.open.get_mut(*o) {
            *open = false;
        }
    }
    for (o, n) in known {
        matching.join(*o, *n);
    }
    matching.equals(old, new, |item| (item.key.clone(), item.words.as_str()));
    matching.equals(old, new, |item| (String::new(), item.words.as_str()));
    matching.by_likeness(old, new);
    matching.of_old
}

struct Matching {
    of_old: Vec<Option<usize>>,
    open: Vec<bool>,
    free: Vec<bool>,
}

impl Matching {
    fn join(&mut self, old: usize, new: usize) {
        if let (Some(partner), Some(open), Some(free)) =
            (self.of_old.get_mut(old), self.open.get_mut(old), self.free.get_mut(new))
            && *open
            && *free
        {
            (*partner, *open, *free) = (Some(new), false, false);
        }
    }

    /// Those of one key join in order. Without words only the number tells one from another.
    fn equals<'a>(&mut self, old: &'a [Item], new: &'a [Item], key: impl Fn(&'a Item) -> (String, &'a str)) {
        let mut groups: BTreeMap<(String, &str), [Vec<usize>; 2]> = BTreeMap::new();
        let telling = |item: &'a Item| !item.words.is_empty() || !key(item).0.is_empty();
        for (o, item) in
            old.iter().enumerate().filter(|(o, i)| self.open.get(*o) == Some(&true) && telling(i))
        {
            let [olds, _] = groups.entry(key(item)).or_default();
            olds.push(o);
        }
        for (n, item) in
            new.iter().enumerate().filter(|(n, i)| self.free.get(*n) == Some(&true) && telling(i))
        {
            let [_, news] = groups.entry(key(item)).or_default();
            news.push(n);
        }
        for [olds, news] in groups.into_values() {
            for (o, n) in olds.into_iter().zip(news) {
                self.join(o, n);
            }
        }
    }

    /// The rest, the most alike first.
    fn by_likeness(&mut self, old: &[Item], new: &[Item]) {
        let olds: Vec<usize> = (0..old.len()).filter(|o| self.open.get(*o) == Some(&true)).collect();
        let news: Vec<usize> = (0..new.len()).filter(|n| self.free.get(*n) == Some(&true)).collect();
        let all = olds.len().saturating_mul(news.len()) <= MOST;
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for &o in &olds {
            for &n in news.iter().filter(|n| all || o.abs_diff(**n) <= NEAR) {
                let (Some(a), Some(b)) = (old.get(o), new.get(n)) else { continue };
                let here = a.key == b.key;
                let score = a.likeness(b);
                if score >= if here { ALIKE_HERE } else { ALIKE } {
                    found.push((score + if here { HERE } else { 0 }, o, n));
                }
            }
        }
        // Pairs of one rank never want the same partner unless their sums differ: the order is the same seen from either side.
        found.sort_by_key(|&(score, o, n)| (usize::MAX - score, o + n, o.abs_diff(n), o));
        for (_, o, n) in found {
            self.join(o, n);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(texts: &[(&str, &str)]) -> Vec<Item> {
        texts.iter().map(|(key, words)| Item::new((*key).to_owned(), (*words).to_owned())).collect()
    }

    #[test]
    fn the_same_words_under_another_number_are_the_same_provision() {
        let old = items(&[("1", "学生迟还图书的，停借。"), ("2", "学生遗失图书的，赔偿。")]);
        let new = items(&[
            ("1", "学生污损图书的，修补。"),
            ("2", "学生迟还图书的，停借。"),
            ("3", "学生遗失图书的，照价赔偿。"),
        ]);
        assert_eq!(partners(&old, &new, &[], &[]), [Some(1), Some(2)]);
        assert_eq!(partners(&new, &old, &[], &[]), [None, Some(0), Some(1)]);
        assert_eq!(partners(&old, &new, &[(0, 0)], &[1]), [Some(0), None], "what is known comes first");
    }

    #[test]
    fn unlike_words_are_not_the_same_provision() {
        let old = items(&[("1", "学生迟还图书的，停借。"), ("2", ""), ("3", "略。"), ("4", "略。")]);
        let new = items(&[("1", "本馆每日开放。"), ("2", ""), ("4", "略。"), ("5", "略。")]);
        assert_eq!(partners(&old, &new, &[], &[]), [None, Some(1), Some(3), Some(2)]);
    }
}
