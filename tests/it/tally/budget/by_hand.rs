//! Elections small enough to be worked out on paper.

use countmein::tally::budget::{
    counter::{CountError, Counter},
    election::Election,
    outcome::{Outcome, Price, Reason, Stage},
    rule::{
        Add1, Cap, Comparison, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule,
        Start, Stop, Ties, Utility,
    },
};

use super::support::{approvals, election, funded, money, names, outcome};

fn shares(completion: Completion) -> Rule {
    Rule::EqualShares(EqualShares {
        completion,
        ..EqualShares::default()
    })
}

fn greedy(options: Greedy) -> Rule {
    Rule::Greedy(options)
}

fn reason(outcome: &Outcome, project: usize) -> &Reason {
    let loser = outcome.losers.iter().find(|loser| loser.project == project);
    &loser.expect("a loser").reason
}

/// Four people with 1 each. The supporters of b pay all of it, the full price; one of them also
/// supports a, has nothing left for it, and is not among those who pay what they have left.
#[test]
fn who_has_nothing_left_pays_nothing() {
    let election = approvals(&[1, 3], 4, &[("a", 1), ("ab", 1), ("b", 2)]);
    let outcome = outcome(&election, &shares(Completion::None), &Ties::Id);
    let payers: Vec<_> = outcome
        .winners
        .iter()
        .map(|winner| match winner.price {
            Some(Price::Shares { full, poor, .. }) => (winner.project, full, poor),
            _ => panic!("a price"),
        })
        .collect();
    assert_eq!(payers, [(1, 3, 0), (0, 1, 0)]);
}

/// Ten people with 10 each. What a, b, c and d cost is 30, 20, 30 and 30.
fn ten_people() -> Election {
    approvals(
        &[30, 20, 30, 30],
        100,
        &[("ab", 4), ("ad", 2), ("c", 3), ("bc", 1)],
    )
}

/// Round 1: a from six people at 5 (6 effective votes) before b from five at 4 and c from four at
/// 7.50. Round 2: b at 4, as those who paid 5 have 5 left. Round 3: c costs 7.50 each, but one person
/// has 6 left, so that the three others pay 8: 30/8 = 3.75 effective votes. The two friends of d have
/// 5 each.
#[test]
fn equal_shares_round_by_round() {
    let election = ten_people();
    let outcome = outcome(&election, &shares(Completion::None), &Ties::Id);
    let prices: Vec<_> = outcome
        .winners
        .iter()
        .map(|winner| match winner.price.as_ref().expect("a price") {
            Price::Shares {
                per_point,
                effective_votes,
                full,
                poor,
            } => (
                winner.round,
                per_point.decimal(1, 2),
                effective_votes.decimal(1, 2),
                (*full, *poor),
            ),
            Price::Load { .. } => panic!("not a load"),
        })
        .collect();
    let expected = [
        (1, "5.00", "6.00", (6, 0)),
        (2, "4.00", "5.00", (5, 0)),
        (3, "8.00", "3.75", (3, 1)),
    ];
    let expected =
        expected.map(|(round, price, votes, who)| (round, price.to_owned(), votes.to_owned(), who));
    assert_eq!(names(&election, &outcome.funded()), "a b c");
    assert_eq!(prices, expected);
    let Reason::SupportersShort { money: left } = reason(&outcome, 3) else {
        panic!("{:?}", outcome.losers);
    };
    assert_eq!(left.decimal(1, 0), "10");
    assert_eq!((outcome.spent, outcome.left), (money(80), money(20)));
    assert!(outcome.ties.is_empty());
}

/// Six people with 3 each. Four pay 3 for a in full, and have nothing left. One of them is a friend of
/// b too and pays nothing for it: two pay 1.50 each in full, and nobody pays a rest.
#[test]
fn whoever_has_nothing_left_pays_no_rest() {
    let election = approvals(&[12, 3], 18, &[("ab", 1), ("a", 3), ("b", 2)]);
    let outcome = outcome(&election, &shares(Completion::None), &Ties::Id);
    let payers: Vec<_> = outcome
        .winners
        .iter()
        .filter_map(|winner| match &winner.price {
            Some(Price::Shares { full, poor, .. }) => Some((winner.project, *full, *poor)),
            _ => None,
        })
        .collect();
    assert_eq!(payers, [(0, 4, 0), (1, 2, 0)]);
}

