//! A ballot of ours as a Pabulib file, for other programs to count again.
//!
//! The ballots come in an order that follows from what is on them, so that the file says nothing of
//! when or by whom a ballot was cast.

use std::collections::BTreeSet;

use crate::domain::{
    allocation::{Add1, Cap, Comparison, Completion, Rule, Utility},
    ballot::{BallotForm, BallotMethod, Project},
    channel::Channel,
    moment::Moment,
    money::Money,
    pb_file::{Meta, MetaError, PbFile, Table, TableError},
    survey::Survey,
    text::Lang,
    wave::WaveSpec,
};

use super::{budget::outcome::Outcome, patterns::Said};

#[derive(Debug, thiserror::Error)]
pub enum ToPbError {
    #[error(transparent)]
    Meta(#[from] MetaError),
    #[error(transparent)]
    Table(#[from] TableError),
}

/// What stands in the file beside the ballots.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'a> {
    pub survey: &'a Survey,
    pub wave: &'a WaveSpec,
    pub form: &'a BallotForm,
    pub country: &'a str,
    pub unit: &'a str,
    /// Whether each ballot says on which channel it came. Not where a channel is small.
    pub with_channels: bool,
}

/// `merged` are the single ballots, and `outcome` what the rule of the ballot made of them.
pub fn pb_file(
    heading: &Heading,
    merged: &[(Vec<Said>, [u64; 3])],
    outcome: &Outcome,
) -> Result<PbFile, ToPbError> {
    let votes = votes(heading, merged)?;
    Ok(PbFile {
        meta: meta(heading, votes.len())?,
        projects: projects(heading, merged, outcome)?,
        votes,
    })
}

fn meta(heading: &Heading, ballots: usize) -> Result<Meta, ToPbError> {
    let Heading {
        survey, wave, form, ..
    } = heading;
    let lang = Lang::first_of(&survey.languages);
    let mut meta = Meta::new();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    meta.push("description", one_line(survey.title.get(&lang)))?;
    meta.push("country", heading.country)?;
    meta.push("unit", heading.unit)?;
    meta.push("instance", wave.name.to_string())?;
    meta.push("num_projects", form.projects.len().to_string())?;
    meta.push("num_votes", ballots.to_string())?;
    meta.push("budget", amount(form, form.budget))?;
    meta.push("vote_type", vote_type(form))?;
    meta.push("rule", rule(&form.rule.rule))?;
    meta.push("date_begin", date(wave, wave.opens))?;
    meta.push("date_end", date(wave, wave.closes))?;
    match form.method {
        BallotMethod::Approval { limit } => meta.push("max_length", limit.to_string())?,
        BallotMethod::Knapsack => meta.push("max_sum_cost", amount(form, form.budget))?,
    }
    if let Rule::Greedy(greedy) = &form.rule.rule {
        if let Some(threshold) = greedy.threshold {
            meta.push("min_project_score_threshold", threshold.to_string())?;
        }
        let categories = form.projects.iter().flat_map(|p| &p.categories);
        let (names, limits) = caps(form, categories, &greedy.category_caps);
        if !greedy.category_caps.is_empty() {
            meta.push("categories", names)?;
            meta.push("budget_per_category", limits)?;
        }
        let places = form.projects.iter().flat_map(|p| &p.neighbourhoods);
        let (names, limits) = caps(form, places, &greedy.neighborhood_caps);
        if !greedy.neighborhood_caps.is_empty() {
            meta.push("neighborhoods", names)?;
            meta.push("budget_per_neighborhood", limits)?;
        }
    }
    meta.push("language", lang.as_str())?;
    meta.push("currency", form.currency.code())?;
    Ok(meta)
}

/// Names and caps as the format writes them: two lists of the same length. What has no cap of its own
/// is capped by the budget.
fn caps<'a>(
    form: &BallotForm,
    used: impl Iterator<Item = &'a String>,
    caps: &'a [Cap],
) -> (String, String) {
    let names: BTreeSet<&str> = used
        .chain(caps.iter().map(|cap| &cap.name))
        .map(String::as_str)
        .collect();
    let limits = names.iter().map(|name| {
        let cap = caps.iter().find(|cap| cap.name == *name);
        amount(form, cap.map_or(form.budget, |cap| cap.limit))
    });
    let limits: Vec<String> = limits.collect();
    let names: Vec<&str> = names.into_iter().collect();
    (names.join(","), limits.join(","))
}

fn vote_type(form: &BallotForm) -> &'static str {
    match form.method {
        BallotMethod::Approval { limit: 1 } => "choose-1",
        BallotMethod::Approval { .. } | BallotMethod::Knapsack => "approval",
    }
}

