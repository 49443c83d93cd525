//! What a diagnostic is and how it is shown; never which ones exist (each stage owns its own).
use crate::base::Span;

mod excerpt;
pub mod json;
mod place;
pub mod render;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The source cannot be compiled or the case cannot be run.
    Error,
    /// It can, but the drafter should look.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// 错误, 警告 or 提示.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "警告",
            Self::Note => "提示",
        }
    }
}

/// A place with a few words of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// A replacement that would mend the matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// With what.
    pub replacement: String,
}

/// One finding: a code (its page is `docs/errors/<code>.md`), one Chinese sentence, places, advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagnostic {
    /// First label is the primary place; empty when there is none (command line, missing file).
    pub labels: Vec<Label>,
    /// `B0203` and the like.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The fact, one sentence without 句号, the user's words in “ ”.
    pub message: String,
    /// Advice, shown after 帮助.
    pub help: Option<String>,
    /// A replacement that would mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            labels: Vec::new(),
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            fix: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// For information.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the replacement that would mend it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}

/// Sorts by place (those without one first) and drops what says the same thing of the same place.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort();
    let place = |it: &Diagnostic| it.labels.first().map(|label| label.span);
    diagnostics.dedup_by(|b, a| a.code == b.code && a.message == b.message && place(a) == place(b));
}
