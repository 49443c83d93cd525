//! What an operation of an amending decision gives: provisions, declarations, statements outside articles.
use super::kids::Kids;
use super::{Builder, kids_of};
use crate::base::{PartKind, Span};
use crate::syntax::ast::{
    ConclusionBlock, EnumDecl, FactBlock, HeadingLevel, Level, Name, Payload, StatementKind, Target, TopItem,
};
use crate::syntax::chunk::{ChunkKind, is_blank, split};
use crate::syntax::errors::decision as errors;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;

/// 条, 款 … as in 一条, 一款.
pub fn word(level: Level) -> &'static str {
    match level {
        Level::Chapter => "章",
        Level::Section => "节",
        Level::Part(kind) => kind.word(),
    }
}

/// How many provisions of a level are given, and the first thing that is none.
pub fn count(with: &Payload, level: Level) -> (usize, Option<Span>) {
    match level {
        Level::Chapter | Level::Section => {
            let wanted = if level == Level::Chapter { HeadingLevel::Chapter } else { HeadingLevel::Section };
            let heads =
                with.items.iter().filter(|i| matches!(i, TopItem::Heading(h) if h.level == wanted)).count();
            let starts = matches!(with.items.first(), Some(TopItem::Heading(h)) if h.level == wanted);
            let odd = with.items.iter().find_map(|i| match i {
                TopItem::Heading(h) if h.level == HeadingLevel::Chapter && level == Level::Section => {
                    Some(h.span)
                }
                item => odd_item(item),
            });
            let first = if starts { None } else { with.items.first().map(place_of) };
            (heads, odd.or(first))
        }
        Level::Part(PartKind::Article) => {
            let odd = with.items.iter().find_map(|i| match i {
                TopItem::Heading(h) => Some(h.span),
                item => odd_item(item),
            });
            (with.items.iter().filter(|i| matches!(i, TopItem::Article(_))).count(), odd)
        }
        Level::Part(kind) => {
            let odd = with.parts.iter().find(|p| p.kind != kind).map(|p| p.label);
            let odd = odd.or_else(|| with.statements.first().map(|s| s.span));
            (with.parts.iter().filter(|p| p.kind == kind).count(), odd)
        }
    }
}

fn odd_item(item: &TopItem) -> Option<Span> {
    match item {
        TopItem::Heading(_) | TopItem::Article(_) => None,
        TopItem::Include(_)
        | TopItem::Enum(_)
        | TopItem::Facts(_)
        | TopItem::Conclusions(_)
        | TopItem::Statement(_) => Some(place_of(item)),
    }
}

/// Where a chunk stands.
fn place_of(item: &TopItem) -> Span {
    match item {
        TopItem::Include(text) => text.span,
        TopItem::Enum(decl) => decl.span,
        TopItem::Facts(FactBlock { span, .. }) | TopItem::Conclusions(ConclusionBlock { span, .. }) => *span,
        TopItem::Heading(heading) => heading.span,
        TopItem::Article(article) => article.label,
        TopItem::Statement(statement) => statement.span,
    }
}

