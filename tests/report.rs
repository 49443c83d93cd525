//! Results, reasons, outlines and listings in words: what analysts and programs read.
use banfa::base::{Sources, WorkCalendar};
use banfa::eval::{Env, Evaluation};
use banfa::facts::{CaseFile, Format, ReadOptions, read_cases};
use banfa::hir::{LoadedFile, lower};
use banfa::ir::Program;
use banfa::report::json::{case_result, json_pretty};
use banfa::report::{Asked, Style, View, WhyNot, markdown, outline, schema, text};
use banfa::syntax::parse;
use std::path::Path;

/// A law and its cases.
struct Law {
    program: Program,
    sources: Sources,
    cases: Vec<CaseFile>,
}

impl Law {
    fn new(policy: &str, cases: &str) -> Self {
        let mut sources = Sources::new();
        let file = sources.add("规则.banfa", policy);
        let (tree, mut found) = parse(policy, file);
        let (hir, more) = lower(&[LoadedFile { file: tree, includes: Vec::new() }]);
        found.extend(more);
        let case_file = sources.add("案例.yaml", cases);
        let (cases, more) = read_cases(cases, case_file, Format::Yaml, &hir, &ReadOptions::default());
        found.extend(more);
        found.retain(|d| d.severity == banfa::diag::Severity::Error);
        assert!(found.is_empty(), "{found:#?}");
        Self { program: banfa::ir::lower(hir), sources, cases }
    }

    /// A policy among the good cases.
    fn good(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
        let read = |end: &str| std::fs::read_to_string(folder.join(format!("{name}.{end}"))).unwrap();
        Self::new(&read("banfa"), &read("yaml"))
    }