/// b at 4, then a at (30 + 4·4)/6 = 23/3, then c at (30 + 4)/4 = 8.50; d at 15 + 23/3 does not fit.
#[test]
fn phragmen_round_by_round() {
    let election = ten_people();
    let outcome = outcome(&election, &Rule::Phragmen(Phragmen::default()), &Ties::Id);
    let loads: Vec<String> = outcome
        .winners
        .iter()
        .map(|winner| match winner.price.as_ref().expect("a load") {
            Price::Load { load } => load.decimal(1, 3),
            Price::Shares { .. } => panic!("not a price"),
        })
        .collect();
    assert_eq!(names(&election, &outcome.funded()), "b a c");
    assert_eq!(loads, ["4.000", "7.667", "8.500"]);
    assert_eq!(*reason(&outcome, 3), Reason::DoesNotFit { left: money(20) });
}

/// Three people with 12 each; with points a supporter pays by the point.
#[test]
fn points_share_the_price() {
    // a costs 12 and gets 3 + 1 points: 9 and 3. With utility by points that is 3 a point, against
    // b: 12 from 2 points is 6 a point; by cost it is 3/12 against 6/12.
    let election = election(
        &[12, 12],
        36,
        1,
        &[(&[(0, 3)], 1), (&[(0, 1), (1, 1)], 1), (&[(1, 1)], 1)],
    );
    for utility in [Utility::Cost, Utility::Cardinality] {
        let rule = Rule::EqualShares(EqualShares {
            utility,
            completion: Completion::None,
            ..EqualShares::default()
        });
        let outcome = outcome(&election, &rule, &Ties::Id);
        assert_eq!(names(&election, &outcome.funded()), "a b");
        let Some(Price::Shares { per_point, .. }) = &outcome.winners[0].price else {
            panic!("a price");
        };
        assert_eq!(per_point.decimal(1, 0), "3");
    }
}

#[test]
fn greedy_and_its_variants() {
    let election = approvals(&[60, 50, 40, 10], 100, &[("a", 5), ("b", 4), ("c", 3)]);
    let plain = Greedy::default();
    assert_eq!(funded(&election, &greedy(plain.clone())), "a c");
    let stops = outcome(
        &election,
        &greedy(Greedy {
            no_skip: true,
            ..plain.clone()
        }),
        &Ties::Id,
    );
    assert_eq!(names(&election, &stops.funded()), "a");
    assert_eq!(*reason(&stops, 1), Reason::DoesNotFit { left: money(40) });
    assert_eq!(*reason(&stops, 2), Reason::AfterStop { left: money(40) });
    assert_eq!(*reason(&stops, 3), Reason::NoSupport);
    // As many points as the threshold are enough.
    let bar = |threshold| {
        greedy(Greedy {
            threshold: Some(threshold),
            ..Greedy::default()
        })
    };
    assert_eq!(funded(&election, &bar(3)), "a c");
    assert_eq!(funded(&election, &bar(4)), "a");
    let all = Greedy {
        fund_unsupported: true,
        ..Greedy::default()
    };
    let rich = approvals(&[60, 50, 40, 10], 160, &[("a", 5), ("b", 4), ("c", 3)]);
    assert_eq!(funded(&rich, &greedy(all)), "a b c d");
    assert_eq!(funded(&rich, &greedy(plain)), "a b c");
    // 5/60, 4/50 and 3/40 votes per unit of money.
    let per_cost = Rule::GreedyPerCost(GreedyPerCost::default());
    assert_eq!(funded(&rich, &per_cost), "a b c");
    let cheap = approvals(&[60, 50, 20], 100, &[("a", 5), ("b", 4), ("c", 3)]);
    assert_eq!(funded(&cheap, &per_cost), "c a");
}

#[test]
fn caps_and_exclusive_groups() {
    let base = approvals(
        &[60, 50, 40, 10],
        200,
        &[("a", 5), ("b", 4), ("c", 3), ("d", 2)],
    );
    let mut projects = base.projects().to_vec();
    for project in &mut projects[..3] {
        project.categories = vec!["parks".to_owned()];
    }
    projects[1].neighborhoods = vec!["north".to_owned()];
    for project in &mut projects[2..] {
        project.exclusive_group = Some("square".to_owned());
    }
    let election =
        Election::new(projects, base.budget(), 1, base.profile().clone()).expect("an election");
    let cap = |name: &str, limit| {
        vec![Cap {
            name: name.to_owned(),
            limit: money(limit),
        }]
    };
    let parks = greedy(Greedy {
        category_caps: cap("parks", 105),
        ..Greedy::default()
    });
    let outcome_of = |rule: &Rule| outcome(&election, rule, &Ties::Id);
    let capped = outcome_of(&parks);
    assert_eq!(names(&election, &capped.funded()), "a c d");
    let expected = Reason::CategoryCap {
        name: "parks".to_owned(),
        left: money(45),
    };
    assert_eq!(*reason(&capped, 1), expected);
    let north = greedy(Greedy {
        neighborhood_caps: cap("north", 49),
        exclusive_groups: true,
        ..Greedy::default()
    });
    let capped = outcome_of(&north);
    assert_eq!(names(&election, &capped.funded()), "a c");
    assert_eq!(*reason(&capped, 3), Reason::Excluded { by: 2 });
}

