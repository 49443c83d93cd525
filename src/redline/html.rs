//! A redline as a page: what changed at a glance, a table of contents, then each provision with its `<ins>` and `<del>`.
use super::model::{Change, Entry, Layer, Piece, Place, Redline, Row};
use super::words::{change_word, counted, layer_word, listed, only_word, rows, shown, titles};
use crate::report::html::{escape, page};
use std::fmt::Write as _;

/// The page; `all`: unchanged provisions too. `more` is set between the contents and the texts.
#[must_use]
pub fn html(redline: &Redline, all: bool, more: &str) -> String {
    let title = format!("{}修改前后对照", titles(redline));
    let mut body = String::new();
    let _ = write!(body, "<header>\n<h1>{}</h1>\n", escape(&title));
    let _ = write!(
        body,
        "<p class=\"faint\">修改前：{}<br>修改后：{}</p>\n</header>\n",
        escape(&redline.old_name),
        escape(&redline.new_name)
    );
    if redline.is_empty() && !all {
        body.push_str("<p>没有不同。</p>\n");
    } else {
        glance(redline, all, &mut body);
        body.push_str(more);
        texts(redline, all, &mut body);
    }
    page(&title, STYLE, &body)
}

/// Counts, contents and what the marks mean.
fn glance(redline: &Redline, all: bool, out: &mut String) {
    out.push_str(
        "<section aria-labelledby=\"glance\">\n<h2 id=\"glance\">总表</h2>\n<dl class=\"counts\">\n",
    );
    for (change, count) in counted(&redline.counts()) {
        let _ = writeln!(
            out,
            "<div class=\"{}\"><dt>{}</dt><dd>{count}</dd></div>",
            class(change),
            change_word(change)
        );
    }
    out.push_str("</dl>\n<nav aria-label=\"改动目录\">\n<ol class=\"contents\">\n");
    for item in listed(redline, "→") {
        let entry = redline.entries.get(item.entry);
        let name = escape(&item.name);
        let name = match entry {
            Some(entry) if shown(entry, all) => format!("<a href=\"#e{}\">{name}</a>", item.entry),
            Some(_) | None => name,
        };
        let only =
            item.only.map(|o| format!("　<span class=\"warn\">{}</span>", only_word(o))).unwrap_or_default();
        let _ = writeln!(out, "<li>{} {name}{only}</li>", tag(item.change));
    }
    out.push_str("</ol>\n</nav>\n</section>\n");
}

fn texts(redline: &Redline, all: bool, out: &mut String) {
    out.push_str(
        "<section aria-labelledby=\"texts\">\n<h2 id=\"texts\">逐条对照</h2>\n<p class=\"legend faint\">\
         <del>删去的文字</del>　<ins>新增的文字</ins>　<span class=\"moved\"><del>第二条</del><ins>第三条</ins></span> 引用随条号调整，所指不变\
         </p>\n",
    );
    let (mut heading, mut article): (Option<&Entry>, Option<&Entry>) = (None, None);
    for (index, entry) in redline.entries.iter().enumerate() {
        match (&entry.place, entry.depth) {
            (Place::Heading, _) => heading = Some(entry),
            (Place::Provision { .. }, 0) => article = Some(entry),
            _ => {}
        }
        if !shown(entry, all) {
            continue;
        }
        let provision = matches!(entry.place, Place::Provision { .. });
        // The chapter, once, before the first provision of it that is shown.
        if let Some(heading) = heading.take_if(|h| provision && !shown(h, all)) {
            let _ = writeln!(out, "<p class=\"chapter\">{}</p>", plain(heading));
        }
        // The words an item completes.
        if let Some(article) = article.take_if(|a| entry.depth > 0 && !shown(a, all)) {
            let text = plain(article);
            let _ = writeln!(out, "<p class=\"lead faint\">{text}</p>");
        }
        section(index, entry, all, out);
    }
    out.push_str("</section>\n");
}

fn section(index: usize, entry: &Entry, all: bool, out: &mut String) {
    let keep = if entry.rows.len() < 8 { " keep" } else { "" };
    let _ = writeln!(
        out,
        "<article class=\"entry d{}{keep} {}\" id=\"e{index}\">",
        entry.depth.min(3),
        class(entry.change)
    );
    let change = if entry.within { String::new() } else { format!(" {}", tag(entry.change)) };
    let _ = writeln!(out, "<h3>{}{change}</h3>", escape(&entry.name("→")));
    if let Some(only) = entry.only() {
        let _ = writeln!(out, "<p class=\"warn\">{}</p>", only_word(only));
    }
    for row in rows(entry, all) {
        let clause = if row.layer == Layer::Text { "text" } else { "clause" };
        let _ = writeln!(
            out,
            "<div class=\"row {clause}\"><span class=\"layer\">{}</span><p>{}</p></div>",
            layer_word(row.layer),
            redlined(row)
        );
    }
    out.push_str("</article>\n");
}

