//! What the service does, one use case a file. Pages, the command line and the scheduled jobs all
//! come through here.

pub mod account;
pub mod add_user;
pub mod agreement_ranges;
pub mod appender;
pub mod audited;
pub mod ballots;
pub mod change_state;
pub mod close_wave;
pub mod csv_file;
pub mod enrolment;
pub mod export_pb;
pub mod identify;
pub mod import_counts;
pub mod import_responses;
pub mod issue_codes;
pub mod load_survey;
pub mod login;
pub mod lookup;
pub mod manage_users;
pub mod notify;
pub mod open_wave;
pub mod password;
pub mod patterns;
pub mod publish_wave;
pub mod receipt;
pub mod reliability;
pub mod report;
pub mod second_factor;
pub mod session;
pub mod staff_link;
pub mod start_response;
pub mod submit;
pub mod subscribe;
pub mod tallies;
pub mod throttle;
pub mod wave_overview;

use std::sync::Arc;

use sea_orm::DatabaseConnection;

use crate::{
    clock::{Clock, Randomness},
    domain::{access_code::CodeKey, audit::AuditKey, moment::Moment, sealed::SealKey},
    tally::disclosure::Policy,
};

/// What is derived from the installation's secret, one key for each purpose.
#[derive(Clone)]
pub struct Keys {
    pub code: CodeKey,
    pub audit: AuditKey,
    pub seal: SealKey,
}

impl Keys {
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            code: CodeKey::new(secret),
            audit: AuditKey::new(secret),
            seal: SealKey::new(secret),
        }
    }
}

/// What every use case works with. One for each process.
pub struct Services {
    pub db: DatabaseConnection,
    pub clock: Arc<dyn Clock>,
    pub randomness: Arc<Randomness>,
    pub keys: Keys,
    pub disclosure: Policy,
    pub lookup: lookup::Cache,
    pub tallies: tallies::Tallies,
    pub ranges: agreement_ranges::RememberedRanges,
    pub ballots: ballots::Ballots,
    pub appender: appender::Appender,
    /// Wrong passwords, by the address that was typed.
    pub logins: throttle::Throttle,
    /// Wrong second factors, by account.
    pub second_factors: throttle::Throttle,
}

impl Services {
    /// Starts the appender and returns with it the task that ends once the appender is dropped and
    /// everything it had accepted is in the ledger.
    pub fn start(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
        keys: Keys,
        disclosure: Policy,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (appender, task) =
            appender::Appender::start(db.clone(), Arc::clone(&clock), Arc::clone(&randomness));
        let services = Self {
            db,
            clock,
            randomness,
            keys,
            disclosure,
            lookup: lookup::Cache::default(),
            tallies: tallies::Tallies::default(),
            ranges: agreement_ranges::RememberedRanges::default(),
            ballots: ballots::Ballots::default(),
            appender,
            logins: throttle::Throttle::new(login::GUESSES),
            second_factors: throttle::Throttle::new(second_factor::GUESSES),
        };
        (services, task)
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}
