//! Results as an analyst reads them in a terminal: row by row, each conclusion with its state, value and
//! provisions, under it what it hangs on and, if asked, the reason as a tree.
use super::answer::{Answer, Choice, force_word, verdict_paint, verdict_word};
use super::label::Origin;
use super::line::{Line, Paint, Style};
use super::missing::missing;
use super::node::draw;
use super::reasons::Trees;
use super::{Asked, View};
use crate::eval::{Finding, Leaf, Verdict};
use crate::hir::EntityId;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Columns a name may take before the rest of its line is pushed aside.
const NAME: usize = 24;
/// Columns of a state.
const STATE: usize = 6;
/// Questions written out under a conclusion; the rest are counted.
const QUESTIONS: usize = 3;
/// Facts and conclusions named in one list before it says how many there are.
const NAMED: usize = 12;
/// The same where there are many lists.
const FEW: usize = 4;
/// Columns from which a list is too long to be told twice.
const LONG: usize = 40;

/// The results of one case.
#[must_use]
pub fn text(view: &View<'_>, findings: &[Finding], asked: &Asked, style: &Style) -> String {
    let mut page = Page {
        view: *view,
        asked,
        style,
        out: String::new(),
        subject: (EntityId(0), 0),
        told: BTreeMap::new(),
    };
    page.header();
    if !findings.is_empty() && findings.iter().all(|f| f.verdict == Verdict::Inapplicable) {
        page.inapplicable();
    } else {
        for row in findings.chunk_by(|a, b| (a.entity, a.row) == (b.entity, b.row)) {
            page.row(row);
        }
    }
    page.why_not(findings);
    if asked.missing {
        page.missing(findings);
    }
    page.out
}

/// 《title》　version, for the head of a report.
#[must_use]
pub fn policy_title(view: &View<'_>) -> (String, String) {
    let header = &view.hir().header;
    (format!("《{}》", header.title), header.version.clone())
}

struct Page<'a> {
    view: View<'a>,
    asked: &'a Asked,
    style: &'a Style,
    out: String,
    /// The row whose conclusions are being written.
    subject: (EntityId, u32),
    /// Long lists told of that row, with the conclusion they were told of.
    told: BTreeMap<(&'static str, String), String>,
}

