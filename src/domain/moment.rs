//! Points in time, to the millisecond: the resolution at which a wave opens and closes.

use std::{fmt, ops::Add, time::Duration};

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

/// Milliseconds since 1970-01-01T00:00:00Z. The only form in which the database holds a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

/// The range in which a moment can be written as a calendar date (years 1970 to 9999).
const LAST_MILLISECOND: i64 = 253_402_300_799_999;

impl Moment {
    /// Clamped to the years 1970 to 9999, so that every moment has a calendar date.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(0, LAST_MILLISECOND))
    }

    pub fn millis(self) -> i64 {
        self.0
    }

    pub fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The wall clock at `offset` from UTC.
    pub fn at_offset(self, offset: UtcOffset) -> OffsetDateTime {
        self.utc().to_offset(offset)
    }

    /// The day in UTC: the finest time that a response carries.
    pub fn day(self) -> Date {
        self.utc().date()
    }

    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl From<OffsetDateTime> for Moment {
    fn from(time: OffsetDateTime) -> Self {
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        Self::from_millis(i64::try_from(millis).unwrap_or(LAST_MILLISECOND))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(LAST_MILLISECOND);
        Self::from_millis(self.0.saturating_add(millis))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.utc();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )
    }
}
