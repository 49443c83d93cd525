//! The columnar engine against the interpreter, register by register and cell by cell: on the bundled laws, on every
//! construct of the language, on random laws with cases made for them. `BANFA_LAWS=2000` compares many more.
#[path = "support/laws/mod.rs"]
mod laws;
use banfa::batch::wide::block::pack;
use banfa::batch::wide::compile::{Asked, compile};
use banfa::batch::wide::exec::{Machine, World};
use banfa::batch::wide::frame::Seen;
use banfa::batch::wide::plane::LANES;
use banfa::batch::{Cells, Chunk, Job, Layout, OneByOne, Part, Session, Wanted};
use banfa::eval::{Env, Evaluation, Record};
use banfa::generate::{Generator, Options};
use banfa::hir::Slot;
use banfa::hir::{ConclusionId, EntityId};
use banfa::ir::{Flow, Gives};
use banfa::policy::Policy;
use banfa::{Case, Val};
use std::path::{Path, PathBuf};

/// Everything that a result is made of: all guards, all values of consequences, all conclusions.
fn everything(policy: &Policy) -> Asked {
    let program = policy.program();
    let mut asked = Asked::default();
    for (n, conclusion) in program.hir.conclusions.iter().enumerate() {
        asked.conclusions.push(ConclusionId(u32::try_from(n).unwrap()));
        let decision = &program.decisions[n];
        for entry in decision.entries.of(&program.entries) {
            asked.truths.push((conclusion.entity, entry.guard));
            match entry.gives {
                Gives::Mask(..) => {}
                Gives::Value(v) => asked.values.push((conclusion.entity, v)),
                Gives::Duty { deadline, performed } => {
                    asked.values.push((conclusion.entity, deadline));
                    asked.values.push((conclusion.entity, performed));
                }
            }
        }
    }
    for (n, guard) in program.guards.iter().enumerate() {
        asked.truths.push((program.hir.rules[n].entity, *guard));
    }
    asked
}

/// Texts are numbered by case here, by block there: compared as what they say.
fn said(val: Val, texts: &[&[String]]) -> Result<Val, String> {
    let Val::Text(n) = val else { return Ok(val) };
    let mut at = n as usize;
    for list in texts {
        match list.get(at) {
            Some(text) => return Err(text.clone()),
            None => at -= list.len(),
        }
    }
    Err("?".to_owned())
}

/// Compares all registers asked for, for blocks of at most `width` cases; gives how many were compared.
fn compare(policy: &Policy, cases: &[&Case], width: usize, mut seen: Seen, what: &str) -> usize {
    let program = policy.program();
    let flow = Flow::new(program);
    let asked = everything(policy);
    let mut plan = compile(program, &flow, &seen, &asked);
    let mut machine = Machine::default();
    let mut run = Evaluation::new();
    let world = World { program, calendar: policy.calendar() };
    let mut compared = 0;
    for some in cases.chunks(width) {
        let block = loop {
            let block =
                match pack(&program.hir, &plan.frames, &seen, some, None, plan.texts, usize::MAX).unwrap() {
                    Ok(block) => block,
                    Err(narrow) => {
                        seen = narrow.0;
                        plan = compile(program, &flow, &seen, &asked);
                        continue;
                    }
                };
            match machine.run(world, &plan, &block) {
                Ok(()) => break block,
                Err(surprised) => {
                    surprised.0.iter().for_each(|c| seen.clashes[c.index()] = true);
                    plan = compile(program, &flow, &seen, &asked);
                }
            }
        };
        for (lane, case) in some.iter().enumerate() {
            run.run(program, case, &Env { calendar: policy.calendar(), date: None });
            let same = |wide: Val, one: Val| {
                let (wide, one) =
                    (said(wide, &[&block.texts]), said(one, &[&case.texts, &program.hir.texts]));
                if wide == one { Ok(()) } else { Err((wide, one)) }
            };
            let scope = plan.applicable.map(|c| machine.asked_truth(&block, c, 0, lane));
            assert_eq!(scope, run.applicable(), "{what}, {}", case.name);
            let node = |e: EntityId, row: u32| block.places.rows(lane, e.index())[row as usize];
            for (n, conclusion) in program.hir.conclusions.iter().enumerate() {
                let id = ConclusionId(u32::try_from(n).unwrap());
                for row in 0..run.rows(conclusion.entity) {
                    let wide = machine.conclusion(&plan, &block, id, node(conclusion.entity, row), lane);
                    let one = run.record(program, id, row);
                    assert_eq!(same(wide.value, one.value), Ok(()), "{what}: {} {row}", conclusion.name);
                    let (wide, one) = (Record { value: Val::Na, ..wide }, Record { value: Val::Na, ..one });
                    assert_eq!(wide, one, "{what}, {}: {} {row}", case.name, conclusion.name);
                    compared += 1;
                }
            }
            for ((entity, t), cond) in asked.truths.iter().zip(&plan.truths) {
                for row in 0..run.rows(*entity) {
                    let wide = machine.asked_truth(&block, cond.unwrap(), node(*entity, row), lane);
                    let one = run.truth(*entity, row, *t);
                    assert_eq!(wide, one, "{what}, {}: {t:?} of {entity:?} {row}", case.name);
                    compared += 1;
                }
            }
            for ((entity, v), value) in asked.values.iter().zip(&plan.values) {
                for row in 0..run.rows(*entity) {
                    let value = value.as_ref().unwrap();
                    let wide = machine.asked_value(&block, value, node(*entity, row), lane);
                    let one = run.value(*entity, row, *v);
                    assert_eq!(same(wide, one), Ok(()), "{what}: {v:?} of {entity:?} {row}");
                    compared += 1;
                }
            }
        }
    }
    compared
}

