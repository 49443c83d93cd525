//! A blank case: every fact 不明, its question above it as a comment, one member in every list.
use super::hint::fact_hint;
use super::names::{Names, plain};
use super::tree::MAX_DEPTH;
use crate::hir::{EntityId, Fact, FactId, Hir, Type};
use std::fmt::Write;

/// How many entities deep members are shown: each takes two levels, and the file must be readable again.
const DEEPEST: u32 = 60;
const _: () = assert!(DEEPEST as usize * 2 + 2 < MAX_DEPTH);

/// What is still to be written: a fact at an indentation, perhaps as the first of a list's member.
struct Line {
    fact: FactId,
    indent: usize,
    dash: bool,
}

/// A case of this policy in YAML, to be filled in. Read back, everything in it is 不明.
#[must_use]
pub fn blank_case(hir: &Hir) -> String {
    let names = Names::new(hir);
    let mut out = format!("# {}：空白案例\n", one_line(&hir.header.title));
    out.push_str("# 还不知道的留作 不明，谈不上的写 不适用；列表一项也没有的写 []，有几项写几项。\n");
    out.push_str("案例: 未命名\n# 按哪一天认定，如 2026-03-02\n认定日期: 不明\n");
    let root = EntityId(0);
    let _infallible = writeln!(out, "{}:", names.entity_name(root));
    let mut lines = members(&names, root, 2, false);
    if lines.is_empty() {
        out.truncate(out.trim_end().len());
        out.push_str(" {}\n");
    }
    // The next line is the last of the stack.
    while let Some(Line { fact, indent, dash }) = lines.pop() {
        let Some(fact) = names.fact(fact) else { continue };
        let margin = " ".repeat(indent);
        let _infallible = writeln!(out, "{margin}# {}", fact_hint(&names, fact));
        let start = if dash { format!("{}- ", " ".repeat(indent.saturating_sub(2))) } else { margin };
        let _infallible = write!(out, "{start}{}:", fact.name);
        if let Some((entity, many)) = below(&names, fact) {
            let inner = members(&names, entity, indent + if many { 4 } else { 2 }, many);
            out.push_str(match (inner.is_empty(), many) {
                (true, true) => " [{}]\n",
                (true, false) => " {}\n",
                (false, _) => "\n",
            });
            lines.extend(inner);
        } else {
            let word =
                if names.values(&fact.ty).iter().any(|v| plain(v) == "不明") { "~" } else { "不明" };
            let _infallible = writeln!(out, " {word}");
        }
    }
    out
}

/// The entity whose members stand below the fact, and whether they are a list.
fn below(names: &Names<'_>, fact: &Fact) -> Option<(EntityId, bool)> {
    let (entity, many) = match fact.ty {
        Type::List(entity) => (entity, true),
        Type::One(entity) => (entity, false),
        Type::Bool
        | Type::Int(_)
        | Type::Decimal(_)
        | Type::Money
        | Type::Date
        | Type::Period
        | Type::Text
        | Type::Enum(_)
        | Type::Multi(_)
        | Type::Duty(_)
        | Type::Error => return None,
    };
    (names.entity(entity)?.depth <= DEEPEST).then_some((entity, many))
}

/// The facts of an entity as lines, the first one last.
fn members(names: &Names<'_>, entity: EntityId, indent: usize, dash: bool) -> Vec<Line> {
    let facts = names.entity(entity).map_or(&[][..], |entity| entity.facts.as_slice());
    let mut lines: Vec<Line> = facts.iter().map(|fact| Line { fact: *fact, indent, dash: false }).collect();
    if let Some(first) = lines.first_mut() {
        first.dash = dash;
    }
    lines.reverse();
    lines
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
