//! Laws made up at random from every construct of the language, for tests of what must hold for any law.
//!
//! [`law`] gives a text that compiles, the same for the same seed. Entities form a random tree; conclusions are ranked,
//! and a rule reads only those before the one it is about, so that nothing depends on itself. What the compiler refuses
//! all the same (an article that borrows from one that only forbids) is taken out again.
mod conditions;
mod rules;
mod values;

use banfa::base::numeral::to_chinese;
use banfa::policy::Policy;
use fastrand::Rng;
use std::fmt::Write as _;

/// What a fact, a conclusion or an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Bool,
    Int,
    Dec,
    Money,
    Date,
    Period,
    Text,
    /// Declared, unordered.
    Colour,
    /// Declared, from light to grave.
    Grade,
    /// Several of its own values.
    Tags,
    /// Several of the declared colours.
    Colours,
    Duty,
}
use Ty::{Bool, Colour, Colours, Date, Dec, Duty, Grade, Int, Money, Period, Tags, Text};

const COLOURS: [&str; 4] = ["红", "黄", "蓝", "绿"];
const GRADES: [&str; 4] = ["轻微", "一般", "严重", "特重"];
const TAGS: [&str; 3] = ["新", "旧", "破"];
const DUTY: [&str; 3] = ["已履行", "未届满", "逾期"];
const MORE: [&str; 6] = ["超过", "大于", "高于", "多于", "不低于", "至少"];
const WORDS: [&str; 19] = [
    "超过",
    "大于",
    "高于",
    "多于",
    "不满",
    "未满",
    "不足",
    "小于",
    "低于",
    "少于",
    "已满",
    "达到",
    "不低于",
    "不少于",
    "不超过",
    "不大于",
    "不高于",
    "至多",
    "至少",
];

struct Field {
    name: String,
    ty: Ty,
    /// May be 视为 or 推定.
    deemed: bool,
    /// Conclusions: place in the order in which they are decided.
    rank: usize,
}

struct Entity {
    name: &'static str,
    /// Containing entity; whether it holds many.
    parent: Option<(usize, bool)>,
    facts: Vec<Field>,
    conclusions: Vec<Field>,
}

struct Definition {
    name: String,
    entity: usize,
    ty: Ty,
}

struct Article {
    entity: usize,
    /// The least rank of its conclusions; none: about facts.
    rank: Option<usize>,
    ty: Ty,
}

struct World {
    rng: Rng,
    entities: Vec<Entity>,
    definitions: Vec<Definition>,
    articles: Vec<Article>,
    size: usize,
    /// Conditions that must not read deemed facts or conclusions.
    plain: bool,
}

/// A law of about `size` articles that compiles, with what it compiles to.
pub fn compiled_law(seed: u64, size: usize) -> (String, Policy) {
    let mut world = World::new(seed, size);
    let mut parts = world.parts();
    for _ in 0..40 {
        let text = parts.concat();
        match Policy::from_text("无/规则.banfa", &text, &banfa::no_includes) {
            Ok(policy) => return (text, policy),
            Err(refusal) => {
                let places: Vec<usize> = refusal
                    .diagnostics
                    .iter()
                    .filter(|d| d.severity == banfa::Severity::Error)
                    .filter_map(|d| d.labels.first())
                    .map(|l| l.span.start as usize)
                    .collect();
                let mut at = 0;
                let mut changed = false;
                let spans: Vec<(usize, usize)> = parts
                    .iter()
                    .map(|p| {
                        at += p.len();
                        (at - p.len(), at)
                    })
                    .collect();
                for (index, (from, to)) in spans.into_iter().enumerate().skip(1) {
                    if places.iter().any(|p| (from..to).contains(p)) && !parts[index].contains("「删去。」")
                    {
                        changed = true;
                        if std::env::var_os("BANFA_SHOW_DROPPED").is_some() {
                            eprintln!("{}\n{refusal}", parts[index]);
                        }
                        parts[index] = match parts[index].split_once('条') {
                            Some((label, _)) if label.starts_with('第') => format!("{label}条「删去。」\n"),
                            _ => String::new(),
                        };
                    }
                }
                assert!(changed, "seed {seed}: {refusal}\n{text}");
            }
        }
    }
    panic!("seed {seed}: does not settle");
}

