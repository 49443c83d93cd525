//! How many cases a second the columnar engine evaluates. `cargo bench --bench columns`.
use banfa::batch::wide::block::{Block, pack};
use banfa::batch::wide::compile::{Asked, compile};
use banfa::batch::wide::exec::{Machine, World};
use banfa::batch::wide::frame::Seen;
use banfa::batch::wide::plan::Plan;
use banfa::facts::{Children, Table};
use banfa::hir::{ConclusionId, Slot, Type};
use banfa::ir::Flow;
use banfa::policy::Policy;
use banfa::{Case, Date, Truth, Val};
use fastrand::Rng;
use std::path::Path;
use std::time::Instant;

fn case(policy: &Policy, rng: &mut Rng, unknown: f32) -> Case {
    let hir = &policy.program().hir;
    let mut case = Case { tables: vec![Table::default(); hir.entities.len()], ..Case::default() };
    for (id, entity) in hir.entities.iter().enumerate() {
        let mut parents = Vec::new();
        if let Some((parent, list)) = entity.parent {
            let stride = hir.entities[parent.index()].child_slots as usize;
            let Slot::Child(slot) = hir.facts[list.index()].slot else { continue };
            for row in 0..case.tables[parent.index()].rows {
                let count = match entity.name.as_str() {
                    "人员" => 3,
                    "前次过错" => [0, 0, 0, 1, 2][rng.usize(..5)],
                    _ => 1,
                };
                let start = u32::try_from(parents.len()).unwrap();
                parents.extend((0..count).map(|_| row));
                let at = row as usize * stride + slot as usize;
                case.tables[parent.index()].children[at] = Children::Rows(start, start + count);
            }
        } else {
            parents.push(0);
        }
        let rows = parents.len();
        let mut table = Table {
            rows: u32::try_from(rows).unwrap(),
            parent: if entity.parent.is_some() { parents } else { Vec::new() },
            truth: vec![Truth::Unknown; rows * entity.truth_slots as usize],
            assumed: vec![false; rows * entity.truth_slots as usize],
            values: vec![Val::Unknown; rows * entity.value_slots as usize],
            children: vec![Children::Rows(0, 0); rows * entity.child_slots as usize],
        };
        for row in 0..rows {
            for fact in entity.facts.iter().map(|f| &hir.facts[f.index()]) {
                let open = rng.f32() < unknown;
                match fact.slot {
                    Slot::Truth(slot) => {
                        let t = if open { Truth::Unknown } else { Truth::from(rng.f32() < 0.3) };
                        table.truth[row * entity.truth_slots as usize + slot as usize] = t;
                    }
                    Slot::Value(slot) => {
                        let v = match &fact.ty {
                            _ if open => Val::Unknown,
                            Type::Enum(e) => Val::Mask(1 << rng.usize(..hir.enums[e.index()].values.len())),
                            Type::Multi(e) => Val::Mask(1 << rng.usize(..hir.enums[e.index()].values.len())),
                            Type::Date => Val::Date(Date(20_000 + rng.i32(0..700))),
                            Type::Period => {
                                Val::Period(banfa::base::Period::of_days([15, 20, 30, 60][rng.usize(..4)]))
                            }
                            Type::Int(_) => Val::Int(rng.i64(0..5)),
                            _ => Val::Unknown,
                        };
                        table.values[row * entity.value_slots as usize + slot as usize] = v;
                    }
                    Slot::Child(_) => {}
                }
            }
        }
        case.tables[id] = table;
    }
    case
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (what, path) in [
        ("第三章", root.join("benches/责任追究章.banfa")),
        ("整部办法", root.join("policies/贵州省行政执法过错责任追究办法/办法.banfa")),
    ] {
        let policy = Policy::from_path(&path).map_err(|e| e.to_string()).expect("compiles");
        for unknown in [0.0, 0.05] {
            measure(&policy, what, unknown);
        }
    }
}

fn measure(policy: &Policy, what: &str, unknown: f32) {
    let program = policy.program();
    let flow = Flow::new(program);
    let mut rng = Rng::with_seed(7);
    let mut seen = Seen::new(&program.hir);
    let mut asked = Asked::default();
    for (n, conclusion) in program.hir.conclusions.iter().enumerate() {
        asked.conclusions.push(ConclusionId(u32::try_from(n).unwrap()));
        let decision = &program.decisions[n];
        for entry in decision.entries.of(&program.entries) {
            asked.truths.push((conclusion.entity, entry.guard));
        }
    }
    let count = 512 * 200;
    let cases: Vec<Case> = (0..count).map(|_| case(policy, &mut rng, unknown)).collect();
    let start = Instant::now();
    let (plan, blocks): (Plan, Vec<Block>) = loop {
        let plan = compile(program, &flow, &seen, &asked);
        let mut blocks = Vec::new();
        let mut narrow = None;
        let mut groups: Vec<Vec<&Case>> = Vec::new();
        for window in cases.chunks(4096) {
            let order = banfa::batch::wide::block::arrange(window.iter(), usize::MAX);
            groups.extend(order.chunks(512).map(|g| g.iter().map(|n| &window[*n]).collect()));
        }
        for some in groups {
            match pack(&program.hir, &plan.frames, &seen, &some, None, plan.texts, usize::MAX).unwrap() {
                Ok(block) => blocks.push(block),
                Err(n) => {
                    narrow = Some(n.0);
                    break;
                }
            }
        }
        match narrow {
            Some(n) => seen = n,
            None => break (plan, blocks),
        }
    };
    let packing = start.elapsed();
    let world = World { program, calendar: policy.calendar() };
    let mut machine = Machine::default();
    let mut plan = plan;
    for block in &blocks {
        while let Err(surprised) = machine.run(world, &plan, block) {
            for c in surprised.0 {
                seen.clashes[c.index()] = true;
            }
            plan = compile(program, &flow, &seen, &asked);
        }
    }
    let rows: usize = plan.rooms.iter().map(|r| r.planes as usize).sum();
    println!(
        "{what} 不明{unknown}: 指令 {}，操作数 {}，面 {rows}，惊 {}；装 {:.0} 万/秒",
        plan.instrs.len(),
        plan.operands.len(),
        seen.clashes.iter().filter(|c| **c).count(),
        f64::from(count) / packing.as_secs_f64() / 1e4
    );
    let mut kinds = std::collections::BTreeMap::<(usize, String), usize>::new();
    for step in &plan.steps {
        for i in &plan.instrs[step.instrs.start as usize..step.instrs.end as usize] {
            let name = format!("{i:?}");
            let name = name.split(['(', ' ']).next().unwrap_or_default().to_owned();
            *kinds.entry((step.entity, name)).or_default() += 1;
        }
    }
    println!("{kinds:?}");
    let tree = &blocks[0].tree;
    let nodes: Vec<usize> = (0..plan.rooms.len()).map(|e| tree.nodes(e).len()).collect();
    println!("nodes {nodes:?} rooms {:?}", plan.rooms.iter().map(|r| r.planes).collect::<Vec<_>>());
    for (name, some) in [("内存", &blocks[..]), ("缓存", &blocks[..1])] {
        let mut best = f64::MAX;
        for _ in 0..if some.len() == 1 { 20_000 } else { 40 } {
            let start = Instant::now();
            let mut n = 0;
            {
                for block in some {
                    let _ = machine.run(world, &plan, block);
                    n += block.count;
                }
            }
            best = best.min(start.elapsed().as_secs_f64() / n as f64);
        }
        println!("  {name}: {:.1} 百万/秒 ({:.2} 纳秒)", 1e-6 / best, best * 1e9);
    }
}
