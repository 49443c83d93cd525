//! 变异说明.toml: survivors that make no difference, each with the reason, kept beside the policy.
use super::Mutant;
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use toml_edit::{Document, Item, Table};

/// What the file is called, beside the policy.
pub const FILE_NAME: &str = "变异说明.toml";

/// Why a mutant makes no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// 变异: its id.
    pub id: String,
    /// 内容: its description, so that another mutant of that id is noticed.
    pub description: String,
    /// 理由
    pub reason: String,
    /// Place of the entry.
    pub span: Span,
}

/// All of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanations {
    /// In order.
    pub all: Vec<Explanation>,
}

impl Explanations {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is not TOML, or an entry lacks one of the three.
    pub fn parse(text: &str, file: FileId) -> Result<Self, Vec<Diagnostic>> {
        let span = |range: Option<std::ops::Range<usize>>| {
            let range = range.unwrap_or(0..0);
            let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            Span::new(file, at(range.start), at(range.end))
        };
        let document = Document::parse(text)
            .map_err(|e| vec![malformed("写法不是 TOML").label(span(e.span()), "这里读不懂")])?;
        let mut out = Self::default();
        let mut problems = Vec::new();
        for (key, item) in document.as_table() {
            let Some(entries) = item.as_array_of_tables().filter(|_| key == "变异") else {
                let at = span(item.span());
                problems.push(malformed("里只能写 [[\"变异\"]]").label(at, "这里写的是别的"));
                continue;
            };
            for entry in entries {
                match read(entry, span(entry.span())) {
                    Ok(explanation) => out.all.push(explanation),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if problems.is_empty() { Ok(out) } else { Err(problems) }
    }

    /// Why a mutant makes no difference, if somebody has said so.
    #[must_use]
    pub fn of(&self, mutant: &Mutant) -> Option<&Explanation> {
        self.all.iter().find(|e| e.id == mutant.id && e.description == mutant.description)
    }
}

fn read(entry: &Table, span: Span) -> Result<Explanation, Diagnostic> {
    let text = |key: &str| {
        let found = entry.get(key).and_then(Item::as_str).map(str::trim).filter(|t| !t.is_empty());
        found.map(str::to_owned).ok_or_else(|| malformed(&format!("缺少“{key}”")).label(span, "这一条"))
    };
    Ok(Explanation { id: text("编号")?, description: text("内容")?, reason: text("理由")?, span })
}

/// B0850: the file of explanations cannot be used.
fn malformed(what: &str) -> Diagnostic {
    Diagnostic::error("B0850", format!("“{FILE_NAME}”{what}")).help(
        "每条写成 [[\"变异\"]]，之下是 \"编号\"、\"内容\"、\"理由\" 三项，编号和内容照 banfa mutate 列出的写",
    )
}

/// B0851: an explanation of what is not there or is noticed by a case.
#[must_use]
pub fn stale(explanation: &Explanation, why: &str) -> Diagnostic {
    Diagnostic::warning("B0851", format!("变异“{}”的说明已经过时：{why}", explanation.id))
        .label(explanation.span, "这一条说明")
        .help("删去它，或者照 banfa mutate 现在列出的编号和内容改写")
}
