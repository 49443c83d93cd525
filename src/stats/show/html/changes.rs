//! Two runs: for each conclusion that changed, a flow from what it was to what it is, the changes by how often with
//! cases, and the provisions that decide other rows.
use super::crosses;
use super::draw::{class, told, width};
use crate::base::wording::clip;
use crate::report::html::escape;
use crate::stats::counter::{grouped, percent};
use crate::stats::show::tables::named;
use crate::stats::summary::{Cross, Valued};
use crate::stats::summary_compare::{Compared, ComparedConclusion, Moved};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Outcomes on one side of a flow; the rest are one.
const NODES: usize = 10;
/// The flow in units of the drawing.
const MIDDLE: u64 = 340;
const TALL: u64 = 220;
/// Columns of a name.
const LABEL: usize = 20;
/// Width of a column of text.
const COLUMN: u64 = 7;
const BAR: u64 = 10;
const GAP: u64 = 8;
/// Least height of an outcome, so that its name has room.
const LEAST: u64 = 20;

pub(super) fn write(of: &Compared, top: usize, out: &mut String) {
    out.push_str("<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">与另一次认定比较</h2>\n");
    let _ = writeln!(
        out,
        "<p>两次都有的案件 {} 件：{}，没有变化 {}。</p>",
        grouped(of.cases),
        told("有变化", of.changed, of.cases),
        grouped(of.cases - of.changed)
    );
    let mut only = Vec::new();
    if of.only_before + of.only_after > 0 {
        only.push(format!(
            "案件：只有以前有的 {}，只有现在有的 {}",
            grouped(of.only_before),
            grouped(of.only_after)
        ));
    }
    for (name, before, after) in &of.members {
        only.push(format!(
            "{}：只有以前有的 {}，只有现在有的 {}",
            escape(name),
            grouped(*before),
            grouped(*after)
        ));
    }
    if !only.is_empty() {
        let _ = writeln!(out, "<p class=\"warn\">{}。</p>", only.join("；"));
    }
    overview(of, out);
    for (at, conclusion) in of.conclusions.iter().enumerate().filter(|(_, c)| c.changed + c.other_basis > 0) {
        changed(at, conclusion, top, out);
    }
    if !of.skipped.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"faint\">只有一次结果中有的结论，没有比较：{}。</p>",
            escape(&of.skipped.join("、"))
        );
    }
    out.push_str("</section>\n");
}

/// Conclusions that changed, as bars against the most changed; the others in a sentence.
fn overview(of: &Compared, out: &mut String) {
    let moved = |c: &&ComparedConclusion| c.changed + c.other_basis > 0;
    let share = |c: &ComparedConclusion| c.changed.saturating_mul(1_000_000) / c.rows.max(1);
    let most = of.conclusions.iter().map(share).max().unwrap_or(0);
    if of.conclusions.iter().any(|c| moved(&c)) {
        out.push_str(
            "<div class=\"scroll\"><table class=\"bars\"><thead><tr><th>结论</th><th></th><th class=\"number\">变化</th>\
             <th class=\"number\">占比</th><th class=\"number\">只是依据不同</th><th class=\"number\">共</th></tr></thead><tbody>\n",
        );
        for (at, c) in of.conclusions.iter().enumerate().filter(|(_, c)| moved(c)) {
            let _ = writeln!(
                out,
                "<tr><td><a href=\"#c{at}\">{}</a></td><td class=\"bar\"><span class=\"moved\" style=\"width:{}\"></span></td>\
                 <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
                escape(&c.name),
                width(share(c), most),
                grouped(c.changed),
                percent(c.changed, c.rows),
                grouped(c.other_basis),
                grouped(c.rows)
            );
        }
        out.push_str("</tbody></table></div>\n");
    }
    let same: Vec<String> = of.conclusions.iter().filter(|c| !moved(c)).map(|c| escape(&c.name)).collect();
    if !same.is_empty() {
        let _ = writeln!(out, "<p class=\"faint\">没有变化的结论：{}。</p>", same.join("、"));
    }
}

fn changed(at: usize, of: &ComparedConclusion, top: usize, out: &mut String) {
    let _ = writeln!(
        out,
        "<article id=\"c{at}\" class=\"change\">\n<h3>{}<span class=\"faint count\">变化 {}，共 {}</span></h3>",
        escape(&of.name),
        grouped(of.changed),
        grouped(of.rows)
    );
    if of.changed > 0 {
        flow(of, out);
        list(of, top, out);
        matrix(of, top, out);
    }
    provisions(of, out);
    out.push_str("</article>\n");
}

/// One outcome on one side: where it stands and how much of it has been drawn.
struct Node {
    label: String,
    class: String,
    count: u64,
    top: u64,
    height: u64,
    used: u64,
}

