//! A summary as tables: for terminals and Markdown.
use super::pick;
use super::table::{Block, Cell, Table};
use crate::report::line::Paint;
use crate::stats::counter::{grouped, percent};
use crate::stats::summary::{ConclusionSummary, Cross, Summary, Valued, WaitingFact};
use crate::stats::summary_compare::{Compared, ComparedConclusion, Moved, Named};
use crate::stats::tally::{STANDINGS, Standing};

/// All of it, in the order it is read.
pub(super) fn blocks(summary: &Summary, top: usize) -> Vec<Block> {
    let mut out = vec![Block::Title(1, format!("《{}》的认定结果", summary.title))];
    head(summary, &mut out);
    if let Some(compared) = &summary.comparison {
        comparison(compared, top, &mut out);
    }
    if !summary.conclusions.is_empty() {
        out.push(Block::Title(2, "各项结论".to_owned()));
    }
    for conclusion in &summary.conclusions {
        self::conclusion(conclusion, top, &mut out);
    }
    pending(summary, top, &mut out);
    conflicts(summary, top, &mut out);
    provisions(summary, &mut out);
    for cross in &summary.crosses {
        self::cross(cross, top, &mut out);
    }
    missing(summary, &mut out);
    out
}

fn words(text: impl Into<String>) -> Block {
    Block::Words(Paint::Plain, text.into())
}

fn faint(text: impl Into<String>) -> Block {
    Block::Words(Paint::Faint, text.into())
}

fn plain(text: impl Into<String>) -> Cell {
    Cell::Text(Paint::Plain, text.into())
}

fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

/// How a state is painted.
fn paint(state: &str) -> Paint {
    match state {
        "定论" => Paint::Good,
        "待查" => Paint::Open,
        "冲突" => Paint::Bad,
        _ => Paint::Faint,
    }
}

fn head(summary: &Summary, out: &mut Vec<Block>) {
    let of = |n| format!("{}（{}）", grouped(n), percent(n, summary.cases));
    out.push(words(format!(
        "案件 {}：全部已定 {}，有待查 {}，有冲突 {}",
        grouped(summary.cases),
        of(summary.decided),
        of(summary.pending),
        of(summary.conflict)
    )));
    let entities: Vec<String> =
        summary.entities.iter().skip(1).map(|(name, rows)| format!("{name} {}", grouped(*rows))).collect();
    if !entities.is_empty() {
        out.push(words(format!("其中 {}", entities.join("，"))));
    }
    if summary.bad > 0 {
        out.push(Block::Words(Paint::Bad, format!("另有读不懂的 {} 行，没有计入", grouped(summary.bad))));
    }
}

fn conclusion(of: &ConclusionSummary, top: usize, out: &mut Vec<Block>) {
    out.push(Block::Title(3, format!("{}　共 {}", of.name, grouped(of.rows))));
    if of.split {
        out.push(faint("多个值分开计，一行可以计入几个值"));
    }
    let row = |v: &Valued| {
        let text = if v.state == "定论" { v.text.clone() } else { String::new() };
        let tone = if v.count == 0 { Paint::Faint } else { Paint::Plain };
        vec![
            Cell::Text(if v.count == 0 { Paint::Faint } else { paint(v.state) }, v.state.to_owned()),
            Cell::Text(tone, text),
            Cell::Count(Some(v.count)),
            Cell::Share(v.count, of.rows),
            Cell::Bar(paint(v.state), v.count, of.rows),
        ]
    };
    let rows = pick::outcomes(&of.outcomes, top).iter().map(row).collect();
    out.push(Block::Table(Table { head: heads(["状态", "结果", "数", "占比", ""]), rows }));
}

fn waiting(facts: &[WaitingFact], whole: u64, top: usize, out: &mut Vec<Block>) {
    let rows = facts.iter().take(top).map(|w| {
        vec![
            plain(w.fact.clone()),
            Cell::Count(Some(w.count)),
            Cell::Count(Some(w.alone)),
            Cell::Count(Some(w.cases)),
            Cell::Bar(Paint::Open, w.count, whole),
        ]
    });
    let rows: Vec<_> = rows.collect();
    out.push(Block::Table(Table {
        head: heads(["等待的事实", "结论", "只等它的", "案件", ""]), rows
    }));
    if facts.len() > top {
        out.push(faint(format!("其余 {} 个事实从略，--top 可以多列", facts.len() - top)));
    }
}

