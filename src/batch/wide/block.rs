//! Up to [`LANES`] cases side by side. A list becomes as many nodes as its longest instance among the cases has members:
//! the first member of every case is one node, the second another, each with a plane that says which cases have it. So
//! a member stands in the same lane as its case, and what is read from the case needs no moving.
use super::frame::{Frame, Kept, Seen, Shape};
use super::plane::{LANES, NONE, Plane, first, set};
use crate::base::{Date, Period, Truth, Val};
use crate::facts::{Case, Children};
use crate::hir::{Hir, Slot};
use std::collections::HashMap;

/// Values of one column, one a lane.
pub type Lanes<X> = [X; LANES];

/// A node: a member of every case that has one there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Node of the row that contains it; the root's is itself.
    pub parent: u32,
    /// Its first list among [`Tree::kids`].
    pub kids: u32,
    /// First of its planes, days, numbers, other values.
    pub planes: u32,
    /// See `planes`.
    pub dates: u32,
    /// See `planes`.
    pub ints: u32,
    /// See `planes`.
    pub periods: u32,
    /// See `planes`.
    pub vals: u32,
}

/// The nodes of a block: those of an entity side by side, entity by entity.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// First node of each entity, and one past the last of all.
    pub starts: Vec<u32>,
    /// Nodes.
    pub all: Vec<Node>,
    /// Nodes of each list of each node: first, and one past the last.
    pub kids: Vec<(u32, u32)>,
}

impl Tree {
    /// Nodes of an entity.
    #[must_use]
    pub fn nodes(&self, entity: usize) -> std::ops::Range<u32> {
        let at = |n: usize| self.starts.get(n).copied().unwrap_or(0);
        at(entity)..at(entity + 1)
    }

    /// How many nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A node.
    #[must_use]
    pub fn node(&self, node: u32) -> Node {
        self.all.get(node as usize).copied().unwrap_or_default()
    }

    /// Nodes of a list of a node.
    #[must_use]
    pub fn kids(&self, node: u32, slot: u32) -> std::ops::Range<u32> {
        let kids = self.kids.get(self.node(node).kids.saturating_add(slot) as usize);
        kids.map_or(0..0, |(start, end)| *start..*end)
    }

    fn add(&mut self, parent: u32, lists: u32) {
        let kids = narrow(self.kids.len());
        self.all.push(Node { parent, kids, ..Node::default() });
        self.kids.extend((0..lists).map(|_| (0, 0)));
    }
}

/// The node of every row of every case of a block.
#[derive(Clone, Debug, Default)]
pub struct Places {
    entities: usize,
    /// First of the rows of each case's entity among `nodes`; one more at the end.
    starts: Vec<u32>,
    nodes: Vec<u32>,
}

impl Places {
    /// Nodes of the rows of an entity of a case.
    #[must_use]
    pub fn rows(&self, lane: usize, entity: usize) -> &[u32] {
        let at = |n: usize| self.starts.get(n).map_or(0, |n| *n as usize);
        let index = lane * self.entities + entity;
        self.nodes.get(at(index)..at(index + 1)).unwrap_or(&[])
    }
}

impl Places {
    fn put(&mut self, lane: usize, entity: usize, row: usize, node: u32) {
        let first = self.starts.get(lane * self.entities + entity).map_or(0, |n| *n as usize);
        if let Some(place) = self.nodes.get_mut(first + row) {
            *place = node;
        }
    }
}

/// Packed facts.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Cases.
    pub count: usize,
    /// Nodes.
    pub tree: Tree,
    /// Planes of all nodes, node by node.
    pub planes: Vec<Plane>,
    /// Day numbers, node by node.
    pub dates: Vec<Lanes<i32>>,
    /// Whole numbers, node by node.
    pub ints: Vec<Lanes<i64>>,
    /// Periods by number, node by node.
    pub periods: Vec<Lanes<u16>>,
    /// The periods that occur.
    pub lengths: Vec<Period>,
    /// Other values, node by node.
    pub vals: Vec<Lanes<Val>>,
    /// The day the question is put for, by lane.
    pub days: Vec<Option<Date>>,
    /// Texts that `Val::Text` of this block means: the program's first, then those of the cases, each once.
    pub texts: Vec<String>,
    /// Node of each row.
    pub places: Places,
}

