//! A ballot's figures in words and lengths.

use super::{reason, rule};
use crate::{
    domain::ballot::BallotMethod,
    tally::report::{BallotAnalysis, BallotFigures, ProjectFigures, Satisfied, UnderRule},
    view::{chart, page::Page},
};

#[derive(Debug)]
pub(in crate::view) struct BallotBlock {
    pub anchor: String,
    pub text: String,
    pub method: String,
    pub rule: String,
    pub budget: String,
    pub spent: String,
    pub left: String,
    pub base: String,
    /// While a rule that needs single ballots waits for the wave to close.
    pub undecided: Option<String>,
    /// People on count sheets whom the rule leaves out.
    pub left_out: Option<String>,
    pub funded: Vec<(String, String)>,
    pub rows: Vec<ProjectRow>,
    /// Whether projects have a price for each supporter.
    pub has_prices: bool,
    pub channels: Vec<String>,
    pub hidden_channels: Option<String>,
    pub tie: Option<String>,
    /// How many voters find a project of theirs among the funded ones.
    pub people: Option<String>,
    pub reasons: Vec<Reason>,
    pub rules: Vec<RuleRow>,
    pub has_analysis: bool,
}

#[derive(Debug)]
pub(in crate::view) struct ProjectRow {
    pub rank: u64,
    pub text: String,
    pub cost: String,
    pub votes: String,
    pub percent: String,
    pub length: String,
    pub outcome: String,
    pub is_funded: bool,
    pub effective_votes: String,
    pub price: String,
    pub by_channel: Vec<String>,
}

#[derive(Debug)]
pub(in crate::view) struct Reason {
    pub project: String,
    pub text: String,
}

/// The same ballots under one rule.
#[derive(Debug)]
pub(in crate::view) struct RuleRow {
    pub name: String,
    pub funded: String,
    pub spent: String,
    pub without_winner: String,
    pub average: String,
}

impl BallotBlock {
    pub fn new(anchor: String, text: String, figures: &BallotFigures, page: &Page) -> Self {
        let words = page.words;
        let money = |amount| words.money(&figures.currency, amount);
        let budget = money(figures.budget);
        let channels = figures.channels.as_deref().unwrap_or_default();
        let analysis = figures.analysis.as_ref();
        Self {
            anchor,
            text,
            method: method(figures.method, &budget, page),
            rule: rule::sentences(figures, page),
            budget,
            spent: money(figures.spent),
            left: money(figures.left),
            base: words.t_count(
                "results.ballots",
                figures.base,
                &[("blank", &words.number(figures.blank))],
            ),
            undecided: text_if(!figures.decided, "results.not-decided", page),
            left_out: (figures.left_out > 0)
                .then(|| words.t_count("results.left-out", figures.left_out, &[])),
            funded: figures
                .projects
                .iter()
                .filter(|project| project.outcome.is_funded())
                .map(|project| (project.text.get(&page.lang).to_owned(), money(project.cost)))
                .collect(),
            rows: figures
                .projects
                .iter()
                .map(|project| ProjectRow::new(project, figures, page))
                .collect(),
            has_prices: figures.projects.iter().any(|p| p.price.is_some()),
            channels: channels
                .iter()
                .map(|channel| words.t(&format!("channel.{channel}")).to_owned())
                .collect(),
            hidden_channels: text_if(figures.channels.is_none(), "results.hides-channels", page),
            tie: text_if(figures.decisive_tie, "results.tie", page),
            people: analysis
                .and_then(|analysis| analysis.people.as_ref())
                .map(|people| satisfied(people, page)),
            reasons: analysis.map_or_else(Vec::new, |analysis| reasons(analysis, figures, page)),
            rules: analysis.map_or_else(Vec::new, |analysis| rules(analysis, figures, page)),
            has_analysis: analysis.is_some(),
        }
    }
}

fn text_if(condition: bool, key: &str, page: &Page) -> Option<String> {
    condition.then(|| page.t(key).to_owned())
}

fn method(method: BallotMethod, budget: &str, page: &Page) -> String {
    match method {
        BallotMethod::Approval { limit } => page.words.t_count(
            "results.method-approval",
            u64::try_from(limit).unwrap_or(u64::MAX),
            &[],
        ),
        BallotMethod::Knapsack => page
            .words
            .t_with("results.method-knapsack", &[("budget", budget)]),
    }
}

fn satisfied(people: &Satisfied, page: &Page) -> String {
    let (without, voters) = (people.without_winner, people.voters);
    let number = |n| page.words.number(n);
    page.words.t_with(
        "results.satisfied",
        &[
            ("without", &number(without)),
            ("voters", &number(voters)),
            ("average", &decimal(&people.average_winners, page)),
        ],
    )
}

/// A figure with a decimal point, as the language writes it.
pub(super) fn decimal(figure: &str, page: &Page) -> String {
    figure.replace('.', page.t("format.point"))
}

/// In the order of the table, and only where there is something to say.
fn reasons(analysis: &BallotAnalysis, figures: &BallotFigures, page: &Page) -> Vec<Reason> {
    figures
        .projects
        .iter()
        .filter_map(|project| {
            let loser = analysis.losers.iter().find(|l| l.key == project.key)?;
            Some(Reason {
                project: project.text.get(&page.lang).to_owned(),
                text: reason::explanation(loser, figures, page),
            })
        })
        .filter(|reason| !reason.text.is_empty())
        .collect()
}

fn rules(analysis: &BallotAnalysis, figures: &BallotFigures, page: &Page) -> Vec<RuleRow> {
    let row = |(place, under): (usize, &UnderRule)| {
        let name = rule::name(&under.rule, page);
        let funded: Vec<String> = under
            .winners
            .iter()
            .map(|key| reason::name(key, figures, page))
            .collect();
        RuleRow {
            name: if place == 0 {
                page.words
                    .t_with("results.rule-of-this", &[("rule", &name)])
            } else {
                name
            },
            funded: page.words.list(&funded),
            spent: page.words.money(&figures.currency, under.spent),
            without_winner: page.words.number(under.people.without_winner),
            average: decimal(&under.people.average_winners, page),
        }
    };
    analysis.rules.iter().enumerate().map(row).collect()
}

impl ProjectRow {
    fn new(project: &ProjectFigures, figures: &BallotFigures, page: &Page) -> Self {
        let words = page.words;
        let price = project.price.as_ref();
        let or_dash = |figure: Option<&String>| {
            figure.map_or_else(|| "–".to_owned(), |figure| decimal(figure, page))
        };
        Self {
            rank: project.rank,
            text: project.text.get(&page.lang).to_owned(),
            cost: words.money(&figures.currency, project.cost),
            votes: words.number(project.votes),
            percent: words.percent(project.percent),
            length: chart::length(project.votes, figures.base),
            outcome: reason::outcome(&project.outcome, figures, page),
            is_funded: project.outcome.is_funded(),
            effective_votes: or_dash(price.map(|price| &price.effective_votes)),
            price: or_dash(price.map(|price| &price.per_supporter)),
            by_channel: project
                .by_channel
                .iter()
                .map(|votes| words.number(*votes))
                .collect(),
        }
    }
}
