//! Two rows of tokens as one row of pieces: kept, deleted, inserted, followed.
use super::cleanup::{Run, clean};
use super::model::{Change, Piece};
use super::token::Token;
use crate::base::Address;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

/// Rows of more tokens than this are not searched for what they share in the middle.
const MOST: usize = 20_000;

/// Compares two rows of tokens. Seen from the other side the pieces are the same with old and new exchanged.
#[must_use]
pub fn compare(old: &[Token], new: &[Token]) -> Vec<Piece> {
    let words = |tokens: &[Token]| tokens.iter().map(|t| t.text.clone()).collect::<Vec<String>>();
    // One order for both directions, so that a choice among equally short differences is the same.
    let turned = words(old) > words(new);
    let (a, b) = if turned { (new, old) } else { (old, new) };
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut keys = Vec::new();
    for token in a.iter().chain(b) {
        let next = numbers.len();
        keys.push(*numbers.entry(&token.key).or_insert(next));
    }
    let (a_keys, b_keys) = keys.split_at(a.len().min(keys.len()));
    let mut runs = search(a_keys, b_keys);
    clean(&mut runs, a, b);
    let mut out = Vec::new();
    for run in runs {
        let (left, right) = (a.get(run.a).unwrap_or(&[]), b.get(run.b).unwrap_or(&[]));
        let (old, new) = if turned { (right, left) } else { (left, right) };
        if run.same {
            for (old, new) in old.iter().zip(new) {
                keep(&mut out, old, new);
            }
        } else {
            change(&mut out, old, new);
        }
    }
    out
}

/// Everything on one side only.
#[must_use]
pub fn whole(text: String, added: bool) -> Vec<Piece> {
    if text.is_empty() {
        return Vec::new();
    }
    vec![if added { Piece::Inserted(text) } else { Piece::Deleted(text) }]
}

/// What a row of pieces amounts to.
#[must_use]
pub fn change_of(pieces: &[Piece]) -> Change {
    let differs = |p: &Piece| matches!(p, Piece::Deleted(_) | Piece::Inserted(_) | Piece::Redirected { .. });
    if pieces.iter().any(differs) {
        Change::Changed
    } else if pieces.iter().any(|p| matches!(p, Piece::Renumbered { .. })) {
        Change::References
    } else {
        Change::Same
    }
}

fn keep(out: &mut Vec<Piece>, old: &Token, new: &Token) {
    if old.text != new.text {
        out.push(Piece::Renumbered { old: old.text.clone(), new: new.text.clone() });
    } else if let Some(Piece::Same(text)) = out.last_mut() {
        text.push_str(&old.text);
    } else {
        out.push(Piece::Same(old.text.clone()));
    }
}

/// A change; references at its ends that only lead elsewhere are told apart.
fn change(out: &mut Vec<Piece>, old: &[Token], new: &[Token]) {
    let alike = |(a, b): &(&Token, &Token)| a.text == b.text;
    let head = old.iter().zip(new).take_while(alike).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(alike).count();
    let cut = |tokens: &[Token]| {
        let (rest, tail) = tokens.split_at_checked(tokens.len() - tail).unwrap_or((tokens, &[]));
        let (head, rest) = rest.split_at_checked(head).unwrap_or((rest, &[]));
        [head, rest, tail].map(<[Token]>::to_vec)
    };
    let ([old_head, old, old_tail], [new_head, new, new_tail]) = (cut(old), cut(new));
    old_head.iter().zip(&new_head).for_each(|(o, n)| redirect(out, o, n));
    let joined = |tokens: &[Token]| tokens.iter().map(|t| t.text.as_str()).collect::<String>();
    if !old.is_empty() {
        out.push(Piece::Deleted(joined(&old)));
    }
    if !new.is_empty() {
        out.push(Piece::Inserted(joined(&new)));
    }
    old_tail.iter().zip(&new_tail).for_each(|(o, n)| redirect(out, o, n));
}

/// The same words; whether they also say the same, the keys tell.
fn redirect(out: &mut Vec<Piece>, old: &Token, new: &Token) {
    match (&old.named, &new.named) {
        (Some(was), Some(is)) if old.key != new.key => {
            out.push(Piece::Redirected {
                text: new.text.clone(),
                old: named(was, &old.key),
                new: named(is, &new.key),
            });
        }
        _ => keep(out, old, new),
    }
}

fn named(address: &Address, key: &str) -> String {
    if key.starts_with('?') { format!("{address}（没有这一条）") } else { address.to_string() }
}

/// Runs of equal and of unequal keys, in order.
fn search(a: &[usize], b: &[usize]) -> Vec<Run> {
    if a.len().max(b.len()) > MOST {
        return ends(a, b);
    }
    // Only the lengths are taken: where nothing is deleted or inserted, the place told may be that of an earlier shift.
    let (mut at_a, mut at_b) = (0, 0);
    let runs = capture_diff_slices(Algorithm::Myers, a, b).into_iter().map(|op| {
        let (start_a, start_b) = (at_a, at_b);
        at_a += op.old_range().len();
        at_b += op.new_range().len();
        Run { same: matches!(op, DiffOp::Equal { .. }), a: start_a..at_a, b: start_b..at_b }
    });
    runs.collect()
}

/// Only what both begin with and end with is taken for the same.
fn ends(a: &[usize], b: &[usize]) -> Vec<Run> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let (a_end, b_end) = (a.len() - tail, b.len() - tail);
    [
        Run { same: true, a: 0..head, b: 0..head },
        Run { same: false, a: head..a_end, b: head..b_end },
        Run { same: true, a: a_end..a.len(), b: b_end..b.len() },
    ]
    .into_iter()
    .filter(|r| !r.a.is_empty() || !r.b.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redline::identity::Identity;
    use crate::redline::token;

    fn shown(old: &str, new: &str) -> String {
        let (old, new) = token::texts(old, new, &Identity::default());
        let marked = |p: &Piece| match p {
            Piece::Same(t) => t.clone(),
            Piece::Deleted(t) => format!("[-{t}-]"),
            Piece::Inserted(t) => format!("{{+{t}+}}"),
            Piece::Renumbered { old, new } => format!("<{old}>{new}>"),
            Piece::Redirected { text, old, new } => format!("<{text}:{old}>{new}>"),
        };
        compare(&old, &new).iter().map(marked).collect()
    }

    #[test]
    fn words_stay_readable() {
        assert_eq!(
            shown("应当自收到之日起十五日内", "应当自受理之日起二十日内"),
            "应当自[-收到-]{+受理+}之日起[-十五-]{+二十+}日内"
        );
        assert_eq!(shown("甲、乙", "丙、丁"), "[-甲、乙-]{+丙、丁+}");
        assert_eq!(shown("迟还的，停借。", "迟还的，停借并赔偿。"), "迟还的，停借{+并赔偿+}。");
        assert_eq!(shown("", "甲"), "{+甲+}");
        assert_eq!(shown("甲", "甲"), "甲");
    }

    #[test]
    fn the_longest_texts_share_their_ends() {
        let long = "甲乙".repeat(MOST);
        let pieces = compare(&token::words(&format!("，{long}。")), &token::words(&format!("，{long}丙。")));
        assert_eq!(change_of(&pieces), Change::Changed);
        let runs = ends(&[1, 2, 3, 4], &[1, 9, 4]);
        assert_eq!(
            runs.iter().map(|r| (r.same, r.a.len(), r.b.len())).collect::<Vec<_>>(),
            [(true, 1, 1), (false, 2, 1), (true, 1, 1)]
        );
    }
}
