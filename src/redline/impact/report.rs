//! An impact in words: a table of what changes to what in how many cases, then the cases.
use super::{CasePlace, ChangedConclusion, Impact, Kind};
use crate::redline::model::Redline;
use crate::redline::words::change_word;
use crate::report::Style;
use crate::report::html::escape as html_escape;
use crate::report::line::{Line, Paint};
use crate::report::node::escape;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many cases are listed, when not all.
type Limit = Option<usize>;

fn counts(impact: &Impact) -> String {
    let mut out = format!(
        "共 {} 个案例：{} 个结论有变化，{} 个没有变化",
        impact.total(),
        impact.changed.len(),
        impact.unchanged
    );
    if !impact.unreadable.is_empty() {
        let _ = write!(out, "，{} 个读不懂", impact.unreadable.len());
    }
    out
}

fn concluded(kind: &Kind) -> String {
    format!("{}.{}", kind.entity, kind.name)
}

fn whose(c: &ChangedConclusion) -> String {
    if c.subject.is_empty() { c.name.clone() } else { format!("{} {}", c.subject, c.name) }
}

/// 第二条（修改）、定义“累犯”（修改）
fn because(redline: &Redline, c: &ChangedConclusion, arrow: &str) -> String {
    let causes = c.causes.iter().filter_map(|i| redline.entries.get(*i));
    let words: Vec<String> =
        causes.map(|e| format!("{}（{}）", e.name(arrow), change_word(e.change))).collect();
    if words.is_empty() { "不能定到某一处".to_owned() } else { words.join("、") }
}

fn rests(basis: &[String]) -> String {
    if basis.is_empty() { "无".to_owned() } else { basis.join("、") }
}

fn place(case: &CasePlace) -> String {
    format!("{}（{}:{}）", case.name, case.path.display(), case.line)
}

/// Sentences on why a case cannot be read.
fn against(old: &[String], new: &[String]) -> Vec<String> {
    let one =
        |side: &str, why: &[String]| (!why.is_empty()).then(|| format!("{side}读不懂：{}", why.join("；")));
    [one("修改前", old), one("修改后", new)].into_iter().flatten().collect()
}

/// For a terminal.
#[must_use]
pub fn text(impact: &Impact, redline: &Redline, limit: Limit, style: &Style) -> String {
    let arrow = if style.ascii { "->" } else { "→" };
    let mut out = String::new();
    Line::default().paint(Paint::Title, "对案例的影响").write(&mut out, style, "", "");
    Line::from(counts(impact)).write(&mut out, style, "", "");
    for kind in impact.kinds() {
        let line = Line::default()
            .paint(Paint::Cite, &concluded(&kind))
            .plain("　")
            .paint(Paint::Bad, &kind.from)
            .plain(&format!(" {arrow} "))
            .paint(Paint::Good, &kind.to)
            .paint(Paint::Faint, &format!("　{} 个案例", kind.cases));
        line.write(&mut out, style, "  ", "    ");
    }
    let most = limit.unwrap_or(usize::MAX);
    for case in impact.changed.iter().take(most) {
        out.push('\n');
        Line::default().paint(Paint::Title, &place(&case.case)).write(&mut out, style, "", "  ");
        for c in &case.conclusions {
            let line = Line::from(format!("{}：", whose(c)))
                .paint(Paint::Bad, &c.from)
                .plain(&format!(" {arrow} "))
                .paint(Paint::Good, &c.to);
            line.write(&mut out, style, "  ", "    ");
            if !c.old_basis.is_empty() || !c.new_basis.is_empty() {
                let basis = format!("{} {arrow} {}", rests(&c.old_basis), rests(&c.new_basis));
                Line::from(basis).write(&mut out, style, "    依据  ", "          ");
            }
            Line::from(because(redline, c, arrow)).write(&mut out, style, "    因为  ", "          ");
        }
    }
    if most > 0 && impact.changed.len() > most {
        let _ = writeln!(out, "\n另有 {} 个案例没有列出", impact.changed.len() - most);
    }
    for case in impact.unreadable.iter().take(most) {
        out.push('\n');
        Line::default().paint(Paint::Title, &place(&case.case)).write(&mut out, style, "", "  ");
        for why in against(&case.old, &case.new) {
            Line::default().paint(Paint::Open, &why).write(&mut out, style, "  ", "    ");
        }
    }
    if let Some(more) = unlisted(impact, most) {
        let _ = writeln!(out, "\n{more}");
    }
    out
}

