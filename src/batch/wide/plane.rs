//! Bit planes: one bit a case, [`LANES`] cases at a time; and how an operand names one.
use crate::base::Truth;

/// Words of a plane: two cache lines. Half as many cost a third more, what there is to do for an instruction being
/// shared by fewer cases.
pub const WORDS: usize = 16;
/// Cases of a block.
pub const LANES: usize = WORDS * 64;

/// One bit of every case of a block.
pub type Plane = [u64; WORDS];

/// No case.
pub const NONE: Plane = [0; WORDS];

/// The bit of a lane.
#[inline]
#[must_use]
pub fn bit(plane: &Plane, lane: usize) -> bool {
    plane.get(lane / 64).is_some_and(|word| word >> (lane % 64) & 1 == 1)
}

/// Sets the bit of a lane.
#[inline]
pub fn set(plane: &mut Plane, lane: usize, on: bool) {
    if let Some(word) = plane.get_mut(lane / 64) {
        let mask = 1 << (lane % 64);
        *word = if on { *word | mask } else { *word & !mask };
    }
}

/// The first `count` lanes.
#[must_use]
pub fn first(count: usize) -> Plane {
    std::array::from_fn(|word| {
        let left = count.saturating_sub(word * 64);
        if left >= 64 { u64::MAX } else { (1 << left) - 1 }
    })
}

/// Lanes whose bit is set, in order.
pub fn lanes(plane: &Plane) -> impl Iterator<Item = usize> {
    let words = *plane;
    words.into_iter().enumerate().flat_map(|(at, mut word)| {
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros();
            word &= word.wrapping_sub(1);
            (bit < 64).then_some(at * 64 + bit as usize)
        })
    })
}

/// An operand: a plane of the row's own frame or of an ancestor's, as it is or negated; or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct P(u32);

impl P {
    /// No lane.
    pub const ZERO: Self = Self(0);
    /// Every lane.
    pub const ONE: Self = Self(1);

    /// A plane of the frame `level` generations up.
    #[must_use]
    pub const fn at(level: u32, offset: u32) -> Self {
        Self((offset + 1) << 5 | (level & 15) << 1)
    }

    /// The opposite.
    #[must_use]
    pub const fn not(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// Negated if `yes`.
    #[must_use]
    pub const fn not_if(self, yes: bool) -> Self {
        Self(self.0 ^ yes as u32)
    }

    /// Whether it is a constant, and which.
    #[must_use]
    pub const fn constant(self) -> Option<bool> {
        if self.0 >> 5 == 0 { Some(self.0 & 1 == 1) } else { None }
    }

    /// What turns its plane into what it says.
    #[inline]
    #[must_use]
    pub const fn flip(self) -> u64 {
        0_u64.wrapping_sub((self.0 & 1) as u64)
    }

    /// Whether it is read negated.
    #[must_use]
    pub const fn negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// How many generations up.
    #[must_use]
    pub const fn level(self) -> usize {
        (self.0 >> 1 & 15) as usize
    }

    /// Offset in the frame; meaningless for a constant.
    #[must_use]
    pub const fn offset(self) -> usize {
        (self.0 >> 5).wrapping_sub(1) as usize
    }

    /// The same seen from `up` generations further down.
    #[must_use]
    pub fn lifted(self, up: u32) -> Self {
        if self.constant().is_some() { self } else { Self(self.0 + (up << 1)) }
    }

    /// The same seen from `down` generations further up, whose frame it must be in.
    #[must_use]
    pub fn lowered(self, down: u32) -> Self {
        if self.constant().is_some() { self } else { Self(self.0.wrapping_sub(down << 1)) }
    }
}

/// A condition as planes: where it is 是, where it is not 否, and where it is 不明 if that does not follow (it does
/// unless 不适用 can occur: then 不明 is what is neither 是 nor 否).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cond {
    /// 是
    pub yes: P,
    /// 是, 不明 or 不适用
    pub not_no: P,
    /// 不明, where 不适用 occurs too.
    pub open: Option<P>,
}

impl Cond {
    /// The same everywhere.
    #[must_use]
    pub const fn constant(truth: Truth) -> Self {
        match truth {
            Truth::False => Self::known(P::ZERO),
            Truth::True => Self::known(P::ONE),
            Truth::Unknown => Self { yes: P::ZERO, not_no: P::ONE, open: None },
            Truth::Na => Self { yes: P::ZERO, not_no: P::ONE, open: Some(P::ZERO) },
        }
    }

    /// Nowhere 不明 or 不适用.
    #[must_use]
    pub const fn known(yes: P) -> Self {
        Self { yes, not_no: yes, open: None }
    }

    /// Whether it is 是 or 否 everywhere.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.yes == self.not_no
    }

    /// 未
    #[expect(clippy::should_implement_trait, reason = "one way to negate, as for [`P::not`], which is const")]
    #[must_use]
    pub fn not(self) -> Self {
        Self { yes: self.not_no.not(), not_no: self.yes.not(), open: self.open }
    }

    /// The same seen from further down.
    #[must_use]
    pub fn lifted(self, up: u32) -> Self {
        Self {
            yes: self.yes.lifted(up),
            not_no: self.not_no.lifted(up),
            open: self.open.map(|p| p.lifted(up)),
        }
    }
}
