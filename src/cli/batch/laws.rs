//! The texts of the law a run judges by: one, or with `--date-from` every text there has been, each with the columns it
//! gives. All give the same columns by name.
use crate::base::Date;
use crate::base::similar::nearest;
use crate::batch::{Job, Layout, Table, UnknownColumn, Wanted, What};
use crate::diag::Diagnostic;
use crate::hir::{Entity, EnumDef, Fact, Hir};
use crate::policy::{Policy, Refusal};
use crate::testing::mutate::fingerprint;
use crate::versions::{DateFact, Opened};

/// One text and its columns.
#[derive(Debug)]
pub struct Law<'a> {
    /// The text, compiled.
    pub policy: &'a Policy,
    /// What it gives.
    pub layout: Layout,
    /// Which of [`Laws::readers`] reads its cases.
    pub reader: usize,
    /// Where it keeps the day that chooses the text.
    pub day: Option<u32>,
}

/// All texts of a run.
#[derive(Debug)]
pub struct Laws<'a> {
    opened: &'a Opened,
    /// By number of steps, or the only one.
    pub list: Vec<Law<'a>>,
    /// Indices of the laws whose vocabulary cases are read with; laws of one vocabulary share one.
    pub readers: Vec<usize>,
    /// The fact that tells the day, when texts are chosen by it.
    pub by: Option<DateFact>,
    date: Option<Date>,
}

/// Compiles every text, if texts are to be chosen by the cases' own days.
///
/// # Errors
/// When one cannot be made.
pub fn compile_all(opened: &mut Opened) -> Result<(), Box<Refusal>> {
    for number in 0..=opened.timeline().map_or(0, |t| t.steps().len()) {
        opened.compile(number)?;
    }
    Ok(())
}

impl<'a> Laws<'a> {
    /// The texts with the columns that `wanted` asks for; `by` chooses among all texts, which have been compiled.
    ///
    /// # Errors
    /// Columns there are not, or not in every text.
    pub fn new(
        opened: &'a Opened,
        by: Option<DateFact>,
        date: Option<Date>,
        wanted: &Wanted,
    ) -> Result<Self, Vec<Diagnostic>> {
        let policies: Vec<&Policy> = match (&by, opened.timeline()) {
            (Some(_), Some(timeline)) => (0..=timeline.steps().len()).map(|n| opened.policy(n)).collect(),
            (Some(_) | None, _) => vec![opened.main()],
        };
        let layouts = layouts(&policies, wanted)?;
        let mut readers: Vec<usize> = Vec::new();
        let mut list = Vec::new();
        for (index, (policy, layout)) in policies.iter().zip(layouts).enumerate() {
            let hir = &policy.program().hir;
            let alike = |at: &usize| policies.get(*at).is_some_and(|p| read_alike(&p.program().hir, hir));
            let reader = readers.iter().position(alike).unwrap_or_else(|| {
                readers.push(index);
                readers.len() - 1
            });
            let day = by.as_ref().and_then(|fact| fact.slot(hir));
            list.push(Law { policy, layout, reader, day });
        }
        Ok(Self { opened, list, readers, by, date })
    }

    /// The columns, as the first text gives them.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.list.first().map(|law| law.layout.clone()).unwrap_or_default()
    }

    /// What a session of the law needs.
    #[must_use]
    pub fn job(&'a self, law: &'a Law<'a>) -> Job<'a> {
        Job {
            program: law.policy.program(),
            sources: law.policy.sources(),
            calendar: law.policy.calendar(),
            date: self.date,
            layout: &law.layout,
        }
    }

    /// Which law is in force on a day.
    #[must_use]
    pub fn on(&self, date: Date) -> usize {
        if self.list.len() > 1 { self.opened.number_on(date) } else { 0 }
    }

    /// Tells these texts from others.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let prints = self.list.iter().map(|law| fingerprint(law.policy.sources(), &[]));
        prints.reduce(|all, one| format!("{all}{one}")).unwrap_or_default()
    }
}

