//! The use cases, without the pages.

mod ballots;
mod batches;
mod closing;
mod code_runs;
mod importing;
mod loading;
mod reliability;
pub mod samples;
mod voids;
