//! Cases that are large, deep, or no cases at all.
#[path = "support/library.rs"]
mod library;

use banfa::base::FileId;
use banfa::diag::Diagnostic;
use banfa::facts::{CaseFile, Format, MAX_DEPTH, ReadOptions, read_cases};
use proptest::prelude::*;

const FORMATS: [Format; 3] = [Format::Yaml, Format::Json, Format::Toml];

fn read(text: &str, format: Format) -> (Vec<CaseFile>, Vec<Diagnostic>) {
    read_cases(text, FileId(0), format, &library::library(), &ReadOptions::default())
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn a_million_members() {
    // Without optimisation a million takes a minute.
    const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let yaml = format!("借阅:\n  读者:\n{}", "  - 身份: 学生\n".repeat(MANY));
    let json = format!("{{\"借阅\":{{\"读者\":[{}{{}}]}}}}", "{\"身份\":\"学生\"},".repeat(MANY - 1));
    for (text, format) in [(yaml, Format::Yaml), (json, Format::Json)] {
        let (cases, diagnostics) = read(&text, format);
        assert_eq!(codes(&diagnostics), Vec::<&str>::new());
        assert_eq!(cases[0].case.tables[1].rows as usize, MANY);
    }
}

#[test]
fn a_hundred_thousand_levels() {
    const DEEP: usize = 100_000;
    for (text, format) in [
        (format!("借阅: {}", "[".repeat(DEEP)), Format::Yaml),
        (format!("借阅: {}", "{a: ".repeat(DEEP)), Format::Yaml),
        (format!("借阅:\n  {}", "- ".repeat(DEEP)), Format::Yaml),
        ("? ".repeat(DEEP), Format::Yaml),
        ("[".repeat(DEEP), Format::Json),
        ("{\"a\":".repeat(DEEP), Format::Json),
        (format!("\"借阅\" = {}", "[".repeat(DEEP)), Format::Toml),
        (format!("\"借阅\" = {}", "{a=".repeat(DEEP)), Format::Toml),
        (format!("[{}a]", "a.".repeat(DEEP)), Format::Toml),
        (format!("{}a = 1", "a.".repeat(DEEP)), Format::Toml),
    ] {
        let (cases, diagnostics) = read(&text, format);
        assert!(cases.is_empty());
        assert_eq!(codes(&diagnostics), ["B0504"], "{} {}", format.name(), &text[..20]);
    }
}

/// `toml_edit` counts keys and tables apart, so both together go deeper than either.
#[test]
fn dotted_keys_within_inline_tables() {
    let key = format!("{}a", "a.".repeat(70));
    let text = format!("[{key}]\n{}1{}", format!("{key} = {{ ").repeat(70), "}".repeat(70));
    let (cases, diagnostics) = read(&text, Format::Toml);
    assert!(cases.is_empty());
    assert!(!diagnostics.is_empty());
}

#[test]
fn just_deep_enough() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let (_, diagnostics) = read(&nested(MAX_DEPTH), Format::Json);
    assert_eq!(codes(&diagnostics), ["B0521"]);
    let (_, diagnostics) = read(&nested(MAX_DEPTH + 1), Format::Json);
    assert_eq!(codes(&diagnostics), ["B0504"]);
}

#[test]
fn many_mistakes_are_counted_not_kept() {
    let text = format!("借阅:\n  读者:\n{}", "  - 身份: 生徒\n".repeat(10_000));
    let (_, diagnostics) = read(&text, Format::Yaml);
    assert_eq!(diagnostics.len(), 201);
    assert_eq!(diagnostics.last().map(|found| found.code), Some("B0549"));
}

#[test]
fn aliases_do_not_multiply() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..='z').zip('a'..='y') {
        let nine = vec![format!("*{before}"); 9].join(", ");
        text.extend([format!("{name}: &{name} [{nine}]\n")]);
    }
    let (_, diagnostics) = read(&text, Format::Yaml);
    assert!(codes(&diagnostics).contains(&"B0507"));
}

/// Places must lie in the text, at the edges of characters.
fn check_places(text: &str, diagnostics: &[Diagnostic]) {
    for found in diagnostics {
        for span in found.labels.iter().map(|label| label.span).chain(found.fix.iter().map(|fix| fix.span)) {
            let range = span.start as usize..span.end as usize;
            assert!(text.get(range.clone()).is_some(), "{} {range:?} in {text:?}", found.code);
        }
        assert!(!found.message.contains('。'), "{}", found.message);
    }
}

