//! Fixed extremes: depth, length, number, and texts that are no text.
use super::support::{alone, codes, codes_of, compile, compile_with, run_all};
use banfa::base::Address;
use banfa::diag::Diagnostic;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const MANY: usize = 100_000;

/// How many links a chain of conditions has: without optimisation a hundred thousand take half a minute.
fn links() -> usize {
    if cfg!(debug_assertions) && std::env::var_os("BANFA_ROUNDS").is_none() { MANY / 10 } else { MANY }
}

/// Without optimisation the largest texts would take minutes.
const TEN_MB: usize = if cfg!(debug_assertions) { 300_000 } else { 10_000_000 };

const HEAD: &str = "规则「试验」\n事实 学生：\n  甲 是否\n  乙 是否\n  数 整数（次）\n  日 日期\n  借阅 多个 借阅\n\
                    事实 借阅：\n  丁 是否\n  金 金额\n\
                    结论 学生：\n  丙 是否，默认 否\n  果 整数（次）\n  末 日期\n  责 义务\n";

/// Articles have numbers in Chinese.
fn label(number: usize) -> String {
    Address::of_article(u32::try_from(number).expect("few")).to_string()
}

/// Generous: the machine may be busy; what is meant is that nothing runs for hours.
const LONGEST: Duration = Duration::from_secs(120);

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    let took = start.elapsed();
    println!("{what}: {took:?}");
    assert!(took < LONGEST, "{what} took {took:?}");
    made
}

/// The codes of HEAD and one article.
fn article(what: &str, clause: &str) -> Vec<&'static str> {
    let text = format!(
        "{HEAD}第一条「一。」\n  {clause}\n第二条「二。」\n  数 超过1次 且 借阅 中 丁 的 次数 超过1次 且 乙 的，果 应当 为 1次，末 应当 为 日。\n"
    );
    timed(what, || codes_of(&text))
}

fn has(found: &[&str], code: &str, what: &str) {
    assert!(found.contains(&code), "{what}: {found:?}");
}

#[test]
fn nesting_beyond_the_limit_is_told() {
    for (what, clause) in [
        ("closed （）", format!("{}甲{} 的，应当认定 丙。", "（".repeat(MANY), "）".repeat(MANY))),
        ("open （", format!("{}甲 的，应当认定 丙。", "（".repeat(MANY))),
        ("half-width (", format!("{}甲 的，应当认定 丙。", "(".repeat(MANY))),
        ("未", format!("{}甲 的，应当认定 丙。", "未 ".repeat(MANY))),
        ("有", format!("{}甲{} 的，应当认定 丙。", "有 ".repeat(MANY), " 的 借阅".repeat(MANY))),
        ("任一", format!("{}甲 的，应当认定 丙。", "任一 借阅 满足 ".repeat(MANY))),
        ("中", format!("{}丁 的 次数 超过1次 的，应当认定 丙。", "借阅 中 ".repeat(MANY))),
        ("自", format!("日 晚于 {}日 起 三日 的，应当认定 丙。", "自 ".repeat(MANY))),
        ("较早者", format!("末 应当 为 {}日。", "较早者（".repeat(MANY))),
        ("四舍五入", format!("果 应当 为 {}数。", "四舍五入（".repeat(MANY))),
        ("之前 in periods", format!("日 早于 日{} 的，应当认定 丙。", " 之前 日 中".repeat(MANY))),
    ] {
        let found = article(what, &clause);
        assert!(!found.is_empty(), "{what}");
        println!("  {found:?}");
    }
}

