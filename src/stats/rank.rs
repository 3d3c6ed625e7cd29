//! Which ranks counts of single choices leave open.

use super::{
    confidence::Confidence,
    float::{of_count, of_size},
    quantile::{self, QuantileError},
};

/// What the confidence level is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All sets hold together, so that any of them may be read out. The default.
    Simultaneous,
    /// Each set holds for itself: for one option that was picked before looking at the counts.
    Marginal,
}

/// The ranks that one option may have in the population. Rank 1 is the most chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankSet {
    /// The rank by count: 1 plus the number of options with more. Equal counts share the best one.
    pub rank: usize,
    pub best: usize,
    pub worst: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RankError {
    #[error("ranks take between 2 and {MOST_OPTIONS} options, and here are {0}")]
    Options(usize),
    #[error(transparent)]
    Quantile(#[from] QuantileError),
}

/// With this many options there are a hundred thousand pairs to test, a third of a second's work.
pub const MOST_OPTIONS: usize = 500;

/// Confidence sets for the ranks of options from the counts of people who chose each, where
/// everyone chose exactly one.
///
/// Of x + y people who chose either of two options, x is binomial with one half if they are equally
/// popular, whatever the other options. For each ordered pair the exact tail P(X ≥ x) tests "the
/// first is not the more popular one", and Holm's step-down holds the family together. The best
/// rank is 1 plus the number of options shown to be more popular, the worst is the number of
/// options minus those shown to be less popular.
///
/// The family is all k (k − 1) ordered pairs for simultaneous sets, and the 2 (k − 1) pairs with
/// the option itself for a marginal one. No large-sample theory is used, so small counts are fine.
///
/// Source: S. Bazylik, M. Mogstad, J. P. Romano, A. Shaikh and D. Wilhelm (2021), "Finite- and
/// large-sample inference for ranks using multinomial data with an application to ranking
/// political parties", NBER Working Paper 29519. Agrees with R's `csranks::csranks_multinom` with
/// `multcorr = "Holm"`.
pub fn rank_sets(
    counts: &[u64],
    coverage: Coverage,
    confidence: Confidence,
) -> Result<Vec<RankSet>, RankError> {
    let options = counts.len();
    if !(2..=MOST_OPTIONS).contains(&options) {
        return Err(RankError::Options(options));
    }
    let leads = leads(counts)?;
    let may_err = 1.0 - confidence.level();
    let shown = match coverage {
        Coverage::Simultaneous => {
            let shown = rejected_by_holm(leads, options * (options - 1), may_err);
            tally_shown(options, &shown)
        }
        Coverage::Marginal => marginal(options, &leads, may_err),
    };
    let rank_of = |count: &u64| 1 + counts.iter().filter(|other| *other > count).count();
    Ok(counts
        .iter()
        .zip(shown)
        .map(|(count, shown)| RankSet {
            rank: rank_of(count),
            best: 1 + shown.above,
            worst: options - shown.below,
        })
        .collect())
}

/// A pair in which the first option has the higher count.
#[derive(Debug, Clone, Copy)]
struct Lead {
    p_value: f64,
    ahead: usize,
    behind: usize,
}

/// How many options are shown to be more and less popular than one of them.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    above: usize,
    below: usize,
}

/// Pairs in which the first option does not lead have a tail above one half, which no level from
/// 0.5 up rejects; they count in the size of the family and need no test.
fn leads(counts: &[u64]) -> Result<Vec<Lead>, RankError> {
    let mut leads = Vec::new();
    for (ahead, more) in counts.iter().enumerate() {
        for (behind, fewer) in counts.iter().enumerate() {
            if more > fewer {
                leads.push(Lead {
                    p_value: upper_tail(*more, *fewer)?,
                    ahead,
                    behind,
                });
            }
        }
    }
    Ok(leads)
}

/// P(X ≥ x) for X binomial with x + rest trials and one half.
fn upper_tail(x: u64, rest: u64) -> Result<f64, RankError> {
    let tail = quantile::beta_lower(0.5, of_count(x), of_count(rest) + 1.0)?;
    Ok(if tail.is_nan() {
        1.0
    } else {
        tail.clamp(0.0, 1.0)
    })
}

/// The pairs that Holm's step-down rejects out of a family of `family` hypotheses. `leads` has all
/// those that can be rejected.
fn rejected_by_holm(mut leads: Vec<Lead>, family: usize, may_err: f64) -> Vec<Lead> {
    leads.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let rejected = leads
        .iter()
        .enumerate()
        .take_while(|(place, lead)| lead.p_value <= may_err / of_size(family - place))
        .count();
    leads.truncate(rejected);
    leads
}

fn tally_shown(options: usize, shown: &[Lead]) -> Vec<Shown> {
    let mut tally = vec![Shown::default(); options];
    for lead in shown {
        tally[lead.ahead].below += 1;
        tally[lead.behind].above += 1;
    }
    tally
}

fn marginal(options: usize, leads: &[Lead], may_err: f64) -> Vec<Shown> {
    let mut own_leads = vec![Vec::new(); options];
    for lead in leads {
        own_leads[lead.ahead].push(*lead);
        own_leads[lead.behind].push(*lead);
    }
    (0..)
        .zip(own_leads)
        .map(|(option, own)| {
            let shown = rejected_by_holm(own, 2 * (options - 1), may_err);
            tally_shown(options, &shown)[option]
        })
        .collect()
}
