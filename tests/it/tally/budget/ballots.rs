//! Ballots become points, and equal ballots become one.

use countmein::tally::budget::{
    counter::{CountError, Counter},
    election::{Election, ElectionError},
    profile::{
        BallotKind, MAX_POINTS, MAX_VOTERS, Mark, Profile, ProfileBuilder, ProfileError,
        RankWeights, Weights,
    },
    project::{Project, ProjectId},
    rule::{EqualShares, Greedy, Rule, Ties},
};

use super::support::{id, money};

fn one(kind: &BallotKind, chosen: &[usize], points: &[u64]) -> Result<Vec<Mark>, ProfileError> {
    let mut builder = ProfileBuilder::new(4);
    builder.add(kind, chosen, points, 0, 1)?;
    let profile = builder.build();
    let marks = profile.ballots().next().unwrap_or(&[]).to_vec();
    Ok(marks)
}

fn marks(pairs: &[(u32, u32)]) -> Vec<Mark> {
    pairs
        .iter()
        .map(|(project, points)| Mark {
            project: *project,
            points: *points,
        })
        .collect()
}

/// A kind of ballot, what was chosen, points, and the marks that follow.
type Case = (
    BallotKind,
    &'static [usize],
    &'static [u64],
    &'static [(u32, u32)],
);

#[test]
fn points_of_each_kind_of_ballot() {
    let ranking = |weights| BallotKind::Ranking { weights };
    let cases: [Case; 8] = [
        (BallotKind::Approval, &[3, 0], &[], &[(0, 1), (3, 1)]),
        (BallotKind::ChooseOne, &[2], &[], &[(2, 1)]),
        (BallotKind::Knapsack, &[1, 2], &[], &[(1, 1), (2, 1)]),
        (BallotKind::Cumulative, &[2, 1], &[7, 3], &[(1, 3), (2, 7)]),
        (BallotKind::Scoring, &[2, 1], &[0, 3], &[(1, 3)]),
        (
            ranking(RankWeights::Borda),
            &[3, 0, 1],
            &[],
            &[(0, 2), (1, 1), (3, 3)],
        ),
        (
            ranking(RankWeights::BordaFromZero),
            &[3, 0, 1],
            &[],
            &[(0, 1), (3, 2)],
        ),
        (
            ranking(RankWeights::Places(vec![5, 2])),
            &[3, 0, 1],
            &[],
            &[(0, 2), (3, 5)],
        ),
    ];
    for (kind, chosen, points, expected) in cases {
        assert_eq!(one(&kind, chosen, points), Ok(marks(expected)), "{kind:?}");
    }
}

#[test]
fn what_is_no_ballot() {
    let unknown = ProfileError::UnknownProject {
        project: 4,
        projects: 4,
    };
    let cases: [(BallotKind, &[usize], &[u64], ProfileError); 6] = [
        (BallotKind::Approval, &[4], &[], unknown),
        (
            BallotKind::Approval,
            &[1, 1],
            &[],
            ProfileError::MarkedTwice(1),
        ),
        (
            BallotKind::ChooseOne,
            &[0, 1],
            &[],
            ProfileError::MoreThanOne(2),
        ),
        (
            BallotKind::Approval,
            &[0],
            &[1],
            ProfileError::PointsNotExpected,
        ),
        (
            BallotKind::Cumulative,
            &[0],
            &[],
            ProfileError::PointsNotExpected,
        ),
        (
            BallotKind::Cumulative,
            &[0],
            &[u64::from(MAX_POINTS) + 1],
            ProfileError::TooManyPoints(u64::from(MAX_POINTS) + 1),
        ),
    ];
    for (kind, chosen, points, fault) in cases {
        assert_eq!(one(&kind, chosen, points), Err(fault));
    }
    let mut builder = ProfileBuilder::new(1);
    let many = builder.add(&BallotKind::Approval, &[0], &[], 0, MAX_VOTERS);
    assert_eq!(many, Ok(()));
    let more = builder.add(&BallotKind::Approval, &[], &[], 1, 1);
    assert_eq!(more, Err(ProfileError::TooManyVoters));
    assert_eq!(
        Weights::new(vec![u64::MAX, 1], 0),
        Err(ProfileError::TooManyVoters)
    );
}

