//! A readable listing of a [`Program`]: what runs, in the order it runs, each result with the policy's words for it.
use super::model::{Decision, DecisionKind, Entry, Gives, N, Op, Place, Program, T, V};
use crate::base::wording::source_words;
use crate::base::{Sources, Span, Val, decimal};
use crate::hir::{
    ArithOp, Between, CmpOp, ConclusionId, EntityId, EnumId, Extreme, FactId, Hir, Mode, Quantifier,
    Rounding, RuleId, Select, Slot, Type,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Columns an operation takes before its remark.
const CODE: usize = 46;
/// Columns of a remark.
const REMARK: usize = 40;

/// The program as text.
#[must_use]
pub fn listing(program: &Program, sources: &Sources) -> String {
    let mut lister = Lister { program, hir: &program.hir, remarks: BTreeMap::new(), out: String::new() };
    lister.collect(sources);
    lister.head();
    for (number, block) in program.blocks.iter().enumerate() {
        let _ = writeln!(lister.out, "\n块{number}　{}", lister.entity(block.entity));
        for op in block.ops.of(&program.ops) {
            lister.op(block.entity, op);
        }
    }
    for at in 0..program.decisions.len() {
        if let Ok(id) = u32::try_from(at) {
            lister.decision(ConclusionId(id));
        }
    }
    if let Some(t) = program.applicable {
        let _ = writeln!(lister.out, "\n适用范围　{}", lister.truth(EntityId(0), t));
    }
    lister.out
}

/// A register of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Register {
    Truth(EntityId, u32),
    Value(EntityId, u32),
}

struct Lister<'a> {
    program: &'a Program,
    hir: &'a Hir,
    /// What a register holds, in the policy's words.
    remarks: BTreeMap<Register, String>,
    out: String,
}

impl<'a> Lister<'a> {
    fn collect(&mut self, sources: &Sources) {
        for (at, expr) in self.hir.exprs.iter().enumerate() {
            let Ok(id) = u32::try_from(at).map(crate::hir::ExprId) else { continue };
            let home = super::home(self.hir, id);
            if let Some(register) = register(home, self.program.place(id)) {
                self.remark(register, words(sources, expr.span));
            }
        }
        for (at, rule) in self.hir.rules.iter().enumerate() {
            let Ok(id) = u32::try_from(at).map(RuleId) else { continue };
            if let Some(t) = self.program.guard(id) {
                let register = Register::Truth(rule.entity, t.0);
                self.remarks
                    .entry(register)
                    .and_modify(|words| {
                        let _ = write!(words, "　条件 {}", rule.address);
                    })
                    .or_insert_with(|| format!("条件 {}", rule.address));
            }
        }
        for (fact, place) in self.hir.facts.iter().zip(&self.program.deemed) {
            if let Some(register) = register(fact.entity, *place) {
                self.remarks.insert(register, format!("{}（视为、推定之后）", fact.name));
            }
        }
        for fact in &self.hir.facts {
            let register = match fact.slot {
                Slot::Truth(n) => Register::Truth(fact.entity, n),
                Slot::Value(n) => Register::Value(fact.entity, n),
                Slot::Child(_) => continue,
            };
            self.remarks.insert(register, fact.name.clone());
        }
    }

    fn remark(&mut self, register: Register, words: String) {
        if !words.is_empty() {
            self.remarks.entry(register).or_insert(words);
        }
    }

    fn head(&mut self) {
        let title = format!("《{}》　{}", self.hir.header.title, self.hir.header.version);
        let _ = writeln!(self.out, "{}", title.trim_end());
        for (entity, scope) in self.hir.entities.iter().zip(&self.program.scopes) {
            let _ = writeln!(
                self.out,
                "实体 {}：真值{}（事实{}），数值{}（事实{}），计数{}，结论{}",
                entity.name,
                scope.truths,
                entity.truth_slots,
                scope.values,
                entity.value_slots,
                scope.tallies,
                scope.conclusions
            );
        }
    }

