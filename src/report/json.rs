//! Results for programs: one JSON object a case, documented in docs/结果格式.md. Members keep their order.
use super::answer::{candidate_mask, candidate_values, certain, possible_states, select_code};
use super::cite::{CLIP, defeaters, provision_text};
use super::label::{Origin, Read};
use super::reasons::Trees;
use super::value::{mask_words, truth_word};
use super::{Asked, View};
use crate::base::wording::source_words;
use crate::base::{Span, Val, decimal};
use crate::eval::{ChoiceOf, Finding, Force, Leaf, NoteKind, Part, Reason, Reasons, Standing, Verdict, What};
use crate::facts::Children;
use crate::hir::{EntityId, Mode, RuleId, Type};
use serde::Serialize;
use serde_json::Value;

/// The results of one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// Title of the law.
    pub policy: String,
    /// Its version; empty when it states none.
    pub version: String,
    /// Name of the case.
    pub case: String,
    /// The day the question was put for, ISO; null when nobody gave one.
    pub date: Option<String>,
    /// Whether the law applies: 是, 否, 不明, 不适用; null when it states no scope.
    pub applicable: Option<&'static str>,
    /// All conclusions by entity, row, and order of declaration.
    pub conclusions: Vec<Conclusion>,
    /// Answers to 为什么不是, when asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<Vec<WhyNotAnswer>>,
    /// Missing facts, when asked, those first that most conclusions wait for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<MissingFact>>,
}

/// One conclusion of one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conclusion {
    /// Entity.
    pub entity: String,
    /// Number of the row among those of the same parent, from 1.
    pub index: u32,
    /// Label of the row.
    pub label: String,
    /// Where the row stands in the case's data; empty for the root.
    pub path: String,
    /// Name of the conclusion.
    pub name: String,
    /// decided, pending, silent, conflict, inapplicable.
    pub state: &'static str,
    /// Decided values.
    pub values: Vec<Value>,
    /// Sets to choose from that are part of the decision.
    pub choices: Vec<Choice>,
    /// must, may, default; null when not decided.
    pub mode: Option<&'static str>,
    /// 届满日 of a 义务, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Addresses of the provisions that decide.
    pub basis: Vec<String>,
    /// What a pending or conflicting conclusion may be.
    pub candidates: Vec<Value>,
    /// States a pending conclusion may come to besides decided.
    pub may_be: Vec<&'static str>,
    /// Provisions that do not count.
    pub defeated: Vec<Defeated>,
    /// 可以.
    pub options: Vec<Choice>,
    /// 酌定 facts it rests on.
    pub judgements: Vec<FactOf>,
    /// Assumed facts it rests on.
    pub assumed: Vec<FactOf>,
    /// Unknown facts that could change it.
    pub unknown: Vec<FactOf>,
    /// Why computed values are unknown.
    pub notes: Vec<NoteOf>,
    /// Provisions cited here that apply the consequences of others (依照), when there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via>,
    /// Reasons, when asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<ProvisionReason>>,
}

/// A set to choose from, or an option.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Values.
    pub values: Vec<Value>,
    /// `one_of`, `any_of`, `all`.
    pub select: &'static str,
    /// Addresses.
    pub basis: Vec<String>,
    /// available, possible (options only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// Facts a possible option waits for (options only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Vec<FactOf>>,
}

/// A provision that does not count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Defeated {
    /// Its address.
    pub address: String,
    /// What defeated it.
    pub by: Vec<String>,
}

/// A provision whose consequences come from another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Via {
    /// The provision cited.
    pub address: String,
    /// The provision it applies.
    pub applies: String,
}

/// A fact of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactOf {
    /// Entity.
    pub entity: String,
    /// Number of the row among those of the same parent, from 1.
    pub index: u32,
    /// Label of the row.
    pub label: String,
    /// Where the row stands in the case's data.
    pub path: String,
    /// Name of the fact.
    pub fact: String,
    /// Value as evaluation reads it.
    pub value: Value,
    /// 问
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// absent (未载明视为否), presumed (推定), deemed (视为); left out when stated in the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<&'static str>,
}