impl World {
    fn new(seed: u64, size: usize) -> Self {
        let mut world = Self {
            rng: Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            entities: Vec::new(),
            definitions: Vec::new(),
            articles: Vec::new(),
            size,
            plain: false,
        };
        world.make_entities();
        world
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.rng.usize(..sides.max(1))
    }

    fn pick<'b>(&mut self, from: &[&'b str]) -> &'b str {
        from[self.rng.usize(..from.len())]
    }

    fn make_entities(&mut self) {
        let all: [(&'static str, Option<(usize, bool)>); 6] = [
            ("主体", None),
            ("班组", Some((0, true))),
            ("住所", Some((0, false))),
            ("成员", Some((1, true))),
            ("物件", Some((3, true))),
            ("证件", Some((3, false))),
        ];
        // The root, and a random part of the tree under it; numbers follow those that are there.
        let mut numbers: Vec<Option<usize>> = Vec::new();
        for (name, parent) in all {
            let parent = match parent {
                None => None,
                Some((above, many)) => match numbers[above] {
                    Some(above) if self.rng.u8(..5) > 0 => Some((above, many)),
                    _ => {
                        numbers.push(None);
                        continue;
                    }
                },
            };
            numbers.push(Some(self.entities.len()));
            self.entities.push(Entity { name, parent, facts: Vec::new(), conclusions: Vec::new() });
        }
        let mut ranks: Vec<usize> = (0..self.entities.len() * 24).collect();
        self.rng.shuffle(&mut ranks);
        for e in 0..self.entities.len() {
            let facts: &[Ty] = if e == 0 {
                &[
                    Bool, Bool, Bool, Bool, Int, Int, Dec, Dec, Money, Money, Date, Date, Date, Period, Text,
                    Colour, Grade, Grade, Tags, Colours,
                ]
            } else {
                &[Bool, Bool, Bool, Int, Money, Date, Colour, Grade, Text, Tags, Period, Dec, Colours]
            };
            for (i, ty) in facts.iter().enumerate() {
                // The root has one of every type that is not deemed, so that there is always something to name.
                if i >= 2 && e > 0 && self.rng.u8(..3) == 0 {
                    continue;
                }
                let deemed = matches!(ty, Bool | Colour | Date | Money | Int)
                    && self.rng.u8(..4) == 0
                    && (e > 0 || facts[..i].contains(ty));
                let letter = char::from(b'a' + u8::try_from(i).unwrap());
                let name = format!("{}{e}{letter}", prefix(*ty, false));
                self.entities[e].facts.push(Field { name, ty: *ty, deemed, rank: 0 });
            }
            // One name for all: the innermost counts.
            if self.rng.bool() {
                let name = "同名".to_owned();
                self.entities[e].facts.push(Field { name, ty: Bool, deemed: false, rank: 0 });
            }
            let conclusions: &[Ty] = if e == 0 {
                &[Bool, Bool, Colour, Grade, Tags, Money, Int, Date, Duty, Bool, Dec, Period, Text, Colours]
            } else {
                &[Bool, Colour, Tags, Money, Duty, Grade, Bool, Date]
            };
            for (i, ty) in conclusions.iter().enumerate() {
                if i > 0 && self.rng.u8(..3) == 0 {
                    continue;
                }
                let letter = char::from(b'a' + u8::try_from(i).unwrap());
                let name = format!("{}{e}{letter}", prefix(*ty, true));
                let rank = ranks.pop().unwrap();
                self.entities[e].conclusions.push(Field { name, ty: *ty, deemed: false, rank });
            }
        }
    }

    /// The head, then a part for every definition and article.
    fn parts(&mut self) -> Vec<String> {
        let mut head = String::from(
            "规则「随机规则」\n\n枚举 颜色：红、黄、蓝、绿。\n枚举 等级（由轻到重）：轻微、一般、严重、特重。\n",
        );
        for e in 0..self.entities.len() {
            self.declare(e, &mut head);
        }
        let mut parts = vec![head];
        for i in 0..2 + self.size / 4 {
            let e = self.roll(self.entities.len());
            let ty = [Bool, Bool, Int, Money, Date, Colour, Tags, Period, Grade][self.roll(9)];
            self.plain = true;
            let value = if ty == Bool { self.any_of(e, 2, 0) } else { self.value(ty, e, 2, 0) };
            self.plain = false;
            let name = format!("称{i}");
            let whose =
                if self.rng.bool() { format!("{} 的 ", self.entities[e].name) } else { String::new() };
            let whose =
                if whose.is_empty() && e > 0 { format!("{} 的 ", self.entities[e].name) } else { whose };
            parts.push(format!("本规则所称 {whose}{name}，是指 {value}。\n"));
            self.definitions.push(Definition { name, entity: e, ty });
        }
        if self.rng.u8(..3) == 0 {
            self.plain = true;
            let cond = self.any_of(0, 1, 0);
            self.plain = false;
            parts.push(format!("本规则适用于 {cond}。\n"));
        }
        for number in 1..=self.size {
            let article = self.article(number);
            parts.push(article);
        }
        parts
    }

    fn declare(&mut self, e: usize, out: &mut String) {
        let _ = writeln!(out, "事实 {}：", self.entities[e].name);
        for i in 0..self.entities[e].facts.len() {
            let (name, ty) = (self.entities[e].facts[i].name.clone(), self.entities[e].facts[i].ty);
            let attr = match ty {
                Bool => self.pick(&["", "", "", " 未载明视为否", " 酌定"]),
                Text if i % 2 == 0 && !out[out.rfind("事实").unwrap()..].contains("标识") => " 标识",
                _ => "",
            };
            let _ = writeln!(out, "  {name} {}{attr}", type_words(ty));
        }
        for child in self.children(e) {
            let many = self.entities[child].parent.unwrap().1;
            let word = if many { "多个" } else { "一个" };
            let _ = writeln!(out, "  {0} {word} {0}", self.entities[child].name);
        }
        let _ = writeln!(out, "结论 {}：", self.entities[e].name);
        for i in 0..self.entities[e].conclusions.len() {
            let (name, ty) =
                (self.entities[e].conclusions[i].name.clone(), self.entities[e].conclusions[i].ty);
            let default = match ty {
                Bool => self.pick(&["", "，默认 否", "，默认 否", "，默认 是"]),
                Colour => self.pick(&["", "，默认 红"]),
                Grade => self.pick(&["", "，默认 轻微"]),
                Tags => self.pick(&["", "，默认 新"]),
                Colours => self.pick(&["", "，默认 绿"]),
                Money => self.pick(&["", "，默认 0元"]),
                Int => self.pick(&["", "，默认 1"]),
                Date => self.pick(&["", "，默认 2026年3月2日"]),
                Dec | Period | Text | Duty => "",
            };
            let _ = writeln!(out, "  {name} {}{default}", type_words(ty));
        }
        out.push('\n');
    }

    fn children(&self, e: usize) -> Vec<usize> {
        (0..self.entities.len()).filter(|c| self.entities[*c].parent.is_some_and(|(p, _)| p == e)).collect()
    }

    /// The entity and those that contain it.
    fn line(&self, e: usize) -> Vec<usize> {
        let mut line = vec![e];
        while let Some((parent, _)) = self.entities[*line.last().unwrap()].parent {
            line.push(parent);
        }
        line
    }

    /// Lists that can be looked into from an entity: of its own and of those that contain it.
    fn lists(&self, e: usize, many: bool) -> Vec<usize> {
        let children = self.line(e).into_iter().flat_map(|x| self.children(x));
        children.filter(|c| self.entities[*c].parent.unwrap().1 == many).collect()
    }

    fn list(&mut self, e: usize, many: bool) -> Option<usize> {
        let lists = self.lists(e, many);
        if lists.is_empty() { None } else { Some(lists[self.roll(lists.len())]) }
    }

    /// A fact of a type in scope; the root has every type.
    fn fact(&mut self, ty: Ty, e: usize) -> String {
        let plain = self.plain;
        let line = self.line(e);
        let facts = line.iter().flat_map(|x| &self.entities[*x].facts);
        let found: Vec<String> =
            facts.filter(|f| f.ty == ty && !(plain && f.deemed)).map(|f| f.name.clone()).collect();
        if found.is_empty() {
            return constant(&mut self.rng, ty);
        }
        // Inner ones come first and are the likelier.
        let at = self.roll(found.len()).min(self.roll(found.len()));
        found[at].clone()
    }

    /// A conclusion that may be read.
    fn conclusion(&mut self, ty: Ty, e: usize, rank: usize) -> Option<String> {
        if self.plain {
            return None;
        }
        let line = self.line(e);
        let all = line.iter().flat_map(|x| &self.entities[*x].conclusions);
        let found: Vec<String> =
            all.filter(|c| c.ty == ty && c.rank < rank).map(|c| c.name.clone()).collect();
        if found.is_empty() { None } else { Some(found[self.roll(found.len())].clone()) }
    }

    fn definition(&mut self, ty: Ty, e: usize) -> Option<String> {
        let line = self.line(e);
        let all = self.definitions.iter().filter(|d| d.ty == ty && line.contains(&d.entity));
        let found: Vec<String> = all.map(|d| d.name.clone()).collect();
        if found.is_empty() { None } else { Some(found[self.roll(found.len())].clone()) }
    }
}

