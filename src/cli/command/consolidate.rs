//! `banfa consolidate`: the text of a policy with its amending decisions worked in.
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::Date;
use crate::cli::global::Format;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::diag::Diagnostic;
use crate::files;
use crate::fmt;
use crate::policy::Refusal;
use crate::versions::words as change;
use crate::versions::{Timeline, Version};

/// Which policy, which day, where to.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa consolidate 办法.banfa --date 2027-01-01                 2027年1月1日有效的文本，输出到屏幕\n  \
    banfa consolidate 办法.banfa --out 合并.banfa                  并入全部修改决定，写入新文件\n  \
    banfa consolidate 办法.banfa --decisions 草案.banfa            并入另外一件决定，如尚未通过的草案\n  \
    banfa 合并 办法.banfa --date 2027-01-01 --format json          连同每件决定改了哪些条文\n\n\
    退出码：0 合并完成；1 修改决定有误，或者合并后的文本有误；2 没有能够读取或者写入"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "被修改的办法")]
    pub policy: PathBuf,
    /// The day.
    #[arg(long, value_name = "日期", value_parser = date, help = "并入到这一天已经施行的各项，如 2027-01-01；不写则并入全部")]
    pub date: Option<Date>,
    /// Where to write it.
    #[arg(long, value_name = "文件", help = "写入这个新文件；办法分成几个文件的，写一个文件夹")]
    pub out: Option<PathBuf>,
    /// Write over what is there.
    #[arg(long, requires = "out", help = "文件已经存在的，整个换掉")]
    pub overwrite: bool,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// Writes the consolidated text.
///
/// # Errors
/// When a file cannot be read or written, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    // Checked first, so that a policy that is no file is told apart from one with errors.
    files::read(&args.policy)?;
    match consolidated(args, ui) {
        Ok((timeline, version)) => {
            match &args.out {
                Some(path) => write(args, &version, path)?,
                None => print(args, &timeline, &version, ui, out)?,
            }
            tell(args, &timeline, &version, ui);
            Ok(Status::Fine)
        }
        Err(refusal) => {
            ui.report(&refusal.diagnostics, &refusal.sources);
            Ok(Status::Findings)
        }
    }
}

/// The version asked for, known to compile.
fn consolidated(args: &Args, ui: &Ui) -> Result<(Timeline, Version), Refusal> {
    let timeline = Timeline::open(&args.policy, &args.decisions.wanted())?;
    let mut version = match args.date {
        Some(date) => timeline.at(date)?,
        None => timeline.latest()?,
    };
    let policy = timeline.policy(&version)?;
    if let Some(early) = args.date.and_then(|date| crate::versions::too_early(&policy, date)) {
        return Err(Refusal { diagnostics: vec![early], sources: timeline.sources().clone() });
    }
    if version.done.is_empty() {
        // Texts that decisions make are in canonical form; so is one that none has touched.
        for (_, text) in &mut version.texts {
            if let Ok(formatted) = fmt::format(text) {
                *text = formatted;
            }
        }
    }
    ui.report(timeline.warnings(), timeline.sources());
    ui.report(policy.warnings(), policy.sources());
    for done in &version.done {
        ui.report(&done.notes, &done.sources);
    }
    Ok((timeline, version))
}

fn write(args: &Args, version: &Version, to: &Path) -> Result<(), Failure> {
    let put = |path: &Path, text: &str| {
        if args.overwrite { files::replace(path, text) } else { files::write_new(path, text) }
    };
    let clash = |path: &Path| path.exists() && !args.overwrite;
    match version.texts.as_slice() {
        [(_, text)] => put(to, text)?,
        texts => {
            let folder = args.policy.parent().unwrap_or(Path::new(""));
            let targets: Vec<PathBuf> =
                texts.iter().map(|(path, _)| to.join(path.strip_prefix(folder).unwrap_or(path))).collect();
            // All or nothing: what is there already is found before anything is written.
            if let Some(there) = targets.iter().find(|path| clash(path)) {
                return Err(files::already_there(there).into());
            }
            for (target, (_, text)) in targets.iter().zip(texts) {
                if let Some(parent) = target.parent() {
                    files::make_folder(parent)?;
                }
                put(target, text)?;
            }
        }
    }
    Ok(())
}

fn print(
    args: &Args,
    timeline: &Timeline,
    version: &Version,
    ui: &Ui,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = match ui.format {
        Format::Json => change::consolidated_json(timeline, version, args.date) + "\n",
        Format::Text | Format::Md => match version.texts.as_slice() {
            [(_, text)] if ui.format == Format::Text => text.clone(),
            [(_, text)] => change::consolidated_markdown(timeline, version, text),
            _ => {
                return Err(Diagnostic::error("B0818", "这部办法分成几个文件，合并的文本不能都输出到屏幕")
                    .help("用 --out 写一个文件夹；或者用 --format json")
                    .into());
            }
        },
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// Says on stderr what was worked in.
fn tell(args: &Args, timeline: &Timeline, version: &Version, ui: &Ui) {
    if ui.format == Format::Json {
        return;
    }
    let mut text = String::new();
    if version.done.is_empty() {
        let _ = match args.date {
            Some(date) => writeln!(text, "到{date}没有修改决定施行，文本照旧"),
            None => writeln!(text, "没有修改决定，文本照旧"),
        };
    }
    for done in &version.done {
        let _ = writeln!(text, "{}　{}：{}", done.step.date, done.title, change::summary(done));
    }
    let later = timeline.steps().len().saturating_sub(version.number);
    if later > 0 {
        let _ = writeln!(text, "另有 {later} 次修改在这一天以后施行，没有并入");
    }
    ui.say(&text);
}