#[test]
fn chains_of_a_hundred_thousand() {
    let links = links();
    for (what, clause, wanted) in [
        ("且", format!("甲{} 的，应当认定 丙。", " 且 甲".repeat(links)), None),
        ("或者", format!("甲{} 的，应当认定 丙。", " 或者 乙".repeat(links)), None),
        ("但", format!("甲 的，应当认定 丙{}。", "；但 乙 的除外".repeat(links)), Some("B0105")),
        (
            "但 with consequences",
            format!("甲 的，应当认定 丙{}。", "；但 乙 的，丙 应当 为 否".repeat(links)),
            Some("B0105"),
        ),
        ("加", format!("果 应当 为 数{}。", " 加 数".repeat(links)), None),
        ("乘以", format!("果 应当 为 数{}。", " 乘以 1".repeat(links)), None),
        ("的 二倍", format!("果 应当 为 数{}。", " 的 二倍".repeat(links)), None),
        ("之后", format!("末 应当 为 日{}。", " 之后 一日".repeat(links)), None),
        ("ranges", format!("数{} 的，应当认定 丙。", " 超过1次".repeat(links)), None),
        ("caps", format!("果 应当 为 数{}。", "，不得超过 3次".repeat(links)), None),
        (
            "extensions",
            format!("责 应当 自 日 起 三日 内 履行，履行日为 日{}。", "，甲 的 可以延长 一日".repeat(links)),
            None,
        ),
        ("deeming", "甲 的，视为 乙。\n".repeat(links / 10), None),
        ("presuming", "乙 的，推定 甲。\n".repeat(links / 10), None),
        ("consequences", format!("甲 的，应当认定 丙{}。", "，应当认定 丙".repeat(links / 10)), None),
        (
            "references",
            format!("除第二条{} 另有规定外，甲 的，应当认定 丙。", "、第二条".repeat(links)),
            None,
        ),
        (
            "ranges of references",
            format!(
                "除第一条至第九十九条{} 另有规定外，甲 的，应当认定 丙。",
                "、第一条至第九十九条".repeat(links / 10)
            ),
            None,
        ),
        ("values", format!("甲 的，丙 应当 为 是{}。", " 或者 是".repeat(links)), None),
        ("extremes", format!("末 应当 为 较早者（日{}）。", "、日".repeat(links)), None),
        ("notes", format!("{}甲 的，应当认定 丙。", "释「注」".repeat(links)), None),
        ("statements", "甲 的，应当认定 丙。\n".repeat(links / 10), None),
        ("marks", format!("{}甲 的，应当认定 丙。", "【".repeat(links)), None),
    ] {
        let found = article(what, &clause);
        println!("  {found:?}");
        if let Some(code) = wanted {
            has(&found, code, what);
        }
    }
}

/// The longest chains that are still meant to work do work, through to the reports.
#[test]
fn long_conditions_are_evaluated() {
    let clause = format!(
        "甲{} 的，应当认定 丙。\n  果 应当 为 数{}。",
        " 且 甲".repeat(5_000),
        " 加 数".repeat(5_000)
    );
    let text = format!("{HEAD}第一条「一。」\n  {clause}\n");
    if let Ok(mut policy) = timed("compile", || compile(&text)) {
        let ran = timed("run", || run_all(&mut policy, "案.yaml", "学生: { 甲: 是, 数: 1 }\n"));
        assert_eq!(ran.0, 1);
    }
}

fn definitions(count: usize, reversed: bool) -> String {
    let mut text = String::from(HEAD);
    for i in 0..count {
        let i = if reversed { count - 1 - i } else { i };
        let before = if i == 0 { "甲".to_owned() } else { format!("称{}", i - 1) };
        let _ = writeln!(text, "本规则所称 称{i}，是指 {before} 且 乙。");
    }
    let _ = writeln!(text, "第一条「一。」\n  称{} 的，应当认定 丙。", count - 1);
    text
}

#[test]
fn definitions_in_a_chain() {
    for reversed in [false, true] {
        let text = definitions(MANY / 10, reversed);
        let compiled = timed("definitions", || compile(&text));
        match compiled {
            Ok(mut policy) => {
                let ran = timed("run", || run_all(&mut policy, "案.yaml", "学生: { 甲: 是, 乙: 不明 }\n"));
                assert_eq!(ran.0, 1);
            }
            Err(refusal) => println!("  {:?}", codes(&refusal.diagnostics)),
        }
    }
}

