//! Conclusions as planes: the formulas of [`crate::eval`]'s decisions, a word at a time. What has no formula (an
//! irregular conclusion where some guard is 不明, computed values, 义务) is decided lane by lane by the same code.
use super::Compiler;
use super::values::chosen;
use crate::base::Val;
use crate::batch::wide::plan::{DecideAt, Instr, RecordAt, Value};
use crate::batch::wide::plane::{Cond, P};
use crate::eval::closed::{self, BOTH};
use crate::eval::decide::allows;
use crate::hir::{ConclusionId, Mode};
use crate::ir::{DecisionKind, Entry, Gives, T, V};

/// Conclusions of more values than this are read as values lane by lane.
const FEW_VALUES: usize = 12;

impl RecordAt {
    /// Nothing decides.
    fn silent(width: usize) -> Self {
        Self {
            decided: P::ZERO,
            conflict: P::ZERO,
            pending: P::ZERO,
            by_default: P::ZERO,
            certain: vec![P::ZERO; width],
            possible: vec![P::ZERO; width],
            may_be_silent: P::ZERO,
            may_conflict: P::ZERO,
            may_clash: P::ZERO,
            value: None,
            exclusive: false,
        }
    }
}

/// An entry, its guard as planes.
struct Given {
    entry: Entry,
    /// 是
    yes: P,
    /// 是 or 不明
    may: P,
    /// Guards above: 是; 是 or 不明.
    above: Vec<(P, P)>,
}

