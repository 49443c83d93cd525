//! Evaluation alone, one core: blocks in the cache, columns in memory; against the same by hand and the speed of memory.
use crate::by_hand::{known, open};
use crate::check::{ByHand, Known, Open, check};
use crate::floors::{Memory, best, float, head, millions, nanos, row};
use crate::made::Mix;
use crate::packed::{Law, Packed, WINDOW};
use banfa::Case;
use banfa::batch::wide::exec::Machine;
use banfa::batch::wide::plan::Instr;
use banfa::batch::wide::plane::LANES;
use banfa::hir::Hir;
use std::collections::BTreeMap;
use std::hint::black_box;

/// The chapter.
pub const CHAPTER: &str = "benches/batch/责任追究章.banfa";

/// What evaluating the chapter takes.
pub fn chapter(count: usize, rounds: usize) {
    let law = Law::read(CHAPTER);
    let hir = &law.policy.program().hir;
    known::Case::check(hir);
    open::Case::check(hir);
    let memory = Memory::new();
    head(
        "求值：责任追究章，一个核心，手写程序为下限",
        &[
            "案件",
            "不明",
            "何处",
            "百万案/秒",
            "纳秒/案",
            "手写百万案/秒",
            "手写纳秒/案",
            "快几倍",
            "字节/案",
            "GB/秒",
            "读内存GB/秒",
            "占读内存",
        ],
    );
    for mix in [Mix::EVEN, Mix::FAULTS] {
        let mut found = known::Found::default();
        measure::<Known>(&law, &memory, mix, (count, rounds), known::Case::new, |cases| {
            for case in cases {
                known::judge(case, &mut found);
                black_box(&found);
            }
        });
        let mut found = open::Found::default();
        let mix = mix.open(0.05);
        measure::<Open>(&law, &memory, mix, (count, rounds), open::Case::new, |cases| {
            for case in cases {
                open::judge(case, &mut found);
                black_box(&found);
            }
        });
    }
}

fn measure<H: ByHand>(
    law: &Law,
    memory: &Memory,
    mix: Mix,
    (count, rounds): (usize, usize),
    take: impl Fn(&Hir, &Case) -> H::Case,
    mut judge: impl FnMut(&[H::Case]),
) {
    let hir = &law.policy.program().hir;
    let mut by_hand: Vec<H::Case> = Vec::new();
    let mut packed = Packed::new(law, mix, count, |case| by_hand.push(take(hir, case)));
    let [rows, liable, pending] = check::<H>(law, &packed, &by_hand);
    packed.forget_rows();
    let (world, plan) = (law.world(), &packed.plan);
    let mut machine = Machine::default();
    // One block again and again: the mean of those of one window, shorter and longer lists.
    let mut sums = [0.0; 2];
    for (block, cases) in packed.blocks[..WINDOW / LANES].iter().zip(by_hand.chunks(LANES)) {
        let mut engine = || {
            let _ = black_box(machine.run(world, plan, black_box(block)));
        };
        let times = best(rounds, [&mut engine, &mut || judge(black_box(cases))]);
        sums.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
    }
    print(mix, "缓存", WINDOW, sums, None);
    let mut engine = || {
        for block in &packed.blocks {
            let _ = black_box(machine.run(world, plan, block));
        }
    };
    let passes = (rounds / 100).clamp(3, 9);
    let [engine, hand, read] = best(passes, [&mut engine, &mut || judge(&by_hand), &mut || memory.read()]);
    print(mix, "内存", packed.cases, [engine, hand], Some((packed.bytes(), memory.bytes() / read)));
    eprintln!(
        "（{}，不明 {}：{} 案 {rows} 行与手写逐项相同，承担 {:.1} %，有待查 {:.1} %；指令 {}）",
        mix.name,
        mix.share(),
        packed.cases,
        100.0 * float(liable) / float(rows),
        100.0 * float(pending) / float(rows),
        plan.instrs.len(),
    );
}

fn print(mix: Mix, place: &str, count: usize, [engine, hand]: [f64; 2], memory: Option<(usize, f64)>) {
    let mut cells = vec![
        mix.name.to_owned(),
        mix.share(),
        place.to_owned(),
        format!("{:.1}", millions(count, engine)),
        format!("{:.2}", nanos(count, engine)),
        format!("{:.2}", millions(count, hand)),
        format!("{:.0}", nanos(count, hand)),
        format!("{:.1}", hand / engine),
    ];
    match memory {
        Some((bytes, bandwidth)) => {
            let speed = float(bytes) / engine;
            cells.extend([
                format!("{:.0}", float(bytes) / float(count)),
                format!("{:.1}", speed / 1e9),
                format!("{:.1}", bandwidth / 1e9),
                format!("{:.0} %", 100.0 * speed / bandwidth),
            ]);
        }
        None => cells.extend(["", "", "", ""].map(str::to_owned)),
    }
    row(&cells);
}

/// The same cases again and again, for a profiler to look at; prints what a window takes.
pub fn again(path: &str, mix: Mix, count: usize, times: usize) {
    let law = Law::read(path);
    let packed = Packed::new(&law, mix, count, |_| {});
    let kinds = instructions(&packed);
    eprintln!("每块 {:.1} 行；每块执行指令：{kinds:.1?}", nodes(&packed));
    let mut machine = Machine::default();
    for _ in 0..times {
        for block in &packed.blocks {
            let _ = black_box(machine.run(law.world(), &packed.plan, black_box(block)));
        }
    }
}

/// Nodes a block.
fn nodes(packed: &Packed) -> f64 {
    let nodes: usize = packed.blocks.iter().map(|b| b.tree.len()).sum();
    float(nodes) / float(packed.blocks.len())
}

/// How many instructions of each kind, and operands of conjunctions, are carried out for a block.
fn instructions(packed: &Packed) -> BTreeMap<String, f64> {
    let mut kinds: BTreeMap<String, f64> = BTreeMap::new();
    for block in &packed.blocks {
        for step in &packed.plan.steps {
            let nodes = float(block.tree.nodes(step.entity).len()) / float(packed.blocks.len());
            for instr in &packed.plan.instrs[step.instrs.start as usize..step.instrs.end as usize] {
                let name = format!("{instr:?}");
                let name = name.split(['(', ' ']).next().unwrap_or_default().to_owned();
                if let Instr::And(_, operands) = instr {
                    *kinds.entry("And 的操作数".to_owned()).or_default() += nodes * float(operands.len());
                }
                *kinds.entry(name).or_default() += nodes;
            }
        }
    }
    kinds
}
