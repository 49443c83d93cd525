//! What the texts of a column came to: each text is understood once, by the readers of [`crate::facts`].
use super::view::View;
use crate::facts::Token;
use arrow_array::{Array as _, StringArray};
use rustc_hash::FxHashMap;

/// So many texts are kept, and so long ones.
const MOST: usize = 4096;
const LONGEST: usize = 256;

/// Texts of one fact.
#[derive(Debug)]
pub(super) struct Words<T> {
    known: FxHashMap<Box<str>, Option<T>>,
    /// The dictionary in hand, and what is known of its words.
    dictionary: Option<StringArray>,
    table: Vec<Known<T>>,
}

/// A word of a dictionary.
#[derive(Clone, Copy, Debug)]
enum Known<T> {
    NotYet,
    Plain(T),
    /// Left to the other way.
    Not,
}

impl<T: Copy> Words<T> {
    pub(super) fn new() -> Self {
        Self { known: FxHashMap::default(), dictionary: None, table: Vec::new() }
    }

    /// What the text of a row comes to, if the column has texts and this one is plainly right.
    #[inline]
    pub(super) fn get(
        &mut self,
        view: &View<'_>,
        row: usize,
        read: impl FnOnce(&Token<'_>) -> Option<T>,
    ) -> Option<T> {
        let View::Words(keys, words) = view else { return self.text(view.text(row)?, read) };
        let key = usize::try_from(keys.value(row)).ok()?;
        if !self.dictionary.as_ref().is_some_and(|known| same(known, words)) {
            self.begin(words);
        }
        match self.table.get(key)? {
            Known::Plain(value) => Some(*value),
            Known::Not => None,
            Known::NotYet => {
                let value = self.text(words.value(key), read);
                *self.table.get_mut(key)? = value.map_or(Known::Not, Known::Plain);
                value
            }
        }
    }

    #[cold]
    fn begin(&mut self, words: &StringArray) {
        self.table.clear();
        self.table.resize(words.len(), Known::NotYet);
        self.dictionary = Some(words.clone());
    }

    fn text(&mut self, text: &str, read: impl FnOnce(&Token<'_>) -> Option<T>) -> Option<T> {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let value = read(&Token::string(text));
        if self.known.len() < MOST && text.len() <= LONGEST {
            self.known.insert(text.into(), value);
        }
        value
    }
}

/// Whether two dictionaries are one in memory; the one that is kept holds its memory.
#[inline]
fn same(a: &StringArray, b: &StringArray) -> bool {
    std::ptr::eq(a.value_offsets(), b.value_offsets()) && std::ptr::eq(a.value_data(), b.value_data())
}