/// Outcomes of one side from top to bottom, and which node each outcome is.
fn nodes(side: &[Valued]) -> (Vec<Node>, Vec<usize>) {
    let mut kept: Vec<usize> = (0..side.len()).collect();
    kept.sort_by_key(|at| std::cmp::Reverse(side.get(*at).map_or(0, |v| v.count)));
    kept.truncate(if side.len() > NODES { NODES - 1 } else { NODES });
    let mut nodes: Vec<Node> = Vec::new();
    let mut places = vec![usize::MAX; side.len()];
    let mut rest = 0;
    for (at, valued) in side.iter().enumerate() {
        if !kept.contains(&at) {
            rest += valued.count;
            continue;
        }
        if let Some(place) = places.get_mut(at) {
            *place = nodes.len();
        }
        nodes.push(node(valued.text.clone(), class(valued, at), valued.count));
    }
    if rest > 0 {
        places.iter_mut().filter(|p| **p == usize::MAX).for_each(|p| *p = nodes.len());
        nodes.push(node(REST.to_owned(), "s-rest".to_owned(), rest));
    }
    let whole: u64 = nodes.iter().map(|n| n.count).sum();
    let mut top = 0;
    for node in &mut nodes {
        node.height = scaled(TALL, node.count, whole);
        node.height = node.height.max(LEAST);
        node.top = top;
        top += node.height + GAP;
    }
    (nodes, places)
}

const REST: &str = "其余";

const fn node(label: String, class: String, count: u64) -> Node {
    Node { label, class, count, top: 0, height: 0, used: 0 }
}

/// A ribbon from node to node.
struct Ribbon<'a> {
    from: usize,
    to: usize,
    moved: &'a Moved,
}

fn flow(of: &ComparedConclusion, out: &mut String) {
    let (mut left, before) = nodes(&of.before);
    let (mut right, after) = nodes(&of.after);
    let place = |side: &[Valued], places: &[usize], v: &Valued| {
        let at = side.iter().position(|s| (&s.text, s.state) == (&v.text, v.state))?;
        places.get(at).copied()
    };
    let mut ribbons: Vec<Ribbon<'_>> = of
        .moved
        .iter()
        .filter_map(|moved| {
            let from = place(&of.before, &before, &moved.before)?;
            let to = place(&of.after, &after, &moved.after)?;
            Some(Ribbon { from, to, moved })
        })
        .collect();
    ribbons.sort_by_key(|r| (r.from, r.to));
    let bottom = |nodes: &[Node]| nodes.last().map_or(0, |n| n.top + n.height);
    let tall = bottom(&left).max(bottom(&right)) + 4;
    let (label_left, label_right) = (room(&left), room(&right));
    let (x, y) = (label_left + BAR, label_left + BAR + MIDDLE);
    let wide = y + BAR + label_right;
    let words = format!("{}：以前的结果流向现在的结果", of.name);
    let _ = writeln!(
        out,
        "<div class=\"scroll\"><svg class=\"flow\" viewBox=\"0 0 {wide} {}\" style=\"max-width:{}px\" role=\"img\" aria-label=\"{}\">\
         <text class=\"side\" x=\"{}\" y=\"12\" text-anchor=\"end\">以前</text><text class=\"side\" x=\"{}\" y=\"12\">现在</text>\
         <g transform=\"translate(0 20)\">",
        tall + 20,
        wide * 5 / 4,
        escape(&words),
        x,
        y
    );
    // What did not change lies below what did.
    let mut paths: Vec<(bool, String)> = Vec::new();
    for ribbon in &ribbons {
        if let Some(path) = self::ribbon(ribbon, &mut left, &mut right, (x, y)) {
            paths.push((ribbon.moved.is_change(), path));
        }
    }
    paths.sort_by_key(|(change, _)| *change);
    for (_, path) in &paths {
        out.push_str(path);
    }
    for (nodes, x, text, anchor) in [(&left, x - BAR, x - BAR - 6, "end"), (&right, y, y + BAR + 6, "start")]
    {
        for n in nodes {
            let title = told(&n.label, n.count, of.rows);
            let label = clip(&n.label, LABEL);
            let _ = write!(
                out,
                "<g><title>{}</title><rect class=\"{}\" x=\"{x}\" y=\"{}\" width=\"{BAR}\" height=\"{}\"/>\
                 <text x=\"{text}\" y=\"{}\" text-anchor=\"{anchor}\">{} <tspan class=\"n\">{}</tspan></text></g>",
                escape(&title),
                n.class,
                n.top,
                n.height,
                n.top + n.height / 2 + 4,
                escape(&label),
                grouped(n.count)
            );
        }
    }
    out.push_str("</g></svg></div>\n");
}

/// `length` times `part` of `whole`.
fn scaled(length: u64, part: u64, whole: u64) -> u64 {
    let scaled = u128::from(length) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(scaled).unwrap_or(length)
}

