//! Values by chance: anywhere, or at the bounds that the law compares a fact with.
use super::draft::{At, Draft, ROOT};
use super::plan::{Field, Kind, Length, narrow};
use crate::base::date::Period;
use crate::base::{Date, Truth, Val, decimal};
use crate::hir::EntityId;
use rust_decimal::Decimal;

/// 2009-01-01, and how many days dates may lie after it: years whose working days are known.
const FIRST_DAY: i32 = 14_245;
const DAYS: i32 = 365 * 16;
/// The largest number drawn without a bound that asks for more.
const LARGEST: i64 = 1_000_000_000_000;
/// Shares of 是 among 256; a case keeps to one.
const DENSITIES: [u8; 6] = [16, 48, 96, 128, 176, 232];
/// How far dates lie from the case's day.
const SPREADS: [i32; 4] = [3, 40, 400, 8000];

impl Draft<'_> {
    /// Everything by chance.
    pub fn draw(&mut self) {
        self.density = self.pick(&DENSITIES).unwrap_or(128);
        self.today = Date(FIRST_DAY + self.rng.i32(0..DAYS));
        self.open_root();
        self.fresh = true;
        for entity in (0..).map(EntityId).take(self.hir.entities.len()) {
            let mut row = 0;
            while row < self.count(entity) {
                self.draw_row(At { entity, row });
                row += 1;
            }
        }
        self.fresh = false;
        if self.plan.dated && !self.chance(self.options.unknown) {
            self.date = self.draw_question();
        }
    }

    /// The facts of a row; members of its lists are made, blank.
    fn draw_row(&mut self, at: At) {
        for field in self.fields(at.entity) {
            self.draw_field(field, at.row, true);
        }
    }

    /// A row made later, with everything below it.
    pub fn draw_all(&mut self, at: At) {
        self.draw_row(at);
        for field in self.fields(at.entity) {
            let Some(entity) = self.member(field.fact) else { continue };
            for row in self.members(field.fact, at.row).unwrap_or_default() {
                self.draw_all(At { entity, row });
            }
        }
    }

    /// A fact; 不明 and 不适用 now and then if `clouded`.
    pub fn draw_field(&mut self, field: &Field, row: u32, clouded: bool) {
        let roll = if clouded { self.rng.u16(..1000) } else { 1000 };
        let unknown = roll < self.options.unknown;
        let na = !unknown && field.may_be_na && roll < self.options.unknown + self.options.inapplicable;
        let value = match field.kind {
            Kind::Truth => {
                match (unknown, na) {
                    (true, _) => self.put_truth(field.fact, row, Truth::Unknown, false),
                    (_, true) => self.put_truth(field.fact, row, Truth::Na, false),
                    _ => {
                        let yes = self.rng.u8(..) < self.density;
                        self.set_truth(field.fact, row, Truth::from(yes))
                    }
                };
                return;
            }
            Kind::Many(_) | Kind::One(_) => return self.draw_list(field, row, (unknown, na)),
            Kind::Nothing => {
                // As a reader finds it who finds nothing.
                if field.absent_is_false {
                    self.put_truth(field.fact, row, Truth::False, true);
                }
                return;
            }
            _ if unknown => Val::Unknown,
            _ if na => Val::Na,
            Kind::Int => self.draw_int(field),
            Kind::Decimal => self.draw_decimal(field, 10),
            Kind::Money => self.draw_decimal(field, 1000),
            Kind::Date => self.draw_date(field, row),
            Kind::Period => self.draw_period(field),
            Kind::Text => self.draw_text(field),
            Kind::Label => self.draw_label(row),
            Kind::Enum(all) => self.draw_enum(field, all),
            Kind::Multi(all) => self.draw_multi(field, all),
        };
        self.set_value(field.fact, row, value);
    }

    fn draw_list(&mut self, field: &Field, row: u32, (unknown, na): (bool, bool)) {
        if unknown {
            return;
        }
        if na {
            return self.set_na(field.fact, row);
        }
        let (low, high) = self.options.members;
        let mut count = match field.kind {
            Kind::One(_) => 1,
            _ => self.rng.u32(low..=high.max(low)),
        };
        if matches!(field.kind, Kind::Many(_))
            && let Some(Val::Int(n)) = self.at_bound(field)
        {
            let near = n + self.rng.i64(-1..=1);
            count = u32::try_from(near).unwrap_or(0);
        }
        self.open_list(field.fact, row);
        for _ in 0..count {
            if self.insert(field.fact, row).is_none() {
                return;
            }
        }
    }

    /// A bound, if it is to be one.
    fn at_bound(&mut self, field: &Field) -> Option<Val> {
        if field.bounds.is_empty() || !self.chance(self.options.bias) {
            return None;
        }
        self.pick(&field.bounds)
    }

    fn draw_int(&mut self, field: &Field) -> Val {
        if let Some(bound) = self.at_bound(field) {
            let near = whole(bound).unwrap_or(0).saturating_add(self.rng.i64(-1..=1));
            return Val::Int(near.max(0));
        }
        let most = field.bounds.iter().filter_map(|b| whole(*b)).max().unwrap_or(5);
        Val::Int(self.rng.i64(0..=most.clamp(2, LARGEST) * 2))
    }

    fn draw_decimal(&mut self, field: &Field, usual: i64) -> Val {
        if let Some(bound) = self.at_bound(field).and_then(number) {
            let steps = self.rng.i64(-1..=1);
            return Val::Dec(by_units(bound, steps).unwrap_or(bound));
        }
        let most = field.bounds.iter().filter_map(|b| whole(*b)).max();
        let most = most.map_or(usual, |most| most.clamp(1, LARGEST) * 2);
        let hundredths = self.rng.i64(0..=most * 100);
        Val::Dec(if self.rng.bool() { Decimal::new(hundredths, 2) } else { Decimal::from(hundredths / 100) })
    }

    fn draw_date(&mut self, field: &Field, row: u32) -> Val {
        if let Some(day) = self.at_link(field, row) {
            return Val::Date(day);
        }
        if let Some(Val::Date(day)) = self.at_bound(field) {
            let near = day.add_days(self.rng.i64(-1..=1));
            return Val::Date(near.unwrap_or(day));
        }
        Val::Date(self.some_day())
    }

    fn some_day(&mut self) -> Date {
        let spread = self.pick(&SPREADS).unwrap_or(40);
        // The longest stretch is for births.
        let (low, high) = if spread == 8000 { (-25_000, 0) } else { (-spread, spread) };
        self.today.add_days(i64::from(self.rng.i32(low..=high))).unwrap_or(self.today)
    }

    /// A day counted from a date that is known already, or the one before or after.
    fn at_link(&mut self, field: &Field, row: u32) -> Option<Date> {
        if field.links.is_empty() || !self.chance(self.options.bias) {
            return None;
        }
        let link = self.pick(&field.links)?;
        let here = At { entity: self.hir.facts.get(field.fact.index())?.entity, row };
        let there = self.up(here, self.hir.facts.get(link.other.index())?.entity)?;
        let Val::Date(from) = self.value(link.other, there.row) else { return None };
        let length = match link.length {
            Length::Zero => Period::ZERO,
            Length::Fixed(period) => period,
            Length::Fact(fact) => {
                let there = self.up(here, self.hir.facts.get(fact.index())?.entity)?;
                let Val::Period(period) = self.value(fact, there.row) else { return None };
                period
            }
        };
        let end = match self.rng.u8(..4) {
            0 => self.calendar.before(from, length),
            1 => self.calendar.deadline(from, length).or_else(|| self.calendar.after(from, length)),
            _ => self.calendar.after(from, length),
        };
        end?.add_days(self.rng.i64(-1..=1))
    }

    /// Around the deadlines of duties as likely as anywhere.
    fn draw_question(&mut self) -> Option<Date> {
        let dates: Vec<_> = self.fields(ROOT.entity).iter().filter(|f| f.kind == Kind::Date).collect();
        let from = self.pick(&dates).map(|field| self.value(field.fact, 0));
        match from {
            Some(Val::Date(day)) => day.add_days(self.rng.i64(0..=60)),
            _ => self.today.add_days(self.rng.i64(-400..=400)),
        }
    }

    pub fn draw_period(&mut self, field: &Field) -> Val {
        if let Some(bound) = self.at_bound(field) {
            return bound;
        }
        let n = self.rng.i32(1..=30);
        Val::Period(match self.rng.u8(..4) {
            0 => Period { workdays: n, ..Period::ZERO },
            1 => Period { months: n % 24 + 1, ..Period::ZERO },
            2 => Period { years: n % 3 + 1, ..Period::ZERO },
            _ => Period { days: n, ..Period::ZERO },
        })
    }

    fn draw_text(&mut self, field: &Field) -> Val {
        if let Some(bound) = self.at_bound(field) {
            return bound;
        }
        let count = narrow(self.plan.texts.len());
        Val::Text(self.rng.u32(..count.max(1)))
    }

    /// 甲, 乙, 丙 in order.
    fn draw_label(&mut self, row: u32) -> Val {
        let names = narrow(self.plan.texts.len()).saturating_sub(self.plan.names).max(1);
        Val::Text(self.plan.names + row % names)
    }

    fn draw_enum(&mut self, field: &Field, all: u64) -> Val {
        let among = match self.at_bound(field) {
            Some(Val::Mask(mask)) if self.rng.bool() => mask & all,
            Some(Val::Mask(mask)) => all & !mask,
            _ => all,
        };
        let among = if among == 0 { all } else { among };
        Val::Mask(self.one_bit(among))
    }

    fn draw_multi(&mut self, field: &Field, all: u64) -> Val {
        let random = self.rng.u64(..) & self.rng.u64(..) & all;
        let Some(Val::Mask(mask)) = self.at_bound(field) else { return Val::Mask(random) };
        let mask = mask & all;
        Val::Mask(match self.rng.u8(..4) {
            0 => mask,
            1 => mask & !self.one_bit(mask),
            2 => random & !mask,
            _ => random | mask,
        })
    }

    /// One of the bits of a mask; nothing of nothing.
    pub fn one_bit(&mut self, mask: u64) -> u64 {
        let count = mask.count_ones();
        if count == 0 {
            return 0;
        }
        let mut mask = mask;
        for _ in 0..self.rng.u32(..count) {
            mask &= mask - 1;
        }
        mask & mask.wrapping_neg()
    }
}

/// A number, rounded down.
pub(super) fn whole(value: Val) -> Option<i64> {
    decimal::to_integer(decimal::round(number(value)?, 0, decimal::Rounding::Down)?)
}

pub(super) fn number(value: Val) -> Option<Decimal> {
    match value {
        Val::Int(n) => Some(Decimal::from(n)),
        Val::Dec(d) => Some(d),
        _ => None,
    }
}

/// A hundredth more or less (less, if it has smaller parts), never below nothing.
pub(super) fn by_units(value: Decimal, steps: i64) -> Option<Decimal> {
    let scale = value.normalize().scale().max(2);
    decimal::add(value, Decimal::new(steps, scale))
        .map(|d| if d.is_sign_negative() { Decimal::ZERO } else { d })
}
