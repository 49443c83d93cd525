//! Mutation testing of provisions: small changes of the law's meaning, each of which some case should notice.
//!
//! ```text
//! program ─▶ mutants ─▶ trial (original and mutant on the same cases) ─▶ search (neighbours of cases) ─▶ report
//! ```
//!
//! Mutants are edits of the resolved program ([`Edit`]); a text is never read again. [`Bench`] tries them: a mutant is
//! killed by a case that expects something and gets it from the original but not from the mutant.
mod bench;
mod conditions;
mod edit;
mod explain;
mod page;
mod pair;
mod places;
mod progress;
mod report;
mod rules;
mod search;
mod values;
mod variants;

pub use bench::{Bench, Outcome, Trial};
pub use edit::{Change, Edit};
pub use explain::{Explanation, Explanations, FILE_NAME};
pub use page::{json, markdown, text};
pub use progress::{Progress, fingerprint};
pub use report::{Report, Result, Survivor};
pub use search::{Apart, Limits};

use crate::base::{Address, Sources, Span};
use crate::hir::{Expr, Hir};
use std::collections::BTreeMap;

/// What a mutant does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// A condition turned into its opposite.
    Negate,
    /// A threshold, a period or a date moved by one.
    Threshold,
    /// A bound that was included is not, or the reverse.
    Inclusive,
    /// 且 for 或者, and the reverse.
    Connective,
    /// A part of 且 or 或者, or a whole condition, left out.
    Condition,
    /// An item left out.
    Item,
    /// A 但书 left out.
    Proviso,
    /// A priority left out.
    Priority,
    /// 应当 for 可以, 可以 for 应当 or 不得.
    Mode,
    /// Another value of an enumeration.
    Value,
    /// A consequence left out.
    Consequence,
    /// 全部 for 有, and the reverse.
    Quantifier,
    /// Another 默认.
    Default,
    /// 之前 for 之后, or a period left out.
    Window,
    /// Rounding another way, another operation, the highest for the lowest.
    Arithmetic,
    /// 推定 for 视为, and the reverse.
    Presumption,
}

impl Operator {
    /// All of them with their names.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Negate, "反转"),
        (Self::Threshold, "边界"),
        (Self::Inclusive, "含否"),
        (Self::Connective, "且或"),
        (Self::Condition, "删条件"),
        (Self::Item, "删项"),
        (Self::Proviso, "删但书"),
        (Self::Priority, "删优先"),
        (Self::Mode, "情态"),
        (Self::Value, "换值"),
        (Self::Consequence, "删后果"),
        (Self::Quantifier, "量词"),
        (Self::Default, "默认"),
        (Self::Window, "期间"),
        (Self::Arithmetic, "算法"),
        (Self::Presumption, "推定"),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    /// By name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(operator, _)| *operator)
    }
}

/// One change of the law's meaning.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Address, operator and number: the same as long as the provision stays as it is.
    pub id: String,
    /// The provision; none for terms defined outside any.
    pub address: Option<Address>,
    /// The address in words, or the term.
    pub place: String,
    /// What it does.
    pub operator: Operator,
    /// What changes, in the words of the source.
    pub description: String,
    /// Where.
    pub span: Span,
    /// The change.
    pub edit: Edit,
    /// Expressions it adds at the end of the arena.
    pub extra: Vec<Expr>,
}

/// All mutants of a law, in order of text.
#[must_use]
pub fn mutants(hir: &Hir, sources: &Sources) -> Vec<Mutant> {
    let mut maker = Maker::new(hir, sources);
    maker.conditions();
    maker.items();
    maker.provisos();
    maker.consequences();
    maker.priorities();
    maker.defaults();
    maker.presumptions();
    maker.finish()
}

/// So many of them, drawn at random, in the order they had. The same seed draws the same.
#[must_use]
pub fn sample(mut mutants: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
    let mut draw = |below: usize| {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or(0)
    };
    while mutants.len() > count {
        let at = draw(mutants.len());
        mutants.remove(at);
    }
    mutants
}

/// Collects mutants.
struct Maker<'a> {
    hir: &'a Hir,
    sources: &'a Sources,
    places: places::Places,
    seen: Vec<bool>,
    found: Vec<Mutant>,
}

impl<'a> Maker<'a> {
    fn new(hir: &'a Hir, sources: &'a Sources) -> Self {
        let places = places::Places::new(hir);
        Self { hir, sources, places, seen: vec![false; hir.exprs.len()], found: Vec::new() }
    }

    /// Adds one at a place of the text.
    fn add(&mut self, span: Span, operator: Operator, description: String, edit: Edit, extra: Vec<Expr>) {
        let (address, place) = match edit {
            Edit::Default(conclusion, _) => (None, self.declared(conclusion)),
            Edit::Expr(..)
            | Edit::Never(_)
            | Edit::Consequences(..)
            | Edit::Priority(_)
            | Edit::Presume(_) => self.places.of(self.hir, span),
        };
        self.found.push(Mutant {
            id: String::new(),
            address,
            place,
            operator,
            description,
            span,
            edit,
            extra,
        });
    }

    /// A conclusion with its entity.
    fn declared(&self, id: crate::hir::ConclusionId) -> String {
        let Some(conclusion) = self.hir.conclusions.get(id.index()) else { return String::new() };
        let entity = self.hir.entities.get(conclusion.entity.index()).map_or("", |e| e.name.as_str());
        format!("“{entity}的{}”", conclusion.name)
    }

    /// Source words at a span, quoted.
    fn quoted(&self, span: Span) -> String {
        format!("“{}”", crate::base::wording::source_words(self.sources, span, 60))
    }

    fn finish(mut self) -> Vec<Mutant> {
        self.found.sort_by(|a, b| {
            (a.span.file, a.span.start, a.operator).cmp(&(b.span.file, b.span.start, b.operator))
        });
        let mut numbers: BTreeMap<(String, Operator), u32> = BTreeMap::new();
        for mutant in &mut self.found {
            let number = numbers.entry((mutant.place.clone(), mutant.operator)).or_insert(0);
            *number += 1;
            mutant.id = format!("{}/{}/{number}", mutant.place, mutant.operator.name());
        }
        self.found
    }
}
