//! Amending decisions: the title block, the order of operations, what stands at the end.
use super::kids::{Kids, Node};
use super::{Builder, in_order};
use crate::base::{Date, FileId, Span, numeral};
use crate::diag::Diagnostic;
use crate::syntax::ast::{Decision, Name, Operation, Text};
use crate::syntax::chunk::{Chunk, ChunkKind, split_by};
use crate::syntax::decision::chunk_start;
use crate::syntax::errors::decision as errors;
use crate::syntax::grammar::Rule;

/// Builds a decision; none without a title.
pub fn decision(source: &str, file: FileId) -> (Option<Decision>, Vec<Diagnostic>) {
    let mut diags = Vec::new();
    let chunks = split_by(source, file, chunk_start, &mut diags);
    let mut builder = Builder { source, file, base: 0, diags, depth: 0, in_round: false };
    let mut made = Made::default();
    for (i, chunk) in chunks.iter().enumerate() {
        builder.base = chunk.start;
        let reported = builder.diags.len();
        let end = chunks.get(i + 1).map_or(source.len(), |next| next.start);
        match chunk.kind {
            ChunkKind::Decision => builder.title(chunk, i, &mut made),
            ChunkKind::Operation => made.ops.extend(builder.operation(chunk, end)),
            ChunkKind::Closing => builder.closing(chunk, &mut made),
            // What follows a 「 without end was reported with it.
            _ if i > 0 => {}
            _ => {
                let at = builder.whole(chunk);
                builder.diags.push(errors::not_a_decision(at));
            }
        }
        builder.forgive_cut(chunk, reported);
    }
    if made.title.is_none() && builder.diags.is_empty() {
        builder.base = 0;
        let first = source.len() - source.trim_start().len();
        let line = source.trim_start().lines().next().unwrap_or("").len();
        let at = builder.at(first, first + line);
        builder.diags.push(errors::not_a_decision(at));
    }
    let decision = builder.complete(made);
    (decision, in_order(builder.diags))
}

/// What has been read so far.
#[derive(Default)]
struct Made {
    title: Option<Title>,
    ops: Vec<Operation>,
    stages: Vec<Stage>,
    articles: Option<Span>,
    items: Option<Span>,
}

/// The title block.
#[derive(Default)]
struct Title {
    text: Option<Text>,
    amends: Option<(Name, Text)>,
    issuer: Option<Text>,
    number: Option<Text>,
    follows: Option<Text>,
    version: Option<Text>,
    promulgated: Option<(Date, Span)>,
    effective: Option<(Date, Span)>,
    head: Span,
    span: Span,
}

/// 本决定 第三项 自 … 起施行
struct Stage {
    /// Numbers with their places; empty: the decision.
    ops: Vec<(u32, Span)>,
    date: (Date, Span),
}

