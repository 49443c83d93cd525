//! For a terminal: only what is not as it should be, then the counts.
use super::{Entry, PolicyReport, Report, subject, summary};
use crate::diag::render;
use crate::report::line::{Line, Paint, Style};
use crate::report::node::draw;
use crate::testing::pending::{Change, DiffLine, diff};
use crate::testing::suite::{Failure, State};
use unicode_width::UnicodeWidthStr;

/// Columns of a cell before a table becomes a list.
const CELL: usize = 36;

/// The whole report.
#[must_use]
pub fn text(report: &Report, style: &Style) -> String {
    let mut out = String::new();
    for policy in &report.policies {
        self::policy(&mut out, policy, style);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let paint = if report.fine() { Paint::Good } else { Paint::Bad };
    Line::default().paint(paint, &summary(report)).write(&mut out, style, "", "  ");
    out
}

fn policy(out: &mut String, policy: &PolicyReport, style: &Style) {
    let told: Vec<&Entry> = policy.entries.iter().filter(|e| e.state != State::Passed).collect();
    if told.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let title = Line::default().paint(Paint::Title, &format!("《{}》", policy.title));
    title.paint(Paint::Faint, &format!("　{}", policy.path)).write(out, style, "", "  ");
    for entry in told {
        self::entry(out, entry, style);
    }
}

fn sign(state: State, ascii: bool) -> (&'static str, Paint) {
    match (state, ascii) {
        (State::Passed, false) => ("✓", Paint::Good),
        (State::Passed, true) => ("ok", Paint::Good),
        (State::Failed | State::Refused, false) => ("✗", Paint::Bad),
        (State::Failed | State::Refused, true) => ("x", Paint::Bad),
        (State::New, _) => ("+", Paint::Open),
        (State::Changed, _) => ("~", Paint::Open),
        (State::Orphaned, _) => ("-", Paint::Open),
    }
}

/// One case with all there is to say.
pub fn entry(out: &mut String, entry: &Entry, style: &Style) {
    let (mark, paint) = sign(entry.state, style.ascii);
    let line = Line::default()
        .paint(paint, &format!("{mark} {}", entry.state.word()))
        .plain("　")
        .paint(Paint::Title, &entry.name)
        .paint(Paint::Faint, &format!("　{}:{}", entry.path, entry.line));
    out.push('\n');
    line.write(out, style, "", "    ");
    for failure in &entry.failures {
        self::failure(out, failure, style);
    }
    if let Some(change) = &entry.change {
        self::change(out, change, "    ", style);
    }
    if let Some((found, sources)) = &entry.refusal {
        let style = render::Style {
            ascii: style.ascii,
            colour: style.colour,
            width: style.width.max(40),
            ..render::Style::default()
        };
        for line in render::render(found, sources, &style).lines() {
            out.push_str(format!("    {line}").trim_end());
            out.push('\n');
        }
    }
}

fn failure(out: &mut String, failure: &Failure, style: &Style) {
    let line = Line::default()
        .paint(Paint::Cite, &subject(failure))
        .paint(Paint::Faint, &format!("　期望写在第 {} 行", failure.line));
    line.write(out, style, "    ", "      ");
    let cells: Vec<[&str; 3]> = std::iter::once(["", "期望", "实际"])
        .chain(failure.differences.iter().map(|d| [d.what, d.want.as_str(), d.got.as_str()]))
        .collect();
    let width =
        |column: usize| cells.iter().filter_map(|c| c.get(column)).map(|c| c.width()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    if second <= CELL && first + second + width(2) + 12 <= style.width.max(60) {
        for (at, [what, want, got]) in cells.iter().enumerate() {
            let (good, bad) = if at == 0 { (Paint::Faint, Paint::Faint) } else { (Paint::Good, Paint::Bad) };
            let line = Line::default()
                .paint(Paint::Faint, what)
                .pad(first + 2)
                .paint(good, want)
                .pad(first + second + 5)
                .paint(bad, got);
            line.write(out, style, "      ", "        ");
        }
    } else {
        for d in &failure.differences {
            let line = |word: &str| Line::default().paint(Paint::Faint, &format!("{} {word}　", d.what));
            line("期望").paint(Paint::Good, &d.want).write(out, style, "      ", "          ");
            line("实际").paint(Paint::Bad, &d.got).write(out, style, "      ", "          ");
        }
    }
    draw(out, &failure.reasons, "      ", style);
}

/// The lines that changed.
pub fn change(out: &mut String, change: &Change, indent: &str, style: &Style) {
    for line in diff(&change.old, &change.new) {
        let painted = match line {
            DiffLine::Same(text) => Line::default().paint(Paint::Faint, &format!("  {text}")),
            DiffLine::Gone(text) => Line::default().paint(Paint::Bad, &format!("- {text}")),
            DiffLine::Come(text) => Line::default().paint(Paint::Good, &format!("+ {text}")),
            DiffLine::Skipped(count) => Line::default().paint(Paint::Faint, &format!("  …… {count} 行未变")),
        };
        painted.write(out, style, indent, &format!("{indent}      "));
    }
}
