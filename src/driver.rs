//! The order of the stages, and nothing else: text → tree → resolved program → flat program; case text → facts → result.
//!
//! Reads no files itself: whoever calls says how (see [`Load`]), so the same pipeline serves the command line, tests and
//! an editor's unsaved buffers.
use crate::base::{Sources, Span};
use crate::diag::{Diagnostic, Severity, tidy};
use crate::hir::{self, LoadedFile};
use crate::ir::{self, Program};
use crate::original;
use crate::syntax::{self, ast};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// How the text of a file is had: the text, or what went wrong.
pub type Load<'a> = &'a dyn Fn(&Path) -> Result<String, Diagnostic>;

/// A [`Load`] for a policy that stands alone.
///
/// # Errors
/// Always: there are no other files.
pub fn no_includes(path: &Path) -> Result<String, Diagnostic> {
    Err(Diagnostic::error("B0820", format!("没有“{}”这个文件", path.display()))
        .help("这部办法只有文本，没有别的文件可以引用"))
}

/// More sources than this in one law are taken for a mistake.
pub const MAX_SOURCES: usize = 1000;

/// What compiling gave. `program` is there only if nothing is an error.
#[derive(Debug)]
pub struct Compilation {
    /// Every text that was read, for showing places.
    pub sources: Sources,
    /// Trees, the main file first.
    pub files: Vec<LoadedFile>,
    /// Ready to run.
    pub program: Option<Program>,
    /// In order of place, without repeats.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compilation {
    /// Whether anything is an error.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Compiles a policy whose text is already at hand; `path` names it and is where its 引用 and 原文 start from.
#[must_use]
pub fn compile(path: &Path, text: String, load: Load<'_>) -> Compilation {
    stages(path, text, load, true)
}

/// The same without a look at the original: for drafts and other texts than the one the original is of.
#[must_use]
pub fn compile_draft(path: &Path, text: String, load: Load<'_>) -> Compilation {
    stages(path, text, load, false)
}

fn stages(path: &Path, text: String, load: Load<'_>, with_original: bool) -> Compilation {
    let mut gathering = Gathering::new(load);
    gathering.start(path, text);
    gathering.follow_includes();
    let Gathering { mut sources, files, mut diagnostics, .. } = gathering;
    // Where something could not be read, “nothing uses this” would be said of what was never seen.
    let unread = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let (resolved, found) = hir::lower(&files);
    diagnostics.extend(found.into_iter().filter(|d| !(unread && hir::LINTS.contains(&d.code))));
    if with_original {
        diagnostics.extend(compare_original(path, &files, &mut sources, load));
    }
    tidy(&mut diagnostics);
    let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let program = (!failed).then(|| ir::lower(resolved));
    Compilation { sources, files, program, diagnostics }
}

struct Gathering<'a> {
    load: Load<'a>,
    sources: Sources,
    files: Vec<LoadedFile>,
    paths: Vec<PathBuf>,
    /// Who included a file, to tell a circle from a file named twice.
    parents: Vec<Option<usize>>,
    by_path: HashMap<PathBuf, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Gathering<'a> {
    fn new(load: Load<'a>) -> Self {
        Self {
            load,
            sources: Sources::new(),
            files: Vec::new(),
            paths: Vec::new(),
            parents: Vec::new(),
            by_path: HashMap::new(),
            diagnostics: Vec::new(),
        }
    }

    fn start(&mut self, path: &Path, text: String) {
        self.add(tidy_path(path), text, None);
    }

    fn add(&mut self, path: PathBuf, text: String, parent: Option<usize>) -> usize {
        let file = self.sources.add(path.display().to_string(), text);
        let (tree, found) = syntax::parse(self.sources.text(file), file);
        self.diagnostics.extend(found);
        let index = self.files.len();
        self.files.push(LoadedFile { file: tree, includes: Vec::new() });
        self.by_path.insert(path.clone(), index);
        self.paths.push(path);
        self.parents.push(parent);
        index
    }

    /// Breadth first, so that no chain of includes is deep.
    fn follow_includes(&mut self) {
        let mut next = 0;
        while let Some(current) = self.files.get(next) {
            let wanted: Vec<ast::Text> = current
                .file
                .items
                .iter()
                .filter_map(
                    |item| if let ast::TopItem::Include(text) = item { Some(text.clone()) } else { None },
                )
                .collect();
            let includes = wanted.iter().map(|text| self.include(next, text)).collect();
            if let Some(current) = self.files.get_mut(next) {
                current.includes = includes;
            }
            next += 1;
        }
    }

