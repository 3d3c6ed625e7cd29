//! Estimates and their uncertainty. The only place where floats live.
//!
//! Everything here works on tabulated counts, never on single answers, in time that does not grow
//! with the number of people. It knows nothing of surveys: positions and counts in, numbers out.

pub mod confidence;
pub mod contingency;
pub mod difference;
pub mod dispersion;
pub mod division;
pub mod finite_population;
pub mod float;
pub mod interval;
pub mod keying;
mod linear;
mod mass;
pub mod mean;
pub mod multinomial;
pub mod multiplicity;
pub mod net;
pub mod ordinal;
pub mod paired;
pub mod points;
pub mod proportion;
pub mod proportional_odds;
pub mod published;
pub mod quantile;
pub mod rank;
pub mod reliability;
pub mod resample;
pub mod response_rate;
pub mod sampling;
mod solve;
pub mod two_sample;
pub mod weight;
