//! A readable listing of the resolved program, for tests and for those who work on the compiler.
use super::model::{
    ArithOp, Between, CmpOp, Consequence, ConsequenceKind, EnumId, Exception, ExprId, ExprKind, Extreme, Hir,
    Mode, Node, Quantifier, Select, Slot, Type, Val,
};
use std::fmt::Write;

/// The whole program as text.
#[must_use]
pub fn listing(hir: &Hir) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = Printer { hir, out: &mut out }.program();
    out
}

/// One expression as text.
#[must_use]
pub fn expression(hir: &Hir, id: ExprId) -> String {
    let mut out = String::new();
    let printer = Printer { hir, out: &mut out };
    printer.expr(id)
}

struct Printer<'h> {
    hir: &'h Hir,
    out: &'h mut String,
}

impl Printer<'_> {
    fn program(&mut self) -> std::fmt::Result {
        let hir = self.hir;
        writeln!(self.out, "《{}》 {}", hir.header.title, hir.header.version)?;
        for e in &hir.enums {
            writeln!(
                self.out,
                "枚举 {}{}：{}",
                e.name,
                if e.ordered { "（由轻到重）" } else { "" },
                e.values.join("、")
            )?;
        }
        for entity in &hir.entities {
            self.entity(entity)?;
        }
        for d in &hir.definitions {
            let line = format!(
                "定义 {}（{}，{}）= {}",
                d.name,
                self.entity_name(d.entity),
                self.ty(&d.ty),
                self.expr(d.value)
            );
            writeln!(self.out, "{line}")?;
        }
        for s in &hir.scope {
            let line = format!("适用于 {}", self.expr(s.cond));
            writeln!(self.out, "{line}")?;
        }
        for provision in &hir.provisions {
            let cond = provision.condition.map(|c| format!("：{}", self.expr(c))).unwrap_or_default();
            writeln!(self.out, "{}{cond}", provision.address)?;
            for &rule in &provision.rules {
                self.rule(rule)?;
            }
        }
        for (high, low) in &hir.priorities {
            let address = |r: &super::model::RuleId| {
                hir.rules.get(r.index()).map(|r| r.address.to_string()).unwrap_or_default()
            };
            writeln!(self.out, "优先 R{} {} > R{} {}", high.0, address(high), low.0, address(low))?;
        }
        let order: Vec<String> = hir.order.iter().map(|n| self.node(*n)).collect();
        writeln!(self.out, "次序 {}", order.join(" "))
    }

    fn entity(&mut self, entity: &super::model::Entity) -> std::fmt::Result {
        let parent = entity.parent.map(|(p, _)| format!(" 属于 {}", self.entity_name(p))).unwrap_or_default();
        writeln!(self.out, "实体 {}{parent}", entity.name)?;
        for &id in &entity.facts {
            let Some(f) = self.hir.facts.get(id.index()) else { continue };
            let slot = match f.slot {
                Slot::Truth(n) => format!("T{n}"),
                Slot::Value(n) => format!("V{n}"),
                Slot::Child(n) => format!("C{n}"),
            };
            let marks = [
                (f.judgement, " 酌定"),
                (f.absent_is_false, " 未载明视为否"),
                (entity.label == Some(id), " 标识"),
            ];
            let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, w)| *w).collect();
            let line = format!("  事实 {} {slot} {}{marks}", f.name, self.ty(&f.ty));
            writeln!(self.out, "{line}")?;
        }
        for &id in &entity.conclusions {
            let Some(c) = self.hir.conclusions.get(id.index()) else { continue };
            let default = c.default.map(|v| format!(" 默认 {}", self.val(v, &c.ty))).unwrap_or_default();
            let line = format!("  结论 {} {}{default}", c.name, self.ty(&c.ty));
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn rule(&mut self, id: super::model::RuleId) -> std::fmt::Result {
        let Some(rule) = self.hir.rules.get(id.index()) else { return Ok(()) };
        let via = rule.via.as_ref().map(|a| format!(" 依照{a}")).unwrap_or_default();
        let mut line =
            format!("  R{}{via} {}：{}", id.0, self.entity_name(rule.entity), self.expr(rule.guard));
        for e in &rule.exceptions {
            line.push_str(&self.exception(e));
        }
        line.push_str(" ⇒ ");
        let effects: Vec<String> = rule.consequences.iter().map(|c| self.consequence(c)).collect();
        line.push_str(&effects.join("，"));
        for deem in self.hir.deems.iter().filter(|d| d.rule == id) {
            let fact = self.hir.facts.get(deem.fact.index());
            let name = fact.map_or("", |f| f.name.as_str());
            let word = if deem.presume { "推定" } else { "视为" };
            let _ = write!(line, "{word} {name} 为 {}", self.expr(deem.value));
        }
        writeln!(self.out, "{line}")
    }

    fn exception(&self, e: &Exception) -> String {
        let inner: String = e.inner.iter().map(|i| self.exception(i)).collect();
        format!("，但 [{}] {}{inner} 除外", e.address, self.expr(e.cond))
    }

    fn consequence(&self, c: &Consequence) -> String {
        let Some(target) = self.hir.conclusions.get(c.conclusion.index()) else { return String::new() };
        let mode = match c.mode {
            Mode::Must => "应当",
            Mode::May => "可以",
            Mode::MustNot => "不得",
        };
        let value = match &c.kind {
            ConsequenceKind::Set { mask, select } => {
                format!("为 {}", self.choice(*mask, *select, &target.ty))
            }
            ConsequenceKind::Include { mask, select } => {
                format!("包括 {}", self.choice(*mask, *select, &target.ty))
            }
            ConsequenceKind::Value(e) => format!("为 {}", self.expr(*e)),
            ConsequenceKind::Duty { from, period, performed, extensions } => {
                let longer: Vec<String> = extensions
                    .iter()
                    .map(|(c, p)| format!("，{} 延长 {}", self.expr(*c), self.expr(*p)))
                    .collect();
                let longer = longer.concat();
                format!(
                    "自 {} 起 {} 内，履行日 {}{longer}",
                    self.expr(*from),
                    self.expr(*period),
                    self.expr(*performed)
                )
            }
        };
        format!("{} {mode} {value}", target.name)
    }

    fn choice(&self, mask: u64, select: Select, ty: &Type) -> String {
        let how = match select {
            Select::All => "",
            Select::OneOf => " 之一",
            Select::AnyOf => " 单独或者合并",
            Select::AtLeast => " 以上",
            Select::AtMost => " 以下",
        };
        format!("{}{how}", self.val(Val::Mask(mask), ty))
    }

    fn entity_name(&self, id: super::model::EntityId) -> &str {
        self.hir.entities.get(id.index()).map_or("", |e| e.name.as_str())
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "是否".to_owned(),
            Type::Int(u) => format!("整数（{u}）"),
            Type::Decimal(u) => format!("小数（{u}）"),
            Type::Money => "金额".to_owned(),
            Type::Date => "日期".to_owned(),
            Type::Period => "期间".to_owned(),
            Type::Text => "文本".to_owned(),
            Type::Enum(id) => format!("枚举 {}", self.enum_name(*id)),
            Type::Multi(id) => format!("多选 {}", self.enum_name(*id)),
            Type::List(e) => format!("多个 {}", self.entity_name(*e)),
            Type::One(e) => format!("一个 {}", self.entity_name(*e)),
            Type::Duty(_) => "义务".to_owned(),
            Type::Error => "错误".to_owned(),
        }
    }

    fn enum_name(&self, id: EnumId) -> &str {
        self.hir.enums.get(id.index()).map_or("", |e| e.name.as_str())
    }

    fn val(&self, val: Val, ty: &Type) -> String {
        match val {
            Val::Unknown => "不明".to_owned(),
            Val::Na => "不适用".to_owned(),
            Val::Int(n) => n.to_string(),
            Val::Dec(d) => format!("{d}"),
            Val::Date(d) => d.iso(),
            Val::Period(p) => p.to_string(),
            Val::Text(i) => format!("「{}」", self.hir.texts.get(i as usize).map_or("", String::as_str)),
            Val::Range(a, b) => format!("{a}..={b}"),
            Val::Mask(mask) => match ty {
                Type::Enum(id) | Type::Multi(id) | Type::Duty(id) => {
                    let values = self.hir.enums.get(id.index()).map_or(&[][..], |e| e.values.as_slice());
                    let names: Vec<&str> = values
                        .iter()
                        .enumerate()
                        .filter(|(i, _)| mask & (1 << i) != 0)
                        .map(|(_, v)| v.as_str())
                        .collect();
                    names.join("、")
                }
                _ if mask == 1 => "否".to_owned(),
                _ => "是".to_owned(),
            },
        }
    }

    fn list(&self, list: super::model::FactId) -> &str {
        self.hir.facts.get(list.index()).map_or("", |f| f.name.as_str())
    }

    fn many(&self, ids: &[ExprId], with: &str) -> String {
        ids.iter().map(|&e| self.expr(e)).collect::<Vec<_>>().join(with)
    }

    fn cond(&self, cond: Option<ExprId>) -> String {
        cond.map(|c| format!("{} 的 ", self.expr(c))).unwrap_or_default()
    }

    /// Recursion: as deep as the expression, which the parser bounds.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    fn expr(&self, id: ExprId) -> String {
        let Some(e) = self.hir.exprs.get(id.index()) else { return String::new() };
        match &e.kind {
            ExprKind::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
            ExprKind::Const(v) => self.val(*v, &e.ty),
            ExprKind::Fact(f) => self.list(*f).to_owned(),
            ExprKind::Conclusion(c) => {
                self.hir.conclusions.get(c.index()).map(|c| c.name.clone()).unwrap_or_default()
            }
            ExprKind::Definition(d) => {
                self.hir.definitions.get(d.index()).map(|d| d.name.clone()).unwrap_or_default()
            }
            ExprKind::DutyDeadline(c) => {
                format!("{} 之 届满日", self.hir.conclusions.get(c.index()).map_or("", |c| c.name.as_str()))
            }
            ExprKind::OfOne { list, body } => format!("{} 之 {}", self.list(*list), self.expr(*body)),
            ExprKind::And(parts) => format!("（{}）", self.many(parts, " 且 ")),
            ExprKind::Or(parts) => format!("（{}）", self.many(parts, " 或者 ")),
            ExprKind::Not(inner) => format!("未 {}", self.expr(*inner)),
            ExprKind::InSet { value, mask } => {
                format!("{} 为 {}", self.expr(*value), self.choice_of(*value, *mask))
            }
            ExprKind::Includes { value, mask, all } => {
                format!(
                    "{} 包括 {}{}",
                    self.expr(*value),
                    self.choice_of(*value, *mask),
                    if *all { " 全部" } else { "" }
                )
            }
            ExprKind::Cmp { op, left, right } => {
                format!("{} {} {}", self.expr(*left), cmp(*op), self.expr(*right))
            }
            ExprKind::Share { part, whole, op, ratio } => {
                format!("{} 占 {} {} {ratio}", self.expr(*part), self.expr(*whole), cmp(*op))
            }
            ExprKind::Window { value, anchor, before, within } => {
                let side = if *before { "之前" } else { "之后" };
                let within = within.map(|w| format!(" {} 内", self.expr(w))).unwrap_or_default();
                format!("{} 在 {} {side}{within}", self.expr(*value), self.expr(*anchor))
            }
            ExprKind::InRange { value, low, high } => {
                format!("{} 在 {} 至 {} 之间", self.expr(*value), self.expr(*low), self.expr(*high))
            }
            ExprKind::Quant { quantifier, list, other, cond } => {
                let word = match quantifier {
                    Quantifier::Exists => "有",
                    Quantifier::None => "无",
                    Quantifier::ForAll => "全部",
                };
                format!(
                    "{word} {}{}{}",
                    self.cond(*cond),
                    if *other { "其他 " } else { "" },
                    self.list(*list)
                )
            }
            ExprKind::Meets { rules, conditions } => {
                let rules: Vec<String> = rules.iter().map(|r| format!("R{}", r.0)).collect();
                format!("符合〔{}；{}〕", rules.join("、"), self.many(conditions, "；"))
            }
            ExprKind::Arith { op, left, right } => {
                let op = match op {
                    ArithOp::Add => "加",
                    ArithOp::Sub => "减",
                    ArithOp::Mul => "乘以",
                    ArithOp::Div => "除以",
                };
                format!("（{} {op} {}）", self.expr(*left), self.expr(*right))
            }
            ExprKind::Portion { base, ratio } => format!("{} 的 {ratio}", self.expr(*base)),
            ExprKind::ExtremeOf { which, args } => {
                format!("{}（{}）", extreme(*which), self.many(args, "，"))
            }
            ExprKind::Round { mode, value, digits } => {
                format!("取舍 {mode:?}（{}，{digits}）", self.expr(*value))
            }
            ExprKind::Count { list, cond } => format!("{} 中 {}个数", self.list(*list), self.cond(*cond)),
            ExprKind::Sum { list, cond, field } => {
                format!("{} 中 {}{} 之和", self.list(*list), self.cond(*cond), self.expr(*field))
            }
            ExprKind::ExtremeIn { list, cond, which, field } => {
                format!(
                    "{} 中 {}{} {}",
                    self.list(*list),
                    self.cond(*cond),
                    extreme(*which),
                    self.expr(*field)
                )
            }
            ExprKind::Deadline { from, period } => {
                format!("自 {} 起 {}", self.expr(*from), self.expr(*period))
            }
            ExprKind::Shift { date, period, back } => {
                format!("{} {} {}", self.expr(*date), if *back { "之前" } else { "之后" }, self.expr(*period))
            }
            ExprKind::Between { from, to, measure } => {
                let word = match measure {
                    Between::Days => "日数",
                    Between::Workdays => "工作日数",
                    Between::Months => "月数",
                    Between::Years => "年数",
                    Between::Age => "周岁",
                };
                format!("自 {} 至 {} 的 {word}", self.expr(*from), self.expr(*to))
            }
            ExprKind::Error => "〔错误〕".to_owned(),
        }
    }

    fn choice_of(&self, value: ExprId, mask: u64) -> String {
        self.hir.exprs.get(value.index()).map(|e| self.val(Val::Mask(mask), &e.ty)).unwrap_or_default()
    }

    fn node(&self, node: Node) -> String {
        match node {
            Node::Scope => "适用范围".to_owned(),
            Node::Deemed(f) => format!("视为:{}", self.list(f)),
            Node::Definition(d) => {
                format!("定义:{}", self.hir.definitions.get(d.index()).map_or("", |d| d.name.as_str()))
            }
            Node::Guard(r) => format!("R{}", r.0),
            Node::Decide(c) => {
                format!("应:{}", self.hir.conclusions.get(c.index()).map_or("", |c| c.name.as_str()))
            }
            Node::Options(c) => {
                format!("可:{}", self.hir.conclusions.get(c.index()).map_or("", |c| c.name.as_str()))
            }
        }
    }
}

const fn cmp(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "=",
        CmpOp::Ne => "≠",
        CmpOp::Lt => "<",
        CmpOp::Le => "≤",
        CmpOp::Gt => ">",
        CmpOp::Ge => "≥",
    }
}

const fn extreme(which: Extreme) -> &'static str {
    match which {
        Extreme::Greatest => "最高",
        Extreme::Least => "最低",
    }
}
