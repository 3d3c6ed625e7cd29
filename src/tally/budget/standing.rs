//! Where projects stand in a greedy rule's order, and what would move them.
//!
//! Greedy looks at sums of points only, so that "what if" needs no ballots: a project gets a changed
//! [`Place`] and the list is walked again. A project is funded at one place if it is funded at any
//! later one, as money, caps and groups are only ever used up on the way down; searches rely on it.

use std::{
    cmp::{Ordering, Reverse},
    collections::HashMap,
};

use super::{
    case::Case,
    rule::{Cap, Greedy, Rule, Ties},
    ties,
};

/// What puts a project where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub project: usize,
    pub points: u64,
    pub votes: u64,
    /// In minor units.
    pub cost: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub budget: u64,
    pub options: Greedy,
    per_cost: bool,
    /// Cost and votes break ties before lots do.
    by_cost: bool,
    lots: Vec<usize>,
    pub places: Vec<Place>,
    /// All projects in the order of the rule.
    pub order: Vec<usize>,
    /// By project, the caps that apply to it, as positions in `limits`.
    capped: Vec<Vec<usize>>,
    limits: Vec<u64>,
    /// By project, its exclusive group.
    groups: Vec<Option<usize>>,
}

/// What is used up on the way down the list.
#[derive(Debug, Clone)]
pub(super) struct Purse {
    pub left: u64,
    pub stopped: bool,
    limits: Vec<u64>,
    taken: Vec<usize>,
}

impl Standing {
    /// None unless the rule is greedy.
    pub fn of(case: &Case) -> Option<Self> {
        let (options, per_cost) = match case.rule {
            Rule::Greedy(options) => (options.clone(), false),
            Rule::GreedyPerCost(options) => {
                let options = Greedy {
                    fund_unsupported: options.fund_unsupported,
                    ..Greedy::default()
                };
                (options, true)
            }
            Rule::EqualShares(_) | Rule::Phragmen(_) => return None,
        };
        let projects = case.election.projects();
        let (points, votes) = (
            case.election.scores(case.weights),
            case.election.votes(case.weights),
        );
        let lots = match case.ties {
            Ties::CostVotes { seed } => {
                let seed = seed.clone();
                ties::ranks(&Ties::Seeded { seed }, projects, &votes)
            }
            other => ties::ranks(other, projects, &votes),
        };
        let places = (0..projects.len()).map(|project| Place {
            project,
            points: points[project],
            votes: votes[project],
            cost: projects[project].cost.minor(),
        });
        let mut standing = Self {
            budget: case.election.budget().minor(),
            per_cost,
            by_cost: matches!(case.ties, Ties::CostVotes { .. }),
            lots,
            places: places.collect(),
            order: (0..projects.len()).collect(),
            capped: vec![Vec::new(); projects.len()],
            limits: Vec::new(),
            groups: vec![None; projects.len()],
            options,
        };
        standing.note_limits(case);
        let mut order = std::mem::take(&mut standing.order);
        order.sort_by(|a, b| standing.compare(&standing.places[*a], &standing.places[*b]));
        standing.order = order;
        Some(standing)
    }

    fn note_limits(&mut self, case: &Case) {
        let mut tables = [HashMap::new(), HashMap::new()];
        let caps: [&[Cap]; 2] = [&self.options.category_caps, &self.options.neighborhood_caps];
        for (table, caps) in tables.iter_mut().zip(caps) {
            for cap in caps {
                table.insert(cap.name.clone(), self.limits.len());
                self.limits.push(cap.limit.minor());
            }
        }
        let mut groups = HashMap::new();
        for (index, project) in case.election.projects().iter().enumerate() {
            let names = [&project.categories, &project.neighborhoods];
            for (table, names) in tables.iter().zip(names) {
                let found = names.iter().filter_map(|name| table.get(name).copied());
                self.capped[index].extend(found);
            }
            self.capped[index].sort_unstable();
            self.capped[index].dedup();
            if let Some(name) = &project.exclusive_group
                && self.options.exclusive_groups
            {
                let next = groups.len();
                self.groups[index] = Some(*groups.entry(name.as_str()).or_insert(next));
            }
        }
    }

    /// `Less` if `a` comes before `b`.
    pub fn compare(&self, a: &Place, b: &Place) -> Ordering {
        self.measure(a, b).then_with(|| {
            let lots = self.lots[a.project].cmp(&self.lots[b.project]);
            if self.by_cost {
                (a.cost, Reverse(a.votes))
                    .cmp(&(b.cost, Reverse(b.votes)))
                    .then(lots)
            } else {
                lots
            }
        })
    }

    fn measure(&self, a: &Place, b: &Place) -> Ordering {
        let wide = |points: u64, cost: u64| u128::from(points) * u128::from(cost);
        if !self.per_cost {
            b.points.cmp(&a.points)
        } else if a.points > 0 && b.points > 0 {
            wide(b.points, a.cost).cmp(&wide(a.points, b.cost))
        } else {
            (b.points > 0).cmp(&(a.points > 0))
        }
    }

    pub fn takes_part(&self, place: &Place) -> bool {
        (place.votes > 0 || self.options.fund_unsupported)
            && place.points >= self.options.threshold.unwrap_or(0)
    }

    pub fn purse(&self) -> Purse {
        Purse {
            left: self.budget,
            stopped: false,
            limits: self.limits.clone(),
            taken: Vec::new(),
        }
    }

    /// Whether the purse still pays for the project, whose cost is then taken out.
    pub fn take(&self, purse: &mut Purse, place: &Place) -> bool {
        let Place { project, cost, .. } = *place;
        if purse.stopped {
            return false;
        }
        if cost > purse.left {
            purse.stopped = self.options.no_skip;
            return false;
        }
        let capped = &self.capped[project];
        let group = self.groups[project];
        if group.is_some_and(|group| purse.taken.contains(&group))
            || capped.iter().any(|cap| cost > purse.limits[*cap])
        {
            return false;
        }
        for cap in capped {
            purse.limits[*cap] -= cost;
        }
        purse.taken.extend(group);
        purse.left -= cost;
        true
    }

    /// By project, whether it is funded if one project is at another place.
    pub fn funded_with(&self, changed: &Place) -> Vec<bool> {
        let mut funded = vec![false; self.places.len()];
        let mut purse = self.purse();
        for place in self.list_with(changed) {
            if self.takes_part(place) {
                funded[place.project] = self.take(&mut purse, place);
            }
        }
        funded
    }

    /// Whether a project is funded at this place.
    pub fn wins(&self, changed: &Place) -> bool {
        let mut purse = self.purse();
        for place in self.list_with(changed) {
            let takes_part = self.takes_part(place);
            let taken = takes_part && self.take(&mut purse, place);
            if place.project == changed.project {
                return taken;
            }
        }
        false
    }

    /// The list with one project moved.
    fn list_with<'s>(&'s self, changed: &'s Place) -> impl Iterator<Item = &'s Place> {
        let others = || {
            let all = self.order.iter().map(|project| &self.places[*project]);
            all.filter(|place| place.project != changed.project)
        };
        let before = |place: &&Place| self.compare(place, changed) == Ordering::Less;
        let ahead = others().take_while(before).count();
        others()
            .take(ahead)
            .chain(std::iter::once(changed))
            .chain(others().skip(ahead))
    }
}