/// The name that the format has for the rule. It has none for greedy by cost and for Phragmén, and
/// none for equal shares with conditions that the cities did not use: whoever counted such a file by
/// a name would find other winners.
fn rule(rule: &Rule) -> &'static str {
    match rule {
        Rule::Greedy(greedy) if greedy.no_skip => "greedy-no-skip",
        Rule::Greedy(greedy) if greedy.exclusive_groups => "greedy-exclusive",
        Rule::Greedy(greedy) if greedy.threshold.is_some() => "greedy-threshold",
        Rule::Greedy(_) => "greedy",
        Rule::EqualShares(shares)
            if shares.eligibility.is_none() && shares.utility == Utility::Cost =>
        {
            let as_in_cities = Completion::Add1(Add1::default());
            match (&shares.completion, shares.comparison) {
                (Completion::None, None) => "equalshares",
                (add1, None) if *add1 == as_in_cities => "equalshares/add1",
                (add1, Some(Comparison::Satisfaction)) if *add1 == as_in_cities => {
                    "equalshares/add1-comparison"
                }
                _ => "unknown",
            }
        }
        Rule::EqualShares(_) | Rule::GreedyPerCost(_) | Rule::Phragmen(_) => "unknown",
    }
}

/// In units of the currency, with as many decimals as it has unless they are noughts.
fn amount(form: &BallotForm, amount: Money) -> String {
    let digits = form.currency.minor_digits();
    let unit = 10_u64.pow(digits);
    let (whole, rest) = (amount.minor() / unit, amount.minor() % unit);
    if rest == 0 {
        whole.to_string()
    } else {
        let width = digits as usize;
        format!("{whole}.{rest:0width$}")
    }
}

/// As people of the place read it: `10.04.2012`.
fn date(wave: &WaveSpec, moment: Moment) -> String {
    let shifted = moment.millis() + i64::from(wave.offset_minutes) * 60_000;
    let day = Moment::from_millis(shifted).day();
    let month = u8::from(day.month());
    format!("{:02}.{month:02}.{}", day.day(), day.year())
}

fn projects(
    heading: &Heading,
    merged: &[(Vec<Said>, [u64; 3])],
    outcome: &Outcome,
) -> Result<Table, ToPbError> {
    let Heading { survey, form, .. } = heading;
    let lang = Lang::first_of(&survey.languages);
    let mut votes = vec![0_u64; form.projects.len()];
    for (said, people) in merged {
        if let [Said::Marks(marks)] = said.as_slice() {
            for project in marks {
                votes[*project] += people.iter().sum::<u64>();
            }
        }
    }
    let funded = outcome.funded();
    // Other programs refuse a column of empty cells.
    let any = |has: fn(&Project) -> bool| form.projects.iter().any(has);
    let with_category = any(|project| !project.categories.is_empty());
    let with_place = any(|project| !project.neighbourhoods.is_empty());
    let mut columns = vec!["project_id", "cost", "votes", "name"];
    columns.extend(with_category.then_some("category"));
    columns.push("selected");
    columns.extend(with_place.then_some("neighborhood"));
    let mut table = Table::new(columns)?;
    for (place, project) in form.projects.iter().enumerate() {
        let selected = if funded.contains(&place) { "1" } else { "0" };
        let mut cells = vec![
            project.key.to_string(),
            amount(form, project.cost),
            votes[place].to_string(),
            project.text.get(&lang).to_owned(),
        ];
        cells.extend(with_category.then(|| project.categories.join(",")));
        cells.push(selected.to_owned());
        cells.extend(with_place.then(|| project.neighbourhoods.join(",")));
        table.push(&cells)?;
    }
    Ok(table)
}

fn votes(heading: &Heading, merged: &[(Vec<Said>, [u64; 3])]) -> Result<Table, ToPbError> {
    let form = heading.form;
    let mut table = if heading.with_channels {
        Table::new(["voter_id", "vote", "voting_method"])?
    } else {
        Table::new(["voter_id", "vote"])?
    };
    let mut voter = 0_u64;
    for (said, people) in merged {
        let [Said::Marks(marks)] = said.as_slice() else {
            continue;
        };
        let names: Vec<&str> = marks
            .iter()
            .map(|project| form.projects[*project].key.as_str())
            .collect();
        let vote = names.join(",");
        for channel in Channel::ALL {
            for _ in 0..people[channel.index()] {
                voter += 1;
                let number = voter.to_string();
                let cells = [number.as_str(), &vote, voting_method(channel)];
                let width = if heading.with_channels { 3 } else { 2 };
                table.push(&cells[..width])?;
            }
        }
    }
    Ok(table)
}

/// The format knows two ways; cards of a meeting are paper.
fn voting_method(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "internet",
        Channel::Postal | Channel::Meeting => "paper",
    }
}
