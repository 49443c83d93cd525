//! Diagnostics as text for people: drawn by miette, worded here. Comes from any stage, goes to stderr.
use std::fmt::{self, Write as _};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::{Excerpt, clean};
use super::place::clamp;
use super::{Diagnostic, Fix, Severity};
use crate::base::Sources;

/// How diagnostics are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Frames in ASCII characters.
    pub ascii: bool,
    /// With ANSI colours.
    pub colour: bool,
    /// Columns of the page.
    pub width: usize,
    /// How many are drawn; the rest are counted.
    pub limit: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { ascii: false, colour: false, width: 100, limit: 50 }
    }
}

/// Draws the diagnostics in the order given and counts them; empty when there are none.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: &Style) -> String {
    let mut out = String::new();
    for diagnostic in chosen(diagnostics, style.limit) {
        render_one(&mut out, diagnostic, sources, style);
        out.push('\n');
    }
    let hidden = diagnostics.len().saturating_sub(style.limit);
    if hidden > 0 {
        let _ = writeln!(out, "另有 {hidden} 处未列出");
    }
    // One remark about the command line needs no counting.
    let lone = matches!(diagnostics, [only] if only.labels.is_empty());
    if let Some(summary) = summary(diagnostics).filter(|_| !lone) {
        let _ = writeln!(out, "{summary}");
    }
    out
}

/// `共 3 个错误、1 个警告`, if there is anything to count.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let kinds = [Severity::Error, Severity::Warning, Severity::Note];
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (kind, diagnostics.iter().filter(|it| it.severity == kind).count()))
        .filter(|&(_, count)| count > 0)
        .map(|(kind, count)| format!("{count} 个{}", kind.word()))
        .collect();
    (!parts.is_empty()).then(|| format!("共 {}", parts.join("、")))
}

/// The gravest `limit`, in the order given.
fn chosen(diagnostics: &[Diagnostic], limit: usize) -> Vec<&Diagnostic> {
    let mut found: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    found.sort_by_key(|(_, it)| it.severity);
    found.truncate(limit);
    found.sort_by_key(|&(index, _)| index);
    found.into_iter().map(|(_, it)| it).collect()
}

fn render_one(out: &mut String, diagnostic: &Diagnostic, sources: &Sources, style: &Style) {
    let theme = match (style.ascii, style.colour) {
        (false, true) => GraphicalTheme::unicode(),
        (false, false) => GraphicalTheme::unicode_nocolor(),
        (true, true) => GraphicalTheme::ascii(),
        (true, false) => GraphicalTheme::none(),
    };
    // Line numbers and frame take some columns, and a label may stand to the right of the text.
    let columns = style.width.saturating_sub(12).max(20);
    let dots = if style.ascii { "..." } else { "…" };
    let report = Report {
        heading: heading(diagnostic, style.colour),
        severity: diagnostic.severity,
        excerpt: Excerpt::new(&diagnostic.labels, sources, columns, dots),
    };
    let mut handler = GraphicalReportHandler::new_themed(theme)
        .without_primary_span_start()
        .without_cause_chain()
        .without_syntax_highlighting()
        .with_urls(false)
        .with_width(style.width.max(20));
    if let Some(advice) = advice(diagnostic, sources) {
        handler = handler.with_footer(advice);
    }
    // Writing to a string fails only if miette finds no window for a label, and each has one.
    let mut text = String::new();
    if handler.render_report(&mut text, &report).is_err() {
        text = format!("  {}\n", report.heading);
    }
    for line in text.lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// `错误[B0203]：……`
fn heading(diagnostic: &Diagnostic, colour: bool) -> String {
    let word = diagnostic.severity.word();
    let code = diagnostic.code;
    let message = clean(&diagnostic.message);
    let paint = match diagnostic.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;36",
    };
    if colour {
        format!("\x1b[{paint}m{word}[{code}]\x1b[0m：{message}")
    } else {
        format!("{word}[{code}]：{message}")
    }
}

/// The lines below the excerpt.
fn advice(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let help = diagnostic.help.as_deref().map(|it| format!("帮助：{}", clean(it)));
    let fix = diagnostic.fix.as_ref().and_then(|it| change(it, sources));
    let lines: Vec<String> = help.into_iter().chain(fix).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// `改法：“甲”改为“乙”`
fn change(fix: &Fix, sources: &Sources) -> Option<String> {
    let span = clamp(sources, fix.span)?;
    let old = sources.slice(span);
    let new = clean(&fix.replacement);
    Some(match (old.is_empty(), new.is_empty()) {
        (true, true) => return None,
        (true, false) => format!("改法：加上“{new}”"),
        (false, true) => format!("改法：删去“{}”", clean(old)),
        (false, false) => format!("改法：“{}”改为“{new}”", clean(old)),
    })
}

/// A diagnostic as miette asks for it.
#[derive(Debug)]
struct Report {
    heading: String,
    severity: Severity,
    excerpt: Excerpt,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.heading)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.excerpt.labels().is_empty()).then_some(&self.excerpt)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels().iter().cloned()))
    }
}
