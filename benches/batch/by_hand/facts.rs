//! The facts of the chapter as structs, the way a programmer writes them who knows nothing of banfa: [`facts!`] declares
//! them for a module that says what a fact [`Is`]: the value itself, or an `Option` where facts may be 不明.
use banfa::hir::{Hir, Slot};
use banfa::{Case, Date, Truth, Val, facts::Children};
use std::ops::Range;

/// A set of values of an enumeration, bit by bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(pub u8);

impl Set {
    /// Whether any of these is in it.
    pub const fn any(self, of: u8) -> bool {
        self.0 & of != 0
    }
}

/// A day as year × 10,000 + month × 100 + day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u32);

impl Day {
    /// The corresponding day a year earlier; the last of February where there is none.
    pub const fn year_before(self) -> Self {
        if self.0 % 10_000 == 229 { Self(self.0 - 10_001) } else { Self(self.0 - 10_000) }
    }

    /// Before `day`, by a year at most.
    pub fn within_year_before(self, day: Self) -> bool {
        self < day && self >= day.year_before()
    }
}

/// What nobody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Name;

/// Facts of one row, in the order of their declarations.
pub struct Row<'c> {
    truths: &'c [Truth],
    values: &'c [Val],
    lists: &'c [Children],
}

impl<'c> Row<'c> {
    /// A row of an entity.
    pub fn new(hir: &Hir, case: &'c Case, entity: usize, row: usize) -> Self {
        let (table, of) = (&case.tables[entity], &hir.entities[entity]);
        let part = |stride: u32| row * stride as usize..(row + 1) * stride as usize;
        Self {
            truths: &table.truth[part(of.truth_slots)],
            values: &table.values[part(of.value_slots)],
            lists: &table.children[part(of.child_slots)],
        }
    }

    /// The next 是否 fact.
    fn truth(&mut self) -> Truth {
        let (first, rest) = self.truths.split_first().expect("as many as declared");
        self.truths = rest;
        *first
    }

    /// The next other fact.
    fn value(&mut self) -> Val {
        let (first, rest) = self.values.split_first().expect("as many as declared");
        self.values = rest;
        *first
    }

    /// Bits of the next fact, an enumeration or 多选.
    fn mask(&mut self) -> Option<u64> {
        let Val::Mask(mask) = self.value() else { return None };
        Some(mask)
    }

    /// Rows of the next list.
    pub fn list(&mut self) -> Range<usize> {
        let (first, rest) = self.lists.split_first().expect("as many as declared");
        self.lists = rest;
        let Children::Rows(from, to) = *first else { panic!("lists are known") };
        from as usize..to as usize
    }
}

/// How a fact is read; nothing where it is 不明.
pub trait Fact: Sized {
    fn next(row: &mut Row<'_>) -> Option<Self>;
}

impl Fact for bool {
    fn next(row: &mut Row<'_>) -> Option<Self> {
        match row.truth() {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown | Truth::Na => None,
        }
    }
}

impl Fact for Set {
    fn next(row: &mut Row<'_>) -> Option<Self> {
        row.mask().map(|mask| Self(u8::try_from(mask).expect("at most eight values")))
    }
}

impl Fact for Day {
    fn next(row: &mut Row<'_>) -> Option<Self> {
        let Val::Date(date) = row.value() else { return None };
        let (year, month, day) = Date::ymd(date);
        Some(Self(year.unsigned_abs() * 10_000 + month * 100 + day))
    }
}

impl Fact for Name {
    fn next(row: &mut Row<'_>) -> Option<Self> {
        row.value();
        Some(Self)
    }
}

macro_rules! enumerations {
    ($($name:ident { $($value:ident),* })*) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($value),* }

        impl Fact for $name {
            fn next(row: &mut Row<'_>) -> Option<Self> {
                row.mask().map(|mask| [$(Self::$value),*][mask.trailing_zeros() as usize])
            }
        }
    )*};
}

enumerations! {
    Kind { Licence, Levy, Inspection, Coercion, Penalty, Other, Omission }
    Nature { Illegal, Improper, Inaction }
    Part { Auxiliary, Secondary, Main, Decisive }
    Manner { Alone, Jointly, Concentrated }
    Gravity { Slight, Ordinary, Vile }
    Level { VerySlight, Slight, Ordinary, Serious, Grave }
    Harm { VerySlight, Small, Large, Serious }
    Opinion { Right, Wrong, Missing }
    Cause { Intent, Negligence, Neither }
}

