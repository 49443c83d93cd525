//! The text before an operation: its provisions by address, its headings, and where each lies in the text.
use super::Source;
use crate::base::{Address, FileId, Part, PartKind, Span};
use crate::syntax::ast::{HeaderKey, Heading, HeadingAddress, HeadingLevel, Provision, SourceFile, TopItem};
use std::collections::HashMap;

/// Bytes of one file: `start..end` of the file with that index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// Index of the file.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Region {
    /// Whether the two share a byte, or one is a point within the other.
    pub fn overlaps(self, other: Self) -> bool {
        self.file == other.file && self.start < other.end && other.start < self.end
    }
}

/// A provision of the base.
pub struct Node<'a> {
    /// Its tree.
    pub tree: &'a Provision,
    /// Full address.
    pub address: Address,
    /// What it lies in.
    pub parent: Option<usize>,
    /// What lies in it, in order of text.
    pub children: Vec<usize>,
    /// Index of its file.
    pub file: usize,
    /// Innermost heading above it.
    pub heading: Option<usize>,
    /// One past the last node below it.
    pub end: usize,
}

impl Node<'_> {
    /// Its own step.
    pub fn part(&self) -> Part {
        Part { kind: self.tree.kind, number: self.tree.number, sub: self.tree.sub }
    }
}

/// A chapter or section of the base.
pub struct Head<'a> {
    /// Its tree.
    pub tree: &'a Heading,
    /// 第三章第一节
    pub address: HeadingAddress,
    /// Index of its file.
    pub file: usize,
    /// Index among the items of the file.
    pub item: usize,
    /// The chapter a section lies in.
    pub parent: Option<usize>,
}

/// The text at hand, indexed.
pub struct Base<'a> {
    /// Texts by file.
    pub texts: Vec<&'a str>,
    /// Ids by file.
    pub ids: Vec<FileId>,
    /// Trees by file.
    pub trees: &'a [SourceFile],
    /// Provisions, each before those within it.
    pub nodes: Vec<Node<'a>>,
    /// Articles in order of text.
    pub articles: Vec<usize>,
    /// Chapters and sections in order of text.
    pub heads: Vec<Head<'a>>,
    by_address: HashMap<Address, usize>,
    /// Title and short title.
    pub names: Vec<&'a str>,
}

impl<'a> Base<'a> {
    /// Indexes the trees of the sources.
    pub fn new(sources: &[Source<'a>], trees: &'a [SourceFile]) -> Self {
        let header = trees.first().and_then(|t| t.header.as_ref());
        let names = header.map_or_else(Vec::new, |h| {
            let short = h.texts.iter().filter(|(key, _)| *key == HeaderKey::ShortTitle);
            short.map(|(_, t)| t.text.as_str()).chain([h.title.text.as_str()]).collect()
        });
        let mut base = Self {
            texts: sources.iter().map(|s| s.text).collect(),
            ids: sources.iter().map(|s| s.file).collect(),
            trees,
            nodes: Vec::new(),
            articles: Vec::new(),
            heads: Vec::new(),
            by_address: HashMap::new(),
            names,
        };
        for (file, tree) in trees.iter().enumerate() {
            base.add_file(file, tree);
        }
        base
    }

    fn add_file(&mut self, file: usize, tree: &'a SourceFile) {
        for (item, top) in tree.items.iter().enumerate() {
            match top {
                TopItem::Heading(heading) => self.add_heading(file, item, heading),
                TopItem::Article(article) => {
                    let node = self.add(article, None, Address::default(), file);
                    self.articles.push(node);
                }
                TopItem::Include(_)
                | TopItem::Enum(_)
                | TopItem::Facts(_)
                | TopItem::Conclusions(_)
                | TopItem::Statement(_) => {}
            }
        }
    }

    fn add_heading(&mut self, file: usize, item: usize, tree: &'a Heading) {
        let chapter = self.heads.iter().rposition(|h| h.tree.level == HeadingLevel::Chapter);
        let (address, parent) = match tree.level {
            HeadingLevel::Chapter => (HeadingAddress { chapter: tree.number, section: None }, None),
            HeadingLevel::Section => {
                let number = chapter.and_then(|c| self.heads.get(c)).map_or(0, |c| c.address.chapter);
                (HeadingAddress { chapter: number, section: Some(tree.number) }, chapter)
            }
        };
        self.heads.push(Head { tree, address, file, item, parent });
    }

    /// Recursion: 条 款 项 目.
    fn add(&mut self, tree: &'a Provision, parent: Option<usize>, above: Address, file: usize) -> usize {
        let part = Part { kind: tree.kind, number: tree.number, sub: tree.sub };
        let address = above.with_part(part);
        let index = self.nodes.len();
        let heading = self.heads.len().checked_sub(1);
        self.by_address.entry(address.clone()).or_insert(index);
        let made = Node {
            tree,
            address: address.clone(),
            parent,
            children: Vec::new(),
            file,
            heading,
            end: index + 1,
        };
        self.nodes.push(made);
        let mut children = Vec::with_capacity(tree.children.len());
        for child in &tree.children {
            children.push(self.add(child, Some(index), address.clone(), file));
        }
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(index) {
            node.children = children;
            node.end = end;
        }
        index
    }

    /// The provision at exactly this address.
    pub fn find(&self, address: &Address) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    /// The provision an address names as citations do: 第一款 of an article without 款 is the article.
    pub fn find_cited(&self, address: &Address) -> Option<usize> {
        if let Some(found) = self.find(address) {
            return Some(found);
        }
        let at = address.parts.iter().position(|&p| p == Part::new(PartKind::Paragraph, 1))?;
        let mut plain = address.clone();
        plain.parts.remove(at);
        let found = self.find(&plain)?;
        (!self.has_paragraphs(self.find(&plain.article())?)).then_some(found)
    }

    /// Whether an article is made of 款.
    pub fn has_paragraphs(&self, article: usize) -> bool {
        self.children(article, PartKind::Paragraph).next().is_some()
    }

    /// Provisions of a kind right below one.
    pub fn children(&self, node: usize, kind: PartKind) -> impl Iterator<Item = usize> + '_ {
        let children = self.nodes.get(node).map_or(&[][..], |n| n.children.as_slice());
        children.iter().copied().filter(move |&c| self.nodes.get(c).is_some_and(|n| n.tree.kind == kind))
    }

