//! The decision that undoes a decision: what is compared are the two texts, article by article and declaration by
//! declaration, and the result is tried out before it is given.
use super::base::{Base, Region};
use super::check::squeeze;
use super::{Applied, Renumbering, Source, apply, errors, lines};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use crate::syntax::ast::{Decision, SourceFile, StatementKind, TopItem};
use crate::syntax::{parse, parse_decision};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How often the decision is made again with what the trial showed.
const ROUNDS: usize = 6;

/// A decision whose application to the text after `applied` gives the canonical text of `base` again, byte for byte.
///
/// # Errors
/// There is none that the language of decisions can say.
pub fn inverse(
    base: &[Source<'_>],
    decision: &Decision,
    applied: &Applied,
) -> Result<String, Vec<Diagnostic>> {
    let old: Vec<String> = base.iter().map(|s| crate::fmt::format(s.text)).collect::<Result<_, _>>()?;
    let none = || vec![errors::no_inverse(decision.title.span)];
    let (old_sources, new_sources) = (sources(base, &old), sources(base, &applied.texts));
    let (old_trees, new_trees) = (trees(&old_sources), trees(&new_sources));
    let (before, after) = (Base::new(&old_sources, &old_trees), Base::new(&new_sources, &new_trees));
    for forward in [true, false] {
        let mut undo = Undo {
            decision,
            before: units(&before),
            after: units(&after),
            applied,
            file: FileId(base.iter().map(|s| s.file.0).max().unwrap_or(0).saturating_add(1)),
            rewrite: BTreeSet::new(),
            forward,
        };
        undo.start();
        for _ in 0..ROUNDS {
            let text = undo.text();
            match undo.attempt(&text, &new_sources, &old) {
                Attempt::Done => return Ok(text),
                Attempt::Again => {}
                Attempt::Failed => break,
            }
        }
    }
    Err(none())
}

fn sources<'t>(base: &[Source<'_>], texts: &'t [String]) -> Vec<Source<'t>> {
    base.iter().zip(texts).map(|(s, text)| Source { file: s.file, text }).collect()
}

fn trees(sources: &[Source<'_>]) -> Vec<SourceFile> {
    sources.iter().map(|s| parse(s.text, s.file).0).collect()
}

enum Attempt {
    Done,
    Again,
    Failed,
}

/// What a unit is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Enum,
    Fields,
    Heading,
    Article,
    Definition,
    /// A scope or priority outside articles.
    Other,
}

/// An article or declaration of a text.
struct Unit {
    kind: Kind,
    /// How an operation names it.
    name: String,
    /// With the comments above it.
    whole: String,
    /// Without.
    body: String,
    /// For fields: what stands below the heading.
    inner: String,
    /// Its place.
    span: Span,
}

fn units(base: &Base<'_>) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut articles = base.articles.iter();
    let mut heads = base.heads.iter();
    for (file, tree) in base.trees.iter().enumerate() {
        for item in &tree.items {
            let (kind, name, span) = match item {
                TopItem::Include(_) => continue,
                TopItem::Enum(decl) => (Kind::Enum, format!("枚举 {}", decl.name.text), decl.span),
                TopItem::Facts(b) => {
                    let span = b.fields.last().map_or(b.span, |f| b.span.to(f.span));
                    (Kind::Fields, format!("事实 {}", b.entity.text), span)
                }
                TopItem::Conclusions(b) => {
                    let span = b.fields.last().map_or(b.span, |f| b.span.to(f.span));
                    (Kind::Fields, format!("结论 {}", b.entity.text), span)
                }
                TopItem::Heading(h) => {
                    let name = heads.next().map(|h| h.address.to_string()).unwrap_or_default();
                    (Kind::Heading, name, h.span)
                }
                TopItem::Article(a) => {
                    let node = articles.next().and_then(|&n| base.nodes.get(n));
                    (Kind::Article, node.map(|n| n.address.to_string()).unwrap_or_default(), a.span)
                }
                TopItem::Statement(s) => match &s.kind {
                    StatementKind::Definition(d) => {
                        let of = d.entity.as_ref().map_or_else(String::new, |e| format!("{} 的 ", e.text));
                        (Kind::Definition, format!("定义 {of}{}", d.name.text), s.span)
                    }
                    StatementKind::Scope(_) => (Kind::Other, "适用范围".to_owned(), s.span),
                    StatementKind::Rule(_)
                    | StatementKind::Condition { .. }
                    | StatementKind::Priority { .. } => (Kind::Other, "优先关系".to_owned(), s.span),
                },
            };
            units.push(unit(base, file, kind, name, span));
        }
    }
    units
}

