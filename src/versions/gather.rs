//! The files of a policy and of its decisions, read and parsed.
use super::errors;
use super::timeline::LoadedDecision;
use crate::base::{Date, FileId, Sources};
use crate::diag::{Diagnostic, Severity, tidy};
use crate::driver::{self, Compilation};
use crate::files;
use crate::policy::Refusal;
use crate::syntax;
use std::path::{Path, PathBuf};

/// The folder of amending decisions beside a policy.
pub const DECISION_FOLDER: &str = "修改";

/// Which decisions count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Those in 修改 beside the policy.
    #[default]
    Beside,
    /// These files, and the files of these folders, instead.
    These(Vec<PathBuf>),
}

/// The sources in a folder, in order of path; links to folders are not followed.
fn within(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("banfa")))
        .collect();
    found.sort();
    found
}

impl Wanted {
    /// The paths of the decisions for `policy`. A named path that is not there is an error of whoever reads it.
    #[must_use]
    pub fn paths(&self, policy: &Path) -> Vec<PathBuf> {
        match self {
            // What comes from standard input has nothing beside it.
            Self::Beside if policy == Path::new("-") => Vec::new(),
            Self::Beside => within(&policy.parent().unwrap_or(Path::new("")).join(DECISION_FOLDER)),
            Self::These(named) => {
                let each = named
                    .iter()
                    .flat_map(|path| if path.is_dir() { within(path) } else { vec![path.clone()] });
                let mut all: Vec<PathBuf> = Vec::new();
                for path in each {
                    if !all.contains(&path) {
                        all.push(path);
                    }
                }
                all
            }
        }
    }
}

/// A policy as written, with its own files apart.
pub(super) struct Base {
    /// Texts read so far, those of decisions to come.
    pub sources: Sources,
    /// The law's own files, the main one first: where they are and their ids.
    pub own: Vec<(PathBuf, FileId)>,
    /// Title of the law.
    pub title: String,
    /// Decisions the text says it includes.
    pub amended: Vec<String>,
    /// The day the text says it takes effect.
    pub effective: Option<Date>,
}

/// Compiles the policy as written; a policy with errors cannot be amended.
pub(super) fn base(path: &Path, text: String) -> Result<Base, Refusal> {
    let compilation = driver::compile(path, text, &files::read);
    let Compilation { sources, files, program, mut diagnostics } = compilation;
    let Some(program) = program else {
        diagnostics.retain(|d| d.severity == Severity::Error);
        return Err(Refusal { diagnostics, sources });
    };
    let own = files
        .iter()
        .enumerate()
        .filter(|(index, file)| *index == 0 || file.file.header.is_none())
        .map(|(_, file)| (PathBuf::from(sources.name(file.file.file)), file.file.file))
        .collect();
    let header = &program.hir.header;
    Ok(Base {
        own,
        title: header.title.clone(),
        amended: header.amended.clone(),
        effective: header.effective,
        sources,
    })
}

/// Reads and parses decisions; what is wrong with any of them is told at once.
pub(super) fn decisions(
    paths: &[PathBuf],
    sources: &mut Sources,
) -> Result<(Vec<LoadedDecision>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut loaded, mut found) = (Vec::new(), Vec::new());
    for path in paths {
        let text = match files::read(path) {
            Ok(text) => text,
            Err(unreadable) => {
                found.push(unreadable);
                continue;
            }
        };
        let file = sources.add(path.display().to_string(), text);
        if !syntax::is_decision(sources.text(file)) {
            found.push(errors::not_a_decision(path));
            continue;
        }
        let (tree, problems) = syntax::parse_decision(sources.text(file), file);
        found.extend(problems);
        loaded.extend(tree.map(|tree| LoadedDecision { path: path.clone(), file, tree }));
    }
    tidy(&mut found);
    if found.iter().any(|d| d.severity == Severity::Error) { Err(found) } else { Ok((loaded, found)) }
}
