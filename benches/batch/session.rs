//! Cases in memory to cells in memory by one thread, and how much of that is packing and evaluating.
use crate::evaluate::CHAPTER;
use crate::floors::{best, float, head, nanos, row};
use crate::laws::WHOLE;
use crate::made::{Maker, Mix};
use crate::packed::{Law, WINDOW};
use banfa::Case;
use banfa::batch::wide::block::{arrange, pack};
use banfa::batch::wide::compile::Asked;
use banfa::batch::wide::exec::Machine;
use banfa::batch::wide::frame::Seen;
use banfa::batch::wide::plane::LANES;
use banfa::batch::{Cells, Chunk, Column, Job, Layout, Part, Session, Wanted, What};
use std::hint::black_box;

/// The default columns of a law.
pub fn usual(law: &Law) -> Layout {
    Layout::new(&law.policy.program().hir, &Wanted::default()).expect("columns")
}

/// One column: the value of one conclusion, 责任 of 人员.
pub fn one_value(law: &Law) -> Layout {
    let hir = &law.policy.program().hir;
    let mut layout = usual(law);
    let wanted = |what: What| match what {
        What::Conclusion(id, Part::Value) => {
            let of = &hir.conclusions[id.index()];
            of.name == "责任" && hir.entities[of.entity.index()].name == "人员"
        }
        What::Number | What::Member(_) => true,
        What::Conclusion(..) | What::Name | What::Fact(_) => false,
    };
    for table in &mut layout.tables {
        table.columns.retain(|c| wanted(c.what));
    }
    let concludes = |c: &Column| matches!(c.what, What::Conclusion(..));
    layout.tables.retain(|t| t.entity.index() == 0 || t.columns.iter().any(concludes));
    layout
}

/// Sessions of the whole law again and again, for a profiler to look at.
pub fn again(usually: bool, times: usize) {
    let law = Law::read(WHOLE);
    let mut maker = Maker::new(&law.policy.program().hir, Mix::EVEN.open(0.05));
    let cases: Vec<Case> = (0..2 * WINDOW).map(|_| maker.case()).collect();
    let layout = if usually { usual(&law) } else { one_value(&law) };
    let mut session = Session::new(job(&law, &layout));
    for _ in 0..times {
        for (n, case) in (1..).zip(&cases) {
            session.push(n, case);
        }
        black_box(session.finish());
    }
}

/// What a session works on.
pub fn job<'a>(law: &'a Law, layout: &'a Layout) -> Job<'a> {
    let policy = &law.policy;
    Job {
        program: policy.program(),
        sources: policy.sources(),
        calendar: policy.calendar(),
        date: None,
        layout,
    }
}

/// Both laws, all usual columns and one.
pub fn sessions(count: usize, rounds: usize) {
    head(
        "内存中由案件到结果列，一个线程；装块并求值为下限",
        &["办法", "不明", "列", "格/案", "万案/秒", "纳秒/案", "装块、求值纳秒/案", "其中求值", "倍数"],
    );
    let count = count.div_ceil(WINDOW) * WINDOW;
    for (name, path) in [("第三章", CHAPTER), ("整部", WHOLE)] {
        let law = Law::read(path);
        for mix in [Mix::EVEN, Mix::EVEN.open(0.05)] {
            let mut maker = Maker::new(&law.policy.program().hir, mix);
            let cases: Vec<Case> = (0..count).map(|_| maker.case()).collect();
            for (columns, layout) in [("通常", usual(&law)), ("一项结论的值", one_value(&law))] {
                measure(&law, &cases, &layout, [name, &mix.share(), columns], rounds);
            }
        }
    }
}

