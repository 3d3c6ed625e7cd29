use countmein::stats::paired::{
    Differences, SignedRankError, SquareError, SquareTable, Zeros, mcnemar, signed_rank,
};
use proptest::prelude::*;
use serde_json::Value;

use super::{
    assert_close,
    reference::{check_case, id_of},
    reference_cases,
};

/// b, c, then exact p, statistic, p, corrected statistic, corrected p from statsmodels 0.15.0
/// `mcnemar`, and exact p less `scipy.stats.binom.pmf`.
const MCNEMAR: [(u64, u64, [f64; 6]); 4] = [
    (
        121,
        59,
        [
            4.434_449_263_755_164_5e-6,
            21.355_555_555_555_554,
            3.815_135_865_112_594e-6,
            20.672_222_222_222_22,
            5.450_094_825_427_117e-6,
            3.266_646_795_774_573_3e-6,
        ],
    ),
    (
        15,
        5,
        [
            0.041_389_465_332_031_25,
            5.0,
            0.025_347_318_677_468_325,
            4.05,
            0.044_171_344_908_442_71,
            0.026_603_698_730_468_753,
        ],
    ),
    (
        0,
        9,
        [
            0.003_906_25,
            9.0,
            0.002_699_796_063_260_188_3,
            7.111_111_111_111_111,
            0.007_660_761_135_179_461,
            0.001_953_125,
        ],
    ),
    (
        200,
        240,
        [
            0.062_868_717_846_154_78,
            3.636_363_636_363_636_2,
            0.056_530_277_167_404_37,
            3.456_818_181_818_182,
            0.062_991_420_286_019_42,
            0.056_687_860_733_574_88,
        ],
    ),
];

/// Square tables with the statistic and p of Stuart-Maxwell, Bhapkar and Bowker from statsmodels
/// 0.15.0 `SquareTable(shift_zeros=False)`; the first two of the first agree with R's `DescTools`.
type Square = (&'static [&'static [u64]], [f64; 6]);

const SQUARES: [Square; 3] = [
    (
        &[&[20, 10, 5], &[3, 30, 15], &[0, 5, 40]],
        [
            13.764_705_882_352_94,
            0.001_025_727_726_558_067_8,
            15.423_274_974_253_35,
            0.000_447_587_957_215_334,
            13.769_230_769_230_77,
            0.003_236_706_503_235_448,
        ],
    ),
    (
        &[
            &[13, 13, 1, 19],
            &[11, 18, 5, 7],
            &[17, 3, 1, 7],
            &[13, 2, 17, 6],
        ],
        [
            1.273_395_394_414_501_1,
            0.735_460_087_254_189,
            1.284_082_615_912_215_6,
            0.732_916_242_648_793_2,
            22.958_333_333_333_332,
            0.000_810_554_630_753_366_3,
        ],
    ),
    (
        &[
            &[4, 10, 17, 17],
            &[17, 6, 0, 15],
            &[14, 15, 0, 0],
            &[10, 6, 8, 18],
        ],
        [
            1.318_825_589_894_227_4,
            0.724_667_682_182_156_4,
            1.329_997_788_094_493_3,
            0.722_022_428_997_249_3,
            30.777_095_067_417_648,
            2.795_784_087_296_299e-5,
        ],
    ),
];

/// min(W+, W−), p without and with correction, for both ways with zeros, from
/// `scipy.stats.wilcoxon(method="asymptotic")` 1.17.1.
type Ranks = (&'static [&'static [u64]], [f64; 6]);

