//! The keys of one kind of object as they were written before, and which came after which.
use super::pattern::{Pattern, Window, hash, window};

/// No step.
pub(super) const NOWHERE: usize = usize::MAX;

/// Keys as written, each standing for a field.
#[derive(Debug)]
pub(super) struct Shape {
    steps: Vec<Step>,
    /// Steps by the hash of their key: open addressing, [`NOWHERE`] where there is none.
    index: Vec<usize>,
    /// The step that came first the last time.
    first: usize,
    most: usize,
}

#[derive(Debug)]
struct Step {
    key: Pattern,
    field: usize,
    /// The step that came after it the last time.
    next: usize,
}

impl Shape {
    /// Of an object that has so many fields.
    pub(super) fn new(fields: usize) -> Self {
        // A key may be written in several ways, with escapes; not in very many.
        let most = fields * 4 + 8;
        Self { steps: Vec::new(), index: vec![NOWHERE; (most * 2).next_power_of_two()], first: NOWHERE, most }
    }

    /// The step expected after `before`, or as the first.
    #[inline]
    fn expected(&self, before: usize) -> usize {
        self.steps.get(before).map_or(self.first, |step| step.next)
    }

    /// Whether the key at `at` is the one expected after the step `before`: the step, its field, the place after.
    #[inline]
    pub(super) fn follow(&self, before: usize, text: &[u8], at: usize) -> Option<(usize, usize, usize)> {
        let expected = self.expected(before);
        let step = self.steps.get(expected)?;
        step.key.matches(window(text, at), text, at).then(|| (expected, step.field, at + step.key.len()))
    }

    /// The step of a key, quotes included, that came after `before`, and its field.
    #[inline]
    pub(super) fn find(
        &mut self,
        before: usize,
        text: &[u8],
        at: usize,
        end: usize,
    ) -> Option<(usize, usize)> {
        let seen = window(text, at);
        let found = self.probe(seen, text, at, end - at)?;
        let step = self.index.get(found).copied()?;
        let field = self.steps.get(step)?.field;
        self.link(before, step);
        Some((step, field))
    }

    /// Learns a key.
    pub(super) fn learn(&mut self, before: usize, key: &[u8], field: usize) -> Option<usize> {
        if self.steps.len() >= self.most {
            return None;
        }
        let step = self.steps.len();
        self.steps.push(Step { key: Pattern::new(key), field, next: NOWHERE });
        let mask = self.index.len() - 1;
        let mut place = fold(hash(window(key, 0), key.len())) & mask;
        while self.index.get(place).is_some_and(|s| *s != NOWHERE) {
            place = (place + 1) & mask;
        }
        *self.index.get_mut(place)? = step;
        self.link(before, step);
        Some(step)
    }

    fn link(&mut self, before: usize, step: usize) {
        match self.steps.get_mut(before) {
            Some(before) => before.next = step,
            None => self.first = step,
        }
    }

    /// The place of a known key in the index.
    #[inline]
    fn probe(&self, seen: Window, text: &[u8], at: usize, len: usize) -> Option<usize> {
        let mask = self.index.len() - 1;
        let mut place = fold(hash(seen, len)) & mask;
        loop {
            let step = self.steps.get(*self.index.get(place)?)?;
            if step.key.len() == len && step.key.matches(seen, text, at) {
                return Some(place);
            }
            place = (place + 1) & mask;
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a hash")]
fn fold(hash: u64) -> usize {
    hash as usize
}
