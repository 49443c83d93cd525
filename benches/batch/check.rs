//! The answers by hand and the engine's, put alike and compared: every conclusion, every provision that decided.
use crate::by_hand::{known, open, rule};
use crate::packed::{Law, Packed};
use banfa::batch::wide::block::Block;
use banfa::batch::wide::exec::Machine;
use banfa::batch::wide::plan::{Plan, RecordAt};
use banfa::batch::wide::plane::{P, Plane, bit};
use banfa::eval::State;
use banfa::ir::Program;

/// A conclusion: state, by 默认, values for certain, values that are possible.
type Outcome = (State, bool, u8, u8);

/// Conclusions of a row in the order of declaration, provisions that decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    outcomes: [Outcome; 7],
    deciding: u64,
}

const NOTHING: Outcome = (State::Silent, false, 0, 0);

fn decided(certain: u8, by_default: bool) -> Outcome {
    (State::Decided, by_default, certain, certain)
}

/// What one writer by hand finds.
pub trait ByHand {
    /// A case.
    type Case;
    /// Judges a case: people, then offices.
    fn answers(case: &Self::Case) -> (Vec<Answer>, Vec<Answer>);
}

/// [`known`]
pub struct Known;

impl ByHand for Known {
    type Case = known::Case;

    fn answers(case: &known::Case) -> (Vec<Answer>, Vec<Answer>) {
        let mut found = known::Found::default();
        known::judge(case, &mut found);
        let person = |f: &known::Finding| {
            let (heavier, lighter) = (u8::from(f.heavier), if f.lighter { 0b110 } else { 0 });
            let transfer = if f.discipline { 0b011 } else { 0 };
            let court = if f.court { 0b100 } else { 0 };
            Answer {
                outcomes: [
                    decided(if f.liable { 1 } else { 2 }, f.deciding & rule::LIABILITY == 0),
                    f.share.map_or(NOTHING, |s| decided(1 << s as u8, false)),
                    members(false, heavier, heavier | lighter),
                    decided(1, true),
                    NOTHING,
                    members(false, court, court | transfer),
                    decided(1, true),
                ],
                deciding: f.deciding,
            }
        };
        let office = |f: &known::Office1| {
            let liable = f.liable.map_or(NOTHING, |l| decided(if l { 1 } else { 2 }, false));
            one(liable, f.deciding)
        };
        (found.people.iter().map(person).collect(), found.offices.iter().map(office).collect())
    }
}

/// [`open`]
pub struct Open;

impl ByHand for Open {
    type Case = open::Case;

    fn answers(case: &open::Case) -> (Vec<Answer>, Vec<Answer>) {
        let mut found = open::Found::default();
        open::judge(case, &mut found);
        let several = |s: open::Several| members(s.pending, s.certain, s.possible);
        let person = |f: &open::Finding| Answer {
            outcomes: [
                choice(f.liability, f.by_default),
                choice(f.share, false),
                several(f.circumstances),
                decided(1, true),
                NOTHING,
                several(f.transfer),
                decided(1, true),
            ],
            deciding: f.deciding,
        };
        let office = |f: &open::Office1| one(choice(f.liability, false), f.deciding);
        (found.people.iter().map(person).collect(), found.offices.iter().map(office).collect())
    }
}

fn one(outcome: Outcome, deciding: u64) -> Answer {
    Answer { outcomes: [outcome, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING], deciding }
}

fn members(pending: bool, certain: u8, possible: u8) -> Outcome {
    match (pending, possible) {
        (true, _) => (State::Pending, false, certain, possible),
        (false, 0) => NOTHING,
        (false, _) => (State::Decided, false, certain, possible),
    }
}

fn choice(choice: open::Choice, by_default: bool) -> Outcome {
    match choice {
        open::Choice::Silent => NOTHING,
        open::Choice::Decided(second) => decided(1 << u8::from(second), by_default),
        open::Choice::Pending { first, second, clash: _ } => {
            (State::Pending, false, 0, u8::from(first) | u8::from(second) << 1)
        }
    }
}

