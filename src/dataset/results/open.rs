//! Files of results opened: which form, how packed, which tables belong together.
use super::jsonl::Jsonl;
use super::table::{Csv, Table};
use super::tables::Tables;
use crate::dataset::Form;
use crate::diag::Diagnostic;
use crate::files;
use crate::stats::{Record, Records, Schema, Step, Words};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

/// Result files one after the other.
pub struct Files {
    groups: VecDeque<Group>,
    current: Option<Box<dyn Records + Send>>,
    /// Bytes read of the files so far.
    pub read: Arc<AtomicU64>,
    /// Bytes of all files; none with standard input among them.
    pub size: Option<u64>,
    /// The file being read.
    pub name: String,
}

/// What is read together.
struct Group {
    form: Option<Form>,
    /// More than one: the tables of a run.
    paths: Vec<PathBuf>,
}

/// Takes the results named on the command line; of tables, those of other entities beside a root's are taken too.
///
/// # Errors
/// When a file is not there or of a form that holds no results.
pub fn open(paths: &[PathBuf], schema: &Schema) -> Result<Files, Diagnostic> {
    let mut groups: Vec<Group> = Vec::new();
    let mut bases: Vec<(PathBuf, usize)> = Vec::new();
    let mut size = Some(0);
    for path in paths {
        if path == Path::new("-") {
            groups.push(Group { form: None, paths: vec![path.clone()] });
            continue;
        }
        let form = Form::of_path(path).map(|(form, _)| form);
        match form {
            Some(Form::Json | Form::Excel) => return Err(no_results(path)),
            Some(Form::Csv | Form::Parquet) => {}
            Some(Form::Jsonl) | None => {
                groups.push(Group { form, paths: vec![path.clone()] });
                continue;
            }
        }
        let (base, entity, ending) = parts(path, schema);
        let known = bases.iter().find(|(known, _)| *known == base).map(|(_, at)| *at);
        let at = known.unwrap_or(groups.len());
        if known.is_none() {
            bases.push((base.clone(), at));
            groups.push(Group { form, paths: Vec::new() });
        }
        let Some(group) = groups.get_mut(at) else { continue };
        group.paths.push(path.clone());
        if entity.is_none() {
            let within = schema.tables.iter().skip(1).map(|t| {
                let name = base.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                base.with_file_name(format!("{name}.{}{ending}", t.name))
            });
            group.paths.extend(within.filter(|beside| beside.is_file()));
        }
        group.paths.dedup();
    }
    for group in &mut groups {
        group.paths.sort();
        group.paths.dedup();
        for path in &group.paths {
            if path == Path::new("-") {
                size = None;
                continue;
            }
            let there = std::fs::metadata(path).map_err(|error| files::unreadable(path, &error))?;
            size = size.map(|size| size + there.len());
        }
    }
    let read = Arc::new(AtomicU64::new(0));
    Ok(Files { groups: groups.into(), current: None, read, size, name: String::new() })
}

/// `文件夹/结果.人员.csv.gz` → `文件夹/结果`, the entity if it is one's, `.csv.gz`.
fn parts(path: &Path, schema: &Schema) -> (PathBuf, Option<usize>, String) {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let packed = [".gz", ".zst"].iter().find(|e| lower.ends_with(**e)).map_or(0, |e| e.len());
    let unpacked = name.len() - packed;
    let dot = name.get(..unpacked).and_then(|n| n.rfind('.')).unwrap_or(unpacked);
    let (stem, ending) = name.split_at(dot);
    let (stem, entity) = match stem.rsplit_once('.') {
        Some((base, entity)) => match schema.entity(entity).filter(|e| *e > 0) {
            Some(entity) => (base, Some(entity)),
            None => (stem, None),
        },
        None => (stem, None),
    };
    (path.with_file_name(stem), entity, ending.to_owned())
}

/// B0836: a form that holds no results.
fn no_results(path: &Path) -> Diagnostic {
    Diagnostic::error("B0836", format!("“{}”的格式不能统计", path.display()))
        .help("能统计的是 JSONL、CSV、Parquet，前两种可以压缩为 .gz、.zst；批量认定时用这些格式写出结果")
}

