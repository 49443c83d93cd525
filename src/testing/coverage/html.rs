//! Coverage as a page that is the statute itself: chapters and provisions in order, each marked by what the cases have
//! seen of it and opening its conditions and the cases that touch it. No scripts; marks are signs and words, colour only
//! repeats them.
use super::plan::Host;
use super::seen::CaseId;
use super::show::cases;
use super::summary::{ConditionCovered, Coverage, PointCovered, Share, Standing, host_words};
use crate::base::numeral::to_chinese;
use crate::base::{PartKind, Truth};
use crate::hir::{DefinitionId, Heading, HeadingLevel, Hir, Provision, ProvisionId};
use crate::report::html::{self, escape};
use crate::report::outline::marks;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Cases named in one list before the rest is only counted.
const NAMED: usize = 24;

/// The page of one or several laws.
#[must_use]
pub fn page(laws: &[(&Hir, &Coverage)]) -> String {
    let title = match laws {
        [(hir, _)] => format!("《{}》覆盖情况", hir.header.title),
        _ => "覆盖情况".to_owned(),
    };
    let mut body = String::new();
    for (number, (hir, coverage)) in laws.iter().enumerate() {
        Law { hir, coverage, number, body: &mut body }.write();
    }
    html::page(&title, STYLE, &body)
}

struct Law<'a> {
    hir: &'a Hir,
    coverage: &'a Coverage,
    /// Among the laws of the page.
    number: usize,
    body: &'a mut String,
}

