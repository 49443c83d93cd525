//! Text of a case file → cases with typed facts and expectations; the door of this folder.
use super::errors::{self, Report};
use super::expectation::{Expectation, read_expectations};
use super::fill::Fill;
use super::head::{Head, expect_map};
use super::layers::{self, Bases};
use super::model::Case;
use super::names::{Names, plain};
use super::read::{self, Document, Format};
use super::tree::{Kind, NodeId, Tree};
use super::value::{Scalar, State, Texts, is_blank, read_date};
use crate::base::{Address, Date, FileId, Span};
use crate::diag::Diagnostic;
use crate::hir::{EntityId, Hir};
use std::collections::BTreeSet;

/// Which text of the law the program at hand is, as far as the cases of a file are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LawText {
    /// The text in force on a day, or the unamended one: a case written for another is refused.
    Of(Option<Date>),
    /// The same, but cases written for another are left to whoever reads those.
    Only(Option<Date>),
    /// Every case is read by this program, whatever text it was written for.
    Any,
}

/// How an address that a case cites, in the text of a day or the unamended one, is called in the program's text; none
/// when the provision is no longer there.
pub type Moved<'a> = &'a dyn Fn(Option<Date>, &Address) -> Option<Address>;

/// What the driver knows about a file besides its text.
#[derive(Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The case's name when it gives none; of several cases the number is added.
    pub name: &'a str,
    /// The day the question is put for; goes before 认定日期.
    pub date: Option<Date>,
    /// Only one case may stand in the file.
    pub single: bool,
    /// How 基础 is read; without it 基础 is refused.
    pub bases: Option<Bases<'a>>,
    /// Which text of the law the program is.
    pub text: LawText,
    /// What became of the addresses in 期望.
    pub moved: Option<Moved<'a>>,
    /// 期望 is left unread.
    pub facts_only: bool,
}

impl std::fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadOptions")
            .field("name", &self.name)
            .field("date", &self.date)
            .field("single", &self.single)
            .field("bases", &self.bases.is_some())
            .field("text", &self.text)
            .field("moved", &self.moved.is_some())
            .field("facts_only", &self.facts_only)
            .finish()
    }
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            name: "案例",
            date: None,
            single: false,
            bases: None,
            text: LawText::Of(None),
            moved: None,
            facts_only: false,
        }
    }
}

/// One case of a file.
#[derive(Clone, Debug, Default)]
pub struct CaseFile {
    /// Facts.
    pub case: Case,
    /// 说明
    pub note: Option<String>,
    /// 期望
    pub expectations: Vec<Expectation>,
    /// The case's place in the file.
    pub span: Span,
    /// 适用文本: for the text of which day it is written; none: the unamended one.
    pub text: Option<Date>,
}

/// Reads every case of `text`. Cases with findings are left out; the findings come in order of place.
#[must_use]
pub fn read_cases(
    text: &str,
    file: FileId,
    format: Format,
    hir: &Hir,
    options: &ReadOptions<'_>,
) -> (Vec<CaseFile>, Vec<Diagnostic>) {
    read_with(&Names::new(hir), text, file, format, options)
}

/// The same with the vocabulary made ready before.
pub(super) fn read_with(
    names: &Names<'_>,
    text: &str,
    file: FileId,
    format: Format,
    options: &ReadOptions<'_>,
) -> (Vec<CaseFile>, Vec<Diagnostic>) {
    let mut tree = Tree::default();
    let mut report = Report::default();
    let (documents, found) = read::read(&mut tree, text, file, format);
    report.extend(found);
    let documents: Vec<Present> = documents
        .into_iter()
        .filter_map(|Document { root, span }| Some(Present { span, root: root? }))
        .filter(|document| !is_blank(&tree, document.root))
        .collect();
    if documents.is_empty() && report.count() == 0 {
        report.add(|| errors::empty(Span::new(file, 0, 0)));
    }
    if let (true, Some(second)) = (options.single, documents.get(1)) {
        report.add(|| errors::one_document(second.span, documents.len()));
    }
    let mut cases = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let name = if documents.len() == 1 {
            options.name.to_owned()
        } else {
            format!("{}（第 {} 例）", options.name, index + 1)
        };
        let before = report.count();
        let case = read_case(&mut tree, document, name, names, options, &mut report);
        if report.count() == before {
            cases.extend(case);
        }
    }
    (cases, report.finish())
}

/// A document that is not empty.
struct Present {
    span: Span,
    root: NodeId,
}

