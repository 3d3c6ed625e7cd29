//! Drawing people of many types with replacement.

use rand::Rng;
use rand_distr::{Binomial, Distribution};

use super::float::of_count;

/// With more people to draw for each type than this, drawing the number of people of each type is
/// faster than drawing each person. Measured; it has no influence on the distribution.
const PEOPLE_PER_TYPE: u64 = 24;

/// Types of people, each with a number of people, to draw from with replacement.
///
/// `n` draws give the types counts that are multinomial with `n` trials and the shares of the types
/// as probabilities. They are drawn in one of two ways, whichever is faster:
///
/// - person by person from an alias table, which is made of whole numbers and is off by less than
///   2⁻⁶⁴ in each probability;
/// - type by type, each binomial from what the types before have left.
///
/// Source of the table: A. J. Walker (1977), ACM Transactions on Mathematical Software 3, 253–256;
/// M. D. Vose (1991), IEEE Transactions on Software Engineering 17, 972–975.
#[derive(Debug, Clone)]
pub struct Multinomial {
    table: Vec<Column>,
    /// Types with anyone in them, and their share of the people of this and all later types.
    shares: Vec<(u32, f64)>,
    types: usize,
}

/// One column of the alias table: the type `here` below `keep`, the type `other` from there on.
#[derive(Debug, Clone, Copy)]
struct Column {
    keep: u64,
    here: u32,
    other: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultinomialError {
    #[error("there is nobody to draw from")]
    NoPeople,
    #[error("people can be drawn from at most 2^53 people of at most 2^32 types")]
    TooMany,
}

impl Multinomial {
    /// # Errors
    /// All counts are 0, or there are more than 2⁵³ people or 2³² types.
    pub fn new(counts: &[u64]) -> Result<Self, MultinomialError> {
        let people = counts.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        let people = people
            .filter(|n| *n <= 1 << 53)
            .ok_or(MultinomialError::TooMany)?;
        if u32::try_from(counts.len()).is_err() {
            return Err(MultinomialError::TooMany);
        }
        let kept: Vec<(u32, u64)> = (0..)
            .zip(counts.iter().copied())
            .filter(|(_, n)| *n > 0)
            .collect();
        if kept.is_empty() {
            return Err(MultinomialError::NoPeople);
        }
        let mut left = people;
        let shares = kept.iter().map(|(kind, n)| {
            let share = of_count(*n) / of_count(left);
            left -= n;
            (*kind, share)
        });
        Ok(Self {
            shares: shares.collect(),
            table: table(&kept, people),
            types: counts.len(),
        })
    }

    /// How many types there are, those with nobody included.
    pub fn types(&self) -> usize {
        self.types
    }

    /// Draws `people` people and adds them to the counts of their types. Types beyond the end of
    /// `counts` are not counted.
    pub fn draw(&self, people: u64, generator: &mut impl Rng, counts: &mut [u64]) {
        let types = self.table.len() as u64;
        if people / PEOPLE_PER_TYPE > types {
            self.draw_types(people, generator, counts);
            return;
        }
        for _ in 0..people {
            // The high word is a column, and the low word a place in it.
            let (place, column) = generator.next_u64().carrying_mul(types, 0);
            let column = usize::try_from(column).unwrap_or(0);
            let Column { keep, here, other } = self.table[column];
            let drawn = if place < keep { here } else { other };
            if let Some(count) = counts.get_mut(drawn as usize) {
                *count += 1;
            }
        }
    }

    fn draw_types(&self, people: u64, generator: &mut impl Rng, counts: &mut [u64]) {
        let mut left = people;
        for (kind, share) in &self.shares {
            let drawn = binomial(left, *share, generator);
            if let Some(count) = counts.get_mut(*kind as usize) {
                *count += drawn;
            }
            left -= drawn;
        }
    }
}

/// How many of `trials` succeed if each does with probability `share`, which is cut to 0 … 1.
pub fn binomial(trials: u64, share: f64, generator: &mut impl Rng) -> u64 {
    if trials == 0 || share.is_nan() || share <= 0.0 {
        return 0;
    }
    if share >= 1.0 {
        return trials;
    }
    // A share between 0 and 1 is all that a binomial asks for.
    Binomial::new(trials, share).map_or(0, |binomial| binomial.sample(generator).min(trials))
}

/// Picks each of a number of people with the same probability, independently of all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thinning {
    share: f64,
    /// A word below this picks one person.
    below: u64,
}

impl Thinning {
    /// Up to here people are looked at one by one.
    const FEW: u64 = 8;

    /// A probability of `thousandths` / 1000; beyond 1000 it is 1.
    pub fn new(thousandths: u32) -> Self {
        let thousandths = thousandths.min(1_000);
        let below = (u128::from(thousandths) << 64) / 1_000;
        Self {
            share: f64::from(thousandths) / 1_000.0,
            below: u64::try_from(below).unwrap_or(u64::MAX),
        }
    }

    /// How many of `people` are picked.
    pub fn draw(self, people: u64, generator: &mut impl Rng) -> u64 {
        if people > Self::FEW || self.share >= 1.0 {
            return binomial(people, self.share, generator);
        }
        let picks = (0..people).map(|_| u64::from(generator.next_u64() < self.below));
        picks.sum()
    }
}

/// Fills the columns, each as wide as the mean type: what a small type leaves free goes to a large
/// one. All in multiples of 1 / (people × types), so that nothing is rounded but the final places.
fn table(kept: &[(u32, u64)], people: u64) -> Vec<Column> {
    let width = u128::from(people);
    let height = kept.len() as u128;
    let mut rest: Vec<u128> = kept.iter().map(|(_, n)| u128::from(*n) * height).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..kept.len()).partition(|column| rest[*column] < width);
    let whole = |kind: u32| Column {
        keep: u64::MAX,
        here: kind,
        other: kind,
    };
    let mut table: Vec<Column> = kept.iter().map(|(kind, _)| whole(*kind)).collect();
    while let (Some(low), Some(high)) = (small.pop(), large.last().copied()) {
        table[low].keep = u64::try_from((rest[low] << 64) / width).unwrap_or(u64::MAX);
        table[low].other = kept[high].0;
        rest[high] -= width - rest[low];
        if rest[high] < width {
            large.pop();
            small.push(high);
        }
    }
    table
}