/// Why a computed value is unknown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoteOf {
    /// Code, for `banfa explain`.
    pub code: &'static str,
    /// Sentence.
    pub message: &'static str,
}

/// A provision's part in a conclusion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProvisionReason {
    /// Address.
    pub address: String,
    /// `must`, `may`, `must_not`.
    pub mode: &'static str,
    /// `fires`, `defeated`, `may_fire`, `out`.
    pub standing: &'static str,
    /// What it says of the conclusion.
    pub says: String,
    /// Its verbatim text.
    pub text: Option<String>,
    /// What stands in its way, or may.
    pub by: Vec<String>,
    /// Condition.
    pub condition: Tree,
    /// 但书.
    pub exceptions: Vec<Tree>,
}

/// A node of a reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    /// all, any, not, fact, conclusion, definition, quantified, aggregate, member, more, provision, exception, test, constant.
    pub kind: &'static str,
    /// Name of the fact, conclusion or term; address; label of a member; number of members left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 是, 否, 不明, 不适用, for conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truth: Option<&'static str>,
    /// Value, for everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The policy's own words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The row it is seen from; empty for the root.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Place in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<SourcePlace>,
    /// What it follows from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Tree>,
}

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePlace {
    /// File name as given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Why a conclusion does not have a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhyNotAnswer {
    /// Entity.
    pub entity: String,
    /// Number of the row.
    pub index: u32,
    /// Label of the row.
    pub label: String,
    /// Where the row stands in the case's data.
    pub path: String,
    /// Conclusion.
    pub name: String,
    /// Value asked for; null: any other.
    pub value: Option<String>,
    /// The answer in a sentence.
    pub answer: String,
    /// Provisions that could give it.
    pub provisions: Vec<ProvisionReason>,
}

/// A missing fact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissingFact {
    /// The fact.
    #[serde(flatten)]
    pub fact: FactOf,
    /// Conclusions that wait for it.
    pub waiting: Vec<String>,
    /// How many of them wait for nothing else.
    pub alone: usize,
}

/// The results of one case as data.
#[must_use]
pub fn case_result(view: &View<'_>, findings: &[Finding], asked: &Asked) -> CaseResult {
    let header = &view.hir().header;
    let to = Writer { view: *view, reasons: Reasons::new(view.program, view.case, view.run), asked };
    CaseResult {
        policy: header.title.clone(),
        version: header.version.clone(),
        case: view.case.name.clone(),
        date: view.date.map(crate::base::Date::iso),
        applicable: view.run.applicable().map(truth_word),
        conclusions: findings.iter().map(|f| to.conclusion(f)).collect(),
        why_not: (!asked.why_not.is_empty()).then(|| to.why_not(findings)),
        missing: asked.missing.then(|| to.missing(findings)),
    }
}

/// The results of one case on one line.
#[must_use]
pub fn json_line(view: &View<'_>, findings: &[Finding], asked: &Asked) -> String {
    serde_json::to_string(&case_result(view, findings, asked)).unwrap_or_default()
}

/// The results of one case, indented.
#[must_use]
pub fn json_pretty(view: &View<'_>, findings: &[Finding], asked: &Asked) -> String {
    serde_json::to_string_pretty(&case_result(view, findings, asked)).unwrap_or_default()
}

/// decided, pending, silent, conflict, inapplicable.
#[must_use]
pub const fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Decided => "decided",
        Verdict::Pending => "pending",
        Verdict::Silent => "silent",
        Verdict::Conflict => "conflict",
        Verdict::Inapplicable => "inapplicable",
    }
}

const fn mode_code(mode: Mode) -> &'static str {
    match mode {
        Mode::Must => "must",
        Mode::May => "may",
        Mode::MustNot => "must_not",
    }
}

struct Writer<'a> {
    view: View<'a>,
    reasons: Reasons<'a>,
    asked: &'a Asked,
}

