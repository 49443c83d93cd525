//! A decision as a tree over its atomic conditions, and which of them alone turn it (masking MC/DC).
use crate::base::Truth;

/// A condition made of atoms by 且, 或者, 未 and 但…除外.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// An atomic condition, by its number; each stands at one place only.
    Atom(usize),
    /// 是 or 否 whatever the facts.
    Const(Truth),
    /// 且
    All(Vec<Tree>),
    /// 或者
    Any(Vec<Tree>),
    /// 未
    Not(Box<Tree>),
    /// The first, unless the second applies.
    Unless(Box<Tree>, Box<Tree>),
}

/// What the decision comes to if a part is 否, 是, 不明, 不适用 (by the codes of [`Truth`]).
type Response = [Truth; 4];

/// The part itself.
const SAME: Response = [Truth::False, Truth::True, Truth::Unknown, Truth::Na];

fn at(response: Response, truth: Truth) -> Truth {
    response.get(truth as usize).copied().unwrap_or_default()
}

/// A part's response, from that of the whole and what the whole makes of the part.
fn through(response: Response, whole: impl Fn(Truth) -> Truth) -> Response {
    SAME.map(|part| at(response, whole(part)))
}

/// 但…除外: an exception that cannot arise does not apply.
fn unless(a: Truth, b: Truth) -> Truth {
    a.and(!if b == Truth::Na { Truth::False } else { b })
}

impl Tree {
    /// The outcome for certain atoms.
    #[must_use]
    pub fn value(&self, atoms: &[Truth]) -> Truth {
        match self {
            Self::Atom(n) => atoms.get(*n).copied().unwrap_or_default(),
            Self::Const(truth) => *truth,
            Self::All(parts) => parts.iter().fold(Truth::True, |t, p| t.and(p.value(atoms))),
            Self::Any(parts) => parts.iter().fold(Truth::False, |t, p| t.or(p.value(atoms))),
            Self::Not(part) => !part.value(atoms),
            Self::Unless(a, b) => unless(a.value(atoms), b.value(atoms)),
        }
    }

    /// For each atom: whether it is 是 or 否 and the other of the two, everything else as it is, would turn the decision
    /// from holding (是) to not holding (否, 不适用) or back. An outcome of 不明 on either side shows nothing.
    #[must_use]
    pub fn shown(&self, atoms: &[Truth]) -> Vec<bool> {
        let mut out = vec![false; atoms.len()];
        self.descend(atoms, SAME, &mut out);
        out
    }

    /// From the root down, with what the decision comes to for each truth of this part. Recursion: no deeper than
    /// conditions nest.
    fn descend(&self, atoms: &[Truth], response: Response, out: &mut [bool]) {
        match self {
            Self::Atom(n) => {
                let truth = atoms.get(*n).copied().unwrap_or_default();
                if let (Truth::True | Truth::False, Some(slot)) = (truth, out.get_mut(*n)) {
                    let (as_is, turned) = (at(response, truth), at(response, !truth));
                    let open = as_is == Truth::Unknown || turned == Truth::Unknown;
                    *slot = !open && as_is.is_true() != turned.is_true();
                }
            }
            Self::Const(_) => {}
            Self::All(parts) => siblings(parts, atoms, Truth::True, Truth::and, response, out),
            Self::Any(parts) => siblings(parts, atoms, Truth::False, Truth::or, response, out),
            Self::Not(part) => part.descend(atoms, through(response, |t| !t), out),
            Self::Unless(a, b) => {
                let (left, right) = (a.value(atoms), b.value(atoms));
                a.descend(atoms, through(response, |t| unless(t, right)), out);
                b.descend(atoms, through(response, |t| unless(left, t)), out);
            }
        }
    }
}

