use countmein::stats::multiplicity::{Adjustment, adjusted};
use proptest::prelude::*;

use super::{
    assert_close,
    reference::{check_case, id_of},
    reference_cases,
};

const SEVEN: [f64; 7] = [0.001, 0.04, 0.012, 0.6, 0.03, 0.0005, 0.2];

/// `SEVEN` adjusted by R's `p.adjust` 4.2.2; the fourth row by R's definition,
/// min over ranks from i of p · 7 / rank.
const ADJUSTED: [(Adjustment, [f64; 7]); 5] = [
    (
        Adjustment::Bonferroni,
        [0.007, 0.28, 0.084, 1.0, 0.21, 0.0035, 1.0],
    ),
    (
        Adjustment::Holm,
        [0.006, 0.12, 0.06, 0.6, 0.12, 0.0035, 0.4],
    ),
    (
        Adjustment::SimesHochberg,
        [0.006, 0.12, 0.06, 0.6, 0.12, 0.0035, 0.4],
    ),
    (
        Adjustment::BenjaminiHochberg,
        [0.0035, 0.056, 0.028, 0.6, 0.0525, 0.0035, 0.7 / 3.0],
    ),
    (
        Adjustment::BenjaminiYekutieli,
        [0.009_075, 0.1452, 0.0726, 1.0, 0.136_125, 0.009_075, 0.605],
    ),
];

fn method(name: &str) -> Option<Adjustment> {
    Some(match name {
        "bonferroni" => Adjustment::Bonferroni,
        "holm" => Adjustment::Holm,
        "hochberg" | "simes-hochberg" => Adjustment::SimesHochberg,
        "BH" | "fdr" | "fdr_bh" => Adjustment::BenjaminiHochberg,
        "BY" | "fdr_by" => Adjustment::BenjaminiYekutieli,
        _ => return None,
    })
}

#[test]
fn adjusted_agrees_with_r_and_statsmodels() {
    for (by, expected) in ADJUSTED {
        let found = adjusted(&SEVEN, by).expect("p values");
        for (one, other) in found.into_iter().zip(expected) {
            assert_close(one, other, 1e-12, "adjusted p");
        }
    }
    for case in reference_cases("multiplicity", None) {
        let p: Vec<f64> = serde_json::from_value(case["input"]["p"].clone()).expect("p");
        let name = case["input"]["method"].as_str().expect("method");
        let by = method(name).unwrap_or_else(|| panic!("{}: no method {name}", id_of(&case)));
        check_case(&case, |figure| {
            (figure == "p_adj").then(|| adjusted(&p, by).expect("p values"))
        });
    }
}

#[test]
fn what_is_no_p_value_is_refused() {
    for value in [f64::NAN, -0.01, 1.01, f64::INFINITY] {
        let fault = adjusted(&[0.5, value], Adjustment::Holm).expect_err("fault");
        assert_eq!(fault.position, 1);
    }
    assert_eq!(adjusted(&[], Adjustment::Holm), Ok(Vec::new()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn adjusting_keeps_order_and_never_lowers(p in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
        let all = |by| adjusted(&p, by).expect("p values");
        let bonferroni = all(Adjustment::Bonferroni);
        let holm = all(Adjustment::Holm);
        let hochberg = all(Adjustment::SimesHochberg);
        let bh = all(Adjustment::BenjaminiHochberg);
        let by = all(Adjustment::BenjaminiYekutieli);
        for at in 0..p.len() {
            prop_assert!(bonferroni[at] >= holm[at] && holm[at] >= hochberg[at]);
            prop_assert!(hochberg[at] >= bh[at] - 1e-15 && by[at] >= bh[at]);
            for found in [&bonferroni, &holm, &hochberg, &bh, &by] {
                prop_assert!(found[at] >= p[at] && found[at] <= 1.0);
                for other in 0..p.len() {
                    prop_assert!(p[at] > p[other] || found[at] <= found[other]);
                }
            }
        }
    }
}
