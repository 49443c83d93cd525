//! Policies and cases made up at random, all of them valid: they compile, run, and more facts never turn a decided
//! conclusion into another.
use super::support::{codes, compile, descriptions, reports, rounds};
use banfa::base::numeral::to_chinese;
use banfa::eval::{Finding, Verdict};
use banfa::policy::Policy;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Numbers to decide by; when they run out, 0, which is always the simplest choice.
struct Dice<'a> {
    numbers: &'a [u16],
    at: usize,
}

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number as usize % sides
    }

    fn pick<'b>(&mut self, from: &[&'b str]) -> &'b str {
        from[self.roll(from.len())]
    }
}

const HEAD: &str = "规则「生成规则」
枚举 等级（由轻到重）：轻微、一般、严重。
事实 学生：
  甲事 是否
  乙事 是否
  丙事 是否 未载明视为否
  丁事 是否 酌定
  拟事 是否
  推事 是否
  册数 整数（册）
  定价 金额
  借日 日期
  还日 日期
  借期 期间
  类别 为 教材、小说、其他 之一
  程度 等级
  标签 多选 新、旧、破
  借阅 多个 借阅
  监护人 一个 监护人
事实 借阅：
  戊事 是否
  己事 是否
  书价 金额
  时日 日期
事实 监护人：
  庚事 是否
结论 学生：
  论一 是否，默认 否
  论二 是否
  处理 为 提醒、停借、注销 之一
  轻重 等级，默认 轻微
  称号 多选 红、黄、蓝
  罚金 金额，默认 0元
  期末 日期
  归还 义务
  论三 是否，默认 否
结论 借阅：
  扣分 是否，默认 否
  处置 为 修补、下架 之一
本规则所称 常事，是指 甲事 且 未 丁事。
本规则所称 多次，是指 借阅 中 戊事 的 次数 二次以上 或者 册数 超过5册。
本规则所称 总价，是指 借阅 中 己事 的 书价 之和。
";

/// Conclusions in the order in which they may read one another: a rule for one reads only those before it.
const OF_STUDENT: [&str; 9] = ["论一", "论二", "处理", "轻重", "称号", "罚金", "期末", "归还", "论三"];

/// A condition about a student; `rank` conclusions may be read.
fn condition(dice: &mut Dice<'_>, depth: usize, rank: usize) -> String {
    let simple = ["甲事", "乙事", "丙事", "丁事", "拟事", "推事", "常事", "多次"];
    match dice.roll(if depth == 0 { 16 } else { 24 }) {
        0..=3 => dice.pick(&simple).to_owned(),
        4 => format!("未 {}", dice.pick(&simple)),
        5 => format!("册数 {}", dice.pick(&["三册以上", "不满2册", "超过1册", "在 1册 至 3册 之间"])),
        6 => format!("定价 {}", dice.pick(&["超过30元", "不足10元", "等于20元", "占 总价 三分之一以上"])),
        7 => format!(
            "还日 {}",
            dice.pick(&[
                "晚于 借日",
                "在 借日 之前",
                "在 借日 之后 十日 内",
                "晚于 自 借日 起 借期",
                "晚于 借日 之后 借期"
            ])
        ),
        8 => format!("类别 {}", dice.pick(&["为 教材", "不为 小说", "为 教材、小说 之一"])),
        9 => format!("程度 {}", dice.pick(&["为 一般", "在 一般 以上", "在 一般 以下", "高于 轻微"])),
        10 => {
            format!("标签 {}", dice.pick(&["包括 新", "不包括 破", "包括 新、旧 之一", "包括 旧、破 全部"]))
        }
        11 => format!("有 {} 的 借阅", loan(dice, 0)),
        12 => format!("无 {} 的 借阅", loan(dice, 0)),
        13 => format!("借阅 中 {} 的 次数 {}", loan(dice, 0), dice.pick(&["二次以上", "不满2次", "等于1次"])),
        14 => dice
            .pick(&[
                "总价 超过40元",
                "借阅 中 最早的 时日 早于 还日",
                "借阅 中 最高的 书价 超过20元",
                "监护人 之 庚事",
                "自 借日 至 还日 的 日数 超过10日",
            ])
            .to_owned(),
        15 => match dice.roll(rank.min(6) + 1) {
            0 => "甲事".to_owned(),
            1 => "论一".to_owned(),
            2 => format!("{} 论二", dice.pick(&["", "未"])),
            3 => format!("处理 为 {}", dice.pick(&["停借", "提醒、注销 之一"])),
            4 => "轻重 在 一般 以上".to_owned(),
            5 => "称号 包括 红".to_owned(),
            _ => "罚金 超过10元".to_owned(),
        },
        16 | 17 => {
            format!("（{} 且 {}）", condition(dice, depth - 1, rank), condition(dice, depth - 1, rank))
        }
        18 | 19 => {
            format!("（{} 或者 {}）", condition(dice, depth - 1, rank), condition(dice, depth - 1, rank))
        }
        20 => format!("未 （{}）", condition(dice, depth - 1, rank)),
        21 => format!("全部 借阅 满足 （{}）", loan(dice, depth - 1)),
        22 => format!("任一 借阅 满足 （{}）", loan(dice, depth - 1)),
        _ => format!("有 （{} 且 {}） 的 借阅", loan(dice, depth - 1), condition(dice, depth - 1, rank)),
    }
}

