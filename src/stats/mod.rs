//! Estimates and their uncertainty. The only place where floats live.
//!
//! Everything here works on tabulated counts, never on single answers, in time that does not grow
//! with the number of people. It knows nothing of surveys: positions and counts in, numbers out.

pub mod confidence;
mod float;
pub mod interval;
pub mod multinomial;
pub mod ordinal;
pub mod quantile;