impl Writer<'_> {
    fn conclusion(&self, f: &Finding) -> Conclusion {
        let hir = self.view.hir();
        let of = hir.conclusions.get(f.conclusion.index());
        let (name, ty) = of.map_or((String::new(), &Type::Error), |c| (c.name.clone(), &c.ty));
        let mut values = self.masked(ty, certain(ty, f));
        if values.is_empty() && f.verdict == Verdict::Decided && f.value.is_known() {
            values.extend(scalar(&self.view, ty, f.value));
        }
        let mut candidates = self.masked(ty, candidate_mask(ty, f));
        candidates.extend(candidate_values(ty, f).iter().filter_map(|v| scalar(&self.view, ty, *v)));
        let cited = f.basis.iter().chain(f.options.iter().chain(&f.choices).flat_map(|o| &o.basis));
        let mut via: Vec<Via> = Vec::new();
        for v in cited.chain(f.defeated.iter().map(|d| &d.rule)).filter_map(|r| self.via(*r)) {
            if !via.contains(&v) {
                via.push(v);
            }
        }
        Conclusion {
            entity: self.view.entity_name(f.entity).to_owned(),
            index: self.view.number(f.entity, f.row),
            label: self.view.label(f.entity, f.row),
            path: self.view.path(f.entity, f.row),
            name,
            state: verdict_code(f.verdict),
            values,
            choices: f.choices.iter().map(|c| self.choice(ty, c, false)).collect(),
            mode: f.force.map(|force| match force {
                Force::Must => "must",
                Force::May => "may",
                Force::Default => "default",
            }),
            deadline: match (ty, f.value) {
                (Type::Duty(_), Val::Date(date)) => Some(date.iso()),
                _ => None,
            },
            basis: self.addresses(&f.basis),
            candidates,
            may_be: possible_states(f).into_iter().map(verdict_code).collect(),
            defeated: f
                .defeated
                .iter()
                .map(|d| Defeated {
                    address: self.address(d.rule),
                    by: defeaters(hir, &d.by, |r| self.address(r)),
                })
                .collect(),
            options: f.options.iter().map(|c| self.choice(ty, c, true)).collect(),
            judgements: f.judgements.iter().map(|l| self.fact(*l)).collect(),
            assumed: f.assumed.iter().map(|l| self.fact(*l)).collect(),
            unknown: f.unknown.iter().map(|l| self.fact(*l)).collect(),
            notes: f
                .notes
                .iter()
                .map(|n: &NoteKind| NoteOf { code: n.code(), message: n.message() })
                .collect(),
            via,
            why: self.asked.why.then(|| self.why(f)),
        }
    }

    fn masked(&self, ty: &Type, mask: u64) -> Vec<Value> {
        mask_words(self.view.hir(), ty, mask).into_iter().map(Value::String).collect()
    }

    fn address(&self, rule: RuleId) -> String {
        self.view.hir().rules.get(rule.index()).map(|r| r.address.to_string()).unwrap_or_default()
    }

    fn addresses(&self, rules: &[RuleId]) -> Vec<String> {
        let mut out: Vec<String> = Vec::with_capacity(rules.len());
        for address in rules.iter().map(|r| self.address(*r)) {
            if !out.contains(&address) {
                out.push(address);
            }
        }
        out
    }

    fn via(&self, rule: RuleId) -> Option<Via> {
        let rule = self.view.hir().rules.get(rule.index())?;
        rule.via.as_ref().map(|v| Via { address: rule.address.to_string(), applies: v.to_string() })
    }

    fn choice(&self, ty: &Type, c: &ChoiceOf, option: bool) -> Choice {
        let values = if c.mask == 0 {
            scalar(&self.view, ty, c.value).into_iter().collect()
        } else {
            self.masked(ty, c.mask)
        };
        Choice {
            values,
            select: select_code(c.select),
            basis: self.addresses(&c.basis),
            state: option.then_some(if c.only_possible { "possible" } else { "available" }),
            unknown: option.then(|| c.unknown.iter().map(|l| self.fact(*l)).collect()),
        }
    }

    fn fact(&self, leaf: Leaf) -> FactOf {
        let fact = self.view.hir().facts.get(leaf.fact.index());
        let entity = fact.map_or(EntityId(0), |f| f.entity);
        FactOf {
            entity: self.view.entity_name(entity).to_owned(),
            index: self.view.number(entity, leaf.row),
            label: self.view.label(entity, leaf.row),
            path: self.view.path(entity, leaf.row),
            fact: fact.map(|f| f.name.clone()).unwrap_or_default(),
            value: read_value(&self.view, fact.map_or(&Type::Error, |f| &f.ty), self.view.fact_read(leaf)),
            ask: fact.and_then(|f| f.ask.clone()),
            origin: match self.view.origin(leaf) {
                Origin::Stated => None,
                Origin::Absent => Some("absent"),
                Origin::Presumed => Some("presumed"),
                Origin::Deemed => Some("deemed"),
            },
        }
    }

    fn why(&self, f: &Finding) -> Vec<ProvisionReason> {
        let parts = self.reasons.parts(f.conclusion, f.row);
        let told = |p: &Part| {
            self.asked.unpruned || p.standing != Standing::Out || f.defeated.iter().any(|d| d.rule == p.rule)
        };
        let weak = f.verdict == Verdict::Silent || f.force == Some(Force::Default);
        parts.iter().filter(|p| weak || told(p)).map(|p| self.part(f, p)).collect()
    }

    fn part(&self, f: &Finding, part: &Part) -> ProvisionReason {
        let hir = self.view.hir();
        let rule = hir.rules.get(part.rule.index());
        let lost = f.defeated.iter().find(|d| d.rule == part.rule);
        ProvisionReason {
            address: self.address(part.rule),
            mode: mode_code(part.mode),
            standing: match part.standing {
                _ if lost.is_some() => "defeated",
                Standing::Fires => "fires",
                Standing::Defeated => "defeated",
                Standing::MayFire => "may_fire",
                Standing::Out => "out",
            },
            says: rule.map(|r| self.view.consequence(r, f.conclusion, part.mode)).unwrap_or_default(),
            text: rule.and_then(|r| provision_text(hir, r.provision)).map(str::to_owned),
            by: defeaters(hir, lost.map_or(&part.by, |d| &d.by), |r| self.address(r)),
            condition: self.tree(&part.reason),
            exceptions: part.exceptions.iter().map(|e| self.tree(e)).collect(),
        }
    }

    fn tree(&self, reason: &Reason) -> Tree {
        let pruned = if self.asked.unpruned { reason.clone() } else { reason.clone().pruned() };
        self.node(&pruned)
    }

    /// Reasons are no deeper than [`crate::eval::REASON_DEPTH`] allows.
    fn node(&self, r: &Reason) -> Tree {
        let hir = self.view.hir();
        let (kind, name, ty) = match &r.what {
            What::All => ("all", None, &Type::Error),
            What::Any => ("any", None, &Type::Error),
            What::Not => ("not", None, &Type::Error),
            What::Fact(id) => {
                let fact = hir.facts.get(id.index());
                ("fact", fact.map(|f| f.name.clone()), fact.map_or(&Type::Error, |f| &f.ty))
            }
            What::Conclusion(id) => {
                let of = hir.conclusions.get(id.index());
                ("conclusion", of.map(|c| c.name.clone()), of.map_or(&Type::Error, |c| &c.ty))
            }
            What::Definition(id) => {
                let of = hir.definitions.get(id.index());
                ("definition", of.map(|d| d.name.clone()), of.map_or(&Type::Error, |d| &d.ty))
            }
            What::Quantified(id, _) => {
                ("quantified", hir.facts.get(id.index()).map(|f| f.name.clone()), &Type::Error)
            }
            What::Aggregate(id) => {
                ("aggregate", hir.facts.get(id.index()).map(|f| f.name.clone()), &Type::Error)
            }
            What::Member => ("member", Some(self.view.label(r.entity, r.row)), &Type::Error),
            What::More(rest) => ("more", Some(rest.to_string()), &Type::Error),
            What::Provision(rule) => ("provision", Some(self.address(*rule)), &Type::Error),
            What::Exception(address) => ("exception", Some(address.to_string()), &Type::Error),
            What::Test => ("test", None, &Type::Error),
            What::Constant => ("constant", None, &Type::Error),
        };
        let placed = r.span != Span::default();
        let at = self.view.sources.start(r.span);
        Tree {
            kind,
            name,
            truth: r.truth.map(truth_word),
            value: r.value.map(|v| scalar(&self.view, ty, v).unwrap_or(Value::Null)),
            text: if placed { source_words(self.view.sources, r.span, CLIP * 2) } else { String::new() },
            path: self.view.path(r.entity, r.row),
            place: placed.then(|| SourcePlace {
                file: self.view.sources.name(r.span.file).to_owned(),
                line: at.line,
                column: at.column,
            }),
            children: r.children.iter().map(|c| self.node(c)).collect(),
        }
    }

    fn why_not(&self, findings: &[Finding]) -> Vec<WhyNotAnswer> {
        let mut out = Vec::new();
        for question in &self.asked.why_not {
            for f in findings.iter().filter(|f| question.concerns(&self.view, f)) {
                let trees = Trees::new(self.view, (f.entity, f.row), self.asked.unpruned);
                let (answer, parts) = trees.why_not_parts(f, question);
                out.push(WhyNotAnswer {
                    entity: self.view.entity_name(f.entity).to_owned(),
                    index: self.view.number(f.entity, f.row),
                    label: self.view.label(f.entity, f.row),
                    path: self.view.path(f.entity, f.row),
                    name: self
                        .view
                        .hir()
                        .conclusions
                        .get(f.conclusion.index())
                        .map(|c| c.name.clone())
                        .unwrap_or_default(),
                    value: question.value.clone(),
                    answer,
                    provisions: parts.iter().map(|p| self.part(f, p)).collect(),
                });
            }
        }
        out
    }

    fn missing(&self, findings: &[Finding]) -> Vec<MissingFact> {
        let missing = super::missing::missing(&self.view, findings);
        missing
            .into_iter()
            .map(|m| MissingFact { fact: self.fact(m.leaf), waiting: m.waiting, alone: m.alone })
            .collect()
    }
}