/// A block as narrow as these frames cannot hold: what they would have to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TooNarrow(pub Seen);

struct Packer<'a> {
    hir: &'a Hir,
    frames: &'a [Frame],
    block: Block,
    seen: Seen,
    narrow: bool,
    texts: Option<HashMap<String, u32>>,
}

/// Packs cases. `date` overrides their own. None if they would take more than `most` nodes.
///
/// # Errors
/// The frames are too narrow for what occurs in the cases.
pub fn pack(
    hir: &Hir,
    frames: &[Frame],
    seen: &Seen,
    cases: &[&Case],
    date: Option<Date>,
    texts: bool,
    most: usize,
) -> Option<Result<Block, TooNarrow>> {
    let mut packer = Packer {
        hir,
        frames,
        block: Block { count: cases.len(), ..Block::default() },
        seen: seen.clone(),
        narrow: false,
        texts: texts.then(HashMap::new),
    };
    packer.block.days = cases.iter().map(|case| date.or(case.date)).collect();
    if texts {
        packer.block.texts.clone_from(&hir.texts);
    }
    packer.tree(cases);
    if packer.block.tree.len() > most {
        return None;
    }
    packer.room(cases.len());
    for (lane, case) in cases.iter().enumerate() {
        packer.lane(lane, case);
    }
    Some(if packer.narrow { Err(TooNarrow(packer.seen)) } else { Ok(packer.block) })
}

