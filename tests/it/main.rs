//! One binary for every integration test, in modules that mirror the tree.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and its helpers are part of it"
)]

mod browser;
mod mail;
mod stats;
mod support;
mod survey_file;
mod tally;
mod view;
mod web;
