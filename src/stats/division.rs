//! One word for how a group answered: agreed, leaning or divided.

use super::ordinal::agreement_a;

/// The word, from van der Eijk's A of the answers and from nothing else. It says whether people
/// gave similar answers, not which: all disagreeing strongly is as agreed as all agreeing strongly.
///
/// | A              | word    | in plain words                        |
/// |----------------|---------|---------------------------------------|
/// | 0.7 and above  | agreed  | most answers lie close together       |
/// | from 0.4       | leaning | more on one side, but spread out      |
/// | below 0.4      | divided | no single place where answers gather  |
///
/// The bounds are this project's convention, not a test. They are compared with A as reported, to
/// twelve decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Division {
    Agreed,
    Leaning,
    Divided,
}

impl Division {
    /// The least A that is called agreed.
    pub const AGREED_FROM: f64 = 0.7;
    /// The least A that is not called divided.
    pub const LEANING_FROM: f64 = 0.4;
    /// With fewer answers A jumps with every single one, and no word is given.
    pub const LEAST_ANSWERS: u64 = 10;

    /// `counts` has one entry a scale point. None with fewer than ten answers or two points.
    pub fn of(counts: &[u64]) -> Option<Self> {
        let answers: u128 = counts.iter().map(|count| u128::from(*count)).sum();
        if answers < u128::from(Self::LEAST_ANSWERS) {
            return None;
        }
        agreement_a(counts).map(Self::of_agreement)
    }

    fn of_agreement(agreement: f64) -> Self {
        if agreement >= Self::AGREED_FROM {
            Self::Agreed
        } else if agreement >= Self::LEANING_FROM {
            Self::Leaning
        } else {
            Self::Divided
        }
    }
}
