//! Random policies and random decisions: what must be true of every amendment.
//!
//! Each provision carries a mark of its own (甲1, 甲2 …) in its verbatim text, and says in another text which marks it
//! cites, so that wherever citations lead afterwards can be checked against where they should.
use banfa::amend::{Renumbering, Source, apply, inverse};
use banfa::base::{FileId, numeral};
use banfa::fmt::format;
use banfa::syntax::ast::{Provision, TopItem};
use banfa::syntax::{parse, parse_decision};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const BASE: FileId = FileId(0);
const DECISION: FileId = FileId(1);

/// A citation to make: of which article (taken modulo their number), which part, and how it is written.
type Wish = (u8, u8, u8);

#[derive(Clone, Debug)]
struct Article {
    /// 款 (none: a single one without number), and of each its items.
    paragraphs: Vec<u8>,
    numbered: bool,
    wishes: Vec<Wish>,
    comment: bool,
    heading: bool,
}

fn article() -> impl Strategy<Value = Article> {
    (
        prop::collection::vec(0_u8..4, 1..4),
        any::<bool>(),
        prop::collection::vec((any::<u8>(), any::<u8>(), 0_u8..4), 0..3),
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(mut paragraphs, numbered, wishes, comment, heading)| {
            if !numbered {
                paragraphs.truncate(1);
            }
            Article { paragraphs, numbered, wishes, comment, heading }
        })
}

fn cn(n: usize) -> String {
    numeral::to_chinese(n as u64)
}

/// Addresses of an article, itself first, each with what it is.
fn addresses(number: usize, article: &Article) -> Vec<String> {
    let own = format!("第{}条", cn(number));
    let mut all = vec![own.clone()];
    for (p, items) in article.paragraphs.iter().enumerate() {
        let paragraph = if article.numbered { format!("{own}第{}款", cn(p + 1)) } else { own.clone() };
        if article.numbered {
            all.push(paragraph.clone());
        }
        all.extend((1..=usize::from(*items)).map(|i| format!("{paragraph}第{}项", cn(i))));
    }
    all
}

/// The text of a policy; every provision ends its verbatim text with its mark ⟦n⟧.
fn policy(articles: &[Article]) -> String {
    let mut text =
        "规则「试验规则」\n\n事实 学生：\n  甲 是否\n  乙 是否\n\n结论 学生：\n  丙 是否，默认 否\n\n"
            .to_owned();
    let all: Vec<Vec<String>> = articles.iter().enumerate().map(|(i, a)| addresses(i + 1, a)).collect();
    let mut mark = 0;
    let mut next = || {
        mark += 1;
        format!("⟦{mark}⟧")
    };
    let mut chapter = 0;
    for (i, article) in articles.iter().enumerate() {
        if article.heading {
            chapter += 1;
            let _ = writeln!(text, "第{}章「章」\n", cn(chapter));
        }
        let cites: Vec<String> = article
            .wishes
            .iter()
            .map(|(a, p, _)| {
                let of = &all[usize::from(*a) % all.len()];
                of[usize::from(*p) % of.len()].clone()
            })
            .collect();
        let words =
            if cites.is_empty() { String::new() } else { format!("依照{}处理，", cites.join("、")) };
        if article.comment {
            let _ = writeln!(text, "-- 说明 {i}");
        }
        let _ = write!(text, "第{}条", cn(i + 1));
        for (p, items) in article.paragraphs.iter().enumerate() {
            let label = if article.numbered { format!("\n  第{}款", cn(p + 1)) } else { String::new() };
            let _ = writeln!(text, "{label}「{words}{}」", next());
            let meets: Vec<String> = cites.iter().map(|c| format!("符合 {c}")).collect();
            let premise = if meets.is_empty() || p > 0 {
                "甲".to_owned()
            } else {
                format!("甲 且 （{}）", meets.join(" 或者 "))
            };
            if *items > 0 {
                let _ = writeln!(text, "    {premise}，且有下列情形之一的，丙 应当 为 是：");
                for item in 1..=usize::from(*items) {
                    let end = if item == usize::from(*items) { '。' } else { '；' };
                    let comment = if item == 2 { "    -- 项\n" } else { "" };
                    let _ = writeln!(text, "{comment}    （{}）「项{}；」\n      乙{end}", cn(item), next());
                }
            } else {
                let _ = writeln!(text, "    {premise} 的，丙 应当 为 是。  -- 行末");
            }
        }
        text.push('\n');
    }
    text
}

