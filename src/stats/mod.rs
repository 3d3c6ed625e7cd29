//! Estimates and their uncertainty. The only place where floats live.
//!
//! Everything here works on tabulated counts, never on single answers, in time that does not grow
//! with the number of people. It knows nothing of surveys: positions and counts in, numbers out.

pub mod confidence;
pub mod difference;
pub mod finite_population;
pub mod float;
pub mod interval;
pub mod keying;
pub mod mean;
pub mod multinomial;
pub mod net;
pub mod ordinal;
pub mod points;
pub mod proportion;
pub mod published;
pub mod quantile;
pub mod rank;
pub mod reliability;
pub mod response_rate;
mod solve;
pub mod weight;