impl Builder<'_> {
    fn title(&mut self, chunk: &Chunk, index: usize, made: &mut Made) {
        let span = self.whole(chunk);
        if index > 0 || made.title.is_some() {
            self.diags.push(errors::out_of_place(span));
        }
        let Some(mut kids) = self.parsed(Rule::chunk_decision, chunk) else { return };
        let head = kids.next().map(|word| self.span(&word)).unwrap_or_default();
        let mut title = Title { head, span, ..Title::default() };
        for kid in kids {
            match kid.as_rule() {
                Rule::text => title.text = Some(self.text(&kid)),
                Rule::decision_amends => title.amends = self.amends(kid),
                Rule::decision_text => self.title_text(kid, &mut title),
                Rule::decision_date => title.promulgated = self.dated(kid),
                Rule::decision_effective => {
                    let date = self.dated(kid);
                    self.set_effective(&mut title.effective, date, "修改决定");
                }
                Rule::bad_line => self.bad_decision_entry(&kid),
                _ => {}
            }
        }
        made.title.get_or_insert(title);
    }

    fn amends(&self, node: Node<'_>) -> Option<(Name, Text)> {
        let mut kids = Kids::of(node);
        let kind = kids.seek(Rule::header_kind)?;
        Some((self.name(&kind), self.text(&kids.seek(Rule::text)?)))
    }

    fn title_text(&self, node: Node<'_>, title: &mut Title) {
        let mut kids = Kids::of(node);
        let Some(key) = kids.seek(Rule::k_decision_text) else { return };
        let text = kids.seek(Rule::text).map(|text| self.text(&text));
        match key.as_str() {
            "制定机关" => title.issuer = text,
            "文号" => title.number = text,
            "版本" => title.version = text,
            _ => title.follows = text,
        }
    }

    fn dated(&mut self, node: Node<'_>) -> Option<(Date, Span)> {
        let date = Kids::of(node).seek(Rule::date)?;
        Some((self.date(&date)?, self.span(&date)))
    }

    fn set_effective(&mut self, slot: &mut Option<(Date, Span)>, date: Option<(Date, Span)>, what: &str) {
        match (*slot, date) {
            (Some((_, first)), Some((_, at))) => self.diags.push(errors::two_dates(at, first, what)),
            (None, Some(_)) => *slot = date,
            (_, None) => {}
        }
    }

    fn closing(&mut self, chunk: &Chunk, made: &mut Made) {
        let Some(kids) = self.parsed(Rule::chunk_closing, chunk) else { return };
        for kid in kids {
            let span = self.span(&kid);
            match kid.as_rule() {
                Rule::k_order_articles => made.articles = Some(span),
                Rule::k_order_items => made.items = Some(span),
                Rule::stage => made.stages.extend(self.stage(kid)),
                _ => {}
            }
        }
    }

    fn stage(&mut self, node: Node<'_>) -> Option<Stage> {
        let mut ops: Vec<(u32, Span)> = Vec::new();
        let mut through = false;
        let mut date = None;
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::op_number => {
                    let digits = kid.as_str().trim_start_matches('第').trim_end_matches('项');
                    let number =
                        numeral::parse_integer(digits).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
                    let at = self.span(&kid);
                    let first = ops.last().map_or(number, |(last, _)| last.saturating_add(1));
                    if std::mem::take(&mut through) && number.saturating_sub(first) < 1000 {
                        ops.extend((first..number).map(|n| (n, at)));
                    }
                    ops.push((number, at));
                }
                Rule::k_through => through = true,
                Rule::date => date = self.date(&kid).map(|d| (d, self.span(&kid))),
                _ => {}
            }
        }
        Some(Stage { ops, date: date? })
    }

    /// Puts dates to operations and checks what only the whole can tell.
    fn complete(&mut self, made: Made) -> Option<Decision> {
        let Made { title, mut ops, stages, articles, items } = made;
        let mut title = title?;
        self.check_numbers(&ops);
        for stage in stages {
            self.apply_stage(stage, &mut ops, &mut title.effective);
        }
        if title.effective.is_none() {
            self.diags.push(errors::no_effective_date(title.head));
        }
        if title.amends.is_none() {
            self.diags.push(errors::amends_nothing(title.head));
        }
        if let Some((promulgated, at)) = title.promulgated {
            let dates = ops.iter().filter_map(|op| op.effective).chain(title.effective);
            let early: Vec<_> = dates.filter(|(date, _)| *date < promulgated).collect();
            self.diags.extend(early.into_iter().map(|(_, place)| errors::too_early(place, at)));
        }
        let (kind, amends) = title.amends.unwrap_or_else(|| {
            let nothing = Text { text: String::new(), span: title.head };
            (Name { text: String::new(), span: title.head }, nothing)
        });
        Some(Decision {
            file: self.file,
            source: self.source.to_owned(),
            title: title.text?,
            kind,
            amends,
            issuer: title.issuer,
            number: title.number,
            promulgated: title.promulgated,
            follows: title.follows,
            version: title.version,
            effective: title.effective,
            ops,
            renumber: articles,
            renumber_items: items,
            span: title.span,
        })
    }

    fn check_numbers(&mut self, ops: &[Operation]) {
        for (op, expected) in ops.iter().zip(1_u32..) {
            if op.number != expected {
                let label = self.source_of(op.label).to_owned();
                let right = format!("{}、", numeral::to_chinese(u64::from(expected)));
                self.diags.push(errors::misnumbered(op.label, &label, &right));
            }
        }
    }

    fn apply_stage(&mut self, stage: Stage, ops: &mut [Operation], all: &mut Option<(Date, Span)>) {
        if stage.ops.is_empty() {
            return self.set_effective(all, Some(stage.date), "修改决定");
        }
        let last = ops.len();
        for (number, at) in stage.ops {
            let index = (number as usize).checked_sub(1);
            let label = numeral::to_chinese(u64::from(number));
            match index.and_then(|i| ops.get_mut(i)) {
                Some(op) => self.set_effective(&mut op.effective, Some(stage.date), &format!("第{label}项")),
                None => self.diags.push(errors::no_such_operation(at, &label, last)),
            }
        }
    }
}
