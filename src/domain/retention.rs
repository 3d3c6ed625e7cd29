//! How long what is known of people is kept. Counted answers are no such thing: they carry no name.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    moment::Moment,
    wave::{Wave, WaveState},
};

/// Kinds of data that go by themselves when their time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// People whom letters and invitations of a wave go to.
    Roll,
    /// Mails that were sent, or that could not be.
    Mails,
    /// Who gets the summary of a wave.
    Subscribers,
    /// Codes that wait under seal for whoever prints them.
    CodeRuns,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Roll => "people on rolls",
            Self::Mails => "mails in the outbox",
            Self::Subscribers => "subscribers",
            Self::CodeRuns => "sealed codes of print runs",
        })
    }
}

/// Days for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// After the wave was published.
    pub roll_days: u32,
    /// After the mail was sent, or written if it could not be.
    pub mail_days: u32,
    /// After the wave was published.
    pub subscriber_days: u32,
    /// After the codes were made.
    pub code_run_days: u32,
}

/// A wave that is never published gets this much longer, counted from its closing: the result may
/// still be wanted, and its people must not stay for ever because nobody pressed a button.
pub const UNPUBLISHED_DAYS: u32 = 180;

impl Retention {
    /// When the roll of this wave goes.
    pub fn roll_goes(&self, wave: &Wave) -> Moment {
        goes(wave, self.roll_days)
    }

    /// When the subscribers of this wave go.
    pub fn subscribers_go(&self, wave: &Wave) -> Moment {
        goes(wave, self.subscriber_days)
    }
}

fn goes(wave: &Wave, after: u32) -> Moment {
    let (from, more) = match wave.state {
        WaveState::Published(published) => (published.published_at, 0),
        WaveState::Closed(closed) => (closed.closed_at, UNPUBLISHED_DAYS),
        // Nobody opened it, or nobody closed it: its closing time in the file is all there is.
        WaveState::Draft(_) | WaveState::Open(_) => (wave.spec.closes, UNPUBLISHED_DAYS),
    };
    from + days(after) + days(more)
}

pub fn days(number: u32) -> Duration {
    Duration::from_hours(24) * number
}

/// The moment so many days before `now`.
pub fn days_before(now: Moment, number: u32) -> Moment {
    let back = i64::from(number) * 24 * 60 * 60 * 1_000;
    Moment::from_millis(now.millis().saturating_sub(back))
}