fn pending(summary: &Summary, top: usize, out: &mut Vec<Block>) {
    let pending: u64 = summary.conclusions.iter().map(|c| c.pending).sum();
    if pending == 0 {
        return;
    }
    out.push(Block::Title(2, "待查".to_owned()));
    match &summary.waiting {
        None => out.push(words(format!(
            "待查的结论 {} 个；结果中没有它们等待的事实，批量认定时写 --waiting",
            grouped(pending)
        ))),
        Some(facts) => {
            out.push(words(format!("待查的结论 {} 个，按它们等待的事实：", grouped(pending))));
            waiting(facts, pending, top, out);
        }
    }
}

fn conflicts(summary: &Summary, top: usize, out: &mut Vec<Block>) {
    let any = |c: &&ConclusionSummary| !c.conflicts.is_empty();
    if !summary.conclusions.iter().any(|c| any(&c)) {
        return;
    }
    out.push(Block::Title(2, "冲突".to_owned()));
    let or = |text: &str| if text.is_empty() { "－".to_owned() } else { text.to_owned() };
    let mut rows = Vec::new();
    let mut left = 0;
    for of in summary.conclusions.iter().filter(any) {
        for c in of.conflicts.iter().take(top) {
            rows.push(vec![
                plain(of.name.clone()),
                Cell::Text(Paint::Cite, or(&c.basis)),
                plain(or(&c.candidates)),
                Cell::Count(Some(c.count)),
            ]);
        }
        left += of.conflicts.iter().skip(top).map(|c| c.count).sum::<u64>() + of.more_conflicts;
    }
    out.push(Block::Table(Table { head: heads(["结论", "相互冲突的条文", "候选", "数"]), rows }));
    if left > 0 {
        out.push(faint(format!("其余 {} 个冲突从略", grouped(left))));
    }
}

fn provisions(summary: &Summary, out: &mut Vec<Block>) {
    let deciding: Vec<_> = summary.provisions.iter().filter(|p| p.decides).collect();
    if deciding.iter().all(|p| p.counts.is_none()) {
        return;
    }
    let times = |c: &[u64; 6]| c.get(Standing::Held.at()).copied().unwrap_or(0);
    let told = deciding.iter().filter(|p| p.counts.is_some()).count();
    let never = deciding.iter().filter(|p| p.counts.as_ref().is_some_and(|c| times(c) == 0)).count();
    out.push(Block::Title(2, "各条文".to_owned()));
    out.push(words(format!("能够作为依据的 {told} 处，成立过的 {}，从未成立的 {never}", told - never)));
    let mut head = heads(["条文"]);
    head.extend(STANDINGS.iter().map(|s| s.word().to_owned()));
    head.extend(heads(["占比", ""]));
    let rows = deciding.iter().map(|p| {
        let never = p.counts.as_ref().is_some_and(|c| times(c) == 0);
        let paint = if never { Paint::Bad } else { Paint::Cite };
        let partial = if p.partial { "＊" } else { "" };
        let mut row = vec![Cell::Text(paint, format!("{}{partial}", p.address))];
        row.extend((0..STANDINGS.len()).map(|at| Cell::Count(p.counts.and_then(|c| c.get(at).copied()))));
        let part = p.counts.as_ref().map_or(0, times);
        let whole = if p.counts.is_some() { p.rows } else { 0 };
        row.extend([Cell::Share(part, whole), Cell::Bar(Paint::Plain, part, whole)]);
        row
    });
    out.push(Block::Table(Table { head, rows: rows.collect() }));
    if deciding.iter().any(|p| p.partial) {
        out.push(faint(format!("＊ {PARTIAL}")));
    }
}

/// Said of provisions marked so.
pub(super) const PARTIAL: &str = "它还涉及结果中没有的结论，只计了有的";

fn cross(of: &Cross, top: usize, out: &mut Vec<Block>) {
    out.push(Block::Title(2, format!("{} × {}", of.by, of.conclusion)));
    if of.split {
        out.push(faint("多个值分开计，一行可以计入几处"));
    }
    let grid = pick::grid(of, top, top);
    let mut head = vec![of.by.clone()];
    head.extend(grid.columns.iter().map(|(name, _)| name.clone()));
    head.push("合计".to_owned());
    let mut rows: Vec<_> =
        grid.lines.iter().map(|(line, counts)| cross_row(plain(line.clone()), counts)).collect();
    rows.push(cross_row(Cell::Text(Paint::Title, "合计".to_owned()), &grid.totals));
    out.push(Block::Table(Table { head, rows }));
}

/// Counts with their shares of the row.
fn cross_row(name: Cell, counts: &[u64]) -> Vec<Cell> {
    let total: u64 = counts.iter().sum();
    let cell = |n: u64| {
        let paint = if n == 0 { Paint::Faint } else { Paint::Plain };
        let text = if n == 0 { "0".to_owned() } else { format!("{} {}", grouped(n), percent(n, total)) };
        Cell::Text(paint, text)
    };
    let mut row = vec![name];
    row.extend(counts.iter().map(|n| cell(*n)));
    row.push(Cell::Count(Some(total)));
    row
}

