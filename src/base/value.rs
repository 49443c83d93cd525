//! Run-time values and the four-coded truth that facts, expressions and conclusions share.
use super::date::{Date, Period};
use rust_decimal::Decimal;

/// Truth of a condition. The codes are fixed: columnar code packs them into two bit planes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Truth {
    /// 否
    False = 0,
    /// 是
    True = 1,
    /// 不明
    #[default]
    Unknown = 2,
    /// 不适用: the question cannot arise
    Na = 3,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::Na => Self::Na,
        }
    }
}

impl Truth {
    /// 且: 否 wins, then 不明, then 不适用.
    #[inline]
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        table(&AND, self, other)
    }

    /// 或者: 是 wins, then 不明, then 不适用.
    #[inline]
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        table(&OR, self, other)
    }

    /// 是
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// 是 or 不明
    #[must_use]
    pub fn is_possible(self) -> bool {
        matches!(self, Self::True | Self::Unknown)
    }
}

use Truth::{False as F, Na as N, True as T, Unknown as U};

/// By the codes of both sides: 否, 是, 不明, 不适用.
const AND: [Truth; 16] = [F, F, F, F, F, T, U, N, F, U, U, U, F, N, U, N];
const OR: [Truth; 16] = [F, T, U, N, T, T, T, T, U, T, U, U, N, T, U, N];

#[inline]
fn table(table: &[Truth; 16], a: Truth, b: Truth) -> Truth {
    table.get((a as usize) << 2 | b as usize).copied().unwrap_or_default()
}

/// A value of any type but 是否; `Mask` holds enumerations (one bit) and 多选 (several), bit = index of the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Val {
    /// 不明
    #[default]
    Unknown,
    /// 不适用
    Na,
    /// 整数
    Int(i64),
    /// 小数, 金额 (元)
    Dec(Decimal),
    /// 日期
    Date(Date),
    /// 期间
    Period(Period),
    /// 枚举, 多选
    Mask(u64),
    /// 文本: index into the text table of the case
    Text(u32),
    /// A count some of whose members are 不明: `low..=high`
    Range(i64, i64),
}

impl Val {
    /// Neither 不明 nor 不适用 (an uncertain count is not known).
    #[must_use]
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unknown | Self::Na | Self::Range(..))
    }
}
