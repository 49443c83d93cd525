//! Provisions of both sides joined into one tree, level by level, and the record of who is who.
use super::compare::Moved;
use super::identity::Identity;
use super::matching::{Item, partners};
use super::side::Node;
use super::weave::weave;
use crate::base::{Address, Part, PartKind};

/// A provision on one side or both, without what lies below it; that is in `children`.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    pub old: Option<Node>,
    pub new: Option<Node>,
    pub children: Vec<Pair>,
}

/// Joins two provisions and everything below them.
pub fn join(
    old: Option<&Node>,
    new: Option<&Node>,
    moved: Option<Moved<'_>>,
    identity: &mut Identity,
) -> Pair {
    match (old, new) {
        (Some(old), Some(new)) => both(old, new, moved, identity),
        (old, new) => alone(old, new, identity),
    }
}

fn alone(old: Option<&Node>, new: Option<&Node>, identity: &mut Identity) -> Pair {
    let mut pair = Pair::default();
    if let Some(node) = old {
        identity.deleted(&node.address);
        pair.children = node.children.iter().map(|c| alone(Some(c), None, identity)).collect();
        pair.old = Some(bare(node));
    } else if let Some(node) = new {
        identity.added(&node.address);
        pair.children = node.children.iter().map(|c| alone(None, Some(c), identity)).collect();
        pair.new = Some(bare(node));
    }
    pair
}

fn both(old: &Node, new: &Node, moved: Option<Moved<'_>>, identity: &mut Identity) -> Pair {
    let (mut old, mut new) = (old.clone(), new.clone());
    if old.virtual_paragraph || new.virtual_paragraph {
        identity.divided(&old.address, &new.address);
    } else {
        identity.pair(&old.address, &new.address);
    }
    if old.broken || new.broken {
        return Pair { old: Some(old), new: Some(new), children: Vec::new() };
    }
    if old.has_paragraphs() && !new.has_paragraphs() && !new.is_bare() {
        new = divide(new);
    } else if new.has_paragraphs() && !old.has_paragraphs() && !old.is_bare() {
        old = divide(old);
    }
    let children = level(&old, &new, moved, identity);
    Pair { old: Some(bare(&old)), new: Some(bare(&new)), children }
}

/// The provisions below two that are one.
fn level(old: &Node, new: &Node, moved: Option<Moved<'_>>, identity: &mut Identity) -> Vec<Pair> {
    let items = |nodes: &[Node]| nodes.iter().map(item).collect::<Vec<Item>>();
    let (mut known, mut gone) = (Vec::new(), Vec::new());
    for (o, child) in old.children.iter().enumerate() {
        // What a decision says of a place counts; what it does not mention is found by its words.
        match moved.map(|m| (m(&child.address), below(&child.address, &new.address))) {
            Some((Some(target), here)) if Some(&target) != here.as_ref() => {
                known.extend(new.children.iter().position(|n| n.address == target).map(|n| (o, n)));
            }
            Some((None, _)) => gone.push(o),
            Some((Some(_), _)) | None => {}
        }
    }
    let partner = partners(&items(&old.children), &items(&new.children), &known, &gone);
    weave(&partner, new.children.len())
        .into_iter()
        .map(|slot| {
            let old = slot.old.and_then(|i| old.children.get(i));
            let new = slot.new.and_then(|i| new.children.get(i));
            join(old, new, moved, identity)
        })
        .collect()
}

/// The same step below another provision.
fn below(address: &Address, upper: &Address) -> Option<Address> {
    Some(upper.clone().with_part(address.last()?))
}

/// A provision as something to be matched.
pub fn item(node: &Node) -> Item {
    let key = match node.address.last() {
        // The one 款 of an undivided article.
        Some(part) if part.kind == PartKind::Article && node.virtual_paragraph => {
            Part::new(PartKind::Paragraph, 1).to_string()
        }
        Some(part) => part.to_string(),
        None => String::new(),
    };
    let mut words = String::new();
    gather(node, &mut words, &|n, out| out.extend(n.text.as_deref()));
    if words.is_empty() {
        gather(node, &mut words, &|n, out| out.extend(n.statements.iter().map(String::as_str)));
    }
    Item::new(key, words)
}

fn gather(node: &Node, out: &mut String, take: &dyn Fn(&Node, &mut String)) {
    take(node, out);
    for child in &node.children {
        gather(child, out, take);
    }
}

/// Without what lies below.
fn bare(node: &Node) -> Node {
    Node { children: Vec::new(), ..node.clone() }
}

/// An undivided article as an article of one 款, which has the article's own address.
fn divide(mut article: Node) -> Node {
    let paragraph = Node {
        address: article.address.clone(),
        text: article.text.take(),
        notes: std::mem::take(&mut article.notes),
        statements: std::mem::take(&mut article.statements),
        children: std::mem::take(&mut article.children),
        virtual_paragraph: true,
        ..Node::default()
    };
    Node { children: vec![paragraph], ..article }
}
