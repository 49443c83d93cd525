//! The texts of one case, each once, in strings that serve the next case too.
use std::hash::{BuildHasher, BuildHasherDefault};

/// So many are simply looked through.
const FEW: usize = 12;
/// So many strings are kept, and so long ones.
const MOST: usize = 4096;
const LONGEST: usize = 4096;

/// What finds a text again.
#[derive(Debug, Default)]
pub(in crate::dataset) struct Texts {
    spare: Vec<String>,
    /// Open addressing, empty while there are few; 0: none, else number + 1.
    index: Vec<u32>,
}

impl Texts {
    /// Begins a new case.
    pub(in crate::dataset) fn clear(&mut self, list: &mut Vec<String>) {
        // One case with many texts, or long ones, does not keep them for ever.
        self.spare.extend(list.drain(..).filter(|text| text.capacity() <= LONGEST));
        self.spare.truncate(MOST);
        self.index.clear();
    }

    /// The number of `text` in `list`.
    pub(in crate::dataset) fn intern(&mut self, text: &str, list: &mut Vec<String>) -> u32 {
        if self.index.is_empty() {
            if let Some(at) = list.iter().position(|known| known == text) {
                return number(at);
            }
            let at = self.push(text, list);
            if list.len() > FEW {
                self.rebuild(list);
            }
            return at;
        }
        let place = self.place(text, list);
        if let Some(known) = self.index.get(place).copied().and_then(|n| n.checked_sub(1)) {
            return known;
        }
        let at = self.push(text, list);
        if let Some(place) = self.index.get_mut(place) {
            *place = at.saturating_add(1);
        }
        if list.len() * 2 > self.index.len() {
            self.rebuild(list);
        }
        at
    }

    fn push(&mut self, text: &str, list: &mut Vec<String>) -> u32 {
        let mut own = self.spare.pop().unwrap_or_default();
        own.clear();
        own.push_str(text);
        list.push(own);
        number(list.len() - 1)
    }

    fn rebuild(&mut self, list: &[String]) {
        self.index.clear();
        self.index.resize((list.len() * 4).next_power_of_two(), 0);
        for (at, text) in list.iter().enumerate() {
            let place = self.place(text, list);
            if let Some(place) = self.index.get_mut(place) {
                *place = number(at + 1);
            }
        }
    }

    /// Where `text` stands in the index, or would.
    fn place(&self, text: &str, list: &[String]) -> usize {
        let mask = self.index.len() - 1;
        let hash = BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(text);
        let mut place = usize::try_from(hash & mask as u64).unwrap_or(0);
        while let Some(known) = self.index.get(place).copied().and_then(|n| n.checked_sub(1)) {
            if list.get(known as usize).is_some_and(|known| known == text) {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
