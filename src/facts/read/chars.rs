//! Character numbers → byte offsets, for parsers that count characters.

/// Every how many characters a byte offset is kept.
const STEP: usize = 16;

/// The offsets of one text.
#[derive(Debug)]
pub(super) struct CharMap<'a> {
    text: &'a str,
    /// Byte of every [`STEP`]th character; empty for ASCII.
    marks: Vec<u32>,
}

impl<'a> CharMap<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(STEP)
                .map(|(byte, _)| u32::try_from(byte).unwrap_or(u32::MAX))
                .collect()
        };
        Self { text, marks }
    }

    /// Byte offset of the character numbered `index`; the end of the text when there are fewer.
    pub(super) fn byte(&self, index: usize) -> u32 {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if self.marks.is_empty() {
            return u32::try_from(index).map_or(end, |index| index.min(end));
        }
        let Some(&mark) = self.marks.get(index / STEP) else { return end };
        let rest = self.text.get(mark as usize..).unwrap_or("");
        rest.char_indices()
            .nth(index % STEP)
            .map_or(end, |(byte, _)| mark.saturating_add(u32::try_from(byte).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::CharMap;

    #[test]
    fn counts_bytes_of_every_character() {
        for text in ["", "abc", "甲", "学生 a 借阅\n".repeat(40).as_str()] {
            let map = CharMap::new(text);
            for (index, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(map.byte(index) as usize, byte);
            }
            assert_eq!(map.byte(text.chars().count()) as usize, text.len());
            assert_eq!(map.byte(text.len() + 1000) as usize, text.len());
        }
    }
}
