//! Explanations against hand counts, against counting again, and against what a city published.

use countmein::domain::money::Money;
use countmein::tally::budget::{
    case::Case,
    election::Election,
    explain::{
        Limits, Needed, People, compare_rules, explain, funding_line, support, usual_rules,
        without_channels,
    },
    outcome::{Exact, Outcome, Price, Reason},
    profile::RankWeights,
    rule::{Add1, Comparison, Completion, EqualShares, Greedy, Phragmen, Rule, Ties, Utility},
};
use num_bigint::BigUint;
use num_rational::Ratio;
use proptest::prelude::*;

use super::{
    pb,
    small::{any_election, any_greedy, any_ties, election, funded, of_bits, of_points},
};

fn go_on(_: u64, _: u64) -> bool {
    true
}

fn with_case<T>(election: &Election, rule: &Rule, check: impl FnOnce(&Case, &Outcome) -> T) -> T {
    let weights = election.profile().everyone();
    let case = Case {
        election,
        weights: &weights,
        rule,
        ties: &Ties::Id,
    };
    check(&case, &case.outcome().expect("a count"))
}

fn equal_shares(utility: Utility, completion: Completion) -> Rule {
    Rule::EqualShares(EqualShares {
        utility,
        completion,
        ..EqualShares::default()
    })
}

fn exact(numerator: u64, denominator: u64) -> Exact {
    Exact::new(numerator.into(), denominator.into())
}

/// Ten voters, 100 to spend, so 10 each. Project 0 costs 40 and has 8 supporters, who pay 5 each.
/// Project 1 costs 30 and has 4 supporters: two of those 8, with 5 left, and two with all 10. They
/// have 30, just enough: 5 + 5 + 10 + 10. Project 2 costs 36; its six supporters are those six of the
/// 8 who do not support project 1, and have 5 each left: 30.
fn three_projects() -> Election {
    let ballots = [
        (vec![0, 1], 0, 2),
        (vec![0, 2], 0, 5),
        (vec![0, 2], 1, 1),
        (vec![1], 1, 2),
    ];
    election(&[40, 30, 36], 100, &ballots)
}

#[test]
fn where_the_money_of_supporters_went() {
    let rule = equal_shares(Utility::Cost, Completion::None);
    with_case(&three_projects(), &rule, |case, outcome| {
        assert_eq!(outcome.funded(), [0, 1]);
        let supports = support(case, outcome).expect("equal shares");
        let [loser] = supports.as_slice() else {
            panic!("one loser, not {supports:?}");
        };
        assert_eq!(loser.project, 2);
        assert_eq!(loser.left, exact(30, 1));
        let [spent] = loser.spent_on.as_slice() else {
            panic!("one winner, not {:?}", loser.spent_on);
        };
        assert_eq!((spent.winner, spent.people), (0, 6));
        assert_eq!(spent.amount, exact(30, 1));
        // Round 1 bought project 0 at 5, so project 2 would have paid 5 · 36 / 40 each: 27. Round 2
        // bought project 1 at 10, and so 12; but there were 5 each left: 30. In the end 30 of 36.
        assert_eq!(loser.effective_support, Some(exact(30, 36)));
    });
    let by_points = equal_shares(Utility::Cardinality, Completion::None);
    with_case(&three_projects(), &by_points, |case, outcome| {
        let supports = support(case, outcome).expect("equal shares");
        assert!(
            supports
                .iter()
                .all(|s| s.spent_on.iter().all(|s| s.people > 0))
        );
    });
}

