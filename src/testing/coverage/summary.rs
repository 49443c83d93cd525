//! The figures: what is covered of each provision and condition, and what is missing.
use super::plan::{Host, Plan, Point};
use super::seen::{CaseId, PointSeen, Seen};
use crate::base::wording::source_words;
use crate::base::{Sources, Truth};
use crate::hir::{DefinitionId, ExprId, Hir, ProvisionId};
use std::collections::BTreeMap;

/// Columns of a condition's words.
const WORDS: usize = 200;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Covered.
    pub covered: usize,
    /// All.
    pub all: usize,
}

impl Share {
    /// In tenths of a percent, rounded down; nothing to cover is all covered.
    #[must_use]
    pub fn per_mille(self) -> usize {
        (self.covered * 1000).checked_div(self.all).unwrap_or(1000)
    }

    /// `87.5%`
    #[must_use]
    pub fn percent(self) -> String {
        let tenths = self.per_mille();
        format!("{}.{}%", tenths / 10, tenths % 10)
    }

    fn add(&mut self, other: Self) {
        self.covered += other.covered;
        self.all += other.all;
    }
}

/// How much of a provision is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// There is nothing to cover.
    Nothing,
    /// Everything.
    Full,
    /// Something.
    Partial,
    /// Not a thing.
    Uncovered,
}

impl Standing {
    /// ● ◐ ○ ·
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Nothing => "·",
            Self::Full => "●",
            Self::Partial => "◐",
            Self::Uncovered => "○",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "没有规则",
            Self::Full => "全部测到",
            Self::Partial => "部分测到",
            Self::Uncovered => "没有测到",
        }
    }

    /// For programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Uncovered => "none",
        }
    }

    fn of(share: Share) -> Self {
        match (share.covered, share.all) {
            (_, 0) => Self::Nothing,
            (covered, all) if covered == all => Self::Full,
            (0, _) => Self::Uncovered,
            (_, _) => Self::Partial,
        }
    }
}

/// A provision's point with what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointCovered {
    /// The plan's.
    pub point: Point,
    /// What was seen.
    pub seen: PointSeen,
}

impl PointCovered {
    /// Evaluations that saw it so.
    #[must_use]
    pub fn count(&self, truth: Truth) -> usize {
        self.seen.counts.get(truth as usize).copied().unwrap_or(0)
    }

    /// 是 and 否: how many of the two were seen.
    #[must_use]
    pub fn ways(&self) -> Share {
        let seen = |truth| usize::from(self.count(truth) > 0);
        Share { covered: seen(Truth::True) + seen(Truth::False), all: 2 }
    }
}

/// An atomic condition with what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionCovered {
    /// As written.
    pub words: String,
    /// Where.
    pub host: Host,
    /// Line in the source, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Cases that show it alone turning its decision: as 否, as 是.
    pub shown: [Option<CaseId>; 2],
    /// It was 否, 是, 不明, 不适用 somewhere.
    pub met: [bool; 4],
    /// Whether both stand in one decision.
    pub covered: bool,
}

impl ConditionCovered {
    /// What is missing, in words; empty when covered.
    #[must_use]
    pub fn missing(&self) -> String {
        let met = |truth: Truth| self.met.get(truth as usize).copied().unwrap_or(false);
        let [as_false, as_true] = self.shown.map(|s| s.is_some());
        let turns = |word: &str, seen: bool| {
            if seen {
                format!("没有案例显示它为{word}时结论随之改变")
            } else {
                format!("没有案例中它为{word}")
            }
        };
        match (self.covered, as_true, as_false) {
            (true, _, _) => String::new(),
            (false, true, true) => "为是、为否时结论随之改变，但不在同一处规则".to_owned(),
            (false, true, false) => turns("否", met(Truth::False)),
            (false, false, true) => turns("是", met(Truth::True)),
            (false, false, false) => match (met(Truth::True), met(Truth::False)) {
                (true, true) => "为是、为否的案例都有，但没有一例显示结论随它改变".to_owned(),
                (true, false) => turns("否", false),
                (false, true) => turns("是", false),
                (false, false) => "没有案例中它为是或者为否".to_owned(),
            },
        }
    }
}

/// What the cases cover of a law.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// In order of text; definitions last.
    pub points: Vec<PointCovered>,
    /// In order of text.
    pub conditions: Vec<ConditionCovered>,
    /// Clauses of definitions and 但书, which have no verbatim text of their own.
    pub words: BTreeMap<Host, String>,
    /// Names of cases and their places (`path:line`).
    pub cases: BTreeMap<CaseId, (String, String)>,
    /// How many cases were counted.
    pub counted: usize,
    /// How many of them the law does not apply to.
    pub outside: usize,
    /// Cases left out because they are written for another text of the law.
    pub elsewhere: usize,
}

