//! Case files: every file under tests/cases/facts is read against the library's vocabulary; the snapshot beside
//! the sources shows the file, then what was found or read.
#[path = "support/dump.rs"]
mod dump;
#[path = "support/library.rs"]
mod library;

use banfa::base::{FileId, Sources};
use banfa::base::{Truth, Val};
use banfa::diag::render::{Style, render};
use banfa::facts::{Base, CaseFile, Children, Format, ReadOptions, blank_case, case_schema, read_cases};
use banfa::hir::Hir;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/facts")
}

/// What a file gives, as a reader of the snapshot sees it.
fn outcome(hir: &Hir, name: &str, text: &str) -> String {
    let sources = RefCell::new(Sources::new());
    let file = sources.borrow_mut().add(name, text);
    let load = |_: FileId, path: &str| -> Result<Base, String> {
        let text =
            fs::read_to_string(folder().join("base").join(path)).map_err(|_| "没有这个文件".to_owned())?;
        let mut sources = sources.borrow_mut();
        let known = sources.ids().find(|id| sources.name(*id) == path);
        let file = known.unwrap_or_else(|| sources.add(path, text.as_str()));
        Ok(Base { file, text, format: Format::of_path(path).unwrap_or(Format::Yaml) })
    };
    let format = Format::of_path(name).unwrap_or_else(|| Format::sniff(text));
    let options = ReadOptions { name: "未命名", bases: Some(&load), ..ReadOptions::default() };
    let (cases, diagnostics) = read_cases(text, file, format, hir, &options);
    let mut out: String = cases.iter().map(|case: &CaseFile| dump::dump(hir, case)).collect();
    out.push_str(&render(&diagnostics, &sources.borrow(), &Style { width: 100, ..Style::default() }));
    out
}

#[test]
fn every_file() {
    let hir = library::library();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    let mut failed = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let shown = format!("{text}\n════\n{}", outcome(&hir, &name, &text));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("cases/facts/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let compare = || settings.bind(|| insta::assert_snapshot!(name.clone(), shown));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(compare)).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn a_blank_case_says_nothing() {
    let hir = library::library();
    let blank = blank_case(&hir);
    insta::assert_snapshot!("blank", blank);
    let (cases, diagnostics) = read_cases(&blank, FileId(0), Format::Yaml, &hir, &ReadOptions::default());
    assert_eq!(diagnostics, []);
    let [case] = cases.as_slice() else { panic!("one case") };
    assert_eq!(case.case.date, None);
    for table in &case.case.tables {
        assert_eq!(table.rows, 1);
        assert!(table.truth.iter().all(|truth| *truth == Truth::Unknown));
        assert!(table.assumed.iter().all(|assumed| !assumed));
        assert!(table.values.iter().all(|value| *value == Val::Unknown));
        assert!(table.children.iter().all(|children| *children == Children::Rows(0, 1)));
    }
}

#[test]
fn the_schema_of_a_case() {
    insta::assert_json_snapshot!("schema", case_schema(&library::library()));
}