#[test]
fn what_everybody_got() {
    with_case(
        &three_projects(),
        &Rule::Greedy(Greedy::default()),
        |case, _| {
            let people = People::of(case.election, case.weights, &[true, true, false]);
            assert_eq!(people.satisfied, [0, 8, 2]);
            assert_eq!(people.without_winner, 0);
            assert_eq!(people.average_winners, Some(exact(12, 10)));
            assert_eq!(people.average_amount, Some(exact(8 * 40 + 4 * 30, 10)));
        },
    );
    let ballots = [(vec![0], 0, 3), (vec![], 0, 2)];
    let with_empty = election(&[5, 5], 5, &ballots);
    with_case(&with_empty, &Rule::Greedy(Greedy::default()), |case, _| {
        let people = People::of(case.election, case.weights, &[false, true]);
        assert_eq!((people.voters, people.empty), (5, 2));
        assert_eq!((people.without_winner, people.satisfied.len()), (5, 1));
    });
    with_case(
        &election(&[5], 5, &[]),
        &Rule::Greedy(Greedy::default()),
        |case, _| {
            let people = People::of(case.election, case.weights, &[false]);
            assert_eq!((people.without_winner, people.average_winners), (0, None));
        },
    );
}

#[test]
fn the_funding_line() {
    let rule = Rule::Greedy(Greedy::default());
    with_case(&three_projects(), &rule, |case, outcome| {
        let lines = funding_line(case).expect("greedy");
        let short: Vec<_> = lines
            .iter()
            .map(|l| (l.project, l.points, l.funded, l.left.minor()))
            .collect();
        assert_eq!(
            short,
            [(0, 8, true, 60), (2, 6, true, 24), (1, 4, false, 24)]
        );
        assert_eq!(lines.last().map(|line| line.left), Some(outcome.left));
    });
    let phragmen = Rule::Phragmen(Phragmen::default());
    with_case(&three_projects(), &phragmen, |case, outcome| {
        assert!(funding_line(case).is_none());
        assert!(support(case, outcome).is_none());
    });
}

#[test]
fn what_losers_needed() {
    let rule = Rule::Greedy(Greedy::default());
    let explained = |rule: &Rule| {
        with_case(&three_projects(), rule, |case, outcome| {
            explain(case, outcome, Limits::default(), &go_on).expect("counts")
        })
    };
    // Project 1 has 4 votes, and 6 go first to the other; at 24 it fits. Ties go to the lower id.
    let greedy = explained(&rule);
    let needed = |votes, cost: u64, exact| {
        (
            Needed::Found {
                value: votes,
                exact,
            },
            Needed::Found {
                value: Money::from_minor(cost).expect("an amount"),
                exact,
            },
        )
    };
    let loser = &greedy.losers[0];
    assert_eq!(loser.loser.project, 1);
    assert_eq!((loser.votes_needed, loser.cost_needed), needed(2, 24, true));
    assert_eq!(greedy.mark, 1);
    // Equal shares: with one more voter who has 100/11, the six have 10.9… less 5 less: still short;
    // what is found is checked by counting in the property below.
    let shares = explained(&equal_shares(Utility::Cost, Completion::None));
    let loser = &shares.losers[0];
    assert_eq!(loser.loser.project, 2);
    assert!(loser.votes_needed.value().is_some() && loser.cost_needed.value().is_some());
    assert!(matches!(
        loser.cost_needed,
        Needed::Found { exact: false, .. }
    ));
}

#[test]
fn a_search_ends() {
    let ballots = [(vec![0], 0, 3), (vec![1], 0, 2)];
    let whole = election(&[5, 9, 4], 8, &ballots);
    for rule in [
        Rule::Greedy(Greedy::default()),
        equal_shares(Utility::Cost, Completion::default()),
    ] {
        with_case(&whole, &rule, |case, outcome| {
            let found = explain(case, outcome, Limits::default(), &go_on).expect("counts");
            let over_budget = &found.losers[0];
            assert_eq!(over_budget.loser.reason, Reason::OverBudget);
            assert_eq!(over_budget.votes_needed, Needed::Impossible);
            let nobody = &found.losers[1];
            assert_eq!(nobody.loser.reason, Reason::NoSupport);
            assert_eq!(nobody.cost_needed, Needed::Impossible);
        });
    }
    let rule = Rule::Phragmen(Phragmen::default());
    with_case(&whole, &rule, |case, outcome| {
        let found = explain(case, outcome, Limits::NONE, &go_on).expect("counts");
        let all = found.losers.iter();
        assert!(all.clone().all(|l| l.votes_needed == Needed::LimitReached));
        let found = explain(case, outcome, Limits::default(), &|_, _| false).expect("counts");
        assert_eq!(found.losers.len(), 2);
    });
}