fn article_name(number: usize) -> String {
    format!("第{}条", to_chinese(number as u64))
}

fn prefix(ty: Ty, conclusion: bool) -> &'static str {
    match (ty, conclusion) {
        (Bool, false) => "真",
        (Int, false) => "整数目",
        (Dec, false) => "小数目",
        (Money, false) => "款项",
        (Date, false) => "时日",
        (Period, false) => "时长",
        (Text, false) => "文字",
        (Colour, false) => "颜色值",
        (Grade, false) => "等级值",
        (Tags, false) => "标签",
        (Colours, false) => "颜色组",
        (Duty, false) => "责",
        (Bool, true) => "断",
        (Int, true) => "断整",
        (Dec, true) => "断小",
        (Money, true) => "断款",
        (Date, true) => "断日",
        (Period, true) => "断期",
        (Text, true) => "断文",
        (Colour, true) => "断色",
        (Grade, true) => "断级",
        (Tags, true) => "断签",
        (Colours, true) => "断组",
        (Duty, true) => "断责",
    }
}

fn type_words(ty: Ty) -> &'static str {
    match ty {
        Bool => "是否",
        Int => "整数",
        Dec => "小数",
        Money => "金额",
        Date => "日期",
        Period => "期间",
        Text => "文本",
        Colour => "颜色",
        Grade => "等级",
        Tags => "多选 新、旧、破",
        Colours => "多选 颜色",
        Duty => "义务",
    }
}

fn constant(rng: &mut Rng, ty: Ty) -> String {
    let from: &[&str] = match ty {
        Int => &["1", "2", "3"],
        Dec => &["0.5", "1.25"],
        Money => &["20元", "0.5元", "1万元"],
        Date => &["2026年3月2日", "2025年12月31日"],
        Period => &["十日", "三个月", "一年", "五个工作日", "十五日", "一年六个月", "二十个工作日"],
        Text => &["「甲」"],
        Colour => &["红"],
        Grade => &["一般"],
        Bool | Tags | Colours | Duty => &["是"],
    };
    from[rng.usize(..from.len())].to_owned()
}
