//! What cities published, and what other programs computed for the ballots of cities.
//!
//! The figures here are copied from `pb-rules.md` (sections 1.5, 4 and 6), which took them from the
//! META and PROJECTS sections of the Pabulib files. The ballots are in the shared folder only; where
//! it is missing, the elections below that fit on one line are tested alone.

use countmein::tally::budget::{
    election::Election,
    outcome::Outcome,
    profile::RankWeights,
    rule::{Comparison, Completion, EqualShares, Rule, Ties},
};

use super::{
    pb, recorded,
    support::{approvals, funded, outcome},
};

/// Lowest cost, then most votes, as the cities broke their ties.
fn by_cost_and_votes() -> Ties {
    Ties::CostVotes {
        seed: "lot".to_owned(),
    }
}

fn shared(file: &str) -> Option<Election> {
    let path = pb::folder()?.join(file);
    Some(pb::read(&path, &RankWeights::Borda))
}

/// Number of winners and what they cost in units of the currency.
fn size(outcome: &Outcome) -> (usize, u64) {
    (outcome.winners.len(), outcome.spent.minor() / pb::MINOR)
}

#[test]
fn official_results_of_equal_shares() {
    let with_comparison = EqualShares {
        comparison: Some(Comparison::Satisfaction),
        ..EqualShares::default()
    };
    let swiecie = EqualShares {
        eligibility: Some(3),
        ..with_comparison.clone()
    };
    let cases = [
        (
            "Netherlands_Assen_2024.pb",
            EqualShares::default(),
            (9, 76_700),
        ),
        ("Poland_Swiecie_2023.pb", swiecie, (17, 1_040_337)),
        (
            "Poland_Wieliczka_2023_Green_Budget.pb",
            with_comparison,
            (30, 995_079),
        ),
    ];
    for (file, rule, published) in cases {
        let Some(election) = shared(file) else {
            println!("{file} is not here: skipped");
            continue;
        };
        let outcome = outcome(&election, &Rule::EqualShares(rule), &by_cost_and_votes());
        assert_eq!(size(&outcome), published, "{file}");
        assert!(
            outcome
                .comparison
                .is_none_or(|compared| !compared.greedy_wins)
        );
    }
}

#[test]
fn the_range_of_shares_in_wieliczka() {
    let Some(election) = shared("Poland_Wieliczka_2023_Green_Budget.pb") else {
        println!("Wieliczka is not here: skipped");
        return;
    };
    let rule = Rule::EqualShares(EqualShares::default());
    let endowment = outcome(&election, &rule, &by_cost_and_votes())
        .endowment
        .expect("voters");
    // One million złoty among 6,586 voters. The city published 313 złoty as the last share.
    assert_eq!(endowment.start.decimal(pb::MINOR, 0), "151");
    assert_eq!(endowment.last.decimal(pb::MINOR, 0), "315");
    let from: u64 = endowment
        .same_from
        .decimal(pb::MINOR, 0)
        .parse()
        .expect("a number");
    assert!((152..=313).contains(&from), "{from}");
    assert_eq!(endowment.runs, 315 - 151 + 2);
}

/// Zabrze 2020, Osiedle Młodego Górnika: 61 votes for one project that costs the whole budget of
/// 150,000 złoty. Doubles find that 61 times 150,000/61 is less than 150,000.
#[test]
fn a_project_that_costs_exactly_what_everybody_has() {
    let election = approvals(&[15_000_000], 15_000_000, &[("a", 61)]);
    for completion in [Completion::None, Completion::Greedy, Completion::default()] {
        let rule = Rule::EqualShares(EqualShares {
            completion,
            ..EqualShares::default()
        });
        assert_eq!(funded(&election, &rule), "a");
    }
}

/// All of them with optimisation, such as by `cargo test --release recorded`; the quick ones without.
#[test]
fn recorded_outcomes() {
    let tiny = ["Assen", "Turk", "Zabrze"];
    let small = ["Amsterdam", "Baluty", "Stanford", "Swiecie", "Zurich"];
    let of = |names: &[&str], file: &str| names.iter().any(|name| file.contains(name));
    let compared = recorded::compare(|record| {
        let many_runs = record.rule.contains("add1");
        !cfg!(debug_assertions) || of(&tiny, &record.file) || of(&small, &record.file) && !many_runs
    });
    assert!(compared == 0 || compared > 100, "{compared}");
}
