//! Numbers after insertions and deletions, among provisions side by side.
use crate::base::Part;

/// One of several provisions side by side, in the order they will have.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its step before; none for one that is added.
    pub old: Option<Part>,
    /// It is deleted.
    pub deleted: bool,
    /// For one that is added, 作为 …
    pub given: Option<Part>,
}

/// What is wrong with the number of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The given number is not the one that follows; this is.
    Wrong(Part),
    /// The given number is taken, and nothing gives way.
    Taken(Part),
    /// 之N whose article is deleted.
    Orphan,
}

/// The steps after, one for each slot (none for the deleted), and what is wrong with which.
///
/// With `shift`, what follows an added or deleted one moves; without, everything keeps its number.
pub fn number(slots: &[Slot], shift: bool) -> (Vec<Option<Part>>, Vec<(usize, Fault)>) {
    let mut walk = Walk::default();
    let mut parts = Vec::with_capacity(slots.len());
    for (index, slot) in slots.iter().enumerate() {
        let part = match (slot.old, slot.given) {
            (Some(old), _) if slot.deleted => {
                walk.delete(old, shift);
                None
            }
            (Some(old), _) => Some(walk.keep(index, old, shift)),
            (None, Some(given)) => {
                let next = slots.iter().skip(index + 1).filter(|s| !s.deleted).find_map(|s| s.old);
                Some(walk.insert(index, given, next, shift))
            }
            (None, None) => None,
        };
        if let Some(part) = part {
            walk.last = Some(part);
        }
        parts.push(part);
    }
    (parts, walk.faults)
}

#[derive(Default)]
struct Walk {
    /// Plain numbers added less deleted so far, and the same of 之N since the last plain one.
    plain: i64,
    sub: i64,
    /// The plain number just deleted, whose 之N would be left over.
    gone: Option<u32>,
    last: Option<Part>,
    faults: Vec<(usize, Fault)>,
}

fn moved(number: u32, by: i64) -> u32 {
    u32::try_from(i64::from(number) + by).unwrap_or(0)
}

impl Walk {
    fn delete(&mut self, old: Part, shift: bool) {
        if old.sub == 0 {
            self.gone = Some(old.number);
        }
        if shift && old.sub == 0 {
            self.plain -= 1;
            self.sub = 0;
        } else if shift {
            self.sub -= 1;
        }
    }

    fn keep(&mut self, index: usize, old: Part, shift: bool) -> Part {
        if old.sub == 0 {
            self.sub = 0;
        } else if self.gone == Some(old.number) {
            self.faults.push((index, Fault::Orphan));
        }
        let by = if shift { (self.plain, self.sub) } else { (0, 0) };
        let sub = if old.sub > 0 { moved(old.sub, by.1) } else { 0 };
        Part { number: moved(old.number, by.0), sub, ..old }
    }

    /// `next` is the step, before, of the next one that stays.
    fn insert(&mut self, index: usize, given: Part, next: Option<Part>, shift: bool) -> Part {
        let follows = |last: Option<Part>| match (last, given.sub) {
            (None, _) => Part { number: 1, sub: 0, ..given },
            (Some(last), 0) => Part { number: last.number + 1, sub: 0, ..given },
            (Some(last), _) => Part { number: last.number, sub: last.sub + 1, ..given },
        };
        let expected = follows(self.last);
        let above = self.last.is_none_or(|last| (given.number, given.sub) > (last.number, last.sub));
        // Without moving anything, any number free between the neighbours will do.
        let free = next.is_none_or(|next| (given.number, given.sub) < (next.number, next.sub));
        let exact = shift || given.sub > 0;
        if exact && given != expected || !exact && !above {
            self.faults.push((index, Fault::Wrong(expected)));
        } else if !shift && !free {
            let after =
                self.last.map_or(given, |last| Part { number: last.number, sub: last.sub + 1, ..given });
            self.faults.push((index, Fault::Taken(after)));
        }
        if shift && given.sub == 0 {
            self.plain += 1;
        } else if shift {
            self.sub += 1;
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::PartKind;

    fn part(text: &str) -> Part {
        let (number, sub) = text.split_once('.').unwrap_or((text, "0"));
        Part::inserted(PartKind::Article, number.parse().unwrap(), sub.parse().unwrap())
    }

    /// `2` stays, `-2` is deleted, `+2` is added as 2.
    fn run(text: &str, shift: bool) -> String {
        let slot = |word: &str| match (word.strip_prefix('-'), word.strip_prefix('+')) {
            (Some(old), _) => Slot { old: Some(part(old)), deleted: true, given: None },
            (_, Some(new)) => Slot { old: None, deleted: false, given: Some(part(new)) },
            (None, None) => Slot { old: Some(part(word)), deleted: false, given: None },
        };
        let slots: Vec<Slot> = text.split(' ').map(slot).collect();
        let (parts, faults) = number(&slots, shift);
        let shown =
            |p: &Part| if p.sub > 0 { format!("{}.{}", p.number, p.sub) } else { p.number.to_string() };
        let parts: Vec<String> = parts.iter().flatten().map(shown).collect();
        let faults: Vec<String> = faults
            .iter()
            .map(|(i, f)| match f {
                Fault::Wrong(p) => format!("{i} is {}", shown(p)),
                Fault::Taken(p) => format!("{i} taken, {}", shown(p)),
                Fault::Orphan => format!("{i} orphan"),
            })
            .collect();
        if faults.is_empty() { parts.join(" ") } else { faults.join("; ") }
    }

    #[test]
    fn numbers_move() {
        assert_eq!(run("1 +2 2 3", true), "1 2 3 4");
        assert_eq!(run("1 -2 3 4.1 5", true), "1 2 3.1 4");
        assert_eq!(run("1 -2 +2 3", true), "1 2 3");
        assert_eq!(run("1 +2 3 7", true), "1 2 4 8");
        assert_eq!(run("5 +5.1 5.1 6", true), "5 5.1 5.2 6");
        assert_eq!(run("5 -5.1 5.2 6", true), "5 5.1 6");
        assert_eq!(run("+1 1", true), "1 2");
        assert_eq!(run("1 +3 2", true), "1 is 2");
        assert_eq!(run("5 -6 6.1", true), "2 orphan");
        assert_eq!(run("1 +2 +3 2", true), "1 2 3 4");
    }

    #[test]
    fn numbers_stay() {
        assert_eq!(run("1 +1.1 2", false), "1 1.1 2");
        assert_eq!(run("1 -2 3", false), "1 3");
        assert_eq!(run("1 +2 2", false), "1 taken, 1.1");
        assert_eq!(run("1 +2 3", false), "1 2 3");
        assert_eq!(run("1 2 +3", false), "1 2 3");
        assert_eq!(run("1 +1.2 2", false), "1 is 1.1");
        assert_eq!(run("2 +1 3", false), "1 is 3");
    }
}
