//! The same ballots under other rules, and without the people of a channel.

use serde::Serialize;

use crate::domain::money::Money;

use super::{
    super::{
        case::{Case, CaseError, flags},
        counter::Counter,
        profile::Weights,
        rule::{Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Utility},
    },
    people::People,
};

/// What a rule makes of the ballots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderRule {
    pub rule: Rule,
    /// In the order of selection.
    pub winners: Vec<usize>,
    pub spent: Money,
    pub people: People,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub rules: Vec<UnderRule>,
    /// Projects that some of the rules fund and others do not.
    pub differing: Vec<usize>,
}

/// The rules that people usually want to see side by side: greedy, greedy per cost, equal shares with
/// costs as utility, and Phragmén, both completed by greedy.
pub fn usual_rules() -> [Rule; 4] {
    [
        Rule::Greedy(Greedy::default()),
        Rule::GreedyPerCost(GreedyPerCost::default()),
        Rule::EqualShares(EqualShares {
            utility: Utility::Cost,
            completion: Completion::Add1Greedy(Add1::default()),
            ..EqualShares::default()
        }),
        Rule::Phragmen(Phragmen {
            complete: true,
            ..Phragmen::default()
        }),
    ]
}

/// Counts the ballots of `case` under each of `rules`; the rule of the case itself plays no part.
pub fn compare_rules(case: &Case, rules: &[Rule]) -> Result<Comparison, CaseError> {
    let counter = Counter::new(case.election);
    let projects = case.election.projects();
    let mut funded_by = vec![0; projects.len()];
    let mut compared = Vec::new();
    for rule in rules {
        let winners = counter.winners(case.weights, rule, case.ties)?;
        for winner in &winners {
            funded_by[*winner] += 1;
        }
        let funded = flags(projects.len(), &winners);
        compared.push(UnderRule {
            rule: rule.clone(),
            spent: winners.iter().map(|winner| projects[*winner].cost).sum(),
            people: People::of(case.election, case.weights, &funded),
            winners,
        });
    }
    let differs = |project: &usize| (1..rules.len()).contains(&funded_by[*project]);
    Ok(Comparison {
        rules: compared,
        differing: (0..projects.len()).filter(differs).collect(),
    })
}

/// What changes if the people of a channel are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithoutChannel {
    pub channel: usize,
    /// People of the channel.
    pub people: u64,
    /// Projects that are funded without the channel and not with it.
    pub gained: Vec<usize>,
    /// Projects that are funded with the channel and not without it.
    pub lost: Vec<usize>,
}

/// One row for each channel with any people, while there are others left. The weights of the case
/// play no part: all people of all channels are compared with all but those of one.
pub fn without_channels(case: &Case) -> Result<Vec<WithoutChannel>, CaseError> {
    let profile = case.election.profile();
    let counter = Counter::new(case.election);
    let count = |weights: &Weights| {
        let winners = counter.winners(weights, case.rule, case.ties)?;
        Ok::<_, CaseError>(flags(profile.projects(), &winners))
    };
    let everyone = profile.everyone();
    let with = count(&everyone)?;
    let mut rows = Vec::new();
    for channel in 0..profile.channels() {
        let people = profile.channel(channel).map_or(0, Weights::voters);
        if people == 0 || people == everyone.voters() {
            continue;
        }
        let without = count(&profile.without(channel))?;
        let only_in = |a: &[bool], b: &[bool]| {
            let all = 0..profile.projects();
            all.filter(|project| a[*project] && !b[*project]).collect()
        };
        rows.push(WithoutChannel {
            channel,
            people,
            gained: only_in(&without, &with),
            lost: only_in(&with, &without),
        });
    }
    Ok(rows)
}