/// The same rows and texts, whatever the codes.
fn resolved(chunk: &Chunk) -> Vec<Vec<Vec<Option<String>>>> {
    let column = |cells: &Cells| match cells {
        Cells::Numbers(cells) => cells.iter().map(|n| Some(n.to_string())).collect(),
        Cells::Texts(cells) => cells.iter().map(|c| chunk.text(*c).map(str::to_owned)).collect(),
    };
    chunk.tables.iter().map(|t| t.columns.iter().map(column).collect()).collect()
}

/// Compares all cells that a run can give.
fn compare_cells(policy: &Policy, cases: &[&Case], what: &str) {
    let program = policy.program();
    let all = |c: &banfa::hir::Conclusion| Part::ALL.map(|p| format!("{}（{}）", c.name, p.word()));
    let mut select: Vec<String> = program.hir.conclusions.iter().map(|c| c.name.clone()).collect();
    select.extend(program.hir.conclusions.iter().flat_map(all).filter(|name| !name.ends_with("（）")));
    let scalar = program.hir.facts.iter().filter(|f| !matches!(f.slot, Slot::Child(_)));
    let keep: Vec<String> = scalar.map(|f| f.name.clone()).collect();
    for waiting in [false, true] {
        let select: Vec<String> =
            select.iter().filter(|s| waiting || !s.ends_with("（待查事实）")).cloned().collect();
        let wanted = Wanted { select, keep: keep.clone(), waiting };
        let layout = Layout::new(&program.hir, &wanted).unwrap();
        let (sources, calendar) = (policy.sources(), policy.calendar());
        let job = Job { program, sources, calendar, date: None, layout: &layout };
        let mut reference = OneByOne::new(job);
        for (n, case) in (1..).zip(cases) {
            reference.push(n, case);
        }
        let expected = reference.finish();
        for width in [LANES, 7, 1] {
            let mut session = Session::with_blocks(job, width);
            for _ in 0..2 {
                for (n, case) in (1..).zip(cases) {
                    session.push(n, case);
                }
                let found = session.finish();
                for (table, (a, b)) in
                    layout.tables.iter().zip(resolved(&found).iter().zip(&resolved(&expected)))
                {
                    for (column, (a, b)) in table.columns.iter().zip(a.iter().zip(b)) {
                        let differ = a.iter().zip(b).position(|(a, b)| a != b);
                        if let Some(row) = differ {
                            panic!("{what} {width}: {} {row}: {:?} ≠ {:?}", column.name, a[row], b[row]);
                        }
                        assert_eq!(a.len(), b.len());
                    }
                }
                assert_eq!(found.counts, expected.counts, "{what} {width}");
                let offsets =
                    |c: &Chunk| c.tables.iter().map(|t| (t.len, t.offsets.clone())).collect::<Vec<_>>();
                assert_eq!(offsets(&found), offsets(&expected), "{what} {width}");
            }
        }
    }
}