impl Coverage {
    /// Puts what was seen into figures.
    #[must_use]
    pub fn new(
        hir: &Hir,
        plan: Plan,
        seen: Seen,
        sources: &Sources,
        cases: BTreeMap<CaseId, (String, String)>,
        elsewhere: usize,
    ) -> Self {
        let mut conditions: Vec<ConditionCovered> = plan
            .conditions
            .iter()
            .map(|c| ConditionCovered {
                words: source_words(sources, c.span, WORDS),
                host: c.host,
                line: sources.start(c.span).line,
                column: sources.start(c.span).column,
                shown: [None; 2],
                met: [false; 4],
                covered: false,
            })
            .collect();
        for (decision, atoms) in plan.decisions.iter().zip(&seen.atoms) {
            for (number, atom) in decision.conditions.iter().zip(atoms) {
                let Some(condition) = conditions.get_mut(*number) else { continue };
                for (met, more) in condition.met.iter_mut().zip(atom.met) {
                    *met |= more;
                }
                let both = atom.shown.iter().all(Option::is_some);
                if both && !condition.covered {
                    condition.covered = true;
                    condition.shown = atom.shown;
                } else if !condition.covered {
                    for (first, other) in condition.shown.iter_mut().zip(atom.shown) {
                        *first = first.or(other);
                    }
                }
            }
        }
        let points = plan.points.into_iter().zip(seen.points);
        let points = points.map(|(point, seen)| PointCovered { point, seen }).collect();
        let words = words(hir, sources);
        Self { points, conditions, words, cases, counted: seen.cases, outside: seen.outside, elsewhere }
    }

    /// 条文: ways seen (是, 否) of all points.
    #[must_use]
    pub fn provisions(&self) -> Share {
        let mut all = Share::default();
        self.points.iter().for_each(|p| all.add(p.ways()));
        all
    }

    /// 条件: conditions shown both ways.
    #[must_use]
    pub fn conditions(&self) -> Share {
        let covered = self.conditions.iter().filter(|c| c.covered).count();
        Share { covered, all: self.conditions.len() }
    }

    /// The lower of the two, in tenths of a percent.
    #[must_use]
    pub fn lower(&self) -> usize {
        self.provisions().per_mille().min(self.conditions().per_mille())
    }

    /// Points of a provision or definition.
    pub fn points_of(&self, host: Host) -> impl Iterator<Item = &PointCovered> {
        self.points.iter().filter(move |p| p.point.host == host)
    }

    /// Conditions of a provision or definition.
    pub fn conditions_of(&self, host: Host) -> impl Iterator<Item = &ConditionCovered> {
        self.conditions.iter().filter(move |c| c.host == host)
    }

    /// Points and conditions of one host together.
    #[must_use]
    pub fn share_of(&self, host: Host) -> Share {
        let mut all = Share::default();
        self.points_of(host).for_each(|p| all.add(p.ways()));
        for condition in self.conditions_of(host) {
            all.add(Share { covered: usize::from(condition.covered), all: 1 });
        }
        all
    }

    /// How a host stands.
    #[must_use]
    pub fn standing(&self, host: Host) -> Standing {
        Standing::of(self.share_of(host))
    }

    /// How several hosts stand together.
    #[must_use]
    pub fn standing_of(&self, hosts: &[Host]) -> (Standing, Share) {
        let mut all = Share::default();
        for host in hosts {
            all.add(self.share_of(*host));
        }
        (Standing::of(all), all)
    }

    /// Hosts that have something to cover, in order of text, each once; definitions last.
    #[must_use]
    pub fn hosts(&self) -> Vec<Host> {
        let mut hosts: Vec<Host> =
            self.points.iter().map(|p| p.point.host).chain(self.conditions.iter().map(|c| c.host)).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }
}

fn words(hir: &Hir, sources: &Sources) -> BTreeMap<Host, String> {
    let source = |expr: ExprId| {
        let span = hir.exprs.get(expr.index()).map(|e| e.span).unwrap_or_default();
        source_words(sources, span, WORDS)
    };
    let mut out = BTreeMap::new();
    for (at, definition) in hir.definitions.iter().enumerate() {
        let id = DefinitionId(u32::try_from(at).unwrap_or(u32::MAX));
        out.insert(Host::Definition(id), source(definition.value));
    }
    for (at, provision) in hir.provisions.iter().enumerate() {
        if let (None, Some(cond)) = (&provision.text, provision.condition) {
            out.insert(Host::Provision(ProvisionId(u32::try_from(at).unwrap_or(u32::MAX))), source(cond));
        }
    }
    out
}

/// 第十九条第二项; 定义“甲”.
#[must_use]
pub fn host_words(hir: &Hir, host: Host) -> String {
    match host {
        Host::Provision(id) => {
            hir.provisions.get(id.index()).map(|p| p.address.to_string()).unwrap_or_default()
        }
        Host::Definition(id) => {
            let name = hir.definitions.get(id.index()).map_or("", |d| d.name.as_str());
            format!("定义“{name}”")
        }
    }
}
