//! What the program says of itself and of command lines it cannot read: in Chinese, down to the last word.
#![cfg(feature = "cli")]

use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

fn banfa(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_banfa"));
    command.args(words).env("COLUMNS", "100").env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn run(words: &[&str]) -> Output {
    banfa(words).output().expect("banfa starts")
}

/// Exit code, stdout and stderr.
fn shown(words: &[&str]) -> String {
    let output = run(words);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mark = if err.is_empty() { "" } else { "—— stderr ——\n" };
    format!("$ banfa {}\n{out}{mark}{err}—— {}", words.join(" "), output.status.code().unwrap_or(-1))
}

fn names() -> Vec<String> {
    let tree = banfa::cli::tree();
    tree.get_subcommands().map(|it| it.get_name().to_owned()).collect()
}

#[test]
fn help_of_every_command() {
    assert_snapshot!("help", shown(&["--help"]));
    for name in names() {
        assert_snapshot!(format!("help_{name}"), shown(&[&name, "--help"]));
    }
    assert_eq!(run(&["-h"]).stdout, run(&["--help"]).stdout);
}

/// docs/命令参考.md shows the help of every command as it is; with `BANFA_WRITE_DOCS` set it is put there.
#[test]
fn reference_shows_the_help() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/命令参考.md");
    let mut page = std::fs::read_to_string(path).expect("docs");
    let write = std::env::var_os("BANFA_WRITE_DOCS").is_some();
    for name in names() {
        let help = String::from_utf8(run(&[&name, "--help"]).stdout).unwrap();
        let help = help.trim_end();
        let heading = format!("\n## {name}\n");
        if write && !page.contains(&heading) {
            let at = page.find("\n## 约定\n").unwrap_or(page.len());
            page.insert_str(at, &format!("{heading}\n```text\n```\n"));
        }
        let section = page.find(&heading).map(|at| at + heading.len());
        let start = section.unwrap_or_else(|| panic!("no section {name}"));
        let end = page[start..].find("\n## ").map_or(page.len(), |to| start + to);
        let open = page[start..end].rfind("```text\n用法：").or_else(|| {
            page[start..end].match_indices("```text\n").map(|(at, _)| at).find(|at| {
                let block = &page[start + at + 8..end];
                block.starts_with("```") || block[..block.find("```").unwrap_or(0)].contains("\n用法：")
            })
        });
        let open =
            start + open.unwrap_or_else(|| panic!("no block of help under {name}")) + "```text\n".len();
        let close = open + page[open..].find("```").expect("the block ends");
        if write {
            page.replace_range(open..close, &format!("{help}\n"));
        } else {
            assert_eq!(page[open..close].trim_end(), help, "the help of {name} in docs/命令参考.md");
        }
    }
    if write {
        std::fs::write(path, page).expect("docs are written");
    }
}

/// Words a user may see in Latin letters: names of commands, options, values and formats.
#[test]
fn no_english_in_help_and_manuals() {
    let allowed = |word: &str| {
        const FORMATS: &str = "ascii json jsonl yaml toml csv xlsx parquet gz zst md markdown xml junit html utf bash zsh fish elvish powershell";
        const TERMINAL: &str = "auto always never text l h v yyyy mm dd";
        const PATHS: &str = "local share completion zfunc config d null policies zstd dc";
        let names = names();
        names.iter().any(|it| it == word)
            || word.starts_with('b') && word[1..].bytes().all(|it| it.is_ascii_digit())
            || [FORMATS, TERMINAL, PATHS].iter().any(|them| them.split(' ').any(|it| it == word))
            || ["banfa", "color", "format", "help", "version"].contains(&word)
    };
    for name in names() {
        let text = String::from_utf8(run(&[&name, "--help"]).stdout).unwrap().to_lowercase();
        let long: Vec<String> = banfa::cli::tree()
            .find_subcommand(&name)
            .into_iter()
            .flat_map(|it| {
                it.get_arguments().filter_map(|arg| arg.get_long().map(str::to_owned)).collect::<Vec<_>>()
            })
            .collect();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|it| !it.is_empty());
        for word in words.filter(|it| it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')) {
            let bare = word.trim_matches('-');
            let known = bare.is_empty() || allowed(bare) || long.iter().any(|it| it == bare);
            assert!(known || bare.split('-').all(allowed), "{name}: “{word}”");
        }
        let manual = String::from_utf8(run(&["man", &name]).stdout).unwrap();
        for english in
            ["Possible", "default:", "NAME", "SYNOPSIS", "OPTIONS", "DESCRIPTION", "EXTRA", "Print"]
        {
            assert!(!manual.contains(english), "{name}: “{english}” in the manual");
        }
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(run(&["completions", shell]).stdout).unwrap();
        assert!(!script.contains("Print help"), "{shell}");
    }
}

#[test]
fn mistakes_are_told_in_chinese() {
    let lines: &[&[&str]] = &[
        &[],
        &["explian"],
        &["释措"],
        &["explain", "--colour", "never"],
        &["explain", "-x"],
        &["--color", "红"],
        &["--color=nevr", "explain"],
        &["explain", "--color"],
        &["completions"],
        &["completions", "fsih"],
        &["explain", "甲", "乙"],
        &["--ascii", "--ascii", "explain"],
        &["man", "没有"],
        &["explain", "B9999"],
        &["--format", "json", "explain", "B0991"],
    ];
    let all: Vec<String> = lines.iter().map(|it| shown(it)).collect();
    assert_snapshot!(all.join("\n\n"));
    for words in lines {
        assert_eq!(run(words).status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn explain_shows_a_page() {
    assert_snapshot!(shown(&["explain", "b0801"]));
    assert_eq!(run(&["释错", "B0801"]).stdout, run(&["explain", "B0801"]).stdout);
    let page = run(&["explain", "B0801", "--format", "md"]).stdout;
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors/B0801.md")).unwrap();
    assert_eq!(page, file);
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["explain", "B0801", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["title"], "没有这个命令");
}

#[test]
fn every_code_is_listed() {
    let text = String::from_utf8(run(&["explain"]).stdout).unwrap();
    let codes: Vec<&str> = text.lines().filter_map(|it| it.split(' ').next()).collect();
    let pages: Vec<&str> = banfa::cli::pages::PAGES.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, pages);
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["explain", "--format", "json"]).stdout).unwrap();
    assert_eq!(json.as_array().map(Vec::len), Some(pages.len()));
}

#[test]
fn colour_when_asked_for() {
    let coloured = banfa(&["explain", "B0801", "--color", "always"]).output().unwrap().stdout;
    assert!(String::from_utf8(coloured).unwrap().contains("\x1b["));
    assert!(!shown(&["explain", "B0801"]).contains('\x1b'));
    let mistake = banfa(&["explain", "B9999", "--color=always"]).output().unwrap().stderr;
    assert!(String::from_utf8(mistake).unwrap().contains("\x1b["));
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let mut child =
        banfa(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = banfa(&["explain"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("错误[B0811]：结果写不出去：磁盘已满"));
}
