//! One binary for every integration test, in modules that mirror the tree.

mod batches;
mod stats;
mod support;
mod survey_file;
mod tally;
mod view;
mod web;
