//! Declarations: title block, vocabulary, headings.
use super::Builder;
use super::kids::{Kids, Node};
use crate::base::Span;
use crate::syntax::ast::{
    Attr, AttrKind, ConclusionBlock, EnumDecl, Expr, FactBlock, Field, Header, HeaderDateKey, HeaderKey,
    Heading, HeadingLevel, Name, SourceFile, TopItem, TypeExpr, TypeKind,
};
use crate::syntax::chunk::Chunk;
use crate::syntax::errors;
use crate::syntax::grammar::Rule;

/// What drafters who know other languages may write for a type.
const FOREIGN_TYPES: [(&str, &str, TypeKind); 18] = [
    ("布尔", "是否", TypeKind::Bool),
    ("布尔值", "是否", TypeKind::Bool),
    ("真假", "是否", TypeKind::Bool),
    ("有无", "是否", TypeKind::Bool),
    ("整形", "整数", TypeKind::Int(None)),
    ("整型", "整数", TypeKind::Int(None)),
    ("数字", "整数", TypeKind::Int(None)),
    ("数值", "小数", TypeKind::Decimal(None)),
    ("浮点", "小数", TypeKind::Decimal(None)),
    ("字符串", "文本", TypeKind::Text),
    ("字符", "文本", TypeKind::Text),
    ("文字", "文本", TypeKind::Text),
    ("钱", "金额", TypeKind::Money),
    ("货币", "金额", TypeKind::Money),
    ("时间", "日期", TypeKind::Date),
    ("日子", "日期", TypeKind::Date),
    ("期限", "期间", TypeKind::Period),
    ("时长", "期间", TypeKind::Period),
];