#[test]
fn a_hundred_thousand_definitions() {
    if cfg!(debug_assertions) && std::env::var_os("BANFA_ROUNDS").is_none() {
        return;
    }
    for reversed in [false, true] {
        println!("  {:?}", timed("definitions", || codes_of(&definitions(MANY, reversed))));
    }
}

#[test]
fn priorities_in_a_chain_and_in_a_circle() {
    const COUNT: usize = 1_000;
    for circle in [false, true] {
        let mut text = String::from(HEAD);
        for i in 1..=COUNT {
            let next = if i < COUNT { i + 1 } else { 1 };
            let _ = writeln!(
                text,
                "{}「条。」\n  甲 的，丙 应当 为 {}。",
                label(i),
                if i % 2 == 0 { "是" } else { "否" }
            );
            if i < COUNT || circle {
                let _ = writeln!(text, "  本条 优先于 {}。", label(next));
            }
        }
        let found = timed("priorities", || codes_of(&text));
        assert_eq!(found.contains(&"B0402"), circle, "{found:?}");
    }
}

#[test]
fn references_in_a_chain() {
    let mut text = String::from(HEAD);
    for i in 1..=1_000 {
        let _ = writeln!(text, "{}「条。」\n  符合 {} 且 甲 的，应当认定 丙。", label(i), label(i + 1));
    }
    let _ = writeln!(text, "第一千零一条「条。」\n  乙 的，应当认定 丙。");
    println!("  {:?}", timed("符合", || codes_of(&text)));
    let text = text.replace("符合", "依照").replace(" 且 甲 的，应当认定 丙", "");
    println!("  {:?}", timed("依照", || codes_of(&text)));
}

/// Each of these multiplies: 依照 an article that refers to two others, which refer to two others …
#[test]
fn references_that_multiply() {
    let mut text = String::from(HEAD);
    for i in 1..=40 {
        let _ =
            writeln!(text, "{}「条。」\n  甲 的，依照 {1}。\n  乙 的，依照 {1}。", label(i), label(i + 1));
    }
    let _ = writeln!(text, "第四十一条「条。」\n  乙 的，应当认定 丙。");
    has(&timed("依照", || codes_of(&text)), "B0417", "依照");
    let mut text = String::from(HEAD);
    for i in 1..=14 {
        let _ = writeln!(
            text,
            "{}「条。」\n  （符合 {1} 且 甲） 或者 （符合 {1} 且 乙） 的，应当认定 丙。",
            label(i),
            label(i + 1)
        );
    }
    let _ = writeln!(text, "第十五条「条。」\n  乙 的，应当认定 丙。");
    let compiled = timed("符合", || compile(&text));
    if let Ok(mut policy) = compiled {
        timed("run", || run_all(&mut policy, "案.yaml", "学生: { 甲: 不明 }\n"));
    }
}

#[test]
fn ten_megabytes() {
    for (what, text) in [
        ("one word", "甲".repeat(TEN_MB / 3)),
        ("one line of words", "甲 ".repeat(TEN_MB / 4)),
        ("an empty literal", format!("{HEAD}第一条「{}」\n", "字".repeat(TEN_MB / 3))),
        ("an unterminated literal", format!("{HEAD}第一条「{}", "字".repeat(TEN_MB / 3))),
        ("「", "「".repeat(TEN_MB / 3)),
        ("」", "」".repeat(TEN_MB / 30)),
        ("「」", "「」".repeat(TEN_MB / 6)),
        ("。", "。".repeat(TEN_MB / 100)),
        ("（", "（".repeat(TEN_MB / 3)),
        ("digits", "9".repeat(TEN_MB)),
        ("numerals", "九".repeat(TEN_MB / 3)),
        ("lines of nothing", "胡言乱语。\n".repeat(TEN_MB / 160)),
        ("bare labels", "第一条\n".repeat(TEN_MB / 100)),
    ] {
        let found = timed(what, || codes_of(&text));
        assert!(!found.is_empty(), "{what}");
        println!("  {found:?}");
    }
}

