//! No text makes the parser panic, overflow the stack or run for ever; places stay within the file.
use banfa::base::FileId;
use banfa::diag::Diagnostic;
use banfa::syntax::{ast::SourceFile, dump::dump, parse, print::print};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Parses and checks what must hold of any text.
fn sound(text: &str) -> (SourceFile, Vec<Diagnostic>) {
    let (tree, diags) = parse(text, FileId(0));
    for diag in &diags {
        assert!(!diag.labels.is_empty(), "{diag:?}");
        let fix = diag.fix.iter().map(|f| f.span);
        for span in diag.labels.iter().map(|l| l.span).chain(fix) {
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(start <= end && text.get(start..end).is_some(), "{diag:?} in {text:?}");
        }
    }
    // Neither printing nor dumping minds a broken tree.
    let _ = (dump(&tree), print(&tree));
    // What reads without errors can be put in canonical form, whatever it is; several readings, so not of the longest.
    if text.len() < 50_000
        && let Err(refused) = banfa::fmt::format(text)
    {
        assert!(refused.iter().all(|d| d.code != "B0864"), "{text:?}");
    }
    (tree, diags)
}

fn article(clause: &str) -> String {
    format!("第一条「甲。」\n  {clause}\n第二条「乙。」\n  甲 的，应当认定 乙。\n")
}

/// The clause is refused with this code; the next article is read all the same.
fn refused(clause: &str, code: &str) {
    let start = Instant::now();
    let (tree, diags) = sound(&article(clause));
    assert!(start.elapsed() < Duration::from_secs(20), "too slow: {code}");
    assert_eq!(tree.items.len(), 2, "both articles survive");
    let codes: Vec<_> = diags.iter().map(|d| d.code).collect();
    assert_eq!(codes, [code]);
}

fn accepted(clause: &str) {
    let (tree, diags) = sound(&article(clause));
    assert_eq!(diags, []);
    assert_eq!(tree.items.len(), 2);
}

const DEEP: usize = 100_000;

#[test]
fn deep_parentheses() {
    refused(&format!("{}甲 的，应当认定 乙。", "（".repeat(DEEP)), "B0105");
    refused(&format!("{}甲{} 的，应当认定 乙。", "（".repeat(DEEP), "）".repeat(DEEP)), "B0105");
    refused(&format!("甲 的，丙 应当 为 {}甲。", "（".repeat(DEEP)), "B0105");
    accepted(&format!("{}甲{} 的，应当认定 乙。", "（".repeat(120), "）".repeat(120)));
}

#[test]
fn deep_words() {
    refused(&format!("{}甲 的，应当认定 乙。", "未 ".repeat(DEEP)), "B0105");
    refused(&format!("{}甲{} 的，应当认定 乙。", "有 ".repeat(3000), " 的 丙".repeat(3000)), "B0105");
    refused(&format!("{}甲 的，应当认定 乙。", "任一 丙 满足 ".repeat(3000)), "B0105");
    refused(&format!("{}甲{} 的，应当认定 乙。", "自 ".repeat(3000), " 起 三日".repeat(3000)), "B0105");
    refused(
        &format!("{}甲{} 的，应当认定 乙。", "丙 中 ".repeat(3000), " 的 次数 三次以上".repeat(3000)),
        "B0105",
    );
    refused(&format!("甲 的，应当认定 乙{}。", "；但 丙 的除外".repeat(3000)), "B0105");
    refused(&format!("甲 超过 丙{} 的，应当认定 乙。", " 加 丙".repeat(3000)), "B0105");
    refused(&format!("甲 超过 丙{} 的，应当认定 乙。", " 之后 三日".repeat(3000)), "B0105");
}

#[test]
fn long_chains() {
    accepted(&format!("甲{} 的，应当认定 乙。", " 且 甲".repeat(DEEP)));
    accepted(&format!("甲{} 的，应当认定 乙。", "，或者 甲 三次以上".repeat(10_000)));
    accepted(&format!("甲 为 丙{} 之一 的，应当认定 乙。", "、丙".repeat(10_000)));
    accepted(&format!("应当认定 乙{}。", "，丙 应当 为 丁".repeat(10_000)));
}

/// Shapes on which a parser that tries alternatives one within another takes exponential time.
#[test]
fn no_blow_up() {
    for unit in [
        "有 甲 且 ",
        "甲 中 甲 的 ",
        "（（有 甲",
        "自 甲 至 ",
        "较高者（",
        "全部 甲 满足 有 ",
        "甲 在 自 ",
        "未 （",
    ] {
        for count in [20, 40, 120] {
            let start = Instant::now();
            let _ = sound(&article(&unit.repeat(count)));
            assert!(start.elapsed() < Duration::from_secs(5), "{unit} {count} times");
        }
    }
}

#[test]
fn odd_texts() {
    let texts = [
        "",
        "\u{feff}",
        "\0",
        "」",
        "「",
        "「\0",
        "第",
        "第一条",
        "第一条「",
        "第一条「」」",
        "--",
        "--「\n第一条「甲」",
        "事实",
        "事实 ",
        "事实 甲：\n 乙 为",
        "枚举 甲：",
        "引用「",
        "办法「",
        "修改决定",
        "第一章",
        "适用于",
        "本办法所称",
        "第一条「甲」\r\n  甲 的，\r\n应当认定 乙。\r\n",
        "第一条「甲」（一）（一）1.1.2.",
        "。；。；",
        "第一条「甲」。",
        "第99999999999999999999条「甲」",
        "第一条「甲」 甲 超过 99999999999999999999999999999999999。",
        "第一条「甲」 甲 超过 一百亿亿亿亿亿元。",
        "第一条「甲」 甲 的，乙 应当 为 四舍五入（甲，99999999999）。",
        "第一条「甲」 甲 超过 9999999999年 的，应当认定 乙。",
        "第一条「甲」 甲 占 乙 零分之一以上。",
        "第一条「甲」 自 甲 起 0001-01-01。",
        "第一条「甲」 甲 早于 0000-00-00。",
    ];
    for text in texts {
        let _ = sound(text);
    }
}

