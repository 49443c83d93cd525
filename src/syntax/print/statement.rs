//! Statements as text.
use super::Printer;
use super::expression::{expr, names, reference, references};
use crate::syntax::ast::{
    Cap, Choice, Consequence, ConsequenceKind, ListIntro, ListKind, Mode, Proviso, Rule, Select,
    StatementKind, Value,
};
use std::fmt::Write as _;

impl Printer<'_> {
    /// A statement on one line; `end` closes it unless a list follows.
    pub fn statement(&self, kind: &StatementKind, end: &str) -> String {
        match kind {
            StatementKind::Rule(rule) => rule_text(rule, end),
            StatementKind::Condition { cond, proviso } => {
                format!("{}{}", expr(cond), proviso_text(proviso.as_deref(), end))
            }
            StatementKind::Definition(d) => {
                let entity = d.entity.as_ref().map_or_else(String::new, |e| format!("{} 的 ", e.text));
                format!("本{}所称 {entity}{}，是指 {}{end}", self.law, d.name.text, expr(&d.value))
            }
            StatementKind::Priority { higher, lower } => {
                format!("{} 优先于 {}{end}", reference(higher), references(lower))
            }
            StatementKind::Scope(cond) => format!("适用于 {}{end}", expr(cond)),
        }
    }
}

fn rule_text(rule: &Rule, end: &str) -> String {
    let mut out = String::new();
    if !rule.except.is_empty() {
        let _ = write!(out, "除{}另有规定外，", references(&rule.except));
    }
    if let Some(each) = &rule.each {
        let _ = write!(out, "凡 {}，", each.text);
    }
    let follows = !rule.consequences.is_empty();
    match (&rule.premise, &rule.list) {
        (None, None) => {}
        (Some(premise), None) => out.extend([expr(premise).as_str(), " 的，"]),
        (premise, Some(list)) => {
            out.push_str(&premised(premise.as_ref().map(expr), list));
            if follows {
                out.push('，');
            }
        }
    }
    out.push_str(&consequences(&rule.consequences));
    let end = if rule.list.is_some() { "：" } else { end };
    out.push_str(&proviso_text(rule.proviso.as_deref(), end));
    out
}

/// The phrase that announces a list, after its premise.
fn premised(premise: Option<String>, list: &ListIntro) -> String {
    let phrase = match list.kind {
        ListKind::Any => "有下列情形之一的",
        ListKind::All => "同时符合下列条件的",
        ListKind::Each => "按下列规定处理",
    };
    match (premise, list.kind) {
        (None, _) => phrase.to_owned(),
        (Some(premise), ListKind::Each) => format!("{premise} 的，{phrase}"),
        (Some(premise), ListKind::Any | ListKind::All) => format!("{premise}，且{phrase}"),
    }
}

fn proviso_text(proviso: Option<&Proviso>, end: &str) -> String {
    let mut out = String::new();
    let mut end = end;
    for p in std::iter::successors(proviso, |p| p.inner.as_deref()) {
        out.push_str("；但 ");
        let cond = p.cond.as_ref().map(expr);
        match (&p.list, cond) {
            (Some(list), cond) => {
                out.push_str(&premised(cond, list));
                end = "：";
            }
            (None, Some(cond)) => out.extend([cond.as_str(), " 的"]),
            (None, None) => {}
        }
        if p.consequences.is_empty() {
            out.push_str("除外");
        } else {
            if p.list.is_some() || p.cond.is_some() {
                out.push('，');
            }
            out.push_str(&consequences(&p.consequences));
        }
    }
    out.push_str(end);
    out
}

fn consequences(all: &[Consequence]) -> String {
    all.iter().map(consequence).collect::<Vec<_>>().join("，")
}

fn consequence(c: &Consequence) -> String {
    let subject = c.subject.as_ref().map_or_else(String::new, |s| match &s.cond {
        Some(cond) => format!("全部 {} 的 {} ", expr(cond), s.entity.text),
        None => format!("全部 {} ", s.entity.text),
    });
    let rest = match &c.kind {
        ConsequenceKind::Affirm { mode, target } => format!("{}认定 {}", word(*mode), target.text),
        ConsequenceKind::Assign { target, mode, value } => {
            let value = match value {
                Value::Choice(c) => choice(c),
                Value::Expr { value, caps } => {
                    let caps: String = caps.iter().map(cap).collect();
                    format!("{}{caps}", expr(value))
                }
            };
            format!("{} {} 为 {value}", target.text, word(*mode))
        }
        ConsequenceKind::Include { target, mode, choice: c } => {
            format!("{} {} 包括 {}", target.text, word(*mode), choice(c))
        }
        ConsequenceKind::Duty { target, from, period, performed, extensions } => {
            let more = extensions.iter().map(|(c, p)| format!("，{} 的 可以延长 {}", expr(c), expr(p)));
            let more = more.collect::<Vec<_>>().concat();
            let (from, period) = (expr(from), expr(period));
            format!("{} 应当 自 {from} 起 {period} 内 履行，履行日为 {}{more}", target.text, performed.text)
        }
        ConsequenceKind::Refer { mode, by_analogy, to } => {
            let by = if *by_analogy { "参照" } else { "依照" };
            format!("{}{by} {} 的规定处理", word(*mode), references(to))
        }
        ConsequenceKind::Deem { presume, target, value } => {
            let by = if *presume { "推定" } else { "视为" };
            let value = value.as_ref().map_or_else(String::new, |v| format!(" 为 {}", expr(v)));
            format!("{by} {}{value}", target.text)
        }
    };
    format!("{subject}{rest}")
}

const fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Must => "应当",
        Mode::May => "可以",
        Mode::MustNot => "不得",
    }
}

fn cap(cap: &Cap) -> String {
    format!("，{} {}", if cap.upper { "不得超过" } else { "不得低于" }, expr(&cap.bound))
}

fn choice(choice: &Choice) -> String {
    let listed = names(&choice.names);
    match choice.select {
        Select::All => listed,
        Select::OneOf if choice.names.len() == 2 => listed.replace('、', " 或者 "),
        Select::OneOf => format!("{listed} 之一"),
        Select::AnyOf => format!("{listed} 单独或者合并"),
        Select::AtLeast => format!("{listed} 以上"),
        Select::AtMost => format!("{listed} 以下"),
    }
}