fn measure(law: &Law, cases: &[Case], layout: &Layout, names: [&str; 3], rounds: usize) {
    let mut session = Session::new(job(law, layout));
    let mut cells = 0;
    let mut words = || {
        cells = 0;
        for window in cases.chunks(2 * WINDOW) {
            for (n, case) in (1..).zip(window) {
                session.push(n, case);
            }
            cells += count(&black_box(session.finish()));
        }
    };
    let asked = asked(law, layout);
    let packer = Packer::new(law, &asked, cases);
    let mut evaluating = 0.0;
    let mut floor = || evaluating = packer.run(law, cases);
    let [took, least] = best(rounds.div_ceil(200).max(2), [&mut words, &mut floor]);
    let [name, share, columns] = names.map(str::to_owned);
    row(&[
        name,
        share,
        columns,
        format!("{:.0}", float(cells) / float(cases.len())),
        format!("{:.1}", float(cases.len()) / took / 1e4),
        format!("{:.0}", nanos(cases.len(), took)),
        format!("{:.0}", nanos(cases.len(), least)),
        format!("{:.0}", nanos(cases.len(), evaluating)),
        format!("{:.2}", took / least),
    ]);
}

fn count(chunk: &Chunk) -> usize {
    chunk.tables.iter().flat_map(|t| &t.columns).map(Cells::len).sum()
}

/// What the columns of a layout need: all of a law, less the conclusions that have none.
fn asked(law: &Law, layout: &Layout) -> Asked {
    let program = law.policy.program();
    let mut asked = law.asked.clone();
    asked.conclusions.retain(|id| layout.has(*id));
    asked.truths.clear();
    for id in &asked.conclusions {
        let entries = program.decisions[id.index()].entries.of(&program.entries);
        let entity = program.hir.conclusions[id.index()].entity;
        asked.truths.extend(entries.iter().map(|entry| (entity, entry.guard)));
    }
    asked
}

/// Packs and evaluates, without a word.
struct Packer {
    seen: Seen,
    plan: banfa::batch::wide::plan::Plan,
}

impl Packer {
    fn new(law: &Law, asked: &Asked, cases: &[Case]) -> Self {
        let program = law.policy.program();
        let mut seen = Seen::new(&program.hir);
        loop {
            let plan = banfa::batch::wide::compile::compile(program, &law.flow, &seen, asked);
            let packer = Self { seen, plan };
            match packer.widened(law, cases) {
                Some(wider) => seen = wider,
                None => return packer,
            }
        }
    }

    /// What the plan is too narrow for, if it is.
    fn widened(&self, law: &Law, cases: &[Case]) -> Option<Seen> {
        let program = law.policy.program();
        let (mut machine, mut seen) = (Machine::default(), self.seen.clone());
        for some in cases.chunks(LANES) {
            let some: Vec<&Case> = some.iter().collect();
            let packed =
                pack(&program.hir, &self.plan.frames, &seen, &some, None, self.plan.texts, usize::MAX);
            match packed.expect("few rows") {
                Err(narrow) => seen = narrow.0,
                Ok(block) if seen == self.seen => {
                    if let Err(surprised) = machine.run(law.world(), &self.plan, &block) {
                        surprised.0.iter().for_each(|c| seen.clashes[c.index()] = true);
                    }
                }
                Ok(_) => {}
            }
        }
        (seen != self.seen).then_some(seen)
    }

    /// Gives the seconds that evaluating takes of it.
    fn run(&self, law: &Law, cases: &[Case]) -> f64 {
        let hir = &law.policy.program().hir;
        let mut machine = Machine::default();
        let mut evaluating = 0.0;
        for window in cases.chunks(WINDOW) {
            for lanes in arrange(window.iter(), usize::MAX).chunks(LANES) {
                let some: Vec<&Case> = lanes.iter().map(|n| &window[*n]).collect();
                let block =
                    pack(hir, &self.plan.frames, &self.seen, &some, None, self.plan.texts, usize::MAX);
                let Some(Ok(block)) = black_box(block) else { panic!("as wide as need be") };
                let start = std::time::Instant::now();
                let _ = black_box(machine.run(law.world(), &self.plan, &block));
                evaluating += start.elapsed().as_secs_f64();
            }
        }
        evaluating
    }
}
