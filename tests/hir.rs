//! From text to the resolved program: what the listing says, and what is said about mistakes.
use banfa::base::{FileId, Sources};
use banfa::diag::Diagnostic;
use banfa::diag::render::{Style, render};
use banfa::hir::{Hir, LoadedFile, dump, lower};
use banfa::syntax::ast::TopItem;
use banfa::syntax::parse;
use std::path::{Path, PathBuf};

/// A compiled source with everything said about it.
struct Compiled {
    hir: Hir,
    diags: Vec<Diagnostic>,
    sources: Sources,
}

/// Reads a file and what it includes.
fn compile(path: &Path) -> Compiled {
    let mut sources = Sources::new();
    let mut paths = vec![path.to_path_buf()];
    let mut loaded: Vec<LoadedFile> = Vec::new();
    let mut diags = Vec::new();
    let mut next = 0;
    while next < paths.len() {
        let path = paths[next].clone();
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let id = sources.add(path.file_name().unwrap().to_string_lossy(), &text);
        let (file, found) = parse(&text, id);
        diags.extend(found);
        let mut includes = Vec::new();
        for item in &file.items {
            if let TopItem::Include(name) = item {
                let target = path.parent().unwrap().join(&name.text);
                let known = paths.iter().any(|p| *p == target);
                includes.push((!known).then_some(paths.len()));
                if !known {
                    paths.push(target);
                }
            }
        }
        loaded.push(LoadedFile { file, includes });
        next += 1;
    }
    let (hir, found) = lower(&loaded);
    diags.extend(found);
    Compiled { hir, diags, sources }
}

fn compile_text(text: &str) -> Compiled {
    let mut sources = Sources::new();
    sources.add("试.banfa", text);
    let (file, mut diags) = parse(text, FileId(0));
    let (hir, found) = lower(&[LoadedFile { file, includes: Vec::new() }]);
    diags.extend(found);
    Compiled { hir, diags, sources }
}

fn files(folder: &str) -> Vec<PathBuf> {
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "banfa"))
        .collect();
    out.sort();
    out
}

fn shown(compiled: &Compiled) -> String {
    render(&compiled.diags, &compiled.sources, &Style::default())
}

/// Every policy among the good cases compiles without an error.
#[test]
fn good_cases_have_no_errors() {
    let mut bad = String::new();
    for path in files("tests/cases/ok") {
        let compiled = compile(&path);
        if compiled.diags.iter().any(|d| d.severity == banfa::diag::Severity::Error) {
            bad.push_str(&shown(&compiled));
        }
    }
    assert!(bad.is_empty(), "{bad}");
}

/// The laws the project ships compile without an error.
#[test]
fn shipped_policies_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut bad = String::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|f| f.is_dir()) {
        for path in files_in(folder) {
            let compiled = compile(&path);
            if compiled.diags.iter().any(|d| d.severity == banfa::diag::Severity::Error) {
                bad.push_str(&shown(&compiled));
            }
        }
    }
    assert!(bad.is_empty(), "{bad}");
}
