//! `banfa fmt`: sources in canonical form, in place, or what would change.
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::Sources;
use crate::cli::global::Format;
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::cli::walk;
use crate::diag::Diagnostic;
use crate::files;
use crate::fmt::diff::{LineKind, unified};
use crate::fmt::format;

/// What to format, and whether to write.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa fmt                          整理当前文件夹下所有的 .banfa 文件\n  \
    banfa fmt 办法.banfa               整理一份文件，直接改写它\n  \
    banfa fmt --check policies         只看有没有需要整理的，供提交之前、合入之前检查\n  \
    banfa fmt --diff 办法.banfa        列出会怎样改，不写入\n  \
    banfa 格式化 - < 办法.banfa        整理标准输入，结果写到标准输出\n\n\
    退出码：0 已经整理，或者不需要整理；1 有文件读不懂，或者 --check、--diff 发现需要整理的；2 有文件不能读写")]
pub struct Args {
    /// Sources and folders; the current folder when left out.
    #[arg(value_name = "路径", help = "源文件或者文件夹；不写则为当前文件夹，- 为标准输入")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; list what would change.
    #[arg(long, help = "不写入，只列出需要整理的文件")]
    pub check: bool,
    /// Write nothing; show what would change.
    #[arg(long, help = "不写入，逐行列出会怎样改")]
    pub diff: bool,
}

/// What became of a source.
enum Fate {
    /// It was canonical.
    Same(String),
    /// It was not: old and new text.
    Changed(String, String),
    /// It cannot be read as a source, or not at all.
    Refused(Status),
}

/// Formats everything there is, then says what changed.
///
/// # Errors
/// When there is nothing to format, or `out` refuses the result.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let here = [PathBuf::from(".")];
    let sources = walk::sources(if args.paths.is_empty() { &here } else { &args.paths });
    if sources.is_empty() {
        return Err(Failure::Diagnostics(vec![
            Diagnostic::error("B0860", "没有找到可以整理的源文件").help("源文件的文件名以 .banfa 结尾"),
        ]));
    }
    let dry = args.check || args.diff;
    let mut tally = Tally { total: sources.len(), ..Tally::default() };
    let piped = !dry && sources.iter().any(|path| is_stdin(path));
    for path in &sources {
        match fate(path, ui) {
            Fate::Refused(status) => tally.refused(path, status),
            // What was read from standard input goes to standard output.
            Fate::Same(text) | Fate::Changed(_, text) if is_stdin(path) && !dry => {
                out.write_all(text.as_bytes())?;
            }
            Fate::Same(_) => {}
            Fate::Changed(old, new) => {
                if !dry && let Err(unwritten) = files::replace(path, &new) {
                    ui.report(&[unwritten], &Sources::new());
                    tally.refused(path, Status::Failed);
                    continue;
                }
                tally.changed(path, &old, &new, args, ui, out)?;
            }
        }
    }
    match ui.format {
        _ if piped => {}
        Format::Json => writeln!(out, "{}", tally.json())?,
        Format::Text | Format::Md if args.diff => {}
        Format::Text | Format::Md => writeln!(out, "{}", tally.summary(dry))?,
    }
    let found = if dry && !tally.changed.is_empty() { Status::Findings } else { Status::Fine };
    Ok(tally.status.unwrap_or(Status::Fine).max(found))
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn named(path: &Path) -> String {
    if is_stdin(path) { "标准输入".to_owned() } else { path.display().to_string() }
}

/// Formats one source and says what is wrong with it.
fn fate(path: &Path, ui: &Ui) -> Fate {
    let text = match files::read(path) {
        Ok(text) => text,
        Err(unreadable) => {
            ui.report(&[unreadable], &Sources::new());
            return Fate::Refused(Status::Failed);
        }
    };
    match format(&text) {
        Ok(new) if new == text => Fate::Same(new),
        Ok(new) => Fate::Changed(text, new),
        Err(errors) => {
            // The only file of its kind has the number that places in it carry.
            let mut sources = Sources::new();
            sources.add(named(path), text);
            ui.report(&errors, &sources);
            Fate::Refused(Status::Findings)
        }
    }
}

#[derive(Default)]
struct Tally {
    total: usize,
    /// With the comparison, if that was asked for.
    changed: Vec<(String, Option<String>)>,
    refused: Vec<String>,
    status: Option<Status>,
}

impl Tally {
    fn refused(&mut self, path: &Path, status: Status) {
        self.refused.push(named(path));
        self.status = Some(self.status.map_or(status, |s| s.max(status)));
    }

    fn changed(
        &mut self,
        path: &Path,
        old: &str,
        new: &str,
        args: &Args,
        ui: &Ui,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let name = named(path);
        let lines = if args.diff { comparison(&name, old, new) } else { Vec::new() };
        match ui.format {
            Format::Json => {}
            Format::Md if args.diff => {
                writeln!(out, "```diff")?;
                lines.iter().try_for_each(|(_, line)| writeln!(out, "{line}"))?;
                writeln!(out, "```\n")?;
            }
            Format::Text if args.diff => {
                lines.iter().try_for_each(|(kind, line)| draw(*kind, line, ui.colour_out, out))?;
            }
            Format::Md => writeln!(out, "- {name}")?,
            Format::Text => writeln!(out, "{} {name}", if args.check { "需要整理" } else { "已整理" })?,
        }
        let joined = lines.into_iter().map(|(_, line)| line + "\n").collect();
        self.changed.push((name, args.diff.then_some(joined)));
        Ok(())
    }

    fn summary(&self, dry: bool) -> String {
        let refused = match self.refused.len() {
            0 => String::new(),
            count => format!("，{count} 份没有能够整理"),
        };
        let (total, changed) = (self.total, self.changed.len());
        match (dry, changed) {
            (_, 0) if self.refused.is_empty() && total == 1 => "这份源文件已是规范的样子".to_owned(),
            (_, 0) if self.refused.is_empty() => format!("{total} 份源文件都已是规范的样子"),
            (true, _) => format!("{total} 份源文件，{changed} 份需要整理{refused}"),
            (false, _) => format!("{total} 份源文件，整理了 {changed} 份{refused}"),
        }
    }

    fn json(&self) -> serde_json::Value {
        let changed: Vec<_> = self
            .changed
            .iter()
            .map(|(path, diff)| match diff {
                Some(diff) => serde_json::json!({"path": path, "diff": diff}),
                None => serde_json::json!({"path": path}),
            })
            .collect();
        serde_json::json!({"files": self.total, "changed": changed, "refused": self.refused})
    }
}

/// The comparison with its two names at the head.
fn comparison(name: &str, old: &str, new: &str) -> Vec<(Option<LineKind>, String)> {
    let head = [(None, format!("--- {name}")), (None, format!("+++ {name}"))];
    head.into_iter().chain(unified(old, new).into_iter().map(|(k, line)| (Some(k), line))).collect()
}

fn draw(kind: Option<LineKind>, line: &str, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let code = match kind {
        None => "1",
        Some(LineKind::Place) => "36",
        Some(LineKind::Removed) => "31",
        Some(LineKind::Added) => "32",
        Some(LineKind::Same | LineKind::NoEnd) => return writeln!(out, "{line}"),
    };
    if colour { writeln!(out, "\u{1b}[{code}m{line}\u{1b}[0m") } else { writeln!(out, "{line}") }
}
