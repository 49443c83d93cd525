//! The statute as a strip of cells, the darker the more often a provision held, and below it provision by provision with
//! its words and what it did.
use super::draw::{swatch, told};
use crate::report::html::escape;
use crate::stats::counter::{grouped, percent};
use crate::stats::show::tables::PARTIAL;
use crate::stats::summary::{Provision, Summary};
use crate::stats::tally::{STANDINGS, Standing};
use std::fmt::Write as _;

/// Columns of text in a tooltip.
const TIP: usize = 160;
/// Shares, in hundredths of a percent, from which a cell is of the next shade.
const SHADES: [(u64, &str); 5] =
    [(0, "不到 0.1%"), (10, "0.1% 以上"), (100, "1% 以上"), (500, "5% 以上"), (2000, "20% 以上")];

pub(super) fn write(summary: &Summary, out: &mut String) {
    if summary.provisions.iter().all(|p| p.counts.is_none()) {
        return;
    }
    out.push_str("<section aria-labelledby=\"statute\">\n<h2 id=\"statute\">各条文</h2>\n");
    legend(out);
    strip(summary, out);
    if summary.provisions.iter().any(|p| p.partial) {
        let _ = writeln!(out, "<p class=\"faint\">＊ {PARTIAL}。</p>");
    }
    out.push_str("<div class=\"statute\">\n");
    for (at, provision) in summary.provisions.iter().enumerate() {
        if let Some(heading) = &provision.heading {
            let _ = writeln!(out, "<h3>{}</h3>", escape(heading));
        }
        self::provision(at, provision, out);
    }
    out.push_str("</div>\n</section>\n");
}

fn held(p: &Provision) -> Option<u64> {
    p.counts.as_ref().and_then(|c| c.get(Standing::Held.at()).copied())
}

fn count(p: &Provision, standing: Standing) -> u64 {
    p.counts.as_ref().and_then(|c| c.get(standing.at()).copied()).unwrap_or(0)
}

/// The shade of a provision: `h0` never, `h1`–`h5`, `none` where it cannot decide, `dark` where the results do not say.
fn shade(p: &Provision) -> String {
    match held(p) {
        _ if !p.decides => "none".to_owned(),
        None => "untold".to_owned(),
        Some(0) => "h0".to_owned(),
        Some(n) => {
            let share = u128::from(n) * 10_000 / u128::from(p.rows.max(1));
            let at = SHADES.iter().filter(|(from, _)| u128::from(*from) <= share).count();
            format!("h{at}")
        }
    }
}

fn legend(out: &mut String) {
    out.push_str("<p class=\"legend\"><span>成立的行占</span>");
    let _ = write!(out, "<span>{}从未</span>", swatch("cell h0"));
    for (at, (_, words)) in SHADES.iter().enumerate() {
        let _ = write!(out, "<span>{}{words}</span>", swatch(&format!("cell h{}", at + 1)));
    }
    let _ = write!(out, "<span>{}曾被排除</span>", swatch("cell h3 lost"));
    let _ = write!(out, "<span>{}曾有冲突</span>", swatch("cell h3 clash"));
    let _ = writeln!(out, "<span>{}不直接作为依据</span></p>", swatch("cell none"));
}

/// `第八条第一项：决定 3，被排除 1；占 0.9%`
fn tip(p: &Provision) -> String {
    let mut out = p.address.clone();
    if !p.decides {
        out.push_str("　不直接作为依据");
    } else if let Some(n) = held(p) {
        let parts: Vec<String> = STANDINGS
            .into_iter()
            .filter(|s| *s != Standing::Held && count(p, *s) > 0)
            .map(|s| format!("{} {}", s.word(), grouped(count(p, s))))
            .collect();
        let what = if n == 0 { "从未成立".to_owned() } else { told("成立", n, p.rows) };
        let _ = write!(out, "　{what}");
        if !parts.is_empty() {
            let _ = write!(out, "：{}", parts.join("，"));
        }
    } else {
        out.push_str("　结果中没有它的情况");
    }
    if !p.text.is_empty() {
        let _ = write!(out, "\n{}", crate::base::wording::clip(&crate::base::wording::fold(&p.text), TIP));
    }
    out
}

