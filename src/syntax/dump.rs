//! The syntax tree as indented text without places: for snapshots, and to tell whether two texts say the same.
use super::ast::{
    Attr, AttrKind, Cap, Choice, Consequence, ConsequenceKind, Expr, ExprKind, Field, Name, Provision,
    Proviso, Reference, ReferenceTarget, Rule, SourceFile, Statement, StatementKind, Text, TopItem, TypeKind,
    Value,
};
use std::fmt::Write as _;

/// Dumps a file.
#[must_use]
pub fn dump(tree: &SourceFile) -> String {
    let mut out = Dump { out: String::new(), depth: 0 };
    if let Some(header) = &tree.header {
        out.line(&format!("header {} {}", header.kind.text, quoted(&header.title)));
        out.within(|out| {
            for (key, text) in &header.texts {
                out.line(&format!("{key:?} {}", quoted(text)));
            }
            for (key, date, _) in &header.dates {
                out.line(&format!("{key:?} {date}"));
            }
        });
    }
    for item in &tree.items {
        out.item(item);
    }
    out.out
}

struct Dump {
    out: String,
    depth: usize,
}

impl Dump {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn within(&mut self, body: impl FnOnce(&mut Self)) {
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    fn item(&mut self, item: &TopItem) {
        match item {
            TopItem::Include(path) => self.line(&format!("include {}", quoted(path))),
            TopItem::Enum(decl) => {
                let ordered = if decl.ordered { " ordered" } else { "" };
                self.line(&format!("enum {}{ordered}: {}", decl.name.text, names(&decl.values)));
            }
            TopItem::Facts(block) => self.fields("facts", &block.entity, &block.fields),
            TopItem::Conclusions(block) => self.fields("conclusions", &block.entity, &block.fields),
            TopItem::Heading(heading) => {
                let marks: Vec<_> = heading.marks.iter().map(|m| m.kind).collect();
                self.line(&format!(
                    "{:?} {} {}{}",
                    heading.level,
                    heading.number,
                    quoted(&heading.title),
                    list(&marks)
                ));
            }
            TopItem::Article(provision) => self.provision(provision),
            TopItem::Statement(statement) => self.statement(statement),
        }
    }

    fn fields(&mut self, word: &str, entity: &Name, fields: &[Field]) {
        self.line(&format!("{word} {}", entity.text));
        self.within(|out| {
            for field in fields {
                let attrs: String = field.attrs.iter().map(attr).collect();
                out.line(&format!("{}: {}{attrs}", field.name.text, type_of(&field.ty.kind)));
            }
        });
    }

    fn provision(&mut self, p: &Provision) {
        let sub = if p.sub > 0 { format!("-{}", p.sub) } else { String::new() };
        let marks: Vec<_> = p.marks.iter().map(|m| m.kind).collect();
        let text = p.text.as_ref().map_or_else(String::new, |t| format!(" {}", quoted(t)));
        self.line(&format!("{:?} {}{sub}{}{text}", p.kind, p.number, list(&marks)));
        self.within(|out| {
            for note in &p.notes {
                out.line(&format!("note {}", quoted(note)));
            }
            for statement in &p.statements {
                out.statement(statement);
            }
            for child in &p.children {
                out.provision(child);
            }
        });
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Rule(rule) => self.rule(rule),
            StatementKind::Condition { cond, proviso } => {
                self.line(&format!("condition {}", expr(cond)));
                self.proviso(proviso.as_deref());
            }
            StatementKind::Definition(d) => {
                let entity = d.entity.as_ref().map_or_else(String::new, |e| format!("{}.", e.text));
                self.line(&format!("define {entity}{} = {}", d.name.text, expr(&d.value)));
            }
            StatementKind::Priority { higher, lower } => {
                self.line(&format!("priority {} > {}", reference(higher), references(lower)));
            }
            StatementKind::Scope(cond) => self.line(&format!("scope {}", expr(cond))),
        }
    }

    fn rule(&mut self, rule: &Rule) {
        self.line("rule");
        self.within(|out| {
            if !rule.except.is_empty() {
                out.line(&format!("except {}", references(&rule.except)));
            }
            if let Some(each) = &rule.each {
                out.line(&format!("each {}", each.text));
            }
            if let Some(premise) = &rule.premise {
                out.line(&format!("premise {}", expr(premise)));
            }
            if let Some(list) = &rule.list {
                out.line(&format!("list {:?}", list.kind));
            }
            out.consequences(&rule.consequences);
            out.proviso(rule.proviso.as_deref());
        });
    }