impl Builder<'_> {
    /// `办法「…」` and its entries.
    pub fn header_chunk(&mut self, chunk: &Chunk, tree: &mut SourceFile) {
        let Some(kids) = self.parsed(Rule::chunk_header, chunk) else { return };
        let Some(header) = self.header(kids, chunk) else { return };
        if tree.header.is_some() || !tree.items.is_empty() {
            self.diags.push(errors::misplaced_header(header.kind.span));
        }
        if tree.header.is_none() {
            tree.header = Some(header);
        }
    }

    fn header(&mut self, mut kids: Kids<'_>, chunk: &Chunk) -> Option<Header> {
        let kind = kids.seek(Rule::header_kind)?;
        let kind = self.name(&kind);
        let title = kids.seek(Rule::text)?;
        let title = self.text(&title);
        let (mut texts, mut dates) = (Vec::new(), Vec::new());
        for kid in kids {
            match kid.as_rule() {
                Rule::header_text => texts.extend(self.header_text(kid)),
                Rule::header_date => {
                    let mut kids = Kids::of(kid);
                    let key = kids.seek(Rule::k_header_date)?;
                    let key = match key.as_str() {
                        "公布日期" => HeaderDateKey::Promulgated,
                        _ => HeaderDateKey::Effective,
                    };
                    let date = kids.seek(Rule::date)?;
                    dates.extend(self.date(&date).map(|d| (key, d, self.span(&date))));
                }
                Rule::bad_line => self.bad_entry(&kid),
                _ => {}
            }
        }
        Some(Header { kind, title, texts, dates, span: self.whole(chunk) })
    }

    fn header_text(&self, node: Node<'_>) -> Option<(HeaderKey, crate::syntax::ast::Text)> {
        let mut kids = Kids::of(node);
        let key = match kids.seek(Rule::k_header_text)?.as_str() {
            "制定机关" => HeaderKey::Issuer,
            "文号" => HeaderKey::Number,
            "版本" => HeaderKey::Version,
            "原文" => HeaderKey::Original,
            "修正" => HeaderKey::Amended,
            _ => HeaderKey::ShortTitle,
        };
        Some((key, self.text(&kids.seek(Rule::text)?)))
    }

    /// The place of a chunk without the blanks around it.
    pub fn whole(&self, chunk: &Chunk) -> Span {
        let start = chunk.text.len() - chunk.text.trim_start_matches(super::chunk::is_blank).len();
        self.at(start, chunk.text.trim_end_matches(super::chunk::is_blank).len())
    }

    /// `枚举 甲（由轻到重）：乙、丙。`
    pub fn enumeration(&mut self, mut kids: Kids<'_>, chunk: &Chunk) -> Option<EnumDecl> {
        let name = kids.seek(Rule::name)?;
        let name = self.name(&name);
        let ordered =
            kids.by_ref().take_while(|n| n.as_rule() != Rule::colon).any(|n| n.as_rule() == Rule::k_ordered);
        let values = self.names_after(&mut kids);
        Some(EnumDecl { name, ordered, values, span: self.whole(chunk) })
    }

    /// Names in a row, wherever punctuation before them ends.
    pub fn names_after(&self, kids: &mut Kids<'_>) -> Vec<Name> {
        while kids.peek().is_some_and(|r| !matches!(r, Rule::value_name | Rule::name)) {
            kids.next();
        }
        self.names(kids)
    }

    /// `第X章「…」`
    pub fn heading(&mut self, mut kids: Kids<'_>, chunk: &Chunk) -> Option<Heading> {
        let label = kids.seek(Rule::heading_label)?;
        let level =
            if label.as_str().ends_with('章') { HeadingLevel::Chapter } else { HeadingLevel::Section };
        let (number, _) = self.label_number(&label, crate::base::PartKind::Article);
        let (mut marks, mut title) = (Vec::new(), None);
        for kid in kids {
            match kid.as_rule() {
                Rule::mark => marks.extend(self.mark(&kid)),
                Rule::text => title = Some(self.text(&kid)),
                _ => {}
            }
        }
        Some(Heading { level, number, title: title?, marks, span: self.whole(chunk) })
    }

    /// `事实 甲：` or `结论 甲：` and the fields.
    pub fn fields(&mut self, mut kids: Kids<'_>) -> Option<TopItem> {
        let word = kids.next()?;
        let entity = kids.seek(Rule::name)?;
        let entity = self.name(&entity);
        let span = self.span(&word).to(entity.span);
        if !kids.took(Rule::colon) {
            let at = Span::new(span.file, span.end, span.end);
            self.diags.push(errors::missing_colon(at));
        }
        let mut fields = Vec::new();
        for kid in kids {
            match kid.as_rule() {
                Rule::field => fields.extend(self.field(kid)),
                Rule::bad_line => self.bad_field(&kid),
                _ => {}
            }
        }
        Some(match word.as_rule() {
            Rule::k_facts => TopItem::Facts(FactBlock { entity, fields, span }),
            _ => TopItem::Conclusions(ConclusionBlock { entity, fields, span }),
        })
    }

    /// One field.
    pub fn field(&mut self, node: Node<'_>) -> Option<Field> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let name = kids.seek(Rule::name)?;
        let name = self.name(&name);
        let ty = kids.seek(Rule::type_expr)?;
        let ty = self.type_expr(ty)?;
        let mut attrs = Vec::new();
        if let Some(list) = kids.seek(Rule::attributes) {
            for attr in Kids::of(list).filter(|n| n.as_rule() == Rule::attr) {
                attrs.extend(self.attr(attr));
            }
        }
        Some(Field { name, ty, attrs, span })
    }

    fn attr(&mut self, node: Node<'_>) -> Option<Attr> {
        let span = self.span(&node);
        let inner = Kids::of(node).next()?;
        let kind = match inner.as_rule() {
            Rule::ask => AttrKind::Ask(self.text(&Kids::of(inner).seek(Rule::text)?)),
            Rule::field_note => AttrKind::Note(self.text(&Kids::of(inner).seek(Rule::text)?)),
            Rule::k_judgement => AttrKind::Judgement,
            Rule::k_absent => AttrKind::AbsentIsFalse,
            Rule::k_label => AttrKind::Label,
            _ => AttrKind::Default(Box::new(self.default_value(inner)?)),
        };
        Some(Attr { kind, span })
    }

    fn default_value(&mut self, node: Node<'_>) -> Option<Expr> {
        let value = Kids::of(node).last()?;
        Some(self.primary(value))
    }

    fn type_expr(&mut self, node: Node<'_>) -> Option<TypeExpr> {
        let span = self.span(&node);
        let inner = Kids::of(node).next()?;
        let rule = inner.as_rule();
        let mut kids = Kids::of(inner);
        let kind = match rule {
            Rule::t_bool => TypeKind::Bool,
            Rule::t_int => TypeKind::Int(kids.seek(Rule::unit_name).map(|n| self.name(&n))),
            Rule::t_decimal => TypeKind::Decimal(kids.seek(Rule::unit_name).map(|n| self.name(&n))),
            Rule::t_money => TypeKind::Money,
            Rule::t_date => TypeKind::Date,
            Rule::t_period => TypeKind::Period,
            Rule::t_text => TypeKind::Text,
            Rule::t_duty => TypeKind::Duty,
            Rule::inline_enum => {
                let ordered = kids.took(Rule::k_ordered);
                TypeKind::InlineEnum { ordered, values: self.names_after(&mut kids) }
            }
            Rule::t_multi => TypeKind::Multi(self.names_after(&mut kids)),
            Rule::t_many => TypeKind::Many(self.name(&kids.seek(Rule::name)?)),
            Rule::t_one => TypeKind::One(self.name(&kids.seek(Rule::name)?)),
            _ => {
                let name = self.name(&kids.seek(Rule::name)?);
                if let Some((_, meant, kind)) = FOREIGN_TYPES.iter().find(|(word, ..)| *word == name.text) {
                    self.diags.push(errors::unknown_type(name.span, &name.text, meant));
                    return Some(TypeExpr { kind: kind.clone(), span });
                }
                TypeKind::Named(name)
            }
        };
        Some(TypeExpr { kind, span })
    }
}