#[test]
fn many_articles() {
    let mut text = String::from(HEAD);
    let mut number = 0;
    while text.len() < TEN_MB / 3 {
        number += 1;
        let _ = writeln!(
            text,
            "{}「甲而且不乙的，为丙。」\n  甲 且 未 乙 的，应当认定 丙；但 数 三次以上 的除外。",
            label(number)
        );
    }
    match timed("compile", || compile(&text)) {
        Ok(mut policy) => {
            assert_eq!(timed("run", || run_all(&mut policy, "案.yaml", "学生: { 甲: 是 }\n")).0, 1);
        }
        Err(refusal) => panic!("{:?}", codes(&refusal.diagnostics)),
    }
}

#[test]
fn texts_that_are_hardly_texts() {
    for (what, text) in [
        ("NUL", "\0"),
        ("NUL within", "规则「甲\0乙」\n\0事实 学生：\n  甲\0 是否\n"),
        ("lone 」", "」"),
        ("lone 「", "「"),
        ("unterminated 「", "规则「试验"),
        ("only a label", "第一条"),
        ("only a keyword", "事实"),
        ("direction marks", "\u{202e}规则「试验」\u{200f}"),
        ("a zero-width joiner", "规则「试验」\n事实 学\u{200d}生：\n  甲\u{200b}乙 是否\n"),
        ("combining marks", "\u{301}\u{301}\u{301}规则「试验」"),
        ("private use", "\u{e000}\u{10ffff}"),
        ("line separators", "规则「试验」\u{2028}事实 学生：\u{2029}\u{85}\u{b}\u{c}"),
        ("Latin", "SELECT * FROM students;"),
    ] {
        let found = codes_of(text);
        assert!(!found.is_empty(), "{what}");
    }
}

/// Nothing is a law without content.
#[test]
fn texts_without_content() {
    let comment = format!("-- {}", "字".repeat(TEN_MB / 3));
    let blank = "\n".repeat(TEN_MB);
    for text in ["", " \u{3000}\t\r\n", "\u{feff}", &comment, &blank] {
        let mut policy = timed("nothing", || compile(text)).unwrap_or_else(|refusal| panic!("{refusal}"));
        super::support::descriptions(&mut policy);
        run_all(&mut policy, "案.yaml", "学生: { 甲: 是 }\n");
    }
}

/// Line ends and a byte order mark change nothing.
#[test]
fn line_ends_and_byte_order_marks() {
    let plain = format!(
        "{HEAD}第一条「一。」\n  甲 的，应当认定 丙；\n  但 乙 的除外。\n第二条「二。」\n  数 超过1次 且 借阅 中 丁 的 次数 超过1次 的，果 应当 为 1次，末 应当 为 日。\n"
    );
    let case = "学生: { 甲: 是, 乙: 否, 数: 2次, 日: 2026-03-02 }\n";
    let results = |policy: &str, case: &str| {
        let mut policy = compile(policy).expect("compiles");
        let (cases, found) = policy.try_cases(Path::new("案.yaml"), case, None);
        assert_eq!(codes(&found), Vec::<&str>::new());
        policy.run(&cases[0].case, None).findings
    };
    let expected = results(&plain, case);
    assert!(!expected.is_empty());
    assert_eq!(results(&plain.replace('\n', "\r\n"), &case.replace('\n', "\r\n")), expected);
    assert_eq!(results(&format!("\u{feff}{plain}"), &format!("\u{feff}{case}")), expected);
    assert_eq!(results(&plain.replace(' ', "\u{3000}"), case), expected);
    assert_eq!(results(&plain.replace('，', ",").replace('；', ";").replace('：', ":"), case), expected);
}

