//! Results and policies put into words: for a terminal, as Markdown, as JSON.
//!
//! Comes from [`crate::eval`] (conclusions and reasons as ids) and [`crate::hir`] (names and texts); goes to
//! whoever writes it out. Pure functions from data to text: no input or output, no clock, same data same bytes.
//! Every word of the law in a report is the policy's own, looked up by id.
pub mod answer;
pub mod cite;
pub mod html;
pub mod json;
pub mod label;
pub mod line;
pub mod markdown;
pub mod missing;
pub mod node;
pub mod outline;
pub mod reasons;
pub mod schema;
pub mod text;
pub mod value;
pub mod why_not;
mod words;

use crate::base::{Date, Sources};
use crate::eval::{Evaluation, Finding, findings};
use crate::facts::Case;
use crate::hir::Hir;
use crate::ir::Program;

pub use line::Style;
pub use why_not::WhyNot;

/// One run and where its words come from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The law.
    pub program: &'a Program,
    /// Its source.
    pub sources: &'a Sources,
    /// The facts.
    pub case: &'a Case,
    /// The registers.
    pub run: &'a Evaluation,
    /// The day the question was put for, as given to the run.
    pub date: Option<Date>,
}

impl<'a> View<'a> {
    /// The resolved law.
    #[must_use]
    pub fn hir(&self) -> &'a Hir {
        &self.program.hir
    }

    /// All conclusions of the case.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        findings(self.program, self.case, self.run)
    }
}

/// What a report shows besides the results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Why each conclusion is what it is.
    pub why: bool,
    /// Keep in reasons what does not explain the result.
    pub unpruned: bool,
    /// Why a conclusion does not have a value.
    pub why_not: Vec<WhyNot>,
    /// Which facts are missing.
    pub missing: bool,
}
