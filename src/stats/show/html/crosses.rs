//! Cross-tabulations as heat maps: a cell is the darker the greater its share of its line.
use super::draw::width;
use crate::report::html::escape;
use crate::stats::Summary;
use crate::stats::counter::{grouped, percent};
use crate::stats::show::pick;
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
    let split = if of.split { "<span class=\"faint count\">多个值分开计</span>" } else { "" };
    let _ = writeln!(out, "<h3>{} × {}{split}</h3>", escape(&of.by), escape(&of.conclusion));
    table(of, top, out);
}

/// A heat map with its totals.
pub(super) fn table(of: &Cross, top: usize, out: &mut String) {
    let grid = pick::grid(of, top, COLUMNS);
    let _ = write!(
        out,
        "<div class=\"scroll keep\"><table class=\"heat\"><thead><tr><th>{}</th>",
        escape(&of.by)
    );
    for (name, value) in &grid.columns {
        let faint = if *value { "" } else { " faint" };
        let _ = write!(out, "<th class=\"number{faint}\">{}</th>", escape(name));
    }
    out.push_str("<th class=\"number\">合计</th></tr></thead><tbody>\n");
    for (line, counts) in &grid.lines {
        row(line, counts, out);
    }
    out.push_str("</tbody><tfoot>\n");
    row("合计", &grid.totals, out);
    out.push_str("</tfoot></table></div>\n");
}

fn row(name: &str, counts: &[u64], out: &mut String) {
    let total: u64 = counts.iter().sum();
    let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escape(name));
    for n in counts {
        let _ = if *n == 0 {
            write!(out, "<td class=\"number nil\">0</td>")
        } else {
            let (share, count) = (percent(*n, total), grouped(*n));
            write!(
                out,
                "<td class=\"number\" style=\"--p:{}\">{count}<small>{share}</small></td>",
                width(*n, total)
            )
        };
    }
    let _ = writeln!(out, "<td class=\"number total\">{}</td></tr>", grouped(total));
}
