//! One side of a comparison: the own text of a policy, part by part in reading order, as canonical words.
use crate::base::{Address, Part, PartKind, Sources, Span};
use crate::diag::{Diagnostic, Severity};
use crate::driver::Compilation;
use crate::hir::LoadedFile;
use crate::syntax::ast::{self, HeadingLevel, StatementKind, TopItem};
use crate::syntax::print::parts;
use crate::{base::numeral, syntax};

/// One side: what it is called, and what it says.
#[derive(Clone, Debug)]
pub struct Side {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// A part of a policy at top level.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// Anything that is known by its name.
    Named(Named),
    /// 章, 节
    Heading { label: String, title: String },
    /// A statement outside any article that defines nothing.
    Statement(String),
    /// 条
    Article(Node),
}

/// What is known by its name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub kind: NamedKind,
    /// Unique among its kind.
    pub name: String,
    /// What it says.
    pub words: String,
}

/// Kinds of what is known by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedKind {
    Header,
    Include,
    Enum,
    Fact,
    Conclusion,
    Definition,
}

/// A provision.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub address: Address,
    pub marks: String,
    pub text: Option<String>,
    pub notes: Vec<String>,
    pub statements: Vec<String>,
    pub children: Vec<Node>,
    /// Articles: the lines of the source.
    pub lines: Vec<String>,
    /// Articles: something in it could not be read.
    pub broken: bool,
    /// The words of an undivided article, set beside the 款 of a divided one.
    pub virtual_paragraph: bool,
}

impl Side {
    /// The own text of what was compiled, whether or not it has errors: parts without a title belong to it, other laws do not.
    #[must_use]
    pub fn of(name: impl Into<String>, compiled: &Compilation) -> Self {
        let mut reader = Reader {
            files: &compiled.files,
            sources: &compiled.sources,
            problems: &compiled.diagnostics,
            law: "办法".to_owned(),
            blocks: Vec::new(),
            title: String::new(),
        };
        reader.start();
        Self { name: name.into(), title: reader.title, blocks: reader.blocks }
    }

    /// A text that stands alone, read without compiling it.
    #[must_use]
    pub fn of_text(name: impl Into<String>, text: &str) -> Self {
        let mut sources = Sources::new();
        let file = sources.add("", text);
        let (file, diagnostics) = syntax::parse(sources.text(file), file);
        let files = vec![LoadedFile { file, includes: Vec::new() }];
        Self::of(name, &Compilation { sources, files, program: None, diagnostics })
    }
}

impl Node {
    /// Whether nothing is said in it.
    pub fn is_bare(&self) -> bool {
        self.text.is_none() && self.statements.is_empty() && self.children.is_empty()
    }

    /// Whether its text is divided into 款.
    pub fn has_paragraphs(&self) -> bool {
        self.children.iter().any(|c| c.address.last().is_some_and(|p| p.kind == PartKind::Paragraph))
    }
}

struct Reader<'a> {
    files: &'a [LoadedFile],
    sources: &'a Sources,
    problems: &'a [Diagnostic],
    law: String,
    blocks: Vec<Block>,
    title: String,
}

