//! What the cells of a conclusion follow from, as a key: the truths of all guards that its provisions have, and where
//! it is computed, the values. Cases with the same key have the same cells, which so are put into words once.
use super::chunk::CaseVerdict;
use super::texts::TextId;
use super::wide::compile::Asked;
use super::wide::exec::Machine;
use super::wide::plan::{Plan, Value};
use super::wide::plane::{Cond, LANES, P, Plane, WORDS};
use super::wide::{block::Block, plane};
use crate::base::{Date, Val};
use crate::eval::Evaluation;
use crate::hir::{ConclusionId, EntityId, Exception, ExprId, Hir, Type};
use crate::ir::{DecisionKind, Gives, Place, Program, T, V, home};
use rustc_hash::FxHashMap;

/// The registers that one conclusion's cells follow from.
#[derive(Clone, Debug)]
pub struct Key {
    /// Conclusion.
    pub conclusion: ConclusionId,
    /// Its entity.
    pub entity: EntityId,
    /// Into what was asked of the plan, and how many generations up.
    truths: Vec<(usize, u32)>,
    values: Vec<(usize, u32)>,
    /// The day of the question matters.
    dated: bool,
    /// Its texts are the case's own: not to be remembered.
    pub passing: bool,
}

/// The key of a conclusion; what it needs is added to `asked`.
pub fn key(program: &Program, id: ConclusionId, defeated: bool, asked: &mut Asked) -> Option<Key> {
    let hir = &program.hir;
    let conclusion = hir.conclusions.get(id.index())?;
    let decision = program.decisions.get(id.index())?;
    asked.conclusions.push(id);
    let mut key = Key {
        conclusion: id,
        entity: conclusion.entity,
        truths: Vec::new(),
        values: Vec::new(),
        dated: decision.kind == DecisionKind::Duty,
        passing: conclusion.ty == Type::Text,
    };
    for entry in decision.entries.of(&program.entries) {
        key.truth(hir, asked, conclusion.entity, entry.guard);
        match entry.gives {
            Gives::Mask(..) => {}
            Gives::Value(v) => key.value(asked, v),
            Gives::Duty { deadline, performed } => {
                key.value(asked, deadline);
                key.value(asked, performed);
            }
        }
        let Some(rule) = hir.rules.get(entry.rule.index()).filter(|_| defeated) else { continue };
        if !rule.exceptions.is_empty() {
            key.expr(program, asked, rule.guard);
            key.exceptions(program, asked, &rule.exceptions);
        }
    }
    Some(key)
}

impl Key {
    fn truth(&mut self, hir: &Hir, asked: &mut Asked, entity: EntityId, t: T) {
        let depth = |e: EntityId| hir.entities.get(e.index()).map_or(0, |e| e.depth);
        let up = depth(self.entity).saturating_sub(depth(entity));
        let known = asked.truths.iter().position(|a| *a == (entity, t));
        let at = known.unwrap_or_else(|| {
            asked.truths.push((entity, t));
            asked.truths.len() - 1
        });
        if !self.truths.contains(&(at, up)) {
            self.truths.push((at, up));
        }
    }

    fn value(&mut self, asked: &mut Asked, v: V) {
        let known = asked.values.iter().position(|a| *a == (self.entity, v));
        let at = known.unwrap_or_else(|| {
            asked.values.push((self.entity, v));
            asked.values.len() - 1
        });
        if !self.values.contains(&(at, 0)) {
            self.values.push((at, 0));
        }
    }

    fn expr(&mut self, program: &Program, asked: &mut Asked, expr: ExprId) {
        if let Place::Truth(t) = program.place(expr) {
            self.truth(&program.hir, asked, home(&program.hir, expr), t);
        }
    }

    /// Provisos nest no deeper than the parser's nesting limit.
    fn exceptions(&mut self, program: &Program, asked: &mut Asked, exceptions: &[Exception]) {
        for exception in exceptions {
            self.expr(program, asked, exception.cond);
            self.exceptions(program, asked, &exception.inner);
        }
    }

    /// Puts the registers of one row into a run, so that its finding can be read off there. `rows` are the rows of the
    /// case that contain it, from its own up.
    pub fn fill(
        &self,
        program: &Program,
        plan: &Plan,
        asked: &Asked,
        (machine, block, node, lane): (&Machine, &Block, u32, usize),
        rows: &[u32],
        run: &mut Evaluation,
    ) {
        let row = rows.first().copied().unwrap_or(0);
        let reader = machine.row(block, node, lane);
        for (at, up) in &self.truths {
            let (Some((entity, t)), Some(Some(cond))) = (asked.truths.get(*at), plan.truths.get(*at)) else {
                continue;
            };
            let truth = reader.truth(cond.lifted(*up));
            run.put_truth(*entity, rows.get(*up as usize).copied().unwrap_or(0), *t, truth);
        }
        for (at, _) in &self.values {
            if let (Some((entity, v)), Some(Some(value))) = (asked.values.get(*at), plan.values.get(*at)) {
                run.put_value(*entity, row, *v, machine.asked_value(block, value, node, lane));
            }
        }
        let record = machine.conclusion(plan, block, self.conclusion, node, lane);
        run.put_record(program, self.conclusion, row, record);
        run.put_applicable(plan.applicable.map(|cond| machine.asked_truth(block, cond, 0, lane)));
    }

