//! `banfa diff`: what changed between two texts of a policy.
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::Sources;
use crate::cli::global::Format;
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::diag::{Diagnostic, Severity};
use crate::driver::{self, Compilation};
use crate::files;
use crate::redline::{self, Redline, Side, html, json, markdown, text};

/// Which two texts.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa diff 旧.banfa 新.banfa                    逐条对照原文和条款\n  \
    banfa diff 旧.banfa 新.banfa --all              没有改动的条文也列出\n  \
    banfa diff 旧.banfa 新.banfa --html 对照.html   另写成网页，可以打印\n  \
    banfa 对比 旧.banfa 新.banfa --format md        列成可以粘贴的文档\n\n\
    退出码：0 没有不同；1 有不同；2 没有能够对照")]
pub struct Args {
    /// The old text.
    #[arg(value_name = "修改前", help = "修改前的办法；- 为标准输入")]
    pub old: PathBuf,
    /// The new text.
    #[arg(value_name = "修改后", help = "修改后的办法；- 为标准输入")]
    pub new: PathBuf,
    /// Unchanged provisions too.
    #[arg(long, help = "没有改动的条文也列出")]
    pub all: bool,
    /// A page.
    #[arg(long, value_name = "文件", help = "把对照写成网页；这时标准输出只列总表")]
    pub html: Option<PathBuf>,
}

/// Compares the two texts.
///
/// # Errors
/// When one of them cannot be read, or the result cannot be written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let dash = Path::new("-");
    if args.old == dash && args.new == dash {
        return Err(Failure::Diagnostics(vec![
            Diagnostic::error("B0812", "标准输入只能用一次").help("两份文本中最多有一份写成 -"),
        ]));
    }
    let (old, new) = (read(&args.old, ui)?, read(&args.new, ui)?);
    let redline = redline::compare(&side(&args.old, &old), &side(&args.new, &new), None);
    if let Some(path) = &args.html {
        refuse_sources(path, [&old.sources, &new.sources])?;
        files::replace(path, &html::html(&redline, args.all, ""))?;
    }
    out.write_all(shown(&redline, args, ui).as_bytes())?;
    Ok(if redline.is_empty() { Status::Fine } else { Status::Findings })
}

fn shown(redline: &Redline, args: &Args, ui: &Ui) -> String {
    let brief = args.html.is_some();
    match ui.format {
        Format::Text if brief => text::summary(redline, &ui.page()),
        Format::Text => text::text(redline, args.all, &ui.page()),
        Format::Md if brief => markdown::summary(redline),
        Format::Md => markdown::markdown(redline, args.all),
        Format::Json => serde_json::Value::Object(json::object(redline, args.all)).to_string() + "\n",
    }
}

fn side(path: &Path, compiled: &Compilation) -> Side {
    let name = if path == Path::new("-") { "标准输入".to_owned() } else { path.display().to_string() };
    Side::of(name, compiled)
}

/// Compiles one side. Its text is compared even if it has errors, which are told.
fn read(path: &Path, ui: &Ui) -> Result<Compilation, Failure> {
    let text = files::read(path)?;
    let mut compiled = driver::compile(path, text, &files::read);
    let errors: Vec<Diagnostic> =
        compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        let (name, count) = (path.display(), errors.len());
        let unread = errors.iter().any(|d| d.code.starts_with("B01"));
        let (what, help) = if unread {
            ("只对照读得懂的文字", "读不懂的条逐行对照，读不懂的其他段落不在对照之内；改正错误以后再对照一次")
        } else {
            ("只对照文字", "文字都在对照之内；改正错误以后才能看出对案件的影响")
        };
        let warning = Diagnostic::warning("B0881", format!("“{name}”有 {count} 处错误，{what}")).help(help);
        ui.report(&errors, &compiled.sources);
        ui.report(&[warning], &Sources::new());
    }
    compiled.diagnostics.retain(|d| d.severity == Severity::Error);
    Ok(compiled)
}

/// B0880: the page would take the place of a text it compares.
fn refuse_sources(page: &Path, sides: [&Sources; 2]) -> Result<(), Diagnostic> {
    let real = |p: &Path| std::fs::canonicalize(p).ok();
    let Some(page_path) = real(page) else { return Ok(()) };
    let is_page = |name: &str| real(Path::new(name)).is_some_and(|p| p == page_path);
    if sides.iter().any(|s| s.ids().any(|id| is_page(s.name(id)))) {
        let name = page.display();
        return Err(Diagnostic::error("B0880", format!("网页不能写进所对照的文件“{name}”"))
            .help("换一个文件名，如 对照.html"));
    }
    Ok(())
}