/// Declares the structs of the facts in a module that defines `Is<T>` and `is(Option<T>) -> Is<T>`.
macro_rules! facts {
    () => {
        facts! {
            Case 0 {
                acted: bool = "过错行为", kinds: Set = "过错种类", day: Day = "行为发生日期",
                nature: Nature = "本次行为性质", reviewable: bool = "应当经过审核审批", drafted: bool = "经承办人拟办",
                audited: bool = "经审核人审核", approved: bool = "经批准人批准", collective: bool = "经集体讨论决定",
                manner: Manner = "执法方式", ordered: bool = "有上级决定命令", withdrawn: bool = "上级改变决定命令",
                insisted: bool = "上级要求立即执行", unlawful: bool = "决定命令明显违法",
                continuing: bool = "过错行为处于继续状态", shared: bool = "系共同过错行为",
                gravity: Gravity = "性质程度", level: Level = "情节程度", harm: Harm = "危害程度",
                impact: bool = "社会影响较大", force: bool = "发生不可抗力", by_force: bool = "因不可抗力产生",
                defence: bool = "正当防卫", necessity: bool = "紧急避险", like_cause: bool = "其他同类正当原因",
                by_cause: bool = "因该正当原因产生", counterpart: bool = "相对人有过错",
                by_counterpart: bool = "因相对人过错造成",
            } { people: Person = "人员", offices: Office = "行政执法机关", }
            Person 1 {
                #[expect(dead_code, reason = "nobody asks for it")] name: Name = "姓名", roles: Set = "身份", own: bool = "自行作出决定", wrong: bool = "所作决定错误",
                fraud: bool = "弄虚作假", favour: bool = "徇私舞弊", misled_audit: bool = "致使审核失当",
                misled_approval: bool = "致使批准失当", followed: bool = "依照审批内容实施",
                opinion: Opinion = "所提意见", cause: Cause = "意见错误原因", should_notice: bool = "应当发现错误",
                noticed: bool = "已发现错误", corrected: bool = "已纠正错误", adopted: bool = "采纳承办人意见",
                changed_draft: bool = "改变承办人意见", changed_audit: bool = "改变审核人意见",
                as_audited: bool = "按审核人意见批准", submitted: bool = "报请批准", part: Part = "所起作用",
                concerned: bool = "所在机关为有关机关", on_duty: bool = "执行公务",
                thought_wrong: bool = "认为决定命令有错误", objected: bool = "已提出意见",
                executed: bool = "执行决定命令", by_order: bool = "过错因执行产生", knew: bool = "明知继续状态",
                mended: bool = "积极采取纠正措施", disturbed: bool = "干扰调查", obstructed: bool = "阻碍调查",
                resisted: bool = "抗拒调查", retaliated: bool = "打击报复", against: Set = "打击报复对象",
                discovered: bool = "发现过错行为", salvaged: bool = "积极采取补救措施",
                prevented: bool = "防止危害后果发生", failed: bool = "年度考核不合格",
                discipline: bool = "涉嫌违反政纪", crime: bool = "涉嫌构成犯罪",
            } { earlier: Earlier = "前次过错", }
            Office 2 {
                #[expect(dead_code, reason = "nobody asks for it")] name: Name = "名称", took_part: bool = "参加该次执法", concerned: bool = "为有关机关",
            } {}
            Earlier 3 {
                day: Day = "发生日期", nature: Nature = "性质", kind: Kind = "种类", pursued: bool = "被追究责任",
                pursued_on: Day = "追究日期",
            } {}
        }
    };
    ($($name:ident $entity:literal {
        $($(#[$meta:meta])* $field:ident: $ty:ty = $fact:literal,)*
    } {
        $($list:ident: $of:ident = $key:literal,)*
    })*) => {
        $(
            #[derive(Clone, Debug)]
            pub struct $name {
                $($(#[$meta])* pub $field: Is<$ty>,)*
                $(pub $list: Vec<$of>,)*
            }

            impl $name {
                /// Reads a row of a case.
                fn read(hir: &banfa::hir::Hir, case: &banfa::Case, row: usize) -> Self {
                    let mut row = $crate::by_hand::facts::Row::new(hir, case, $entity, row);
                    Self {
                        $($field: is($crate::by_hand::facts::Fact::next(&mut row)),)*
                        $($list: row.list().map(|row| $of::read(hir, case, row)).collect(),)*
                    }
                }
            }
        )*

        impl Case {
            /// Takes a case over.
            pub fn new(hir: &banfa::hir::Hir, case: &banfa::Case) -> Self {
                Self::read(hir, case, 0)
            }

            /// Checks that the law declares these facts in this order.
            pub fn check(hir: &banfa::hir::Hir) {
                $($crate::by_hand::facts::declared(hir, $entity, &[$($fact),*], &[$($key),*]);)*
            }
        }
    };
}
pub(super) use facts;

/// Checks the facts that an entity declares.
pub fn declared(hir: &Hir, entity: usize, facts: &[&str], lists: &[&str]) {
    let all = hir.entities[entity].facts.iter().map(|f| &hir.facts[f.index()]);
    let (children, scalars): (Vec<_>, Vec<_>) = all.partition(|f| matches!(f.slot, Slot::Child(_)));
    assert!(scalars.iter().map(|f| f.name.as_str()).eq(facts.iter().copied()), "{facts:?}");
    assert!(children.iter().map(|f| f.name.as_str()).eq(lists.iter().copied()), "{lists:?}");
}
