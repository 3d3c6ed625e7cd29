//! Many questions asked of one set of data: p values adjusted for their number.

use super::float::of_count;

/// How to adjust. The first three bound the chance of even one false finding; the last two bound
/// the expected share of false ones among the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Adjustment {
    /// m p.
    Bonferroni,
    /// Step-down Bonferroni; never larger, and as safe. S. Holm (1979), Scandinavian Journal of
    /// Statistics 6, 65–70.
    Holm,
    /// Step-up on Simes' inequality; needs independent or positively dependent tests.
    /// Y. Hochberg (1988), Biometrika 75, 800–802.
    SimesHochberg,
    /// False discovery rate, for independent or positively dependent tests. Y. Benjamini and
    /// Y. Hochberg (1995), JRSS B 57, 289–300.
    BenjaminiHochberg,
    /// False discovery rate under any dependence: the former times 1 + 1/2 + … + 1/m. Y. Benjamini
    /// and D. Yekutieli (2001), Annals of Statistics 29, 1165–1188.
    BenjaminiYekutieli,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a p value lies between 0 and 1, and the one at position {position} is {value}")]
pub struct NotAPValue {
    /// From 0.
    pub position: usize,
    pub value: f64,
}

/// The adjusted p values of all the tests of a family, in the order given. O(m log m).
///
/// # Errors
/// One of `p` is not a number from 0 to 1.
pub fn adjusted(p: &[f64], by: Adjustment) -> Result<Vec<f64>, NotAPValue> {
    if let Some((position, value)) = p
        .iter()
        .copied()
        .enumerate()
        .find(|(_, value)| !(0.0..=1.0).contains(value))
    {
        return Err(NotAPValue { position, value });
    }
    let mut ascending: Vec<usize> = (0..p.len()).collect();
    ascending.sort_by(|one, other| p[*one].total_cmp(&p[*other]));
    let tests = of_count(p.len() as u64);
    let harmonic: f64 = (1..=p.len() as u64).map(|rank| 1.0 / of_count(rank)).sum();
    let factor = |rank: u64| match by {
        Adjustment::Bonferroni => tests,
        Adjustment::Holm | Adjustment::SimesHochberg => tests - of_count(rank) + 1.0,
        Adjustment::BenjaminiHochberg => tests / of_count(rank),
        Adjustment::BenjaminiYekutieli => harmonic * tests / of_count(rank),
    };
    let ranked: Vec<(usize, f64)> = (1_u64..)
        .zip(ascending)
        .map(|(rank, place)| (place, p[place] * factor(rank)))
        .collect();
    let mut result = vec![0.0; p.len()];
    match by {
        Adjustment::Bonferroni | Adjustment::Holm => {
            let mut largest = 0.0_f64;
            for (place, value) in ranked {
                largest = largest.max(value);
                result[place] = largest.min(1.0);
            }
        }
        Adjustment::SimesHochberg
        | Adjustment::BenjaminiHochberg
        | Adjustment::BenjaminiYekutieli => {
            let mut smallest = 1.0_f64;
            for (place, value) in ranked.into_iter().rev() {
                smallest = smallest.min(value);
                result[place] = smallest;
            }
        }
    }
    Ok(result)
}
