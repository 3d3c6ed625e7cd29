//! What `--explain` adds to the JSON object.

use serde::Serialize;

use crate::{
    domain::money::Money,
    tally::budget::{
        certainty::{Change, OwnMargin},
        explain::{LoserExplained, Needed, People, UnderRule},
        outcome::Exact,
        rule::Rule,
    },
};

use super::{
    amount::Number,
    count::{Counted, Explained},
    flags::channel_name,
    words,
};
use crate::domain::pb_file::VotingMethod;

#[derive(Serialize)]
pub struct Explain<'a> {
    people: PeopleRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    funding_line: Option<Vec<LineRow<'a>>>,
    /// Points that one more vote was taken to be.
    points_of_a_vote: u64,
    rules: Vec<RuleRow<'a>>,
    rules_differ_on: Vec<&'a str>,
    rules_not_counted: &'a [String],
    channels_left_out: Vec<ChannelRow<'a>>,
    margins: Vec<MarginRow<'a>>,
    first_change: Vec<ChangeRow>,
}

#[derive(Serialize)]
struct PeopleRow {
    voters: u64,
    empty_ballots: u64,
    without_winner: u64,
    average_winners: Option<Number>,
    average_amount: Option<Number>,
    /// By number of funded projects that a voter supports, from 0.
    with_winners: Vec<u64>,
}

#[derive(Serialize)]
struct LineRow<'a> {
    project: &'a str,
    score: Number,
    cost: Number,
    funded: bool,
    left: Number,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    rule: &'a Rule,
    label: String,
    winners: Vec<&'a str>,
    spent: Number,
    without_winner: u64,
    average_winners: Option<Number>,
}

#[derive(Serialize)]
struct ChannelRow<'a> {
    channel: &'static str,
    ballots: u64,
    gained: Vec<&'a str>,
    lost: Vec<&'a str>,
}

#[derive(Serialize)]
struct MarginRow<'a> {
    project: &'a str,
    funded: bool,
    #[serde(flatten)]
    votes: NeededRow,
}

#[derive(Serialize)]
struct ChangeRow {
    ballots: Change,
    at_least: Option<u64>,
    at_most: Option<u64>,
}

/// What a search found: a value, or why there is none.
#[derive(Serialize)]
struct NeededRow {
    value: Option<Number>,
    /// Whether it is certainly the smallest change that is enough.
    exact: bool,
    found: &'static str,
}

#[derive(Serialize)]
pub struct LoserExplain<'a> {
    votes_needed: NeededRow,
    cost_needed: NeededRow,
    effective_support: Option<Number>,
    supporters_left: Option<Number>,
    spent_on: Vec<SpentRow<'a>>,
}

#[derive(Serialize)]
struct SpentRow<'a> {
    project: &'a str,
    amount: Number,
    people: u64,
}

fn needed<T: Copy>(found: &Needed<T>, number: impl Fn(T) -> Number) -> NeededRow {
    NeededRow {
        value: found.value().map(number),
        exact: matches!(found, Needed::Found { exact: true, .. }),
        found: match found {
            Needed::Found { .. } => "found",
            Needed::Impossible => "impossible",
            Needed::LimitReached => "limit-reached",
        },
    }
}

fn count(number: u64) -> Number {
    Number(number.to_string())
}

pub fn loser<'a>(counted: &'a Counted, explained: &'a LoserExplained) -> LoserExplain<'a> {
    let units = &counted.units;
    let support = explained.support.as_ref();
    let spent = support.map_or(&[][..], |support| &support.spent_on);
    LoserExplain {
        votes_needed: needed(&explained.votes_needed, count),
        cost_needed: needed(&explained.cost_needed, |cost: Money| units.number(cost)),
        effective_support: support
            .and_then(|support| support.effective_support.as_ref())
            .map(Number::rounded),
        supporters_left: support.map(|support| units.fraction(&support.left)),
        spent_on: spent
            .iter()
            .map(|spent| SpentRow {
                project: counted.id(spent.winner),
                amount: units.fraction(&spent.amount),
                people: spent.people,
            })
            .collect(),
    }
}

pub fn of<'a>(counted: &'a Counted, explained: &'a Explained) -> Explain<'a> {
    let explanation = &explained.explanation;
    Explain {
        people: people(counted, &explanation.people),
        funding_line: explanation.funding_line.as_ref().map(|lines| {
            let rows = lines.iter().map(|line| LineRow {
                project: counted.id(line.project),
                score: counted.score(line.points),
                cost: counted.cost(line.project),
                funded: line.funded,
                left: counted.units.number(line.left),
            });
            rows.collect()
        }),
        points_of_a_vote: explanation.mark.into(),
        rules: explained
            .rules
            .rules
            .iter()
            .map(|r| rule(counted, r))
            .collect(),
        rules_differ_on: counted.ids(&explained.rules.differing),
        rules_not_counted: &explained.failed,
        channels_left_out: explained
            .channels
            .iter()
            .map(|row| ChannelRow {
                channel: channel_name(VotingMethod::ALL[row.channel]),
                ballots: row.people,
                gained: counted.ids(&row.gained),
                lost: counted.ids(&row.lost),
            })
            .collect(),
        margins: explained
            .margins
            .iter()
            .map(|m| margin(counted, m))
            .collect(),
        first_change: explained
            .changes
            .iter()
            .map(|change| ChangeRow {
                ballots: change.change,
                at_least: change.at_least,
                at_most: change.at_most,
            })
            .collect(),
    }
}

fn people(counted: &Counted, people: &People) -> PeopleRow {
    let amount = |amount: &Exact| counted.units.fraction(amount);
    PeopleRow {
        voters: people.voters,
        empty_ballots: people.empty,
        without_winner: people.without_winner,
        average_winners: people.average_winners.as_ref().map(Number::rounded),
        average_amount: people.average_amount.as_ref().map(amount),
        with_winners: people.satisfied.clone(),
    }
}

fn rule<'a>(counted: &'a Counted, under: &'a UnderRule) -> RuleRow<'a> {
    RuleRow {
        rule: &under.rule,
        label: words::short_rule(&under.rule),
        winners: counted.ids(&under.winners),
        spent: counted.units.number(under.spent),
        without_winner: under.people.without_winner,
        average_winners: under.people.average_winners.as_ref().map(Number::rounded),
    }
}

fn margin<'a>(counted: &'a Counted, margin: &OwnMargin) -> MarginRow<'a> {
    MarginRow {
        project: counted.id(margin.project),
        funded: margin.funded,
        votes: needed(&margin.votes, count),
    }
}
