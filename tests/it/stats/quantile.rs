use countmein::stats::quantile::{
    self, QuantileError, binomial_lower, hypergeometric_lower, hypergeometric_upper,
};
use proptest::prelude::*;

use super::{
    assert_close,
    vectors::{Case, number},
};

/// Quantiles from `scipy.stats` 1.17.1, which agree with R 4.2.2 to 6 × 10⁻¹⁵ of themselves:
/// distribution, probability and parameters, quantile.
const QUANTILES: &[(&str, &[f64], f64)] = &[
    ("norm", &[0.5], 0.0),
    ("norm", &[0.995], 2.575_829_303_548_900_4),
    ("chi2", &[0.8, 2.0], 3.218_875_824_868_201),
    ("chi2", &[0.99, 2.0], 9.210_340_371_976_18),
    ("chi2", &[0.99, 4.0], 13.276_704_135_987_622),
    ("chi2", &[0.99, 7.0], 18.475_306_906_582_357),
    ("t", &[0.975, 1.0], 12.706_204_736_174_694),
    ("t", &[0.9, 4.0], 1.533_206_274_058_944),
    ("t", &[0.95, 19.0], 1.729_132_811_521_368_2),
    ("t", &[0.995, 58.0], 2.663_286_953_537_658_4),
    ("t", &[0.995, 84.0], 2.635_632_458_047_960_6),
    ("t", &[0.995, 999.0], 2.580_759_637_267_636_5),
    ("t", &[0.95, 1_000_000.0], 1.644_855_150_722_040_4),
    ("t", &[0.975, 1_000_000.0], 1.959_966_356_814_107),
    ("t", &[0.9, 10_000_000.0], 1.281_551_650_203_083_3),
    ("t", &[0.95, 10_000_000.0], 1.644_853_779_328_401_7),
    ("t", &[0.975, 10_000_000.0], 1.959_964_221_767_205),
    ("t", &[0.995, 10_000_000.0], 2.575_829_795_203_748_8),
    ("beta", &[0.025, 1.0, 59.0], 0.000_429_023_332_723_594_6),
    ("beta", &[0.975, 13.0, 47.0], 0.328_330_235_933_709_3),
    ("beta", &[0.025, 0.5, 59.5], 8.287_394_964_413_49e-6),
    (
        "beta",
        &[0.025, 1.0, 1_000_000.0],
        2.531_780_766_379_417_8e-8,
    ),
    ("beta", &[0.975, 1.0, 1_000_000.0], 3.688_872_650_206_488e-6),
    (
        "beta",
        &[0.975, 1.0, 10_000_000.0],
        3.688_878_773_722_437_6e-7,
    ),
    (
        "beta",
        &[0.025, 2_500_000.0, 7_500_000.0],
        0.249_731_668_258_293_52,
    ),
    (
        "beta",
        &[0.975, 2_500_000.0, 7_500_000.0],
        0.250_268_426_457_000_15,
    ),
    (
        "beta",
        &[0.025, 1.0, 100_000_000.0],
        2.531_780_798_108_492e-10,
    ),
];

/// Quantiles whose distribution function was worked out to 30 digits with mpmath 1.3.0: p, a, b, x.
/// scipy itself is wrong at the second and the third.
const LARGE_BETAS: &[(f64, f64, f64, f64)] = &[
    (0.025, 1.0, 100_000_000.0, 2.531_780_798_108_492e-10),
    (0.5, 1000.0, 1_000_000_000.0, 9.996_656_874_277_117e-7),
    (0.975, 1000.0, 1_000_000_000.0, 1.062_920_055_396_206_9e-6),
    (0.025, 2_500_000.0, 7_500_000.0, 0.249_731_668_258_293_54),
    (1.0e-12, 3.0, 100_000_000.0, 1.817_203_128_090_062e-12),
    (0.975, 5001.0, 10_000_000.0, 0.000_513_794_386_539_655_5),
    (1.0e-200, 20.5, 30_000_000.0, 4.963_503_495_611_189_4e-17),
    (0.975, 999_999.0, 1.0, 0.999_999_974_682_167_1),
    (0.025, 50_000_000.0, 50_000_000.0, 0.499_902_001_801_469_15),
];