    fn proviso(&mut self, proviso: Option<&Proviso>) {
        let Some(proviso) = proviso else { return };
        self.line("but");
        self.within(|out| {
            if let Some(cond) = &proviso.cond {
                out.line(&format!("if {}", expr(cond)));
            }
            if let Some(list) = &proviso.list {
                out.line(&format!("list {:?}", list.kind));
            }
            if proviso.consequences.is_empty() {
                out.line("excluded");
            }
            out.consequences(&proviso.consequences);
            out.proviso(proviso.inner.as_deref());
        });
    }

    fn consequences(&mut self, consequences: &[Consequence]) {
        for c in consequences {
            let subject = c.subject.as_ref().map_or_else(String::new, |s| {
                let cond = s.cond.as_ref().map_or_else(String::new, |c| format!(" where {}", expr(c)));
                format!("all {}{cond}: ", s.entity.text)
            });
            self.line(&format!("then {subject}{}", consequence(&c.kind)));
        }
    }
}

fn consequence(kind: &ConsequenceKind) -> String {
    match kind {
        ConsequenceKind::Affirm { mode, target } => format!("{mode:?} affirm {}", target.text),
        ConsequenceKind::Assign { target, mode, value } => match value {
            Value::Choice(c) => format!("{mode:?} {} := {}", target.text, choice(c)),
            Value::Expr { value, caps } => {
                let caps: String = caps.iter().map(cap).collect();
                format!("{mode:?} {} := {}{caps}", target.text, expr(value))
            }
        },
        ConsequenceKind::Include { target, mode, choice: c } => {
            format!("{mode:?} {} += {}", target.text, choice(c))
        }
        ConsequenceKind::Duty { target, from, period, performed, extensions } => {
            let more = extensions.iter().map(|(c, p)| format!(" extend {} if {}", expr(p), expr(c)));
            let more = more.collect::<Vec<_>>().concat();
            let (from, period) = (expr(from), expr(period));
            format!("duty {} from {from} within {period} performed {}{more}", target.text, performed.text)
        }
        ConsequenceKind::Refer { mode, by_analogy, to } => {
            format!("{mode:?} refer{} {}", if *by_analogy { " by analogy" } else { "" }, references(to))
        }
        ConsequenceKind::Deem { presume, target, value } => {
            let word = if *presume { "presume" } else { "deem" };
            let value = value.as_ref().map_or_else(String::new, |v| format!(" = {}", expr(v)));
            format!("{word} {}{value}", target.text)
        }
    }
}

fn cap(cap: &Cap) -> String {
    format!(" {} {}", if cap.upper { "at most" } else { "at least" }, expr(&cap.bound))
}

fn choice(choice: &Choice) -> String {
    format!("{:?}[{}]", choice.select, names(&choice.names))
}

fn attr(attr: &Attr) -> String {
    match &attr.kind {
        AttrKind::Ask(text) => format!(", ask {}", quoted(text)),
        AttrKind::Note(text) => format!(", note {}", quoted(text)),
        AttrKind::Judgement => ", judgement".to_owned(),
        AttrKind::Default(value) => format!(", default {}", expr(value)),
        AttrKind::AbsentIsFalse => ", absent is false".to_owned(),
        AttrKind::Label => ", label".to_owned(),
    }
}

fn type_of(kind: &TypeKind) -> String {
    let unit = |u: &Option<Name>| u.as_ref().map_or_else(String::new, |u| format!("({})", u.text));
    match kind {
        TypeKind::Bool => "bool".to_owned(),
        TypeKind::Int(u) => format!("int{}", unit(u)),
        TypeKind::Decimal(u) => format!("decimal{}", unit(u)),
        TypeKind::Money => "money".to_owned(),
        TypeKind::Date => "date".to_owned(),
        TypeKind::Period => "period".to_owned(),
        TypeKind::Text => "text".to_owned(),
        TypeKind::Duty => "duty".to_owned(),
        TypeKind::InlineEnum { ordered, values } => {
            format!("{}[{}]", if *ordered { "ordered enum" } else { "enum" }, names(values))
        }
        TypeKind::Multi(values) => format!("multi[{}]", names(values)),
        TypeKind::Named(name) => format!("named {}", name.text),
        TypeKind::Many(name) => format!("many {}", name.text),
        TypeKind::One(name) => format!("one {}", name.text),
    }
}

fn references(all: &[Reference]) -> String {
    all.iter().map(reference).collect::<Vec<_>>().join(", ")
}

