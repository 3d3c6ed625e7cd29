//! What the service does, one use case a file. Pages, the command line and the scheduled jobs all
//! come through here.

pub mod account;
pub mod add_user;
pub mod agreement_ranges;
pub mod appender;
pub mod ask_two_person;
pub mod audit_log;
pub mod audited;
pub mod ballots;
pub mod batch_at_work;
pub mod change_batch;
pub mod change_draft;
pub mod close_wave;
pub mod code_overview;
pub mod confirm_two_person;
pub mod count_batch;
pub mod csv_file;
pub mod drop_two_person;
pub mod enrolment;
pub mod export_pb;
pub mod identify;
pub mod import_counts;
pub mod import_responses;
pub mod import_roll;
pub mod issue_codes;
pub mod key_sheet;
pub mod keying_statistics;
pub mod load_survey;
pub mod login;
pub mod lookup;
pub mod make_codes;
pub mod manage_users;
pub mod notify;
pub mod open_batch;
pub mod open_wave;
pub mod password;
pub mod patterns;
pub mod person;
pub mod post_overview;
pub mod print_codes;
pub mod receipt;
pub mod receive_envelope;
pub mod reliability;
pub mod report;
pub mod requests;
pub mod retention;
pub mod roll;
pub mod second_factor;
pub mod session;
pub mod staff_link;
pub mod start_response;
pub mod submit;
pub mod subscribe;
pub mod tallies;
pub mod throttle;
pub mod two_person;
pub mod verify_audit;
pub mod wave_overview;
pub mod work_on_batch;
pub mod wrong_codes;

use std::sync::Arc;

use sea_orm::DatabaseConnection;

use crate::{
    clock::{Clock, Randomness},
    domain::{
        access_code::CodeKey, audit::AuditKey, moment::Moment, retention::Retention, roll::RollKey,
        sealed::SealKey,
    },
    tally::disclosure::Policy,
};

/// What is derived from the installation's secret, one key for each purpose.
#[derive(Clone)]
pub struct Keys {
    pub code: CodeKey,
    pub audit: AuditKey,
    pub seal: SealKey,
    pub roll: RollKey,
}

impl Keys {
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            code: CodeKey::new(secret),
            audit: AuditKey::new(secret),
            seal: SealKey::new(secret),
            roll: RollKey::new(secret),
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
    pub retention: Retention,
    pub lookup: lookup::Cache,
    pub tallies: tallies::Tallies,
    pub ranges: agreement_ranges::RememberedRanges,
    pub ballots: ballots::Ballots,
    pub keying: keying_statistics::KeptQuality,
    pub appender: appender::Appender,
    pub logins: login::WrongLogins,
    pub wrong_factors: second_factor::WrongFactors,
    pub wrong_codes: wrong_codes::WrongCodes,
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
        retention: Retention,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (appender, task) =
            appender::Appender::start(db.clone(), Arc::clone(&clock), Arc::clone(&randomness));
        let services = Self {
            db,
            clock,
            randomness,
            keys,
            disclosure,
            retention,
            lookup: lookup::Cache::default(),
            tallies: tallies::Tallies::default(),
            ranges: agreement_ranges::RememberedRanges::default(),
            ballots: ballots::Ballots::default(),
            keying: keying_statistics::KeptQuality::default(),
            appender,
            logins: login::WrongLogins::default(),
            wrong_factors: second_factor::WrongFactors::default(),
            wrong_codes: wrong_codes::WrongCodes::default(),
        };
        (services, task)
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}