/// P(X ≤ c) from sums of 45 digits with mpmath 1.3.0: c, size, marked, n, probability.
const HYPERGEOMETRIC: &[(u64, u64, u64, u64, f64)] = &[
    (0, 5000, 50, 125, 0.280_210_334_849_474_66),
    (13, 50, 19, 41, 0.059_001_433_564_176_93),
    (2, 1_000_000, 3000, 20_000, 8.467_153_774_872_843e-24),
    (
        500_000,
        4_000_000,
        2_000_000,
        1_000_000,
        0.500_460_658_741_2,
    ),
    (
        497_401,
        4_000_000,
        2_000_000,
        1_000_000,
        9.805_969_261_634_615e-10,
    ),
    (
        11_986_530,
        100_000_000,
        30_000_000,
        40_000_000,
        9.865_853_684_315_885e-10,
    ),
    (1000, 10_000_000, 5_000_000, 2100, 0.015_351_587_845_917_346),
    (
        3_000_000,
        1_000_000_000,
        100_000_000,
        30_010_000,
        0.268_464_555_960_617_8,
    ),
];

fn quantile(distribution: &str, values: &[f64]) -> Option<Result<f64, QuantileError>> {
    Some(match (distribution, values) {
        ("norm", &[p]) => quantile::normal(p),
        ("chi2", &[p, df]) => quantile::chi_squared(p, df),
        ("t", &[p, df]) => quantile::student_t(p, df),
        ("beta", &[p, a, b]) => quantile::beta(p, a, b),
        ("f", &[p, d1, d2]) => quantile::fisher_f(p, d1, d2),
        _ => return None,
    })
}

#[track_caller]
fn assert_relative(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert_close(found, expected, tolerance * expected.abs(), what);
}

#[test]
fn quantiles_agree_with_scipy_and_r() {
    for (distribution, values, expected) in QUANTILES {
        let what = format!("{distribution} {values:?}");
        let found = quantile(distribution, values)
            .expect("known")
            .expect("quantile");
        assert_close(found, *expected, 2e-14 * expected.abs(), &what);
    }
    for case in Case::all("quantiles") {
        let args = case.input("args");
        let values: Vec<f64> = args.as_array().map_or_else(
            || vec![number(args)],
            |list| list.iter().map(number).collect(),
        );
        let distribution = case.input("dist").as_str().expect("dist");
        let found = quantile(distribution, &values)
            .unwrap_or_else(|| case.unknown(distribution))
            .expect("quantile");
        for (key, expected) in case.outputs() {
            match key {
                "q" => assert_relative(found, number(expected), 1e-12, case.id()),
                _ => case.unknown(key),
            }
        }
    }
}

#[test]
fn beta_quantiles_keep_their_digits_at_any_size() {
    for (p, a, b, expected) in LARGE_BETAS {
        let found = quantile::beta(*p, *a, *b).expect("quantile");
        assert_relative(found, *expected, 3e-14, &format!("{p} {a} {b}"));
    }
}

#[test]
fn small_and_large_probabilities() {
    // χ² with one degree of freedom is the square of Z, with two it is −2 ln(1 − p); t with one is
    // the tangent, with two it has a closed form.
    for p in [1e-300, 1e-12, 1e-4, 0.2, 0.5, 0.9, 0.999_999] {
        let z = quantile::normal(0.5 + p / 2.0).expect("z");
        let chi = quantile::chi_squared(p, 1.0).expect("χ²");
        if p > 1e-5 {
            assert_relative(chi, z * z, 1e-10, "one degree");
        } else {
            // Near 0 the density of Z is 1 / √2π.
            let z = p / 2.0 * std::f64::consts::TAU.sqrt();
            assert_relative(chi, z * z, 1e-12, "one degree");
        }
        let chi = quantile::chi_squared(p, 2.0).expect("χ²");
        assert_relative(chi, -2.0 * (-p).ln_1p(), 1e-13, "two degrees");
        let t = quantile::student_t(p / 2.0, 1.0).expect("t");
        let tangent = -1.0 / (std::f64::consts::FRAC_PI_2 * p).tan();
        assert_close(t, tangent, 1e-12 * tangent.abs().max(1e-3), "one degree");
        let beta = quantile::beta(p, 1.0, 1e8).expect("beta");
        assert_relative(beta, -((-p).ln_1p() / 1e8).exp_m1(), 1e-12, "Beta(1, b)");
    }
}

#[test]
fn tails_and_quantiles_undo_each_other() {
    for df in [0.7, 1.0, 3.5, 40.0, 9_999.0, 1e6, 1e9, 1e18, 1e25] {
        for p in [1e-9, 0.01, 0.3, 0.5, 0.8, 0.999] {
            let t = quantile::student_t(p, df).expect("t");
            let upper = quantile::student_t_upper(-t, df).expect("tail");
            assert_relative(upper, p, 1e-11, &format!("t {df} {p}"));
            let x = quantile::chi_squared(1.0 - p, df).expect("χ²");
            let upper = quantile::chi_squared_upper(x, df).expect("tail");
            // A float near x moves the tail of a large χ² by 1e-16 x over its deviation.
            let tolerance = 1e-11 + 1e-15 * df.sqrt();
            assert_close(upper, p, tolerance, &format!("χ² {df} {p}"));
            let f = quantile::fisher_f(1.0 - p, df, 7.0).expect("F");
            let upper = quantile::fisher_f_upper(f, df, 7.0).expect("tail");
            assert_close(upper, p, 1e-11, &format!("F {df} {p}"));
        }
    }
}

