//! References to provisions, and the labels of provisions.
use super::Builder;
use super::kids::{Kids, Node};
use crate::base::{Address, PartKind, numeral};
use crate::syntax::ast::{Reference, ReferenceTarget};
use crate::syntax::errors;
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    /// 甲、乙 或者 丙, each an address; those that cannot be read are reported and left out.
    pub fn references(&mut self, node: Node<'_>) -> Vec<Reference> {
        let mut references = Vec::new();
        for kid in Kids::of(node).filter(|n| n.as_rule() == Rule::reference) {
            references.extend(self.reference(kid));
        }
        references
    }

    /// One reference.
    pub fn reference(&mut self, node: Node<'_>) -> Option<Reference> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        let target = match first.as_rule() {
            Rule::this => ReferenceTarget::This(level(first.as_str())?),
            Rule::previous => ReferenceTarget::Previous(level(first.as_str())?),
            _ => {
                let from = self.address(&first)?;
                match kids.seek(Rule::address) {
                    Some(last) => ReferenceTarget::Range(from, self.address(&last)?),
                    None => ReferenceTarget::Address(from),
                }
            }
        };
        Some(Reference { target, span })
    }

    /// An address as written.
    pub fn address(&mut self, node: &Node<'_>) -> Option<Address> {
        let text = node.as_str();
        let steps = text.strip_prefix("本条").unwrap_or(text);
        let address = Address::parse(steps)
            .or_else(|| Address::parse_steps(steps).map(|parts| Address { law: String::new(), parts }));
        if address.is_none() {
            let at = self.span(node);
            self.diags.push(errors::bad_label(at, text, None));
        }
        address
    }

    /// The number and 之N of a label: 第八条, 第十九条之一, （五）, 1. ; 0 when it cannot be read.
    pub fn label_number(&mut self, node: &Node<'_>, kind: PartKind) -> (u32, u32) {
        let text = node.as_str().trim_end_matches(['.', '．']);
        let text = text.trim_start_matches(['第', '（', '(']);
        let end = text.find(['条', '款', '）', ')', '章', '节']).unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let sub = rest.split_once('之').map(|(_, n)| n);
        let at = self.span(node);
        let chinese = kind != PartKind::SubItem;
        let mut read = |digits: &str| {
            let value = numeral::parse_integer(digits).and_then(|n| u32::try_from(n).ok()).filter(|&n| n > 0);
            let canonical =
                value.map(|n| if chinese { numeral::to_chinese(n.into()) } else { n.to_string() });
            if canonical.as_deref() != Some(digits) {
                let meant = canonical.or_else(|| super::number::meant(digits));
                let meant = meant.map(|m| node.as_str().replacen(digits, &m, 1));
                self.diags.push(errors::bad_label(at, node.as_str(), meant));
            }
            value.unwrap_or(0)
        };
        (read(number), sub.map_or(0, &mut read))
    }
}

fn level(word: &str) -> Option<PartKind> {
    match word.chars().last()? {
        '条' => Some(PartKind::Article),
        '款' => Some(PartKind::Paragraph),
        '项' => Some(PartKind::Item),
        '目' => Some(PartKind::SubItem),
        _ => None,
    }
}
