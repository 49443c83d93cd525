//! Where a run writes: the files asked for, and beside them what is there only while it goes on.
use crate::diag::Diagnostic;
use crate::files;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the name of an unfinished file ends in.
const PARTIAL: &str = ".partial";
/// What stands in the name of the table of rejects.
const REJECTS: &str = "不可读";

/// The files of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    /// What `--out` says.
    pub out: PathBuf,
    /// The files of the result.
    pub files: Vec<PathBuf>,
    /// The table of rejects.
    pub paper: PathBuf,
    /// Whether that was asked for, and so is there even when it is empty.
    pub asked: bool,
}

impl Targets {
    /// For the output's files, each with what is put before the ending, and a table of rejects at a place of its own or
    /// beside them. A link is followed to the file it leads to.
    #[must_use]
    pub fn new(out: &Path, files: &[String], rejects: Option<&Path>) -> Self {
        let linked = fs::read_link(out).ok().and_then(|_| fs::canonicalize(out).ok());
        let out = linked.as_deref().unwrap_or(out);
        let (stem, ending) = split(out);
        let named = |name: &String| match name.as_str() {
            "" => out.to_path_buf(),
            name => out.with_file_name(format!("{stem}.{name}{ending}")),
        };
        let paper =
            rejects.map_or_else(|| out.with_file_name(format!("{stem}.{REJECTS}.csv")), Path::to_path_buf);
        Self {
            out: out.to_path_buf(),
            files: files.iter().map(named).collect(),
            paper,
            asked: rejects.is_some(),
        }
    }

    /// Where the journal is.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        with(&partial(&self.out), ".journal")
    }

    /// Where blocks are kept that cannot simply be appended.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        with(&partial(&self.out), ".d")
    }

    /// The block of a file of the result.
    #[must_use]
    pub fn block(&self, file: usize, index: u64) -> PathBuf {
        self.folder().join(format!("{file}-{index:06}"))
    }

    /// Whether a run has begun here and not ended.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.files.iter().map(|f| partial(f)).any(|p| p.exists()) || self.journal().exists()
    }

    /// A file that the run would write over.
    #[must_use]
    pub fn clash(&self) -> Option<&PathBuf> {
        self.files.iter().chain(self.asked.then_some(&self.paper)).find(|path| path.exists())
    }

    /// Whether these can be files of their own.
    ///
    /// # Errors
    /// When one is for two things, is read as well, or is there and no file.
    pub fn check(&self, inputs: &[PathBuf]) -> Result<(), Diagnostic> {
        if let Some(twice) = self.files.iter().find(|file| **file == self.paper) {
            return Err(for_two(twice, "结果和不可读的行都要写进"));
        }
        for path in self.files.iter().chain([&self.paper]) {
            let Ok(real) = fs::canonicalize(path) else { continue };
            if inputs.iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == real)) {
                return Err(for_two(path, "读的和写的都是"));
            }
            if !real.is_file() {
                return Err(Diagnostic::error("B0825", format!("“{}”写不进去：它不是文件", path.display()))
                    .help("写一个文件名"));
            }
        }
        Ok(())
    }
}

/// B0865: one file for two things.
fn for_two(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error("B0865", format!("{why}“{}”", path.display())).help("写两个不同的文件")
}

/// The unfinished file.
#[must_use]
pub fn partial(path: &Path) -> PathBuf {
    with(path, PARTIAL)
}

/// B0825: what cannot be written.
#[must_use]
pub fn unwritten(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error("B0825", format!("“{}”写不进去：{}", path.display(), files::reason(error)))
        .help("看看所在的目录是否存在、能否写入，磁盘是否还有空间")
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Stem and ending, the packing's with it: `结果`, `.csv.gz`.
fn split(path: &Path) -> (String, String) {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let packing = [".gz", ".zst"].into_iter().find(|p| lower.ends_with(p)).map_or(0, str::len);
    let bare = name.get(..name.len() - packing).unwrap_or_default();
    let stem = bare.rsplit_once('.').map_or(bare, |(stem, _)| stem);
    (stem.to_owned(), name.get(stem.len()..).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_files() {
        let files = [String::new(), "人员".to_owned()];
        let targets = Targets::new(Path::new("甲/结果.csv.gz"), &files, None);
        assert_eq!(targets.files, [Path::new("甲/结果.csv.gz"), Path::new("甲/结果.人员.csv.gz")]);
        assert_eq!(targets.paper, Path::new("甲/结果.不可读.csv"));
        assert_eq!(targets.journal(), Path::new("甲/结果.csv.gz.partial.journal"));
        assert_eq!(targets.block(1, 7), Path::new("甲/结果.csv.gz.partial.d/1-000007"));
        assert_eq!(Targets::new(Path::new("结果"), &files, None).files[1], Path::new("结果.人员"));
    }
}