/// Nine of ten want a, which costs everything; one wants b. Their 90 do not pay for a.
#[test]
fn voters_compare_with_greedy() {
    let election = approvals(&[100, 10], 100, &[("a", 9), ("b", 1)]);
    assert_eq!(funded(&election, &shares(Completion::None)), "b");
    for comparison in [Comparison::Satisfaction, Comparison::ExclusionRatio] {
        let rule = Rule::EqualShares(EqualShares {
            completion: Completion::None,
            comparison: Some(comparison),
            ..EqualShares::default()
        });
        let outcome = outcome(&election, &rule, &Ties::Id);
        let compared = outcome.comparison.expect("a comparison");
        assert_eq!(
            (compared.prefer_greedy, compared.prefer_equal_shares),
            (9, 1)
        );
        assert!(compared.greedy_wins);
        assert_eq!(names(&election, &outcome.funded()), "a");
        assert_eq!(outcome.winners[0].stage, Stage::Comparison);
        assert_eq!(*reason(&outcome, 1), Reason::Outvoted);
    }
}

#[test]
fn too_few_votes_for_the_cost_to_take_part() {
    // 3 · 10 % of the voters against 40 % of the budget; then 4 · 10 %.
    let election = approvals(&[40, 60], 100, &[("a", 1), ("b", 9)]);
    let rule = |factor| {
        Rule::EqualShares(EqualShares {
            completion: Completion::Greedy,
            eligibility: Some(factor),
            ..EqualShares::default()
        })
    };
    let strict = outcome(&election, &rule(3), &Ties::Id);
    assert_eq!(*reason(&strict, 0), Reason::NotEligible);
    let kind = outcome(&election, &rule(4), &Ties::Id);
    assert_eq!(names(&election, &kind.funded()), "b a");
    assert_eq!(kind.winners[1].stage, Stage::Completion);
    assert_eq!(
        names(
            &election,
            &outcome(&election, &rule(u64::MAX), &Ties::Id).funded()
        ),
        "b a"
    );
}

#[test]
fn growing_shares_come_to_an_end() {
    let add1 = |start, stop| {
        shares(Completion::Add1(Add1 {
            start,
            stop,
            increment: None,
        }))
    };
    for start in [Start::Floor, Start::Exact] {
        for stop in [Stop::Overspend, Stop::Exhaustive] {
            let rule = add1(start, stop);
            // A project without support that would fit does not keep it going.
            assert_eq!(funded(&approvals(&[5, 5], 10, &[("a", 3)]), &rule), "a");
            // Nor do projects that nothing can pay for.
            assert_eq!(funded(&approvals(&[50, 60], 10, &[("ab", 3)]), &rule), "");
            assert_eq!(funded(&approvals(&[5], 0, &[("a", 3)]), &rule), "");
            assert_eq!(funded(&approvals(&[5], 10, &[("", 3)]), &rule), "");
            assert_eq!(funded(&approvals(&[5], 10, &[]), &rule), "");
            assert_eq!(funded(&approvals(&[], 10, &[]), &rule), "");
        }
    }
    let election = ten_people();
    let counter = Counter::new(&election);
    let nothing = shares(Completion::Add1(Add1 {
        increment: Some(money(0)),
        ..Add1::default()
    }));
    let refused = counter.outcome(&election.profile().everyone(), &nothing, &Ties::Id);
    assert_eq!(refused, Err(CountError::NoIncrement));
}

#[test]
fn what_costs_nothing_needs_one_supporter() {
    let election = approvals(&[0, 0, 10], 10, &[("a", 1), ("c", 1)]);
    for rule in [
        greedy(Greedy::default()),
        Rule::GreedyPerCost(GreedyPerCost::default()),
        shares(Completion::default()),
        Rule::Phragmen(Phragmen::default()),
    ] {
        let mut funded = outcome(&election, &rule, &Ties::Id).funded();
        funded.sort_unstable();
        assert_eq!(funded, [0, 2], "{rule:?}");
    }
}

