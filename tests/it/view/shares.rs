//! A ballot that equal shares decided, with all that follows from its ballots.

use countmein::{
    domain::{
        allocation::{
            Add1, AllocationRule, Comparison, Completion, EqualShares, GreedyPerCost, Phragmen,
            Rule,
        },
        channel::Channel,
        key::OptionKey,
    },
    tally::report::{
        BallotAnalysis, BallotChange, BallotFigures, Figures, FirstChange, LoserAnalysis, Margin,
        Needed, Outcome, Price, ProjectFigures, Repeats, Report, Satisfied, SpentOn, UnderRule,
        VoterShare, WithoutChannel,
    },
};

use super::samples::{money, report};

/// The report with its ballot decided by equal shares, and all that follows from the ballots.
pub fn by_equal_shares() -> Report {
    let mut report = report();
    for item in &mut report.items {
        if let Figures::Ballot(ballot) = &mut item.figures {
            *ballot = equal_shares(ballot.clone());
        }
    }
    report
}

fn equal_shares(ballot: BallotFigures) -> BallotFigures {
    let mut projects = ballot.projects.clone();
    let [first, second, third, fourth, fifth] = projects.as_mut_slice() else {
        panic!("five projects");
    };
    first.price = Some(Price {
        per_supporter: "9.84".to_owned(),
        effective_votes: "61.00".to_owned(),
    });
    second.outcome = Outcome::Completed;
    third.outcome = Outcome::SupportersShort {
        money: Some(money(12_345)),
    };
    fourth.outcome = Outcome::NotEligible;
    fifth.outcome = Outcome::BelowThreshold { threshold: 5 };
    let rule = AllocationRule::new(Rule::EqualShares(EqualShares {
        completion: Completion::Add1Greedy(Add1::default()),
        comparison: Some(Comparison::Satisfaction),
        eligibility: Some(3),
        ..EqualShares::default()
    }));
    BallotFigures {
        left_out: 12,
        share: Some(VoterShare {
            start: "18.00".to_owned(),
            last: "21.00".to_owned(),
            runs: 4,
            prefer: Some((40, 31)),
        }),
        analysis: Some(analysis(&projects, &rule)),
        projects,
        rule,
        ..ballot
    }
}

fn analysis(projects: &[ProjectFigures], rule: &AllocationRule) -> BallotAnalysis {
    let keys: Vec<OptionKey> = projects.iter().map(|p| p.key.clone()).collect();
    let margin = |place: usize, votes| Margin {
        key: keys[place].clone(),
        votes,
    };
    BallotAnalysis {
        people: Some(people()),
        losers: losers(&keys),
        rules: rules(&keys, rule),
        without: without(&keys),
        repeats: Some(Repeats {
            repeats: 1_000,
            seed: 7,
            funded: keys.iter().cloned().zip([1_000, 712, 288, 0]).collect(),
            same_winners: 640,
        }),
        first_change: [
            (BallotChange::Added, Some(3), Some(3)),
            (BallotChange::Removed, Some(3), Some(9)),
            (BallotChange::Replaced, Some(2), None),
            (BallotChange::Replaced, None, None),
        ]
        .map(|(change, at_least, at_most)| FirstChange {
            change,
            at_least,
            at_most,
        })
        .to_vec(),
        margins: vec![
            margin(0, found(1, true)),
            margin(2, found(12, true)),
            margin(3, Needed::Impossible),
        ],
    }
}

fn people() -> Satisfied {
    Satisfied {
        voters: 83,
        without_winner: 14,
        average_winners: "1.62".to_owned(),
    }
}

fn found<T>(value: T, exact: bool) -> Needed<T> {
    Needed::Found { value, exact }
}

fn losers(keys: &[OptionKey]) -> Vec<LoserAnalysis> {
    vec![
        LoserAnalysis {
            key: keys[2].clone(),
            more_votes: found(1, true),
            lower_cost: found(money(9_900), true),
            spent_on: vec![SpentOn {
                winner: keys[0].clone(),
                amount: money(30_000),
                people: 22,
            }],
            effective_support: Some(87),
        },
        LoserAnalysis {
            key: keys[3].clone(),
            more_votes: found(25, false),
            lower_cost: Needed::Impossible,
            spent_on: Vec::new(),
            effective_support: None,
        },
    ]
}

fn rules(keys: &[OptionKey], rule: &AllocationRule) -> Vec<UnderRule> {
    let phragmen = Rule::Phragmen(Phragmen::default());
    let per_cost = Rule::GreedyPerCost(GreedyPerCost::default());
    [
        (rule.clone(), &keys[..2]),
        (AllocationRule::greedy(), &keys[..3]),
        (AllocationRule::new(phragmen), &keys[..0]),
        (AllocationRule::new(per_cost), &keys[2..3]),
    ]
    .map(|(rule, winners)| UnderRule {
        rule,
        winners: winners.to_vec(),
        spent: money(120_000),
        people: people(),
    })
    .to_vec()
}

/// Every way in which leaving out a channel can come out.
fn without(keys: &[OptionKey]) -> Vec<WithoutChannel> {
    let (none, some) = (Vec::new(), |place: usize| vec![keys[place].clone()]);
    [
        (none.clone(), none.clone()),
        (some(2), none.clone()),
        (none, some(1)),
        (some(2), some(1)),
    ]
    .map(|(gained, lost)| WithoutChannel {
        channel: Channel::Postal,
        gained,
        lost,
    })
    .to_vec()
}