#[test]
fn rules_side_by_side_and_channels_left_out() {
    with_case(
        &three_projects(),
        &Rule::Greedy(Greedy::default()),
        |case, _| {
            let compared = compare_rules(case, &usual_rules()).expect("counts");
            assert_eq!(compared.rules[0].winners, [0, 2]);
            for row in &compared.rules {
                let costs = row
                    .winners
                    .iter()
                    .map(|p| case.election.projects()[*p].cost);
                assert_eq!(costs.sum::<Money>(), row.spent);
            }
            let differing = (0..3).filter(|project| {
                let by = compared
                    .rules
                    .iter()
                    .filter(|r| r.winners.contains(project));
                (1..4).contains(&by.count())
            });
            assert_eq!(compared.differing, differing.collect::<Vec<_>>());
            let none = compare_rules(case, &[]).expect("counts");
            assert!(none.differing.is_empty());
        },
    );
    // Channel 0 has two votes for project 0, channel 1 three for project 1.
    let whole = election(&[5, 5], 5, &[(vec![0], 0, 2), (vec![1], 1, 3)]);
    with_case(&whole, &Rule::Greedy(Greedy::default()), |case, _| {
        let rows = without_channels(case).expect("counts");
        let short: Vec<_> = rows
            .iter()
            .map(|r| (r.channel, r.people, r.gained.clone(), r.lost.clone()))
            .collect();
        assert_eq!(short, [(0, 2, vec![], vec![]), (1, 3, vec![0], vec![1])]);
    });
}

#[test]
fn explanations_are_data() {
    let rule = equal_shares(Utility::Cost, Completion::None);
    with_case(&three_projects(), &rule, |case, outcome| {
        let found = explain(case, outcome, Limits::default(), &go_on).expect("counts");
        let json = serde_json::to_value(&found).expect("json");
        assert_eq!(json["losers"][0]["support"]["effective_support"], "5/6");
        assert_eq!(json["losers"][0]["support"]["spent_on"][0]["winner"], 0);
        assert_eq!(json["losers"][0]["cost_needed"]["code"], "found");
        assert_eq!(json["people"]["average_winners"], "6/5");
    });
}

