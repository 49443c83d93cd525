//! Whether time grows no faster than what there is to do: many cases, many provisions.
use crate::evaluate::CHAPTER;
use crate::floors::{best, float, head, nanos, row};
use crate::made::{Maker, Mix};
use crate::packed::{Law, Packed, WINDOW};
use crate::session::{job, usual};
use banfa::Case;
use banfa::base::numeral::to_chinese;
use banfa::batch::Session;
use banfa::policy::Policy;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Ten thousand cases to `most`, made while they are taken in.
pub fn cases(most: usize) {
    head(
        "案件增多：责任追究章，不明 5 %，一个线程，案件边造边认定（不计造案），一万件为下限",
        &["案件", "求值纳秒/案", "比一万件", "案件到结果列纳秒/案", "这一段纳秒/案", "比一万件", "内存 MB"],
    );
    let law = Law::read(CHAPTER);
    let (hir, mix) = (&law.policy.program().hir, Mix::EVEN.open(0.05));
    let mut blocks = Packed::new(&law, mix, 40 * WINDOW, |_| {});
    blocks.forget_rows();
    let layout = usual(&law);
    let mut session = Session::new(job(&law, &layout));
    let mut maker = Maker::new(hir, mix);
    let mut taken = Duration::ZERO;
    let (mut done, mut last, mut first) = (0, 0.0, None);
    let sizes = std::iter::successors(Some(10_000), |n| Some(n * 10)).take_while(|n| *n <= most);
    for size in sizes {
        let before = done;
        while done < size {
            let window: Vec<Case> = (0..WINDOW.min(size - done)).map(|_| maker.case()).collect();
            let start = Instant::now();
            for (n, case) in (done as u64 + 1..).zip(&window) {
                session.push(n, case);
            }
            black_box(session.finish());
            taken += start.elapsed();
            done += window.len();
        }
        let evaluated = evaluated(&law, &blocks, size);
        let (all, part) = (nanos(size, taken.as_secs_f64()), taken.as_secs_f64() - last);
        last = taken.as_secs_f64();
        let (shortest, whole) = *first.get_or_insert((evaluated, all));
        row(&[
            size.to_string(),
            format!("{evaluated:.2}"),
            format!("{:.2}", evaluated / shortest),
            format!("{all:.0}"),
            format!("{:.0}", nanos(size - before, part)),
            format!("{:.2}", all / whole),
            memory(),
        ]);
    }
}

/// Nanoseconds a case for so many, the blocks there are again and again.
fn evaluated(law: &Law, packed: &Packed, size: usize) -> f64 {
    let part = packed.window(size.div_ceil(512).min(packed.blocks.len()));
    let times = size.div_ceil(part.cases);
    let rounds = if times > 20 { 1 } else { 20 };
    let [took] = best(rounds, [&mut || (0..times).for_each(|_| part.run(law, 1))]);
    nanos(times * part.cases, took)
}

/// What the process holds, where that is told.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.map_or_else(String::new, |k| format!("{}", k / 1024))
}

/// Ten provisions to a thousand.
pub fn provisions(rounds: usize) {
    head(
        "条文增多：生成的办法，每条三个条件、一项后果，与条文同样多的是否事实，块在缓存中；十条为下限",
        &[
            "条",
            "不明",
            "编译办法",
            "编译成列式计划",
            "微秒/条",
            "指令",
            "求值纳秒/案",
            "纳秒/案/条",
            "比十条",
            "字节/案",
        ],
    );
    for open in [0.0, 0.05] {
        let mut least = None;
        for count in [10, 100, 1_000] {
            let text = generated(count);
            let read = || Policy::from_text("生成.banfa", &text, &banfa::no_includes);
            let law = Law::new(read().map_err(|e| e.to_string()).expect("compiles"));
            let mix = Mix::EVEN.open(open);
            let packed = Packed::new(&law, mix, 4 * WINDOW, |_| {});
            let [compiled, planned] = best(
                5,
                [
                    &mut || {
                        black_box(read().is_ok());
                    },
                    &mut || {
                        black_box(law.plan(&packed.seen));
                    },
                ],
            );
            let few = packed.window(2);
            let [took] = best(rounds, [&mut || few.run(&law, 1)]);
            let each = nanos(few.cases, took) / float(count);
            row(&[
                count.to_string(),
                mix.share(),
                format!("{:.1?}", Duration::from_secs_f64(compiled)),
                format!("{:.1?}", Duration::from_secs_f64(planned)),
                format!("{:.1}", planned * 1e6 / float(count)),
                packed.plan.instrs.len().to_string(),
                format!("{:.2}", nanos(few.cases, took)),
                format!("{each:.3}"),
                format!("{:.2}", each / *least.get_or_insert(each)),
                format!("{:.0}", float(packed.bytes()) / float(packed.cases)),
            ]);
        }
    }
}

/// A law of so many articles on as many facts, ten articles for a conclusion.
fn generated(count: usize) -> String {
    let mut text = String::from("办法「生成的办法」\n\n事实 案件：\n");
    for n in 0..count {
        let _ = writeln!(text, "  情况{n} 是否");
    }
    let conclusions = count / 10;
    text.push_str("\n结论 案件：\n");
    for n in 0..conclusions {
        let _ = writeln!(text, "  结果{n} 为 甲、乙 之一，默认 甲");
    }
    for n in 1..=count {
        let (a, b, c) = (n % count, (n * 7 + 1) % count, (n * 13 + 2) % count);
        let _ = write!(
            text,
            "\n第{number}条「第{n}号规定」\n  情况{a} 且 （情况{b} 或者 未 情况{c}） 的，结果{} 应当 为 乙。\n",
            n % conclusions,
            number = to_chinese(n as u64),
        );
    }
    text
}
