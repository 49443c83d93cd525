//! Declarations and statements outside articles: added, written anew, taken out.
use super::base::Region;
use super::plan::{Edit, Plan};
use super::{ChangeKind, errors, lines};
use crate::base::Span;
use crate::syntax::ast::{
    Definition, EnumDecl, Field, Name, Payload, PlaceKind, Position, Statement, StatementKind, Target,
    TopItem,
};

/// A block of fields: whether of conclusions, its entity, its fields.
type Block<'t> = (bool, &'t Name, &'t [Field]);

fn block(item: &TopItem) -> Option<Block<'_>> {
    match item {
        TopItem::Facts(b) => Some((false, &b.entity, &b.fields)),
        TopItem::Conclusions(b) => Some((true, &b.entity, &b.fields)),
        TopItem::Include(_)
        | TopItem::Enum(_)
        | TopItem::Heading(_)
        | TopItem::Article(_)
        | TopItem::Statement(_) => None,
    }
}

/// Which of the declarations stand together.
fn rank(item: &TopItem) -> u8 {
    match item {
        TopItem::Include(_) => 0,
        TopItem::Enum(_) => 1,
        TopItem::Facts(_) => 2,
        TopItem::Conclusions(_) => 3,
        TopItem::Heading(_) | TopItem::Article(_) => 4,
        TopItem::Statement(_) => 5,
    }
}

/// What a target is called.
pub fn name_of(target: &Target) -> String {
    match target {
        Target::Place(place) => match &place.kind {
            PlaceKind::Provision(a) => a.to_string(),
            PlaceKind::Range(a, b) => format!("{a}至{b}"),
            PlaceKind::Heading(h) => h.to_string(),
        },
        Target::Fields { conclusions, entity, names, .. } => {
            let word = if *conclusions { "结论" } else { "事实" };
            let fields: Vec<&str> = names.iter().map(|n| n.text.as_str()).collect();
            let of = if fields.is_empty() { String::new() } else { format!(" 的 {}", fields.join("、")) };
            format!("{word} {}{of}", entity.text)
        }
        Target::Enum(name) => format!("枚举 {}", name.text),
        Target::Definition { entity, name } => {
            let of = entity.as_ref().map_or_else(String::new, |e| format!("{} 的 ", e.text));
            format!("定义 {of}{}", name.text)
        }
        Target::Statement(statement) => match statement.kind {
            StatementKind::Scope(_) => "适用范围".to_owned(),
            StatementKind::Priority { .. } => "优先关系".to_owned(),
            StatementKind::Rule(_) | StatementKind::Condition { .. } | StatementKind::Definition(_) => {
                "语句".to_owned()
            }
        },
    }
}

