//! An election out of a Pabulib file, with the rule that the file says was used.

use crate::domain::{
    money::{Currency, Money, MoneyError},
    pb_file::{Decimal, MAX_SCALE, Project as PbProject, Scan, VoteType, VotingMethod},
};

use super::{
    election::{Election, ElectionError},
    profile::{BallotKind, Profile, ProfileBuilder, ProfileError, RankWeights},
    project::{Project, ProjectId, ProjectIdError},
    rule::{Add1, Cap, Comparison, Completion, EqualShares, Greedy, Rule},
};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FromPbError {
    #[error("the budget or the cost of a project cannot be counted: {0}")]
    Money(#[from] MoneyError),
    #[error(transparent)]
    ProjectId(#[from] ProjectIdError),
    #[error("ballot number {ballot} cannot be counted: {error}")]
    Ballot { ballot: usize, error: ProfileError },
    #[error("ballot number {0} gives a project less than no points, which no rule can count")]
    NegativePoints(usize),
    #[error(transparent)]
    Election(#[from] ElectionError),
}

/// What a tally needs of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromPb {
    /// Projects in the order of the file; channels in that of [`VotingMethod::ALL`].
    pub election: Election,
    /// None where the file names none that we know how to write.
    pub currency: Option<Currency>,
    /// The rule that the file names, with its parameters; none where it is unknown or one of a kind.
    pub rule: Option<Rule>,
    /// Decimal places that the points of the ballots had before they were made whole.
    pub points_scale: u8,
}

/// How marks on ballots become points, where there is a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// For ordinal ballots.
    pub rank_weights: RankWeights,
    /// One point for every project that has any, whatever the kind of ballot.
    pub as_approvals: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            rank_weights: RankWeights::Borda,
            as_approvals: false,
        }
    }
}

/// Makes an election of the ballots that were handed in by a method that `counts`.
///
/// An approval is one point. Of a ranking of `k` projects the first gets `k` points, the last 1.
/// Points with decimals become whole by the smallest power of ten that makes all of them whole; no
/// rule's outcome depends on it, and the threshold of the suggested rule is raised with them.
/// A project that was withdrawn costs more than the budget, so that no rule funds it.
pub fn from_pb(
    scan: &Scan<'_>,
    counts: impl Fn(VotingMethod) -> bool,
) -> Result<FromPb, FromPbError> {
    from_pb_read_as(scan, &Reading::default(), counts)
}

/// The same, with another reading of rankings and points.
pub fn from_pb_read_as(
    scan: &Scan<'_>,
    reading: &Reading,
    counts: impl Fn(VotingMethod) -> bool,
) -> Result<FromPb, FromPbError> {
    let currency = scan
        .meta
        .get("currency")
        .and_then(|code| Currency::new(code).ok());
    let scale = MoneyScale::of(scan, currency.as_ref());
    let budget = scale.money(scan.terms.budget)?;
    let projects = scan
        .projects
        .iter()
        .map(|project| of_project(project, budget, &scale))
        .collect::<Result<Vec<Project>, FromPbError>>()?;
    let mut profile = profile(scan, reading, counts)?;
    if reading.as_approvals {
        profile = profile.as_approvals();
    }
    let election = Election::new(projects, budget, scale.unit, profile)?;
    let has_points = scan.terms.vote_type.has_points() && !reading.as_approvals;
    let points_scale = if has_points {
        scan.ballots.points_scale()
    } else {
        0
    };
    Ok(FromPb {
        election,
        currency,
        rule: rule(scan, &scale, points_scale)?,
        points_scale,
    })
}

/// How many units of our money one unit of the file is.
struct MoneyScale {
    factor: u64,
    /// Our units in one of the currency.
    unit: u64,
}

impl MoneyScale {
    /// As many decimal places as the currency has, and more only where the file has more.
    fn of(scan: &Scan<'_>, currency: Option<&Currency>) -> Self {
        let in_file = u32::from(scan.terms.money_scale);
        let places = currency.map_or(2, Currency::minor_digits).max(in_file);
        Self {
            factor: 10_u64.pow(places - in_file),
            unit: 10_u64.pow(places),
        }
    }

    fn money(&self, amount: u64) -> Result<Money, MoneyError> {
        let minor = amount.checked_mul(self.factor);
        Money::from_minor(minor.ok_or(MoneyError::TooLarge)?)
    }
}