#[test]
fn normal_tails() {
    // `scipy.stats.norm.sf` 1.17.1.
    for (z, expected) in [
        (0.0, 0.5),
        (0.3, 0.382_088_577_811_047_3),
        (-3.0, 0.998_650_101_968_369_9),
        (5.0, 2.866_515_718_791_933_3e-7),
        (20.0, 2.753_624_118_606_233_7e-89),
        (37.0, 5.725_571_222_524_577e-300),
    ] {
        assert_relative(quantile::normal_upper(z), expected, 1e-13, "tail");
    }
    assert_eq!(
        quantile::normal_upper(f64::INFINITY).to_bits(),
        0.0_f64.to_bits()
    );
    assert_eq!(
        quantile::normal_upper(f64::NEG_INFINITY).to_bits(),
        1.0_f64.to_bits()
    );
    assert!(quantile::normal_upper(f64::NAN).is_nan());
}

#[test]
fn hypergeometric_and_binomial_tails() {
    for (c, size, marked, n, expected) in HYPERGEOMETRIC {
        let lower = hypergeometric_lower(*c, *size, *marked, *n).expect("tail");
        assert_relative(lower, *expected, 1e-12, "lower");
        let upper = hypergeometric_upper(*c + 1, *size, *marked, *n).expect("tail");
        assert_close(upper, 1.0 - expected, 1e-12, "upper");
    }
    // Binomial: c = 0 is (1 − p)ⁿ; one of two is 1 − p².
    let found = binomial_lower(0, 125, 0.01).expect("tail");
    assert_relative(found, 0.99_f64.powi(125), 1e-14, "none");
    assert_relative(
        binomial_lower(1, 2, 0.3).expect("tail"),
        0.91,
        1e-15,
        "one of two",
    );
    let half = binomial_lower(500_000_000, 1_000_000_001, 0.5).expect("tail");
    assert_relative(half, 0.5, 1e-13, "half");
    for (c, n, p, expected) in [(0, 0, 0.3, 1.0), (3, 9, 0.0, 1.0), (3, 9, 1.0, 0.0)] {
        assert_close(binomial_lower(c, n, p).expect("tail"), expected, 0.0, "end");
    }
}

#[test]
fn what_is_outside_is_refused() {
    for p in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
        assert!(quantile::normal(p).is_err());
        assert!(quantile::chi_squared(p, 3.0).is_err());
        assert!(quantile::student_t(p, 3.0).is_err());
        assert!(quantile::beta(p, 3.0, 2.0).is_err());
        assert!(quantile::fisher_f(p, 3.0, 2.0).is_err());
    }
    for parameter in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX, 5e-324] {
        let fault = |found: Result<f64, QuantileError>| {
            assert!(
                matches!(found, Err(QuantileError::NotAParameter(_))),
                "{parameter}"
            );
        };
        fault(quantile::chi_squared(0.5, parameter));
        fault(quantile::chi_squared_upper(0.5, parameter));
        fault(quantile::student_t(0.5, parameter));
        fault(quantile::student_t_upper(0.5, parameter));
        fault(quantile::beta(0.5, parameter, 2.0));
        fault(quantile::beta(0.5, 2.0, parameter));
        fault(quantile::beta_lower(0.5, 2.0, parameter));
        fault(quantile::fisher_f(0.5, 2.0, parameter));
        fault(quantile::fisher_f_upper(0.5, parameter, 2.0));
    }
    assert!(binomial_lower(1, 2, 1.5).is_err());
    assert!(binomial_lower(1, 2, f64::NAN).is_err());
    assert!(hypergeometric_lower(1, 5, 6, 2).is_err());
    assert!(hypergeometric_upper(1, 5, 2, 6).is_err());
}

