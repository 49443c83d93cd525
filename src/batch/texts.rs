//! The texts of cells: kept once for a whole run, numbered anew for each chunk.
use super::chunk::NONE;
use std::collections::HashMap;
use std::sync::Arc;

/// Texts beyond this are forgotten at the end of a chunk: names of people are as many as there are people.
const KEPT: usize = 1 << 16;

/// A text of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextId(u32);

/// All texts so far.
#[derive(Debug, Default)]
pub struct Texts {
    ids: HashMap<Arc<str>, TextId>,
    list: Vec<Arc<str>>,
    /// Number in the chunk, by text.
    codes: Vec<u32>,
    /// Texts of the chunk.
    chunk: Vec<Arc<str>>,
    used: Vec<u32>,
}

impl Texts {
    /// The text's number in the run.
    pub fn id(&mut self, text: &str) -> TextId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = TextId(u32::try_from(self.list.len()).unwrap_or(NONE));
        let text: Arc<str> = Arc::from(text);
        self.ids.insert(Arc::clone(&text), id);
        self.list.push(text);
        self.codes.push(NONE);
        id
    }

    /// The text's number in the chunk.
    #[inline]
    pub fn code_of(&mut self, id: TextId) -> u32 {
        let Some(code) = self.codes.get_mut(id.0 as usize) else { return NONE };
        if *code == NONE
            && let Some(text) = self.list.get(id.0 as usize)
        {
            *code = u32::try_from(self.chunk.len()).unwrap_or(NONE);
            self.chunk.push(Arc::clone(text));
            self.used.push(id.0);
        }
        *code
    }

    /// The number in the chunk of a text.
    pub fn code(&mut self, text: &str) -> u32 {
        let id = self.id(text);
        self.code_of(id)
    }

    /// A text that stands in few rows: numbered for the chunk, not kept for the run.
    pub fn passing(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return self.code_of(*id);
        }
        let code = u32::try_from(self.chunk.len()).unwrap_or(NONE);
        self.chunk.push(Arc::from(text));
        code
    }

    /// Whether so many are kept that whoever holds ids should let go of them and call [`Texts::forget`].
    pub fn is_full(&self) -> bool {
        self.list.len() > KEPT
    }

    /// Forgets all texts; ids given out no longer mean anything.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The texts of the chunk, which begins anew.
    pub fn take(&mut self) -> Vec<Arc<str>> {
        for id in self.used.drain(..) {
            if let Some(code) = self.codes.get_mut(id as usize) {
                *code = NONE;
            }
        }
        std::mem::take(&mut self.chunk)
    }
}
