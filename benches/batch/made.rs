//! Cases made up for measuring: each 是否 30 % 是, other facts evenly over their values, three persons, few earlier faults.
use banfa::base::date::Period;
use banfa::facts::{Children, Table};
use banfa::hir::{Hir, Slot, Type};
use banfa::{Case, Date, Truth, Val};
use fastrand::Rng;

/// Makes cases of one law.
pub struct Maker<'a> {
    hir: &'a Hir,
    rng: Rng,
    /// Share of scalar facts that are 不明.
    unknown: f32,
}

impl<'a> Maker<'a> {
    /// The same cases for the same law and share.
    pub fn new(hir: &'a Hir, unknown: f32) -> Self {
        Self { hir, rng: Rng::with_seed(7), unknown }
    }

    /// The next case.
    pub fn case(&mut self) -> Case {
        let hir = self.hir;
        let mut case = Case { tables: vec![Table::default(); hir.entities.len()], ..Case::default() };
        for (id, entity) in hir.entities.iter().enumerate() {
            let mut parents = Vec::new();
            if let Some((parent, list)) = entity.parent {
                let stride = hir.entities[parent.index()].child_slots as usize;
                let Slot::Child(slot) = hir.facts[list.index()].slot else { continue };
                for row in 0..case.tables[parent.index()].rows {
                    let count = self.members(&entity.name);
                    let start = u32::try_from(parents.len()).expect("few");
                    parents.extend((0..count).map(|_| row));
                    let at = row as usize * stride + slot as usize;
                    case.tables[parent.index()].children[at] = Children::Rows(start, start + count);
                }
            } else {
                parents.push(0);
            }
            let rows = parents.len();
            let mut table = Table {
                rows: u32::try_from(rows).expect("few"),
                parent: if entity.parent.is_some() { parents } else { Vec::new() },
                truth: vec![Truth::Unknown; rows * entity.truth_slots as usize],
                assumed: vec![false; rows * entity.truth_slots as usize],
                values: vec![Val::Unknown; rows * entity.value_slots as usize],
                children: vec![Children::Rows(0, 0); rows * entity.child_slots as usize],
            };
            for row in 0..rows {
                self.row(id, row, &mut table);
            }
            case.tables[id] = table;
        }
        case
    }

    fn members(&mut self, entity: &str) -> u32 {
        match entity {
            "人员" => 3,
            "前次过错" => [0, 0, 0, 1, 2][self.rng.usize(..5)],
            "行政执法机关" => 1 + u32::from(self.rng.u8(..) < 26),
            _ => 1,
        }
    }

    fn row(&mut self, id: usize, row: usize, table: &mut Table) {
        let hir = self.hir;
        let entity = &hir.entities[id];
        for fact in entity.facts.iter().map(|f| &hir.facts[f.index()]) {
            let open = self.unknown > 0.0 && self.rng.f32() < self.unknown;
            match fact.slot {
                Slot::Truth(_) | Slot::Value(_) if open => {}
                Slot::Truth(slot) => {
                    let truth = Truth::from(self.rng.u8(..) < 77);
                    table.truth[row * entity.truth_slots as usize + slot as usize] = truth;
                }
                Slot::Value(slot) => {
                    table.values[row * entity.value_slots as usize + slot as usize] = self.value(&fact.ty);
                }
                Slot::Child(_) => {}
            }
        }
    }

    fn value(&mut self, ty: &Type) -> Val {
        match ty {
            Type::Enum(of) | Type::Multi(of) => {
                Val::Mask(1 << self.rng.usize(..self.hir.enums[of.index()].values.len()))
            }
            Type::Date => Val::Date(Date(20_000 + self.rng.i32(0..700))),
            Type::Int(_) => Val::Int(self.rng.i64(0..5)),
            Type::Period => {
                let days = [15, 20, 45, 60][self.rng.usize(..4)];
                Val::Period(Period { days, ..Period::default() })
            }
            Type::Bool
            | Type::Decimal(_)
            | Type::Money
            | Type::Text
            | Type::List(_)
            | Type::One(_)
            | Type::Duty(_)
            | Type::Error => Val::Unknown,
        }
    }
}