impl Packer<'_> {
    /// The nodes that the cases need, and the node of every row.
    fn tree(&mut self, cases: &[&Case]) {
        let entities = self.hir.entities.len();
        let mut tree = Tree { starts: vec![0], ..Tree::default() };
        let mut places = Places { entities, starts: vec![0], nodes: Vec::new() };
        for case in cases {
            for entity in 0..entities {
                let rows = case.tables.get(entity).map_or(0, |t| t.rows as usize);
                places.nodes.resize(places.nodes.len() + rows, u32::MAX);
                places.starts.push(narrow(places.nodes.len()));
            }
        }
        for (id, entity) in self.hir.entities.iter().enumerate() {
            let start = narrow(tree.all.len());
            let Some((parent, slot)) =
                entity.parent.and_then(|(parent, list)| match self.hir.facts.get(list.index())?.slot {
                    Slot::Child(slot) => Some((parent, slot)),
                    Slot::Truth(_) | Slot::Value(_) => None,
                })
            else {
                tree.add(start, entity.child_slots);
                tree.starts.push(start + 1);
                for lane in 0..cases.len() {
                    places.put(lane, id, 0, start);
                }
                continue;
            };
            let above = tree.nodes(parent.index());
            let stride = self.hir.entities.get(parent.index()).map_or(0, |e| e.child_slots as usize);
            let mut longest = vec![0u32; above.len()];
            let members = |case: &Case, row: usize| {
                let table = case.table(parent);
                match table.and_then(|t| t.children.get(row * stride + slot as usize)) {
                    Some(Children::Rows(from, to)) => *from..*to,
                    Some(Children::Unknown | Children::Na) | None => 0..0,
                }
            };
            for (lane, case) in cases.iter().enumerate() {
                for (row, node) in places.rows(lane, parent.index()).iter().enumerate() {
                    let count = members(case, row).len();
                    if let Some(most) = longest.get_mut(node.wrapping_sub(above.start) as usize) {
                        *most = (*most).max(narrow(count));
                    }
                }
            }
            let mut next = start;
            for (node, count) in above.clone().zip(&longest) {
                let list = tree.node(node).kids + slot;
                if let Some(kids) = tree.kids.get_mut(list as usize) {
                    *kids = (next, next + count);
                }
                (0..*count).for_each(|_| tree.add(node, entity.child_slots));
                next += count;
            }
            tree.starts.push(next);
            for (lane, case) in cases.iter().enumerate() {
                for row in 0..places.rows(lane, parent.index()).len() {
                    let node = places.rows(lane, parent.index()).get(row).copied().unwrap_or(u32::MAX);
                    let first = tree.kids(node, slot).start;
                    for (n, member) in members(case, row).enumerate() {
                        places.put(lane, id, member as usize, first + narrow(n));
                    }
                }
            }
        }
        self.block.tree = tree;
        self.block.places = places;
    }

    #[expect(clippy::large_stack_arrays, reason = "the pattern of a column of values, once a block")]
    fn room(&mut self, count: usize) {
        let block = &mut self.block;
        let (mut planes, mut dates, mut ints, mut periods, mut vals) = (0, 0, 0, 0, 0);
        for (id, frame) in self.frames.iter().enumerate() {
            let nodes = block.tree.nodes(id);
            for node in block.tree.all.get_mut(nodes.start as usize..nodes.end as usize).unwrap_or(&mut []) {
                (node.planes, node.dates, node.ints) = (planes, dates, ints);
                (node.periods, node.vals) = (periods, vals);
                planes += frame.planes;
                dates += frame.dates;
                ints += frame.ints;
                periods += frame.periods;
                vals += frame.vals;
            }
        }
        block.planes = vec![NONE; planes as usize];
        block.dates = vec![[0; LANES]; dates as usize];
        block.ints = vec![[0; LANES]; ints as usize];
        block.periods = vec![[0; LANES]; periods as usize];
        block.vals = vec![[Val::Unknown; LANES]; vals as usize];
        if let Some(root) = block.planes.first_mut() {
            *root = first(count);
        }
    }

    fn lane(&mut self, lane: usize, case: &Case) {
        let frames = self.frames;
        for (id, frame) in frames.iter().enumerate() {
            let Some(table) = case.tables.get(id) else { continue };
            let Some(entity) = self.hir.entities.get(id) else { continue };
            let strides =
                [entity.truth_slots as usize, entity.value_slots as usize, entity.child_slots as usize];
            for row in 0..table.rows as usize {
                let node = self.block.places.rows(lane, id).get(row).copied();
                let Some(node) = node.filter(|n| *n != u32::MAX) else { continue };
                let node = self.block.tree.node(node);
                let base = node.planes as usize;
                self.mark(base, lane);
                let truths = table.truth.get(row * strides[0]..(row + 1) * strides[0]).unwrap_or(&[]);
                self.truths(id, base, lane, frame, truths);
                for at in &frame.values {
                    let value = table.values.get(row * strides[1] + at.slot as usize).copied();
                    self.value(id, node, lane, at, value.unwrap_or_default(), case);
                }
                for at in &frame.lists {
                    let children = table.children.get(row * strides[2] + at.slot as usize).copied();
                    let shape = match children.unwrap_or_default() {
                        Children::Rows(..) => Shape::Known,
                        Children::Unknown => Shape::Open,
                        Children::Na => Shape::Any,
                    };
                    if shape > at.shape {
                        widen(&mut self.seen.lists, id, at.slot, shape);
                        self.narrow = true;
                    }
                    self.state(base + at.states as usize, lane, shape, at.shape);
                }
            }
        }
    }

    #[inline]
    fn mark(&mut self, plane: usize, lane: usize) {
        if let Some(plane) = self.block.planes.get_mut(plane) {
            set(plane, lane, true);
        }
    }

    fn state(&mut self, at: usize, lane: usize, is: Shape, room: Shape) {
        match (is, room) {
            (Shape::Known, _) | (_, Shape::Known) => {}
            (Shape::Open, _) => self.mark(at, lane),
            (Shape::Any, _) => self.mark(at + 1, lane),
        }
    }

    /// The 是否 facts of a row, without a branch on what they are.
    fn truths(&mut self, id: usize, base: usize, lane: usize, frame: &Frame, truths: &[Truth]) {
        let (word, bit) = (lane / 64, lane % 64);
        let own = self.block.planes.get_mut(base..base + frame.planes as usize).unwrap_or(&mut []);
        let mut mark = |plane: u32, on: bool| {
            if let Some(word) = own.get_mut(plane as usize).and_then(|p| p.get_mut(word)) {
                *word |= u64::from(on) << bit;
            }
        };
        let mut narrow = false;
        for at in &frame.truths {
            let truth = truths.get(at.slot as usize).copied().unwrap_or_default();
            narrow |= Shape::of_truth(truth) > at.shape;
            mark(at.offset, truth == Truth::True);
            if at.shape != Shape::Known {
                mark(at.offset + 1, truth != Truth::False);
            }
            if at.shape == Shape::Any {
                mark(at.offset + 2, truth == Truth::Unknown);
            }
        }
        if narrow {
            self.narrow = true;
            for at in &frame.truths {
                let truth = truths.get(at.slot as usize).copied().unwrap_or_default();
                widen(&mut self.seen.truths, id, at.slot, Shape::of_truth(truth));
            }
        }
    }

    fn value(
        &mut self,
        id: usize,
        node: Node,
        lane: usize,
        place: &super::frame::ValueAt,
        value: Val,
        case: &Case,
    ) {
        let base = node.planes as usize;
        let shape = Shape::of_value(&value);
        if let Kept::Val(column) = place.kept {
            let value = self.text(value, case);
            put(&mut self.block.vals, node.vals + column, lane, value);
            return;
        }
        if shape > place.shape {
            widen(&mut self.seen.values, id, place.slot, shape);
            self.narrow = true;
            return;
        }
        self.state(base + place.states as usize, lane, shape, place.shape);
        match (place.kept, value) {
            (Kept::Bits { offset, width }, Val::Mask(mut mask)) => {
                while mask != 0 {
                    let n = mask.trailing_zeros();
                    mask &= mask - 1;
                    if n < width {
                        self.mark(base + (offset + n) as usize, lane);
                    }
                }
            }
            (Kept::Date(column), Val::Date(date)) => {
                put(&mut self.block.dates, node.dates + column, lane, date.0);
            }
            (Kept::Int(column), Val::Int(int)) => {
                put(&mut self.block.ints, node.ints + column, lane, int);
            }
            (Kept::Period(column), Val::Period(period)) => {
                let number = self.length(period);
                put(&mut self.block.periods, node.periods + column, lane, number);
            }
            (Kept::Bits { .. } | Kept::Date(_) | Kept::Int(_) | Kept::Period(_) | Kept::Val(_), _) => {}
        }
    }

    /// The number of a period; the same length written otherwise is another.
    fn length(&mut self, period: Period) -> u16 {
        let parts = |p: &Period| [p.years, p.months, p.days, p.workdays];
        let known = self.block.lengths.iter().position(|p| parts(p) == parts(&period));
        let at = known.unwrap_or_else(|| {
            self.block.lengths.push(period);
            self.block.lengths.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// Texts of a case under the numbers of the block.
    fn text(&mut self, value: Val, case: &Case) -> Val {
        let (Val::Text(i), Some(known)) = (value, self.texts.as_mut()) else { return value };
        let Some(text) = case.texts.get(i as usize) else { return value };
        let next = narrow(self.block.texts.len());
        let id = *known.entry(text.clone()).or_insert(next);
        if id == next {
            self.block.texts.push(text.clone());
        }
        Val::Text(id)
    }
}

/// An order of cases in which those whose lists are as long as each other's come together, shorter ones first; cases of
/// more than `most` rows are left out.
pub fn arrange<'c>(cases: impl Iterator<Item = &'c Case>, most: usize) -> Vec<usize> {
    let mut order: Vec<(u64, usize)> = Vec::new();
    for (at, case) in cases.enumerate() {
        let rows: usize = case.tables.iter().map(|t| t.rows as usize).sum();
        if rows <= most {
            order.push((likeness(case, rows), at));
        }
    }
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

fn likeness(case: &Case, rows: usize) -> u64 {
    let mut mixed = 0_u64;
    for children in case.tables.iter().flat_map(|t| &t.children) {
        let len = match children {
            Children::Rows(start, end) => u64::from(end - start) + 1,
            Children::Unknown | Children::Na => 0,
        };
        mixed = mixed.wrapping_mul(31).wrapping_add(len);
    }
    (rows.min(0xFFFF) as u64) << 48 | (mixed & 0xFFFF_FFFF_FFFF)
}

fn put<X>(columns: &mut [Lanes<X>], column: u32, lane: usize, value: X) {
    if let Some(place) = columns.get_mut(column as usize).and_then(|c| c.get_mut(lane)) {
        *place = value;
    }
}

fn widen(columns: &mut [Vec<Shape>], id: usize, slot: u32, shape: Shape) {
    if let Some(known) = columns.get_mut(id).and_then(|c| c.get_mut(slot as usize)) {
        *known = (*known).max(shape);
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
