//! Days and moments in words. A moment is always written as the wall clock of its wave has it.

use time::{Date, UtcOffset, macros::format_description};

use super::words::Catalogue;
use crate::domain::moment::Moment;

/// `30 April 2026`.
pub fn day(words: &Catalogue, date: Date) -> String {
    let month = format!("month.{}", u8::from(date.month()));
    words.t_with(
        "date.day",
        &[
            ("day", &date.day().to_string()),
            ("month", words.t(&month)),
            ("year", &date.year().to_string()),
        ],
    )
}

/// A day that was kept as text, in words.
pub fn written(words: &Catalogue, kept: &str) -> String {
    let format = format_description!("[year]-[month]-[day]");
    Date::parse(kept, format).map_or_else(|_| kept.to_owned(), |date| day(words, date))
}

pub fn day_of(words: &Catalogue, moment: Moment, offset: UtcOffset) -> String {
    day(words, moment.at_offset(offset).date())
}

/// `30 April 2026 at 23:59 (UTC+1)`.
pub fn moment(words: &Catalogue, moment: Moment, offset: UtcOffset) -> String {
    let clock = moment.at_offset(offset);
    words.t_with(
        "date.moment",
        &[
            ("date", &day(words, clock.date())),
            (
                "time",
                &format!("{:02}:{:02}", clock.hour(), clock.minute()),
            ),
            ("zone", &zone(offset)),
        ],
    )
}

/// `23:59`, for what is over within the day.
pub fn clock(moment: Moment, offset: UtcOffset) -> String {
    let clock = moment.at_offset(offset);
    format!("{:02}:{:02}", clock.hour(), clock.minute())
}

/// Offset of a report's wave.
pub fn offset_of_minutes(minutes: i16) -> UtcOffset {
    UtcOffset::from_whole_seconds(i32::from(minutes) * 60).unwrap_or(UtcOffset::UTC)
}

/// `UTC+1`.
pub fn zone(offset: UtcOffset) -> String {
    let (hours, minutes, _) = offset.as_hms();
    let sign = if offset.is_negative() { '−' } else { '+' };
    match (hours.unsigned_abs(), minutes.unsigned_abs()) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}