impl Law<'_> {
    fn put(&mut self, html: &str) {
        self.body.push_str(html);
        self.body.push('\n');
    }

    fn write(&mut self) {
        let title = escape(&self.hir.header.title);
        self.put(&format!("<h1>《{title}》覆盖情况</h1>"));
        self.totals();
        self.index();
        self.statute();
    }

    fn totals(&mut self) {
        let (provisions, conditions) = (self.coverage.provisions(), self.coverage.conditions());
        self.put("<div class=\"totals\">");
        self.put(&meter("条文", provisions, "各条文的是、否两面，案例见到的"));
        self.put(&meter("条件", conditions, "各个条件中，案例显示它单独改变结论的"));
        self.put("</div>");
        let words = escape(&cases(self.coverage));
        self.put(&format!("<p class=\"faint\">{words}。点开一条，看它的条件和与它有关的案例。</p>"));
        let legend: Vec<String> = [Standing::Full, Standing::Partial, Standing::Uncovered, Standing::Nothing]
            .into_iter()
            .map(|s| format!("<span class=\"key {}\">{} {}</span>", s.code(), s.sign(), s.word()))
            .collect();
        self.put(&format!("<p class=\"legend\">{}</p>", legend.join("")));
    }

    /// Articles with their figures, whatever stands below them added up; definitions after them.
    fn index(&mut self) {
        let rows = self.rows();
        self.put("<nav class=\"chips\" aria-label=\"各条\">");
        for (hosts, target, name) in &rows {
            let (standing, _) = self.coverage.standing_of(hosts);
            let chip = format!(
                "<a class=\"key {}\" href=\"#{}\" title=\"{}\">{} {}</a>",
                standing.code(),
                self.anchor(*target),
                standing.word(),
                standing.sign(),
                escape(name),
            );
            self.put(&chip);
        }
        self.put("</nav>\n<details><summary class=\"more\">逐条的数字</summary>");
        self.put("<div class=\"scroll\"><table class=\"index\">");
        self.put(
            "<thead><tr><th>条文</th><th>情况</th><th class=\"number\">两面</th>\
             <th class=\"number\">条件</th><th class=\"number\">合计</th></tr></thead>\n<tbody>",
        );
        for (hosts, target, name) in &rows {
            self.row(hosts, *target, name);
        }
        self.put("</tbody></table></div></details>");
    }

    /// What the index lists: articles with all that stands below them, then definitions.
    fn rows(&self) -> Vec<(Vec<Host>, Host, String)> {
        let mut out = Vec::new();
        let hosts = self.coverage.hosts();
        for (at, provision) in self.hir.provisions.iter().enumerate() {
            if provision.kind == PartKind::Article {
                let inside = |h: &&Host| matches!(h, Host::Provision(id) if self.below(at, *id));
                let below = hosts.iter().filter(inside).copied().collect();
                out.push((below, Host::Provision(id_of(at)), provision.address.to_string()));
            }
        }
        let defined = hosts.iter().filter(|h| matches!(h, Host::Definition(_)));
        out.extend(defined.map(|h| (vec![*h], *h, host_words(self.hir, *h))));
        out
    }

    fn below(&self, article: usize, id: ProvisionId) -> bool {
        let address = |at: usize| self.hir.provisions.get(at).map(|p| &p.address);
        address(article).zip(address(id.index())).is_some_and(|(a, b)| a.covers(b))
    }

    fn row(&mut self, hosts: &[Host], target: Host, name: &str) {
        let (standing, all) = self.coverage.standing_of(hosts);
        let (mut ways, mut conditions) = (Share::default(), Share::default());
        for host in hosts {
            for point in self.coverage.points_of(*host) {
                ways.covered += point.ways().covered;
                ways.all += point.ways().all;
            }
            for condition in self.coverage.conditions_of(*host) {
                conditions.covered += usize::from(condition.covered);
                conditions.all += 1;
            }
        }
        let share = |s: Share| {
            if s.all == 0 { "－".to_owned() } else { format!("{}/{}", s.covered, s.all) }
        };
        let percent = if all.all == 0 { "－".to_owned() } else { all.percent() };
        let row = format!(
            "<tr class=\"{}\"><td><a href=\"#{}\">{}</a></td><td class=\"state\">{} {}</td>\
             <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{percent}</td></tr>",
            standing.code(),
            self.anchor(target),
            escape(name),
            standing.sign(),
            standing.word(),
            share(ways),
            share(conditions),
        );
        self.put(&row);
    }

    fn anchor(&self, host: Host) -> String {
        match host {
            Host::Provision(id) => format!("l{}p{}", self.number, id.0),
            Host::Definition(id) => format!("l{}d{}", self.number, id.0),
        }
    }

    fn statute(&mut self) {
        self.put("<h2>条文</h2>\n<div class=\"statute\">");
        let mut told: BTreeSet<DefinitionId> = BTreeSet::new();
        for (at, provision) in self.hir.provisions.iter().enumerate() {
            self.definitions_before(Some(at), &mut told);
            let here = |h: &&Heading| usize::try_from(h.before).ok() == Some(at);
            for heading in self.hir.headings.iter().filter(here) {
                self.heading(heading);
            }
            self.provision(id_of(at), provision);
        }
        self.definitions_before(None, &mut told);
        let rest = |h: &&Heading| usize::try_from(h.before).is_ok_and(|at| at >= self.hir.provisions.len());
        for heading in self.hir.headings.iter().filter(rest) {
            self.heading(heading);
        }
        self.put("</div>");
    }

    /// Definitions written before a provision, or all that are left.
    fn definitions_before(&mut self, next: Option<usize>, told: &mut BTreeSet<DefinitionId>) {
        let limit = next.and_then(|at| self.hir.provisions.get(at)).map(|p| p.span);
        for (at, definition) in self.hir.definitions.iter().enumerate() {
            let id = DefinitionId(u32::try_from(at).unwrap_or(u32::MAX));
            let before =
                limit.is_none_or(|l| (definition.span.file, definition.span.start) < (l.file, l.start));
            if before && told.insert(id) {
                let host = definition.provision.and_then(|p| self.hir.provisions.get(p.index()));
                let depth = host.map_or(0, |p| p.address.parts.len().saturating_sub(1));
                self.definition(id, &definition.name, depth);
            }
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let (tag, unit) = match heading.level {
            HeadingLevel::Chapter => ("h3", "章"),
            HeadingLevel::Section => ("h4", "节"),
        };
        let number = to_chinese(u64::from(heading.number));
        let title = escape(&heading.title);
        self.put(&format!("<{tag}>第{number}{unit}　{title}</{tag}>"));
    }

    fn provision(&mut self, id: ProvisionId, provision: &Provision) {
        let host = Host::Provision(id);
        let depth = provision.address.parts.len().saturating_sub(1);
        let mut text = String::new();
        for mark in marks(&provision.marks) {
            let _ = write!(text, "<span class=\"mark\">【{mark}】</span>");
        }
        match (&provision.text, self.coverage.words.get(&host)) {
            (Some((words, _)), _) => text.push_str(&escape(words)),
            (None, Some(clause)) => {
                let _ = write!(text, "<code>{}</code>", escape(clause));
            }
            (None, None) => {}
        }
        self.part(host, depth, &label(provision), &text);
    }

    fn definition(&mut self, id: DefinitionId, name: &str, depth: usize) {
        let host = Host::Definition(id);
        let clause = self.coverage.words.get(&host).map(|w| escape(w)).unwrap_or_default();
        let text = format!("<code>{clause}</code>");
        self.part(host, depth, &format!("本办法所称 {name}，是指"), &text);
    }

    /// A provision or definition: closed it is the statute, opened it says what the cases saw.
    fn part(&mut self, host: Host, depth: usize, label: &str, text: &str) {
        let standing = self.coverage.standing(host);
        let depth = depth.min(4);
        let anchor = self.anchor(host);
        let line = format!(
            "<span class=\"sign\" title=\"{word}\" aria-hidden=\"true\">{sign}</span>\
             <span class=\"hidden\">{word}：</span><b>{}</b>　{text}",
            escape(label),
            word = standing.word(),
            sign = standing.sign(),
        );
        let class = format!("part d{depth} {}", standing.code());
        if standing == Standing::Nothing {
            self.put(&format!("<div class=\"{class}\" id=\"{anchor}\"><p>{line}</p></div>"));
            return;
        }
        self.put(&format!("<details class=\"{class}\" id=\"{anchor}\"><summary>{line}</summary>"));
        let points: Vec<PointCovered> = self.coverage.points_of(host).cloned().collect();
        if !points.is_empty() {
            self.points(&points);
        }
        let conditions: Vec<ConditionCovered> = self.coverage.conditions_of(host).cloned().collect();
        if !conditions.is_empty() {
            self.conditions(&conditions);
        }
        for point in &points {
            self.cases(point, points.len() > 1);
        }
        self.put("</details>");
    }

    fn points(&mut self, points: &[PointCovered]) {
        self.put(
            "<div class=\"scroll\"><table><thead><tr><th>案例见到它</th><th class=\"number\">是</th>\
             <th class=\"number\">否</th><th class=\"number\">不明</th><th class=\"number\">不适用</th></tr></thead><tbody>",
        );
        for point in points {
            let label = if point.point.label.is_empty() { "本条文" } else { &point.point.label };
            let cell = |truth: Truth, needed: bool| {
                let count = point.count(truth);
                let class = if needed && count == 0 { "number bad" } else { "number" };
                let mark = if needed && count == 0 { "✗ " } else { "" };
                format!("<td class=\"{class}\">{mark}{count}</td>")
            };
            let cells =
                [(Truth::True, true), (Truth::False, true), (Truth::Unknown, false), (Truth::Na, false)]
                    .map(|(truth, needed)| cell(truth, needed))
                    .concat();
            self.put(&format!("<tr><td>{}</td>{cells}</tr>", escape(label)));
        }
        self.put("</tbody></table></div>");
    }

    fn conditions(&mut self, conditions: &[ConditionCovered]) {
        self.put("<ul class=\"conditions\">");
        for condition in conditions {
            let words = escape(&condition.words);
            let line = if condition.covered {
                let [as_false, as_true] = condition.shown.map(|id| self.case(id));
                format!(
                    "<li class=\"good\">✓ <code>{words}</code> <span class=\"faint\">为是、为否时结论随之改变：\
                     {as_true}；{as_false}</span></li>"
                )
            } else {
                let missing = escape(&condition.missing());
                format!("<li class=\"bad\">✗ <code>{words}</code> {missing}</li>")
            };
            self.put(&line);
        }
        self.put("</ul>");
    }

    fn case(&self, id: Option<CaseId>) -> String {
        let found = id.and_then(|id| self.coverage.cases.get(&id));
        found
            .map(|(name, place)| format!("<span title=\"{}\">{}</span>", escape(place), escape(name)))
            .unwrap_or_default()
    }

    /// The cases that have to do with a point.
    fn cases(&mut self, point: &PointCovered, named: bool) {
        let lists =
            [("成立", &point.seen.yes), ("尚不明", &point.seen.open), ("只差一个条件", &point.seen.near)];
        if lists.iter().all(|(_, list)| list.is_empty()) {
            self.put("<p class=\"faint\">没有案例与它有关。</p>");
            return;
        }
        let label = escape(&point.point.label);
        self.put("<dl class=\"cases\">");
        for (word, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            let of = if named && !label.is_empty() { format!("（{label}）") } else { String::new() };
            let shown: Vec<String> = list.iter().take(NAMED).map(|id| self.case(Some(*id))).collect();
            let more =
                if list.len() > NAMED { format!("……共 {} 例", list.len()) } else { String::new() };
            self.put(&format!("<dt>{word}{of}（{}）</dt><dd>{}{more}</dd>", list.len(), shown.join("、")));
        }
        self.put("</dl>");
    }
}