/// B0839: a file that cannot be read to its end.
pub(super) fn broken(file: &str, line: u64, error: &io::Error) -> Box<Diagnostic> {
    let why = match error.kind() {
        io::ErrorKind::UnexpectedEof => "它没有写完".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "压缩的内容已损坏".to_owned(),
        io::ErrorKind::Other if error.get_ref().is_some() && error.raw_os_error().is_none() => {
            let said = error.to_string();
            if said.is_ascii() { "内容已损坏".to_owned() } else { said }
        }
        _ => files::reason(error),
    };
    Box::new(
        Diagnostic::error("B0839", format!("“{file}”第 {line} 行之后读不下去：{why}"))
            .help("重新取得这个文件；批量认定没有写完的，先接着写完"),
    )
}

/// Counts the bytes that pass.
struct Counted<R> {
    input: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The unpacked bytes of a file.
fn unpacked(path: &Path, read: &Arc<AtomicU64>) -> Result<Box<dyn BufRead + Send>, Box<Diagnostic>> {
    let input: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| files::unreadable(path, &error))?)
    };
    let mut input = BufReader::with_capacity(BUFFER, Counted { input, read: Arc::clone(read) });
    let name = path.display().to_string();
    let head = input.fill_buf().map_err(|error| broken(&name, 0, &error))?;
    Ok(match head {
        [0x1f, 0x8b, ..] => {
            Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(input)))
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let unpacked = zstd::stream::read::Decoder::with_buffer(input);
            Box::new(BufReader::with_capacity(BUFFER, unpacked.map_err(|error| broken(&name, 0, &error))?))
        }
        _ => Box::new(input),
    })
}

/// By the first letter: JSON, or the names of columns.
fn sniff(input: &mut dyn BufRead, name: &str) -> Result<Form, Box<Diagnostic>> {
    let head = input.fill_buf().map_err(|error| broken(name, 0, &error))?;
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    Ok(match head.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') | None => Form::Jsonl,
        Some(_) => Form::Csv,
    })
}

impl Files {
    fn begin(&mut self, group: &Group, schema: &Schema) -> Result<Box<dyn Records + Send>, Box<Diagnostic>> {
        let mut tables: Vec<(Box<dyn Table>, String)> = Vec::new();
        for path in &group.paths {
            let name =
                if path == Path::new("-") { "标准输入".to_owned() } else { path.display().to_string() };
            self.name.clone_from(&name);
            if group.form == Some(Form::Parquet) {
                tables.push((parquet(path, &name, &self.read)?, name));
                continue;
            }
            let mut input = unpacked(path, &self.read)?;
            let form = group.form.map_or_else(|| sniff(&mut *input, &name), Ok)?;
            match form {
                Form::Jsonl | Form::Json | Form::Excel | Form::Parquet => {
                    return Ok(Box::new(Jsonl::new(input, name)));
                }
                Form::Csv => tables.push((Box::new(Csv::open(Box::new(input), &name)?), name)),
            }
        }
        Ok(Box::new(Tables::new(tables, schema)))
    }
}

#[cfg(feature = "parquet")]
fn parquet(path: &Path, name: &str, read: &Arc<AtomicU64>) -> Result<Box<dyn Table>, Box<Diagnostic>> {
    Ok(Box::new(super::parquet::Parquet::open(path, name, read)?))
}

#[cfg(not(feature = "parquet"))]
fn parquet(path: &Path, _: &str, _: &Arc<AtomicU64>) -> Result<Box<dyn Table>, Box<Diagnostic>> {
    Err(Box::new(
        Diagnostic::error("B0836", format!("“{}”的格式不能统计：这个程序没有编入 Parquet", path.display()))
            .help("用发布的程序，或者以 --features parquet 编译；也可以让批量认定写成 JSONL、CSV"),
    ))
}

impl Records for Files {
    fn next(&mut self, words: &mut Words, into: &mut Record) -> Result<Step, Box<Diagnostic>> {
        loop {
            if let Some(current) = &mut self.current {
                match current.next(words, into)? {
                    Step::End => self.current = None,
                    step @ (Step::Case | Step::Bad(_)) => return Ok(step),
                }
            }
            let Some(group) = self.groups.pop_front() else { return Ok(Step::End) };
            self.current = Some(self.begin(&group, &words.schema)?);
        }
    }
}
