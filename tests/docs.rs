//! What the tutorial says of amending decisions is what happens: its chapter is carried out step by step on a copy of
//! the bundled policy, files written where it says 新建, commands run, and their output compared. A line `……` stands
//! for any number of lines; how many cases there are does not matter, more are added all the time.
//! With `BANFA_WRITE_DOCS` set, blocks without such a line are written anew.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CHAPTER: &str = "## 十、";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folder");
    for entry in fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        let there = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &there) } else { drop(fs::copy(entry.path(), there)) }
    }
}

/// A fenced block: the line before it, its language, where its content lies in the page.
struct Block {
    before: String,
    language: String,
    start: usize,
    end: usize,
}

fn blocks(page: &str, from: usize, to: usize) -> Vec<Block> {
    let (mut out, mut at, mut open, mut before) = (Vec::new(), from, None::<(String, usize)>, String::new());
    for line in page[from..to].split_inclusive('\n') {
        let bare = line.trim_end();
        match (&open, bare.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), at + line.len())),
            (Some((language, start)), Some("")) => {
                let language = language.clone();
                out.push(Block { before: std::mem::take(&mut before), language, start: *start, end: at });
                open = None;
            }
            (None, None) if !bare.is_empty() => bare.clone_into(&mut before),
            _ => {}
        }
        at += line.len();
    }
    out
}

/// The words of a command line; ' keeps blanks together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Runs `banfa …`; stdout, then stderr.
fn output(folder: &Path, line: &str) -> String {
    let words = words(line);
    assert_eq!(words.first().map(String::as_str), Some("banfa"), "only banfa is run: {line}");
    let output = Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(&words[1..])
        .current_dir(folder)
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .output()
        .expect("banfa starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{err}")
}

/// A line with the numbers before 个 taken out.
fn uncounted(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.trim_end().split(" 个").enumerate() {
        if index > 0 {
            let kept = out.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            out.truncate(kept);
            out.push_str("N 个");
        }
        out.push_str(part);
    }
    out
}

/// Whether lines match a pattern in which `……` stands for any number of lines.
fn matches(pattern: &[&str], lines: &[&str]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((&"……", rest)) => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.first().is_some_and(|l| uncounted(l) == uncounted(first)) && matches(rest, &lines[1..])
        }
    }
}

#[test]
fn the_chapter_on_amending_is_true() {
    let path = root().join("docs/教程.md");
    let mut page = fs::read_to_string(&path).expect("tutorial");
    let write = std::env::var_os("BANFA_WRITE_DOCS").is_some();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = fs::remove_dir_all(&folder);
    let law = "贵州省行政执法过错责任追究办法";
    copy(&root().join("policies").join(law), &folder.join(law));
    fs::remove_dir_all(folder.join(law).join("修改示例")).expect("the chapter brings its own decision");
    copy(&root().join("policies/工作日历"), &folder.join("工作日历"));
    let folder = folder.join(law);
    let start = page.find(CHAPTER).expect("the chapter");
    let end = page[start + CHAPTER.len()..].find("\n## ").map_or(page.len(), |at| start + CHAPTER.len() + at);
    let (mut ran, mut wrong, mut edits) = (0, Vec::new(), Vec::new());
    for block in blocks(&page, start, end) {
        let text = &page[block.start..block.end];
        if let Some(name) = block.before.strip_prefix("新建 `").and_then(|rest| rest.split('`').next()) {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
            fs::write(file, text).expect("written");
        } else if block.language == "console" {
            let mut told = String::new();
            for part in text.split("\n$ ").map(|p| p.trim_start_matches("$ ")) {
                let (line, expected) = part.split_once('\n').unwrap_or((part, ""));
                let found = output(&folder, line);
                ran += 1;
                told.extend(["$ ", line, "\n", &found]);
                let (pattern, lines): (Vec<&str>, Vec<&str>) =
                    (expected.trim_end().lines().collect(), found.trim_end().lines().collect());
                if !matches(&pattern, &lines) {
                    wrong.push(format!("$ {line}\n── the tutorial\n{expected}\n── what happens\n{found}"));
                }
            }
            if !text.lines().any(|l| l == "……") {
                edits.push((block.start..block.end, told.trim_end().to_owned() + "\n"));
            }
        }
    }
    assert!(ran > 5, "the chapter has commands");
    if write {
        for (range, text) in edits.into_iter().rev() {
            page.replace_range(range, &text);
        }
        fs::write(&path, page).expect("docs are written");
    }
    assert!(wrong.is_empty() || write, "{}", wrong.join("\n\n"));
}