impl Compiler<'_> {
    pub(super) fn decide(&mut self, e: usize, id: ConclusionId) {
        let Some(decision) = self.program.decisions.get(id.index()).copied() else { return };
        let entries = decision.entries.of(&self.program.entries);
        let entries = entries.get(..decision.mandatory as usize).unwrap_or(&[]).to_vec();
        let default = match decision.default {
            Some(Val::Mask(m)) => m,
            Some(_) | None => 0,
        };
        let given: Vec<Given> = entries.iter().map(|entry| self.given(e, entry)).collect();
        let known = given.iter().all(|g| g.yes == g.may);
        let record = match decision.kind {
            DecisionKind::Single { full } if closed::is_binary(self.program, &entries, full) => {
                if known {
                    self.binary_known(e, &given, default)
                } else {
                    self.binary(e, &given, default)
                }
            }
            DecisionKind::Multi if closed::is_union(&entries) => {
                let width = self.width(id);
                self.union(e, &given, default, width)
            }
            DecisionKind::Single { full } => {
                let record = self.single(e, &given, full, default);
                self.irregular(e, id, record, &given, known)
            }
            DecisionKind::Multi => {
                let width = self.width(id);
                let record = self.multi(e, &given, default, width);
                self.irregular(e, id, record, &given, known)
            }
            DecisionKind::Value => self.one_by_one(e, id, RecordAt::silent(0), P::ONE),
            DecisionKind::Duty => self.one_by_one(e, id, RecordAt::silent(3), P::ONE),
        };
        if let Some(place) = self.plan.records.get_mut(id.index()) {
            *place = Some(record);
        }
    }

    fn given(&mut self, e: usize, entry: &Entry) -> Given {
        let cond = self.truth(e, entry.guard);
        let may = self.may(e, cond);
        let guards: Vec<T> = closed::above(self.program, entry).map(|h| h.guard).collect();
        let above = guards.into_iter().map(|g| {
            let cond = self.truth(e, g);
            (cond.yes, self.may(e, cond))
        });
        let above = above.collect();
        Given { entry: *entry, yes: cond.yes, may, above }
    }

    /// Values of the enumeration.
    fn width(&self, id: ConclusionId) -> usize {
        use crate::hir::Type;
        match self.hir().conclusions.get(id.index()).map(|c| &c.ty) {
            Some(Type::Enum(e) | Type::Multi(e) | Type::Duty(e)) => {
                self.hir().enums.get(e.index()).map_or(0, |e| e.values.len())
            }
            Some(Type::Bool) => 2,
            Some(_) | None => 0,
        }
    }

    /// Where an entry fires in every world.
    fn fires(&mut self, e: usize, g: &Given) -> P {
        let above: Vec<P> = g.above.iter().map(|(_, may)| may.not()).collect();
        self.and(e, above.into_iter().chain([g.yes]))
    }

    /// Where it fires in some world.
    fn may_fire(&mut self, e: usize, g: &Given) -> P {
        let above: Vec<P> = g.above.iter().map(|(yes, _)| yes.not()).collect();
        self.and(e, above.into_iter().chain([g.may]))
    }

    fn firing(&mut self, e: usize, given: &[Given]) -> Vec<P> {
        given.iter().map(|g| self.fires(e, g)).collect()
    }

    /// Two values, no guard 不明.
    fn binary_known(&mut self, e: usize, given: &[Given], default: u64) -> RecordAt {
        let fires = self.firing(e, given);
        let side = |value: u64| {
            given.iter().zip(&fires).filter(move |(g, _)| allows(&g.entry, BOTH) == value).map(|(_, p)| *p)
        };
        let (no, yes): (Vec<P>, Vec<P>) = (side(0b01).collect(), side(0b10).collect());
        let (no, yes) = (self.or(e, no), self.or(e, yes));
        let conflict = self.and(e, [no, yes]);
        // The default needs no provision for it, only none against it.
        let certain = |c: &mut Self, own: P, other: P, value: u64| {
            if default == value { other.not() } else { c.and(e, [own, other.not()]) }
        };
        let certain = vec![certain(self, no, yes, 0b01), certain(self, yes, no, 0b10)];
        let none = self.and(e, [no.not(), yes.not()]);
        let decided = if default == 0 { self.or(e, certain.clone()) } else { conflict.not() };
        let possible = certain.iter().map(|p| self.or(e, [*p, conflict])).collect();
        let by_default = if default == 0 { P::ZERO } else { none };
        RecordAt { decided, conflict, by_default, certain, possible, exclusive: true, ..RecordAt::silent(0) }
    }

    /// Two values, see [`closed::binary`].
    fn binary(&mut self, e: usize, given: &[Given], default: u64) -> RecordAt {
        let sides: [Vec<&Given>; 2] =
            [0b01, 0b10].map(|v| given.iter().filter(|g| allows(&g.entry, BOTH) == v).collect());
        let [for_no, for_yes] = &sides;
        let each = |c: &mut Self, side: &[&Given], f: fn(&mut Self, usize, &Given) -> P| -> Vec<P> {
            side.iter().map(|g| f(c, e, g)).collect()
        };
        let sure = [for_no, for_yes].map(|side| {
            let fires = each(self, side, Self::fires);
            self.or(e, fires)
        });
        let standing = [for_no, for_yes].map(|side| each(self, side, Self::may_fire));
        let conflict = self.and(e, sure);
        let none = self.and(e, given.iter().map(|g| g.yes.not()));
        let [no_stands, yes_stands] = &standing;
        let mut clashes = Vec::new();
        for (a, stands) in for_no.iter().zip(no_stands) {
            let others = for_yes.iter().zip(yes_stands);
            let others = others.filter(|(b, _)| closed::compatible(self.program, &a.entry, &b.entry));
            let others: Vec<P> = others.map(|(_, p)| *p).collect();
            let other = self.or(e, others);
            clashes.push(self.and(e, [*stands, other]));
        }
        let clash = self.or(e, clashes);
        let only_no = self.alone(e, for_no, for_yes);
        let only_yes = self.alone(e, for_yes, for_no);
        let reached = [(only_no, 0b01), (only_yes, 0b10)]
            .map(|(p, value)| if default == value { self.or(e, [p, none]) } else { p });
        let silent = if default == 0 { none } else { P::ZERO };
        let [no, yes] = reached;
        let quiet = [silent.not(), clash.not(), conflict.not()];
        let certain = vec![
            self.and(e, quiet.into_iter().chain([no, yes.not()])),
            self.and(e, quiet.into_iter().chain([yes, no.not()])),
        ];
        let decided = self.or(e, certain.clone());
        let nothing = self.and(e, [silent, no.not(), yes.not(), clash.not(), conflict.not()]);
        let pending = self.and(e, [conflict.not(), decided.not(), nothing.not()]);
        let possible = reached
            .into_iter()
            .zip(certain.clone())
            .map(|(r, c)| {
                let open = self.and(e, [pending, r]);
                self.or(e, [c, open, conflict])
            })
            .collect();
        let mut by_default = P::ZERO;
        for (value, p) in [0b01, 0b10].into_iter().zip(&certain) {
            if default == value {
                by_default = self.and(e, [*p, none]);
            }
        }
        let may = [&standing[0], &standing[1]].map(|side| self.or(e, side.clone()));
        let [sure_no, sure_yes] = sure;
        // With one side sure, whatever may fire on the other contradicts it.
        let one = self.and(e, [sure_no, may[1]]);
        let other = self.and(e, [sure_yes, may[0]]);
        let contradicts = self.or(e, [one, other]);
        RecordAt {
            decided,
            conflict,
            pending,
            by_default,
            certain,
            possible,
            may_be_silent: self.and(e, [pending, silent]),
            may_conflict: self.and(e, [pending, contradicts]),
            may_clash: self.and(e, [pending, clash]),
            value: None,
            exclusive: true,
        }
    }

    /// In some world provisions of `own` fire and none of `others`.
    fn alone(&mut self, e: usize, own: &[&Given], others: &[&Given]) -> P {
        let any = self.or(e, own.iter().map(|g| g.may));
        let mut parts = vec![any];
        for other in others {
            let value = allows(&other.entry, BOTH);
            let mut outs = vec![other.yes.not()];
            let above: Vec<T> = closed::above(self.program, &other.entry)
                .filter(|h| allows(h, BOTH) != value)
                .map(|h| h.guard)
                .collect();
            for guard in above {
                let cond = self.truth(e, guard);
                outs.push(self.may(e, cond));
            }
            parts.push(self.or(e, outs));
        }
        self.and(e, parts)
    }

    /// Additions only, see [`closed::union`].
    fn union(&mut self, e: usize, given: &[Given], default: u64, width: usize) -> RecordAt {
        // Entries of one guard hold together.
        let mut groups: Vec<(T, P, P, u64, u64)> = Vec::new();
        for g in given {
            let (certain, choice) = closed::adds(&g.entry);
            let open = self.and(e, [g.may, g.yes.not()]);
            match groups.iter_mut().find(|(guard, ..)| *guard == g.entry.guard) {
                Some((.., c, a)) => {
                    *c |= certain;
                    *a |= certain | choice;
                }
                None => groups.push((g.entry.guard, g.yes, open, certain, certain | choice)),
            }
        }
        let any = self.or(e, groups.iter().map(|g| g.1));
        let open = self.or(e, groups.iter().map(|g| g.2));
        let mut columns = [Vec::new(), Vec::new()];
        let mut same = Vec::new();
        for (column, all) in columns.iter_mut().zip([false, true]) {
            for n in 0..width {
                let brings = |g: &&(T, P, P, u64, u64)| (if all { g.4 } else { g.3 }) >> n & 1 == 1;
                let is_default = default >> n & 1 == 1;
                let given = self.or(e, groups.iter().filter(brings).map(|g| g.1));
                let maybe = self.or(e, groups.iter().filter(brings).map(|g| g.2));
                let sure = if is_default { self.or(e, [given, any.not()]) } else { given };
                let without = groups.iter().filter(|g| !brings(g)).map(|g| g.2.not());
                let always = if is_default {
                    let default = self.and(e, without.chain([any.not()]));
                    self.or(e, [given, default])
                } else {
                    given
                };
                let ever = self.or(e, [sure, maybe]);
                let differs = self.and(e, [ever, always.not()]);
                same.push(differs.not());
                column.push((sure, always, ever));
            }
        }
        let something = if default == 0 { any } else { P::ONE };
        let same = self.and(e, same);
        let decided = self.and(e, [something, same]);
        let nothing = self.and(e, [something.not(), open.not()]);
        let pending = self.and(e, [decided.not(), nothing.not()]);
        let [certain, possible] = columns;
        let mut pick = |column: Vec<(P, P, P)>, ever: bool| -> Vec<P> {
            let pick = |(sure, always, any): (P, P, P)| {
                let decided = self.and(e, [decided, sure]);
                let open = self.and(e, [pending, if ever { any } else { always }]);
                self.or(e, [decided, open])
            };
            column.into_iter().map(pick).collect()
        };
        let (certain, possible) = (pick(certain, false), pick(possible, true));
        RecordAt {
            decided,
            pending,
            by_default: self.and(e, [decided, any.not()]),
            certain,
            possible,
            may_be_silent: self.and(e, [pending, something.not()]),
            ..RecordAt::silent(0)
        }
    }

    /// One value out of any number, no guard 不明.
    fn single(&mut self, e: usize, given: &[Given], full: u64, default: u64) -> RecordAt {
        let width = (64 - full.leading_zeros()) as usize;
        let fires = self.firing(e, given);
        let bit = |n: usize| 1_u64 << n;
        let mut excluded = Vec::new();
        for n in 0..width {
            let against = given.iter().zip(&fires).filter(|(g, _)| allows(&g.entry, full) & bit(n) == 0);
            let against: Vec<P> = against.map(|(_, p)| *p).collect();
            excluded.push(self.or(e, against));
        }
        let conflict = self.and(e, excluded.clone());
        let must = given.iter().zip(&fires).filter(|(g, _)| g.entry.mode == Mode::Must);
        let must: Vec<P> = must.map(|(_, p)| *p).collect();
        let mut taken = vec![self.or(e, must)];
        if given.iter().any(|g| g.entry.mode == Mode::MustNot) {
            // Prohibitions that leave one value decide it.
            let any = self.or(e, excluded.clone());
            for n in 0..width {
                let others = excluded.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, p)| *p);
                let own = excluded.get(n).copied().unwrap_or(P::ONE);
                let left: Vec<P> = others.chain([own.not(), any]).collect();
                taken.push(self.and(e, left));
            }
        }
        let taken = self.or(e, taken);
        let mut certain = Vec::new();
        for (n, excluded) in excluded.iter().enumerate() {
            let by_default = default & bit(n) != 0;
            let parts = if by_default { vec![excluded.not()] } else { vec![excluded.not(), taken] };
            certain.push(self.and(e, parts));
        }
        let decided = self.or(e, certain.clone());
        let possible = certain.iter().map(|p| self.or(e, [*p, conflict])).collect();
        let sole = given.iter().filter(|g| g.entry.mode == Mode::Must);
        let exclusive =
            default.count_ones() <= 1 && sole.into_iter().all(|g| allows(&g.entry, full).is_power_of_two());
        RecordAt {
            decided,
            conflict,
            by_default: self.and(e, [decided, taken.not()]),
            certain,
            possible,
            exclusive,
            ..RecordAt::silent(0)
        }
    }

    /// 多选 with prohibitions or priorities, no guard 不明.
    fn multi(&mut self, e: usize, given: &[Given], default: u64, width: usize) -> RecordAt {
        let fires = self.firing(e, given);
        let mut of = |wanted: &dyn Fn(&Entry) -> bool| {
            let found = given.iter().zip(&fires).filter(|(g, _)| wanted(&g.entry));
            let found: Vec<P> = found.map(|(_, p)| *p).collect();
            self.or(e, found)
        };
        let must = |x: &Entry| x.mode != Mode::MustNot;
        let mask = |x: &Entry| match x.gives {
            Gives::Mask(mask, _) => mask,
            Gives::Value(_) | Gives::Duty { .. } => 0,
        };
        let has = |m: u64, n: usize| m >> n & 1 == 1;
        let (mut sure, mut choice, mut barred) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..width {
            sure.push(of(&|x| must(x) && has(closed::adds(x).0, n)));
            choice.push(of(&|x| must(x) && has(closed::adds(x).1, n)));
            barred.push(of(&|x| !must(x) && has(mask(x), n)));
        }
        let obliged = of(&must);
        let mut clashes = Vec::new();
        let (mut blocked, mut any_choice) = (Vec::new(), Vec::new());
        for ((s, c), b) in sure.iter().zip(&choice).zip(&barred) {
            clashes.push(self.and(e, [*s, *b]));
            blocked.push(self.or(e, [c.not(), *b]));
            any_choice.push(*c);
        }
        let any_choice = self.or(e, any_choice);
        clashes.push(self.and(e, blocked.into_iter().chain([any_choice])));
        let conflict = self.or(e, clashes);
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for n in 0..width {
            let at = |column: &[P]| column.get(n).copied().unwrap_or(P::ZERO);
            let (s, c, b) = (at(&sure), at(&choice), at(&barred));
            let own = if has(default, n) {
                let default = self.and(e, [obliged.not(), b.not()]);
                self.or(e, [s, default])
            } else {
                s
            };
            let own = self.and(e, [own, conflict.not()]);
            let chosen = self.and(e, [c, b.not(), conflict.not()]);
            let given = self.or(e, [s, c]);
            let given = self.and(e, [given, conflict]);
            certain.push(own);
            possible.push(self.or(e, [own, chosen, given]));
        }
        let any = self.or(e, possible.clone());
        let decided = self.and(e, [any, conflict.not()]);
        RecordAt {
            decided,
            conflict,
            by_default: self.and(e, [decided, obliged.not()]),
            certain,
            possible,
            ..RecordAt::silent(0)
        }
    }

    /// Has lanes with 不明 guards decided one by one.
    fn irregular(
        &mut self,
        e: usize,
        id: ConclusionId,
        record: RecordAt,
        given: &[Given],
        known: bool,
    ) -> RecordAt {
        if known {
            return record;
        }
        let opens: Vec<P> = given.iter().map(|g| self.and(e, [g.may, g.yes.not()])).collect();
        let open = self.or(e, opens);
        self.one_by_one(e, id, record, open)
    }

    fn one_by_one(&mut self, e: usize, id: ConclusionId, record: RecordAt, which: P) -> RecordAt {
        let Some(decision) = self.program.decisions.get(id.index()).copied() else { return record };
        let entries = decision.entries.of(&self.program.entries);
        let entries = entries.get(..decision.mandatory as usize).unwrap_or(&[]).to_vec();
        let mut guards: Vec<T> = entries.iter().map(|x| x.guard).collect();
        guards.extend(entries.iter().flat_map(|x| closed::above(self.program, x)).map(|x| x.guard));
        guards.sort_unstable();
        guards.dedup();
        let truths: Vec<(T, Cond)> = guards.into_iter().map(|t| (t, self.truth(e, t))).collect();
        let mut registers: Vec<V> = entries
            .iter()
            .flat_map(|x| match x.gives {
                Gives::Mask(..) => [None, None],
                Gives::Value(v) => [Some(v), None],
                Gives::Duty { deadline, performed } => [Some(deadline), Some(performed)],
            })
            .flatten()
            .collect();
        registers.sort_unstable();
        registers.dedup();
        let values: Vec<(V, Value)> = registers.into_iter().map(|v| (v, self.value(e, v))).collect();
        let width = record.certain.len();
        let count = u32::try_from(7 + 2 * width).unwrap_or(7);
        let planes = self.planes(e, count);
        let flags = [
            record.decided,
            record.conflict,
            record.pending,
            record.by_default,
            record.may_be_silent,
            record.may_conflict,
            record.may_clash,
        ];
        let all = flags.into_iter().chain(record.certain).chain(record.possible);
        for (dst, p) in (planes..).zip(all) {
            self.copy_all(e, dst, &[p]);
        }
        let computed = matches!(decision.kind, DecisionKind::Value | DecisionKind::Duty);
        let column = if computed {
            self.plan.rooms.get_mut(e).map(|room| {
                room.vals += 1;
                room.vals - 1
            })
        } else {
            None
        };
        let decision = u32::try_from(self.plan.decisions.len()).unwrap_or(0);
        let wide = u32::try_from(width).unwrap_or(0);
        self.plan.decisions.push(DecideAt { conclusion: id, truths, values, planes, width: wide, column });
        self.emit(e, Instr::Decide { decision, which });
        let at = |n: u32| P::at(0, planes + n);
        RecordAt {
            decided: at(0),
            conflict: at(1),
            pending: at(2),
            by_default: at(3),
            may_be_silent: at(4),
            may_conflict: at(5),
            may_clash: at(6),
            certain: (0..wide).map(|n| at(7 + n)).collect(),
            possible: (0..wide).map(|n| at(7 + wide + n)).collect(),
            value: column,
            exclusive: false,
        }
    }

    pub(super) fn record(&self, id: ConclusionId) -> RecordAt {
        let known = self.plan.records.get(id.index()).and_then(Clone::clone);
        known.unwrap_or_else(|| RecordAt::silent(self.width(id)))
    }

    /// A single-valued conclusion lies in a set.
    pub(super) fn lies_in(&mut self, e: usize, id: ConclusionId, mask: u64) -> Cond {
        let r = self.record(id);
        let within = self.or(e, chosen(&r.certain, mask));
        let without = self.or(e, chosen(&r.certain, !mask));
        let mixed = if r.exclusive { P::ZERO } else { self.and(e, [within, without]) };
        if r.pending == P::ZERO {
            let trouble = self.or(e, [r.conflict, mixed]);
            if trouble == P::ZERO {
                return Cond::known(within);
            }
            if !self.seen.clashes.get(id.index()).copied().unwrap_or(true) {
                self.surprise(e, id, trouble);
                return Cond::known(within);
            }
            let yes = self.and(e, [within, mixed.not()]);
            return Cond { yes, not_no: self.or(e, [within, r.conflict]), open: None };
        }
        let (may, may_not) = (self.or(e, chosen(&r.possible, mask)), self.or(e, chosen(&r.possible, !mask)));
        let sure = self.and(e, [r.decided, within, mixed.not()]);
        let settled = self.and(e, [r.pending, r.may_clash.not(), may, may_not.not(), r.may_be_silent.not()]);
        let yes = self.or(e, [sure, settled]);
        let decided = self.and(e, [r.decided, within]);
        let clash = self.and(e, [r.pending, r.may_clash]);
        let open = self.and(e, [r.pending, may]);
        let not_no = self.or(e, [decided, r.conflict, clash, open]);
        Cond { yes, not_no, open: None }
    }

    /// A 多选 conclusion includes any or all of a set.
    pub(super) fn includes(&mut self, e: usize, id: ConclusionId, mask: u64, all: bool) -> Cond {
        let r = self.record(id);
        let clash = self.and(e, [r.pending, r.may_clash]);
        let bad = self.or(e, [r.conflict, clash]);
        let mut of = |column: &[P]| {
            let wanted: Vec<P> = chosen(column, mask).collect();
            if all { self.and(e, wanted) } else { self.or(e, wanted) }
        };
        let (sure, maybe) = (of(&r.certain), of(&r.possible));
        let yes = self.and(e, [sure, bad.not()]);
        let not_no = self.or(e, [maybe, bad]);
        Cond { yes, not_no, open: None }
    }

    /// An enumeration's decided value; none for conclusions that are no enumerations.
    pub(super) fn conclusion_value(&mut self, e: usize, id: ConclusionId) -> Option<Value> {
        let kind = self.program.decisions.get(id.index())?.kind;
        let r = self.record(id);
        if matches!(kind, DecisionKind::Value | DecisionKind::Duty) || r.certain.len() > FEW_VALUES {
            return None;
        }
        let mut bits = Vec::new();
        for (n, own) in r.certain.iter().enumerate() {
            let others = r.certain.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, p)| p.not());
            let others: Vec<P> = if r.exclusive { Vec::new() } else { others.collect() };
            bits.push(self.and(e, others.into_iter().chain([*own, r.decided])));
        }
        let na = self.and(e, [r.decided.not(), r.conflict.not(), r.pending.not()]);
        let any = self.or(e, bits.clone());
        let open = self.and(e, [any.not(), na.not()]);
        Some(Value::Bits { bits, single: true, open, na })
    }
}
