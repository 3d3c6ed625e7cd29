//! How far measurements can be relied on: whether two coders would sort comments in the same way
//! ([`kappa`], [`krippendorff`]), and whether the items of a declared scale measure one thing
//! ([`alpha`], [`omega`]).

pub mod alpha;
pub mod kappa;
pub mod krippendorff;
pub mod krippendorff_interval;
pub mod omega;
pub mod scale;
