//! Cases made up for measuring: each 是否 30 % 是, other facts evenly over their values, three persons, few earlier faults.
use banfa::base::date::Period;
use banfa::facts::{Children, Table};
use banfa::hir::{Hir, Slot, Type};
use banfa::{Case, Date, Truth, Val};
use fastrand::Rng;

/// What cases are like.
#[derive(Clone, Copy)]
pub struct Mix {
    /// In words.
    pub name: &'static str,
    /// 是否 facts of the root that are 是 in all cases.
    pub always: &'static [&'static str],
    /// Share of scalar facts that are 不明.
    pub unknown: f32,
}

impl Mix {
    /// Nothing but chance.
    pub const EVEN: Self = Self { name: "是否各三成是", always: &[], unknown: 0.0 };
    /// Acts at fault that should have been reviewed: there is something to be decided.
    pub const FAULTS: Self =
        Self { name: "皆有过错", always: &["过错行为", "应当经过审核审批"], unknown: 0.0 };

    /// The same with a share of 不明.
    pub fn open(self, unknown: f32) -> Self {
        Self { unknown, ..self }
    }

    /// The share of 不明 in words.
    pub fn share(&self) -> String {
        format!("{:.0} %", self.unknown * 100.0)
    }
}

/// Makes cases of one law.
pub struct Maker<'a> {
    hir: &'a Hir,
    rng: Rng,
    unknown: f32,
    /// Slots of the root.
    always: Vec<u32>,
}

impl<'a> Maker<'a> {
    /// The same cases for the same law and mix.
    pub fn new(hir: &'a Hir, mix: Mix) -> Self {
        let always = hir.facts.iter().filter(|f| mix.always.contains(&f.name.as_str()));
        let always = always.filter_map(|f| match f.slot {
            Slot::Truth(slot) => Some(slot),
            Slot::Value(_) | Slot::Child(_) => None,
        });
        Self { hir, rng: Rng::with_seed(7), unknown: mix.unknown, always: always.collect() }
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
            if id == 0 {
                self.always.iter().for_each(|slot| table.truth[*slot as usize] = Truth::True);
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
