//! The canonical form: nothing is lost, nothing said changes, twice is once.
#[path = "support/library.rs"]
mod library;

use banfa::base::FileId;
use banfa::fmt::format;
use banfa::syntax::{dump::dump, parse};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
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
