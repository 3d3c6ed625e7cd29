//! From the ledger's responses to one [`report::Report`]: counts are integers, allocation is exact.
//!
//! [`fold`] counts what the ledger holds, [`build`] turns the counts into the figures of a report,
//! and [`disclosure`] keeps back the figures that could point at a person. Pages, files and e-mails
//! render what leaves [`disclosure`], and nothing else.

pub mod acceptance;
pub mod analysis;
pub mod ballots;
pub mod budget;
pub mod build;
pub mod disclosure;
pub mod fold;
pub mod paper;
pub mod patterns;
pub mod percent;
pub mod reliability;
pub mod report;
mod shape;
pub mod to_pb;