/// A condition about a loan.
fn loan(dice: &mut Dice<'_>, depth: usize) -> String {
    match dice.roll(if depth == 0 { 6 } else { 9 }) {
        0 | 1 => dice.pick(&["戊事", "己事"]).to_owned(),
        2 => format!("未 {}", dice.pick(&["戊事", "己事"])),
        3 => format!(
            "书价 {}",
            dice.pick(&["超过20元", "不满定价", "占 定价 二分之一以上"]).replace("不满定价", "低于 定价")
        ),
        4 => "时日 晚于 借日".to_owned(),
        5 => dice.pick(&["甲事", "无 己事 的 其他 借阅"]).to_owned(),
        6 => format!("（{} 且 {}）", loan(dice, depth - 1), loan(dice, depth - 1)),
        7 => format!("（{} 或者 {}）", loan(dice, depth - 1), loan(dice, depth - 1)),
        _ => format!("未 （{}）", loan(dice, depth - 1)),
    }
}

/// What follows for conclusion `at` of a student.
fn consequence(dice: &mut Dice<'_>, at: usize) -> String {
    let name = OF_STUDENT[at];
    match name {
        "论一" | "论二" | "论三" => match dice.roll(5) {
            0 | 1 => format!("应当认定 {name}"),
            2 => format!("{name} 应当 为 否"),
            3 => format!("不得认定 {name}"),
            _ => format!("可以认定 {name}"),
        },
        "处理" => format!(
            "处理 {}",
            dice.pick(&[
                "应当 为 停借",
                "应当 为 提醒",
                "应当 为 停借 或者 注销",
                "不得 为 注销",
                "可以 为 提醒",
                "可以 为 停借 或者 注销"
            ])
        ),
        "轻重" => format!(
            "轻重 {}",
            dice.pick(&[
                "应当 为 一般",
                "应当 为 严重",
                "应当 为 一般 以上",
                "应当 为 一般 以下",
                "不得 为 严重"
            ])
        ),
        "称号" => format!(
            "称号 {}",
            dice.pick(&[
                "应当 包括 红",
                "应当 包括 黄、蓝",
                "应当 包括 红 或者 黄",
                "不得 包括 黄",
                "可以 包括 蓝",
                "可以 包括 红、黄 单独或者合并"
            ])
        ),
        "罚金" => format!(
            "罚金 应当 为 {}",
            dice.pick(&[
                "20元",
                "定价",
                "定价 的 百分之十",
                "总价 加 1元",
                "2元 乘以 册数，不得超过 30元",
                "较高者（定价，5元）"
            ])
        ),
        "期末" => format!(
            "期末 应当 为 {}",
            dice.pick(&["借日", "借日 之后 借期", "借阅 中 最晚的 时日", "自 借日 起 十日"])
        ),
        _ => "归还 应当 自 借日 起 十五日 内 履行，履行日为 还日，乙事 的 可以延长 十日".to_owned(),
    }
}

