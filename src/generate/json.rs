//! A case as one line of JSON that [`crate::facts::read_cases`] reads back to the same case.
//!
//! What is 不明 is left out; a 未载明视为否 fact that is 不明 is written so, one that was not stated is left out. Three
//! things have no JSON and come back otherwise: a text that itself says 不明 or 不适用, 不适用 of an enumeration that has
//! a value of that name, and the second of two names that differ in nothing but the width of their letters.
use crate::base::date::{Date, Period};
use crate::base::{Truth, Val};
use crate::facts::{Case, Children, Table, plain};
use crate::hir::{EntityId, EnumId, Hir, Slot, Type};
use rust_decimal::Decimal;

/// Writes cases of one law. Making one costs more than a case: keep it.
#[derive(Clone, Debug)]
pub struct Writer {
    /// `"案件":`
    root: String,
    /// Keys of the head that are not taken by the root.
    head: [Option<&'static str>; 2],
    entities: Vec<Vec<Column>>,
    strides: Vec<[usize; 3]>,
}

/// A fact: its key, where it is kept, how it is written.
#[derive(Clone, Debug)]
struct Column {
    /// `"册数":`
    key: String,
    slot: Slot,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Truth {
        absent_is_false: bool,
    },
    Scalar,
    /// Quoted names of the values.
    Enum(Vec<String>),
    /// The same.
    Multi(Vec<String>),
    Many(EntityId),
    One(EntityId),
}

/// Writes one case of a law, without the end of the line. For many, keep a [`Writer`].
pub fn write(hir: &Hir, case: &Case, out: &mut String) {
    Writer::new(hir).write(case, out);
}

impl Writer {
    /// Looks the vocabulary over once.
    #[must_use]
    pub fn new(hir: &Hir) -> Self {
        let root = hir.entities.first().map_or("", |e| e.name.as_str());
        let free = |word: &'static str| (plain(root) != word).then_some(word);
        let columns = hir.entities.iter().map(|entity| {
            let facts = entity.facts.iter().filter_map(|id| hir.facts.get(id.index()));
            facts.map(|fact| Column {
                key: key(&fact.name),
                slot: fact.slot,
                form: form(hir, &fact.ty, fact.absent_is_false),
            })
        });
        Self {
            root: key(root),
            head: [free("案例"), free("认定日期")],
            entities: columns.map(Iterator::collect).collect(),
            strides: hir
                .entities
                .iter()
                .map(|e| [e.truth_slots, e.value_slots, e.child_slots].map(|n| n as usize))
                .collect(),
        }
    }

    /// Writes one case, without the end of the line.
    pub fn write(&self, case: &Case, out: &mut String) {
        self.write_named(&case.name, case, out);
    }

    /// The same under another name; an empty one is left out.
    pub fn write_named(&self, name: &str, case: &Case, out: &mut String) {
        out.push('{');
        if let (Some(word), false) = (self.head[0], name.is_empty()) {
            quoted(word, out);
            out.push(':');
            quoted(name, out);
            out.push(',');
        }
        if let (Some(word), Some(date)) = (self.head[1], case.date) {
            quoted(word, out);
            out.push_str(":\"");
            push_date(date, out);
            out.push_str("\",");
        }
        out.push_str(&self.root);
        self.row(case, EntityId(0), 0, out);
        out.push('}');
    }

    fn row(&self, case: &Case, entity: EntityId, row: u32, out: &mut String) {
        out.push('{');
        let begin = out.len();
        let index = entity.index();
        if let (Some(columns), Some(table), Some(strides)) =
            (self.entities.get(index), case.tables.get(index), self.strides.get(index))
        {
            for column in columns {
                let before = out.len();
                if before > begin {
                    out.push(',');
                }
                out.push_str(&column.key);
                if !self.cell(case, table, column, (row as usize, *strides), out) {
                    out.truncate(before);
                }
            }
        }
        out.push('}');
    }

    /// Writes a fact; false if there is nothing to say.
    fn cell(
        &self,
        case: &Case,
        table: &Table,
        column: &Column,
        (row, [truths, values, children]): (usize, [usize; 3]),
        out: &mut String,
    ) -> bool {
        match column.slot {
            Slot::Truth(slot) => {
                let at = row * truths + slot as usize;
                let assumed = table.assumed.get(at).copied().unwrap_or_default();
                let stated = matches!(column.form, Form::Truth { absent_is_false: true });
                match table.truth.get(at).copied().unwrap_or_default() {
                    Truth::True => out.push_str("\"是\""),
                    Truth::False if assumed => return false,
                    Truth::False => out.push_str("\"否\""),
                    Truth::Unknown if stated => out.push_str("\"不明\""),
                    Truth::Unknown => return false,
                    Truth::Na => out.push_str("\"不适用\""),
                }
                true
            }
            Slot::Value(slot) => {
                let value = table.values.get(row * values + slot as usize).copied().unwrap_or_default();
                scalar(value, &column.form, &case.texts, out)
            }
            Slot::Child(slot) => {
                match table.children.get(row * children + slot as usize).copied().unwrap_or_default() {
                    Children::Unknown => false,
                    Children::Na => {
                        out.push_str("\"不适用\"");
                        true
                    }
                    Children::Rows(start, end) => self.members(case, &column.form, start..end, out),
                }
            }
        }
    }