const SIGNED_RANKS: [Ranks; 2] = [
    (
        &[
            &[3, 7, 4, 4, 12],
            &[2, 4, 1, 2, 4],
            &[10, 8, 6, 2, 11],
            &[11, 3, 0, 4, 2],
            &[11, 7, 7, 4, 7],
        ],
        [
            2751.0,
            0.226_498_662_865_988_52,
            0.227_061_392_510_564_45,
            3927.0,
            0.203_421_458_935_993_95,
            0.203_810_693_342_559_86,
        ],
    ),
    (
        &[
            &[14, 3, 11, 0, 4],
            &[13, 13, 1, 12, 12],
            &[6, 5, 14, 14, 10],
            &[5, 3, 14, 4, 8],
            &[10, 3, 4, 11, 2],
        ],
        [
            5136.5,
            0.384_850_121_064_180_5,
            0.385_377_294_167_572_8,
            8614.5,
            0.544_893_275_872_326_9,
            0.545_317_140_643_654_1,
        ],
    ),
];

#[test]
fn mcnemar_agrees_with_statsmodels() {
    for (b, c, expected) in MCNEMAR {
        let found = mcnemar(b, c);
        let figures = [
            found.exact_p.expect("exact"),
            found.statistic,
            found.p,
            found.corrected_statistic,
            found.corrected_p,
            found.mid_p.expect("mid-p"),
        ];
        for (at, (one, other)) in figures.into_iter().zip(expected).enumerate() {
            assert_close(
                one,
                other,
                1e-9 * other.max(1e-3),
                &format!("{b}, {c}, figure {at}"),
            );
        }
    }
}

#[test]
fn square_tables_agree_with_statsmodels() {
    for (rows, expected) in SQUARES {
        let table = SquareTable::new(rows).expect("table");
        let tests = [table.stuart_maxwell(), table.bhapkar(), table.bowker()];
        for (at, test) in tests.into_iter().enumerate() {
            let test = test.expect("test");
            assert_close(
                test.statistic,
                expected[2 * at],
                1e-9,
                &format!("statistic {at}"),
            );
            assert_close(test.p, expected[2 * at + 1], 1e-10, &format!("p {at}"));
        }
    }
}

#[test]
fn signed_ranks_agree_with_scipy() {
    for (rows, expected) in SIGNED_RANKS {
        let differences = Differences::of_table(rows).expect("differences");
        for (zeros, expected) in [
            (Zeros::Wilcoxon, &expected[..3]),
            (Zeros::Pratt, &expected[3..]),
        ] {
            let found = signed_rank(&differences, zeros);
            assert_close(found.up.min(found.down), expected[0], 1e-9, "W");
            assert_close(found.p, expected[1], 1e-10, "p");
            assert_close(found.p_corrected, expected[2], 1e-10, "corrected p");
        }
    }
}

#[test]
fn paired_agrees_with_the_shared_cases() {
    for case in reference_cases("paired", None) {
        let input = &case["input"];
        if let Ok(rows) = serde_json::from_value::<Vec<Vec<u64>>>(input["table"].clone()) {
            let is_square = ["sm", "bh", "bowker"].map(|name| case["output"].get(name));
            if is_square.iter().any(Option::is_some) {
                check_square(&case, &rows);
            } else {
                check_mcnemar(&case, &rows);
            }
        } else {
            check_ranks(&case);
        }
    }
}

fn check_mcnemar(case: &Value, rows: &[Vec<u64>]) {
    let found = mcnemar(rows[0][1], rows[1][0]);
    check_case(case, |name| {
        Some(vec![match name {
            "exact_p" => found.exact_p?,
            "midp" => found.mid_p?,
            "chi2" => found.statistic,
            "p" => found.p,
            "chi2_cc" => found.corrected_statistic,
            "p_cc" => found.corrected_p,
            _ => return None,
        }])
    });
}

fn check_square(case: &Value, rows: &[Vec<u64>]) {
    let table = SquareTable::new(rows).expect("table");
    check_case(case, |name| {
        let test = match name {
            "sm" => table.stuart_maxwell(),
            "bh" => table.bhapkar(),
            "bowker" => table.bowker(),
            _ => return None,
        };
        let test = test.expect("test");
        let df = f64::from(u32::try_from(test.df).expect("df"));
        Some(vec![test.statistic, df, test.p])
    });
}