fn id_of(at: usize) -> ProvisionId {
    ProvisionId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// How the statute numbers it: 第八条, 第一款, （三）, 但书.
fn label(provision: &Provision) -> String {
    let Some(last) = provision.address.parts.last() else { return String::new() };
    let sub = if last.sub > 0 { format!("之{}", to_chinese(u64::from(last.sub))) } else { String::new() };
    match provision.kind {
        PartKind::Article => provision.address.article().to_string(),
        PartKind::Paragraph => format!("第{}款{sub}", to_chinese(u64::from(last.number))),
        PartKind::Item => format!("（{}{sub}）", to_chinese(u64::from(last.number))),
        PartKind::SubItem => format!("{}{sub}．", last.number),
        PartKind::Proviso => "但书".to_owned(),
    }
}

/// A bar with its figure in words.
fn meter(name: &str, share: Share, what: &str) -> String {
    let percent = share.percent();
    format!(
        "<div class=\"meter\"><div class=\"figure\"><b>{name} {percent}</b> <span class=\"faint\">{what}：{}/{}</span></div>\
         <div class=\"bar\" aria-hidden=\"true\"><span style=\"width:{percent}\"></span></div></div>",
        share.covered, share.all
    )
}

const STYLE: &str = "\
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: .5rem 2rem; }
.bar { height: .6rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--panel); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--good); print-color-adjust: exact; }
.key { display: inline-block; margin: 0 .5rem .3rem 0; padding: 0 .6rem; border-radius: .3rem; border: 1px solid var(--line); }
.full { --mark: var(--good); --wash: var(--good-bg); }
.partial { --mark: var(--warn); --wash: var(--warn-bg); }
.none { --mark: var(--bad); --wash: var(--bad-bg); }
.nothing { --mark: var(--faint); --wash: transparent; }
.key, .index .state { color: var(--mark); }
.key { background: var(--wash); text-decoration: none; }
.chips { line-height: 1.6; margin: 1rem 0; }
.more { color: var(--link); margin: .5rem 0; list-style: revert; }
.index td { padding-top: .15rem; padding-bottom: .15rem; }
.part { margin: .2rem 0; padding: .15rem .6rem; border-left: .3rem solid var(--mark); scroll-margin-top: 1rem; }
.part.nothing { border-left-style: dotted; }
.part > p { margin: 0; }
.part[open] { background: var(--panel); padding-bottom: .6rem; }
.part:target { outline: 2px solid var(--link); }
.d1 { margin-left: 1.5rem; } .d2 { margin-left: 3rem; } .d3 { margin-left: 4.5rem; } .d4 { margin-left: 6rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid var(--link); }
summary:hover { background: var(--wash); }
.sign { display: inline-block; width: 1.4em; color: var(--mark); font-family: sans-serif; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mark { color: var(--faint); font-size: .85em; }
.conditions { list-style: none; margin: .5rem 0; padding: 0 0 0 1.4rem; }
.conditions code { color: var(--text); }
.cases { margin: .5rem 0 0 1.4rem; font-size: .92em; }
.cases dt { font-weight: 600; } .cases dd { margin: 0 0 .3rem 1.4rem; }
@media (max-width: 40rem) {
  .d1, .d2, .d3, .d4 { margin-left: .8rem; }
}
@media print {
  details::details-content { content-visibility: visible; block-size: auto; }
  .part { break-inside: avoid-page; }
}
";