    /// Runs each case and shows what `show` makes of it.
    fn each(&self, mut show: impl FnMut(&View<'_>) -> String) -> String {
        let calendar = WorkCalendar::built_in();
        let mut run = Evaluation::new();
        let mut out = String::new();
        for file in &self.cases {
            let date = file.case.date;
            run.run(&self.program, &file.case, &Env { calendar: &calendar, date });
            let view =
                View { program: &self.program, sources: &self.sources, case: &file.case, run: &run, date };
            out.push_str(&show(&view));
            out.push('\n');
        }
        out
    }

    fn text(&self, asked: &Asked) -> String {
        self.each(|view| text::text(view, &view.findings(), asked, &Style::default()))
    }
}

const LIBRARY: &str = "规则「借阅规则」
  版本「试行」

枚举 处理形式（由轻到重）：提醒、停借、除名。

事实 图书馆：
  开馆日 日期
  遇洪水 是否 未载明视为否
  读者 多个 读者

事实 读者：
  姓名 文本 标识
  种类 为 学生、教师、校友 之一  问「是哪一类读者？」
  恶意 是否 酌定 问「是否故意损坏？」
  收到通知 是否
  通知已投递 是否
  损失 金额 问「图书损失多少元？」
  借阅 多个 借阅

事实 借阅：
  书名 文本 标识
  迟还 是否 问「是否迟还？」

结论 图书馆：
  须整改 是否，默认 否
结论 读者：
  处理 处理形式，默认 提醒
  通报 多选 校内、院内、班内
  赔偿 金额
  应知 是否

第一条「本规则适用于已开馆的图书馆。」
  本规则适用于 开馆日 不晚于 2026年1月1日。

第二条「有下列情形之一的，停借；但遇洪水的除外：」
  凡 读者 有下列情形之一的，处理 应当 为 停借；但 遇洪水 的除外：
  （一）「三次以上迟还的；」
    借阅 中 迟还 的 次数 三次以上；
  （二）「故意损坏图书的。」
    恶意。

第三条「校友屡次迟还的，除名，适用本条而不适用第二条。」
  凡 读者 种类 为 校友 且 借阅 中 迟还 的 次数 三次以上 的，处理 应当 为 除名。
  本条 优先于 第二条。

第四条「学生初次迟还的，可以只提醒。」
  凡 读者 种类 为 学生 且 借阅 中 迟还 的 次数 不超过一次 的，处理 可以 为 提醒。

第五条「故意损坏图书的，在校内或者院内通报；学生在班内通报。」
  凡 读者 恶意 的，通报 应当 包括 校内、院内 单独或者合并。
  凡 读者 种类 为 学生 且 恶意 的，通报 应当 包括 班内。

第六条「损坏图书的，赔偿损失的二倍。」
  凡 读者 恶意 的，赔偿 应当 为 损失 乘以 2。

第七条「通知已投递的，推定读者收到通知。收到通知的，视作应知。」
  凡 读者 通知已投递 的，推定 收到通知。
  凡 读者 收到通知 的，应知 应当 为 是。

第八条「有读者被除名的，图书馆须整改。」
  有 处理 为 除名 的 读者 的，须整改 应当 为 是。
";

const CASES: &str = "案例: 三名读者
认定日期: 2026-03-02
图书馆:
  开馆日: 2025-09-01
  读者:
    - 姓名: 甲
      种类: 学生
      恶意: 是
      通知已投递: 是
      损失: 33.5元
      借阅:
        - { 书名: 一, 迟还: 是 }
        - { 书名: 二, 迟还: 否 }
    - 姓名: 乙
      种类: 校友
      恶意: 否
      收到通知: 是
      借阅:
        - { 书名: 三, 迟还: 是 }
        - { 书名: 四, 迟还: 是 }
        - { 书名: 五, 迟还: 是 }
    - 种类: 教师
      收到通知: 否
      借阅:
        - { 迟还: 是 }
        - { 迟还: 是 }
        - {}
---
案例: 尚未开馆
图书馆:
  开馆日: 2026-05-01
  读者: []
";

fn library() -> Law {
    Law::new(LIBRARY, CASES)
}

#[test]
fn results() {
    insta::assert_snapshot!(library().text(&Asked::default()));
}

#[test]
fn reasons_and_missing_facts() {
    let asked = Asked { why: true, missing: true, ..Asked::default() };
    insta::assert_snapshot!(library().text(&asked));
}

#[test]
fn reasons_unpruned_in_ascii_on_a_narrow_page() {
    let law = Law::good("但书除外");
    let asked = Asked { why: true, unpruned: true, ..Asked::default() };
    let style = Style { ascii: true, width: 60, ..Style::default() };
    insta::assert_snapshot!(law.each(|v| text::text(v, &v.findings(), &asked, &style)));
}

#[test]
fn why_not() {
    let law = library();
    let questions = [
        "甲.处理=除名",
        "乙的处理=停借",
        "处理=提醒",
        "甲的通报=校内",
        "读者3的赔偿=10元",
        "应知=否",
        "丁.处理=除名",
    ];
    let why_not = questions.iter().map(|q| WhyNot::parse(&law.program.hir, q).unwrap()).collect();
    insta::assert_snapshot!(law.text(&Asked { why_not, ..Asked::default() }));
}

#[test]
fn questions_that_cannot_be_asked() {
    let law = library();
    let said =
        ["处里=除名", "甲的去向", "处理=罚站", ""].map(|q| WhyNot::parse(&law.program.hir, q).unwrap_err());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn markdown_with_reasons() {
    let asked = Asked { why: true, missing: true, ..Asked::default() };
    insta::assert_snapshot!(library().each(|v| markdown::markdown(v, &v.findings(), &asked)));
}

#[test]
fn json() {
    insta::assert_snapshot!(library().each(|v| json_pretty(v, &v.findings(), &Asked::default())));
}

#[test]
fn json_with_reasons() {
    let law = Law::good("推定");
    let why_not = vec![WhyNot::parse(&law.program.hir, "应知=否").unwrap()];
    let asked = Asked { why: true, missing: true, why_not, ..Asked::default() };
    insta::assert_snapshot!(law.each(|v| json_pretty(v, &v.findings(), &asked)));
}

/// Every member the schema requires is there, and no member is unknown to it.
#[test]
fn json_is_what_the_schema_says() {
    let schema = schema::results_schema();
    let law = library();
    let why_not = vec![WhyNot::parse(&law.program.hir, "处理=除名").unwrap()];
    let asked = Asked { why: true, missing: true, why_not, ..Asked::default() };
    law.each(|v| {
        let result = serde_json::to_value(case_result(v, &v.findings(), &asked)).unwrap();
        agrees(&result, &schema, &schema, "");
        String::new()
    });
}

/// As much of JSON Schema as ours uses: members, required ones, items, references, enumerations.
fn agrees(value: &serde_json::Value, schema: &serde_json::Value, root: &serde_json::Value, at: &str) {
    if let Some(reference) = schema.get("$ref").and_then(|r| r.as_str()) {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference}"));
        return agrees(value, target, root, at);
    }
    if let Some(allowed) = schema.get("enum").and_then(|e| e.as_array()) {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    for name in schema.get("required").and_then(|r| r.as_array()).into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{at}: no {name}");
    }
    if let Some(members) = value.as_object() {
        let known = schema.get("properties").and_then(|p| p.as_object()).unwrap_or_else(|| panic!("{at}"));
        for (name, member) in members {
            let schema = known.get(name).unwrap_or_else(|| panic!("{at}: {name} is not in the schema"));
            agrees(member, schema, root, &format!("{at}/{name}"));
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for item in items {
            agrees(item, schema, root, at);
        }
    }
}

/// The example of docs/结果格式.md.
#[test]
fn documented_example() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/结果格式.md")).unwrap();
    let block = |fence: &str| {
        let (_, rest) = page.split_once(&format!("{fence}\n")).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let law = Law::new(&block("\n```"), "{ 案例: 甲案, 读者: { 是校友: 是 } }");
    law.each(|v| {
        let result = serde_json::to_value(case_result(v, &v.findings(), &Asked::default())).unwrap();
        let documented: serde_json::Value = serde_json::from_str(&block("```json")).unwrap();
        assert_eq!(result, documented);
        String::new()
    });
}

#[test]
fn colours() {
    let law = Law::good("冲突");
    let style = Style { colour: true, ..Style::default() };
    insta::assert_snapshot!(law.each(|v| text::text(v, &v.findings(), &Asked::default(), &style)));
}

#[test]
fn outlines() {
    let law = library();
    let outline = outline::outline(&law.program.hir);
    insta::assert_snapshot!("outline_text", outline::text(&outline, false, &Style::default()));
    insta::assert_snapshot!("outline_markdown", outline::markdown(&outline, true));
    insta::assert_snapshot!("outline_json", outline::json(&outline));
}

#[test]
fn listing() {
    let law = library();
    insta::assert_snapshot!(banfa::ir::listing::listing(&law.program, &law.sources));
}

/// Every good case, in every form: nothing panics, and JSON agrees with its schema.
#[test]
fn every_good_case() {
    let schema = schema::results_schema();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "引用他文件")
        .collect();
    names.sort();
    for name in names {
        let law = Law::good(&name);
        let all = law.program.hir.conclusions.iter().map(|c| c.name.clone());
        let why_not = all.map(|c| WhyNot::parse(&law.program.hir, &c).unwrap()).collect();
        for unpruned in [false, true] {
            let asked = Asked { why: true, missing: true, unpruned, why_not: Vec::clone(&why_not) };
            law.each(|v| {
                let findings = v.findings();
                let result = serde_json::to_value(case_result(v, &findings, &asked)).unwrap();
                agrees(&result, &schema, &schema, &name);
                markdown::markdown(v, &findings, &asked)
                    + &text::text(v, &findings, &asked, &Style { width: 40, ..Style::default() })
            });
        }
        assert!(!banfa::ir::listing::listing(&law.program, &law.sources).contains('？'), "{name}");
    }
}