/// Every provision by its mark: its address.
fn marks(text: &str) -> BTreeMap<String, String> {
    fn add(p: &Provision, above: &str, found: &mut BTreeMap<String, String>) {
        let sub = if p.sub > 0 { format!("之{}", cn(p.sub as usize)) } else { String::new() };
        let own = format!("{above}第{}{}{sub}", cn(p.number as usize), p.kind.word());
        let mark = p.text.as_ref().and_then(|t| t.text.split_once('⟦')?.1.split('⟧').next());
        found.extend(mark.map(|mark| (mark.to_owned(), own.clone())));
        for child in &p.children {
            add(child, &own, found);
        }
    }
    let mut found = BTreeMap::new();
    for item in parse(text, BASE).0.items {
        if let TopItem::Article(article) = item {
            add(&article, "", &mut found);
        }
    }
    found
}

/// All addresses in texts and clauses of an article, in order, as written.
fn cited(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("符合 ").skip(1) {
        let end = part.find([' ', '）', '的', '，']).unwrap_or(part.len());
        found.push(part[..end].to_owned());
    }
    for part in text.split("依照").skip(1) {
        let end = part.find("处理").unwrap_or(0);
        found.extend(part[..end].split('、').filter(|p| !p.is_empty()).map(str::to_owned));
    }
    found
}

#[derive(Clone, Debug)]
enum Op {
    Insert(u8, bool),
    Delete(u8),
    Words(u8),
    InsertParagraph(u8),
    InsertItem(u8),
    Replace(u8),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (any::<u8>(), any::<bool>()).prop_map(|(a, c)| Op::Insert(a, c)),
        2 => any::<u8>().prop_map(Op::Delete),
        1 => any::<u8>().prop_map(Op::Words),
        2 => any::<u8>().prop_map(Op::InsertParagraph),
        2 => any::<u8>().prop_map(Op::InsertItem),
        2 => any::<u8>().prop_map(Op::Replace),
    ]
}