#[test]
fn ties_and_whether_they_decide() {
    let rules = [
        greedy(Greedy::default()),
        Rule::GreedyPerCost(GreedyPerCost::default()),
        shares(Completion::Greedy),
        Rule::Phragmen(Phragmen {
            complete: true,
            ..Phragmen::default()
        }),
    ];
    for rule in rules {
        let either = approvals(&[60, 60], 100, &[("a", 5), ("b", 5)]);
        let decided = outcome(&either, &rule, &Ties::Id);
        assert!(
            decided.decisive_tie() || decided.winners.is_empty(),
            "{rule:?}"
        );
        let both = approvals(&[50, 50], 100, &[("a", 5), ("b", 5)]);
        let settled = outcome(&both, &rule, &Ties::Id);
        assert_eq!(settled.ties.len(), 1, "{rule:?}");
        assert_eq!(settled.ties[0].others, [1]);
        assert!(!settled.decisive_tie(), "{rule:?}");
        assert_eq!(names(&both, &settled.funded()), "a b");
    }
}

#[test]
fn orders_of_ties() {
    // b is cheaper, c has more votes, a has the first name; per cost all are equal.
    let election = approvals(&[20, 10, 20], 100, &[("a", 2), ("b", 1), ("c", 2)]);
    let rule = Rule::GreedyPerCost(GreedyPerCost::default());
    let order = |ties: &Ties| names(&election, &outcome(&election, &rule, ties).funded());
    assert_eq!(order(&Ties::Id), "a b c");
    let lots: Vec<String> = (0..40).map(|n| format!("seed {n}")).collect();
    let by_cost: Vec<String> = lots
        .iter()
        .map(|seed| order(&Ties::CostVotes { seed: seed.clone() }))
        .collect();
    assert!(by_cost.iter().all(|order| order.starts_with('b')));
    assert!(by_cost.contains(&"b a c".to_owned()) && by_cost.contains(&"b c a".to_owned()));
    let firsts: std::collections::BTreeSet<char> = lots
        .iter()
        .filter_map(|seed| order(&Ties::Seeded { seed: seed.clone() }).chars().next())
        .collect();
    assert_eq!(firsts.len(), 3);
    assert_eq!(
        by_cost[7],
        order(&Ties::CostVotes {
            seed: lots[7].clone()
        })
    );
}

/// Sixty people want a, b, c and d, forty want e, f and g; five seats.
#[test]
fn committees() {
    let base = approvals(&[1; 7], 5, &[("abcd", 60), ("efg", 40)]);
    let candidates = base.projects().iter().map(|p| p.id.clone()).collect();
    let election = Election::committee(candidates, 5, base.profile().clone()).expect("an election");
    assert_eq!(funded(&election, &greedy(Greedy::default())), "a b c d e");
    // Everybody has 1/20 of a seat: sixty people buy three seats, forty buy two.
    assert_eq!(funded(&election, &shares(Completion::None)), "a b c e f");
    // Loads: a 1/60, e 1/40, b 2/60, then c at 3/60 and f at 2/40 together.
    let phragmen = Rule::Phragmen(Phragmen::default());
    assert_eq!(funded(&election, &phragmen), "a e b c f");
}

/// As many people, points and money as can be written down: nothing overflows, nothing hangs.
#[test]
fn the_largest_numbers() {
    let (most, people) = (1_000_000_000_000, 1 << 38);
    let marks: [&[(usize, u64)]; 3] = [
        &[(0, 1 << 20), (1, 1)],
        &[(1, 1 << 20), (2, 1)],
        &[(0, 1), (2, 1 << 20)],
    ];
    let ballots = [(marks[0], people), (marks[1], people), (marks[2], people)];
    let coarse = Add1 {
        increment: Some(money(most / 10)),
        ..Add1::default()
    };
    for budget in [0, 1, most] {
        for costs in [[most; 3], [1; 3], [most, 1, most / 3]] {
            for utility in [Utility::Cost, Utility::Cardinality] {
                let election = election(&costs, budget, u64::MAX, &ballots);
                let equal = Rule::EqualShares(EqualShares {
                    utility,
                    completion: Completion::Add1Greedy(coarse),
                    comparison: Some(Comparison::Satisfaction),
                    eligibility: Some(u64::MAX),
                    fund_unsupported: true,
                });
                let phragmen = Rule::Phragmen(Phragmen::default());
                for rule in [equal, phragmen, greedy(Greedy::default())] {
                    let spent = outcome(&election, &rule, &Ties::Id).spent.minor();
                    assert!(spent <= budget, "{spent} of {budget}");
                }
            }
        }
    }
}