/// Articles 1 to n of a valid policy.
#[expect(clippy::too_many_lines, reason = "one arm a construct")]
fn policy(dice: &mut Dice<'_>) -> String {
    let mut text = String::from(HEAD);
    let count = 2 + dice.roll(9);
    // The conclusion that article i is about, for students; none for loans and deeming.
    let mut about: Vec<Option<usize>> = Vec::new();
    for number in 1..=count {
        let at = dice.roll(OF_STUDENT.len());
        let _ = write!(text, "第{}条「条文。」\n  ", to_chinese(number as u64));
        let rank = at;
        let earlier: Vec<usize> = (1..number).filter(|i| about[i - 1].is_some_and(|a| a <= at)).collect();
        let one_of = |dice: &mut Dice<'_>| earlier.get(dice.roll(earlier.len().max(1))).copied();
        let mut subject = Some(at);
        match dice.roll(12) {
            0..=2 => {
                let _ = writeln!(text, "{} 的，{}。", condition(dice, 2, rank), consequence(dice, at));
            }
            3 => {
                let _ = writeln!(
                    text,
                    "{} 的，{}；但 {} 的除外。",
                    condition(dice, 1, rank),
                    consequence(dice, at),
                    condition(dice, 1, rank)
                );
            }
            4 if OF_STUDENT[at] != "归还" => {
                let (one, two) = (consequence(dice, at), consequence(dice, at));
                let _ = writeln!(
                    text,
                    "{} 的，{one}；但 {} 的，{two}。",
                    condition(dice, 1, rank),
                    condition(dice, 1, rank)
                );
            }
            5 => {
                let _ = writeln!(
                    text,
                    "{} 的，{}；但 {} 的除外；但 {} 的除外。",
                    condition(dice, 1, rank),
                    consequence(dice, at),
                    condition(dice, 0, rank),
                    condition(dice, 0, rank)
                );
            }
            6 => {
                let which = dice.pick(&["有下列情形之一的", "同时符合下列条件的"]);
                let _ =
                    writeln!(text, "{} 且 {which}，{}：", condition(dice, 0, rank), consequence(dice, at));
                let _ = writeln!(text, "  （一）「一；」 {}；", condition(dice, 1, rank));
                let _ = writeln!(
                    text,
                    "  （二）「二。」 {}；但 {} 的除外。",
                    condition(dice, 1, rank),
                    condition(dice, 0, rank)
                );
            }
            7 => {
                let _ = writeln!(text, "{}，且按下列规定：", condition(dice, 0, rank));
                let _ = writeln!(
                    text,
                    "  （一）「一；」 {} 的，{}；",
                    condition(dice, 1, rank),
                    consequence(dice, at)
                );
                let _ = writeln!(
                    text,
                    "  （二）「二。」 {} 的，{}。",
                    condition(dice, 1, rank),
                    consequence(dice, at)
                );
            }
            8 => {
                subject = None;
                match dice.roll(3) {
                    0 => writeln!(
                        text,
                        "凡 借阅 {} 的，扣分 应当 为 {}。",
                        loan(dice, 2),
                        dice.pick(&["是", "否"])
                    ),
                    1 => writeln!(
                        text,
                        "{} 的，全部 {} 的 借阅 处置 应当 为 {}。",
                        condition(dice, 1, 0),
                        loan(dice, 1),
                        dice.pick(&["修补", "下架"])
                    ),
                    _ => writeln!(text, "凡 借阅 {} 的，处置 可以 为 修补 或者 下架。", loan(dice, 1)),
                }
                .expect("written");
            }
            9 => {
                subject = None;
                let _ = match dice.roll(2) {
                    0 => writeln!(
                        text,
                        "{} 的，视为 拟事。",
                        dice.pick(&["甲事 且 乙事", "册数 超过2册", "有 戊事 的 借阅"])
                    ),
                    _ => {
                        writeln!(text, "{} 的，推定 推事。", dice.pick(&["甲事", "未 乙事", "册数 超过2册"]))
                    }
                };
            }
            10 => match one_of(dice) {
                Some(other) => {
                    let _ = writeln!(
                        text,
                        "符合 第{}条 且 {} 的，{}。",
                        to_chinese(other as u64),
                        condition(dice, 0, rank),
                        consequence(dice, at)
                    );
                }
                None => {
                    let _ = writeln!(text, "{}。", consequence(dice, at));
                }
            },
            _ => match one_of(dice) {
                Some(other) => {
                    subject = about[other - 1];
                    let rank = subject.unwrap_or(0);
                    let _ = writeln!(
                        text,
                        "{} 的，{} 第{}条。",
                        condition(dice, 1, rank),
                        dice.pick(&["依照", "可以 依照", "参照"]),
                        to_chinese(other as u64)
                    );
                }
                None => {
                    let _ = writeln!(text, "{} 的，{}。", condition(dice, 1, rank), consequence(dice, at));
                }
            },
        }
        about.push(subject);
        let same = (1..number).rfind(|i| subject.is_some() && about[i - 1] == subject);
        if let (Some(other), 0 | 1) = (same, dice.roll(3)) {
            let _ = writeln!(text, "  本条 优先于 第{}条。", to_chinese(other as u64));
        }
    }
    text
}