#[test]
fn tails_end_at_zero_and_one() {
    let ends = |x: f64| {
        [
            quantile::beta_lower(x, 2.0, 3.0).expect("tail"),
            1.0 - quantile::chi_squared_upper(x, 2.0).expect("tail"),
            1.0 - quantile::fisher_f_upper(x, 2.0, 3.0).expect("tail"),
        ]
    };
    for x in [f64::NEG_INFINITY, -1.0, 0.0] {
        assert!(ends(x).iter().all(|tail| tail.abs() < 1e-300), "{x}");
    }
    assert!(
        ends(f64::INFINITY)
            .iter()
            .all(|tail| (tail - 1.0).abs() < 1e-300)
    );
    assert!(ends(f64::NAN).iter().all(|tail| tail.is_nan()));
    for df in [1.0, 1e30] {
        assert!(
            quantile::student_t_upper(f64::NAN, df)
                .expect("tail")
                .is_nan()
        );
        let tail = quantile::student_t_upper(f64::INFINITY, df).expect("tail");
        assert_close(tail, 0.0, 0.0, "infinity");
        let tail = quantile::student_t_upper(f64::NEG_INFINITY, df).expect("tail");
        assert_close(tail, 1.0, 0.0, "minus infinity");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn beta_and_its_quantile_undo_each_other(
        p in 1e-6..0.999_999_f64,
        ln_a in -1.0..23.0_f64,
        ln_b in -1.0..23.0_f64,
    ) {
        let (a, b) = (ln_a.exp(), ln_b.exp());
        let x = quantile::beta(p, a, b).expect("quantile");
        prop_assert!((0.0..=1.0).contains(&x));
        // Nearer to 1, a float leaves too few digits of 1 − x, on which a density that rises without
        // end hangs.
        prop_assume!(1.0 - x > 1e-5);
        let back = quantile::beta_lower(x, a, b).expect("tail");
        // A float near x moves the tail by up to 1e-16 √(a + b), and 1 − x has no more digits.
        let grain = 1e-15 * (a + b).sqrt() + 1e-15 * (a + b) / a.min(b).sqrt();
        prop_assert!((back - p).abs() <= 1e-11 + grain, "{} {} {} {}", p, a, b, back);
    }

    #[test]
    fn quantiles_rise_with_the_probability(
        p in 1e-9..0.9_f64,
        more in 1e-3..0.09_f64,
        ln_df in -2.0..25.0_f64,
    ) {
        let df = ln_df.exp();
        for distribution in ["t", "chi2"] {
            let at = |p| quantile(distribution, &[p, df]).expect("known").expect("quantile");
            prop_assert!(at(p) < at(p + more), "{} {} {}", distribution, p, df);
        }
        prop_assert!(quantile::student_t(p, df).expect("t") < quantile::student_t(p + more, df).expect("t"));
    }

    #[test]
    fn nothing_hangs_or_leaves_its_range(
        p in prop::sample::select(vec![1e-300, 1e-9, 0.025, 0.5, 0.975, 1.0 - 1e-15]),
        exponent_a in -149..=149_i32,
        exponent_b in -149..=149_i32,
    ) {
        let (a, b) = (10_f64.powi(exponent_a), 10_f64.powi(exponent_b));
        let x = quantile::beta(p, a, b).expect("quantile");
        prop_assert!((0.0..=1.0).contains(&x), "{} {} {}: {}", p, a, b, x);
        prop_assert!(quantile::chi_squared(p, a).expect("quantile") >= 0.0);
        prop_assert!(!quantile::student_t(p, a).expect("quantile").is_nan());
        prop_assert!(quantile::fisher_f(p, a, b).is_ok());
    }

    #[test]
    fn hypergeometric_tails_are_their_sums(
        marked in 0..60_u64, others in 0..60_u64, part in 0..=u64::MAX,
    ) {
        let size = marked + others;
        let n = part % (size + 1);
        let choose = |n: u64, k: u64| -> f64 {
            (0..k).fold(1.0, |sum, i| {
                let (over, under) = (n.saturating_sub(i), i + 1);
                sum * f64::from(u32::try_from(over).expect("small"))
                    / f64::from(u32::try_from(under).expect("small"))
            })
        };
        let mut sum = 0.0;
        for c in 0..=n {
            sum += choose(marked, c) * choose(others, n - c) / choose(size, n);
            let lower = hypergeometric_lower(c, size, marked, n).expect("tail");
            prop_assert!((lower - sum).abs() < 1e-11, "{} {} {} {}", c, size, marked, n);
            let upper = hypergeometric_upper(c + 1, size, marked, n).expect("tail");
            prop_assert!((lower + upper - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn huge_hypergeometric_tails_are_probabilities(
        size in 1..=u64::MAX, marked in 0..=u64::MAX, n in 0..=u64::MAX, c in 0..=u64::MAX,
    ) {
        let (marked, n) = (marked % size, n % size);
        for c in [c, n / 2, 0, c % (n + 1)] {
            for found in [
                hypergeometric_lower(c, size, marked, n),
                hypergeometric_upper(c, size, marked, n),
            ] {
                let found = found.expect("tail");
                prop_assert!((0.0..=1.0).contains(&found), "{} {} {} {}", c, size, marked, n);
            }
        }
    }
}
