//! One binary for every integration test, in modules that mirror the tree.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

mod architecture;
mod browser;
mod cli;
mod domain;
mod hostile;
mod mail;
mod manifest;
mod operations;
mod security_docs;
mod service;
mod stats;
mod store;
mod support;
mod survey_file;
mod tally;
mod view;
mod web;
