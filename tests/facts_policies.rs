//! Every case kept beside a policy is read without a finding against that policy.
use banfa::base::{FileId, Sources};
use banfa::diag::render::{Style, render};
use banfa::facts::{Base, Format, ReadOptions, blank_case, read_cases};
use banfa::hir::{Hir, LoadedFile, lower};
use banfa::syntax::ast::TopItem;
use banfa::syntax::parse;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

/// The program of a policy and what it includes; errors in it are another test's affair.
fn compile(path: &Path) -> Hir {
    let mut paths = vec![path.to_path_buf()];
    let mut loaded: Vec<LoadedFile> = Vec::new();
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        let text = fs::read_to_string(&path).unwrap();
        let (file, _) = parse(&text, FileId(u32::try_from(next).unwrap()));
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
    lower(&loaded).0
}

fn below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Findings about a case file, as shown.
fn findings(hir: &Hir, path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let sources = RefCell::new((Sources::new(), vec![path.canonicalize().unwrap()]));
    let file = sources.borrow_mut().0.add(path.to_string_lossy(), text.as_str());
    let load = |from: FileId, name: &str| -> Result<Base, String> {
        let (sources, paths) = &mut *sources.borrow_mut();
        let target = paths[from.0 as usize].parent().unwrap().join(name);
        let target = target.canonicalize().map_err(|_| "没有这个文件".to_owned())?;
        let text = fs::read_to_string(&target).map_err(|error| error.to_string())?;
        let file = if let Some(known) = paths.iter().position(|known| *known == target) {
            FileId(u32::try_from(known).unwrap())
        } else {
            paths.push(target);
            sources.add(name, text.as_str())
        };
        Ok(Base { file, text, format: Format::Yaml })
    };
    let options = ReadOptions { bases: Some(&load), ..ReadOptions::default() };
    let (_, diagnostics) = read_cases(&text, file, Format::Yaml, hir, &options);
    if diagnostics.is_empty() {
        return String::new();
    }
    render(&diagnostics, &sources.borrow().0, &Style::default())
}

#[test]
fn cases_beside_policies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bad = String::new();
    let mut count = 0;
    for policy in
        below(&root.join("policies"), "banfa").iter().chain(&below(&root.join("tests/cases/ok"), "banfa"))
    {
        let hir = compile(policy);
        if hir.entities.is_empty() {
            continue;
        }
        let beside = policy.with_extension("yaml");
        let mut cases = below(&policy.parent().unwrap().join("案例"), "yaml");
        cases.retain(|case| !case.components().any(|part| part.as_os_str() == "基础"));
        cases.extend(beside.exists().then_some(beside));
        for case in cases {
            count += 1;
            bad.push_str(&findings(&hir, &case));
        }
        let (blanks, found) =
            read_cases(&blank_case(&hir), FileId(0), Format::Yaml, &hir, &ReadOptions::default());
        assert!(blanks.len() == 1 && found.is_empty(), "{}: {found:?}", policy.display());
    }
    assert!(count > 100, "{count} cases found");
    assert!(bad.is_empty(), "{bad}");
}