fn of_project(
    project: &PbProject,
    budget: Money,
    scale: &MoneyScale,
) -> Result<Project, FromPbError> {
    let cost = if project.is_withdrawn {
        Money::from_minor(budget.minor().saturating_add(1))?
    } else {
        scale.money(project.cost)?
    };
    Ok(Project {
        categories: project.categories.clone(),
        neighborhoods: project.neighborhood.iter().cloned().collect(),
        ..Project::new(ProjectId::new(project.id.as_str())?, cost)
    })
}

fn profile(
    scan: &Scan<'_>,
    reading: &Reading,
    counts: impl Fn(VotingMethod) -> bool,
) -> Result<Profile, FromPbError> {
    let kind = match scan.terms.vote_type {
        // A ballot with more than one choice was reported when it was read; it counts all the same.
        VoteType::Approval | VoteType::ChooseOne => BallotKind::Approval,
        VoteType::Ordinal => BallotKind::Ranking {
            weights: reading.rank_weights.clone(),
        },
        VoteType::Cumulative => BallotKind::Cumulative,
        VoteType::Scoring => BallotKind::Scoring,
    };
    let mut builder = ProfileBuilder::new(scan.projects.len());
    let mut chosen: Vec<usize> = Vec::new();
    let mut points: Vec<u64> = Vec::new();
    for (place, ballot) in scan.ballots.iter().enumerate() {
        if !counts(ballot.method) {
            continue;
        }
        let number = place + 1;
        chosen.clear();
        chosen.extend(ballot.projects.iter().map(|project| *project as usize));
        points.clear();
        if scan.terms.vote_type.has_points() {
            for given in ballot.points {
                let given = u64::try_from(*given);
                points.push(given.map_err(|_| FromPbError::NegativePoints(number))?);
            }
        }
        builder
            .add(&kind, &chosen, &points, ballot.method.index(), 1)
            .map_err(|error| FromPbError::Ballot {
                ballot: number,
                error,
            })?;
    }
    Ok(builder.build())
}

/// The rule of META, as `pabulib.org` names them.
fn rule(scan: &Scan<'_>, scale: &MoneyScale, points_scale: u8) -> Result<Option<Rule>, MoneyError> {
    let least = scan.terms.min_project_score_threshold;
    let greedy = Greedy {
        threshold: least.and_then(|least| whole_points(least, points_scale)),
        category_caps: caps(
            &scan.terms.categories,
            &scan.terms.budget_per_category,
            scale,
        )?,
        neighborhood_caps: caps(
            &scan.terms.neighborhoods,
            &scan.terms.budget_per_neighborhood,
            scale,
        )?,
        ..Greedy::default()
    };
    let shares = |completion, comparison| {
        Some(Rule::EqualShares(EqualShares {
            completion,
            comparison,
            ..EqualShares::default()
        }))
    };
    let add1 = || Completion::Add1(Add1::default());
    Ok(match scan.meta.get("rule") {
        Some("greedy" | "greedy-threshold") => Some(Rule::Greedy(greedy)),
        // Custom rules are nearly always greedy without skipping, with a local twist.
        Some("greedy-no-skip" | "greedy-custom") => Some(Rule::Greedy(Greedy {
            no_skip: true,
            ..greedy
        })),
        Some("greedy-exclusive") => Some(Rule::Greedy(Greedy {
            exclusive_groups: true,
            ..greedy
        })),
        Some("equalshares") => shares(Completion::None, None),
        Some("equalshares/add1") => shares(add1(), None),
        Some("equalshares/add1-comparison") => shares(add1(), Some(Comparison::Satisfaction)),
        _ => None,
    })
}

/// A number of points in units of `10^-points_scale`. Half a unit more than a whole number asks for
/// the next whole one, and less than nothing for nothing. None if it is too large to be reached.
pub fn whole_points(points: Decimal, points_scale: u8) -> Option<u64> {
    let points = u64::try_from(points.at_scale(MAX_SCALE)?).unwrap_or(0);
    let places = MAX_SCALE.saturating_sub(points_scale);
    Some(points.div_ceil(10_u64.pow(u32::from(places))))
}

fn caps(names: &[String], limits: &[u64], scale: &MoneyScale) -> Result<Vec<Cap>, MoneyError> {
    names
        .iter()
        .zip(limits)
        .map(|(name, limit)| {
            Ok(Cap {
                name: name.clone(),
                limit: scale.money(*limit)?,
            })
        })
        .collect()
}