    fn include(&mut self, from: usize, wanted: &ast::Text) -> Option<usize> {
        let base = self.paths.get(from).and_then(|p| p.parent()).unwrap_or(Path::new("")).to_path_buf();
        let path = tidy_path(&base.join(&wanted.text));
        if let Some(&index) = self.by_path.get(&path) {
            if self.leads_to(index, from) {
                self.diagnostics.push(errors::include_circle(&wanted.text, wanted.span));
                return None;
            }
            return Some(index);
        }
        if self.files.len() >= MAX_SOURCES {
            self.diagnostics.push(errors::too_many_sources(wanted.span));
            return None;
        }
        match (self.load)(&path) {
            Ok(text) => Some(self.add(path, text, Some(from))),
            Err(reason) => {
                self.diagnostics.push(errors::include_failed(&wanted.text, wanted.span, &reason));
                None
            }
        }
    }

    /// Whether `ancestor` is `file` or one of those through which `file` was reached.
    fn leads_to(&self, ancestor: usize, file: usize) -> bool {
        let mut at = Some(file);
        while let Some(index) = at {
            if index == ancestor {
                return true;
            }
            at = self.parents.get(index).copied().flatten();
        }
        false
    }
}

/// The original named by 原文, else 原文.txt beside the policy if there is one.
fn compare_original(
    path: &Path,
    files: &[LoadedFile],
    sources: &mut Sources,
    load: Load<'_>,
) -> Vec<Diagnostic> {
    let Some(main) = files.first() else { return Vec::new() };
    let Some(header) = &main.file.header else { return Vec::new() };
    let entry = |wanted| header.texts.iter().find(|(key, _)| *key == wanted).map(|(_, text)| text);
    let named = entry(ast::HeaderKey::Original);
    // An original beside an amended text is that of the text before, unless the header says otherwise.
    if named.is_none() && entry(ast::HeaderKey::Amended).is_some() {
        return Vec::new();
    }
    let beside = path.parent().unwrap_or(Path::new(""));
    let wanted = tidy_path(&beside.join(named.map_or("原文.txt", |t| t.text.as_str())));
    match (load(&wanted), named) {
        (Ok(text), _) => {
            let file = sources.add(wanted.display().to_string(), text);
            // Parts without a header are the law's own; files with one are other laws.
            let own: Vec<&ast::SourceFile> = files
                .iter()
                .enumerate()
                .filter(|(i, f)| *i == 0 || f.file.header.is_none())
                .map(|(_, f)| &f.file)
                .collect();
            original::compare(&own, sources.text(file), file)
        }
        (Err(reason), Some(named)) => vec![errors::original_failed(&named.text, named.span, &reason)],
        (Err(_), None) => Vec::new(),
    }
}

/// The path without `.` and with `..` taken back, as far as words alone can tell.
#[must_use]
pub fn tidy_path(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                out.push(part);
            }
        }
    }
    out
}

/// What can go wrong between files.
mod errors {
    use super::{Diagnostic, MAX_SOURCES, Span};

    /// B0830: an include that cannot be read.
    pub fn include_failed(wanted: &str, at: Span, reason: &Diagnostic) -> Diagnostic {
        Diagnostic::error("B0830", format!("引用的文件“{wanted}”读不出来：{}", reason.message))
            .label(at, "引用在这里")
            .help("路径从写这条引用的文件所在的文件夹算起；看看文件名是否写对")
    }

    /// B0831: a file that includes itself by a detour.
    pub fn include_circle(wanted: &str, at: Span) -> Diagnostic {
        Diagnostic::error("B0831", format!("引用“{wanted}”绕了一圈又回到自己"))
            .label(at, "这条引用合上了圈")
            .help("把几个文件都要用的声明放进单独的文件，由它们各自引用")
    }

    /// B0832: too many files.
    pub fn too_many_sources(at: Span) -> Diagnostic {
        Diagnostic::error("B0832", format!("引用的文件超过 {MAX_SOURCES} 个"))
            .label(at, "到这里超出")
            .help("看看是否有生成的文件被误引用")
    }

    /// B0833: the original is named and cannot be read.
    pub fn original_failed(wanted: &str, at: Span, reason: &Diagnostic) -> Diagnostic {
        Diagnostic::error("B0833", format!("原文“{wanted}”读不出来：{}", reason.message))
            .label(at, "在这里写明")
            .help("路径从办法所在的文件夹算起；没有原文可以对照的，删去“原文”一行")
    }
}
