//! How diagnostics look: drawn for people and as JSON for programs.
use banfa::base::{FileId, Sources, Span};
use banfa::diag::render::{Style, render};
use banfa::diag::{Diagnostic, json, tidy};
use insta::assert_snapshot;

const TEXT: &str = "办法「借阅办法」\n\n第三条「学生借书 not 归还的，罚金。」\n  凡 学生 逾期日数 超过 三十日 的，\u{3000}应当认定 违约。\n  本条 优先于 第九条。\n";

fn sources(text: &str) -> (Sources, FileId) {
    let mut sources = Sources::new();
    let file = sources.add("借阅.banfa", text);
    (sources, file)
}

/// The span of the first `part` in `text`.
fn span(file: FileId, text: &str, part: &str) -> Span {
    let start = text.find(part).expect("part of the text");
    Span::new(file, u32::try_from(start).unwrap(), u32::try_from(start + part.len()).unwrap())
}

fn shown(text: &str, diagnostic: impl Fn(FileId) -> Diagnostic) -> String {
    let (sources, file) = sources(text);
    render(&[diagnostic(file)], &sources, &Style { width: 80, ..Style::default() })
}

fn unknown(file: FileId) -> Diagnostic {
    Diagnostic::error("B0203", "名称“违约”没有声明")
        .label(span(file, TEXT, "违约"), "没有这个结论")
        .label(span(file, TEXT, "逾期日数"), "同一条中的事实")
        .help("在“结论”中声明它，例如：违约 是否")
        .fix(span(file, TEXT, "违约"), "违约行为")
}

#[test]
fn two_labels_in_one_line() {
    assert_snapshot!(shown(TEXT, unknown));
}

#[test]
fn ascii_frames() {
    let (sources, file) = sources(TEXT);
    assert_snapshot!(render(&[unknown(file)], &sources, &Style { ascii: true, ..Style::default() }));
}

#[test]
fn colours_are_escape_sequences() {
    let (sources, file) = sources(TEXT);
    let style = Style { colour: true, ..Style::default() };
    assert_snapshot!(render(&[unknown(file)], &sources, &style).replace('\u{1b}', "ESC"));
}

#[test]
fn wide_and_narrow_characters() {
    assert_snapshot!(shown(TEXT, |file| {
        Diagnostic::warning("B0101", "这里读不懂").label(span(file, TEXT, "not 归还"), "")
    }));
}

#[test]
fn two_places_far_apart_and_two_files() {
    let text = format!("{TEXT}{}第九条「乙」\n", "\n".repeat(20));
    let (mut sources, file) = sources(&text);
    let other = sources.add("乙.banfa", "办法「乙」\n");
    let found = Diagnostic::error("B0401", "优先关系成环")
        .label(span(file, &text, "第九条「"), "又在第三条之上")
        .label(span(file, &text, "优先于"), "第三条在第九条之上")
        .label(span(other, "办法「乙」\n", "乙"), "");
    assert_snapshot!(render(&[found], &sources, &Style::default()));
}

#[test]
fn several_lines() {
    assert_snapshot!(shown(TEXT, |file| {
        let (from, to) = (span(file, TEXT, "第三条"), span(file, TEXT, "违约。\n"));
        Diagnostic::error("B0402", "条文没有子句").label(from.to(to), "整条")
    }));
    let tall = "第三条「甲」\n".repeat(50);
    assert_snapshot!(
        shown(&tall, |file| Diagnostic::error("B0402", "太长").label(Span::new(file, 0, 900), "整条"))
    );
}

#[test]
fn line_breaks_tabs_and_control_characters() {
    let text = "办法「甲」\r\n\t第一条\t「乙\u{1b}[31m丙\u{202e}丁」\r\n";
    assert_snapshot!(shown(text, |file| {
        Diagnostic::error("B0101", "字符\u{1b}[0m“\n”不能用")
            .label(span(file, text, "丙"), "这里")
            .label(span(file, text, "」\r\n\t"), "行末")
    }));
    assert_snapshot!(shown(text, |file| {
        Diagnostic::error("B0101", "少了句号").label(Span::new(file, 15, 15), "行末").help("加上“。”")
    }));
}

