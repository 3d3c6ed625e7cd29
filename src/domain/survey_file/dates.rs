//! Reads dates.

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};
use toml::{
    de::DeValue,
    value::{Datetime, Offset},
};

use super::{read::Reader, table::Entry};
use crate::domain::moment::Moment;

impl Reader<'_> {
    /// A date and time, and its offset from UTC in minutes.
    pub(super) fn moment(&mut self, entry: &Entry<'_>) -> Option<(Moment, i16)> {
        const EXAMPLE: &str = "write date, time and offset, such as 2012-01-10T09:00:00+00:00";
        let DeValue::Datetime(written) = entry.value else {
            let remedy = format!("{EXAMPLE}, without quotes");
            self.wrong_type(entry, "a date", &remedy);
            return None;
        };
        if written.date.is_some() && written.time.is_some() && written.offset.is_none() {
            self.faults.error(
                "S-DATE-OFFSET",
                &entry.span,
                "the time does not say which clock it is read from",
                "write an offset, such as +00:00, after the time (+01:00 for British Summer Time)",
            );
            return None;
        }
        let moment = moment_of(written);
        if moment.is_none() {
            self.faults.error(
                "S-BAD-DATE",
                &entry.span,
                "this is not a date and time between the years 1971 and 2999",
                EXAMPLE,
            );
        }
        moment
    }
}

/// The years leave room for every offset, so that no later sum with a wave's times can leave the
/// calendar.
fn moment_of(written: &Datetime) -> Option<(Moment, i16)> {
    let (date, time, offset) = (written.date?, written.time?, written.offset?);
    let minutes = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => minutes,
    };
    let month = Month::try_from(date.month).ok()?;
    let day = Date::from_calendar_date(i32::from(date.year), month, date.day).ok()?;
    let (second, nano) = (time.second.unwrap_or(0), time.nanosecond.unwrap_or(0));
    let clock = Time::from_hms_nano(time.hour, time.minute, second, nano).ok()?;
    let offset = UtcOffset::from_whole_seconds(i32::from(minutes) * 60).ok()?;
    (1971..=2999)
        .contains(&date.year)
        .then(|| OffsetDateTime::new_in_offset(day, clock, offset))
        .map(|time| (time.into(), minutes))
}