/// A heading or an article as it now stands, by name and words.
fn plain(entry: &Entry) -> String {
    let words = entry.rows.iter().find(|r| r.layer == Layer::Text).map(Row::after).unwrap_or_default();
    format!("{}　{}", escape(&entry.name("→")), escape(&words))
}

fn redlined(row: &Row) -> String {
    let mut out = String::new();
    for piece in &row.pieces {
        let _ = match piece {
            Piece::Same(text) => write!(out, "{}", escape(text)),
            Piece::Deleted(text) => write!(out, "<del>{}</del>", escape(text)),
            Piece::Inserted(text) => write!(out, "<ins>{}</ins>", escape(text)),
            Piece::Renumbered { old, new } => write!(
                out,
                "<span class=\"moved\" title=\"引用随条号调整\"><del>{}</del><ins>{}</ins></span>",
                escape(old),
                escape(new)
            ),
            Piece::Redirected { text, old, new } => write!(
                out,
                "<span class=\"redirected\">{}</span><span class=\"warn\">（原指{old}，现指{new}）</span>",
                escape(text)
            ),
        };
    }
    out
}

fn tag(change: Change) -> String {
    format!("<span class=\"tag {}\">{}</span>", class(change), change_word(change))
}

const fn class(change: Change) -> &'static str {
    match change {
        Change::Same => "same",
        Change::Added => "added",
        Change::Deleted => "deleted",
        Change::Changed => "changed",
        Change::Renumbered | Change::References => "followed",
    }
}

/// Rules of this page.
const STYLE: &str = "\
.counts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1rem; }
.counts div { flex: 1 1 6rem; border: 1px solid var(--line); border-top: 3px solid var(--line); padding: .4rem .8rem; background: var(--panel); }
.counts dt { color: var(--faint); font-size: .9rem; }
.counts dd { margin: 0; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.counts .added { border-top-color: var(--good); } .counts .deleted { border-top-color: var(--bad); }
.counts .changed { border-top-color: var(--link); } .counts .followed { border-top-color: var(--warn); }
.contents { list-style: none; padding: 0; margin: 0; }
.contents li { padding: .1rem 0; }
.contents a { text-decoration-thickness: 1px; text-underline-offset: .2em; }
.tag { display: inline-block; min-width: 3.5em; padding: 0 .4em; font-size: .8rem; line-height: 1.6; text-align: center; border: 1px solid currentColor; color: var(--faint); font-weight: 400; vertical-align: .1em; }
.tag.added { color: var(--good); } .tag.deleted { color: var(--bad); } .tag.changed { color: var(--link); } .tag.followed { color: var(--warn); }
.chapter { margin: 2rem 0 .5rem; text-align: center; font-weight: 600; }
.lead { margin: 1rem 0 0; }
.legend { font-size: .9rem; }
.entry { margin: .8rem 0; padding: .2rem 0 .2rem .9rem; border-left: 3px solid var(--line); }
.entry.added { border-left-color: var(--good); } .entry.deleted { border-left-color: var(--bad); }
.entry.changed { border-left-color: var(--link); } .entry.followed { border-left-color: var(--warn); }
.d1 { margin-left: 1.5rem; } .d2 { margin-left: 3rem; } .d3 { margin-left: 4.5rem; }
.entry h3 { margin: 0 0 .2rem; }
.entry > p { margin: 0; font-size: .9rem; }
.row { display: flex; gap: .8rem; margin: .2rem 0; }
.row p { margin: 0; flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.layer { flex: none; width: 2.5em; color: var(--faint); font-size: .85rem; line-height: 2.05; }
.clause p { font-size: .92rem; background: var(--panel); padding: .1rem .6rem; }
ins, del { padding: 0 .08em; }
ins { font-weight: 600; text-decoration: none; border-bottom: 2px solid currentColor; }
del { text-decoration: line-through 1px; text-decoration-color: color-mix(in srgb, currentColor 60%, transparent); }
del::before { content: \"〔\" / \"\"; } del::after { content: \"〕\" / \"\"; }
del::before, del::after { display: inline-block; text-decoration: none; font-feature-settings: \"halt\"; }
.redirected { border-bottom: 2px solid var(--warn); }
.moved { border-bottom: 1px dashed var(--warn); }
.moved ins { border-bottom: 0; font-weight: 400; }
.moved del::before, .moved del::after { content: none; }
.moved ins, .moved del { background: var(--warn-bg); color: var(--warn); }
.case { margin: 1rem 0 0; }
.case summary { cursor: pointer; font-weight: 600; }
.case table, .kinds { table-layout: fixed; min-width: 34rem; }
.case th:nth-child(1) { width: 18%; } .case th:nth-child(4) { width: 28%; }
.kinds th:nth-child(1) { width: 22%; } .kinds th:nth-child(4) { width: 5rem; }
:target { outline: 2px solid var(--link); outline-offset: .3rem; }
@page { size: A4; margin: 18mm; }
@media print { .case table, .kinds { min-width: 0; } .counts div { padding: .2rem .5rem; } .d1 { margin-left: 1rem; } .d2 { margin-left: 2rem; } .d3 { margin-left: 3rem; } }
";
