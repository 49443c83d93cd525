//! One scalar and its declared type → a value, exactly, or a finding.
mod number;

use super::errors::{self, Report};
use super::names::{Names, nearest, plain};
use super::tree::{Kind, NodeId, Style, Tree};
use crate::base::date::DateError;
use crate::base::{Date, Period, Ratio, Span, Truth, Val, decimal};
use crate::hir::{EnumId, Type};
use number::{NumberError, read_number};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What stands where a value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// 不明, null, ~, nothing at all.
    Unknown,
    /// 不适用
    Na,
    /// Something to be read.
    Given,
}

/// Texts of a case, each once.
#[derive(Debug, Default)]
pub(super) struct Texts {
    list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Texts {
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.index.get(text) {
            return index;
        }
        let index = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.index.insert(text.to_owned(), index);
        index
    }

    pub(super) fn list(&self) -> &[String] {
        &self.list
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }
}

/// A scalar in its place, and what it is for.
#[derive(Clone, Copy)]
pub(super) struct Scalar<'a> {
    /// The fact or conclusion, for messages.
    pub(super) what: &'a str,
    pub(super) text: &'a str,
    pub(super) style: Style,
    pub(super) span: Span,
}

impl<'a> Scalar<'a> {
    /// The scalar at `node`; a list or map is reported.
    pub(super) fn at(
        tree: &'a Tree,
        node: NodeId,
        what: &'a str,
        wanted: &str,
        report: &mut Report,
    ) -> Option<Self> {
        let span = tree.span(node);
        match tree.kind(node) {
            Kind::Scalar(style) => Some(Self { what, text: tree.text(node), style, span }),
            kind @ (Kind::Map | Kind::List) => {
                report.add(|| errors::scalar_expected(span, what, kind_name(kind), wanted));
                None
            }
        }
    }

    /// Whether it says 不明 or 不适用.
    pub(super) fn state(&self) -> State {
        match self.style {
            Style::Null | Style::Refused => State::Unknown,
            Style::Quoted if self.text.is_empty() => State::Unknown,
            Style::Plain => match plain(self.text).as_ref() {
                "" | "~" | "null" | "Null" | "NULL" | "不明" => State::Unknown,
                "不适用" => State::Na,
                _ => State::Given,
            },
            Style::Quoted | Style::Number | Style::Bool | Style::Date => State::Given,
        }
    }

    fn wrong(&self, wanted: &str, help: &str, report: &mut Report) {
        report.add(|| errors::wrong_type(self.span, self.what, self.text, wanted, help));
    }
}

/// Whether a document says nothing at all.
pub(super) fn is_blank(tree: &Tree, root: NodeId) -> bool {
    matches!(tree.kind(root), Kind::Scalar(Style::Plain)) && tree.text(root).is_empty()
}

/// What a node is, in a message.
pub(super) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Map => "一组“键: 值”",
        Kind::List => "列表",
        Kind::Scalar(_) => "一个值",
    }
}

/// What a type is called and how it is written.
pub(super) fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "“是”或“否”",
        Type::Int(_) => "整数",
        Type::Decimal(_) => "小数",
        Type::Money => "金额",
        Type::Date => "日期",
        Type::Period => "期间",
        Type::Text => "文字",
        Type::Enum(_) | Type::Duty(_) => "选项",
        Type::Multi(_) => "选项的列表",
        Type::List(_) => "列表",
        Type::One(_) => "一组“键: 值”",
        Type::Error => "值",
    }
}

/// 是 / 否
pub(super) fn read_truth(scalar: &Scalar<'_>, report: &mut Report) -> Truth {
    let text = plain(scalar.text);
    match (scalar.state(), text.as_ref()) {
        // In quotes the words mean the same here.
        (State::Unknown, _) | (State::Given, "不明") => Truth::Unknown,
        (State::Na, _) | (State::Given, "不适用") => Truth::Na,
        (State::Given, "是" | "true" | "True" | "TRUE") => Truth::True,
        (State::Given, "否" | "false" | "False" | "FALSE") => Truth::False,
        (State::Given, _) => {
            scalar.wrong("“是”或“否”", "写 是 或 否；不知道写 不明，谈不上写 不适用", report);
            Truth::Unknown
        }
    }
}