impl Page<'_> {
    fn line(&mut self, line: &Line, first: &str, rest: &str) {
        line.write(&mut self.out, self.style, first, rest);
    }

    fn header(&mut self) {
        let (title, version) = policy_title(&self.view);
        let version = if version.is_empty() { version } else { format!("　{version}") };
        let line = Line::default().paint(Paint::Title, &title).paint(Paint::Faint, &version);
        self.line(&line, "", "  ");
        let mut about = Vec::new();
        if !self.view.case.name.is_empty() {
            about.push(format!("案例：{}", self.view.case.name));
        }
        if let Some(date) = self.view.date {
            about.push(format!("认定日期：{date}"));
        }
        if !about.is_empty() {
            self.line(&Line::from(about.join("　　")), "", "  ");
        }
    }

    fn inapplicable(&mut self) {
        self.out.push('\n');
        let line = Line::default().paint(Paint::Title, "本办法不适用于本案，各项结论均为 不适用");
        self.line(&line, "", "  ");
        let nodes = Trees::new(self.view, (EntityId(0), 0), self.asked.unpruned).scope();
        draw(&mut self.out, &nodes, "  ", self.style);
    }

    fn row(&mut self, findings: &[Finding]) {
        let Some(first) = findings.first() else { return };
        self.subject = (first.entity, first.row);
        self.told.clear();
        self.out.push('\n');
        let title = self.view.title(first.entity, first.row);
        self.line(&Line::default().paint(Paint::Title, &title), "", "  ");
        let answers: Vec<Answer> = findings.iter().map(|f| self.view.answer(f)).collect();
        let told = |a: &&Answer| self.asked.why || !a.is_plain();
        let names = answers.iter().filter(told).map(|a| a.name.width());
        let column = names.max().unwrap_or(0).min(NAME);
        let mut trees = Trees::new(self.view, (first.entity, first.row), self.asked.unpruned);
        for (finding, answer) in findings.iter().zip(&answers) {
            if !self.asked.why && answer.is_plain() {
                continue;
            }
            self.answer(answer, column);
            if self.asked.why {
                let nodes = trees.why(finding, answer);
                draw(&mut self.out, &nodes, "    ", self.style);
            }
        }
        if !self.asked.why {
            self.plain(&answers);
        }
    }

    fn answer(&mut self, answer: &Answer, column: usize) {
        let indent = " ".repeat(2 + column + 2 + STATE + 2);
        let state = Line::default().paint(verdict_paint(answer.verdict), verdict_word(answer.verdict));
        let line = Line::from(answer.name.as_str())
            .pad(column)
            .plain("  ")
            .then(state.pad(STATE))
            .plain("  ")
            .then(result(answer));
        self.line(&line, "  ", &indent);
        for (head, detail) in self.details(answer) {
            let line = Line::default().paint(Paint::Faint, &head).then(detail);
            self.line(&line, &indent, &format!("{indent}  "));
        }
    }

    fn details(&mut self, answer: &Answer) -> Vec<(String, Line)> {
        let mut out = Vec::new();
        for option in &answer.options {
            out.push(self.option(option));
        }
        for lost in &answer.lost {
            let line = Line::default()
                .paint(Paint::Cite, &lost.address)
                .plain("（因 ")
                .paint(Paint::Cite, &lost.by.join("、"))
                .plain("）");
            out.push(("被排除：".to_owned(), line));
        }
        for (head, words) in self.rests_on(&answer.judgements, &answer.assumed) {
            let words = self.not_again(head, words, &answer.name);
            out.push((head.to_owned(), Line::from(words)));
        }
        out.extend(self.questions(answer));
        out.extend(answer.notes.iter().map(|n| ("说明：".to_owned(), Line::from(*n))));
        out
    }

    fn questions(&mut self, answer: &Answer) -> Vec<(String, Line)> {
        let head = || "待查事实：".to_owned();
        let all: Vec<String> =
            answer.unknown.iter().map(|l| self.view.fact_words(self.subject, *l)).collect();
        let words = all.join("、");
        let again = self.not_again("待查事实：", words.clone(), &answer.name);
        if again != words {
            return vec![(head(), Line::from(again))];
        }
        let mut out = Vec::new();
        for (leaf, words) in answer.unknown.iter().zip(&all).take(QUESTIONS) {
            let line = Line::default().paint(Paint::Open, words);
            out.push((head(), line.plain(&ask(&self.view, *leaf))));
        }
        if let Some(rest) = all.get(QUESTIONS..).filter(|rest| !rest.is_empty()) {
            let named = if rest.len() > FEW { String::new() } else { format!("：{}", rest.join("、")) };
            out.push((head(), Line::from(format!("另有{}项{named}", rest.len()))));
        }
        out
    }

    /// A long list that another conclusion of the row has already told is not told again.
    fn not_again(&mut self, head: &'static str, words: String, name: &str) -> String {
        if words.width() < LONG {
            return words;
        }
        if let Some(other) = self.told.get(&(head, words.clone())) {
            return format!("同 {other}");
        }
        self.told.insert((head, words.clone()), name.to_owned());
        words
    }

    fn option(&self, option: &Choice) -> (String, Line) {
        let line = Line::from(option.words.as_str())
            .plain("（")
            .paint(Paint::Cite, &option.basis.join("、"))
            .plain("）");
        if !option.possible {
            return ("可以：".to_owned(), line);
        }
        let facts: Vec<String> =
            option.unknown.iter().map(|l| self.view.fact_words(self.subject, *l)).collect();
        let line =
            if facts.is_empty() { line } else { line.plain(&format!("，待查：{}", some(&facts, FEW))) };
        ("或可：".to_owned(), line)
    }

    fn rests_on(&self, judgements: &[Leaf], assumed: &[Leaf]) -> Vec<(&'static str, String)> {
        let name = |l: &Leaf| self.view.fact_words(self.subject, *l);
        let valued = |l: &Leaf| format!("{}（{}）", name(l), self.view.fact_value(*l));
        let of = |origin: Origin| assumed.iter().filter(move |l| self.view.origin(**l) == origin);
        let lists: [(&'static str, Vec<String>); 4] = [
            ("依赖判断：", judgements.iter().map(valued).collect()),
            ("未载明视为否：", of(Origin::Absent).map(name).collect()),
            ("推定：", of(Origin::Presumed).map(valued).collect()),
            ("视为：", of(Origin::Deemed).map(valued).collect()),
        ];
        let told = lists.into_iter().filter(|(_, words)| !words.is_empty());
        told.map(|(head, words)| (head, some(&words, NAMED))).collect()
    }

    /// Conclusions that one word says all about, on as few lines as possible.
    fn plain(&mut self, answers: &[Answer]) {
        let of = |verdict: Verdict| answers.iter().filter(move |a| a.is_plain() && a.verdict == verdict);
        let defaults: Vec<String> =
            of(Verdict::Decided).map(|a| format!("{} {}", a.name, a.result)).collect();
        let silent: Vec<String> = of(Verdict::Silent).map(|a| a.name.clone()).collect();
        let outside: Vec<String> = of(Verdict::Inapplicable).map(|a| a.name.clone()).collect();
        let (mut judgements, mut assumed) = (Vec::new(), Vec::new());
        for answer in of(Verdict::Decided) {
            judgements.extend(&answer.judgements);
            assumed.extend(&answer.assumed);
        }
        for leaves in [&mut judgements, &mut assumed] {
            leaves.sort_unstable();
            leaves.dedup();
        }
        for (head, words) in [("默认：", defaults), ("未规定：", silent), ("不适用：", outside)] {
            if words.is_empty() {
                continue;
            }
            let line = Line::default().paint(Paint::Faint, head).plain(&words.join("、"));
            self.line(&line, "  ", "    ");
            if head == "默认：" {
                for (head, words) in self.rests_on(&judgements, &assumed) {
                    let detail = Line::from(self.not_again(head, words, "默认"));
                    self.line(&Line::default().paint(Paint::Faint, head).then(detail), "    ", "      ");
                }
            }
        }
    }

    fn why_not(&mut self, findings: &[Finding]) {
        let view = self.view;
        for asked in &self.asked.why_not {
            let mut met = false;
            for finding in findings.iter().filter(|f| asked.concerns(&view, f)) {
                met = true;
                let mut trees = Trees::new(self.view, (finding.entity, finding.row), self.asked.unpruned);
                let (sentence, nodes) = trees.why_not(finding, asked);
                self.out.push('\n');
                let end = if nodes.is_empty() { "。" } else { "：" };
                self.line(&Line::default().paint(Paint::Title, &format!("{sentence}{end}")), "", "  ");
                draw(&mut self.out, &nodes, "  ", self.style);
            }
            if !met {
                let row = asked.row.as_deref().unwrap_or_default();
                let words = if row.is_empty() {
                    "本案没有所问结论的对象。".to_owned()
                } else {
                    format!("本案没有“{row}”，或者所问结论不是它的。")
                };
                self.out.push('\n');
                self.line(&Line::from(words), "", "  ");
            }
        }
    }

    fn missing(&mut self, findings: &[Finding]) {
        let missing = missing(&self.view, findings);
        self.out.push('\n');
        if missing.is_empty() {
            self.line(&Line::default().paint(Paint::Title, "没有待查事实"), "", "  ");
            return;
        }
        let title = format!("待查事实（{}项，牵涉结论多的在前）", missing.len());
        self.line(&Line::default().paint(Paint::Title, &title), "", "  ");
        let column = |words: &dyn Fn(&super::missing::Missing) -> usize| {
            missing.iter().map(words).max().unwrap_or(0).min(NAME)
        };
        let labels = column(&|m| m.label.width());
        let facts = column(&|m| m.fact.width());
        let indent = " ".repeat(2 + labels + 2 + facts + 2);
        for m in &missing {
            let line = Line::from(m.label.as_str())
                .pad(labels)
                .plain("  ")
                .paint(Paint::Open, &m.fact)
                .pad(labels + 2 + facts)
                .plain("  ")
                .plain(if m.ask.is_empty() { "－" } else { &m.ask });
            self.line(&line, "  ", &indent);
            let alone = match m.alone {
                0 => String::new(),
                n if n == m.waiting.len() => "（只待此项）".to_owned(),
                n => format!("（其中{n}项只待此项）"),
            };
            let line = Line::default()
                .paint(Paint::Faint, "等待它的结论：")
                .plain(&format!("{}{alone}", some(&m.waiting, NAMED)));
            self.line(&line, &indent, &format!("{indent}  "));
        }
    }
}