/// A decision made of the wishes that do not meet in one article.
fn decision(articles: &[Article], ops: &[Op]) -> String {
    let count = articles.len();
    let mut used = vec![false; count];
    let mut inserts = vec![false; count];
    let mut chosen: Vec<(usize, Op)> = Vec::new();
    for op in ops {
        let at = match op {
            Op::Insert(a, _)
            | Op::Delete(a)
            | Op::Words(a)
            | Op::InsertParagraph(a)
            | Op::InsertItem(a)
            | Op::Replace(a) => usize::from(*a) % count,
        };
        let slot = if matches!(op, Op::Insert(..)) { &mut inserts[at] } else { &mut used[at] };
        if !std::mem::replace(slot, true) {
            chosen.push((at, op.clone()));
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    let now = |at: usize| {
        let added = chosen.iter().filter(|(a, o)| *a < at && matches!(o, Op::Insert(..))).count();
        let gone = chosen.iter().filter(|(a, o)| *a < at && matches!(o, Op::Delete(_))).count();
        at + 1 + added - gone
    };
    let mut text =
        "修改决定「关于修改《试验规则》的决定」\n  修改 规则「试验规则」\n  自 2027年1月1日 起施行\n"
            .to_owned();
    for (n, (at, op)) in chosen.iter().enumerate() {
        let own = format!("第{}条", cn(at + 1));
        let article = &articles[*at];
        let _ = write!(text, "\n{}、", cn(n + 1));
        match op {
            Op::Insert(_, comment) => {
                let deleted = chosen.iter().any(|(a, o)| a == at && matches!(o, Op::Delete(_)));
                let label = format!("第{}条", cn(now(*at) + usize::from(!deleted)));
                let comment = if *comment { "  -- 新条的说明\n" } else { "" };
                let _ = writeln!(
                    text,
                    "{own} 后增加一条，作为 {label}：\n{comment}  {label}「新条。」\n    乙 的，丙 应当 为 是。"
                );
            }
            Op::Delete(_) => {
                let _ = writeln!(text, "删去 {own}。");
            }
            Op::Words(_) => {
                let _ = writeln!(text, "{own} 中的「⟧」修改为「⟧，以下同」，条款不变。");
            }
            Op::InsertParagraph(_) => {
                let number = cn(article.paragraphs.len() + 1);
                let _ = writeln!(
                    text,
                    "{own} 增加一款，作为 第{number}款：\n  第{number}款「新款。」\n    乙 的，丙 应当 为 是。"
                );
            }
            Op::InsertItem(_) => {
                let place = if article.numbered { format!("{own}第一款") } else { own.clone() };
                if article.paragraphs[0] == 0 {
                    let _ = writeln!(text, "{own} 中的「⟧」修改为「⟧，无项」（条款不变）。");
                } else {
                    let _ = writeln!(text, "{place} 增加一项，作为 第一项：\n  （一）「新项；」\n    乙；");
                }
            }
            Op::Replace(_) => {
                let label = format!("第{}条", cn(now(*at)));
                let _ = writeln!(
                    text,
                    "{own} 修改为：\n  {label}「修改了的条。」\n    甲 且 乙 的，丙 应当 为 是。"
                );
            }
        }
    }
    text.push_str("\n条文顺序作相应调整。\n款项顺序作相应调整。\n");
    text
}

/// The same source laid out badly.
fn mangled(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("--") || line.contains("--") {
            let _ = writeln!(out, "   {}", line.trim());
        } else if line.starts_with(' ') {
            let _ = writeln!(out, "\t {}  ", line.trim().replace(" 的，", "  的,"));
        } else {
            let _ = writeln!(out, "{line} ");
        }
        if line.ends_with('。') {
            out.push_str("\n\n");
        }
    }
    out
}

fn rounds() -> u32 {
    std::env::var("BANFA_ROUNDS").ok().and_then(|n| n.parse().ok()).map_or(40, |n: u32| n * 40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: rounds(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn amendments_keep_what_they_must(
        articles in prop::collection::vec(article(), 2..9),
        ops in prop::collection::vec(op(), 1..5),
    ) {
        let base = policy(&articles);
        let text = decision(&articles, &ops);
        let (parsed, diags) = parse_decision(&text, DECISION);
        prop_assert!(diags.is_empty(), "{diags:#?}\n{text}");
        let decision = parsed.unwrap();
        let all: Vec<usize> = (0..decision.ops.len()).collect();
        let run = |base: &str| apply(&[Source { file: BASE, text: base }], &decision, &all, &Renumbering::default());
        let applied = match run(&base) {
            Ok(applied) => applied,
            Err(found) => {
                // What can rightly be refused here: citations of what is deleted or written anew without its parts.
                let only = found.iter().all(|d| matches!(d.code, "B0613" | "B0622"));
                prop_assert!(only, "{found:#?}\n{text}\n{base}");
                return Ok(());
            }
        };
        // Formatted, readable, the same every time and from every layout.
        let new = &applied.texts[0];
        prop_assert_eq!(&format(new).unwrap(), new);
        prop_assert_eq!(&run(&base).unwrap().texts[0], new);
        let bad = mangled(&base);
        prop_assert_eq!(format(&bad).unwrap(), format(&base).unwrap(), "the mangled layout");
        prop_assert_eq!(&run(&bad).unwrap().texts[0], new);
        // Marks went where the renumbering says.
        let (old_marks, new_marks) = (marks(&base), marks(new));
        for (mark, old) in &old_marks {
            let followed = applied.renumbering.follow(&old.parse().unwrap()).map(|a| a.to_string());
            let there = new_marks.get(mark).cloned();
            if let Some(there) = there {
                let split = there.starts_with(followed.as_deref().unwrap_or("无"));
                prop_assert!(split, "{mark}: {old} is {there}, not {followed:?}\n{text}");
                if there.len() == followed.as_ref().map_or(0, String::len) {
                    let back = applied.renumbering.back(&there.parse().unwrap()).map(|a| a.to_string());
                    prop_assert_eq!(back, Some(old.clone()));
                }
            } else {
                let gone = followed.is_none() || applied.changes.iter().any(|c| c.op.is_some()
                    && c.old.as_ref().is_some_and(|o| o.covers(&old.parse().unwrap())));
                prop_assert!(gone, "{mark} is lost\n{text}\n{new}");
            }
        }
        // Citations of provisions that stayed lead to what they led to.
        for (before, after) in pairs(&base, new, &applied.renumbering) {
            let expected: Vec<String> = cited(&before)
                .iter()
                .map(|c| applied.renumbering.follow(&c.parse().unwrap()).unwrap().to_string())
                .collect();
            prop_assert_eq!(cited(&after), expected, "{}\n{}", before, after);
        }
        // The way back.
        let sources = [Source { file: BASE, text: &base }];
        let undo = inverse(&sources, &decision, &applied);
        prop_assert!(undo.is_ok(), "no way back\n{text}\n{base}\n{new}");
        let undo = undo.unwrap();
        let (back, diags) = parse_decision(&undo, DECISION);
        prop_assert!(diags.is_empty());
        let back = back.unwrap();
        let all: Vec<usize> = (0..back.ops.len()).collect();
        let again = apply(&[Source { file: BASE, text: new }], &back, &all, &Renumbering::default()).unwrap();
        prop_assert_eq!(&again.texts[0], &format(&base).unwrap());
    }

    #[test]
    fn spoilt_decisions_are_refused_or_done(
        articles in prop::collection::vec(article(), 1..6),
        ops in prop::collection::vec(op(), 1..4),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, "[第条款项一二、：。「」修改为删去增加作为 \n中的-]{0,4}"), 1..5),
    ) {
        let base = policy(&articles);
        let mut chars: Vec<char> = decision(&articles, &ops).chars().collect();
        for (at, gone, put) in cuts {
            let at = at.index(chars.len() + 1);
            let end = (at + gone).min(chars.len());
            chars.splice(at..end, put.chars());
        }
        let text: String = chars.into_iter().collect();
        let (parsed, diags) = parse_decision(&text, DECISION);
        for d in &diags {
            for label in &d.labels {
                prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{d:?}");
            }
        }
        if let Some(decision) = parsed {
            let all: Vec<usize> = (0..decision.ops.len()).collect();
            let done = apply(&[Source { file: BASE, text: &base }], &decision, &all, &Renumbering::default());
            if let Ok(done) = done {
                prop_assert_eq!(&format(&done.texts[0]).unwrap(), &done.texts[0]);
            }
        }
    }
}

/// Articles that stayed, before and after; those an operation wrote are left out.
fn pairs(old: &str, new: &str, renumbering: &Renumbering) -> Vec<(String, String)> {
    let articles = |text: &str| -> BTreeMap<String, String> {
        let (tree, _) = parse(text, BASE);
        let found = tree.items.iter().filter_map(|item| match item {
            TopItem::Article(a) => {
                let number = format!("第{}条", cn(a.number as usize));
                Some((number, text[a.span.start as usize..a.span.end as usize].to_owned()))
            }
            _ => None,
        });
        found.collect()
    };
    let new = articles(new);
    let mut out = Vec::new();
    for (address, before) in articles(old) {
        let there = renumbering.follow(&address.parse().unwrap()).and_then(|a| new.get(&a.to_string()));
        if let Some(after) = there.filter(|a| !a.contains("修改了的条")) {
            out.push((before, after.clone()));
        }
    }
    out
}

/// Prints how long 300 operations on 3,000 articles take and asserts only that they are carried out: a measurement, not
/// a timed test, and pointless unoptimised. `cargo test --release --test amend_generated -- --ignored --nocapture`.
#[test]
#[ignore = "measures time, in release builds"]
fn large_base_many_operations() {
    let mut base =
        "规则「试验规则」\n\n事实 学生：\n  甲 是否\n\n结论 学生：\n  丙 是否，默认 否\n".to_owned();
    for n in 1..=3000_usize {
        let other = cn(n % 3000 + 1);
        let _ = write!(
            base,
            "\n第{}条「依照第{other}条第一项、第二项和第{}条处理：」\n  甲 且 符合 第{other}条，且有下列情形之一的，丙 应当 为 是：\n  （一）「一；」\n    甲；\n  （二）「二。」\n    甲。\n",
            cn(n),
            cn((n + 6) % 3000 + 1)
        );
    }
    let mut text = "修改决定「大」\n  修改 规则「试验规则」\n  自 2027年1月1日 起施行\n".to_owned();
    for n in 0..300_usize {
        let at = cn(n * 10 + 5);
        let _ = match n % 3 {
            0 => writeln!(
                text,
                "\n{}、第{at}条 后增加一条，作为 第{}条：\n  第{}条「新。」",
                cn(n + 1),
                cn(n * 10 + 6 + n / 3),
                cn(n * 10 + 6 + n / 3)
            ),
            1 => writeln!(text, "\n{}、第{at}条 中的「处理」修改为「办理」，条款不变。", cn(n + 1)),
            _ => writeln!(
                text,
                "\n{}、第{at}条第二项 修改为（原文与条款已经核对）：\n  （二）「三。」\n    甲。",
                cn(n + 1)
            ),
        };
    }
    text.push_str("\n条文顺序作相应调整。\n");
    let base = format(&base).unwrap();
    let start = std::time::Instant::now();
    let (decision, diags) = parse_decision(&text, DECISION);
    assert!(diags.is_empty(), "{diags:#?}");
    let decision = decision.unwrap();
    println!("read in {:?}", start.elapsed());
    let all: Vec<usize> = (0..decision.ops.len()).collect();
    let start = std::time::Instant::now();
    let done = apply(&[Source { file: BASE, text: &base }], &decision, &all, &Renumbering::default());
    println!("applied in {:?}", start.elapsed());
    if let Err(found) = &done {
        panic!("{:#?}", &found[..found.len().min(3)]);
    }
    let start = std::time::Instant::now();
    let _ = format(&done.unwrap().texts[0]);
    println!("one formatting takes {:?}", start.elapsed());
}
