//! What 待查 waits for, and what is in conflict.
use super::draw::width;
use crate::report::html::escape;
use crate::stats::Summary;
use crate::stats::counter::{grouped, percent};
use std::fmt::Write as _;

pub(super) fn write(summary: &Summary, top: usize, out: &mut String) {
    pending(summary, top, out);
    conflicts(summary, top, out);
}

fn pending(summary: &Summary, top: usize, out: &mut String) {
    let pending: u64 = summary.conclusions.iter().map(|c| c.pending).sum();
    if pending == 0 {
        return;
    }
    out.push_str("<section aria-labelledby=\"pending\">\n<h2 id=\"pending\">待查</h2>\n");
    let Some(facts) = &summary.waiting else {
        let _ = writeln!(
            out,
            "<p>待查的结论 {} 个。结果中没有它们等待的事实，批量认定时写 <code>--waiting</code>。</p>\n</section>",
            grouped(pending)
        );
        return;
    };
    let _ = writeln!(
        out,
        "<p>待查的结论 {} 个，按它们等待的事实；深色的部分只等这一个事实，查明它就能定下来。</p>\n\
         <div class=\"scroll\"><table class=\"bars\"><thead><tr><th>事实</th><th></th><th class=\"number\">结论</th>\
         <th class=\"number\">只等它的</th><th class=\"number\">案件</th></tr></thead><tbody>",
        grouped(pending)
    );
    let most = facts.first().map_or(1, |w| w.count);
    for w in facts.iter().take(top) {
        let alone = match w.alone {
            0 => String::new(),
            n => format!("<span class=\"alone\" style=\"width:{}\"></span>", width(n, w.count)),
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"bar\"><span class=\"s-pending\" style=\"width:{}\">{alone}</span></td><td class=\"number\">{}</td><td class=\"number\">{}</td>\
             <td class=\"number\">{} <span class=\"faint\">{}</span></td></tr>",
            escape(&w.fact),
            width(w.count, most),
            grouped(w.count),
            grouped(w.alone),
            grouped(w.cases),
            percent(w.cases, summary.cases)
        );
    }
    out.push_str("</tbody></table></div>\n");
    if facts.len() > top {
        let _ = writeln!(out, "<p class=\"faint\">其余 {} 个事实从略。</p>", facts.len() - top);
    }
    out.push_str("</section>\n");
}

fn conflicts(summary: &Summary, top: usize, out: &mut String) {
    if summary.conclusions.iter().all(|c| c.conflicts.is_empty()) {
        return;
    }
    out.push_str(
        "<section aria-labelledby=\"conflicts\">\n<h2 id=\"conflicts\">冲突</h2>\n<div class=\"scroll\"><table class=\"bars\">\
         <thead><tr><th>结论</th><th>相互冲突的条文</th><th>候选</th><th class=\"number\">数</th></tr></thead><tbody>\n",
    );
    let or = |text: &str| if text.is_empty() { "－".to_owned() } else { escape(text) };
    let mut left = 0;
    for of in &summary.conclusions {
        for c in of.conflicts.iter().take(top) {
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
                escape(&of.name),
                or(&c.basis),
                or(&c.candidates),
                grouped(c.count)
            );
        }
        left += of.conflicts.iter().skip(top).map(|c| c.count).sum::<u64>() + of.more_conflicts;
    }
    out.push_str("</tbody></table></div>\n");
    if left > 0 {
        let _ = writeln!(out, "<p class=\"faint\">其余 {} 个从略。</p>", grouped(left));
    }
    out.push_str("</section>\n");
}
