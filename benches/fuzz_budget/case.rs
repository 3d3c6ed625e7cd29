//! An election with a rule as plain values, so that it can be turned around and made smaller.

use countmein::{
    domain::money::Money,
    tally::budget::{
        election::Election,
        profile::{BallotKind, ProfileBuilder},
        project::{Project, ProjectId},
        rule::{Greedy, Rule, Ties},
    },
};

/// Projects with points, how they came in, and how many people.
#[derive(Debug, Clone)]
pub struct Ballot {
    pub marks: Vec<(usize, u64)>,
    pub channel: usize,
    pub people: u64,
}

#[derive(Debug, Clone)]
pub struct Case {
    /// By project; the order of the ids is not that of the projects.
    pub ids: Vec<String>,
    pub costs: Vec<u64>,
    pub budget: u64,
    pub unit: u64,
    pub ballots: Vec<Ballot>,
    pub rule: Rule,
    pub ties: Ties,
}

pub fn money(minor: u64) -> Money {
    Money::from_minor(minor).expect("an amount")
}

pub fn plain() -> Rule {
    Rule::Greedy(Greedy::default())
}

impl Case {
    pub fn election(&self) -> Election {
        let projects = self.ids.iter().zip(&self.costs).map(|(id, cost)| {
            // What belongs together follows the id, so that it stays when projects change places.
            let key: usize = id.bytes().map(usize::from).sum();
            Project {
                categories: vec![["even", "odd"][key % 2].to_owned(); 1 + key % 3],
                neighborhoods: vec![["low", "high", "mid"][key % 3].to_owned()],
                exclusive_group: key.is_multiple_of(4).then(|| "site".to_owned()),
                ..Project::new(ProjectId::new(id.as_str()).expect("an id"), money(*cost))
            }
        });
        let mut builder = ProfileBuilder::new(self.costs.len());
        for ballot in &self.ballots {
            let (chosen, points): (Vec<usize>, Vec<u64>) = ballot.marks.iter().copied().unzip();
            builder
                .add(
                    &BallotKind::Scoring,
                    &chosen,
                    &points,
                    ballot.channel,
                    ballot.people,
                )
                .expect("a ballot");
        }
        Election::new(
            projects.collect(),
            money(self.budget),
            self.unit,
            builder.build(),
        )
        .expect("an election")
    }

    pub fn voters(&self) -> u64 {
        self.ballots.iter().map(|ballot| ballot.people).sum()
    }

    /// The same with project `order[i]` at place `i`.
    pub fn with_order(&self, order: &[usize]) -> Self {
        let mut places = vec![0; order.len()];
        for (place, project) in order.iter().enumerate() {
            places[*project] = place;
        }
        let mut turned = self.clone();
        turned.ids = order.iter().map(|p| self.ids[*p].clone()).collect();
        turned.costs = order.iter().map(|p| self.costs[*p]).collect();
        for (project, _) in turned
            .ballots
            .iter_mut()
            .flat_map(|ballot| &mut ballot.marks)
        {
            *project = places[*project];
        }
        turned
    }

    /// Simpler cases, the boldest first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut variants = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut variant = self.clone();
            change(&mut variant);
            variants.push(variant);
        };
        for half in [0, 1].into_iter().filter(|_| self.ballots.len() > 3) {
            let middle = self.ballots.len() / 2;
            with(&|case| case.ballots = self.ballots[half * middle..(half + 1) * middle].to_vec());
        }
        for project in 0..self.costs.len() {
            let rest: Vec<usize> = (0..self.costs.len()).filter(|p| *p != project).collect();
            with(&|case| *case = self.without(project, &rest));
        }
        for place in 0..self.ballots.len() {
            with(&|case| drop(case.ballots.remove(place)));
        }
        for place in 0..self.ballots.len() {
            let ballot = &self.ballots[place];
            for people in [1, ballot.people / 2, ballot.people.saturating_sub(1)] {
                if people < ballot.people {
                    with(&|case| case.ballots[place].people = people);
                }
            }
            for mark in 0..ballot.marks.len() {
                with(&|case| {
                    case.ballots[place]
                        .marks
                        .retain(|other| *other != ballot.marks[mark]);
                });
                let points = ballot.marks[mark].1;
                if points > 1 {
                    with(&|case| case.ballots[place].marks[mark].1 = 1);
                    with(&|case| case.ballots[place].marks[mark].1 = points / 2);
                }
            }
        }
        let amounts = |amount: u64| [1, amount / 10, amount / 2, amount.saturating_sub(1)];
        for place in 0..self.costs.len() {
            for cost in amounts(self.costs[place])
                .into_iter()
                .filter(|c| *c < self.costs[place])
            {
                with(&|case| case.costs[place] = cost);
            }
        }
        for budget in amounts(self.budget)
            .into_iter()
            .filter(|b| *b < self.budget)
        {
            with(&|case| case.budget = budget);
        }
        if self.unit > 1 {
            with(&|case| case.unit = 1);
        }
        if self.ties != Ties::Id {
            with(&|case| case.ties = Ties::Id);
        }
        variants
    }

    fn without(&self, project: usize, rest: &[usize]) -> Self {
        let mut cut = self.clone();
        for ballot in &mut cut.ballots {
            ballot.marks.retain(|(marked, _)| *marked != project);
            for (marked, _) in &mut ballot.marks {
                *marked -= usize::from(*marked > project);
            }
        }
        cut.ids = rest.iter().map(|p| self.ids[*p].clone()).collect();
        cut.costs = rest.iter().map(|p| self.costs[*p]).collect();
        cut
    }
}
