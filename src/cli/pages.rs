//! The pages of `docs/errors/`, part of the program; the table is written by `build.rs`.

/// Code and Markdown text of each page, in order of the codes.
pub const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/error_pages.rs"));

/// The page of a code, upper or lower case.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|&(_, text)| text)
}

/// The title of a page: its first line without the code.
#[must_use]
pub fn title(text: &str) -> &str {
    let first = text.lines().next().unwrap_or_default().trim_start_matches('#').trim_start();
    first.split_once(' ').map_or(first, |(_, title)| title.trim())
}
