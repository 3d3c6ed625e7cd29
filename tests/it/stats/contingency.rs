use countmein::stats::contingency::{Table, TableError, fisher_exact, freeman_halton};
use proptest::prelude::*;

use super::{
    assert_close,
    reference::{check_case, id_of},
    reference_cases,
};

/// Two rows each, with X², p, G, p of G, least expected count and Cramér's V from
/// `scipy.stats.chi2_contingency` 1.17.1, and the exact p of R's `fisher.test` 4.2.2 where it was
/// taken.
type TwoRows = ([&'static [u64]; 2], [f64; 6], Option<f64>);

const TABLES: [TwoRows; 5] = [
    (
        [&[13, 27, 9, 10, 0], &[16, 52, 3, 14, 0]],
        [
            7.436_387_998_814_555,
            0.059_215_641_854_546_71,
            7.448_919_128_585_122,
            0.058_885_566_563_151_22,
            4.916_666_666_666_667,
            0.227_247_845_589_570_06,
        ],
        Some(0.061_673_396_373_983_3),
    ),
    (
        [&[1, 16, 3, 27, 12], &[2, 32, 2, 37, 12]],
        [
            2.826_879_361_914_257_6,
            0.587_201_822_776_298_7,
            2.826_553_420_487_006_6,
            0.587_257_869_230_672_6,
            1.229_166_666_666_666_7,
            0.140_111_051_241_363_97,
        ],
        Some(0.569_970_693_028_063),
    ),
    (
        [&[2, 9, 9, 38, 4], &[2, 33, 16, 34, 0]],
        [
            16.706_861_480_075_9,
            0.002_203_545_687_210_081_7,
            18.720_152_167_667_7,
            0.000_891_935_709_056_936_4,
            1.687_074_829_931_972_9,
            0.337_123_299_272_063,
        ],
        Some(0.000_962_635_797_862_858),
    ),
    (
        [&[32, 0, 32, 18, 20, 25], &[17, 58, 3, 16, 23, 34]],
        [
            86.895_934_497_392_84,
            3.013_082_767_861_083e-17,
            112.747_088_186_313_76,
            1.075_873_934_769_592_6e-22,
            15.532_374_100_719_425,
            0.559_084_344_216_019_2,
        ],
        None,
    ),
    (
        [
            &[12_345, 23_456, 3_456, 4_567, 123],
            &[13_000, 23_000, 3_000, 5_000, 130],
        ],
        [
            73.022_795_036_401_46,
            5.217_527_847_735_821_5e-15,
            73.057_991_096_927_64,
            5.128_917_869_290_089e-15,
            126.237_167_478_456_36,
            0.028_793_732_736_235_183,
        ],
        None,
    ),
];

/// Fisher's two-sided p from `scipy.stats.fisher_exact` 1.17.1 (the first five agree with R's
/// `fisher.test` 4.2.2), and Yates's X² from `chi2_contingency(correction=True)`.
const TWO_BY_TWO: [([[u64; 2]; 2], f64, f64); 10] = [
    (
        [[11, 51], [35, 50]],
        0.003_693_582_060_090_278,
        8.099_644_212_523_721,
    ),
    (
        [[1000, 1200], [900, 1300]],
        0.002_581_641_036_791_763,
        9.078_821_052_631_579,
    ),
    ([[10, 10], [10, 10]], 1.0, 0.0),
    ([[3, 1], [1, 3]], 0.485_714_285_714_285_65, 0.5),
    ([[100, 0], [0, 100]], 2.208_760_693_199_503e-59, 196.02),
    (
        [[0, 5], [7, 3]],
        0.025_641_025_641_025_637,
        4.051_339_285_714_286,
    ),
    (
        [[12, 5], [29, 2]],
        0.080_268_552_074_104_63,
        2.986_016_436_472_307_4,
    ),
    (
        [[3, 4000], [10, 4100]],
        0.092_391_317_939_712_53,
        2.617_876_929_968_426_6,
    ),
    (
        [[100_000, 101_000], [99_000, 102_000]],
        0.001_624_848_218_499_925,
        9.931_341_485_753_894,
    ),
    (
        [[1_000_000, 1_002_000], [999_000, 1_003_500]],
        0.211_921_362_217_881_46,
        1.557_239_729_623_121_7,
    ),
];

#[test]
fn contingency_agrees_with_scipy_and_r() {
    for (rows, [x2, p, g, g_p, least, v], exact) in TABLES {
        let table = Table::new(&rows).expect("table");
        let (pearson, ratio) = (table.pearson().expect("X²"), table.likelihood_ratio());
        let ratio = ratio.expect("G");
        assert_close(pearson.statistic, x2, 1e-10, "X²");
        assert_close(pearson.p, p, 1e-11, "p");
        assert_close(ratio.statistic, g, 1e-9, "G");
        assert_close(ratio.p, g_p, 1e-11, "p of G");
        assert_close(table.least_expected(), least, 1e-10, "least expected");
        assert_close(table.cramers_v().expect("V"), v, 1e-12, "V");
        if let Some(exact) = exact {
            assert_close(
                freeman_halton(&table).expect("exact"),
                exact,
                1e-11,
                "exact",
            );
        }
    }
    for (cells, p, yates) in TWO_BY_TWO {
        let found = fisher_exact(cells).expect("exact").p;
        assert_close(found / p, 1.0, 1e-9, &format!("Fisher of {cells:?}"));
        let table = Table::new(&cells).expect("table");
        assert_close(
            table.yates().expect("Yates").statistic,
            yates,
            1e-9,
            "Yates",
        );
    }
}

#[test]
fn contingency_agrees_with_the_shared_cases() {
    for case in reference_cases("contingency", None) {
        let rows: Vec<Vec<u64>> =
            serde_json::from_value(case["input"]["table"].clone()).expect("table");
        let cells = <[[u64; 2]; 2]>::try_from(
            rows.iter()
                .filter_map(|row| <[u64; 2]>::try_from(row.as_slice()).ok())
                .collect::<Vec<_>>(),
        );
        let fisher = cells.ok().map(|cells| fisher_exact(cells).expect("exact"));
        let is_fishers = case["output"].get("odds_ratio_sample").is_some();
        let table = Table::new(&rows);
        check_case(&case, |name| {
            // What a table of one row or column, once cleaned, has no figure for is null.
            let of_table = |figure: &dyn Fn(&Table) -> Result<f64, TableError>| {
                vec![table.as_ref().ok().map_or(f64::NAN, |table| {
                    figure(table).unwrap_or_else(|fault| panic!("{}: {fault}", id_of(&case)))
                })]
            };
            Some(match name {
                "odds_ratio_sample" => vec![fisher?.odds_ratio.unwrap_or(f64::NAN)],
                "p" if is_fishers => vec![fisher?.p],
                "chi2" => of_table(&|table| Ok(table.pearson()?.statistic)),
                "p" | "chi2_p" => of_table(&|table| Ok(table.pearson()?.p)),
                "df" => of_table(&|table| Ok(f64::from(u32::try_from(table.df()).expect("df")))),
                "G" => of_table(&|table| Ok(table.likelihood_ratio()?.statistic)),
                "G_p" => of_table(&|table| Ok(table.likelihood_ratio()?.p)),
                "min_expected" => of_table(&|table| Ok(table.least_expected())),
                "cramers_v" => of_table(&Table::cramers_v),
                "p_fisher_exact" => of_table(&freeman_halton),
                "yates_chi2" => of_table(&|table| Ok(table.yates()?.statistic)),
                "yates_p" => of_table(&|table| Ok(table.yates()?.p)),
                _ => return None,
            })
        });
    }
}

#[test]
fn faults_of_tables() {
    let fault = |rows: &[&[u64]]| Table::new(rows).expect_err("fault");
    assert_eq!(fault(&[&[1, 2], &[3]]), TableError::Ragged);
    let one_sided: [&[&[u64]]; 4] = [&[], &[&[1, 2]], &[&[1, 2], &[0, 0]], &[&[1, 0], &[3, 0]]];
    for rows in one_sided {
        assert_eq!(fault(rows), TableError::NothingToCompare);
    }
    assert_eq!(fault(&[&[u64::MAX, 1], &[1, 1]]), TableError::TooLarge);
    let wide = Table::new(&[[1, 2, 3], [3, 2, 1]]).expect("table");
    assert_eq!(wide.yates(), Err(TableError::NotTwoByTwo));
    let square = Table::new(&[[1, 2, 3], [3, 2, 1], [1, 1, 1]]).expect("table");
    assert_eq!(freeman_halton(&square), Err(TableError::TooLargeForExact));
    let large = Table::new(&[[1_000_000_000, 2, 3], [1_000_000_000, 2, 1]]).expect("table");
    assert_eq!(freeman_halton(&large), Err(TableError::TooLargeForExact));
    let heavy = Table::new(&[[100_u64; 9], [110; 9]]).expect("table");
    assert_eq!(freeman_halton(&heavy), Ok(1.0));
    let many = Table::new(&[vec![1_u64; 200], vec![1; 200]]).expect("table");
    assert_eq!(freeman_halton(&many), Err(TableError::TooLargeForExact));
}

#[test]
fn fisher_at_the_ends() {
    let p = |cells| fisher_exact(cells).map(|found| found.p);
    for cells in [
        [[0, 0], [0, 0]],
        [[5, 0], [3, 0]],
        [[0, 0], [1, 9]],
        [[1, 0], [0, 0]],
    ] {
        assert_eq!(p(cells), Ok(1.0), "{cells:?}");
    }
    assert_eq!(fisher_exact([[5, 0], [3, 0]]).expect("p").odds_ratio, None);
    let infinite = fisher_exact([[5, 0], [3, 1]]).expect("p").odds_ratio;
    assert_eq!(infinite, Some(f64::INFINITY));
    assert_eq!(p([[u64::MAX; 2]; 2]), Err(TableError::TooLargeForExact));
    // At this size the chi-squared test with Yates's correction is as good as exact.
    let giant = [[1_000_000_000, 1_000_050_000], [1_000_000_000, 999_950_000]];
    let yates = Table::new(&giant).expect("table").yates().expect("Yates").p;
    assert_close(
        p(giant).expect("p") / yates,
        1.0,
        1e-4,
        "a thousand million",
    );
    let certain = [[2_000_000_000, 1], [1, 2_000_000_000]];
    assert!(p(certain).expect("p") < 1e-300);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fisher_mirrors_and_is_the_two_column_case(
        cells in prop::array::uniform2(prop::array::uniform2(0..60_u64)),
    ) {
        let [[a, b], [c, d]] = cells;
        let p = fisher_exact(cells).expect("p").p;
        prop_assert!((0.0..=1.0).contains(&p));
        for other in [[[c, d], [a, b]], [[b, a], [d, c]], [[a, c], [b, d]]] {
            prop_assert!((fisher_exact(other).expect("p").p - p).abs() < 1e-12);
        }
        if let Ok(table) = Table::new(&cells) {
            prop_assert!((freeman_halton(&table).expect("p") - p).abs() < 1e-10);
        }
    }

    #[test]
    fn chi_squared_grows_with_people_and_turns(
        first in prop::collection::vec(0..50_u64, 2..7),
        second in prop::collection::vec(0..50_u64, 7),
    ) {
        let rows = [first.clone(), second[..first.len()].to_vec()];
        if let Ok(table) = Table::new(&rows) {
            let doubled = rows.clone().map(|row| row.iter().map(|n| 2 * n).collect::<Vec<_>>());
            let doubled = Table::new(&doubled).expect("table");
            let turned: Vec<[u64; 2]> = (0..first.len()).map(|at| [rows[0][at], rows[1][at]]).collect();
            let turned = Table::new(&turned).expect("table");
            for test in [Table::pearson, Table::likelihood_ratio] {
                let found = test(&table).expect("test");
                prop_assert!((0.0..=1.0).contains(&found.p));
                let twice = test(&doubled).expect("test").statistic;
                prop_assert!((twice - 2.0 * found.statistic).abs() < 1e-9);
                prop_assert!((test(&turned).expect("test").statistic - found.statistic).abs() < 1e-9);
            }
            prop_assert!((0.0..=1.0).contains(&table.cramers_v().expect("V")));
        }
    }
}
