//! Fisher's exact test of a 2 × 2 table.

use super::TableError;
use crate::stats::{float::of_count, mass::ln_hypergeometric};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherExact {
    /// Two-sided: the chance, given the margins, of a table no more likely than this one.
    pub p: f64,
    /// a d / (b c) of the counts themselves. None when that is 0/0, infinite when only b c is 0.
    pub odds_ratio: Option<f64>,
}

/// Probabilities this close, in relation, are taken as equal: rounding must not decide whether the
/// mirror image of a table counts. The same as in R's `fisher.test`.
const EQUAL: f64 = 1e-7;

/// Terms of a tail. They fall off within some standard deviations of the count, which at cells of
/// 10⁹ is 16,000 and reaches this at about 10¹³.
const MOST_TERMS: u64 = 5_000_000;

/// The table [[a, b], [c, d]].
///
/// With all margins fixed, a is hypergeometric. The tail that holds a is summed outwards from it by
/// the ratio of neighbours, p(i+1) / p(i), until the terms no longer matter, and the other tail from
/// the first value that is no more likely than a. So the work grows with the standard deviation of a
/// and not with the counts. p is 1 when a margin is 0.
///
/// Source: R. A. Fisher (1935), JRSS 98, 39–82. Agrees with `scipy.stats.fisher_exact` and R's
/// `fisher.test`.
///
/// # Errors
/// The counts sum to more than 2⁵³ or the tails are too long to sum; the chi-squared test is as good
/// there.
pub fn fisher_exact(table: [[u64; 2]; 2]) -> Result<FisherExact, TableError> {
    let [[a, b], [c, d]] = table;
    let total: u128 = [a, b, c, d].into_iter().map(u128::from).sum();
    if total > u128::from(super::Table::MOST_ANSWERS) {
        return Err(TableError::TooLargeForExact);
    }
    let (with, against) = (of_count(a) * of_count(d), of_count(b) * of_count(c));
    let odds_ratio = (with > 0.0 || against > 0.0).then(|| with / against);
    let margins = Margins {
        marked: a + b,
        plain: c + d,
        drawn: a + c,
    };
    Ok(FisherExact {
        p: margins.two_sided(a)?,
        odds_ratio,
    })
}

struct Margins {
    marked: u64,
    plain: u64,
    drawn: u64,
}

#[derive(Clone, Copy)]
enum Towards {
    Least,
    Most,
}

impl Margins {
    fn least(&self) -> u64 {
        self.drawn.saturating_sub(self.plain)
    }

    fn most(&self) -> u64 {
        self.drawn.min(self.marked)
    }

    /// The most likely value.
    fn mode(&self) -> u64 {
        let product = u128::from(self.marked + 1) * u128::from(self.drawn + 1);
        let mode = product / u128::from(self.marked + self.plain + 2);
        u64::try_from(mode)
            .unwrap_or(self.most())
            .clamp(self.least(), self.most())
    }

    fn ln_mass(&self, value: u64) -> f64 {
        ln_hypergeometric(value, self.marked, self.plain, self.drawn)
    }

    /// p(value + 1) / p(value), for value < most.
    fn ratio(&self, value: u64) -> f64 {
        let up = of_count(self.marked - value) * of_count(self.drawn - value);
        let down = of_count(value + 1) * of_count(self.plain + value + 1 - self.drawn);
        up / down
    }

    fn two_sided(&self, observed: u64) -> Result<f64, TableError> {
        let mode = self.mode();
        let bound = self.ln_mass(observed) + EQUAL;
        if self.ln_mass(mode) <= bound {
            return Ok(1.0);
        }
        let (near, far) = if observed > mode {
            (Towards::Most, self.last_unlikely_below(mode, bound))
        } else {
            (Towards::Least, self.first_unlikely_above(mode, bound))
        };
        let other = match near {
            Towards::Most => Towards::Least,
            Towards::Least => Towards::Most,
        };
        let mut p = self.tail(observed, near)?;
        if let Some(start) = far {
            p += self.tail(start, other)?;
        }
        Ok(p.min(1.0))
    }

    /// The largest value below the mode that is no more likely than the bound.
    fn last_unlikely_below(&self, mode: u64, bound: f64) -> Option<u64> {
        let (mut low, mut high) = (self.least(), mode);
        if self.ln_mass(low) > bound {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.ln_mass(middle) <= bound {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// The smallest value above the mode that is no more likely than the bound.
    fn first_unlikely_above(&self, mode: u64, bound: f64) -> Option<u64> {
        let (mut low, mut high) = (mode, self.most());
        if self.ln_mass(high) > bound {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.ln_mass(middle) <= bound {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }

    /// P(X ≤ start) or P(X ≥ start), where `start` lies on that side of the mode.
    fn tail(&self, start: u64, towards: Towards) -> Result<f64, TableError> {
        const NEGLIGIBLE: f64 = 1e-18;
        let (mut term, mut sum) = (1.0, 1.0);
        let mut value = start;
        for _ in 0..MOST_TERMS {
            match towards {
                Towards::Most if value < self.most() => {
                    term *= self.ratio(value);
                    value += 1;
                }
                Towards::Least if value > self.least() => {
                    value -= 1;
                    term /= self.ratio(value);
                }
                Towards::Most | Towards::Least => return Ok(self.ln_mass(start).exp() * sum),
            }
            sum += term;
            if term < NEGLIGIBLE * sum {
                return Ok(self.ln_mass(start).exp() * sum);
            }
        }
        Err(TableError::TooLargeForExact)
    }
}
