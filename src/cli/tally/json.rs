//! The outcome as one JSON object: `docs/budget-rules.md` lists its fields.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    cli::CommandError,
    tally::budget::outcome::{Compared, Loser, Price, Stage, Tie, Winner},
};

use super::{
    amount::Number,
    count::{Counted, Extras},
    flags::channel_name,
    json_explain::{self, Explain},
    json_parameters::{self, Parameters},
    rule, words,
};

#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    input_sha256: &'a str,
    description: Option<&'a str>,
    rule: &'static str,
    parameters: Parameters<'a>,
    currency: Option<&'a str>,
    budget: Number,
    spent: Number,
    left: Number,
    projects: usize,
    voters: u64,
    empty_ballots: u64,
    channels: BTreeMap<&'static str, u64>,
    /// In the order of selection.
    winners: Vec<&'a str>,
    rounds: Vec<Round<'a>>,
    losers: Vec<LoserRow<'a>>,
    ties: Vec<TieRow<'a>>,
    decisive_tie: bool,
    endowment: Option<EndowmentRow>,
    comparison: Option<Compared>,
    warnings: BTreeMap<&'static str, u64>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    bootstrap: Option<BootstrapRow<'a>>,
    #[serde(flatten)]
    explain: Option<Explain<'a>>,
}

#[derive(Serialize)]
struct Round<'a> {
    #[serde(rename = "round")]
    number: usize,
    project: &'a str,
    name: Option<&'a str>,
    cost: Number,
    votes: u64,
    score: Number,
    stage: Stage,
    /// Equal shares.
    effective_votes: Option<Number>,
    price_per_supporter: Option<Number>,
    price_per_supporter_exact: Option<String>,
    paid_in_full: Option<u64>,
    paid_all_they_had: Option<u64>,
    /// Phragmén.
    load: Option<Number>,
    tied: Vec<&'a str>,
}

#[derive(Serialize)]
struct LoserRow<'a> {
    id: &'a str,
    name: Option<&'a str>,
    cost: Number,
    votes: u64,
    score: Number,
    reason: &'static str,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<json_explain::LoserExplain<'a>>,
}

#[derive(Serialize)]
struct TieRow<'a> {
    round: usize,
    stage: Stage,
    chosen: &'a str,
    others: Vec<&'a str>,
    decisive: bool,
}

#[derive(Serialize)]
struct EndowmentRow {
    start: Number,
    #[serde(rename = "final")]
    last: Number,
    same_winners_from: Number,
    start_exact: String,
    final_exact: String,
    runs: u64,
}

#[derive(Serialize)]
struct BootstrapRow<'a> {
    repeats: u32,
    seed: u64,
    same_winners: u32,
    funded: BTreeMap<&'a str, u32>,
}

pub fn write(counted: &Counted, extras: &Extras, notes: &[String]) -> Result<String, CommandError> {
    let mut text = serde_json::to_string_pretty(&document(counted, extras, notes))?;
    text.push('\n');
    Ok(text)
}

fn document<'a>(counted: &'a Counted, extras: &'a Extras, notes: &'a [String]) -> Document<'a> {
    let Counted { outcome, units, .. } = counted;
    let explained = extras.explained.as_ref();
    Document {
        file: &counted.name,
        input_sha256: &counted.sha256,
        description: counted.scan.meta.get("description"),
        rule: rule::name(&counted.chosen.rule),
        parameters: json_parameters::of(counted),
        currency: units.currency(),
        budget: units.number(counted.file.election.budget()),
        spent: units.number(outcome.spent),
        left: units.number(outcome.left),
        projects: counted.scan.projects.len(),
        voters: counted.weights.voters(),
        empty_ballots: counted.weights.empty(),
        channels: counted
            .channels()
            .map(|(method, people)| (channel_name(method), people))
            .collect(),
        winners: counted.ids(&outcome.funded()),
        rounds: outcome.winners.iter().map(|w| round(counted, w)).collect(),
        losers: outcome
            .losers
            .iter()
            .enumerate()
            .map(|(place, loser)| LoserRow {
                explain: explained
                    .map(|e| json_explain::loser(counted, &e.explanation.losers[place])),
                ..loser_row(counted, loser)
            })
            .collect(),
        ties: outcome
            .ties
            .iter()
            .map(|tie| tie_row(counted, tie))
            .collect(),
        decisive_tie: outcome.decisive_tie(),
        endowment: endowment(counted),
        comparison: outcome.comparison,
        warnings: counted
            .scan
            .findings
            .counts()
            .map(|(code, count)| (code.as_str(), count))
            .collect(),
        notes,
        bootstrap: extras.bootstrap.as_ref().map(|found| BootstrapRow {
            repeats: found.repeats,
            seed: found.seed,
            same_winners: found.same_winners,
            funded: found
                .funded
                .iter()
                .enumerate()
                .map(|(project, times)| (counted.id(project), *times))
                .collect(),
        }),
        explain: explained.map(|explained| json_explain::of(counted, explained)),
    }
}

fn round<'a>(counted: &'a Counted, winner: &Winner) -> Round<'a> {
    let units = &counted.units;
    let mut round = Round {
        number: winner.round,
        project: counted.id(winner.project),
        name: counted.name_of(winner.project),
        cost: counted.cost(winner.project),
        votes: winner.votes,
        score: counted.score(winner.points),
        stage: winner.stage,
        effective_votes: None,
        price_per_supporter: None,
        price_per_supporter_exact: None,
        paid_in_full: None,
        paid_all_they_had: None,
        load: None,
        tied: counted.ids(&winner.tied),
    };
    match &winner.price {
        Some(Price::Shares {
            per_point,
            effective_votes,
            full,
            poor,
        }) => {
            round.effective_votes = Some(Number::rounded(effective_votes));
            round.price_per_supporter = Some(units.fraction(per_point));
            round.price_per_supporter_exact = Some(units.exact(per_point));
            round.paid_in_full = Some(*full);
            round.paid_all_they_had = Some(*poor);
        }
        Some(Price::Load { load }) => round.load = Some(units.fraction(load)),
        None => {}
    }
    round
}

fn loser_row<'a>(counted: &'a Counted, loser: &Loser) -> LoserRow<'a> {
    LoserRow {
        id: counted.id(loser.project),
        name: counted.name_of(loser.project),
        cost: counted.cost(loser.project),
        votes: loser.votes,
        score: counted.score(loser.points),
        reason: words::reason_code(&loser.reason),
        sentence: words::reason(counted, loser),
        explain: None,
    }
}

fn tie_row<'a>(counted: &'a Counted, tie: &Tie) -> TieRow<'a> {
    TieRow {
        round: tie.round,
        stage: tie.stage,
        chosen: counted.id(tie.chosen),
        others: counted.ids(&tie.others),
        decisive: tie.decisive,
    }
}

fn endowment(counted: &Counted) -> Option<EndowmentRow> {
    let found = counted.outcome.endowment.as_ref()?;
    let units = &counted.units;
    Some(EndowmentRow {
        start: units.fraction(&found.start),
        last: units.fraction(&found.last),
        same_winners_from: units.fraction(&found.same_from),
        start_exact: units.exact(&found.start),
        final_exact: units.exact(&found.last),
        runs: found.runs,
    })
}
