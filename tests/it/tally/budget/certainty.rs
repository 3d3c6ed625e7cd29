//! Margins against trying everything, and the bootstrap against enumeration.

use std::sync::atomic::{AtomicU64, Ordering};

use countmein::tally::budget::{
    case::{Case, CaseError},
    certainty::{
        Answer, Change, Turn, bootstrap, first_change, margins_by_counting, noise_curve,
        own_margins, rival_margins,
    },
    election::Election,
    explain::{Limits, explain, usual_rules},
    profile::RankWeights,
    rule::{Completion, EqualShares, Greedy, Rule, Ties},
};
use proptest::prelude::*;

use super::{
    pb,
    small::{any_election, any_greedy, any_ties, election, funded, marked, of_bits, of_points},
};

fn go_on(_: u64, _: u64) -> bool {
    true
}

fn plain() -> Rule {
    Rule::Greedy(Greedy::default())
}

fn equal_shares(completion: Completion) -> Rule {
    Rule::EqualShares(EqualShares {
        completion,
        ..EqualShares::default()
    })
}

fn with_case<T>(
    election: &Election,
    rule: &Rule,
    ties: &Ties,
    check: impl FnOnce(&Case) -> T,
) -> T {
    let weights = election.profile().everyone();
    check(&Case {
        election,
        weights: &weights,
        rule,
        ties,
    })
}

/// All ways to choose `number` of `kinds`, in ascending order, with or without repetition.
fn choices(kinds: usize, number: usize, repeat: bool) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..number {
        let longer = all.iter().flat_map(|chosen: &Vec<usize>| {
            let from = chosen.last().map_or(0, |last| last + usize::from(!repeat));
            (from..kinds).map(|next| {
                let mut longer = chosen.clone();
                longer.push(next);
                longer
            })
        });
        all = longer.collect();
    }
    all
}