    fn members(&self, case: &Case, form: &Form, rows: std::ops::Range<u32>, out: &mut String) -> bool {
        match form {
            Form::Many(entity) => {
                out.push('[');
                for (index, row) in rows.enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    self.row(case, *entity, row, out);
                }
                out.push(']');
            }
            Form::One(entity) => self.row(case, *entity, rows.start, out),
            Form::Truth { .. } | Form::Scalar | Form::Enum(_) | Form::Multi(_) => return false,
        }
        true
    }
}

fn form(hir: &Hir, ty: &Type, absent_is_false: bool) -> Form {
    match ty {
        Type::Bool => Form::Truth { absent_is_false },
        Type::Enum(id) | Type::Duty(id) => Form::Enum(names(hir, *id)),
        Type::Multi(id) => Form::Multi(names(hir, *id)),
        Type::List(entity) => Form::Many(*entity),
        Type::One(entity) => Form::One(*entity),
        Type::Int(_)
        | Type::Decimal(_)
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::Error => Form::Scalar,
    }
}

fn names(hir: &Hir, id: EnumId) -> Vec<String> {
    let quote = |name: &String| {
        let mut out = String::new();
        quoted(name, &mut out);
        out
    };
    hir.enums.get(id.index()).map_or_else(Vec::new, |e| e.values.iter().map(quote).collect())
}

fn key(name: &str) -> String {
    let mut out = String::new();
    quoted(name, &mut out);
    out.push(':');
    out
}

fn scalar(value: Val, form: &Form, texts: &[String], out: &mut String) -> bool {
    match value {
        Val::Unknown | Val::Range(..) => return false,
        Val::Na => out.push_str("\"不适用\""),
        Val::Int(n) => push_int(i128::from(n), out),
        Val::Dec(d) => push_decimal(d, out),
        Val::Date(date) => {
            out.push('"');
            push_date(date, out);
            out.push('"');
        }
        Val::Period(period) => push_period(period, out),
        Val::Text(index) => quoted(texts.get(index as usize).map_or("", String::as_str), out),
        Val::Mask(mask) => match form {
            Form::Enum(names) => {
                let Some(name) = names.get(mask.trailing_zeros() as usize) else { return false };
                out.push_str(name);
            }
            Form::Multi(names) => {
                out.push('[');
                let mut mask = mask;
                while mask != 0 {
                    out.push_str(names.get(mask.trailing_zeros() as usize).map_or("\"\"", String::as_str));
                    mask &= mask - 1;
                    if mask != 0 {
                        out.push(',');
                    }
                }
                out.push(']');
            }
            Form::Truth { .. } | Form::Scalar | Form::Many(_) | Form::One(_) => return false,
        },
    }
    true
}

/// A text in quotes, escaped.
pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
        out.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c < ' ' => {
                    out.push_str("\\u00");
                    out.push(if u32::from(c) >= 16 { '1' } else { '0' });
                    out.push(char::from_digit(u32::from(c) % 16, 16).unwrap_or('0'));
                }
                c => out.push(c),
            }
        }
    }
    out.push('"');
}

/// The digits of a number, written from behind.
struct Digits {
    bytes: [u8; 40],
    at: usize,
}

impl Digits {
    /// At least `least` of them.
    fn new(mut n: u128, least: usize) -> Self {
        let mut digits = Self { bytes: [b'0'; 40], at: 40 };
        loop {
            let (rest, digit) = match u64::try_from(n) {
                Ok(n) => (u128::from(n / 10), n % 10),
                Err(_) => (n / 10, u64::try_from(n % 10).unwrap_or(0)),
            };
            digits.at -= 1;
            if let Some(byte) = digits.bytes.get_mut(digits.at) {
                *byte = b'0' + u8::try_from(digit).unwrap_or(0);
            }
            n = rest;
            if n == 0 {
                break;
            }
        }
        digits.at = digits.at.min(40 - least.min(40));
        digits
    }

    fn text(&self) -> &str {
        self.bytes.get(self.at..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("0")
    }
}

fn push_int(n: i128, out: &mut String) {
    if n < 0 {
        out.push('-');
    }
    out.push_str(Digits::new(n.unsigned_abs(), 1).text());
}

fn push_decimal(value: Decimal, out: &mut String) {
    let scale = value.scale() as usize;
    if value.is_zero() {
        out.push('0');
        return;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let digits = Digits::new(value.mantissa().unsigned_abs(), scale + 1);
    let (whole, fraction) = digits.text().split_at(digits.text().len() - scale);
    out.push_str(whole);
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
}

fn push_date(date: Date, out: &mut String) {
    let (year, month, day) = date.ymd();
    out.push_str(Digits::new(u128::from(year.unsigned_abs()), 4).text());
    for part in [month, day] {
        out.push('-');
        out.push_str(Digits::new(u128::from(part), 2).text());
    }
}

fn push_period(period: Period, out: &mut String) {
    let parts =
        [(period.years, "年"), (period.months, "个月"), (period.days, "日"), (period.workdays, "个工作日")];
    out.push('"');
    let begin = out.len();
    for (n, unit) in parts.into_iter().filter(|(n, _)| *n != 0) {
        push_int(i128::from(n), out);
        out.push_str(unit);
    }
    if out.len() == begin {
        out.push_str("0日");
    }
    out.push('"');
}