fn unit(base: &Base<'_>, file: usize, kind: Kind, name: String, span: Span) -> Unit {
    let text = base.texts.get(file).copied().unwrap_or("");
    let body = Region { file, start: span.start as usize, end: lines::end_of(text, span.end as usize) };
    let whole = base.slice(base.whole_of(file, span)).trim_end().to_owned();
    let body = base.slice(body).to_owned();
    let inner = body.split_once('\n').map_or("", |(_, inner)| inner).to_owned();
    Unit { kind, name, whole, body, inner, span }
}

struct Undo<'a> {
    decision: &'a Decision,
    before: Vec<Unit>,
    after: Vec<Unit>,
    applied: &'a Applied,
    /// Of the decision being made: no file of the base.
    file: FileId,
    /// Indexes in `before` of what is written anew.
    rewrite: BTreeSet<usize>,
    /// Additions are placed behind what stands before them, rather than before what stands behind.
    forward: bool,
}

impl Undo<'_> {
    /// The unit of the text after that a unit of the text before became.
    fn image(&self, unit: &Unit) -> Option<usize> {
        let name = match unit.kind {
            Kind::Article => {
                let old = crate::base::Address::parse(&unit.name)?;
                self.applied.renumbering.follow(&old)?.to_string()
            }
            Kind::Heading => {
                let old = heading(&unit.name)?;
                self.applied.renumbering.follow_heading(old)?.to_string()
            }
            Kind::Other => {
                let same = |u: &Unit| u.kind == Kind::Other && squeeze(&u.body) == squeeze(&unit.body);
                return self.after.iter().position(same);
            }
            Kind::Enum | Kind::Fields | Kind::Definition => unit.name.clone(),
        };
        self.after.iter().position(|u| u.kind == unit.kind && u.name == name)
    }

    /// What operations touched is written anew; what merely followed comes back by itself.
    fn start(&mut self) {
        let touched: BTreeSet<String> = self
            .applied
            .changes
            .iter()
            .filter(|c| c.op.is_some())
            .flat_map(|c| {
                let old = c.new.as_ref().and_then(|n| self.applied.renumbering.back(&n.article()));
                [old.map(|a| a.to_string()), c.old.as_ref().map(|a| a.article().to_string())]
            })
            .flatten()
            .collect();
        let rewrite = self.before.iter().enumerate().filter(|(_, unit)| {
            let Some(image) = self.image(unit).and_then(|i| self.after.get(i)) else { return false };
            match unit.kind {
                Kind::Article => touched.contains(&unit.name),
                Kind::Enum | Kind::Fields | Kind::Definition | Kind::Heading | Kind::Other => {
                    after_label(unit) != after_label(image)
                }
            }
        });
        self.rewrite = rewrite.map(|(i, _)| i).collect();
    }

    fn text(&self) -> String {
        let mut ops: Vec<String> = Vec::new();
        let images: Vec<Option<usize>> = self.before.iter().map(|u| self.image(u)).collect();
        let mut below = false;
        for (index, unit) in self.after.iter().enumerate() {
            let new = !images.contains(&Some(index));
            if unit.kind == Kind::Heading {
                below = new;
            } else if below && unit.kind == Kind::Article {
                // It goes with its chapter.
                continue;
            }
            if new {
                ops.push(match unit.kind {
                    Kind::Other => format!("删去 {}：\n{}", unit.name, lines::indent(&unit.body)),
                    // Its articles are deleted with it or stay with the chapter before.
                    Kind::Heading | Kind::Enum | Kind::Fields | Kind::Article | Kind::Definition => {
                        format!("删去 {}。", unit.name)
                    }
                });
            }
        }
        for &index in &self.rewrite {
            let now = images.get(index).copied().flatten().and_then(|i| self.after.get(i));
            if let (Some(unit), Some(now)) = (self.before.get(index), now) {
                ops.push(rewritten(unit, now));
            }
        }
        let mut index = 0;
        while index < self.before.len() {
            let gone = |i: usize, heading: bool| {
                images.get(i).is_some_and(Option::is_none)
                    && self
                        .before
                        .get(i)
                        .is_some_and(|u| u.kind == Kind::Article || heading && u.kind == Kind::Heading)
            };
            let mut end = index + 1;
            if gone(index, true) {
                while gone(end, false) {
                    end += 1;
                }
            }
            if images.get(index).is_some_and(Option::is_none) {
                ops.extend(self.added(index, end, &images));
            }
            index = end;
        }
        self.written(&ops)
    }

    /// 增加 …, beside the unit before or behind.
    fn added(&self, from: usize, to: usize, images: &[Option<usize>]) -> Option<String> {
        let units = self.before.get(from..to)?;
        let there = |i: usize| images.get(i).copied().flatten().and_then(|i| self.after.get(i));
        let heading = units.first()?.kind == Kind::Heading;
        let named = |u: &&Unit| u.kind != Kind::Other && (!heading || u.kind == Kind::Heading);
        let before = (0..from)
            .rev()
            .filter_map(there)
            .find(|u| !heading || u.kind == Kind::Heading)
            .filter(named)
            .map(|u| format!("{} 后", u.name));
        let behind = (to..self.before.len())
            .filter_map(there)
            .find(|u| !heading || u.kind == Kind::Heading)
            .filter(named)
            .map(|u| format!("{} 前", u.name));
        let place = if self.forward { before.or(behind) } else { behind.or(before) }.unwrap_or_default();
        let whole: Vec<&str> = units.iter().map(|u| u.whole.as_str()).collect();
        let first = units.first()?;
        Some(match first.kind {
            Kind::Article => {
                let labels: Vec<&str> = units.iter().map(|u| u.name.as_str()).collect();
                let count = crate::base::numeral::to_chinese(units.len() as u64);
                format!(
                    "{place}增加{count}条，作为 {}：\n{}",
                    labels.join("、"),
                    lines::indent(&whole.join("\n\n"))
                )
            }
            Kind::Definition => format!("{place}增加 定义：\n{}", lines::indent(&first.whole)),
            Kind::Other => format!("{place}增加 {}：\n{}", first.name, lines::indent(&first.whole)),
            Kind::Enum | Kind::Fields => format!("{place}增加 {}", first.body),
            Kind::Heading => {
                let word = if first.name.ends_with('节') { '节' } else { '章' };
                let body = lines::indent(&whole.join("\n\n"));
                format!("{place}增加一{word}，作为 {}：\n{body}", first.name)
            }
        })
    }

    fn written(&self, ops: &[String]) -> String {
        let decision = self.decision;
        let mut text = format!("修改决定「{}（恢复）」\n", decision.title.text);
        let _ = writeln!(text, "  修改 {}「{}」", decision.kind.text, decision.amends.text);
        if let Some((date, _)) = decision.effective {
            let _ = writeln!(text, "  自 {date} 起施行");
        }
        for (op, number) in ops.iter().zip(1_u64..) {
            let _ = write!(text, "\n{}、{op}", crate::base::numeral::to_chinese(number));
        }
        text.push('\n');
        if decision.renumber.is_some() {
            text.push_str("\n条文顺序作相应调整。\n");
        }
        if decision.renumber_items.is_some() {
            text.push_str("\n款项顺序作相应调整。\n");
        }
        text
    }

    /// Tries the decision out, and learns from what differs.
    fn attempt(&mut self, text: &str, sources: &[Source<'_>], wanted: &[String]) -> Attempt {
        let (decision, diags) = parse_decision(text, self.file);
        let Some(decision) = decision.filter(|_| diags.is_empty()) else { return Attempt::Failed };
        let ops: Vec<usize> = (0..decision.ops.len()).collect();
        let made = match apply(sources, &decision, &ops, &Renumbering::default()) {
            Ok(made) => made,
            Err(found) => return self.learn(&decision, &found),
        };
        if made.texts == wanted {
            return Attempt::Done;
        }
        let own = self::sources(sources, &made.texts);
        let trees = trees(&own);
        let now = units(&Base::new(&own, &trees));
        let mut more = BTreeSet::new();
        for (index, unit) in self.before.iter().enumerate() {
            let same = now.iter().find(|u| u.kind == unit.kind && u.name == unit.name);
            if same.is_some_and(|u| u.body != unit.body) && self.image(unit).is_some() {
                more.insert(index);
            }
        }
        let known = self.rewrite.len();
        self.rewrite.extend(more);
        if self.rewrite.len() > known { Attempt::Again } else { Attempt::Failed }
    }

    /// What would not change need not be written anew.
    fn learn(&mut self, decision: &Decision, found: &[Diagnostic]) -> Attempt {
        let idle: Vec<Span> = found
            .iter()
            .filter(|d| d.code == errors::NO_CHANGE)
            .filter_map(|d| Some(d.labels.first()?.span))
            .collect();
        let names: Vec<&str> = decision
            .ops
            .iter()
            .filter(|op| idle.iter().any(|at| op.span.start <= at.start && at.end <= op.span.end))
            .filter_map(|op| decision.source.get(op.label.end as usize..op.head.end as usize))
            .collect();
        let images: Vec<Option<usize>> = self.before.iter().map(|u| self.image(u)).collect();
        let known = self.rewrite.len();
        let cited: Vec<Span> = found
            .iter()
            .filter(|d| d.code != errors::NO_CHANGE)
            .flat_map(|d| d.labels.iter().map(|l| l.span))
            .collect();
        if !cited.is_empty() {
            // What cites the place undone is written anew with it.
            let met = |i: &usize| {
                images.get(*i).copied().flatten().and_then(|n| self.after.get(n)).is_some_and(|u| {
                    cited
                        .iter()
                        .any(|at| at.file == u.span.file && u.span.start <= at.start && at.end <= u.span.end)
                })
            };
            let more: Vec<usize> = (0..self.before.len()).filter(met).collect();
            self.rewrite.extend(more);
            return if self.rewrite.len() > known { Attempt::Again } else { Attempt::Failed };
        }
        let after = &self.after;
        self.rewrite.retain(|&i| {
            let now = images.get(i).copied().flatten().and_then(|i| after.get(i));
            !now.is_some_and(|now| names.iter().any(|n| n.split(' ').next() == Some(now.name.as_str())))
        });
        if self.rewrite.len() < known { Attempt::Again } else { Attempt::Failed }
    }
}

