//! Envelopes that came by post: each is accepted into the count, or refused with a reason and left
//! unopened.

use std::{fmt, str::FromStr};

use super::channel::Channel;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnvelopeOutcome {
    Accepted,
    AlreadyOnline,
    AlreadyMeeting,
    /// A second one of the same person.
    SecondEnvelope,
    /// Its code was not issued for this wave.
    Unknown,
    /// No code that anybody could read, or torn open.
    Spoilt,
    Late,
}

impl EnvelopeOutcome {
    pub const ALL: [Self; 7] = [
        Self::Accepted,
        Self::AlreadyOnline,
        Self::AlreadyMeeting,
        Self::SecondEnvelope,
        Self::Unknown,
        Self::Spoilt,
        Self::Late,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AlreadyOnline => "already-online",
            Self::AlreadyMeeting => "already-meeting",
            Self::SecondEnvelope => "second-envelope",
            Self::Unknown => "unknown",
            Self::Spoilt => "spoilt",
            Self::Late => "late",
        }
    }

    /// What became of an envelope whose code was counted before on this channel.
    pub fn already(channel: Channel) -> Self {
        match channel {
            Channel::Online => Self::AlreadyOnline,
            Channel::Meeting => Self::AlreadyMeeting,
            Channel::Postal => Self::SecondEnvelope,
        }
    }
}

impl fmt::Display for EnvelopeOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EnvelopeOutcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no outcome of an envelope"))
    }
}

/// When a bag of mail was delivered, which decides whether its envelopes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    InTime,
    /// After the wave's closing time.
    Late,
}

impl Arrival {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InTime => "in-time",
            Self::Late => "late",
        }
    }
}

impl FromStr for Arrival {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "in-time" => Ok(Self::InTime),
            "late" => Ok(Self::Late),
            other => Err(format!("“{other}” is no time of arrival")),
        }
    }
}
