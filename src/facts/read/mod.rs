//! Case text in any format → documents of one [`Tree`].
//!
//! Each reader is a loop over its parser's events or tokens; none recurses over the input.
mod chars;
mod json;
mod toml;
mod yaml;

#[cfg(feature = "dataset")]
pub(super) use json::token as json_token;

use super::errors;
use super::tree::{NodeId, Tree};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// How a case is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.yaml`, `.yml`; several cases apart by `---`.
    Yaml,
    /// `.json`
    Json,
    /// `.toml`
    Toml,
}

impl Format {
    /// By the file's extension.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// By the ending of its path, else by the look of the text.
    #[must_use]
    pub fn of_text(path: &std::path::Path, text: &str) -> Self {
        Self::of_path(&path.display().to_string()).unwrap_or_else(|| Self::sniff(text))
    }

    /// By the look of the text, for standard input: `{` or `[` in JSON's way → JSON, `key =` or `[table]` → TOML, else YAML.
    #[must_use]
    pub fn sniff(text: &str) -> Self {
        let first = text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or("");
        let head = first.split('#').next().unwrap_or("").trim_end();
        if head.starts_with('[') && head.ends_with(']') && !head.contains([',', '{']) && head.len() > 2 {
            Self::Toml
        } else if first.starts_with('{') || first.starts_with('[') {
            Self::Json
        } else if is_assignment(first) {
            Self::Toml
        } else {
            Self::Yaml
        }
    }

    /// The format's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Toml => "TOML",
        }
    }
}

/// `key = value`, the equals sign before any colon.
fn is_assignment(line: &str) -> bool {
    match (line.find('='), line.find(':')) {
        (Some(equals), Some(colon)) => equals < colon,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// The place within the quotes of `text`, so that advice can replace the word and leave the quotes.
fn unquoted(span: Span, text: &str) -> Span {
    let quoted = ['"', '\''].iter().any(|quote| {
        text.strip_prefix(*quote)
            .and_then(|rest| rest.strip_suffix(*quote))
            .is_some_and(|inner| !inner.is_empty())
    });
    if quoted { Span { start: span.start + 1, end: span.end - 1, ..span } } else { span }
}

/// One document of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document {
    /// Its root; `None` when there is nothing but blanks and comments.
    pub root: Option<NodeId>,
    /// Where it begins.
    pub span: Span,
}

/// Reads `text` into `tree`. What could be read is returned beside the errors.
pub(crate) fn read(
    tree: &mut Tree,
    text: &str,
    file: FileId,
    format: Format,
) -> (Vec<Document>, Vec<Diagnostic>) {
    if u32::try_from(text.len()).is_err() {
        return (Vec::new(), vec![errors::too_large(Span::new(file, 0, 0))]);
    }
    match format {
        Format::Yaml => yaml::read(tree, text, file),
        Format::Json => json::read(tree, text, file),
        Format::Toml => toml::read(tree, text, file),
    }
}