/// How many of the cases that cannot be read are not listed, if that is so.
fn unlisted(impact: &Impact, most: usize) -> Option<String> {
    let more = impact.unreadable.len().saturating_sub(most);
    (most > 0 && more > 0).then(|| format!("另有 {more} 个读不懂的案例没有列出"))
}

/// As Markdown.
#[must_use]
pub fn markdown(impact: &Impact, redline: &Redline, limit: Limit) -> String {
    let mut out = format!("\n## 对案例的影响\n\n{}。\n", counts(impact));
    let kinds = impact.kinds();
    if !kinds.is_empty() {
        out.push_str("\n| 结论 | 修改前 | 修改后 | 案例 |\n| --- | --- | --- | ---: |\n");
    }
    for kind in kinds {
        let cells = [concluded(&kind), kind.from, kind.to].map(|c| escape(&c)).join(" | ");
        let _ = writeln!(out, "| {cells} | {} |", kind.cases);
    }
    let most = limit.unwrap_or(usize::MAX);
    for case in impact.changed.iter().take(most) {
        let _ = writeln!(out, "\n### {}\n", escape(&place(&case.case)));
        out.push_str("| 结论 | 修改前 | 修改后 | 依据 | 因为 |\n| --- | --- | --- | --- | --- |\n");
        for c in &case.conclusions {
            let basis = format!("{} → {}", rests(&c.old_basis), rests(&c.new_basis));
            let cells = [whose(c), c.from.clone(), c.to.clone(), basis, because(redline, c, "→")];
            let _ = writeln!(out, "| {} |", cells.map(|c| escape(&c)).join(" | "));
        }
    }
    if most > 0 && impact.changed.len() > most {
        let _ = writeln!(out, "\n另有 {} 个案例没有列出。", impact.changed.len() - most);
    }
    if most > 0 && !impact.unreadable.is_empty() {
        out.push_str("\n### 读不懂的案例\n\n");
    }
    for case in impact.unreadable.iter().take(most) {
        let why = against(&case.old, &case.new).join("。");
        let _ = writeln!(out, "- {}：{}", escape(&place(&case.case)), escape(&why));
    }
    if let Some(more) = unlisted(impact, most) {
        let _ = writeln!(out, "\n{more}。");
    }
    out
}

/// For programs.
#[must_use]
pub fn json(impact: &Impact, redline: &Redline, limit: Limit) -> Value {
    let kinds: Vec<Value> = impact
        .kinds()
        .into_iter()
        .map(|k| {
            json!({"entity": k.entity, "name": k.name, "from": k.from, "to": k.to,
                   "cases": k.cases, "conclusions": k.conclusions})
        })
        .collect();
    let at = |c: &CasePlace| json!({"name": c.name, "path": c.path.display().to_string(), "line": c.line});
    let causes = |c: &ChangedConclusion| -> Vec<Value> {
        let entries = c.causes.iter().filter_map(|i| redline.entries.get(*i));
        entries
            .map(|e| json!({"old": e.old, "new": e.new, "change": crate::redline::json::change_code(e.change)}))
            .collect()
    };
    let conclusion = |c: &ChangedConclusion| {
        json!({"entity": c.entity, "subject": c.subject, "name": c.name, "from": c.from, "to": c.to,
               "old_basis": c.old_basis, "new_basis": c.new_basis, "causes": causes(c)})
    };
    let most = limit.unwrap_or(usize::MAX);
    let changed: Vec<Value> = impact
        .changed
        .iter()
        .take(most)
        .map(|c| {
            let conclusions: Vec<Value> = c.conclusions.iter().map(conclusion).collect();
            json!({"case": at(&c.case), "conclusions": conclusions})
        })
        .collect();
    let unreadable: Vec<Value> =
        impact.unreadable.iter().map(|c| json!({"case": at(&c.case), "old": c.old, "new": c.new})).collect();
    json!({
        "total": impact.total(),
        "counts": {"changed": impact.changed.len(), "unchanged": impact.unchanged,
                   "unreadable": impact.unreadable.len()},
        "kinds": kinds,
        "changed": changed,
        "left_out": impact.changed.len().saturating_sub(most),
        "unreadable": unreadable,
    })
}