#[derive(Clone, Copy)]
enum Kind {
    Bool,
    Int,
    Money,
    Date,
    Period,
    One(&'static [&'static str]),
    Several(&'static [&'static str]),
}

const STUDENT: [(&str, Kind); 14] = [
    ("甲事", Kind::Bool),
    ("乙事", Kind::Bool),
    ("丙事", Kind::Bool),
    ("丁事", Kind::Bool),
    ("拟事", Kind::Bool),
    ("推事", Kind::Bool),
    ("册数", Kind::Int),
    ("定价", Kind::Money),
    ("借日", Kind::Date),
    ("还日", Kind::Date),
    ("借期", Kind::Period),
    ("类别", Kind::One(&["教材", "小说", "其他"])),
    ("程度", Kind::One(&["轻微", "一般", "严重"])),
    ("标签", Kind::Several(&["新", "旧", "破"])),
];
const LOAN: [(&str, Kind); 4] =
    [("戊事", Kind::Bool), ("己事", Kind::Bool), ("书价", Kind::Money), ("时日", Kind::Date)];
const GUARDIAN: [(&str, Kind); 1] = [("庚事", Kind::Bool)];

fn known(dice: &mut Dice<'_>, kind: Kind) -> Value {
    match kind {
        Kind::Bool => json!(dice.pick(&["是", "否", "是", "否", "不适用"])),
        Kind::Int => json!(dice.pick(&["0册", "1册", "2册", "3册", "9册", "不适用"])),
        Kind::Money => json!(dice.pick(&["0元", "5元", "20元", "29.99元", "50元", "不适用"])),
        Kind::Date => json!(dice.pick(&[
            "2026-03-01",
            "2026-03-02",
            "2026-03-12",
            "2026-04-30",
            "1900-01-01",
            "不适用"
        ])),
        Kind::Period => json!(dice.pick(&["十日", "三个月", "五个工作日", "一年", "不适用"])),
        Kind::One(values) => json!(dice.pick(values)),
        Kind::Several(values) => {
            let bits = dice.roll(8);
            Value::Array(
                values
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| bits & (1 << i) != 0)
                    .map(|(_, v)| json!(v))
                    .collect(),
            )
        }
    }
}

fn is_unknown(value: Option<&Value>) -> bool {
    value.is_none_or(|v| v == "不明")
}

/// Absent, 不明 or a value.
fn row(dice: &mut Dice<'_>, of: &[(&str, Kind)]) -> Map<String, Value> {
    let mut row = Map::new();
    for (name, kind) in of {
        match dice.roll(4) {
            0 => {}
            1 => drop(row.insert((*name).to_owned(), json!("不明"))),
            _ => drop(row.insert((*name).to_owned(), known(dice, *kind))),
        }
    }
    row
}

fn loans(dice: &mut Dice<'_>) -> Value {
    (0..dice.roll(4)).map(|_| Value::Object(row(dice, &LOAN))).collect()
}

fn case(dice: &mut Dice<'_>) -> Map<String, Value> {
    let mut case = row(dice, &STUDENT);
    if dice.roll(4) > 0 {
        case.insert("借阅".to_owned(), loans(dice));
    }
    if dice.roll(4) > 0 {
        case.insert("监护人".to_owned(), Value::Object(row(dice, &GUARDIAN)));
    }
    case
}

/// Some unknown facts made known. What is taken for 否 because it is not stated stays so, and what is presumed stays
/// unknown: both are given up when the fact becomes known, which is their sense.
fn refine_row(dice: &mut Dice<'_>, of: &[(&str, Kind)], row: &mut Map<String, Value>) {
    for (name, kind) in of {
        let fixed = *name == "推事" || *name == "丙事" && !row.contains_key(*name);
        if !fixed && is_unknown(row.get(*name)) && dice.roll(2) == 0 {
            row.insert((*name).to_owned(), known(dice, *kind));
        }
    }
}

fn refine(dice: &mut Dice<'_>, case: &Map<String, Value>) -> Map<String, Value> {
    let mut case = case.clone();
    refine_row(dice, &STUDENT, &mut case);
    match case.get_mut("借阅") {
        Some(Value::Array(rows)) => {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                refine_row(dice, &LOAN, row);
            }
        }
        _ if dice.roll(2) == 0 => drop(case.insert("借阅".to_owned(), loans(dice))),
        _ => {}
    }
    match case.get_mut("监护人") {
        Some(Value::Object(guardian)) => refine_row(dice, &GUARDIAN, guardian),
        _ if dice.roll(2) == 0 => drop(case.insert("监护人".to_owned(), Value::Object(row(dice, &GUARDIAN)))),
        _ => {}
    }
    case
}

