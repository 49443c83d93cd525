//! Evaluation alone of the chapter and of the whole law it is taken from, by one thread and by two.
use crate::evaluate::CHAPTER;
use crate::floors::{Memory, best, float, head, millions, nanos, row};
use crate::made::Mix;
use crate::packed::{Law, Packed};
use banfa::batch::wide::exec::Machine;

/// The whole law.
pub const WHOLE: &str = "policies/贵州省行政执法过错责任追究办法/办法.banfa";

/// Both laws, without and with 不明, in cache and in memory.
pub fn both(count: usize, rounds: usize) {
    let memory = Memory::new();
    head(
        "求值：一章与整部办法，列在内存中；同样多的字节读一遍为下限",
        &[
            "办法",
            "规定",
            "规则",
            "后果",
            "不明",
            "指令",
            "字节/案",
            "缓存百万案/秒",
            "内存百万案/秒",
            "纳秒/案",
            "纳秒/案/规则",
            "读一遍纳秒/案",
            "倍数",
            "两线程百万案/秒",
            "两线程比一线程",
        ],
    );
    for (name, path, count) in [("第三章", CHAPTER, count), ("整部", WHOLE, count / 2)] {
        let law = Law::read(path);
        for mix in [Mix::EVEN, Mix::EVEN.open(0.05)] {
            measure(name, &law, &memory, mix, (count, rounds));
        }
    }
}

fn measure(name: &str, law: &Law, memory: &Memory, mix: Mix, (count, rounds): (usize, usize)) {
    let program = law.policy.program();
    let mut packed = Packed::new(law, mix, count, |_| {});
    packed.forget_rows();
    let few = packed.window(8);
    let mut machine = Machine::default();
    let [cached] = best(rounds, [&mut || few.run_on(law, &mut machine)]);
    let passes = (rounds / 100).clamp(3, 9);
    let [one, read] = best(passes, [&mut || packed.run(law, 1), &mut || memory.read()]);
    // Runs of a few milliseconds: both processors are free for as long as that, sooner or later.
    let some = packed.window(packed.blocks.len().min(512));
    let [alone, two] = best(rounds.min(300), [&mut || some.run(law, 1), &mut || some.run(law, 2)]);
    let floor = read / memory.bytes() * float(packed.bytes());
    let rules = program.hir.rules.len();
    row(&[
        name.to_owned(),
        program.hir.provisions.len().to_string(),
        rules.to_string(),
        program.entries.len().to_string(),
        mix.share(),
        packed.plan.instrs.len().to_string(),
        format!("{:.0}", float(packed.bytes()) / float(packed.cases)),
        format!("{:.1}", millions(few.cases, cached)),
        format!("{:.1}", millions(packed.cases, one)),
        format!("{:.2}", nanos(packed.cases, one)),
        format!("{:.3}", nanos(packed.cases, one) / float(rules)),
        format!("{:.2}", nanos(packed.cases, floor)),
        format!("{:.1}", one / floor),
        format!("{:.1}", millions(some.cases, two)),
        format!("{:.2}", alone / two),
    ]);
}
