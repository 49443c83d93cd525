//! The canonical form: nothing is lost, nothing says something else, twice is once.
//!
//! A file of `tests/cases/fmt/` is snapshot as its canonical form. See `tests/README.md`.
use banfa::base::FileId;
use banfa::diag::Severity;
use banfa::fmt::format;
use banfa::syntax::{cst, dump::dump, is_decision, parse, parse_decision};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "banfa") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// Every source under tests/ and policies/ that reads without errors.
static SOURCES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let all = files("tests/cases").into_iter().chain(files("policies"));
    let texts = all.map(|p| (p.clone(), std::fs::read_to_string(p).unwrap()));
    let sound: Vec<_> = texts.filter(|(_, text)| tree(text).is_some()).collect();
    assert!(sound.len() > 100, "only {} sources", sound.len());
    sound
});

/// What a text says, if it reads without errors.
fn tree(text: &str) -> Option<String> {
    if is_decision(text) {
        let (decision, diags) = parse_decision(text, FileId(0));
        let mut decision = decision?;
        // Its source is what is laid out anew.
        decision.source.clear();
        let words = format!("{decision:#?}");
        // Places span four lines: Span { file: …, start: …, end: … }.
        let placed = |l: &&str| ["start: ", "end: ", "file: ", "0,"].iter().any(|p| l.trim().starts_with(p));
        let words: Vec<&str> = words.lines().filter(|l| !placed(l)).collect();
        return diags.iter().all(|d| d.severity != Severity::Error).then(|| words.join("\n"));
    }
    let (tree, diags) = parse(text, FileId(0));
    diags.iter().all(|d| d.severity != Severity::Error).then(|| dump(&tree))
}

/// The comments of a text, without blanks at their end, and its texts 「…」; found without the parser.
fn kept(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut comments, mut texts, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        at += if c == '「' {
            let length = rest.find('」').unwrap();
            texts.push(&rest[..length]);
            length
        } else if rest.starts_with("--") {
            let length = rest.find('\n').unwrap_or(rest.len());
            comments.push(rest[..length].trim_end());
            length
        } else {
            c.len_utf8()
        };
    }
    (comments, texts)
}

/// The canonical form, after checking what is true of every canonical form.
fn checked(name: &str, text: &str) -> String {
    let formatted = format(text).unwrap_or_else(|found| panic!("{name}: {found:?}\n{text}"));
    let source = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    assert_eq!(tree(&source), tree(&formatted), "{name}: says something else\n{text}\n{formatted}");
    assert_eq!(kept(&source), kept(&formatted), "{name}: lost or moved\n{formatted}");
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "{name}: twice is not once\n{formatted}");
    for line in formatted.lines().filter(|l| !l.contains(['「', '」'])) {
        assert!(line.trim_end() == line || line.contains("--"), "{name}: blanks end {line:?}");
    }
    assert!(formatted.is_empty() || formatted.ends_with('\n') && !formatted.ends_with("\n\n"), "{name}");
    assert!(!formatted.starts_with('\n') && !formatted.contains('\r'), "{name}");
    formatted
}

#[test]
fn every_source() {
    for (path, text) in &*SOURCES {
        checked(&path.to_string_lossy(), text);
    }
}

#[test]
fn cases() {
    let mut failed = Vec::new();
    for path in files("tests/cases/fmt") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let outcome = std::panic::catch_unwind(|| {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(path.parent().unwrap());
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(name.clone(), checked(&name, &text)));
        });
        if outcome.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn line_ends_and_byte_order_mark() {
    for (path, text) in SOURCES.iter().take(40) {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(checked(&path.to_string_lossy(), &windows), checked("", text), "{}", path.display());
    }
}

