//! The exact tests against going through every division one by one.

use countmein::stats::{
    contingency::{Table, freeman_halton},
    two_sample::{TwoGroups, exact_permutation},
};
use proptest::prelude::*;

fn choose(n: u64, k: u64) -> f64 {
    let float = |count: u64| f64::from(u32::try_from(count).expect("small"));
    (0..k).map(|at| float(n - at) / float(k - at)).product()
}

/// Every way to take `left` out of the columns, with its number of ways.
fn divisions(columns: &[u64], left: u64) -> Vec<(Vec<u64>, f64)> {
    let Some((column, rest)) = columns.split_first() else {
        return if left == 0 {
            vec![(Vec::new(), 1.0)]
        } else {
            Vec::new()
        };
    };
    let mut all = Vec::new();
    for here in 0..=left.min(*column) {
        for (mut taken, ways) in divisions(rest, left - here) {
            taken.insert(0, here);
            all.push((taken, ways * choose(*column, here)));
        }
    }
    all
}

/// Twice the pairs won by the first group less those lost.
fn lead(first: &[u64], columns: &[u64]) -> i64 {
    let mut lead = 0;
    for high in 0..first.len() {
        for low in high + 1..first.len() {
            let second = |at: usize| columns[at] - first[at];
            lead += (first[high] * second(low)).cast_signed();
            lead -= (first[low] * second(high)).cast_signed();
        }
    }
    lead
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn exact_tests_are_their_definitions(
        first in prop::collection::vec(0..5_u64, 2..5),
        second in prop::collection::vec(0..6_u64, 5),
    ) {
        let second = &second[..first.len()];
        let size: u64 = first.iter().sum();
        prop_assume!(size > 0 && second.iter().any(|count| *count > 0));
        let columns: Vec<u64> = first.iter().zip(second).map(|(one, other)| one + other).collect();
        let all = divisions(&columns, size);
        let total: f64 = all.iter().map(|(_, ways)| ways).sum();
        let share = |counts: &dyn Fn(&[u64], f64) -> bool| -> f64 {
            let part = all.iter().filter(|(taken, ways)| counts(taken, *ways));
            part.map(|(_, ways)| ways / total).sum()
        };
        let observed = lead(&first, &columns);
        let found = exact_permutation(&TwoGroups::new(&first, second).expect("groups")).expect("p");
        let two_sided = share(&|taken, _| lead(taken, &columns).abs() >= observed.abs());
        let more = share(&|taken, _| lead(taken, &columns) >= observed);
        let less = share(&|taken, _| lead(taken, &columns) <= observed);
        prop_assert!((found.two_sided - two_sided).abs() < 1e-12);
        prop_assert!((found.first_agrees_more - more).abs() < 1e-12);
        prop_assert!((found.first_agrees_less - less).abs() < 1e-12);
        if let Ok(table) = Table::new(&[first.as_slice(), second]) {
            let here: f64 = columns.iter().zip(&first).map(|(n, k)| choose(*n, *k)).product();
            let expected = share(&|_, ways| ways <= here * (1.0 + 1e-9));
            prop_assert!((freeman_halton(&table).expect("p") - expected).abs() < 1e-12);
        }
    }
}
