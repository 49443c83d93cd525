//! Finding policies and their cases under the paths a user named.
//!
//! A policy is a `.banfa` file with a title. Its cases are the files in the folder 案例 beside it, and a file of its own
//! name with another ending. Amending decisions stand in the folder 修改 beside it, or in another folder below it. A case named on its own belongs to the one policy in the nearest folder above it.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::base::FileId;
use crate::diag::Diagnostic;
use crate::driver::tidy_path;
use crate::files;
use crate::syntax::{self, ast};
use crate::testing::snapshot::ENDING as SNAPSHOT;
use crate::versions::DECISION_FOLDER;

/// The folder of cases beside a policy.
pub const CASE_FOLDER: &str = "案例";
const CASE_ENDINGS: [&str; 4] = ["yaml", "yml", "json", "toml"];

/// What there is to check.
#[derive(Debug, Default)]
pub struct Found {
    /// Policies with their cases.
    pub policies: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// Policies of which only the cases named are looked at.
    pub partial: BTreeSet<PathBuf>,
    /// Sources without a title that no policy found includes.
    pub alone: Vec<PathBuf>,
    /// Folders of amending decisions, other than those a policy found takes by itself, with the policy they amend.
    pub decisions: BTreeMap<PathBuf, PathBuf>,
    /// Paths that lead nowhere.
    pub problems: Vec<Diagnostic>,
}

/// Looks through files and folders.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let (mut sources, mut cases) = (BTreeSet::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let policies = below(path, &|p| ending(p) == "banfa");
            if policies.is_empty() {
                // A folder of cases, perhaps one article's.
                cases.extend(below(path, &|p| CASE_ENDINGS.contains(&ending(p).as_str())));
            }
            sources.extend(policies);
        } else if CASE_ENDINGS.contains(&ending(path).as_str()) {
            cases.push(path.clone());
        } else {
            sources.insert(path.clone());
        }
    }
    let mut included = BTreeSet::new();
    let mut folders = BTreeSet::new();
    let mut parts = Vec::new();
    for path in &sources {
        if is_decision(path) {
            folders.insert(path.parent().unwrap_or(Path::new("")).to_path_buf());
            continue;
        }
        let Some(tree) = tree(path) else {
            // Unreadable: the check of the policy says why.
            found.policies.insert(path.clone(), Vec::new());
            continue;
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        for item in &tree.items {
            if let ast::TopItem::Include(text) = item {
                included.insert(tidy_path(&folder.join(&text.text)));
            }
        }
        // A file nobody can mistake for a part is checked as a policy even if its title does not read.
        if tree.header.is_some() || sources.len() == 1 {
            found.policies.insert(path.clone(), cases_of(path));
        } else {
            parts.push(path.clone());
        }
    }
    found.alone = parts.into_iter().filter(|p| !included.contains(&tidy_path(p))).collect();
    let mut titled = Titled::default();
    for folder in folders {
        found.decisions_in(folder, &mut titled);
    }
    for case in cases {
        match titled.policy_of(&case) {
            Some(policy) => {
                if !found.policies.contains_key(&policy) {
                    found.partial.insert(policy.clone());
                }
                let list = found.policies.entry(policy).or_default();
                if !list.iter().any(|known| tidy_path(known) == tidy_path(&case)) {
                    list.push(case);
                }
            }
            None => found.problems.push(
                Diagnostic::error("B0816", format!("不知道案例“{}”依据哪部办法", case.display()))
                    .help("把它放在办法旁边的“案例”文件夹里；或者用 banfa run 写明办法和案例"),
            ),
        }
    }
    found
}

impl Found {
    /// A folder of decisions: those in 修改 beside a policy belong to its check.
    fn decisions_in(&mut self, folder: PathBuf, titled: &mut Titled) {
        let Some(policy) = titled.policy_of(&folder) else {
            self.problems.push(
                Diagnostic::error("B0819", format!("不知道“{}”里的修改决定修改哪部办法", folder.display()))
                    .help("把它们放在办法旁边的“修改”文件夹里"),
            );
            return;
        };
        let beside =
            tidy_path(&folder) == tidy_path(&policy.parent().unwrap_or(Path::new("")).join(DECISION_FOLDER));
        if beside {
            let same = |known: &&PathBuf| tidy_path(known) == tidy_path(&policy);
            if self.policies.keys().find(same).is_none() {
                self.policies.insert(policy, Vec::new());
            }
        } else {
            self.decisions.insert(folder, policy);
        }
    }
}

