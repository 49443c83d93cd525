//! Every code the program can give has a page, and every page a code that the program can give.
#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use banfa::cli::pages::{PAGES, page, title};

/// Every `"B0ddd"` in the Rust files under `folder`.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices("\"B0") {
                let code: String = text[at + 1..].chars().take_while(|it| *it != '"').collect();
                let digits = code.trim_start_matches('B');
                if digits.len() == 4 && code.len() == 5 && digits.bytes().all(|it| it.is_ascii_digit()) {
                    found.insert(code);
                }
            }
        }
    }
}

#[test]
fn codes_and_pages_agree() {
    let mut codes = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut codes);
    let pages: BTreeSet<String> = PAGES.iter().map(|(code, _)| (*code).to_owned()).collect();
    let without_page: Vec<_> = codes.difference(&pages).collect();
    assert!(without_page.is_empty(), "write docs/errors/<code>.md for {without_page:?}");
    let without_code: Vec<_> = pages.difference(&codes).collect();
    assert!(without_code.is_empty(), "no code under src/ for the pages {without_code:?}");
}

#[test]
fn pages_have_their_parts() {
    for (code, text) in PAGES {
        assert!(text.starts_with(&format!("# {code} ")), "{code}: the first line is `# {code} 标题`");
        assert!(!title(text).is_empty(), "{code}: no title");
        for heading in ["## 说明", "## 错误示例", "## 改正示例", "## 相关"] {
            assert!(text.contains(&format!("\n{heading}\n")), "{code}: no {heading}");
        }
    }
    assert_eq!(page("b0801").map(title), Some("没有这个命令"));
    assert_eq!(page("B9999"), None);
}
