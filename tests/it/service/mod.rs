//! The use cases, without the pages.

mod batches;
mod closing;
mod importing;
mod loading;
pub mod samples;
mod voids;
