//! Laws made up at random from every construct of the language, for tests of what must hold for any law.
//!
//! [`law`] gives a text that compiles, the same for the same seed. Entities form a random tree; conclusions are ranked,
//! and a rule reads only those before the one it is about, so that nothing depends on itself. What the compiler refuses
//! all the same (an article that borrows from one that only forbids) is taken out again.
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
use Ty::*;

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

/// A law of about `size` articles that compiles.
pub fn law(seed: u64, size: usize) -> String {
    compiled_law(seed, size).0
}

/// The same with what it compiles to.
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

    /// A value of a type.
    fn value(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> String {
        match self.roll(8) {
            0 => {
                if let Some(name) = self.definition(ty, e) {
                    return name;
                }
            }
            1 => {
                if let (Some(name), false) = (self.conclusion(ty, e, rank), ty == Duty) {
                    return name;
                }
            }
            2 => {
                if let Some(one) = self.list(e, false)
                    && let Some(field) = self.entities[one].facts.iter().find(|f| f.ty == ty && !f.deemed)
                {
                    return format!("{} 之 {}", self.entities[one].name, field.name);
                }
            }
            _ => {}
        }
        if depth == 0 {
            return self.fact(ty, e);
        }
        match ty {
            Int => self.int(e, depth - 1, rank),
            Dec => self.decimal(e, depth - 1),
            Money => self.money(e, depth - 1, rank),
            Date => self.date(e, depth - 1, rank),
            Bool | Period | Text | Colour | Grade | Tags | Colours | Duty => self.fact(ty, e),
        }
    }

    fn grouped(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> String {
        let value = self.value(ty, e, depth, rank);
        if value.contains(' ') { format!("（{value}）") } else { value }
    }

    fn int(&mut self, e: usize, depth: usize, rank: usize) -> String {
        match self.roll(9) {
            0 => {
                let word = self.pick(&["加", "减"]);
                format!("{} {word} {}", self.grouped(Int, e, depth, rank), self.grouped(Int, e, depth, rank))
            }
            1 => format!("{} 乘以 {}", self.grouped(Int, e, depth, rank), self.pick(&["2", "3"])),
            2 => format!(
                "{}（{}，{}）",
                self.pick(&["较高者", "较低者"]),
                self.grouped(Int, e, depth, rank),
                self.grouped(Int, e, depth, rank)
            ),
            3 => format!(
                "自 {} 至 {} 的 {}",
                self.fact(Date, e),
                self.grouped(Date, e, depth, rank),
                self.pick(&["日数", "工作日数", "月数", "年数"])
            ),
            4 | 5 => self.count(e, depth, rank).unwrap_or_else(|| self.fact(Int, e)),
            6 => self.sum(Int, e, depth, rank).unwrap_or_else(|| self.fact(Int, e)),
            7 => format!("{}（{}，0）", self.pick(&["四舍五入", "进一", "舍去"]), self.fact(Dec, e)),
            _ => self.fact(Int, e),
        }
    }

    fn decimal(&mut self, e: usize, depth: usize) -> String {
        match self.roll(4) {
            0 => format!("{} 的 {}", self.fact(Int, e), self.pick(&["百分之三十", "三分之一", "5%"])),
            1 => format!("{} 加 {}", self.fact(Dec, e), self.grouped(Dec, e, depth, 0)),
            2 => format!(
                "{}（{} 除以 {}，{}）",
                self.pick(&["四舍五入", "进一", "舍去"]),
                self.fact(Int, e),
                self.fact(Int, e),
                self.pick(&["1", "2"])
            ),
            _ => self.fact(Dec, e),
        }
    }

    fn money(&mut self, e: usize, depth: usize, rank: usize) -> String {
        match self.roll(9) {
            0 => {
                let word = self.pick(&["加", "减"]);
                format!(
                    "{} {word} {}",
                    self.grouped(Money, e, depth, rank),
                    self.grouped(Money, e, depth, rank)
                )
            }
            1 => format!(
                "{} 的 {}",
                self.fact(Money, e),
                self.pick(&["百分之十", "二倍", "千分之五", "三分之一", "2.5%"])
            ),
            2 => format!(
                "{} 乘以 {}",
                self.pick(&["2元", "0.5元", "1万元"]),
                self.grouped(Int, e, depth, rank)
            ),
            3 => format!(
                "{}（{} 除以 {}，{}）",
                self.pick(&["四舍五入", "进一", "舍去"]),
                self.grouped(Money, e, depth, rank),
                self.fact(Int, e),
                self.pick(&["0", "2"])
            ),
            4 => format!(
                "{}（{}、{}）",
                self.pick(&["较高者", "较低者"]),
                self.grouped(Money, e, depth, rank),
                self.pick(&["20元", "100元"])
            ),
            5 => self.sum(Money, e, depth, rank).unwrap_or_else(|| self.fact(Money, e)),
            6 => self.extreme(Money, e, depth, rank).unwrap_or_else(|| self.fact(Money, e)),
            7 => format!("{}（{}，1）", self.pick(&["四舍五入", "进一", "舍去"]), self.fact(Money, e)),
            _ => self.fact(Money, e),
        }
    }

    fn date(&mut self, e: usize, depth: usize, rank: usize) -> String {
        match self.roll(8) {
            0 | 1 => format!(
                "{} {} {}",
                self.grouped(Date, e, depth, rank),
                self.pick(&["之后", "之前"]),
                self.period(e)
            ),
            2 => format!("自 {} 起 {}", self.grouped(Date, e, depth, rank), self.period(e)),
            3 => format!(
                "{}（{}，{}）",
                self.pick(&["较早者", "较晚者"]),
                self.fact(Date, e),
                self.grouped(Date, e, depth, rank)
            ),
            4 => self.extreme(Date, e, depth, rank).unwrap_or_else(|| self.fact(Date, e)),
            5 => match self.conclusion(Duty, e, rank) {
                Some(duty) => format!("{duty} 之 届满日"),
                None => self.fact(Date, e),
            },
            _ => self.fact(Date, e),
        }
    }

    fn period(&mut self, e: usize) -> String {
        match self.roll(4) {
            0 => self.fact(Period, e),
            _ => constant(&mut self.rng, Period),
        }
    }

    /// `成员 中 甲 的`: a list of this or a containing entity, perhaps with a condition.
    fn among(&mut self, e: usize, depth: usize, rank: usize) -> Option<(usize, String)> {
        let child = self.list(e, true)?;
        let name = self.entities[child].name;
        let words = match (self.rng.u8(..3), depth.checked_sub(1)) {
            (0, _) => format!("{name} 中 "),
            (_, None) => format!("{name} 中 {} 的 ", self.fact(Bool, child)),
            (_, Some(depth)) => format!("{name} 中 {} 的 ", self.any_of(child, depth, rank)),
        };
        Some((child, words))
    }

    fn count(&mut self, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (_, words) = self.among(e, depth, rank)?;
        Some(format!("{words}{}", self.pick(&["个数", "数量"])))
    }

    fn sum(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (child, words) = self.among(e, depth, rank)?;
        let field = self.entities[child].facts.iter().find(|f| f.ty == ty && !f.deemed)?.name.clone();
        Some(format!("{words}{field} 之和"))
    }

    fn extreme(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (child, words) = self.among(e, depth, rank)?;
        let field = self.entities[child].facts.iter().find(|f| f.ty == ty && !f.deemed)?.name.clone();
        let word = if ty == Date {
            self.pick(&["最早的", "最晚的"])
        } else {
            self.pick(&["最高的", "最低的", "最大的", "最小的"])
        };
        Some(format!("{words}{word} {field}"))
    }

    /// One condition, or several joined by one word.
    fn any_of(&mut self, e: usize, depth: usize, rank: usize) -> String {
        let word = self.pick(&["且", "或者"]);
        let count = [1, 1, 1, 2, 2, 3, 4][self.roll(7)];
        let parts: Vec<String> = (0..count).map(|_| self.condition(e, depth, rank, count > 1)).collect();
        parts.join(&format!(" {word} "))
    }

    /// A condition that can stand beside others if `joined`.
    fn condition(&mut self, e: usize, depth: usize, rank: usize, joined: bool) -> String {
        if depth > 0 && self.rng.u8(..4) == 0 {
            let inner = self.any_of(e, depth - 1, rank);
            let not = self.pick(&["", "", "未 "]);
            return format!("{not}（{inner}）");
        }
        if let (true, Some(text)) = (self.rng.u8(..4) == 0, self.of_list(e, depth, rank)) {
            return if joined { format!("（{text}）") } else { text };
        }
        self.atom(e, depth, rank)
    }

    /// 有, 无, 全部, 任一, 其他.
    fn of_list(&mut self, e: usize, depth: usize, rank: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let many = self.entities[e].parent.is_some_and(|(_, many)| many);
        if many && self.rng.bool() {
            let name = self.entities[e].name;
            let cond = self.any_of(e, depth, rank);
            return Some(match self.roll(3) {
                0 => format!("无 {cond} 的 其他 {name}"),
                1 => format!("没有 {cond} 的 其他 {name}"),
                _ => format!("有 {cond} 的 其他 {name}"),
            });
        }
        let child = self.list(e, true)?;
        let name = self.entities[child].name;
        let cond = self.any_of(child, depth, rank);
        Some(match self.roll(7) {
            0 => format!("无 {cond} 的 {name}"),
            1 => format!("没有 {cond} 的 {name}"),
            2 => format!("全部 {name} 满足 （{cond}）"),
            3 => format!("任一 {name} 满足 （{cond}）"),
            4 => format!("（有 {name}）"),
            _ => format!("有 {cond} 的 {name}"),
        })
    }

    #[allow(clippy::too_many_lines)]
    fn atom(&mut self, e: usize, depth: usize, rank: usize) -> String {
        match self.roll(34) {
            0..=4 => {
                let not = self.pick(&["", "", "未 ", "非 "]);
                format!("{not}{}", self.fact(Bool, e))
            }
            5 => {
                let word = self.pick(&WORDS);
                format!("{} {word} {}", self.grouped(Int, e, depth, rank), self.pick(&["1", "2", "3", "5"]))
            }
            6 => format!(
                "{} {}",
                self.fact(Int, e),
                self.pick(&[
                    "三以上",
                    "2以下",
                    "等于 2",
                    "不等于 1",
                    "在 2 以内",
                    "在 2 以外",
                    "2以上4以下",
                    "不低于1 不满4"
                ])
            ),
            7 => {
                let word = self.pick(&MORE);
                format!(
                    "{} {word} {}",
                    self.grouped(Money, e, depth, rank),
                    self.grouped(Money, e, depth, rank)
                )
            }
            8 => format!(
                "{} {}",
                self.fact(Money, e),
                self.pick(&[
                    "超过30元",
                    "一千元以上",
                    "在 5万元 以上",
                    "不足 10元",
                    "在 10元 至 20元 之间",
                    "等于 20元"
                ])
            ),
            9 => {
                let word = self.pick(&WORDS);
                format!("{} {word} {}", self.grouped(Dec, e, depth, rank), self.pick(&["0.5", "1", "2.75"]))
            }
            10 => format!(
                "{} 占 {} {}",
                self.fact(Int, e),
                self.fact(Int, e),
                self.pick(&["三分之一以上", "超过 二分之一", "80%以上", "不满 20%", "百分之五十以下"])
            ),
            11 => format!(
                "{} 占 {} {}",
                self.fact(Money, e),
                self.grouped(Money, e, depth, rank),
                self.pick(&["三分之一以上", "超过 10%"])
            ),
            12 => match (self.count(e, depth.min(1), rank), self.count(e, 0, rank)) {
                (Some(a), Some(b)) => {
                    format!("（{a}） 占 （{b}） {}", self.pick(&["三分之一以上", "超过 二分之一"]))
                }
                _ => self.fact(Bool, e),
            },
            13 => {
                let word = self.pick(&["早于", "晚于", "不早于", "不晚于"]);
                format!(
                    "{} {word} {}",
                    self.grouped(Date, e, depth, rank),
                    self.grouped(Date, e, depth, rank)
                )
            }
            14 => format!(
                "{} 在 {} {}",
                self.fact(Date, e),
                self.grouped(Date, e, depth.min(1), rank),
                self.pick(&["之前", "之后"])
            ),
            15 | 16 => {
                let (value, anchor) = (self.fact(Date, e), self.grouped(Date, e, depth.min(1), rank));
                let side = self.pick(&["之前", "之后"]);
                format!("{value} 在 {anchor} {side} {} 内", self.period(e))
            }
            17 => format!("{} 在 2025年1月1日 至 {} 之间", self.fact(Date, e), self.fact(Date, e)),
            18 => format!(
                "（自 {} 至 {} 的 周岁） {}",
                self.fact(Date, e),
                self.fact(Date, e),
                self.pick(&["不满 十四周岁", "已满 十四周岁", "超过 20周岁"])
            ),
            19 => {
                let value = self.value(Colour, e, 0, rank);
                format!("{value} {}", self.pick(&["为 红", "不为 黄", "为 红、蓝 之一", "等于 绿"]))
            }
            20 => {
                let value = self.value(Grade, e, 0, rank);
                format!(
                    "{value} {}",
                    self.pick(&[
                        "为 一般",
                        "在 一般 以上",
                        "在 严重 以下",
                        "高于 轻微",
                        "超过 一般",
                        "不满 严重"
                    ])
                )
            }
            21 => format!(
                "{} {} {}",
                self.fact(Grade, e),
                self.pick(&["高于", "低于", "等于"]),
                self.fact(Grade, e)
            ),
            22 => {
                let value = self.value(Tags, e, 0, rank);
                format!(
                    "{value} {}",
                    self.pick(&["包括 新", "不包括 破", "包括 新、旧 之一", "包括 旧、破 全部"])
                )
            }
            23 => {
                let value = self.value(Colours, e, 0, rank);
                format!("{value} {}", self.pick(&["包括 红", "包括 红、绿 全部", "包括 蓝、绿 之一"]))
            }
            24 => format!(
                "{} {} {}",
                self.fact(Text, e),
                self.pick(&["为", "不为"]),
                self.pick(&["「甲」", "「丙」"])
            ),
            25 => format!(
                "{} {} {}",
                self.fact(Period, e),
                self.pick(&["等于", "不等于"]),
                constant(&mut self.rng, Period)
            ),
            26 => match self.list(e, false) {
                Some(one) => {
                    let field = self.entities[one].facts.iter().find(|f| f.ty == Bool && !f.deemed);
                    match field {
                        Some(field) => format!("{} 之 {}", self.entities[one].name, field.name),
                        None => self.fact(Bool, e),
                    }
                }
                None => self.fact(Bool, e),
            },
            27 => match self.conclusion(Bool, e, rank) {
                Some(name) => format!("{}{name}", self.pick(&["", "未 "])),
                None => self.fact(Bool, e),
            },
            28 => match self.conclusion(Duty, e, rank) {
                Some(name) => format!("{name} 为 {}", self.pick(&DUTY)),
                None => self.fact(Bool, e),
            },
            29 => match self.conclusion(Tags, e, rank) {
                Some(name) => format!(
                    "{name} {}",
                    self.pick(&["包括 新", "不包括 旧", "包括 新、旧 全部", "包括 旧、破 之一"])
                ),
                None => self.fact(Bool, e),
            },
            30 => match self.conclusion(Colour, e, rank) {
                Some(name) => format!("{name} {}", self.pick(&["为 红", "不为 蓝", "为 红、黄 之一"])),
                None => self.fact(Bool, e),
            },
            31 => self.definition(Bool, e).unwrap_or_else(|| self.fact(Bool, e)),
            32 => match self.earlier(e, rank) {
                Some(number) => format!("符合 {}", article_name(number)),
                None => self.fact(Bool, e),
            },
            _ => format!("{} 为 {}", self.fact(Bool, e), self.pick(&["是", "否"])),
        }
    }

    /// An article before this one whose condition may be asked for here.
    fn earlier(&mut self, e: usize, rank: usize) -> Option<usize> {
        if self.plain {
            return None;
        }
        let line = self.line(e);
        let fits = |a: &Article| line.contains(&a.entity) && a.rank.is_some_and(|r| r <= rank);
        let found: Vec<usize> =
            self.articles.iter().enumerate().filter(|(_, a)| fits(a)).map(|(i, _)| i + 1).collect();
        if found.is_empty() { None } else { Some(found[self.roll(found.len())]) }
    }

    fn consequence(&mut self, name: &str, ty: Ty, e: usize, rank: usize) -> String {
        match ty {
            Bool => match self.roll(7) {
                0 | 1 => format!("应当认定 {name}"),
                2 => format!("不得认定 {name}"),
                3 => format!("可以认定 {name}"),
                4 => format!("{name} 为 否"),
                5 => format!("{name} 应当 为 否"),
                _ => format!("{name} 应当 为 是"),
            },
            Colour => {
                let (a, b) = (self.pick(&COLOURS), self.pick(&COLOURS));
                match self.roll(7) {
                    0 if a != b => format!("{name} 应当 为 {a} 或者 {b}"),
                    1 if a != b => format!("{name} 应当 为 {a}、{b} 之一"),
                    2 => format!("{name} 不得 为 {a}"),
                    3 => format!("{name} 可以 为 {a}"),
                    4 if a != b => format!("{name} 可以 为 {a} 或者 {b}"),
                    5 => format!("{name} 为 {a}"),
                    _ => format!("{name} 应当 为 {a}"),
                }
            }
            Grade => {
                let a = self.pick(&GRADES);
                match self.roll(6) {
                    0 => format!("{name} 应当 为 {a} 以上"),
                    1 => format!("{name} 应当 为 {a} 以下"),
                    2 => format!("{name} 不得 为 {a}"),
                    3 => format!("{name} 可以 为 {a} 以下"),
                    _ => format!("{name} 应当 为 {a}"),
                }
            }
            Tags | Colours => {
                let all: &[&str] = if ty == Tags { &TAGS } else { &COLOURS };
                let (a, b) = (self.pick(all), self.pick(all));
                match self.roll(8) {
                    0 if a != b => format!("{name} 应当 包括 {a}、{b}"),
                    1 if a != b => format!("{name} 应当 包括 {a} 或者 {b}"),
                    2 if a != b => format!("{name} 应当 包括 {a}、{b} 单独或者合并"),
                    3 => format!("{name} 不得 包括 {a}"),
                    4 => format!("{name} 可以 包括 {a}"),
                    5 if a != b => format!("{name} 可以 包括 {a}、{b} 单独或者合并"),
                    _ => format!("{name} 应当 包括 {a}"),
                }
            }
            Money => {
                let value = self.value(Money, e, 2, rank);
                let caps = match self.roll(5) {
                    0 => format!("，不得超过 {}", self.grouped(Money, e, 1, rank)),
                    1 => "，最高不超过 50元".to_owned(),
                    2 => format!("，不得超出 {}，不得低于 1元", self.fact(Money, e)),
                    _ => String::new(),
                };
                format!("{name} {} 为 {value}{caps}", self.pick(&["应当", "应当", "应当", "可以", "不得"]))
            }
            Int | Dec | Date | Period => {
                let value = self.value(ty, e, 2, rank);
                format!("{name} {} 为 {value}", self.pick(&["应当", "应当", "应当", "可以", "不得"]))
            }
            Text => {
                let value = if self.rng.bool() { self.fact(Text, e) } else { "「甲」".to_owned() };
                format!("{name} 应当 为 {value}")
            }
            Duty => {
                let mut text = format!(
                    "{name} 应当 自 {} 起 {} 内 履行，履行日为 {}",
                    self.grouped(Date, e, 1, rank),
                    self.period(e),
                    self.fact(Date, e)
                );
                for _ in 0..self.roll(3) {
                    let _ = write!(text, "，{} 的 可以延长 {}", self.fact(Bool, e), self.period(e));
                }
                text
            }
        }
    }

    /// Article `number`.
    fn article(&mut self, number: usize) -> String {
        let label = article_name(number);
        if self.rng.u8(..10) == 0 {
            self.articles.push(Article { entity: 0, rank: None, ty: Bool });
            return self.deeming(&label);
        }
        let e = self.roll(self.entities.len());
        let at = self.roll(self.entities[e].conclusions.len());
        let (name, ty, rank) = {
            let c = &self.entities[e].conclusions[at];
            (c.name.clone(), c.ty, c.rank)
        };
        let mut text = if self.rng.u8(..6) == 0 {
            let one = self.rule(&name, ty, e, rank, number, "    ");
            let two = self.rule(&name, ty, e, rank, number, "    ");
            let above = self.pick(&["", "    本款 优先于 前款。\n", "    第一款 优先于 本款。\n"]);
            format!("{label}\n  第一款「一。」\n    {one}  第二款「二。」\n    {two}{above}")
        } else {
            let rule = self.rule(&name, ty, e, rank, number, "  ");
            format!("{label}「条文。」\n  {rule}")
        };
        let same: Vec<usize> = self
            .articles
            .iter()
            .enumerate()
            .filter(|(_, a)| a.rank == Some(rank))
            .map(|(i, _)| i + 1)
            .collect();
        if !same.is_empty() && self.rng.bool() {
            let lower = same[self.roll(same.len())];
            let _ = writeln!(text, "  本条 优先于 {}。", article_name(lower));
        }
        self.articles.push(Article { entity: e, rank: Some(rank), ty });
        text
    }

    fn deeming(&mut self, label: &str) -> String {
        let all: Vec<(usize, String, Ty)> = self
            .entities
            .iter()
            .enumerate()
            .flat_map(|(e, x)| x.facts.iter().filter(|f| f.deemed).map(move |f| (e, f.name.clone(), f.ty)))
            .collect();
        if all.is_empty() {
            return format!("{label}「条文。」\n");
        }
        let (e, name, ty) = all[self.roll(all.len())].clone();
        self.plain = true;
        let cond = self.any_of(e, 1, 0);
        let each = if e == 0 { String::new() } else { format!("凡 {}，", self.entities[e].name) };
        let value = match ty {
            Bool => self.pick(&["", "", " 为 是", " 为 否"]).to_owned(),
            Colour => format!(" 为 {}", self.pick(&COLOURS)),
            Money => format!(" 为 {}", self.grouped(Money, e, 1, 0)),
            _ => format!(" 为 {}", self.fact(ty, e)),
        };
        self.plain = false;
        let word = self.pick(&["视为", "推定"]);
        format!("{label}「条文。」\n  {each}{cond} 的，{word} {name}{value}。\n")
    }

    /// One statement about a conclusion, to the end of its line.
    fn rule(&mut self, name: &str, ty: Ty, e: usize, rank: usize, number: usize, margin: &str) -> String {
        let entity = self.entities[e].name;
        let mut each = if e == 0 { String::new() } else { format!("凡 {entity}，") };
        // 除第五条另有规定外: those that come later prevail, so that nothing prevails over itself.
        if number < self.size && self.rng.u8(..8) == 0 {
            let later = number + 1 + self.roll(self.size - number);
            each = format!("除{}另有规定外，{each}", article_name(later));
        }
        let gives = self.consequence(name, ty, e, rank);
        match self.roll(15) {
            0 => format!("{each}{gives}。\n"),
            1 => format!(
                "{each}{} 的，{gives}；但 {} 的除外。\n",
                self.any_of(e, 1, rank),
                self.any_of(e, 1, rank)
            ),
            2 => format!(
                "{each}{} 的，{gives}；但 {} 的除外；但 {} 的除外。\n",
                self.any_of(e, 1, rank),
                self.any_of(e, 0, rank),
                self.any_of(e, 0, rank)
            ),
            3 if ty != Duty => {
                let other = self.consequence(name, ty, e, rank);
                format!(
                    "{each}{} 的，{gives}；但 {} 的，{other}。\n",
                    self.any_of(e, 1, rank),
                    self.any_of(e, 1, rank)
                )
            }
            4 if ty != Duty => {
                let (two, three) = (self.consequence(name, ty, e, rank), self.consequence(name, ty, e, rank));
                format!(
                    "{each}{} 的，{gives}；但 {} 的，{two}；但 {} 的，{three}。\n",
                    self.any_of(e, 1, rank),
                    self.any_of(e, 0, rank),
                    self.any_of(e, 0, rank)
                )
            }
            5 => format!(
                "{each}{} 的，{gives}；但有下列情形之一的除外：\n{margin}（一）「一；」\n{margin}  {}；\n{margin}（二）「二。」\n{margin}  {}；但 {} 的除外。\n",
                self.any_of(e, 1, rank),
                self.any_of(e, 1, rank),
                self.any_of(e, 0, rank),
                self.any_of(e, 0, rank)
            ),
            6 | 7 => {
                let list = self.pick(&["有下列情形之一的", "同时符合下列条件的", "具有下列情形之一的"]);
                let cond = self.condition(e, 0, rank, true);
                let premise = if self.rng.bool() { format!("{cond}，且{list}") } else { list.to_owned() };
                let last = self.any_of(e, 1, rank);
                let but = if self.rng.bool() {
                    format!("；但 {} 的除外", self.any_of(e, 0, rank))
                } else {
                    String::new()
                };
                format!(
                    "{each}{premise}，{gives}：\n{margin}（一）「一；」\n{margin}  {}；\n{margin}（二）「二；」\n{margin}  {}；\n{margin}（三）「三。」\n{margin}  {last}{but}。\n",
                    self.any_of(e, 1, rank),
                    self.any_of(e, 1, rank)
                )
            }
            8 => {
                let other = self.consequence(name, ty, e, rank);
                format!(
                    "{each}{}，且按下列规定处理：\n{margin}（一）「一；」\n{margin}  {} 的，{gives}；\n{margin}（二）「二。」\n{margin}  {} 的，{other}。\n",
                    self.condition(e, 0, rank, true),
                    self.any_of(e, 1, rank),
                    self.any_of(e, 1, rank)
                )
            }
            9 if e > 0 => {
                // From above, upon some of the members.
                let line = self.line(e);
                let above = line[1 + self.roll(line.len() - 1)];
                let outer =
                    if above == 0 { String::new() } else { format!("凡 {}，", self.entities[above].name) };
                let whom =
                    if self.rng.bool() { format!("{} 的 ", self.any_of(e, 0, rank)) } else { String::new() };
                format!(
                    "{outer}{} 的，全部 {whom}{entity} {}。\n",
                    self.any_of(above, 1, rank),
                    spelled(&gives, name)
                )
            }
            10 => {
                let same: Vec<usize> = self
                    .articles
                    .iter()
                    .enumerate()
                    .filter(|(_, a)| a.entity == e && a.rank.is_some_and(|r| r >= rank) && a.ty != Duty)
                    .map(|(i, _)| i + 1)
                    .collect();
                if same.is_empty() {
                    return format!("{each}{} 的，{gives}。\n", self.any_of(e, 2, rank));
                }
                let other = article_name(same[self.roll(same.len())]);
                let word = self.pick(&["依照", "可以 依照", "参照"]);
                format!("{each}{} 的，{word} {other}。\n", self.any_of(e, 1, rank))
            }
            11 => {
                let also = self.entities[e]
                    .conclusions
                    .iter()
                    .filter(|c| c.rank >= rank && c.name != name && c.ty != Duty)
                    .map(|c| (c.name.clone(), c.ty))
                    .next();
                let more = match also {
                    Some((name, ty)) if ty != Money => format!("，{}", self.consequence(&name, ty, e, rank)),
                    _ => String::new(),
                };
                format!("{each}{} 的，{gives}{more}。\n", self.any_of(e, 2, rank))
            }
            _ => format!("{each}{} 的，{gives}。\n", self.any_of(e, 2, rank)),
        }
    }
}

/// 应当认定 甲 after 全部 成员: the name comes first.
fn spelled(gives: &str, name: &str) -> String {
    if gives.starts_with(name) { gives.to_owned() } else { format!("{name} 应当 为 是") }
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
