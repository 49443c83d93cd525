//! Articles: statements of every shape and their consequences.
use super::Ty::{self, Bool, Colour, Colours, Date, Dec, Duty, Grade, Int, Money, Period, Tags, Text};
use super::{Article, COLOURS, GRADES, TAGS, World, article_name};
use std::fmt::Write as _;

impl World {
    pub(super) fn consequence(&mut self, name: &str, ty: Ty, e: usize, rank: usize) -> String {
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
    pub(super) fn article(&mut self, number: usize) -> String {
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

    pub(super) fn deeming(&mut self, label: &str) -> String {
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
    #[expect(clippy::too_many_lines, reason = "one arm a construct")]
    pub(super) fn rule(
        &mut self,
        name: &str,
        ty: Ty,
        e: usize,
        rank: usize,
        number: usize,
        margin: &str,
    ) -> String {
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
                let third = self.any_of(e, 1, rank);
                let but = if self.rng.bool() {
                    format!("；但 {} 的除外", self.any_of(e, 0, rank))
                } else {
                    String::new()
                };
                format!(
                    "{each}{premise}，{gives}：\n{margin}（一）「一；」\n{margin}  {}；\n{margin}（二）「二；」\n{margin}  {}；\n{margin}（三）「三。」\n{margin}  {third}{but}。\n",
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