    /// The provisions beside one, itself among them, in order of text.
    pub fn siblings(&self, node: usize) -> Vec<usize> {
        let Some(found) = self.nodes.get(node) else { return Vec::new() };
        match found.parent {
            None => self.articles.clone(),
            Some(parent) => self.children(parent, found.tree.kind).collect(),
        }
    }

    /// The provision of this kind that one lies in or is; 款 of an article without 款 is the article.
    pub fn enclosing(&self, node: usize, kind: PartKind) -> Option<usize> {
        let mut here = Some(node);
        while let Some(index) = here {
            let found = self.nodes.get(index)?;
            let whole = kind == PartKind::Paragraph && found.tree.kind == PartKind::Article;
            if found.tree.kind == kind || whole {
                return Some(index);
            }
            here = found.parent;
        }
        None
    }

    /// The chapter or section with this number.
    pub fn find_heading(&self, address: HeadingAddress) -> Option<usize> {
        let exact = self.heads.iter().position(|h| h.address == address);
        exact.or_else(|| {
            // 第一节 of a law with a single chapter that has it.
            let mut same =
                self.heads.iter().enumerate().filter(|(_, h)| h.address.section == address.section);
            let only = same.next().map(|(i, _)| i);
            (address.chapter == 0 && address.section.is_some() && same.next().is_none()).then_some(only)?
        })
    }

    /// Whether a heading lies in another or is it.
    pub fn heading_in(&self, inner: Option<usize>, outer: usize) -> bool {
        inner.is_some_and(|i| i == outer || self.heads.get(i).and_then(|h| h.parent) == Some(outer))
    }

    /// Articles below a heading.
    pub fn articles_below(&self, heading: usize) -> impl Iterator<Item = usize> + '_ {
        let below = move |&a: &usize| self.nodes.get(a).is_some_and(|n| self.heading_in(n.heading, heading));
        self.articles.iter().copied().filter(below)
    }

    /// The text of a region.
    pub fn slice(&self, region: Region) -> &'a str {
        self.texts.get(region.file).and_then(|t| t.get(region.start..region.end)).unwrap_or("")
    }

    /// The bytes of a span in a file of this index.
    pub fn bytes(file: usize, span: Span) -> Region {
        Region { file, start: span.start as usize, end: span.end as usize }
    }

    /// The place of a region, for messages.
    pub fn span(&self, region: Region) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let id = self.ids.get(region.file).copied().unwrap_or_default();
        Span::new(id, clamp(region.start), clamp(region.end))
    }

    /// A provision from its label to its end, with what stands behind it on its last line.
    pub fn body(&self, node: usize) -> Region {
        let Some(found) = self.nodes.get(node) else { return Region { file: 0, start: 0, end: 0 } };
        let text = self.texts.get(found.file).copied().unwrap_or("");
        let start = found.tree.label.start as usize;
        Region { file: found.file, start, end: super::lines::end_of(text, found.tree.span.end as usize) }
    }

    /// A provision with the comments right above it and its last line.
    pub fn whole(&self, node: usize) -> Region {
        let body = self.body(node);
        super::lines::whole(self.texts.get(body.file).copied().unwrap_or(""), body)
    }

    /// Something else from `span` on, with the comments right above it and its last line.
    pub fn whole_of(&self, file: usize, span: Span) -> Region {
        let text = self.texts.get(file).copied().unwrap_or("");
        let end = super::lines::end_of(text, span.end as usize);
        super::lines::whole(text, Region { file, start: span.start as usize, end })
    }
}
