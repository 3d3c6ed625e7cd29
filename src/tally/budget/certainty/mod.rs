//! How sure an outcome is. Nothing here is part of the official result.
//!
//! Three questions are kept apart:
//!
//! - [`bootstrap`]: if people like these voted again, how often would each project be funded?
//! - [`noise_curve`]: if some ballots had been filled in differently, how often would winners change?
//! - [`own_margins`], [`rival_margins`] and [`first_change`]: how many ballots, at least, does it
//!   take to change the outcome?

mod first_change;
mod margin;
mod noise;
mod rival;
mod sample;

pub use first_change::{Answer, Change, FirstChange, first_change};
pub use margin::{OwnMargin, margins_by_counting, own_margins};
pub use noise::{NoiseLevel, noise_curve};
pub use rival::{RivalMargin, Turn, rival_margins};
pub use sample::{Bootstrap, MOST_REPEATS, bootstrap};
