//! Each conclusion as a stacked bar with its key, and its table behind it.
use super::draw::{class, stack, swatch, width};
use crate::report::html::escape;
use crate::stats::Summary;
use crate::stats::counter::{grouped, percent};
use crate::stats::show::pick;
use crate::stats::summary::ConclusionSummary;
use std::fmt::Write as _;

/// Values with a colour and a name of their own beside the bar.
const KEYS: usize = 7;

pub(super) fn write(summary: &Summary, top: usize, out: &mut String) {
    if summary.conclusions.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"conclusions\">\n<h2 id=\"conclusions\">各项结论</h2>\n");
    for of in &summary.conclusions {
        conclusion(of, top, out);
    }
    out.push_str("</section>\n");
}

fn conclusion(of: &ConclusionSummary, top: usize, out: &mut String) {
    let shown = pick::outcomes(&of.outcomes, KEYS);
    let parts: Vec<(String, u64, String)> =
        shown.iter().enumerate().map(|(at, v)| (v.text.clone(), v.count, class(v, at))).collect();
    let split = if of.split { "，多个值分开计" } else { "" };
    let _ = writeln!(
        out,
        "<article class=\"conclusion keep\">\n<h3>{}<span class=\"faint count\">{}{split}</span></h3>",
        escape(&of.name),
        grouped(of.rows)
    );
    out.push_str(&stack(&parts, ""));
    out.push_str("<ul class=\"keys\">");
    for (name, count, class) in &parts {
        let swatch = swatch(class);
        let name = escape(name);
        let _ = if *count == 0 {
            write!(out, "<li class=\"faint\">{swatch}{name} 从未</li>")
        } else {
            let (share, count) = (percent(*count, of.rows), grouped(*count));
            write!(out, "<li>{swatch}{name} <b>{share}</b> <span class=\"faint\">{count}</span></li>")
        };
    }
    out.push_str("</ul>\n");
    if of.outcomes.len() > shown.len() {
        table(of, top, out);
    }
    out.push_str("</article>\n");
}

fn table(of: &ConclusionSummary, top: usize, out: &mut String) {
    let _ = write!(
        out,
        "<details><summary>全部 {} 种</summary>\n<div class=\"scroll\"><table class=\"bars\"><thead><tr>\
         <th>结果</th><th>状态</th><th class=\"number\">数</th><th class=\"number\">占比</th><th></th></tr></thead><tbody>\n",
        of.outcomes.len()
    );
    // Everything is in JSON and CSV; the page stays a page.
    let most = top.max(200);
    for v in of.outcomes.iter().take(most) {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>\
             <td class=\"bar\"><span style=\"width:{}\"></span></td></tr>",
            escape(&v.text),
            v.state,
            grouped(v.count),
            percent(v.count, of.rows),
            width(v.count, of.rows)
        );
    }
    out.push_str("</tbody></table></div>\n");
    if of.outcomes.len() > most {
        let _ = writeln!(out, "<p class=\"faint\">其余 {} 种从略。</p>", of.outcomes.len() - most);
    }
    out.push_str("</details>\n");
}
