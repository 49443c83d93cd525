//! Where in its file a row of a portion stands, for what is wrong with it beyond its being readable.
use super::lines::is_blank;
use super::{Body, Places, Portion};

impl Portion {
    /// File (index among the inputs) and line of a row of this portion, by its number in the whole input.
    #[must_use]
    pub fn place(&self, row: u64) -> (usize, u64) {
        let index = usize::try_from(row.saturating_sub(self.first)).unwrap_or(usize::MAX);
        match &self.body {
            Body::Json { bytes, places: Places::Lines(first), file } => {
                let mut rows =
                    (*first..).zip(bytes.split(|b| *b == b'\n')).filter(|(_, line)| !is_blank(line));
                (*file, rows.nth(index).map_or(*first, |(line, _)| line))
            }
            Body::Json { places: Places::Elements(elements), file, .. } => {
                (*file, elements.get(index).map_or(0, |element| element.line))
            }
            Body::Table(rows) => (rows.file, rows.cells.first().map_or(0, |cells| cells.line(index))),
            #[cfg(feature = "parquet")]
            Body::Columns(batch) => (batch.file, batch.first + row.saturating_sub(self.first)),
            Body::TooLong { line, file } => (*file, *line),
        }
    }
}