#[test]
fn windows_line_ends_and_marks_change_nothing() {
    let text = include_str!("cases/syntax/全貌.banfa");
    let plain = dump(&parse(text, FileId(0)).0);
    let windows = text.replace('\n', "\r\n");
    assert_eq!(dump(&sound(&windows).0), plain);
    assert_eq!(dump(&sound(&format!("\u{feff}{text}")).0), plain);
    let half: String =
        text.replace('，', ",").replace('；', ";").replace('：', ":").replace('（', "(").replace('）', ")");
    assert_eq!(dump(&sound(&half).0).lines().count(), plain.lines().count());
}

#[test]
fn traditional_keywords() {
    let plain = "第一條「甲。」\n  甲 的，應當認定 乙；但 無 丙 的 學生 的除外。\n";
    let (tree, diags) = sound(plain);
    assert_eq!(diags, []);
    assert!(dump(&tree).contains("affirm 乙"));
}

/// A text without end costs its own article, not the rest of the file.
#[test]
fn open_text_stops_at_the_next_article() {
    let (tree, diags) =
        sound("第一条「甲\n  甲 的，应当认定 乙。\n\n第二条「乙。」\n  甲 的，应当认定 乙。\n第三条「丙");
    assert_eq!(tree.items.len(), 3);
    assert_eq!(diags.iter().map(|d| d.code).collect::<Vec<_>>(), ["B0102", "B0102"]);
}

/// Twice the text takes about twice the time; run by hand in release: `cargo test --release -- --ignored`.
#[test]
#[ignore = "measures time"]
fn linear_time() {
    let body = (1..=10_000)
        .map(|i| format!("第{}条「借阅逾期的，缴纳罚金。」\n  （逾期 或者 借阅次数 三次以上） 且 未 免责 的，罚金 应当 为 定价 的 二倍，不得超过 5万元；但 情节轻微 的除外。\n", banfa::base::numeral::to_chinese(i)))
        .collect::<Vec<_>>()
        .concat();
    for share in [4, 2, 1] {
        let cut =
            body.char_indices().map(|(i, _)| i).find(|i| *i >= body.len() / share).unwrap_or(body.len());
        let text = &body[..cut];
        let start = Instant::now();
        let (tree, _) = parse(text, FileId(0));
        println!("{} articles, {} bytes: {:?}", tree.items.len(), text.len(), start.elapsed());
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "甲",
        "乙",
        "学生",
        "的",
        "，",
        "。",
        "；",
        "：",
        "（",
        "）",
        "「",
        "」",
        "且",
        "或者",
        "未",
        "有",
        "无",
        "任一",
        "全部",
        "满足",
        "为",
        "应当",
        "可以",
        "认定",
        "包括",
        "三次",
        "以上",
        "超过",
        "百分之三",
        "2026年3月2日",
        "自",
        "起",
        "至",
        "中",
        "次数",
        "之和",
        "但",
        "除外",
        "除",
        "另有规定外",
        "凡",
        "本条",
        "第一条",
        "第一款",
        "（一）",
        "1.",
        "优先于",
        "适用于",
        "本办法所称",
        "是指",
        "有下列情形之一的",
        "按下列规定处理",
        "事实",
        "结论",
        "枚举",
        "是否",
        "默认",
        "\n",
        "\n第二条「乙」",
        "【待补】",
        "释「」",
        "四舍五入（",
        "除以",
        "加",
        "、",
        "之一",
        "之前",
        "内",
        "在",
        "占",
        "视为",
        "依照",
        "不得超过",
        "\0",
        "\u{3000}",
        "二百五",
        "--",
        "𠮷",
        "e\u{301}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}|(?s).{0,80}") {
        let _ = sound(&text);
    }

    #[test]
    fn any_words(words in prop::collection::vec((word(), prop::bool::ANY), 0..60)) {
        let body: String = words.iter().flat_map(|&(w, blank)| [w, if blank { " " } else { "" }]).collect();
        let _ = sound(&body);
        let _ = sound(&format!("第一条「甲」\n  {body}"));
    }

    /// A good source with a piece cut out, doubled or replaced by a word.
    #[test]
    fn mutated_source(at in 0.0..1.0_f64, length in 0_usize..40, with in prop::option::of(word()), twice in prop::bool::ANY) {
        let text = include_str!("cases/syntax/全貌.banfa");
        let chars: Vec<char> = text.chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the text")]
        let start = (at * chars.len() as f64) as usize;
        let end = (start + length).min(chars.len());
        let mut mutated: String = chars[..start].iter().collect();
        mutated.push_str(with.unwrap_or(""));
        if twice {
            mutated.extend(&chars[start..end]);
            mutated.extend(&chars[start..end]);
        }
        mutated.extend(&chars[end..]);
        let (tree, _) = sound(&mutated);
        // Most of the file is still there.
        prop_assert!(tree.items.len() >= 14, "{} items", tree.items.len());
    }
}
