//! The syntax tree as canonical source text. Reading it again gives the same tree.
mod expression;
pub mod parts;
mod statement;

use super::ast::{
    Attr, AttrKind, Field, Header, HeadingLevel, Mark, MarkKind, Name, Provision, SourceFile, Text, TopItem,
    TypeKind,
};
use crate::base::{PartKind, numeral};
use expression::{expr, names};

/// Prints a file.
#[must_use]
pub fn print(tree: &SourceFile) -> String {
    let law = tree.header.as_ref().map_or("办法", |h| h.kind.text.as_str());
    let mut printer = Printer { out: String::new(), law };
    if let Some(header) = &tree.header {
        printer.header(header);
    }
    for item in &tree.items {
        printer.item(item);
    }
    printer.out
}

struct Printer<'a> {
    out: String,
    /// 办法, 法, 条例 …, for 本办法所称
    law: &'a str,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn header(&mut self, header: &Header) {
        self.line(0, &format!("{}{}", header.kind.text, quoted(&header.title)));
        for (key, text) in &header.texts {
            self.line(1, &format!("{}{}", parts::header_word(*key), quoted(text)));
        }
        for (key, date, _) in &header.dates {
            self.line(1, &format!("{} {date}", parts::header_date_word(*key)));
        }
    }

    fn item(&mut self, item: &TopItem) {
        self.blank();
        match item {
            TopItem::Include(path) => self.line(0, &format!("引用{}", quoted(path))),
            TopItem::Enum(decl) => {
                self.line(0, &format!("枚举 {}。", parts::enumeration(decl)));
            }
            TopItem::Facts(block) => self.fields("事实", &block.entity, &block.fields),
            TopItem::Conclusions(block) => self.fields("结论", &block.entity, &block.fields),
            TopItem::Heading(heading) => {
                let word = match heading.level {
                    HeadingLevel::Chapter => "章",
                    HeadingLevel::Section => "节",
                };
                let number = numeral::to_chinese(u64::from(heading.number));
                self.line(0, &format!("第{number}{word}{}{}", marks(&heading.marks), quoted(&heading.title)));
            }
            TopItem::Article(article) => self.provision(article, 0, false),
            TopItem::Statement(statement) => {
                let text = self.statement(&statement.kind, "。");
                self.line(0, &text);
            }
        }
    }

    fn fields(&mut self, word: &str, entity: &Name, fields: &[Field]) {
        self.line(0, &format!("{word} {}：", entity.text));
        for field in fields {
            self.line(1, &parts::field(field));
        }
    }

    /// A provision and what lies in it; `last` among its siblings, whose condition ends with 。
    fn provision(&mut self, p: &Provision, depth: usize, last: bool) {
        let text = p.text.as_ref().map_or_else(String::new, quoted);
        self.line(depth, &format!("{}{}{text}", label(p), marks(&p.marks)));
        for note in &p.notes {
            self.line(depth + 1, &format!("释{}", quoted(note)));
        }
        for statement in &p.statements {
            let text = self.statement(&statement.kind, parts::end(&statement.kind, last));
            self.line(depth + 1, &text);
        }
        for (i, child) in p.children.iter().enumerate() {
            self.provision(child, depth + 1, i + 1 == p.children.len());
        }
    }
}

fn label(p: &Provision) -> String {
    let number = numeral::to_chinese(u64::from(p.number));
    let sub = if p.sub > 0 { format!("之{}", numeral::to_chinese(u64::from(p.sub))) } else { String::new() };
    match p.kind {
        PartKind::Article => format!("第{number}条{sub}"),
        PartKind::Paragraph => format!("第{number}款"),
        PartKind::Item => format!("（{number}）{sub}"),
        PartKind::SubItem | PartKind::Proviso => format!("{}.", p.number),
    }
}

fn marks(marks: &[Mark]) -> String {
    let word = |m: &Mark| match m.kind {
        MarkKind::InferredNumber => "【条号推定】",
        MarkKind::RestoredText => "【文字补正】",
        MarkKind::Missing => "【待补】",
    };
    marks.iter().map(word).collect()
}

fn attr(attr: &Attr) -> String {
    match &attr.kind {
        AttrKind::Ask(text) => format!(" 问{}", quoted(text)),
        AttrKind::Note(text) => format!(" 释{}", quoted(text)),
        AttrKind::Judgement => " 酌定".to_owned(),
        AttrKind::Default(value) => format!(" 默认 {}", expr(value)),
        AttrKind::AbsentIsFalse => " 未载明视为否".to_owned(),
        AttrKind::Label => " 标识".to_owned(),
    }
}

fn type_of(kind: &TypeKind) -> String {
    let unit = |u: &Option<Name>| u.as_ref().map_or_else(String::new, |u| format!("（{}）", u.text));
    match kind {
        TypeKind::Bool => "是否".to_owned(),
        TypeKind::Int(u) => format!("整数{}", unit(u)),
        TypeKind::Decimal(u) => format!("小数{}", unit(u)),
        TypeKind::Money => "金额".to_owned(),
        TypeKind::Date => "日期".to_owned(),
        TypeKind::Period => "期间".to_owned(),
        TypeKind::Text => "文本".to_owned(),
        TypeKind::Duty => "义务".to_owned(),
        TypeKind::InlineEnum { ordered, values } => {
            format!("{}为 {} 之一", if *ordered { "由轻到重 " } else { "" }, names(values))
        }
        TypeKind::Multi(values) => format!("多选 {}", names(values)),
        TypeKind::Named(name) => name.text.clone(),
        TypeKind::Many(name) => format!("多个 {}", name.text),
        TypeKind::One(name) => format!("一个 {}", name.text),
    }
}

fn quoted(text: &Text) -> String {
    format!("「{}」", text.text)
}