#[test]
fn texts_without_a_word() {
    for (text, formatted) in [
        ("", ""),
        ("\n \n", ""),
        ("\u{feff}", ""),
        ("-- 甲", "-- 甲\n"),
        ("\n\n  -- 甲  \n\n\n\n-- 乙\n-- 丙", "-- 甲\n\n-- 乙\n-- 丙\n"),
    ] {
        assert_eq!(format(text).as_deref(), Ok(formatted), "{text:?}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    for path in files("tests/cases/err") {
        let text = std::fs::read_to_string(&path).unwrap();
        if is_decision(&text) {
            continue;
        }
        let errors: Vec<_> =
            parse(&text, FileId(0)).1.into_iter().filter(|d| d.severity == Severity::Error).collect();
        match format(&text) {
            Ok(_) => assert_eq!(errors, [], "{}", path.display()),
            Err(said) => assert_eq!(said, errors, "{}", path.display()),
        }
    }
}

/// What is done to the blanks between two words.
#[derive(Clone, Copy, Debug)]
enum Edit {
    OwnLine,
    Trailing,
    Blank,
    Newline,
    Join,
    Widen,
    Remove,
}

const ANY: [Edit; 7] =
    [Edit::OwnLine, Edit::Trailing, Edit::Blank, Edit::Newline, Edit::Join, Edit::Widen, Edit::Remove];
/// Those that no canonical form depends on.
const NEUTRAL: [Edit; 3] = [Edit::Newline, Edit::Widen, Edit::Remove];

/// The text with the blanks before a word edited, if it still says the same.
fn mangled(text: &str, at: usize, edit: Edit, number: usize) -> Option<String> {
    let words = cst::read(text)?.words;
    let at = at % (words.len() + 1);
    let from = if at == 0 { 0 } else { words[at - 1].end };
    let to = words.get(at).map_or(text.len(), |w| w.start);
    let gap = &text[from..to];
    let neutral = !gap.contains(['\n', '-']);
    let new = match edit {
        // Brackets and dashes of a comment mean nothing.
        Edit::OwnLine => format!("{gap}\n   -- 注{number}「-- （ \t\n{gap}"),
        Edit::Trailing => format!(" --注{number}」；\n{gap}"),
        Edit::Blank => format!("{gap}\n \n\n{gap}"),
        Edit::Newline => neutral.then(|| format!("{gap}\n\u{3000} "))?,
        Edit::Join => (!gap.contains("--")).then(|| gap.replace('\n', " "))?,
        Edit::Widen => neutral.then(|| gap.replace(' ', " \t　"))?,
        Edit::Remove => neutral.then(String::new)?,
    };
    // What stood in the gap twice would be comments twice.
    if matches!(edit, Edit::OwnLine | Edit::Blank) && gap.contains("--") {
        return None;
    }
    let new = format!("{}{new}{}", &text[..from], &text[to..]);
    (tree(&new) == tree(text)).then_some(new)
}

fn edits(kinds: &'static [Edit]) -> impl Strategy<Value = (usize, Vec<(usize, Edit)>)> {
    let edit = (0..100_000_usize, prop::sample::select(kinds));
    (0..10_000_usize, prop::collection::vec(edit, 1..10))
}

/// A source of moderate size, and the same with the edits that change nothing in what it says.
fn edited(source: usize, edits: &[(usize, Edit)]) -> (&'static str, String) {
    let short: Vec<&(PathBuf, String)> = SOURCES.iter().filter(|(_, t)| t.len() < 6000).collect();
    let original = short[source % short.len()].1.as_str();
    let mut text = original.to_owned();
    for (number, (at, edit)) in edits.iter().enumerate() {
        if let Some(new) = mangled(&text, *at, *edit, number) {
            text = new;
        }
    }
    (original, text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Comments anywhere, blanks of every kind: all there, and the text says the same.
    #[test]
    fn comments_and_blanks_anywhere((source, edits) in edits(&ANY)) {
        let (_, text) = edited(source, &edits);
        checked("", &text);
    }

    /// How the words of a line were spaced or broken makes no difference.
    #[test]
    fn layout_is_not_the_drafters((source, edits) in edits(&NEUTRAL)) {
        let (original, text) = edited(source, &edits);
        prop_assert_eq!(checked("", &text), checked("", original));
    }
}
