//! Every distinct text of a column once: cells are codes. Values, states and facts are kept up to a number, further
//! ones are [`OTHER`]; lists (addresses, facts waited for) are read into their parts once, and forgotten when there
//! are too many, since only the parts are counted.
use super::cites::{self, Names};
use super::schema::{PARTS, Schema};
use crate::batch::Part;
use crate::hir::Hir;
use crate::hir::RuleId;
use crate::report::cite::rule_address;
use rustc_hash::FxHashMap;

/// An empty cell.
pub const NONE: u32 = u32::MAX;
/// A text beyond those that are kept.
pub const OTHER: u32 = u32::MAX - 1;
/// Distinct texts of a column that are kept.
pub const KEPT: usize = 10_000;
/// The words of a state, by code.
pub const STATES: [&str; 5] = ["定论", "待查", "未规定", "冲突", "不适用"];
/// Codes of states.
pub const DECIDED: u32 = 0;
/// 待查
pub const PENDING: u32 = 1;
/// 冲突
pub const CONFLICT: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A value or a fact.
    Value,
    State,
    /// Addresses.
    List,
    Options,
    /// Kept as it is.
    Text,
    /// Names of facts.
    Facts,
}

impl Kind {
    fn of(part: Part) -> Self {
        match part {
            Part::Value | Part::Force | Part::Deadline => Self::Value,
            Part::State => Self::State,
            Part::Basis | Part::Defeated => Self::List,
            Part::Options => Self::Options,
            Part::Candidates => Self::Text,
            Part::Waiting => Self::Facts,
        }
    }
}

#[derive(Clone, Debug)]
struct Column {
    kind: Kind,
    codes: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    parts: Vec<Box<[u32]>>,
    last: u32,
}

/// The texts of all columns.
#[derive(Clone, Debug)]
pub struct Words {
    /// Which columns there are.
    pub schema: Schema,
    /// Addresses as they are cited.
    pub cites: Names,
    /// Facts that are waited for.
    pub facts: Names,
    columns: Vec<Column>,
    /// Some column of lists has grown too long.
    full: bool,
}

impl Words {
    /// No texts yet.
    #[must_use]
    pub fn new(hir: &Hir, schema: Schema) -> Self {
        let mut kinds = vec![Kind::Value; schema.slots];
        for conclusion in &schema.conclusions {
            for part in PARTS {
                if let Some(kind) = kinds.get_mut(conclusion.slot(part)) {
                    *kind = Kind::of(part);
                }
            }
        }
        let columns = kinds.into_iter().map(|kind| {
            let texts: Vec<Box<str>> =
                if kind == Kind::State { STATES.map(Box::from).to_vec() } else { Vec::new() };
            let codes = texts.iter().zip(0..).map(|(text, code)| (text.clone(), code)).collect();
            Column { kind, codes, texts, parts: Vec::new(), last: NONE }
        });
        let deciding = hir.rules.iter().enumerate().filter(|(_, r)| !r.consequences.is_empty());
        let cites = deciding.map(|(at, _)| rule_address(hir, RuleId(u32::try_from(at).unwrap_or(NONE))));
        Self {
            schema,
            cites: Names::of_law(cites),
            facts: Names::default(),
            columns: columns.collect(),
            full: false,
        }
    }

    /// The code of a text; none where it is no state.
    pub fn code(&mut self, slot: usize, text: &str) -> Option<u32> {
        let column = self.columns.get_mut(slot)?;
        if column.texts.get(column.last as usize).is_some_and(|last| **last == *text) {
            return Some(column.last);
        }
        if let Some(code) = column.codes.get(text) {
            column.last = *code;
            return Some(*code);
        }
        let parts = match column.kind {
            Kind::State => return None,
            Kind::Value if column.texts.len() >= KEPT => return Some(OTHER),
            Kind::Value | Kind::Text => None,
            Kind::List => Some(cites::list(text, &mut self.cites)),
            Kind::Options => Some(cites::options(text, &mut self.cites)),
            Kind::Facts => Some(cites::list(text, &mut self.facts)),
        };
        self.full |= column.kind != Kind::Value && column.texts.len() >= KEPT;
        let code = u32::try_from(column.texts.len()).unwrap_or(OTHER);
        column.codes.insert(text.into(), code);
        column.texts.push(text.into());
        column.parts.extend(parts);
        column.last = code;
        Some(code)
    }

    /// Forgets lists when there are too many. Only between cases: their codes become void.
    pub fn roll(&mut self) {
        if !std::mem::take(&mut self.full) {
            return;
        }
        for column in &mut self.columns {
            let rolls = match column.kind {
                Kind::Value | Kind::State => false,
                Kind::List | Kind::Options | Kind::Text | Kind::Facts => column.texts.len() > KEPT,
            };
            if rolls {
                column.codes.clear();
                column.texts.clear();
                column.parts.clear();
                column.last = NONE;
            }
        }
    }

    /// A text.
    #[must_use]
    pub fn text(&self, slot: usize, code: u32) -> &str {
        self.columns.get(slot).and_then(|c| c.texts.get(code as usize)).map_or("", AsRef::as_ref)
    }

    /// The parts of a list: numbers into [`Words::cites`] or [`Words::facts`].
    #[must_use]
    pub fn parts(&self, slot: usize, code: u32) -> &[u32] {
        self.columns.get(slot).and_then(|c| c.parts.get(code as usize)).map_or(&[], AsRef::as_ref)
    }
}