impl Builder<'_> {
    /// Runs `body` with places counted from `start` of the chunk at hand.
    fn counted_from<T>(&mut self, start: usize, body: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.base;
        self.base += start;
        let made = body(self);
        self.base = outer;
        made
    }

    fn spread_of(&self, start: usize, text: &str) -> Span {
        let lead = text.len() - text.trim_start_matches(is_blank).len();
        self.at(start + lead, start + text.trim_end_matches(is_blank).len())
    }

    /// Articles and headings, chunk by chunk, from the file as it stands.
    pub fn articles_given(&mut self, start: usize, end: usize) -> Payload {
        let from = (self.base + start).min(self.source.len());
        let raw = self.source.get(from..self.base + end).unwrap_or("");
        let span = self.spread_of(start, raw);
        // Brackets were complained of when the decision was cut.
        let chunks = split(raw, self.file, &mut Vec::new());
        let mut tree = crate::syntax::ast::SourceFile { file: self.file, header: None, items: Vec::new() };
        let outer = self.base;
        for mut chunk in chunks {
            chunk.start += from;
            if matches!(chunk.kind, ChunkKind::Header | ChunkKind::Amending) {
                self.base = chunk.start;
                let at = self.whole(&chunk);
                self.diags.push(errors::misfit(at, "这里只能写条文", "标题不能用修改决定修改"));
                continue;
            }
            self.chunk(&chunk, &mut tree);
        }
        self.base = outer;
        Payload { items: tree.items, span, ..Payload::default() }
    }

    /// 款 项 目 and statements.
    pub fn parts_given(&mut self, text: &str, start: usize) -> Option<Payload> {
        let span = self.spread_of(start, text);
        self.counted_from(start, |this| match Grammar::parse(Rule::only_parts, text) {
            Ok(pairs) => {
                let (parts, statements) = this.parts(kids_of(pairs)?, text);
                Some(Payload { parts, statements, span, ..Payload::default() })
            }
            Err(error) => {
                this.failure(&error, text);
                None
            }
        })
    }

    /// `事实 甲：…`, `枚举 甲：…`
    pub fn block_given(&mut self, rule: Rule, text: &str, start: usize) -> Option<Payload> {
        let span = self.spread_of(start, text);
        let item = self.counted_from(start, |this| match Grammar::parse(rule, text) {
            Ok(pairs) => {
                let kids = kids_of(pairs)?;
                if rule == Rule::chunk_enum {
                    this.enumeration_of(kids, span).map(TopItem::Enum)
                } else {
                    this.fields(kids)
                }
            }
            Err(error) => {
                this.failure(&error, text);
                None
            }
        })?;
        Some(Payload { items: vec![item], span, ..Payload::default() })
    }

    fn enumeration_of(&mut self, mut kids: Kids<'_>, span: Span) -> Option<EnumDecl> {
        let name = kids.seek(Rule::name)?;
        let name = self.name(&name);
        let ordered =
            kids.by_ref().take_while(|n| n.as_rule() != Rule::colon).any(|n| n.as_rule() == Rule::k_ordered);
        let values = self.names_after(&mut kids);
        Some(EnumDecl { name, ordered, values, span })
    }

    /// Definitions, scopes or priorities, as `word` says.
    pub fn outside_given(&mut self, word: &str, text: &str, start: usize) -> Option<Payload> {
        let span = self.spread_of(start, text);
        let pairs = match Grammar::parse(Rule::chunk_statements, text) {
            Ok(pairs) => pairs,
            Err(error) => {
                self.counted_from(start, |this| this.failure(&error, text));
                return None;
            }
        };
        let kids = kids_of(pairs)?;
        let mut items = Vec::new();
        self.counted_from(start, |this| {
            for kid in kids {
                match kid.as_rule() {
                    Rule::bad_statement => this.bad_statement(&kid, text),
                    Rule::statement => {
                        items.extend(this.statement(kid, false).map(TopItem::Statement));
                    }
                    _ => {}
                }
            }
        });
        let odd = items.iter().find(|item| {
            !matches!(item, TopItem::Statement(s) if matches!(
                (&s.kind, word),
                (StatementKind::Definition(_), "定义")
                    | (StatementKind::Scope(_), "适用范围")
                    | (StatementKind::Priority { .. }, "优先关系")
            ))
        });
        if let Some(at) = odd.map(place_of) {
            self.diags.push(errors::misfit(at, format!("这不是{word}"), "每一项只写它所说的那一种"));
            return None;
        }
        if items.is_empty() {
            self.diags.push(errors::misfit(span, format!("没有写出{word}"), "在“：”之后写出来"));
            return None;
        }
        Some(Payload { items, span, ..Payload::default() })
    }

    /// Fields of the entity a target names.
    pub fn fields_below(&mut self, target: &Target, text: &str, start: usize) -> Option<Payload> {
        let Target::Fields { conclusions, entity, .. } = target else { return None };
        let span = self.spread_of(start, text);
        let pairs = match Grammar::parse(Rule::only_fields, text) {
            Ok(pairs) => pairs,
            Err(error) => {
                self.counted_from(start, |this| this.failure(&error, text));
                return None;
            }
        };
        let kids = kids_of(pairs)?;
        let mut fields = Vec::new();
        self.counted_from(start, |this| {
            for kid in kids {
                match kid.as_rule() {
                    Rule::field => fields.extend(this.field(kid)),
                    Rule::bad_line => this.bad_field(&kid),
                    _ => {}
                }
            }
        });
        if fields.is_empty() {
            self.diags.push(errors::misfit(span, "没有写出字段", "在“：”之后写出字段，一行一个"));
            return None;
        }
        let entity = entity.clone();
        let item = if *conclusions {
            TopItem::Conclusions(ConclusionBlock { entity, fields, span })
        } else {
            TopItem::Facts(FactBlock { entity, fields, span })
        };
        Some(Payload { items: vec![item], span, ..Payload::default() })
    }

    /// `枚举 甲：乙、丙。` or the values alone.
    pub fn values_of(&mut self, name: &Name, text: &str, start: usize) -> Option<Payload> {
        let lead = text.len() - text.trim_start_matches(is_blank).len();
        if text.get(lead..)?.starts_with("枚举") {
            return self.block_given(Rule::chunk_enum, text, start);
        }
        let span = self.spread_of(start, text);
        let values = self.counted_from(start, |this| match Grammar::parse(Rule::only_values, text) {
            Ok(pairs) => Some(this.names(&mut kids_of(pairs)?)),
            Err(error) => {
                this.failure(&error, text);
                None
            }
        })?;
        let decl = EnumDecl { name: name.clone(), ordered: false, values, span };
        Some(Payload { items: vec![TopItem::Enum(decl)], span, ..Payload::default() })
    }
}
