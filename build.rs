//! Lists the pages of `docs/errors/` in a table, so that a new page needs no other edit.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=docs/errors");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut codes = Vec::new();
    let folder = root.join("docs/errors");
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let is_page = path.extension().is_some_and(|it| it == "md");
        let stem = path.file_stem().and_then(|it| it.to_str());
        codes.extend(stem.filter(|it| is_page && it.starts_with('B')).map(str::to_owned));
    }
    codes.sort();
    fs::write(out.join("error_pages.rs"), table(&folder, &codes))
}

/// `&[("B0101", include_str!("…")), …]`
fn table(folder: &Path, codes: &[String]) -> String {
    let mut text = String::from("&[\n");
    for code in codes {
        let path = folder.join(format!("{code}.md"));
        let _ = writeln!(text, "    ({code:?}, include_str!({:?})),", path.display().to_string());
    }
    text.push_str("]\n");
    text
}