/// The columns of every text, the same in all by name. A part that some text gives of itself (options, because it has
/// a 可以) is asked of all.
fn layouts(policies: &[&Policy], wanted: &Wanted) -> Result<Vec<Layout>, Vec<Diagnostic>> {
    let of =
        |wanted: &Wanted, refuse: fn(&UnknownColumn) -> Diagnostic| -> Result<Vec<Layout>, Vec<Diagnostic>> {
            let layout = |p: &&Policy| {
                let made = Layout::new(&p.program().hir, wanted);
                made.map_err(|unknown| unknown.iter().map(refuse).collect::<Vec<_>>())
            };
            policies.iter().map(layout).collect()
        };
    let first = of(wanted, no_column)?;
    if first.iter().all(|layout| same_names(layout, first.first())) {
        return Ok(first);
    }
    let mut select: Vec<String> = Vec::new();
    for table in first.iter().flat_map(|layout| &layout.tables) {
        let conclusions = table.columns.iter().filter(|c| matches!(c.what, What::Conclusion(..)));
        for name in conclusions.map(|c| format!("{}.{}", table.name, c.name)) {
            if !select.contains(&name) {
                select.push(name);
            }
        }
    }
    let all = of(&Wanted { select, ..wanted.clone() }, |unknown| differing(&unknown.name))?;
    let odd = all.iter().find(|layout| !same_names(layout, all.first()));
    match odd.and_then(|layout| layout.tables.first()) {
        None => Ok(all),
        Some(table) => Err(vec![differing(&table.name)]),
    }
}

fn same_names(a: &Layout, b: Option<&Layout>) -> bool {
    let names = |layout: &Layout| -> Vec<(String, Vec<String>)> {
        let columns = |t: &Table| t.columns.iter().map(|c| c.name.clone()).collect();
        layout.tables.iter().map(|t| (t.name.clone(), columns(t))).collect()
    };
    b.is_some_and(|b| names(a) == names(b))
}

/// Whether a case read with one vocabulary is read with the other too, into the same places.
fn read_alike(a: &Hir, b: &Hir) -> bool {
    let entity = |a: &Entity, b: &Entity| {
        (&a.name, a.parent, &a.facts, a.label) == (&b.name, b.parent, &b.facts, b.label)
            && (a.truth_slots, a.value_slots, a.child_slots) == (b.truth_slots, b.value_slots, b.child_slots)
    };
    let fact = |a: &Fact, b: &Fact| {
        (&a.name, a.entity, &a.ty, a.slot, a.absent_is_false)
            == (&b.name, b.entity, &b.ty, b.slot, b.absent_is_false)
    };
    let values =
        |a: &EnumDef, b: &EnumDef| (&a.name, a.ordered, &a.values) == (&b.name, b.ordered, &b.values);
    a.entities.len() == b.entities.len()
        && a.facts.len() == b.facts.len()
        && a.enums.len() == b.enums.len()
        && a.entities.iter().zip(&b.entities).all(|(a, b)| entity(a, b))
        && a.facts.iter().zip(&b.facts).all(|(a, b)| fact(a, b))
        && a.enums.iter().zip(&b.enums).all(|(a, b)| values(a, b))
}

/// B0885: a name that is no column.
fn no_column(unknown: &UnknownColumn) -> Diagnostic {
    let found = Diagnostic::error("B0885", format!("没有“{}”这一列", unknown.name));
    match nearest(&unknown.name, unknown.known.iter().map(String::as_str)) {
        Some(near) => found.help(format!("是不是“{near}”？")),
        None => found.help(format!("可以写：{}", unknown.known.join("、"))),
    }
}

/// B0886: texts whose conclusions are not the same.
fn differing(name: &str) -> Diagnostic {
    Diagnostic::error("B0886", format!("“{name}”在有的文本里没有，各个文本的结果不能放在一张表里"))
        .help("用 --select 只取各个文本都有的结论；或者用 --date 写明按哪一天的文本，分几次认定")
}