fn any_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("借阅"),
        Just("读者"),
        Just("册数"),
        Just("借出日期"),
        Just("用途"),
        Just("期望"),
        Just("结论"),
        Just("姓名"),
        Just("对象"),
        Just("认定日期"),
        Just("备注"),
        Just("基础"),
        Just("馆员"),
        Just("责任"),
        Just(": "),
        Just("："),
        Just("\n"),
        Just("\r\n"),
        Just("\n  "),
        Just("\n    - "),
        Just("- "),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(", "),
        Just("\""),
        Just("'"),
        Just("---\n"),
        Just("&a "),
        Just("*a "),
        Just("!!str "),
        Just("|\n"),
        Just("# "),
        Just("? "),
        Just("\t"),
        Just("\0"),
        Just("\u{feff}"),
        Just("是"),
        Just("不明"),
        Just("3册"),
        Just("1e400"),
        Just("2026-02-30"),
        Just("三个月"),
        Just("\\ud83d"),
        Just(" = "),
        Just("[["),
        Just("]]"),
        Just("."),
        Just("null"),
        Just("-0.5"),
        Just("甲、乙"),
        Just("%"),
    ]
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}", which in 0_usize..3) {
        let (_, diagnostics) = read(&text, FORMATS[which]);
        check_places(&text, &diagnostics);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80), which in 0_usize..3) {
        let text = String::from_utf8_lossy(&bytes);
        let (_, diagnostics) = read(&text, FORMATS[which]);
        check_places(&text, &diagnostics);
    }

    #[test]
    fn pieces_of_cases_are_read_or_refused(pieces in prop::collection::vec(any_piece(), 0..40), which in 0_usize..3) {
        let text: String = pieces.concat();
        let (_, diagnostics) = read(&text, FORMATS[which]);
        check_places(&text, &diagnostics);
    }

    #[test]
    fn spoilt_cases_are_read_or_refused(at in 0_usize..900, length in 0_usize..12, piece in any_piece(), which in 0_usize..3) {
        let good = [
            include_str!("cases/facts/ok_all_types.yaml"),
            include_str!("cases/facts/ok_all_types.json"),
            include_str!("cases/facts/ok_all_types.toml"),
        ][which];
        let chars: Vec<char> = good.chars().collect();
        let at = at.min(chars.len());
        let end = (at + length).min(chars.len());
        let text: String = chars[..at].iter().copied().chain(piece.chars()).chain(chars[end..].iter().copied()).collect();
        let (cases, diagnostics) = read(&text, FORMATS[which]);
        check_places(&text, &diagnostics);
        // A case comes without findings, and a text without cases comes with some.
        prop_assert!(!cases.is_empty() || !diagnostics.is_empty());
    }
}

#[test]
fn formats_are_told_apart() {
    for (text, format) in [
        ("借阅:\n  册数: 3\n", Format::Yaml),
        ("# 注释\n---\n借阅: {}\n", Format::Yaml),
        ("[借阅, 读者]\n", Format::Json),
        ("\u{feff} {\"借阅\": {}}", Format::Json),
        ("[{}]", Format::Json),
        ("# 注释\n\n[\"借阅\"]\n", Format::Toml),
        ("[[\"借阅\".\"读者\"]] # 注释\n", Format::Toml),
        ("\"案例\" = \"甲: 乙\"\n", Format::Toml),
        ("备注: a = b\n", Format::Yaml),
        ("", Format::Yaml),
    ] {
        assert_eq!(Format::sniff(text), format, "{text}");
    }
    assert_eq!(Format::of_path("案例/甲.YML"), Some(Format::Yaml));
    assert_eq!(Format::of_path("甲.json"), Some(Format::Json));
    assert_eq!(Format::of_path("甲.toml"), Some(Format::Toml));
    assert_eq!(Format::of_path("甲"), None);
}

#[test]
fn one_case_where_one_is_wanted() {
    let options = ReadOptions { single: true, ..ReadOptions::default() };
    let text = "借阅: {}\n---\n借阅: {}\n---\n";
    let (_, diagnostics) = read_cases(text, FileId(0), Format::Yaml, &library::library(), &options);
    assert_eq!(codes(&diagnostics), ["B0506"]);
}

/// The examples on the pages of B05xx are what they are said to be.
#[test]
fn pages_tell_the_truth() {
    // These depend on other files, on options, or are too large to print.
    const NOT_SHOWN: [&str; 6] = ["B0504", "B0506", "B0508", "B0535", "B0536", "B0549"];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    for number in 501..550 {
        let code = format!("B0{number}");
        let Ok(page) = std::fs::read_to_string(folder.join(format!("{code}.md"))) else { continue };
        if NOT_SHOWN.contains(&code.as_str()) {
            continue;
        }
        let blocks: Vec<(&str, &str)> =
            page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect();
        let [(language, wrong), (_, right)] = blocks.as_slice() else { panic!("{code}: two examples") };
        let format = Format::of_path(&format!("x.{language}")).unwrap();
        let (_, found) = read(wrong, format);
        assert!(codes(&found).contains(&code.as_str()), "{code}: {found:?}");
        let (_, found) = read(right, format);
        let based = codes(&found).iter().all(|other| *other == "B0535") && right.contains("基础");
        assert!(found.is_empty() || based, "{code}: {found:?}");
    }
}
