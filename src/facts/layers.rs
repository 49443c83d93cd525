//! 基础: the case under a case. Gives the top levels of a case and of its bases, uppermost first.
use super::errors::{self, Report};
use super::head::{Head, expect_map};
use super::names::Names;
use super::read::{self, Format};
use super::tree::{NodeId, Tree};
use super::value::{Scalar, State, is_blank};
use crate::base::FileId;

/// How many bases may stand upon one another.
pub const MAX_BASES: usize = 16;

/// A base case as the driver found it.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its file; one file has one id, so that circles are seen.
    pub file: FileId,
    /// Its text.
    pub text: String,
    /// Its notation.
    pub format: Format,
}

/// Finds the base case that a path names in a file; the error says in Chinese why it cannot be read.
pub type Bases<'a> = &'a dyn Fn(FileId, &str) -> Result<Base, String>;

/// Top levels of a case and its bases.
pub(super) fn stack(
    tree: &mut Tree,
    map: NodeId,
    names: &Names<'_>,
    bases: Option<Bases<'_>>,
    report: &mut Report,
) -> Vec<Head> {
    let mut files = vec![tree.span(map).file];
    let mut heads = vec![Head::read(tree, map, names, report)];
    while let Some(node) = heads.last().and_then(|head| head.base) {
        match below(tree, node, &mut files, bases, report) {
            Some(map) => heads.push(Head::read(tree, map, names, report)),
            None => break,
        }
    }
    heads
}

/// The map of the base that `node` names.
fn below(
    tree: &mut Tree,
    node: NodeId,
    files: &mut Vec<FileId>,
    bases: Option<Bases<'_>>,
    report: &mut Report,
) -> Option<NodeId> {
    let scalar = Scalar::at(tree, node, "基础", "另一个案例文件的路径", report)?;
    let (at, path) = (scalar.span, scalar.text.trim().to_owned());
    if scalar.state() != State::Given {
        return None;
    }
    if files.len() > MAX_BASES {
        report.add(|| errors::base_too_long(at, MAX_BASES));
        return None;
    }
    let Some(load) = bases else {
        report.add(|| errors::base_not_found(at, &path, "此处不能引用别的案例"));
        return None;
    };
    let base = match load(at.file, &path) {
        Ok(base) => base,
        Err(reason) => {
            report.add(|| errors::base_not_found(at, &path, &reason));
            return None;
        }
    };
    if files.contains(&base.file) {
        report.add(|| errors::base_cycle(at, &path));
        return None;
    }
    files.push(base.file);
    let (documents, found) = read::read(tree, &base.text, base.file, base.format);
    let broken = !found.is_empty();
    report.extend(found);
    let roots: Vec<NodeId> =
        documents.iter().filter_map(|document| document.root).filter(|root| !is_blank(tree, *root)).collect();
    match roots.as_slice() {
        [root] => expect_map(tree, *root, "基础案例", report),
        _ if broken => None,
        [] => {
            report.add(|| errors::base_not_found(at, &path, "文件是空的"));
            None
        }
        _ => {
            report.add(|| errors::base_not_single(at, &path, roots.len()));
            None
        }
    }
}
