//! Files named on the command line, read and written with what can go wrong told in Chinese.
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, str};

use crate::diag::Diagnostic;

/// Larger files are refused: spans count bytes in 32 bits.
const LARGEST: u64 = 1 << 30;

/// The text of a file; `-` is stdin.
///
/// # Errors
/// When there is no such file, it cannot be read, is too large, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    let name = path.display();
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    outcome.map_err(|error| unreadable(path, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|it| it > LARGEST) {
        return Err(Diagnostic::error("B0823", format!("“{name}”太大，超过 1 GiB")).help("把它分成几个文件"));
    }
    String::from_utf8(bytes).map_err(|error| undecodable(path, error.as_bytes()))
}

/// Opening a folder succeeds on some systems and fails only when read; it is told apart here.
fn open(path: &Path) -> io::Result<fs::File> {
    if fs::metadata(path)?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    fs::File::open(path)
}

/// Writes a new file, never over one that is there.
///
/// # Errors
/// When there is such a file or it cannot be written.
pub fn write_new(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let created = fs::OpenOptions::new().write(true).create_new(true).open(path);
    match created.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(already_there(path)),
        Err(error) => Err(unwritable(path, &error)),
    }
}

/// B0824: a file that would be written over.
#[must_use]
pub fn already_there(path: &Path) -> Diagnostic {
    Diagnostic::error("B0824", format!("“{}”已经存在", path.display())).help("换一个名字，或者先把原文件移走")
}

/// Makes a folder and those above it.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), Diagnostic> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

/// Replaces a file as a whole: written beside it, then renamed, so that at no moment half of it is there. A link is
/// followed to the file it leads to, and permissions are kept.
///
/// # Errors
/// When it cannot be written; the file is then as it was.
pub fn replace(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let mut beside = Beside::create(path)?;
    beside.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error))?;
    beside.finish()
}

/// A file that is written beside the one it will replace. Unless it is finished, nothing of it remains.
#[derive(Debug)]
pub struct Beside {
    path: PathBuf,
    target: PathBuf,
    place: PathBuf,
    file: Option<io::BufWriter<fs::File>>,
}

impl Beside {
    /// Begins one.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn create(path: &Path) -> Result<Self, Diagnostic> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let place = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&place);
        let file = file.map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_path_buf(), target, place, file: Some(io::BufWriter::new(file)) })
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When it cannot be written; the file it was to replace is then as it was.
    pub fn finish(mut self) -> Result<(), Diagnostic> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let done = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
            if let Ok(old) = fs::metadata(&self.target) {
                file.set_permissions(old.permissions())?;
            }
            file.sync_all()?;
            fs::rename(&self.place, &self.target)
        });
        done.map_err(|error| {
            // What was begun is of no use.
            let _ = fs::remove_file(&self.place);
            unwritable(&self.path, &error)
        })
    }
}

impl io::Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(bytes.len()), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), io::Write::flush)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is still in the buffer need not be written.
            let _ = file.into_parts();
            let _ = fs::remove_file(&self.place);
        }
    }
}

/// B0825: the system does not take it.
#[must_use]
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error("B0825", format!("“{}”写不进去：{}", path.display(), reason(error)))
        .help("看看所在的目录是否存在、能否写入")
}

/// B0820, B0821: a file that is not there or cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = path.display();
    if error.kind() == ErrorKind::NotFound {
        Diagnostic::error("B0820", format!("没有“{name}”这个文件")).help("看看路径和文件名是否写对")
    } else {
        Diagnostic::error("B0821", format!("“{name}”读不出来：{}", reason(error)))
            .help("看看它是否是一个可以读取的文件")
    }
}

fn undecodable(path: &Path, bytes: &[u8]) -> Diagnostic {
    let name = path.display();
    let valid = str::from_utf8(bytes).map_or_else(|it| it.valid_up_to(), str::len);
    let lines = bytes.iter().take(valid).filter(|&&it| it == b'\n').count();
    let place = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "，像是 UTF-16".to_owned(),
        _ => format!("，从第 {} 行起读不出文字", lines + 1),
    };
    Diagnostic::error("B0822", format!("“{name}”不是 UTF-8 编码{place}"))
        .help("用编辑器打开它，另存为 UTF-8 编码")
}

/// Why the system refused, in Chinese.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "磁盘已满".to_owned(),
        ErrorKind::PermissionDenied => "没有权限".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "磁盘只读".to_owned(),
        ErrorKind::IsADirectory => "它是一个目录".to_owned(),
        ErrorKind::NotFound | ErrorKind::NotADirectory => "没有所在的目录".to_owned(),
        _ => error.raw_os_error().map_or_else(|| "原因不明".to_owned(), |it| format!("系统错误 {it}")),
    }
}