#[test]
fn includes_in_chains_and_circles() {
    // Each file includes the next one.
    let next = |path: &Path| {
        let number: usize = path.file_stem().and_then(|s| s.to_str()?.parse().ok()).unwrap_or(0);
        Ok(format!("引用「{}.banfa」\n", number + 1))
    };
    let main = format!("{HEAD}引用「1.banfa」\n");
    let Err(refusal) = timed("without end", || compile_with(&main, &next)) else { panic!("compiled") };
    has(&codes(&refusal.diagnostics), "B0832", "without end");
    // Through three files back to the first.
    let circle = |path: &Path| match path.file_name().and_then(|n| n.to_str()) {
        Some("一.banfa") => Ok("引用「./下/二.banfa」\n".to_owned()),
        Some("二.banfa") => Ok("引用「../办法.banfa」\n".to_owned()),
        _ => alone(path),
    };
    let Err(refusal) = compile_with(&format!("{HEAD}引用「一.banfa」\n"), &circle) else {
        panic!("compiled")
    };
    has(&codes(&refusal.diagnostics), "B0831", "circle");
    let Err(refusal) = compile_with(&format!("{HEAD}引用「办法.banfa」\n"), &circle) else {
        panic!("compiled")
    };
    has(&codes(&refusal.diagnostics), "B0831", "itself");
    // The same file a thousand times is one file.
    let empty = |_: &Path| Ok::<_, Diagnostic>(String::new());
    let _ = timed("often", || compile_with(&format!("{HEAD}{}", "引用「一.banfa」\n".repeat(1_000)), &empty));
}

fn small_policy() -> banfa::policy::Policy {
    compile(&format!("{HEAD}第一条「一。」\n  甲 且 未 乙 的，应当认定 丙。\n  借阅 中 丁 的 次数 超过3次 的，果 应当 为 数，末 应当 为 日。\n"))
        .unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn cases_without_bottom() {
    let mut policy = small_policy();
    for (what, name, text) in [
        ("[", "案.yaml", format!("学生: {}", "[".repeat(MANY))),
        ("[", "案.json", "[".repeat(MANY)),
        ("{", "案.json", "{\"学生\":".repeat(MANY)),
        ("[", "案.toml", format!("\"学生\" = {}", "[".repeat(MANY))),
        ("- ", "案.yaml", format!("学生:\n  {}", "- ".repeat(MANY))),
        ("( in a number", "案.yaml", format!("学生:\n  数: {}", "（".repeat(MANY))),
        ("a long number", "案.yaml", format!("学生:\n  数: {}", "9".repeat(MANY))),
        ("a long numeral", "案.yaml", format!("学生:\n  数: {}", "九".repeat(MANY))),
        ("a long key", "案.yaml", format!("{}: 1", "甲".repeat(MANY))),
    ] {
        let (cases, found) = timed(what, || run_all(&mut policy, name, &text));
        assert!(cases == 0 && !found.is_empty(), "{what}");
    }
}

#[test]
fn very_many_members() {
    const ROWS: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    let mut policy = small_policy();
    let text =
        format!("{{\"学生\":{{\"甲\":\"是\",\"借阅\":[{}{{}}]}}}}", "{\"丁\":\"是\"},".repeat(ROWS - 1));
    let (cases, found) = timed("read", || policy.try_cases(Path::new("案.json"), &text, None));
    assert_eq!(codes(&found), Vec::<&str>::new());
    let case = &cases[0].case;
    assert_eq!(case.tables.iter().map(|t| t.rows as usize).max(), Some(ROWS));
    timed("reports", || super::support::reports(&policy, case, None));
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("robust").join(name);
    std::fs::create_dir_all(&folder).expect("folder");
    folder
}

#[test]
fn bases_in_chains_and_circles() {
    let folder = folder("bases");
    for i in 0..300 {
        std::fs::write(folder.join(format!("{i}.yaml")), format!("基础: {}.yaml\n学生: {{}}\n", i + 1))
            .expect("written");
    }
    std::fs::write(folder.join("300.yaml"), "学生: { 甲: 是, 乙: 否 }\n").expect("written");
    std::fs::write(folder.join("甲.yaml"), "基础: 乙.yaml\n学生: {}\n").expect("written");
    std::fs::write(folder.join("乙.yaml"), "基础: ./甲.yaml\n学生: {}\n").expect("written");
    let mut policy = small_policy();
    for (name, wanted) in
        [("0.yaml", None), ("250.yaml", None), ("甲.yaml", Some("B0536")), ("乙.yaml", Some("B0536"))]
    {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).expect("read");
        let (cases, found) = timed(name, || policy.try_cases(&path, &text, None));
        println!("  {} {:?}", cases.len(), codes(&found));
        assert!(cases.len() == 1 || !found.is_empty());
        if let Some(code) = wanted {
            has(&codes(&found), code, name);
        }
    }
}

