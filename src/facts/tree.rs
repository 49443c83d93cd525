//! The one tree that every format is read into: maps, lists and scalars with their places, in a flat arena.
//!
//! Comes out of [`super::read`]; goes into [`super::base_case`] and [`super::fill`]. Nodes are never changed after
//! they are made and refer to one another by number, so nothing here recurses, not even when it is dropped.
use crate::base::Span;

/// How deeply lists and maps may stand in one another.
pub const MAX_DEPTH: usize = 128;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

/// How a scalar was written; decides whether `3` may be a text and whether `不明` is the word or the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// YAML without quotes; JSON and TOML strings: words such as 不明 keep their meaning.
    Plain,
    /// YAML in quotes or as a block: a text fact takes it literally.
    Quoted,
    /// JSON and TOML numbers, the digits as written.
    Number,
    /// JSON and TOML `true`, `false`.
    Bool,
    /// JSON `null`.
    Null,
    /// TOML dates and times, as written.
    Date,
    /// Something that was reported and cannot be used.
    Refused,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys and values.
    Map,
    /// Members.
    List,
    /// Anything else.
    Scalar(Style),
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    kind: Kind,
    /// Range of `kids` (map, list) or of `text` (scalar).
    start: u32,
    end: u32,
}

/// Nodes of any number of documents.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    kids: Vec<NodeId>,
    text: String,
}

impl Tree {
    /// What the node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// Where the node stands.
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The text of a scalar; empty for maps and lists.
    pub fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        match node.kind {
            Kind::Scalar(_) => self.text.get(node.start as usize..node.end as usize).unwrap_or(""),
            Kind::Map | Kind::List => "",
        }
    }

    /// Members of a list; of a map: key, value, key, value.
    pub fn kids(&self, id: NodeId) -> &[NodeId] {
        let node = self.node(id);
        match node.kind {
            Kind::Map | Kind::List => self.kids.get(node.start as usize..node.end as usize).unwrap_or(&[]),
            Kind::Scalar(_) => &[],
        }
    }

    /// Keys and values of a map, in order; nothing for lists and scalars.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let kids = if self.kind(id) == Kind::Map { self.kids(id) } else { &[] };
        kids.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((*key, *value)),
            _ => None,
        })
    }

    /// Adds a scalar.
    pub fn scalar(&mut self, style: Style, text: &str, span: Span) -> NodeId {
        let start = clamp(self.text.len());
        self.text.push_str(text);
        let end = clamp(self.text.len());
        self.push(Node { span, kind: Kind::Scalar(style), start, end })
    }

    /// Adds a map or list over nodes that exist already.
    pub fn branch(&mut self, kind: Kind, kids: impl IntoIterator<Item = NodeId>, span: Span) -> NodeId {
        let start = clamp(self.kids.len());
        self.kids.extend(kids);
        let end = clamp(self.kids.len());
        self.push(Node { span, kind, start, end })
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(clamp(self.nodes.len()));
        self.nodes.push(node);
        id
    }

    fn node(&self, id: NodeId) -> Node {
        const NOTHING: Node = Node {
            span: Span { file: crate::base::FileId(0), start: 0, end: 0 },
            kind: Kind::Scalar(Style::Null),
            start: 0,
            end: 0,
        };
        self.nodes.get(id.0 as usize).copied().unwrap_or(NOTHING)
    }
}

/// Inputs are refused at 4 GB, so no count of nodes or bytes reaches the limit.
fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A list or map was opened inside [`MAX_DEPTH`] others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

/// Builds one document from opening and closing events.
#[derive(Debug)]
pub struct Builder<'t> {
    tree: &'t mut Tree,
    open: Vec<Open>,
    /// Finished nodes whose list or map is still open, innermost last.
    pending: Vec<NodeId>,
}

#[derive(Debug)]
struct Open {
    kind: Kind,
    span: Span,
    first: usize,
}

impl<'t> Builder<'t> {
    /// A builder of one document in `tree`.
    pub fn new(tree: &'t mut Tree) -> Self {
        Self { tree, open: Vec::new(), pending: Vec::new() }
    }

    /// Opens a list or map.
    pub fn open(&mut self, kind: Kind, span: Span) -> Result<(), TooDeep> {
        if self.open.len() >= MAX_DEPTH {
            return Err(TooDeep);
        }
        self.open.push(Open { kind, span, first: self.pending.len() });
        Ok(())
    }

    /// Closes the innermost list or map, whose text ends at byte `end`.
    pub fn close(&mut self, end: u32) {
        if let Some(Open { kind, mut span, first }) = self.open.pop() {
            span.end = end.max(span.start);
            let kids = self.pending.drain(first.min(self.pending.len())..);
            let id = self.tree.branch(kind, kids, span);
            self.pending.push(id);
        }
    }

    /// Adds a scalar.
    pub fn scalar(&mut self, style: Style, text: &str, span: Span) {
        let id = self.tree.scalar(style, text, span);
        self.pending.push(id);
    }

    /// What the innermost open node is, and how many finished nodes it has; `None` at top level.
    pub fn innermost(&self) -> Option<(Kind, usize)> {
        self.open.last().map(|open| (open.kind, self.pending.len() - open.first))
    }

    /// Where the innermost open node begins.
    pub fn innermost_span(&self) -> Option<Span> {
        self.open.last().map(|open| open.span)
    }

    /// The root, once everything is closed.
    pub fn finish(self) -> Option<NodeId> {
        if self.open.is_empty() { self.pending.first().copied() } else { None }
    }
}
