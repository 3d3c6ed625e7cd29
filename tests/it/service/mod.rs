//! The use cases, without the pages.

mod audit_verify;
mod ballots;
mod batches;
mod closing;
mod importing;
mod loading;
mod reliability;
pub mod samples;
mod voids;
