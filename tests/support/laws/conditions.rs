//! Conditions: every comparison, every question about a list, facts, conclusions, terms, other articles.
use super::Ty::{Bool, Colour, Colours, Date, Dec, Duty, Grade, Int, Money, Period, Tags, Text};
use super::{Article, DUTY, MORE, WORDS, World, article_name, constant};

impl World {
    /// One condition, or several joined by one word.
    pub(super) fn any_of(&mut self, e: usize, depth: usize, rank: usize) -> String {
        let word = self.pick(&["且", "或者"]);
        let count = [1, 1, 1, 2, 2, 3, 4][self.roll(7)];
        let parts: Vec<String> = (0..count).map(|_| self.condition(e, depth, rank, count > 1)).collect();
        parts.join(&format!(" {word} "))
    }

    /// A condition that can stand beside others if `joined`.
    pub(super) fn condition(&mut self, e: usize, depth: usize, rank: usize, joined: bool) -> String {
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
    pub(super) fn of_list(&mut self, e: usize, depth: usize, rank: usize) -> Option<String> {
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

    #[expect(clippy::too_many_lines, reason = "one arm a construct")]
    pub(super) fn atom(&mut self, e: usize, depth: usize, rank: usize) -> String {
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
    pub(super) fn earlier(&mut self, e: usize, rank: usize) -> Option<usize> {
        if self.plain {
            return None;
        }
        let line = self.line(e);
        let fits = |a: &Article| line.contains(&a.entity) && a.rank.is_some_and(|r| r <= rank);
        let found: Vec<usize> =
            self.articles.iter().enumerate().filter(|(_, a)| fits(a)).map(|(i, _)| i + 1).collect();
        if found.is_empty() { None } else { Some(found[self.roll(found.len())]) }
    }
}