fn check_ranks(case: &Value) {
    let values = |name: &str| -> Vec<i64> {
        serde_json::from_value(case["input"][name].clone())
            .unwrap_or_else(|_| panic!("{}: neither a table nor answers", id_of(case)))
    };
    let moves: Vec<i64> = values("x")
        .iter()
        .zip(values("y"))
        .map(|(x, y)| x - y)
        .collect();
    let number = |of: i64| moves.iter().filter(|moved| **moved == of).map(|_| 1).sum();
    let widest = moves
        .iter()
        .map(|moved| moved.abs())
        .max()
        .expect("answers");
    let by_size: Vec<(u64, u64)> = (1..=widest)
        .map(|size| (number(size), number(-size)))
        .collect();
    let differences = Differences::new(number(0), &by_size).expect("differences");
    let wilcoxon = signed_rank(&differences, Zeros::Wilcoxon);
    let pratt = signed_rank(&differences, Zeros::Pratt);
    check_case(case, |name| {
        Some(vec![match name {
            "W_min" => wilcoxon.up.min(wilcoxon.down),
            "W_plus" => wilcoxon.up,
            "p_cc" => wilcoxon.p_corrected,
            "p_nocc" => wilcoxon.p,
            "W_pratt" => pratt.up.min(pratt.down),
            "p_pratt" => pratt.p,
            _ => return None,
        }])
    });
}

#[test]
fn nobody_changed() {
    let found = mcnemar(0, 0);
    assert_eq!((found.exact_p, found.mid_p), (Some(1.0), Some(1.0)));
    for p in [found.p, found.corrected_p] {
        assert_close(p, 1.0, 1e-15, "p");
    }
    assert_close(mcnemar(5, 5).corrected_statistic, 0.0, 1e-15, "even");
    let same = SquareTable::new(&[[4, 0, 0], [0, 5, 0], [0, 0, 0]]).expect("table");
    // Bowker's has a degree of freedom for the two points that were chosen; the others have none.
    let tests = [same.stuart_maxwell(), same.bhapkar(), same.bowker()];
    for (test, df) in tests.into_iter().zip([0, 0, 1]) {
        let test = test.expect("test");
        assert_eq!(test.df, df);
        assert_close(test.p, 1.0, 1e-15, "p");
    }
    let still = Differences::new(7, &[(0, 0), (0, 0)]).expect("differences");
    for zeros in [Zeros::Wilcoxon, Zeros::Pratt] {
        assert_close(signed_rank(&still, zeros).p_corrected, 1.0, 1e-15, "p");
    }
}

#[test]
fn two_points_are_mcnemar() {
    let table = SquareTable::new(&[[101, 121], [59, 33]]).expect("table");
    let statistic = mcnemar(121, 59).statistic;
    for test in [table.stuart_maxwell(), table.bowker()] {
        assert_close(test.expect("test").statistic, statistic, 1e-9, "statistic");
    }
}

#[test]
fn points_that_say_nothing_cost_no_degree_of_freedom() {
    let plain = SquareTable::new(&[[20, 10, 5], [3, 30, 15], [0, 5, 40]]).expect("table");
    let wide = [[20, 0, 10, 5], [0, 9, 0, 0], [3, 0, 30, 15], [0, 0, 5, 40]];
    let wide = SquareTable::new(&wide).expect("table");
    let (one, other) = (plain.stuart_maxwell(), wide.stuart_maxwell());
    let (one, other) = (one.expect("plain"), other.expect("wide"));
    assert_close(one.statistic, other.statistic, 1e-9, "statistic");
    assert_eq!((one.df, other.df), (2, 2));
    // Moves within two pairs of points and none between them: two tests of McNemar in one.
    let pairs = [[5, 8, 0, 0], [2, 5, 0, 0], [0, 0, 5, 9], [0, 0, 1, 5]];
    let found = SquareTable::new(&pairs)
        .expect("table")
        .stuart_maxwell()
        .expect("test");
    let sum = mcnemar(8, 2).statistic + mcnemar(9, 1).statistic;
    assert_close(found.statistic, sum, 1e-9, "statistic");
    assert_eq!(found.df, 2);
}

