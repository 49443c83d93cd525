//! The summary as a page that is looked at rather than read: figures, bars, the statute as a strip of cells, heat maps,
//! flows between two runs. No scripts, nothing from elsewhere; every colour has its words beside it.
mod changes;
mod conclusions;
mod crosses;
mod draw;
mod statute;
mod style;
mod waiting;

use crate::report::html::{escape, page};
use crate::stats::Summary;
use crate::stats::counter::{grouped, percent};
use crate::stats::tally::Standing;
use std::fmt::Write as _;

/// The page; `top`: lines of what has no natural end.
#[must_use]
pub fn html(summary: &Summary, top: usize) -> String {
    let title = format!("《{}》的认定结果", summary.title);
    let mut body = String::new();
    head(summary, &title, &mut body);
    if let Some(compared) = &summary.comparison {
        changes::write(compared, top, &mut body);
    }
    conclusions::write(summary, top, &mut body);
    statute::write(summary, &mut body);
    waiting::write(summary, top, &mut body);
    crosses::write(summary, top, &mut body);
    missing(summary, &mut body);
    page(&title, style::STYLE, &body)
}

/// A figure with its name, and a word on it.
fn card(name: &str, figure: &str, more: &str, class: &str) -> String {
    format!("<div class=\"{class}\"><dt>{name}</dt><dd>{figure}</dd><dd class=\"more\">{more}</dd></div>\n")
}

fn head(summary: &Summary, title: &str, out: &mut String) {
    let version = if summary.version.is_empty() {
        String::new()
    } else {
        format!("<p class=\"faint\">{}</p>\n", escape(&summary.version))
    };
    let _ = write!(out, "<header>\n<h1>{}</h1>\n{version}</header>\n<dl class=\"figures\">\n", escape(title));
    let rows: Vec<String> = summary
        .entities
        .iter()
        .skip(1)
        .map(|(name, rows)| format!("{} {}", escape(name), grouped(*rows)))
        .collect();
    out.push_str(&card("案件", &grouped(summary.cases), &rows.join("，"), ""));
    for (name, count, class) in [
        ("全部已定", summary.decided, "good-top"),
        ("有待查", summary.pending, "warn-top"),
        ("有冲突", summary.conflict, "bad-top"),
    ] {
        out.push_str(&card(name, &percent(count, summary.cases), &format!("{} 件", grouped(count)), class));
    }
    let told = || summary.provisions.iter().filter(|p| p.decides).filter_map(|p| p.counts);
    let never = told().filter(|c| c.get(Standing::Held.at()) == Some(&0)).count();
    if told().count() > 0 {
        let more = format!("能作为依据的 {} 处之中", told().count());
        out.push_str(&card("从未成立的条文", &never.to_string(), &more, ""));
    }
    if let Some(compared) = &summary.comparison {
        let more = format!("{} 件，两次都有 {} 件", grouped(compared.changed), grouped(compared.cases));
        out.push_str(&card("与以前不同", &percent(compared.changed, compared.cases), &more, "link-top"));
    }
    out.push_str("</dl>\n");
    let all = [
        ("全部已定", summary.decided, "s-good"),
        ("有待查", summary.pending, "s-pending"),
        ("有冲突", summary.conflict, "s-conflict"),
    ];
    out.push_str(&draw::stack(&all.map(|(name, n, class)| (name.to_owned(), n, class.to_owned())), "tall"));
    if summary.bad > 0 {
        let _ = writeln!(out, "<p class=\"bad\">另有读不懂的 {} 行，没有计入。</p>", grouped(summary.bad));
    }
    contents(summary, out);
}

fn contents(summary: &Summary, out: &mut String) {
    let pending = summary.conclusions.iter().any(|c| c.pending > 0);
    let conflict = summary.conclusions.iter().any(|c| !c.conflicts.is_empty());
    let parts = [
        ("changes", "两次比较", summary.comparison.is_some()),
        ("conclusions", "各项结论", !summary.conclusions.is_empty()),
        ("statute", "各条文", !summary.provisions.is_empty()),
        ("pending", "待查", pending),
        ("conflicts", "冲突", conflict),
        ("crosses", "分列", !summary.crosses.is_empty()),
        ("missing", "结果中没有的", !summary.missing.is_empty()),
    ];
    let links: Vec<String> = parts
        .into_iter()
        .filter(|(_, _, there)| *there)
        .map(|(id, name, _)| format!("<a href=\"#{id}\">{name}</a>"))
        .collect();
    let _ = writeln!(out, "<nav class=\"contents screen-only\" aria-label=\"目录\">{}</nav>", links.join(""));
}

fn missing(summary: &Summary, out: &mut String) {
    if summary.missing.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"missing\">\n<h2 id=\"missing\">结果中没有的</h2>\n<ul>\n");
    for missing in &summary.missing {
        let _ = writeln!(
            out,
            "<li>{}。<span class=\"faint\">{}</span></li>",
            escape(&missing.what),
            escape(&missing.advice)
        );
    }
    out.push_str("</ul>\n</section>\n");
}