    fn entity(&self, id: EntityId) -> &'a str {
        self.hir.entities.get(id.index()).map_or("？", |e| e.name.as_str())
    }

    fn fact(&self, id: FactId) -> &'a str {
        self.hir.facts.get(id.index()).map_or("？", |f| f.name.as_str())
    }

    fn conclusion(&self, id: ConclusionId) -> &'a str {
        self.hir.conclusions.get(id.index()).map_or("？", |c| c.name.as_str())
    }

    /// The entity a list's members belong to.
    fn child(&self, list: FactId) -> EntityId {
        super::member(self.hir, list).unwrap_or(EntityId(u32::MAX))
    }

    fn ancestor(&self, entity: EntityId, up: u32) -> EntityId {
        let mut at = entity;
        for _ in 0..up {
            match self.hir.entities.get(at.index()).and_then(|e| e.parent) {
                Some((parent, _)) => at = parent,
                None => break,
            }
        }
        at
    }

    /// `t3`, with the fact's name where it holds one.
    fn truth(&self, entity: EntityId, t: T) -> String {
        let facts = self.hir.entities.get(entity.index()).map_or(0, |e| e.truth_slots);
        self.named("t", Register::Truth(entity, t.0), t.0, facts)
    }

    fn value(&self, entity: EntityId, v: V) -> String {
        let facts = self.hir.entities.get(entity.index()).map_or(0, |e| e.value_slots);
        self.named("v", Register::Value(entity, v.0), v.0, facts)
    }

    fn named(&self, letter: &str, register: Register, number: u32, facts: u32) -> String {
        match self.remarks.get(&register) {
            Some(name) if number < facts => format!("{letter}{number}[{name}]"),
            Some(_) | None if number == u32::MAX => format!("{letter}？"),
            Some(_) | None => format!("{letter}{number}"),
        }
    }

    fn op(&mut self, at: EntityId, op: &Op) {
        let (result, code) = self.code(at, op);
        let left = match result {
            Some(Register::Truth(_, n)) => format!("t{n} = {code}"),
            Some(Register::Value(_, n)) => format!("v{n} = {code}"),
            None => code,
        };
        let remark = result.and_then(|r| self.remarks.get(&r)).map(String::as_str).unwrap_or_default();
        let gap = " ".repeat(CODE.saturating_sub(left.width()).max(1));
        let line = if remark.is_empty() { left } else { format!("{left}{gap}; {remark}") };
        let _ = writeln!(self.out, "  {line}");
    }

    fn ratio(&self, index: u32) -> String {
        self.program.ratios.get(index as usize).map(ToString::to_string).unwrap_or_default()
    }

    #[expect(clippy::too_many_lines, clippy::many_single_char_names, reason = "one arm an operation")]
    fn code(&self, at: EntityId, op: &Op) -> (Option<Register>, String) {
        let t = |t: T| self.truth(at, t);
        let v = |v: V| self.value(at, v);
        let truth = |dst: T| Some(Register::Truth(at, dst.0));
        let value = |dst: V| Some(Register::Value(at, dst.0));
        let cond = |list: FactId, src: Option<T>| {
            src.map(|s| format!("，{}", self.truth(self.child(list), s))).unwrap_or_default()
        };
        match *op {
            Op::True(d, b) => (truth(d), if b { "是" } else { "否" }.to_owned()),
            Op::Not(d, a) => (truth(d), format!("未 {}", t(a))),
            Op::And2(d, a, b) => (truth(d), format!("{} 且 {}", t(a), t(b))),
            Op::Or2(d, a, b) => (truth(d), format!("{} 或者 {}", t(a), t(b))),
            Op::And(d, args) => (
                truth(d),
                args.of(&self.program.truth_args).iter().map(|a| t(*a)).collect::<Vec<_>>().join(" 且 "),
            ),
            Op::Or(d, args) => {
                let args = args.of(&self.program.truth_args).iter().map(|a| t(*a));
                (truth(d), args.collect::<Vec<_>>().join(" 或者 "))
            }
            Op::AndNot(d, a, b) => (truth(d), format!("{} 且 未除外 {}", t(a), t(b))),
            Op::LiftTruth { dst, up, src } => {
                let above = self.ancestor(at, up);
                (truth(dst), format!("上级 {}.{}", self.entity(above), self.truth(above, src)))
            }
            Op::LiftValue { dst, up, src } => {
                let above = self.ancestor(at, up);
                (value(dst), format!("上级 {}.{}", self.entity(above), self.value(above, src)))
            }
            Op::OneTruth { dst, list, src } => {
                (truth(dst), format!("{} 之 {}", self.fact(list), self.truth(self.child(list), src)))
            }
            Op::OneValue { dst, list, src } => {
                (value(dst), format!("{} 之 {}", self.fact(list), self.value(self.child(list), src)))
            }
            Op::InSet(d, a, mask) => (truth(d), format!("{} 属于 {}", v(a), bits(mask))),
            Op::AnyOf(d, a, mask) => (truth(d), format!("{} 包括之一 {}", v(a), bits(mask))),
            Op::AllOf(d, a, mask) => (truth(d), format!("{} 包括全部 {}", v(a), bits(mask))),
            Op::ConclusionIn(d, c, mask) => {
                (truth(d), format!("结论 {} 属于 {}", self.conclusion(c), self.of(c, mask)))
            }
            Op::ConclusionAny(d, c, mask) => {
                (truth(d), format!("结论 {} 包括之一 {}", self.conclusion(c), self.of(c, mask)))
            }
            Op::ConclusionAll(d, c, mask) => {
                (truth(d), format!("结论 {} 包括全部 {}", self.conclusion(c), self.of(c, mask)))
            }
            Op::ConclusionValue(d, c) => (value(d), format!("结论 {}", self.conclusion(c))),
            Op::Cmp(d, op, a, b) => (truth(d), format!("{} {} {}", v(a), comparison(op), v(b))),
            Op::Share { dst, part, whole, op, ratio } => {
                (truth(dst), format!("{} 占 {} {} {}", v(part), v(whole), comparison(op), self.ratio(ratio)))
            }
            Op::Window { dst, value: a, anchor, before, within } => {
                let side = if before { "之前" } else { "之后" };
                let within = within.map(|w| format!(" {} 内", v(w))).unwrap_or_default();
                (truth(dst), format!("{} 在 {} {side}{within}", v(a), v(anchor)))
            }
            Op::InRange { dst, value: a, low, high } => {
                (truth(dst), format!("{} ≤ {} ≤ {}", v(low), v(a), v(high)))
            }
            Op::Quant { dst, quantifier, list, src } => {
                (truth(dst), format!("{}（{}{}）", quantified(quantifier), self.fact(list), cond(list, src)))
            }
            Op::Tally { dst: N(n), list, src } => {
                (None, format!("n{n} = 计数（{}{}）", self.fact(list), cond(list, src)))
            }
            Op::Other { dst, quantifier, tally: N(n), list, own } => {
                let own = own.map(|o| format!("，自身 {}", t(o))).unwrap_or_default();
                (truth(dst), format!("{}其他（{}，n{n}{own}）", quantified(quantifier), self.fact(list)))
            }
            Op::Const(d, index) => {
                let val = self.program.consts.get(index as usize).copied().unwrap_or_default();
                (value(d), format!("常数 {}", self.constant(val)))
            }
            Op::Arith(d, op, a, b) => (value(d), format!("{} {} {}", v(a), arithmetic(op), v(b))),
            Op::Portion(d, a, ratio) => (value(d), format!("{} 的 {}", v(a), self.ratio(ratio))),
            Op::ExtremeOf(d, which, args) => {
                let args = args.of(&self.program.value_args).iter().map(|a| v(*a)).collect::<Vec<_>>();
                (value(d), format!("{}者（{}）", extreme(which), args.join("，")))
            }
            Op::Round(d, mode, a, digits) => (value(d), format!("{}（{}，{digits}）", rounding(mode), v(a))),
            Op::DivRound { dst, mode, digits, num, den } => {
                (value(dst), format!("{}（{} ÷ {}，{digits}）", rounding(mode), v(num), v(den)))
            }
            Op::Count { dst, list, src } => {
                (value(dst), format!("个数（{}{}）", self.fact(list), cond(list, src)))
            }
            Op::Sum { dst, list, cond: c, field } => {
                let field = self.value(self.child(list), field);
                (value(dst), format!("之和（{}{}，{field}）", self.fact(list), cond(list, c)))
            }
            Op::ExtremeIn { dst, which, list, cond: c, field } => {
                let field = self.value(self.child(list), field);
                (value(dst), format!("{}（{}{}，{field}）", extreme(which), self.fact(list), cond(list, c)))
            }
            Op::Deadline(d, from, period) => (value(d), format!("自 {} 起 {} 届满", v(from), v(period))),
            Op::Shift(d, date, period, back) => {
                let side = if back { "之前" } else { "之后" };
                (value(d), format!("{} {side} {}", v(date), v(period)))
            }
            Op::Between(d, from, to, measure) => {
                (value(d), format!("自 {} 至 {} 的{}", v(from), v(to), measured(measure)))
            }
            Op::Extend(d, period, cond, more) => {
                (value(d), format!("{}，{} 则延长 {}", v(period), t(cond), v(more)))
            }
            Op::DeemTruth { dst, prev, guard, to, presume } => {
                let to = if to { "是" } else { "否" };
                (truth(dst), format!("{}，{} 则{} {to}", t(prev), t(guard), deemed(presume)))
            }
            Op::DeemValue { dst, prev, guard, to, presume } => {
                (value(dst), format!("{}，{} 则{} {}", v(prev), t(guard), deemed(presume), v(to)))
            }
            Op::Decide(c) => (None, format!("认定 {}", self.conclusion(c))),
        }
    }

    fn decision(&mut self, id: ConclusionId) {
        let program = self.program;
        let Some(decision) = program.decisions.get(id.index()) else { return };
        let entity = self.hir.conclusions.get(id.index()).map_or(EntityId(0), |c| c.entity);
        let default = self.default(id, decision);
        let _ = writeln!(
            self.out,
            "\n结论 {}.{}：{}{default}",
            self.entity(entity),
            self.conclusion(id),
            kind(decision.kind)
        );
        for (at, entry) in decision.entries.of(&program.entries).iter().enumerate() {
            let line = self.entry(entity, id, decision, at, entry);
            let _ = writeln!(self.out, "  {line}");
        }
    }

    fn default(&self, id: ConclusionId, decision: &Decision) -> String {
        match decision.default {
            Some(Val::Mask(mask)) => format!("，默认 {}", self.of(id, mask)),
            Some(val) => format!("，默认 {}", self.constant(val)),
            None => String::new(),
        }
    }

    fn entry(
        &self,
        entity: EntityId,
        id: ConclusionId,
        decision: &Decision,
        at: usize,
        entry: &Entry,
    ) -> String {
        let address = self.hir.rules.get(entry.rule.index()).map(|r| match &r.via {
            Some(via) => format!("{}（依照{via}）", r.address),
            None => r.address.to_string(),
        });
        let gives = match entry.gives {
            Gives::Mask(mask, select) => format!("{}{}", self.of(id, mask), selected(select)),
            Gives::Value(v) => self.value(entity, v),
            Gives::Duty { deadline, performed } => {
                format!("届满日 {} 履行日 {}", self.value(entity, deadline), self.value(entity, performed))
            }
        };
        // Entries are numbered within their decision.
        let above = |list: &[u32], word: &str| {
            let numbers: Vec<String> =
                list.iter().map(|n| format!("[{}]", n.saturating_sub(decision.entries.start))).collect();
            if numbers.is_empty() { String::new() } else { format!("　{word} {}", numbers.join(" ")) }
        };
        format!(
            "[{at}] {} {gives}　条件 {}　{}{}{}",
            mode(entry.mode),
            self.truth(entity, entry.guard),
            address.unwrap_or_default(),
            above(entry.above.of(&self.program.above), "次于"),
            above(entry.above_same.of(&self.program.above), "同值次于")
        )
    }

    /// The values of a conclusion a mask means.
    fn of(&self, id: ConclusionId, mask: u64) -> String {
        let ty = self.hir.conclusions.get(id.index()).map(|c| &c.ty);
        match ty {
            Some(Type::Bool) => named_bits(&["否", "是"], mask),
            Some(Type::Enum(e) | Type::Multi(e) | Type::Duty(e)) => self.enumerated(*e, mask),
            Some(
                Type::Int(_)
                | Type::Decimal(_)
                | Type::Money
                | Type::Date
                | Type::Period
                | Type::Text
                | Type::List(_)
                | Type::One(_)
                | Type::Error,
            )
            | None => bits(mask),
        }
    }

    fn enumerated(&self, id: EnumId, mask: u64) -> String {
        let values: Option<Vec<&str>> =
            self.hir.enums.get(id.index()).map(|e| e.values.iter().map(String::as_str).collect());
        named_bits(&values.unwrap_or_default(), mask)
    }

    fn constant(&self, val: Val) -> String {
        match val {
            Val::Unknown => "不明".to_owned(),
            Val::Na => "不适用".to_owned(),
            Val::Int(n) => n.to_string(),
            Val::Dec(d) => decimal::text(d),
            Val::Date(d) => d.to_string(),
            Val::Period(p) => p.to_string(),
            Val::Mask(mask) => bits(mask),
            Val::Text(i) => format!("「{}」", self.hir.texts.get(i as usize).map_or("", String::as_str)),
            Val::Range(low, high) => format!("{low}至{high}"),
        }
    }
}

