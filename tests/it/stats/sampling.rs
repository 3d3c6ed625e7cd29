//! Draws against the moments of the multinomial distribution.

use chacha20::ChaCha8Rng;
use countmein::stats::sampling::{Multinomial, MultinomialError, Thinning, binomial};
use rand::SeedableRng;

fn generator() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(11)
}

/// Draws many times, and compares mean and variance of each type with n p and n p (1 − p).
fn check_moments(counts: &[u64], people: u64, times: u32) {
    let urn = Multinomial::new(counts).expect("people");
    let all: u64 = counts.iter().sum();
    let (mut generator, times_f) = (generator(), f64::from(times));
    let mut sums = vec![(0.0_f64, 0.0_f64); counts.len()];
    for _ in 0..times {
        let mut drawn = vec![0_u64; counts.len()];
        urn.draw(people, &mut generator, &mut drawn);
        assert_eq!(drawn.iter().sum::<u64>(), people);
        for (sum, number) in sums.iter_mut().zip(drawn) {
            let number = f64::from(u32::try_from(number).expect("few"));
            sum.0 += number;
            sum.1 += number * number;
        }
    }
    let float = |count: u64| f64::from(u32::try_from(count).expect("few"));
    for ((sum, squares), count) in sums.into_iter().zip(counts) {
        let p = float(*count) / float(all);
        let (mean, variance) = (float(people) * p, float(people) * p * (1.0 - p));
        let found = sum / times_f;
        assert!(
            (found - mean).abs() <= 4.5 * (variance / times_f).sqrt() + 1e-9,
            "{found} {mean}"
        );
        let spread = squares / times_f - found * found;
        assert!(
            (spread - variance).abs() <= 0.1 * variance + 1e-9,
            "{spread} {variance}"
        );
    }
}

/// Few people for each type are drawn from the alias table, many as binomials.
#[test]
fn both_ways_of_drawing_have_the_moments_of_a_multinomial() {
    let counts = [5, 0, 1, 12, 2, 2, 40, 1];
    check_moments(&counts, 63, 6_000);
    check_moments(&counts, 700, 6_000);
    check_moments(&[3], 10, 2);
    check_moments(&[7, 7, 7], 21, 6_000);
}

#[test]
fn there_has_to_be_somebody_to_draw() {
    let refused = |counts: &[u64]| Multinomial::new(counts).map(|_| ()).unwrap_err();
    assert_eq!(refused(&[]), MultinomialError::NoPeople);
    assert_eq!(refused(&[0, 0]), MultinomialError::NoPeople);
    assert_eq!(refused(&[u64::MAX, 1]), MultinomialError::TooMany);
    let urn = Multinomial::new(&[1 << 53, 0]).expect("people");
    assert_eq!(urn.types(), 2);
    let mut drawn = [0; 2];
    urn.draw(1 << 53, &mut generator(), &mut drawn);
    assert_eq!(drawn, [1 << 53, 0]);
    urn.draw(3, &mut generator(), &mut []);
}

#[test]
fn thinning_picks_a_share() {
    let mut generator = generator();
    let half = Thinning::new(500);
    let mut picked = |thinning: Thinning, people| thinning.draw(people, &mut generator);
    let few: u64 = (0..5_000).map(|_| picked(half, 4)).sum();
    assert!((9_700..10_300).contains(&few), "{few}");
    let many = picked(half, 20_000);
    assert!((9_700..10_300).contains(&many), "{many}");
    for people in [0, 1, 8, 9, 1_000_000] {
        assert_eq!(picked(Thinning::new(0), people), 0);
        assert_eq!(picked(Thinning::new(1_000), people), people);
        assert_eq!(picked(Thinning::new(9_999), people), people);
    }
}

#[test]
fn a_binomial_takes_any_share() {
    for (share, least, most) in [(f64::NAN, 0, 0), (-1.0, 0, 0), (2.0, 9, 9), (0.5, 0, 9)] {
        let drawn = binomial(9, share, &mut generator());
        assert!((least..=most).contains(&drawn));
    }
}