/// A value of a type that holds one: numbers exact, as strings unless they are integers; null for 不适用 never comes here.
fn scalar(view: &View<'_>, ty: &Type, val: Val) -> Option<Value> {
    match val {
        Val::Unknown => None,
        Val::Na => Some(Value::String(super::value::NA.to_owned())),
        Val::Int(n) if matches!(ty, Type::Money | Type::Decimal(_)) => Some(Value::String(n.to_string())),
        Val::Int(n) => Some(Value::from(n)),
        Val::Dec(d) => Some(Value::String(decimal::text(d))),
        Val::Date(d) => Some(Value::String(d.iso())),
        Val::Mask(mask) if matches!(ty, Type::Multi(_)) => {
            Some(mask_words(view.hir(), ty, mask).into_iter().map(Value::String).collect())
        }
        Val::Period(_) | Val::Text(_) | Val::Range(..) | Val::Mask(_) => {
            Some(Value::String(view.value(ty, val)))
        }
    }
}

fn read_value(view: &View<'_>, ty: &Type, read: Read) -> Value {
    let word = |w: &str| Value::String(w.to_owned());
    match read {
        Read::Truth(t) => word(truth_word(t)),
        Read::Value(v) => scalar(view, ty, v).unwrap_or_else(|| word(super::value::UNKNOWN)),
        Read::Members(Children::Rows(start, end)) => Value::from(end.saturating_sub(start)),
        Read::Members(Children::Na) => word(super::value::NA),
        Read::Members(Children::Unknown) => word(super::value::UNKNOWN),
    }
}