fn below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(path: &Path, cases: &[PathBuf]) -> usize {
    let Ok(mut policy) = Policy::from_path(path) else { return 0 };
    let mut read: Vec<Case> = Vec::new();
    for case in cases {
        let Ok(text) = std::fs::read_to_string(case) else { continue };
        read.extend(policy.try_cases(case, &text, None).0.into_iter().map(|c| c.case));
    }
    let cases: Vec<&Case> = read.iter().collect();
    let (what, hir) = (path.display().to_string(), &policy.program().hir);
    let mut compared = 0;
    for width in [LANES, 7, 1] {
        compared += compare(&policy, &cases, width, Seen::new(hir), &what);
    }
    compare_cells(&policy, &cases, &what);
    compared + compare(&policy, &cases, LANES, Seen::all(hir), &what)
}

#[test]
fn bundled_laws() {
    let mut compared = 0;
    for path in below(&root().join("policies"), "banfa") {
        let folder = path.parent().unwrap().join("案例");
        if folder.is_dir() {
            compared += check(&path, &below(&folder, "yaml"));
        }
    }
    assert!(compared > 100_000, "{compared}");
}

#[test]
fn every_construct() {
    let mut compared = 0;
    for path in below(&root().join("tests/cases/ok"), "banfa") {
        let case = path.with_extension("yaml");
        if case.is_file() {
            compared += check(&path, &[case]);
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// The number of an environment variable, or what serves every day.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// Cases of different kinds for a law: all known, some 不明, some 不适用, long lists.
fn made(policy: &Policy, seed: u64, count: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (unknown, inapplicable, members) in
        [(0, 0, (0, 3)), (150, 0, (1, 2)), (80, 40, (0, 2)), (400, 100, (0, 5))]
    {
        let options = Options { seed, unknown, inapplicable, members, ..Options::default() };
        let generator = Generator::new(policy.program(), policy.calendar(), options);
        cases.extend((0..count).map(|n| generator.case(n)));
    }
    cases
}

#[test]
fn random_laws() {
    let (count, cases, mut compared) = (number("BANFA_LAWS", 10), number("BANFA_CASES", 20), 0);
    let first = number("BANFA_SEED", 1);
    for seed in first..first + count {
        let (text, policy) = laws::compiled_law(seed, 12);
        let made = made(&policy, seed, cases);
        let cases: Vec<&Case> = made.iter().collect();
        let what = format!("seed {seed}\n{text}");
        let hir = &policy.program().hir;
        compared += compare(&policy, &cases, LANES, Seen::new(hir), &what);
        compared += compare(&policy, &cases, 5, Seen::new(hir), &what);
        compared += compare(&policy, &cases, LANES, Seen::all(hir), &what);
        compare_cells(&policy, &cases, &what);
    }
    println!("{compared} registers compared");
    assert!(compared > 20_000, "{compared}");
}

#[test]
fn made_cases_of_the_bundled_laws() {
    let mut compared = 0;
    for path in below(&root().join("policies"), "banfa") {
        if !path.parent().unwrap().join("案例").is_dir() {
            continue;
        }
        let policy = Policy::from_path(&path).unwrap();
        let made = made(&policy, 3, number("BANFA_CASES", 20));
        let cases: Vec<&Case> = made.iter().collect();
        compared += compare(&policy, &cases, LANES, Seen::new(&policy.program().hir), "bundled");
        compare_cells(&policy, &cases, "bundled");
    }
    println!("{compared} registers compared");
    assert!(compared > 20_000, "{compared}");
}