#[test]
fn empty_file_and_places_outside() {
    assert_snapshot!(
        shown("", |file| Diagnostic::error("B0102", "文件是空的").label(Span::new(file, 0, 0), "这里"))
    );
    assert_snapshot!(shown("甲乙\n", |file| {
        Diagnostic::error("B0102", "少了句号").label(Span::new(file, 99, 120), "文件末")
    }));
    assert_snapshot!(shown("甲乙", |file| {
        // Reversed, and inside a character.
        Diagnostic::error("B0102", "少了句号").label(Span::new(file, 4, 1), "")
    }));
    assert_snapshot!(shown("甲", |_| {
        Diagnostic::error("B0821", "没有这个文件").label(Span::new(FileId(7), 0, 9), "").help("看看路径")
    }));
}

#[test]
fn long_line() {
    let text = format!("{}罚金{}", "第一条，甲 且 乙；".repeat(200_000), "，丙".repeat(900_000));
    assert!(text.len() > 10_000_000);
    let started = std::time::Instant::now();
    let found = shown(&text, |file| {
        Diagnostic::error("B0203", "名称“罚金”没有声明")
            .label(span(file, &text, "罚金"), "这里")
            .label(span(file, &text, "甲"), "第一处")
    });
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    assert!(found.len() < 3_000);
    assert_snapshot!(found);
    assert_snapshot!(shown(&text, |file| {
        let end = u32::try_from(text.len()).unwrap();
        Diagnostic::error("B0101", "句子太长").label(Span::new(file, 0, end), "整句")
    }));
    assert_snapshot!(shown(&text, |file| {
        Diagnostic::error("B0101", "少了句号").label(Span::new(file, u32::MAX, u32::MAX), "文件末")
    }));
}

#[test]
fn long_message_is_wrapped() {
    assert_snapshot!(shown(TEXT, |_| {
        let long = "借阅期限届满而未归还的图书".repeat(6);
        Diagnostic::note("B0501", format!("事实“{long}”没有写明")).help("写明它，或者写 不明，".repeat(9))
    }));
}

#[test]
fn more_than_the_limit() {
    let (sources, file) = sources("甲\n");
    let mut found: Vec<Diagnostic> = (0..5)
        .map(|n| Diagnostic::warning("B0210", format!("第 {n} 个警告")).label(Span::new(file, 0, 3), ""))
        .collect();
    found.push(Diagnostic::error("B0211", "错误先列").label(Span::new(file, 3, 3), ""));
    assert_snapshot!(render(&found, &sources, &Style { limit: 2, ..Style::default() }));
    assert_eq!(render(&[], &sources, &Style::default()), "");
}

#[test]
fn sorted_without_repeats() {
    let (_, file) = sources(TEXT);
    let late = Diagnostic::warning("B0101", "后").label(Span::new(file, 9, 10), "");
    let early = Diagnostic::error("B0203", "先").label(Span::new(file, 1, 2), "");
    let same = early.clone().help("同一处");
    let placeless = Diagnostic::error("B0821", "没有位置");
    let mut found = vec![late.clone(), early.clone(), placeless.clone(), same, late.clone()];
    tidy(&mut found);
    assert_eq!(found, [placeless, early, late]);
}

#[test]
fn json_lines() {
    let (sources, file) = sources(TEXT);
    let found = [
        unknown(file),
        Diagnostic::error("B0821", "没有“\"\\\u{1b}\n”这个文件").label(Span::new(FileId(7), 0, 9), ""),
        Diagnostic::note("B0501", "文件末").label(Span::new(file, 9_999, 3), ""),
    ];
    let lines = json::lines(&found, &sources);
    assert_eq!(lines.lines().count(), 3);
    let values: Vec<serde_json::Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    insta::assert_json_snapshot!(values);
}

proptest::proptest! {
    #[test]
    fn any_labels_are_drawn(
        text in "(甲|a|\t|\r?\n|　|\u{1b}|\u{301}|乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙){0,40}",
        spans in proptest::collection::vec((0_u32..300, 0_u32..300, "(|标|标\n签)"), 0..6),
        width in 0_usize..90,
    ) {
        let (sources, file) = sources(&text);
        let found = spans.into_iter().fold(Diagnostic::error("B0101", "任意"), |it, (start, end, words)| {
            it.label(Span::new(file, start, end), words)
        });
        let drawn = render(std::slice::from_ref(&found), &sources, &Style { width, ..Style::default() });
        proptest::prop_assert!(drawn.contains("B0101"));
        let escaped = drawn.contains('\u{1b}');
        proptest::prop_assert!(!escaped);
        let line = json::lines(&[found], &sources);
        proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    }
}