/// Effective support by its definition, voter by voter in plain fractions.
fn near_by_voter(
    case: &Case,
    outcome: &Outcome,
    by_cost: bool,
    project: usize,
) -> Option<Ratio<BigUint>> {
    let fraction = |number: u64| Ratio::from_integer(BigUint::from(number));
    let cost_of = |p: usize| fraction(case.election.projects()[p].cost.minor());
    let points = |ballot: usize, p: usize| {
        let marks = case.election.profile().ballot(ballot).iter();
        let mark = marks.copied().find(|mark| mark.project as usize == p);
        fraction(mark.map_or(0, |mark| mark.points.into()))
    };
    let share = outcome.endowment.as_ref()?.last.ratio().clone();
    let people = case.weights.counts().iter().enumerate();
    let mut voters: Vec<(usize, Ratio<BigUint>)> = people
        .flat_map(|(ballot, people)| (0..*people).map(move |_| ballot))
        .map(|ballot| (ballot, share.clone()))
        .collect();
    let supports = |ballot: usize| points(ballot, project) > fraction(0);
    let mut best = fraction(0);
    for winner in &outcome.winners {
        let Some(Price::Shares { per_point, .. }) = &winner.price else {
            continue;
        };
        let scale = if by_cost {
            cost_of(project) / cost_of(winner.project)
        } else {
            fraction(1)
        };
        let offer = |(ballot, purse): &(usize, Ratio<BigUint>)| {
            let full = points(*ballot, project) * per_point.ratio() * &scale;
            full.min(purse.clone())
        };
        best = best.max(voters.iter().map(offer).sum());
        for (ballot, purse) in &mut voters {
            let payment = points(*ballot, winner.project) * per_point.ratio();
            *purse -= payment.min(purse.clone());
        }
    }
    let left = voters.into_iter().filter(|(ballot, _)| supports(*ballot));
    let best = best.max(left.map(|(_, purse)| purse).sum());
    Some(best / cost_of(project))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Money is neither made nor lost: what supporters paid and have left is what they were given.
    /// Nobody was nearer to a winner than a tie. The outcome says the same about money left.
    #[test]
    fn the_books_balance(
        (costs, budget, bits) in any_election(1..6, 1..9),
        points in prop::collection::vec(prop::collection::vec(0_u64..4, 6), 1..8),
        (pointed, by_cost, add1) in any::<(bool, bool, bool)>(),
    ) {
        let completion = if add1 { Completion::Add1(Add1::default()) } else { Completion::None };
        let utility = if by_cost { Utility::Cost } else { Utility::Cardinality };
        let whole = if pointed {
            of_points(&costs, budget, &points)
        } else {
            of_bits(&costs, budget, &bits)
        };
        with_case(&whole, &equal_shares(utility, completion), |case, outcome| {
            let share = outcome.endowment.as_ref().expect("voters").last.ratio().clone();
            let supports = support(case, outcome).expect("equal shares");
            assert_eq!(supports.len(), outcome.losers.len());
            for (support, loser) in supports.iter().zip(&outcome.losers) {
                let amounts = support.spent_on.iter().map(|spent| spent.amount.ratio());
                let all: Ratio<BigUint> = amounts.chain([support.left.ratio()]).cloned().sum();
                assert_eq!(near_by_voter(case, outcome, by_cost, loser.project), support
                    .effective_support.as_ref().map(|near| near.ratio().clone()));
                assert_eq!(all, &share * Ratio::from_integer(BigUint::from(loser.votes)));
                let order = support.spent_on.windows(2);
                assert!(order.into_iter().all(|pair| pair[0].amount >= pair[1].amount));
                if let Reason::SupportersShort { money } = &loser.reason {
                    assert_eq!(money, &support.left);
                    let near = support.effective_support.clone().expect("it costs something");
                    let tied = outcome.winners.iter().any(|w| w.tied.contains(&loser.project));
                    assert!(near < exact(1, 1) || (tied && near == exact(1, 1)), "{near:?}");
                }
            }
        });
    }

    /// Greedy: so many votes or such a cost is enough, and one less, or one more, is not.
    #[test]
    fn greedy_needs_are_exact(
        (costs, budget, bits) in any_election(1..5, 1..8),
        rule in any_greedy(),
        ties in any_ties(),
    ) {
        let whole = of_bits(&costs, budget, &bits);
        let weights = whole.profile().everyone();
        let case = Case { election: &whole, weights: &weights, rule: &rule, ties: &ties };
        let outcome = case.outcome().expect("a count");
        let explained = explain(&case, &outcome, Limits::NONE, &go_on).expect("no counts");
        let lines = explained.funding_line.expect("greedy");
        let on_the_line: Vec<usize> = lines.iter().filter(|l| l.funded).map(|l| l.project).collect();
        prop_assert_eq!(on_the_line, outcome.funded());
        for loser in &explained.losers {
            let project = loser.loser.project;
            let with_votes = |more: usize| {
                let mut bits = bits.clone();
                bits.extend(std::iter::repeat_n(1 << project, more));
                funded(&of_bits(&costs, budget, &bits), &rule, &ties)[project]
            };
            let truth = (1..60).find(|more| with_votes(*more)).map(|more| more as u64);
            prop_assert_eq!(loser.votes_needed.value(), truth);
            let at_cost = |cost: u64| {
                let mut costs = costs.clone();
                costs[project] = cost;
                funded(&of_bits(&costs, budget, &bits), &rule, &ties)[project]
            };
            let truth = (0..costs[project]).rev().find(|cost| at_cost(*cost));
            prop_assert_eq!(loser.cost_needed.value().map(Money::minor), truth);
        }
    }

    /// With points, each voter more gives as many as the strongest mark on any ballot.
    #[test]
    fn greedy_needs_are_exact_with_points(
        costs in prop::collection::vec(1_u64..7, 2..5),
        budget in 2_u64..14,
        points in prop::collection::vec(prop::collection::vec(0_u64..4, 5), 1..7),
        rule in any_greedy(),
    ) {
        let whole = of_points(&costs, budget, &points);
        with_case(&whole, &rule, |case, outcome| {
            let found = explain(case, outcome, Limits::NONE, &go_on).expect("no counts");
            for loser in &found.losers {
                let project = loser.loser.project;
                let with_votes = |more: usize| {
                    let mut points = points.clone();
                    let mut alone = vec![0; 5];
                    alone[project] = u64::from(found.mark);
                    points.extend(std::iter::repeat_n(alone, more));
                    funded(&of_points(&costs, budget, &points), &rule, case.ties)[project]
                };
                let truth = (1..60).find(|more| with_votes(*more)).map(|more| more as u64);
                assert_eq!(loser.votes_needed.value(), truth);
            }
        });
    }

    /// Equal shares and Phragmén: what is found is enough, and one step less is not.
    #[test]
    fn needs_by_counting_are_true(
        (costs, budget, bits) in any_election(1..5, 1..8),
        phragmen in any::<bool>(),
    ) {
        let rule = if phragmen {
            Rule::Phragmen(Phragmen::default())
        } else {
            equal_shares(Utility::Cost, Completion::Add1(Add1::default()))
        };
        let whole = of_bits(&costs, budget, &bits);
        with_case(&whole, &rule, |case, outcome| {
            let found = explain(case, outcome, Limits::default(), &go_on).expect("counts");
            for loser in &found.losers {
                let project = loser.loser.project;
                if let Some(votes) = loser.votes_needed.value() {
                    for (more, wins) in [(votes, true), (votes - 1, false)] {
                        let mut bits = bits.clone();
                        let more = usize::try_from(more).expect("few");
                        bits.extend(std::iter::repeat_n(1 << project, more));
                        let now = funded(&of_bits(&costs, budget, &bits), &rule, case.ties);
                        assert_eq!(now[project], wins);
                    }
                }
                if let Some(cost) = loser.cost_needed.value() {
                    for (cost, wins) in [(cost.minor(), true), (cost.minor() + 1, false)] {
                        let mut costs = costs.clone();
                        costs[project] = cost;
                        let now = funded(&of_bits(&costs, budget, &bits), &rule, case.ties);
                        assert_eq!(now[project], wins);
                    }
                }
            }
        });
    }
}

