//! Published whole percentages without a number of people: which numbers fit, and what can be said.
//!
//! A report that gives 22, 46, 15, 17 and 0 per cent, and not of how many people, still rules most
//! small numbers out, since few n have counts that round to all five. Nothing rules large numbers
//! out, so the search lists what fits and never settles on an n. From percentages alone there is
//! no interval; [`what_if()`] gives one for an n that somebody assumes, in a type of its own.

mod counts;
mod row;
mod table;
mod what_if;

pub use counts::{Solutions, counts_that_fit};
pub use row::{PublishedRow, Rounding, RowError, feasible_n, fits};
pub use table::{NonResponse, TableError, common_n, with_non_response};
pub use what_if::{MOST_ASSUMED, WhatIf, WhatIfError, what_if};

/// The largest number of people that a search goes up to.
pub const MOST_PEOPLE: u64 = 10_000;