/// What stands behind the label of an article or heading, and of anything else all of it.
fn after_label(unit: &Unit) -> &str {
    match unit.kind {
        Kind::Article | Kind::Heading => {
            unit.body.find(['「', '【', '\n']).map_or("", |at| unit.body.get(at..).unwrap_or(""))
        }
        Kind::Enum | Kind::Fields | Kind::Definition | Kind::Other => &unit.body,
    }
}

fn heading(name: &str) -> Option<crate::syntax::ast::HeadingAddress> {
    let number = |text: &str| {
        crate::base::numeral::parse_integer(text.trim_start_matches('第')).and_then(|n| u32::try_from(n).ok())
    };
    let (chapter, section) = match name.split_once('章') {
        Some((chapter, rest)) => (number(chapter)?, rest),
        None => (0, name),
    };
    let section = section.strip_suffix('节').map(number);
    Some(crate::syntax::ast::HeadingAddress { chapter, section: section.flatten() })
}

/// … 修改为
fn rewritten(unit: &Unit, now: &Unit) -> String {
    match unit.kind {
        Kind::Article => {
            format!("{} 修改为（原文与条款已经核对）：\n{}", now.name, lines::indent(&unit.body))
        }
        Kind::Heading => {
            let title =
                unit.body.split_once('「').and_then(|(_, t)| t.split_once('」')).map_or("", |(t, _)| t);
            let word = if now.name.ends_with('节') { "节名" } else { "章名" };
            format!("{} 的{word}修改为「{title}」。", now.name)
        }
        Kind::Fields => format!("{} 修改为：\n{}", now.name, unit.inner),
        Kind::Enum | Kind::Definition => format!("{} 修改为：\n{}", now.name, lines::indent(&unit.body)),
        Kind::Other => String::new(),
    }
}
