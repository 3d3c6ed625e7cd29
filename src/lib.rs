//! Count Me In asks people what they think and what should come first, and proves that every voice
//! was counted once. `README.md` explains the tree.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod jobs;
pub mod mail;
mod secret;
pub mod service;
pub mod stats;
pub mod store;
pub mod tally;
pub mod view;
pub mod web;
