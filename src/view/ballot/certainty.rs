//! How sure an outcome is: apart from the outcome itself, which is a count and has no range.

use super::reason;
use crate::{
    tally::report::{
        BallotAnalysis, BallotChange, BallotFigures, FirstChange, Needed, ProjectFigures, Repeats,
    },
    view::page::Page,
};

#[derive(Debug)]
pub(in crate::view) struct CertaintyBlock {
    pub anchor: String,
    pub text: String,
    /// What the repeats are, and in how many nothing changed.
    pub repeats: Option<String>,
    pub rows: Vec<CertaintyRow>,
    pub changes: Vec<String>,
    pub without: Vec<String>,
}

#[derive(Debug)]
pub(in crate::view) struct CertaintyRow {
    pub text: String,
    pub is_funded: bool,
    /// Votes on which the decision hangs.
    pub margin: String,
    pub funded: String,
}

impl CertaintyBlock {
    pub fn new(anchor: String, text: String, figures: &BallotFigures, page: &Page) -> Option<Self> {
        let analysis = figures.analysis.as_ref()?;
        Some(Self {
            anchor,
            text,
            repeats: analysis.repeats.as_ref().map(|all| repeats(all, page)),
            rows: figures
                .projects
                .iter()
                .map(|project| CertaintyRow::new(project, analysis, page))
                .collect(),
            changes: analysis
                .first_change
                .iter()
                .map(|change| first_change(*change, page))
                .collect(),
            without: without(analysis, figures, page),
        })
    }
}

impl CertaintyRow {
    fn new(project: &ProjectFigures, analysis: &BallotAnalysis, page: &Page) -> Self {
        let margin = analysis
            .margins
            .iter()
            .find(|margin| margin.key == project.key)
            .map(|margin| margin.votes);
        let is_funded = project.outcome.is_funded();
        let funded = analysis.repeats.as_ref().and_then(|all| {
            let (_, times) = all.funded.iter().find(|(key, _)| *key == project.key)?;
            Some(share_of_repeats(*times, all, page))
        });
        Self {
            text: project.text.get(&page.lang).to_owned(),
            is_funded,
            margin: margin.map_or_else(|| "–".to_owned(), |votes| in_words(votes, is_funded, page)),
            funded: funded.unwrap_or_else(|| "–".to_owned()),
        }
    }
}

fn in_words(votes: Needed<u64>, is_funded: bool, page: &Page) -> String {
    match votes {
        Needed::Found { value, .. } => {
            let key = if is_funded { "sure.fewer" } else { "sure.more" };
            page.words.t_count(key, value, &[])
        }
        Needed::Impossible => page.t("sure.no-number").to_owned(),
        Needed::NotFound => "–".to_owned(),
    }
}

/// “In none of 1,000” says more than a nought.
fn share_of_repeats(times: u32, all: &Repeats, page: &Page) -> String {
    let of = page.words.number(all.repeats.into());
    match times {
        0 => page.words.t_with("sure.in-none", &[("of", &of)]),
        times if times == all.repeats => page.words.t_with("sure.in-all", &[("of", &of)]),
        times => {
            let times = page.words.number(times.into());
            page.words
                .t_with("sure.in-some", &[("times", &times), ("of", &of)])
        }
    }
}

fn repeats(all: &Repeats, page: &Page) -> String {
    let numbers = [all.repeats, all.same_winners].map(|n| page.words.number(n.into()));
    let seed = all.seed.to_string();
    page.words.t_with(
        "sure.repeats",
        &[
            ("repeats", &numbers[0]),
            ("same", &numbers[1]),
            ("seed", &seed),
        ],
    )
}

fn first_change(found: FirstChange, page: &Page) -> String {
    let kind = match found.change {
        BallotChange::Added => "sure.added",
        BallotChange::Removed => "sure.removed",
        BallotChange::Replaced => "sure.replaced",
    };
    let number = |n: u64| page.words.number(n);
    let (key, values) = match (found.at_least, found.at_most) {
        (None, _) => ("never", vec![]),
        (Some(least), None) => ("at-least", vec![("least", number(least))]),
        (Some(least), Some(most)) if least == most => ("exactly", vec![("n", number(most))]),
        (Some(least), Some(most)) => {
            let values = vec![("least", number(least)), ("most", number(most))];
            ("between", values)
        }
    };
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    page.words.t_with(&format!("{kind}-{key}"), &values)
}

fn without(analysis: &BallotAnalysis, figures: &BallotFigures, page: &Page) -> Vec<String> {
    let names = |keys: &[crate::domain::key::OptionKey]| {
        let names: Vec<String> = keys
            .iter()
            .map(|key| reason::name(key, figures, page))
            .collect();
        page.words.list(&names)
    };
    analysis
        .without
        .iter()
        .map(|effect| {
            let channel = page.t(&format!("channel.{}", effect.channel)).to_owned();
            let (gained, lost) = (names(&effect.gained), names(&effect.lost));
            let key = match (effect.gained.is_empty(), effect.lost.is_empty()) {
                (true, true) => "sure.without-same",
                (true, false) => "sure.without-lost",
                (false, true) => "sure.without-gained",
                (false, false) => "sure.without-both",
            };
            let values = [
                ("channel", channel.as_str()),
                ("gained", &gained),
                ("lost", &lost),
            ];
            page.words.t_with(key, &values)
        })
        .collect()
}