fn reference(reference: &Reference) -> String {
    match &reference.target {
        ReferenceTarget::Address(address) => address.to_string(),
        ReferenceTarget::Range(from, to) => format!("{from}..{to}"),
        ReferenceTarget::This(kind) => format!("this {kind:?}"),
        ReferenceTarget::Previous(kind) => format!("previous {kind:?}"),
    }
}

/// An expression on one line, operator first.
#[must_use]
pub fn expr(e: &Expr) -> String {
    let all = |parts: &[Expr]| parts.iter().map(expr).collect::<Vec<_>>().join(", ");
    let given =
        |c: &Option<Box<Expr>>| c.as_ref().map_or_else(String::new, |c| format!(" where {}", expr(c)));
    let not = |negated: &bool| if *negated { "not " } else { "" };
    match &e.kind {
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Quantity { value, unit, period } => {
            let mut text = format!("{value}{unit}");
            if let Some(p) = period {
                let _ = write!(text, "~{}y{}m{}d{}w", p.years, p.months, p.days, p.workdays);
            }
            text
        }
        ExprKind::Ratio(r) => format!("{}/{}", r.num, r.den),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::Text(text) => format!("「{text}」"),
        ExprKind::Name(name) => name.text.clone(),
        ExprKind::Path(a, b) => format!("{}.{}", a.text, b.text),
        ExprKind::And(parts) => format!("And({})", all(parts)),
        ExprKind::Or(parts) => format!("Or({})", all(parts)),
        ExprKind::Not(inner) => format!("Not({})", expr(inner)),
        ExprKind::Paren(inner) => format!("({})", expr(inner)),
        ExprKind::IsOneOf { value, names: n, negated } => {
            format!("{}OneOf({}, [{}])", not(negated), expr(value), names(n))
        }
        ExprKind::Includes { value, names: n, all, negated } => {
            format!(
                "{}Includes({}, {}[{}])",
                not(negated),
                expr(value),
                if *all { "all" } else { "any" },
                names(n)
            )
        }
        ExprKind::Cmp { op, left, right } => format!("{op:?}({}, {})", expr(left), expr(right)),
        ExprKind::Share { part, whole, op, ratio } => {
            format!("Share({} / {} {op:?} {}/{})", expr(part), expr(whole), ratio.num, ratio.den)
        }
        ExprKind::Window { value, anchor, before, within } => {
            let within = within.as_ref().map_or_else(String::new, |w| format!(" within {}", expr(w)));
            format!(
                "Window({} {} {}{within})",
                expr(value),
                if *before { "before" } else { "after" },
                expr(anchor)
            )
        }
        ExprKind::InRange { value, low, high } => {
            format!("InRange({}, {}, {})", expr(value), expr(low), expr(high))
        }
        ExprKind::Quant { quantifier, entity, other, cond } => {
            format!("{quantifier:?}({}{}{})", if *other { "other " } else { "" }, entity.text, given(cond))
        }
        ExprKind::Meets(r) => format!("Meets({})", reference(r)),
        ExprKind::Arith { op, left, right } => format!("{op:?}({}, {})", expr(left), expr(right)),
        ExprKind::Portion { base, ratio } => format!("Portion({}, {}/{})", expr(base), ratio.num, ratio.den),
        ExprKind::ExtremeOf { which, args } => format!("{which:?}({})", all(args)),
        ExprKind::Round { mode, value, digits } => format!("Round({mode:?}, {}, {digits})", expr(value)),
        ExprKind::Count { entity, cond } => format!("Count({}{})", entity.text, given(cond)),
        ExprKind::Sum { entity, cond, field } => {
            format!("Sum({}.{}{})", entity.text, field.text, given(cond))
        }
        ExprKind::ExtremeIn { entity, cond, which, field } => {
            format!("{which:?}In({}.{}{})", entity.text, field.text, given(cond))
        }
        ExprKind::Deadline { from, period } => format!("Deadline({}, {})", expr(from), expr(period)),
        ExprKind::Shift { date, period, back } => {
            format!("{}({}, {})", if *back { "Back" } else { "Forward" }, expr(date), expr(period))
        }
        ExprKind::Between { from, to, measure } => format!("{measure:?}({}, {})", expr(from), expr(to)),
        ExprKind::Error => "Error".to_owned(),
    }
}

fn names(names: &[Name]) -> String {
    names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("、")
}

fn quoted(text: &Text) -> String {
    format!("「{}」", text.text.replace('\n', "\\n"))
}

fn list(marks: &[impl std::fmt::Debug]) -> String {
    marks.iter().map(|m| format!(" {m:?}")).collect::<Vec<_>>().concat()
}