fn read_case(
    tree: &mut Tree,
    document: &Present,
    name: String,
    names: &Names<'_>,
    options: &ReadOptions<'_>,
    report: &mut Report,
) -> Option<CaseFile> {
    let map = expect_map(tree, document.root, "案例", report)?;
    let (text, at) = text_of(tree, map, report)?;
    match options.text {
        LawText::Only(wanted) if wanted != text => return None,
        LawText::Of(wanted) if wanted != text => {
            report.add(|| errors::other_text(at, text, wanted));
            return None;
        }
        LawText::Only(_) | LawText::Of(_) | LawText::Any => {}
    }
    let heads = layers::stack(tree, map, names, options.bases, report);
    let tree: &Tree = tree;
    let top = heads.first()?;
    let (roots, present) = roots(tree, &heads, names, report);
    if !present {
        let root = names.entity_name(EntityId(0));
        let at = tree.entries(map).next().map_or(document.span, |(key, _)| tree.span(key));
        report.add(|| errors::missing_root(at, root));
    }
    let mut texts = Texts::default();
    let tables = Fill::new(tree, names, &mut texts, report).run(&roots);
    let name = top.name.and_then(|node| read_text(tree, node, "案例", report)).unwrap_or(name);
    let note = top.note.and_then(|node| read_text(tree, node, "说明", report));
    let date = heads.iter().find_map(|head| head.date).and_then(|node| read_day(tree, node, report));
    let mut case = Case { name, date: options.date.or(date), tables, texts: Vec::new() };
    let expectations = match top.expectations.filter(|_| !options.facts_only) {
        Some(list) => {
            let moved = options.moved.map(|moved| move |address: &Address| moved(text, address));
            let moved = moved.as_ref().map(|moved| moved as &dyn Fn(&Address) -> Option<Address>);
            read_expectations(tree, list, names, &case.tables, (&mut texts, moved), report)
        }
        None => Vec::new(),
    };
    case.texts = texts.into_list();
    Some(CaseFile { case, note, expectations, span: document.span, text })
}

/// 适用文本 of a case: for the text of which day it was written; none: the unamended one. Bases do not say.
fn text_of(tree: &Tree, map: NodeId, report: &mut Report) -> Option<(Option<Date>, Span)> {
    let entry = tree.entries(map).find(|(key, _)| plain(tree.text(*key)) == "适用文本");
    let Some((key, node)) = entry else { return Some((None, tree.span(map))) };
    let scalar = Scalar::at(tree, node, "适用文本", "日期", report)?;
    if scalar.state() != State::Given {
        report.add(|| errors::text_without_date(scalar.span));
        return None;
    }
    read_date(&scalar, report).map(|date| (Some(date), tree.span(key)))
}

/// For the texts of which days the cases of a file are written; none stands for the unamended text. What cannot be
/// read counts as written for that: the reading itself says what is wrong.
#[must_use]
pub fn law_texts(text: &str, file: FileId, format: Format) -> BTreeSet<Option<Date>> {
    let (mut tree, mut report) = (Tree::default(), Report::default());
    let (documents, _) = read::read(&mut tree, text, file, format);
    let found: BTreeSet<Option<Date>> = documents
        .iter()
        .filter_map(|document| document.root)
        .filter(|root| !is_blank(&tree, *root))
        .map(|root| {
            let map = matches!(tree.kind(root), Kind::Map).then_some(root);
            map.and_then(|map| text_of(&tree, map, &mut report)).and_then(|(date, _)| date)
        })
        .collect();
    if found.is_empty() { BTreeSet::from([None]) } else { found }
}

/// The places of the cases of a file.
#[must_use]
pub fn case_places(text: &str, file: FileId, format: Format) -> Vec<Span> {
    let mut tree = Tree::default();
    let (documents, _) = read::read(&mut tree, text, file, format);
    let present = |d: &Document| d.root.is_some_and(|root| !is_blank(&tree, root));
    documents.iter().filter(|d| present(d)).map(|d| d.span).collect()
}

/// The maps of the root entity, uppermost first, and whether its key is there at all.
fn roots(tree: &Tree, heads: &[Head], names: &Names<'_>, report: &mut Report) -> (Vec<NodeId>, bool) {
    let what = format!("“{}”", names.entity_name(EntityId(0)));
    let mut maps = Vec::new();
    let mut present = names.hir.entities.is_empty();
    for node in heads.iter().filter_map(|head| head.root) {
        present = true;
        if let Kind::Scalar(style) = tree.kind(node) {
            let scalar = Scalar { what: &what, text: tree.text(node), style, span: tree.span(node) };
            if scalar.state() == State::Unknown {
                continue;
            }
        }
        maps.extend(expect_map(tree, node, &what, report));
    }
    (maps, present)
}

fn read_text(tree: &Tree, node: NodeId, what: &str, report: &mut Report) -> Option<String> {
    let scalar = Scalar::at(tree, node, what, "文字", report)?;
    (scalar.state() == State::Given).then(|| scalar.text.to_owned())
}

fn read_day(tree: &Tree, node: NodeId, report: &mut Report) -> Option<Date> {
    let scalar = Scalar::at(tree, node, "认定日期", "日期", report)?;
    if scalar.state() == State::Given { read_date(&scalar, report) } else { None }
}
