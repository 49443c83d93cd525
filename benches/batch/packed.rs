//! Cases of a law packed into blocks, and the plan that is carried out on them.
use crate::made::{Maker, Mix};
use banfa::Case;
use banfa::batch::wide::block::{Block, Places, arrange, pack};
use banfa::batch::wide::compile::{Asked, compile};
use banfa::batch::wide::exec::{Machine, World};
use banfa::batch::wide::frame::Seen;
use banfa::batch::wide::plan::Plan;
use banfa::batch::wide::plane::LANES;
use banfa::hir::ConclusionId;
use banfa::ir::Flow;
use banfa::policy::Policy;
use std::hint::black_box;
use std::path::Path;

/// Cases that are looked at together, to bring those alike into one block.
pub const WINDOW: usize = 8 * LANES;

/// A law, and all that can be asked of it: every conclusion, the condition of every provision.
pub struct Law {
    pub policy: Policy,
    pub flow: Flow,
    pub asked: Asked,
}

impl Law {
    /// Reads and compiles.
    pub fn read(path: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        Self::new(Policy::from_path(&path).map_err(|e| e.to_string()).expect("compiles"))
    }

    /// Looks a law over.
    pub fn new(policy: Policy) -> Self {
        let program = policy.program();
        let mut asked = Asked::default();
        for (n, conclusion) in program.hir.conclusions.iter().enumerate() {
            asked.conclusions.push(ConclusionId(u32::try_from(n).expect("few")));
            let entries = program.decisions[n].entries.of(&program.entries);
            asked.truths.extend(entries.iter().map(|entry| (conclusion.entity, entry.guard)));
        }
        Self { flow: Flow::new(program), asked, policy }
    }

    /// What a machine needs of it.
    pub fn world(&self) -> World<'_> {
        World { program: self.policy.program(), calendar: self.policy.calendar() }
    }

    /// A plan as wide as what was seen.
    pub fn plan(&self, seen: &Seen) -> Plan {
        compile(self.policy.program(), &self.flow, seen, &self.asked)
    }
}

/// Blocks and their plan.
pub struct Packed {
    pub plan: Plan,
    pub seen: Seen,
    pub blocks: Vec<Block>,
    /// Which case each lane of each block is.
    pub orders: Vec<Vec<usize>>,
    pub cases: usize,
}

impl Packed {
    /// Packs `count` made cases, each shown to `take` first.
    pub fn new(law: &Law, mix: Mix, count: usize, mut take: impl FnMut(&Case)) -> Self {
        let hir = &law.policy.program().hir;
        // What occurs in the first windows is nearly all that ever does.
        let mut seen = Seen::new(hir);
        let probe = count.min(4 * WINDOW);
        while let Err(wider) = blocks(law, &seen, mix, probe, |_| {}) {
            seen = wider;
        }
        let packed = blocks(law, &seen, mix, count, &mut take);
        let (blocks, orders) = packed.expect("what occurs, occurs early");
        let plan = law.plan(&seen);
        let cases = blocks.iter().map(|b| b.count).sum();
        let mut packed = Self { plan, seen, blocks, orders, cases };
        packed.settle(law);
        packed
    }

    /// Runs all once; where conclusions conflict, the plan is made to reckon with that.
    fn settle(&mut self, law: &Law) {
        let mut machine = Machine::default();
        for block in &self.blocks {
            while let Err(surprised) = machine.run(law.world(), &self.plan, block) {
                surprised.0.iter().for_each(|c| self.seen.clashes[c.index()] = true);
                self.plan = law.plan(&self.seen);
            }
        }
    }

    /// The first blocks and their plan.
    pub fn window(&self, blocks: usize) -> Self {
        let blocks = self.blocks[..blocks.min(self.blocks.len())].to_vec();
        let cases = blocks.iter().map(|b| b.count).sum();
        Self { plan: self.plan.clone(), seen: self.seen.clone(), blocks, orders: Vec::new(), cases }
    }

    /// Evaluates all blocks by this machine.
    pub fn run_on(&self, law: &Law, machine: &mut Machine) {
        for block in &self.blocks {
            let _ = black_box(machine.run(law.world(), &self.plan, black_box(block)));
        }
    }

    /// Evaluates all blocks, parted among so many threads, each with a machine of its own.
    pub fn run(&self, law: &Law, threads: usize) {
        let pass = |blocks: &[Block]| {
            let mut machine = Machine::default();
            for block in blocks {
                let _ = black_box(machine.run(law.world(), &self.plan, block));
            }
        };
        let mut parts = self.blocks.chunks(self.blocks.len().div_ceil(threads));
        let own = parts.next().unwrap_or_default();
        std::thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || pass(part));
            }
            pass(own);
        });
    }

    /// Bytes of all columns.
    pub fn bytes(&self) -> usize {
        let of = |b: &Block| {
            b.planes.len() * 64
                + LANES * (b.dates.len() * 4 + b.ints.len() * 8 + b.periods.len() * 2)
                + b.vals.len() * LANES * size_of::<banfa::Val>()
        };
        self.blocks.iter().map(of).sum()
    }

    /// Lets go of what only finds the rows of a case.
    pub fn forget_rows(&mut self) {
        self.blocks.iter_mut().for_each(|b| b.places = Places::default());
        self.orders = Vec::new();
    }
}

type Blocks = (Vec<Block>, Vec<Vec<usize>>);

fn blocks(
    law: &Law,
    seen: &Seen,
    mix: Mix,
    count: usize,
    mut take: impl FnMut(&Case),
) -> Result<Blocks, Seen> {
    let hir = &law.policy.program().hir;
    let mut maker = Maker::new(hir, mix);
    let plan = law.plan(seen);
    let (mut blocks, mut orders, mut first) = (Vec::new(), Vec::new(), 0);
    while first < count {
        let window: Vec<Case> = (0..WINDOW.min(count - first)).map(|_| maker.case()).collect();
        window.iter().for_each(&mut take);
        for lanes in arrange(window.iter(), usize::MAX).chunks(LANES) {
            let some: Vec<&Case> = lanes.iter().map(|n| &window[*n]).collect();
            match pack(hir, &plan.frames, seen, &some, None, plan.texts, usize::MAX).expect("few rows") {
                Ok(block) => blocks.push(block),
                Err(narrow) => return Err(narrow.0),
            }
            orders.push(lanes.iter().map(|n| first + n).collect());
        }
        first += window.len();
    }
    Ok((blocks, orders))
}