/// Tenths of a unit as a number of the drawing.
fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// The part of a node that a ribbon takes, in tenths: from, to.
fn slice(node: &mut Node, count: u64) -> (u64, u64) {
    let at = |n: u64| scaled(node.height * 10, n, node.count);
    let (from, to) = (at(node.used), at(node.used + count));
    node.used += count;
    (node.top * 10 + from, node.top * 10 + to.max(from + 10))
}

/// What the names of one side take.
fn room(nodes: &[Node]) -> u64 {
    let columns = |n: &Node| clip(&n.label, LABEL).width() + 1 + grouped(n.count).width();
    nodes.iter().map(columns).max().unwrap_or(0) as u64 * COLUMN + 10
}

fn ribbon(of: &Ribbon<'_>, left: &mut [Node], right: &mut [Node], (x, y): (u64, u64)) -> Option<String> {
    let from = slice(left.get_mut(of.from)?, of.moved.count);
    let target = right.get_mut(of.to)?;
    let class = if of.moved.is_change() { target.class.clone() } else { "same".to_owned() };
    let to = slice(target, of.moved.count);
    let mid = u64::midpoint(x, y);
    let moved = of.moved;
    let title = format!("{} → {}：{}", moved.before.text, moved.after.text, grouped(moved.count));
    let (from, to) = ((tenths(from.0), tenths(from.1)), (tenths(to.0), tenths(to.1)));
    Some(format!(
        "<path class=\"ribbon {class}\" d=\"M{x} {}C{mid} {} {mid} {} {y} {}L{y} {}C{mid} {} {mid} {} {x} {}Z\"><title>{}</title></path>",
        from.0,
        from.0,
        to.0,
        to.0,
        to.1,
        to.1,
        from.1,
        from.1,
        escape(&title)
    ))
}

fn list(of: &ComparedConclusion, top: usize, out: &mut String) {
    out.push_str(
        "<div class=\"scroll\"><table class=\"bars moves\"><thead><tr><th>以前</th><th>现在</th><th class=\"number\">数</th>\
         <th class=\"number\">占比</th><th>案件</th></tr></thead><tbody>\n",
    );
    let changes: Vec<&Moved> = of.moved.iter().filter(|m| m.is_change()).collect();
    for m in changes.iter().take(top) {
        let mut names: Vec<String> = m.examples.iter().map(|e| escape(&named(e))).collect();
        let more = if m.count > names.len() as u64 { "……" } else { "" };
        let hidden = names.split_off(names.len().min(3));
        let rest = if hidden.is_empty() {
            more.to_owned()
        } else {
            format!(
                "<details class=\"cases\"><summary>再看 {} 件</summary>{}{more}</details>",
                hidden.len(),
                hidden.join("、")
            )
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>→ {}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}{rest}</td></tr>",
            escape(&m.before.text),
            escape(&m.after.text),
            grouped(m.count),
            percent(m.count, of.rows),
            names.join("、")
        );
    }
    out.push_str("</tbody></table></div>\n");
    if changes.len() > top {
        let _ = writeln!(out, "<p class=\"faint\">其余 {} 种变化从略。</p>", changes.len() - top);
    }
}

/// Every outcome before against every outcome after, unchanged ones too.
fn matrix(of: &ComparedConclusion, top: usize, out: &mut String) {
    let same = |a: &Valued, b: &Valued| (&a.text, a.state) == (&b.text, b.state);
    let count = |before: &Valued, after: &Valued| {
        let found = of.moved.iter().find(|m| same(&m.before, before) && same(&m.after, after));
        found.map_or(0, |m| m.count)
    };
    let cross = Cross {
        by: "以前＼现在".to_owned(),
        conclusion: of.name.clone(),
        split: false,
        lines: of.before.iter().map(|v| v.text.clone()).collect(),
        columns: of.after.clone(),
        counts: of.before.iter().map(|b| of.after.iter().map(|a| count(b, a)).collect()).collect(),
    };
    out.push_str("<details><summary>全部对照，连同没有变化的</summary>\n");
    crosses::table(&cross, top, out);
    out.push_str("</details>\n");
}

/// Provisions that decide other rows: what they lost to the left, what they gained to the right.
fn provisions(of: &ComparedConclusion, out: &mut String) {
    if of.provisions.is_empty() {
        return;
    }
    let most = of.provisions.iter().map(|p| p.lost.max(p.gained)).max().unwrap_or(1);
    out.push_str(
        "<div class=\"scroll\"><table class=\"bars both\"><thead><tr><th>条文</th><th class=\"number\">不再是依据</th><th></th><th></th>\
         <th>成为依据</th></tr></thead><tbody>\n",
    );
    for p in &of.provisions {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"bar less\"><span style=\"width:{}\"></span></td>\
             <td class=\"bar more\"><span style=\"width:{}\"></span></td><td>{}</td></tr>",
            escape(&p.address),
            grouped(p.lost),
            width(p.lost, most),
            width(p.gained, most),
            grouped(p.gained)
        );
    }
    out.push_str("</tbody></table></div>\n");
}
