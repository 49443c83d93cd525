//! Paths → bytes, unpacked: standard input, gzip and Zstandard (of several members) told by their first bytes.
use super::errors;
use crate::diag::Diagnostic;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a file is read through.
pub(super) type Bytes = Box<dyn Read + Send>;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// How much has been read of how much.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Meter {
    /// For these files.
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        let size = |path: &PathBuf| {
            let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
            (path != Path::new("-")).then_some(size)
        };
        let total = paths.iter().map(size).try_fold(0u64, |sum, size| Some(sum + size?));
        Self { read: Arc::default(), total }
    }

    /// Bytes read, bytes there are.
    pub(super) fn progress(&self) -> (u64, Option<u64>) {
        (self.read.load(Ordering::Relaxed), self.total)
    }

    /// So much more was read, by other ways.
    #[cfg(any(feature = "excel", feature = "parquet"))]
    pub(super) fn advance(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    /// What is read of `inner` counts.
    pub(super) fn count<R: Read>(&self, inner: R) -> Counted<R> {
        Counted { inner, read: Arc::clone(&self.read) }
    }
}

/// Counts the bytes that pass.
#[derive(Debug)]
pub(super) struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.read.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

/// The file at `path`, unpacked, without a byte order mark; with its first bytes.
pub(super) fn open(path: &Path, meter: &Meter) -> Result<(Bytes, Vec<u8>), Box<Diagnostic>> {
    let fail = |error: &io::Error| Box::new(errors::unreadable(path, error));
    let raw: Bytes = if path == Path::new("-") {
        Box::new(meter.count(io::stdin()))
    } else {
        if std::fs::metadata(path).map_err(|e| fail(&e))?.is_dir() {
            return Err(fail(&io::ErrorKind::IsADirectory.into()));
        }
        Box::new(meter.count(File::open(path).map_err(|e| fail(&e))?))
    };
    let (raw, head) = peek(raw, 4).map_err(|e| fail(&e))?;
    let unpacked: Bytes = if head.starts_with(GZIP) {
        Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, raw)))
    } else if head.starts_with(ZSTD) {
        Box::new(zstd::stream::read::Decoder::new(raw).map_err(|e| fail(&e))?)
    } else {
        raw
    };
    let (bytes, head) = peek(unpacked, 64).map_err(|e| fail(&e))?;
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = head.as_slice() {
        return Err(Box::new(errors::utf16(path)));
    }
    let Some(rest) = head.strip_prefix(BOM) else { return Ok((bytes, head)) };
    let mut bytes = bytes;
    bytes.read_exact(&mut [0; 3]).map_err(|e| fail(&e))?;
    Ok((bytes, rest.to_vec()))
}

/// The first `count` bytes, which are still to be read.
fn peek(mut bytes: Bytes, count: u64) -> io::Result<(Bytes, Vec<u8>)> {
    let mut head = Vec::new();
    bytes.by_ref().take(count).read_to_end(&mut head)?;
    Ok((Box::new(Cursor::new(head.clone()).chain(bytes)), head))
}
