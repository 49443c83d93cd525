//! Short byte strings that are looked for again and again: compared a few words at a time, without a call.
const WORDS: usize = 2;
const WIDE: usize = 16 * WORDS;

/// The bytes from a place on, as words; zeros beyond the end.
pub(super) type Window = [u128; WORDS];

/// A byte string to compare with.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    words: Window,
    masks: Window,
    /// What is longer than the words.
    rest: Box<[u8]>,
    len: usize,
}

/// The window at `at`.
#[inline]
pub(super) fn window(text: &[u8], at: usize) -> Window {
    let from = text.get(at..).unwrap_or(&[]);
    if let Some((low, rest)) = from.split_first_chunk::<16>()
        && let Some(high) = rest.first_chunk::<16>()
    {
        return [u128::from_le_bytes(*low), u128::from_le_bytes(*high)];
    }
    near_end(from)
}

#[cold]
fn near_end(from: &[u8]) -> Window {
    let mut buffer = [0u8; WIDE];
    for (to, byte) in buffer.iter_mut().zip(from) {
        *to = *byte;
    }
    let (low, high) = buffer.split_at(16);
    [low, high].map(|half| half.first_chunk::<16>().map_or(0, |chunk| u128::from_le_bytes(*chunk)))
}

impl Pattern {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mask = |word: usize| match bytes.len().saturating_sub(word * 16) {
            0 => 0,
            n @ 1..16 => (1u128 << (8 * n)) - 1,
            _ => u128::MAX,
        };
        let masks = [mask(0), mask(1)];
        let [low, high] = window(bytes, 0);
        let words = [low & masks[0], high & masks[1]];
        Self { words, masks, rest: bytes.get(WIDE..).unwrap_or(&[]).into(), len: bytes.len() }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether `text` goes on like this at `at`, whose window is given.
    #[inline]
    pub(super) fn matches(&self, [low, high]: Window, text: &[u8], at: usize) -> bool {
        let [low_mask, high_mask] = self.masks;
        let [own_low, own_high] = self.words;
        (((low & low_mask) ^ own_low) | ((high & high_mask) ^ own_high)) == 0
            && (self.rest.is_empty() || text.get(at + WIDE..).is_some_and(|t| t.starts_with(&self.rest)))
    }
}

/// A number for the first `len` bytes of a window, and for `len`.
#[inline]
pub(super) fn hash([low, high]: Window, len: usize) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let cut = |word: u128, n: usize| if n >= 16 { word } else { word & ((1u128 << (8 * n)) - 1) };
    let (low, high) = (cut(low, len), cut(high, len.saturating_sub(16)));
    let fold = |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(K);
    #[expect(clippy::cast_possible_truncation, reason = "halves of a word")]
    let halves = [low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64];
    let mixed = halves.into_iter().fold(len as u64, fold);
    mixed ^ (mixed >> 29)
}