fn comparison(of: &Compared, top: usize, out: &mut Vec<Block>) {
    out.push(Block::Title(2, "与另一次认定比较".to_owned()));
    out.push(words(format!(
        "两次都有的案件 {}：有变化 {}（{}），没有变化 {}",
        grouped(of.cases),
        grouped(of.changed),
        percent(of.changed, of.cases),
        grouped(of.cases - of.changed)
    )));
    if of.only_before + of.only_after > 0 {
        out.push(Block::Words(
            Paint::Open,
            format!("只有以前有的案件 {}，只有现在有的 {}", grouped(of.only_before), grouped(of.only_after)),
        ));
    }
    for (name, before, after) in &of.members {
        out.push(Block::Words(Paint::Open, format!("{name}：只有以前有的 {before}，只有现在有的 {after}")));
    }
    let row = |c: &ComparedConclusion| {
        vec![
            plain(c.name.clone()),
            Cell::Count(Some(c.rows)),
            Cell::Count(Some(c.changed)),
            Cell::Share(c.changed, c.rows),
            Cell::Count(Some(c.other_basis)),
            Cell::Bar(Paint::Open, c.changed, c.rows),
        ]
    };
    let rows: Vec<_> = of.conclusions.iter().map(row).collect();
    if !rows.is_empty() {
        out.push(Block::Table(Table {
            head: heads(["结论", "共", "变化", "占比", "只是依据不同", ""]),
            rows,
        }));
    }
    if !of.skipped.is_empty() {
        out.push(faint(format!("只有一次结果中有的结论，没有比较：{}", of.skipped.join("、"))));
    }
    for conclusion in of.conclusions.iter().filter(|c| c.changed + c.other_basis > 0) {
        changes(conclusion, top, out);
    }
}

/// A value, or a state as it is said of a conclusion.
fn shown(valued: &Valued) -> Cell {
    Cell::Text(if valued.state == "定论" { Paint::Plain } else { paint(valued.state) }, valued.text.clone())
}

fn changes(of: &ComparedConclusion, top: usize, out: &mut Vec<Block>) {
    out.push(Block::Title(3, format!("{}　变化 {}", of.name, grouped(of.changed))));
    let changed: Vec<&Moved> = of.moved.iter().filter(|m| m.is_change()).collect();
    let row = |m: &&Moved| {
        vec![
            shown(&m.before),
            plain("→"),
            shown(&m.after),
            Cell::Count(Some(m.count)),
            Cell::Share(m.count, of.rows),
            Cell::Text(Paint::Faint, examples(m)),
        ]
    };
    let rows: Vec<_> = changed.iter().take(top).map(row).collect();
    if !rows.is_empty() {
        out.push(Block::Table(Table {
            head: heads(["以前", "", "现在", "数", "占比", "案件"]), rows
        }));
    }
    if changed.len() > top {
        out.push(faint(format!("其余 {} 种变化从略", changed.len() - top)));
    }
    if !of.provisions.is_empty() {
        let row = |p: &crate::stats::MovedProvision| {
            vec![
                Cell::Text(Paint::Cite, p.address.clone()),
                Cell::Count(Some(p.lost)),
                Cell::Count(Some(p.gained)),
            ]
        };
        let rows = of.provisions.iter().map(row).collect();
        out.push(Block::Table(Table { head: heads(["条文", "不再是依据", "成为依据"]), rows }));
    }
}

/// Cases named on one line.
const NAMED: usize = 3;

/// `3 甲案（读者2）、17……`
pub(super) fn named(of: &Named) -> String {
    let name = if of.name.is_empty() { String::new() } else { format!(" {}", of.name) };
    let member = if of.member.is_empty() { String::new() } else { format!("（{}）", of.member) };
    format!("{}{name}{member}", of.number)
}

fn examples(moved: &Moved) -> String {
    let shown: Vec<String> = moved.examples.iter().take(NAMED).map(named).collect();
    let more = if moved.count > shown.len() as u64 { "……" } else { "" };
    format!("{}{more}", shown.join("、"))
}

fn missing(summary: &Summary, out: &mut Vec<Block>) {
    if summary.missing.is_empty() {
        return;
    }
    out.push(Block::Title(2, "结果中没有的".to_owned()));
    for missing in &summary.missing {
        out.push(words(format!("{}；{}", missing.what, missing.advice)));
    }
}