#[test]
fn faults_of_pairs() {
    assert_eq!(
        SquareTable::new(&[vec![1, 2], vec![3]]),
        Err(SquareError::NotSquare)
    );
    assert_eq!(SquareTable::new(&[[1]]), Err(SquareError::Points));
    assert_eq!(
        SquareTable::new(&vec![vec![1; 65]; 65]),
        Err(SquareError::Points)
    );
    let over = SquareTable::new(&[[u64::MAX, 1], [1, 1]]);
    assert_eq!(over, Err(SquareError::TooManyPeople));
    let one_way = SquareTable::new(&[[0, 10], [0, 0]]).expect("table");
    assert_eq!(one_way.bhapkar(), Err(SquareError::Unbounded));
    assert_eq!(
        Differences::new(u64::MAX, &[(1, u64::MAX)]),
        Err(SignedRankError)
    );
    let over = Differences::of_table(&[[u64::MAX, 0], [0, 1]]);
    assert_eq!(over, Err(SignedRankError));
}

#[test]
fn a_thousand_million_pairs_and_more() {
    let found = mcnemar(1_000_000_000, 1_000_100_000);
    let exact = found.exact_p.expect("exact");
    assert_close(exact / found.corrected_p, 1.0, 1e-3, "exact");
    assert_eq!(mcnemar(u64::MAX, 1).exact_p, None);
    assert!(mcnemar(u64::MAX, u64::MAX - 1).corrected_p <= 1.0);
    let many = 1_000_000_000_000;
    let table = SquareTable::new(&[[0, many, 1], [many, 5, 0], [0, 1, many]]).expect("table");
    let found = table.stuart_maxwell().expect("test");
    assert!((0.0..=1.0).contains(&found.p));
    let differences = Differences::new(many, &[(many, many - 5), (0, 3)]).expect("differences");
    assert!((0.0..=1.0).contains(&signed_rank(&differences, Zeros::Pratt).p));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pairs_mirror(rows in prop::array::uniform4(prop::array::uniform4(0..12_u64))) {
        let mut turned = [[0; 4]; 4];
        for (from, row) in rows.iter().enumerate() {
            for (to, count) in row.iter().enumerate() {
                turned[to][from] = *count;
            }
        }
        let (table, back) = (SquareTable::new(&rows).expect("table"), SquareTable::new(&turned));
        let back = back.expect("turned");
        for test in [SquareTable::stuart_maxwell, SquareTable::bhapkar, SquareTable::bowker] {
            match (test(&table), test(&back)) {
                (Ok(one), Ok(other)) => {
                    prop_assert!((one.p - other.p).abs() < 1e-9);
                    prop_assert!((0.0..=1.0).contains(&one.p));
                }
                (one, other) => prop_assert!(one.is_err() && other.is_err()),
            }
        }
        let ranks = |rows: &[[u64; 4]; 4]| {
            signed_rank(&Differences::of_table(rows).expect("differences"), Zeros::Pratt)
        };
        let (here, there) = (ranks(&rows), ranks(&turned));
        prop_assert!((here.up - there.down).abs() < 1e-9 && (here.p - there.p).abs() < 1e-12);
        prop_assert!(here.p <= here.p_corrected && here.p_corrected <= 1.0);
        let (b, c) = (rows[0][1], rows[1][0]);
        let found = mcnemar(b, c);
        prop_assert_eq!(found, mcnemar(c, b));
        prop_assert!(found.mid_p <= found.exact_p && found.p <= found.corrected_p);
    }
}
