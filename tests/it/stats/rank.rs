use std::time::Instant;

use countmein::stats::{
    confidence::Confidence,
    rank::{Coverage, MOST_OPTIONS, RankError, RankSet, rank_sets},
};
use proptest::prelude::*;

use super::reference_cases;

/// R's `csranks_multinom(x, coverage = 0.95, multcorr = "Holm")` 1.2.3: counts, then best, rank and
/// worst for all options together (`simul = TRUE`), then for each by itself.
const CSRANKS: [u64; 5] = [120, 95, 93, 60, 32];
const TOGETHER: [(usize, usize, usize); 5] =
    [(1, 1, 3), (1, 2, 3), (1, 3, 4), (3, 4, 4), (5, 5, 5)];
const EACH: [(usize, usize, usize); 5] = [(1, 1, 3), (1, 2, 3), (1, 3, 3), (4, 4, 4), (5, 5, 5)];

fn sets(counts: &[u64], coverage: Coverage, level: f64) -> Vec<(usize, usize, usize)> {
    rank_sets(counts, coverage, Confidence::new(level).expect("level"))
        .expect("ranks")
        .iter()
        .map(|set| (set.best, set.rank, set.worst))
        .collect()
}

#[test]
fn rank_sets_agree_with_csranks() {
    assert_eq!(sets(&CSRANKS, Coverage::Simultaneous, 0.95), TOGETHER);
    assert_eq!(sets(&CSRANKS, Coverage::Marginal, 0.95), EACH);
    for case in reference_cases("pb_uncertainty", None) {
        let id = case["id"].as_str().expect("id");
        if !id.starts_with("rankci.") {
            continue;
        }
        let counts: Vec<u64> = serde_json::from_value(case["input"]["x"].clone()).expect("x");
        let level = case["input"]["coverage"].as_f64().expect("coverage");
        for (name, expected) in case["output"].as_object().expect("output") {
            let coverage = match name.as_str() {
                "simul" => Coverage::Simultaneous,
                "marg" => Coverage::Marginal,
                other => panic!("{id}: no ranks are worked out for {other}"),
            };
            let column = |name: &str| -> Vec<usize> {
                serde_json::from_value(expected[name].clone()).expect("ranks")
            };
            let expected: Vec<_> = column("L")
                .into_iter()
                .zip(column("rank"))
                .zip(column("U"))
                .map(|((best, rank), worst)| (best, rank, worst))
                .collect();
            assert_eq!(sets(&counts, coverage, level), expected, "{id} {name}");
        }
    }
}

#[test]
fn rank_sets_of_few_votes_and_of_none() {
    let all_open = |options: usize| vec![(1, 1, options); options];
    assert_eq!(sets(&[0, 0, 0], Coverage::Simultaneous, 0.95), all_open(3));
    assert_eq!(sets(&[7, 7], Coverage::Marginal, 0.95), all_open(2));
    // Of 5 votes all 5: 1/32 is above 0.05 / 2. Of 6 votes all 6: 1/64 is below it.
    assert_eq!(
        sets(&[5, 0], Coverage::Simultaneous, 0.95),
        [(1, 1, 2), (1, 2, 2)]
    );
    assert_eq!(
        sets(&[6, 0], Coverage::Simultaneous, 0.95),
        [(1, 1, 1), (2, 2, 2)]
    );
}

#[test]
fn rank_sets_need_two_options_and_have_a_limit() {
    let ranks = |options: usize| {
        rank_sets(
            &vec![3; options],
            Coverage::Simultaneous,
            Confidence::ninety_five(),
        )
    };
    for options in [0, 1, MOST_OPTIONS + 1] {
        assert_eq!(ranks(options), Err(RankError::Options(options)));
    }
    let open = RankSet {
        rank: 1,
        best: 1,
        worst: MOST_OPTIONS,
    };
    assert_eq!(ranks(MOST_OPTIONS), Ok(vec![open; MOST_OPTIONS]));
}

#[test]
fn rank_sets_of_very_many_votes() {
    let start = Instant::now();
    for counts in [
        [1_000_000_000, 900_000_000, 5, 0],
        [2_500_000, 2_400_000, 1, 0],
    ] {
        let found = sets(&counts, Coverage::Simultaneous, 0.95);
        assert_eq!(&found[..2], [(1, 1, 1), (2, 2, 2)]);
    }
    // Options that all differ, so that every pair is looked at.
    let many: Vec<u64> = (0..60).map(|option| 1_000_000 + 17 * option).collect();
    assert_eq!(sets(&many, Coverage::Marginal, 0.95).len(), many.len());
    // Nothing to compare them with but that they come back.
    for counts in [[u64::MAX, u64::MAX - 1, 1], [u64::MAX, 0, u64::MAX]] {
        assert_eq!(sets(&counts, Coverage::Marginal, 0.95).len(), 3);
    }
    assert!(start.elapsed().as_secs() < 10);
}

proptest! {
    #[test]
    fn rank_sets_hold_the_rank_and_are_narrower_one_by_one(
        counts in prop::collection::vec(0..200_u64, 2..7),
    ) {
        let together = sets(&counts, Coverage::Simultaneous, 0.95);
        let each = sets(&counts, Coverage::Marginal, 0.95);
        for (together, each) in together.iter().zip(&each) {
            prop_assert!(together.0 <= together.1 && together.1 <= together.2);
            prop_assert!(together.0 <= each.0 && each.2 <= together.2);
        }
        let mut turned = counts.clone();
        turned.reverse();
        let mut turned = sets(&turned, Coverage::Simultaneous, 0.95);
        turned.reverse();
        prop_assert_eq!(together, turned);
    }
}