/// What follows the state: the value, its force and its provisions; or what it may be.
fn result(answer: &Answer) -> Line {
    let mut line = Line::default();
    match answer.verdict {
        Verdict::Decided => {
            line = line.paint(Paint::Good, &answer.result);
            if answer.result.is_empty() {
                line = line.plain("可以选用下列处理，也可以不选");
            }
        }
        Verdict::Pending => {
            if !answer.result.is_empty() {
                line = line.plain("已定 ").paint(Paint::Good, &answer.result).plain("；");
            }
            let (lead, candidates) = answer.outlook();
            line = line.plain(lead).paint(Paint::Open, &candidates);
        }
        Verdict::Conflict => {
            line = line.plain("条文相互抵触：").paint(Paint::Bad, &answer.candidates.join("、"));
        }
        Verdict::Silent if !answer.basis.is_empty() => {
            return line
                .plain("没有条文要求如何，但有 ")
                .paint(Paint::Cite, &answer.basis.join("、"))
                .plain(" 的限制");
        }
        Verdict::Silent | Verdict::Inapplicable => {}
    }
    if let Some(deadline) = &answer.deadline {
        line = line.plain(&format!("（届满日 {deadline}）"));
    }
    if let Some(force) = answer.force {
        line = line.plain(&format!("　〔{}〕", force_word(force)));
    }
    if !answer.basis.is_empty() {
        line = line.plain("　依据 ").paint(Paint::Cite, &answer.basis.join("、"));
    }
    line
}

/// A list that names so many and counts the rest.
fn some(words: &[String], most: usize) -> String {
    match words.get(..most) {
        Some(named) if words.len() > most => format!("{} 等{}项", named.join("、"), words.len()),
        Some(_) | None => words.join("、"),
    }
}

/// The question of a fact, after it.
fn ask(view: &View<'_>, leaf: Leaf) -> String {
    let ask = view.hir().facts.get(leaf.fact.index()).and_then(|f| f.ask.as_deref());
    ask.map(|a| format!("　{a}")).unwrap_or_default()
}
