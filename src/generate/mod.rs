//! Cases made up at random for a law: valid always, deterministic, dense where provisions change their answer.
//!
//! In: a compiled program, a calendar, [`Options`]. Out: a [`Case`] for every index, the same for the same seed, each
//! independent of the others, so that threads may share a [`Generator`]. [`json`] writes cases as lines that
//! [`crate::facts::read_cases`] reads back. Pure: no clock, no files.
//!
//! A case is drawn fact by fact ([`draw`]), values at what the law compares them with ([`plan`]). Some cases then aim at
//! one rule ([`aim`], [`assign`]): its conditions are made to hold, and in half of them one condition is turned over.
mod aim;
mod assign;
mod draft;
mod draw;
mod guess;
mod interest;
pub mod json;
mod plan;
mod sets;

use crate::base::calendar::WorkCalendar;
use crate::facts::Case;
use crate::hir::RuleId;
use crate::ir::Program;
use draft::Draft;
use fastrand::Rng;
use plan::Plan;

/// A share in per mille.
pub type PerMille = u16;

/// How cases are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Beginning of all chance.
    pub seed: u64,
    /// Facts that are 不明.
    pub unknown: PerMille,
    /// Facts that are 不适用.
    pub inapplicable: PerMille,
    /// Members of a 多个 field: from, to. Where [`Options::bias`] is not 0 a list may become longer: at the bounds of
    /// counts, and to make a condition hold.
    pub members: (u32, u32),
    /// Values drawn at the bounds the law compares them with, and cases that aim at a rule.
    pub bias: PerMille,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 0, unknown: 100, inapplicable: 10, members: (0, 3), bias: 500 }
    }
}

/// Makes cases of one law.
#[derive(Debug)]
pub struct Generator<'a> {
    program: &'a Program,
    calendar: &'a WorkCalendar,
    options: Options,
    plan: Plan,
}

impl<'a> Generator<'a> {
    /// Looks the law over once.
    #[must_use]
    pub fn new(program: &'a Program, calendar: &'a WorkCalendar, options: Options) -> Self {
        Self { program, calendar, options, plan: Plan::new(&program.hir) }
    }

    /// The case of an index. Its name is empty.
    #[must_use]
    pub fn case(&self, index: u64) -> Case {
        let rng = Rng::with_seed(mix(self.options.seed ^ mix(index)));
        let mut draft = Draft::new(self, rng);
        draft.draw();
        if draft.chance(self.options.bias) {
            let count = self.program.hir.rules.len();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            if count > 0 {
                let rule = RuleId(draft.rng.u32(..count));
                draft.aim_at(rule);
            }
        }
        draft.finish()
    }
}

/// Spreads neighbouring numbers far apart (the finaliser of `SplitMix64`).
const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
