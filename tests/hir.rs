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
                let known = paths.contains(&target);
                includes.push((!known).then_some(paths.len()));
                if !known {
                    paths.push(target);
                }
            }
        }
        loaded.push(LoadedFile { file, includes });
        next += 1;
    }
    let unread = diags.iter().any(|d| d.severity == banfa::diag::Severity::Error);
    let (hir, found) = lower(&loaded);
    diags.extend(found.into_iter().filter(|d| !unread || !banfa::hir::LINTS.contains(&d.code)));
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

/// Whether a file or page is about this stage's codes.
fn of_this_stage(name: &str) -> bool {
    ["B02", "B03", "B04"].iter().any(|prefix| name.starts_with(prefix))
}

/// Each mistake is found, under the code its file is named after; for a reviewer: the snapshot is what
/// the drafter reads.
#[test]
fn mistakes() {
    let mut bad = Vec::new();
    for path in files("tests/cases/err") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !of_this_stage(&name) {
            continue;
        }
        let compiled = compile(&path);
        let codes: Vec<&str> = compiled.diags.iter().map(|d| d.code).collect();
        if !codes.contains(&&name[..5]) {
            bad.push(format!("{name}: {codes:?}"));
        }
        insta::with_settings!({ snapshot_suffix => name.as_str(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("err", shown(&compiled));
        });
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Pages whose examples are shortened and cannot be compiled.
const SHORTENED: [&str; 3] = ["B0224", "B0417", "B0418"];

/// The wrong example of each page has the mistake, the mended one is free of errors and of that warning.
#[test]
fn examples_of_pages() {
    let mut bad = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    pages.sort();
    for page in pages {
        let code = page.file_stem().unwrap().to_string_lossy().into_owned();
        if !of_this_stage(&code) || SHORTENED.contains(&code.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&page).unwrap();
        let examples: Vec<&str> =
            text.split("```banfa\n").skip(1).filter_map(|part| part.split("```").next()).collect();
        let [wrong, right] = examples.as_slice() else {
            bad.push(format!("{code}: no two examples"));
            continue;
        };
        if !compile_text(wrong).diags.iter().any(|d| d.code == code) {
            bad.push(format!("{code}: the wrong example has not this mistake"));
        }
        let mended = compile_text(right);
        if mended.diags.iter().any(|d| d.code == code || d.severity == banfa::diag::Severity::Error) {
            bad.push(format!("{code}: the mended example\n{}", shown(&mended)));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// For a reviewer: the listing says who each rule is about, its condition, exceptions and consequences,
/// the closed priorities and the order of evaluation.
#[test]
fn listings() {
    for name in ["条款项目", "依照参照", "但书三层", "多层实体", "义务期限", "符合某条"]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/ok/{name}.banfa"));
        insta::with_settings!({ snapshot_suffix => name, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("hir", dump::listing(&compile(&path).hir));
        });
    }
}

/// The same for policies written for this stage; their first line says what to look at.
#[test]
fn listings_of_its_own() {
    for path in files("tests/cases/hir") {
        let compiled = compile(&path);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_suffix => name.as_str(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("hir", format!("{}{}", dump::listing(&compiled.hir), shown(&compiled)));
        });
    }
}
