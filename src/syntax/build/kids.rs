//! The children of a parse node, taken in order.
use crate::syntax::grammar::Rule;
use pest::iterators::{Pair, Pairs};

/// A parse node.
pub type Node<'a> = Pair<'a, Rule>;

/// What is left of the children of a node.
#[derive(Clone)]
pub struct Kids<'a>(Pairs<'a, Rule>);

impl<'a> Kids<'a> {
    /// All children of a node.
    pub fn of(node: Node<'a>) -> Self {
        Self(node.into_inner())
    }

    /// The rule of the next child.
    pub fn peek(&self) -> Option<Rule> {
        self.0.peek().map(|n| n.as_rule())
    }

    /// The next child if it is of this rule.
    pub fn maybe(&mut self, rule: Rule) -> Option<Node<'a>> {
        if self.peek() == Some(rule) { self.0.next() } else { None }
    }

    /// Skips the next child if it is of this rule and says whether it was.
    pub fn took(&mut self, rule: Rule) -> bool {
        self.maybe(rule).is_some()
    }

    /// The next child of this rule, leaving out others before it (punctuation).
    pub fn seek(&mut self, rule: Rule) -> Option<Node<'a>> {
        self.0.find(|n| n.as_rule() == rule)
    }
}

impl<'a> Iterator for Kids<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.0.next()
    }
}
