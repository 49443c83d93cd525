//! Rules of the house that the compiler does not enforce.
use banfa::base::FileId;
use banfa::syntax::{ast, parse};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A folder or file of `src/` uses only those before it.
const ORDER: [&str; 22] = [
    "base", "diag", "syntax", "fmt", "amend", "hir", "ir", "facts", "eval", "original", "report", "batch",
    "generate", "testing", "stats", "files", "dataset", "driver", "policy", "versions", "redline", "cli",
];
/// Declared words that are words of every law, or of the language itself.
const GENERAL: [&str; 6] = ["条文", "日期", "案件", "期间", "结论", "数量"];
const LONGEST: usize = 600;

fn below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").map(|e| e.expect("entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn code() -> Vec<(PathBuf, String)> {
    let mut files = below(&root().join("src"), "rs");
    files.extend(below(&root().join("grammar"), "pest"));
    files.into_iter().map(|p| (p.clone(), std::fs::read_to_string(p).expect("text"))).collect()
}

/// Names the bundled laws declare: entities, facts, conclusions, values, terms.
fn vocabulary() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for path in below(&root().join("policies"), "banfa") {
        let text = std::fs::read_to_string(&path).expect("text");
        for item in parse(&text, FileId(0)).0.items {
            let (entity, fields) = match item {
                ast::TopItem::Facts(ast::FactBlock { entity, fields, .. })
                | ast::TopItem::Conclusions(ast::ConclusionBlock { entity, fields, .. }) => (entity, fields),
                ast::TopItem::Enum(e) => {
                    words.extend(e.values.into_iter().map(|v| v.text));
                    words.insert(e.name.text);
                    continue;
                }
                _ => continue,
            };
            words.insert(entity.text);
            for field in fields {
                words.insert(field.name.text);
                if let ast::TypeKind::InlineEnum { values, .. } | ast::TypeKind::Multi(values) = field.ty.kind
                {
                    words.extend(values.into_iter().map(|v| v.text));
                }
            }
        }
    }
    words
}

#[test]
fn no_law_is_in_the_compiler() {
    let fixed = ["承办人", "审核人", "批准人", "从重", "从轻", "过错", "行政处罚"].map(str::to_owned);
    // Words of two characters are words of the language everywhere; longer ones belong to a law.
    let words: Vec<String> =
        vocabulary().into_iter().filter(|w| w.chars().count() > 2).chain(fixed).collect();
    assert!(words.len() > 100, "the vocabulary was not read");
    let mut found = Vec::new();
    for (path, text) in code() {
        for word in words.iter().filter(|w| !GENERAL.contains(&w.as_str())) {
            if text.contains(word.as_str()) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn folders_use_only_those_before_them() {
    let mut found = Vec::new();
    for (path, text) in code() {
        let inside = path.strip_prefix(root().join("src")).unwrap_or(&path);
        let first = inside.iter().next().unwrap_or_default().to_string_lossy();
        let Some(own) = ORDER.iter().position(|o| *o == first.trim_end_matches(".rs")) else { continue };
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let text: String = code.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
        for rest in text.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if ORDER.iter().position(|o| *o == name).is_some_and(|at| at > own) {
                found.push(format!("{} uses {name}", inside.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn files_stay_readable_and_finished() {
    let mut found = Vec::new();
    for (path, text) in code() {
        if text.lines().count() > LONGEST {
            found.push(format!("{}: {} lines", path.display(), text.lines().count()));
        }
        for mark in ["todo!", "unimplemented!", "FIXME", "#[allow("] {
            if text.contains(mark) {
                found.push(format!("{}: {mark}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
