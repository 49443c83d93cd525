//! What is decided with facts 不明 stays so however they turn out: small random policies, every case with unknown
//! facts against every completion of it.
use banfa::diag::Diagnostic;
use banfa::eval::{Finding, Force, Verdict};
use banfa::policy::Policy;
use std::fmt::Write as _;
use std::path::Path;

const FACTS: [&str; 4] = ["子", "丑", "寅", "卯"];
const VALUES: [&str; 3] = ["红", "黄", "蓝"];
const NUMERALS: [&str; 5] = ["一", "二", "三", "四", "五"];
const ANSWERS: [&str; 3] = ["是", "否", "不明"];

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn values(&mut self, joined: &str) -> String {
        let first = self.roll(3);
        if self.roll(3) > 0 {
            return VALUES[first].to_owned();
        }
        [VALUES[first], VALUES[(first + 1) % 3]].join(joined)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Bool,
    Enum,
    Multi,
    Number,
}

/// One rule a fact, some above others, and a conclusion that reads the first.
fn policy(dice: &mut Dice, kind: Kind, facts: usize) -> String {
    let defaulted = dice.roll(2) == 0;
    let (ty, default) = match kind {
        Kind::Bool => ("是否", "，默认 否"),
        Kind::Enum => ("为 红、黄、蓝 之一", "，默认 红"),
        Kind::Multi => ("多选 红、黄、蓝", "，默认 红"),
        Kind::Number => ("整数", "，默认 1"),
    };
    let mut out = "规则「随机」\n事实 事项：\n".to_owned();
    for fact in &FACTS[..facts] {
        let _ = writeln!(out, "  {fact} 是否");
    }
    let _ = writeln!(
        out,
        "结论 事项：\n  结果 {ty}{}\n  后果 是否，默认 否",
        if defaulted { default } else { "" }
    );
    for n in 0..facts {
        let mode = ["应当", "应当", "不得", "可以"][dice.roll(4)];
        let gives = match kind {
            Kind::Bool => format!("{mode} 为 {}", ANSWERS[dice.roll(2)]),
            Kind::Enum => format!("{mode} 为 {}", dice.values(" 或者 ")),
            Kind::Multi => format!("{mode} 包括 {}", dice.values("、")),
            Kind::Number => format!("应当 为 {}", 1 + dice.roll(2)),
        };
        let _ = writeln!(out, "第{}条「略。」\n  {} 的，结果 {gives}。", NUMERALS[n], FACTS[n]);
        for lower in &NUMERALS[..n] {
            if dice.roll(3) == 0 {
                let _ = writeln!(out, "  本条 优先于 第{lower}条。");
            }
        }
    }
    let reads = match kind {
        Kind::Bool => "结果 为 是",
        Kind::Enum => "结果 为 黄",
        Kind::Multi => "结果 包括 黄",
        Kind::Number => "结果 等于 2",
    };
    let _ = writeln!(out, "第{}条「略。」\n  {reads} 的，后果 应当 为 是。", NUMERALS[facts]);
    out
}

/// All cases, each fact 是, 否 or 不明; the index in base three tells which.
fn cases(facts: usize) -> String {
    let mut out = String::new();
    for n in 0..3usize.pow(u32::try_from(facts).unwrap()) {
        let given: Vec<String> =
            (0..facts).map(|i| format!("{}: {}", FACTS[i], ANSWERS[digit(n, i)])).collect();
        let _ = writeln!(out, "---\n事项: {{ {} }}", given.join(", "));
    }
    out
}

fn digit(n: usize, place: usize) -> usize {
    n / 3usize.pow(u32::try_from(place).unwrap()) % 3
}

fn completes(whole: usize, part: usize, facts: usize) -> bool {
    (0..facts).all(|i| digit(whole, i) != 2 && (digit(part, i) == 2 || digit(part, i) == digit(whole, i)))
}

/// Whether `part` leaves room for `whole`.
fn allows(part: &Finding, whole: &Finding) -> bool {
    let chosen = |f: &Finding| f.choices.iter().fold(f.mask, |mask, choice| mask | choice.mask);
    let only_options = |f: &Finding| f.force == Some(Force::May);
    let silent = whole.verdict == Verdict::Silent || only_options(whole);
    match part.verdict {
        Verdict::Decided if only_options(part) => silent,
        Verdict::Silent => silent,
        Verdict::Decided => {
            whole.verdict == Verdict::Decided
                && !only_options(whole)
                && part.mask == whole.mask
                && part.value == whole.value
                && chosen(part) == chosen(whole)
        }
        Verdict::Conflict | Verdict::Inapplicable => whole.verdict == part.verdict,
        Verdict::Pending => match whole.verdict {
            // Whether two provisions in doubt can both apply, facts that hang together may exclude.
            Verdict::Conflict => true,
            _ if silent => part.may_be_silent,
            Verdict::Decided => chosen(whole) & !(part.candidates | chosen(part)) == 0,
            // It reads a conclusion that provisions contradict each other on.
            Verdict::Pending => true,
            Verdict::Silent | Verdict::Inapplicable => false,
        },
    }
}

#[test]
fn no_completion_contradicts_what_was_found() {
    let load = |_: &Path| -> Result<String, Diagnostic> { Err(Diagnostic::error("B0801", "没有文件")) };
    let mut dice = Dice(20_260_302);
    for round in 0..160 {
        let kind = [Kind::Enum, Kind::Bool, Kind::Multi, Kind::Number][round % 4];
        let facts = 2 + dice.roll(2) + usize::from(round % 10 == 0);
        let text = policy(&mut dice, kind, facts);
        let mut policy =
            Policy::from_text("随机.banfa", &text, &load).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let (files, found) = policy.try_cases(Path::new("随机.yaml"), &cases(facts), None);
        assert!(found.is_empty(), "{found:?}\n{text}");
        let results: Vec<Vec<Finding>> =
            files.iter().map(|file| policy.run(&file.case, None).findings).collect();
        for (part, found) in results.iter().enumerate() {
            for (whole, outcome) in results.iter().enumerate().filter(|(n, _)| completes(*n, part, facts)) {
                for (p, w) in found.iter().zip(outcome) {
                    assert!(allows(p, w), "case {part}, completion {whole}\n{text}\n{p:#?}\n{w:#?}");
                }
            }
        }
    }
}
