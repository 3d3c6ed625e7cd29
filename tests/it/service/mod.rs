//! The use cases, without the pages.

mod ballots;
mod batches;
mod closing;
mod importing;
mod loading;
mod reliability;
pub mod samples;
mod two_person;
mod voids;
