//! `banfa explain`: the page of an error code, or the list of all codes.
use std::fmt::Write as _;
use std::io::Write;

use crate::base::similar;
use crate::cli::global::Format;
use crate::cli::pages;
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::diag::Diagnostic;

/// Which code.
#[derive(clap::Args, Debug)]
#[command(after_help = "示例：\n  banfa explain B0801    说明、错误示例和改正示例\n  \
        banfa explain          列出全部错误代码\n  banfa 释错 B0801       同第一例")]
pub struct Args {
    /// The code; all when left out.
    #[arg(value_name = "代码", help = "错误代码，如 B0801；不写则列出全部")]
    pub code: Option<String>,
}

/// Writes the page or the list.
///
/// # Errors
/// When there is no such code, or `out` refuses the text.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let text = match &args.code {
        None => list(ui.format),
        Some(code) => {
            let text = pages::page(code).ok_or_else(|| unknown(code))?;
            match ui.format {
                Format::Text => terminal(text, ui.colour_out),
                Format::Json => {
                    let code = code.to_ascii_uppercase();
                    let page = serde_json::json!({"code": code, "title": pages::title(text), "text": text});
                    format!("{page}\n")
                }
                Format::Md => text.to_owned(),
            }
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(Status::Fine)
}

fn unknown(code: &str) -> Failure {
    let diagnostic = Diagnostic::error("B0810", format!("没有“{code}”这个错误代码"));
    let help =
        match similar::nearest(&code.to_ascii_uppercase(), pages::PAGES.iter().map(|&(known, _)| known)) {
            Some(near) => format!("是不是“{near}”？运行 banfa explain 查看全部代码"),
            None => "运行 banfa explain 查看全部代码".to_owned(),
        };
    Failure::Diagnostics(vec![diagnostic.help(help)])
}

/// All codes with their titles.
fn list(format: Format) -> String {
    let titles = pages::PAGES.iter().map(|&(code, text)| (code, pages::title(text)));
    let mut out = String::new();
    match format {
        Format::Text => {
            for (code, title) in titles {
                let _ = writeln!(out, "{code}  {title}");
            }
        }
        Format::Json => {
            let rows: Vec<_> =
                titles.map(|(code, title)| serde_json::json!({"code": code, "title": title})).collect();
            let _ = writeln!(out, "{}", serde_json::Value::Array(rows));
        }
        Format::Md => {
            out.push_str("| 代码 | 标题 |\n| --- | --- |\n");
            for (code, title) in titles {
                let _ = writeln!(out, "| {code} | {title} |");
            }
        }
    }
    out
}

/// A page for reading on a terminal: headings bold, examples indented, no Markdown marks.
fn terminal(page: &str, colour: bool) -> String {
    let paint = |style: &str, text: &str| {
        if colour { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    };
    let mut out = String::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let _ = writeln!(out, "{}", format!("    {}", paint("36", line)).trim_end());
        } else if let Some(heading) =
            line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        {
            let _ = writeln!(out, "{}", paint("1", heading));
        } else {
            let _ = writeln!(out, "{}", line.replace('`', ""));
        }
    }
    out
}