impl<'a> Plan<'a> {
    fn items(&self) -> impl Iterator<Item = (usize, &'a TopItem)> + use<'a> {
        let trees = self.base.trees;
        trees.iter().enumerate().flat_map(|(file, tree)| tree.items.iter().map(move |item| (file, item)))
    }

    /// The whole of a top-level item, with comments above.
    fn item_region(&self, file: usize, item: &TopItem) -> Region {
        let span = match item {
            TopItem::Include(text) => text.span,
            TopItem::Enum(decl) => decl.span,
            TopItem::Facts(b) => b.fields.last().map_or(b.span, |f| b.span.to(f.span)),
            TopItem::Conclusions(b) => b.fields.last().map_or(b.span, |f| b.span.to(f.span)),
            TopItem::Heading(h) => h.span,
            TopItem::Article(a) => a.span,
            TopItem::Statement(s) => s.span,
        };
        let mut region = self.base.whole_of(file, span);
        if let Some((_, _, [])) = block(item) {
            // 事实 甲： with nothing below it: its colon is not in its span.
            let text = self.base.texts.get(file).copied().unwrap_or("");
            let rest = text.get(span.end as usize..).unwrap_or("");
            let line = rest.split('\n').next().unwrap_or("").len();
            region.end = (span.end as usize + line + 1).min(text.len());
        }
        region
    }

    fn find_enum(&mut self, name: &Name) -> Option<(usize, &'a EnumDecl)> {
        let mut all =
            self.items().filter_map(|(f, i)| if let TopItem::Enum(e) = i { Some((f, e)) } else { None });
        let found = all.find(|(_, e)| e.name.text == name.text);
        if found.is_none() {
            let names: Vec<&str> = self
                .items()
                .filter_map(|(_, i)| if let TopItem::Enum(e) = i { Some(e.name.text.as_str()) } else { None })
                .collect();
            self.no_declaration(name.span, &format!("枚举 {}", name.text), &name.text, names.into_iter());
        }
        found
    }

    fn find_field(&mut self, conclusions: bool, entity: &Name, name: &Name) -> Option<(usize, &'a Field)> {
        let of: Vec<(usize, &'a Field)> = self
            .items()
            .filter_map(|(f, i)| Some((f, block(i)?)))
            .filter(|(_, (c, e, _))| *c == conclusions && e.text == entity.text)
            .flat_map(|(f, (_, _, fields))| fields.iter().map(move |field| (f, field)))
            .collect();
        let found = of.iter().copied().find(|(_, f)| f.name.text == name.text);
        if found.is_none() {
            let word = if conclusions { "结论" } else { "事实" };
            let what = format!("{word} {} 的 {}", entity.text, name.text);
            let names: Vec<&str> = of.iter().map(|(_, f)| f.name.text.as_str()).collect();
            self.no_declaration(name.span, &what, &name.text, names.into_iter());
        }
        found
    }

    fn find_definition(&mut self, entity: Option<&Name>, name: &Name) -> Option<(usize, &'a Statement)> {
        let defined = |s: &'a Statement| match &s.kind {
            StatementKind::Definition(d) => Some(d),
            StatementKind::Rule(_)
            | StatementKind::Condition { .. }
            | StatementKind::Priority { .. }
            | StatementKind::Scope(_) => None,
        };
        let all: Vec<(usize, &'a Statement, &'a Definition)> = self
            .items()
            .filter_map(|(f, i)| if let TopItem::Statement(s) = i { Some((f, s, defined(s)?)) } else { None })
            .collect();
        let same = |d: &Definition| {
            d.name.text == name.text
                && entity.is_none_or(|e| d.entity.as_ref().is_some_and(|d| d.text == e.text))
        };
        let found = all.iter().find(|(_, _, d)| same(d)).map(|(f, s, _)| (*f, *s));
        if found.is_none() {
            let names: Vec<&str> = all.iter().map(|(_, _, d)| d.name.text.as_str()).collect();
            self.no_declaration(name.span, &format!("定义 {}", name.text), &name.text, names.into_iter());
        }
        found
    }

    /// Where a target stands.
    pub fn region_of(&mut self, target: &Target) -> Option<Region> {
        match target {
            Target::Place(place) => match &place.kind {
                PlaceKind::Provision(address) => {
                    let node = self.node(address, place.span)?;
                    Some(self.base.whole(node))
                }
                PlaceKind::Heading(address) => {
                    let head = self.heading(*address, place.span)?;
                    let found = self.base.heads.get(head)?;
                    Some(self.base.whole_of(found.file, found.tree.span))
                }
                PlaceKind::Range(..) => {
                    self.errors.push(errors::wrong_anchor(place.span, "一处"));
                    None
                }
            },
            Target::Enum(name) => {
                let (file, decl) = self.find_enum(name)?;
                Some(self.base.whole_of(file, decl.span))
            }
            Target::Definition { entity, name } => {
                let (file, statement) = self.find_definition(entity.as_ref(), name)?;
                Some(self.base.whole_of(file, statement.span))
            }
            Target::Fields { conclusions, entity, names, span } => match names.as_slice() {
                [] => self.block_region(*conclusions, entity, *span),
                [name, ..] => {
                    let (file, field) = self.find_field(*conclusions, entity, name)?;
                    Some(self.base.whole_of(file, field.span))
                }
            },
            Target::Statement(statement) => self.statement_region(statement),
        }
    }

    fn block_region(&mut self, conclusions: bool, entity: &Name, span: Span) -> Option<Region> {
        let of: Vec<(usize, &'a TopItem)> = self
            .items()
            .filter(|(_, i)| block(i).is_some_and(|(c, e, _)| c == conclusions && e.text == entity.text))
            .collect();
        match of.as_slice() {
            [(file, item)] => Some(self.item_region(*file, item)),
            [] => {
                let names: Vec<&str> = self
                    .items()
                    .filter_map(|(_, i)| block(i))
                    .filter(|(c, _, _)| *c == conclusions)
                    .map(|(_, e, _)| e.text.as_str())
                    .collect();
                let word = if conclusions { "结论" } else { "事实" };
                self.no_declaration(
                    span,
                    &format!("{word} {}", entity.text),
                    &entity.text,
                    names.into_iter(),
                );
                None
            }
            [_, _, ..] => {
                self.errors.push(errors::several_blocks(span, &entity.text));
                None
            }
        }
    }

    /// The statement outside articles that says the same.
    fn statement_region(&mut self, wanted: &Statement) -> Option<Region> {
        let said = super::check::squeeze(&self.given(wanted.span.start as usize, wanted.span.end as usize));
        let found = self.items().find_map(|(f, i)| match i {
            TopItem::Statement(s) => {
                let text = self.base.slice(super::base::Base::bytes(f, s.span));
                (super::check::squeeze(text) == said).then_some((f, s.span))
            }
            TopItem::Include(_)
            | TopItem::Enum(_)
            | TopItem::Facts(_)
            | TopItem::Conclusions(_)
            | TopItem::Heading(_)
            | TopItem::Article(_) => None,
        });
        if found.is_none() {
            self.errors.push(errors::not_there(wanted.span, &said, &[]));
        }
        found.map(|(file, span)| self.base.whole_of(file, span))
    }

    /// Takes a region for an operation unless another has taken it.
    fn take(&mut self, op: usize, region: Region, name: &str) -> bool {
        if let Some(&(_, other)) = self.taken.iter().find(|(r, _)| r.overlaps(region)) {
            let (here, there) = (self.op_span(op), self.op_span(other));
            self.errors.push(errors::conflict(here, there, name));
            return false;
        }
        self.taken.push((region, op));
        true
    }

    /// 删去 事实 甲 的 乙、丙
    pub fn undeclare(&mut self, op: usize, target: &'a Target, what: ChangeKind) {
        let singles: Vec<Target> = match target {
            Target::Fields { conclusions, entity, names, span } if names.len() > 1 => names
                .iter()
                .map(|name| Target::Fields {
                    conclusions: *conclusions,
                    entity: entity.clone(),
                    names: vec![name.clone()],
                    span: *span,
                })
                .collect(),
            one => vec![one.clone()],
        };
        for target in singles {
            let name = name_of(&target);
            let Some(region) = self.region_of(&target) else { continue };
            if self.take(op, region, &name) {
                self.edits.push(Edit { region, text: String::new(), rank: 0 });
                self.change(op, what, None, name);
            }
        }
    }

    /// 枚举 甲 修改为：, 定义 甲 修改为：, 事实 甲 的 乙 修改为：
    pub fn redeclare(&mut self, op: usize, target: &'a Target, with: &'a Payload) {
        let name = name_of(target);
        let (file, span) = match target {
            Target::Enum(enumeration) => {
                let Some((file, decl)) = self.find_enum(enumeration) else { return };
                (file, decl.span)
            }
            Target::Definition { entity, name } => {
                let Some((file, statement)) = self.find_definition(entity.as_ref(), name) else { return };
                (file, statement.span)
            }
            Target::Fields { conclusions, entity, names, .. } => {
                let Some(field) = names.first() else { return self.redeclare_block(op, target, with) };
                let Some((file, field)) = self.find_field(*conclusions, entity, field) else { return };
                (file, field.span)
            }
            Target::Place(_) | Target::Statement(_) => return,
        };
        let text = self.base.texts.get(file).copied().unwrap_or("");
        let region = Region { file, start: span.start as usize, end: lines::end_of(text, span.end as usize) };
        let new = self.redeclared(target, with);
        self.rewrite(op, region, new, &name);
    }

    /// 事实 甲 修改为：
    fn redeclare_block(&mut self, op: usize, target: &Target, with: &Payload) {
        let Some(region) = self.region_of(target) else { return };
        let given = self
            .given(with.span.start as usize, lines::end_of(&self.decision.source, with.span.end as usize));
        let name = name_of(target);
        // The comments above the block stay.
        let old = self.base.slice(region);
        let lead: usize = old
            .split_inclusive('\n')
            .take_while(|l| l.trim_start_matches('\u{FEFF}').trim_start().starts_with("--"))
            .map(str::len)
            .sum();
        let region = Region { start: region.start + lead, ..region };
        self.rewrite(op, region, format!("{name}：\n{given}\n"), &name);
    }

    fn redeclared(&self, target: &Target, with: &Payload) -> String {
        let end = lines::end_of(&self.decision.source, with.span.end as usize);
        let given = self.given(with.span.start as usize, end);
        match (target, with.items.first()) {
            (Target::Enum(name), Some(TopItem::Enum(decl))) if decl.name.span == name.span => {
                let stop = if given.ends_with(['。', '；', ';']) { "" } else { "。" };
                format!("枚举 {}：{given}{stop}", name.text)
            }
            (
                Target::Enum(_)
                | Target::Place(_)
                | Target::Definition { .. }
                | Target::Statement(_)
                | Target::Fields { .. },
                _,
            ) => given,
        }
    }

    fn rewrite(&mut self, op: usize, region: Region, new: String, name: &str) {
        if super::check::squeeze(self.base.slice(region)) == super::check::squeeze(&new) {
            self.errors.push(errors::no_change(self.op_span(op), name));
        }
        if self.take(op, region, name) {
            self.edits.push(Edit { region, text: new, rank: 0 });
            self.change(op, ChangeKind::Replaced, None, name.to_owned());
        }
    }

    /// 枚举 甲 增加 乙、丙。
    pub fn add_values(&mut self, op: usize, name: &Name, values: &[Name], span: Span) {
        let Some((file, decl)) = self.find_enum(name) else { return };
        let at = decl.values.last().map_or(decl.span.end, |v| v.span.end) as usize;
        let region = Region { file, start: at, end: at };
        let given = self.given(span.start as usize, span.end as usize);
        self.edits.push(Edit { region, text: format!("、{given}"), rank: 0 });
        for value in values {
            self.change(op, ChangeKind::Added, None, format!("枚举 {} 的 {}", name.text, value.text));
        }
    }

    /// 事实 甲 的 乙 后增加：
    pub fn add_fields(&mut self, op: usize, position: &Position, with: &'a Payload) {
        let (target, before) = match position {
            Position::Before(target) => (target, true),
            Position::After(target) | Position::Between(target, _) | Position::In(target) => (target, false),
        };
        let Some(region) = self.region_of(target) else { return };
        let at = if before { region.start } else { region.end };
        self.put_lines(op, Region { start: at, end: at, ..region }, with.span, with);
    }

    /// 增加 事实 甲：, 增加 枚举 …, 增加 定义：
    pub fn declare(&mut self, op: usize, position: Option<&Position>, with: &'a Payload) {
        let Some(item) = with.items.first() else { return };
        let at = match position {
            Some(Position::Before(target)) => self.region_of(target).map(|r| Region { end: r.start, ..r }),
            Some(Position::After(target) | Position::Between(target, _) | Position::In(target)) => {
                self.region_of(target).map(|r| Region { start: r.end, ..r })
            }
            None => {
                if let Some(at) = self.end_of_block(item) {
                    let fields = block(item).map_or(&[][..], |(_, _, f)| f);
                    if let (Some(first), Some(last)) = (fields.first(), fields.last()) {
                        self.put_lines(op, at, first.span.to(last.span), with);
                    }
                    return;
                }
                Some(self.behind_alike(item))
            }
        };
        if let Some(at) = at {
            self.put_lines(op, at, with.span, with);
        }
    }

    /// Behind the last field of an entity that has a declaration.
    fn end_of_block(&self, item: &TopItem) -> Option<Region> {
        let (conclusions, entity, _) = block(item)?;
        let same = |i: &TopItem| block(i).is_some_and(|(c, e, _)| c == conclusions && e.text == entity.text);
        let (file, found) = self.items().filter(|(_, i)| same(i)).last()?;
        let region = self.item_region(file, found);
        Some(Region { start: region.end, ..region })
    }

    /// Behind the last declaration of its kind, or of a kind that stands before it.
    fn behind_alike(&self, item: &TopItem) -> Region {
        let own = rank(item);
        let found = self
            .items()
            .filter(|(_, i)| rank(i) <= own)
            .max_by_key(|(file, i)| (rank(i), std::cmp::Reverse(*file), self.item_region(*file, i).end));
        if let Some((file, found)) = found {
            let region = self.item_region(file, found);
            return Region { start: region.end, ..region };
        }
        let header = self.base.trees.first().and_then(|t| t.header.as_ref());
        let at = header.map_or(0, |h| {
            let text = self.base.texts.first().copied().unwrap_or("");
            lines::end_of(text, h.span.end as usize)
        });
        Region { file: 0, start: at, end: at }
    }

    /// Puts what stands at `span` in the decision, with the comments above, on lines of its own.
    fn put_lines(&mut self, op: usize, at: Region, span: Span, with: &Payload) {
        let source = self.decision.source.as_str();
        let region = Region { file: 0, start: span.start as usize, end: span.end as usize };
        let start = lines::whole(source, region).start;
        let start = source.get(start..).map_or(start, |rest| {
            start + rest.len() - rest.trim_start_matches([' ', '\t', '\u{3000}']).len()
        });
        let body = self.given(start, lines::end_of(source, span.end as usize));
        let text = self.base.texts.get(at.file).copied().unwrap_or("");
        let fresh = text.get(..at.start).is_some_and(|b| b.is_empty() || b.ends_with('\n'));
        let apart = matches!(with.items.first(), Some(TopItem::Enum(_) | TopItem::Statement(_)));
        let text = if fresh { format!("{body}\n") } else { format!("\n{body}\n") };
        self.edits.push(Edit { region: at, text, rank: if apart { 6 } else { 0 } });
        for name in added_names(with) {
            self.change(op, ChangeKind::Added, None, name);
        }
    }
}

/// What is declared, by name.
fn added_names(with: &Payload) -> Vec<String> {
    let mut names = Vec::new();
    for item in &with.items {
        match item {
            TopItem::Enum(decl) => names.push(format!("枚举 {}", decl.name.text)),
            TopItem::Facts(_) | TopItem::Conclusions(_) => {
                if let Some((conclusions, entity, fields)) = block(item) {
                    let word = if conclusions { "结论" } else { "事实" };
                    names.extend(fields.iter().map(|f| format!("{word} {} 的 {}", entity.text, f.name.text)));
                }
            }
            TopItem::Statement(statement) => match &statement.kind {
                StatementKind::Definition(d) => names.push(format!("定义 {}", d.name.text)),
                StatementKind::Scope(_) => names.push("适用范围".to_owned()),
                StatementKind::Priority { .. } => names.push("优先关系".to_owned()),
                StatementKind::Rule(_) | StatementKind::Condition { .. } => {}
            },
            TopItem::Include(_) | TopItem::Heading(_) | TopItem::Article(_) => {}
        }
    }
    names
}
