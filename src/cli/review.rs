//! Snapshots on disk: compared, reviewed one by one, written all together or not at all.
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use super::ui::{Failure, Ui};
use crate::base::{Sources, Span};
use crate::diag::Diagnostic;
use crate::files;
use crate::hir::Hir;
use crate::report::line::{Line, Paint};
use crate::testing::pending::{self, Change};
use crate::testing::show::text;
use crate::testing::snapshot::{Key, Snapshots};

/// A change that waits for somebody's word.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The snapshot file.
    pub file: PathBuf,
    /// What it would become.
    pub change: Change,
    /// All cases of the file, for their order.
    pub order: Vec<Key>,
    /// Which policy of the report, and which entry of it.
    pub entry: (usize, usize),
}

/// The snapshots beside a case file; empty when there are none.
///
/// # Errors
/// What is wrong with the file, and the texts to show it.
pub fn load(path: &Path) -> Result<Snapshots, (Vec<Diagnostic>, Sources)> {
    if !path.exists() {
        return Ok(Snapshots::default());
    }
    let text = files::read(path).map_err(|d| (vec![d], Sources::new()))?;
    Snapshots::parse(&text).map_err(|line| {
        let mut sources = Sources::new();
        let file = sources.add(path.display().to_string(), text);
        let at = sources.line_starts(file).get(line.saturating_sub(1)).copied().unwrap_or(0);
        let length = sources.line_text(file, u32::try_from(line).unwrap_or(1)).len();
        let end = at.saturating_add(u32::try_from(length).unwrap_or(0));
        let found = Diagnostic::error("B0561", format!("快照“{}”读不懂", path.display()))
            .label(Span::new(file, at, end), "快照里没有这样的行")
            .help("快照由 banfa test 写成，不能手改；恢复原来的文件，或者删去它，再用 --review 审阅");
        (vec![found], sources)
    })
}

/// What somebody said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Accept,
    Reject,
    Skip,
    Quit,
}

/// Shows the changes one by one and asks; gives back which are accepted. The end of the input is 退出.
///
/// # Errors
/// When the questions cannot be written or the answers not read.
pub fn ask(
    waiting: &[(Waiting, &Hir, String)],
    ui: &Ui,
    out: &mut dyn Write,
    input: &mut dyn BufRead,
) -> Result<Vec<usize>, Failure> {
    let (mut accepted, mut rejected, mut skipped) = (Vec::new(), 0_usize, 0_usize);
    for (at, (one, hir, title)) in waiting.iter().enumerate() {
        out.write_all(shown(one, hir, title, (at + 1, waiting.len()), ui).as_bytes())?;
        match answer(out, input)? {
            Word::Accept => accepted.push(at),
            Word::Reject => rejected += 1,
            Word::Skip => skipped += 1,
            Word::Quit => {
                skipped += waiting.len() - at;
                break;
            }
        }
    }
    writeln!(out, "\n接受 {}、拒绝 {rejected}、跳过 {skipped}\n", accepted.len())?;
    Ok(accepted)
}

fn shown(one: &Waiting, hir: &Hir, title: &str, (number, of): (usize, usize), ui: &Ui) -> String {
    let style = ui.page();
    let mut page = String::from("\n");
    let head = Line::default()
        .paint(
            Paint::Title,
            &format!("［{number}/{of}］{}　{}", one.change.state.word(), one.change.key.case),
        )
        .paint(Paint::Faint, &format!("　《{title}》　{}", one.file.display()));
    head.write(&mut page, &style, "", "  ");
    text::change(&mut page, &one.change, "  ", &style);
    let lines = pending::diff(&one.change.old, &one.change.new);
    let provisions = pending::concerned(hir, &lines);
    if !provisions.is_empty() {
        Line::default().paint(Paint::Faint, "所涉条文：").write(&mut page, &style, "  ", "");
        for (address, words) in provisions {
            let words = crate::base::wording::fold(&words);
            let line = Line::default().paint(Paint::Cite, &address).plain(&format!("「{words}」"));
            line.write(&mut page, &style, "    ", "      ");
        }
    }
    page
}

/// Asks until the answer can be read.
fn answer(out: &mut dyn Write, input: &mut dyn BufRead) -> Result<Word, Failure> {
    loop {
        write!(out, "  接受 a　拒绝 r　跳过 s　退出 q：")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            writeln!(out)?;
            return Ok(Word::Quit);
        }
        let word = match line.trim().to_lowercase().as_str() {
            "a" | "接受" => Word::Accept,
            "r" | "拒绝" => Word::Reject,
            "s" | "跳过" => Word::Skip,
            "q" | "退出" => Word::Quit,
            _ => {
                writeln!(out, "\n  请输入 a、r、s 或者 q")?;
                continue;
            }
        };
        writeln!(out)?;
        return Ok(word);
    }
}

/// Brings the snapshot files up to date: all of them, or, if one cannot be written, none.
///
/// # Errors
/// When a file cannot be read or written; every file is then as it was.
pub fn write(changes: &[&Waiting]) -> Result<(), Vec<Diagnostic>> {
    let mut files: Vec<(&Path, Snapshots)> = Vec::new();
    for waiting in changes {
        if !files.iter().any(|(path, _)| *path == waiting.file) {
            files.push((&waiting.file, load(&waiting.file).map_err(|(found, _)| found)?));
        }
        if let Some((_, snapshots)) = files.iter_mut().find(|(path, _)| *path == waiting.file) {
            waiting.change.apply(snapshots);
            snapshots.arrange(&waiting.order);
        }
    }
    let mut done: Vec<(&Path, Option<String>)> = Vec::new();
    for (path, snapshots) in &files {
        let before = if path.exists() { Some(files::read(path).map_err(|d| vec![d])?) } else { None };
        match put(path, snapshots) {
            Ok(()) => done.push((path, before)),
            Err(problem) => {
                let mut found = vec![problem];
                found.extend(done.iter().filter_map(|(path, before)| undo(path, before.as_deref()).err()));
                return Err(found);
            }
        }
    }
    Ok(())
}

fn put(path: &Path, snapshots: &Snapshots) -> Result<(), Diagnostic> {
    if snapshots.entries.is_empty() { remove(path) } else { files::replace(path, &snapshots.print()) }
}

fn undo(path: &Path, before: Option<&str>) -> Result<(), Diagnostic> {
    before.map_or_else(|| remove(path), |text| files::replace(path, text))
}

fn remove(path: &Path) -> Result<(), Diagnostic> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => {
            Err(Diagnostic::error("B0825", format!("“{}”删不掉：{}", path.display(), files::reason(&error)))
                .help("看看所在的目录是否能写入"))
        }
    }
}