/// Internet: 2 for a, 1 for b. Paper: 1 for a, 3 for b, 1 empty.
fn two_channels() -> Profile {
    let mut builder = ProfileBuilder::new(2);
    let kind = BallotKind::Cumulative;
    for (project, channel, times) in [(0, 0, 1), (1, 0, 1), (0, 0, 1), (0, 1, 1), (1, 1, 3)] {
        builder
            .add(&kind, &[project], &[5], channel, times)
            .expect("a ballot");
    }
    builder.add(&kind, &[], &[], 1, 1).expect("an empty ballot");
    builder.build()
}

#[test]
fn equal_ballots_are_kept_once_and_counted_by_channel() {
    let profile = two_channels();
    assert_eq!((profile.distinct(), profile.channels()), (2, 2));
    let counts = |weights: &Weights| (weights.counts().to_vec(), weights.empty(), weights.voters());
    assert_eq!(counts(&profile.everyone()), (vec![3, 4], 1, 8));
    assert_eq!(profile.channel(0).map(counts), Some((vec![2, 1], 0, 3)));
    assert_eq!(counts(&profile.without(0)), (vec![1, 3], 1, 5));
    assert_eq!(profile.channel(2), None);
    let approvals = profile.as_approvals();
    assert_eq!(approvals.ballot(1), marks(&[(1, 1)]));
    assert_eq!(counts(&approvals.everyone()), (vec![3, 4], 1, 8));
}

#[test]
fn one_channel_can_be_left_out() {
    let projects = ["a", "b"].map(|name| Project::new(id(name), money(60)));
    let election =
        Election::new(projects.to_vec(), money(100), 1, two_channels()).expect("an election");
    let counter = Counter::new(&election);
    let rule = Rule::Greedy(Greedy::default());
    let winners = |weights: &Weights| counter.winners(weights, &rule, &Ties::Id);
    assert_eq!(winners(&election.profile().everyone()), Ok(vec![1]));
    assert_eq!(winners(&election.profile().without(1)), Ok(vec![0]));
    assert_eq!(election.scores(&election.profile().everyone()), [15, 20]);
    assert_eq!(election.votes(&election.profile().everyone()), [3, 4]);
    let other = Weights::new(vec![1], 0).expect("weights");
    let fault = ProfileError::WeightsMismatch {
        expected: 2,
        given: 1,
    };
    assert_eq!(winners(&other), Err(CountError::Weights(fault)));
}

#[test]
fn what_is_no_election() {
    let project = |name: &str| Project::new(id(name), money(1));
    let new = |projects: Vec<Project>, unit| {
        let profile = ProfileBuilder::new(2).build();
        Election::new(projects, money(1), unit, profile).map(|_| ())
    };
    assert_eq!(new(vec![project("a"), project("b")], 1), Ok(()));
    let same = new(vec![project("a"), project("a")], 1);
    assert_eq!(same, Err(ElectionError::SameId(id("a"))));
    let no_unit = new(vec![project("a"), project("b")], 0);
    assert_eq!(no_unit, Err(ElectionError::NoUnit));
    let other = ElectionError::OtherBallots {
        ballots: 2,
        projects: 1,
    };
    assert_eq!(new(vec![project("a")], 1), Err(other));
    assert!(ProjectId::new("").is_err());
    assert!(ProjectId::new("M/13/VIII").is_ok());
}

#[test]
fn rules_are_written_in_kebab_case() {
    let json = r#"{"rule":"equal-shares","utility":"cardinality",
        "completion":{"method":"add1-greedy","start":"exact","stop":"exhaustive"},
        "comparison":"exclusion-ratio","eligibility":3}"#;
    let rule: Rule = serde_json::from_str(json).expect("a rule");
    let again: Rule =
        serde_json::from_str(&serde_json::to_string(&rule).expect("JSON")).expect("a rule");
    assert_eq!(rule, again);
    let short: Rule = serde_json::from_str(r#"{"rule":"equal-shares"}"#).expect("a rule");
    assert_eq!(short, Rule::EqualShares(EqualShares::default()));
    let greedy: Rule = serde_json::from_str(r#"{"rule":"greedy","no-skip":true}"#).expect("a rule");
    assert!(matches!(greedy, Rule::Greedy(Greedy { no_skip: true, .. })));
}
