//! What tokens met before came to, by their bytes: the reading itself is done by [`crate::facts`], once a token.
use super::pattern::{Pattern, Window};
use super::token::ends;

/// Tokens of one fact.
#[derive(Debug)]
pub(super) struct Memo<T> {
    known: Vec<Known<T>>,
    most: usize,
}

#[derive(Debug)]
struct Known<T> {
    token: Pattern,
    /// Numbers and words end where something else begins, strings by their quote.
    bare: bool,
    value: T,
}

impl<T: Copy> Memo<T> {
    /// Keeps at most so many.
    pub(super) fn new(most: usize) -> Self {
        Self { known: Vec::new(), most }
    }

    /// The value of the token at `at` and the place after it, if it was met before.
    #[inline]
    pub(super) fn get(&mut self, window: Window, text: &[u8], at: usize) -> Option<(T, usize)> {
        for (index, known) in self.known.iter().enumerate() {
            if !known.token.matches(window, text, at) {
                continue;
            }
            let end = at + known.token.len();
            if known.bare && !text.get(end).is_none_or(|b| ends(*b)) {
                continue;
            }
            let value = known.value;
            // What comes often comes to stand in front.
            if index > 2 {
                self.known.swap(index, index - 1);
            }
            return Some((value, end));
        }
        None
    }

    /// Keeps what a token came to, while there is room.
    pub(super) fn put(&mut self, token: &[u8], value: T) {
        if self.known.len() < self.most {
            let bare = token.first() != Some(&b'"');
            self.known.push(Known { token: Pattern::new(token), bare, value });
        }
    }
}