impl Reader<'_> {
    fn start(&mut self) {
        let Some(main) = self.files.first() else { return };
        if let Some(header) = &main.file.header {
            self.law.clone_from(&header.kind.text);
            self.title.clone_from(&header.title.text);
            self.header(header);
        }
        self.file(0, &mut vec![false; self.files.len()]);
    }

    /// The items of a file; those of a part of the policy stand where it is included. Files include only files after
    /// them or before, never themselves (the driver sees to it), and each is read once.
    fn file(&mut self, index: usize, seen: &mut [bool]) {
        let mut open = vec![(index, 0, 0)];
        if let Some(first) = seen.get_mut(index) {
            *first = true;
        }
        while let Some((file, item, include)) = open.last_mut() {
            let Some(loaded) = self.files.get(*file) else {
                open.pop();
                continue;
            };
            let Some(next) = loaded.file.items.get(*item) else {
                open.pop();
                continue;
            };
            let end = loaded.file.items.get(*item + 1).map(start_of);
            *item += 1;
            if let TopItem::Include(path) = next {
                let target = loaded.includes.get(*include).copied().flatten();
                *include += 1;
                self.named(NamedKind::Include, format!("「{}」", path.text), String::new());
                let own = target
                    .filter(|t| self.files.get(*t).is_some_and(|f| f.file.header.is_none()))
                    .filter(|t| seen.get(*t) == Some(&false));
                if let Some(target) = own {
                    if let Some(mark) = seen.get_mut(target) {
                        *mark = true;
                    }
                    open.push((target, 0, 0));
                }
            } else {
                self.item(next, end);
            }
        }
    }

    fn named(&mut self, kind: NamedKind, name: String, words: String) {
        self.blocks.push(Block::Named(Named { kind, name, words }));
    }

    fn header(&mut self, header: &ast::Header) {
        let title = format!("{}「{}」", header.kind.text, header.title.text);
        self.named(NamedKind::Header, "标题".to_owned(), title);
        for (key, text) in &header.texts {
            self.named(NamedKind::Header, parts::header_word(*key).to_owned(), text.text.clone());
        }
        for (key, date, _) in &header.dates {
            self.named(NamedKind::Header, parts::header_date_word(*key).to_owned(), date.to_string());
        }
    }

    fn item(&mut self, item: &TopItem, end: Option<u32>) {
        match item {
            TopItem::Include(_) => {}
            TopItem::Enum(decl) => {
                self.named(NamedKind::Enum, decl.name.text.clone(), parts::enumeration(decl));
            }
            TopItem::Facts(block) => self.fields(NamedKind::Fact, &block.entity.text, &block.fields),
            TopItem::Conclusions(block) => {
                self.fields(NamedKind::Conclusion, &block.entity.text, &block.fields);
            }
            TopItem::Heading(heading) => self.heading(heading),
            TopItem::Statement(statement) => {
                let words = parts::statement(&statement.kind, &self.law, true);
                if let StatementKind::Definition(d) = &statement.kind {
                    let of = d.entity.as_ref().map_or_else(String::new, |e| format!("{}.", e.text));
                    self.named(NamedKind::Definition, format!("{of}{}", d.name.text), words);
                } else {
                    self.blocks.push(Block::Statement(words));
                }
            }
            TopItem::Article(article) => {
                let mut node = self.node(article, &Address::default(), true);
                let whole = Span { end: end.unwrap_or(u32::MAX).max(article.span.end), ..article.span };
                node.lines = lines(self.sources.slice(whole));
                node.broken = self.problems.iter().any(|d| {
                    let at = d.labels.first().map(|l| l.span);
                    d.severity == Severity::Error
                        && d.code.starts_with("B01")
                        && at.is_some_and(|at| {
                            at.file == whole.file && whole.start <= at.start && at.start < whole.end
                        })
                });
                self.blocks.push(Block::Article(node));
            }
        }
    }

    fn fields(&mut self, kind: NamedKind, entity: &str, fields: &[ast::Field]) {
        for field in fields {
            self.named(kind, format!("{entity}.{}", field.name.text), parts::field(field));
        }
    }

    fn heading(&mut self, heading: &ast::Heading) {
        let word = match heading.level {
            HeadingLevel::Chapter => "章",
            HeadingLevel::Section => "节",
        };
        let label = format!("第{}{word}", numeral::to_chinese(u64::from(heading.number)));
        let title = format!("{}{}", parts::marks(&heading.marks), heading.title.text);
        self.blocks.push(Block::Heading { label, title });
    }

    /// A provision and what lies below it. The parser bounds the depth: 条, 款, 项, 目.
    fn node(&self, p: &ast::Provision, above: &Address, last: bool) -> Node {
        let address = above.clone().with_part(Part { kind: p.kind, number: p.number, sub: p.sub });
        let statements = p.statements.iter().map(|s| parts::statement(&s.kind, &self.law, last)).collect();
        let count = p.children.len();
        let children =
            p.children.iter().enumerate().map(|(i, c)| self.node(c, &address, i + 1 == count)).collect();
        Node {
            marks: parts::marks(&p.marks),
            text: p.text.as_ref().map(|t| t.text.clone()),
            notes: p.notes.iter().map(|n| n.text.clone()).collect(),
            statements,
            children,
            address,
            ..Node::default()
        }
    }
}

fn start_of(item: &TopItem) -> u32 {
    match item {
        TopItem::Include(text) => text.span.start,
        TopItem::Enum(decl) => decl.span.start,
        TopItem::Facts(block) => block.span.start,
        TopItem::Conclusions(block) => block.span.start,
        TopItem::Heading(heading) => heading.span.start,
        TopItem::Article(article) => article.span.start,
        TopItem::Statement(statement) => statement.span.start,
    }
}

/// Lines without indentation, blank ones and comments.
fn lines(source: &str) -> Vec<String> {
    let kept = source.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("--"));
    kept.map(str::to_owned).collect()
}
