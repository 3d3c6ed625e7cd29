//! Probabilities of single counts, to almost full precision at any size.
//!
//! Differences of log factorials lose as many digits as the counts have; at a thousand million
//! nothing would be left. Here the large parts are cancelled on paper before anything is computed:
//! a probability is its Stirling approximation times small corrections.
//!
//! Source: C. Loader (2000), "Fast and accurate computation of binomial probabilities".

use std::f64::consts::PI;

use super::float::of_count;

/// ln n! − ln(√(2πn) (n/e)ⁿ) for n ≥ 1: what Stirling's formula leaves out.
fn stirling_error(n: u64) -> f64 {
    const SERIES_FROM: u64 = 16;
    let x = of_count(n);
    if n < SERIES_FROM {
        let factorial: f64 = (1..=n).map(of_count).product();
        return factorial.ln() - ((x + 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln());
    }
    let square = x * x;
    let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / x
}

/// x ln(x/m) + m − x for x, m > 0, without cancellation when x is near m.
fn deviance(x: f64, mean: f64) -> f64 {
    const MOST_TERMS: u32 = 100;
    let apart = x - mean;
    if apart.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = apart / (x + mean);
    let mut sum = apart * ratio;
    let mut power = 2.0 * x * ratio;
    for term in 1..MOST_TERMS {
        power *= ratio * ratio;
        let next = sum + power / f64::from(2 * term + 1);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

/// ln P(X = x) for X binomial with `n` trials that succeed with probability `p` and fail with
/// probability `q` = 1 − p, both given so that neither loses digits. For 0 ≤ x ≤ n.
pub fn ln_binomial(x: u64, n: u64, p: f64, q: f64) -> f64 {
    let (successes, failures, trials) = (of_count(x), of_count(n - x), of_count(n));
    if n == 0 || (x == 0 && p == 0.0) || (x == n && q == 0.0) {
        return 0.0;
    }
    if p == 0.0 || q == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x == 0 {
        return trials * if p < 0.5 { (-p).ln_1p() } else { q.ln() };
    }
    if x == n {
        return trials * if q < 0.5 { (-q).ln_1p() } else { p.ln() };
    }
    stirling_error(n)
        - stirling_error(x)
        - stirling_error(n - x)
        - deviance(successes, trials * p)
        - deviance(failures, trials * q)
        + 0.5 * (trials / (2.0 * PI * successes * failures)).ln()
}

/// ln P(X = x) for X the marked among `drawn` taken without replacement from `marked` marked and
/// `plain` plain ones. For max(0, drawn − plain) ≤ x ≤ min(drawn, marked), drawn ≤ marked + plain,
/// and the sums below 2⁶⁴.
pub fn ln_hypergeometric(x: u64, marked: u64, plain: u64, drawn: u64) -> f64 {
    let all = marked + plain;
    if all == 0 {
        return 0.0;
    }
    let (p, q) = (
        of_count(drawn) / of_count(all),
        of_count(all - drawn) / of_count(all),
    );
    ln_binomial(x, marked, p, q) + ln_binomial(drawn - x, plain, p, q)
        - ln_binomial(drawn, all, p, q)
}

/// ln of the number of ways to choose `x` out of `n`, for x ≤ n. Good to about 10⁻¹⁶ times its own
/// size, so for n up to some ten thousands where products of it are compared.
pub fn ln_choose(n: u64, x: u64) -> f64 {
    ln_binomial(x, n, 0.5, 0.5) + of_count(n) * std::f64::consts::LN_2
}
