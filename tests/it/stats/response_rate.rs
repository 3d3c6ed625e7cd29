use countmein::stats::response_rate::{
    Dispositions, ResponseRateError, ResponseRates, response_rates,
};
use proptest::prelude::*;

use super::{assert_close, vectors::Case};

/// By AAPOR's formulas: I, P, R, NC, O, UH, UO; e; RR1 to RR6, COOP1, REF1, CON1.
const RATES: [([u64; 7], f64, [f64; 9]); 2] = [
    (
        [400, 20, 150, 80, 10, 200, 40],
        0.5,
        [
            0.444_444_444_444_444_4,
            0.466_666_666_666_666_7,
            0.512_820_512_820_512_8,
            0.538_461_538_461_538_4,
            0.606_060_606_060_606_1,
            0.636_363_636_363_636_4,
            0.689_655_172_413_793_1,
            0.166_666_666_666_666_66,
            0.644_444_444_444_444_5,
        ],
    ),
    (
        [59, 0, 3, 0, 0, 0, 0],
        1.0,
        [
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.951_612_903_225_806_5,
            0.048_387_096_774_193_55,
            1.0,
        ],
    ),
];

fn dispositions(cases: [u64; 7]) -> Dispositions {
    let [
        complete,
        partial,
        refusal,
        non_contact,
        other,
        unknown_household,
        unknown_other,
    ] = cases;
    Dispositions {
        complete,
        partial,
        refusal,
        non_contact,
        other,
        unknown_household,
        unknown_other,
    }
}

fn listed(rates: &ResponseRates) -> [Option<f64>; 9] {
    [
        Some(rates.rr1),
        Some(rates.rr2),
        rates.rr3,
        rates.rr4,
        rates.rr5,
        rates.rr6,
        rates.coop1,
        Some(rates.ref1),
        Some(rates.con1),
    ]
}

const NAMES: [&str; 9] = [
    "RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "REF1", "CON1",
];

#[test]
fn rates_are_those_of_aapor() {
    for (cases, e, expected) in RATES {
        let found = response_rates(&dispositions(cases), Some(e)).expect("rates");
        for (found, expected) in listed(&found).into_iter().zip(expected) {
            assert_close(found.expect("rate"), expected, 1e-15, "rate");
        }
    }
    for case in Case::all("response_rates") {
        let cases = ["I", "P", "R", "NC", "O", "UH", "UO"].map(|key| case.count(key));
        let e = case.input("e").as_f64();
        let found = listed(&response_rates(&dispositions(cases), e).expect("rates"));
        for (key, expected) in case.outputs() {
            let place = NAMES.iter().position(|name| *name == key);
            match found[place.unwrap_or_else(|| case.unknown(key))] {
                Some(rate) => case.check(key, rate, expected),
                None => assert!(expected.is_null(), "{} {key}", case.id()),
            }
        }
    }
}

#[test]
fn nothing_is_taken_for_granted() {
    let nobody = Dispositions::default();
    assert_eq!(
        response_rates(&nobody, None),
        Err(ResponseRateError::NoCases)
    );
    for e in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let found = response_rates(&dispositions([1; 7]), Some(e));
        assert!(matches!(found, Err(ResponseRateError::NotAShare(_))), "{e}");
    }
    let without = response_rates(&dispositions([1; 7]), None).expect("rates");
    assert_eq!((without.rr3, without.rr4), (None, None));
    let unknown = response_rates(&dispositions([0, 0, 0, 0, 0, 4, 1]), Some(0.0)).expect("rates");
    assert_eq!(
        (unknown.rr3, unknown.rr5, unknown.coop1),
        (None, None, None)
    );
    assert_close(unknown.rr1, 0.0, 0.0, "rr1");
    assert!(response_rates(&dispositions([u64::MAX; 7]), Some(0.3)).is_ok());
}

proptest! {
    #[test]
    fn rates_are_ordered_shares(cases in prop::array::uniform7(0..1_000_000_000_u64), e in 0.0..=1.0_f64) {
        prop_assume!(cases[..5].iter().any(|count| *count > 0));
        let found = response_rates(&dispositions(cases), Some(e)).expect("rates");
        for rate in listed(&found).into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&rate));
        }
        let (rr3, rr5) = (found.rr3.expect("rr3"), found.rr5.expect("rr5"));
        prop_assert!(found.rr1 <= rr3 + 1e-15 && rr3 <= rr5 + 1e-15 && found.rr1 <= found.rr2);
    }
}