/// The Green Budget of Wieliczka, 2023. Published: 18 % of the voters got none of their projects under
/// equal shares and 28 % would have under greedy; 1.61 funded projects per voter against 1.47. The
/// winners marked in the file itself give 0.1780 and 1.6172 (so that 1.61 is cut, not rounded), and
/// the winners that pabutools finds by greedy 0.2763 and 1.4713.
#[test]
fn wieliczka_got_what_was_published() {
    let Some(folder) = pb::folder() else {
        println!("without the shared elections; small ones are tested above");
        return;
    };
    let path = folder.join("Poland_Wieliczka_2023_Green_Budget.pb");
    let whole = pb::read(&path, &RankWeights::Borda);
    let rules = [
        Rule::EqualShares(EqualShares {
            completion: Completion::Add1(Add1::default()),
            comparison: Some(Comparison::Satisfaction),
            ..EqualShares::default()
        }),
        Rule::Greedy(Greedy::default()),
    ];
    with_case(&whole, &rules[1], |case, _| {
        let compared = compare_rules(case, &rules).expect("counts");
        let [shares, greedy] = compared.rules.as_slice() else {
            panic!("two rules");
        };
        let figures = |people: &People| {
            let share = exact(people.without_winner, people.voters);
            let average = people.average_winners.as_ref().expect("voters");
            (share.decimal(1, 4), average.decimal(1, 4))
        };
        assert_eq!(figures(&shares.people), ("0.1780".into(), "1.6172".into()));
        assert_eq!(figures(&greedy.people), ("0.2763".into(), "1.4713".into()));
    });
}
