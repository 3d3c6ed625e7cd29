//! Weights: bringing the people who answered into the proportions of the people who live here.
//!
//! The steps are one file each: [`sample`] states the margins and the cells of people, [`rake`]
//! finds the weights, [`trim`] caps them, [`effective`] says what they cost, and [`estimate`],
//! [`share_interval`] and [`share`] put a figure and its uncertainty on the weighted answers.

pub mod calibrated;
pub mod effective;
pub mod estimate;
pub mod rake;
pub mod sample;
pub mod share;
pub mod share_interval;
pub mod trim;