/// A value of any other scalar type; `None` after a finding.
pub(super) fn read_value(
    scalar: &Scalar<'_>,
    ty: &Type,
    names: &Names<'_>,
    texts: &mut Texts,
    report: &mut Report,
) -> Option<Val> {
    if let Type::Enum(id) | Type::Duty(id) = ty
        && let Some(mask) = find_value(names, *id, scalar.text)
        && scalar.style != Style::Null
    {
        return Some(Val::Mask(mask));
    }
    let quoted_word = match plain(scalar.text).as_ref() {
        "不明" if *ty != Type::Text => State::Unknown,
        "不适用" if *ty != Type::Text => State::Na,
        _ => State::Given,
    };
    match (scalar.state(), quoted_word) {
        (State::Unknown, _) | (State::Given, State::Unknown) => return Some(Val::Unknown),
        (State::Na, _) | (State::Given, State::Na) => return Some(Val::Na),
        (State::Given, State::Given) => {}
    }
    match ty {
        Type::Int(unit) => read_int(scalar, unit, report),
        Type::Decimal(unit) => read_decimal(scalar, unit, report),
        Type::Money => read_money(scalar, report),
        Type::Date => read_date(scalar, report).map(Val::Date),
        Type::Period => read_period(scalar, report),
        Type::Text => read_text(scalar, texts, report),
        Type::Enum(id) | Type::Multi(id) | Type::Duty(id) => {
            read_enum(scalar, *id, names, report).map(Val::Mask)
        }
        Type::Bool => match read_truth(scalar, report) {
            Truth::False => Some(Val::Mask(1)),
            Truth::True => Some(Val::Mask(2)),
            Truth::Unknown | Truth::Na => None,
        },
        Type::List(_) | Type::One(_) | Type::Error => None,
    }
}

/// The bit of an enumeration's value.
fn find_value(names: &Names<'_>, id: EnumId, text: &str) -> Option<u64> {
    let text = plain(text);
    let values = &names.hir.enums.get(id.index())?.values;
    let index = values.iter().position(|value| *value == text || plain(value) == text)?;
    1_u64.checked_shl(u32::try_from(index).ok()?)
}

fn read_enum(scalar: &Scalar<'_>, id: EnumId, names: &Names<'_>, report: &mut Report) -> Option<u64> {
    let found = find_value(names, id, scalar.text);
    if found.is_none() {
        let values = names.values(&Type::Enum(id));
        report.add(|| {
            let near = nearest(scalar.text, values.iter().copied());
            errors::not_in_enum(scalar.span, scalar.what, scalar.text, near, values.iter().copied())
        });
    }
    found
}

