//! Caps on categories and neighbourhoods, and groups of which one project at most is funded.

use std::collections::HashMap;

use crate::domain::money::Money;

use super::super::{
    outcome::Reason,
    project::Project,
    rule::{Cap, Greedy},
};

/// What is left under each cap, and which exclusive groups are taken.
#[derive(Clone, Default)]
pub(super) struct Limits<'a> {
    projects: &'a [Project],
    categories: HashMap<&'a str, Money>,
    neighborhoods: HashMap<&'a str, Money>,
    exclusive: bool,
    taken: HashMap<&'a str, usize>,
}

impl<'a> Limits<'a> {
    pub fn new(projects: &'a [Project], options: &'a Greedy) -> Self {
        let table = |caps: &'a [Cap]| {
            caps.iter()
                .map(|cap| (cap.name.as_str(), cap.limit))
                .collect()
        };
        Self {
            projects,
            categories: table(&options.category_caps),
            neighborhoods: table(&options.neighborhood_caps),
            exclusive: options.exclusive_groups,
            taken: HashMap::new(),
        }
    }

    pub fn any(&self) -> bool {
        self.exclusive || !self.categories.is_empty() || !self.neighborhoods.is_empty()
    }

    /// Takes the project in, or says which limit keeps it out and changes nothing.
    pub fn take(&mut self, project: usize, cost: Money) -> Result<(), Reason> {
        if !self.any() {
            return Ok(());
        }
        let index = project;
        let project = &self.projects[index];
        let group = project.exclusive_group.as_deref();
        let group = group.filter(|_| self.exclusive);
        if let Some(by) = group.and_then(|group| self.taken.get(group)) {
            return Err(Reason::Excluded { by: *by });
        }
        if let Some((name, left)) = exceeded(&self.categories, &project.categories, cost) {
            return Err(Reason::CategoryCap { name, left });
        }
        if let Some((name, left)) = exceeded(&self.neighborhoods, &project.neighborhoods, cost) {
            return Err(Reason::NeighborhoodCap { name, left });
        }
        charge(&mut self.categories, &project.categories, cost);
        charge(&mut self.neighborhoods, &project.neighborhoods, cost);
        if let Some(group) = group {
            self.taken.insert(group, index);
        }
        Ok(())
    }
}

fn exceeded(caps: &HashMap<&str, Money>, names: &[String], cost: Money) -> Option<(String, Money)> {
    names.iter().find_map(|name| {
        let left = caps.get(name.as_str()).filter(|left| cost > **left)?;
        Some((name.clone(), *left))
    })
}

fn charge(caps: &mut HashMap<&str, Money>, names: &[String], cost: Money) {
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            continue;
        }
        if let Some(left) = caps.get_mut(name.as_str()) {
            *left = left.checked_sub(cost).unwrap_or(Money::ZERO);
        }
    }
}
