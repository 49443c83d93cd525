//! Large and awkward laws: resolved in time that grows with their size, without running out of stack.
//!
//! The trees are multiplied after parsing, so that what is measured is the resolver alone.
use banfa::base::FileId;
use banfa::diag::{Diagnostic, Severity};
use banfa::hir::{Hir, LoadedFile, lower};
use banfa::syntax::ast::{ExprKind, Provision, SourceFile, StatementKind, TopItem};
use banfa::syntax::parse;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Unoptimised code on a busy machine is slow; what must not happen is growth with the square.
const LIMIT: Duration = Duration::from_secs(20);

fn tree(text: &str) -> SourceFile {
    let (file, diags) = parse(text, FileId(0));
    assert!(diags.iter().all(|d| d.severity != Severity::Error), "{:?}", diags.first());
    file
}

fn timed(file: SourceFile) -> (Hir, Vec<Diagnostic>) {
    let start = Instant::now();
    let out = lower(&[LoadedFile { file, includes: Vec::new() }]);
    let spent = start.elapsed();
    assert!(spent < LIMIT, "{spent:?}");
    out
}

fn errors(diags: &[Diagnostic]) -> Vec<&'static str> {
    let mut out: Vec<&'static str> =
        diags.iter().filter(|d| d.severity == Severity::Error).map(|d| d.code).collect();
    out.truncate(20);
    out
}

/// The last article of the tree, as articles 1 to `count`.
fn multiply(file: &mut SourceFile, count: u32, change: impl Fn(u32, &mut Provision)) {
    let Some(TopItem::Article(model)) = file.items.pop() else { panic!("no article at the end") };
    for number in 1..=count {
        let mut article = Provision { number, ..model.clone() };
        change(number, &mut article);
        file.items.push(TopItem::Article(article));
    }
}

const VOCABULARY: &str = "规则「借阅规则」

事实 学生：
  迟还  是否
  污损  是否
  天数  整数（日）

结论 学生：
  处理  多选 提醒、停借、除名
  停借  是否，默认 否
";

/// 10,000 articles of three items each, priorities among neighbours.
#[test]
fn ten_thousand_articles() {
    let mut file = tree(&format!(
        "{VOCABULARY}
第一条「……」
  迟还，且有下列情形之一的，处理 应当 包括 停借：
  （一）「……」
    天数 三日以上；
  （二）「……」
    污损 且 天数 不足三日；
  （三）「……」
    停借，但 污损 的除外。
    本条 优先于 前条。
"
    ));
    multiply(&mut file, 10_000, |number, article| {
        if number % 2 == 1 {
            article.statements.retain(|s| !matches!(s.kind, StatementKind::Priority { .. }));
        }
    });
    let (hir, diags) = timed(file);
    assert_eq!(errors(&diags), [""; 0]);
    assert_eq!(hir.rules.len(), 30_000);
    assert_eq!(hir.priorities.len(), 5000 * 9);
    assert_eq!(hir.provisions.len(), 50_000);
}

/// Each definition rests on the next.
#[test]
fn long_chains_of_definitions() {
    let chain = |count: usize, closed: bool| {
        let mut file = tree(&format!(
            "{VOCABULARY}\n本规则所称 词，是指 迟还。\n\n第一条「……」\n  词0 的，停借 应当 为 是。\n"
        ));
        let article = file.items.pop().unwrap();
        let Some(TopItem::Statement(model)) = file.items.pop() else { panic!("no definition") };
        for n in 0..count {
            let mut statement = model.clone();
            if let StatementKind::Definition(definition) = &mut statement.kind {
                definition.name.text = format!("词{n}");
                if let ExprKind::Name(name) = &mut definition.value.kind
                    && (closed || n + 1 < count)
                {
                    name.text = format!("词{}", (n + 1) % count);
                }
            }
            file.items.push(TopItem::Statement(statement));
        }
        file.items.push(article);
        file
    };
    let (hir, diags) = timed(chain(100_000, false));
    assert_eq!(errors(&diags), [""; 0]);
    assert_eq!(hir.definitions.len(), 100_000);
    let (_, diags) = timed(chain(100_000, true));
    assert_eq!(errors(&diags), ["B0401"]);
}

/// A law in which every article goes before the one above it.
#[test]
fn long_chains_of_priorities() {
    let law = |other: &str| {
        let mut file = tree(&format!(
            "{VOCABULARY}\n第一条「……」\n  迟还 的，停借 应当 为 是。\n  本条 优先于 前条。\n  本条 优先于 {other}。\n"
        ));
        multiply(&mut file, 2000, |number, article| {
            article.statements.truncate(if number == 1 { 3 } else { 2 });
            if number == 1 {
                article.statements.remove(1);
            }
        });
        file
    };
    let mut open = law("第一条");
    if let Some(TopItem::Article(first)) = open.items.iter_mut().find(|i| matches!(i, TopItem::Article(_))) {
        first.statements.truncate(1);
    }
    let (hir, diags) = timed(open);
    assert_eq!(errors(&diags), [""; 0]);
    assert_eq!(hir.priorities.len(), 2000 * 1999 / 2);
    let (_, diags) = timed(law("第二千条"));
    assert_eq!(errors(&diags), ["B0402"]);
}

/// Entities within entities, hundreds deep.
#[test]
fn deep_entities() {
    let mut text = "规则「甲」\n".to_owned();
    let depth = 300;
    for n in 0..depth {
        let _ = writeln!(text, "事实 层{n}：\n  下层{n}  多个 层{}\n  有{n}  是否\n", n + 1);
    }
    let _ = writeln!(text, "事实 层{depth}：\n  迟还  是否\n\n结论 层{depth}：\n  停借  是否\n");
    let _ =
        writeln!(text, "第一条「……」\n  凡 层{depth} 迟还 且 有0 且 有{} 的，停借 应当 为 是。", depth - 1);
    let (hir, diags) = timed(tree(&text));
    assert_eq!(errors(&diags), [""; 0]);
    assert_eq!(hir.entities.len(), depth + 1);
}

/// Thousands of names nobody declared.
#[test]
fn many_mistakes() {
    let mut file = tree(&format!("{VOCABULARY}\n第一条「……」\n  迟迟还 的，停停借 应当 为 是。\n"));
    multiply(&mut file, 20_000, |number, article| {
        for statement in &mut article.statements {
            if let StatementKind::Rule(rule) = &mut statement.kind {
                // Equal findings at one place would be merged.
                if let Some(part) = &mut rule.premise {
                    part.span.end = part.span.start + number;
                    if let ExprKind::Name(name) = &mut part.kind {
                        name.span.end = name.span.start + number;
                    }
                }
            }
        }
    });
    let (_, diags) = timed(file);
    assert!(diags.len() > 20_000);
}

/// Provisos after provisos.
#[test]
fn long_chains_of_provisos() {
    let mut text = VOCABULARY.to_owned();
    text.push_str("第一条「……」\n  迟还 的，停借 应当 为 是");
    for n in 0..100 {
        let _ = write!(text, "，但 天数 超过{n}日 的，停借 应当 为 {}", if n % 2 == 0 { "否" } else { "是" });
    }
    text.push_str("。\n");
    let (_, diags) = timed(tree(&text));
    assert_eq!(errors(&diags), ["B0418"]);
}
