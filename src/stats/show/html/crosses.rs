//! Cross-tabulations as heat maps: a cell is the darker the greater its share of its line.
use super::draw::width;
use crate::report::html::escape;
use crate::stats::Summary;
use crate::stats::counter::{grouped, percent};
use crate::stats::summary::Cross;
use std::fmt::Write as _;

/// Outcomes side by side.
const COLUMNS: usize = 12;

pub(super) fn write(summary: &Summary, top: usize, out: &mut String) {
    if summary.crosses.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"crosses\">\n<h2 id=\"crosses\">分列</h2>\n<p class=\"faint\">颜色的深浅是占本行的比例。</p>\n");
    for cross in &summary.crosses {
        self::cross(cross, top, out);
    }
    out.push_str("</section>\n");
}

fn cross(of: &Cross, top: usize, out: &mut String) {
    let (lines, columns) = (of.lines.len().min(top), of.columns.len().min(COLUMNS));
    let split = if of.split { "<span class=\"faint count\">多个值分开计</span>" } else { "" };
    let _ = write!(
        out,
        "<h3>{} × {}{split}</h3>\n<div class=\"scroll keep\"><table class=\"heat\"><thead><tr><th>{}</th>",
        escape(&of.by),
        escape(&of.conclusion),
        escape(&of.by)
    );
    for column in of.columns.iter().take(columns) {
        let state = if column.state == "定论" { "" } else { " faint" };
        let _ = write!(out, "<th class=\"number{state}\">{}</th>", escape(&column.text));
    }
    if of.columns.len() > columns {
        let _ = write!(out, "<th class=\"number faint\">其余 {} 种</th>", of.columns.len() - columns);
    }
    out.push_str("<th class=\"number\">合计</th></tr></thead><tbody>\n");
    let mut rest = vec![0; of.columns.len()];
    for (at, (line, counts)) in of.lines.iter().zip(&of.counts).enumerate() {
        if at < lines {
            row(line, counts, columns, out);
        } else {
            rest.iter_mut().zip(counts).for_each(|(all, n)| *all += n);
        }
    }
    if of.lines.len() > lines {
        row(&format!("其余 {} 种", of.lines.len() - lines), &rest, columns, out);
    }
    out.push_str("</tbody><tfoot>\n");
    row("合计", &of.columns.iter().map(|c| c.count).collect::<Vec<_>>(), columns, out);
    out.push_str("</tfoot></table></div>\n");
}

fn row(name: &str, counts: &[u64], columns: usize, out: &mut String) {
    let total: u64 = counts.iter().sum();
    let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escape(name));
    let mut cell = |n: u64| {
        let _ = if n == 0 {
            write!(out, "<td class=\"number nil\">0</td>")
        } else {
            write!(
                out,
                "<td class=\"number\" style=\"--p:{}\">{}<small>{}</small></td>",
                width(n, total),
                grouped(n),
                percent(n, total)
            )
        };
    };
    counts.iter().take(columns).for_each(|n| cell(*n));
    if counts.len() > columns {
        cell(counts.iter().skip(columns).sum());
    }
    let _ = writeln!(out, "<td class=\"number total\">{}</td></tr>", grouped(total));
}
