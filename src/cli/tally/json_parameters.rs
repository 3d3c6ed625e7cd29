//! The parameters of a count, in the JSON object.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    domain::{money::Money, pb_file::VoteType},
    tally::budget::{
        profile::RankWeights,
        rule::{Cap, Comparison, Completion, Rule, Start, Stop, Utility},
    },
};

use super::{
    amount::{Number, Units},
    count::Counted,
    flags::channel_name,
    rule, words,
};

/// Every parameter; null where the rule has no such parameter.
#[derive(Serialize, Default)]
pub struct Parameters<'a> {
    utility: Option<Utility>,
    completion: Option<&'static str>,
    add1_start: Option<Start>,
    add1_stop: Option<Stop>,
    increment: Option<Number>,
    compare: Option<Comparison>,
    eligibility: Option<u64>,
    no_skip: Option<bool>,
    threshold: Option<Number>,
    category_caps: Option<BTreeMap<&'a str, Number>>,
    neighborhood_caps: Option<BTreeMap<&'a str, Number>>,
    fund_unsupported: bool,
    ties: String,
    lot_seed: Option<&'a str>,
    channel: Option<&'static str>,
    without_channel: Option<&'static str>,
    ballots_as: &'static str,
    rank_weights: Option<String>,
}

pub fn of<'a>(counted: &'a Counted) -> Parameters<'a> {
    let units = &counted.units;
    let flags = counted.ballots;
    let is_ranking =
        counted.scan.terms.vote_type == VoteType::Ordinal && flags.ballots_as.is_none();
    let caps = |caps: &'a [Cap]| -> Option<BTreeMap<&'a str, Number>> {
        let named = caps
            .iter()
            .map(|c| (c.name.as_str(), units.number(c.limit)));
        (!caps.is_empty()).then(|| named.collect())
    };
    let mut all = Parameters {
        ties: rule::ties_name(&counted.chosen.ties),
        lot_seed: rule::lot_seed(&counted.chosen.ties),
        channel: flags.channel.map(|c| channel_name(c.method())),
        without_channel: flags.without_channel.map(|c| channel_name(c.method())),
        ballots_as: if flags.ballots_as.is_some() {
            "approval"
        } else {
            counted.scan.terms.vote_type.as_str()
        },
        rank_weights: is_ranking.then(|| {
            let given = flags.rank_weights.as_ref();
            rank_weights(given.unwrap_or(&RankWeights::Borda))
        }),
        ..Parameters::default()
    };
    match &counted.chosen.rule {
        Rule::Greedy(options) => {
            all.no_skip = Some(options.no_skip);
            all.threshold = options.threshold.map(|t| counted.score(t));
            all.category_caps = caps(&options.category_caps);
            all.neighborhood_caps = caps(&options.neighborhood_caps);
            all.fund_unsupported = options.fund_unsupported;
        }
        Rule::GreedyPerCost(options) => all.fund_unsupported = options.fund_unsupported,
        Rule::EqualShares(options) => {
            all.utility = Some(options.utility);
            all.completion = Some(words::completion(&options.completion));
            all.compare = options.comparison;
            all.eligibility = options.eligibility;
            all.fund_unsupported = options.fund_unsupported;
            if let Completion::Add1(steps) | Completion::Add1Greedy(steps) = &options.completion {
                all.add1_start = Some(steps.start);
                all.add1_stop = Some(steps.stop);
                all.increment = Some(increment(steps.increment, units));
            }
        }
        Rule::Phragmen(options) => {
            all.completion = Some(if options.complete { "greedy" } else { "none" });
            all.fund_unsupported = options.fund_unsupported;
        }
    }
    all
}

fn increment(given: Option<Money>, units: &Units) -> Number {
    given.map_or_else(|| Number("1".to_owned()), |given| units.number(given))
}

fn rank_weights(weights: &RankWeights) -> String {
    match weights {
        RankWeights::Borda => "borda".to_owned(),
        RankWeights::BordaFromZero => "borda0".to_owned(),
        RankWeights::Places(points) => {
            let points: Vec<String> = points.iter().map(u32::to_string).collect();
            points.join(",")
        }
    }
}