/// A section of the page of the redline.
#[must_use]
pub fn html(impact: &Impact, redline: &Redline, limit: Limit) -> String {
    let mut out = String::from("<section aria-labelledby=\"impact\">\n<h2 id=\"impact\">对案例的影响</h2>\n");
    let _ = writeln!(out, "<p>{}。</p>", counts(impact));
    let kinds = impact.kinds();
    if !kinds.is_empty() {
        out.push_str(
            "<div class=\"scroll\"><table class=\"kinds\">\n<thead><tr><th scope=\"col\">结论</th><th scope=\"col\">修改前</th>\
             <th scope=\"col\">修改后</th><th scope=\"col\" class=\"number\">案例</th></tr></thead>\n<tbody>\n",
        );
        for kind in kinds {
            let cells =
                [concluded(&kind), kind.from, kind.to].map(|c| format!("<td>{}</td>", html_escape(&c)));
            let _ = writeln!(out, "<tr>{}<td class=\"number\">{}</td></tr>", cells.concat(), kind.cases);
        }
        out.push_str("</tbody>\n</table></div>\n");
    }
    let most = limit.unwrap_or(usize::MAX);
    for case in impact.changed.iter().take(most) {
        let _ = writeln!(
            out,
            "<details class=\"case keep\" open>\n<summary>{}</summary>",
            html_escape(&place(&case.case))
        );
        out.push_str(
            "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">结论</th><th scope=\"col\">修改前</th>\
             <th scope=\"col\">修改后</th><th scope=\"col\">因为</th></tr></thead>\n<tbody>\n",
        );
        for c in &case.conclusions {
            let side = |words: &str, basis: &[String]| {
                let (words, basis) = (html_escape(words), html_escape(&rests(basis)));
                format!("<td>{words}<br><span class=\"faint\">依据：{basis}</span></td>")
            };
            let _ = writeln!(
                out,
                "<tr><td>{}</td>{}{}<td>{}</td></tr>",
                html_escape(&whose(c)),
                side(&c.from, &c.old_basis),
                side(&c.to, &c.new_basis),
                links(redline, c)
            );
        }
        out.push_str("</tbody>\n</table></div>\n</details>\n");
    }
    if most > 0 && impact.changed.len() > most {
        let _ = writeln!(out, "<p>另有 {} 个案例没有列出。</p>", impact.changed.len() - most);
    }
    if !impact.unreadable.is_empty() {
        out.push_str("<h3>读不懂的案例</h3>\n<ul>\n");
        for case in impact.unreadable.iter().take(most) {
            let why = against(&case.old, &case.new).join("。");
            let _ = writeln!(out, "<li>{}：{}</li>", html_escape(&place(&case.case)), html_escape(&why));
        }
        out.push_str("</ul>\n");
        if let Some(more) = unlisted(impact, most) {
            let _ = writeln!(out, "<p>{more}。</p>");
        }
    }
    out.push_str("</section>\n");
    out
}

/// The causes, each leading to its texts.
fn links(redline: &Redline, c: &ChangedConclusion) -> String {
    let link = |i: &usize| {
        let entry = redline.entries.get(*i)?;
        let name = html_escape(&entry.name("→"));
        Some(format!("<a href=\"#e{i}\">{name}</a>（{}）", change_word(entry.change)))
    };
    let links: Vec<String> = c.causes.iter().filter_map(link).collect();
    if links.is_empty() { "不能定到某一处".to_owned() } else { links.join("<br>") }
}