/// 甲、乙 or one value.
pub(super) fn read_joined(
    scalar: &Scalar<'_>,
    id: EnumId,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<u64> {
    if let Some(mask) = find_value(names, id, scalar.text) {
        return Some(mask);
    }
    let mut all = Some(0);
    let mut at = scalar.span.start;
    let lengths_hold = (scalar.span.end - scalar.span.start) as usize == scalar.text.len();
    for part in scalar.text.split_inclusive(['、', '，', ',']) {
        let word = part.trim_end_matches(['、', '，', ',']);
        let blank = word.len() - word.trim_start().len();
        let start = at + u32::try_from(blank).unwrap_or(0);
        let end = start + u32::try_from(word.trim().len()).unwrap_or(0);
        let span = if lengths_hold { Span { start, end, ..scalar.span } } else { scalar.span };
        at += u32::try_from(part.len()).unwrap_or(0);
        let one = read_enum(&Scalar { text: word.trim(), span, ..*scalar }, id, names, report);
        all = all.zip(one).map(|(all, one)| all | one);
    }
    all
}

fn read_text(scalar: &Scalar<'_>, texts: &mut Texts, report: &mut Report) -> Option<Val> {
    match scalar.style {
        Style::Plain | Style::Quoted => Some(Val::Text(texts.intern(scalar.text))),
        Style::Number | Style::Bool | Style::Date => {
            report.add(|| errors::text_expected(scalar.span, scalar.what, scalar.text));
            None
        }
        Style::Null | Style::Refused => Some(Val::Unknown),
    }
}

/// 2026-03-02 and the other ways to write a date.
pub(super) fn read_date(scalar: &Scalar<'_>, report: &mut Report) -> Option<Date> {
    const HELP: &str = "写成 2026-03-02 或 2026年3月2日";
    match Date::parse(scalar.text) {
        Ok(date) => return Some(date),
        Err(DateError::NoSuchDay) => report.add(|| {
            let last = last_of_month(scalar.text).map(Date::iso);
            errors::no_such_day(scalar.span, scalar.what, scalar.text, last.as_deref())
        }),
        Err(DateError::Year) => scalar.wrong("日期", "年份是 1 至 9999", report),
        Err(DateError::Form) => {
            let day = scalar.text.get(..10).and_then(|day| Date::parse(day).ok());
            match day {
                Some(day) if scalar.text.contains([':', 'T']) => {
                    scalar.wrong("日期", &format!("只写日期，不写时刻：{}", day.iso()), report);
                }
                Some(_) | None => scalar.wrong("日期", HELP, report),
            }
        }
    }
    None
}

/// The last day of the month that `text`, a date with an impossible day, names.
fn last_of_month(text: &str) -> Option<Date> {
    let text = text.trim();
    let at = text.rfind(['月', '-', '/', '.', '－', '／', '．'])?;
    let (head, mark) = (text.get(..at)?, text.get(at..)?.chars().next()?);
    let first = Date::parse(&format!("{head}{mark}1{}", if mark == '月' { "日" } else { "" })).ok()?;
    first.add_months(1)?.add_days(-1)
}

fn read_period(scalar: &Scalar<'_>, report: &mut Report) -> Option<Val> {
    if let Some(period) = Period::parse(&plain(scalar.text)) {
        return Some(Val::Period(period));
    }
    if read_number(scalar.text).is_ok() {
        report.add(|| errors::period_without_unit(scalar.span, scalar.what, scalar.text));
    } else {
        scalar.wrong("期间", "写成 二十个工作日、15日、三个月、一年 这样的形式", report);
    }
    None
}

fn read_int(scalar: &Scalar<'_>, unit: &str, report: &mut Report) -> Option<Val> {
    let number = read_measure(scalar, unit, "整数", report)?;
    if !number.fract().is_zero() {
        report.add(|| errors::not_whole(scalar.span, scalar.what, scalar.text));
        return None;
    }
    let int = decimal::to_integer(number);
    if int.is_none() {
        report.add(|| errors::out_of_range(scalar.span, scalar.what, scalar.text));
    }
    int.map(Val::Int)
}

fn read_decimal(scalar: &Scalar<'_>, unit: &str, report: &mut Report) -> Option<Val> {
    let text = plain(scalar.text);
    if (unit.is_empty() || !text.ends_with(unit))
        && let Some(ratio) = Ratio::parse(&text)
    {
        let value = ratio.to_decimal();
        if value.is_none() {
            report.add(|| errors::endless_fraction(scalar.span, scalar.what, scalar.text));
        }
        return value.map(Val::Dec);
    }
    read_measure(scalar, unit, "小数", report).map(Val::Dec)
}

fn read_money(scalar: &Scalar<'_>, report: &mut Report) -> Option<Val> {
    match decimal::parse_money(&plain(scalar.text)) {
        Some(yuan) => Some(Val::Dec(yuan)),
        None => read_measure(scalar, "元", "金额", report).map(Val::Dec),
    }
}

/// A number with or without `unit`.
fn read_measure(scalar: &Scalar<'_>, unit: &str, wanted: &str, report: &mut Report) -> Option<Decimal> {
    let text = plain(scalar.text);
    let bare = if unit.is_empty() { None } else { text.strip_suffix(plain(unit).as_ref()) };
    match bare.map_or_else(|| read_number(&text), read_number) {
        Ok(number) => return Some(number),
        Err(NumberError::Range) => {
            report.add(|| errors::out_of_range(scalar.span, scalar.what, scalar.text));
            return None;
        }
        Err(NumberError::Form) => {}
    }
    match number::split_unit(&text) {
        Some(written) if bare.is_none() => {
            report.add(|| errors::wrong_unit(scalar.span, scalar.what, written, unit));
        }
        Some(_) | None => {
            let example = format!("写成 3{unit} 或 三{unit}；十以上的汉字数要写全，如 二百五十");
            scalar.wrong(wanted, &example, report);
        }
    }
    None
}

/// A 多选 value: a list, one value, or 甲、乙.
pub(super) fn read_multi(
    tree: &Tree,
    node: NodeId,
    what: &str,
    id: EnumId,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<Val> {
    match tree.kind(node) {
        Kind::List => {
            let mut all = Some(0);
            for &member in tree.kids(node) {
                let Some(scalar) = Scalar::at(tree, member, what, "选项的名称", report) else {
                    all = None;
                    continue;
                };
                if scalar.style == Style::Refused {
                    continue;
                }
                let one = read_multi_member(&scalar, id, names, report);
                all = all.zip(one).map(|(all, one)| all | one);
            }
            all.map(Val::Mask)
        }
        Kind::Scalar(style) => {
            let scalar = Scalar { what, text: tree.text(node), style, span: tree.span(node) };
            read_multi_scalar(&scalar, id, names, report)
        }
        Kind::Map => {
            report.add(|| errors::list_expected(tree.span(node), what, kind_name(Kind::Map)));
            None
        }
    }
}

/// A 多选 value that is not a list.
pub(super) fn read_multi_scalar(
    scalar: &Scalar<'_>,
    id: EnumId,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<Val> {
    if find_value(names, id, scalar.text).is_none() {
        match scalar.state() {
            State::Unknown => return Some(Val::Unknown),
            State::Na => return Some(Val::Na),
            State::Given => {}
        }
    }
    read_joined(scalar, id, names, report).map(Val::Mask)
}

/// One of the list of a 多选.
pub(super) fn read_multi_member(
    scalar: &Scalar<'_>,
    id: EnumId,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<u64> {
    if scalar.state() == State::Given || find_value(names, id, scalar.text).is_some() {
        return read_enum(scalar, id, names, report);
    }
    let word = if scalar.text.is_empty() { "空" } else { scalar.text };
    report.add(|| errors::state_in_list(scalar.span, scalar.what, word));
    None
}