    /// The key's planes and values under a plan, seen from the conclusion's entity.
    pub fn under(&self, program: &Program, plan: &Plan) -> UnderPlan {
        let mut planes: Vec<P> = Vec::new();
        let mut add = |cond: Cond| {
            planes.push(cond.yes);
            if !cond.is_known() {
                planes.push(cond.not_no);
                planes.extend(cond.open);
            }
        };
        for (at, up) in &self.truths {
            if let Some(Some(cond)) = plan.truths.get(*at) {
                add(cond.lifted(*up));
            }
        }
        let depth = program.hir.entities.get(self.entity.index()).map_or(0, |e| e.depth);
        if let Some(cond) = plan.applicable {
            add(cond.lifted(depth));
        }
        planes.retain(|p| p.constant().is_none());
        planes.sort_unstable();
        planes.dedup();
        let value = |(at, _): &(usize, u32)| plan.values.get(*at).cloned().flatten();
        UnderPlan { planes, values: self.values.iter().filter_map(value).collect(), dated: self.dated }
    }
}

/// A key as planes of the conclusion's rows.
#[derive(Clone, Debug, Default)]
pub struct UnderPlan {
    planes: Vec<P>,
    values: Vec<Value>,
    dated: bool,
}

impl UnderPlan {
    /// The keys of all rows of a node: a word for each 64 planes, by lane.
    pub fn words(&self, machine: &Machine, block: &Block, node: u32, out: &mut Vec<[u64; LANES]>) {
        out.clear();
        for group in self.planes.chunks(64) {
            let planes: Vec<Plane> = group.iter().map(|p| machine.asked_plane(block, *p, node)).collect();
            let mut words = [0; LANES];
            for (word, lanes) in words.chunks_exact_mut(64).enumerate().take(WORDS) {
                let mut square = [0_u64; 64];
                for (row, plane) in square.iter_mut().zip(&planes) {
                    *row = plane.get(word).copied().unwrap_or(0);
                }
                transpose(&mut square);
                lanes.copy_from_slice(&square);
            }
            out.push(words);
        }
    }

    /// What the key has besides truths, for one row.
    pub fn values(
        &self,
        machine: &Machine,
        block: &Block,
        node: u32,
        lane: usize,
    ) -> (Vec<Val>, Option<Date>) {
        let mut values: Vec<Val> =
            self.values.iter().map(|v| machine.asked_value(block, v, node, lane)).collect();
        // A year equals twelve months and is not said like them.
        for n in 0..values.len() {
            if let Some(Val::Period(p)) = values.get(n).copied() {
                let parts = [p.years, p.months, p.days, p.workdays];
                values.extend(parts.map(|part| Val::Int(i64::from(part))));
            }
        }
        let day = block.days.get(lane).copied().flatten().filter(|_| self.dated);
        (values, day)
    }

    /// Whether it has anything besides truths.
    pub fn is_plain(&self) -> bool {
        self.values.is_empty() && !self.dated
    }
}

/// Rows into columns of a square of 64 by 64 bits.
fn transpose(square: &mut [u64; 64]) {
    let mut width = 32;
    let mut mask = 0x0000_0000_FFFF_FFFF_u64;
    while width != 0 {
        for pair in square.chunks_exact_mut(2 * width) {
            let (upper, lower) = pair.split_at_mut(width);
            for (a, b) in upper.iter_mut().zip(lower) {
                let swap = (*a >> width ^ *b) & mask;
                *b ^= swap;
                *a ^= swap << width;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}

/// The cells of a conclusion of a row, put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it makes of the case.
    pub verdict: CaseVerdict,
    /// By column of the conclusion; none: empty.
    pub cells: Vec<Option<TextId>>,
}

/// Everything besides truths that a key may have.
type Valued = (Box<[u64]>, Box<[Val]>, Option<Date>);

/// What was put into words already.
#[derive(Debug, Default)]
pub struct Memo {
    single: FxHashMap<u64, u32>,
    several: FxHashMap<Box<[u64]>, u32>,
    valued: FxHashMap<Valued, u32>,
    said: Vec<Said>,
}

impl Memo {
    /// Known words by key.
    pub fn find(&self, words: &[u64]) -> Option<u32> {
        match words {
            [] => self.single.get(&0),
            [one] => self.single.get(one),
            several => self.several.get(several),
        }
        .copied()
    }

    /// Remembers words by key.
    pub fn keep(&mut self, words: &[u64], said: Said) -> u32 {
        let at = self.add(said);
        match words {
            [] => self.single.insert(0, at),
            [one] => self.single.insert(*one, at),
            several => self.several.insert(several.into(), at),
        };
        at
    }

    /// The same where values matter.
    pub fn find_valued(&self, key: &Valued) -> Option<u32> {
        self.valued.get(key).copied()
    }

    /// Remembers them.
    pub fn keep_valued(&mut self, key: Valued, said: Said) -> u32 {
        let at = self.add(said);
        self.valued.insert(key, at);
        at
    }

    /// Words of one row only.
    pub fn add(&mut self, said: Said) -> u32 {
        self.said.push(said);
        u32::try_from(self.said.len() - 1).unwrap_or(u32::MAX)
    }

    /// Words by number.
    pub fn said(&self, at: u32) -> Option<&Said> {
        self.said.get(at as usize)
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.said.len()
    }

    /// Forgets which words belong to which key; their numbers stay.
    pub fn forget_keys(&mut self) {
        self.single.clear();
        self.several.clear();
        self.valued.clear();
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Rows of a node that there are.
pub fn present(machine: &Machine, block: &Block, node: u32) -> Plane {
    machine.asked_plane(block, P::at(0, 0), node)
}

/// Lanes of a plane.
pub fn lanes(of: &Plane) -> impl Iterator<Item = usize> {
    plane::lanes(of)
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_become_columns() {
        let square: [u64; 64] = std::array::from_fn(|n| (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut turned = square;
        super::transpose(&mut turned);
        for (row, word) in square.iter().enumerate() {
            for (column, turned) in turned.iter().enumerate() {
                assert_eq!(word >> column & 1, turned >> row & 1, "{row} {column}");
            }
        }
    }
}