/// The parts of a 且 or 或者, each against the rest of them.
fn siblings(
    parts: &[Tree],
    atoms: &[Truth],
    neutral: Truth,
    join: fn(Truth, Truth) -> Truth,
    response: Response,
    out: &mut [bool],
) {
    let values: Vec<Truth> = parts.iter().map(|p| p.value(atoms)).collect();
    let mut after: Vec<Truth> = Vec::with_capacity(parts.len());
    let mut rest = neutral;
    for value in values.iter().rev() {
        after.push(rest);
        rest = join(*value, rest);
    }
    let mut before = neutral;
    for ((part, value), after) in parts.iter().zip(values).zip(after.into_iter().rev()) {
        let others = join(before, after);
        part.descend(atoms, through(response, |t| join(t, others)), out);
        before = join(before, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A random tree whose atoms are numbered from left to right.
    fn tree() -> impl Strategy<Value = (Tree, usize)> {
        let leaf = prop_oneof![
            8 => Just(Tree::Atom(0)),
            1 => prop_oneof![Just(Truth::True), Just(Truth::False)].prop_map(Tree::Const),
        ];
        let any = leaf.prop_recursive(5, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 1..4).prop_map(Tree::All),
                proptest::collection::vec(inner.clone(), 1..4).prop_map(Tree::Any),
                inner.clone().prop_map(|t| Tree::Not(Box::new(t))),
                (inner.clone(), inner).prop_map(|(a, b)| Tree::Unless(Box::new(a), Box::new(b))),
            ]
        });
        any.prop_map(|mut tree| {
            let mut count = 0;
            number(&mut tree, &mut count);
            (tree, count)
        })
    }

    fn number(tree: &mut Tree, next: &mut usize) {
        match tree {
            Tree::Atom(n) => {
                *n = *next;
                *next += 1;
            }
            Tree::Const(_) => {}
            Tree::All(parts) | Tree::Any(parts) => parts.iter_mut().for_each(|p| number(p, next)),
            Tree::Not(part) => number(part, next),
            Tree::Unless(a, b) => {
                number(a, next);
                number(b, next);
            }
        }
    }

    fn truth() -> impl Strategy<Value = Truth> {
        prop_oneof![
            4 => Just(Truth::True),
            4 => Just(Truth::False),
            1 => Just(Truth::Unknown),
            1 => Just(Truth::Na),
        ]
    }

    fn trial() -> impl Strategy<Value = (Tree, Vec<Vec<Truth>>)> {
        tree().prop_flat_map(|(tree, count)| {
            let rows = proptest::collection::vec(proptest::collection::vec(truth(), count), 1..6);
            (Just(tree), rows)
        })
    }

    /// By turning each atom over and evaluating again.
    fn by_hand(tree: &Tree, atoms: &[Truth], n: usize) -> bool {
        if !matches!(atoms[n], Truth::True | Truth::False) {
            return false;
        }
        let mut turned = atoms.to_vec();
        turned[n] = !atoms[n];
        let (a, b) = (tree.value(atoms), tree.value(&turned));
        a != Truth::Unknown && b != Truth::Unknown && (a == Truth::True) != (b == Truth::True)
    }

    proptest! {
        #[test]
        fn one_pass_down_finds_what_turning_each_atom_finds((tree, rows) in trial()) {
            for row in &rows {
                let expected: Vec<bool> = (0..row.len()).map(|n| by_hand(&tree, row, n)).collect();
                prop_assert_eq!(tree.shown(row), expected);
            }
        }

        /// Masking MC/DC of a set of evaluations, by the definition: a pair in which the atom differs, the outcome differs,
        /// and in each of the two the atom alone decides it. Where every atom is known, both halves together are that.
        #[test]
        fn both_halves_make_a_pair((tree, rows) in trial()) {
            let rows: Vec<Vec<Truth>> = rows
                .into_iter()
                .map(|row| row.into_iter().map(|t| if t.is_possible() { Truth::True } else { Truth::False }).collect())
                .collect();
            let count = rows.first().map_or(0, Vec::len);
            for n in 0..count {
                let half = |wanted: Truth| rows.iter().any(|r| r[n] == wanted && tree.shown(r)[n]);
                let pair = rows.iter().any(|a| rows.iter().any(|b| {
                    a[n] != b[n] && by_hand(&tree, a, n) && by_hand(&tree, b, n)
                        && tree.value(a) != tree.value(b)
                }));
                prop_assert_eq!(half(Truth::True) && half(Truth::False), pair);
            }
        }
    }

    #[test]
    fn the_words_of_the_documents() {
        use Truth::{False, Na, True, Unknown};
        let both = Tree::All(vec![Tree::Atom(0), Tree::Atom(1)]);
        assert_eq!(both.shown(&[True, True]), [true, true]);
        assert_eq!(both.shown(&[True, False]), [false, true], "what is 否 masks its neighbour");
        assert_eq!(both.shown(&[False, Unknown]), [false, false], "nothing is shown beside what is 不明");
        assert_eq!(both.shown(&[True, Unknown]), [false, false]);
        assert_eq!(both.shown(&[True, Na]), [false, false]);
        let excepted = Tree::Unless(Box::new(Tree::Atom(0)), Box::new(Tree::Atom(1)));
        assert_eq!(
            excepted.shown(&[True, Na]),
            [true, false],
            "an exception that cannot arise does not apply"
        );
    }
}
