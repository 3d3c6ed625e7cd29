//! The use cases, without the pages.

mod audit_verify;
mod ballots;
mod batches;
mod closing;
mod code_runs;
mod importing;
mod keying_statistics;
mod loading;
mod paper;
mod paper_races;
mod paper_tricks;
pub mod privacy;
mod reliability;
mod roll;
mod roll_once;
pub mod samples;
mod two_person;
mod voids;