fn is_decision(path: &Path) -> bool {
    path != Path::new("-") && files::read(path).is_ok_and(|text| syntax::is_decision(&text))
}

/// Sources under files and folders, each once, in order of path; a file named is one whatever its name.
#[must_use]
pub fn sources(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            found.extend(below(path, &|p| ending(p) == "banfa"));
        } else {
            found.insert(path.clone());
        }
    }
    found
}

fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn tree(path: &Path) -> Option<ast::SourceFile> {
    if path == Path::new("-") {
        return None;
    }
    let text = files::read(path).ok()?;
    Some(syntax::parse(&text, FileId(0)).0)
}

/// Files below a folder in order of path; links to folders are not followed.
fn below(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            let path = path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !hidden => folders.push(path),
                Ok(kind) if !kind.is_dir() && wanted(&path) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The case files below a folder, or the file itself.
#[must_use]
pub fn cases_below(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        below(path, &|p| CASE_ENDINGS.contains(&ending(p).as_str()))
    } else {
        vec![path.to_path_buf()]
    }
}

/// The cases that belong to a policy by where they are.
#[must_use]
pub fn cases_of(policy: &Path) -> Vec<PathBuf> {
    let folder = policy.parent().unwrap_or(Path::new("")).join(CASE_FOLDER);
    let mut cases = below(&folder, &|p| CASE_ENDINGS.contains(&ending(p).as_str()));
    cases.extend(CASE_ENDINGS.iter().map(|e| policy.with_extension(e)).filter(|p| p.is_file()));
    cases
}

/// The cases among paths: files as they are, those below folders in order.
#[must_use]
pub fn cases_in(paths: &[PathBuf]) -> Vec<PathBuf> {
    let wanted = |p: &Path| CASE_ENDINGS.contains(&ending(p).as_str());
    let all = paths.iter().flat_map(|p| if p.is_dir() { below(p, &wanted) } else { vec![p.clone()] });
    all.collect()
}

/// Snapshot files in the folder of cases of a policy, and beside the policy for the case of its own name.
#[must_use]
pub fn snapshots_of(policy: &Path) -> Vec<PathBuf> {
    let folder = policy.parent().unwrap_or(Path::new("")).join(CASE_FOLDER);
    let mut found = below(&folder, &|p| ending(p) == SNAPSHOT);
    found.extend(
        CASE_ENDINGS.iter().map(|e| snapshot_path(&policy.with_extension(e))).filter(|p| p.is_file()),
    );
    found
}

/// Where the snapshots of a case file are kept.
#[must_use]
pub fn snapshot_path(case: &Path) -> PathBuf {
    let mut name = case.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(SNAPSHOT);
    case.with_file_name(name)
}

/// Titled sources of folders, looked through once each.
#[derive(Default)]
struct Titled {
    folders: BTreeMap<PathBuf, Vec<PathBuf>>,
}

impl Titled {
    /// The one titled source in the nearest folder above that has any.
    fn policy_of(&mut self, case: &Path) -> Option<PathBuf> {
        let folder = case.parent().map(Path::to_path_buf).unwrap_or_default();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        for above in folder.ancestors() {
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            let titled = self.folders.entry(above.to_path_buf()).or_insert_with(|| titled_in(above));
            let same_name = titled.iter().find(|p| p.file_stem() == case.file_stem()).cloned();
            match (same_name, titled.as_slice()) {
                (Some(policy), _) => return Some(policy),
                (None, [only]) => return Some(only.clone()),
                (None, []) => {}
                (None, _) => return None,
            }
        }
        None
    }
}

fn titled_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut titled: Vec<PathBuf> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| ending(p) == "banfa" && tree(p).is_some_and(|t| t.header.is_some()))
        .collect();
    titled.sort();
    titled
}