fn banfa(words: &[&std::ffi::OsStr]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_banfa")).args(words).stdin(Stdio::null()).output().expect("banfa starts")
}

/// Bytes that are not UTF-8, given to every command that reads a file.
#[test]
fn files_in_other_encodings() {
    let folder = folder("encodings");
    let text = format!(
        "{HEAD}第一条「一。」\n  甲 且 乙 的，应当认定 丙。\n  借阅 中 丁 的 次数 超过3次 的，果 应当 为 数，末 应当 为 日。\n"
    );
    let good = folder.join("好.banfa");
    std::fs::write(&good, &text).expect("written");
    let case = folder.join("好.yaml");
    std::fs::write(&case, "学生: { 甲: 是 }\n").expect("written");
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let wrong: [(&str, Vec<u8>); 5] = [
        // 规则「试验」 in GB18030.
        ("gb", b"\xb9\xe6\xd4\xf2\xa1\xb8\xca\xd4\xd1\xe9\xa1\xb9\n".to_vec()),
        ("le", utf16(false)),
        ("be", utf16(true)),
        ("cut", text.as_bytes()[..text.len() - 2].to_vec()),
        ("surrogates", b"\xed\xa0\x80".to_vec()),
    ];
    for (name, bytes) in wrong {
        let policy = folder.join(format!("{name}.banfa"));
        std::fs::write(&policy, &bytes).expect("written");
        let facts = folder.join(format!("{name}.yaml"));
        std::fs::write(&facts, &bytes).expect("written");
        for words in [
            vec!["run".as_ref(), policy.as_os_str(), case.as_os_str()],
            vec!["run".as_ref(), good.as_os_str(), facts.as_os_str()],
            vec!["check".as_ref(), policy.as_os_str()],
            vec!["check".as_ref(), good.as_os_str(), facts.as_os_str()],
            vec!["list".as_ref(), policy.as_os_str()],
            vec!["new".as_ref(), policy.as_os_str()],
            vec!["schema".as_ref(), policy.as_os_str()],
            vec!["ir".as_ref(), policy.as_os_str()],
        ] {
            let output = banfa(&words);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("B0822"), "{words:?}: {said}");
            assert!(matches!(output.status.code(), Some(1 | 2)), "{words:?}: {:?}", output.status);
        }
    }
}

/// The program itself has the main thread's stack and prints what it found.
#[test]
fn extremes_through_the_program() {
    let folder = folder("program");
    for (name, text) in [
        ("空", String::new()),
        ("NUL", "\0\0\0".to_owned()),
        ("括号", format!("{HEAD}第一条「一。」\n  {}甲 的，应当认定 丙。\n", "（".repeat(MANY))),
        ("且", format!("{HEAD}第一条「一。」\n  甲{} 的，应当认定 丙。\n", " 且 甲".repeat(MANY / 10))),
        ("长行", "甲".repeat(MANY)),
    ] {
        let policy = folder.join(format!("{name}.banfa"));
        std::fs::write(&policy, text).expect("written");
        for command in ["check", "list", "ir"] {
            let output = timed(name, || banfa(&[command.as_ref(), policy.as_os_str()]));
            assert!(matches!(output.status.code(), Some(0..=2)), "{name} {command}: {:?}", output.status);
            assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{name} {command}");
            assert!(output.stderr.len() < 200_000, "{name} {command}: {} bytes", output.stderr.len());
        }
    }
}
