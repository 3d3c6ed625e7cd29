//! A ballot's figures in words and lengths.

use super::{chart, page::Page};
use crate::{
    domain::ballot::{AllocationRule, BallotMethod},
    tally::report::{BallotFigures, Outcome, ProjectFigures},
};

#[derive(Debug)]
pub(super) struct BallotBlock {
    pub anchor: String,
    pub text: String,
    pub method: String,
    pub rule: String,
    pub budget: String,
    pub spent: String,
    pub left: String,
    pub base: String,
    pub funded: Vec<(String, String)>,
    pub rows: Vec<ProjectRow>,
    pub channels: Vec<String>,
    pub hides_channels: bool,
    pub decisive_tie: bool,
}

#[derive(Debug)]
pub(super) struct ProjectRow {
    pub rank: u64,
    pub text: String,
    pub cost: String,
    pub votes: String,
    pub percent: String,
    pub length: String,
    pub outcome: String,
    pub is_funded: bool,
    pub by_channel: Vec<String>,
}

impl BallotBlock {
    pub fn new(anchor: String, text: String, figures: &BallotFigures, page: &Page) -> Self {
        let words = page.words;
        let money = |amount| words.money(&figures.currency, amount);
        let budget = money(figures.budget);
        let channels = figures.channels.as_deref().unwrap_or_default();
        Self {
            anchor,
            text,
            method: match figures.method {
                BallotMethod::Approval { limit } => words.t_count(
                    "results.method-approval",
                    u64::try_from(limit).unwrap_or(u64::MAX),
                    &[],
                ),
                BallotMethod::Knapsack => {
                    words.t_with("results.method-knapsack", &[("budget", &budget)])
                }
            },
            rule: match figures.rule {
                AllocationRule::Greedy => words.t("results.rule-greedy").to_owned(),
            },
            budget,
            spent: money(figures.spent),
            left: money(figures.left),
            base: words.t_count(
                "results.ballots",
                figures.base,
                &[("blank", &words.number(figures.blank))],
            ),
            funded: figures
                .projects
                .iter()
                .filter(|project| project.outcome == Outcome::Funded)
                .map(|project| (project.text.get(&page.lang).to_owned(), money(project.cost)))
                .collect(),
            rows: figures
                .projects
                .iter()
                .map(|project| ProjectRow::new(project, figures, page))
                .collect(),
            channels: channels
                .iter()
                .map(|channel| words.t(&format!("channel.{channel}")).to_owned())
                .collect(),
            hides_channels: figures.channels.is_none(),
            decisive_tie: figures.decisive_tie,
        }
    }
}

impl ProjectRow {
    fn new(project: &ProjectFigures, figures: &BallotFigures, page: &Page) -> Self {
        let words = page.words;
        let money = |amount| words.money(&figures.currency, amount);
        Self {
            rank: project.rank,
            text: project.text.get(&page.lang).to_owned(),
            cost: money(project.cost),
            votes: words.number(project.votes),
            percent: words.percent(project.percent),
            length: chart::length(project.votes, figures.base),
            outcome: match project.outcome {
                Outcome::Funded => words.t("outcome.funded").to_owned(),
                Outcome::DoesNotFit { left } => {
                    words.t_with("outcome.does-not-fit", &[("left", &money(left))])
                }
                Outcome::NoVotes => words.t("outcome.no-votes").to_owned(),
            },
            is_funded: project.outcome == Outcome::Funded,
            by_channel: project
                .by_channel
                .iter()
                .map(|votes| words.number(*votes))
                .collect(),
        }
    }
}
