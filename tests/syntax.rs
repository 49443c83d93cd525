//! Text to tree and back: dumps of sources, messages about broken ones, and inputs of every kind.
//!
//! A file of `tests/cases/syntax/` is snapshot as its dump, one of `tests/cases/err/` as what is said
//! about it. See `tests/README.md` on adding, running and reviewing.
use banfa::base::{FileId, Sources};
use banfa::diag::render::{Style, render};
use banfa::syntax::{dump::dump, is_decision, parse, print::print};
use std::path::{Path, PathBuf};

fn files(folder: &str, prefix: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut out = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "banfa") && name.starts_with(prefix) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// Snapshots one outcome per file, named after the file; every file is tried, whatever fails before it.
fn snapshot_files(files: &[PathBuf], outcome: impl Fn(&str, &str) -> String) {
    let mut failed = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let folder = path.parent().unwrap();
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(name.clone(), outcome(&name, &text)));
        }));
        if checked.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

fn messages(name: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add(format!("{name}.banfa"), text);
    let (_, diags) = parse(text, id);
    render(&diags, &sources, &Style::default())
}

#[test]
fn dumps() {
    snapshot_files(&files("tests/cases/syntax", ""), |name, text| {
        let (tree, diags) = parse(text, FileId(0));
        let said = if diags.is_empty() { String::new() } else { format!("\n{}", messages(name, text)) };
        format!("{}{said}", dump(&tree))
    });
}

#[test]
fn errors() {
    let files = files("tests/cases/err", "B01");
    snapshot_files(&files, |name, text| {
        let code = &name[..5];
        let (_, diags) = parse(text, FileId(0));
        assert!(diags.iter().any(|d| d.code == code), "{name}: {code} is not reported");
        messages(name, text)
    });
}

/// Everything kept under tests/ and policies/ prints to a text that reads the same.
#[test]
fn printing_keeps_the_tree() {
    let mut all = files("tests/cases/syntax", "");
    all.extend(files("tests/cases/ok", ""));
    all.extend(files("policies", ""));
    assert!(!all.is_empty());
    let mut bad = String::new();
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        if is_decision(&text) {
            continue;
        }
        let (tree, diags) = parse(&text, FileId(0));
        if !diags.is_empty() {
            bad.push_str(&messages(&path.to_string_lossy(), &text));
            continue;
        }
        let printed = print(&tree);
        let (again, diags) = parse(&printed, FileId(0));
        if !diags.is_empty() {
            bad.push_str(&messages(&format!("{} printed", path.display()), &printed));
        }
        let (before, after) = (dump(&tree), dump(&again));
        if let Some((a, b)) = before.lines().zip(after.lines()).find(|(a, b)| a != b) {
            bad.extend([format!("{}:\n- {a}\n+ {b}\n", path.display())]);
        }
        if before.lines().count() != after.lines().count() {
            bad.extend([format!("{}: lines lost or added\n", path.display())]);
        }
        if print(&again) != printed {
            bad.extend([format!("{}: printing twice differs\n", path.display())]);
        }
    }
    assert!(bad.is_empty(), "{bad}");
}

/// Whoever takes every proposed change is done after a few rounds: no change leads to another error that
/// proposes one, and each mends what it was proposed for.
#[test]
fn changes_proposed_do_mend() {
    for path in files("tests/cases/err", "B01") {
        let mut text = std::fs::read_to_string(&path).unwrap();
        let mut rounds = 0;
        loop {
            let (_, diags) = parse(&text, FileId(0));
            let mut fixes: Vec<_> = diags.iter().filter_map(|d| d.fix.clone()).collect();
            if fixes.is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds < 6, "{}: still to change {fixes:?} in\n{text}", path.display());
            fixes.sort_by_key(|f| std::cmp::Reverse(f.span.start));
            let mut before = usize::MAX;
            for fix in fixes {
                let (start, end) = (fix.span.start as usize, fix.span.end as usize);
                if end <= before {
                    text.replace_range(start..end, &fix.replacement);
                    before = start;
                }
            }
        }
    }
}