fn strip(summary: &Summary, out: &mut String) {
    out.push_str("<div class=\"strip\" role=\"list\" aria-label=\"各条文的成立情况\">\n");
    let mut open = false;
    for (at, p) in summary.provisions.iter().enumerate() {
        let heading = p.heading.as_ref();
        if let Some(heading) = heading {
            close(&mut open, out);
            let _ = writeln!(out, "<p class=\"chapter\">{}</p>", escape(heading));
        }
        if !p.known && summary.provisions.get(at.wrapping_sub(1)).is_some_and(|before| before.known) {
            close(&mut open, out);
            out.push_str("<p class=\"chapter\">这份办法没有的</p>\n");
        }
        if p.depth == 0 && !p.address.contains('〔') || !p.known {
            close(&mut open, out);
            open = true;
            let _ =
                write!(out, "<span class=\"article\" role=\"listitem\"><b>{}</b>", escape(short(&p.address)));
        }
        let tip = escape(&tip(p));
        let mut class = shade(p);
        if count(p, Standing::Conflict) > 0 {
            class.push_str(" clash");
        } else if count(p, Standing::Defeated) > 0 {
            class.push_str(" lost");
        }
        let _ = write!(
            out,
            "<a class=\"cell {class}\" href=\"#p{at}\" title=\"{tip}\" aria-label=\"{tip}\"></a>"
        );
    }
    close(&mut open, out);
    out.push_str("</div>\n");
}

fn close(open: &mut bool, out: &mut String) {
    if std::mem::take(open) {
        out.push_str("</span>\n");
    }
}

/// 第十九条 → 十九
fn short(address: &str) -> &str {
    let inner = address.strip_prefix('第').and_then(|rest| rest.strip_suffix('条'));
    inner.unwrap_or(address)
}

fn provision(at: usize, p: &Provision, out: &mut String) {
    let depth = p.depth.min(4);
    let shade = shade(p);
    let text = escape(&p.text);
    let name = format!("<b>{}</b>　{text}", escape(&p.address));
    let Some(n) = held(p).filter(|_| p.decides) else {
        let untold = if p.decides { "<span class=\"figure faint\">结果中没有</span>" } else { "" };
        let _ =
            writeln!(out, "<div class=\"part d{depth} {shade}\" id=\"p{at}\"><p>{untold}{name}</p></div>");
        return;
    };
    let partial = if p.partial { format!("<span title=\"{PARTIAL}\">＊</span>") } else { String::new() };
    let figure = if n == 0 {
        format!("<span class=\"figure never\">从未成立{partial}</span>")
    } else {
        format!("<span class=\"figure\"><b>{}</b> {}{partial}</span>", grouped(n), percent(n, p.rows))
    };
    if n == 0 {
        let _ =
            writeln!(out, "<div class=\"part d{depth} {shade}\" id=\"p{at}\"><p>{figure}{name}</p></div>");
        return;
    }
    let _ = write!(
        out,
        "<details class=\"part d{depth} {shade}\" id=\"p{at}\"><summary>{figure}{name}</summary>\n\
         <div class=\"scroll\"><table><thead><tr><th>结论</th>"
    );
    let shown = || STANDINGS.into_iter().filter(|s| *s != Standing::Held);
    for standing in shown() {
        let _ = write!(out, "<th class=\"number\">{}</th>", standing.word());
    }
    out.push_str("</tr></thead><tbody>\n");
    for of in &p.of {
        let _ = write!(out, "<tr><td>{}</td>", escape(&of.conclusion));
        for n in shown().filter_map(|s| of.counts.get(s.at())) {
            let class = if *n == 0 { " faint" } else { "" };
            let _ = write!(out, "<td class=\"number{class}\">{}</td>", grouped(*n));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div></details>\n");
}
