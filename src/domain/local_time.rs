//! Dates and times as a browser's date field writes them, read from the wall clock of a wave.

use time::{PrimitiveDateTime, UtcOffset, macros::format_description};

use super::moment::Moment;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a date and time between the years 1971 and 2999: write one such as 2026-03-02T18:00"
)]
pub struct LocalTimeError;

/// Reads `2026-03-02T18:00`, with or without seconds and their fraction.
pub fn read(typed: &str, offset: UtcOffset) -> Result<Moment, LocalTimeError> {
    let format = format_description!(
        version = 2,
        "[year]-[month]-[day][first [T][ ]][hour]:[minute][optional [:[second][optional [.[subsecond]]]]]"
    );
    let time = PrimitiveDateTime::parse(typed.trim(), &format).map_err(|_| LocalTimeError)?;
    // As for the dates of a survey file: no later sum may leave the calendar.
    if (1971..=2999).contains(&time.year()) {
        Ok(time.assume_offset(offset).into())
    } else {
        Err(LocalTimeError)
    }
}

/// As a date field shows it: to the minute where that is exact.
pub fn write(moment: Moment, offset: UtcOffset) -> String {
    let clock = moment.at_offset(offset);
    let minute = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        clock.year(),
        u8::from(clock.month()),
        clock.day(),
        clock.hour(),
        clock.minute()
    );
    match (clock.second(), clock.millisecond()) {
        (0, 0) => minute,
        (second, 0) => format!("{minute}:{second:02}"),
        (second, milli) => format!("{minute}:{second:02}.{milli:03}"),
    }
}
