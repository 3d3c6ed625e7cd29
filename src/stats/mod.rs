//! Estimates and their uncertainty. The only place where floats live.
//!
//! Everything here works on tabulated counts, never on single answers, in time that does not grow
//! with the number of people. It knows nothing of surveys: positions and counts in, numbers out.

pub mod confidence;
pub mod contingency;
pub mod dispersion;
pub mod division;
mod float;
pub mod interval;
mod linear;
mod mass;
pub mod multiplicity;
pub mod ordinal;
pub mod paired;
pub mod proportional_odds;
pub mod quantile;
pub mod resample;
pub mod two_sample;