fn register(entity: EntityId, place: Place) -> Option<Register> {
    match place {
        Place::Truth(t) => Some(Register::Truth(entity, t.0)),
        Place::Value(v) => Some(Register::Value(entity, v.0)),
        Place::None => None,
    }
}

fn words(sources: &Sources, span: Span) -> String {
    if span == Span::default() { String::new() } else { source_words(sources, span, REMARK) }
}

/// Positions of values: 第1、3值.
fn bits(mask: u64) -> String {
    let set: Vec<String> = (0..64).filter(|b| mask >> b & 1 == 1).map(|b| (b + 1).to_string()).collect();
    format!("第{}值", set.join("、"))
}

fn named_bits(names: &[&str], mask: u64) -> String {
    let set = names.iter().enumerate().filter(|(bit, _)| *bit < 64 && mask >> bit & 1 == 1);
    set.map(|(_, name)| *name).collect::<Vec<_>>().join("、")
}

const fn kind(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Single { .. } => "单选",
        DecisionKind::Multi => "多选",
        DecisionKind::Value => "数值",
        DecisionKind::Duty => "义务",
    }
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Must => "应当",
        Mode::May => "可以",
        Mode::MustNot => "不得",
    }
}

const fn selected(select: Select) -> &'static str {
    match select {
        Select::All => "",
        Select::OneOf | Select::AtLeast | Select::AtMost => " 之一",
        Select::AnyOf => " 单独或者合并",
    }
}

const fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "=",
        CmpOp::Ne => "≠",
        CmpOp::Lt => "<",
        CmpOp::Le => "≤",
        CmpOp::Gt => ">",
        CmpOp::Ge => "≥",
    }
}

const fn arithmetic(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "加",
        ArithOp::Sub => "减",
        ArithOp::Mul => "乘以",
        ArithOp::Div => "除以",
    }
}

const fn quantified(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Exists => "有",
        Quantifier::None => "无",
        Quantifier::ForAll => "全部",
    }
}

const fn extreme(which: Extreme) -> &'static str {
    match which {
        Extreme::Greatest => "最高或最晚",
        Extreme::Least => "最低或最早",
    }
}

const fn rounding(mode: Rounding) -> &'static str {
    match mode {
        Rounding::HalfUp => "四舍五入",
        Rounding::Up => "进一",
        Rounding::Down => "舍去",
    }
}

const fn measured(measure: Between) -> &'static str {
    match measure {
        Between::Days => "日数",
        Between::Workdays => "工作日数",
        Between::Months => "月数",
        Between::Years => "年数",
        Between::Age => "周岁",
    }
}

const fn deemed(presume: bool) -> &'static str {
    if presume { "推定" } else { "视为" }
}
