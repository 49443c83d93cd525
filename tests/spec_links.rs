//! Every rule of docs/语言参考.md, part two, names a file that tests it, and every such file is named by a rule;
//! links between the documents lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/cases/ok/";
/// Amending decisions, a folder each.
const AMENDMENTS: &str = "tests/cases/amend/";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rules of part two: number and text, up to the next rule or heading.
fn rules(reference: &str) -> Vec<(String, String)> {
    let part = reference.split_once("\n# 第二部分").map_or("", |(_, part)| part);
    let mut rules: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in part.lines() {
        if let Some(rest) = line.strip_prefix("**规则 ") {
            let (number, text) = rest.split_once("**").unwrap_or((rest, ""));
            rules.push((number.to_owned(), text.to_owned()));
            inside = true;
        } else if line.starts_with('#') {
            inside = false;
        } else if let (true, Some((_, text))) = (inside, rules.last_mut()) {
            text.push('\n');
            text.push_str(line);
        }
    }
    rules
}

/// The files under `tests/cases/ok/` that a text links to.
fn links(text: &str) -> Vec<String> {
    let linked = text.split("](../").skip(1).filter_map(|it| it.split(')').next());
    linked.filter(|it| it.starts_with(FOLDER) || it.starts_with(AMENDMENTS)).map(str::to_owned).collect()
}

/// Every `.banfa` under `folder`, as a path from the root.
fn sources(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "banfa") {
            let path = path.strip_prefix(root()).unwrap().to_str().unwrap();
            found.insert(path.replace('\\', "/"));
        }
    }
}

#[test]
fn rules_and_test_files_name_each_other() {
    let reference = fs::read_to_string(root().join("docs/语言参考.md")).unwrap();
    let rules = rules(&reference);
    assert!(rules.len() > 50, "only {} rules were found", rules.len());
    let mut numbers = BTreeSet::new();
    let mut named = BTreeSet::new();
    for (number, text) in &rules {
        assert!(numbers.insert(number), "规则 {number} stands twice");
        let links = links(text);
        assert!(!links.is_empty(), "规则 {number} names no file under {FOLDER}");
        for link in links {
            assert!(root().join(&link).is_file(), "规则 {number} names {link}, which does not exist");
            named.insert(link);
        }
    }
    let mut files = BTreeSet::new();
    sources(&root().join(FOLDER), &mut files);
    sources(&root().join(AMENDMENTS), &mut files);
    files.retain(|it| !it.ends_with("/base.banfa"));
    let unnamed: Vec<_> = files.difference(&named).collect();
    assert!(unnamed.is_empty(), "no rule of docs/语言参考.md names {unnamed:?}");
}

#[test]
fn mentions_of_rules_are_of_rules_that_exist() {
    let reference = fs::read_to_string(root().join("docs/语言参考.md")).unwrap();
    let numbers: BTreeSet<String> = rules(&reference).into_iter().map(|(number, _)| number).collect();
    for mention in reference.split("规则 ").skip(1) {
        let number: String = mention.chars().take_while(|it| it.is_ascii_digit() || *it == '.').collect();
        assert!(number.is_empty() || numbers.contains(&number), "规则 {number} does not exist");
    }
}

#[test]
fn links_lead_somewhere() {
    let mut documents = vec![root().join("README.md")];
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|it| it.unwrap().path());
    documents.extend(docs.filter(|it| it.extension().is_some_and(|it| it == "md")));
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for target in text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let whole = document.parent().unwrap().join(path);
            assert!(whole.exists(), "{} links to {target}", document.display());
        }
    }
}