/// Compares all cases; gives how many rows' conclusions there were, and how many of people were 承担, of all 待查.
pub fn check<H: ByHand>(law: &Law, packed: &Packed, cases: &[H::Case]) -> [usize; 3] {
    provisions(law.policy.program());
    let mut machine = Machine::default();
    let mut counts = [0; 3];
    for (block, order) in packed.blocks.iter().zip(&packed.orders) {
        machine.run(law.world(), &packed.plan, block).expect("settled");
        let nodes: Vec<Planes> = [1, 2]
            .into_iter()
            .flat_map(|e| block.tree.nodes(e).map(move |node| (e, node)))
            .map(|(e, node)| Planes::of(law.policy.program(), &packed.plan, &machine, block, e, node))
            .collect();
        let first = block.tree.nodes(1).start;
        for (lane, case) in order.iter().enumerate() {
            let (people, offices) = H::answers(&cases[*case]);
            let rows = [(1, people), (2, offices)];
            let rows = rows.iter().flat_map(|(e, list)| block.places.rows(lane, *e).iter().zip(list));
            for (node, answer) in rows {
                let found = nodes[(node - first) as usize].answer(lane);
                assert_eq!(&found, answer, "engine ≠ by hand: case {case}, lane {lane}");
                counts[0] += 1;
                counts[1] += usize::from(answer.outcomes[0].2 == 1);
                counts[2] += usize::from(answer.outcomes.iter().any(|o| o.0 == State::Pending));
            }
        }
    }
    counts
}

/// The provisions by hand are those of the law.
fn provisions(program: &Program) {
    assert_eq!(program.entries.len(), rule::ADDRESSES.len());
    for (entry, address) in program.entries.iter().zip(rule::ADDRESSES) {
        assert_eq!(program.hir.rules[entry.rule.index()].address.to_string(), address);
    }
    let starts = program.decisions.iter().map(|d| d.entries.start);
    assert!(starts.eq(rule::STARTS[..8].iter().copied()), "conclusions");
}

/// What the engine found of a node, plane by plane.
struct Planes {
    outcomes: Vec<OutcomePlanes>,
    /// Number of the provision, where it decides.
    deciding: Vec<(u32, Plane)>,
}

struct OutcomePlanes {
    /// 定论, 冲突, 待查, by 默认.
    states: [Plane; 4],
    certain: Vec<Plane>,
    possible: Vec<Plane>,
}

impl Planes {
    fn of(program: &Program, plan: &Plan, machine: &Machine, block: &Block, e: usize, node: u32) -> Self {
        let plane = |p: P| machine.asked_plane(block, p, node);
        let all = |ps: &[P]| ps.iter().map(|p| plane(*p)).collect();
        let conclusions = &program.hir.entities[e].conclusions;
        let outcome = |at: &RecordAt| OutcomePlanes {
            states: [at.decided, at.conflict, at.pending, at.by_default].map(plane),
            certain: all(&at.certain),
            possible: all(&at.possible),
        };
        let records = conclusions.iter().map(|c| plan.records[c.index()].as_ref().expect("asked for"));
        let decisions = conclusions.iter().map(|c| &program.decisions[c.index()]);
        let numbers = decisions.flat_map(|d| d.entries.start..d.entries.start + d.entries.len);
        let deciding = numbers.map(|n| {
            let cond = |n: u32| plan.truths[n as usize].expect("asked for");
            let mut fires = plane(cond(n).yes);
            for above in program.entries[n as usize].above.of(&program.above) {
                let cond = cond(*above);
                assert!(cond.open.is_none(), "nothing is 不适用 here");
                fires.iter_mut().zip(plane(cond.not_no)).for_each(|(fires, not)| *fires &= !not);
            }
            (n, fires)
        });
        Self { outcomes: records.map(outcome).collect(), deciding: deciding.collect() }
    }

    fn answer(&self, lane: usize) -> Answer {
        let set = |planes: &[Plane]| {
            planes.iter().enumerate().fold(0, |set, (n, plane)| set | u8::from(bit(plane, lane)) << n)
        };
        let outcome = |o: &OutcomePlanes| {
            let state = match o.states.map(|p| bit(&p, lane)) {
                [true, ..] => State::Decided,
                [_, true, ..] => State::Conflict,
                [_, _, true, _] => State::Pending,
                [..] => State::Silent,
            };
            (state, bit(&o.states[3], lane), set(&o.certain), set(&o.possible))
        };
        let mut outcomes = [NOTHING; 7];
        outcomes.iter_mut().zip(&self.outcomes).for_each(|(to, o)| *to = outcome(o));
        let deciding = self.deciding.iter().fold(0, |set, (n, p)| set | u64::from(bit(p, lane)) << n);
        Answer { outcomes, deciding }
    }
}