fn findings(policy: &mut Policy, case: &Map<String, Value>, date: bool) -> Vec<Finding> {
    let mut tree = Map::new();
    if date {
        tree.insert("认定日期".to_owned(), json!("2026-05-01"));
    }
    tree.insert("学生".to_owned(), Value::Object(case.clone()));
    let text = Value::Object(tree).to_string();
    let (cases, found) = policy.try_cases(Path::new("案.json"), &text, None);
    assert_eq!((cases.len(), codes(&found)), (1, vec![]), "{text}");
    let json = reports(policy, &cases[0].case, None);
    let outcome = policy.run(&cases[0].case, None);
    assert_eq!(json["conclusions"].as_array().map(Vec::len), Some(outcome.findings.len()));
    outcome.findings
}

fn sets(finding: &Finding) -> Vec<(u64, String)> {
    let mut sets: Vec<_> = finding.choices.iter().map(|c| (c.mask, format!("{:?}", c.select))).collect();
    sets.sort();
    sets
}

/// What must not change when more becomes known.
fn check_refined(policy: &Policy, before: &Finding, after: &Finding) -> Result<(), String> {
    let name = &policy.program().hir.conclusions[before.conclusion.index()].name;
    let fail = |what: &str| Err(format!("{name}: {what}\n{before:#?}\n{after:#?}"));
    match before.verdict {
        Verdict::Decided if before.force == Some(banfa::eval::Force::May) => {
            if !matches!(after.verdict, Verdict::Decided | Verdict::Silent) || after.mask != 0 {
                return fail("only options, and then more");
            }
        }
        Verdict::Decided => {
            let same = after.verdict == Verdict::Decided
                && (after.mask, after.value) == (before.mask, before.value)
                && sets(after) == sets(before);
            if !same {
                return fail("decided otherwise");
            }
        }
        Verdict::Silent => {
            let options = after.force == Some(banfa::eval::Force::May);
            if after.verdict != Verdict::Silent && !options {
                return fail("silent, and then not");
            }
        }
        Verdict::Conflict | Verdict::Inapplicable => {
            if after.verdict != before.verdict {
                return fail("in conflict or inapplicable, and then not");
            }
        }
        Verdict::Pending => {
            // A value that was 不明 may turn out 不适用, and then its provision does not apply.
            let by_value = ["罚金", "期末", "归还"].contains(&name.as_str());
            if after.verdict == Verdict::Silent && !before.may_be_silent && !by_value {
                return fail("silent unforeseen");
            }
            // Two provisions that are both open may yet contradict each other; 候选 lists what single ones lead to.
            let masks = after.choices.iter().fold(after.mask, |m, c| m | c.mask);
            let known = before.choices.iter().fold(before.candidates | before.mask, |m, c| m | c.mask);
            let of_mask = before.candidates != 0 || before.mask != 0;
            if after.verdict == Verdict::Decided && of_mask && masks & !known != 0 {
                return fail("a value that was no candidate");
            }
            if after.verdict == Verdict::Decided && before.mask & !masks != 0 {
                return fail("a member that was certain is gone");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: rounds(150), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_facts_never_change_what_is_decided(
        law in prop::collection::vec(any::<u16>(), 0..300),
        facts in prop::collection::vec(any::<u16>(), 240),
        date in any::<bool>(),
    ) {
        let text = policy(&mut Dice { numbers: &law, at: 0 });
        // Some laws are rightly refused: 可以 依照 an article that only forbids.
        let Ok(mut compiled) = compile(&text) else { return Err(TestCaseError::reject("refused")) };
        let mut dice = Dice { numbers: &facts, at: 0 };
        for _ in 0..3 {
            let mut less = case(&mut dice);
            let mut before = findings(&mut compiled, &less, date);
            for _ in 0..2 {
                let more = refine(&mut dice, &less);
                let after = findings(&mut compiled, &more, date);
                for finding in &before {
                    let same = |f: &&Finding| (f.conclusion, f.row) == (finding.conclusion, finding.row);
                    let Some(later) = after.iter().find(same) else { continue };
                    if let Err(reason) = check_refined(&compiled, finding, later) {
                        return Err(TestCaseError::fail(format!(
                            "{reason}\n{text}\n{}\n{}", Value::Object(less), Value::Object(more)
                        )));
                    }
                }
                (less, before) = (more, after);
            }
        }
        descriptions(&mut compiled);
    }
}
