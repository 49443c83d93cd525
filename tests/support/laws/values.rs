//! Numbers, amounts, dates and periods, down to a depth.
use super::Ty::{self, Bool, Colour, Colours, Date, Dec, Duty, Grade, Int, Money, Period, Tags, Text};
use super::{World, constant};

impl World {
    /// A value of a type.
    pub(super) fn value(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> String {
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

    pub(super) fn grouped(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> String {
        let value = self.value(ty, e, depth, rank);
        if value.contains(' ') { format!("（{value}）") } else { value }
    }

    pub(super) fn int(&mut self, e: usize, depth: usize, rank: usize) -> String {
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

    pub(super) fn decimal(&mut self, e: usize, depth: usize) -> String {
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

    pub(super) fn money(&mut self, e: usize, depth: usize, rank: usize) -> String {
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

    pub(super) fn date(&mut self, e: usize, depth: usize, rank: usize) -> String {
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

    pub(super) fn period(&mut self, e: usize) -> String {
        match self.roll(4) {
            0 => self.fact(Period, e),
            _ => constant(&mut self.rng, Period),
        }
    }

    /// `成员 中 甲 的`: a list of this or a containing entity, perhaps with a condition.
    pub(super) fn among(&mut self, e: usize, depth: usize, rank: usize) -> Option<(usize, String)> {
        let child = self.list(e, true)?;
        let name = self.entities[child].name;
        let words = match (self.rng.u8(..3), depth.checked_sub(1)) {
            (0, _) => format!("{name} 中 "),
            (_, None) => format!("{name} 中 {} 的 ", self.fact(Bool, child)),
            (_, Some(depth)) => format!("{name} 中 {} 的 ", self.any_of(child, depth, rank)),
        };
        Some((child, words))
    }

    pub(super) fn count(&mut self, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (_, words) = self.among(e, depth, rank)?;
        Some(format!("{words}{}", self.pick(&["个数", "数量"])))
    }

    pub(super) fn sum(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (child, words) = self.among(e, depth, rank)?;
        let field = self.entities[child].facts.iter().find(|f| f.ty == ty && !f.deemed)?.name.clone();
        Some(format!("{words}{field} 之和"))
    }

    pub(super) fn extreme(&mut self, ty: Ty, e: usize, depth: usize, rank: usize) -> Option<String> {
        let (child, words) = self.among(e, depth, rank)?;
        let field = self.entities[child].facts.iter().find(|f| f.ty == ty && !f.deemed)?.name.clone();
        let word = if ty == Date {
            self.pick(&["最早的", "最晚的"])
        } else {
            self.pick(&["最高的", "最低的", "最大的", "最小的"])
        };
        Some(format!("{words}{word} {field}"))
    }
}
