//! What the ledger and the books say after the races, beside what everybody was told.

use std::collections::{BTreeMap, BTreeSet};

use countmein::{
    domain::channel::Channel,
    service::wave_overview::{self, Overview},
    store::entity::{response, spent_entitlement},
    tally::report::RefusalReason,
};
use sea_orm::EntityTrait;

use super::{arena::Arena, race::Outcome};
use crate::support::numbered::answers;

/// One race in the end.
#[derive(Debug)]
pub struct RaceResult {
    pub race: usize,
    pub outcomes: Vec<Outcome>,
    /// Responses in the ledger.
    pub counted: Vec<response::Model>,
    /// Rows that say that the code is spent.
    pub spent: usize,
}

pub struct Findings {
    pub results: Vec<RaceResult>,
    pub overview: Overview,
}

impl Findings {
    pub async fn gather(arena: &Arena, told: BTreeMap<usize, Vec<Outcome>>) -> Self {
        let services = &arena.app.services;
        let mut ledger: BTreeMap<String, Vec<response::Model>> = BTreeMap::new();
        for row in response::Entity::find().all(&services.db).await.unwrap() {
            ledger.entry(row.answers.clone()).or_default().push(row);
        }
        let mut spent: BTreeMap<String, usize> = BTreeMap::new();
        let rows = spent_entitlement::Entity::find().all(&services.db).await;
        for row in rows.unwrap() {
            *spent.entry(row.code_hash).or_default() += 1;
        }
        let results = told
            .into_iter()
            .map(|(race, outcomes)| {
                let hash = arena.codes[race - 1].hash(&services.keys.code);
                RaceResult {
                    race,
                    outcomes,
                    counted: ledger.remove(&answers(race)).unwrap_or_default(),
                    spent: spent.remove(hash.as_str()).unwrap_or_default(),
                }
            })
            .collect();
        assert!(ledger.is_empty() && spent.is_empty(), "rows of no race");
        let overview = wave_overview::overview(services, &arena.key).await.unwrap();
        Self { results, overview }
    }

    /// Races of which the ledger holds more than one response.
    pub fn counted_twice(&self) -> usize {
        let twice = self
            .results
            .iter()
            .filter(|result| result.counted.len() > 1);
        twice.count()
    }

    pub fn refused(&self, reason: &str) -> usize {
        let outcomes = self.results.iter().flat_map(|result| &result.outcomes);
        outcomes
            .filter(|outcome| matches!(outcome, Outcome::Refused(given) if *given == reason))
            .count()
    }

    /// How many races each way of submitting has won. “Careless” is the process with a fault.
    pub fn winners(&self) -> BTreeMap<String, usize> {
        let mut winners = BTreeMap::new();
        for outcome in self.results.iter().flat_map(RaceResult::successes) {
            let way = match outcome {
                Outcome::Receipt(_) => Channel::Online.to_string(),
                Outcome::Imported(channel) => channel.to_string(),
                _ => "careless".to_owned(),
            };
            *winners.entry(way).or_default() += 1;
        }
        winners
    }

    /// Everything that is wrong, or nothing.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.results.iter().filter_map(RaceResult::fault).collect();
        let books = &self.overview.conservation;
        if !books.balances() {
            faults.push(format!("the books do not balance: {books}"));
        }
        let people = usize::try_from(self.overview.people).unwrap();
        if people != self.results.len() {
            faults.push(format!("{people} people are in the result"));
        }
        let noted: u64 = self
            .overview
            .refused
            .iter()
            .filter(|refused| refused.reason == RefusalReason::CodeAlreadyCounted)
            .map(|refused| refused.attempts)
            .sum();
        let told = self.refused("told online");
        if usize::try_from(noted).unwrap() != told {
            faults.push(format!("{noted} refusals are noted, and {told} were told"));
        }
        faults
    }
}

impl RaceResult {
    /// Each of those that were told that they count. Two presses of one draft have one receipt.
    fn successes(&self) -> BTreeSet<&Outcome> {
        self.outcomes
            .iter()
            .filter(|outcome| !matches!(outcome, Outcome::Refused(_) | Outcome::Broken(_)))
            .collect()
    }

    fn fault(&self) -> Option<String> {
        let told = self.successes();
        let broken = self
            .outcomes
            .iter()
            .find(|outcome| matches!(outcome, Outcome::Broken(_)));
        let receipt_is_there = told.iter().all(|outcome| match outcome {
            Outcome::Receipt(receipt) => self.counted.iter().any(|row| row.public_id == *receipt),
            _ => true,
        });
        let right = self.counted.len() == 1
            && self.spent == 1
            && told.len() == 1
            && receipt_is_there
            && broken.is_none();
        (!right).then(|| {
            format!(
                "race {}: {} responses in the ledger, spent {} times, told {told:?}, {broken:?}",
                self.race,
                self.counted.len(),
                self.spent,
            )
        })
    }
}