/// The smallest number of changed ballots, up to `most`, that changes any winner: by trying all.
fn by_trying(
    costs: &[u64],
    budget: u64,
    bits: &[usize],
    change: Change,
    most: usize,
    count: &dyn Fn(&Election) -> Vec<bool>,
) -> Option<u64> {
    let usual = count(&of_bits(costs, budget, bits));
    let differs = |bits: &[usize]| count(&of_bits(costs, budget, bits)) != usual;
    let more = |number| choices(1 << costs.len(), number, true);
    (1..=most).find_map(|number| {
        let removed = choices(bits.len(), number, false).into_iter().map(|away| {
            let kept = bits.iter().enumerate().filter(|(i, _)| !away.contains(i));
            kept.map(|(_, bits)| *bits).collect::<Vec<usize>>()
        });
        let found = match change {
            Change::Added => more(number)
                .into_iter()
                .any(|added| differs(&[bits, &added].concat())),
            Change::Removed => removed.into_iter().any(|kept| differs(&kept)),
            Change::Replaced => removed.into_iter().any(|kept| {
                let mut added = more(number).into_iter();
                added.any(|added| differs(&[kept.clone(), added].concat()))
            }),
        };
        found.then_some(number as u64)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// No change below the lower limit, and one at the upper limit; both are the same for ballots
    /// added to greedy with skipping.
    #[test]
    fn limits_of_changed_ballots_hold(
        (costs, budget, bits) in any_election(1..4, 1..6),
        rule in any_greedy(),
        ties in any_ties(),
    ) {
        let whole = of_bits(&costs, budget, &bits);
        let count = |election: &Election| funded(election, &rule, &ties);
        for (change, most) in [(Change::Added, 3), (Change::Removed, 5), (Change::Replaced, 2)] {
            let found = with_case(&whole, &rule, &ties, |case| first_change(case, change));
            let found = found.expect("a count").expect("a greedy rule");
            let least = by_trying(&costs, budget, &bits, change, most, &count);
            if let Some(truth) = least {
                prop_assert!(found.at_least.is_some_and(|k| k <= truth), "{found:?} {truth}");
                prop_assert!(found.at_most.is_none_or(|k| k >= truth), "{found:?} {truth}");
                prop_assert!(found.could_change(truth) != Answer::No);
                prop_assert!(found.could_change(truth - 1) != Answer::Yes);
                let skips = !matches!(&rule, Rule::Greedy(options) if options.no_skip);
                if change == Change::Added && skips {
                    prop_assert_eq!(found.at_most, Some(truth));
                    prop_assert_eq!(found.at_least, Some(truth));
                }
            } else {
                prop_assert!(found.at_most.is_none_or(|k| k > most as u64), "{found:?}");
            }
        }
    }

    /// Adding so many voters, or taking so many marks off, decides; one fewer does not.
    #[test]
    fn own_margins_are_exact(
        (costs, budget, bits) in any_election(1..5, 1..8),
        rule in any_greedy(),
        ties in any_ties(),
    ) {
        let whole = of_bits(&costs, budget, &bits);
        let usual = funded(&whole, &rule, &ties);
        let margins = with_case(&whole, &rule, &ties, own_margins).expect("a greedy rule");
        for margin in margins {
            let bit = 1 << margin.project;
            prop_assert_eq!(margin.funded, usual[margin.project]);
            let changed = |votes: usize| {
                let mut bits = bits.clone();
                if margin.funded {
                    let mut left = votes;
                    for ballot in bits.iter_mut().filter(|b| **b & bit != 0) {
                        if left > 0 {
                            *ballot &= !bit;
                            left -= 1;
                        }
                    }
                } else {
                    bits.extend(std::iter::repeat_n(bit, votes));
                }
                let now = funded(&of_bits(&costs, budget, &bits), &rule, &ties);
                now[margin.project] != margin.funded
            };
            let truth = (1..60).find(|votes| changed(*votes));
            prop_assert_eq!(margin.votes.value(), truth.map(|k| k as u64));
        }
    }

    /// Everybody votes for one project only, so that marks come and go with ballots.
    #[test]
    fn rival_margins_are_exact(
        costs in prop::collection::vec(1_u64..7, 2..5),
        votes in prop::collection::vec(0_u64..6, 4),
        budget in 2_u64..14,
        rule in any_greedy(),
        ties in any_ties(),
    ) {
        let count = |votes: &[u64]| {
            let ballots: Vec<_> = votes
                .iter()
                .take(costs.len())
                .enumerate()
                .map(|(project, people)| (vec![project], 0, *people))
                .collect();
            election(&costs, budget, &ballots)
        };
        let whole = count(&votes);
        let usual = funded(&whole, &rule, &ties);
        let margins = with_case(&whole, &rule, &ties, rival_margins).expect("a greedy rule");
        for (project, margin) in margins.iter().enumerate() {
            let changes = |rival: usize, turn: Turn, number: u64| {
                let mut votes = votes.clone();
                votes[rival] = match turn {
                    Turn::Gains => votes[rival] + number,
                    Turn::Loses => votes[rival].saturating_sub(number),
                };
                funded(&count(&votes), &rule, &ties)[project] != usual[project]
            };
            let truth = (1..60).find(|number| {
                (0..costs.len()).any(|rival| {
                    [Turn::Gains, Turn::Loses].iter().any(|turn| changes(rival, *turn, *number))
                })
            });
            prop_assert_eq!(margin.map(|m| m.votes), truth);
            if let Some(margin) = margin {
                prop_assert!(changes(margin.rival, margin.turn, margin.votes));
            }
        }
    }

    /// Under other rules, what is found changes the decision, and one fewer does not.
    #[test]
    fn margins_by_counting_are_true(
        (costs, budget, bits) in any_election(1..5, 1..8),
        ties in any_ties(),
    ) {
        let rule = equal_shares(Completion::None);
        let whole = of_bits(&costs, budget, &bits);
        let projects: Vec<usize> = (0..costs.len()).collect();
        let margins = with_case(&whole, &rule, &ties, |case| {
            let outcome = case.outcome().expect("a count");
            margins_by_counting(case, &outcome, &projects, 60, &go_on).expect("a count")
        });
        for margin in margins.iter().filter(|margin| !margin.funded) {
            let Some(votes) = margin.votes.value() else { continue };
            for (people, wins) in [(votes, true), (votes - 1, false)] {
                let mut bits = bits.clone();
                let people = usize::try_from(people).expect("few people");
                bits.extend(std::iter::repeat_n(1 << margin.project, people));
                let now = funded(&of_bits(&costs, budget, &bits), &rule, &ties);
                prop_assert_eq!(now[margin.project], wins);
            }
        }
    }
}

fn greedy3() -> Election {
    let ballots = [(vec![0, 1], 0, 4), (vec![1, 2], 0, 3), (vec![2], 0, 3)];
    election(&[60, 50, 40], 100, &ballots)
}

/// The probabilities come from an enumeration of all samples of ten ballots, made for the shared
/// vectors (`pb.funded_probability.greedy3`). It funds the third project without a vote, too, which
/// happens once in ten thousand samples.
#[test]
fn the_bootstrap_agrees_with_enumeration() {
    const REPEATS: u32 = 20_000;
    let truth = [0.028_247_524_9, 0.971_752_475_1, 1.0];
    let rule = Rule::Greedy(Greedy {
        fund_unsupported: true,
        ..Greedy::default()
    });
    let found = with_case(&greedy3(), &rule, &Ties::Id, |case| {
        bootstrap(case, REPEATS, 7, &go_on).expect("samples")
    });
    let repeats = f64::from(REPEATS);
    for (funded, p) in found.funded.iter().zip(truth) {
        let share = f64::from(*funded) / repeats;
        let tolerance = 4.0 * (p * (1.0_f64 - p) / repeats).sqrt();
        assert!((share - p).abs() <= tolerance, "{share} is not {p}");
    }
    assert_eq!(found.funded[2], REPEATS);
    assert!(found.same_winners <= found.funded[1]);
}

#[test]
fn the_bootstrap_depends_on_the_seed_alone() {
    let run = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let draw = || {
            with_case(&greedy3(), &plain(), &Ties::Id, |case| {
                bootstrap(case, 500, seed, &go_on).expect("samples")
            })
        };
        pool.expect("threads").install(draw)
    };
    assert_eq!(run(1, 1), run(3, 1));
    assert_ne!(run(1, 1), run(1, 2));
}

/// In each channel as many ballots as were cast there: with one distinct ballot in each, every sample
/// is the election itself.
#[test]
fn the_bootstrap_keeps_the_channels_apart() {
    let ballots = [(vec![0], 0, 11), (vec![1], 1, 10), (vec![], 2, 4)];
    let whole = election(&[5, 5], 5, &ballots);
    let found = with_case(&whole, &plain(), &Ties::Id, |case| {
        bootstrap(case, 100, 3, &go_on).expect("samples")
    });
    assert_eq!(found.funded, [100, 0]);
    assert_eq!(found.same_winners, 100);
}

#[test]
fn the_bootstrap_can_be_stopped_and_has_limits() {
    let told = AtomicU64::new(0);
    let stop = |_, _| {
        told.fetch_add(1, Ordering::Relaxed);
        false
    };
    with_case(&greedy3(), &plain(), &Ties::Id, |case| {
        assert_eq!(bootstrap(case, 1_000, 1, &stop), Err(CaseError::Stopped));
        assert!(told.load(Ordering::Relaxed) < 50);
        for repeats in [0, 100_001] {
            let refused = bootstrap(case, repeats, 1, &go_on);
            assert!(matches!(refused, Err(CaseError::Repeats { .. })));
        }
        let refused = noise_curve(case, &[1_001], 10, 1, &go_on);
        assert_eq!(refused, Err(CaseError::Share(1_001)));
    });
}

#[test]
fn nobody_voted() {
    let whole = election(&[5, 5], 5, &[]);
    for rule in [plain(), equal_shares(Completion::default())] {
        with_case(&whole, &rule, &Ties::Id, |case| {
            let found = bootstrap(case, 10, 1, &go_on).expect("samples");
            assert_eq!(found.funded, [0, 0]);
            let curve = noise_curve(case, &[0, 1_000], 10, 1, &go_on).expect("samples");
            assert!(curve.iter().all(|level| level.changed == 0));
        });
    }
    let none = election(&[], 5, &[]);
    with_case(&none, &plain(), &Ties::Id, |case| {
        let found = first_change(case, Change::Added).expect("a count");
        assert_eq!(found.expect("greedy").could_change(1_000), Answer::No);
        assert_eq!(rival_margins(case).expect("greedy"), []);
    });
}

#[test]
fn noise_grows() {
    let ballots = [(vec![0], 0, 60), (vec![1], 0, 50), (vec![1], 1, 3)];
    let whole = election(&[5, 5], 5, &ballots);
    let curve = with_case(&whole, &plain(), &Ties::Id, |case| {
        noise_curve(case, &[0, 20, 1_000], 400, 5, &go_on).expect("samples")
    });
    assert_eq!((curve[0].changed, curve[0].lost), (0, 0));
    assert!(curve[1].changed < curve[2].changed);
    // All ballots drawn anew: a draw of 110 that puts fewer than 56.5 on the first project.
    assert!((80..160).contains(&curve[2].changed), "{curve:?}");
    assert_eq!(u64::from(curve[2].changed), curve[2].lost);
}

/// Seven votes against six: one duplicate found changes nothing, as the tie is broken by cost.
#[test]
fn duplicates_and_keying_errors() {
    let ballots = [(vec![0], 0, 10), (vec![1], 0, 6)];
    let whole = election(&[5, 6], 6, &ballots);
    let ties = Ties::CostVotes {
        seed: String::new(),
    };
    let ask = |change, ballots| {
        with_case(&whole, &plain(), &ties, |case| {
            let found = first_change(case, change).expect("a count");
            found.expect("greedy").could_change(ballots)
        })
    };
    for (change, enough) in [
        (Change::Added, 5),
        (Change::Removed, 5),
        (Change::Replaced, 3),
    ] {
        assert_eq!(ask(change, enough - 1), Answer::No, "{change:?}");
        assert_eq!(ask(change, enough), Answer::Yes, "{change:?}");
    }
}

#[test]
fn other_rules_have_no_proven_margins() {
    let rule = equal_shares(Completion::None);
    with_case(&greedy3(), &rule, &Ties::Id, |case| {
        assert!(own_margins(case).is_none() && rival_margins(case).is_none());
        assert_eq!(first_change(case, Change::Added), Ok(None));
    });
}

/// On a real election the three limits are of the same order, and a count confirms the upper ones.
#[test]
fn margins_of_a_real_election() {
    let Some(folder) = pb::folder() else {
        println!("without the shared elections; small ones are tested above");
        return;
    };
    let path = folder.join("Poland_Lodz_2022_Baluty_Zachodnie.pb");
    let whole = pb::read(&path, &RankWeights::Borda);
    println!("{} distinct ballots", whole.profile().distinct());
    let rule = Rule::Greedy(Greedy {
        threshold: Some(50),
        ..Greedy::default()
    });
    with_case(&whole, &rule, &Ties::Id, |case| {
        let limit = |change| {
            let found = first_change(case, change).expect("a count");
            found.expect("a greedy rule")
        };
        let added = limit(Change::Added);
        assert_eq!(added.at_least, added.at_most);
        let own = own_margins(case).expect("a greedy rule");
        let losers = own.iter().filter(|margin| !margin.funded);
        let nearest = losers.filter_map(|margin| margin.votes.value()).min();
        assert_eq!(added.at_most, nearest);
        let replaced = limit(Change::Replaced);
        assert!(replaced.at_least <= added.at_least);
        assert!(replaced.at_most.is_some() && limit(Change::Removed).at_most.is_some());
    });
}

/// Free projects, no money, nobody, everybody: every question has an answer.
#[test]
fn nothing_is_too_odd() {
    const MANY: u64 = 1 << 40;
    const DEAR: u64 = 1_000_000_000_000;
    let odd = [
        election(&[0], 0, &[(vec![0], 0, 1)]),
        election(&[0, 5, 0], 0, &[(vec![], 1, 3), (vec![1, 2], 0, 2)]),
        election(&[5], 5, &[(vec![], 0, MANY)]),
        election(
            &[DEAR, DEAR, 1],
            DEAR,
            &[(vec![0, 2], 0, MANY / 2), (vec![1], 1, MANY / 2)],
        ),
        election(&[DEAR, 7], 8, &[(vec![0], 2, 1), (vec![1], 0, 1)]),
        of_points(&[3, 3, 3], 7, &[vec![1 << 20, 0, 1], vec![0, 1, 0]]),
    ];
    let rules = usual_rules().into_iter().map(|rule| match rule {
        Rule::EqualShares(_) => equal_shares(Completion::Greedy),
        other => other,
    });
    for (rule, whole) in rules.flat_map(|rule| odd.iter().map(move |e| (rule.clone(), e))) {
        let ties = Ties::CostVotes { seed: "s".into() };
        with_case(whole, &rule, &ties, |case| {
            let outcome = case.outcome().expect("a count");
            let limits = Limits {
                counts: 90,
                losers: 9,
            };
            let explained = explain(case, &outcome, limits, &go_on).expect("counts");
            let all = explained.winners.len() + explained.losers.len();
            assert_eq!(all, whole.projects().len());
            let found = bootstrap(case, 20, 1, &go_on).expect("samples");
            assert!(found.funded.iter().all(|times| *times <= 20));
            noise_curve(case, &[500], 20, 1, &go_on).expect("samples");
            let projects: Vec<usize> = (0..=all).collect();
            let margins = margins_by_counting(case, &outcome, &projects, 90, &go_on);
            assert_eq!(margins.expect("counts").len(), all);
            if let (Some(own), Some(rival)) = (own_margins(case), rival_margins(case)) {
                assert_eq!((own.len(), rival.len()), (all, all));
            }
            for change in [Change::Added, Change::Removed, Change::Replaced] {
                if let Some(found) = first_change(case, change).expect("a count") {
                    assert!(
                        found
                            .at_most
                            .is_none_or(|most| found.at_least <= Some(most))
                    );
                }
            }
        });
    }
}

#[test]
fn choices_are_complete() {
    assert_eq!(choices(3, 2, true).len(), 6);
    assert_eq!(choices(3, 2, false), [[0, 1], [0, 2], [1, 2]]);
    assert_eq!(marked(5, 3), [0, 2]);
}
